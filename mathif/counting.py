"""Counting: a number before what it counts, in the one place that knows when a noun takes its plural."""

from __future__ import annotations

import re

_Y = re.compile("(?<=[^aeiou])y$")
"""The end of `reply`, which becomes `replies`; that of `day` does not."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with what it counts: `1 reply`, `2 replies`.

    Args:
        number: how many there are.
        one: what is counted, with its verb where one follows (`problem has`).
        several: the same of several, where it is more than the plural of one noun (`problems have`).
    """
    return f"{number} {one if number == 1 else several or _plural(one)}"


def _plural(noun: str) -> str:
    return _Y.sub("ie", noun) + "s"

"""Public: a record that is a whole JSON file can be read by the names of that file too, `report["profiles"]`.

Where a notebook shows one it is a line: what it is about, and HAcc with the number of replies behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from mathif import schemas
from mathif.stats import Estimate

SHOWN = 4
"""Figures that one line has room for."""


class Public:
    """A record whose parts have the names of its public JSON."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        """Return a part as plain JSON."""
        return schemas.to_json(self)[name]


def brief(what: str, figures: Mapping[str, Estimate], *, points: bool = False) -> str:
    """Return a record in one line: what it is, and the first of its figures, each with its n."""
    shown = [f"{name} {_told(one, points)} (n {one.n})" for name, one in islice(figures.items(), SHOWN)]
    more = f", and {len(figures) - SHOWN} more" if len(figures) > SHOWN else ""
    return f"<{what}: {', '.join(shown) or 'nothing graded'}{more}>"


def _told(one: Estimate, points: bool) -> str:
    if one.value is None:
        return "unknown"
    value, low, high = (
        "" if end is None else f"{100 * end:{'+' if points else ''}.1f}" for end in (one.value, one.low, one.high)
    )
    return f"{value} {'points' if points else '%'}" + (f" [{low}, {high}]" if low and high else "")

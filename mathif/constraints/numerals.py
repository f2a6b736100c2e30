"""English number words: an integer spelled out, and which words are number words.

A room of its own because two kinds need it: the answer in words, and prose whose numbers are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mathif.records import Span

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
NUMBER_WORDS = frozenset([*_SMALL, *_TENS, *(name for _, name in _SCALES)])
"""The words that number words are made of, lower case."""

_ONE = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER_WORD = re.compile(
    rf"(?=[efhmnostzEFHMNOSTZ])(?<![^\W_])(?<![^\W_]['’‐‑-])(?:{_ONE})(?:[‐‑-](?:{_ONE}))*+(?!['’‐‑-]?[^\W_])",
    re.IGNORECASE,
)

LARGEST = 999_999_999
"""The largest integer that `spell` can write."""


def spell(number: int) -> str:
    """Return an integer in words, `minus forty-two`, with no comma and no "and".

    Args:
        number: from -`LARGEST` to `LARGEST`.
    """
    if number < 0:
        return f"minus {spell(-number)}"
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    scale, name = next(pair for pair in _SCALES if number >= pair[0])
    head, rest = divmod(number, scale)
    return f"{spell(head)} {name}" + (f" {spell(rest)}" if rest else "")


def number_words(prose: str) -> Iterator[Span]:
    """Yield the number words of a text, in order; `one-way` has none, `twenty-one` is one."""
    return (Span(*match.span()) for match in _NUMBER_WORD.finditer(prose))

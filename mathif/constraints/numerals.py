"""English number words: an integer spelled out, and the numbers that a text has in words.

A room of its own because two kinds need it: the answer in words, and prose whose numbers are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mathif.answers.read.numerals import DECADES, NUMBER_WORDS, UNITS, read_numeral
from mathif.records import Span

_SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))

_ONE = "|".join(sorted([*NUMBER_WORDS, "dozens"], key=len, reverse=True))
_START = rf"(?=[{''.join(sorted({word[0] for word in NUMBER_WORDS}))}])(?<![^\W_])(?<![^\W_]['’‐‑-])"
_END = r"(?!['’‐‑-]?[^\W_])"
# One number word, or several with hyphens.
_WORD = re.compile(rf"{_START}(?:{_ONE})(?:[‐‑-](?:{_ONE}))*+{_END}", re.IGNORECASE)
# Several words that name one number: `two hundred and five`.
_NUMBER = re.compile(rf"{_START}(?:{_ONE})(?:(?:[‐‑-]|\s+(?:and\s+)?)(?:{_ONE})){{0,15}}+{_END}", re.IGNORECASE)
# Before `one`, words that make a pronoun of it.
_PRONOUN = re.compile(r"(?<![^\W_])(?:no|any|some|every|each|which|this|that|the)\s+\Z", re.IGNORECASE)
_LONGEST_PRONOUN = 12

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
        return UNITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return DECADES[tens - 2] + (f"-{UNITS[ones]}" if ones else "")
    scale, name = next(pair for pair in _SCALES if number >= pair[0])
    head, rest = divmod(number, scale)
    return f"{spell(head)} {name}" + (f" {spell(rest)}" if rest else "")


def spelled_numbers(prose: str) -> Iterator[Span]:
    """Yield the numbers that a text has in words, in order.

    `twenty-one`, `one hundred and five` and `two thirds` are one number each, `six seven` are two; `one-way`, `no one`
    and `the one` have none.
    """
    for match in _NUMBER.finditer(prose):
        if read_numeral(re.sub("[‐‑]", "-", match.group())) is not None:
            found = [match]
        else:
            found = list(_WORD.finditer(prose, match.start(), match.end()))
        for one in found:
            before = prose[max(0, one.start() - _LONGEST_PRONOUN) : one.start()]
            if one.group().casefold() != "one" or not _PRONOUN.search(before):
                yield Span(*one.span())

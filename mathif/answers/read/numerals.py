"""Number words: `forty-two`, `three quarters`, `one hundred and five`, and the number each one names.

A room of its own because a constraint may ask for the answer in words, and then the words are the number.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
"""The words for 0 to 19, in order."""
_SMALL = {name: value for value, name in enumerate(UNITS)}
DECADES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
"""The words for 20 to 90, in order."""
_TENS = {name: 10 * value for value, name in enumerate(DECADES, 2)}
_TENS |= {"fourty": 40}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PARTS = {
    "half": 2, "halves": 2, "quarter": 4, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60,
    "seventieth": 70, "eightieth": 80,
    "ninetieth": 90, "hundredth": 100, "thousandth": 1000, "millionth": 10**6,
}  # fmt: skip
_RANKS = {"first": 1, "second": 2} | {name: value for name, value in _PARTS.items() if name.endswith(("th", "third"))}
_PARTS |= {f"{name}s": value for name, value in list(_PARTS.items()) if not name.endswith("s")}
_WORD = re.compile(r"[a-z]+")
_MOST_WORDS = 40
NUMBER_WORDS = frozenset({*_SMALL, *_TENS, *SCALES, "hundred", "dozen", *_PARTS})


def read_numeral(text: str) -> Fraction | None:
    """Return the number that English number words name, or None where `text` is not wholly such words."""
    if re.search(r"[^A-Za-z\s,-]", text):
        return None
    words = _WORD.findall(text.lower())
    if not 0 < len(words) <= _MOST_WORDS or NUMBER_WORDS.isdisjoint(words):
        return None
    sign = 1
    if words[0] in ("minus", "negative"):
        sign, words = -1, words[1:]
    value = _read(words)
    return None if value is None else sign * value


def read_ordinal(text: str) -> int | None:
    """Return the rank that ordinal words name (`third`, `the twenty-first`), None for anything else."""
    *head, last = _WORD.findall(text.lower().removeprefix("the ")) or [""]
    rank = _RANKS.get(last)
    if not head or rank is None:
        return rank
    before = _whole(head) if len(head) <= _MOST_WORDS and re.fullmatch(r"[A-Za-z\s-]+", text) else None
    return before + rank if before is not None and before % (10 if rank < 10 else 100) == 0 else None


def _read(words: list[str]) -> Fraction | None:
    if "point" in words:
        return _decimal(words)
    if "over" in words or ("out", "of") in pairwise(words):
        sign = "over" if "over" in words else "out"
        at = words.index(sign)
        top, bottom = _whole(words[:at]), _whole(words[at + (1 if sign == "over" else 2) :])
        return None if top is None or not bottom else Fraction(top, bottom)
    if words and words[-1] in _PARTS:
        return _parts(words)
    whole = _whole(words)
    return None if whole is None else Fraction(whole)


def _decimal(words: list[str]) -> Fraction | None:
    at = words.index("point")
    whole = _whole(words[:at]) if at else 0
    digits = [_SMALL.get(word, 10) for word in words[at + 1 :]]
    if whole is None or not digits or max(digits) > 9:
        return None
    return whole + Fraction(int("".join(map(str, digits))), 10 ** len(digits))


def _parts(words: list[str]) -> Fraction | None:
    """Read `three quarters`, `a half` and `two and a half`."""
    bottom = _PARTS[words[-1]]
    head = words[:-1]
    whole: int | None = 0
    if "and" in head and head[-1] != "and":
        at = len(head) - 1 - head[::-1].index("and")
        if _whole(head[:at]) is not None and head[:at][-1:] != ["hundred"]:
            whole, head = _whole(head[:at]), head[at + 1 :]
    top = 1 if head in (["a"], ["an"], []) else _whole(head)
    return None if top is None or whole is None else whole + Fraction(top, bottom)


def _whole(words: list[str]) -> int | None:
    """Read a whole number; words must come in the order of English, the largest scale first."""
    total, group, last_scale, unit_done = 0, 0, 10**15, False
    if not words or words[0] == "and" or words[-1] == "and":
        return None
    for word in words:
        if word in ("and",):
            continue
        if (
            word in _SMALL
            and not unit_done
            and (group % 100 == 0 or (group % 10 == 0 and _SMALL[word] < 10 and group % 100 >= 20))
        ):
            group, unit_done = group + _SMALL[word], True
        elif word in _TENS and group % 100 == 0 and not unit_done:
            group += _TENS[word]
        elif word in ("hundred", "hundreds") and 0 < group < 100:
            group, unit_done = group * 100, False
        elif word == "dozen" and 0 < group < 100:
            group *= 12
        elif word in SCALES and SCALES[word] < last_scale and group:
            total, group, last_scale, unit_done = total + group * SCALES[word], 0, SCALES[word], False
        elif word in ("a", "an") and not group and not total:
            group = 1
        else:
            return None
    return total + group

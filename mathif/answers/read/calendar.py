"""Times of day and dates as people write them: `4:30 p.m.`, `noon`, `Sept. 17`, `5 March 2021`, `2021-03-05`."""

from __future__ import annotations

import re

from mathif.answers.read.spelling import in_words
from mathif.answers.tree import Clock, Tree, Words

# `4`, `4:30` or `4:30:15`, and behind it what says which half of the day: alone, digits may be a ratio.
_TIME = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?\s*"
    r"(?:([aApP])\.\s?[mM]\b\.?|([ap]m|[AP]M)\b|(noon|midnight)|(?:o'?clock\s+)?in the (morning|afternoon|evening))"
)
_WORD_TIMES = {"noon": (12,), "midday": (12,), "midnight": (0,)}
_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name[:3]: number for number, name in enumerate(_NAMES.split(), 1)}
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_WEEKDAYS = {name[:3]: name for name in _DAYS.split()}
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DATE = re.compile(
    # `Sunday, March 5th, 2021`, `5 March`, `the 5th of March 2021`.
    rf"{_WEEKDAY}(?:the\s+)?(?:{_MONTH}\s+(?:the\s+)?{_DAY}|{_DAY}\s+(?:of\s+)?{_MONTH})(?:,?\s+(\d{{4}}))?",
    re.IGNORECASE,
)

# `2021-03-05`; no difference of numbers is written with zeros in front.
_ISO_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def read_calendar(text: str) -> Tree | None:
    """Read an answer that is wholly a time of day with its half of the day, or a date; None for anything else."""
    if len(text) > 80:
        return None
    shown = in_words(text).strip(" .,")
    if shown.lower().removeprefix("at ") in _WORD_TIMES:
        return Clock(_WORD_TIMES[shown.lower().removeprefix("at ")])
    shown = shown[3:] if shown[:3].lower() == "on " else shown
    if (day := _WEEKDAYS.get(shown.lower()[:3])) and shown.lower() in (day, day[:3], day[:4], day[:5]):
        return Words(day)
    time, date = _TIME.fullmatch(shown), _DATE.fullmatch(shown)
    if time is not None:
        return _time(time)
    if (iso := _ISO_DATE.fullmatch(shown)) is not None:
        return Words(f"date {iso[1]} {int(iso[2])} {int(iso[3])}")
    if date is not None:
        month = _MONTHS[(date[1] or date[4])[:3].lower()]
        return Words(f"date {date[5] or ''} {month} {int(date[2] or date[3])}")
    return None


def _time(match: re.Match[str]) -> Tree | None:
    hour, minute, second = (int(match[group] or 0) for group in (1, 2, 3))
    half = (match[4] or match[5] or "").lower()[:1]
    late = half == "p" or match[6] == "noon" or match[7] in ("afternoon", "evening")
    if hour > 12 or minute > 59 or second > 59 or (not match[2] and match[7] and "clock" not in match.group()):
        return None
    return Clock((hour % 12 + (12 if late else 0), minute, second))

"""Numbers as text, in each of the units that they have; every sentence, table, picture and page writes them so."""

from __future__ import annotations

from mathif.stats import PASSES, Estimate, Ratio

SHARES = {"hacc": "the share that obeys every constraint", "acc": "the share of right answers"}
"""What a sentence calls a share, by its name in records."""

_PASSING = {"hacc": "reply obeys every constraint", "acc": "reply is right"}
"""What is said of replies that pass, by the share that is meant."""

BROAD = 100.0
"""Factor between the ends of a ratio's interval from which on the ratio is not told."""


def tells(ratio: Ratio) -> bool:
    """Return whether the interval of a ratio is narrow enough to say anything."""
    return ratio.low is not None and ratio.high is not None and 0 < ratio.high <= BROAD * ratio.low


def because(number: Estimate, outcome: str = "hacc") -> str:
    """Return why a number of a share is unknown, in the words of that share."""
    return number.reason.replace(PASSES, _PASSING[outcome])


def percent(value: float | None) -> str:
    """Return a share as percent with one decimal, "–" where it is unknown."""
    if value is None:
        return "–"
    text = f"{100 * value:.1f}"
    return {"100.0": "100", "-100.0": "-100", "-0.0": "0.0"}.get(text, text)


def interval(number: Estimate | None) -> str:
    """Return a share or a difference in a table, `12.3 [10.1, 14.9]` in percent; "" where there is none."""
    if number is None:
        return ""
    if number.value is None or number.low is None:
        return percent(number.value)
    return f"{percent(number.value)} [{percent(number.low)}, {percent(number.high)}]"


def plain_interval(number: Estimate) -> str:
    """Return a slope, a ratio or an area in a table, `-0.41 [-0.60, -0.22]`."""
    if number.value is None:
        return "–"
    if number.low is None or number.high is None:
        return f"{number.value:.2f}"
    return f"{number.value:.2f} [{number.low:.2f}, {number.high:.2f}]"


def rate_interval(ratio: Ratio) -> str:
    """Return a rate, or a ratio of hazards, in a table; "–" where its interval is too broad to tell anything."""
    return plain_interval(ratio) if ratio.value == 0 or tells(ratio) else "–"


def probability(value: float) -> str:
    """Return a p-value or q-value with three decimals."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def in_percent(number: Estimate) -> str:
    """Return a share with its interval in a sentence, `12.3 % [10.1, 14.9]`."""
    if number.value is None:
        return "unknown"
    ends = "" if number.low is None or number.high is None else f" [{_tenths(number.low)}, {_tenths(number.high)}]"
    return f"{_tenths(number.value)} %{ends}"


def in_log_odds(number: Estimate) -> str:
    """Return a slope or a difference of slopes with its interval in a sentence, `-0.41 [-0.60, -0.22]`."""
    return _signed(number, 1, 2)


def in_points(number: Estimate, *, turn: bool = False) -> str:
    """Return a difference of shares in percentage points with its interval, the other way round for `turn`."""
    value, _, ends = _signed(number, -100 if turn else 100, 1).partition(" ")
    return f"{value} points {ends}".rstrip()


def in_times(number: Estimate) -> str:
    """Return a ratio with its interval in a sentence, `1.20 times [0.98, 1.47]`."""
    if number.value is None:
        return "unknown"
    ends = "" if number.low is None or number.high is None else f" [{number.low:.2f}, {number.high:.2f}]"
    return f"{number.value:.2f} times{ends}"


def _signed(number: Estimate, times: float, digits: int) -> str:
    if number.value is None:
        return "unknown"
    value = _shown(times * number.value, digits)
    if number.low is None or number.high is None:
        return value
    low, high = sorted((times * number.low, times * number.high))
    return f"{value} [{_shown(low, digits)}, {_shown(high, digits)}]"


def _shown(value: float, digits: int) -> str:
    """Return a number with its sign; adding 0 takes that of a zero off."""
    return f"{round(value, digits) + 0.0:+.{digits}f}"


def _tenths(share: float) -> str:
    return _shown(100 * share, 1).removeprefix("+")

"""A number with what is needed to believe it: its 95 % interval, what it rests on, and why it is missing where it is.

Every number of a report, a comparison, a probe and the board is one of these, from the formula to the page. The kinds
differ in their range, which whoever reads them from a file checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from annotated_types import Ge, Le

Count = Annotated[int, Ge(0)]
"""A number of things."""
Proportion = Annotated[float, Ge(0), Le(1)]
"""A part of a whole."""
_Step = Annotated[float, Ge(-1), Le(1)]
_Positive = Annotated[float, Ge(0)]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number without bounds: a difference of differences, or one whose interval may leave the range of its kind.

    Attributes:
        value: the number; None where the data cannot give it.
        low: lower end of the 95 % interval, or None.
        high: upper end of the 95 % interval, or None.
        n: number of values it rests on.
        problems: number of clusters (problems) these values come from.
        reason: why `value` or its interval is None, else "".
    """

    value: float | None
    low: float | None
    high: float | None
    n: Count
    problems: Count
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str, n: int = 0, problems: int = 0) -> Self:
        """Return the estimate of a number that the data cannot give."""
        return cls(None, None, None, n, problems, reason)

    @classmethod
    def of(cls, other: Estimate) -> Self:
        """Return another estimate as one of this kind, which it is known to be."""
        return cls(other.value, other.low, other.high, other.n, other.problems, other.reason)

    def sign(self, none: float = 0) -> int:
        """Return 1 or -1 where the whole interval is on one side of `none`, else 0."""
        if self.low is None or self.high is None or self.low <= none <= self.high:
            return 0
        return 1 if self.low > none else -1


@dataclass(frozen=True, slots=True)
class Share(Estimate):
    """A share of replies or of constraints, in [0, 1]."""

    value: Proportion | None
    low: Proportion | None
    high: Proportion | None


@dataclass(frozen=True, slots=True)
class Difference(Estimate):
    """A paired difference of two shares, in [-1, 1]."""

    value: _Step | None
    low: _Step | None
    high: _Step | None


@dataclass(frozen=True, slots=True)
class Ratio(Estimate):
    """A ratio, at least 0; 1 where both are the same."""

    value: _Positive | None
    low: _Positive | None
    high: _Positive | None


@dataclass(frozen=True, slots=True)
class Slope(Estimate):
    """A change of log-odds for each step of something, such as a doubling of the chain of thought."""


def unknown(reason: str, n: int = 0, problems: int = 0) -> Estimate:
    """Return the estimate of a number of no special kind that the data cannot give."""
    return Estimate.unknown(reason, n, problems)

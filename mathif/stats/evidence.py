"""Evidence: how surprising a number is where nothing is there, and how much of that is left among many numbers.

An interval says how large an effect may be; a sentence that says there is one must also bear that many were looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from types import MappingProxyType
from typing import TypeVar

from mathif.stats.estimate import Estimate, Ratio
from mathif.stats.fits import Fit
from mathif.stats.intervals import t_mass, t_quantile

Name = TypeVar("Name")


def p_value(found: Estimate, none: float = 0.0) -> float:
    """Return the two-sided p-value that the number is `none`, read off its interval; 1.0 where it has none.

    The distance to `none` in units of the half-width on that side, against Student's t: below 0.05 exactly where the
    interval leaves `none` out. A ratio is taken in its logarithm.
    """
    if found.value is None or found.low is None or found.high is None or found.problems < 2:
        return 1.0
    value, low, high = found.value, found.low, found.high
    if isinstance(found, Ratio):
        if min(value, low, none) <= 0:
            return 1.0
        value, low, high, none = (math.log(number) for number in (value, low, high, none))
    half = value - low if none < value else high - value
    if half <= 0:
        return 1.0
    degrees = found.problems - 1
    return tail(abs(value - none) / half * t_quantile(degrees), degrees)


def bounded(found: Ratio, factor: float, level: float) -> bool:
    """Return whether a ratio is shown to be less than this factor, above 1, away from 1, either way.

    Two one-sided tests, each at `level` (Schuirmann 1987, J. Pharmacokinetics Biopharmaceutics 15:657): a ratio that is
    that far from 1 or farther is called nearer with a chance of at most `level`.
    """
    if found.value is None or not 1 / factor < found.value < factor:
        return False
    return max(p_value(found, factor), p_value(found, 1 / factor)) <= 2 * level


def tail(t: float, degrees: int) -> float:
    """Return P(|T| > t) for Student's t with so many degrees of freedom; the normal distribution's above 2000."""
    return max(0.0, 1 - t_mass(t, degrees)) if degrees <= 2000 else 2 * NormalDist().cdf(-t)


def chi_square_tail(value: float, degrees: int) -> float:
    """Return P(X > value) for chi-square with at least one degree of freedom (Abramowitz & Stegun 1964, 26.4.4-5)."""
    half = max(0.0, value) / 2
    start = degrees % 2
    total = math.erfc(math.sqrt(half)) if start else 0.0
    steps = [math.pow(half, df / 2) / math.gamma(df / 2 + 1) for df in range(start, degrees, 2)]
    return min(1.0, total + math.exp(-half) * sum(steps))


def likelihood_ratio(bound: Fit, free: Fit) -> float:
    """Return the p-value of a fit with one coefficient less; Wilks (1938, Ann. Math. Stat. 9:60).

    1.0 where either has no answer.
    """
    if bound.reason or free.reason:
        return 1.0
    return 2 * NormalDist().cdf(-math.sqrt(max(0.0, 2 * (free.likelihood - bound.likelihood))))


def borne(
    family: Mapping[Name, Estimate], level: float, tested: Mapping[Name, float] = MappingProxyType({})
) -> dict[Name, int]:
    """Return of each number the side of 0 on which it lies, 0 where that does not survive the correction of its family.

    A ratio lies above or below 1.

    Args:
        family: the numbers that are looked at together, by name.
        level: the largest chance of claiming anything of a family in which nothing is there.
        tested: p-values of numbers that have a test of their own, which needs no large sample as an interval does;
            those of other numbers count for nothing.
    """
    nothing = {name: 1.0 if isinstance(found, Ratio) else 0.0 for name, found in family.items()}
    p_values = {name: p_value(found, nothing[name]) for name, found in family.items()} | dict(tested)
    adjusted = familywise([p_values[name] for name in family])
    ways = {name: found.sign(nothing[name]) for name, found in family.items()}
    return {name: ways[name] if p <= level else 0 for name, p in zip(family, adjusted, strict=True)}


def familywise(p_values: Sequence[float]) -> list[float]:
    """Return the adjusted p-value of each test, in the order given (Holm 1979, Scand. J. Statistics 6:65).

    Claiming what is at most a in this list makes one false claim or more with a chance of at most a, however the tests
    depend on each other.
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = largest
    return adjusted

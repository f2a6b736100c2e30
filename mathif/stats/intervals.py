"""A number with its 95 % interval: shares, means and paired differences, clustered by problem.

Several replies to one problem are not independent, so every interval here takes the problem of each value as its
cluster. The intervals stay inside the range of what they estimate and never collapse to a point where no variation
was seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from mathif.stats.estimate import Difference, Estimate, Ratio, Share

Value = bool | int | float | str
Array = NDArray[Any]
"""A column of values; other rooms make them with `column` and need no array package of their own."""
Values = Sequence[Value] | Array

LEVEL = 0.95
"""Confidence level of every interval."""
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


DENSE = 32
"""Numbers up to so many times as large as there are of them are counted off without sorting them."""
WIDE = 30.0
"""Half-width in log units beyond which an interval says nothing."""


def column(values: Sequence[Value] | Sequence[Sequence[Value]], of: type[bool | int | float | str]) -> Array:
    """Return `values`, or rows of them, as an array of one type, which it has even when it is empty.

    Texts stay the objects they are: an array of their letters has the longest one's size for each.
    """
    return np.asarray(values, dtype=object if of is str else of)


class Interval(NamedTuple):
    """Both ends of a 95 % interval."""

    low: float
    high: float


@cache
def t_quantile(df: int) -> float:
    """Return the 97.5 % quantile of Student's t with `df` >= 1 degrees of freedom.

    Up to 40 degrees by bisection on the exact distribution, above by the expansion around the normal quantile
    (Abramowitz & Stegun 1964, 26.7.3-26.7.5); right to 1e-7.
    """
    if df > 40:
        z = Z
        first = (z**3 + z) / 4
        second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
        third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
        fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
        return z + first / df + second / df**2 + third / df**3 + fourth / df**4
    low, high = 0.0, 16.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if t_mass(middle, df) < LEVEL else (low, middle)
    return high


def t_mass(t: float, df: int) -> float:
    """Return P(|T| <= t) for Student's t (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4)."""
    theta = math.atan(t / math.sqrt(df))
    odd = df % 2
    term = math.cos(theta) if odd else 1.0
    total = 0.0
    for power in range(1 + odd, df, 2):
        total += term
        term *= power / (power + 1) * math.cos(theta) ** 2
    if odd:
        return 2 / math.pi * (theta + math.sin(theta) * total)
    return math.sin(theta) * total


def wilson(p: float, n: float) -> Interval:
    """Return Wilson's score interval for a share `p` of `n` > 0 trials (Wilson 1927, JASA 22:209).

    `n` need not be whole: a clustered share has an effective number of trials.
    """
    weight = Z * Z / n
    centre = (p + weight / 2) / (1 + weight)
    half = Z / (1 + weight) * math.sqrt(p * (1 - p) / n + weight / (4 * n))
    return Interval(0.0 if p == 0 else max(0.0, centre - half), 1.0 if p == 1 else min(1.0, centre + half))


def codes(clusters: Array) -> tuple[Array, int]:
    """Return the clusters numbered from 0 in their order, and how many there are."""
    if clusters.dtype.kind == "i" and len(clusters) and 0 <= clusters.min() <= clusters.max() < DENSE * len(clusters):
        found = np.zeros(int(clusters.max()) + 1, dtype=bool)
        found[clusters] = True
        return (np.cumsum(found) - 1)[clusters], int(found.sum())
    names, numbers = np.unique(clusters, return_inverse=True)
    return numbers.reshape(-1), len(names)


def clustered_variance(influence: Array, clusters: Array) -> float:
    """Return the variance of the sum of `influence`, whose rows are independent between clusters only.

    G/(G-1) times the sum of squared cluster sums (Liang & Zeger 1986, Biometrika 73:13; the factor as in CR1 of
    MacKinnon, Nielsen & Webb 2023, J. Econometrics 232:272). Infinite for a single cluster.
    """
    numbers, groups = codes(clusters)
    if groups < 2:
        return math.inf
    sums = np.bincount(numbers, weights=influence, minlength=groups)
    return float(sums @ sums) * groups / (groups - 1)


def share(values: Values, clusters: Values) -> Share:
    """Return a share: the mean of `values` that are each 0 or 1.

    Wilson's interval where every cluster has one value; else Wilson's interval at the effective number of trials
    that the clustered variance implies, shrunk for its own uncertainty by (z/t)^2 with one degree of freedom less than
    there are clusters (Korn & Graubard 1998, Survey Methodology 24:193). Where all values agree nothing is known of
    the variance, and the number of clusters takes the place of the effective number.
    """
    y, g = np.asarray(values, dtype=float), np.asarray(clusters)
    if len(y) == 0:
        return Share.unknown("no replies")
    groups = codes(g)[1]
    p = float(y.mean())
    if groups == len(y):
        return Share(p, *wilson(p, len(y)), len(y), groups)
    return _unit(y, g, groups)


def mean(values: Values, clusters: Values) -> Share:
    """Return the mean of `values` in [0, 1], such as the share of constraints obeyed per reply.

    The interval is that of a clustered `share`: Wilson's, at the number of trials that would give the observed
    clustered variance. It stays inside [0, 1] and has Student's t as its limit.
    """
    y, g = np.asarray(values, dtype=float), np.asarray(clusters)
    if len(y) == 0:
        return Share.unknown("no replies")
    return _unit(y, g, codes(g)[1])


def _unit(y: Array, clusters: Array, groups: int) -> Share:
    """Return the mean of `y` in [0, 1] with the interval at the effective number of trials."""
    n, p = len(y), float(y.mean())
    return proportion(p, max(clustered_variance((y - p) / n, clusters), float(y.var()) / n), n, groups)


def proportion(p: float, variance: float, n: int, groups: int) -> Share:
    """Return a share `p` whose estimate has this variance, from `groups` clusters, with Wilson's interval.

    At the number of trials that would give that variance, shrunk for its own uncertainty (see `share`); where no
    variance is seen, at the number of clusters.
    """
    if groups < 2 or variance < 1e-15:
        effective: float = groups
    else:
        effective = p * (1 - p) / variance * (Z / t_quantile(groups - 1)) ** 2
    return Share(p, *wilson(min(max(p, 0.0), 1.0), effective), n, groups)


def difference(first: Values, second: Values, clusters: Values) -> Difference:
    """Return the mean of `first - second`, paired; values in [0, 1].

    Where every difference is -1, 0 or 1 the interval is Bonett & Price's for paired shares (2012, J. Educ. Behav. Stat.
    37:479), which adds one flip each way, at the effective number of pairs that the clustered variance implies; else
    a clustered Student interval. Where no pair flips, nothing speaks for clusters of flips, and every pair counts;
    where all flip alike, every cluster does.
    """
    d = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    g = np.asarray(clusters)
    n = len(d)
    if n == 0:
        return Difference.unknown("no pairs")
    groups = codes(g)[1]
    centre = float(d.mean())
    if groups < 2:
        return Difference(centre, -1.0, 1.0, n, groups)
    t = t_quantile(groups - 1)
    variance = max(clustered_variance((d - centre) / n, g), float(d.var()) / n)
    if variance > 1e-15 and not bool(np.isin(d, (-1.0, 0.0, 1.0)).all()):
        half = t * math.sqrt(variance)
        return Difference(centre, max(-1.0, centre - half), min(1.0, centre + half), n, groups)
    flips = float((d * d).mean())
    alike = float(groups if flips else n)
    pairs = (flips - centre**2) / variance if variance > 1e-15 else alike
    shrunk = pairs * centre / (pairs + 2)
    half = t * math.sqrt(((pairs * flips + 2) / (pairs + 2) - shrunk**2) / (pairs + 2))
    return Difference(centre, max(-1.0, shrunk - half), min(1.0, shrunk + half), n, groups)


@overload
def smooth(value: float, influence: Array, clusters: Array) -> Estimate: ...
@overload
def smooth(value: float, influence: Array, clusters: Array, *, positive: Literal[True]) -> Ratio: ...
def smooth(value: float, influence: Array, clusters: Array, *, positive: bool = False) -> Estimate:
    """Return a smooth function of means with its clustered Student interval.

    Args:
        value: the number.
        influence: what each reply adds to it: the derivative times the reply's distance from the mean, over n; they
            sum to 0 (delta method; van der Vaart 1998, Asymptotic Statistics, chapter 3).
        clusters: the problem of each reply.
        positive: whether the number is a ratio; its interval is then symmetric in its logarithm.
    """
    n, groups = len(influence), codes(clusters)[1]
    kind = Ratio if positive else Estimate
    if groups < 2:
        return kind(value, None, None, n, groups, "an interval needs at least two problems")
    half = t_quantile(groups - 1) * math.sqrt(clustered_variance(influence, clusters))
    if half < 1e-12:
        return kind(value, None, None, n, groups, "no variation was seen, so the interval is unknown")
    if not positive:
        return Estimate(value, value - half, value + half, n, groups)
    if value <= 0 or half > WIDE * value:
        return Ratio(value, None, None, n, groups, "the interval of the ratio has no bounds")
    factor = math.exp(half / value)
    return Ratio(value, value / factor, value * factor, n, groups)

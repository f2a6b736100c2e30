"""Conditional logit: each stratum keeps an intercept of its own, which the likelihood conditions away.

What differs between items, such as their difficulty, therefore cannot move these numbers at all: replies to one item
are compared with each other only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from mathif.counting import counted
from mathif.stats.estimate import Ratio, Slope
from mathif.stats.fits import ALONE, FEWEST, Fit, newton, no_fit, one_outcome, sandwich
from mathif.stats.intervals import WIDE, Array, codes, t_quantile

SEPARATED = "the outcome is separated: within every problem the columns predict it without error"
REACH = 40.0
"""Log-odds for a standard deviation of a column beyond which no penalised slope lies."""


class _Shape(NamedTuple):
    """Strata with the same number of rows and about as many successes, stacked."""

    x: Array
    """(strata, rows, columns)"""
    total: Array
    """(strata, columns): sum of `x` over the successes."""
    successes: Array
    """The number of each stratum."""
    clusters: Array


class _Strata(NamedTuple):
    """The strata that say something, and how many problems and rows these are."""

    shapes: list[_Shape]
    numbers: Array
    """The problem of each stratum, numbered from 0, in the order of `shapes`."""
    problems: int
    n: int
    alone: bool
    """Whether no stratum has two rows."""
    only: float | None
    """The outcome, where all rows have the same."""

    def missing(self) -> str:
        """Return why nothing can be fitted, or ""."""
        if self.problems >= FEWEST:
            return ""
        if self.only is not None:
            return one_outcome(self.only)
        if self.alone:
            return ALONE
        problems = counted(self.problems, "problem has", "problems have")
        return f"{problems} replies that differ both in outcome and in length; {FEWEST} are needed"


def conditional(outcome: Array, design: Array, strata: Array, clusters: Array) -> Fit:
    """Fit a conditional logit.

    Exact: the sum over all ways to place a stratum's successes comes from the recursion of Gail, Lubin & Rubinstein
    (1981, Biometrika 68:703). Strata in which all outcomes or all rows agree say nothing and are not counted.

    Args:
        outcome: n values, each 0 or 1.
        design: n rows of k columns, no intercept.
        strata: the stratum of each row.
        clusters: the problem of each row; a stratum lies in one problem.

    Returns:
        The fit with the sandwich covariance clustered by problem, times G/(G-1).
    """
    x = np.asarray(design, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    told = _told(outcome, x, strata, clusters)
    if told.missing():
        return no_fit(told.missing(), told.n, told.problems)

    centred = [shape.x - shape.x.mean(axis=1, keepdims=True) for shape in told.shapes]

    def derivatives(beta: Array) -> tuple[Array, Array, float]:
        scores, information, _ = _summed(told.shapes, beta)
        return scores, information, max(float(np.abs(one @ beta).max()) for one in centred)

    beta = newton(derivatives, x.shape[1])
    if beta is None:
        return no_fit(SEPARATED, told.n, told.problems)
    scores, information, likelihood = _summed(told.shapes, beta)
    covariance = told.problems / (told.problems - 1) * sandwich(scores, information, told.numbers, told.problems)
    return Fit(beta, covariance, told.n, told.problems, likelihood=likelihood)


def within(outcome: Array, x: Array, strata: Array, clusters: Array) -> Slope:
    """Return the change in log-odds of the outcome for one unit of `x` inside strata.

    The `conditional` slope; where the outcome is separated within every stratum, which is strong evidence and not a
    missing one, the penalised slope of `firth`.
    """
    fit = conditional(outcome, x, strata, clusters)
    return firth(outcome, x, strata, clusters) if fit.reason == SEPARATED else fit.estimate([1.0])


class Sample(NamedTuple):
    """Replies of one side: outcomes, numbers, strata and problems, as `within` takes them."""

    outcome: Array
    x: Array
    strata: Array
    clusters: Array


def slope_gap(first: Sample, second: Sample) -> Slope:
    """Return the slope inside the strata of the first side minus that of the second, whose problems are the same.

    One conditional logit over both with a slope for each, so that what the two share by problem is in the interval.
    Where a side is separated, the difference of the two slopes with the interval that theirs give (Zou & Donner 2008,
    Statistics in Medicine 27:1693). Unknown where the slope of either side is: with too few problems on one of them its
    slope is anything, and the interval does not say so.
    """
    for side in (first, second):
        told = _told(side.outcome, side.x[:, None], side.strata, side.clusters)
        if told.missing():
            return Slope.unknown(told.missing(), told.n, told.problems)
    outcome, clusters = (
        np.concatenate([getattr(side, name) for side in (first, second)]) for name in ("outcome", "clusters")
    )
    strata = np.concatenate([2 * codes(side.strata)[0] + place for place, side in enumerate((first, second))])
    nothing = np.zeros(len(second.x)), np.zeros(len(first.x))
    design = np.column_stack([np.concatenate([first.x, nothing[0]]), np.concatenate([nothing[1], second.x])])
    fit = conditional(outcome, design, strata, clusters)
    if fit.reason != SEPARATED:
        return fit.estimate([1.0, -1.0])
    a, b = (within(*side) for side in (first, second))
    ends = (a.value, a.low, a.high, b.value, b.low, b.high)
    if any(end is None for end in ends):
        return Slope.unknown(a.reason or b.reason, fit.n, fit.problems)
    value, low, high, other, other_low, other_high = (float(end) for end in ends if end is not None)
    down, up = math.hypot(value - low, other_high - other), math.hypot(high - value, other - other_low)
    return Slope(value - other, value - other - down, value - other + up, fit.n, fit.problems)


def level_gap(first: Sample, second: Sample) -> Slope:
    """Return the log-odds of the first side minus those of the second, at equal `x` inside shared strata.

    The conditional logit on the side and on `x`, with one slope for both: an analysis of covariance for a yes-or-no
    outcome. Strata and problems bear the same numbers on both sides.
    """
    outcome, x, strata, clusters = (np.concatenate(columns) for columns in zip(first, second, strict=True))
    side = np.concatenate([np.ones(len(first.x)), np.zeros(len(second.x))])
    return conditional(outcome, np.column_stack([side, x]), strata, clusters).estimate([1.0, 0.0])


def within_ratio(outcome: Array, given: Array, strata: Array, clusters: Array) -> Ratio:
    """Return how many times the odds of `outcome` rise where `given` holds, inside strata; both 0 or 1.

    The exponential of the `within` slope: the stratified odds ratio. It holds whatever makes one stratum easier than
    another for both, which the odds ratio of the pooled table takes for a bond between the two.
    """
    return exponential(within(outcome, given, strata, clusters))


def exponential(found: Slope) -> Ratio:
    """Return the ratio whose logarithm a slope is, with the interval that the slope gives."""
    if found.value is None or found.low is None or found.high is None:
        reason = found.reason.replace("both in outcome and in length", "in both")
        return Ratio.unknown(reason, found.n, found.problems)
    if max(abs(found.low), abs(found.high)) > WIDE:
        return Ratio.unknown("the interval of the ratio has no bounds", found.n, found.problems)
    return Ratio(math.exp(found.value), math.exp(found.low), math.exp(found.high), found.n, found.problems)


def firth(outcome: Array, x: Array, strata: Array, clusters: Array) -> Slope:
    """Return the `conditional` slope of one column by penalised likelihood, which is finite under separation too.

    The likelihood times the square root of the information (Firth 1993, Biometrika 80:27; for conditional logit Heinze
    & Puhr 2010, Statistics in Medicine 29:770), with the interval of its profile at Student's quantile. Strata are
    taken as independent: where the outcome is separated, the clusters' scores have no variance to be had.
    """
    column = np.asarray(x, dtype=float)[:, None]
    told = _told(outcome, column, strata, clusters)
    if told.missing():
        return Slope.unknown(told.missing(), told.n, told.problems)
    centred = [(shape.x - shape.x.mean(axis=1, keepdims=True)).ravel() for shape in told.shapes]
    reach = REACH / float(np.concatenate(centred).std())

    def penalised(beta: float) -> float:
        parts = [_derivatives(shape, np.array([beta])) for shape in told.shapes]
        information = float(np.sum([part[1] for part in parts]))
        return sum(part[2] for part in parts) + 0.5 * math.log(max(information, 1e-300))

    value = _highest(penalised, -reach, reach)
    bar = penalised(value) - t_quantile(told.problems - 1) ** 2 / 2
    low, high = (_crossing(penalised, bar, value, step) for step in (-reach / 80, reach / 80))
    return Slope(value, low, high, told.n, told.problems)


def _highest(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one peak is highest, by golden-section search."""
    golden = (math.sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(42):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = function(right)
    return (low + high) / 2


def _crossing(function: Callable[[float], float], bar: float, inside: float, step: float) -> float:
    """Return where a function that is above `bar` at `inside` falls to it: strides that double, then bisection."""
    outside = inside + step
    while function(outside) > bar:
        inside, step = outside, 2 * step
        outside = inside + step
    for _ in range(40):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if function(middle) > bar else (inside, middle)
    return inside


def score_test(outcome: Array, x: Array, strata: Array, clusters: Array) -> float:
    """Return the two-sided p-value that the outcome does not go with `x` inside strata.

    The score test of the conditional logit at a slope of 0: Mantel's (1963, JASA 58:690) extension of the Mantel-
    Haenszel test. Its variance is that of permuting the outcomes of a stratum, which needs no large sample of problems;
    1.0 where no stratum says anything.
    """
    told = _told(outcome, np.asarray(x, dtype=float)[:, None], strata, clusters)
    if not told.shapes:
        return 1.0
    parts = [_derivatives(shape, np.zeros(1)) for shape in told.shapes]
    score = float(np.sum([part[0].sum() for part in parts]))
    return 2 * NormalDist().cdf(-abs(score) / math.sqrt(float(np.sum([part[1] for part in parts]))))


def _told(outcome: Array, design: Array, strata: Array, clusters: Array) -> _Strata:
    y = np.asarray(outcome, dtype=float)
    shapes = _shapes(y, design, codes(np.asarray(strata)), codes(np.asarray(clusters))[0])
    owners = np.concatenate([shape.clusters for shape in shapes]) if shapes else np.zeros(0, dtype=int)
    numbers, groups = codes(owners)
    n = sum(shape.x.shape[0] * shape.x.shape[1] for shape in shapes)
    only = float(y[0]) if len(y) and (y == y[0]).all() else None
    return _Strata(shapes, numbers, groups, n, len(np.unique(strata)) == len(y), only)


def _shapes(y: Array, x: Array, strata: tuple[Array, int], clusters: Array) -> list[_Shape]:
    """Return the informative strata by number of rows and, to an eighth of that, of successes."""
    numbers, count = strata
    order = np.argsort(numbers, kind="stable")
    sizes = np.bincount(numbers, minlength=count)
    successes = np.bincount(numbers, weights=y, minlength=count).astype(int)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if count else np.zeros(0, dtype=int)
    shapes = []
    told = (successes > 0) & (successes < sizes)
    alike = successes // np.maximum(1, sizes // 8)
    for rows, about in sorted({(int(s), int(w)) for s, w in zip(sizes[told], alike[told], strict=True)}):
        own = np.flatnonzero(told & (sizes == rows) & (alike == about))
        own = own[np.argsort(successes[own], kind="stable")]
        places = order[starts[own][:, None] + np.arange(rows)]
        varied = np.ptp(x[places], axis=1).max(axis=1) > 1e-12
        places = places[varied]
        if len(places):
            stacked = x[places]
            total = (stacked * y[places][:, :, None]).sum(axis=1)
            shapes.append(_Shape(stacked, total, successes[own[varied]], clusters[places[:, 0]]))
    return shapes


def _summed(shapes: Sequence[_Shape], beta: Array) -> tuple[Array, Array, float]:
    """Return the score of each stratum, and the information and the log-likelihood of all shapes."""
    scores, information, likelihoods = zip(*(_derivatives(shape, beta) for shape in shapes), strict=True)
    return np.concatenate(scores), np.sum(information, axis=0), sum(likelihoods)


_LEAST_LOG = 600.0
"""The logarithm of the smallest product of odds; beyond 745 it would be zero."""


def _derivatives(shape: _Shape, beta: Array) -> tuple[Array, Array, float]:
    """Return the score of each stratum, the information of all, and their log-likelihood.

    `level[m]` is the sum over all choices of m of the rows seen so far of the product of their odds; `first` and
    `second` are its derivatives. Odds are taken against the stratum's largest, which cancels.
    """
    if not beta.any():
        return _at_zero(shape)
    (strata, rows, columns), wins = shape.x.shape, shape.successes
    eta = shape.x @ beta
    top = eta.max(axis=1)
    # No product of so many odds may vanish: the search for a slope looks at ones far beyond any that is likely.
    odds = np.exp(np.maximum(eta - top[:, None], -_LEAST_LOG / wins[:, None]))
    # The strata come last, where numpy is quick, and go back to the front before anything is added up over them.
    seen, odds = np.ascontiguousarray(shape.x.transpose(1, 2, 0)), np.ascontiguousarray(odds.T)
    fewest, most = int(wins.min()), int(wins.max())
    level = np.zeros((most + 1, strata))
    level[0] = 1
    first = np.zeros((most + 1, columns, strata))
    second = np.zeros((most + 1, columns, columns, strata))
    for row in range(rows):
        # More than the rows so far there cannot be, and from fewer the rows that are left do not lead to all.
        low, high = max(1, fewest - (rows - row - 1)), min(most, row + 1)
        below, at = slice(low - 1, high), slice(low, high + 1)
        u, v = odds[row], seen[row]
        b, d, dd = level[below], first[below], second[below]
        cross = v[:, None] * d[:, None]
        more = u * (dd + cross + cross.swapaxes(1, 2) + v[:, None] * v * b[:, None, None])
        second[at] += more
        first[at] += u * (d + v * b[:, None])
        level[at] += u * b
    each = np.arange(strata)
    whole = level[wins, each]
    expected = first[wins, :, each] / whole[:, None]
    spread = second[wins, :, :, each] / whole[:, None, None]
    spread = spread - expected[:, :, None] * expected[:, None, :]
    likelihood = shape.total @ beta - np.log(whole) - wins * top
    return shape.total - expected, spread.sum(axis=0), float(likelihood.sum())


def _at_zero(shape: _Shape) -> tuple[Array, Array, float]:
    """Return `_derivatives` at 0, where all choices of rows are as likely: those of a draw without replacement."""
    (_, rows, columns), wins = shape.x.shape, shape.successes
    means = shape.x.mean(axis=1)
    centred = shape.x - means[:, None]
    weighted = (wins * (rows - wins) / (rows * (rows - 1)))[:, None, None] * centred
    information = weighted.reshape(-1, columns).T @ centred.reshape(-1, columns)
    likelihood = -sum(math.log(math.comb(rows, own)) for own in wins.tolist())
    return shape.total - wins[:, None] * means, information, likelihood

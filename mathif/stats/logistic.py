"""Logistic models of a yes-or-no outcome, with errors that let the replies to one problem depend on each other.

Three ways to ask how the outcome changes with a number such as the length of the CoT: over all replies (`slope`),
with the mean of each stratum apart (`within_between`), and inside each stratum alone (`conditional`). A design that
cannot give an answer says so instead of giving a huge number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mathif.stats.estimate import Ratio, Slope
from mathif.stats.intervals import WIDE, Array, codes, t_quantile

_Derivatives = Callable[[Array], tuple[Array, Array, float]]
"""From coefficients to the score of each row or stratum, the information, and the largest log-odds."""

STEPS = 60
"""Most Newton steps; a model with a finite answer needs about ten."""
FLAT = 1e-10
"""A Newton step below this has arrived."""
STEEP = 30.0
"""Log-odds that no finite answer reaches: e^-30 of a reply would be on the wrong side."""
NOTHING = 1e-14
"""A variance below this is rounding, as where a run is compared with itself."""
ALONE = "no item has two replies that differ in length; sample each problem more than once"
FEWEST = 10
"""Fewest problems for which a clustered error is given (benchmarks/coverage.py shows what happens below)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model.

    Attributes:
        coefficients: one for each column, in log-odds.
        covariance: their cluster-robust covariance.
        n: replies that inform the fit.
        problems: clusters that these come from.
        reason: why there is no fit, else "".
    """

    coefficients: Array
    covariance: Array
    n: int
    problems: int
    reason: str = ""

    def estimate(self, weights: Sequence[float]) -> Slope:
        """Return the weighted sum of the coefficients with its Student interval on `problems` - 1 degrees."""
        if self.reason:
            return Slope.unknown(self.reason, self.n, self.problems)
        contrast = np.asarray(weights, dtype=float)
        value = float(contrast @ self.coefficients)
        variance = float(contrast @ self.covariance @ contrast)
        if variance < NOTHING:
            reason = "no variation was seen, so the interval is unknown"
            return Slope(value, None, None, self.n, self.problems, reason)
        half = t_quantile(self.problems - 1) * math.sqrt(variance)
        return Slope(value, value - half, value + half, self.n, self.problems)


def _none(reason: str, n: int, problems: int) -> Fit:
    return Fit(np.zeros(0), np.zeros((0, 0)), n, problems, reason)


def logistic(outcome: Array, design: Array, clusters: Array) -> Fit:
    """Fit a logistic regression by Newton's method (iteratively reweighted least squares).

    Args:
        outcome: n values, each 0 or 1.
        design: n rows of k columns, the intercept among them.
        clusters: the problem of each row.

    Returns:
        The fit with the sandwich covariance clustered by problem, CR1: times G/(G-1) (n-1)/(n-k) (Liang & Zeger
        1986, Biometrika 73:13; MacKinnon, Nielsen & Webb 2023, J. Econometrics 232:272).
    """
    y, x = np.asarray(outcome, dtype=float), np.asarray(design, dtype=float)
    numbers, groups = codes(np.asarray(clusters))
    reason = _unfit(y, x, groups)
    if reason:
        return _none(reason, len(y), groups)

    def derivatives(beta: Array) -> tuple[Array, Array, float]:
        eta = x @ beta
        p = 1 / (1 + np.exp(-eta))
        return (y - p)[:, None] * x, (x * (p * (1 - p))[:, None]).T @ x, float(np.abs(eta).max())

    found = _newton(derivatives, x.shape[1])
    if found is None:
        return _none("the outcome is separated: some mix of the columns predicts it without error", len(y), groups)
    beta, scores, information = found
    factor = groups / (groups - 1) * (len(y) - 1) / (len(y) - x.shape[1])
    return Fit(beta, factor * _sandwich(scores, information, numbers, groups), len(y), groups)


def _unfit(y: Array, x: Array, groups: int) -> str:
    """Return why no model can be fitted, or ""."""
    if len(y) == 0:
        return "no replies"
    if y.min() == y.max():
        return f"every reply has the same outcome ({int(y[0])})"
    if groups < max(FEWEST, x.shape[1] + 1):
        return f"{groups} problems are too few for {x.shape[1]} coefficients; {max(FEWEST, x.shape[1] + 1)} are needed"
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return "a column is constant or follows from the others"
    return ""


def _newton(derivatives: _Derivatives, columns: int) -> tuple[Array, Array, Array] | None:
    """Return coefficients, score of each row and information where the score vanishes; None if it does so nowhere."""
    beta = np.zeros(columns)
    for _ in range(STEPS):
        scores, information, steepest = derivatives(beta)
        if not np.isfinite(information).all() or steepest > STEEP:
            return None
        try:
            step = np.linalg.solve(information, scores.sum(axis=0))
        except np.linalg.LinAlgError:
            return None
        beta = beta + step / max(1.0, float(np.abs(step).max()) / 4)
        if np.abs(step).max() < FLAT:
            return beta, *derivatives(beta)[:2]
    return None


def _sandwich(scores: Array, information: Array, numbers: Array, groups: int) -> Array:
    """Return bread times meat times bread, the meat being the outer products of the clusters' scores."""
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, numbers, scores)
    bread = np.linalg.inv(information)
    covariance: Array = bread @ (sums.T @ sums) @ bread
    return covariance


def slope(outcome: Array, x: Array, clusters: Array, controls: Sequence[Array] = ()) -> Slope:
    """Return the change in log-odds of the outcome for one unit of `x`, all strata pooled.

    Args:
        outcome: values 0 or 1.
        x: the number it may depend on.
        clusters: the problem of each reply.
        controls: columns 0 or 1 held fixed. One that is constant or follows from the others is dropped; where one
            value of it fixes the outcome, these replies say nothing about `x` and are left out, as the limit of the
            likelihood does.
    """
    y, columns = np.asarray(outcome, dtype=float), [np.asarray(control, dtype=float) for control in controls]
    kept = _informative(y, columns)
    design = _independent([np.ones(len(y)), np.asarray(x, dtype=float), *columns], kept)
    return logistic(y[kept], design, np.asarray(clusters)[kept]).estimate(_unit(design.shape[1], 1))


def _informative(y: Array, controls: Sequence[Array]) -> Array:
    """Return which rows remain once every value of a control under which all outcomes agree is taken out."""
    kept = np.ones(len(y), dtype=bool)
    changed = True
    while changed:
        changed = False
        for control in controls:
            for value in (0.0, 1.0):
                side = kept & (control == value)
                if side.any() and not side[kept].all() and y[side].min() == y[side].max():
                    kept &= ~side
                    changed = True
    return kept


def _independent(columns: Sequence[Array], kept: Array) -> Array:
    """Return the rows `kept` of the first two columns and of each later one that does not follow from those before.

    A column follows from others where next to nothing of it is left once they are projected out (Gram-Schmidt).
    """
    chosen: list[Array] = []
    basis: list[Array] = []
    for place, column in enumerate(columns):
        rest = column = column[kept]
        for _ in range(2):
            for direction in basis:
                rest = rest - (direction @ rest) * direction
        size = math.sqrt(float(rest @ rest))
        if size > 1e-7 * math.sqrt(float(column @ column)):
            basis.append(rest / size)
            chosen.append(column)
        elif place < 2:
            chosen.append(column)
    return np.column_stack(chosen)


def _unit(size: int, place: int) -> list[float]:
    return [float(here == place) for here in range(size)]


class WithinBetween(NamedTuple):
    """The slope inside strata, the slope over the means of the strata, and the first minus the second."""

    within: Slope
    between: Slope
    gap: Slope


def within_between(outcome: Array, x: Array, strata: Array, clusters: Array) -> WithinBetween:
    """Return the slope inside strata apart from that between them (Mundlak 1978, Econometrica 46:69).

    A logistic regression on `x` minus its mean in the stratum and on that mean. What differs between strata, such as
    the difficulty of a problem, moves the second slope only. The first is averaged over strata, so it is nearer to 0
    than the `conditional` slope where strata differ much.
    """
    y, x = np.asarray(outcome, dtype=float), np.asarray(x, dtype=float)
    numbers, count = codes(np.asarray(strata))
    means = (np.bincount(numbers, x, count) / np.bincount(numbers, minlength=count))[numbers]
    inside = x - means
    if np.abs(inside).max(initial=0) < 1e-12:
        none = Slope.unknown(ALONE if len(y) else "no replies", len(y), codes(np.asarray(clusters))[1])
        return WithinBetween(none, slope(y, means, clusters), none)
    fit = logistic(y, np.column_stack([np.ones(len(y)), inside, means]), clusters)
    return WithinBetween(fit.estimate([0, 1, 0]), fit.estimate([0, 0, 1]), fit.estimate([0, 1, -1]))


class _Shape(NamedTuple):
    """Strata with the same number of rows and of successes, stacked."""

    x: Array
    """(strata, rows, columns)"""
    total: Array
    """(strata, columns): sum of `x` over the successes."""
    successes: int
    clusters: Array


def conditional(outcome: Array, design: Array, strata: Array, clusters: Array) -> Fit:
    """Fit a conditional logit: every stratum has an intercept of its own, which the likelihood conditions away.

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
    y, x = np.asarray(outcome, dtype=float), np.asarray(design, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    shapes = _shapes(y, x, codes(np.asarray(strata)), codes(np.asarray(clusters))[0])
    owners = np.concatenate([shape.clusters for shape in shapes]) if shapes else np.zeros(0, dtype=int)
    numbers, groups = codes(owners)
    n = sum(shape.x.shape[0] * shape.x.shape[1] for shape in shapes)
    if groups < FEWEST:
        return _none(_too_few(groups, len(np.unique(strata)) == len(y)), n, groups)

    def derivatives(beta: Array) -> tuple[Array, Array, float]:
        parts = [_conditional_derivatives(shape, beta) for shape in shapes]
        reach = max(float(np.abs((shape.x - shape.x.mean(axis=1, keepdims=True)) @ beta).max()) for shape in shapes)
        scores, information = zip(*parts, strict=True)
        return np.concatenate(scores), np.sum(information, axis=0), reach

    found = _newton(derivatives, x.shape[1])
    if found is None:
        return _none("the outcome is separated: within every problem the columns predict it without error", n, groups)
    beta, scores, information = found
    return Fit(beta, groups / (groups - 1) * _sandwich(scores, information, numbers, groups), n, groups)


def _too_few(groups: int, alone: bool) -> str:
    """Return why a conditional logit cannot be fitted on `groups` problems; `alone` where no stratum has two rows."""
    if alone:
        return ALONE
    return f"{groups} problems have replies that differ both in outcome and in length; {FEWEST} are needed"


def _shapes(y: Array, x: Array, strata: tuple[Array, int], clusters: Array) -> list[_Shape]:
    """Return the informative strata by number of rows and of successes."""
    numbers, count = strata
    order = np.argsort(numbers, kind="stable")
    sizes = np.bincount(numbers, minlength=count)
    successes = np.bincount(numbers, weights=y, minlength=count).astype(int)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if count else np.zeros(0, dtype=int)
    shapes = []
    for rows, wins in sorted({(int(s), int(w)) for s, w in zip(sizes, successes, strict=True) if 0 < w < s}):
        places = order[starts[(sizes == rows) & (successes == wins)][:, None] + np.arange(rows)]
        varied = np.ptp(x[places], axis=1).max(axis=1) > 1e-12
        places = places[varied]
        if len(places):
            stacked = x[places]
            total = (stacked * y[places][:, :, None]).sum(axis=1)
            shapes.append(_Shape(stacked, total, wins, clusters[places[:, 0]]))
    return shapes


def _conditional_derivatives(shape: _Shape, beta: Array) -> tuple[Array, Array]:
    """Return the score of each stratum and the information of all.

    `level[:, m]` is the sum over all choices of m of the rows seen so far of the product of their odds; `first` and
    `second` are its derivatives. Odds are taken against the stratum's largest, which cancels.
    """
    strata, rows, columns = shape.x.shape
    eta = shape.x @ beta
    odds = np.exp(eta - eta.max(axis=1, keepdims=True))
    level = np.zeros((strata, shape.successes + 1))
    level[:, 0] = 1
    first = np.zeros((strata, shape.successes + 1, columns))
    second = np.zeros((strata, shape.successes + 1, columns, columns))
    for row in range(rows):
        u, v = odds[:, row, None], shape.x[:, row, None, :]
        b, d, dd = level[:, :-1], first[:, :-1], second[:, :-1]
        cross = v[..., :, None] * d[..., None, :]
        square = v[..., :, None] * v[..., None, :]
        more = u[..., None, None] * (dd + cross + cross.swapaxes(-1, -2) + square * b[..., None, None])
        second[:, 1:] = second[:, 1:] + more
        first[:, 1:] = first[:, 1:] + u[..., None] * (d + v * b[..., None])
        level[:, 1:] = level[:, 1:] + u * b
    expected = first[:, -1] / level[:, -1, None]
    spread = second[:, -1] / level[:, -1, None, None] - expected[:, :, None] * expected[:, None, :]
    return shape.total - expected, spread.sum(axis=0)


def odds_ratio(first: Array, second: Array, clusters: Array) -> Ratio:
    """Return how much the odds of `second` rise where `first` holds; both 0 or 1 (1.0: independent).

    The exponential of a logistic slope, with its clustered interval.
    """
    found = slope(second, first, clusters)
    if found.value is None or found.low is None or found.high is None:
        return Ratio.unknown(found.reason, found.n, found.problems)
    if found.high - found.value > WIDE:
        return Ratio.unknown("the interval of the ratio has no bounds", found.n, found.problems)
    return Ratio(math.exp(found.value), math.exp(found.low), math.exp(found.high), found.n, found.problems)

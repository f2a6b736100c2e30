"""Logistic regression of a yes-or-no outcome, with errors that let the replies to one problem depend on each other.

Two ways to ask how the outcome changes with a number such as the length of the CoT: over all replies (`slope`) and with
the mean of each stratum apart (`within_between`). A design that cannot give an answer says so instead of giving a huge
number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mathif.counting import counted
from mathif.stats.estimate import Ratio, Slope
from mathif.stats.fits import ALONE, FEWEST, Fit, jackknife, newton, no_fit, one_outcome
from mathif.stats.intervals import WIDE, Array, codes


def logistic(outcome: Array, design: Array, clusters: Array) -> Fit:
    """Fit a logistic regression by Newton's method (iteratively reweighted least squares).

    Args:
        outcome: n values, each 0 or 1.
        design: n rows of k columns, the intercept among them.
        clusters: the problem of each row.

    Returns:
        The fit with the covariance of the cluster `jackknife`.
    """
    y, x = np.asarray(outcome, dtype=float), np.asarray(design, dtype=float)
    numbers, groups = codes(np.asarray(clusters))
    reason = _unfit(y, x, groups)
    if reason:
        return no_fit(reason, len(y), groups)

    def derivatives(beta: Array) -> tuple[Array, Array, float]:
        eta = x @ beta
        p = 1 / (1 + np.exp(-eta))
        return (y - p)[:, None] * x, (x * (p * (1 - p))[:, None]).T @ x, float(np.abs(eta).max())

    beta = newton(derivatives, x.shape[1])
    if beta is None:
        return no_fit("the outcome is separated: some mix of the columns predicts it without error", len(y), groups)
    eta = x @ beta
    likelihood = float(y @ eta - np.logaddexp(0, eta).sum())
    covariance = jackknife(derivatives(beta)[0], _informations(x, eta, numbers), numbers)
    return Fit(beta, covariance, len(y), groups, likelihood=likelihood)


def _informations(x: Array, eta: Array, numbers: Array) -> Array:
    """Return the information of each cluster, (G, k, k)."""
    order = np.argsort(numbers, kind="stable")
    p = 1 / (1 + np.exp(-eta[order]))
    weighted = x[order] * np.sqrt(p * (1 - p))[:, None]
    parts = np.split(weighted, np.cumsum(np.bincount(numbers))[:-1])
    return np.stack([part.T @ part for part in parts])


def _unfit(y: Array, x: Array, groups: int) -> str:
    """Return why no model can be fitted, or ""."""
    if len(y) == 0:
        return "no replies"
    if y.min() == y.max():
        return one_outcome(y[0])
    if groups < max(FEWEST, x.shape[1] + 1):
        problems = counted(groups, "problem is", "problems are")
        return f"{problems} too few for {x.shape[1]} coefficients; {max(FEWEST, x.shape[1] + 1)} are needed"
    if _dependent(x):
        return "a column is constant or follows from the others"
    return ""


def _dependent(x: Array) -> bool:
    """Return whether a column follows from the others: the columns' correlations then have an eigenvalue of zero.

    The columns are scaled to length 1, so that the threshold means the same for tokens and for their logarithms; this
    takes one pass over the rows, a singular-value decomposition as many as there are columns.
    """
    size = np.sqrt((x * x).sum(axis=0))
    if not size.all():
        return True
    unit = x / size
    return bool(np.linalg.eigvalsh(unit.T @ unit)[0] < 1e-12)


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
    basis = np.zeros((len(columns), int(kept.sum())))
    for place, column in enumerate(columns):
        rest = column = column[kept]
        before = basis[: len(chosen)]
        for _ in range(2):  # once leaves behind what rounding made of it
            rest = rest - (before @ rest) @ before
        size = math.sqrt(float(rest @ rest))
        if size > 1e-7 * math.sqrt(float(column @ column)):
            basis[len(chosen)] = rest / size
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

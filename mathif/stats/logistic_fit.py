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
from mathif.stats.arrays import firsts
from mathif.stats.estimate import Ratio, Slope
from mathif.stats.fits import ALONE, FEWEST, Fit, jackknife, newton, no_fit, one_outcome
from mathif.stats.intervals import WIDE, Array, codes


class _Design:
    """The columns of a regression: those that vary from row to row, then those that whole groups of rows share.

    There are far fewer groups than rows, so that what is asked of a shared column takes one sum for each group.

    Attributes:
        varying: (n, a), the columns that vary.
        shared: (G, b), what each group has in the others.
        groups: the group of each row.
        clusters: the cluster of each row, from 0.
        count: the number of clusters.
        width: the number of columns.
    """

    def __init__(self, varying: Array, shared: Array, groups: Array, clusters: Array) -> None:
        self.varying = varying
        self.shared = shared
        self.groups = groups
        self.clusters, self.count = codes(clusters)
        self.width = varying.shape[1] + shared.shape[1]
        # the cells, which are the groups of each cluster, in the order of the clusters
        self._cells, self._total = codes(self.clusters * len(shared) + groups)
        first = firsts(self._cells)
        self.owners = self.clusters[first]
        self._of_cells = shared[groups[first]]

    def fitted(self, beta: Array) -> Array:
        """Return the log-odds of each row."""
        varies = self.varying.shape[1]
        log_odds: Array = self.varying @ beta[:varies] + (self.shared @ beta[varies:])[self.groups]
        return log_odds

    def _sums(self, values: Array) -> Array:
        """Return the sum of some values over each cell."""
        return np.bincount(self._cells, values, self._total)

    def scores(self, residuals: Array) -> Array:
        """Return the sum over each cell, of a cluster that `owners` has, of columns times residuals, (cells, k)."""
        own = [self._sums(residuals * column) for column in self.varying.T]
        return np.column_stack([*own, self._sums(residuals)[:, None] * self._of_cells])

    def information(self, weights: Array) -> Array:
        """Return the weighted products of the columns, (k, k)."""
        across = np.column_stack([self._sums(weights * column) for column in self.varying.T])
        own = (self.varying * weights[:, None]).T @ self.varying
        return _framed(own, across, self._of_cells, self._sums(weights))

    def informations(self, weights: Array) -> Array:
        """Return the weighted products of the columns over each cluster, (clusters, k, k)."""
        across = np.column_stack([self._sums(weights * column) for column in self.varying.T])
        own = [
            np.column_stack([np.bincount(self.clusters, weights * one * other, self.count) for other in self.varying.T])
            for one in self.varying.T
        ]
        ends = np.cumsum(np.bincount(self.owners))[:-1]
        parts = (np.split(values, ends) for values in (across, self._of_cells, self._sums(weights)))
        return np.stack([_framed(*part) for part in zip(np.stack(own, axis=1), *parts, strict=True)])


def _framed(own: Array, across: Array, shared: Array, weights: Array) -> Array:
    """Return the products of all columns from those of the varying ones, (a, a).

    Args:
        own: these products.
        across: the weighted sums of the varying columns over each cell, (cells, a).
        shared: what each cell has in the shared columns, (cells, b).
        weights: the sum of the weights over each cell.
    """
    corner = across.T @ shared
    return np.block([[own, corner], [corner.T, (shared * weights[:, None]).T @ shared]])


def logistic(outcome: Array, design: Array, clusters: Array) -> Fit:
    """Fit a logistic regression by Newton's method (iteratively reweighted least squares).

    Args:
        outcome: n values, each 0 or 1.
        design: n rows of k columns, the intercept among them.
        clusters: the problem of each row.

    Returns:
        The fit with the covariance of the cluster `jackknife`.
    """
    x, one_group = np.asarray(design, dtype=float), np.zeros(len(outcome), dtype=int)
    return _fit(np.asarray(outcome, dtype=float), _Design(x, np.zeros((1, 0)), one_group, np.asarray(clusters)))


def _fit(y: Array, design: _Design) -> Fit:
    reason = _unfit(y, design)
    if reason:
        return no_fit(reason, len(y), design.count)

    def derivatives(beta: Array) -> tuple[Array, Array, float]:
        eta = design.fitted(beta)
        p = 1 / (1 + np.exp(-eta))
        return design.scores(y - p), design.information(p * (1 - p)), float(np.abs(eta).max())

    beta = newton(derivatives, design.width)
    if beta is None:
        reason = "the outcome is separated: some mix of the columns predicts it without error"
        return no_fit(reason, len(y), design.count)
    eta = design.fitted(beta)
    likelihood = float(y @ eta - np.logaddexp(0, eta).sum())
    p = 1 / (1 + np.exp(-eta))
    covariance = jackknife(design.scores(y - p), design.informations(p * (1 - p)), design.owners)
    return Fit(beta, covariance, len(y), design.count, likelihood=likelihood)


def _unfit(y: Array, design: _Design) -> str:
    """Return why no model can be fitted, or ""."""
    if len(y) == 0:
        return "no replies"
    if y.min() == y.max():
        return one_outcome(y[0])
    if design.count < max(FEWEST, design.width + 1):
        problems = counted(design.count, "problem is", "problems are")
        return f"{problems} too few for {design.width} coefficients; {max(FEWEST, design.width + 1)} are needed"
    if _dependent(design.information(np.ones(len(y)))):
        return "a column is constant or follows from the others"
    return ""


def _dependent(products: Array) -> bool:
    """Return whether a column follows from the others: the columns' correlations then have an eigenvalue of zero.

    The columns are scaled to length 1, so that the threshold means the same for tokens and for their logarithms; this
    takes one pass over the rows, a singular-value decomposition as many as there are columns.
    """
    size = np.sqrt(np.diag(products))
    if not size.all():
        return True
    return bool(np.linalg.eigvalsh(products / size / size[:, None])[0] < 1e-12)


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
    y, x, owners = np.asarray(outcome, dtype=float), np.asarray(x, dtype=float), np.asarray(clusters)
    groups, shared = _grouped(controls, len(y))
    told = _informative(y, groups, shared)
    kept = told[groups]
    y, x, owners, groups = y[kept], x[kept], owners[kept], groups[kept]
    columns = np.column_stack([np.ones(len(shared)), shared])
    design = _Design(x[:, None], columns[:, _independent(x, groups, columns)], groups, owners)
    return _fit(y, design).estimate([1.0] + [0.0] * (design.width - 1))


def _grouped(controls: Sequence[Array], n: int) -> tuple[Array, Array]:
    """Return the group of each of n rows, those alike in all controls, and what each group has in them."""
    groups = np.zeros(n, dtype=int)
    for control in controls:
        groups, _ = codes(2 * groups + (np.asarray(control) == 1))
    first = firsts(groups)
    columns = [np.asarray(control, dtype=float)[first] for control in controls]
    return groups, np.column_stack(columns) if columns else np.zeros((len(first), 0))


def _informative(y: Array, groups: Array, shared: Array) -> Array:
    """Return which groups remain once every value of a control under which all outcomes agree is taken out."""
    sizes, passed = np.bincount(groups, minlength=len(shared)), np.bincount(groups, y, len(shared))
    kept = np.ones(len(shared), dtype=bool)
    changed = True
    while changed:
        changed = False
        for control in shared.T:
            for value in (0.0, 1.0):
                side = kept & (control == value)
                if side.any() and not side[kept].all() and passed[side].sum() in (0, sizes[side].sum()):
                    kept &= ~side
                    changed = True
    return kept


def _independent(x: Array, groups: Array, shared: Array) -> list[int]:
    """Return which of the shared columns, the first of them the intercept, follow neither from those before nor from x.

    A column follows from others where next to nothing of it is left once they are projected out (Gram-Schmidt). Each
    is one number for each group, as long as the group is large, and of `x` what differs inside of groups stands apart.
    """
    sizes = np.bincount(groups, minlength=len(shared)).astype(float)
    means = np.bincount(groups, x, len(shared)) / np.maximum(sizes, 1)
    inside = x - means[groups]
    lengths = np.append(np.sqrt(sizes), math.sqrt(float(inside @ inside)))
    first, *rest = (np.append(column, 0.0) * lengths for column in shared.T)
    chosen, basis = [0], np.zeros((len(shared.T) + 1, len(lengths)))
    count = 0
    for place, column in enumerate([first, np.append(means, 1.0) * lengths, *rest]):
        left = column
        for _ in range(2):  # once leaves behind what rounding made of it
            left = left - (basis[:count] @ left) @ basis[:count]
        size = math.sqrt(float(left @ left))
        if size > 1e-7 * math.sqrt(float(column @ column)):
            basis[count] = left / size
            count += 1
            if place > 1:
                chosen.append(place - 1)
    return chosen


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

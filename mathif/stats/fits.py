"""Fits: what a fitted model is, and the two steps that each takes: Newton's method, then the sandwich or jackknife."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mathif.stats.estimate import Slope
from mathif.stats.intervals import WIDE, Array, t_quantile

Derivatives = Callable[[Array], tuple[Array, Array, float]]
"""From coefficients to the score of each row or stratum, the information, and the largest log-odds."""

STEPS = 60
"""Most Newton steps; a model with a finite answer needs about ten."""
NEAR = 1e-7
"""A Newton step below this has arrived: what is left is about its square."""
FLAT = 1e-10
"""Part of the information that keeps a column which a left-out cluster alone tells of."""
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
        likelihood: its log-likelihood.
    """

    coefficients: Array
    covariance: Array
    n: int
    problems: int
    reason: str = ""
    likelihood: float = 0.0

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
        if half > WIDE:
            return Slope(value, None, None, self.n, self.problems, "the interval of the slope has no bounds")
        return Slope(value, value - half, value + half, self.n, self.problems)


PASSES = "reply passes"
"""What is said of the one outcome, which a fit does not know by a better name."""


def one_outcome(outcome: float) -> str:
    """Return why nothing can be fitted where every reply has the same outcome, 0 or 1."""
    return f"{'every' if outcome else 'no'} {PASSES}"


def no_fit(reason: str, n: int, problems: int) -> Fit:
    """Return the fit of a model that the data cannot give."""
    return Fit(np.zeros(0), np.zeros((0, 0)), n, problems, reason)


def newton(derivatives: Derivatives, columns: int) -> Array | None:
    """Return the coefficients at which the score vanishes; None if it does so nowhere."""
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
        if np.abs(step).max() < NEAR:
            return beta
    return None


def jackknife(scores: Array, informations: Array, numbers: Array) -> Array:
    """Return the covariance of coefficients from how far each would move were one cluster left out.

    (G-1)/G times the outer products of the moves, each by one Newton step (MacKinnon, Nielsen & Webb 2025, Econometric
    Reviews, "Cluster-robust jackknife and bootstrap inference for logistic regression models": CV3L). The sandwich is
    too narrow with few clusters, or where a few of them decide a coefficient.

    Args:
        scores: n rows of k columns.
        informations: (G, k, k), that of each cluster.
        numbers: the cluster of each row, from 0.
    """
    groups, columns = informations.shape[:2]
    sums = np.zeros((groups, columns))
    np.add.at(sums, numbers, scores)
    whole = informations.sum(axis=0)
    # A column that only the left-out cluster tells of does not move: there its score is 0, and so is the information.
    rest = whole - informations + np.diag(FLAT * np.diag(whole))
    moves = np.linalg.solve(rest, sums[:, :, None])[:, :, 0]
    covariance: Array = (groups - 1) / groups * moves.T @ moves
    return covariance


def sandwich(scores: Array, information: Array, numbers: Array, groups: int) -> Array:
    """Return bread times meat times bread, the meat being the outer products of the clusters' scores."""
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, numbers, scores)
    bread = np.linalg.inv(information)
    covariance: Array = bread @ (sums.T @ sums) @ bread
    return covariance

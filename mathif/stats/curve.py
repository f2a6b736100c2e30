"""The curve: how log-odds move along a number inside strata, without taking the way for a straight line.

A slope of 0 is also what a rise and a fall of equal size leave, so a loss is excluded only where the curve excludes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mathif.stats.conditional_fit import conditional
from mathif.stats.evidence import likelihood_ratio
from mathif.stats.fits import Fit
from mathif.stats.intervals import LEVEL, Array, codes

KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Quantiles at which the knots stand (Harrell 2015, Regression Modeling Strategies, table 2.3)."""
DRAWS = 4000
"""Draws for the width of the band; its multiplier moves by about 1 % between seeds."""
POINTS = 17
"""Points at which the curve is given."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Log-odds along a number, with a band that holds the whole curve in 95 % of samples.

    Attributes:
        at: the places: distances from a stratum's own mean, the middle 95 % of them.
        value: log-odds at each place minus those at the stratum's own mean.
        low: lower edge of the band.
        high: upper edge of the band.
        p: p-value that the way is straight, which a rise and fall (or fall and rise) is not; 1.0 without a fit.
        steepest: the largest fall that the data allow over one unit of the number, between places of the curve: the
            lower end of its simultaneous interval, in log-odds; None where there is no curve.
        n: replies that inform it.
        problems: problems that these come from.
        reason: why there is no curve, else "".
    """

    at: tuple[float, ...]
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    p: float
    steepest: float | None
    n: int
    problems: int
    reason: str = ""

    def shares(self, level: float) -> tuple[tuple[float, float, float], ...]:
        """Return the curve of a stratum with the share `level` at its own mean, each share with the band around it."""
        return tuple(
            (_moved(level, value), _moved(level, low), _moved(level, high))
            for value, low, high in zip(self.value, self.low, self.high, strict=True)
        )


def _moved(level: float, by: float) -> float:
    """Return the share whose log-odds are `by` above those of `level`; what always or never is stays so."""
    return level / (level + (1 - level) * math.exp(max(-30.0, min(30.0, -by)))) if 0 < level < 1 else level


def within_curve(outcome: Array, x: Array, strata: Array, clusters: Array) -> Curve:
    """Return the curve of the outcome's log-odds along `x` inside strata.

    A conditional logit on a restricted cubic spline of the distance of `x` from the stratum's mean, four knots (Stone &
    Koo 1985; Harrell 2015, section 2.4). The band is simultaneous: its multiplier is the 95 % quantile of the largest
    standardised error over the curve and over its steps of one unit, drawn from the estimate's distribution (Hothorn,
    Bretz & Westfall 2008, Biometrical Journal 50:346).

    Whether it bends is the likelihood-ratio test of a parabola, whose middle may lie at the stratum's own mean or at
    the same number for all: the terms are the squared distance and its product with the mean, the hypothesis that the
    first and half the second add up to 0.

    Args:
        outcome: n values, each 0 or 1.
        x: n numbers, such as doublings of the CoT.
        strata: the stratum of each row.
        clusters: the problem of each row; a stratum lies in one problem.
    """
    numbers, count = codes(np.asarray(strata))
    x = np.asarray(x, dtype=float)
    means = np.bincount(numbers, x, count) / np.bincount(numbers, minlength=count)
    inside = x - means[numbers] if count else x
    spread = inside[np.abs(inside) > 1e-12]
    knots = np.quantile(spread, KNOTS) if len(spread) else np.zeros(len(KNOTS))
    if np.diff(knots).min() < 1e-6:
        return _no_curve(conditional(outcome, inside, strata, clusters), "the lengths take too few values for a curve")
    fit = conditional(outcome, _spline(inside, knots), strata, clusters)
    if fit.reason:
        return _no_curve(fit, fit.reason)
    reach = min(abs(float(np.quantile(spread, 0.025))), abs(float(np.quantile(spread, 0.975))))
    at = np.linspace(-reach, reach, POINTS)
    here = _spline(at, knots) - _spline(np.zeros(1), knots)
    steps = _steps(at, knots)
    both = np.vstack([here, steps])
    width = _multiplier(both, fit) * _deviations(both, fit)
    value = both @ fit.coefficients
    low, high = value - width, value + width
    return Curve(
        at=tuple(at.tolist()),
        value=tuple(value[:POINTS].tolist()),
        low=tuple(low[:POINTS].tolist()),
        high=tuple(high[:POINTS].tolist()),
        p=_bend(outcome, inside, (means - means.mean())[numbers], strata, clusters),
        steepest=float(low[POINTS:].min()),
        n=fit.n,
        problems=fit.problems,
    )


def _no_curve(fit: Fit, reason: str) -> Curve:
    return Curve((), (), (), (), 1.0, None, fit.n, fit.problems, fit.reason or reason)


def _bend(outcome: Array, inside: Array, means: Array, strata: Array, clusters: Array) -> float:
    """Return the p-value that the parabola along `x` is a straight line (1.0 where one of the fits has no answer)."""
    square, across = inside**2, inside * means
    free = conditional(outcome, np.column_stack([inside, square, across]), strata, clusters)
    bound = conditional(outcome, np.column_stack([inside, square - 2 * across]), strata, clusters)
    return likelihood_ratio(bound, free)


def _spline(x: Array, knots: Array) -> Array:
    """Return the restricted cubic spline: `x` itself and one column for each knot but two, straight beyond the ends."""
    last, before = knots[-1], knots[-2]
    scale = (last - knots[0]) ** 2

    def cubed(knot: float) -> Array:
        return np.asarray(np.maximum(x - knot, 0) ** 3)

    bent = [
        (
            cubed(knot)
            - cubed(before) * (last - knot) / (last - before)
            + cubed(last) * (before - knot) / (last - before)
        )
        / scale
        for knot in knots[:-2]
    ]
    return np.column_stack([x, *bent])


def _steps(at: Array, knots: Array) -> Array:
    """Return the contrasts of one unit upwards, at most as long as the curve, from even places along it."""
    length = min(1.0, float(at[-1] - at[0]))
    starts = np.linspace(at[0], at[-1] - length, 5)
    return np.asarray((_spline(starts + length, knots) - _spline(starts, knots)) / length)


def _deviations(contrasts: Array, fit: Fit) -> Array:
    """Return the standard deviation of each contrast; rounding may leave a variance of nearly nothing below 0."""
    variances = np.einsum("ij,jk,ik->i", contrasts, fit.covariance, contrasts)
    return np.asarray(np.sqrt(np.maximum(variances, 0)))


def _multiplier(contrasts: Array, fit: Fit) -> float:
    """Return the 95 % quantile of the largest standardised error of the contrasts, multivariate Student."""
    deviations = _deviations(contrasts, fit)
    told = deviations > 1e-12
    rng = np.random.default_rng(0)
    values, vectors = np.linalg.eigh(fit.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    draws = rng.normal(size=(DRAWS, len(values))) @ root.T @ contrasts[told].T / deviations[told]
    degrees = fit.problems - 1
    shrink = np.sqrt(rng.chisquare(degrees, DRAWS) / degrees)
    return float(np.quantile(np.abs(draws).max(axis=1) / shrink, LEVEL))

"""Doses: how an outcome moves with an amount that was assigned, each unit its own control."""

from __future__ import annotations

import math

import numpy as np

from mathif.counting import counted
from mathif.stats.estimate import Estimate, unknown
from mathif.stats.fits import FEWEST
from mathif.stats.intervals import Array, clustered_variance, codes, smooth, t_quantile

STRONG = 10.0
"""F of the first stage from which on an instrument is taken for strong (Staiger & Stock 1997, Econometrica 65:557)."""


def dose_slope(outcome: Array, dose: Array, assigned: Array, units: Array, clusters: Array) -> Estimate:
    """Return the change of the mean `outcome` for each unit of `dose`, between the replies of one unit.

    Two-stage least squares with an effect for each unit: `assigned` moves the dose and is no choice of the model's,
    so what the model's own length has in common with the outcome does not enter. Where the dose is what was assigned,
    it is the within-unit least-squares slope. Clustered interval (Cameron & Miller 2015, J. Human Resources 50:317).

    Args:
        outcome: values in [0, 1].
        dose: what each reply received.
        assigned: what it was to receive.
        units: the recorded reply that was changed.
        clusters: the problem.
    """
    if len(outcome) == 0:
        return unknown("no replies")
    y, d, z = (_within(np.asarray(values, dtype=float), units) for values in (outcome, dose, assigned))
    n, groups = len(y), codes(clusters)[1]
    strength, spread = float(z @ d), float(z @ z)
    if spread == 0:
        return unknown("no reply was given two amounts", n, groups)
    moved = strength / spread
    variance = clustered_variance(z * (d - moved * z) / spread, clusters)
    if moved**2 < STRONG * variance or math.isclose(strength, 0, abs_tol=1e-12):
        return unknown("how the amounts changed the length is told too roughly to give its effect", n, groups)
    slope = float(z @ y) / strength
    return smooth(slope, z * (y - slope * d) / strength, clusters)


def instrumental(outcome: Array, dose: Array, assigned: Array, units: Array, clusters: Array) -> Estimate:
    """Return the `dose_slope` with an interval that holds however little the assigned amounts move the dose.

    Anderson & Rubin (1949, Ann. Math. Stat. 20:46), clustered: every slope at which what is left of the outcome does
    not go with the assigned amounts. Where they hardly move the dose the interval has no ends, and says so.

    Args:
        outcome: values in [0, 1].
        dose: what each reply received, such as doublings of its thinking.
        assigned: what moved it, which the model did not choose, such as doublings of a problem's steps.
        units: what the replies share that differ in `assigned`.
        clusters: the problem.
    """
    if len(outcome) == 0:
        return unknown("no replies")
    y, d, z = (_within(np.asarray(values, dtype=float), units) for values in (outcome, dose, assigned))
    n, groups = len(y), codes(clusters)[1]
    strength = float(z @ d)
    if groups < FEWEST:
        problems = counted(groups, "problem was", "problems were")
        return unknown(f"{problems} given several amounts; {FEWEST} are needed", n, groups)
    if not z.any() or math.isclose(strength, 0, abs_tol=1e-12):
        return unknown("the amounts did not change the length", n, groups)
    value = float(z @ y) / strength
    reach = t_quantile(groups - 1) ** 2
    of_dose, of_outcome = clustered_variance(z * d, clusters), clustered_variance(z * y, clusters)
    of_both = (clustered_variance(z * (y + d), clusters) - of_dose - of_outcome) / 2
    a = strength**2 - reach * of_dose
    b = float(z @ y) * strength - reach * of_both
    c = float(z @ y) ** 2 - reach * of_outcome
    root = b * b - a * c
    if a <= 0 or root <= 0:
        reason = "the amounts moved the length too little for the interval to have ends"
        return Estimate(value, None, None, n, groups, reason)
    return Estimate(value, (b - math.sqrt(root)) / a, (b + math.sqrt(root)) / a, n, groups)


def _within(values: Array, units: Array) -> Array:
    """Return the distance of each value from the mean of its unit."""
    numbers, count = codes(units)
    means = np.bincount(numbers, weights=values, minlength=count) / np.bincount(numbers, minlength=count)
    return np.asarray(values - means[numbers])


def unit_effects(outcome: Array, design: Array, units: Array, clusters: Array) -> list[Estimate]:
    """Return the change of the mean `outcome` for each unit of every column, between the replies of one unit.

    Least squares with an effect for each unit; every column was assigned. A column that moves inside no unit, or that
    others make up, has no estimate. Clustered intervals (Cameron & Miller 2015, J. Human Resources 50:317).

    Args:
        outcome: n numbers.
        design: n rows of k columns.
        units: what replies share that differ in nothing but the columns.
        clusters: the problem.
    """
    n, groups = len(outcome), codes(clusters)[1] if len(outcome) else 0
    if groups < FEWEST:
        several = counted(groups, "problem")
        return [unknown(f"{several} in several versions; {FEWEST} are needed", n, groups)] * design.shape[1]
    y = _within(np.asarray(outcome, dtype=float), units)
    x = np.column_stack([_within(column, units) for column in np.asarray(design, dtype=float).T])
    told = [place for place in range(x.shape[1]) if np.ptp(x[:, place]) > 1e-9]
    missing = unknown("no problem was posed in versions that differ in it", n, groups)
    if not told or np.linalg.matrix_rank(x[:, told]) < len(told):
        return [missing] * x.shape[1]
    pull = x[:, told] @ np.linalg.inv(x[:, told].T @ x[:, told])
    slopes = pull.T @ y
    left = y - x[:, told] @ slopes
    found = dict(zip(told, ((float(slope), pull[:, at]) for at, slope in enumerate(slopes)), strict=True))
    return [
        smooth(found[place][0], found[place][1] * left, clusters) if place in found else missing
        for place in range(x.shape[1])
    ]

"""Doses: how an outcome moves with an amount that was assigned, each unit its own control."""

from __future__ import annotations

import math

import numpy as np

from mathif.stats.estimate import Estimate, unknown
from mathif.stats.intervals import Array, clustered_variance, codes, smooth

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
        return unknown("the amounts hardly changed the length, so its effect is not told", n, groups)
    slope = float(z @ y) / strength
    return smooth(slope, z * (y - slope * d) / strength, clusters)


def _within(values: Array, units: Array) -> Array:
    """Return the distance of each value from the mean of its unit."""
    numbers, count = codes(units)
    means = np.bincount(numbers, weights=values, minlength=count) / np.bincount(numbers, minlength=count)
    return np.asarray(values - means[numbers])

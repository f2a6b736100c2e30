"""Folds: how many times as much one value is as its partner, over pairs of values that are all positive."""

from __future__ import annotations

import math

import numpy as np

from mathif.stats.estimate import Ratio
from mathif.stats.intervals import Array, clustered_variance, codes, t_quantile


def fold(first: Array, second: Array, clusters: Array) -> Ratio:
    """Return the geometric mean of `first / second`, paired, with the clustered Student interval of its logarithm.

    Values above 0; unknown without two clusters.
    """
    n, groups = len(first), codes(clusters)[1] if len(first) else 0
    if groups < 2:
        return Ratio.unknown("fewer than two problems with a pair", n, groups)
    logs = np.log(np.asarray(first, dtype=float)) - np.log(np.asarray(second, dtype=float))
    centre = float(logs.mean())
    half = t_quantile(groups - 1) * math.sqrt(clustered_variance((logs - centre) / n, clusters))
    # an exponential that overflows is no number of JSON's
    low, high = (math.exp(max(-700.0, min(700.0, end))) for end in (centre - half, centre + half))
    return Ratio(math.exp(max(-700.0, min(700.0, centre))), low, high, n, groups)

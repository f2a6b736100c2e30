"""Statistics: from plain columns of numbers to estimates with intervals; the only room that knows `numpy`.

It knows nothing of replies or constraints, so each formula can be held against an independent implementation.
"""

from mathif.stats.bins import Bin, doublings, equal_bins, evenly, fixed_bins
from mathif.stats.doses import dose_slope
from mathif.stats.estimate import Count, Difference, Estimate, Proportion, Ratio, Share, Slope, unknown
from mathif.stats.flips import false_discovery, mcnemar
from mathif.stats.intervals import Array, column, difference, mean, share, smooth, wilson
from mathif.stats.logistic import (
    FEWEST,
    STEEP,
    Fit,
    WithinBetween,
    conditional,
    logistic,
    odds_ratio,
    slope,
    within_between,
)
from mathif.stats.ranks import RankRange, Standing, rank_ranges

__all__ = [
    "FEWEST",
    "STEEP",
    "Array",
    "Bin",
    "Count",
    "Difference",
    "Estimate",
    "Fit",
    "Proportion",
    "RankRange",
    "Ratio",
    "Share",
    "Slope",
    "Standing",
    "WithinBetween",
    "column",
    "conditional",
    "difference",
    "dose_slope",
    "doublings",
    "equal_bins",
    "evenly",
    "false_discovery",
    "fixed_bins",
    "logistic",
    "mcnemar",
    "mean",
    "odds_ratio",
    "rank_ranges",
    "share",
    "slope",
    "smooth",
    "unknown",
    "wilson",
    "within_between",
]

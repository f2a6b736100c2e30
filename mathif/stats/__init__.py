"""Statistics: from plain columns of numbers to estimates with intervals; the only room that knows `numpy`.

It knows nothing of replies or constraints, so each formula can be held against an independent implementation.
"""

from mathif.stats.arrays import firsts, packed, runs, unpacked
from mathif.stats.bins import Bin, doublings, equal_bins, evenly, fixed_bins
from mathif.stats.conditional_fit import (
    Sample,
    conditional,
    firth,
    level_gap,
    score_test,
    slope_gap,
    within,
    within_ratio,
)
from mathif.stats.curve import Curve, within_curve
from mathif.stats.doses import dose_slope, instrumental, unit_effects
from mathif.stats.estimate import Count, Difference, Estimate, Proportion, Ratio, Share, Slope, unknown
from mathif.stats.evidence import borne, bounded, familywise, p_value
from mathif.stats.fits import FEWEST, PASSES, STEEP, Fit
from mathif.stats.flips import false_discovery, flip_test
from mathif.stats.folds import fold
from mathif.stats.frailty import PlaceTrend, place_trend
from mathif.stats.hazard import Survivors, break_rate, hazard_growth, hazard_ratio, hazard_trend, odds_growth, survival
from mathif.stats.intervals import Array, Values, codes, column, difference, mean, share, smooth, wilson
from mathif.stats.logistic_fit import WithinBetween, logistic, odds_ratio, slope, within_between
from mathif.stats.matching import matched_difference
from mathif.stats.ranks import RankRange, Standing, rank_ranges
from mathif.stats.strata import within_composition, within_excess

__all__ = [
    "FEWEST",
    "PASSES",
    "STEEP",
    "Array",
    "Bin",
    "Count",
    "Curve",
    "Difference",
    "Estimate",
    "Fit",
    "PlaceTrend",
    "Proportion",
    "RankRange",
    "Ratio",
    "Sample",
    "Share",
    "Slope",
    "Standing",
    "Survivors",
    "Values",
    "WithinBetween",
    "borne",
    "bounded",
    "break_rate",
    "codes",
    "column",
    "conditional",
    "difference",
    "dose_slope",
    "doublings",
    "equal_bins",
    "evenly",
    "false_discovery",
    "familywise",
    "firsts",
    "firth",
    "fixed_bins",
    "flip_test",
    "fold",
    "hazard_growth",
    "hazard_ratio",
    "hazard_trend",
    "instrumental",
    "level_gap",
    "logistic",
    "matched_difference",
    "mean",
    "odds_growth",
    "odds_ratio",
    "p_value",
    "packed",
    "place_trend",
    "rank_ranges",
    "runs",
    "score_test",
    "share",
    "slope",
    "slope_gap",
    "smooth",
    "survival",
    "unit_effects",
    "unknown",
    "unpacked",
    "wilson",
    "within",
    "within_between",
    "within_composition",
    "within_curve",
    "within_excess",
    "within_ratio",
]

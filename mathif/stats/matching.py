"""Matching: two sets of outcomes compared at the same length, where one set's texts are longer than the other's."""

from __future__ import annotations

import numpy as np

from mathif.stats.bins import doublings
from mathif.stats.estimate import Difference
from mathif.stats.intervals import Array, smooth


def matched_difference(
    first: Array, first_sizes: Array, second: Array, second_sizes: Array, first_clusters: Array, second_clusters: Array
) -> Difference:
    """Return the mean of the first outcomes minus that of the second, at the same sizes.

    The difference within each doubling of the size that both sides have, weighted by the smaller number of texts there
    (post-stratification to the overlap; Holt & Smith 1979, JRSS A 142:33), the weights taken as given.

    Args:
        first: outcomes in [0, 1].
        first_sizes: sizes of these texts, at least 0.
        second: the outcomes that are taken off.
        second_sizes: likewise.
        first_clusters: the problem of each text.
        second_clusters: likewise.
    """
    sides = ((first, first_sizes, 1.0), (second, second_sizes, -1.0))
    levels = [np.floor(doublings(sizes)) for _, sizes, _ in sides]
    both = np.intersect1d(levels[0], levels[1]).tolist()
    shared = [[own == level for own in levels] for level in both]
    weights = [float(min(mask.sum() for mask in pair)) for pair in shared]
    if not shared:
        return Difference.unknown("no two texts are of the same length", len(first) + len(second))
    value, influence = 0.0, [np.zeros(len(outcomes)) for outcomes, _, _ in sides]
    for pair, weight in zip(shared, weights, strict=True):
        for mask, (outcomes, _, way), own in zip(pair, sides, influence, strict=True):
            part = way * weight / sum(weights)
            level = float(outcomes[mask].mean())
            value += part * level
            own[mask] += part * (outcomes[mask] - level) / mask.sum()
    seen = [np.logical_or.reduce([pair[side] for pair in shared]) for side in (0, 1)]
    found = smooth(
        value,
        np.concatenate([own[mask] for own, mask in zip(influence, seen, strict=True)]),
        np.concatenate([first_clusters[seen[0]], second_clusters[seen[1]]]),
    )
    low, high = (None if end is None else min(1.0, max(-1.0, end)) for end in (found.low, found.high))
    return Difference(min(1.0, max(-1.0, value)), low, high, found.n, found.problems, found.reason)

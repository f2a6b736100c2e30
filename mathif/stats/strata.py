"""Inside strata: how two yes-or-no outcomes go together among the replies to one item, whatever items are like.

Pooled over items, two outcomes that are unrelated in every item go together all the same where some items are easier
for both. These numbers compare replies to one item with each other only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mathif.stats.estimate import Estimate, Ratio, unknown
from mathif.stats.intervals import Array, codes, smooth

TWICE = "no item was answered twice; sample each problem more than once"


def within_excess(first: Array, second: Array, strata: Array, clusters: Array) -> Estimate:
    """Return by how much the share with both exceeds what it were if the two were unrelated inside every stratum.

    The mean over replies of the covariance inside strata, by the estimate that has no bias in a stratum of any size
    (dividing by one reply less). Strata of one reply say nothing.

    Args:
        first: 0 or 1.
        second: 0 or 1.
        strata: the item of each reply.
        clusters: the problem of each reply.
    """
    numbers, count = codes(strata)
    sizes = np.bincount(numbers, minlength=count)
    kept = sizes[numbers] > 1
    if not kept.any():
        return unknown(TWICE, len(first), codes(clusters)[1])
    a, b = (column - (np.bincount(numbers, column, count) / sizes)[numbers] for column in (first, second))
    products = (a * b * (sizes / np.maximum(sizes - 1, 1))[numbers])[kept]
    value = float(products.mean())
    return smooth(value, (products - value) / len(products), clusters[kept])


def within_composition(parts: Sequence[Array], problems: Sequence[int]) -> Ratio:
    """Return the share of replies with every part over what it were if parts were unrelated inside every item.

    Below 1, obeying one demand goes with breaking another in the same reply. Both shares are means over replies, the
    interval clustered by problem and symmetric in the logarithm. Items with fewer replies than parts say nothing.

    Args:
        parts: for each item its replies times its parts, 0 or 1, at least two parts.
        problems: the problem of each item.
    """
    rows = [
        (float(item.prod(axis=1).sum()), len(item) * unrelated(item), problem)
        for item, problem in zip(parts, problems, strict=True)
        if len(item) >= item.shape[1]
    ]
    if not rows:
        return Ratio.unknown(TWICE if parts else "no item has several constraints")
    together, apart, owners = (np.asarray(column) for column in zip(*rows, strict=True))
    total = float(apart.sum())
    if total <= 0:
        return Ratio.unknown("some constraint of every item is never obeyed", len(rows), codes(owners)[1])
    value = float(together.sum()) / total
    return smooth(value, (together - value * apart) / total, owners, positive=True)


def unrelated(parts: Array) -> float:
    """Return the share of replies that would have every part if parts were unrelated, from one item's replies.

    The mean over all choices of distinct replies of the product of one part from each: a U-statistic, without bias
    however few they are (Hoeffding 1948, Ann. Math. Stat. 19:293). The sum over distinct choices is that over all
    choices minus those that take one reply twice, and so on down.
    """

    def total(columns: list[Array]) -> float:
        if not columns:
            return 1.0
        first, rest = columns[0], columns[1:]
        merged = (total([*rest[:at], rest[at] * first, *rest[at + 1 :]]) for at in range(len(rest)))
        return float(first.sum()) * total(rest) - sum(merged)

    n, k = parts.shape
    return total(list(parts.T)) / math.perm(n, k)

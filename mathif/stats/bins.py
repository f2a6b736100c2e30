"""Bins of CoT length: half-open intervals whose edges are stored, fixed or cut so that each holds as many replies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from mathif.stats.intervals import Array

Row = TypeVar("Row")


class Bin(NamedTuple):
    """Lengths from `low` up to, but not with, `high`."""

    low: int
    high: int

    def holds(self, lengths: Array) -> Array:
        """Return for each length whether it lies in this bin."""
        inside: Array = (lengths >= self.low) & (lengths < self.high)
        return inside


def fixed_bins(lengths: Sequence[int] | Array) -> list[Bin]:
    """Return the bins 0, 256, 512, 1024, … , doubling until the longest of `lengths` lies inside; none for none."""
    values = np.asarray(lengths)
    if len(values) == 0:
        return []
    edges = [0, 256]
    while edges[-1] <= int(values.max()):
        edges.append(2 * edges[-1])
    return _between(edges)


def equal_bins(lengths: Sequence[int] | Array, count: int = 6) -> list[Bin]:
    """Return at most `count` bins that hold as nearly the same number of `lengths` as ties allow; none is empty.

    Equal lengths are never divided, so ties may leave fewer bins.
    """
    values = np.sort(np.asarray(lengths))
    if len(values) == 0:
        return []
    inner = (int(values[len(values) * part // count]) for part in range(1, count))
    edges = sorted({int(values[0]), *inner, int(values[-1]) + 1})
    return _between(edges)


def evenly(rows: Sequence[Row], most: int) -> list[Row]:
    """Return at most so many of `rows`, at even distances, in their order."""
    count = min(most, len(rows))
    return [rows[(2 * place + 1) * len(rows) // (2 * count)] for place in range(count)]


def doublings(lengths: Sequence[int] | Array) -> Array:
    """Return the base-2 logarithm of each length, an empty one taken as 1: one more is twice as long."""
    return np.asarray(np.log2(np.maximum(np.asarray(lengths), 1)))


def _between(edges: Sequence[int]) -> list[Bin]:
    return [Bin(low, high) for low, high in pairwise(edges)]

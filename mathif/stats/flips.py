"""Counts of change: the exact test of paired outcomes that flip, and false-discovery control over many tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def flip_test(net: Sequence[int]) -> float:
    """Return the two-sided exact p-value that each problem's flips might as well have gone the other way.

    Fisher's randomisation test (1935, The Design of Experiments, section 21): the chance that the sum of `net` is as
    far from 0 when every sign is drawn, counted exactly (Pagano & Tritchler 1983, JASA 78:435). With one pair a
    problem it is McNemar's exact test (1947, Psychometrika 12:153).

    Args:
        net: of every problem, the pairs that it won minus those that it lost.
    """
    sizes = [abs(flips) for flips in net if flips]
    chance = np.ones(1)
    for size in sizes:
        chance = (np.pad(chance, (0, 2 * size)) + np.pad(chance, (2 * size, 0))) / 2
    sums = np.arange(-sum(sizes), sum(sizes) + 1)
    return min(1.0, float(chance[np.abs(sums) >= abs(sum(net))].sum()))


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """Return the q-value of each test, in the order given (Benjamini & Hochberg 1995, JRSS B 57:289).

    Rejecting all tests with q <= 0.05 makes at most 5 % of the rejections false, on average.
    """
    count = len(p_values)
    adjusted = [0.0] * count
    smallest = 1.0
    for rank, place in reversed(list(enumerate(sorted(range(count), key=lambda place: p_values[place]), start=1))):
        smallest = min(smallest, p_values[place] * count / rank)
        adjusted[place] = smallest
    return adjusted

"""Rank ranges: between which ranks each of several rows can stand, given how uncertain their shares are.

A bare rank hides that neighbours are often not told apart. Rows that answered the same problems are compared on them,
so that a problem that is hard for everyone moves no rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mathif.stats.intervals import LEVEL, Array

DRAWS = 2000
"""Bootstrap draws; the end of a range moves by one rank at most between seeds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A share to be ranked.

    Attributes:
        value: the share, in [0, 1].
        n: number of independent values (problems) it rests on, > 0.
        clusters: sum and number of values of each problem; empty where only `value` and `n` are known.
    """

    value: float
    n: int
    clusters: Mapping[str, tuple[float, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RankRange:
    """Best and worst rank that the data allow, from 1."""

    best: int
    worst: int


def rank_ranges(rows: Sequence[Standing], seed: int = 0) -> list[RankRange]:
    """Return a 95 % range of ranks for each row, the largest share having rank 1.

    Another row counts as better or worse only where the simultaneous interval of its difference from the row leaves
    out zero (Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91:476, the marginal set). The
    differences are bootstrapped: rows with `clusters` by drawing problems, the same ones for every row; the others
    independently, from the binomial distribution of their share.
    """
    if not rows:
        return []
    values = np.array([row.value for row in rows])
    errors = _draws(rows, np.random.default_rng(seed)) - values
    common = np.atleast_2d(np.cov(errors, rowvar=False))
    return [_range(errors, common, values, place) for place in range(len(rows))]


def _draws(rows: Sequence[Standing], rng: np.random.Generator) -> Array:
    """Return `DRAWS` x rows bootstrapped shares."""
    drawn = np.empty((DRAWS, len(rows)))
    paired = [place for place, row in enumerate(rows) if row.clusters]
    for place, row in enumerate(rows):
        if not row.clusters:
            drawn[:, place] = rng.binomial(row.n, row.value, DRAWS) / row.n
    if paired:
        drawn[:, paired] = _paired([rows[place] for place in paired], rng)
    return drawn


def _paired(rows: Sequence[Standing], rng: np.random.Generator) -> Array:
    problems = sorted({problem for row in rows for problem in row.clusters})
    empty = (0.0, 0)
    table = np.array([[row.clusters.get(problem, empty) for problem in problems] for row in rows], dtype=float)
    weights = rng.multinomial(len(problems), np.full(len(problems), 1 / len(problems)), DRAWS).astype(float)
    sums, counts = weights @ table[:, :, 0].T, weights @ table[:, :, 1].T
    known = np.array([row.value for row in rows])
    return np.where(counts > 0, sums / np.maximum(counts, 1), known)


def _range(errors: Array, common: Array, values: Array, place: int) -> RankRange:
    """Return the range of the row at `place`, given every row's bootstrap errors and their covariance."""
    spread = np.sqrt(np.maximum(common[place, place] + common.diagonal() - 2 * common[place], 0))
    vary = spread > 1e-9
    limit = 0.0
    if vary.any():
        apart = np.abs(errors[:, vary] - errors[:, [place]]) / spread[vary]
        limit = float(np.quantile(apart.max(axis=1), LEVEL))
    reach = limit * spread + 1e-12
    gaps = values - values[place]
    return RankRange(1 + int((gaps > reach).sum()), len(values) - int((gaps < -reach).sum()))

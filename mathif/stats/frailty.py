"""Frailty: how the chance of a break changes along a text, where some strata are likelier to break than others.

Pooled over strata that differ, a hazard falls along a text though it falls in none of them: those that break easily
are gone early. A factor of each stratum's own, of mean 1, takes that out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mathif.stats.estimate import Ratio
from mathif.stats.hazard import FEW
from mathif.stats.intervals import Array, clustered_variance, codes, t_quantile

_STEPS = 60
_LARGEST = math.log(1e6)
"""Log of the largest ratio that says anything; a hazard that grows faster is that of breaking at one place."""
_STEEPEST = math.log(_LARGEST / math.log(2) + 1)
"""Log of the power of the place at which the ratio is the largest; where all break at one place none is the highest."""
_ALIKE = math.log(1e4)
"""Log of the shape of the factor beyond which the strata do not differ."""


_AT_ONE_PLACE = "the replies break at about the same place"


class _Strata(NamedTuple):
    """The texts by stratum.

    Attributes:
        logs: log of the place of each text.
        broken: 1.0 where it broke.
        of: its stratum, numbered.
        breaks: breaks in each stratum.
        sums: sum of the logs of the places of these breaks.
    """

    logs: Array
    broken: Array
    of: Array
    breaks: Array
    sums: Array


def place_ratio(places: Array, broken: Array, strata: Array, clusters: Array) -> Ratio:
    """Return by what factor the hazard of a break changes for each doubling of the place, within strata; 1 is constant.

    A Weibull hazard times a gamma factor that the texts of a stratum share (shared frailty; Clayton 1978, Biometrika
    65:141; Klein 1992, Biometrics 48:795), by maximum likelihood; the variance is robust and clustered (Lin & Wei 1989,
    JASA 84:1074).

    Args:
        places: where each text broke, or ended unbroken; above 0.
        broken: 1.0 where it broke.
        strata: the item of each text.
        clusters: the problem of each text; a stratum lies in one problem.
    """
    owners = codes(clusters[broken == 1])[1]
    if owners < FEW:
        reason = f"{owners} problems have a reply that breaks; {FEW} are needed"
        return Ratio.unknown(reason, len(places), owners)
    found, count = codes(strata)
    logs = np.log(places) - math.log(float(places.mean()))
    known = _Strata(
        logs,
        broken,
        found,
        np.bincount(found, weights=broken, minlength=count),
        np.bincount(found, weights=broken * logs, minlength=count),
    )
    point = _highest(known)
    if point[1] >= _STEEPEST:
        return Ratio.unknown(_AT_ONE_PLACE, len(places), codes(clusters)[1])
    of_stratum = np.zeros(count, dtype=int)
    of_stratum[found] = codes(clusters)[0]
    free = 3 if point[2] < _ALIKE else 2
    bread = np.linalg.pinv(-_bend(known, point)[:free, :free])
    variance = clustered_variance(_scores(known, point)[:, :free] @ bread[1], of_stratum)
    value = math.log(2) * (math.exp(point[1]) - 1)
    half = math.log(2) * math.exp(point[1]) * t_quantile(owners - 1) * math.sqrt(variance)
    if not value + half < _LARGEST:
        return Ratio.unknown(_AT_ONE_PLACE, len(places), codes(clusters)[1])
    return Ratio(math.exp(value), math.exp(value - half), math.exp(value + half), len(places), codes(clusters)[1])


def _parts(known: _Strata, point: Array) -> tuple[float, float, Array, Array, Array]:
    """Return shape of the factor, power of the place, and of each stratum the cumulative hazard and its derivatives."""
    rate, power, shape = math.exp(point[0]), math.exp(point[1]), math.exp(point[2])
    whole = rate * np.exp(power * known.logs)
    sums = [np.bincount(known.of, weights=whole * weight, minlength=len(known.breaks)) for weight in (1.0, known.logs)]
    return shape, power, sums[0], sums[1], shape + sums[0]


def _likelihood(known: _Strata, point: Array) -> float:
    shape, power, _, _, total = _parts(known, point)
    steps = np.arange(int(known.breaks.max(initial=0)))
    rising = np.where(steps < known.breaks[:, None], np.log(shape + steps), 0.0).sum(axis=1)
    own = known.breaks * (point[0] + point[1]) + (power * known.sums) + rising
    return float((own + shape * math.log(shape) - (shape + known.breaks) * np.log(total)).sum())


def _scores(known: _Strata, point: Array) -> Array:
    """Return the derivatives of each stratum's log-likelihood by the logs of rate, power and shape."""
    shape, power, whole, moved, total = _parts(known, point)
    steps = np.arange(int(known.breaks.max(initial=0)))
    rising = np.where(steps < known.breaks[:, None], 1 / (shape + steps), 0.0).sum(axis=1)
    weight = (shape + known.breaks) / total
    by_shape = rising + math.log(shape) + 1 - np.log(total) - weight
    return np.column_stack(
        [
            known.breaks - weight * whole,
            known.breaks + power * (known.sums - weight * moved),
            shape * by_shape,
        ]
    )


def _bend(known: _Strata, point: Array, step: float = 1e-4) -> Array:
    """Return the second derivatives of the log-likelihood, as central differences of the first."""
    rows = []
    for place in range(3):
        move = np.zeros(3)
        move[place] = step
        ends = [_scores(known, point + way * move).sum(axis=0) for way in (1, -1)]
        rows.append((ends[0] - ends[1]) / (2 * step))
    found = np.array(rows)
    return np.asarray((found + found.T) / 2)


def _highest(known: _Strata) -> Array:
    """Return the logs of rate, power and shape at which the likelihood is highest (Newton, damped as Levenberg's)."""
    events = float(known.breaks.sum())
    point = np.array([math.log(events / float(np.exp(known.logs).sum())), 0.0, 0.0])
    level, damping = _likelihood(known, point), 1.0
    for _ in range(_STEPS):
        score, bend = _scores(known, point).sum(axis=0), -_bend(known, point)
        if np.abs(score).max() < 1e-7 * max(1.0, events):
            break
        while damping < 1e12:
            step = np.linalg.solve(bend + damping * np.diag(np.abs(np.diag(bend)) + 1e-3), score)
            trial = point + np.clip(step, -2, 2)
            trial[1], trial[2] = min(trial[1], _STEEPEST), min(trial[2], _ALIKE)
            there = _likelihood(known, trial)
            if there >= level:
                point, level, damping = trial, there, damping / 10
                break
            damping *= 10
        else:
            break
    return point

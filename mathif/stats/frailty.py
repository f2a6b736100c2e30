"""Frailty: how the chance of a break changes along a text, where some strata are likelier to break than others.

Pooled over strata that differ, a hazard falls along a text though it falls in none of them: those that break easily
are gone early. A factor of each stratum's own, of mean 1, takes that out. How much strata differ is read off texts of
one stratum, which break alike; the hazard may have any shape along the text, so that no shape is taken for a
difference of strata.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mathif.counting import counted
from mathif.stats.estimate import Ratio
from mathif.stats.evidence import chi_square_tail
from mathif.stats.hazard import FEW
from mathif.stats.intervals import Array, clustered_variance, codes, t_quantile

STRETCHES = 6
"""Most stretches of the place, each with as many breaks as the others, in which the hazard is constant."""
BREAKS = 5
"""Breaks that a stretch has at least, unless that leaves fewer than two stretches."""
UNSEEN = 2.0
"""Shape of the factor that is also reckoned with where no stratum has two texts: a variance of one half."""
_STEPS = 60
_LARGEST = math.log(1e6)
"""Log of the largest ratio that says anything; a hazard that grows faster is that of breaking at one place."""
_ALIKE = math.log(1e4)
"""Log of the shape of the factor beyond which the strata do not differ."""
_DIGITS = 9
"""Decimals of a place, in parts of the mean place; what differs beyond them is one place, reckoned in two ways."""
_AT_ONE_PLACE = "the texts break at about the same place"


class _Strata(NamedTuple):
    """The texts by stratum and stretch.

    Attributes:
        exposure: (strata, stretches), how far the texts of a stratum go in a stretch, in parts of the mean place.
        breaks: likewise, how many break there.
        most: breaks of the stratum that has the most.
        apart: whether strata can be told apart: one of them has two texts.
        groups: the problem of each stratum.
    """

    exposure: Array
    breaks: Array
    most: int
    apart: bool
    groups: Array


class PlaceTrend(NamedTuple):
    """How a hazard changes along a text.

    Attributes:
        ratio: by what factor it does for each doubling of the place.
        even: p-value that it is the same in all stretches, whatever its trend; 1.0 where that is unknown.
    """

    ratio: Ratio
    even: float


class _Change(NamedTuple):
    """How a hazard changes along the texts from one place on, the strata differing so much.

    Attributes:
        power: the log of the factor for each doubling of the place.
        error: its standard error.
        even: p-value that the hazard is the same in all stretches.
    """

    power: float
    error: float
    even: float


def place_trend(places: Array, broken: Array, strata: Array, clusters: Array, start: float = 0.0) -> PlaceTrend:
    """Return by what factor the hazard of a break changes for each doubling of the place, within strata; 1 is constant.

    A hazard that is constant in each of a few stretches times a gamma factor that the texts of a stratum share (shared
    frailty; Clayton 1978, Biometrika 65:141; piecewise exponential as in Lawless & Zhan 1998, Canadian J. Statistics
    26:549), by maximum likelihood; the variance is robust and clustered (Lin & Wei 1989, JASA 84:1074). The ratio is
    that of the power of the place that is nearest to the hazards, each stretch weighing as many breaks as it has. That
    the hazard is even is tested against all other shapes by the likelihood ratio (Wilks 1938, Ann. Math. Stat. 9:60).

    Breaks may come at certain places only, one in each sentence say. Then the stretch before the first of these counts
    as safe, though a chance of the same size ends it, and an even hazard seems to rise; left out, what follows seems to
    fall. So it is fitted both ways, and the interval spans both: from the first break on, which holds of any hazard
    along a line (late entry at a stopping time; Andersen, Borgan, Gill & Keiding 1993, Statistical Models Based on
    Counting Processes, section III.3), and with the stretch before it; the hazard is as even as it is in either.
    Likewise where no stratum has two texts: nothing tells strata that differ from a hazard that falls, and the interval
    reaches from that of strata that are alike to that of strata whose factor has a variance of 1 / `UNSEEN`.

    A chance that stands at the very start of a text has no stretch before it. Texts that break up to `start` are left
    out, and of what lies before `start` as much counts as is safe behind it: with a chance in each sentence a sentence
    ends in the next, and with chances everywhere it is nothing.

    Args:
        places: where each text broke, or ended unbroken; above 0.
        broken: 1.0 where it broke.
        strata: the item of each text.
        clusters: the problem of each text; a stratum lies in one problem.
        start: the place up to which a break tells nothing.
    """
    told = (places > start) | (broken == 0)
    places, broken, strata, clusters = (column[told] for column in (places, broken, strata, clusters))
    owners = codes(clusters[broken == 1])[1]
    n, problems = len(places), codes(clusters)[1]
    if owners < FEW:
        having = counted(owners, "problem has", "problems have")
        reason = f"{having} a text that breaks; {FEW} are needed"
        return PlaceTrend(Ratio.unknown(reason, n, owners), 1.0)
    scaled = np.round(places / float(places.mean()), _DIGITS)
    first = float(scaled[broken == 1].min())
    before = max(0.0, 2 * start / float(places.mean()) - first)
    both = [_changes(entry, scaled, broken, strata, clusters) for entry in (before, first)]
    quantile = t_quantile(owners - 1)
    found = [change for changes in both for change in changes]
    low = min((one.power - quantile * one.error for one in found), default=0.0)
    high = max((one.power + quantile * one.error for one in found), default=math.inf)
    if not all(both) or not high < _LARGEST:
        return PlaceTrend(Ratio.unknown(_AT_ONE_PLACE, n, problems), 1.0)
    value = sum(one.power for one in found) / len(found)
    ratio = Ratio(math.exp(value), math.exp(low), math.exp(high), n, problems)
    return PlaceTrend(ratio, max(one.even for one in found))


def _changes(entry: float, places: Array, broken: Array, strata: Array, clusters: Array) -> list[_Change]:
    """Return how the hazard changes from a place on, for each way in which strata may differ; none at one place."""
    later = places > entry
    at, breaks = places[later], broken[later]
    edges = _edges(at[breaks == 1], entry, float(places.max()))
    if len(edges) < 3:
        return []
    known = _by_stratum(at, breaks, strata[later], clusters[later], edges)
    shapes = (None,) if known.apart else (_ALIKE, math.log(UNSEEN))
    return [_change(known, at, edges, shape) for shape in shapes]


def _edges(events: Array, entry: float, end: float) -> Array:
    """Return the edges of the stretches: quantiles of the places of breaks, so that each stretch has some."""
    if not len(events):
        return np.array([entry, end])
    count = max(2, min(STRETCHES, len(events) // BREAKS))
    inner = np.unique(np.quantile(events, np.arange(1, count) / count, method="inverted_cdf"))
    return np.concatenate([[entry], inner[inner < events.max()], [end]])


def _by_stratum(places: Array, broken: Array, strata: Array, clusters: Array, edges: Array) -> _Strata:
    found, count = codes(strata)
    stretches = len(edges) - 1
    exposure, breaks = np.zeros((count, stretches)), np.zeros((count, stretches))
    np.add.at(exposure, found, np.clip(places[:, None], edges[:-1], edges[1:]) - edges[:-1])
    np.add.at(breaks, (found, np.searchsorted(edges[1:-1], places, side="left")), broken)
    of_stratum = np.zeros(count, dtype=int)
    of_stratum[found] = codes(clusters)[0]
    most = int(breaks.sum(axis=1).max())
    return _Strata(exposure, breaks, most, bool((np.bincount(found) > 1).any()), of_stratum)


def _change(known: _Strata, places: Array, edges: Array, shape: float | None) -> _Change:
    """Return how the hazard changes; `shape` is the log of the factor's shape, None where it is free."""
    point = _highest(known, shape)
    stretches = known.breaks.shape[1]
    free = stretches + (shape is None and point[-1] < _ALIKE)
    bread = np.linalg.pinv(-_bend(known, point)[:free, :free])
    power, weights = _nearest(point[:-1], known.breaks.sum(axis=0), places, edges)
    moves = _scores(known, point)[:, :free] @ (bread[:, :stretches] @ weights)
    error = math.sqrt(clustered_variance(moves, known.groups))
    return _Change(math.log(2) * power, math.log(2) * error, _even(known, shape, _likelihood(known, point)))


def _even(known: _Strata, shape: float | None, free: float) -> float:
    """Return the p-value that the hazard is the same in every stretch; `free` is the likelihood where it is not."""
    whole = known._replace(
        exposure=known.exposure.sum(axis=1, keepdims=True), breaks=known.breaks.sum(axis=1, keepdims=True)
    )
    bound = _likelihood(whole, _highest(whole, shape))
    return chi_square_tail(2 * (free - bound), known.breaks.shape[1] - 1)


def _nearest(logs: Array, breaks: Array, places: Array, edges: Array) -> tuple[float, Array]:
    """Return the power of the place nearest to the logs of hazards, and what a change of each log adds to it.

    A stretch stands at the place whose power is the mean of that power over the stretch, as far as texts reach.
    """
    ends = np.clip(places[:, None], edges[:-1], edges[1:])
    reach = (ends - edges[:-1]).sum(axis=0)
    power, weights = 0.1, np.zeros(len(logs))
    for _ in range(_STEPS):
        raised = 1 + max(power, -0.95)
        whole = (ends**raised - edges[:-1] ** raised).sum(axis=0) / raised
        at = np.log(whole / reach) / (raised - 1 if abs(raised - 1) > 1e-6 else 1e-6)
        centred = at - float(breaks @ at) / float(breaks.sum())
        weights = breaks * centred / float(breaks @ centred**2)
        before, power = power, float(weights @ logs)
        if abs(power - before) < 1e-9:
            break
    return power, weights


def _weights(known: _Strata, point: Array) -> tuple[float, Array, Array, Array]:
    """Return the factor's shape, and of each stratum its breaks, its cumulative hazard, and the factor expected."""
    shape, events = math.exp(point[-1]), known.breaks.sum(axis=1)
    whole = known.exposure @ np.exp(point[:-1])
    return shape, events, whole, (shape + events) / (shape + whole)


def _steps(known: _Strata, events: Array) -> Array:
    """Return the places of a stratum's breaks in its own count, where the gamma functions' quotient is a product."""
    return np.arange(known.most) < events[:, None]


def _likelihood(known: _Strata, point: Array) -> float:
    shape, events, whole, _ = _weights(known, point)
    rising = np.where(_steps(known, events), np.log(shape + np.arange(known.most)), 0.0).sum(axis=1)
    own = known.breaks @ point[:-1] + rising + shape * math.log(shape)
    return float((own - (shape + events) * np.log(shape + whole)).sum())


def _scores(known: _Strata, point: Array) -> Array:
    """Return the derivatives of each stratum's log-likelihood by the logs of the hazards and of the shape."""
    shape, events, whole, weight = _weights(known, point)
    rising = np.where(_steps(known, events), 1 / (shape + np.arange(known.most)), 0.0).sum(axis=1)
    by_shape = rising + math.log(shape) + 1 - np.log(shape + whole) - weight
    by_hazard = known.breaks - weight[:, None] * known.exposure * np.exp(point[:-1])
    return np.column_stack([by_hazard, shape * by_shape])


def _bend(known: _Strata, point: Array, step: float = 1e-4) -> Array:
    """Return the second derivatives of the log-likelihood, as central differences of the first."""
    moves = step * np.eye(len(point))
    rows = [(_scores(known, point + move) - _scores(known, point - move)).sum(axis=0) for move in moves]
    found = np.array(rows) / (2 * step)
    return np.asarray((found + found.T) / 2)


def _highest(known: _Strata, shape: float | None) -> Array:
    """Return the logs of the hazards and of the shape at which the likelihood is highest (Newton, as Levenberg's)."""
    events = known.breaks.sum(axis=0)
    start = np.log(events / known.exposure.sum(axis=0))
    point = np.append(start, 0.0 if shape is None else shape)
    free = len(point) - (shape is not None)
    level, damping = _likelihood(known, point), 1.0
    for _ in range(_STEPS):
        score, bend = _scores(known, point).sum(axis=0)[:free], -_bend(known, point)[:free, :free]
        if np.abs(score).max() < 1e-7 * max(1.0, float(events.sum())):
            break
        while damping < 1e12:
            trial = point.copy()
            step = np.linalg.solve(bend + damping * np.diag(np.abs(np.diag(bend)) + 1e-3), score)
            trial[:free] += np.clip(step, -2, 2)
            trial[-1] = min(trial[-1], _ALIKE)
            there = _likelihood(known, trial)
            if there >= level:
                point, level, damping = trial, there, damping / 10
                break
            damping *= 10
        else:
            break
    return point

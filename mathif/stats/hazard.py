"""Hazards: how likely something is to happen next, place by place along a text, among those it has not happened to.

A longer text offers more places and breaks later for that alone; a hazard counts each text only as far as it goes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mathif.counting import counted
from mathif.stats.conditional_fit import conditional, exponential, within_ratio
from mathif.stats.estimate import Count, Ratio, Share, Slope
from mathif.stats.intervals import Array, clustered_variance, codes, proportion, smooth, t_quantile

FEW = 5
"""Fewest problems with a break for a trend of the hazard."""


@dataclass(frozen=True, slots=True)
class Survivors:
    """The share that is still unbroken at one place.

    Attributes:
        at: the place.
        share: the Kaplan-Meier estimate, with its interval.
        at_risk: texts that reach this place unbroken.
    """

    at: Count
    share: Share
    at_risk: Count


def survival(places: Array, broken: Array, clusters: Array, at: Array) -> tuple[Survivors, ...]:
    """Return the Kaplan-Meier curve at some places, with the number at risk.

    Places that fewer than `FEW` texts reach are left out where others ended unbroken before them: one break would make
    the curve 0 there, and the interval does not say so.

    Kaplan & Meier (1958, JASA 53:457); the variance is that of the clustered influence of each text on it (Lin & Wei
    1989, JASA 84:1074, applied to the cumulative hazard), the interval Wilson's at the effective number of texts.

    Args:
        places: where each text broke, or ended unbroken.
        broken: 1.0 where it broke.
        clusters: the problem of each text.
        at: the places asked for.
    """
    if len(places) == 0:
        return ()
    times, events = np.unique(places[broken == 1], return_counts=True)
    ordered = np.sort(places)
    risk = len(places) - np.searchsorted(ordered, times, side="left")
    factors = 1 - events / risk
    groups = codes(clusters)[1]
    found = []
    for place in np.asarray(at).tolist():
        if (places >= place).sum() < FEW and ((broken == 0) & (places < place)).any():
            continue
        upto = times <= place
        share = float(np.prod(factors[upto]))
        seen = np.minimum(places, place)
        compensator = np.concatenate([[0.0], np.cumsum(events[upto] / risk[upto] ** 2)])
        own = compensator[np.searchsorted(times[upto], seen, side="right")]
        happened = (broken == 1) & (places <= place)
        at_event = np.zeros(len(places))
        if upto.any():
            at_event[happened] = 1 / risk[np.searchsorted(times, places[happened])]
        variance = clustered_variance(share * (own - at_event), clusters)
        found.append(
            Survivors(int(place), proportion(share, variance, len(places), groups), int((places > place).sum()))
        )
    return tuple(found)


def hazard_ratio(places: Array, broken: Array, given: Array, strata: Array, clusters: Array) -> Ratio:
    """Return how many times as likely the texts in `given` are to break next, at any place, as the others of a stratum.

    Cox's partial likelihood (1972, JRSS B 34:187), stratified: each break is compared with the texts of its stratum
    that reach that place unbroken. That is a conditional logit with a stratum for each break, ties as Breslow's.

    Args:
        places: where each text broke, or ended unbroken.
        broken: 1.0 where it broke.
        given: 1.0 for the texts whose hazard is asked for, 0.0 for their reference; of a dose, the ratio for one unit.
        strata: the item of each text.
        clusters: the problem of each text; a stratum lies in one problem.
    """
    rows, happened, sets = _risk_sets(places, broken, codes(strata)[0])
    return within_ratio(happened, given[rows], sets, clusters[rows])


def _risk_sets(places: Array, broken: Array, strata: Array) -> tuple[Array, Array, Array]:
    """Return for each break the texts at risk: their rows, which of them broke, and the number of the break."""
    order = np.lexsort((-places, strata))
    starts = np.searchsorted(strata[order], strata, side="left")
    rows, happened, sets = [np.zeros(0, dtype=int)], [np.zeros(0)], [np.zeros(0, dtype=int)]
    for number, row in enumerate(np.flatnonzero(broken == 1).tolist()):
        stratum = order[starts[row] : np.searchsorted(strata[order], strata[row], side="right")]
        risk = stratum[places[stratum] >= places[row]]
        rows.append(risk)
        happened.append((risk == row).astype(float))
        sets.append(np.full(len(risk), number))
    return np.concatenate(rows), np.concatenate(happened), np.concatenate(sets)


def hazard_trend(entry: Array, places: Array, broken: Array, clusters: Array) -> Slope:
    """Return the change in the log of the hazard for each doubling of the place: 0 where each place is as risky.

    The Weibull hazard, which is a power of the place, by maximum likelihood with late entry; a robust, clustered
    variance (Lin & Wei 1989, JASA 84:1074). The power minus 1, times log 2.

    Args:
        entry: the place from which on each text counts, at least 0; texts broken or ended before it are left out.
        places: where it broke, or ended unbroken.
        broken: 1.0 where it broke.
        clusters: the problem of each text.
    """
    kept = places > entry
    start, end, d, owners = (column[kept] for column in (entry, places, broken, clusters))
    events, groups = float(d.sum()), codes(owners)[1]
    broken_in = codes(owners[d == 1])[1]
    if broken_in < FEW:
        problems = counted(broken_in, "problem has", "problems have")
        reason = f"{problems} a reply that breaks further in than the plain one; {FEW} are needed"
        return Slope.unknown(reason, len(d), broken_in)
    scale = float(end.mean())
    first, last = start / scale, end / scale
    power = _power(first, last, d)
    score, information = _weibull(first, last, d, power, events)
    bread = np.linalg.inv(information)
    variance = clustered_variance(score @ bread[0], owners)
    value, half = math.log(2) * (power - 1), math.log(2) * t_quantile(groups - 1) * math.sqrt(variance)
    return Slope(value, value - half, value + half, len(d), groups)


def _power(first: Array, last: Array, d: Array) -> float:
    """Return the power of the place in the cumulative hazard at which the profile likelihood is highest (bisection)."""
    logs = np.log(last)
    low, high = 1e-3, 50.0
    for _ in range(60):
        power = (low + high) / 2
        whole = last**power - first**power
        weighted = _times_log(last, power) - _times_log(first, power)
        rising = d.sum() / power + float(d @ logs) - d.sum() * weighted.sum() / whole.sum()
        low, high = (power, high) if rising > 0 else (low, power)
    return power


def _times_log(x: Array, power: float, times: int = 1) -> Array:
    """Return x^p (log x)^k, k the `times`, which is 0 at 0 as it is at 1."""
    positive = np.where(x > 0, x, 1.0)
    return np.asarray(positive**power * np.log(positive) ** times)


def _weibull(first: Array, last: Array, d: Array, power: float, events: float) -> tuple[Array, Array]:
    """Return the score of each text for the power and for the log of the rate, and the information."""
    whole = last**power - first**power
    rate = events / float(whole.sum())
    moved = _times_log(last, power) - _times_log(first, power)
    bent = _times_log(last, power, 2) - _times_log(first, power, 2)
    score = np.column_stack([d * (1 / power + np.log(last)) - rate * moved, d - rate * whole])
    across = rate * float(moved.sum())
    corner = events / power**2 + rate * float(bent.sum())
    return score, np.array([[corner, across], [across, events]])


def break_rate(broken: Array, exposure: Array, clusters: Array, per: float) -> Ratio:
    """Return how many breaks there are for each `per` of exposure: the hazard, where it is constant.

    With its clustered interval; where nothing broke, from 0 to the most that a Poisson count of 0 allows.

    Args:
        broken: 1.0 where a text broke.
        exposure: how far each text went, to its break or to its end.
        clusters: the problem of each text.
        per: the amount of exposure that is counted for.
    """
    total, events = float(exposure.sum()), float(broken.sum())
    if total == 0:
        return Ratio.unknown("there is no such text", len(broken))
    value = per * events / total
    if events == 0:
        return Ratio(0.0, 0.0, -per * math.log(0.025) / total, len(broken), codes(clusters)[1])
    return smooth(value, per * (broken - exposure * events / total) / total, clusters, positive=True)


def hazard_growth(places: Array, broken: Array, given: Array, dose: Array, strata: Array, clusters: Array) -> Ratio:
    """Return by what factor the hazard ratio of `given` grows while the dose goes from 0 to 1; 1 is not at all.

    Cox's partial likelihood as in `hazard_ratio`, the log of the ratio a line in the dose; each break is compared with
    the texts of its stratum and its dose.

    Args:
        places: where each text broke, or ended unbroken.
        broken: 1.0 where it broke.
        given: 1.0 for the texts whose hazard is asked for, 0.0 for their reference.
        dose: the dose of each text, which both sides have.
        strata: the item of each text.
        clusters: the problem of each text; a stratum lies in one problem.
    """
    doses, count = codes(dose)
    rows, happened, sets = _risk_sets(places, broken, codes(strata)[0] * count + doses)
    return _growth(happened, given[rows], dose[rows], sets, clusters[rows])


def odds_growth(broken: Array, given: Array, dose: Array, strata: Array, clusters: Array) -> Ratio:
    """Return by what factor the odds ratio of `given` grows while the dose goes from 0 to 1; 1 is not at all.

    A conditional logit of whether a text broke anything, at whatever place; arguments as in `hazard_growth`.
    """
    doses, count = codes(dose)
    return _growth(broken, given, dose, codes(strata)[0] * count + doses, clusters)


def _growth(outcome: Array, given: Array, dose: Array, strata: Array, clusters: Array) -> Ratio:
    fit = conditional(outcome, np.column_stack([given, given * dose]), strata, clusters)
    return exponential(fit.estimate([0.0, 1.0]))

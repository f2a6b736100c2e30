"""Findings of a probe: what the intervals support, said in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.results import ACC, HACC, DoseResponse, InterventionEffect, ProbeProfile, Refresh, Survival
from mathif.stats import Ratio, borne
from mathif.wording.numbers import SHARES, in_points, in_times, plain_interval
from mathif.wording.verbs import moved, unclaimed

DOSES = 0.02
"""Largest p-value, adjusted over the families of doses, at which a slope is named."""
CHANGES = 0.03
"""Largest p-value, adjusted over all interventions and both metrics, at which a change is named."""
SURE = 0.03
"""Largest p-value, adjusted over all sentences on reminders, at which a gain is said to change with its place."""
GROWN = 4.0
"""A gain that grows by less than this factor over the whole thinking counts as the same."""
_FAMILIES = {"extend": "thinking on after 'Wait'", "extend-neutral": "thinking on after neutral text"}


def of_probe(figures: ProbeProfile) -> list[str]:
    """Return sentences on the interventions, the dose-response and the truncation."""
    return [
        *_doses(figures.doses),
        *_changes(figures.interventions),
        *_areas(figures.truncation.area),
        *_refreshed(figures.refresh),
    ]


def _doses(doses: Mapping[str, DoseResponse]) -> Iterator[str]:
    ways = borne({family: found.slope.hacc for family, found in doses.items()}, DOSES)
    for family, found in doses.items():
        slope, what = found.slope.hacc, _FAMILIES.get(family, "filler after the thinking")
        if slope.low is None:
            yield f"{family}: whether {what} changes {SHARES[HACC.key]} cannot be told: {slope.reason}."
        else:
            size = f"{in_points(slope)} for each 100 tokens added{unclaimed(slope, ways[family])}"
            yield f"{family}: {what} {moved(ways[family])} {SHARES[HACC.key]} ({size})."


def _changes(interventions: Mapping[str, InterventionEffect]) -> Iterator[str]:
    """Name the changes that remain when all of them are corrected for."""
    changes = {
        (metric.key, name): metric.change(found.overall)
        for metric in (HACC, ACC)
        for name, found in interventions.items()
    }
    for (metric, name), way in borne(changes, CHANGES).items():
        if way:
            change, control = changes[metric, name], interventions[name].control
            yield (
                f"{name}: {moved(way)} {SHARES[metric]} against {control} ({in_points(change)};"
                f" {change.lost} replies lost it, {change.won} won it, p = {change.p:.3g})."
            )


def _areas(areas: Survival) -> Iterator[str]:
    for noun, area in {"answer": areas.answer, "obedience": areas.obedience}.items():
        if area.value is not None:
            yield (
                f"truncation: the area over the curve of the {noun} is {plain_interval(area)}; 0 where it"
                " rests on none of the thinking, 1 where on all of it."
            )


def _refreshed(found: Mapping[str, Refresh]) -> Iterator[str]:
    """Say whether what a reminder gains fits more chances to slip or weaker control: in all, and place by place."""
    asked: dict[str, Ratio] = {}
    for part, refresh in found.items():
        if refresh.odds is not None:
            asked[f"against breaking any constraint in the {part}"] = refresh.odds
        if refresh.growth.value is not None or refresh.odds is None:
            asked[f"against the next violation in the {part}"] = refresh.growth
    ways = borne(asked, SURE)
    yield from (_growth(against, growth, ways[against]) for against, growth in asked.items())


def _growth(against: str, growth: Ratio, way: int) -> str:
    head = f"remind: the gain of a reminder {against}"
    if growth.value is None or growth.high is None:
        return f"{head} cannot be told by its place: {growth.reason}."
    size = f"from the beginning of the thinking to its end it grows {in_times(growth)}"
    if way > 0:
        return f"{head} is larger the more thinking stands before it ({size}): this fits weaker control."
    if way < 0:
        return f"{head} is larger the less thinking stands before it ({size}): this fits neither account."
    if growth.sign(1) < 1 and growth.high < GROWN:
        return f"{head} is the same wherever it stands, as far as is told ({size}): this fits more chances to slip."
    return f"{head} by its place is not told ({size}): more chances to slip and weaker control both fit."

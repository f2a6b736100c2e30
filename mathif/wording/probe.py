"""Findings of a probe: what the intervals support, said in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.counting import counted
from mathif.results import ACC, HACC, DoseResponse, InterventionEffect, ProbeProfile, Refresh, Survival
from mathif.stats import Ratio, borne
from mathif.wording.numbers import SHARES, because, in_points, in_times, plain_interval
from mathif.wording.verbs import moved, unclaimed

DOSES = 0.02
"""Largest p-value, adjusted over the families of doses, at which a slope is named."""
CHANGES = 0.03
"""Largest p-value, adjusted over all interventions and both metrics, at which a change is named."""
SURE = 0.03
"""Largest p-value, adjusted over all sentences on reminders, at which a gain is said to change with its place."""
GROWN = 4.0
"""A gain that is shown to grow by less than this factor over the whole thinking leaves no room for weaker control."""
GAIN, LOSS = "gain", "loss"
_FAMILIES = {"extend": "thinking on after 'Wait'", "extend-neutral": "thinking on after neutral text"}


def of_probe(figures: ProbeProfile) -> list[str]:
    """Return sentences on the interventions, the dose-response and the truncation."""
    return [
        *_doses(figures.doses),
        *_changes(figures.interventions),
        *_areas(figures.truncation.area),
        *of_reminders(figures.refresh),
    ]


def _doses(doses: Mapping[str, DoseResponse]) -> Iterator[str]:
    ways = borne({family: response.slope.hacc for family, response in doses.items()}, DOSES)
    for family, response in doses.items():
        slope, what = response.slope.hacc, _FAMILIES.get(family, "filler after the thinking")
        if slope.low is None:
            yield f"{family}: whether {what} changes {SHARES[HACC.key]} cannot be told: {because(slope)}."
        else:
            size = f"{in_points(slope)} for each 100 tokens added{unclaimed(slope, ways[family])}"
            yield f"{family}: {what} {moved(ways[family])} {SHARES[HACC.key]} ({size})."


def _changes(interventions: Mapping[str, InterventionEffect]) -> Iterator[str]:
    """Name the changes that remain when all of them are corrected for."""
    changes = {
        (metric.key, name): metric.change(effect.overall)
        for metric in (HACC, ACC)
        for name, effect in interventions.items()
    }
    for (metric, name), way in borne(changes, CHANGES).items():
        if way:
            change, control = changes[metric, name], interventions[name].control
            yield (
                f"{name}: {moved(way)} {SHARES[metric]} against {control} ({in_points(change)};"
                f" {counted(change.lost or 0, 'reply')} lost it, {change.won} won it, p = {change.p:.3g})."
            )


def _areas(areas: Survival) -> Iterator[str]:
    for noun, area in {"answer": areas.answer, "obedience": areas.obedience}.items():
        if area.value is not None:
            yield (
                f"truncation: the area over the curve of the {noun} is {plain_interval(area)}; 0 where it"
                " rests on none of the thinking, 1 where on all of it."
            )


def of_reminders(parts: Mapping[str, Refresh]) -> Iterator[str]:
    """Say whether what a reminder gains fits more chances to slip or weaker control: in all, and place by place.

    More chances to slip are an account of the model, not of one number, so that they fit only where none of the numbers
    on its reminders speaks of weaker control.
    """
    asked: dict[str, tuple[Ratio, Ratio | None]] = {}
    for part, refresh in parts.items():
        if refresh.odds is not None:
            asked[f"against breaking any constraint in the {part}"] = refresh.odds, None
        if refresh.growth.value is not None or refresh.odds is None:
            asked[f"against the next violation in the {part}"] = refresh.growth, refresh.loss
    gains = {(against, GAIN): growth for against, (growth, _) in asked.items()}
    losses = {(against, LOSS): loss for against, (_, loss) in asked.items() if loss is not None}
    ways = borne(gains | losses, SURE)
    weaker = any(way > 0 for way in ways.values())
    for against, (growth, loss) in asked.items():
        lost = loss if ways.get((against, LOSS), 0) > 0 else None
        yield _growth(against, growth, ways[against, GAIN], weaker, lost)


def _growth(against: str, growth: Ratio, way: int, weaker: bool, lost: Ratio | None) -> str:
    """Say what the gain of a reminder does along the thinking.

    Args:
        against: what it is a gain against.
        growth: by what factor it grows from the beginning of the thinking to its end.
        way: which way it is claimed to go.
        weaker: whether any number on reminders is claimed to speak of weaker control.
        lost: by what factor the hazard after neutral text grows, where that is claimed.
    """
    head = f"remind: the gain of a reminder {against}"
    beside = "" if lost is None else f"; after neutral text the violation is likelier there, {in_times(lost)}"
    if growth.value is None or growth.high is None:
        return f"{head} cannot be told by its place: {growth.reason}{beside}."
    size = f"from the beginning of the thinking to its end it grows {in_times(growth)}{beside}"
    if way > 0:
        return f"{head} is larger the more thinking stands before it ({size}): this fits weaker control."
    if way < 0:
        return f"{head} is larger the less thinking stands before it ({size}): this fits neither account."
    if growth.sign(1) < 1 and growth.high < GROWN:
        same = f"{head} is not shown to change with its place, and grows less than {GROWN:.0f} times ({size})"
        if lost is not None:
            return f"{same}: this fits weaker control that a reminder does not bring back."
        return f"{same}." if weaker else f"{same}: this fits more chances to slip."
    both = "weaker control fits" if lost is not None else "more chances to slip and weaker control both fit"
    return f"{head} by its place is not told ({size}): {both}."

"""Findings of a probe: what the intervals support, said in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.results import ACC, HACC, DoseResponse, InterventionEffect, ProbeProfile, Survival
from mathif.stats import familywise, p_value
from mathif.wording.numbers import in_points, plain_interval
from mathif.wording.verbs import moved

CLAIM = 0.05
"""Largest p-value, adjusted over the doses of a family, at which a change is named."""
_SUBJECTS = {HACC: "the share that obeys every constraint", ACC: "the share of right answers"}
_FAMILIES = {"extend": "thinking on after 'Wait'", "extend-neutral": "thinking on after neutral text"}


def of_probe(figures: ProbeProfile) -> list[str]:
    """Return sentences on the interventions, the dose-response and the truncation."""
    return [*_doses(figures.doses), *_changes(figures.interventions), *_areas(figures.truncation.area)]


def _doses(doses: Mapping[str, DoseResponse]) -> Iterator[str]:
    for family, found in doses.items():
        slope, what = found.slope.hacc, _FAMILIES.get(family, "filler after the thinking")
        if slope.low is None:
            yield f"{family}: whether {what} changes {_SUBJECTS[HACC]} cannot be told: {slope.reason}."
        else:
            size = f"{in_points(slope)} for each 100 tokens added"
            yield f"{family}: {what} {moved(slope.sign())} {_SUBJECTS[HACC]} ({size})."


def _changes(interventions: Mapping[str, InterventionEffect]) -> Iterator[str]:
    """Name the changes that remain after the doses of a family, which are one family of tests, are corrected for."""
    for metric, subject in _SUBJECTS.items():
        changes = {name: metric.change(found.overall) for name, found in interventions.items()}
        adjusted: dict[str, float] = {}
        for family in dict.fromkeys(map(_family, changes)):
            own = [name for name in changes if _family(name) == family]
            adjusted |= dict(zip(own, familywise([p_value(changes[name]) for name in own]), strict=True))
        for name, change in changes.items():
            if change.sign() and adjusted[name] <= CLAIM:
                found = interventions[name]
                yield (
                    f"{name}: {moved(change.sign())} {subject} against {found.control} ({in_points(change)};"
                    f" {change.lost} replies lost it, {change.won} won it, p = {change.p:.3g})."
                )


def _areas(areas: Survival) -> Iterator[str]:
    for noun, area in {"answer": areas.answer, "obedience": areas.obedience}.items():
        if area.value is not None:
            yield (
                f"truncation: the area over the curve of the {noun} is {plain_interval(area)}; 0 where it"
                " rests on none of the thinking, 1 where on all of it."
            )


def _family(name: str) -> str:
    return name.partition(":")[0]

"""Findings of a probe: what the intervals support, said in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.results import ACC, HACC, DoseResponse, InterventionEffect, ProbeProfile, Survival
from mathif.stats import Estimate
from mathif.wording.numbers import in_points, plain_interval

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
            says = _moves(slope) or "is not shown to change"
            yield f"{family}: {what} {says} {_SUBJECTS[HACC]} ({in_points(slope)} for each 100 tokens added)."


def _changes(interventions: Mapping[str, InterventionEffect]) -> Iterator[str]:
    for name, found in interventions.items():
        for metric, subject in _SUBJECTS.items():
            change = metric.change(found.overall)
            if change.low is not None and _moves(change):
                yield (
                    f"{name}: {_moves(change)} {subject} against {found.control} ({in_points(change)};"
                    f" {change.lost} replies lost it, {change.won} won it, p = {change.p:.3g})."
                )


def _areas(areas: Survival) -> Iterator[str]:
    for noun, area in {"answer": areas.answer, "obedience": areas.obedience}.items():
        if area.value is not None:
            yield (
                f"truncation: the area over the curve of the {noun} is {plain_interval(area)}; 0 where it"
                " rests on none of the thinking, 1 where on all of it."
            )


def _moves(row: Estimate) -> str:
    return {1: "raises", -1: "lowers", 0: ""}[row.sign()]

"""Sentences on attention: where answers look, and what hiding a span from them does, which is an intervention."""

from __future__ import annotations

from collections.abc import Iterator

from mathif.counting import counted
from mathif.results import HACC, SACC, ArmAttention, Change, KnockoutProfile, Metric
from mathif.stats import Estimate
from mathif.wording.numbers import in_points, plain_interval, probability
from mathif.wording.verbs import moved


def of_attention(arm: str, figures: ArmAttention) -> Iterator[str]:
    """Yield sentences on where the answers of an arm look."""
    yield f"{arm}: {counted(figures.n, 'reply')} read."
    yield from _hiding(arm, figures.hiding)
    gap = figures.obeyed_minus_violated
    if gap.value is None or gap.low is None:
        yield f"{arm}: obeyed and violated replies cannot be told apart by attention: {gap.reason}."
    else:
        says = "do not measurably differ"
        if gap.sign():
            says = f"look {'more' if gap.sign() > 0 else 'less'} at the constraints"
        yield f"{arm}: obeyed replies, against violated ones, {says} (lift {plain_interval(gap)})."
    slope = figures.slope["within"]["constraints"]
    if slope.value is None or slope.low is None:
        yield f"{arm}: how attention changes with length at a fixed item cannot be told: {slope.reason}."
        return
    says = {1: "rises", -1: "falls", 0: "is not shown to change"}[slope.sign()]
    yield (
        f"{arm}: at a fixed item the lift on the constraints {says} with the length of the CoT:"
        f" {plain_interval(slope)} doublings for each doubling of the CoT."
    )


def _hiding(arm: str, row: Estimate) -> Iterator[str]:
    """Say whether the answer rests on the constraints more than on as many tokens elsewhere in the prompt."""
    if row.value is None or row.low is None or row.high is None:
        return
    says = {1: "more than", -1: "less than", 0: "not measurably more or less than"}[row.sign()]
    yield (
        f"{arm}: hiding the constraints from the answer costs it {says} hiding as many tokens elsewhere in the prompt:"
        f" {row.value:.3f} [{row.low:.3f}, {row.high:.3f}] nats a token."
    )


def of_knockout(arm: str, redrawn: KnockoutProfile) -> Iterator[str]:
    """Say what hiding does to the adherence of the answers drawn anew."""
    metric = HACC
    if redrawn.changes["constraints"].hacc.first == 0:
        metric = SACC
        yield f"{arm}: no answer drawn anew with nothing hidden obeys every constraint, so HAcc has nothing to lose."
    constraints, random, against = (
        metric.change(redrawn.changes[name]) for name in ("constraints", "random", "constraints_against_random")
    )
    yield f"{arm}: hiding the constraints from an answer drawn anew {_does(metric, constraints)}."
    yield (
        f"{arm}: hiding as many tokens elsewhere {_does(metric, random)}; what hiding the constraints does beyond that:"
        f" {in_points(against)}."
    )
    cut = {name: row.truncated for name, row in redrawn.conditions.items()}
    if any(cut.values()):
        whole = metric.change(redrawn.without_truncated["constraints"])
        beside = "no pair is left without them"
        if whole.value is not None:
            beside = f"in the pairs without them hiding the constraints {_does(metric, whole)}"
        yield (
            f"{arm}: the token limit cut {cut['seen']} answers with nothing hidden, {cut['constraints']} with the"
            f" constraints hidden and {cut['random']} with the random span hidden, which count as failures; {beside}."
        )


def _does(metric: Metric, change: Change) -> str:
    sentence = f"{moved(change.sign())} {metric.label}: {in_points(change)}"
    if change.p is None:
        return sentence
    p = probability(change.p)
    p = f"p {p}" if p.startswith("<") else f"p = {p}"
    return f"{sentence} ({change.lost} of {change.n} answers lose it, {change.won} win it, {p})"

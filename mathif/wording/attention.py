"""Sentences on attention: where answers look, and what hiding a span from them does, which is an intervention."""

from __future__ import annotations

from collections.abc import Iterator

from mathif.counting import counted
from mathif.results import HACC, SACC, ArmAttention, Change, KnockoutProfile, Metric
from mathif.stats import Estimate, borne
from mathif.wording.numbers import in_points, plain_interval, probability
from mathif.wording.verbs import moved, unclaimed

CLAIM = 0.05
"""Largest p-value, adjusted over the numbers that the sentences on one arm are about, that a claim is made on."""
HIDING, GAP, SLOPE = "hiding", "gap", "slope"


def of_attention(arm: str, figures: ArmAttention) -> Iterator[str]:
    """Yield sentences on where the answers of an arm look."""
    yield f"{arm}: {counted(figures.n, 'reply')} read."
    gap, slope = figures.obeyed_minus_violated, figures.slope["within"]["constraints"]
    ways = borne({HIDING: figures.hiding, GAP: gap, SLOPE: slope}, CLAIM)
    yield from _hiding(arm, figures.hiding, ways[HIDING])
    if gap.value is None or gap.low is None:
        yield f"{arm}: obeyed and violated replies cannot be told apart by attention: {gap.reason}."
    else:
        says = "do not measurably differ"
        if ways[GAP]:
            says = f"look {'more' if ways[GAP] > 0 else 'less'} at the constraints"
        size = f"lift {plain_interval(gap)}{unclaimed(gap, ways[GAP])}"
        yield f"{arm}: obeyed replies, against violated ones, {says} ({size})."
    if slope.value is None or slope.low is None:
        yield f"{arm}: how attention changes with length at a fixed item cannot be told: {slope.reason}."
        return
    says = {1: "rises", -1: "falls", 0: "is not shown to change"}[ways[SLOPE]]
    yield (
        f"{arm}: at a fixed item the lift on the constraints {says} with the length of the CoT:"
        f" {plain_interval(slope)} doublings for each doubling of the CoT{unclaimed(slope, ways[SLOPE])}."
    )


def _hiding(arm: str, row: Estimate, way: int) -> Iterator[str]:
    """Say whether the answer rests on the constraints more than on as many tokens elsewhere in the prompt."""
    if row.value is None or row.low is None or row.high is None:
        return
    says = {1: "more than", -1: "less than", 0: "not measurably more or less than"}[way]
    yield (
        f"{arm}: hiding the constraints from the answer costs it {says} hiding as many tokens elsewhere in the prompt:"
        f" {row.value:.3f} [{row.low:.3f}, {row.high:.3f}] nats a token{unclaimed(row, way)}."
    )


def of_knockout(arm: str, redrawn: KnockoutProfile) -> Iterator[str]:
    """Say what hiding does to the adherence of the answers drawn anew."""
    metric = HACC
    if redrawn.changes["constraints"].hacc.first == 0:
        metric = SACC
        yield f"{arm}: no answer drawn anew with nothing hidden obeys every constraint, so HAcc has nothing to lose."
    constraints, random = (metric.change(redrawn.changes[name]) for name in ("constraints", "random"))
    against = metric.change(redrawn.changes["constraints_against_random"])
    whole = metric.change(redrawn.without_truncated["constraints"])
    ways = borne({"constraints": constraints, "random": random, "whole": whole}, CLAIM)
    yield f"{arm}: hiding the constraints from an answer drawn anew {_does(metric, constraints, ways['constraints'])}."
    yield (
        f"{arm}: hiding as many tokens elsewhere {_does(metric, random, ways['random'])}; what hiding the constraints"
        f" does beyond that: {in_points(against)}."
    )
    cut = {name: row.truncated for name, row in redrawn.conditions.items()}
    if any(cut.values()):
        beside = "no pair is left without them"
        if whole.value is not None:
            beside = f"in the pairs without them hiding the constraints {_does(metric, whole, ways['whole'])}"
        yield (
            f"{arm}: the token limit cut {counted(cut['seen'], 'answer')} with nothing hidden, {cut['constraints']}"
            f" with the constraints hidden and {cut['random']} with the random span hidden, which count as failures;"
            f" {beside}."
        )


def _does(metric: Metric, change: Change, way: int) -> str:
    sentence = f"{moved(way)} {metric.label}: {in_points(change)}{unclaimed(change, way)}"
    if change.p is None:
        return sentence
    p = probability(change.p)
    p = f"p {p}" if p.startswith("<") else f"p = {p}"
    return f"{sentence} ({change.lost} of {counted(change.n, 'answer')} lose it, {change.won} win it, {p})"

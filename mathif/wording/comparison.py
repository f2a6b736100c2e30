"""Findings: what the intervals of a comparison support, said in plain sentences, and nothing that they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.arms import PLAIN
from mathif.counting import counted
from mathif.results import (
    ACC,
    HACC,
    JOINT,
    METRICS,
    ArmChanges,
    Change,
    DilutionChange,
    LiftChange,
    Metric,
    ProfileComparison,
    Triangle,
)
from mathif.stats import Ratio, Slope
from mathif.wording.numbers import because, in_log_odds, in_points, in_times
from mathif.wording.verbs import SETTLED, TELLING, unclaimed

FALSE_DISCOVERIES = 0.05
"""Largest share of the kinds named as changed that may be named by chance, on average."""
_LABELS = {metric.key: metric.label for metric in METRICS}
NAMED = 3
"""Most kinds that a sentence names."""

Ways = Mapping[str, int]
"""What is claimed to have risen (1) or fallen (-1), by name; 0 where neither is shown."""
_MOVES = {1: "rises", -1: "falls", 0: "is not shown to change"}


def of_comparison(comparison: ProfileComparison) -> list[str]:
    """Return sentences on what changed from the first run to the second, the triangle first."""
    claims = comparison.claims
    lines = list(_triangle(comparison.triangle, claims.triangle)) if comparison.triangle else []
    for arm, figures in comparison.arms.items():
        sentences = (_bare if arm == PLAIN else _shown)(figures, claims.arms[arm])
        lines += [f"{arm}: {sentence}" for sentence in (*sentences, *_truncation(arm, figures))]
    return lines


def _bare(figures: ArmChanges, ways: Ways) -> Iterator[str]:
    yield _metric(ACC, figures.overall.acc, ways["acc"])
    yield from _length(figures.length, ways["length"])


def _shown(figures: ArmChanges, ways: Ways) -> Iterator[str]:
    for metric in (ACC, HACC, JOINT):
        yield _metric(metric, metric.change(figures.overall), ways[metric.key])
    if figures.lift:
        yield from _lift(figures.lift.hacc, ways["lift"])
    yield from _length(figures.length, ways["length"])
    yield _at_equal_length(figures.at_equal_length, ways["at_equal_length"])
    yield _dilution(figures.dilution, ways["dilution"])
    yield from _kinds(figures.by_kind)


def _metric(metric: Metric, row: Change, way: int) -> str:
    if row.value is None:
        return f"{metric.label} cannot be compared: {row.reason}."
    flips = f"{row.lost} of {counted(row.n, 'pair')} pass in the first run only, {row.won} in the second only"
    return f"{metric.label} {_MOVES[way]}: {in_points(row)}; {flips}{_bound(row)}{unclaimed(row, way)}."


def _bound(row: Change) -> str:
    """Say how large a loss would have been seen, where no change is shown."""
    if row.low is None or row.low >= 0 or row.sign() or -100 * row.low > TELLING:
        return ""
    return f"; a loss of more than {-100 * row.low:.1f} points is excluded"


def _truncation(arm: str, figures: ArmChanges) -> Iterator[str]:
    cut = figures.truncated
    if not (cut.first or cut.second):
        return
    metric = ACC if arm == PLAIN else HACC
    row = metric.change(figures.without_truncated)
    beside = "no pair is left without them"
    if row.value is not None:
        beside = f"over the {counted(row.n, 'pair')} without them the change of {metric.label} is {in_points(row)}"
    yield (
        f"{counted(cut.first, 'reply')} of the first run and {cut.second} of the second were cut by the token limit and"
        f" count as failures; {beside}."
    )


def _lift(row: LiftChange, way: int) -> Iterator[str]:
    if row.value is None:
        return
    says = {1: "does more", -1: "does less", 0: "is not shown to do more or less"}[way]
    yield (
        f"being given the instructions {says} for obedience than in the first run: lift changes by"
        f" {in_points(row)}{unclaimed(row, way)}."
    )


def _length(row: Ratio, way: int) -> Iterator[str]:
    if row.low is not None:
        says = {1: "longer", -1: "shorter", 0: "not shown to be longer or shorter"}[way]
        yield f"the thinking is {says} than in the first run: {in_times(row)} as long{unclaimed(row, way, 1)}."


def _at_equal_length(row: Slope, way: int) -> str:
    if row.low is None:
        return f"whether replies of equal length obey otherwise than in the first run cannot be told: {because(row)}."
    says = {1: "likelier", -1: "less likely", 0: "not shown to be likelier or less likely"}[way]
    return (
        f"between replies of equal length to the same item, obeying every constraint is {says} than in the first run"
        f" ({in_log_odds(row)} log-odds{unclaimed(row, way)})."
    )


def _dilution(row: DilutionChange, way: int) -> str:
    change = row.change
    if change.value is None or change.low is None:
        return f"whether obedience goes otherwise with the length of the thinking cannot be told: {because(change)}."
    says = {
        1: "obedience goes with longer thinking more than in the first run, or less with shorter",
        -1: "obedience goes with shorter thinking more than in the first run, or less with longer",
        0: "obedience is not shown to go otherwise with the length of the thinking",
    }[way]
    settled = f"; {SETTLED}" if way else unclaimed(change, way)
    return (
        f"{says}: a doubling of the CoT goes with {row.first.value:+.2f} log-odds of obeying everything in the first"
        f" run and {row.second.value:+.2f} in the second; they differ by {in_log_odds(change)}{settled}."
    )


def _kinds(kinds: Mapping[str, Change]) -> Iterator[str]:
    """Name the kinds that changed, where test and interval agree."""
    if not kinds:
        return
    control = f"at a false discovery rate of {100 * FALSE_DISCOVERIES:.0f} %"
    moved = {kind: row for kind, row in kinds.items() if changed(row)}
    if not moved:
        yield f"none of the kinds of constraints is shown to have changed {control}."
        return
    parts = [part for way, says in ((-1, "worse"), (1, "better")) if (part := _moved(moved, way, says))]
    yield f"{len(moved)} of {counted(len(kinds), 'kind')} of constraints changed {control}: {'; '.join(parts)}."


def _moved(kinds: Mapping[str, Change], way: int, says: str) -> str:
    """Name the kinds that moved most in one direction, and count all that did."""
    own = sorted(((row.value or 0) * way, kind) for kind, row in kinds.items() if row.sign() == way)
    if not own:
        return ""
    named = ", ".join(f"{kind} ({in_points(kinds[kind])})" for _, kind in own[: -NAMED - 1 : -1])
    return f"{len(own)} {says}, {'most of all' if len(own) > NAMED else 'namely'} {named}"


def changed(row: Change) -> bool:
    """Return whether a kind changed: after false-discovery control, and by its interval."""
    return row.q is not None and row.q <= FALSE_DISCOVERIES and row.sign() != 0


def _triangle(triangle: Triangle, ways: Ways) -> Iterator[str]:
    corners = triangle.corners
    for name, row in corners.items():
        place = f"{_LABELS[row.metric]} of task {row.task}, arm {row.arm}"
        yield f"{name} ({place}) {_MOVES[ways[name]]}: {in_points(row)}{_bound(row)}{unclaimed(row, ways[name])}."
    moves = {way: [name for name in corners if ways[name] == way] for way in (-1, 1, 0)}
    labels = {-1: "lost", 1: "gained", 0: "not shown to change"}
    yield ("in sum: " + "; ".join(f"{labels[way]}: {', '.join(names)}" for way, names in moves.items() if names) + ".")
    apart = triangle.reasoning_against_knowledge
    if apart.value is not None:
        says = {1: "fares better than", -1: "fares worse than", 0: "is not shown to fare otherwise than"}
        way = ways["reasoning_against_knowledge"]
        yield (
            f"Acc in reasoning (core) {says[way]} in knowledge (knowledge): its changes differ by"
            f" {in_points(apart)}{unclaimed(apart, way)}."
        )
    under, way = triangle.under_mathematics, ways["under_mathematics"]
    if way:
        fares = "better" if way > 0 else "worse"
        yield (
            f"HAcc fares {fares} under mathematics (core) than on plain items (control): its changes differ by"
            f" {in_points(under)}."
        )

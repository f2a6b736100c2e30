"""Findings: what the intervals of a comparison support, said in plain sentences, and nothing that they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mathif.report.effect_sizes import PLAIN
from mathif.stats import Estimate
from mathif.wording import numbers

Json = Mapping[str, Any]

METRICS = {"acc": "Acc", "hacc": "HAcc", "sacc": "SAcc", "joint": "joint"}
FALSE_DISCOVERIES = 0.05
"""Largest share of the kinds named as changed that may be named by chance, on average."""
NAMED = 3
"""Most kinds that a sentence names."""

_MOVES = {1: "rises", -1: "falls", 0: "is not shown to change"}


def findings(arms: Json, triangle: Json | None) -> list[str]:
    """Return sentences on what changed from the first run to the second, the triangle first."""
    found = list(_triangle(triangle)) if triangle else []
    for arm, figures in arms.items():
        sentences = _bare(figures) if arm == PLAIN else _shown(figures)
        found += [f"{arm}: {sentence}" for sentence in (*sentences, *_truncation(arm, figures))]
    return found


def _bare(figures: Json) -> Iterator[str]:
    yield _metric("acc", figures["overall"]["acc"])


def _shown(figures: Json) -> Iterator[str]:
    for metric in ("acc", "hacc", "joint"):
        yield _metric(metric, figures["overall"][metric])
    if "lift" in figures:
        yield from _lift(figures["lift"]["hacc"])
    yield _dilution(figures["dilution"])
    yield from _kinds(figures["by_kind"])


def _metric(metric: str, row: Json) -> str:
    if row["value"] is None:
        return f"{METRICS[metric]} cannot be compared: {row['reason']}."
    flips = f"{row['lost']} of {row['n']} pairs pass in the first run only, {row['won']} in the second only"
    return f"{METRICS[metric]} {_MOVES[sign(row)]}: {in_points(row)}; {flips}{_bound(row)}."


def _bound(row: Json) -> str:
    """Say how large a loss would have been seen, where no change is shown."""
    if sign(row) or row["low"] >= 0:
        return ""
    return f"; a loss of more than {-100 * row['low']:.1f} points is excluded"


def _truncation(arm: str, figures: Json) -> Iterator[str]:
    cut = figures["truncated"]
    if not any(cut.values()):
        return
    metric = "acc" if arm == PLAIN else "hacc"
    row = figures["without_truncated"][metric]
    beside = "no pair is left without them"
    if row["value"] is not None:
        beside = f"over the {row['n']} pairs without them {METRICS[metric]} {_MOVES[sign(row)]}: {in_points(row)}"
    yield (
        f"{cut['first']} replies of the first run and {cut['second']} of the second were cut by the token limit and"
        f" count as failures; {beside}."
    )


def _lift(row: Json) -> Iterator[str]:
    if row["value"] is None:
        return
    says = {1: "does more", -1: "does less", 0: "is not shown to do more or less"}[sign(row)]
    yield f"being given the instructions {says} for obedience than in the first run: lift changes by {in_points(row)}."


def _dilution(row: Json) -> str:
    change = row["change"]
    if change["value"] is None or change["low"] is None:
        return f"whether dilution changed cannot be told: {change['reason']}."
    slopes = " and ".join(f"{row[side]['value']:+.2f} in the {side} run" for side in ("first", "second"))
    says = {1: "thinking longer harms obedience less or helps it more", -1: "dilution is stronger"}.get(sign(change))
    return (
        f"{says or 'no change of dilution is shown'}: a doubling of the CoT moves the log-odds of obeying everything by"
        f" {slopes}; the change is {in_log_odds(change)}."
    )


def _kinds(kinds: Json) -> Iterator[str]:
    """Name the kinds that changed, where test and interval agree."""
    if not kinds:
        return
    control = f"at a false discovery rate of {100 * FALSE_DISCOVERIES:.0f} %"
    moved = {kind: row for kind, row in kinds.items() if changed(row)}
    if not moved:
        yield f"none of {len(kinds)} kinds of constraints is shown to have changed {control}."
        return
    parts = [part for way, says in ((-1, "worse"), (1, "better")) if (part := _moved(moved, way, says))]
    yield f"{len(moved)} of {len(kinds)} kinds of constraints changed {control}: {'; '.join(parts)}."


def _moved(kinds: Json, way: int, says: str) -> str:
    """Name the kinds that moved most in one direction, and count all that did."""
    own = sorted((row["value"] * way, kind) for kind, row in kinds.items() if sign(row) == way)
    if not own:
        return ""
    named = ", ".join(f"{kind} ({in_points(kinds[kind])})" for _, kind in own[: -NAMED - 1 : -1])
    return f"{len(own)} {says}, {'most of all' if len(own) > NAMED else 'namely'} {named}"


def changed(row: Json) -> bool:
    """Return whether a kind changed: after false-discovery control, and by its interval in the same direction."""
    return bool(row["q"] <= FALSE_DISCOVERIES and sign(row) and sign(row) * (row["better"] - row["worse"]) > 0)


def _triangle(triangle: Json) -> Iterator[str]:
    corners = triangle["corners"]
    for name, row in corners.items():
        place = f"{METRICS[row['metric']]} of task {row['task']}, arm {row['arm']}"
        yield f"{name} ({place}) {_MOVES[sign(row)]}: {in_points(row)}{_bound(row)}."
    moves = {way: [name for name, row in corners.items() if sign(row) == way] for way in (-1, 1, 0)}
    labels = {-1: "lost", 1: "gained", 0: "not shown to change"}
    yield (
        "what it cost: "
        + "; ".join(f"{labels[way]}: {', '.join(names)}" for way, names in moves.items() if names)
        + "."
    )
    under = triangle["under_mathematics"]
    if sign(under):
        says = "better" if under["value"] > 0 else "worse"
        yield (
            f"HAcc fares {says} under mathematics (core) than on plain items (control): its changes differ by"
            f" {in_points(under)}."
        )


def _estimate(row: Json) -> Estimate:
    return Estimate(row["value"], row["low"], row["high"], row["n"], row["problems"], row.get("reason", ""))


def sign(row: Json) -> int:
    """Return 1 or -1 where the interval leaves out 0, else 0."""
    return _estimate(row).sign()


def in_points(row: Json) -> str:
    """Return points."""
    return numbers.in_points(_estimate(row))


def in_log_odds(row: Json) -> str:
    """Return log-odds."""
    return numbers.in_log_odds(_estimate(row))

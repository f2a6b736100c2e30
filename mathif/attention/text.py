"""Attention figures as text for the terminal; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mathif.compare.findings import METRICS
from mathif.compare.text import probability
from mathif.stats import Estimate
from mathif.tables import Table, bullet, interval, percent, plain, plain_interval, tokens
from mathif.wording import numbers

Json = Mapping[str, Any]

READING = (
    "Attention of the answer positions, mean over layers and heads, as a multiple of what uniform attention would give"
    " (1.00: looks there no more than anywhere). drop: log-probability that each token of the answer loses when the"
    " span is hidden from it. random: as many prompt tokens elsewhere. Answers drawn anew follow the recorded thinking"
    " with the same random draws, whatever is hidden; those that the token limit cut count as failures."
)
_PAIRS = {
    "constraints": "nothing → constraints",
    "random": "nothing → random",
    "constraints_against_random": "random → constraints",
}


def terminal(summary: Json, profile: str = "mathif") -> str:
    """Return the summary as plain text, at most 100 columns wide.

    Args:
        summary: what `mathif.attention.attend` returned.
        profile: the profile that judges the answers drawn anew.
    """
    parts = [bullet(READING)]
    for arm, figures in summary["arms"].items():
        redrawn = figures["redrawn"]["profiles"][profile]
        parts.append("\n".join(map(bullet, (*_sentences(arm, figures), *_knockout(arm, redrawn)))))
        parts += [plain(table) for table in (*_tables(arm, figures), *_redrawn(arm, redrawn)) if table.rows]
    return "\n\n".join(parts) + "\n"


def _sentences(arm: str, figures: Json) -> Iterator[str]:
    yield f"{arm}: {figures['n']} replies read."
    yield from _hiding(arm, figures["hiding"])
    gap = figures["obeyed_minus_violated"]
    if gap["value"] is None or gap["low"] is None:
        yield f"{arm}: obeyed and violated replies cannot be told apart by attention: {gap['reason']}."
    else:
        says = "do not measurably differ"
        if gap["low"] > 0 or gap["high"] < 0:
            says = f"look {'more' if gap['value'] > 0 else 'less'} at the constraints"
        yield f"{arm}: obeyed replies, against violated ones, {says} (lift {plain_interval(gap)})."
    slope = figures["slope"]["within"]["constraints"]
    if slope["value"] is None or slope["low"] is None:
        yield f"{arm}: how attention changes with length at a fixed item cannot be told: {slope['reason']}."
        return
    says = "is not shown to change"
    if slope["low"] > 0 or slope["high"] < 0:
        says = "rises" if slope["value"] > 0 else "falls"
    yield (
        f"{arm}: at a fixed item the lift on the constraints {says} with the length of the CoT:"
        f" {plain_interval(slope)} doublings for each doubling of the CoT."
    )


def _hiding(arm: str, row: Json) -> Iterator[str]:
    """Say whether the answer rests on the constraints more than on as many tokens elsewhere in the prompt."""
    if row["low"] is None:
        return
    says = "more than" if row["low"] > 0 else "less than" if row["high"] < 0 else "not measurably more or less than"
    yield (
        f"{arm}: hiding the constraints from the answer costs it {says} hiding as many tokens elsewhere in the prompt:"
        f" {row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}] nats a token."
    )


def _knockout(arm: str, redrawn: Json) -> Iterator[str]:
    """Say what hiding does to the adherence of the answers drawn anew."""
    metric = "hacc"
    if redrawn["changes"]["constraints"][metric]["first"] == 0:
        metric = "sacc"
        yield f"{arm}: no answer drawn anew with nothing hidden obeys every constraint, so HAcc has nothing to lose."
    constraints, random, against = (redrawn["changes"][name][metric] for name in _PAIRS)
    yield f"{arm}: hiding the constraints from an answer drawn anew {_does(metric, constraints)}."
    yield (
        f"{arm}: hiding as many tokens elsewhere {_does(metric, random)}; what hiding the constraints does beyond that:"
        f" {in_points(against)}."
    )
    cut = {name: row["truncated"] for name, row in redrawn["conditions"].items()}
    if any(cut.values()):
        whole = redrawn["without_truncated"]["constraints"][metric]
        beside = "no pair is left without them"
        if whole["value"] is not None:
            beside = f"in the pairs without them hiding the constraints {_does(metric, whole)}"
        yield (
            f"{arm}: the token limit cut {cut['seen']} answers with nothing hidden, {cut['constraints']} with the"
            f" constraints hidden and {cut['random']} with the random span hidden, which count as failures; {beside}."
        )


def _does(metric: str, change: Json) -> str:
    says = {1: "raises", -1: "lowers", 0: "is not shown to change"}[sign(change)]
    found = f"{says} {METRICS[metric]}: {in_points(change)}"
    if "p" not in change:
        return found
    p = probability(change["p"])
    p = f"p {p}" if p.startswith("<") else f"p = {p}"
    return f"{found} ({change['lost']} of {change['n']} answers lose it, {change['won']} win it, {p})"


def _redrawn(arm: str, redrawn: Json) -> Iterator[Table]:
    rows = [
        [
            f"{METRICS[metric]}, {pair}",
            str(row["n"]),
            *(percent(row[side]) for side in ("first", "second")),
            interval(row),
            *((str(row["lost"]), str(row["won"]), probability(row["p"])) if "p" in row else ("", "", "")),
        ]
        for metric in ("hacc", "sacc", "acc", "joint")
        for name, pair in _PAIRS.items()
        for row in (redrawn["changes"][name][metric],)
    ]
    head = ["", "n", "first", "second", "change", "lost", "won", "p"]
    yield Table(f"Answers drawn anew, by what is hidden from them, {arm} (points)", head, rows)
    rows = [
        [
            f"[{tokens(row['low'])}, {tokens(row['high'])})",
            str(row["n"]),
            percent(row["changes"]["constraints"]["hacc"]["first"]),
            *(interval(row["changes"][name]["hacc"]) for name in _PAIRS),
        ]
        for row in redrawn["by_length"]
        if row["n"]
    ]
    head = ["CoT tokens", "n", "HAcc", *_PAIRS.values()]
    yield Table(f"Change of HAcc by what is hidden and by length of the thinking, {arm} (points)", head, rows)


def _tables(arm: str, figures: Json) -> Iterator[Table]:
    yield _lifts(f"Lift over uniform attention, {arm}", [("all", figures["overall"])])
    places = [(f"[{tokens(row['low'])}, {tokens(row['high'])})", row) for row in figures["by_length"]]
    yield _lifts(f"Lift over uniform attention by CoT length, {arm}", places)
    rows = [
        [way, *(plain_interval(figures["slope"][way][span]) for span in ("constraints", "question", "random"))]
        for way in ("raw", "within")
    ]
    yield Table(
        f"Doublings of lift for each doubling of the CoT, {arm}", ["", "constraints", "question", "random"], rows
    )
    heads = [
        [f"{row['layer']}.{row['head']}", f"{row['constraints']:.1f}", f"{row['random']:.1f}"]
        for row in figures["heads"]
    ]
    yield Table(f"Heads that look at the constraints most, {arm} (lift)", ["head", "constraints", "random"], heads)


def _lifts(title: str, groups: list[tuple[str, Json]]) -> Table:
    rows = [
        [
            f"{label} {side}",
            str(row[side]["n"]),
            *(plain_interval(row[side]["lift"][span]) for span in ("constraints", "question", "random")),
            *(_number(row[side]["drop"][span]["value"]) for span in ("constraints", "random")),
        ]
        for label, row in groups
        for side in ("obeyed", "violated")
        if row[side]["n"]
    ]
    return Table(title, ["", "n", "constraints", "question", "random", "drop", "random"], rows)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _estimate(row: Json) -> Estimate:
    return Estimate(row["value"], row["low"], row["high"], row["n"], row["problems"], row.get("reason", ""))


def sign(row: Json) -> int:
    """Return 1 or -1 where the interval leaves out 0, else 0."""
    return _estimate(row).sign()


def in_points(row: Json) -> str:
    """Return points."""
    return numbers.in_points(_estimate(row))

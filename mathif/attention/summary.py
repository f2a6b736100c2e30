"""The figures of `attention.json`: lift over uniform attention by length, layer and head, and the cost of hiding."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from mathif.attention.rows import AttendedRow
from mathif.counting import counted
from mathif.records import SCHEMA
from mathif.results import AnswersAttention, ArmAttention, AttentionBin, AttentionReport, Head, SidesAttention
from mathif.stats import FEWEST, Array, Estimate, column, doublings, fixed_bins, smooth, unknown

SPANS = ("constraints", "question", "random")
HIDDEN = ("constraints", "random")
SIDES = {"obeyed": True, "violated": False}
HEADS = 10
"""Heads listed as those that look at the constraints most."""


def summarize(rows: Sequence[AttendedRow]) -> AttentionReport:
    """Return the summary of `attention.jsonl` for each arm."""
    arms: dict[str, list[AttendedRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row["key"])):
        arms[row["arm"]].append(row)
    return AttentionReport(schema=SCHEMA, arms={arm: _arm(own) for arm, own in sorted(arms.items())})


def _arm(rows: Sequence[AttendedRow]) -> ArmAttention:
    sides = {name: [row for row in rows if row["obeyed"] == obeyed] for name, obeyed in SIDES.items()}
    bins = fixed_bins([row["cot_tokens"] for row in rows])
    return ArmAttention(
        n=len(rows),
        overall=SidesAttention(**{name: _figures(own) for name, own in sides.items()}),
        obeyed_minus_violated=_gap(sides["obeyed"], sides["violated"]),
        hiding=_mean([drop(row, "constraints") - drop(row, "random") for row in rows], _problems(rows)),
        by_length=tuple(
            AttentionBin(
                low=low,
                high=high,
                **{
                    name: _figures([row for row in own if low <= row["cot_tokens"] < high])
                    for name, own in sides.items()
                },
            )
            for low, high in bins
        ),
        slope={"raw": _slopes(rows, inside=False), "within": _slopes(rows, inside=True)},
        by_layer={name: _by_layer(own) for name, own in sides.items() if own},
        heads=_heads(rows),
    )


def lift(row: AttendedRow, span: str) -> float:
    """Return the mean attention over layers and heads to a span, over what uniform attention would pay to it."""
    heads = [share for layer in row["mass"][span] for share in layer]
    return float(sum(heads) / len(heads) / row["uniform"][span])


def drop(row: AttendedRow, span: str) -> float:
    """Return the log-probability (nats) that each token of the answer loses when the span is hidden from it."""
    return float((row["logprob"]["seen"] - row["logprob"][span]) / row["answer_tokens"])


def _figures(rows: Sequence[AttendedRow]) -> AnswersAttention:
    problems = _problems(rows)
    return AnswersAttention(
        n=len(rows),
        lift={span: _mean([lift(row, span) for row in rows], problems) for span in SPANS},
        drop={span: _mean([drop(row, span) for row in rows], problems) for span in HIDDEN},
    )


def _problems(rows: Sequence[AttendedRow]) -> Array:
    return column([row["problem"] for row in rows], str)


def _mean(values: Sequence[float], problems: Array) -> Estimate:
    if not values:
        return unknown("no replies")
    centre = math.fsum(values) / len(values)
    return smooth(centre, column([(value - centre) / len(values) for value in values], float), problems)


def _gap(obeyed: Sequence[AttendedRow], violated: Sequence[AttendedRow]) -> Estimate:
    """Return how much more the obeyed replies' lift on the constraints is than that of the violated ones."""
    fewest = min(len({row["problem"] for row in side}) for side in (obeyed, violated))
    if fewest < FEWEST:
        reason = f"one side has replies to {counted(fewest, 'problem')} only; {FEWEST} are needed"
        return unknown(reason, len(obeyed) + len(violated))
    value, influence = 0.0, []
    for rows, sign in ((obeyed, 1), (violated, -1)):
        lifts = [lift(row, "constraints") for row in rows]
        centre = math.fsum(lifts) / len(lifts)
        value += sign * centre
        influence += [sign * (one - centre) / len(lifts) for one in lifts]
    return smooth(value, column(influence, float), _problems([*obeyed, *violated]))


def _slopes(rows: Sequence[AttendedRow], *, inside: bool) -> Mapping[str, Estimate]:
    """Return for each span the change of log2 lift per doubling of the CoT."""
    return {span: _slope(rows, span, inside=inside) for span in SPANS}


def _slope(rows: Sequence[AttendedRow], span: str, *, inside: bool) -> Estimate:
    """Return the least-squares slope of log2 lift on log2 CoT tokens, centred on each item where it is `inside` items.

    0: attention to the span falls just as uniform attention does, because there is more to look at; below 0, it falls
    faster; near 1, the span keeps its share however long the thinking. The interval is the delta method's, clustered
    by problem.
    """
    labels = [row["item"] if inside else "" for row in rows]
    x = _centred(doublings([row["cot_tokens"] for row in rows]).tolist(), labels)
    y = _centred([math.log2(lift(row, span)) for row in rows], labels)
    problems = {row["problem"] for row, distance in zip(rows, x.tolist(), strict=True) if abs(distance) > 1e-9}
    if len(problems) < FEWEST:
        where = " within an item" if inside else ""
        seen = counted(len(problems), "problem has", "problems have")
        reason = f"{seen} replies that differ in length{where}; {FEWEST} are needed"
        return unknown(reason, len(rows), len(problems))
    spread = float((x * x).sum())
    value = float((x * y).sum()) / spread
    return smooth(value, x * (y - value * x) / spread, _problems(rows))


def _centred(values: Sequence[float], labels: Sequence[str]) -> Array:
    members: dict[str, list[float]] = defaultdict(list)
    for label, value in zip(labels, values, strict=True):
        members[label].append(value)
    means = {label: math.fsum(own) / len(own) for label, own in members.items()}
    return column([value - means[label] for label, value in zip(labels, values, strict=True)], float)


def _by_layer(rows: Sequence[AttendedRow]) -> Mapping[str, tuple[float, ...]]:
    """Return for each span the mean lift of each layer, the first layer first."""
    return {
        span: tuple(
            math.fsum(math.fsum(row["mass"][span][at]) / len(layer) / row["uniform"][span] for row in rows) / len(rows)
            for at, layer in enumerate(rows[0]["mass"][span])
        )
        for span in SPANS
    }


def _heads(rows: Sequence[AttendedRow]) -> tuple[Head, ...]:
    """Return the heads with the highest mean lift on the constraints, with their lift on the random span beside it."""
    shape = rows[0]["mass"]["constraints"]
    ranked = []
    for layer, heads in enumerate(shape):
        for head in range(len(heads)):
            lifts = {
                span: math.fsum(row["mass"][span][layer][head] / row["uniform"][span] for row in rows) / len(rows)
                for span in HIDDEN
            }
            ranked.append(Head(layer=layer, head=head, **lifts))
    return tuple(sorted(ranked, key=lambda one: -one.constraints)[:HEADS])

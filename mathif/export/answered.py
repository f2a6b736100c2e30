"""Verdicts joined with what they judge: the item, the prompt and the raw reply, by key.

Formats that show single replies need them; the items are read from the run's tasks, which must not have changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mathif.export.recorded import Recorded
from mathif.items import Item, Message
from mathif.records import Generation, Graded, Profile
from mathif.results import METRICS, Metric
from mathif.stats import Array, column


@dataclass(frozen=True, slots=True)
class Answered:
    """One graded reply to one item.

    Attributes:
        row: its verdicts.
        item: what was judged.
        messages: what the model was shown.
        generation: what came back.
    """

    row: Graded
    item: Item
    messages: tuple[Message, ...]
    generation: Generation


def reply_scores(row: Graded) -> dict[str, float]:
    """Return what a reply adds to each metric, named as in the report; under `upstream` as `hacc-upstream`.

    An item without constraints has only what asks for none, Acc; a reply of which some constraint is not measured has
    nothing that is over them all, HAcc and joint. The mean over the replies of an arm is the report's value.
    """
    right = row.whole and row.answer.passed
    alone = _OneReply.of(right, ())
    scores = {metric.key: _value(metric, alone) for metric in METRICS if not metric.asks}
    for profile, verdicts in row.measured().constraints.items():
        name = "" if profile is Profile.MATHIF else f"-{profile.value}"
        reply = _OneReply.of(right, [row.whole and verdict.passed for verdict in verdicts])
        if verdicts:
            told = [metric for metric in METRICS if metric.asks and not (metric.every and row.unmeasured)]
            scores |= {f"{metric.key}{name}": _value(metric, reply) for metric in told}
    return scores


class _OneReply(NamedTuple):
    """One reply as columns, which metrics are functions of."""

    problem: Array
    right: Array
    obeyed: Array
    part: Array

    @classmethod
    def of(cls, right: bool, obeyed: Sequence[bool]) -> _OneReply:
        part = sum(obeyed) / len(obeyed) if obeyed else 0.0
        return cls(column([0], int), *(column([value], float) for value in (right, part == 1.0, part)))


def _value(metric: Metric, reply: _OneReply) -> float:
    return float(metric.of(reply)[0])


def answered(recorded: Recorded, arm: str) -> Iterator[Answered]:
    """Yield the graded replies of one arm, in the order of `verdicts.jsonl`.

    Raises:
        DataError: if a task has changed since the run began.
    """
    run = recorded.run
    judged = {str(key): (item, asked) for asked, rows in run.served().items() for item, key in rows if key.arm == arm}
    shown = {str(prompt.key): prompt.messages for prompt in run.prompts() if prompt.key.arm == arm}
    for row in recorded.graded():
        if row.arm == arm:
            item, asked = judged[row.key]
            yield Answered(row, item, shown[asked], run.replies[asked])

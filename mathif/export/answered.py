"""Verdicts joined with what they judge: the item, the prompt and the raw reply, by key.

Formats that show single replies need them; the items are read from the run's tasks, which must not have changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mathif.export.recorded import Recorded
from mathif.items import Item, Message
from mathif.records import Generation, Graded, Outcome, Profile


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

    An item without constraints has Acc alone. The mean over the replies of an arm is the report's value.
    """
    whole = not (row.cut or row.withheld)
    right = float(whole and row.answer.passed)
    scores = {"acc": right}
    for profile, verdicts in row.measured().constraints.items():
        name = "" if profile is Profile.MATHIF else f"-{profile.value}"
        obeyed = [whole and verdict.outcome is Outcome.PASS for verdict in verdicts]
        if obeyed:
            every = float(all(obeyed))
            scores |= {f"hacc{name}": every, f"sacc{name}": sum(obeyed) / len(obeyed), f"joint{name}": every * right}
    return scores


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

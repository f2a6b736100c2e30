"""What every harness does the same: list what an arm asks, and score a reply that the harness recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mathif.arms import ARMS, PLAIN, SELF, asked_at, parse_arm, prompts
from mathif.errors import UsageError
from mathif.export.answered import reply_scores
from mathif.grading import graded
from mathif.items import Item, Message, Task
from mathif.reasoning import split
from mathif.records import Finish, Generation, Key
from mathif.results import METRICS
from mathif.tasks import load


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as an arm asks it.

    Attributes:
        item: what is judged.
        messages: the chat, last turn from the user.
    """

    item: Item
    messages: tuple[Message, ...]


@lru_cache(maxsize=8)
def asked(name: str, arm: str) -> Mapping[str, Asked]:
    """Return what `arm` asks of the task `name`, by the key of the item, in the order of the task.

    In arm `plain`, where one reply serves every rung of a problem, each rung is asked on its own: a harness has no
    reply to share.

    Raises:
        UsageError: for an unknown task or arm, for arm `self`, which needs the model's own plain replies, or for one
            that says how the model is to think, which is the harness's to say.
    """
    if arm == SELF or parse_arm(arm).kind.switches:
        raise UsageError(f"arm: found {arm!r}, which a harness cannot ask; expected one of {', '.join(ARMS)}")
    task = load(name)
    shown = {prompt.key.item: prompt.messages for prompt in prompts(task, task.items, (arm,), 1, 0)}
    return {item.key: Asked(item, shown[place]) for item, place in _places(task, arm)}


def _places(task: Task, arm: str) -> Iterator[tuple[Item, str]]:
    for item in task.items:
        placed = asked_at(item, arm)
        if placed is not None and (item.constraints or arm != PLAIN):
            place, asked = placed
            yield asked, place


def scores(item: Item, text: str, *, arm: str, reasoning: str | None = None, cut: bool = False) -> dict[str, float]:
    """Return what one reply adds to each metric under profile `mathif`, as in the report.

    Args:
        item: what was asked.
        text: the reply, marks of thinking included where the harness left them in.
        arm: how it was asked.
        reasoning: the thinking, where the server split it from the reply.
        cut: whether the token limit ended the reply.
    """
    key = Key("harness", item.key, arm, 0)
    finish = Finish.LENGTH if cut else Finish.STOP
    row = graded(item, key, split(Generation(str(key), text, finish, reasoning=reasoning)))
    known = reply_scores(row)
    return {metric.key: known[metric.key] for metric in METRICS if metric.key in known}

"""Arms: the ways of presenting an item, each a pure function from the item to the prompt, exact to the byte.

`plain` shows the problem alone; its reply is shared by every item of the problem, and the constraints it was not
given are judged all the same: that is the floor under every other arm. Some arms ask other demands than the item has
in its task (the same of the thinking, two that exclude each other), and some say how the model is to think.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from mathif.arms.chance import prompt_seed
from mathif.arms.demands import self_item
from mathif.arms.kinds import (
    ARMS,
    BOTH,
    BUDGET,
    CONFLICT,
    CONSTRAINED,
    EFFORT,
    KINDS,
    PLAIN,
    SELF,
    THINKING,
    Arm,
    Kind,
    asked_as,
    asked_at,
    parse_arm,
    parse_arms,
    words_anew,
)
from mathif.arms.modes import modes_of
from mathif.arms.presentations import BLOCK, Others, Shown, block_of
from mathif.items import Item, Message, Mode, Prompt, Task
from mathif.records import Key

__all__ = [
    "ARMS",
    "BLOCK",
    "BOTH",
    "BUDGET",
    "CONFLICT",
    "CONSTRAINED",
    "EFFORT",
    "KINDS",
    "PLAIN",
    "SELF",
    "THINKING",
    "Arm",
    "Kind",
    "asked_as",
    "asked_at",
    "block_of",
    "modes_of",
    "parse_arm",
    "parse_arms",
    "prompt_seed",
    "prompts",
    "self_item",
    "self_prompt",
    "words_anew",
]


def prompts(
    task: Task,
    items: Sequence[Item],
    arms: Iterable[str],
    samples: int,
    seed: int,
    system: str = "",
    modes: Mapping[str, Mode] = MappingProxyType({}),
) -> Iterator[Prompt]:
    """Yield every prompt that needs no reply to be made, in the order arm, item, sample; each key once.

    Args:
        task: the task.
        items: those of its items that are asked.
        arms: how they are shown.
        samples: replies for each item and arm.
        seed: of the run.
        system: what the system turn of every prompt begins with.
        modes: for each arm that switches the thinking how it does so, from `modes_of`.
    """
    others = Others(task.items)
    for arm in arms:
        if arm == SELF:
            continue
        kind, value = (parsed := parse_arm(arm)).kind, parsed.value
        mode, seen = modes.get(arm, Mode()), set[str]()
        for item in items:
            found = asked_at(item, arm)
            if found is None or found[0] in seen:
                continue
            place, asked = found
            seen.add(place)
            shown = _switched(mode, _in_system(kind.present(Shown(task.layout, asked, value, item, others)), system))
            for sample in range(samples):
                key = Key(task.name, place, arm, sample)
                yield Prompt(key, asked, shown, prompt_seed(seed, key), mode=mode)


def self_prompt(task: Task, own: Item, sample: int, seed: int, system: str = "") -> Prompt:
    """Return the prompt of arm `self` for an item made by `self_item`."""
    key = Key(task.name, own.key, SELF, sample)
    own_kind = parse_arm(SELF).kind
    shown = _in_system(own_kind.present(Shown(task.layout, own, "", own, Others(()))), system)
    return Prompt(key, own, shown, prompt_seed(seed, key))


def _switched(mode: Mode, shown: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return a chat with the text of a switch at the end of the system turn and of the last turn."""
    if mode.user:
        shown = (*shown[:-1], shown[-1]._replace(content=f"{shown[-1].content}\n\n{mode.user}"))
    return _in_system(shown, after=mode.system)


def _in_system(shown: tuple[Message, ...], before: str = "", after: str = "") -> tuple[Message, ...]:
    """Return a chat with a text at the beginning or the end of its system turn, which is made where it has none."""
    if not before and not after:
        return shown
    own = (message.content for message in shown if message.role == "system")
    told = "\n\n".join(filter(None, [before, *own, after]))
    return (Message("system", told), *(message for message in shown if message.role != "system"))

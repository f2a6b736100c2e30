"""Arms: the ways of presenting an item, each a pure function from the item to the prompt, exact to the byte.

`plain` shows the problem alone; its reply is shared by every item of the problem, and the constraints it was not
given are judged all the same: that is the floor under every other arm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from types import MappingProxyType

from mathif.constraints import KINDS, Constraint, clash, judge
from mathif.errors import UsageError, nearest
from mathif.items import Item, Layout, Message, Prompt, Task
from mathif.records import Key, Profile

ARMS: Mapping[str, str] = MappingProxyType(
    {
        "plain": "the problem without constraints; judged on the constraints it was not given",
        "constrained": "the problem, then its constraints",
        "shuffled": "another item's constraints; judged on its own: what formatting without reading earns",
        "scrambled": "its constraints with their words permuted: meaning gone, length kept",
        "before": "its constraints before the problem",
        "after": "its constraints after the problem, in the same block as `before` and `system`",
        "system": "its constraints in the system message",
        "self": "constraints that the model's own plain reply meets: any loss is interference, not difficulty",
    }
)
"""Every arm with one line on what it shows."""

BLOCK = Layout(instruction="", lead="Follow these instructions in your reply:\n", bullet="- ", separator="\n")
"""The one way in which `before`, `after` and `system` write constraints, so that only their place differs."""

SELF = "self"
"""The arm whose constraints are drawn from the plain replies."""

SELF_ROUNDS = 8
"""Draws of each kind in search of constraints that a plain reply meets; most arguments are made not to be met."""


def parse_arms(text: str) -> tuple[str, ...]:
    """Read a comma-separated list of arms.

    Raises:
        UsageError: for an unknown, doubled or missing name, or `self` without `plain`.
    """
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in found:
        if name not in ARMS:
            raise UsageError(f"--arms: unknown arm {name!r}{nearest(name, ARMS)}")
    if not found or len(set(found)) < len(found):
        raise UsageError(f"--arms: found {text!r}, expected different arms of {', '.join(ARMS)}")
    if SELF in found and "plain" not in found:
        raise UsageError("--arms: 'self' is made from the plain replies; add 'plain'")
    return found


def asked_at(item: Item, arm: str) -> str | None:
    """Return the item part of the key under which `item` is asked in `arm`, or None where it is not asked.

    The plain prompt is the same for every item of a problem, so it is asked once, under the problem's key; an item
    without constraints has no other presentation.
    """
    if arm == "plain":
        return item.problem.key
    return item.key if item.constraints else None


def prompts(
    task: Task, items: Sequence[Item], arms: Iterable[str], samples: int, seed: int, system: str = ""
) -> Iterator[Prompt]:
    """Yield every prompt that needs no reply to be made, in the order arm, item, sample; each key once.

    Args:
        task: the task.
        items: those of its items that are asked.
        arms: how they are shown.
        samples: replies for each item and arm.
        seed: of the run.
        system: what the system turn of every prompt begins with.
    """
    partners = _partners(task.items)
    for arm in arms:
        if arm == SELF:
            continue
        seen: set[str] = set()
        for item in items:
            place = asked_at(item, arm)
            if place is None or place in seen:
                continue
            seen.add(place)
            shown = _after_system(system, messages(task.layout, item, arm, partners.get(item.key, item)))
            for sample in range(samples):
                key = Key(task.name, place, arm, sample)
                yield Prompt(key, item, shown, prompt_seed(seed, key))


def self_prompt(task: Task, own: Item, sample: int, seed: int, system: str = "") -> Prompt:
    """Return the prompt of arm `self` for an item made by `self_item`."""
    key = Key(task.name, own.key, SELF, sample)
    shown = _after_system(system, messages(task.layout, own, "constrained", own))
    return Prompt(key, own, shown, prompt_seed(seed, key))


def _after_system(system: str, shown: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return a chat whose system turn begins with `system`."""
    if not system:
        return shown
    own = [message.content for message in shown if message.role == "system"]
    return (Message("system", "\n\n".join([system, *own])), *(one for one in shown if one.role != "system"))


def self_item(item: Item, sample: int, plain: str) -> Item:
    """Return `item` with as many constraints as it has, or fewer, all of them met by `plain` under both profiles.

    Args:
        item: the item whose number of constraints is matched.
        sample: number of the sample, the same as the plain reply's; with the item's key it seeds the draw.
        plain: final text of the plain reply to the same problem.
    """
    rng = Random(_number(f"self/{item.key}/{sample}"))
    found: list[Constraint] = []
    kinds = SELF_ROUNDS * KINDS.own  # what other packages are installed decides no draw
    for kind in rng.sample(kinds, len(kinds)):
        drawn = KINDS[kind].draw(rng, item.problem)
        if len(found) < len(item.constraints) and drawn and _fits(drawn, found, plain):
            found.append(drawn)
    return replace(item, constraints=tuple(found), sentences=tuple(demand.text() for demand in found))


def _fits(drawn: Constraint, found: Sequence[Constraint], plain: str) -> bool:
    met = all(judge(drawn, plain, profile).passed for profile in Profile)
    return met and not any(clash(drawn, other) for other in found)


def messages(layout: Layout, item: Item, arm: str, partner: Item) -> tuple[Message, ...]:
    """Return the chat that shows `item` in `arm`; `partner` lends its constraints to arm `shuffled`."""
    question = item.problem.question + layout.instruction
    return _PRESENTATIONS[arm](layout, question, item, partner)


def constraint_block(layout: Layout, sentences: Iterable[str]) -> str:
    """Return the constraints as they stand in a prompt, with the layout's lead, bullets and separators."""
    return layout.lead + layout.separator.join(layout.bullet + sentence for sentence in sentences)


def _plain(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    return (Message("user", question),)


def _constrained(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    return (Message("user", question + constraint_block(layout, item.sentences)),)


def _shuffled(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    return (Message("user", question + constraint_block(layout, partner.sentences)),)


def _scrambled(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    sentences = [_scramble(text, f"{item.key}/{place}") for place, text in enumerate(item.sentences)]
    return (Message("user", question + constraint_block(layout, sentences)),)


def _before(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    return (Message("user", f"{constraint_block(BLOCK, item.sentences)}\n\n{question}"),)


def _after(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    return (Message("user", f"{question}\n\n{constraint_block(BLOCK, item.sentences)}"),)


def _system(layout: Layout, question: str, item: Item, partner: Item) -> tuple[Message, ...]:
    return (Message("system", constraint_block(BLOCK, item.sentences)), Message("user", question))


_PRESENTATIONS: Mapping[str, Callable[[Layout, str, Item, Item], tuple[Message, ...]]] = {
    "plain": _plain,
    "constrained": _constrained,
    "shuffled": _shuffled,
    "scrambled": _scrambled,
    "before": _before,
    "after": _after,
    "system": _system,
}


def _scramble(sentence: str, place: str) -> str:
    words = sentence.split()
    Random(_number(f"scrambled/{place}")).shuffle(words)
    return " ".join(words)


def _partners(items: Sequence[Item]) -> dict[str, Item]:
    """Return for each item another one with as many constraints, of another problem and sharing no constraint.

    Found over the whole task, so that a limit does not change it; where no other item fits, the nearest of another
    problem serves.
    """
    found: dict[str, Item] = {}
    rungs: dict[int, list[Item]] = {}
    for item in sorted(items, key=lambda item: _number(f"shuffled/{item.key}")):
        rungs.setdefault(len(item.constraints), []).append(item)
    for rung in rungs.values():
        for place, item in enumerate(rung):
            others = [o for o in rung[place + 1 :] + rung[:place] if o.problem.key != item.problem.key]
            strangers = (o for o in others if not set(o.constraints) & set(item.constraints))
            found[item.key] = next(strangers, others[0] if others else item)
    return found


def prompt_seed(seed: int, key: Key) -> int:
    """Return the seed of one prompt in [0, 2**31): SHA-256 of the run's seed and the key."""
    return _number(f"{seed}/{key}")


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1

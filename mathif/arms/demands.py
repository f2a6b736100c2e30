"""Which demands an arm asks of an item: its own, the same of the thinking, or two that exclude each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from mathif.arms.chance import number
from mathif.constraints import KINDS, Constraint, Target, clash, judge
from mathif.constraints.witness import null_reply, witness
from mathif.items import Item, Worded
from mathif.records import Profile, Reply, State

SELF_ROUNDS = 8
"""Draws of each kind in search of constraints that a plain reply meets; most arguments are made not to be met."""


def unasked(item: Item) -> Item:
    """Return the item as it is, with its constraints or none."""
    return item


def own(item: Item) -> Item | None:
    """Return the item as it is, None where it has no constraints."""
    return item if item.constraints else None


def of_reply(item: Item) -> Item | None:
    """Return the item as it is, None where it has no constraints or one of them is on the thinking."""
    return own(item) if all(demand.target is Target.FINAL for demand in item.constraints) else None


def of_thinking(item: Item) -> Item | None:
    """Return the item with its constraints asked of the thinking, each in the wording that it has for the reply.

    Constraints whose kind cannot be asked of the thinking are left out; None where none is left.
    """
    moved = [_moved(*pair, Target.THINKING) for pair in item.worded if Target.THINKING in pair[0].targets]
    return item.demanding(moved) if moved else None


def of_both(item: Item) -> Item | None:
    """Return the item with its constraints, then with those that can be asked of the thinking; None where none can."""
    thought = of_thinking(item)
    if thought is None:
        return None
    return item.demanding([*(_moved(*pair, Target.FINAL) for pair in item.worded), *thought.worded])


def _moved(demand: Constraint, sentence: str, target: Target) -> Worded:
    """Return a demand as one on `target`, with its sentence in the same wording where it has one."""
    if demand.target is target:
        return demand, sentence
    moved, worded = replace(demand, target=target), demand.wordings()
    return moved, moved.wordings()[worded.index(sentence)] if sentence in worded else moved.text()


@lru_cache(maxsize=4096)
def conflicting(item: Item) -> Item | None:
    """Return the item with two demands that exclude each other, the system's before the user's.

    One is the last of its constraints for which a rival is found, so that the rungs of a problem, each of which adds
    one, differ; chance, fixed by the item's key, says which of the two it is. None where no rival is found.
    """
    rng = Random(number(f"conflict/{item.key}"))
    for demand, sentence in reversed(item.worded):
        rival = _rival(rng, item, demand)
        if rival is not None:
            pair = [(demand, sentence), (rival, rival.text())]
            return item.demanding(pair if rng.random() < 0.5 else pair[::-1])
    return None


def _rival(rng: Random, item: Item, demand: Constraint) -> Constraint | None:
    """Return a demand on the same part that some text obeys, and none that is known together with `demand`.

    Both are wanted, a clash of the sentences and no reply that the judges pass: they may be milder than the sentences.
    """
    null = null_reply(item.problem.answer)
    for kind in rng.sample(list(KINDS.values()), len(KINDS)):
        drawn = _drawn(rng, kind, item, demand.target)
        if drawn is not None and clash(drawn, demand):
            text = witness([drawn], null)
            if text is not None and not any(_obeys_both(drawn, demand, body) for body in (null, text)):
                return drawn
    return None


def _drawn(rng: Random, kind: type[Constraint], item: Item, target: Target) -> Constraint | None:
    """Return a demand of a kind on a part of the reply, None where the kind has none for the problem or the part."""
    drawn = kind.draw(rng, item.problem)
    return None if drawn is None or target not in drawn.targets else replace(drawn, target=target)


def _obeys_both(one: Constraint, other: Constraint, body: str) -> bool:
    """Tell whether the edits of both, in either order, make a text that both judges pass under some profile."""
    texts = {other.comply(one.comply(body)), one.comply(other.comply(body))}
    return any(judge(one, text, p).passed and judge(other, text, p).passed for text in texts for p in Profile)


def self_item(item: Item, sample: int, plain: Reply) -> Item:
    """Return `item` with as many constraints as it has, or fewer, all met by a plain reply under both profiles.

    Args:
        item: the item whose number of constraints is matched, and the part of the reply that they are about, which is
            the final text where they are about both.
        sample: number of the sample, the same as the plain reply's; with the item's key it seeds the draw.
        plain: the plain reply to the same problem; of one that was cut nothing is met.
    """
    thought = all(demand.target is Target.THINKING for demand in item.constraints)
    target, text = (Target.THINKING, plain.thinking) if thought else (Target.FINAL, plain.final)
    rng = Random(number(f"self/{item.key}/{sample}"))
    found: list[Constraint] = []
    for kind in rng.sample(SELF_ROUNDS * list(KINDS.values()), SELF_ROUNDS * len(KINDS)):
        drawn = _drawn(rng, kind, item, target)
        if len(found) < len(item.constraints) and drawn and plain.state is not State.OPEN and _fits(drawn, found, text):
            found.append(drawn)
    return item.demanding((demand, demand.text()) for demand in found)


def _fits(drawn: Constraint, found: Sequence[Constraint], plain: str) -> bool:
    met = all(judge(drawn, plain, profile).passed for profile in Profile)
    return met and not any(clash(drawn, other) for other in found)

"""Presentations: the chats that show an item, each a pure function, exact to the byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from random import Random
from typing import NamedTuple, Protocol

from mathif.arms.chance import number
from mathif.constraints import Target
from mathif.constraints.witness import null_reply, witness
from mathif.items import Item, Layout, Message, Worded

BLOCK = Layout(instruction="", lead="Follow these instructions in your reply:\n", bullet="- ", separator="\n")
"""The one way in which `before`, `after` and `system` write constraints, so that only their place differs."""

THINKING_BLOCK = replace(BLOCK, lead="Follow these instructions in your reasoning before the reply:\n")
"""How demands on the thinking are written."""
_BLOCKS = {Target.FINAL: BLOCK, Target.THINKING: THINKING_BLOCK}

CHECK = "\n\nBefore you answer, check that your {} each of these instructions."
"""What arm `self-check` adds, with what is to be checked."""
_CHECKED = {Target.FINAL: "reply obeys", Target.THINKING: "reasoning obeys"}

SHOTS = 2
"""Worked examples in arm `few-shot`."""


class Others:
    """The other items of a task, in an order that is fixed for each item."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._rungs: dict[int, list[Item]] = {}
        self._places: dict[str, tuple[int, int]] = {}
        for item in sorted(items, key=lambda item: number(f"shuffled/{item.key}")):
            rung = self._rungs.setdefault(len(item.constraints), [])
            self._places[item.key] = len(item.constraints), len(rung)
            rung.append(item)

    def of(self, item: Item) -> Iterator[Item]:
        """Yield the items of the task with as many constraints, of other problems, those that share none first.

        Found over the whole task, so that a limit does not change them.
        """
        if item.key not in self._places:
            return
        size, place = self._places[item.key]
        rung, own = self._rungs[size], set(item.constraints)
        others = [one for one in rung[place + 1 :] + rung[:place] if one.problem.key != item.problem.key]
        strange = [not set(one.constraints) & own for one in others]
        yield from (one for one, stranger in zip(others, strange, strict=True) if stranger)
        yield from (one for one, stranger in zip(others, strange, strict=True) if not stranger)


class Shown(NamedTuple):
    """What a chat is made from.

    Attributes:
        layout: of the task.
        item: with the demands that are asked.
        value: what stands behind the colon of the arm's name.
        base: the item as it is in its task.
        others: the other items.
    """

    layout: Layout
    item: Item
    value: str
    base: Item
    others: Others

    @property
    def question(self) -> str:
        """The problem with the layout's instruction."""
        return self.layout.question(self.item.problem.question)

    @property
    def block(self) -> str:
        """The demands as the task's own layout writes them."""
        return self.layout.block(self.item.sentences)

    def beside(self, block: str) -> tuple[Message, ...]:
        """Show the problem with a block of demands where the layout puts it."""
        return _asked(self.layout.joined(self.question, block))


class Presentation(Protocol):
    """Makes the chat that shows an item."""

    def __call__(self, shown: Shown) -> tuple[Message, ...]:
        """Make it."""


def _asked(text: str) -> tuple[Message, ...]:
    return (Message("user", text),)


def plain(shown: Shown) -> tuple[Message, ...]:
    """Show the problem alone."""
    return _asked(shown.question)


def constrained(shown: Shown) -> tuple[Message, ...]:
    """Show the problem, then the demands."""
    return shown.beside(shown.block)


def shuffled(shown: Shown) -> tuple[Message, ...]:
    """Show the problem, then the constraints of another item."""
    partner = next(shown.others.of(shown.base), shown.item)
    return shown.beside(shown.layout.block(partner.sentences))


def scrambled(shown: Shown) -> tuple[Message, ...]:
    """Show the problem, then the demands with their words permuted."""
    sentences = [_scramble(text, f"{shown.item.key}/{place}") for place, text in enumerate(shown.item.sentences)]
    return shown.beside(shown.layout.block(sentences))


def _scramble(sentence: str, place: str) -> str:
    words = sentence.split()
    Random(number(f"scrambled/{place}")).shuffle(words)
    return " ".join(words)


def block_of(item: Item) -> str:
    """Return the demands of an item as `before`, `after` and `system` write them, a block for each part of a reply."""
    return _block(item.worded)


def _block(worded: Iterable[Worded], whose: str = "") -> str:
    """Return demands as `block_of` does; `whose` says whose parts they are about, where that is to be said."""
    pairs = list(worded)
    told = {target: [said for one, said in pairs if one.target is target] for target in _BLOCKS}
    blocks = {target: replace(own, lead=own.lead.replace(":", f"{whose}:")) for target, own in _BLOCKS.items()}
    return "\n\n".join(blocks[target].block(said) for target, said in told.items() if said)


def before(shown: Shown) -> tuple[Message, ...]:
    """Show the demands before the problem."""
    return _asked(f"{block_of(shown.item)}\n\n{shown.question}")


def after(shown: Shown) -> tuple[Message, ...]:
    """Show the demands after the problem."""
    return _asked(f"{shown.question}\n\n{block_of(shown.item)}")


def system(shown: Shown) -> tuple[Message, ...]:
    """Show the demands in the system turn."""
    return (Message("system", block_of(shown.item)), Message("user", shown.question))


def by_part(shown: Shown) -> tuple[Message, ...]:
    """Show the demands on the reply and those on the thinking, each in a block; the layout is for the task's own."""
    own = {demand.target for demand in shown.base.constraints}
    blocks = []
    for target, other in sorted(_BLOCKS.items(), key=lambda pair: pair[0] not in own):
        layout, joint = (shown.layout, "") if target in own else (other, "\n\n")
        sentences = [sentence for demand, sentence in shown.item.worded if demand.target is target]
        blocks.append(joint + layout.block(sentences) if sentences else "")
    return shown.beside("".join(blocks))


def repeated(shown: Shown) -> tuple[Message, ...]:
    """Show the problem, then the demands so many times."""
    joint = "" if shown.layout.lead[:1].isspace() else shown.layout.separator
    return shown.beside(joint.join([shown.block] * int(shown.value)))


def self_check(shown: Shown) -> tuple[Message, ...]:
    """Show the problem, the demands, and the request to check them."""
    targets = {demand.target for demand in shown.item.constraints}
    parts = [said for target, said in _CHECKED.items() if target in targets]
    return shown.beside(shown.block + CHECK.format(" and your ".join(parts)))


def few_shot(shown: Shown) -> tuple[Message, ...]:
    """Show other items with replies that obey, as turns that have been, and then the item.

    They are of other problems with other answers, so that none gives this one away. No demand of theirs is on the
    thinking, which templates take out of earlier turns.
    """
    pairs = ((one, _witness(one)) for one in _strangers(shown))
    shots = islice(((one, reply) for one, reply in pairs if reply is not None), SHOTS)
    turns = [turn for one, reply in shots for turn in (*constrained(_own(shown, one)), Message("assistant", reply))]
    return (*turns, *constrained(shown))


def turns(shown: Shown) -> tuple[Message, ...]:
    """Set the demands in the first of so many turns; unrelated problems fill the turns before the item's own.

    The unrelated replies are right and minimal: the demands are for the last reply alone, so they owe them nothing.
    """
    count = int(shown.value)
    block = _block(shown.item.worded, " to the last")
    told = f"You will get {count} problems, one after the other. {block}\n\n"
    chat: list[Message] = []
    for place, one in enumerate(islice(_strangers(shown), count - 1)):
        chat += [
            Message("user", (told if place == 0 else "") + f"Problem {place + 1}:\n\n{_own(shown, one).question}"),
            Message("assistant", null_reply(one.problem.answer)),
        ]
    last = f"Problem {len(chat) // 2 + 1}, the last:\n\n{shown.question}"
    return (*chat, Message("user", last if chat else told + last))


def conflict(shown: Shown) -> tuple[Message, ...]:
    """Show the first demand in the system turn and the second behind the problem."""
    systems, (_, user_says) = shown.item.worded
    return (Message("system", _block([systems])), *shown.beside(shown.layout.block([user_says])))


def _own(shown: Shown, other: Item) -> Shown:
    return shown._replace(item=other, base=other)


def _strangers(shown: Shown) -> Iterator[Item]:
    """Yield other items, one for each problem, none with the answer of this one."""
    seen = {shown.item.problem.key}
    for other in shown.others.of(shown.base):
        if other.problem.key not in seen and other.problem.answer != shown.item.problem.answer:
            seen.add(other.problem.key)
            yield other


@lru_cache(maxsize=4096)
def _witness(item: Item) -> str | None:
    """Return a right reply that obeys every constraint of `item`, None where none is found."""
    return witness(item.constraints, null_reply(item.problem.answer))

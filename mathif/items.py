"""What is asked: an `Item` (a benchmark row), the `Task` it belongs to, and a `Prompt` (what a model is shown for it).

They stand above `records` because an item holds constraints, which are objects that judge, not plain data.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from mathif.constraints import Constraint
from mathif.json_values import Json
from mathif.records import Key, Problem, Profile

Worded = tuple[Constraint, str]
"""A constraint and how it is put to the model."""


class Message(NamedTuple):
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


def as_chat(messages: Iterable[Message]) -> list[dict[str, str]]:
    """Return turns as plain JSON, as servers, chat templates and trainers take them."""
    return [{"role": message.role, "content": message.content} for message in messages]


@dataclass(frozen=True, slots=True)
class Item:
    """A benchmark row.

    Attributes:
        key: unique within its task (`gsm8k_single#0`).
        problem: what is asked.
        constraints: the demands on the reply; empty on the rung without any.
        sentences: how each constraint is put to the model, in the same order.
        fixed: the text that obeys the most of its task without knowing the item, "" where none was searched.
    """

    key: str
    problem: Problem
    constraints: tuple[Constraint, ...]
    sentences: tuple[str, ...]
    fixed: str = ""

    @property
    def worded(self) -> tuple[Worded, ...]:
        """Each constraint with its sentence."""
        return tuple(zip(self.constraints, self.sentences, strict=True))

    def demanding(self, worded: Iterable[Worded]) -> Item:
        """Return the item with these constraints, each with its sentence, in place of its own."""
        pairs = tuple(worded)
        own, sentences = tuple(one for one, _ in pairs), tuple(sentence for _, sentence in pairs)
        return Item(self.key, self.problem, own, sentences, self.fixed)

    def worded_anew(self, places: int) -> Item:
        """Return the item with each constraint in the wording so many places behind its own, the first after the last.

        A sentence that is none of its kind's wordings counts as one before them.
        """
        return self.demanding((one, _another(one.wordings(), sentence, places)) for one, sentence in self.worded)


def _another(wordings: tuple[str, ...], own: str, places: int) -> str:
    known = wordings if own in wordings else (own, *wordings)
    return known[(known.index(own) + places) % len(known)]


class Budget(NamedTuple):
    """A limit on the thinking that the run keeps itself: it closes the thinking there and lets the model go on.

    Attributes:
        tokens: the limit.
        opens: what the thinking begins with, put before it; "" where the template opens it.
        closes: what is put behind it.
    """

    tokens: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Mode:
    """How a model is to think: what goes with a prompt beside its messages, nothing where it is free to.

    Attributes:
        template: arguments of the chat template.
        request: fields of the request.
        system: text at the end of the system turn.
        user: text at the end of the last turn of the user.
        budget: the limit that the run keeps itself, or None.
        rewords: whether the template changes the text of a turn too, so that the prompt differs in more than the
            thinking.
    """

    template: Mapping[str, Json] = field(default_factory=dict)
    request: Mapping[str, Json] = field(default_factory=dict)
    system: str = ""
    user: str = ""
    budget: Budget | None = None
    rewords: bool = False

    @property
    def sends(self) -> bool:
        """Whether an engine must send something for it."""
        return bool(self.template or self.request)

    def __bool__(self) -> bool:
        return self != _FREE

    def to_json(self) -> dict[str, Json]:
        """Return the mode as plain JSON, empty fields left out."""
        rows = {field.name: getattr(self, field.name) for field in fields(self)}
        rows |= {"template": dict(self.template), "request": dict(self.request)}
        rows["budget"] = None if self.budget is None else self.budget._asdict()
        return {name: value for name, value in rows.items() if value}


_FREE = Mode()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one model is shown for one item in one arm.

    Attributes:
        key: name of the reply it asks for.
        item: the row it was made from; engines that reach a model read `messages` only.
        messages: the chat, last turn from the user.
        seed: the prompt's own seed in [0, 2**31), derived from the run's seed and the key.
        prefill: what the model's turn already holds, raw, marks of thinking included; "" asks for a reply from its
            start. The generation's text is what follows it and nothing of it.
        mode: how the model is to think.
        limit: most tokens of this reply, where that is less than for all; None where it is not.
    """

    key: Key
    item: Item
    messages: tuple[Message, ...]
    seed: int
    prefill: str = ""
    mode: Mode = _FREE
    limit: int | None = None

    def most_tokens(self, of_all: int | None) -> int | None:
        """Return the most tokens that this reply may have, `of_all` being the limit of every reply."""
        return min((limit for limit in (self.limit, of_all) if limit is not None), default=None)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a task puts its parts together in a prompt; every separator is part of the text.

    Attributes:
        instruction: follows the question (think step by step, box the answer).
        lead: begins the constraints, which follow the instruction.
        bullet: stands before each constraint.
        separator: stands between two constraints.
        close: ends the constraints.
        opening: stands before everything; where there is one, the constraints follow it and the question them.
        heading: stands right before the question.
    """

    instruction: str
    lead: str
    bullet: str
    separator: str
    close: str = ""
    opening: str = ""
    heading: str = ""

    def parts(self) -> dict[str, str]:
        """Return the parts as plain JSON, those left out that not every layout has and this one has not."""
        row = dataclasses.asdict(self)
        return {name: text for name, text in row.items() if text or name not in ("close", "opening", "heading")}

    def question(self, question: str) -> str:
        """Return a question as it is shown without constraints."""
        return self.opening + self.heading + question + self.instruction

    def block(self, sentences: Iterable[str]) -> str:
        """Return constraints as they stand in a prompt."""
        return self.lead + self.separator.join(self.bullet + sentence for sentence in sentences) + self.close

    def joined(self, shown: str, block: str) -> str:
        """Return what `question` gave with what `block` gave in its place."""
        place = len(self.opening) or len(shown)
        return shown[:place] + block + shown[place:]


@dataclass(frozen=True, slots=True)
class Task:
    """A set of items with the layout of their prompts.

    Attributes:
        name: as given to `--task`.
        version: of the data.
        title: one line for a reader.
        layout: how its prompts are put together.
        items: in the order of the data.
        digest: SHA-256 over the content of layout and items.
        unsatisfiable: for each profile, keys of the items that are known to be beyond every reply.
        canary: a string that stands in the task's file and in no prompt, so that training on the file can be found
            out; "" where it has none.
    """

    name: str
    version: str
    title: str
    layout: Layout
    items: tuple[Item, ...]
    digest: str
    unsatisfiable: Mapping[Profile, frozenset[str]]
    canary: str = ""

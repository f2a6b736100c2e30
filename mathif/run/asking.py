"""Asking: the ways in which a run makes its prompts, each pure, each saying what the replies to them are judged for.

What an asking *draws* from replies or from the engine (the constraints of arm `self`, the edits of a probe) decides
prompts and verdicts alike, so it is recorded like a reply, row by row, and learned again when the run is opened.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

from mathif import store
from mathif.arms import SELF, asked_at, modes_of, prompts, self_item, self_prompt
from mathif.errors import DataError
from mathif.items import Item, Mode, Prompt, Task
from mathif.json_values import JsonObject
from mathif.plan import Plan
from mathif.reasoning import split
from mathif.records import Generation, Key, Reply
from mathif.run.dealing import chosen, dealt
from mathif.tasks import constraint_rows, with_constraints

Replies = Mapping[str, Generation]
"""What is answered so far, by key."""
Judged = Sequence[tuple[Item, Key]]
"""The items that one reply is judged for, each with the key of its verdict."""
Drawings = Callable[[str], Iterable[tuple[str, JsonObject]]]
"""Reads the rows recorded in a file of drawings, each with the words that name its place in errors."""


class Asking(Protocol):
    """One way of making prompts.

    Attributes:
        file: name of the file of what it draws, "" where it draws nothing.
    """

    file: str

    def draw(self, done: Replies) -> Iterator[JsonObject]:
        """Yield a row for everything that can be drawn from `done` and is not learned yet."""

    def learn(self, row: JsonObject, where: str) -> None:
        """Take over a row that was drawn; `where` begins every error.

        Raises:
            DataError: if it is none of this run's.
        """

    def prompts(self, done: Replies) -> Iterable[Prompt]:
        """Return every prompt that can be made now, answered or not."""

    def served(self, done: Replies) -> dict[str, Judged]:
        """Return for each key that is asked, or will be, what its reply is judged for."""


Learned = TypeVar("Learned", bound=Asking)


def nothing_drawn(file: str) -> Iterable[tuple[str, JsonObject]]:
    """Return no row: what a run has drawn that no file holds."""
    return ()


def learned(asking: Learned, drawn: Drawings) -> Learned:
    """Return `asking` after it has learned what is recorded of its drawing.

    Raises:
        DataError: if a row is none of this run's, with what to do.
    """
    for where, row in drawn(asking.file):
        try:
            asking.learn(row, where)
        except DataError as error:
            raise DataError(f"{error}; remove {asking.file}, go on with the run, and it is drawn again") from error
    return asking


class Arms:
    """Asks items in arms whose prompts need no reply to be made."""

    file = ""

    def __init__(self, plan: Plan, tasks: tuple[Task, ...]) -> None:
        self.tasks = tasks
        self._plan = plan

    def draw(self, done: Replies) -> Iterator[JsonObject]:
        """Nothing is drawn."""
        return iter(())

    def learn(self, row: JsonObject, where: str) -> None:
        """Refuse any row: nothing is drawn."""
        raise DataError(f"{where}: found a row, expected none")

    def prompts(self, done: Replies) -> Sequence[Prompt]:
        """Return all of them, task by task."""
        return self._prompts

    def served(self, done: Replies) -> dict[str, Judged]:
        """Return every key of these arms."""
        return self._served

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over every prompt of these arms; a shard has that of the whole, which it is a part of."""
        total = hashlib.sha256()
        for prompt in self._prompts if self._plan.part is None else self._made(whole=True):
            sent = [prompt.mode.to_json()] if prompt.mode else []
            total.update(store.canonical([str(prompt.key), prompt.messages, prompt.seed, *sent]).encode())
        return total.hexdigest()

    @property
    def empty(self) -> bool:
        """Whether there is no prompt at all, in this shard or in another one."""
        return not self._prompts and (self._plan.part is None or next(self._made(whole=True), None) is None)

    @cached_property
    def modes(self) -> Mapping[str, Mode]:
        """How the arms that switch the thinking do it.

        Raises:
            UsageError: if the model's family has no way for one.
        """
        return modes_of(self._plan.arms, self._plan.model, self._plan.options.tags)

    @cached_property
    def _prompts(self) -> list[Prompt]:
        return list(self._made(whole=False))

    def _made(self, whole: bool) -> Iterator[Prompt]:
        """Yield the prompts of the plan, or of the plan that it is a shard of."""
        plan = self._plan
        for task in self.tasks:
            items = chosen(task.items, plan.limit) if whole else dealt(plan, task.items)
            yield from prompts(task, items, plan.arms, plan.samples, plan.sampling.seed, plan.system_prompt, self.modes)

    @cached_property
    def _served(self) -> dict[str, Judged]:
        served: dict[str, list[tuple[Item, Key]]] = {}
        for task in self.tasks:
            arms = [arm for arm in self._plan.arms if arm != SELF]
            for arm, item in itertools.product(arms, dealt(self._plan, task.items)):
                pair = asked_at(item, arm)
                if pair is None:
                    continue
                place, judged = pair
                for sample in range(self._plan.samples):
                    asked = str(Key(task.name, place, arm, sample))
                    served.setdefault(asked, []).append((judged, Key(task.name, item.key, arm, sample)))
        return {**served}


class Own:
    """Arm `self`: asks each item with constraints drawn from the model's own plain reply to its problem."""

    file = "self.jsonl"

    def __init__(self, plan: Plan, tasks: Sequence[Task]) -> None:
        self._seed = plan.sampling.seed
        self._system = plan.system_prompt
        self._waiting: dict[str, list[tuple[Task, Item, Key]]] = {}
        for task in tasks:
            for item, sample in itertools.product(dealt(plan, task.items), range(plan.samples)):
                if item.constraints:
                    plain = str(Key(task.name, item.problem.key, "plain", sample))
                    key = Key(task.name, item.key, SELF, sample)
                    self._waiting.setdefault(plain, []).append((task, item, key))
        self._asked = {str(key): (task, item, key) for rows in self._waiting.values() for task, item, key in rows}
        self._learned: set[str] = set()
        self._prompts: list[Prompt] = []
        self._served: dict[str, Judged] = {}

    def draw(self, done: Replies) -> Iterator[JsonObject]:
        """Yield the constraints that the plain replies in `done` meet already."""
        undrawn = [
            plain for plain, rows in self._waiting.items() if any(str(row[2]) not in self._learned for row in rows)
        ]
        for plain in undrawn:
            if plain in done:
                yield from self.drawn_from(split(done[plain]))

    def drawn_from(self, plain: Reply) -> Iterator[JsonObject]:
        """Yield what one plain reply gives; nothing where no item waits for the reply."""
        for _, item, key in self._waiting.get(plain.key, ()):
            if str(key) not in self._learned:
                own = self_item(item, key.sample, plain)
                yield {"key": str(key), "constraints": constraint_rows(own)}

    def learn(self, row: JsonObject, where: str) -> None:
        """Take over the constraints of an item; one with none to ask is left out."""
        named, rows = row.get("key"), row.get("constraints", ())
        if not isinstance(named, str) or named not in self._asked:
            raise DataError(f"{where}: found {named}, expected the key of an item of this run's tasks")
        task, item, key = self._asked[named]
        own = with_constraints(item, rows, where)
        self._learned.add(str(key))
        if own.constraints:
            self._prompts.append(self_prompt(task, own, key.sample, self._seed, self._system))
            self._served[str(key)] = [(own, key)]

    def prompts(self, done: Replies) -> Iterable[Prompt]:
        """Return the prompts of the items drawn so far."""
        return self._prompts

    def served(self, done: Replies) -> dict[str, Judged]:
        """Return the keys of the items drawn so far; those drawn later are found in it too."""
        return self._served

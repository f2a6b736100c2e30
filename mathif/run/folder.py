"""A run folder, opened: the persistence of a run and nothing else.

`run.json` (the head: what was asked of whom), `generations.jsonl`, the files of what is drawn, `verdicts.jsonl`,
`report.json` and `report.md` are written in this order, each from the earlier ones alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from mathif import __version__, store
from mathif.arms import parse_arms
from mathif.errors import DataError, UsageError
from mathif.items import Item, Prompt, Task
from mathif.plan import Plan
from mathif.records import SCHEMA, Generation, Graded, Sampling
from mathif.run.asking import Asking, Drawings, Judged
from mathif.run.dealt import chosen
from mathif.run.subject import Items, Subject, stamped, today
from mathif.store import Records

Json = Mapping[str, Any]

GENERATIONS = "generations.jsonl"
VERDICTS = "verdicts.jsonl"


class Replies(Mapping[str, Generation]):
    """The recorded replies by key, each read when it is asked for, with the marks of thinking that the user named."""

    def __init__(self, records: Records, tags: tuple[str, str] | None) -> None:
        self._records = records
        self._tags = tags

    def __getitem__(self, key: str) -> Generation:
        return self.read(self._records[key], f"{self._records.path}: {key}")

    def read(self, row: Json, where: str) -> Generation:
        """Return the reply of a record; `where` begins every error.

        Raises:
            DataError: if it is not one.
        """
        try:
            generation = Generation.from_json(row)
            return generation if generation.tags or not self._tags else replace(generation, tags=self._tags)
        except DataError as error:
            raise DataError(f"{where}: {error}") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: object) -> bool:
        return key in self._records


class Run:
    """A run folder, opened.

    Attributes:
        folder: the folder.
        head: the content of `run.json`.
        plan: what the user asked for.
        subject: what the run is about.
    """

    def __init__(self, folder: Path, subject_of: Callable[[Path, Json], Subject[Any]] | None = None) -> None:
        """Open the run in `folder`.

        Args:
            folder: where it is.
            subject_of: makes the subject from folder and head; None for a run that asks items.

        Raises:
            DataError: if it is not a run, or was made by another version of the records.
            UsageError: if it is a run of another kind.
        """
        self.folder = folder
        self.head = read_head(folder)
        self.plan = Plan.from_json(self.head["plan"])
        self.subject = (subject_of or _items)(folder, self.head)
        self._records: Records | None = None

    @classmethod
    def create(cls, plan: Plan, folder: Path) -> Run:
        """Create the folder of a new run.

        Raises:
            UsageError: if the folder holds something already.
        """
        refuse_taken(folder, f"continue that run with --resume {folder}, or choose another --out")
        parse_arms(",".join(plan.arms))
        items = Items(plan, str(folder), drawings(folder))
        settled = {"plan": plan.to_json(), **stamped(items.arms), "started": today()}
        head = {"schema": SCHEMA, "mathif": __version__, **settled}
        folder.mkdir(parents=True, exist_ok=True)
        store.write_json(folder / "run.json", head)
        return cls(folder, lambda folder, head: items)

    def update_head(self, **fields: Any) -> None:
        """Set fields of `run.json`: what a stage found out that the next ones need to know."""
        if fields:
            self.head = {**self.head, **fields}
            store.write_json(self.folder / "run.json", self.head)

    def go_another_way(self, changed: Json) -> None:
        """Change from now on what changes no reply; `changed` holds fields of `Options` that are `WAYS`."""
        if changed:
            self.plan = replace(self.plan, options=replace(self.plan.options, **changed))
            self.update_head(plan=self.plan.to_json())

    def draw_as(self, sampling: Sampling) -> None:
        """Note how replies are drawn in fact, where that is not what was asked: as the model recommends."""
        if sampling != self.plan.sampling:
            self.plan = replace(self.plan, sampling=sampling)
            self.update_head(plan=self.plan.to_json())

    @property
    def resume_line(self) -> str:
        """The command that continues this run."""
        return self.subject.resume_line

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, checked to be those that the run was started with.

        Raises:
            DataError: if a task's data or the prompts made from them have changed since.
        """
        return self.subject.arms.tasks

    def items(self, task: Task) -> list[Item]:
        """The items of `task` that this run asks: all, or as many as `limit`."""
        return list(chosen(task.items, self.plan.limit))

    # What is recorded

    @property
    def records(self) -> Records:
        """The records of `generations.jsonl`, as they are; looked through again where the file has changed."""
        if self._records is None or self._records.stale:
            self._records = Records(self.folder / GENERATIONS)
        return self._records

    @property
    def replies(self) -> Replies:
        """The recorded replies.

        Raises:
            DataError: if a record is not as it was written, naming the first, or if a key occurs twice, naming three.
        """
        if self.records.faults:
            fault = self.records.faults[0]
            raise DataError(
                f"{self.records.path}:{fault.line}: {fault.reason}; ask for it again with: {self.resume_line}"
            )
        doubled = self.records.doubled
        if doubled:
            raise DataError(f"{self.records.path}: {len(doubled)} keys occur twice, first {', '.join(doubled[:3])}")
        return Replies(self.records, self.plan.options.tags)

    @property
    def askings(self) -> Sequence[Asking]:
        """The ways in which it asks."""
        return self.subject.askings

    def prompts(self) -> Iterator[Prompt]:
        """Yield every prompt that can be made from what is recorded so far, answered or not."""
        replies = self.replies
        return chain.from_iterable(asking.prompts(replies) for asking in self.askings)

    def pending(self) -> Iterator[Prompt]:
        """Yield the prompts without a reply; those of a probe hold whole traces, so they are made one at a time."""
        replies = self.replies
        return (prompt for prompt in self.prompts() if str(prompt.key) not in replies)

    def served(self) -> Mapping[str, Judged]:
        """Return for each key that is asked the items its reply is judged for, each with the key of its verdict."""
        return self.subject.served(self.replies)

    def judged(self) -> Mapping[str, Generation]:
        """Return the replies as they are judged.

        Raises:
            DataError: if a recorded key is not one that this run asks for, naming the first three.
        """
        replies, served = self.replies, self.served()
        unknown = [key for key in replies if key not in served]
        if unknown:
            raise DataError(
                f"{self.folder / GENERATIONS}: {len(unknown)} keys are not of this run, first {', '.join(unknown[:3])}"
            )
        return self.subject.judged(replies)

    def graded(self) -> Iterator[Graded]:
        """Yield the verdicts in the order of `verdicts.jsonl`.

        Raises:
            DataError: if the run is not graded, or a row cannot be read.
        """
        return map(Graded.from_json, store.read_rows(self.folder / VERDICTS))

    def found_aside(self) -> Iterator[Json]:
        """Yield what the subject found out beside the verdicts; nothing where it listens to nothing."""
        aside = self.subject.aside()
        return store.read_rows(self.folder / aside.file) if aside else iter(())


def read_head(folder: Path) -> Json:
    """Read `run.json`.

    Raises:
        DataError: if the folder is not that of a run, or was made by another version of the records.
    """
    path = folder / "run.json"
    head = store.read_json(path)
    if head.get("schema") != SCHEMA:
        raise DataError(f"{path}: found schema {head.get('schema')!r}, expected {SCHEMA}")
    for name, kind in (("plan", dict), ("tasks", list), ("prompts", str), ("mathif", str)):
        if not isinstance(head.get(name), kind):
            raise DataError(f"{path}: not the head of a run: {name!r} is missing or of another type")
    return head


def refuse_taken(folder: Path, instead: str) -> None:
    """Refuse a folder that holds something already; `instead` says what to do.

    Raises:
        UsageError: if it does.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder}: not empty; {instead}")


def _items(folder: Path, head: Json) -> Subject[Any]:
    if "probe" in head:
        raise UsageError(f"{folder}: found a probe, expected the run it probes")
    return Items(Plan.from_json(head["plan"]), str(folder), drawings(folder), head)


def drawings(folder: Path) -> Drawings:
    """Return what reads the rows that a run in `folder` has drawn."""

    def rows(file: str) -> Iterator[tuple[str, Json]]:
        path = folder / file
        for number, row in enumerate(store.read_rows(path) if path.exists() else (), 1):
            yield f"{path}:{number}", row

    return rows

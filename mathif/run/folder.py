"""A run folder, opened: the persistence of a run and nothing else.

`run.json` (the head: what was asked of whom), `generations.jsonl`, the files of what is drawn, `verdicts.jsonl`,
`report.json` and `report.md` are written in this order, each from the earlier ones alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Unpack

from mathif import __version__, store
from mathif.constraints import KINDS
from mathif.counting import counted
from mathif.errors import DataError, IncompleteError, UsageError
from mathif.items import Item, Mode, Prompt, Task
from mathif.json_values import JsonObject
from mathif.plan import Plan
from mathif.records import SCHEMA, Generation, Graded, Sampling
from mathif.run.asking import Arms, Asking, Drawings, Judged
from mathif.run.dealing import dealt
from mathif.run.head import VERDICTS, Head, HeadFields, origin_of, read_head, write_head
from mathif.run.registration import register
from mathif.run.subject import Items, Subject, new_items, stamped
from mathif.store import Mark, Records
from mathif.yardstick import measured, yardstick

GENERATIONS = "generations.jsonl"


class Replies(Mapping[str, Generation]):
    """The recorded replies by key, each read when it is asked for, by the marks and the yardstick that the user set."""

    def __init__(self, records: Records, tags: tuple[str, str] | None, tokenizer: str | None) -> None:
        self._records = records
        self._tags = tags
        self._tokenizer = tokenizer

    def __getitem__(self, key: str) -> Generation:
        return self.read(self._records[key], f"{self._records.path}: {key}")

    def read(self, row: JsonObject, where: str) -> Generation:
        """Return the reply of a record; `where` begins every error.

        Raises:
            DataError: if it is not one.
        """
        try:
            generation = Generation.from_json(row)
            if self._tags and not generation.tags:
                generation = replace(generation, tags=self._tags)
            return measured(generation, yardstick(self._tokenizer)) if self._tokenizer else generation
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

    def __init__(self, folder: Path, subject_of: Callable[[Run], Subject[Any]] | None = None) -> None:
        """Open the run in `folder`.

        Args:
            folder: where it is.
            subject_of: makes the subject of the run from the rest of it; None for a run that asks items.

        Raises:
            DataError: if it is not a run, or was made by another version of the records.
            UsageError: if it is a run of another kind.
        """
        self.folder = folder
        self.head = read_head(folder)
        refuse_links(folder)
        try:
            self.plan = Plan.from_json(self.head["plan"])
        except DataError as error:
            raise DataError(f"{folder / 'run.json'}: {error}") from error
        self._records: Records | None = None
        self.subject = (subject_of or _items)(self)

    @classmethod
    def create(cls, plan: Plan, folder: Path, registered: Path | None = None) -> Run:
        """Create the folder of a new run, and write its plan to the file `registered`.

        Raises:
            UsageError: if the folder holds something already, or the file another plan, or there is nothing to ask.
        """
        store.refuse_taken(folder, f"continue that run with --resume {folder}, or choose another --out")
        items = new_items(plan, str(folder))
        digest: HeadFields = {"registered": register(plan, stamped(items.arms), registered)} if registered else {}
        make(folder, plan, items.arms, digest)
        return cls(folder, lambda run: items)

    def update_head(self, **fields: Unpack[HeadFields]) -> None:
        """Set fields of `run.json`: what a stage found out that the next ones need to know."""
        if fields:
            self.head = {**self.head, **fields}
            write_head(self.folder, self.head)

    def change_ways(self, changed: Mapping[str, Any]) -> None:
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
    def engine(self) -> JsonObject:
        """How the engine describes itself.

        Raises:
            DataError: if nothing was asked yet.
        """
        if not self.head.get("engine", {}).get("model"):
            raise DataError(f"{self.folder / 'run.json'}: names no engine; continue the run with: {self.resume_line}")
        described = self.head["engine"]
        tokenizer = self.plan.options.tokenizer
        return (
            described
            if tokenizer is None
            else {**described, "tokens": f"by {Path(tokenizer).name} where the engine did not count"}
        )

    @property
    def resume_line(self) -> str:
        """The command that continues this run."""
        return self.subject.resume_line

    @property
    def modes(self) -> Mapping[str, Mode]:
        """How the arms that switch the thinking do it."""
        return self.subject.arms.modes

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, checked to be those that the run was started with.

        Raises:
            DataError: if a task's data or the prompts made from them have changed since.
        """
        return self.subject.arms.tasks

    def items(self, task: Task) -> list[Item]:
        """The items of `task` that this run asks: all, or those of its limit and its shard."""
        return list(dealt(self.plan, task.items))

    # What is recorded

    def mark(self, file: str) -> Mark | None:
        """What the head says that a record file holds, None where it says nothing."""
        known = self.head.get("records", {}).get(file)
        if known is None:
            return None
        total, digest = known
        return Mark(int(total), str(digest))

    def note(self, marks: Mapping[str, Mark]) -> None:
        """Write into the head what record files hold now."""
        known = self.head.get("records", {})
        now: dict[str, list[int | str]] = {file: [mark.total, mark.digest] for file, mark in marks.items()}
        new = {**known, **now}
        if new != known:
            self.update_head(records=new)

    @property
    def origin(self) -> int:
        """What the checksums of its replies and drawings begin from; 0 in a run of an older program."""
        return self.head.get("origin", 0)

    def look_through(self, file: str) -> Records:
        """Return the records of a file, damaged or not."""
        return Records(self.folder / file, self.mark(file), self.origin)

    @property
    def records(self) -> Records:
        """The records of `generations.jsonl`, damaged or not; looked through again where the file has changed."""
        if self._records is None or self._records.stale:
            self._records = self.look_through(GENERATIONS)
        return self._records

    def reread(self) -> None:
        """Look through the recorded replies again when they are next asked for."""
        self._records = None

    @property
    def sound(self) -> Replies:
        """The recorded replies that are whole, whatever else there is."""
        return Replies(self.records, self.plan.options.tags, self.plan.options.tokenizer)

    @property
    def replies(self) -> Replies:
        """The recorded replies, none of them damaged or missing.

        Raises:
            DataError: if a record is not as it was written or has the key of another one, naming the first, or if
                records are missing; each with what mends it.
        """
        path, faults = self.records.path, self.records.faults
        if faults:
            name = f"{faults[0].key}: " if faults[0].key else ""
            raise DataError(f"{path}:{faults[0].number}: {name}{faults[0].reason}; {self._ask_again}")
        if self.records.lost:
            raise DataError(f"{path}: {self.records.lost}; {self._ask_again}")
        return self.sound

    @property
    def _ask_again(self) -> str:
        return f"ask for it again with: {self.resume_line}"

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

    def incomplete(self) -> IncompleteError | None:
        """Return what is missing, with the line that asks for it; None where every prompt so far has a reply."""
        asked, done = self.served(), self.subject.judged(self.replies)  # a probe judges what its run recorded too
        missing = sum(key not in done for key in asked)
        if not missing:
            return None
        return IncompleteError(
            f"{self.folder}: {missing} of {counted(len(asked), 'prompt')} have no reply yet; ask for them with: "
            f"{self.resume_line}"
        )

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
                f"{self.folder / GENERATIONS}: {counted(len(unknown), 'key is', 'keys are')} not of this run, "
                f"first {', '.join(unknown[:3])}"
            )
        return self.subject.judged(replies)

    def graded(self) -> Iterator[Graded]:
        """Yield the verdicts in the order of `verdicts.jsonl`.

        Raises:
            DataError: if the run is not graded, or a verdict is damaged or missing, naming the first.
        """
        path, seen = self.folder / VERDICTS, set()
        if self.mark(VERDICTS) is None and not path.exists():
            raise DataError(f"{self.folder}: is not graded yet; grade it with: mathif grade {self.folder}")
        try:
            for number, row in enumerate(store.read_rows(path, self.mark(VERDICTS)), 1):
                try:
                    verdict = Graded.from_json(row)
                except DataError as error:
                    raise DataError(f"{path}:{number}: {error}") from error
                seen.add(verdict.key)
                yield verdict
        except DataError as error:
            raise DataError(f"{error}{self._missing(seen)}; grade it again: mathif grade {self.folder}") from error

    def _missing(self, seen: set[str]) -> str:
        """Return which verdict is the first that is missing, "" where none is."""
        keys = (str(key) for judged in self.served().values() for _, key in judged)
        first = next((key for key in keys if key not in seen), None) if seen else None
        return f", first missing {first}" if first else ""

    def found_aside(self) -> Iterator[JsonObject]:
        """Yield what the subject found out beside the verdicts; nothing where it listens to nothing.

        Raises:
            DataError: if a row is damaged or missing.
        """
        aside = self.subject.aside()
        try:
            yield from store.read_rows(self.folder / aside.file, self.mark(aside.file)) if aside else ()
        except DataError as error:
            raise DataError(f"{error}; grade it again: mathif grade {self.folder}") from error


def make(folder: Path, plan: Plan, arms: Arms, more: HeadFields) -> None:
    """Make the folder of a new run with its head; `more` holds the fields that only this kind of run has.

    Raises:
        DataError: if the disk refuses.
    """
    stamp = stamped(arms)
    head: Head = {
        "schema": SCHEMA,
        "mathif": __version__,
        "plan": plan.to_json(),
        **stamp,
        "origin": origin_of(plan, stamp),
        "started": datetime.now(UTC).date().isoformat(),
        **more,
    }
    kinds = (demand.kind for task in arms.tasks for item in task.items for demand in item.constraints)
    packages = KINDS.origins(kinds)
    if packages:
        head["packages"] = packages
    store.make_folder(folder)
    write_head(folder, head)


def refuse_links(folder: Path) -> None:
    """Refuse a run folder in which a file is a link: what is written there could end up elsewhere.

    Raises:
        DataError: naming the first link.
    """
    try:
        links = sorted(path for path in folder.iterdir() if path.is_symlink())
    except OSError as error:
        raise DataError(f"{folder}: cannot be read: {error.strerror}") from error
    if links:
        raise DataError(f"{links[0]}: is a link; a run's files lie in its folder, so put the file itself there")


def _items(run: Run) -> Subject[Any]:
    if "probe" in run.head:
        whole = f"mathif probe {run.folder.parent.parent} --name {run.folder.name}"
        raise UsageError(
            f"{run.folder}: found a probe, expected the run it probes; the probe is continued with: {whole}"
        )
    return Items(run.plan, str(run.folder), drawings(run), run.head)


def drawings(run: Run) -> Drawings:
    """Return what reads the rows that a run has drawn."""

    def rows(file: str) -> Iterator[tuple[str, JsonObject]]:
        path, mark = run.folder / file, run.mark(file)
        if mark is None and not path.exists():
            return
        try:
            for number, row in enumerate(store.read_rows(path, mark, run.origin), 1):
                yield f"{path}:{number}", row
        except DataError as error:
            raise DataError(f"{error}; mend it with: {run.resume_line}") from error

    return rows

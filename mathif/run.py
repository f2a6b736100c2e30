"""A run: a folder that holds what was asked, every raw reply, every verdict and the report, stage by stage.

`run.json`, `generations.jsonl`, `verdicts.jsonl`, `report.json` and `report.md` are written in this order, each from
the earlier ones alone, so that any stage can be repeated and a killed run goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from mathif import __version__, store
from mathif.arms import asked_at, prompts, self_item, self_prompt
from mathif.engines import Engine, Options, open_engine
from mathif.errors import DataError, EngineError, IncompleteError, MathifError, UsageError
from mathif.grading import graded, graders_digest
from mathif.items import Item, Prompt, Task
from mathif.reasoning import split
from mathif.records import SCHEMA, Finish, Generation, Graded, Key, Sampling
from mathif.report import summarize
from mathif.results import stored
from mathif.tables import markdown
from mathif.tasks import constraint_rows, load, with_constraints

Row = TypeVar("Row")
Progress = Callable[[Iterable[Row], int, str], Iterable[Row]]
"""Wraps an iterable of known length to show how far it is; the third argument says what is being done."""


def silent(rows: Iterable[Row], total: int, what: str) -> Iterable[Row]:
    """Show nothing of how far it is: the progress of whoever does not watch."""
    return rows


GRADING_CHUNK = 64
"""Replies handed to a grading process at a time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user asked for; kept in `run.json`, so that a run is resumed with the same settings.

    Attributes:
        model: as given to `--model`.
        tasks: names or folders of tasks.
        arms: names of arms.
        data: folder with a local copy of hub data, or None.
        samples: replies for each item and arm.
        limit: number of items of each task, from a fixed shuffle of its problems, or None for all.
        sampling: how replies are drawn; holds the seed.
        options: what the engine was told.
    """

    model: str
    tasks: tuple[str, ...]
    arms: tuple[str, ...]
    data: str | None = None
    samples: int = 1
    limit: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    options: Options = field(default_factory=Options)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Plan:
        """Read what `to_json` wrote."""
        values = {**row, "tasks": tuple(row["tasks"]), "arms": tuple(row["arms"])}
        return cls(**{**values, "sampling": Sampling(**row["sampling"]), "options": Options.from_json(row["options"])})


class Run:
    """A run folder, opened."""

    is_probe: ClassVar[bool] = False
    """Whether it goes on from the replies of another run."""

    def __init__(self, folder: Path) -> None:
        """Open the run in `folder`.

        Raises:
            DataError: if it is not a run, or was made by another version of the records.
            UsageError: if it is a probe where a run is wanted, or a run where a probe is.
        """
        self.folder = folder
        head = store.read_json(folder / "run.json")
        if ("probe" in head) is not self.is_probe:
            found, expected = ("a run", "a probe of one") if self.is_probe else ("a probe", "the run it probes")
            raise UsageError(f"{folder}: found {found}, expected {expected}")
        if head.get("schema") != SCHEMA:
            raise DataError(f"{folder / 'run.json'}: found schema {head.get('schema')!r}, expected {SCHEMA}")
        self.head = head
        self.plan = Plan.from_json(head["plan"])

    @classmethod
    def create(cls, plan: Plan, folder: Path) -> Run:
        """Create the folder of a new run.

        Raises:
            UsageError: if the folder holds something already.
        """
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder}: not empty; continue that run with --resume {folder}, or choose another --out")
        tasks = _load(plan)
        folder.mkdir(parents=True, exist_ok=True)
        head = {
            "schema": SCHEMA,
            "mathif": __version__,
            "plan": plan.to_json(),
            "tasks": [{"name": task.name, "version": task.version, "digest": task.digest} for task in tasks],
            "prompts": prompts_digest(plan, tasks),
        }
        store.write_json(folder / "run.json", head)
        return cls(folder)

    def update_head(self, field: str, value: Any) -> None:
        """Set one field of `run.json`: what a stage found out that the next ones need to know."""
        self.head = {**self.head, field: value}
        store.write_json(self.folder / "run.json", self.head)

    def go_another_way(self, changed: Mapping[str, Any]) -> None:
        """Change how the engine is reached from now on; `changed` holds fields of `Options` that are `WAYS`."""
        if changed:
            self.plan = dataclasses.replace(self.plan, options=dataclasses.replace(self.plan.options, **changed))
            self.update_head("plan", self.plan.to_json())

    @property
    def resume_line(self) -> str:
        """The command that continues this run."""
        return f"mathif eval --resume {self.folder}"

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, checked to be the ones that the run was started with.

        Raises:
            DataError: if a task's data or the prompts made from them have changed since.
        """
        tasks = _load(self.plan)
        for task, known in zip(tasks, self.head["tasks"], strict=True):
            if task.digest != known["digest"]:
                raise DataError(f"{self.folder}: task {task.name!r} has changed since this run began; start a new run")
        if prompts_digest(self.plan, tasks) != self.head["prompts"]:
            raise DataError(
                f"{self.folder}: this mathif ({__version__}) makes other prompts than the one that began the run "
                f"({self.head['mathif']}); start a new run"
            )
        return tasks

    def items(self, task: Task) -> Sequence[Item]:
        """The items of `task` that this run asks: all, or as many as `limit`."""
        return chosen(task.items, self.plan.limit)

    def prompts(self) -> Iterator[Prompt]:
        """Yield every prompt that needs no reply to be made, task by task."""
        return _prompts(self.plan, self.tasks)

    def prepare(self, engine: Engine) -> None:
        """Record what the prompts need to know of the engine; nothing in a run that asks items."""

    def pending(self) -> Iterator[Prompt]:
        """Yield the prompts that can be made from what is recorded so far and have no reply yet.

        What is recorded while they are read changes none of them. They are made one at a time, since those of a probe
        hold whole chains of thought.
        """
        done = {generation.key for generation in self.generations()}
        _record_self_items(self)
        asked = itertools.chain(self.prompts(), list(_self_prompts(self)))
        return (prompt for prompt in asked if str(prompt.key) not in done)

    def served(self) -> dict[str, list[tuple[Item, Key]]]:
        """Return for each key that is asked the items its reply is judged for, each with the key of its verdict."""
        return _served(self)

    def replies(self) -> Iterator[Generation]:
        """Yield the replies that are judged; what came back, in a run that asks items."""
        return self.generations()

    def generations(self) -> Iterator[Generation]:
        """Yield the recorded generations, each key once.

        Raises:
            DataError: for a malformed row, and for doubled keys, naming the first three.
        """
        path = self.folder / "generations.jsonl"
        seen: set[str] = set()
        doubled: list[str] = []
        for number, row in enumerate(store.read_rows(path) if path.exists() else (), 1):
            try:
                generation = Generation.from_json(row)
            except DataError as error:
                raise DataError(f"{path}:{number}: {error}") from error
            if generation.key in seen:
                doubled.append(generation.key)
            seen.add(generation.key)
            yield generation
        if doubled:
            raise DataError(f"{path}: {len(doubled)} keys occur twice, first {', '.join(doubled[:3])}")


def chosen(items: Sequence[Item], limit: int | None) -> Sequence[Item]:
    """Return `limit` items, whole problems first, or all of them for None; in the order of the task.

    The problems come from a fixed shuffle, so that every source and tier has its share, a problem keeps its rungs
    together, and a larger limit holds the smaller one.
    """
    if limit is None or limit >= len(items):
        return items
    shuffled = sorted(items, key=lambda item: store.digest(item.problem.key))
    kept = {item.key for item in shuffled[:limit]}
    return [item for item in items if item.key in kept]


def _load(plan: Plan) -> tuple[Task, ...]:
    """Load the tasks of a plan, whose names begin the keys of its replies.

    Raises:
        UsageError: if two of them have one name.
    """
    tasks = tuple(load(name, Path(plan.data) if plan.data else None) for name in plan.tasks)
    names = [task.name for task in tasks]
    if len(set(names)) < len(names):
        raise UsageError(f"--task: found tasks named {', '.join(names)}, expected each name once; run them apart")
    return tasks


def _prompts(plan: Plan, tasks: Iterable[Task]) -> Iterator[Prompt]:
    for task in tasks:
        items = chosen(task.items, plan.limit)
        yield from prompts(task, items, plan.arms, plan.samples, plan.sampling.seed)


def prompts_digest(plan: Plan, tasks: Iterable[Task]) -> str:
    """Return the SHA-256 over every prompt of `plan` that needs no reply to be made."""
    total = hashlib.sha256()
    for prompt in _prompts(plan, tasks):
        total.update(store.canonical([str(prompt.key), prompt.messages, prompt.seed]).encode())
    return total.hexdigest()


# Stage 1: generations.jsonl


def generate(run: Run, progress: Progress[Generation], notice: Callable[[str], None]) -> None:
    """Ask for every reply that is not recorded yet; a run that has them all is left as it is.

    Args:
        run: the run.
        progress: shows how far it is.
        notice: tells the user one sentence.

    Raises:
        IncompleteError: if some prompts could not be answered, or the user stopped it; what was answered is kept.
        EngineError: if the engine cannot be started or cannot go on.
    """
    path = run.folder / "generations.jsonl"
    with store.locked(run.folder):
        dropped = store.repair(path)
        if dropped:
            notice(f"{path}: the last record was torn ({dropped} bytes) and was dropped; it will be asked again")
        if "engine" in run.head and next(run.pending(), None) is None:
            notice(f"{run.folder}: every reply is there already")
            return
        try:
            failed = _ask_all(run, progress, notice)
        except KeyboardInterrupt as error:
            raise IncompleteError(f"stopped; every reply so far is kept. Continue with: {run.resume_line}") from error
        except EngineError as error:
            if not run.folder.exists():
                raise
            raise EngineError(f"{error}. Every reply so far is kept; continue with: {run.resume_line}") from error
        _warn_of_silence(run, notice)
    if failed:
        wanted = len(failed) + sum(1 for _ in run.generations())
        raise IncompleteError(
            f"{len(failed)} of {wanted} prompts were not answered, first {failed[0].key}: {failed[0].error}. "
            f"Ask them again with: {run.resume_line}"
        )


def _ask_all(run: Run, progress: Progress[Generation], notice: Callable[[str], None]) -> list[Generation]:
    """Ask what can be asked until no reply makes a further prompt; return the failures."""
    failed: dict[str, Generation] = {}
    with _nothing_left_behind(run), closing(_engine(run, notice)) as engine:
        described = engine.describe(run.plan.sampling)
        run.prepare(engine)
        _describe(run, described)
        while keys := {str(prompt.key) for prompt in run.pending()} - failed.keys():
            failed |= {generation.key: generation for generation in _ask(run, engine.generate, keys, progress)}
    return list(failed.values())


def _warn_of_silence(run: Run, notice: Callable[[str], None]) -> None:
    """Say so where no reply of a run holds any text: then something between the model and the records is amiss."""
    finishes: set[Finish] = set()
    for generation in run.generations():
        if split(generation).final:
            return
        finishes.add(generation.finish)
    if finishes:
        notice(
            f"warning: every reply is without a final text (how they ended: {', '.join(sorted(finishes))}); before you "
            f"trust the scores, read {run.folder / 'generations.jsonl'}, and look at the chat template, the reasoning "
            "parser of the server and --max-tokens"
        )


def _engine(run: Run, notice: Callable[[str], None]) -> Engine:
    keys = {key for task in run.tasks for item in task.items for key in (item.key, item.problem.key)}
    return open_engine(run.plan.model, run.plan.options, keys, notice)


@contextmanager
def _nothing_left_behind(run: Run) -> Iterator[None]:
    """Remove the folder of a run whose engine cannot be opened, or gives up before it has given any reply."""
    try:
        yield
    except MathifError as error:
        if "engine" not in run.head or (isinstance(error, EngineError) and next(run.generations(), None) is None):
            shutil.rmtree(run.folder)
        raise


def _ask(
    run: Run,
    answer: Callable[[Iterable[Prompt], Sampling], Iterator[Generation]],
    keys: set[str],
    progress: Progress[Generation],
) -> list[Generation]:
    """Record the replies to the pending prompts with these keys as they come; return the failures, recorded apart.

    Raises:
        EngineError: if the engine answers what it was not asked, or leaves a prompt without an answer.
    """
    failed: list[Generation] = []
    open_keys = set(keys)
    pending = (prompt for prompt in run.pending() if str(prompt.key) in keys)
    with (
        store.Appender(run.folder / "generations.jsonl") as replies,
        store.Appender(run.folder / "errors.jsonl") as errors,
    ):
        for generation in progress(answer(pending, run.plan.sampling), len(keys), "replies"):
            if generation.key not in open_keys:
                raise EngineError(f"the engine answered {generation.key}, which it was not asked or had answered")
            open_keys.remove(generation.key)
            if generation.finish is Finish.ERROR:
                failed.append(generation)
                errors.append({"key": generation.key, "error": generation.error})
            else:
                replies.append(generation.to_json())
    if open_keys:
        raise EngineError(f"the engine left {len(open_keys)} prompts without an answer, first {min(open_keys)}")
    return failed


def _describe(run: Run, described: dict[str, Any]) -> None:
    """Record how the engine describes itself; a resumed run must be answered by the same one.

    Raises:
        UsageError: if another engine or model began this run.
    """
    known = run.head.get("engine")
    if known is None:
        run.update_head("engine", described)
    elif known != described:
        names = sorted(name for name in known.keys() | described.keys() if known.get(name) != described.get(name))
        raise UsageError(f"{run.folder}: the engine differs from the one that began the run in {', '.join(names)}")


# Arm `self`: its constraints are drawn from the plain replies, so they are recorded like replies.


def _self_items(run: Run) -> Iterator[tuple[Task, Item, int]]:
    """Yield task, item and sample of every item of arm `self` that is recorded."""
    path = run.folder / "self.jsonl"
    tasks = {task.name: task for task in run.tasks}
    items = {(task.name, item.key): item for task in run.tasks for item in task.items}
    for number, row in enumerate(store.read_rows(path) if path.exists() else (), 1):
        key = Key.parse(row["key"])
        if (key.task, key.item) not in items:
            raise DataError(f"{path}:{number}: found {row['key']}, expected the key of an item of this run's tasks")
        own = with_constraints(items[key.task, key.item], row["constraints"], f"{path}:{number}")
        yield tasks[key.task], own, key.sample


def _record_self_items(run: Run) -> None:
    """Draw and record the constraints of arm `self` for every plain reply that has none yet."""
    if "self" not in run.plan.arms:
        return
    path = run.folder / "self.jsonl"
    store.repair(path)
    finals = {g.key: split(g).final for g in run.generations() if Key.parse(g.key).arm == "plain"}
    known = {(task.name, item.key, sample) for task, item, sample in _self_items(run)}
    with store.Appender(path) as rows:
        for task in run.tasks:
            for item, sample in itertools.product(run.items(task), range(run.plan.samples)):
                plain = finals.get(str(Key(task.name, item.problem.key, "plain", sample)))
                if item.constraints and plain is not None and (task.name, item.key, sample) not in known:
                    own = self_item(item, sample, plain)
                    key = str(Key(task.name, item.key, "self", sample))
                    rows.append({"key": key, "constraints": constraint_rows(own)})


def _self_prompts(run: Run) -> Iterator[Prompt]:
    """Yield the prompts of arm `self` that can be made so far; an item with no constraint to ask is left out."""
    for task, own, sample in _self_items(run):
        if own.constraints:
            yield self_prompt(task, own, sample, run.plan.sampling.seed)


def recorded(plan: Plan, engine: Mapping[str, Any], replies: Iterable[Generation], folder: Path) -> Run:
    """Return a new run in `folder` that holds `replies`, as the engine that so describes itself would have left it."""
    run = Run.create(plan, folder)
    _describe(run, dict(engine))
    with store.Appender(folder / "generations.jsonl") as rows:
        for reply in replies:
            rows.append(reply.to_json())
    _record_self_items(run)
    return run


# Stage 2: verdicts.jsonl

Job = tuple[Item, Key, Generation | None]


def grade(run: Run, progress: Progress[Graded]) -> None:
    """Grade every reply and write `verdicts.jsonl`; a prompt without a reply is recorded as a harness failure.

    The digest of the graders goes into `run.json`, so that a report made later still names those that judged.

    Raises:
        DataError: if a recorded key is not one that this run asks for, naming the first three.
    """
    served = run.served()
    total = sum(map(len, served.values()))
    with store.locked(run.folder):
        with store.rewriting(run.folder / "verdicts.jsonl") as verdicts:
            for row in progress(_grade_all(_jobs(run, served), total), total, "verdicts"):
                verdicts.append(row.to_json())
        run.update_head("graders", graders_digest())


def asked(run: Run) -> frozenset[str]:
    """Return the key of every prompt of a run, those of arm `self` as far as their plain replies are there."""
    return frozenset(_served(run))


def _served(run: Run) -> dict[str, list[tuple[Item, Key]]]:
    """Return for each key that is asked the items that its reply is judged for, each with the key of its verdict."""
    served: dict[str, list[tuple[Item, Key]]] = {}
    for task in run.tasks:
        triples = itertools.product(run.plan.arms, run.items(task), range(run.plan.samples))
        for arm, item, sample in triples:
            place = asked_at(item, arm)
            if place is not None and arm != "self":
                asked = str(Key(task.name, place, arm, sample))
                served.setdefault(asked, []).append((item, Key(task.name, item.key, arm, sample)))
    for task, own, sample in _self_items(run):
        if own.constraints:
            key = Key(task.name, own.key, "self", sample)
            served[str(key)] = [(own, key)]
    return served


def _jobs(run: Run, served: Mapping[str, list[tuple[Item, Key]]]) -> Iterator[Job]:
    missing = dict.fromkeys(served)
    unknown: list[str] = []
    for generation in run.replies():
        if generation.key not in served:
            unknown.append(generation.key)
            continue
        missing.pop(generation.key, None)
        for item, key in served[generation.key]:
            yield item, key, generation
    if unknown:
        raise DataError(
            f"{run.folder / 'generations.jsonl'}: {len(unknown)} keys are not of this run, "
            f"first {', '.join(unknown[:3])}"
        )
    for asked in missing:
        for item, key in served[asked]:
            yield item, key, None


def _grade_chunk(jobs: Sequence[Job]) -> list[Graded]:
    return [graded(*job) for job in jobs]


def _grade_all(jobs: Iterator[Job], total: int) -> Iterator[Graded]:
    """Grade on every core; in this process where there is too little to be worth starting others."""
    chunks = iter(lambda: list(itertools.islice(jobs, GRADING_CHUNK)), [])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or total <= 4 * GRADING_CHUNK:
        yield from itertools.chain.from_iterable(map(_grade_chunk, chunks))
        return
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        waiting: list[Future[list[Graded]]] = []
        for chunk in chunks:
            waiting.append(pool.submit(_grade_chunk, chunk))
            if len(waiting) > 2 * cores:  # a bounded window, so that memory does not grow with the run
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


# Stage 3: report.json and report.md


def report(run: Run) -> dict[str, Any]:
    """Summarize the verdicts, write `report.json` and `report.md`, and return the report.

    Raises:
        DataError: if the run is not graded, or its grading was cut off at the very end.
    """
    rows = (Graded.from_json(row) for row in store.read_rows(run.folder / "verdicts.jsonl"))
    found = summarize(rows)
    if "graders" not in run.head:
        raise DataError(
            f"{run.folder / 'run.json'}: its graders are missing; grade it again: mathif grade {run.folder}"
        )
    summary = stored(replace(found, graders=run.head["graders"]))
    store.write_json(run.folder / "report.json", summary)
    store.write_text(run.folder / "report.md", markdown(summary))
    return summary

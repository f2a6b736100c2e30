"""The stages of a run, each from the files of the earlier ones: ask (generate), grade, report.

How a run goes on: replies are found by key, never by position. `generate` sets aside what is damaged, draws what can be
drawn from the replies that are there, and asks exactly the prompts whose keys have none; it does so again until no
reply makes a further prompt. The other stages build on whole files alone. A second call of any stage on a finished run
changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypeVar

from mathif import store
from mathif.counting import counted
from mathif.editions import editions
from mathif.engines import Engine, differences, open_engine, settled, switched
from mathif.engines.budgets import kept
from mathif.errors import DataError, EngineError, IncompleteError, MathifError, StoppedError, UsageError
from mathif.grading import graded
from mathif.items import Item, Prompt
from mathif.json_values import JsonObject
from mathif.reasoning import split
from mathif.records import Finish, Generation, Graded, Key, Reply
from mathif.results import AnyReport
from mathif.run.folder import GENERATIONS, Run
from mathif.run.head import HEAD, REPORT, VERDICTS, digest_of_report
from mathif.run.measured import measured
from mathif.run.mending import mend
from mathif.run.pipeline import count, graded_replies, heard
from mathif.schemas import to_json

ERRORS = "errors.jsonl"
"""The prompts that were not answered, each with the reason."""

Row = TypeVar("Row")
Progress = Callable[[Iterable[Row], int, str], Iterable[Row]]
"""Wraps an iterable of known length to show how far it is; the third argument says what is being done."""


def silent(rows: Iterable[Row], total: int, what: str) -> Iterable[Row]:
    """Show nothing of how far it is: the progress of whoever does not watch."""
    return rows


def unheard(text: str) -> None:
    """Say nothing: the notice of whoever does not listen."""


# Stage 1: generations.jsonl


def generate(run: Run, progress: Progress[Generation] = silent, notice: Callable[[str], None] = unheard) -> None:
    """Ask for every reply that is not recorded yet; a run that has them all is left as it is.

    Args:
        run: the run.
        progress: shows how far it is.
        notice: tells the user one sentence.

    Raises:
        StoppedError: if the user stopped it; what was answered is kept.
        IncompleteError: if some prompts could not be answered; what was answered is kept.
        EngineError: if the engine cannot be started or cannot go on.
    """
    with store.locked(run.folder), stoppable(run):
        mended = mend(run, notice)
        draw(run)
        if "engine" in run.head and not mended and next(run.pending(), None) is None:
            notice(f"{run.folder}: every reply is there already")
            return
        begun_s = time.monotonic()
        try:
            failed = _ask_all(run, progress, notice)
        except EngineError as error:
            if not run.folder.exists():
                raise
            raise EngineError(f"{error}. Every reply so far is kept; continue with: {run.resume_line}") from error
        finally:
            if run.folder.exists():
                run.note({GENERATIONS: run.records.mark})
                run.update_head(asked_s=round(run.head.get("asked_s", 0) + time.monotonic() - begun_s, 3))
        _warn_of_silence(run, notice)
    if failed:
        first = next(iter(failed.values()))
        raise IncompleteError(
            f"{len(failed)} of {counted(len(failed) + len(run.replies), 'prompt was', 'prompts were')} not answered, "
            f"first {first.key}: {first.error}. Ask them again with: {run.resume_line}"
        )


@contextmanager
def stoppable(run: Run) -> Iterator[None]:
    """Name the command that goes on where the user stops a stage.

    Raises:
        StoppedError: in place of `KeyboardInterrupt`.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        raise StoppedError(f"stopped; everything so far is kept. Continue with: {run.resume_line}") from error


def draw(run: Run) -> None:
    """Draw and record what the replies so far, and the engine, make it possible to draw."""
    for asking in run.askings:
        rows = asking.draw(run.replies)
        first = next(rows, None)
        if first is not None:
            records = run.look_through(asking.file)
            with records.appending() as drawn:
                for row in chain([first], rows):
                    drawn.append(row)
                    asking.learn(row, str(records.path))
            run.note({asking.file: records.mark})


def _ask_all(run: Run, progress: Progress[Generation], notice: Callable[[str], None]) -> dict[str, Generation]:
    """Ask what can be asked until no reply makes a further prompt; return the failures by key."""
    failed: dict[str, Generation] = {}
    with _nothing_left_behind(run), closing(_engine(run, notice)) as engine:
        with _blamed(run):
            if "engine" not in run.head:
                run.draw_as(settled(engine, run.plan.model, run.plan.sampling))
            described = engine.describe(run.plan.sampling)
            switched(engine, run.plan.model, run.modes.values())
            facts = run.subject.prepare(engine, run.head)
        run.update_head(**facts)
        draw(run)
        _describe(run, described)
        notice(f"run: {run.folder}")
        if run.plan.samples > 1 and described.get("temperature") == 0:
            notice("warning: at --temperature 0 the samples of a prompt are all the same; give one above 0")
        while True:
            pending = (prompt for prompt in run.pending() if str(prompt.key) not in failed)
            first = next(pending, None)
            if first is None:
                return failed
            total = len(run.served().keys() - run.replies.keys() - failed.keys())
            failed |= _ask(run, engine, chain([first], pending), total, progress)
            draw(run)


def _said(run: Run, engine: Engine, prompts: Iterable[Prompt]) -> Iterator[Generation]:
    """Yield what the engine says to prompts."""
    with _blamed(run):
        replies = iter(kept(engine, prompts, run.plan.sampling))
    while True:
        with _blamed(run):
            reply = next(replies, None)
        if reply is None:
            return
        yield reply


@contextmanager
def _blamed(run: Run) -> Iterator[None]:
    """Turn whatever an engine throws into an error of the engine: the one boundary for errors that nobody listed.

    Raises:
        EngineError: in place of any exception that is not this package's own.
    """
    try:
        yield
    except MathifError:
        raise
    except Exception as error:
        kind = type(error).__name__
        told = " ".join(str(error).split())[:500] or "without a word"
        raise EngineError(f"--model {run.plan.model}: the engine failed with {kind}: {told}") from error


def _warn_of_silence(run: Run, notice: Callable[[str], None]) -> None:
    """Say so where no reply of a run holds any text: then something between the model and the records is amiss."""
    finishes: set[Finish] = set()
    for generation in run.replies.values():
        if split(generation).final:
            return
        finishes.add(generation.finish)
    if finishes:
        notice(
            f"warning: every reply is without a final text (how they ended: {', '.join(sorted(finishes))}); before you "
            f"trust the scores, read {run.folder / GENERATIONS}, and look at the chat template, the reasoning "
            "parser of the server and --max-tokens"
        )


def _engine(run: Run, notice: Callable[[str], None]) -> Engine:
    keys = {key for task in run.tasks for item in task.items for key in (item.key, item.problem.key)}
    with _blamed(run):
        return open_engine(run.plan.model, run.plan.options, keys, notice, bool(run.records))


@contextmanager
def _nothing_left_behind(run: Run) -> Iterator[None]:
    """Remove the folder of a run whose engine cannot be opened, or gives up before it has given any reply."""
    try:
        yield
    except MathifError as error:
        if _is_bare(run) and ("engine" not in run.head or isinstance(error, EngineError | DataError)):
            store.remove_folder(run.folder)
        raise


def _is_bare(run: Run) -> bool:
    """Return whether a run has no reply, nor anything that was made of replies which were lost since."""
    made = {path.name for path in run.folder.iterdir()} - {HEAD, GENERATIONS, ERRORS, ".lock"}
    return not (made or run.records or run.records.faults or run.records.lost)


def _ask(
    run: Run, engine: Engine, prompts: Iterable[Prompt], total: int, progress: Progress[Generation]
) -> dict[str, Generation]:
    """Record the replies to prompts as they come; return the failures, recorded apart.

    Raises:
        EngineError: if the engine answers what it was not asked, or leaves a prompt without an answer.
    """
    failed: dict[str, Generation] = {}
    under_way: set[str] = set()

    def handed() -> Iterator[Prompt]:
        for prompt in prompts:
            under_way.add(str(prompt.key))
            yield prompt

    with run.records.appending() as replies, store.appending(run.folder / ERRORS) as errors:
        for generation in progress(_said(run, engine, handed()), total, "replies"):
            if generation.key not in under_way:
                raise EngineError(f"the engine answered {generation.key}, which it was not asked or had answered")
            under_way.remove(generation.key)
            if generation.finish is Finish.ERROR:
                failed[generation.key] = generation
                errors.append({"key": generation.key, "error": generation.error})
            else:
                replies.append(generation.to_json())
    left = under_way | {str(prompt.key) for prompt in prompts}
    if left:
        raise EngineError(f"the engine left {counted(len(left), 'prompt')} without an answer, first {min(left)}")
    return failed


def _describe(run: Run, described: JsonObject) -> None:
    """Record how the engine describes itself; a resumed run must be answered by the same one.

    Raises:
        UsageError: if another engine or model began this run.
    """
    known = run.head.get("engine")
    if known is None:
        run.update_head(engine=described)
        return
    if names := differences(known, described):
        raise UsageError(f"{run.folder}: the engine differs from the one that began the run in {', '.join(names)}")


# Stage 2: verdicts.jsonl


class Recorded(NamedTuple):
    """A verdict as it is recorded: the JSON of its record, and the kinds that were judged."""

    body: bytes
    kinds: tuple[str, ...]


def recorded(item: Item, key: Key, heard: Reply | None) -> Recorded:
    """Grade a reply, and return what goes into `verdicts.jsonl`."""
    verdict = graded(item, key, heard)
    return Recorded(store.unsealed_line(verdict.to_json()), verdict.kinds)


def grade(run: Run, progress: Progress[Recorded] = silent) -> None:
    """Grade every reply and write `verdicts.jsonl`; a prompt without a reply is recorded as a harness failure.

    The editions of the rules that judged go into `run.json`, so that a report made later still names those.

    Raises:
        DataError: if a recorded key is not one that this run asks for, naming the first three; nothing is graded then.
    """
    with store.locked(run.folder), stoppable(run):
        served, judged, aside = run.served(), run.judged().values(), run.subject.aside()
        _refuse_poorer(run)
        replies = (said.reply for said in heard(judged))
        rows = graded_replies(served, aside.hear(replies) if aside else replies, recorded)
        kinds: set[str] = set()
        with store.rewriting(run.folder / VERDICTS) as verdicts:
            for verdict in progress(rows, count(served), "verdicts"):
                verdicts.append_body(verdict.body)
                kinds.update(verdict.kinds)
        marks = {VERDICTS: verdicts.mark}
        if aside is not None:
            with store.rewriting(run.folder / aside.file) as notes:
                for row in aside.rows():
                    notes.append(row)
            marks[aside.file] = notes.mark
        run.note(marks)
        run.update_head(graders=editions(kinds))


def _refuse_poorer(run: Run) -> None:
    """Refuse to grade a run that has verdicts and has lost every reply.

    Raises:
        DataError: saying what to do.
    """
    failed = run.folder / ERRORS
    unasked = not failed.exists() or not failed.stat().st_size
    if unasked and not run.replies and (run.folder / VERDICTS).exists():
        raise DataError(
            f"{run.folder / GENERATIONS}: no reply is there, but there are verdicts on them, which are kept; "
            f"ask for the replies again with: {run.resume_line}"
        )


# Stage 3: report.json and report.md


def report(run: Run, rows: Iterable[Graded] | None = None) -> AnyReport:
    """Summarize the verdicts, write `report.json` and `report.md`, and return the report.

    Args:
        run: a graded run.
        rows: its verdicts, where somebody else reads them on their way; None to read them here.

    Raises:
        DataError: if the run is not graded, or its grading was cut off at the very end.
    """
    with stoppable(run):
        numbers = run.subject.summarize(run.graded() if rows is None else rows, run.found_aside(), run.replies)
    if "graders" not in run.head:
        raise DataError(
            f"{run.folder / 'run.json'}: its graders are missing; grade it again: mathif grade {run.folder}"
        )
    summary: AnyReport = replace(numbers, graders=run.head["graders"], measured=measured(run))
    store.write_json(run.folder / REPORT, to_json(summary))
    store.write_text(run.folder / "report.md", run.subject.markdown(summary))
    known = digest_of_report(run.folder, run.head)
    if run.head.get("report") != known:
        run.update_head(report=known)
    return summary

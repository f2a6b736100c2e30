"""Attention: whether a model looks at the constraints while it answers, measured along its recorded replies.

The claim "longer thinking dilutes attention to the instruction" is about attention, so it is measured there too. The
mass on any span falls as the text grows even if attention is blind, so what counts is the *lift*: mass over what
uniform attention would give, beside the same for a random span of the prompt and for the question.

The knock-out asks what the looking is good for: the answer is read again, and drawn anew, with the constraints hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mathif import store
from mathif.attention.hidden import CONDITIONS, SEEN, knockout, regraded
from mathif.attention.rows import AttendedRow, UnreadRow, attended
from mathif.attention.spans import ARMS, Reading, reading
from mathif.attention.summary import HIDDEN, summarize
from mathif.attention.tables import terminal
from mathif.engines import public_name, spin_briefly
from mathif.errors import DataError, EngineError, UsageError
from mathif.items import Prompt, Task
from mathif.records import Generation, Graded, Profile, State
from mathif.results import AttentionReport
from mathif.run import Progress, Run
from mathif.schemas import to_json
from mathif.stats import evenly
from mathif.store import Records

if TYPE_CHECKING:
    from mathif.attention.lens import Lens

__all__ = ["attend", "open_lens", "terminal"]

ATTENDED = "attention.jsonl"


def open_lens(model: str) -> Lens:
    """Open a model to be looked into.

    Raises:
        EngineError: if torch or transformers are not installed.
        UsageError: if there is no such model.
    """
    spin_briefly()
    try:
        from mathif.attention.lens import Lens
    except ImportError as error:
        raise EngineError(f"attend: {error}; install it with: pip install 'mathif[attention]'") from error
    return Lens(model)


def attend(run: Run, model: str | None, limit: int | None, progress: Progress[Any]) -> AttentionReport:
    """Read the recorded replies, write `attention.jsonl` and `attention.json`, and return the latter.

    Replies that are read already are not read again, so a stopped command goes on where it was, and the model is opened
    only where one is left to read. Truncated replies and those without a final text are left out, as they are of every
    length curve. The verdicts are those of now, on the recorded replies and on the redrawn answers.

    Args:
        run: a graded run.
        model: folder, file or hub name of the model that gave the replies, or None to read no further one.
        limit: most replies to read, evenly spaced, or None for all.
        progress: shows how far it is.

    Raises:
        DataError: if the run is not graded, has no reply that can be read, or was read by an earlier version.
        UsageError: if another model has read it, or its replies were drawn in a way that redrawn answers cannot be.
    """
    sampling = run.plan.sampling
    if others := [f"{name} {getattr(sampling, name)}" for name in sampling.beyond_temperature]:
        raise UsageError(
            f"{run.folder}: its replies were drawn with {', '.join(others)}, and answers are drawn anew by "
            "temperature and top-p alone; read a run that was asked without the others"
        )
    if limit is not None and model is None:
        raise UsageError(f"--limit {limit}: no reply is read without its model; add --model, or leave it out")
    path = run.folder / ATTENDED
    with store.locked(run.folder):
        store.repair(path, run.origin)
        jobs = {str(job[1].key): job for job in _jobs(run)}
        if model is not None:
            _read(run, model, evenly(list(jobs.values()), limit or len(jobs)), progress)
        recorded = (attended(row, str(path)) for row in _recorded(run).values() if "mass" in row)
        rows = [row for row in recorded if row["key"] in jobs]
        if not rows:
            raise DataError(_nothing(run, model))
        summary = _summary(rows, jobs, progress)
        store.write_json(run.folder / "attention.json", to_json(summary))
    return summary


Job = tuple[Task, Prompt, Generation, Graded]


def _nothing(run: Run, model: str | None) -> str:
    if model is None:
        return f"{run.folder}: no reply is read yet; name the model that gave them with --model"
    return f"{run.folder}: no whole reply of arms {', '.join(ARMS)} in which every span was found"


def _recorded(run: Run) -> Records:
    """Return the rows of `attention.jsonl`; none where there is no such file.

    Raises:
        DataError: if a row is damaged or missing, or of an earlier mathif.
    """
    path = run.folder / ATTENDED
    rows = run.look_through(ATTENDED) if path.exists() else Records(path, None, run.origin)  # one may remove it
    wrong = rows.lost
    for fault in rows.faults[:1]:
        wrong = f"line {fault.number}: {fault.reason}"
    if not wrong and any("model" not in row for row in rows.values()):
        wrong = "its rows do not name the model, as those of an earlier mathif"
    if wrong:
        raise DataError(f"{path}: {wrong}; remove it, and read the replies again with --model")
    return rows


def _read(run: Run, model: str, wanted: list[Job], progress: Progress[Any]) -> None:
    """Read the replies that are not read yet and append their rows."""
    recorded = _recorded(run)
    readers = {key: str(row["model"]) for key, row in recorded.items()}
    strangers = sorted(set(readers.values()) - {public_name(model)})
    if strangers:
        who = f"{recorded.path} was read by {strangers[0]}"
        raise UsageError(f"--model {model}: {who}; name that model, or remove the file")
    pending = [job for job in wanted if str(job[1].key) not in readers]
    if not pending:
        return
    lens = open_lens(model)
    try:
        with recorded.appending() as rows:
            for row in progress((_row(run, lens, *job) for job in pending), len(pending), "replies read"):
                rows.append({"model": public_name(model), **row})
    finally:
        run.note({ATTENDED: recorded.mark})


def _summary(rows: list[AttendedRow], jobs: Mapping[str, Job], progress: Progress[Any]) -> AttentionReport:
    """Return the summary of rows, with the verdicts of now."""
    summary = summarize([{**row, "obeyed": _obeyed(jobs[row["key"]][3])} for row in rows])
    answers: dict[str, list[Mapping[str, Graded]]] = {}
    for row in progress(rows, len(rows), "redrawn answers graded"):
        _, prompt, generation, _ = jobs[row["key"]]
        answers.setdefault(row["arm"], []).append(regraded(row, prompt, generation))
    arms = {arm: replace(figures, redrawn=knockout(answers[arm])) for arm, figures in summary.arms.items()}
    return replace(summary, arms=arms)


def _obeyed(graded: Graded) -> bool:
    return all(verdict.passed for verdict in graded.constraints[Profile.MATHIF])


def _jobs(run: Run) -> Iterator[Job]:
    """Yield the whole replies to items whose constraints were shown, each measured, in the order of the prompts."""
    verdicts = {row.key: row for row in run.graded()}
    tasks = {task.name: task for task in run.tasks}
    for prompt in run.prompts():
        key = str(prompt.key)
        if prompt.key.arm not in ARMS or key not in run.replies or key not in verdicts:
            continue
        graded = verdicts[key]
        if graded.whole and not graded.empty and not graded.unmeasured:
            yield tasks[prompt.key.task], prompt, run.replies[key], graded


def _row(
    run: Run, lens: Lens, task: Task, prompt: Prompt, generation: Generation, graded: Graded
) -> AttendedRow | UnreadRow:
    """Return what is recorded of one reply; only its key and the reason where it cannot be read."""
    read = reading(lens, task.layout, prompt, generation)
    if read is None:
        return {"key": graded.key, "reason": "a span was not found in the prompt or the reply"}
    if len(read.ids) > lens.context:
        return {"key": graded.key, "reason": f"{len(read.ids)} tokens exceed the model's {lens.context}"}
    here = lens.at(read.ids, read.begin)
    seen = here.look(read.spans)
    hidden = {name: here.logprob(read.spans[name]) for name in HIDDEN}
    places = [read.spans.get(name) for name in CONDITIONS]
    redrawn = here.redraw(places, run.plan.sampling, prompt.seed, room(run, lens.context, read))
    return {
        "key": graded.key,
        "problem": f"{prompt.key.task}/{graded.problem}",
        "item": f"{prompt.key.task}/{prompt.key.item}",
        "arm": graded.arm,
        "cot_tokens": (read.begin if graded.state is State.CLOSED else len(read.ids)) - read.prompt,
        "answer_tokens": len(read.ids) - read.begin,
        "span_tokens": {name: high - low for name, (low, high) in read.spans.items()},
        "uniform": uniform(read),
        "mass": seen.mass,
        "logprob": {SEEN: seen.logprob, **hidden},
        "kept": read.kept,
        "redrawn": {
            name: {"text": lens.decode(drawn.tokens), "finish": drawn.finish.value, "tokens": len(drawn.tokens)}
            for name, drawn in zip(CONDITIONS, redrawn, strict=True)
        },
    }


def room(run: Run, context: int, read: Reading) -> int:
    """Return how many tokens a redrawn answer may have: what the run's own limit leaves after the thinking.

    Where the run set none, its engine's recorded description may name one, of the reply or of the context.

    Args:
        run: the run.
        context: most tokens that the model can read.
        read: the recorded reply.
    """
    described = run.head.get("engine", {})
    limits = [(context, 0), (described.get("max_model_len"), 0)]
    limits.append((run.plan.sampling.max_tokens or described.get("max_tokens"), read.prompt))
    return max(1, min(most - (read.begin - start) for most, start in limits if isinstance(most, int)))


def uniform(read: Reading) -> dict[str, float]:
    """Return for each span the mean share that answer positions would pay to it if they looked at all tokens alike."""
    seen = [1 / (position + 1) for position in range(read.begin - 1, len(read.ids) - 1)]
    return {name: (high - low) * sum(seen) / len(seen) for name, (low, high) in read.spans.items()}

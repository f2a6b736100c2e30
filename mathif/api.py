"""The program as functions: what every command does, for scripts and notebooks; the command line only reads and prints.

A run is a folder on disk whoever asked for it, so a run made here is continued, graded and compared there, and the
other way round.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mathif import probe as probes
from mathif import store
from mathif.arms import SELF, modes_of, parse_arm
from mathif.compare import compare as compare_folders
from mathif.counting import counted
from mathif.engines.recorded import prompt_row, request_row
from mathif.errors import (
    DataError,
    EngineError,
    IncompleteError,
    MathifError,
    StoppedError,
    UsageError,
    nearest,
    why_unread,
)
from mathif.interventions import BASE, BASES, parse_interventions
from mathif.items import Prompt, Task
from mathif.json_values import fields
from mathif.opened import Opened
from mathif.plan import Plan
from mathif.progress import watched
from mathif.publish import publish
from mathif.results import AnyReport, Comparison
from mathif.run import Progress, Run, generate, grade, new_items, silent, stoppable, unheard
from mathif.run import merge as merge_folders
from mathif.settings import Value, by_field, settings
from mathif.tasks import load, refuse_idle

if TYPE_CHECKING:
    from mathif.build import build_task as build_task
    from mathif.making import make_task as make_task

Names = str | Sequence[str]
Notice = Callable[[str], None]

MAKERS = {"build_task": "mathif.build", "make_task": "mathif.making"}
"""What makes tasks, each loaded when it is first asked for: it knows every problem family, which nothing else needs."""

DEMO: Mapping[str, Value] = {"model": "mock:length", "samples": 8, "limit": 60}
"""What `mathif demo` asks: enough replies to each item to show what goes with their length."""


def __getattr__(name: str) -> Any:
    if name not in MAKERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(MAKERS[name]), name)


def evaluate(
    model: str = "smollm2-135m",
    task: Names = "core",
    arms: Names = ("plain", "constrained"),
    *,
    samples: int = 1,
    limit: int | None = None,
    out: str | Path | None = None,
    registered: str | Path | None = None,
    progress: Progress[Any] = watched,
    notice: Notice = unheard,
    **more: Value,
) -> Opened:
    """Ask a model, grade its replies and make the report: the whole of `mathif eval`.

    Args:
        model: as after `--model`.
        task: names or folders of tasks.
        arms: how the items are shown.
        samples: replies for each item and arm.
        limit: only so many items of each task, whole problems first.
        out: the run's folder; `runs/MODEL-TASK` where it is None.
        registered: file that the plan is written to before the first reply, or must be in already; None for none.
        progress: shows how far a stage is; by default with a bar, in a notebook or on a terminal.
        notice: told of what happens, a sentence at a time.
        more: any other setting by the name of its flag, with underscores (`temperature`, `base_url`, `max_model_len`).

    Returns:
        The run with its report.

    Raises:
        UsageError: for a setting that there is not, or a value that it cannot have.
        IncompleteError: if some prompts were not answered; the report on the others is made all the same.
        EngineError: if the engine cannot be started or cannot go on.
    """
    plan = plan_of({"model": model, "task": task, "arms": arms, "samples": samples, "limit": limit, **more})
    run = create_run(plan, out, registered)
    if missing := finish(run, progress, notice).missing:
        raise missing
    return Opened(run)


def plan_of(values: Mapping[str, Value]) -> Plan:
    """Return the plan of settings that are named as their flags, with underscores; what is left out has its default.

    Raises:
        UsageError: for an unknown setting, or a value that it cannot have.
    """
    return Plan.of(**_fields(values))


def _fields(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return settings under the names of their fields."""
    known = {one.keyword: one.field for one in settings(Plan)}
    for name in values:
        if name not in known:
            raise UsageError(f"unknown setting {name!r}{nearest(name, known)}")
    return {known[name]: value for name, value in values.items()}


def read_config(path: Path) -> dict[str, Value]:
    """Read a file of settings and return them by the fields that they set.

    Args:
        path: a TOML file, its keys named as the flags, or the `run.json` of a run, whose settings are taken.

    Raises:
        UsageError: if it cannot be read, or a key is not a setting or has a value that it cannot have.
    """
    if path.suffix == ".json":
        return _config_of_run(path)
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--config {path}: cannot be read: {why_unread(error)}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--config {path}: not TOML: {why_unread(error)}") from error
    try:
        fields = _fields({name.replace("-", "_"): value for name, value in rows.items()})
        Plan.of(**fields)
    except UsageError as error:
        raise UsageError(f"--config {path}: {error}") from error
    return fields


def _config_of_run(path: Path) -> dict[str, Value]:
    """Return the settings of a run that are not at their defaults, by their fields.

    Raises:
        UsageError: if the file is not the head of a run.
    """
    try:
        plan = Plan.from_json(fields(store.read_json(path), "plan"))
    except (DataError, KeyError, ValueError) as error:
        raise UsageError(f"--config {path}: not the run.json of a run: {error}") from error
    values = {one.field: plan.value(one) for one in settings(Plan) if plan.value(one) != one.default}
    return {field: list(value) if isinstance(value, tuple) else value for field, value in values.items()}


def create_run(plan: Plan, out: str | Path | None = None, registered: str | Path | None = None) -> Run:
    """Create the folder of a new run; nothing is asked yet.

    Args:
        plan: what is asked.
        out: the run's folder; `runs/MODEL-TASK` where it is None.
        registered: file that the plan is written to, or must be in already; None for none.

    Raises:
        UsageError: if the folder holds something already, a task or arm is unknown, or another plan is registered.
    """
    folder = Path(out) if out else free_folder(plan)
    return Run.create(plan, folder, Path(registered) if registered else None)


def open_demo(folder: str | Path) -> Run:
    """Open the run of the simulated model in `folder`, or create it there."""
    return resume_run(folder) if (Path(folder) / "run.json").exists() else create_run(plan_of(DEMO), folder)


def free_folder(plan: Plan) -> Path:
    """Return `runs/MODEL-TASK`, numbered from 2 where that is taken."""
    model = re.sub(r"[^\w.-]+", "-", plan.model.rpartition("/")[2] or plan.model).strip("-.")
    shard = ["shard", *map(str, plan.part)] if plan.part else []
    name = "-".join([model, *(Path(task).name for task in plan.tasks), *shard])
    numbered = (Path("runs") / (name if number == 1 else f"{name}-{number}") for number in count(1))
    return next(folder for folder in numbered if not folder.exists())


def open_run(folder: str | Path) -> Opened:
    """Open the graded run or probe in `folder`, to be read.

    Raises:
        DataError: if it is neither.
    """
    return Opened(run_in(folder))


def run_in(folder: str | Path) -> Run:
    """Open the run or the probe in `folder`, to go on with it.

    Raises:
        DataError: if it is neither.
    """
    return probes.open_probe(Path(folder)) if probes.is_probe(Path(folder)) else Run(Path(folder))


def resume_run(folder: str | Path, changed: Mapping[str, Value] | None = None) -> Run:
    """Open a run to go on with it; only how its engine is reached may change.

    Args:
        folder: of the run.
        changed: fields of `Options` with other values than it was begun with.

    Raises:
        UsageError: for a setting that a run keeps.
    """
    known = by_field(Plan)
    kept = [name for name in changed or {} if known[name].declared.kept]
    if kept:
        raise UsageError(f"--resume keeps the settings of the run; leave out {known[kept[0]].flag}")
    run = Run(Path(folder))
    run.change_ways({name: known[name].checked(value) for name, value in (changed or {}).items()})
    return run


class Finished(NamedTuple):
    """What a run ended with.

    Attributes:
        report: on the replies that there are.
        missing: what went wrong with some prompts, or with the engine after it had answered some; None if nothing did.
    """

    report: AnyReport
    missing: MathifError | None


def finish(run: Run, progress: Progress[Any] = silent, notice: Notice = unheard) -> Finished:
    """Ask for what is missing, grade and report; a run that was stopped goes on where it was.

    Raises:
        StoppedError: if the user stopped it.
        EngineError: if the engine gave no reply at all.
    """
    with stoppable(run):
        missing = ask(run, progress, notice)
        grade_run(run, progress)
        return Finished(report_run(run), missing)


def ask(run: Run, progress: Progress[Any] = silent, notice: Notice = unheard) -> MathifError | None:
    """Ask for what is missing; return what went wrong where there are replies to report all the same.

    Raises:
        StoppedError: if the user stopped it.
        EngineError: if the engine gave no reply at all.
    """
    try:
        generate(run, progress, notice)
    except StoppedError:
        raise
    except (IncompleteError, EngineError) as error:
        if not run.replies:
            raise
        return error
    return None


def grade_run(
    run: Run,
    progress: Progress[Any] = silent,
    reasoning_tags: tuple[str, ...] | None = None,
    tokenizer: str | None = None,
) -> None:
    """Grade the recorded replies of a run or a probe, again where they are graded; needs no model.

    Args:
        run: the run.
        progress: shows how far it is.
        reasoning_tags: opening and closing mark of the thinking, kept for this run from now on; None for those it has.
        tokenizer: what counts lengths that the engine did not, kept likewise.

    Raises:
        UsageError: if the marks are none.
        DataError: if what is recorded is not what this run asks for.
    """
    ways = {"reasoning_tags": reasoning_tags, "tokenizer": tokenizer}
    run.change_ways({name: way for name, way in ways.items() if way})
    grade(run, progress)


def report_run(run: Run) -> AnyReport:
    """Make the report of a graded run or probe, with its page, and return it."""
    return publish(run)


def probe(
    run: Opened | str | Path,
    arms: Names | None = None,
    *,
    of: str | None = None,
    name: str = probes.DEFAULT_NAME,
    limit: int | None = None,
    model: str | None = None,
    progress: Progress[Any] = watched,
    notice: Notice = unheard,
    **engine: Value,
) -> Opened:
    """Change the thinking behind a run's replies, and measure what that does to them: the whole of `mathif probe`.

    Args:
        run: a run with replies of that arm, or its folder.
        arms: interventions; None for all of docs/probes.md.
        of: the arm whose replies are edited: `constrained`, as where it is None, `thinking` or `both`.
        name: of the probe; its folder is `RUN/probes/NAME`, and one that is there goes on where no setting is given.
        limit: only so many items of each task.
        model: the model that goes on from the replies; None for the run's, as it was opened.
        progress: shows how far a stage is.
        notice: told of what happens, a sentence at a time.
        engine: settings of the engine of `model`.

    Returns:
        The finished probe.

    Raises:
        IncompleteError: if some prompts were not answered; the report on the others is made all the same.
    """
    opened = run.run if isinstance(run, Opened) else Run(Path(run))
    probed = open_probe(opened, name, arms, of, limit, model, _fields(engine))
    if missing := finish(probed, progress, notice).missing:
        raise missing
    return Opened(probed)


def open_probe(
    run: Run,
    name: str,
    arms: Names | None,
    of: str | None,
    limit: int | None,
    model: str | None,
    engine: Mapping[str, Value],
) -> Run:
    """Open the probe `name` of a run where no setting is given and it is there; else create its folder.

    Raises:
        UsageError: for an unknown intervention, a folder that is taken, or settings of an engine without its model;
            `engine` holds fields of `Options`.
    """
    folder = probes.probe_folder(run.folder, name)
    if not (arms or of or limit or model or engine) and probes.is_probe(folder):
        return probes.open_probe(folder)
    if engine and not model:
        [flag, *_] = [one.flag for one in settings(Plan) if one.field in engine]
        raise UsageError(f"{flag}: settings of an engine go with --model; give that too")
    named = arms if isinstance(arms, str) else ",".join(arms or ())
    base = of or BASE
    asked = parse_interventions(named, base, judged=base in BASES and probes.judges_thinking(run, base))
    return probes.start_probe(run, name, asked, limit, model, Plan.of(**engine).options)


def merge(runs: Sequence[str | Path], out: str | Path, *, incomplete: bool = False, notice: Notice = unheard) -> Run:
    """Join the shards of one plan to one run, to be graded and reported as any other.

    Args:
        runs: folders of the shards.
        out: folder of the new run.
        incomplete: whether shards may be missing; the run can then be resumed.
        notice: told of what is missing.

    Raises:
        UsageError: if they are not the shards of one plan, each once, or one is missing.
        DataError: if one is damaged.
    """
    merged, missing = merge_folders([Path(run) for run in runs], Path(out), incomplete=incomplete)
    if missing:
        notice(f"{missing}; ask for what they hold with: {merged.resume_line}")
    return merged


def compare(*runs: Opened | str | Path) -> Comparison:
    """Compare runs on the same prompts, reply by reply: each with the first; see docs/compare.md.

    Raises:
        UsageError: if there are fewer than two, or they cannot be compared.
    """
    if len(runs) < 2:
        raise UsageError(f"compare: found {counted(len(runs), 'run')}, expected at least two")
    return compare_folders([run.folder if isinstance(run, Opened) else Path(run) for run in runs])


def load_task(name: str | Path, data: str | Path | None = None) -> Task:
    """Load a bundled task by name, or the task in a folder.

    Args:
        name: of the task, or its folder.
        data: file or folder with the data of tasks that are not in this package.

    Raises:
        UsageError: if there is no such task, or it reads no data.
        DataError: if its items cannot be read.
    """
    refuse_idle(data, [str(name)])
    return load(str(name), Path(data) if data else None)


def make_prompts(task: Names = "core", arms: Names = ("plain", "constrained"), **more: Value) -> list[Prompt]:
    """Return the prompts that a run with these settings would ask first, for an engine of your own.

    Args:
        task: names or folders of tasks.
        arms: how the items are shown; `self` is left out, whose prompts need replies.
        more: any other setting, as for `evaluate`.
    """
    return _first_prompts(plan_of({"task": task, "arms": arms, **more}))


def _first_prompts(plan: Plan) -> list[Prompt]:
    return list(new_items(plan, "prompts").arms.prompts({}))


def shared_problems(task: str | Path, other: str | Path) -> list[str]:
    """Return the questions of a task that another one has too, letter case and blanks aside."""
    asked = {_folded(item.problem.question) for item in load_task(other).items}
    questions = dict.fromkeys(item.problem.question for item in load_task(task).items)
    return [question for question in questions if _folded(question) in asked]


def _folded(question: str) -> str:
    return " ".join(question.casefold().split())


def write_prompts(
    out: str | Path,
    task: Names = "core",
    arms: Names = ("plain", "constrained"),
    *,
    batch_model: str | None = None,
    **more: Value,
) -> int:
    """Write the prompts that a run with these settings would ask, for those who ask elsewhere; return how many.

    `file:` takes the replies back under their `custom_id`.

    Args:
        out: file to write, one JSON object a line.
        task: names or folders of tasks.
        arms: how the items are shown.
        batch_model: the model of a batch of OpenAI's, in whose form the lines are written; None for plain ones.
        more: any other setting, as for `evaluate`; those of sampling go into a batch where they are not the usual ones.

    Raises:
        UsageError: for arms whose prompts cannot be made alone (they need replies, or a model to switch), for settings
            of sampling that a plain file does not hold, or a file that holds something else.
    """
    plan = plan_of({"task": task, "arms": arms, **({"model": batch_model} if batch_model else {}), **more})
    if SELF in plan.arms:
        raise UsageError("--arms self: its prompts are made from the plain replies; ask with `mathif eval`")
    switching = [arm for arm in plan.arms if parse_arm(arm).kind.switches]
    if switching and not batch_model:
        raise UsageError(
            f"--arms {switching[0]}: how the thinking is switched depends on the model; name it with --batch-model"
        )
    if any(mode.budget for mode in modes_of(switching, plan.model).values()):
        raise UsageError("--arms budget: the run itself closes the thinking there; ask with `mathif eval`")
    told = {name: getattr(plan.sampling, name) for name in plan.sampling.off("temperature", "top_p", "max_tokens")}
    if told and not batch_model:
        flag = by_field(Plan)[next(iter(told))].flag
        raise UsageError(f"{flag}: only a batch says how replies are drawn; name its model with --batch-model")
    drawing = {"max_completion_tokens" if name == "max_tokens" else name: value for name, value in told.items()}
    asked = _first_prompts(plan)
    rows = (request_row(one, plan.model, drawing) if batch_model else prompt_row(one) for one in asked)
    content = "".join(map(store.line, rows))
    store.refuse_other(Path(out), content)
    store.write_text(Path(out), content)
    return len(asked)

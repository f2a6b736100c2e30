"""The command line: arguments in, sentences and tables out, errors as exit codes; nothing else prints or exits.

Every command imports what it needs when it runs, so that `mathif --help` answers at once.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mathif import __version__
from mathif.errors import EngineError, IncompleteError, MathifError, UsageError

if TYPE_CHECKING:
    from mathif.engines import Options
    from mathif.probe import Probe
    from mathif.run import Plan, Run

Row = TypeVar("Row")
Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_MODEL = "smollm2-135m"
FOLDER = click.Path(path_type=Path)


class Commands(click.Group):
    """The group of commands; the one place where an error becomes a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, with every error of ours as one line on stderr."""
        try:
            return super().invoke(ctx)
        except MathifError as error:
            click.echo(f"mathif: {error}", err=True)
            ctx.exit(error.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which a run uses them."""
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Measure whether reasoning models still obey instructions when they think for long."""


def main() -> None:
    """Run the command line; the entry point of the program."""
    cli(prog_name="mathif")


def say(text: str) -> None:
    """Print one line on stderr, where it cannot end up in a table."""
    click.echo(text, err=True)


def bar(rows: Iterable[Row], total: int, what: str) -> Iterator[Row]:
    """Show how far it is: all the time on a terminal, every half minute in a log."""
    from mathif.progress import Meter, told

    if not sys.stderr.isatty():
        yield from told(rows, total, what, say)
        return
    from tqdm import tqdm

    meter = Meter(total, time.monotonic())
    with tqdm(total=total, desc=what, bar_format="{desc}: {percentage:3.0f}% |{bar}| {n}/{total}{postfix}") as shown:
        for row in rows:
            meter.count(row, time.monotonic())
            shown.set_postfix_str(meter.facts(time.monotonic()), refresh=False)
            shown.update()
            yield row


def run_options(command: Command) -> Command:
    """Add the flags that say what is asked of which model."""
    flags = [
        click.option(
            "--model",
            "-m",
            default=DEFAULT_MODEL,
            show_default=True,
            help=(
                "org/name or a local folder (vLLM), a .gguf file, smollm2-135m, file:REPLIES.jsonl, "
                "mock:witness|contrary|null|constant, mock:difficulty|length|both|position, "
                "or the name that a server at --base-url knows"
            ),
        ),
        click.option(
            "--task", "-t", default="core", show_default=True, help="Tasks, by name or folder, comma-separated."
        ),
        click.option(
            "--arms", default="plain,constrained", show_default=True, help="What the model is shown, comma-separated."
        ),
        click.option("--data", type=FOLDER, help="Folder with a local copy of the task's hub data."),
        click.option("--limit", type=click.IntRange(1), help="Only so many items of each task, whole problems first."),
        click.option(
            "--samples", type=click.IntRange(1), default=1, show_default=True, help="Replies for each item and arm."
        ),
        click.option(
            "--seed", type=int, default=0, show_default=True, help="Seed of the run; every prompt has its own."
        ),
        click.option("--temperature", type=click.FloatRange(0), default=1.0, show_default=True),
        click.option("--top-p", type=click.FloatRange(0, 1, min_open=True), default=0.95, show_default=True),
        click.option(
            "--max-tokens",
            type=click.IntRange(1),
            help="Most tokens of a reply, thinking included.  [default: the engine's]",
        ),
        click.option("--out", type=FOLDER, help="Run folder.  [default: runs/MODEL-TASK]"),
        click.option("--resume", type=FOLDER, help="Continue the run in this folder with its own settings."),
    ]
    return _apply(flags, command)


def engine_options(command: Command) -> Command:
    """Add the flags that an engine may honour; one that cannot refuses them."""
    flags = [
        click.option(
            "--base-url",
            multiple=True,
            help="An OpenAI-compatible server, its key read from OPENAI_API_KEY; several share the work.",
        ),
        click.option("--concurrency", type=click.IntRange(1), help="Requests in flight, at each server."),
        click.option(
            "--timeout", "timeout_s", type=click.FloatRange(0, min_open=True), help="Seconds for one whole reply."
        ),
        click.option(
            "--idle-timeout",
            "idle_timeout_s",
            type=click.FloatRange(0, min_open=True),
            help="Seconds without a sign of life.",
        ),
        click.option(
            "--patience", "patience_s", type=click.FloatRange(0), help="Seconds to wait for a server that is away."
        ),
        click.option("--tensor-parallel-size", type=click.IntRange(1)),
        click.option("--pipeline-parallel-size", type=click.IntRange(1)),
        click.option("--data-parallel-size", type=click.IntRange(1)),
        click.option("--max-model-len", type=click.IntRange(1), help="Longest context, in tokens."),
        click.option("--dtype"),
        click.option("--quantization"),
        click.option("--gpu-memory-utilization", type=click.FloatRange(0, 1, min_open=True)),
        click.option("--lora", help="Folder of a LoRA adapter."),
        click.option("--revision", help="Revision of the model on the hub."),
        click.option("--trust-remote-code", is_flag=True, help="Let the model's repository run its own code."),
        click.option(
            "--engine-arg", "engine_args", multiple=True, metavar="NAME=VALUE", help="Any other engine argument."
        ),
    ]
    return _apply(flags, command)


def _apply(flags: list[Callable[[Any], Any]], command: Command) -> Command:
    return functools.reduce(lambda wrapped, flag: flag(wrapped), reversed(flags), command)


@cli.command("eval")
@run_options
@engine_options
def evaluate(**flags: Any) -> None:
    """Ask, grade and report: the whole run."""
    run = _open_run(flags)
    incomplete = _generate(run)
    _grade(run)
    _report(run)
    if incomplete:
        raise incomplete


@cli.command()
@run_options
@engine_options
def generate(**flags: Any) -> None:
    """Only ask: record the raw replies."""
    run = _open_run(flags)
    incomplete = _generate(run)
    if incomplete:
        raise incomplete
    say(f"next: mathif grade {run.folder}")


@cli.command()
@click.argument("run", type=FOLDER)
def grade(run: Path) -> None:
    """Grade the recorded replies of a run again; needs no model."""
    _grade(_opened(run))
    say(f"next: mathif report {run}")


@cli.command()
@click.argument("run", type=FOLDER)
@click.option("--charts", is_flag=True, help="Save every picture as SVG and PNG in the run's folder too.")
def report(run: Path, charts: bool) -> None:
    """Make the report of a graded run or probe, and print it."""
    _report(_opened(run), charts=charts)


def _opened(folder: Path) -> Run:
    """Open the run or the probe in `folder`."""
    from mathif.probe import Probe, is_probe
    from mathif.run import Run

    return Probe(folder) if is_probe(folder) else Run(folder)


def _given(flags: dict[str, Any]) -> list[str]:
    """Return the names of the flags that stand on the command line."""
    source = click.get_current_context().get_parameter_source
    return [name for name in flags if source(name) is click.core.ParameterSource.COMMANDLINE]


def _open_run(flags: dict[str, Any]) -> Run:
    from mathif.run import Run

    resume = flags.pop("resume")
    if resume is None:
        plan = _plan(flags)
        return Run.create(plan, flags["out"] or _free_folder(plan))
    from mathif.engines import WAYS

    given = _given(flags)
    fixed = [name for name in given if name not in WAYS]
    if fixed:
        raise UsageError(f"--resume keeps the settings of the run; leave out --{fixed[0].replace('_', '-')}")
    run = Run(resume)
    run.go_another_way({name: flags[name] for name in given})
    return run


def _plan(flags: dict[str, Any]) -> Plan:
    from mathif.arms import parse_arms
    from mathif.records import Sampling
    from mathif.run import Plan

    return Plan(
        model=flags["model"],
        tasks=tuple(name.strip() for name in flags["task"].split(",")),
        arms=parse_arms(flags["arms"]),
        data=str(flags["data"]) if flags["data"] else None,
        samples=flags["samples"],
        limit=flags["limit"],
        sampling=Sampling(flags["temperature"], flags["top_p"], flags["max_tokens"], flags["seed"]),
        options=_options(flags),
    )


def _options(flags: dict[str, Any]) -> Options:
    from mathif.engines import Options

    own = {name: flags[name] for name in Options.__dataclass_fields__ if name != "engine_args"}
    return Options(**own, engine_args=dict(map(_engine_arg, flags["engine_args"])))


def _engine_arg(text: str) -> tuple[str, Any]:
    """Read `name=value`, the value as JSON where it is JSON and as text where it is not."""
    import json

    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageError(f"--engine-arg: found {text!r}, expected NAME=VALUE")
    try:
        return name.replace("-", "_"), json.loads(value)
    except ValueError:
        return name.replace("-", "_"), value


def _free_folder(plan: Plan) -> Path:
    """Return `runs/MODEL-TASK`, numbered from 2 where that is taken."""
    import re

    model = re.sub(r"[^\w.-]+", "-", plan.model.rpartition("/")[2] or plan.model).strip("-.")
    name = "-".join([model, *(Path(task).name for task in plan.tasks)])
    numbered = (Path("runs") / (name if number == 1 else f"{name}-{number}") for number in range(1, 10_000))
    return next(folder for folder in numbered if not folder.exists())


def _generate(run: Run) -> MathifError | None:
    """Ask for what is missing; return what went wrong where there are replies to report all the same."""
    from mathif.run import generate as ask

    say(f"run: {run.folder}")
    try:
        ask(run, bar, say)
    except (IncompleteError, EngineError) as error:
        if isinstance(error.__cause__, KeyboardInterrupt) or next(run.generations(), None) is None:
            raise
        return error
    return None


def _grade(run: Run) -> None:
    from mathif import probe
    from mathif.run import grade as judge_all

    if isinstance(run, probe.Probe):
        probe.grade(run, bar, bar)
    else:
        judge_all(run, bar)


def _report(run: Run, *, charts: bool = False) -> None:
    from mathif.publish import publish, save_charts

    summary, told, files = _summary(run)
    click.echo(told)
    publish(run, summary)
    say(f"files: {run.folder}/report.html, report.md, report.json, verdicts.jsonl, {files}generations.jsonl")
    if charts:
        say(f"charts: {len(save_charts(run, summary))} files in {run.folder}/charts")


def _summary(run: Run) -> tuple[dict[str, Any], str, str]:
    """Write the report of a run or a probe; return it, its text, and which files only a probe has."""
    from mathif import probe, tables
    from mathif import run as runs
    from mathif.probe import text

    if isinstance(run, probe.Probe):
        summary = probe.report(run)
        return summary, text.terminal(summary), "survival.jsonl, edits.jsonl, "
    summary = runs.report(run)
    return summary, tables.terminal(summary), ""


@cli.command("probe")
@click.argument("run", type=FOLDER)
@click.option("--model", "-m", help="The model that goes on from the replies.  [default: the run's, as it was opened]")
@click.option("--arms", help="Interventions, comma-separated; docs/probes.md lists them.  [default: all]")
@click.option("--limit", type=click.IntRange(1), help="Only so many items of each task, whole problems first.")
@click.option("--name", default="probe", show_default=True, help="Of the probe; its folder is RUN/probes/NAME.")
@engine_options
def probe_run(run: Path, name: str, **flags: Any) -> None:
    """Change the thinking behind a run's replies, and measure what that does to them."""
    probed = _open_probe(run, name, flags)
    incomplete = _generate(probed)
    _grade(probed)
    _report(probed)
    if incomplete:
        raise incomplete
    say(f"next: mathif report {run} shows these pictures in the page of the run too")


def _open_probe(run: Path, name: str, flags: dict[str, Any]) -> Probe:
    """Continue the probe `name` where no setting is given and it is there; else begin it."""
    from mathif.interventions import DEFAULT, parse_interventions
    from mathif.probe import Probe, is_probe, probe_folder
    from mathif.run import Run

    given = _given(flags)
    folder = probe_folder(run, name)
    if not given and is_probe(folder):
        return Probe(folder)
    asked = parse_interventions(flags["arms"] or DEFAULT)
    told = [flag for flag in given if flag not in ("model", "arms", "limit")]
    if told and not flags["model"]:
        raise UsageError(f"--{told[0].replace('_', '-')}: settings of an engine go with --model; give that too")
    return Probe.start(Run(run), name, asked, flags["limit"], flags["model"], _options(flags))


@cli.command("compare")
@click.argument("runs", type=FOLDER, nargs=-1, metavar="RUN RUN...")
@click.option("--out", type=FOLDER, help="Folder for compare.json and compare.md.")
def compare_runs(runs: tuple[Path, ...], out: Path | None) -> None:
    """Compare runs on the same prompts, reply by reply: each with the first."""
    from mathif import store
    from mathif.compare import compare, markdown, terminal

    if len(runs) < 2:
        raise UsageError(f"compare: found {len(runs)} runs, expected at least two")
    found = compare(runs)
    click.echo(terminal(found))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        store.write_json(out / "compare.json", found)
        store.write_text(out / "compare.md", markdown(found))
        say(f"files: {out}/compare.json, compare.md")


@cli.command("export")
@click.argument("run", type=FOLDER)
@click.option("--to", required=True, metavar="FORMAT", help="csv, parquet, hf, every-eval-ever, inspect or lm-eval.")
@click.option("--out", type=FOLDER, help="Folder for the files.  [default: RUN/export/FORMAT]")
def export_run(run: Path, to: str, out: Path | None) -> None:
    """Write a finished run in the format of another tool."""
    from mathif.export import export
    from mathif.run import Run

    for path in export(Run(run), to, out):
        say(f"file: {path}")


@cli.command("attend")
@click.argument("run", type=FOLDER)
@click.option("--model", "-m", help="The model that gave the replies; without it, none is read that is not yet.")
@click.option("--limit", type=click.IntRange(1), help="Only so many replies, evenly spaced.")
def attend_to(run: Path, model: str | None, limit: int | None) -> None:
    """Measure how much an open model attends to the constraints, and what hiding them does to its answers."""
    from mathif.attention import attend, terminal
    from mathif.run import Run

    click.echo(terminal(attend(Run(run), model, limit, bar)))
    say(f"files: {run}/attention.json, attention.jsonl")


@cli.command("constraints")
@click.argument("kind", required=False)
@click.option("--markdown", is_flag=True, help="Every kind as one Markdown page, the source of docs/constraints.md.")
def show_constraints(kind: str | None, markdown: bool) -> None:
    """List the kinds of constraints, or show one with its arguments, limits and examples."""
    from mathif import listing

    if markdown:
        click.echo(listing.constraints_markdown(), nl=False)
    else:
        click.echo(listing.constraint_page(kind) if kind else listing.constraint_table())


@cli.group(invoke_without_command=True)
@click.pass_context
def tasks(ctx: click.Context) -> None:
    """List the bundled tasks; show one, or build a fresh one."""
    from mathif import listing

    if ctx.invoked_subcommand is None:
        click.echo(listing.task_table())


@tasks.command("show")
@click.argument("task")
@click.option("--data", type=FOLDER, help="Folder with a local copy of the task's hub data.")
@click.option("--item", help="Key of the item to show.  [default: the first with constraints]")
def show_task(task: str, data: Path | None, item: str | None) -> None:
    """Show a task's make-up, and one item in every arm, as a model sees it."""
    from mathif import listing
    from mathif.tasks import load

    click.echo(listing.task_page(load(task, data), item))


@tasks.command("build")
@click.argument("task", type=click.Choice(["core", "knowledge", "control"]))
@click.option("--seed", type=click.IntRange(0), required=True, help="A fresh seed is a set that nobody trained on.")
@click.option("--steps", type=click.IntRange(1), help="Complexity: reasoning steps of every problem.")
@click.option("--surface", type=click.Choice(["familiar", "unfamiliar"]), help="Novelty: how every problem is told.")
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: TASK-SEED]")
def build_task(task: str, seed: int, steps: int | None, surface: str | None, out: Path | None) -> None:
    """Build a fresh set of the same make-up as a bundled task."""
    from mathif.build import build

    folder = out or Path(f"{task}-{seed}")
    say(f"{build(task, seed, steps, surface, folder)} items written to {folder}; next: mathif eval --task {folder}")


@cli.command()
@click.argument("task", default="core")
@click.option("--data", type=FOLDER, help="Folder with a local copy of the task's hub data.")
@click.pass_context
def validate(ctx: click.Context, task: str, data: Path | None) -> None:
    """Prove a task: golds grade right, nothing clashes, every item has a witness; needs no model."""
    from mathif import listing
    from mathif.tasks import load
    from mathif.validate import validate as prove

    loaded = load(task, data)
    found = prove(loaded, bar)
    click.echo(listing.validation_page(loaded, found))
    if any(not defect.known for defect in found.defects):
        ctx.exit(3)


@cli.command()
@click.argument("run", type=FOLDER)
@click.option("--about", type=FOLDER, help="TOML file with what is known of the model (docs/submitting.md).")
@click.option("--submitter", default="anonymous", show_default=True, help="Who hands it in.")
@click.option(
    "--relation",
    type=click.Choice(["author", "third-party"]),
    default="third-party",
    show_default=True,
    help="Whether the submitter made the model.",
)
@click.option("--replies-url", metavar="URL", help="Where the replies will be, if they are too large for the board.")
@click.option("--board", "folder", type=FOLDER, default=Path("leaderboard"), show_default=True)
def submit(run: Path, about: Path | None, folder: Path, **said: Any) -> None:
    """Write the leaderboard entry of a finished run, and its replies."""
    from mathif.entry import claims_of
    from mathif.entry import submit as hand_in
    from mathif.run import Run

    opened = Run(run)
    entry, replies = hand_in(opened, claims_of(opened, about, **said), folder)
    say(f"entry: {entry}")
    say(f"replies: {replies}" + (f"; put this file at {said['replies_url']}" if said["replies_url"] else ""))
    say(f"next: mathif verify {entry}" + (f" --replies {replies}" if said["replies_url"] else ""))


@cli.command()
@click.argument("entry", type=FOLDER)
@click.option("--replies", type=FOLDER, help="The entry's replies.  [default: beside it, in responses/]")
@click.option("--data", type=FOLDER, help="Folder with a local copy of the task's hub data.")
def verify(entry: Path, replies: Path | None, data: Path | None) -> None:
    """Make a leaderboard entry again from its raw replies, and compare every value."""
    from mathif.verify import verify as make_again

    found = make_again(entry, replies, data, progress=bar)
    click.echo(f"{entry}: {found.badge}" + (f" ({found.reason})" if found.reason else ""))


@cli.command()
@click.option("--board", "folder", type=FOLDER, default=Path("leaderboard"), show_default=True)
@click.option("--data", type=FOLDER, help="Folder with a local copy of the tasks' hub data.")
@click.option("--check", is_flag=True, help="Only verify every entry; nothing is written.")
def board(folder: Path, data: Path | None, check: bool) -> None:
    """Verify every entry against its replies, and build the board from them."""
    from mathif import board as leaderboard

    if check:
        verified = leaderboard.check(folder, data, bar)
        for found in verified:
            say(f"{found.entry.name}: {found.badge.value}")
        say(f"{len(verified)} entries hold")
    else:
        say(f"board: {leaderboard.build(folder, data, bar)}")

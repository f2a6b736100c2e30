"""The command line: arguments in, sentences and tables out, errors as exit codes; nothing else prints or exits.

Every command imports what it needs when it runs, so that `mathif --help` answers at once.
"""

from __future__ import annotations

import errno
import functools
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mathif import __version__
from mathif.counting import counted
from mathif.errors import DataError, MathifError, StoppedError, UsageError
from mathif.plan import Options, Plan
from mathif.settings import Setting, by_field, settings
from mathif.voice import Voice

if TYPE_CHECKING:
    from mathif.run import Run

Row = TypeVar("Row")
Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path)
CHOOSING = ("arms", "samples", "limit", "shard", "data")
"""Settings that choose which prompts are asked."""
DEMO = {"model": "mock:length", "samples": 8, "limit": 60}
"""What `mathif demo` asks: enough replies to each item to show what goes with their length."""
VOICE = Voice(functools.partial(click.echo, err=True))  # stderr, where nothing ends up in a table


class Number(click.FloatRange):
    """A number in a range, called so in help and errors."""

    name = "number"


class Whole(click.IntRange):
    """An integer in a range, called so in help and errors."""

    name = "integer"


class Command(click.Command):
    """A command, with the flags that every command has.

    Attributes:
        names: what a flag can name, with one line on each: a title and the names; shown below the help.
    """

    def __init__(
        self, *args: Any, names: Callable[[], tuple[str, Mapping[str, str]]] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.names = names
        self.params += [
            _spoken("--quiet", "quiet", "Say nothing but the result and what went wrong.", is_flag=True),
            _spoken("--log", "log", "Add all that is said to this file, with times.", type=FOLDER),
        ]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names below the help."""
        if self.names:
            title, names = self.names()
            with formatter.section(title):
                formatter.write_dl(list(names.items()))


def _spoken(flag: str, name: str, told: str, **more: Any) -> click.Option:
    """Return a flag that says how a command speaks."""
    return click.Option(
        [flag, f"_{name}"],
        help=told,
        envvar=f"MATHIF_{name.upper()}",
        expose_value=False,
        callback=lambda ctx, flag, value: setattr(VOICE, name, value),
        **more,
    )


def with_json(command: Wrapped) -> Wrapped:
    """Add `--json` to a command that shows a result."""
    command.__dict__.setdefault("__click_params__", []).append(
        _spoken("--json", "json", "Print the result as JSON, unrounded.", is_flag=True)
    )
    return command


def show(value: Any, text: Callable[[], str]) -> None:
    """Print the result of a command: the value, plain JSON, where it is asked for, and else its text."""
    import json

    click.echo(json.dumps(value, indent=2) if VOICE.json else text())


class Commands(click.Group):
    """The group of commands; the one place where an error becomes a sentence and an exit code."""

    command_class = Command
    group_class = type

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, with every error of ours as one line on stderr."""
        try:
            return super().invoke(ctx)
        except MathifError as error:
            _end(ctx, str(error), error.exit_code)
        except KeyboardInterrupt:
            _end(ctx, "stopped; run the command again", StoppedError.exit_code)
        except MemoryError:
            _end(ctx, "there is not enough memory; what was there is kept", DataError.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads the output has gone
                raise
            named = f"{error.filename}: " if error.filename else ""
            _end(ctx, f"{named}{error.strerror or error}", DataError.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which a run uses them."""
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Measure whether reasoning models still obey instructions when they think for long."""
    VOICE.begin()


def _end(ctx: click.Context, sentence: str, code: int) -> None:
    """End the command with one sentence on stderr."""
    VOICE.complain(f"mathif: {sentence}")
    ctx.exit(code)


def main() -> None:
    """Run the command line; the entry point of the program. What ends it from outside is a Ctrl-C to it."""
    for ended in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ended) is not signal.SIG_IGN:  # as under `nohup`
            signal.signal(ended, _stop)
    cli(prog_name="mathif")


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


say = VOICE.say


def bar(rows: Iterable[Row], total: int, what: str) -> Iterator[Row]:
    """Show how far it is: all the time on a terminal, every half minute in a log."""
    from mathif import progress

    if VOICE.quiet or not sys.stderr.isatty():
        return progress.told(rows, total, what, VOICE.say)
    return progress.bar(progress.told(rows, total, what, VOICE.write) if VOICE.log else rows, total, what)


def run_options(command: Wrapped) -> Wrapped:
    """Add the flags that say what is asked of which model, of which engine, and where the run lies."""
    flags = [
        *(_flag_of(one) for one in settings(Plan) if one not in settings(Options)),
        click.option("--out", type=FOLDER, help="Run folder.  [default: runs/MODEL-TASK]"),
        click.option("--resume", type=FOLDER, help="Continue the run in this folder with its own settings."),
        click.option(
            "--register",
            type=FOLDER,
            metavar="FILE",
            help="Write the plan and its primary analysis to this file before the first reply.",
        ),
        click.option(
            "--config",
            type=FOLDER,
            is_eager=True,
            expose_value=False,
            callback=_configured,
            help="TOML file of settings, named as the flags, or the run.json of a run.",
        ),
    ]
    return _apply(flags, engine_options(command))


def engine_options(command: Wrapped) -> Wrapped:
    """Add the flags that an engine may honour; one that cannot refuses them."""
    return _apply(list(map(_flag_of, settings(Options))), command)


def _apply(flags: list[Callable[[Any], Any]], command: Wrapped) -> Wrapped:
    wrapped: Wrapped = functools.reduce(lambda wrapped, flag: flag(wrapped), reversed(flags), command)
    return wrapped


def _asked_flags(command: Wrapped) -> Wrapped:
    """Add the flags that say what is asked, the task aside."""
    names = (*CHOOSING, "system_prompt", "seed", "temperature", "top_p", "max_tokens")
    return _apply([_flag_of(by_field(Plan)[name]) for name in names], command)


def _flag_of(one: Setting) -> Callable[[Any], Any]:
    """Return the flag of a setting, with its environment variable."""
    common: dict[str, Any] = {"help": _told(one), "envvar": one.variable}
    if one.kind is bool:
        return click.option(one.flag, one.field, is_flag=True, **common)
    if one.kind is dict:
        return click.option(one.flag, one.field, multiple=True, metavar="NAME=VALUE", **common)
    if one.declared.repeated:
        return click.option(one.flag, one.field, multiple=True, **common)
    if one.declared.words:
        return click.option(one.flag, one.field, nargs=one.declared.words, type=click.STRING, **common)
    short = ("-" + one.key[0],) if one.field in ("model", "tasks") else ()
    default = ",".join(one.default) if one.kind is tuple else one.default
    return click.option(one.flag, *short, one.field, type=_type_of(one), default=default, **common)


def _told(one: Setting) -> str:
    """Return the help of a setting, with its default."""
    default = ",".join(one.default or ()) if one.kind is tuple else one.default
    told = one.declared.default_told or ("" if default in (None, False, "", {}) else str(default))
    return f"{one.declared.help}  [default: {told}]" if told else one.declared.help


def _type_of(one: Setting) -> click.ParamType[Any]:
    if one.declared.choices:
        return click.Choice(one.declared.choices)
    low = one.declared.low if one.declared.above is None else one.declared.above
    if one.kind is int:
        return click.INT if low is None else Whole(int(low))
    if one.kind is float:
        return Number(low, one.declared.high, min_open=one.declared.above is not None)
    return click.STRING


def _configured(ctx: click.Context, flag: click.Parameter, path: Path | None) -> None:
    """Take the defaults of the command from a file of settings; what stands on the command line goes before it."""
    if path is not None:
        from mathif.api import read_config

        known = by_field(Plan)
        ctx.default_map = {field: _as_typed(known[field], value) for field, value in read_config(path).items()}


def _as_typed(one: Setting, value: Any) -> Any:
    """Return a value of a file as it would be typed after its flag."""
    import json

    if one.kind is dict:
        return [f"{name}={json.dumps(inner)}" for name, inner in value.items()]
    as_list = one.declared.repeated or one.declared.words
    return ",".join(value) if isinstance(value, list) and not as_list else value


def _arms() -> tuple[str, Mapping[str, str]]:
    from mathif.arms import ARMS

    return "Arms", ARMS


def _interventions() -> tuple[str, Mapping[str, str]]:
    from mathif.interventions import FAMILIES

    amounts = {"count": ":N", "fraction": ":f", "": ""}
    return "Interventions", {f"{name}{amounts[family.amount]}": family.line for name, family in FAMILIES.items()}


@cli.command()
@click.option(
    "--out", type=FOLDER, default=Path("runs/demo"), show_default=True, help="Run folder; one that is there is shown."
)
@with_json
def demo(out: Path) -> None:
    """Show a whole run of a simulated model in seconds.

    It obeys less the longer it thinks.
    """
    from mathif import api

    say("a simulated model answers; no real one is asked or fetched")
    _finish(api.resume_run(out) if (out / "run.json").exists() else api.create_run(api.plan_of(DEMO), out))
    say(f"open {out}/report.html in a browser")


@cli.command("eval", names=_arms)
@run_options
@with_json
@click.option("--dry-run", is_flag=True, help="Only say what would be asked, and what that takes in tokens and time.")
@click.option("--price-in", type=Number(0), help="With --dry-run: price of a million tokens of prompts.")
@click.option("--price-out", type=Number(0), help="With --dry-run: price of a million tokens of replies.")
def evaluate(dry_run: bool, price_in: float | None, price_out: float | None, **flags: Any) -> None:
    """Ask, grade and report: the whole run."""
    if dry_run:
        _look_ahead(flags, price_in, price_out)
    elif price_in is not None or price_out is not None:
        raise UsageError("--price-in, --price-out: only a dry run tells a cost; add --dry-run")
    else:
        _finish(_open(flags))


@cli.command(names=_arms)
@run_options
def generate(**flags: Any) -> None:
    """Only ask: record the raw replies."""
    from mathif import api

    run = _open(flags)
    incomplete = api.ask(run, bar, say)
    if incomplete:
        raise incomplete
    say(f"next: mathif grade {run.folder}")


@cli.command("prompts")
@click.argument("task", default="core")
@_asked_flags
@click.option("--batch-model", metavar="NAME", help="Write the batch of an OpenAI-compatible service for this model.")
@click.option("--out", type=FOLDER, default=Path("prompts.jsonl"), show_default=True, help="File to write.")
def write_prompts(task: str, batch_model: str | None, out: Path, **flags: Any) -> None:
    """Write what would be asked, for those who ask elsewhere."""
    from mathif import api

    given = {by_field(Plan)[name].key.replace("-", "_"): flags[name] for name in flags}
    count = api.write_prompts(out, task, batch_model=batch_model, **given)
    asked = " ".join(f"{by_field(Plan)[name].flag} {flags[name]}" for name in _given(flags) if name in CHOOSING)
    say(
        f"{count} prompts written to {out}; next: mathif eval --model file:REPLIES.jsonl --task {task} {asked}".rstrip()
    )


@cli.command()
@click.argument("run", type=FOLDER)
@_flag_of(by_field(Options)["reasoning_tags"])
@_flag_of(by_field(Options)["tokenizer"])
def grade(run: Path, reasoning_tags: tuple[str, ...] | None, tokenizer: str | None) -> None:
    """Grade the recorded replies of a run again; needs no model."""
    from mathif import api

    opened = api.run_in(run)
    api.grade_run(opened, bar, reasoning_tags, tokenizer)
    if missing := opened.incomplete():
        say(f"warning: {missing}")
    say(f"next: mathif report {run}")


@cli.command()
@click.argument("run", type=FOLDER)
@click.option("--charts", is_flag=True, help="Save every picture as SVG and PNG in the run's folder too.")
@click.option(
    "--recut", metavar="N,N,…", help="Print what these lower token limits would have left of the replies too."
)
@click.option("--tables", metavar="all|NAME,…", help="Print these tables too, by how their titles begin.")
@with_json
def report(run: Path, charts: bool, recut: str | None, tables: str | None) -> None:
    """Make the report of a graded run or probe, and print it."""
    from mathif import api

    opened = api.run_in(run)
    limits = [] if recut is None else _numbers(recut, "--recut", "token limits with commas between, such as 4096,8192")
    summary = _report(opened, tables)
    if charts:
        from mathif.publish import save_charts

        say(f"charts: {counted(len(save_charts(opened, summary)), 'file')} in {run}/charts")
    if limits:
        from mathif.report.recuts import recuts
        from mathif.tables import recut_table

        click.echo(recut_table(recuts(opened.graded(), limits)))
    if missing := opened.incomplete():
        raise missing


def _numbers(text: str, flag: str, expected: str) -> list[int]:
    """Read numbers with commas between."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise UsageError(f"{flag}: found {text!r}, expected {expected}")
    return list(map(int, parts))


def _look_ahead(flags: dict[str, Any], price_in: float | None, price_out: float | None) -> None:
    """Print what a run would ask, and what that takes."""
    from mathif import api
    from mathif.forecast import FORETOLD, forecast, told

    for name in ("resume", "register"):
        if flags.pop(name):
            raise UsageError(f"--dry-run: looks at a new run; leave out --{name}")
    out = flags.pop("out")
    plan = Plan.of(**_typed(flags))
    found = forecast(plan)
    totals = {"prompts": found.count, **{name: getattr(found, name) for name in FORETOLD}}
    show(totals, lambda: told(plan, found, out or api.free_folder(plan), price_in, price_out))


def _finish(run: Run) -> None:
    """Ask for what is missing, grade and report; what was not answered ends the command, the rest reported."""
    from mathif import api
    from mathif.run import stoppable

    with stoppable(run):
        incomplete = api.ask(run, bar, say)
        api.grade_run(run, bar)
        _report(run)
    if incomplete:
        raise incomplete


def _report(run: Run, tables: str | None = None) -> Any:
    """Make the report of a run or a probe, print it and return it."""
    from mathif import api
    from mathif.arms.modes import RECORDED
    from mathif.results import stored

    summary = api.report_run(run)
    names = [name.strip() for name in tables.split(",")] if tables else []
    show(stored(summary), lambda: _coloured(run.subject.terminal(summary, _columns(), names)))
    if not names:
        say(f"tables: mathif report {run.folder} --tables all")
    files = ("report.html", "report.md", "report.json", "verdicts.jsonl", *run.subject.files, "generations.jsonl")
    _say_files(run.folder, *files)
    if run.subject.kind == "run" and not run.plan.model.startswith(RECORDED):
        say(f"next: {_next(run)}")
    return summary


def _next(run: Run) -> str:
    """Return the command that tells most beyond a run: more samples, or where there are some, a probe."""
    if run.plan.samples == 1:
        return f"mathif eval --config {run.folder}/run.json --samples 4"
    return f"mathif probe {run.folder}"


def _say_files(folder: Path, *names: str) -> None:
    """Say which files were written into a folder, broken between two names where the terminal ends."""
    import textwrap

    told = f"files: {folder}/{', '.join(names)}"
    lines = textwrap.wrap(told, _columns(), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    say(told, shown="\n".join(lines))


def _columns() -> int:
    """Return how wide the terminal is."""
    import shutil

    return shutil.get_terminal_size().columns


def _coloured(text: str) -> str:
    """Return the text of a report with what must be seen first set off; a pipe gets none of the colours."""
    from mathif.screen import QUESTION

    if os.environ.get("NO_COLOR"):
        return text
    styles: dict[str, dict[str, Any]] = {QUESTION: {"bold": True}, "! ": {"fg": "yellow"}, "INCOMPLETE": {"fg": "red"}}
    styles["SIMULATED"] = {"fg": "cyan"}
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for begin, style in styles.items():
            if line.startswith(begin):
                lines[place] = click.style(line, **style)
    return "\n".join(lines)


def _open(flags: dict[str, Any]) -> Run:
    """Begin the run that the flags ask for, or open the one after `--resume`."""
    from mathif import api

    resume, out, registered = (flags.pop(name) for name in ("resume", "out", "register"))
    if resume is None:
        return api.create_run(Plan.of(**_typed(flags)), out, registered)
    if out or registered:
        raise UsageError(f"--resume keeps the settings of the run; leave out {'--out' if out else '--register'}")
    return api.resume_run(resume, _typed({name: flags[name] for name in _given(flags)}))


def _given(flags: dict[str, Any]) -> list[str]:
    """Return the names of the flags that stand on the command line."""
    source = click.get_current_context().get_parameter_source
    return [name for name in flags if source(name) is click.core.ParameterSource.COMMANDLINE]


def _typed(flags: dict[str, Any]) -> dict[str, Any]:
    """Return flags as the settings that they set."""
    if "engine_args" in flags:
        return {**flags, "engine_args": dict(map(_engine_arg, flags["engine_args"]))}
    return flags


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


@cli.command("probe", names=_interventions)
@click.argument("run", type=FOLDER)
@click.option("--model", "-m", help="The model that goes on from the replies.  [default: the run's, as it was opened]")
@click.option("--arms", help="Interventions, comma-separated, as listed below.  [default: the usual ones]")
@click.option("--limit", type=Whole(1), help="Only so many items of each task, whole problems first.")
@click.option("--name", default="probe", show_default=True, help="Of the probe; its folder is RUN/probes/NAME.")
@engine_options
@with_json
def probe_run(run: Path, name: str, model: str | None, arms: str | None, limit: int | None, **flags: Any) -> None:
    """Change the thinking behind a run's replies.

    Measures, against a control, what that does to answer and obedience.
    """
    from mathif import api

    engine = _typed({flag: flags[flag] for flag in _given(flags)})
    _finish(api.open_probe(run, name, arms, limit, model, engine))
    say(f"next: mathif report {run} shows these pictures in the page of the run too")


@cli.command("merge")
@click.argument("runs", type=FOLDER, nargs=-1, required=True, metavar="RUN RUN...")
@click.option("--out", type=FOLDER, required=True, help="Folder of the new run.")
@click.option("--incomplete", is_flag=True, help="Merge what is there; the missing shards are named.")
@with_json
def merge_runs(runs: tuple[Path, ...], out: Path, incomplete: bool) -> None:
    """Join the shards of one run, grade it and report.

    The report is the same as if the run had not been cut.
    """
    from mathif import api

    merged = api.merge(runs, out, incomplete=incomplete, notice=say)
    api.grade_run(merged, bar)
    _report(merged)


@cli.command("runs")
@click.argument("folder", type=FOLDER, default=Path("runs"))
@with_json
def list_runs(folder: Path) -> None:
    """List the runs of a folder, a row for each.

    A row has model, task, state, HAcc, net dilution and date.
    """
    from mathif import schemas, shelf

    found = shelf.shelf(folder)
    show([schemas.to_json(run) for run in found], lambda: shelf.terminal(found, _columns()))


@cli.command("view")
@click.argument("folder", type=FOLDER, default=Path("runs"))
def view_runs(folder: Path) -> None:
    """Write one page over the runs of a folder.

    It filters, opens and compares them, and needs no server.
    """
    from mathif import shelf, store

    path = folder / "index.html"
    store.write_text(path, shelf.page(shelf.shelf(folder), f"Runs in {folder.resolve().name}"))
    say(f"page: {path.resolve().as_uri()}")


@cli.command("compare")
@click.argument("runs", type=FOLDER, nargs=-1, metavar="RUN RUN...")
@click.option("--out", type=FOLDER, help="Folder for compare.json and compare.md.")
@with_json
def compare_runs(runs: tuple[Path, ...], out: Path | None) -> None:
    """Compare runs on the same prompts, reply by reply.

    Each is compared with the first.
    """
    from mathif import api, store
    from mathif.compare import markdown, terminal
    from mathif.results import stored

    found = api.compare(*runs)
    show(stored(found), lambda: terminal(found, _columns()))
    if out:
        store.make_folder(out)
        store.write_json(out / "compare.json", stored(found))
        store.write_text(out / "compare.md", markdown(found))
        _say_files(out, "compare.json", "compare.md")


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
@click.option("--limit", type=Whole(1), help="Only so many replies, evenly spaced.")
def attend_to(run: Path, model: str | None, limit: int | None) -> None:
    """Measure how much an open model attends to the constraints.

    Also hides them, and measures what that does to its answers.
    """
    from mathif.attention import attend, terminal
    from mathif.run import Run

    click.echo(terminal(attend(Run(run), model, limit, bar), _columns()))
    _say_files(run, "attention.json", "attention.jsonl")


@cli.command("constraints")
@click.argument("kind", required=False)
@click.option("--markdown", is_flag=True, help="Every kind as one Markdown page, the source of docs/constraints.md.")
def show_constraints(kind: str | None, markdown: bool) -> None:
    """List the kinds of constraints, or show one.

    One is shown with its arguments, limits and examples.
    """
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
@click.option("--data", type=FOLDER, help="File or folder with the data of a task that are not in this package.")
@click.option("--item", help="Key of the item to show.  [default: the first with constraints]")
def show_task(task: str, data: Path | None, item: str | None) -> None:
    """Show a task's make-up, and one item in every arm.

    The item stands there as a model sees it.
    """
    from mathif import listing
    from mathif.tasks import load

    click.echo(listing.task_page(load(task, data), item))


@tasks.command("build")
@click.argument("task", type=click.Choice(["core", "thinking", "knowledge", "control", "ladder"]))
@click.option("--seed", type=Whole(0), help="A fresh seed is a set that nobody trained on.")
@click.option("--version", help="An earlier edition of the bundled set (1-A), as it was, in place of a seed.")
@click.option("--steps", type=Whole(1), help="Complexity: reasoning steps of every problem.")
@click.option("--surface", type=click.Choice(["familiar", "unfamiliar"]), help="Novelty: how every problem is told.")
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: TASK-SEED]")
def build_task(
    task: str, seed: int | None, version: str | None, steps: int | None, surface: str | None, out: Path | None
) -> None:
    """Build a fresh set like a bundled task, or a ladder.

    The set has the make-up of the task; a ladder has problems at 1, 2, 4, 8, 16 and 32 steps.
    """
    from mathif.build import build, build_ladder, keep

    folder = out or Path(f"{task}-{version or seed}")
    if task == "ladder":
        if seed is None or (version, steps, surface) != (None, None, None):
            raise UsageError("tasks build ladder: give --seed, and nothing else; it has every step count")
        items = build_ladder(seed, folder)
    elif version and (seed, steps, surface) == (None, None, None):
        items = keep(task, version, folder)
    elif seed is not None and version is None:
        items = build(task, seed, steps, surface, folder)
    else:
        raise UsageError("tasks build: give --seed for a fresh set, or --version alone for an earlier edition")
    say(f"{counted(items, 'item')} written to {folder}; next: mathif eval --task {folder}")


@tasks.command("make")
@click.argument("source")
@click.option("--kinds", default="", help="Kinds of constraints, comma-separated.  [default: those of core]")
@click.option("--rungs", default="0,1,2,3", show_default=True, help="Numbers of constraints to ask each problem with.")
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="Of the constraints that are dealt.")
@click.option("--limit", type=Whole(1), help="Only the first so many problems; of families, so many.")
@click.option("--question", default="", help="Column that holds the question.  [default: question, problem, …]")
@click.option("--answer", default="", help="Column that holds the answer.  [default: answer, …]")
@click.option("--split", default="test", show_default=True, help="Of a data set on the hub.")
@click.option("--name", help="Of the task.  [default: that of the folder, or of the source]")
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: the task's name]")
def make_task(source: str, kinds: str, rungs: str, out: Path | None, **more: Any) -> None:
    """Make a task of your own problems.

    SOURCE is a .csv, .tsv or .jsonl file with the columns question and answer, a data set of the hub (org/name or
    org/name:CONFIGURATION), or families:NAME,NAME for problems that are made.
    """
    from mathif import api

    counts = _numbers(rungs, "--rungs", "numbers of constraints with commas between, such as 0,1,2,3")
    named = [kind.strip() for kind in kinds.split(",") if kind.strip()]
    made = api.make_task(source, out, kinds=named, rungs=counts, **more)
    say(f"{counted(made.items, 'item')} written to {made.folder}; next: mathif eval --task {made.folder}")


@tasks.command("calibrate")
@click.argument("run", type=FOLDER)
@click.option("--percentile", type=Whole(1, 99), default=20, show_default=True, help="Of the plain thinking.")
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: TASK-limits]")
def calibrate_task(run: Path, percentile: int, out: Path | None) -> None:
    """Bound the thinking by the model's own.

    Sets a task's limits on words of thinking from the plain replies of a run.
    """
    from mathif.limits import calibrate
    from mathif.run import Run

    opened = Run(run)
    made = calibrate(opened, percentile, out or Path(f"{opened.tasks[0].name}-limits"))
    told = ", ".join(f"{source} {words}" for source, words in made.words.items())
    say(f"words of the thinking, fewer than: {told}")
    say(f"{counted(made.items, 'item')} written to {made.folder}; next: mathif eval --task {made.folder}")


@tasks.command("path")
@click.argument("harness", type=click.Choice(["lm-eval"]))
def show_path(harness: str) -> None:
    """Print the folder with the tasks in the form of another harness."""
    from mathif.harnesses import LM_EVAL

    click.echo(LM_EVAL)


@tasks.command("disjoint")
@click.argument("task")
@click.argument("other")
@click.pass_context
def show_disjoint(ctx: click.Context, task: str, other: str) -> None:
    """Tell whether two tasks share no problem.

    A set to train on and one to measure with must share none.
    """
    from mathif import api

    shared = api.shared_problems(task, other)
    click.echo(f"{counted(len(shared), 'problem')} of {task} in {other}" + (f", first {shared[0]!r}" if shared else ""))
    if shared:
        ctx.exit(DataError.exit_code)


@tasks.command("families")
def show_families() -> None:
    """List the problem families."""
    from mathif import listing

    click.echo(listing.family_table())


@cli.command()
@click.argument("task", default="core")
@click.option("--data", type=FOLDER, help="File or folder with the data of a task that are not in this package.")
@click.option("--adversarial", is_flag=True, help="Try the known ways of scoring on it without solving it instead.")
@with_json
@click.pass_context
def validate(ctx: click.Context, task: str, data: Path | None, adversarial: bool) -> None:
    """Prove a task; needs no model.

    Golds grade right, nothing clashes, every item has a witness.
    """
    from dataclasses import asdict

    from mathif import listing
    from mathif.adversary import attack
    from mathif.tasks import load
    from mathif.validate import validate as prove

    loaded = load(task, data)
    if adversarial:
        findings = attack(loaded, bar)
        show([asdict(finding) for finding in findings], lambda: listing.attack_page(loaded, findings))
        if any(finding.breaches for finding in findings):
            ctx.exit(3)
        return
    found = prove(loaded, bar)
    show(asdict(found), lambda: listing.validation_page(loaded, found))
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
@click.option(
    "--board", "folder", type=FOLDER, default=Path("leaderboard"), show_default=True, help="Folder of the leaderboard."
)
def submit(run: Path, about: Path | None, folder: Path, **said: Any) -> None:
    """Write the leaderboard entry of a finished run.

    Its replies are written beside it.
    """
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
@click.option("--data", type=FOLDER, help="File or folder with the data of a task that are not in this package.")
@with_json
def verify(entry: Path, replies: Path | None, data: Path | None) -> None:
    """Make a leaderboard entry again from its raw replies.

    Every value is compared.
    """
    from mathif.verify import verify as make_again

    found = make_again(entry, replies, data, progress=bar)
    told = {"entry": str(entry), "badge": found.badge.value, "reason": found.reason}
    show(told, lambda: f"{entry}: {found.badge}" + (f" ({found.reason})" if found.reason else ""))


@cli.command()
@click.option(
    "--board", "folder", type=FOLDER, default=Path("leaderboard"), show_default=True, help="Folder of the leaderboard."
)
@click.option("--data", type=FOLDER, help="File or folder with the data of tasks that are not in this package.")
@click.option("--check", is_flag=True, help="Only verify every entry; nothing is written.")
@click.option("--regrade", is_flag=True, help="First make every stale entry again from its replies.")
def board(folder: Path, data: Path | None, check: bool, regrade: bool) -> None:
    """Verify every entry, and build the board from them.

    An entry is verified against its replies.
    """
    from mathif import board as leaderboard

    if regrade:
        for name in leaderboard.regrade(folder, data, bar):
            say(f"{name}: graded again")
    if check:
        verified = leaderboard.check(folder, data, bar)
        for found in verified:
            say(f"{found.entry.name}: {found.badge.value}")
        say(counted(len(verified), "entry holds", "entries hold"))
    else:
        say(f"board: {leaderboard.build(folder, data, bar, say)}")

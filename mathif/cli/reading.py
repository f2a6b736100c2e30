"""The commands that read recorded replies: graded again, as a report, beside others, and in other forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mathif.cli.commands import FOLDER, Command, Whole, with_json
from mathif.cli.flags import flag_of, numbers
from mathif.cli.voice import VOICE, bar, coloured, columns, say, say_files, show
from mathif.counting import counted
from mathif.errors import UsageError
from mathif.plan import Options
from mathif.settings import by_field

if TYPE_CHECKING:
    from mathif.results import AnyReport
    from mathif.run import Run


@click.command(cls=Command)
@click.argument("run", type=FOLDER)
@flag_of(by_field(Options)["reasoning_tags"])
@flag_of(by_field(Options)["tokenizer"])
def grade(run: Path, reasoning_tags: tuple[str, ...] | None, tokenizer: str | None) -> None:
    """Grade the recorded replies of a run again; needs no model."""
    from mathif import api

    opened = api.run_in(run)
    api.grade_run(opened, bar, reasoning_tags, tokenizer)
    if missing := opened.incomplete():
        say(f"warning: {missing}")
    say(f"next: mathif report {run}")


@click.command(cls=Command)
@click.argument("run", type=FOLDER)
@click.option("--charts", is_flag=True, help="Also save every picture as SVG and PNG in the run's folder.")
@click.option(
    "--recut", metavar="N,N,…", help="Also print what these lower token limits would have left of the replies."
)
@click.option("--tables", metavar="all|NAME,…", help="Also print these tables, named by how their titles begin.")
@with_json
def report(run: Path, charts: bool, recut: str | None, tables: str | None) -> None:
    """Make the report of a graded run or probe, and print it."""
    from mathif import api

    for flag, asked in (("--tables", tables), ("--recut", recut)):
        if asked and VOICE.json:
            raise UsageError(f"{flag}: is printed as text, and --json is the report alone; leave out one of the two")
    opened = api.run_in(run)
    limits = [] if recut is None else numbers(recut, "--recut", "token limits with commas between, such as 4096,8192")
    names = [name.strip() for name in tables.split(",")] if tables else []
    summary = api.report_run(opened)
    show_report(opened, summary, names)
    if charts:
        from mathif.publish import save_charts

        say(f"charts: {counted(len(save_charts(opened, summary)), 'file')} in {run}/charts")
    if limits:
        from mathif.report.recuts import recuts
        from mathif.tables import recut_table

        click.echo(recut_table(recuts(opened.graded(), limits), columns()))
    if missing := opened.incomplete():
        raise missing


def show_report(run: Run, summary: AnyReport, tables: Sequence[str] = ()) -> None:
    """Print the report of a run or a probe, and say what lies in its folder and what to run next."""
    from mathif.schemas import to_json

    show(to_json(summary), lambda: coloured(run.subject.terminal(summary, columns(), tables)))
    if not tables:
        say(f"tables: mathif report {run.folder} --tables all")
    files = ("report.html", "report.md", "report.json", "verdicts.jsonl", *run.subject.files, "generations.jsonl")
    say_files(run.folder, *files)
    if following := _next(run):
        say(f"next: {following}")


def _next(run: Run) -> str:
    """Return the command that tells most beyond a run: more samples, or where there are some, a probe; "" for none."""
    from mathif.arms.modes import RECORDED

    if run.subject.kind != "run" or run.plan.model.startswith(RECORDED):
        return ""
    if run.plan.samples == 1:
        return f"mathif eval --config {run.folder}/run.json --samples 4"
    return f"mathif probe {run.folder}"


@click.command("runs", cls=Command)
@click.argument("folder", type=FOLDER, default=Path("runs"))
@with_json
def list_runs(folder: Path) -> None:
    """List the runs of a folder, a row for each.

    A row has model, task, state, HAcc, net dilution and date.
    """
    from mathif import schemas, shelf

    listed = shelf.shelf(folder)
    show([schemas.to_json(run) for run in listed], lambda: shelf.terminal(listed, columns()))


@click.command("view", cls=Command)
@click.argument("folder", type=FOLDER, default=Path("runs"))
def view_runs(folder: Path) -> None:
    """Write one page over the runs of a folder.

    It filters, opens and compares them, and needs no server.
    """
    from mathif import shelf

    say(f"page: {shelf.save_page(folder).resolve().as_uri()}")


@click.command("compare", cls=Command)
@click.argument("runs", type=FOLDER, nargs=-1, metavar="RUN RUN...")
@click.option("--out", type=FOLDER, help="Folder for compare.json and compare.md.")
@with_json
def compare_runs(runs: tuple[Path, ...], out: Path | None) -> None:
    """Compare runs on the same prompts, reply by reply.

    Each is compared with the first.
    """
    from mathif import api, compare
    from mathif.schemas import to_json

    comparison = api.compare(*runs)
    show(to_json(comparison), lambda: compare.terminal(comparison, columns()))
    if out:
        say_files(out, *compare.save(comparison, out))


@click.command("export", cls=Command)
@click.argument("run", type=FOLDER)
@click.option("--to", required=True, metavar="FORMAT", help="csv, parquet, hf, every-eval-ever, inspect or lm-eval.")
@click.option("--out", type=FOLDER, help="Folder for the files.  [default: RUN/export/FORMAT]")
def export_run(run: Path, to: str, out: Path | None) -> None:
    """Write a finished run in the format of another tool."""
    from mathif.export import export
    from mathif.run import Run

    for path in export(Run(run), to, out):
        say(f"file: {path}")


@click.command("attend", cls=Command)
@click.argument("run", type=FOLDER)
@click.option(
    "--model", "-m", help="The model that gave the replies; without it, only what was read before is summed up."
)
@click.option("--limit", type=Whole(1), help="Only so many replies, evenly spaced.")
def attend_to(run: Path, model: str | None, limit: int | None) -> None:
    """Measure how much an open model attends to the constraints.

    Also hides them, and measures what that does to its answers.
    """
    from mathif.attention import attend, terminal
    from mathif.run import Run

    click.echo(terminal(attend(Run(run), model, limit, bar), columns()))
    say_files(run, "attention.json", "attention.jsonl")

"""The commands that ask a model, or write down what would be asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mathif.cli.commands import FOLDER, Command, Number, Whole, with_json
from mathif.cli.flags import CHOOSING, Values, engine_flags, given, prompt_flags, run_flags, typed
from mathif.cli.reading import show_report
from mathif.cli.voice import bar, say, show
from mathif.counting import counted
from mathif.errors import UsageError
from mathif.plan import Plan
from mathif.settings import Value, by_field

if TYPE_CHECKING:
    from mathif.run import Run


def _arms() -> tuple[str, Mapping[str, str]]:
    from mathif.arms import ARMS

    return "Arms", ARMS


def _interventions() -> tuple[str, Mapping[str, str]]:
    from mathif.interventions import FAMILIES

    amounts = {"count": ":N", "fraction": ":f", "": ""}
    return "Interventions", {f"{name}{amounts[family.amount]}": family.line for name, family in FAMILIES.items()}


@click.command(cls=Command)
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
    _finish(api.open_demo(out))
    say(f"open {out}/report.html in a browser")


@click.command("eval", cls=Command, names=_arms)
@run_flags
@with_json
@click.option("--dry-run", is_flag=True, help="Only say what would be asked, and what that takes in tokens and time.")
@click.option("--price-in", type=Number(0), help="With --dry-run: price of a million tokens of prompts.")
@click.option("--price-out", type=Number(0), help="With --dry-run: price of a million tokens of replies.")
def evaluate(
    dry_run: bool,
    price_in: float | None,
    price_out: float | None,
    resume: Path | None,
    out: Path | None,
    register: Path | None,
    **flags: Value,
) -> None:
    """Ask, grade and report: the whole run."""
    if dry_run:
        for name, value in (("resume", resume), ("register", register)):
            if value:
                raise UsageError(f"--dry-run: looks at a new run; leave out --{name}")
        _look_ahead(Plan.of(**typed(flags)), out, price_in, price_out)
    elif price_in is not None or price_out is not None:
        raise UsageError("--price-in, --price-out: only a dry run tells a cost; add --dry-run")
    else:
        _finish(_open(resume, out, register, flags))


@click.command(cls=Command, names=_arms)
@run_flags
def generate(resume: Path | None, out: Path | None, register: Path | None, **flags: Value) -> None:
    """Only ask: record the raw replies."""
    from mathif import api

    run = _open(resume, out, register, flags)
    incomplete = api.ask(run, bar, say)
    if incomplete:
        raise incomplete
    say(f"next: mathif grade {run.folder}")


@click.command("prompts", cls=Command)
@click.argument("task", default="core")
@prompt_flags
@click.option("--batch-model", metavar="NAME", help="Write the batch of an OpenAI-compatible service for this model.")
@click.option("--out", type=FOLDER, default=Path("prompts.jsonl"), show_default=True, help="File to write.")
def write_prompts(task: str, arms: str, batch_model: str | None, out: Path, **flags: Value) -> None:
    """Write what would be asked, for those who ask elsewhere."""
    from mathif import api

    count = api.write_prompts(out, task, arms, batch_model=batch_model, **flags)
    named = given({"arms": arms, **flags})
    chosen = [f"{by_field(Plan)[name].flag} {value}" for name, value in named.items() if name in CHOOSING]
    asked = " ".join(["mathif eval --model file:REPLIES.jsonl --task", task, *chosen])
    say(f"{counted(count, 'prompt')} written to {out}; next: {asked}")


@click.command("probe", cls=Command, names=_interventions)
@click.argument("run", type=FOLDER)
@click.option("--model", "-m", help="The model that goes on from the replies.  [default: the run's, as it was opened]")
@click.option("--arms", help="Interventions, comma-separated, as listed below.  [default: the usual ones]")
@click.option("--of", help="The arm whose replies are edited: constrained, thinking or both.  [default: constrained]")
@click.option("--limit", type=Whole(1), help="Only so many items of each task, whole problems first.")
@click.option("--name", default="probe", show_default=True, help="Name of the probe; its folder is RUN/probes/NAME.")
@engine_flags
@with_json
def probe_run(
    run: Path, name: str, model: str | None, arms: str | None, of: str | None, limit: int | None, **flags: Value
) -> None:
    """Change the thinking behind a run's replies.

    Measures, against a control, what that does to answer and obedience.
    """
    from mathif import api
    from mathif.run import Run

    _finish(api.open_probe(Run(run), name, arms, of, limit, model, given(flags)))
    say(f"next: mathif report {run} shows these pictures in the page of the run too")


@click.command("merge", cls=Command)
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
    show_report(merged, api.report_run(merged))


def _open(resume: Path | None, out: Path | None, register: Path | None, flags: Values) -> Run:
    """Begin the run that the flags ask for, or open the one after `--resume`."""
    from mathif import api

    if resume is None:
        return api.create_run(Plan.of(**typed(flags)), out, register)
    others = {"--out": out, "--register": register, "--config": click.get_current_context().default_map}
    for flag, value in others.items():
        if value:
            raise UsageError(f"--resume keeps the settings of the run; leave out {flag}")
    return api.resume_run(resume, given(flags))


def _finish(run: Run) -> None:
    """Ask for what is missing, grade and report; what was not answered ends the command, the rest reported."""
    from mathif import api

    finished = api.finish(run, bar, say)
    show_report(run, finished.report)
    if finished.missing:
        raise finished.missing


def _look_ahead(plan: Plan, out: Path | None, price_in: float | None, price_out: float | None) -> None:
    """Print what a run would ask, and what that takes."""
    from mathif import api
    from mathif.forecast import FORETOLD, forecast, told

    ahead = forecast(plan)
    totals: dict[str, float | None] = {"prompts": ahead.count, **{name: getattr(ahead, name) for name in FORETOLD}}
    if price_in is not None or price_out is not None:
        totals["cost"] = sum(ahead.cost(price_in, price_out))
    show(totals, lambda: told(plan, ahead, out or api.free_folder(plan), price_in, price_out))

"""The commands about tasks and the constraints that they ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mathif.cli.commands import FOLDER, Command, Commands, Whole, with_json
from mathif.cli.flags import numbers
from mathif.cli.voice import bar, columns, say, show
from mathif.counting import counted
from mathif.errors import DataError, UsageError


@click.command("constraints", cls=Command)
@click.argument("kind", required=False)
@click.option("--markdown", is_flag=True, help="Every kind as one Markdown page, the source of docs/constraints.md.")
def show_constraints(kind: str | None, markdown: bool) -> None:
    """List the kinds of constraints, or show one.

    One is shown with its arguments, limits and examples.
    """
    from mathif import listing

    if markdown and kind:
        raise UsageError(f"--markdown: is a page of every kind; leave it out, or {kind}")
    if markdown:
        click.echo(listing.constraints_markdown(), nl=False)
    else:
        click.echo(listing.constraint_page(kind, columns()) if kind else listing.constraint_table(columns()))


@click.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def tasks(ctx: click.Context) -> None:
    """List the bundled tasks; show one, or build a fresh one."""
    from mathif import listing

    if ctx.invoked_subcommand is None:
        click.echo(listing.task_table(columns()))


@tasks.command("show")
@click.argument("task")
@click.option("--data", type=FOLDER, help="File or folder with the data of a task that are not in this package.")
@click.option("--item", help="Key of the item to show.  [default: the first with constraints]")
def show_task(task: str, data: Path | None, item: str | None) -> None:
    """Show a task's make-up, and one item in every arm.

    The item stands there as a model sees it.
    """
    from mathif import api, listing

    click.echo(listing.task_page(api.load_task(task, data), item, columns()))


@tasks.command("build")
@click.argument("task", type=click.Choice(["core", "thinking", "knowledge", "control", "ladder"]))
@click.option("--seed", type=Whole(0), help="Seed of the set; a fresh one is a set that nobody trained on.")
@click.option("--version", help="An earlier edition of the bundled set (1-A), as it was, in place of a seed.")
@click.option("--steps", type=Whole(1), help="Complexity: reasoning steps of every problem.")
@click.option("--surface", type=click.Choice(["familiar", "unfamiliar"]), help="Novelty: how every problem is told.")
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: TASK-SEED or TASK-VERSION]")
def build_task(
    task: str, seed: int | None, version: str | None, steps: int | None, surface: str | None, out: Path | None
) -> None:
    """Build a fresh set like a bundled task, or a ladder.

    The set has the make-up of the task; a ladder has problems at 1, 2, 4, 8, 16 and 32 steps.
    """
    from mathif import api

    made = api.build_task(task, out, seed=seed, version=version, steps=steps, surface=surface)
    say(f"{counted(made.items, 'item')} written to {made.folder}; next: mathif eval --task {made.folder}")


@tasks.command("make")
@click.argument("source")
@click.option("--kinds", default="", help="Kinds of constraints, comma-separated.  [default: those of core]")
@click.option("--rungs", default="0,1,2,3", show_default=True, help="Numbers of constraints to ask each problem with.")
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="Seed of the constraints that are dealt.")
@click.option("--limit", type=Whole(1), help="Only the first so many problems; of families, so many.")
@click.option("--question", default="", help="Column that holds the question.  [default: question, problem, …]")
@click.option("--answer", default="", help="Column that holds the answer.  [default: answer, …]")
@click.option("--split", default="test", show_default=True, help="Split of a data set on the hub.")
@click.option("--name", help="Name of the task.  [default: that of the folder, or of the source]")
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: the task's name]")
def make_task(source: str, kinds: str, rungs: str, out: Path | None, **settings: Any) -> None:
    """Make a task of your own problems.

    SOURCE is a .csv, .tsv or .jsonl file with the columns question and answer, a data set of the hub (org/name or
    org/name:CONFIGURATION), or families:NAME,NAME for problems that are made.
    """
    from mathif import api

    counts = numbers(rungs, "--rungs", "numbers of constraints with commas between, such as 0,1,2,3")
    named = [kind.strip() for kind in kinds.split(",") if kind.strip()]
    made = api.make_task(source, out, kinds=named, rungs=counts, **settings)
    say(f"{counted(made.items, 'item')} written to {made.folder}; next: mathif eval --task {made.folder}")


@tasks.command("calibrate")
@click.argument("run", type=FOLDER)
@click.option(
    "--percentile",
    type=Whole(1, 99),
    default=20,
    show_default=True,
    help="Percentile of the lengths of the plain thinking.",
)
@click.option("--out", type=FOLDER, help="Folder of the new task.  [default: TASK-limits]")
def calibrate_task(run: Path, percentile: int, out: Path | None) -> None:
    """Bound the thinking by the model's own.

    Sets a task's limits on words of thinking from the plain replies of a run.
    """
    from mathif.limits import calibrate
    from mathif.run import Run

    made = calibrate(Run(run), percentile, out)
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

    click.echo(listing.family_table(columns()))


@click.command(cls=Command)
@click.argument("task", default="core")
@click.option("--data", type=FOLDER, help="File or folder with the data of a task that are not in this package.")
@click.option("--adversarial", is_flag=True, help="Instead try the known ways of scoring on it without solving it.")
@with_json
@click.pass_context
def validate(ctx: click.Context, task: str, data: Path | None, adversarial: bool) -> None:
    """Prove a task; needs no model.

    Golds grade right, nothing clashes, every item has a witness.
    """
    from dataclasses import asdict

    from mathif import api, listing
    from mathif.adversary import attack
    from mathif.validate import validate as prove

    loaded = api.load_task(task, data)
    if adversarial:
        findings = attack(loaded, bar)
        show([asdict(finding) for finding in findings], lambda: listing.attack_page(loaded, findings, columns()))
        if any(finding.breaches for finding in findings):
            ctx.exit(DataError.exit_code)
        return
    validation = prove(loaded, bar)
    show(asdict(validation), lambda: listing.validation_page(loaded, validation, columns()))
    if any(not defect.known for defect in validation.defects):
        ctx.exit(DataError.exit_code)

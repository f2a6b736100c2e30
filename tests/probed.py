"""A small run with a finished probe, made by the mock engine."""

from pathlib import Path

from mathif import run as runs
from mathif.interventions import BASE, DEFAULT, parse_interventions
from mathif.probe import start_probe
from mathif.run import Plan, Run, silent
from tests.tiny import write_task


def ignore(text: str) -> None:
    pass


def graded_run(folder: Path, model: str = "mock:both", arms: tuple[str, ...] = ("plain", "constrained")) -> Run:
    """Make a run of the tiny task in `folder`, two replies for each item, with its report."""
    plan = Plan(model=model, tasks=(str(write_task(folder.parent / "tiny")),), arms=arms, samples=2)
    run = Run.create(plan, folder)
    runs.generate(run, silent, ignore)
    runs.grade(run, silent)
    runs.report(run)
    return run


def probed(run: Run, name: str = "probe", arms: str = DEFAULT, of: str = BASE, judged: bool = False) -> Run:
    """Probe `run`, grade the probe and make its report."""
    probe = start_probe(run, name, parse_interventions(arms, of, judged=judged))
    runs.generate(probe, silent, ignore)
    runs.grade(probe, silent)
    runs.report(probe)
    return probe

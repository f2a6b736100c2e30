"""Finding: the runs below a folder, each read from its head and its report alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mathif.counting import counted
from mathif.errors import DataError, UsageError
from mathif.records import Profile
from mathif.results import METRICS, CurvePoint, ProfileReport, Report, read_report
from mathif.run.folder import GENERATIONS
from mathif.run.head import Head, read_head, refuse_other_report
from mathif.stats import Share, Slope

COMPLETE = "complete"
"""The state of a run of which nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedRun:
    """One run at a glance.

    Attributes:
        folder: where it is, relative to the shelf.
        state: `complete`, or what is missing.
        model: who was asked, "" where the head cannot be read.
        tasks: what was asked.
        started: day on which it was started, "" where it is not recorded.
        page: its page relative to the shelf, "" where there is none.
        arm: the primary arm, "" where there is no report; the following are of it.
        hacc: its HAcc.
        dilution: how the log-odds of obeying go with a doubling of the thinking at a fixed problem, net of the plain
            replies where there are any.
        curve: its HAcc along the length at a fixed problem.
        scores: the metrics of every arm, by key.
    """

    folder: str
    state: str
    model: str = ""
    tasks: tuple[str, ...] = ()
    started: str = ""
    page: str = ""
    arm: str = ""
    hacc: Share | None = None
    dilution: Slope | None = None
    curve: tuple[CurvePoint, ...] = ()
    scores: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)


def shelf(folder: Path) -> list[ShelvedRun]:
    """Return the runs in a folder and below it, by where they are.

    Raises:
        UsageError: if there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name one that holds runs, as `mathif eval` makes them in runs/")
    return [_row(run, folder) for run in sorted(_runs(folder))]


def _runs(folder: Path) -> Iterator[Path]:
    """Yield the folders of runs; what is inside of a run, its probes too, belongs to it."""
    for root, names, files in os.walk(folder):
        if "run.json" in files:
            names.clear()
            yield Path(root)


def _row(run: Path, folder: Path) -> ShelvedRun:
    name = run.relative_to(folder).as_posix()
    try:
        head = read_head(run)
    except DataError as error:
        return ShelvedRun(folder=name, state=f"cannot be read: {error}")
    plan, page = head["plan"], run / "report.html"
    report, state = _report(run, head)
    figures = None if report is None else report.profiles.get(Profile.MATHIF)
    row = ShelvedRun(
        folder=name,
        model=str(plan.get("model", "")),
        tasks=tuple(str(task["name"]) for task in head["tasks"]),
        started=str(head.get("started", "")),
        state=state,
        page=page.relative_to(folder).as_posix() if page.is_file() else "",
    )
    return row if figures is None else _measured(row, figures)


def _report(run: Path, head: Head) -> tuple[Report | None, str]:
    """Return the report of a run, None where there is none that can be read, and the state of the run."""
    path = run / "report.json"
    if not path.exists():
        asked = _recorded(run / GENERATIONS)
        return None, f"{counted(asked, 'reply', 'replies')}, not reported yet: mathif report {run}"
    try:
        report = read_report(path)
        refuse_other_report(run, head)
    except DataError as error:
        return None, f"cannot be read: {error}"
    missing = f"{report.errors} of {counted(report.rows, 'reply', 'replies')} missing"
    return report, COMPLETE if report.complete else missing


def _recorded(path: Path) -> int:
    """Return how many replies are recorded; a run that was killed has not counted them in its head."""
    if not path.is_file():
        return 0
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


def _measured(row: ShelvedRun, figures: ProfileReport) -> ShelvedRun:
    """Return a row with what its report shows of the primary arm, and the metrics of every arm."""
    primary = next((arm for arm, claims in figures.claims.items() if claims.primary), None)
    arm = primary or ("constrained" if "constrained" in figures.arms else next(iter(figures.arms), ""))
    scores = {name: {one.key: one.figure(own.overall) for one in METRICS} for name, own in figures.arms.items()}
    length = figures.length.arms.get(arm)
    if length is None:
        return replace(row, scores=scores)
    return replace(
        row,
        arm=arm,
        hacc=figures.arms[arm].overall.hacc,
        dilution=figures.length.net_of_placebo.get(arm, length.hacc.within),
        scores=scores,
        curve=length.hacc.along(),
    )

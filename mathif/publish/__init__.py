"""Publishing: the `report.html` of a run or of a probe and its pictures as files, from what the folder holds.

The page is made of the report and of the replies behind it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from mathif import store
from mathif.charts import png, vector
from mathif.page import BESIDE, pack, page
from mathif.publish.pictures import draw, hang
from mathif.publish.replies import Shown
from mathif.records import Profile
from mathif.results import AnyReport
from mathif.run import Run
from mathif.run import report as make_report

PROFILE = Profile.MATHIF
"""The profile of the page; the other one is in `report.md` and `report.json`."""


def report_and_publish(run: Run) -> AnyReport:
    """Make the report of a graded run or probe, then its page, the verdicts read once; return the report."""
    shown = Shown(run)
    summary = make_report(run, shown.keep(run.graded()))
    publish(run, summary, shown)
    return summary


def publish(run: Run, report: AnyReport, shown: Shown | None = None) -> Path:
    """Write `report.html` into the folder of `run` and return its path.

    Replies that are too many to stand in the page are written beside it, into `report_files`.

    Args:
        run: a graded run or probe.
        report: its report.
        shown: the replies of the page, which have kept their verdicts; None where these are still to be read.
    """
    path = run.folder / "report.html"
    hung = hang(run, report, PROFILE)
    shown = shown or Shown.read(run)
    made = page(
        run.subject.words(report, PROFILE),
        first=hung.first,
        galleries=hung.galleries,
        notes=hung.notes,
        replies=pack(shown.views(), shown.total),
    )
    _write_beside(run.folder / BESIDE, made.beside)
    store.write_text(path, made.html)
    return path


def _write_beside(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files beside a page, and none but these."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    for name, text in texts.items():
        folder.mkdir(exist_ok=True)
        store.write_text(folder / name, text)


def save_charts(run: Run, report: AnyReport) -> list[Path]:
    """Write every picture as `charts/NAME.svg` and `charts/NAME.png`, and return the paths.

    Raises:
        UsageError: if the package that turns lines into pixels is not installed.
    """
    folder = run.folder / "charts"
    folder.mkdir(exist_ok=True)
    paths = []
    for profile in report.profiles:
        for name, picture in (pair for one in draw(run, report, profile)[0] for pair in one.pictures.items()):
            lines, pixels = folder / f"{profile}-{name}.svg", folder / f"{profile}-{name}.png"
            lines.write_text(vector(picture), encoding="utf-8")
            pixels.write_bytes(png(picture))
            paths += [lines, pixels]
    return paths

"""Publishing: the `report.html` of a run or of a probe and its pictures as files, from what the folder holds.

The page is made of the report and of the replies behind it; without the packages of the extra `charts` it has every
number and reply, and no picture.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from mathif import store
from mathif.errors import UsageError
from mathif.page import BESIDE, pack, page
from mathif.publish.pictures import draw, hang
from mathif.publish.replies import Shown
from mathif.records import Profile
from mathif.results import AnyReport
from mathif.run import Run
from mathif.run import report as make_report

PROFILE = Profile.MATHIF
"""The profile of the page; the other one is in `report.md` and `report.json`."""


def publish(run: Run) -> AnyReport:
    """Make the report of a graded run or probe and its page, `report.html`, and return the report.

    Replies that are too many to stand in the page are written beside it, into `report_files`.
    """
    shown = Shown(run)  # it keeps what the page needs of the verdicts while the report reads them
    report = make_report(run, shown.keep(run.graded()))
    hung = hang(run, report, PROFILE)
    made = page(
        run.subject.words(report, PROFILE),
        first=hung.first,
        galleries=hung.galleries,
        notes=hung.notes,
        replies=pack(shown.views(), shown.total),
    )
    _write_beside(run.folder / BESIDE, made.beside)
    store.write_text(run.folder / "report.html", made.html)
    return report


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
        UsageError: if the packages that draw are not installed.
    """
    try:
        from mathif.charts import png, vector
    except ImportError as error:
        raise UsageError(f"--charts needs {error.name}: pip install 'mathif[charts]'") from error
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

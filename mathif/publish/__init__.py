"""Publishing: the `report.html` of a run or of a probe and its pictures as files, from what the folder holds.

The page is made of the report and of some of the replies behind it; without the packages of the extra `charts` it
has every number and reply, and no picture.
"""

from __future__ import annotations

from pathlib import Path

from mathif import store
from mathif.errors import UsageError
from mathif.page import Gallery, page
from mathif.publish.pictures import draw
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

    Args:
        run: a graded run or probe.
        report: its report.
        shown: the replies of the page, which have kept their verdicts; None where these are still to be read.
    """
    path = run.folder / "report.html"
    words = run.subject.words(report, PROFILE)
    pictures, galleries, notes = _pictures(run, report)
    shown = shown or Shown.read(run)
    html = page(
        **words._asdict(),
        pictures=pictures,
        galleries=galleries,
        notes=notes,
        views=shown.views(),
        total=shown.total,
    )
    store.write_text(path, html)
    return path


def _pictures(run: Run, report: AnyReport) -> tuple[list[str], list[Gallery], list[str]]:
    """Return the first pictures of the page, its galleries, and what is to be said of them."""
    try:
        from mathif.charts import svg
    except ImportError:
        return [], [], ["None were drawn: install the extra `charts` and run `mathif report`."]
    drawn, notes = draw(run, report, PROFILE)
    hung = [Gallery(one.name, list(map(svg, one.charts.values())), one.opened) for one in drawn if one.charts]
    if not hung:
        return [], [], [*notes, "There is too little to draw."]
    return list(hung[0].pictures), hung[1:], notes


def save_charts(run: Run, report: AnyReport) -> list[Path]:
    """Write every picture as `charts/NAME.svg` and `charts/NAME.png`, and return the paths.

    Raises:
        UsageError: if the packages that draw are not installed.
    """
    try:
        from mathif.charts import png, svg
    except ImportError as error:
        raise UsageError(f"--charts needs {error.name}: pip install 'mathif[charts]'") from error
    folder = run.folder / "charts"
    folder.mkdir(exist_ok=True)
    paths = []
    for profile in report.profiles:
        for name, chart in (pair for one in draw(run, report, profile)[0] for pair in one.charts.items()):
            vector, pixels = folder / f"{profile}-{name}.svg", folder / f"{profile}-{name}.png"
            vector.write_text(svg(chart), encoding="utf-8")
            pixels.write_bytes(png(chart))
            paths += [vector, pixels]
    return paths

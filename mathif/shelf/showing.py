"""Showing a shelf: as a table for a terminal, and as one page with the runs to filter, to open and to compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mathif import schemas, store, web
from mathif.errors import UsageError
from mathif.results import METRICS
from mathif.shelf.finding import COMPLETE, ShelvedRun, shelf
from mathif.stats import Estimate
from mathif.tables import WIDTH, Table, plain, wrapped
from mathif.wording.numbers import interval, plain_interval

HEAD = ("run", "model", "task", "state", "HAcc", "net dilution", "date")
READING = (
    "HAcc of the primary arm in percent; net dilution: change of the log-odds of obeying per doubling of the thinking"
    " at a fixed problem, beyond that of the plain replies where there are any; 95 % intervals."
)
MADE_BY = b"Made by <code>mathif view</code>"
"""What tells the page of a shelf from any other."""


def terminal(runs: Sequence[ShelvedRun], width: int = WIDTH) -> str:
    """Return a shelf as text of so many columns."""
    if not runs:
        return "No runs here.\n"
    table = Table("Runs", HEAD, [_cells(run) for run in runs], align="left")
    return f"{plain(table, width)}\n\n{wrapped([READING], width)}\n"


def page(runs: Sequence[ShelvedRun], title: str) -> str:
    """Return a shelf as an HTML page for the folder that it is about."""
    return web.document(
        "shelf/shelf.html",
        ["shelf/shelf.css"],
        ["shelf/shelf.js"],
        title=title,
        head=HEAD,
        reading=READING,
        runs=[(run, _cells(run)) for run in runs],
        complete=COMPLETE,
        packed=web.packed(
            {
                "metrics": [[metric.key, metric.label] for metric in METRICS],
                "runs": [schemas.to_json(run) for run in runs],
            }
        ),
    )


def save_page(folder: Path) -> Path:
    """Write the page over the runs of a folder into it, and return where it is.

    Raises:
        UsageError: if there is no run in it, or another page would be written over.
    """
    path, runs = folder / "index.html", shelf(folder)
    if not runs:
        raise UsageError(f"{folder}: found no run in it; name a folder that holds runs, as `mathif eval` makes them")
    if path.exists() and MADE_BY not in path.read_bytes():
        raise UsageError(f"{path}: is another page, which is kept; move it away, or name another folder")
    store.write_text(path, page(runs, f"Runs in {folder.resolve().name}"))
    return path


def _cells(run: ShelvedRun) -> list[str]:
    tasks = ", ".join(run.tasks)
    return [run.folder, run.model, tasks, run.state, interval(run.hacc), _slope(run.dilution), run.started]


def _slope(slope: Estimate | None) -> str:
    return "" if slope is None else plain_interval(slope)

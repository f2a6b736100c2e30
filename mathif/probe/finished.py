"""Finished probes: those whose report the run they belong to can show."""

from __future__ import annotations

from pathlib import Path

from mathif.counting import counted
from mathif.errors import DataError
from mathif.probe import open_probe
from mathif.results import ProbeReport, read_probe_report
from mathif.run import Run
from mathif.run.head import refuse_other_report


def probe_folders(parent: Run) -> list[Path]:
    """Return the folders in which `parent` has probes, finished or not, in order of their names."""
    place = parent.folder / "probes"
    return sorted(folder for folder in place.iterdir() if folder.is_dir()) if place.is_dir() else []


def finished_report(folder: Path) -> ProbeReport:
    """Read the report of the probe in `folder`.

    Raises:
        DataError: if it is not finished, was made by another version of the records, or the replies it goes on from
            have changed since.
        UsageError: if the folder does not hold a probe.
    """
    probe, path = open_probe(folder), folder / "report.json"
    if not path.exists():
        raise DataError(f"{folder}: not finished; continue it with: {probe.resume_line}")
    report = read_probe_report(path)
    if not report.complete:
        rows = counted(report.rows, "row")
        missing = f"{counted(report.errors, f'of {rows} has', f'of {rows} have')} no reply"
        raise DataError(f"{folder}: {missing}; continue it with: {probe.resume_line}")
    refuse_other_report(folder, probe.head)
    return report

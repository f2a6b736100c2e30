"""Results from their files: the one strict way back from what `mathif.schemas.to_json` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from mathif import schemas, store
from mathif.errors import DataError
from mathif.records import SCHEMA
from mathif.results.probe import ProbeReport
from mathif.results.report import Report

Result = TypeVar("Result", Report, ProbeReport)
AnyReport = Report | ProbeReport
"""What any run shows."""


def read_report(path: Path) -> Report:
    """Read a `report.json`.

    Raises:
        DataError: if it is missing, of another version, or not the report of a run, naming the first field that is
            not as expected.
    """
    return _read(Report, path)


def read_probe_report(path: Path) -> ProbeReport:
    """Read the `report.json` of a probe.

    Raises:
        DataError: as `read_report` does.
    """
    return _read(ProbeReport, path)


def _read(kind: type[Result], path: Path) -> Result:
    try:
        row = store.read_json(path)
    except DataError as error:
        raise DataError(f"{error}; make the report with: mathif report {path.parent}") from error
    if row.get("schema") != SCHEMA:
        raise DataError(
            f"{path}: found schema {row.get('schema')!r}, expected {SCHEMA}; make it again: mathif report {path.parent}"
        )
    if isinstance(row.get("graders"), str):  # one digest of all of them, before each rule had an edition
        row = {**row, "graders": {}}
    return schemas.from_json(kind, row, str(path))

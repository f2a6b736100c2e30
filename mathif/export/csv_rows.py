"""Format `csv`: the verdicts as one table that any spreadsheet opens; RFC 4180, UTF-8, an empty field for None."""

from __future__ import annotations

import csv
from pathlib import Path

from mathif.export.recorded import Recorded
from mathif.export.verdict_rows import COLUMNS, verdict_rows


def write(recorded: Recorded, folder: Path) -> list[Path]:
    """Write `verdicts.csv`."""
    path = folder / "verdicts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(COLUMNS))
        table.writeheader()
        for row in verdict_rows(recorded.graded()):
            table.writerow({name: _field(value) for name, value in row.items()})
    return [path]


def _field(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value

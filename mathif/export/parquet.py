"""Format `parquet`: the verdicts as one typed table, for pandas, polars, DuckDB and the hub's viewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow
import pyarrow.parquet

from mathif.export.recorded import Recorded
from mathif.export.verdict_rows import COLUMNS, verdict_rows
from mathif.records import Graded

ROW_GROUP = 65_536
"""Rows held in memory at a time, and rows of a row group."""


TYPES = {str: pyarrow.string(), int: pyarrow.int64(), bool: pyarrow.bool_()}
SCHEMA = pyarrow.schema([(name, TYPES[kind]) for name, kind in COLUMNS.items()])


def write(recorded: Recorded, folder: Path) -> list[Path]:
    """Write `verdicts.parquet`."""
    path = folder / "verdicts.parquet"
    with pyarrow.parquet.ParquetWriter(path, SCHEMA) as file:
        for part in _tables(recorded.graded()):
            file.write_table(part)
    return [path]


def table(graded: Iterable[Graded]) -> pyarrow.Table:
    """Return verdicts as one table."""
    return pyarrow.concat_tables([SCHEMA.empty_table(), *_tables(graded)])


def _tables(graded: Iterable[Graded]) -> Iterator[pyarrow.Table]:
    rows = verdict_rows(graded)
    while chunk := list(islice(rows, ROW_GROUP)):
        yield pyarrow.Table.from_pylist(chunk, SCHEMA)

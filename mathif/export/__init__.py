"""Exports: a finished run in the words of other tools, each number the one of the run's own report.

Each format is one module with a `write`; it and its packages are imported when it is asked for. An export holds what
the records of the run hold and nothing of the machine it ran on: no path, no host name, no key.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from mathif import store
from mathif.errors import UsageError, nearest
from mathif.export.recorded import Recorded
from mathif.run import Run

__all__ = ["FORMATS", "export"]

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "csv": "mathif.export.csv_rows",
        "parquet": "mathif.export.parquet",
        "hf": "mathif.export.hub",
        "every-eval-ever": "mathif.export.every_eval_ever",
        "inspect": "mathif.export.inspect_log",
        "lm-eval": "mathif.export.lm_eval",
    }
)
"""Name of each format, as given to `--to`, and the module that writes it."""


class Format(Protocol):
    """The shape of a format's module."""

    def write(self, recorded: Recorded, folder: Path) -> list[Path]:
        """Write the run to `folder`, which exists; return the files written."""


def export(run: Run, to: str, folder: Path | None = None) -> list[Path]:
    """Write a finished run in another tool's format.

    Args:
        run: the run, with its report made and no reply missing.
        to: name of the format.
        folder: where the files go; `export/FORMAT` in the run's folder where it is None.

    Returns:
        The files written.

    Raises:
        UsageError: if there is no such format.
        DataError: if the run is not finished, or its report is older than its verdicts.
        BoardError: if what the run says of its model would name this machine.
    """
    if to not in FORMATS:
        raise UsageError(f"--to: unknown format {to!r}{nearest(to, FORMATS)}")
    recorded = Recorded.of(run)
    folder = folder or run.folder / "export" / to
    store.make_folder(folder)
    return cast(Format, import_module(FORMATS[to])).write(recorded, folder)

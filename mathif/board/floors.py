"""The references of a table: what fixed ways of answering score on its items, made anew whenever the board is built."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from mathif import run as runs
from mathif.board.evidence import evidence
from mathif.board.rows import Row, of_entry
from mathif.entry import Claims, entry_row
from mathif.entry.model import Model, checked
from mathif.run import Plan, Run, silent

REFERENCES = ("null", "constant", "witness")
"""Names of the mocks that are shown."""

Item = TypeVar("Item")


def floors(tasks: tuple[str, ...], limit: int | None, data: Path | None) -> Iterator[Row]:
    """Yield the rows of the references on the items of a table.

    Args:
        tasks: names of bundled tasks.
        limit: number of items of each task, None for all.
        data: folder with a local copy of the tasks' hub data.
    """
    for name in REFERENCES:
        plan = Plan(f"mock:{name}", tasks, ("plain", "constrained"), str(data) if data else None, limit=limit)
        with tempfile.TemporaryDirectory() as folder:
            run = Run.create(plan, Path(folder) / "run")
            runs.generate(run, silent, lambda _: None)
            runs.grade(run, silent)
            runs.report(run)
            entry = checked(entry_row(run, Claims(Model(id=name), "mathif")), f"mock:{name}")
            for row in of_entry(entry, "floor", evidence(run)):
                yield replace(row, name=name, reasoning=None)

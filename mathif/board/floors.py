"""The references of a table: what fixed ways of answering score on its items, made anew whenever the board is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mathif.board.rows import Row, of_entry
from mathif.engines import open_engine
from mathif.entry import Claims
from mathif.entry.model import Model, checked
from mathif.run import Items, Plan
from mathif.verify import entry_of

REFERENCES = ("null", "constant", "witness")
"""Names of the mocks that are shown."""


def floors(tasks: tuple[str, ...], limit: int | None, data: Path | None) -> Iterator[Row]:
    """Yield the rows of the references on the items of a table.

    Args:
        tasks: names of bundled tasks.
        limit: number of items of each task, None for all.
        data: folder with a local copy of the tasks' hub data.
    """
    for name in REFERENCES:
        model = f"mock:{name}"
        items = Items(Plan(model, tasks, ("plain", "constrained"), str(data) if data else None, limit=limit), model)
        engine = open_engine(model, items.plan.options)
        said = engine.generate(items.arms.prompts({}), items.plan.sampling)
        claims = Claims(Model(id=name), "mathif")
        made = entry_of(items, engine.describe(items.plan.sampling), said, claims, model)
        for row in of_entry(checked(made.row, model), "floor", made.evidence):
            yield replace(row, name=name, reasoning=None)

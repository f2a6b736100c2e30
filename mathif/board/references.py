"""The references of a table: what fixed ways of answering score on its items, made once for each version of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from mathif import cache, schemas
from mathif.board.rows import Contender, of_entry
from mathif.engines import open_engine
from mathif.entry import Claims
from mathif.entry.model import Model, checked
from mathif.evidence import Evidence
from mathif.json_values import Json, fields
from mathif.run import Items, Plan
from mathif.tasks import stamp
from mathif.verify import entry_of

REFERENCES = ("null", "constant", "witness")
"""Names of the mocks that are shown."""


def floors(tasks: tuple[str, ...], limit: int | None, data: Path | None) -> Iterator[Contender]:
    """Yield the rows of the references on the items of a table.

    Args:
        tasks: names of bundled tasks.
        limit: number of items of each task, None for all.
        data: file or folder with the data of tasks that are not in this package.
    """
    for name in REFERENCES:
        plan = Plan(f"mock:{name}", tasks, ("plain", "constrained"), data=str(data) if data else None, limit=limit)
        made = cache.remembered(["reference", plan.to_json(), *map(stamp, tasks)], partial(_made, plan, name))
        entry = checked(fields(made, "entry"), plan.model)
        evidence = schemas.from_json(Evidence, fields(made, "evidence"), plan.model)
        for one in of_entry(entry, "floor", evidence):
            yield replace(one, row=replace(one.row, name=name, reasoning=None))


def _made(plan: Plan, name: str) -> dict[str, Json]:
    """Return the entry and the evidence of a reference, as plain JSON."""
    items = Items(plan, plan.model)
    engine = open_engine(plan.model, plan.options)
    replies = engine.generate(items.arms.prompts({}), plan.sampling)
    made = entry_of(items, engine.describe(plan.sampling), replies, Claims(Model(id=name), "mathif"), plan.model)
    return {"entry": made.row, "evidence": schemas.to_json(made.evidence)}

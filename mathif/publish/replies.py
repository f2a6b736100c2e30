"""Replies of a page: some of a run's, chosen evenly, each with its item, its split and its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mathif import store
from mathif.arms import asked_at
from mathif.interventions import BASE, FAMILIES
from mathif.items import Item
from mathif.page import view
from mathif.probe import Probe
from mathif.reasoning import split
from mathif.records import Finish, Graded, Key
from mathif.run import Run
from mathif.stats import evenly

CANDIDATES = 600
"""About the most replies that the page chooses from; about this many short ones fit."""

View = dict[str, Any]


def shown_replies(run: Run) -> tuple[list[list[View]], int]:
    """Return groups of replies as the page shows them, and how many replies there are in all.

    In a run every reply is a group; in a probe a recorded reply is one with all its edits. Failures of the harness
    have nothing to show.
    """
    sizes: dict[str, int] = {}
    for row in _answered(run):
        group = _group(run, row["key"])
        sizes[group] = sizes.get(group, 0) + 1
    total = sum(sizes.values())
    kept = evenly(list(sizes), max(1, CANDIDATES * len(sizes) // max(1, total)))
    found: dict[str, list[Graded]] = {group: [] for group in kept}
    for row in _answered(run):
        group = _group(run, row["key"])
        if group in found:
            found[group].append(Graded.from_json(row))
    views = dict(_views(run, [row for rows in found.values() for row in rows]))
    return [[views[row.key] for row in rows if row.key in views] for rows in found.values()], total


def _answered(run: Run) -> Iterator[dict[str, Any]]:
    return (row for row in store.read_rows(run.folder / "verdicts.jsonl") if row["finish"] != Finish.ERROR)


def _group(run: Run, key: str) -> str:
    return str(Key.parse(key)._replace(arm=BASE)) if isinstance(run, Probe) else key


def _views(run: Run, rows: list[Graded]) -> Iterator[tuple[str, View]]:
    """Yield the key of each row with what the page shows of it, joined by key with its item and its reply."""
    items = {(task.name, item.key): item for task in run.tasks for item in task.items}
    notes = _notes(run)
    wanted: dict[str, list[tuple[Item, Graded]]] = {}
    for row in rows:
        key = Key.parse(row.key)
        item = items[key.task, key.item]
        place = asked_at(item, key.arm)
        if place is not None and tuple(demand.kind for demand in item.constraints) == row.kinds:
            wanted.setdefault(str(key._replace(item=place)), []).append((item, row))
    for reply in run.replies():
        for item, row in wanted.get(reply.key, ()):
            yield row.key, {**view(item, split(reply), row), **notes.get(row.arm, {})}


def _notes(run: Run) -> Mapping[str, dict[str, str]]:
    """Return what the page says above the replies of each arm of a probe."""
    if not isinstance(run, Probe):
        return {}
    lines = {one.arm: f"{one}: {FAMILIES[one.family].line}. Control: {one.control}." for one in run.interventions}
    return {arm: {"note": line} for arm, line in {BASE: "recorded: the reply before any edit.", **lines}.items()}

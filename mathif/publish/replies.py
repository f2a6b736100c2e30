"""Replies of a page: some of a run's, chosen evenly, each with its item, its split and its verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathif.items import Item
from mathif.page import view
from mathif.reasoning import split
from mathif.records import Graded, Key
from mathif.run import Run
from mathif.stats import evenly

CANDIDATES = 600
"""About the most replies that the page chooses from; about this many short ones fit."""

View = dict[str, Any]
Shown = list[tuple[str, Item, Key]]
"""The key of a reply, an item that it was judged for, and the key of that verdict."""


def shown_replies(run: Run) -> tuple[list[list[View]], int]:
    """Return groups of replies as the page shows them, and how many replies there are in all.

    In a run every reply is a group; in a probe a recorded reply is one with all its edits. Failures of the harness
    have nothing to show.
    """
    groups = _groups(run)
    total = sum(map(len, groups.values()))
    kept = evenly(list(groups), max(1, CANDIDATES * len(groups) // max(1, total)))
    wanted = {str(key) for group in kept for _, _, key in groups[group]}
    verdicts = {row.key: row for row in run.graded() if row.key in wanted}
    return [_views(run, groups[group], verdicts) for group in kept], total


def _groups(run: Run) -> dict[str, Shown]:
    """Return what every answered reply was judged for, by group."""
    served = run.served()
    groups: dict[str, Shown] = {}
    for asked in run.judged():
        for item, key in served[asked]:
            groups.setdefault(run.subject.group(str(key)), []).append((asked, item, key))
    return groups


def _views(run: Run, shown: Shown, verdicts: Mapping[str, Graded]) -> list[View]:
    """Return what the page shows of some replies, each joined by key with its item and its verdicts."""
    replies = run.judged()
    found = []
    for asked, item, key in shown:
        note = run.subject.note(key.arm)
        if str(key) in verdicts:
            seen = view(item, split(replies[asked]), verdicts[str(key)])
            found.append({**seen, "note": note} if note else seen)
    return found

"""Replies of a page: some of a run's, chosen evenly, each with its item, its split and its verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from mathif.items import Item
from mathif.page import view
from mathif.reasoning import split
from mathif.records import Generation, Graded, Key
from mathif.run import Run
from mathif.stats import evenly

CANDIDATES = 600
"""About the most replies that the page chooses from; about this many short ones fit."""

View = dict[str, Any]
Group = list[tuple[str, Item, Key]]
"""The key of a reply, an item that it was judged for, and the key of that verdict."""


class Shown:
    """The replies that a page shows, chosen before the verdicts go by.

    In a run every reply is a group; in a probe a recorded reply is one with all its edits. Failures of the harness
    have nothing to show.

    Attributes:
        total: how many replies there are in all.
    """

    def __init__(self, run: Run) -> None:
        groups = _groups(run)
        self.total = sum(map(len, groups.values()))
        kept = evenly(list(groups), max(1, CANDIDATES * len(groups) // max(1, self.total)))
        self._run = run
        self._groups = [groups[group] for group in kept]
        self._wanted = {str(key) for group in self._groups for _, _, key in group}
        self._verdicts: dict[str, Graded] = {}

    @classmethod
    def read(cls, run: Run) -> Self:
        """Choose the replies of a graded run and read their verdicts."""
        shown = cls(run)
        for _ in shown.keep(run.graded()):
            pass
        return shown

    def keep(self, rows: Iterable[Graded]) -> Iterator[Graded]:
        """Hand the verdicts on, and keep those of the replies that are shown."""
        for row in rows:
            if row.key in self._wanted:
                self._verdicts[row.key] = row
            yield row

    def views(self) -> list[list[View]]:
        """Return groups of replies as the page shows them."""
        replies = self._run.judged()
        return [_views(self._run, replies, group, self._verdicts) for group in self._groups]


def _groups(run: Run) -> dict[str, Group]:
    """Return what every answered reply was judged for, by group."""
    served = run.served()
    groups: dict[str, Group] = {}
    for asked in run.judged():
        for item, key in served[asked]:
            groups.setdefault(run.subject.group(str(key)), []).append((asked, item, key))
    return groups


def _views(run: Run, replies: Mapping[str, Generation], shown: Group, verdicts: Mapping[str, Graded]) -> list[View]:
    """Return what the page shows of some replies, each joined by key with its item and its verdicts."""
    found = []
    for asked, item, key in shown:
        note = run.subject.note(key.arm)
        if str(key) in verdicts:
            seen = view(item, split(replies[asked]), verdicts[str(key)])
            found.append({**seen, "note": note} if note else seen)
    return found

"""Replies of a page: a run's, by problem, each with its item, its split and its verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mathif.items import Item
from mathif.page import View, view
from mathif.reasoning import split
from mathif.records import Graded, Key
from mathif.run import Run
from mathif.stats import evenly

MOST = 20_000
"""About the most replies that a page has; of more, those to problems at even distances."""

Group = list[tuple[str, list[tuple[Item, Key]]]]
"""The keys of replies, each with the items that it was judged for and the keys of these verdicts."""


class Shown:
    """The replies that a page shows, chosen before the verdicts are read.

    Replies to one problem stay together. Failures of the harness have nothing to show.

    Attributes:
        total: how many replies there are in all.
    """

    def __init__(self, run: Run) -> None:
        groups = _groups(run)
        self.total = sum(map(len, groups.values()))
        kept = evenly(list(groups), max(1, MOST * len(groups) // max(1, self.total)))
        self._run, self._replies = run, run.judged()
        self._groups = [groups[group] for group in kept]
        self._wanted = {str(key) for group in self._groups for _, judged in group for _, key in judged}
        self._verdicts: dict[str, Graded] = {}

    def keep(self, rows: Iterable[Graded]) -> Iterator[Graded]:
        """Hand the verdicts on, and keep those of the replies that are shown."""
        for row in rows:
            if row.key in self._wanted:
                self._verdicts[row.key] = row
            yield row

    def views(self) -> Iterator[list[View]]:
        """Yield groups of replies as the page shows them, each reply joined by key with its item and its verdicts."""
        for group in self._groups:
            with_verdicts = ((asked, self._told(judged)) for asked, judged in group)
            yield [self._view(asked, judged) for asked, judged in with_verdicts if judged]

    def _told(self, judged: Iterable[tuple[Item, Key]]) -> list[tuple[Item, Graded]]:
        """Return the verdicts on a reply; none of one that the harness failed to get."""
        return [(item, self._verdicts[str(key)]) for item, key in judged if str(key) in self._verdicts]

    def _view(self, asked: str, judged: list[tuple[Item, Graded]]) -> View:
        return view(judged, split(self._replies[asked]), note=self._run.subject.note(Key.parse(asked).arm))


def _groups(run: Run) -> dict[tuple[str, str], Group]:
    """Return what every answered reply was judged for, by problem."""
    served = run.served()
    groups: dict[tuple[str, str], Group] = {}
    for asked in run.judged():
        judged = list(served[asked])
        if judged:
            item, key = judged[0]
            groups.setdefault((key.task, item.problem.key), []).append((asked, judged))
    return groups

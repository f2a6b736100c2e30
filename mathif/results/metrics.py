"""The metrics: one row each, which report, board, entry, comparison, exports and pages read.

A new metric is a row here and a field of the same name in `mathif.results.report.Scores`, with a default so that
reports and entries that were made before stay readable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mathif.results.comparison import Change, Changes
from mathif.results.report import Scores
from mathif.stats import Array, Share, mean, share


class Scored(Protocol):
    """Replies as columns; what a metric is a function of.

    Attributes:
        problem: the problem of each reply.
        right: 1.0 where the answer is right.
        obeyed: 1.0 where every constraint is obeyed.
        part: share of the constraints that are obeyed.
    """

    @property
    def problem(self) -> Array:
        """The problem of each reply."""

    @property
    def right(self) -> Array:
        """1.0 where the answer is right."""

    @property
    def obeyed(self) -> Array:
        """1.0 where every constraint is obeyed."""

    @property
    def part(self) -> Array:
        """Share of the constraints that are obeyed."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; a share in [0, 1], the higher the better.

    Attributes:
        key: its name in records and files.
        label: its name in tables, on pictures and pages.
        meaning: what it is, without its article or a full stop.
        of: its value for each reply.
        asks: whether it is over the replies to items that have constraints only.
        whole: whether its value for one reply is 0 or 1.
    """

    key: str
    label: str
    meaning: str
    of: Callable[[Scored], Array]
    asks: bool = True
    whole: bool = True

    def estimate(self, replies: Scored) -> Share:
        """Return the metric over some replies, clustered by problem."""
        return (share if self.whole else mean)(self.of(replies), replies.problem)

    def figure(self, scores: Scores) -> Share:
        """Return this metric's number among some scores."""
        found: Share = getattr(scores, self.key)
        return found

    def change(self, changes: Changes) -> Change:
        """Return this metric's change among some changes."""
        found: Change = getattr(changes, self.key)
        return found


HACC = Metric("hacc", "HAcc", "share of replies that obey every constraint", lambda replies: replies.obeyed)
SACC = Metric(
    "sacc", "SAcc", "mean share of a reply's constraints that are obeyed", lambda replies: replies.part, whole=False
)
ACC = Metric("acc", "Acc", "share of replies with the right answer", lambda replies: replies.right, asks=False)
JOINT = Metric(
    "joint",
    "joint",
    "share of replies that are right and obey every constraint",
    lambda replies: replies.right * replies.obeyed,
)

METRICS = (HACC, SACC, ACC, JOINT)
"""Every metric, in the order in which they are shown."""

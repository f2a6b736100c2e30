"""The metrics: one row each, which report, board, entry, comparison, exports, harnesses and pages read.

A new metric is a row here and nothing else. The records that hold a number for each metric name the first four, by
which code asks for them; `with_every_metric` gives them a field for each further row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from mathif.stats import Array, Share, mean, share

if TYPE_CHECKING:  # these hold a number for each metric, so that they are made after the table
    from _typeshed import DataclassInstance

    from mathif.results.comparison import Change, Changes
    from mathif.results.report import Scores

Record = TypeVar("Record")
Held = TypeVar("Held", bound="DataclassInstance")


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
        every: whether it tells nothing of a reply of which some constraint is not measured: whether all are obeyed is
            not known then.
    """

    key: str
    label: str
    meaning: str
    of: Callable[[Scored], Array]
    asks: bool = True
    whole: bool = True
    every: bool = True

    def estimate(self, replies: Scored) -> Share:
        """Return the metric over some replies, clustered by problem."""
        return (share if self.whole else mean)(self.of(replies), replies.problem)

    def figure(self, scores: Scores) -> Share:
        """Return this metric's number among some scores, unknown where they were written before the metric existed."""
        number: Share | None = getattr(scores, self.key)
        return Share.unknown("it was not measured yet") if number is None else number

    def change(self, changes: Changes) -> Change:
        """Return this metric's change among some changes."""
        change: Change = getattr(changes, self.key)
        return change


HACC = Metric("hacc", "HAcc", "share of replies that obey every constraint", lambda replies: replies.obeyed)
SACC = Metric(
    "sacc",
    "SAcc",
    "mean share of a reply's constraints that are obeyed",
    lambda replies: replies.part,
    whole=False,
    every=False,
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


def with_every_metric(number: type) -> Callable[[type[Record]], type[Record]]:
    """Give a record, before it is made a dataclass, a field for each metric that it does not name.

    Args:
        number: what the record holds for a metric. A record that was written before the metric existed has None,
            which its JSON leaves out.
    """

    def widened(record: type[Record]) -> type[Record]:
        for metric in METRICS:
            if metric.key not in record.__annotations__:
                record.__annotations__[metric.key] = number | None
                setattr(record, metric.key, None)
        return record

    return widened


def without_metrics(record: Held) -> Held:
    """Return a record with None in place of its number for each metric."""
    return replace(record, **{metric.key: None for metric in METRICS})

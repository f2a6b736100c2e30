"""Graded replies as columns, scored for one profile: a place for each reply, or for each of its constraints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Self

from mathif.records import Profile
from mathif.report.marked import PASS, UNGRADED, MarkedReply, Marks, Rows
from mathif.results import Metric
from mathif.stats import Array, column, firsts, runs


@dataclass(frozen=True)
class Columns:
    """Columns of equal length, each a field."""

    def where(self, mask: Array) -> Self:
        """Return the rows at which `mask` is true, or in the order of `mask` where it holds places."""
        return replace(self, **{field.name: getattr(self, field.name)[mask] for field in fields(self)})


@dataclass(frozen=True)
class ReplyColumns(Columns):
    """The replies of one arm under one profile as columns of equal length; failures of the harness left out.

    A truncated reply (cut by the token limit, inside its thinking or after it) never finished its answer: it counts
    as not right and as obeying nothing, strictly and loosely. So does one that was withheld, and it has no length.

    Attributes:
        reply: number of the reply; in arm `plain` several places have the same, one for each item it is judged for.
        item: number of the item.
        problem: number of the problem.
        sample: number of the sample.
        source: source of the problem.
        tier: tier as text, "" where the source has none.
        asks: number of the list of the item's kinds; equal where the lists are.
        size: number of constraints that are measured.
        unmeasured: number of constraints that are not.
        right: 1.0 where the answer passed.
        obeyed: 1.0 where every constraint that is measured passed; meaningless outside `asked`.
        part: share of the constraints that passed; meaningless where `size` is 0.
        loose_part: as `part`, under the relaxed variants.
        floor_part: as `part`, for the null reply.
        open: whether the thinking was never closed.
        cut: whether the reply is truncated.
        empty: whether the final text is blank, though the thinking was closed.
        ungraded_answer: whether the grader could not judge the answer.
        ungraded: number of constraints the grader could not judge.
        cot_tokens: CoT length, -1 where unknown.
        violation: character at which the first violation starts, -1 where there is none or it has no place.
        absent: whether there is no thinking apart from the reply, so that the CoT length is the reply's.
        final_chars: characters of the final text, -1 where they were not recorded.
    """

    reply: Array
    item: Array
    problem: Array
    sample: Array
    source: Array
    tier: Array
    asks: Array
    size: Array
    unmeasured: Array
    right: Array
    obeyed: Array
    part: Array
    loose_part: Array
    floor_part: Array
    open: Array
    cut: Array
    empty: Array
    ungraded_answer: Array
    ungraded: Array
    cot_tokens: Array
    violation: Array
    absent: Array
    final_chars: Array

    @classmethod
    def of(cls, rows: Rows, profile: Profile) -> Self:
        """Score `rows` under `profile`."""
        every = rows.table.once(
            (cls, profile),
            lambda every: cls(*columns([_score(row, row.judged[profile]) for row in every], _REPLY_TYPES)),
        )
        return every.where(rows.answered.places)

    def __len__(self) -> int:
        return len(self.item)

    @property
    def settled(self) -> Array:
        """Where an item has constraints and each is measured: elsewhere nobody knows whether all are obeyed."""
        known: Array = (self.size > 0) & (self.unmeasured == 0)
        return known

    def asked(self) -> Self:
        """Return the replies of which it is known whether they obey every constraint of their item."""
        return self.where(self.settled)

    def once(self) -> Self:
        """Return every reply once, though it is judged for several items."""
        first = self.first_places()
        return self if len(first) == len(self) else self.where(first)

    def first_places(self) -> Array:
        """Return the place at which each reply is judged first, in order."""
        places = firsts(self.reply)
        places.sort()
        return places

    def counted(self, metric: Metric) -> Array:
        """Return where a metric tells something of a reply."""
        return self.settled if metric.asks and metric.every else (self.size > 0) | (not metric.asks)

    def over(self, metric: Metric) -> Self:
        """Return the replies that a metric is over, each once where it does not ask for constraints."""
        return self.where(self.counted(metric)) if metric.asks else self.once()


def _score(row: MarkedReply, judged: Marks) -> tuple[object, ...]:
    """Return one row of the columns of `ReplyColumns`, in their order."""
    size, graded = len(row.kinds), row.whole
    return (
        row.reply,
        row.item,
        row.problem,
        row.sample,
        row.source,
        "" if row.tier is None else str(row.tier),
        row.asks,
        size,
        row.unmeasured,
        float(graded and row.answer == PASS),
        *_parts(judged.strict, judged.loose, judged.floor, graded),
        row.open,
        row.cut,
        row.empty and not (row.open or row.withheld),
        graded and row.answer == UNGRADED,
        judged.strict.count(UNGRADED) if graded else 0,
        row.cot_tokens,
        judged.violation,
        row.absent,
        row.final_chars,
    )


_REPLY_TYPES = (int, int, int, int, str, str, int, int, int, *[float] * 5, *[bool] * 4, int, int, int, bool, int)
_DEMAND_TYPES = (int, str, float, float, float, bool)


def columns(rows: Sequence[tuple[object, ...]], types: Sequence[type]) -> Iterator[Array]:
    """Return the columns of `rows`, each of its type."""
    values = zip(*rows, strict=True) if rows else [()] * len(types)
    return (column(own, of) for own, of in zip(values, types, strict=True))


@lru_cache(maxsize=4096)
def _parts(strict: bytes, loose: bytes, floor: bytes, graded: bool) -> tuple[float, ...]:
    """Return whether a row obeys everything, and the parts of its strict, loose and floor outcomes that passed.

    Few rows differ in them.
    """
    counted = [outcomes if graded else b"" for outcomes in (strict, loose)]
    part, loose_part, floor_part = (own.count(PASS) / (len(own) or 1) for own in (*counted, floor))
    return float(part == 1), part, loose_part, floor_part


@lru_cache(maxsize=4096)
def _demands(strict: bytes, loose: bytes, floor: bytes, graded: bool) -> tuple[tuple[float, float, float, bool], ...]:
    """Return for each constraint of a row whether it is obeyed, strictly and loosely, its floor, and if ungraded."""
    obeyed, relaxed = ([float(graded and mark == PASS) for mark in marks] for marks in (strict, loose))
    ungraded = [graded and mark == UNGRADED for mark in strict]
    return tuple(zip(obeyed, relaxed, [float(mark == PASS) for mark in floor], ungraded, strict=True))


@dataclass(frozen=True)
class DemandColumns(Columns):
    """The same replies, one place for each constraint instead of one for each reply.

    Attributes:
        reply: place of the reply in `ReplyColumns`.
        kind: kind of the constraint.
        obeyed: whether it passed and the reply is not truncated.
        loose: the same under the relaxed variants.
        floor: whether the null reply passes it.
        ungraded: whether the grader could not judge it.
    """

    reply: Array
    kind: Array
    obeyed: Array
    loose: Array
    floor: Array
    ungraded: Array

    @classmethod
    def of(cls, rows: Rows, profile: Profile) -> Self:
        """List the constraints of `rows`, which are those that `ReplyColumns.of` was made from."""
        starts, sizes, every = rows.table.once((cls, profile), lambda every: cls._listed(every, profile))
        kept = rows.answered.places
        places, replies = runs(starts[kept], sizes[kept])
        return replace(every.where(places), reply=replies)

    @classmethod
    def _listed(cls, rows: Sequence[MarkedReply], profile: Profile) -> tuple[Array, Array, Self]:
        """Return where the constraints of each row begin, how many it has, and all of them."""
        sizes = column([len(row.kinds) for row in rows], int)
        listed = [
            (place, kind, *demand)
            for place, row in enumerate(rows)
            for kind, demand in zip(row.kinds, _demands(*row.judged[profile][:3], row.whole), strict=True)
        ]
        return sizes.cumsum() - sizes, sizes, cls(*columns(listed, _DEMAND_TYPES))

    def numbered(self) -> tuple[list[str], Array]:
        """Return the kinds in the order of their names, and of each constraint the number of its kind among them."""
        kinds = self.kind.tolist()
        names = sorted(set(kinds))
        numbers = {kind: number for number, kind in enumerate(names)}
        return names, column([numbers[kind] for kind in kinds], int)

    def kinds(self) -> Iterator[tuple[str, Array]]:
        """Yield every kind in the order of its name, with where its constraints are."""
        names, numbers = self.numbered()
        return ((kind, numbers == number) for number, kind in enumerate(names))

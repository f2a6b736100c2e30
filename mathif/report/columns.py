"""Graded replies as columns: each row read once, kept small, put in the order of the keys, scored for one profile.

The order of the keys makes a report the same, byte for byte, whatever order the rows came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from sys import intern
from typing import Any, NamedTuple, Self

from mathif.errors import DataError
from mathif.records import Finish, Graded, Key, Outcome, Profile, State, Verdict
from mathif.results import Metric
from mathif.stats import Array, column

PLAIN = "plain"
"""The arm without constraints: there one reply is judged for every item of its problem."""

OTHERWISE = frozenset({"self", "thinking", "both", "conflict"})
"""Arms that ask for something else than what the plain reply to the item is judged by."""

PASS, FAIL, UNGRADED = b"pfu"
_MARK = {Outcome.PASS: PASS, Outcome.FAIL: FAIL, Outcome.UNGRADED: UNGRADED}


class Marks(NamedTuple):
    """One profile's outcomes of a row, one byte a constraint, and where the first violation starts (-1: no place).

    `fixed` is empty where the task has no fixed text.
    """

    strict: bytes
    loose: bytes
    floor: bytes
    violation: int
    fixed: bytes


class MarkedReply(NamedTuple):
    """A graded row without what no number needs; items, problems and lists of kinds as numbers."""

    key: str
    reply: int
    item: int
    problem: int
    asks: int
    source: str
    tier: int | None
    arm: str
    sample: int
    open: bool
    cut: bool
    withheld: Finish | None
    error: bool
    empty: bool
    absent: bool
    cot_tokens: int
    final_chars: int
    kinds: tuple[str, ...]
    answer: int
    judged: dict[Profile, Marks]
    unsplit: str
    unmeasured: int
    task: str
    name: str
    steps: int | None
    surface: str
    root: str
    rendered: str
    restates: bool

    @property
    def whole(self) -> bool:
        """Whether there is a whole reply, which alone can be right or obey."""
        return not (self.cut or self.withheld)


class _Numbers(dict[Any, int]):
    """Numbers for names, in the order in which the names are first seen."""

    def __missing__(self, name: Any) -> int:
        return self.setdefault(name, len(self))


def read(graded: Iterable[Graded]) -> list[MarkedReply]:
    """Return the rows in the order of their keys, items and problems numbered in that order.

    Raises:
        DataError: if two rows have the same key, or if the rows are judged under different profiles.
    """
    names = _Numbers(), _Numbers(), _Numbers(), _Numbers()
    rows = sorted((_row(row.measured(), row.unmeasured, *names) for row in graded), key=lambda row: row.key)
    for before, after in pairwise(rows):
        if before.key == after.key:
            raise DataError(f"two graded rows have the key {after.key!r}, expected one; grade the run again")
        if before.judged.keys() != after.judged.keys():
            raise DataError(
                f"{after.key}: judged under {sorted(after.judged)}, expected {sorted(before.judged)} as {before.key};"
                " grade the run again"
            )
    replies, items, problems, asks = _Numbers(), _Numbers(), _Numbers(), _Numbers()
    return [
        row._replace(reply=replies[row.reply], item=items[row.item], problem=problems[row.problem], asks=asks[row.asks])
        for row in rows
    ]


def _row(
    row: Graded, unmeasured: int, replies: _Numbers, items: _Numbers, problems: _Numbers, asks: _Numbers
) -> MarkedReply:
    """Return a row of what was measured; `unmeasured` counts what was left out of it."""
    key = Key.parse(row.key)
    place = ("problem", row.problem) if row.arm == PLAIN else ("item", key.item)
    return MarkedReply(
        key=row.key,
        reply=replies[key.task, place, row.arm, row.sample],
        item=items[key.task, key.item],
        problem=problems[key.task, row.problem],
        asks=asks[row.kinds],
        source=intern(row.source),
        tier=row.tier,
        arm=intern(row.arm),
        sample=row.sample,
        open=row.state is State.OPEN,
        cut=row.cut,
        withheld=row.finish if row.withheld else None,
        error=row.finish is Finish.ERROR,
        empty=row.empty,
        absent=row.state is State.ABSENT,
        cot_tokens=-1 if row.cot_tokens is None or row.withheld else row.cot_tokens,
        final_chars=-1 if row.final_chars is None else row.final_chars,
        kinds=tuple(map(intern, row.kinds)),
        answer=_MARK[row.answer.outcome],
        judged={
            profile: Marks(
                bytes(_MARK[verdict.outcome] for verdict in verdicts),
                bytes(map(_MARK.__getitem__, row.loose[profile])),
                bytes(map(_MARK.__getitem__, row.floor[profile])),
                _violation(verdicts),
                bytes(map(_MARK.__getitem__, row.fixed.get(profile, ()))),
            )
            for profile, verdicts in row.constraints.items()
        },
        unsplit=intern(row.unsplit),
        unmeasured=unmeasured,
        task=intern(key.task),
        name=intern(row.problem),
        steps=row.steps,
        surface=intern(row.surface),
        root=intern(row.root),
        rendered=row.rendered,
        restates=bool(row.restated),
    )


def _violation(verdicts: Sequence[Verdict]) -> int:
    """Return the character at which the first violation starts, -1 where there is none or it has no place."""
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAIL]
    return min((verdict.evidence[0].start for verdict in failed if verdict.evidence), default=-1)


@dataclass(frozen=True)
class ReplyColumns:
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
        size: number of constraints.
        right: 1.0 where the answer passed.
        obeyed: 1.0 where every constraint passed; meaningless where `size` is 0.
        part: share of the constraints that passed; meaningless where `size` is 0.
        loose: as `obeyed`, under the relaxed variants.
        loose_part: as `part`, under the relaxed variants.
        floor: as `obeyed`, for the null reply.
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
    right: Array
    obeyed: Array
    part: Array
    loose: Array
    loose_part: Array
    floor: Array
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
    def of(cls, rows: Iterable[MarkedReply], profile: Profile) -> Self:
        """Score `rows` under `profile`."""
        return cls(*_columns([_score(row, row.judged[profile]) for row in rows if not row.error], _REPLY_TYPES))

    def __len__(self) -> int:
        return len(self.item)

    def asked(self) -> Self:
        """Return the replies to items that have constraints."""
        return self.where(self.size > 0)

    def once(self) -> Self:
        """Return every reply once, though it is judged for several items."""
        first = self.first_places()
        return self if len(first) == len(self) else self.where(first)

    def first_places(self) -> Array:
        """Return the place at which each reply is judged first."""
        first: dict[int, int] = {}
        for place, reply in enumerate(self.reply.tolist()):
            first.setdefault(reply, place)
        return column(list(first.values()), int)

    def over(self, metric: Metric) -> Self:
        """Return the replies that a metric is over, each once where it does not ask for constraints."""
        return self.asked() if metric.asks else self.once()

    def where(self, mask: Array) -> Self:
        """Return the replies at which `mask` is true, or in the order of `mask` where it holds places."""
        return replace(self, **{field.name: getattr(self, field.name)[mask] for field in fields(self)})


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
        float(graded and row.answer == PASS),
        *_all_and_part(judged.strict, graded),
        *_all_and_part(judged.loose, graded),
        *_all_and_part(judged.floor, True),
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


_REPLY_TYPES = (int, int, int, int, str, str, int, int, *[float] * 7, *[bool] * 4, int, int, int, bool, int)
_DEMAND_TYPES = (int, str, float, float, float, bool)


def _columns(rows: Sequence[tuple[object, ...]], types: Sequence[type]) -> Iterator[Array]:
    """Return the columns of `rows`, each of its type."""
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return (column(values, of) for values, of in zip(columns, types, strict=True))


def _all_and_part(outcomes: bytes, graded: bool) -> tuple[float, float]:
    if not outcomes or not graded:
        return 0.0, 0.0
    passed = outcomes.count(PASS)
    return float(passed == len(outcomes)), passed / len(outcomes)


@dataclass(frozen=True)
class DemandColumns:
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
    def of(cls, rows: Iterable[MarkedReply], profile: Profile) -> Self:
        """List the constraints of `rows`, which are those that `ReplyColumns.of` was made from."""
        kept = [
            (
                place,
                kind,
                *(row.whole and mark == PASS for mark in (strict, loose)),
                floor == PASS,
                row.whole and strict == UNGRADED,
            )
            for place, row in enumerate(row for row in rows if not row.error)
            for kind, strict, loose, floor in zip(row.kinds, *row.judged[profile][:3], strict=True)
        ]
        return cls(*_columns(kept, _DEMAND_TYPES))

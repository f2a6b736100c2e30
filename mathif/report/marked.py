"""Graded replies as a report reads them: each row once, without what no number needs, in the order of the keys.

The order of the keys makes a report the same, byte for byte, whatever order the rows came in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, pairwise
from sys import intern
from typing import NamedTuple, Self, TypeVar, cast, overload

from mathif.arms import CONFLICT, PLAIN, SELF
from mathif.constraints import Target
from mathif.errors import DataError
from mathif.records import Finish, Graded, Key, Outcome, Profile, State, Verdict
from mathif.stats import Array, column

OTHERWISE = frozenset({SELF, CONFLICT})
"""Arms that ask for something else than what the plain reply to the item is judged by."""
THINKING = Target.THINKING.value

PASS, FAIL, UNGRADED, UNMEASURED = b"pfun"
_MARK = {Outcome.PASS: PASS, Outcome.FAIL: FAIL, Outcome.UNGRADED: UNGRADED, Outcome.UNMEASURED: UNMEASURED}

Value = TypeVar("Value", bound=Hashable)
Made = TypeVar("Made")


class Marks(NamedTuple):
    """One profile's outcomes of a row, one byte a constraint, and where the first violation starts (-1: no place).

    `fixed` is empty where the task has no fixed text.
    """

    strict: bytes
    loose: bytes
    floor: bytes
    violation: int
    fixed: bytes


class Sides(NamedTuple):
    """One profile's outcomes of a row on both parts of the reply, whichever its constraints are about.

    One byte a constraint, and where its first violation starts (-1: no place). `spared` is on the thinking without the
    sentences that restate a demand, its places in all of it.
    """

    reply: bytes
    thinking: bytes
    spared: bytes
    reply_places: tuple[int, ...]
    thinking_places: tuple[int, ...]
    spared_places: tuple[int, ...]


class MarkedReply(NamedTuple):
    """A graded row without what no number needs; items, problems and lists of kinds as numbers.

    `kinds` and `judged` are of the constraints that are measured; `every`, `asked_of` and `sides` of all, `sides` being
    empty where the other part of the reply is not judged. `targets` says what part each of `kinds` is about.
    `final_chars` is of the text that is judged, which is the thinking where all constraints are about it. `named` is
    where the last sentence ends that restates a demand, or -1.
    """

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
    reply_chars: int
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
    every: tuple[str, ...]
    asked_of: frozenset[str]
    targets: tuple[str, ...]
    sides: dict[Profile, Sides]
    thinking_chars: int
    completion_tokens: int
    named: int

    @property
    def whole(self) -> bool:
        """Whether there is a whole reply, which alone can be right or obey."""
        return not (self.cut or self.withheld)


class Table:
    """The rows that were read together, and what is made of all of them, once.

    Attributes:
        rows: the rows.
    """

    def __init__(self, rows: Sequence[MarkedReply]) -> None:
        self.rows = rows
        self._made: dict[Hashable, object] = {}

    def once(self, name: Hashable, make: Callable[[Sequence[MarkedReply]], Made]) -> Made:
        """Return what `make` makes of the rows, or made when it was last asked for under this name."""
        if name not in self._made:
            self._made[name] = make(self.rows)
        return cast(Made, self._made[name])


class Rows(Sequence[MarkedReply]):
    """Some rows of a table, each where it stands there, so that what was made of the table serves them too.

    Attributes:
        table: the table.
        places: the place of each row in it.
    """

    def __init__(self, table: Table, places: Array) -> None:
        self.table = table
        self.places = places

    @classmethod
    def of(cls, rows: Iterable[MarkedReply]) -> Self:
        """Make a table of some rows."""
        table = Table(tuple(rows))
        return cls(table, column(range(len(table.rows)), int))

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[MarkedReply]:
        return map(self.table.rows.__getitem__, self.places.tolist())

    @overload
    def __getitem__(self, at: int) -> MarkedReply: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> MarkedReply | Self:
        return type(self)(self.table, self.places[at]) if isinstance(at, slice) else self.table.rows[self.places[at]]

    def where(self, holds: Callable[[MarkedReply], object]) -> Self:
        """Return the rows for which something holds."""
        return self.kept(map(holds, self))

    def kept(self, keeps: Iterable[object]) -> Self:
        """Return the rows at whose places `keeps` is true."""
        return type(self)(self.table, column(list(compress(self.places.tolist(), keeps)), int))

    def at(self, places: Sequence[int]) -> Self:
        """Return the rows at these places among them, in this order."""
        return type(self)(self.table, self.places[column(places, int)])

    @property
    def answered(self) -> Self:
        """The rows that are no failures of the harness."""
        answered = self.table.once("answered", lambda rows: column([not row.error for row in rows], bool))
        return type(self)(self.table, self.places[answered[self.places]])


def by_arm(rows: Rows) -> dict[str, Rows]:
    """Return the rows of each arm, arms in order."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.arm, []).append(place)
    return {arm: rows.at(places[arm]) for arm in sorted(places)}


class _Numbers(dict[object, int]):
    """Numbers for names, in the order in which the names are first seen."""

    def __missing__(self, name: object) -> int:
        return self.setdefault(name, len(self))


class _Once:
    """Of equal values the one that was seen first, so that memory holds it once: rows of one item are much alike."""

    def __init__(self) -> None:
        self._seen: dict[object, object] = {}

    def __call__(self, value: Value) -> Value:
        return cast(Value, self._seen.setdefault(value, value))

    def by_profile(self, judged: dict[Profile, Value]) -> dict[Profile, Value]:
        """Return a mapping, which nobody may change, with these values."""
        return cast(dict[Profile, Value], self._seen.setdefault(tuple(judged.items()), judged))


def read(graded: Iterable[Graded]) -> Rows:
    """Return the rows in the order of their keys, items and problems numbered in that order.

    Raises:
        DataError: if two rows have the same key, or if the rows are judged under different profiles.
    """
    names, once = (_Numbers(), _Numbers(), _Numbers(), _Numbers()), _Once()
    rows = sorted((_row(row, *names, once) for row in graded), key=lambda row: row.key)
    for before, after in pairwise(rows):
        if before.key == after.key:
            raise DataError(f"two graded rows have the key {after.key!r}, expected one; grade the run again")
        if before.judged.keys() != after.judged.keys():
            raise DataError(
                f"{after.key}: judged under {sorted(after.judged)}, expected {sorted(before.judged)} as {before.key};"
                " grade the run again"
            )
    replies, items, problems, asks = _Numbers(), _Numbers(), _Numbers(), _Numbers()
    for place, row in enumerate(rows):
        rows[place] = row._replace(
            reply=replies[row.reply], item=items[row.item], problem=problems[row.problem], asks=asks[row.asks]
        )
    return Rows.of(rows)


def _row(
    said: Graded, replies: _Numbers, items: _Numbers, problems: _Numbers, asks: _Numbers, once: _Once
) -> MarkedReply:
    """Return a row of what was measured; its `unmeasured` counts what was left out of it."""
    row, key = said.measured(), Key.parse(said.key)
    judged_chars = row.thinking_chars if set(row.targets) == {THINKING} else row.final_chars
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
        final_chars=-1 if judged_chars is None else judged_chars,
        reply_chars=-1 if row.final_chars is None else row.final_chars,
        kinds=once(row.kinds),
        answer=_MARK[row.answer.outcome],
        judged=once.by_profile({profile: once(_judged(row, profile)) for profile in row.constraints}),
        unsplit=intern(row.unsplit),
        task=intern(key.task),
        name=intern(row.problem),
        steps=row.steps,
        surface=intern(row.surface),
        root=intern(row.root),
        rendered=intern(row.rendered),
        restates=bool(row.restated),
        unmeasured=len(said.kinds) - len(row.kinds),
        every=once(said.kinds),
        asked_of=once(frozenset(said.targets)),
        targets=once(row.targets),
        sides=once.by_profile({profile: once(_sides(said, profile)) for profile in said.elsewhere}),
        thinking_chars=-1 if row.thinking_chars is None else row.thinking_chars,
        completion_tokens=-1 if row.completion_tokens is None else row.completion_tokens,
        named=max((span.end for span in row.restated), default=-1),
    )


def _judged(row: Graded, profile: Profile) -> Marks:
    strict, places = _read(row.constraints[profile])
    loose, floor, fixed = (
        _marks(outcomes) for outcomes in (row.loose[profile], row.floor[profile], row.fixed.get(profile, ()))
    )
    return Marks(strict, loose, floor, min((at for at in places if at >= 0), default=-1), fixed)


def _sides(said: Graded, profile: Profile) -> Sides:
    own, other = said.constraints[profile], said.elsewhere[profile]
    if THINKING in said.targets:
        asked = [target == THINKING for target in said.targets]
        own, other = (
            tuple(two if swapped else one for swapped, one, two in zip(asked, *sides, strict=True))
            for sides in ((own, other), (other, own))
        )
    reply, thinking = _read(own), _read(other)
    spared = _read(said.spared[profile]) if said.spared else thinking
    return Sides(reply[0], thinking[0], spared[0], reply[1], thinking[1], spared[1])


def _read(verdicts: Sequence[Verdict]) -> tuple[bytes, tuple[int, ...]]:
    """Return the outcomes as marks, and of each at which character its first violation starts (-1: at no place)."""
    marks = _marks(tuple([verdict.outcome for verdict in verdicts]))
    return marks, tuple(map(_violation, verdicts)) if FAIL in marks else _nowhere(len(marks))


@lru_cache(maxsize=4096)  # so that rows which are alike share them
def _marks(outcomes: tuple[Outcome, ...]) -> bytes:
    return bytes(map(_MARK.__getitem__, outcomes))


@lru_cache(maxsize=64)
def _nowhere(count: int) -> tuple[int, ...]:
    return (-1,) * count


def _violation(verdict: Verdict) -> int:
    return verdict.evidence[0].start if verdict.evidence and verdict.outcome is Outcome.FAIL else -1


def plain_beside(rows: Rows, plain: Rows) -> Rows:
    """Return the plain rows as judged for what `rows` ask: where that is about the thinking, on the thinking.

    A plain reply that is not judged for it, as its thinking cannot be seen, is left out.
    """
    asked = {row.item: row for row in sorted(rows, key=lambda row: -row.unmeasured)}  # what is fully measured wins
    if not any(THINKING in row.targets for row in asked.values()):
        return plain
    moved = (_asked_as(asked[row.item], row) if row.item in asked else row for row in plain)
    return Rows.of(row for row in moved if row is not None)


def _asked_as(row: MarkedReply, plain: MarkedReply) -> MarkedReply | None:
    """Return a plain row judged for the demands of another row to its item, in their order."""
    places = [plain.every.index(kind) for kind in row.kinds if kind in plain.every]
    if len(places) < len(row.kinds) or not plain.sides:
        return None
    judged = {}
    for profile, sides in plain.sides.items():
        parts = [(sides.thinking, sides.thinking_places), (sides.reply, sides.reply_places)]
        chosen = [parts[target != THINKING] for target in row.targets]
        marks = bytes(outcomes[at] for (outcomes, _), at in zip(chosen, places, strict=True))
        broken_at = [where[at] for (_, where), at in zip(chosen, places, strict=True) if where[at] >= 0]
        if UNMEASURED in marks:
            return None
        judged[profile] = row.judged[profile]._replace(strict=marks, loose=marks, violation=min(broken_at, default=-1))
    chars = plain.thinking_chars if set(row.targets) == {THINKING} else plain.reply_chars
    return plain._replace(
        kinds=row.kinds,
        asks=row.asks,
        targets=row.targets,
        judged=judged,
        final_chars=chars,
        unmeasured=row.unmeasured,
    )

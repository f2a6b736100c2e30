"""Verdicts as the rows of a table: one for the answer to each item, one for each constraint under each profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import TypedDict, get_args, get_type_hints

from mathif.export.recorded import sound
from mathif.records import Graded, Key, Profile, Verdict


class VerdictColumns(TypedDict):
    """A row of the table; a value that is not there is None. docs/exports.md says what each column holds."""

    key: str
    task: str
    item: str
    arm: str
    sample: int
    problem: str
    source: str
    tier: int | None
    state: str
    finish: str
    truncated: bool
    empty: bool
    cot_tokens: int | None
    completion_tokens: int | None
    part: str
    profile: str | None
    place: int | None
    kind: str | None
    outcome: str
    loose: str | None
    floor: str | None
    reason: str | None
    rung: str | None
    start: int | None
    end: int | None


COLUMNS: Mapping[str, type] = {
    name: next(kind for kind in get_args(hint) or (hint,) if kind is not NoneType)
    for name, hint in get_type_hints(VerdictColumns).items()
}
"""Name and type of each column, in order."""


def verdict_rows(graded: Iterable[Graded]) -> Iterator[VerdictColumns]:
    """Yield the rows of a table of verdicts, in the order of `graded`, each with every column."""
    for row in graded:
        yield _row(row, "answer", row.answer)
        for profile, verdicts in row.constraints.items():
            for place, verdict in enumerate(verdicts):
                yield _row(row, "constraint", verdict, profile, place)


def _row(row: Graded, part: str, verdict: Verdict, profile: Profile | None = None, place: int = 0) -> VerdictColumns:
    """Return the row of one verdict: on the answer, or on the constraint at `place` under a profile."""
    key = Key.parse(row.key)
    start, end = verdict.evidence[0] if verdict.evidence else (None, None)
    return {
        "key": row.key,
        "task": key.task,
        "item": key.item,
        "arm": row.arm,
        "sample": row.sample,
        "problem": row.problem,
        "source": row.source,
        "tier": row.tier,
        "state": row.state.value,
        "finish": row.finish.value,
        "truncated": row.cut,
        "empty": row.empty,
        "cot_tokens": row.cot_tokens,
        "completion_tokens": row.completion_tokens,
        "part": part,
        "profile": profile.value if profile else None,
        "place": place if profile else None,
        "kind": row.kinds[place] if profile else None,
        "outcome": verdict.outcome.value,
        "loose": row.loose[profile][place].value if profile else None,
        "floor": row.floor[profile][place].value if profile else None,
        "reason": sound(verdict.reason) or None,
        "rung": verdict.rung or None,
        "start": start,
        "end": end,
    }

"""Verdicts as the rows of a table: one for the answer to each item, one for each constraint under each profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mathif.export.recorded import sound
from mathif.records import Graded, Key, Verdict

COLUMNS: dict[str, type] = {
    "key": str,
    "task": str,
    "item": str,
    "arm": str,
    "sample": int,
    "problem": str,
    "source": str,
    "tier": int,
    "state": str,
    "finish": str,
    "truncated": bool,
    "empty": bool,
    "cot_tokens": int,
    "completion_tokens": int,
    "part": str,
    "profile": str,
    "place": int,
    "kind": str,
    "outcome": str,
    "loose": str,
    "floor": str,
    "reason": str,
    "rung": str,
    "start": int,
    "end": int,
}
"""Name and type of each column, in order; docs/exports.md says what each holds. A value that is not there is None."""


def verdict_rows(graded: Iterable[Graded]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of verdicts, in the order of `graded`, each with every column."""
    for row in graded:
        shared = _shared(row)
        yield {**shared, "part": "answer", **_verdict(row.answer)}
        for profile, verdicts in row.constraints.items():
            judged = zip(row.kinds, verdicts, row.loose[profile], row.floor[profile], strict=True)
            for place, (kind, verdict, loose, floor) in enumerate(judged):
                yield {
                    **shared,
                    "part": "constraint",
                    "profile": profile.value,
                    "place": place,
                    "kind": kind,
                    "loose": loose.value,
                    "floor": floor.value,
                    **_verdict(verdict),
                }


def _shared(row: Graded) -> dict[str, Any]:
    """Return the columns that every verdict on one reply to one item shares, the others None."""
    key = Key.parse(row.key)
    return dict.fromkeys(COLUMNS) | {
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
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    start, end = verdict.evidence[0] if verdict.evidence else (None, None)
    return {
        "outcome": verdict.outcome.value,
        "reason": sound(verdict.reason) or None,
        "rung": verdict.rung or None,
        "start": start,
        "end": end,
    }

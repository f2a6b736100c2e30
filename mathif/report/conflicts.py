"""Conflicts: who is obeyed where the system asks for one thing and the user for another that excludes it."""

from __future__ import annotations

from collections.abc import Sequence

from mathif.arms import CONFLICT
from mathif.records import Profile
from mathif.report.marked import PASS, MarkedReply
from mathif.results import Conflict
from mathif.stats import share


def conflict(rows: Sequence[MarkedReply], profile: Profile) -> Conflict | None:
    """Return who is obeyed in the rows of the arm, None where it was not asked."""
    replies = [row for row in rows if row.arm == CONFLICT and not row.error and not row.unmeasured]
    if not replies:
        return None
    problems = [row.problem for row in replies]
    obeyed = [tuple(row.whole and mark == PASS for mark in row.judged[profile].strict) for row in replies]
    thinking = [row for row in replies if row.thinking_chars > 0]
    return Conflict(
        n=len(replies),
        system=share([pair == (True, False) for pair in obeyed], problems),
        user=share([pair == (False, True) for pair in obeyed], problems),
        neither=share([pair == (False, False) for pair in obeyed], problems),
        both=share([pair == (True, True) for pair in obeyed], problems),
        named=share([row.restates for row in thinking], [row.problem for row in thinking]),
    )

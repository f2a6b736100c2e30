"""Recuts: what lower token limits would have left of the recorded replies.

A reply that went on beyond a limit would have been cut there, and a cut reply is a failure whatever it says, so its
length is all that it takes. What cannot be known: a model that is told its limit may write otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mathif.errors import DataError, UsageError
from mathif.records import REPLIED, Finish, Graded, Profile, State
from mathif.report.columns import ReplyColumns
from mathif.report.marked import read
from mathif.results import ACC, HACC, Recut


def recut(row: Graded, limit: int) -> Graded:
    """Return the row as a limit of so many tokens, thinking included, would have left it.

    Raises:
        DataError: if its tokens were not counted.
    """
    if row.finish in REPLIED and row.completion_tokens is None:
        raise DataError(f"{row.key}: its completion_tokens are unknown, so that no other limit can be asked about")
    if row.completion_tokens is None or row.completion_tokens <= limit:
        return row
    thinking = row.state is State.CLOSED and row.cot_tokens is not None and row.cot_tokens >= limit
    return replace(
        row,
        finish=Finish.LENGTH,
        state=State.OPEN if thinking else row.state,
        cot_tokens=None if row.cot_tokens is None else min(row.cot_tokens, limit),
        completion_tokens=limit,
    )


def recuts(graded: Iterable[Graded], limits: Sequence[int]) -> Iterator[Recut]:
    """Yield the figures of every arm at every limit under profile `mathif`, arms in order, the lowest limit first.

    Raises:
        DataError: if the tokens of a reply were not counted.
        UsageError: if a limit is not above 0.
    """
    if not limits or min(limits) < 1:
        raise UsageError(f"--recut: found {', '.join(map(str, limits)) or 'nothing'}, expected token limits above 0")
    rows = list(graded)
    for arm in sorted({row.arm for row in rows}):
        own = [row for row in rows if row.arm == arm]
        for limit in sorted(set(limits)):
            replies = ReplyColumns.of(read(recut(row, limit) for row in own), Profile.MATHIF)
            yield Recut(
                arm=arm,
                limit=limit,
                n=len(replies),
                truncated=int(replies.cut.sum()),
                hacc=HACC.estimate(replies.asked()),
                acc=ACC.estimate(replies),
            )

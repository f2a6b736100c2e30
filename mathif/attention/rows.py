"""The rows of `attention.jsonl`: what was read of one reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from mathif.errors import DataError
from mathif.json_values import JsonObject


class Redrawn(TypedDict):
    """An answer that was drawn anew: its text, how it ended, and its tokens."""

    text: str
    finish: str
    tokens: int


class _Read(TypedDict):
    """What was read of one reply, as it is recorded.

    Attributes:
        key: of the reply.
        problem: its problem, with the task.
        item: its item, with the task.
        arm: how the item was presented.
        cot_tokens: length of its thinking, in tokens of the model.
        answer_tokens: length of its answer.
        span_tokens: length of each span.
        uniform: for each span the mean share of attention if every token were looked at alike.
        mass: for each span, by layer and head, the mean share of attention that the answer pays to it.
        logprob: natural log-probability of the answer with nothing hidden (`seen`) and with a span hidden.
        kept: characters of the reply before its answer.
        redrawn: the answers that were drawn anew, by what was hidden from them.
    """

    key: str
    problem: str
    item: str
    arm: str
    cot_tokens: int
    answer_tokens: int
    span_tokens: Mapping[str, int]
    uniform: Mapping[str, float]
    mass: Mapping[str, Sequence[Sequence[float]]]
    logprob: Mapping[str, float]
    kept: int
    redrawn: Mapping[str, Redrawn]


class AttendedRow(_Read, total=False):
    """What was read of one reply, beside what is known of it now.

    Attributes:
        obeyed: whether the reply obeys by the verdicts of now, which are not recorded here.
    """

    obeyed: bool


class UnreadRow(TypedDict):
    """Why a reply cannot be read."""

    key: str
    reason: str


_FIELDS = _Read.__required_keys__


def attended(row: JsonObject, where: str) -> AttendedRow:
    """Return a row that says what was read.

    Raises:
        DataError: if a field is missing.
    """
    missing = _FIELDS - row.keys()
    if missing:
        raise DataError(f"{where}: {row.get('key')}: {', '.join(sorted(missing))} are missing; remove the file")
    return cast(AttendedRow, row)

"""One judgement, and the places in a text that led to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import NamedTuple, cast

from mathif.json_values import Json
from mathif.records.outcomes import Outcome


class Span(NamedTuple):
    """Half-open range of characters in a text."""

    start: int
    end: int

    def in_whole(self, parts: Iterable[Span], joint: str = "") -> Span:
        """Return where in a whole text this range of its parts stands, which follow each other with `joint` between.

        What is in a joint ends the part before.
        """
        begin = start = end = 0
        for part in parts:
            if begin <= self.start:
                start = min(part.start + self.start - begin, part.end)
            if begin < self.end:
                end = min(part.start + self.end - begin, part.end)
            begin += part.end - part.start + len(joint)
        return Span(start, max(start, end))


def spans(values: Json) -> tuple[Span, ...]:
    """Read spans, each written as its two ends.

    Raises:
        ValueError: for anything else.
    """
    read = []
    for value in values if isinstance(values, (list, tuple)) else (values,):
        # by type and not by class: of a report there are millions
        if type(value) is not list or len(value) != 2 or type(value[0]) is not int or type(value[1]) is not int:
            raise ValueError(f"found {value!r:.80}, expected the start and the end of a range of characters")
        read.append(Span._make(value))
    return tuple(read)


_OUTCOMES: Mapping[Json, Outcome] = {outcome.value: outcome for outcome in Outcome}


def outcome_of(value: Json) -> Outcome:
    """Read an outcome.

    Raises:
        ValueError: for anything else.
    """
    outcome = _OUTCOMES.get(value) if type(value) is str else None
    if outcome is None:
        raise ValueError(f"found {value!r:.80}, expected one of {', '.join(Outcome)}")
    return outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement, with the reason in words and the places in the text that led to it.

    Attributes:
        outcome: PASS, FAIL, UNGRADED or UNMEASURED.
        reason: one short sentence; never empty but for PASS.
        evidence: spans, in order, the first violation first for a FAIL: of the judged part of the reply (its final text
            or its thinking) in a run's records, of the whole text that was passed in where a raw response was judged.
        rung: for an answer, the rung of the ladder that decided (`text`, `number`, `structure`, `symbolic`, …).
    """

    outcome: Outcome
    reason: str = ""
    evidence: tuple[Span, ...] = ()
    rung: str = ""

    @property
    def passed(self) -> bool:
        """Whether the outcome is PASS."""
        return self.outcome is Outcome.PASS

    def to_json(self) -> dict[str, Json]:
        """Return the verdict as plain JSON, empty fields left out."""
        row: dict[str, Json] = {"outcome": self.outcome.value}
        if self.reason:
            row["reason"] = self.reason
        if self.evidence:
            row["evidence"] = [list(span) for span in self.evidence]
        if self.rung:
            row["rung"] = self.rung
        return row

    @classmethod
    def from_json(cls, row: Json) -> Verdict:
        """Read what `to_json` wrote.

        Raises:
            ValueError: if it is not an object, or a field is missing or of the wrong type.
        """
        if type(row) is not dict:
            raise ValueError(f"found {row!r:.80}, expected a verdict")
        if len(row) == 1:
            return _BARE[outcome_of(row.get("outcome"))]
        reason, evidence, rung = row.get("reason", ""), row.get("evidence"), row.get("rung", "")
        if type(reason) is not str or type(rung) is not str:
            raise ValueError(f"found {row!r:.80}, expected texts as its reason and its rung")
        return cls(outcome_of(row.get("outcome")), reason, spans(evidence) if evidence else (), rung)


_BARE: Mapping[Outcome, Verdict] = {outcome: Verdict(outcome) for outcome in Outcome}
"""The verdicts without a word, which most are: of a report there are millions."""


_PLAIN = frozenset({str, int, bool, type(None)})


def as_json(value: object) -> Json:
    """Return what a field of a record holds as plain JSON: tuples as lists, members of an enum as their texts."""
    if type(value) in _PLAIN:  # most values are, of millions
        return cast(Json, value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Verdict):
        return value.to_json()
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): as_json(part) for name, part in value.items()}
    assert is_dataclass(value), f"{type(value).__name__} has no place in a record"
    return {part.name: as_json(getattr(value, part.name)) for part in fields(value)}

"""One judgement, and the places in a text that led to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, NotRequired, Self, TypedDict

from mathif.json_values import Json, items, text
from mathif.records.outcomes import Outcome


class Span(NamedTuple):
    """Half-open range of characters in a text."""

    start: int
    end: int


def spans(values: Iterable[Json]) -> tuple[Span, ...]:
    """Read spans, each written as its two ends.

    Raises:
        ValueError: for a value that is none.
    """
    return tuple([_span(value) for value in values])


def _span(value: Json) -> Span:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        start, end = value
        if isinstance(start, int) and isinstance(end, int):
            return Span(start, end)
    raise ValueError(f"found {value!r:.80}, expected the start and the end of a range of characters")


class VerdictRow(TypedDict):
    """A verdict as plain JSON."""

    outcome: str
    reason: NotRequired[str]
    evidence: NotRequired[list[list[int]]]
    rung: NotRequired[str]


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

    def to_json(self) -> VerdictRow:
        """Return the verdict as plain JSON, empty fields left out."""
        row: VerdictRow = {"outcome": self.outcome.value}
        if self.reason:
            row["reason"] = self.reason
        if self.evidence:
            row["evidence"] = [list(span) for span in self.evidence]
        if self.rung:
            row["rung"] = self.rung
        return row

    @classmethod
    def from_json(cls, row: Json) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: if it is no object, or a field is missing or of the wrong type.
        """
        if not isinstance(row, dict) or "outcome" not in row:
            raise ValueError(f"found {row!r:.80}, expected a verdict with its outcome")
        return cls(
            Outcome(row["outcome"]),
            text(row, "reason") if "reason" in row else "",
            spans(items(row, "evidence")) if "evidence" in row else (),
            text(row, "rung") if "rung" in row else "",
        )

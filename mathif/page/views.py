"""Views: one reply as the page shows it, with everything that was found in its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NotRequired, TypedDict

from mathif.constraints import Target
from mathif.items import Item
from mathif.records import Graded, Key, Outcome, Profile, Reply, Verdict

UNASKED = ("plain", "shuffled", "scrambled")
"""The arms whose replies are judged on constraints that they were not given, or not in words that can be read."""


class Judgement(TypedDict):
    """A verdict as the page shows it."""

    outcome: str
    reason: str
    evidence: list[list[int]]


class Demand(Judgement):
    """A constraint with its verdict, and that on the part of the reply which it is not about."""

    kind: str
    sentence: str
    part: str
    elsewhere: NotRequired[Judgement]


class AnswerJudged(TypedDict):
    """The verdict on the answer, whose evidence the page does not mark."""

    outcome: str
    reason: str


class View(TypedDict):
    """One reply as plain JSON: the question, the split, every verdict with its evidence."""

    key: str
    problem: str
    arm: str
    asked: bool
    question: str
    gold: str
    note: str
    state: str
    finish: str
    cut: bool
    tokens: int | None
    answer: AnswerJudged
    demands: list[Demand]
    restated: list[list[int]]
    thinking: str
    final: str


def view(
    judged: Sequence[tuple[Item, Graded]], reply: Reply, profile: Profile = Profile.MATHIF, note: str = ""
) -> View:
    """Return what the page shows of one reply.

    Args:
        judged: each item that it was judged for, with the verdicts; several for a reply that saw no constraints.
        reply: the reply.
        profile: the rules that judged.
        note: what is said above it.
    """
    key, (item, graded) = Key.parse(reply.key), judged[0]
    return {
        "key": reply.key,
        "problem": f"{key.task}/{item.problem.key}",
        "arm": key.arm,
        "asked": key.arm not in UNASKED,
        "question": item.problem.question,
        "gold": item.problem.answer,
        "note": note,
        "state": reply.state.value,
        "finish": reply.finish.value,
        "cut": graded.cut,
        "tokens": reply.cot_tokens,
        "answer": {"outcome": graded.answer.outcome.value, "reason": graded.answer.reason},
        "demands": _once(row for item, graded in judged for row in _demands(item, reply, graded, profile)),
        "restated": [list(span) for span in sorted({span for _, graded in judged for span in graded.restated})],
        "thinking": reply.thinking,
        "final": reply.final,
    }


def _demands(item: Item, reply: Reply, graded: Graded, profile: Profile) -> Iterator[Demand]:
    verdicts = graded.constraints[profile]
    elsewhere = graded.elsewhere.get(profile, (None,) * len(verdicts))
    for demand, sentence, verdict, other in zip(item.constraints, item.sentences, verdicts, elsewhere, strict=True):
        part = Target.THINKING if demand.target is Target.THINKING and reply.thinking else Target.FINAL
        row: Demand = {
            "kind": demand.kind,
            "sentence": sentence,
            "part": part.value,
            "outcome": verdict.outcome.value,
            "reason": verdict.reason,
            "evidence": [list(span) for span in verdict.evidence],
        }
        if other is not None and other.outcome is not Outcome.UNMEASURED:
            row["elsewhere"] = _told(other)
        yield row


def _told(verdict: Verdict) -> Judgement:
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "evidence": [list(span) for span in verdict.evidence],
    }


def _once(demands: Iterable[Demand]) -> list[Demand]:
    """Return demands without those that several items of a problem share."""
    return list({(row["kind"], row["sentence"]): row for row in demands}.values())

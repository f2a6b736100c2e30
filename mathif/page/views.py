"""Views: one reply as the page shows it, with everything that was found in its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mathif.constraints import Target
from mathif.items import Item
from mathif.records import Graded, Key, Outcome, Profile, Reply, Verdict

UNASKED = ("plain", "shuffled", "scrambled")
"""The arms whose replies are judged on constraints that they were not given, or not in words that can be read."""

View = dict[str, Any]


def view(
    judged: Sequence[tuple[Item, Graded]], reply: Reply, profile: Profile = Profile.MATHIF, note: str = ""
) -> View:
    """Return one reply as plain JSON: the question, the split, every verdict with its evidence.

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
        "restated": sorted({tuple(span) for _, graded in judged for span in graded.restated}),
        "thinking": reply.thinking,
        "final": reply.final,
    }


def _demands(item: Item, reply: Reply, graded: Graded, profile: Profile) -> Iterator[View]:
    verdicts = graded.constraints[profile]
    elsewhere = graded.elsewhere.get(profile, (None,) * len(verdicts))
    for demand, sentence, verdict, other in zip(item.constraints, item.sentences, verdicts, elsewhere, strict=True):
        part = Target.THINKING if demand.target is Target.THINKING and reply.thinking else Target.FINAL
        row = {"kind": demand.kind, "sentence": sentence, "part": part.value, **_told(verdict)}
        yield row if other is None or other.outcome is Outcome.UNMEASURED else {**row, "elsewhere": _told(other)}


def _told(verdict: Verdict) -> View:
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "evidence": [list(span) for span in verdict.evidence],
    }


def _once(demands: Iterable[View]) -> list[View]:
    """Return demands without those that several items of a problem share."""
    return list({(row["kind"], row["sentence"]): row for row in demands}.values())

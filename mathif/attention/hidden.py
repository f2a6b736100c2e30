"""The knock-out: what hiding a span does to an answer drawn anew, paired with that drawn with nothing hidden.

Attention says where a model looks, not whether that matters. Here the same draws are made with the constraints hidden
and with a random span hidden, so what differs is the hiding's doing. Pure: the texts are recorded, their verdicts not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mathif.attention.rows import AttendedRow
from mathif.compare.changes import changes
from mathif.grading import graded
from mathif.items import Prompt
from mathif.reasoning import split
from mathif.records import Finish, Generation, Graded, Profile, State
from mathif.report.columns import ReplyColumns
from mathif.report.marked import Rows, read
from mathif.report.scores import score
from mathif.results import Changes, Knockout, KnockoutBin, KnockoutProfile
from mathif.stats import fixed_bins

SEEN = "seen"
"""The condition in which nothing is hidden."""
CONDITIONS = (SEEN, "constraints", "random")
"""What is hidden from an answer that is drawn anew."""

PAIRS = {
    "constraints": (SEEN, "constraints"),
    "random": (SEEN, "random"),
    "constraints_against_random": ("random", "constraints"),
}
"""Each change with the conditions it goes from and to."""

Answers = Mapping[str, Graded]
"""The graded answers of one reply, by condition."""


def regraded(row: AttendedRow, prompt: Prompt, generation: Generation) -> Answers:
    """Grade the redrawn answers of a row of `attention.jsonl`, each after the thinking of the recorded reply."""
    return {name: graded(prompt.item, prompt.key, split(joined(row, generation, name))) for name in CONDITIONS}


def joined(row: AttendedRow, generation: Generation, condition: str) -> Generation:
    """Return a recorded reply with a redrawn answer in place of its own."""
    drawn = row["redrawn"][condition]
    return replace(
        generation,
        text=generation.text[: row["kept"]] + drawn["text"],
        finish=Finish(drawn["finish"]),
        completion_tokens=None,
        reasoning_tokens=row["cot_tokens"] if split(generation).state is State.CLOSED else None,
    )


def knockout(replies: Iterable[Answers]) -> Knockout:
    """Return what hiding does in one arm."""
    listed = list(replies)
    rows = {name: read(answers[name] for answers in listed) for name in CONDITIONS}
    profiles = sorted(rows[SEEN][0].judged) if listed else []
    return Knockout(n=len(listed), profiles={profile: _profile(rows, profile) for profile in profiles})


def _profile(rows: Mapping[str, Rows], profile: Profile) -> KnockoutProfile:
    replies = {name: ReplyColumns.of(own, profile) for name, own in rows.items()}
    lengths = replies[SEEN].cot_tokens
    return KnockoutProfile(
        conditions={name: score(own) for name, own in replies.items()},
        changes=_changes(replies),
        without_truncated=_changes(replies, whole=True),
        by_length=tuple(
            KnockoutBin(
                low=bin_.low,
                high=bin_.high,
                n=int(bin_.holds(lengths).sum()),
                changes=_changes({name: own.where(bin_.holds(lengths)) for name, own in replies.items()}),
            )
            for bin_ in fixed_bins(lengths[lengths >= 0])
        ),
    )


def _changes(replies: Mapping[str, ReplyColumns], *, whole: bool = False) -> Mapping[str, Changes]:
    """Return for each of `PAIRS` what changes from the one condition to the other."""
    changed = {}
    for name, (first, second) in PAIRS.items():
        before, after = replies[first], replies[second]
        kept = ~(before.cut | after.cut) if whole else before.sample >= 0
        changed[name] = changes(before.where(kept), after.where(kept))
    return changed

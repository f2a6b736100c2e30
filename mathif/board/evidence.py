"""What the replies of an entry show beyond its numbers: outcomes by problem, to pair rows, and a few to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mathif import store
from mathif.reasoning import split
from mathif.records import Generation, Graded, Key, Outcome
from mathif.run import Run

SHOWN = 3
"""Replies of an entry that the board shows; the same items for every entry of a task."""
ARM = "constrained"
"""The arm that the board shows."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left of the replies when the run they made is gone.

    Attributes:
        problems: for each profile and problem how many replies obeyed every constraint, of how many.
        replies: a few replies: `item`, `verdict` and `text`.
    """

    problems: Mapping[str, Mapping[str, tuple[float, int]]] = field(default_factory=dict)
    replies: tuple[Json, ...] = ()


def evidence(run: Run) -> Evidence:
    """Read the evidence from a graded run."""
    graded = map(Graded.from_json, store.read_rows(run.folder / "verdicts.jsonl"))
    rows = sorted((row for row in graded if row.arm == ARM and row.kinds), key=lambda row: row.key)
    problems: dict[str, dict[str, tuple[float, int]]] = {}
    for row in rows:
        problem = f"{Key.parse(row.key).task}/{row.problem}"
        for profile, verdicts in row.constraints.items():
            obeyed = not row.cut and all(verdict.passed for verdict in verdicts)
            known = problems.setdefault(profile.value, {})
            sum_, count = known.get(problem, (0.0, 0))
            known[problem] = sum_ + obeyed, count + 1
    return Evidence(problems, tuple(_replies(run, rows)))


def _replies(run: Run, rows: Sequence[Graded]) -> list[Json]:
    """Return what is shown of the first replies to some items at even distances."""
    first = [row for row in rows if row.sample == 0]
    count = min(SHOWN, len(first))
    chosen = {row.key: row for row in (first[(2 * place + 1) * len(first) // (2 * count)] for place in range(count))}
    return [_reply(chosen[one.key], one) for one in run.generations() if one.key in chosen]


def _reply(row: Graded, generation: Generation) -> Json:
    key = Key.parse(row.key)
    verdicts = next(iter(row.constraints.values()))
    marks = {Outcome.PASS: "obeyed", Outcome.FAIL: "violated", Outcome.UNGRADED: "ungraded"}
    said = ["right" if row.answer.passed else "not right"]
    said += [f"{kind} {marks[verdict.outcome]}" for kind, verdict in zip(row.kinds, verdicts, strict=True)]
    reply = split(generation)
    return {
        "item": f"{key.task}/{key.item}",
        "verdict": _ending(row) or ", ".join(said),
        "text": reply.final or reply.thinking,
    }


def _ending(row: Graded) -> str:
    """Return why there is no whole reply to judge, "" where there is one."""
    return "cut by the token limit" if row.cut else row.answer.reason if row.withheld else ""

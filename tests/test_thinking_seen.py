"""Laws of replies whose thinking is seen in some arms and not in others: each is judged or unmeasured, and reported."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif import tasks
from mathif.arms import KINDS, modes_of, prompts
from mathif.compare.changes import arm_changes
from mathif.engines.mock import open_model
from mathif.grading import graded
from mathif.items import Prompt
from mathif.plan import Options
from mathif.reasoning import split
from mathif.records import Finish, Generation, Outcome, Profile, Sampling
from mathif.report import summarize
from mathif.report.marked import by_arm, read
from mathif.run.dealing import chosen
from mathif.tables.document import markdown
from mathif.wording.modes import of_modes

ARMS = tuple(
    "budget:4" if kind.name == "budget" else arm for kind in KINDS if kind.name != "self" for arm in kind.examples
)
OF_REPLY = ("plain", "constrained", "thinking", "both", "conflict", "few-shot", "thinking:on", "thinking:off")
TASK = {name: tasks.load(name) for name in ("core", "thinking")}
WAYS = ("seen", "absent", "empty", "hidden", "summed up", "cut", "cut at once", "opened", "after", "nothing")
UNSEEN = frozenset({"absent", "empty", "hidden", "summed up", "cut at once", "nothing"})


def told(reply: Generation, way: str) -> Generation:
    """Return a reply as a server or a model would have given it that shows its thinking in one way."""
    final, thought = split(reply).final, "We add, and check it. So it is done."
    match way:
        case "absent":
            return replace(reply, text=final)
        case "empty":
            return replace(reply, text=f"<think>\n\n</think>\n\n{final}")
        case "hidden":
            return replace(reply, text=final, reasoning_tokens=900)
        case "summed up":
            return replace(reply, text=final, reasoning="**Adding**", reasoning_tokens=900)
        case "cut":
            return replace(reply, text=f"<think>{thought}", finish=Finish.LENGTH)
        case "cut at once":
            return replace(reply, text="", finish=Finish.LENGTH)
        case "opened":
            return replace(reply, text=f"{thought}</think>{final}", opened=True)
        case "after":
            return replace(reply, text=f"{final}\n\n<think>{thought}</think>")
        case "nothing":
            return replace(reply, text="", finish=Finish.REFUSED)
    return reply


@cache
def asked(name: str) -> list[tuple[Prompt, Generation]]:
    task = TASK[name]
    arms = OF_REPLY if name == "core" else [arm for arm in ARMS if arm != "few-shot"]
    shown = list(prompts(task, chosen(task.items, 8), arms, 1, 0, modes=modes_of(arms, "mock:length")))
    replies = open_model("mock:length", Options()).generate(shown, Sampling())
    return list(zip(shown, replies, strict=True))


@pytest.mark.parametrize("name", TASK)
@settings(max_examples=3)
@given(seed=st.integers(0, 10**6), per_arm=st.booleans())
def test_whatever_of_the_thinking_is_seen_every_arm_is_reported_and_compared(
    name: str, seed: int, per_arm: bool
) -> None:
    rng = Random(seed)
    ways = {arm: rng.choice(WAYS) for arm in ARMS}
    runs = []
    for _ in range(2):
        rows = []
        for prompt, reply in asked(name):
            way = ways[prompt.key.arm] if per_arm else rng.choice(WAYS)
            row = graded(prompt.item, prompt.key, split(told(reply, way)))
            unseen = way in UNSEEN or (way == "seen" and not split(reply).thinking)
            for demand, verdict in zip(prompt.item.constraints, row.constraints[Profile.MATHIF], strict=True):
                of_thinking = demand.target.value == "thinking"
                assert (verdict.outcome is Outcome.UNMEASURED) == (of_thinking and unseen)
            rows.append(row)
        assert markdown(summarize(rows))
        runs.append(read(rows))
    for arm in {row.arm for row in runs[0]}:
        sides = [by_arm(rows) for rows in runs]
        alike = [a.kinds == b.kinds for a, b in zip(sides[0][arm], sides[1][arm], strict=True)]
        if all(alike) and arm != "plain":
            arm_changes(arm, sides[0], sides[1], Profile.MATHIF)


def test_ways_of_thinking_of_which_one_shows_none_are_compared_by_right_answers_alone() -> None:
    ways = {"thinking:on": "seen", "thinking:off": "absent"}
    rows = [
        graded(prompt.item, prompt.key, split(told(reply, ways[prompt.key.arm])))
        for prompt, reply in asked("thinking")
        if prompt.key.arm in ways
    ]
    figures = summarize(rows).profiles[Profile.MATHIF]
    [gap] = figures.gaps
    assert (gap.hacc.n, gap.acc.n) == (0, len(rows) // 2)
    [said] = [one for one in of_modes(figures) if "thinking:on against thinking:off" in one]
    assert "obeying is not measured, as no two replies both show what is judged" in said
    assert "unknown" not in said

"""Reminders inside the thinking of a simulated model, judged without a run: quick enough to be done many times."""

from __future__ import annotations

from mathif.arms import block_of, prompts
from mathif.engines.worlds import World
from mathif.grading import graded
from mathif.interventions import (
    BASE,
    Intervention,
    Material,
    Trace,
    continued,
    edit,
    parse_interventions,
    ruler,
    trace_of,
)
from mathif.items import Item, Prompt, Task
from mathif.probe.refresh import After, after, unwritten
from mathif.reasoning import split
from mathif.records import Finish, Generation, Graded

ARMS = "remind:0,remind:0.25,remind:0.5,remind:0.75,remind:1"
RULER = ruler(lambda text: len(text.split()))


def reminded(
    world: World, task: Task, items: list[Item], seed: int, samples: int = 2, base: str = BASE
) -> tuple[list[Graded], dict[str, After], tuple[Intervention, ...]]:
    """Return the graded replies, what follows each inserted text, and the interventions."""
    inside = tuple(one for one in parse_interventions(ARMS, base) if one.inside)
    rows, slips = [], {}
    for prompt in prompts(task, items, [base], samples, seed):
        trace = trace_of(Generation(str(prompt.key), world.reply(prompt), Finish.STOP))
        assert isinstance(trace, Trace)
        for one in inside:
            row, slip = _edited(world, prompt, trace, one)
            rows.append(row)
            slips[row.key] = slip
    return rows, slips, inside


def _edited(world: World, prompt: Prompt, trace: Trace, one: Intervention) -> tuple[Graded, After]:
    found = edit(one, Material(str(prompt.key), trace, block_of(prompt.item), None, RULER))
    assert not hasattr(found, "reason")
    begun = found.prefill(trace)
    asked = continued(prompt, one, begun)
    reply = split(Generation(str(asked.key), begun + world.reply(asked), Finish.STOP))
    row = graded(prompt.item, asked.key, unwritten(reply, len(begun)))
    return row, after(reply, prompt.item.constraints, len(begun))

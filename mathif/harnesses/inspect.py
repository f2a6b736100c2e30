"""Tasks for Inspect (checked with 0.3.285): `inspect eval mathif/core --model …`, found by its entry point.

`-T arm=plain`, `-T samples=4` and `-T limit=60` are the settings of `mathif eval` of those names. The standard errors
are clustered by problem, since every problem is asked with one, two and three constraints.
"""

from __future__ import annotations

import math

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    ContentReasoning,
    ContentText,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState, generate

from mathif.harnesses.judging import Asked, asked, scores
from mathif.results import METRICS
from mathif.run import chosen


@task
def core(arm: str = "constrained", samples: int = 1, limit: int | None = None) -> Task:
    """Problems from grade school to olympiad with one, two and three constraints."""
    return _task("core", arm, samples, limit)


@task
def knowledge(arm: str = "constrained", samples: int = 1, limit: int | None = None) -> Task:
    """Closed questions of mathematical knowledge with the same kinds of constraints."""
    return _task("knowledge", arm, samples, limit)


@task
def control(arm: str = "constrained", samples: int = 1, limit: int | None = None) -> Task:
    """Plain items with the same kinds of constraints."""
    return _task("control", arm, samples, limit)


@task
def official(arm: str = "constrained", samples: int = 1, limit: int | None = None) -> Task:
    """The 420 items of MathIF, read from the hub."""
    return _task("mathif", arm, samples, limit)


def _task(name: str, arm: str, samples: int, limit: int | None) -> Task:
    rows = asked(name, arm)
    kept = {item.key for item in chosen([row.item for row in rows.values()], limit)}
    return Task(
        dataset=MemoryDataset([_sample(row) for key, row in rows.items() if key in kept], name=f"mathif-{name}-{arm}"),
        solver=generate(),
        scorer=adherence(name, arm),
        epochs=samples,
        name=name,
    )


def _sample(row: Asked) -> Sample:
    item = row.item
    return Sample(
        id=item.key,
        input=[_message(message.role, message.content) for message in row.messages],
        target=item.problem.answer,
        metadata={
            "problem": item.problem.key,
            "source": item.problem.source,
            "tier": item.problem.tier,
            "constraints": list(item.sentences),
            "kinds": [demand.kind for demand in item.constraints],
        },
    )


def _message(role: str, content: str) -> ChatMessage:
    return ChatMessageSystem(content=content) if role == "system" else ChatMessageUser(content=content)


@scorer(metrics={metric.key: [mean(), stderr(cluster="problem")] for metric in METRICS})
def adherence(name: str, arm: str) -> Scorer:
    """Score answer and constraints by the graders of `mathif`.

    Args:
        name: of the task.
        arm: how its items were asked.
    """

    async def judge(state: TaskState, target: Target) -> Score:
        row = asked(name, arm)[str(state.sample_id)]
        text, reasoning = _parts(state.output.message)
        cut = state.output.stop_reason == "max_tokens"
        given = scores(row.item, text, arm=arm, reasoning=reasoning, cut=cut)
        return Score(value={metric.key: given.get(metric.key, math.nan) for metric in METRICS}, answer=text[-200:])

    return judge


def _parts(message: ChatMessageAssistant) -> tuple[str, str | None]:
    """Return the reply and, where the provider split it off, the thinking."""
    if isinstance(message.content, str):
        return message.content, None
    text = "\n".join(part.text for part in message.content if isinstance(part, ContentText))
    thoughts = [part.reasoning for part in message.content if isinstance(part, ContentReasoning) and not part.redacted]
    return text, "\n\n".join(thoughts) or None

"""A taskset for verifiers (checked with 0.4.0), the one file here that needs its trainer: `eval mathif-verifiers`.

verifiers finds a taskset by the name of a module at the top level that names its class in `__all__`; the wheel holds
this file a second time as `mathif_verifiers.py` for that reason.
"""

from __future__ import annotations

from collections.abc import Iterator

import verifiers.v1 as vf

from mathif.rewards.rows import training_prompts
from mathif.rewards.scoring import Score, Weights, score
from mathif.tasks import load

__all__ = ["MathifTaskset"]


class MathifData(vf.TaskData):
    """One item: the prompt, and the label that scores a reply to it."""

    label: str


class MathifTaskConfig(vf.TaskConfig):
    """What counts in the reward."""

    answer: float = 1.0
    adherence: float = 1.0
    joint: float = 0.0
    thinking: float = 0.0


class MathifTask(vf.Task[MathifData, vf.State, MathifTaskConfig]):
    """An item with its reward in [0, 1]; a reply that the graders cannot decide on stays without one."""

    @vf.reward(weight=1.0)
    async def mathif(self, trace: vf.Trace) -> dict[str, float]:
        """Return the weighted reward."""
        reward = self._score(trace).reward
        return {} if reward is None else {"mathif": reward}

    @vf.metric
    async def parts(self, trace: vf.Trace) -> dict[str, float]:
        """Return the parts of the score that this item asks for and that could be told."""
        scored = self._score(trace)
        parts = {"acc": scored.answer, "sacc": scored.adherence, "joint": scored.joint, "thinking": scored.thinking}
        return {name: value for name, value in parts.items() if value is not None}

    def _score(self, trace: vf.Trace) -> Score:
        """Score the last message; `trace.last_reply` would leave its reasoning out."""
        config = self.config
        weights = Weights(
            answer=config.answer, adherence=config.adherence, joint=config.joint, thinking=config.thinking
        )
        replies = trace.assistant_messages
        text, reasoning = (replies[-1].content or "", replies[-1].reasoning_content) if replies else ("", None)
        return score(self.data.label, text, weights, reasoning=reasoning)


class MathifConfig(vf.TasksetConfig):
    """Which items are loaded."""

    source: str = "core"
    """Name of a bundled task, or a task folder: build one from a fresh seed to train on."""
    task: MathifTaskConfig = MathifTaskConfig()


class MathifTaskset(vf.Taskset[MathifTask, MathifConfig]):
    """The items of a `mathif` task that have constraints."""

    def load(self) -> Iterator[MathifTask]:
        """Yield one task an item."""
        for key, messages, label in training_prompts(load(self.config.source)):
            data = MathifData(id=key, name=key, prompt=messages, label=label)
            yield MathifTask(data, self.config.task)

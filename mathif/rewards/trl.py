"""Rewards for TRL (checked with 1.16): `GRPOTrainer(reward_funcs=[mathif.rewards.trl.reward()], …)`."""

from __future__ import annotations

from collections.abc import Sequence

from mathif.json_values import JsonObject
from mathif.rewards.scoring import Weights, score

Completion = str | Sequence[JsonObject]


class reward:  # noqa: N801 - called like the function that it stands for
    """A reward function for TRL: one number in [0, 1] a completion, None where the graders cannot decide.

    TRL leaves a None out of the batch's statistics. It hands every column of the data set on by name; `label` is the
    one that `training_rows(task, "trl")` writes.
    """

    def __init__(self, weights: Weights | None = None, *, opened: bool = False, name: str = "mathif") -> None:
        """Make a reward function.

        Args:
            weights: what counts; by default the answer and the adherence, each once.
            opened: whether the chat template opens the thinking at the end of the prompt.
            name: what TRL's logs call it.
        """
        self.weights = weights or Weights()
        self.opened = opened
        self.__name__ = name

    def __call__(
        self,
        prompts: Sequence[object],
        completions: Sequence[Completion],
        completion_ids: Sequence[object] | None = None,
        *,
        label: Sequence[str],
        **columns: object,
    ) -> list[float | None]:
        """Return one reward for each completion, in order.

        Raises:
            DataError: if a label cannot be read.
        """
        return [
            score(own, text, self.weights, opened=self.opened and thinking is None, reasoning=thinking).reward
            for own, (text, thinking) in zip(label, map(_parts, completions), strict=True)
        ]


def _parts(completion: Completion) -> tuple[str, str | None]:
    """Return the reply and, where the messages hold it apart, the thinking."""
    if isinstance(completion, str):
        return completion, None
    replies = [message for message in completion if message.get("role") == "assistant"]
    last = replies[-1] if replies else {}
    thinking = last.get("reasoning_content")
    return str(last.get("content") or ""), None if thinking is None else str(thinking)

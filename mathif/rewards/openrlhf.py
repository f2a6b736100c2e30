"""Rewards for OpenRLHF (checked with 0.11.2): name this file as the remote reward model, and it calls `reward_func`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from mathif.errors import DataError
from mathif.families import opened_by
from mathif.rewards.scoring import Weights, score

WEIGHTS = Weights()
"""What counts; a copy of this file with other weights is a reward of its own."""


class Rewarded(TypedDict):
    """What OpenRLHF is told of a query."""

    rewards: float
    scores: float
    extra_logs: dict[str, float]


def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[str]) -> Rewarded:
    """Return the reward of one query, as OpenRLHF asks: it calls with one query at a time.

    A reply that cannot be graded gets 0.0 with `ungraded` 1.0, since OpenRLHF cannot leave it out.

    Args:
        queries: the prompt with the reply behind it, decoded.
        prompts: the prompt alone, with the chat template; if it ends in an opening mark of thinking, the reply is read
            as one that begins inside its thinking.
        labels: the label that `training_rows(task, "openrlhf")` writes.

    Raises:
        DataError: if a query does not hold its prompt, there is not exactly one query, or a label cannot be read.
    """
    if not len(queries) == len(prompts) == len(labels) == 1:
        raise DataError(f"reward_func: found {len(queries)} queries, expected one at a time")
    (query,), (prompt,), (label,) = queries, prompts, labels
    place = query.find(prompt)
    if place < 0:
        raise DataError("reward_func: the query does not hold its prompt, so that the reply cannot be told from it")
    scored = score(label, query[place + len(prompt) :], WEIGHTS, opened=opened_by(prompt))
    reward = scored.reward or 0.0
    parts = {"answer": scored.answer, "adherence": scored.adherence, "joint": scored.joint}
    logs = {name: value for name, value in parts.items() if value is not None}
    return {"rewards": reward, "scores": reward, "extra_logs": {**logs, "ungraded": float(scored.reward is None)}}

"""Rewards for verl (checked with 0.9.1).

`custom_reward_function.path=…/mathif/rewards/verl.py custom_reward_function.name=compute_score`; the path is what
`python -c "import mathif.rewards.verl as m; print(m.__file__)"` prints. Weights go in as
`+custom_reward_function.reward_kwargs.thinking=1.0`.
"""

from __future__ import annotations

from collections.abc import Mapping

from mathif.rewards.scoring import Weights, score


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, object] | None = None,
    *,
    opened: bool = False,
    answer: float = 1.0,
    adherence: float = 1.0,
    joint: float = 0.0,
    thinking: float = 0.0,
    **_: object,
) -> dict[str, float]:
    """Return the same keys for every reply, since verl stacks them over the batch.

    verl has no way to leave a reply out: one that cannot be graded gets `score` 0.0, and `ungraded` says so; parts that
    the item does not ask for are -1.0.

    Args:
        data_source: not read; the label tells all.
        solution_str: the decoded reply.
        ground_truth: the label that `training_rows(task, "verl")` writes.
        extra_info: not read.
        opened: whether the chat template opens the thinking at the end of the prompt.
        answer: weight of the right answer.
        adherence: weight of the constraints on the reply.
        joint: weight of right and obedient at once.
        thinking: weight of the constraints on the thinking.

    Raises:
        DataError: if `ground_truth` is not a label.
    """
    weights = Weights(answer=answer, adherence=adherence, joint=joint, thinking=thinking)
    scored = score(ground_truth, solution_str, weights, opened=opened)
    parts = {"acc": scored.answer, "adherence": scored.adherence, "joint": scored.joint, "thinking": scored.thinking}
    return {
        "score": scored.reward or 0.0,
        **{name: -1.0 if value is None else value for name, value in parts.items()},
        "ungraded": float(scored.reward is None),
    }

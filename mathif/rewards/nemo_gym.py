"""Rewards for NeMo Gym: the body of a resource server's `verify`, from plain data to plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathif.rewards.scoring import Weights, score


def verify(body: Mapping[str, Any], weights: Weights | None = None) -> dict[str, Any]:
    """Return `body` with `reward`, the parts of the score, and `mask_sample` where the graders cannot decide.

    Args:
        body: a verify request as plain data (`body.model_dump()`), with `response` in the form of OpenAI's Responses
            and the label in `verifier_metadata`, where `training_rows(task, "nemo-gym")` writes it.
        weights: what counts; by default the answer and the adherence, each once.

    Raises:
        DataError: if the label is no label.
    """
    text, thinking = _parts(body["response"])
    found = score(body["verifier_metadata"]["label"], text, weights, reasoning=thinking or None)
    parts = {"answer": found.answer, "adherence": found.adherence, "joint": found.joint, "thinking": found.thinking}
    return {**body, "reward": found.reward or 0.0, "mask_sample": found.reward is None, **parts}


def _parts(response: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text of the last message of a response, and its reasoning."""
    output = response.get("output", [])
    messages = [
        item for item in output if item.get("type") == "message" and item.get("role", "assistant") == "assistant"
    ]
    texts = [part.get("text", "") for item in messages[-1:] for part in item.get("content", [])]
    thoughts = [
        part.get("text", "")
        for item in output
        if item.get("type") == "reasoning"
        for part in item.get("content") or item.get("summary") or []
    ]
    return "".join(texts), "\n\n".join(thoughts)

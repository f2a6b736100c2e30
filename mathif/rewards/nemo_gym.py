"""Rewards for NeMo Gym: the body of a resource server's `verify`, from plain data to plain data."""

from __future__ import annotations

from collections.abc import Iterator

from mathif.json_values import Json, JsonObject, fields, items, text
from mathif.rewards.scoring import Weights, score


def verify(body: JsonObject, weights: Weights | None = None) -> dict[str, Json]:
    """Return `body` with `reward`, the parts of the score, and `mask_sample` where the graders cannot decide.

    Args:
        body: a verify request as plain data (`body.model_dump()`), with `response` in the form of OpenAI's Responses
            and the label in `verifier_metadata`, where `training_rows(task, "nemo-gym")` writes it.
        weights: what counts; by default the answer and the adherence, each once.

    Raises:
        DataError: if the label cannot be read.
        KeyError: if the body lacks a field of a verify request.
        ValueError: if a field of it is of the wrong type.
    """
    output = [item for item in items({"output": (), **fields(body, "response")}, "output") if isinstance(item, dict)]
    messages = [row for row in output if row.get("type") == "message" and row.get("role", "assistant") == "assistant"]
    final = "".join(part for message in messages[-1:] for part in _texts(message.get("content")))
    thoughts = [row.get("content") or row.get("summary") for row in output if row.get("type") == "reasoning"]
    thinking = "\n\n".join(part for thought in thoughts for part in _texts(thought))
    scored = score(text(fields(body, "verifier_metadata"), "label"), final, weights, reasoning=thinking or None)
    parts = {"answer": scored.answer, "adherence": scored.adherence, "joint": scored.joint, "thinking": scored.thinking}
    return {**body, "reward": scored.reward or 0.0, "mask_sample": scored.reward is None, **parts}


def _texts(parts: Json) -> Iterator[str]:
    """Yield the text of each part of a message or of a reasoning item."""
    for part in parts if isinstance(parts, list | tuple) else ():
        if isinstance(part, dict) and isinstance(said := part.get("text", ""), str):
            yield said

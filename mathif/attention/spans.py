"""Spans: where in the tokens of a prompt and its reply the constraints, the question and the answer stand."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, Protocol

from mathif.arms import block_of
from mathif.families import opened_by
from mathif.items import Item, Layout, Message, Prompt
from mathif.reasoning import split
from mathif.records import Generation

OWN = "constrained"
ARMS = (OWN, "before", "after", "system")
"""The arms that show an item's own constraints: the first in the task's layout, the others all in one."""

Place = tuple[int, int]


class Reader(Protocol):
    """What writes prompts and splits text into tokens."""

    def render(self, messages: Sequence[Message]) -> str:
        """Return the prompt up to where the model's turn begins."""

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the tokens of `text` and for each the characters it stands for."""


class Reading(NamedTuple):
    """A recorded reply as tokens.

    Attributes:
        ids: prompt and reply, up to the end of the final text.
        begin: position of the first token of the final text.
        prompt: number of tokens of the prompt.
        spans: positions of the constraints, of the question, and of as many tokens at a random place of the prompt.
        kept: number of characters of the generation's text that stand before the first token of the final text.
    """

    ids: list[int]
    begin: int
    prompt: int
    spans: dict[str, Place]
    kept: int


def reading(reader: Reader, layout: Layout, prompt: Prompt, generation: Generation) -> Reading | None:
    """Return the tokens and spans of a reply, or None where a span cannot be found in what the template made of it."""
    shown = reader.render(prompt.messages)
    ids, offsets = reader.encode(shown)
    block = (layout.block(prompt.item.sentences) if prompt.key.arm == OWN else block_of(prompt.item)).strip()
    constraints = _tokens(offsets, *_found(shown, block))
    question = _tokens(offsets, *_question(shown, block, prompt.item))
    text = prompt.prefill + _reply_text(shown, generation)
    reply_ids, reply_offsets = reader.encode(text)
    start, end = _tokens(reply_offsets, *_found(text, split(generation).final))
    if constraints[0] == constraints[1] or question[0] == question[1] or start == end:
        return None
    spans = {
        "constraints": constraints,
        "question": question,
        "random": _random(str(prompt.key), len(ids), constraints),
    }
    kept = max(0, reply_offsets[start][0] - (len(text) - len(generation.text)))
    return Reading(ids + reply_ids[:end], len(ids) + start, len(ids), spans, kept)


def _reply_text(shown: str, generation: Generation) -> str:
    """Return the raw reply; thinking that a server split off goes back between its tags."""
    if generation.reasoning is None:
        return generation.text
    opening = "" if opened_by(shown) else "<think>\n"
    return f"{opening}{generation.reasoning}\n</think>\n\n{generation.text}"


def _found(text: str, part: str) -> Place:
    """Return the characters of `part` in `text`, the last place where it stands; an empty range where it does not."""
    at = text.rfind(part)
    return (at, at + len(part)) if at >= 0 else (0, 0)


def _question(shown: str, block: str, item: Item) -> Place:
    """Return the characters of the question, outside the constraints, which may quote it."""
    question = item.problem.question.strip()
    low, high = _found(shown, block)
    masked = shown[:low] + "\0" * (high - low) + shown[high:]
    return _found(masked, question)


def _tokens(offsets: Sequence[Place], start: int, end: int) -> Place:
    """Return the tokens that stand for some of the characters from `start` to `end`; an empty range for none."""
    inside = [at for at, (low, high) in enumerate(offsets) if low < end and high > start and high > low]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _random(seed: str, prompt: int, constraints: Place) -> Place:
    """Return a place of the prompt as long as the constraints and apart from them.

    The first token is left out: models park attention there whatever it is. Where no place is long enough, the longer
    side is taken whole; its lift over uniform is comparable all the same.
    """
    length = constraints[1] - constraints[0]
    sides = [(1, constraints[0]), (constraints[1], prompt)]
    starts = [start for low, high in sides for start in range(low, high - length + 1)]
    if not starts:
        return max(sides, key=lambda side: side[1] - side[0])
    start = Random(seed).choice(starts)
    return start, start + length

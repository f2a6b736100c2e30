"""Parts: where in a raw text its thinking and its final text stand, and what at their edges belongs to neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mathif.families import ENDS, TURNS, WRAPPERS
from mathif.records import Span, State

JOINT = "\n\n"
"""Stands between parts that a block of thinking stood between, and between several blocks of thinking."""

_MOST_ENDS = 64
"""End tokens taken off one part; keeps the time linear in a text that is made of them."""
_TAIL = 4096
# A byte order mark is no character of the text.
_TURN = re.compile(r"\ufeff?(?:\s*+(?:" + "|".join(map(re.escape, TURNS)) + r")){0,4}")


class Parts(NamedTuple):
    """A raw text taken apart: the ranges of its thinking and of its final text, in order, none of them blank."""

    thinking: tuple[Span, ...]
    final: tuple[Span, ...]
    state: State


def joined(text: str, parts: Iterable[Span]) -> str:
    """Return the parts of `text` as one text."""
    return JOINT.join(text[part.start : part.end] for part in parts)


def raw_span(span: Span, parts: Sequence[Span]) -> Span:
    """Return where in the raw text a span of `joined(text, parts)` stands."""
    return span.in_whole(parts, JOINT)


def turn_start(text: str) -> int:
    """Return where the model's own words begin: behind what opens its turn, where a raw dump has left that in."""
    match = _TURN.match(text)
    return match.end() if match else 0


def trimmed(text: str, parts: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts without blanks at both ends and end-of-turn tokens at the last; blank parts left out."""
    kept = (_trimmed(text, part) for part in parts)
    return tuple(part for part in kept if part.start < part.end)


def _trimmed(text: str, part: Span) -> Span:
    start, end = part
    for _ in range(_MOST_ENDS):
        end = _without_blanks(text, start, end)
        if not text.endswith(ENDS, start, end):
            break
        end -= len(next(token for token in ENDS if text.endswith(token, start, end)))
    head = text[start:end]
    return Span(start + len(head) - len(head.lstrip()), end)


def _without_blanks(text: str, start: int, end: int) -> int:
    """Return where `text[start:end].rstrip()` ends, looking at no more of it than there are blanks."""
    while start < end:
        tail = text[max(start, end - _TAIL) : end]
        kept = tail.rstrip()
        if kept:
            return end - len(tail) + len(kept)
        end -= len(tail)
    return end


def unwrapped(text: str, parts: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the parts of a final text, the last one without the wrapper that some families put around it.

    A wrapper comes off where it stands around all of the part, or at one end of it and nowhere else; what stands
    outside a wrapper goes with it only where the user never sees that.
    """
    if not parts:
        return parts
    last = parts[-1]
    for opens, closes, hides in WRAPPERS:
        inside = _inside(text, last, opens, closes, hides)
        if inside != last:
            return (*parts[:-1], *trimmed(text, [inside]))
    return parts


def _inside(text: str, part: Span, opens: str, closes: str, hides: bool) -> Span:
    start, end = part
    first, last = _place(text, part, opens), _place(text, part, closes)
    if hides and first is not None:
        close = _place(text, Span(first, end), closes)
        return Span(first + len(opens), end if close is None else close)
    begins, finishes = first == start, last == end - len(closes)
    if begins and (finishes or last is None):
        start += len(opens)
    if finishes and (begins or first is None):
        end -= len(closes)
    return Span(start, end)


def _place(text: str, part: Span, mark: str) -> int | None:
    """Return where in a part a mark stands first, None where it does not, or there is no such mark."""
    at = text.find(mark, *part) if mark else -1
    return None if at < 0 else at

r"""What a reader sees of a text: without comments, what is hidden or white, and with entities as letters.

A room of its own because every judge reads the same text, and evidence points into the raw one. What stands in code is
seen as it is written. Marks of Markdown and LaTeX stay: their views are in `words`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from itertools import islice

from mathif.constraints.markdown import MOST_MARKS
from mathif.constraints.words import CONCEALED, view
from mathif.records import Span, Verdict

# Carriage returns before line feeds, soft hyphens, zero-width spaces and word joiners: they show nothing anywhere.
_NOTHING = re.compile("\r(?=\n)|[\u00ad\u200b\u2060\ufeff]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# A link without a text: its target is not shown.
_EMPTY_LINK = re.compile(r"\[[ \t]*+\]\([^()\n]*+\)")
# Space in place of a formula, or a formula in white, up to the brace that begins it; else an escaped sign or a brace.
_BRACE = re.compile(
    r"(\\(?:[vh]?phantom\*?|(?:text)?color\s?\{white\})\s?\{)|\\.|[{}]",
    re.IGNORECASE | re.DOTALL,
)
_HINT = re.compile(r"phantom|\{white\}", re.IGNORECASE)
# What is left of a formula that shows nothing but its delimiters and space.
_EMPTY_FORMULA = re.compile(r"(?:[$\s]|\\[()\[\],;:! ])*+")
_MARKS = frozenset('*_`~<>#[]\\$|{}&+-="()\n\r')
"""Characters that would mean something else than themselves where an entity stands for them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as it is seen.

    Attributes:
        text: what is seen.
        cuts: where in it something was put in place of the raw text, in order: the place in `text`, and the place in
            the raw text at which that goes on.
    """

    text: str
    cuts: tuple[tuple[int, int], ...] = ()

    def located(self, verdict: Verdict) -> Verdict:
        """Return a verdict on what is seen with its evidence as places in the raw text."""
        if not self.cuts or not verdict.evidence:
            return verdict
        return replace(verdict, evidence=tuple(Span(*map(self._raw, span)) for span in verdict.evidence))

    def _raw(self, place: int) -> int:
        at = bisect_right(self.cuts, place, key=lambda cut: cut[0]) - 1
        return place if at < 0 else self.cuts[at][1] + place - self.cuts[at][0]


@lru_cache(maxsize=8)
def seen(text: str) -> Seen:
    """Return `text` as it is seen. Linear, and a text without anything invisible takes a few searches."""
    parts: list[str] = []
    cuts: list[tuple[int, int]] = []
    done = length = 0
    for start, end, shown in sorted(_edits(text)):
        if start < done:
            continue
        parts += (text[done:start], shown)
        length += start - done + len(shown)
        cuts.append((length, end))
        done = end
    return Seen("".join([*parts, text[done:]]), tuple(cuts)) if cuts else Seen(text)


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is shown in place of which span."""
    if "\r" in text or not text.isascii():
        yield from _without(_NOTHING, text)
    if "<!--" in text or ("</" in text and CONCEALED.search(text)):
        yield from ((start, end, "") for start, end in view(text).concealed if text.startswith("<", start))
    if "](" in text:
        yield from _without(_EMPTY_LINK, view(text).codeless)
    if _HINT.search(text):
        yield from _phantoms(text)
    if "&" in text and _ENTITY.search(text):
        yield from _entities(view(text).codeless)


def _without(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    return ((*match.span(), "") for match in islice(pattern.finditer(text), MOST_MARKS))


def _entities(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the character that each entity stands for, but for those that would be a mark there."""
    for match in islice(_ENTITY.finditer(text), MOST_MARKS):
        shown = unescape(match.group())
        if shown != match.group() and _MARKS.isdisjoint(shown):
            yield *match.span(), shown


def _phantoms(text: str) -> Iterator[tuple[int, int, str]]:
    r"""Yield what `\phantom` or white hides, with the whole formula where nothing else is in it."""
    for start, end in view(text).math:
        spans = list(_blank(text, start, end))
        ends = [start, *(edge for span in spans for edge in span), end]
        if spans and _EMPTY_FORMULA.fullmatch(
            " ".join(text[slice(*pair)] for pair in zip(ends[::2], ends[1::2], strict=True))
        ):
            yield start, end, ""
        else:
            yield from ((*span, " ") for span in spans)


def _blank(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the outermost commands of a formula that show nothing of what is in their braces."""
    depth = outside = 0
    opened: int | None = None
    for match in islice(_BRACE.finditer(text, start, end), MOST_MARKS):
        if match[1] and opened is None:
            opened, outside = match.start(), depth
        depth += {"{": 1, "}": -1}.get(match.group()[-1], 0) if len(match.group()) != 2 else 0
        if opened is not None and depth == outside:
            yield opened, match.end()
            opened = None

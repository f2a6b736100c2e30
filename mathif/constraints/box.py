r"""The last answer box of a text, read and rewritten: what several kinds demand a form of.

The box may state its answer as an equation (`\boxed{T = 42}`) and may end in a unit (`\boxed{42\text{ km}}`); the
*value* is what is left without either, so that kinds on the name, the form and the unit of one answer compose. What
stands in the box is read by the answer grader's own parser, so that a form is a form in every spelling that it reads.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from mathif.answers import Reading, read_answer
from mathif.constraints.base import broken
from mathif.constraints.words import view
from mathif.records import Span, Verdict

# The text that ends a box, with the space before it.
_UNIT = re.compile(r"(?:\\[,;: ~])*\\(?:text|mathrm)\s?\{[^{}]*\}\Z", re.IGNORECASE)
# A number as this program and its problems write it, with a power of ten or without.
_PLAIN = re.compile(
    r"([+-]?\d{1,40}(?:\.\d{1,40})?)(?:\s*\\(?:times|cdot)\s*10\s*\^\s*\{?([+-]?\d{1,2})\}?)?", re.IGNORECASE
)
# A `\frac` of integers with its sign outside.
_FRACTION = re.compile(r"([+-]?)\\[dt]?frac\{(\d{1,40})\}\{(\d{1,40})\}", re.IGNORECASE)
# What takes room and shows nothing.
_INVISIBLE = re.compile(r"\\[hv]?phantom", re.IGNORECASE)
# Fractions, roots and Greek letters show something themselves; spaces and `\left` do not.
_COMMAND = re.compile(r"\\(?:[,;:! ]|(?:quad|qquad|left|right|displaystyle|text|mathrm)(?![A-Za-z]))", re.IGNORECASE)
_LONGEST_VALUE = 200
_LONGEST_CONTENT = 1000


def missing(text: str) -> Verdict:
    """Return what a demand on the box says of a text without one."""
    return broken("there is no answer box", Span(len(text), len(text)))


def around(text: str) -> Span | None:
    r"""Return the span of the last box with the mathematics it stands in (`$\boxed{5}$`), or None without a box."""
    boxes = view(text).boxes
    if not boxes:
        return None
    last = boxes[-1]
    return next((span for span in view(text).math if span.start <= last.start and last.end <= span.end), last)


def inside(text: str) -> Span | None:
    """Return the span of what stands in the last box, or None where the text has no box."""
    boxes = view(text).boxes
    if not boxes:
        return None
    start, end = boxes[-1]
    return Span(text.index("{", start) + 1, end - 1)


def reading(text: str) -> Reading | None:
    """Return how the answer grader reads the last box; None without a box, and where it reads no answer there."""
    span = inside(text)
    if span is None or span.end - span.start > _LONGEST_CONTENT:
        return None
    return read(text[span.start : span.end])


@lru_cache(maxsize=256)
def read(content: str) -> Reading | None:
    """Return how the answer grader reads what stands in a box; nothing there may be invisible."""
    return None if _INVISIBLE.search(content) else read_answer(content)


def shows(latex: str) -> bool:
    """Tell whether a formula shows anything: a letter or a digit that is not part of a command."""
    return not _INVISIBLE.search(latex) and any(map(str.isalnum, _COMMAND.sub("", latex)))


def value(text: str) -> Span | None:
    """Return the span of the value in the last box, or None where the text has no box."""
    span = inside(text)
    if span is None:
        return None
    content = text[span.start : span.end]
    start = content.rfind("=") + 1
    unit = _UNIT.search(content, max(start, len(content) - _LONGEST_VALUE))
    stop = unit.start() if unit and content[start : unit.start()].strip() else len(content)
    bare = content[start:stop]
    first = span.start + start + len(bare) - len(bare.lstrip())
    return Span(first, first + len(bare.strip()))


def replaced(text: str, span: Span, new: str) -> str:
    """Return `text` with what stands at `span` replaced."""
    return text[: span.start] + new + text[span.end :]


def rational(latex: str) -> Fraction | None:
    r"""Read an integer, a decimal, either of them times a power of ten, or a `\frac` of integers; None for others."""
    plain = re.sub(r"(?<=\d)(?:,|\{,\}|\\,)(?=\d{3}(?!\d))", "", latex.strip().strip("$")[:_LONGEST_VALUE])
    if match := _PLAIN.fullmatch(plain):
        return Fraction(match[1]) * Fraction(10) ** int(match[2] or 0)
    match = _FRACTION.fullmatch(plain)
    if match is None or not int(match[3]):
        return None
    return Fraction(int(f"{match[1]}{match[2]}"), int(match[3]))

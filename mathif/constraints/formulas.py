r"""Formulas: where a text holds LaTeX, its mathematics, its answer boxes and its lone commands.

A room of its own because pairing `$`, `\(`, `\[`, environments and `\boxed{…}` in time proportional to the text is one
job, whatever is then done with what they enclose. No more than `MOST_MARKS` marks are read, so that no text takes long.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from mathif.constraints.markdown import MOST_MARKS
from mathif.records import Span

# The common forms of mathematics are one token each, found at the speed of the pattern; what is left is paired by
# `_Scanner`. A class comes first, so that the search skips to the next backslash or dollar.
_INNER = r"[^$\\\n]++|\\[^()\[\]]|\n(?!\n)"
_TOKEN = re.compile(
    r"[\\$](?:"
    rf"(?<=\$)(?:(?=[^\s$.,;:)])(?:{_INNER})++(?<=\S)(?<!\s\*\*)\$(?![\d$])|\$(?:[^$\\]++|\\.)++\$\$|\$*+)"
    rf"|\((?:{_INNER})++\\\)|\[(?:[^$\\]++|\\[^()\[\]])++\\\]"
    r"|\\(?:\\\\)*+|(?:begin|end)\{[^{}\n]{1,30}\}|[A-Za-z]+|.)",
    re.DOTALL | re.IGNORECASE,
)
_BRACKETS = ("(", ")", "[", "]")
_CLOSERS = {"\\(": "\\)", "\\[": "\\]"}
_BOX = re.compile(r"\\(?:fbox|boxed)\s{0,3}\{", re.IGNORECASE)
# Runs of braces are one token each; what a backslash escapes is none.
_BRACES = re.compile(rf"{_BOX.pattern}|\{{+|\}}+|\\.", re.DOTALL | re.IGNORECASE)
# Environments whose inside is mathematics, and the two that draw.
_MATH_ENVIRONMENT = re.compile(
    r"(?:equation|align(?:ed|at)?|gather(?:ed)?|multline|split|cases|[pbvbV]?matrix|smallmatrix|array|eqnarray|flalign"
    r"|math|displaymath|asy|tikzpicture)\*?",
    re.IGNORECASE,
)
# Two words side by side: money and not a formula stands between such dollars.
_PLAIN_WORDS = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}\s+[A-Za-z]{2,}(?![A-Za-z])")
_WORDING = r"\\(?:text(?:normal|md|bf|it|rm|sf|tt|sc|sl|up)?|[mh]box|emph|intertext|math(?:rm|bf|it|sf|tt))"
_BRACED = r"\s?\{((?:[^{}]++|\{[^{}]*+\})*+)\}"
# Words that a formula shows; what the second kind of command holds shows nothing, and has no group here.
_TEXTS = re.compile(rf"{_WORDING}{_BRACED}|\\(?:[vh]?phantom|label|ref|tag)\*?{_BRACED}")
# What is no word inside of `\text{…}`: formulas, commands, braces, single letters.
_SET_IN_TEXT = re.compile(r"\$[^$]*+\$|\\(?:[A-Za-z]+|.)|[{}]|(?<![A-Za-z])[A-Za-z](?![A-Za-z])", re.DOTALL)
# What is a word and no variable.
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_ARGUMENT = re.compile(rf"\*?{_BRACED}")


class Piece(NamedTuple):
    """What is set aside of a text: mathematics, a box, or a lone command."""

    start: int
    end: int
    is_math: bool


def boxes(text: str) -> tuple[Span, ...]:
    r"""Return the spans of the outermost closed answer boxes, `\boxed{` to `}`, in any letter case."""
    if "}" not in text or not (first := _BOX.search(text)):
        return ()
    ends = _box_ends(text, first.start())
    spans: list[Span] = []
    for start in sorted(ends):
        if not spans or start >= spans[-1].end:
            spans.append(Span(start, ends[start]))
    return tuple(spans)


def pieces(text: str, boxes: tuple[Span, ...]) -> tuple[Piece, ...]:
    """Return what is set aside of `text`, in order and apart."""
    if "$" not in text and "\\" not in text:
        return ()
    plain = _plain_pieces(text, dict(boxes))
    return tuple(_Scanner(text, dict(boxes)).pieces() if plain is None else plain)


def _plain_pieces(text: str, boxes: Mapping[int, int]) -> list[Piece] | None:
    """Return the pieces of a text whose formulas are one token each, or None where marks must be paired."""
    plain: list[Piece] = []
    done = count = 0
    for match in islice(_TOKEN.finditer(text), MOST_MARKS):
        start, end = match.span()
        count += 1
        if start < done:
            if end > done or text[start] == "$":
                return None
        elif start in boxes:
            done = boxes[start]
            plain.append(Piece(start, done, True))
        else:
            done = end
            is_math = text[start] == "$" or text[start + 1 : start + 2] in _BRACKETS
            if (is_math and end - start < 3) or (not is_math and text[end - 1] == "}"):
                return None
            plain.append(Piece(start, end, is_math))
    return plain if count < MOST_MARKS else None


def spoken(formula: str) -> Iterator[tuple[int, str]]:
    r"""Yield where a formula holds words (`\text{if }`, `\mathrm{seats}`), and those words at their length.

    One letter is a variable, and what `\phantom` holds is not seen.
    """
    for match in _TEXTS.finditer(formula):
        said = _SET_IN_TEXT.sub(lambda inner: " " * len(inner.group()), match[1] or "")
        if _TWO_LETTERS.search(said):
            yield match.start(1), said


def argument(text: str, end: int) -> tuple[int, int] | None:
    """Return where the braces stand that follow a lone command that ends at `end`."""
    match = _ARGUMENT.match(text, end, end + 10_000)
    return (match.start(1) - 1, match.end(1)) if match else None


def _box_ends(text: str, place: int) -> dict[int, int]:
    """Return the end of each closed box by its start, in one pass over the braces from `place` on.

    Where there are too many of them, the last box is looked up from the end, since it is the answer.
    """
    ends: dict[int, int] = {}
    for _ in range(2):
        reached = _box_pass(text, place, ends)
        place = max(reached, text.rfind("\\boxed{"))
        if reached < 0 or place == reached:
            break
    return ends


def _box_pass(text: str, place: int, ends: dict[int, int]) -> int:
    """Note the boxes behind `place`, and return where the marks ran out, or -1 at the end of the text."""
    depth = 0
    open_boxes: list[tuple[int, int]] = []
    match = None
    for match in islice(_BRACES.finditer(text, place), 2 * MOST_MARKS):
        token = match.group()
        if token[0] == "{":
            depth += len(token)
        elif token[0] == "}":
            while open_boxes and open_boxes[-1][1] > depth - len(token):
                start, inside = open_boxes.pop()
                ends[start] = match.start() + depth - inside + 1
            depth = max(0, depth - len(token))
        elif token[-1] == "{" and len(token) > 2:
            depth += 1
            open_boxes.append((match.start(), depth))
    return match.end() if match and _BRACES.search(text, match.end()) else -1


def _is_whole(token: str) -> bool:
    """Tell whether a token is mathematics from its opener to its closer."""
    return (token[:2] in _CLOSERS and len(token) > 2) or (token[0] == "$" and token.strip("$") != "")


class _Scanner:
    """Finds what is set aside: one pass over the LaTeX tokens, every closer looked up once."""

    def __init__(self, text: str, boxes: Mapping[int, int]) -> None:
        self.text = text
        self.ends = dict(boxes)
        self.boxes = boxes
        self.tokens: list[tuple[int, int, str]] = []
        self.dollars: list[tuple[int, int]] = []
        self.closers: dict[str, list[int]] = {name: [] for name in _CLOSERS.values()}
        environments: list[tuple[str, int]] = []
        for match in islice(_TOKEN.finditer(text), MOST_MARKS):
            start, end = match.span()
            token = match.group()
            self.tokens.append((start, end, token))
            if _is_whole(token):
                self.ends[start] = end
            elif token[0] == "$":
                self.dollars.append((start, end))
            elif token in self.closers:
                self.closers[token].append(start)
            elif token[-1] == "}" and end - start > 2:
                self._pair(environments, start, end, token)

    def pieces(self) -> Iterator[Piece]:
        """Yield what is set aside, in order and apart."""
        done = 0
        for start, end, token in self.tokens:
            if start < done:
                continue
            close = self._math_end(start, end, token)
            if close:
                yield Piece(start, close, True)
                done = close
            elif token[0] == "\\":
                yield Piece(start, end, False)
                done = end
        for start, end in self.boxes.items():
            if start >= done:
                yield Piece(start, end, True)

    def _math_end(self, start: int, end: int, token: str) -> int:
        """Return where the mathematics or the box that starts with this token ends, or 0."""
        if start in self.ends:
            return self.ends[start]
        if token[0] == "$":
            return self._dollar_end(start, end)
        if token in _CLOSERS:
            places = self.closers[_CLOSERS[token]]
            index = bisect_left(places, end)
            return places[index] + 2 if index < len(places) else 0
        return 0

    def _pair(self, opened: list[tuple[str, int]], start: int, end: int, token: str) -> None:
        r"""Note the end of a math environment when its `\end` comes."""
        name = token.partition("{")[2][:-1].casefold()
        if not _MATH_ENVIRONMENT.fullmatch(name):
            return
        if token[1] in "bB":
            opened.append((name, start))
        elif opened and opened[-1][0] == name:
            self.ends[opened.pop()[1]] = end

    def _dollar_end(self, start: int, end: int) -> int:
        """Return the end of `$…$` or `$$…$$`; the nearest run of as many dollars closes it."""
        index = bisect_left(self.dollars, (end, end))
        if index == len(self.dollars) or end - start > 2:
            return 0
        close, close_end = self.dollars[index]
        if close_end - close != end - start:
            return 0
        if end - start == 2 or self._is_inline(end, close):
            return close_end
        return 0

    def _is_inline(self, start: int, end: int) -> bool:
        """Tell mathematics from sums of money (`$5 and $7`): tight or padded on both sides, no blank line inside.

        Stars behind a blank belong to what follows: `$5, so **$x$**`. The rule for the tight form is
        Pandoc's (manual, extension `tex_math_dollars`).
        """
        inner = self.text[start:end]
        if not inner.strip() or "\n\n" in inner or inner[0] in ".,;:)":
            return False
        if inner[0].isspace() != inner[-1].isspace() or inner.endswith(" **"):
            return False
        if inner[0].isspace():
            return not _PLAIN_WORDS.search(inner)
        return not self.text[end + 1 : end + 2].isdecimal()

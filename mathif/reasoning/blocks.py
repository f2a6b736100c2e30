"""Blocks: thinking between an opening and a closing mark; the rules are those of `mathif.reasoning`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from mathif.families import MARKS, Marks
from mathif.reasoning.parts import Parts, trimmed, turn_start
from mathif.records import Span, State

_TAG = re.compile(r"[<\[◁]/?[A-Za-z_:]+[>\]▷]")
"""A mark that is a plain tag: models write it in any letter case, with blanks inside its ends, and HTML-escaped."""
_GAP = r"\s{0,8}"
_FENCE = re.compile(r"(?:```|~~~)")
_QUOTES = "`'\"“”‘’«»"
_AFTER_QUOTE = re.compile(r"[\s.,;:!?)\]]|$")
_GOES_ON = re.compile(r"[ \t]+[a-z]|[.,;:!?]")
"""Follows a mark in a running sentence."""
_NOT_BLANK = re.compile(r"\S")
_LINE_CHARS = 1000
"""How far a line is read around a mark to see whether it stands in code; keeps the time linear in the text."""
_MOST = 2000
"""Marks that are read, beside those in the last characters: no reply comes near, and a text made of marks ends soon."""
_LAST_CHARS = 10_000


class _Mark(NamedTuple):
    start: int
    end: int
    marks: Marks
    closes: bool
    quoted: bool


class _Vocabulary(NamedTuple):
    """What to look for: one pattern for all marks, and for each spelling what it is."""

    pattern: re.Pattern[str]
    known: Mapping[str, tuple[Marks, bool]]


def split_blocks(text: str, *, opened: bool, tags: tuple[str, str] | None, cut: bool) -> Parts:
    """Return the parts of a reply that marks its thinking in blocks, ABSENT where it marks none.

    Args:
        text: the raw reply.
        opened: whether the prompt ends inside the thinking.
        tags: marks that the table does not know.
        cut: whether the token limit ended the reply.
    """
    scan = _Scan(text, _vocabulary(tags), opened, cut)
    for mark in scan.marks:
        scan.read(mark)
    return scan.parts()


@lru_cache(maxsize=64)
def _vocabulary(tags: tuple[str, str] | None) -> _Vocabulary:
    pairs = (*MARKS, Marks(*tags)) if tags else MARKS
    known = {_spelled(marks.opens): (marks, False) for marks in pairs}
    known |= {_spelled(marks.closes): (marks, True) for marks in pairs}
    spellings = [spelling for marks in pairs for mark in (marks.opens, marks.closes) for spelling in _spellings(mark)]
    return _Vocabulary(re.compile(_any_of(spellings)), known)


def _spellings(mark: str) -> Iterator[list[str]]:
    """Yield the ways in which models write a mark, each as a row of patterns of one character."""
    if not _TAG.fullmatch(mark):
        yield [re.escape(char) for char in mark]
        return
    inside = [f"[{char.upper()}{char.lower()}]" if char.isalpha() else re.escape(char) for char in mark[1:-1]]
    if inside[0] == "/":
        inside = ["/", _GAP, *inside[1:]]
    yield [re.escape(mark[0]), *inside, _GAP, re.escape(mark[-1])]
    if mark[0] == "<":
        yield [*"&lt;", *inside, _GAP, *"&gt;"]


def _any_of(spellings: Sequence[Sequence[str]]) -> str:
    """Return a pattern for the longest of the spellings that match, their common beginnings written once.

    So the search looks at a character once, and not once for each mark: a text may be made of their first characters.
    """
    rest: dict[str, list[Sequence[str]]] = {}
    for spelling in spellings:
        if spelling:
            rest.setdefault(spelling[0], []).append(spelling[1:])
    ways = [first + _any_of(after) for first, after in rest.items()]
    if not ways:
        return ""
    ends_here = any(not spelling for spelling in spellings)
    return f"(?:{'|'.join(ways)})" + "?" * ends_here


def _spelled(mark: str) -> str:
    """Return the one spelling that stands for all."""
    plain = mark.replace("&lt;", "<").replace("&gt;", ">").lower()
    tight = "".join(plain.split())
    return tight if _TAG.fullmatch(tight) else plain


def _found(text: str, vocabulary: _Vocabulary, start: int) -> Iterator[_Mark]:
    """Yield the marks of `text` in order, the first of them and the last."""
    last = start
    for match in islice(vocabulary.pattern.finditer(text, start), _MOST):
        last = match.end()
        yield _mark(text, match, vocabulary)
    for match in vocabulary.pattern.finditer(text, max(last, len(text) - _LAST_CHARS)):
        yield _mark(text, match, vocabulary)


def _mark(text: str, match: re.Match[str], vocabulary: _Vocabulary) -> _Mark:
    marks, closes = vocabulary.known[_spelled(match.group())]
    return _Mark(*match.span(), marks, closes, _quoted(text, *match.span()))


def _quoted(text: str, start: int, end: int) -> bool:
    """Say whether quotes embrace the mark as they do in a sentence.

    `the "</think>" tag` is a quote; in `…it is "x"</think>"Final` the quotes belong to the two sides.
    """
    if start == 0 or end == len(text) or text[start - 1] not in _QUOTES or text[end] not in _QUOTES:
        return False
    opens = start == 1 or text[start - 2] in " \t\n(["
    return opens and _AFTER_QUOTE.match(text, end + 1) is not None


class _Scan:
    """One pass over the marks of a text."""

    def __init__(self, text: str, vocabulary: _Vocabulary, opened: bool, cut: bool) -> None:
        self.text = text
        self.cut = cut
        start = turn_start(text)
        self.marks = list(_found(text, vocabulary, start))
        self.last_close = {mark.marks: mark.start for mark in self.marks if mark.closes}
        self.last_bare_close = {mark.marks: mark.start for mark in self.marks if mark.closes and not mark.quoted}
        self.thinking: list[Span] = []
        self.visible: list[Span] = []
        self.inside = opened
        self.block: Marks | None = None  # the marks of the block that is open, None for one that the prompt opened
        self.at = start  # where the part being read begins: thinking inside a block, else visible text
        self.last_end = start  # where the mark before this one ended
        self.blank = True  # nothing visible, or nothing of the block, since its start
        self.closed = False
        self.mention: _Mark | None = None

    @cached_property
    def fences(self) -> list[int]:
        """Where the fences of code begin: at the start of a line, or right behind a mark."""
        ends = {mark.end for mark in self.marks}
        return [match.start() for match in _FENCE.finditer(self.text) if self._begins(match.start(), ends)]

    def _begins(self, place: int, ends: set[int]) -> bool:
        line = self.text.rfind("\n", max(0, place - 4), place) + 1
        return place in ends or ((line > 0 or place < 4) and not self.text[line:place].strip(" "))

    def read(self, mark: _Mark) -> None:
        self.blank = self.blank and not _NOT_BLANK.search(self.text, self.last_end, mark.start)
        if self.inside:
            self._read_inside(mark)
        elif mark.closes:
            self._read_close(mark)
        else:
            self._read_open(mark)
        self.last_end = mark.end

    def parts(self) -> Parts:
        rest = Span(self.at, len(self.text))
        if self.inside:
            return Parts(trimmed(self.text, [*self.thinking, rest]), (), State.OPEN)
        thinking = trimmed(self.text, self.thinking)
        state = State.CLOSED if thinking or (self.block is None and self.closed) else State.ABSENT
        return Parts(thinking, trimmed(self.text, [*self.visible, rest]), state)

    def _read_inside(self, mark: _Mark) -> None:
        if mark.closes and self._ends_block(mark):
            self._close(mark)
        elif not mark.closes and self.blank and self.block is None:
            self.block, self.at = mark.marks, mark.end  # the model repeats the mark that the prompt ended in

    def _ends_block(self, mark: _Mark) -> bool:
        """Say whether a closing mark ends the block: its own, or another one where its own never comes."""
        if self.block is None or mark.marks == self.block:
            return not mark.quoted or self.last_bare_close.get(mark.marks, -1) < mark.start
        stranger = mark.quoted or _is_prose(mark.marks.closes)
        return not stranger and self.last_close.get(self.block, -1) < mark.start

    def _close(self, mark: _Mark) -> None:
        self.thinking.append(Span(self.at, mark.start))
        self.inside, self.at, self.blank, self.closed, self.mention = False, mark.end, True, True, None

    def _open(self, mark: _Mark) -> None:
        self.visible.append(Span(self.at, mark.start))
        self.inside, self.block, self.at, self.blank = True, mark.marks, mark.end, True

    def _read_close(self, mark: _Mark) -> None:
        own = mark.marks.anywhere or (self.closed and mark.marks == self.block)
        if self.closed and self.blank:
            self.at = mark.end
        elif not own or self._mentioned_close(mark):
            self.blank = False
        elif not self.closed:
            self._close(mark)
        elif self._in_fence(mark) or (self._in_sentence(mark) and _GOES_ON.match(self.text, mark.end)):
            self.blank = False
        else:  # the block ended here, and not at the mark before
            self.thinking[-1] = Span(self.thinking[-1].start, mark.start)
            self.at, self.blank, self.mention = mark.end, True, None

    def _read_open(self, mark: _Mark) -> None:
        closes_later = self.last_close.get(mark.marks, -1) > mark.start
        if self.blank:
            if closes_later or self.cut or not _is_prose(mark.marks.opens):
                self._open(mark)
        elif self._in_backticks(mark) or self._in_fence(mark) or mark.quoted or self._in_sentence(mark):
            self.mention = mark
        elif mark.marks.anywhere and (closes_later or self._starts_line(mark)):
            self._open(mark)

    def _mentioned_close(self, mark: _Mark) -> bool:
        opened, self.mention = self.mention, None
        if opened and opened.marks == mark.marks:
            on_its_line = self.text.find("\n", opened.end, mark.start) < 0
            if on_its_line or (self._in_fence(opened) and self._in_fence(mark)):
                return True
        return mark.quoted or self._in_backticks(mark)

    def _in_backticks(self, mark: _Mark) -> bool:
        before = self._line_before(mark).replace("```", "").count("`")
        line_end = self.text.find("\n", mark.end, mark.end + _LINE_CHARS)
        after = self.text.count("`", mark.end, line_end if line_end >= 0 else mark.end + _LINE_CHARS)
        return before % 2 == 1 and after > 0

    def _in_fence(self, mark: _Mark) -> bool:
        opened = bisect_left(self.fences, mark.start) - bisect_left(self.fences, self.at)
        return opened % 2 == 1 and bool(self.fences) and self.fences[-1] > mark.start

    def _in_sentence(self, mark: _Mark) -> bool:
        """Say whether words run up to the mark on its line, as in "the <think> tag" but not in "Well. <think>"."""
        before = self._line_before(mark)
        words = before.rstrip(" \t")
        return bool(words) and words != before and words[-1] not in ".!?:;>]▷"

    def _starts_line(self, mark: _Mark) -> bool:
        return not self._line_before(mark).strip()

    def _line_before(self, mark: _Mark) -> str:
        start = self.text.rfind("\n", max(self.at, mark.start - _LINE_CHARS), mark.start)
        return self.text[start + 1 if start >= 0 else max(self.at, mark.start - _LINE_CHARS) : mark.start]


def _is_prose(mark: str) -> bool:
    """Say whether a mark is words that any reply may hold."""
    return mark[0].isalpha()

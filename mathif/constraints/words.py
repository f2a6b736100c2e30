r"""Words: what a reader sees of a reply, and what of that is prose, once for every kind.

**What counts is what is seen.** Comments, tags, link targets and reference definitions, the marks of emphasis,
headings, bullets, quotes and code, and characters without width are not there; letters drawn to look like others are
those others.
Code is seen, and is text, but holds no Markdown and no mathematics.

**Prose** is what is left once the answer box, mathematics and LaTeX commands are set aside; words inside a formula
(`\text{if }`) belong to it. Every kind that speaks of words, letter case, commas or language judges the prose, so that
`\boxed{\text{even}}` never breaks "all capital letters". That the answer box is not prose is decided here and nowhere
else.

Views have the length and the lines of the text, so that a span in one is the same span in all; only inside a word that
holds marks (`for**war**d`) letters move up to the left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Generic, TypeVar
from unicodedata import normalize

from mathif.constraints import formulas, markdown
from mathif.records import Span

OBJECT = "\ufffc"
"""Stands for one character of code, mathematics or a box in `View.opaque`: no letter, no digit, no space."""

INK = re.compile(rf"[^\W_]|{OBJECT}")
"""What a part of a text must have in order to say anything: a letter, a digit, code or a formula."""

_GHOST = "\ufdd0"
"""Stands for a character that is not seen, until it is moved out of the way; it is none of Unicode's characters."""

# A ghost and the rest of its word, which closes up over it.
_HAUNTED = re.compile(rf"{_GHOST}\S*+")
# Soft hyphens, joiners, direction marks, variation selectors and tags; then the blank letters of Hangul and Braille.
UNSEEN = re.compile(
    f"[{_GHOST}\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef\u115f\u1160\u2800\u3164\uffa0]+"
)
_BLANK_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|zwn?j|shy|ZeroWidthSpace|#(?:160|8203|[xX]200[bB]|[xX][aA]0));")
# A target that looks like one; `[0,1](x)` is a value.
_TARGET = re.compile(r'(?<=\])\((?:https?:|mailto:|[#/.])[^()\s]*+(?:\s++"[^"\n]*+")?\)')
# An element that HTML hides, or shows in white or in no size.
CONCEALED = re.compile(
    r"<(span|div|p|font)\b(?=[^<>]*?(?:\shidden\b|display:\s?none|visibility:\s?hidden|(?:opacity|font-size):\s?0|\ssize=\W?0"
    r"|(?<!-)color[:=]\W?(?:white|transparent|#fff(?:fff)?)\b))[^<>]*+>[^<]*+</\1>",
    re.IGNORECASE,
)
_NOT_SEEN = (("&", _BLANK_ENTITY), ("](", _TARGET), ("<", CONCEALED))
# Commands around words inside of formulas; the search for one spares the work where there is none.
_WORDED = re.compile(r"\\(?:text|[mh]box|emph|intertext|math(?:rm|bf|it|sf|tt))")
# Tags that end a word where they stand.
_BREAKING = re.compile(r"</?(?:br|p|div|li|[uo]l|hr|h[1-6]|t[dhr]|table)\b", re.IGNORECASE)
_MARK = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0970-\u0dff"
    r"\u0e31-\u0e3a\u0e47-\u0e4e"
)
_LETTER = rf"(?:[^\W\d_]|[{_MARK}])"
_HAN, _HIRAGANA, _KATAKANA = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff", r"\u3040-\u309f", r"\u30a0-\u30ff"
_SOUTHEAST = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(f"[{_HAN}{_HIRAGANA}{_KATAKANA}{_SOUTHEAST}]")
_SPACED = rf"[^\W_{_HAN}{_HIRAGANA}{_KATAKANA}{_SOUTHEAST}]"
# Scripts without spaces come in pieces as long as their words are on average.
_WORD = re.compile(
    rf"{_SPACED}++(?:[{_MARK}]++{_SPACED}*+|['’\-‐‑](?={_LETTER}){_SPACED}*+|(?<=\d)[.,:/](?=\d){_SPACED}++)*+"
    rf"|[{_HAN}]{{1,2}}|[{_HIRAGANA}]{{1,3}}|[{_KATAKANA}]++|(?:[{_SOUTHEAST}](?<!\W)[{_MARK}]*+){{1,4}}"
)
_CYRILLIC_ALIKE = "аеорсухіјѕԁԛԝһАВЕКМНОРСТХУІЈЅ", "aeopcyxijsdqwhABEKMHOPCTXYIJS"
_GREEK_ALIKE = "οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oABEZHIKMNOPTYX"
_ALIKE = str.maketrans(*map("".join, zip(_CYRILLIC_ALIKE, _GREEK_ALIKE, strict=True)))
# Greek and Cyrillic.
_FOREIGN = re.compile(r"[\u0370-\u052f]")
# Words with Latin and Greek or Cyrillic letters side by side.
_MIXED = re.compile(r"(?<![^\W\d_])(?=[^\W\d_]*?(?:[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]))[^\W\d_]++")
# Full-width, circled and mathematical letters and digits.
_FANCY = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\u2100-\u214f\U0001d400-\U0001d7ff]")


_Made = TypeVar("_Made")


class _Once(Generic[_Made]):
    """A view made when first asked for; `functools.cached_property` takes a lock for it, a tenth of the time."""

    def __init__(self, make: Callable[[View], _Made]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, instance: View, owner: type[View]) -> _Made:
        made = self.make(instance)
        instance.__dict__[self.name] = made
        return made


class View:
    """One text and its views, each made when first asked for.

    Attributes:
        raw: the text itself.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw

    @_Once
    def boxes(self) -> tuple[Span, ...]:
        r"""Spans of the outermost closed answer boxes, `\boxed{` to `}`, in any letter case."""
        return formulas.boxes(self.raw)

    @_Once
    def blocks(self) -> markdown.Blocks:
        """The blocks of Markdown, as far as they do not begin inside of mathematics."""
        layout = self._layout
        if not self.math or not (layout.items or layout.headings):
            return layout
        solid = self.opaque
        return replace(
            layout,
            items=[item for item in layout.items if solid[item.start] != OBJECT],
            headings=[heading for heading in layout.headings if solid[heading.start] != OBJECT],
        )

    @_Once
    def code(self) -> tuple[Span, ...]:
        """Code blocks, fences included, and code spans, marks included."""
        return tuple(sorted([Span(start, end) for start, end, _, _ in self._layout.code] + self._inline[0]))

    @_Once
    def math(self) -> tuple[Span, ...]:
        r"""Spans of mathematics (`$…$`, `$$…$$`, `\(…\)`, `\[…\]`, math environments) and of boxes outside it."""
        return tuple(Span(start, end) for start, end, is_math in self._pieces if is_math)

    @_Once
    def emphasis(self) -> tuple[markdown.Emphasis, ...]:
        """What is emphasized, emphasis within emphasis too, by where it ends."""
        if "*" not in self.raw and "_" not in self.raw:
            return ()
        return tuple(markdown.emphasis(self.opaque, self._layout.runs))

    @_Once
    def opaque(self) -> str:
        """The text as Markdown, with code, boxes, mathematics and LaTeX commands as `OBJECT`s, which are no words.

        What is hidden, and the mark of a block quote, is a space.
        """
        return _cut(self._solid, self._pieces, OBJECT)

    @_Once
    def visible(self) -> str:
        """The text without what is hidden, marks of Markdown and LaTeX left."""
        return _cut(self.raw, self.concealed, " ") if self._is_layered else self.raw

    @_Once
    def shown(self) -> str:
        r"""What is seen, with formulas as they are written, in dollar signs (`\(x\)` is `$x$`)."""
        return self._seen(self._delimited() if "\\" in self.raw else self.raw)

    @_Once
    def outline(self) -> str:
        """What is seen, with code, boxes and mathematics as `OBJECT`s: the words that a line begins with."""
        text = self._delimited() if "\\" in self.raw else self.raw
        return self._seen(_cut(_cut(text, self.math, OBJECT), self.code, OBJECT))

    @_Once
    def prose(self) -> str:
        """What is seen without boxes, mathematics and LaTeX commands, which are spaces; line breaks stay."""
        return _alike(self._seen(self._spoken() if self._pieces else self.raw))

    @_Once
    def speech(self) -> str:
        """The prose without code: what is written in some language."""
        if not self.code:
            return self.prose
        # Cut first: letters of the prose move up behind the marks of code.
        return _alike(self._seen(_cut(self._spoken() if self._pieces else self.raw, self.code, " ")))

    @_Once
    def small(self) -> str:
        """The whole text in small letters."""
        return _fold(self.raw)

    @_Once
    def folded(self) -> str:
        """The prose in small letters."""
        return _fold(self.prose)

    def may_hold(self, parts: Iterable[str]) -> bool:
        """Tell, at the speed of a plain search, whether the prose may hold each of `parts`, which are folded."""
        if not self.raw.isascii() or "<" in self.raw or "&" in self.raw:
            return True
        return all(part in self._skeleton for part in parts)

    @_Once
    def _skeleton(self) -> str:
        return self.small.replace("*", "").replace("`", "").replace("_", "")

    @_Once
    def _layout(self) -> markdown.Blocks:
        return markdown.blocks(self.raw)

    @_Once
    def _is_layered(self) -> bool:
        """Whether there is code, or anything else that is not seen but for the marks of Markdown."""
        layout = self._layout
        return (
            bool(layout.code or layout.hidden)
            or any(mark in self.raw for mark in ("`", "<", "&", "]("))
            or not (self.raw.isascii() or not UNSEEN.search(self.raw))
        )

    @_Once
    def _inline(self) -> tuple[list[Span], list[Span]]:
        return markdown.inline(self.raw, self._layout.runs) if self._is_layered else ([], [])

    @_Once
    def codeless(self) -> str:
        """The text with code as `OBJECT`s."""
        return _cut(self.raw, self.code, OBJECT)

    @_Once
    def concealed(self) -> tuple[Span, ...]:
        """What is not seen and is no mark of emphasis or code."""
        spans = [*self._layout.hidden, *self._inline[1]]
        for sign, pattern in _NOT_SEEN:
            if sign in self.raw:
                spans += _spans(pattern, self.codeless)
        if not self.raw.isascii():
            spans += _spans(UNSEEN, self.raw)
        return tuple(_merged(spans))

    @_Once
    def _solid(self) -> str:
        """The text with code as `OBJECT`s and without what is hidden."""
        return _cut(self.codeless, self.concealed, " ") if self._is_layered else self.raw

    @_Once
    def _pieces(self) -> tuple[formulas.Piece, ...]:
        return formulas.pieces(self._solid, self.boxes)

    def _delimited(self) -> str:
        r"""Return the text with every formula between dollar signs, and without commands around words (`\text{…}`)."""
        parts = list(self.raw)
        for start, end, is_math in self._pieces:
            opener = self.raw[start : start + 2]
            if not is_math:
                braces = formulas.argument(self._solid, end)
                if braces:
                    led = start == 0 or self.raw[start - 1].isspace()
                    parts[start : braces[0] + 1] = (" " if led else _GHOST) * (braces[0] + 1 - start)
                    parts[braces[1]] = _GHOST
            elif opener == "\\(":
                parts[start : start + 2], parts[end - 2 : end] = f"${_GHOST}", f"{_GHOST}$"
            elif opener == "\\[":
                parts[start : start + 2], parts[end - 2 : end] = "$$", "$$"
        return "".join(parts)

    def _spoken(self) -> str:
        """Return the text with mathematics, boxes and commands as spaces, but for the words inside of formulas."""
        text = _cut(self.raw, self._pieces, " ")
        if not _WORDED.search(self.raw):
            return text
        boxless = _cut(self.raw, self.boxes, " ")
        inserted: list[tuple[int, int, str]] = []
        for start, end, is_math in self._pieces:
            if is_math and boxless.find("\\", start, end) >= 0:
                inserted += [
                    (start + place, start + place + len(said), said)
                    for place, said in formulas.spoken(boxless[start:end])
                ]
            elif not is_math and (braces := formulas.argument(self._solid, end)):
                inserted += [(place, place + 1, " ") for place in braces]
        return _pasted(text, sorted(inserted))

    def _seen(self, text: str) -> str:
        """Return `text`, a view of this one, without what is hidden and without the marks of Markdown."""
        gone = [span for one in self.emphasis for span in _both(one.start, one.end, one.width)]
        blocks = self.blocks
        gone += [Span(start, end) for start, end, mark in blocks.items if not mark[0].isdigit()]
        for start, end, inner in blocks.headings:
            gone += [Span(start, inner.start), Span(inner.end, end)]
        if self._is_layered:
            gone += self.concealed
            for start, end, inner, _ in self._layout.code:
                gone += [Span(start, inner.start), Span(max(start, inner.end), end)]
            for start, end in self._inline[0]:
                gone += _both(start, end, end - start - len(self.raw[start:end].lstrip("`")))
        if not gone and _GHOST not in text:
            return text
        parts: list[str] = []
        done = 0
        tagged = "<" in self.raw
        for start, end in _merged(gone):
            led = start == 0 or text[start - 1].isspace() or (tagged and _BREAKING.match(self.raw, start))
            parts += (text[done:start], _filled(text[start:end], " " if led else _GHOST))
            done = end
        text = "".join([*parts, text[done:]])
        return _HAUNTED.sub(_exorcised, text) if _GHOST in text else text


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Return where `pattern` is, `MOST_MARKS` times at most."""
    return [Span(*match.span()) for match in islice(pattern.finditer(text), markdown.MOST_MARKS)]


def _both(start: int, end: int, width: int) -> tuple[Span, Span]:
    """Return the marks at the two ends of a span."""
    return Span(start, start + width), Span(end - width, end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def _cut(text: str, spans: Iterable[tuple[int, ...]], filler: str) -> str:
    """Return `text` with `filler` in `spans`, which are in order and apart; line breaks stay."""
    parts: list[str] = []
    done = 0
    for span in spans:
        start, end = span[0], span[1]
        parts.append(text[done:start])
        broken = text.find("\n", start, end) >= 0
        parts.append(_filled(text[start:end], filler) if broken else filler * (end - start))
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def _filled(text: str, filler: str) -> str:
    """Return `filler` for every character of `text` but its line breaks."""
    return "\n".join([filler * len(line) for line in text.split("\n")])


def _pasted(text: str, pieces: Iterable[tuple[int, int, str]]) -> str:
    """Return `text` with each of `pieces`, which are in order, in its place."""
    parts: list[str] = []
    done = 0
    for start, end, piece in pieces:
        if start >= done:
            parts += [text[done:start], piece]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _exorcised(match: re.Match[str]) -> str:
    """Return the end of a word without its ghosts: what is left moves together, and spaces fill the room behind it."""
    word = match.group()
    return word.replace(_GHOST, "").ljust(len(word))


def _alike(text: str) -> str:
    """Return `text` with Latin letters for those drawn like them: in fancy alphabets, and foreign ones among Latin."""
    if text.isascii():
        return text
    if _FANCY.search(text):
        text = _FANCY.sub(lambda match: _same_length(normalize("NFKC", match.group()), match.group()), text)
    foreign = set(_FOREIGN.findall(text))
    if not foreign:
        return text
    if all(ord(letter) in _ALIKE for letter in foreign) and re.search("[A-Za-z]{2}", text):
        return text.translate(_ALIKE)
    return _MIXED.sub(lambda match: match.group().translate(_ALIKE), text)


def _same_length(text: str, other: str) -> str:
    return text if len(text) == len(other) else other


@lru_cache(maxsize=8)
def view(text: str) -> View:
    """Return the views of `text`; the last few texts are kept, so that several constraints share the work."""
    return View(text)


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield a match in the prose for each of its words, in order.

    A word is a run of letters, with inner apostrophes and hyphens (`don't`, `x-axis` are one word each), or a number
    (`1,000` and `3.14` are one word each). In scripts written without spaces words are estimated: two Chinese
    characters, three hiragana, a run of katakana, or four letters of Thai, Lao, Khmer or Burmese are one.
    """
    return _WORD.finditer(view(text).prose)


def occurrences(phrase: str, text: str) -> Iterator[Span]:
    """Yield where the prose holds `phrase` as whole words, in any letter case, any white space for its spaces.

    `win` is not in `twin` nor in `wins`; it is in `win-win` (twice) and in `_win_`.
    """
    parts = _fold(phrase).split()
    if not view(text).may_hold(part.replace("*", "").replace("`", "").replace("_", "") for part in parts):
        return
    folded = view(text).folded
    if all(part in folded for part in parts):
        for match in _phrase(_fold(phrase)).finditer(folded):
            yield Span(*match.span())


@lru_cache(maxsize=1024)
def _phrase(phrase: str) -> re.Pattern[str]:
    """Compile a folded phrase; it starts with a literal, which is what makes the search fast."""
    first, *others = map(re.escape, phrase.split())
    start = "" if _joins(phrase.split()[0][0]) else rf"(?<!{_LETTER}{first})(?<!\d{first})"
    end = "" if _joins(phrase.split()[-1][-1]) else rf"(?!{_LETTER}|\d)"
    return re.compile(r"\s+".join([first + start, *others]) + end)


def _joins(letter: str) -> bool:
    """Tell whether a word may go on beside `letter`: punctuation, and scripts written without spaces."""
    return not re.match(rf"{_LETTER}|\d", letter) or bool(_UNSPACED.match(letter))


def _fold(text: str) -> str:
    """Return `text` in small letters, at the same length."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(map(_fold_letter, text))


def _fold_letter(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter

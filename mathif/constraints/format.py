"""Format: kinds that restrict punctuation and layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, crash, obeyed, require
from mathif.constraints.edits import around_boxes, before, fill
from mathif.constraints.words import view
from mathif.records import Problem, Span, Verdict

_COMMA = re.compile("[,，،、﹐﹑]")


@dataclass(frozen=True, kw_only=True)
class NoComma(Constraint):
    """No commas at all."""

    kind: ClassVar[str] = "punctuation:no_comma"
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = (
        "`mathif` judges the prose: commas of `$(2,4)$` and of the answer box are notation, those of Chinese, "
        "Japanese and Arabic are commas. `upstream` judges every character and knows `,` only. A null reply always "
        "obeys."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"The answer is $\boxed{5}$.", True),
        Example({}, r"The pair is \((2,4)\). Hence $\boxed{(2,4)}$.", True),
        Example({}, r"Hence, the answer is $\boxed{5}$.", False),
        Example({}, r"There are 1,000 of them.", False),
        Example({}, r"因此，答案是 $\boxed{5}$。", False),
    )

    def text(self) -> str:
        return f"Do not use any comma in your entire {self.part}."

    def holds(self, text: str) -> Verdict:
        if not _COMMA.search(text):
            return obeyed()
        return _none(_COMMA, view(text).prose)

    def holds_upstream(self, text: str) -> Verdict:
        place = text.find(",")
        return obeyed() if place < 0 else broken("there is a comma", Span(place, place + 1))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Where the answer has no comma, so that both profiles can be obeyed; a null reply obeys."""
        return None if "," in problem.answer else cls()

    def clashes(self, other: Constraint) -> str:
        if _COMMA.search(view(other.needs()).prose):
            return f"{other.kind} needs a comma"
        return ""

    def comply(self, body: str) -> str:
        return around_boxes(lambda part: _COMMA.sub("", part), body)

    def defy(self, body: str) -> str:
        return before("Well, then.", body)


def _none(pattern: re.Pattern[str], text: str) -> Verdict:
    found = [Span(*match.span()) for match in islice(pattern.finditer(text), 20)]
    return broken("there is a comma", *found) if found else obeyed()


@dataclass(frozen=True, kw_only=True)
class Highlights(Constraint):
    """A least number of highlighted parts."""

    kind: ClassVar[str] = "detectable_format:number_highlighted_sections"
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts Markdown emphasis: `*x*`, `**x**`, `***x***` and the same with underscores are one each, "
        "emphasis inside emphasis, bullets, `2*3*4` and stars in mathematics are none. `upstream` counts pairs of "
        "stars on a line, and then pairs of double stars again, so that `**x**` is often two, and the text between "
        "two highlights can be a third; it does not know underscores."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"num_highlights": 2}, r"*First* add, **then** halve: $\boxed{5}$.", True),
        Example({"num_highlights": 1}, r"Hence **$\boxed{5}$**.", True),
        Example({"num_highlights": 2}, r"**First** add, then halve: $\boxed{5}$.", False),
        Example({"num_highlights": 1}, "* add\n* halve 2*3*4", False),
    )

    num_highlights: int

    def __post_init__(self) -> None:
        found = self.num_highlights
        require(found >= 0, f"{self.kind}: num_highlights", found, "a count of 0 or more")

    def text(self) -> str:
        number = self.num_highlights
        return f"Highlight at least {number} part{'s' * (number != 1)} of your {self.part} in Markdown, like *this*."

    def holds(self, text: str) -> Verdict:
        enough = text.count("*") + text.count("_") >= 2 * self.num_highlights
        found = list(islice(emphasis(text), self.num_highlights)) if enough else []
        if len(found) >= self.num_highlights:
            return obeyed(*found[:20])
        return broken(f"{len(found)} highlights, expected at least {self.num_highlights}", *found[:20])

    def holds_upstream(self, text: str) -> Verdict:
        count = 0
        for pattern in _patterns_of(text):
            for match in pattern.finditer(text):
                if count >= self.num_highlights:
                    break
                count += match[1] is not None
        if count >= self.num_highlights:
            return obeyed()
        return broken(f"{count} highlights, expected at least {self.num_highlights}")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Two to five."""
        return cls(num_highlights=rng.randint(2, 5))

    def comply(self, body: str) -> str:
        missing = self.num_highlights - sum(1 for _ in emphasis(body))
        if missing <= 0:
            return body
        marked = " ".join(f"*{word}*" for word in fill(body, missing + 1).split()[1:])
        return before(f"{fill(body, 1)} {marked}.", body)

    def defy(self, body: str) -> str:
        return around_boxes(lambda part: re.sub(r"[*_]+", " ", part), body)


def _patterns_of(text: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns that may find anything in `text`."""
    if "**" in text:
        return _STARRED, _DOUBLE_STARRED
    return (_STARRED,) if "*" in text else ()


_STARRED = re.compile(r"(?:\*[^\S\n]*+\*[^*]*+)++|(\*[^\n*]++\*)")
_DOUBLE_STARRED = re.compile(r"(?:\*\*[^\S\n]*+\*\*(?:[^*]++|\*(?!\*))*+)++|(\*\*[^\n*]++\*\*)")
_DELIMITER = re.compile(r"[*_](?:(?<=\*)(?<!\*\*)(?:(?<=\S\*)\**+|\**+(?=\S))|(?<=_)(?<!__)(?:(?<=\S_)_*+|_*+(?=\S)))")
"""Runs of stars or underscores that are not blank on both sides."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def emphasis(text: str) -> Iterator[Span]:
    """Yield the outermost emphasized parts, marks included, after the rules of CommonMark 0.31 §6.2.

    Simplified: a run of marks opens or closes as a whole and is matched by the next run of the same mark and length
    in the same paragraph, and stars inside a word are multiplication.
    """
    if "*" not in text and "_" not in text:
        return
    solid = view(text).opaque
    opened: dict[str, int] = {}
    for match in _DELIMITER.finditer(solid):
        mark = match.group()
        start, end = match.span()
        previous, following = solid[start - 1 : start], solid[end : end + 1]
        if mark in opened and _BLANK_LINE.search(solid, opened[mark], start):
            del opened[mark]
        if mark in opened and previous.strip() and not following.isalnum():
            yield Span(opened[mark], end)
            opened.clear()
        elif len(mark) <= 3 and following.strip() and not previous.isalnum():
            opened[mark] = start


@dataclass(frozen=True, kw_only=True)
class BulletLists(Constraint):
    """An exact number of bullet points."""

    kind: ClassVar[str] = "detectable_format:number_bullet_lists"
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts Markdown list items at any depth: `*`, `-` or `+`, a space, and something behind it; rules "
        "(`---`), `**bold**` lines, negative numbers and lines of mathematics are none. `upstream` counts every line "
        "that starts with `-` or with a single `*`, so that a rule is a point, and does not know `+`."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"num_bullets": 2}, "* Add.\n* Halve.\n\nHence $\\boxed{5}$.", True),
        Example({"num_bullets": 2}, "- Add.\n  - Halve.\n---\n**So**\n-5 is not it.", True),
        Example({"num_bullets": 2}, "* Add.\n* Halve.\n* Hence $\\boxed{5}$.", False),
        Example({"num_bullets": 1}, "*Add* and halve.", False),
    )

    num_bullets: int

    def __post_init__(self) -> None:
        require(self.num_bullets >= 0, f"{self.kind}: num_bullets", self.num_bullets, "a count of 0 or more")

    def text(self) -> str:
        number = self.num_bullets
        return (
            f"Include exactly {number} bullet point{'s' * (number != 1)} in your {self.part}. Write each one on a line "
            "of its own that starts with an asterisk and a space."
        )

    def holds(self, text: str) -> Verdict:
        found = list(islice(bullets(text), self.num_bullets + 1))
        if len(found) == self.num_bullets:
            return obeyed(*found[:20])
        more = "more than " if len(found) > self.num_bullets else ""
        return broken(
            f"{more}{min(len(found), self.num_bullets)} bullet points, expected {self.num_bullets}", *found[-1:]
        )

    def holds_upstream(self, text: str) -> Verdict:
        count = 0
        for pattern in (_STAR_LINE, _DASH_LINE):
            count += sum(1 for _ in islice(pattern.finditer(text), self.num_bullets + 1))
        if count == self.num_bullets:
            return obeyed()
        return broken(f"not exactly {self.num_bullets} lines start with a star or a dash")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Two to six."""
        return cls(num_bullets=rng.randint(2, 6))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, BulletLists) and other.num_bullets != self.num_bullets:
            return f"a text has not both exactly {self.num_bullets} and exactly {other.num_bullets} bullet points"
        return ""

    def comply(self, body: str) -> str:
        return self._listed(body, self.num_bullets)

    def defy(self, body: str) -> str:
        return self._listed(body, self.num_bullets + 1)

    @staticmethod
    def _listed(body: str, number: int) -> str:
        """Return `body` behind a list; a line comes first, so that a quotation mark is not put before a bullet."""
        word = fill(body, 1)
        return "\n".join([word, *[f"* {word}"] * number, _flat(body)])


_BULLET = re.compile(r"^[^\S\n]*([*+-])[^\S\n]+(?=\S)", re.MULTILINE)
_RULE = re.compile(r"[^\S\n]*([*-])(?:[^\S\n]*\1){2,}[^\S\n]*$", re.MULTILINE)
_STAR_LINE = re.compile(r"^[^\S\n]*\*[^*].*$", re.MULTILINE)
_DASH_LINE = re.compile(r"^[^\S\n]*-.*$", re.MULTILINE)


def bullets(text: str) -> Iterator[Span]:
    """Yield the marker of each list item."""
    if not _BULLET.search(text):
        return
    solid = view(text).opaque
    for match in _BULLET.finditer(solid):
        if not _RULE.match(solid, match.start()):
            yield Span(*match.span(1))


def _flat(body: str) -> str:
    """Return `body` without what either profile takes for a bullet point."""
    return re.sub(r"^[^\S\n]*[*+-]+[^\S\n]*(?=\S)(?![^\n*]*\*)", "", body, flags=re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class MultipleSections(Constraint):
    """A number of marked sections."""

    kind: ClassVar[str] = "detectable_format:multiple_sections"
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts the marks that start a line, behind Markdown or quotation marks at most, each number once, "
        "and wants exactly as many as the sentence says. `upstream` counts every place where the marker and a number "
        "stand together, in running text too, and is content with more."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"section_spliter": "Section", "num_sections": 2}, "Section 1\nAdd.\nSection 2\n$\\boxed{5}$", True),
        Example(
            {"section_spliter": "PART", "num_sections": 2},
            '"**PART 1:** Add.\n\n## PART 2\nHalve, as in PART 1."',
            True,
        ),
        Example({"section_spliter": "Section", "num_sections": 2}, "Section 1\nSection 2\nSection 3\n", False),
        Example({"section_spliter": "SECTION", "num_sections": 2}, "Section 1\nAdd.\nSection 2\nHalve.", False),
        Example({"section_spliter": "Section", "num_sections": 2}, "Add as in Section 1 and Section 2.", False),
    )

    section_spliter: str
    num_sections: int

    def __post_init__(self) -> None:
        require(bool(self.section_spliter.strip()), f"{self.kind}: section_spliter", self.section_spliter, "a word")
        require(self.num_sections >= 0, f"{self.kind}: num_sections", self.num_sections, "a count of 0 or more")

    def text(self) -> str:
        mark = self.section_spliter.strip()
        number = self.num_sections
        return (
            f"Divide your {self.part} into exactly {number} section{'s' * (number != 1)}. Start each one with a line "
            f"that begins with {mark} and its number: {mark} 1 and so on."
        )

    def needs(self) -> str:
        return self.exact()

    def exact(self) -> str:
        mark = self.section_spliter.strip()
        return "\n".join(f"{mark} {number}" for number in range(1, self.num_sections + 1))

    def holds(self, text: str) -> Verdict:
        found: dict[str, Span] = {}
        solid = view(text).opaque if self.section_spliter.strip() in text else ""
        for match in _section_mark(self.section_spliter.strip()).finditer(solid):
            if _starts_line(solid, match.start()):
                found.setdefault(match[1].lstrip("0"), Span(*match.span()))
        spans = list(found.values())
        if len(spans) == self.num_sections:
            return obeyed(*spans[:20])
        return broken(f"{len(spans)} sections, expected {self.num_sections}", *spans[self.num_sections :][:1])

    def holds_upstream(self, text: str) -> Verdict:
        pattern = _upstream_mark(self.section_spliter.strip())
        if pattern is None:
            return crash(self.section_spliter)
        # A split returns the groups of its pattern too, and MathIF counts what the split returns.
        weight = 1 + pattern.groups
        count = weight * sum(1 for _ in islice(pattern.finditer(text), self.num_sections))
        if count >= self.num_sections:
            return obeyed()
        return broken(f"{count} sections, expected at least {self.num_sections}")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Two to four, marked by one of four words."""
        return cls(section_spliter=rng.choice(("Section", "SECTION", "Part", "Step")), num_sections=rng.randint(2, 4))

    def clashes(self, other: Constraint) -> str:
        if not isinstance(other, MultipleSections) or other.section_spliter.strip() != self.section_spliter.strip():
            return ""
        if other.num_sections == self.num_sections:
            return ""
        return f"a text has not both {self.num_sections} and {other.num_sections} sections"

    def comply(self, body: str) -> str:
        mark = self.section_spliter.strip()
        plain = around_boxes(lambda part: re.sub(rf"{re.escape(mark)}\s?\d+", "", part), body)
        heads = [f"{mark} {number}\n{fill(body, 2)}" for number in range(1, self.num_sections)]
        return "\n".join([*heads, f"{mark} {self.num_sections}", plain]) if self.num_sections else plain

    def defy(self, body: str) -> str:
        mark = re.escape(self.section_spliter.strip())
        return around_boxes(lambda part: re.sub(rf"{mark}\s?\d+", "", part), body)


@lru_cache(maxsize=256)
def _section_mark(mark: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(mark)}\s?(\d+)")


_DECORATION = re.compile(r"(?:\A|\n)(?:[^\S\n]|[\"“”„«#*_>])*\Z")
_LONGEST_DECORATION = 40


def _starts_line(text: str, place: int) -> bool:
    """Tell whether nothing but spaces, Markdown and quotation marks stands between the line's start and `place`."""
    start = max(0, place - _LONGEST_DECORATION)
    return bool(_DECORATION.search(("x" if start else "") + text[start:place]))


@lru_cache(maxsize=256)
def _upstream_mark(source: str) -> re.Pattern[str] | None:
    try:
        return re.compile(rf"\s?{source}\s?\d+\s?")
    except (re.error, OverflowError, RecursionError):
        return None

"""Format: kinds that restrict punctuation and the marks of Markdown."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, zip_longest
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, crash, obeyed
from mathif.constraints.edits import around_boxes, before, fill
from mathif.constraints.markdown import Item
from mathif.constraints.words import INK, view
from mathif.records import Problem, Span, Verdict

# Commas of all scripts; the German low quotation mark is one where it stands behind a word.
_COMMA = re.compile("[,，،、﹐﹑､︐︑⸲⸴⹁՝߸፣᠂᠈꓾꘍]|(?<=\\w)‚(?=\\s|\\Z)")
# A comma behind a backslash is a space of LaTeX.
_CONTROL = re.compile(r"\\.", re.DOTALL)
# A box whose commas all stand between thousands, with nothing before them that would make it a list.
_GROUPED = re.compile(r"[^\d(\[|,;]*\d{1,3}(?:\{?,\}?\s?\d{3})+(?![\d,{])[^,;]*")


@dataclass(frozen=True, kw_only=True)
class NoComma(Constraint):
    """No commas at all."""

    kind: ClassVar[str] = "punctuation:no_comma"
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = (
        "`mathif` judges what is seen, formulas and code included (`\\\\,` is a space), and takes those of Chinese, "
        "Japanese and Arabic for commas. In an answer box only a comma between thousands counts: those of a pair or a "
        "list are the answer. `upstream` judges every character and knows `,` only. A null reply always obeys."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"The answer is $\boxed{5}$.", True),
        Example({}, r"The pair \(x\,y\) is known. Hence $\boxed{(2,4)}$.", True),
        Example({}, r"The pair is \((2,4)\). Hence $\boxed{(2,4)}$.", False),
        Example({}, r"Hence, the answer is $\boxed{5}$.", False),
        Example({}, r"There are 1,000 of them.", False),
        Example({}, r"因此，答案是 $\boxed{5}$。", False),
    )

    def wordings(self) -> tuple[str, ...]:
        free = "only the parts of an answer that is a pair or a list may have commas between them"
        return (
            f"Do not use any comma in your entire {self.part}, not even in formulas; {free}.",
            f"Your whole {self.part} must be free of commas, in formulas too; {free}.",
            f"Avoid commas altogether in your {self.part}, inside and outside of formulas; {free}.",
        )

    def holds(self, text: str) -> Verdict:
        commas = list(islice(_commas(text), 20)) if _COMMA.search(text) else []
        return broken("there is a comma", *commas) if commas else obeyed()

    def holds_upstream(self, text: str) -> Verdict:
        place = text.find(",")
        return obeyed() if place < 0 else broken("there is a comma", Span(place, place + 1))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Where the answer has no comma, so that both profiles can be obeyed; a null reply obeys."""
        return None if "," in problem.answer else cls()

    def clashes(self, other: Constraint) -> str:
        if next(_commas(other.needs()), None):
            return f"{other.kind} needs a comma"
        return ""

    def comply(self, body: str) -> str:
        for start, end in reversed(list(_commas(body))):
            body = body[:start] + body[end:]
        return body

    def defy(self, body: str) -> str:
        return before("Well, then.", body)


def _commas(text: str) -> Iterator[Span]:
    """Yield the commas that are seen, but those between the parts of an answer."""
    seen = view(text)
    visible = _CONTROL.sub("  ", seen.visible) if "\\" in text else seen.visible
    apart = [box for box in seen.boxes if not _GROUPED.fullmatch(visible[box.start : box.end].partition("{")[2])]
    for match in _COMMA.finditer(visible):
        if not any(box.start < match.start() < box.end for box in apart[bisect(apart, match.span()) - 1 :][:1]):
            yield Span(*match.span())


@dataclass(frozen=True, kw_only=True)
class Highlights(Constraint):
    """A least number of highlighted parts."""

    kind: ClassVar[str] = "detectable_format:number_highlighted_sections"
    planned: ClassVar[bool] = True
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

    def wordings(self) -> tuple[str, ...]:
        number = self.num_highlights
        parts = f"part{'s' * (number != 1)}"
        return (
            f"Highlight at least {number} {parts} of your {self.part} in Markdown, like *this*.",
            f"At least {number} {parts} of your {self.part} must be highlighted in Markdown, like *this*.",
            f"Use Markdown emphasis, like *this*, for {number} {parts} of your {self.part} or more.",
        )

    def holds(self, text: str) -> Verdict:
        enough = text.count("*") + text.count("_") >= 2 * self.num_highlights
        highlights = list(islice(emphasis(text), self.num_highlights)) if enough else []
        if len(highlights) >= self.num_highlights:
            return obeyed(*highlights[:20])
        return broken(f"{len(highlights)} highlights, expected at least {self.num_highlights}", *highlights[:20])

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


# Pairs of stars as upstream's `\*[^\n\*]*\*` finds them, in one pass: empty pairs are skipped.
_STARRED = re.compile(r"(?:\*[^\S\n]*+\*[^*]*+)++|(\*[^\n*]++\*)")
# Pairs of double stars as upstream's `\*\*[^\n\*]*\*\*` finds them, in one pass: empty pairs are skipped.
_DOUBLE_STARRED = re.compile(r"(?:\*\*[^\S\n]*+\*\*(?:[^*]++|\*(?!\*))*+)++|(\*\*[^\n*]++\*\*)")


def emphasis(text: str) -> Iterator[Span]:
    """Yield the outermost emphasized parts that hold a letter, a digit or a formula, marks included."""
    seen = view(text)
    done = 0
    for start, end, width in sorted(seen.emphasis):
        if start >= done and INK.search(seen.opaque, start + width, end - width):
            yield Span(start, end)
            done = end


@dataclass(frozen=True, kw_only=True)
class BulletLists(Constraint):
    """An exact number of bullet points."""

    kind: ClassVar[str] = "detectable_format:number_bullet_lists"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts the items of Markdown lists that are not numbered, at any depth, and wants an asterisk before "
        "each; one without a word is none, nor is a rule (`***`), a `**bold**` line, or a line of code or mathematics. "
        "`upstream` counts every line that starts with `-` or with a single `*`, so that a rule is a point."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"num_bullets": 2}, "* Add.\n* Halve.\n\nHence $\\boxed{5}$.", True),
        Example({"num_bullets": 2}, "* Add.\n  * Halve.\n*\n***\n**So**\n-5 is not it.", True),
        Example({"num_bullets": 2}, "- Add.\n- Halve.\n\nHence $\\boxed{5}$.", False),
        Example({"num_bullets": 2}, "* Add.\n* Halve.\n* Hence $\\boxed{5}$.", False),
        Example({"num_bullets": 1}, "*Add* and halve.", False),
    )

    num_bullets: int

    def wordings(self) -> tuple[str, ...]:
        number = self.num_bullets
        points = f"bullet point{'s' * (number != 1)}"
        return (
            (
                f"Include exactly {number} {points} in your {self.part}. Write each one on a line of its own that "
                "starts with an asterisk and a space."
            ),
            (
                f"Your {self.part} must have exactly {number} {points}, each on its own line behind an asterisk and a "
                "space."
            ),
            (
                f"Write exactly {number} {points} in your {self.part}, no more and no fewer; a bullet point is a line "
                "that begins with an asterisk and a space."
            ),
        )

    def holds(self, text: str) -> Verdict:
        listed = list(islice(bullets(text), self.num_bullets + 1))
        marks = [Span(start, end) for start, end, _ in listed]
        for item, mark in zip(listed, marks, strict=True):
            if item.mark != "*":
                return broken(f"a bullet point starts with {item.mark!r}, expected an asterisk", mark)
        if len(listed) == self.num_bullets:
            return obeyed(*marks[:20])
        more = "more than " if len(listed) > self.num_bullets else ""
        return broken(
            f"{more}{min(len(listed), self.num_bullets)} bullet points, expected {self.num_bullets}", *marks[-1:]
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
        """Two to ten."""
        return cls(num_bullets=rng.randint(2, 10))

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


# What upstream takes for bullets: a line with a star, not with two, or with a dash.
_STAR_LINE = re.compile(r"^[^\S\n]*\*[^*].*$", re.MULTILINE)
_DASH_LINE = re.compile(r"^[^\S\n]*-.*$", re.MULTILINE)


def bullets(text: str) -> Iterator[Item]:
    """Yield each item that holds anything of a list that is not numbered."""
    items = view(text).blocks.items
    for item, following in zip_longest(items, items[1:]):
        if not item.mark[0].isdigit() and says(text, item.end, following.start if following else len(text)):
            yield item


def says(text: str, start: int, end: int) -> bool:
    """Tell whether the first line or the one below it, between two places, shows a letter, a digit or a formula."""
    opaque = view(text).opaque
    for _ in range(2):
        stop = opaque.find("\n", start, end)
        stop = end if stop < 0 else stop
        if INK.search(opaque, start, stop):
            return True
        start = min(stop + 1, end)
    return False


def _flat(body: str) -> str:
    """Return `body` without what either profile takes for a bullet point."""
    return re.sub(r"^[^\S\n]*[*+-]+[^\S\n]*(?=\S)(?![^\n*]*\*)", "", body, flags=re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class MultipleSections(Constraint):
    """A number of marked sections."""

    kind: ClassVar[str] = "detectable_format:multiple_sections"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` reads the marks that start a line, behind Markdown or quotation marks at most, not in code; wants "
        "them in order, each once, and something in each section. `upstream` counts every place where the marker and a "
        "number stand together, in running text too, and is content with more."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"section_spliter": "Section", "num_sections": 2}, "Section 1\nAdd.\nSection 2\n$\\boxed{5}$", True),
        Example(
            {"section_spliter": "PART", "num_sections": 2},
            '"**PART 1:** Add.\n\n## PART 2\nHalve, as in PART 1."',
            True,
        ),
        Example(
            {"section_spliter": "Section", "num_sections": 2}, "Section 1\nAdd.\nSection 2\nB\nSection 3\nC", False
        ),
        Example({"section_spliter": "Section", "num_sections": 2}, "Section 2\nAdd.\nSection 1\n$\\boxed{5}$", False),
        Example({"section_spliter": "Section", "num_sections": 2}, "Section 1\nSection 2\n$\\boxed{5}$", False),
        Example({"section_spliter": "SECTION", "num_sections": 2}, "Section 1\nAdd.\nSection 2\nHalve.", False),
        Example({"section_spliter": "Section", "num_sections": 2}, "Add as in Section 1 and Section 2.", False),
    )

    section_spliter: str
    num_sections: int

    def wordings(self) -> tuple[str, ...]:
        mark = self.section_spliter.strip()
        number = self.num_sections
        sections = f"section{'s' * (number != 1)}"
        return (
            (
                f"Divide your {self.part} into exactly {number} {sections}. Start each one with a line that begins "
                f"with {mark} and its number: {mark} 1 and so on."
            ),
            (
                f"Your {self.part} must have exactly {number} {sections}, each opened by a line that begins with "
                f"{mark} and its number, from {mark} 1 on."
            ),
            (
                f"Structure your {self.part} in exactly {number} {sections}; the first line of each begins with {mark} "
                f"and the number of the section ({mark} 1 and so on)."
            ),
        )

    def needs(self) -> str:
        return self.exact()

    def exact(self) -> str:
        mark = self.section_spliter.strip()
        return "\n".join(f"{mark} {number}" for number in range(1, self.num_sections + 1))

    def holds(self, text: str) -> Verdict:
        outline = view(text).outline if self.section_spliter.strip() in text else ""
        marks = list(islice(_section_mark(self.section_spliter.strip()).finditer(outline), self.num_sections + 1))
        spans = [Span(mark.start(1), mark.end()) for mark in marks]
        for number, (mark, following) in enumerate(zip_longest(spans, spans[1:]), start=1):
            if mark is None:
                break
            if int(marks[number - 1][2]) != number:
                return broken(f"section {marks[number - 1][2]} stands where section {number} should", mark)
            if not INK.search(outline, mark.end, following.start if following else len(outline)):
                return broken("a section is empty", mark)
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
        """Two to eight, marked by one of two words, so that a text with both has but two numbers of sections."""
        return cls(section_spliter=rng.choice(("Section", "Part")), num_sections=rng.randint(2, 8))

    def clashes(self, other: Constraint) -> str:
        if not isinstance(other, MultipleSections) or other.section_spliter.strip() != self.section_spliter.strip():
            return ""
        if other.num_sections == self.num_sections:
            return ""
        return f"a text has not both {self.num_sections} and {other.num_sections} sections"

    def comply(self, body: str) -> str:
        mark = self.section_spliter.strip()
        plain = around_boxes(lambda part: re.sub(rf"{re.escape(mark)}\s?\d+", "", part), body)
        word = fill(body, 1)
        heads = [f"{mark} {number} {word}\n{word}" for number in range(1, self.num_sections)]
        return "\n".join([*heads, f"{mark} {self.num_sections} {word}", plain]) if self.num_sections else plain

    def defy(self, body: str) -> str:
        mark = re.escape(self.section_spliter.strip())
        return around_boxes(lambda part: re.sub(rf"{mark}\s?\d+", "", part), body)


@lru_cache(maxsize=256)
def _section_mark(mark: str) -> re.Pattern[str]:
    """Match a mark and its number at the start of a line of the outline, behind quotation marks and a list number."""
    return re.compile(
        rf"^[\s\"“”„«(\[]*+(?:\d{{1,3}}[.)][ \t]*+)?({re.escape(mark)}[^\S\n]{{0,6}}(\d{{1,6}}))(?!\d|\.\d)[^\S\n]*+",
        re.MULTILINE,
    )


@lru_cache(maxsize=256)
def _upstream_mark(source: str) -> re.Pattern[str] | None:
    try:
        return re.compile(rf"\s?{source}\s?\d+\s?")
    except (re.error, OverflowError, RecursionError):
        return None

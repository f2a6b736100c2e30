r"""Layout: kinds on the outer form of a reply, steps, paragraphs, lines, headings, displayed equations.

Their edits add `FILLER`, a line that is true, has no letter, no comma and no prose, so that it breaks no demand on
language, letter case or words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, zip_longest
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed
from mathif.constraints.edits import before
from mathif.constraints.markdown import Heading
from mathif.constraints.words import INK, view
from mathif.records import Problem, Span, Verdict

FILLER = "$1 + 1 = 2$"
"""A line that means nothing new, in no language."""

# `1.`, `1\.`, `1)`, `(1)`, `1:`, `Step 1:`, `Step 1 -` and `Step 1` alone, on the outline.
_STEP = re.compile(
    r"^([^\S\n]*+)(?:(?:step +)?\(?(\d{1,4})(?:\)|\\?[.:]\)?)(?=\s|\Z)"
    r"|step +(\d{1,4})(?:[^\S\n]*+[-–—]|(?=[^\S\n]*+$)))",
    re.IGNORECASE | re.MULTILINE,
)
_FAR = 5
"""A number this far from the next step's, below an unfinished sentence, is one of that sentence."""

# A line that says something.
_FULL_LINE = re.compile(rf"^[^\n]*?(?:{INK.pattern})[^\n]*", re.MULTILINE)
_NOT_BLANK = re.compile(r"\S")
_BLANK_LINE = re.compile(r"\n[^\S\n]*+(?=\n|\Z)")


def exactly(spans: Iterable[Span], count: int, noun: str, text: str) -> Verdict:
    """Judge whether there are `count` of `spans`; the first violation is the first that is too many, or the end."""
    seen = list(islice(spans, count + 1))
    if len(seen) == count:
        return obeyed(*seen[:20])
    if len(seen) > count:
        return broken(f"found more than {count} {noun}, expected exactly {count}", seen[count])
    return broken(f"found {len(seen)} {noun}, expected exactly {count}", Span(len(text), len(text)))


@dataclass(frozen=True, kw_only=True)
class Counted(Constraint):
    """A demand for a number of something.

    Attributes:
        drawn: the least and the most that `draw` demands.
        count: how many, one or more.
    """

    drawn: ClassVar[tuple[int, int]] = (1, 9)
    count: int

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw a number that is `drawn`."""
        return cls(count=rng.randint(*cls.drawn))


@dataclass(frozen=True, kw_only=True)
class NumberedSteps(Constraint):
    """An exact number of numbered steps.

    Attributes:
        steps: how many.
    """

    kind: ClassVar[str] = "layout:numbered_steps"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "A step is a line that starts with its number and `.`, `)` or `:`, in brackets or behind `Step` at most, and "
        "has something on it or below it. Indented steps within a step are none, nor is a far number at the start of a "
        "line that goes on with the sentence above."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"steps": 2}, "1. Multiply: $6 \\cdot 7 = 42$.\n2. The answer is $\\boxed{42}$.", True),
        Example({"steps": 2}, "**Step 1:** Multiply.\n\n**Step 2:** Write $\\boxed{42}$.", True),
        Example({"steps": 2}, "1. Multiply six by seven to get\n42. That is all.\n2. Write $\\boxed{42}$.", True),
        Example({"steps": 2}, "1. Multiply.\n2. Add.\n3. Write $\\boxed{42}$.", False),
        Example({"steps": 2}, "1. Multiply.\n1. Write $\\boxed{42}$.", False),
        Example({"steps": 1}, "Step one is to write $\\boxed{42}$.", False),
    )

    steps: int

    def wordings(self) -> tuple[str, ...]:
        marks = '("1.", "2.", and so on)'
        return (
            (
                f"Your {self.part} must lay the solution out in exactly {self.steps} numbered steps, each on a line of "
                f"its own that begins with its number {marks}."
            ),
            (
                f"Present the solution in your {self.part} as exactly {self.steps} numbered steps; each starts a new "
                f"line with its number {marks}."
            ),
            (
                f"Write your {self.part} with exactly {self.steps} steps, numbered from 1 on, every step on its own "
                f"line behind its number {marks}."
            ),
        )

    def holds(self, text: str) -> Verdict:
        found: list[Span] = []
        outline = view(text).outline
        steps = list(islice(numbered(text), self.steps + 1))
        for (number, mark), following in zip_longest(steps, steps[1:]):
            found.append(mark)
            if number != len(found):
                return broken(f"step {number} stands where step {len(found)} should", mark)
            if not INK.search(outline, mark.end, following[1].start if following else len(outline)):
                return broken(f"step {number} is empty", mark)
        return exactly(found, self.steps, "numbered steps", text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw 2 to 10 steps."""
        return cls(steps=rng.randint(2, 10))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, NumberedSteps) and other.steps != self.steps:
            return "the steps have one number"
        return ""

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        steps = "\n".join(f"{number}. {FILLER}" for number in range(1, self.steps + 1))
        for _, mark in reversed(list(numbered(body))):
            body = body[: mark.start] + body[mark.end :].lstrip(" \t")
        return before(steps, body)

    def defy(self, body: str) -> str:
        return f"{self.steps + 1}. {FILLER}\n{body}"


def numbered(text: str) -> Iterator[tuple[int, Span]]:
    """Yield the numbers that lines start with, and where; those of steps within steps left out."""
    outline = view(text).outline
    expected, indent = 1, 0
    for match in _STEP.finditer(outline):
        number = int(match[2] or match[3])
        room = _room(text, match.start())
        if expected == 1:
            indent = room
        if room > indent + 1 or (abs(number - expected) > _FAR and _goes_on(outline, match.start())):
            continue
        expected += 1
        yield number, Span(match.end(1), match.end())


def empty_step(text: str, marks: Sequence[Span]) -> Span | None:
    """Return the mark of the first step behind which nothing is said before the next one, None where there is none."""
    outline = view(text).outline
    ends = [*(mark.start for mark in marks[1:]), len(text)]
    return next((mark for mark, end in zip(marks, ends, strict=True) if not INK.search(outline[mark.end : end])), None)


def _room(text: str, start: int) -> int:
    """Return by how much the line at `start` is indented, marks of quotes included."""
    line = text[start : start + 200]
    return len(line) - len(line.lstrip(" \t>"))


def _goes_on(outline: str, start: int) -> bool:
    """Tell whether the line above the one at `start` ends in the middle of a sentence."""
    above = outline[max(0, start - 2) : start].rstrip(" \t\r")
    return len(above) == 2 and (above[0].isalnum() or above[0] in ",-–")


@dataclass(frozen=True, kw_only=True)
class Headings(Counted):
    """An exact number of Markdown headings."""

    kind: ClassVar[str] = "layout:headings"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "Only `#` headings of Markdown count, with a space and words behind the marks and not in code; a line in bold "
        "is none."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 2}, "## Idea\nMultiply.\n## Result\n$\\boxed{42}$", True),
        Example({"count": 1}, "# Solution\n\nThe answer is $\\boxed{42}$.", True),
        Example({"count": 2}, "## Idea\nMultiply and get $\\boxed{42}$.", False),
        Example({"count": 1}, "#Solution\nThe answer is $\\boxed{42}$.", False),
        Example({"count": 1}, "```python\n# six sevens\n6 * 7\n```\nThe answer is $\\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        what = "one Markdown heading" if self.count == 1 else f"{self.count} Markdown headings"
        return (
            f"Your {self.part} must have exactly {what}; a heading is a line that begins with #.",
            f"Use exactly {what} in your {self.part}, that is, lines that begin with #.",
            f"Put exactly {what} into your {self.part}, no more and no fewer; each is a line that begins with #.",
        )

    def holds(self, text: str) -> Verdict:
        return exactly((Span(start, end) for start, end, _ in headings(text)), self.count, "headings", text)

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, Headings) and other.count != self.count:
            return "the headings have one number"
        return ""

    def comply(self, body: str) -> str:
        titles = list(headings(body))
        for start, _, inner in reversed(titles[self.count :]):
            body = body[:start] + body[inner.start :]
        missing = self.count - len(titles)
        return before(f"## {FILLER}\n" * (missing - 1) + f"## {FILLER}", body) if missing > 0 else body

    def defy(self, body: str) -> str:
        return before(f"## {FILLER}\n" * self.count + f"## {FILLER}", body)


def headings(text: str) -> Iterator[Heading]:
    """Yield the headings that say something."""
    seen = view(text)
    return (heading for heading in seen.blocks.headings if INK.search(seen.opaque, *heading.inner))


@dataclass(frozen=True, kw_only=True)
class Paragraphs(Counted):
    """An exact number of paragraphs."""

    kind: ClassVar[str] = "layout:paragraphs"
    drawn: ClassVar[tuple[int, int]] = (2, 10)
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    stage: ClassVar[Stage] = Stage.BREAK
    limits: ClassVar[str] = (
        "A paragraph is a run of lines between blank lines that says something, be it prose, a list, code or a "
        "displayed formula; a line of hidden characters is blank."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 2}, "Multiply six by seven.\n\nThe answer is $\\boxed{42}$.", True),
        Example({"count": 2}, "\nMultiply six\nby seven.\n \n\nThe answer is $\\boxed{42}$.\n", True),
        Example({"count": 2}, "Multiply six by seven.\nThe answer is $\\boxed{42}$.", False),
        Example({"count": 2}, "Multiply.\n\nAdd.\n\nThe answer is $\\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"Your {self.part} must consist of exactly {self.count} paragraphs, with a blank line between one "
                "paragraph and the next and no blank line elsewhere."
            ),
            (
                f"Write your {self.part} in exactly {self.count} paragraphs, parted by blank lines; use no other blank "
                "lines."
            ),
            (
                f"Break your {self.part} into exactly {self.count} paragraphs with a blank line between neighbours, "
                "and leave no line blank elsewhere."
            ),
        )

    def holds(self, text: str) -> Verdict:
        return exactly(paragraphs(text), self.count, "paragraphs", text)

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, Paragraphs) and other.count != self.count:
            return "the paragraphs have one number"
        return ""

    def comply(self, body: str) -> str:
        parts = list(paragraphs(body))
        missing = self.count - len(parts)
        if missing > 0:
            return f"{FILLER}\n\n" * missing + body
        while missing < 0:
            body = body[: parts[-2].end].rstrip() + "\n" + body[parts[-1].start :]
            parts.pop()
            missing += 1
        return body

    def defy(self, body: str) -> str:
        return f"{FILLER}\n\n" * self.count + body


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the runs of lines that are not blank and say something."""
    opaque = view(text).opaque
    place = 0
    while first := _NOT_BLANK.search(opaque, place):
        blank = _BLANK_LINE.search(opaque, first.end())
        place = blank.start() if blank else len(opaque)
        if INK.search(opaque, first.start(), place):
            yield Span(opaque.rfind("\n", 0, first.start()) + 1, place)


@dataclass(frozen=True, kw_only=True)
class LineLength(Constraint):
    """Short lines, and several of them.

    Attributes:
        characters: the most that a line may have.
        lines: the fewest lines, blank ones not counted.
    """

    kind: ClassVar[str] = "layout:line_length"
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LENGTH
    stage: ClassVar[Stage] = Stage.BREAK
    limits: ClassVar[str] = (
        "Characters are Unicode code points, of formulas too; blanks at the end of a line do not count. A line counts "
        "when it has a letter, a digit or a formula."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"characters": 30, "lines": 2}, "Multiply six by seven.\nThe answer is $\\boxed{42}$.", True),
        Example({"characters": 30, "lines": 1}, "The answer is $\\boxed{42}$.", True),
        Example({"characters": 30, "lines": 2}, "The answer is $\\boxed{42}$.", False),
        Example(
            {"characters": 30, "lines": 2}, "We multiply six by seven here.\nThen the answer is $\\boxed{42}$.", False
        ),
    )

    characters: int
    lines: int

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"Break your {self.part} into at least {self.lines} lines, none of which may be longer than "
                f"{self.characters} characters."
            ),
            (
                f"No line of your {self.part} may have more than {self.characters} characters, and there must be at "
                f"least {self.lines} lines."
            ),
            (
                f"Write your {self.part} on {self.lines} lines or more and keep each of them to at most "
                f"{self.characters} characters."
            ),
        )

    def holds(self, text: str) -> Verdict:
        opaque = view(text).opaque
        long = re.search(rf"^[^\n]{{{self.characters}}}[^\n]*\S", opaque, re.MULTILINE)
        if long:
            found = f"a line has {len(long.group())} characters"
            return broken(found, Span(long.start() + self.characters, long.end()))
        full = sum(1 for _ in islice(_FULL_LINE.finditer(opaque), self.lines))
        if full == self.lines:
            return obeyed()
        return broken(f"found {full} lines, expected at least {self.lines}", Span(len(text), len(text)))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw a width in which the answer has room."""
        room = len(problem.answer) + 40
        return cls(
            characters=rng.choice([n for n in (60, 72, 80, 100, 1000) if n >= room][:3]), lines=rng.randint(4, 10)
        )

    def clashes(self, other: Constraint) -> str:
        longest = max(map(len, other.needs().split()), default=0)
        return f"{other.kind} needs a word of {longest} characters" if longest > self.characters - 2 else ""

    def comply(self, body: str) -> str:
        wrapped = "\n".join(self._wrapped(body))
        missing = self.lines - sum(1 for _ in _FULL_LINE.finditer(view(wrapped).opaque))
        return before("\n".join([FILLER] * missing), wrapped) if missing > 0 else wrapped

    def _wrapped(self, body: str) -> Iterator[str]:
        """Yield the lines of `body`, long ones broken at spaces outside of mathematics."""
        opaque = view(body).opaque
        start = 0
        for line in body.split("\n"):
            end = start + len(line)
            while end - start > self.characters - 2:
                cut = opaque.rfind(" ", start + 1, start + self.characters - 1)
                if cut < 0:
                    break
                yield body[start:cut].rstrip()
                start = cut + 1
            yield body[start:end].rstrip()
            start = end + 1

    def defy(self, body: str) -> str:
        return f"{body}\n{FILLER * (self.characters // len(FILLER) + 1)}"


@dataclass(frozen=True, kw_only=True)
class DisplayedEquations(Counted):
    """An exact number of displayed equations."""

    kind: ClassVar[str] = "layout:equations"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        r"`\[…\]` is the same as `$$…$$`; a display counts when two different things are equal in it. An environment "
        r"such as `align` outside of them is an equation that stands neither between $$ and $$ nor within the line."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 1}, "$$6 \\cdot 7 = 42$$\nThe answer is $\\boxed{42}$.", True),
        Example({"count": 2}, "\\[a = 6\\] and \\[b = 7\\] make $$\\boxed{42}$$", True),
        Example({"count": 1}, "Since $6 \\cdot 7 = 42$, the answer is $\\boxed{42}$.", False),
        Example({"count": 1}, "$$a = 6$$ $$b = 7$$ make $\\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        what = "one displayed equation," if self.count == 1 else f"{self.count} displayed equations, each"
        return (
            (
                f"Your {self.part} must show exactly {what} between $$ and $$ and with an equals sign; write any other "
                "equation within the line."
            ),
            (
                f"Display exactly {what} set between $$ and $$ and holding an equals sign, in your {self.part}; all "
                "other equations belong within the line."
            ),
            (
                f"Use exactly {what} with an equals sign between $$ and $$, in your {self.part}, and put every other "
                "equation into the running text."
            ),
        )

    def holds(self, text: str) -> Verdict:
        found = list(islice(self._displays(text), self.count + 1))
        for span in found:
            if text.startswith("\\b", span.start) or text.startswith("\\B", span.start):
                return broken("an equation stands neither between $$ and $$ nor within the line", span)
        return exactly(found, self.count, "displayed equations", text)

    @staticmethod
    def _displays(text: str) -> Iterator[Span]:
        boxes = {box.start for box in view(text).boxes}
        for start, end in view(text).math:
            opens = text[start : start + 2]
            if (opens in ("$$", "\\[") or opens.lower() == "\\b") and start not in boxes and equates(text[start:end]):
                yield Span(start, end)

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, DisplayedEquations) and other.count != self.count:
            return "the displayed equations have one number"
        return ""

    def comply(self, body: str) -> str:
        displays = list(self._displays(body))
        for start, end in reversed(displays[self.count :]):
            formula = body[start + 2 : end - 2].strip()
            body = f"{body[:start]}${formula}${body[end:]}"
        missing = self.count - len(displays)
        return before("\n".join([f"${FILLER}$"] * missing), body) if missing > 0 else body

    def defy(self, body: str) -> str:
        return before("\n".join([f"${FILLER}$"] * (self.count + 1)), body)


# An equals sign alone: no comparison, no `\=` that is an accent.
_EQUALS = re.compile(r"(?<![<>!=\\])=(?!=)")
_SIDE = re.compile(r"[^\W_]")
# What is no side of an equation: environments, space, alignment, delimiters.
_NO_SIDE = re.compile(r"\\(?:begin|end)\{[^{}]*\}|\\(?:[,;:! ]|q?quad\b)|[\s$&~]|\\[\[\]()]")


def equates(formula: str) -> bool:
    """Tell whether a formula states that two different things are equal: not `1 = 1`, nor `=` alone."""
    lines = re.split(r"\\\\|,|;|\n\n", formula)
    for line in lines:
        sides = [_NO_SIDE.sub("", side) for side in _EQUALS.split(line)]
        if any(_SIDE.search(a) and _SIDE.search(b) and a != b for a, b in pairwise(sides)):
            return True
    return False

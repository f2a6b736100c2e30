"""Parts: kinds that demand a part of its own inside the reply, a table, a check under a heading, an object in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import ClassVar, Self

from mathif.constraints.answer_form import other_language
from mathif.constraints.base import Constraint, Example, Group, Target, broken, enumerated, obeyed, require
from mathif.constraints.edits import answer_box, before
from mathif.constraints.layout import FILLER, equates, exactly
from mathif.constraints.markdown import Heading
from mathif.constraints.objects import strict_json
from mathif.constraints.words import INK, view
from mathif.records import Problem, Span, Verdict

# A line with a bar and below it one of bars, dashes and colons, with one of each at least.
_HEADER_AND_RULE = re.compile(r"^[^\n|]*+\|[^\n]*+\n((?=[^\n|]*+\|)(?=[^\n-]*+-)[-|: \t]++)$", re.MULTILINE)
# The cell of a table's second line, its colons saying how the column is aligned.
_RULE = re.compile(r":?-+:?")
_HEADING_MARKS = " \t\r#*_:.–—-"


@dataclass(frozen=True, kw_only=True)
class Table(Constraint):
    """One Markdown table of two columns.

    Attributes:
        rows: rows below the header.
    """

    kind: ClassVar[str] = "layout:table"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "Bars inside mathematics and code and escaped bars divide no cells. A row of empty cells is no row; what else "
        "the cells hold is not judged."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rows": 2}, "| Factor | Value |\n|---|---|\n| a | 6 |\n| b | 7 |\n\n$\\boxed{42}$", True),
        Example({"rows": 1}, "Term | $|x|$\n:--- | ---:\n$-42$ | $\\boxed{42}$", True),
        Example({"rows": 2}, "| Factor | Value |\n|---|---|\n| a | 6 |\n\n$\\boxed{42}$", False),
        Example({"rows": 1}, "| a | b | c |\n|---|---|---|\n| 1 | 6 | 7 |\n\n$\\boxed{42}$", False),
        Example({"rows": 1}, "| a | 6 |\n\n$\\boxed{42}$", False),
        Example({"rows": 2}, "| a | b |\n|---|---|\n| | |\n| | |\n\n$\\boxed{42}$", False),
    )

    rows: int

    def wordings(self) -> tuple[str, ...]:
        noun = "row" if self.rows == 1 else "rows"
        return (
            (
                f"Your {self.part} must contain exactly one Markdown table; it must have two columns, a header, and "
                f"exactly {self.rows} {noun} below the header."
            ),
            (
                f"Include one Markdown table, and only one, in your {self.part}: two columns, a header, and exactly "
                f"{self.rows} {noun} under it."
            ),
            (
                f"Put a single Markdown table with a header, two columns and exactly {self.rows} {noun} below the "
                f"header into your {self.part}."
            ),
        )

    def holds(self, text: str) -> Verdict:
        opaque = _barred(text)
        rules = [match.span(1) for match in islice(_HEADER_AND_RULE.finditer(opaque), 50)]
        rules = [span for span in rules if _is_rule(opaque[slice(*span)])]
        if not rules:
            return broken("there is no table", Span(len(text), len(text)))
        rows = list(islice(_rows(opaque, rules[0][0]), self.rows + 3))
        for start, end in rows:
            cells = len(_cells(opaque[start:end]))
            if cells != 2:
                return broken(f"a row of the table has {cells} cells, expected 2", Span(start, end))
            if start != rules[0][0] and not INK.search(opaque, start, end):
                return broken("a row of the table is empty", Span(start, end))
        if rules[1:] and rules[1][0] >= rows[-1].end:
            return broken("there is another table", Span(*rules[1]))
        return exactly(rows[2:], self.rows, "rows below the header", text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw 2 to 10 rows."""
        return cls(rows=rng.randint(2, 10))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, Table) and other.rows != self.rows:
            return "there is one table"
        return ""

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        rules = [match.span(1) for match in _HEADER_AND_RULE.finditer(_barred(body))]
        for start, end in reversed(rules):
            body = body[:start] + body[end + 1 :]
        row = f"| {FILLER} | {FILLER} |"
        return before("\n".join([row, "| --- | --- |", *[row] * self.rows]) + "\n", body)

    def defy(self, body: str) -> str:
        return before(f"| {FILLER} |\n| --- |\n| {FILLER} |\n", body)


def _barred(text: str) -> str:
    """Return `text` with every bar that divides no cells taken out, at the same length."""
    return view(text).opaque.replace("\\|", "  ")


def _cells(row: str) -> list[str]:
    return row.strip().removeprefix("|").removesuffix("|").split("|")


def _is_rule(row: str) -> bool:
    """Tell whether a line divides the header of a table from its body."""
    return all(_RULE.fullmatch(cell.strip()) for cell in _cells(row))


def _rows(opaque: str, rule: int) -> Iterator[Span]:
    """Yield the lines of the table whose rule starts at `rule`, from its header on."""
    start = opaque.rfind("\n", 0, rule - 1) + 1
    while True:
        end = opaque.find("\n", start)
        end = len(opaque) if end < 0 else end
        if opaque.find("|", start, end) < 0:
            return
        yield Span(start, end)
        start = end + 1


@dataclass(frozen=True, kw_only=True)
class CheckSection(Constraint):
    """A section that checks the answer with an equation.

    Attributes:
        heading: what its heading says.
    """

    kind: ClassVar[str] = "layout:check_section"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "The section ends at the next heading that is not of a deeper level. Its equation must hold a number that the "
        "answer box or the rest of the reply has too, if they have any; that it proves anything is not judged."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"heading": "Check"}, "The answer is $\\boxed{42}$.\n\nCheck:\n$42 / 7 = 6$.", True),
        Example({"heading": "Check"}, "## 2. Check\nIndeed, \\(6 + 36 = 42\\).\n\n$\\boxed{42}$", True),
        Example({"heading": "Check"}, "The answer is $\\boxed{42}$. Check: $42 / 7 = 6$.", False),
        Example({"heading": "Check"}, "Since $6 \\cdot 7 = 42$, it is $\\boxed{42}$.\n\n**Check:**\nAll fine.", False),
        Example({"heading": "Check"}, "## Check\nFine.\n\n## Answer\n$x = 42$, so $\\boxed{42}$.", False),
        Example({"heading": "Check"}, "## Check\n$1 = 1$\n\n## Answer\n$\\boxed{42}$.", False),
    )

    heading: str

    def __post_init__(self) -> None:
        super().__post_init__()
        require(bool(self.heading.strip(_HEADING_MARKS)), f"{self.kind}: heading", self.heading, "a heading")

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f'Your {self.part} must have a section headed "{self.heading}", on a line of its own, under which you '
                "verify your answer with at least one equation between dollar signs."
            ),
            (
                f'Add a section to your {self.part} whose heading, alone on its line, is "{self.heading}"; check your '
                "answer there with one equation or more between dollar signs."
            ),
            (
                f"Verify your answer in your {self.part}, with at least one equation between dollar signs, under the "
                f'heading "{self.heading}" on a line of its own.'
            ),
        )

    def needs(self) -> str:
        return self.heading

    def exact(self) -> str:
        return self.heading

    def holds(self, text: str) -> Verdict:
        found = None
        for found in islice(self._headings(text), _MOST_SECTIONS):
            for start, end in self._checks(text, found):
                return obeyed(found, Span(start, end))
        if found is None:
            return broken("the section is missing", Span(len(text), len(text)))
        return broken("no equation with a number of the reply stands under the heading", found)

    def _headings(self, text: str) -> Iterator[Span]:
        wanted = re.escape(self.heading.strip(_HEADING_MARKS))
        pattern = re.compile(
            rf"^[{_HEADING_MARKS}]*(?:(?:\d{{1,3}}|[IVX]{{1,4}}|[A-Za-z])[.)][ \t]*)?({wanted})[{_HEADING_MARKS}]*$",
            re.IGNORECASE | re.MULTILINE,
        )
        return (Span(*match.span(1)) for match in pattern.finditer(view(text).outline))

    @staticmethod
    def _checks(text: str, heading: Span) -> Iterator[Span]:
        """Yield the equations of the section under `heading` that hold a number of the reply."""
        end = _section_end(text, heading)
        numbers = _numbers(text[: heading.start] + text[end:])
        for box in view(text).boxes:
            numbers |= _numbers(text[box.start : box.end])
        for formula in view(text).math:
            if heading.end <= formula.start < end and equates(text[formula.start : formula.end]):
                mine = _numbers(text[formula.start : formula.end])
                if mine & numbers or not numbers:
                    yield formula

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw a heading; suits answers that can be calculated."""
        if problem.source == "knowledge" or "control" in problem.topics:
            return None
        return cls(heading=rng.choice(("Check", "Verification", "Sanity check", "Proof of correctness")))

    def clashes(self, other: Constraint) -> str:
        return other_language(other)

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        number = re.search(r"\d+", answer_box(body))
        equation = f"${number[0]} + 0 = {number[0]}$" if number else FILLER
        return before(f"{self.heading.strip()}:\n{equation}\n", body)

    def defy(self, body: str) -> str:
        for start, end in reversed(list(self._headings(body))):
            body = body[:start] + body[end:]
        return body


_MOST_SECTIONS = 20
"""Sections of one heading that are read."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# A line that is all in bold, a section of LaTeX, or the label of what follows a check.
_LABEL = re.compile(
    r"^[ \t]*(?:(\*\*|__)(?!\s)[^\n]{1,80}\1:?|\\(?:sub)*(?:section|paragraph)\*?\{[^\n]{1,80}\}"
    r"|\\textbf\{[^{}\n]{1,80}\}:?|(?:final )?answer:|solution:|result:|conclusion:|summary:)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def _section_end(text: str, heading: Span) -> int:
    """Return where the section under `heading` ends: at the next heading that is not of a deeper level."""
    headings = view(text).blocks.headings
    level = next((_level(text, one) for one in headings if one.start <= heading.start < one.end), 6)
    line = text.find("\n", heading.end)
    label = _LABEL.search(text, line) if line >= 0 else None
    ends = [one.start for one in headings if one.start > heading.end and _level(text, one) <= level]
    return min([*ends[:1], *([label.start()] if label else []), len(text)])


def _level(text: str, heading: Heading) -> int:
    return len(text[heading.start : heading.end]) - len(text[heading.start : heading.end].lstrip("#"))


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


@dataclass(frozen=True, kw_only=True)
class JsonObject(Constraint):
    """An object in JSON with given keys.

    Attributes:
        keys: its keys, all of them, in any order.
    """

    kind: ClassVar[str] = "layout:json"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = (
        "A code block, fenced or indented, whose values may be anything; beside it there may be other code, but no "
        "JSON object with other keys. Doubled keys and `NaN` are no JSON."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"keys": ["answer"]}, '```json\n{"answer": 42}\n```\nSo $\\boxed{42}$.', True),
        Example({"keys": ["answer", "unit"]}, '$\\boxed{42}$\n```\n{"unit": "m", "answer": 42}\n```', True),
        Example({"keys": ["answer"]}, '{"answer": 42}, so $\\boxed{42}$.', False),
        Example({"keys": ["answer"]}, '```json\n{"answer": 42, "unit": "m"}\n```\n$\\boxed{42}$', False),
        Example({"keys": ["answer"]}, "```json\n{'answer': 42}\n```\n$\\boxed{42}$", False),
        Example({"keys": ["answer"]}, '~~~ JSON\n{"answer": NaN}\n~~~\n$\\boxed{42}$', False),
        Example({"keys": ["answer"]}, '```json\n{"answer": 42}\n```', False),
        Example({"keys": ["answer"]}, '```\n{"answer": 42}\n```\n```\n{"unit": "m"}\n```\n$\\boxed{42}$', False),
    )

    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        require(len(set(self.keys)) == len(self.keys) > 0, f"{self.kind}: keys", self.keys, "different keys")

    def wordings(self) -> tuple[str, ...]:
        quoted = [f'"{key}"' for key in self.keys]
        keys = f"{'key' if len(quoted) == 1 else 'keys'} {enumerated(quoted)}"
        return (
            (
                "Besides the answer box, your response must contain a Markdown code block with a JSON object that has "
                f"the {keys} and no others."
            ),
            (
                f"In addition to the answer box, add a JSON object with exactly the {keys} to your response, in a "
                "Markdown code block."
            ),
            (
                "Your response must have, beside the answer box, a Markdown code block that holds a JSON object; the "
                f"object has the {keys}, all of them and nothing else."
            ),
        )

    def exact(self) -> str:
        return "\n".join(self.keys)

    def holds(self, text: str) -> Verdict:
        code = view(text).blocks.code
        if all(any(block.start <= box.start < block.end for block in code) for box in view(text).boxes):
            return broken("there is no answer box besides", Span(len(text), len(text)))
        found = [(block.inner, _keys(_QUOTE_MARK.sub("", text[slice(*block.inner)]))) for block in code]
        objects = [(inner, keys) for inner, keys in found if keys is not None]
        if not objects:
            return broken("no code block holds a JSON object", Span(len(text), len(text)))
        for inner, keys in objects:
            if keys != set(self.keys):
                return broken("a JSON object has other keys", inner)
        return obeyed(*(inner for inner, _ in objects[:20]))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw `answer` and two other keys out of `_KEYS`."""
        return cls(keys=("answer", *rng.sample(_KEYS, 2)))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, JsonObject) and set(other.keys) != set(self.keys):
            return "there is one JSON object"
        if other.kind == "startend:quotation":
            return "the quotation marks of JSON would end the quotation"
        if other.kind == "punctuation:no_comma" and len(self.keys) > 1:
            return "several keys need a comma"
        return other_language(other)

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        body = self.defy(body)
        shown = json.dumps(dict.fromkeys(self.keys, FILLER), ensure_ascii=False, indent=2)
        return before(f"```json\n{shown}\n```", body)

    def defy(self, body: str) -> str:
        for start, end, inner, _ in reversed(view(body).blocks.code):
            body = body[:start] + body[inner.start : inner.end].strip() + body[end:]
        return body


_KEYS = (
    "confidence", "method", "steps", "unit", "reason", "topic", "level", "check", "idea", "source", "title", "note",
)  # fmt: skip

_QUOTE_MARK = re.compile(r"^ {0,3}(?:> ?)+", re.MULTILINE)


def _keys(block: str) -> set[str] | None:
    """Return the keys of the JSON object that `block` is, or None."""
    try:
        row = strict_json(block)
    except ValueError:
        return None
    return set(row) if isinstance(row, dict) else None

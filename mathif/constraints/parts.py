"""Parts: kinds that demand a part of its own inside the reply, a table, a check under a heading, an object in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any, ClassVar, Self

from mathif.constraints.answer_form import other_language
from mathif.constraints.base import Constraint, Example, Group, Target, broken, obeyed, require
from mathif.constraints.edits import before
from mathif.constraints.layout import FILLER, at_least_one, exactly
from mathif.constraints.words import view
from mathif.records import Problem, Span, Verdict

_HEADER_AND_RULE = re.compile(r"^[^\n|]*+\|[^\n]*+\n((?=[^\n|]*+\|)(?=[^\n-]*+-)[-|: \t]++)$", re.MULTILINE)
_RULE = re.compile(r":?-+:?")
_FENCE = re.compile(r"`{3,}")
_OBJECT = re.compile(r"(?:json)?\s*+\{", re.IGNORECASE)
_HEADING_MARKS = " \t\r#*_:"


@dataclass(frozen=True, kw_only=True)
class Table(Constraint):
    """One Markdown table of two columns.

    Attributes:
        rows: rows below the header.
    """

    kind: ClassVar[str] = "layout:table"
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "Bars inside mathematics and escaped bars divide no cells. The content of the cells is not judged."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rows": 2}, "| Factor | Value |\n|---|---|\n| a | 6 |\n| b | 7 |\n\n$\\boxed{42}$", True),
        Example({"rows": 1}, "Term | $|x|$\n:--- | ---:\n$-42$ | $\\boxed{42}$", True),
        Example({"rows": 2}, "| Factor | Value |\n|---|---|\n| a | 6 |\n\n$\\boxed{42}$", False),
        Example({"rows": 1}, "| a | b | c |\n|---|---|---|\n| 1 | 6 | 7 |\n\n$\\boxed{42}$", False),
        Example({"rows": 1}, "| a | 6 |\n\n$\\boxed{42}$", False),
    )

    rows: int

    def __post_init__(self) -> None:
        at_least_one(self.kind, "rows", self.rows)

    def text(self) -> str:
        noun = "row" if self.rows == 1 else "rows"
        return (
            f"Your {self.part} must contain exactly one Markdown table; it must have two columns, a header, and exactly"
            f" {self.rows} {noun} below the header."
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
        if rules[1:] and rules[1][0] >= rows[-1].end:
            return broken("there is another table", Span(*rules[1]))
        return exactly(rows[2:], self.rows, "rows below the header", text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw 2 to 5 rows."""
        return cls(rows=rng.randint(2, 5))

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
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = "That the check is one is not judged, only that an equation follows the heading."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"heading": "Check"}, "The answer is $\\boxed{42}$.\n\nCheck:\n$42 / 7 = 6$.", True),
        Example({"heading": "Check"}, "## Check\nIndeed, \\(6 + 36 = 42\\).\n\n$\\boxed{42}$", True),
        Example({"heading": "Check"}, "The answer is $\\boxed{42}$. Check: $42 / 7 = 6$.", False),
        Example({"heading": "Check"}, "Since $6 \\cdot 7 = 42$, it is $\\boxed{42}$.\n\n**Check:**\nAll fine.", False),
    )

    heading: str

    def __post_init__(self) -> None:
        require(bool(self.heading.strip(_HEADING_MARKS)), f"{self.kind}: heading", self.heading, "a heading")

    def text(self) -> str:
        return (
            f'Your {self.part} must have a section headed "{self.heading}", on a line of its own, under which you'
            " verify your answer with at least one equation between dollar signs."
        )

    def needs(self) -> str:
        return self.heading

    def exact(self) -> str:
        return self.heading

    def holds(self, text: str) -> Verdict:
        found = next(self._headings(text), None)
        if found is None:
            return broken("the section is missing", Span(len(text), len(text)))
        for start, end in view(text).math:
            if start >= found.end and "=" in text[start:end]:
                return obeyed(found, Span(start, end))
        return broken("no equation follows the heading", found)

    def _headings(self, text: str) -> Iterator[Span]:
        marks = f"[{re.escape(_HEADING_MARKS)}]*"
        wanted = re.escape(self.heading.strip(_HEADING_MARKS))
        pattern = re.compile(rf"^{marks}+{wanted}{marks}$", re.IGNORECASE | re.MULTILINE)
        return (Span(*match.span()) for match in pattern.finditer(text))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw a heading; suits answers that can be calculated."""
        if problem.source == "knowledge" or "control" in problem.topics:
            return None
        return cls(heading=rng.choice(("Check", "Verification", "Sanity check", "Proof of correctness")))

    def clashes(self, other: Constraint) -> str:
        return other_language(other)

    def comply(self, body: str) -> str:
        return body if self.holds(body).passed else before(f"{self.heading.strip()}:\n{FILLER}", body)

    def defy(self, body: str) -> str:
        found = list(self._headings(body))
        for start, end in reversed(found):
            body = body[:start] + body[end:]
        return body


@dataclass(frozen=True, kw_only=True)
class JsonObject(Constraint):
    """An object in JSON with given keys.

    Attributes:
        keys: its keys, all of them, in any order.
    """

    kind: ClassVar[str] = "layout:json"
    group: ClassVar[Group] = Group.FORMAT
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = "Only blocks between ``` are read; the values may be anything, and one good block suffices."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"keys": ["answer"]}, '```json\n{"answer": 42}\n```\nSo $\\boxed{42}$.', True),
        Example({"keys": ["answer", "unit"]}, '$\\boxed{42}$\n```\n{"unit": "m", "answer": 42}\n```', True),
        Example({"keys": ["answer"]}, '{"answer": 42}, so $\\boxed{42}$.', False),
        Example({"keys": ["answer"]}, '```json\n{"answer": 42, "unit": "m"}\n```\n$\\boxed{42}$', False),
        Example({"keys": ["answer"]}, "```json\n{'answer': 42}\n```\n$\\boxed{42}$", False),
    )

    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        require(len(set(self.keys)) == len(self.keys) > 0, f"{self.kind}: keys", self.keys, "different keys")

    def text(self) -> str:
        quoted = [f'"{key}"' for key in self.keys]
        listed = " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
        noun = "key" if len(quoted) == 1 else "keys"
        return (
            "Besides the answer box, your response must contain a Markdown code block with a JSON object that has the"
            f" {noun} {listed} and no others."
        )

    def exact(self) -> str:
        return "\n".join(self.keys)

    def holds(self, text: str) -> Verdict:
        first = None
        for span in _blocks(text):
            if _keys(text[span.start : span.end]) == set(self.keys):
                return obeyed(span)
            first = first or span
        if first:
            return broken("the JSON object has other keys or cannot be read", first)
        return broken("no code block holds a JSON object", Span(len(text), len(text)))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw `answer` and one or two other keys."""
        others = rng.sample(("confidence", "method", "steps", "unit", "reason", "topic"), rng.randint(1, 2))
        return cls(keys=("answer", *others))

    def clashes(self, other: Constraint) -> str:
        if other.kind == "startend:quotation":
            return "the quotation marks of JSON would end the quotation"
        if other.kind == "punctuation:no_comma" and len(self.keys) > 1:
            return "several keys need a comma"
        return other_language(other)

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        shown = json.dumps(dict.fromkeys(self.keys, FILLER), ensure_ascii=False, indent=2)
        return before(f"```json\n{shown}\n```", body)

    def defy(self, body: str) -> str:
        return body.replace("```", "")


def _blocks(text: str) -> Iterator[Span]:
    """Yield what stands between each run of backticks and the next, where it begins like an object in JSON."""
    fences = _FENCE.finditer(text)
    for opening, closing in zip(fences, fences, strict=False):
        found = _OBJECT.match(text, opening.end(), closing.start())
        if found:
            yield Span(found.end() - 1, closing.start())


def _keys(block: str) -> set[str] | None:
    """Return the keys of the JSON object that `block` is, or None."""
    try:
        found: Any = json.loads(block, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return set(found) if isinstance(found, dict) else None

"""Objects: kinds that make the whole reply a record, in JSON or as a template of named fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import ClassVar, NoReturn, Self

from mathif.constraints.answer_form import other_language
from mathif.constraints.base import Constraint, Example, Group, Stage, broken, enumerated, obeyed, require
from mathif.constraints.edits import fill
from mathif.constraints.seen import seen
from mathif.constraints.words import INK, view
from mathif.json_values import Json
from mathif.records import Problem, Span, Verdict

# A Markdown fence around everything, of any spelling: three marks and more, an info string, and the same marks again.
_FENCED = re.compile(r"(`{3,}|~{3,})[^\n`]*\n(.*)\n[ \t]*\1[`~]*", re.DOTALL)
_MOST_DIGITS = 200
_LINED = frozenset(
    {
        "detectable_format:multiple_sections", "detectable_format:number_bullet_lists", "layout:check_section",
        "layout:headings", "layout:json", "layout:line_length", "layout:most_steps", "layout:numbered_steps",
        "layout:paragraphs", "layout:short_items", "layout:table", "layout:template",
    }
)  # fmt: skip
"""The kinds that take lines of their own."""
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "list": (list,), "object": (dict,),
}  # fmt: skip
_SAMPLES: Mapping[str, Json] = {"number": 1, "integer": 1, "boolean": True, "list": ["="], "object": {"=": "="}}


def read_json(text: str) -> Json:
    """Return the value that a whole text is, a Markdown fence around it or not; raises as `strict_json`."""
    bare = text.strip()
    fenced = _FENCED.fullmatch(bare) if bare[:3] in ("```", "~~~") else None
    return strict_json(fenced[2] if fenced else bare)


def strict_json(text: str) -> Json:
    """Return the value that a text is in JSON (RFC 8259).

    Raises:
        ValueError: for anything else; a doubled key and `NaN` are no JSON.
    """
    try:
        value: Json = json.loads(text, parse_constant=_refuse, object_pairs_hook=_pairs, parse_int=_short_int)
    except RecursionError as error:
        raise ValueError("the value is nested too deep") from error
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _short_int(digits: str) -> int:
    """Read an integer; what has more digits than Python reads is one all the same."""
    return int(digits) if len(digits) < _MOST_DIGITS else 1


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a key stands twice")
    return row


class _Whole(Constraint):
    """A demand that leaves no text outside of one JSON value."""

    group: ClassVar[Group] = Group.FORMAT
    stage: ClassVar[Stage] = Stage.WRAP
    planned: ClassVar[bool] = True

    def clashes(self, other: Constraint) -> str:
        """Exclude what stands at an edge of the text, or takes lines of its own."""
        if any(map(INK.search, (other.opening(), other.closing()))) or other.kind in (
            "startend:quotation",
            "conditional:parity_ending",
        ):
            return "a text in JSON begins and ends with a bracket"
        if other.kind in _LINED or getattr(other, "unit", "") == "paragraph":
            return "a text in JSON has no lines of its own"
        return ""

    def defy(self, body: str) -> str:
        return f"In short: {body}"


@dataclass(frozen=True, kw_only=True)
class WholeJson(_Whole):
    """The whole text in JSON."""

    kind: ClassVar[str] = "detectable_format:json_format"
    limits: ClassVar[str] = (
        "An object or a list with something in it; one Markdown fence may stand around it, of any spelling. Doubled"
        " keys "
        "and `NaN` are no JSON. `upstream` judges as ReasonIF (arXiv 2510.15211) does: any JSON value, `42` and `NaN` "
        "too."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, '{"answer": "\\\\boxed{42}"}', True),
        Example({}, '```json\n["Multiply.", "$\\\\boxed{42}$"]\n```', True),
        Example({}, 'Here it is: {"answer": "\\\\boxed{42}"}', False),
        Example({}, "{'answer': '\\\\boxed{42}'}", False),
        Example({}, "42", False),
        Example({}, "{}", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"Write your entire {self.part} in JSON, as one object or list and nothing else; you may put it into a "
                "Markdown code block. Double the backslashes inside strings."
            ),
            (
                f"Your {self.part} must be valid JSON from the first character to the last, apart from Markdown ticks "
                "around it. Escape backslashes."
            ),
            (
                f"Wrap all of your {self.part} in a single JSON object or array (a code fence is allowed), with "
                "backslashes escaped."
            ),
        )

    def holds(self, text: str) -> Verdict:
        try:
            whole = read_json(text)
        except ValueError:
            return broken("the whole text is not JSON", Span(0, len(text)))
        if isinstance(whole, dict | list) and _holds_something(whole):
            return obeyed()
        return broken("the JSON is no object or list with something in it", Span(0, len(text)))

    def holds_upstream(self, text: str) -> Verdict:
        bare = text.strip().removeprefix("```json").removeprefix("```Json").removeprefix("```JSON").removeprefix("```")
        try:
            json.loads(bare.removesuffix("```").strip())
        except (ValueError, RecursionError):
            return broken("json.loads fails")
        return obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Where the answer has no command, whose backslash would have to be doubled."""
        return None if "\\" in problem.answer else cls()

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, JsonFields)

    def comply(self, body: str) -> str:
        return body if self.holds(body).passed else json.dumps({"=": " ".join(body.split())}, ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class JsonFields(_Whole):
    """The whole text as one JSON object of given fields.

    Attributes:
        fields: each as `name: type`, the type one of string, number, integer, boolean, list, object.
    """

    kind: ClassVar[str] = "layout:json_fields"
    limits: ClassVar[str] = (
        "All fields and no others, each of its type (`true` is no number, `2.0` no integer), in any order; strings and "
        "lists have something in them. Doubled keys and `NaN` are no JSON; one Markdown fence may stand around it."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"fields": ["answer: string"]}, '{"answer": "$\\\\boxed{42}$"}', True),
        Example(
            {"fields": ["steps: list", "answer: string"]},
            '```json\n{"answer": "\\\\boxed{42}", "steps": ["Multiply."]}\n```',
            True,
        ),
        Example({"fields": ["answer: string"]}, '{"answer": 42}', False),
        Example({"fields": ["answer: string"]}, '{"answer": "\\\\boxed{42}", "unit": "m"}', False),
        Example({"fields": ["answer: string", "steps: list"]}, '{"answer": "\\\\boxed{42}", "steps": []}', False),
    )

    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        parts = [field.partition(": ") for field in self.fields]
        known = all(name.strip() and sign and kind in _TYPES for name, sign, kind in parts)
        require(
            known and len(self._typed()) == len(parts) > 0, f"{self.kind}: fields", self.fields, "`name: type` each"
        )

    def _typed(self) -> dict[str, str]:
        """Return the type of each field by its name."""
        return {name: kind for name, _, kind in (field.partition(": ") for field in self.fields)}

    def wordings(self) -> tuple[str, ...]:
        shown = [f'"{name}" ({"an" if kind[0] in "io" else "a"} {kind})' for name, kind in self._typed().items()]
        listed = enumerated(shown)
        noun = "field" if len(shown) == 1 else "fields"
        return (
            (
                f"Your entire {self.part} must be one JSON object with exactly the {noun} {listed}; you may put it "
                "into a Markdown code block. Double the backslashes inside strings."
            ),
            (
                f"Write your {self.part} as a single JSON object and nothing else. Its {noun}, all of them and no "
                f"others: {listed}. A code fence around it is allowed; escape backslashes."
            ),
            (
                f"Give your whole {self.part} in JSON, as an object that has the {noun} {listed} and no more, fenced "
                "or not, with backslashes escaped."
            ),
        )

    def exact(self) -> str:
        return "\n".join(self._typed())

    def holds(self, text: str) -> Verdict:
        try:
            whole = read_json(text)
        except ValueError:
            return broken("the whole text is not JSON", Span(0, len(text)))
        if not isinstance(whole, dict) or whole.keys() != self._typed().keys():
            return broken("the JSON is no object with the demanded fields", Span(0, len(text)))
        wrong = [name for name, kind in self._typed().items() if not _fits(whole[name], kind)]
        return broken(f"the field {wrong[0]!r} has another type, or nothing in it") if wrong else obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw the answer as a string, and one or two fields of other types; suits answers without a command."""
        if "\\" in problem.answer:
            return None
        others = ("steps: list", "confidence: number", "checked: boolean", "method: string", "count: integer")
        return cls(fields=("answer: string", *rng.sample(others, rng.randint(1, 2))))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, JsonFields) and other._typed() != self._typed():
            return "one object has one set of fields"
        if other.kind == "punctuation:no_comma" and len(self.fields) > 1:
            return "several fields need a comma"
        if other_language(other):
            return "the names of the fields are English"
        if other.kind == "lexical:spelled_numbers" and not {"number", "integer"}.isdisjoint(self._typed().values()):
            return "a number in JSON is in digits"
        return super().clashes(other)

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        shown = {name: _SAMPLES.get(kind, "=") for name, kind in self._typed().items()}
        holder = next((name for name, kind in self._typed().items() if kind == "string"), None)
        return json.dumps(shown | ({holder: " ".join(body.split())} if holder else {}), ensure_ascii=False)


def _fits(value: Json, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _TYPES[kind]) and _holds_something(value)


def _holds_something(value: Json) -> bool:
    """Say whether a string shows a character, and whether a list or an object holds something that does so."""
    match value:
        case str():
            return any(char.isprintable() and not char.isspace() for char in seen(value).text)
        case list():
            return any(map(_holds_something, value))
        case dict():
            return any(map(_holds_something, value.values()))
        case _:
            return value is not None


@dataclass(frozen=True, kw_only=True)
class Template(Constraint):
    """Lines that begin with given names.

    Attributes:
        fields: the names, in their order.
    """

    kind: ClassVar[str] = "layout:template"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "Each name stands once, at the start of a line and before a colon, behind marks of Markdown at most, in its "
        "letter case; what follows up to the next name is its content and must have words or a formula. Nothing may "
        "stand before the first."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"fields": ["Given", "Answer"]}, "Given: six bags of seven.\nAnswer: $\\boxed{42}$", True),
        Example({"fields": ["Method", "Answer"]}, "**Method:**\nMultiply.\n\n**Answer:** $\\boxed{42}$", True),
        Example({"fields": ["Given", "Answer"]}, "Answer: $\\boxed{42}$\nGiven: six bags of seven.", False),
        Example({"fields": ["Given", "Answer"]}, "Given:\nAnswer: $\\boxed{42}$", False),
        Example({"fields": ["Given", "Answer"]}, "Sure!\nGiven: six bags.\nAnswer: $\\boxed{42}$", False),
    )

    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        plain = all(field.strip() == field and "\n" not in field and ":" not in field for field in self.fields)
        require(
            plain and len(set(self.fields)) == len(self.fields), f"{self.kind}: fields", self.fields, "different names"
        )

    def wordings(self) -> tuple[str, ...]:
        listed = ", ".join(f'"{field}:"' for field in self.fields)
        return (
            (
                f"Fill in this template: your {self.part} must consist of the fields {listed} in this order, each on a "
                "line of its own that begins with the name and a colon, and nothing before the first."
            ),
            (
                f"Structure your {self.part} by these labels, each at the start of a line, in this order and once: "
                f"{listed}. Write something behind each, and nothing above the first."
            ),
            (
                f"Your {self.part} must begin with the first of the labels {listed} and use each of them once, in this "
                "order, at the start of a line."
            ),
        )

    def needs(self) -> str:
        return self.exact()

    def exact(self) -> str:
        return "\n".join(self.fields)

    def opening(self) -> str:
        return f"{self.fields[0]}:"

    def holds(self, text: str) -> Verdict:
        outline = view(text).outline
        marks = list(self._marks(outline))
        if [match[1] for match in marks] != list(self.fields):
            return broken("the fields are not those demanded, in their order", Span(0, len(text)))
        if INK.search(outline, 0, marks[0].start()):
            return broken("something stands before the first field", Span(0, marks[0].start()))
        for start, end in pairwise([*(match.end() for match in marks), len(outline)]):
            if not INK.search(outline, start, next((m.start() for m in marks if m.start() >= start), end)):
                return broken("a field is empty", Span(start, end))
        return obeyed(*(Span(*match.span()) for match in marks[:20]))

    def _marks(self, outline: str) -> Iterator[re.Match[str]]:
        names = "|".join(map(re.escape, self.fields))
        return re.compile(rf"^[^\S\n]*({names})[^\S\n]*[:：]", re.MULTILINE).finditer(outline)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw two or three names, `Answer` last."""
        first = rng.sample(("Given", "Wanted", "Idea", "Method", "Steps"), rng.randint(1, 2))
        return cls(fields=(*first, "Answer"))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, Template) and other.fields != self.fields:
            return "a text fills in one template"
        return ""

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        bare = re.sub(rf"(?m)^[ \t]*(?:{'|'.join(map(re.escape, self.fields))})[ \t]*:", "", body)
        word = fill(body, 1)
        return "\n".join([*(f"{field}: {word}" for field in self.fields[:-1]), f"{self.fields[-1]}:\n{bare.lstrip()}"])

    def defy(self, body: str) -> str:
        return f"Well then.\n{body}"

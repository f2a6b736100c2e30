"""Unmarked: kinds that forbid a notation, Markdown, LaTeX or emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed
from mathif.constraints.edits import around_boxes, before
from mathif.constraints.formulas import pieces
from mathif.constraints.layout import FILLER
from mathif.constraints.words import OBJECT, view
from mathif.records import Span, Verdict

_MARKS = (
    ("](", re.compile(r"(!?\[)[^\[\]\n]+\]\([^()\s]+(?: \"[^\"\n]*\")?\)")),
    ("<http", re.compile(r"(<)https?://[^\s<>]+>", re.IGNORECASE)),
    ("~~", re.compile(r"(~~)(?=\S)[^~\n]+~~")),
    ("]:", re.compile(r"^ {0,3}(\[)[^\[\]\n]+\]:[ \t]*\S+[ \t]*$", re.MULTILINE)),
    ("==", re.compile(r"^ {0,3}[^\s>#*+\d|-][^\n]*\n {0,3}(=)=+[ \t]*$", re.MULTILINE)),
    ("--", re.compile(r"^ {0,3}[^\s>#*+\d|-][^\n]*\n {0,3}(-)-+[ \t]*$", re.MULTILINE)),
    ("</", re.compile(r"(<)(b|i|em|strong|u|s|code|h[1-6]|ul|ol|li|table|a|pre|sub|sup)\b[^<>\n]*>", re.IGNORECASE)),
    (">", re.compile(r"^ {0,3}(>)", re.MULTILINE)),
    ("|", re.compile(r"^[ \t]*\|?[ \t]*:?(-)-*:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$", re.MULTILINE)),
)
"""Links and their targets, strikethrough, underlined headings, tags of type, block quotes and the rules of tables, each
with a sign that it cannot do without."""
# Pictographs, dingbats, flags, keycaps and what makes a character one of them.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23fa"
    "\u2934\u2935\u3030\u303d\u3297\u3299\ufe0f\u20e3]"
)
_MARKED = frozenset(
    {
        "detectable_format:number_highlighted_sections", "detectable_format:number_bullet_lists",
        "layout:exact_highlights", "layout:headings", "layout:json", "layout:most_steps", "layout:numbered_steps",
        "layout:short_items", "layout:table",
    }
)  # fmt: skip
"""The kinds that no text without Markdown obeys."""
_AROUND_BOX = "$\\()[] \n."
_FORMULAS = frozenset({"layout:check_section", "layout:equations", "lexical:named_variable"})
"""The kinds that no text without formulas in LaTeX obeys."""


class _Without(Constraint):
    """A demand without arguments to do without a notation; it suits every problem."""

    group: ClassVar[Group] = Group.FORMAT
    stage: ClassVar[Stage] = Stage.REMOVE
    strewn: ClassVar[bool] = True

    def holds(self, text: str) -> Verdict:
        mark = next(self._found(text), None)
        return obeyed() if mark is None else broken("the notation is used here", mark)

    def _found(self, text: str) -> Iterator[Span]:
        """Yield places where the notation is used."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class NoMarkdown(_Without):
    """No Markdown."""

    kind: ClassVar[str] = "punctuation:no_markdown"
    limits: ClassVar[str] = (
        "Headings, list items (numbered ones too), emphasis, code, quotes, tables, rules, links, HTML tags of type and "
        "strikethrough, as CommonMark and its tables read them; formulas are none of these. A null reply obeys."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, "Six * seven is $\\boxed{42}$.", True),
        Example({}, "First we multiply_it.\n\nThe answer is $a*b*c = \\boxed{42}$.", True),
        Example({}, "The answer is **$\\boxed{42}$**.", False),
        Example({}, "- Multiply.\n- Write $\\boxed{42}$.", False),
        Example({}, "# Answer\n$\\boxed{42}$", False),
        Example({}, "Use `6*7`: $\\boxed{42}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"Use no Markdown in your {self.part}: no headings, lists, bold or italic type, tables, quotes, links "
                "or code."
            ),
            f"Write your {self.part} as plain text, without any Markdown formatting.",
            (
                f"Your {self.part} must not contain Markdown of any kind, be it headings, bullet points, numbered "
                "lists, emphasis, tables or code."
            ),
        )

    def _found(self, text: str) -> Iterator[Span]:
        seen = view(text)
        blocks = seen.blocks
        for places in (blocks.items, blocks.headings, seen.emphasis, seen.code, blocks.rules):
            yield from (Span(one.start, one.end) for one in places)
        solid = seen.opaque
        for mark, pattern in _MARKS:
            if mark in text:
                # Inside of code and formulas the same characters are none of these.
                found_here = (match for match in pattern.finditer(text) if solid[match.start(1)] != OBJECT)
                yield from (Span(*match.span()) for match in found_here)

    def clashes(self, other: Constraint) -> str:
        return f"{other.kind} needs Markdown" if other.kind in _MARKED else ""

    def comply(self, body: str) -> str:
        plain = re.sub(r"(?m)^[ \t]*(?:#{1,6}|[-*+>]|\d{1,9}[.)])[ \t]+|[*_`~]{1,3}|^\|.*$", "", body)
        return body if self.holds(body).passed else plain

    def defy(self, body: str) -> str:
        return before("**Note**", body)


@dataclass(frozen=True, kw_only=True)
class NoLatex(_Without):
    """No LaTeX but for the answer box."""

    kind: ClassVar[str] = "punctuation:no_latex"
    limits: ClassVar[str] = (
        "Formulas between dollar signs, `\\(…\\)`, `\\[…\\]` or in environments, and commands; the last box, with what "
        "it holds and the delimiters directly around it, is free. Sums of money are no formulas. A null reply obeys."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, "Six times seven is 6 * 7 = 42, so $\\boxed{42}$.", True),
        Example({}, "It costs $5 and $7 at most: \\boxed{\\frac{1}{2}}", True),
        Example({}, "Since $6 \\cdot 7 = 42$, it is \\boxed{42}.", False),
        Example({}, "Six \\times seven is \\boxed{42}.", False),
        Example({}, "It is $x = \\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"Use no LaTeX in your {self.part} apart from the answer box: no formulas between dollar signs and no "
                "commands."
            ),
            f"Write all mathematics of your {self.part} in plain text; only the answer box may be LaTeX.",
            (
                f"Your {self.part} must not contain LaTeX, neither commands nor dollar signs around formulas, except "
                "for the final box."
            ),
        )

    def _found(self, text: str) -> Iterator[Span]:
        seen = view(text)
        boxes = seen.boxes[-1:]
        for start, end, _ in pieces(text, seen.boxes):
            held = next((box for box in boxes if start <= box.start and box.end <= end), None)
            beside = text[start : held.start] + text[held.end : end] if held else text[start:end]
            if beside.strip(_AROUND_BOX if held else "\\$"):
                yield Span(start, end)

    def clashes(self, other: Constraint) -> str:
        return f"{other.kind} needs a formula" if other.kind in _FORMULAS else ""

    def comply(self, body: str) -> str:
        marks = list(self._found(body))
        for start, end in reversed(marks):
            plain = around_boxes(lambda part: re.sub(r"\\[A-Za-z]+|[$\\{}^_]", " ", part), body[start:end])
            body = f"{body[:start]} {plain} {body[end:]}"
        return body

    def defy(self, body: str) -> str:
        return before(FILLER, body)


@dataclass(frozen=True, kw_only=True)
class NoEmoji(_Without):
    """No emoji."""

    kind: ClassVar[str] = "punctuation:no_emoji"
    limits: ClassVar[str] = (
        "Pictographs, dingbats (✓, ✅, ★), flags and keycaps; smileys of punctuation such as `:-)` are not looked for, "
        "and mathematical signs and arrows are none. A null reply obeys."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, "So the answer is $\\boxed{42}$ :-)", True),
        Example({}, "6 × 7 → 42 ≤ 50: $\\boxed{42}$", True),
        Example({}, "The answer is $\\boxed{42}$ 🎉", False),
        Example({}, "✅ $\\boxed{42}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Use no emoji in your {self.part}.",
            f"Your {self.part} must be free of emoji and other pictographs.",
            f"Do not put any emoji into your {self.part}.",
        )

    def _found(self, text: str) -> Iterator[Span]:
        return (Span(*match.span()) for match in _EMOJI.finditer(text)) if not text.isascii() else iter(())

    def comply(self, body: str) -> str:
        return around_boxes(lambda part: _EMOJI.sub("", part), body)

    def defy(self, body: str) -> str:
        return f"{body} \U0001f389"

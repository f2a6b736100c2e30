r"""Demands on where the answer stands: alone on the first line, alone on the last one, and with how much confidence.

A line holds *only the answer* when a reader sees nothing else on it: delimiters and environments of mathematics, marks
of Markdown, line breaks and comments are not seen, be they on the same line or on lines of their own (`$$`, newline,
`\boxed{42}`, newline, `$$`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from mathif.constraints import box
from mathif.constraints.base import Constraint, Example, Group, Stage, Target, broken, obeyed
from mathif.constraints.words import OBJECT, view
from mathif.records import Span, Verdict

_DELIMITERS = ' \t\r\n\xa0$*_"“”„«».。\\'
# Delimiters and environments of mathematics, line breaks, spacing, the size of what follows, and what is invisible.
_UNSEEN = re.compile(
    r"\\(?:[\[\]()\\,;:!> ]|(?:begin|end) ?\{[a-z]+\*?\}|(?:displaystyle|q?quad|centering|large|huge)(?![a-z])"
    r"|[hv]?phantom ?\{[^{}]*\})",
    re.IGNORECASE,
)
_INK = re.compile(r"[^\W_]")
_WRAPPED = re.compile(r"\\(?:text[a-z]*|math(?:rm|bf)) ?\{([^{}]*)\}")
# A whole percentage up to 100, not padded with zeros.
_CONFIDENCE = re.compile(r"confidence ?[:：] ?(?:100|[1-9]?\d) ?[%％]", re.IGNORECASE)


def _bare(shown: str) -> str:
    """Return what a reader sees of a piece of `View.shown` beside an answer, delimiters and quotes taken away."""
    return _UNSEEN.sub("", shown).strip(_DELIMITERS)


class _Placed(Constraint):
    """A demand without arguments on a line at the start or the end; it suits every problem."""

    group: ClassVar[Group] = Group.ANSWER
    stage: ClassVar[Stage] = Stage.FRAME


@dataclass(frozen=True, kw_only=True)
class AnswerFirst(_Placed):
    """The answer first, alone on its line, then the reasons."""

    kind: ClassVar[str] = "answer:first"
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = (
        "That the text below gives reasons is not judged, only that it has words or a formula; comments, rules and "
        "further boxes are none."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, "$\\boxed{42}$\n\nSix sevens are forty-two.", True),
        Example({}, "$$\n\\boxed{42}\n$$\nSix sevens are forty-two.", True),
        Example({}, "Six sevens are forty-two.\n\n$\\boxed{42}$", False),
        Example({}, "$\\boxed{42}$ because six sevens are forty-two.", False),
        Example({}, "$\\boxed{42}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                "Give the answer first: the first line of your response must hold the answer box and nothing else, "
                "and the reasons must follow below it."
            ),
            "Open your response with a line that holds only the answer box, and explain your answer below that line.",
            "The answer box must stand alone on the first line of your response, with your reasons beneath it.",
        )

    def holds(self, text: str) -> Verdict:
        boxes = view(text).boxes
        if not boxes:
            return box.missing(text)
        start, end = boxes[0]
        shown = view(text).shown
        if _bare(shown[:start]):
            return broken("words stand before the answer", Span(0, start))
        beside = shown[end:].partition("\n")[0]
        if _bare(beside):
            return broken("words stand beside the answer", Span(end, end + len(beside)))
        others = [Span(end, end + len(beside)), *boxes[1:], Span(len(text), len(text))]
        below = "".join(shown[one.end : other.start] for one, other in pairwise(others))
        if not _INK.search(_UNSEEN.sub("", below)):
            return broken("no reasons follow the answer", Span(end, len(text)))
        return obeyed(boxes[0])

    def opening(self) -> str:
        return OBJECT

    def clashes(self, other: Constraint) -> str:
        """Exclude another place for the one answer box, and words beside it."""
        if isinstance(other, AnswerLast):
            return "the answer box stands alone on one line"
        if other.kind == "answer:unit":
            return "the first line holds the answer alone"
        return ""

    def comply(self, body: str) -> str:
        parted = _parted(body)
        if parted is None or self.holds(body).passed:
            return body
        answer, rest = parted
        return f"${answer}$\n\n{rest if _bare(rest) else body}"

    def defy(self, body: str) -> str:
        return f"First the reasons.\n\n{body}"


@dataclass(frozen=True, kw_only=True)
class AnswerLast(_Placed):
    """A final line that is only the answer."""

    kind: ClassVar[str] = "answer:last_line"
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = (
        "Delimiters of mathematics, marks of Markdown (a block quote and a bullet too), quotes, a full stop and a line "
        "break may stand beside the box; a comment below it is not seen."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, "Six sevens are forty-two.\n\n$\\boxed{42}$", True),
        Example({}, "Six sevens make\n\\[\n\\boxed{42}.\n\\]", True),
        Example({}, "The answer is $\\boxed{42}$.", False),
        Example({}, "Six sevens make\n$\\boxed{42}$ marbles.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            "The last line of your response must hold the answer box and nothing else.",
            "End your response with a line that consists of the answer box alone.",
            "Put the answer box, without anything beside it, on the final line of your response.",
        )

    def holds(self, text: str) -> Verdict:
        boxes = view(text).boxes
        if not boxes:
            return box.missing(text)
        start, end = boxes[-1]
        shown = view(text).shown
        if _bare(shown[end:]):
            return broken("words follow the answer", Span(end, len(text)))
        top = _line_start(shown, start)
        if _bare(shown[top:start]):
            return broken("words stand before the answer on its line", Span(top, start))
        return obeyed(boxes[-1])

    def closing(self) -> str:
        return OBJECT

    def clashes(self, other: Constraint) -> str:
        """Exclude words beside the box."""
        return "the last line holds the answer alone" if other.kind == "answer:unit" else ""

    def comply(self, body: str) -> str:
        parted = _parted(body)
        if parted is None or self.holds(body).passed:
            return body
        answer, rest = parted
        return f"{rest.rstrip()}\n\n${answer}$".lstrip()

    def defy(self, body: str) -> str:
        return f"{body} That is all."


def _parted(body: str) -> tuple[str, str] | None:
    """Return the last box of `body`, and `body` without it and the mathematics around it; None without a box."""
    around = box.around(body)
    if around is None:
        return None
    start, end = view(body).boxes[-1]
    return body[start:end], box.replaced(body, around, "")


def _line_start(text: str, place: int) -> int:
    """Return where the line of `place` starts, be there delimiters on lines of their own above it or not."""
    return text.rfind("\n", 0, place) + 1


@dataclass(frozen=True, kw_only=True)
class AnswerConfidence(_Placed):
    """A last line that states the confidence in the answer."""

    kind: ClassVar[str] = "answer:confidence"
    limits: ClassVar[str] = (
        "Whether the confidence is earned is not judged. The line may be a heading or a list item; a percentage padded "
        "with zeros, a decimal and a range are not the form."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, "The answer is $\\boxed{42}$.\n\nConfidence: 95%", True),
        Example({}, "The answer is $\\boxed{42}$.\n**Confidence:** 80 %", True),
        Example({}, "The answer is $\\boxed{42}$. Confidence: 95%", False),
        Example({}, "Confidence: 95%\nThe answer is $\\boxed{42}$.", False),
        Example({}, "The answer is $\\boxed{42}$.\nConfidence: 120%", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"The last line of your {self.part} must state how sure you are, in whole percent, in the form "
                '"Confidence: 75%".'
            ),
            (
                f'End your {self.part} with a line of the form "Confidence: 75%" that says, in whole percent, how sure '
                "you are."
            ),
            (
                f"Say how certain you are on the final line of your {self.part}, as a whole percentage in the form "
                '"Confidence: 75%".'
            ),
        )

    def needs(self) -> str:
        return "Confidence"

    def exact(self) -> str:
        return "Confidence: 75%"

    def closing(self) -> str:
        return self.exact()

    def holds(self, text: str) -> Verdict:
        shown = view(text).shown.rstrip()
        top = _line_start(shown, len(shown))
        line = _bare(_WRAPPED.sub(r"\1", shown[top:].replace("$", "").replace("\\%", "%")))
        if _CONFIDENCE.fullmatch(" ".join(line.split())):
            return obeyed(Span(top, len(shown)))
        return broken("the last line states no confidence", Span(top, len(shown)))

    def comply(self, body: str) -> str:
        return body if self.holds(body).passed else f"{body.rstrip()}\n\nConfidence: 100%"

    def defy(self, body: str) -> str:
        return f"{body}\nThat is all."

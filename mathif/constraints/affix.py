"""Affix: kinds that restrict how a reply starts and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed, require
from mathif.constraints.edits import around_boxes, without
from mathif.constraints.words import view, words
from mathif.records import Problem, Span, Verdict

_QUOTES = '"“”„‟«»＂'
_QUOTE = re.compile(f"[{_QUOTES}]")
_INNER_QUOTE = re.compile(rf"(?<!\\)[{_QUOTES}]")
_CLOSERS = f"{_QUOTES}*_`')’ \t\r\n"
_OPENERS_BEFORE = "([{—–-*_"
_CLOSERS_BEHIND = ")]}.,;:!?—–-*_"

END_PHRASES = (
    "Any other questions?",
    "Is there anything else I can help with?",
    "This completes the solution.",
    "I hope this helps!",
    "That concludes my reasoning.",
    "Thank you for the problem.",
)
"""Phrases that `draw` takes; the first two are those of MathIF."""

LONGEST_REQUEST_CHARS = 600
"""Longest question that `draw` asks to repeat."""


@dataclass(frozen=True, kw_only=True)
class RepeatPrompt(Constraint):
    """The request first, word for word, and then the answer."""

    kind: ClassVar[str] = "combination:repeat_prompt"
    group: ClassVar[Group] = Group.AFFIX
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "`mathif` wants the request unchanged, letter case included, but lets line breaks and runs of spaces differ, "
        "and wants something behind it, since the sentence says *then answer*. `upstream` ignores letter case, counts "
        "every space, and takes the bare request for obedience."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"prompt_to_repeat": "What is 2 + 3?"}, r"What is 2 + 3? It is $\boxed{5}$.", True),
        Example({"prompt_to_repeat": "What is\n2 + 3?"}, "\nWhat is 2  + 3?\n\nFive.", True),
        Example({"prompt_to_repeat": "What is 2 + 3?"}, "You ask: What is 2 + 3? It is 5.", False),
        Example({"prompt_to_repeat": "What is 2 + 3?"}, "what is 2 + 3? It is 5.", False),
        Example({"prompt_to_repeat": "What is 2 + 3?"}, "What is 2 + 3?", False),
    )

    prompt_to_repeat: str

    def __post_init__(self) -> None:
        require(bool(self.prompt_to_repeat.strip()), f"{self.kind}: prompt_to_repeat", self.prompt_to_repeat, "a text")

    def text(self) -> str:
        return (
            f"Begin your {self.part} by repeating the problem statement word for word, without changing anything in it "
            "or putting anything before it, and then give your answer."
        )

    def needs(self) -> str:
        return self.prompt_to_repeat

    def exact(self) -> str:
        return view(self.prompt_to_repeat).prose

    def opening(self) -> str:
        return self.prompt_to_repeat

    def holds(self, text: str) -> Verdict:
        place = len(text) - len(text.lstrip())
        start = place
        for part in self.prompt_to_repeat.split():
            if not text.startswith(part, place):
                return broken(
                    "the request is not repeated word for word at the start",
                    Span(place, min(len(text), place + len(part))),
                )
            place += len(part)
            place += _spaces(text, place)
        if place >= len(text):
            return broken("nothing follows the repeated request", Span(start, len(text)))
        return obeyed(Span(start, place))

    def holds_upstream(self, text: str) -> Verdict:
        if text.strip().lower().startswith(self.prompt_to_repeat.strip().lower()):
            return obeyed(Span(0, len(text) - len(text.lstrip()) + len(self.prompt_to_repeat.strip())))
        return broken("the text does not start with the request")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Any question that is not too long to be repeated."""
        if len(problem.question) > LONGEST_REQUEST_CHARS:
            return None
        return cls(prompt_to_repeat=problem.question)

    def comply(self, body: str) -> str:
        return f"{self.prompt_to_repeat.strip()}\n\n{body}"

    def defy(self, body: str) -> str:
        return f"Well then: {body}"


@dataclass(frozen=True, kw_only=True)
class EndChecker(Constraint):
    """A given phrase at the very end."""

    kind: ClassVar[str] = "startend:end_checker"
    group: ClassVar[Group] = Group.AFFIX
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "Both ignore letter case, so that a reply in capitals can end with the phrase. `mathif` lets closing quotation "
        "marks, emphasis marks and brackets follow the phrase, lets white space in it differ, and wants it to start at "
        "a word. `upstream` lets straight double quotation marks follow only, and takes *many other questions?* for an "
        "ending in *any other questions?*."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"end_phrase": "Any other questions?"}, r"It is $\boxed{5}$. Any other questions?", True),
        Example({"end_phrase": "Any other questions?"}, "“It is 5. **Any other questions?**”\n", True),
        Example({"end_phrase": "Any other questions?"}, "It is 5. Any other questions? Just ask.", False),
        Example({"end_phrase": "Any other questions?"}, "It is 5. Are there many other questions?", False),
    )

    end_phrase: str

    def __post_init__(self) -> None:
        require(bool(self.end_phrase.strip()), f"{self.kind}: end_phrase", self.end_phrase, "a phrase")

    def text(self) -> str:
        return f'Finish your {self.part} with exactly this phrase: "{self.end_phrase.strip()}" Write nothing after it.'

    def needs(self) -> str:
        return self.end_phrase

    def exact(self) -> str:
        return self.end_phrase

    def closing(self) -> str:
        return self.end_phrase

    def holds(self, text: str) -> Verdict:
        wanted = self.end_phrase.lower().split()
        end = len(text.rstrip(_CLOSERS.replace(self.end_phrase.strip()[-1], "")))
        place = end
        for part in reversed(wanted):
            if text[max(0, place - len(part)) : place].lower() != part:
                return broken("the text does not end with the phrase", Span(max(0, end - len(self.end_phrase)), end))
            place -= len(part)
            start = place
            place -= len(text[max(0, place - 1000) : place]) - len(text[max(0, place - 1000) : place].rstrip())
        if start and text[start - 1].isalnum() and wanted[0][0].isalnum():
            return broken("the phrase is only the end of another word", Span(start, end))
        return obeyed(Span(start, end))

    def holds_upstream(self, text: str) -> Verdict:
        bare = text.strip().strip('"')
        phrase = self.end_phrase.strip().lower()
        if bare.lower().endswith(phrase):
            end = text.rstrip().rstrip('"')
            return obeyed(Span(max(0, len(end) - len(phrase)), len(end)))
        return broken("the text does not end with the phrase")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """One of `END_PHRASES`."""
        return cls(end_phrase=rng.choice(END_PHRASES))

    def follows(self, other: Constraint) -> bool:
        return self.holds(other.closing()).passed

    def comply(self, body: str) -> str:
        return f"{body.rstrip()} {self.end_phrase.strip()}"

    def defy(self, body: str) -> str:
        return f"{body.rstrip()} So much for that part of it"


@dataclass(frozen=True, kw_only=True)
class Quotation(Constraint):
    """Everything between double quotation marks."""

    kind: ClassVar[str] = "startend:quotation"
    group: ClassVar[Group] = Group.AFFIX
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.WRAP
    limits: ClassVar[str] = (
        "`mathif` takes straight and typographic double quotation marks (“…”, „…“, «…») and wants the first one to "
        'reach to the end: `"Yes" and "no"` is two quotations, not one. `upstream` takes straight ones only and '
        "looks at the first and the last character alone."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r'"The answer is $\boxed{5}$."', True),
        Example({}, r"“He calls it “five”, so $\boxed{5}$.”", True),
        Example({}, r"The answer is $\boxed{5}$.", False),
        Example({}, '"Five" is the same as "5"', False),
        Example({}, '""', False),
    )

    def text(self) -> str:
        return f"Put your entire {self.part} between double quotation marks."

    def holds(self, text: str) -> Verdict:
        bare = text.strip()
        first = len(text) - len(text.lstrip())
        last = first + len(bare) - 1
        if len(bare) < 3 or bare[0] not in _QUOTES or bare[-1] not in _QUOTES:
            return broken("the text does not start and end with a double quotation mark", Span(first, first + 1))
        if not bare.strip(_QUOTES + " \t\r\n"):
            return broken("there is nothing between the quotation marks", Span(first, last + 1))
        closed = _first_closing(text, first, last)
        if closed is not None:
            return broken("the quotation ends before the text does", Span(closed, closed + 1))
        return obeyed(Span(first, first + 1), Span(last, last + 1))

    def holds_upstream(self, text: str) -> Verdict:
        bare = text.strip()
        if len(bare) > 1 and bare[0] == '"' and bare[-1] == '"':
            return obeyed()
        return broken("the text does not start and end with a straight double quotation mark")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """There is nothing to draw."""
        return cls()

    def opening(self) -> str:
        return '"'

    def closing(self) -> str:
        return '"'

    def comply(self, body: str) -> str:
        inner = around_boxes(lambda part: _QUOTE.sub("'", part), body.strip())
        return f'"\n{inner}"' if "\n" in inner else f'"{inner}"'

    def defy(self, body: str) -> str:
        return without(f"[{_QUOTES}]", body) if next(words(body), None) else f"Done {body}"


def _spaces(text: str, place: int) -> int:
    match = re.compile(r"\s*").match(text, place)
    return len(match.group()) if match else 0


def _first_closing(text: str, first: int, last: int) -> int | None:
    """Return where the quotation that opens at `first` is closed before `last`, or None.

    A straight mark opens behind a space and closes before one; a mark that could do both or neither is not counted,
    nor is one behind a backslash or a digit (inches).
    """
    depth = 1
    for match in _INNER_QUOTE.finditer(text, first + 1, last):
        place = match.start()
        previous, following = text[place - 1], text[place + 1]
        opens = previous.isspace() or previous in _OPENERS_BEFORE
        closes = (following.isspace() or following in _CLOSERS_BEHIND) and not previous.isdigit()
        if opens != closes:
            depth += 1 if opens else -1
        if depth == 0:
            return place
    return None

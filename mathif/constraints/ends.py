"""Ends: kinds on both ends of a text, on an end that depends on the answer, and on how one of its parts begins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import ClassVar, Literal, Self

from mathif.constraints import box
from mathif.constraints.affix import EndChecker, worded
from mathif.constraints.base import Constraint, Example, Group, Stage, Target, broken, obeyed, require
from mathif.constraints.edits import before, fill
from mathif.constraints.layout import paragraphs
from mathif.constraints.sentences import BetweenWords, sentences
from mathif.constraints.wording import StartPhrase
from mathif.constraints.words import INK, view
from mathif.records import Problem, Span, Verdict

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, kw_only=True)
class BothEnds(Constraint):
    """One phrase at the very start and at the very end.

    Attributes:
        phrase: the phrase, its punctuation included.
    """

    kind: ClassVar[str] = "startend:both_ends"
    group: ClassVar[Group] = Group.AFFIX
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "Both places as `startend:end_checker` and `startend:start_phrase` judge them, letter case included, with "
        "something between. `upstream` judges as CoT-Control (arXiv 2603.05706) does: the text begins and ends with"
        " the "
        "phrase, or its first and last line do, letter case ignored."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"phrase": "All is well."}, "All is well. It is $\\boxed{42}$. All is well.", True),
        Example({"phrase": "All is well."}, "**All is well.**\n\n$\\boxed{42}$\n\nAll is well.", True),
        Example({"phrase": "All is well."}, "All is well. It is $\\boxed{42}$.", False),
        Example({"phrase": "All is well."}, "It is $\\boxed{42}$. All is well.", False),
        Example({"phrase": "All is well."}, "All is well.", False),
    )

    phrase: str

    def wordings(self) -> tuple[str, ...]:
        phrase = self.phrase.strip()
        return (
            (
                f"Write exactly this phrase at the very beginning and again at the very end of your {self.part}: "
                f'"{phrase}"'
            ),
            (
                f"Your {self.part} must start with this phrase and finish with the same one, with nothing outside: "
                f'"{phrase}"'
            ),
            f'Put this phrase both first and last in your {self.part}, word for word: "{phrase}"',
        )

    def needs(self) -> str:
        return f"{self.phrase} {self.phrase}"

    def exact(self) -> str:
        return self.phrase

    def opening(self) -> str:
        return self.phrase

    def closing(self) -> str:
        return self.phrase

    def holds(self, text: str) -> Verdict:
        first = StartPhrase(phrase=self.phrase).holds(text)
        last = EndChecker(end_phrase=self.phrase).holds(text)
        if not first.passed or not last.passed:
            return last if first.passed else first
        between = view(text).outline[first.evidence[0].end : last.evidence[0].start]
        shown = view(text).shown
        if shown[slice(*first.evidence[0])].split() != shown[slice(*last.evidence[0])].split():
            return broken("the phrase at the start has other letters", first.evidence[0])
        return obeyed(*first.evidence, *last.evidence) if INK.search(between) else broken("nothing stands between")

    def holds_upstream(self, text: str) -> Verdict:
        bare, phrase = text.strip().casefold(), self.phrase.strip().casefold()
        lines = [line.strip() for line in bare.split("\n") if line.strip()]
        first = bare.startswith(phrase) or phrase in lines[:1]
        last = bare.endswith(phrase) or phrase in lines[-1:]
        return obeyed() if first and last else broken("the phrase does not stand at both ends")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw a phrase without a comma."""
        return cls(phrase=rng.choice(("All is well.", "Checked and signed.", "On the record:", "Numbers never lie.")))

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        first = "" if StartPhrase(phrase=self.phrase).holds(body).passed else f"{self.phrase.strip()}\n"
        return f"{first}{body.strip()}\n{self.phrase.strip()}"

    def defy(self, body: str) -> str:
        return f"Well. {body} So much for that"


@dataclass(frozen=True, kw_only=True)
class ParityEnding(Constraint):
    """An ending that depends on whether the answer is even.

    Attributes:
        even: the phrase that ends a reply with an even answer.
        odd: the one that ends a reply with an odd answer.
    """

    kind: ClassVar[str] = "conditional:parity_ending"
    group: ClassVar[Group] = Group.AFFIX
    stage: ClassVar[Stage] = Stage.FRAME
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = (
        "The answer is the one in the last box, right or wrong; where that is no integer the demand is not met. The "
        "ending is judged as `startend:end_checker` judges it."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"even": "It is even.", "odd": "It is odd."}, "We get $\\boxed{42}$. It is even.", True),
        Example(
            {"even": "It is even.", "odd": "It is odd."}, "We get $\\boxed{n = 7\\text{ m}}$. **It is odd.**", True
        ),
        Example({"even": "It is even.", "odd": "It is odd."}, "We get $\\boxed{42}$. It is odd.", False),
        Example({"even": "It is even.", "odd": "It is odd."}, "We get $\\boxed{42}$.", False),
        Example({"even": "It is even.", "odd": "It is odd."}, "We get $\\boxed{\\frac12}$. It is even.", False),
    )

    even: str
    odd: str

    def __post_init__(self) -> None:
        super().__post_init__()
        require(bool(self.odd.strip()) and self.odd != self.even, f"{self.kind}: odd", self.odd, "another phrase")

    def wordings(self) -> tuple[str, ...]:
        even, odd = self.even.strip(), self.odd.strip()
        return (
            (
                f'If the answer is an even number, end your {self.part} with exactly this: "{even}" If it is odd, end '
                f'it with this: "{odd}" Write nothing after it.'
            ),
            (
                f'The last words of your {self.part} must be "{even}" where the answer is even, and "{odd}" where it '
                "is odd."
            ),
            (
                f'Finish your {self.part} with "{odd}" for an odd answer and with "{even}" for an even one, and with '
                "nothing behind it."
            ),
        )

    def exact(self) -> str:
        return f"{self.even}\n{self.odd}"

    def needs(self) -> str:
        return min(self.even, self.odd, key=len)

    def holds(self, text: str) -> Verdict:
        ending = self._ending(text)
        if ending is None:
            return broken("the last box holds no integer", Span(len(text), len(text)))
        return EndChecker(end_phrase=ending).holds(text)

    def _ending(self, text: str) -> str | None:
        read = box.reading(text)
        number = read.number() if read else None
        if number is None or number.denominator != 1:
            return None
        return self.odd if number.numerator % 2 else self.even

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Suit integers."""
        number = box.rational(problem.answer)
        if number is None or number.denominator != 1:
            return None
        even, odd = rng.choice(
            (
                ("An even result.", "An odd result."),
                ("It pairs up.", "One is left over."),
                ("Heads it is.", "Tails it is."),
            )
        )
        return cls(even=even, odd=odd)

    def clashes(self, other: Constraint) -> str:
        if other.closing() or (isinstance(other, ParityEnding) and other != self):
            return "two different things cannot both come last"
        return ""

    def comply(self, body: str) -> str:
        ending = self._ending(body)
        return body if ending is None or self.holds(body).passed else f"{body.rstrip()} {ending.strip()}"

    def defy(self, body: str) -> str:
        return f"{body.rstrip()} So much for that part of it"


@dataclass(frozen=True, kw_only=True)
class NthStart(Constraint):
    """A sentence or paragraph of a given number that begins with given words.

    Attributes:
        unit: sentence or paragraph.
        number: which one, from 1.
        phrase: the words, in any letter case.
    """

    kind: ClassVar[str] = "layout:nth_start"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.AFFIX
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "Paragraphs are those of `layout:paragraphs`, sentences those of `length:sentences`; letter case does not"
        " count, "
        "and marks of Markdown may stand before the words."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            {"unit": "sentence", "number": 2, "phrase": "In short"}, "Multiply. In short, it is $\\boxed{42}$.", True
        ),
        Example({"unit": "paragraph", "number": 2, "phrase": "Now"}, "Multiply.\n\n**Now** it is $\\boxed{42}$.", True),
        Example({"unit": "sentence", "number": 2, "phrase": "In short"}, "In short, it is $\\boxed{42}$.", False),
        Example({"unit": "paragraph", "number": 2, "phrase": "Now"}, "Multiply.\nNow it is $\\boxed{42}$.", False),
        Example({"unit": "paragraph", "number": 2, "phrase": "Now"}, "So.\n\nNowhere is $\\boxed{42}$.", False),
    )

    unit: Literal["sentence", "paragraph"]
    number: int
    phrase: str

    def wordings(self) -> tuple[str, ...]:
        which, phrase = f"{self._ordinal()} {self.unit}", self.phrase.strip()
        return (
            f'The {which} of your {self.part} must begin with the words "{phrase}".',
            f'Start the {which} of your {self.part} with "{phrase}".',
            f'In your {self.part}, let "{phrase}" be the first words of the {which}.',
        )

    def _ordinal(self) -> str:
        return _ORDINALS[self.number - 1] if self.number <= len(_ORDINALS) else f"number {self.number}"

    def needs(self) -> str:
        return self.phrase

    def opening(self) -> str:
        return self.phrase if self.number == 1 else ""

    def holds(self, text: str) -> Verdict:
        span = next(islice(self._units(text), self.number - 1, None), None)
        if span is None:
            return broken(f"there is no {self.unit} number {self.number}", Span(len(text), len(text)))
        outline = view(text).outline
        start = span.end - len(outline[span.start : span.end].lstrip(' \t\n"“„«'))
        if re.compile(worded(self.phrase), re.IGNORECASE).match(outline, start):
            return obeyed(span)
        return broken(f"the {self.unit} begins with other words", span)

    def _units(self, text: str) -> Iterable[Span]:
        return sentences(text) if self.unit == "sentence" else paragraphs(text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw the second to fourth sentence or paragraph."""
        unit: Literal["sentence", "paragraph"] = rng.choice(("sentence", "paragraph"))
        phrase = rng.choice(("In other words", "To begin with", "At this point", "From there", "Step by step"))
        return cls(unit=unit, number=rng.randint(2, 4), phrase=phrase)

    def clashes(self, other: Constraint) -> str:
        bounds = {"layout:paragraphs": ("paragraph", "count"), "length:sentences": ("sentence", "most")}
        unit, field = bounds.get(other.kind, ("", ""))
        if unit == self.unit and getattr(other, field) < self.number:
            return f"there is no {unit} number {self.number}"
        if isinstance(other, BetweenWords) and len(self.phrase.split()) > 1:
            return f"the words {self.phrase!r} stand side by side"
        same = isinstance(other, NthStart) and (other.unit, other.number) == (self.unit, self.number)
        return "one part begins in one way" if same and other != self else ""

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        units = list(islice(self._units(body), self.number))
        if len(units) == self.number:
            return f"{body[: units[-1].start]}{self.phrase.strip()} {body[units[-1].start :]}"
        added = [f"{word.capitalize()}." for word in fill(body, self.number - len(units)).split()]
        last = f"{self.phrase.strip()} {added[-1].lower()}"
        # A sentence ends with its paragraph, a formula that stands alone is none.
        return "\n\n".join([body.rstrip(), *added[:-1], last])

    def defy(self, body: str) -> str:
        joint = " " if self.unit == "sentence" else "\n\n"
        return before(joint.join(f"{word.capitalize()}." for word in fill(body, self.number + 1).split()), body)

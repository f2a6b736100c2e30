"""Letters: kinds on the case of every letter in whatever language, where MathIF's kinds want English besides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Casing, Constraint, Example, Group, Stage, broken, obeyed
from mathif.constraints.edits import before
from mathif.constraints.language import CASELESS, LANGUAGES
from mathif.constraints.lexical import ResponseLanguage
from mathif.constraints.words import view
from mathif.records import Problem, Span, Verdict

_WORDS = re.compile(r"\\(?:text[a-z]*|math[a-z]*) ?\{[^{}]*\}|\\[A-Za-z]+")
"""What may change its case without a change of meaning: commands, and words within them."""

_LIMITS = (
    "`mathif` judges the letters of the prose, whatever their language, and wants one at least that has a case. "
    "`upstream` judges as CoT-Control (arXiv 2603.05706) does: "
)


class _Letters(Constraint):
    """A demand on the case of all letters."""

    group: ClassVar[Group] = Group.FORMAT
    stage: ClassVar[Stage] = Stage.REMOVE
    strewn: ClassVar[bool] = True
    letters: ClassVar[Casing]

    def casing(self) -> Casing:
        return self.letters

    def holds(self, text: str) -> Verdict:
        prose = view(text).prose
        place = self.letters.first_wrong(prose)
        if place is not None:
            return broken(f"{text[place]!r} does not have the demanded case", Span(place, place + 1))
        return obeyed() if self._shows(prose) else broken("there is no letter that shows its case")

    def _shows(self, prose: str) -> bool:
        """Tell whether any letter shows that the demand is obeyed."""
        return prose.upper() != prose.lower()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Where no letter of the answer carries meaning, so that the box may change its case with the text."""
        return None if re.search("[A-Za-z]", _WORDS.sub("", problem.answer)) else cls()

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, ResponseLanguage) and other.language in CASELESS:
            return f"{LANGUAGES[other.language]} has no letters of two cases"
        return ""

    def comply(self, body: str) -> str:
        cased = body if self._shows(view(body).prose) else before("So", body)
        return self._recased(cased)

    def _recased(self, text: str) -> str:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class SmallLetters(_Letters):
    """Small letters only, in any language."""

    kind: ClassVar[str] = "change_case:small_letters"
    letters: ClassVar[Casing] = Casing.SMALL
    limits: ClassVar[str] = f"{_LIMITS}every letter of the text, of commands too, and letters without case break it."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"die antwort lautet $\boxed{5}$.", True),
        Example({}, r"so it is $T = \boxed{5\text{ Units}}$.", True),
        Example({}, r"Die Antwort lautet $\boxed{5}$.", False),
        Example({}, r"$\boxed{5}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Use only lowercase letters in your entire {self.part}.",
            f"Your {self.part} must not contain a single capital letter, in whatever language you write it.",
            f"Write every letter of your {self.part} in lowercase.",
        )

    def holds_upstream(self, text: str) -> Verdict:
        wrong = next((place for place, letter in enumerate(text) if letter.isalpha() and not letter.islower()), None)
        return obeyed() if wrong is None else broken("there is a letter that is not small", Span(wrong, wrong + 1))

    def follows(self, other: Constraint) -> bool:
        return other.kind == "change_case:english_lowercase"

    def _recased(self, text: str) -> str:
        return text.lower()

    def defy(self, body: str) -> str:
        return before("Note", body)


@dataclass(frozen=True, kw_only=True)
class CapitalLetters(_Letters):
    """Capital letters only, in any language."""

    kind: ClassVar[str] = "change_case:capital_letters"
    letters: ClassVar[Casing] = Casing.CAPITAL
    limits: ClassVar[str] = f"{_LIMITS}every letter of the text, of commands too, and letters without case break it."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"DIE ANTWORT LAUTET $\boxed{5}$.", True),
        Example({}, r"SO IT IS $t = \boxed{\frac{1}{2}}$.", True),
        Example({}, r"DIE Antwort LAUTET $\boxed{5}$.", False),
        Example({}, r"$\boxed{5}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Use only uppercase letters in your entire {self.part}.",
            f"Your {self.part} must not contain a single small letter, in whatever language you write it.",
            f"Write every letter of your {self.part} as a capital.",
        )

    def holds_upstream(self, text: str) -> Verdict:
        wrong = next((place for place, letter in enumerate(text) if letter.isalpha() and not letter.isupper()), None)
        return obeyed() if wrong is None else broken("there is a letter that is no capital", Span(wrong, wrong + 1))

    def follows(self, other: Constraint) -> bool:
        return other.kind == "change_case:english_capital"

    def _recased(self, text: str) -> str:
        return text.upper()

    def defy(self, body: str) -> str:
        return before("note", body)


@dataclass(frozen=True, kw_only=True)
class AlternatingCase(_Letters):
    """Small and capital letters in turn."""

    kind: ClassVar[str] = "change_case:alternating"
    letters: ClassVar[Casing] = Casing.ALTERNATING
    limits: ClassVar[str] = (
        f"{_LIMITS}every run of Latin letters, of commands too. In both a word of one letter is free, and a word may "
        "begin with either case."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"ThE aNsWeR iS $\boxed{5}$.", True),
        Example({}, r"sO a SuM iS $\boxed{\frac{1}{2}}$.", True),
        Example({}, r"ThE Answer iS $\boxed{5}$.", False),
        Example({}, r"$\boxed{5}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f'Alternate between lowercase and uppercase letters in every word of your {self.part}, as in "ExAmPlE".',
            f'In your {self.part}, change the case from each letter of a word to the next, "lIkE tHiS".',
            f"Write every word of your {self.part} so that no two neighbouring letters of it have the same case.",
        )

    def _shows(self, prose: str) -> bool:
        return re.search(r"[^\W\d_]{2}", prose) is not None and super()._shows(prose)

    def holds_upstream(self, text: str) -> Verdict:
        runs = re.findall("[A-Za-z]+", text)
        wrong = next((run for run in runs if Casing.ALTERNATING.first_wrong(run) is not None), None)
        if wrong is not None:
            return broken(f"the letters of {wrong!r} do not take turns")
        return obeyed() if runs else broken("there is no word")

    def _recased(self, text: str) -> str:
        # A command that begins with a small letter is read as itself in any other case, and `\pI` as no `\Pi`.
        return re.sub(r"[^\W\d_]{2,}", lambda match: _in_turn(match.group()), text)

    def defy(self, body: str) -> str:
        return before("Note", body)


def _in_turn(run: str) -> str:
    small = True
    letters: list[str] = []
    for letter in run:
        turned = letter.lower() if small else letter.upper()
        letters.append(turned if len(turned) == 1 else letter)
        small = small != (letter.lower() != letter.upper())
    return "".join(letters)

"""Case: kinds that restrict capital and small letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Casing, Constraint, Example, Group, Stage, Target, broken, obeyed
from mathif.constraints.edits import answer_box, around_boxes, before, filler
from mathif.constraints.language import CASELESS, LANGUAGES, identify, langdetect_says
from mathif.constraints.length import Relation, compare, excludes, includes, not_in_a_row
from mathif.constraints.lexical import ResponseLanguage, fasttext_verdict
from mathif.constraints.mixture import is_wholly_in
from mathif.constraints.phrases import PHRASES
from mathif.constraints.words import view, words
from mathif.records import Problem, Span, Verdict

_CASE_LIMITS = (
    "`mathif` judges the prose only, so that `$\\triangle ABC$` and `\\boxed{\\text{Even}}` break nothing, and "
    "wants the prose to be English; a text without words does not pass. `upstream` judges every character, so that no "
    "text with `\\boxed` is in capitals, and asks seeded `langdetect`, which takes capitals for other languages now "
    "and then and lets pass what it cannot read; of the thinking it asks, as ReasonIF (arXiv 2510.15211) does, "
    "fastText about the first 80 characters."
)


_MEANT_CAPITAL = re.compile(r"(?<![A-Za-z\\])[A-Z](?![A-Za-z])|\\[A-Za-z]*[A-Z]")
"""A capital that small letters would change: a lone one (the point A) or one in a LaTeX command (`\\Delta`)."""


def _judge_upstream_language(text: str, target: Target) -> Verdict:
    if target is Target.THINKING:
        return fasttext_verdict(text, "en")
    said = langdetect_says(text)
    if said in (None, "en"):
        return obeyed()
    return broken(f"langdetect takes the text for {said!r}, expected 'en'")


def _english(body: str) -> str:
    """Return `body`, with an English sentence in front where either identifier does not take it for English."""
    if identify(body) == "en" and langdetect_says(body) == "en":
        return body
    return before(f"{PHRASES['en']}.", body)


class _English(Constraint):
    """A demand for English whose letters have one case."""

    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = _CASE_LIMITS
    letters: ClassVar[Casing]

    def casing(self) -> Casing:
        return self.letters

    def holds(self, text: str) -> Verdict:
        place = self.letters.first_wrong(view(text).prose)
        if place is not None:
            return broken(f"{text[place]!r} is not a {self.letters} letter", Span(place, place + 1))
        if is_wholly_in(text, "en"):
            return obeyed()
        return broken("the text is not in English, or its language cannot be told")

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, ResponseLanguage) and other.language != "en":
            return f"a text is not in both English and {LANGUAGES[other.language]}"
        return ""


@dataclass(frozen=True, kw_only=True)
class EnglishLowercase(_English):
    """English in small letters."""

    kind: ClassVar[str] = "change_case:english_lowercase"
    letters: ClassVar[Casing] = Casing.SMALL
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"the answer to the question is $\boxed{5}$.", True),
        Example({}, r"the area of the triangle $ABC$ is $\boxed{5\text{ Units}}$.", True),
        Example({}, r"The answer to the question is $\boxed{5}$.", False),
        Example({}, r"die antwort auf die frage lautet $\boxed{5}$.", False),
        Example({}, r"$\boxed{5}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Write your entire {self.part} in English and in small letters only, without any capital letter.",
            f"Your whole {self.part} must be in English and all in lowercase; no capital letters are allowed.",
            f"Use English and nothing but lowercase letters in all of your {self.part}.",
        )

    def holds_upstream(self, text: str) -> Verdict:
        if not text.islower():
            return broken("there are capital letters, or no small ones")
        return _judge_upstream_language(text, self.target)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Where no capital letter of the answer carries meaning, so that both profiles can be obeyed."""
        return None if _MEANT_CAPITAL.search(problem.answer) else cls()

    def comply(self, body: str) -> str:
        text = _english(body)
        return around_boxes(str.lower, text) if _MEANT_CAPITAL.search(answer_box(body)) else text.lower()

    def defy(self, body: str) -> str:
        return before("Note", body)


@dataclass(frozen=True, kw_only=True)
class EnglishCapital(_English):
    """English in capital letters."""

    kind: ClassVar[str] = "change_case:english_capital"
    letters: ClassVar[Casing] = Casing.CAPITAL
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"THE ANSWER TO THE QUESTION IS $\boxed{5}$.", True),
        Example({}, r"THE SUM OF THE TERMS IS \(x + y\), SO IT IS $\boxed{\frac{1}{2}}$.", True),
        Example({}, r"The ANSWER TO THE QUESTION IS $\boxed{5}$.", False),
        Example({}, r"DIE ANTWORT AUF DIE FRAGE LAUTET $\boxed{5}$.", False),
        Example({}, r"$\boxed{5}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Write your entire {self.part} in English and in capital letters only.",
            f"Your whole {self.part} must be in English and all in capitals; no small letters are allowed.",
            f"Use English and nothing but uppercase letters in all of your {self.part}.",
        )

    def holds_upstream(self, text: str) -> Verdict:
        if not text.isupper():
            return broken("there are small letters, or no capital ones")
        return _judge_upstream_language(text, self.target)

    def comply(self, body: str) -> str:
        # `\\BOXED{\\FRAC{1}{2}}` is still the answer, and it alone is in capitals to MathIF's code.
        return _english(body).upper()

    def defy(self, body: str) -> str:
        return before("note", body)


@dataclass(frozen=True, kw_only=True)
class CapitalWordFrequency(Constraint):
    """A bound on the number of words in capital letters."""

    kind: ClassVar[str] = "change_case:capital_word_frequency"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts words of the prose with at least two letters, all of them capitals (*NASA's* and "
        "*WELL-KNOWN* are one each; *I*, *A*, the names of points and variables and Roman numerals are none); for a "
        "lower bound a word that is repeated at once counts once. `upstream` counts "
        "tokens of nltk in the whole text: *I*, *A*, *2X*, every capital letter in mathematics that stands apart, and "
        "*DON'T* and *CANNOT* twice each. It splits sentences first, which is left out here: it changes the count "
        "only where a full stop is followed by an apostrophe or a colon without a space."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"capital_frequency": 2, "capital_relation": "at least"}, r"FIRST add, THEN halve: $\boxed{5}$.", True),
        Example(
            {"capital_frequency": 1, "capital_relation": "less than"}, r"I draw A and B on $ABC$. $\boxed{5}$", True
        ),
        Example({"capital_frequency": 2, "capital_relation": "at least"}, r"I see that A is $\boxed{5}$.", False),
        Example({"capital_frequency": 1, "capital_relation": "less than"}, r"This is NOT so: $\boxed{5}$.", False),
    )

    capital_frequency: int
    capital_relation: Relation

    def wordings(self) -> tuple[str, ...]:
        number = self.capital_frequency
        words = f"word{'s' * (number != 1)}"
        if self.capital_relation == "less than" and number == 1:
            return (
                f"Do not write any word entirely in capital letters in your {self.part}.",
                f"No word of your {self.part} may consist of capital letters only.",
                f"Avoid words in all capitals throughout your {self.part}.",
            )
        bound = self.capital_relation.replace("less", "fewer")
        return (
            f"Write {bound} {number} {words} of your {self.part} entirely in capital letters.",
            f"In your {self.part}, {bound} {number} {words} must be in all capitals.",
            f"Use all capitals for {bound} {number} {words} of your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        capitals = _capital_words(text)
        if self.capital_relation == "at least":
            capitals = not_in_a_row(capitals, text)
        return compare(capitals, self.capital_relation, self.capital_frequency, "words in capitals")

    def holds_upstream(self, text: str) -> Verdict:
        return compare(_upstream_capitals(text), self.capital_relation, self.capital_frequency, "words in capitals")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """A lower bound, which a reply that ignores it breaks; an upper bound would be met by nearly all."""
        return cls(capital_frequency=rng.randint(3, 12), capital_relation="at least")

    def clashes(self, other: Constraint) -> str:
        mine = (self.capital_relation, self.capital_frequency)
        theirs = (other.capital_relation, other.capital_frequency) if isinstance(other, CapitalWordFrequency) else mine
        if excludes(mine, theirs):
            return f"no text has both {mine[0]} {mine[1]} and {theirs[0]} {theirs[1]} words in capitals"
        if mine[0] == "less than":
            if sum(1 for _ in _capital_words(other.exact())) >= mine[1]:
                return f"{other.kind} needs words in capitals"
            return "a text in capitals has words in capitals" if other.casing() is Casing.CAPITAL else ""
        if other.casing() is Casing.CAPITAL:
            return "where every word is in capitals, none of them is written so among others"
        if other.casing() is not None and mine[1] > 0:
            return f"a text in {other.casing()} letters has no word in capitals"
        if isinstance(other, ResponseLanguage) and other.language in CASELESS and mine[1] > 0:
            return f"{LANGUAGES[other.language]} has no capital letters"
        return ""

    def least_words(self) -> int:
        return self.capital_frequency if self.capital_relation == "at least" else 0

    def follows(self, other: Constraint) -> bool:
        if self.capital_relation == "less than" and other.casing() in (Casing.SMALL, Casing.ALTERNATING):
            return self.capital_frequency > 0
        if isinstance(other, CapitalWordFrequency):
            return includes(
                (other.capital_relation, other.capital_frequency), (self.capital_relation, self.capital_frequency)
            )
        return self.capital_relation == "at least" and self.holds(other.exact()).passed

    def comply(self, body: str) -> str:
        if self.capital_relation == "at least":
            missing = self.capital_frequency - sum(1 for _ in not_in_a_row(_capital_words(body), body))
            return before(" ".join(islice(filler(body, 3), missing)).upper(), body) if missing > 0 else body
        return around_boxes(_small, body)

    def defy(self, body: str) -> str:
        if self.capital_relation == "less than":
            return before(" ".join(["KEY"] * self.capital_frequency), body)
        return around_boxes(_small, body)


def _small(text: str) -> str:
    return re.sub(r"\b\w*[^\W\d_]\w*\b", lambda match: match[0].lower() if match[0].isupper() else match[0], text)


# Roman numerals, the empty one too: what is tested has two letters.
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
# Two capitals without a small letter between: what every word in capitals holds, a cheap test before the search.
_TWO_CAPITALS = re.compile(r"[A-Z][^A-Za-z\s]*[A-Z]")


def _capital_words(text: str) -> Iterator[Span]:
    prose = view(text).prose
    if prose == view(text).folded or (prose.isascii() and not _TWO_CAPITALS.search(prose)):
        return
    for word in words(text):
        letters = word.group().removesuffix("'s").removesuffix("’s")
        if letters.isupper() and sum(map(str.isalpha, letters)) > 1 and not _ROMAN.fullmatch(letters):
            yield Span(*word.span())


# What nltk's word tokenizer (`NLTKWordTokenizer`, nltk 3.9) makes of a piece, as far as it parts letters from letters.
_LONE_LETTER = re.compile(r"'(?![mtsdn])(?=\w\b)", re.IGNORECASE)
_APART = re.compile(r"[«“‘„»”’`\";@#$%&?!*\]\[(){}<>]|''|--|\.{2,}|[:,](?!\d)")
# A full stop at the very end, behind closing marks at most; of several in a row none is.
_LAST_STOP = re.compile(r"(?<=[^.])\.(?=[\])}>\"'»”’]*$)")
# Where nltk's tokenizer cuts endings off: `'s`, `'ll`, `n't`.
_ENDINGS = (
    re.compile(r"([^' ])('[sSmMdD]|') "),
    re.compile(r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) "),
)
# Words that nltk cuts in two.
_JOINED = (
    re.compile(
        r"\b(?:(can)(not)|(d)('ye)|(gim)(me)|(gon)(na)|(got)(ta)|(lem)(me)|(more)('n)|(wan)(na(?=\s)))\b", re.IGNORECASE
    ),
    re.compile(r"(?<= )('t)(is|was)\b", re.IGNORECASE),
)


def _upstream_capitals(text: str) -> Iterator[Span]:
    """Yield the white-space separated piece of each token that MathIF's code counts, once for each token in it."""
    if text == text.lower():
        return
    for match in re.finditer(r"\S+", text):
        piece = match.group()
        if not piece.islower():
            for _ in range(_capital_tokens(piece)):
                yield Span(*match.span())


@lru_cache(maxsize=4096)
def _capital_tokens(piece: str) -> int:
    """Count the tokens in capitals that nltk's word tokenizer makes of a piece without white space."""
    if piece.isalnum() and len(piece) < 4:
        return int(piece.isupper())
    piece = _LAST_STOP.sub(" ", _LONE_LETTER.sub("' ", piece))
    text = " ".join(["", *_APART.sub(" ", piece).split(), ""])
    for ending in _ENDINGS:
        text = ending.sub(r"\1 \2 ", text)
    for joined in _JOINED:
        text = joined.sub(lambda match: f" {' '.join(filter(None, match.groups()))} ", text)
    return sum(map(str.isupper, text.split()))

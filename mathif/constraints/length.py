"""Length: kinds that restrict how much is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any, ClassVar, Literal, Self

from mathif.constraints.base import Constraint, Example, Group, broken, obeyed
from mathif.constraints.edits import answer_box, before, fill
from mathif.constraints.words import view, words
from mathif.records import Problem, Span, Verdict

Relation = Literal["less than", "at least"]

_SHOWN = 20
"""Most places that a verdict shows."""

_LETTER = re.compile(r"[^\W_]")
_UPSTREAM_WORD = re.compile(r"\w+")


def compare(spans: Iterable[Span | re.Match[str]], relation: Relation, threshold: int, noun: str) -> Verdict:
    """Judge how many of `spans` there are, reading no more of them than the threshold needs.

    Evidence: the occurrences that suffice, or the first that is too many.
    """
    seen = list(islice(spans, threshold))
    first = _spans(seen[:_SHOWN])
    if relation == "at least":
        if len(seen) >= threshold:
            return obeyed(*first)
        return broken(f"{noun} {len(seen)} times, expected at least {threshold}", *first)
    if len(seen) < threshold:
        return obeyed(*first)
    return broken(f"{noun} at least {threshold} times, expected less than {threshold}", *_spans(seen[-1:]))


def _spans(spans: Iterable[Span | re.Match[str]]) -> list[Span]:
    return [Span(*one.span()) if isinstance(one, re.Match) else one for one in spans]


def not_in_a_row(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Yield those of `spans`, places in the prose, that do not repeat the word before them at once."""
    last, end = "", 0
    for span in spans:
        prose = view(text).folded
        word = prose[span.start : span.end]
        if word != last or _LETTER.search(prose, end, span.start):
            yield span
        last, end = word, span.end


def excludes(a: tuple[Any, int], b: tuple[Any, int]) -> bool:
    """Tell whether "at least n" on one side and "less than m" on the other leave no count that obeys both."""
    bounds = {a[0]: a[1], b[0]: b[1]}
    return a[0] != b[0] and bounds["less than"] <= bounds["at least"]


def includes(a: tuple[Relation, int], b: tuple[Relation, int]) -> bool:
    """Tell whether every count within the bound `a` is within the bound `b`."""
    return a[0] == b[0] and (a[1] >= b[1] if a[0] == "at least" else a[1] <= b[1])


def runs_of_letters(text: str) -> int:
    """Count words as MathIF's and ReasonIF's code do: runs of letters, digits and underscores."""
    return sum(1 for _ in _UPSTREAM_WORD.finditer(text))


@dataclass(frozen=True, kw_only=True)
class NumberOfWords(Constraint):
    """A bound on the number of words."""

    kind: ClassVar[str] = "length_constraint_checkers:number_words"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LENGTH
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts words of the prose: `x-axis` and `1,000` are one word each, mathematics, LaTeX commands and "
        "the answer box are none. `upstream` counts runs of letters, digits and underscores in the whole text, so that "
        r"`\boxed{\frac{1}{2}}` is four words and every vowel sign splits a Hindi word. In scripts without spaces "
        "`mathif` estimates words by their letters, and `upstream` counts runs between spaces. A null reply obeys "
        "every `less than` drawn."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"num_words": 3, "relation": "at least"}, r"The answer is $\boxed{5}$.", True),
        Example({"num_words": 4, "relation": "less than"}, r"Hence \(x = y + z\) and $\boxed{\frac{1}{2}}$.", True),
        Example({"num_words": 4, "relation": "at least"}, r"The answer is $\boxed{5}$.", False),
        Example({"num_words": 3, "relation": "less than"}, "One two three.", False),
    )

    num_words: int
    relation: Relation

    def wordings(self) -> tuple[str, ...]:
        bound = f"{self.relation.replace('less', 'fewer')} {self.num_words} words"
        return (
            f"Use {bound} in your {self.part}.",
            f"Your {self.part} must have {bound}.",
            f"Write {bound} for your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        return compare(words(text), self.relation, self.num_words, "words")

    def holds_upstream(self, text: str) -> Verdict:
        return compare(_UPSTREAM_WORD.finditer(text), self.relation, self.num_words, "words")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Mostly lower bounds, which a terse reply breaks; upper bounds are such that a chatty one breaks them."""
        if rng.random() < 0.75:
            return cls(num_words=rng.randrange(60, 201, 10), relation="at least")
        return cls(num_words=rng.randrange(20, 61, 5), relation="less than")

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, NumberOfWords):
            if excludes((self.relation, self.num_words), (other.relation, other.num_words)):
                return f"no text has both {self.relation} {self.num_words} and {other.relation} {other.num_words} words"
        elif self.relation == "less than" and other.least_words() >= self.num_words:
            return f"{other.kind} needs {other.least_words()} words, which must be less than {self.num_words}"
        return ""

    def least_words(self) -> int:
        return self.num_words if self.relation == "at least" else 0

    def follows(self, other: Constraint) -> bool:
        if isinstance(other, NumberOfWords):
            return includes((other.relation, other.num_words), (self.relation, self.num_words))
        return self.relation == "at least" and other.least_words() >= self.num_words

    def comply(self, body: str) -> str:
        return self._longer(body) if self.relation == "at least" else self._shorter(body, self.num_words)

    def defy(self, body: str) -> str:
        return self._shorter(body, self.num_words) if self.relation == "at least" else self._longer(body)

    def _longer(self, body: str) -> str:
        missing = self.num_words - sum(1 for _ in words(body))
        return before(fill(body, missing) + ".", body) if missing > 0 else body

    @staticmethod
    def _shorter(body: str, threshold: int) -> str:
        """Return the answer box alone where the text is too long."""
        if sum(1 for _ in words(body)) < threshold and len(_UPSTREAM_WORD.findall(body)) < threshold:
            return body
        return answer_box(body) or "Done."

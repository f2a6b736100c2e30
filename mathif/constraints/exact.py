"""Exact: kinds that ask for a certain number of something small, neither fewer nor more.

A room of its own because of what they are for: whatever is asked at least so often can be packed into one text that
then obeys every item, and no text has two numbers of one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import ClassVar, Self

from mathif.constraints.answer_form import other_language
from mathif.constraints.base import Constraint, Example, Group, broken, obeyed, require
from mathif.constraints.edits import answer_box, before, fill, without_word, woven
from mathif.constraints.format import Highlights, emphasis
from mathif.constraints.layout import Counted, exactly
from mathif.constraints.length import NumberOfWords
from mathif.constraints.lexical import Frequency
from mathif.constraints.wording import Questions, asking, questions
from mathif.constraints.words import occurrences, words
from mathif.records import Problem, Span, Verdict

COUNTED = ("because", "therefore")
"""Words that `draw` wants a number of: few, so that a text with the right number for one item has it for few others."""


@dataclass(frozen=True, kw_only=True)
class WordRange(Constraint):
    """A number of words within narrow bounds.

    Attributes:
        least: the fewest words.
        most: the most.
    """

    kind: ClassVar[str] = "length:word_range"
    group: ClassVar[Group] = Group.LENGTH
    limits: ClassVar[str] = (
        "Words are those of the prose: mathematics, LaTeX commands and the answer box are none; in scripts without "
        "spaces they are estimated by their letters."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"least": 3, "most": 5}, "The answer is $\\boxed{42}$.", True),
        Example({"least": 3, "most": 5}, "The answer is $6 \\cdot 7$, hence it is $\\boxed{42}$.", False),
        Example({"least": 4, "most": 5}, "The answer is $\\boxed{42}$.", False),
        Example({"least": 4, "most": 5}, "<!-- Six sevens: --> The **answer** to it is $\\boxed{42}$.", True),
    )

    least: int
    most: int

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.most >= self.least, f"{self.kind}: most", self.most, f"{self.least} or more")

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Use at least {self.least} and at most {self.most} words in your {self.part}.",
            f"Your {self.part} must have between {self.least} and {self.most} words.",
            f"Write no fewer than {self.least} and no more than {self.most} words for your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        spans = [Span(*word.span()) for word in islice(words(text), self.most + 1)]
        if len(spans) > self.most:
            return broken(f"found more than {self.most} words", spans[-1])
        if len(spans) < self.least:
            return broken(f"found {len(spans)} words, expected at least {self.least}", Span(len(text), len(text)))
        return obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw one of twelve ranges that have no number of words in common, from 25 to 240 words."""
        least = rng.choice((25, 35, 45, 57, 70, 84, 100, 118, 138, 160, 185, 214))
        return cls(least=least, most=least + least // 8 + 5)

    def least_words(self) -> int:
        return self.least

    def clashes(self, other: Constraint) -> str:
        if other.least_words() > self.most:
            return f"{other.kind} needs {other.least_words()} words, where {self.most} are allowed"
        if isinstance(other, NumberOfWords) and other.relation == "less than" and other.num_words <= self.least:
            return f"{self.least} words are needed, where fewer than {other.num_words} are allowed"
        return ""

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, WordRange) and self.least <= other.least and other.most <= self.most

    def comply(self, body: str) -> str:
        count = sum(1 for _ in words(body))
        if count > self.most:
            body = answer_box(body)
            count = 0
        return before(fill(body, self.least - count) + ".", body) if count < self.least else body

    def defy(self, body: str) -> str:
        return answer_box(body) or "Done."


@dataclass(frozen=True, kw_only=True)
class ExactWord(Constraint):
    """A word, used an exact number of times.

    Attributes:
        word: the word.
        count: how often.
    """

    kind: ClassVar[str] = "lexical:exact_word"
    group: ClassVar[Group] = Group.LEXICAL
    limits: ClassVar[str] = (
        "Whole words of the prose count, in any letter case; inflected forms are other words, and what stands inside "
        "of mathematics or of the answer box is none."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"word": "hence", "count": 2}, "Six sevens, hence forty-two. Hence $\\boxed{42}$.", True),
        Example({"word": "hence", "count": 1}, "It is $\\boxed{42}$, *hence* done <!-- hence -->.", True),
        Example({"word": "hence", "count": 1}, "Hence forty-two, hence $\\boxed{42}$.", False),
        Example({"word": "hence", "count": 1}, "Henceforth it is $\\boxed{42}$.", False),
    )

    word: str
    count: int

    def wordings(self) -> tuple[str, ...]:
        often = "once" if self.count == 1 else f"{self.count} times"
        return (
            f'Use the word "{self.word}" exactly {often} in your {self.part}.',
            f'The word "{self.word}" must occur exactly {often} in your {self.part}.',
            f'In your {self.part}, write the word "{self.word}" {often}, no more and no less often.',
        )

    def needs(self) -> str:
        return " ".join([self.word] * self.count)

    def holds(self, text: str) -> Verdict:
        return exactly(occurrences(self.word, text), self.count, f"uses of {self.word!r}", text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw one of `COUNTED` and 1 to 9 times."""
        return cls(word=rng.choice(COUNTED), count=rng.randint(1, 9))

    def clashes(self, other: Constraint) -> str:
        needed = sum(1 for _ in occurrences(self.word, f"{other.needs()}\n{other.exact()}"))
        if needed > self.count:
            return f"{other.kind} needs {self.word!r} more often than {self.count} times"
        if isinstance(other, Frequency) and other.keyword.casefold() == self.word.casefold():
            bound = other.frequency
            if (bound > self.count) if other.relation == "at least" else (bound <= self.count):
                return f"{self.word!r} stands {self.count} times, where {other.relation} {bound} is asked"
        if isinstance(other, ExactWord) and other.word == self.word and other.count != self.count:
            return f"{self.word!r} has one number of uses"
        return other_language(other)

    def comply(self, body: str) -> str:
        missing = self.count - sum(1 for _ in occurrences(self.word, body))
        if missing > 0:
            return before(woven([self.word] * missing, body), body)
        return without_word(self.word, body, keep=self.count) if missing else body

    def defy(self, body: str) -> str:
        return before(woven([self.word] * (self.count + 1), body), body)


@dataclass(frozen=True, kw_only=True)
class ExactQuestions(Counted):
    """An exact number of questions."""

    kind: ClassVar[str] = "punctuation:exact_questions"
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "A question has words and ends in a question mark, or several in a row, outside of mathematics and code; the "
        "same one asked twice in a row is one."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 1}, "What is six times seven? It is $\\boxed{42}$.", True),
        Example({"count": 2}, "What is six times seven?? Is it $\\boxed{42}$? Yes.", True),
        Example({"count": 1}, "What is six times seven? Is it $\\boxed{42}$? Yes.", False),
        Example({"count": 1}, "? $\\boxed{42}$", False),
    )

    def wordings(self) -> tuple[str, ...]:
        what = "one question" if self.count == 1 else f"{self.count} questions"
        return (
            f"Ask your reader exactly {what} in your {self.part}; a question ends in a question mark.",
            f"Your {self.part} must put exactly {what} to the reader, each ending in a question mark.",
            (
                f"Include exactly {what} to your reader in your {self.part}, no more and no fewer, with a question "
                "mark at the end."
            ),
        )

    def holds(self, text: str) -> Verdict:
        return exactly(questions(text), self.count, "questions", text)

    def least_words(self) -> int:
        return self.count

    def clashes(self, other: Constraint) -> str:
        asked = sum(1 for _ in questions(f"{other.needs()}\n{other.exact()}"))
        if asked > self.count:
            return f"{other.kind} needs {asked} questions"
        if isinstance(other, Questions) and other.count > self.count:
            return f"{self.count} questions are too few for {other.kind}"
        if isinstance(other, ExactQuestions) and other.count != self.count:
            return "the questions have one number"
        return ""

    def comply(self, body: str) -> str:
        asked = list(questions(body))
        for start, end in reversed(asked[self.count :]):
            body = f"{body[:start]}.{body[end:]}"
        return asking(body, self.count - len(asked))

    def defy(self, body: str) -> str:
        return asking(body, self.count + 1)


@dataclass(frozen=True, kw_only=True)
class ExactHighlights(Counted):
    """An exact number of highlighted parts."""

    kind: ClassVar[str] = "layout:exact_highlights"
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "Emphasis after the rules of CommonMark, with stars or underscores; emphasis inside of emphasis is one part, "
        "and one without a letter, a digit or a formula is none."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 2}, "*Six* sevens are **forty-two**: $\\boxed{42}$.", True),
        Example({"count": 1}, "* Six sevens.\n* **It is *this*:** $\\boxed{42}$.", True),
        Example({"count": 1}, "*Six* sevens are **forty-two**: $\\boxed{42}$.", False),
        Example({"count": 1}, "Six sevens: $6*7$, `*6*`, 6*7*1, $\\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        what = "one part" if self.count == 1 else f"{self.count} parts"
        return (
            f"Highlight exactly {what} of your {self.part} in Markdown, like *this*.",
            f"Exactly {what} of your {self.part} must be highlighted in Markdown, like *this*.",
            f"Use Markdown emphasis, like *this*, for exactly {what} of your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        return exactly(emphasis(text), self.count, "highlights", text)

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, ExactHighlights) and other.count != self.count:
            return "the highlights have one number"
        if isinstance(other, Highlights) and other.num_highlights > self.count:
            return "more parts are to be highlighted"
        return ""

    def least_words(self) -> int:
        return self.count

    def comply(self, body: str) -> str:
        parts = list(emphasis(body))
        for start, end in reversed(parts[self.count :]):
            body = body[:start] + body[start:end].strip("*_") + body[end:]
        missing = self.count - len(parts)
        return _highlighting(body, missing) if missing > 0 else body

    def defy(self, body: str) -> str:
        return _highlighting(body, self.count + 1)


def _highlighting(body: str, count: int) -> str:
    """Return `body` behind a line with `count` highlighted words."""
    marked = " ".join(f"*{word}*" for word in fill(body, count).split())
    return before(f"{fill(body, 1)} {marked}.", body)

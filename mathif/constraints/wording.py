"""Wording: kinds on the words and symbols of a reply beyond MathIF's keywords, and on how it opens.

They are what an editor asks of an author: name the method and avoid another, address the reader, spell numbers out,
ask questions, use one symbol, begin with a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import ClassVar, Self

from mathif.constraints.affix import OPENERS, STRAIGHT, worded
from mathif.constraints.answer_form import other_language
from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed, require
from mathif.constraints.edits import around_boxes, before, fill, without_word, woven
from mathif.constraints.layout import Counted
from mathif.constraints.length import compare, not_in_a_row
from mathif.constraints.numerals import spell, spelled_numbers
from mathif.constraints.words import INK, occurrences, view
from mathif.records import Problem, Span, Verdict

START_PHRASES = (
    "Here is my solution.",
    "Let me work through this.",
    "My reasoning goes like this:",
    "Dear student:",
    "Good question!",
    "Short and simple:",
    "Off we go:",
    "This one took me a while.",
    "Pen and paper ready?",
    "Thanks for asking.",
    "One step at a time:",
    "I like this kind of problem.",
    "Nothing to fear here.",
    "To begin with:",
)
"""Phrases that `draw` takes; none has a comma."""

METHODS = ("directly", "backwards", "stepwise", "systematically", "cases", "elimination", "formula", "equation")
"""Words that `draw` wants for one reply and not for another."""


_WRAPPER = re.compile(r"\$*\\text[a-z]* ?\{\s*")
"""What puts words at the start of a formula."""


@dataclass(frozen=True, kw_only=True)
class StartPhrase(Constraint):
    """A given phrase at the very start.

    Attributes:
        phrase: the phrase, its punctuation included.
    """

    kind: ClassVar[str] = "startend:start_phrase"
    group: ClassVar[Group] = Group.AFFIX
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "Letter case does not count, nor does white space inside the phrase; emphasis, `#` and quotation marks may "
        "stand before it. A longer word (*Notebooks* for *Note*) is another one."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"phrase": "Dear student:"}, "Dear student: the answer is $\\boxed{42}$.", True),
        Example({"phrase": "Dear student:"}, '"**Dear student:**\nthe answer is $\\boxed{42}$."', True),
        Example({"phrase": "Dear student:"}, "Dear students: the answer is $\\boxed{42}$.", False),
        Example({"phrase": "Dear student:"}, "Hello. Dear student: the answer is $\\boxed{42}$.", False),
    )

    phrase: str

    def wordings(self) -> tuple[str, ...]:
        phrase = self.phrase.strip()
        return (
            f'Begin your {self.part} with exactly this phrase, in any letter case: "{phrase}"',
            f'The very first words of your {self.part} must be exactly these, in any letter case: "{phrase}"',
            f'Open your {self.part} with this phrase, word for word, in small or capital letters: "{phrase}"',
        )

    def needs(self) -> str:
        return self.phrase

    def holds(self, text: str) -> Verdict:
        shown = view(text).shown.translate(STRAIGHT)
        start = len(shown) - len(shown.lstrip(OPENERS))
        wrapped = _WRAPPER.match(shown, start)
        start = wrapped.end() if wrapped else start
        found = re.compile(worded(self.phrase), re.IGNORECASE).match(shown, start)
        if found:
            return obeyed(Span(*found.span()))
        return broken("the text does not begin with the phrase", Span(start, min(start + len(self.phrase), len(text))))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw one of `START_PHRASES`."""
        return cls(phrase=rng.choice(START_PHRASES))

    def opening(self) -> str:
        return self.phrase

    def follows(self, other: Constraint) -> bool:
        return self.holds(other.opening()).passed

    def comply(self, body: str) -> str:
        return body if self.holds(body).passed else before(self.phrase.strip(), body)

    def defy(self, body: str) -> str:
        return f"Well. {body}"


@dataclass(frozen=True, kw_only=True)
class Method(Constraint):
    """One word on the method that must be there, and one that must not.

    Attributes:
        use: the word that must be there.
        avoid: the word that must not.
    """

    kind: ClassVar[str] = "lexical:method"
    group: ClassVar[Group] = Group.LEXICAL
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = "The words are looked for, not the method; inflected forms are other words."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"use": "substitution", "avoid": "formula"}, "By substitution we get $\\boxed{42}$.", True),
        Example({"use": "directly", "avoid": "equation"}, "Multiplying directly gives \\boxed{42}.", True),
        Example({"use": "substitution", "avoid": "formula"}, "A formula gives $\\boxed{42}$.", False),
        Example(
            {"use": "substitution", "avoid": "formula"}, "Substitution into the formula gives $\\boxed{42}$.", False
        ),
    )

    use: str
    avoid: str

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f'In your {self.part}, name your method with the word "{self.use}", and do without the word '
                f'"{self.avoid}" altogether.'
            ),
            f'Use the word "{self.use}" to name your method in your {self.part}, and never the word "{self.avoid}".',
            (
                f'Your {self.part} must describe the method with the word "{self.use}" and must not contain the word '
                f'"{self.avoid}".'
            ),
        )

    def needs(self) -> str:
        return self.use

    def holds(self, text: str) -> Verdict:
        wrong = next(occurrences(self.avoid, text), None)
        if wrong is not None:
            return broken(f"the word {self.avoid!r} is to be avoided", wrong)
        return compare(occurrences(self.use, text), "at least", 1, repr(self.use))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw a pair that fits any problem that is solved and not looked up."""
        if problem.source == "knowledge":
            return None
        use, avoid = rng.sample(METHODS, 2)
        return cls(use=use, avoid=avoid)

    def bans(self) -> tuple[str, ...]:
        return (self.avoid,)

    def comply(self, body: str) -> str:
        body = without_word(self.avoid, body)
        return body if self.holds(body).passed else before(self.use, body)

    def defy(self, body: str) -> str:
        return before(self.avoid, body)


@dataclass(frozen=True, kw_only=True)
class AddressReader(Counted):
    """The reader addressed as "you", and no "we"."""

    kind: ClassVar[str] = "lexical:address_reader"
    drawn: ClassVar[tuple[int, int]] = (1, 4)
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = (
        '"your" and "let\'s" are other words and count for neither side; "you" repeated at once counts once.'
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 2}, "You multiply, and you get $\\boxed{42}$.", True),
        Example({"count": 1}, "Now you have $\\boxed{42}$.", True),
        Example({"count": 2}, "You multiply and get $\\boxed{42}$.", False),
        Example({"count": 1}, "You multiply, and we get $\\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        often = "once" if self.count == 1 else f"{self.count} times"
        return (
            (
                f'Address the reader throughout your {self.part}: use the word "you" at least {often}, and never the '
                'words "we", "us" or "our".'
            ),
            (
                f'Speak to the reader in your {self.part}: the word "you" must occur at least {often}, the words "we", '
                '"us" and "our" not at all.'
            ),
            f'In your {self.part}, say "you" at least {often} and avoid "we", "us" and "our" entirely.',
        )

    def needs(self) -> str:
        return " ".join(["you"] * self.count)

    def holds(self, text: str) -> Verdict:
        found = [next(occurrences(word, text), None) for word in self.bans()]
        wrong = sorted(span for span in found if span is not None)
        if wrong:
            return broken("the text speaks of itself as we", *wrong)
        return compare(not_in_a_row(occurrences("you", text), text), "at least", self.count, "'you'")

    def bans(self) -> tuple[str, ...]:
        return ("we", "us", "our")

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, AddressReader) and other.count >= self.count

    def comply(self, body: str) -> str:
        body = around_boxes(lambda part: re.sub(r"(?<![^\W_])(?:we|us|our)(?![^\W_])", "you", part, flags=re.I), body)
        missing = self.count - sum(1 for _ in not_in_a_row(occurrences("you", body), body))
        return before(woven(["you"] * missing, body), body) if missing > 0 else body

    def defy(self, body: str) -> str:
        return before("We begin.", body)


_MARK = r"[ \t>#*_]*+(?:step ++)?\(?\d{1,4}[.):]"
# Digits of every script, vulgar fractions and digits in circles; raised and lowered ones belong to formulas.
_DIGIT = r"\d\u00bc-\u00be\u2150-\u2189\u2460-\u249b"
# The first digit of a line behind the number of a step.
_STRAY_DIGIT = re.compile(rf"^(?:{_MARK})?+[^{_DIGIT}\n]*+([{_DIGIT}])", re.IGNORECASE | re.MULTILINE)
_MARKER = re.compile(rf"^{_MARK}", re.IGNORECASE | re.MULTILINE)
_DIGITS = re.compile(rf"[{_DIGIT}]+")


@dataclass(frozen=True, kw_only=True)
class SpelledNumbers(Counted):
    """No digits outside mathematics: numbers in the prose are words."""

    kind: ClassVar[str] = "lexical:spelled_numbers"
    drawn: ClassVar[tuple[int, int]] = (1, 4)
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    limits: ClassVar[str] = (
        "The number at the start of a step or list item is no digit of the prose. Several words that name one "
        'number are one, half, dozen and third are numbers, "no one" and "the one" are none, and the same '
        "number repeated at once counts once."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 2}, "Six times seven: $6 \\cdot 7 = \\boxed{42}$.", True),
        Example({"count": 1}, "1. The sum is forty-two.\n2. $\\boxed{42}$", True),
        Example({"count": 1}, "The answer is $\\boxed{42}$.", False),
        Example({"count": 1}, "Six times 7 makes $\\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        noun = "number" if self.count == 1 else "numbers"
        return (
            (
                f"Outside of mathematical formulas, use no digits in your {self.part}, except to number steps: write "
                f"numbers in English words, and mention at least {self.count} {noun} in this way."
            ),
            (
                f"Spell numbers out in English words wherever they stand outside of formulas in your {self.part}, at "
                f"least {self.count} of them; digits may only number steps."
            ),
            (
                f"Your {self.part} must have no digits outside of mathematical formulas, apart from the numbers of "
                f"steps, and at least {self.count} {noun} written in English words."
            ),
        )

    def holds(self, text: str) -> Verdict:
        wrong = _STRAY_DIGIT.search(view(text).prose)
        if wrong:
            return broken("a digit stands outside mathematics", Span(*wrong.span(1)))
        found = not_in_a_row(spelled_numbers(view(text).prose), text)
        return compare(found, "at least", self.count, "numbers in words")

    def clashes(self, other: Constraint) -> str:
        if _STRAY_DIGIT.search(view(f"{other.needs()}\n{other.exact()}").prose):
            return f"{other.kind} needs digits"
        return other_language(other)

    def least_words(self) -> int:
        return self.count

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, SpelledNumbers) and other.count >= self.count

    def comply(self, body: str) -> str:
        prose = _unnumbered(body)
        for match in reversed(list(_DIGITS.finditer(prose))):
            number = match.group()
            spelled = spell(int(number)) if number.isdecimal() and len(number) < 10 else "many"
            body = body[: match.start()] + spelled + body[match.end() :]
        found = sum(1 for _ in not_in_a_row(spelled_numbers(view(body).prose), body))
        more = " plus ".join(spell(number) for number in range(1, self.count - found + 1))
        return before(more, body) if found < self.count else body

    def defy(self, body: str) -> str:
        return before("Here are 2 ways.", body)


def _unnumbered(text: str) -> str:
    """Return the prose of `text` with the numbers of steps and list items blanked."""
    return _MARKER.sub(lambda match: " " * len(match.group()), view(text).prose)


# Line breaks, commands with an argument that holds words, a name or a colour, all other commands, and words set without
# `\text`.
_NO_VARIABLE = re.compile(
    r"\\\\|\\(?:text[a-z]*|math(?:rm|sf|tt)|operatorname|[mhf]box|emph|label|tag|begin|end|color|[hv]?phantom|hspace|vspace)"
    r"\*?\s?\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]{4,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class NamedVariable(Constraint):
    """A named variable, used in formulas.

    Attributes:
        symbol: one Latin letter.
        count: the fewest times that it occurs.
    """

    kind: ClassVar[str] = "lexical:named_variable"
    group: ClassVar[Group] = Group.LEXICAL
    limits: ClassVar[str] = (
        "The letter's case counts. Letters of commands, of environments, of words in formulas and of prose are no "
        "variables; a formula that is only the symbol, repeated at once, counts once."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"symbol": "w", "count": 2}, "Let $w$ be the sum. Then $w = \\boxed{42}$.", True),
        Example({"symbol": "T", "count": 2}, "\\[2T = 84, \\quad T = \\boxed{42}\\]", True),
        Example({"symbol": "w", "count": 2}, "Let w be the sum, so w is $\\boxed{42}$.", False),
        Example({"symbol": "t", "count": 1}, "The answer is $\\boxed{\\text{ten}}$.", False),
    )

    symbol: str
    count: int

    def __post_init__(self) -> None:
        super().__post_init__()
        letter = len(self.symbol) == 1 and self.symbol.isascii() and self.symbol.isalpha()
        require(letter, f"{self.kind}: symbol", self.symbol, "one Latin letter")

    def wordings(self) -> tuple[str, ...]:
        often = "once" if self.count == 1 else f"{self.count} times"
        return (
            (
                f"In your {self.part}, call an unknown quantity ${self.symbol}$ and use this symbol at least {often} "
                "in formulas between dollar signs."
            ),
            (
                f"Introduce ${self.symbol}$ as the name of an unknown quantity in your {self.part}; it must occur at "
                f"least {often} in formulas between dollar signs."
            ),
            (
                f"Use ${self.symbol}$ for an unknown quantity, at least {often}, in formulas between dollar signs in "
                f"your {self.part}."
            ),
        )

    def holds(self, text: str) -> Verdict:
        return compare(self._uses(text), "at least", self.count, f"the variable {self.symbol}")

    def _uses(self, text: str) -> Iterator[Span]:
        alone = None
        for start, end in view(text).math:
            if self.symbol not in text[start:end]:
                continue
            formula = _NO_VARIABLE.sub(lambda match: " " * len(match.group()), text[start:end])
            bare = formula.strip(" $\\()[]") == self.symbol
            if bare and alone is not None and not INK.search(view(text).opaque, alone, start):
                continue
            alone = end if bare else None
            for match in re.finditer(self.symbol, formula):
                yield Span(start + match.start(), start + match.end())

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw a letter that the question does not use, and 2 to 5 uses; suits problems with something to calculate."""
        if problem.source == "knowledge":
            return None
        used = set(re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", problem.question + problem.answer))
        free = [letter for letter in "uvwzhkqtMNSTRWZ" if letter not in used]
        return cls(symbol=rng.choice(free), count=rng.randint(2, 5)) if free else None

    def exact(self) -> str:
        return self.symbol

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, NamedVariable) and other.symbol == self.symbol and other.count >= self.count

    def comply(self, body: str) -> str:
        missing = self.count - sum(1 for _ in self._uses(body))
        return before(f"${' = '.join([self.symbol] * missing)}$", body) if missing > 0 else body

    def defy(self, body: str) -> str:
        boxes = view(body).boxes
        for start, end in reversed(list(self._uses(body))):
            if not any(box.start < start < box.end for box in boxes):
                body = f"{body[:start]}?{body[end:]}"
        return body


_QUESTION = re.compile(r"[?？؟]+")
# A mark that an address goes on behind (`?a=1`) asks nothing.
_ASKS = re.compile(r"(?:[？؟]|\?(?![A-Za-z\d=&/]))[?？؟]*+")
# A question mark in an address asks nothing.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S++", re.IGNORECASE)
_STOP = re.compile(r"[.!?？؟。！\n]")
# Two Latin letters or one of another script: what tells a question from `x?`.
_WORDED = re.compile(r"[A-Za-z]{2}|[^\W\d_A-Za-z]")
_LONGEST_QUESTION = 1000
_MOST_MARKS = 10_000


def questions(text: str) -> Iterator[Span]:
    """Yield the marks that end a sentence with words in a question, of the same one asked twice in a row the first."""
    speech, shown = view(text).speech, view(text).shown
    if "http" in view(text).small or "www" in view(text).small:
        speech = _ADDRESS.sub(lambda match: " " * len(match.group()), speech)
    done, last = 0, ""
    for match in islice(_ASKS.finditer(speech), _MOST_MARKS):
        said = _STOP.split(speech[max(done, match.start() - _LONGEST_QUESTION) : match.start()])[-1]
        start = match.start() - len(said)
        asked = shown[start : match.start()]  # with its formulas: `What is $x$? What is $y$?` are two
        again = asked.split() == last.split() and not _WORDED.search(speech, done, start)
        if _WORDED.search(said) and not again:
            yield Span(*match.span())
        done, last = match.end(), asked


def asking(body: str, count: int) -> str:
    """Return `body` behind `count` questions of a word each; `body` itself where that is none."""
    return before(" ".join(f"{word}?" for word in fill(body, count).split()), body) if count > 0 else body


@dataclass(frozen=True, kw_only=True)
class Questions(Counted):
    """Questions along the way."""

    kind: ClassVar[str] = "punctuation:questions"
    drawn: ClassVar[tuple[int, int]] = (1, 4)
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    limits: ClassVar[str] = (
        "A question is a sentence of one word or more that ends in a question mark, outside mathematics and addresses. "
        "The same question asked twice in a row is one."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"count": 2}, "What is six times seven? Is it $\\boxed{42}$? Yes.", True),
        Example({"count": 1}, "ছয় আর সাত কত? $\\boxed{42}$", True),
        Example({"count": 2}, "What is six times seven?? It is $\\boxed{42}$.", False),
        Example({"count": 1}, "The question is what six times seven is: $? = \\boxed{42}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        what = "one question" if self.count == 1 else f"{self.count} questions"
        return (
            f"Ask your reader at least {what} in your {self.part}; a question ends in a question mark.",
            f"Your {self.part} must put at least {what} to the reader, each ending in a question mark.",
            f"Include {what} to your reader, or more, in your {self.part}, with a question mark at the end of each.",
        )

    def holds(self, text: str) -> Verdict:
        return compare(questions(text), "at least", self.count, "questions")

    def least_words(self) -> int:
        return self.count

    def follows(self, other: Constraint) -> bool:
        return self.holds(other.needs()).passed or (isinstance(other, Questions) and other.count >= self.count)

    def comply(self, body: str) -> str:
        return asking(body, self.count - sum(1 for _ in questions(body)))

    def defy(self, body: str) -> str:
        return around_boxes(lambda part: _QUESTION.sub(".", part), body)

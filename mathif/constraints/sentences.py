"""Sentences: kinds on the sentences of a reply, how many there are and how each begins or ends.

A sentence has words and ends in a mark of its own, or where its line ends for good: at a blank line, a list item or a
heading. Formulas belong to the sentence around them, and one that stands alone is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from string import punctuation
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed, require
from mathif.constraints.edits import before, fill
from mathif.constraints.markdown import MOST_MARKS
from mathif.constraints.words import view
from mathif.records import Problem, Span, Verdict

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BLANKS = " \t\u00a0\u202f\u3000,，、"
"""What may stand between words that are neighbours."""
_FEW_GAPS = 6
_APART = frozenset(
    {
        "answer:last_line", "detectable_format:json_format", "layout:json_fields", "layout:most_steps",
        "layout:numbered_steps", "startend:quotation",
    }
)  # fmt: skip
"""The kinds that put a mark, a formula or the number of a step where a sentence ends."""
# Abbreviations of English and its neighbours, those of single letters (`U.S.`, `p.m.`, `z. B.`), initials behind a name
# or another initial, and the number or letter of a step end no sentence; a point (`at A.`) and a unit (`5 m.`) do.
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|resp|no|fig|eqs?|sec|thm|mr|mrs|ms|dr|prof|st|et al"
    r"|bzw|usw|ca|vgl|nr|abb|ggf|evtl|p\. ?ex|p\. ?ej|por ej|por ex|ad es|ecc|aprox|env|núm|pág|pag|sra?)"
    r"|\.\s?[a-z]|\b(?-i:[A-Z][a-z]+ [A-Z])"
    r"|^[^\S\n]*(?:(?:step +)?\(?\d{1,4}|[a-z]))\Z",
    re.IGNORECASE | re.MULTILINE,
)
# Marks with the quotes and brackets behind them and then space, marks of scripts that need no space, a blank line, or
# a part of the layout.
_END = re.compile(
    r"[.!?…]+(?=[\"'”’»)\]}]*(?:\s|\Z))[\"'”’»)\]}]*|[。！？।۔؟]+[\"'”’»）」』]*|(?:\n[^\S\n]*+){2,}+|\u2029"
)
# A single letter before another one with a full stop (`z. B.`, `p. m.`, `p. ex.`).
_LONE_LETTER = re.compile(r"\b[^\W\d_]\Z")
_NEXT_LETTER = re.compile(r" ?(?:[^\W\d_]|e[jx])\.")
# Dots behind which the sentence goes on.
_GOES_ON = re.compile(r"[\"'”’»)\]}]*[^\S\n]+[a-zß-öø-ÿ]")
_REACH = 20


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a text, their end marks included, as they stand in `View.outline`."""
    outline = _parted(text)
    start = 0
    for match in islice(_END.finditer(outline), MOST_MARKS):
        if _ends_nothing(outline, match.start(), match.group()):
            continue
        if _LETTER.search(outline, start, match.start()):
            yield _trimmed(outline, start, match.end())
        start = match.end()
    if _LETTER.search(outline, start):
        yield _trimmed(outline, start, len(outline))


def _ends_nothing(outline: str, place: int, mark: str) -> bool:
    """Whether a mark belongs to an abbreviation, or to a pause within a sentence (`Add ... and halve.`)."""
    if mark.startswith(("...", "…")):
        return bool(_GOES_ON.match(outline, place + len(mark.rstrip("\"'”’»)]}"))))
    if mark != ".":
        return False
    before = outline[max(0, place - _REACH) : place]
    return bool(_NO_END.search(before) or (_LONE_LETTER.search(before) and _NEXT_LETTER.match(outline, place + 1)))


def _parted(text: str) -> str:
    """Return the outline of a text with a paragraph separator in front of each list item and around each heading."""
    outline = view(text).outline
    layout = view(text).blocks
    places = [item.start for item in layout.items]
    places += [edge for one in layout.headings for edge in (one.start, one.end + 1)]
    parts: list[str] = []
    done = 0
    for place in sorted(places):
        parted = outline.rfind("\n", done, place)
        if parted >= 0:
            parts += [outline[done:parted], "\u2029"]
            done = parted + 1
    return "".join([*parts, outline[done:]])


def _trimmed(outline: str, start: int, end: int) -> Span:
    piece = outline[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


_QUESTIONS = ("punctuation:questions", "punctuation:exact_questions")


@dataclass(frozen=True, kw_only=True)
class SentenceCount(Constraint):
    """A range for the number of sentences.

    Attributes:
        least: the fewest.
        most: the most, at least `least`.
    """

    kind: ClassVar[str] = "length:sentences"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LENGTH
    stage: ClassVar[Stage] = Stage.REMOVE
    limits: ClassVar[str] = (
        "A sentence has a word and ends in a mark or with its paragraph, list item or heading. Abbreviations such as "
        "`e.g.` and `z. B.`, dots before a small letter and the numbers of steps end none; a formula alone is none."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"least": 2, "most": 3}, "Multiply six by seven, i.e. add. The answer is $\\boxed{42}$.", True),
        Example({"least": 2, "most": 2}, "1. Multiply by 3.5 first\n2. Write it down!\n\n$\\boxed{42}$", True),
        Example({"least": 2, "most": 3}, "The answer is $\\boxed{42}$.", False),
        Example({"least": 1, "most": 2}, "Multiply. Add. Halve. $\\boxed{42}$", False),
    )

    least: int
    most: int

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.least <= self.most, f"{self.kind}: most", self.most, f"{self.least} or more")

    def wordings(self) -> tuple[str, ...]:
        least, most = self.least, self.most
        if least == most:
            noun = "sentence" if least == 1 else "sentences"
            return (
                f"Your {self.part} must have exactly {least} {noun}.",
                f"Write exactly {least} {noun} in your {self.part}, no more and no fewer.",
                f"The number of sentences of your {self.part} must be {least}.",
            )
        return (
            f"Your {self.part} must have at least {least} and at most {most} sentences.",
            f"Write between {least} and {most} sentences in your {self.part}.",
            f"Do not use fewer than {least} or more than {most} sentences in your {self.part}.",
        )

    def holds(self, text: str) -> Verdict:
        found = list(islice(sentences(text), self.most + 1))
        if len(found) > self.most:
            return broken(f"found more than {self.most} sentences", found[-1])
        if len(found) < self.least:
            return broken(f"found {len(found)} sentences, expected at least {self.least}", Span(len(text), len(text)))
        return obeyed(*found[:20])

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw 2 to 8 sentences and a range of up to three; the null reply has one."""
        least = rng.randint(2, 8)
        return cls(least=least, most=least + rng.randint(0, 2))

    def least_words(self) -> int:
        return self.least

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, SentenceCount) and (other.least > self.most or self.least > other.most):
            return "the two ranges for the number of sentences lie apart"
        asked = other.args().get("count") if other.kind in _QUESTIONS else None
        if isinstance(asked, int) and asked > self.most:
            return f"{asked} questions are more than {self.most} sentences"
        return ""

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, SentenceCount) and self.least <= other.least and other.most <= self.most

    def comply(self, body: str) -> str:
        missing = self.least - sum(1 for _ in sentences(body))
        if missing > 0:
            return before(" ".join(f"{word.capitalize()}." for word in fill(body, missing).split()), body)
        known = list(sentences(body))
        excess = max(0, len(known) - self.most)
        first = int(excess + 1 < len(known))  # the first may be a phrase that has to stand as it is
        for span in reversed(known[first : first + excess]):
            body = f"{body[: span.end].rstrip('.!?…。।')}; {body[span.end :].lstrip()}"
        return body

    def defy(self, body: str) -> str:
        return before(" ".join(f"{word.capitalize()}." for word in fill(body, self.most + 1).split()), body)


@dataclass(frozen=True, kw_only=True)
class SentenceEnds(Constraint):
    """The same word at the end of every sentence.

    Attributes:
        word: the word, in any letter case.
    """

    kind: ClassVar[str] = "lexical:sentence_ends"
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "Sentences are those of `length:sentences`; the word may stand in any letter case, and marks may follow it, "
        "formulas may not. `upstream` judges as CoT-Control (arXiv 2603.05706) does: the text is cut behind `.`, `!` "
        "and `?` before a blank, in formulas too, and what stands behind the last blank of each piece must be the "
        "word, with nothing but these marks behind it."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"word": "indeed"}, "We multiply indeed. The answer is $\\boxed{42}$ indeed!", True),
        Example({"word": "safe"}, "**Six sevens, safe.**\n\nSo it is $\\boxed{42}$, safe.", True),
        Example({"word": "indeed"}, "We multiply indeed. The answer is indeed $\\boxed{42}$.", False),
        Example({"word": "safe"}, "We are unsafe. It is $\\boxed{42}$, safe.", False),
        Example({"word": "safe"}, "$\\boxed{42}$", False),
    )

    word: str

    def __post_init__(self) -> None:
        require(self.word.isalpha(), f"{self.kind}: word", self.word, "one word")

    def wordings(self) -> tuple[str, ...]:
        return (
            f'End every sentence of your {self.part} with the word "{self.word}".',
            f'The last word of each sentence in your {self.part} must be "{self.word}".',
            f'In your {self.part}, let no sentence end in any other word than "{self.word}".',
        )

    def needs(self) -> str:
        return self.word

    def holds(self, text: str) -> Verdict:
        outline = view(text).outline
        found = False
        for span in sentences(text):
            found = True
            if not self._ends(outline[max(span.start, span.end - len(self.word) - _REACH) : span.end]):
                return broken(f"a sentence does not end with {self.word!r}", span)
        return obeyed() if found else broken("there is no sentence", Span(0, len(text)))

    def _ends(self, tail: str) -> bool:
        bare = tail.rstrip(".!?…。！？।۔؟\"'”’»)]}）」』\u2029 \t\r\n,;:*_")
        return re.search(rf"(?<![^\W_]){re.escape(self.word)}\Z", bare, re.IGNORECASE) is not None

    def holds_upstream(self, text: str) -> Verdict:
        start = len(text) - len(text.lstrip())
        for piece in re.split(r"((?<=[.!?])\s+)", text.strip()):
            said = piece.rstrip(".!?").split()
            if not piece.isspace() and (not said or said[-1].lower() != self.word.lower()):
                return broken(f"a sentence does not end with {self.word!r}", Span(start, start + len(piece)))
            start += len(piece)
        return obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw a word that can stand behind any sentence."""
        return cls(word=rng.choice(("indeed", "safe", "okay", "clearly", "friend")))

    def clashes(self, other: Constraint) -> str:
        if other.kind in _APART:
            return f"{other.kind} has lines that end with something else"
        whole = [other.opening(), *other.exact().split("\n")]
        pieces = [piece[span.start : span.end] for piece in whole for span in sentences(piece)]
        said = [*(one for one in pieces if one[-1] in ".!?"), *filter(_LETTER.search, [other.closing()])]
        if not all(map(self._ends, said)):
            return f"{other.kind} ends a sentence with other words"
        if isinstance(other, SentenceEnds) and other.word.casefold() != self.word.casefold():
            return "a sentence ends with one word"
        return ""

    def comply(self, body: str) -> str:
        known = list(sentences(body))
        if not known:
            return f"{body.rstrip()}\n\n{self.word.capitalize()}."
        for span in reversed(known):
            if not self._ends(body[span.start : span.end]):
                said = body[span.start : span.end].rstrip()
                bare = said.rstrip(".!?…。！？।۔؟")
                body = f"{body[: span.start]}{bare} {self.word}{said[len(bare) :] or '.'}{body[span.end :]}"
        return body

    def defy(self, body: str) -> str:
        return f"{body.rstrip()} That is how it was."


@dataclass(frozen=True, kw_only=True)
class BetweenWords(Constraint):
    """A word between every two words.

    Attributes:
        word: the word, in any letter case.
    """

    kind: ClassVar[str] = "lexical:between_words"
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LEXICAL
    stage: ClassVar[Stage] = Stage.BREAK
    limits: ClassVar[str] = (
        "Two words are neighbours when nothing but blanks and commas stands between them on a line: formulas, numbers, "
        "other marks and line ends part them. At least one gap must be filled. `upstream` judges as CoT-Control does: "
        "between two pieces of a line, cut at blanks, the word must stand somewhere, formulas and all; free are pieces "
        "that are numbers, signs, marks of a list or short terms, and what follows `.`, `!`, `?` or `:`."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"word": "meow"}, "The meow answer meow is $\\boxed{42}$.", True),
        Example({"word": "um"}, "We, um, multiply. Then um write $6 \\cdot 7$: done.", True),
        Example({"word": "meow"}, "The meow answer is $\\boxed{42}$.", False),
        Example({"word": "meow"}, "Meow! $\\boxed{42}$", False),
    )

    word: str

    def __post_init__(self) -> None:
        require(self.word.isalpha(), f"{self.kind}: word", self.word, "one word")

    def wordings(self) -> tuple[str, ...]:
        return (
            f'Put the word "{self.word}" between every two words of your {self.part} that stand side by side.',
            f'In your {self.part}, separate neighbouring words with the word "{self.word}", every time.',
            f'Write your {self.part} so that "{self.word}" stands in each gap between two words.',
        )

    def needs(self) -> str:
        return self.word

    def holds_upstream(self, text: str) -> Verdict:
        gap = next(_open_gaps(text, self.word.lower()), None)
        return obeyed() if gap is None else broken("two words stand side by side", gap)

    def holds(self, text: str) -> Verdict:
        filled = False
        for one, other in _neighbours(view(text).outline):
            fillers = sum(word.group().casefold() == self.word.casefold() for word in (one, other))
            if fillers == 0:
                return broken("two words stand side by side", Span(one.start(), other.end()))
            filled = filled or fillers == 1
        return obeyed() if filled else broken("the word stands in no gap", Span(0, len(text)))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw a word that English text may hold anywhere, so that the text stays English."""
        return cls(word=rng.choice(("indeed", "then", "well", "plus", "again")))

    def clashes(self, other: Constraint) -> str:
        if other.kind == "layout:json_fields":
            return "the names of the fields are words side by side"
        said = "\n".join([other.exact(), other.opening(), other.closing()])
        pair = next(iter(_neighbours(said)), ())
        if pair and self.word.casefold() not in (word.group().casefold() for word in pair):
            return f"{other.kind} needs words side by side"
        return "one word stands in a gap" if isinstance(other, BetweenWords) and other.word != self.word else ""

    def comply(self, body: str) -> str:
        shown = self.word.upper() if view(body).prose.isupper() else self.word
        gaps = {
            max(body.find(" ", one.end(), other.start()), one.end())
            for one, other in _neighbours(view(body).outline)
            if self.word.casefold() not in (one.group().casefold(), other.group().casefold())
        }
        # Line breaks part words too, and do not make a long text twice as long, nor a formula another one.
        formulas = [range(span.start + 1, span.end) for span in view(body).math]
        for gap in _open_gaps(body, self.word.lower()):
            within = any(gap.start in formula for formula in formulas)
            gaps.add(gap.start if within else len(body[: gap.end].rstrip()))
        for number, place in reversed(list(enumerate(sorted(gaps)))):
            within = any(place in formula for formula in formulas)
            added = f" {shown} " if number < _FEW_GAPS and not within else "\n"
            body = f"{body[:place]}{added}{body[place:].lstrip(' ')}"
        return body

    def defy(self, body: str) -> str:
        return before("Two words side by side.", body)


def _neighbours(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Yield the pairs of words on one line with nothing but blanks and commas between them."""
    previous: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        if not _LETTER.search(word.group()):
            previous = None
            continue
        if previous is not None and not text[previous.end() : word.start()].strip(_BLANKS):
            yield previous, word
        previous = word


# What CoT-Control's code asks no word beside: the marks of a list, signs, numbers, terms such as `2x` and `f(x)`.
_MARK = re.compile(r"[(\[]?[a-zA-Z0-9]{1,4}[)\].:]")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE^][-+]?\d+)?%?")
_TERM = re.compile(r"\d+[a-zA-Z]+|[a-zA-Z]+\d+")
_LONGEST_TERM = 4
_CALL = re.compile(r"[a-zA-Z]+\(.*\)")
_BESIDE_A_LETTER = frozenset(("=", "+", "-", "*", "/", "<", ">", "<=", ">="))
_OPERATORS = frozenset("^/*=")
_SIGNS = _BESIDE_A_LETTER | frozenset(("!=", "==", "^", "×", "÷"))


def _open_gaps(text: str, word: str) -> Iterator[Span]:
    """Yield the gaps between two words that CoT-Control's code misses `word` in; its words stand between blanks."""
    pieces = list(re.finditer(r"\S+", text))
    last: re.Match[str] | None = None
    closed = True
    for place, piece in enumerate(pieces):
        beside = {one.group() for one in (*pieces[max(0, place - 1) : place], *pieces[place + 1 : place + 2])}
        bare = piece.group().lower().strip(punctuation)
        if bare == word:
            closed = True
        elif bare and not _is_free(piece.group(), beside):
            if last is not None and not closed:
                yield Span(last.end(), piece.start())
            after = pieces[place + 1].start() if place + 1 < len(pieces) else len(text)
            last, closed = piece, piece.group()[-1] in ".!?:" or "\n" in text[piece.end() : after]


def _is_free(piece: str, beside: set[str]) -> bool:
    """Tell whether CoT-Control's code asks nothing beside a piece; `beside` are its two neighbours."""
    bare = piece.strip(punctuation)
    letter = len(bare) == 1 and bare.isalpha() and bare.lower() not in "ai"
    return (
        piece in _SIGNS
        or any(pattern.fullmatch(piece) for pattern in (_MARK, _CALL))
        or _NUMBER.fullmatch(bare) is not None
        or (len(bare) <= _LONGEST_TERM and _TERM.fullmatch(bare) is not None)
        or (not _OPERATORS.isdisjoint(piece) and any(map(str.isdecimal, piece)))
        or (letter and not _BESIDE_A_LETTER.isdisjoint(beside))
    )

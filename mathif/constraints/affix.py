"""Affix: kinds that restrict how a reply starts and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed
from mathif.constraints.edits import around_boxes, without
from mathif.constraints.words import INK, view, words
from mathif.records import Problem, Span, Verdict

_QUOTES = '"“”„‟«»＂'
_QUOTE = re.compile(f"[{_QUOTES}]")
# A quotation mark that a reader sees; an escaped one belongs to JSON.
_INNER_QUOTE = re.compile(rf"(?<!\\)[{_QUOTES}]")
OPENERS = " \t\r\n\xa0\"“„«'‘(["
_CLOSERS = f"{_QUOTES}*_`')]’}}$ \t\r\n"
_OPENERS_BEFORE = "([{—–-*_"
_CLOSERS_BEHIND = ")]}.,;:!?—–-*_"

END_PHRASES = (
    "Any other questions?",
    "Is there anything else I can help with?",
    "This completes the solution.",
    "I hope this helps!",
    "That concludes my reasoning.",
    "Thank you for the problem.",
    "So much for this one.",
    "Let me know what you think.",
    "Now it is your turn.",
    "More of this another time.",
    "That was all there is to it.",
    "Please check it yourself.",
    "See you at the next one!",
    "Shall we try a harder one?",
)
"""Phrases that `draw` takes; the first two are those of MathIF."""

STRAIGHT = str.maketrans("’‘ʼ", "'''")
"""The apostrophes of typography are those of a keyboard."""

# What makes a word of a phrase longer: another letter or sign of one, also behind an apostrophe or a hyphen.
_GOES_ON = r"[^\W_]|[\u0300-\u036f\u0900-\u0dff]|['’‐‑-][^\W\d_]"
# A formula in a request, apart because spacing inside it is free.
_FORMULA = re.compile(r"(\$\$?[^$]+\$\$?)")
_ROOM = 200

LONGEST_REQUEST_CHARS = 600
"""Longest question that `draw` asks to repeat."""


_TELLING = 60
"""Characters of a request whose words tell most texts that do not repeat it."""


def _words(phrase: str) -> list[str]:
    """Return the words of letters in a phrase, in small letters, for a plain search before the judgement."""
    return re.findall(r"(?<![^\W_\d\\])[a-z]{2,}(?![^\W_])", phrase.lower())


@dataclass(frozen=True, kw_only=True)
class RepeatPrompt(Constraint):
    """The request first, word for word, and then the answer."""

    kind: ClassVar[str] = "combination:repeat_prompt"
    group: ClassVar[Group] = Group.AFFIX
    official: ClassVar[bool] = True
    stage: ClassVar[Stage] = Stage.FRAME
    limits: ClassVar[str] = (
        "`mathif` wants the request unchanged as a reader sees it, letter case included: line breaks, runs of spaces, "
        "emphasis and the delimiters of formulas may differ, words and the spaces between them may not. It wants words "
        "or a formula behind it, since the sentence says *then answer*. `upstream` ignores letter case, counts every "
        "space, and takes the bare request for obedience."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"prompt_to_repeat": "What is 2 + 3?"}, r"What is 2 + 3? It is $\boxed{5}$.", True),
        Example({"prompt_to_repeat": "What is\n2 + 3?"}, "\nWhat is 2  + 3?\n\nFive.", True),
        Example({"prompt_to_repeat": "What is 2 + 3?"}, "You ask: What is 2 + 3? It is 5.", False),
        Example({"prompt_to_repeat": "What is 2 + 3?"}, "what is 2 + 3? It is 5.", False),
        Example({"prompt_to_repeat": "What is 2 + 3?"}, "What is 2 + 3?", False),
    )

    prompt_to_repeat: str

    def wordings(self) -> tuple[str, ...]:
        return (
            (
                f"Begin your {self.part} by repeating the problem statement word for word, without changing anything "
                "in it or putting anything before it, and then give your answer."
            ),
            (
                f"Your {self.part} must open with the exact text of the problem, unchanged and with nothing in front "
                "of it; the answer comes after that."
            ),
            (
                f"First copy the problem as it stands, word for word and as the very first thing in your {self.part}, "
                "and only then answer it."
            ),
        )

    def needs(self) -> str:
        return self.prompt_to_repeat

    def exact(self) -> str:
        return view(self.prompt_to_repeat).prose

    def opening(self) -> str:
        return self.prompt_to_repeat

    def holds(self, text: str) -> Verdict:
        match = None
        if view(text).may_hold(_words(self.prompt_to_repeat[:_TELLING])):
            match = _request(self.prompt_to_repeat).match(view(text).shown.translate(STRAIGHT))
        if match is None:
            start = len(text) - len(text.lstrip())
            return broken("the request is not repeated word for word at the start", Span(start, start + 1))
        if not INK.search(view(text).outline, match.end()):
            return broken("no answer follows the repeated request", Span(*match.span()))
        return obeyed(Span(*match.span()))

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
        "`mathif` wants the phrase as it stands, letter case included, though its first letter may be a capital. It "
        "lets closing quotation marks, emphasis marks and brackets follow the phrase and white space in it differ, and "
        "wants it to start at a word; words in a LaTeX wrapper are words. `upstream` ignores letter case, lets only "
        "straight double quotation marks follow, and takes *many other questions?* for an "
        "ending in *any other questions?*."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"end_phrase": "Any other questions?"}, r"It is $\boxed{5}$. Any other questions?", True),
        Example({"end_phrase": "Any other questions?"}, "“It is 5. **Any other questions?**”\n", True),
        Example({"end_phrase": "Any other questions?"}, "It is 5. Any other questions? Just ask.", False),
        Example({"end_phrase": "Any other questions?"}, "It is 5. Are there many other questions?", False),
        Example({"end_phrase": "Any other questions?"}, "It is 5. any other questions?", False),
    )

    end_phrase: str

    def wordings(self) -> tuple[str, ...]:
        phrase = self.end_phrase.strip()
        return (
            f'Finish your {self.part} with exactly this phrase: "{phrase}" Write nothing after it.',
            f'The very last words of your {self.part} must be exactly these, with nothing behind them: "{phrase}"',
            f'Close your {self.part} with this phrase, word for word, and add nothing to it: "{phrase}"',
        )

    def needs(self) -> str:
        return self.end_phrase

    def exact(self) -> str:
        return self.end_phrase

    def closing(self) -> str:
        return self.end_phrase

    def holds(self, text: str) -> Verdict:
        if not view(text).may_hold(_words(self.end_phrase)):
            return broken("the text does not end with the phrase", Span(max(0, len(text) - 1), len(text)))
        shown = view(text).shown.translate(STRAIGHT)
        end = len(shown.rstrip(_CLOSERS.replace(self.end_phrase.strip()[-1], "")))
        reach = max(0, end - 2 * len(self.end_phrase) - _ROOM)
        phrase = self.end_phrase.strip()
        forms = (phrase, phrase[0].upper() + phrase[1:])  # a phrase may begin a sentence
        pattern = re.compile("(?:" + "|".join(map(worded, forms)) + r")\Z")
        match = pattern.search(shown[:end], reach)
        if match is None:
            return broken("the text does not end with the phrase", Span(max(0, end - len(self.end_phrase)), end))
        return obeyed(Span(*match.span()))

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
        'reach to the end: `"Yes" and "no"` is two quotations, not one. Emphasis may enclose it. A mark behind a digit '
        "is a sign of inches unless another quotation opens after it. `upstream` takes straight ones only and looks at "
        "the first and the last character alone."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r'"The answer is $\boxed{5}$."', True),
        Example({}, r"“He calls it “five”, so $\boxed{5}$.”", True),
        Example({}, r"The answer is $\boxed{5}$.", False),
        Example({}, '"Five" is the same as "5"', False),
        Example({}, '""', False),
    )

    def wordings(self) -> tuple[str, ...]:
        return (
            f"Put your entire {self.part} between double quotation marks.",
            f"Enclose all of your {self.part} in one pair of double quotation marks.",
            f"Your whole {self.part} must stand inside double quotation marks, from its first character to its last.",
        )

    def holds(self, text: str) -> Verdict:
        if not _QUOTE.search(text):
            return broken("there is no double quotation mark", Span(0, 1))
        shown = view(text).shown
        bare = shown.strip()
        first = len(shown) - len(shown.lstrip())
        last = first + len(bare) - 1
        if len(bare) < 3 or bare[0] not in _QUOTES or bare[-1] not in _QUOTES:
            return broken("the text does not start and end with a double quotation mark", Span(first, first + 1))
        if not INK.search(view(text).outline):
            return broken("there is nothing between the quotation marks", Span(first, last + 1))
        closed = _first_closing(shown, first, last)
        if closed is not None:
            return broken("the quotation ends before the text does", Span(closed, closed + 1))
        return obeyed(Span(first, first + 1), Span(last, last + 1))

    def holds_upstream(self, text: str) -> Verdict:
        bare = text.strip()
        if len(bare) > 1 and bare[0] == '"' and bare[-1] == '"':
            return obeyed()
        return broken("the text does not start and end with a straight double quotation mark")

    def opening(self) -> str:
        return '"'

    def closing(self) -> str:
        return '"'

    def comply(self, body: str) -> str:
        inner = around_boxes(lambda part: _QUOTE.sub("'", part), body.strip())
        return f'"\n{inner}"' if "\n" in inner else f'"{inner}"'

    def defy(self, body: str) -> str:
        return without(f"[{_QUOTES}]", body) if next(words(body), None) else f"Done {body}"


@lru_cache(maxsize=1024)
def worded(phrase: str) -> str:
    """Return a pattern for a phrase: any white space for its spaces, and no letter that would make its ends longer."""
    parts = phrase.translate(STRAIGHT).split()
    start = r"(?<![^\W_])" if parts[0][0].isalnum() else ""
    end = rf"(?!{_GOES_ON})" if parts[-1][-1].isalnum() else ""
    return start + r"\s+".join(map(re.escape, parts)) + end


@lru_cache(maxsize=256)
def _request(prompt: str) -> re.Pattern[str]:
    """Return a pattern for a request as a reader sees it: spacing is free between words and within formulas."""
    shown = view(prompt).shown.translate(STRAIGHT).strip()
    formulas = _FORMULA.split(shown) if view(prompt).math else [shown]
    parts = [
        r"\s*".join(map(re.escape, "".join(piece.split())))
        if odd
        else r"\s+".join(map(re.escape, re.split(r"\s+", piece)))
        for odd, piece in zip(cycle((False, True)), formulas, strict=False)
    ]
    return re.compile(r"\s*" + "".join(parts))


def _first_closing(text: str, first: int, last: int) -> int | None:
    """Return where the quotation that opens at `first` is closed before `last`, or None.

    A straight mark opens behind a space and closes before one; a mark that could do both or neither is not counted, nor
    is one behind a backslash. One behind a digit is a sign of inches unless another quotation opens after it.
    """
    depth = 1
    inches = None
    for match in _INNER_QUOTE.finditer(text, first + 1, last):
        place = match.start()
        previous, following = text[place - 1], text[place + 1]
        opens = previous.isspace() or previous in _OPENERS_BEFORE
        closes = following.isspace() or following in _CLOSERS_BEHIND
        if opens and not closes and inches is not None:
            return inches
        if closes and not opens and previous.isdigit():
            inches = place if depth == 1 else inches
        elif opens != closes:
            depth += 1 if opens else -1
        if depth == 0:
            return place
    return None

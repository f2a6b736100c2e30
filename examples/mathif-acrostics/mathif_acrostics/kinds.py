"""A kind of constraint: the lines of a reply begin with the letters of a word."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, Stage, broken, obeyed, require
from mathif.records import Problem, Span, Verdict

WORDS = ("MATH", "PROOF", "SUM", "LOGIC", "ROOT", "PRIME", "GRAPH", "CUBE")


@dataclass(frozen=True, kw_only=True)
class Acrostic(Constraint):
    """First lines whose first letters spell a word.

    Attributes:
        word: in capital letters.
    """

    kind: ClassVar[str] = "acrostics:first_lines"
    group: ClassVar[Group] = Group.FORMAT
    stage: ClassVar[Stage] = Stage.FRAME
    planned: ClassVar[bool] = True
    limits: ClassVar[str] = "Blank lines do not count, and a mark of Markdown in front of a letter takes its place."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"word": "SUM"}, "Six and six.\nUnder twenty.\n\nMost likely $\\boxed{12}$.", True),
        Example({"word": "SUM"}, "so\nus\nme\nIt is $\\boxed{12}$.", True),
        Example({"word": "SUM"}, "Six and six.\nMost likely $\\boxed{12}$.", False),
        Example({"word": "SUM"}, "**S**ix\nUnder\nMost likely $\\boxed{12}$.", False),
    )

    word: str

    def __post_init__(self) -> None:
        """Refuse what is no word in capital letters."""
        right = self.word.isascii() and self.word.isalpha() and self.word.isupper() and len(self.word) > 1
        require(right, f"{self.kind}: word", self.word, "two capital letters or more")

    def wordings(self) -> tuple[str, ...]:
        """Return the sentences."""
        return (
            f'The first letters of the first lines of your {self.part} must spell the word "{self.word}", '
            "blank lines aside.",
            f'Begin your {self.part} with lines whose first letters spell "{self.word}"; blank lines do not count.',
            f"Your {self.part} must open with an acrostic: its first lines that are not blank begin with the letters "
            f'of "{self.word}", one letter a line.',
        )

    def opening(self) -> str:
        """Return the first letter."""
        return self.word[0]

    def holds(self, text: str) -> Verdict:
        """Compare the first letter of each line with the word's."""
        place, seen = 0, 0
        for line in text.splitlines(keepends=True):
            start = place + len(line) - len(line.lstrip())
            place += len(line)
            if not line.strip():
                continue
            if text[start].upper() != self.word[seen]:
                return broken(
                    f"line {seen + 1} begins with {text[start]!r}, not {self.word[seen]!r}", Span(start, place)
                )
            seen += 1
            if seen == len(self.word):
                return obeyed(Span(0, place))
        return broken(f"found {seen} lines that are not blank, expected {len(self.word)}", Span(len(text), len(text)))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw one of the words; any problem suits."""
        return cls(word=rng.choice(WORDS))

    def comply(self, body: str) -> str:
        """Put a line for each letter in front."""
        return "".join(f"{letter}\n" for letter in self.word) + body

    def defy(self, body: str) -> str:
        """Put a line in front that begins with no letter."""
        return f"...\n{body}"

"""A problem family: how many acrostics can be put together from lines that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from random import Random
from typing import ClassVar, Self

from mathif.problems import Family, Stories, Surface
from mathif.problems.exact import Value


@dataclass(frozen=True)
class Acrostics(Family):
    """A choice of one line for each letter."""

    name = "lines-of-an-acrostic"
    tier = 2
    topics = ("counting", "product rule")
    steps = range(2, 7)
    task = "acrostics"
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} writes a poem of {self.lines} lines. The numbers of lines that fit each place are, in order, "
            "{self.numbers}. One line is chosen for each place. How many different poems can {name} write?",
            "A notebook of {name} has {self.lines} pages, with {self.numbers} verses on them in this order. A song "
            "takes one verse from each page, in the order of the pages. How many different songs are there?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} sings {self.lines} tones. For the tones, one after another, it has {self.numbers} pitches to "
            "choose from. How many different songs can it sing?",
        ),
    }

    choices: tuple[int, ...]

    @property
    def lines(self) -> int:
        """The number of places."""
        return len(self.choices)

    @property
    def numbers(self) -> str:
        """The choices as a sentence lists them."""
        return f"{', '.join(map(str, self.choices[:-1]))} and {self.choices[-1]}"

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one place more than there are multiplications."""
        return cls(tuple(rng.randint(2, 40) for _ in range(steps + 1)))

    def answer(self) -> Value:
        """Multiply."""
        return prod(self.choices)

    def check(self) -> Value:
        """Number the poems from 0 in mixed radix; the last of them has this number, less one."""
        last = 0
        for choices in self.choices:
            last = last * choices + choices - 1
        return last + 1

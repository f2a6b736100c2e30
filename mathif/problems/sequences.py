"""Sequences, tiers 1 and 2: steady growth, patterns that repeat, progressions and rules followed for a few terms.

Closed forms are in `sequences_closed_forms`, what needs an idea of its own in `sequences_recurrences`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, islice
from math import gcd
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Value, latex
from mathif.records import Surface


@dataclass(frozen=True)
class StagedGrowth(Family):
    """A quantity that goes up or down by a fixed amount a day, the amount changing from stage to stage."""

    name = "staged-growth"
    tier = 1
    topics = ("sequences", "arithmetic")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "{name} keeps {self.start} {things} in a box. The number of {things} in the box changes every day: "
                "{self.schedule}. How many {things} are in the box at the end?"
            ),
            (
                "A rain barrel holds {self.start} liters of water. From then on the amount changes day by day: "
                "{self.schedule}. How many liters are in the barrel at the end?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "On the planet Orvu a tower of glass hums with {self.start} voices. With every passing day the number "
                "of voices shifts: {self.schedule}. With how many voices does the tower hum at the end?"
            ),
            (
                "The guardian {name} wears {self.start} {things}. The number of {things} that {name} wears follows a "
                "calendar: {self.schedule}. How many {things} does {name} wear when the calendar has run out?"
            ),
        ),
    }

    start: int
    stages: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a stage of several days for every two steps, and one of a single day for a step left over."""
        lengths = [rng.randint(3, 9) for _ in range(steps // 2)] + [1] * (steps % 2)
        rng.shuffle(lengths)
        low = start = rng.randint(60, 600)
        stages = []
        for days in lengths:
            change = rng.randint(2, 15)
            if low > change * days and rng.random() < 0.45:
                change = -change
            low += change * days
            stages.append((change, days))
        return cls(start, tuple(stages))

    @property
    def schedule(self) -> str:
        """The stages in words."""
        parts = []
        for change, days in self.stages:
            way, time = "up" if change > 0 else "down", f"a day for {days} days" if days > 1 else "on one day"
            parts.append(f"{way} by {abs(change)} {time}")
        return "it goes " + ", then ".join(parts)

    def answer(self) -> Value:
        """Add one product for each stage."""
        return self.start + sum(change * days for change, days in self.stages)

    def check(self) -> Value:
        """Live through the days one by one."""
        amount = self.start
        for change, days in self.stages:
            for _ in range(days):
                amount += change
        return amount


COLORS = ("red", "blue", "green", "white")
SYLLABLES = ("ka", "lo", "mi", "vu")


@dataclass(frozen=True)
class BeadPattern(Family):
    """How often one sign turns up among the first signs of a repeating pattern."""

    name = "bead-pattern"
    tier = 1
    topics = ("sequences", "division with remainder")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Beads are threaded on a long string in a pattern that repeats over and over: {self.colors}. The "
                "string holds {self.length} beads and starts at the beginning of the pattern. How many of its beads "
                "are {self.color}?"
            ),
            (
                "A garden fence has {self.length} boards. They are painted one after the other in the colors "
                "{self.colors}, and then the same colors start again from the first, up to the last board. How many "
                "boards are {self.color}?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                'The song of the Tavi has {self.length} syllables. It is made by singing the verse "{self.verse}" '
                "again and again from its start, and it may stop in the middle of a verse. How often does the "
                'syllable "{self.syllable}" sound in the song?'
            ),
            (
                "A machine called a brindel prints the signs {self.verse} in this order, returns to the first sign "
                "and goes on in the same way, until it has printed {self.length} signs in all. How many times has it "
                "printed the sign {self.syllable}?"
            ),
        ),
    }

    pattern: tuple[int, ...]
    length: int
    sign: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a pattern that holds the sign asked for, and a length that ends inside the pattern."""
        size = rng.randint(4, 7)
        pattern = tuple(rng.sample(range(4), 3)) + tuple(rng.randrange(4) for _ in range(size - 3))
        length = size * rng.randint(6, 30) + rng.randint(1, size - 1)
        return cls(pattern, length, rng.choice(pattern))

    @property
    def colors(self) -> str:
        """The pattern as colors."""
        return ", ".join(COLORS[sign] for sign in self.pattern)

    @property
    def color(self) -> str:
        """The color asked for."""
        return COLORS[self.sign]

    @property
    def verse(self) -> str:
        """The pattern as syllables."""
        return " ".join(SYLLABLES[sign] for sign in self.pattern)

    @property
    def syllable(self) -> str:
        """The syllable asked for."""
        return SYLLABLES[self.sign]

    def answer(self) -> Value:
        """Count whole patterns, then the signs left over."""
        whole, rest = divmod(self.length, len(self.pattern))
        return whole * self.pattern.count(self.sign) + self.pattern[:rest].count(self.sign)

    def check(self) -> Value:
        """Write the whole string out and count."""
        return sum(sign == self.sign for sign in islice(cycle(self.pattern), self.length))


@dataclass(frozen=True)
class BouncingBall(Family):
    """A quantity that keeps the same fraction of itself each time."""

    name = "bouncing-ball"
    tier = 2
    topics = ("sequences", "fractions")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A rubber ball is dropped from a height of {self.start} cm. After every bounce it rises to exactly "
                "${self.ratio_tex}$ of the height from which it last fell. How high, in centimeters, does it rise "
                "after bounce number {self.count}? Give the exact value."
            ),
            (
                "A poster is {self.start} mm wide. A copier reduces it to ${self.ratio_tex}$ of its width; the copy "
                "is put into the copier again, and so on. How wide, in millimeters, is copy number {self.count}? Give "
                "the exact value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A vell is a lamp with a glow of {self.start} lums. Whenever a moth touches it, only "
                "${self.ratio_tex}$ of the glow it had just before is left. How many lums of glow are left after "
                "{self.count} touches? Give the exact value."
            ),
            (
                'In the game Nath a token carries a weight. Saying "osh" replaces the weight $w$ by ${self.ratio_tex} '
                r'\cdot w$. A token of weight {self.start} hears "osh" {self.count} times. What is its exact weight '
                "then?"
            ),
        ),
    }

    start: int
    ratio: Fraction
    count: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a start and a proper fraction; every bounce is a step."""
        below = rng.randint(3, 9 if steps < 4 else 6)
        above = rng.choice([k for k in range(2, below) if gcd(k, below) == 1])
        return cls(rng.randint(20, 1500), Fraction(above, below), steps)

    @property
    def ratio_tex(self) -> str:
        """The fraction in LaTeX."""
        return latex(self.ratio)

    def answer(self) -> Value:
        """Multiply by a power of the ratio."""
        return self.start * self.ratio**self.count

    def check(self) -> Value:
        """Bounce one time after the other."""
        height = Fraction(self.start)
        for _ in range(self.count):
            height = height * self.ratio.numerator / self.ratio.denominator
        return height


@dataclass(frozen=True)
class TwoTermsKnown(Family):
    """The sum of an arithmetic progression of which two terms are known."""

    name = "two-terms-known"
    tier = 2
    topics = ("sequences", "arithmetic progressions")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "In a theatre every row has the same number of seats more than the row in front of it. Row {self.i} "
                "has {self.at_i} seats and row {self.j} has {self.at_j} seats. How many seats do the first {self.n} "
                "rows have together?"
            ),
            (
                "{name} learns new words of a foreign language every day, and each day the same number of words more "
                "than on the day before: {self.at_i} words on day {self.i} and {self.at_j} words on day {self.j}. How "
                "many words does {name} learn on the first {self.n} days together?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The caves of {name} are numbered 1, 2, 3 and so on. Going from any cave to the next, the number of "
                "{things} grows by an amount that is always the same. Cave {self.i} has {self.at_i} {things} and cave "
                "{self.j} has {self.at_j}. How many {things} are there in caves 1 to {self.n} together?"
            ),
            (
                r"For a list $u$ write $u\langle k\rangle$ for its entry number $k$. A list is called even-paced if "
                r"$u\langle k+1\rangle - u\langle k\rangle$ is the same for every $k \ge 1$. An even-paced list has "
                r"$u\langle {self.i}\rangle = {self.at_i}$ and $u\langle {self.j}\rangle = {self.at_j}$. Find the sum "
                r"$u\langle 1\rangle + u\langle 2\rangle + \dots + u\langle {self.n}\rangle$."
            ),
        ),
    }

    first: int
    difference: int
    i: int
    j: int
    n: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the progression and the places of the known terms."""
        i = rng.randint(3, 9)
        return cls(rng.randint(8, 60), rng.randint(2, 15), i, i + rng.randint(3, 9), rng.randint(20, 40))

    @property
    def at_i(self) -> int:
        """The first known term."""
        return self.first + (self.i - 1) * self.difference

    @property
    def at_j(self) -> int:
        """The second known term."""
        return self.first + (self.j - 1) * self.difference

    def answer(self) -> Value:
        """Recover the difference and the first term, then take the mean of the ends times the number of terms."""
        difference = (self.at_j - self.at_i) // (self.j - self.i)
        first = self.at_i - (self.i - 1) * difference
        return self.n * (2 * first + (self.n - 1) * difference) // 2

    def check(self) -> Value:
        """Add the terms one by one."""
        return sum(range(self.first, self.first + self.n * self.difference, self.difference))


@dataclass(frozen=True)
class TwoTermRule(Family):
    """A recursion of order two with a constant, followed for a few steps."""

    name = "two-term-rule"
    tier = 2
    topics = ("sequences", "recursions")
    steps = range(2, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A sequence starts with $x_1 = {self.x1}$ and $x_2 = {self.x2}$. For every $n \ge 2$, $x_{{n+1}} = "
                "{self.rule}$. Find $x_{{{self.last}}}$."
            ),
            (
                "{name} writes numbers on a board, one after the other. The first is {self.x1}, the second is "
                "{self.x2}. Each further number is {self.words}. What is number {self.last} on the board?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A kiru tree grows a branch every year. The branch of year 1 bears {self.x1} blossoms, that of year 2 "
                'bears {self.x2}. From year 3 on, the blossoms of a branch are {self.words}, where "number" means the '
                "number of blossoms. How many blossoms does the branch of year {self.last} bear?"
            ),
            (
                r"The Ombri write $a \diamond b$ for ${self.operation}$. Their holy list begins with {self.x1}, "
                "{self.x2}, and whenever $b$ is the latest entry and $a$ the entry just before it, the next entry is "
                r"$a \diamond b$. Find entry number {self.last} of the list."
            ),
        ),
    }

    x1: int
    x2: int
    near: int
    far: int
    plus: int
    last: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a growing sequence of positive numbers; every new term is a step."""
        x1 = rng.randint(2, 20)
        near, far = rng.choice(((1, 1), (1, 2), (2, 1), (1, 3)))
        return cls(x1, x1 + rng.randint(1, 15), near, far, rng.randint(1, 12), steps + 2)

    @property
    def rule(self) -> str:
        """The right side of the recursion."""
        return f"{times(self.near)}x_n + {times(self.far)}x_{{n-1}} + {self.plus}"

    @property
    def operation(self) -> str:
        """The recursion as an operation on the last entry but one, a, and the last entry, b."""
        return f"{times(self.far)}a + {times(self.near)}b + {self.plus}"

    @property
    def words(self) -> str:
        """The recursion in words."""
        near = ("the number just before it", "twice the number just before it")[self.near - 1]
        far = ("", "twice ", "three times ")[self.far - 1] + "the number two places before it"
        return f"{near} plus {far} plus {self.plus}"

    def answer(self) -> Value:
        """Follow the rule."""
        a, b = self.x1, self.x2
        for _ in range(self.last - 2):
            a, b = b, self.near * b + self.far * a + self.plus
        return b

    def check(self) -> Value:
        """Apply the transposed step to a linear form instead of the step to the terms."""
        p, q, r = 0, 1, 0
        for _ in range(self.last - 2):
            p, q, r = q * self.far, p + q * self.near, r + q * self.plus
        return p * self.x1 + q * self.x2 + r


def times(factor: int) -> str:
    """Return a positive factor as it stands before a letter: nothing for 1."""
    return "" if factor == 1 else str(factor)

"""Algebra of tiers 1 and 2: unknowns in stories, linear equations and inequalities, expanding, variation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Polynomial, RealSet, Tuple, Value, interval
from mathif.problems.exact.values import signed_sum
from mathif.records import Surface


@dataclass(frozen=True)
class BalancedScale(Family):
    """Equal boxes and known weights on both pans of a scale."""

    name = "balanced-scale"
    tier = 1
    topics = ("algebra", "linear equations")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A scale is in balance. On the left pan lie {self.many} equal boxes and {self.light} grams of weights, on "
            "the right pan {self.few} of the same boxes and {self.heavy} grams of weights. How many grams does one "
            "box weigh?",
            "{name} buys {self.many} tickets and a map for {self.light} cents. {friend} buys {self.few} tickets of "
            "the same kind and a book for {self.heavy} cents. Both pay the same amount. How many cents does one "
            "ticket cost?",
        ),
        Surface.UNFAMILIAR: (
            "Two witches compare their luck. {name} has {self.many} equal {things} and {self.light} grains of luck "
            "besides; {friend} has {self.few} {things} of the same kind and {self.heavy} grains besides. They are "
            "equally lucky. How many grains of luck are in one {thing}?",
        ),
    }

    many: int
    light: int
    few: int
    heavy: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the weight of a box and the numbers of boxes."""
        few, light, box = rng.randint(2, 8), rng.randint(10, 90), rng.randint(12, 120)
        many = few + rng.randint(2, 8)
        return cls(many, light, few, light + (many - few) * box)

    def answer(self) -> Value:
        """Take equal things from both pans."""
        return Fraction(self.heavy - self.light, self.many - self.few)

    def check(self) -> Value:
        """Try every weight."""
        return next(box for box in count() if self.many * box + self.light == self.few * box + self.heavy)


@dataclass(frozen=True)
class EvenlySpacedSum(Family):
    """Numbers that rise by a fixed amount, known by their sum."""

    name = "evenly-spaced-sum"
    tier = 1
    topics = ("algebra", "linear equations")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.size} numbers are written in a row. Each number after the first is {self.gap} more than the one "
            "before it, and their sum is {self.total}. Give the numbers from left to right as an ordered tuple.",
            "{name} trains on {self.size} days in a row and swims {self.gap} meters more each day than on the day "
            "before, {self.total} meters in all. How many meters does {name} swim on each day? Answer with the "
            "ordered tuple from the first day to the last.",
        ),
        Surface.UNFAMILIAR: (
            "A stack of {self.size} {things} has {self.total} eyes. Every {thing} except the lowest has {self.gap} "
            "eyes more than the {thing} right below it. Give the numbers of eyes from the lowest to the highest as an "
            "ordered tuple.",
        ),
    }

    size: int
    gap: int
    total: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the first number, the gap and how many numbers there are."""
        size, gap, first = rng.randint(3, 6), rng.randint(2, 40), rng.randint(5, 200)
        return cls(size, gap, size * first + gap * size * (size - 1) // 2)

    def answer(self) -> Value:
        """Take away what the gaps add, and divide."""
        first = Fraction(self.total - self.gap * self.size * (self.size - 1) // 2, self.size)
        return Tuple(*(first + k * self.gap for k in range(self.size)))

    def check(self) -> Value:
        """Start from the average in the middle and step outwards."""
        middle, half = Fraction(self.total, self.size), Fraction(self.gap, 2)
        return Tuple(*(middle + half * (2 * k - self.size + 1) for k in range(self.size)))


@dataclass(frozen=True)
class BracketEquation(Family):
    """A linear equation with several brackets."""

    name = "equation-with-brackets"
    tier = 2
    topics = ("algebra", "linear equations")
    steps = range(3, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Solve the equation ${self.plain} = {self.right}$ for $x$. Give the exact value.",
            "For which number $x$ is ${self.plain}$ equal to ${self.right}$? Give the exact value.",
        ),
        Surface.UNFAMILIAR: (
            "A hidden number $x$ lives in {name}. For numbers $m$ and $b$ let $m \\star b$ stand for $m$ times the "
            "sum of $x$ and $b$. It is known that ${self.strange} = {self.right}$. Find the exact value of $x$.",
        ),
    }

    brackets: tuple[tuple[int, int], ...]
    slope: int
    constant: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two brackets less than steps: each is expanded, the terms are collected, and the equation divided."""
        while True:
            brackets = tuple((rng.randint(2, 9), rng.choice((-1, 1)) * rng.randint(1, 12)) for _ in range(steps - 2))
            slope, constant = rng.choice((-1, 1)) * rng.randint(2, 12), rng.randint(-40, 40)
            if sum(factor for factor, _ in brackets) not in (slope, slope + 1) and constant:
                return cls(brackets, slope, constant)

    @property
    def plain(self) -> str:
        """The left side."""
        return " + ".join(f"{factor}({Polynomial.of(1, shift).latex()})" for factor, shift in self.brackets)

    @property
    def strange(self) -> str:
        """The left side in the notation of the other world."""
        return " + ".join(
            f"({factor} \\star {shift})" if shift > 0 else f"({factor} \\star ({shift}))"
            for factor, shift in self.brackets
        )

    @property
    def right(self) -> str:
        """The right side."""
        return Polynomial.of(self.slope, self.constant).latex()

    def answer(self) -> Value:
        """Collect the terms with the unknown on one side."""
        held = sum(factor * shift for factor, shift in self.brackets)
        return Fraction(self.constant - held, sum(factor for factor, _ in self.brackets) - self.slope)

    def check(self) -> Value:
        """Find the zero of the difference of the sides from its values at 0 and 1."""
        at = [
            sum(factor * (x + shift) for factor, shift in self.brackets) - self.slope * x - self.constant
            for x in (0, 1)
        ]
        return Fraction(at[0], at[0] - at[1])


@dataclass(frozen=True)
class ChangedRectangle(Family):
    """A rectangle of which two changes of the sides, and what they do to the area, are known."""

    name = "changed-rectangle"
    tier = 2
    topics = ("algebra", "systems of linear equations")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A rectangle is changed in two ways. If it is made {self.a} meters longer and {self.b} meters wider, its "
            "area grows by {self.p} square meters. If instead it is made {self.c} meters longer and {self.d} meters "
            "narrower, its area {self.effect} square meters. Give the ordered pair (length, width) of the rectangle "
            "in meters.",
            "A hall has rows of seats with equally many seats in each. With {self.a} more seats in each row and "
            "{self.b} more rows the hall would have {self.p} more seats. With {self.c} more seats in each row and "
            "{self.d} fewer rows the number of seats {self.effect_seats}. Give the ordered pair (seats in a row, "
            "number of rows).",
        ),
        Surface.UNFAMILIAR: (
            "The might of a {thing} is the product of its number of horns and its number of wings. With {self.a} more "
            "horns and {self.b} more wings its might would be {self.p} greater. With {self.c} more horns and {self.d} "
            "fewer wings its might {self.effect_seats}. Give the ordered pair (number of horns, number of wings).",
        ),
    }

    a: int
    b: int
    p: int
    c: int
    d: int
    q: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw both sides and both changes; the second one changes the area."""
        while True:
            length, width = rng.randint(12, 60), rng.randint(10, 50)
            a, b, c, d = (rng.randint(2, 9) for _ in range(4))
            q = (length + c) * (width - d) - length * width
            if q:
                return cls(a, b, (length + a) * (width + b) - length * width, c, d, q)

    @property
    def effect(self) -> str:
        """What the second change does to the area."""
        return f"{'grows' if self.q > 0 else 'shrinks'} by {abs(self.q)}"

    @property
    def effect_seats(self) -> str:
        """What the second change would do to a number."""
        return f"would {'grow' if self.q > 0 else 'shrink'} by {abs(self.q)}"

    def answer(self) -> Value:
        """The product of the sides cancels, which leaves b x + a y and -d x + c y."""
        first, second = self.p - self.a * self.b, self.q + self.c * self.d
        bottom = self.b * self.c + self.a * self.d
        return Tuple(
            Fraction(self.c * first - self.a * second, bottom), Fraction(self.b * second + self.d * first, bottom)
        )

    def check(self) -> Value:
        """Try every length; the first change then gives the width."""
        for length in range(1, self.p):
            width = Fraction(self.p - self.b * length, self.a) - self.b
            if (length + self.c) * (width - self.d) - length * width == self.q:
                return Tuple(length, width)
        return "none"


@dataclass(frozen=True)
class LinearBand(Family):
    """All numbers for which a linear expression lies in a band."""

    name = "linear-band"
    tier = 2
    topics = ("algebra", "inequalities")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find all real numbers $x$ with ${self.low} {self.left} {self.line} {self.right} {self.high}$. Write the "
            "solution set as an interval.",
            "For which real numbers $x$ does the chain of inequalities ${self.low} {self.left} {self.line} "
            "{self.right} {self.high}$ hold? Answer with an interval.",
        ),
        Surface.UNFAMILIAR: (
            "On the endless beach of {name} the tide at the real place $x$ has the height ${self.line}$. A {thing} "
            "can sleep exactly at those places where the height $h$ satisfies ${self.low} {self.left} h {self.right} "
            "{self.high}$. Give the set of all places where a {thing} can sleep, as an interval.",
        ),
    }

    slope: int
    shift: int
    low: int
    high: int
    low_closed: bool
    high_closed: bool

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a slope of either sign, and the ends of the band open or closed."""
        slope = rng.choice((-1, 1)) * rng.randint(2, 9)
        low = rng.randint(-30, 20)
        ends = rng.random() < 0.5, rng.random() < 0.5
        return cls(slope, rng.choice((-1, 1)) * rng.randint(1, 15), low, low + rng.randint(5, 50), *ends)

    @property
    def line(self) -> str:
        """The linear expression, constant first where the slope is negative."""
        if self.slope < 0 < self.shift:
            return signed_sum([(self.shift, ""), (self.slope, "x")])
        return Polynomial.of(self.slope, self.shift).latex()

    @property
    def left(self) -> str:
        """The sign of the lower bound."""
        return "\\le" if self.low_closed else "<"

    @property
    def right(self) -> str:
        """The sign of the upper bound."""
        return "\\le" if self.high_closed else "<"

    def answer(self) -> Value:
        """Undo the expression; a negative slope turns the band around."""
        ends = [
            (Fraction(self.low - self.shift, self.slope), self.low_closed),
            (Fraction(self.high - self.shift, self.slope), self.high_closed),
        ]
        (low, low_closed), (high, high_closed) = sorted(ends)
        return interval(low, high, ("[" if low_closed else "(") + ("]" if high_closed else ")"))

    def check(self) -> Value:
        """Cut the two half-lines that the single inequalities allow."""
        return self._half(self.low, self.low_closed, 1) & self._half(self.high, self.high_closed, -1)

    def _half(self, bound: int, closed: bool, side: int) -> RealSet:
        """Return where slope * x + shift lies above (side 1) or below (side -1) the bound."""
        end = Fraction(bound - self.shift, self.slope)
        if side * self.slope > 0:
            return interval(end, None, "[)" if closed else "()")
        return interval(None, end, "(]" if closed else "()")


@dataclass(frozen=True)
class ExpandAndCollect(Family):
    """The difference of a product of two binomials and a squared one."""

    name = "expand-and-collect"
    tier = 2
    topics = ("algebra", "polynomials")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Expand and simplify: ${self.product} - {self.square}$. Write the result as a polynomial in $x$ with "
            "descending powers.",
            "A rectangle has the sides ${self.first}$ and ${self.second}$. From its area the area of a square with "
            "side ${self.third}$ is subtracted. Write the difference as a simplified polynomial in $x$.",
        ),
        Surface.UNFAMILIAR: (
            "For expressions $A$, $B$ and $C$ let $[A, B \\mid C]$ mean the product of $A$ and $B$, less the square "
            "of $C$. Write $[{self.first}, {self.second} \\mid {self.third}]$ as a simplified polynomial in $x$.",
        ),
    }

    lines: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three binomials."""
        a, b, c = ((rng.randint(1, 7), rng.choice((-1, 1)) * rng.randint(1, 9)) for _ in range(3))
        return cls((a, b, c))

    @property
    def first(self) -> str:
        """The first factor."""
        return Polynomial.of(*self.lines[0]).latex()

    @property
    def second(self) -> str:
        """The second factor."""
        return Polynomial.of(*self.lines[1]).latex()

    @property
    def third(self) -> str:
        """The base of the square."""
        return Polynomial.of(*self.lines[2]).latex()

    @property
    def product(self) -> str:
        """The product."""
        return f"({self.first})({self.second})"

    @property
    def square(self) -> str:
        """The square."""
        return f"({self.third})^2"

    def answer(self) -> Value:
        """Collect the coefficients."""
        (a, b), (c, d), (e, f) = self.lines
        return Polynomial.of(a * c - e * e, a * d + b * c - 2 * e * f, b * d - f * f)

    def check(self) -> Value:
        """Pass a parabola through three values."""
        (a, b), (c, d), (e, f) = self.lines
        return Polynomial.through([(x, (a * x + b) * (c * x + d) - (e * x + f) ** 2) for x in (-1, 0, 1)])


@dataclass(frozen=True)
class JointVariation(Family):
    """A quantity that varies with a power of one quantity and inversely with a power of another."""

    name = "joint-variation"
    tier = 2
    topics = ("algebra", "proportion")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The quantity $y$ varies directly as {self.above} of $x$ and inversely as {self.below} of $z$. For $x = "
            "{self.x}$ and $z = {self.z}$ it is ${self.y}$. Find the exact value of $y$ for $x = {self.x_new}$ and $z "
            "= {self.z_new}$.",
            "An engineer finds that a force is directly proportional to {self.above} of a speed and inversely "
            "proportional to {self.below} of a distance. At speed {self.x} and distance {self.z} the force is "
            "{self.y} newtons. What is the exact force, in newtons, at speed {self.x_new} and distance {self.z_new}?",
        ),
        Surface.UNFAMILIAR: (
            "The fear that a {thing} spreads is directly proportional to {self.above} of its number of tails and "
            "inversely proportional to {self.below} of its number of smiles. A {thing} with {self.x} tails and "
            "{self.z} smiles spreads {self.y} shivers. Exactly how many shivers does a {thing} with {self.x_new} "
            "tails and {self.z_new} smiles spread?",
        ),
    }

    x_power: int
    z_power: int
    x: int
    z: int
    y: int
    x_new: int
    z_new: int

    _powers: ClassVar[tuple[str, ...]] = ("", "the first power", "the square", "the cube")

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the powers and two states."""
        x, x_new = rng.sample(range(2, 10), 2)
        z, z_new = rng.sample(range(2, 10), 2)
        return cls(rng.randint(2, 3), rng.randint(1, 2), x, z, rng.randint(5, 80), x_new, z_new)

    @property
    def above(self) -> str:
        """The power of the first quantity in words."""
        return self._powers[self.x_power]

    @property
    def below(self) -> str:
        """The power of the second quantity in words."""
        return self._powers[self.z_power]

    def answer(self) -> Value:
        """Multiply by the ratios of the states."""
        above: int = self.x_new**self.x_power * self.z**self.z_power
        below: int = self.x**self.x_power * self.z_new**self.z_power
        return Fraction(self.y * above, below)

    def check(self) -> Value:
        """Find the constant of proportionality and use it."""
        constant = Fraction(self.y * self.z**self.z_power, self.x**self.x_power)
        value: Fraction = constant * self.x_new**self.x_power / self.z_new**self.z_power
        return value

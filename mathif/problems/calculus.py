"""Calculus, tier 3: tangents, areas between curves, an open box, and distance from velocity.

Integrals that need an idea are in `calculus_integrals`, limits, series and extrema in `calculus_limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Polynomial, Tuple, Value, sqrt
from mathif.problems.wording import spelled
from mathif.records import Surface


@dataclass(frozen=True)
class TangentMeetsAgain(Family):
    """The second point that a cubic shares with one of its tangents."""

    name = "tangent-meets-again"
    tier = 3
    topics = ("calculus", "derivatives", "tangents")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "The tangent to the curve $y = {self.formula}$ at the point with $x = {self.touch}$ meets the curve "
                "in one further point. Find that point as an ordered pair $(x, y)$."
            ),
            (
                "Let $f(x) = {self.formula}$, and let $t$ be the tangent line of its graph at $x = {self.touch}$. "
                "Find the point other than the point of contact that lies both on $t$ and on the graph. Give the "
                "ordered pair $(x, y)$ of its coordinates."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The river of {name} flows, on a map with coordinates, along the curve $y = {self.formula}$. At the "
                "place with $x = {self.touch}$ a boat loses its rudder and from there on keeps to the straight line "
                "that touches the river at that place, forwards or backwards. At exactly one other place this "
                "straight line meets the river. Which point $(x, y)$ is it?"
            ),
        ),
    }

    lead: int
    square: int
    slope: int
    shift: int
    touch: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a cubic whose point of contact is not its turning point of bending."""
        while True:
            lead, touch = rng.choice((-2, -1, 1, 2)), rng.randint(-3, 3)
            new = cls(lead, lead * rng.randint(-6, 6), rng.randint(-9, 9), rng.randint(-12, 12), touch)
            if new.square != -3 * lead * touch and abs(new.square // lead + 2 * touch) <= 8:
                return new

    @property
    def _f(self) -> Polynomial:
        return Polynomial.of(self.lead, self.square, self.slope, self.shift)

    @property
    def formula(self) -> str:
        """The cubic."""
        return self._f.latex()

    def answer(self) -> Value:
        """The three roots of cubic minus tangent have the sum -square / lead, and two of them are known."""
        x = Fraction(-self.square, self.lead) - 2 * self.touch
        return Tuple(x, self._f(x))

    def check(self) -> Value:
        """Divide cubic minus tangent by the squared distance from the point of contact."""
        f = self._f
        tangent = f.derivative()(self.touch) * Polynomial.of(1, -self.touch) + f(self.touch)
        quotient, rest = divmod(f - tangent, Polynomial.of(1, -self.touch) ** 2)
        assert not rest.coefficients
        x = -quotient(0) / quotient.coefficients[1]
        return Tuple(x, tangent(x))


@dataclass(frozen=True)
class ParabolaAndLine(Family):
    """The area between a parabola and a line."""

    name = "parabola-and-line"
    tier = 3
    topics = ("calculus", "integrals", "area")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Find the exact area of the region enclosed by the parabola $y = {self.parabola}$ and the line $y = "
                "{self.line}$."
            ),
            (
                "The graphs of $f(x) = {self.parabola}$ and $g(x) = {self.line}$ meet in two points. Between these "
                "points they enclose a region. What is its exact area?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "On the map of {name}, with coordinates in {units}, the coast follows the curve $y = {self.parabola}$ "
                "and a straight dam follows the line $y = {self.line}$. The land between coast and dam, from the one "
                "point where they meet to the other, is drained. How many square {units} are drained? Give the exact "
                "value."
            ),
        ),
    }

    lead: int
    left: int
    right: int
    slope: int
    shift: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the common points and the line; the parabola follows."""
        left = rng.randint(-7, 5)
        lead = rng.choice((-4, -3, -2, -1, 1, 2, 3, 4))
        return cls(lead, left, left + rng.randint(1, 8), rng.choice((-1, 1)) * rng.randint(1, 7), rng.randint(-9, 9))

    @property
    def line(self) -> str:
        """The right side of the line."""
        return Polynomial.of(self.slope, self.shift).latex()

    @property
    def _gap(self) -> Polynomial:
        return self.lead * Polynomial.from_roots((self.left, self.right))

    @property
    def parabola(self) -> str:
        """The right side of the parabola."""
        return (self._gap + Polynomial.of(self.slope, self.shift)).latex()

    def answer(self) -> Value:
        """A sixth of the leading coefficient times the cube of the width."""
        return Fraction(abs(self.lead) * (self.right - self.left) ** 3, 6)

    def check(self) -> Value:
        """Integrate the difference."""
        area = self._gap.antiderivative()
        return abs(area(self.right) - area(self.left))


@dataclass(frozen=True)
class OpenBox(Family):
    """The cut that makes the largest open box from a rectangular sheet."""

    name = "open-box"
    tier = 3
    topics = ("calculus", "optimization")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "From each corner of a rectangular sheet of cardboard, {self.length} cm long and {self.width} cm "
                "wide, a square of side $x$ cm is cut off. The four flaps are folded up to make a box without a lid. "
                "For which $x$ is the volume of the box greatest? Give the exact value."
            ),
            (
                "Find the exact value of $x$ with $0 < x < {self.half_tex}$ for which the product $x({self.length} - "
                "2x)({self.width} - 2x)$ is greatest."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A spell of {name} has a patience $x > 0$. Its heat is ${self.length} - 2x$ and its light is "
                "${self.width} - 2x$; both must stay positive. The might of the spell is the product of its patience, "
                "its heat and its light. Which patience gives the greatest might? Give the exact value."
            ),
        ),
    }

    length: int
    width: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a sheet."""
        width = rng.randint(8, 120)
        return cls(width + rng.randint(1, 80), width)

    @property
    def half_tex(self) -> str:
        """Half the width, above which there is no box."""
        return str(self.width // 2) if self.width % 2 == 0 else f"\\frac{{{self.width}}}{{2}}"

    def answer(self) -> Value:
        """Take the smaller zero of the derivative 12 x^2 - 4 (a + b) x + a b."""
        a, b = self.length, self.width
        return (a + b - sqrt(a * a - a * b + b * b)) / 6

    def check(self) -> Value:
        """Try both zeros of the derivative of the expanded volume; one lies in reach and bends downwards."""
        volume = Polynomial.of(1, 0) * Polynomial.of(-2, self.length) * Polynomial.of(-2, self.width)
        last, middle, lead = volume.derivative().coefficients
        center, reach = -middle / (2 * lead), sqrt(middle**2 - 4 * lead * last) / (2 * lead)
        bend = volume.derivative().derivative()
        for x in (center - reach, center + reach):
            if bend(x) < 0 < x and 2 * x < self.width:
                return x
        raise AssertionError("no zero of the derivative is a maximum")


@dataclass(frozen=True)
class DistanceTraveled(Family):
    """The whole distance that a point travels when its velocity changes sign twice."""

    name = "distance-traveled"
    tier = 3
    topics = ("calculus", "integrals", "velocity")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A particle moves along a straight line. At the time $t$ (in seconds) its velocity is $v(t) = "
                "{self.velocity}$ (in meters per second). How many meters does it travel altogether, forwards and "
                "backwards, from $t = {self.begin}$ to $t = {self.end}$? Give the exact value."
            ),
            r"Evaluate $\int_{{{self.begin}}}^{{{self.end}}} \left| {self.velocity} \right| dt$ exactly.",
        ),
        Surface.UNFAMILIAR: (
            (
                "The tide in the harbor of {name} changes at the rate of ${self.velocity}$ spans per hour at the hour "
                "$t$: it rises where this is positive and falls where it is negative. A float goes up and down with "
                "the water and counts every span that it moves, whether up or down. How many spans does it count from "
                "hour {self.begin} to hour {self.end}? Give the exact value."
            ),
        ),
    }

    lead: int
    first: int
    second: int
    begin: int
    end: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw both changes of sign inside the time."""
        begin = rng.randint(0, 4)
        first = begin + rng.randint(1, 4)
        second = first + rng.randint(1, 6)
        lead = rng.choice((-6, -4, -3, -2, -1, 1, 2, 3, 4, 6))
        return cls(lead, first, second, begin, second + rng.randint(1, 5))

    @property
    def _v(self) -> Polynomial:
        return self.lead * Polynomial.from_roots((self.first, self.second))

    @property
    def velocity(self) -> str:
        """The velocity in t."""
        return self._v.latex().replace("x", "t")

    def answer(self) -> Value:
        """Integrate from zero to zero and add the sizes."""
        place = self._v.antiderivative()
        stops = [place(t) for t in (self.begin, self.first, self.second, self.end)]
        return abs(stops[1] - stops[0]) + abs(stops[2] - stops[1]) + abs(stops[3] - stops[2])

    def check(self) -> Value:
        """Use Simpson's rule, exact for a quadratic, on each part."""
        v, total = self._v, Fraction(0)
        for a, b in ((self.begin, self.first), (self.first, self.second), (self.second, self.end)):
            total += Fraction(b - a, 6) * abs(v(a) + 4 * v(Fraction(a + b, 2)) + v(b))
        return total


@dataclass(frozen=True)
class RepeatedDerivative(Family):
    """A high derivative of a polynomial times an exponential."""

    name = "repeated-derivative"
    tier = 3
    topics = ("calculus", "derivatives", "product rule")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "The derivative of order {self.steps_taken} of $f(x) = ({self.front}) e^{{{self.exponent}}}$ can be "
                "written as $Q(x) e^{{{self.exponent}}}$ with a polynomial $Q$. Find $Q(x)$."
            ),
            (
                "Differentiate $y = ({self.front}) e^{{{self.exponent}}}$ with respect to $x$, {self.times} times in "
                "a row. Divide the result by $e^{{{self.exponent}}}$, and write the quotient as a polynomial in $x$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In {name} the scribes note only the polynomial $P$ when they mean the function $P(x) "
                "e^{{{self.exponent}}}$. A stroke turns a note into the note of the derivative of the function that "
                "is meant. What note results from ${self.front}$ after {self.times} strokes? Give a polynomial in $x$."
            ),
        ),
    }

    rate: int
    coefficients: tuple[int, int, int]
    steps_taken: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a quadratic polynomial and the rate; every derivative is a step."""
        rate = rng.choice((-3, -2, -1, 2, 3) if steps < 5 else (-2, -1, 2))
        return cls(rate, (rng.randint(1, 9), rng.randint(-12, 12), rng.randint(-15, 15)), steps)

    @property
    def front(self) -> str:
        """The polynomial before the exponential."""
        return Polynomial.of(*self.coefficients).latex()

    @property
    def exponent(self) -> str:
        """The exponent."""
        return Polynomial.of(self.rate, 0).latex()

    @property
    def times(self) -> str:
        """The order of the derivative in words."""
        return spelled(self.steps_taken)

    def answer(self) -> Value:
        """Apply the product rule again and again."""
        front = Polynomial.of(*self.coefficients)
        for _ in range(self.steps_taken):
            front = front.derivative() + self.rate * front
        return front

    def check(self) -> Value:
        """Use Leibniz's formula: only two derivatives of the polynomial are not zero."""
        a, b, c = self.coefficients
        n, r = self.steps_taken, Fraction(self.rate)
        return Polynomial.of(
            a * r**n,
            b * r**n + 2 * n * a * r ** (n - 1),
            c * r**n + n * b * r ** (n - 1) + n * (n - 1) * a * r ** (n - 2),
        )

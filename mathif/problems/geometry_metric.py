"""Geometry of lengths and ratios, tiers 4 and 5: chords through a point, distances in a triangle, cevians."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, isqrt
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Real, Value, latex, sqrt
from mathif.records import Surface


@dataclass(frozen=True)
class DividedChord(Family):
    """The length of a chord that a point inside a circle divides in a given ratio."""

    name = "divided-chord"
    tier = 4
    topics = ("geometry", "circles", "power of a point")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A circle has the center ${self.center_tex}$ and the radius {self.radius}. A chord of this circle "
                "passes through the point ${self.point_tex}$, which divides it in the ratio ${self.m} : {self.n}$. "
                "Find the exact length of the chord."
            ),
            (
                "Through the point $P = {self.point_tex}$ inside the circle with center ${self.center_tex}$ and "
                "radius {self.radius} a line is drawn that meets the circle at $A$ and $B$, with $PA : PB = {self.m} "
                ": {self.n}$. Find the exact length of the segment $AB$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The round lake of {name} has the center ${self.center_tex}$ and the radius {self.radius}, in "
                "{units}. A straight bridge leads across the lake from shore to shore and over the rock at "
                "${self.point_tex}$. Of its two parts, from the rock to the shore, one is to the other as {self.m} to "
                "{self.n}. How many {units} long is the whole bridge? Give the exact value."
            ),
        ),
    }

    center: tuple[int, int]
    radius: int
    point: tuple[int, int]
    m: int
    n: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a point inside the circle and a ratio for which such a chord exists."""
        while True:
            center = (rng.randint(-9, 9), rng.randint(-9, 9))
            radius, m, n = rng.randint(5, 20), rng.randint(1, 5), rng.randint(2, 7)
            dx, dy = rng.randint(-radius, radius), rng.randint(-radius, radius)
            new = cls(center, radius, (center[0] + dx, center[1] + dy), m, n)
            if m < n and gcd(m, n) == 1 and new._power > 0 and (m + n) ** 2 * new._power < 4 * m * n * radius**2:
                return new

    @property
    def _power(self) -> int:
        dx, dy = (p - c for p, c in zip(self.point, self.center, strict=True))
        return self.radius**2 - dx * dx - dy * dy

    @property
    def center_tex(self) -> str:
        """The center in LaTeX."""
        return f"({self.center[0]}, {self.center[1]})"

    @property
    def point_tex(self) -> str:
        """The point in LaTeX."""
        return f"({self.point[0]}, {self.point[1]})"

    def answer(self) -> Value:
        """The product of the two parts is the power of the point."""
        return (self.m + self.n) * sqrt(Fraction(self._power, self.m * self.n))

    def check(self) -> Value:
        """The center, the middle of the chord and the point form a right triangle; solve it for half the chord."""
        off_middle = Fraction(self.n - self.m, self.n + self.m)
        distance = self.radius**2 - self._power
        half_squared = (self.radius**2 - distance) / (1 - off_middle**2)
        assert self.radius**2 - half_squared + off_middle**2 * half_squared == distance
        return 2 * sqrt(half_squared)


@dataclass(frozen=True)
class ThreeDistances(Family):
    """The side of an equilateral triangle from the distances of an inner point to its corners."""

    name = "three-distances"
    tier = 5
    topics = ("geometry", "rotations", "triangles")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A point $P$ lies inside the equilateral triangle $ABC$, and $PA = {self.a}$, $PB = {self.b}$, $PC = "
                "{self.c}$. Find the exact value of $AB^2$, the square of the side length."
            ),
            (
                "A park has the shape of an equilateral triangle. A fountain inside it is {self.a} meters, {self.b} "
                "meters and {self.c} meters away from the three corners. What is the exact area, in square meters, of "
                "a square whose side is as long as a side of the park?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Three towers of {name} stand on flat ground, each two of them at the same distance $d$ from each "
                "other. The well is inside the triangle of the towers; ropes from the well to the feet of the three "
                "towers are {self.a}, {self.b} and {self.c} {units} long, if pulled straight along the ground. Find "
                "the exact value of $d^2$, where $d$ is measured in {units}."
            ),
        ),
    }

    a: int
    b: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw distances that form a triangle with all angles below 120 degrees; only then the point is inside."""
        while True:
            a, b, c = (rng.randint(3, 40) for _ in range(3))
            x, y, z = sorted((a, b, c))
            if x < z < x + y and z * z < x * x + y * y + x * y:
                return cls(a, b, c)

    def _heron(self) -> int:
        """Sixteen times the square of the area of the triangle with the distances as sides."""
        p, q, r = self.a**2, self.b**2, self.c**2
        return 2 * (p * q + q * r + r * p) - p * p - q * q - r * r

    def answer(self) -> Value:
        """Turn the triangle by 60 degrees about a corner: the distances become sides of a triangle."""
        return Fraction(self.a**2 + self.b**2 + self.c**2, 2) + sqrt(3 * self._heron()) / 2

    def check(self) -> Value:
        """Set the volume of the flat tetrahedron of P and the corners to zero: a quadratic equation for the square."""
        p, q, r = self.a**2, self.b**2, self.c**2
        total, squares = p + q + r, p * p + q * q + r * r
        root = sqrt(total**2 - 4 * (squares - p * q - q * r - r * p))
        larger: Real = (total + root) / 2
        assert 3 * (squares + larger * larger) == (total + larger) * (total + larger)
        return larger


@dataclass(frozen=True)
class CevianTriangle(Family):
    """The area of the triangle that three cevians enclose."""

    name = "cevian-triangle"
    tier = 5
    topics = ("geometry", "area", "theorem of Menelaus")
    steps = range(7, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A triangle $ABC$ has the area {self.area}. The point $D$ on $BC$, the point $E$ on $CA$ and the "
                "point $F$ on $AB$ satisfy $BD : DC = {self.d_tex}$, $CE : EA = {self.e_tex}$ and $AF : FB = "
                "{self.f_tex}$. The lines $AD$, $BE$ and $CF$ enclose a triangle. Find its exact area."
            ),
            (
                "Let $D$, $E$, $F$ be points on the sides $BC$, $CA$, $AB$ of a triangle $ABC$ with area {self.area}, "
                "such that $BD : DC = {self.d_tex}$, $CE : EA = {self.e_tex}$ and $AF : FB = {self.f_tex}$. What is "
                "the exact area of the triangle whose vertices are the pairwise intersections of $AD$, $BE$ and $CF$?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Three walls $BC$, $CA$ and $AB$ enclose the land of {name}, a triangle of {self.area} acres. A gate "
                "$D$ in wall $BC$ is placed so that $BD : DC = {self.d_tex}$; likewise gates $E$ in $CA$ and $F$ in "
                "$AB$ with $CE : EA = {self.e_tex}$ and $AF : FB = {self.f_tex}$. Straight paths join $A$ to $D$, $B$ "
                "to $E$ and $C$ to $F$, and the triangle between the three paths belongs to the {thing}. How many "
                "acres belong to the {thing}? Give the exact value."
            ),
        ),
    }

    area: int
    d: Fraction
    e: Fraction
    f: Fraction

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three ratios whose product is not 1, so that the lines do not meet in one point."""
        while True:
            d, e, f = (Fraction(rng.randint(1, 4), rng.randint(1, 4)) for _ in range(3))
            if d * e * f != 1:
                return cls(rng.randint(2, 60), d, e, f)

    @property
    def d_tex(self) -> str:
        """The ratio on BC."""
        return f"{self.d.numerator} : {self.d.denominator}"

    @property
    def e_tex(self) -> str:
        """The ratio on CA."""
        return f"{self.e.numerator} : {self.e.denominator}"

    @property
    def f_tex(self) -> str:
        """The ratio on AB."""
        return f"{self.f.numerator} : {self.f.denominator}"

    def answer(self) -> Value:
        """Use Routh's theorem."""
        x, y, z = self.d, self.e, self.f
        below = (x * y + x + 1) * (y * z + y + 1) * (z * x + z + 1)
        return self.area * (x * y * z - 1) ** 2 / below

    def check(self) -> Value:
        """Put the triangle at (0, 0), (1, 0), (0, 1) and intersect the lines."""
        a, b, c = (Fraction(0), Fraction(0)), (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
        lines = [
            _line(a, _between(b, c, self.d)),
            _line(b, _between(c, a, self.e)),
            _line(c, _between(a, b, self.f)),
        ]
        p, q, r = (_meet(lines[k], lines[k - 1]) for k in range(3))
        doubled = (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])
        return self.area * abs(doubled)


Spot = tuple[Fraction, Fraction]
Line = tuple[Fraction, Fraction, Fraction]


def _between(start: Spot, end: Spot, ratio: Fraction) -> Spot:
    """Return the point that divides a segment in `ratio`, counted from its start."""
    share = ratio / (1 + ratio)
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _line(p: Spot, q: Spot) -> Line:
    """Return (a, b, c) for the line a x + b y = c through two points."""
    a, b = q[1] - p[1], p[0] - q[0]
    return a, b, a * p[0] + b * p[1]


def _meet(first: Line, second: Line) -> Spot:
    """Return the common point of two lines."""
    (a, b, c), (d, e, f) = first, second
    below = a * e - b * d
    return (c * e - b * f) / below, (a * f - c * d) / below


@dataclass(frozen=True)
class KissingCircles(Family):
    """A radius in a chain of circles, each touching two fixed circles and the circle before it."""

    name = "kissing-circles"
    tier = 5
    topics = ("geometry", "circles", "theorem of Descartes")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A circle $K$ of radius ${self.outer_tex}$ contains the circles $L$ of radius ${self.inner_tex}$, "
                "$C_0$ of radius ${self.zero_tex}$ and $C_1$ of radius ${self.one_tex}$; each of these three touches "
                r"$K$ from inside and touches the other two from outside. For $n \ge 1$ let $C_{{n+1}}$ be the circle "
                "other than $C_{{n-1}}$ that touches $K$ from inside and touches $L$ and $C_n$ from outside. Find the "
                "exact radius of $C_{self.wanted}$."
            ),
            (
                "Into a round frame $K$ of radius ${self.outer_tex}$ cm, disks are laid side by side. The disk $L$ "
                "has the radius ${self.inner_tex}$ cm, $C_0$ has ${self.zero_tex}$ cm and $C_1$ has ${self.one_tex}$ "
                r"cm; all three touch the frame, and every two of them touch each other. Then, for $n = 1, 2, \dots$, "
                "a disk $C_{{n+1}}$ that touches the frame, $L$ and $C_n$ is laid into the gap on the side of $C_n$ "
                "away from $C_{{n-1}}$. How many centimeters is the radius of $C_{self.wanted}$, exactly?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The round pond $K$ of {name} has the radius ${self.outer_tex}$ {units}. Round lilies grow in it that "
                "never overlap: first $L$, $C_0$ and $C_1$ with the radii ${self.inner_tex}$, ${self.zero_tex}$ and "
                "${self.one_tex}$ {units}, each touching the shore and the other two. Every night a new lily "
                "$C_{{n+1}}$ grows that touches the shore, $L$ and $C_n$; it is never the lily $C_{{n-1}}$, which "
                "touches these three as well. How many {units} is the radius of $C_{self.wanted}$? Give the exact "
                "value."
            ),
        ),
    }

    outer: int
    inner: int
    zero: int
    one: int
    scale: int
    wanted: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw four whole curvatures that fit, with -outer for the circle around; every further circle is a step."""
        while True:
            outer, middle = rng.randint(2, 9), rng.randint(0, 6)
            product = outer**2 + middle**2
            first = rng.choice([k for k in range(1, product + 1) if product % k == 0])
            curvatures = [outer + first, outer + product // first, first + product // first + outer - 2 * middle]
            if min(curvatures) <= 0:
                continue
            rng.shuffle(curvatures)
            inner, zero, one = curvatures
            new = cls(outer, inner, zero, one, rng.randint(1, 60), steps + 1)
            if max(curvatures) <= 40 and new._falls():
                return new

    def _falls(self) -> bool:
        """Whether the second circle after the first two is smaller than both, so that the chain runs into the gap."""
        return 2 * (self.inner - self.outer + self.one) - self.zero > max(self.one, self.zero)

    @property
    def outer_tex(self) -> str:
        """The radius of the circle around."""
        return latex(Fraction(self.scale, self.outer))

    @property
    def inner_tex(self) -> str:
        """The radius of the second fixed circle."""
        return latex(Fraction(self.scale, self.inner))

    @property
    def zero_tex(self) -> str:
        """The radius of the first circle of the chain."""
        return latex(Fraction(self.scale, self.zero))

    @property
    def one_tex(self) -> str:
        """The radius of the second circle of the chain."""
        return latex(Fraction(self.scale, self.one))

    def answer(self) -> Value:
        """Curvatures obey c(n+1) + c(n-1) = 2 (a + b + c(n)), by Vieta from the theorem of Descartes."""
        before, now = self.zero, self.one
        for _ in range(self.wanted - 1):
            before, now = now, 2 * (self.inner - self.outer + now) - before
        return Fraction(self.scale, now)

    def check(self) -> Value:
        """Solve the equation of Descartes for each new circle and drop the solution that is there already."""
        before, now = self.zero, self.one
        for _ in range(self.wanted - 1):
            total = self.inner - self.outer + now
            squares = self.inner**2 + self.outer**2 + now**2
            root = isqrt(2 * (total**2 - squares))
            assert root**2 == 2 * (total**2 - squares)
            other = total - root if total + root == before else total + root
            assert 2 * (squares + other**2) == (total + other) ** 2
            before, now = now, other
        return Fraction(self.scale, now)

"""Algebra of tier 3: quadratics, absolute values, radicals, rational inequalities and power sums of two numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import isqrt
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Complex, FiniteSet, Polynomial, Real, RealSet, Tuple, Value, interval, sqrt
from mathif.records import Surface


@dataclass(frozen=True)
class SurdRoots(Family):
    """A quadratic equation with irrational roots."""

    name = "irrational-roots"
    tier = 3
    topics = ("algebra", "quadratic equations")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Solve ${self.left} = {self.right}$ over the real numbers. Write the solution set with exact, simplified "
            "square roots.",
            "The graphs of $y = {self.left}$ and $y = {self.right}$ meet in two points. Find the set of the exact "
            "$x$-coordinates of these points.",
        ),
        Surface.UNFAMILIAR: (
            "At the real hour $t$ the left moon of {name} stands at height ${self.left_t}$ and the right moon at "
            "height ${self.right_t}$. Give the set of all exact hours at which the moons stand equally high.",
        ),
    }

    a: int
    b: int
    c: int
    d: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a x^2 + b x + c = d x until the discriminant is positive and no square."""
        while True:
            a, b, d = rng.randint(1, 5), rng.randint(-12, 12), rng.choice((-1, 1)) * rng.randint(1, 9)
            c = rng.choice((-1, 1)) * rng.randint(1, 20)
            disc = (b - d) ** 2 - 4 * a * c
            if b not in (0, d) and disc > 0 and isqrt(disc) ** 2 != disc:
                return cls(a, b, c, d)

    @property
    def left(self) -> str:
        """The left side in x."""
        return Polynomial.of(self.a, self.b, self.c).latex()

    @property
    def right(self) -> str:
        """The right side in x."""
        return Polynomial.of(self.d, 0).latex()

    @property
    def left_t(self) -> str:
        """The left side in t."""
        return Polynomial.of(self.a, self.b, self.c, variable="t").latex()

    @property
    def right_t(self) -> str:
        """The right side in t."""
        return Polynomial.of(self.d, 0, variable="t").latex()

    def answer(self) -> Value:
        """Use the quadratic formula."""
        b = self.b - self.d
        root = sqrt(b * b - 4 * self.a * self.c)
        return FiniteSet((root - b) / (2 * self.a), (-root - b) / (2 * self.a))

    def check(self) -> Value:
        """Use the formula with the root in the denominator, which solves the equation of the reciprocals."""
        b = self.b - self.d
        root = sqrt(b * b - 4 * self.a * self.c)
        return FiniteSet(2 * self.c / (root - b), 2 * self.c / (-root - b))


@dataclass(frozen=True)
class QuadraticRootExpression(Family):
    """A symmetric expression of the roots of a quadratic, without solving it."""

    name = "expression-of-two-roots"
    tier = 3
    topics = ("algebra", "Vieta")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Let $u$ and $v$ be the roots of ${self.poly} = 0$, real or complex. Find the exact value of "
            "${self.wanted}$.",
            "The equation ${self.poly} = 0$ has the roots $u$ and $v$ in the complex numbers. Compute ${self.wanted}$ "
            "exactly.",
        ),
        Surface.UNFAMILIAR: (
            "Two spirits of {name} carry the numbers $u$ and $v$, possibly complex. Nobody has seen them, but "
            "$\\mathcal{{Q}}(x) = {self.poly}$ is zero exactly for $x = u$ and $x = v$. Find the exact value of "
            "${self.wanted}$.",
        ),
    }

    a: int
    b: int
    c: int
    kind: str

    _kinds: ClassVar[tuple[str, ...]] = (
        "u^3 + v^3",
        "\\frac{1}{u^2} + \\frac{1}{v^2}",
        "\\frac{u}{v} + \\frac{v}{u}",
        "\\frac{u^2}{v} + \\frac{v^2}{u}",
        "(u - v)^2",
        "u^4 + v^4",
    )

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a quadratic with two different roots, neither zero, and an expression."""
        while True:
            a, b = rng.randint(1, 5), rng.choice((-1, 1)) * rng.randint(1, 9)
            c = rng.choice((-1, 1)) * rng.randint(1, 9)
            if b * b != 4 * a * c:
                return cls(a, b, c, rng.choice(cls._kinds))

    @property
    def poly(self) -> str:
        """The quadratic."""
        return Polynomial.of(self.a, self.b, self.c).latex()

    @property
    def wanted(self) -> str:
        """The expression."""
        return self.kind

    def answer(self) -> Value:
        """Write the expression in the sum and the product of the roots."""
        s, p = Fraction(-self.b, self.a), Fraction(self.c, self.a)
        cubes = s**3 - 3 * s * p
        values = (
            cubes,
            (s * s - 2 * p) / p**2,
            (s * s - 2 * p) / p,
            cubes / p,
            s * s - 4 * p,
            (s * s - 2 * p) ** 2 - 2 * p * p,
        )
        return values[self._kinds.index(self.kind)]

    def check(self) -> Value:
        """Calculate with the exact roots themselves."""
        disc = self.b * self.b - 4 * self.a * self.c
        half = sqrt(abs(disc)) / (2 * self.a)
        middle = Fraction(-self.b, 2 * self.a)
        u = Complex(middle + half) if disc > 0 else Complex(middle, half)
        v = Complex(middle - half) if disc > 0 else u.conjugate()
        values = (
            u**3 + v**3,
            Complex(1) / (u * u) + Complex(1) / (v * v),
            u / v + v / u,
            u * u / v + v * v / u,
            (u - v) * (u - v),
            u**4 + v**4,
        )
        return values[self._kinds.index(self.kind)]


@dataclass(frozen=True)
class RationalInequality(Family):
    """Where a quotient of linear factors has a given sign."""

    name = "sign-of-a-quotient"
    tier = 3
    topics = ("algebra", "inequalities")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find all real numbers $x$ with ${self.quotient} {self.sign} 0$. Write the solution set as a union of "
            "intervals.",
            "For which real $x$ is ${self.quotient} {self.sign} 0$ true? Answer with a union of intervals.",
        ),
        Surface.UNFAMILIAR: (
            "At the real place $x$ of the desert of {name} the wind blows with the strength ${self.quotient}$; where "
            "this is undefined, there is no wind. A {thing} lives at a place exactly if the strength $w$ there "
            "satisfies $w {self.sign} 0$. Give the set of all places with a {thing} as a union of intervals.",
        ),
    }

    zeros: tuple[int, int]
    pole: int
    sign: str
    lead: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two zeros, a pole, a sign, and the leading factor."""
        first, second, pole = rng.sample([k for k in range(-12, 13) if k], 3)
        zeros = (min(first, second), max(first, second))
        return cls(zeros, pole, rng.choice(("<", ">", "\\le", "\\ge")), rng.choice((-1, 1)))

    @property
    def quotient(self) -> str:
        """The quotient; a negative leading factor turns the first bracket around."""
        a, b = self.zeros
        first = Polynomial.of(1, -a).latex() if self.lead > 0 else _turned(a)
        return f"\\frac{{({first})({Polynomial.of(1, -b).latex()})}}{{{Polynomial.of(1, -self.pole).latex()}}}"

    def answer(self) -> Value:
        """The sign alternates at every zero and pole, from the right."""
        places = sorted((*self.zeros, self.pole), reverse=True)
        wanted = 1 if self.sign in (">", "\\ge") else -1
        now, result, end = self.lead, RealSet(), None
        for place in (*places, None):
            if now == wanted:
                result = result | interval(place, end)
            now, end = -now, place
        if self.sign in ("\\le", "\\ge"):
            for zero in self.zeros:
                result = result | interval(zero, zero, "[]")
        return result

    def check(self) -> Value:
        """Test one number between any two neighbors, and every zero."""
        ends: list[int | None] = [None, *sorted((*self.zeros, self.pole)), None]
        result = RealSet()
        for low, high in pairwise(ends):
            if self._holds(_between(low, high)):
                result = result | interval(low, high)
        for zero in self.zeros:
            if self._holds(zero):
                result = result | interval(zero, zero, "[]")
        return result

    def _holds(self, x: int | Fraction) -> bool:
        value = Fraction(self.lead * (x - self.zeros[0]) * (x - self.zeros[1])) / (x - self.pole)
        return {"<": value < 0, ">": value > 0, "\\le": value <= 0, "\\ge": value >= 0}[self.sign]


def _between(low: int | None, high: int | None) -> Fraction:
    """Return a number between two ends, of which one may be infinite."""
    if low is None:
        return Fraction(high or 0) - 1
    return Fraction(low) + 1 if high is None else Fraction(low + high, 2)


def _turned(zero: int) -> str:
    """Return `zero - x`."""
    return f"{zero} - x" if zero > 0 else f"-x - {-zero}"


@dataclass(frozen=True)
class DistanceEquation(Family):
    """Two weighted distances on the number line with a given sum."""

    name = "sum-of-distances"
    tier = 3
    topics = ("algebra", "absolute value")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the set of all real solutions of ${self.m}|{self.first}| + {self.n}|{self.second}| = {self.total}$.",
            "On a number line, {self.m} times the distance of a point from ${self.a}$ plus {self.n} times its "
            "distance from ${self.b}$ is ${self.total}$. Find the set of all such points.",
        ),
        Surface.UNFAMILIAR: (
            "Write $p \\frown q$ for the larger of $p - q$ and $q - p$. Find the set of all real numbers $x$ with "
            "${self.m} \\cdot (x \\frown {self.a_shown}) + {self.n} \\cdot (x \\frown {self.b_shown}) = "
            "{self.total}$.",
        ),
    }

    m: int
    a: int
    n: int
    b: int
    total: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw different weights, and a sum above its least possible value."""
        m, n = rng.sample(range(2, 9), 2)
        a, b = rng.sample([k for k in range(-12, 13) if k], 2)
        least = min(m, n) * abs(a - b)
        return cls(m, a, n, b, least + rng.randint(1, 40))

    @property
    def first(self) -> str:
        """The first difference."""
        return Polynomial.of(1, -self.a).latex()

    @property
    def second(self) -> str:
        """The second difference."""
        return Polynomial.of(1, -self.b).latex()

    @property
    def a_shown(self) -> str:
        """The first point, bracketed where it is negative."""
        return f"({self.a})" if self.a < 0 else str(self.a)

    @property
    def b_shown(self) -> str:
        """The second point, bracketed where it is negative."""
        return f"({self.b})" if self.b < 0 else str(self.b)

    def answer(self) -> Value:
        """Solve on either side of the lightest sum, where the function falls or rises."""
        (low, left), (high, right) = sorted(((self.a, self.m), (self.b, self.n)))
        at_low, at_high = right * (high - low), left * (high - low)
        outer, inner = left + right, right - left
        if self.total >= at_low:
            first = low - Fraction(self.total - at_low, outer)
        else:
            first = low + Fraction(at_low - self.total, inner)
        if self.total >= at_high:
            second = high + Fraction(self.total - at_high, outer)
        else:
            second = high + Fraction(at_high - self.total, inner)
        return FiniteSet(first, second)

    def check(self) -> Value:
        """Try all four choices of signs, and keep what satisfies the equation."""
        found = []
        for s, t in product((-1, 1), repeat=2):
            slope = s * self.m + t * self.n
            x = Fraction(self.total + s * self.m * self.a + t * self.n * self.b, slope)
            if self.m * abs(x - self.a) + self.n * abs(x - self.b) == self.total:
                found.append(x)
        return FiniteSet(*found)


@dataclass(frozen=True)
class RadicalEquation(Family):
    """A square root equal to a linear expression; a false root may appear."""

    name = "root-equals-line"
    tier = 3
    topics = ("algebra", "radical equations")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the set of all real solutions of $\\sqrt{{{self.inside}}} = {self.line}$.",
            "The graph of $y = \\sqrt{{{self.inside}}}$ and the line $y = {self.line}$ are drawn in one coordinate "
            "system. Find the set of the $x$-coordinates of all their common points.",
        ),
        Surface.UNFAMILIAR: (
            "Let $\\rho(z)$ be the number that is not negative and has the square $z$, for every $z \\ge 0$. Find the "
            "set of all real numbers $x$ with $\\rho({self.inside}) = {self.line}$.",
        ),
    }

    slope: int
    inner: int
    shift: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one root and the line, then the constant under the square root."""
        while True:
            slope = rng.choice((-1, 1)) * rng.randint(2, 25)
            shift, root = rng.choice((-1, 1)) * rng.randint(1, 20), rng.randint(-20, 30)
            inner = (root - shift) ** 2 - slope * root
            if root > shift and inner:
                return cls(slope, inner, shift)

    @property
    def inside(self) -> str:
        """The expression under the root."""
        return Polynomial.of(self.slope, self.inner).latex()

    @property
    def line(self) -> str:
        """The linear expression."""
        return Polynomial.of(1, -self.shift).latex()

    def answer(self) -> Value:
        """Square, solve the quadratic, and drop what makes the line negative."""
        half, constant = Fraction(2 * self.shift + self.slope, 2), self.shift**2 - self.inner
        root = sqrt(half * half - constant)
        return FiniteSet(*(x for x in (root + half, -root + half) if (x - self.shift).sign() >= 0))

    def check(self) -> Value:
        """Try all integers that could do: the roots are integers, with a known sum."""
        bound = abs(2 * self.shift + self.slope) + abs(self.shift) + 60
        tried = range(self.shift, bound + 1)
        return FiniteSet(*(x for x in tried if self.slope * x + self.inner == (x - self.shift) ** 2))


@dataclass(frozen=True)
class PairProducts(Family):
    """Three positive numbers, known by the products of their pairs."""

    name = "products-of-pairs"
    tier = 3
    topics = ("algebra", "systems of equations")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The positive real numbers $x$, $y$, $z$ satisfy $xy = {self.p}$, $yz = {self.q}$ and $zx = {self.r}$. "
            "Find the exact ordered triple $(x, y, z)$.",
            "A box with edges of $x$, $y$ and $z$ centimeters has three different kinds of faces: one with edges $x$ "
            "and $y$ and area {self.p} square centimeters, one with edges $y$ and $z$ and area {self.q} square "
            "centimeters, and one with edges $z$ and $x$ and area {self.r} square centimeters. Find the exact ordered "
            "triple $(x, y, z)$.",
        ),
        Surface.UNFAMILIAR: (
            "When two ghosts meet, they glow with the product of their secret numbers, which are positive. {name} and "
            "{friend} glow with {self.p}, {friend} and {third} with {self.q}, {third} and {name} with {self.r}. Give "
            "the exact ordered triple of the secret numbers of {name}, {friend} and {third}.",
        ),
    }

    p: int
    q: int
    r: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three different products."""
        p, q, r = rng.sample(range(2, 61), 3)
        return cls(p, q, r)

    def answer(self) -> Value:
        """Multiply two equations and divide by the third."""
        squares = (
            Fraction(self.p * self.r, self.q),
            Fraction(self.p * self.q, self.r),
            Fraction(self.q * self.r, self.p),
        )
        return Tuple(*map(sqrt, squares))

    def check(self) -> Value:
        """Find the product of all three, and divide it by the products of pairs."""
        whole = sqrt(self.p * self.q * self.r)
        return Tuple(whole / self.q, whole / self.r, whole / self.p)


@dataclass(frozen=True)
class ReciprocalPowers(Family):
    """A power sum of a number and a multiple of its reciprocal, from their plain sum."""

    name = "number-and-reciprocal"
    tier = 3
    topics = ("algebra", "power sums")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The number $x$ satisfies $x + \\frac{{{self.k}}}{{x}} = {self.t}$. Find the value of $x^{{{self.n}}} + "
            "\\left(\\frac{{{self.k}}}{{x}}\\right)^{{{self.n}}}$.",
            "Two numbers $x$ and $y$ have the sum ${self.t}$ and the product ${self.k}$. Compute $x^{{{self.n}}} + "
            "y^{{{self.n}}}$.",
        ),
        Surface.UNFAMILIAR: (
            "Twin stars have the ages $x$ and $y$, and $x + y = {self.t}$, $xy = {self.k}$. Their joint glow of rank "
            "$m$ is $\\Gamma_m = x^m + y^m$. Find $\\Gamma_{{{self.n}}}$.",
        ),
    }

    k: int
    t: int
    n: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw sum and product; each step leads to the next power."""
        k = rng.randint(2, 70)
        return cls(k, rng.choice((-1, 1)) * rng.randint(3, 45), steps + 1)

    def answer(self) -> Value:
        """Follow the recursion s(n) = t s(n - 1) - k s(n - 2)."""
        before, now = 2, self.t
        for _ in range(self.n - 1):
            before, now = now, self.t * now - self.k * before
        return now

    def check(self) -> Value:
        """Raise the exact roots of z^2 - t z + k to the power."""
        disc = self.t * self.t - 4 * self.k
        half: Real = sqrt(abs(disc)) / 2
        middle = Fraction(self.t, 2)
        root = Complex(middle + half) if disc >= 0 else Complex(middle, half)
        other = Complex(middle - half) if disc >= 0 else root.conjugate()
        return root**self.n + other**self.n

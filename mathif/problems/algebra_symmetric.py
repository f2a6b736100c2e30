"""Algebra of competitions: symmetric expressions of roots and unknowns, which nobody has to solve for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from math import isqrt
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import FiniteSet, Matrix, Polynomial, Tuple, Value, latex, sqrt
from mathif.records import Surface


def companion(a: int, b: int, c: int) -> Matrix:
    """Return a matrix whose eigenvalues are the roots of x^3 + a x^2 + b x + c."""
    return Matrix([[0, 0, -c], [1, 0, -b], [0, 1, -a]])


@dataclass(frozen=True)
class CubicRootExpression(Family):
    """A symmetric expression of the roots of a cubic that cannot be solved by hand."""

    name = "expression-of-three-roots"
    tier = 4
    topics = ("algebra", "Vieta")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Let $u$, $v$, $w$ be the three complex roots of ${self.poly} = 0$, each counted with its multiplicity. "
            "Find the exact value of ${self.kind}$.",
            "The polynomial ${self.poly}$ factors over the complex numbers as $(x - u)(x - v)(x - w)$. Compute "
            "${self.kind}$ exactly.",
        ),
        Surface.UNFAMILIAR: (
            "The volcano of {name} hides three complex numbers $u$, $v$, $w$. All that is known is that $(x - u)(x - "
            "v)(x - w)$ and ${self.poly}$ have equal values for every $x$. Find the exact value of ${self.kind}$.",
        ),
    }

    a: int
    b: int
    c: int
    kind: str

    _kinds: ClassVar[tuple[str, ...]] = (
        "u^3 + v^3 + w^3",
        "\\frac{1}{u^2} + \\frac{1}{v^2} + \\frac{1}{w^2}",
        "(u + v)(v + w)(w + u)",
        "u^2v^2 + v^2w^2 + w^2u^2",
        "(u^2 + 1)(v^2 + 1)(w^2 + 1)",
        "\\frac{uv}{w} + \\frac{vw}{u} + \\frac{wu}{v}",
    )

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a cubic that does not vanish at zero."""
        a, b, c = (rng.choice((-1, 1)) * rng.randint(1, 9) for _ in range(3))
        return cls(a, b, c, rng.choice(cls._kinds))

    @property
    def poly(self) -> str:
        """The cubic."""
        return Polynomial.of(1, self.a, self.b, self.c).latex()

    def answer(self) -> Value:
        """Write the expression in the elementary symmetric sums."""
        e1, e2, e3 = -self.a, self.b, -self.c
        squared = e2 * e2 - 2 * e1 * e3
        values: tuple[Fraction | int, ...] = (
            e1**3 - 3 * e1 * e2 + 3 * e3,
            Fraction(squared, e3 * e3),
            e1 * e2 - e3,
            squared,
            e3**2 + squared + e1 * e1 - 2 * e2 + 1,
            Fraction(squared, e3),
        )
        return values[self._kinds.index(self.kind)]

    def check(self) -> Value:
        """Calculate with a matrix that has the roots as eigenvalues: sums are traces, products determinants."""
        root = companion(self.a, self.b, self.c)
        one = Matrix.identity(3)
        product = root.determinant()
        values = (
            (root**3).trace(),
            (root.inverse() ** 2).trace(),
            (one * -self.a - root).determinant(),
            product**2 * (root.inverse() ** 2).trace(),
            (root @ root + one).determinant(),
            product * (root.inverse() ** 2).trace(),
        )
        return values[self._kinds.index(self.kind)]


@dataclass(frozen=True)
class CubicPowerSum(Family):
    """The sum of equal powers of the roots of a cubic, by Newton's identities."""

    name = "power-sum-of-three-roots"
    tier = 4
    topics = ("algebra", "Newton's identities")
    steps = range(2, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The polynomial ${self.poly}$ has the complex zeros $u$, $v$ and $w$, listed with multiplicity. Find "
            "$u^{{{self.n}}} + v^{{{self.n}}} + w^{{{self.n}}}$.",
            "Complex numbers $u$, $v$, $w$ satisfy $u + v + w = {self.e1}$, $uv + vw + wu = {self.e2}$ and $uvw = "
            "{self.e3}$. Compute $u^{{{self.n}}} + v^{{{self.n}}} + w^{{{self.n}}}$.",
        ),
        Surface.UNFAMILIAR: (
            "Every midnight each of the three lamps of {name} multiplies its light by its own number: $u$, $v$ and "
            "$w$ are these numbers, complex ones allowed, and each lamp starts with light 1. A scribe notes $u + v + "
            "w = {self.e1}$, $uv + vw + wu = {self.e2}$ and $uvw = {self.e3}$. What is the sum of the three lights "
            "after {self.n} midnights?",
        ),
    }

    e1: int
    e2: int
    e3: int
    n: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the elementary symmetric sums; each step leads to the power sum of one more exponent."""
        e1, e2, e3 = (rng.choice((-1, 1)) * rng.randint(1, 9) for _ in range(3))
        return cls(e1, e2, e3, steps)

    @property
    def poly(self) -> str:
        """The cubic."""
        return Polynomial.of(1, -self.e1, self.e2, -self.e3).latex()

    def answer(self) -> Value:
        """Start from the sums of exponents 0, 1 and 2, and follow the recursion of the cubic."""
        sums = [3, self.e1, self.e1 * self.e1 - 2 * self.e2]
        while len(sums) <= self.n:
            sums.append(self.e1 * sums[-1] - self.e2 * sums[-2] + self.e3 * sums[-3])
        return sums[self.n]

    def check(self) -> Value:
        """Take the trace of a power of a matrix whose eigenvalues are the roots."""
        return (companion(-self.e1, self.e2, -self.e3) ** self.n).trace()


@dataclass(frozen=True)
class SumAndProductSystem(Family):
    """Two equations in the sum and the product of two unknowns, with every pair of solutions asked for."""

    name = "symmetric-system"
    tier = 4
    topics = ("algebra", "systems of equations")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the set of all ordered pairs $(x, y)$ of real numbers with $x + y + xy = {self.s}$ and $x^2y + xy^2 "
            "= {self.p}$.",
            "The real numbers $x$ and $y$ satisfy $xy + x + y = {self.s}$ and $xy(x + y) = {self.p}$. Determine the "
            "set of all such ordered pairs $(x, y)$.",
        ),
        Surface.UNFAMILIAR: (
            "In the accounts of {name} two real numbers $x$ and $y$ have the weight $x + y$ and the warmth $xy$. For "
            "the numbers of a certain pair, weight plus warmth is ${self.s}$, and weight times warmth is ${self.p}$. "
            "Find the set of all ordered pairs $(x, y)$ for which this is so.",
        ),
    }

    s: int
    p: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one pair of different integers, neither zero, whose sum and product differ and are not zero."""
        while True:
            x, y = rng.randint(-50, 50), rng.randint(-50, 50)
            if x < y and x * y * (x + y) and x + y != x * y:
                return cls(x + y + x * y, (x + y) * x * y)

    def answer(self) -> Value:
        """Sum and product are the roots of one quadratic; each way to assign them gives another quadratic."""
        root = sqrt(self.s * self.s - 4 * self.p).rational()
        assert root is not None
        first, second = (self.s + root) / 2, (self.s - root) / 2
        pairs: list[Tuple] = []
        for total, product in ((first, second), (second, first)):
            disc = total * total - 4 * product
            if disc >= 0:
                x, y = (total + sqrt(disc)) / 2, (total - sqrt(disc)) / 2
                pairs += [Tuple(x, y), Tuple(y, x)]
        return FiniteSet(*pairs)

    def check(self) -> Value:
        """Find sum and product by trial among the divisors; solve for the difference of the unknowns."""
        pairs: list[Tuple] = []
        bound = abs(self.p)
        for total in (d for k in _divisors(bound) for d in (k, -k)):
            product = self.s - total
            if total * product == self.p and total * total >= 4 * product:
                high = (sqrt(total * total - 4 * product) + total) / 2
                low = total - high
                pairs += [Tuple(high, low), Tuple(low, high)]
        return FiniteSet(*pairs)


def _divisors(n: int) -> list[int]:
    """Return the positive divisors of a positive number."""
    small = [d for d in range(1, isqrt(n) + 1) if n % d == 0]
    return sorted({*small, *(n // d for d in small)})


@dataclass(frozen=True)
class CyclicFractions(Family):
    """A cyclic sum of fractions, from a sum and a sum of reciprocals."""

    name = "cyclic-fractions"
    tier = 4
    topics = ("algebra", "identities")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The positive real numbers $a$, $b$, $c$ satisfy $a + b + c = {self.total}$ and $\\frac{{1}}{{a + b}} + "
            "\\frac{{1}}{{b + c}} + \\frac{{1}}{{c + a}} = {self.inverse}$. Find the exact value of $\\frac{{a}}{{b + "
            "c}} + \\frac{{b}}{{c + a}} + \\frac{{c}}{{a + b}}$.",
            "Three positive numbers $a$, $b$, $c$ have the sum {self.total}, and the reciprocals of their pairwise "
            "sums $a + b$, $b + c$, $c + a$ add up to ${self.inverse}$. Each number is divided by the sum of the "
            "other two. Find the exact sum of the three quotients.",
        ),
        Surface.UNFAMILIAR: (
            "Three rivers of {name} have positive widths with the sum {self.total}. For any two of the rivers, one "
            "divided by the sum of their widths is called their kinship, and the three kinships add up to "
            "${self.inverse}$. The pride of a river is its width divided by the sum of the widths of the other two. "
            "Find the exact sum of the three prides.",
        ),
    }

    a: int
    b: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three different numbers in increasing order; the question shows only their sums."""
        a, b, c = sorted(rng.sample(range(1, 40), 3))
        return cls(a, b, c)

    @property
    def total(self) -> int:
        """Their sum."""
        return self.a + self.b + self.c

    @property
    def inverse(self) -> str:
        """The sum of the reciprocals."""
        return latex(self._inverse())

    def _inverse(self) -> Fraction:
        return sum((Fraction(1, x + y) for x, y in combinations((self.a, self.b, self.c), 2)), Fraction(0))

    def answer(self) -> Value:
        """Add one to each fraction: all numerators become the sum."""
        return self.total * self._inverse() - 3

    def check(self) -> Value:
        """Calculate with three numbers that satisfy the conditions."""
        halves = (Fraction(x, y + z) for x, y, z in permutations((self.a, self.b, self.c)))
        return sum(halves, Fraction(0)) / 2


@dataclass(frozen=True)
class TransformedRoots(Family):
    """The cubic whose roots are a quadratic function of the roots of another cubic."""

    name = "cubic-with-transformed-roots"
    tier = 5
    topics = ("algebra", "Vieta")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Let $u$, $v$, $w$ be the complex roots of ${self.poly} = 0$. Find the cubic polynomial in $x$ with "
            "leading coefficient 1 whose roots are ${self.images}$.",
            "The roots of ${self.poly}$ over the complex numbers are $u$, $v$ and $w$. Determine the polynomial $(x - "
            "a)(x - b)(x - c)$ in expanded form for ${self.named}$.",
        ),
        Surface.UNFAMILIAR: (
            "Three sirens sing the complex numbers $u$, $v$, $w$, the roots of ${self.poly}$. The fog of {name} turns "
            "a sung number $z$ into ${self.rule}$. Let $F(x)$ be the monic cubic polynomial whose roots are the three "
            "numbers that are heard. Find $F(x)$ in expanded form.",
        ),
    }

    a: int
    b: int
    c: int
    k: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a cubic and the function z^2 + k z."""
        a, b, c = (rng.choice((-1, 1)) * rng.randint(1, 7) for _ in range(3))
        return cls(a, b, c, rng.choice((-3, -2, -1, 1, 2, 3)))

    @property
    def poly(self) -> str:
        """The given cubic."""
        return Polynomial.of(1, self.a, self.b, self.c).latex()

    @property
    def rule(self) -> str:
        """The function."""
        return Polynomial.of(1, self.k, 0, variable="z").latex()

    @property
    def _written(self) -> list[str]:
        return [Polynomial.of(1, self.k, 0, variable=name).latex() for name in "uvw"]

    @property
    def images(self) -> str:
        """The new roots."""
        return "$, $".join(self._written[:2]) + "$ and $" + self._written[2]

    @property
    def named(self) -> str:
        """The new roots with names."""
        return "$, $".join(f"{name} = {image}" for name, image in zip("abc", self._written, strict=True))

    def answer(self) -> Value:
        """Write the elementary symmetric sums of z (z + k) in those of the roots."""
        k, e1, e2, e3 = self.k, -self.a, self.b, -self.c
        shifted = e3 + k * e2 + k * k * e1 + k**3
        first = e1 * e1 - 2 * e2 + k * e1
        second = e2 * e2 - 2 * e1 * e3 + k * (e1 * e2 - 3 * e3) + k * k * e2
        return Polynomial.of(1, -first, second, -e3 * shifted)

    def check(self) -> Value:
        """Take the characteristic polynomial of the same function of a matrix with the roots as eigenvalues."""
        root = companion(self.a, self.b, self.c)
        image = root @ root + root * self.k
        one = Matrix.identity(3)
        return Polynomial.through([(x, (one * x - image).determinant()) for x in range(4)])


@dataclass(frozen=True)
class RootJourney(Family):
    """The roots of a cubic undergo several changes in turn; the cubic that they end up with."""

    name = "journey-of-the-roots"
    tier = 5
    topics = ("algebra", "polynomials")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Start with the three complex roots of ${self.poly}$. {self.plain} Find the cubic polynomial in $x$ with "
            "leading coefficient 1 that has the three resulting numbers as its roots.",
            "Let $u$, $v$, $w$ be the complex zeros of ${self.poly}$. Each of them is changed in the same way, as "
            "follows. {self.plain} Which polynomial $(x - a)(x - b)(x - c)$ has the three numbers $a$, $b$, $c$ that "
            "result? Give it in expanded form.",
        ),
        Surface.UNFAMILIAR: (
            "Three pilgrims carry the complex zeros of ${self.poly}$ through the gates of {name}. {self.strange} "
            "Behind the last gate the pilgrims carry $a$, $b$ and $c$. Find the polynomial $(x - a)(x - b)(x - c)$ in "
            "expanded form.",
        ),
    }

    coefficients: tuple[int, int, int]
    changes: tuple[tuple[str, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one change for each step, at most one of them a squaring, until no reciprocal of zero is taken."""
        while True:
            a, b, c = (rng.choice((-1, 1)) * rng.randint(1, 5) for _ in range(3))
            kinds = ["shift" if k % 2 == 0 else rng.choice(("scale", "invert")) for k in range(steps)]
            if rng.random() < 0.7:
                kinds[rng.randrange(steps)] = "square"
            changes = tuple((kind, rng.choice((-3, -2, -1, 1, 2, 3)) if kind == "shift" else 2) for kind in kinds)
            drawn = cls((a, b, c), changes)
            if drawn._possible():
                return drawn

    def _possible(self) -> bool:
        now = self.coefficients
        rational = tuple(Fraction(value) for value in now)
        for kind, number in self.changes:
            if kind == "invert" and not rational[2]:
                return False
            rational = _moved(rational, kind, number)
        return max(abs(value.numerator) for value in rational) < 5000

    @property
    def poly(self) -> str:
        """The first cubic."""
        return Polynomial.of(1, *self.coefficients).latex()

    def _told(self, phrases: dict[str, str]) -> str:
        lines = []
        for place, (kind, number) in enumerate(self.changes, start=1):
            verb = "increased" if number > 0 else "decreased"
            lines.append(phrases[kind].format(verb=verb, number=abs(number), place=place))
        return " ".join(lines)

    @property
    def plain(self) -> str:
        """The changes in words."""
        return self._told(
            {
                "shift": "Step {place}: each number is {verb} by {number}.",
                "scale": "Step {place}: each number is doubled.",
                "invert": "Step {place}: each number is replaced by its reciprocal.",
                "square": "Step {place}: each number is squared.",
            }
        )

    @property
    def strange(self) -> str:
        """The changes as gates."""
        return self._told(
            {
                "shift": "At gate {place} every number is {verb} by {number}.",
                "scale": "At gate {place} every number is doubled.",
                "invert": "At gate {place} every number $z$ turns into $1/z$.",
                "square": "At gate {place} every number $z$ turns into $z^2$.",
            }
        )

    def answer(self) -> Value:
        """Change the coefficients, step by step."""
        now = tuple(Fraction(value) for value in self.coefficients)
        for kind, number in self.changes:
            now = _moved(now, kind, number)
        return Polynomial.of(1, *now)

    def check(self) -> Value:
        """Change a matrix with the roots as eigenvalues, and take its characteristic polynomial."""
        root, one = companion(*self.coefficients), Matrix.identity(3)
        for kind, number in self.changes:
            if kind == "shift":
                root = root + one * number
            elif kind == "scale":
                root = root * number
            else:
                root = root.inverse() if kind == "invert" else root @ root
        return Polynomial.through([(x, (one * x - root).determinant()) for x in range(4)])


def _moved(cubic: tuple[Fraction, ...], kind: str, number: int) -> tuple[Fraction, ...]:
    """Return the lower coefficients of the monic cubic whose roots are changed ones of x^3 + a x^2 + b x + c."""
    a, b, c = cubic
    if kind == "shift":
        k = -number
        return a + 3 * k, b + 2 * a * k + 3 * k * k, c + b * k + a * k * k + k**3
    if kind == "scale":
        return a * number, b * number**2, c * number**3
    if kind == "invert":
        return b / c, a / c, 1 / c
    return 2 * b - a * a, b * b - 2 * a * c, -c * c

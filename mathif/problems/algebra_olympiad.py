"""Algebra of competitions: invariants, roots of unity, integer roots, nested roots, products and least values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import isqrt, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import FiniteSet, Polynomial, Value, latex, sqrt
from mathif.problems.exact.values import signed_sum
from mathif.problems.wording import listed
from mathif.records import Surface


@dataclass(frozen=True)
class NestedRoot(Family):
    """A square root with a square root inside, written as a sum or difference of two plain ones."""

    name = "nested-square-root"
    tier = 4
    topics = ("algebra", "radicals")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Write ${self.nested}$ as a sum or difference of terms without nested roots, in simplest form.",
            "The number ${self.nested}$ can be written without a root inside a root. Find this form, with simplified "
            "square roots.",
        ),
        Surface.UNFAMILIAR: (
            "A square field of {name} has the area ${self.area}$ square {units}. Its side is a sum or difference of "
            "rational multiples of square roots of integers. Find the exact side in {units}, without nested roots.",
        ),
    }

    p: int
    q: int
    sign: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the two numbers under the plain roots, the larger first, their product no square."""
        while True:
            p, q = rng.randint(2, 90), rng.randint(2, 90)
            if p > q and sqrt(p * q).rational() is None:
                return cls(p, q, rng.choice((-1, 1)))

    @property
    def area(self) -> str:
        """The square of the number."""
        inner = sqrt(4 * self.p * self.q)
        return f"{self.p + self.q} {'+' if self.sign > 0 else '-'} {latex(inner)}"

    @property
    def nested(self) -> str:
        """The nested root."""
        return f"\\sqrt{{{self.area}}}"

    def answer(self) -> Value:
        """Split the rational part into two numbers with the known product."""
        return sqrt(self.p) + self.sign * sqrt(self.q)

    def check(self) -> Value:
        """Use that the sum of the root and its conjugate, squared, is rational, and so is their difference."""
        whole, inside = self.p + self.q, 4 * self.p * self.q
        size = sqrt(whole * whole - inside).rational()
        assert size is not None
        return (sqrt(2 * (whole + size)) + self.sign * sqrt(2 * (whole - size))) / 2


@dataclass(frozen=True)
class LeastQuotient(Family):
    """The least value of a quotient with two factors above and one below, by the means inequality."""

    name = "least-value-of-a-quotient"
    tier = 4
    topics = ("algebra", "inequalities")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the exact smallest value of $\\frac{{(x + {self.p})(x + {self.q})}}{{x + {self.r}}}$ over all real "
            "numbers $x > -{self.r}$.",
            "For real numbers $x > -{self.r}$ let $f(x) = \\frac{{(x + {self.p})(x + {self.q})}}{{x + {self.r}}}$. "
            "Determine the exact minimum of $f$.",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} chooses a real number $x > -{self.r}$ as its temper. The price of its company is then "
            "$\\frac{{(x + {self.p})(x + {self.q})}}{{x + {self.r}}}$ {units}. What is the exact lowest price, in "
            "{units}, that a {thing} can have?",
        ),
    }

    p: int
    q: int
    r: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the zero of the denominator to the right of both others."""
        r = rng.randint(1, 20)
        p, q = r + rng.randint(1, 24), r + rng.randint(1, 24)
        return cls(min(p, q), max(p, q), r)

    def answer(self) -> Value:
        """With t = x + r the quotient is t + AB / t + A + B, and the first two terms are at least 2 sqrt(AB)."""
        a, b = self.p - self.r, self.q - self.r
        return 2 * sqrt(a * b) + a + b

    def check(self) -> Value:
        """Take the larger value for which the quadratic in x has a double root."""
        half = self.p + self.q - 2 * self.r
        return sqrt(half * half - (self.p - self.q) ** 2) + half


@dataclass(frozen=True)
class BlackboardInvariant(Family):
    """Two numbers at a time are replaced by one, and the last number does not depend on the choices."""

    name = "blackboard-invariant"
    tier = 5
    topics = ("algebra", "invariants")
    steps = range(4, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The numbers {self.numbers} stand on a blackboard. In each move two of the numbers, $a$ and $b$, are "
            "erased and the number ${self.rule}$ is written instead, until one number is left. This number does not "
            "depend on the order of the moves. Find it.",
            "{name} and {friend} play with cards that show the numbers {self.numbers}. Again and again any two cards, "
            "with numbers $a$ and $b$, are replaced by one card with the number ${self.rule}$. In the end there is "
            "only one card. Which number does it show, whatever was played?",
        ),
        Surface.UNFAMILIAR: (
            "On the moon of {name} live blobs, each with a number: {self.numbers}. When a blob with the number $a$ "
            "and a blob with the number $b$ touch, they merge into one blob with the number ${self.rule}$. In the end "
            "a single blob is left. Its number is the same whoever merged with whom. What is it?",
        ),
    }

    start: tuple[int, ...]
    shift: int
    factor: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw k and c with k dividing c (c - 1): the rule k a b + c (a + b) + c (c - 1) / k multiplies k x + c.

        Finding that is one step, each product of two numbers another, and the way back to x the last.
        """
        factor = rng.randint(1, 3)
        shift = rng.choice([c for c in range(-4, 6) if c and c * (c - 1) % factor == 0])
        while True:
            start = tuple(rng.randint(-6, 9) for _ in range(steps - 1))
            if all(x and factor * x + shift for x in start):
                return cls(start, shift, factor)

    @property
    def numbers(self) -> str:
        """The numbers at the start."""
        return listed(self.start)

    @property
    def rule(self) -> str:
        """What replaces two numbers."""
        constant = self.shift * (self.shift - 1) // self.factor
        terms = [(self.factor, "ab"), (self.shift, "a"), (self.shift, "b")]
        return signed_sum([*terms, (constant, "")] if constant else terms)

    def answer(self) -> Value:
        """The product of all k x + c is invariant."""
        return Fraction(prod(self.factor * x + self.shift for x in self.start) - self.shift, self.factor)

    def check(self) -> Value:
        """Play in three different orders."""
        ends = {
            reduce(self._merged, self.start),
            reduce(self._merged, sorted(self.start)),
            self._in_pairs(list(self.start)),
        }
        return ends.pop() if len(ends) == 1 else "not determined"

    def _merged(self, a: int, b: int) -> int:
        return self.factor * a * b + self.shift * (a + b) + self.shift * (self.shift - 1) // self.factor

    def _in_pairs(self, numbers: list[int]) -> int:
        while len(numbers) > 1:
            first, last = numbers.pop(0), numbers.pop()
            numbers.append(self._merged(first, last))
        return numbers[0]


@dataclass(frozen=True)
class IntegerRoots(Family):
    """All parameters for which a quadratic has integer roots."""

    name = "parameters-with-integer-roots"
    tier = 5
    topics = ("algebra", "Vieta", "number theory")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the set of all integers $k$ for which both roots of the equation $x^2 + kx + ({self.constant}) = 0$ "
            "are integers; a double root counts as two.",
            "For which integers $k$ does the polynomial $x^2 + kx + ({self.constant})$ factor as $(x - a)(x - b)$ "
            "with integers $a$ and $b$? Give the set of all such $k$.",
        ),
        Surface.UNFAMILIAR: (
            "The lock of {name} has a dial that can be set to any integer $k$. It opens exactly if there are integers "
            "$a$ and $b$, equal or not, with $a + b = -k$ and $ab = {self.constant}$. Give the set of all settings "
            "that open it.",
        ),
    }

    n: int
    m: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the constant term n k + m such that m + n^2, which will be factored, is not zero."""
        while True:
            n, product = rng.choice((-1, 1)) * rng.randint(1, 12), rng.choice((-1, 1)) * rng.randint(6, 150)
            if product != n * n:
                return cls(n, product - n * n)

    @property
    def constant(self) -> str:
        """The constant term."""
        return Polynomial.of(self.n, self.m, variable="k").latex()

    def answer(self) -> Value:
        """By Vieta (a + n)(b + n) = m + n^2, so that each divisor gives one parameter."""
        whole = self.m + self.n * self.n
        divisors = [d for d in range(-abs(whole), abs(whole) + 1) if d and whole % d == 0]
        return FiniteSet(*(2 * self.n - d - whole // d for d in divisors))

    def check(self) -> Value:
        """Try every parameter in a range that the factors cannot leave, and look for a square discriminant."""
        bound = abs(self.m + self.n * self.n) + 1 + 2 * abs(self.n)
        found = []
        for k in range(-bound, bound + 1):
            disc = k * k - 4 * (self.n * k + self.m)
            if disc >= 0 and isqrt(disc) ** 2 == disc and (isqrt(disc) - k) % 2 == 0:
                found.append(k)
        return FiniteSet(*found)


@dataclass(frozen=True)
class EveryThirdCoefficient(Family):
    """The sum of every third coefficient of a power of a trinomial."""

    name = "every-third-coefficient"
    tier = 5
    topics = ("algebra", "roots of unity")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "When $({self.base})^{{{self.n}}}$ is expanded, find the sum of the coefficients of all powers $x^k$ for "
            "which $k$ leaves the remainder {self.rest} on division by 3.",
            "Let $({self.base})^{{{self.n}}} = c_0 + c_1x + c_2x^2 + \\dots + c_{{{self.top}}}x^{{{self.top}}}$. "
            "Compute $c_{{{self.rest}}} + c_{{{self.second}}} + c_{{{self.third}}} + \\cdots$, the sum of all "
            "coefficients whose index leaves the remainder {self.rest} on division by 3.",
        ),
        Surface.UNFAMILIAR: (
            "The weaver of {name} expands $({self.base})^{{{self.n}}}$ and dyes the coefficients in turn red, green, "
            "blue, red, green, blue and so on, beginning with red for the constant term and going up power by power. "
            "Find the sum of all {self.color} coefficients.",
        ),
    }

    coefficients: tuple[int, int, int]
    n: int
    rest: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a trinomial whose coefficients are not all equal, a power and a remainder."""
        while True:
            a, b, c = (rng.choice((-1, 1)) * rng.randint(1, 4) for _ in range(3))
            if not a == b == c:
                return cls((a, b, c), rng.randint(6, 13), rng.randint(0, 2))

    @property
    def base(self) -> str:
        """The trinomial, lowest power first."""
        return signed_sum(zip(self.coefficients, ("", "x", "x^2"), strict=True))

    @property
    def top(self) -> int:
        """The degree of the power."""
        return 2 * self.n

    @property
    def second(self) -> int:
        """The second index of the sum."""
        return self.rest + 3

    @property
    def third(self) -> int:
        """The third index of the sum."""
        return self.rest + 6

    @property
    def color(self) -> str:
        """The dye of the asked coefficients."""
        return ("red", "green", "blue")[self.rest]

    def answer(self) -> Value:
        """Average the values at the three cube roots of unity, turned back by the remainder."""
        a, b, c = self.coefficients
        x, y = _power((a - c, b - c), self.n)
        for _ in range(-self.rest % 3):
            x, y = -y, x - y
        return Fraction((a + b + c) ** self.n + 2 * x - y, 3)

    def check(self) -> Value:
        """Expand the power."""
        expanded: list[int] = [1]
        for _ in range(self.n):
            expanded = _times(expanded, self.coefficients)
        return sum(expanded[self.rest :: 3])


def _power(number: tuple[int, int], exponent: int) -> tuple[int, int]:
    """Return a power of x + y w, where w is a cube root of unity with w^2 = -1 - w."""
    x, y = 1, 0
    for _ in range(exponent):
        a, b = number
        x, y = x * a - y * b, x * b + y * a - y * b
    return x, y


def _times(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """Multiply polynomials given by their coefficients."""
    product = [0] * (len(first) + len(second) - 1)
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            product[i + j] += a * b
    return product


@dataclass(frozen=True)
class BlockProduct(Family):
    """A telescoping product of quotients of quartics that Sophie Germain's identity takes apart."""

    name = "quartic-product"
    tier = 5
    topics = ("algebra", "factoring", "telescoping")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the exact value of the product $\\prod_{{k=1}}^{{{self.n}}} \\frac{{{self.above}}}{{{self.below}}}$.",
            "Compute exactly the product of the numbers $\\frac{{{self.above}}}{{{self.below}}}$ for $k = 1, 2, "
            "\\dots, {self.n}$.",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} passes {self.n} gates, numbered from 1 to {self.n}. Gate $k$ multiplies its size by "
            "$\\frac{{{self.above}}}{{{self.below}}}$. By what exact factor has its size changed after the last gate?",
        ),
    }

    n: int
    side: int
    shift: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the number of factors, y in x^4 + 4 y^4, and where x starts."""
        return cls(rng.randint(5, 60), rng.randint(1, 6), rng.randint(1, 20))

    def _quartic(self, shift: int) -> str:
        line = Polynomial.of(4 * self.side, shift, variable="k").latex()
        return f"({line})^4 + {4 * self.side**4}"

    @property
    def above(self) -> str:
        """The numerator."""
        return self._quartic(self.shift)

    @property
    def below(self) -> str:
        """The denominator, two sides behind."""
        return self._quartic(self.shift - 2 * self.side)

    def answer(self) -> Value:
        """With x^4 + 4 y^4 = ((x - y)^2 + y^2)((x + y)^2 + y^2) nearly everything cancels."""
        y = self.side
        last, first = self.shift + 4 * y * self.n + y, self.shift + y
        return Fraction(last * last + y * y, first * first + y * y)

    def check(self) -> Value:
        """Multiply all the numbers."""
        constant = 4 * self.side**4
        places = [4 * self.side * k + self.shift for k in range(1, self.n + 1)]
        return Fraction(
            prod(x**4 + constant for x in places), prod((x - 2 * self.side) ** 4 + constant for x in places)
        )

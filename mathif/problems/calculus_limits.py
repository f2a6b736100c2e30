"""Series, limits and extrema, tiers 4 and 5: derivatives read off a series, differences of roots, two multipliers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial, isqrt
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Polynomial, Real, Value, sqrt
from mathif.problems.exact.values import signed_sum
from mathif.records import Surface


@dataclass(frozen=True)
class DerivativeAtZero(Family):
    """A high derivative at zero, read off the power series."""

    name = "derivative-at-zero"
    tier = 4
    topics = ("calculus", "derivatives", "power series")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Let $f(x) = {self.formula}$. Find the value of the derivative $f^{{({self.order})}}(0)$ of order "
                "{self.order} at $0$."
            ),
            (
                "The function $f(x) = {self.formula}$ is differentiated {self.order} times. What is the value of the "
                "resulting function at $x = 0$?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In {name} a wave with the shape $y = {self.formula}$ is sanded {self.order} times. Each time it is "
                "sanded, its shape is replaced by the slope of its shape: from $y = g(x)$ it changes to $y = g'(x)$. "
                "How high is the wave at $x = 0$ in the end, that is, what is its $y$ there?"
            ),
        ),
    }

    constant: int
    factor: int
    power: int
    rate: int
    inner: int
    order: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw (constant + factor x^power) e^(rate x^inner) and an order at which the second summand counts."""
        inner, power = rng.randint(2, 3), rng.randint(1, 4)
        order = power + inner * rng.randint(2, 3 if inner == 2 else 2)
        constant, factor = (rng.choice((-1, 1)) * rng.randint(1, 9) for _ in range(2))
        return cls(constant, factor, power, rng.choice((-3, -2, -1, 1, 2, 3)), inner, order)

    @property
    def formula(self) -> str:
        """The function."""
        front = Polynomial.of(self.factor, *[0] * (self.power - 1), self.constant).latex()
        return f"\\left({front}\\right) e^{{{Polynomial.of(self.rate, *[0] * self.inner).latex()}}}"

    def answer(self) -> Value:
        """Multiply the coefficient of x^order by the factorial of the order."""
        coefficient = self.factor * self._exponential(self.order - self.power)
        coefficient += self.constant * self._exponential(self.order)
        return factorial(self.order) * coefficient

    def _exponential(self, power: int) -> Fraction:
        """The coefficient of x^power in e^(rate x^inner)."""
        count, rest = divmod(power, self.inner)
        return Fraction(0) if rest else Fraction(self.rate) ** count / factorial(count)

    def check(self) -> Value:
        """Differentiate the polynomial before the exponential again and again by the product rule."""
        front = Polynomial.of(self.factor, *[0] * (self.power - 1), self.constant)
        chain = Polynomial.of(self.rate, *[0] * self.inner).derivative()
        for _ in range(self.order):
            front = front.derivative() + front * chain
        return front(0)


@dataclass(frozen=True)
class PolynomialOverPowers(Family):
    """An infinite series of a quadratic polynomial over powers of a number."""

    name = "polynomial-over-powers"
    tier = 4
    topics = ("calculus", "power series")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"Find the exact value of the infinite series $\sum_{{n=0}}^{{\infty}} "
                r"\frac{{{self.above}}}{{{self.below}^n}}$."
            ),
            (
                r"Let $a_n = {self.above}$ for $n \ge 0$. The series $a_0 + \frac{{a_1}}{{{self.below}}} + "
                r"\frac{{a_2}}{{{self.below}^2}} + \frac{{a_3}}{{{self.below}^3}} + \cdots$ converges. Determine its "
                "sum exactly."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                r"On the days $n = 0, 1, 2, \dots$, without end, the moon of {name} drops "
                r"$\frac{{{self.above}}}{{{self.below}^n}}$ grains of silver; where this number is negative, it takes "
                "silver back. How many grains has it dropped in all, when what it took back is subtracted? Give the "
                "exact value."
            ),
        ),
    }

    square: int
    slope: int
    constant: int
    base: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the polynomial and a base of at least 2 in size."""
        slope, constant = (rng.choice((-1, 1)) * rng.randint(1, 12) for _ in range(2))
        return cls(rng.randint(1, 9), slope, constant, rng.choice((-5, -4, -3, -2, 2, 3, 4, 5, 6)))

    @property
    def above(self) -> str:
        """The numerator."""
        return Polynomial.of(self.square, self.slope, self.constant, variable="n").latex()

    @property
    def below(self) -> str:
        """The base of the powers."""
        return f"({self.base})" if self.base < 0 else str(self.base)

    def answer(self) -> Value:
        """Differentiate the geometric series once and twice."""
        x = Fraction(1, self.base)
        plain, first = 1 / (1 - x), x / (1 - x) ** 2
        second = x * (1 + x) / (1 - x) ** 3
        return self.square * second + self.slope * first + self.constant * plain

    def check(self) -> Value:
        """Add 100 terms exactly; the sum is the only fraction with a small denominator nearby."""
        total, power = 0, 1
        for n in range(100):
            total = total * self.base + self.square * n * n + self.slope * n + self.constant
            power *= self.base
        return Fraction(total * self.base, power).limit_denominator(100_000)


@dataclass(frozen=True)
class RootDifferenceLimit(Family):
    """The limit of x times a difference of two roots that agree to first order."""

    name = "root-difference-limit"
    tier = 5
    topics = ("calculus", "limits", "asymptotics")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            r"Find the exact value of the limit $\lim_{{x \to \infty}} x \left( {self.first} - {self.second} \right)$.",
            (
                r"For large real $x$ let $d(x) = {self.first} - {self.second}$. The product $x \cdot d(x)$ has a limit "
                r"as $x \to \infty$. Determine it exactly."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Two birds of {name} fly ever onwards. At the time $x$, when $x$ is large, the first is at the height "
                "${self.first}$ and the second at the height ${self.second}$. The tension between them is $x$ times "
                "the height of the first minus $x$ times the height of the second. Which exact number does the "
                "tension approach as $x$ grows without bound?"
            ),
        ),
    }

    degrees: tuple[int, int]
    shift: int
    seconds: tuple[int, int]
    thirds: tuple[int, int]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two degrees and the common shift; coefficients below the third do not matter and are left out."""
        first, second = rng.sample((2, 3, 4), 2)
        shift = rng.choice((-4, -3, -2, -1, 1, 2, 3, 4))
        seconds = (rng.randint(-15, 15), rng.randint(-15, 15))
        thirds = (rng.randint(-9, 9) if first > 2 else 0, rng.randint(-9, 9) if second > 2 else 0)
        return cls((first, second), shift, seconds, thirds)

    def _radicand(self, place: int) -> Polynomial:
        degree = self.degrees[place]
        falling = [1, degree * self.shift, self.seconds[place], self.thirds[place], 0]
        return Polynomial.of(*falling[: degree + 1])

    def _root(self, place: int) -> str:
        degree = self.degrees[place]
        index = "" if degree == 2 else f"[{degree}]"
        return f"\\sqrt{index}{{{self._radicand(place).latex()}}}"

    @property
    def first(self) -> str:
        """The root that is subtracted from."""
        return self._root(0)

    @property
    def second(self) -> str:
        """The root that is subtracted."""
        return self._root(1)

    def answer(self) -> Value:
        """Expand both roots in powers of 1 / x up to the second term after x."""
        return self._second_order(0) - self._second_order(1)

    def _second_order(self, place: int) -> Fraction:
        degree = self.degrees[place]
        return Fraction(self.seconds[place], degree) - Fraction(degree - 1, 2) * self.shift**2

    def check(self) -> Value:
        """Take the roots at x = 10^12 to 40 digits after the point and round to a fraction with a small denominator."""
        x, scale = 10**12, 10**40
        roots = []
        for place, degree in enumerate(self.degrees):
            roots.append(_whole_root(int(self._radicand(place)(x)) * scale**degree, degree))
        return Fraction(x * (roots[0] - roots[1]), scale).limit_denominator(100)


def _whole_root(value: int, degree: int) -> int:
    """Return the root of degree 2, 3 or 4 of a positive number, rounded down."""
    if degree == 2:
        return isqrt(value)
    if degree == 4:
        return isqrt(isqrt(value))
    root = 1 << (value.bit_length() // 3 + 1)
    while root**3 > value:
        root = (2 * root + value // root**2) // 3
    return root


@dataclass(frozen=True)
class LinearOnCircle(Family):
    """The maximum of a linear function on the circle that a plane cuts from a sphere."""

    name = "linear-on-circle"
    tier = 5
    topics = ("calculus", "Lagrange multipliers", "inequality of Cauchy and Schwarz")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Real numbers $x, y, z$ satisfy $x + y + z = {self.total}$ and $x^2 + y^2 + z^2 = {self.square}$. "
                "Find the exact maximum of ${self.goal}$."
            ),
            (
                "The plane $x + y + z = {self.total}$ and the sphere $x^2 + y^2 + z^2 = {self.square}$ meet in a "
                "circle. What is the greatest value of ${self.goal}$ at the points $(x, y, z)$ of this circle? Give "
                "the exact value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Three sisters of {name} hold real numbers $x$, $y$, $z$ of {things}; debts count as negative. "
                "Together they hold {self.total}, and their envy, which is $x^2 + y^2 + z^2$, is {self.square}. A "
                "merchant trades with them and earns ${self.goal}$. What is the most that the merchant can earn? Give "
                "the exact value."
            ),
        ),
    }

    weights: tuple[int, int, int]
    total: int
    square: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw different weights, and a sphere that the plane cuts."""
        a, b, c = rng.sample([k for k in range(-6, 9) if k], 3)
        total = rng.randint(-12, 12)
        return cls((a, b, c), total, total * total // 3 + rng.randint(1, 40))

    @property
    def goal(self) -> str:
        """The linear function."""
        return signed_sum(zip(self.weights, "xyz", strict=True))

    def answer(self) -> Value:
        """Split weights and point along (1, 1, 1) and across; across, Cauchy and Schwarz decide."""
        along = Fraction(self.total * sum(self.weights), 3)
        size = sum(w * w for w in self.weights) - Fraction(sum(self.weights) ** 2, 3)
        return along + sqrt((self.square - Fraction(self.total**2, 3)) * size)

    def check(self) -> Value:
        """Find the point by the multipliers, (x, y, z) = u (1, 1, 1) + v (weights), and insert it."""
        ones, squares = sum(self.weights), sum(w * w for w in self.weights)
        v: Real = sqrt((3 * self.square - Fraction(self.total**2)) / (3 * squares - ones**2))
        u = (self.total - v * ones) / 3
        point = [u + v * weight for weight in self.weights]
        assert sum(point, Real.of(0)) == self.total
        assert sum((x * x for x in point), Real.of(0)) == self.square
        return sum((weight * x for weight, x in zip(self.weights, point, strict=True)), Real.of(0))

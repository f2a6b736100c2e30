"""Integrals that need an idea, tiers 4 and 5: symmetry, inverse functions, unknown moments, least energy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import E, Matrix, Polynomial, Value, latex
from mathif.records import Surface


@dataclass(frozen=True)
class EvenOverExponential(Family):
    """An integral over a symmetric interval in which a factor and its mirror image add up to 1."""

    name = "even-over-exponential"
    tier = 4
    topics = ("calculus", "integrals", "symmetry")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"Evaluate the integral $\int_{{-{self.reach}}}^{{{self.reach}}} \frac{{{self.even}}}{{{self.below}}} "
                r"\, dx$ exactly."
            ),
            (
                r"Let $f(x) = \frac{{{self.even}}}{{{self.below}}}$. Find the exact value of "
                r"$\int_{{-{self.reach}}}^{{{self.reach}}} f(x) \, dx$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A comb of {name} reaches from $x = -{self.reach}$ to $x = {self.reach}$, in {units}. At the place "
                r"$x$ it weighs $\frac{{{self.even}}}{{{self.below}}}$ grains per unit of length; a negative weight "
                "pulls upwards. How many grains does the whole comb weigh? Give the exact value."
            ),
        ),
    }

    reach: int
    base: int
    odd: tuple[int, int]
    coefficients: tuple[int, int, int]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw an even interval, an odd exponent and an even polynomial of degree 4."""
        odd = rng.choice(((0, 1), (1, 0), (1, 1), (0, 3), (0, 2), (1, -1)))
        values = tuple(rng.choice((-1, 1)) * rng.randint(1, 9) for _ in range(3))
        return cls(rng.choice((2, 4)), rng.choice((2, 3, 5, 10)), odd, (values[0], values[1], values[2]))

    @property
    def _even(self) -> Polynomial:
        fourth, square, rest = self.coefficients
        return Polynomial.of(fourth, 0, square, 0, rest)

    @property
    def even(self) -> str:
        """The numerator."""
        return self._even.latex()

    @property
    def _odd(self) -> Polynomial:
        return Polynomial.of(self.odd[0], 0, self.odd[1], 0)

    @property
    def below(self) -> str:
        """The denominator."""
        return f"1 + {self.base}^{{{self._odd.latex()}}}"

    def answer(self) -> Value:
        """The factor at x and at -x adds up to 1, so the integral is that of the numerator over one half."""
        return self._even.antiderivative()(self.reach)

    def check(self) -> Value:
        """Boole's rule on the integrand itself: its nodes are symmetric, and on the numerator it is exact."""
        total = Fraction(0)
        for node, weight in zip((-2, -1, 0, 1, 2), (7, 32, 12, 32, 7), strict=True):
            x = node * self.reach // 2
            total += weight * self._even(x) / (1 + Fraction(self.base) ** int(self._odd(x)))
        return total * self.reach / 45


@dataclass(frozen=True)
class InverseFunctionIntegral(Family):
    """The integral of the inverse of a cubic that cannot be inverted by hand."""

    name = "inverse-function-integral"
    tier = 4
    topics = ("calculus", "integrals", "inverse functions")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"Let $g$ be the inverse function of $f(x) = {self.formula}$, $x \in \mathbb{{R}}$. Find the exact "
                r"value of $\int_{{{self.from_y}}}^{{{self.to_y}}} g(y) \, dy$."
            ),
            (
                "For every real number $y$ let $g(y)$ be the only real solution $x$ of the equation ${self.formula} = "
                r"y$. Evaluate $\int_{{{self.from_y}}}^{{{self.to_y}}} g(y) \, dy$ exactly."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "To summon a spirit of rank $x$ in {name} one must burn ${self.formula}$ grains of incense (a "
                "negative amount means that grains are given back); the more grains, the higher the rank, and $r(y)$ "
                "is the rank of the spirit that comes for $y$ grains. Find the exact value of "
                r"$\int_{{{self.from_y}}}^{{{self.to_y}}} r(y) \, dy$."
            ),
        ),
    }

    lead: int
    slope: int
    shift: int
    low: int
    high: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw an increasing cubic and two arguments."""
        low = rng.randint(-2, 2)
        return cls(rng.randint(1, 4), rng.randint(1, 12), rng.randint(-15, 15), low, low + rng.randint(1, 3))

    @property
    def _f(self) -> Polynomial:
        return Polynomial.of(self.lead, 0, self.slope, self.shift)

    @property
    def formula(self) -> str:
        """The cubic."""
        return self._f.latex()

    @property
    def from_y(self) -> str:
        """The lower limit."""
        return latex(self._f(self.low))

    @property
    def to_y(self) -> str:
        """The upper limit."""
        return latex(self._f(self.high))

    def answer(self) -> Value:
        """The areas on both sides of the curve make up a difference of two rectangles."""
        area = self._f.antiderivative()
        return self.high * self._f(self.high) - self.low * self._f(self.low) - area(self.high) + area(self.low)

    def check(self) -> Value:
        """Substitute y = f(x)."""
        area = (Polynomial.of(1, 0) * self._f.derivative()).antiderivative()
        return area(self.high) - area(self.low)


@dataclass(frozen=True)
class UnknownMoments(Family):
    """A polynomial from an equation that holds integrals of the polynomial itself."""

    name = "unknown-moments"
    tier = 4
    topics = ("calculus", "integrals", "integral equations")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A continuous function $f$ satisfies $f(x) = {self.known_tex} + {self.kernel}$ for all real $x$. Find "
                "$f(x)$ as a polynomial in $x$."
            ),
            (
                "Find the continuous function $f$ on the real numbers for which the equation $f(x) - {self.kernel} = "
                "{self.known_tex}$ holds for every $x$. Give $f(x)$ as a polynomial in $x$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In {name} every place $x$ of the real line has a warmth $f(x)$, which changes without jumps from "
                "place to place. Part of it comes from the sun and is ${self.known_tex}$ at the place $x$. The rest "
                "comes from the sacred stretch between the places 0 and 1 and is ${self.kernel}$. The warmth is the "
                "sum of both parts, and no other warmth reaches any place. Find $f(x)$ as a polynomial in $x$."
            ),
        ),
    }

    scale: int
    coefficients: tuple[int, int, int]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the solution, with moments that are whole numbers; the known part follows."""
        twelfth, sixth = rng.choice((-2, -1, 1, 2)), rng.randint(-5, 5)
        return cls(rng.randint(1, 9), (12 * twelfth, 6 * sixth, 2 * rng.randint(-30, 30)))

    @property
    def kernel(self) -> str:
        """The part that holds the integral."""
        return f"{self.scale if self.scale > 1 else ''}\\int_0^1 (x + t) f(t) \\, dt"

    @property
    def _known(self) -> Polynomial:
        f = Polynomial.of(*self.coefficients)
        mass = f.antiderivative()(1)
        moment = (f * Polynomial.of(1, 0)).antiderivative()(1)
        return f - self.scale * Polynomial.of(mass, moment)

    @property
    def known_tex(self) -> str:
        """The part that is given."""
        return self._known.latex()

    def answer(self) -> Value:
        """Two linear equations hold the integral of f and the integral of t f; no scale here makes them singular."""
        known, s = self._known, self.scale
        mass = known.antiderivative()(1)
        moment = (known * Polynomial.of(1, 0)).antiderivative()(1)
        side = 1 - Fraction(s, 2)
        below = side**2 - Fraction(s * s, 3)
        return known + s * Polynomial.of((side * mass + s * moment) / below, (s * mass / 3 + side * moment) / below)

    def check(self) -> Value:
        """Insert the drawn solution, term by term, as the only one."""
        constant, slope, square = reversed(self.coefficients)
        mass = Fraction(square, 3) + Fraction(slope, 2) + constant
        moment = Fraction(square, 4) + Fraction(slope, 3) + Fraction(constant, 2)
        for x in range(4):
            value = square * x * x + slope * x + constant
            assert value == self._known(x) + self.scale * (x * mass + moment)
        return Polynomial.of(*self.coefficients)


@dataclass(frozen=True)
class LeastEnergy(Family):
    """The least integral of a square when the integral and the first moment are given."""

    name = "least-energy"
    tier = 5
    topics = ("calculus", "integrals", "inequality of Cauchy and Schwarz")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Among all continuous functions $f$ on the interval $[0, {self.length}]$ with "
                r"$\int_0^{{{self.length}}} f(x) \, dx = {self.mass}$ and $\int_0^{{{self.length}}} x f(x) \, dx = "
                r"{self.moment}$, find the smallest possible value of $\int_0^{{{self.length}}} f(x)^2 \, dx$. Give "
                "the exact value."
            ),
            (
                "A probe rests at the origin of a straight track at the time $t = 0$. At the time $t = {self.length}$ "
                "it must be at the position {self.position} with the velocity {self.mass}. Its acceleration $a(t)$ is "
                r"a continuous function, and the fuel that it needs is $\int_0^{{{self.length}}} a(t)^2 \, dt$. What "
                "is the least possible amount of fuel? Give the exact value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A singer of {name} sings for {self.length} hours with a loudness $f(x)$ at the hour $x$, a "
                r"continuous function that may be negative. Custom demands that $\int_0^{{{self.length}}} f(x) \, dx = "
                r"{self.mass}$ and $\int_0^{{{self.length}}} x f(x) \, dx = {self.moment}$. The weariness of the "
                r"singer at the end is $\int_0^{{{self.length}}} f(x)^2 \, dx$. What is the least weariness that "
                "custom allows? Give the exact value."
            ),
        ),
    }

    length: int
    mass: int
    moment: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the interval and the two integrals."""
        return cls(rng.randint(2, 9), rng.choice((-1, 1)) * rng.randint(1, 30), rng.randint(-40, 40))

    @property
    def position(self) -> int:
        """Where the probe must be: the integral of (length - t) a(t)."""
        return self.length * self.mass - self.moment

    def answer(self) -> Value:
        """The best function is linear; split it into its mean and a part that is odd about the middle."""
        off_center = self.moment - Fraction(self.mass * self.length, 2)
        return Fraction(self.mass**2, self.length) + 12 * off_center**2 / self.length**3

    def check(self) -> Value:
        """Solve for the linear function that has both integrals, and integrate its square."""
        size = Fraction(self.length)
        rows = [[size**2 / 2, size], [size**3 / 3, size**2 / 2]]
        slope, shift = (row[0] for row in (Matrix(rows).inverse() @ Matrix([[self.mass], [self.moment]])).rows)
        return (Polynomial.of(slope, shift) ** 2).antiderivative()(self.length)


@dataclass(frozen=True)
class ProductOfPowers(Family):
    """The integral of a product of two powers between their zeros."""

    name = "product-of-powers"
    tier = 4
    topics = ("calculus", "integrals", "integration by parts")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            r"Find the exact value of $\int_{{{self.low}}}^{{{self.high}}} {self.integrand} \, dx$.",
            (
                "Let $f(x) = {self.integrand}$. Find the exact area of the region between the graph of $f$ and the "
                r"$x$-axis for ${self.low} \le x \le {self.high}$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Between the gates at $x = {self.low}$ and $x = {self.high}$ of the road to {name}, a wanderer at the "
                "place $x$ pays ${self.integrand}$ {things} per unit of length. What does the whole way between the "
                "gates cost, in {things}? Give the exact value."
            ),
        ),
    }

    low: int
    high: int
    left: int
    right: int
    scale: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the ends, two exponents and a factor."""
        low, width = rng.randint(1, 12), rng.randint(1, 3)
        most = (9, 5, 4)[width - 1]
        return cls(low, low + width, rng.randint(2, most), rng.randint(2, most), rng.randint(2, 90))

    @property
    def integrand(self) -> str:
        """The integrand in LaTeX."""
        return f"{self.scale}(x - {self.low})^{self.left}({self.high} - x)^{self.right}"

    def answer(self) -> Value:
        """Integrate by parts until one power is gone: a reciprocal of a binomial remains."""
        total = self.left + self.right
        width = (self.high - self.low) ** (total + 1)
        return Fraction(self.scale * width, (total + 1) * comb(total, self.left))

    def check(self) -> Value:
        """Multiply out, with the variable counted from the lower end."""
        width = self.high - self.low
        expanded = self.scale * Polynomial.of(1, 0) ** self.left * Polynomial.of(-1, width) ** self.right
        return expanded.antiderivative()(width)


@dataclass(frozen=True)
class PartsAgain(Family):
    """The integral of a power times an exponential, by parts as often as the power says."""

    name = "parts-again"
    tier = 4
    topics = ("calculus", "integrals", "integration by parts")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"Find the exact value of $\int_0^1 \left({self.front}\right) e^{{{self.exponent}}} \, dx$ in terms of "
                "$e$."
            ),
            (
                r"Let $F$ be the function with $F(0) = 0$ and $F'(x) = \left({self.front}\right) "
                "e^{{{self.exponent}}}$ for all real $x$. Find the exact value of $F(1)$ in terms of $e$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                r"A candle of {name} burns for one hour. At the hour $x$, with $0 \le x \le 1$, it gives off light at "
                r"the rate of $\left({self.front}\right) e^{{{self.exponent}}}$ {things} per hour, where a negative "
                "rate means that it swallows light. How many {things} of light does it give off in the whole hour? "
                "Give the exact value in terms of $e$."
            ),
        ),
    }

    power: int
    factor: int
    constant: int
    rate: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw factor x^power + constant and the rate; every integration by parts is a step."""
        factor, constant = rng.randint(1, 30), rng.choice((-1, 1)) * rng.randint(1, 40)
        return cls(steps, factor, constant, rng.choice((-3, -2, -1, 1, 2, 3) if steps < 5 else (-1, 1)))

    @property
    def _front(self) -> Polynomial:
        return Polynomial.of(self.factor, *[0] * (self.power - 1), self.constant)

    @property
    def front(self) -> str:
        """The polynomial."""
        return self._front.latex()

    @property
    def exponent(self) -> str:
        """The exponent."""
        return Polynomial.of(self.rate, 0).latex()

    def answer(self) -> Value:
        """Sum the derivatives of the polynomial with changing signs over powers of the rate."""
        front, total, sign = self._front, Polynomial(()), Fraction(1, self.rate)
        while front.coefficients:
            total, front, sign = total + front * sign, front.derivative(), -sign / self.rate
        return total(1) * E**self.rate - total(0)

    def check(self) -> Value:
        """Run the reduction formula from the exponent 0 upwards."""
        end = E**self.rate
        plain = (end - 1) / self.rate
        value = plain
        for n in range(1, self.power + 1):
            value = (end - n * value) / self.rate
        return self.factor * value + self.constant * plain

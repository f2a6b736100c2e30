"""Polynomials of competitions, known by some of their values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Matrix, Polynomial, Value
from mathif.problems.wording import listed
from mathif.records import Surface


@dataclass(frozen=True)
class FactorRemainders(Family):
    """The remainder by a product of linear factors, from the remainders by each of them."""

    name = "remainder-by-several-factors"
    tier = 4
    topics = ("algebra", "polynomials")
    steps = range(4, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A polynomial $P(x)$ leaves {self.told} in this order. Find the remainder of $P(x)$ on division by "
            "${self.product}$ as a polynomial in $x$.",
            "The polynomial $P(x) - {self.product}\\,Q(x)$ has degree at most {self.degree}, where $Q(x)$ is a "
            "polynomial, and {self.values_told}. Find $P(x) - {self.product}\\,Q(x)$ as a polynomial in $x$.",
        ),
        Surface.UNFAMILIAR: (
            "Let $A \\bmod B$ be what a polynomial $A$ leaves on division by a polynomial $B$, of lower degree than "
            "$B$. The song $S$ of {name} is a polynomial in $x$, and {self.sung}. Find $S \\bmod T$ as a polynomial "
            "in $x$ for $T = {self.product}$.",
        ),
    }

    nodes: tuple[int, ...]
    values: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two factors less than steps: the form is found, then a coefficient for each, then all is expanded."""
        size = steps - 2
        nodes = tuple(rng.sample([k for k in range(-6, 7) if k], size))
        lead = rng.choice((-1, 1)) * rng.randint(1, 4)
        rest = Polynomial.of(lead, *(rng.randint(-9, 15) for _ in range(size - 1)))
        return cls(nodes, tuple(int(rest(node)) for node in nodes))

    @property
    def factors(self) -> list[str]:
        """The linear factors."""
        return [Polynomial.of(1, -node).latex() for node in self.nodes]

    @property
    def product(self) -> str:
        """The divisor."""
        return "".join(f"({factor})" for factor in self.factors)

    @property
    def degree(self) -> int:
        """The largest degree of the remainder."""
        return len(self.nodes) - 1

    @property
    def told(self) -> str:
        """Remainders and divisors, in two lists."""
        divisors = listed(f"${factor}$" for factor in self.factors)
        return f"the remainders {listed(f'${value}$' for value in self.values)} on division by {divisors},"

    @property
    def values_told(self) -> str:
        """The values at the zeros of the divisor."""
        return listed(f"$P({node}) = {value}$" for node, value in zip(self.nodes, self.values, strict=True))

    @property
    def sung(self) -> str:
        """The remainders in the notation of the other world."""
        pairs = zip(self.factors, self.values, strict=True)
        return listed(f"$S \\bmod ({factor}) = {value}$" for factor, value in pairs)

    def answer(self) -> Value:
        """Interpolate by Newton's form."""
        return Polynomial.through(zip(self.nodes, self.values, strict=True))

    def check(self) -> Value:
        """Solve for the coefficients."""
        size = len(self.nodes)
        powers = Matrix([[node ** (size - 1 - k) for k in range(size)] for node in self.nodes])
        solved = powers.inverse() @ Matrix([[value] for value in self.values])
        return Polynomial.of(*(row[0] for row in solved.rows))


@dataclass(frozen=True)
class HiddenQuartic(Family):
    """A sum of two values of a quartic that three values almost determine."""

    name = "quartic-with-one-hidden-root"
    tier = 5
    topics = ("algebra", "polynomials")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Let $P$ be a polynomial of degree 4 with leading coefficient 1 and {self.known}. Find $P({self.up}) + "
            "P({self.down})$.",
            "A polynomial $P$ has degree 4 and leading coefficient 1. It takes the values {self.known}. Determine "
            "$P({self.down}) + P({self.up})$.",
        ),
        Surface.UNFAMILIAR: (
            "The gates of {name} are numbered by all integers, and the toll at gate $k$ is $P(k)$, where $P$ is a "
            "polynomial of degree 4 with leading coefficient 1; a negative toll is paid out. A traveler knows only "
            "that {self.known}. What do the gates {self.down} and {self.up} cost together?",
        ),
    }

    middle: int
    gap: int
    reach: int
    slope: int
    constant: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three evenly spaced places on a line of values, and two places mirrored in the middle one."""
        gap = rng.randint(1, 3)
        reach = rng.choice([k for k in range(1, 7) if k != gap])
        slope = rng.choice((-1, 1)) * rng.randint(1, 12)
        return cls(rng.randint(-3, 6), gap, reach, slope, rng.randint(-15, 15))

    def _line(self, x: int) -> int:
        return self.slope * x + self.constant

    @property
    def known(self) -> str:
        """The known values."""
        places = (self.middle - self.gap, self.middle, self.middle + self.gap)
        return listed(f"$P({x}) = {self._line(x)}$" for x in places)

    @property
    def up(self) -> int:
        """The upper place."""
        return self.middle + self.reach

    @property
    def down(self) -> int:
        """The lower place."""
        return self.middle - self.reach

    def answer(self) -> Value:
        """Subtract the line through the values: three roots are known, and the fourth cancels from the sum."""
        return 2 * self.reach**2 * (self.reach**2 - self.gap**2) + 2 * self._line(self.middle)

    def check(self) -> Value:
        """Take several quartics with these values; all must give one sum."""
        nodes = (self.middle - self.gap, self.middle, self.middle + self.gap)
        line = Polynomial.of(self.slope, self.constant)
        sums = set()
        for hidden in (-7, 0, 5):
            quartic = Polynomial.from_roots((*nodes, hidden)) + line
            sums.add(quartic(self.up) + quartic(self.down))
        return sums.pop() if len(sums) == 1 else "not determined"


@dataclass(frozen=True)
class ReciprocalInterpolation(Family):
    """A polynomial that agrees with a hyperbola at many integers, beyond the last of them."""

    name = "polynomial-on-a-hyperbola"
    tier = 5
    topics = ("algebra", "polynomials")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The polynomial $P$ of degree at most {self.n} satisfies $P(k) = \\frac{{{self.top}}}{{k + {self.m}}}$ "
            "for $k = 0, 1, \\dots, {self.n}$. Find the exact value of $P({self.at})$.",
            "Let $P(x)$ be the polynomial of least degree whose graph passes through the points $\\left(k, "
            "\\frac{{{self.top}}}{{k + {self.m}}}\\right)$ for all integers $k$ from 0 to {self.n}. Compute "
            "$P({self.at})$ exactly.",
        ),
        Surface.UNFAMILIAR: (
            "The oracle of {name} answers every real number with the value of one secret polynomial of degree at most "
            "{self.n}. To each integer $k$ with $0 \\le k \\le {self.n}$ it answers $\\frac{{{self.top}}}{{k + "
            "{self.m}}}$. What exactly does it answer to {self.at}?",
        ),
    }

    n: int
    m: int
    top: int
    at: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the degree, the hyperbola and a place outside the known ones."""
        n = rng.randint(4, 10)
        return cls(n, rng.randint(1, 9), rng.randint(1, 24), n + rng.randint(1, 3))

    def answer(self) -> Value:
        """(x + m) P(x) - top vanishes at the known places, and its value at -m gives its leading coefficient."""
        zeros = range(self.n + 1)
        lead = Fraction(-self.top, prod(-self.m - k for k in zeros))
        return (self.top + lead * prod(self.at - k for k in zeros)) / Fraction(self.at + self.m)

    def check(self) -> Value:
        """Interpolate by Lagrange's formula."""
        total = Fraction(0)
        for k in range(self.n + 1):
            others = [j for j in range(self.n + 1) if j != k]
            weight = Fraction(prod(self.at - j for j in others), prod(k - j for j in others))
            total += weight * Fraction(self.top, k + self.m)
        return total

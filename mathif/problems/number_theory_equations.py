"""Equations in whole numbers: an unknown base, two coins, squares and cubes, products with a remainder."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import gcd, isqrt, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import FiniteSet, Tuple
from mathif.problems.integers import digits, divisors, exponents, valuation
from mathif.records import Surface


@dataclass(frozen=True)
class UnknownBase(Family):
    """The base in which a multiplication is right: digits become a polynomial equation."""

    name = "unknown-base"
    tier = 3
    topics = ("number_theory", "number bases")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In which base $b$ is the multiplication ${self.x}_b \\cdot {self.y}_b = {self.z}_b$ correct? Give $b$ in "
            "decimal notation.",
            "{name} calculates ${self.x} \\cdot {self.y} = {self.z}$ and is told that this is right, but not in base "
            "ten. In which base is it right? Give the base in decimal notation.",
        ),
        Surface.UNFAMILIAR: (
            "The inhabitants of a distant planet write whole numbers with place values, as we do, but the base is the "
            "number of their tentacles. On a wall we read ${self.x} \\times {self.y} = {self.z}$, in their notation, "
            "and every digit means the same as ours. How many tentacles do they have?",
            "Let $\\langle d_k \\ldots d_1 d_0 \\rangle$ be the number $d_k t^k + \\cdots + d_1 t + d_0$, where the "
            "secret $t$ is a positive integer greater than every digit used. We know that $\\langle {self.x} \\rangle "
            "\\cdot \\langle {self.y} \\rangle = \\langle {self.z} \\rangle$. Find $t$.",
        ),
    }

    x: str
    y: str
    z: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a base from 6 to 15 without 10, and two-digit factors, until the product shows only decimal digits."""
        while True:
            base = rng.choice((6, 7, 8, 9, 11, 12, 13, 14, 15))
            x, y = (rng.randint(base + 2, min(base, 10) * base - 1) for _ in range(2))
            shown = [digits(n, base)[::-1] for n in (x, y, x * y)]
            if any(d > 9 for number in shown for d in number):
                continue
            drawn = cls(*("".join(map(str, number)) for number in shown))
            if len(drawn._right_bases()) == 1:
                return drawn

    def _coefficients(self) -> list[int]:
        """Coefficients of x * y - z as a polynomial in the base, the constant first."""
        x, y, z = ([int(d) for d in reversed(number)] for number in (self.x, self.y, self.z))
        total = [0] * max(len(x) + len(y) - 1, len(z))
        for (i, a), (j, b) in product(enumerate(x), enumerate(y)):
            total[i + j] += a * b
        return [a - (z[i] if i < len(z) else 0) for i, a in enumerate(total)]

    def _right_bases(self) -> list[int]:
        """Every base in which the multiplication is right; it divides the lowest coefficient that is not 0."""
        coefficients = self._coefficients()
        lowest = next((c for c in coefficients if c), None)
        if lowest is None:
            return []
        least = 1 + max(int(d) for d in self.x + self.y + self.z)
        roots = (b for b in divisors(abs(lowest)) if b >= least)
        return [b for b in roots if sum(c * b**i for i, c in enumerate(coefficients)) == 0]

    def answer(self) -> int:
        """Solve the polynomial equation in the base."""
        (base,) = self._right_bases()
        return base

    def check(self) -> int:
        """Read the numerals in every base."""

        def read(numeral: str, base: int) -> int:
            return sum(int(d) * base**i for i, d in enumerate(reversed(numeral)))

        least = 1 + max(int(d) for d in self.x + self.y + self.z)
        return next(b for b in range(least, 99) if read(self.x, b) * read(self.y, b) == read(self.z, b))


@dataclass(frozen=True)
class TwoStamps(Family):
    """Ways to pay an amount with two values: solutions of a linear equation in whole numbers >= 0."""

    name = "two-values-exactly"
    tier = 3
    topics = ("number_theory", "linear Diophantine equations")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A post office sells only stamps of {self.a} cents and of {self.b} cents. In how many ways can one choose "
            "stamps worth exactly {self.total} cents, if only the numbers of stamps of the two kinds matter and one "
            "of these numbers may be 0?",
            "How many pairs $(x, y)$ of integers with $x \\ge 0$ and $y \\ge 0$ satisfy ${self.a}x + {self.b}y = "
            "{self.total}$?",
        ),
        Surface.UNFAMILIAR: (
            "A zorb has {self.a} legs and a quill has {self.b} legs. {name} counts {self.total} legs in a stable "
            "where there is nothing but zorbs and quills, perhaps only one of the two kinds. How many possibilities "
            "are there for the pair (number of zorbs, number of quills)?",
            "A melody lasts exactly {self.total} ticks. It is made of reed notes of {self.a} ticks and string notes "
            "of {self.b} ticks, one after the other without pauses. Two melodies have the same *colour* if they agree "
            "in the number of notes of each kind; either number may be 0. How many colours are there?",
        ),
    }

    a: int
    b: int
    total: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw values from 4 to 19, neither a multiple of the other, and a total that can be paid in 3 ways or more."""
        while True:
            a, b = rng.sample(range(4, 20), 2)
            total = rng.randint(3 * a * b // gcd(a, b), 9 * a * b // gcd(a, b))
            if total % gcd(a, b) == 0 and a % b and b % a:
                return cls(a, b, total)

    def answer(self) -> int:
        """Find the least x by an inverse modulo b, and step on by b / gcd."""
        common = gcd(self.a, self.b)
        a, b, total = self.a // common, self.b // common, self.total // common
        least = total * pow(a, -1, b) % b
        return (total // a - least) // b + 1

    def check(self) -> int:
        """Try every number of the first kind."""
        return sum(1 for rest in range(self.total, -1, -self.a) if rest % self.b == 0)


@dataclass(frozen=True)
class SquareAndCube(Family):
    """The least factor that makes one number a square and another a cube: exponents modulo 2 and 3."""

    name = "square-and-cube"
    tier = 3
    topics = ("number_theory", "prime factorisation")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the smallest positive integer $n$ such that ${self.a}n$ is a perfect square and ${self.b}n$ is a "
            "perfect cube.",
            "{name} has {self.a} bags with $n$ square tiles each, and can lay all these tiles as one filled square. "
            "{name} also has {self.b} boxes with $n$ small cubes each, and can stack all these cubes as one filled "
            "cube. What is the smallest possible positive value of $n$?",
        ),
        Surface.UNFAMILIAR: (
            "Call a positive integer *flat* if it is the square of an integer, and *deep* if it is the cube of an "
            "integer. A number $n$ is a *key* for the pair $({self.a}, {self.b})$ if ${self.a}n$ is flat and "
            "${self.b}n$ is deep. Find the smallest positive key.",
            "A planet has a positive number of citizens. If the planet had {self.a} times as many, they could line up "
            "as a filled square, with as many rows as places in a row; if it had {self.b} times as many, they could "
            "float as a filled cube, with equally many in all three directions. What is the smallest number of "
            "citizens for which this is true?",
        ),
    }

    a: int
    b: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the exponents of three small primes until the numbers are below 6000 and the answer below 200 000."""
        while True:
            primes = (2, 3, rng.choice((5, 7)))
            a, b = (prod(p ** rng.randint(0, 4 if p < 5 else 2) for p in primes) for _ in range(2))
            if min(a, b) > 1 and max(a, b) < 6000 and gcd(a, b) > 1:
                drawn = cls(a, b)
                if 2 <= drawn.answer() <= 200_000:
                    return drawn

    def answer(self) -> int:
        """Choose for each prime the least exponent with the right remainders modulo 2 and modulo 3."""
        least = 1
        for p, _ in exponents(self.a * self.b):
            alpha, beta = valuation(self.a, p), valuation(self.b, p)
            least *= p ** next(e for e in range(6) if (alpha + e) % 2 == 0 and (beta + e) % 3 == 0)
        return least

    def check(self) -> int:
        """Run through the cubes, divide by b, and look for a square."""
        side = 1
        while True:
            n, over = divmod(side**3, self.b)
            if n and not over and isqrt(self.a * n) ** 2 == self.a * n:
                return n
            side += 1


@dataclass(frozen=True)
class UnpayableAmounts(Family):
    """Amounts that two coins cannot pay when some of each must be used: Sylvester's pairing, shifted."""

    name = "unpayable-amounts"
    tier = 4
    topics = ("number_theory", "Frobenius coin problem")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A country has only coins of {self.a} and of {self.b} cents. An amount counts as payable if it can be "
            "paid exactly, without change, with at least {self.s} coins of {self.a} cents and at least {self.t} coins "
            "of {self.b} cents. How many positive whole numbers of cents are not payable?",
            "How many positive integers cannot be written as ${self.a}x + {self.b}y$ with integers $x \\ge {self.s}$ "
            "and $y \\ge {self.t}$?",
        ),
        Surface.UNFAMILIAR: (
            "The ferry of {name} carries {things}, which weigh {self.a} stone each, and {others}, which weigh "
            "{self.b} stone each, and nothing else. By custom it sails only with at least {self.s} {things} and at "
            "least {self.t} {others}. How many positive whole numbers of stone can never be the total weight of its "
            "load?",
            "Two levers move a counter that starts at 0: lever $P$ adds {self.a}, lever $Q$ adds {self.b}. Lever $P$ "
            "must be pulled at least {self.s} times and lever $Q$ at least {self.t} times before the counter locks; "
            "after that it may lock at any moment. At how many positive whole numbers is it impossible for the "
            "counter to lock?",
        ),
    }

    a: int
    b: int
    s: int
    t: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw coprime coins from 3 to 29 and least numbers from 2 to 6."""
        while True:
            a, b = rng.sample(range(3, 30), 2)
            if gcd(a, b) == 1:
                return cls(a, b, rng.randint(2, 6), rng.randint(2, 6))

    def answer(self) -> int:
        """Take what must be paid first away: below it nothing is payable, above it Sylvester's (a-1)(b-1)/2 fail."""
        forced = self.s * self.a + self.t * self.b
        return forced - 1 + (self.a - 1) * (self.b - 1) // 2

    def check(self) -> int:
        """Mark the payable amounts up to a bound above which all are payable."""
        bound = self.s * self.a + self.t * self.b + self.a * self.b
        payable = {
            amount
            for first in range(self.s * self.a, bound, self.a)
            for amount in range(first + self.t * self.b, bound, self.b)
        }
        return bound - 1 - len(payable)


@dataclass(frozen=True)
class ProductWithShift(Family):
    """All positive solutions of xy = ax + by + c: complete the product and list the factors."""

    name = "shifted-product-equation"
    tier = 4
    topics = ("number_theory", "Diophantine equations")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the set of all pairs $(x, y)$ of positive integers with $xy = {self.a}x + {self.b}y + {self.c}$.",
            "A rectangle has sides of $x$ cm and $y$ cm, both whole numbers. Its area in square centimeters is "
            "{self.c} more than the sum of {self.a} times the number $x$ and {self.b} times the number $y$. Find the "
            "set of all possible pairs $(x, y)$.",
        ),
        Surface.UNFAMILIAR: (
            "On whole numbers greater than 0 define $x \\diamond y = xy - {self.a}x - {self.b}y$. Find the set of all "
            "pairs $(x, y)$ with $x \\diamond y = {self.c}$.",
            "A hive of {things} has $x$ floors with $y$ cells each, both positive whole numbers. Building it takes "
            "{self.a} drops of wax per floor, {self.b} drops for each of the $y$ columns, and {self.c} drops for the "
            "roof, and altogether exactly as many drops as the hive has cells. Find the set of all possible pairs "
            "$(x, y)$.",
        ),
    }

    a: int
    b: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw shifts from 2 to 15 and a constant such that the completed product has 3 to 6 divisors."""
        while True:
            a, b = rng.sample(range(2, 16), 2)
            c = rng.randint(1, 99)
            if 3 <= len(divisors(c + a * b)) <= 6:
                return cls(a, b, c)

    def answer(self) -> FiniteSet:
        """Write (x - b)(y - a) = c + ab; both factors are positive, as c > 0 leaves no room for negative ones."""
        whole = self.c + self.a * self.b
        return FiniteSet(*(Tuple(self.b + d, self.a + whole // d) for d in divisors(whole)))

    def check(self) -> FiniteSet:
        """Solve for y at every x up to a bound."""
        found = []
        for x in range(1, self.b + self.c + self.a * self.b + 1):
            if x == self.b:
                continue
            y, over = divmod(self.a * x + self.c, x - self.b)
            if not over and y > 0:
                found.append(Tuple(x, y))
        return FiniteSet(*found)

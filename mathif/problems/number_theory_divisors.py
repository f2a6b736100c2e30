"""The structure of divisors: how often a prime divides, sums over divisors, common divisors and multiples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import gcd, lcm, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.integers import digits, divisors, exponents, totient, valuation
from mathif.records import Surface


@dataclass(frozen=True)
class LiftedExponent(Family):
    """How often a prime divides a sum or difference of equal powers: the lifting of the exponent."""

    name = "lifted-exponent"
    tier = 5
    topics = ("number_theory", "lifting the exponent")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the largest integer $k$ for which ${self.p}^k$ divides ${self.a}^{{{self.n}}} {self.sign} "
            "{self.b}^{{{self.n}}}$.",
            "The number ${self.a}^{{{self.n}}} {self.sign} {self.b}^{{{self.n}}}$ is written as a product of primes. "
            "How often does the prime {self.p} occur in it?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} eats numbers: from a multiple of {self.p} it bites off a factor {self.p}, and it goes on as "
            "long as the result is still a multiple of {self.p}. It is given the number ${self.a}^{{{self.n}}} "
            "{self.sign} {self.b}^{{{self.n}}}$. How many bites does it take?",
            "For a positive integer $x$ let $\\partial(x)$ be the number of zeros at the end of $x$ written in base "
            "{self.p}. Find $\\partial({self.a}^{{{self.n}}} {self.sign} {self.b}^{{{self.n}}})$.",
        ),
    }

    p: int
    a: int
    b: int
    n: int
    sign: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw p from 3, 5, 7; a up to 60; b with p dividing a - b, or a + b and n odd; n divisible by p."""
        p = rng.choice((3, 5, 7))
        sign = rng.choice("+-")
        n = p ** rng.randint(1, 4) * rng.choice([m for m in range(1, 26) if sign == "-" or m % 2])
        a = rng.choice([a for a in range(10, 61) if a % p])
        b = rng.choice([b for b in range(2, a) if (a - b if sign == "-" else a + b) % p == 0])
        return cls(p, a, b, n, sign)

    def answer(self) -> int:
        """Add how often p divides a - b (or a + b) and n."""
        first = self.a - self.b if self.sign == "-" else self.a + self.b
        return valuation(first, self.p) + valuation(self.n, self.p)

    def check(self) -> int:
        """Compute modulo rising powers of p."""
        k = 0
        while True:
            power = self.p ** (k + 1)
            first, second = pow(self.a, self.n, power), pow(self.b, self.n, power)
            if (first - second if self.sign == "-" else first + second) % power:
                return k
            k += 1


@dataclass(frozen=True)
class PascalRow(Family):
    """Multiples of a prime in a row of Pascal's triangle: Lucas's theorem counts the rest."""

    name = "pascal-row-multiples"
    tier = 5
    topics = ("number_theory", "Lucas's theorem")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many of the {self.entries} binomial coefficients $\\binom{{{self.n}}}{{0}}, "
            "\\binom{{{self.n}}}{{1}}, \\ldots, \\binom{{{self.n}}}{{{self.n}}}$ are divisible by {self.p}?",
            "The polynomial $(1 + x)^{{{self.n}}}$ is multiplied out. How many of its {self.entries} coefficients are "
            "multiples of {self.p}?",
        ),
        Surface.UNFAMILIAR: (
            "A wall is built in rows of stones, and each stone carries a number from 0 to {self.last}. Row 0 is a "
            "single stone with the number 1. Each later row has one stone more than the row before: its two end "
            "stones carry 1, and every other stone carries the remainder, on division by {self.p}, of the sum of the "
            "two neighbouring stones above it. How many stones of row {self.n} carry the number 0?",
            "A {thing} hops along a line from 0; each hop leads one place to the left or one place to the right. For "
            "each of the {self.entries} places that it can be at after exactly {self.n} hops, {name} writes down the "
            "number of hop sequences that lead there. How many of the numbers written down are divisible by {self.p}?",
        ),
    }

    n: int
    p: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a row from 60 to 1500 and a prime up to 13."""
        return cls(rng.randint(60, 1500), rng.choice((2, 3, 5, 7, 11, 13)))

    @property
    def entries(self) -> int:
        """The number of entries in the row."""
        return self.n + 1

    @property
    def last(self) -> int:
        """The largest remainder."""
        return self.p - 1

    def answer(self) -> int:
        """Take away from all entries the product of the digits of n in base p, each raised by 1."""
        return self.entries - prod(d + 1 for d in digits(self.n, self.p))

    def check(self) -> int:
        """Follow the exponent of p along the row."""
        exponent, multiples = 0, 0
        for k in range(1, self.n + 1):
            exponent += valuation(self.n - k + 1, self.p) - valuation(k, self.p)
            multiples += exponent > 0
        return multiples


@dataclass(frozen=True)
class DivisorSum(Family):
    """The sum of gcd(k, n) over all k (Pillai's function), found from the primes of n."""

    name = "sum-of-common-divisors"
    tier = 5
    topics = ("number_theory", "arithmetic functions")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find $\\displaystyle\\sum_{{k=1}}^{{{self.end}}} \\gcd(k, {self.n})$.",
            "On a circle there are {self.n} equally spaced points. For each $k = 1, 2, \\ldots, {self.end}$, {name} "
            "takes a new sheet with these points and joins every point to the point $k$ places further on in "
            "clockwise direction, going around the circle as often as needed. Each drawing falls into separate closed "
            "tours (a point joined to itself counts as a tour). How many tours are there in all {self.end} drawings "
            "together?",
        ),
        Surface.UNFAMILIAR: (
            "In each of {self.end} rounds, numbered from 1 to {self.end}, the {self.n} {things} of {name} are dealt "
            "out anew: in round $k$ they are laid into as many equal piles as possible, where the number of piles "
            "must divide both $k$ and {self.n}. How many piles are made in all {self.end} rounds together?",
            "Write $x \\wedge y$ for the largest whole number that divides both $x$ and $y$. Find $(1 \\wedge "
            "{self.n}) + (2 \\wedge {self.n}) + \\cdots + ({self.end} \\wedge {self.n})$.",
        ),
    }

    n: int
    rounds: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw n up to 5000 with at least two primes, none above 13, and how often k runs around."""
        while True:
            powers = [rng.choice((1, p, p**2, p**3)) if p < 6 else rng.choice((1, 1, p)) for p in (2, 3, 5, 7, 11, 13)]
            n = prod(powers)
            if 30 <= n <= 5000 and len(exponents(n)) > 1:
                return cls(n, rng.randint(2, 40))

    @property
    def end(self) -> int:
        """The last k of the sum."""
        return self.n * self.rounds

    def answer(self) -> int:
        """Multiply p^(e-1) ((e+1) p - e) over the prime powers of n."""
        a_round: int = prod(p ** (e - 1) * ((e + 1) * p - e) for p, e in exponents(self.n))
        return self.rounds * a_round

    def check(self) -> int:
        """Add d phi(n/d) over the divisors, since phi(n/d) of the k have the gcd d."""
        return self.rounds * sum(d * totient(self.n // d) for d in divisors(self.n))


@dataclass(frozen=True)
class GivenGcdAndLcm(Family):
    """Ordered triples with a given gcd and lcm: for each prime, inclusion and exclusion on the exponents."""

    name = "triples-with-gcd-and-lcm"
    tier = 5
    topics = ("number_theory", "greatest common divisor", "least common multiple")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many ordered triples $(a, b, c)$ of positive integers have the greatest common divisor {self.common} "
            "and the least common multiple {self.multiple}?",
            "Three buses, numbers 1, 2 and 3, leave together at noon and then come back every $a$, $b$ and $c$ "
            "minutes respectively. All three are at the stop together again for the first time after {self.multiple} "
            "minutes, and the greatest whole number that divides $a$, $b$ and $c$ is {self.common}. How many triples "
            "$(a, b, c)$ of positive integers are possible?",
        ),
        Surface.UNFAMILIAR: (
            "The bells Azu, Bem and Cor each ring at all positive whole-number multiples of a period of their own, "
            "$a$, $b$ and $c$ beats, which are positive whole numbers. They ring together for the first time at beat "
            "{self.multiple}. If the beat is made longer by a whole factor $t$, so that one new beat is $t$ old ones, "
            "then all three periods are whole numbers of new beats for $t = {self.common}$ but for no greater $t$. "
            "How many triples $(a, b, c)$ are possible?",
            "For positive integers write $\\lfloor\\!\\lfloor a, b, c \\rfloor\\!\\rfloor$ for the largest integer "
            "that divides all three, and $\\lceil\\!\\lceil a, b, c \\rceil\\!\\rceil$ for the smallest positive "
            "integer that all three divide. How many ordered triples satisfy both $\\lfloor\\!\\lfloor a, b, c "
            "\\rfloor\\!\\rfloor = {self.common}$ and $\\lceil\\!\\lceil a, b, c \\rceil\\!\\rceil = {self.multiple}$?",
        ),
    }

    common: int
    ratio: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a gcd from 2 to 120 and a ratio with two or three primes."""
        while True:
            powers = [rng.choice((1, p, p**2, p**3)) if p < 4 else rng.choice((1, 1, p)) for p in (2, 3, 5, 7, 11, 13)]
            ratio = prod(powers)
            if 6 <= ratio <= 700 and len(exponents(ratio)) in (2, 3):
                return cls(rng.randint(2, 120), ratio)

    @property
    def multiple(self) -> int:
        """The least common multiple."""
        return self.common * self.ratio

    def answer(self) -> int:
        """Multiply (e+1)^3 - 2 e^3 + (e-1)^3 over the exponents of lcm / gcd."""
        return prod((e + 1) ** 3 - 2 * e**3 + (e - 1) ** 3 for _, e in exponents(self.ratio))

    def check(self) -> int:
        """Build the triples of divisors one number at a time, keeping gcd and lcm."""
        choices = divisors(self.ratio)
        states = Counter({(d, d): 1 for d in choices})
        for _ in range(2):
            longer: Counter[tuple[int, int]] = Counter()
            for (low, high), count in states.items():
                for d in choices:
                    longer[gcd(low, d), lcm(high, d)] += count
            states = longer
        return states[1, self.ratio]

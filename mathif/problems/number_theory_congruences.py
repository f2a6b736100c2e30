"""Congruences: simultaneous ones, those with several solutions, factorials, towers of powers, conics modulo n."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, gcd, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import FiniteSet
from mathif.problems.integers import exponents, is_prime, totient
from mathif.problems.wording import listed, ordinal, sentence, spelled
from mathif.records import Surface

_PRIMES = tuple(p for p in range(3, 150) if is_prime(p))


@dataclass(frozen=True)
class SeveralRemainders(Family):
    """The first number above a bound with given remainders for coprime divisors: the Chinese remainder theorem."""

    name = "several-remainders"
    tier = 4
    topics = ("number_theory", "Chinese remainder theorem")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} has more than {self.bound} {things} and counts them in groups. {self.groups}. What is the "
            "smallest possible number of {things}?",
            "Find the smallest integer $x > {self.bound}$ with {self.congruences}.",
        ),
        Surface.UNFAMILIAR: (
            "In the castle of {name} there are {self.many} ghosts. {self.ghosts}. What is the number of the first "
            "night after night {self.bound} in which all of these ghosts appear?",
            "A lock has {self.many} dials; their marks are numbered from 0 on, and they have {self.marks} marks "
            "respectively. Every turn of the key moves each dial on by one mark, and from its last mark back to 0. "
            "All dials start at 0. After more than {self.bound} turns they show {self.shown}, in this order. What is "
            "the least number of turns for which this is possible?",
        ),
    }

    m: tuple[int, ...]
    r: tuple[int, ...]
    bound: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many coprime divisors as steps, remainders from 2 on, and a bound up to 9900."""
        large = (16, 27, 25) if steps < 4 else (4, 9, 5)
        m = rng.sample(
            (rng.choice((8, large[0])), rng.choice((9, large[1])), rng.choice((5, large[2])), 7, 11, 13), steps
        )
        return cls(tuple(m), tuple(rng.randint(2, k - 1) for k in m), 100 * rng.randint(1, 99))

    def _each(self, phrase: str) -> str:
        pairs = enumerate(zip(self.m, self.r, strict=True), 1)
        return listed(phrase.format(m=m, r=r, ith=ordinal(i)) for i, (m, r) in pairs)

    @property
    def many(self) -> str:
        """The number of divisors, in words."""
        return spelled(len(self.m))

    @property
    def groups(self) -> str:
        """What is left over, beginning a sentence."""
        return sentence(self._each("in groups of {m}, {r} are left over"))

    @property
    def congruences(self) -> str:
        """The congruences."""
        return self._each("$x \\equiv {r} \\pmod{{{m}}}$")

    @property
    def ghosts(self) -> str:
        """The first night and the rhythm of each ghost, beginning a sentence."""
        return sentence(self._each("the {ith} appears for the first time in night {r} and then every {m} nights"))

    @property
    def marks(self) -> str:
        """The numbers of marks."""
        return listed(self.m)

    @property
    def shown(self) -> str:
        """The marks that are shown."""
        return listed(self.r)

    def answer(self) -> int:
        """Add up each remainder times the product of the other divisors and its inverse."""
        whole = prod(self.m)
        x = sum(r * (whole // m) * pow(whole // m, -1, m) for m, r in zip(self.m, self.r, strict=True))
        return self.bound + 1 + (x - self.bound - 1) % whole

    def check(self) -> int:
        """Sieve: walk in steps of the divisors met so far."""
        x, step = self.bound + 1, 1
        for m, r in zip(self.m, self.r, strict=True):
            while x % m != r:
                x += step
            step *= m
        return x


@dataclass(frozen=True)
class SeveralSolutions(Family):
    """A linear congruence whose coefficient is not coprime to the modulus: all of its solutions."""

    name = "linear-congruence-all-solutions"
    tier = 4
    topics = ("number_theory", "linear congruences")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the set of all integers $x$ with $0 \\le x < {self.m}$ and ${self.a}x \\equiv {self.b} "
            "\\pmod{{{self.m}}}$.",
            "Find the set of all integers $x$ from 0 to {self.last} for which ${self.a}x - {self.b}$ is divisible by "
            "{self.m}.",
        ),
        Surface.UNFAMILIAR: (
            "A ring of {self.m} lily pads is numbered from 0 to {self.last} in order. A {thing} sits on pad 0 and "
            "makes $x$ jumps, each {self.a} pads forward around the ring. Afterwards it sits on pad {self.b}. Find "
            "the set of all possible values of $x$ with $0 \\le x < {self.m}$.",
            "In the city of {name} a day has {self.m} hours, called hour 0 to hour {self.last}. A clock-maker winds a "
            "broken clock that shows hour 0; each turn of the crank moves it forward by {self.a} hours. Find the set "
            "of all numbers $x$ from 0 to {self.last} such that the clock shows hour {self.b} after exactly $x$ turns.",
        ),
    }

    a: int
    b: int
    m: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a modulus up to 150 with 2 to 5 solutions."""
        common = rng.randint(2, 5)
        m = rng.randint(9, 150 // common)
        while True:
            a = rng.randint(2, m - 1)
            if gcd(a, m) == 1:
                return cls(common * a, common * rng.randint(1, m - 1), common * m)

    @property
    def last(self) -> int:
        """The largest remainder."""
        return self.m - 1

    def answer(self) -> FiniteSet:
        """Divide by the common divisor, multiply by the inverse, and add multiples of the smaller modulus."""
        common = gcd(self.a, self.m)
        smaller = self.m // common
        least = self.b // common * pow(self.a // common, -1, smaller) % smaller
        return FiniteSet(*(least + k * smaller for k in range(common)))

    def check(self) -> FiniteSet:
        """Put in every remainder."""
        return FiniteSet(*(x for x in range(self.m) if (self.a * x - self.b) % self.m == 0))


@dataclass(frozen=True)
class NearWilson(Family):
    """A factorial a little short of a prime: Wilson's theorem, run backwards by inverses."""

    name = "factorial-below-a-prime"
    tier = 4
    topics = ("number_theory", "Wilson's theorem")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "What is the remainder when ${self.c} \\cdot {self.n}!$ is divided by {self.p}?",
            "There are $n = {self.n}!$ ways to put {self.n} different books on a shelf in a row. {name} writes down "
            "the number ${self.c}n$ and divides it by the prime {self.p}. What is the remainder?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} starts at the number {self.c} and multiplies it by 1, by 2, by 3 and so on up to {self.n}, one "
            "after the other; whenever the number is {self.p} or more, only its remainder on division by {self.p} is "
            "kept. At which number does it end?",
            "In the kingdom of {name} only the numbers 0 to {self.last} are known, and products are reduced to their "
            "remainder on division by {self.p}. There, what is ${self.c} \\cdot 1 \\cdot 2 \\cdot 3 \\cdots {self.n}$?",
        ),
    }

    p: int
    k: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a prime from 29 to 149, a gap from 3 to 7, and a factor that is not 0 or 1."""
        p = rng.choice(_PRIMES[8:])
        return cls(p, rng.randint(3, 7), rng.randint(2, p - 1))

    @property
    def n(self) -> int:
        """The number whose factorial is taken."""
        return self.p - self.k

    @property
    def last(self) -> int:
        """The largest remainder."""
        return self.p - 1

    def answer(self) -> int:
        """Use (p-1)! = -1 and (p-1)(p-2)...(p-k+1) = (-1)^(k-1) (k-1)! modulo p."""
        remainder: int = self.c * (-1) ** self.k * pow(factorial(self.k - 1), -1, self.p) % self.p
        return remainder

    def check(self) -> int:
        """Multiply it out."""
        return self.c * factorial(self.n) % self.p


@dataclass(frozen=True)
class PowerTower(Family):
    """A tower of three powers modulo a number with two primes, one of which may divide the base: Euler, twice."""

    name = "power-tower-remainder"
    tier = 5
    topics = ("number_theory", "Euler's theorem")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the remainder when ${self.a}^{{{self.b}^{{{self.c}}}}}$ is divided by {self.m}. (The tower is read "
            "from the top: the exponent of {self.a} is ${self.b}^{{{self.c}}}$.)",
            "Let $N = {self.b}^{{{self.c}}}$. {name} has ${self.a}^N$ {things} and packs them into boxes of {self.m} "
            "{things} each until fewer than {self.m} are left. How many {things} are left?",
        ),
        Surface.UNFAMILIAR: (
            "A colony of {things} starts with a single {thing}. Every day each {thing} turns into {self.a} {things}. "
            "The colony lives for exactly ${self.b}^{{{self.c}}}$ days and then lines up in rows of {self.m}, as many "
            "full rows as possible. How many {things} do not stand in a full row?",
            "Write $x \\uparrow y$ for $x$ to the power of $y$, and $|x|_m$ for the remainder of $x$ on division by "
            "$m$. Find $|\\,{self.a} \\uparrow ({self.b} \\uparrow {self.c})\\,|_{{{self.m}}}$.",
        ),
    }

    a: int
    b: int
    c: int
    m: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a base up to 20, exponents up to 15 and 60, and a modulus p^i q^j from 35 to 200."""
        m = rng.choice(
            (35, 36, 45, 48, 50, 55, 56, 63, 65, 72, 75, 77, 80, 88, 91, 99, 100, 104, 108, 117, 125, 144, 175)
        )
        return cls(rng.choice((2, 3, 5, 6, 7, 11, 12, 13, 14, 17, 18, 19)), rng.randint(3, 15), rng.randint(12, 60), m)

    def answer(self) -> int:
        """Modulo each prime power the tower is 0, or Euler's theorem reduces its exponent; then combine."""
        total = 0
        for p, e in exponents(self.m):
            part = p**e
            rest = self.m // part
            exponent = pow(self.b, self.c, totient(part))
            value = 0 if self.a % p == 0 else pow(self.a, exponent, part)
            total += value * rest * pow(rest, -1, part)
        return total % self.m

    def check(self) -> int:
        """Square and multiply with the exponent written out."""
        return pow(self.a, self.b**self.c, self.m)


@dataclass(frozen=True)
class ConicPoints(Family):
    """Solutions of x^2 + k y^2 = c modulo a product of two primes: p minus a quadratic character, multiplied."""

    name = "conic-points-modulo"
    tier = 5
    topics = ("number_theory", "quadratic residues")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many pairs $(x, y)$ of integers with $0 \\le x < {self.n}$ and $0 \\le y < {self.n}$ satisfy $x^2 + "
            "{self.k}y^2 \\equiv {self.c} \\pmod{{{self.n}}}$? (Note that ${self.n} = {self.p} \\cdot {self.q}$.)",
            "Find the number of pairs $(x, y)$ of integers from 1 to ${self.n} = {self.p} \\cdot {self.q}$ for which "
            "$x^2 + {self.k}y^2 - {self.c}$ is divisible by {self.n}.",
        ),
        Surface.UNFAMILIAR: (
            "A chessboard of the giants has ${self.n} = {self.p} \\cdot {self.q}$ rows and as many columns, both "
            "numbered from 0 to {self.last}. The square in row $x$ and column $y$ carries the remainder of $x^2 + "
            "{self.k}y^2$ on division by {self.n}. How many squares carry the number {self.c}?",
            "Two dials $X$ and $Y$ can each be set to any of the marks $0, 1, \\ldots, {self.last}$. The bell of "
            "{name} rings exactly if $x^2 + {self.k}y^2$ leaves the remainder {self.c} on division by ${self.n} = "
            "{self.p} \\cdot {self.q}$, where $x$ and $y$ are the marks set. How many settings of the two dials make "
            "it ring?",
        ),
    }

    p: int
    q: int
    k: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw primes from 3 to 43 with a product below 900, and k and c coprime to both."""
        while True:
            p, q = sorted(rng.sample(_PRIMES[:13], 2))
            k, c = rng.randint(2, 13), rng.randint(2, p * q - 1)
            if p * q < 900 and gcd(k * c, p * q) == 1:
                return cls(p, q, k, c)

    @property
    def n(self) -> int:
        """The modulus."""
        return self.p * self.q

    @property
    def last(self) -> int:
        """The largest remainder."""
        return self.n - 1

    def answer(self) -> int:
        """Multiply p - (-k/p) over the primes, by Euler's criterion and the Chinese remainder theorem."""
        return prod(p - (1 if pow(-self.k, (p - 1) // 2, p) == 1 else -1) for p in (self.p, self.q))

    def check(self) -> int:
        """Count each square, and match x^2 against c - k y^2."""
        squares = [0] * self.n
        for x in range(self.n):
            squares[x * x % self.n] += 1
        return sum(squares[(self.c - self.k * y * y) % self.n] for y in range(self.n))

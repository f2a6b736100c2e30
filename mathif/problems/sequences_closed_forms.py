"""Sequences, tier 3: series summed in closed form, and formulas found from a few terms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, isqrt
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import ExponentialSum, FiniteSet, Polynomial, Real, Tuple, Value, latex, sqrt
from mathif.problems.exact.values import signed_sum
from mathif.records import Surface


@dataclass(frozen=True)
class TwoInfiniteSums(Family):
    """A geometric series found from its sum and the sum of its squares."""

    name = "two-infinite-sums"
    tier = 3
    topics = ("sequences", "geometric series")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "An infinite geometric series with first term $a$ and ratio $r$, $|r| < 1$, has the sum "
                "${self.sum_tex}$. The squares of its terms form a series with the sum ${self.squares_tex}$. Find the "
                "ordered pair $(a, r)$ exactly."
            ),
            (
                "Infinitely many squares are drawn. The side of the first is $a$, and the side of each further square "
                "is $r$ times the side before it, with $0 < r < 1$. All the sides together have length "
                "${self.sum_tex}$, all the areas together are ${self.squares_tex}$. Find the ordered pair $(a, r)$ "
                "exactly."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A sorn sings notes without end. The first note lasts $a$ moments, and every note lasts $r$ times as "
                "long as the one before it, $0 < r < 1$. The notes last ${self.sum_tex}$ moments altogether. The "
                "fatigue of a note is the square of its length in moments, and the fatigues add up to "
                "${self.squares_tex}$. Find the ordered pair $(a, r)$ exactly."
            ),
            (
                r"For a number $r$ with $|r| < 1$ let $\Lambda(a, r) = a + ar + ar^2 + \dots$. It is known that "
                r"$\Lambda(a, r) = {self.sum_tex}$ and $\Lambda(a^2, r^2) = {self.squares_tex}$. Find the ordered pair "
                "$(a, r)$ exactly."
            ),
        ),
    }

    total: Fraction
    squares: Fraction

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the first term and the ratio, keep the two sums."""
        below = rng.randint(3, 12)
        ratio = Fraction(rng.choice([k for k in range(1, below) if gcd(k, below) == 1]), below)
        first = Fraction(rng.randint(2, 90), rng.randint(1, 4))
        return cls(first / (1 - ratio), first**2 / (1 - ratio**2))

    @property
    def sum_tex(self) -> str:
        """The sum in LaTeX."""
        return latex(self.total)

    @property
    def squares_tex(self) -> str:
        """The sum of the squares in LaTeX."""
        return latex(self.squares)

    def answer(self) -> Value:
        """The square of the sum over the sum of the squares is (1 + r) / (1 - r)."""
        quotient = self.total**2 / self.squares
        ratio = (quotient - 1) / (quotient + 1)
        return Tuple(self.total * (1 - ratio), ratio)

    def check(self) -> Value:
        """Search the ratios with a small denominator for the one that gives both sums."""
        for below in range(3, 13):
            for above in range(1, below):
                first = self.total * (below - above) / below
                if first**2 * below**2 == self.squares * (below**2 - above**2):
                    return Tuple(first, Fraction(above, below))
        raise AssertionError("no ratio gives both sums")


@dataclass(frozen=True)
class ArithmeticTurnedGeometric(Family):
    """Three numbers in arithmetic progression that become geometric after additions."""

    name = "arithmetic-turned-geometric"
    tier = 3
    topics = ("sequences", "quadratic equations")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Three numbers form an arithmetic progression with the sum {self.total}. If {self.p} is added to the "
                "first, {self.q} to the second and {self.r} to the third number, the results, in the same order, form "
                "a geometric progression. Find the set of all possible values of the common difference of the "
                "arithmetic progression."
            ),
            (
                "Three bank accounts, numbered 1 to 3, hold {self.total} euros together; a debt counts as a negative "
                "amount. Going from account 1 to account 2 changes the amount by $d$ euros, and so does going from "
                "account 2 to account 3. Then the amount in account 1 is raised by {self.p}, that in account 2 by "
                "{self.q} and that in account 3 by {self.r}. Now the three amounts, in this order, form a geometric "
                "progression. Find the set of all possible values of $d$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Three spirits of Hesh have the moods $m - d$, $m$ and $m + d$, where a mood is a number that may be "
                "negative. Their moods add up to {self.total}. A feast raises the first mood by {self.p}, the second "
                "by {self.q} and the third by {self.r}. Now the product of the outer two moods is the square of the "
                "middle one. Find the set of all possible values of $d$."
            ),
            (
                "A triple $(x, y, z)$ is called flat if $y - x = z - y$ and curved if $xz = y^2$. A flat triple has "
                "the sum {self.total}, and adding the triple $({self.p}, {self.q}, {self.r})$ to it entry by entry "
                "gives a curved triple. Find the set of all possible values of $y - x$."
            ),
        ),
    }

    middle: int
    p: int
    q: int
    r: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the two geometric progressions, one being the other reversed, and shift the middle term down."""
        k, u, v = rng.randint(1, 4), *rng.sample(range(2, 9), 2)
        low, mid, high = k * u * u, k * u * v, k * v * v
        shift = rng.randint(1, min(low, high) - 1)
        d1, d2 = low - shift, high - shift
        first, third = shift + d1 + d2, shift
        middle = min(first, mid, third) - rng.randint(1, 12)
        return cls(middle, first - middle, mid - middle, third - middle)

    @property
    def total(self) -> int:
        """The sum of the three numbers."""
        return 3 * self.middle

    def answer(self) -> Value:
        """Solve the quadratic equation for the difference."""
        first, mid, third = self.middle + self.p, self.middle + self.q, self.middle + self.r
        total, product = first - third, mid * mid - first * third
        root = isqrt(total * total - 4 * product)
        return FiniteSet((total - root) // 2, (total + root) // 2)

    def check(self) -> Value:
        """Try every whole difference; a quadratic equation has no third solution."""
        m, bound = self.middle, 2 * (self.middle + self.p + self.q + self.r) + 300
        found = (d for d in range(-bound, bound) if (m - d + self.p) * (m + d + self.r) == (m + self.q) ** 2)
        return FiniteSet(*found)


@dataclass(frozen=True)
class LossAndRefill(Family):
    """The closed form of a sequence that loses a fraction of itself and gains a constant."""

    name = "loss-and-refill"
    tier = 3
    topics = ("sequences", "recursions", "fixed points")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A lake holds {self.start} fish. Every year ${self.loss_tex}$ of the fish die, and then {self.gain} "
                "young fish are put into the lake. In this model, which allows fractions of a fish, the number of "
                "fish after $n$ years is $F_n$. Find $F_n$ as an expression in $n$."
            ),
            (
                "A sequence is given by $x_0 = {self.start}$ and $x_{{n+1}} = {self.ratio_tex} x_n + {self.gain}$ for "
                r"$n \ge 0$. Find $x_n$ as an expression in $n$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The memory of the oracle of Pell holds {self.start} riddles. Every night it forgets "
                "${self.loss_tex}$ of what it holds, and at dawn it learns {self.gain} new riddles. Fractions of "
                "riddles are allowed. After $n$ dawns it holds $R(n)$ riddles. Find $R(n)$ as an expression in $n$."
            ),
            (
                r"Let $\tau$ be the map $\tau(x) = {self.ratio_tex} x + {self.gain}$, and let $\tau^{{[n]}}$ be $\tau$ "
                r"applied $n$ times. Find $\tau^{{[n]}}({self.start})$ as an expression in $n$."
            ),
        ),
    }

    start: int
    ratio: Fraction
    gain: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a ratio below one and a start that is not the fixed point."""
        below = rng.randint(3, 10)
        above = rng.choice([k for k in range(1, below) if gcd(k, below) == 1])
        ratio, gain = Fraction(above, below), (below - above) * rng.randint(5, 60)
        start = int(gain / (1 - ratio)) + rng.choice((-1, 1)) * rng.randint(1, 30)
        return cls(start, ratio, gain)

    @property
    def ratio_tex(self) -> str:
        """The part that stays."""
        return latex(self.ratio)

    @property
    def loss_tex(self) -> str:
        """The part that is lost."""
        return latex(1 - self.ratio)

    def answer(self) -> Value:
        """The distance from the fixed point shrinks by the ratio."""
        fixed = self.gain / (1 - self.ratio)
        return ExponentialSum({self.ratio: self.start - fixed, 1: fixed})

    def check(self) -> Value:
        """Fit the three constants to the first three terms."""
        x0 = Fraction(self.start)
        x1 = self.ratio * x0 + self.gain
        x2 = self.ratio * x1 + self.gain
        ratio = (x2 - x1) / (x1 - x0)
        scale = (x1 - x0) / (ratio - 1)
        return ExponentialSum({ratio: scale, 1: x0 - scale})


@dataclass(frozen=True)
class QuadraticSequence(Family):
    """The formula of a sequence with constant second differences, from three of its terms."""

    name = "quadratic-sequence"
    tier = 3
    topics = ("sequences", "interpolation")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "The terms of a sequence are given by a polynomial of degree 2 in $n$. It is known that "
                "$a_{{{self.i}}} = {self.at_i}$, $a_{{{self.j}}} = {self.at_j}$ and $a_{{{self.k}}} = {self.at_k}$. "
                "Find $a_n$ as a polynomial in $n$."
            ),
            (
                "During an experiment the temperature after $n$ minutes, in degrees, is a quadratic polynomial in "
                "$n$. It is {self.at_i} for $n = {self.i}$, {self.at_j} for $n = {self.j}$ and {self.at_k} for $n = "
                "{self.k}$. Find the temperature after $n$ minutes as a polynomial in $n$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The tide of the sea of Ur on day $n$ is a number $t(n)$, which may be negative. From day to day the "
                "tide changes, and the change itself changes by the same amount every day, without exception. The "
                "tide is {self.at_i} on day {self.i}, {self.at_j} on day {self.j} and {self.at_k} on day {self.k}. "
                "Find $t(n)$ as a polynomial in $n$."
            ),
            (
                r"For a list $s$ let $\delta s$ be the list of its steps, $(\delta s)_n = s_{{n+1}} - s_n$. All "
                r"entries of $\delta(\delta s)$ are equal, and $s_{{{self.i}}} = {self.at_i}$, $s_{{{self.j}}} = "
                "{self.at_j}$, $s_{{{self.k}}} = {self.at_k}$. Find $s_n$ as a polynomial in $n$."
            ),
        ),
    }

    i: int
    j: int
    k: int
    at_i: int
    at_j: int
    at_k: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the polynomial and three places, keep the values there."""
        a = rng.choice((-3, -2, -1, 1, 2, 3, 4, 5))
        b, c = rng.randint(-12, 12), rng.randint(-20, 20)
        i, j, k = sorted(rng.sample(range(1, 9), 3))
        return cls(i, j, k, *(a * n * n + b * n + c for n in (i, j, k)))

    def answer(self) -> Value:
        """Build the polynomial from divided differences."""
        first = Fraction(self.at_j - self.at_i, self.j - self.i)
        second = (Fraction(self.at_k - self.at_j, self.k - self.j) - first) / (self.k - self.i)
        slope = first - second * (self.i + self.j)
        return Polynomial.of(second, slope, self.at_i - first * self.i + second * self.i * self.j, variable="n")

    def check(self) -> Value:
        """Solve for the coefficients by Lagrange's formula."""
        coefficients = [Fraction(0)] * 3
        points = ((self.i, self.at_i), (self.j, self.at_j), (self.k, self.at_k))
        for x, y in points:
            u, v = (other for other, _ in points if other != x)
            weight = Fraction(y, (x - u) * (x - v))
            for power, factor in enumerate((1, -u - v, u * v)):
                coefficients[power] += weight * factor
        return Polynomial.of(*coefficients, variable="n")


@dataclass(frozen=True)
class TelescopingRoots(Family):
    """A sum of reciprocals of sums of square roots that telescopes after rationalizing."""

    name = "telescoping-roots"
    tier = 3
    topics = ("sequences", "radicals", "telescoping")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"Find the exact value of the sum $\sum_{{k=1}}^{{{self.n}}} "
                r"\frac{{{self.scale}}}{{\sqrt{{{self.before}}} + \sqrt{{{self.after}}}}}$."
            ),
            (
                r"Let $a_k = \sqrt{{{self.inner}}}$ for $k \ge 0$. Find the exact value of $\frac{{{self.scale}}}{{a_0 "
                r"+ a_1}} + \frac{{{self.scale}}}{{a_1 + a_2}} + \dots + \frac{{{self.scale}}}{{a_{{{self.last}}} + "
                "a_{{{self.n}}}}}$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The stones of the path of Quay are numbered 0, 1, 2 and so on, and stone $k$ has the charm "
                r"$\sqrt{{{self.inner}}}$. To step from a stone to the next, a pilgrim pays {self.scale} divided by "
                "the sum of the charms of the two stones. What does it cost to walk from stone 0 to stone {self.n}? "
                "Give the exact value."
            ),
            (
                r"For positive numbers $x$ and $y$ let $x \bowtie y = \frac{{{self.scale}}}{{\sqrt{{x}} + "
                r"\sqrt{{y}}}}$. A list of {self.terms} numbers starts with {self.low}, and each further entry is "
                "{self.step} more than the one before. For every two neighboring entries $x, y$ of the list the value "
                r"$x \bowtie y$ is computed. Find the exact sum of these {self.n} values."
            ),
        ),
    }

    root: int
    step: int
    n: int
    scale: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a start that is a square and an end that is not."""
        while True:
            new = cls(rng.randint(1, 9), rng.randint(2, 9), rng.randint(12, 120), rng.randint(1, 12))
            if isqrt(new.high) ** 2 != new.high:
                return new

    @property
    def low(self) -> int:
        """The first radicand, a square."""
        return self.root**2

    @property
    def high(self) -> int:
        """The last radicand."""
        return self.low + self.n * self.step

    @property
    def terms(self) -> int:
        """The number of radicands."""
        return self.n + 1

    @property
    def last(self) -> int:
        """The index before the last."""
        return self.n - 1

    @property
    def inner(self) -> str:
        """The radicand with index k, from 0."""
        return f"{self.step}k + {self.low}"

    @property
    def before(self) -> str:
        """The radicand with index k - 1."""
        return signed_sum(
            ((self.step, "k"), (self.low - self.step, "")) if self.low != self.step else ((self.step, "k"),)
        )

    @property
    def after(self) -> str:
        """The radicand with index k."""
        return self.inner

    def answer(self) -> Value:
        """Rationalize every term; all roots but the first and the last cancel."""
        return Fraction(self.scale, self.step) * (sqrt(self.high) - self.root)

    def check(self) -> Value:
        """Add the rationalized terms one by one."""
        total = Real.of(0)
        for k in range(self.n):
            near, far = self.low + k * self.step, self.low + (k + 1) * self.step
            total += Fraction(self.scale, far - near) * (sqrt(far) - sqrt(near))
        return total

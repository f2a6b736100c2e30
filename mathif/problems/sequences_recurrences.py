"""Sequences, tiers 4 and 5: recursions and series that yield to one idea, not to computing terms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Matrix, Polynomial, Value, latex, sqrt
from mathif.records import Surface


@dataclass(frozen=True)
class PeriodicFraction(Family):
    """A late iterate of a fractional linear map of finite order."""

    name = "periodic-fraction"
    tier = 4
    topics = ("sequences", "periodicity")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A sequence is defined by $x_1 = {self.first}$ and $x_{{n+1}} = {self.map_of_x_n}$ for $n \ge 1$. "
                "Find the exact value of $x_{{{self.index}}}$."
            ),
            (
                "Let $f(x) = {self.map_of_x}$. Starting with the number {self.first}, the function $f$ is applied "
                "{self.times} times in succession. Find the exact value of the result."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Each night the gate of Ashur changes the number $x$ written on it into ${self.map_of_x}$. Before the "
                "first night the number is {self.first}. What exact number is on the gate after {self.times} nights?"
            ),
            (
                r"For a number $x$ let $x^\dagger = {self.map_of_x}$, and let $x^{{\dagger\dagger}} = "
                r"(x^\dagger)^\dagger$ and so on. Find the exact value of $x^{{\dagger\cdots\dagger}}$ with "
                "{self.times} daggers for $x = {self.first}$."
            ),
        ),
    }

    a: int
    b: int
    c: int
    d: int
    first: int
    index: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a matrix whose squared trace is 1, 2 or 3 determinants, so that its map has order 3, 4 or 6."""
        while True:
            kind = rng.choice((1, 2, 3))
            trace = kind * rng.choice((-2, -1, 1, 2)) * (2 if kind == 1 else 1)
            a = rng.randint(-5, 5)
            d = trace - a
            product = a * d - trace * trace // kind
            c = rng.choice([k for k in range(1, abs(product) + 1) if product % k == 0] or [0])
            if c == 0 or abs(product // c) > 12 or gcd(a, product // c, c, d) > 1:
                continue
            new = cls(a, product // c, c, d, rng.randint(-6, 9), rng.randint(500, 2500))
            period = new.period()
            if len(period) > 2 and all(c * x + d for x in period):
                return new

    def period(self) -> list[Fraction]:
        """The numbers from the first up to its return, or up to the pole of the map."""
        x, seen = Fraction(self.first), list[Fraction]()
        while x not in seen[:1]:
            seen.append(x)
            below = self.c * x + self.d
            if below == 0:
                return seen
            x = (self.a * x + self.b) / below
        return seen

    @property
    def times(self) -> int:
        """How often the map is applied."""
        return self.index - 1

    @property
    def map_of_x(self) -> str:
        """The map in LaTeX."""
        return f"\\frac{{{Polynomial.of(self.a, self.b).latex()}}}{{{Polynomial.of(self.c, self.d).latex()}}}"

    @property
    def map_of_x_n(self) -> str:
        """The map applied to a term of the sequence."""
        return self.map_of_x.replace("x", "x_n")

    def answer(self) -> Value:
        """The map has a finite order, so only the remainder of the number of applications counts."""
        period = self.period()
        return period[self.times % len(period)]

    def check(self) -> Value:
        """Apply the map every single time, to numerator and denominator."""
        above, below = self.first, 1
        for _ in range(self.times):
            above, below = self.a * above + self.b * below, self.c * above + self.d * below
            common = gcd(above, below)
            above, below = above // common, below // common
        return Fraction(above, below)


@dataclass(frozen=True)
class DiscountedRecursion(Family):
    """The sum of a linear recursion against powers: its generating function at a point."""

    name = "discounted-recursion"
    tier = 4
    topics = ("sequences", "generating functions")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A sequence is defined by $a_0 = {self.a0}$, $a_1 = {self.a1}$ and $a_{{n+2}} = {self.rule}$ for $n "
                r"\ge 0$. Find the exact value of the convergent series $\sum_{{n=0}}^{{\infty}} "
                r"\frac{{a_n}}{{{self.base}^n}}$."
            ),
            (
                r"The numbers $a_0, a_1, a_2, \dots$ satisfy $a_0 = {self.a0}$, $a_1 = {self.a1}$ and $a_{{n+2}} = "
                r"{self.rule}$ for all $n \ge 0$. The series $a_0 + \frac{{a_1}}{{{self.base}}} + "
                r"\frac{{a_2}}{{{self.base}^2}} + \frac{{a_3}}{{{self.base}^3}} + \dots$ converges. Find its exact "
                "value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A flock of larks sings on evenings 0, 1, 2 and so on, without end. On evening 0 it sings {self.a0} "
                "songs, on evening 1 it sings {self.a1} songs, and if it sings $u$ songs on one evening and $v$ on "
                "the next, it sings ${self.rule_of_pair}$ on the evening after these two. A song of evening $n$ is "
                "worth $1/{self.base}^n$ of a coin. What are all the songs worth together, in coins? Give the exact "
                "value."
            ),
            (
                r"For a sequence $s = (s_0, s_1, s_2, \dots)$ let $\Phi_t(s) = s_0 + s_1 t + s_2 t^2 + \dots$ whenever "
                "this converges. The sequence $s$ has $s_0 = {self.a0}$, $s_1 = {self.a1}$, and any three neighbors "
                "$u, v, w$ of it, in this order, satisfy $w = {self.rule_of_pair}$. Find the exact value of "
                r"$\Phi_t(s)$ for $t = 1/{self.base}$."
            ),
        ),
    }

    a0: int
    a1: int
    p: int
    q: int
    base: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a base above the larger root of the characteristic equation."""
        p, q = rng.randint(1, 5), rng.randint(1, 9)
        bases = [m for m in range(p + 1, 21) if m * m > p * m + q]
        return cls(rng.randint(2, 12), rng.randint(2, 15), p, q, rng.choice(bases))

    @property
    def rule(self) -> str:
        """The right side of the recursion."""
        return f"{self.p if self.p > 1 else ''}a_{{n+1}} + {self.q if self.q > 1 else ''}a_n"

    @property
    def rule_of_pair(self) -> str:
        """The next term after u and v."""
        return f"{self.p if self.p > 1 else ''}v + {self.q if self.q > 1 else ''}u"

    def answer(self) -> Value:
        """The series solves a linear equation that the recursion gives."""
        t = Fraction(1, self.base)
        return (self.a0 + (self.a1 - self.p * self.a0) * t) / (1 - self.p * t - self.q * t * t)

    def check(self) -> Value:
        """Sum the geometric series of the companion matrix."""
        shrunk = Matrix([[0, 1], [self.q, self.p]]) * Fraction(1, self.base)
        total = (Matrix.identity(2) - shrunk).inverse() @ Matrix([[self.a0], [self.a1]])
        return total.rows[0][0]


@dataclass(frozen=True)
class TelescopingQuartic(Family):
    """A finite series with a quartic below that splits into a difference (an identity of Sophie Germain's kind)."""

    name = "telescoping-quartic"
    tier = 4
    topics = ("sequences", "telescoping", "factorization")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            r"Find the exact value of the sum $\sum_{{k=1}}^{{{self.n}}} \frac{{{self.above}}}{{{self.below}}}$.",
            (
                r"For every positive integer $k$ let $t_k = \frac{{{self.above}}}{{{self.below}}}$. Find the exact "
                r"value of $t_1 + t_2 + \dots + t_{{{self.n}}}$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                r"A snail climbs the needle of Thrym. In hour $k$ (for $k = 1, 2, 3, \dots$) it climbs "
                r"$\frac{{{self.above}}}{{{self.below}}}$ spans. How many spans has it climbed after {self.n} hours? "
                "Give the exact value."
            ),
            (
                "In the scrolls of Mera, $[P]_m^n$ denotes the sum of the values of the expression $P$ for $k = m, "
                r"m+1, \dots, n$. Find the exact value of "
                r"$\left[\frac{{{self.above}}}{{{self.below}}}\right]_1^{{{self.n}}}$."
            ),
        ),
    }

    gap: int
    constant: int
    scale: int
    n: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the factors k^2 - gap k + constant and k^2 + gap k + constant, both without real roots."""
        gap = rng.choice((1, 2))
        return cls(gap, rng.randint(2, 15) if gap == 2 else rng.randint(1, 15), rng.randint(1, 20), rng.randint(9, 40))

    @property
    def above(self) -> str:
        """The numerator."""
        return f"{self.scale if self.scale > 1 else ''}k"

    @property
    def below(self) -> str:
        """The denominator, multiplied out."""
        square = 2 * self.constant - self.gap**2
        return Polynomial.of(1, 0, square, 0, self.constant**2, variable="k").latex()

    def answer(self) -> Value:
        """Each term is a difference of two values of one function, and all but a few cancel."""
        half = Polynomial.of(1, -self.gap, self.constant)
        ends = sum(1 / half(1 + j) - 1 / half(self.n + 1 + j) for j in range(self.gap))
        return Fraction(self.scale, 2 * self.gap) * ends

    def check(self) -> Value:
        """Add the terms one by one."""
        square, last = 2 * self.constant - self.gap**2, self.constant**2
        terms = (Fraction(self.scale * k, k**4 + square * k * k + last) for k in range(1, self.n + 1))
        return sum(terms, Fraction(0))


@dataclass(frozen=True)
class HiddenLinearRule(Family):
    """A recursion with a square that hides a linear one, asked for modulo a small number."""

    name = "hidden-linear-rule"
    tier = 5
    topics = ("sequences", "invariants", "modular arithmetic")
    steps = range(7, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A sequence is defined by $a_1 = {self.a1}$, $a_2 = {self.a2}$ and $a_{{n+2}} = \frac{{a_{{n+1}}^2 "
                r"{self.shift}}}{{a_n}}$ for $n \ge 1$. All its terms turn out to be integers. Find the remainder when "
                "$a_{{{self.index}}}$ is divided by {self.modulus}."
            ),
            (
                r"Positive integers $a_1, a_2, a_3, \dots$ satisfy $a_1 = {self.a1}$, $a_2 = {self.a2}$ and $a_n "
                r"a_{{n+2}} = a_{{n+1}}^2 {self.shift}$ for every $n \ge 1$. What remainder does $a_{{{self.index}}}$ "
                "leave on division by {self.modulus}?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The dynasties of Kesh are counted in crowns. Dynasty 1 had {self.a1} crowns, dynasty 2 had "
                "{self.a2}, and the crowns of any dynasty but the first two are found by squaring the crowns of the "
                "dynasty just before it, {self.shift_words}, and dividing by the crowns of the dynasty before that; "
                "the division never leaves a remainder. The crowns of dynasty {self.index} are laid out in rows of "
                "{self.modulus} until fewer than {self.modulus} are left. How many are left?"
            ),
            (
                "Call a list of positive integers braided if every three neighbors $u, v, w$ in it, in this order, "
                "satisfy $uw = v^2 {self.shift}$. A braided list begins with {self.a1}, {self.a2}. Find the remainder "
                "of its entry number {self.index} modulo {self.modulus}."
            ),
        ),
    }

    a1: int
    a2: int
    factor: int
    index: int
    modulus: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the hidden rule a(n+2) = factor a(n+1) - a(n) with growing terms; the shift follows."""
        while True:
            a1, factor = rng.randint(2, 6), rng.randint(3, 7)
            a2 = a1 + rng.randint(0, 6)
            new = cls(a1, a2, factor, rng.randint(100, 300), rng.choice((7, 9, 10, 11, 13)))
            if new.offset and gcd(a1, a2) == 1:
                return new

    @property
    def offset(self) -> int:
        """What is added to the square, the invariant of the recursion."""
        return self.factor * self.a1 * self.a2 - self.a1**2 - self.a2**2

    @property
    def shift(self) -> str:
        """The addition with its sign."""
        return f"{'+' if self.offset > 0 else '-'} {abs(self.offset)}"

    @property
    def shift_words(self) -> str:
        """The addition in words."""
        return f"{'adding' if self.offset > 0 else 'subtracting'} {abs(self.offset)}"

    def answer(self) -> Value:
        """Recover the factor from the invariant, then follow the linear rule modulo the modulus."""
        factor = (self.offset + self.a1**2 + self.a2**2) // (self.a1 * self.a2)
        a, b = self.a1 % self.modulus, self.a2 % self.modulus
        for _ in range(self.index - 1):
            a, b = b, (factor * b - a) % self.modulus
        return a

    def check(self) -> Value:
        """Compute the terms in full by the rule that is given."""
        a, b = self.a1, self.a2
        for _ in range(self.index - 1):
            a, b = b, (b * b + self.offset) // a
        return a % self.modulus


@dataclass(frozen=True)
class ReciprocalTelescope(Family):
    """An infinite series of reciprocals along a quadratic recursion."""

    name = "reciprocal-telescope"
    tier = 5
    topics = ("sequences", "telescoping")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A sequence is defined by $x_1 = {self.first}$ and $x_{{n+1}} = {self.rule_of_term}$ for $n \ge 1$. "
                r"Find the exact value of the infinite sum $\sum_{{n=1}}^{{\infty}} "
                r"\frac{{{self.scale}}}{{{self.below_of_term}}}$."
            ),
            (
                r"Let $f(x) = {self.rule}$, $x_1 = {self.first}$ and $x_{{n+1}} = f(x_n)$ for $n \ge 1$. The series "
                r"with the terms $\frac{{{self.scale}}}{{{self.below_of_term}}}$, $n = 1, 2, 3, \dots$, converges. "
                "Find its sum."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The age of a star of Zed is a number. At the first chime a star has the age {self.first}, and "
                "between any chime and the next an age $x$ turns into ${self.rule}$. At every chime, the first one "
                r"included, a star of age $x$ sheds $\frac{{{self.scale}}}{{{self.below}}}$ grains of light. How many "
                "grains does it shed in all, if the chimes never end? Give the exact value."
            ),
            (
                r"Write $x \mapsto x^\star$ for the rule $x^\star = {self.rule}$ and $|x\rangle$ for "
                r"$\frac{{{self.scale}}}{{{self.below}}}$. Beginning with $x = {self.first}$, add up $|x\rangle + "
                r"|x^\star\rangle + |x^{{\star\star}}\rangle + \dots$ without end. Find the exact sum."
            ),
        ),
    }

    near: int
    far: int
    first: int
    scale: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the two roots behind the recursion, near > far, and a start above both."""
        near = rng.randint(-6, 9)
        return cls(near, near - rng.randint(1, 5), near + rng.randint(2, 30), rng.randint(1, 9))

    @property
    def _quadratic(self) -> Polynomial:
        gap = self.near - self.far
        return Polynomial.of(1, -self.near - self.far, self.near * self.far + self.near * gap) * Fraction(1, gap)

    @property
    def rule(self) -> str:
        """The recursion as a polynomial in x."""
        return self._quadratic.latex()

    @property
    def rule_of_term(self) -> str:
        """The recursion as a polynomial in a term."""
        return self.rule.replace("x", "x_n")

    @property
    def below(self) -> str:
        """The denominator in x."""
        return Polynomial.of(1, -self.far).latex()

    @property
    def below_of_term(self) -> str:
        """The denominator in a term."""
        return self.below.replace("x", "x_n")

    def answer(self) -> Value:
        """With u the distance to the near root, 1 / (x - far) is the drop of 1 / u from one term to the next."""
        return Fraction(self.scale, self.first - self.near)

    def check(self) -> Value:
        """Add terms until the rest is below 1e-15, then take the only fraction with a small denominator nearby."""
        x, total = Fraction(self.first), Fraction(0)
        while x < 10**15:
            total += self.scale / (x - self.far)
            x = self._quadratic(x)
        return total.limit_denominator(1000)


@dataclass(frozen=True)
class ShrinkingProduct(Family):
    """An infinite product along x -> x^2 - 2, which doubles the angle of a hyperbola."""

    name = "shrinking-product"
    tier = 5
    topics = ("sequences", "infinite products", "radicals")
    steps = range(7, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A sequence is defined by $x_1 = {self.first_tex}$ and $x_{{n+1}} = x_n^2 - 2$ for $n \ge 1$. Find "
                r"the exact value of the infinite product ${self.scale} \cdot \prod_{{n=1}}^{{\infty}} \left(1 - "
                r"\frac{{1}}{{x_n}}\right)$."
            ),
            (
                r"Let $x_1 = {self.first_tex}$, and let $x_{{n+1}} = x_n^2 - 2$ for every $n \ge 1$. Let $P_0 = "
                r"{self.scale}$ and $P_n = P_{{n-1}} \cdot \frac{{x_n - 1}}{{x_n}}$ for $n \ge 1$. Find the exact "
                r"value of $\lim_{{n \to \infty}} P_n$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A vat in Ghent-under-Sea holds {self.scale} drams of ink. A squid has the number ${self.first_tex}$ "
                "on its back. Each hour the squid drinks $1/x$ of the ink that is in the vat, where $x$ is the number "
                "on its back, and then the number changes from $x$ to $x^2 - 2$. As the hours go by, the ink "
                "approaches a limit. How many drams is the limit? Give the exact value."
            ),
            (
                r"For $x > 2$ put $\sigma(x) = x^2 - 2$ and $\langle x \rangle = \frac{{x - 1}}{{x}}$. Find the exact "
                r"value of ${self.scale} \cdot \langle x \rangle \cdot \langle \sigma(x) \rangle \cdot \langle "
                r"\sigma(\sigma(x)) \rangle \cdots$ (infinitely many factors) for $x = {self.first_tex}$."
            ),
        ),
    }

    first: Fraction
    scale: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a first term above 2."""
        below = rng.randint(1, 8)
        above = rng.choice([k for k in range(2 * below + 1, 9 * below + 8) if gcd(k, below) == 1])
        return cls(Fraction(above, below), rng.randint(2, 99))

    @property
    def first_tex(self) -> str:
        """The first term in LaTeX."""
        return latex(self.first)

    def answer(self) -> Value:
        """Telescope x(n+1) + 1 = (x(n) - 1)(x(n) + 1) and x(n+1)^2 - 4 = x(n)^2 (x(n)^2 - 4)."""
        return self.scale / (self.first + 1) * sqrt(self.first**2 - 4)

    def check(self) -> Value:
        """Multiply until the rest is below 1e-15; the square of the limit is a fraction with a small denominator."""
        x, product = self.first, Fraction(1)
        while x < 10**15:
            product *= 1 - 1 / x
            x = x * x - 2
        return self.scale * sqrt((product**2).limit_denominator(100_000))

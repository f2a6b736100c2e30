"""Linear algebra, tiers 4 and 5: eigenvalues, ranks, determinants with a structure, traces and quadratic forms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Matrix, Real, Value, sqrt
from mathif.problems.exact.values import signed_sum
from mathif.records import Surface

PAIRS = ((1, 2), (-1, 2), (1, 3), (-2, 1), (2, 3), (-1, 3), (1, 1), (-1, -1), (2, 2), (-2, -1))
"""Eigenvalues with powers that can be written out by hand, the smaller one first."""


@dataclass(frozen=True)
class MatrixPower(Family):
    """A high power of a 2x2 matrix with whole eigenvalues."""

    name = "matrix-power"
    tier = 4
    topics = ("linear_algebra", "eigenvalues", "theorem of Cayley and Hamilton")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Let $A = {self.matrix}$. Compute the matrix $A^{{{self.exponent}}}$.",
            (
                r"The sequences $(x_n)$ and $(y_n)$ satisfy ${self.rules}$ for all $n \ge 0$. There is exactly one "
                r"matrix $M$ with $\begin{{pmatrix}} x_{{{self.exponent}}} \\ y_{{{self.exponent}}} \end{{pmatrix}} = "
                r"M \begin{{pmatrix}} x_0 \\ y_0 \end{{pmatrix}}$ for all starting values $x_0, y_0$. Find $M$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Twins of {name} have moods, two real numbers $(p, q)$. At every bell the moods change from $(p, q)$ "
                "to $({self.new_p}, {self.new_q})$. After {self.exponent} bells the moods are $(ap + bq, cp + dq)$ if "
                r"they were $(p, q)$ at the start, whatever $p$ and $q$ are. Give the matrix $\begin{{pmatrix}} a & b "
                r"\\ c & d \end{{pmatrix}}$ of the four numbers."
            ),
        ),
    }

    rows: tuple[tuple[int, int], tuple[int, int]]
    exponent: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw small eigenvalues, then entries with their sum as trace and their product as determinant."""
        while True:
            low, high = rng.choice(PAIRS)
            p = rng.randint(-12, 14)
            product = p * (low + high - p) - low * high
            if not product:
                continue
            r = rng.choice([k for k in range(-20, 21) if k and product % k == 0])
            q = product // r
            if abs(q) <= 30:
                largest = max(abs(low), abs(high))
                exponent = rng.randint(20, 200) if largest == 1 else rng.randint(5, 10 if largest == 2 else 7)
                return cls(((p, q), (r, low + high - p)), exponent)

    @property
    def matrix(self) -> str:
        """The matrix in LaTeX."""
        return Matrix(self.rows).latex()

    @property
    def rules(self) -> str:
        """The matrix as a recursion."""
        (p, q), (r, s) = self.rows
        first, second = (_form(pair, ("x_n", "y_n")) for pair in ((p, q), (r, s)))
        return f"x_{{n+1}} = {first},\\ y_{{n+1}} = {second}"

    @property
    def new_p(self) -> str:
        """The first mood after a bell."""
        return _form(self.rows[0], ("p", "q"))

    @property
    def new_q(self) -> str:
        """The second mood after a bell."""
        return _form(self.rows[1], ("p", "q"))

    def answer(self) -> Value:
        """Divide x^n by the characteristic polynomial; the remainder, at the matrix, is the power."""
        (p, q), (r, s) = self.rows
        low, high = _whole_roots(p + s, p * s - q * r)
        if low == high:
            slope = self.exponent * Fraction(low) ** (self.exponent - 1)
        else:
            slope = Fraction(high**self.exponent - low**self.exponent, high - low)
        rest = Fraction(low) ** self.exponent - slope * low
        return Matrix(self.rows) * slope + Matrix.identity(2) * rest

    def check(self) -> Value:
        """Multiply the matrix with itself."""
        return Matrix(self.rows) ** self.exponent


def _form(coefficients: tuple[int, int], letters: tuple[str, str]) -> str:
    """Write a linear form of two letters."""
    return signed_sum((size, letter) for size, letter in zip(coefficients, letters, strict=True) if size)


def _whole_roots(total: int, product: int) -> tuple[int, int]:
    """Return the whole roots of x^2 - total x + product, the smaller one first."""
    low = next(x for x in range(-20, 20) if x * x - total * x + product == 0)
    return low, total - low


@dataclass(frozen=True)
class TwoEigenvalues(Family):
    """A rank from a quadratic equation for a matrix, its size and its trace."""

    name = "two-eigenvalues"
    tier = 4
    topics = ("linear_algebra", "rank", "eigenvalues")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A real ${self.size} \times {self.size}$ matrix $A$ satisfies $A^2 = {self.right}$, where $I$ is the "
                "identity matrix, and its trace is {self.trace}. Find the rank of the matrix ${self.shifted}$."
            ),
            (
                "Let $A$ be a real square matrix with {self.size} rows such that ${self.zero} = 0$, with the identity "
                "matrix $I$. The sum of the diagonal entries of $A$ is {self.trace}. What is the rank of "
                "${self.shifted}$?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In the mountains of {name} an echo turns each song into another. Songs form a real vector space of "
                "dimension {self.size}, and the echo is a linear map $E$ of this space to itself with trace "
                "{self.trace}. A song that is echoed twice obeys $E(E(s)) = {self.right_of_song}$ for every song $s$. "
                "The songs ${self.shifted_of_song}$, for all songs $s$, form a subspace. What is its dimension?"
            ),
        ),
    }

    low: int
    high: int
    size: int
    count: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two eigenvalues, the size and how often the second one occurs."""
        low, high = sorted(rng.sample([k for k in range(-7, 9) if k], 2))
        size = rng.randint(8, 40)
        if low + high == 0:
            high += 1
        return cls(low, high, size, rng.randint(2, size - 2))

    @property
    def trace(self) -> int:
        """The sum of all eigenvalues."""
        return self.low * (self.size - self.count) + self.high * self.count

    @property
    def right(self) -> str:
        """The square of the matrix."""
        return signed_sum(((self.low + self.high, "A"), (-self.low * self.high, "I")))

    @property
    def zero(self) -> str:
        """The polynomial of the matrix that vanishes."""
        return signed_sum(((1, "A^2"), (-self.low - self.high, "A"), (self.low * self.high, "I")))

    @property
    def shifted(self) -> str:
        """The matrix whose rank is asked for."""
        return signed_sum(((1, "A"), (-self.low, "I")))

    @property
    def right_of_song(self) -> str:
        """The square of the map at a song."""
        return signed_sum(((self.low + self.high, "E(s)"), (-self.low * self.high, "s")))

    @property
    def shifted_of_song(self) -> str:
        """The map whose rank is asked for, at a song."""
        return signed_sum(((1, "E(s)"), (-self.low, "s")))

    def answer(self) -> Value:
        """The trace tells how often each eigenvalue occurs, and the matrix is diagonalizable."""
        return (self.trace - self.low * self.size) // (self.high - self.low)

    def check(self) -> Value:
        """Try every diagonal matrix that satisfies the equation and count the entries left after the shift."""
        for count in range(self.size + 1):
            diagonal = [self.low] * (self.size - count) + [self.high] * count
            if sum(diagonal) == self.trace:
                return sum(entry != self.low for entry in diagonal)
        raise AssertionError("no diagonal matrix has this trace")


@dataclass(frozen=True)
class DiagonalPlusRankOne(Family):
    """The determinant of a diagonal matrix plus one of rank one."""

    name = "diagonal-plus-rank-one"
    tier = 4
    topics = ("linear_algebra", "determinants")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Compute the determinant of the matrix ${self.matrix}$.",
            (
                "Let $D$ be the diagonal matrix with the diagonal entries ${self.diagonal_list}$, in this order, and "
                r"let $R$ be the $5 \times 5$ matrix in which every entry of row $i$ is $r_i$, where $(r_1, \dots, "
                r"r_5) = ({self.row_list})$. Compute $\det(D + R)$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                r"Five guilds of {name} trade. If guild $j$ calls out a number $x_j$ for $j = 1, \dots, 5$, then guild "
                r"$i$ hears $r_i \cdot (x_1 + x_2 + x_3 + x_4 + x_5) + d_i x_i$, where $(r_1, \dots, r_5) = "
                r"({self.row_list})$ and $(d_1, \dots, d_5) = ({self.diagonal_list})$. The map from the called numbers "
                "to the heard numbers is linear. What is its determinant?"
            ),
        ),
    }

    diagonal: tuple[int, ...]
    row: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw five diagonal entries and five rows, all different from zero."""
        choices = (-3, -2, -1, 1, 2, 3, 4, 5)
        while True:
            new = cls(tuple(rng.choice(choices) for _ in range(5)), tuple(rng.choice(choices) for _ in range(5)))
            if new.answer():
                return new

    @property
    def matrix(self) -> str:
        """The sum of the two matrices."""
        return self._sum.latex()

    @property
    def _sum(self) -> Matrix:
        rows = enumerate(zip(self.diagonal, self.row, strict=True))
        return Matrix([r + (d if i == j else 0) for j in range(5)] for i, (d, r) in rows)

    @property
    def diagonal_list(self) -> str:
        """The diagonal entries."""
        return ", ".join(map(str, self.diagonal))

    @property
    def row_list(self) -> str:
        """The rows."""
        return ", ".join(map(str, self.row))

    def answer(self) -> Value:
        """Multiply the determinant of the diagonal part by one plus the sum of the quotients."""
        quotients = (Fraction(r, d) for d, r in zip(self.diagonal, self.row, strict=True))
        return prod(self.diagonal) * (1 + sum(quotients))

    def check(self) -> Value:
        """Eliminate."""
        return self._sum.determinant()


@dataclass(frozen=True)
class TraceOfPowers(Family):
    """The determinant of a 3x3 matrix or the trace of a power, from the traces of its first three powers."""

    name = "trace-of-powers"
    tier = 5
    topics = ("linear_algebra", "traces", "identities of Newton")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"A $3 \times 3$ matrix $A$ has the traces $\operatorname{{tr}} A = {self.first}$, "
                r"$\operatorname{{tr}} A^2 = {self.second}$ and $\operatorname{{tr}} A^3 = {self.third}$. Find "
                r"$\{self.wanted}$."
            ),
            (
                r"The sum of the eigenvalues of a $3 \times 3$ matrix $A$, each taken as often as its multiplicity, is "
                "{self.first}. The sum of their squares is {self.second}, and the sum of their cubes is {self.third}. "
                r"What is $\{self.wanted}$?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The island {name} has three coves, and the water that flows between them in a day is described by a "
                r"$3 \times 3$ matrix $A$ of numbers, negative ones included. The hum of the island on day $k$ is "
                r"$\operatorname{{tr}} A^k$, the sum of the diagonal entries of $A^k$. The hums of the days 1, 2 and 3 "
                r"are {self.first}, {self.second} and {self.third}. Find $\{self.wanted}$."
            ),
        ),
    }

    e1: int
    e2: int
    e3: int
    exponent: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the elementary symmetric functions; two steps find them, and each further power is a step."""
        most = 15 if steps < 4 else 8
        values = [k for k in range(-most, most + 1) if k]
        return cls(rng.choice(values), rng.choice(values), rng.choice(values), steps + 1)

    @property
    def wanted(self) -> str:
        """What is asked for, without its backslash: the determinant with two steps, then the next traces."""
        return "det A" if self.exponent == 3 else f"operatorname{{tr}} A^{self.exponent}"

    @property
    def first(self) -> int:
        """The trace."""
        return self.e1

    @property
    def second(self) -> int:
        """The trace of the square."""
        return self.e1**2 - 2 * self.e2

    @property
    def third(self) -> int:
        """The trace of the cube."""
        return self.e1**3 - 3 * self.e1 * self.e2 + 3 * self.e3

    def answer(self) -> Value:
        """Recover the characteristic polynomial by Newton's identities and run its recursion."""
        p1, p2, p3 = self.first, self.second, self.third
        e2 = (p1 * p1 - p2) // 2
        e3 = (p3 - p1 * p2 + e2 * p1) // 3
        if self.exponent == 3:
            return e3
        for _ in range(self.exponent - 3):
            p1, p2, p3 = p2, p3, self.first * p3 - e2 * p2 + e3 * p1
        return p3

    def check(self) -> Value:
        """Take the power of the companion matrix."""
        companion = Matrix([[0, 0, self.e3], [1, 0, -self.e2], [0, 1, self.e1]])
        return companion.determinant() if self.exponent == 3 else (companion**self.exponent).trace()


@dataclass(frozen=True)
class ChainForm(Family):
    """The maximum on a sphere of a form that links four variables in a chain."""

    name = "chain-form"
    tier = 5
    topics = ("linear_algebra", "quadratic forms", "optimization")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Real numbers $x, y, z, w$ satisfy $x^2 + y^2 + z^2 + w^2 = {self.square}$. Find the exact maximum of "
                "${self.form}$."
            ),
            (
                "Find the largest value of the function $f(x, y, z, w) = {self.form}$ on the sphere $x^2 + y^2 + z^2 "
                r"+ w^2 = {self.square}$ in $\mathbb{{R}}^4$. Give the exact value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Four dancers of {name} stand in a row and choose real numbers $x, y, z, w$, from left to right. The "
                "squares of their numbers must add up to {self.square}. The joy of the dance is ${self.form}$: only "
                "dancers side by side inspire each other. What is the greatest possible joy? Give the exact value."
            ),
        ),
    }

    a: int
    b: int
    c: int
    square: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three links in lowest terms and the square of the radius."""
        while True:
            a, b, c = (rng.randint(1, 12) for _ in range(3))
            if gcd(a, b, c) == 1:
                return cls(a, b, c, rng.randint(1, 20))

    @property
    def form(self) -> str:
        """The form."""
        return signed_sum(((self.a, "xy"), (self.b, "yz"), (self.c, "zw")))

    def answer(self) -> Value:
        """Split into (x, z) and (y, w): the maximum is half the largest singular value of a 2x2 matrix."""
        outer = sqrt((self.a + self.c) ** 2 + self.b**2) + sqrt((self.a - self.c) ** 2 + self.b**2)
        return Fraction(self.square, 4) * outer

    def check(self) -> Value:
        """Solve the biquadratic characteristic equation; its root p + sqrt(q) has a root since p^2 - q is a square."""
        half, corner = Fraction(self.a**2 + self.b**2 + self.c**2, 8), Fraction(self.a * self.c, 4)
        largest: Real = sqrt((half + corner) / 2) + sqrt((half - corner) / 2)
        assert largest * largest == half + sqrt(half**2 - corner**2)
        return self.square * largest


@dataclass(frozen=True)
class BandDeterminant(Family):
    """The determinant of a band matrix with three diagonals, each of one number."""

    name = "band-determinant"
    tier = 4
    topics = ("linear_algebra", "determinants", "recursions")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Compute the determinant of the matrix ${self.matrix}$.",
            (
                r"Let $D_n$ be the determinant of the $n \times n$ matrix with the entries {self.a} on the diagonal, "
                "{self.b} just above the diagonal, {self.c} just below the diagonal and 0 elsewhere. Find "
                "$D_{self.size}$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In the city {name}, {self.size} towers stand in a row, numbered 1 to {self.size}. If tower $j$ holds "
                "the number $x_j$, then tower $i$ shows the number ${self.shown}$, where $x_0$ and $x_{self.next}$ "
                "stand for 0. The map from the held numbers to the shown numbers is linear. What is its determinant?"
            ),
        ),
    }

    a: int
    b: int
    c: int
    size: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the three numbers; every row after the first is a step."""
        most = 20 if steps == 2 else 12 if steps == 3 else 7
        values = [k for k in range(-most, most + 1) if k]
        return cls(rng.choice(values), rng.choice(values), rng.choice(values), steps + 1)

    @property
    def next(self) -> int:
        """The number after the last row."""
        return self.size + 1

    @property
    def shown(self) -> str:
        """What row i makes of the numbers."""
        return signed_sum(((self.c, "x_{i-1}"), (self.a, "x_i"), (self.b, "x_{i+1}")))

    @property
    def _band(self) -> Matrix:
        entries = {0: self.a, 1: self.b, -1: self.c}
        return Matrix([entries.get(j - i, 0) for j in range(self.size)] for i in range(self.size))

    @property
    def matrix(self) -> str:
        """The matrix in LaTeX."""
        return self._band.latex()

    def answer(self) -> Value:
        """Expand along the last row: D(n) = a D(n-1) - b c D(n-2)."""
        before, now = 1, self.a
        for _ in range(self.size - 1):
            before, now = now, self.a * now - self.b * self.c * before
        return now

    def check(self) -> Value:
        """Eliminate."""
        return self._band.determinant()

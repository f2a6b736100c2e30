"""Linear algebra, tiers 2 and 3: two unknown prices, matrix equations, singular systems and least squares.

Eigenvalues, ranks, determinants with a structure and quadratic forms are in `linear_algebra_structure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, isqrt
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import FiniteSet, Matrix, Polynomial, Tuple, Value
from mathif.problems.exact.values import signed_sum
from mathif.problems.wording import spelled
from mathif.records import Surface

Row = tuple[int, ...]


@dataclass(frozen=True)
class TwoPrices(Family):
    """Two prices from two bills."""

    name = "two-prices"
    tier = 2
    topics = ("linear_algebra", "systems of equations")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "At a flea market all {things} have the same price, and so have all {others}. {name} buys {self.a} "
                "{things} and {self.b} {others} and pays {self.first} cents. {friend} buys {self.c} {things} and "
                "{self.d} {others} and pays {self.second} cents. Let $x$ be the price of one {thing} and $y$ the "
                "price of one {other}, in cents. Find the ordered pair $(x, y)$."
            ),
            (
                "In a game {name} scores {self.first} points with {self.a} hits in the inner ring and {self.b} hits "
                "in the outer ring, and {friend} scores {self.second} points with {self.c} hits in the inner ring and "
                "{self.d} hits in the outer ring. Every hit in the inner ring counts $x$ points, every hit in the "
                "outer ring counts $y$ points. Find the ordered pair $(x, y)$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The scales of {name} are in balance when {self.a} {things} and {self.b} {others} lie on the left and "
                "{self.first} grains of sand on the right. They are in balance again when {self.c} {things} and "
                "{self.d} {others} lie on the left and {self.second} grains of sand on the right. All {things} weigh "
                "the same, and so do all {others} and all grains. A {thing} weighs as much as $x$ grains and a "
                "{other} as much as $y$ grains. Find the ordered pair $(x, y)$."
            ),
            (
                r"For numbers $u$ and $v$ let $u \diamond v = ux + vy$, where $x$ and $y$ are two fixed numbers. It is "
                r"known that ${self.a} \diamond {self.b} = {self.first}$ and ${self.c} \diamond {self.d} = "
                "{self.second}$. Find the ordered pair $(x, y)$."
            ),
        ),
    }

    a: int
    b: int
    c: int
    d: int
    x: int
    y: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two purchases that are not multiples of each other, and the prices."""
        while True:
            a, b, c, d = (rng.randint(2, 12) for _ in range(4))
            if a * d != b * c:
                return cls(a, b, c, d, rng.randint(2, 60), rng.randint(2, 60))

    @property
    def first(self) -> int:
        """The first bill."""
        return self.a * self.x + self.b * self.y

    @property
    def second(self) -> int:
        """The second bill."""
        return self.c * self.x + self.d * self.y

    def answer(self) -> Value:
        """Eliminate one unknown, then the other."""
        below = self.a * self.d - self.b * self.c
        x = Fraction(self.first * self.d - self.b * self.second, below)
        return Tuple(x, (self.first - self.a * x) / self.b)

    def check(self) -> Value:
        """Try every price of the first thing."""
        for x in range(self.first // self.a + 1):
            y, rest = divmod(self.first - self.a * x, self.b)
            if rest == 0 and self.c * x + self.d * y == self.second:
                return Tuple(x, y)
        raise AssertionError("no prices fit both bills")


@dataclass(frozen=True)
class MatrixEquation(Family):
    """An unknown matrix between a product and a sum."""

    name = "matrix-equation"
    tier = 3
    topics = ("linear_algebra", "matrices")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the matrix $X$ with ${self.equation}$, where ${self.matrices}$.",
            r"Let ${self.matrices}$. Solve the equation ${self.equation}$ for the $2 \times 2$ matrix $X$.",
        ),
        Surface.UNFAMILIAR: (
            (
                r"The loom of {name} works with $2 \times 2$ tables of numbers. To weave a table $P$ into a table $Q$, "
                r"written $P \wr Q$, means to form the table whose entry in row $i$ and column $j$ is the sum of the "
                "products of the entries of row $i$ of $P$ with those of column $j$ of $Q$, in order. To add tables "
                "means to add them place by place. Find the table $X$ with ${self.woven}$, where ${self.matrices}$. "
                "Write it as a matrix."
            ),
        ),
    }

    a: tuple[Row, Row]
    x: tuple[Row, Row]
    c: tuple[Row, Row]
    left: bool

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw an invertible factor with a small determinant, the unknown, the summand and the side."""
        while True:
            p, q, r, s = (rng.randint(-5, 6) for _ in range(4))
            if 1 <= abs(p * s - q * r) <= 6 and p * q * r * s:
                break
        x, c = (((rng.randint(-6, 6), rng.randint(-6, 6)), (rng.randint(-6, 6), rng.randint(-6, 6))) for _ in range(2))
        return cls(((p, q), (r, s)), x, c, rng.random() < 0.5)

    @property
    def equation(self) -> str:
        """The equation with letters."""
        return f"{'AX' if self.left else 'XA'} + C = B"

    @property
    def woven(self) -> str:
        """The equation in the signs of the last story."""
        product = "A \\wr X" if self.left else "X \\wr A"
        return f"({product}) + C = B"

    @property
    def _right(self) -> Matrix:
        factor, unknown = Matrix(self.a), Matrix(self.x)
        return (factor @ unknown if self.left else unknown @ factor) + Matrix(self.c)

    @property
    def matrices(self) -> str:
        """The known matrices."""
        known = (("A", Matrix(self.a)), ("B", self._right), ("C", Matrix(self.c)))
        return ",\\ ".join(f"{letter} = {matrix.latex()}" for letter, matrix in known)

    def answer(self) -> Value:
        """Subtract and multiply by the inverse on the right side."""
        (p, q), (r, s) = self.a
        inverse = Matrix([[s, -q], [-r, p]]) * Fraction(1, p * s - q * r)
        rest = self._right - Matrix(self.c)
        return inverse @ rest if self.left else rest @ inverse

    def check(self) -> Value:
        """Solve for one column (or row) of the unknown after the other by Cramer's rule."""
        factor, rest = Matrix(self.a), self._right - Matrix(self.c)
        if not self.left:
            factor, rest = factor.transpose(), rest.transpose()
        (p, q), (r, s) = factor.rows
        columns = [((u * s - q * v), (p * v - r * u)) for u, v in rest.transpose().rows]
        solution = Matrix(columns) * (1 / (p * s - q * r))
        return solution.transpose() if self.left else solution


@dataclass(frozen=True)
class SingularParameter(Family):
    """The parameters for which a homogeneous system has more than one solution."""

    name = "singular-parameter"
    tier = 3
    topics = ("linear_algebra", "determinants")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "For which real numbers $t$ does the system ${self.system}$ have a solution other than $x = y = z = "
                "0$? Give the set of all such $t$."
            ),
            "Find the set of all real numbers $t$ for which the matrix ${self.matrix}$ has no inverse.",
        ),
        Surface.UNFAMILIAR: (
            (
                "Three springs of {name} are governed by a dial that can be set to any real number $t$. When the dial "
                "is at $t$, the strengths $x, y, z$ of the springs satisfy ${self.system}$. At most settings all "
                "three springs are still, $x = y = z = 0$. Give the set of all settings $t$ at which they need not be "
                "still."
            ),
        ),
    }

    a: int
    b: int
    c: int
    d: int
    e: int
    f: int
    g: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw entries until the determinant has two rational roots."""
        while True:
            a, b, c, d, e, f = (rng.choice((-4, -3, -2, -1, 1, 2, 3, 4)) for _ in range(6))
            new = cls(a, b, c, d, e, f, rng.choice((1, 1, 2, 3)))
            p, q, r = new._coefficients()
            size = q * q - 4 * p * r
            if size > 0 and isqrt(size) ** 2 == size:
                return new

    def _coefficients(self) -> tuple[int, int, int]:
        """Coefficients of the determinant as a polynomial in t, highest power first."""
        a, b, c, d, e, f, g = self.a, self.b, self.c, self.d, self.e, self.f, self.g
        return g, -(d * f + b * e), b * c * f + a * d * e - a * c * g

    @property
    def system(self) -> str:
        """The three equations."""
        rows = (
            signed_sum(((1, "tx"), (self.a, "y"), (self.b, "z"))),
            signed_sum(((self.c, "x"), (1, "ty"), (self.d, "z"))),
            signed_sum(((self.e, "x"), (self.f, "y"), (self.g, "z"))),
        )
        return ",\\ ".join(f"{row} = 0" for row in rows)

    @property
    def matrix(self) -> str:
        """The matrix of the system."""
        rows = (("t", self.a, self.b), (self.c, "t", self.d), (self.e, self.f, self.g))
        body = " \\\\ ".join(" & ".join(map(str, row)) for row in rows)
        return f"\\begin{{pmatrix}} {body} \\end{{pmatrix}}"

    def answer(self) -> Value:
        """Solve the quadratic equation for the determinant."""
        p, q, r = self._coefficients()
        root = isqrt(q * q - 4 * p * r)
        return FiniteSet(Fraction(-q - root, 2 * p), Fraction(-q + root, 2 * p))

    def check(self) -> Value:
        """Eliminate at three values of t, then try every fraction with a small denominator."""
        points = []
        for t in range(3):
            rows = ((t, self.a, self.b), (self.c, t, self.d), (self.e, self.f, self.g))
            points.append((t, Matrix(rows).determinant()))
        last, middle, lead = (int(value) for value in Polynomial.through(points).coefficients)
        g, tried = self.g, range(-200, 201)
        return FiniteSet(*(Fraction(k, g) for k in tried if lead * k * k + middle * k * g + last * g * g == 0))


@dataclass(frozen=True)
class LeastSquares(Family):
    """The combination of two vectors that comes nearest to a third."""

    name = "least-squares"
    tier = 3
    topics = ("linear_algebra", "projections")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Let $u = {self.u_tex}$, $v = {self.v_tex}$ and $w = {self.w_tex}$. Find the real numbers $s$ and $t$ "
                "for which the vector $su + tv$ has the least possible distance from $w$. Give the ordered pair $(s, "
                "t)$ of exact numbers."
            ),
            (
                "The system ${self.system}$ has no solution. Find its least-squares solution, that is, the ordered "
                "pair $(s, t)$ of real numbers for which the sum of the squares of the four differences between left "
                "and right sides is as small as possible. Give exact numbers."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The smell of a potion of {name} is a list of four numbers. One drop of {thing} adds ${self.u_tex}$ "
                "to the smell, place by place, and one drop of {other} adds ${self.v_tex}$; any real numbers of drops "
                "are possible, even negative ones, and the smell is $(0, 0, 0, 0)$ at first. With $s$ drops of "
                "{thing} and $t$ drops of {other} the smell is to come as near as possible to ${self.w_tex}$, where "
                "nearness is the usual distance in four dimensions. Find the ordered pair $(s, t)$ of exact numbers."
            ),
        ),
    }

    u: Row
    v: Row
    w: Row

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two short vectors that are not parallel and a target outside the plane that they span."""
        while True:
            u, v = (tuple(rng.randint(-2, 3) for _ in range(4)) for _ in range(2))
            w = tuple(rng.randint(-9, 9) for _ in range(4))
            small = 0 < _dot(u, u) * _dot(v, v) - _dot(u, v) ** 2 <= 250 and (0, 0) not in zip(u, v, strict=True)
            if small and gcd(*u) == gcd(*v) == 1 and _gram(u, v, w).determinant():
                return cls(u, v, w)

    @property
    def u_tex(self) -> str:
        """The first vector."""
        return Tuple(*self.u).latex()

    @property
    def v_tex(self) -> str:
        """The second vector."""
        return Tuple(*self.v).latex()

    @property
    def w_tex(self) -> str:
        """The target."""
        return Tuple(*self.w).latex()

    @property
    def system(self) -> str:
        """The equations that cannot all be met."""
        lines = []
        for a, b, c in zip(self.u, self.v, self.w, strict=True):
            lines.append(signed_sum((size, letter) for size, letter in ((a, "s"), (b, "t")) if size) + f" = {c}")
        return ",\\ ".join(lines)

    def answer(self) -> Value:
        """Solve the normal equations."""
        u, v, w = self.u, self.v, self.w
        solution = _gram(u, v).inverse() @ Matrix([[_dot(u, w)], [_dot(v, w)]])
        return Tuple(solution.rows[0][0], solution.rows[1][0])

    def check(self) -> Value:
        """Make v orthogonal to u (Gram and Schmidt), project on both, and go back."""
        slope = Fraction(_dot(self.u, self.v), _dot(self.u, self.u))
        upright = [b - slope * a for a, b in zip(self.u, self.v, strict=True)]
        along = sum((a * b for a, b in zip(upright, self.w, strict=True)), Fraction(0))
        t = along / sum((a * a for a in upright), Fraction(0))
        return Tuple(Fraction(_dot(self.u, self.w), _dot(self.u, self.u)) - t * slope, t)


def _dot(first: Row, second: Row) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))


def _gram(*vectors: Row) -> Matrix:
    """Return the matrix of the products of vectors with each other."""
    return Matrix([_dot(u, v) for v in vectors] for u in vectors)


MAPS = {
    "R": ("turned about the origin by 90 degrees counterclockwise", ((0, -1), (1, 0))),
    "L": ("turned about the origin by 90 degrees clockwise", ((0, 1), (-1, 0))),
    "S": ("reflected in the line $y = x$", ((0, 1), (1, 0))),
    "X": ("reflected in the $x$-axis", ((1, 0), (0, -1))),
    "Y": ("reflected in the $y$-axis", ((-1, 0), (0, 1))),
}
"""Maps of the plane that fix the origin: what happens to a point, and the matrix."""


@dataclass(frozen=True)
class ChainOfMaps(Family):
    """The matrix of a chain of linear maps of the plane."""

    name = "chain-of-maps"
    tier = 3
    topics = ("linear_algebra", "matrices", "linear maps")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A linear map of the plane is carried out in {self.count} stages, in this order. {self.stages} Find "
                "the matrix $M$ for which the point with the column vector $v$ ends up at $Mv$."
            ),
            (
                "A computer program moves every point $(x, y)$ of a drawing in {self.count} stages, one after the "
                "other. {self.stages} All stages together take the column vector $v$ of a point to $Mv$ with a fixed "
                r"$2 \times 2$ matrix $M$. Find $M$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In the dance {name} every dancer stands on a point of the plane and obeys {self.count} commands, in "
                "this order. {self.stages} A dancer who starts at $(x, y)$ ends at $(ax + by, cx + dy)$, with the "
                r"same numbers for all dancers. Give the matrix $\begin{{pmatrix}} a & b \\ c & d \end{{pmatrix}}$."
            ),
        ),
    }

    links: tuple[tuple[str, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw shears and stretches in turn with turns and reflections; each map is a step."""
        links = []
        for place in range(steps):
            most = 30 if steps < 4 else 6 if steps == 4 else 4
            kinds = ("H", "V", "D") if place % 2 or steps == 2 else tuple(MAPS)
            kind = rng.choice(kinds)
            links.append((kind, 0 if kind in MAPS else rng.choice((-1, 1)) * rng.randint(2, most)))
        return cls(tuple(links))

    @property
    def count(self) -> str:
        """The number of maps in words."""
        return spelled(len(self.links))

    @property
    def stages(self) -> str:
        """The maps in sentences."""
        texts = {
            "H": "the point $(x, y)$ goes to $({}, y)$",
            "V": "the point $(x, y)$ goes to $(x, {})$",
            "D": "the point $(x, y)$ goes to $({}x, y)$",
        }
        sentences = []
        for place, (kind, size) in enumerate(self.links, start=1):
            if kind in MAPS:
                text = f"every point is {MAPS[kind][0]}"
            else:
                first, second = ("y", "x") if kind == "V" else ("x", "y")
                text = texts[kind].format(size if kind == "D" else signed_sum(((1, first), (size, second))))
            sentences.append(f"Number {place}: {text}.")
        return " ".join(sentences)

    @staticmethod
    def _matrix(kind: str, size: int) -> Matrix:
        shears = {"H": ((1, size), (0, 1)), "V": ((1, 0), (size, 1)), "D": ((size, 0), (0, 1))}
        return Matrix(MAPS[kind][1] if kind in MAPS else shears[kind])

    def answer(self) -> Value:
        """Multiply the matrices, each new one from the left."""
        product = Matrix.identity(2)
        for kind, size in self.links:
            product = self._matrix(kind, size) @ product
        return product

    def check(self) -> Value:
        """Follow the points (1, 0) and (0, 1); they end at the columns."""
        ends = [self._end(x, y) for x, y in ((1, 0), (0, 1))]
        return Matrix(ends).transpose()

    def _end(self, x: int, y: int) -> tuple[int, int]:
        for kind, size in self.links:
            moves = {
                "R": (-y, x),
                "L": (y, -x),
                "S": (y, x),
                "X": (x, -y),
                "Y": (-x, y),
                "H": (x + size * y, y),
                "V": (x, y + size * x),
                "D": (size * x, y),
            }
            x, y = moves[kind]
        return x, y

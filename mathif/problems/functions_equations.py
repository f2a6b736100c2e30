"""Functions, tiers 3 to 5: functional equations, iterates, least sums of distances, and values beyond interpolation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import FiniteSet, Matrix, Polynomial, Value, latex, sqrt
from mathif.problems.wording import listed
from mathif.records import Surface


@dataclass(frozen=True)
class MirroredArgument(Family):
    """A quadratic function from an equation that holds its values at x and at a mirrored argument."""

    name = "mirrored-argument"
    tier = 3
    topics = ("functions", "functional equations")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A function $f$ satisfies ${self.left} = {self.right}$ for all real numbers $x$. Find $f(x)$ as a "
                "polynomial in $x$."
            ),
            (
                r"Find the function $f : \mathbb{{R}} \to \mathbb{{R}}$ for which ${self.left} = {self.right}$ holds "
                "for every real $x$. Give $f(x)$ as a polynomial in $x$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In the flat land of {name} every place is a real number, and a mirror sends the place $x$ to the "
                "place ${self.mirror}$. The place $x$ has the brightness $f(x)$. At every place, {self.p} times the "
                "brightness there plus {self.q} times the brightness at its mirror image is ${self.right}$. Find "
                "$f(x)$ as a polynomial in $x$."
            ),
            (
                r"For a function $f$ on the real numbers let $f^\sim(x) = f({self.mirror})$. It is known that the "
                "function ${self.sum_tex}$ is the polynomial ${self.right}$. Find $f(x)$ as a polynomial in $x$."
            ),
        ),
    }

    p: int
    q: int
    center: int
    coefficients: tuple[int, int, int]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the function and two different positive weights."""
        p, q = rng.sample(range(2, 8), 2)
        lead = rng.choice((-3, -2, -1, 1, 2, 3))
        return cls(p, q, rng.randint(1, 6), (lead, rng.randint(-7, 7), rng.randint(-9, 9)))

    @property
    def mirror(self) -> str:
        """The mirrored argument."""
        return f"{self.center} - x"

    @property
    def left(self) -> str:
        """The left side of the equation."""
        return f"{self.p}f(x) + {self.q}f({self.mirror})"

    @property
    def sum_tex(self) -> str:
        """The left side without arguments."""
        return f"{self.p}f + {self.q}f^\\sim"

    @property
    def _known(self) -> Polynomial:
        f = Polynomial.of(*self.coefficients)
        return self.p * f + self.q * f(Polynomial.of(-1, self.center))

    @property
    def right(self) -> str:
        """The right side of the equation."""
        return self._known.latex()

    def answer(self) -> Value:
        """Mirror the equation and eliminate the mirrored value."""
        known = self._known
        mirrored = known(Polynomial.of(-1, self.center))
        return (self.p * known - self.q * mirrored) * Fraction(1, self.p**2 - self.q**2)

    def check(self) -> Value:
        """Solve for the values at three places by Cramer's rule and pass a parabola through them."""
        points = []
        for x in range(3):
            here, there = self._known(x), self._known(self.center - x)
            points.append((x, (self.p * here - self.q * there) / (self.p**2 - self.q**2)))
        return Polynomial.through(points)


@dataclass(frozen=True)
class ConjugateIterate(Family):
    """The solutions of an equation for an iterated quadratic that becomes a power after a shift."""

    name = "conjugate-iterate"
    tier = 4
    topics = ("functions", "iteration")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Let $f(x) = {self.formula}$. Find the set of all real solutions of the equation ${self.nest} = "
                "{self.target_tex}$."
            ),
            (
                r"Let $f_1(x) = {self.formula}$ and $f_{{n+1}}(x) = f_1(f_n(x))$ for $n \ge 1$. Find the set of all "
                "real numbers $x$ with $f_{{{self.times}}}(x) = {self.target_tex}$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A crystal of {name} carries a real number. Each time the sun rises, the number changes from $x$ to "
                "${self.formula}$. After {self.times} sunrises the crystal carries the number ${self.target_tex}$. "
                "Give the set of all numbers that it may have carried before the first of these sunrises."
            ),
            (
                r"For a real number $x$ put $x^\sharp = {self.formula}$. Find the set of all real numbers $x$ for "
                r"which $x$ with {self.times} signs $\sharp$, each applied to the result of the one before, is "
                "${self.target_tex}$."
            ),
        ),
    }

    lead: Fraction
    shift: int
    square: int
    times: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw f(x) = lead (x + shift)^2 - shift and the square of the distance of the solutions from -shift."""
        times = rng.randint(2, 4)
        lead = Fraction(1, 2) if rng.random() < 0.3 else Fraction(rng.randint(1, 3 if times == 2 else 2))
        most = {2: 45, 3: 9, 4: 3}[times]
        shift = rng.choice((-1, 1)) * rng.randint(1, 60)
        return cls(lead, shift, rng.randint(2, most) * (2 if lead < 1 else 1), times)

    @property
    def formula(self) -> str:
        """The function, multiplied out."""
        return (self.lead * Polynomial.of(1, self.shift) ** 2 - self.shift).latex()

    @property
    def nest(self) -> str:
        """The iterate of x."""
        return "f(" * self.times + "x" + ")" * self.times

    @property
    def _target(self) -> Fraction:
        power = 1 << self.times
        return self.lead ** (power - 1) * Fraction(self.square) ** (power // 2) - self.shift

    @property
    def target_tex(self) -> str:
        """The value of the iterate."""
        return latex(self._target)

    def answer(self) -> Value:
        """With u = x + shift the function is u -> lead u^2, whose iterates are powers."""
        root = sqrt(self.square)
        return FiniteSet(-self.shift - root, -self.shift + root)

    def check(self) -> Value:
        """Undo the function one time after the other; only the last square root may be irrational."""
        value = self._target
        for _ in range(self.times - 1):
            root = sqrt((value + self.shift) / self.lead).rational()
            assert root is not None
            value = root - self.shift
        root_of_last = sqrt((value + self.shift) / self.lead)
        return FiniteSet(root_of_last - self.shift, -root_of_last - self.shift)


@dataclass(frozen=True)
class AdditiveWithProduct(Family):
    """A value of a function on the integers that is additive up to a product."""

    name = "additive-with-product"
    tier = 4
    topics = ("functions", "functional equations")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A function $f$ from the integers to the rational numbers satisfies $f(x + y) = f(x) + f(y) "
                "{self.extra}$ for all integers $x$ and $y$, and $f({self.known}) = {self.value_tex}$. Find "
                "$f({self.wanted})$."
            ),
            (
                "For all integers $x, y$ the function $f$, defined on the integers, satisfies $f(x + y) - f(x) - f(y) "
                "= {self.difference}$. Moreover $f({self.known}) = {self.value_tex}$. Determine $f({self.wanted})$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Every integer $x$ has a debt $d(x)$ in the bank of {name}; debts may be negative. Joining two "
                "integers is taxed: the debt of a sum $x + y$ is the sum of the debts of $x$ and of $y$, and on top "
                "of that ${self.difference}$, whatever integers $x$ and $y$ are. The debt of {self.known} is "
                "${self.value_tex}$. What is the debt of ${self.wanted}$?"
            ),
            (
                "Write $[x]$ for a number that belongs to the integer $x$. For all integers $x$ and $y$, $[x + y] = "
                "[x] + [y] {self.extra}$. It is known that $[{self.known}] = {self.value_tex}$. Find "
                "$[{self.wanted}]$."
            ),
        ),
    }

    product: int
    constant: int
    one: int
    known: int
    wanted: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the value at 1, which stays hidden, and two other places."""
        return cls(
            rng.choice((-6, -5, -4, -3, -2, 2, 3, 4, 5, 6)),
            rng.choice((-1, 1)) * rng.randint(1, 9),
            rng.randint(-9, 9),
            rng.randint(2, 9),
            rng.choice((-1, 1)) * rng.randint(11, 40),
        )

    @property
    def difference(self) -> str:
        """What the function misses to be additive."""
        return f"{self.product}xy {'+' if self.constant > 0 else '-'} {abs(self.constant)}"

    @property
    def extra(self) -> str:
        """The same, as it follows a term."""
        return f"+ {self.difference}" if self.product > 0 else f"- {self.difference[1:]}"

    @property
    def value_tex(self) -> str:
        """The known value."""
        return latex(self._value(self.known, Fraction(self.one)))

    def _value(self, place: int, one: Fraction) -> Fraction:
        return place * one + Fraction(self.product * place * (place - 1), 2) + self.constant * (place - 1)

    def answer(self) -> Value:
        """f(x) - product x^2 / 2 + constant is additive, hence a multiple of x."""
        half = Fraction(self.product, 2)
        slope = (self._value(self.known, Fraction(self.one)) - half * self.known**2 + self.constant) / self.known
        return slope * self.wanted + half * self.wanted**2 - self.constant

    def check(self) -> Value:
        """Walk from f(0) = -constant in steps of 1 or -1, for the value at 1 that fits the known value."""
        values = {0: -self.constant, 1: self.one}
        for x in range(1, 50):
            values[x + 1] = values[x] + self.one + self.product * x + self.constant
            values[-x] = values[0] - values[x] + self.product * x * x - self.constant
        assert values[self.known] == self._value(self.known, Fraction(self.one))
        return values[self.wanted]


@dataclass(frozen=True)
class WeightedDistances(Family):
    """The least value of a weighted sum of distances on a line."""

    name = "weighted-distances"
    tier = 4
    topics = ("functions", "absolute values", "optimization")
    steps = range(4, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the minimum value of the function $f(x) = {self.formula}$ over all real numbers $x$.",
            (
                "Along a straight road, houses stand at the kilometer marks {self.places}. In this order, "
                "{self.people} pupils live in them. A school is to be built at a point of the road such that the sum "
                "of the distances of all pupils from their houses to the school is as small as possible. How many "
                "kilometers is this smallest sum?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The lights of {name} burn on a line, at the coordinates {self.places}; in this order, their pulls "
                "are {self.people}. A moth that sits at the coordinate $x$ feels from each light a strain that is its "
                "pull times its distance from the moth. Where the moth sits best, the strains add up to the least "
                "possible amount. What is this amount?"
            ),
            (
                r"For numbers $a$ and $w$ let $w \wr a$ denote the function $x \mapsto w \cdot |x - a|$ on the real "
                "numbers. Find the smallest value of the function ${self.wreath}$."
            ),
        ),
    }

    points: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the places in any order; the best place is one step, and each of the places takes another."""
        return cls(tuple((place, rng.randint(2, 9)) for place in rng.sample(range(1, 60), steps - 1)))

    @property
    def formula(self) -> str:
        """The function in x."""
        return " + ".join(f"{weight}|x - {place}|" for place, weight in self.points)

    @property
    def wreath(self) -> str:
        """The function in the signs of the last story."""
        return " + ".join(f"({weight} \\wr {place})" for place, weight in self.points)

    @property
    def places(self) -> str:
        """The places in words."""
        return listed(place for place, _ in self.points)

    @property
    def people(self) -> str:
        """The weights in words."""
        return listed(weight for _, weight in self.points)

    def answer(self) -> Value:
        """The weighted median is best."""
        line = sorted(place for place, weight in self.points for _ in range(weight))
        median = line[len(line) // 2]
        return sum(weight * abs(place - median) for place, weight in self.points)

    def check(self) -> Value:
        """Pair the outermost two again and again: each pair costs at least its distance."""
        line = sorted(place for place, weight in self.points for _ in range(weight))
        return sum(line[-1 - k] - line[k] for k in range(len(line) // 2))


@dataclass(frozen=True)
class ExponentialInterpolation(Family):
    """A polynomial that agrees with an exponential at whole numbers, asked for one place too far."""

    name = "exponential-interpolation"
    tier = 5
    topics = ("functions", "polynomials", "finite differences")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Let $P$ be the polynomial of degree at most {self.degree} with $P(k) = {self.rule}$ for $k = 0, 1, "
                r"2, \dots, {self.degree}$. Find $P({self.wanted})$."
            ),
            (
                r"A polynomial $P$ has degree at most {self.degree}. For every integer $k$ with $0 \le k \le "
                "{self.degree}$, $P(k) = {self.rule}$. Determine the value of $P({self.wanted})$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The oracle of {name} speaks a number at every whole hour. Its secret is a polynomial in the hour, of "
                r"degree at most {self.degree}. At the hours $k = 0, 1, \dots, {self.degree}$ it spoke the numbers "
                "${self.rule}$. Which number belongs to the hour ${self.wanted}$, by the same polynomial?"
            ),
            (
                r"For a list $u_0, u_1, \dots, u_n$ let $\langle u_0, \dots, u_n \,|\, t \rangle$ be the value at $t$ "
                r"of the polynomial of degree at most $n$ that has the value $u_k$ at $k$ for $k = 0, \dots, n$. Find "
                r"$\langle u_0, \dots, u_{{{self.degree}}} \,|\, {self.wanted} \rangle$ for $u_k = {self.rule}$."
            ),
        ),
    }

    base: int
    scale: int
    shift: int
    degree: int
    wanted: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the exponential and a place just outside the given ones."""
        base = rng.choice((-2, 2, 3, 4))
        degree = rng.randint(4, 9 if base == 2 else 6)
        wanted = rng.choice((-1, degree + 1, degree + 2))
        return cls(base, rng.randint(1, 12), rng.choice((-1, 1)) * rng.randint(1, 40), degree, wanted)

    @property
    def rule(self) -> str:
        """The values at whole numbers."""
        base = f"({self.base})" if self.base < 0 else str(self.base)
        scale = f"{self.scale} \\cdot " if self.scale > 1 else ""
        return f"{scale}{base}^k {'+' if self.shift > 0 else '-'} {abs(self.shift)}"

    def answer(self) -> Value:
        """base^k is the sum of binomials times powers of base - 1; the polynomial keeps those up to its degree."""
        total = 0
        for j in range(self.degree + 1):
            binomial = comb(self.wanted, j) if self.wanted >= 0 else (-1) ** j
            total += binomial * (self.base - 1) ** j
        return self.scale * total + self.shift

    def check(self) -> Value:
        """Interpolate."""
        points = [(k, self.scale * self.base**k + self.shift) for k in range(self.degree + 1)]
        return Polynomial.through(points)(self.wanted)


@dataclass(frozen=True)
class CyclicArguments(Family):
    """A function from an equation whose substitution returns after three rounds."""

    name = "cyclic-arguments"
    tier = 5
    topics = ("functions", "functional equations", "periodicity")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A function $f$ is defined for all real numbers except {self.poles}, and for each of these numbers "
                "$x$ it satisfies ${self.left} = {self.right}$. Find the exact value of $f({self.wanted})$."
            ),
            (
                "Let $D$ be the set of all real numbers except {self.poles}, and let $T(x) = {self.turned}$, which "
                r"maps $D$ to itself. The function $f : D \to \mathbb{{R}}$ satisfies ${self.short_left} = "
                r"{self.right}$ for all $x \in D$. Determine the exact value of $f({self.wanted})$."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "On the ring of {name} a spirit lives at every real number except {self.poles}. The spirit at $x$ "
                "whispers only to the spirit at $x' = {self.turned}$. With $s(x)$ for the strength of the spirit at "
                r"$x$, always $ {self.a}\,s(x) + {self.b}\,s(x') = {self.right}$. Find the exact strength of the "
                "spirit at {self.wanted}."
            ),
            (
                r"For real $x$ other than {self.poles} let $x^\circlearrowleft = {self.turned}$. To each such $x$ "
                r"belongs a number $\lfloor x \rceil$, and ${self.a} \lfloor x \rceil + {self.b} \lfloor "
                r"x^\circlearrowleft \rceil = {self.right}$ holds for each such $x$. Find the exact value of $\lfloor "
                r"{self.wanted} \rceil$."
            ),
        ),
    }

    home: int
    size: int
    a: int
    b: int
    slope: int
    shift: int
    wanted: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the map home + size / (1 - (x - home) / size), which is its own inverse's square, and the weights."""
        home, size = rng.randint(-4, 4), rng.choice((-3, -2, -1, 1, 2, 3))
        a, b = rng.sample(range(2, 6), 2)
        wanted = rng.choice([x for x in range(-6, 10) if x not in (home, home + size)])
        return cls(home, size, a, b, rng.randint(1, 6), rng.randint(-9, 9), wanted)

    @property
    def poles(self) -> str:
        """The numbers left out."""
        return listed(sorted((self.home, self.home + self.size)))

    @property
    def turned(self) -> str:
        """The substituted argument."""
        pole = self.home + self.size
        sign = 1 if pole > 0 else -1
        above = Polynomial.of(-self.home, self.home * pole + self.size**2) * sign
        below = f"{pole} - x" if pole > 0 else Polynomial.of(1, -pole).latex()
        return f"\\frac{{{above.latex()}}}{{{below}}}"

    @property
    def left(self) -> str:
        """The left side of the equation."""
        return f"{self.a} f(x) + {self.b} f\\left({self.turned}\\right)"

    @property
    def short_left(self) -> str:
        """The left side of the equation, the map named T."""
        return f"{self.a} f(x) + {self.b} f(T(x))"

    @property
    def right(self) -> str:
        """The right side of the equation."""
        return Polynomial.of(self.slope, self.shift).latex()

    def _known(self) -> list[Fraction]:
        """The right side at the wanted number and at its next two images."""
        x, known = Fraction(self.wanted), []
        for _ in range(3):
            known.append(self.slope * x + self.shift)
            x = self.home + self.size**2 / (self.size + self.home - x)
        assert x == self.wanted
        return known

    def answer(self) -> Value:
        """Three equations hold the three values; eliminate two of them."""
        first, second, third = self._known()
        a, b = self.a, self.b
        return (a * a * first - a * b * second + b * b * third) / (a**3 + b**3)

    def check(self) -> Value:
        """Solve the three equations by a matrix."""
        a, b = self.a, self.b
        values = Matrix([[a, b, 0], [0, a, b], [b, 0, a]]).inverse() @ Matrix([[g] for g in self._known()])
        return values.rows[0][0]

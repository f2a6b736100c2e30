"""Functions, tiers 1 to 3: machines run backwards, compositions, tariffs, domains and ranges.

Equations for functions and iterates are in `functions_equations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Polynomial, RealSet, Value, interval
from mathif.records import Surface

OPERATIONS = ("add", "subtract", "multiply", "divide")


@dataclass(frozen=True)
class NumberMachine(Family):
    """The number that went into a chain of operations, from what came out."""

    name = "number-machine"
    tier = 1
    topics = ("functions", "inverse operations")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A number machine treats every number in the same way: it {self.chain}. Somebody puts a number into "
                "the machine, and {self.output} comes out. Which number was put in?"
            ),
            (
                "{name} thinks of a number. Starting from it, {name} {self.chain}. The final result is {self.output}. "
                "Which number did {name} think of?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The cave of {name} changes how many {things} a walker carries. With the number of {things} at the "
                "entrance, the cave {self.chain}; the final result is the number of {things} at the exit. A walker "
                "leaves the cave with {self.output} {things}. With how many {things} did the walker enter?"
            ),
            (
                r"In the writing of {name}, signs after a number are carried out from left to right: $\uparrow\! k$ "
                r"adds $k$, $\downarrow\! k$ subtracts $k$, $\bullet k$ multiplies by $k$ and $\circ k$ divides by "
                "$k$. A number followed by the signs ${self.signs}$ gives {self.output}. Which number is it?"
            ),
        ),
    }

    operations: tuple[tuple[str, int], ...]
    output: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw sums and products in turn, starting from a number that stays whole and positive."""
        start, operations = rng.randint(3, 60), []
        number = Fraction(start)
        additive = rng.random() < 0.5
        for _ in range(steps):
            kind, amount = cls._operation(rng, int(number), additive=additive)
            number = _apply(number, kind, amount)
            operations.append((kind, amount))
            additive = not additive
        return cls(tuple(operations), int(number))

    @staticmethod
    def _operation(rng: Random, number: int, *, additive: bool) -> tuple[str, int]:
        if additive:
            kind = "add" if number < 20 or rng.random() < 0.5 else "subtract"
            return kind, rng.randint(2, 60) if kind == "add" else rng.randint(2, number - 2)
        factors = [k for k in range(2, 10) if number % k == 0 and number > 2 * k]
        if factors and (number > 60 or rng.random() < 0.4):
            return "divide", rng.choice(factors)
        return "multiply", rng.randint(2, 3 if number > 60 else 9)

    @property
    def chain(self) -> str:
        """The operations in words."""
        words = {
            "add": "adds {}",
            "subtract": "subtracts {}",
            "multiply": "multiplies {} by {}",
            "divide": "divides {} by {}",
        }
        parts = []
        for place, (kind, amount) in enumerate(self.operations):
            target = "the result" if place else "the number"
            parts.append(words[kind].format(*((amount,) if kind in OPERATIONS[:2] else (target, amount))))
        return ", then ".join(parts)

    @property
    def signs(self) -> str:
        """The operations in the signs of the last story."""
        signs = dict(zip(OPERATIONS, ("\\uparrow\\!", "\\downarrow\\!", "\\bullet", "\\circ"), strict=True))
        return "\\ ".join(f"{signs[kind]} {amount}" for kind, amount in self.operations)

    def answer(self) -> Value:
        """Undo the operations from the last to the first."""
        number = Fraction(self.output)
        undo = dict(zip(OPERATIONS, ("subtract", "add", "divide", "multiply"), strict=True))
        for kind, amount in reversed(self.operations):
            number = _apply(number, undo[kind], amount)
        return number

    def check(self) -> Value:
        """Run the machine forwards on one number after the other; it never gives one result for two numbers."""
        return next(number for number in range(1, 100) if self._run(Fraction(number)) == self.output)

    def _run(self, number: Fraction) -> Fraction:
        for kind, amount in self.operations:
            number = _apply(number, kind, amount)
        return number


def _apply(number: Fraction, kind: str, amount: int) -> Fraction:
    """Return the result of one operation."""
    if kind in {"add", "subtract"}:
        return number + (amount if kind == "add" else -amount)
    return number * amount if kind == "multiply" else number / amount


@dataclass(frozen=True)
class NestedValue(Family):
    """The value of a nest of two functions, a straight line and a distance."""

    name = "nested-value"
    tier = 2
    topics = ("functions", "composition")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Let $f(x) = {self.line}$ and $g(x) = |x - {self.center}|$. Compute ${self.nest}$.",
            (
                "{name} uses two rules for numbers. Rule $f$ replaces a number $x$ by ${self.line}$. Rule $g$ "
                "replaces a number by its distance from {self.center} on the number line, which is never negative. "
                "What is ${self.nest}$?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Two gates stand on the road to {name}. The gate $f$ turns a traveler of rank $x$ into one of rank "
                "${self.line}$; the gate $g$ turns a traveler of rank $x$ into one of rank $|x - {self.center}|$. "
                "Ranks may be negative. A traveler whose rank is {self.start} before the first gate passes these "
                "gates, one after the other: {self.gates}. What rank does the traveler have at the end?"
            ),
            (
                r"For a number $x$ write $x\triangleright$ for ${self.line}$ and $x\triangleleft$ for $|x - "
                "{self.center}|$. Signs are carried out from left to right. Find the value of "
                "$({self.start}){self.arrows}$."
            ),
        ),
    }

    slope: int
    shift: int
    center: int
    start: int
    word: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw which function comes when; at most three times the line, so that numbers stay small."""
        lines = rng.randint(max(1, steps // 2 - 1), min(3, steps - 1))
        letters = ["f"] * lines + ["g"] * (steps - lines)
        rng.shuffle(letters)
        shift = rng.choice((-1, 1)) * rng.randint(1, 12)
        return cls(rng.choice((-3, -2, 2, 3)), shift, rng.randint(2, 25), rng.randint(-9, 12), "".join(letters))

    @property
    def line(self) -> str:
        """The right side of f."""
        return Polynomial.of(self.slope, self.shift).latex()

    @property
    def nest(self) -> str:
        """The nest, the function applied first inside."""
        text = str(self.start)
        for letter in self.word:
            text = f"{letter}({text})"
        return text

    @property
    def gates(self) -> str:
        """The functions in the order in which they are applied."""
        return ", ".join(f"${letter}$" for letter in self.word)

    @property
    def arrows(self) -> str:
        """The functions as signs, in the order in which they are applied."""
        return "".join({"f": "\\triangleright", "g": "\\triangleleft"}[letter] for letter in self.word)

    def answer(self) -> Value:
        """Work from the inside out."""
        value = self.start
        for letter in self.word:
            value = self.slope * value + self.shift if letter == "f" else abs(value - self.center)
        return value

    def check(self) -> Value:
        """Compose the functions to one straight line that holds around the start, then insert the start."""
        slope, shift = 1, 0
        for letter in self.word:
            if letter == "f":
                slope, shift = self.slope * slope, self.slope * shift + self.shift
            else:
                shift -= self.center
                if slope * self.start + shift < 0:
                    slope, shift = -slope, -shift
        return slope * self.start + shift


@dataclass(frozen=True)
class SteppedTariff(Family):
    """The amount bought at prices that change with the amount, from the bill."""

    name = "stepped-tariff"
    tier = 2
    topics = ("functions", "piecewise functions")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A water company charges {self.rate1} cents for each of the first {self.size1} units of water, "
                "{self.rate2} cents for each of the next {self.size2} units and {self.rate3} cents for each unit "
                "beyond that. A bill is {self.bill} cents. How many units of water were used?"
            ),
            (
                "{name} is paid for sorting {things}: {self.rate1} cents apiece for the first {self.size1}, "
                "{self.rate2} cents apiece for the following {self.size2}, and {self.rate3} cents apiece for all "
                "further ones. This month {name} is paid {self.bill} cents. How many {things} did {name} sort?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A dragon named {name} grows as it eats {things}. Each of the first {self.size1} {things} makes it "
                "{self.rate1} spans longer, each of the next {self.size2} makes it {self.rate2} spans longer, and "
                "each later one makes it {self.rate3} spans longer. It has grown by {self.bill} spans. How many "
                "{things} has it eaten?"
            ),
            (
                r"For a whole number $n \ge 0$ let $\Theta(n)$ be a number with $\Theta(0) = 0$ such that $\Theta(n) - "
                r"\Theta(n-1)$ is {self.rate1} for $1 \le n \le {self.size1}$, is {self.rate2} for ${self.size1} < n "
                r"\le {self.both}$ and is {self.rate3} for $n > {self.both}$. Find the number $n$ with $\Theta(n) = "
                "{self.bill}$."
            ),
        ),
    }

    size1: int
    size2: int
    rate1: int
    rate2: int
    rate3: int
    amount: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw an amount in the last bracket."""
        sizes = 10 * rng.randint(2, 8), 10 * rng.randint(2, 9)
        rate1, rate2, rate3 = rng.sample(range(3, 30), 3)
        return cls(*sizes, rate1, rate2, rate3, sum(sizes) + rng.randint(5, 120))

    @property
    def both(self) -> int:
        """Where the last bracket begins."""
        return self.size1 + self.size2

    @property
    def bill(self) -> int:
        """What the amount costs."""
        return self.size1 * self.rate1 + self.size2 * self.rate2 + (self.amount - self.both) * self.rate3

    def answer(self) -> Value:
        """Take the full brackets off the bill and divide the rest."""
        rest = self.bill - self.size1 * self.rate1 - self.size2 * self.rate2
        return self.both + rest // self.rate3

    def check(self) -> Value:
        """Buy unit by unit until the bill is reached."""
        cost = units = 0
        while cost < self.bill:
            cost += self.rate1 if units < self.size1 else self.rate2 if units < self.both else self.rate3
            units += 1
        return units


@dataclass(frozen=True)
class DomainWithHole(Family):
    """The largest domain of a sum of a root or logarithm from below, one from above, and a quotient."""

    name = "domain-with-hole"
    tier = 3
    topics = ("functions", "inequalities")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Find the largest set of real numbers on which the function $f(x) = {self.formula}$ is defined. Write "
                "it as a union of intervals."
            ),
            (
                "For which real numbers $x$ is the expression ${self.formula}$ defined (as a real number)? Give the "
                "answer as a union of intervals."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "A signal of pitch $x$, a real number, can pass the tower of {name} exactly when the tower can work "
                "out the real number ${self.formula}$. Which pitches can pass? Give the set of all of them as a union "
                "of intervals."
            ),
            (
                r"For an expression $E$ in $x$ let $\mathcal{{D}}[E]$ be the set of all real $x$ for which $E$ has a "
                r"real value. Find $\mathcal{{D}}\left[{self.formula}\right]$ as a union of intervals."
            ),
        ),
    }

    low: tuple[str, int, int]
    high: tuple[str, int, int]
    hole: int
    above: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a x + b >= 0 (or > 0) from below, d - c x from above, and a pole strictly between."""
        hole = rng.randint(-8, 8)
        a, c = rng.randint(1, 5), rng.randint(1, 5)
        low = (rng.choice(("root", "log", "below")), a, rng.randint(1, 20) - a * hole)
        high = (rng.choice(("root", "log", "below")), -c, rng.randint(1, 20) + c * hole)
        return cls(low, high, hole, rng.randint(1, 9))

    @property
    def formula(self) -> str:
        """The expression in LaTeX."""
        shape = {"root": "\\sqrt{{{}}}", "log": "\\ln({})", "below": "\\frac{{1}}{{\\sqrt{{{}}}}}"}
        parts = [shape[kind].format(_linear(slope, shift)) for kind, slope, shift in (self.low, self.high)]
        return f"{parts[0]} + {parts[1]} + \\frac{{{self.above}}}{{{Polynomial.of(1, -self.hole).latex()}}}"

    def answer(self) -> Value:
        """Intersect the two half-lines and take out the pole."""
        low, high = (Fraction(-shift, slope) for _, slope, shift in (self.low, self.high))
        left = "[" if self.low[0] == "root" else "("
        right = "]" if self.high[0] == "root" else ")"
        return interval(low, self.hole, f"{left})") | interval(self.hole, high, f"({right}")

    def check(self) -> Value:
        """Test every critical number and a number in every gap between them."""
        ends = sorted({Fraction(-shift, slope) for _, slope, shift in (self.low, self.high)} | {Fraction(self.hole)})
        found = RealSet()
        for left, right in zip([None, *ends], [*ends, None], strict=True):
            inside = (left if left is not None else ends[0] - 2) + (right if right is not None else ends[-1] + 2)
            if self._defined(inside / 2):
                found |= interval(left, right)
            if right is not None and self._defined(right):
                found |= interval(right, right, "[]")
        return found

    def _defined(self, x: Fraction) -> bool:
        parts = [(kind, slope * x + shift) for kind, slope, shift in (self.low, self.high)]
        return x != self.hole and all(value > 0 or (value == 0 and kind == "root") for kind, value in parts)


def _linear(slope: int, shift: int) -> str:
    """Write `slope x + shift`, a positive number first where there is one."""
    if slope < 0 < shift:
        return f"{shift} - {-slope if slope < -1 else ''}x"
    return Polynomial.of(slope, shift).latex()


@dataclass(frozen=True)
class RangeOnInterval(Family):
    """The set of values of a quadratic polynomial on an interval that holds its vertex."""

    name = "range-on-interval"
    tier = 3
    topics = ("functions", "quadratic functions")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                r"Find the set of all values that the function $f(x) = {self.formula}$ takes for $x \in "
                "{self.domain_tex}$. Give it as an interval."
            ),
            (
                "The function $f$ is defined on the interval ${self.domain_tex}$ only, by $f(x) = {self.formula}$. "
                "Determine the range of $f$ as an interval."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "On the world of {name} the mood of the sky at the instant $t$ is ${self.formula_of_t}$. A pilgrim "
                r"watches the sky during exactly the instants $t \in {self.domain_tex}$. Give the set of all moods "
                "that the pilgrim sees, as an interval."
            ),
            (
                r"For a set $S$ of real numbers let $q[S] = \{{q(s) : s \in S\}}$, where $q(s) = {self.formula_of_s}$. "
                "Write $q[S]$ as an interval for $S = {self.domain_tex}$."
            ),
        ),
    }

    a: int
    vertex: Fraction
    c: int
    low: int
    high: int
    ends: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a vertex at a half of a whole number, inside the interval."""
        vertex = Fraction(rng.randint(-10, 10), 2)
        low, high = int(vertex) - rng.randint(1, 5), int(vertex) + rng.randint(1, 5)
        ends = rng.choice("([") + rng.choice(")]")
        return cls(rng.choice((-4, -2, -1, 1, 2, 4)), vertex, rng.randint(-20, 20), low, high, ends)

    @property
    def _polynomial(self) -> Polynomial:
        return Polynomial.of(self.a, -2 * self.a * self.vertex, self.c)

    @property
    def formula(self) -> str:
        """The polynomial in x."""
        return self._polynomial.latex()

    @property
    def formula_of_t(self) -> str:
        """The polynomial in t."""
        return self.formula.replace("x", "t")

    @property
    def formula_of_s(self) -> str:
        """The polynomial in s."""
        return self.formula.replace("x", "s")

    @property
    def domain_tex(self) -> str:
        """The interval in LaTeX."""
        return interval(self.low, self.high, self.ends).latex()

    def answer(self) -> Value:
        """The vertex gives one end of the range, the end of the interval farther from it the other."""
        reach = max(self.high - self.vertex, self.vertex - self.low)
        closed = (self.high - self.vertex == reach and self.ends[1] == "]") or (
            self.vertex - self.low == reach and self.ends[0] == "["
        )
        top = self._polynomial(self.vertex)
        far = top + self.a * reach**2
        if self.a > 0:
            return interval(top, far, "[]" if closed else "[)")
        return interval(far, top, "[]" if closed else "(]")

    def check(self) -> Value:
        """Unite the images of the two halves on which the function is monotonic."""
        f = self._polynomial
        left = self._image(f(self.low), f(self.vertex), self.ends[0] == "[")
        return left | self._image(f(self.high), f(self.vertex), self.ends[1] == "]")

    @staticmethod
    def _image(end: Fraction, vertex: Fraction, closed: bool) -> RealSet:
        if end < vertex:
            return interval(end, vertex, "[]" if closed else "(]")
        return interval(vertex, end, "[]" if closed else "[)")

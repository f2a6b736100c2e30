"""Arithmetic of parts: fractions, percentages, ratios, mixtures, ages and the order of operations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import gcd, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Tuple, Value, latex
from mathif.problems.wording import listed
from mathif.records import Surface


@dataclass(frozen=True)
class AgesRatio(Family):
    """Two ages: when one will be a given multiple of the other."""

    name = "ages-and-multiples"
    tier = 1
    topics = ("arithmetic", "ages")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The house of {name} is {self.young} years old and the church beside it is {self.old}. In how many years "
            "will the church be exactly {self.times} times as old as the house?",
            "An oak was planted {self.old} years ago and a beech {self.young} years ago. In how many years will the "
            "oak be exactly {self.times} times as old as the beech?",
        ),
        Surface.UNFAMILIAR: (
            "Each night every {thing} gains exactly one stripe. The {thing} {name} has {self.young} stripes and the "
            "{thing} {friend} has {self.old}. In how many nights will {friend} have exactly {self.times} times as "
            "many stripes as {name}?",
        ),
    }

    young: int
    old: int
    times: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the younger age, the wait and the multiple."""
        young, wait, times = rng.randint(2, 40), rng.randint(2, 40), rng.randint(2, 6)
        return cls(young, times * (young + wait) - wait, times)

    def answer(self) -> Value:
        """The difference of the ages stays, and is then one part less than the multiple."""
        return Fraction(self.old - self.young, self.times - 1) - self.young

    def check(self) -> Value:
        """Let the years pass."""
        return next(years for years in count() if self.old + years == self.times * (self.young + years))


@dataclass(frozen=True)
class FractionOfTheRest(Family):
    """Again and again a fraction of what is left is used: what part of the whole remains."""

    name = "fraction-of-the-rest"
    tier = 1
    topics = ("arithmetic", "fractions")
    steps = range(3, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} reads a book. On the first day {name} reads ${self.first}$ of it{self.then_read}. What fraction "
            "of the book is still unread?",
            "A full tank of water is used for a garden. On the first day ${self.first}$ of the water is "
            "used{self.then_used}. What fraction of the full tank is left?",
        ),
        Surface.UNFAMILIAR: (
            "A wizard owns one silence and lends it out. First ${self.first}$ of the silence is lent{self.then_lent}, "
            "and nothing ever comes back. What fraction of the silence does the wizard still have?",
        ),
    }

    parts: tuple[Fraction, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two fractions for three steps, and one more for each further step."""
        parts: list[Fraction] = []
        while len(parts) < steps - 1:
            below = rng.randint(3, 24)
            above = rng.randint(1, below - 1)
            if gcd(above, below) == 1:
                parts.append(Fraction(above, below))
        return cls(tuple(parts))

    @property
    def first(self) -> str:
        """The first fraction."""
        return latex(self.parts[0])

    def _then(self, opening: str) -> str:
        return "".join(f", {opening} ${latex(part)}$ of what is left" for part in self.parts[1:])

    @property
    def then_read(self) -> str:
        """The later days of the reader."""
        return self._then("on the next day")

    @property
    def then_used(self) -> str:
        """The later days of the garden."""
        return self._then("on the following day")

    @property
    def then_lent(self) -> str:
        """The later loans."""
        return self._then("after that")

    def answer(self) -> Value:
        """Multiply what each day leaves."""
        return prod((1 - part for part in self.parts), start=Fraction(1))

    def check(self) -> Value:
        """Use up a whole of as many equal crumbs as all denominators allow, one day after another."""
        whole = left = prod(part.denominator for part in self.parts)
        for part in self.parts:
            left -= left // part.denominator * part.numerator
        return Fraction(left, whole)


@dataclass(frozen=True)
class RecipeScaling(Family):
    """A recipe for some people, turned into one for others, with something already at hand."""

    name = "scaled-recipe"
    tier = 1
    topics = ("arithmetic", "proportion")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A recipe for {self.people} people takes ${self.need}$ liters of milk. {name} cooks it for {self.guests} "
            "people and has ${self.have}$ liters of milk at home. How many liters of milk must {name} still buy? Give "
            "the exact value.",
            "For {self.people} flags one needs ${self.need}$ meters of ribbon. A class makes {self.guests} such flags "
            "and already has ${self.have}$ meters. How many more meters of ribbon does the class need? Give the exact "
            "value.",
        ),
        Surface.UNFAMILIAR: (
            "To put {self.people} gnomes to sleep takes ${self.need}$ pails of lullaby. There are {self.guests} "
            "gnomes tonight, and ${self.have}$ pails of lullaby stand ready. How many more pails are needed? Give the "
            "exact value.",
        ),
    }

    people: int
    amount: Fraction
    guests: int
    stock: Fraction

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw fractions with small denominators, the stock smaller than the need."""
        while True:
            people, guests = rng.sample(range(3, 25), 2)
            amount = Fraction(rng.randint(3, 15), rng.randint(2, 6))
            stock = Fraction(rng.randint(1, 7), rng.randint(2, 6))
            if min(amount.denominator, stock.denominator) > 1 and amount / people * guests > stock:
                return cls(people, amount, guests, stock)

    @property
    def need(self) -> str:
        """What the recipe takes."""
        return latex(self.amount)

    @property
    def have(self) -> str:
        """What is at hand."""
        return latex(self.stock)

    def answer(self) -> Value:
        """Go over the need of one person."""
        return self.amount / self.people * self.guests - self.stock

    def check(self) -> Value:
        """Compare cross products over one denominator."""
        a, b, c, d = self.amount.numerator, self.amount.denominator, self.stock.numerator, self.stock.denominator
        return Fraction(a * self.guests * d - c * b * self.people, b * self.people * d)


@dataclass(frozen=True)
class BracketExpression(Family):
    """A bracketed expression of integers, worked out from the inside."""

    name = "nested-brackets"
    tier = 1
    topics = ("arithmetic", "order of operations")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Work out the value of ${self.plain}$.",
            "{name} types ${self.plain}$ into a calculator that respects brackets. Which number does it show?",
        ),
        Surface.UNFAMILIAR: (
            "In the script of {name} the sign $\\oplus$ means addition, $\\ominus$ means that the number on its right "
            "is subtracted from the number on its left, and $\\otimes$ means multiplication. Brackets are worked out "
            "first. What number is ${self.strange}$?",
        ),
    }

    start: int
    moves: tuple[tuple[str, int, bool], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one operation for each step; the partial result stands to the left or to the right of it."""
        moves, last = [], ""
        for _ in range(steps):
            sign = rng.choice([sign for sign in "+-*" if sign != last])
            number = rng.randint(2, 6) if sign == "*" else rng.randint(3, 40)
            moves.append((sign, number, rng.random() < 0.5))
            last = sign
        return cls(rng.randint(2, 30), tuple(moves))

    def _written(self, signs: dict[str, str]) -> str:
        text = str(self.start)
        for sign, number, left in self.moves:
            inner = text if text == str(self.start) else f"({text})"
            text = f"{inner} {signs[sign]} {number}" if left else f"{number} {signs[sign]} {inner}"
        return text

    @property
    def plain(self) -> str:
        """The expression with the usual signs."""
        return self._written({"+": "+", "-": "-", "*": "\\cdot"})

    @property
    def strange(self) -> str:
        """The expression with other signs."""
        return self._written({"+": "\\oplus", "-": "\\ominus", "*": "\\otimes"})

    def answer(self) -> Value:
        """Work from the inside out."""
        value = self.start
        for sign, number, left in self.moves:
            first, second = (value, number) if left else (number, value)
            value = first + second if sign == "+" else first - second if sign == "-" else first * second
        return value

    def check(self) -> Value:
        """Read the written expression back, from the left, with a stack."""
        return _evaluated(self.plain)


def _evaluated(text: str) -> int:
    """Return the value of a fully bracketed expression of integers, by Dijkstra's two stacks."""
    marked = text.replace("\\cdot", "*").replace("(", "( ").replace(")", " )")
    values: list[int] = []
    signs: list[str] = []
    for word in ["(", *marked.split(), ")"]:
        if word.isdecimal():
            values.append(int(word))
        elif word != ")":
            signs.append(word)
        else:
            sign = signs.pop()
            signs.pop()
            second, first = values.pop(), values.pop()
            values.append({"+": first + second, "-": first - second, "*": first * second}[sign])
    return values[0]


@dataclass(frozen=True)
class PercentChain(Family):
    """A price that rises and falls by percentages, each of the price just before."""

    name = "percent-chain"
    tier = 2
    topics = ("arithmetic", "percentages")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A coat costs {self.start} euros. Its price {self.plain}. What does it cost in the end, in euros? Give "
            "the exact value.",
            "A village has {self.start} voters on paper. In a model of the coming years this number {self.plain}; the "
            "model allows fractions. What exact number does the model give in the end?",
        ),
        Surface.UNFAMILIAR: (
            "The echo of {name} has a loudness of {self.start} {units}. With each bounce it changes: it {self.plain}. "
            "What is its exact loudness in the end, in {units}?",
        ),
    }

    start: int
    changes: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one change for each step, in percent, not twice the same in a row."""
        changes: list[int] = []
        while len(changes) < steps:
            change = rng.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, -5, -10, -15, -20, -25, -30, -40, -50, -60))
            if not changes or abs(change) != abs(changes[-1]):
                changes.append(change)
        return cls(rng.randint(2, 60) * 20, tuple(changes))

    @property
    def plain(self) -> str:
        """The changes in words."""
        return ", then ".join(
            f"{'rises' if change > 0 else 'falls'} by {abs(change)} percent" for change in self.changes
        )

    def answer(self) -> Value:
        """Multiply by the factor of each change."""
        return self.start * prod((1 + Fraction(change, 100) for change in self.changes), start=Fraction(1))

    def check(self) -> Value:
        """Add or subtract each change in hundredths of the price before."""
        price = Fraction(self.start)
        for change in self.changes:
            hundredth = price / 100
            price += change * hundredth
        return price


@dataclass(frozen=True)
class MixtureConcentration(Family):
    """Solutions of different strengths are poured together: the strength of the mixture."""

    name = "strength-of-a-mixture"
    tier = 2
    topics = ("arithmetic", "mixtures")
    steps = range(4, 9, 2)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In a laboratory the following salt solutions are poured together: {self.poured}. What percentage of the "
            "mixture is salt? Give the exact number of percent.",
            "A juice maker blends {self.poured}, where the percentage is the share of pure fruit. What is the exact "
            "share of pure fruit in the blend, in percent?",
        ),
        Surface.UNFAMILIAR: (
            "Fogs are mixed: {self.poured}, where the percentage is the share of pure gloom. What is the exact share "
            "of gloom in the mixture, in percent?",
        ),
    }

    parts: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two parts for four steps, and one more part for two more steps."""
        strengths = rng.sample(range(2, 96), steps // 2)
        return cls(tuple((rng.randint(2, 40), strength) for strength in strengths))

    @property
    def poured(self) -> str:
        """The parts in words."""
        return listed(f"{liters} liters of {strength} percent" for liters, strength in self.parts)

    def answer(self) -> Value:
        """Divide all the salt by all the liquid."""
        salt = sum(liters * strength for liters, strength in self.parts)
        return Fraction(salt, sum(liters for liters, _ in self.parts))

    def check(self) -> Value:
        """Find the strength from which the parts deviate by nothing in total, starting from the first strength."""
        base = self.parts[0][1]
        total = sum(liters for liters, _ in self.parts)
        return base + sum((Fraction(liters * (strength - base), total) for liters, strength in self.parts), Fraction(0))


@dataclass(frozen=True)
class LinkedRatios(Family):
    """Two ratios with a link in common split a sum into three parts."""

    name = "linked-ratios"
    tier = 2
    topics = ("arithmetic", "ratios")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name}, {friend} and {third} share a prize of {self.total} euros. The shares of {name} and {friend} are "
            "in the ratio {self.a} : {self.b}, those of {friend} and {third} in the ratio {self.c} : {self.d}. How "
            "many euros does each get? Give the ordered triple ({name}, {friend}, {third}).",
            "A path of {self.total} stones is made of white, grey and black ones. White to grey stones are as "
            "{self.a} : {self.b}, and grey to black stones as {self.c} : {self.d}. How many stones are there of each "
            "color? Give the ordered triple (white, grey, black).",
        ),
        Surface.UNFAMILIAR: (
            "In a swarm of {self.total} creatures there are {things}, {others} and wurrs, and nothing else. For every "
            "{self.a} {things} there are {self.b} {others}, and for every {self.c} {others} there are {self.d} wurrs. "
            "Give the ordered triple of the numbers of {things}, {others} and wurrs.",
        ),
    }

    total: int
    a: int
    b: int
    c: int
    d: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two reduced ratios and a multiple of their smallest sum."""
        while True:
            a, b, c, d = (rng.randint(2, 9) for _ in range(4))
            if gcd(a, b) == gcd(c, d) == 1 and b != c:
                least = (a * c + b * c + b * d) // gcd(b, c)
                return cls(least * rng.randint(2, 20), a, b, c, d)

    def answer(self) -> Value:
        """Bring both ratios to one number for the link, and split the sum."""
        parts = (self.a * self.c, self.b * self.c, self.b * self.d)
        return Tuple(*(Fraction(self.total * part, sum(parts)) for part in parts))

    def check(self) -> Value:
        """Try every share of the middle that both ratios allow."""
        for middle in range(self.total + 1):
            first, last = Fraction(middle * self.a, self.b), Fraction(middle * self.d, self.c)
            if first + middle + last == self.total:
                return Tuple(first, middle, last)
        return "none"


@dataclass(frozen=True)
class MissingGroup(Family):
    """The averages of two groups and of both together: the size of the second group."""

    name = "size-from-averages"
    tier = 2
    topics = ("arithmetic", "averages")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The {self.size} members of a choir are {self.low} years old on average. New members whose average age is "
            "{self.high} join, and the average age of all is now {self.both}. How many new members have joined?",
            "The first {self.size} shots of an archer brought {self.low} points on average, all later shots "
            "{self.high} points on average. Over all shots the average is {self.both} points. How many later shots "
            "were there?",
        ),
        Surface.UNFAMILIAR: (
            "A pack of {self.size} {things} weighs {self.low} {units} per head on average. It meets a pack of "
            "{others} that weighs {self.high} {units} per head on average, and in the joint pack the average is "
            "{self.both} {units}. How many {others} are there?",
        ),
    }

    size: int
    low: int
    high: int
    both: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw averages until the second group is a whole number larger than one."""
        while True:
            size, low = rng.randint(6, 60), rng.randint(10, 60)
            both = low + rng.randint(2, 15)
            high = both + rng.randint(2, 20)
            whole, left = divmod(size * (both - low), high - both)
            if not left and whole > 1:
                return cls(size, low, high, both)

    def answer(self) -> Value:
        """What the first group lacks the second brings in excess."""
        return Fraction(self.size * (self.both - self.low), self.high - self.both)

    def check(self) -> Value:
        """Let the second group come one by one."""
        total, members = self.size * self.low, self.size
        while total != self.both * members:
            total, members = total + self.high, members + 1
        return members - self.size

"""Expected values: linearity, symmetry, waiting for the missing kinds, and stopping at the right time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import latex
from mathif.problems.wording import counted, listed, ordinal
from mathif.records import Surface


@dataclass(frozen=True)
class UnlikeNeighbours(Family):
    """The expected number of neighbours of different colours in a shuffled row: linearity of expectation."""

    name = "unlike-neighbours"
    tier = 4
    topics = ("probability", "linearity of expectation")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.a} red, {self.b} blue and {self.c} green cards are shuffled and laid in a row, all orders being "
            "equally likely. What is the expected number of places where two neighbouring cards have different "
            "colours?",
            "A class of {self.a} pupils from Arden, {self.b} from Brook and {self.c} from Cole lines up in a single "
            "row in random order, every order with the same probability. What is the expected number of pairs of "
            "neighbours in the row who come from different villages?",
        ),
        Surface.UNFAMILIAR: (
            "On the string of {name} hang {self.a} moon pearls, {self.b} sun pearls and {self.c} star pearls, in an "
            "order chosen at random from all orders with equal probability. Between two pearls that hang next to each "
            "other a spark jumps exactly if they are of different sorts. The string is not closed. What is the "
            "expected number of sparks?",
            "A {thing} speaks {self.a} times BA, {self.b} times DO and {self.c} times LU, one sound after the other, "
            "every order of these sounds being equally likely. Whenever a sound differs from the one just before it, "
            "its tail twitches once. What is the expected number of twitches?",
        ),
    }

    a: int
    b: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 2 to 21 cards of each of three colours."""
        return cls(rng.randint(2, 21), rng.randint(2, 21), rng.randint(2, 21))

    def answer(self) -> Fraction:
        """Add up, over all neighbouring places, the probability that the colours differ."""
        kinds = (self.a, self.b, self.c)
        n = sum(kinds)
        return (n - 1) * (1 - Fraction(sum(comb(k, 2) for k in kinds), comb(n, 2)))

    def check(self) -> Fraction:
        """Count runs: a card begins a run if it is the first or its left neighbour has another colour."""
        kinds = (self.a, self.b, self.c)
        n = sum(kinds)
        runs = sum((Fraction(k, n) * (1 + n - k) for k in kinds), start=Fraction(0))
        return runs - 1


@dataclass(frozen=True)
class CollectKinds(Family):
    """The expected price of the kinds still missing when some boxes are empty: the coupon collector."""

    name = "collecting-kinds"
    tier = 4
    topics = ("probability", "coupon collector")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Some boxes of cereal contain a figure: independently of all other boxes, a box holds a figure with "
            "probability ${self.share_latex}$, and then each of the {self.n} kinds of figures with the same "
            "probability. A box costs {self.cost} euros. {name} already has figures of {self.kinds_owned} and buys "
            "one box at a time, until there are figures of {self.goal} different kinds. How many euros does {name} "
            "spend on average (the expected value)?",
            "A wheel has {self.n} equal fields with different pictures. A spin costs {self.cost} cents. With "
            "probability ${self.share_latex}$ a spin is valid and shows one of the pictures, each with the same "
            "probability; otherwise it is void and nothing is seen. All spins are independent. {name} has seen "
            "{self.pictures} so far and goes on until {self.goal} different pictures have been seen, those seen so "
            "far included. What is the expected cost of the further spins in cents?",
        ),
        Surface.UNFAMILIAR: (
            "To open the gate of {name}, a hermit needs the songs of {self.goal} of the {self.n} species of {things}, "
            "and already knows the songs of {self.species}. Each night of waiting takes {self.cost} candles. In a "
            "night, independently of the others, a {thing} sings with probability ${self.share_latex}$, and then it "
            "is of each species with the same probability. How many candles does the hermit expect to use until the "
            "gate can be opened?",
            "A tree of {name} grows in jumps of {self.cost} feet. After each jump it bears a fruit with probability "
            "${self.share_latex}$, which has one of {self.n} hues, each equally likely; otherwise it bears none. All "
            "this is independent from jump to jump. {self.hues} on the tree. By how many feet is it expected to have "
            "grown further when it first bears {self.goal} hues in all?",
        ),
    }

    n: int
    owned: int
    goal: int
    share: Fraction
    cost: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 6 to 13 kinds, up to 3 of them owned, one more wanted for each step but one, and a price up to 40."""
        owned = rng.randint(1, 3)
        goal = owned + steps - 1
        n = max(6, goal) + rng.randint(0, 5)
        below = rng.randint(2, 7)
        return cls(n, owned, goal, Fraction(rng.randint(1, below - 1), below), rng.randint(2, 40))

    @property
    def share_latex(self) -> str:
        """The chance that a box is not empty."""
        return latex(self.share)

    @property
    def kinds_owned(self) -> str:
        """The kinds that are there."""
        return counted(self.owned, "kind")

    @property
    def pictures(self) -> str:
        """The pictures that were seen."""
        return counted(self.owned, "picture")

    @property
    def species(self) -> str:
        """The species that are known."""
        return "one of them" if self.owned == 1 else f"{self.owned} of them"

    @property
    def hues(self) -> str:
        """The hues that are there, with the verb, beginning a sentence."""
        return f"So far there {'is' if self.owned == 1 else 'are'} {counted(self.owned, 'hue')}"

    def answer(self) -> Fraction:
        """Add up the mean waiting times for one more kind, n / (n - i) each, stretched by the empty boxes."""
        waits = (Fraction(self.n, self.n - i) for i in range(self.owned, self.goal))
        return sum(waits, start=Fraction(0)) * self.cost / self.share

    def check(self) -> Fraction:
        """Solve the first-step equations from the goal down."""
        rest = Fraction(0)
        for i in range(self.goal - 1, self.owned - 1, -1):
            stays = 1 - self.share + self.share * Fraction(i, self.n)
            rest = (self.cost + (1 - stays) * rest) / (1 - stays)
        return rest


@dataclass(frozen=True)
class BeforeTheKth(Family):
    """How many cards of one colour come before the k-th of another, a third colour in between: symmetry of gaps."""

    name = "cards-before-the-kth"
    tier = 4
    topics = ("probability", "symmetry")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A shuffled pile consists of {self.r} red, {self.b} blue and {self.g} green cards. The cards are turned "
            "over one by one from the top, until the {self.kth} red card appears. What is the expected number of blue "
            "cards that are turned over before it?",
            "{self.r} boys, {self.b} girls and {self.g} teachers queue up in random order, each order with the same "
            "probability. What is the expected number of girls who stand before the {self.kth} boy, counted from the "
            "front?",
        ),
        Surface.UNFAMILIAR: (
            "In the egg of a star sleep {self.r} {things}, {self.b} {others} and {self.g} {units}. They hatch one "
            "after the other, every order being equally likely. What is the expected number of {others} that hatch "
            "before the {self.kth} {thing} does?",
            "The prophecy of {name} says that {self.r} comets, {self.b} floods and {self.g} eclipses will come, one "
            "event at a time, and every order of these events is equally likely. What is the expected number of "
            "floods that come before the {self.kth} comet?",
        ),
    }

    r: int
    b: int
    g: int
    k: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 3 to 12 red, 3 to 20 blue and 2 to 20 green cards, and a red card up to the fourth."""
        r = rng.randint(3, 12)
        return cls(r, rng.randint(3, 20), rng.randint(2, 20), rng.randint(1, min(4, r)))

    @property
    def kth(self) -> str:
        """Which red card."""
        return ordinal(self.k) if self.k > 3 else ("first", "second", "third")[self.k - 1]

    def answer(self) -> Fraction:
        """The red cards cut the row into r + 1 gaps, and a blue card is in each with the same probability."""
        return Fraction(self.k * self.b, self.r + 1)

    def check(self) -> Fraction:
        """Leave the green cards out and add over the number of blue cards before the k-th red one."""
        ways = [comb(m + self.k - 1, m) * comb(self.r - self.k + self.b - m, self.b - m) for m in range(self.b + 1)]
        return Fraction(sum(m * count for m, count in enumerate(ways)), sum(ways))


@dataclass(frozen=True)
class StopOrGoOn(Family):
    """The value of a game in which each further spin replaces the prize and costs a fee: optimal stopping."""

    name = "stop-or-spin-again"
    tier = 5
    topics = ("probability", "optimal stopping")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A wheel has {self.size} equal fields with the numbers {self.fields}. {name} spins it, and may then stop "
            "or spin again, up to {self.spins} spins in all. In the end {name} gets as many euros as the last spin "
            "shows, and pays {self.fee_euros} for each spin after the first. {name} plays so that the expected gain "
            "(prize minus payments) is as large as possible. How large is it, in euros?",
            "{name} sells a house. On each of up to {self.spins} days one offer comes in: {self.offers} thousand "
            "euros, each of these {self.size} amounts with the same probability and independently of the other days. "
            "{name} must accept or refuse an offer at once, must accept the last one, and pays {self.fee} thousand "
            "euros for each day of waiting after the first. What is the largest possible expected value of the price "
            "minus these payments, in thousands of euros?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} seeks a shell for the winter. In each of at most {self.spins} tides the sea shows it one shell "
            "of size {self.sizes}, every size with the same probability, independently of earlier tides. It either "
            "moves in for good or lets the shell go for ever; in the last tide it has to move in. Each shell that it "
            "lets go makes it shrink by {self.fee_scales}. Its comfort is the size of its shell minus the number of "
            "scales lost. What is the highest expected comfort that it can reach by choosing wisely?",
            "The oracle of {name} names a random number from the set $\\{{{self.fields_set}\\}}$, all elements being "
            "equally likely, up to {self.spins} times and independently each time. After each naming the pilgrim may "
            "say *enough* (after the last one this is compulsory) and receives as many grains of gold as the number "
            "named last. Each naming but the first costs {self.fee_grains} of gold. What is the expected gain of a "
            "pilgrim who decides in the best possible way, in grains?",
        ),
    }

    numbers: tuple[int, ...]
    spins: int
    fee: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw four to six different prizes up to 24, as many spins as steps, and a fee of 1 or 2."""
        numbers = tuple(sorted(rng.sample(range(1, 25), rng.randint(4, 6))))
        return cls(numbers, steps, rng.randint(1, 2))

    @property
    def size(self) -> int:
        """The number of prizes."""
        return len(self.numbers)

    @property
    def fields(self) -> str:
        """The prizes, as in a sentence."""
        return listed(self.numbers)

    @property
    def offers(self) -> str:
        """The prizes, one of which is offered."""
        return self.fields.replace(" and ", " or ")

    sizes = offers

    @property
    def fields_set(self) -> str:
        """The prizes, as in a set."""
        return ", ".join(map(str, self.numbers))

    @property
    def fee_euros(self) -> str:
        """The fee, counted."""
        return counted(self.fee, "euro")

    @property
    def fee_scales(self) -> str:
        """The fee, counted."""
        return counted(self.fee, "scale")

    @property
    def fee_grains(self) -> str:
        """The fee, counted."""
        return counted(self.fee, "grain")

    def answer(self) -> Fraction:
        """Work backwards: accept what is better than the value of going on."""
        value = Fraction(sum(self.numbers), self.size)
        for _ in range(self.spins - 1):
            value = sum((max(Fraction(x), value - self.fee) for x in self.numbers), start=Fraction(0)) / self.size
        return value

    def check(self) -> Fraction:
        """Try every rule "at this spin accept the so many largest numbers" that never becomes pickier later."""
        best = 0
        for accepted in combinations_with_replacement(range(self.size + 1), self.spins - 1):
            gain, reached = 0, 1
            for spin, count in enumerate((*accepted, self.size)):
                taken = sum(self.numbers[self.size - count :]) - count * self.fee * spin
                gain = gain * self.size + reached * taken
                reached *= self.size - count
            best = max(best, gain)
        return Fraction(best, self.size**self.spins)

"""Arithmetic of counts and money: stories that a child in grade school solves with the four operations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Tuple, Value
from mathif.problems.wording import listed
from mathif.records import Surface


@dataclass(frozen=True)
class ChangingStock(Family):
    """A number of things that grows, shrinks, doubles and halves."""

    name = "changing-stock"
    tier = 1
    topics = ("arithmetic", "four operations")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} has {self.start} {things} in a box. {self.plain} How many {things} are in the box at the end?",
            "At the start of the week a shop has {self.start} {things}. {self.plain} How many {things} does the shop "
            "have after that?",
        ),
        Surface.UNFAMILIAR: (
            "The cave of {name} holds {self.start} {things}. {self.strange} How many {things} does the cave hold when "
            "all of this has happened?",
            "A {thing} is a creature that lives in swarms. A swarm has {self.start} {things}. {self.strange} How many "
            "{things} are in the swarm in the end?",
        ),
    }

    start: int
    changes: tuple[tuple[str, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one change for each step; a halving only where the number is even, doublings while it is small."""
        start = now = rng.randint(12, 90)
        changes: list[tuple[str, int]] = []
        while len(changes) < steps:
            kind = rng.choice(("add", "add", "take", "take", "times", "half"))
            amount = rng.randint(8, 40) if kind == "add" else rng.randint(2, max(2, now // 2))
            if kind == "times":
                amount = rng.randint(2, 3)
            if (kind == "half" and now % 2) or (kind == "times" and now > 200) or (now < 8 and kind != "add"):
                continue
            if changes and changes[-1][0] == kind:
                continue
            changes.append((kind, 2 if kind == "half" else amount))
            now = _changed(now, *changes[-1])
        return cls(start, tuple(changes))

    def _told(self, phrases: dict[str, str]) -> str:
        openings = ("First", "Then", "Next", "After that", "Then", "Next", "Later", "Finally")
        lines = [phrases[kind].format(n=amount) for kind, amount in self.changes]
        pairs = zip(openings, lines, strict=False)
        return " ".join(
            f"{opening}, {line.replace('times 2', 'twice').replace('2 times', 'twice')}." for opening, line in pairs
        )

    @property
    def plain(self) -> str:
        """The changes as a shop would have them."""
        return self._told(
            {
                "add": "{n} more are put in",
                "take": "{n} are taken out",
                "times": "the number grows to {n} times what it was",
                "half": "exactly half of them are given away",
            }
        )

    @property
    def strange(self) -> str:
        """The changes as no shop would have them."""
        return self._told(
            {
                "add": "{n} more drift in through the fog",
                "take": "{n} dissolve at moonrise",
                "times": "a blue wind blows and makes the number {n} times as large",
                "half": "exactly half of them turn into rain",
            }
        )

    def answer(self) -> Value:
        """Follow the changes."""
        now = self.start
        for change in self.changes:
            now = _changed(now, *change)
        return now

    def check(self) -> Value:
        """Go the way back: the one final number that leads to the start when every change is undone."""
        slope, offset = Fraction(1), Fraction(0)
        for kind, amount in reversed(self.changes):
            if kind == "times":
                slope, offset = slope / amount, offset / amount
            elif kind == "half":
                slope, offset = slope * 2, offset * 2
            else:
                offset += -amount if kind == "add" else amount
        return (self.start - offset) / slope


def _changed(now: int, kind: str, amount: int) -> int:
    """Apply one change to a number of things."""
    if kind == "add":
        return now + amount
    if kind == "take":
        return now - amount
    return now * amount if kind == "times" else now // 2


@dataclass(frozen=True)
class Purchase(Family):
    """Several kinds of goods are bought and paid with more money than they cost."""

    name = "change-from-a-purchase"
    tier = 1
    topics = ("arithmetic", "money")
    steps = range(2, 9, 2)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "At the market {name} buys {self.basket} and pays with {self.paid} cents. How many cents does {name} get "
            "back?",
            "{name} starts with {self.paid} cents of pocket money and spends some of it on {self.basket}. How many "
            "cents are left?",
        ),
        Surface.UNFAMILIAR: (
            "Witches pay in soot. {name} owns {self.paid} pinches of soot and spends some on {self.brew}. How many "
            "pinches of soot does {name} still own?",
            "A dragon named {name} keeps {self.paid} sparks in its belly. It breathes some of them out on "
            "{self.brew}. How many sparks does it keep?",
        ),
    }

    goods: tuple[tuple[int, int], ...]
    paid: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one kind of goods for every two steps, a product and a sum or difference."""
        goods = tuple((rng.randint(2, 12), rng.randint(15, 95)) for _ in range(steps // 2))
        cost = sum(n * price for n, price in goods)
        return cls(goods, cost + rng.randint(20, 500))

    def _list(self, nouns: tuple[str, ...], unit: str = "") -> str:
        pairs = zip(self.goods, nouns, strict=False)
        return listed(f"{n} {noun} at {price}{unit} each" for (n, price), noun in pairs)

    @property
    def basket(self) -> str:
        """The goods of a market."""
        return self._list(("apples", "rolls", "pears", "plums"), " cents")

    @property
    def brew(self) -> str:
        """The goods of another world."""
        return self._list(("moth lanterns", "bottled yawns", "singing thorns", "left shadows"))

    def answer(self) -> Value:
        """Subtract the products from what was paid."""
        return self.paid - sum(n * price for n, price in self.goods)

    def check(self) -> Value:
        """Pay piece by piece."""
        left = self.paid
        for n, price in self.goods:
            for _ in range(n):
                left -= price
        return left


@dataclass(frozen=True)
class UnevenShares(Family):
    """A sum is split into shares of which each is a known amount larger than the one before."""

    name = "uneven-shares"
    tier = 1
    topics = ("arithmetic", "sharing")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name}, {friend} and {third} share {self.total} {things}. {friend} gets {self.more} more than {name}, "
            "and {third} gets {self.extra} more than {friend}. How many {things} does each get? Give the numbers in "
            "the order {name}, {friend}, {third} as a triple.",
            "Three boxes hold {self.total} {things} together. The second box holds {self.more} more than the first, "
            "and the third holds {self.extra} more than the second. How many {things} are in the boxes? Answer with "
            "the triple (first, second, third).",
        ),
        Surface.UNFAMILIAR: (
            "Three comets shed {self.total} sparks in one night. The comet {friend} sheds {self.more} sparks more "
            "than the comet {name}, and the comet {third} sheds {self.extra} more than {friend}. Give the triple of "
            "the numbers of sparks of {name}, {friend} and {third}, in this order.",
        ),
    }

    total: int
    more: int
    extra: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the smallest share and both differences."""
        least, more, extra = rng.randint(5, 90), rng.randint(2, 30), rng.randint(2, 30)
        return cls(3 * least + 2 * more + extra, more, extra)

    def answer(self) -> Value:
        """Take the differences away, divide by three, and put them back."""
        least = Fraction(self.total - 2 * self.more - self.extra, 3)
        return Tuple(least, least + self.more, least + self.more + self.extra)

    def check(self) -> Value:
        """Try every smallest share."""
        for least in range(self.total + 1):
            shares = (least, least + self.more, least + self.more + self.extra)
            if sum(shares) == self.total:
                return Tuple(*shares)
        return "none"


@dataclass(frozen=True)
class HeadsAndLegs(Family):
    """Two kinds of animals, counted by heads and by legs."""

    name = "heads-and-legs"
    tier = 1
    topics = ("arithmetic", "assumption and correction")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In a workshop stand {self.heads} stools, each with {self.few} or {self.many} legs. Together they have "
            "{self.legs} legs. How many stools have {self.few} legs, and how many have {self.many}? Answer with the "
            "pair (stools with {self.few} legs, stools with {self.many} legs).",
            "A quiz has {self.heads} questions. A question of the first part is worth {self.few} points, one of the "
            "second part {self.many} points, and all questions together are worth {self.legs} points. How many "
            "questions does each part have? Answer with the pair (first part, second part).",
        ),
        Surface.UNFAMILIAR: (
            "On the moon of {name} every creature is a {thing}, which has {self.few} antennae, or a {other}, which "
            "has {self.many}. A herd of {self.heads} creatures has {self.legs} antennae. Give the pair (number of "
            "{things}, number of {others}).",
        ),
    }

    heads: int
    legs: int
    few: int
    many: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two numbers of legs and how many animals have each."""
        few, many = sorted(rng.sample(range(2, 10), 2))
        first, second = rng.randint(2, 40), rng.randint(2, 40)
        return cls(first + second, few * first + many * second, few, many)

    def answer(self) -> Value:
        """Suppose that all have few legs; what is missing comes from the others."""
        second = Fraction(self.legs - self.few * self.heads, self.many - self.few)
        return Tuple(self.heads - second, second)

    def check(self) -> Value:
        """Try every number of animals of the first kind."""
        for first in range(self.heads + 1):
            if self.few * first + self.many * (self.heads - first) == self.legs:
                return Tuple(first, self.heads - first)
        return "none"


@dataclass(frozen=True)
class Evening(Family):
    """One owner hands things to another until the difference between them is a given one."""

    name = "handing-over"
    tier = 1
    topics = ("arithmetic", "differences")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} has {self.rich} {things} and {friend} has {self.poor}. How many {things} must {name} give to "
            "{friend} so that {friend} then has exactly {self.lead} more than {name}?",
            "There are {self.rich} children in the red bus and {self.poor} in the blue bus. How many children must "
            "move from the red bus to the blue bus so that the blue bus has exactly {self.lead} children more than "
            "the red bus?",
        ),
        Surface.UNFAMILIAR: (
            "Two clouds trade thunder. The cloud {name} carries {self.rich} rumbles, the cloud {friend} carries "
            "{self.poor}. How many rumbles must pass from {name} to {friend} so that {friend} ends up with exactly "
            "{self.lead} rumbles more than {name}?",
        ),
    }

    rich: int
    poor: int
    lead: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the poorer owner, the gift, and the lead that the gift leads to."""
        poor, lead = rng.randint(5, 120), rng.randint(2, 30)
        gift = rng.randint(lead // 2 + 2, 60)
        return cls(poor + 2 * gift - lead, poor, lead)

    def answer(self) -> Value:
        """Each thing handed over changes the difference by two."""
        return Fraction(self.rich - self.poor + self.lead, 2)

    def check(self) -> Value:
        """Hand over one by one."""
        return next(gift for gift in count() if self.poor + gift - (self.rich - gift) == self.lead)


@dataclass(frozen=True)
class Posts(Family):
    """Things set at equal distances along a line, both ends included, and what they cost."""

    name = "posts-along-a-line"
    tier = 1
    topics = ("arithmetic", "counting gaps")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Along a straight path of {self.length} meters a lamp stands every {self.gap} meters, with one at each "
            "end. Every lamp uses {self.cost} watts. How many watts do all lamps use together?",
            "A straight fence of {self.length} meters has a post every {self.gap} meters, one at the very start and "
            "one at the very end. A post costs {self.cost} euros. How many euros do the posts cost together?",
        ),
        Surface.UNFAMILIAR: (
            "A giant's eyebrow is {self.length} spans long. At one end, at the other end, and every {self.gap} spans "
            "between them sits a {thing}. Each {thing} hums {self.cost} notes. How many notes are hummed altogether?",
        ),
    }

    length: int
    gap: int
    cost: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the gap, the number of gaps, and the cost of one post."""
        gap = rng.randint(3, 15)
        return cls(gap * rng.randint(6, 45), gap, rng.randint(6, 60))

    def answer(self) -> Value:
        """There is one post more than there are gaps."""
        return (self.length // self.gap + 1) * self.cost

    def check(self) -> Value:
        """Walk along the line."""
        return sum(self.cost for place in range(self.length + 1) if place % self.gap == 0)


@dataclass(frozen=True)
class BracketFee(Family):
    """A fee with a fixed part, a first stretch at one rate and the rest at another."""

    name = "fee-with-two-rates"
    tier = 1
    topics = ("arithmetic", "money")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A taxi ride costs {self.fixed} cents to begin with, {self.near} cents for each of the first {self.limit} "
            "kilometers, and {self.far} cents for every kilometer after that. What does a ride of {self.way} "
            "kilometers cost, in cents?",
            "A bicycle shop lends bicycles. There is a charge of {self.fixed} cents, then {self.near} cents for each "
            "of the first {self.limit} hours and {self.far} cents for each later hour. {name} keeps a bicycle for "
            "{self.way} hours. How many cents does {name} pay?",
        ),
        Surface.UNFAMILIAR: (
            "To cross the swamp one feeds the ferry-toad. It wants {self.fixed} flies at once, {self.near} flies for "
            "each of the first {self.limit} ripples, and {self.far} flies for each ripple beyond. How many flies does "
            "a crossing of {self.way} ripples take?",
        ),
    }

    fixed: int
    near: int
    limit: int
    far: int
    way: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a ride that is longer than the first stretch, with a cheaper rate behind it."""
        far, limit = rng.randint(40, 120), rng.randint(3, 9)
        return cls(rng.randint(100, 400), far + rng.randint(10, 90), limit, far, limit + rng.randint(3, 20))

    def answer(self) -> Value:
        """Add the fixed part and both stretches."""
        return self.fixed + self.near * self.limit + self.far * (self.way - self.limit)

    def check(self) -> Value:
        """Charge every kilometer on its own."""
        return self.fixed + sum(self.near if k < self.limit else self.far for k in range(self.way))


@dataclass(frozen=True)
class NestedContainers(Family):
    """Containers inside containers: how many of the smallest things there are."""

    name = "boxes-in-boxes"
    tier = 1
    topics = ("arithmetic", "unit conversion")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A school orders {self.count} {self.top_plain} of pencils. {self.plain} When everything is unpacked, "
            "{self.gone} pencils are found to be broken. How many pencils are whole?",
            "A factory sends {self.count} {self.top_plain} of pencils to a store. {self.plain} On the first day the "
            "store sells {self.gone} pencils. How many pencils are left?",
        ),
        Surface.UNFAMILIAR: (
            "In {name} length is measured in odd units. {self.strange} A snail crawls {self.count} {self.top_strange} "
            "forward and then {self.gone} tiffs back. How many tiffs from its start is it?",
        ),
    }

    count: int
    sizes: tuple[int, ...]
    gone: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one size for each product; the last step is the difference."""
        sizes = tuple(rng.randint(3, 25 if steps == 2 else 12 if steps < 5 else 6) for _ in range(steps - 1))
        return cls(rng.randint(4, 40), sizes, rng.randint(5, 11))

    def _rates(self, nouns: tuple[str, ...], verb: str) -> str:
        rates = zip(nouns[1:], nouns, self.sizes, strict=False)
        return " ".join(f"Every {large} {verb} {size} {small}s." for large, small, size in reversed(list(rates)))

    @property
    def plain(self) -> str:
        """What each container holds, the largest first."""
        return self._rates(_CONTAINERS, "holds")

    @property
    def strange(self) -> str:
        """What each unit is worth, the largest first."""
        return self._rates(_LENGTHS, "is as long as")

    @property
    def top_plain(self) -> str:
        """The largest container."""
        return _CONTAINERS[len(self.sizes)] + "s"

    @property
    def top_strange(self) -> str:
        """The largest unit."""
        return _LENGTHS[len(self.sizes)] + "s"

    def answer(self) -> Value:
        """Multiply down to the smallest things, then subtract."""
        total = self.count
        for size in self.sizes:
            total *= size
        return total - self.gone

    def check(self) -> Value:
        """Fill the containers from the smallest up and count what one of the largest holds."""
        held = [1]
        for size in self.sizes:
            held.append(sum(held[-1] for _ in range(size)))
        return sum(held[-1] for _ in range(self.count)) - self.gone


_CONTAINERS = ("pencil", "packet", "carton", "crate", "pallet", "truckload")
_LENGTHS = ("tiff", "morl", "sned", "gropp", "uvel", "zanth")


@dataclass(frozen=True)
class NeededScore(Family):
    """The score that lifts an average to a goal."""

    name = "needed-score"
    tier = 1
    topics = ("arithmetic", "averages")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} scored {self.listed} points in {self.number} tests. What must {name} score in the next test so "
            "that the average of all {self.next} tests is {self.goal} points?",
            "A gardener picked {self.listed} kilograms of tomatoes in {self.number} weeks. How many kilograms must be "
            "picked in the following week for an average of {self.goal} kilograms over all {self.next} weeks?",
        ),
        Surface.UNFAMILIAR: (
            "The {thing} {name} sneezes glitter, and the glitter is weighed in {units}. The first {self.number} "
            "sneezes weighed {self.listed} {units}. How many {units} must the following sneeze weigh so that the "
            "{self.next} sneezes average {self.goal} {units}?",
        ),
    }

    scores: tuple[int, ...]
    goal: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the goal, then scores around it, until the needed score is positive."""
        while True:
            goal = rng.randint(20, 80)
            scores = tuple(goal + rng.randint(-15, 12) for _ in range(rng.randint(3, 5)))
            if goal * (len(scores) + 1) - sum(scores) > 5:
                return cls(scores, goal)

    @property
    def listed(self) -> str:
        """The scores so far."""
        return listed(self.scores)

    @property
    def number(self) -> int:
        """How many scores there are."""
        return len(self.scores)

    @property
    def next(self) -> int:
        """How many scores there will be."""
        return len(self.scores) + 1

    def answer(self) -> Value:
        """Subtract what is there from what the goal needs."""
        return self.goal * self.next - sum(self.scores)

    def check(self) -> Value:
        """Raise the next score until the average is the goal."""
        return next(score for score in count() if Fraction(sum(self.scores) + score, self.next) == self.goal)

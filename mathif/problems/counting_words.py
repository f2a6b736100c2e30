"""Words and courses built step by step: recursions with states, reflections, filters, bijections."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import comb, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.wording import counted, listed, spelled
from mathif.records import Surface

_QUIET = 0
_KINDS = ("calm", "bold", "wild")


@dataclass(frozen=True)
class RestlessWords(Family):
    """Words of letters of three kinds, two of which must not be doubled: a recursion with a state for the last kind."""

    name = "words-without-doubled-kinds"
    tier = 4
    topics = ("counting", "recursions with states")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A baker puts {self.n} rolls in a row. There are {self.a} sorts of plain rolls, {self.b} sorts of sweet "
            "rolls and {self.c} sorts of salty rolls, and enough of each sort. Two sweet rolls, of the same sort or "
            "not, must never lie side by side, and neither must two salty ones. The first roll must be "
            "{self.first_roll}, the last one {self.last_roll}. How many different rows of sorts are possible?",
            "How many strings of {self.n} letters are there, made of {self.a} vowels, {self.b} hard consonants and "
            "{self.c} soft consonants that may be used repeatedly, which begin with a {self.first_letter} and end "
            "with a {self.last_letter}, and in which neither two hard consonants nor two soft consonants stand side "
            "by side?",
        ),
        Surface.UNFAMILIAR: (
            "The days of a {thing} are calm, bold or wild. There are {self.a} kinds of calm days, {self.b} kinds of "
            "bold days and {self.c} kinds of wild days. After a bold day never comes a bold day, after a wild day "
            "never a wild day, of whatever kind. How many courses of {self.n} days, described by the kind of each "
            "day, begin with a {self.first_day} day and end with a {self.last_day} day?",
            "A chain of {self.n} links is forged from links of {self.a} stone sorts, {self.b} fire sorts and {self.c} "
            "ice sorts, each sort as often as desired. Neighbouring links may be of the same sort, except that fire "
            "must not touch fire and ice must not touch ice, even of different sorts. The left end must be "
            "{self.first_link} and the right end {self.last_link}. How many chains are there, read from left to right?",
        ),
    }

    n: int
    a: int
    b: int
    c: int
    first: int
    last: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one place more than steps, two to nine letters of each kind or more in short words, both ends."""
        a, b, c = (rng.randint(2, 12 if steps == 2 else 9) for _ in range(3))
        return cls(steps + 1, a, b, c, rng.randrange(3), rng.randrange(3))

    @property
    def first_roll(self) -> str:
        """The kind of the first roll."""
        return ("plain", "sweet", "salty")[self.first]

    @property
    def last_roll(self) -> str:
        """The kind of the last roll."""
        return ("plain", "sweet", "salty")[self.last]

    @property
    def first_letter(self) -> str:
        """The kind of the first letter."""
        return ("vowel", "hard consonant", "soft consonant")[self.first]

    @property
    def last_letter(self) -> str:
        """The kind of the last letter."""
        return ("vowel", "hard consonant", "soft consonant")[self.last]

    @property
    def first_day(self) -> str:
        """The kind of the first day."""
        return _KINDS[self.first]

    @property
    def last_day(self) -> str:
        """The kind of the last day."""
        return _KINDS[self.last]

    @property
    def first_link(self) -> str:
        """The kind of the left end."""
        return ("stone", "fire", "ice")[self.first]

    @property
    def last_link(self) -> str:
        """The kind of the right end."""
        return ("stone", "fire", "ice")[self.last]

    def answer(self) -> int:
        """Count the words by length and last kind."""
        sizes = (self.a, self.b, self.c)
        ending = [sizes[kind] if kind == self.first else 0 for kind in range(3)]
        for _ in range(self.n - 1):
            total = sum(ending)
            ending = [size * (total - (ending[kind] if kind else 0)) for kind, size in enumerate(sizes)]
        return ending[self.last]

    def check(self) -> int:
        """Go through all patterns of kinds."""
        sizes = (self.a, self.b, self.c)
        total = 0
        for middle in product(range(3), repeat=self.n - 2):
            kinds = (self.first, *middle, self.last)
            if all(kinds[i] == _QUIET or kinds[i] != kinds[i + 1] for i in range(self.n - 1)):
                total += prod(sizes[kind] for kind in kinds)
        return total


@dataclass(frozen=True)
class NeverBelowZero(Family):
    """Orders of gains and losses in two stages that never fall below zero: the reflection principle, twice."""

    name = "never-below-zero"
    tier = 4
    topics = ("counting", "ballot problem")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A ticket costs 5 euros, and there {self.notes_at_start} of 5 euros in the till. In the morning come "
            "{self.p1} customers with a 5-euro note and {self.q1} with a 10-euro note, in the afternoon {self.p2} "
            "with a 5-euro note and {self.q2} with a 10-euro note. Each buys one ticket, and whoever pays with a "
            "10-euro note gets a 5-euro note from the till as change. We only care about who pays with which note. "
            "How many orders of the customers, within the morning and within the afternoon, are there for which "
            "change can always be given?",
            "{name} starts a game with {self.points}. In the first half {name} wins exactly {self.p1} rounds and "
            "loses exactly {self.q1}, in the second half {name} wins exactly {self.p2} and loses exactly {self.q2}. "
            "Each win adds a point and each loss takes one away, and the number of points was never negative. How "
            "many sequences of wins and losses are possible for the whole game?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} swims at a depth of {self.fathoms}. Each hour it either dives one fathom down or rises one "
            "fathom up. In the first {self.t1} hours it dives {self.p1} times and rises {self.q1} times, in the "
            "{self.t2} hours after that it dives {self.p2} times and rises {self.q2} times. It can touch the surface, "
            "at depth 0, but never leaves the water. How many courses of these {self.t} hours are possible?",
            "A word of {self.t} signs over the signs $\\vartriangle$ and $\\triangledown$ is called *lawful* if in "
            "each of its beginnings, the whole word included, the number of $\\triangledown$ exceeds the number of "
            "$\\vartriangle$ by at most {self.s}. How many lawful words have {self.p1} signs $\\vartriangle$ and "
            "{self.q1} signs $\\triangledown$ among the first {self.t1} signs, and {self.p2} signs $\\vartriangle$ "
            "and {self.q2} signs $\\triangledown$ among the other {self.t2}?",
        ),
    }

    s: int
    p1: int
    q1: int
    p2: int
    q2: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a start from 0 to 5, and two stages with 3 to 8 gains; in the first, losses can lead below 0."""
        s, p1, p2 = rng.randint(0, 5), rng.randint(3, 8), rng.randint(3, 8)
        q1 = rng.randint(max(2, s + 1), min(8, s + p1))
        middle = s + p1 - q1
        return cls(s, p1, q1, p2, rng.randint(2, min(8, middle + p2)))

    @property
    def t1(self) -> int:
        """The length of the first stage."""
        return self.p1 + self.q1

    @property
    def t2(self) -> int:
        """The length of the second stage."""
        return self.p2 + self.q2

    @property
    def t(self) -> int:
        """The whole length."""
        return self.t1 + self.t2

    @property
    def notes_at_start(self) -> str:
        """The notes in the till, with the verb."""
        return f"{'is' if self.s == 1 else 'are'} {counted(self.s, 'note') if self.s else 'no notes'}"

    @property
    def points(self) -> str:
        """The points at the start."""
        return counted(self.s, "point")

    @property
    def fathoms(self) -> str:
        """The depth at the start."""
        return counted(self.s, "fathom")

    def answer(self) -> int:
        """For each stage, take the reflected paths away: those that reach -1."""

        def stage(start: int, ups: int, downs: int) -> int:
            reflected = comb(ups + downs, downs - start - 1) if downs > start else 0
            return comb(ups + downs, ups) - reflected

        return stage(self.s, self.p1, self.q1) * stage(self.s + self.p1 - self.q1, self.p2, self.q2)

    def check(self) -> int:
        """Count the orders by gains and losses so far, and let both stages meet in one point."""
        ways = {(0, 0): 1}
        corner = (self.p1, self.q1)
        for ups in range(self.p1 + self.p2 + 1):
            for downs in range(self.q1 + self.q2 + 1):
                allowed = self.s + ups - downs >= 0
                inside = (ups <= corner[0] and downs <= corner[1]) or (ups >= corner[0] and downs >= corner[1])
                if (ups, downs) != (0, 0):
                    came = ways.get((ups - 1, downs), 0) + ways.get((ups, downs - 1), 0)
                    ways[ups, downs] = came if allowed and inside else 0
        return ways[self.p1 + self.p2, self.q1 + self.q2]


@dataclass(frozen=True)
class ParityWords(Family):
    """Words in which one letter occurs an even, another an odd number of times: a filter with signs."""

    name = "words-with-parities"
    tier = 5
    topics = ("counting", "exponential generating functions")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many words of {self.n} letters can be formed from the letters {self.letters}, with repetition, in "
            "which {self.even} occurs an even number of times (0 times is even) and {self.odd} occurs an odd number "
            "of times?",
            "{self.n} guests each choose one of {self.size} dishes, called {self.letters}. It is recorded who chose "
            "what. In how many ways can they choose so that dish {self.even} is chosen by an even number of guests "
            "(perhaps by none) and dish {self.odd} by an odd number?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} dances by taking {self.n} steps, each of one of the {self.size} sorts {self.letters}. Every "
            "step {self.even} changes its skin between red and white, every step {self.odd} changes its eyes between "
            "open and shut, and other steps change neither. Before the dance it is red and its eyes are open; after "
            "it, it is red and its eyes are shut. How many dances are possible?",
            "In the language of {name} there are only the {self.size} sounds {self.letters}, and each sequence of "
            "{self.n} sounds is an oath. An oath binds if it has an even number (0 included) of sounds {self.even} "
            "and an odd number of sounds {self.odd}. How many oaths bind?",
        ),
    }

    n: int
    alphabet: str
    even: str
    odd: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three to five letters and 5 to 8 places."""
        alphabet = sorted(rng.sample("BCDFGHKLMNPQRSTVWXZ", rng.randint(3, 5)))
        even, odd = rng.sample(alphabet, 2)
        return cls(rng.randint(5, 8), "".join(alphabet), even, odd)

    @property
    def letters(self) -> str:
        """The letters, as in a sentence."""
        return listed(self.alphabet)

    @property
    def size(self) -> str:
        """The number of letters, in words."""
        return spelled(len(self.alphabet))

    def answer(self) -> int:
        """Take the coefficient of cosh x sinh x e^((k-2)x): (k^n - (k-4)^n) / 4."""
        k = len(self.alphabet)
        fourfold: int = k**self.n - (k - 4) ** self.n
        return fourfold // 4

    def check(self) -> int:
        """Write letter by letter, keeping both parities."""
        others = len(self.alphabet) - 2
        ways = {(0, 0): 1, (0, 1): 0, (1, 0): 0, (1, 1): 0}
        for _ in range(self.n):
            ways = {(e, o): others * ways[e, o] + ways[1 - e, o] + ways[e, 1 - o] for e, o in ways}
        return ways[0, 1]


@dataclass(frozen=True)
class LeapingSequences(Family):
    """Rising sequences whose steps have a given remainder: Terquem's problem, by a bijection with multisets."""

    name = "rising-with-step-remainders"
    tier = 5
    topics = ("counting", "bijections")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many sets of {self.k} numbers from $1, 2, \\ldots, {self.n}$ have this property: if the numbers are "
            "put in increasing order, the smallest one leaves the remainder {self.r} on division by {self.m}, and "
            "each of the differences between a number and the next one leaves the remainder {self.d} on division by "
            "{self.m}?",
            "A frog sits at 0 and jumps to the right, from stone to stone, along stones at $1, 2, \\ldots, {self.n}$. "
            "It makes exactly {self.k} jumps. The length of its first jump leaves the remainder {self.r} on division "
            "by {self.m}, the length of every later jump leaves the remainder {self.d} on division by {self.m}. How "
            "many sequences of jumps are possible, if it need not end on the last stone?",
        ),
        Surface.UNFAMILIAR: (
            "The {self.n} towers of {name} stand in a row and are numbered from 1 to {self.n}. Exactly {self.k} of "
            "them are lit. A watcher walks along the row from the first tower and writes down the number of the first "
            "lit tower, and then for each further lit tower how many numbers it lies beyond the lit tower before it. "
            "The first number written down is {self.r} more than a multiple of {self.m}, each of the others is "
            "{self.d} more than a multiple of {self.m} (0 counts as a multiple). How many sets of lit towers are "
            "possible?",
            "A {thing} lives for {self.n} days, numbered from 1, and sleeps on exactly {self.k} of them. For each "
            "sleep, the *wait* is the number of its day minus the number of the day of the sleep before; for the "
            "first sleep it is the number of its day. Written in base {self.m}, the first wait ends in the digit "
            "{self.r}, and every other wait ends in the digit {self.d}. How many choices of the days of sleep are "
            "possible?",
        ),
    }

    n: int
    k: int
    m: int
    r: int
    d: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a modulus from 2 to 7, remainders that are not 0, 3 to 6 numbers, and a range with room for them."""
        m, k = rng.choice((2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7)), rng.randint(3, 6)
        r, d = rng.randint(1, m - 1), rng.randint(1, m - 1)
        return cls(r + (k - 1) * d + m * rng.randint(3, 10) + rng.randrange(m), k, m, r, d)

    def answer(self) -> int:
        """Take the least waits away and divide by m: what is left is a multiset of k out of the multiples."""
        room = (self.n - self.r - (self.k - 1) * self.d) // self.m
        return comb(room + self.k, self.k)

    def check(self) -> int:
        """Count by the number of choices and the last number chosen."""
        ending = [int(x % self.m == self.r) for x in range(self.n + 1)]
        for _ in range(self.k - 1):
            longer = [0] * (self.n + 1)
            for x in range(self.d, self.n + 1):
                longer[x] = ending[x - self.d] + (longer[x - self.m] if x >= self.m else 0)
            ending = longer
        return sum(ending)

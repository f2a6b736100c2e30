"""Counting, tiers 1 to 3: products, pairs, overlaps, committees, paths, arrangements and numbers with given digits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from math import comb, factorial, lcm, perm, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.wording import listed, spelled
from mathif.records import Surface


@dataclass(frozen=True)
class OneOfEach(Family):
    """One choice from each kind, the last of which may be left out: the product rule."""

    name = "one-of-each-kind"
    tier = 1
    topics = ("counting", "product rule")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} chooses clothes for a party and has {self.clothes}. An outfit has exactly one piece of each of "
            "these kinds, except that {name} may also go without a hat. How many different outfits are possible?",
            "A restaurant offers {self.courses}. A guest must take exactly one of each, but may do without a drink. "
            "How many different orders are possible?",
        ),
        Surface.UNFAMILIAR: (
            "To wake the golem of {name} one speaks a spell. The wizard's book lists {self.spells}, and a spell needs "
            "exactly one of each kind, except that the seal may be left out. How many different spells are there?",
            "A {thing} is built by a machine from {self.organs}: it gets exactly one organ of each of these kinds, "
            "but it may also be built without a tail. How many different {things} can the machine build?",
        ),
    }

    numbers: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one kind for each step, with fewer choices the more kinds there are."""
        most = {2: 99, 3: 30, 4: 12, 5: 9, 6: 6}[steps]
        return cls(tuple(rng.randint(2 if steps > 2 else 9, most) for _ in range(steps)))

    def _kinds(self, kinds: tuple[str, ...]) -> str:
        chosen = (*kinds[: len(self.numbers) - 1], kinds[-1])
        return listed(f"{n} {kind}" for n, kind in zip(self.numbers, chosen, strict=True))

    @property
    def clothes(self) -> str:
        """The clothes, counted."""
        return self._kinds(("shirts", "skirts", "jackets", "belts", "scarves", "hats"))

    @property
    def courses(self) -> str:
        """The courses, counted."""
        return self._kinds(("starters", "main dishes", "desserts", "cheeses", "coffees", "drinks"))

    @property
    def spells(self) -> str:
        """The parts of a spell, counted."""
        return self._kinds(("calls", "oaths", "curses", "names", "rhymes", "seals"))

    @property
    def organs(self) -> str:
        """The organs, counted."""
        return self._kinds(("eyes", "wings", "horns", "shells", "beaks", "tails"))

    def answer(self) -> int:
        """Multiply; leaving the last kind out is one more choice for it."""
        return prod(self.numbers[:-1]) * (self.numbers[-1] + 1)

    def check(self) -> int:
        """Add the cases with and without the last kind."""
        return prod(self.numbers) + prod(self.numbers[:-1])


@dataclass(frozen=True)
class BetweenGroups(Family):
    """Meetings between members of different groups, each pair several times: pairs without those inside a group."""

    name = "games-between-clubs"
    tier = 2
    topics = ("counting", "pairs")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.many_groups} chess clubs with {self.sizes_listed} players meet for a tournament. Every player "
            "plays exactly {self.times} games against each player of every other club, and none against players of "
            "the same club. How many games are played altogether?",
            "At a party there are {self.many_groups_small} families, with {self.sizes_listed} members. Any two guests "
            "from different families dance together exactly {self.times} times, and two guests of one family never "
            "dance together. How many dances of two guests are there in all?",
        ),
        Surface.UNFAMILIAR: (
            "In the sky of Ulm float {self.many_groups_small} swarms of {self.sizes_listed} {things}. From each "
            "{thing} to each {thing} of every other swarm {self.times} threads of light are spun, counted once for "
            "the two of them, and none inside a swarm. How many threads of light are there?",
            "A machine has {self.many_groups_small} plates with {self.sizes_listed} pins. Any two pins on different "
            "plates are joined by exactly {self.times} wires, and pins on the same plate are not joined. How many "
            "wires does the machine have?",
        ),
    }

    sizes: tuple[int, ...]
    times: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many groups as steps, and from 2 to 9 meetings of each pair."""
        most = 40 if steps == 2 else 16
        return cls(tuple(rng.randint(3, most) for _ in range(steps)), rng.randint(2, 9))

    @property
    def many_groups_small(self) -> str:
        """The number of groups in words."""
        return spelled(len(self.sizes))

    @property
    def many_groups(self) -> str:
        """The number of groups in words, for the beginning of a sentence."""
        return self.many_groups_small.capitalize()

    @property
    def sizes_listed(self) -> str:
        """The sizes as a list."""
        return listed(self.sizes)

    def answer(self) -> int:
        """Multiply each group by all groups before it, add up, and multiply by the meetings of a pair."""
        total, before = 0, 0
        for size in self.sizes:
            total += before * size
            before += size
        return self.times * total

    def check(self) -> int:
        """Take the pairs inside groups away from all pairs."""
        return self.times * (comb(sum(self.sizes), 2) - sum(comb(size, 2) for size in self.sizes))


@dataclass(frozen=True)
class MultiplesInRange(Family):
    """Numbers of a range that are divisible by one of two numbers: inclusion and exclusion for two sets."""

    name = "multiples-of-either"
    tier = 2
    topics = ("counting", "inclusion-exclusion")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many whole numbers from {self.low} to {self.high}, both included, are divisible by {self.p} or by "
            "{self.q} (or by both)?",
            "The tickets of a raffle carry the numbers from {self.low} to {self.high}, each number once. A ticket "
            "wins if its number is a multiple of {self.p} or a multiple of {self.q} or both. How many tickets win?",
        ),
        Surface.UNFAMILIAR: (
            "The nights of the realm of {name} are numbered. The comet Umbra is seen in every night whose number is a "
            "multiple of {self.p}, the comet Vex in every night whose number is a multiple of {self.q}. In how many "
            "of the nights {self.low} to {self.high}, both included, is at least one of these comets seen?",
            "Call a whole number *dim* if neither {self.p} nor {self.q} divides it, and *bright* otherwise. How many "
            "bright numbers $n$ satisfy ${self.low} \\le n \\le {self.high}$?",
        ),
    }

    low: int
    high: int
    p: int
    q: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two divisors from 4 to 15, neither a multiple of the other, and a range up to 1200."""
        p = rng.randint(4, 15)
        q = rng.choice([q for q in range(4, 16) if p % q and q % p])
        low = rng.randint(20, 300)
        return cls(low, low + rng.randint(150, 900), p, q)

    def _multiples(self, d: int) -> int:
        return self.high // d - (self.low - 1) // d

    def answer(self) -> int:
        """Add the multiples of each and take the multiples of both away."""
        return self._multiples(self.p) + self._multiples(self.q) - self._multiples(lcm(self.p, self.q))

    def check(self) -> int:
        """Collect the multiples."""
        first, second = (range(self.low + -self.low % d, self.high + 1, d) for d in (self.p, self.q))
        return len({*first, *second})


@dataclass(frozen=True)
class MixedTeam(Family):
    """Teams from three groups with a least number from each: cases, and the complement inside a case."""

    name = "mixed-team"
    tier = 3
    topics = ("counting", "combinations")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A company has {self.a} engineers, {self.b} designers and {self.c} lawyers. In how many ways can a team "
            "of {self.k} people be chosen that has at least {self.least_first} and at least one designer and at least "
            "one lawyer?",
            "A box holds {self.a} red, {self.b} green and {self.c} blue balls, all with different numbers on them. In "
            "how many ways can {self.k} balls be chosen at once, so that at least {self.least_red} and at least one "
            "green and at least one blue ball are among them? The order of the balls does not matter.",
        ),
        Surface.UNFAMILIAR: (
            "The council of {name} calls {self.k} members from {self.a} sky-born, {self.b} sea-born and {self.c} "
            "stone-born elders. By law at least {self.r} sky-born, at least 1 sea-born and at least 1 stone-born "
            "elder must be called. How many different councils are possible?",
            "A hoard holds {self.a} different {things}, {self.b} different {others} and {self.c} different {units}. A "
            "dragon accepts as tribute any {self.k} pieces of the hoard, if they include at least {self.r} of the "
            "{things}, at least 1 of the {others} and at least 1 of the {units}. In how many ways can the tribute be "
            "chosen?",
        ),
    }

    a: int
    b: int
    c: int
    k: int
    r: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw groups of 4 to 15, a team of 4 to 7, and a least number of 1 or 2 from the first group."""
        a, b, c = (rng.randint(4, 15) for _ in range(3))
        return cls(a, b, c, rng.randint(4, 7), rng.randint(1, 2))

    @property
    def least_first(self) -> str:
        """The least number of engineers."""
        return f"{spelled(self.r)} engineer{'s' if self.r > 1 else ''}"

    @property
    def least_red(self) -> str:
        """The least number of red balls."""
        return f"{spelled(self.r)} red"

    def answer(self) -> int:
        """For each number from the first group, take the choices that miss one of the other groups away."""
        total = 0
        for i in range(self.r, min(self.a, self.k - 2) + 1):
            rest = self.k - i
            total += comb(self.a, i) * (comb(self.b + self.c, rest) - comb(self.b, rest) - comb(self.c, rest))
        return total

    def check(self) -> int:
        """Add over all admissible numbers from the three groups."""
        return sum(
            comb(self.a, i) * comb(self.b, j) * comb(self.c, self.k - i - j)
            for i in range(self.r, self.k)
            for j in range(1, self.k - i)
        )


@dataclass(frozen=True)
class DetourPaths(Family):
    """Shortest paths in a grid through one point and around another."""

    name = "paths-through-and-around"
    tier = 3
    topics = ("counting", "lattice paths")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In a city, the streets form a grid. {name} walks from the corner $(0, 0)$ to the corner $({self.m}, "
            "{self.n})$, each block either one to the east, which raises the first coordinate by 1, or one to the "
            "north, which raises the second by 1. On the way {name} must pass the shop at the corner $({self.p[0]}, "
            "{self.p[1]})$ and must not pass the corner $({self.q[0]}, {self.q[1]})$, which is closed. How many "
            "different routes are possible?",
            "A path starts at $(0, 0)$, ends at $({self.m}, {self.n})$, and consists of unit steps to the right and "
            "unit steps up. How many such paths go through the point $({self.p[0]}, {self.p[1]})$, but not through "
            "the point $({self.q[0]}, {self.q[1]})$?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} has an age and a size, both 0 at birth. Each moon it grows either in age by 1 or in size by 1, "
            "never in both. We know that it once had age {self.p[0]} and size {self.p[1]} at the same time, that it "
            "never had age {self.q[0]} and size {self.q[1]} at the same time, and that it now has age {self.m} and "
            "size {self.n}. In how many orders can its growth have happened?",
            "{name} writes words that contain exactly {self.m} times the letter E and exactly {self.n} times the "
            "letter N, and no other letters. A word is *blessed* if some beginning of it contains exactly {self.p[0]} "
            "E and {self.p[1]} N, and *cursed* if some beginning of it contains exactly {self.q[0]} E and {self.q[1]} "
            "N. How many of the words are blessed but not cursed?",
        ),
    }

    m: int
    n: int
    p: tuple[int, int]
    q: tuple[int, int]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a grid of up to 11 by 11, a point inside, and a second one beyond the first."""
        m, n = rng.randint(5, 11), rng.randint(5, 11)
        p = rng.randint(1, m - 3), rng.randint(1, n - 3)
        return cls(m, n, p, (rng.randint(p[0] + 1, m - 1), rng.randint(p[1] + 1, n - 1)))

    def answer(self) -> int:
        """Multiply the paths to the first point by those from there that avoid the second."""
        (a, b), (c, d) = self.p, self.q
        beyond = comb(self.m - a + self.n - b, self.m - a)
        through = comb(c - a + d - b, c - a) * comb(self.m - c + self.n - d, self.m - c)
        return comb(a + b, a) * (beyond - through)

    def check(self) -> int:
        """Count point by point, apart for paths that have been at the first point."""
        counts: dict[tuple[int, int], tuple[int, int]] = {}
        for x in range(self.m + 1):
            for y in range(self.n + 1):
                left, below = counts.get((x - 1, y), (0, 0)), counts.get((x, y - 1), (0, 0))
                before, after = left[0] + below[0] + (x + y == 0), left[1] + below[1]
                if (x, y) == self.p:
                    before, after = 0, before
                counts[x, y] = (0, 0) if (x, y) == self.q else (before, after)
        return counts[self.m, self.n][1]


@dataclass(frozen=True)
class ApartDigits(Family):
    """Arrangements of digits with repetition, no two of one digit side by side: place the rest, then fill gaps."""

    name = "equal-digits-apart"
    tier = 3
    topics = ("counting", "arrangements")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many different {self.length}-digit numbers can be written with the digits {self.all_digits}, using "
            "every one of them exactly as often as it is listed, so that no two digits {self.apart} stand side by "
            "side?",
            "{name} has {self.length} cards with the digits {self.all_digits} and lays all of them in a row, so that "
            "no two cards with the digit {self.apart} are neighbours. How many different numbers can be formed?",
        ),
        Surface.UNFAMILIAR: (
            "The song of a {thing} is a row of {self.length} notes: {self.notes}. Notes with the same number sound "
            "the same. Two notes with the number {self.apart} in direct succession would hurt its ears and never "
            "occur. How many different songs are possible?",
            "A gate-stone of {name} carries {self.length} runes in a row: {self.runes}. Runes with the same number "
            "look the same. The stone breaks if two runes with the number {self.apart} stand next to each other. How "
            "many different rows are there that do not break it?",
        ),
    }

    kinds: tuple[tuple[int, int], ...]
    apart: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three or four digits with a count each; the one to be kept apart at least twice, with enough gaps."""
        shown = sorted(rng.sample(range(1, 10), rng.randint(3, 4)))
        kinds = tuple((digit, rng.randint(1, 4 if len(shown) == 3 else 3)) for digit in shown)
        digit, count = rng.choice(kinds)
        others = sum(n for _, n in kinds) - count
        apart = min(max(count, 2), others)
        if others == 2:
            apart = 2
        return cls(tuple((d, apart if d == digit else n) for d, n in kinds), digit)

    @property
    def length(self) -> int:
        """The number of digits."""
        return sum(n for _, n in self.kinds)

    @property
    def all_digits(self) -> str:
        """Every digit as often as it occurs."""
        return listed(d for d, n in self.kinds for _ in range(n))

    @property
    def notes(self) -> str:
        """The notes, counted."""
        return listed(f"{spelled(n)} with the number {d}" for d, n in self.kinds)

    runes = notes

    def answer(self) -> int:
        """Arrange the other digits, then choose different gaps for the digit that is kept apart."""
        count = dict(self.kinds)[self.apart]
        others = [n for d, n in self.kinds if d != self.apart]
        arrangements = factorial(sum(others)) // prod(factorial(n) for n in others)
        return arrangements * comb(sum(others) + 1, count)

    def check(self) -> int:
        """Build the row digit by digit, remembering what is left and whether the last one was the digit apart."""

        @cache
        def rows(left: tuple[int, ...], blocked: bool) -> int:
            if not any(left):
                return 1
            total = 0
            for i, (digit, _) in enumerate(self.kinds):
                if left[i] and not (blocked and digit == self.apart):
                    total += rows((*left[:i], left[i] - 1, *left[i + 1 :]), digit == self.apart)
            return total

        return rows(tuple(n for _, n in self.kinds), False)


@dataclass(frozen=True)
class DistinctDigits(Family):
    """Even or odd numbers with different digits and a large first digit: cases by the last and first digit."""

    name = "distinct-digits-with-parity"
    tier = 3
    topics = ("counting", "permutations")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many {self.parity} {self.k}-digit numbers with pairwise different digits, all of them from the set "
            "$\\{{{self.pool}\\}}$, begin with a digit that is at least {self.first}?",
            "{name} forms {self.k}-digit numbers from the digits {self.pool_listed}, using no digit twice in a "
            "number. How many of these numbers are {self.parity} and not smaller than {self.first} · {self.power}?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} tag is a row of {self.k} different signs from the signs {self.pool_listed}. The leftmost sign "
            "must be {self.first} or greater, and the rightmost sign must be an {self.parity} number. How many tags "
            "are possible?",
            "In the tower of {name} the doors are marked with the numbers {self.pool_listed}, one door each. A "
            "pilgrim passes through {self.k} different doors, one after the other. The first must have a number of at "
            "least {self.first} and the last an {self.parity} number. How many different pilgrimages are there?",
        ),
    }

    digits: tuple[int, ...]
    k: int
    first: int
    parity: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 5 to 7 digits, 3 or 4 places, the parity of the last, and a least first digit in between."""
        while True:
            digits = tuple(sorted(rng.sample(range(10), rng.randint(5, 7))))
            first = rng.choice(digits[1:-1])
            drawn = cls(digits, rng.randint(3, 4), first, rng.choice(("even", "odd")))
            if first > 1 and sum(drawn._fits_last(d) for d in digits) > 1:
                return drawn

    @property
    def pool(self) -> str:
        """The digits, as in a set."""
        return ", ".join(map(str, self.digits))

    @property
    def pool_listed(self) -> str:
        """The digits, as in a sentence."""
        return listed(self.digits)

    @property
    def power(self) -> int:
        """The power of ten of the first place."""
        return 1000 if self.k == 4 else 100

    def _fits_last(self, digit: int) -> bool:
        return digit % 2 == (self.parity == "odd")

    def _pairs(self) -> Iterable[tuple[int, int]]:
        return ((f, g) for f, g in permutations(self.digits, 2) if f >= self.first and self._fits_last(g))

    def answer(self) -> int:
        """Count the pairs of first and last digit, and arrange the rest in the middle."""
        lasts = sum(self._fits_last(d) for d in self.digits)
        large = sum(d >= self.first for d in self.digits)
        both = sum(d >= self.first and self._fits_last(d) for d in self.digits)
        middles: int = perm(len(self.digits) - 2, self.k - 2)
        return (lasts * large - both) * middles

    def check(self) -> int:
        """List the middles for every pair of first and last digit."""
        total = 0
        for pair in self._pairs():
            middle = [d for d in self.digits if d not in pair]
            total += sum(1 for chosen in combinations(middle, self.k - 2) for _ in permutations(chosen))
        return total

"""Rings counted up to rotation, and rings with some places painted: symmetry and walks around a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, gcd, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.integers import divisors, exponents, totient
from mathif.problems.wording import listed, sentence, spelled
from mathif.records import Surface

_COLOURS = ("red", "blue", "green")
_GODS = ("Azh", "Bel", "Cur")


@dataclass(frozen=True)
class RingOfDigits(Family):
    """Rings of given digits that count as one when turned: Burnside's lemma over the rotations."""

    name = "rings-up-to-rotation"
    tier = 5
    topics = ("counting", "Burnside's lemma")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.length} plates are fixed around the edge of a round table at equal distances: {self.plates}. "
            "Plates with the same number look the same. Two arrangements count as the same if one becomes the other "
            "when the table is turned. How many different arrangements are there?",
            "{name} threads {self.length} beads on a closed ring: {self.beads}. The numbers are printed on one side "
            "of the beads only, so that the ring can be turned around its centre but not flipped over. Beads with the "
            "same number look the same. How many different rings are possible?",
        ),
        Surface.UNFAMILIAR: (
            "The {things} of {name} dance in a circle of {self.length}, all facing the centre: {self.masks}. Only the "
            "masks can be told apart, not the dancers. Two circles are the same dance if one becomes the other by "
            "moving everybody the same number of places around the circle. How many different dances are there?",
            "Two words are *kin* if one arises from the other by moving some letters from its beginning, in unchanged "
            "order, to its end. Every word is kin to itself. A family consists of all words that are kin to one word. "
            "How many families are there of words of length {self.length} with {self.signs}?",
        ),
    }

    content: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two to four digits, and how often each occurs, always with a common divisor, at most 16 in all."""
        shown = sorted(rng.sample(range(1, 10), rng.choice((2, 3, 3, 4, 4))))
        common = rng.choice((2, 2, 3, 4) if len(shown) < 4 else (2, 2, 3))
        room = 16 // common - len(shown)
        counts = []
        for _ in shown:
            extra = rng.randint(0, min(room, 3))
            room -= extra
            counts.append(common * (1 + extra))
        if len(shown) == 2 and counts[0] + counts[1] < 8:
            counts = [2 * n for n in counts]
        rng.shuffle(counts)
        return cls(tuple(zip(shown, counts, strict=True)))

    @property
    def length(self) -> int:
        """The number of places."""
        return sum(n for _, n in self.content)

    @property
    def plates(self) -> str:
        """The plates, counted."""
        return listed(f"{spelled(n)} with the number {digit}" for digit, n in self.content)

    beads = plates

    @property
    def masks(self) -> str:
        """The masks, counted."""
        return listed(f"{spelled(n)} with mask {digit}" for digit, n in self.content)

    @property
    def signs(self) -> str:
        """The letters, counted."""
        return listed(f"{spelled(n)} letters {'ABCDEFGHI'[digit - 1]}" for digit, n in self.content)

    def _arrangements(self, part: int) -> int:
        counts = [n // part for _, n in self.content]
        return factorial(sum(counts)) // prod(map(factorial, counts))

    def answer(self) -> int:
        """Average the arrangements that a turn leaves as they are; a turn of order d repeats a block d times."""
        common = gcd(*(n for _, n in self.content))
        return sum(totient(d) * self._arrangements(d) for d in divisors(common)) // self.length

    def check(self) -> int:
        """Add up the rings without symmetry, by Möbius inversion, for each number of equal blocks."""
        common = gcd(*(n for _, n in self.content))
        total = 0
        for blocks in divisors(common):
            for finer in divisors(common // blocks):
                if all(e == 1 for _, e in exponents(finer)):
                    sign = (-1) ** len(exponents(finer))
                    total += sign * self._arrangements(blocks * finer) * blocks
        return total // self.length


@dataclass(frozen=True)
class PaintedRing(Family):
    """Colourings of a ring without equal neighbours and with some colours given: paths with equal or unequal ends."""

    name = "ring-with-painted-places"
    tier = 5
    topics = ("counting", "graph colourings")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A fence around a pond has {self.n} posts, numbered from 1 to {self.n} in order around it, so that posts "
            "1 and {self.n} are neighbours. There are {self.k} colours of paint, {self.used_colours} among them. "
            "{self.posts}. In how many ways can each of the other posts be painted in one colour, so that no two "
            "neighbouring posts have the same colour?",
            "The vertices of a regular {self.n}-gon are numbered from 1 to {self.n} in order. Each vertex gets one of "
            "{self.k} colours, and the two ends of each side must get different colours. How many such colourings are "
            "there, if {self.vertices}?",
        ),
        Surface.UNFAMILIAR: (
            "A year in {name} has {self.n} months, numbered from 1 to {self.n}, and every year is like the one "
            "before. Each month is ruled by one of {self.k} gods, {self.used_gods} among them, and no god rules two "
            "months in succession, not even month {self.n} and the month 1 that follows it. {self.months}. In how "
            "many ways can the other months be given to gods?",
            "Find the number of functions $f$ from $\\{{1, 2, \\ldots, {self.n}\\}}$ to $\\{{1, \\ldots, "
            "{self.k}\\}}$ with $f(1) \\ne f({self.n})$, with $f(i) \\ne f(i+1)$ for $i = 1, \\ldots, "
            "{self.before_last}$, and with {self.values}.",
        ),
    }

    n: int
    k: int
    painted: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one painted place for each step, none of them neighbours, not all of one colour, and 3 to 6 colours."""
        n, k = rng.randint(2 * steps + 2, 2 * steps + (9 if steps == 2 else 5)), rng.randint(3, 6)
        colours = [1] * steps
        while len(set(colours)) == 1:
            colours = [rng.randint(1, 3) for _ in range(steps)]
        while True:
            gaps = sorted(rng.sample(range(1, n - steps + 2), steps))
            places = [gap + i for i, gap in enumerate(gaps)]
            if places[-1] - places[0] < n - 1:
                return cls(n, k, tuple(zip(places, colours, strict=True)))

    @property
    def before_last(self) -> int:
        """The last place but one."""
        return self.n - 1

    def _given(self, phrase: str, words: tuple[str, ...]) -> str:
        return listed(phrase.format(place=place, colour=words[colour - 1]) for place, colour in self.painted)

    def _used(self, words: tuple[str, ...]) -> str:
        return listed(words[colour - 1] for colour in sorted({colour for _, colour in self.painted}))

    @property
    def used_colours(self) -> str:
        """The colours that are given."""
        return self._used(_COLOURS)

    @property
    def used_gods(self) -> str:
        """The gods that are given."""
        return self._used(_GODS)

    @property
    def posts(self) -> str:
        """The painted posts, beginning a sentence."""
        return sentence(self._given("post {place} is already {colour}", _COLOURS))

    @property
    def vertices(self) -> str:
        """The coloured vertices."""
        given = self._given("vertex {place} must be {colour}", _COLOURS)
        return f"{given} ({self.used_colours} being among the {self.k} colours)"

    @property
    def months(self) -> str:
        """The months that have a god, beginning a sentence."""
        return sentence(self._given("month {place} is ruled by {colour}", _GODS))

    @property
    def values(self) -> str:
        """The given values."""
        return listed(f"$f({place}) = {colour}$" for place, colour in self.painted)

    def answer(self) -> int:
        """Multiply over the arcs ((k-1)^m + (k-1)(-1)^m) / k for equal, ((k-1)^m - (-1)^m) / k for unequal ends."""
        total = 1
        for (place, colour), (before, other) in zip(self.painted, (self.painted[-1], *self.painted), strict=False):
            sides = (place - before) % self.n
            swing = (-1) ** sides * (self.k - 1 if colour == other else -1)
            total *= ((self.k - 1) ** sides + swing) // self.k
        return total

    def check(self) -> int:
        """Go once around from the first painted place, counting by the colour reached."""
        fixed = dict(self.painted)
        first, colour = self.painted[0]
        ways = {c: int(c == colour) for c in range(1, self.k + 1)}
        for step in range(1, self.n + 1):
            place = (first + step - 1) % self.n + 1
            total = sum(ways.values())
            ways = {c: total - ways[c] if fixed.get(place, c) == c else 0 for c in ways}
        return ways[colour]

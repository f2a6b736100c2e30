"""Number theory, tiers 1 to 3: remainders, common divisors and multiples, divisors, digits and factorials."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, isqrt, lcm, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.integers import divisors, exponents, valuation
from mathif.problems.wording import listed, spelled
from mathif.records import Surface


@dataclass(frozen=True)
class LeftOver(Family):
    """Goods packed in layers: divide, keep the remainder, and divide the quotient again."""

    name = "left-over-after-packing"
    tier = 1
    topics = ("number_theory", "division with remainder")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "On {name}'s farm {self.n} eggs are packed. {self.eggs}. As many cartons as possible are "
            "filled{self.then_eggs}. Then the farmer counts: each full carton that is not inside something larger "
            "counts as one object, and so does each larger container, and so does each single egg that is left. How "
            "many objects does the farmer count?",
            "{name} has {self.n} beads. {self.beads}. {name} fills as many bags as possible{self.then_beads}. Nothing "
            "is left half full: what does not fill a container stays outside. How many things lie on the table in the "
            "end, if every container is one thing whatever it holds, and every single bead outside is one thing?",
        ),
        Surface.UNFAMILIAR: (
            "In the land of Orr people pay with zibs. {self.zibs}. {name} comes to the exchange with {self.n} zibs "
            "and no other money, and exchanges as often as possible, always for the next larger coin. How many coins, "
            "large and small together, does {name} have in the end?",
            "A game is played with tokens called pips. {self.pips}. {name} holds {self.n} pips and nothing else, and "
            "trades up until no trade is possible any more. How many tokens of all kinds does {name} hold then?",
        ),
    }

    n: int
    sizes: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one size fewer than steps, smaller ones the more there are, and enough goods to fill every size."""
        largest = {2: 60, 3: 12, 4: 7, 5: 5, 6: 4}[steps]
        sizes = tuple(rng.randint(3 if steps < 5 else 2, largest) for _ in range(steps - 1))
        return cls(rng.randint(2 * prod(sizes), 9 * prod(sizes)), sizes)

    def _rates(self, kinds: tuple[str, ...], verb: str) -> str:
        pairs = zip(self.sizes, kinds[1:], kinds, strict=False)
        return listed(f"{size} {small}s {verb} one {large}" for size, large, small in pairs)

    def _then(self, kinds: tuple[str, ...]) -> str:
        later = kinds[2 : len(self.sizes) + 1]
        return "".join(f", then as many {kind}s as possible" for kind in later)

    @property
    def eggs(self) -> str:
        """How many eggs fill a carton, and so on."""
        return self._rates(("egg", "carton", "crate", "pallet", "truckload", "shipload"), "fill")

    @property
    def then_eggs(self) -> str:
        """What is filled after the cartons."""
        return self._then(("egg", "carton", "crate", "pallet", "truckload", "shipload"))

    @property
    def beads(self) -> str:
        """How many beads fill a bag, and so on."""
        return self._rates(("bead", "bag", "case", "chest", "cabinet", "cupboard"), "fill")

    @property
    def then_beads(self) -> str:
        """What is filled after the bags."""
        return self._then(("bead", "bag", "case", "chest", "cabinet", "cupboard"))

    @property
    def zibs(self) -> str:
        """The rates of exchange, from the smallest coin up."""
        return self._rates(("zib", "mol", "tarn", "quor", "velk", "dront"), "can be exchanged for")

    @property
    def pips(self) -> str:
        """The trades of the game, from the smallest token up."""
        return self._rates(("pip", "rok", "dulf", "tash", "corl", "ving"), "may be traded for").capitalize()

    def answer(self) -> int:
        """Add up the remainders of the repeated divisions, and the last quotient."""
        left, rest = 0, self.n
        for size in self.sizes:
            rest, over = divmod(rest, size)
            left += over
        return left + rest

    def check(self) -> int:
        """Hand out the largest containers first, as change is given."""
        units, rest = 0, self.n
        for layers in range(len(self.sizes), -1, -1):
            worth = prod(self.sizes[:layers])
            while rest >= worth:
                rest -= worth
                units += 1
        return units


@dataclass(frozen=True)
class IdenticalBags(Family):
    """As many equal parcels as possible from several kinds of goods: the greatest common divisor."""

    name = "identical-parcels"
    tier = 1
    topics = ("number_theory", "greatest common divisor")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} makes gift bags from {self.sweets}. All bags must have exactly the same contents, everything is "
            "used up, and there are to be as many bags as possible. How many pieces are in each bag?",
            "A school has {self.pupils}. They are split into as many teams as possible, so that every team has the "
            "same number of pupils from each year, and every pupil is in a team. How many pupils are in each team?",
        ),
        Surface.UNFAMILIAR: (
            "A glow-smith melts {self.ores} into rods. Every rod takes the same whole number of lumps of each kind as "
            "every other rod, no lump is left, and the smith makes as many rods as these rules allow. How many lumps "
            "go into one rod?",
            "On the moon Tev a choir has {self.voices}. The choir breaks up into circles that are all alike: each has "
            "as many of each voice as every other circle, and nobody stays alone outside. There are as many circles "
            "as possible. How many singers stand in a circle?",
        ),
    }

    counts: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many kinds as steps: coprime multiples of a common divisor from 3 to 30."""
        common = rng.randint(3, 30)
        while True:
            parts = rng.sample(range(2, 24 if steps < 4 else 16), steps)
            if gcd(*parts) == 1:
                return cls(tuple(common * part for part in parts))

    def _goods(self, kinds: tuple[str, ...]) -> str:
        return listed(f"{n} {kind}" for n, kind in zip(self.counts, kinds, strict=False))

    @property
    def sweets(self) -> str:
        """The sweets, counted."""
        return self._goods(("chocolates", "toffees", "lollipops", "mints", "nougats", "jelly beans"))

    @property
    def pupils(self) -> str:
        """The pupils by year, counted."""
        return self._goods(tuple(f"pupils in year {year}" for year in range(4, 10)))

    @property
    def ores(self) -> str:
        """The ores, counted."""
        ores = ("amberite", "dusk iron", "coldglass", "fen silver", "ashgold", "skystone")
        return self._goods(tuple(f"lumps of {ore}" for ore in ores))

    @property
    def voices(self) -> str:
        """The singers by voice, counted."""
        return self._goods(("hummers", "trillers", "droners", "whistlers", "clickers", "sighers"))

    def answer(self) -> int:
        """Divide the sum by the greatest common divisor."""
        return sum(self.counts) // gcd(*self.counts)

    def check(self) -> int:
        """Try every number of parcels, from the largest down."""
        parcels = min(self.counts)
        while any(n % parcels for n in self.counts):
            parcels -= 1
        return sum(n // parcels for n in self.counts)


@dataclass(frozen=True)
class MeetAgain(Family):
    """How often several cycles meet within a stretch of time: the least common multiple, counted."""

    name = "cycles-meet-again"
    tier = 2
    topics = ("number_theory", "least common multiple")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.lines_spelled} bus lines start at the same station, with a bus every {self.listed_cycles} minutes "
            "respectively. At noon a bus of each line leaves. In the {self.window} minutes after noon, how many more "
            "times do buses of all these lines leave at the same moment?",
            "{self.lines_spelled} warning lamps flash every {self.listed_cycles} seconds respectively. They have just "
            "flashed together. How many times will they all flash together during the next {self.window} seconds, not "
            "counting the flash just seen?",
        ),
        Surface.UNFAMILIAR: (
            "{self.lines_spelled} moon-gates of Ysol open for an instant every {self.listed_cycles} beats "
            "respectively, and a traveller can pass only when all of them are open at once. They are all open at beat "
            "0. At how many of the beats 1, 2, ..., {self.window} can a traveller pass?",
            "Write $\\mathrm{{call}}(k)$ for the beats $k, 2k, 3k, \\ldots$ In a ritual, {self.lines_small} drums "
            "sound at the beats {self.calls}. How many of the beats from 1 to {self.window} are struck by every drum?",
        ),
    }

    cycles: tuple[int, ...]
    window: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many cycles as steps from the divisors of a number, and a window of up to ten meetings."""
        whole = rng.choice((360, 420, 504, 720, 840, 1260, 1680, 2520))
        cycles = rng.sample([d for d in range(8, 80) if whole % d == 0], steps)
        meet = lcm(*cycles)
        return cls(tuple(sorted(cycles)), meet * rng.randint(2, 9) + rng.randrange(meet))

    @property
    def lines_small(self) -> str:
        """The number of cycles in words."""
        return spelled(len(self.cycles))

    @property
    def lines_spelled(self) -> str:
        """The number of cycles in words, for the beginning of a sentence."""
        return spelled(len(self.cycles)).capitalize()

    @property
    def listed_cycles(self) -> str:
        """The cycles as a list."""
        return listed(self.cycles)

    @property
    def calls(self) -> str:
        """The cycles in the notation of the ritual."""
        return listed(f"$\\mathrm{{call}}({k})$" for k in self.cycles)

    def answer(self) -> int:
        """Divide the window by the least common multiple."""
        return self.window // lcm(*self.cycles)

    def check(self) -> int:
        """Walk along the multiples of the longest cycle."""
        longest = max(self.cycles)
        return sum(1 for t in range(longest, self.window + 1, longest) if all(t % c == 0 for c in self.cycles))


@dataclass(frozen=True)
class Rectangles(Family):
    """Rectangles of a given number of tiles with no side too short: pairs of divisors."""

    name = "tile-rectangles"
    tier = 2
    topics = ("number_theory", "divisors")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} lays {self.n} equal square tiles edge to edge to form a filled rectangle, using all of them. Each "
            "side of the rectangle must be at least {self.least} tiles long. How many different rectangles are "
            "possible, if a rectangle and the same rectangle turned by a quarter counts once?",
            "In how many ways can {self.n} be written as a product of two whole numbers, each of them at least "
            "{self.least}, if the order of the factors does not matter?",
        ),
        Surface.UNFAMILIAR: (
            "The weavers of Quill make a cloth of {self.n} knots by choosing a number of rows and a number of knots "
            "per row, the same in every row. A cloth with fewer than {self.least} rows, or with fewer than "
            "{self.least} knots in a row, falls apart. Cloths with $a$ rows of $b$ knots and with $b$ rows of $a$ "
            "knots are sold under one name. How many names are there for cloths of {self.n} knots that do not fall "
            "apart?",
            "Call an unordered pair $\\{{a, b\\}}$ of whole numbers, where $a = b$ is allowed, a *brace* of $n$ if "
            "$ab = n$, and call the brace *stout* if neither number is below {self.least}. How many stout braces does "
            "{self.n} have?",
        ),
    }

    n: int
    least: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a number up to 4000 with at least ten divisors, and a least side from 2 to 9."""
        while True:
            n = rng.randint(48, 4000)
            if len(divisors(n)) >= 10:
                return cls(n, rng.randint(2, 9))

    def answer(self) -> int:
        """Halve the number of divisors, known from the exponents, and take the short sides away."""
        count = prod(e + 1 for _, e in exponents(self.n))
        return (count + 1) // 2 - sum(1 for side in range(1, self.least) if self.n % side == 0)

    def check(self) -> int:
        """Try every shorter side."""
        return sum(1 for a in range(self.least, isqrt(self.n) + 1) if self.n % a == 0)


@dataclass(frozen=True)
class MissingDigits(Family):
    """Two digits restored from divisibility by a product such as 72 = 8 * 9."""

    name = "missing-digits"
    tier = 2
    topics = ("number_theory", "divisibility rules")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In the five-digit number $\\overline{{{self.pattern}}}$ the letters $A$ and $B$ stand for digits, which "
            "may be equal. The number is divisible by {self.divisor}. What is the number?",
            "On an old bill for {self.divisor} equal books two digits can no longer be read: the total was "
            "$\\overline{{{self.pattern}}}$ cents, where $A$ and $B$ are the lost digits (they may be equal). Each "
            "book cost a whole number of cents. What was the total, in cents?",
        ),
        Surface.UNFAMILIAR: (
            "A sealed vault of the Hollow Order opens for exactly one five-digit number, the one that matches the "
            "pattern $\\overline{{{self.pattern}}}$, where the runes $A$ and $B$ each hide one decimal digit "
            "(possibly the same digit), and that is a multiple of {self.divisor}. Which number opens the vault?",
            "A robot prints the serial number $\\overline{{{self.pattern}}}$ with two smudged decimal digits, $A$ and "
            "$B$, not necessarily different. Every serial number from its factory leaves the remainder 0 on division "
            "by {self.divisor}. Give the serial number.",
        ),
    }

    pattern: str
    divisor: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw patterns of five digits until exactly one number fits."""
        while True:
            shown = [rng.choice("123456789"), *(rng.choice("0123456789") for _ in range(4))]
            shown[rng.randint(1, 3)], shown[4] = rng.choice(("AB", "BA"))
            drawn = cls("".join(shown), rng.choice((45, 55, 72, 72, 75, 88, 88)))
            if len(drawn._fits()) == 1:
                return drawn

    def _fits(self) -> list[int]:
        """Every number of the pattern that is a multiple of the divisor: one digit leaves at most one last digit."""
        inner = 10 ** (4 - min(self.pattern.index("A"), self.pattern.index("B")))
        start = int(self.pattern.replace("A", "0").replace("B", "0"))
        numbers = range(start, start + 10 * inner, inner)
        return [n + -n % self.divisor for n in numbers if -n % self.divisor < 10]

    def answer(self) -> int:
        """Put in every inner digit; the remainder then gives the last one."""
        (number,) = self._fits()
        return number

    def check(self) -> int:
        """Search the five-digit multiples of the divisor for the pattern."""

        def fits(number: int) -> bool:
            pairs = zip(self.pattern, str(number), strict=True)
            return all(shown in "AB" or shown == digit for shown, digit in pairs)

        lead = int(self.pattern[0]) * 10000
        return next(n for n in range(lead + -lead % self.divisor, lead + 10000, self.divisor) if fits(n))


@dataclass(frozen=True)
class PowerRemainder(Family):
    """Remainder of a sum of large powers: each power runs through a cycle."""

    name = "remainder-of-powers"
    tier = 3
    topics = ("number_theory", "modular arithmetic")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Find the remainder when ${self.sum_of_powers}$ is divided by {self.modulus}.",
            "{name} has ${self.sum_of_powers}$ stickers and puts them into albums that hold exactly {self.modulus} "
            "stickers each, filling every album before starting the next. How many stickers are in the album that is "
            "not full in the end (0 if every album is full)?",
        ),
        Surface.UNFAMILIAR: (
            "A ring has {self.modulus} stones, numbered from 0 to {self.last} in order around the ring. A beetle on "
            "stone 0 walks ${self.sum_of_powers}$ stones forward, from each stone to the next and from stone "
            "{self.last} to stone 0. On which stone does it stop?",
            "In the arithmetic of the Veld people, only the numbers 0 to {self.last} exist: whenever a result reaches "
            "{self.modulus} or more, {self.modulus} is taken away until it does not. Which Veld number is "
            "${self.sum_of_powers}$?",
        ),
    }

    terms: tuple[tuple[int, int], ...]
    modulus: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one power fewer than steps, of bases up to 29 with exponents up to 3000, and a modulus from 7 to 25."""
        modulus = rng.randint(7, 25)
        bases = rng.sample([a for a in range(2, 30) if a % modulus > 1], steps - 1)
        return cls(tuple((a, rng.randint(50, 3000)) for a in bases), modulus)

    @property
    def last(self) -> int:
        """The largest remainder."""
        return self.modulus - 1

    @property
    def sum_of_powers(self) -> str:
        """The sum in LaTeX."""
        return " + ".join(f"{a}^{{{e}}}" for a, e in self.terms)

    def _by_cycle(self, base: int, exponent: int) -> int:
        seen = [1]
        while (value := seen[-1] * base % self.modulus) not in seen:
            seen.append(value)
        start = seen.index(value)
        if exponent < start:
            return seen[exponent]
        return seen[start + (exponent - start) % (len(seen) - start)]

    def answer(self) -> int:
        """Find the cycle of each power, reduce its exponent, and add."""
        return sum(self._by_cycle(a, e) for a, e in self.terms) % self.modulus

    def check(self) -> int:
        """Square and multiply."""
        return sum(pow(a, e, self.modulus) for a, e in self.terms) % self.modulus


@dataclass(frozen=True)
class FactorialZeros(Family):
    """How often a base divides a factorial: Legendre's formula for the scarcest of its primes."""

    name = "factorial-zeros"
    tier = 3
    topics = ("number_theory", "factorials")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The number ${self.n}!$ is written in base {self.base}. With how many zeros does it end?",
            "What is the largest whole number $k$ for which ${self.base}^k$ divides $1 \\cdot 2 \\cdot 3 \\cdots "
            "{self.n}$?",
        ),
        Surface.UNFAMILIAR: (
            "A machine starts with a block whose weight is the product of all whole numbers from 1 to {self.n}. In "
            "each round it divides the weight by {self.base}, as long as the result is a whole number; otherwise it "
            "stops. How many divisions does it carry out?",
            "For a whole number $m$ let $m\\natural$ be the product of all whole numbers from 1 to $m$, and say that "
            "a number has *depth* $k$ if it is a multiple of ${self.base}^k$ but not of ${self.base}^{{k+1}}$. What "
            "is the depth of ${self.n}\\natural$?",
        ),
    }

    n: int
    base: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw n from 40 to 999, and a base with two primes."""
        bases = (6, 12, 14, 15, 18, 20, 21, 22, 24, 28, 35, 36, 40, 45, 48, 50, 54, 63, 72, 75, 80, 98)
        return cls(rng.randint(40, 999), rng.choice(bases))

    def _legendre(self, p: int) -> int:
        return sum(self.n // p**k for k in range(1, self.n.bit_length()))

    def answer(self) -> int:
        """Use Legendre's formula for each prime of the base, and take the least."""
        return min(self._legendre(p) // e for p, e in exponents(self.base))

    def check(self) -> int:
        """Count the primes in each factor of the product."""
        factors = range(1, self.n + 1)
        return min(sum(valuation(m, p) for m in factors) // e for p, e in exponents(self.base))

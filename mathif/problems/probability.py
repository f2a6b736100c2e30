"""Probability, tiers 2 and 3: independent draws, draws without replacement, Bayes, hits that add up, taking turns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import latex
from mathif.problems.wording import counted, listed, ordinal, spelled
from mathif.records import Surface


@dataclass(frozen=True)
class OneFromEach(Family):
    """One draw from each of several urns, all of them lucky: a product of probabilities."""

    name = "one-from-each-urn"
    tier = 2
    topics = ("probability", "independent events")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} draws one ball at random from {self.each_urn}: {self.urns}. What is the probability that "
            "{self.all_red}?",
            "A lottery uses {self.bowls}: {self.tickets}. What is the probability that {self.only_wins}?",
        ),
        Surface.UNFAMILIAR: (
            "On the way to {name} there {self.crossing} a traveller steps at random on one of the rafts that lie "
            "there: {self.rafts}. Only rafts of oak float; the others sink. What is the probability that the "
            "traveller reaches {name}, that is, steps on no raft that sinks?",
            "A {thing} hatches with a golden crest if it inherits gold in {self.genes}. In each gene it inherits one "
            "of several letters, each letter with the same probability and independently of other genes: "
            "{self.alleles}. What is the probability that it hatches with a golden crest?",
        ),
    }

    urns_drawn: tuple[tuple[int, int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one urn fewer than steps, with up to 24 balls of each of three colours, fewer the more urns."""
        most = {2: 24, 3: 12, 4: 8, 5: 6, 6: 5}[steps]
        urns = tuple((rng.randint(2, most), rng.randint(2, most), rng.randint(2, most)) for _ in range(steps - 1))
        return cls(urns)

    def _many(self, noun: str) -> str:
        return f"{spelled(len(self.urns_drawn))} {noun}{'s' if len(self.urns_drawn) > 1 else ''}"

    def _each(self, phrase: str, noun: str) -> str:
        filled = [phrase.format(*urn) for urn in self.urns_drawn]
        if len(filled) == 1:
            return f"the {noun} {filled[0]}"
        return "; ".join(f"the {ordinal(i)} {noun} {text}" for i, text in enumerate(filled, 1))

    @property
    def each_urn(self) -> str:
        """The number of urns."""
        return "an urn" if len(self.urns_drawn) == 1 else f"each of {self._many('urn')}"

    @property
    def urns(self) -> str:
        """The content of the urns."""
        return self._each("holds {} red, {} blue and {} green balls", "urn")

    @property
    def all_red(self) -> str:
        """What is asked for."""
        return "the ball is red" if len(self.urns_drawn) == 1 else "all balls drawn are red"

    @property
    def bowls(self) -> str:
        """How many bowls there are, and what is drawn."""
        if len(self.urns_drawn) == 1:
            return "a bowl, from which one ticket is drawn at random"
        return f"{self._many('bowl')}, and one ticket is drawn at random from each of them"

    @property
    def only_wins(self) -> str:
        """What is asked for."""
        return "a winning ticket is drawn" if len(self.urns_drawn) == 1 else "only winning tickets are drawn"

    @property
    def tickets(self) -> str:
        """The content of the bowls."""
        return self._each("holds {} winning tickets, {} blanks and {} jokers", "bowl")

    @property
    def crossing(self) -> str:
        """How many rivers there are, with the verb."""
        return "is one river, where" if len(self.urns_drawn) == 1 else f"are {self._many('river')}, at each of which"

    @property
    def rafts(self) -> str:
        """The rafts at the rivers."""
        return self._each("has {} rafts of oak, {} of stone and {} of salt", "river")

    @property
    def genes(self) -> str:
        """The number of genes."""
        return "its only gene" if len(self.urns_drawn) == 1 else f"all of its {self._many('gene')}"

    @property
    def alleles(self) -> str:
        """The letters of the genes."""
        return self._each("has {} letters for gold, {} for ash and {} for rust", "gene")

    def answer(self) -> Fraction:
        """Multiply the shares."""
        return prod((Fraction(urn[0], sum(urn)) for urn in self.urns_drawn), start=Fraction(1))

    def check(self) -> Fraction:
        """Divide the lucky combinations of draws by all combinations."""
        return Fraction(prod(urn[0] for urn in self.urns_drawn), prod(sum(urn) for urn in self.urns_drawn))


@dataclass(frozen=True)
class SameColour(Family):
    """Two draws without replacement that show the same colour."""

    name = "two-of-the-same-colour"
    tier = 2
    topics = ("probability", "draws without replacement")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A drawer holds {self.a} black, {self.b} white and {self.c} grey socks, and nothing else. {name} takes "
            "two socks out at random in the dark. What is the probability that they have the same colour?",
            "A box contains {self.a} apple sweets, {self.b} lemon sweets and {self.c} mint sweets. Two sweets are "
            "taken out at random, one after the other, without putting the first one back. What is the probability "
            "that both taste the same?",
        ),
        Surface.UNFAMILIAR: (
            "In the marsh of {name} live {self.a} red, {self.b} blue and {self.c} green {things}. In the morning one "
            "of them, each with the same probability, swallows another one, each of the others with the same "
            "probability. What is the probability that it swallows one of its own colour?",
            "Two different citizens of a moon are drawn by lot, every pair with the same probability. The moon has "
            "{self.a} citizens of the Dawn, {self.b} of the Noon and {self.c} of the Dusk. A duel takes place exactly "
            "if both belong to the same one of these three houses. What is the probability of a duel?",
        ),
    }

    a: int
    b: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 2 to 21 things of each of three kinds."""
        return cls(rng.randint(2, 21), rng.randint(2, 21), rng.randint(2, 21))

    def answer(self) -> Fraction:
        """Divide the pairs of one kind by all pairs."""
        kinds = (self.a, self.b, self.c)
        return Fraction(sum(comb(n, 2) for n in kinds), comb(sum(kinds), 2))

    def check(self) -> Fraction:
        """Take the pairs of different kinds away, drawing one after the other."""
        total = self.a + self.b + self.c
        mixed = 2 * (self.a * self.b + self.b * self.c + self.c * self.a)
        return 1 - Fraction(mixed, total) / (total - 1)


@dataclass(frozen=True)
class WhichSource(Family):
    """Where a faulty piece came from: Bayes' theorem with three sources."""

    name = "source-of-a-fault"
    tier = 3
    topics = ("probability", "Bayes' theorem")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A factory makes bulbs on three machines. Machine A makes {self.shares[0]} %, machine B {self.shares[1]} "
            "% and machine C {self.shares[2]} % of all bulbs. Of the bulbs from A, {self.rates[0]} % are faulty, of "
            "those from B {self.rates[1]} %, and of those from C {self.rates[2]} %. One bulb is picked at random from "
            "the whole production and turns out to be faulty. What is the probability that it was made on machine A?",
            "A mailbox gets {self.shares[0]} % of its messages from shops, {self.shares[1]} % from friends and "
            "{self.shares[2]} % from work. A filter marks {self.rates[0]} % of the messages from shops, "
            "{self.rates[1]} % of those from friends and {self.rates[2]} % of those from work. A message picked at "
            "random is marked. What is the probability that it comes from a shop?",
        ),
        Surface.UNFAMILIAR: (
            "Of the clouds over {name}, {self.shares[0]} % are born in the north, {self.shares[1]} % in the east and "
            "{self.shares[2]} % in the deep. Clouds from the north sing with a probability of {self.rates[0]} %, "
            "clouds from the east with {self.rates[1]} %, clouds from the deep with {self.rates[2]} %. A cloud chosen "
            "at random sings. What is the probability that it was born in the north?",
            "A {thing} wakes in mood X with a probability of {self.shares[0]} %, in mood Y with {self.shares[1]} % "
            "and in mood Z with {self.shares[2]} %, and keeps its mood all day. It hums on {self.rates[0]} % of its X "
            "days, on {self.rates[1]} % of its Y days and on {self.rates[2]} % of its Z days. Today it hums. What is "
            "the probability that it is in mood X?",
        ),
    }

    shares: tuple[int, int, int]
    rates: tuple[int, int, int]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw shares in multiples of 5 % that add up to 100 %, and different rates up to 20 %."""
        first = rng.randint(2, 12)
        second = rng.randint(2, 18 - first)
        a, b, c = rng.sample(range(1, 21), 3)
        return cls((5 * first, 5 * second, 100 - 5 * first - 5 * second), (a, b, c))

    def answer(self) -> Fraction:
        """Divide the probability of the first branch by that of all branches."""
        branches = [Fraction(s, 100) * Fraction(r, 100) for s, r in zip(self.shares, self.rates, strict=True)]
        return branches[0] / sum(branches)

    def check(self) -> Fraction:
        """Count the faulty pieces among 10 000."""
        faulty = [10_000 * s * r // 10_000 for s, r in zip(self.shares, self.rates, strict=True)]
        return Fraction(faulty[0], sum(faulty))


@dataclass(frozen=True)
class HitsTogether(Family):
    """Exactly so many successes of two people together, each with a chance of their own: two binomials, folded."""

    name = "successes-of-two-together"
    tier = 3
    topics = ("probability", "binomial distribution")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} hits a target with probability ${self.p_latex}$, {friend} with probability ${self.q_latex}$, all "
            "shots being independent. {name} shoots {self.m} times and {friend} {self.n} times. What is the "
            "probability of exactly {self.hits} in all?",
            "A quiz has {self.m} easy and {self.n} hard questions. {name} answers each easy question correctly with "
            "probability ${self.p_latex}$ and each hard one with probability ${self.q_latex}$, independently of each "
            "other. What is the probability that {name} has exactly {self.correct}?",
        ),
        Surface.UNFAMILIAR: (
            "A nest holds {self.m} amber eggs and {self.n} violet eggs. Independently of each other, an amber egg "
            "hatches with probability ${self.p_latex}$ and a violet egg with probability ${self.q_latex}$. What is "
            "the probability that the number of eggs that hatch is exactly {self.k}?",
            "At dusk {self.m} {things} and {self.n} {others} each decide, independently of each other, whether to "
            "glow: a {thing} does with probability ${self.p_latex}$, a {other} with probability ${self.q_latex}$. "
            "What is the probability that exactly {self.lights} can be seen?",
        ),
    }

    m: int
    n: int
    p: Fraction
    q: Fraction
    k: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 2 to 4 trials each, chances with denominators up to 6, and a total that both can contribute to."""
        chances = [Fraction(a, b) for b in range(2, 7) for a in range(1, b) if Fraction(a, b).denominator == b]
        p, q = rng.sample(chances, 2)
        m, n = rng.randint(2, 4), rng.randint(2, 4)
        return cls(m, n, p, q, rng.randint(1, m + n - 1))

    @property
    def p_latex(self) -> str:
        """The first chance."""
        return latex(self.p)

    @property
    def q_latex(self) -> str:
        """The second chance."""
        return latex(self.q)

    @property
    def hits(self) -> str:
        """The hits, counted."""
        return counted(self.k, "hit")

    @property
    def correct(self) -> str:
        """The correct answers, counted."""
        return counted(self.k, "correct answer")

    @property
    def lights(self) -> str:
        """The lights, counted."""
        return counted(self.k, "light")

    def answer(self) -> Fraction:
        """Add over the successes of the first."""
        total = Fraction(0)
        for i in range(max(0, self.k - self.n), min(self.m, self.k) + 1):
            j = self.k - i
            first = comb(self.m, i) * self.p**i * (1 - self.p) ** (self.m - i)
            total += first * comb(self.n, j) * self.q**j * (1 - self.q) ** (self.n - j)
        return total

    def check(self) -> Fraction:
        """Multiply the generating polynomials, trial by trial, in integers."""
        ways = [1]
        for chance in [self.p] * self.m + [self.q] * self.n:
            yes, no = chance.numerator, chance.denominator - chance.numerator
            ways = [no * stay + yes * rise for rise, stay in pairwise([0, *ways, 0])]
        return Fraction(ways[self.k], sum(ways))


@dataclass(frozen=True)
class TakingTurns(Family):
    """Players take turns until one succeeds: a geometric series, or the same round over again."""

    name = "first-to-succeed"
    tier = 3
    topics = ("probability", "geometric series")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.many} archers, called {self.letters}, shoot at an apple in this order, again and again, until "
            "somebody hits it and wins. With each of their shots, {self.chances}, independently of all other shots. "
            "What is the probability that {self.asked} wins?",
            "{self.many} children, {self.letters}, throw a ball at a basket in this order, starting again with A when "
            "all have had their turn. The first to score wins the game. With each of their throws, {self.scores}, "
            "independently of all other throws. What is the probability that {self.asked} wins?",
        ),
        Surface.UNFAMILIAR: (
            "{self.many} {things}, named {self.letters}, peck at the egg of {name} in this order, again and again in "
            "the same order, until it breaks. With each of their pecks, {self.breaks}, whatever happened before. What "
            "is the probability that {self.asked} breaks the egg?",
            "A lantern passes around a ring of {self.many_small} wizards in the order {self.letters}, and then again "
            "from A on. Whoever holds it either lights it, which ends the rite, or passes it on. Each time they hold "
            "it, {self.lights}, independently of the past. What is the probability that the rite is ended by "
            "{self.asked}?",
        ),
    }

    chances_drawn: tuple[Fraction, ...]
    j: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many players as steps; denominators up to 36 for two, smaller for more."""
        most = {2: 36, 3: 10, 4: 7, 5: 6, 6: 5}[steps]
        chances = []
        for _ in range(steps):
            below = rng.randint(2, most)
            chances.append(Fraction(rng.randint(1, below - 1), below))
        return cls(tuple(chances), rng.randrange(steps))

    @property
    def many_small(self) -> str:
        """The number of players, in words."""
        return spelled(len(self.chances_drawn))

    @property
    def many(self) -> str:
        """The number of players, beginning a sentence."""
        return self.many_small.capitalize()

    @property
    def letters(self) -> str:
        """The players."""
        return listed("ABCDEF"[: len(self.chances_drawn)])

    @property
    def asked(self) -> str:
        """The player whose probability is asked for."""
        return "ABCDEF"[self.j]

    def _each(self, phrase: str) -> str:
        pairs = zip("ABCDEF", self.chances_drawn, strict=False)
        return listed(phrase.format(player, latex(chance)) for player, chance in pairs)

    @property
    def chances(self) -> str:
        """The chances of one try."""
        return self._each("{} hits with probability ${}$")

    @property
    def scores(self) -> str:
        """The chances of one throw."""
        return self._each("{} scores with probability ${}$")

    @property
    def breaks(self) -> str:
        """The chances of one peck."""
        return self._each("{} breaks it with probability ${}$")

    @property
    def lights(self) -> str:
        """The chances of one turn."""
        return self._each("{} lights it with probability ${}$")

    def answer(self) -> Fraction:
        """Sum the geometric series over the rounds."""
        misses = [1 - p for p in self.chances_drawn]
        first_round = prod(misses[: self.j], start=Fraction(1)) * self.chances_drawn[self.j]
        return first_round / (1 - prod(misses, start=Fraction(1)))

    def check(self) -> Fraction:
        """Compare, in whole numbers, the ways in which one round is won by each player."""
        below = [p.denominator for p in self.chances_drawn]
        hit = [p.numerator for p in self.chances_drawn]
        ways = []
        for i, hits in enumerate(hit):
            before = prod(b - h for b, h in zip(below[:i], hit[:i], strict=True))
            ways.append(before * hits * prod(below[i + 1 :]))
        return Fraction(ways[self.j], sum(ways))

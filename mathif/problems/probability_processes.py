"""Chance that unfolds step by step: walks, patterns, urns that grow, records in a random order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial, gcd, prod
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import latex
from mathif.problems.wording import counted
from mathif.records import Surface


@dataclass(frozen=True)
class RuinWithDraws(Family):
    """A walk between ruin and a target with rounds that change nothing: the gambler's ruin."""

    name = "ruin-or-target"
    tier = 4
    topics = ("probability", "random walks")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} plays rounds against a bank, starting with {self.coins}. In each round, independently of the "
            "others, {name} wins a coin with probability ${self.win}$, loses a coin with probability ${self.lose}$ "
            "and otherwise keeps the number of coins. {name} stops as soon as there are {self.top} coins or none. "
            "What is the probability that {name} stops with {self.top} coins?",
            "A mark moves along the points 0 to {self.top} of a line. It starts at {self.i}. Each second it moves one "
            "point to the right with probability ${self.win}$, one point to the left with probability ${self.lose}$, "
            "and otherwise it stays. The game is over when it reaches 0 or {self.top}. What is the probability that "
            "it ends at {self.top}?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} climbs a shaft with rungs numbered from 0 to {self.top}, and begins at rung {self.i}. With "
            "every heartbeat it goes up one rung with probability ${self.win}$, slips down one rung with probability "
            "${self.lose}$, and clings on otherwise. At rung 0 the mud keeps it for ever, at rung {self.top} it is "
            "free. What is the probability that it becomes free?",
            "The flame of {name} has a strength of {self.i}. Each night the strength grows by 1 with probability "
            "${self.win}$, shrinks by 1 with probability ${self.lose}$, or remains as it is, all nights being "
            "independent. At strength 0 the flame is dead; at strength {self.top} it becomes a star; in both cases "
            "nothing changes any more. What is the probability that it becomes a star?",
        ),
    }

    up: int
    down: int
    rest: int
    i: int
    top: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw chances out of up to 24 and a target from 3 to 8."""
        top = rng.randint(3, 8)
        return cls(rng.randint(1, 8), rng.randint(1, 8), rng.randint(1, 8), rng.randint(1, top - 1), top)

    @property
    def win(self) -> str:
        """The chance to go up."""
        return latex(Fraction(self.up, self.up + self.down + self.rest))

    @property
    def lose(self) -> str:
        """The chance to go down."""
        return latex(Fraction(self.down, self.up + self.down + self.rest))

    @property
    def coins(self) -> str:
        """The coins at the start, counted."""
        return counted(self.i, "coin")

    def answer(self) -> Fraction:
        """Stop the martingale (down/up)^position, or the position itself if both are equal."""
        if self.up == self.down:
            return Fraction(self.i, self.top)
        ratio = Fraction(self.down, self.up)
        return (1 - ratio**self.i) / (1 - ratio**self.top)

    def check(self) -> Fraction:
        """Solve the first-step equations from the bottom: each is a multiple of the one at position 1."""
        total = self.up + self.down + self.rest
        chances = [Fraction(0), Fraction(1)]
        for k in range(1, self.top):
            chances.append((total * chances[k] - self.rest * chances[k] - self.down * chances[k - 1]) / self.up)
        return chances[self.i] / chances[self.top]


@dataclass(frozen=True)
class PatternWait(Family):
    """The expected wait for a pattern of colours: fair bets on every beginning of the pattern that is also its end."""

    name = "waiting-for-a-pattern"
    tier = 5
    topics = ("probability", "martingales")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A wheel of fortune has {self.total} equal fields: {self.a} marked A, {self.b} marked B and {self.c} "
            "marked C. {name} spins it again and again and writes down the letters. What is the expected number of "
            "spins until the letters {self.pattern} have just come up in immediate succession, in this order?",
            "A bag holds {self.a} balls with the letter A, {self.b} with the letter B and {self.c} with the letter C. "
            "A ball is drawn at random, its letter is written down and it is put back, over and over. What is the "
            "expected number of draws until the last letters written down spell {self.pattern}?",
        ),
        Surface.UNFAMILIAR: (
            "Every minute a {thing} utters one sound, independently of the past: A with probability "
            "${self.p_latex[0]}$, B with probability ${self.p_latex[1]}$ and C with probability ${self.p_latex[2]}$. "
            "When its last sounds are {self.pattern}, without other sounds between them, the cave of {name} opens. "
            "After how many sounds does this happen on average (the expected value)?",
            "A worm eats the letters of an endless random word, one letter after the other. Each letter is A, B or C "
            "with the probabilities ${self.p_latex[0]}$, ${self.p_latex[1]}$ and ${self.p_latex[2]}$, independently "
            "of the others. As soon as the letters eaten end in {self.pattern}, it turns into a moth. How many "
            "letters does it eat, in expectation, until then?",
        ),
    }

    weights: tuple[int, int, int]
    pattern: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two to seven fields for each letter, coprime, and a pattern whose first letter comes again."""
        while True:
            pattern = "".join(rng.choice("ABC") for _ in range(rng.randint(3, 4)))
            a, b, c = (rng.randint(2, 7) for _ in range(3))
            if pattern[0] in pattern[1:] and gcd(a, b, c) == 1:
                return cls((a, b, c), pattern)

    @property
    def total(self) -> int:
        """The number of fields."""
        return sum(self.weights)

    @property
    def a(self) -> int:
        """The fields with A."""
        return self.weights[0]

    @property
    def b(self) -> int:
        """The fields with B."""
        return self.weights[1]

    @property
    def c(self) -> int:
        """The fields with C."""
        return self.weights[2]

    @property
    def p_latex(self) -> tuple[str, ...]:
        """The probabilities of the letters."""
        return tuple(latex(Fraction(weight, self.total)) for weight in self.weights)

    def _chance(self, letter: str) -> Fraction:
        return Fraction(self.weights["ABC".index(letter)], self.total)

    def answer(self) -> Fraction:
        """Add 1 / P(beginning) over the beginnings of the pattern that are also its end (Li 1980)."""
        total = Fraction(0)
        for length in range(1, len(self.pattern) + 1):
            if self.pattern[:length] == self.pattern[-length:]:
                total += 1 / prod((self._chance(letter) for letter in self.pattern[:length]), start=Fraction(1))
        return total

    def check(self) -> Fraction:
        """Solve the first-step equations of the states "so many letters fit", each as u + v * (wait from 0)."""
        fixed, factor = [Fraction(0)], [Fraction(1)]
        for state, wanted in enumerate(self.pattern):
            u, v = fixed[state] - 1, factor[state]
            for letter in "ABC":
                if letter != wanted:
                    falls = self._after(state, letter)
                    u -= self._chance(letter) * fixed[falls]
                    v -= self._chance(letter) * factor[falls]
            fixed.append(u / self._chance(wanted))
            factor.append(v / self._chance(wanted))
        return -fixed[-1] / factor[-1]

    def _after(self, state: int, letter: str) -> int:
        seen = self.pattern[:state] + letter
        return max(length for length in range(state + 1) if self.pattern[:length] == seen[len(seen) - length :])


@dataclass(frozen=True)
class GrowingUrn(Family):
    """An urn that grows with each draw by balls of the colour drawn: Pólya's urn, whose orders are exchangeable."""

    name = "growing-urn"
    tier = 5
    topics = ("probability", "exchangeability")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "An urn holds {self.a} red, {self.b} blue and {self.c} green balls. A ball is drawn at random and put "
            "back together with {self.added} more balls of the same colour. This is done {self.n} times in all. What "
            "is the probability that red is drawn exactly {self.i_times}, blue exactly {self.j_times} and green "
            "exactly {self.k_times}?",
            "{name} has a playlist with {self.a} rock, {self.b} jazz and {self.c} folk songs. A song is played, each "
            "one on the list with the same probability; then {self.added} further songs of the same style are added "
            "to the list, and all songs stay on it. After {self.n} songs have been played in this way, what is the "
            "probability that rock was played exactly {self.i_times}, jazz exactly {self.j_times} and folk exactly "
            "{self.k_times}?",
        ),
        Surface.UNFAMILIAR: (
            "In the pond of {name} live {self.a} crimson, {self.b} azure and {self.c} jade {things}. Each night one "
            "{thing}, each with the same probability, splits into {self.pieces} of its own colour; the others stay as "
            "they are. What is the probability that in the first {self.n} nights it was a crimson one exactly "
            "{self.i_times}, an azure one exactly {self.j_times} and a jade one exactly {self.k_times}?",
            "Three gods, Ahn, Bos and Cei, begin with {self.a}, {self.b} and {self.c} believers. Every year one of "
            "all believers then alive, each with the same probability, preaches, and thereby wins {self.added} new "
            "believers for the same god. Nobody dies and nobody changes sides. What is the probability that in "
            "{self.n} years the preacher believes in Ahn exactly {self.i_times}, in Bos exactly {self.j_times} and in "
            "Cei exactly {self.k_times}?",
        ),
    }

    a: int
    b: int
    c: int
    added: int
    i: int
    j: int
    k: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two to nine balls of each colour, two to four balls added, and three to five draws in all."""
        while True:
            i, j, k = (rng.randint(1, 2) for _ in range(3))
            if i + j + k < 6:
                a, b, c = (rng.randint(2, 9) for _ in range(3))
                return cls(a, b, c, rng.randint(2, 4), i, j, k)

    @property
    def n(self) -> int:
        """The number of draws."""
        return self.i + self.j + self.k

    @property
    def pieces(self) -> int:
        """How many there are after a split."""
        return self.added + 1

    def _times(self, draws: int) -> str:
        return "once" if draws == 1 else "twice"

    @property
    def i_times(self) -> str:
        """How often the first colour comes."""
        return self._times(self.i)

    @property
    def j_times(self) -> str:
        """How often the second colour comes."""
        return self._times(self.j)

    @property
    def k_times(self) -> str:
        """How often the third colour comes."""
        return self._times(self.k)

    def answer(self) -> Fraction:
        """Multiply the probability of one order, which all orders share, by the number of orders."""

        def rising(start: int, count: int) -> int:
            return prod(start + self.added * step for step in range(count))

        orders = factorial(self.n) // (factorial(self.i) * factorial(self.j) * factorial(self.k))
        favourable = rising(self.a, self.i) * rising(self.b, self.j) * rising(self.c, self.k)
        return Fraction(orders * favourable, rising(self.a + self.b + self.c, self.n))

    def check(self) -> Fraction:
        """Follow the urn draw by draw."""
        start = (self.a, self.b, self.c)
        chances = {(0, 0, 0): Fraction(1)}
        for step in range(self.n):
            balls = sum(start) + self.added * step
            following: dict[tuple[int, int, int], Fraction] = {}
            for drawn, chance in chances.items():
                for colour in range(3):
                    after = tuple(d + (colour == i) for i, d in enumerate(drawn))
                    share = Fraction(start[colour] + self.added * drawn[colour], balls)
                    key = (after[0], after[1], after[2])
                    following[key] = following.get(key, Fraction(0)) + chance * share
            chances = following
        return chances[self.i, self.j, self.k]


@dataclass(frozen=True)
class RecordPlaces(Family):
    """Which places of a random order are records: independent events with probability 1/i."""

    name = "record-places"
    tier = 5
    topics = ("probability", "random permutations")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.n} athletes of different strength jump one after the other, in random order; the stronger one "
            "always jumps further. A jump is called a best so far if it is further than all jumps before it (the "
            "first jump is one). What is the probability that every jump whose number is in $\\{{{self.yes}\\}}$ is a "
            "best so far, and no jump whose number is in $\\{{{self.no}\\}}$ is? Nothing is required of the other "
            "jumps.",
            "The numbers $1, 2, \\ldots, {self.n}$ are written down in a row in random order, every order with the "
            "same probability. The places are numbered from left to right. A place is a *record* if the number on it "
            "is larger than all numbers to the left of it. What is the probability that all places in "
            "$\\{{{self.yes}\\}}$ are records and no place in $\\{{{self.no}\\}}$ is, whatever the other places are?",
        ),
        Surface.UNFAMILIAR: (
            "{self.n} towers of different heights stand one behind the other in the valley of {name}, in an order in "
            "which each arrangement is equally likely, and are numbered from the entrance on. From the entrance one "
            "sees exactly those towers that are higher than all towers before them. What is the probability that one "
            "sees all towers with a number in $\\{{{self.yes}\\}}$ and none with a number in $\\{{{self.no}\\}}$?",
            "{self.n} {things} of different ages enter an empty cave one by one, in random order, all orders being "
            "equally likely, and each gets the number of its entry. Whoever is older than everyone who is already in "
            "the cave becomes king at once, until a new king follows. What is the probability that all {things} with "
            "a number in $\\{{{self.yes}\\}}$ become kings and none with a number in $\\{{{self.no}\\}}$ does?",
        ),
    }

    n: int
    records: tuple[int, ...]
    others: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many places as steps from 2 to 12, records and others among them, and a longer row."""
        places = rng.sample(range(2, 13), steps)
        count = rng.randint(1, steps - 1)
        return cls(rng.randint(13, 99), tuple(sorted(places[:count])), tuple(sorted(places[count:])))

    @property
    def yes(self) -> str:
        """The records."""
        return ", ".join(map(str, self.records))

    @property
    def no(self) -> str:
        """The places that are none."""
        return ", ".join(map(str, self.others))

    def answer(self) -> Fraction:
        """Multiply 1/i over the records and 1 - 1/i over the others."""
        total = prod((Fraction(1, i) for i in self.records), start=Fraction(1))
        return total * prod((1 - Fraction(1, i) for i in self.others), start=Fraction(1))

    def check(self) -> Fraction:
        """Ask where the largest of the first m numbers stands: no record follows it, and before it all begins anew."""
        chances = [Fraction(1)]
        for m in range(1, max(*self.records, *self.others) + 1):
            total = Fraction(0)
            for top in range(m, 0, -1):
                if top not in self.others:
                    total += chances[top - 1]
                if top in self.records:
                    break
            chances.append(total / m)
        return chances[-1]

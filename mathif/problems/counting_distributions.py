"""Distributions and permutations under restrictions: inclusion and exclusion, generating functions, rook numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import comb, factorial
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.wording import counted, listed, spelled
from mathif.records import Surface


@dataclass(frozen=True)
class FixedPoints(Family):
    """Permutations in which exactly so many of a given set of numbers stay in place: partial derangements."""

    name = "some-stay-in-place"
    tier = 4
    topics = ("counting", "derangements")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The seats in a cinema row are numbered from 1 to {self.n}, and {self.n} guests have tickets with these "
            "numbers, one each. They sit down in these {self.n} seats, one guest to a seat. In how many ways can they "
            "do so if, of the guests with the tickets {self.marked}, exactly {self.k_seated} on the seat of their own "
            "ticket? (The other guests may sit anywhere.)",
            "How many permutations $\\pi$ of the numbers $1, 2, \\ldots, {self.n}$ are there for which $\\pi(i) = i$ "
            "holds for exactly {self.k} of the numbers $i \\in \\{{{self.set_marked}\\}}$? (For other $i$ it may hold "
            "or not.)",
        ),
        Surface.UNFAMILIAR: (
            "In {name} every one of {self.n} sorcerers, called Number 1 to Number {self.n}, owns a shadow. One night "
            "the shadows are dealt out anew, one to each sorcerer. The sorcerers {self.marked} hold a grudge. Exactly "
            "{self.k} of these {self.size} sorcerers got back their own shadow; nothing is known of the others. In "
            "how many ways can the shadows have been dealt out?",
            "A machine shuffles {self.n} different {things} lying on the places 1 to {self.n} of a belt; afterwards "
            "there is again one {thing} on each place. Place $i$ is called *still* if it holds the same {thing} as "
            "before. How many of the possible results have exactly {self.still_places} among the places {self.marked}?",
        ),
    }

    n: int
    chosen: tuple[int, ...]
    k: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw 7 to 12 places, 3 to 6 of them marked, and up to three that stay."""
        n = rng.randint(7, 12)
        return cls(n, tuple(sorted(rng.sample(range(1, n + 1), rng.randint(3, 6)))), rng.randint(0, 3))

    @property
    def size(self) -> int:
        """The number of marked places."""
        return len(self.chosen)

    @property
    def marked(self) -> str:
        """The marked places, as in a sentence."""
        return listed(self.chosen)

    @property
    def set_marked(self) -> str:
        """The marked places, as in a set."""
        return ", ".join(map(str, self.chosen))

    @property
    def k_seated(self) -> str:
        """How many sit, with the verb."""
        return f"{spelled(self.k)} {'sits' if self.k == 1 else 'sit'}"

    @property
    def still_places(self) -> str:
        """How many places are still."""
        return counted(self.k, "still place")

    def answer(self) -> int:
        """Choose who stays, and let none of the other marked stay by inclusion and exclusion."""
        others = self.size - self.k
        moved: int = sum((-1) ** i * comb(others, i) * factorial(self.n - self.k - i) for i in range(others + 1))
        return comb(self.size, self.k) * moved

    def check(self) -> int:
        """Mark one place after the other: it moves in all arrangements but those in which it stays."""

        def moved(n: int, marked: int) -> int:
            return factorial(n) if marked == 0 else moved(n, marked - 1) - moved(n - 1, marked - 1)

        who_stays = combinations(self.chosen, self.k)
        return sum(moved(self.n - self.k, self.size - self.k) for _ in who_stays)


@dataclass(frozen=True)
class BoundedShares(Family):
    """Equal things shared between four people, each with a least and a greatest number: inclusion and exclusion."""

    name = "shares-within-bounds"
    tier = 4
    topics = ("counting", "stars and bars")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In how many ways can {self.n} equal coins be shared out among four children, so that {self.children}? "
            "All coins are given away.",
            "How many quadruples $(x_1, x_2, x_3, x_4)$ of integers satisfy $x_1 + x_2 + x_3 + x_4 = {self.n}$ and "
            "{self.inequalities}?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} has four stomachs, and swallows {self.n} identical stones, each of which ends up in one of the "
            "stomachs. It feels well exactly if {self.stomachs}. How many distributions of the stones make it feel "
            "well, if only the numbers of stones matter?",
            "A spell of {self.n} syllables consists of some AH, then some BO, then some CY, then some DU, in this "
            "order, where {self.syllables}. How many different spells are possible?",
        ),
    }

    n: int
    bounds: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw least numbers from 0 to 3 and greatest numbers 3 to 9 above, and a sum near the middle."""
        bounds = tuple((low, low + rng.randint(3, 9)) for low in (rng.randint(0, 3) for _ in range(4)))
        low, high = (sum(ends) for ends in zip(*bounds, strict=True))
        return cls((low + high) // 2 + rng.randint(-3, 2), bounds)

    def _between(self, phrase: str, owners: tuple[str, ...]) -> str:
        pairs = zip(owners, self.bounds, strict=True)
        return listed(phrase.format(owner=owner, low=low, high=high) for owner, (low, high) in pairs)

    @property
    def children(self) -> str:
        """The bounds for four children."""
        owners = ("the first child", "the second", "the third", "the fourth")
        return self._between("{owner} gets at least {low} and at most {high}", owners)

    @property
    def inequalities(self) -> str:
        """The bounds as inequalities."""
        return self._between("${low} \\le {owner} \\le {high}$", ("x_1", "x_2", "x_3", "x_4"))

    @property
    def stomachs(self) -> str:
        """The bounds for four stomachs."""
        owners = ("the red stomach", "the blue one", "the green one", "the grey one")
        return self._between("{owner} holds from {low} to {high} stones", owners)

    @property
    def syllables(self) -> str:
        """The bounds for four syllables."""
        return self._between("{owner} is spoken from {low} to {high} times", ("AH", "BO", "CY", "DU"))

    def answer(self) -> int:
        """Give everyone the least number, then include and exclude those who have too many."""
        free = self.n - sum(low for low, _ in self.bounds)
        total = 0
        for over in product((0, 1), repeat=4):
            excess = sum(flag * (high - low + 1) for flag, (low, high) in zip(over, self.bounds, strict=True))
            if excess <= free:
                total += (-1) ** sum(over) * comb(free - excess + 3, 3)
        return total

    def check(self) -> int:
        """Multiply the generating polynomials."""
        ways = {0: 1}
        for low, high in self.bounds:
            longer: dict[int, int] = {}
            for total, count in ways.items():
                for share in range(low, high + 1):
                    longer[total + share] = longer.get(total + share, 0) + count
            ways = longer
        return ways[self.n]


@dataclass(frozen=True)
class RequiredDigits(Family):
    """Codes from given digits in which certain digits must occur: surjections by inclusion and exclusion."""

    name = "codes-with-required-digits"
    tier = 4
    topics = ("counting", "surjections")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A code has {self.n} places, and at each place stands one of the digits {self.all_digits}. Digits may be "
            "repeated. How many codes contain each of the digits {self.musts} at least once?",
            "{name} has forgotten the {self.n}-digit PIN of a lock, but the keys tell that only the digits "
            "{self.all_digits} can occur in it, and that the digits {self.musts} do occur, each of them at least "
            "once. How many PINs are possible? (A PIN may begin with 0, if 0 is among these digits, and digits may be "
            "repeated.)",
        ),
        Surface.UNFAMILIAR: (
            "Doors numbered {self.all_digits} lead out of a cave. {self.n} different {things}, one after the other, "
            "leave the cave, each through a door of its choice. A guard stands at each of the doors {self.musts}, and "
            "no guard was idle: through each of these doors at least one {thing} has left. In how many ways can the "
            "{things} have chosen their doors?",
            "The {self.n} members of a council each whisper one of the words {self.words}. Afterwards it is known who "
            "whispered what. The rite has worked if each of the words {self.must_words} was whispered by at least one "
            "member. In how many ways can the rite work?",
        ),
    }

    n: int
    digits: tuple[int, ...]
    required: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw four or five digits, two or three of them required, and 5 to 8 places."""
        digits = tuple(sorted(rng.sample(range(10), rng.randint(4, 5))))
        return cls(rng.randint(5, 8), digits, tuple(sorted(rng.sample(digits, rng.randint(2, 3)))))

    @property
    def all_digits(self) -> str:
        """The digits, as in a sentence."""
        return listed(self.digits)

    @property
    def musts(self) -> str:
        """The required digits, as in a sentence."""
        return listed(self.required)

    def _words(self, digits: tuple[int, ...]) -> str:
        names = ("oum", "tal", "rix", "jen", "wof", "sib", "kul", "dar", "pye", "goh")
        return listed(names[d] for d in digits)

    @property
    def words(self) -> str:
        """A word for each digit."""
        return self._words(self.digits)

    @property
    def must_words(self) -> str:
        """A word for each required digit."""
        return self._words(self.required)

    def answer(self) -> int:
        """Include and exclude the required digits that are missing."""
        s, d = len(self.required), len(self.digits)
        codes: int = sum((-1) ** i * comb(s, i) * (d - i) ** self.n for i in range(s + 1))
        return codes

    def check(self) -> int:
        """Write the code place by place, remembering how many required digits have not yet come."""
        missing = {len(self.required): 1}
        for _ in range(self.n):
            following: dict[int, int] = {}
            for m, count in missing.items():
                following[m] = following.get(m, 0) + count * (len(self.digits) - m)
                if m:
                    following[m - 1] = following.get(m - 1, 0) + count * m
            missing = following
        return missing[0]


@dataclass(frozen=True)
class ForbiddenPairs(Family):
    """Five workers on five tasks with forbidden pairs: rook numbers, then inclusion and exclusion."""

    name = "assignments-with-forbidden-pairs"
    tier = 5
    topics = ("counting", "rook polynomials")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Five workers A, B, C, D and E are to do five tasks, numbered from 1 to 5, one task each. {self.cannot}. "
            "In how many ways can the tasks be assigned?",
            "In how many ways can five rooks be placed on a board with the rows A to E and the columns 1 to 5, so "
            "that no two stand in the same row or the same column and the squares {self.squares} stay empty?",
        ),
        Surface.UNFAMILIAR: (
            "The moons A, B, C, D and E each need one of the five orbits 1 to 5, and no two moons can share an orbit. "
            "A moon in a cursed orbit breaks up: {self.cursed}. How many arrangements of all five moons are there in "
            "which none breaks up?",
            "A word is written with the five signs 1, 2, 3, 4 and 5, each used once, on the five fields A, B, C, D "
            "and E of a stone, one sign to a field. Acid spots make it impossible to write certain signs on certain "
            "fields: {self.acid}. How many words can be written?",
        ),
    }

    cells: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw five to seven forbidden pairs, at most two for each worker and for each task."""
        board = list(product(range(5), repeat=2))
        rng.shuffle(board)
        wanted, rows, columns = rng.randint(5, 7), [0] * 5, [0] * 5
        cells: list[tuple[int, int]] = []
        for i, j in board:
            if len(cells) < wanted and rows[i] < 2 and columns[j] < 2:
                cells.append((i, j))
                rows[i] += 1
                columns[j] += 1
        return cls(tuple(sorted(cells)))

    def _by_row(self, phrase: str, joint: str) -> list[str]:
        rows = sorted({i for i, _ in self.cells})
        return [
            phrase.format(row="ABCDE"[row], columns=joint.join(str(j + 1) for i, j in self.cells if i == row))
            for row in rows
        ]

    @property
    def cannot(self) -> str:
        """Who cannot do which tasks, beginning a sentence."""
        return listed(self._by_row("{row} cannot do {columns}", " or "))

    @property
    def squares(self) -> str:
        """The forbidden squares."""
        return listed(f"{'ABCDE'[i]}{j + 1}" for i, j in self.cells)

    @property
    def cursed(self) -> str:
        """Which moon breaks up where."""
        return listed(self._by_row("{row} breaks up in orbit {columns}", " or "))

    @property
    def acid(self) -> str:
        """Which signs cannot stand on which field."""
        return listed(self._by_row("field {row} does not take {columns}", " or "))

    def answer(self) -> int:
        """Sum (-1)^k r_k (5-k)! with the rook numbers r_k of the forbidden squares."""
        total = 0
        for k in range(6):
            rooks = sum(
                1
                for chosen in combinations(self.cells, k)
                if len({i for i, _ in chosen}) == k == len({j for _, j in chosen})
            )
            total += (-1) ** k * rooks * factorial(5 - k)
        return total

    def check(self) -> int:
        """Try all 120 assignments."""
        forbidden = set(self.cells)
        return sum(1 for tasks in permutations(range(5)) if forbidden.isdisjoint(enumerate(tasks)))


@dataclass(frozen=True)
class SubsetSums(Family):
    """Subsets of consecutive numbers whose sum has a given remainder: the filter of roots of unity."""

    name = "subset-sums-modulo-prime"
    tier = 5
    topics = ("counting", "generating functions")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "How many subsets of $\\{{{self.start}, {self.second}, \\ldots, {self.end}\\}}$ have a sum of elements "
            "that leaves the remainder {self.r} on division by {self.p}? (The empty set has the sum 0.)",
            "{self.cards} with the numbers from {self.start} to {self.end} lie on a table, one card for each number. "
            "{name} picks up any number of them, perhaps none or all, and adds the numbers up (none gives 0). In how "
            "many ways can {name} choose the cards so that the sum, divided by {self.p}, leaves the remainder "
            "{self.r}?",
        ),
        Surface.UNFAMILIAR: (
            "The keys of an organ carry the numbers from {self.start} to {self.end}, one key for each number. A chord "
            "is any set of keys, also the empty one, and its *hue* is the remainder of the sum of its numbers on "
            "division by {self.p}, 0 for the empty chord. How many chords have the hue {self.r}?",
            "A {thing} stands on a ring of {self.p} stones, numbered from 0 to {self.last} in the direction of the "
            "clock, on stone 0. It has {self.charms}: charm number $k$, for each $k$ from {self.start} to {self.end}, "
            "moves it $k$ stones on in the direction of the clock and can be used once or not at all. How many sets "
            "of charms (the empty set included) bring it to stone {self.r}, when exactly the charms of the set are "
            "used?",
        ),
    }

    start: int
    p: int
    rounds: int
    r: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a prime of 3, 5 or 7 and two to seven times as many numbers, up to 21, from up to 300 on."""
        p = rng.choice((3, 5, 7))
        return cls(rng.randint(1, 300), p, rng.randint(2, 21 // p), rng.randrange(p))

    @property
    def second(self) -> int:
        """The second number."""
        return self.start + 1

    @property
    def end(self) -> int:
        """The last number."""
        return self.start + self.p * self.rounds - 1

    @property
    def last(self) -> int:
        """The largest remainder."""
        return self.p - 1

    @property
    def cards(self) -> str:
        """The cards, counted."""
        return counted(self.p * self.rounds, "card")

    @property
    def charms(self) -> str:
        """The charms, counted."""
        return counted(self.p * self.rounds, "charm")

    def answer(self) -> int:
        """Average over the roots of unity: at each but 1 the product is 2^rounds."""
        at_others: int = (self.p - 1 if self.r == 0 else -1) * 2**self.rounds
        total: int = (2 ** (self.p * self.rounds) + at_others) // self.p
        return total

    def check(self) -> int:
        """Take the numbers in one after the other, by the remainder of the sum."""
        sums = [1] + [0] * (self.p - 1)
        for k in range(self.start, self.end + 1):
            sums = [sums[r] + sums[(r - k) % self.p] for r in range(self.p)]
        return sums[self.r]

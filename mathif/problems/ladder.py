"""Ladder families: one problem whose steps can be cut off at any number, so that the length asked for is a dose.

They belong to the task `ladder`. A problem of k steps is the beginning of the one of more steps: the same story, the
same start, the same first k moves. What a step asks for never grows, so that the last is as easy as the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Value
from mathif.records import Surface

RUNGS = (1, 2, 4, 8, 16, 32)
"""The step counts of a ladder."""


class Ladder(Family):
    """A family whose problems are moves in a row, one step each."""

    task = "ladder"
    steps = range(1, RUNGS[-1] + 1)
    moves: tuple[Any, ...]

    def after(self, steps: int) -> Self:
        """Return the same problem with its first `steps` moves only."""
        return replace(self, moves=self.moves[:steps])  # type: ignore[type-var]


@dataclass(frozen=True)
class RunningCounter(Ladder):
    """A counter with two digits that is added to and multiplied."""

    name = "running-counter"
    tier = 1
    topics = ("ladder", "remainders")
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A counter shows {self.start} and keeps only the last two digits of every result. {name} does this, in"
            " order: {self.told}. What number does the counter show at the end?",
            "{name} writes down {self.start} and goes on as follows: {self.told}. After each of these, only the last"
            " two digits are kept. What number stands there at the end?",
        ),
        Surface.UNFAMILIAR: (
            "The bell of {name} rings a number below 100, and hundreds fall off as rust. It rings {self.start}, and"
            " then these spells are cast, one after another: {self.told}. What number does the bell ring in the end?",
        ),
    }

    start: int
    moves: tuple[tuple[str, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw sums, and now and then a product, of small numbers."""
        kinds = [rng.choice(("add", "add", "multiply by")) for _ in range(steps)]
        amounts = [rng.randint(11, 98) if kind == "add" else rng.choice((3, 7, 9)) for kind in kinds]
        return cls(rng.randint(10, 99), tuple(zip(kinds, amounts, strict=True)))

    @property
    def told(self) -> str:
        """The moves."""
        return "; ".join(f"{kind} {amount}" for kind, amount in self.moves)

    def answer(self) -> Value:
        """Follow the counter."""
        now = self.start
        for kind, amount in self.moves:
            now = (now + amount if kind == "add" else now * amount) % 100
        return now

    def check(self) -> Value:
        """Put the moves together, from the last to the first, and use them at once."""
        factor, rest = 1, 0
        for kind, amount in reversed(self.moves):
            if kind == "add":
                rest += factor * amount
            else:
                factor *= amount
        return (factor * self.start + rest) % 100


@dataclass(frozen=True)
class StreetWalk(Ladder):
    """A walk along the streets of a town, and the way back."""

    name = "street-walk"
    tier = 1
    topics = ("ladder", "directions")
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The streets of a town run north-south and east-west. {name} leaves home and goes {self.told}. How many"
            " metres long is the shortest way home along such streets?",
            "A robot in a large hall moves {self.told}, all in metres. It then returns to where it began, moving only"
            " in these four directions. How many metres must it move at least?",
        ),
        Surface.UNFAMILIAR: (
            "In the flat sea of {name} a boat drifts {self.told}, counted in breaths. The wind then takes it back to"
            " its harbour, along the same four directions only. How many breaths does that take at least?",
        ),
    }

    moves: tuple[tuple[int, str], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a length and a direction for each step."""
        return cls(tuple((rng.randint(11, 400), rng.choice(("north", "south", "east", "west"))) for _ in range(steps)))

    @property
    def told(self) -> str:
        """The moves."""
        return ", then ".join(f"{length} to the {way}" for length, way in self.moves)

    def answer(self) -> Value:
        """Add what is gone in each direction."""
        gone = {way: sum(length for length, other in self.moves if other == way) for way in _WAYS}
        return abs(gone["north"] - gone["south"]) + abs(gone["east"] - gone["west"])

    def check(self) -> Value:
        """Walk, place by place."""
        place = (0, 0)
        for length, way in self.moves:
            place = (place[0] + length * _WAYS[way][0], place[1] + length * _WAYS[way][1])
        return sum(map(abs, place))


_WAYS = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}


@dataclass(frozen=True)
class DayBook(Ladder):
    """A stock that is added to and taken from."""

    name = "day-book"
    tier = 1
    topics = ("ladder", "sums")
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A warehouse starts with {self.start} {things}. Its day book says: {self.told}. How many {things} does the"
            " warehouse hold after the last entry?",
            "On Monday morning {name} counts {self.start} {things} in the depot. What follows is, entry by entry:"
            " {self.told}. How many {things} are left in the depot?",
        ),
        Surface.UNFAMILIAR: (
            "The mouth of the whale {name} holds {self.start} {things}. The tide writes: {self.told}. How many {things}"
            " swim in that mouth when the tide has written its last word?",
        ),
    }

    start: int
    moves: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw what comes in and what goes out."""
        moves = tuple(rng.randint(11, 98) * rng.choice((1, -1)) for _ in range(steps))
        return cls(rng.randint(3500, 9000), moves)

    @property
    def told(self) -> str:
        """The entries."""
        return ", ".join(f"{abs(move)} {'in' if move > 0 else 'out'}" for move in self.moves)

    def answer(self) -> Value:
        """Add all entries."""
        return self.start + sum(self.moves)

    def check(self) -> Value:
        """Count what came in and what went out apart."""
        came, went = (sum(abs(move) for move in self.moves if (move > 0) is sign) for sign in (True, False))
        return self.start + came - went


@dataclass(frozen=True)
class LampRow(Ladder):
    """A row of lamps of which stretches are switched."""

    name = "lamp-row"
    tier = 2
    topics = ("ladder", "states")
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A row of {self.size} lamps, numbered from 1, is dark. {name} presses every switch of a stretch of lamps,"
            " stretch after stretch: {self.told}. A pressed switch turns a lamp on if it is off and off if it is on."
            " How many lamps are on in the end?",
            "The {self.size} cards in a row are numbered from 1 and lie face down. All cards of these stretches are"
            " turned over, one stretch after another: {self.told}. How many cards lie face up at the end?",
        ),
        Surface.UNFAMILIAR: (
            "The {self.size} monks of {name}, numbered from 1, are silent. A cloud passes over some of them, again and"
            " again: {self.told}. Whoever is silent under it starts to sing, and whoever sings falls silent. How many"
            " monks sing when the sky is clear?",
        ),
    }

    size: int
    moves: tuple[tuple[int, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the ends of a stretch for each step."""
        size = rng.randint(20, 40)
        return cls(size, tuple(_ends(rng, size) for _ in range(steps)))

    @property
    def told(self) -> str:
        """The stretches."""
        return "; ".join(f"from {first} to {last}" for first, last in self.moves)

    def answer(self) -> Value:
        """Switch lamp after lamp."""
        lit: set[int] = set()
        for first, last in self.moves:
            lit ^= set(range(first, last + 1))
        return len(lit)

    def check(self) -> Value:
        """Count the lamps that lie in an odd number of stretches."""
        return sum(sum(a <= lamp <= b for a, b in self.moves) % 2 for lamp in range(1, self.size + 1))


def _ends(rng: Random, size: int) -> tuple[int, int]:
    first, last = sorted(rng.sample(range(1, size + 1), 2))
    return first, last


@dataclass(frozen=True)
class TurnedDial(Ladder):
    """A dial that is turned to the right and to the left."""

    name = "turned-dial"
    tier = 2
    topics = ("ladder", "remainders")
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The dial of a safe has the marks 0 to {self.last} in a circle, in this order to the right. It points to"
            " {self.start} and is turned {self.told}. To which mark does it point then?",
            "A wheel of fortune carries the fields 0 to {self.last}, in this order to the right around the wheel. The"
            " needle rests at field {self.start} and jumps {self.told}. At which field does it come to rest?",
        ),
        Surface.UNFAMILIAR: (
            "The compass of {name} knows the winds 0 to {self.last}, to the right one after another and around again."
            " Its needle dreams of wind {self.start} and wanders {self.told}. Of which wind does it dream now?",
        ),
    }

    last: int
    start: int
    moves: tuple[tuple[int, str], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw how far and which way, for each step, never once around."""
        last = rng.randint(59, 99)
        moves = tuple((rng.randint(3, last), rng.choice(("right", "left"))) for _ in range(steps))
        return cls(last, rng.randint(0, last), moves)

    @property
    def told(self) -> str:
        """The turns."""
        return ", ".join(f"{far} to the {way}" for far, way in self.moves)

    def answer(self) -> Value:
        """Add all turns and keep the remainder."""
        turned = sum(far if way == "right" else -far for far, way in self.moves)
        return (self.start + turned) % (self.last + 1)

    def check(self) -> Value:
        """Turn it one after another, around the end where it is passed."""
        place = self.start
        for far, way in self.moves:
            place += far if way == "right" else -far
            place -= (self.last + 1) * (place > self.last) - (self.last + 1) * (place < 0)
        return place

"""Arithmetic of rates: time, speed, work, prices per unit, and calendars."""

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
class JourneyTime(Family):
    """A journey in legs of different speeds, with a rest after each but the last: how long it takes."""

    name = "journey-in-legs"
    tier = 1
    topics = ("arithmetic", "speed and time")
    steps = range(3, 8, 2)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} goes on a bicycle tour: {self.legs_plain}. Between two legs there is always a rest of {self.rest} "
            "minutes. How many minutes pass from the start to the end of the tour?",
            "A barge travels along a river: {self.legs_plain}. After every leg except the last it waits {self.rest} "
            "minutes at a lock. How many minutes does the whole trip take?",
        ),
        Surface.UNFAMILIAR: (
            "A {thing} rolls over the plains of Omm: {self.legs_strange}. Between two stretches it always naps for "
            "{self.rest} blinks. How many blinks pass from its first roll to its last?",
        ),
    }

    legs: tuple[tuple[int, int], ...]
    rest: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw legs that take whole minutes: a quotient for each, and a sum for each after the first."""
        legs = []
        for _ in range((steps + 1) // 2):
            speed = rng.randint(6, 30)
            legs.append((speed * rng.randint(5, 40) * 10, speed * 10))
        return cls(tuple(legs), rng.randint(4, 15))

    @property
    def legs_plain(self) -> str:
        """The legs in meters and minutes."""
        return listed(f"{way} meters at {speed} meters per minute" for way, speed in self.legs)

    @property
    def legs_strange(self) -> str:
        """The legs in units of nowhere."""
        return listed(f"{way} spans at {speed} spans per blink" for way, speed in self.legs)

    def answer(self) -> Value:
        """Add the times of the legs and the rests."""
        return sum(way // speed for way, speed in self.legs) + self.rest * (len(self.legs) - 1)

    def check(self) -> Value:
        """Live through it minute by minute."""
        minutes = -self.rest
        for way, speed in self.legs:
            minutes += self.rest
            while way > 0:
                way -= speed
                minutes += 1
        return minutes


@dataclass(frozen=True)
class SharedWork(Family):
    """The same work by another number of workers for another number of hours a day."""

    name = "workers-and-days"
    tier = 1
    topics = ("arithmetic", "inverse proportion")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.crew} painters who work {self.hours} hours a day paint a school in {self.days} days. How many days "
            "do {self.other} painters need for the same school if they work {self.longer} hours a day? All painters "
            "work equally fast.",
            "{self.crew} equal pumps that run {self.hours} hours a day empty a pond in {self.days} days. In how many "
            "days do {self.other} of these pumps empty it when they run {self.longer} hours a day?",
        ),
        Surface.UNFAMILIAR: (
            "{self.crew} moon moles that dig {self.hours} chimes a night finish a tunnel in {self.days} nights. Moles "
            "are all alike. How many nights do {self.other} moles need for such a tunnel if they dig {self.longer} "
            "chimes a night?",
        ),
    }

    crew: int
    hours: int
    days: int
    other: int
    longer: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw crews until the second one needs a whole number of days."""
        while True:
            crew, hours, days = rng.randint(3, 24), rng.randint(4, 10), rng.randint(4, 40)
            other, longer = rng.randint(2, 24), rng.randint(4, 10)
            whole, left = divmod(crew * hours * days, other * longer)
            if not left and whole > 1 and crew != other and hours != longer:
                return cls(crew, hours, days, other, longer)

    def answer(self) -> Value:
        """Divide all the hours of work by what the second crew does in a day."""
        return Fraction(self.crew * self.hours * self.days, self.other * self.longer)

    def check(self) -> Value:
        """Let the second crew work until nothing is left, each worker doing an equal part an hour."""
        part = Fraction(1, self.crew * self.hours * self.days)
        return next(days for days in count(1) if part * self.other * self.longer * days >= 1)


@dataclass(frozen=True)
class PriceGap(Family):
    """Two packs of one good: how much less the cheaper one costs per unit."""

    name = "price-per-unit"
    tier = 1
    topics = ("arithmetic", "rates")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A pack of {self.small} {things} costs {self.low} cents, and a pack of {self.large} {things} costs "
            "{self.high} cents. How many cents per {thing} does one save with the pack whose price per {thing} is "
            "lower? Give the exact value as a fraction or an integer.",
            "A printer makes {self.low} copies in {self.small} minutes, another one makes {self.high} copies in "
            "{self.large} minutes. How many copies per minute does the faster printer make more than the slower one? "
            "Give the exact value as a fraction or an integer.",
        ),
        Surface.UNFAMILIAR: (
            "The {thing} {name} eats {self.low} lamps in {self.small} dusks, and the {thing} {friend} eats "
            "{self.high} lamps in {self.large} dusks. Both eat evenly. By how many lamps per dusk is the greedier one "
            "ahead of the other? Give the exact value as a fraction or an integer.",
        ),
    }

    small: int
    low: int
    large: int
    high: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two packs that differ in size and in price per unit."""
        while True:
            small, large = rng.randint(3, 9), rng.randint(10, 24)
            low = small * rng.randint(8, 40) + rng.randint(0, small - 1)
            high = low + rng.randint(10, 400)
            if low * large != high * small:
                return cls(small, low, large, high)

    def answer(self) -> Value:
        """Subtract one price per unit from the other."""
        return abs(Fraction(self.low, self.small) - Fraction(self.high, self.large))

    def check(self) -> Value:
        """Buy as many units in either pack, and share the difference among them."""
        units = self.small * self.large
        return Fraction(abs(self.low * self.large - self.high * self.small), units)


@dataclass(frozen=True)
class RingWalk(Family):
    """Long jumps forward and back around a ring of numbered places."""

    name = "walk-around-a-ring"
    tier = 1
    topics = ("arithmetic", "remainders")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "The {self.size} chairs of a round dance are numbered from 1 to {self.size} in order, and after chair "
            "{self.size} comes chair 1 again. {name} starts at chair {self.start} and goes {self.moves}. At which "
            "chair does {name} arrive?",
            "A board game has {self.size} fields in a circle, numbered from 1 to {self.size}; field 1 follows field "
            "{self.size}. A piece stands on field {self.start} and is moved {self.moves}. What is the number of the "
            "field on which it then stands?",
        ),
        Surface.UNFAMILIAR: (
            "The year of the planet {name} has {self.size} moods, numbered from 1 to {self.size}, and mood 1 comes "
            "after mood {self.size}. A time ship leaves in mood {self.start} and goes {self.moves}, counted in moods. "
            "What is the number of the mood in which it arrives?",
        ),
    }

    size: int
    start: int
    jumps: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one jump less than steps, forward and back in turns; the last step is the remainder."""
        size = rng.randint(7, 30)
        jumps = tuple(rng.randint(50, 400) * (-1) ** k for k in range(steps - 1))
        return cls(size, rng.randint(1, size), jumps)

    @property
    def moves(self) -> str:
        """The jumps in words."""
        return ", then ".join(f"{abs(jump)} {'forward' if jump > 0 else 'back'}" for jump in self.jumps)

    def answer(self) -> Value:
        """Add all jumps and keep the remainder."""
        return (self.start - 1 + sum(self.jumps)) % self.size + 1

    def check(self) -> Value:
        """Walk place by place."""
        place = self.start
        for jump in self.jumps:
            for _ in range(abs(jump)):
                place += 1 if jump > 0 else -1
                place = 1 if place > self.size else place or self.size
        return place


@dataclass(frozen=True)
class FillingTank(Family):
    """A tank with an inflow and a leak, partly full at the start."""

    name = "tank-with-leak"
    tier = 1
    topics = ("arithmetic", "rates")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A tank with room for {self.full} liters holds {self.held} liters of water. Every minute {self.inflow} "
            "liters flow in, while {self.leak} liters leak out. After how many minutes is the tank full?",
            "{name} wants to save {self.full} euros and already has {self.held} euros. Every week {name} earns "
            "{self.inflow} euros and spends {self.leak} of them. After how many weeks does {name} have {self.full} "
            "euros?",
        ),
        Surface.UNFAMILIAR: (
            "The beard of the sorcerer {name} is {self.held} hairs strong. Each night {self.inflow} hairs sprout, and "
            "each night {self.leak} hairs fly off as moths. After how many nights is the beard {self.full} hairs "
            "strong?",
        ),
    }

    full: int
    held: int
    inflow: int
    leak: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the rates and the number of minutes."""
        leak, held = rng.randint(2, 15), rng.randint(10, 90)
        inflow = leak + rng.randint(3, 25)
        return cls(held + (inflow - leak) * rng.randint(5, 40), held, inflow, leak)

    def answer(self) -> Value:
        """Divide what is missing by what a minute adds."""
        return Fraction(self.full - self.held, self.inflow - self.leak)

    def check(self) -> Value:
        """Watch the tank minute by minute."""
        held, minutes = self.held, 0
        while held < self.full:
            held += self.inflow - self.leak
            minutes += 1
        return minutes


@dataclass(frozen=True)
class CatchingUp(Family):
    """A faster one starts later: how far from the start it catches the slower one."""

    name = "catching-up"
    tier = 1
    topics = ("arithmetic", "speed and time")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} walks {self.slow} meters per minute. {friend} starts {self.late} minutes later from the same "
            "place, follows the same path, and rides {self.fast} meters per minute. How many meters from the start "
            "does {friend} catch up with {name}?",
            "A slow truck drives {self.slow} meters per minute. From the same gate a fast truck follows it "
            "{self.late} minutes later at {self.fast} meters per minute. How many meters from the gate does the fast "
            "truck reach the slow one?",
        ),
        Surface.UNFAMILIAR: (
            "A rumor crawls {self.slow} doors per yawn along an endless street. A second rumor sets out from the same "
            "first step {self.late} yawns later and crawls {self.fast} doors per yawn. How many doors from there does "
            "it overtake the first?",
        ),
    }

    slow: int
    fast: int
    late: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw speeds until they meet after a whole number of minutes."""
        while True:
            slow, late = rng.randint(20, 90), rng.randint(3, 25)
            fast = slow + rng.randint(5, 80)
            if slow * late % (fast - slow) == 0:
                return cls(slow, fast, late)

    def answer(self) -> Value:
        """The lead shrinks by the difference of the speeds."""
        return Fraction(self.slow * self.late, self.fast - self.slow) * self.fast

    def check(self) -> Value:
        """Let both move minute by minute."""
        ahead, behind = self.slow * self.late, 0
        while behind < ahead:
            ahead, behind = ahead + self.slow, behind + self.fast
        return behind


@dataclass(frozen=True)
class JointWork(Family):
    """Several workers, each with a time of its own for the whole job, work together."""

    name = "working-together"
    tier = 2
    topics = ("arithmetic", "work")
    steps = range(4, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Different pipes fill the same empty pool. Each pipe alone would need a time of its own: {self.times} "
            "hours. How many hours does it take when all of them are open at once? Give the exact value.",
            "Each of several machines could finish an order alone, in {self.times} hours. All machines start at the "
            "same moment and share the work. After how many hours is the order finished? Give the exact value.",
        ),
        Surface.UNFAMILIAR: (
            "A mountain of porridge is set before some ogres. Alone, they would need {self.times} moons to eat it, "
            "one number for each ogre. In how many moons do they finish it if they all eat at once, each at the usual "
            "pace? Give the exact value.",
        ),
    }

    hours: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two workers less than steps: their rates are found, added, and the sum is inverted."""
        return cls(tuple(sorted(rng.sample(range(3, 120), steps - 2))))

    @property
    def times(self) -> str:
        """The times of the workers alone."""
        return listed(self.hours)

    def answer(self) -> Value:
        """Invert the sum of the rates."""
        return 1 / sum((Fraction(1, hours) for hours in self.hours), Fraction(0))

    def check(self) -> Value:
        """Divide the product of the times by the sum of all products that leave one out."""
        product, parts = 1, 0
        for hours in self.hours:
            product, parts = product * hours, parts * hours + product
        return Fraction(product, parts)


@dataclass(frozen=True)
class RoundTrip(Family):
    """The average speed there and back, with a rest at the far end."""

    name = "average-speed-round-trip"
    tier = 2
    topics = ("arithmetic", "speed and time")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} drives {self.way} kilometers to the sea at {self.there} kilometers per hour, rests there for "
            "{self.rest} minutes, and drives back the same way at {self.back} kilometers per hour. What is the "
            "average speed of the whole trip, rest included, in kilometers per hour? Give the exact value.",
            "A parcel drone flies {self.way} kilometers at {self.there} kilometers per hour, hovers for {self.rest} "
            "minutes, and returns by the same way at {self.back} kilometers per hour. Find its average speed in "
            "kilometers per hour over the whole time, hovering included, as an exact value.",
        ),
        Surface.UNFAMILIAR: (
            "A cloud herder drives clouds {self.way} furls up the sky at {self.there} furls per glow and later "
            "{self.way} furls down at {self.back} furls per glow. Between the two the clouds stand still for "
            "{self.rest} blinks, and 60 blinks are a glow. Find the exact average number of furls per glow over the "
            "whole time.",
        ),
    }

    way: int
    there: int
    back: int
    rest: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two different speeds."""
        there, back = rng.sample(range(30, 121, 2), 2)
        return cls(rng.randint(20, 180), there, back, rng.randint(1, 10) * 6)

    def answer(self) -> Value:
        """Divide the whole way by the whole time."""
        time = Fraction(self.way, self.there) + Fraction(self.way, self.back) + Fraction(self.rest, 60)
        return 2 * self.way / time

    def check(self) -> Value:
        """Weigh the three speeds, one of them zero, by their shares of the time."""
        times = (self.way * self.back * 60, self.way * self.there * 60, self.rest * self.there * self.back)
        speeds = (self.there, self.back, 0)
        return Fraction(sum(t * v for t, v in zip(times, speeds, strict=True)), sum(times))


@dataclass(frozen=True)
class MeetingTrains(Family):
    """Two travelers start towards each other, one later than the other."""

    name = "meeting-on-the-way"
    tier = 2
    topics = ("arithmetic", "speed and time")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Two towns are {self.way} kilometers apart. A train leaves the first town for the second at {self.first} "
            "kilometers per hour. {self.late} minutes later another train leaves the second town for the first at "
            "{self.second} kilometers per hour. How many kilometers from the first town do the trains meet? Give the "
            "exact value.",
            "{name} and {friend} live {self.way} kilometers apart and ride towards each other. {name} starts first "
            "and rides {self.first} kilometers per hour. {friend} starts {self.late} minutes later and rides "
            "{self.second} kilometers per hour. How far from the home of {name} do they meet, in kilometers? Give the "
            "exact value.",
        ),
        Surface.UNFAMILIAR: (
            "Two lighthouses stand {self.way} leagues apart. The {thing} leaves the left one and hops {self.first} "
            "leagues per hour straight to the right. {self.late} minutes later the {other} leaves the right one and "
            "hops {self.second} leagues per hour straight to the left. How many leagues from the left lighthouse do "
            "they bump into each other? Give the exact value.",
        ),
    }

    way: int
    first: int
    second: int
    late: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw speeds and a way that the first traveler has not finished when the second starts."""
        first, second = rng.sample(range(12, 60), 2)
        return cls(rng.randint(70, 300), first, second, rng.randint(1, 11) * 5)

    def answer(self) -> Value:
        """Give the first traveler the head start, and divide the rest of the way by both speeds."""
        lead = Fraction(self.first * self.late, 60)
        return lead + (self.way - lead) / (self.first + self.second) * self.first

    def check(self) -> Value:
        """Find the place that both reach at one time, from the equation of the times."""
        slope = Fraction(1, self.first) + Fraction(1, self.second)
        return (Fraction(self.late, 60) + Fraction(self.way, self.second)) / slope


@dataclass(frozen=True)
class GrowingCrew(Family):
    """A crew that is joined by others before the work is done."""

    name = "growing-crew"
    tier = 2
    topics = ("arithmetic", "work")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A crew of {self.crew} workers would build a wall in {self.days} days. After {self.alone} days of work "
            "{self.more} more workers join them. All work equally fast. How many days after the start of the work is "
            "the wall finished? Give the exact value.",
            "The hay in a barn lasts {self.crew} cows for {self.days} days. After {self.alone} days the farmer buys "
            "{self.more} more cows, and all cows eat the same amount each day. For how many days in total does the "
            "hay last? Give the exact value.",
        ),
        Surface.UNFAMILIAR: (
            "A bell must be rung until it melts. {self.crew} ghosts would need {self.days} nights for that. When "
            "{self.alone} nights have passed, {self.more} more ghosts come to help. Ghosts ring equally hard. How "
            "many nights does the bell last in total? Give the exact value.",
        ),
    }

    crew: int
    days: int
    alone: int
    more: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a crew and the day on which it is joined."""
        days = rng.randint(10, 60)
        return cls(rng.randint(4, 30), days, rng.randint(2, days - 3), rng.randint(2, 20))

    def answer(self) -> Value:
        """Divide what is left for the old crew by the new crew."""
        return self.alone + Fraction(self.crew * (self.days - self.alone), self.crew + self.more)

    def check(self) -> Value:
        """The newcomers save time: without them the rest of the days would be longer by their share."""
        rest = self.days - self.alone
        return self.days - Fraction(self.more, self.crew + self.more) * rest


@dataclass(frozen=True)
class BoatInCurrent(Family):
    """A boat up and down a river: its own speed and that of the water."""

    name = "boat-in-a-current"
    tier = 2
    topics = ("arithmetic", "speed and time")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A boat travels {self.way} kilometers down a river in {self.down} hours and back up in {self.up} hours, "
            "always with the same speed relative to the water. Find the speed of the boat in still water and the "
            "speed of the current, in kilometers per hour, as the ordered pair (boat, current). Give exact values.",
            "With a steady wind behind it a small airship flies {self.way} kilometers in {self.down} hours. Against "
            "the same wind it needs {self.up} hours for the way back. Give the exact ordered pair (speed of the "
            "airship in still air, speed of the wind), both in kilometers per hour.",
        ),
        Surface.UNFAMILIAR: (
            "On the moving pavement of {name} a {thing} that hurries along with the pavement covers {self.way} slabs "
            "in {self.down} ticks; hurrying just as fast against it, the {thing} covers {self.way} slabs in {self.up} "
            "ticks. Give the exact ordered pair (speed of the {thing} on resting ground, speed of the pavement) in "
            "slabs per tick.",
        ),
    }

    way: int
    down: int
    up: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the way and two different times."""
        down = rng.randint(2, 9)
        return cls(rng.randint(24, 600), down, down + rng.randint(1, 9))

    def answer(self) -> Value:
        """Halve the sum and the difference of the two speeds over ground."""
        fast, slow = Fraction(self.way, self.down), Fraction(self.way, self.up)
        return Tuple((fast + slow) / 2, (fast - slow) / 2)

    def check(self) -> Value:
        """Solve down * (b + c) = way and up * (b - c) = way by Cramer's rule."""
        bottom = -2 * self.down * self.up
        boat = Fraction(-self.way * (self.up + self.down), bottom)
        current = Fraction(self.way * (self.down - self.up), bottom)
        return Tuple(boat, current)

"""Control items on records and moves: tables, timetables, calendars, families, directions, nothing beyond counting.

They belong to the task `control` and never to `core`, like those of `mathif.problems.control`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.control import WORDS, Words
from mathif.problems.exact import Value
from mathif.problems.wording import NAMES, counted, listed
from mathif.records import Surface

_TOWNS = (
    "Aberdeen",
    "Bergen",
    "Cadiz",
    "Delft",
    "Exeter",
    "Florence",
    "Ghent",
    "Haifa",
    "Izmir",
    "Jena",
    "Krakow",
    "Lyon",
)
_PETS = (
    "canary",
    "cat",
    "dog",
    "ferret",
    "goldfish",
    "hamster",
    "horse",
    "parrot",
    "pony",
    "rabbit",
    "snake",
    "tortoise",
)


@dataclass(frozen=True)
class TableLookup(Family):
    """A value looked up in a table with three columns."""

    name = "table-lookup"
    task = "control"
    tier = 1
    topics = ("control", "look up")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Each line gives a person, a town and a pet.\n{self.shown}\nWhich pet belongs to the person from"
            " {self.town}?",
            "A club keeps this list of members (name, home town, pet):\n{self.shown}\nA letter arrives from"
            " {self.town}. What is the pet of the member who lives there?",
        ),
        Surface.UNFAMILIAR: (
            "The archive of {name} records who went through which gate with which {thing}-beast:\n{self.shown}\nWhich"
            " beast went through the gate called {self.town}?",
        ),
    }

    people: Words
    towns: Words
    pets: Words
    row: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one row more than steps."""
        people, towns, pets = (tuple(rng.sample(column, steps + 1)) for column in (NAMES, _TOWNS, _PETS))
        return cls(people, towns, pets, rng.randint(0, steps))

    @property
    def shown(self) -> str:
        """The rows as lines."""
        return "\n".join(", ".join(row) for row in zip(self.people, self.towns, self.pets, strict=True))

    @property
    def town(self) -> str:
        """The town that is asked for."""
        return self.towns[self.row]

    def answer(self) -> Value:
        """Take the pet of the row."""
        return self.pets[self.row]

    def check(self) -> Value:
        """Search the lines."""
        return next(line for line in self.shown.split("\n") if f", {self.town}, " in line).split(", ")[2]


@dataclass(frozen=True)
class HandOver(Family):
    """A thing handed from one person to the next by a given list."""

    name = "chain-of-hands"
    task = "control"
    tier = 2
    topics = ("control", "look up")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Everybody passes a parcel on to one other person: {self.rules}. {self.first} has the parcel now. Who"
            " has it after it was passed on {self.times}?",
            "In an office each letter is forwarded by a fixed list: {self.rules}. A letter lands on the desk of"
            " {self.first} and is forwarded {self.times}. On whose desk is it then?",
        ),
        Surface.UNFAMILIAR: (
            "The ghosts of {name} throw a glowing {thing}: {self.rules}. It starts in the hands of {self.first} and is"
            " thrown {self.times}. Which ghost holds it then?",
        ),
    }

    givers: Words
    takers: Words
    first: str
    passes: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a circle of people, listed out of order."""
        circle = rng.sample(NAMES, steps + 2)
        pairs = list(zip(circle, [*circle[1:], circle[0]], strict=True))
        rng.shuffle(pairs)
        return cls(tuple(giver for giver, _ in pairs), tuple(taker for _, taker in pairs), circle[0], steps)

    @property
    def rules(self) -> str:
        """Who passes on to whom."""
        return listed(f"{giver} to {taker}" for giver, taker in zip(self.givers, self.takers, strict=True))

    @property
    def times(self) -> str:
        """How often it is passed on."""
        return counted(self.passes, "time")

    def answer(self) -> Value:
        """Follow the list."""
        to = dict(zip(self.givers, self.takers, strict=True))
        holder = self.first
        for _ in range(self.passes):
            holder = to[holder]
        return holder

    def check(self) -> Value:
        """Find the one from whom the way back leads to the first."""
        back = dict(zip(self.takers, self.givers, strict=True))
        for candidate in self.givers:
            holder = candidate
            for _ in range(self.passes):
                holder = back[holder]
            if holder == self.first:
                return candidate
        raise ValueError("nobody can have it")


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _written(day: date) -> str:
    """Return a date as `3 May 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True)
class Weekday(Family):
    """The day of the week of a date, another one's being given."""

    name = "day-of-the-week"
    task = "control"
    tier = 2
    topics = ("control", "dates")
    steps = range(2, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.start} is a {self.known}. Which day of the week is {self.end}?",
            "{name} looks at a letter dated {self.known}, {self.start}. It asks for a reply on {self.end}. On which day"
            " of the week is the reply due?",
        ),
        Surface.UNFAMILIAR: (
            "The comet of {name} was seen on {self.known}, {self.start}, and a soothsayer expects it again on"
            " {self.end}. Which day of the week will that be?",
        ),
    }

    ordinal: int
    later: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two dates that are at most as many months apart as there are steps."""
        return cls(rng.randint(date(2001, 1, 1).toordinal(), date(2060, 1, 1).toordinal()), rng.randint(8, 30 * steps))

    @property
    def start(self) -> str:
        """The date whose day of the week is given."""
        return _written(date.fromordinal(self.ordinal))

    @property
    def end(self) -> str:
        """The other date."""
        return _written(date.fromordinal(self.ordinal + self.later))

    @property
    def known(self) -> str:
        """The given day of the week."""
        return _DAYS[date.fromordinal(self.ordinal).weekday()]

    def answer(self) -> Value:
        """Ask the calendar."""
        return _DAYS[date.fromordinal(self.ordinal + self.later).weekday()]

    def check(self) -> Value:
        """Count on from the given day."""
        return _DAYS[(_DAYS.index(self.known) + self.later) % 7]


@dataclass(frozen=True)
class DayOfMonth(Family):
    """The date some days later."""

    name = "days-later"
    task = "control"
    tier = 2
    topics = ("control", "dates")
    steps = range(2, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Today is {self.start}. Which day of the month is it in {self.later} days? Give only the number of the"
            " day.",
            "{name} borrows a book on {self.start} for {self.later} days. On which day of the month must it be back?"
            " Give only the number of the day.",
        ),
        Surface.UNFAMILIAR: (
            "An egg of the {thing} bird was laid on {self.start} and hatches exactly {self.later} days later. On which"
            " day of the month does it hatch? Give only the number of the day.",
        ),
    }

    ordinal: int
    later: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a number of days that leads into another month."""
        later = rng.randint(32, 31 * steps)
        return cls(rng.randint(date(2001, 1, 1).toordinal(), date(2060, 1, 1).toordinal()), later)

    @property
    def start(self) -> str:
        """The given date."""
        return _written(date.fromordinal(self.ordinal))

    def answer(self) -> Value:
        """Ask the calendar."""
        return (date.fromordinal(self.ordinal) + timedelta(days=self.later)).day

    def check(self) -> Value:
        """Turn the pages of the calendar."""
        start = date.fromordinal(self.ordinal)
        year, month, day = start.year, start.month, start.day + self.later
        while day > (length := _days_in(year, month)):
            day -= length
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return day


def _days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


_COMPASS = ("north", "east", "south", "west")
_TURNS = {"right": 1, "left": 3, "around": 2}


@dataclass(frozen=True)
class Facing(Family):
    """Where somebody looks after some turns."""

    name = "turns"
    task = "control"
    tier = 1
    topics = ("control", "follow directions")
    steps = range(5, 11)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} faces {self.start} and turns like this: {self.told}. Which way does {name} face at the end: north,"
            " east, south or west?",
            "A toy robot looks {self.start}. It obeys these commands in order: {self.told}. Into which direction"
            " (north, east, south or west) does it look then?",
        ),
        Surface.UNFAMILIAR: (
            "The weathercock of {name} points {self.start}. A moody wind makes it turn: {self.told}. Where does it"
            " point when the wind has gone: north, east, south or west?",
        ),
    }

    start: str
    turns: Words

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one turn for each step."""
        return cls(rng.choice(_COMPASS), tuple(rng.choice(tuple(_TURNS)) for _ in range(steps)))

    @property
    def told(self) -> str:
        """The turns."""
        return ", ".join(self.turns)

    def answer(self) -> Value:
        """Turn step by step."""
        facing = self.start
        for turn in self.turns:
            facing = _COMPASS[(_COMPASS.index(facing) + _TURNS[turn]) % 4]
        return facing

    def check(self) -> Value:
        """Multiply a direction in the plane by powers of the imaginary unit."""
        planes = {"north": 1j, "east": 1 + 0j, "south": -1j, "west": -1 + 0j}
        quarter = {"left": 1j, "right": -1j, "around": -1 + 0j}
        direction = planes[self.start]
        for turn in self.turns:
            direction *= quarter[turn]
        return next(name for name, vector in planes.items() if vector == direction)


@dataclass(frozen=True)
class Swaps(Family):
    """A thing under one of several cups that change places."""

    name = "swapped-places"
    task = "control"
    tier = 2
    topics = ("control", "follow directions")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "From left to right, these things lie on a table: {self.shown}. {name} makes these exchanges in order:"
            " {self.told}. Which thing lies in place {self.place} from the left then?",
            "A shelf has {self.count} boxes. From left to right they are labelled {self.shown}. The boxes in two places"
            " are exchanged, again and again: {self.told}. Which label does the box in place {self.place} have at the"
            " end?",
        ),
        Surface.UNFAMILIAR: (
            "On the stage of {name}, masks hang in a row: {self.shown}. Between the acts masks jump: {self.told}. Which"
            " mask hangs in place {self.place} from the left when the curtain falls?",
        ),
    }

    things: Words
    swaps: tuple[tuple[int, int], ...]
    place: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one exchange for each step, the last of them at the place that is asked for."""
        things = tuple(rng.sample(WORDS, 5))
        swaps: list[tuple[int, int]] = []
        while len(swaps) < steps:
            first, second = sorted(rng.sample(range(1, 6), 2))
            if not swaps or swaps[-1] != (first, second):
                swaps.append((first, second))
        return cls(things, tuple(swaps), rng.choice(swaps[-1]))

    @property
    def shown(self) -> str:
        """The things in their first order."""
        return ", ".join(self.things)

    @property
    def count(self) -> int:
        """How many things there are."""
        return len(self.things)

    @property
    def told(self) -> str:
        """The exchanges."""
        return "; ".join(f"place {first} with place {second}" for first, second in self.swaps)

    def answer(self) -> Value:
        """Exchange the things."""
        row = list(self.things)
        for first, second in self.swaps:
            row[first - 1], row[second - 1] = row[second - 1], row[first - 1]
        return row[self.place - 1]

    def check(self) -> Value:
        """Follow the place back to where its thing came from."""
        place = self.place
        for first, second in reversed(self.swaps):
            place = {first: second, second: first}.get(place, place)
        return self.things[place - 1]


@dataclass(frozen=True)
class Timetable(Family):
    """The first departure after a given time to a given town."""

    name = "timetable"
    task = "control"
    tier = 1
    topics = ("control", "look up")
    steps = range(3, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A timetable lists the line, the departure and the destination of each bus:\n{self.shown}\n{name} comes to"
            " the stop at {self.arrival} and wants to go to {self.town}. Which line is the first that {name} can take?"
            " Give its number.",
            "These trains leave a station today (number, time, destination):\n{self.shown}\nWhich train is the next to"
            " {self.town} for someone who gets there at {self.arrival}? Give its number.",
        ),
        Surface.UNFAMILIAR: (
            "Dragons leave the roost of {name} at fixed times (number, time, destination):\n{self.shown}\nA {thing}"
            " reaches the roost at {self.arrival} and must fly to {self.town}. Which dragon is the first to take? Give"
            " its number.",
        ),
    }

    numbers: tuple[int, ...]
    minutes: tuple[int, ...]
    towns: Words
    town: str
    now: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two departures more than steps, some of them to the right town on either side of the arrival."""
        rows = steps + 2
        while True:
            towns = rng.sample(_TOWNS, 3)
            goals = tuple(rng.choice(towns) for _ in range(rows))
            minutes = tuple(rng.sample(range(360, 1320), rows))
            now = rng.randint(420, 1200)
            fitting = [minute for minute, goal in zip(minutes, goals, strict=True) if goal == towns[0]]
            if min(fitting, default=now) < now < max(fitting, default=now) and now not in minutes:
                return cls(tuple(rng.sample(range(11, 100), rows)), minutes, goals, towns[0], now)

    @property
    def shown(self) -> str:
        """The departures as lines."""
        rows = zip(self.numbers, self.minutes, self.towns, strict=True)
        return "\n".join(f"{number}, {_clock(minute)}, {town}" for number, minute, town in rows)

    @property
    def arrival(self) -> str:
        """The time from which on a departure can be reached."""
        return _clock(self.now)

    def answer(self) -> Value:
        """Take the earliest of the departures that fit."""
        rows = zip(self.minutes, self.numbers, self.towns, strict=True)
        return min((minute, number) for minute, number, town in rows if town == self.town and minute > self.now)[1]

    def check(self) -> Value:
        """Wait minute by minute."""
        departures = {
            minute: number
            for minute, number, town in zip(self.minutes, self.numbers, self.towns, strict=True)
            if town == self.town
        }
        minute = self.now
        while minute not in departures:
            minute += 1
        return departures[minute]


def _clock(minute: int) -> str:
    """Return a minute of the day as `14:05`."""
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True)
class FamilyTree(Family):
    """An ancestor or a descendant in a given line of a family."""

    name = "family-line"
    task = "control"
    tier = 1
    topics = ("control", "look up")
    steps = range(3, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{self.told} Who is a grandchild of {self.elder}?",
            "An old family record says: {self.told} Which person named in it is a grandchild of {self.elder}?",
        ),
        Surface.UNFAMILIAR: (
            "The stone of {name} tells the line of the kings: {self.told} Who was a grandchild of {self.elder}?",
        ),
    }

    order: tuple[int, ...]
    line: Words
    place: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a line with one generation for each step, told out of order."""
        order = list(range(steps))
        rng.shuffle(order)
        return cls(tuple(order), tuple(rng.sample(NAMES, steps + 1)), rng.randint(0, steps - 2))

    @property
    def told(self) -> str:
        """Who is whose child, one sentence each."""
        return " ".join(f"{self.line[place + 1]} is a child of {self.line[place]}." for place in self.order)

    @property
    def elder(self) -> str:
        """The grandparent."""
        return self.line[self.place]

    def answer(self) -> Value:
        """Go two places down the line."""
        return self.line[self.place + 2]

    def check(self) -> Value:
        """Read the sentences."""
        parent = dict(sentence.split(" is a child of ") for sentence in self.told.rstrip(".").split(". "))
        return next(child for child, elder in parent.items() if parent.get(elder) == self.elder)

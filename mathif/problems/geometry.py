"""Geometry, tiers 1 and 2: frames, walks along streets, angle sums, volumes and distances in a box.

Problems in coordinates are in `geometry_coordinates`, chords and ratios in `geometry_metric`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import PI, Value, sqrt
from mathif.problems.wording import counted, listed, spelled
from mathif.records import Surface


@dataclass(frozen=True)
class FrameArea(Family):
    """The area of a border of one width around a rectangle."""

    name = "frame-area"
    tier = 1
    topics = ("geometry", "area")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A rectangular garden is {self.length} meters long and {self.width} meters wide. A path that is "
                "{self.border} meters wide runs around it on all four sides, corners included, so that garden and "
                "path together form a larger rectangle. What is the area of the path in square meters?"
            ),
            (
                "A picture measures {self.length} cm by {self.width} cm. The frame around it is {self.border} cm wide "
                "on every side, and its outer edge is a rectangle too. How many square centimeters does the frame "
                "cover, not counting the picture?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The floor of the hall of {name} is made of square tiles. A pool covers a rectangle of {self.length} "
                "by {self.width} tiles. All around it, corners included, stands a wall that is {self.border} tiles "
                "thick everywhere, so that pool and wall fill a larger rectangle of tiles. On how many tiles does the "
                "wall stand?"
            ),
            (
                "A {thing} is a rectangle with the sides {self.length} and {self.width}. Its {self.border}-halo is "
                "the part of the plane that lies outside of it but inside the rectangle that one gets by moving each "
                "of its four sides outwards by {self.border}, at right angles to that side. What is the area of the "
                "{self.border}-halo of this {thing}?"
            ),
        ),
    }

    length: int
    width: int
    border: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a rectangle and a border."""
        width = rng.randint(6, 60)
        return cls(width + rng.randint(1, 30), width, rng.randint(2, 9))

    def answer(self) -> Value:
        """Subtract the inner rectangle from the outer one."""
        return (self.length + 2 * self.border) * (self.width + 2 * self.border) - self.length * self.width

    def check(self) -> Value:
        """Cut the border into four strips and four corner squares."""
        strips = 2 * self.border * (self.length + self.width)
        return strips + 4 * self.border**2


DIRECTIONS = {"east": (1, 0), "north": (0, 1), "west": (-1, 0), "south": (0, -1)}
CALLS = {"east": "ta", "north": "ri", "west": "mo", "south": "ku"}


@dataclass(frozen=True)
class GridWalk(Family):
    """The shortest way back after a walk along the streets of a grid."""

    name = "grid-walk"
    tier = 1
    topics = ("geometry", "coordinates")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "All streets of a city run from north to south or from east to west, one block apart. {name} walks "
                "{self.walk}. How many blocks long is the shortest way along the streets from there back to the start?"
            ),
            (
                "{name} moves a token on squared paper, from one crossing of lines to the next: {self.walk}, where a "
                "block is the side of one small square and north is up. {friend} wants to bring the token back to "
                "where it started, along the lines and with as few moves of one block as possible. How many moves "
                "does {friend} need?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                'The beetle {name} lives on an endless floor of square tiles and obeys calls. "Ta" sends it one tile '
                'to the right, "mo" one tile to the left, "ri" one tile up and "ku" one tile down. It hears these '
                "calls: {self.calls}. After that, what is the least number of calls that brings it back to the tile "
                "where it began?"
            ),
        ),
    }

    legs: tuple[tuple[str, int], ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one leg for every step, each with a turn, and an end that is not the start."""
        while True:
            legs = []
            for place in range(steps):
                way = rng.choice(("east", "west") if place % 2 else ("north", "south"))
                legs.append((way, rng.randint(2, 60 if steps < 4 else 20)))
            new = cls(tuple(legs))
            if new.answer():
                return new

    @property
    def walk(self) -> str:
        """The legs in words."""
        return listed(f"{counted(blocks, 'block')} {way}" for way, blocks in self.legs).replace(" and ", " and then ")

    @property
    def calls(self) -> str:
        """The legs as calls."""
        return listed(f'{blocks} times "{CALLS[way]}"' for way, blocks in self.legs)

    def answer(self) -> Value:
        """Add what is left in each of the two directions."""
        across = sum(DIRECTIONS[way][0] * blocks for way, blocks in self.legs)
        along = sum(DIRECTIONS[way][1] * blocks for way, blocks in self.legs)
        return abs(across) + abs(along)

    def check(self) -> Value:
        """Walk block by block, then walk home and count."""
        x = y = 0
        for way, blocks in self.legs:
            for _ in range(blocks):
                x, y = x + DIRECTIONS[way][0], y + DIRECTIONS[way][1]
        moves = 0
        while x or y:
            x, y = (x - 1 if x > 0 else x + 1, y) if x else (x, y - 1 if y > 0 else y + 1)
            moves += 1
        return moves


POLYGONS = {3: "triangle", 4: "quadrilateral", 5: "pentagon", 6: "hexagon", 7: "heptagon"}


@dataclass(frozen=True)
class AngleRatio(Family):
    """The largest angle of a convex polygon whose angles are in a given ratio."""

    name = "angle-ratio"
    tier = 2
    topics = ("geometry", "angles", "ratios")
    steps = range(4, 5)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "The interior angles of a convex {self.polygon} are in the ratio {self.ratio}. What is the size of "
                "its largest interior angle in degrees? Give the exact value."
            ),
            (
                "A field has the shape of a convex {self.polygon}. A surveyor notes that the angles inside the field "
                "at its corners are to each other as {self.ratio}. How many degrees has the largest of them, exactly?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The temple of {name} has {self.count} straight walls, and seen from above its inside is a convex "
                "{self.polygon}. In each corner inside the temple stands a lamp with as many {things} of oil as the "
                "corner has degrees. The amounts of oil in the lamps are in the ratio {self.ratio}. How many {things} "
                "of oil are in the fullest lamp? Give the exact value."
            ),
        ),
    }

    parts: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a ratio in lowest terms that leaves every angle below 180 degrees."""
        while True:
            count = rng.randint(4, 7)
            parts = tuple(rng.randint(3, 9) for _ in range(count))
            if gcd(*parts) == 1 and len(set(parts)) > 2 and max(parts) * (count - 2) < sum(parts):
                return cls(parts)

    @property
    def polygon(self) -> str:
        """The name of the polygon."""
        return POLYGONS[len(self.parts)]

    @property
    def count(self) -> str:
        """The number of sides in words."""
        return spelled(len(self.parts))

    @property
    def ratio(self) -> str:
        """The ratio with colons."""
        return " : ".join(map(str, self.parts))

    def answer(self) -> Value:
        """Share the angle sum in the ratio."""
        return Fraction(180 * (len(self.parts) - 2) * max(self.parts), sum(self.parts))

    def check(self) -> Value:
        """Take the size of one part that makes the turns at the corners a full turn."""
        part = Fraction(180 * len(self.parts) - 360, sum(self.parts))
        assert sum(180 - part * size for size in self.parts) == 360
        return part * max(self.parts)


@dataclass(frozen=True)
class StackedSolids(Family):
    """The weight of a tower of cylinders, cones and hemispheres, a multiple of pi."""

    name = "stacked-solids"
    tier = 2
    topics = ("geometry", "volume")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A wooden toy is solid and consists of {self.solids}, all lengths in centimeters. One cubic "
                "centimeter of the wood weighs {self.density} grams. How many grams does the toy weigh? Give the "
                r"exact value in terms of $\pi$."
            ),
            (
                "A sculptor casts {self.solids}, all solid and measured in decimeters, from metal. Each cubic "
                "decimeter of the metal weighs {self.density} kilograms. What is the total weight in kilograms, as an "
                r"exact multiple of $\pi$?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In {name} solids are worth money: {self.density} {things} for each unit of volume. {friend} owns "
                "{self.solids}, all solid and measured in the same unit of length. How many {things} is all this "
                r"worth? Give the exact value in terms of $\pi$."
            ),
        ),
    }

    pieces: tuple[tuple[str, int, int], ...]
    density: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one piece fewer than steps; the last step is the weight."""
        pieces = []
        for _ in range(steps - 1):
            kind = rng.choice(("cylinder", "cone", "hemisphere"))
            radius = rng.randint(2, 30 if steps == 2 else 12)
            height = radius if kind == "hemisphere" else rng.randint(2, 40 if steps == 2 else 15)
            pieces.append((kind, radius, height))
        return cls(tuple(pieces), rng.randint(2, 25 if steps == 2 else 9))

    @property
    def solids(self) -> str:
        """The pieces in words."""
        words = []
        for kind, radius, height in self.pieces:
            tail = "" if kind == "hemisphere" else f" and height {height}"
            words.append(f"a {kind} of radius {radius}{tail}")
        return ", ".join(words[:-1]) + (", and " if words[1:] else "") + words[-1]

    def answer(self) -> Value:
        """Add the volumes by their formulas."""
        share = {"cylinder": Fraction(1), "cone": Fraction(1, 3), "hemisphere": Fraction(2, 3)}
        volume = sum(share[kind] * radius**2 * height for kind, radius, height in self.pieces)
        return volume * self.density * PI

    def check(self) -> Value:
        """Simpson's rule on the cross sections, which are polynomials of degree 2 at most in the height."""
        total = Fraction(0)
        for kind, radius, height in self.pieces:
            full = Fraction(radius**2)
            middle = {"cylinder": full, "cone": full / 4, "hemisphere": full * 3 / 4}[kind]
            total += height * (full + 4 * middle + (full if kind == "cylinder" else 0)) / 6
        return total * PI * self.density


@dataclass(frozen=True)
class BoxDiagonal(Family):
    """The distance between opposite corners of a box."""

    name = "box-diagonal"
    tier = 2
    topics = ("geometry", "theorem of Pythagoras")
    steps = range(3, 4)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A box has the shape of a rectangular block. Inside it is {self.a} cm long, {self.b} cm wide and "
                "{self.c} cm high. How long, in centimeters, is the longest straight thin rod that fits into the box? "
                "Give the exact value in simplest radical form."
            ),
            (
                "A drone starts on flat ground, flies {self.a} meters due east, then {self.b} meters due north and "
                "then {self.c} meters straight up. How far is it, in a straight line, from its starting point? Give "
                "the exact number of meters in simplest radical form."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "In the sea of {name} a fish can swim along three currents, each of which is at right angles to the "
                "other two. It swims {self.a} {units} along the first, {self.b} {units} along the second and {self.c} "
                "{units} along the third. How many {units} long is the straight line from where it is now to where it "
                "began? Give the exact value in simplest radical form."
            ),
            (
                r"For numbers $p, q, r$ let $[p\,|\,q\,|\,r]$ be the distance of the points $(0, 0, 0)$ and $(p, q, "
                r"r)$ in space. Find the exact value of $[{self.a}\,|\,{self.b}\,|\,{self.c}]$ in simplest radical "
                "form."
            ),
        ),
    }

    a: int
    b: int
    c: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three lengths."""
        return cls(rng.randint(3, 48), rng.randint(3, 48), rng.randint(3, 48))

    def answer(self) -> Value:
        """Take the root of the sum of the squares."""
        return sqrt(self.a**2 + self.b**2 + self.c**2)

    def check(self) -> Value:
        """Use the theorem of Pythagoras twice, for the floor and for the diagonal upright."""
        floor = sqrt(self.a**2 + self.b**2)
        upright = (floor * floor + self.c**2).rational()
        assert upright is not None
        return sqrt(upright)

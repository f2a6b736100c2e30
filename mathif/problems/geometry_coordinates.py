"""Geometry in coordinates, tiers 3 and 4: areas, centers, mirror images, lattice points and paths along mirrors."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Matrix, Tuple, Value, sqrt
from mathif.problems.exact.values import signed_sum
from mathif.problems.wording import listed, spelled
from mathif.records import Surface

Point = tuple[int, int]


def _polygon(rng: Random, corners: int, size: int) -> tuple[Point, ...]:
    """Draw a polygon that every upright line meets in one segment or not at all, corners in order, none of them flat.

    One chain of corners lies below the line between the leftmost and the rightmost corner, the other above it.
    """
    while True:
        drawn = _two_chains(rng, corners, size)
        if all(_twice_area((drawn[k - 2], drawn[k - 1], drawn[k])) for k in range(corners)):
            return drawn


def _two_chains(rng: Random, corners: int, size: int) -> tuple[Point, ...]:
    """Draw a polygon of `_polygon` that may have a flat corner."""
    below = rng.randint(1, corners - 3)
    left, right = rng.randint(-size, -size // 2), rng.randint(size // 2, size)
    base = rng.randint(-size // 2, size // 2)

    def chain(count: int, sign: int) -> list[Point]:
        places = sorted(rng.sample(range(left + 1, right), count))
        return [(x, base + sign * rng.randint(2, size)) for x in places]

    upper = chain(corners - 2 - below, 1)
    return (left, base), *chain(below, -1), (right, base), *reversed(upper)


def _twice_area(corners: tuple[Point, ...]) -> int:
    """Return twice the area of a polygon by the shoelace formula, positive for counterclockwise corners."""
    following = (*corners[1:], corners[0])
    return sum(x * v - u * y for (x, y), (u, v) in zip(corners, following, strict=True))


def _on_border(corners: tuple[Point, ...]) -> int:
    """Return the number of lattice points on the border of a polygon."""
    following = (*corners[1:], corners[0])
    return sum(gcd(u - x, v - y) for (x, y), (u, v) in zip(corners, following, strict=True))


def _strictly_inside(corners: tuple[Point, ...]) -> int:
    """Count the lattice points strictly inside a polygon of `_polygon`, column by column."""
    left, right = min(corners), max(corners)
    cut = corners.index(right)
    lower, upper = corners[: cut + 1], (left, *reversed(corners[cut:]))
    total = 0
    for x in range(left[0] + 1, right[0]):
        low, high = _height(lower, x), _height(upper, x)
        total += max(0, -(-high.numerator // high.denominator) - low.numerator // low.denominator - 1)
    return total


def _height(chain: tuple[Point, ...], x: int) -> Fraction:
    """Return the height of a chain of corners, from left to right, above x."""
    for (a, b), (u, v) in pairwise(chain):
        if a <= x <= u:
            return b + Fraction((v - b) * (x - a), u - a)
    raise ValueError(f"found x = {x}, expected it between the ends of {chain}")


def _listed_points(points: tuple[Point, ...]) -> str:
    return listed(f"$({x}, {y})$" for x, y in points)


@dataclass(frozen=True)
class PolygonArea(Family):
    """The area of a polygon from its corners."""

    name = "polygon-area"
    tier = 3
    topics = ("geometry", "coordinates", "area")
    steps = range(4, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "A polygon has, in this order, the vertices {self.listed_corners}. Find its area exactly.",
            (
                "On a map with square kilometers as grid squares, a nature reserve is bounded by straight fences that "
                "lead from each of the points {self.listed_corners} to the next one and from the last one back to the "
                "first. How many square kilometers large is the reserve, exactly?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The snail {name} crawls on a plane with coordinates along straight lines, through the points "
                "{self.listed_corners} in this order, and at last straight back to the first point. It never crosses "
                "its own trail. The grass inside the trail dries out. On what area, in unit squares, does the grass "
                "dry out? Give the exact value."
            ),
        ),
    }

    corners: tuple[Point, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a polygon with a corner for every step; each side adds one product."""
        return cls(_polygon(rng, steps, 10))

    @property
    def listed_corners(self) -> str:
        """The corners in words."""
        return _listed_points(self.corners)

    def answer(self) -> Value:
        """Use the shoelace formula."""
        return Fraction(_twice_area(self.corners), 2)

    def check(self) -> Value:
        """Count lattice points and use Pick's theorem."""
        return _strictly_inside(self.corners) + Fraction(_on_border(self.corners), 2) - 1


@dataclass(frozen=True)
class EquidistantPoint(Family):
    """The point that has the same distance from three given points."""

    name = "equidistant-point"
    tier = 3
    topics = ("geometry", "coordinates", "circles")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A circle passes through the points {self.points}. Find the coordinates of its center as an ordered "
                "pair $(x, y)$ of exact numbers."
            ),
            (
                "Three villages lie at the points {self.points} of a map with coordinates. A well is to be dug at the "
                "point that is equally far from all three villages. Find this point as an ordered pair $(x, y)$ of "
                "exact numbers."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "Three {things} lie in the plane at the points {self.points}. The ghost of {name} must keep the same "
                "distance from each of them. Only one place of the plane is left for the ghost. Give it as an ordered "
                "pair $(x, y)$ of exact numbers."
            ),
        ),
    }

    a: Point
    b: Point
    c: Point

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three points that are not on one line."""
        while True:
            a, b, c = ((rng.randint(-9, 9), rng.randint(-9, 9)) for _ in range(3))
            if _twice_area((a, b, c)):
                return cls(a, b, c)

    @property
    def points(self) -> str:
        """The points in words."""
        return _listed_points((self.a, self.b, self.c))

    def answer(self) -> Value:
        """Intersect two perpendicular bisectors."""
        (ax, ay), rows, sides = self.a, [], []
        for x, y in (self.b, self.c):
            rows.append([2 * (x - ax), 2 * (y - ay)])
            sides.append([x * x + y * y - ax * ax - ay * ay])
        center = Matrix(rows).inverse() @ Matrix(sides)
        return Tuple(center.rows[0][0], center.rows[1][0])

    def check(self) -> Value:
        """Weight the points by their barycentric coordinates a^2 (b^2 + c^2 - a^2)."""
        points = (self.a, self.b, self.c)
        p, q, r = (
            (u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2 for u, v in ((self.b, self.c), (self.c, self.a), (self.a, self.b))
        )
        weights = (p * (q + r - p), q * (r + p - q), r * (p + q - r))
        total = sum(weights)
        x, y = (sum(w * point[k] for w, point in zip(weights, points, strict=True)) for k in (0, 1))
        return Tuple(Fraction(x, total), Fraction(y, total))


@dataclass(frozen=True)
class MirrorImage(Family):
    """The mirror image of a point in a line."""

    name = "mirror-image"
    tier = 3
    topics = ("geometry", "coordinates", "reflections")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "The point ${self.point_tex}$ is reflected in the line ${self.line}$. Find its image as an ordered "
                "pair $(x, y)$ of exact numbers."
            ),
            (
                "The line ${self.line}$ is the perpendicular bisector of a segment. One end of the segment is "
                "${self.point_tex}$. Find the other end as an ordered pair $(x, y)$ of exact numbers."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The flat land of {name} is folded, like a sheet of paper, along the line ${self.line}$. On which "
                "point of the land does the point ${self.point_tex}$ come to lie? Give an ordered pair $(x, y)$ of "
                "exact numbers."
            ),
        ),
    }

    a: int
    b: int
    c: int
    point: Point

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a slanting line and a point off it."""
        while True:
            a, b = rng.randint(1, 6), rng.choice((-1, 1)) * rng.randint(1, 6)
            new = cls(a, b, rng.randint(-20, 20), (rng.randint(-9, 9), rng.randint(-9, 9)))
            if gcd(a, b) == 1 and new._side():
                return new

    def _side(self) -> int:
        return self.a * self.point[0] + self.b * self.point[1] - self.c

    @property
    def point_tex(self) -> str:
        """The point in LaTeX."""
        return f"({self.point[0]}, {self.point[1]})"

    @property
    def line(self) -> str:
        """The equation of the line."""
        return f"{signed_sum(((self.a, 'x'), (self.b, 'y')))} = {self.c}"

    def answer(self) -> Value:
        """Walk from the point across the line, at right angles to it, twice as far as the line."""
        factor = Fraction(-2 * self._side(), self.a**2 + self.b**2)
        return Tuple(self.point[0] + factor * self.a, self.point[1] + factor * self.b)

    def check(self) -> Value:
        """Turn the vector from a point of the line by the matrix of the reflection in its direction."""
        a, b, size = self.a, self.b, self.a**2 + self.b**2
        foot = (Fraction(self.c, a), 0)
        turn = Matrix([[b * b - a * a, -2 * a * b], [-2 * a * b, a * a - b * b]]) * Fraction(1, size)
        image = turn @ Matrix([[self.point[0] - foot[0]], [self.point[1]]])
        return Tuple(image.rows[0][0] + foot[0], image.rows[1][0])


@dataclass(frozen=True)
class LatticeInside(Family):
    """The number of lattice points strictly inside a large quadrilateral."""

    name = "lattice-inside"
    tier = 4
    topics = ("geometry", "lattice points", "theorem of Pick")
    steps = range(6, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "A quadrilateral has, in this order, the vertices {self.listed_corners}. How many points with integer "
                "coordinates lie strictly inside it, not on its sides?"
            ),
            (
                "In an orchard a tree stands at every point of the plane with integer coordinates. A rope is "
                "stretched around a quadrilateral plot with the corners {self.listed_corners}, in this order. How "
                "many trees stand inside the plot without touching the rope, if trees and rope are thought of as "
                "points and lines?"
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "On the endless chessboard of {name} the centers of the squares are the points with integer "
                "coordinates. A spell is cast along the straight lines from {self.listed_corners} (in this order) "
                "back to the first of these points. A square is enchanted if its center lies in the region inside "
                "these lines but not on one of them. How many squares are enchanted?"
            ),
        ),
    }

    corners: tuple[Point, ...]

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a quadrilateral too large to count."""
        return cls(_polygon(rng, 4, 40))

    @property
    def listed_corners(self) -> str:
        """The corners in words."""
        return _listed_points(self.corners)

    def answer(self) -> Value:
        """Use Pick's theorem."""
        return (_twice_area(self.corners) - _on_border(self.corners) + 2) // 2

    def check(self) -> Value:
        """Count column by column."""
        return _strictly_inside(self.corners)


@dataclass(frozen=True)
class TwoMirrors(Family):
    """The shortest path between two points that touches two walls at right angles."""

    name = "two-mirrors"
    tier = 4
    topics = ("geometry", "reflections", "optimization")
    steps = range(5, 6)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "In the coordinate plane, a path leads from ${self.start_tex}$ to a point of the line $y = "
                "{self.floor}$, from there to a point of the line $x = {self.wall}$ and from there to "
                "${self.end_tex}$. What is the smallest possible length of such a path? Give the exact value."
            ),
            (
                "A ray of light starts at ${self.start_tex}$, is reflected first by a mirror along the line $y = "
                "{self.floor}$, then by a mirror along the line $x = {self.wall}$, and arrives at ${self.end_tex}$. "
                r"It travels in the region $x \ge {self.wall}$, $y \ge {self.floor}$, and each time the angle of "
                "incidence equals the angle of reflection. How long is its path? Give the exact value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The courier {name} lives at ${self.start_tex}$ and must bring a {thing} to ${self.end_tex}$ on a "
                "plane with coordinates, where everybody can walk freely in straight lines. On the way, first the "
                "{thing} must be dipped into the river, which is the line $y = {self.floor}$, and after that it must "
                "be held against the wall, which is the line $x = {self.wall}$. How long is the shortest possible "
                "way? Give the exact value."
            ),
        ),
    }

    wall: int
    floor: int
    start: Point
    end: Point

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw points for which the straight way between the images meets the floor before the wall."""
        while True:
            (p, q), (r, s) = ((rng.randint(1, 14), rng.randint(1, 14)) for _ in range(2))
            if p * s > r * q:
                wall, floor = rng.randint(-6, 6), rng.randint(-6, 6)
                return cls(wall, floor, (wall + p, floor + q), (wall + r, floor + s))

    @property
    def start_tex(self) -> str:
        """The start in LaTeX."""
        return f"({self.start[0]}, {self.start[1]})"

    @property
    def end_tex(self) -> str:
        """The end in LaTeX."""
        return f"({self.end[0]}, {self.end[1]})"

    def answer(self) -> Value:
        """Reflect the start in the floor and the end in the wall, and take their distance."""
        across = self.start[0] + self.end[0] - 2 * self.wall
        up = self.start[1] + self.end[1] - 2 * self.floor
        return sqrt(across**2 + up**2)

    def check(self) -> Value:
        """Find the two points of contact by equal angles and add the three legs."""
        (p, q), (r, s) = ((x - self.wall, y - self.floor) for x, y in (self.start, self.end))
        slope = Fraction(q + s, p + r)
        first = p - q / slope
        second = slope * first
        assert first > 0
        assert s - second == slope * r
        legs = ((p - first) ** 2 + q**2, first**2 + second**2, r**2 + (s - second) ** 2)
        return sqrt(legs[0]) + sqrt(legs[1]) + sqrt(legs[2])


@dataclass(frozen=True)
class MirrorCorridor(Family):
    """The length of a zigzag between two parallel mirrors."""

    name = "mirror-corridor"
    tier = 4
    topics = ("geometry", "reflections")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            (
                "Two mirrors stand along the lines $y = 0$ and $y = {self.width}$. A ray of light starts at $(0, "
                "{self.start})$, first hits the mirror $y = 0$ and arrives at $({self.length}, {self.end})$ after "
                "exactly {self.count} reflections, each with equal angles. How long is its path? Give the exact value."
            ),
            (
                "A path leads from $(0, {self.start})$ to $({self.length}, {self.end})$ and on its way touches the "
                "lines $y = 0$ and $y = {self.width}$ in turn, beginning with $y = 0$, {self.count} times in all. "
                "What is the least possible length of such a path? Give the exact value."
            ),
        ),
        Surface.UNFAMILIAR: (
            (
                "The canyon of {name} lies between two straight, parallel walls that are {self.width} {units} apart. "
                "An echo starts {self.start} {units} from the left wall and bounces {self.count} times, in turn off "
                "the left and the right wall, the left one first, always leaving a wall at the angle at which it "
                "came. It dies {self.end} {units} from the left wall, at a place that lies {self.length} {units} "
                "farther along the canyon than its start. How many {units} has it traveled? Give the exact value."
            ),
        ),
    }

    width: int
    start: int
    end: int
    length: int
    bounces: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw the corridor; every reflection is a step."""
        width = rng.randint(4, 15)
        return cls(width, rng.randint(2, width - 1), rng.randint(2, width - 1), rng.randint(5, 60), steps)

    @property
    def count(self) -> str:
        """The number of reflections in words."""
        return spelled(self.bounces)

    def answer(self) -> Value:
        """Unfold the corridor into a straight line."""
        last = self.end if self.bounces % 2 else self.width - self.end
        return sqrt(self.length**2 + (self.start + (self.bounces - 1) * self.width + last) ** 2)

    def check(self) -> Value:
        """Follow the ray from wall to wall with the slope that reaches the end, and add the legs."""
        heights = [self.start] + [self.width * (k % 2) for k in range(self.bounces)] + [self.end]
        climb = sum(abs(v - u) for u, v in pairwise(heights))
        total = sqrt(0)
        for u, v in pairwise(heights):
            total += sqrt((v - u) ** 2 + Fraction(self.length * (v - u), climb) ** 2)
        return total

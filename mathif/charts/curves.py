"""Curves: values along an axis in bands of their intervals, each named at its end; below, how many are at risk."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mathif.charts.axes import BELOW, Axis
from mathif.charts.drawing import BAND, DASHES, HEIGHT, Drawing, Point
from mathif.charts.elements import element, line, path, text, width
from mathif.web import shade

_APART = 14
"""Least distance of two names, in pixels."""
_RISK_ROW = 16
"""Height of a row of numbers at risk, in pixels."""


class Curve(NamedTuple):
    """A curve.

    Attributes:
        name: stands behind its last point.
        colour: of everything that is drawn of it.
        points: in order along the axis.
        dashes: how its line is broken, as SVG has it.
        links: places of the axis from which a click leads to an address.
        at_risk: numbers below the plot, each by its place.
    """

    name: str
    colour: str
    points: Sequence[Point]
    dashes: str | None = None
    links: Sequence[tuple[float, str]] = ()
    at_risk: Mapping[float, int] = {}

    def height_at(self, place: float) -> float:
        """Return how high a stepped curve is at a place."""
        return next((point.value for point in reversed(self.points) if point.at <= place), 1.0)


class Curves(NamedTuple):
    """Curves in one plot.

    Attributes:
        curves: at least one, each with a point at least.
        x, y: the axes.
        width: of the plot without its axes, in pixels.
        dot: radius of a point in pixels, 0 for none.
        is_stepped: whether a value holds up to the next point.
        level: a value of the axis `y` that stands for no change, None where there is none.
        origin: a point that all curves start from, None where there is none.
    """

    curves: Sequence[Curve]
    x: Axis
    y: Axis
    width: float
    dot: float = 0
    is_stepped: bool = False
    level: float | None = None
    origin: Point | None = None

    def draw(self) -> Drawing:
        """Draw axes, bands, lines, points, names, and the numbers at risk below."""
        risky = [curve for curve in self.curves if curve.at_risk]
        left = max([self.y.room, *(width(curve.name) + 12 for curve in risky)])
        right = 10 + max(width(curve.name) for curve in self.curves)
        parts = [
            self.y.beside(HEIGHT, self.width),
            self.x.below(self.width, HEIGHT),
            *([] if self.level is None else [self._level(self.level)]),
            *map(self._band, self.curves),
            *map(self._line, self.curves),
            *(mark for curve in self.curves for mark in self._marks(curve)),
            *([] if self.origin is None else [self._diamond(self.origin)]),
            *self._names(),
        ]
        down = HEIGHT + BELOW + 4.0
        for curve in risky:
            down += _RISK_ROW
            parts += self._at_risk(curve, down)
        body = element("g", *parts, transform=f"translate({left:g},4)")
        return Drawing(left + self.width + right, down + 6, body)

    def _at(self, at: float, value: float) -> tuple[float, float]:
        return self.x.place(at, self.width), HEIGHT - self.y.place(value, HEIGHT)

    def _way(self, places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return a way through some points in pixels, stepped where the curves are."""
        found = [self._at(at, value) for at, value in places]
        if not self.is_stepped:
            return found
        return found[:1] + [corner for (_, y), (x, to) in pairwise(found) for corner in ((x, y), (x, to))]

    def _band(self, curve: Curve) -> str:
        known = [(one.at, one.low, one.high) for one in curve.points if one.low is not None and one.high is not None]
        if len(known) < 2:
            return ""
        under, over = self._way([(at, low) for at, low, _ in known]), self._way([(at, high) for at, _, high in known])
        return element("path", d=path([*over, *reversed(under)]) + "Z", fill=curve.colour, opacity=BAND)

    def _line(self, curve: Curve) -> str:
        way = path(self._way([(point.at, point.value) for point in curve.points]))
        return element("path", d=way, fill="none", stroke=curve.colour, stroke_width=2, stroke_dasharray=curve.dashes)

    def _marks(self, curve: Curve) -> list[str]:
        dots = [self._dot(curve, point.at, point.value, self.dot) for point in curve.points if self.dot]
        links = [
            element("a", self._dot(curve, at, curve.height_at(at), 3.8, stroke=shade("paper")), href=to)
            for at, to in curve.links
        ]
        return [*dots, *links]

    def _dot(self, curve: Curve, at: float, value: float, radius: float, stroke: str | None = None) -> str:
        x, y = self._at(at, value)
        return element("circle", cx=x, cy=y, r=radius, fill=curve.colour, stroke=stroke)

    def _diamond(self, point: Point) -> str:
        x, y = self._at(point.at, point.value)
        return element("path", d=path([(x, y - 9), (x + 5.5, y), (x, y + 9), (x - 5.5, y)]) + "Z", fill=shade("dim"))

    def _level(self, value: float) -> str:
        _, y = self._at(self.x.low, value)
        return line(0, y, self.width, y, shade("dim"), dashes=DASHES)

    def _names(self) -> list[str]:
        """Name each curve behind the last point of all, names that would stand on each other moved apart."""
        ends = [(*self._at(curve.points[-1].at, curve.points[-1].value), curve) for curve in self.curves]
        x = 8 + max(x for x, _, _ in ends)
        named, above = [], math.inf
        for _, y, curve in sorted(ends, key=lambda end: (-end[1], end[2].name)):
            above = min(y, above - _APART)
            named.append((above, curve))
        beyond = min(0.0, above)  # none stands above the plot
        return [text(curve.name, x, y - beyond + 4, fill=curve.colour) for y, curve in named]

    def _at_risk(self, curve: Curve, y: float) -> list[str]:
        counts = [
            text(f"{count:,}", self.x.place(at, self.width), y, fill=curve.colour, anchor="middle")
            for at, count in curve.at_risk.items()
        ]
        return [text(curve.name, -12, y, fill=shade("dim"), anchor="end"), *counts]

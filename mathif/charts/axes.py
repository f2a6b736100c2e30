"""Axes: where a value stands along one, its ticks, and how it is drawn below or beside a plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from mathif.charts import elements
from mathif.web import shade

TICK = 5
"""Pixels of a tick."""
BELOW = 36
"""Pixels that the ticks, the labels and the title of an axis take below a plot."""


class Tick(NamedTuple):
    """A place on an axis and its label."""

    at: float
    label: str


class Axis(NamedTuple):
    """An axis.

    Attributes:
        title: what it measures, with the unit.
        low, high: its ends.
        ticks: its labelled places.
        is_log: whether equal ratios are equally far apart.
        inset: pixels left free at both ends.
    """

    title: str
    low: float
    high: float
    ticks: Sequence[Tick]
    is_log: bool = False
    inset: float = 0

    def place(self, value: float, length: float) -> float:
        """Return where a value stands along `length` pixels."""
        low, high, at = (math.log(one) if self.is_log else one for one in (self.low, self.high, value))
        part = (at - low) / (high - low) if high > low else 0.5
        return self.inset + part * (length - 2 * self.inset)

    def below(self, length: float, top: float, grid: float = 0) -> str:
        """Draw it from left to right below a plot, its lines `grid` pixels up."""
        dim = shade("dim")
        parts = [elements.line(0, top, length, top, dim)]
        for at, label in self.ticks:
            x = self.place(at, length)
            if grid:
                parts.insert(0, elements.line(x, top - grid, x, top, shade("rule")))
            parts += [
                elements.line(x, top, x, top + TICK, dim),
                elements.text(label, x, top + 16, fill=dim, anchor="middle"),
            ]
        return "".join([*parts, elements.text(self.title, length / 2, top + BELOW - 3, fill=dim, anchor="middle")])

    def beside(self, height: float, grid: float) -> str:
        """Draw it upwards on the left of a plot, its lines `grid` pixels to the right."""
        dim = shade("dim")
        parts = [elements.line(0, 0, 0, height, dim)]
        for at, label in self.ticks:
            y = height - self.place(at, height)
            parts.insert(0, elements.line(0, y, grid, y, shade("rule")))
            parts += [
                elements.line(-TICK, y, 0, y, dim),
                elements.text(label, -TICK - 3, y + 4, fill=dim, anchor="end"),
            ]
        x = 12 - self.room
        turned = f"rotate(-90 {elements.number(x)} {elements.number(height / 2)})"
        return "".join([*parts, elements.text(self.title, x, height / 2, fill=dim, anchor="middle", transform=turned)])

    @property
    def room(self) -> float:
        """Pixels that it takes beside a plot."""
        return 20 + TICK + 3 + max((elements.width(tick.label) for tick in self.ticks), default=0)


def shares(title: str) -> Axis:
    """Return an axis of shares, from 0 to 100 %."""
    return Axis(title, 0, 1, [Tick(fifth / 5, f"{20 * fifth}%") for fifth in range(6)])


def linear(title: str, values: Sequence[float], *, whole: bool = False, inset: float = 0) -> Axis:
    """Return an axis over some values; `whole` ends it at its ticks, else it ends with the values."""
    low, high = min(values), max(values)
    step = _step((high - low) / 5 or 1)
    first, last = (math.floor(low / step), math.ceil(high / step)) if whole else (low / step, high / step)
    if whole:
        low, high = first * step, last * step
    digits = max(0, -math.floor(math.log10(step)))
    places = [count * step for count in range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)]
    ticks = [Tick(at, f"{at + 0.0:,.{digits}f}".replace("-", "−")) for at in places]
    return Axis(title, low, high, ticks, inset=inset)


def _step(rough: float) -> float:
    """Return the nearest of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    times = next(times for times, most in ((1, 1.5), (2, 3.5), (5, 7.5), (10, 11)) if rough / power <= most)
    return times * power


def doublings(title: str, values: Sequence[float], unit: str = "") -> Axis:
    """Return a logarithmic axis over positive values, its ticks powers of two, eight at most; else its ends."""
    low, high = min(values), max(values)
    powers = range(math.ceil(math.log2(low) - 1e-9), math.floor(math.log2(high) + 1e-9) + 1)
    places = [2.0**power for power in powers[:: 1 + len(powers) // 9]]
    shown = places if len(places) > 1 else sorted({low, high})
    return Axis(title, low, high, [Tick(at, f"{at:,.4g}{unit}") for at in shown], is_log=True)

"""Bars: estimates in their intervals, row under row, each row named at its left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mathif.charts.axes import BELOW, Axis
from mathif.charts.drawing import DASHES, Drawing
from mathif.charts.elements import element, line, text, width
from mathif.stats import Estimate
from mathif.web import shade


class Bar(NamedTuple):
    """An estimate that has a value, in a colour; `name` stands behind it where it is not ""."""

    estimate: Estimate
    colour: str
    name: str = ""


class Row(NamedTuple):
    """A row: its name, and its estimates, one under the other."""

    name: str
    bars: Sequence[Bar]


class Bars(NamedTuple):
    """Rows of estimates.

    Attributes:
        rows: at least one.
        x: the axis; values are `times` what the estimates are.
        width: of the plot without its names, in pixels.
        step: height of a row in pixels.
        times: 100 where the axis is in points.
        has_zero: whether a line stands where nothing has changed.
        dot: radius of a value in pixels.
    """

    rows: Sequence[Row]
    x: Axis
    width: float
    step: float
    times: float = 1
    has_zero: bool = False
    dot: float = 4

    def draw(self) -> Drawing:
        """Draw the axis below, then every row."""
        left = 14 + max(width(row.name) for row in self.rows)
        right = 12 + max(width(bar.name) for row in self.rows for bar in row.bars)
        height = self.step * len(self.rows)
        parts = [self.x.below(self.width, height, grid=height)]
        if self.has_zero:
            zero = self.x.place(0, self.width)
            parts.append(line(zero, 0, zero, height, shade("dim"), dashes=DASHES))
        for place, row in enumerate(self.rows):
            parts += self._row(row, self.step * place)
        body = element("g", *parts, transform=f"translate({left:g},4)")
        return Drawing(left + self.width + right, height + BELOW + 6, body)

    def _row(self, row: Row, top: float) -> list[str]:
        parts = [text(row.name, -8, top + self.step / 2 + 4, fill=shade("dim"), anchor="end")]
        for place, bar in enumerate(row.bars):
            y = top + self.step * (place + 0.5) / len(row.bars)
            value, low, high = (
                None if end is None else self.x.place(self.times * end, self.width)
                for end in (bar.estimate.value, bar.estimate.low, bar.estimate.high)
            )
            if value is None:
                continue
            if low is not None and high is not None:
                parts.append(line(low, y, high, y, bar.colour, width=2))
            parts.append(element("circle", cx=value, cy=y, r=self.dot, fill=bar.colour))
            if bar.name:
                parts.append(text(bar.name, (high or value) + 8, y + 4, fill=bar.colour))
        return parts


def reach(rows: Sequence[Row], times: float = 1) -> list[float]:
    """Return every end and value of some rows, and 0."""
    estimates = [bar.estimate for row in rows for bar in row.bars]
    ends = [end for one in estimates for end in (one.value, one.low, one.high) if end is not None]
    return [0, *(times * end for end in ends)]

"""Drawing: what every picture has in common, and a finished picture as SVG for a page or as a file.

Colours are the tokens of pages. In a page a picture names them, so that it suits a light and a dark screen; a file has
those of a light one.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, Self

from mathif.charts.elements import FONT_PX, element, text
from mathif.errors import UsageError
from mathif.results import ACC, HACC, JOINT, SACC, Metric
from mathif.stats import Estimate
from mathif.web import LIGHT, shade

WIDTH, HEIGHT = 290, 180
"""Pixels of what is drawn on, without its axes; with them a picture fits a phone unscaled."""
BAND = 0.16
"""Opacity of an interval that is drawn as an area."""
DASHES = "3,3"
"""How a line is broken that stands for no change."""
METRIC_COLOURS: Mapping[str, str] = {metric.key: shade(metric.key) for metric in (HACC, SACC, ACC, JOINT)}
_TITLE_CHARS, _LINE_CHARS = 52, 66
"""Where a title and a line below it are broken in a file."""
_TITLE_PX = 14
_FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
_PAD = 6
"""Pixels around a picture."""


class Drawing(NamedTuple):
    """A drawing: its size in pixels, and its elements, which start at 0."""

    width: float
    height: float
    body: str


class Chart(Protocol):
    """What can be drawn."""

    def draw(self) -> Drawing:
        """Draw it."""


class Point(NamedTuple):
    """A value at a place along an axis, with its interval where that is known."""

    at: float
    value: float
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, at: float, estimate: Estimate) -> Self:
        """Return an estimate that has a value at its place.

        Raises:
            ValueError: if it has none.
        """
        if estimate.value is None:
            raise ValueError(f"nothing to draw at {at}: {estimate.reason}")
        return cls(at, estimate.value, estimate.low, estimate.high)


class Picture(NamedTuple):
    """One picture.

    Attributes:
        topic: what it is about; a page shows the pictures of a topic together.
        title: what it shows, with its number.
        lines: what it rests on and how it is read.
        chart: the drawing.
    """

    topic: str
    title: str
    lines: Sequence[str]
    chart: Chart


def svg(picture: Picture) -> str:
    """Return the drawing as an SVG element for a page, which shows title and lines itself and has the tokens."""
    drawn = picture.chart.draw()
    # Readers of a screen are told the title, not one mark after the other.
    named = {"role": "img", "aria_label": picture.title}
    return _framed(named, drawn.width, drawn.height, element("g", drawn.body, transform=f"translate({_PAD},{_PAD})"))


def vector(picture: Picture) -> str:
    """Return the picture as an SVG file on white, its title and lines above it."""
    drawn = picture.chart.draw()
    ink, dim = shade("ink"), shade("dim")
    lines = [(part, _TITLE_PX, ink) for part in textwrap.wrap(picture.title, _TITLE_CHARS)]
    lines += [(part, FONT_PX, dim) for line in picture.lines for part in textwrap.wrap(line, _LINE_CHARS)]
    head, down = [], 0.0
    for words, size, colour in lines:
        down += 1.3 * size
        head.append(text(words, _PAD, down, fill=colour, size=size))
    wide = max([drawn.width, *(len(words) * size * 0.5 for words, size, _ in lines)])
    body = [
        element("rect", width="100%", height="100%", fill="white"),
        *head,
        element("g", drawn.body, transform=f"translate({_PAD},{down + 2 * _PAD:g})"),
    ]
    framed = _framed({"xmlns": "http://www.w3.org/2000/svg"}, wide, drawn.height + down + _PAD, *body)
    return re.sub(r"var\(--(\w+)\)", lambda named: LIGHT[named[1]], framed)  # the tokens of pages, as CSS names them


def _framed(named: Mapping[str, str], width: float, height: float, *body: str) -> str:
    wide, high = round(width + 2 * _PAD), round(height + 2 * _PAD)
    view = f"0 0 {wide} {high}"
    return element("svg", *body, **named, width=wide, height=high, viewBox=view, font_family=_FONT, font_size=FONT_PX)


def png(picture: Picture) -> bytes:
    """Return the picture as a PNG on white, at twice its size.

    Raises:
        UsageError: if the package that turns lines into pixels is not installed.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise UsageError(f"--charts: a PNG needs {error.name}: pip install 'mathif[charts]'") from error
    pixels: bytes = vl_convert.svg_to_png(vector(picture), scale=2)
    return pixels


def metric_colours(metrics: Iterable[Metric]) -> dict[str, str]:
    """Return the colour of each metric by its label."""
    return {metric.label: METRIC_COLOURS[metric.key] for metric in metrics}


def span(counts: Iterable[int]) -> str:
    """Return counts as text, `40` where they are the same and else `38 to 40`."""
    known = sorted(set(counts))
    return str(known[0]) if len(known) == 1 else f"{known[0]} to {known[-1]}"

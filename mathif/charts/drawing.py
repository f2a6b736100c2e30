"""Drawing: the parts of Vega-Lite that pictures are made of, and a finished picture as SVG for a page or as a file.

A chart is a specification in Vega-Lite (https://vega.github.io/vega-lite/docs/), as plain JSON. Colours are the
tokens of pages. In a page a picture names them, so that it suits a light and a dark screen; a file has those of a light
one.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from html import escape
from typing import NamedTuple, TypeVar

import vl_convert

from mathif.errors import DataError
from mathif.json_values import Json, JsonObject, text
from mathif.results import ACC, HACC, JOINT, SACC, Metric
from mathif.stats import Estimate
from mathif.web import LIGHT, shade

Drawn = TypeVar("Drawn", str, bytes)

Chart = JsonObject
"""A specification in Vega-Lite that stands for itself."""
Layer = JsonObject
"""A specification of one mark with its data, which a chart lays over others."""
Channel = JsonObject
"""What a property of a mark shows: its field of the data, with scale and axis."""

WIDTH, HEIGHT = 290, 180
"""Pixels of what is drawn on, without its axes; with them a picture fits a phone unscaled."""
LABELLED: Mapping[str, int] = {"left": 24, "right": 6, "top": 6, "bottom": 6}
"""Room around a chart whose rows have long names: the reader's font may be wider than the one measured."""
BAND = 0.16
"""Opacity of an interval that is drawn as an area."""
TITLE_CHARS, LINE_CHARS = 52, 66
"""Where a title and a line below it are broken in a file."""
METRIC_COLOURS: Mapping[str, str] = {metric.key: shade(metric.key) for metric in (HACC, SACC, ACC, JOINT)}
STYLE: JsonObject = {
    "aria": False,
    "background": "transparent",
    "font": "Arial, Helvetica, Liberation Sans, sans-serif",
    "padding": 6,
    "view": {"stroke": None},
    "axis": {
        **dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor"), shade("dim")),
        "gridColor": shade("rule"),
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelLimit": 0,
    },
    "title": {
        "color": shade("ink"),
        "subtitleColor": shade("dim"),
        "anchor": "start",
        "fontSize": 14,
        "subtitleFontSize": 11,
    },
    "text": {"color": shade("ink"), "fontSize": 11},
}
"""What every picture looks like, as the configuration of Vega-Lite."""
NAMES: JsonObject = {"type": "text", "align": "left", "dx": 8}
"""The mark of names behind what they name."""
THRESHOLD: JsonObject = {"type": "rule", "strokeDash": [3, 3], "color": shade("dim")}
"""The mark of where nothing is gained or lost."""

Datum = Mapping[str, str | float | None]
"""One row of the data of a chart."""


class Point(NamedTuple):
    """A point of a line: where it stands along its axis, and its value in [0, 1]."""

    at: float
    value: float


_ELSEWHERE = "https://vega.github.io/vega-datasets/"
"""What Vega puts before every address, those within the page too."""


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
    drawn = _by(vl_convert.vegalite_to_svg, _spec(picture.chart))
    # Readers of a screen are told the title, not one mark after the other.
    silent = re.sub(r' (?:role="graphics-\w+"|aria-\w+="[^"]*")', "", drawn)
    silent = silent.replace(f'xlink:href="{_ELSEWHERE}#', 'href="#')
    # the namespaces before the width are the page's own
    return re.sub(r"^<svg[^>]*?(?= width=)", f'<svg role="img" aria-label="{escape(picture.title)}"', silent)


def vector(picture: Picture) -> str:
    """Return the picture as an SVG file on white."""
    return _by(vl_convert.vegalite_to_svg, _file(picture))


def png(picture: Picture) -> bytes:
    """Return the picture as a PNG on white, at twice its size."""
    return _by(partial(vl_convert.vegalite_to_png, scale=2), _file(picture))


def _by(draw: Callable[..., Drawn], spec: str | Chart) -> Drawn:
    """Draw a picture.

    Raises:
        DataError: if the library breaks down, as where it gets no thread, no file or no memory from the machine.
    """
    try:
        return draw(spec)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of its Rust is no Exception
        raise DataError(
            f"a picture cannot be drawn: {type(error).__name__}: {error}; raise the limits of open files, threads and "
            "memory (`ulimit -a` shows them) and run the command again"
        ) from error


def _file(picture: Picture) -> str:
    """Return a picture in the colours of a light page, as Vega-Lite in JSON."""
    below = [part for line in picture.lines for part in textwrap.wrap(line, LINE_CHARS)]
    head = {"text": textwrap.wrap(picture.title, TITLE_CHARS), "subtitle": below}
    spec = json.dumps({**_spec(picture.chart), "title": head, "background": "white"})
    return re.sub(r"var\(--(\w+)\)", lambda named: LIGHT[named[1]], spec)  # the tokens of pages, as CSS names them


def _spec(chart: Chart) -> dict[str, Json]:
    """Return a chart in the style of all."""
    return {**chart, "config": STYLE}


def quantity(field: str, **said: Json) -> Channel:
    """Return a channel that shows a number of each row; `said` is what else Vega-Lite is told of it."""
    return {"field": field, "type": "quantitative", **said}


def category(field: str, **said: Json) -> Channel:
    """Return a channel that shows a name of each row; `said` is what else Vega-Lite is told of it."""
    return {"field": field, "type": "nominal", **said}


def until(field: str) -> Channel:
    """Return the channel of the other end of a mark, which has the scale and the axis of the first."""
    return {"field": field}


def mark(kind: str, **said: Json) -> JsonObject:
    """Return a mark, as `rule` or `area`, with its own properties."""
    return {"type": kind, **said}


def dots(size: int, **said: Json) -> JsonObject:
    """Return the mark of full points of `size` square pixels."""
    return mark("point", filled=True, opacity=1, size=size, **said)


def layer(rows: Iterable[Datum], drawn: JsonObject, **channels: Channel) -> Layer:
    """Return rows as the marks of a layer.

    Args:
        rows: its data.
        drawn: the mark that each row becomes; one line or area takes in all rows of a colour.
        channels: what of a row each property of the mark shows.
    """
    return {"data": {"values": tuple(rows)}, "mark": drawn, "encoding": channels}


def layered(*layers: Layer, **said: Json) -> Chart:
    """Return layers over each other, the first lowest; `said` is what else Vega-Lite is told of the chart."""
    return {"layer": layers, **said}


def ends(estimate: Estimate, times: float = 1) -> dict[str, float | None]:
    """Return an estimate as the fields `value`, `low` and `high` of a chart's rows, `times` as large."""
    places = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    return {name: None if place is None else times * place for name, place in places.items()}


def colour(field: str, colours: Mapping[str, str]) -> Channel:
    """Return the colours of the values of `field`; labels beside the marks say which is whose."""
    return category(field, scale={"domain": list(colours), "range": list(colours.values())}, legend=None)


def share(field: str, **said: Json) -> Channel:
    """Return an upward axis from 0 to 100 %; in a layered chart one layer gives its `title`."""
    return quantity(field, scale={"domain": [0, 1]}, axis={"format": "%", "tickCount": 4}, **said)


def labelled(last: Mapping[str, Point], x: Channel, colours: Mapping[str, str]) -> Layer:
    """Name each line behind its last point, names that would stand on each other moved apart.

    Args:
        last: the last point of each line by its name.
        x: the axis along which they run.
        colours: that of each line.
    """
    gap = 14 / HEIGHT
    by_height = sorted((point.value, name) for name, point in last.items())
    places: list[float] = []
    for value, _ in by_height:
        places.append(max(value, places[-1] + gap) if places else value)
    beyond = max(0.0, places[-1] - 1) if places else 0.0
    field = text(x, "field")
    far = max((point.at for point in last.values()), default=0)
    rows: list[Datum] = [
        {field: far, "label_at": place - beyond, "name": name}
        for place, (_, name) in zip(places, by_height, strict=True)
    ]
    return layer(rows, NAMES, x=x, y=share("label_at"), text=category("name"), color=colour("name", colours))


def metric_colours(metrics: Iterable[Metric]) -> dict[str, str]:
    """Return the colour of each metric by its label."""
    return {metric.label: METRIC_COLOURS[metric.key] for metric in metrics}


def zero() -> Layer:
    """Draw where nothing has changed."""
    return layer([{"zero": 0}], THRESHOLD, x=quantity("zero"))


def whiskers(rows: Iterable[Datum], x: Channel, y: Channel, size: int = 50) -> tuple[Layer, Layer]:
    """Draw estimates of HAcc as points in their intervals.

    Args:
        rows: the rows, with `value`, `low` and `high`.
        x: the axis, of the field `low`.
        y: the place of each row.
        size: of a point, in square pixels.
    """
    rows = tuple(rows)
    return (
        layer(rows, mark("rule", color=shade("hacc"), strokeWidth=2), x=x, x2=until("high"), y=y),
        layer(rows, dots(size, color=shade("hacc")), x=quantity("value"), y=y),
    )

"""Survival: how many texts are still unbroken along them, above how many are still in question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from urllib.parse import quote

from mathif.charts.drawing import (
    BAND,
    HEIGHT,
    WIDTH,
    Chart,
    Datum,
    Point,
    category,
    colour,
    dots,
    ends,
    labelled,
    layer,
    layered,
    mark,
    quantity,
    share,
    until,
)
from mathif.json_values import JsonObject
from mathif.results import FirstSlip
from mathif.stats import Survivors
from mathif.web import shade

_APART = 1 / 7
"""Least distance of two numbers of a risk table, as a part of its width: four digits and a blank."""


def survival_chart(
    curves: Mapping[str, Sequence[Survivors]],
    colours: Mapping[str, str],
    along: str,
    leads: Mapping[str, Sequence[FirstSlip]] = MappingProxyType({}),
) -> Chart | None:
    """Draw Kaplan-Meier curves with their bands and a risk table; None where fewer than two can be drawn.

    Args:
        curves: the curve of each kind of text by its name.
        colours: that of each.
        along: what the places are.
        leads: violations, by the name of their curve and part of the reply, that a page leads to from the curve.
    """
    lines: dict[str, list[Datum]] = {
        name: [{"at": one.at, "line": name, "risk": one.at_risk, **ends(one.share)} for one in places]
        for name, places in curves.items()
        if len(places) > 1
    }
    if len(lines) < 2:
        return None
    last = {name: Point(curves[name][-1].at, curves[name][-1].share.value or 0) for name in lines}
    width = WIDTH - 20
    linked: list[Datum] = [
        {"at": one.at, "line": name, "value": _height(curves[name], one.at), "to": _link(one, name)}
        for name, slips in leads.items()
        if name in lines
        for one in slips
        if one.at <= last[name].at
    ]
    x = quantity("at", title=along, scale={"nice": False}, axis={"grid": False, "tickCount": 5})
    points = [row for line in lines.values() for row in line]
    drawn = partial(layer, color=colour("line", colours))
    steps = partial(mark, interpolate="step-after")
    height = share("value")
    curve = layered(
        drawn(points, steps("area", opacity=BAND), x=x, y=share("low", title="still unbroken"), y2=until("high")),
        drawn(points, steps("line"), x=x, y=height),
        *([drawn(linked, dots(45, stroke=shade("paper")), x=x, y=height, href=category("to"))] if linked else []),
        labelled(last, x, colours),
        width=width,
        height=HEIGHT,
    )
    longest = max(one.at for one in last.values())
    beside: JsonObject = {"ticks": False, "domain": False, "labelPadding": 14}
    listed = [row for name, line in lines.items() for row in _apart(line, curves[name], _APART * longest)]
    risk = drawn(
        listed,
        mark("text"),
        x=quantity("at", axis=None),
        y=category("line", title=None, sort=list(colours), axis=beside),
        text=quantity("risk"),
    )
    return {"vconcat": [curve, {**risk, "width": width, "height": {"step": 16}}], "spacing": 4}


def _height(curve: Sequence[Survivors], at: float) -> float:
    """Return how high a curve is at a place."""
    return next((one.share.value or 0 for one in reversed(curve) if one.at <= at), 1.0)


def _link(one: FirstSlip, part: str) -> str:
    """Return the fragment of a page's address that opens a reply at a character."""
    return f"#reply={quote(one.key, safe='')}&at={part}:{one.char}"


def _apart(line: Sequence[Datum], places: Sequence[Survivors], least: float) -> list[Datum]:
    """Return the rows of a line whose numbers do not touch: from the last to the first, as far apart as `least`."""
    kept: list[Datum] = []
    next_at = math.inf
    for row, one in zip(reversed(line), reversed(places), strict=True):
        if next_at - one.at >= least:
            kept.append(row)
            next_at = one.at
    return kept[::-1]

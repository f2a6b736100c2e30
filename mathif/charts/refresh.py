"""Picture of reminders inside the thinking: what they gain, by how much thinking stands before them."""

from __future__ import annotations

from collections.abc import Mapping

from mathif.charts.axes import doublings, shares
from mathif.charts.curves import Curve, Curves
from mathif.charts.drawing import WIDTH, Picture, Point
from mathif.charts.parts import COLOURS
from mathif.results import Refresh
from mathif.wording import pictures as wording


def refreshing(parts: Mapping[str, Refresh]) -> Picture | None:
    """Draw how many times as likely the next violation is after neutral text as after a reminder, along the thinking.

    Args:
        parts: the reminders' effect in `reply` and `thinking`.
    """
    points = {
        name: [Point.of(one.part, one.gain) for one in found.points if one.gain.value and one.gain.low]
        for name, found in parts.items()
    }
    curves = [Curve(name, COLOURS[name], drawn) for name, drawn in points.items() if drawn]
    if len({point.at for curve in curves for point in curve.points}) < 2:
        return None
    ends = [1.0, *(end for curve in curves for one in curve.points for end in one[1:] if end is not None)]
    x = shares("part of the thinking before the reminder")._replace(inset=8)
    y = doublings("times as likely to slip without it", ends)
    return Picture(
        "probe",
        wording.of_refresh(parts),
        ["The next violation after neutral text against that after the constraints, 95 % intervals; 1 is no gain."],
        Curves(curves, x, y, WIDTH - 30, dot=3.5, level=1),
    )

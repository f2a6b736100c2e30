"""Survival: how many texts are still unbroken along them, above how many are still in question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from mathif.charts.drawing import BAND, HEIGHT, WIDTH, Chart, Datum, Point, colour, ends, inline, labelled, share
from mathif.stats import Survivors

_MARKED = 4
"""About how many places of a risk table there is room for."""


def survival_chart(curves: Mapping[str, Sequence[Survivors]], colours: Mapping[str, str], along: str) -> Chart | None:
    """Draw Kaplan-Meier curves with their bands and a risk table; None where fewer than two can be drawn.

    Args:
        curves: the curve of each kind of text by its name.
        colours: that of each.
        along: what the places are.
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
    x = alt.X("at:Q", title=along, scale=alt.Scale(nice=False), axis=alt.Axis(grid=False, tickCount=5))
    points = [row for line in lines.values() for row in line]
    base = alt.Chart(inline(points)).encode(x=x, color=colour("line:N", colours))
    curve = alt.layer(
        base.mark_area(opacity=BAND, interpolate="step-after").encode(y=share("low:Q", "still unbroken"), y2="high:Q"),
        base.mark_line(interpolate="step-after").encode(y=share("value:Q")),
        labelled(last, x, colours),
    ).properties(width=width, height=HEIGHT)
    beside = alt.Axis(ticks=False, domain=False, labelPadding=14)
    listed = [row for line in lines.values() for row in line[:: max(1, (len(line) - 1) // _MARKED)]]
    risk = alt.Chart(inline(listed)).mark_text().properties(width=width, height=alt.Step(16))
    counts = risk.encode(
        x=alt.X("at:Q", axis=None),
        y=alt.Y("line:N", title=None, sort=list(colours), axis=beside),
        text="risk:Q",
        color=colour("line:N", colours),
    )
    return alt.vconcat(curve, counts, spacing=4)

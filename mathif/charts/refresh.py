"""Picture of reminders inside the thinking: what they gain, by how much thinking stands before them."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from mathif.charts.drawing import BAND, HEIGHT, WIDTH, Datum, Picture, colour, ends, inline
from mathif.charts.parts import COLOURS
from mathif.results import Refresh
from mathif.web import shade
from mathif.wording import pictures as wording


def refreshing(parts: Mapping[str, Refresh]) -> Picture | None:
    """Draw how many times as likely the next violation is after neutral text as after a reminder, along the thinking.

    Args:
        parts: the reminders' effect in `reply` and `thinking`.
    """
    rows: list[Datum] = [
        {"kept": point.part, "line": name, **ends(point.gain)}
        for name, refresh in parts.items()
        for point in refresh.points
        if point.gain.value is not None and point.gain.low is not None
    ]
    if len({row["kept"] for row in rows}) < 2:
        return None
    x = alt.X(
        "kept:Q",
        title="part of the thinking before the reminder",
        scale=alt.Scale(domain=[0, 1], padding=8, nice=False),
        axis=alt.Axis(format="%", tickCount=5, grid=False),
    )
    scale = alt.Scale(type="log")
    base = alt.Chart(inline(rows)).encode(x=x, color=colour("line:N", COLOURS))
    last = {row["line"]: row for row in rows}
    names = alt.Chart(inline(last.values())).encode(x=x, color=colour("line:N", COLOURS), text="line:N")
    none = alt.Chart(inline([{"none": 1}])).mark_rule(strokeDash=[3, 3], color=shade("dim"))
    y = alt.Y("low:Q", title="times as likely to slip without it", scale=scale)
    return Picture(
        "probe",
        wording.of_refresh(parts),
        ["The next violation after neutral text against that after the constraints, 95 % intervals; 1 is no gain."],
        alt.layer(
            none.encode(y=alt.Y("none:Q", scale=scale)),
            base.mark_area(opacity=BAND).encode(y=y, y2="high:Q"),
            base.mark_line(strokeWidth=2).encode(y=alt.Y("value:Q", scale=scale)),
            base.mark_point(filled=True, size=40, opacity=1).encode(y=alt.Y("value:Q", scale=scale)),
            names.mark_text(align="left", dx=8).encode(y=alt.Y("value:Q", scale=scale)),
        ).properties(width=WIDTH - 30, height=HEIGHT),
    )

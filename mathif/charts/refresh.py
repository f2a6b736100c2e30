"""Picture of reminders inside the thinking: what they gain, by how much thinking stands before them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mathif.charts.drawing import (
    BAND,
    HEIGHT,
    NAMES,
    THRESHOLD,
    WIDTH,
    Datum,
    Picture,
    category,
    colour,
    dots,
    ends,
    layer,
    layered,
    mark,
    quantity,
    until,
)
from mathif.charts.parts import COLOURS
from mathif.json_values import JsonObject
from mathif.results import Refresh
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
    log: JsonObject = {"type": "log"}
    gain = quantity("value", scale=log)
    drawn = partial(
        layer,
        x=quantity(
            "kept",
            title="part of the thinking before the reminder",
            scale={"domain": [0, 1], "padding": 8, "nice": False},
            axis={"format": "%", "tickCount": 5, "grid": False},
        ),
        color=colour("line", COLOURS),
    )
    last = {row["line"]: row for row in rows}
    bounds = quantity("low", title="times as likely to slip without it", scale=log)
    return Picture(
        "probe",
        wording.of_refresh(parts),
        ["The next violation after neutral text against that after the constraints, 95 % intervals; 1 is no gain."],
        layered(
            layer([{"none": 1}], THRESHOLD, y=quantity("none", scale=log)),
            drawn(rows, mark("area", opacity=BAND), y=bounds, y2=until("high")),
            drawn(rows, mark("line", strokeWidth=2), y=gain),
            drawn(rows, dots(40), y=gain),
            drawn(last.values(), NAMES, y=gain, text=category("line")),
            width=WIDTH - 30,
            height=HEIGHT,
        ),
    )

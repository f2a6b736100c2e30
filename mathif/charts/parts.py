"""Pictures of the thinking against the reply: how each obeys, and when each first slips."""

from __future__ import annotations

from functools import partial

from mathif.charts.drawing import (
    NAMES,
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
from mathif.charts.survival import survival_chart
from mathif.counting import counted
from mathif.results import ArmParts
from mathif.web import shade
from mathif.wording import pictures as wording

COLOURS = {"reply": shade("hacc"), "thinking": shade("thinking"), "both": shade("joint")}
NATURAL = "not asked"
_QUARTERS = [0, 0.25, 0.5, 0.75, 1]


def parts_beside(parts: ArmParts | None) -> Picture | None:
    """Draw HAcc of reply, thinking and both at once, each above the same part of the replies that were not asked."""
    if parts is None:
        return None
    rows: list[Datum] = []
    for name in COLOURS:
        scores = parts.scores.get(name)
        if scores is None or scores.hacc.value is None:
            continue
        label = name if scores.asked else f"{name} (not asked of it)"
        rows.append({"part": label, "who": name, **ends(scores.hacc)})
        if scores.natural is not None and scores.natural.value is not None:
            rows.append({"part": label, "who": NATURAL, **ends(scores.natural)})
    if len({row["part"] for row in rows}) < 2:
        return None
    colours = {**COLOURS, NATURAL: shade("plain")}
    drawn = partial(
        layer,
        y=category("part", title=None, sort=None, axis={"grid": False}),
        yOffset=category("who", sort=list(colours)),
        color=colour("who", colours),
    )
    x = quantity("low", title="HAcc", scale={"domain": [0, 1]}, axis={"format": "%", "values": _QUARTERS})
    natural = [row for row in rows if row["who"] == NATURAL]
    replies = counted(parts.n, "reply")
    return Picture(
        "thinking",
        wording.of_parts(parts),
        [f"95 % intervals, {replies} whose thinking is seen; grey, the same part of the plain replies."],
        layered(
            drawn(rows, mark("rule", strokeWidth=2), x=x, x2=until("high")),
            drawn(rows, dots(50), x=quantity("value")),
            drawn(natural, {**NAMES, "text": NATURAL}, x=quantity("high")),
            width=WIDTH - 90,
            height={"step": 40, "for": "position"},
        ),
    )


def slips_beside(parts: ArmParts | None) -> Picture | None:
    """Draw how many replies and thinkings are still unbroken along them."""
    if parts is None or not {"reply", "thinking"} <= parts.slips.keys():
        return None
    reply, thinking = parts.slips["reply"], parts.slips["thinking"]
    curves = {"reply": reply.told, "thinking": thinking.told}
    asked = any(score.asked for score in parts.scores.values())  # a plain reply is shown once, not for every item
    leads = {"reply": reply.first, "thinking": thinking.first} if asked else {}
    chart = survival_chart(curves, COLOURS, f"{parts.unit} of the text", leads)
    if chart is None:
        return None
    title = wording.of_slips(reply.told, thinking.told, parts.unit)
    lines = [wording.SURVIVAL, *([wording.LEADING] if any(leads.values()) else [])]
    return Picture("thinking", title, lines, chart)

"""Pictures of the thinking against the reply: how each obeys, and when each first slips."""

from __future__ import annotations

import altair as alt

from mathif.charts.drawing import WIDTH, Datum, Picture, colour, ends, inline
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
    y = alt.Y("part:N", title=None, sort=None, axis=alt.Axis(grid=False))
    base = alt.Chart(inline(rows)).encode(
        y=y, yOffset=alt.YOffset("who:N", sort=list(colours)), color=colour("who:N", colours)
    )
    x = alt.X("low:Q", title="HAcc", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", values=_QUARTERS))
    named = base.transform_filter(alt.datum.who == NATURAL)
    replies = counted(parts.n, "reply")
    return Picture(
        "thinking",
        wording.of_parts(parts),
        [f"95 % intervals, {replies} whose thinking is seen; grey, the same part of the plain replies."],
        alt.layer(
            base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
            base.mark_point(filled=True, opacity=1, size=50).encode(x="value:Q"),
            named.mark_text(align="left", dx=8, text=NATURAL).encode(x="high:Q"),
        ).properties(width=WIDTH - 90, height=alt.Step.from_dict({"step": 40, "for": "position"})),
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

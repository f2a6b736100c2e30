"""Pictures of the thinking against the reply: how each obeys, and when each first slips."""

from __future__ import annotations

from mathif.charts.axes import shares
from mathif.charts.bars import Bar, Bars, Row
from mathif.charts.drawing import WIDTH, Picture
from mathif.charts.survival import survival_chart
from mathif.results import ArmParts, PartScores
from mathif.web import shade
from mathif.wording import pictures as wording

COLOURS = {"reply": shade("hacc"), "thinking": shade("thinking"), "both": shade("joint")}
NATURAL = "not asked"


def parts_beside(parts: ArmParts | None) -> Picture | None:
    """Draw HAcc of reply, thinking and both at once, each above the same part of the replies that were not asked."""
    known = {} if parts is None else {name: parts.scores[name] for name in COLOURS if name in parts.scores}
    rows = [_row(name, scores) for name, scores in known.items() if scores.hacc.value is not None]
    if parts is None or len(rows) < 2:
        return None
    return Picture(
        "thinking",
        wording.of_parts(parts),
        [f"95 % intervals, {parts.n} replies whose thinking is seen; grey, the same part of the plain replies."],
        Bars(rows, shares("HAcc"), WIDTH - 90, 40),
    )


def _row(name: str, scores: PartScores) -> Row:
    bars = [Bar(scores.hacc, COLOURS[name])]
    if scores.natural is not None and scores.natural.value is not None:
        bars.append(Bar(scores.natural, shade("plain"), NATURAL))
    return Row(name if scores.asked else f"{name} (not asked of it)", bars)


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

"""Pictures of obedience along the length of the thinking: inside items, raw, and the slopes of each way of asking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import product

from mathif.charts.drawing import (
    BAND,
    HEIGHT,
    WIDTH,
    Datum,
    Picture,
    Point,
    category,
    colour,
    dots,
    ends,
    labelled,
    layer,
    layered,
    mark,
    metric_colours,
    quantity,
    share,
    until,
    whiskers,
    zero,
)
from mathif.counting import counted
from mathif.results import ACC, HACC, ArmClaims, LengthBin, LengthSlopes
from mathif.stats import Estimate
from mathif.web import shade
from mathif.wording import pictures as wording

ASKED, UNASKED = "asked", "not asked"
_RAW = (HACC, ACC)


def within_curve(
    slopes: LengthSlopes, plain: LengthSlopes | None, claims: ArmClaims | None, arm: str
) -> Picture | None:
    """Draw HAcc along the length relative to what is usual for its item, in a band; grey, the replies not asked.

    Args:
        slopes: those of HAcc in the arm.
        plain: those of the plain replies, None where there are none or the arm is theirs.
        claims: what the arm's numbers bear, None for an arm of which nothing is claimed.
        arm: its name.
    """
    name = ASKED if plain else arm
    curves = {name: slopes.along(), UNASKED: plain.along() if plain else ()}
    if not curves[name]:
        return None
    rows: list[Datum] = [{"line": line, **asdict(point)} for line, points in curves.items() for point in points]
    last = {line: Point(points[-1].times, points[-1].value) for line, points in curves.items() if points}
    colours = {name: shade("hacc" if arm != "plain" else "plain"), UNASKED: shade("plain")}
    places = [point.times for points in curves.values() for point in points]
    x = quantity(
        "times",
        title="thinking, as a multiple of what is usual for the item",
        scale={"type": "log", "base": 2, "nice": False, "domain": [min(places), max(places)]},
        axis={
            "values": _doublings(min(places), max(places)),
            "labelExpr": "datum.value + '×'",
            "grid": False,
        },
    )
    drawn = partial(layer, rows, x=x, color=colour("line", colours))
    return Picture(
        "length",
        wording.of_within(slopes, claims, arm),
        [wording.of_within_basis(slopes)],
        layered(
            drawn(mark("area", opacity=BAND), y=share("low", title=HACC.label), y2=until("high")),
            drawn(mark("line", strokeWidth=2), y=share("value")),
            labelled(last, x, colours),
            width=WIDTH,
            height=HEIGHT,
        ),
    )


def _doublings(low: float, high: float) -> list[float]:
    """Return the powers of 2 between two lengths."""
    return [2.0**power for power in range(math.ceil(math.log2(low)), math.floor(math.log2(high)) + 1)]


def raw_curve(bins: Sequence[LengthBin]) -> Picture | None:
    """Draw HAcc and Acc over bins of CoT length, each with its interval."""
    known = [row for row in bins if row.hacc.value is not None]
    if len(known) < 2:
        return None
    rows: list[Datum] = []
    last: dict[str, Point] = {}
    for metric, row in product(_RAW, known):
        share_ = metric.figure(row)
        if share_.value is not None:
            rows.append({"tokens": _middle(row), "line": metric.label, "n": row.n, **ends(share_)})
            last[metric.label] = Point(_middle(row), share_.value)
    x = quantity(
        "tokens",
        title="tokens of thinking",
        scale={"type": "log", "base": 2, "nice": False},
        axis={"labelOverlap": True, "grid": False},
    )
    colours = metric_colours(_RAW)
    drawn = partial(layer, rows, x=x, color=colour("line", colours))
    fewest, most = min(row.n for row in known), max(row.n for row in known)
    replies = counted(most, "reply") if fewest == most else f"{fewest} to {counted(most, 'reply')}"
    return Picture(
        "length",
        wording.of_raw(known),
        [f"Harder problems are thought about for longer too; this cannot tell. {replies} a point, 95 % intervals."],
        layered(
            drawn(mark("area", opacity=BAND), y=share("low", title="share of replies"), y2=until("high")),
            drawn(mark("line"), y=share("value")),
            drawn(dots(28), y=share("value")),
            labelled(last, x, colours),
            width=WIDTH,
            height=HEIGHT,
        ),
    )


def _middle(row: LengthBin) -> float:
    """Return the geometric middle of a bin, an empty CoT taken as one token."""
    return math.sqrt(max(1, row.low) * max(1, row.high - 1))


def slopes_beside(slopes: LengthSlopes) -> Picture | None:
    """Draw the slope of HAcc in each way of asking, with its interval."""
    known: Mapping[str, Estimate] = {
        name: slope
        for name, slope in (("raw", slopes.raw), ("adjusted", slopes.adjusted), ("within problem", slopes.within))
        if slope.value is not None and slope.low is not None
    }
    if len(known) < 2:
        return None
    rows: list[Datum] = [{"way": name, **ends(slope)} for name, slope in known.items()]
    x = quantity("low", title="log-odds of obeying per doubling of the thinking")
    y = category("way", title=None, sort=list(known))
    return Picture(
        "length",
        wording.of_ways(known),
        ["Adjusted: tier and kinds held fixed. Only the slope within problems holds difficulty fixed."],
        layered(zero(), *whiskers(rows, x, y), width=WIDTH - 40, height={"step": 30}),
    )

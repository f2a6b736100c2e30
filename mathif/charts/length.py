"""Pictures of obedience along the length of the thinking: inside items, raw, and the slopes of each way of asking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import product

import altair as alt

from mathif.charts.drawing import (
    BAND,
    HEIGHT,
    WIDTH,
    Datum,
    Picture,
    Point,
    colour,
    ends,
    inline,
    labelled,
    metric_colours,
    share,
    span,
    whiskers,
    zero,
)
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
    x = alt.X(
        "times:Q",
        title="thinking, as a multiple of what is usual for the item",
        scale=alt.Scale(type="log", base=2, nice=False, domain=[min(places), max(places)]),
        axis=alt.Axis(values=_doublings(min(places), max(places)), labelExpr="datum.value + '×'", grid=False),
    )
    base = alt.Chart(inline(rows)).encode(x=x, color=colour("line:N", colours))
    return Picture(
        "length",
        wording.of_within(slopes, claims, arm),
        [wording.of_within_basis(slopes)],
        alt.layer(
            base.mark_area(opacity=BAND).encode(y=share("low:Q", HACC.label), y2="high:Q"),
            base.mark_line(strokeWidth=2).encode(y=share("value:Q")),
            labelled(last, x, colours),
        ).properties(width=WIDTH, height=HEIGHT),
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
    x = alt.X(
        "tokens:Q",
        title="tokens of thinking",
        scale=alt.Scale(type="log", base=2, nice=False),
        axis=alt.Axis(labelOverlap=True, grid=False),
    )
    colours = metric_colours(_RAW)
    base = alt.Chart(inline(rows)).encode(x=x, color=colour("line:N", colours))
    n = span(row.n for row in known)
    return Picture(
        "length",
        wording.of_raw(known),
        [f"Harder problems are thought about for longer too; this cannot tell. {n} replies a point, 95 % intervals."],
        alt.layer(
            base.mark_area(opacity=BAND).encode(y=share("low:Q", "share of replies"), y2="high:Q"),
            base.mark_line().encode(y=share("value:Q")),
            base.mark_point(filled=True, size=28, opacity=1).encode(y=share("value:Q")),
            labelled(last, x, colours),
        ).properties(width=WIDTH, height=HEIGHT),
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
    y = alt.Y("way:N", title=None, sort=list(known))
    base = alt.Chart(inline(rows)).encode(y=y)
    x = alt.X("low:Q", title="log-odds of obeying per doubling of the thinking")
    return Picture(
        "length",
        wording.of_ways(known),
        ["Adjusted: tier and kinds held fixed. Only the slope within problems holds difficulty fixed."],
        alt.layer(
            zero(),
            *whiskers(base, x),
        ).properties(width=WIDTH - 40, height=alt.Step(30)),
    )

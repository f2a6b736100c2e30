"""Pictures of obedience along the length of the thinking: inside items, raw, and the slopes of each way of asking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mathif.charts.axes import doublings, linear, shares
from mathif.charts.bars import Bar, Bars, Row, reach
from mathif.charts.curves import Curve, Curves
from mathif.charts.drawing import WIDTH, Picture, Point, metric_colours, span
from mathif.results import ACC, HACC, ArmClaims, LengthBin, LengthSlopes
from mathif.stats import Estimate
from mathif.web import shade
from mathif.wording import pictures as wording

ASKED, UNASKED = "asked", "not asked"


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
    if not slopes.along():
        return None
    lines = {ASKED if plain else arm: slopes.along(), UNASKED: plain.along() if plain else ()}
    colours = (shade("hacc" if arm != "plain" else "plain"), shade("plain"))
    curves = [
        Curve(name, colour, [Point(one.times, one.value, one.low, one.high) for one in points])
        for (name, points), colour in zip(lines.items(), colours, strict=True)
        if points
    ]
    title = "thinking, as a multiple of what is usual for the item"
    x = doublings(title, [point.at for curve in curves for point in curve.points], "×")
    return Picture(
        "length",
        wording.of_within(slopes, claims, arm),
        [wording.of_within_basis(slopes)],
        Curves(curves, x, shares(HACC.label), WIDTH),
    )


def raw_curve(bins: Sequence[LengthBin]) -> Picture | None:
    """Draw HAcc and Acc over bins of CoT length, each with its interval."""
    known = [row for row in bins if row.hacc.value is not None]
    if len(known) < 2:
        return None
    figures = {metric.label: [(_middle(row), metric.figure(row)) for row in known] for metric in (HACC, ACC)}
    colours = metric_colours((HACC, ACC))
    curves = [
        Curve(name, colours[name], [Point.of(at, figure) for at, figure in drawn if figure.value is not None])
        for name, drawn in figures.items()
        if any(figure.value is not None for _, figure in drawn)
    ]
    n = span(row.n for row in known)
    x, y = doublings("tokens of thinking", [_middle(row) for row in known]), shares("share of replies")
    return Picture(
        "length",
        wording.of_raw(known),
        [f"Harder problems are thought about for longer too; this cannot tell. {n} replies a point, 95 % intervals."],
        Curves(curves, x, y, WIDTH, dot=3),
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
    rows = [Row(name, [Bar(slope, shade("hacc"))]) for name, slope in known.items()]
    x = linear("log-odds of obeying per doubling of the thinking", reach(rows), whole=True)
    return Picture(
        "length",
        wording.of_ways(known),
        ["Adjusted: tier and kinds held fixed. Only the slope within problems holds difficulty fixed."],
        Bars(rows, x, WIDTH - 40, 30, has_zero=True),
    )

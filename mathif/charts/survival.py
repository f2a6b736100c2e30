"""Survival: how many texts are still unbroken along them, above how many are still in question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from mathif.charts.axes import linear, shares
from mathif.charts.curves import Curve, Curves
from mathif.charts.drawing import WIDTH, Point
from mathif.results import FirstSlip
from mathif.stats import Survivors

_APART = 1 / 7
"""Least distance of two numbers of a risk table, as a part of its width: four digits and a blank."""


def survival_chart(
    curves: Mapping[str, Sequence[Survivors]],
    colours: Mapping[str, str],
    along: str,
    leads: Mapping[str, Sequence[FirstSlip]] = MappingProxyType({}),
) -> Curves | None:
    """Draw Kaplan-Meier curves with their bands and a risk table; None where fewer than two can be drawn.

    Args:
        curves: the curve of each kind of text by its name.
        colours: that of each.
        along: what the places are.
        leads: violations, by the name of their curve and part of the reply, that a page leads to from the curve.
    """
    known = {name: places for name, places in curves.items() if len(places) > 1}
    if len(known) < 2:
        return None
    ends = [one.at for places in known.values() for one in places]
    drawn = [
        Curve(
            name,
            colours[name],
            [Point.of(one.at, one.share) for one in places if one.share.value is not None],
            links=[(one.at, _link(one, name)) for one in leads.get(name, ()) if one.at <= places[-1].at],
            at_risk=_apart(places, _APART * max(ends)),
        )
        for name, places in known.items()
    ]
    return Curves(drawn, linear(along, ends), shares("still unbroken"), WIDTH - 20, is_stepped=True)


def _link(one: FirstSlip, part: str) -> str:
    """Return the fragment of a page's address that opens a reply at a character."""
    return f"#reply={quote(one.key, safe='')}&at={part}:{one.char}"


def _apart(places: Sequence[Survivors], least: float) -> dict[float, int]:
    """Return the numbers at risk that do not touch: from the last to the first, as far apart as `least`."""
    kept: dict[float, int] = {}
    next_at = math.inf
    for one in reversed(places):
        if next_at - one.at >= least:
            kept[one.at] = one.at_risk
            next_at = one.at
    return kept

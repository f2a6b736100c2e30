"""Pictures of an arm: its length curves, the lift of each kind, where replies break, and being right and obedient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from mathif.charts.drawing import (
    LABELLED,
    WIDTH,
    Datum,
    Picture,
    category,
    ends,
    layer,
    layered,
    mark,
    quantity,
    whiskers,
    zero,
)
from mathif.charts.length import ASKED, UNASKED, raw_curve, slopes_beside, within_curve
from mathif.charts.parts import parts_beside, slips_beside
from mathif.charts.survival import survival_chart
from mathif.counting import counted
from mathif.results import Association, FirstViolation, Position, ProfileReport, Scores
from mathif.stats import Difference
from mathif.web import shade
from mathif.wording import pictures as wording


def charts(figures: ProfileReport, arm: str) -> dict[str, Picture]:
    """Return the pictures of one arm by name, only those that its numbers allow, the most important first.

    Args:
        figures: a report under one profile.
        arm: one of its arms.
    """
    row, shown, length = figures.arms[arm], figures.effects[arm], figures.length.arms[arm]
    plain = figures.length.arms.get("plain") if arm != "plain" else None
    drawn = {
        "within": within_curve(length.hacc, plain.hacc if plain else None, figures.claims.get(arm), arm),
        "length": raw_curve(row.by_length.equal_count),
        "slopes": slopes_beside(length.hacc),
        "lift": lift_by_kind(shown.lift_by_kind or {}),
        "parts": parts_beside(figures.parts.get(arm)),
        "slips": slips_beside(figures.parts.get(arm)),
        "survival": unbroken(shown.position) if shown.position else None,
        "position": first_violations(length.first_violation),
        "quadrant": quadrant(row.overall, shown.association),
    }
    return {f"{name}-{arm}": picture for name, picture in drawn.items() if picture is not None}


def lift_by_kind(kinds: Mapping[str, Difference]) -> Picture | None:
    """Draw for each kind how many points more replies obey it when it is asked for."""
    known = {kind: row for kind, row in kinds.items() if row.low is not None}
    if not known:
        return None
    rows = [{"kind": f"{kind} ({row.n})", **ends(row, 100)} for kind, row in known.items()]
    x = quantity("low", title="points")
    y = category("kind", title=None, sort={"field": "value", "order": "descending"})
    return Picture(
        "lift",
        wording.of_lifts(known),
        ["Obeyed when asked minus obeyed by the plain replies, points, 95 % intervals; in brackets the replies."],
        layered(zero(), *whiskers(rows, x, y, size=40), width=120, height={"step": 17}, padding=LABELLED),
    )


def unbroken(position: Position) -> Picture | None:
    """Draw the share of replies without a violation so far, along them, above how many are still in question."""
    chart = survival_chart(
        {ASKED: position.told, UNASKED: position.untold},
        {ASKED: shade("hacc"), UNASKED: shade("plain")},
        "characters of the reply",
    )
    if chart is None:
        return None
    lines = [
        "Kaplan-Meier with 95 % intervals, for kinds that any stretch of a text can break; below, replies at risk."
    ]
    return Picture("position", wording.of_unbroken(position.told, position.untold), lines, chart)


def first_violations(places: Sequence[FirstViolation]) -> Picture | None:
    """Draw how many replies break first in each stretch of the reply."""
    known = [row for row in places if row.share.value is not None]
    if not any(row.share.value for row in known):
        return None
    names = [f"{row.low}–{row.high}" if row.high is not None else f"{row.low} on" for row in known]
    rows = [{"place": name, **ends(row.share)} for name, row in zip(names, known, strict=True)]
    x = quantity("low", title="share of replies that break first there", axis={"format": "%", "tickCount": 5})
    y = category("place", title="characters of the reply", sort=names, axis={"grid": False})
    return Picture(
        "position",
        wording.of_places(known),
        [f"95 % intervals, {counted(known[0].share.n, 'reply')}; the stretches grow fourfold."],
        layered(*whiskers(rows, x, y), width=WIDTH - 60, height={"step": 28}),
    )


def quadrant(overall: Scores, association: Association) -> Picture | None:
    """Draw the four ways of being right and obedient, each with its share and with that if they were unrelated."""
    both, obeyed, expected = association.joint.value, overall.hacc.value, association.expected.value
    if both is None or expected is None or not obeyed:
        return None
    right = expected / obeyed
    rows: list[Datum] = [
        {
            "answer": answer,
            "instructions": adherence,
            "seen": seen,
            "label": f"{100 * seen:.1f} %",
            "below": f"if unrelated: {100 * a * h:.1f} %",
        }
        for answer, adherence, seen, a, h in (
            ("right", "all obeyed", both, right, obeyed),
            ("right", "not all obeyed", right - both, right, 1 - obeyed),
            ("wrong", "all obeyed", obeyed - both, 1 - right, obeyed),
            ("wrong", "not all obeyed", 1 - right - obeyed + both, 1 - right, 1 - obeyed),
        )
    ]
    drawn = partial(
        layer,
        rows,
        x=category("instructions", title=None, axis={"labelAngle": 0, "labelFontSize": 12, "orient": "top"}),
        y=category("answer", title=None, axis={"labelFontSize": 12}),
    )
    faint = quantity("seen", legend=None, scale={"domain": [0, 1], "range": [0, 0.55]})
    return Picture(
        "joint",
        wording.of_quadrant(association),
        [f"{counted(association.joint.n, 'reply')}."],
        layered(
            drawn(mark("rect", color=shade("joint")), opacity=faint),
            drawn(mark("text", fontSize=16, dy=-8), text=category("label")),
            drawn(mark("text", dy=12), text=category("below")),
            width=WIDTH,
            height=140,
        ),
    )

"""Pictures of an arm: its length curves, the lift of each kind, where replies break, and being right and obedient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mathif.charts.axes import linear
from mathif.charts.bars import Bar, Bars, Row, reach
from mathif.charts.drawing import WIDTH, Drawing, Picture
from mathif.charts.elements import element, text
from mathif.charts.length import ASKED, UNASKED, raw_curve, slopes_beside, within_curve
from mathif.charts.parts import parts_beside, slips_beside
from mathif.charts.survival import survival_chart
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
    by_value = sorted(known.items(), key=lambda pair: -(pair[1].value or 0))
    rows = [Row(f"{kind} ({row.n})", [Bar(row, shade("hacc"))]) for kind, row in by_value]
    return Picture(
        "lift",
        wording.of_lifts(known),
        ["Obeyed when asked minus obeyed by the plain replies, points, 95 % intervals; in brackets the replies."],
        Bars(rows, linear("points", reach(rows, 100), whole=True), 120, 17, times=100, has_zero=True, dot=3.5),
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
    rows = [Row(name, [Bar(row.share, shade("hacc"))]) for name, row in zip(names, known, strict=True)]
    x = linear("% of replies that break first there", reach(rows, 100), whole=True)
    return Picture(
        "position",
        wording.of_places(known),
        [f"95 % intervals, {known[0].share.n} replies; the stretches, in characters of the reply, grow fourfold."],
        Bars(rows, x, WIDTH - 60, 28, times=100),
    )


def quadrant(overall: Scores, association: Association) -> Picture | None:
    """Draw the four ways of being right and obedient, each with its share and with that if they were unrelated."""
    both, obeyed, expected = association.joint.value, overall.hacc.value, association.expected.value
    if both is None or expected is None or not obeyed:
        return None
    right = expected / obeyed
    cells = [
        [Cell(both, right * obeyed), Cell(right - both, right * (1 - obeyed))],
        [Cell(obeyed - both, (1 - right) * obeyed), Cell(1 - right - obeyed + both, (1 - right) * (1 - obeyed))],
    ]
    return Picture("joint", wording.of_quadrant(association), [f"{association.joint.n} replies."], Quadrant(cells))


class Cell(NamedTuple):
    """A share of replies, and what it would be if being right and being obedient were unrelated."""

    seen: float
    unrelated: float


class Quadrant(NamedTuple):
    """Four cells: right and wrong replies in rows, obedient and disobedient ones in columns."""

    cells: Sequence[Sequence[Cell]]

    def draw(self) -> Drawing:
        """Draw each cell as dark as its share is large."""
        wide, high = WIDTH / 2, 70
        columns, rows = ("all obeyed", "not all obeyed"), ("right", "wrong")
        ink, dim = shade("ink"), shade("dim")
        parts = [
            text(name, wide * (at + 0.5), -8, fill=dim, anchor="middle", size=12) for at, name in enumerate(columns)
        ]
        parts += [
            text(name, -8, high * (at + 0.5) + 4, fill=dim, anchor="end", size=12) for at, name in enumerate(rows)
        ]
        for down, row in enumerate(self.cells):
            for along, cell in enumerate(row):
                x, y, opacity = wide * along, high * down, 0.55 * max(0.0, cell.seen)
                seen, unrelated = (f"{100 * share + 0.0:.1f} %" for share in cell)
                parts += [
                    element("rect", x=x, y=y, width=wide, height=high, fill=shade("joint"), opacity=opacity),
                    text(seen, x + wide / 2, y + 33, fill=ink, anchor="middle", size=16),
                    text(f"if unrelated: {unrelated}", x + wide / 2, y + 51, fill=ink, anchor="middle"),
                ]
        return Drawing(44 + 2 * wide, 20 + 2 * high, element("g", *parts, transform="translate(44,20)"))

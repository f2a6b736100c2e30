"""Charts of an arm: its three length curves, the lift of each kind, and the quadrant of right and obedient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt

from mathif.charts.drawing import COLOURS, LABELLED, SIZE, Chart, colour, ends, inline, share, title
from mathif.results import ACC, HACC, JOINT, Association, LengthBin, LengthSlopes, ProfileReport, Scores
from mathif.stats import Difference

WAYS = {"raw": "#d97a1e", "adjusted": "#8a6fd1", "within problem": "#3b7dd8"}
_METRICS = (HACC, ACC, JOINT)


def charts(figures: ProfileReport, arm: str) -> dict[str, Chart]:
    """Return the charts of one arm by name, only those that its numbers allow.

    Args:
        figures: a report under one profile.
        arm: one of its arms.
    """
    row, shown, length = figures.arms[arm], figures.effects[arm], figures.length.arms[arm]
    bins = row.by_length.equal_count
    drawn = {
        "length": length_curves(bins, arm),
        "slopes": slope_curves(length.hacc, bins, arm),
        "lift": lift_by_kind(shown.lift_by_kind or {}, arm),
        "quadrant": quadrant(row.overall, shown.association, arm),
    }
    return {f"{name}-{arm}": chart for name, chart in drawn.items() if chart is not None}


def _tokens(label: str) -> alt.X:
    scale = alt.Scale(type="log", base=2, nice=False, padding=18)
    return alt.X("tokens:Q", title=label, scale=scale, axis=alt.Axis(labelOverlap=True))


def length_curves(bins: Sequence[LengthBin], arm: str) -> Chart | None:
    """Draw HAcc, Acc and joint over bins of CoT length, each with its interval as a band and its n below."""
    known = [row for row in bins if row.hacc.value is not None]
    if len(known) < 2:
        return None
    data = inline(
        {"tokens": _middle(row), "metric": metric.label, **ends(metric.figure(row))}
        for row in known
        for metric in _METRICS
    )
    x = _tokens("CoT tokens (middle of the bin)")
    base = alt.Chart(data).encode(x=x, color=colour("metric:N", COLOURS))
    counts = alt.Chart(inline({"tokens": _middle(row), "label": f"n={row.n}"} for row in known))
    return alt.layer(
        base.mark_area(opacity=0.18).encode(y=share("low:Q"), y2="high:Q"),
        base.mark_line().encode(y=share("value:Q")),
        base.mark_point(filled=True, size=36).encode(y=share("value:Q")),
        counts.mark_text(baseline="bottom").encode(x=x, y=alt.YDatum(0), text="label:N"),
    ).properties(**SIZE, title=title(f"By CoT length, {arm}", "raw: harder problems are also thought about for longer"))


def _middle(row: LengthBin) -> float:
    """Return the geometric middle of a bin, an empty CoT taken as one token."""
    return math.sqrt(max(1, row.low) * max(1, row.high - 1))


def slope_curves(slopes: LengthSlopes, bins: Sequence[LengthBin], arm: str) -> Chart | None:
    """Draw what each slope of HAcc says about a problem of average adherence, over the lengths that were seen."""
    ways = {"raw": slopes.raw, "adjusted": slopes.adjusted, "within problem": slopes.within}
    known = {
        name: (slope.value, slope.low, slope.high)
        for name, slope in ways.items()
        if slope.value is not None and slope.low is not None and slope.high is not None
    }
    if not known or len(bins) < 2:
        return None
    low, high = math.log2(_middle(bins[0])), math.log2(_middle(bins[-1]))
    steps = [low + (high - low) * step / 24 for step in range(25)]
    centre, level = (low + high) / 2, slopes.mean.value or 0.0
    data = inline(
        {
            "tokens": 2**x,
            "way": name,
            "value": _moved(level, value * (x - centre)),
            "low": min(_moved(level, end * (x - centre)) for end in (least, most)),
            "high": max(_moved(level, end * (x - centre)) for end in (least, most)),
        }
        for name, (value, least, most) in known.items()
        for x in steps
    )
    base = alt.Chart(data).encode(x=_tokens("CoT tokens"), color=colour("way:N", WAYS))
    return alt.layer(
        base.mark_area(opacity=0.18).encode(y=share("low:Q"), y2="high:Q"),
        base.mark_line(strokeWidth=2).encode(y=share("value:Q")),
    ).properties(
        **SIZE,
        title=title(f"HAcc and length three ways, {arm}", "only the slope within problems holds difficulty fixed"),
    )


def _moved(level: float, by: float) -> float:
    """Return the share whose log-odds are `by` above those of `level`."""
    return level / (level + (1 - level) * math.exp(max(-30.0, min(30.0, -by)))) if level else 0.0


def lift_by_kind(kinds: Mapping[str, Difference], arm: str) -> Chart | None:
    """Draw for each kind how many points more replies obey it when it is asked for."""
    known = {kind: row for kind, row in kinds.items() if row.low is not None}
    if not known:
        return None
    data = inline({"kind": f"{kind} (n={row.n})", **ends(row, 100)} for kind, row in known.items())
    y = alt.Y(
        "kind:N", title=None, sort=alt.EncodingSortField("value", order="descending"), axis=alt.Axis(labelLimit=230)
    )
    base = alt.Chart(data).encode(y=y)
    return alt.layer(
        base.mark_rule(color=COLOURS["HAcc"], strokeWidth=2).encode(x=alt.X("low:Q", title="points"), x2="high:Q"),
        base.mark_point(color=COLOURS["HAcc"], filled=True, opacity=1, size=50).encode(x="value:Q"),
        alt.Chart(inline([{"zero": 0}])).mark_rule(strokeDash=[3, 3], color="#888888").encode(x="zero:Q"),
    ).properties(
        width=190,
        height=alt.Step(22),
        padding=LABELLED,
        title=title(f"Lift by kind, {arm}", "obeyed when asked minus obeyed by the plain replies"),
    )


def quadrant(overall: Scores, association: Association, arm: str) -> Chart | None:
    """Draw the four ways of being right and obedient, each with its share and with that if they were unrelated."""
    both, obeyed, expected = association.joint.value, overall.hacc.value, association.expected.value
    if both is None or expected is None or not obeyed:
        return None
    right = expected / obeyed
    data = inline(
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
    )
    base = alt.Chart(data).encode(
        x=alt.X("instructions:N", title=None, axis=alt.Axis(labelAngle=0, labelFontSize=12)),
        y=alt.Y("answer:N", title=None, axis=alt.Axis(labelFontSize=12)),
    )
    return alt.layer(
        base.mark_rect(color=COLOURS["HAcc"]).encode(
            opacity=alt.Opacity("seen:Q", legend=None, scale=alt.Scale(domain=[0, 1]))
        ),
        base.mark_text(fontSize=16, dy=-8).encode(text="label:N"),
        base.mark_text(fontSize=11, dy=12).encode(text="below:N"),
    ).properties(**SIZE, title=title(f"Right and obedient, {arm}", f"n={association.joint.n}"))

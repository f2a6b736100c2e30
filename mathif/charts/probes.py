"""Charts of a probe: dose and response, what survives a cut thinking, and every change against its control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from mathif.charts.drawing import COLOURS, LABELLED, SIZE, Chart, colour, ends, inline, share, title
from mathif.results import (
    ACC,
    HACC,
    DosePoint,
    DoseResponse,
    DoseSlopes,
    InterventionEffect,
    Metric,
    ProbeProfile,
    Survival,
)
from mathif.stats import Estimate, Share

FAMILIES = {"extend": "#3b7dd8", "extend-neutral": "#d97a1e", "filler-tail": "#2e9d6a"}
_DASHES = {"extend": [1, 0], "extend-neutral": [8, 6], "filler-tail": [3, 5]}
SURVIVING = {"same answer": "#8a6fd1", "right": "#d97a1e", "obedient": "#3b7dd8"}
_CHANGES = (HACC, ACC)
_GREY = "#888888"


def probe_charts(figures: ProbeProfile, name: str) -> dict[str, Chart]:
    """Return the charts of one probe by name, only those that its numbers allow.

    Args:
        figures: a probe's report under one profile.
        name: of the probe.
    """
    drawn = {
        **{f"dose-{metric.key}": dose_response(figures.doses, metric, name) for metric in _CHANGES},
        "survival": survival_curves(figures.interventions, figures.truncation.area, name),
        "changes": changes(figures.interventions, name),
    }
    return {f"{kind}-{name}": chart for kind, chart in drawn.items() if chart is not None}


def dose_response(doses: Mapping[str, DoseResponse], metric: Metric, name: str) -> Chart | None:
    """Draw a metric over the tokens that each family adds, from the control at 0 on.

    Args:
        doses: the points and slopes of each family.
        metric: HAcc or Acc.
        name: of the probe.
    """
    points = {family: list(_known_points(row.points, metric)) for family, row in doses.items()}
    known = {family: found for family, found in points.items() if len(found) > 1}
    if not known:
        return None
    rows = [{"family": family, **point} for family, found in known.items() for point in found]
    x = alt.X("tokens:Q", title="tokens added to the chain of thought (mean)", scale=alt.Scale(padding=18, nice=False))
    shade = colour("family:N", {family: FAMILIES[family] for family in FAMILIES if family in known})
    base = alt.Chart(inline(rows)).encode(x=x, color=shade)
    control = alt.Chart(inline([{**rows[0], "label": "control"}])).encode(x=x)
    y = share("value:Q", metric.label)
    return alt.layer(
        _bounded(rows, x, shade).mark_area(opacity=0.14).encode(y=share("low:Q", metric.label), y2="high:Q"),
        base.mark_line(strokeWidth=2).encode(y=y, strokeDash=_dashes(known)),
        base.mark_point(filled=True, size=40, opacity=1).encode(y=y),
        control.mark_point(shape="diamond", filled=True, opacity=1, size=110, color=_GREY).encode(y=y),
        control.mark_text(align="left", baseline="bottom", dx=4, dy=-6).encode(y=y, text="label:N"),
    ).properties(
        **SIZE,
        title=title(
            f"{metric.label} by tokens added, {name}",
            *(_dose_line(family, found, _picked(doses[family].slope, metric)) for family, found in known.items()),
        ),
    )


def _bounded(rows: list[dict[str, Any]], x: alt.X, shade: alt.Color) -> alt.Chart:
    """Return a chart of those rows that have an interval."""
    return alt.Chart(inline(row for row in rows if row["low"] is not None)).encode(x=x, color=shade)


def _dashes(families: Iterable[str]) -> alt.StrokeDash:
    """Return how the lines of families are broken, so that those that lie on each other are all seen."""
    scale = alt.Scale(domain=list(families), range=[_DASHES[family] for family in families])
    return alt.StrokeDash("family:N", scale=scale, legend=None)


def _known_points(points: Sequence[DosePoint], metric: Metric) -> Iterator[dict[str, Any]]:
    for point in points:
        found = _picked(point, metric)
        if point.added is not None and found.value is not None:
            yield {"amount": point.amount, "tokens": point.added, "n": point.n, **ends(found)}


def _picked(row: DosePoint | DoseSlopes, metric: Metric) -> Estimate:
    return row.acc if metric is ACC else row.hacc


def _dose_line(family: str, points: list[dict[str, Any]], slope: Estimate) -> str:
    counts = sorted({point["n"] for point in points})
    n = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    moved = f"{_estimate(slope, 100, 1)} points per 100 tokens" if slope.value is not None else "no slope told"
    return f"{family}: n={n}, {moved}"


def _estimate(found: Estimate, times: int, digits: int) -> str:
    """Return an estimate as `-1.2 [-3.0, 0.6]`, without the ends where it has none."""
    value, low, high = (
        "" if end is None else f"{round(end, digits) + 0.0:.{digits}f}" for end in ends(found, times).values()
    )  # adding 0 takes the sign off a zero
    return f"{value} [{low}, {high}]" if low else value


def survival_curves(interventions: Mapping[str, InterventionEffect], areas: Survival, name: str) -> Chart | None:
    """Draw the shares of answers and of obedience that survive over the part of the thinking that was kept."""
    parts = {_amount(one): row.survival for one, row in interventions.items() if one.startswith("truncate:")}
    rows = [
        {"kept": kept, "what": noun, **ends(found)}
        for kept, survival in sorted(parts.items(), key=lambda part: part[0])
        for noun, found in _by_noun(survival).items()
        if found.value is not None
    ]
    nouns = [noun for noun in SURVIVING if any(row["what"] == noun for row in rows)]
    if not rows:
        return None
    whole = [{"kept": 1, "what": noun, "value": 1} for noun in nouns if 1 not in parts]
    x = alt.X(
        "kept:Q",
        title="part of the thinking that was kept",
        scale=alt.Scale(domain=[0, 1], padding=8, nice=False),
        axis=alt.Axis(format="%", tickCount=5),
    )
    below = [_area_line(noun, area) for noun, area in _by_noun(areas).items() if noun in nouns]
    shade = colour("what:N", {noun: SURVIVING[noun] for noun in nouns})
    lines = alt.Chart(inline([*rows, *whole])).encode(x=x, y=share("value:Q", "survives"), color=shade)
    return alt.layer(
        _bounded(rows, x, shade).mark_area(opacity=0.14).encode(y=share("low:Q", "survives"), y2="high:Q"),
        lines.mark_line(strokeWidth=2),
        lines.mark_point(filled=True, size=36, opacity=1),
    ).properties(
        **SIZE,
        title=title(f"What survives a cut, {name}", *below, "100 % kept is the control itself"),
    )


def _by_noun(survival: Survival) -> dict[str, Share]:
    return {"same answer": survival.answer, "right": survival.right, "obedient": survival.obedience}


def _amount(intervention: str) -> float:
    return float(intervention.partition(":")[2] or 0)


def _area_line(noun: str, area: Share) -> str:
    if area.value is None:
        return f"{noun}: area over the curve unknown: {area.reason}"
    return f"{noun}: area over the curve {_estimate(area, 1, 2)}, n={area.n}"


_FOREST = "edited minus control, percentage points, 95 % interval"


def _bare(interventions: Mapping[str, InterventionEffect]) -> Iterator[str]:
    names = [one for one, row in interventions.items() if not row.n]
    if names:
        yield f"nothing to compare under {', '.join(names)}"


def changes(interventions: Mapping[str, InterventionEffect], name: str) -> Chart | None:
    """Draw the change of HAcc and of Acc under every intervention against its control, with its interval."""
    order = sorted(interventions, key=lambda one: (one.partition(":")[0], _amount(one)))
    labels = {one: f"{one} (n={interventions[one].n})" for one in order if interventions[one].n}
    rows = [
        {
            "intervention": label,
            "metric": metric.label,
            **ends(found, 100),
        }
        for one, label in labels.items()
        for metric in _CHANGES
        if (found := metric.change(interventions[one].overall)).value is not None
    ]
    if not rows:
        return None
    shade = colour("metric:N", {metric.label: COLOURS[metric.label] for metric in _CHANGES})
    y = alt.Y("intervention:N", title=None, sort=list(labels.values()), axis=alt.Axis(labelLimit=230))
    beside = alt.YOffset("metric:N", sort=[metric.label for metric in _CHANGES])
    spans, marks = (
        alt.Chart(inline(kept)).encode(y=y, yOffset=beside, color=shade)
        for kept in ([row for row in rows if row["low"] is not None], rows)
    )
    return alt.layer(
        alt.Chart(inline([{"zero": 0}])).mark_rule(strokeDash=[3, 3], color=_GREY).encode(x="zero:Q"),
        spans.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title="points"), x2="high:Q"),
        marks.mark_point(filled=True, opacity=1, size=40).encode(x="value:Q"),
    ).properties(
        width=300,
        height=alt.Step.from_dict({"step": 24, "for": "position"}),
        padding=LABELLED,
        title=title(f"Change against the control, {name}", _FOREST, *_bare(interventions)),
    )

"""Pictures of a probe: dose and response, what survives a cut thinking, and every change against its control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mathif.charts.axes import linear, shares
from mathif.charts.bars import Bar, Bars, Row, reach
from mathif.charts.curves import Curve, Curves
from mathif.charts.drawing import WIDTH, Picture, Point, metric_colours, span
from mathif.charts.refresh import refreshing
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
from mathif.web import shade
from mathif.wording import pictures as wording

FAMILIES = {"extend": shade("thinking"), "extend-neutral": shade("sacc"), "filler-tail": shade("plain")}
_DASHES = {"extend-neutral": "8,6", "filler-tail": "3,5"}
"""How the lines of families are broken, so that those that lie on each other are all seen."""
SURVIVING = {"same answer": shade("thinking"), "right": shade("acc"), "obedient": shade("hacc")}
_CHANGES = (HACC, ACC)


def probe_charts(figures: ProbeProfile, name: str) -> dict[str, Picture]:
    """Return the pictures of one probe by name, only those that its numbers allow.

    Args:
        figures: a probe's report under one profile.
        name: of the probe.
    """
    drawn = {
        **{f"dose-{metric.key}": dose_response(figures.doses, metric) for metric in _CHANGES},
        "survival": survival_curves(figures.interventions, figures.truncation.area),
        "refresh": refreshing(figures.refresh),
        "changes": changes(figures.interventions),
    }
    return {f"{kind}-{name}": picture for kind, picture in drawn.items() if picture is not None}


def dose_response(doses: Mapping[str, DoseResponse], metric: Metric) -> Picture | None:
    """Draw a metric over the tokens that each family adds, from the control at 0 on.

    Args:
        doses: the points and slopes of each family.
        metric: HAcc or Acc.
    """
    slopes = {family: _picked(row.slope, metric) for family, row in doses.items()}
    doses = {family: replace(row, points=_known(row.points, metric)) for family, row in doses.items()}
    doses = {family: row for family, row in doses.items() if len(row.points) > 1}
    if not doses:
        return None
    curves = [
        Curve(
            family,
            FAMILIES[family],
            [Point.of(point.added or 0, _picked(point, metric)) for point in row.points],
            _DASHES.get(family),
        )
        for family, row in doses.items()
    ]
    places = [point.at for curve in curves for point in curve.points]
    x = linear("tokens added to the chain of thought (mean)", places, inset=10)
    return Picture(
        "probe",
        wording.of_dose(metric, slopes, {curve.name: [one[:2] for one in curve.points] for curve in curves}),
        [_dose_line(family, row.points, slopes[family]) for family, row in doses.items()],
        Curves(curves, x, shares(metric.label), WIDTH - 50, dot=3.5, origin=curves[0].points[0]),
    )


def _known(points: Sequence[DosePoint], metric: Metric) -> tuple[DosePoint, ...]:
    """Return the points that can be drawn."""
    return tuple(one for one in points if one.added is not None and _picked(one, metric).value is not None)


def _picked(row: DosePoint | DoseSlopes, metric: Metric) -> Estimate:
    return row.acc if metric is ACC else row.hacc


def _dose_line(family: str, points: Sequence[DosePoint], slope: Estimate) -> str:
    moved = f"{_estimate(slope, 100, 1)} points per 100 tokens" if slope.value is not None else "no slope told"
    return f"{family}: n={span(point.n for point in points)}, {moved}"


def _estimate(estimate: Estimate, times: int, digits: int) -> str:
    """Return an estimate as `-1.2 [-3.0, 0.6]`, without the ends where it has none."""
    value, low, high = (
        "" if end is None else f"{round(times * end, digits) + 0.0:.{digits}f}"  # adding 0 takes the sign off a zero
        for end in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} [{low}, {high}]" if low else value


def survival_curves(interventions: Mapping[str, InterventionEffect], areas: Survival) -> Picture | None:
    """Draw the shares of answers and of obedience that survive over the part of the thinking that was kept."""
    parts = {_amount(one): row.survival for one, row in interventions.items() if one.startswith("truncate:")}
    points: dict[str, list[Point]] = {noun: [] for noun in SURVIVING}
    for kept, survival in sorted(parts.items(), key=lambda part: part[0]):
        for noun, found in _by_noun(survival).items():
            if found.value is not None:
                points[noun].append(Point.of(kept, found))
    control = [] if 1 in parts else [Point(1, 1)]
    curves = [Curve(noun, SURVIVING[noun], [*known, *control]) for noun, known in points.items() if known]
    if not curves:
        return None
    x = shares("part of the thinking that was kept (100 % is the control)")._replace(inset=8)
    return Picture(
        "probe",
        wording.of_kept(min(parts.items(), key=lambda part: part[0])),
        [_area_line(noun, area) for noun, area in _by_noun(areas).items() if points[noun]],
        Curves(curves, x, shares("survives"), WIDTH - 30, dot=3.4),
    )


def _by_noun(survival: Survival) -> dict[str, Share]:
    return {"same answer": survival.answer, "right": survival.right, "obedient": survival.obedience}


def _amount(intervention: str) -> float:
    return float(intervention.partition(":")[2] or 0)


def _area_line(noun: str, area: Share) -> str:
    if area.value is None:
        return f"{noun}: area over the curve unknown: {area.reason}"
    return f"{noun}: area over the curve {_estimate(area, 1, 2)}, n={area.n}"


_FOREST = "Edited minus control, percentage points, 95 % intervals; in brackets the pairs of replies."


def _bare(interventions: Mapping[str, InterventionEffect]) -> Iterator[str]:
    names = [one for one, row in interventions.items() if not row.n]
    if names:
        yield f"Nothing to compare under {', '.join(names)}."


def changes(interventions: Mapping[str, InterventionEffect]) -> Picture | None:
    """Draw the change of HAcc and of Acc under every intervention against its control, with its interval."""
    order = sorted(interventions, key=lambda one: (one.partition(":")[0], _amount(one)))
    labels = {f"{one} ({interventions[one].n})": interventions[one] for one in order if interventions[one].n}
    colours = metric_colours(_CHANGES)
    rows: list[Row] = []
    for label, effect in labels.items():
        found = {metric.label: metric.change(effect.overall) for metric in _CHANGES}
        known = [
            Bar(change, colours[name], "" if rows else name)  # the first row names the colours
            for name, change in found.items()
            if change.value is not None
        ]
        if known:
            rows.append(Row(label, known))
    if not rows:
        return None
    return Picture(
        "probe",
        wording.of_changes(interventions, HACC),
        [_FOREST, *_bare(interventions)],
        Bars(rows, linear("points", reach(rows, 100), whole=True), 190, 22, times=100, has_zero=True, dot=3.3),
    )

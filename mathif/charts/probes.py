"""Pictures of a probe: dose and response, what survives a cut thinking, and every change against its control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from mathif.charts.drawing import (
    BAND,
    HEIGHT,
    LABELLED,
    NAMES,
    WIDTH,
    Channel,
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
    zero,
)
from mathif.charts.refresh import refreshing
from mathif.json_values import JsonObject
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
_DASHES = {"extend": [1, 0], "extend-neutral": [8, 6], "filler-tail": [3, 5]}
SURVIVING = {"same answer": shade("thinking"), "right": shade("acc"), "obedient": shade("hacc")}
_CHANGES = (HACC, ACC)
_GREY = shade("dim")


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
    lines = {family: [_point(point, metric) for point in row.points] for family, row in doses.items()}
    rows: list[Datum] = [
        {
            "family": family,
            "amount": point.amount,
            "tokens": point.added,
            "n": point.n,
            **ends(_picked(point, metric)),
        }
        for family, row in doses.items()
        for point in row.points
    ]
    x = quantity(
        "tokens",
        title="tokens added to the chain of thought (mean)",
        scale={"padding": 10, "nice": False},
        axis={"grid": False, "tickCount": 5},
    )
    y = share("value")
    colours = {family: FAMILIES[family] for family in FAMILIES if family in doses}
    drawn = partial(layer, x=x, color=colour("family", colours))
    control = mark("point", shape="diamond", filled=True, opacity=1, size=110, color=_GREY)
    return Picture(
        "probe",
        wording.of_dose(metric, slopes, lines),
        [_dose_line(family, row.points, slopes[family]) for family, row in doses.items()],
        layered(
            drawn(_bounded(rows), mark("area", opacity=BAND), y=share("low", title=metric.label), y2=until("high")),
            drawn(rows, mark("line", strokeWidth=2), y=y, strokeDash=_dashes(doses)),
            drawn(rows, dots(40), y=y),
            layer([rows[0]], control, x=x, y=y),
            labelled({family: points[-1] for family, points in lines.items()}, x, colours),
            width=WIDTH - 50,
            height=HEIGHT,
        ),
    )


def _bounded(rows: Iterable[Datum]) -> list[Datum]:
    """Return those rows that have an interval."""
    return [row for row in rows if row["low"] is not None]


def _dashes(families: Iterable[str]) -> Channel:
    """Return how the lines of families are broken, so that those that lie on each other are all seen."""
    scale: JsonObject = {"domain": list(families), "range": [_DASHES[family] for family in families]}
    return category("family", scale=scale, legend=None)


def _known(points: Sequence[DosePoint], metric: Metric) -> tuple[DosePoint, ...]:
    """Return the points that can be drawn."""
    return tuple(one for one in points if one.added is not None and _picked(one, metric).value is not None)


def _point(point: DosePoint, metric: Metric) -> Point:
    return Point(point.added or 0, _picked(point, metric).value or 0)


def _picked(row: DosePoint | DoseSlopes, metric: Metric) -> Estimate:
    return row.acc if metric is ACC else row.hacc


def _dose_line(family: str, points: Sequence[DosePoint], slope: Estimate) -> str:
    moved = f"{_estimate(slope, 100, 1)} points per 100 tokens" if slope.value is not None else "no slope told"
    return f"{family}: n={_span(point.n for point in points)}, {moved}"


def _span(counts: Iterable[int]) -> str:
    """Return counts as text, `40` where they are the same and else `38 to 40`."""
    known = sorted(set(counts))
    return str(known[0]) if len(known) == 1 else f"{known[0]} to {known[-1]}"


def _estimate(estimate: Estimate, times: int, digits: int) -> str:
    """Return an estimate as `-1.2 [-3.0, 0.6]`, without the ends where it has none."""
    value, low, high = (
        "" if end is None else f"{round(end, digits) + 0.0:.{digits}f}" for end in ends(estimate, times).values()
    )  # adding 0 takes the sign off a zero
    return f"{value} [{low}, {high}]" if low else value


def survival_curves(interventions: Mapping[str, InterventionEffect], areas: Survival) -> Picture | None:
    """Draw the shares of answers and of obedience that survive over the part of the thinking that was kept."""
    parts = {_amount(one): row.survival for one, row in interventions.items() if one.startswith("truncate:")}
    rows: list[Datum] = []
    last: dict[str, Point] = {}
    for kept, survival in sorted(parts.items(), key=lambda part: part[0]):
        for noun, left in _by_noun(survival).items():
            if left.value is not None:
                rows.append({"kept": kept, "what": noun, **ends(left)})
                last[noun] = Point(kept, left.value)
    nouns = [noun for noun in SURVIVING if any(row["what"] == noun for row in rows)]
    if not rows:
        return None
    whole: list[Datum] = [{"kept": 1, "what": noun, "value": 1} for noun in nouns if 1 not in parts]
    last |= {noun: Point(1, 1) for noun in nouns if 1 not in parts}
    x = quantity(
        "kept",
        title="part of the thinking that was kept (100 % is the control)",
        scale={"domain": [0, 1], "padding": 8, "nice": False},
        axis={"format": "%", "tickCount": 5, "grid": False},
    )
    colours = {noun: SURVIVING[noun] for noun in nouns}
    drawn = partial(layer, x=x, color=colour("what", colours))
    return Picture(
        "probe",
        wording.of_kept(min(parts.items(), key=lambda part: part[0])),
        [_area_line(noun, area) for noun, area in _by_noun(areas).items() if noun in nouns],
        layered(
            drawn(_bounded(rows), mark("area", opacity=BAND), y=share("low", title="survives"), y2=until("high")),
            drawn([*rows, *whole], mark("line", strokeWidth=2), y=share("value")),
            drawn([*rows, *whole], dots(36), y=share("value")),
            labelled(last, x, colours),
            width=WIDTH - 30,
            height=HEIGHT,
        ),
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
    labels = {one: f"{one} ({interventions[one].n})" for one in order if interventions[one].n}
    rows: list[Datum] = [
        {
            "intervention": label,
            "metric": metric.label,
            **ends(moves, 100),
        }
        for one, label in labels.items()
        for metric in _CHANGES
        if (moves := metric.change(interventions[one].overall)).value is not None
    ]
    if not rows:
        return None
    value = quantity("value")
    drawn = partial(
        layer,
        y=category("intervention", title=None, sort=list(labels.values())),
        yOffset=category("metric", sort=[metric.label for metric in _CHANGES]),
        color=colour("metric", metric_colours(_CHANGES)),
    )
    first = [row for row in rows if row["intervention"] == rows[0]["intervention"]]
    return Picture(
        "probe",
        wording.of_changes(interventions, HACC),
        [_FOREST, *_bare(interventions)],
        layered(
            zero(),
            drawn(_bounded(rows), mark("rule", strokeWidth=2), x=quantity("low", title="points"), x2=until("high")),
            drawn(rows, dots(34), x=value),
            drawn(first, NAMES, x=value, text=category("metric")),
            width=190,
            height={"step": 22, "for": "position"},
            padding=LABELLED,
        ),
    )

"""Titles of pictures: what each of them shows, with its number; claimed only where the report claims it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mathif.arms import PLAIN
from mathif.counting import counted
from mathif.results import (
    ArmClaims,
    ArmParts,
    Association,
    FirstViolation,
    InterventionEffect,
    LengthBin,
    LengthSlopes,
    Metric,
    Refresh,
    Survival,
)
from mathif.stats import Difference, Estimate, Survivors, borne
from mathif.wording.numbers import in_log_odds, in_percent, in_points, in_times
from mathif.wording.probe import DOSES

SURVIVAL = "Kaplan-Meier with 95 % intervals, for kinds that any stretch of a text can break; below, texts at risk."

LEADING = "In a page, a point leads to the violation."


def of_within(slopes: LengthSlopes, claims: ArmClaims | None, arm: str) -> str:
    """Say how obedience goes with the length inside items."""
    points = slopes.points.value
    size = "" if points is None else f"{abs(100 * points):.1f} points per doubling of the thinking"
    if claims is None:
        asked = "not asked, obedience" if arm == PLAIN else f"{arm}: obedience"
        told = "unknown" if points is None else _alone(in_points(slopes.points))
        return f"At a fixed problem, {asked} by the length of the thinking: {told} per doubling"
    if claims.bend:
        return "At a fixed problem, obedience goes with the length of the thinking, but not along a line"
    if claims.length and not claims.cut:
        return f"At a fixed problem, obedience {'falls' if claims.length < 0 else 'rises'} {size}".rstrip()
    told = f" ({_alone(in_points(slopes.points))} per doubling)" if size else ""
    return f"At a fixed problem, no evidence that obedience goes with the length of the thinking{told}"


def of_within_basis(slopes: LengthSlopes) -> str:
    """Say what the curve inside items rests on."""
    curve = slopes.curve
    n = "" if curve is None else f" {counted(curve.n, 'reply')} to {counted(curve.problems, 'problem')}."
    return f"{in_points(slopes.points)} per doubling. Band: the whole curve, 95 %.{n}"


def of_raw(bins: Sequence[LengthBin]) -> str:
    """Say from where to where HAcc goes along the bins of length."""
    first, last = (f"{100 * (row.hacc.value or 0):.0f} %" for row in (bins[0], bins[-1]))
    return f"Raw: obedience is {first} in the shortest replies and {last} in the longest"


def of_ways(slopes: Mapping[str, Estimate]) -> str:
    """Say how much of the raw slope is left inside items."""
    raw, within = slopes.get("raw"), slopes.get("within problem")
    if raw is None or raw.value is None or within is None or within.value is None:
        return "; ".join(f"{way} {_alone(in_log_odds(slope))}" for way, slope in slopes.items()).capitalize()
    return f"Of {raw.value:+.2f} log-odds per doubling raw, {within.value:+.2f} stand at a fixed problem"


def of_lifts(kinds: Mapping[str, Difference]) -> str:
    """Say which kind of constraint is lifted most by being asked, and which least."""
    order = sorted(kinds, key=lambda kind: (-(kinds[kind].value or 0), kind))
    named = [f"{kind} ({_alone(in_points(kinds[kind]))})" for kind in (order[0], order[-1])]
    return f"Being asked lifts {named[0]} most" + (f", {named[1]} least" if len(order) > 1 else "")


def of_quadrant(association: Association) -> str:
    """Say how many replies are right and obedient, and how many were if the two were unrelated."""
    expected = f"{100 * (association.expected.value or 0):.1f} %"
    return f"{_alone(in_percent(association.joint))} are right and obedient; {expected} if these were unrelated"


def of_unbroken(told: Sequence[Survivors], untold: Sequence[Survivors]) -> str:
    """Say how many replies are still unbroken at the last place that both kinds of replies reach."""
    both = list(zip(told, untold, strict=False))
    last = next((pair for pair in reversed(both) if pair[0].at_risk), both[-1])
    asked, free = (f"{100 * (one.share.value or 0):.0f} %" for one in last)
    return f"After {last[0].at} characters {asked} of the replies are unbroken, {free} of those that were not asked"


def of_parts(parts: ArmParts) -> str:
    """Say how the thinking obeys beside the reply."""
    shares = {name: _alone(in_percent(scores.hacc)) for name, scores in parts.scores.items()}
    gap = "" if parts.gap.value is None else f" ({in_points(parts.gap)})"
    return f"The thinking obeys in {shares['thinking']} of the replies, the reply itself in {shares['reply']}{gap}"


def of_slips(reply: Sequence[Survivors], thinking: Sequence[Survivors], unit: str) -> str:
    """Say how many texts of each part are unbroken at the last place of which both curves tell."""
    first, second = list(zip(reply, thinking, strict=False))[-1]
    shares = [_alone(in_percent(one.share)) for one in (second, first)]
    return f"After {first.at} {unit} the thinking is unbroken in {shares[0]}, the reply in {shares[1]}"


def of_places(places: Sequence[FirstViolation]) -> str:
    """Say where most replies break first."""
    most = max(places, key=lambda row: row.share.value or 0)
    span = f"from character {most.low} on" if most.high is None else f"in characters {most.low} to {most.high}"
    return f"{_alone(in_percent(most.share))} of the replies break first {span}, more than elsewhere"


def of_dose(metric: Metric, slopes: Mapping[str, Estimate], points: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Say what 100 added tokens do to a metric; they are assigned, so it is their doing.

    Args:
        metric: the metric.
        slopes: its slope in each family, unknown where it is told too roughly how the amounts changed the length; the
            title is corrected for all of them, as the sentences are.
        points: what is drawn, tokens and value, of each family that has enough of them.
    """
    known = {family: slope for family, slope in slopes.items() if slope.value is not None and family in points}
    if not known:
        family, drawn = next(iter(points.items()))
        first, last = (f"{100 * value + 0.0:.1f} %" for _, value in (drawn[0], drawn[-1]))
        added = f"{drawn[-1][0]:.0f} tokens added"
        return f"{metric.label} is {first} at the control and {last} with {added} ({family})"
    family, slope = next(iter(known.items()))
    change = f"{abs(100 * (slope.value or 0)):.1f} points"
    way = borne(slopes, DOSES)[family]
    if not way:
        return f"100 tokens added ({family}) are not shown to change {metric.label} ({in_points(slope)})"
    return f"100 tokens added ({family}) {'raise' if way > 0 else 'lower'} {metric.label} by {change}"


def of_refresh(parts: Mapping[str, Refresh]) -> str:
    """Say how what a reminder gains grows from the beginning of the thinking to its end."""
    known = [f"{in_times(own.growth)} ({part})" for part, own in parts.items() if own.growth.value is not None]
    if not known:
        return "What a reminder inside the thinking gains, by its place"
    return f"From the beginning of the thinking to its end, the gain of a reminder grows {', '.join(known)}"


def of_kept(first: tuple[float, Survival]) -> str:
    """Say what survives the heaviest cut of the thinking."""
    kept, survival = first
    shares = [
        f"{_alone(in_percent(share))} {noun}"
        for noun, share in (("keep their answer", survival.answer), ("their obedience", survival.obedience))
        if share.value is not None
    ]
    return f"With {100 * kept:.0f} % of the thinking kept, {' and '.join(shares)}" if shares else "What survives a cut"


def of_changes(interventions: Mapping[str, InterventionEffect], metric: Metric) -> str:
    """Say which intervention moves a metric furthest from its control."""
    changes = {one: metric.change(row.overall) for one, row in interventions.items()}
    known = {one: moved for one, moved in changes.items() if moved.value is not None}
    most = max(known, key=lambda one: abs(known[one].value or 0), default=None)
    return (
        "Every change against its control"
        if most is None
        else (f"Largest change of {metric.label}: {in_points(known[most])} under {most}")
    )


def of_same(names: Iterable[str]) -> str:
    """Name pictures that would repeat another one."""
    return f"Left out, because they look the same as one above: {', '.join(names)}."


def _alone(said: str) -> str:
    """Return a number without the interval behind it."""
    return said.partition(" [")[0]

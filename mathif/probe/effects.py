"""Effects of a probe: each intervention against its control, paired by item and sample and clustered by problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from mathif import wording
from mathif.compare.changes import changes
from mathif.interventions import FAMILIES, Intervention
from mathif.probe.refresh import After, refresh
from mathif.records import SCHEMA, Graded, Outcome, Profile
from mathif.report.columns import ReplyColumns
from mathif.report.marked import Rows, read
from mathif.report.scores import score
from mathif.results import (
    ACC,
    HACC,
    DosePoint,
    DoseResponse,
    DoseSlopes,
    InterventionEffect,
    Metric,
    ProbeProfile,
    ProbeReport,
    Survival,
    Truncation,
)
from mathif.stats import Array, Estimate, Share, column, dose_slope, mean, share, unknown

DOSED = ("extend", "extend-neutral", "filler-tail")
"""Families that add tokens to a whole trace, in amounts."""

PER_TOKENS = 100
"""A dose's unit: the slope is the change of a share for so many tokens added."""


class Records(NamedTuple):
    """What a probe records beside its verdicts, by key of the edited reply.

    Attributes:
        same: whether it gives the answer of its control; no key where the control gives none.
        lengths: length of its edited thinking; no key where no edit made it.
        slips: how long it obeys after a text that was put inside its thinking; no key where none was.
    """

    same: Mapping[str, str]
    lengths: Mapping[str, int]
    slips: Mapping[str, After]


class Pairs(NamedTuple):
    """The replies under one intervention and, at the same places, those of its control.

    Attributes:
        then: scores of the control.
        now: scores of the edited replies.
        keys: keys of the edited replies.
        controls: keys of their controls.
        units: items and samples, numbered over the whole probe.
    """

    then: ReplyColumns
    now: ReplyColumns
    keys: tuple[str, ...]
    controls: tuple[str, ...]
    units: Array


class _Arms:
    """The rows of a probe by arm and by item and sample; failures of the harness left out."""

    def __init__(self, rows: Rows, records: Records, profile: Profile) -> None:
        self.profile = profile
        self.all = rows
        self.records = records
        self._places: dict[str, dict[tuple[int, int], int]] = {}
        for place, row in enumerate(rows):
            if not row.error:
                self._places.setdefault(row.arm, {})[row.item, row.sample] = place
        everything = sorted({unit for places in self._places.values() for unit in places})
        self._numbers = {unit: number for number, unit in enumerate(everything)}

    def __contains__(self, arm: str) -> bool:
        return arm in self._places

    def names(self) -> list[str]:
        return sorted(self._places)

    def scores(self, arm: str) -> ReplyColumns:
        return ReplyColumns.of(self.all.at(list(self._places.get(arm, {}).values())), self.profile)

    def pairs(self, arm: str, control: str) -> Pairs:
        mine, theirs = self._places.get(arm, {}), self._places.get(control, {})
        units = sorted(mine.keys() & theirs.keys())
        now, then = (self.all.at([side[unit] for unit in units]) for side in (mine, theirs))
        numbers = column([self._numbers[unit] for unit in units], int)
        keys, controls = (tuple(row.key for row in side) for side in (now, then))
        return Pairs(ReplyColumns.of(then, self.profile), ReplyColumns.of(now, self.profile), keys, controls, numbers)


def summarize(
    graded: Iterable[Graded],
    records: Records,
    interventions: Sequence[Intervention],
) -> ProbeReport:
    """Return the report on a probe, nothing rounded.

    Args:
        graded: the recorded replies and the edited ones.
        records: what else the probe recorded.
        interventions: what was done.
    """
    rows = read(graded)
    errors = sum(row.error for row in rows)
    bases = {one.base for one in interventions}
    profiles = sorted(rows[0].judged) if rows else []
    return ProbeReport(
        schema=SCHEMA,
        rows=len(rows),
        errors=errors,
        complete=errors == 0,
        recorded=sum(row.arm in bases for row in rows),
        profiles={profile: _profile(_Arms(rows, records, profile), interventions) for profile in profiles},
    )


def _profile(arms: _Arms, interventions: Sequence[Intervention]) -> ProbeProfile:
    figures = ProbeProfile(
        arms={arm: score(arms.scores(arm)) for arm in arms.names()},
        interventions={str(one): _against(arms, one) for one in _in_order(interventions) if one.compared},
        doses={
            family: _doses(arms, [one for one in interventions if one.family == family])
            for family in DOSED
            if any(one.family == family and one.amount for one in interventions)
        },
        truncation=_truncation(arms, [one for one in interventions if one.family == "truncate"]),
        refresh=refresh(arms.all, arms.records.slips, interventions, arms.profile),
    )
    return replace(figures, findings=tuple(wording.of_probe(figures)))


def _in_order(interventions: Sequence[Intervention]) -> list[Intervention]:
    """Return the interventions family by family as they were asked for, the amounts of each in order."""
    families = list(dict.fromkeys(one.family for one in interventions))
    return sorted(interventions, key=lambda one: (families.index(one.family), one.amount))


def _against(arms: _Arms, one: Intervention) -> InterventionEffect:
    """Return what `one` changes against its control."""
    pairs = arms.pairs(one.arm, one.control_arm)
    whole = ~(pairs.then.cut | pairs.now.cut)
    neutral, beside = Intervention("extend-neutral", one.amount, one.base), None
    if one.family == "extend" and neutral.arm in arms:
        against = arms.pairs(one.arm, neutral.arm)
        beside = changes(against.then, against.now)
    survived = _survived(arms, pairs)
    return InterventionEffect(
        does=FAMILIES[one.family].line,
        control=one.control,
        n=len(pairs.now),
        added=_inserted(pairs, arms.records.lengths),
        overall=changes(pairs.then, pairs.now),
        without_truncated=changes(pairs.then.where(whole), pairs.now.where(whole)),
        survival=Survival(**{name: share(kept[had], pairs.now.problem[had]) for name, (had, kept) in survived.items()}),
        against_neutral=beside,
    )


def _inserted(pairs: Pairs, lengths: Mapping[str, int]) -> float | None:
    """Return by how much the edited thinking is longer than the control's, on average; None where no edit made both."""
    both = zip(pairs.keys, pairs.controls, strict=True)
    steps = [lengths[key] - lengths[control] for key, control in both if key in lengths and control in lengths]
    return sum(steps) / len(steps) if steps else None


def _added(pairs: Pairs) -> float | None:
    """Return by how many tokens the chain of thought is longer than the control's, on average."""
    known = (pairs.now.cot_tokens >= 0) & (pairs.then.cot_tokens >= 0)
    steps = (pairs.now.cot_tokens - pairs.then.cot_tokens)[known]
    return float(steps.mean()) if len(steps) else None


def _survived(arms: _Arms, pairs: Pairs) -> dict[str, tuple[Array, Array]]:
    """Return for each outcome which control had it, and which edited reply has it still.

    A reply cut by the token limit keeps nothing.
    """
    same = arms.records.same
    had = column([key in same for key in pairs.keys], bool) & ~pairs.then.cut
    kept = column([same.get(key) == Outcome.PASS.value for key in pairs.keys], float)
    return {
        "answer": (had, kept * ~pairs.now.cut),
        "right": (pairs.then.right == 1, pairs.now.right),
        "obedience": (pairs.then.settled & pairs.now.settled & (pairs.then.obeyed == 1), pairs.now.obeyed),
    }


def _doses(arms: _Arms, family: Sequence[Intervention]) -> DoseResponse:
    """Return how adherence and accuracy move with the tokens that the amounts of one family add.

    `points` are the shares at each amount; `slope` is their change for each `PER_TOKENS` tokens, by two-stage least
    squares of the outcome on the tokens added with the assigned amount as the instrument.
    """
    given = sorted((one for one in family if one.amount), key=lambda one: one.amount)
    control = given[0].control_arm
    parts = [(0.0, arms.pairs(control, control)), *((one.amount, arms.pairs(one.arm, control)) for one in given)]
    points = tuple(
        DosePoint(
            amount=amount,
            n=len(pairs.now),
            added=_added(pairs),
            hacc=HACC.estimate(pairs.now.over(HACC)),
            acc=ACC.estimate(pairs.now),
        )
        for amount, pairs in parts
    )
    return DoseResponse(points=points, slope=DoseSlopes(hacc=_slope(parts, HACC), acc=_slope(parts, ACC)))


def _slope(parts: Sequence[tuple[float, Pairs]], metric: Metric) -> Estimate:
    if any((side.cot_tokens < 0).any() for _, pairs in parts for side in (pairs.then, pairs.now)):
        return unknown("the engine did not count tokens")
    rows = [
        (score, float(after - before) / PER_TOKENS, amount, unit, problem)
        for amount, pairs in parts
        for counts, score, after, before, unit, problem in zip(
            pairs.now.counted(metric).tolist(),
            metric.of(pairs.now).tolist(),
            pairs.now.cot_tokens.tolist(),
            pairs.then.cot_tokens.tolist(),
            pairs.units.tolist(),
            pairs.now.problem.tolist(),
            strict=True,
        )
        if counts
    ]
    columns = zip(*rows, strict=True) if rows else [()] * 5
    return dose_slope(
        *(column(values, of) for values, of in zip(columns, (float, float, float, int, int), strict=True))
    )


def _truncation(arms: _Arms, family: Sequence[Intervention]) -> Truncation:
    """Return the area over the curve of what survives against the part of the thinking that was kept.

    Lanham et al. (2023, arXiv 2307.13702, section 2.3): 0 where the first words decide everything, 1 where all is lost
    unless the whole thinking is there. The whole thinking, the control, is the curve's end at 1.
    """
    parts = sorted((one.amount, one) for one in family if one.amount < 1)
    if not parts or parts[0][0] > 0:
        missing = Share.unknown("the area needs truncate:0")
        return Truncation(area=Survival(answer=missing, right=missing, obedience=missing))
    paired = [arms.pairs(one.arm, one.control_arm) for _, one in parts]
    places = [*(amount for amount, _ in parts), 1.0]
    area = {name: _area(arms, paired, places, name) for name in ("answer", "right", "obedience")}
    return Truncation(area=Survival(**area))


def _area(arms: _Arms, paired: Sequence[Pairs], places: Sequence[float], name: str) -> Share:
    curves: dict[int, list[float]] = {}
    problems: dict[int, int] = {}
    for pairs in paired:
        had, kept = _survived(arms, pairs)[name]
        for unit, problem, value in zip(
            pairs.units[had].tolist(), pairs.now.problem[had].tolist(), kept[had].tolist(), strict=True
        ):
            curves.setdefault(unit, []).append(value)
            problems[unit] = problem
    whole = {unit: [*curve, 1.0] for unit, curve in curves.items() if len(curve) == len(paired)}
    areas = [1 - _integral(places, curve) for curve in whole.values()]
    return mean(column(areas, float), column([problems[unit] for unit in whole], int))


def _integral(places: Sequence[float], values: Sequence[float]) -> float:
    """Return the integral of the straight lines through the points (trapezoidal rule)."""
    points = zip(places, values, strict=True)
    return sum((b - a) * (left + right) / 2 for (a, left), (b, right) in pairwise(points))

"""Changes: the figures of one arm in both runs, their paired differences, and which replies flipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mathif.arms import PLAIN
from mathif.compare.parts import part_changes
from mathif.compare.steps import change, twofold
from mathif.records import Key, Profile
from mathif.report.columns import DemandColumns, ReplyColumns
from mathif.report.effect_sizes import strata
from mathif.report.marked import Rows, plain_beside
from mathif.report.slopes import MIXED, dilution, dilution_gap
from mathif.report.wordings import reliable_in
from mathif.results import METRICS, Adherence, ArmChanges, Change, Changes, DilutionChange, LiftChange, Sides
from mathif.stats import (
    Array,
    Ratio,
    Sample,
    Slope,
    column,
    doublings,
    false_discovery,
    fold,
    level_gap,
)

Arms = Mapping[str, Rows]


def arm_changes(arm: str, before: Arms, after: Arms, profile: Profile) -> ArmChanges:
    """Return everything that changed in one arm.

    Args:
        arm: the arm.
        before: the rows of the first run by arm.
        after: the rows of the second run, of the same keys in the same order.
        profile: the profile that judges.
    """
    first, second = ReplyColumns.of(before[arm], profile), ReplyColumns.of(after[arm], profile)
    whole = ~(first.cut | second.cut)
    lift = None
    if arm != PLAIN and PLAIN in before:
        beside = [plain_beside(side[arm], side[PLAIN]) for side in (before, after)]
        keys = [[row.key for row in side] for side in beside]
        shared = set(keys[0]).intersection(keys[1])
        kept = [side.kept(map(shared.__contains__, own)) for side, own in zip(beside, keys, strict=True)]
        bare = [ReplyColumns.of(side, profile) for side in kept]
        lift = _lift((first, second), (bare[0], bare[1]))
    once = first.once(), second.once()
    return ArmChanges(
        n=len(once[0]),
        problems=len(set(first.problem.tolist())),
        truncated=Sides(*(int(side.cut.sum()) for side in once)),
        overall=changes(first, second),
        without_truncated=changes(first.where(whole), second.where(whole)),
        by_task=_grouped(first, second, tasks(before[arm])),
        by_tier=_grouped(first, second, first.tier),
        by_constraints=_grouped(first, second, first.size + first.unmeasured),
        by_kind=_by_kind(before[arm], after[arm], first, profile),
        dilution=_dilution(first, second),
        length=_length(*once),
        at_equal_length=_at_equal_length(first, second),
        lift=lift,
        parts=part_changes(arm, before, after, profile),
        reliable=_reliable(arm, before, after, profile),
    )


def _reliable(arm: str, before: Arms, after: Arms, profile: Profile) -> Change | None:
    """Return the change of reliable adherence, constraint by constraint; None where not every wording was asked."""
    mine, theirs = (reliable_in(arm, side, profile) for side in (before, after))
    shared = [key for key in mine if key in theirs]
    first, second = (column([value for key in shared for value in side[key][1]], float) for side in (mine, theirs))
    problems = column([problem for key in shared for problem, values in [mine[key]] for _ in values], int)
    return change(first, second, problems) if shared else None


def tasks(rows: Rows) -> Array:
    """Return the name of the task of each row."""
    return column([Key.parse(row.key).task for row in rows], str)


def changes(first: ReplyColumns, second: ReplyColumns) -> Changes:
    """Return the change of every metric; `first` and `second` are to the same items in the same order."""
    by_metric = {}
    for metric in METRICS:
        counted = first.counted(metric) & second.counted(metric)
        before, after = (side.where(counted) if metric.asks else side.once() for side in (first, second))
        by_metric[metric.key] = change(metric.of(before), metric.of(after), before.problem, flips=metric.whole)
    return Changes(**by_metric)


def _grouped(first: ReplyColumns, second: ReplyColumns, labels: Array) -> Mapping[str, Changes]:
    """Return `changes` for each label, labels in order; "" labels nothing."""
    return {
        str(label): changes(first.where(labels == label), second.where(labels == label))
        for label in sorted(set(labels.tolist()) - {""})
    }


def _by_kind(before: Rows, after: Rows, replies: ReplyColumns, profile: Profile) -> Mapping[str, Change]:
    """Return the change of each kind of constraint; `q` controls false discoveries over the kinds of the arm."""
    first, second = DemandColumns.of(before, profile), DemandColumns.of(after, profile)
    problems = replies.problem[first.reply]
    kinds = sorted(set(first.kind.tolist()))
    moved = [change(*(c[first.kind == kind] for c in (first.obeyed, second.obeyed, problems))) for kind in kinds]
    q_values = false_discovery([row.p for row in moved if row.p is not None])
    return {kind: replace(row, q=q) for kind, row, q in zip(kinds, moved, q_values, strict=True)}


def _dilution(first: ReplyColumns, second: ReplyColumns) -> DilutionChange:
    """Return the dilution of both runs and, in log-odds per doubling of the CoT, the second minus the first."""
    before, after = dilution(first), dilution(second)
    missing = next((slope for slope in (before, after) if slope.value is None), None)
    gap = dilution_gap(second, first) if missing is None else Slope.unknown(missing.reason)
    return DilutionChange(first=before, second=after, change=gap)


def _length(first: ReplyColumns, second: ReplyColumns) -> Ratio:
    """Return how many times as long the thinking of the second run is; of a pair, each has a length of its own."""
    timed = ~(first.cut | second.cut) & (first.cot_tokens > 0) & (second.cot_tokens > 0)
    return fold(second.cot_tokens[timed], first.cot_tokens[timed], first.problem[timed])


def _at_equal_length(first: ReplyColumns, second: ReplyColumns) -> Slope:
    """Return the change in log-odds of obeying everything between replies of equal length to the same item.

    What a run that thinks for longer has lost or won beside what goes with the length alone.
    """
    timed = [side.settled & (side.cot_tokens >= 0) & ~side.cut for side in (first, second)]
    if any(mask.any() and side.absent[mask].mean() > MIXED for side, mask in zip((first, second), timed, strict=True)):
        return Slope.unknown("the replies have no thinking of their own, so that length and judged text are one thing")
    items = strata(first)  # the keys of both runs are the same
    later, earlier = (
        Sample(side.obeyed[mask], doublings(side.cot_tokens[mask]), items[mask], side.problem[mask])
        for side, mask in zip((second, first), reversed(timed), strict=True)
    )
    return level_gap(later, earlier)


def _lift(shown: tuple[ReplyColumns, ReplyColumns], bare: tuple[ReplyColumns, ReplyColumns]) -> Adherence[LiftChange]:
    """Return the change of the lift: adherence with the instruction minus without, second run minus first."""
    places = {pair: place for place, pair in enumerate(_names(bare[0]))}
    judged = bare[0].size.tolist()  # of the thinking nothing where the plain reply shows none
    sizes = zip(shown[0].size.tolist(), _names(shown[0]), strict=True)
    asked = [size > 0 and pair in places and judged[places[pair]] == size for size, pair in sizes]
    mine = [replies.where(column(asked, bool)) for replies in shown]
    partners = column([places[pair] for pair in _names(mine[0])], int)
    theirs = [replies.where(partners) for replies in bare]
    four, every = (*mine, *theirs), mine[0].settled & mine[1].settled
    return Adherence(
        hacc=twofold([replies.obeyed[every] for replies in four], mine[0].problem[every]),
        sacc=twofold([replies.part for replies in four], mine[0].problem),
    )


def _names(replies: ReplyColumns) -> list[tuple[int, int]]:
    return list(zip(replies.item.tolist(), replies.sample.tolist(), strict=True))

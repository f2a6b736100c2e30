"""Effects: what the instruction changes, what obeying costs, and how right and obedient go together.

Comparisons with arm `plain` are paired by item and sample, so each item is its own control.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from mathif.arms import PLAIN
from mathif.records import Profile
from mathif.report.columns import DemandColumns, ReplyColumns
from mathif.report.marked import OTHERWISE, PASS, MarkedReply, Rows
from mathif.report.places import position
from mathif.results import Adherence, ArmEffects, Association, Composition
from mathif.stats import (
    Array,
    Difference,
    Estimate,
    Ratio,
    Share,
    column,
    difference,
    mean,
    odds_ratio,
    share,
    smooth,
    unknown,
    within_composition,
    within_excess,
    within_ratio,
)


def arm_effects(arm: str, rows: Rows, plain: Rows, profile: Profile) -> ArmEffects:
    """Return what an arm shows beside its scores; `plain` are the rows of arm `plain`, empty where there is none."""
    asked = rows.where(lambda row: row.kinds)
    judged, settled = ReplyColumns.of(asked, profile), asked.where(lambda row: not row.unmeasured)
    replies = judged.asked()
    alone = ArmEffects(
        loose_gain=gain(judged, judged.loose_part, judged.part),
        association=association(replies),
        composition=composition(settled, profile),
        within_composition=_within_composition(settled, profile),
        cut=share(_if_passed(replies, replies.obeyed), replies.problem),
    )
    if arm == PLAIN or not plain:
        return alone
    cost, cut_cost = _cost(rows, plain, profile)
    alone = replace(alone, cost_of_obedience=cost, cut_cost=cut_cost)
    if arm in OTHERWISE:
        return alone
    return _with_lift(alone, *alike(asked, plain), profile)


def gain(replies: ReplyColumns, first: Array, second: Array) -> Adherence[Difference]:
    """Return the change of HAcc and of SAcc of `replies` to `first` from `second`, the parts that are obeyed."""
    every, problems = replies.settled, replies.problem
    return Adherence(
        hacc=difference(1.0 * (first[every] == 1.0), 1.0 * (second[every] == 1.0), problems[every]),
        sacc=difference(first, second, problems),
    )


def alike(rows: Rows, plain: Rows) -> tuple[Rows, Rows]:
    """Return the pairs of `paired` that are judged for the same: a thinking that one alone shows cannot be compared."""
    mine, theirs = paired(rows, plain)
    same = [row.kinds and row.kinds == other.kinds for row, other in zip(mine, theirs, strict=True)]
    return mine.kept(same), theirs.kept(same)


def paired(rows: Rows, plain: Rows) -> tuple[Rows, Rows]:
    """Return the rows that have a partner of the same item and sample in `plain`, and these partners."""
    partners = {(row.item, row.sample): place for place, row in enumerate(plain) if not row.error}
    kept = rows.where(lambda row: not row.error and (row.item, row.sample) in partners)
    return kept, plain.at([partners[row.item, row.sample] for row in kept])


def _cost(rows: Rows, plain: Rows, profile: Profile) -> tuple[Difference, Difference | None]:
    """Return what the arm costs, Acc without the instruction minus Acc with it, and its bound for truncated replies."""
    mine, theirs = paired(rows, plain)
    shown, bare = ReplyColumns.of(mine, profile), ReplyColumns.of(theirs, profile)
    return difference(bare.right, shown.right, shown.problem), _bound(bare, bare.right, shown, shown.right)


def _bound(first: ReplyColumns, passed: Array, second: ReplyColumns, passed_too: Array) -> Difference | None:
    """Return the paired difference if the truncated replies of both sides had passed; None where none was cut."""
    if not (first.cut.any() or second.cut.any()):
        return None
    return difference(_if_passed(first, passed), _if_passed(second, passed_too), second.problem)


def _if_passed(replies: ReplyColumns, passed: Array) -> Array:
    """Return who passed, the truncated replies among them."""
    return column(((passed == 1) | replies.cut).tolist(), float)


def _with_lift(alone: ArmEffects, mine: Rows, theirs: Rows, profile: Profile) -> ArmEffects:
    """Add adherence with the instruction against adherence of the plain reply to the same item."""
    shown, bare = ReplyColumns.of(mine, profile), ReplyColumns.of(theirs, profile)
    with_, without = DemandColumns.of(mine, profile), DemandColumns.of(theirs, profile)
    fading, along = position(mine, theirs, profile)
    every = shown.settled
    sure, unasked = shown.where(every), bare.where(every)
    by_kind = {
        kind: difference(with_.obeyed[mask], without.obeyed[mask], shown.problem[with_.reply[mask]])
        for kind, mask in with_.kinds()
    }
    return replace(
        alone,
        lift=gain(shown, shown.part, bare.part),
        lift_by_kind=by_kind,
        chance_corrected=Adherence(
            hacc=chance_corrected(sure.obeyed, unasked.obeyed, sure.problem),
            sacc=chance_corrected(shown.part, bare.part, shown.problem),
        ),
        fading=fading,
        position=along,
        cut_lift=_bound(sure, sure.obeyed, unasked, unasked.obeyed),
    )


def chance_corrected(shown: Array, bare: Array, problems: Array) -> Estimate:
    """Return (a - c) / (1 - c): the part of what was left to gain over the plain replies' `c` that was gained.

    The form of Cohen's kappa (1960, Educ. Psychol. Meas. 20:37); 0 is no better than unasked, 1 is always obedient.
    """
    if len(shown) == 0:
        return unknown("no pairs")
    a, c = float(shown.mean()), float(bare.mean())
    if c > 1 - 1e-12:
        return unknown("the plain replies obey everything, so nothing is left to gain", len(shown))
    value = (a - c) / (1 - c)
    if a > 1 - 1e-12:
        floor = mean(shown, problems)
        low = None if floor.low is None else (floor.low - c) / (1 - c)
        return Estimate(value, low, 1.0, floor.n, floor.problems)
    influence = ((shown - a) / (1 - c) + (a - 1) / (1 - c) ** 2 * (bare - c)) / len(shown)
    return smooth(value, influence, problems)


def association(replies: ReplyColumns) -> Association:
    """Return how right and obedient go together: odds ratio, and joint against what it were if they were unrelated."""
    if len(replies) == 0:
        none = unknown("no replies")
        return Association(odds_ratio=Ratio.of(none), joint=Share.of(none), expected=none, excess=none)
    whole = replies.where(~replies.cut)
    right, obeyed, n = replies.right, replies.obeyed, len(replies)
    a, h, both = float(right.mean()), float(obeyed.mean()), float((right * obeyed).mean())
    product = (a * (obeyed - h) + h * (right - a)) / n
    return Association(
        odds_ratio=odds_ratio(right, obeyed, replies.problem),
        joint=share(right * obeyed, replies.problem),
        expected=smooth(a * h, product, replies.problem),
        excess=smooth(both - a * h, (right * obeyed - both) / n - product, replies.problem),
        within_odds_ratio=within_ratio(whole.obeyed, whole.right, strata(whole), whole.problem),
        within_excess=within_excess(whole.right, whole.obeyed, strata(whole), whole.problem),
    )


def strata(replies: ReplyColumns) -> Array:
    """Return a number for each item together with its kinds, which in arm `self` differ between samples."""
    return replies.item * (int(replies.asks.max(initial=0)) + 1) + replies.asks


def _within_composition(rows: Sequence[MarkedReply], profile: Profile) -> Ratio:
    """Return the composition among replies to the same item: whether minding one demand costs another in that reply.

    A truncated reply obeys nothing for another reason than its other demands, and is left out.
    """
    items: dict[tuple[int, int], list[MarkedReply]] = defaultdict(list)
    for row in rows:
        if len(row.kinds) > 1 and row.whole and not row.error:
            items[row.item, row.asks].append(row)
    parts = [
        column([[mark == PASS for mark in row.judged[profile].strict] for row in own], float) for own in items.values()
    ]
    return within_composition(parts, [own[0].problem for own in items.values()])


def composition(rows: Rows, profile: Profile) -> Composition:
    """Return the share that obeys several constraints at once over the product of the kinds' shares when alone.

    Below 1, constraints get in each other's way. Only items whose kinds all occur alone too are counted (`left_out`
    says how many replies are not); the shares of the kinds alone are estimates, and the interval knows it.
    """
    kept = rows.answered
    replies = ReplyColumns.of(kept, profile)
    alone: dict[str, list[float]] = defaultdict(list)
    for row, value in zip(kept, replies.obeyed.tolist(), strict=True):
        if len(row.kinds) == 1:
            alone[row.kinds[0]].append(value)
    rates = {kind: math.fsum(values) / len(values) for kind, values in alone.items()}
    several = [row.kinds for row in kept if len(row.kinds) > 1]
    counted = [kinds for kinds in several if all(kind in rates for kind in kinds)]
    total = math.fsum(math.prod(map(rates.__getitem__, kinds)) for kinds in counted)
    left_out = len(several) - len(counted)
    if total == 0:
        reason = "no item has several constraints whose kinds occur alone and are ever obeyed alone"
        return _composed(unknown(reason), len(counted), left_out)
    pull = {kind: change / len(alone[kind]) for kind, change in _derivatives(counted, rates).items()}
    kept = kept.where(lambda row: _counts(row.kinds, rates, pull))
    replies = ReplyColumns.of(kept, profile)
    expected = column([math.prod(map(rates.__getitem__, row.kinds)) for row in kept], float)
    pulled = column([pull[row.kinds[0]] if len(row.kinds) == 1 else 0.0 for row in kept], float)
    observed = math.fsum(replies.obeyed[replies.size > 1].tolist())
    ratio = _over_expected(observed / total, total, replies, expected, pulled)
    return _composed(ratio, len(counted), left_out)


def _composed(ratio: Estimate, n: int, left_out: int) -> Composition:
    return Composition(**{**asdict(ratio), "n": n}, left_out=left_out)


def _counts(kinds: Sequence[str], rates: Mapping[str, float], pull: Mapping[str, float]) -> bool:
    """Return whether a reply bears on the composition: several kinds, all known alone, or one that these hold."""
    return kinds[0] in pull if len(kinds) == 1 else bool(kinds) and all(kind in rates for kind in kinds)


def _over_expected(ratio: float, total: float, replies: ReplyColumns, expected: Array, pulled: Array) -> Ratio:
    """Return observed over expected; both the replies to several constraints and those to one move it.

    Args:
        ratio: sum of the outcomes of the replies to several constraints over `total`.
        total: sum of their expected shares.
        replies: those to several constraints and those to one.
        expected: the share expected of each reply.
        pulled: of a reply to one constraint, by how much `total` moves when its outcome does; else 0.
    """
    several = replies.size > 1
    observed_moves = several * (replies.obeyed - ratio * expected)
    expected_moves = -ratio * pulled * (replies.obeyed - expected)
    return smooth(ratio, (observed_moves + expected_moves) / total, replies.problem, positive=True)


def _derivatives(several: Sequence[Sequence[str]], rates: Mapping[str, float]) -> dict[str, float]:
    """Return how the sum of the expected shares changes with the share of each kind."""
    change: dict[str, float] = defaultdict(float)
    for kinds in several:
        for place, kind in enumerate(kinds):
            change[kind] += math.prod(map(rates.__getitem__, (*kinds[:place], *kinds[place + 1 :])))
    return change

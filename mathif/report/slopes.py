"""The length effect: how adherence and accuracy change with the CoT, raw, adjusted, and at a fixed problem.

Harder problems make both longer thinking and more failures, so a raw curve falls even where length does nothing.
*Dilution* is therefore the change in log-odds of obeying everything for each doubling of the CoT among replies to the
same item. Truncated replies have no length of their own and are in none of these figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from mathif.arms import PLAIN
from mathif.records import Profile
from mathif.report.columns import ReplyColumns
from mathif.report.effect_sizes import strata
from mathif.report.kinds import by_kind_and_group
from mathif.report.marked import OTHERWISE, THINKING, Rows
from mathif.results import ArmLength, CutBounds, FirstViolation, LengthEffects, LengthSlopes
from mathif.stats import (
    STEEP,
    Array,
    Difference,
    Sample,
    Share,
    Slope,
    codes,
    column,
    doublings,
    share,
    slope,
    slope_gap,
    within,
    within_between,
    within_curve,
)

PLACES = (0, 100, 400, 1600)
"""Characters at which the first violation may start: the opening, then bins four times as long each."""
UNTOLD = (
    "their lengths are unknown, as the engine gave no token counts; grade again with --tokenizer NAME, or with"
    " --tokenizer characters"
)
"""Why there is no slope where an engine did not count."""
MIXED = 0.1
"""Share of the replies without a thinking of their own up to which an arm's length is that of its thinking."""


def right_by_length(rows: Rows) -> LengthSlopes:
    """Return how being right changes with the length of the CoT, in which no profile has a say."""
    [profile, *_] = rows[0].judged
    replies = ReplyColumns.of(rows, profile)
    return _slopes(replies, replies.once(), "right", rows)


def length_effects(
    arms: Mapping[str, Rows], beside: Mapping[str, Rows], acc: Mapping[str, LengthSlopes], profile: Profile
) -> LengthEffects:
    """Return the length effects of every arm, and that of the constrained replies beyond that of the plain ones.

    Args:
        arms: the rows of each arm.
        beside: the plain rows as judged for what it asks.
        acc: the `right_by_length` of each arm.
        profile: the rules that judge.
    """
    replies = {arm: ReplyColumns.of(rows, profile) for arm, rows in arms.items()}
    shown = [arm for arm in replies if arm != PLAIN and arm not in OTHERWISE and PLAIN in replies]
    plain = {arm: ReplyColumns.of(beside[arm], profile) for arm in shown}
    lengths = {arm: _arm_length(arms[arm], own, acc[arm], profile) for arm, own in replies.items()}
    return LengthEffects(
        arms=lengths,
        net_of_placebo={arm: dilution_gap(replies[arm], plain[arm]) for arm in shown},
        placebo={
            arm: dilution(plain[arm]) if lengths[arm].of_thinking else lengths[PLAIN].hacc.within for arm in shown
        },
    )


def _usable(replies: ReplyColumns) -> ReplyColumns:
    """Return the replies with a length of their own."""
    return replies.where((replies.cot_tokens >= 0) & ~replies.cut)


def _slopes(replies: ReplyColumns, counted: ReplyColumns, name: str, rows: Rows) -> LengthSlopes:
    """Return how an outcome changes with the length over those of the replies to `rows` that are counted for it."""
    timed = counted.where(counted.cot_tokens >= 0)
    if len(replies) and not (replies.cot_tokens >= 0).any():
        return _untold(len(counted))
    return three_ways(timed, name, {row.asks: row.kinds for row in rows})


def _arm_length(rows: Rows, replies: ReplyColumns, acc: LengthSlopes, profile: Profile) -> ArmLength:
    whole = _usable(replies)
    asked = whole.asked()
    kinds, groups = by_kind_and_group(rows, profile)
    absent = float(whole.absent.mean()) if len(whole) else 0.0
    return ArmLength(
        hacc=_slopes(replies, replies.asked(), "obeyed", rows),
        acc=acc,
        first_violation=tuple(_placed(asked, *ends) for ends in zip(PLACES, (*PLACES[1:], None), strict=True)),
        by_kind=kinds,
        by_group=groups,
        reply_is_cot=absent > MIXED,
        absent=absent,
        of_thinking=any(THINKING in row.targets for row in rows),
    )


def three_ways(replies: ReplyColumns, name: str, kinds: Mapping[int, tuple[str, ...]]) -> LengthSlopes:
    """Return the change in log-odds of an outcome per doubling of the CoT, in each way it can be asked.

    Args:
        replies: of known length; the truncated ones are in the bounds only.
        name: the column of the outcome.
        kinds: the kinds of constraints by number.
    """
    whole = replies.where(~replies.cut)
    outcome, x = getattr(whole, name), doublings(whole.cot_tokens)
    apart = within_between(outcome, x, strata(whole), whole.problem)
    level = share(outcome, whole.problem)
    cut, cut_gap = _bounds(replies, name) if replies.cut.any() else (None, None)
    return LengthSlopes(
        raw=slope(outcome, x, whole.problem),
        adjusted=slope(outcome, x, whole.problem, _controls(whole, kinds)),
        within=_within(whole, outcome),
        mundlak=apart.within,
        between=apart.between,
        gap=apart.gap,
        points=points(level, apart.within),
        mean=level,
        curve=within_curve(outcome, x, strata(whole), whole.problem),
        cut=cut,
        cut_gap=cut_gap,
    )


def _untold(n: int) -> LengthSlopes:
    """Return the slopes of replies of which none has a known length."""
    none = Slope.unknown(UNTOLD, n)
    return LengthSlopes(
        raw=none,
        adjusted=none,
        within=none,
        mundlak=none,
        between=none,
        gap=none,
        points=Difference.unknown(UNTOLD, n),
        mean=Share.unknown(UNTOLD, n),
    )


def _bounds(replies: ReplyColumns, name: str) -> tuple[CutBounds, CutBounds]:
    """Return the slope and the gap if every truncated reply had passed, and if none had, at the length it reached."""
    x, bounds = doublings(replies.cot_tokens), []
    for fate in (1.0, 0.0):
        outcome = getattr(replies, name) * ~replies.cut + fate * replies.cut
        gap = within_between(outcome, x, strata(replies), replies.problem).gap
        bounds.append((_within(replies, outcome), gap))
    (all_, all_gap), (none, none_gap) = bounds
    return CutBounds(all=all_, none=none), CutBounds(all=all_gap, none=none_gap)


def _within(replies: ReplyColumns, outcome: Array) -> Slope:
    return within(outcome, doublings(replies.cot_tokens), strata(replies), replies.problem)


def _controls(replies: ReplyColumns, kinds: Mapping[int, tuple[str, ...]]) -> list[Array]:
    """Return a column of 0 and 1 for each tier (source where there is none) and for each kind."""
    labels = [tier or source for tier, source in zip(replies.tier.tolist(), replies.source.tolist(), strict=True)]
    names, own = sorted(set(labels)), column(labels, str)
    asks, numbers = sorted(set(replies.asks.tolist())), codes(replies.asks)[0]
    every = sorted({kind for number in asks for kind in kinds[number]})
    return [(own == label).astype(float) for label in names[1:]] + [
        column([kind in kinds[number] for number in asks], float)[numbers] for kind in every
    ]


def points(level: Share, change: Slope) -> Difference:
    """Return by how much the share `level` moves when its log-odds move by `change`."""
    if change.value is None or change.low is None or change.high is None or level.value is None:
        return Difference.unknown(change.reason or level.reason, change.n, change.problems)
    p = level.value

    def moved(by: float) -> float:
        return p / (p + (1 - p) * math.exp(min(-by, STEEP))) - p

    return Difference(moved(change.value), moved(change.low), moved(change.high), change.n, change.problems)


def _placed(replies: ReplyColumns, low: int, high: int | None) -> FirstViolation:
    """Return how often the first violation starts between two characters, and how that changes with the CoT."""
    here = (replies.violation >= low) & (replies.violation < (math.inf if high is None else high))
    outcome = here.astype(float)
    return FirstViolation(low=low, high=high, share=share(outcome, replies.problem), within=_within(replies, outcome))


def dilution(replies: ReplyColumns) -> Slope:
    """Return the change in log-odds of obeying everything per doubling of the CoT, between replies to the same item."""
    asked = _usable(replies.asked())
    return _within(asked, asked.obeyed)


def dilution_gap(shown: ReplyColumns, plain: ReplyColumns) -> Slope:
    """Return the dilution of the first replies minus that of the second, which are to the same items.

    An item's replies are compared within their side only. The sides are two arms (constraints shown and unseen) or two
    runs.
    """
    return slope_gap(*(_sample(_usable(side.asked())) for side in (shown, plain)))


def _sample(replies: ReplyColumns) -> Sample:
    return Sample(replies.obeyed, doublings(replies.cot_tokens), strata(replies), replies.problem)

"""The length effect: how adherence and accuracy change with the CoT, raw, adjusted, and at a fixed problem.

Harder problems make both longer thinking and more failures, so a raw curve falls even where length does nothing.
*Dilution* is therefore the change in log-odds of obeying everything for each doubling of the CoT among replies to the
same item. Truncated replies have no length of their own and are in none of these figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mathif.records import Profile
from mathif.report.columns import MarkedReply, ReplyColumns
from mathif.report.effect_sizes import PLAIN
from mathif.results import ArmLength, FirstViolation, LengthEffects, LengthSlopes
from mathif.stats import (
    STEEP,
    Array,
    Difference,
    Share,
    Slope,
    column,
    conditional,
    doublings,
    share,
    slope,
    within_between,
)

PLACES = (0, 100, 400, 1600)
"""Characters at which the first violation may start: the opening, then bins four times as long each."""


def length_effects(arms: Mapping[str, Sequence[MarkedReply]], profile: Profile) -> LengthEffects:
    """Return the length effects of every arm, and that of the constrained replies beyond that of the plain ones."""
    replies = {arm: _usable(ReplyColumns.of(rows, profile)) for arm, rows in arms.items()}
    return LengthEffects(
        arms={arm: _arm_length(arms[arm], found) for arm, found in replies.items()},
        net_of_placebo={
            arm: dilution_gap(found, replies[PLAIN])
            for arm, found in replies.items()
            if arm != PLAIN and PLAIN in replies
        },
    )


def _usable(replies: ReplyColumns) -> ReplyColumns:
    """Return the replies with a length of their own."""
    return replies.where((replies.cot_tokens >= 0) & ~replies.cut)


def _arm_length(rows: Sequence[MarkedReply], replies: ReplyColumns) -> ArmLength:
    names = {row.asks: row.kinds for row in rows}
    asked = replies.asked()
    return ArmLength(
        hacc=three_ways(asked, asked.obeyed, names),
        acc=three_ways(replies, replies.right, names),
        first_violation=tuple(_placed(asked, *ends) for ends in zip(PLACES, (*PLACES[1:], None), strict=True)),
    )


def three_ways(replies: ReplyColumns, outcome: Array, kinds: Mapping[int, tuple[str, ...]]) -> LengthSlopes:
    """Return the change in log-odds of `outcome` per doubling of the CoT, in each way it can be asked."""
    x = doublings(replies.cot_tokens)
    apart = within_between(outcome, x, _strata(replies), replies.problem)
    level = share(outcome, replies.problem)
    return LengthSlopes(
        raw=slope(outcome, x, replies.problem),
        adjusted=slope(outcome, x, replies.problem, _controls(replies, kinds)),
        within=_within(replies, outcome),
        mundlak=apart.within,
        between=apart.between,
        gap=apart.gap,
        points=points(level, apart.within),
        mean=level,
    )


def _strata(replies: ReplyColumns) -> Array:
    """Return a number for each item together with its kinds, which in arm `self` differ between samples."""
    return replies.item * (int(replies.asks.max(initial=0)) + 1) + replies.asks


def _within(replies: ReplyColumns, outcome: Array) -> Slope:
    return conditional(outcome, doublings(replies.cot_tokens), _strata(replies), replies.problem).estimate([1.0])


def _controls(replies: ReplyColumns, kinds: Mapping[int, tuple[str, ...]]) -> list[Array]:
    """Return a column of 0 and 1 for each tier (source where there is none) and for each kind."""
    labels = [tier or source for tier, source in zip(replies.tier.tolist(), replies.source.tolist(), strict=True)]
    asks = replies.asks.tolist()
    present = {number: set(kinds[number]) for number in set(asks)}
    every = sorted(set().union(*present.values()))
    return [column([here == label for here in labels], float) for label in sorted(set(labels))[1:]] + [
        column([kind in present[number] for number in asks], float) for kind in every
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

    One conditional logit over both with a slope for each; an item's replies are compared within their side only. The
    sides are two arms (constraints shown and unseen) or two runs.
    """
    shown, plain = (_usable(side.asked()) for side in (shown, plain))
    both = {name: [*getattr(shown, name).tolist(), *getattr(plain, name).tolist()] for name in ("obeyed", "problem")}
    count = len(shown)
    strata = [(0, number) for number in _strata(shown).tolist()] + [(1, number) for number in _strata(plain).tolist()]
    numbers = {stratum: place for place, stratum in enumerate(sorted(set(strata)))}
    lengths = [*doublings(shown.cot_tokens).tolist(), *doublings(plain.cot_tokens).tolist()]
    design = [(x, 0.0) if place < count else (0.0, x) for place, x in enumerate(lengths)]
    fit = conditional(
        column(both["obeyed"], float),
        column(design, float),
        column([numbers[stratum] for stratum in strata], int),
        column(both["problem"], int),
    )
    return fit.estimate([1.0, -1.0])

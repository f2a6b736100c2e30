"""The records of arms that say how a model is to think, of arms against each other, and of demands in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mathif.stats import Count, Difference, Estimate, Ratio, Share


class Keeping(StrEnum):
    """Whether the replies of an arm were thought about as it says; what is not KEPT is not compared."""

    KEPT = "kept"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeKept:
    """The proof that the model thought as one arm says.

    Attributes:
        arm: the arm.
        n: replies.
        thinks: share of the replies with thinking, that of which only the tokens are known too.
        tokens: mean tokens of the thinking, 0 for a reply without; None where they are unknown.
        within: share of the budgets that were kept; None for an arm without one.
        keeping: whether it was kept.
        reason: why it is called so, where it is not kept.
    """

    arm: str
    n: Count
    thinks: Share
    tokens: Estimate
    within: Share | None = None
    keeping: Keeping = Keeping.KEPT
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmGap:
    """What one arm does against another with the same weights and demands, paired by item and sample.

    Attributes:
        first: the arm with more thinking, or the one that shows the demands otherwise.
        second: the arm with less thinking, or `constrained`.
        tokens: how many times as long the thinking is, over the pairs that both have some.
        hacc: HAcc of the first minus that of the second.
        acc: Acc likewise.
        won: replies that obey in the first arm and not in the second.
        lost: those the other way round.
        by_kind: share of obeyed constraints, the first minus the second, for each kind.
        by_demand: the same for kinds that are planned and for those that are minded at each place.
    """

    first: str
    second: str
    tokens: Ratio
    hacc: Difference
    acc: Difference
    won: Count
    lost: Count
    by_kind: Mapping[str, Difference]
    by_demand: Mapping[str, Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Who is obeyed where system and user ask for what excludes each other; the four shares sum to 1.

    Attributes:
        n: replies.
        system: share that obeys the system's demand alone.
        user: share that obeys the user's alone.
        neither: share that obeys neither, truncated replies among them.
        both: share that the judges pass on both, which no sentence allows.
        named: share of the replies with visible thinking whose thinking restates a demand.
    """

    n: Count
    system: Share
    user: Share
    neither: Share
    both: Share
    named: Share

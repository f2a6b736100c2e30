"""The records of what an arm shows beside its scores: lift, cost, bonds, places in the reply, and versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from mathif.stats import Count, Difference, Estimate, Ratio, Share, Slope, Survivors

Number = TypeVar("Number", bound=Estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence(Generic[Number]):
    """HAcc and SAcc, or one thing that is told of both: what a reference scores, or by how much they change."""

    hacc: Number
    sacc: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """How right and obedient go together.

    Attributes:
        odds_ratio: how much likelier an obedient reply is among the right ones.
        joint: share that is both.
        expected: what that share were if the two were unrelated.
        excess: the share minus what is expected.
        within_odds_ratio: the odds ratio among replies to the same item, which what makes an item easy cannot raise.
        within_excess: the same for the excess.
    """

    odds_ratio: Ratio
    joint: Share
    expected: Estimate
    excess: Estimate
    within_odds_ratio: Ratio | None = None
    within_excess: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition(Ratio):
    """Share that obeys several constraints at once over the product of the shares of each alone.

    Attributes:
        left_out: replies to several constraints of which one never occurs alone.
    """

    left_out: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The chance of a first violation along a reply, for kinds that any stretch of a text can break.

    Attributes:
        hazard: how many times as likely the next violation is as in the plain reply, at any place.
        trend: change in the log of that likelihood for each doubling of the place, beyond the plain reply's violation.
        told: share of the replies that are still unbroken, along them.
        untold: the same for the plain replies.
    """

    hazard: Ratio
    trend: Slope
    told: tuple[Survivors, ...]
    untold: tuple[Survivors, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEffects:
    """What the version of a problem does to one outcome, between versions of the same problem.

    Attributes:
        steps: change for each doubling of its steps.
        surface: of the unfamiliar telling against the familiar one.
        interaction: change for each doubling of the steps under the unfamiliar telling minus that under the familiar.
    """

    steps: Estimate
    surface: Estimate
    interaction: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLevel:
    """The replies to the versions of one step count and surface; `length` is the mean of log2 of their CoT tokens."""

    steps: Count
    surface: str
    n: Count
    truncated: Count
    hacc: Share
    acc: Share
    length: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What is assigned with a problem's version, and what comes of it.

    Attributes:
        levels: each version by itself, by steps and surface.
        hacc: on obeying every constraint, in points of the share; truncated replies obey nothing.
        acc: on being right, likewise.
        length: on the CoT length, in doublings; truncated replies have none.
        instrumental: change of HAcc for each doubling of the CoT that more steps brought, truncated replies left out.
        observed: the same between replies to one item, which chose their length themselves.
        truncated: replies that the token limit cut.
    """

    levels: tuple[VersionLevel, ...]
    hacc: VersionEffects
    acc: VersionEffects
    length: VersionEffects
    instrumental: Estimate
    observed: Estimate
    truncated: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEffects:
    """What one arm shows beside its scores; what is paired with the plain replies is None where there are none.

    Attributes:
        loose_gain: loose minus strict.
        association: how right and obedient go together.
        composition: how constraints go together.
        cost_of_obedience: Acc of the plain replies minus Acc of these.
        lift: adherence minus that of the plain replies to the same items.
        lift_by_kind: the same for each kind of constraint.
        chance_corrected: lift as a part of what was left to gain; at most 1, without a lower bound.
        fading: how many times as far into a reply its first violation is as in the plain reply, within the length that
            both have.
        position: the chance of a first violation along the reply.
        within_composition: how constraints go together in the replies to the same item.
        cut: HAcc if the truncated replies had all obeyed; with none of them it is the HAcc of the scores.
        cut_lift: the lift of HAcc if the truncated replies of both arms had all obeyed; None where none was cut.
        cut_cost: likewise the cost if they had all been right.
        against: of the arm with its constraints, adherence minus that of each arm whose instructions mean nothing.
        versions: what steps and surface do; None where no problem has several versions.
    """

    loose_gain: Adherence[Difference]
    association: Association
    composition: Composition
    cost_of_obedience: Difference | None = None
    lift: Adherence[Difference] | None = None
    lift_by_kind: Mapping[str, Difference] | None = None
    chance_corrected: Adherence[Estimate] | None = None
    fading: Ratio | None = None
    position: Position | None = None
    within_composition: Ratio | None = None
    cut: Share | None = None
    cut_lift: Difference | None = None
    cut_cost: Difference | None = None
    against: Mapping[str, Adherence[Difference]] | None = None
    versions: Versions | None = None

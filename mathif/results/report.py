"""The records of a report: every number that it holds, by name and kind; their fields are the public JSON, one to one.

A report is made once, in this room, and read everywhere by attribute. A new number is one field here, with a default
where reports that were written before it must stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.records import Profile
from mathif.results.measured import Measured
from mathif.results.metrics import with_every_metric
from mathif.results.modes import ArmGap, Conflict, ModeKept
from mathif.results.parts import ArmParts, Crossed
from mathif.results.public import Public, brief
from mathif.results.wordings import Reliable
from mathif.stats import Count, Curve, Difference, Estimate, Proportion, Ratio, Share, Slope, Survivors


@dataclass(frozen=True, slots=True)
class Ungraded:
    """Verdicts that no grader could give; they count as not passed."""

    answers: Count
    constraints: Count


@dataclass(frozen=True, slots=True, kw_only=True)
@with_every_metric(Share)
class Scores:
    """The metrics over some replies, with the counts that belong beside them.

    HAcc, SAcc and joint are over the items with constraints that replies are judged for; Acc is over the replies.

    Attributes:
        n: number of replies.
        judged: number of items that they are judged for; a plain reply is judged for every item of its problem, so
            this is what HAcc, SAcc and joint rest on there; None in a report that was written before it was counted.
        problems: number of problems.
        hacc: share that obeys every constraint.
        sacc: mean share of a reply's constraints that are obeyed.
        acc: share with the right answer.
        joint: share that is right and obeys every constraint.
        open: replies that were cut inside their thinking.
        truncated: replies that the token limit cut, there or later.
        ungraded: verdicts that no grader could give.
    """

    n: Count
    problems: Count
    hacc: Share
    sacc: Share
    acc: Share
    joint: Share
    open: Count
    truncated: Count
    ungraded: Ungraded
    judged: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthBin(Scores):
    """The metrics over the replies whose CoT length is in [low, high) tokens; the counts of those cut there beside."""

    low: Count
    high: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthBins:
    """The metrics by CoT length.

    Attributes:
        edges: bins with fixed edges that double.
        equal_count: six bins with as many replies each.
        unknown: replies of unknown length.
        truncated: replies of the length of their limit, which are in no bin.
    """

    edges: tuple[LengthBin, ...]
    equal_count: tuple[LengthBin, ...]
    unknown: Count
    truncated: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """HAcc and SAcc of a reference: the null reply, the best fixed text, or the same replies judged loosely."""

    hacc: Share
    sacc: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class KindScores:
    """How often the constraints of one kind were obeyed: strictly, loosely, and by the null reply."""

    obeyed: Share
    loose: Share
    floor: Share
    ungraded: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """How the replies ended; all but `ungraded` add up to the number of replies.

    Attributes:
        answered: those with a final text.
        open: those cut inside their thinking.
        empty: those with nothing after their thinking.
        truncated: those cut after their thinking.
        error: those that the harness failed to get.
        ungraded: those with a verdict that no grader could give; each is also one of the others.
        refused: those that were something else than a reply.
        filtered: those held back by a content filter.
        too_long: those not given because the prompt did not fit the context.
        unsplit: those that look like thinking which nothing marks, by what they begin with; each is also one of the
            others.
        unmeasured: those with a constraint on thinking that cannot be seen, which is in no number; each is also one of
            the others.
    """

    answered: Count
    open: Count
    empty: Count
    truncated: Count
    error: Count
    ungraded: Count
    refused: Count = 0
    filtered: Count = 0
    too_long: Count = 0
    unsplit: Mapping[str, Count] = field(default_factory=dict)
    unmeasured: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmReport:
    """The scores of one arm under one profile.

    Attributes:
        overall: over all replies.
        floor: of the null reply on the same items.
        fixed: of the best fixed text of the task on the same items; None where none is known.
        loose: under IFEval's eight relaxed variants.
        without_truncated: over the replies that were not cut.
        outcomes: how the replies ended.
        by_source: by the data set a problem comes from.
        by_tier: by difficulty.
        by_constraints: by number of constraints.
        by_kind: by kind of constraint.
        by_length: by CoT length.
    """

    overall: Scores
    floor: Adherence
    loose: Adherence
    without_truncated: Scores
    outcomes: Outcomes
    by_source: Mapping[str, Scores]
    by_tier: Mapping[str, Scores]
    by_constraints: Mapping[str, Scores]
    by_kind: Mapping[str, KindScores]
    by_length: LengthBins
    fixed: Adherence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The change of HAcc and of SAcc."""

    hacc: Difference
    sacc: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class AboveChance:
    """HAcc and SAcc corrected for what the plain replies obey by chance; at most 1, without a lower bound."""

    hacc: Estimate
    sacc: Estimate


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
        chance_corrected: lift as a part of what was left to gain.
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

    loose_gain: Gain
    association: Association
    composition: Composition
    cost_of_obedience: Difference | None = None
    lift: Gain | None = None
    lift_by_kind: Mapping[str, Difference] | None = None
    chance_corrected: AboveChance | None = None
    fading: Ratio | None = None
    position: Position | None = None
    within_composition: Ratio | None = None
    cut: Share | None = None
    cut_lift: Difference | None = None
    cut_cost: Difference | None = None
    against: Mapping[str, Gain] | None = None
    versions: Versions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutBounds:
    """What a slope were if the truncated replies had all obeyed (or been right), and if none had."""

    all: Slope
    none: Slope


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A share at a length relative to what is usual for the item, in [0, 1], with its band."""

    times: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthSlopes:
    """The change in log-odds of one outcome per doubling of the CoT, in each way it can be asked.

    Attributes:
        raw: all replies pooled.
        adjusted: tier (source where there is none) and constraint kinds held fixed.
        within: the same item's replies against each other, by conditional logit.
        mundlak: the same averaged over items, by the between/within regression.
        between: the other half of that regression.
        gap: the first half minus the second.
        points: what `mundlak` means for the mean share.
        mean: that share.
        curve: the same item's replies against each other, without taking the way for a straight line.
        cut: bounds of `within`; None where no reply was cut.
        cut_gap: bounds of `gap`.
    """

    raw: Slope
    adjusted: Slope
    within: Slope
    mundlak: Slope
    between: Slope
    gap: Slope
    points: Difference
    mean: Share
    curve: Curve | None = None
    cut: CutBounds | None = None
    cut_gap: CutBounds | None = None

    def along(self) -> tuple[CurvePoint, ...]:
        """Return the curve as shares of an item with the mean share, nothing where there is no curve."""
        curve, level = self.curve, self.mean.value
        if curve is None or level is None:
            return ()
        return tuple(CurvePoint(2**place, *shares) for place, shares in zip(curve.at, curve.shares(level), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSlope:
    """The change in log-odds of obeying one part of the constraints per doubling of the CoT, inside items.

    Attributes:
        within: by conditional logit.
        p: p-value that it is 0, by the score test.
        q: the same with false discoveries controlled over the parts beside it.
    """

    within: Slope
    p: Proportion
    q: Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstViolation:
    """How often the first violation starts in [low, high) characters, and how that changes with the CoT."""

    low: Count
    high: Count | None
    share: Share
    within: Slope


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmLength:
    """The length effects of one arm.

    Attributes:
        hacc: on obeying every constraint.
        acc: on being right.
        first_violation: on where the first violation starts.
        by_kind: on each kind of constraint.
        by_group: on each group of kinds, and on what must be planned against what must be minded at each place.
        reply_is_cot: whether too many replies have no thinking apart, so that their length is that of the judged text.
        absent: the share of such replies; 1.0 where a report does not say.
        of_thinking: whether the thinking itself is what is judged.
    """

    hacc: LengthSlopes
    acc: LengthSlopes
    first_violation: tuple[FirstViolation, ...]
    by_kind: Mapping[str, PartSlope] = field(default_factory=dict)
    by_group: Mapping[str, PartSlope] = field(default_factory=dict)
    reply_is_cot: bool = False
    absent: float = 1.0
    of_thinking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthEffects:
    """The length effects of every arm, and what plain replies show beside them.

    Attributes:
        arms: the length effects.
        net_of_placebo: the slopes of shown constraints minus those of the plain replies.
        placebo: those slopes of the plain replies, as they are judged beside each arm: where it asks something of the
            thinking, on theirs.
    """

    arms: Mapping[str, ArmLength]
    net_of_placebo: Mapping[str, Slope]
    placebo: Mapping[str, Slope] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmClaims:
    """What the numbers of one arm bear after correction for all that was looked at: 1, -1, or 0 for no claim.

    Attributes:
        primary: whether this is the arm of the primary analysis.
        lift: of the instructions on obedience.
        cost: of the instructions on right answers.
        length: of obedience with the length, inside items.
        net: the same beyond the plain replies; asked only where `length` is claimed.
        placebo: the same in the plain replies.
        bend: whether that way is not a straight line.
        problem: of obedience with what makes some problems be thought about for longer.
        position: of obedience with the place in the reply.
        bond: of being right and being obedient, inside items.
        composition: of obeying one demand and another, inside items.
        acc_length: as `length`, of right answers.
        acc_bend: as `bend`, of right answers.
        acc_problem: as `problem`, of right answers.
        kinds: the kinds of constraints whose own slope is claimed.
        against: of the constraints on obedience, against each arm whose instructions mean nothing.
        cut: whether a claim about length fails because of what truncated replies may have been.
    """

    primary: bool = False
    lift: int = 0
    cost: int = 0
    length: int = 0
    net: int = 0
    placebo: int = 0
    bend: int = 0
    problem: int = 0
    position: int = 0
    bond: int = 0
    composition: int = 0
    acc_length: int = 0
    acc_bend: int = 0
    acc_problem: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    against: Mapping[str, int] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recut:
    """What a lower token limit would have left of one arm.

    Attributes:
        arm: the arm.
        limit: tokens that a reply may have, thinking included.
        n: judgements of a reply to an item.
        truncated: those that would have been cut, or were.
        hacc: HAcc with these as failures.
        acc: Acc likewise.
    """

    arm: str
    limit: Count
    n: Count
    truncated: Count
    hacc: Share
    acc: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileReport:
    """Everything that a report says under one profile, the sentences last.

    Attributes:
        arms: the scores of every arm.
        effects: what every arm shows beside them.
        length: the length effects.
        claims: what the numbers of every arm with constraints bear.
        fresh: by task, Acc on a fresh build minus Acc on the bundled set, paired by problem family and turn.
        modes: whether the arms that say how to think kept to it, least thinking first.
        gaps: what those that did change, in the same order.
        conflict: who is obeyed where two demands exclude each other, None where that was not asked.
        parts: the reply and the thinking of every arm, side by side; empty where only one part was judged.
        crossed: arm `constrained`, asked of the reply, against arm `thinking`; None where one of them is missing.
        reliable: what is obeyed in every wording, of each arm that was asked in all.
        findings: sentences.
    """

    arms: Mapping[str, ArmReport]
    effects: Mapping[str, ArmEffects]
    length: LengthEffects
    claims: Mapping[str, ArmClaims] = field(default_factory=dict)
    fresh: Mapping[str, Difference] = field(default_factory=dict)
    modes: tuple[ModeKept, ...] = ()
    gaps: tuple[ArmGap, ...] = ()
    conflict: Conflict | None = None
    parts: Mapping[str, ArmParts] = field(default_factory=dict)
    crossed: Crossed | None = None
    reliable: Mapping[str, Reliable] = field(default_factory=dict)
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report(Public):
    """What a run shows.

    Attributes:
        schema: version of the records.
        rows: number of graded rows.
        errors: rows that the harness failed to get a reply for; they are in no figure.
        complete: whether there are none.
        profiles: the numbers under each profile.
        graders: edition of each rule that judged, empty where they are not recorded.
        measured: what it is about; None in a report that was made before it was told.
    """

    schema: int
    rows: Count
    errors: Count
    complete: bool
    profiles: Mapping[Profile, ProfileReport]
    graders: Mapping[str, str] = field(default_factory=dict)
    measured: Measured | None = None

    def __repr__(self) -> str:
        own = self.profiles.get(Profile.MATHIF)
        figures = {arm: row.overall.hacc for arm, row in own.arms.items()} if own else {}
        return brief(f"report on {self.measured.model if self.measured else 'a run'}, HAcc", figures)

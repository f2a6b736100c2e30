"""The records of a report: every number that it holds, by name and kind; their fields are the public JSON, one to one.

A report is made once, in `mathif.report`, and read everywhere by attribute. A new number is one field of a record here
or beside, with a default where reports that were written before it must stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.records import Profile
from mathif.results.effects import Adherence, ArmEffects
from mathif.results.length import LengthEffects
from mathif.results.measured import Measured
from mathif.results.metrics import with_every_metric
from mathif.results.modes import ArmGap, Conflict, ModeKept
from mathif.results.parts import ArmParts, Crossed
from mathif.results.public import Public, brief
from mathif.results.wordings import Reliable
from mathif.stats import Count, Difference, Share


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
        unmeasured: those with a constraint on thinking that cannot be seen, which is in no number; nor are they
            themselves in one of those that obey all. Each is also one of the others.
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
    floor: Adherence[Share]
    loose: Adherence[Share]
    without_truncated: Scores
    outcomes: Outcomes
    by_source: Mapping[str, Scores]
    by_tier: Mapping[str, Scores]
    by_constraints: Mapping[str, Scores]
    by_kind: Mapping[str, KindScores]
    by_length: LengthBins
    fixed: Adherence[Share] | None = None


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

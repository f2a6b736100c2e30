"""The records of a comparison of runs, reply against reply; what changed is the second run minus the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.records import Profile
from mathif.results.effects import Adherence
from mathif.results.metrics import with_every_metric
from mathif.results.public import Public, brief
from mathif.stats import Count, Difference, Estimate, Proportion, Ratio, Slope


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Difference):
    """The change of a metric or of a kind; what counts flips is None where a reply has more than 0 or 1 of it.

    Attributes:
        first: the share in the first run.
        second: the share in the second.
        lost: replies that passed in the first run only.
        won: replies that passed in the second only.
        worse: problems that lost more replies than they won.
        better: problems that won more than they lost.
        p: the exact test that every problem's flips might as well have gone the other way, which with one reply a
            problem is McNemar's; replies to one problem are no independent evidence.
        q: p under false-discovery control over the kinds of an arm; of kinds only.
    """

    first: Proportion | None
    second: Proportion | None
    lost: Count | None = None
    won: Count | None = None
    worse: Count | None = None
    better: Count | None = None
    p: Proportion | None = None
    q: Proportion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner(Change):
    """What became of knowledge, of reasoning or of obedience.

    Attributes:
        task: the task that measures it.
        metric: the metric that does, by its key.
        arm: in which arm.
    """

    task: str
    metric: str
    arm: str


@dataclass(frozen=True, slots=True, kw_only=True)
@with_every_metric(Change)
class Changes:
    """The change of every metric; HAcc, SAcc and joint over the items with constraints that replies are judged for."""

    hacc: Change
    sacc: Change
    acc: Change
    joint: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftChange(Estimate):
    """The change of a lift, in [-2, 2]; `first` and `second` are the lift in either run."""

    first: float | None
    second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange(Change):
    """The change of HAcc in one part of the replies; what is of one text is None for both parts at once.

    Attributes:
        lift: the change of what is beyond the same part of the plain replies; None where there are no such pairs.
        matched: the second run minus the first at the same length of the judged text.
        rates: first violations for each 1,000 tokens (characters where tokens are unknown), in either run.
        hazard: how many times as likely the next violation is as in the first run, at any place of the same item.
    """

    lift: LiftChange | None = None
    matched: Difference | None = None
    rates: tuple[Ratio, Ratio] | None = None
    hazard: Ratio | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DilutionChange:
    """The dilution of either run, and the second minus the first."""

    first: Slope
    second: Slope
    change: Slope


@dataclass(frozen=True, slots=True)
class Sides:
    """A count in the first run and in the second."""

    first: Count
    second: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmChanges:
    """Everything that changed in one arm.

    Attributes:
        n: pairs of replies.
        problems: problems that these are to.
        truncated: replies that the token limit cut.
        overall: over all pairs.
        without_truncated: over those of which neither was cut.
        by_task: by task.
        by_tier: by difficulty.
        by_constraints: by number of constraints.
        by_kind: by kind of constraint.
        dilution: of the slope of obedience on length.
        length: how many times as long the thinking is, over the pairs of which neither was cut.
        at_equal_length: change in log-odds of obeying everything between replies of equal length to the same item.
        lift: of adherence with the instruction minus without; None where there are no plain replies.
        parts: of HAcc in `reply`, `thinking` and `both`, over the pairs of which both show their whole thinking; empty
            where there is none.
        reliable: of the share of constraints obeyed in every wording; None where these were not asked in both runs.
    """

    n: Count
    problems: Count
    truncated: Sides
    overall: Changes
    without_truncated: Changes
    by_task: Mapping[str, Changes]
    by_tier: Mapping[str, Changes]
    by_constraints: Mapping[str, Changes]
    by_kind: Mapping[str, Change]
    dilution: DilutionChange
    length: Ratio
    at_equal_length: Slope
    lift: Adherence[LiftChange] | None = None
    parts: Mapping[str, PartChange] = field(default_factory=dict)
    reliable: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """What became of knowledge, reasoning and obedience, each where the other two matter least.

    Attributes:
        corners: the three by name.
        under_mathematics: change of HAcc on mathematics minus that on plain items.
        reasoning_against_knowledge: change of Acc in reasoning minus that in knowledge.
    """

    corners: Mapping[str, Corner]
    under_mathematics: Estimate
    reasoning_against_knowledge: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeClaims:
    """What is claimed to have changed, by its name: 1 where it rose, -1 where it fell, 0 where neither is shown.

    Attributes:
        arms: of every arm its metrics, `lift`, `dilution`, `length` and `at_equal_length`.
        triangle: its corners and both of its gaps; empty where there is none.
    """

    arms: Mapping[str, Mapping[str, int]]
    triangle: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileComparison:
    """What a comparison says under one profile: its numbers, what they are claimed to bear, and the sentences.

    Attributes:
        arms: what changed in every arm.
        triangle: what became of knowledge, reasoning and obedience; None where the runs do not share all three tasks.
        claims: what of that is claimed in words.
        findings: that in words.
    """

    arms: Mapping[str, ArmChanges]
    triangle: Triangle | None
    claims: ChangeClaims
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in which two runs differ, with both values as JSON text."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows of either run without a partner, and pairs that the harness failed to get."""

    only_first: Count
    only_second: Count
    errors: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPair:
    """A run against the first one.

    Attributes:
        second: its folder.
        differs: settings in which the two differ.
        pairs: pairs of verdicts.
        replies: pairs of replies; a plain one has a verdict for each item of its problem.
        left_out: what is not in them.
        profiles: the numbers under each profile.
    """

    second: str
    differs: tuple[Setting, ...]
    pairs: Count
    replies: Count
    left_out: LeftOut
    profiles: Mapping[Profile, ProfileComparison]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparison(Public):
    """Runs against the first one of them, whose folder is `first`."""

    schema: int
    first: str
    against: tuple[RunPair, ...]

    def __repr__(self) -> str:
        return "\n".join(
            brief(
                f"{pair.second} against {self.first}, change of HAcc",
                {arm: own.overall.hacc for arm, own in pair.profiles[Profile.MATHIF].arms.items()},
                points=True,
            )
            for pair in self.against
        )

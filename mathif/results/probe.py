"""The records of a probe's report: what each intervention did to the replies that it went on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.records import Profile
from mathif.results.comparison import Changes
from mathif.results.measured import Measured
from mathif.results.public import Public, brief
from mathif.results.report import Scores
from mathif.stats import Count, Estimate, Proportion, Ratio, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The share of what the control had that the edited reply still has.

    Attributes:
        answer: its answer, right or wrong.
        right: its right answer.
        obedience: its obedience to every constraint.
    """

    answer: Share
    right: Share
    obedience: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionEffect:
    """What one intervention changes against its control.

    Attributes:
        does: what it does, in one line.
        control: the intervention that it is compared with.
        n: pairs of replies.
        added: by how many tokens what was inserted makes the thinking longer, on average; None where no edit did.
        overall: the changes, over all pairs.
        without_truncated: the same over the pairs of which neither was cut.
        survival: what survives it.
        against_neutral: the changes against neutral text of the same length, where there is such a one.
    """

    does: str
    control: str
    n: Count
    added: float | None
    overall: Changes
    without_truncated: Changes
    survival: Survival
    against_neutral: Changes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePoint:
    """The replies under one amount of a family.

    Attributes:
        amount: the amount, 0 for the control.
        n: pairs of replies.
        added: tokens by which their chain of thought is longer than the control's, on average.
        hacc: their HAcc.
        acc: their Acc.
    """

    amount: float
    n: Count
    added: float | None
    hacc: Share
    acc: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSlopes:
    """The change of HAcc and of Acc, as shares, for each 100 tokens that were added."""

    hacc: Estimate
    acc: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponse:
    """What the amounts of one family do; the amounts are assigned, so `slope` is the tokens' doing."""

    points: tuple[DosePoint, ...]
    slope: DoseSlopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncation:
    """The area over the curve of what survives against the part of the thinking that was kept."""

    area: Survival


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPoint:
    """What follows the constraints, and neutral text as long, inside the thinking at one place.

    Attributes:
        part: the part of the thinking that stands before it.
        n: texts that follow the constraints, with a constraint that any stretch of a text can break.
        reminded: first violations in them for each 1,000 characters.
        neutral: the same after neutral text.
        gain: how many times as likely the next violation is after neutral text as after the constraints, at one item.
    """

    part: Proportion
    n: Count
    reminded: Ratio
    neutral: Ratio
    gain: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """What being reminded brings back, in one part of the replies, by how much thinking stands before the reminder.

    Attributes:
        points: the places, the first one first.
        growth: by what factor the gain grows from the beginning of the thinking to its end: 1 where a longer text has
            no more than more chances, above 1 where the hold of an instruction weakens on the way.
        odds: the same factor for the odds of breaking any constraint, of whatever kind, in what was asked of it.
        loss: by what factor the hazard after neutral text grows from the beginning of the thinking to its end, in the
            thinking; in the reply such text stands before all of it alike.
    """

    points: tuple[RefreshPoint, ...]
    growth: Ratio
    odds: Ratio | None = None
    loss: Ratio | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeProfile:
    """What a probe says under one profile, the sentences last.

    Attributes:
        arms: the metrics of every arm.
        interventions: each intervention against its control.
        doses: the families that add tokens in amounts.
        truncation: what survives a cut of the thinking.
        refresh: what reminders inside the thinking bring back in `reply` and `thinking`; empty where there were none.
        findings: sentences.
    """

    arms: Mapping[str, Scores]
    interventions: Mapping[str, InterventionEffect]
    doses: Mapping[str, DoseResponse]
    truncation: Truncation
    refresh: Mapping[str, Refresh] = field(default_factory=dict)
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProbeReport(Public):
    """What a probe shows.

    Attributes:
        schema: version of the records.
        rows: number of graded rows.
        errors: rows that the harness failed to get a reply for; they are in no figure.
        complete: whether there are none.
        recorded: replies that were gone on from.
        profiles: the numbers under each profile.
        graders: edition of each rule that judged, empty where they are not recorded.
        measured: what it is about; None in a report that was made before it was told.
        matched_in: what lengths were matched in, None where nothing was measured.
        left_out: for each intervention how many recorded replies it was not done to, by reason.
    """

    schema: int
    rows: Count
    errors: Count
    complete: bool
    recorded: Count
    profiles: Mapping[Profile, ProbeProfile]
    graders: Mapping[str, str] = field(default_factory=dict)
    measured: Measured | None = None
    matched_in: str | None = None
    left_out: Mapping[str, Mapping[str, Count]] = field(default_factory=dict)

    def __repr__(self) -> str:
        own = self.profiles.get(Profile.MATHIF)
        figures = {arm: row.hacc for arm, row in own.arms.items()} if own else {}
        return brief(f"probe of {self.measured.model if self.measured else 'a run'}, HAcc", figures)

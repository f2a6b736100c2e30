"""The figures of an entry: the profile blocks of a report, field by field, so that nothing else fits in their place."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
Change = Annotated[FiniteFloat, Field(ge=-1, le=1)]
Ratio = Annotated[FiniteFloat, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Label = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Sentence = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Closed(BaseModel):
    """A part of an entry; fields that it does not name are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Estimate(Closed):
    """A number with its 95 % interval; `value` is null, with the reason, where the data cannot give it."""

    value: FiniteFloat | None
    low: FiniteFloat | None
    high: FiniteFloat | None
    n: Count
    problems: Count
    reason: Label = ""


class Figure(Estimate):
    """A share of replies or of constraints, in [0, 1]."""

    value: Share | None
    low: Share | None
    high: Share | None


class Difference(Estimate):
    """A paired difference of two shares, in [-1, 1]."""

    value: Change | None
    low: Change | None
    high: Change | None


class Multiple(Estimate):
    """A ratio, at least 0."""

    value: Ratio | None
    low: Ratio | None
    high: Ratio | None


class Composition(Multiple):
    """Obeying several constraints at once over the product of obeying each alone."""

    left_out: Count


class Ungraded(Closed):
    """Verdicts that no grader could give; they count as not passed."""

    answers: Count
    constraints: Count


class Scores(Closed):
    """The four metrics over some replies."""

    n: Count
    problems: Count
    hacc: Figure
    sacc: Figure
    acc: Figure
    joint: Figure
    open: Count
    truncated: Count
    ungraded: Ungraded


class LengthBin(Scores):
    """The metrics over the replies whose CoT length is in [low, high) tokens."""

    low: Count
    high: Count


class Lengths(Closed):
    """The metrics by CoT length: fixed edges, and six bins with as many replies each."""

    edges: list[LengthBin]
    equal_count: list[LengthBin]
    unknown: Count
    truncated: Count


class Adherence(Closed):
    """HAcc and SAcc of a reference: the null reply, or the same replies judged loosely."""

    hacc: Figure
    sacc: Figure


class KindFigures(Closed):
    """How often the constraints of one kind were obeyed: strictly, loosely, and by the null reply."""

    obeyed: Figure
    loose: Figure
    floor: Figure
    ungraded: Count


class Outcomes(Closed):
    """How the replies ended."""

    answered: Count
    open: Count
    empty: Count
    truncated: Count
    refused: Count
    filtered: Count
    too_long: Count
    error: Count
    ungraded: Count


class Arm(Closed):
    """The scores of one arm under one profile."""

    overall: Scores
    floor: Adherence
    loose: Adherence
    without_truncated: Scores
    outcomes: Outcomes
    by_source: dict[Label, Scores]
    by_tier: dict[Label, Scores]
    by_constraints: dict[Label, Scores]
    by_kind: dict[Label, KindFigures]
    by_length: Lengths


class Pair(Closed):
    """The change of HAcc and of SAcc."""

    hacc: Difference
    sacc: Difference


class AboveChance(Closed):
    """HAcc and SAcc corrected for what the plain replies obey by chance; at most 1, without a lower bound."""

    hacc: Estimate
    sacc: Estimate


class Association(Closed):
    """How right and obedient go together."""

    odds_ratio: Multiple
    joint: Figure
    expected: Estimate
    excess: Estimate


class Effects(Closed):
    """What one arm shows beside its scores; the last five need the plain replies."""

    loose_gain: Pair
    association: Association
    composition: Composition
    cost_of_obedience: Difference | None = None
    lift: Pair | None = None
    lift_by_kind: dict[Label, Difference] | None = None
    chance_corrected: AboveChance | None = None
    fading: Multiple | None = None


class Slopes(Closed):
    """The change in log-odds per doubling of the CoT, in every way it can be asked; `points` and `mean` are shares."""

    raw: Estimate
    adjusted: Estimate
    within: Estimate
    mundlak: Estimate
    between: Estimate
    gap: Estimate
    points: Difference
    mean: Figure


class Violation(Closed):
    """How often the first violation starts in [low, high) characters, and how that changes with the CoT."""

    low: Count
    high: Count | None
    share: Figure
    within: Estimate


class ArmLength(Closed):
    """The length effects of one arm."""

    hacc: Slopes
    acc: Slopes
    first_violation: list[Violation]


class LengthEffects(Closed):
    """The length effects of every arm, and those of shown constraints beyond those of the plain replies."""

    arms: dict[Label, ArmLength]
    net_of_placebo: dict[Label, Estimate]


class ProfileFigures(Closed):
    """Everything that a report says under one profile."""

    arms: dict[Label, Arm]
    effects: dict[Label, Effects]
    length: LengthEffects
    findings: list[Sentence]

"""The records of a report on the parts of a reply: how its final text and its thinking obey, and when each first slips.

All figures of one arm are over the same replies and constraints, those whose thinking can be seen and whose kind can be
asked of thinking, so that the parts stand side by side on the same problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.stats import Count, Difference, Proportion, Ratio, Share, Slope, Survivors


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBin:
    """The texts of [low, high) tokens or characters: how many, and which share of them obeys everything."""

    low: Count
    high: Count
    n: Count
    hacc: Share
    natural: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScores:
    """How one part of the replies of an arm obeys, or both parts at once.

    Attributes:
        asked: whether the arm asks it of this part.
        hacc: share of the texts that obey every constraint; a final text that was cut obeys nothing, and a thinking
            that was cut is in `cut` and in no other figure.
        sacc: mean share of the constraints that a text obeys.
        natural: HAcc of the same part of the plain replies to the same items: natural compliance.
        lift: HAcc minus that of the plain replies, paired by item and sample.
        cut: HAcc of the thinkings that were cut, judged up to the cut; None for the other parts.
        lengths: HAcc by length of the judged text.
        rate: first violations for each 1,000 tokens (characters where tokens are unknown) of text that any stretch
            can break, cut texts up to their cut.
        natural_rate: the same of the plain replies.
    """

    asked: bool
    hacc: Share
    sacc: Share
    natural: Share | None = None
    lift: Difference | None = None
    cut: Share | None = None
    lengths: tuple[PartBin, ...] = ()
    rate: Ratio | None = None
    natural_rate: Ratio | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSlip:
    """One first violation: of which reply, at which character of the part, and where that is in the unit of places."""

    key: str
    char: Count
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """When a part of the replies first breaks a constraint, of kinds that any stretch of a text can break.

    Attributes:
        n: texts with such a constraint.
        broken: those that break one.
        hazard: how many times as likely the next violation is as in the plain replies to the same item, at any place.
        place: by what factor the chance of a first violation changes for each doubling of the place, at a fixed item.
        even: p-value that this chance is the same in every stretch of the text, whatever its trend.
        middle: the part of a text at which first violations stand on average, counted from the first place on at which
            any text breaks, cut texts left out; None where there is none. A chance that is the same all along has them
            in the first half, however likely it is and however long the texts are.
        told: share of the texts that are still unbroken at so many tokens, those that ended or were cut left out from
            there on.
        untold: the same of the plain replies.
        told_part: the same at so many percent of the text, cut texts left out.
        untold_part: the same of the plain replies.
        first: some of the first violations, spread evenly over all of them, the earliest first.
    """

    n: Count
    broken: Count
    hazard: Ratio
    place: Ratio
    told: tuple[Survivors, ...]
    untold: tuple[Survivors, ...]
    told_part: tuple[Survivors, ...]
    untold_part: tuple[Survivors, ...]
    first: tuple[FirstSlip, ...] = ()
    even: Proportion = 1.0
    middle: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restating:
    """How thinkings restate their demand, and what obeying goes with that; an association, not an effect.

    Attributes:
        restates: share of the thinkings with a sentence that restates a demand.
        natural: the same share of the plain thinkings, which never saw the demand: what the rule finds by mistake.
        last: where in the thinking the last such sentence ends, as a part of it, on average.
        distance: tokens (characters) from there to the answer, at half of the thinkings that restate; None for none.
        odds: of obeying in `reply` and `thinking`: odds ratio of obeying with restating, among replies to one item.
        odds_p: likewise the p-value that obeying does not go with restating, which needs no large sample.
        distances: likewise the change of the log-odds of obeying for each doubling of the distance.
    """

    restates: Share
    natural: Share | None = None
    last: Share | None = None
    distance: Count | None = None
    odds: Mapping[str, Ratio] = field(default_factory=dict)
    distances: Mapping[str, Slope] = field(default_factory=dict)
    odds_p: Mapping[str, Proportion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmParts:
    """The parts of the replies of one arm.

    Attributes:
        n: judged replies whose thinking can be seen and is whole.
        unmeasured: judged replies whose thinking cannot be seen; they are in no figure.
        unit: what lengths are in, `tokens` or `characters`.
        scores: the scores of `reply`, `thinking` and `both`.
        gap: HAcc of the thinking minus that of the reply, paired.
        matched: the same at the same length of the judged text.
        spared: HAcc of the thinking without the sentences that restate a demand.
        naming: that minus HAcc of the whole thinking: what is broken by naming alone.
        restating: how thinkings restate their demand.
        slips: when `reply` and `thinking` first slip, and `spared`, the thinking without what it restates.
    """

    n: Count
    unmeasured: Count
    unit: str
    scores: Mapping[str, PartScores]
    gap: Difference
    matched: Difference
    spared: Share
    naming: Difference
    restating: Restating
    slips: Mapping[str, Slips]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """The same demands on the same problems, asked of the reply in one arm and of the thinking in another.

    Attributes:
        reply: HAcc of the final texts where it was asked of the reply.
        thinking: HAcc of the thinkings where it was asked of the thinking.
        spared: the same without the sentences that restate a demand.
        both: share of the pairs in which each obeys.
        gap: `thinking` minus `reply`, paired by item and sample.
        spared_gap: `spared` minus `reply`, likewise.
    """

    reply: Share
    thinking: Share
    both: Share
    gap: Difference
    spared: Share | None = None
    spared_gap: Difference | None = None

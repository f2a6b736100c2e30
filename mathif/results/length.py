"""The records of what goes with the length of the thinking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.stats import Count, Curve, Difference, Proportion, Share, Slope


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

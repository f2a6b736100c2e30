"""The records of what attention shows: where answers look, and what hiding a span from them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mathif.records import Profile
from mathif.results.comparison import Changes
from mathif.results.report import Scores
from mathif.stats import Count, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersAttention:
    """Where some answers look.

    Attributes:
        n: number of answers.
        lift: for each span the attention to it as a multiple of what uniform attention would give.
        drop: for each span that was hidden, the log-probability (nats) that each token of the answer loses with it.
    """

    n: Count
    lift: Mapping[str, Estimate]
    drop: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesAttention:
    """Where answers look that obey every constraint, and where those do that do not."""

    obeyed: AnswersAttention
    violated: AnswersAttention


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionBin(SidesAttention):
    """The same over the answers whose CoT length is in [low, high) tokens."""

    low: Count
    high: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One head of one layer, with its mean lift on the constraints and on a random span."""

    layer: Count
    head: Count
    constraints: float
    random: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KnockoutBin:
    """What hiding does to the answers whose CoT length is in [low, high) tokens."""

    low: Count
    high: Count
    n: Count
    changes: Mapping[str, Changes]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnockoutProfile:
    """What hiding does under one profile.

    Attributes:
        conditions: the metrics with nothing and with each span hidden.
        changes: from one condition to another, paired by reply.
        without_truncated: the same over the pairs of which the limit cut neither.
        by_length: by the CoT before the answer, of the replies whose thinking is marked: elsewhere the CoT is the
            answer itself.
    """

    conditions: Mapping[str, Scores]
    changes: Mapping[str, Changes]
    without_truncated: Mapping[str, Changes]
    by_length: tuple[KnockoutBin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knockout:
    """What hiding a span does to answers drawn anew; `n` replies."""

    n: Count
    profiles: Mapping[Profile, KnockoutProfile]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmAttention:
    """What attention shows in one arm.

    Attributes:
        n: answers read.
        overall: where they look, obeyed and violated ones.
        obeyed_minus_violated: lift on the constraints of the former minus that of the latter.
        hiding: nats a token that hiding the constraints costs beyond hiding as many tokens elsewhere.
        by_length: by CoT length.
        slope: doublings of lift for each doubling of the CoT; `raw` or `within` an item, for each span.
        by_layer: mean lift of each layer, first layer first; by side and span.
        heads: those that look at the constraints most.
        redrawn: what hiding does to answers drawn anew; None before they are graded.
    """

    n: Count
    overall: SidesAttention
    obeyed_minus_violated: Estimate
    hiding: Estimate
    by_length: tuple[AttentionBin, ...]
    slope: Mapping[str, Mapping[str, Estimate]]
    by_layer: Mapping[str, Mapping[str, tuple[float, ...]]]
    heads: tuple[Head, ...]
    redrawn: Knockout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionReport:
    """What attention shows, for each arm."""

    schema: int
    arms: Mapping[str, ArmAttention]

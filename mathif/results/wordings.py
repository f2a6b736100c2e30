"""The record of reliable adherence: what is obeyed in every wording of a constraint, not in the one that was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.stats import Count, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class KindReliable:
    """How the constraints of one kind are obeyed.

    Attributes:
        every: share of them that is obeyed in every wording.
        each: share that is obeyed in a wording, over all of them: ordinary adherence.
    """

    every: Share
    each: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliable:
    """How an arm obeys that was asked in every wording; constraint by constraint, paired by item and sample.

    Attributes:
        wordings: how many were asked.
        every: share of the constraints that are obeyed in every wording: reliable adherence.
        each: share that is obeyed in a wording, over all of them: ordinary adherence.
        again: share that is obeyed in as many samples of the constraint's own wording, which is what chance alone
            leaves of `each`; None where there are fewer samples.
        hacc: share of the items with every constraint obeyed in every wording.
        hacc_each: share of the replies that obey every constraint, over all wordings.
        by_kind: the same by kind.
    """

    wordings: Count
    every: Share
    each: Share
    hacc: Share
    hacc_each: Share
    again: Share | None = None
    by_kind: Mapping[str, KindReliable] = field(default_factory=dict)

"""What one rung of the ladder found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison.

    Attributes:
        same: whether the two are equal.
        rung: the rung that decided: `text`, `number`, `structure` or `symbolic`.
        reason: why, in words.
    """

    same: bool
    rung: str
    reason: str

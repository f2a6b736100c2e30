"""What one rung of the ladder found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mathif.answers.tree import Tree


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


Compare = Callable[[Tree, Tree], Finding]
"""What compares the parts of two answers."""


def structural(same: bool, reason: str) -> Finding:
    """Return what the rung `structure` found."""
    return Finding(same, "structure", reason)

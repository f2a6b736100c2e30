"""Steps: the change of one number from the first run to the second, paired by reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace

from mathif.results import Change, LiftChange
from mathif.stats import Array, difference, flip_test


def change(first: Array, second: Array, problems: Array, *, flips: bool = True) -> Change:
    """Return the change of a share; with the replies that flipped, where they are each 0 or 1."""
    step = difference(second, first, problems)
    counted = Change(**asdict(step), first=_mean(first), second=_mean(second))
    if not flips:
        return counted
    net: dict[int, float] = defaultdict(float)
    for problem, moved in zip(problems.tolist(), (second - first).tolist(), strict=True):
        net[problem] += moved
    worse, better = (sum(sign * moved > 0 for moved in net.values()) for sign in (-1, 1))
    return replace(
        counted,
        lost=int((first > second).sum()),
        won=int((second > first).sum()),
        worse=worse,
        better=better,
        p=flip_test([round(moved) for moved in net.values()]),
    )


def _mean(side: Array) -> float | None:
    return float(side.mean()) if len(side) else None


def twofold(four: Sequence[Array], problems: Array) -> LiftChange:
    """Return the change of a lift, twice the difference of two means of shares.

    Args:
        four: obedience in the arm in the first run and in the second, then that of the plain replies in both.
        problems: the problem of each reply.
    """
    shown, shown_after, bare, bare_after = four
    half = difference((shown_after + bare) / 2, (bare_after + shown) / 2, problems)
    return LiftChange(
        **asdict(half) | {end: _doubled(getattr(half, end)) for end in ("value", "low", "high")},
        first=_mean(shown - bare),
        second=_mean(shown_after - bare_after),
    )


def _doubled(number: float | None) -> float | None:
    return None if number is None else 2 * number

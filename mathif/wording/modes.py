"""Findings on arms that say how to think, and on demands that exclude each other: assigned, so causes are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mathif.arms import CONSTRAINED
from mathif.counting import counted
from mathif.results import ArmGap, Conflict, Keeping, ModeKept, ProfileReport
from mathif.stats import borne
from mathif.wording.numbers import SHARES, in_percent, in_points, in_times
from mathif.wording.verbs import moved, unclaimed

CLAIM = 0.05
"""Largest p-value, adjusted over all pairs of arms and both outcomes, at which a change is named."""


def of_modes(figures: ProfileReport) -> list[str]:
    """Return a sentence for each way of thinking that was not kept, for each pair that was, and on a conflict."""
    return [
        *(_unkept(one) for one in figures.modes if one.keeping is not Keeping.KEPT),
        *(sentence for one, sentence in _gaps(figures.gaps) if one.second != CONSTRAINED),
        *(_conflict(figures.conflict) if figures.conflict else ()),
    ]


def of_ways(figures: ProfileReport) -> list[str]:
    """Return a sentence for each arm that shows the demands of `constrained` in another place or way."""
    return [sentence for one, sentence in _gaps(figures.gaps) if one.second == CONSTRAINED]


def _unkept(mode: ModeKept) -> str:
    called = "was IGNORED" if mode.keeping is Keeping.IGNORED else "is not shown to be kept"
    within = "" if mode.within is None else f" ({in_percent(mode.within)} of the budgets were kept)"
    return f"{mode.arm} {called}: {mode.reason}{within}; it is not compared."


def _gaps(gaps: Sequence[ArmGap]) -> Iterator[tuple[ArmGap, str]]:
    """Yield each pair with what it shows; what is named is corrected for all the pairs and both outcomes."""
    asked = {(place, name): getattr(one, name) for place, one in enumerate(gaps) for name in ("hacc", "acc")}
    ways = borne(asked, CLAIM)
    for place, one in enumerate(gaps):
        hacc, acc = ways[place, "hacc"], ways[place, "acc"]
        obeyed = (
            f" {moved(hacc)} {SHARES['hacc']} ({in_points(one.hacc)}{unclaimed(one.hacc, hacc)};"
            f" {counted(one.won, 'reply')} won, {one.lost} lost) and"
        )
        right = f"{moved(acc)} {SHARES['acc']} ({in_points(one.acc)}{unclaimed(one.acc, acc)})"
        if one.hacc.value is None:
            yield one, f"{_pair(one)} {right}; obeying is not measured, as no two replies both show what is judged."
        else:
            yield one, f"{_pair(one)}{obeyed} {right}."


def _pair(one: ArmGap) -> str:
    """Return what is set against what."""
    if one.second == CONSTRAINED:
        return f"same demands, {one.first} against {one.second}: that way of showing them"
    longer = f", {in_times(one.tokens)} as long," if one.tokens.value is not None else ""
    return f"same weights, {one.first} against {one.second}: more thinking{longer}"


def _conflict(whom: Conflict) -> Iterator[str]:
    both = f", both {in_percent(whom.both)}" if whom.both.value else ""
    named = f"; {in_percent(whom.named)} of the thinking restates a demand" if whom.named.n else ""
    yield (
        f"conflict: the system alone is obeyed by {in_percent(whom.system)}, the user alone by"
        f" {in_percent(whom.user)}, neither by {in_percent(whom.neither)}{both}{named}."
    )

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


def of_modes(found: ProfileReport) -> list[str]:
    """Return a sentence for each way of thinking that was not kept, for each pair that was, and on a conflict."""
    return [
        *(_unkept(one) for one in found.modes if one.keeping is not Keeping.KEPT),
        *(sentence for one, sentence in _gaps(found.gaps) if one.second != CONSTRAINED),
        *(_conflict(found.conflict) if found.conflict else ()),
    ]


def of_ways(found: ProfileReport) -> list[str]:
    """Return a sentence for each arm that shows the demands of `constrained` in another place or way."""
    return [sentence for one, sentence in _gaps(found.gaps) if one.second == CONSTRAINED]


def _unkept(found: ModeKept) -> str:
    called = "was IGNORED" if found.keeping is Keeping.IGNORED else "is not shown to be kept"
    within = "" if found.within is None else f" ({in_percent(found.within)} of the budgets were kept)"
    return f"{found.arm} {called}: {found.reason}{within}; it is not compared."


def _gaps(found: Sequence[ArmGap]) -> Iterator[tuple[ArmGap, str]]:
    """Yield each pair with what it shows; what is named is corrected for all the pairs and both outcomes."""
    asked = {(place, name): getattr(one, name) for place, one in enumerate(found) for name in ("hacc", "acc")}
    ways = borne(asked, CLAIM)
    for place, one in enumerate(found):
        hacc, acc = ways[place, "hacc"], ways[place, "acc"]
        sentence = (
            f"{_pair(one)} {moved(hacc)} {SHARES['hacc']} ({in_points(one.hacc)}{unclaimed(one.hacc, hacc)};"
            f" {counted(one.won, 'reply')} won, {one.lost} lost) and {moved(acc)} {SHARES['acc']}"
            f" ({in_points(one.acc)}{unclaimed(one.acc, acc)})."
        )
        yield one, sentence


def _pair(one: ArmGap) -> str:
    """Return what is set against what."""
    if one.second == CONSTRAINED:
        return f"same demands, {one.first} against {one.second}: that way of showing them"
    longer = f", {in_times(one.tokens)} as long," if one.tokens.value is not None else ""
    return f"same weights, {one.first} against {one.second}: more thinking{longer}"


def _conflict(found: Conflict) -> Iterator[str]:
    both = f", both {in_percent(found.both)}" if found.both.value else ""
    named = f"; {in_percent(found.named)} of the thinking restates a demand" if found.named.n else ""
    yield (
        f"conflict: the system alone is obeyed by {in_percent(found.system)}, the user alone by"
        f" {in_percent(found.user)}, neither by {in_percent(found.neither)}{both}{named}."
    )

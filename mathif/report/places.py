"""Position: how far into a reply its instruction is first broken, against the plain reply to the same item.

Only kinds that any stretch of a text can break afresh are asked: what is missing, or has one place, such as the answer,
moves with the length of the reply and says nothing about where a model forgot.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from mathif.constraints import KINDS
from mathif.counting import counted
from mathif.records import Profile
from mathif.report.columns import ReplyColumns, columns
from mathif.report.marked import Rows
from mathif.results import Position
from mathif.stats import (
    Array,
    Ratio,
    column,
    doublings,
    hazard_ratio,
    hazard_trend,
    smooth,
    survival,
)

PLACES = (0, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400)
"""Characters at which the survival curve is given."""
FEW = 5
"""Fewest problems for a ratio of places, which is a mean and needs no more for Student's interval to hold."""


def position(mine: Rows, theirs: Rows, profile: Profile) -> tuple[Ratio, Position]:
    """Return where the replies break their instruction, against the plain replies at the same places of `theirs`.

    Only pairs of whole replies to an item with a single constraint count: a second one would move the text. Each reply
    counts as far as it goes: unbroken, it is censored at its end.
    """
    kept = [row.whole and bare.whole and strewn(row.kinds) for row, bare in zip(mine, theirs, strict=True)]
    told, untold = (ReplyColumns.of(rows.kept(kept), profile) for rows in (mine, theirs))
    timed = (told.final_chars >= 0) & (untold.final_chars >= 0)
    told, untold = told.where(timed), untold.where(timed)
    late, early = _places(told), _places(untold)
    shared = column(
        [1 + min(*ends) for ends in zip(told.final_chars.tolist(), untold.final_chars.tolist(), strict=True)], float
    )
    broken_here = _broken(told) * (late <= shared)
    longest = max((0, *told.final_chars.tolist(), *untold.final_chars.tolist()))
    places = column([at for at in PLACES if at <= longest], float)
    return _ratio(told, untold), Position(
        hazard=_hazard(told, untold, late, early),
        trend=hazard_trend(
            early, column([*map(min, late.tolist(), shared.tolist())], float), broken_here, told.problem
        ),
        told=survival(late, _broken(told), told.problem, places),
        untold=survival(early, _broken(untold), untold.problem, places),
    )


def strewn(kinds: Sequence[str]) -> bool:
    """Return whether an item has one constraint and any stretch of a text can break it afresh."""
    return len(kinds) == 1 and KINDS[kinds[0]].strewn


def _broken(replies: ReplyColumns) -> Array:
    return column((replies.violation >= 0).tolist(), float)


def _places(replies: ReplyColumns) -> Array:
    """Return for each reply the character, from 1, at which it is first broken, or at which it ends unbroken."""
    pairs = zip(replies.violation.tolist(), replies.final_chars.tolist(), strict=True)
    return column([1 + (end if place < 0 else place) for place, end in pairs], float)


def _hazard(told: ReplyColumns, untold: ReplyColumns, late: Array, early: Array) -> Ratio:
    parts = ((late, told, 1.0), (early, untold, 0.0))
    rows = [
        (place, broken, given, item, problem)
        for places, replies, given in parts
        for place, broken, item, problem in zip(
            places.tolist(),
            _broken(replies).tolist(),
            replies.item.tolist(),
            replies.problem.tolist(),
            strict=True,
        )
    ]
    return hazard_ratio(*columns(rows, (float, float, float, int, int)))


def _ratio(told: ReplyColumns, untold: ReplyColumns) -> Ratio:
    """Return the geometric mean over all told and untold replies to an item that both break within their shared length.

    Within that length neither reply has more places than the other, so that a longer one does not look like a later
    one.
    """
    late, early = _crossed(told.item, untold.item)
    window = column([*map(min, told.final_chars[late].tolist(), untold.final_chars[early].tolist())], int)
    places = told.violation[late], untold.violation[early]
    both = (places[0] >= 0) & (places[0] < window) & (places[1] >= 0) & (places[1] < window)
    problems = told.problem[late][both]
    seen = len(set(problems.tolist()))
    if seen < FEW:
        having = counted(seen, "problem has", "problems have")
        reason = f"{having} such pairs of replies, broken at a known place; {FEW} are needed"
        return Ratio.unknown(reason, len(problems), seen)
    steps = doublings(1 + places[0][both]) - doublings(1 + places[1][both])
    value = 2 ** float(steps.mean())
    return smooth(value, value * math.log(2) * (steps - steps.mean()) / len(steps), problems, positive=True)


def _crossed(items: Array, others: Array) -> tuple[Array, Array]:
    """Return the places of every pair of replies to the same item, one from either side."""
    of_item: dict[int, list[int]] = defaultdict(list)
    for place, item in enumerate(others.tolist()):
        of_item[item].append(place)
    pairs = [(place, other) for place, item in enumerate(items.tolist()) for other in of_item[item]]
    first, second = zip(*pairs, strict=True) if pairs else ((), ())
    return column(first, int), column(second, int)

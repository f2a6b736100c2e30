"""Parts: what changed in reply and thinking, each against its plain floor, at the same length and in its hazard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from mathif.arms import PLAIN
from mathif.compare.steps import change, twofold
from mathif.records import Profile
from mathif.report.marked import Rows
from mathif.report.parts import (
    Texts,
    beside_plain,
    hazard_against,
    part_outcomes,
    seen_whole,
    texts_alike,
    violation_rate,
)
from mathif.results import LiftChange, PartChange
from mathif.stats import column, matched_difference

Arms = Mapping[str, Rows]


def part_changes(arm: str, before: Arms, after: Arms, profile: Profile) -> dict[str, PartChange]:
    """Return what changed in `reply`, `thinking` and `both`, over the pairs whose thinking can be seen whole.

    Args:
        arm: the arm.
        before: the rows of the first run by arm.
        after: the rows of the second run, of the same keys in the same order.
        profile: the profile that judges.
    """
    kept = [
        seen_whole(row, profile) and seen_whole(other, profile)
        for row, other in zip(before[arm], after[arm], strict=True)
    ]
    if not any(kept):
        return {}
    first, second = before[arm].kept(kept), after[arm].kept(kept)
    obeyed = [part_outcomes(side, profile) for side in (first, second)]
    problems = column([row.problem for row in first], int)
    shown, plain = (first, second), [side[PLAIN] for side in (before, after) if PLAIN in side]
    lifts = {} if arm == PLAIN or len(plain) < 2 else _lifts(shown, plain, profile)
    texts = texts_alike((first, second), profile)
    steps = {part: change(obeyed[0][part], obeyed[1][part], problems) for part in obeyed[0]}
    by_part = {part: PartChange(**asdict(step), lift=lifts.get(part)) for part, step in steps.items()}
    return by_part | {part: _along(by_part[part], texts[0][part], texts[1][part]) for part in texts[0]}


def _along(one: PartChange, first: Texts, second: Texts) -> PartChange:
    """Return the change with that at the same length of the judged text, and with the hazards of both runs."""
    return replace(
        one,
        matched=matched_difference(second.obeyed, second.size, first.obeyed, first.size, second.problem, first.problem),
        rates=(violation_rate(first), violation_rate(second)),
        hazard=hazard_against(second.where(second.strewn), first.where(first.strewn)),
    )


def _lifts(shown: Sequence[Rows], plain: Sequence[Rows], profile: Profile) -> dict[str, LiftChange]:
    """Return the change of the lift of each part, over the pairs that have plain partners in both runs."""
    pairs = [beside_plain(rows, bare, profile) for rows, bare in zip(shown, plain, strict=True)]
    keys = [[row.key for row in mine] for mine, _ in pairs]
    shared = set(keys[0]).intersection(keys[1])
    if not shared:
        return {}
    kept = [[side.kept(map(shared.__contains__, own)) for side in pair] for pair, own in zip(pairs, keys, strict=True)]
    told, bare = ([part_outcomes(pair[side], profile) for pair in kept] for side in (0, 1))
    problems = column([row.problem for row in kept[0][0]], int)
    return {part: twofold([told[0][part], told[1][part], bare[0][part], bare[1][part]], problems) for part in told[0]}

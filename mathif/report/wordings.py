"""Wordings: which constraints are obeyed however they are put, where every wording of them was asked.

A model that obeys a demand in one wording may obey its wording. What is obeyed in all of them is *reliable*; some of
what is lost on the way is chance, which the same wording asked as often shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import comb
from typing import NamedTuple

from mathif.arms import words_anew
from mathif.records import Profile
from mathif.report.marked import PASS, MarkedReply
from mathif.results import KindReliable, Reliable
from mathif.stats import Share, column, mean, share

Arms = Mapping[str, Sequence[MarkedReply]]


class _Asked(NamedTuple):
    """The constraints of one item and sample.

    Attributes:
        key: of the reply in the own wording.
        kinds: of the constraints.
        problem: number of the problem.
        obeyed: for each wording whether each constraint is obeyed.
        settled: whether every constraint of the item is measured.
    """

    key: str
    kinds: tuple[str, ...]
    problem: int
    obeyed: tuple[tuple[bool, ...], ...]
    settled: bool

    def every(self) -> Iterator[float]:
        """Yield for each constraint whether it is obeyed in every wording."""
        return (float(all(marks)) for marks in zip(*self.obeyed, strict=True))

    def each(self) -> Iterator[float]:
        """Yield for each constraint in which share of the wordings it is obeyed."""
        return (sum(marks) / len(marks) for marks in zip(*self.obeyed, strict=True))


def reliable(arms: Arms, profile: Profile) -> dict[str, Reliable]:
    """Return reliable adherence of every arm that was asked in other wordings too, by the arm of the own wording."""
    asked = {arm: list(_asked(arm, arms, profile)) for arm in arms}
    return {arm: _reliable(own, arms[arm], profile) for arm, own in asked.items() if own}


def reliable_in(arm: str, arms: Arms, profile: Profile) -> dict[str, tuple[int, list[float]]]:
    """Return by key, in its own wording, the problem and for each constraint 1.0 where every wording is obeyed."""
    return {one.key: (one.problem, list(one.every())) for one in _asked(arm, arms, profile)}


def _reliable(asked: Sequence[_Asked], own: Sequence[MarkedReply], profile: Profile) -> Reliable:
    wordings, settled = len(asked[0].obeyed), [one for one in asked if one.settled]
    problems = column([one.problem for one in settled], int)
    kinds = sorted({kind for one in asked for kind in one.kinds})
    return Reliable(
        wordings=wordings,
        **_shares(asked, ""),
        hacc=share([all(one.every()) for one in settled], problems),
        hacc_each=mean([sum(map(all, one.obeyed)) / wordings for one in settled], problems),
        again=_again(own, wordings, profile),
        by_kind={kind: KindReliable(**_shares(asked, kind)) for kind in kinds},
    )


def _shares(asked: Sequence[_Asked], kind: str) -> dict[str, Share]:
    """Return `every` and `each` over the constraints of a kind, over all where it is ""."""
    rows = [
        (one.problem, every, each)
        for one in asked
        for own, every, each in zip(one.kinds, one.every(), one.each(), strict=True)
        if kind in (own, "")
    ]
    problems = column([problem for problem, _, _ in rows], int)
    return {
        "every": share([every for _, every, _ in rows], problems),
        "each": mean([each for _, _, each in rows], problems),
    }


def _asked(arm: str, arms: Arms, profile: Profile) -> Iterator[_Asked]:
    """Yield the items and samples that have a reply in every wording of an arm, judged for the same constraints."""
    others = [rows for other, rows in arms.items() if words_anew(other) == arm]
    worded = [arms[arm], *others] if others else []
    by_place = [{(row.item, row.sample): row for row in rows if row.kinds and not row.error} for rows in worded]
    for place, first in by_place[0].items() if by_place else ():
        rows = [one[place] for one in by_place if place in one]
        if len(rows) == len(by_place) and all(row.kinds == first.kinds for row in rows):
            obeyed = tuple(_obeyed(row, profile) for row in rows)
            yield _Asked(first.key, first.kinds, first.problem, obeyed, not first.unmeasured)


def _obeyed(row: MarkedReply, profile: Profile) -> tuple[bool, ...]:
    return tuple(row.whole and mark == PASS for mark in row.judged[profile].strict)


def _again(rows: Sequence[MarkedReply], times: int, profile: Profile) -> Share | None:
    """Return the share of constraints that so many replies to the same prompt all obey; None where none has as many.

    Of n samples, x of which obey, any so many are as good as the others: C(x, k) of the C(n, k) sets obey throughout.
    """
    samples: dict[tuple[int, tuple[str, ...]], list[MarkedReply]] = defaultdict(list)
    for row in rows:
        if row.kinds and not row.error:
            samples[row.item, row.kinds].append(row)
    chances = [
        (own[0].problem, comb(sum(marks), times) / comb(len(own), times))
        for own in samples.values()
        if len(own) >= times
        for marks in zip(*(_obeyed(row, profile) for row in own), strict=True)
    ]
    return mean([value for _, value in chances], [problem for problem, _ in chances]) if chances else None

"""Versions: the same problems at other step counts and in other words, so that length is moved by what was assigned.

How long a model thinks is its own choice; how many steps a problem has is not. What more steps do to obedience is
therefore a dose and its response, and, where steps act through length alone, the effect of length itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from mathif.records import Profile, Surface
from mathif.report.columns import ReplyColumns
from mathif.report.effect_sizes import strata
from mathif.report.marked import Rows
from mathif.results import ACC, HACC, VersionEffects, VersionLevel, Versions
from mathif.stats import Array, Estimate, column, dose_slope, doublings, instrumental, smooth, unit_effects, unknown

UNASKED = unknown("no item with constraints was asked")


def by_version(rows: Rows, profile: Profile) -> Versions | None:
    """Return what steps and surface do to the replies of one arm, None where no problem has two versions."""
    own = rows.where(lambda row: row.root and not row.error)
    posed: dict[str, set[tuple[int | None, str]]] = {}
    for row in own:
        posed.setdefault(row.root, set()).add((row.steps, row.surface))
    if all(len(several) < 2 for several in posed.values()):
        return None
    sides = _Sides.of(own, profile)
    asked, once = sides.where(sides.replies.settled), sides.once()
    thought = once.timed()
    obeying = asked.timed()
    x = doublings(obeying.replies.cot_tokens)
    shown = bool(len(asked.replies))
    return Versions(
        levels=tuple(_level(sides, *level) for level in sorted(set().union(*posed.values()), key=_place)),
        hacc=_effects(asked, asked.replies.obeyed),
        acc=_effects(once, once.replies.right),
        length=_effects(thought, doublings(thought.replies.cot_tokens)),
        instrumental=instrumental(obeying.replies.obeyed, x, obeying.steps, obeying.units, obeying.roots)
        if shown
        else UNASKED,
        observed=dose_slope(obeying.replies.obeyed, x, x, strata(obeying.replies), obeying.roots) if shown else UNASKED,
        truncated=int(once.replies.cut.sum()),
    )


def _place(level: tuple[int | None, str]) -> tuple[int, str]:
    return level[0] or 0, level[1]


@dataclass(frozen=True)
class _Sides:
    """The replies to versions, with what is the same and what differs between them.

    Attributes:
        replies: scores.
        roots: number of what a problem is a version of.
        steps: doublings of its steps.
        surface: 0.5 where it is told in an unfamiliar way, else -0.5.
    """

    replies: ReplyColumns
    roots: Array
    steps: Array
    surface: Array

    @classmethod
    def of(cls, rows: Rows, profile: Profile) -> Self:
        """Read `rows`, in their order."""
        numbers = {root: place for place, root in enumerate(sorted({row.root for row in rows}))}
        return cls(
            ReplyColumns.of(rows, profile),
            column([numbers[row.root] for row in rows], int),
            doublings(column([row.steps or 1 for row in rows], int)),
            column([0.5 if row.surface == Surface.UNFAMILIAR else -0.5 for row in rows], float),
        )

    @property
    def units(self) -> Array:
        """What replies share that differ in their version only: the root, and the number of constraints."""
        return self.roots * (int(self.replies.size.max(initial=0)) + 1) + self.replies.size

    def told_both_ways(self) -> bool:
        """Return whether some problem is told in a familiar and in an unfamiliar way."""
        pairs = set(zip(self.roots.tolist(), self.surface.tolist(), strict=True))
        return len(pairs) > len(set(self.roots.tolist()))

    def where(self, mask: Array) -> Self:
        """Return the replies at which `mask` is true."""
        return replace(
            self,
            replies=self.replies.where(mask),
            roots=self.roots[mask],
            steps=self.steps[mask],
            surface=self.surface[mask],
        )

    def timed(self) -> Self:
        """Return the replies whose length is known and their own."""
        return self.where((self.replies.cot_tokens >= 0) & ~self.replies.cut)

    def once(self) -> Self:
        """Return every reply once, though it is judged for several items."""
        return self.where(self.replies.first_places())


def _effects(sides: _Sides, outcome: Array) -> VersionEffects:
    """Return the effect of a doubling of the steps, of the unfamiliar telling, and of both together.

    Steps and surface act together only where the same problems were posed in several of both.
    """
    steps = sides.steps - (sides.steps.mean() if len(sides.steps) else 0)
    tellings = [sides.surface, steps * sides.surface] if sides.told_both_ways() else [0 * steps, 0 * steps]
    rows: list[tuple[float, ...]] = list(zip(steps, *tellings, strict=True))
    design = column(rows, float).reshape(-1, 3)
    by_steps, surface, together = unit_effects(outcome, design, sides.units, sides.roots)
    return VersionEffects(
        steps=by_steps, surface=surface, interaction=together if by_steps.value is not None else by_steps
    )


def _level(sides: _Sides, steps: int | None, surface: str) -> VersionLevel:
    strange = 0.5 if surface == Surface.UNFAMILIAR else -0.5
    here = sides.where((sides.steps == float(doublings(column([steps or 1], int))[0])) & (sides.surface == strange))
    once = here.once()
    timed = once.timed()
    return VersionLevel(
        steps=steps or 0,
        surface=surface,
        n=len(once.replies),
        truncated=int(once.replies.cut.sum()),
        hacc=HACC.estimate(here.replies.over(HACC)),
        acc=ACC.estimate(here.replies.over(ACC)),
        length=_mean(doublings(timed.replies.cot_tokens), timed.roots),
    )


def _mean(values: Array, clusters: Array) -> Estimate:
    if len(values) == 0:
        return unknown("no reply has a known length")
    centre = float(values.mean())
    return smooth(centre, (values - centre) / len(values), clusters)

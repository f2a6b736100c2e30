"""Contrasts: what a paired comparison of two arms, or of a fresh set with the bundled one, answers with one number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from mathif.arms import CONSTRAINED, PLAIN
from mathif.records import Profile
from mathif.report.columns import ReplyColumns
from mathif.report.effect_sizes import alike, gain
from mathif.report.marked import PASS, Rows
from mathif.results import Adherence
from mathif.stats import Difference, column, difference

MEANINGLESS = ("scrambled", "shuffled")
"""Arms whose instructions are as long as those of `CONSTRAINED` and tell nothing of the item's own constraints."""


def against_meaningless(arms: Mapping[str, Rows], profile: Profile) -> Mapping[str, Adherence[Difference]] | None:
    """Return adherence in arm `CONSTRAINED` minus adherence in each arm of `MEANINGLESS`; None where none was asked."""
    gains = {}
    for arm in (arm for arm in MEANINGLESS if arm in arms):
        mine, theirs = alike(arms[CONSTRAINED], arms[arm])
        own, other = ReplyColumns.of(mine, profile), ReplyColumns.of(theirs, profile)
        if len(own):
            gains[arm] = gain(own, own.part, other.part)
    return gains or None


def fresh_against_bundled(rows: Rows) -> Mapping[str, Difference]:
    """Return by task what a fresh build scores in Acc minus what the bundled set does, families and turns paired.

    Both sets pose the families in turn, so that a problem's partner is of the same family; a model that has seen the
    bundled set and learned it by heart is worse on the fresh one. Arm `plain` where it was asked, else the first one.
    """
    asked = {row.arm for row in rows}
    arm = PLAIN if PLAIN in asked else min(asked, default="")
    right: dict[str, dict[tuple[str, int], float]] = defaultdict(dict)
    problems: dict[str, int] = {}
    for row in rows:
        if row.arm == arm and not row.error and not row.root:
            right[row.task][row.name, row.sample] = float(row.whole and row.answer == PASS)
            problems.setdefault(row.name, len(problems))
    changes = {}
    for task, bundled in right.items():
        pairs = [
            (fresh[place], bundled[place], problems[place[0]])
            for other, fresh in right.items()
            if other.startswith(f"{task}-")
            for place in fresh.keys() & bundled.keys()
        ]
        if pairs:
            new, old, owners = zip(*sorted(pairs), strict=True)
            changes[task] = difference(column(new, float), column(old, float), column(owners, int))
    return changes

"""The triangle: what became of knowledge, of reasoning and of obedience, each where the other two matter least."""

from __future__ import annotations

from dataclasses import asdict

from mathif.compare.changes import Arms, change, tasks
from mathif.records import Profile
from mathif.report.columns import PLAIN, ReplyColumns
from mathif.results import ACC, HACC, Corner, Triangle
from mathif.stats import Array, Estimate, column, smooth

CORNERS = {"knowledge": ("knowledge", ACC), "reasoning": ("core", ACC), "obedience": ("control", HACC)}
"""The task and the metric that measure each corner."""


def triangle(before: Arms, after: Arms, profile: Profile) -> Triangle | None:
    """Return the change at each corner, or None where the runs do not share all three tasks.

    Knowledge and reasoning are the share of right answers to bare problems (arm `plain` where the runs have it),
    obedience is HAcc on items without mathematics. `under_mathematics` is the change of HAcc on the mathematics of
    `core` minus that on `control`: whether obedience changed because the problem is hard.

    Fresh sets (`core-7`) count as the task that they were built as.
    """
    bare, shown = _arm_for_acc(before), _arm_for_hacc(before)
    if bare is None or shown is None:
        return None
    first, second = _scored(before, after, bare, profile)
    asked, then = _scored(before, after, shown, profile)
    stems = {ACC: _stems(before, bare), HACC: _stems(before, shown)}
    if any(not (stems[metric] == task).any() for task, metric in (*CORNERS.values(), ("core", HACC))):
        return None
    sides = {ACC: (bare, first, second), HACC: (shown, asked, then)}
    corners = {}
    for name, (task, metric) in CORNERS.items():
        arm, one, other = sides[metric]
        here = stems[metric] == task
        old, new = one.where(here).over(metric), other.where(here).over(metric)
        moved = change(metric.of(old), metric.of(new), old.problem)
        corners[name] = Corner(**asdict(moved), task=task, metric=metric.key, arm=arm)
    return Triangle(corners=corners, under_mathematics=_under_mathematics(asked, then, stems[HACC]))


def _arm_for_acc(arms: Arms) -> str | None:
    return next((arm for arm in (PLAIN, "constrained", *arms) if arm in arms), None)


def _arm_for_hacc(arms: Arms) -> str | None:
    return next((arm for arm in ("constrained", *arms) if arm in arms and arm != PLAIN), None)


def _scored(before: Arms, after: Arms, arm: str, profile: Profile) -> tuple[ReplyColumns, ReplyColumns]:
    return ReplyColumns.of(before[arm], profile), ReplyColumns.of(after[arm], profile)


def _stems(arms: Arms, arm: str) -> Array:
    """Return for each row the name under which its task is bundled."""
    return column([name.partition("-")[0] for name in tasks(arms[arm]).tolist()], str)


def _under_mathematics(first: ReplyColumns, second: ReplyColumns, stems: Array) -> Estimate:
    """Return the difference of two mean changes over different problems (delta method, clustered by problem)."""
    step = second.obeyed - first.obeyed
    value, influence = 0.0, 0.0 * step
    for task, sign in (("core", 1.0), ("control", -1.0)):
        mask = (stems == task) & (first.size > 0)
        centre = float(step[mask].mean())
        value += sign * centre
        influence = influence + sign * mask * (step - centre) / mask.sum()
    return smooth(value, influence, first.problem)

"""The triangle: what became of knowledge, of reasoning and of obedience, each where the other two matter least."""

from __future__ import annotations

from dataclasses import asdict

from mathif.arms import CONSTRAINED, PLAIN
from mathif.compare.changes import Arms, tasks
from mathif.compare.steps import change
from mathif.records import Profile
from mathif.report.columns import ReplyColumns
from mathif.results import ACC, HACC, Corner, Triangle
from mathif.stats import Array, Estimate, column, smooth

CORNERS = {"knowledge": ("knowledge", ACC), "reasoning": ("core", ACC), "obedience": ("control", HACC)}
"""The task and the metric that measure each corner."""


def triangle(before: Arms, after: Arms, profile: Profile) -> Triangle | None:
    """Return the change at each corner, or None where the runs do not share all three tasks.

    Knowledge and reasoning are the share of right answers to bare problems (arm `plain` where the runs have it),
    obedience is HAcc on items without mathematics. `under_mathematics` is the change of HAcc on the mathematics of
    `core` minus that on `control`: whether obedience changed because the problem is hard.

    `reasoning_against_knowledge` is the change of Acc on `core` minus that on `knowledge`: whether reasoning changed
    by more or by less than what the model knows. Fresh sets (`core-7`) count as the task that they were built as.
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
    obeying = stems[HACC], asked.settled & then.settled, then.obeyed - asked.obeyed
    once = first.first_places()
    answering = stems[ACC][once], first.item[once] >= 0, (second.right - first.right)[once]
    return Triangle(
        corners=corners,
        under_mathematics=_gap(*obeying, asked.problem, ("core", "control")),
        reasoning_against_knowledge=_gap(*answering, first.problem[once], ("core", "knowledge")),
    )


def _arm_for_acc(arms: Arms) -> str | None:
    return next((arm for arm in (PLAIN, CONSTRAINED, *arms) if arm in arms), None)


def _arm_for_hacc(arms: Arms) -> str | None:
    return next((arm for arm in (CONSTRAINED, *arms) if arm in arms and arm != PLAIN), None)


def _scored(before: Arms, after: Arms, arm: str, profile: Profile) -> tuple[ReplyColumns, ReplyColumns]:
    return ReplyColumns.of(before[arm], profile), ReplyColumns.of(after[arm], profile)


def _stems(arms: Arms, arm: str) -> Array:
    """Return for each row the name under which its task is bundled."""
    return column([name.partition("-")[0] for name in tasks(arms[arm]).tolist()], str)


def _gap(stems: Array, counted: Array, step: Array, problems: Array, tasks: tuple[str, str]) -> Estimate:
    """Return the mean change in the first task minus that in the second (delta method, clustered by problem).

    Args:
        stems: the task of each pair of replies.
        counted: whether the pair counts.
        step: what changed in it.
        problems: its problem.
        tasks: both tasks, whose problems are different ones.
    """
    value, influence = 0.0, 0.0 * step
    for task, sign in zip(tasks, (1.0, -1.0), strict=True):
        mask = (stems == task) & counted
        centre = float(step[mask].mean())
        value += sign * centre
        influence = influence + sign * mask * (step - centre) / mask.sum()
    return smooth(value, influence, problems)

"""The tasks that a plan names, and the items of them that it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mathif import store
from mathif.errors import UsageError
from mathif.items import Item, Task
from mathif.plan import Plan
from mathif.tasks import load


def load_tasks(plan: Plan) -> tuple[Task, ...]:
    """Load the tasks of a plan, whose names begin the keys of its replies.

    Where several have one name, such as builds of one set by hand, the name of the folder goes behind it.

    Raises:
        UsageError: if two of them have one name and one folder name.
    """
    tasks = [load(name, Path(plan.data) if plan.data else None) for name in plan.tasks]
    shared = {name for name, count in Counter(task.name for task in tasks).items() if count > 1}
    named = tuple(
        replace(task, name=f"{task.name}-{Path(given).name}") if task.name in shared else task
        for given, task in zip(plan.tasks, tasks, strict=True)
    )
    names = [task.name for task in named]
    if len(set(names)) < len(names):
        raise UsageError(f"--task: found tasks named {', '.join(names)}, expected each name once; run them apart")
    return named


def dealt(plan: Plan, items: Sequence[Item]) -> Sequence[Item]:
    """Return the items of a task that a run with this plan asks: those of its limit, and of its shard.

    A shard takes every N-th problem of the limit's, in the order of the fixed shuffle, with all its items: shards are
    disjoint, together they are the whole, and no two differ by more than one problem of each task.
    """
    kept = chosen(items, plan.limit)
    if plan.part is None:
        return kept
    number, count = plan.part
    problems = sorted({item.problem.key for item in kept}, key=store.digest)
    own = set(problems[number - 1 :: count])
    return [item for item in kept if item.problem.key in own]


def chosen(items: Sequence[Item], limit: int | None) -> Sequence[Item]:
    """Return `limit` items, whole problems first, or all of them for None; in the order of the task.

    The problems come from a fixed shuffle, so that every source and tier has its share, a problem keeps its rungs
    together, and a larger limit holds the smaller one.
    """
    if limit is None or limit >= len(items):
        return items
    shuffled = sorted(items, key=lambda item: store.digest(item.problem.key))
    kept = {item.key for item in shuffled[:limit]}
    return [item for item in items if item.key in kept]

"""Limits: a task whose bounds on the words of the thinking are those of one model, read off its own plain thinking.

A bound that suits one model is out of reach of another or no bound at all. ReasonIF (arXiv 2510.15211) therefore takes
for each model and source a percentile of the lengths of its thinking when nothing is asked.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mathif.arms import PLAIN
from mathif.build import Head, write_set
from mathif.constraints import Constraint, Target
from mathif.constraints.length import NumberOfWords, runs_of_letters
from mathif.errors import DataError, UsageError
from mathif.items import Item, Task, Worded
from mathif.reasoning import split
from mathif.records import Key
from mathif.run import Run
from mathif.tasks import Recipe


class Limits(NamedTuple):
    """A task that was written.

    Attributes:
        folder: where it is.
        items: how many items it has.
        words: the bound for each source, in words.
    """

    folder: Path
    items: int
    words: Mapping[str, int]


def calibrate(run: Run, percentile: int, folder: Path | None = None) -> Limits:
    """Write the task of a run anew, its bounds on the words of the thinking taken from the run's plain replies.

    Args:
        run: of one task; its arm `plain` shows thinking.
        percentile: of the numbers of words of the plain thinking of each source, from 1 to 99; ReasonIF takes 20.
        folder: to write, empty or written by the same command before; None for `TASK-limits`.

    Raises:
        UsageError: if the run has several tasks, or its task no such bound, or the folder holds something else.
        DataError: if a source that is bounded has no plain thinking.
    """
    if len(run.tasks) != 1:
        raise UsageError(
            f"{run.folder}: found {len(run.tasks)} tasks, expected a run of one; calibrate each from its own"
        )
    task = run.tasks[0]
    bounded = sorted({item.problem.source for item in task.items if any(map(_is_bound, item.constraints))})
    if not bounded:
        raise UsageError(
            f"{run.folder}: task {task.name} bounds the words of no thinking, so there is nothing to calibrate"
        )
    lengths = _lengths(run, task)
    for source in bounded:
        if source not in lengths:
            raise DataError(
                f"{run.folder}: no plain reply to a problem of {source!r} shows its thinking; ask arm {PLAIN!r} of all "
                "sources, of a model whose thinking can be read"
            )
    limits = {source: _percentile(lengths[source], percentile) for source in bounded}
    items = [_limited(item, limits.get(item.problem.source, 0)) for item in task.items]
    name = f"{task.name}-limits"
    told = Head(
        name=name,
        version=f"{task.version}-p{percentile}",
        title=f"{task.title}; the words of the thinking bounded by percentile {percentile} of {run.plan.model}'s own",
        command=f"mathif tasks calibrate {run.folder} --percentile {percentile}",
        canary=["canary", task.digest, percentile, *limits.values()],
    )
    said = ", ".join(f"{source} {limit} (of {len(lengths[source])})" for source, limit in limits.items())
    recipe: Recipe = {"kinds": {}, "notes": f"Most words of the thinking, by source: {said}."}
    written = folder or Path(name)
    return Limits(written, write_set(written, told, recipe, items, task.layout), limits)


def _lengths(run: Run, task: Task) -> dict[str, list[int]]:
    """Return by source how many words each plain thinking has, also one that was cut, counted as ReasonIF does."""
    sources = {item.problem.key: item.problem.source for item in task.items}
    lengths: dict[str, list[int]] = defaultdict(list)
    for key, generation in run.replies.items():
        asked = Key.parse(key)
        if asked.arm == PLAIN and (thinking := split(generation).thinking).strip():
            lengths[sources[asked.item]].append(runs_of_letters(thinking))
    return {source: sorted(counts) for source, counts in lengths.items()}


def _percentile(counts: Sequence[int], percentile: int) -> int:
    """Return a percentile of sorted counts, interpolated and cut to a whole number that bounds something."""
    place = (len(counts) - 1) * percentile / 100
    low = int(place)
    high = min(low + 1, len(counts) - 1)
    return max(2, int(counts[low] + (place - low) * (counts[high] - counts[low])))


def _is_bound(demand: Constraint) -> bool:
    return isinstance(demand, NumberOfWords) and demand.target is Target.THINKING and demand.relation == "less than"


def _limited(item: Item, limit: int) -> Item:
    """Return an item with its bounds on the words of the thinking set to `limit`, in the sentences that it has."""
    return item.demanding(_bounded(*pair, limit) for pair in item.worded)


def _bounded(demand: Constraint, sentence: str, limit: int) -> Worded:
    if not isinstance(demand, NumberOfWords) or not _is_bound(demand):
        return demand, sentence
    # A sentence names the number once, in digits, also a benchmark's own.
    said = re.sub(rf"\b{demand.num_words}\b", str(limit), sentence, count=1)
    return dataclasses.replace(demand, num_words=limit), said

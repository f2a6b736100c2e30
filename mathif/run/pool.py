"""Grading on every core: replies in, verdicts out, in the same order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import NamedTuple

from mathif.grading import graded
from mathif.items import Item
from mathif.records import Graded, Key, Reply

CHUNK = 64
"""Replies handed to a grading process at a time."""
ALONE = 2000
"""Verdicts that this process gives alone: about as many as it gives in the time that others take to start."""


class Job(NamedTuple):
    """One reply and the items that it is judged for.

    Attributes:
        reply: the reply, or None where the harness failed to get one.
        judged: each item with the key of its verdict.
    """

    reply: Reply | None
    judged: Sequence[tuple[Item, Key]]


def graded_all(jobs: Iterable[Job], total: int) -> Iterator[Graded]:
    """Yield the verdicts of every job, in the order of the jobs.

    Args:
        jobs: read no further ahead than the cores are busy, so that memory does not grow with the run.
        total: about how many verdicts there will be; few are graded in this process, since starting others costs more.
    """
    source = iter(jobs)
    chunks = iter(lambda: list(islice(source, CHUNK)), [])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or total <= ALONE:
        yield from chain.from_iterable(map(_graded_chunk, chunks))
        return
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        waiting: list[Future[list[Graded]]] = []
        for chunk in chunks:
            waiting.append(pool.submit(_graded_chunk, chunk))
            if len(waiting) > 2 * cores:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


def _graded_chunk(jobs: Sequence[Job]) -> list[Graded]:
    return [graded(item, key, job.reply) for job in jobs for item, key in job.judged]

"""Grading on every core: replies in, verdicts out, in the same order.

A grading process ends with the one that started it, whatever ends that, and leaves signals to it.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from itertools import chain
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import NamedTuple

from mathif.errors import IncompleteError
from mathif.grading import graded
from mathif.items import Item
from mathif.records import Graded, Key, Reply

CHUNK = 64
"""Replies handed to a grading process at a time."""
CHUNK_CHARS = 4_000_000
"""Characters of replies at which a chunk is full: some are ten megabytes, and several chunks are under way."""
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

    Raises:
        IncompleteError: if a grading process was killed.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or total <= ALONE:
        yield from chain.from_iterable(_graded_chunk([job]) for job in jobs)
        return
    with _pool(cores) as pool:
        waiting: deque[Future[list[Graded]]] = deque()
        for chunk in _chunks(jobs):
            waiting.append(pool.submit(_graded_chunk, chunk))
            if len(waiting) > 2 * cores:
                yield from waiting.popleft().result()
        for future in waiting:
            yield from future.result()


def _chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Yield jobs by `CHUNK`, or fewer where their replies are long."""
    chunk: list[Job] = []
    chars = 0
    for job in jobs:
        chunk.append(job)
        chars += len(job.reply.thinking) + len(job.reply.final) if job.reply else 0
        if len(chunk) == CHUNK or chars >= CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


@contextmanager
def _pool(cores: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes that grade; they end with the block, at once where it does not end well."""
    context = get_context("spawn")
    watched, held = context.Pipe(duplex=False)
    others = set(active_children())
    pool = ProcessPoolExecutor(cores, context, _begin, (watched,))
    with closing(watched), closing(held):
        try:
            yield pool
        except BrokenProcessPool as error:
            raise IncompleteError(
                "a grading process ended before its time (killed, or out of memory); what was there is kept, "
                "so run the command again"
            ) from error
        except BaseException:
            for process in set(active_children()) - others:
                process.kill()  # what they were doing is lost, and one that still starts heeds nothing else
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()


def _begin(watched: Connection) -> None:
    """Make this process end as soon as nobody holds the other end of `watched`."""
    for ended in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ended, signal.SIG_IGN)  # what ends a whole group of processes ends the first one, and it this

    def watch() -> None:
        watched.poll(None)  # nothing is ever sent: it returns when the other end is closed
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _graded_chunk(jobs: Sequence[Job]) -> list[Graded]:
    return [graded(item, key, job.reply) for job in jobs for item, key in job.judged]

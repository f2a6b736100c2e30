"""Grading on every core: replies in, verdicts out, in the same order.

A grading process ends with the one that started it, whatever ends that, and leaves signals to it.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from traceback import format_exc
from typing import Any, NamedTuple, TypeVar

from mathif.errors import IncompleteError
from mathif.items import Item
from mathif.records import Key, Reply

Told = TypeVar("Told")
Judging = Callable[[Item, Key, Reply | None], Told]

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


def graded_all(jobs: Iterable[Job], total: int, told: Judging[Told]) -> Iterator[Told]:
    """Yield what is told of every job, item by item, in the order of the jobs.

    Args:
        jobs: read no further ahead than the cores are busy, so that memory does not grow with the run.
        total: about how many verdicts there will be; few are graded in this process, since starting others costs more.
        told: grades a reply for an item, and says what of that is needed: whatever it is goes through a pipe.

    Raises:
        IncompleteError: if a grading process was killed.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or total <= ALONE:
        yield from chain.from_iterable(_graded_chunk([job], told) for job in jobs)
        return
    with _graders(cores, told) as graders:
        yield from _dealt(_chunks(jobs), graders)


def _dealt(chunks: Iterator[list[Job]], graders: Sequence[Connection]) -> Iterator[Any]:
    """Deal chunks to whoever is free, and yield what they tell in the order of the chunks.

    Raises:
        IncompleteError: if a grading process has ended.
        Exception: what the grading of a chunk raised.
    """
    free, busy = deque(graders), dict[Connection, int]()
    done: dict[int, list[Any]] = {}
    dealt = told = 0
    while True:
        # no more is kept than there are graders, but for what is handed on right after this
        while free and (told in done or len(done) < len(graders)) and (chunk := next(chunks, None)):
            grader = free.popleft()
            with _heard():
                grader.send(chunk)
            busy[grader] = dealt
            dealt += 1
        while told in done:  # while the others work on
            yield from done.pop(told)
            told += 1
        if not busy:
            return
        for one in wait(list(busy)):
            assert isinstance(one, Connection)
            with _heard():
                verdicts = one.recv()
            if isinstance(verdicts, Exception):
                raise verdicts
            done[busy.pop(one)] = verdicts
            free.append(one)


@contextmanager
def _heard() -> Iterator[None]:
    """Say that a grading process has ended where its pipe breaks, also in the middle of what it was sending.

    Raises:
        IncompleteError: if it has.
    """
    try:
        yield
    except (EOFError, OSError) as error:
        raise IncompleteError(
            "a grading process ended before its time (killed, or out of memory); what was there is kept, "
            "so run the command again"
        ) from error


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
def _graders(count: int, told: Judging[Any]) -> Iterator[list[Connection]]:
    """Start processes that grade what they are sent; they end with the block, whatever they are at.

    No executor of the library: one whose processes are killed can wait for ever for the rest of what they were sending.
    """
    context = get_context("spawn")
    pipes = [context.Pipe() for _ in range(count)]
    processes = [context.Process(target=_work, args=(there, _graded_chunk, told), daemon=True) for _, there in pipes]
    try:
        for process, (_, there) in zip(processes, pipes, strict=True):
            process.start()
            there.close()  # or nobody would hear that the process has ended
        yield [here for here, _ in pipes]
    finally:
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()
        for here, _ in pipes:
            here.close()


def _work(sent: Connection, grade: Callable[[Sequence[Job], Judging[Any]], list[Any]], told: Judging[Any]) -> None:
    """Grade what is sent, and send back what is told of it, or what the grading raised."""
    for ended in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ended, signal.SIG_IGN)  # what a terminal sends to all processes ends the first one, and it this
    Thread(target=_end_with_the_first, daemon=True).start()
    with suppress(EOFError, OSError):  # the first process wants no more
        while True:
            jobs = sent.recv()
            try:
                verdicts: list[Any] | Exception = grade(jobs, told)
            except Exception as error:  # handed to the first process, which raises it
                error.add_note(f"in a grading process:\n{format_exc()}")  # no traceback passes through a pipe
                verdicts = error
            sent.send(verdicts)


def _end_with_the_first() -> None:
    """End this process as soon as the one that started it has ended."""
    first = parent_process()
    if first is not None:
        first.join()
    os._exit(1)


def _graded_chunk(jobs: Sequence[Job], told: Judging[Told]) -> list[Told]:
    return [told(item, key, job.reply) for job in jobs for item, key in job.judged]

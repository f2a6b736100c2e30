"""The killable workers behind hard questions, started when first needed and killed when too slow.

A room of its own because time limits that hold from any thread need a process to kill; no signal is used. A worker
that was killed or died is replaced at the next question; the question it died of is undecided, and no other
question notices.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from typing import BinaryIO, cast

from mathif.answers.settle.budget import current
from mathif.answers.settle.worker import receive, send
from mathif.answers.tree import TooLargeError
from mathif.json_values import JsonObject, number

START_DEADLINE_S = 60.0
_PATIENCE = 20
"""How many seconds may pass for each that the worker may compute; a busy machine gives it one in many."""
_MOST_WORKERS = max(1, min(4, os.cpu_count() or 1))
_MOST_QUESTIONS = 500
_MOST_BYTES = 50_000
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from mathif.answers.settle.worker import main; main()"
)


class _Worker:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        self.asked = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-c", _PROGRAM, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        self.requests = cast(BinaryIO, self.process.stdin)
        self.answers = cast(BinaryIO, self.process.stdout)
        if self.answer(START_DEADLINE_S) is None:
            self.end()
            raise TooLargeError("the symbolic worker could not be started")

    def ask(self, question: JsonObject, compute_s: float) -> JsonObject | None:
        """Return the answer, or None if the worker computed longer than it may, or died."""
        self.asked += 1
        try:
            send(self.requests, {**question, "compute_s": compute_s})
        except (BrokenPipeError, ValueError):
            return None
        return self.answer(_PATIENCE * compute_s)

    def answer(self, deadline_s: float) -> JsonObject | None:
        """Wait for one message; an answer is short and written at once, so its first byte is followed by the rest."""
        poller = select.poll()
        poller.register(self.answers, select.POLLIN | select.POLLHUP)
        end = time.monotonic() + deadline_s
        while (left_s := end - time.monotonic()) > 0:
            if poller.poll(left_s * 1000):
                return receive(self.answers)
        return None

    def end(self) -> None:
        """Kill the process and close its pipes."""
        self.process.kill()
        self.process.wait()
        self.abandon()

    def abandon(self) -> None:
        """Close the pipes without touching the process, which belongs to another one."""
        for pipe in (self.requests, self.answers):
            try:
                pipe.close()
            except OSError:
                continue


class Pool:
    """Up to a few workers, shared by all threads of one process."""

    def __init__(self, most: int = _MOST_WORKERS) -> None:
        self.most = most
        self.free: list[_Worker] = []
        self.running = 0
        self.changed = threading.Condition()

    def ask(self, question: JsonObject) -> JsonObject:
        """Return the worker's answer to a question within the budget of the grading that runs here.

        Waiting for a free worker and starting one do not count.

        Raises:
            TooLargeError: if no answer came within the limits of time and memory.
        """
        if len(json.dumps(question)) > _MOST_BYTES:
            raise TooLargeError("the question is too long for the worker")
        budget = current()
        left_s = budget.seconds_left()
        worker = self._take()
        answer: JsonObject | None = None
        try:
            answer = worker.ask(question, left_s)
        finally:
            self._give_back(worker, alive=answer is not None)
        budget.worker_s -= left_s if answer is None else number(answer, "computed_s")
        if answer is None:
            raise TooLargeError(f"no answer within {left_s:.1f} s; the worker was stopped")
        return answer

    def warm(self) -> None:
        """Start one worker now."""
        self._give_back(self._take(), alive=True)

    def close(self) -> None:
        """End every idle worker."""
        with self.changed:
            workers, self.free = self.free, []
            self.running -= len(workers)
        for worker in workers:
            worker.end()

    def _take(self) -> _Worker:
        with self.changed:
            while not self.free and self.running >= self.most:
                self.changed.wait()
            if self.free:
                return self.free.pop()
            self.running += 1
        try:
            return _Worker()
        except BaseException:
            self._lost()
            raise

    def _give_back(self, worker: _Worker, *, alive: bool) -> None:
        if not alive or worker.asked >= _MOST_QUESTIONS:
            worker.end()
            self._lost()
            return
        with self.changed:
            self.free.append(worker)
            self.changed.notify()

    def _lost(self) -> None:
        with self.changed:
            self.running -= 1
            self.changed.notify()


class _Shared:
    """The pool of this process; a forked child gets one of its own."""

    def __init__(self) -> None:
        self.pool = Pool()

    def after_fork(self) -> None:
        for worker in self.pool.free:
            worker.abandon()
        self.pool = Pool()


_shared = _Shared()
os.register_at_fork(after_in_child=_shared.after_fork)
atexit.register(lambda: _shared.pool.close())


def ask(question: JsonObject) -> JsonObject:
    """Put a question to a worker of this process; as `Pool.ask`."""
    return _shared.pool.ask(question)


def warm() -> None:
    """Start a worker ahead of need, for callers that may not start processes later."""
    _shared.pool.warm()

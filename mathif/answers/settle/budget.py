"""What one grading may cost: steps of arithmetic in this process, and seconds of the worker.

A room of its own because the whole grading of one reply has one budget, however many comparisons it makes. Steps are
counted and not timed, and the worker's seconds are those of its own computing, so that no verdict depends on what else
the machine does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mathif.answers.tree import TooLargeError

STEPS = 25_000
"""Evaluations of one node to 60 digits, about ten microseconds each."""
WORKER_S = 3.0
"""Seconds of computing by the worker for one grading, its start aside."""


class CostlyError(Exception):
    """The question costs more steps than this process spends; the worker may settle it."""


class Budget:
    """What is left of the budget of one grading.

    Attributes:
        steps: evaluations in this process.
        worker_s: seconds of computing by the worker.
        values: what was computed on the way and does not change.
    """

    def __init__(self, steps: float = STEPS, worker_s: float = WORKER_S) -> None:
        self.steps = steps
        self.worker_s = worker_s
        self.values: dict[Hashable, Any] = {}

    def spend(self, steps: float) -> None:
        """Count steps.

        Raises:
            CostlyError: if none is left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise CostlyError("the question takes too much arithmetic")

    def seconds_left(self) -> float:
        """Return the seconds that are left for the worker.

        Raises:
            TooLargeError: if none is left.
        """
        if self.worker_s <= 0:
            raise TooLargeError("the worker has had its time for this answer")
        return self.worker_s


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """Return the budget of the grading that runs here; a fresh one outside of any."""
    return _current.get() or Budget()


@contextmanager
def granted(budget: Budget | None = None) -> Iterator[None]:
    """Give all work inside one budget; inside another grading that one's goes on."""
    if budget is None and _current.get() is not None:
        yield
        return
    token = _current.set(budget or Budget())
    try:
        yield
    finally:
        _current.reset(token)

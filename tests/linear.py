"""Time in proportion to length, told by comparison: no machine is slow enough, or busy enough, to fail it."""

import time
from collections.abc import Callable

GROWTH = 8
"""How many times as long the long text is; work that grows with its square takes 64 times as long."""
_TRIES = 3
_FLOOR_S = 0.002
"""Below this, time is noise."""


def linear(work: Callable[[str], object], small: str, large: str) -> bool:
    """Say whether a text of `GROWTH` times the length takes at most three times `GROWTH` times the time, once in three.

    A collection of garbage may fall into one try, seldom into all.
    """
    return any(seconds(work, large) < 3 * GROWTH * max(_FLOOR_S, seconds(work, small)) for _ in range(_TRIES))


def seconds(work: Callable[[str], object], text: str) -> float:
    """Return the processor time of this thread: what others do at the same time does not count."""
    start_s = time.thread_time()
    work(text)
    return time.thread_time() - start_s

"""Progress: how far a stage is, how fast it goes and how long it will take, in one line.

A room of its own because a terminal shows the line all the time and a log now and then, and both are counted alike.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TypeVar

from mathif.records import Finish, Generation

Row = TypeVar("Row")

EVERY_S = 30.0
"""Time between two lines where there is no terminal."""

WINDOW_S = 120.0
"""The rates are those of this last time, so that a slow start or a pause is forgotten."""


class Meter:
    """Counts what has come; all times are in seconds of one clock that never goes back.

    Attributes:
        total: how many rows there will be.
        done: how many have come.
        tokens: of the replies among them, as far as they are known.
        truncated: replies that the token limit cut.
    """

    def __init__(self, total: int, started_s: float) -> None:
        self.total = total
        self.done = self.tokens = self.truncated = 0
        self._marks = deque([(started_s, 0, 0)])

    def count(self, row: object, now_s: float) -> None:
        """Count one row."""
        self.done += 1
        if isinstance(row, Generation):
            self.tokens += row.completion_tokens or 0
            self.truncated += row.finish is Finish.LENGTH
        if now_s - self._marks[-1][0] >= 1:
            self._marks.append((now_s, self.done, self.tokens))
        while len(self._marks) > 1 and now_s - self._marks[1][0] >= WINDOW_S:
            self._marks.popleft()

    def facts(self, now_s: float) -> str:
        """Return rates, time left and truncated replies, as far as there is something to say."""
        since_s, done, tokens = self._marks[0]
        passed_s = max(now_s - since_s, 1e-9)
        replies_s, tokens_s = (self.done - done) / passed_s, (self.tokens - tokens) / passed_s
        said = [f"{replies_s:.3g}/s"]
        if tokens_s:
            said.append(f"{tokens_s:.3g} tokens/s")
        if self.done and replies_s:
            left_s = (self.total - self.done) * (self.tokens / self.done / tokens_s if tokens_s else 1 / replies_s)
            said.append(f"{_clock(left_s)} left")
        if self.truncated:
            said.append(f"{self.truncated} truncated")
        return ", ".join(said)

    def line(self, what: str, now_s: float) -> str:
        """Return the whole line: `replies: 120 of 750 (16 %), 2.1/s, 812 tokens/s, 5:00 left, 3 truncated`."""
        share = f" ({100 * self.done // self.total} %)" if self.total else ""
        return f"{what}: {self.done} of {self.total}{share}, {self.facts(now_s)}"


def told(
    rows: Iterable[Row], total: int, what: str, say: Callable[[str], None], every_s: float = EVERY_S
) -> Iterator[Row]:
    """Yield `rows`, and say every `every_s` seconds how far they are, also while none comes."""
    meter = Meter(total, time.monotonic())
    with _every(every_s, lambda: say(meter.line(what, time.monotonic()))):
        for row in rows:
            meter.count(row, time.monotonic())
            yield row


def bar(rows: Iterable[Row], total: int, what: str) -> Iterator[Row]:
    """Yield `rows` and show a bar, on a terminal or in a notebook, each as it can."""
    from tqdm.auto import tqdm

    meter = Meter(total, time.monotonic())
    with tqdm(total=total, desc=what, bar_format="{desc}: {percentage:3.0f}% |{bar}| {n}/{total}{postfix}") as shown:
        for row in rows:
            meter.count(row, time.monotonic())
            shown.set_postfix_str(meter.facts(time.monotonic()), refresh=False)
            shown.update()
            yield row


def watched(rows: Iterable[Row], total: int, what: str) -> Iterator[Row]:
    """Yield `rows`, and show a bar where somebody watches: in a notebook, or at a terminal."""
    seen = "ipykernel" in sys.modules or sys.stderr.isatty()
    return bar(rows, total, what) if seen else iter(rows)


@contextmanager
def _every(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Call `act` in another thread again and again while the block runs."""
    ended = Event()

    def work() -> None:
        while not ended.wait(seconds):
            act()

    Thread(target=work, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _clock(seconds: float) -> str:
    """Return a length of time as `1:02:03` or `5:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

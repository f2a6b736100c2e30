"""Prompts in flight: asks for several replies at a time and hands each on as soon as it is there.

A room of its own because every engine that asks prompt by prompt needs the same three things: a bound on what is under
way, no wait for the slowest, and a Ctrl-C that does not wait for replies nobody will read. `answered` keeps a thread
for each prompt under way; `Background` keeps thousands of them in one.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

from mathif.items import Prompt
from mathif.records import Generation

T = TypeVar("T")

OBJECTS = 100_000
"""New objects after which Python looks for garbage in circles while replies are under way. Its usual 700 cost 40 % of
the processor time of 4,096 replies, whose objects all live on while the servers think."""


def answered(prompts: Iterable[Prompt], ask: Callable[[Prompt], Generation], width: int) -> Iterator[Generation]:
    """Yield `ask(prompt)` for each prompt as they end, at most `width` at a time.

    The threads are daemons: a program that is told to stop does not wait for them.

    Args:
        prompts: read only as far as they are asked.
        ask: called in other threads.
        width: number of prompts under way, at least 1.

    Raises:
        BaseException: whatever `ask` raised; no further prompt is asked then.
    """
    waiting: SimpleQueue[Prompt | None] = SimpleQueue()
    done: SimpleQueue[Generation | BaseException] = SimpleQueue()

    def work() -> None:
        while (prompt := waiting.get()) is not None:
            try:
                done.put(ask(prompt))
            except BaseException as error:  # handed to the reader, who raises it
                done.put(error)

    source = iter(prompts)
    under_way = 0
    try:
        for prompt in islice(source, width):
            waiting.put(prompt)
            under_way += 1
            Thread(target=work, daemon=True).start()
        while under_way:
            reply = done.get()
            under_way -= 1
            if isinstance(reply, BaseException):
                raise reply
            for prompt in islice(source, 1):
                waiting.put(prompt)
                under_way += 1
            yield reply
    finally:
        for _ in range(width):
            waiting.put(None)


class Queue(Protocol):
    """Hands results from one thread to another."""

    def put(self, item: Any) -> None:
        """Hand one over."""

    def get(self) -> Any:
        """Wait for the next one."""

    def empty(self) -> bool:
        """Whether none is there."""


class Background:
    """An event loop in a thread of its own, so that it works wherever it is called, in another loop too."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` there, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def queue(self) -> Queue:
        """Return what hands results over from there."""
        return SimpleQueue()

    def answered(
        self, prompts: Iterable[Prompt], ask: Callable[[Prompt], Coroutine[Any, Any, T]], width: int
    ) -> Iterator[T]:
        """Yield `ask(prompt)` for each prompt as they end, at most `width` at a time.

        Args:
            prompts: read by the caller, and only as far as they are asked.
            ask: called in the other thread.
            width: number of prompts under way, at least 1.

        Raises:
            Exception: whatever `ask` raised; no further prompt is asked then.
        """
        done = self.queue()
        tasks: set[asyncio.Task[None]] = set()

        async def work(prompt: Prompt) -> None:
            try:
                done.put(await ask(prompt))
            except Exception as error:  # handed to the reader, who raises it
                done.put(error)

        def begin(fresh: list[Prompt]) -> None:
            for prompt in fresh:
                task = self._loop.create_task(work(prompt))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        source, under_way = iter(prompts), 0
        with _collecting_rarely():
            try:
                while True:
                    fresh = list(islice(source, width - under_way))
                    under_way += len(fresh)
                    if fresh:
                        self._loop.call_soon_threadsafe(begin, fresh)
                    if not under_way:
                        return
                    for reply in _there(done):
                        under_way -= 1
                        if isinstance(reply, Exception):
                            raise reply
                        yield reply
            finally:
                self.run(_cancelled(tasks))

    def close(self) -> None:
        """End the thread; nothing may be under way."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let Python's collector look through living objects less often."""
    usual, *older = gc.get_threshold()
    gc.set_threshold(max(usual, OBJECTS) if usual else 0, *older)  # 0 is a collector that the user switched off
    try:
        yield
    finally:
        gc.set_threshold(usual, *older)


def _there(done: Queue) -> list[Any]:
    """Return everything that is done, at least one."""
    ended = [done.get()]
    while not done.empty():
        ended.append(done.get())
    return ended


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    """Stop what is under way."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)

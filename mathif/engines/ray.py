"""Copies of an engine on a Ray cluster, one actor each, that share the prompts of one run.

Any engine of this package runs under it. The prompts of one problem go to one copy, which may have read their beginning
already; work is dealt as it is done, so that long replies hold nobody up. A copy that dies is started again, and what
it had not answered goes to the others; copies start when the cluster has room for them, before or after the first
reply.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from mathif.engines import Engine, differences, open_engine
from mathif.errors import EngineError, MathifError, first_line
from mathif.families import Place
from mathif.items import Prompt
from mathif.json_values import Json
from mathif.plan import Options
from mathif.records import Generation, Sampling

HONOURS = frozenset(one.name for one in fields(Options))
"""All: what the engine inside cannot honour, it refuses."""

AHEAD = 2048
"""Most prompts that a copy holds; more than any engine has under way, so that none waits for the next deal."""
DEATHS = 3
"""So many times in a row each copy may die without a reply before the run gives up."""
NOTICE_S = 30.0
"""After so long without room in the cluster the user is told what is waited for."""

Opened = Callable[[str, Options], Engine]


def opened(model: str, options: Options) -> Engine:
    """Open the engine of one copy."""
    return open_engine(model, options)


def open_model(model: str, options: Options) -> Fleet:
    """Join the cluster, or start one on this machine, and begin to start the copies.

    Raises:
        EngineError: if there is no cluster at the address.
    """
    return Fleet(model, options)


class Inbox:
    """Prompts for an engine that is at work: an iterator that ends when none is there now, and goes on when one is.

    An engine that finds it at its end answers what it has and looks again, so that it never waits while it has work.
    """

    def __init__(self) -> None:
        self._prompts: deque[Prompt] = deque()
        self._filled = threading.Event()

    def put(self, prompts: Iterable[Prompt]) -> None:
        """Add prompts."""
        self._prompts.extend(prompts)
        self._filled.set()

    def wait(self) -> None:
        """Wait until there is a prompt."""
        self._filled.wait()

    def __iter__(self) -> Iterator[Prompt]:
        return self

    def __next__(self) -> Prompt:
        try:
            return self._prompts.popleft()
        except IndexError:
            self._filled.clear()
            if self._prompts:  # one came in between
                self._filled.set()
            raise StopIteration from None


class Copy:
    """One engine, in an actor."""

    def __init__(self, opened: Opened, model: str, options: Options) -> None:
        self._open = opened
        self._model = model
        self._options = options
        self._inbox = Inbox()
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    def open(self) -> None:
        """Open the engine once, whichever call comes first."""
        with self._opening:
            if self._engine is None:
                self._engine = self._open(self._model, self._options)

    def call(self, name: str, *args: Any) -> Any:
        """Return what a method or an attribute of the engine gives, None where it has none; open it first."""
        self.open()
        attribute = getattr(self._engine, name, None)
        return attribute(*args) if callable(attribute) else attribute

    def pid(self) -> int:
        """Return the number of the process."""
        return os.getpid()

    def deal(self, prompts: list[Prompt]) -> None:
        """Take prompts, to be answered by `work`."""
        self._inbox.put(prompts)

    def work(self, sampling: Sampling) -> Iterator[Generation]:
        """Answer what is dealt, for as long as the actor lives."""
        assert self._engine is not None
        while True:
            self._inbox.wait()
            yield from self._engine.generate(self._inbox, sampling)


class Berth:
    """A place for one copy: the actor that is in it now, and what that has still to answer."""

    def __init__(self, actor: Any, ready: Any) -> None:
        self.actor = actor
        self.ready = ready  # the promise of its engine, later of its description; None when it is there
        self.stream: Any = None
        self.open: dict[str, Prompt] = {}


class Fleet:
    """Answers with copies of an engine."""

    notice: Callable[[str], None] = staticmethod(lambda sentence: None)

    def __init__(self, model: str, options: Options) -> None:
        self._model = model
        self._inner = replace(options, data_parallel_size=None, ray_address=None)
        self._size = options.data_parallel_size or 1
        self._joined = _joined(options.ray_address)
        self._deaths = 0
        self._described: dict[str, Json] | None = None
        self._sampling: Sampling | None = None  # engines load by it, so that none may be described before it is known
        self._berths = [self._berth() for _ in range(self._size)]

    def _berth(self) -> Berth:
        """Begin to start one copy; it waits in the cluster until there is room for it."""
        gpus = (self._inner.tensor_parallel_size or 1) * (self._inner.pipeline_parallel_size or 1)
        room = {"num_gpus": gpus} if ray.cluster_resources().get("GPU") else {"num_cpus": 1}
        kind = ray.remote(max_concurrency=4, **room)(Copy)
        actor = kind.remote(opened, self._model, self._inner)
        return Berth(actor, actor.call.remote("describe", self._sampling) if self._sampling else actor.open.remote())

    def _first(self, name: str, *args: Any) -> Any:
        """Return what a method of the first copy that is there gives.

        Raises:
            MathifError: that the engine raises.
            EngineError: if every copy dies.
        """
        while True:
            waited = [berth.ready or berth.actor.call.remote("describe", self._sampling) for berth in self._berths]
            done, _ = ray.wait(waited, num_returns=1, timeout=NOTICE_S)
            if not done:
                self.notice(f"waiting for room in the cluster, which has {_resources(ray.available_resources())} free")
                continue
            berth = self._berths[waited.index(done[0])]
            try:
                ray.get(done[0])
                return ray.get(berth.actor.call.remote(name, *args))
            except RayTaskError as error:
                raise _cause(error) from error
            except RayError as error:
                self._replace(berth, error)

    @property
    def DRAWS(self) -> frozenset[str]:  # noqa: N802 - the name that `settled` asks every engine for
        """The settings of sampling that the engine honours."""
        return frozenset(self._first("DRAWS") or ())

    def recommended(self, sampling: Sampling) -> Sampling:
        """Return `sampling` as the model recommends it."""
        own: Sampling = self._first("recommended", sampling)
        return own

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return how one copy describes itself; how many there are changes no reply, and is not told."""
        self._sampling = sampling
        for berth in self._berths:
            if berth.ready is not None:
                berth.ready = berth.actor.call.remote("describe", sampling)
        self._described = dict(self._first("describe", sampling))
        return self._described

    @property
    def SENDS(self) -> frozenset[Place]:  # noqa: N802 - the name that `switched` asks every engine for
        """The settings of the thinking that the copies can send."""
        return frozenset(self._first("SENDS") or ())

    def count_tokens(self, text: str) -> int | None:
        """Return the length of `text` by the model's own tokenizer."""
        count: int | None = self._first("count_tokens", text)
        return count

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies as they come, from whichever copy.

        Raises:
            EngineError: if an engine cannot go on, or the copies keep dying.
        """
        self._sampling = sampling
        waiting = deque(_by_problem(prompts))
        while waiting or any(berth.open for berth in self._berths):
            for berth in self._berths:
                self._deal(berth, waiting)
            streams = {berth.stream if berth.ready is None else berth.ready: berth for berth in self._berths}
            done, _ = ray.wait(list(streams), num_returns=1, timeout=NOTICE_S)
            if not done and not any(berth.open for berth in self._berths):
                self.notice(f"waiting for room in the cluster, which has {_resources(ray.available_resources())} free")
            for promise in done:
                berth = streams[promise]
                try:
                    reply = self._taken(berth, promise)
                except RayTaskError as error:
                    raise _cause(error) from error
                except RayError as error:
                    waiting.extendleft(reversed(list(_by_problem(berth.open.values()))))
                    self._replace(berth, error)
                    continue
                if reply is not None:
                    del berth.open[reply.key]
                    self._deaths = 0
                    yield reply

    def _deal(self, berth: Berth, waiting: deque[list[Prompt]]) -> None:
        """Give a copy that is there its share of what waits, the less the less is left."""
        if berth.ready is not None:
            return
        left = sum(map(len, waiting)) if len(waiting) < AHEAD else AHEAD * len(self._berths)
        share = min(AHEAD, max(1, left // (2 * len(self._berths))))
        dealt: list[Prompt] = []
        while waiting and len(berth.open) + len(dealt) < share:
            dealt += waiting.popleft()
        if dealt:
            berth.open |= {str(prompt.key): prompt for prompt in dealt}
            berth.actor.deal.remote(dealt)

    def _taken(self, berth: Berth, promise: Any) -> Generation | None:
        """Take what a copy has to give: its description, or a reply.

        Raises:
            EngineError: if its engine is not the one that began.
        """
        if berth.ready is None:
            reply: Generation = ray.get(next(promise))
            return reply
        described = ray.get(berth.ready)
        if self._described is not None and (names := differences(self._described, described)):
            raise EngineError(f"--model {self._model}: its copies differ in {', '.join(names)}, expected all alike")
        berth.ready = None
        berth.stream = berth.actor.work.options(num_returns="streaming").remote(self._sampling)
        return None

    def _replace(self, berth: Berth, error: Exception) -> None:
        """Start another copy in the place of one that died.

        Raises:
            EngineError: if the copies keep dying.
        """
        self._deaths += 1
        told = first_line(error)
        if self._deaths > DEATHS * len(self._berths):
            raise EngineError(f"--model {self._model}: its copies keep dying: {told}") from error
        self.notice(f"a copy of {self._model} died ({type(error).__name__}) and is started again")
        fresh = self._berth()
        berth.actor, berth.ready, berth.stream, berth.open = fresh.actor, fresh.ready, None, {}

    def close(self) -> None:
        """End the copies, and leave the cluster."""
        for berth in self._berths:
            ray.kill(berth.actor)
        if self._joined:
            ray.shutdown()


def _joined(address: str | None) -> bool:
    """Join a cluster, or start one here; return whether that was still to do. Signals stay with who had them.

    Raises:
        EngineError: if there is none.
    """
    if ray.is_initialized():
        return False
    mine = threading.current_thread() is threading.main_thread()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)} if mine else {}
    try:
        ray.init(address=address, include_dashboard=False if address is None else None, log_to_driver=False)
    except Exception as error:  # ray raises whatever its parts raise
        where = f"at {address}" if address else "on this machine"
        raise EngineError(f"--ray-address: no cluster {where}: {first_line(error)}") from error
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return True


def _by_problem(prompts: Iterable[Prompt]) -> Iterator[list[Prompt]]:
    """Yield prompts in groups of one problem each, in the order of the problems."""
    ordered = sorted(prompts, key=lambda prompt: (prompt.key.task, prompt.item.problem.key))
    return (list(group) for _, group in groupby(ordered, lambda prompt: (prompt.key.task, prompt.item.problem.key)))


def _cause(error: RayTaskError) -> MathifError:
    """Return what an engine raised in an actor, as this program's own error."""
    cause = error.cause
    if isinstance(cause, MathifError):
        return cause
    told = " ".join(str(cause).split())[:500]
    return EngineError(f"an engine failed with {type(cause).__name__}: {told}")


def _resources(free: dict[str, float]) -> str:
    """Return what is free in a cluster, in words."""
    named = [f"{free[name]:g} {name}" for name in ("GPU", "CPU") if free.get(name)]
    return " and ".join(named) or "nothing"

"""A server that one seed makes misbehave, its clock, and the loop in which an engine meets it: no socket, no thread.

What the server says to a prompt hangs on the prompt alone, so that a storm and a calm can end with the same replies;
how often it must be asked until it says so hangs on the weather.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import selectors
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from random import Random
from types import SimpleNamespace
from typing import Any, Self, TypeVar

import aiohttp

from mathif.engines.inflight import Background
from tests.serving import completion, event

T = TypeVar("T")
KEY = "sk-storm-0123456789abcdef"
"""The user's key; the server repeats it wherever it can."""

FAULTS = (
    *("refused", "429", "429 with a date", "500", "502", "503", "408"),
    *("empty", "html", "half", "nan", "no choice", "null", "other kind"),
    *("dropped", "cut off", "error inside", "mute", "dripping"),
)
LIGHT = FAULTS[1:14]
"""Faults of which a prompt bears nine."""
DENIALS = ("401", "302")


class Clock:
    """Seconds that pass when everybody waits."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def leap(self) -> None:
        """Let an hour pass at once: the machine slept."""
        self.now_s += 3600


class _Selector(selectors.SelectSelector):
    """Waits for nothing: the clock is set forward instead."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready."""
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("everybody waits, and nothing will ever come")
        self._clock.now_s += 0 if ready else timeout or 0
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: Clock) -> None:
        super().__init__(_Selector(clock))
        self._now = clock

    def time(self) -> float:
        return self._now.now_s


class _Queue:
    """Lets the loop work while somebody waits for a result."""

    def __init__(self, loop: asyncio.AbstractEventLoop, step: Callable[[], None]) -> None:
        self._loop = loop
        self._step = step
        self._there: deque[Any] = deque()
        self._called: asyncio.Future[None] | None = None

    def put(self, item: Any) -> None:
        self._there.append(item)
        if self._called and not self._called.done():
            self._called.set_result(None)

    def get(self) -> Any:
        self._step()
        if not self._there:
            self._called = self._loop.create_future()
            self._loop.run_until_complete(self._called)
        return self._there.popleft()

    def empty(self) -> bool:
        return not self._there


class Stepped(Background):
    """The background of an engine in the thread of its caller, by the storm's clock."""

    def __init__(self, clock: Clock, step: Callable[[], None]) -> None:
        self._loop = _Loop(clock)
        self._step = step

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def queue(self) -> _Queue:
        return _Queue(self._loop, self._step)

    def close(self) -> None:
        self._loop.close()


class Server:
    """What answers.

    Attributes:
        rough: share of the requests that go wrong, in [0, 1].
        denies: whether it may refuse the key.
        per_minute: requests that it takes a minute, None for any number.
        away: from when to when nobody is there.
        asked: a name of every prompt that was asked since `begin`.
    """

    def __init__(self, rng: Random, clock: Clock) -> None:
        self._rng = rng
        self._clock = clock
        self._taken: deque[float] = deque()
        self.faults: list[str] = list(FAULTS)
        self.begin(0.0)

    def begin(self, rough: float, denies: bool = False, per_minute: int | None = None, away_s: float = 0) -> None:
        """Begin the weather of one command."""
        self.rough, self.denies, self.per_minute = rough, denies, per_minute
        start_s = self._clock.now_s + self._rng.uniform(0, 5)
        self.away = (start_s, start_s + away_s)
        self.asked: list[str] = []

    def drizzle(self) -> None:
        """Let the weather clear up so far that every prompt can be answered."""
        self.faults = [fault for fault in self.faults if fault in LIGHT] or list(LIGHT)
        self.rough, self.denies, self.away = min(self.rough, 0.3), False, (0, 0)

    def mood(self) -> str:
        """Return what goes wrong with this request, "" where all is well."""
        now_s = self._clock.now_s
        if self.away[0] <= now_s < self.away[1]:
            return "refused"
        while self._taken and self._taken[0] < now_s - 60:
            self._taken.popleft()
        if self.per_minute is not None and len(self._taken) >= self.per_minute:
            return "429"
        if self._rng.random() < self.rough:
            return self._rng.choice([*self.faults, *DENIALS] if self.denies else self.faults)
        self._taken.append(now_s)
        return ""

    def post(self, url: str, data: bytes, timeout: aiohttp.ClientTimeout, **_: Any) -> _Answer:
        """Answer as a session of `aiohttp` does."""
        return _Answer(self, url, json.loads(data), timeout, self._rng)

    async def close(self) -> None:
        """Close nothing."""


def name_of(body: dict[str, Any]) -> str:
    """Return a name for a prompt and its seed."""
    return hashlib.sha256(json.dumps([body["messages"], body.get("seed")]).encode()).hexdigest()[:12]


def said(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return status and answer to a prompt, the same whenever it is asked; a text holds the prompt's name."""
    name = name_of(body)
    rng = Random(name)
    answer = rng.choice(["5", "\\frac{1}{2}", "0.5", "7"])
    text = f"The total, in total: {name}. \\boxed{{{answer}}}" + rng.choice(["", " That is all.", ", yes"])
    text = f'"{text}"' if rng.random() < 0.2 else text
    fate = rng.random()
    if fate < 0.05:
        message = f"This model's maximum context length is 10 tokens; {KEY}"
        return 400, {"error": {"message": message}}
    if fate < 0.10:
        return 200, completion(None, "content_filter")
    if fate < 0.15:
        return 200, completion(None, "tool_calls")
    thought = f"Let me see. {'Hm. ' * rng.randrange(9)}"
    whole = completion(text, "length" if fate < 0.25 else "stop")
    if fate < 0.25:
        whole = completion(f"<think>{thought}{name}", "length")
    elif fate < 0.5:
        whole = completion(f"<think>{thought}</think>{text} {KEY}")
    elif fate < 0.6:
        whole = completion(text, reasoning=thought)
    whole["usage"]["completion_tokens_details"] = {"reasoning_tokens": len(thought)}
    return 200, whole


def streamed(whole: dict[str, Any], rng: Random) -> list[bytes]:
    """Return an answer as the events of a stream."""
    [choice] = whole["choices"]
    deltas = [{name: text} for name, text in choice["message"].items() if text and name != "role"]
    pieces = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}
    data = b"".join(map(event, [*pieces, end, {"choices": [], "usage": whole["usage"]}, b"[DONE]"]))
    cuts = sorted(rng.randrange(len(data)) for _ in range(rng.randrange(4)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True) if a < b]


_BUSY = {"Date": "Wed, 01 Jan 2098 12:00:00 GMT", "Retry-After": "Wed, 01 Jan 2098 12:00:03 GMT"}
"""What a server says whose clock is wrong."""
_STATUS: dict[str, tuple[int, bytes]] = {
    "429 with a date": (429, b"slow down"),
    "302": (302, b""),
    **{
        str(code): (code, json.dumps({"error": {"message": f"no: {KEY}"}}).encode())
        for code in (401, 408, 429, 500, 502, 503)
    },
}
_BODIES = {
    "empty": b'{"choices": []}',
    "html": b"<html>a proxy's page</html>",
    "half": b'{"choices": [{"index": 0, "mess',
    "nan": b'{"choices": NaN}',
    "no choice": b'{"id": 1}',
    "null": b"null",
    "other kind": b'{"choices": [{"index": 0, "finish_reason": "stop", "message": "text"}]}',
}


class _Answer:
    """One answer, as `aiohttp` gives it: a context manager and the reply that it yields in one."""

    def __init__(
        self, server: Server, url: str, body: dict[str, Any], timeout: aiohttp.ClientTimeout, rng: Random
    ) -> None:
        self._server, self._url, self._body, self._timeout, self._rng = server, url, body, timeout, rng
        self.status, self.headers = 200, dict[str, str]()
        self._pieces: list[bytes] = []
        self._fails: Exception | None = None
        self._drips = False
        self.content = self

    async def __aenter__(self) -> Self:
        await asyncio.sleep(self._rng.uniform(0.01, 3))
        if not self._url.endswith("/chat/completions"):
            self.status = 404
            return self
        self._server.asked.append(name_of(self._body))
        mood = self._server.mood()
        if mood == "refused":
            place = SimpleNamespace(host="storm", port=80, ssl=False)
            raise aiohttp.ClientConnectorError(place, OSError(111, "Connect call failed"))  # type: ignore[arg-type]
        if mood == "mute":
            await self._out_of_time()
        await self._compose(mood)
        return self

    async def __aexit__(self, *error: object) -> None:
        """Let go of nothing."""

    async def _out_of_time(self) -> None:
        """Wait as long as the client does, and fail as it does."""
        silent_s, total_s = self._timeout.sock_read, self._timeout.total or 0.0
        await asyncio.sleep(silent_s or total_s)
        raise aiohttp.SocketTimeoutError("too late") if silent_s else TimeoutError

    async def _compose(self, mood: str) -> None:
        """Prepare what will be said."""
        if mood in _STATUS:
            self.status, data = _STATUS[mood]
            self.headers = _BUSY if mood == "429 with a date" else {"Location": f"http://x/{KEY}"}
            self._pieces = [data]
            return
        if mood in _BODIES:
            self._pieces = [_BODIES[mood]]
            return
        self.status, whole = said(self._body)
        as_stream = bool(self._body.get("stream")) and self.status == 200
        self._pieces = streamed(whole, self._rng) if as_stream else [json.dumps(whole).encode()]
        if mood in ("dropped", "cut off", "error inside", "dripping"):
            data = b"".join(self._pieces)
            end = data.rfind(b'"finish_reason"')
            self._pieces = [data[: self._rng.randrange(max(1, end))]]
            self._fails = aiohttp.ClientPayloadError("gone") if mood == "dropped" else None
            self._drips = mood == "dripping"
            if mood == "error inside":
                self._pieces.append(b"\n\n" + event({"error": {"message": f"overloaded {KEY}"}}))

    async def iter_any(self) -> AsyncIterator[bytes]:
        """Yield what comes."""
        for piece in self._pieces:
            yield piece
            await asyncio.sleep(self._rng.uniform(0, 0.2))
        if self._drips:
            await asyncio.sleep(self._timeout.total or 0.0)
            raise TimeoutError
        if self._fails:
            raise self._fails

    async def read(self, most: int = -1) -> bytes:
        """Return the rest."""
        return b"".join(self._pieces)[: most if most >= 0 else None]

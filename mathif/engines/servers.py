"""Servers: which address is asked next, how many requests it has, and what is done while it is busy or away.

A room of its own because how much a server bears is only ever found out by asking: this is where it is learned, for
every prompt at once, and where it is decided how long to wait. Times are in seconds of the event loop's clock.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from mathif.engines.failures import NoReplyError
from mathif.errors import EngineError

PATIENCE_S = 600.0
"""How long all servers may be away, where the user says nothing."""

FIRST_PATIENCE_S = 30.0
"""Likewise where none has ever said anything: then the address is more likely wrong than the server away."""

SHORTEST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 20.0
"""Bounds of the pause after a refusal; each refusal in a row doubles it."""

SHUT = 3
"""Refusals in a row from which on a server is asked by one request alone until it takes one again."""

TOLD_AFTER_S = 1.5
"""The user hears of a server that takes nothing for so long."""


HINTS: Mapping[int | None, str] = {
    401: "set OPENAI_API_KEY to a key that the server takes",
    402: "the account has nothing left to pay with",
    403: "set OPENAI_API_KEY to a key that may use this model",
    404: "check --base-url (it usually ends in /v1) and the model's name on that server",
    405: "check --base-url (it usually ends in /v1)",
    407: "put name and password of the proxy into its address, in HTTP_PROXY or HTTPS_PROXY",
    429: "the account has nothing left to pay with",
}
LAST_HINT = "check that the server runs and that --base-url is its address"


@dataclass(eq=False)
class Server:
    """One address.

    Attributes:
        url: where OpenAI's interface begins, without a slash at its end.
        width: most requests at a time.
        heard_s: when it last gave a sign of life, at first when it was first thought of.
        accepted_s: when it last took a request.
        busy: requests under way.
        limit: requests that it is trusted with now, from 1 to `width`.
        refusals: requests that it has refused in a row, those that were under way together counted as one.
        opens_s: nothing is asked before this time.
        there: whether it has ever said anything, if only no.
        streams: whether it sends a reply as it comes into being, as far as is known.
        told: whether the user knows that it is away.
        denied: whether it is left out for good.
    """

    url: str
    width: int
    heard_s: float
    accepted_s: float = -math.inf
    busy: int = 0
    limit: int = 0
    refusals: int = 0
    opens_s: float = 0.0
    there: bool = False
    streams: bool = True
    told: bool = False
    denied: bool = False

    def __post_init__(self) -> None:
        self.limit = self.limit or self.width

    @property
    def answers(self) -> bool:
        """Whether it has ever taken a request."""
        return self.accepted_s > -math.inf

    @property
    def root(self) -> str:
        """The address of what the server has beside OpenAI's interface."""
        return self.url.removesuffix("/v1")

    @property
    def name(self) -> str:
        """Host and port, as the user is told."""
        return urlsplit(self.url).netloc

    def takes(self, now_s: float) -> bool:
        """Whether one more request may be sent now."""
        return not self.denied and self.busy < self.limit and now_s >= self.opens_s

    def refuse(self, asked_s: float, now_s: float, retry_after_s: float | None) -> None:
        """Note that a request sent at `asked_s` was refused."""
        if asked_s >= self.opens_s:
            self.refusals += 1
            if self.refusals >= SHUT:
                self.limit = 1
            # a power beyond this would be too large for a float
            pause_s = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2 ** min(self.refusals - 1, 30))
            self.opens_s = now_s + pause_s * random.uniform(1, 1.25)
        if retry_after_s is not None:
            self.opens_s = max(self.opens_s, now_s + retry_after_s)

    def accept(self, now_s: float) -> None:
        """Note that a request was taken."""
        self.heard_s, self.accepted_s, self.refusals, self.there = now_s, now_s, 0, True
        self.limit = min(self.width, 2 * self.limit)


class Servers:
    """The addresses of one engine, each prompt dealt to the one with the fewest requests."""

    def __init__(
        self,
        urls: Sequence[str],
        width: int,
        patience_s: float | None,
        notice: Callable[[str], None],
        there: bool = False,
    ) -> None:
        """Know the addresses; call it where the event loop runs.

        Args:
            urls: at least one.
            width: most requests at a time, at each.
            patience_s: how long all of them may be away; None for the usual time.
            notice: told when one goes away and when it is back.
            there: whether they have answered in an earlier session.
        """
        self._clock = asyncio.get_running_loop().time
        self._all = [Server(url, width, self._clock(), there=there) for url in urls]
        self._patience_s = patience_s
        self._notice = notice
        self._waiting: list[tuple[int, asyncio.Future[Server]]] = []
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def first(self) -> Server:
        """One that is not left out."""
        return next(server for server in self._all if not server.denied)

    def begin(self) -> None:
        """Count patience from now on."""
        for server in self._all:
            server.heard_s = self._clock()

    async def admit(self, place: int) -> Server:
        """Wait until a server takes one more request, and count it there; the lowest `place` comes first."""
        ticket: asyncio.Future[Server] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (place, ticket))
        self._deal()
        try:
            return await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self.release(ticket.result())
            raise

    def release(self, server: Server) -> None:
        """Count a request of `server` as ended."""
        server.busy -= 1
        self._deal()

    def accept(self, server: Server) -> None:
        """Note that `server` took a request."""
        server.accept(self._clock())
        if server.told:
            server.told = False
            self._notice(f"{server.name} answers again")

    def hear(self, server: Server) -> None:
        """Note a sign of life of `server`."""
        server.heard_s = self._clock()

    def refuse(self, server: Server, asked_s: float, failure: NoReplyError) -> None:
        """Note that `server` refused a request sent at `asked_s`, or was not there to take it.

        Raises:
            EngineError: if none has given a sign of life for longer than patience lasts.
        """
        now_s = self._clock()
        server.there = server.there or failure.status is not None
        server.refuse(asked_s, now_s, failure.retry_after_s)
        alive = [server for server in self._all if not server.denied]
        quiet_s = now_s - max(server.heard_s for server in alive)
        left_s = self._patience() - quiet_s
        too_long = min(server.opens_s for server in alive) - now_s > left_s
        if failure.retry_after_s is None and left_s > 0:
            server.opens_s = min(server.opens_s, now_s + left_s)  # a last try when patience ends
            too_long = False
        if too_long and not any(server.busy for server in alive):
            raise EngineError(self._gone(failure, quiet_s, alive))
        if not server.told and server.refusals >= SHUT and now_s - server.heard_s >= TOLD_AFTER_S:
            server.told = True
            others = any(other.refusals < SHUT for other in alive)
            waiting = f"waiting for it up to {left_s:.0f} s more (--patience)"
            doing = "the others go on without it" if others else waiting
            self._notice(f"{server.name} takes no request: {failure.reason}; {doing}")

    def deny(self, server: Server, failure: NoReplyError) -> None:
        """Leave `server` out for good.

        Raises:
            EngineError: if no other one is left.
        """
        known, server.denied = server.denied, True
        if all(server.denied for server in self._all):
            raise EngineError(f"{failure.reason}; {failure.mend or HINTS.get(failure.status, LAST_HINT)}")
        if not known:
            self._notice(f"{server.name} is left out: {failure.reason}")

    def _patience(self) -> float:
        if self._patience_s is not None:
            return self._patience_s
        return PATIENCE_S if any(server.there for server in self._all) else FIRST_PATIENCE_S

    def _gone(self, failure: NoReplyError, quiet_s: float, servers: Sequence[Server]) -> str:
        who = "the server takes" if len(servers) == 1 else "all servers take"
        asked = failure.retry_after_s
        longer = "" if asked is None else f"it asks to be left alone for {asked:.0f} s; "
        if failure.mend or asked is not None:
            hint = failure.mend or "resume when that time is over, or wait longer"
        elif any(server.there for server in servers):
            hint = "start it again and resume, with another --base-url where it has moved"
        else:
            hint = LAST_HINT
        waited = f"waited {quiet_s:.0f} s, and patience ends after {self._patience():.0f} s (--patience)"
        return f"{who} no request: {failure.reason}; {longer}{waited}; {hint}"

    def _deal(self) -> None:
        """Give waiting prompts to servers as long as one takes them; come back when the next one opens."""
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        now_s = self._clock()
        while self._waiting:
            free = [server for server in self._all if server.takes(now_s)]
            if not free:
                self._wake_later(now_s)
                return
            _, ticket = heapq.heappop(self._waiting)
            if not ticket.done():
                server = min(free, key=lambda server: server.busy)
                server.busy += 1
                ticket.set_result(server)

    def _wake_later(self, now_s: float) -> None:
        opening = [server.opens_s for server in self._all if not server.denied and server.opens_s > now_s]
        if opening:
            self._alarm = asyncio.get_running_loop().call_at(min(opening), self._deal)

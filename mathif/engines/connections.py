"""Connections: one question to one server, answered or failed in a way that is told apart; the only room of `aiohttp`.

A room of its own because what can go wrong on the way (nobody there, a mute server, a stream that drips, a reply that
breaks off) shows in a dozen exceptions, and all that follows needs is the kind of failure.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from mathif.engines.completions import Completion, Reading
from mathif.engines.failures import Kind, NoReplyError, of_answer, printable
from mathif.engines.servers import HINTS, Server, Servers
from mathif.json_values import Json, JsonObject

VERSION = f"aiohttp {aiohttp.__version__}"

TRUST = (
    "name the file of the authority that signed it in SSL_CERT_FILE, or see that the server has a certificate that is"
    " in force and names it"
)
PROXY = "check HTTP_PROXY and HTTPS_PROXY, or except the server in NO_PROXY"
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})
"""What OpenSSL calls an answer that is no TLS."""

CONNECT_TIMEOUT_S = 10.0
PAGE_TIMEOUT_S = 60.0
"""Time limit of what is answered at once: tokens counted, a template filled in."""

PAGE_PAUSES_S = (0.05, 0.2, 1.0)
"""Pauses before it is asked again where the connection broke off: llama.cpp's server closes those that streamed."""

LINGER_S = 1.0
"""Wait for the end of an answer that has said all, so that its connection can be used again."""

UNUSED_S = 4.0
"""An unused connection is closed before common servers close it (5 s), so that no request meets a closed one."""


class Connections:
    """What is sent to servers, and what comes back. All of it happens where the event loop runs."""

    def __init__(self, key: str | None, timeout_s: float, idle_timeout_s: float, servers: Servers) -> None:
        """Prepare; call it where the event loop runs.

        Args:
            key: sent as a bearer token; None for servers without keys, which take any.
            timeout_s: limit of one attempt.
            idle_timeout_s: likewise without a byte.
            servers: told of every sign of life.
        """
        self._servers = servers
        self._key = key
        self._timeout_s = timeout_s
        connect_s = min(timeout_s, CONNECT_TIMEOUT_S)
        self._streamed = aiohttp.ClientTimeout(
            timeout_s, sock_connect=connect_s, sock_read=min(timeout_s, idle_timeout_s)
        )
        # a server that does not stream says nothing before it is done
        self._whole = aiohttp.ClientTimeout(timeout_s, sock_connect=connect_s)
        self._page = aiohttp.ClientTimeout(PAGE_TIMEOUT_S, sock_connect=connect_s)
        self._session = session({"Authorization": f"Bearer {key or 'none'}", "Content-Type": "application/json"})

    async def close(self) -> None:
        """Close them all."""
        await self._session.close()

    async def complete(self, server: Server, path: str, body: JsonObject) -> Completion:
        """Return a server's completion.

        Raises:
            NoReplyError: if no completion comes.
            WithheldError: if the server says that there will be none.
        """
        reading = Reading(self._key)
        streamed = bool(body.get("stream")) and server.streams
        timeout = self._streamed if streamed else self._whole
        async with self._posted(server, server.url + path, body, timeout, reading) as reply:
            self._servers.accept(server)
            async for data in reply.content.iter_any():
                self._servers.hear(server)
                reading.feed(data)
                if reading.ended:
                    await _rest(reply)
                    break
            completion = reading.end()
        server.streams = bool(reading.streams)
        return completion

    async def page(self, server: Server, path: str, body: JsonObject) -> JsonObject | None:
        """Return what a server answers at `path` of its root; None where it has no such page, {} where it says nothing.

        Raises:
            NoReplyError: if it fails.
        """
        try:
            answer: Json = json.loads(await self._read(server.root + path, body, server))
        except NoReplyError as failure:
            if failure.status in (404, 405, 501):
                return None
            if failure.kind is Kind.PROMPT:
                return {}
            raise
        except (ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}

    async def _read(self, url: str, body: JsonObject, server: Server) -> bytes:
        """Return what a server answers at a page, asked again where the connection broke off: nothing hangs on it.

        Raises:
            NoReplyError: if it fails again and again.
        """
        for pause_s in PAGE_PAUSES_S:
            try:
                return await self._read_once(url, body, server)
            except NoReplyError as failure:
                if failure.kind not in (Kind.FAULT, Kind.BROKEN):
                    raise
                await asyncio.sleep(pause_s)
        return await self._read_once(url, body, server)

    async def _read_once(self, url: str, body: JsonObject, server: Server) -> bytes:
        async with self._posted(server, url, body, self._page, Reading()) as reply:
            return await reply.read()

    @asynccontextmanager
    async def _posted(
        self, server: Server, url: str, body: JsonObject, timeout: aiohttp.ClientTimeout, reading: Reading
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a question, and yield the answer as it begins to come, of a good status."""
        try:
            async with self._session.post(
                url, data=json.dumps(body).encode(), timeout=timeout, allow_redirects=False, proxy=proxy_of(url)
            ) as reply:
                if reply.status >= 300:
                    raise of_answer(reply.status, await reply.content.read(2**16), reply.headers, self._key)
                yield reply
        except TimeoutError as error:
            raise self._late(error, reading) from error
        except aiohttp.ClientHttpProxyError as error:
            raise self._of_proxy(error) from error
        except aiohttp.ClientConnectorError as error:
            raise _unconnected(error) from error
        except aiohttp.InvalidURL as error:
            raise NoReplyError(Kind.DENIED, f"not an address: {error}") from error
        except (aiohttp.ClientError, OSError) as error:
            kind = Kind.BROKEN if reading.begun else Kind.FAULT
            silent = isinstance(error, aiohttp.ClientConnectionError) and not server.answers
            perhaps = "; one that speaks https alone does so" if silent and url.startswith("http:") else ""
            raise NoReplyError(kind, f"the connection broke off ({self._told(error)}){perhaps}") from error

    def _of_proxy(self, error: aiohttp.ClientHttpProxyError) -> NoReplyError:
        """Return what it means that a proxy does not let us through."""
        failure = of_answer(error.status, f"the proxy says {error.message}".encode(), error.headers or {}, self._key)
        failure.mend = HINTS[407] if error.status == 407 else PROXY
        return failure

    def _told(self, error: Exception) -> str:
        """Return what an error says in a few words; some repeat the request with all its headers."""
        if isinstance(error, aiohttp.ClientPayloadError):
            return "in the middle of the reply"
        said = error.message if isinstance(error, aiohttp.ClientResponseError) else repr(error)
        return printable(said, self._key)

    def _late(self, error: TimeoutError, reading: Reading) -> NoReplyError:
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            return NoReplyError(Kind.AWAY, "no connection in time")
        if isinstance(error, aiohttp.SocketTimeoutError):
            return NoReplyError(Kind.MUTE, f"no sign of life for {self._streamed.sock_read:g} s (--idle-timeout)")
        if not reading.size:
            return NoReplyError(Kind.MUTE, f"no sign of life for {self._timeout_s:g} s (--timeout)")
        return NoReplyError(Kind.SLOW, f"the reply was still coming after {self._timeout_s:g} s (--timeout)")


def session(headers: Mapping[str, str]) -> aiohttp.ClientSession:
    """Return what every request is sent by: the one place that reaches a network."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=UNUSED_S), headers=headers)


async def _rest(reply: aiohttp.ClientResponse) -> None:
    """Read on to the end of an answer that has said all, if that comes at once."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_S):
            await reply.content.read()


def _unconnected(error: aiohttp.ClientConnectorError) -> NoReplyError:
    """Return what it means that there is no connection: a server that nobody may trust is not waited for."""
    place = f"{error.host}:{error.port}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = getattr(error.certificate_error, "verify_message", "") or error.certificate_error
        return NoReplyError(Kind.DENIED, f"the certificate of {place} is not trusted ({why})", mend=TRUST)
    if isinstance(error, aiohttp.ClientConnectorSSLError) and getattr(error.os_error, "reason", None) in _NO_TLS:
        return NoReplyError(Kind.DENIED, f"{place} does not speak https", mend="begin --base-url with http:// then")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return NoReplyError(Kind.AWAY, f"no connection to the proxy {place} ({error.strerror})", mend=PROXY)
    return NoReplyError(Kind.AWAY, f"no connection ({error.strerror or error})")


@functools.cache
def proxy_of(url: str) -> str | None:
    """Return the proxy that the environment names for an address, or None; `http://` may be left out there."""
    parts, named = urlsplit(url), getproxies()
    host = parts.hostname or ""
    if proxy_bypass(parts.netloc) or proxy_bypass(host) or _in_networks(host, named.get("no", "")):
        return None
    proxy = named.get(parts.scheme) or named.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _in_networks(host: str, excepted: str) -> bool:
    """Return whether a host is an address in one of the networks among what is excepted, as `10.0.0.0/8`."""
    with contextlib.suppress(ValueError):
        address = ip_address(host)
        for name in excepted.split(","):
            with contextlib.suppress(ValueError):
                if address in ip_network(name.strip(), strict=False):
                    return True
    return False

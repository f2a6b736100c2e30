"""A server on this machine that misbehaves as a test tells it to, for the http engine."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """One reply of the server.

    Attributes:
        body: text as it is, anything else as JSON, a list of bytes piece by piece in chunks.
        status: of HTTP.
        headers: beside the usual ones.
        hold_s: how long it waits before it says anything, by the clock of the server.
        pause_s: how long it waits after each piece, likewise.
        reset: whether it breaks the connection instead of ending the answer.
    """

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hold_s: float = 0
    pause_s: float = 0
    reset: bool = False


Script = Callable[[dict[str, Any], int], Answer]
"""Takes the request's body and how often this same question has come before."""


def completion(content: str | None = "4", finish: str | None = "stop", **message: Any) -> dict[str, Any]:
    """Return a chat completion."""
    return {
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": 11, "total_tokens": 18},
    }


def event(value: Any) -> bytes:
    """Return one server-sent event."""
    return b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n"


def stream(*texts: str, finish: str | None = "stop", field: str = "content") -> list[bytes]:
    """Return the events of a streamed reply, the counts and the end included."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, *({field: text} for text in texts)]
    chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    usage = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": len(texts)}}
    return [*map(event, chunks), event(end), event(usage), event(b"[DONE]")]


class Clock:
    """The clock of event loops, which a server sets forward instead of waiting.

    Limits of minutes then end at once where they should, and however busy the machine is, nothing else reaches them.
    """

    ROUNDS = 5
    """Rounds of a loop in which it reads all that was sent to it, and ends what is out of time."""

    def __init__(self) -> None:
        self._ahead_s = 0.0
        self._loops: list[asyncio.AbstractEventLoop] = []

    def loop(self) -> asyncio.AbstractEventLoop:
        """Return a new loop that goes by this clock."""
        clock = self

        class Loop(asyncio.SelectorEventLoop):
            def time(self) -> float:
                return super().time() + clock._ahead_s

        self._loops.append(Loop())
        return self._loops[-1]

    def forward(self, seconds: float) -> None:
        """Let time pass, between what a loop has been sent so far and what it is sent next."""
        for loop in self._loops:
            done = threading.Event()

            def turn(left: int, loop: asyncio.AbstractEventLoop = loop, done: threading.Event = done) -> None:
                if left == self.ROUNDS:
                    self._ahead_s += seconds
                loop.call_soon(turn, left - 1) if left else done.set()

            if not loop.is_closed():
                loop.call_soon_threadsafe(turn, 2 * self.ROUNDS)
                done.wait(60)


@dataclass
class Served:
    """What the server saw."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, script: Script, tokenize: Callable[[str], list[int]] | None, host: str, port: int, clock: Clock | None
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        shown = f"[{host}]" if ":" in host else host
        self.served = Served(f"http://{shown}:{self.server_address[1]}/v1")
        self.script, self.tokenize, self.clock = script, tokenize, clock
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.under_way = 0

    def wait(self, seconds: float) -> bool:
        """Wait so long, and return whether the server is stopped."""
        if self.clock and seconds:
            self.clock.forward(seconds)
        return self.stopped.wait(0 if self.clock else seconds)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_CONNECT(self) -> None:
        """Let nobody through, as a proxy that wants a password."""
        self.send_error(407)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.answer(body)
        try:
            self.send_response(answer.status)
            if isinstance(answer.body, list):
                self.send_pieces(answer, answer.body)
            else:
                self.send_whole(answer)
            if answer.reset:
                # unsent bytes are thrown away and the other side gets a reset
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
        except OSError:  # the client has gone, as a time-out makes it
            self.close_connection = True

    def answer(self, body: dict[str, Any]) -> Answer:
        served, tokenize = self.server.served, self.server.tokenize
        if self.path == "/tokenize":
            chat = f"{body.get('messages')}{body.get('chat_template_kwargs', '')}"
            text = body.get("content") or body.get("prompt") or chat
            return Answer({"tokens": tokenize(text), "max_model_len": 500}) if tokenize else Answer({}, 404)
        if self.path == "/detokenize" and tokenize:
            return Answer({"prompt": "".join(map(chr, body["tokens"]))})
        if self.path == "/v1/completions":
            served.requests.append(body)
            return self.server.script(body, 0)
        if self.path != "/v1/chat/completions":
            return Answer({"error": {"message": "no such page"}}, 404)
        with self.server.lock:
            before = sum(seen.get("messages") == body["messages"] for seen in served.requests)
            served.requests.append(body)
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.server.under_way += 1
            served.at_once = max(served.at_once, self.server.under_way)
        answer = self.server.script(body, before)
        self.server.wait(answer.hold_s)
        with self.server.lock:
            self.server.under_way -= 1
        return answer

    def send_whole(self, answer: Answer) -> None:
        content = answer.body.encode() if isinstance(answer.body, str) else json.dumps(answer.body).encode()
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) + 100 * answer.reset))
        self.end_headers()
        self.wfile.write(content)

    def send_pieces(self, answer: Answer, pieces: Sequence[bytes]) -> None:
        for name, value in {"Content-Type": "text/event-stream", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            if self.server.wait(answer.pause_s):
                return
        if not answer.reset:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@contextmanager
def serving(
    script: Script,
    tokenize: Callable[[str], list[int]] | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Clock | None = None,
    secured: ssl.SSLContext | None = None,
) -> Iterator[Served]:
    """Serve chat completions as `script` says, by the clock of this machine or by `clock`.

    By https where `secured` is given.
    """
    server = _Server(script, tokenize, host, port, clock)
    if secured:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
        server.served.url = server.served.url.replace("http:", "https:")
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
    try:
        yield server.served
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()

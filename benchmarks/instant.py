"""A server that answers every chat at once or after a while, in a process of its own: what is measured is who asks."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

EVENTS = [
    {"choices": [{"index": 0, "delta": {"content": "So it is \\boxed{5}."}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 50, "completion_tokens": 9}},
]
BODY = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in EVENTS) + b"data: [DONE]\n\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
SEED = re.compile(rb'"seed": ?(\d+)')  # with or without a blank, as the client's JSON has it
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def instant(hold_s: float = 0) -> Iterator[str]:
    """Yield the address of such a server.

    A reply takes between half and three halves of `hold_s`, drawn from the seed of its request: replies of a model have
    lengths of their own and do not end all at once, and who asks the same waits the same.
    """
    words = [sys.executable, __file__, str(hold_s)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        finally:
            server.kill()


def share(body: bytes) -> float:
    """Return what part of the usual time a request takes."""
    seed = SEED.search(body)
    return random.Random(seed.group(1)).uniform(0.5, 1.5) if seed else 1.0


def serve(hold_s: float) -> None:
    """Answer until the process is ended."""
    import asyncio

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                size = next(
                    int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
                )
                body = await reader.readexactly(size)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()
                return
            chat = b"/chat/completions" in head
            await asyncio.sleep(hold_s * share(body) if chat and hold_s else 0)
            writer.write(ANSWER if chat else MISSING)

    async def main() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=4096)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(main())


if __name__ == "__main__":
    serve(float(sys.argv[1]))

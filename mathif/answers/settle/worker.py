"""The worker process: reads questions about trees from its input, answers them, and may do nothing else.

A room of its own because it is a program: the pool starts it with `python -c`, so that no `__main__` of the user is
ever imported. First it limits its memory, forbids itself every file, socket and process by an audit
hook, and from then on only computes. It ends when its input ends, its parent is gone, or it computes
longer than it may.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import signal
import struct
import sys
import sysconfig
import threading
import time
from pathlib import Path
from typing import BinaryIO

from mathif.json_values import JsonObject, number

MEMORY_BYTES = 1 << 30
_LENGTH = struct.Struct(">I")
_FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "pty.", "ctypes.", "webbrowser.", "urllib.", "ftplib.",
"http.", "smtplib.",
              "sqlite3.", "mmap.", "fcntl.", "signal.", "tempfile.", "glob.", "pathlib.")  # fmt: skip
_HARMLESS = {"os.listdir", "os.scandir"}


def send(stream: BinaryIO, message: JsonObject) -> None:
    """Write one message: its length in four bytes, then JSON."""
    body = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: BinaryIO) -> JsonObject | None:
    """Read one message, None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    body = stream.read(_LENGTH.unpack(head)[0])
    message: JsonObject = json.loads(body)
    return message


def main() -> None:
    """Serve until the input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _watch_parent()
    from mathif.answers.settle import questions

    _limit()
    send(answers, {"ready": True})
    while (message := receive(requests)) is not None:
        begun_s = time.process_time()
        # The signal ends this process, wherever it computes: nothing here handles it.
        signal.setitimer(signal.ITIMER_PROF, number(message, "compute_s"))
        try:
            answer = questions.answer(message)
        except MemoryError:
            answer = {"error": "the worker ran out of memory"}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(answers, {**answer, "computed_s": time.process_time() - begun_s})


def _watch_parent() -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _folders_of_code() -> tuple[str, ...]:
    """Return the folders whose files may be read on: Python's own, ours, and those of the two libraries of algebra.

    Sympy is imported by the first question that needs it, and looks for its helpers beside it.
    """
    specs = [importlib.util.find_spec(name) for name in ("mathif", "mpmath", "sympy")]
    files = [Path(spec.origin) for spec in specs if spec is not None and spec.origin is not None]
    ours, *others = files
    return (sysconfig.get_path("stdlib"), str(ours.parent), *(str(file.parents[1]) for file in others))


def _limit() -> None:
    """Cap memory and file size, then forbid everything but computing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import ctypes  # noqa: F401 - sympy imports it later, and it opens the interpreter itself

    code = _folders_of_code()

    def forbid(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, mode, _ = args
            if mode in ("r", "rb", None) and isinstance(path, str) and path.startswith(code):
                return
        elif event in _HARMLESS or not event.startswith(_FORBIDDEN):
            return
        raise PermissionError(f"the worker may not {event}")

    sys.addaudithook(forbid)

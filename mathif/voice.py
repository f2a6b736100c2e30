"""The voice of a command: what it says beside its result, on the terminal, into a log, or not at all.

A room of its own because three things are told apart there and nowhere else: the result, which is for a pipe; what
happens on the way, which is for whoever watches; and what went wrong, which nothing silences.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


class Voice:
    """Says what happens; also from the threads of an engine.

    Attributes:
        quiet: whether nothing is said but what went wrong.
        log: file that hears everything, each line with its time; None for none.
        json: whether the result is said as JSON.
    """

    def __init__(self, echo: Callable[[str], None]) -> None:
        """Begin to speak; `echo` puts one line where a user sees it."""
        self._echo = echo
        self.begin()

    def begin(self) -> None:
        """Forget what an earlier command asked for."""
        self.quiet = False
        self.log: Path | None = None
        self.json = False

    def say(self, text: str, *, shown: str | None = None) -> None:
        """Say what happens: one line in the log, and `shown` where a user sees it, if it is laid out there."""
        self.write(text)
        if not self.quiet:
            self._echo(text if shown is None else shown)

    def complain(self, text: str) -> None:
        """Say what went wrong."""
        self.write(text)
        self._echo(text)

    def write(self, text: str) -> None:
        """Write a line into the log alone; one that cannot be written to is given up, and said so once."""
        if self.log is None:
            return
        try:
            with self.log.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}\n")
        except OSError as error:
            path, self.log = self.log, None
            self._echo(f"warning: --log {path}: cannot be written: {error.strerror}; there is no log from here on")

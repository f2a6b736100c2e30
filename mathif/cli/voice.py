"""The voice of a command: its result, what it says beside it, on the terminal, into a log, or not at all.

Three things are told apart here and nowhere else: the result, which is for a pipe; what happens on the way, which is
for whoever watches; and what went wrong, which nothing silences.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, TypeVar

import click

Row = TypeVar("Row")


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


VOICE = Voice(functools.partial(click.echo, err=True))  # stderr, where nothing ends up in a table

say = VOICE.say


def show(value: object, text: Callable[[], str]) -> None:
    """Print the result of a command: the value, plain JSON, where it is asked for, and else its text."""
    import json

    click.echo(json.dumps(value, indent=2) if VOICE.json else text())


def say_files(folder: Path, *names: str) -> None:
    """Say which files were written into a folder, broken between two names where the terminal ends."""
    told = f"files: {folder}/{', '.join(names)}"
    lines = textwrap.wrap(told, columns(), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    say(told, shown="\n".join(lines))


def bar(rows: Iterable[Row], total: int, what: str) -> Iterator[Row]:
    """Show how far it is: all the time on a terminal, every half minute in a log."""
    from mathif import progress

    if VOICE.quiet or not sys.stderr.isatty():
        return progress.told(rows, total, what, VOICE.say)
    return progress.bar(progress.told(rows, total, what, VOICE.write) if VOICE.log else rows, total, what)


def columns() -> int:
    """Return how wide the terminal is."""
    return shutil.get_terminal_size().columns


class _Style(TypedDict, total=False):
    fg: str
    bold: bool


def coloured(text: str) -> str:
    """Return the text of a report with what must be seen first set off; a pipe gets none of the colours."""
    from mathif.screen import QUESTION

    if os.environ.get("NO_COLOR"):
        return text
    styles: dict[str, _Style] = {
        QUESTION: {"bold": True},
        "! ": {"fg": "yellow"},
        "INCOMPLETE": {"fg": "red"},
        "SIMULATED": {"fg": "cyan"},
    }
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for begin, style in styles.items():
            if line.startswith(begin):
                lines[place] = click.style(line, **style)
    return "\n".join(lines)

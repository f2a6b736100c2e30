"""A disk that fills up, breaks, or ends the process between two calls; below it lies a real folder."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from filelock import FileLock

from mathif.store import disk, files, records

GROWING = ("write", "make_folder", "sync", "move", "lock")
"""What a full disk refuses: some file systems find room for what was written only when it is synced."""
STEP_S = 0.05
"""What each step takes by the clock of this disk."""
MOST_STEPS = 3000
"""Steps after which a command is taken for one that never ends."""


class DeathError(BaseException):
    """The process is killed: nothing of it runs any more, and nothing may be written by what still unwinds."""


class EndlessError(BaseException):
    """A command that takes more steps than any that ends."""


class Event(NamedTuple):
    """What happens at one step.

    `kill`, `power`, `signal`, a disk that is `full` or `broken`, one from which something is `unread`, at that step of
    reading, or a machine that sleeps and wakes (`leap`).
    """

    what: str
    step: int


class _Medium(io.FileIO):
    """A file that is read in steps."""

    def __init__(self, descriptor: int, count: Callable[[str], None]) -> None:
        super().__init__(descriptor, "rb")
        self._count = count

    def readinto(self, buffer: Any) -> int | None:
        """Read the next bytes."""
        self._count("read")
        return super().readinto(buffer)


class Disk:
    """Counts the steps of a command, a wait for the server included, and lets its event happen at one of them."""

    def __init__(self, rng: Random, patch: pytest.MonkeyPatch) -> None:
        self._rng = rng
        self.leap: Callable[[], None] = lambda: None
        self._synced: dict[tuple[int, int], tuple[Path, int]] = {}  # by device and inode
        self.begin(None)
        patch.setattr(disk, "now_s", lambda: self.step * STEP_S)
        for name in ("open_file", "write", "cut", "sync", "move", "remove", "make_folder", "remove_folder"):
            act = getattr(disk, name) if name != "sync" else lambda descriptor: None  # `_synced` is the medium
            patch.setattr(disk, name, self._guarded(name, act))
        patch.setattr(FileLock, "acquire", self._guarded("lock", FileLock.acquire))
        for room in (files, records):
            patch.setattr(room, "readable", self._readable)

    def begin(self, event: Event | None) -> None:
        """Begin a command; `event` is what befalls it."""
        self.event = event
        self.step = 0
        self.happened = False
        self._dead = False
        self._synced.clear()

    def _guarded(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **named: Any) -> Any:
            self.count(name, args)
            done = act(*args, **named)
            self._note(name, args, done)
            return done

        return guarded

    def _readable(self, path: Path) -> io.BufferedReader:
        """Open a file of which some bytes may not be read."""
        return io.BufferedReader(_Medium(disk.open_file(path, os.O_RDONLY), self.count))

    def count(self, name: str = "wait", args: tuple[Any, ...] = ()) -> None:
        """Let one step pass.

        Raises:
            DeathError: if the process is dead, or dies here.
            KeyboardInterrupt: for a signal.
            OSError: if the disk refuses.
        """
        if self._dead:
            raise DeathError
        what = self.event.what if self.event else ""
        if (name == "read") != (what == "unread") or (name == "lock" and what not in ("full", "broken")):
            return
        self.step += 1
        if self.step > MOST_STEPS:
            raise EndlessError
        if self.event is None or self.step < self.event.step:
            return
        first, self.happened = not self.happened, True
        if self.event.what in ("kill", "power") and first:
            self._dead = True
            self._part(name, args)
            raise DeathError
        if self.event.what == "signal" and first:
            raise KeyboardInterrupt
        if self.event.what == "leap" and first:
            self.leap()
        if self.event.what == "full" and (name in GROWING or (name == "open_file" and args[1] & os.O_CREAT)):
            self._part(name, args)
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.event.what in ("broken", "unread") and name != "wait" and self.step < self.event.step + 3:
            raise OSError(errno.EIO, "Input/output error")

    def _part(self, name: str, args: tuple[Any, ...]) -> None:
        """Write a part of what was to be written."""
        if name == "write":
            descriptor, data = args
            os.write(descriptor, bytes(data)[: self._rng.randrange(len(data))])

    def _note(self, name: str, args: tuple[Any, ...], done: Any) -> None:
        """Remember how much of an open file is on the medium."""
        if name == "open_file" and args[1] & os.O_APPEND:
            found = os.fstat(done)
            self._synced.setdefault((found.st_dev, found.st_ino), (args[0], found.st_size))
        elif name == "sync":
            found = os.fstat(args[0])
            known = self._synced.get((found.st_dev, found.st_ino))
            if known:
                self._synced[found.st_dev, found.st_ino] = known[0], found.st_size

    def lose_power(self) -> None:
        """Take away a part of what was appended and never synced."""
        for path, size in self._synced.values():
            if path.exists() and path.stat().st_size > size:
                os.truncate(path, self._rng.randint(size, path.stat().st_size))

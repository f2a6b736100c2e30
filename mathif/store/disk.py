"""The disk: every change that is made to a file or a folder goes through one of these calls.

A room of its own so that a test can put another disk in its place: one that fills up, breaks, or dies with the process
between two calls.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from pathlib import Path

now_s = time.monotonic
"""The clock that says when a file is synced next."""


def _odd() -> OSError:
    return OSError(errno.EINVAL, "it is not a plain file")


def open_file(path: Path, flags: int) -> int:
    """Open a plain file without following a link, and return its descriptor; one that is made may be read by all.

    A pipe is waited for by nobody: without `O_NONBLOCK` the system would, until somebody opens its other end.

    Raises:
        OSError: as `os.open` does; for a link, that it is one, and likewise for anything else that is no plain file.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
    except OSError as error:
        if error.errno != errno.ENXIO:  # a pipe that nobody reads
            raise
        raise _odd() from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _odd()
    return descriptor


def write(descriptor: int, data: bytes | memoryview) -> int:
    """Write as much of `data` as the system takes at once, and return how many bytes that was."""
    return os.write(descriptor, data)


def cut(descriptor: int, size: int) -> None:
    """Cut a file to its first `size` bytes."""
    os.ftruncate(descriptor, size)


def sync(descriptor: int) -> None:
    """Wait until what was written to a file is on the medium."""
    os.fsync(descriptor)


def move(path: Path, place: Path) -> None:
    """Put a file in the place of another one, or where none is."""
    path.replace(place)


def remove(path: Path) -> None:
    """Remove a file, where it is there."""
    path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; nothing where it is there."""
    path.mkdir(parents=True, exist_ok=True)


def remove_folder(path: Path) -> None:
    """Remove a folder with all that is in it, as far as the system lets it."""
    shutil.rmtree(path, ignore_errors=True)

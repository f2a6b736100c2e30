"""Record files as a stream: rows appended one by one, read in order, written anew, and repaired after a kill."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from mathif.errors import DataError
from mathif.json_values import JsonObject
from mathif.store import disk
from mathif.store.files import beside, cannot_write, parsed, reading, reason, scratch, write_all
from mathif.store.seals import CHANGED, Mark, Running, seal, unsealed, unsealed_line

SYNC_INTERVAL_S = 1.0
"""A row reaches the operating system at once, so that a killed process loses nothing; the disk, within this time."""

BLOCK_BYTES = 65536
"""The end of a file is looked at by so much at a time."""


def read_rows(path: Path, mark: Mark | None = None, origin: int = 0) -> Iterator[JsonObject]:
    """Yield the JSON objects of `path` in order, one a line, without their seals; blank lines are skipped.

    Args:
        path: the file.
        mark: what it must hold in the end, where that is known.
        origin: what the checksums of its records begin from.

    Raises:
        DataError: if the file is missing, a line is not a JSON object or not as it was written, naming file and line,
            or if, at the end, it turns out to hold other records than `mark` says.
    """
    running = Running()
    with reading(path) as file:
        for number, text in enumerate(file, 1):
            if text.strip():
                read = unsealed(text, origin)
                if read.changed:
                    raise DataError(f"{path}:{number}: {CHANGED}")
                running.add(read.checksum)
                yield parsed(read.body, f"{path}:{number}")
    unlike = running.mark.unlike(mark) if mark is not None else ""
    if unlike:
        raise DataError(f"{path}: {unlike}")


def repair(path: Path, origin: int = 0) -> int:
    """Cut off a torn last line, as a kill or a full disk leaves it; give a whole one the line end that it lacks.

    Args:
        path: the file.
        origin: what the checksums of its records begin from.

    Returns:
        Number of bytes dropped; 0 where the file is whole or missing.

    Raises:
        DataError: if it is a link, or the disk refuses.
    """
    if not path.exists():
        return 0
    try:
        with os.fdopen(disk.open_file(path, os.O_RDWR), "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            keep = _last_newline(file, size)
            file.seek(keep)
            last = unsealed(file.read(), origin)
            if last.sealed and not last.changed:
                write_all(file.fileno(), b"\n")
                keep = size
            elif keep < size:
                disk.cut(file.fileno(), keep)
                disk.sync(file.fileno())
            return size - keep
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {reason(path, error)}") from error


def _last_newline(file: BinaryIO, size: int) -> int:
    """Return the offset just after the last newline of the first `size` bytes."""
    end = size
    while end > 0:
        start = max(0, end - BLOCK_BYTES)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


class Appender:
    """Appends rows to a record file; every row is whole on disk or not there.

    Use as a context manager. The file must not be torn: call `repair` first.
    """

    def __init__(
        self,
        path: Path,
        descriptor: int,
        origin: int = 0,
        appended: Callable[[str, int, bytes], None] | None = None,
    ) -> None:
        """Append to an open file.

        Args:
            path: names the file in errors.
            descriptor: of the file.
            origin: what the checksums of its records begin from.
            appended: told of each row: its key, the place of its line, and the line.
        """
        self._path = path
        self._origin = origin
        self._appended = appended
        self._running = Running()
        self._descriptor = descriptor
        self._synced_at_s = disk.now_s()

    @property
    def mark(self) -> Mark:
        """The mark of the rows that were appended."""
        return self._running.mark

    def append(self, row: Mapping[str, object]) -> None:
        """Append one row.

        Raises:
            DataError: if the disk refuses; the rows before it stay whole.
        """
        at, text = self._write(unsealed_line(row))
        if self._appended is not None:
            self._appended(str(row.get("key")), at, text)
        self._sync_in_time()

    def append_body(self, body: bytes) -> None:
        """Append one row, given as the JSON of its record.

        Raises:
            DataError: if the disk refuses; the rows before it stay whole.
        """
        self._write(body)
        self._sync_in_time()

    def _write(self, body: bytes) -> tuple[int, bytes]:
        """Write the line of a row, and return its place and the line."""
        text, checksum = seal(body, self._origin)
        size = os.fstat(self._descriptor).st_size
        try:
            write_all(self._descriptor, text)
        except OSError as error:
            disk.cut(self._descriptor, size)
            raise DataError(f"{self._path}: cannot be written: {error.strerror}; what was there is kept") from error
        self._running.add(checksum)
        return size, text

    def _sync_in_time(self) -> None:
        if disk.now_s() - self._synced_at_s > SYNC_INTERVAL_S:
            self._sync()

    def _sync(self) -> None:
        disk.sync(self._descriptor)
        self._synced_at_s = disk.now_s()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._sync()
        finally:
            os.close(self._descriptor)


def appending(path: Path, origin: int = 0, appended: Callable[[str, int, bytes], None] | None = None) -> Appender:
    """Return what appends to `path`, which is made where it is missing; see `Appender` for the rest.

    Raises:
        DataError: if it is a link, or the disk refuses.
    """
    try:
        return Appender(path, disk.open_file(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), origin, appended)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {reason(path, error)}") from error


def append_bytes(path: Path, data: bytes) -> None:
    """Append lines to a file, which is made where it is missing; a last line that is torn there gets its line end.

    Raises:
        DataError: if it is a link, or the disk refuses; what was there is kept.
    """
    try:
        with os.fdopen(disk.open_file(path, os.O_RDWR | os.O_APPEND | os.O_CREAT), "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            torn = _last_newline(file, size) < size
            try:
                write_all(file.fileno(), b"\n" * torn + data)
            except OSError:
                disk.cut(file.fileno(), size)
                raise
            disk.sync(file.fileno())
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {reason(path, error)}") from error


@contextmanager
def rewriting(path: Path, origin: int = 0) -> Iterator[Appender]:
    """Yield an appender of a new file that takes the place of `path` when the block ends well.

    Args:
        path: the file.
        origin: what the checksums of its records begin from.

    Raises:
        DataError: if the disk refuses; the old file stays.
    """
    try:
        with Appender(path, scratch(path), origin) as rows:
            yield rows
        disk.move(beside(path), path)
    except OSError as error:
        raise cannot_write(path, error) from error

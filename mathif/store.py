"""Append-only record files that survive a kill: one JSON object a line, synced to disk, locked, a torn tail repaired.

Every stage of a run writes one such file and reads only earlier ones. Nothing here knows what a record means, but that
it has a `key`. A record ends with a checksum of its line (`crc32`), so that a changed one is seen; the lines of files
that have none, as those of tasks and of older runs, are read all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

from filelock import FileLock, Timeout

from mathif.errors import DataError, UsageError

SYNC_INTERVAL_S = 1.0
"""A row reaches the operating system at once, so that a killed process loses nothing; the disk, within this time."""


def canonical(value: Any) -> str:
    """Return `value` as canonical JSON: sorted keys, no spaces, ASCII only, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Mark(NamedTuple):
    """What is known of a record file from outside: how many records it has, and a digest of all their checksums."""

    total: int
    digest: str


class Fault(NamedTuple):
    """A record that is not as it was written: the number of its line, its key where that can be read, and why."""

    line: int
    key: str
    reason: str


_SEALED = re.compile(rb'(?:, )?"crc32": "([0-9a-f]{8})"\}$')
"""The end of a record's line that is its checksum."""
_KEYED = re.compile(rb'\{"key": "([^"\\]+)"')
"""The beginning of nearly every record's line; a key that JSON escapes is read in full."""


def _opened(text: bytes) -> tuple[bytes, int, bool]:
    """Return a line without its checksum, the checksum that it should have, and whether it has another one."""
    text = text.rstrip(b"\r\n")
    seal = _SEALED.search(text, max(0, len(text) - 24))
    body = text[: seal.start()] + b"}" if seal else text
    checksum = zlib.crc32(body)
    return body, checksum, bool(seal and int(seal[1], 16) != checksum)


def read_rows(path: Path, mark: Mark | None = None) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of `path` in order, one a line, without their checksums; blank lines are skipped.

    Args:
        path: the file.
        mark: what it must hold in the end, where that is known.

    Raises:
        DataError: if the file is missing, a line is not a JSON object or not as it was written, naming file and line,
            or if, at the end, it turns out to hold other records than `mark` says.
    """
    running = Running()
    try:
        with path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if text.strip():
                    body, checksum, changed = _opened(text)
                    if changed:
                        raise DataError(f"{path}:{number}: {CHANGED}")
                    running.add(checksum)
                    yield _object(body, f"{path}:{number}")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    if mark is not None and mark != running.mark:
        raise DataError(f"{path}: {_unlike(running.mark, mark)}")


CHANGED = "the record was changed since it was written: its checksum is another"


def _unlike(found: Mark, expected: Mark) -> str:
    if found.total == expected.total:
        return f"its {found.total} records are not those that were written"
    return f"found {found.total} records, expected {expected.total}"


class Running:
    """The mark of a record file while it grows."""

    def __init__(self) -> None:
        self._count = 0
        self._digest = hashlib.sha256()

    def add(self, checksum: int) -> None:
        """Count one more record."""
        self._count += 1
        self._digest.update(checksum.to_bytes(4))

    @property
    def mark(self) -> Mark:
        """The mark of the records so far."""
        return Mark(self._count, self._digest.hexdigest())


class Records(Mapping[str, dict[str, Any]]):
    """The records of a file by key, looked through once, each parsed when it is asked for.

    Only where each record lies is kept in memory, so that files of any size can be read in any order.

    Attributes:
        path: the file, which may be missing: then there are no records.
        doubled: keys that occur more than once; the last record of each is found.
        faults: records that are not as they were written; none of them is found.
        lost: what tells that records are missing or were exchanged, "" where none are.
    """

    def __init__(self, path: Path, mark: Mark | None = None) -> None:
        """Look through the records of `path`.

        Args:
            path: the file.
            mark: what the first records were when the file was last seen, where that is known.

        Raises:
            DataError: if the file cannot be read.
        """
        self.path = path
        self.doubled: list[str] = []
        self.faults: list[Fault] = []
        self.lost = ""
        self._places: dict[str, tuple[int, int]] = {}
        self._running = Running()
        self._end = 0
        self._look_through(mark)

    @property
    def mark(self) -> Mark:
        """What the file holds now."""
        return self._running.mark

    @property
    def stale(self) -> bool:
        """Whether the file has another length than when it was looked through."""
        return (self.path.stat().st_size if self.path.exists() else 0) != self._end

    def _look_through(self, mark: Mark | None) -> None:
        seen = mark is None or mark == self.mark
        try:
            for number, text in enumerate(self._file if self.path.exists() else (), 1):
                if text.strip():
                    self._note(number, text)
                    seen = seen or mark == self.mark
                self._end += len(text)
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror}") from error
        if mark is not None and not seen:
            found = self.mark if self.mark.total < mark.total else Mark(mark.total, "")
            self.lost = _unlike(found, mark)

    def _note(self, number: int, text: bytes) -> None:
        """Keep the place of a record, or what is wrong with it."""
        body, checksum, changed = _opened(text)
        self._running.add(checksum)
        try:
            key = _key(body, f"{self.path}:{number}")
        except DataError as error:
            self.faults.append(Fault(number, "", str(error).partition(": ")[2]))
            return
        if changed:
            self.faults.append(Fault(number, key, CHANGED))
            return
        if key in self._places:
            self.doubled.append(key)
        self._places[key] = self._end, len(text)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> dict[str, Any]:
        return _object(self.body(key), f"{self.path}: {key}")

    def body(self, key: str) -> bytes:
        """Return the JSON of a record as it was written, without its checksum."""
        at, size = self._places[key]
        self._file.seek(at)
        body, _, changed = _opened(self._file.read(size))
        if changed:
            raise DataError(f"{self.path}: {key}: {CHANGED}")
        return body

    @cached_property
    def _file(self) -> BinaryIO:
        return self.path.open("rb")

    @contextmanager
    def appending(self) -> Iterator[Appender]:
        """Yield an appender whose rows are found among the records at once."""
        with Appender(self.path, self._appended) as rows:
            yield rows

    def _appended(self, row: Mapping[str, Any], at: int, text: bytes) -> None:
        self._running.add(_opened(text)[1])
        self._places[row["key"]] = at, len(text)
        self._end = at + len(text)


def _key(body: bytes, where: str) -> str:
    if begun := _KEYED.match(body):
        return begun[1].decode(errors="replace")
    key = _object(body, where).get("key")
    if not isinstance(key, str):
        raise DataError(f"{where}: found key {key!r}, expected a string")
    return key


def _object(text: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: found {type(row).__name__}, expected a JSON object")
    return row


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` so that a reader finds the old file or the new one, never a part.

    A lone surrogate, which UTF-8 cannot hold, is written as an escape.

    Raises:
        DataError: if the disk refuses.
    """
    scratch = path.with_name(path.name + ".part")
    try:
        with scratch.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise DataError(
            f"{path}: cannot be written: {error.strerror}; free some space and run the command again"
        ) from error


def write_json(path: Path, value: Any) -> None:
    """Write `value` to `path` as indented JSON, whole or not at all."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read the JSON object in `path`.

    Raises:
        DataError: if the file is missing or holds something else.
    """
    try:
        return _object(path.read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error


@contextmanager
def locked(folder: Path, wait_s: float = 0) -> Iterator[None]:
    """Hold `folder` for this process alone.

    Args:
        folder: where the lock file lies.
        wait_s: how long to wait for another process to let go.

    Raises:
        UsageError: if another process still holds it then.
    """
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        raise UsageError(f"{folder}: another mathif process is working in this folder; wait for it to end") from error
    try:
        yield
    finally:
        lock.release()


def repair(path: Path) -> int:
    """Cut off a torn last line, as a kill or a full disk leaves it.

    Returns:
        Number of bytes dropped; 0 where the file is whole or missing.
    """
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        keep = _last_newline(file, size)
        if keep < size:
            file.truncate(keep)
            os.fsync(file.fileno())
        return size - keep


def _last_newline(file: Any, size: int, block: int = 65536) -> int:
    """Return the offset just after the last newline of the first `size` bytes."""
    end = size
    while end > 0:
        start = max(0, end - block)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return int(start + found + 1)
        end = start
    return 0


def sealed(row: Mapping[str, Any]) -> bytes:
    """Return the line of a record: its JSON with its checksum, and its line end."""
    body = line(row).rstrip("\n").encode()
    comma = b", " if len(body) > len(b"{}") else b""
    return body[:-1] + comma + b'"crc32": "%08x"}\n' % zlib.crc32(body)


def line(row: Mapping[str, Any]) -> str:
    """Return a row as one line of JSON with its line end; a lone surrogate, which UTF-8 cannot hold, as an escape."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = json.dumps(row, allow_nan=False)
    return text + "\n"


class Appender:
    """Appends rows to a record file; every row is whole on disk or not there.

    Use as a context manager. The file must not be torn: call `repair` first.
    """

    def __init__(self, path: Path, appended: Callable[[Mapping[str, Any], int, bytes], None] | None = None) -> None:
        """Open a file to append to.

        Args:
            path: the file, made where it is missing.
            appended: told of each row with the place and the bytes of its line.
        """
        self._path = path
        self._appended = appended
        self._running = Running()
        self._file = path.open("ab", buffering=0)
        self._synced_at_s = time.monotonic()

    @property
    def mark(self) -> Mark:
        """The mark of the rows that were appended."""
        return self._running.mark

    def append(self, row: Mapping[str, Any]) -> None:
        """Append one row.

        Raises:
            DataError: if the disk refuses; the rows before it stay whole.
        """
        data = sealed(row)
        size = os.fstat(self._file.fileno()).st_size
        try:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            self._file.truncate(size)
            raise DataError(f"{self._path}: cannot be written: {error.strerror}; what was there is kept") from error
        self._running.add(_opened(data)[1])
        if self._appended is not None:
            self._appended(row, size, data)
        if time.monotonic() - self._synced_at_s > SYNC_INTERVAL_S:
            self._sync()

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced_at_s = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sync()
        self._file.close()


@contextmanager
def rewriting(path: Path) -> Iterator[Appender]:
    """Yield an appender of a new file that takes the place of `path` when the block ends well."""
    scratch = path.with_name(path.name + ".part")
    scratch.unlink(missing_ok=True)
    with Appender(scratch) as rows:
        yield rows
    scratch.replace(path)

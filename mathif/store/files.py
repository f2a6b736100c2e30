"""Single files: canonical JSON and digests, whole writes, reads that name what is wrong, and the lock of a folder.

A last component that is a symbolic link is never followed: a run's folder may come from somebody else.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NoReturn

from filelock import FileLock, Timeout

from mathif.errors import DataError, UsageError, why_unread
from mathif.json_values import Json, JsonObject
from mathif.store import disk


def canonical(value: object) -> str:
    """Return `value` as canonical JSON: sorted keys, no spaces, ASCII only, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable(path: Path) -> BinaryIO:
    """Open a plain file to read.

    Raises:
        OSError: if it is missing, a link or no plain file, or the disk refuses.
    """
    return os.fdopen(disk.open_file(path, os.O_RDONLY), "rb")


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a plain file to read.

    Raises:
        DataError: if it is missing, a link or no plain file, or the disk refuses, then or while it is read.
    """
    try:
        with readable(path) as file:
            yield file
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {reason(path, error)}") from error


def reason(path: Path, error: OSError) -> str:
    """Return in words why the system refuses a file."""
    return "it is a link, and none is followed" if path.is_symlink() else str(error.strerror)


def scratch(path: Path) -> int:
    """Make the file beside `path` that will take its place, anew, and return its descriptor.

    Raises:
        OSError: if it cannot be made.
    """
    disk.remove(beside(path))
    return disk.open_file(beside(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL)


def beside(path: Path) -> Path:
    """Return where the file that will take the place of `path` is written."""
    return path.with_name(path.name + ".part")


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader finds the old file or the new one, never a part.

    Raises:
        DataError: if the disk refuses.
    """
    try:
        descriptor = scratch(path)
        try:
            write_all(descriptor, data)
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
        disk.move(beside(path), path)
    except OSError as error:
        raise cannot_write(path, error) from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`.

    Raises:
        OSError: if the disk refuses; a part of it may be there then.
    """
    view = memoryview(data)
    while view:
        view = view[disk.write(descriptor, view) :]


def cannot_write(path: Path, error: OSError) -> DataError:
    """Return the error of a file that cannot be written, after its beginning is removed."""
    with suppress(OSError):  # what cannot be written often cannot be removed either
        disk.remove(beside(path))
    return DataError(f"{path}: cannot be written: {reason(path, error)}; mend that and run the command again")


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` whole or not at all; a lone surrogate, which UTF-8 cannot hold, as an escape.

    Raises:
        DataError: if the disk refuses.
    """
    write_bytes(path, _encoded(text))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def write_json(path: Path, value: object) -> None:
    """Write `value` to `path` as indented JSON, whole or not at all.

    Raises:
        DataError: if the disk refuses.
    """
    write_text(path, indented(value))


def indented(value: object) -> str:
    """Return the text of a file that holds `value` as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_json(path: Path) -> JsonObject:
    """Read the JSON object in `path`.

    Raises:
        DataError: if the file is missing or holds something else.
    """
    with reading(path) as file:
        return parsed(file.read(), str(path))


def _number(digits: str) -> float:
    """Return a number with a fraction or a power.

    Raises:
        ValueError: if it is too large for one, since what is read here may be written again.
    """
    value = float(digits)
    return value if math.isfinite(value) else _refused(digits)


def _refused(token: str) -> NoReturn:
    raise ValueError(f"found {token:.20}, expected a finite number")


_READER = json.JSONDecoder(parse_float=_number, parse_constant=_refused)
"""Reads JSON as the standard has it; Python's own takes NaN and Infinity, which nobody could write again."""


def parsed(text: bytes, where: str) -> JsonObject:
    """Return a JSON object; `where` begins every error.

    Raises:
        DataError: if the text is none.
    """
    try:
        row: Json = _READER.decode(text.removeprefix(BOM_UTF8).decode())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON: {why_unread(error)}") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: found {type(row).__name__}, expected a JSON object")
    return row


def make_folder(path: Path) -> None:
    """Make a folder and those above it; nothing where it is there.

    Raises:
        DataError: if the disk refuses, or it is no folder.
    """
    try:
        disk.make_folder(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be made: {error.strerror}; choose another folder") from error


def refuse_taken(folder: Path, instead: str) -> None:
    """Refuse a folder that holds something already; `instead` says what to do.

    Raises:
        UsageError: if it does.
    """
    try:
        taken = folder.exists() and any(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{folder}: cannot be used: {error.strerror}; choose another folder") from error
    if taken:
        raise UsageError(f"{folder}: not empty; {instead}")


def refuse_other(path: Path, content: str) -> None:
    """Refuse a file that is there and holds anything but `content`, which may be somebody's work.

    Raises:
        UsageError: if it does.
    """
    if path.exists() and (not path.is_file() or path.read_bytes() != _encoded(content)):
        raise UsageError(
            f"{path}: is there, and is not what would be written; choose another --out, or move it away first"
        )


@contextmanager
def locked(folder: Path, wait_s: float = 0) -> Iterator[None]:
    """Hold `folder` for this process alone.

    Args:
        folder: where the lock file lies.
        wait_s: how long to wait for another process to let go.

    Raises:
        UsageError: if another process still holds it then.
        DataError: if nothing can be written there.
    """
    path = folder / ".lock"
    lock = FileLock(path)
    try:
        if path.is_symlink():
            raise OSError(None, "a link")
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        raise UsageError(f"{folder}: another mathif process is working in this folder; wait for it to end") from error
    except OSError as error:
        raise DataError(f"{folder}: cannot be written to: {reason(path, error)}") from error
    try:
        yield
    finally:
        lock.release()

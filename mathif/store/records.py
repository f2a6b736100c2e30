"""Record files by key: looked through once, each record found and read when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, NamedTuple

from mathif.errors import DataError
from mathif.json_values import JsonObject
from mathif.store.files import parsed, readable, reason
from mathif.store.rows import Appender, appending
from mathif.store.seals import CHANGED, Mark, Running, unsealed

_KEYED = re.compile(rb'\{"key": "([^"\\]+)"')
"""The beginning of nearly every record's line; a key that JSON escapes is read in full."""


DOUBLED = "an earlier record has the same key"


class Fault(NamedTuple):
    """A record that is not as it was written: the number of its line, the line, its key where it has one, and why."""

    number: int
    text: bytes
    key: str
    reason: str


class Records(Mapping[str, JsonObject]):
    """The records of a file by key, each parsed when it is asked for.

    Only where each record lies is kept in memory, so that files of any size can be read in any order.

    Attributes:
        path: the file, which may be missing: then there are no records.
        origin: what the checksums of its records begin from.
        faults: records that are not as they were written, or have the key of an earlier one; none of them is found.
        lost: what tells that records are missing or were exchanged, "" where none are.
    """

    def __init__(self, path: Path, mark: Mark | None = None, origin: int = 0) -> None:
        """Look through the records of `path`.

        Args:
            path: the file.
            mark: what its first records were when it was last seen, where that is known.
            origin: what their checksums begin from.

        Raises:
            DataError: if the file cannot be read.
        """
        self.path = path
        self.origin = origin
        self.faults: list[Fault] = []
        self._places: dict[str, tuple[int, int]] = {}
        self._running = Running()
        self._end = 0
        begins = mark is None or mark == self.mark
        try:
            for number, text in enumerate(self._file if path.exists() or path.is_symlink() else (), 1):
                if text.strip():
                    self._note(number, text)
                    begins = begins or mark == self.mark
                self._end += len(text)
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {reason(path, error)}") from error
        self.lost = "" if begins or mark is None else self._unlike(mark)

    def _unlike(self, mark: Mark) -> str:
        beginning = self.mark if self.mark.total < mark.total else Mark(mark.total, "")
        return beginning.unlike(mark)

    @property
    def mark(self) -> Mark:
        """What the file holds now."""
        return self._running.mark

    @property
    def stale(self) -> bool:
        """Whether the file has another length than when it was looked through."""
        return (self.path.stat().st_size if self.path.exists() else 0) != self._end

    def _note(self, number: int, text: bytes) -> None:
        """Keep the place of a record, or what is wrong with it."""
        read = unsealed(text, self.origin)
        self._running.add(read.checksum)
        try:
            key = _key(read.body, read.sealed)
        except DataError as error:
            self.faults.append(Fault(number, text, "", str(error)))
            return
        if read.changed or key in self._places:
            self.faults.append(Fault(number, text, key, CHANGED if read.changed else DOUBLED))
            return
        self._places[key] = self._end, len(text)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> JsonObject:
        return parsed(self.body(key), f"{self.path}: {key}")

    def line(self, key: str) -> bytes:
        """Return the line of a record as it stands in the file.

        Raises:
            DataError: if the disk refuses.
        """
        at, size = self._places[key]
        try:
            self._file.seek(at)
            return self._file.read(size)
        except OSError as error:
            raise DataError(f"{self.path}: {key}: cannot be read: {reason(self.path, error)}") from error

    def body(self, key: str) -> bytes:
        """Return the JSON of a record without its seal.

        Raises:
            DataError: if it was changed since the file was looked through, or the disk refuses.
        """
        read = unsealed(self.line(key), self.origin)
        if read.changed:
            raise DataError(f"{self.path}: {key}: {CHANGED}")
        return read.body

    @cached_property
    def _file(self) -> BinaryIO:
        return readable(self.path)

    def appending(self) -> Appender:
        """Return what appends to the file; its rows are found among the records at once."""
        return appending(self.path, self.origin, self._appended)

    def _appended(self, key: str, at: int, text: bytes) -> None:
        self._running.add(unsealed(text, self.origin).checksum)
        self._places[key] = at, len(text)
        self._end = at + len(text)


def _key(body: bytes, sealed: bool) -> str:
    """Return the key of a record; one that no seal vouches for is parsed, to see that it is whole."""
    begun = _KEYED.match(body) if sealed else None
    if begun:
        return begun[1].decode(errors="replace")
    key = parsed(body, "the record").get("key")
    if not isinstance(key, str):
        raise DataError(f"the record has the key {key!r}, expected a string")
    return key

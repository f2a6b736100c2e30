"""Seals: the checksum at the end of every record's line, and the mark that tells a whole file from a damaged one."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from operator import eq
from typing import NamedTuple

from mathif.counting import counted
from mathif.json_values import HALF

CHANGED = "the record was changed since it was written, or is another run's: its checksum does not fit"

_SEAL = re.compile(rb'(?:, )?"crc32": "([0-9a-f]{8})"\}$')
"""The end of a sealed line; the comma is missing where the record has no field."""
_SHAPE = b', "crc32": "........"}'
"""A seal, its comma and its brace included; each stop stands for a digit."""


class Mark(NamedTuple):
    """What is known of a record file from outside: how many records it has, and a digest of all their checksums."""

    total: int
    digest: str

    def unlike(self, expected: Mark) -> str:
        """Return in words how a file with this mark differs from what it should hold, "" where it does not."""
        if self == expected:
            return ""
        if self.total == expected.total:
            records = counted(self.total, "record is not the one that was", "records are not those that were")
            return f"its {records} written"
        return f"found {counted(self.total, 'record')}, expected {expected.total}"


class Running:
    """The mark of a record file while it grows."""

    def __init__(self) -> None:
        self._total = 0
        self._digest = hashlib.sha256()

    def add(self, checksum: int) -> None:
        """Count one more record."""
        self._total += 1
        self._digest.update(checksum.to_bytes(4))

    @property
    def mark(self) -> Mark:
        """The mark of the records so far."""
        return Mark(self._total, self._digest.hexdigest())


class Sealed(NamedTuple):
    """A record's line, to be written, and the checksum in it."""

    line: bytes
    checksum: int


class Line(NamedTuple):
    """A record's line, read.

    Attributes:
        body: the JSON of the record without its seal.
        checksum: the checksum of the body.
        sealed: whether the line should have a seal; lines of tasks and of older runs have none.
        changed: whether the seal is that of another body or origin, or damaged itself.
    """

    body: bytes
    checksum: int
    sealed: bool
    changed: bool


def unsealed(text: bytes, origin: int = 0) -> Line:
    """Read a line.

    Args:
        text: the line.
        origin: what its checksum begins from: a number of the run that it belongs to, so that no other run's line fits;
            0 where nobody says, and then it may have none.
    """
    text = text.rstrip(b"\r\n")
    seal = _SEAL.search(text, max(0, len(text) - len(_SHAPE)))
    if seal is None:
        damaged = origin != 0 or _was_seal(text[-len(_SHAPE) :])
        return Line(text, zlib.crc32(text, origin), damaged, damaged)
    body = text[: seal.start()] + b"}"
    checksum = zlib.crc32(body, origin)
    return Line(body, checksum, True, int(seal[1], 16) != checksum)


def _was_seal(end: bytes) -> bool:
    """Return whether the end of a line is that of a seal but for the digits and one byte more."""
    alike: int = sum(map(eq, end, _SHAPE))
    return alike >= len(_SHAPE) - _SHAPE.count(b".") - 1


def unsealed_line(row: Mapping[str, object]) -> bytes:
    """Return the JSON of a record, without a seal and a line end."""
    return line(row).rstrip("\n").encode()


def seal(body: bytes, origin: int = 0) -> Sealed:
    """Return the line of a record: its JSON with its checksum, which begins from `origin`, and its line end."""
    checksum = zlib.crc32(body, origin)
    comma = b", " if len(body) > len(b"{}") else b""
    return Sealed(body[:-1] + comma + b'"crc32": "%08x"}\n' % checksum, checksum)


def line(row: Mapping[str, object]) -> str:
    """Return a row as one line of JSON with its line end; a lone surrogate, which UTF-8 cannot hold, as an escape."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False)
    if HALF.search(text):
        text = json.dumps(row, allow_nan=False)
    return text + "\n"

"""Submissions: read files that a stranger handed in, so that nothing in them can harm, mislead or exhaust the reader.

Everything is bounded before it is read, JSON is read more strictly than Python does, and text that could act on a
terminal or a page is refused with a pointer to its place.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mathif.errors import BoardError, why_unread
from mathif.json_values import Json, JsonObject

ENTRY_BYTES = 4_000_000
"""Largest entry; a full one with every kind and bin is about a tenth of it."""
REPLIES_BYTES = 4_000_000_000
"""Most bytes of replies after unpacking."""
REPLY_BYTES = 20_000_000
"""Longest line of a replies file."""
ROWS = 500_000
"""Most replies of one entry."""

DEPTH = 50
"""Deepest nesting; what walks through an entry afterwards may recurse."""

_DIGITS = 18
_ACTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and direction marks: line breaks, escape sequences, overrides of the reading order."""


def read_entry(path: Path) -> JsonObject:
    """Read the JSON object of an entry, every label in it safe to show.

    Raises:
        BoardError: if the file is a link, too large, not strict JSON, or holds text that could act on a reader.
    """
    row = parse(_bounded(path, ENTRY_BYTES), str(path))
    if not isinstance(row, dict):
        raise BoardError(f"{path}: found {type(row).__name__}, expected a JSON object")
    refuse_active(row, str(path))
    return row


def refuse_active(row: JsonObject, where: str) -> None:
    """Refuse text that could act on a terminal or a page; `where` begins the error.

    Raises:
        BoardError: with the pointer to it.
    """
    for place, text in texts(row):
        if _ACTIVE.search(text):
            raise BoardError(
                f"{where}: {pointer(place)}: control characters or direction marks are not allowed in an entry"
            )


def read_replies(path: Path) -> Iterator[JsonObject]:
    """Yield the rows of a gzipped replies file, unpacking no more than the limits allow.

    Raises:
        BoardError: if the file is a link, not gzip, too large in bytes, lines or rows, or a line is not strict JSON.
    """
    _plain_file(path)
    total = 0
    try:
        with gzip.open(path, "rb") as file:
            for number in range(1, ROWS + 2):
                line = file.readline(REPLY_BYTES + 1)
                if not line:
                    return
                total += len(line)
                refuse_too_large(number, len(line), total, f"{path}:{number}")
                yield reply_row(line, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        raise BoardError(f"{path}: not a whole gzip file: {error}") from error


def refuse_too_large(rows: int, size: int, total: int, where: str) -> None:
    """Refuse replies beyond the limits; `where` begins the error.

    Raises:
        BoardError: if there are too many rows, or too many bytes in the last row or in all.
    """
    if rows > ROWS or size > REPLY_BYTES or total > REPLIES_BYTES:
        raise BoardError(
            f"{where}: too large; expected at most {ROWS} rows, {REPLY_BYTES} bytes a row and "
            f"{REPLIES_BYTES} bytes in all"
        )


def reply_row(line: bytes, where: str) -> JsonObject:
    """Read one line of a replies file.

    Raises:
        BoardError: if it is not strict JSON, or no object.
    """
    row = parse(line, where)
    if not isinstance(row, dict):
        raise BoardError(f"{where}: found {type(row).__name__}, expected a JSON object")
    return row


def parse(data: bytes, where: str) -> Json:
    """Read strict JSON: UTF-8, each key once, finite numbers of at most 18 digits, no lone surrogates.

    Raises:
        BoardError: naming `where` and what was found.
    """
    try:
        value: Json = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_each_key_once,
            parse_constant=_not_a_number,
            parse_float=_finite,
            parse_int=_short,
        )
    except RecursionError as error:
        raise BoardError(f"{where}: nested too deeply") from error
    except ValueError as error:
        raise BoardError(f"{where}: not strict JSON: {why_unread(error)}") from error
    _refuse_deep(value, where)
    escaped = b"\\ud" in data.lower()  # in UTF-8 nothing but an escape can be a lone surrogate
    for place, text in texts(value) if escaped else ():
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise BoardError(f"{where}: {pointer(place)}: a lone surrogate is not text")
    return value


def _each_key_once(pairs: list[tuple[str, Json]]) -> JsonObject:
    row = dict(pairs)
    if len(row) < len(pairs):
        doubled, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"key {doubled[:50]!r} occurs twice in one object")
    return row


def _not_a_number(text: str) -> float:
    raise ValueError(f"found {text}, expected a finite number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"found {text[:30]}, expected a finite number")
    return value


def _short(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"found an integer of {len(text)} digits, expected at most {_DIGITS}")
    return int(text)


Place = tuple[str | int, ...]


def texts(value: Json) -> Iterator[tuple[Place, str]]:
    """Yield every string in a JSON value, keys included, with its place; without recursion."""
    waiting: list[tuple[Place, Json]] = [((), value)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, str):
            yield place, part
        elif isinstance(part, dict):
            yield from ((place, key) for key in part)
            waiting += (((*place, key), inner) for key, inner in part.items())
        elif isinstance(part, list):
            waiting += (((*place, index), inner) for index, inner in enumerate(part))


def _refuse_deep(value: Json, where: str) -> None:
    level: list[Json] = [value]
    for _ in range(DEPTH):
        level = [inner for part in level for inner in _inside(part)]
    if level:
        raise BoardError(f"{where}: nested too deeply; expected at most {DEPTH} levels")


def _inside(part: Json) -> Iterable[Json]:
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, list) else ()


def pointer(place: Place) -> str:
    """Return a place in a JSON value as a JSON pointer (RFC 6901), safe to print, long names cut."""
    return "".join("/" + _inert(str(part)[:100]).replace("~", "~0").replace("/", "~1") for part in place) or "/"


def _inert(text: str) -> str:
    return _ACTIVE.sub("?", text.encode("utf-8", "replace").decode("utf-8"))


def _bounded(path: Path, limit: int) -> bytes:
    _plain_file(path)
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BoardError(f"{path}: larger than {limit} bytes")
    return data


def _plain_file(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise BoardError(f"{path}: expected a plain file, not a link, a folder or nothing")

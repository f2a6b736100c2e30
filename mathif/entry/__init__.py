"""An entry: one line of the leaderboard, made from a run and held to one closed schema.

The models of this room are that schema; `leaderboard/schema.json` is generated from them and published beside the
entries. What is not known to hold the schema, a name without danger, and its own digest, is not an `Entry`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mathif import submission
from mathif.entry.claims import Claims, claims_of, refuse_paths
from mathif.entry.making import Asked, Tally, entry_row, submit
from mathif.entry.model import SLUG, Entry, ReplyRow, TaskStamp, checked, dumped, fitted, plain, schema, seal
from mathif.errors import BoardError
from mathif.json_values import Json, JsonObject

__all__ = [
    "FOLDER",
    "Asked",
    "Claims",
    "Entry",
    "Opened",
    "ReplyRow",
    "Tally",
    "TaskStamp",
    "claims_of",
    "dumped",
    "entry_row",
    "fitted",
    "open_entry",
    "plain",
    "read_entry",
    "schema",
    "seal",
    "submit",
]


class Opened(NamedTuple):
    """An entry that fits the schema.

    Attributes:
        entry: the entry.
        claimed: what its file says, in plain JSON, without what this program does not know.
        sealed: whether its digest is that of its file.
    """

    entry: Entry
    claimed: JsonObject
    sealed: bool

    def refuse_broken_seal(self, where: str) -> None:
        """Refuse an entry with another digest than its own.

        Raises:
            BoardError: naming the field.
        """
        if not self.sealed:
            raise BoardError(
                f"{where}: /digest: is not that of the entry, which was changed since it was made; hand the run in "
                "again with: mathif submit"
            )


FOLDER = Path("leaderboard")
"""Where entries, replies, schema and board are, from the folder that the command runs in."""


def read_entry(path: Path) -> Entry:
    """Read one entry, every text in it safe to show.

    Raises:
        BoardError: if it is not JSON, does not fit the schema, or was changed since it was made, naming the field.
    """
    opened = open_entry(path)
    opened.refuse_broken_seal(str(path))
    return opened.entry


def open_entry(path: Path) -> Opened:
    """Read one entry as `read_entry` does, but also one that was changed since it was made: `sealed` says so."""
    if not SLUG.fullmatch(path.stem):
        raise BoardError(f"{str(path)!r}: an entry's file is named as its entry: expected {SLUG.pattern}.json")
    row = submission.read_entry(path)
    entry = checked(row, str(path))
    if entry.name != path.stem:
        raise BoardError(f"{path}: /name: found {entry.name!r}, expected the name of the file, {path.stem!r}")
    refuse_paths(row, str(path))
    return Opened(entry, _known_fields(row, dumped(entry)), seal(row) == entry.digest)


def _known_fields(row: JsonObject, read: JsonObject) -> JsonObject:
    """Return of an object what is in `row` too, the object that it was read from."""
    return {name: _known(row[name], part) for name, part in read.items() if name in row}


def _known(row: Json, read: Json) -> Json:
    if isinstance(read, dict) and isinstance(row, dict):
        return _known_fields(row, read)
    if isinstance(read, list) and isinstance(row, list):
        return [_known(*pair) for pair in zip(row, read, strict=True)]
    return read

"""An entry: one line of the leaderboard, made from a run and held to one closed schema.

The models of this room are that schema; `leaderboard/schema.json` is generated from them and published beside the
entries. What is not known to hold the schema, a name without danger, and its own digest, is not an `Entry`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mathif import submission
from mathif.entry.claims import Claims, claims_of, refuse_paths
from mathif.entry.making import Asked, Tally, entry_row, submit
from mathif.entry.model import SLUG, Entry, ReplyRow, TaskStamp, checked, dumped, fitted, plain, schema, seal
from mathif.errors import BoardError

__all__ = [
    "FOLDER",
    "Asked",
    "Claims",
    "Entry",
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

FOLDER = Path("leaderboard")
"""Where entries, replies, schema and board are, from the folder that the command runs in."""


def read_entry(path: Path) -> Entry:
    """Read one entry, every text in it safe to show.

    Raises:
        BoardError: if it is not JSON, does not fit the schema, or was changed since it was made, naming the field.
    """
    row, entry = _opened(path)
    if seal(row) != entry.digest:
        raise BoardError(f"{path}: /digest: is not that of the entry, which was changed since it was made")
    return entry


def open_entry(path: Path) -> Entry:
    """Read one entry as `read_entry` does, but whatever its digest."""
    return _opened(path)[1]


def _opened(path: Path) -> tuple[dict[str, Any], Entry]:
    """Return an entry as its file has it, and as it is read."""
    if not SLUG.fullmatch(path.stem):
        raise BoardError(f"{str(path)!r}: an entry's file is named as its entry: expected {SLUG.pattern}.json")
    row = submission.read_entry(path)
    entry = checked(row, str(path))
    if entry.name != path.stem:
        raise BoardError(f"{path}: /name: found {entry.name!r}, expected the name of the file, {path.stem!r}")
    refuse_paths(row, str(path))
    return row, entry

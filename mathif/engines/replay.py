"""The replay engine: grades recorded replies of any source with no model, `file:responses.jsonl`.

`recorded` knows what a line of the file may be. Replies are joined to prompts by key, never by line. The file is read
and checked as a whole before the first reply is handed on, and each reply is read again when its turn comes, so that
files of any size need little memory:

- a prompt that is asked and has no row: refused;
- two rows with one key: refused;
- a row whose item the task does not have: refused, also where everything that is asked is there;
- a request of a batch that failed: refused, for a failure is not the model's;
- a row of a known item that is not asked now (another arm or sample, beyond `--limit`, answered before a `--resume`):
  left aside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from mathif import __version__
from mathif.counting import counted
from mathif.engines import Options
from mathif.engines.recorded import RowKey, read_row
from mathif.errors import DataError, UsageError
from mathif.items import Prompt
from mathif.json_values import Json
from mathif.records import Generation, Key, Sampling

HONOURS: frozenset[str] = frozenset()


def open_model(model: str, options: Options) -> Replay:
    """Open `file:PATH` and read it.

    Raises:
        UsageError: if there is no such file.
        DataError: for a malformed row or a doubled key.
    """
    path = Path(model.removeprefix("file:")).expanduser()
    if not path.is_file():
        raise UsageError(f"--model {model}: no file {str(path)!r}; expected a JSONL file of replies")
    return Replay(path)


class _Place(NamedTuple):
    """Where a row is: the number of its line, its first byte, and why the request failed, "" where it did not."""

    line: int
    at: int
    failed: str


class Replay:
    """Hands on the replies of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest, self._places = _looked_through(path)
        self._items: Collection[str] | None = None

    def expect_items(self, items: Collection[str]) -> None:
        """Learn the keys of every item there is; without, the items that are asked are taken for all there are."""
        self._items = frozenset(items)

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return the file's name and SHA-256."""
        return {
            "engine": "replay",
            "version": __version__,
            "model": f"file:{self._path.name}",
            "sha256": self._digest,
            "sampling": "ignored",
            "tokens": "as recorded",
        }

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the recorded replies in the order of the prompts.

        Raises:
            DataError: for a missing, unknown or ambiguous key, before the first reply.
        """
        asked = list(prompts)
        self._check(asked)
        with self._path.open("rb") as file:
            for prompt in asked:
                place = self._place(prompt.key)
                assert place is not None
                file.seek(place.at)
                _, row = read_row(file.readline(), place.line, f"{self._path}:{place.line}")
                yield replace(row.reply, key=str(prompt.key))

    def close(self) -> None:
        """Nothing is held."""

    def _place(self, key: Key) -> _Place | None:
        """Return where the row of a prompt is: one that names its task, or one that names none."""
        whole = RowKey(key.item, key.arm, key.sample, key.task)
        return self._places.get(whole) or self._places.get(whole._replace(task=""))

    def _check(self, asked: list[Prompt]) -> None:
        keys = [RowKey(prompt.key.item, prompt.key.arm, prompt.key.sample) for prompt in asked]
        known = frozenset(key.item for key in keys) if self._items is None else self._items
        unknown = [f"{key} (line {place.line})" for key, place in self._places.items() if key.item not in known]
        self._refuse(
            unknown, "reply to an item that the task does not have", "replies to items that the task does not have"
        )
        self._refuse(
            [str(key) for prompt, key in zip(asked, keys, strict=True) if self._place(prompt.key) is None],
            "prompt without a reply",
            "prompts without a reply",
            "; --arms, --samples and --limit choose what is asked",
        )
        tasks: dict[RowKey, str] = {}
        shared = [
            key
            for prompt, key in zip(asked, keys, strict=True)
            if key in self._places and tasks.setdefault(key, prompt.key.task) != prompt.key.task
        ]
        failed = [f"{key} (line {place.line}: {place.failed})" for key, place in self._places.items() if place.failed]
        self._refuse(failed, "request that failed", "requests that failed", "; ask for these again")
        self._refuse(
            [str(key) for key in shared],
            "key that two tasks share",
            "keys that two tasks share",
            "; name the `task` in each row",
        )

    def _refuse(self, keys: list[str], one: str, several: str, do: str = "") -> None:
        if keys:
            raise DataError(f"{self._path}: {counted(len(keys), one, several)}, first {', '.join(keys[:3])}{do}")


def _looked_through(path: Path) -> tuple[str, dict[RowKey, _Place]]:
    """Read every row of a file; return its SHA-256 and where each row is.

    Raises:
        DataError: for a malformed row with its line, and for doubled keys, the first three named.
    """
    places: dict[RowKey, _Place] = {}
    doubled: list[str] = []
    digest, at = hashlib.sha256(), 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            digest.update(line)
            if line.strip():
                key, row = read_row(line, number, f"{path}:{number}")
                if key in places:
                    doubled.append(f"{key} (lines {places[key].line} and {number})")
                places[key] = _Place(number, at, row.failed)
            at += len(line)
    if doubled:
        raise DataError(f"{path}: {counted(len(doubled), 'doubled key')}, first {', '.join(doubled[:3])}")
    return digest.hexdigest(), places

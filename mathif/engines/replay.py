"""The replay engine: grades recorded replies of any source with no model, `file:responses.jsonl`.

`recorded` knows what a line of the file may be. Replies are joined to prompts by key, never by line. The file is read
and checked as a whole before the first reply is handed on:

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
from typing import Any

from mathif import __version__
from mathif.counting import counted
from mathif.engines import Options
from mathif.engines.recorded import Row, RowKey, read_row
from mathif.errors import DataError, UsageError
from mathif.items import Prompt
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


class Replay:
    """Hands on the replies of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        content = path.read_bytes()
        self._digest = hashlib.sha256(content).hexdigest()
        self._rows = _read(path, content)
        self._items: Collection[str] | None = None

    def expect_items(self, items: Collection[str]) -> None:
        """Learn the keys of every item there is; without, the items that are asked are taken for all there are."""
        self._items = frozenset(items)

    def describe(self, sampling: Sampling) -> dict[str, Any]:
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
        for prompt in asked:
            row = self._row(prompt.key)
            assert row is not None
            yield replace(row.reply, key=str(prompt.key))

    def close(self) -> None:
        """Nothing is held."""

    def _row(self, key: Key) -> Row | None:
        """Return the row of a prompt: one that names its task, or one that names none."""
        whole = RowKey(key.item, key.arm, key.sample, key.task)
        return self._rows.get(whole) or self._rows.get(whole._replace(task=""))

    def _check(self, asked: list[Prompt]) -> None:
        keys = [RowKey(prompt.key.item, prompt.key.arm, prompt.key.sample) for prompt in asked]
        known = frozenset(key.item for key in keys) if self._items is None else self._items
        unknown = [f"{key} (line {row.line})" for key, row in self._rows.items() if key.item not in known]
        self._refuse(
            unknown, "reply to an item that the task does not have", "replies to items that the task does not have"
        )
        self._refuse(
            [str(key) for prompt, key in zip(asked, keys, strict=True) if self._row(prompt.key) is None],
            "prompt without a reply",
            "prompts without a reply",
            "; --arms, --samples and --limit choose what is asked",
        )
        tasks: dict[RowKey, str] = {}
        shared = [
            key
            for prompt, key in zip(asked, keys, strict=True)
            if key in self._rows and tasks.setdefault(key, prompt.key.task) != prompt.key.task
        ]
        failed = [f"{key} (line {row.line}: {row.failed})" for key, row in self._rows.items() if row.failed]
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


def _read(path: Path, content: bytes) -> dict[RowKey, Row]:
    """Read every row.

    Raises:
        DataError: for a malformed row with its line, and for doubled keys, the first three named.
    """
    rows: dict[RowKey, Row] = {}
    doubled: list[str] = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        key, row = read_row(line, number, f"{path}:{number}")
        if key in rows:
            doubled.append(f"{key} (lines {rows[key].line} and {number})")
        rows[key] = row
    if doubled:
        raise DataError(f"{path}: {counted(len(doubled), 'doubled key')}, first {', '.join(doubled[:3])}")
    return rows

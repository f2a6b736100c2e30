"""The replay engine: grades recorded replies of any source with no model, `file:responses.jsonl`.

One JSON object a line: `item` and `response` (verbatim), and optionally `arm` (default `constrained`), `sample`
(default 0), `reasoning`, `finish_reason` (`stop`, the default, or `length`), `reasoning_tokens`, `opened` (true where
the prompt ended inside the thinking) and `reasoning_tags` (opening and closing mark, of a model in no known family).
Replies are joined to prompts by key, never by line. The file is read and checked as a whole before the first reply is
handed on:

- a prompt that is asked and has no row: refused;
- two rows with one key: refused;
- a row whose item the task does not have: refused, also where everything that is asked is there;
- a row of a known item that is not asked now (another arm or sample, beyond `--limit`, answered before a `--resume`):
  left aside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mathif import __version__, store
from mathif.counting import counted
from mathif.engines import Options
from mathif.errors import DataError, UsageError, nearest
from mathif.items import Prompt
from mathif.records import Finish, Generation, Key, Sampling, marks_read

HONOURS: frozenset[str] = frozenset()
DEFAULT_ARM = "constrained"

_FINISHES = {"stop": Finish.STOP, "length": Finish.LENGTH}
_REQUIRED = ("item", "response")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "item": (str,),
    "response": (str,),
    "arm": (str,),
    "sample": (int,),
    "reasoning": (str, type(None)),
    "finish_reason": (str, type(None)),
    "reasoning_tokens": (int, type(None)),
    "opened": (bool,),
    "reasoning_tags": (list, type(None)),
}


class _Row(NamedTuple):
    line: int
    text: str
    finish: Finish
    reasoning: str | None
    reasoning_tokens: int | None
    opened: bool
    tags: tuple[str, str] | None


class _RowKey(NamedTuple):
    item: str
    arm: str
    sample: int

    def __str__(self) -> str:
        return f"{self.item}@{self.arm}#{self.sample}"


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
            row = self._rows[_row_key(prompt.key)]
            yield Generation(
                str(prompt.key),
                row.text,
                row.finish,
                row.reasoning,
                reasoning_tokens=row.reasoning_tokens,
                opened=row.opened,
                tags=row.tags,
            )

    def close(self) -> None:
        """Nothing is held."""

    def _check(self, asked: list[Prompt]) -> None:
        keys = [_row_key(prompt.key) for prompt in asked]
        known = frozenset(key.item for key in keys) if self._items is None else self._items
        unknown = [f"{key} (line {row.line})" for key, row in self._rows.items() if key.item not in known]
        self._refuse(
            unknown, "reply to an item that the task does not have", "replies to items that the task does not have"
        )
        self._refuse(
            [str(key) for key in keys if key not in self._rows],
            "prompt without a reply",
            "prompts without a reply",
            "; --arms, --samples and --limit choose what is asked",
        )
        tasks: dict[_RowKey, str] = {}
        shared = [
            key
            for prompt, key in zip(asked, keys, strict=True)
            if tasks.setdefault(key, prompt.key.task) != prompt.key.task
        ]
        self._refuse(
            [str(key) for key in shared],
            "key that two tasks share",
            "keys that two tasks share",
            "; grade one task at a time",
        )

    def _refuse(self, keys: list[str], one: str, several: str, do: str = "") -> None:
        if keys:
            raise DataError(f"{self._path}: {counted(len(keys), one, several)}, first {', '.join(keys[:3])}{do}")


def _row_key(key: Key) -> _RowKey:
    return _RowKey(key.item, key.arm, key.sample)


def _read(path: Path, content: bytes) -> dict[_RowKey, _Row]:
    """Read every row.

    Raises:
        DataError: for a malformed row with its line, and for doubled keys, the first three named.
    """
    rows: dict[_RowKey, _Row] = {}
    doubled: list[str] = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        key, row = _parse(line, number, f"{path}:{number}")
        if key in rows:
            doubled.append(f"{key} (lines {rows[key].line} and {number})")
        rows[key] = row
    if doubled:
        raise DataError(f"{path}: {counted(len(doubled), 'doubled key')}, first {', '.join(doubled[:3])}")
    return rows


def _parse(line: bytes, number: int, where: str) -> tuple[_RowKey, _Row]:
    row = store.parsed(line, where)
    _check_fields(row, where)
    finish = _finish(row.get("finish_reason"), where)
    key = _RowKey(row["item"], row.get("arm", DEFAULT_ARM), row.get("sample", 0))
    return key, _Row(
        number,
        row["response"],
        finish,
        row.get("reasoning"),
        row.get("reasoning_tokens"),
        row.get("opened", False),
        _tags(row.get("reasoning_tags"), where),
    )


def _check_fields(row: dict[str, Any], where: str) -> None:
    for name in _REQUIRED:
        if name not in row:
            raise DataError(f"{where}: {name!r} is missing")
    for name, value in row.items():
        if name not in _TYPES:
            raise DataError(f"{where}: unknown field {name!r}{nearest(name, _TYPES)}")
        if type(value) not in _TYPES[name]:
            raise DataError(f"{where}: {name}: found {value!r:.80}, expected {_TYPES[name][0].__name__}")
        if isinstance(value, int) and value < 0:
            raise DataError(f"{where}: {name}: found {value}, expected 0 or more")


def _tags(value: list[Any] | None, where: str) -> tuple[str, str] | None:
    try:
        return marks_read(value) if value is not None else None
    except ValueError as error:
        raise DataError(f"{where}: reasoning_tags: {error}") from error


def _finish(reason: str | None, where: str) -> Finish:
    if reason is None:
        return Finish.STOP
    if reason not in _FINISHES:
        raise DataError(f"{where}: finish_reason: found {reason!r}, expected 'stop' or 'length'")
    return _FINISHES[reason]

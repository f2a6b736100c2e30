"""MathIF's own format: 15 files of the hub data set, or of a folder with a copy of it, one row an item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mathif.errors import DataError
from mathif.items import Item
from mathif.json_values import Json, JsonObject, items, text, texts
from mathif.records import Problem
from mathif.tasks.heads import TaskHead
from mathif.tasks.hub import loaded_rows
from mathif.tasks.rows import bind, with_fields

SOURCES = ("gsm8k", "math500", "minerva", "olympiad", "aime")
RUNGS = ("single", "double", "triple")
TIERS = {"gsm8k": 1, "math500": 2, "minerva": 3, "olympiad": 4, "aime": 5}
"""Sources in their order of difficulty, used as tiers."""

_FIELDS = {"source", "id", "question", "answer", "constraint_desc", "constraint_name", "constraint_args"}


def read_official(head: TaskHead, data: Path | None) -> Iterator[Item]:
    """Yield the items of the official task.

    Args:
        head: what its `task.toml` says.
        data: folder with a copy of the data set, or None for the hub.

    Raises:
        DataError: if the files are not there, or malformed.
    """
    for source in SOURCES:
        for rung in RUNGS:
            stem = f"{source}_{rung}"
            for row, values in enumerate(_official_rows(head, stem, data)):
                yield _official_item(values, f"{stem}#{row}", source)


def _official_rows(head: TaskHead, stem: str, data: Path | None) -> Iterable[JsonObject]:
    """Read one of the files, from the hub or from a folder that holds a copy of the data set."""
    file = f"{stem}.jsonl"
    if data is not None and not (data / file).is_file():
        raise DataError(f"{data}: no {file}; expected the 15 files of the data set {head['hub']}")
    repository, revision = (head["hub"], head.get("revision")) if data is None else (str(data), None)
    instead = "give a folder with a copy of the files with --data"
    return loaded_rows(repository, file, instead, data_files=file, revision=revision, split="train")


def _official_item(row: JsonObject, key: str, source: str) -> Item:
    row = with_fields(row, _FIELDS, key)
    try:
        problem = Problem(key, text(row, "question"), str(row["answer"]), source, TIERS[source])
        pairs = zip(texts(row, "constraint_name"), items(row, "constraint_args"), strict=True)
        bound = tuple(bind(kind, _present(args), key) for kind, args in pairs)
        return Item(key, problem, bound, texts(row, "constraint_desc"))
    except ValueError as error:
        raise DataError(f"{key}: {error}") from error


def _present(args: Json) -> JsonObject:
    """Return the arguments without those that `datasets` filled with None to give every row the same columns."""
    return {name: value for name, value in args.items() if value is not None} if isinstance(args, Mapping) else {}

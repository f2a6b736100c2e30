"""Schemas: records to JSON and back, each held to its type; the only room that knows `pydantic`.

A record's fields are its schema. Reading is strict: a value of another type or out of its range is refused with the
pointer to it. A field with a default may be missing, so a record can grow and what was written before it grew stays
readable; a field that a record does not know is passed over.

Whoever only writes does not wait for `pydantic`, which takes a tenth of a second to load.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from mathif.errors import DataError, MathifError
from mathif.json_values import Json

Record = TypeVar("Record")
_NOTHING: tuple[object, ...] = (None, "")


def to_json(record: object) -> dict[str, Json]:
    """Return a record, or a mapping of records, as plain JSON; fields that say nothing left out.

    A field says nothing where it has its default and that is None or "".
    """
    row = _plain(record)
    assert isinstance(row, dict), f"{type(record).__name__} is no record"
    return row


def _plain(value: Any) -> Json:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((name, default, getattr(value, name)) for name, default in _defaults(type(value)))
        return {name: _plain(part) for name, default, part in parts if part != default or part not in _NOTHING}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    assert isinstance(value, list | tuple), f"{type(value).__name__} has no place in JSON"
    return [_plain(part) for part in value]


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    """Return the fields of a record and their defaults."""
    return tuple((field.name, field.default) for field in fields(kind))


def from_json(
    kind: type[Record], row: Mapping[str, object], where: str, refusal: type[MathifError] = DataError
) -> Record:
    """Return `row` as a record of a kind; `where` begins every error.

    Raises:
        MathifError: of the kind `refusal`, if it does not fit, with the pointer of the first field that does not.
    """
    from mathif.schemas.held import read

    return read(kind, row, where, refusal)


def shown(value: object) -> str:
    """Return a JSON value for a message: on one line, and short."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text if len(text) <= 80 else text[:77] + "..."

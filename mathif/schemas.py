"""Schemas: records to JSON and back, each held to its type; the only room that knows `pydantic`.

A record's fields are its schema. Reading is strict: a value of another type or out of its range is refused with the
pointer to it. A field with a default may be missing, so a record can grow and what was written before it grew stays
readable; a field that a record does not know is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, TypeAdapter, ValidationError, model_validator

from mathif.errors import DataError, MathifError
from mathif.json_values import Json
from mathif.submission import pointer

__all__ = [
    "Closed",
    "Field",
    "FiniteFloat",
    "Growing",
    "JsonValue",
    "from_json",
    "json_schema",
    "model_validator",
    "optional",
    "to_json",
]

Record = TypeVar("Record")
_NOTHING: tuple[object, ...] = (None, "")


class Growing(BaseModel):
    """A record that passes over fields it does not name, as a later program may write more of them."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Closed(Growing):
    """A record that refuses fields it does not name: what people fill in by hand."""

    model_config = ConfigDict(extra="forbid")


def _adapter_of(kind: type) -> TypeAdapter[Any]:
    return _adapter(kind)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


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
    try:
        record: Record = _adapter_of(kind).validate_json(json.dumps(row), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = first["msg"][0].lower() + first["msg"][1:]
        found = "" if first["type"] in ("missing", "extra_forbidden") else f", found {shown(first['input'])}"
        raise refusal(f"{where}: {pointer(first['loc'])}: {message}{found}") from error
    return record


def json_schema(kind: type[Record]) -> dict[str, Json]:
    """Return the JSON Schema of a kind of record."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter_of(kind).json_schema()}


def optional(kind: type[Record]) -> frozenset[str]:
    """Return the names of the fields, at any depth of a kind of record, that may be missing wherever they stand."""
    schema = _adapter_of(kind).json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    named = {name for part in parts for name in part.get("properties", {})}
    return frozenset(named.difference(*(part.get("required", []) for part in parts)))


def shown(value: object) -> str:
    """Return a JSON value for a message: on one line, and short."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text if len(text) <= 80 else text[:77] + "..."

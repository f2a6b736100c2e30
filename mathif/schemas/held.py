"""Held: records that `pydantic` holds to their types, and their schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from mathif.errors import MathifError
from mathif.json_values import Json
from mathif.schemas import Record, shown
from mathif.submission import pointer

__all__ = [
    "AfterValidator",
    "Closed",
    "Field",
    "FiniteFloat",
    "Growing",
    "JsonValue",
    "json_schema",
    "model_validator",
    "optional",
    "read",
]


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


def read(kind: type[Record], row: Mapping[str, object], where: str, refusal: type[MathifError]) -> Record:
    """Return what `mathif.schemas.from_json` does."""
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

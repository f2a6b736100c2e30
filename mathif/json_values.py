"""JSON values whose shape nobody has vouched for yet, and the strict reading of them, field by field.

What this package writes has a record or a typed row; what it reads (a line of a file, a server's answer) is a
`JsonObject` until a reader has taken out its fields. An accessor takes the object and the name of a field that is
there; whoever calls it says in which file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TypeVar

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""Any value that JSON can hold."""
JsonObject = Mapping[str, Json]
"""An object of JSON."""
Value = TypeVar("Value")

HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, alone: JSON can spell it, and UTF-8 cannot hold it."""

COUNT_LIMIT = 2**53
"""No count reaches this; beyond it a number of JSON is not exact."""


def text(row: JsonObject, name: str) -> str:
    """Return a text.

    Raises:
        ValueError: if the field holds something else.
    """
    value = row[name]
    if not isinstance(value, str):
        raise _mistyped(name, value, "a text")
    return value


def count(row: JsonObject, name: str) -> int:
    """Return a whole number from 0 to `COUNT_LIMIT` - 1.

    Raises:
        ValueError: if the field holds something else.
    """
    value = row[name]
    if type(value) is not int or not 0 <= value < COUNT_LIMIT:  # a bool is an int by class, and counts nothing
        raise _mistyped(name, value, f"a whole number from 0 to {COUNT_LIMIT - 1}")
    return value


def or_none(read: Callable[[JsonObject, str], Value], row: JsonObject, name: str) -> Value | None:
    """Return what `read`, another of these, makes of a field, or None where the field is null.

    Raises:
        ValueError: if it holds something else.
    """
    return None if row[name] is None else read(row, name)


def number(row: JsonObject, name: str) -> float:
    """Return a number.

    Raises:
        ValueError: if the field holds something else.
    """
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mistyped(name, value, "a number")
    return value


def flag(row: JsonObject, name: str) -> bool:
    """Return true or false.

    Raises:
        ValueError: if the field holds something else.
    """
    value = row[name]
    if not isinstance(value, bool):
        raise _mistyped(name, value, "true or false")
    return value


def items(row: JsonObject, name: str) -> Sequence[Json]:
    """Return the values of a list.

    Raises:
        ValueError: if the field holds something else.
    """
    value = row[name]
    if not isinstance(value, (list, tuple)):
        raise _mistyped(name, value, "a list")
    return value


def texts(row: JsonObject, name: str) -> tuple[str, ...]:
    """Return a list of texts.

    Raises:
        ValueError: if the field holds something else.
    """
    values = items(row, name)
    words = tuple([value for value in values if isinstance(value, str)])
    if len(words) < len(values):
        raise _mistyped(name, values, "a list of texts")
    return words


def fields(row: JsonObject, name: str) -> JsonObject:
    """Return an object.

    Raises:
        ValueError: if the field holds something else.
    """
    value = row[name]
    if not isinstance(value, dict):
        raise _mistyped(name, value, "an object")
    return value


def refuse_other_fields(row: JsonObject, expected: Set[str], optional: Set[str]) -> None:
    """Refuse a row that lacks a field or has one too many; those that are `optional` may be missing.

    Raises:
        ValueError: naming the fields on both sides.
    """
    if row.keys() | optional != expected:
        raise ValueError(f"fields {sorted(row)}, expected {sorted(expected)}")


def _mistyped(name: str, value: Json, expected: str) -> ValueError:
    return ValueError(f"{name}: found {value!r:.80}, expected {expected}")

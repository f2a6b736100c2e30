"""Settings: fields of records that a user sets by a flag, an environment variable, a key of a file, or from Python.

A field says in its declaration what the user is told of it and what it may be; the command line, its help, the
variables, the keys and the keyword arguments all follow from that.
"""

from __future__ import annotations

import json
import os
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from mathif.errors import UsageError, nearest
from mathif.json_values import Json

Value = Json | os.PathLike[str]
"""What a setting can be given as."""

_DECLARED = "mathif.setting"


class _Record(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Record = TypeVar("Record", bound=_Record)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a field says of itself.

    Attributes:
        help: one line for the user.
        flag: name of the flag without its dashes, "" where it is that of the field.
        low: least value, or None.
        high: greatest value, or None.
        above: what the value must be above, or None.
        default_told: what the user is told of the default, where None stands for one.
        choices: the texts that the value may be, or none for any.
        repeated: whether a list is given by repeating the flag, and not by commas.
        words: how many values follow the flag, where its value is so many texts; 0 for one value.
        kept: whether a resumed run keeps it; what changes no reply may change.
    """

    help: str
    flag: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    default_told: str = ""
    choices: tuple[str, ...] = ()
    repeated: bool = False
    words: int = 0
    kept: bool = True


def setting(default: Value, told: str, *, factory: Callable[[], Value] | None = None, **more: Any) -> Any:
    """Declare a field of a dataclass that a user can set.

    Args:
        default: its value where nothing is set.
        told: one line for the user.
        factory: makes the default instead, where it is mutable.
        more: further attributes of `Declaration`.
    """
    metadata = {_DECLARED: Declaration(told, **more)}
    if factory is not None:
        return field(default_factory=factory, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as its field declares it.

    Attributes:
        field: name of the field.
        kind: `str`, `int`, `float`, `bool`, `tuple` (of strings) or `dict` (of anything).
        optional: whether None is a value.
        default: its value where nothing is set.
        declared: what the field says of itself.
    """

    field: str
    kind: type
    optional: bool
    default: Value
    declared: Declaration

    @property
    def flag(self) -> str:
        """The flag."""
        return "--" + self.key

    @property
    def key(self) -> str:
        """The key in a file of settings."""
        return self.declared.flag or self.field.replace("_", "-")

    @property
    def keyword(self) -> str:
        """The argument in Python."""
        return self.key.replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "MATHIF_" + self.keyword.upper()

    def checked(self, value: object) -> Value:
        """Return `value` as the field holds it.

        Raises:
            UsageError: if it is not of the type or not in the range.
        """
        if value is None and self.optional:
            return None
        if self.kind is str and isinstance(value, os.PathLike):
            path: str = os.fspath(value)
            return path
        if self.kind is tuple:
            return self._words(value)
        if self.kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, str | int | float | bool | dict) or type(value) is not self.kind:
            raise UsageError(f"{self.flag}: found {value!r}, expected {_TYPES[self.kind]}")
        if not _recordable(value):
            raise UsageError(f"{self.flag}: found {value!r}, expected {_TYPES[self.kind]} that JSON can hold")
        if self.declared.choices and value not in self.declared.choices:
            raise UsageError(f"{self.flag}: found {value!r}{nearest(str(value), self.declared.choices)}")
        if isinstance(value, int | float) and not self._within(value):
            raise UsageError(f"{self.flag}: found {value!r}, expected {self.range_told}")
        return value

    def _words(self, value: object) -> tuple[str, ...]:
        words = [value] if isinstance(value, str) and self.declared.repeated else value
        words = words.split(",") if isinstance(words, str) else words
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise UsageError(f"{self.flag}: found {value!r}, expected {_TYPES[tuple]}")
        if "" in words and (self.declared.words or self.declared.repeated):
            # an empty text stands at the start of every reply
            raise UsageError(f"{self.flag}: found an empty text, expected one of a character or more")
        if self.declared.words:
            if len(words) != self.declared.words:
                raise UsageError(f"{self.flag}: found {value!r}, expected {self.declared.words} texts")
            return tuple(words)
        return tuple(words) if self.declared.repeated else tuple(word.strip() for word in words if word.strip())

    def _within(self, value: float) -> bool:
        low, high, above = self.declared.low, self.declared.high, self.declared.above
        return (low is None or value >= low) and (high is None or value <= high) and (above is None or value > above)

    @property
    def range_told(self) -> str:
        """The range in words."""
        declared = self.declared
        ends = (("above", declared.above), ("at least", declared.low), ("at most", declared.high))
        return "a number " + " and ".join(f"{word} {end:g}" for word, end in ends if end is not None)


def _recordable(value: object) -> bool:
    """Return whether a run's record can hold a value: no infinity, no NaN and no date, at any depth."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


_TYPES = {
    str: "a text",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    tuple: "a list of names",
    dict: "a table",
}


def settings(record: type) -> tuple[Setting, ...]:
    """Return the settings of a record, those of the records among its fields included, in order.

    Raises:
        TypeError: if a field declares none.
    """
    return _settings(record)


def by_field(record: type) -> Mapping[str, Setting]:
    """Return the settings of a record, each by the field that it sets."""
    return {one.field: one for one in settings(record)}


@cache
def _settings(record: type) -> tuple[Setting, ...]:
    return tuple(_declared(record))


def _declared(record: type) -> Iterator[Setting]:
    hints = get_type_hints(record)
    for one in fields(record):
        hint = hints[one.name]
        if isinstance(hint, type) and is_dataclass(hint):
            yield from settings(hint)
            continue
        declared = one.metadata.get(_DECLARED)
        if declared is None:
            raise TypeError(f"{record.__name__}.{one.name} is set by no flag: declare it with `setting`")
        default: Any = one.default_factory() if one.default_factory is not MISSING else one.default
        kind, optional = _kind(hint)
        yield Setting(one.name, kind, optional, default, declared)


def _kind(hint: Any) -> tuple[type, bool]:
    """Return the plain type of a field, and whether None is a value."""
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    [kind] = [option for option in options if option is not type(None)]
    origin = get_origin(kind) or kind
    return dict if origin is Mapping else origin, len(options) > 1


def record_of(record: type[Record], values: Mapping[str, object]) -> Record:
    """Return a record made from flat settings, each checked; what is not named has its default.

    Raises:
        UsageError: for an unknown setting, or a value that it cannot have.
    """
    known = by_field(record)
    for name in values:
        if name not in known:
            raise UsageError(f"unknown setting {name!r}{nearest(name, known)}")
    return _record(record, {name: known[name].checked(value) for name, value in values.items()})


def _record(record: type[Record], values: Mapping[str, Value]) -> Record:
    hints = get_type_hints(record)
    own: dict[str, object] = {}
    for one in fields(record):
        hint = hints[one.name]
        if isinstance(hint, type) and is_dataclass(hint):
            own[one.name] = _record(hint, values)
        elif one.name in values:
            own[one.name] = values[one.name]
    made: Callable[..., Record] = record
    return made(**own)

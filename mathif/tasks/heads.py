"""Heads: what the `task.toml` of a task says, held to its types before anything is made of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from mathif.errors import DataError, nearest, why_unread
from mathif.items import Item, Layout
from mathif.json_values import JsonObject
from mathif.records import Profile
from mathif.tasks.rows import listed, worded

NAME = re.compile(r"[A-Za-z0-9_][\w.-]*")
"""What begins a key and names a file, and leads to no other folder."""


class Recipe(TypedDict, total=False):
    """What a set is dealt from: its kinds of constraints, each with its weight, and the families of its problems."""

    kinds: dict[str, float]
    families: list[str]
    notes: str


class TaskHead(Recipe):
    """What the `task.toml` of a task says.

    Attributes:
        name: as given to `--task`.
        version: of the data.
        title: one line for a reader.
        format: who reads its items.
        layout: the parts of `Layout`.
        digest: what `content_digest` gives.
        canary: a string that is in no prompt.
        packages: the packages that its kinds are from, each with its version.
        unsatisfiable: for each profile the items that no reply satisfies.
        hub: the data set that the items are read from, for the formats that are on the hub.
        revision: of that data set.
        modes: for `cotcontrol`, the sentence of each mode.
        values: for `cotcontrol`, what some of the sentences name.
        silence: for `cotcontrol`, what ends every sentence.
        channel: for `cotcontrol`, what a sentence calls the thinking.
    """

    name: str
    version: str
    title: str
    format: str
    layout: dict[str, str]
    digest: NotRequired[str]
    canary: NotRequired[str]
    packages: NotRequired[dict[str, str]]
    unsatisfiable: NotRequired[dict[str, list[str]]]
    hub: NotRequired[str]
    revision: NotRequired[str]
    modes: NotRequired[dict[str, str]]
    values: NotRequired[dict[str, str]]
    silence: NotRequired[str]
    channel: NotRequired[str]


def read_head(path: Path, formats: Collection[str]) -> TaskHead:
    """Read a `task.toml` whose format is one of `formats`.

    Raises:
        DataError: if it is not TOML, lacks a field, or has one of another type.
    """
    try:
        row: JsonObject = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path}: not TOML: {why_unread(error)}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    for field in ("name", "version", "title", "format", "layout"):
        if field not in row:
            raise DataError(f"{path}: {field!r} is missing; docs/tasks.md says what each field holds")
    _refuse_mistyped(row, path)
    head = cast(TaskHead, row)
    if not NAME.fullmatch(head["name"]):
        raise DataError(
            f"{path}: found name {head['name']!r:.80}, expected letters, digits, `-`, `_` and `.`: it begins keys and "
            "names files"
        )
    if head["format"] not in formats:
        raise DataError(f"{path}: found format {head['format']!r}, expected one of {', '.join(formats)}")
    return head


def _refuse_mistyped(row: JsonObject, path: Path) -> None:
    for field in ("name", "version", "title", "format"):
        worded(row[field], f"{path}: {field}", blank=field in ("name", "format"))
    for field in ("digest", "canary"):
        worded(row.get(field, ""), f"{path}: {field}", blank=True)
    layout, packages, _ = (_table(row, field, path) for field in ("layout", "packages", "unsatisfiable"))
    for part, text in (*layout.items(), *packages.items()):
        worded(text, f"{path}: {part}", blank=True)
    parts = {part.name: part.default == "" for part in fields(Layout)}
    for part in layout:
        if part not in parts:
            raise DataError(f"{path}: layout: unknown part {part!r}{nearest(part, parts)}")
    for part, optional in parts.items():
        if part not in layout and not optional:
            raise DataError(f"{path}: layout: {part!r} is missing")


def _table(row: JsonObject, field: str, path: Path) -> JsonObject:
    table = row.get(field, {})
    if not isinstance(table, Mapping):
        raise DataError(f"{path}: {field}: found {table!r:.80}, expected a table")
    return table


def unsatisfiable(head: TaskHead, items: Iterable[Item], where: str) -> Mapping[Profile, frozenset[str]]:
    """Return which items no reply can satisfy under each profile; `where` begins every error.

    Raises:
        DataError: for a profile or an item that there is not.
    """
    given = head.get("unsatisfiable", {})
    known = {item.key for item in items}
    for name, keys in given.items():
        if name not in tuple(Profile):
            raise DataError(f"{where}: unsatisfiable: unknown profile {name!r}{nearest(name, map(str, Profile))}")
        for key in listed(keys, f"{where}: unsatisfiable: {name}"):
            if key not in known:
                raise DataError(f"{where}: unsatisfiable: {name}: found {key!r}, which is no item of this task")
    return {profile: frozenset(given.get(profile.value, ())) for profile in Profile}

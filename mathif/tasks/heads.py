"""Heads: what the `task.toml` of a task says, held to its types before anything is made of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mathif.errors import DataError, nearest
from mathif.items import Item, Layout
from mathif.records import Profile
from mathif.tasks.rows import refuse_odd

NAME = re.compile(r"[A-Za-z0-9_][\w.-]*")
"""What begins a key and names a file, and leads to no other folder."""


def read_head(path: Path, formats: Collection[str]) -> dict[str, Any]:
    """Read a `task.toml` whose format is one of `formats`.

    Raises:
        DataError: if it is not TOML, lacks a field, or has one of another type.
    """
    try:
        head = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not TOML: {error}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    for field in ("name", "version", "title", "format", "layout"):
        if field not in head:
            raise DataError(f"{path}: {field!r} is missing")
    _refuse_mistyped(head, path)
    if not NAME.fullmatch(head["name"]):
        raise DataError(
            f"{path}: found name {head['name']!r:.80}, expected letters, digits, `-`, `_` and `.`: it begins keys and "
            "names files"
        )
    if head["format"] not in formats:
        raise DataError(f"{path}: found format {head['format']!r}, expected one of {', '.join(formats)}")
    return head


def _refuse_mistyped(head: Mapping[str, Any], path: Path) -> None:
    for field in ("name", "version", "title"):
        refuse_odd(head[field], str, field != "name", f"{path}: {field}")
    for field in ("digest", "canary"):
        refuse_odd(head.get(field, ""), str, False, f"{path}: {field}")
    for field in ("layout", "packages", "unsatisfiable"):
        if not isinstance(head.get(field, {}), dict):
            raise DataError(f"{path}: {field}: found {head[field]!r:.80}, expected a table")
    for part, text in (*head["layout"].items(), *head.get("packages", {}).items()):
        refuse_odd(text, str, False, f"{path}: {part}")
    parts = {part.name: part.default == "" for part in fields(Layout)}
    for part in head["layout"]:
        if part not in parts:
            raise DataError(f"{path}: layout: unknown part {part!r}{nearest(part, parts)}")
    for part, optional in parts.items():
        if part not in head["layout"] and not optional:
            raise DataError(f"{path}: layout: {part!r} is missing")


def unsatisfiable(head: Mapping[str, Any], items: Iterable[Item], where: str) -> Mapping[Profile, frozenset[str]]:
    """Return which items no reply can satisfy under each profile; `where` begins every error.

    Raises:
        DataError: for a profile or an item that there is not.
    """
    listed = head.get("unsatisfiable", {})
    known = {item.key for item in items}
    for name, keys in listed.items():
        if name not in tuple(Profile):
            raise DataError(f"{where}: unsatisfiable: unknown profile {name!r}{nearest(name, map(str, Profile))}")
        refuse_odd(keys, tuple[str, ...], False, f"{where}: unsatisfiable: {name}")
        for key in keys:
            if key not in known:
                raise DataError(f"{where}: unsatisfiable: {name}: found {key!r}, which is no item of this task")
    return {profile: frozenset(listed.get(profile.value, ())) for profile in Profile}

"""Public: a record that is a whole JSON file can be read by the names of that file too, `report["profiles"]`."""

from __future__ import annotations

from typing import Any

from mathif import schemas


class Public:
    """A record whose parts have the names of its public JSON."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        """Return a part as plain JSON."""
        return schemas.to_json(self)[name]

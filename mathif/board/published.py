"""Results that others published, as rows: their numbers and a count of items are all there is.

The file `published.toml` beside the entries holds one table for each source, its results as the source gives them, in
percent. A result with a `method` is that of a model which was trained or asked in another way than the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mathif.board.model import Badge, BoardRow, FloorMark, ModelCard
from mathif.board.rows import Contender, above_floor
from mathif.errors import BoardError
from mathif.records import Profile
from mathif.stats import Share, wilson

PUBLISHED: Badge = "published-not-regraded"
SHARES = ("hacc", "sacc", "acc", "acc_plain", "joint", "thinking", "reply")
"""The shares that a result may have. One with `thinking` and without `hacc` was asked one thing an item, of the
thinking: its HAcc is that share."""

Json = Mapping[str, Any]


def read_published(path: Path) -> list[Contender]:
    """Return the rows of every source in `path`; none where there is no such file.

    Raises:
        BoardError: if it is not TOML or lacks a field.
    """
    if not path.exists():
        return []
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return [Contender(row) for source in found["source"] for row in _rows(source)]
    except (KeyError, TypeError, ValueError) as error:
        raise BoardError(f"{path}: cannot be read: {error!r}; compare it with docs/board.md") from error


def _rows(source: Json) -> Iterator[BoardRow]:
    floor = _floor(source)
    for result in source.get("reference", ()):
        yield _row(source, result, "floor", floor)
    for result in source["result"]:
        yield _row(source, result, PUBLISHED, floor)


def _floor(source: Json) -> FloorMark | None:
    """Return the marks of a source: its null reply and, where it is a reference of it, the best fixed text."""
    if "floor" not in source:
        return None
    fixed: Json = next((one for one in source.get("reference", ()) if one["id"] == "constant"), {})
    given = [where[name] / 100 for where in (source["floor"], fixed) for name in ("hacc", "sacc") if name in where]
    return FloorMark(*given)


def _row(source: Json, result: Json, badge: Badge, floor: FloorMark | None) -> BoardRow:
    floors, method = badge == "floor", result.get("method", "")
    shares = {name: _share(result, name, source["items"]) for name in SHARES}
    if shares["hacc"] is None:
        shares["hacc"] = shares["thinking"]
    return BoardRow(
        rank=None,
        name=re.sub(r"[^a-z0-9._-]+", "-", f"{result['id']} {method}".lower()).strip("-"),
        badge=badge,
        model=ModelCard(
            id=result["id"],
            organisation=result.get("organisation"),
            parameters_b=None if (size := result.get("parameters_b")) is None else float(size),
            open=None if floors else result.get("open", True),
            licence=result.get("licence"),
            link=result.get("link"),
        ),
        reasoning=None if floors else result.get("reasoning", True),
        task=source["task"],
        profile=Profile(source["profile"]),
        submitter="mathif" if floors else source["name"],
        samples=1,
        limit=None,
        settings={"command": result["command"]} if floors else {"source": source["link"], **source["settings"]},
        **shares,
        lift=None,
        dilution=None,
        above_floor=above_floor(shares["hacc"], floor.hacc if floor else None),
        sacc_above_floor=above_floor(shares["sacc"], floor.sacc if floor else None),
        floor=floor,
        open=None,
        tokens=None,
        lengths=(),
        kinds=(),
        replies=(),
        method=method,
    )


def _share(result: Json, name: str, items: int) -> Share | None:
    """Return a published share with its interval, None where the source does not give it.

    Wilson's interval, which is exact in kind for a share. SAcc is a mean of values in [0, 1]; no such mean varies more
    than a share does, so its interval is if anything too wide.
    """
    if name not in result:
        return None
    value = result[name] / 100
    return Share(value, *wilson(value, items), items, items)

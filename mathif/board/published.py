"""Results that others published, as rows: their numbers and a count of items are all there is.

The file `published.toml` beside the entries holds one table for each source, its results as the source gives them, in
percent. A result with a `method` is that of a model which was trained or asked in another way than the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from mathif.board.model import Badge, BoardRow, FloorMark, ModelCard
from mathif.board.rows import Contender, above_floor
from mathif.errors import BoardError, why_unread
from mathif.records import Profile
from mathif.results import METRICS
from mathif.schemas import from_json
from mathif.schemas.held import FiniteFloat, Growing
from mathif.stats import Share, wilson

PUBLISHED: Badge = "published-not-regraded"


class Result(Growing):
    """One result, its numbers in percent."""

    id: str
    method: str = ""
    organisation: str | None = None
    parameters_b: FiniteFloat | None = None
    open: bool = True
    reasoning: bool = True
    licence: str | None = None
    link: str | None = None
    hacc: FiniteFloat | None = None
    sacc: FiniteFloat | None = None
    acc: FiniteFloat | None = None
    acc_plain: FiniteFloat | None = None
    joint: FiniteFloat | None = None
    thinking: FiniteFloat | None = None
    reply: FiniteFloat | None = None


class Reference(Result):
    """A result that did not come from a model, with the command that makes it."""

    command: str


class NullReply(Growing):
    """What a reply scores that ignores every instruction, in percent."""

    hacc: FiniteFloat
    sacc: FiniteFloat


class Source(Growing):
    """Where results were published, and on how many items of what."""

    name: str
    link: str
    task: str
    profile: Profile
    items: int
    settings: dict[str, str]
    floor: NullReply | None = None
    reference: tuple[Reference, ...] = ()
    result: tuple[Result, ...]


class Published(Growing):
    """The content of the file."""

    source: tuple[Source, ...]


def read_published(path: Path) -> list[Contender]:
    """Return the rows of every source in `path`; none where there is no such file.

    Raises:
        BoardError: if it is not TOML or lacks a field.
    """
    if not path.exists():
        return []
    if not path.is_file():  # a pipe would be waited for
        raise BoardError(f"{path}: it is not a plain file; put one in its place, or take it away")
    try:
        published = from_json(Published, tomllib.loads(path.read_text(encoding="utf-8")), str(path), BoardError)
    except (OSError, ValueError, RecursionError) as error:
        raise BoardError(f"{path}: cannot be read as TOML: {why_unread(error)}") from error
    except BoardError as error:
        raise BoardError(f"{error}; compare it with docs/board.md") from error
    return [Contender(row) for source in published.source for row in _rows(source)]


def _rows(source: Source) -> Iterator[BoardRow]:
    floor = _floor(source)
    for result in (*source.reference, *source.result):
        yield _row(source, result, floor)


def _floor(source: Source) -> FloorMark | None:
    """Return the marks of a source: its null reply and, where it is a reference of it, the best fixed text."""
    null, fixed = source.floor, next((one for one in source.reference if one.id == "constant"), None)
    if null is None:
        return None
    if fixed is None or fixed.hacc is None or fixed.sacc is None:
        return FloorMark(null.hacc / 100, null.sacc / 100)
    return FloorMark(null.hacc / 100, null.sacc / 100, fixed.hacc / 100, fixed.sacc / 100)


def _row(source: Source, result: Result, floor: FloorMark | None) -> BoardRow:
    """Return the row of a result.

    One with `thinking` and without `hacc` was asked one thing an item, of the thinking: its HAcc is that share.
    """
    command = result.command if isinstance(result, Reference) else None
    figures = {metric.key: _share(getattr(result, metric.key, None), source.items) for metric in METRICS}
    thinking = _share(result.thinking, source.items)
    figures["hacc"] = figures["hacc"] or thinking
    return BoardRow(
        rank=None,
        # a place in the page and a file: letters, digits and three marks, all else one hyphen
        name=re.sub(r"[^a-z0-9._-]+", "-", f"{result.id} {result.method}".lower()).strip("-"),
        badge=PUBLISHED if command is None else "floor",
        model=ModelCard(
            id=result.id,
            organisation=result.organisation,
            parameters_b=result.parameters_b,
            open=result.open if command is None else None,
            licence=result.licence,
            link=result.link,
        ),
        reasoning=result.reasoning if command is None else None,
        task=source.task,
        profile=source.profile,
        submitter=source.name if command is None else "mathif",
        samples=1,
        limit=None,
        settings={"source": source.link, **source.settings} if command is None else {"command": command},
        **figures,
        acc_plain=_share(result.acc_plain, source.items),
        thinking=thinking,
        reply=_share(result.reply, source.items),
        lift=None,
        dilution=None,
        above_floor=above_floor(figures["hacc"], floor.hacc if floor else None),
        sacc_above_floor=above_floor(figures["sacc"], floor.sacc if floor else None),
        floor=floor,
        open=None,
        tokens=None,
        lengths=(),
        kinds=(),
        replies=(),
        method=result.method,
    )


def _share(percent: float | None, items: int) -> Share | None:
    """Return a published share with its interval, None where the source does not give it.

    Wilson's interval, which is exact in kind for a share. SAcc is a mean of values in [0, 1]; no such mean varies more
    than a share does, so its interval is if anything too wide.
    """
    if percent is None:
        return None
    value = percent / 100
    return Share(value, *wilson(value, items), items, items)

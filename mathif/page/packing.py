"""Packing: many replies as little text, of which a page unpacks what is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict

from mathif import web
from mathif.page.views import View

CHUNK_CHARS = 1_000_000
"""Characters of replies from which on a chunk is full: what is unpacked to show one of them."""
_SHOWN_CHARS = 160
"""Characters of a question in the list."""
_SIGNS = {"pass": "p", "fail": "f", "ungraded": "u", "unmeasured": "m"}


Row = tuple[int, int, list[int], str, str, int, int, int | None, int, int]
"""A reply in the list: the numbers of its problem, arm and kinds, its key, a letter for each verdict, whether it was
asked and was cut, its tokens, and the chunk and place in it where the rest stands."""


class Catalogue(TypedDict):
    """What the list shows and filters by: problems, arms and kinds by name, and a row for each reply."""

    problems: list[str]
    arms: list[str]
    kinds: list[str]
    questions: list[str]
    replies: list[Row]


class Packed(NamedTuple):
    """Replies as a page holds them.

    Attributes:
        catalogue: what the list shows and filters by.
        chunks: the replies themselves, in chunks that are unpacked alone.
        total: how many replies there are in all, those that the page leaves out included.
    """

    catalogue: Catalogue
    chunks: list[str]
    total: int

    @property
    def shown(self) -> int:
        """How many replies the page has."""
        return len(self.catalogue["replies"])


def pack(groups: Iterable[Sequence[View]], total: int) -> Packed:
    """Return replies packed, one chunk in memory at a time.

    Args:
        groups: views of replies, those to one problem together.
        total: number of replies of the run.
    """
    names = _Names({}, {}, {})
    questions: dict[str, str] = {}
    rows: list[Row] = []
    chunks: list[str] = []
    for chunk in _chunks(groups):
        for place, one in enumerate(chunk):
            questions.setdefault(one["problem"], " ".join(one["question"].split())[:_SHOWN_CHARS])
            rows.append((*_row(one, names), len(chunks), place))
        chunks.append(web.packed(chunk))
    catalogue: Catalogue = {
        "problems": list(names.problems),
        "arms": list(names.arms),
        "kinds": list(names.kinds),
        "questions": [questions[name] for name in names.problems],
        "replies": rows,
    }
    return Packed(catalogue, chunks, total)


class _Names(NamedTuple):
    """The names that rows give by their numbers."""

    problems: dict[str, int]
    arms: dict[str, int]
    kinds: dict[str, int]


def _chunks(groups: Iterable[Sequence[View]]) -> Iterator[list[View]]:
    """Yield the views of whole problems, so many that a chunk is full."""
    chunk: list[View] = []
    size = 0
    for group in groups:
        chunk += group
        size += sum(len(one["thinking"]) + len(one["final"]) for one in group)
        if size >= CHUNK_CHARS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _row(one: View, names: _Names) -> tuple[int, int, list[int], str, str, int, int, int | None]:
    kinds = [_number(names.kinds, demand["kind"]) for demand in one["demands"]]
    return (
        _number(names.problems, one["problem"]),
        _number(names.arms, one["arm"]),
        kinds,
        one["key"],
        _SIGNS[one["answer"]["outcome"]] + "".join(_SIGNS[demand["outcome"]] for demand in one["demands"]),
        int(one["asked"]),
        int(one["cut"]),
        one["tokens"],
    )


def _number(known: dict[str, int], name: str) -> int:
    return known.setdefault(name, len(known))

"""The page: a report as HTML that opens anywhere, the answer first, then its pictures, its numbers and the replies.

Nothing is loaded from elsewhere. Replies are model output: they are packed as data and become text, never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mathif import web
from mathif.page.packing import Packed, pack
from mathif.page.views import View, view
from mathif.tables import Table

__all__ = ["BESIDE", "Framed", "Gallery", "Packed", "View", "Words", "pack", "page", "view"]

BESIDE = "report_files"
"""Folder beside the page for replies that are too many to stand in it."""
INSIDE_CHARS = 15_000_000
"""Characters of packed replies up to which they stand in the page."""


class Words(NamedTuple):
    """What a page says.

    Attributes:
        title: what was run.
        settings: what was measured, one line each.
        question: what the page answers, "" where its findings are the answer.
        answer: the answer, one sentence each.
        warnings: what a reader must know before any number.
        scores: the main numbers, None where there are none.
        floors: what these are to be compared with, or "".
        findings: further sentences.
        reading: how the tables are to be read.
        tables: every table.
    """

    title: str
    settings: Sequence[str]
    question: str
    answer: Sequence[str]
    warnings: Sequence[str]
    scores: Table | None
    floors: str
    findings: Sequence[str]
    reading: str
    tables: Sequence[Table]


class Framed(NamedTuple):
    """A picture in a page.

    Attributes:
        title: what it shows.
        lines: what it rests on.
        svg: the drawing, our own markup.
    """

    title: str
    lines: Sequence[str]
    svg: str


class Gallery(NamedTuple):
    """Pictures that belong together.

    Attributes:
        name: what they are of.
        pictures: the pictures.
        opened: whether they are seen before the reader asks for them.
    """

    name: str
    pictures: Sequence[Framed]
    opened: bool = False


class Made(NamedTuple):
    """A page.

    Attributes:
        html: its HTML.
        beside: the files of `BESIDE` by name, none where every reply stands in the page.
    """

    html: str
    beside: dict[str, str]


def page(
    words: Words, *, first: Sequence[Framed], galleries: Sequence[Gallery], notes: Sequence[str], replies: Packed
) -> Made:
    """Return a page.

    Args:
        words: what it says.
        first: the pictures of its first screen.
        galleries: the other pictures, the most important first.
        notes: sentences on the pictures.
        replies: the replies behind the numbers, as `pack` packs them.
    """
    apart = sum(map(len, replies.chunks)) > INSIDE_CHARS
    beside = {f"{place:04}.js": f'web.take({place},"{chunk}")\n' for place, chunk in enumerate(replies.chunks)}
    html = web.document(
        "page/report.html",
        ["page/page.css"],
        [f"page/{name}.js" for name in ("replies", "text", "reader", "list", "page")],
        words=words,
        first=_hung(first),
        galleries=[gallery._replace(pictures=_hung(gallery.pictures)) for gallery in galleries],
        notes=notes,
        tables=[table for table in words.tables if table.rows],
        replies=replies,
        index=web.packed(replies.catalogue),
        chunks=[] if apart else replies.chunks,
        beside=BESIDE if apart else "",
    )
    return Made(html, beside if apart else {})


def _hung(pictures: Sequence[Framed]) -> list[Framed]:
    return [picture._replace(svg=web.drawing(picture.svg)) for picture in pictures]

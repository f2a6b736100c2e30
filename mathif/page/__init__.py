"""The page: a report as one HTML file that opens anywhere, with its pictures and the replies behind the numbers.

Nothing is loaded from elsewhere. Replies are model output: they are packed as data and become text, never markup.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple, Protocol

from mathif.constraints import Target
from mathif.items import Item
from mathif.records import Graded, Profile, Reply
from mathif.stats import evenly

LIMIT_BYTES = 300_000
"""Size of the page; as many replies are shown as fit."""
REPLIES_BYTES = 60_000
"""Of that, what pictures leave to the replies."""
CLIP_CHARS = 8_000
"""A longer text is shown by its start and its end."""

Json = Mapping[str, Any]


class Table(Protocol):
    """What the page shows of a table."""

    @property
    def title(self) -> str:
        """What its rows are."""

    @property
    def head(self) -> Sequence[str]:
        """Names of its columns."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Its cells as text."""

    @property
    def note(self) -> str:
        """Sentences that explain it, or ""."""


class Gallery(NamedTuple):
    """Pictures that belong together.

    Attributes:
        name: what they are of.
        pictures: SVG elements.
        opened: whether they are seen before the reader asks for them.
    """

    name: str
    pictures: Sequence[str]
    opened: bool = False


def view(item: Item, reply: Reply, graded: Graded, profile: Profile = Profile.MATHIF) -> dict[str, Any]:
    """Return one reply as the page shows it: the question, the split, every verdict with its evidence."""
    demands: list[dict[str, Any]] = [
        {
            "kind": demand.kind,
            "sentence": sentence,
            "part": "thinking" if demand.target is Target.THINKING and reply.thinking else "final",
            "outcome": verdict.outcome.value,
            "reason": verdict.reason,
            "evidence": [list(span) for span in verdict.evidence],
        }
        for demand, sentence, verdict in zip(item.constraints, item.sentences, graded.constraints[profile], strict=True)
    ]
    found = {
        "key": graded.key,
        "question": item.problem.question,
        "gold": item.problem.answer,
        "state": reply.state.value,
        "finish": reply.finish.value,
        "cot_tokens": reply.cot_tokens,
        "answer": {"outcome": graded.answer.outcome.value, "reason": graded.answer.reason},
        "demands": demands,
    }
    for part in ("thinking", "final"):
        spans = [span for demand in demands if demand["part"] == part for span in demand["evidence"]]
        found[part] = clip(getattr(reply, part), spans)
    return found


def clip(text: str, spans: Iterable[list[int]]) -> str:
    """Return `text`, the middle of a long one left out; `spans` are moved in place to where their text now is."""
    if len(text) <= CLIP_CHARS:
        return text
    kept = CLIP_CHARS // 2
    gap = f"\n[… {len(text) - 2 * kept} characters left out …]\n"
    shift = len(text) - 2 * kept - len(gap)
    for span in spans:
        span[:] = [place if place <= kept else max(kept, place - shift) for place in span]
    return text[:kept] + gap + text[-kept:]


def page(
    title: str,
    *,
    lead: Sequence[str],
    pictures: Sequence[str],
    galleries: Sequence[Gallery],
    notes: Sequence[str],
    reading: str,
    tables: Iterable[Table],
    views: Sequence[Sequence[Json]],
    total: int,
) -> str:
    """Return the page as HTML of at most `LIMIT_BYTES` bytes, unless its pictures and tables alone are larger.

    Args:
        title: what was run.
        lead: the findings, one sentence each.
        pictures: SVG elements that stand in the page as they are.
        galleries: further pictures, the most important first; packed, and as many as leave the replies their room.
        notes: sentences on the pictures.
        reading: how the tables are to be read.
        tables: the tables, the first one shown open.
        views: replies to choose from, as `view` makes them, in groups that are shown whole; as many groups as fit are
            taken, at even distances.
        total: number of replies of the run.
    """
    parts = _Parts(title, lead, pictures, reading, tables)
    parts.hang(galleries, notes)
    room = LIMIT_BYTES - len(parts.html([], total).encode())
    return parts.html(_fitting(views, room), total)


class _Parts:
    """The page without its replies, put together once."""

    def __init__(
        self, title: str, lead: Sequence[str], pictures: Sequence[str], reading: str, tables: Iterable[Table]
    ) -> None:
        room = files(__name__)
        self.style, self.script = ((room / name).read_text("utf-8") for name in ("page.css", "page.js"))
        self.title = escape(title)
        self.lead = "".join(f"<li>{escape(sentence)}</li>" for sentence in lead)
        figures = "".join(f"<figure>{picture}</figure>" for picture in pictures)
        self.pictures = f'<div class="charts">{figures}</div>' if figures else ""
        self.galleries, self.notes, self.packed = "", "", _packed([])
        self.tables = _dim(reading) + "".join(
            _table(table, open_=place == 0) for place, table in enumerate(table for table in tables if table.rows)
        )

    def hang(self, galleries: Sequence[Gallery], notes: Sequence[str]) -> None:
        """Add as many galleries as leave room for replies, and name those that do not."""
        room = LIMIT_BYTES - REPLIES_BYTES - len(self.html([], 0).encode()) - sum(map(len, notes))
        count = len(galleries)
        while count and len(_packed([gallery.pictures for gallery in galleries[:count]])) > room:
            count -= 1
        hung, beyond = galleries[:count], ", ".join(gallery.name for gallery in galleries[count:])
        self.galleries = "".join(map(_gallery, hung))
        self.packed = _packed([gallery.pictures for gallery in hung])
        self.notes = "".join(map(_dim, notes)) + (_dim(f"Too large for this page: {beyond}.") if beyond else "")

    def html(self, views: Sequence[Json], total: int) -> str:
        shown = (
            f"All {total} replies."
            if len(views) == total
            else f"{len(views)} of {total} replies, evenly chosen; all of them are in the run folder."
        )
        return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>{self.title}</title><style>{self.style}</style></head><body>
<h1>{self.title}</h1><h2>Findings</h2><ul>{self.lead}</ul><h2>Pictures</h2>{self.pictures}{self.galleries}{self.notes}
<h2>Numbers</h2>{self.tables}
<h2>Replies</h2>{_dim(f"{shown} Evidence of a verdict is marked in the text.")}
<div id="replies"><p>The replies are shown by the script of this page.</p></div>
<script type="text/plain" id="pictures">{self.packed}</script>
<script type="text/plain" id="packed">{_packed(views)}</script><script>{self.script}</script></body></html>
"""


def _dim(sentence: str) -> str:
    return f"<p class='dim'>{escape(sentence.replace('*', '').replace('`', ''))}</p>"


def _gallery(gallery: Gallery) -> str:
    return (
        f"<details class='gallery'{' open' * gallery.opened}><summary>{escape(gallery.name)}</summary>"
        "<div class='charts'><p>The pictures are shown by the script of this page.</p></div></details>"
    )


def _table(table: Table, *, open_: bool) -> str:
    names = "".join(f"<th>{escape(name)}</th>" for name in table.head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    note = _dim(table.note) if table.note else ""
    return (
        f"<details{' open' * open_}><summary>{escape(table.title)}</summary>{note}"
        f"<div class='scroll'><table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div></details>"
    )


def _packed(rows: Sequence[Any]) -> str:
    """Return plain JSON as the page holds it; a lone surrogate, which UTF-8 cannot hold, as an escape."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(errors="backslashreplace"), 9)).decode()


def _fitting(groups: Sequence[Sequence[Json]], room: int) -> list[Json]:
    """Return the views of as many groups at even distances as fit into `room` bytes once they are packed."""
    fits, fails = 0, len(groups) + 1
    while fails - fits > 1:
        middle = (fits + fails) // 2
        size = len(_packed(_views(groups, middle))) + 200
        fits, fails = (middle, fails) if size <= room else (fits, middle)
    return _views(groups, fits)


def _views(groups: Sequence[Sequence[Json]], count: int) -> list[Json]:
    return list(chain.from_iterable(evenly(groups, count)))

"""The board as one HTML file: tables that stand without script, and a script that makes them answer questions.

A pure function of the board. Whatever came from a submission is escaped here and becomes text nodes there; the
content security policy names the one style and the one script by their digests, so nothing else can run or load.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import NamedTuple

from mathif.board.model import Board, BoardRow, Section
from mathif.board.words import BADGES, NOTHING_BEHIND, READING, clip, number, size
from mathif.results import ACC, HACC, METRICS, SACC, Metric
from mathif.stats import Estimate, Share

NAME_CHARS = 80
"""Longest name that is shown; `board.json` has it whole."""
REPLY_CHARS = 400
"""Longest reply that is shown."""


class Column(NamedTuple):
    """One column of the tables.

    Attributes:
        key: name of the field of a row; what the page sorts by.
        name: heading.
        unit: what stands below the heading.
        tip: what it is, in one sentence.
        scale: what a value is multiplied by to be shown.
        digits: decimals shown.
        signed: whether its numbers are differences and carry their sign.
    """

    key: str
    name: str
    unit: str
    tip: str
    scale: float = 100
    digits: int = 1
    signed: bool = False

    def of(self, row: BoardRow) -> Estimate | float | None:
        """Return the value of a row in this column."""
        found: Estimate | float | None = getattr(row, self.key)
        return found


def _metric(metric: Metric) -> Column:
    return Column(metric.key, metric.label.capitalize() if metric.label.islower() else metric.label, "%", _tip(metric))


def _tip(metric: Metric) -> str:
    return f"{metric.meaning[0].upper()}{metric.meaning[1:]}."


RANK = Column("rank", "Rank", "95 % range", "Ranks by HAcc that the data do not rule out.", 1, 0)
_BESIDE = {
    HACC: Column(
        "above_floor",
        "Above floor",
        "points",
        "HAcc minus what a reply scores that ignores every instruction; its interval is that of HAcc, moved.",
        signed=True,
    ),
    ACC: Column("acc_plain", "Acc unasked", "%", "Acc of the plain replies, which saw no constraints."),
}
"""Columns that stand behind that of a metric."""
COLUMNS = (
    *(column for metric in METRICS for column in (_metric(metric), _BESIDE.get(metric)) if column),
    Column("thinking", "Thinking", "%", "Replies whose thinking obeys what was asked of the thinking."),
    Column("reply", "Reply", "%", "Replies that obey in the reply what was asked of it."),
    Column("both", "Both", "%", "Replies that obey in the thinking and in the reply."),
    Column(
        "lift",
        "Lift",
        "points",
        "HAcc minus the HAcc of the same model on the same problems when not asked.",
        signed=True,
    ),
    Column(
        "dilution",
        "Dilution",
        "log-odds",
        "How the log-odds of obeying go with a doubling of the CoT within items, beyond the plain replies where there"
        " are any.",
        1,
        2,
        signed=True,
    ),
    Column("open", "OPEN", "%", "Replies that ran out of tokens inside their thinking."),
    Column("tokens", "Tokens", "mean", "Tokens generated for a reply.", 1, 0),
)
_SCALE = (
    '<th scope="col" class="p"><span class="vh">HAcc drawn</span>'
    '<span class="axis" aria-hidden="true"><span>0</span><span>50</span><span>100 %</span></span></th>'
)


def html(board: Board) -> str:
    """Return the page of a board."""
    room = files(__package__)
    style, script, skeleton = ((room / f"board.{kind}").read_text("utf-8") for kind in ("css", "js", "html"))
    sections = board.sections
    return Template(skeleton).substitute(
        style=style,
        style_digest=_digest(style),
        script=script,
        script_digest=_digest(script),
        links="".join(f'<li><a href="#{_place(s)}">{_text(s.title)}</a></li>' for s in sections),
        badges="".join(f'<option value="{badge}">{_text(name)}</option>' for badge, (name, _) in BADGES.items()),
        sections="".join(map(_section, sections)),
        legend=_legend(),
        keys=" ".join(column.key for column in (RANK, *COLUMNS)),
        packed=_packed(sections),
    )


def shown(row: BoardRow, column: Column) -> tuple[str, str]:
    """Return a row's value in a column and its interval, as text; "–" and "" where they are unknown.

    The distance from the floor has the interval of HAcc, which is not said twice.
    """
    found = column.of(row)
    if found is None:
        return "–", ""
    if not isinstance(found, Estimate):
        return number(found * column.scale, column.digits, column.signed), ""
    value, low, high = (None if end is None else end * column.scale for end in (found.value, found.low, found.high))
    if value is None:
        return "–", ""
    text = number(value, column.digits, column.signed)
    if low is None or high is None or column.key == "above_floor":
        return text, ""
    ends = (number(end, column.digits) for end in (low, high))
    return text, (" to " if column.signed else "–").join(ends)


def rank(row: BoardRow) -> str:
    """Return a row's rank as text, "–" where it has none."""
    if row.rank is None:
        return "–"
    best, worst = row.rank.best, row.rank.worst
    return f"{best}–{worst}" if best < worst else str(best)


def columns_of(section: Section) -> list[Column]:
    """Return the columns that some row of the section has a value in."""
    return [column for column in COLUMNS if any(column.of(row) is not None for row in section.rows)]


def _place(section: Section) -> str:
    return f"t-{section.id}"


def _row_id(section: Section, row: BoardRow) -> str:
    return f"{section.id}.{row.name}"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(value: object, limit: int = NAME_CHARS) -> str:
    """Return a value as markup that shows it and does nothing else."""
    return escape(clip(str(value), limit))


def _section(section: Section) -> str:
    place, columns = _place(section), columns_of(section)
    heading = _text(section.title)
    head = "".join(
        [
            '<th scope="col" class="m" data-k="model" data-n="Model">Model</th>',
            _head(RANK),
            _SCALE,
            *map(_head, columns),
            '<th scope="col" class="b" data-k="badge" data-n="Trust">Trust</th>',
        ]
    )
    body = "".join(_row(section, row, columns) for row in section.rows)
    return f"""<section id="{place}" aria-labelledby="h-{place}"><h2 id="h-{place}">{heading}</h2>
<p class="dim">{_text(section.note, 500)}</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="h-{place}">
<table class="board" data-task="{heading}" aria-labelledby="h-{place}">
<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>
"""


def _head(column: Column) -> str:
    name = column.name.replace(" ", "\n")
    return (
        f'<th scope="col" data-k="{column.key}" data-n="{column.name}" title="{escape(column.tip)}">'
        f"{name}<small>{column.unit}</small></th>"
    )


def _row(section: Section, row: BoardRow, columns: Sequence[Column]) -> str:
    model = row.model
    about = [row.method, model.organisation, size(model.parameters_b)]
    if model.open is False:
        about.append("closed")
    small = " · ".join(clip(part, NAME_CHARS) for part in about if part)
    cells = "".join(_cell(row, column) for column in columns)
    kind = {"floor": "row floor", "stale": "row grey", "refused": "row grey"}.get(row.badge, "row")
    flags = " ".join(
        f'data-{name}="{value}"'
        for name, value in (
            ("v", " ".join([_order(row), *(_value(row, column) for column in COLUMNS)])),
            ("b", "" if model.parameters_b is None else f"{model.parameters_b:g}"),
            ("open", _flag(model.open)),
            ("reasoning", _flag(row.reasoning)),
            ("badge", row.badge),
        )
    )
    return (
        f'<tr class="{kind}" id="r-{_text(_row_id(section, row), 200)}" {flags}>'
        f'<th scope="row" class="m"><bdi>{_text(model.id)}</bdi><small>{escape(small)}</small></th>'
        f'<td class="rk">{rank(row)}</td>'
        f'<td class="p">{_whisker(row)}</td>{cells}<td class="b">{_text(BADGES[row.badge][0])}</td></tr>\n'
    )


def _flag(value: bool | None) -> str:
    return "" if value is None else str(int(value))


def _cell(row: BoardRow, column: Column) -> str:
    value, interval = shown(row, column)
    return f"<td>{value}<small>{interval}</small></td>" if interval else f"<td>{value}</td>"


def _order(row: BoardRow) -> str:
    """Return what rows are sorted by that are sorted by rank: by the best one, and where that is the same the worst."""
    return "" if row.rank is None else f"{row.rank.best}.{row.rank.worst:04}"


def _value(row: BoardRow, column: Column) -> str:
    """Return what a column is sorted by, "" where it is unknown."""
    found = column.of(row)
    number_ = found.value if isinstance(found, Estimate) else found
    return "" if number_ is None else f"{number_:.5g}"


def _whisker(row: BoardRow) -> str:
    """Return HAcc, its interval and the floor on a line from 0 to 100 %."""
    found, floor = row.hacc, row.floor
    parts = ['<line class="x" x2="100%" y1="10" y2="10"/>']
    if floor:
        x = f"{floor.hacc:.1%}"
        parts.append(f'<line class="z" x1="{x}" x2="{x}" y2="20"/>')
    if found and found.value is not None:
        if found.low is not None and found.high is not None:
            parts.append(f'<line class="w" x1="{found.low:.1%}" x2="{found.high:.1%}" y1="10" y2="10"/>')
        parts.append(f'<circle class="d" cx="{found.value:.1%}" cy="10" r="3.5"/>')
    return f'<svg class="f" aria-hidden="true">{"".join(parts)}</svg>'


def _legend() -> str:
    columns = [(column.name, column.tip) for column in (RANK, *COLUMNS)]
    parts = (("Columns", columns), ("Terms", READING.items()), ("Trust", BADGES.values()))
    return "".join(f"<div><h3>{heading}</h3><dl>{_terms(terms)}</dl></div>" for heading, terms in parts)


def _terms(terms: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in terms)


def _packed(sections: Iterable[Section]) -> str:
    """Return what a row opens into, packed: shares in tenths of a percent, kinds by their numbers."""
    rows = {_row_id(section, row): row for section in sections for row in section.rows}
    kinds = sorted({kind.kind for row in rows.values() for kind in row.kinds})
    places = {kind: place for place, kind in enumerate(kinds)}
    details = {name: _details(row, places) for name, row in rows.items()}
    data = json.dumps({"kinds": kinds, "rows": details}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(data.encode("utf-8", "replace"), 9)).decode()


def _details(row: BoardRow, places: Mapping[str, int]) -> dict[str, object]:
    return {
        "facts": list(_facts(row)),
        "lengths": [[bin_.low, bin_.high, bin_.n, *_mille(bin_.hacc), *_mille(bin_.acc)] for bin_ in row.lengths],
        "kinds": [[places[kind.kind], *_mille(kind.obeyed), _tenths(kind.floor)] for kind in row.kinds],
        "samples": [
            [clip(reply.item, NAME_CHARS), reply.verdict, clip(reply.text, REPLY_CHARS)] for reply in row.replies
        ],
        "note": NOTHING_BEHIND[row.badge == "published-not-regraded"],
    }


def _facts(row: BoardRow) -> Iterator[tuple[str, str]]:
    known = {
        "trust": BADGES[row.badge][1],
        "model": row.model.id,
        "method": row.method,
        "link": row.model.link,
        "licence": row.model.licence,
        "submitter": row.submitter,
        "samples for each item": row.samples,
        "items asked": row.limit or "all",
        "floor": ", ".join(_floors(row)),
        **row.settings,
    }
    for name, value in known.items():
        if value not in (None, ""):
            yield clip(name, NAME_CHARS), clip(str(value), 200)


def _floors(row: BoardRow) -> Iterator[str]:
    """Yield what the null reply scores on the same items, and how far the row is above it."""
    if row.floor is None:
        return
    pairs = ((HACC, row.floor.hacc, row.above_floor), (SACC, row.floor.sacc, row.sacc_above_floor))
    for metric, floor, above in pairs:
        if above and above.value is not None:
            yield f"{metric.label} {number(100 * floor, 1)} % ({number(100 * above.value, 1, True)} points)"


def _mille(found: Share | None) -> list[int | None]:
    return [_tenths(end) for end in (found.value, found.low, found.high)] if found else [None] * 3


def _tenths(share: float | None) -> int | None:
    return None if share is None else round(share * 1000)

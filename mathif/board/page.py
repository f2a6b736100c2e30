"""The board as one HTML file: tables that stand without script, and a script that makes them answer questions.

A pure function of the board. What a page shows is chosen and rounded here and written by the template `board.html`,
which escapes whatever came from a submission; the script makes text nodes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypedDict

from mathif import web
from mathif.board.model import Board, BoardRow, Section
from mathif.board.rows import group_of
from mathif.board.words import BADGES, HEADINGS, NOT_MEASURED, NOTHING_BEHIND, READING, clip, number, size
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
        asked: whether the board is about it, so that a model without a value in it is said to be not measured.
    """

    key: str
    name: str
    unit: str
    tip: str
    scale: float = 100
    digits: int = 1
    signed: bool = False
    asked: bool = False

    def of(self, row: BoardRow) -> Estimate | float | None:
        """Return the value of a row in this column."""
        value: Estimate | float | None = getattr(row, self.key)
        return value


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
    Column("thinking", "Thinking", "%", "Replies whose thinking obeys what was asked of the thinking.", asked=True),
    Column("reply", "Reply", "%", "Replies that obey in the reply what was asked of it."),
    Column("both", "Both", "%", "Replies that obey in the thinking and in the reply."),
    Column("reliable", "Reliable", "%", "Constraints that are obeyed in each of their wordings.", asked=True),
    Column(
        "lift",
        "Lift",
        "points",
        "HAcc minus the HAcc of the same model on the same problems when not asked.",
        signed=True,
    ),
    Column(
        "dilution",
        "Net dilution",
        "log-odds",
        "How the log-odds of obeying go with a doubling of the CoT within items, beyond what plain replies show.",
        1,
        2,
        signed=True,
        asked=True,
    ),
    Column("open", "OPEN", "%", "Replies that ran out of tokens inside their thinking."),
    Column("tokens", "Tokens", "mean", "Tokens generated for a reply.", 1, 0),
)


def html(board: Board) -> str:
    """Return the page of a board."""
    rows = {_row_id(section, row): row for section in board.sections for row in section.rows}
    return web.document(
        "board/board.html",
        styles=["board/board.css"],
        scripts=["board/board.js"],
        sections=[_section(section) for section in board.sections],
        badges={badge: name for badge, (name, _) in BADGES.items()},
        legend=_legend(),
        keys=" ".join(column.key for column in (RANK, *COLUMNS)),
        packed=web.packed(_behind(rows, _elsewhere(board))),
    )


def shown(row: BoardRow, column: Column) -> tuple[str, str]:
    """Return a row's value in a column and its interval, as text; "–" and "" where they are unknown.

    A model without a value in a column that the board is about is said to be not measured. The distance from the floor
    is shown without its interval, which is that of HAcc in the column before.
    """
    estimate, unknown = column.of(row), NOT_MEASURED if column.asked and row.badge != "floor" else "–"
    if estimate is None:
        return unknown, ""
    if not isinstance(estimate, Estimate):
        return number(estimate * column.scale, column.digits, column.signed), ""
    value, low, high = (
        None if end is None else end * column.scale for end in (estimate.value, estimate.low, estimate.high)
    )
    if value is None:
        return unknown, ""
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
    """Return the columns that some row of the section has a value in, and those that the board is about."""
    models = any(row.badge != "floor" for row in section.rows)
    return [
        column
        for column in COLUMNS
        if (column.asked and models) or any(column.of(row) is not None for row in section.rows)
    ]


def _place(section: Section) -> str:
    return f"t-{section.id}"


def _row_id(section: Section, row: BoardRow) -> str:
    return f"{section.id}.{row.name}"


class ShownRow(NamedTuple):
    """What the template shows of a row.

    Attributes:
        data: what the script sorts and filters by.
        cells: text, interval and whether it was not measured, for each column.
    """

    kind: str
    id: str
    data: Mapping[str, str]
    model: str
    about: str
    rank: str
    cells: Sequence[tuple[str, str, bool]]
    marks: Mapping[str, str]
    badge: str
    behind: str


class ShownGroup(NamedTuple):
    """What the template shows of one part of a table."""

    heading: str
    rows: Sequence[ShownRow]


class ShownSection(NamedTuple):
    """What the template shows of a table."""

    place: str
    title: str
    note: str
    rank: Column
    columns: Sequence[Column]
    groups: Sequence[ShownGroup]


def _section(section: Section) -> ShownSection:
    columns = columns_of(section)
    return ShownSection(
        place=_place(section),
        title=clip(section.title, NAME_CHARS),
        note=clip(section.note, 500),
        rank=RANK,
        columns=columns,
        groups=[
            ShownGroup(HEADINGS[group], [_row(section, row, columns) for row in rows])
            for group, rows in groupby(section.rows, group_of)
        ],
    )


def _row(section: Section, row: BoardRow, columns: Iterable[Column]) -> ShownRow:
    model, trust = row.model, BADGES[row.badge][0]
    about = [row.method, model.organisation, size(model.parameters_b), "closed" if model.open is False else ""]
    behind = [row.submitter] if row.badge == "published-not-regraded" else []
    behind += [f"n\N{NO-BREAK SPACE}{row.hacc.n}"] if behind and row.hacc else []
    cells = [(value, interval, value == NOT_MEASURED) for value, interval in (shown(row, one) for one in columns)]
    return ShownRow(
        kind=group_of(row),
        id=f"r-{clip(_row_id(section, row), 200)}",
        data={
            "v": " ".join([_order(row), *(_value(row, column) for column in COLUMNS)]),
            "b": "" if model.parameters_b is None else f"{model.parameters_b:g}",
            "open": _flag(model.open),
            "reasoning": _flag(row.reasoning),
            "badge": row.badge,
        },
        model=clip(model.id, NAME_CHARS),
        about=" · ".join(clip(part, NAME_CHARS) for part in about if part),
        rank=rank(row),
        cells=cells,
        marks=_marks(row),
        badge=trust,
        behind=" · ".join(clip(part, NAME_CHARS) for part in behind),
    )


def _flag(value: bool | None) -> str:
    return "" if value is None else str(int(value))


def _order(row: BoardRow) -> str:
    """Return what rows are sorted by that are sorted by rank: by the best one, and where that is the same the worst."""
    return "" if row.rank is None else f"{row.rank.best}.{row.rank.worst:04}"


def _value(row: BoardRow, column: Column) -> str:
    """Return what a column is sorted by, "" where it is unknown."""
    value = column.of(row)
    number_ = value.value if isinstance(value, Estimate) else value
    return "" if number_ is None else f"{number_:.5g}"


def _marks(row: BoardRow) -> dict[str, str]:
    """Return where HAcc, its interval and the floors lie on a line from 0 to 100 %."""
    hacc, floor = row.hacc, row.floor
    places = {
        "null": floor and floor.hacc,
        "fixed": floor and floor.fixed_hacc,
        "value": hacc and hacc.value,
        "low": hacc and hacc.low,
        "high": hacc and hacc.high,
    }
    return {name: f"{share:.1%}" for name, share in places.items() if share is not None}


def _legend() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the page explains below its tables, under three headings."""
    columns = [(column.name, column.tip) for column in (RANK, *COLUMNS)]
    return [("Columns", columns), ("Terms", list(READING.items())), ("Trust", list(BADGES.values()))]


Elsewhere = Mapping[str, list[tuple[str, str]]]
"""For each name of a model the tables that it has a row in, each with its HAcc."""


def _elsewhere(board: Board) -> Elsewhere:
    rows: dict[str, list[tuple[str, str]]] = {}
    for section in board.sections:
        for row in section.rows:
            hacc = " ".join(filter(None, shown(row, COLUMNS[0])))
            label = ", ".join(filter(None, (section.title, row.method)))
            rows.setdefault(row.model.id, []).append((label, hacc))
    return rows


Tenths = list[int | None]
"""Shares and the ends of their intervals in tenths of a percent, counts before them."""


class Details(TypedDict):
    """What a row opens into."""

    facts: list[tuple[str, str]]
    lengths: list[Tenths]
    kinds: list[Tenths]
    samples: list[tuple[str, str, str]]
    note: str


class Behind(TypedDict):
    """What the rows open into, which give the kinds by their numbers."""

    kinds: list[str]
    rows: dict[str, Details]


def _behind(rows: Mapping[str, BoardRow], elsewhere: Elsewhere) -> Behind:
    kinds = sorted({kind.kind for row in rows.values() for kind in row.kinds})
    places = {kind: place for place, kind in enumerate(kinds)}
    details = {name: _details(row, places, elsewhere) for name, row in rows.items()}
    return {"kinds": kinds, "rows": details}


def _details(row: BoardRow, places: Mapping[str, int], elsewhere: Elsewhere) -> Details:
    return {
        "facts": list(_facts(row, elsewhere)),
        "lengths": [[bin_.low, bin_.high, bin_.n, *_mille(bin_.hacc), *_mille(bin_.acc)] for bin_ in row.lengths],
        "kinds": [[places[kind.kind], *_mille(kind.obeyed), _tenths(kind.floor)] for kind in row.kinds],
        "samples": [
            (clip(reply.item, NAME_CHARS), reply.verdict, clip(reply.text, REPLY_CHARS)) for reply in row.replies
        ],
        "note": NOTHING_BEHIND[row.badge == "published-not-regraded"],
    }


def _facts(row: BoardRow, elsewhere: Elsewhere) -> Iterator[tuple[str, str]]:
    others = elsewhere[row.model.id]
    facts: dict[str, object] = {
        "trust": BADGES[row.badge][1],
        "model": row.model.id,
        "method": row.method,
        "link": row.model.link,
        "licence": row.model.licence,
        "submitter": row.submitter,
        "samples for each item": row.samples,
        "items asked": row.limit or "all",
        "replies behind HAcc": row.hacc and row.hacc.n,
        "floor": ", ".join(_floors(row)),
        **row.settings,
        "rows of this model": "; ".join(f"{table}: HAcc {told}" for table, told in others if len(others) > 1),
    }
    for name, value in facts.items():
        if value not in (None, ""):
            yield clip(name, NAME_CHARS), clip(str(value), 400)


def _floors(row: BoardRow) -> Iterator[str]:
    """Yield what the null reply scores on the same items, how far the row is above it, and the best fixed text."""
    if row.floor is None:
        return
    pairs = ((HACC, row.floor.hacc, row.above_floor), (SACC, row.floor.sacc, row.sacc_above_floor))
    for metric, floor, above in pairs:
        if above and above.value is not None:
            yield f"{metric.label} {number(100 * floor, 1)} % ({number(100 * above.value, 1, True)} points)"
    if row.floor.fixed_hacc is not None:
        yield f"best fixed text, HAcc {number(100 * row.floor.fixed_hacc, 1)} %"


def _mille(share: Share | None) -> Tenths:
    return [_tenths(end) for end in (share.value, share.low, share.high)] if share else [None] * 3


def _tenths(share: float | None) -> int | None:
    return None if share is None else round(share * 1000)

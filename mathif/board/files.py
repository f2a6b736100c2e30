"""The board as Markdown and as CSV, with submitted text made inert in each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict

from mathif.board.model import Board, BoardRow, Section
from mathif.board.page import COLUMNS, NAME_CHARS, columns_of, rank, shown
from mathif.board.words import BADGES, clip, size
from mathif.errors import BoardError

BEGIN = "<!-- board: begin; written by `mathif board` -->"
END = "<!-- board: end -->"

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$:@-])")
"""What Markdown or the HTML inside it could act on."""


def with_table(text: str, board: Board) -> str:
    """Return the README `text` with its tables between the markers written anew; both are added where they are missing.

    Raises:
        BoardError: if one marker stands without the other, or they are doubled or in the wrong order.
    """
    block = f"{BEGIN}\n\n{''.join(map(_table, board.sections))}{END}"
    if BEGIN not in text and END not in text:
        return f"{text.rstrip()}\n\n{block}\n".lstrip()
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise BoardError(
            f"README.md: expected one {BEGIN!r} and one {END!r} after it; put them right, or take both out"
        )
    before, _, rest = text.partition(BEGIN)
    return before + block + rest.partition(END)[2]


def _table(section: Section) -> str:
    columns = columns_of(section)
    names = ["Rank", "Model", "Size", *(column.name for column in columns), "Trust"]
    lines = [
        f"### {inert(section.title)}",
        "",
        _line(names),
        _line([":--", ":--", *["--:"] * (len(columns) + 1), ":--"]),
    ]
    for row in section.rows:
        cells = (" ".join(filter(None, shown(row, column))) for column in columns)
        parameters = size(row.model.parameters_b) or "–"
        model = inert(", ".join(filter(None, (row.model.id, row.method))))
        lines.append(_line([rank(row), model, parameters, *cells, BADGES[row.badge][0]]))
    return "\n".join(lines) + "\n\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def inert(text: str) -> str:
    """Return submitted text as Markdown that shows it and does nothing else."""
    return _MARKUP.sub(r"\\\1", _flat(clip(text, NAME_CHARS)))


def csv_text(board: Board) -> str:
    """Return every row as CSV: shares unrounded, each figure with its ends and n; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    rows = [dict(_cells(section, row)) for section in board.sections for row in section.rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    writer.writerows([_plain(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _cells(section: Section, row: BoardRow) -> Iterator[tuple[str, object]]:
    yield from (("task", section.task), ("profile", section.profile.value), ("limit", section.limit))
    yield from (("rank_best", row.rank and row.rank.best), ("rank_worst", row.rank and row.rank.worst))
    yield "name", row.name
    yield from asdict(row.model).items()
    yield "method", row.method
    yield from (("reasoning", row.reasoning), ("badge", row.badge), ("submitter", row.submitter))
    yield "samples", row.samples
    for column in COLUMNS:
        value = column.of(row)
        if column.key in ("open", "tokens"):
            yield ("open_share" if column.key == "open" else "tokens_mean"), value
        else:
            for end in ("value", "low", "high", "n"):
                yield column.key if end == "value" else f"{column.key}_{end}", getattr(value, end, None)


def _plain(value: object) -> object:
    """Return a cell: text on one line, with an apostrophe in front where a spreadsheet would run it."""
    if not isinstance(value, str):
        return value
    flat = _flat(value)
    return f"'{flat}" if flat.lstrip()[:1] in ("=", "+", "-", "@") else flat


def _flat(text: str) -> str:
    """Return text with a blank in place of every character that cannot be seen."""
    return "".join(char if char.isprintable() else " " for char in text)

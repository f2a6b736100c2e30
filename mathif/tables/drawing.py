"""Drawing a table: as plain text that fits a width, and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import tabulate

from mathif.tables.folding import Cells, folded

tabulate.MIN_PADDING = 0  # its two extra blanks for each column name would not fit 100 columns

WIDTH = 100
"""Columns that text takes where nobody says how many there are."""


class Table(NamedTuple):
    """One table before it is drawn.

    Attributes:
        title: what the rows are.
        head: column names; the first column is text, the others are aligned right.
        rows: cells as text.
        note: one or two sentences below the title, or "".
        align: how all columns but the first are aligned.
        brief: whether the terminal shows it too; `report.md` shows every table.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    brief: bool = True
    align: str = "right"


def plain(table: Table, width: int = WIDTH) -> str:
    """Return one table as plain text of so many columns."""
    drawn = (_drawn(block, table.align, "simple") for block in folded([table.head, *table.rows], width))
    return f"{wrapped([table.title], width)}\n" + "\n\n".join(drawn)


def marked(table: Table) -> str:
    """Return one table as Markdown, its title as a heading."""
    body = _drawn([table.head, *table.rows], table.align, "pipe")
    return "\n\n".join(part for part in (f"### {table.title}", table.note, body) if part)


def wrapped(lines: Iterable[str], width: int = WIDTH) -> str:
    """Return lines broken at words alone, what follows the beginning of one indented."""
    return "\n".join(textwrap.fill(line, width, subsequent_indent="  ", break_long_words=False) for line in lines)


def bullets(sentences: Iterable[str], width: int = WIDTH) -> str:
    """Return sentences as a plain list, broken at words alone."""
    return wrapped((f"- {sentence}" for sentence in sentences), width)


def _drawn(cells: Cells, align: str, style: str) -> str:
    head, *rows = cells
    sides = ["left"] + [align] * (len(head) - 1)
    drawn: str = tabulate.tabulate(rows, head, tablefmt=style, colalign=sides, disable_numparse=True)
    return drawn


def tokens(count: int) -> str:
    """Return a number of tokens, whole multiples of 1024 as `2k`."""
    return f"{count // 1024}k" if count and count % 1024 == 0 else str(count)

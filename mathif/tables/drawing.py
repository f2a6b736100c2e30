"""Drawing a table: as plain text that fits a width, and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import tabulate

tabulate.MIN_PADDING = 0  # its two extra blanks for each column name would not fit 100 columns

WIDTH = 100
"""Columns that every plain table fits, and that text takes where the terminal does not say how many it has."""


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


def plain(table: Table) -> str:
    """Return one table as plain text."""
    body = tabulate.tabulate(
        table.rows, table.head, tablefmt="simple", colalign=_alignment(table), disable_numparse=True
    )
    return f"{table.title}\n{body}"


def marked(table: Table) -> str:
    """Return one table as Markdown, its title as a heading."""
    body = tabulate.tabulate(table.rows, table.head, tablefmt="pipe", colalign=_alignment(table), disable_numparse=True)
    return "\n\n".join(part for part in (f"### {table.title}", table.note, body) if part)


def wrapped(lines: Iterable[str], width: int = WIDTH) -> str:
    """Return lines broken at words alone, what follows the beginning of one indented."""
    return "\n".join(textwrap.fill(line, width, subsequent_indent="  ", break_long_words=False) for line in lines)


def bullets(sentences: Iterable[str], width: int = WIDTH) -> str:
    """Return sentences as a plain list, broken at words alone."""
    return wrapped((f"- {sentence}" for sentence in sentences), width)


def _alignment(table: Table) -> list[str]:
    return ["left"] + [table.align] * (len(table.head) - 1)


def tokens(count: int) -> str:
    """Return a number of tokens, whole multiples of 1024 as `2k`."""
    return f"{count // 1024}k" if count and count % 1024 == 0 else str(count)

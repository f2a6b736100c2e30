"""Folding: a table made to fit a width, its cells broken between words, and its columns put below each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

GAP = 2
"""Blanks between two columns."""

# An interval, which must stay whole, or anything without blanks.
_WORD = re.compile(r"\[[^\])]*[\])]\S*|\S+")

Cells = Sequence[Sequence[str]]


def folded(cells: Cells, width: int) -> Iterator[list[list[str]]]:
    """Yield a table in blocks of columns that fit `width`, the first column in each of them.

    A word wider than the width stays whole, so that it can be copied.

    Args:
        cells: the rows, the head the first of them, all of one length.
        width: columns of the terminal.
    """
    columns = list(zip(*cells, strict=True))
    least = [max(len(word) for cell in column for word in _WORD.findall(cell) or [""]) for column in columns]
    for block in _blocks(least, width):
        widths = _levelled([max(map(len, columns[place])) for place in block], [least[place] for place in block], width)
        yield [[_broken(row[place], room) for place, room in zip(block, widths, strict=True)] for row in cells]


def _blocks(least: Sequence[int], width: int) -> Iterator[list[int]]:
    """Yield the places of the columns that fit beside each other at their least widths."""
    block = [0]
    for place in range(1, len(least)):
        if len(block) > 1 and _total([least[other] for other in [*block, place]]) > width:
            yield block
            block = [0]
        block.append(place)
    yield block


def _levelled(widths: list[int], least: Sequence[int], width: int) -> list[int]:
    """Return widths that fit in all, the widest column made narrower first and none below its least width."""
    over = _total(widths) - width
    for _ in range(over):
        spare = [place for place, room in enumerate(widths) if room > least[place]]
        if not spare:
            break
        widths[max(spare, key=lambda place: widths[place])] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _broken(cell: str, width: int) -> str:
    """Return a cell in lines of at most `width`, as it is where it fits."""
    if len(cell) <= width:
        return cell
    lines: list[str] = []
    for word in _WORD.findall(cell):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)

"""Families of models: the one table of how each marks, switches and ends its thinking.

A room of its own, below the others, because three of them need the same facts: `reasoning` the marks, engines what a
template opens and what ends a turn, arms how thinking is turned on, off, up and down. A new family is one row of
`mathif.families.table` with its example, and the tests follow from the row.
"""

from __future__ import annotations

import re

from mathif.families.base import FINAL, THINKING, Effort, Family, Marks, Place, Switch
from mathif.families.table import ENDS, FAMILIES, MARKS, TURNS, WRAPPERS

__all__ = [
    "ENDS",
    "FAMILIES",
    "FINAL",
    "MARKS",
    "THINKING",
    "TURNS",
    "WRAPPERS",
    "Effort",
    "Family",
    "Marks",
    "Place",
    "Switch",
    "family_of",
    "opened_by",
]

_OPENINGS = tuple({marks.opens for marks in MARKS} | {marks.opens for family in FAMILIES for marks in family.marks})


def family_of(model: str) -> Family | None:
    """Return the family that the name of a model (`org/name`, a folder, a file) belongs to, None for an unknown one."""
    name = model.rstrip("/").rpartition("/")[2]
    return next((family for family in FAMILIES if re.search(family.models, name, re.IGNORECASE)), None)


def opened_by(prompt: str, tags: tuple[str, str] | None = None) -> bool:
    """Tell whether a prompt, as the model's template wrote it, ends inside the thinking: then the reply begins there.

    Args:
        prompt: the rendered prompt, or its last hundred characters.
        tags: marks that the user named beside those of the table.
    """
    openings = (*_OPENINGS, tags[0]) if tags else _OPENINGS
    return prompt[-200:].rstrip().endswith(openings)

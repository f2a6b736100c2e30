"""Tables: the numbers of a report as tables, in plain text and as Markdown for `report.md`.

Nothing is computed here; a table only chooses, rounds and aligns what `mathif.report` found.
"""

from mathif.tables.document import incomplete, markdown, profile_tables
from mathif.tables.drawing import WIDTH, Table, bullets, marked, plain, tokens, wrapped
from mathif.tables.length import recut_table
from mathif.tables.parts import PARTS
from mathif.tables.scores import both_profiles, headline

__all__ = [
    "PARTS",
    "WIDTH",
    "Table",
    "both_profiles",
    "bullets",
    "headline",
    "incomplete",
    "markdown",
    "marked",
    "plain",
    "profile_tables",
    "recut_table",
    "tokens",
    "wrapped",
]

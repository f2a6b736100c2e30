"""The house as it stands: every room on its floor with the first sentence of its module, drawn from the code.

`python -m tests.house` writes it into docs/design.md between the two marks; a test holds the page to the code.
"""

from __future__ import annotations

import ast
from pathlib import Path

import mathif

ROOT = Path(mathif.__file__).parent
PAGE = ROOT.parent / "docs" / "design.md"
MARKS = ("<!-- house: begin; written by `python -m tests.house` -->", "<!-- house: end -->")
FLOORS = [
    {"counting", "errors", "hostile", "json_values"},
    {"settings", "credentials", "registry"},
    {"records", "families"},
    {"plan", "reasoning", "answers", "stats", "store", "submission"},
    {"cache", "yardstick"},
    {"constraints"},
    {"items", "problems", "schemas"},
    {"tasks", "arms", "grading", "editions", "engines", "results"},
    {"wording", "web"},
    {"report", "charts", "tables", "page", "interventions"},
    {"screen"},
    {"run", "build", "validate", "progress", "adversary"},
    {"entry", "evidence", "forecast", "limits", "making", "listing", "compare", "shelf"},
    {"verify", "attention", "probe", "export"},
    {"board", "publish", "harnesses", "opened", "rewards", "testing"},
    {"api"},
    {"cli"},
    {"__main__"},
]
"""A module imports from lower floors only."""


def sentence(room: str) -> str:
    """Return the first sentence of a room's docstring, as its glossary entry."""
    module = ROOT / f"{room}.py"
    source = (module if module.is_file() else ROOT / room / "__init__.py").read_text(encoding="utf-8")
    told = ast.get_docstring(ast.parse(source)) or ""
    return " ".join(told.split("\n\n")[0].split()).replace("|", "\\|")


def drawn() -> str:
    """Return the rooms as a table in Markdown, the lowest floor first."""
    rows = [
        f"| {floor} | `{room}` | {sentence(room)} |"
        for floor, rooms in enumerate(FLOORS)
        for room in sorted(rooms)
        if not room.startswith("__")
    ]
    return "\n".join(["| floor | room | what it is |", "|---|---|---|", *rows])


def page() -> str:
    """Return docs/design.md with the table made anew."""
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return f"{before}{MARKS[0]}\n\n{drawn()}\n\n{MARKS[1]}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

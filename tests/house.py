"""What the documentation shows of the code: every room on its floor with its first sentence, and every metric.

`python -m tests.house` writes them into docs/design.md and docs/report.md between two marks; a test holds the pages to
the code.
"""

from __future__ import annotations

import ast
from pathlib import Path

import mathif
from mathif.results import METRICS

ROOT = Path(mathif.__file__).parent
DOCS = ROOT.parent / "docs"
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
    {"report", "charts", "tables", "interventions"},
    {"page", "screen"},
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


def rooms_drawn() -> str:
    """Return the rooms as a table in Markdown, the lowest floor first."""
    rows = [
        f"| {floor} | `{room}` | {sentence(room)} |"
        for floor, rooms in enumerate(FLOORS)
        for room in sorted(rooms)
        if not room.startswith("__")
    ]
    return "\n".join(["| floor | room | what it is |", "|---|---|---|", *rows])


def metrics_drawn() -> str:
    """Return the metrics as a table in Markdown."""
    rows = [f"| {metric.label} | `{metric.key}` | {metric.meaning} |" for metric in METRICS]
    return "\n".join(["| metric | in files | what it is |", "|---|---|---|", *rows])


DRAWN = {"design.md": ("house", rooms_drawn), "report.md": ("metrics", metrics_drawn)}
"""The pages that hold a table drawn from the code, with the name in its marks."""


def page(name: str) -> str:
    """Return a page with its table made anew."""
    mark, drawn = DRAWN[name]
    begin, end = f"<!-- {mark}: begin; written by `python -m tests.house` -->", f"<!-- {mark}: end -->"
    before, rest = (DOCS / name).read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n\n{drawn()}\n\n{end}{after}"


if __name__ == "__main__":
    for drawn_page in DRAWN:
        (DOCS / drawn_page).write_text(page(drawn_page), encoding="utf-8")

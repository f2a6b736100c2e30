"""The notebooks in `examples/` run from their first cell to their last, in an empty folder."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.py"))


def cells(path: Path) -> list[str]:
    """The cells of a notebook in the percent format, which Jupyter (with Jupytext), VS Code and Spyder open."""
    first, *rest = path.read_text(encoding="utf-8").split("# %%")
    assert first == ""
    return [cell.partition("\n")[2] for cell in rest if not cell.startswith(" [markdown]")]


def test_there_are_two_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["first_run", "own_problems"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "HAcc" in done.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_cell_of_a_notebook_stands_alone_as_code_and_is_told_about(path: Path) -> None:
    assert len(cells(path)) >= 4
    for cell in cells(path):
        ast.parse(cell)
    assert path.read_text(encoding="utf-8").startswith("# %% [markdown]\n# # ")

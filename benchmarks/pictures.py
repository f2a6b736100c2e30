"""The pictures of README.md and the documentation, as a browser shows them, made from runs of this repository.

    python benchmarks/pictures.py [FOLDER]

`page.png` is the page of the run that `mathif demo` makes, `board.png` the board of `leaderboard/board.json`, each as
the first screen of a light window. It needs Chromium with its driver, and the packages of the extra `test`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mathif import api
from mathif.board.model import Board
from mathif.board.page import html
from mathif.schemas import from_json
from tests.browsing import chromium, show

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
WIDTH_PX, HEIGHT_PX = 1300, 900
SETTLED_S = 1.5
"""What a page takes to unpack what it shows."""


def page(work: Path) -> Path:
    """Make the run of `mathif demo` and return its page."""
    run = api.create_run(api.plan_of(api.DEMO), work / "demo")
    api.finish(run)
    return run.folder / "report.html"


def board(work: Path) -> Path:
    """Return the page of the board as it is kept."""
    path = work / "board.html"
    kept = json.loads((ROOT / "leaderboard" / "board.json").read_text(encoding="utf-8"))
    path.write_text(html(from_json(Board, kept, "board.json")), encoding="utf-8")
    return path


PICTURES: Mapping[str, Callable[[Path], Path]] = {"page.png": page, "board.png": board}
"""Each picture by the name of its file, with what makes the page that it shows in a folder."""


def draw(folder: Path) -> None:
    """Write every picture into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium(Path(scratch) / "profile") as browser:
        for name, made in PICTURES.items():
            show(browser, made(Path(scratch)), width=WIDTH_PX)
            time.sleep(SETTLED_S)
            browser.save_screenshot(str(folder / name))


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)

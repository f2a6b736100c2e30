"""Laws of the pictures in the documentation: each is made by the one command, and the command makes no other."""

import re
import runpy
import struct
from pathlib import Path

import pytest

from tests.browsing import check, chromium, show

ROOT = Path(__file__).resolve().parents[1]
COMMAND = runpy.run_path(str(ROOT / "benchmarks" / "pictures.py"))
PICTURES, FOLDER, WINDOW = COMMAND["PICTURES"], COMMAND["FOLDER"], (COMMAND["WIDTH_PX"], COMMAND["HEIGHT_PX"])


def size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG: the two integers at the beginning of its first chunk."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_every_picture_that_is_shown_is_made_by_the_command() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "leaderboard" / "README.md"]
    shown = {
        Path(link).name
        for page in pages
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == set(PICTURES) == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_the_size_of_the_window_that_it_is_taken_of(name: str) -> None:
    assert size(FOLDER / name) == WINDOW


def test_the_picture_of_the_board_shows_the_board_as_it_is_kept(tmp_path: Path) -> None:
    with chromium(tmp_path / "profile") as browser:
        show(browser, COMMAND["board"](tmp_path), width=WINDOW[0])
        check(browser)
        browser.save_screenshot(str(tmp_path / "board.png"))
    assert size(tmp_path / "board.png") == size(FOLDER / "board.png")

"""Laws of the shelf: every run below a folder has one row, whatever state it is in, in the terminal and on the page."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mathif.cli import cli
from mathif.results import read_report
from mathif.run import Plan, Run
from mathif.shelf import page, shelf, terminal
from tests.browsing import check, chromium, show
from tests.probed import graded_run, probed
from tests.tiny import write_task

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two finished runs, one of them probed, one that was not asked, and one whose head is broken."""
    folder = tmp_path_factory.mktemp("shelf")
    first = graded_run(folder / "first")
    probed(first, arms="extend:2")
    graded_run(folder / "deeper" / "second", "mock:contrary", ("constrained",))
    Run.create(Plan(model="mock:both", tasks=(str(write_task(folder / "tiny")),), arms=("plain",)), folder / "unasked")
    (folder / EVIL).mkdir()
    (folder / EVIL / "run.json").write_text("{")
    return folder


def test_every_run_has_a_row_and_what_is_inside_of_a_run_has_none(folder: Path) -> None:
    rows = {row.folder: row for row in shelf(folder)}
    assert list(rows) == sorted(rows)
    assert set(rows) == {"first", "deeper/second", "unasked", EVIL}
    assert (rows["first"].model, rows["first"].tasks, rows["first"].state) == ("mock:both", ("tiny",), "complete")
    assert rows["unasked"].state.startswith("0 replies, not reported yet: mathif report ")
    assert "not JSON" in rows[EVIL].state


def test_a_run_that_was_killed_has_the_replies_that_it_has(tmp_path: Path) -> None:
    run = Run.create(
        Plan(model="mock:both", tasks=(str(write_task(tmp_path / "tiny")),), arms=("plain",)), tmp_path / "x"
    )
    (run.folder / "generations.jsonl").write_bytes(b"{}\n" * 3)
    [row] = shelf(tmp_path)
    assert row.state.startswith("3 replies, not reported yet")


def test_a_row_holds_what_the_report_of_its_run_holds(folder: Path) -> None:
    [row] = [row for row in shelf(folder) if row.folder == "first"]
    figures = next(iter(read_report(folder / "first" / "report.json").profiles.values()))
    assert row.arm == "constrained"
    assert row.hacc == figures.arms["constrained"].overall.hacc
    assert row.dilution == figures.length.net_of_placebo["constrained"]
    assert {arm: scores["acc"] for arm, scores in row.scores.items()} == {
        arm: own.overall.acc for arm, own in figures.arms.items()
    }


def test_a_folder_without_runs_and_a_folder_that_is_not_there_are_told_apart(tmp_path: Path) -> None:
    assert terminal(shelf(tmp_path)) == "No runs here.\n"
    done = CliRunner().invoke(cli, ["runs", str(tmp_path / "none")])
    assert done.exit_code == 2
    assert "no such folder" in done.stderr


def test_the_terminal_has_a_line_for_each_run_and_json_has_every_number(folder: Path) -> None:
    text = CliRunner().invoke(cli, ["runs", str(folder)]).stdout
    assert all(any(row.folder in line and row.model in line for line in text.splitlines()) for row in shelf(folder))
    found = json.loads(CliRunner().invoke(cli, ["runs", str(folder), "--json"]).stdout)
    assert [row["folder"] for row in found] == [row.folder for row in shelf(folder)]
    for row, told in zip(shelf(folder), found, strict=True):
        assert told.get("hacc", {}).get("value") == (row.hacc.value if row.hacc else None)


def test_the_page_is_written_into_the_folder_and_the_same_runs_have_the_same_page(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["view", str(folder)])
    assert done.exit_code == 0
    assert done.stderr == f"page: {(folder / 'index.html').resolve().as_uri()}\n"
    first = (folder / "index.html").read_bytes()
    assert first == page(shelf(folder), f"Runs in {folder.name}").encode()
    assert EVIL.encode() not in first
    assert b'<a href="deeper/second/report.html">' not in first  # only the report was made of it, no page


def test_the_page_of_somebody_else_is_kept_and_ours_is_written_anew(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "runs")
    for content, code in (("<h1>My notes</h1>", 2), (page([], "Runs"), 0)):
        (tmp_path / "runs" / "index.html").write_text(content)
        done = CliRunner().invoke(cli, ["view", str(tmp_path / "runs")])
        assert done.exit_code == code, done.output
        assert ((tmp_path / "runs" / "index.html").read_text() == content) == bool(code)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.mark.parametrize("width", [390, 1440])
def test_runs_are_filtered_sorted_and_compared_in_a_real_browser(folder: Path, browser: Any, width: int) -> None:
    (folder / "index.html").write_text(page(shelf(folder), "Runs"), encoding="utf-8")
    show(browser, folder / "index.html", width=width)
    rows = (
        "return [...document.querySelectorAll('#runs tr')].filter((r) => !r.hidden).map((r) => r.cells[1].textContent)"
    )
    for _ in range(100):
        if not browser.execute_script("return document.getElementById('tools').hidden"):
            break
    assert browser.execute_script(rows) == [row.folder for row in shelf(folder)]
    browser.execute_script(
        "const w = document.getElementById('words'); w.value = 'CONTRARY'; w.dispatchEvent(new Event('input'))"
    )
    assert browser.execute_script(rows) == ["deeper/second"]
    browser.execute_script(
        "const w = document.getElementById('words'); w.value = ''; w.dispatchEvent(new Event('input'))"
    )
    browser.execute_script("document.querySelectorAll('thead button')[4].click()")  # HAcc, the highest first
    known = [row for row in shelf(folder) if row.hacc and row.hacc.value is not None]
    best = max(known, key=lambda row: row.hacc.value if row.hacc and row.hacc.value is not None else -1)
    assert browser.execute_script(rows)[0] == best.folder
    browser.execute_script(
        "document.querySelectorAll('td.pick input').forEach((b) => b.click());"
        "document.getElementById('compare').click()"
    )
    compared = browser.execute_script("return document.getElementById('compared').textContent")
    assert "mathif compare" in compared
    assert all(row.folder in compared for row in known)
    assert browser.execute_script("return document.documentElement.scrollWidth - innerWidth") <= 0
    check(browser)

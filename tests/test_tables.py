"""Laws of the tables: they round as they say, and the whole of report.md is known."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.records import Profile
from mathif.report import summarize
from mathif.results import Report
from mathif.stats import Estimate, unknown
from mathif.tables import Table, both_profiles, markdown, plain, profile_tables, tokens
from mathif.tables.folding import GAP
from mathif.wording.numbers import interval, percent, plain_interval
from tests.worlds import World

GOLDEN = Path(__file__).parent / "golden" / "report.md"
WORLD = World(problems=40, samples=4, difficulty=1.0, length=-0.4, limit=8000)


@pytest.fixture(scope="module")
def report() -> Report:
    return summarize(WORLD.rows(11, ("constrained", "plain"), (0, 1, 2)))


def test_the_report_in_markdown_is_the_golden_one(report: Report) -> None:
    assert markdown(report) == GOLDEN.read_text(encoding="utf-8")


def test_both_profiles_stand_beside_each_other_arm_by_arm(report: Report) -> None:
    table = both_profiles(report.profiles)
    assert table.head == ["arm", "HAcc upstream", "HAcc mathif", "SAcc upstream", "SAcc mathif"]
    for row in table.rows:
        scores = [report.profiles[profile].arms[row[0]].overall for profile in (Profile.UPSTREAM, Profile.MATHIF)]
        assert list(row[1:]) == [*(interval(one.hacc) for one in scores), *(interval(one.sacc) for one in scores)]


@pytest.mark.parametrize("title", ["Scores", "Outcomes", "By kind", "By CoT length", "Length", "Against the plain"])
def test_the_markdown_shows(report: Report, title: str) -> None:
    assert f"### {title}" in markdown(report)


def test_an_incomplete_report_says_so(report: Report) -> None:
    assert "INCOMPLETE: 7" in markdown(replace(report, complete=False, errors=7))


def test_a_report_on_nothing_is_still_text() -> None:
    assert markdown(summarize([])).startswith("# Report")


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0, "0.0"), (1, "100"), (0.12345, "12.3"), (0.9999, "100"), (-0.0001, "0.0")]
)
def test_a_share_is_percent_with_one_decimal(value: float | None, text: str) -> None:
    assert percent(value) == text


def test_an_interval_stands_in_brackets_behind_its_number() -> None:
    assert interval(Estimate(0.5, 0.4, 0.6, 9, 9)) == "50.0 [40.0, 60.0]"
    assert plain_interval(Estimate(-0.5, -1, 0, 9, 9)) == "-0.50 [-1.00, 0.00]"
    assert interval(unknown("none")) == plain_interval(unknown("none")) == "–"


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (256, "256"), (1024, "1k"), (1025, "1025"), (32768, "32k")])
def test_whole_multiples_of_1024_tokens_are_short(count: int, text: str) -> None:
    assert tokens(count) == text


WORDS = st.lists(st.sampled_from(["a", "four", "[1.0, 2.0]", "obeyed", "[256, 512)", "length:sentences"]), max_size=6)
GRIDS = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.lists(WORDS.map(" ".join), min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@given(GRIDS, st.integers(1, 120))
def test_a_table_fits_its_width_and_loses_no_word(grid: list[list[str]], width: int) -> None:
    head = [f"c{place}" for place in range(len(grid[0]))]
    lines = plain(Table("T", head, grid), width).splitlines()
    unbroken = max(len(word) for word in ("length:sentences", *head))
    assert max(map(len, lines)) <= max(width, 2 * unbroken + GAP)
    shown = " ".join(lines).split()
    assert all(shown.count(word) >= sum(cell.split().count(word) for row in grid for cell in row) for word in shown)
    whole = plain(Table("T", head, grid), 1000)
    assert max(map(len, whole.splitlines())) > width or whole.splitlines() == lines


def test_every_table_of_a_report_fits_80_columns_with_its_intervals_whole(report: Report) -> None:
    for figures in report.profiles.values():
        for table in profile_tables(figures):
            text = plain(table, 80)
            assert max(map(len, text.splitlines())) <= 80, text
            assert not re.search(r"\[[^\])]*$", text, re.MULTILINE), text

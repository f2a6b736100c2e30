"""Laws of the tables: they round as they say, and the whole of report.md is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from mathif.records import Profile
from mathif.report import summarize
from mathif.results import Report
from mathif.stats import Estimate, unknown
from mathif.tables import both_profiles, markdown, tokens
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

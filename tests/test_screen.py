"""Laws of the screen: it fits one, at every width and for many arms, and the rest is there for the asking."""

import re
from dataclasses import replace
from functools import cache

import pytest

from mathif.errors import UsageError
from mathif.records import Finish, Graded, Profile
from mathif.report import summarize
from mathif.results import Report
from mathif.screen import ASKED_OF_THINKING, QUESTION, screen
from mathif.tables import profile_tables
from mathif.wording import of_thinking
from tests.part_worlds import PartWorld
from tests.test_wording import MEASURED
from tests.worlds import World

LINES, ARMS = 40, ("constrained", "plain", "after", "before", "restated", "scrambled", "self", "shuffled")


@pytest.fixture(scope="module")
def rows() -> list[Graded]:
    return World(problems=20, samples=4, difficulty=1.0, length=-0.4, limit=8000).rows(11, ARMS, (0, 1, 2))


@pytest.fixture(scope="module")
def report(rows: list[Graded]) -> Report:
    return replace(summarize(rows), measured=replace(MEASURED, arms=ARMS))


@pytest.mark.parametrize("width", [80, 100, 200])
def test_eight_arms_fit_one_screen_at_every_width(report: Report, width: int) -> None:
    lines = screen(report, width).splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= width
    assert QUESTION in lines
    assert all(any(line.startswith(arm) for line in lines) for arm in ARMS)


@cache
def of_parts(world: PartWorld) -> Report:
    """The report on every part of the replies of a world."""
    told = {row.key: row for row in (*replace(world, asked=False).rows(1, problems=40), *world.rows(1, problems=40))}
    both = [
        replace(row, key=row.key.replace("@thinking", "@both"), arm="both")
        for row in told.values()
        if row.arm == "thinking"
    ]
    return replace(summarize([*told.values(), *both]), measured=MEASURED)


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize(
    "world", [PartWorld(thinking=3.0), PartWorld(thinking=0.05, names=1.0), PartWorld(hidden=True), PartWorld(cut=400)]
)
def test_whether_the_thinking_obeys_is_answered_on_one_screen(world: PartWorld, width: int) -> None:
    made = of_parts(world)
    figures, text = made.profiles[Profile.MATHIF], screen(made, width)
    lines = text.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= width
    answer = " ".join(text.partition(f"{ASKED_OF_THINKING}\n")[2].partition("\n\n")[0].split())
    for sentence in of_thinking(figures.parts, figures.crossed):
        assert sentence in answer
    assert ("not measured" in answer) == world.hidden
    assert ("first violation" in answer) == (not world.hidden)
    assert ("asked alike, " in answer) == (figures.crossed is not None)
    assert not re.search("neither|both obey|the reply (obeys|is not)", answer)  # arm `thinking` asks nothing of it
    assert ("! naming a demand breaks it" in text) == bool(world.names)


def test_what_the_published_code_finds_is_said_where_it_judges_otherwise(report: Report) -> None:
    figures = report.profiles[Profile.MATHIF]
    alike = replace(report, profiles=dict.fromkeys(Profile, figures))
    assert "published code" not in screen(alike, 1000)
    own = figures.arms["constrained"]
    moved = replace(own, overall=replace(own.overall, hacc=replace(own.overall.hacc, value=0.125, low=0.1, high=0.15)))
    other = replace(figures, arms={**figures.arms, "constrained": moved})
    both = replace(report, profiles={Profile.MATHIF: figures, Profile.UPSTREAM: other})
    assert "HAcc by the published code (profile upstream): constrained 12.5 10.0–15.0\n" in screen(both, 1000)


@pytest.mark.parametrize("width", [24, 32, 80])
def test_what_is_obeyed_in_every_wording_fits_the_width_too(width: int) -> None:
    arms = ("constrained", "wording:1", "wording:2")
    text = screen(summarize(World(problems=4).rows(1, arms)), width)
    table = text.partition("Constraints obeyed\n")[2].partition(QUESTION[:10])[0]
    assert "every wording" in " ".join(table.split())
    assert max(map(len, table.splitlines())) <= width


def test_no_word_is_broken(report: Report) -> None:
    whole = set(screen(report, 1000).split())
    assert {word for word in screen(report, 80).split() if word.isalpha()} <= whole | {"–"}


def test_a_wide_terminal_has_decimals(report: Report) -> None:
    assert screen(report, 80) != screen(report, 119)
    hacc = next(iter(report.profiles.values())).arms["constrained"].overall.hacc.value or 0
    assert f"{100 * hacc:.1f}" in screen(report, 120)
    assert f"{100 * hacc:.1f}" not in screen(report, 80)


def test_the_tables_are_there_for_the_asking(report: Report) -> None:
    figures = next(iter(report.profiles.values()))
    everything = screen(report, 100, ["all"])
    for table in profile_tables(figures):
        assert not table.rows or table.title in everything
    some = screen(report, 100, ["by kind, after", "outcomes"])
    assert "By kind, after, profile mathif" in some
    assert "Outcomes (replies), profile upstream" in some
    assert "By kind, before" not in some


def test_a_table_that_is_not_there_is_refused_with_those_that_are(report: Report) -> None:
    with pytest.raises(UsageError, match=r"no table is called 'nonsense'; there are all, Scores, Outcomes"):
        screen(report, 80, ["nonsense"])


def test_what_must_be_known_first_is_warned_of(rows: list[Graded]) -> None:
    cut = [replace(row, finish=Finish.LENGTH) if row.sample == 0 and row.arm == "after" else row for row in rows]
    text = screen(summarize([replace(row, cot_tokens=None) for row in cut]), 80)
    assert "were cut by the token limit" in text
    assert "have no known length" in text
    assert "cannot be told" in text


def test_an_incomplete_report_says_so_and_one_on_nothing_is_still_text(report: Report) -> None:
    assert f"INCOMPLETE: 7 of {report.rows} rows" in screen(replace(report, complete=False, errors=7))
    assert screen(summarize([])) == "No reply was graded.\n"

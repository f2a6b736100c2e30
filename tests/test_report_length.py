"""Laws of the length effect, in worlds whose truth is known: difficulty only, length only, both, neither."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from mathif.records import Finish, Graded, Profile, State
from mathif.report import summarize
from mathif.report.slopes import UNTOLD
from tests.plain import stored
from tests.worlds import World

SEEDS = range(12)
ARMS = ("constrained", "plain")
SMALL = World(problems=60, samples=4, profiles=(Profile.MATHIF,))
DIFFICULTY = replace(SMALL, difficulty=1.0)
LENGTH = replace(SMALL, length=-0.6, pull=0.0)
BOTH = replace(SMALL, difficulty=1.0, length=-0.6)


@cache
def profile(world: World, seed: int) -> dict[str, Any]:
    found: dict[str, Any] = stored(summarize(world.rows(seed, ARMS)))["profiles"]["mathif"]
    return found


def slopes(world: World, way: str, outcome: str = "hacc", arm: str = "constrained") -> list[dict[str, Any]]:
    return [profile(world, seed)["length"]["arms"][arm][outcome][way] for seed in SEEDS]


def holding(estimates: list[dict[str, Any]], truth: float) -> int:
    """How many of the intervals hold the truth."""
    return sum(found["low"] <= truth <= found["high"] for found in estimates)


@pytest.mark.parametrize(("world", "truth"), [(DIFFICULTY, 0.0), (LENGTH, -0.6), (BOTH, -0.6)])
@pytest.mark.parametrize("way", ["within", "mundlak"])
def test_the_slope_within_problems_finds_the_truth_in_every_world(world: World, truth: float, way: str) -> None:
    assert holding(slopes(world, way), truth) >= 10


@pytest.mark.parametrize(("world", "truth"), [(DIFFICULTY, 0.0), (BOTH, -0.6)])
def test_the_raw_slope_misses_the_truth_where_difficulty_drives_length(world: World, truth: float) -> None:
    found = slopes(world, "raw")
    assert all(row["high"] < 0 for row in found)
    assert holding(found, truth) <= 4


def test_where_difficulty_plays_no_part_the_raw_slope_is_right_too() -> None:
    assert holding(slopes(LENGTH, "raw"), -0.6) >= 10


@pytest.mark.parametrize("world", [DIFFICULTY, LENGTH, BOTH])
def test_the_placebo_and_the_answers_are_flat_within_problems(world: World) -> None:
    assert holding(slopes(world, "within", arm="plain"), 0.0) >= 10
    assert holding(slopes(world, "within", outcome="acc"), 0.0) >= 10


def test_what_remains_beyond_the_placebo_is_the_truth() -> None:
    assert holding([profile(BOTH, seed)["length"]["net_of_placebo"]["constrained"] for seed in SEEDS], -0.6) >= 10


def test_the_findings_say_in_words_which_world_it_is() -> None:
    told = {
        world: [" ".join(profile(world, seed)["findings"]) for seed in SEEDS] for world in (DIFFICULTY, LENGTH, BOTH)
    }
    misled = "raw curve for the share that obeys every constraint misleads"
    goes = "at a fixed problem, obeying every constraint goes with shorter thinking"
    flat = "no evidence that obeying every constraint goes with the length"
    assert sum(flat in text for text in told[DIFFICULTY]) >= 11
    assert sum(misled in text for text in told[DIFFICULTY]) >= 8
    assert sum(goes in text for text in told[LENGTH]) >= 5
    assert sum(misled in text for text in told[LENGTH]) <= 1
    assert sum(goes in text for text in told[BOTH]) >= 3


def test_points_are_what_the_averaged_slope_does_to_the_mean_share() -> None:
    found = profile(BOTH, 0)["length"]["arms"]["constrained"]["hacc"]
    p, odds = found["mean"]["value"], found["mean"]["value"] / (1 - found["mean"]["value"])
    moved = odds * 2.718281828459045 ** found["mundlak"]["value"]
    assert found["points"]["value"] == pytest.approx(moved / (1 + moved) - p)
    assert found["points"]["low"] < found["points"]["value"] < found["points"]["high"]


def test_one_sample_a_problem_gives_no_dilution_and_says_what_to_do() -> None:
    report = stored(summarize(World(problems=60, samples=1, difficulty=1.0).rows(1)))["profiles"]["mathif"]
    assert report["length"]["arms"]["constrained"]["hacc"]["within"]["value"] is None
    assert any("sample each problem more than once" in sentence for sentence in report["findings"])
    assert not any("dilution" in sentence for sentence in report["findings"])


@pytest.mark.parametrize("cut", [{"state": State.OPEN}, {"finish": Finish.LENGTH}, {"cot_tokens": None}])
def test_no_slope_is_drawn_through_truncated_replies_or_unknown_lengths(cut: dict[str, Any]) -> None:
    rows = LENGTH.rows(1)
    marked = [replace(row, **cut) if row.sample == 0 else row for row in rows]
    rest = [row for row in rows if row.sample > 0]
    assert length(marked)["hacc"] | {"cut": 0, "cut_gap": 0} == length(rest)["hacc"] | {"cut": 0, "cut_gap": 0}
    assert length(marked)["first_violation"] == length(rest)["first_violation"]


def length(rows: list[Graded]) -> dict[str, Any]:
    found: dict[str, Any] = stored(summarize(rows))["profiles"]["mathif"]["length"]["arms"]["constrained"]
    return found


def test_a_violation_starts_in_one_place_only() -> None:
    rows = LENGTH.rows(1)
    places = length(rows)["first_violation"]
    broken = sum(not row.constraints[Profile.MATHIF][0].passed for row in rows)
    assert sum(place["share"]["value"] for place in places) == pytest.approx(broken / len(rows))


def test_an_engine_that_does_not_count_is_why_there_is_no_slope() -> None:
    rows = [replace(row, cot_tokens=None) for row in World(problems=30, samples=4).rows(3, ARMS)]
    figures = summarize(rows).profiles[Profile.MATHIF]
    for arm in ARMS:
        for slopes in (figures.length.arms[arm].hacc, figures.length.arms[arm].acc):
            assert slopes.within.reason == slopes.raw.reason == UNTOLD
    assert any(UNTOLD in sentence for sentence in figures.findings)
    assert not any("sample each problem more than once" in sentence for sentence in figures.findings)

"""Laws of versions and contrasts: what was assigned is told from what a model chose, and one number answers each."""

from dataclasses import replace
from random import Random

import pytest

from mathif.records import Graded, Outcome, Profile, Verdict
from mathif.report import summarize
from mathif.results import ProfileReport
from tests.worlds import World, posed

PASSED, BROKEN = Verdict(Outcome.PASS), Verdict(Outcome.FAIL, "broken")


def found(rows: list[Graded]) -> ProfileReport:
    return summarize(rows).profiles[Profile.MATHIF]


def test_length_that_steps_brought_is_told_from_length_that_came_with_disobedience() -> None:
    diluted = found(posed(3, length=-0.5)).effects["constrained"].versions
    reverse = found(posed(3, lingers=1.0)).effects["constrained"].versions
    assert diluted is not None
    assert reverse is not None
    assert diluted.instrumental.sign() == diluted.hacc.steps.sign() == -1
    assert reverse.instrumental.sign() == reverse.hacc.steps.sign() == 0
    assert reverse.observed.sign() == -1
    assert diluted.length.steps.low is not None
    assert diluted.length.steps.low < 0.7 < (diluted.length.steps.high or 0)


def test_steps_and_telling_have_a_slope_each_and_one_together() -> None:
    rows = posed(4, surfaces=("familiar", "unfamiliar"), strange=-0.5)
    versions = found(rows).effects["constrained"].versions
    assert versions is not None
    assert len(versions.levels) == 6
    assert versions.hacc.interaction.sign() == versions.hacc.surface.sign() == -1
    assert versions.acc.interaction.sign() == 0


def test_what_is_posed_in_one_way_only_has_no_effect_of_it() -> None:
    versions = found(posed(5)).effects["constrained"].versions
    assert versions is not None
    assert versions.hacc.surface.value is versions.hacc.interaction.value is None
    assert found(World(problems=20).rows(1)).effects["constrained"].versions is None


def test_causes_are_named_of_what_was_assigned_and_never_of_what_is_observed_beside_it() -> None:
    said = [line for line in found(posed(3, lingers=1.0)).findings if "more steps brought" in line]
    assert len(said) == 1
    assert "is not shown to change the share that obeys" in said[0]
    assert "which chose their length themselves" in said[0]


@pytest.mark.parametrize(("other", "way"), [("scrambled", 1), ("shuffled", 0)])
def test_instructions_are_set_against_those_that_mean_nothing_pair_by_pair(other: str, way: int) -> None:
    meant = World(problems=60, samples=2).rows(1, ("constrained", "plain"))
    source = "plain" if way else "constrained"
    rows = meant + [
        replace(row, key=row.key.replace(f"@{source}", f"@{other}"), arm=other) for row in meant if row.arm == source
    ]
    report = found(rows)
    against = report.effects["constrained"].against
    assert against is not None
    assert against[other].hacc.sign() == way
    assert against[other].hacc.n == 120
    assert report.claims["constrained"].against == {other: way}


def test_a_set_learned_by_heart_is_told_from_a_fresh_build_by_one_number() -> None:
    def built(task: str, right: float, seed: int) -> list[Graded]:
        rng = Random(seed)
        return [
            replace(row, key=row.key.replace("world/", f"{task}/"), answer=PASSED if rng.random() < right else BROKEN)
            for row in World(problems=80, samples=2).rows(seed, ("plain",))
        ]

    fresh = found(built("core", 0.9, 1) + built("core-7", 0.5, 2)).fresh
    assert list(fresh) == ["core"]
    assert fresh["core"].n == 160
    assert fresh["core"].value == pytest.approx(-0.4, abs=0.1)
    assert fresh["core"].sign() == -1
    assert found(built("core", 0.9, 1)).fresh == {}

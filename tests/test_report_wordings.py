"""Laws of wordings: a run can ask every one of them, and what is obeyed in all is never more than what is in one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mathif
from mathif.arms import KINDS, asked_as, words_anew
from mathif.arms.kinds import parse_arm
from mathif.compare import compare
from mathif.errors import UsageError
from mathif.plan import IN_OTHER_WORDINGS, OTHER_WORDINGS, SWITCHING, Plan
from mathif.records import Graded, Outcome, Profile, Verdict
from mathif.report import marked, summarize
from mathif.report.wordings import reliable
from mathif.results import Reliable
from mathif.wording import of_wordings
from tests.tiny import write_task
from tests.worlds import World

ARMS = ("constrained", "wording:1", "wording:2")


def told(rows: list[Graded]) -> Reliable:
    return reliable(marked.by_arm(marked.read(rows)), Profile.MATHIF)["constrained"]


def outcomes(rows: list[Graded]) -> dict[tuple[str, str], list[bool]]:
    """Return for each item and sample, and for each of its constraints, whether each wording is obeyed."""
    found: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        item, _, sample = row.key.partition("@")[0], *row.key.partition("#")[1:]
        for place, verdict in enumerate(row.constraints[Profile.MATHIF]):
            passed = verdict.outcome is Outcome.PASS and not row.cut
            found.setdefault((f"{item}#{sample}", f"{row.kinds[place]} {place}"), []).append(passed)
    return found


@given(st.integers(0, 10**6), st.floats(-2, 2), st.sampled_from([400, 1 << 20]))
def test_reliable_is_the_share_of_the_constraints_that_every_wording_has_obeyed(
    seed: int, base: float, limit: int
) -> None:
    rows = World(problems=6, samples=2, base=base, limit=limit).rows(seed, ARMS, rungs=(1, 3))
    found, known = told(rows), outcomes(rows)
    assert found.wordings == 3
    assert found.every.n == len(known)
    assert found.every.value == pytest.approx(sum(map(all, known.values())) / len(known))
    assert found.each.value == pytest.approx(sum(sum(marks) / 3 for marks in known.values()) / len(known))
    assert sum(own.every.n for own in found.by_kind.values()) == len(known)
    for every, each in [(found.every, found.each), *((own.every, own.each) for own in found.by_kind.values())]:
        assert (every.value or 0) <= (each.value or 0) + 1e-12
    assert (found.hacc.value or 0) <= (found.every.value or 0) + 1e-12 or found.hacc.n != found.every.n


def test_a_model_that_minds_the_wording_is_told_from_one_that_slips_by_chance() -> None:
    """Both obey 60 % in each wording; asked alike, the first is as steady as it is right."""
    chance = World(problems=150, samples=3, base=0.4, spread=0.0)
    rows = chance.rows(1, ARMS)
    picky = [_by_wording(row) for row in rows]
    by_chance, by_wording = told(rows), told(picky)
    assert by_chance.again is not None
    assert by_wording.again is not None
    assert by_chance.every.value == pytest.approx(by_chance.again.value, abs=0.08)
    assert (by_wording.again.value or 0) > (by_wording.every.value or 0) + 0.2


def _by_wording(row: Graded) -> Graded:
    """Return a row that obeys by its item and wording alone, all its samples alike."""
    obeys = Random(row.key.partition("#")[0]).random() < 0.6
    verdict = Verdict(Outcome.PASS if obeys else Outcome.FAIL)
    return replace(row, constraints=dict.fromkeys(row.constraints, (verdict,)))


def test_a_run_without_every_wording_says_nothing_of_them() -> None:
    found = summarize(World(problems=4).rows(1)).profiles[Profile.MATHIF]
    assert found.reliable == {}
    assert of_wordings(found.reliable) == []


def test_the_arms_of_all_wordings_show_each_constraint_in_three_that_differ() -> None:
    assert {arm: one for arm, others in IN_OTHER_WORDINGS.items() for one in others for arm in [words_anew(one)]}
    for task in (mathif.tasks.load("core"),):
        for item in task.items[:200]:
            for arm, others in IN_OTHER_WORDINGS.items():
                asked = [found for one in (arm, *others) if (found := asked_as(item, one))]
                assert len({found.constraints for found in asked}) <= 1
                for sentences in zip(*(found.sentences for found in asked), strict=True):
                    assert len(set(sentences)) == 3


def test_every_arm_of_another_wording_that_the_plan_adds_is_an_arm() -> None:
    added = {arm for others in IN_OTHER_WORDINGS.values() for arm in others}
    known = {f"{kind.name}:{value}" for kind in KINDS if kind.rewords for value in OTHER_WORDINGS}
    assert added == known
    assert {words_anew(str(arm)) for arm in added} == set(IN_OTHER_WORDINGS)
    switching = {kind.name for kind in KINDS if kind.switches}
    assert {f"{name}:" for name in switching} == set(SWITCHING)
    assert all(parse_arm(arm).kind.rewords for arm in added)


def test_all_wordings_add_their_arms_once_and_are_kept_by_a_plan_that_is_read_again() -> None:
    plan = Plan.of(arms="plain,constrained,wording:2", wordings="all")
    assert plan.arms == ("plain", "constrained", "wording:2", "wording:1")
    assert Plan.from_json(plan.to_json()) == plan


def test_all_wordings_are_refused_where_no_arm_has_others() -> None:
    with pytest.raises(UsageError, match="found --arms plain,before, expected constrained or thinking or both"):
        Plan.of(arms="plain,before", wordings="all")
    with pytest.raises(UsageError, match="--wordings all: arm effort:low is asked in each constraint's own wording"):
        Plan.of(arms="constrained,effort:low", wordings="all")
    with pytest.raises(UsageError, match="--wordings: found 'some'"):
        Plan.of(wordings="some")


@pytest.mark.filterwarnings("ignore")
def test_two_runs_of_all_wordings_are_compared_by_what_each_obeys_in_all(tmp_path: Path) -> None:
    task = str(write_task(tmp_path / "task"))
    runs = [tmp_path / name for name in ("witness", "null")]
    for run in runs:
        mathif.evaluate(model=f"mock:{run.name}", task=task, arms="constrained", wordings="all", out=run)
    found = compare(runs).against[0].profiles[Profile.MATHIF]
    change = found.arms["constrained"].reliable
    assert change is not None
    assert (change.first, change.lost) == (1.0, change.n - round(change.n * (change.second or 0)))
    assert found.arms["wording:1"].reliable is None
    report = mathif.open_run(runs[0]).report
    assert "in all 3 wordings 100" in " ".join(report.profiles[Profile.MATHIF].findings)

"""Laws of effects: paired by item and sample, right where the truth is known, silent where the data are."""

from dataclasses import replace
from typing import Any

import pytest

from mathif.records import Finish, Graded, Outcome, Profile, Span, State, Verdict
from mathif.report import summarize
from tests.plain import stored
from tests.worlds import KINDS, World

PASSED, FAILED = Verdict(Outcome.PASS), Verdict(Outcome.FAIL, "set by a test")


def effects(rows: list[Graded], arm: str = "constrained") -> dict[str, Any]:
    found: dict[str, Any] = stored(summarize(rows))["profiles"]["mathif"]["effects"][arm]
    return found


def judged(row: Graded, constraints: list[bool], right: bool = True) -> Graded:
    """The row with these outcomes, whole and closed."""
    verdicts = tuple(PASSED if obeyed else FAILED for obeyed in constraints)
    outcomes = tuple(verdict.outcome for verdict in verdicts)
    return replace(
        row,
        state=State.CLOSED,
        finish=Finish.STOP,
        answer=PASSED if right else FAILED,
        constraints=dict.fromkeys(Profile, verdicts),
        loose=dict.fromkeys(Profile, outcomes),
    )


def pairs(count: int = 40, rung: int = 1) -> tuple[list[Graded], list[Graded]]:
    """Constrained and plain rows of the same items."""
    rows = World(problems=count, samples=1).rows(3, ("constrained", "plain"), (rung,))
    return [row for row in rows if row.arm == "constrained"], [row for row in rows if row.arm == "plain"]


def number(row: Graded) -> int:
    return int(row.problem[1:])


def test_lift_is_adherence_with_the_instruction_minus_without() -> None:
    shown, plain = pairs()
    rows = [judged(row, [number(row) % 4 > 0]) for row in shown] + [judged(row, [number(row) % 4 > 2]) for row in plain]
    found = effects(rows)
    assert found["lift"]["hacc"]["value"] == pytest.approx(0.5)
    assert found["chance_corrected"]["hacc"]["value"] == pytest.approx((0.75 - 0.25) / 0.75)
    assert found["lift"]["hacc"]["n"] == 40
    kinds = found["lift_by_kind"]
    assert sum(row["value"] * row["n"] for row in kinds.values()) == pytest.approx(0.5 * 40)
    assert kinds[KINDS[0]]["value"] == 0


def test_cost_of_obedience_is_accuracy_without_minus_accuracy_with_the_instruction() -> None:
    shown, plain = pairs()
    rows = [judged(row, [True], right=number(row) % 2 == 0) for row in shown] + [judged(row, [True]) for row in plain]
    assert effects(rows)["cost_of_obedience"]["value"] == pytest.approx(0.5)


def test_only_items_with_both_replies_are_paired() -> None:
    shown, plain = pairs()
    broken = [replace(row, finish=Finish.ERROR) if number(row) < 4 else row for row in plain[:30]]
    assert effects([*shown, *broken])["lift"]["hacc"]["n"] == 26


def test_a_thinking_that_only_one_reply_of_a_pair_shows_is_no_pair() -> None:
    shown, plain = pairs()
    hidden = Verdict(Outcome.UNMEASURED, "no thinking")
    silent = [replace(row, constraints=dict.fromkeys(Profile, (hidden,))) for row in plain[:10]]
    found = effects([judged(row, [True]) for row in shown] + [judged(row, [False]) for row in plain[10:]] + silent)
    assert found["lift"]["hacc"]["n"] == sum(row["n"] for row in found["lift_by_kind"].values()) == 30
    assert found["lift"]["hacc"]["value"] == 1


def broken_at(row: Graded, place: int, kind: str = "punctuation:no_comma") -> Graded:
    """The row with one constraint, broken from a character on, or at no known place for -1."""
    spans = (Span(place, place + 1),) if place >= 0 else ()
    broken = dict.fromkeys(Profile, (replace(FAILED, evidence=spans),))
    return replace(judged(row, [False]), kinds=(kind,), constraints=broken)


def test_fading_is_how_many_times_as_far_in_a_constraint_is_broken_as_in_the_plain_reply() -> None:
    shown, plain = pairs()
    early = [broken_at(row, 9) for row in plain]
    late = effects([*(broken_at(row, (19, 79)[number(row) % 2]) for row in shown), *early])["fading"]
    assert (late["value"], late["n"]) == (pytest.approx(4), 40)
    assert 2 < late["low"] < 4 < late["high"] < 8
    same = effects([*(broken_at(row, (4, 19)[number(row) % 2]) for row in shown), *early])["fading"]
    assert same["value"] == pytest.approx(1)
    assert same["low"] < 1 < same["high"]


def test_a_place_that_is_fixed_or_moves_with_the_length_of_a_reply_is_no_place_to_forget_at() -> None:
    shown, plain = pairs()
    for kind in ("answer:decimal", "startend:end_checker", "layout:table"):
        rows = [*(broken_at(row, 900, kind) for row in shown), *(broken_at(row, 90, kind) for row in plain)]
        assert "are needed" in effects(rows)["fading"]["reason"]


def test_a_violation_beyond_the_end_of_the_other_reply_says_nothing_of_where_obedience_ends() -> None:
    shown, plain = pairs()
    short = [replace(broken_at(row, 9), final_chars=100) for row in plain]
    assert "are needed" in effects([*(broken_at(row, 400) for row in shown), *short])["fading"]["reason"]


def test_the_survival_curve_counts_who_is_still_unbroken_and_how_many_go_as_far() -> None:
    shown, plain = pairs()
    rows = [*(broken_at(row, 60 if number(row) % 2 else 300) for row in shown), *(broken_at(row, 9) for row in plain)]
    along = effects(rows)["position"]
    told = {point["at"]: (point["share"]["value"], point["at_risk"]) for point in along["told"]}
    assert told[50] == (1, 40)
    assert told[100] == (pytest.approx(0.5), 20)
    assert told[400] == (0, 0)
    assert {point["at"]: point["share"]["value"] for point in along["untold"]}[25] == 0


def test_fading_counts_only_replies_to_one_constraint_that_both_break_at_a_known_place() -> None:
    shown, plain = pairs()
    mixed = [
        replace(judged(row, [True]), kinds=("punctuation:no_comma",))
        if number(row) < 10
        else broken_at(row, -1 if number(row) < 15 else number(row))
        for row in shown
    ]
    cut = [replace(row, finish=Finish.LENGTH) if number(row) >= 35 else row for row in mixed]
    assert effects([*cut, *(broken_at(row, 9) for row in plain)])["fading"]["n"] == 20
    several = [broken_at(row, 5) for row in plain]
    assert "are needed" in effects([*(broken_at(row, 5) for row in shown[:4]), *several])["fading"]["reason"]
    twice = effects([row for rows in pairs(rung=2) for row in rows])["fading"]
    assert (twice["value"], twice["n"]) == (None, 0)


def test_without_plain_replies_there_is_no_lift() -> None:
    assert "lift" not in effects(pairs()[0])
    assert "cost_of_obedience" not in effects(pairs()[0])


def test_the_arm_whose_constraints_are_its_own_has_a_cost_and_no_lift() -> None:
    shown, plain = pairs()
    own = [replace(row, arm="self", key=row.key.replace("constrained", "self")) for row in shown]
    assert "lift" not in effects([*own, *plain], "self")
    assert effects([*own, *plain], "self")["cost_of_obedience"]["n"] == 40


def test_a_model_that_always_obeys_is_at_one_after_chance_correction() -> None:
    shown, plain = pairs()
    rows = [judged(row, [True]) for row in shown] + [judged(row, [number(row) % 2 == 0]) for row in plain]
    found = effects(rows)["chance_corrected"]["hacc"]
    assert (found["value"], found["high"]) == (1, 1)
    assert found["low"] < 0.9


def test_where_plain_replies_obey_everything_nothing_is_left_to_correct() -> None:
    shown, plain = pairs()
    found = effects([judged(row, [True]) for row in [*shown, *plain]])
    assert found["chance_corrected"]["hacc"]["value"] is None
    assert "nothing is left" in found["chance_corrected"]["hacc"]["reason"]


def test_right_and_obedient_that_are_unrelated_have_no_excess() -> None:
    rows = [judged(row, [number(row) % 2 == 0], right=number(row) % 4 < 2) for row in pairs()[0]]
    found = effects(rows)["association"]
    assert found["odds_ratio"]["value"] == pytest.approx(1)
    assert found["excess"]["value"] == pytest.approx(0)
    assert found["joint"]["value"] == found["expected"]["value"] == pytest.approx(0.25)


def test_right_and_obedient_that_go_together_always_have_no_odds_ratio() -> None:
    found = effects([judged(row, [number(row) % 2 == 0], right=number(row) % 2 == 0) for row in pairs()[0]])
    assert found["association"]["odds_ratio"]["value"] is None
    assert "separated" in found["association"]["odds_ratio"]["reason"]
    assert found["association"]["excess"]["value"] == pytest.approx(0.25)


def test_where_nothing_varies_an_interval_is_unknown_rather_than_a_point() -> None:
    found = effects([judged(row, [False], right=False) for row in pairs()[0]])["association"]
    for name in ("excess", "expected"):
        assert (found[name]["value"], found[name]["low"]) == (0, None)
        assert "no variation" in found[name]["reason"]


def test_composition_is_one_where_constraints_do_not_interfere_and_below_where_they_do() -> None:
    free = World(problems=400, samples=2).rows(5, rungs=(1, 2, 3))
    found = effects(free)["composition"]
    assert found["low"] < 1 < found["high"]
    assert found["n"] == 1600
    fought = [row if len(row.kinds) == 1 or number(row) % 2 else judged(row, [False] * len(row.kinds)) for row in free]
    assert effects(fought)["composition"]["high"] < 0.8


def test_composition_leaves_out_items_whose_kinds_never_stand_alone() -> None:
    rows = World(problems=40, samples=1).rows(5, rungs=(1, 2))
    alone = [row for row in rows if len(row.kinds) > 1 or row.kinds[0] != KINDS[0]]
    found = effects(alone)["composition"]
    assert (found["n"], found["left_out"]) == (20, 20)
    none = effects([row for row in rows if len(row.kinds) > 1])["composition"]
    assert none["value"] is None
    assert none["reason"]


def test_loose_never_loses_to_strict_when_it_only_relaxes() -> None:
    rows = pairs()[0]
    relaxed = [replace(row, loose=dict.fromkeys(Profile, (Outcome.PASS,))) for row in rows]
    gain = effects(relaxed)["loose_gain"]["hacc"]
    hacc = stored(summarize(rows))["profiles"]["mathif"]["arms"]["constrained"]["overall"]["hacc"]["value"]
    assert gain["value"] == pytest.approx(1 - hacc)

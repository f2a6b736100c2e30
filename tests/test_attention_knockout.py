"""Laws of the knock-out: redrawn answers are graded after their thinking, and known flips are found."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from mathif.attention import room
from mathif.attention.hidden import CONDITIONS, joined, knockout, regraded
from mathif.attention.spans import Reading
from mathif.attention.summary import summarize
from mathif.attention.tables import terminal
from mathif.constraints import parse
from mathif.items import Item, Message, Prompt
from mathif.records import Finish, Generation, Key, Problem, Profile, Sampling, State
from tests.plain import stored
from tests.test_attention import rows as measured

OBEYS, BREAKS = "Two and three make \\boxed{5}.", "Two, three: \\boxed{5}."
THINKING = "<think>\nTwo, three.\n</think>\n\n"


def prompt(number: int) -> Prompt:
    item = Item(f"i{number}", Problem(f"p{number}", "2 + 3?", "5", "tiny"), (parse("punctuation:no_comma", {}),), ("",))
    return Prompt(Key("t", item.key, "constrained", 0), item, (Message("user", "2 + 3?"),), 0)


def row(asked: Prompt, texts: tuple[str, str, str], finishes: tuple[str, str, str], cot_tokens: int) -> Any:
    drawn = {
        name: {"text": text, "finish": finish, "tokens": 9}
        for name, text, finish in zip(CONDITIONS, texts, finishes, strict=True)
    }
    return {"key": str(asked.key), "kept": len(THINKING), "cot_tokens": cot_tokens, "redrawn": drawn}


def graded(
    number: int,
    obeyed: tuple[bool, bool, bool],
    cut: tuple[bool, bool, bool] = (False, False, False),
    cot_tokens: int = 100,
) -> Any:
    asked = prompt(number)
    texts = tuple(OBEYS if one else BREAKS for one in obeyed)
    finishes = tuple("length" if one else "stop" for one in cut)
    recorded = Generation(str(asked.key), THINKING + "Recorded.", Finish.STOP, completion_tokens=40, reasoning_tokens=7)
    return regraded(row(asked, texts, finishes, cot_tokens), asked, recorded)  # type: ignore[arg-type]


def test_a_redrawn_answer_is_graded_after_the_recorded_thinking() -> None:
    asked = prompt(0)
    recorded = Generation(str(asked.key), THINKING + "Recorded.", Finish.STOP, completion_tokens=40, reasoning_tokens=7)
    drawn = row(asked, (OBEYS, BREAKS, OBEYS), ("stop",) * 3, 123)
    assert joined(drawn, recorded, "constraints").text == THINKING + BREAKS
    found = graded(0, (True, False, True), cut=(False, False, True), cot_tokens=123)
    for name, passed in zip(CONDITIONS, (True, False, True), strict=True):
        assert found[name].state is State.CLOSED
        assert found[name].cot_tokens == 123
        assert found[name].answer.passed
        assert found[name].constraints[Profile.MATHIF][0].passed is passed
    assert [found[name].finish for name in CONDITIONS] == [Finish.STOP, Finish.STOP, Finish.LENGTH]


def test_thinking_that_the_server_split_off_and_replies_without_thinking_are_joined_too() -> None:
    asked = prompt(0)
    mine = row(asked, (OBEYS, BREAKS, OBEYS), ("stop",) * 3, 55) | {"kept": 0}
    apart = regraded(mine, asked, Generation(str(asked.key), BREAKS, Finish.STOP, reasoning="Two, three."))
    bare = regraded(mine, asked, Generation(str(asked.key), BREAKS, Finish.STOP))
    for found, state, length in ((apart, State.CLOSED, 55), (bare, State.ABSENT, None)):
        assert [found[name].constraints[Profile.MATHIF][0].passed for name in CONDITIONS] == [True, False, True]
        assert {(found[name].state, found[name].cot_tokens) for name in CONDITIONS} == {(state, length)}


WORLD = [
    *(graded(number, (True, False, True), cot_tokens=100) for number in range(12)),
    *(graded(number, (True, True, True), cot_tokens=300) for number in range(12, 24)),
    *(graded(number, (False, True, False)) for number in range(24, 26)),
    graded(26, (True, True, False)),
    *(graded(number, (True, True, True), cut=(False, True, False)) for number in range(27, 30)),
]
"""30 problems: hiding the constraints loses 12 and, by a cut answer, 3 more, and wins 2; the random span loses 1."""


def test_known_flips_are_found_in_both_profiles() -> None:
    found = stored(knockout(WORLD))
    assert found["n"] == 30
    assert set(found["profiles"]) == {profile.value for profile in Profile}
    for figures in found["profiles"].values():
        hidden, random, against = (
            figures["changes"][name]["hacc"] for name in ("constraints", "random", "constraints_against_random")
        )
        assert (hidden["lost"], hidden["won"]) == (15, 2)
        assert hidden["value"] == pytest.approx(-13 / 30)
        assert hidden["low"] < -13 / 30 < hidden["high"] < 0
        assert (random["lost"], random["won"]) == (1, 0)
        assert random["low"] < -1 / 30 < 0 < random["high"]
        assert against["value"] == pytest.approx(hidden["value"] - random["value"])
        assert hidden["p"] < 0.01 < random["p"]
        assert {name: row["hacc"]["value"] for name, row in figures["conditions"].items()} == {
            "seen": pytest.approx(28 / 30),
            "constraints": pytest.approx(15 / 30),
            "random": pytest.approx(27 / 30),
        }
        assert figures["changes"]["constraints"]["acc"]["lost"] == 3  # a cut answer is not right either


def test_cut_answers_are_counted_and_their_pairs_are_left_out_beside() -> None:
    figures = stored(knockout(WORLD))["profiles"]["mathif"]
    assert {name: row["truncated"] for name, row in figures["conditions"].items()} == {
        "seen": 0,
        "constraints": 3,
        "random": 0,
    }
    beside = figures["without_truncated"]
    assert (beside["constraints"]["hacc"]["n"], beside["constraints"]["hacc"]["lost"]) == (27, 12)
    assert beside["random"]["hacc"]["n"] == 30


def test_what_is_lost_is_shown_by_the_length_of_the_thinking() -> None:
    short, longer = stored(knockout(WORLD))["profiles"]["mathif"]["by_length"]
    assert (short["low"], short["high"], short["n"]) == (0, 256, 18)
    assert (longer["low"], longer["high"], longer["n"]) == (256, 512, 12)
    assert short["changes"]["constraints"]["hacc"]["value"] == pytest.approx(-13 / 18)
    assert longer["changes"]["constraints"]["hacc"]["value"] == 0


def test_the_order_of_the_replies_changes_nothing() -> None:
    assert knockout(WORLD[::-1]) == knockout(WORLD)


def told(world: list[Any]) -> str:
    summary = summarize(measured(0, 0))
    redrawn = replace(summary.arms["constrained"], redrawn=knockout(world))
    return terminal(replace(summary, arms={"constrained": redrawn}))


def test_the_finding_says_what_hiding_does_and_fits_the_terminal() -> None:
    text = told(WORLD)
    assert max(map(len, text.splitlines())) <= 100
    flat = " ".join(text.split())
    assert "hiding the constraints from an answer drawn anew lowers HAcc: -43.3 points" in flat
    assert "15 of 30 answers lose it, 2 win it" in flat
    assert "hiding as many tokens elsewhere is not shown to change HAcc: -3.3 points" in flat
    assert "cut 0 answers with nothing hidden, 3 with the constraints hidden and 0 with the random span" in flat
    assert "with nothing hidden" not in " ".join(told([graded(n, (True, False, True)) for n in range(12)]).split())


def test_where_nothing_is_obeyed_the_finding_says_so_and_tells_of_sacc() -> None:
    flat = " ".join(told([graded(number, (False, False, False)) for number in range(12)]).split())
    assert "HAcc has nothing to lose" in flat
    assert "hiding the constraints from an answer drawn anew is not shown to change SAcc: +0.0 points" in flat
    assert "answers lose it" not in flat


def run(limit: int | None, **described: Any) -> Any:
    return SimpleNamespace(plan=SimpleNamespace(sampling=Sampling(max_tokens=limit)), head={"engine": described})


def test_a_redrawn_answer_may_have_what_the_runs_limit_leaves_after_the_thinking() -> None:
    found = Reading([0] * 700, 600, 200, {}, 0)  # 200 tokens of prompt, then 400 of thinking
    assert room(run(1000, max_tokens=5), 4096, found) == 600
    assert room(run(None, max_tokens=500), 4096, found) == 100
    assert room(run(None, max_tokens="the rest of the context"), 4096, found) == 3496
    assert room(run(None, max_tokens="the rest of the context", max_model_len=1024), 4096, found) == 424
    assert room(run(10_000), 700, found) == 100
    assert room(run(400), 4096, found) == 1

"""Laws of grading: what is judged, and what a reply can never earn."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mathif
from mathif.constraints import parse
from mathif.constraints.witness import null_reply
from mathif.errors import DataError
from mathif.grading import graded
from mathif.items import Item
from mathif.reasoning import split
from mathif.records import WITHHELD, Finish, Generation, Graded, Key, Outcome, Problem, Profile, State

TOTAL = parse("keywords:existence", {"keywords": ["total"]})
THINKING_TOTAL = parse("keywords:existence", {"keywords": ["total"], "target": "thinking"})
ITEM = Item("five", Problem("five", "What is 2 + 3?", "5", "test"), (TOTAL,), ("Use the word total.",))
KEY = Key("test", "five", "constrained", 0)
RIGHT = "The total is $\\boxed{5}$."


def test_the_public_graders_are_reached_from_the_package() -> None:
    assert mathif.grade_answer(RIGHT, "5").passed
    assert mathif.check_constraint("keywords:existence", {"keywords": ["total"]}, RIGHT).passed
    assert mathif.check_constraint("keywords:existence", {"keywords": ["total"]}, RIGHT, profile="upstream").passed
    grades = mathif.grade(ITEM, RIGHT)
    assert grades.answer.passed
    assert [verdict.passed for verdict in grades.constraints] == [True]


def test_a_box_inside_the_thinking_never_counts() -> None:
    assert not mathif.grade_answer("<think>\\boxed{5}</think>I cannot say.", "5").passed
    assert mathif.grade_answer("<think>\\boxed{4}</think>It is \\boxed{5}.", "5").passed


def test_thinking_that_is_never_closed_earns_nothing() -> None:
    open_reply = f"<think>{RIGHT}"
    for verdict in (mathif.grade_answer(open_reply, "5"), *mathif.grade(ITEM, open_reply).constraints):
        assert verdict.outcome is Outcome.FAIL
        assert "never closed" in verdict.reason


@given(st.text())
def test_more_thinking_never_changes_a_verdict_on_the_final_text(thinking: str) -> None:
    if "think" in thinking.lower() or "<" in thinking or "[" in thinking or "◁" in thinking:
        return
    assert mathif.grade(ITEM, f"<think>{thinking}</think>{RIGHT}") == mathif.grade(ITEM, RIGHT)


def test_a_constraint_on_the_thinking_judges_the_thinking() -> None:
    item = Item("five", ITEM.problem, (THINKING_TOTAL,), ("In your thinking, use the word total.",))
    assert mathif.grade(item, "<think>the total</think>\\boxed{5}").constraints[0].passed
    assert not mathif.grade(item, f"<think>hm</think>{RIGHT}").constraints[0].passed
    # Without a thinking block the reply itself is the chain of thought.
    assert mathif.grade(item, RIGHT).constraints[0].passed


@pytest.mark.parametrize("finish", sorted(WITHHELD))
def test_a_reply_that_was_withheld_earns_nothing_whatever_its_text_says(finish: Finish) -> None:
    row = graded(ITEM, KEY, split(Generation(str(KEY), RIGHT, finish)))
    judged = [row.answer, *row.constraints[Profile.MATHIF], *row.constraints[Profile.UPSTREAM]]
    assert {verdict.outcome for verdict in judged} == {Outcome.FAIL}
    assert set(row.loose[Profile.MATHIF]) == {Outcome.FAIL}
    assert row.withheld
    assert not row.cut


def test_a_harness_failure_is_ungraded_and_never_a_zero() -> None:
    row = graded(ITEM, KEY, None)
    assert row.finish is Finish.ERROR
    assert row.answer.outcome is Outcome.UNGRADED
    assert all(v.outcome is Outcome.UNGRADED for verdicts in row.constraints.values() for v in verdicts)


def test_a_row_holds_every_verdict_and_survives_json() -> None:
    generation = Generation(
        str(KEY), f"<think>so</think>*{RIGHT}*", Finish.STOP, completion_tokens=12, reasoning_tokens=1
    )
    row = graded(ITEM, KEY, split(generation))
    assert (row.state, row.cot_tokens, row.empty, row.kinds) == (State.CLOSED, 1, False, ("keywords:existence",))
    assert row.floor == dict.fromkeys(Profile, (Outcome.FAIL,))
    assert Graded.from_json(row.to_json()) == row


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("Sure!\nthe end", True),
        ("the end\nHope this helps.", False),
        ("*the end*", False),
        ("Sure!\n*the end*\nBye.", False),
    ],
)
def test_loose_forgives_a_first_line_a_last_line_and_asterisks_and_nothing_else(text: str, strict: bool) -> None:
    item = Item("five", ITEM.problem, (parse("startend:end_checker", {"end_phrase": "the end"}),), ("End so.",))
    row = graded(item, KEY, split(Generation(str(KEY), text, Finish.STOP)))
    assert row.constraints[Profile.UPSTREAM][0].passed == strict
    assert row.loose[Profile.UPSTREAM] == (Outcome.PASS,)


def test_verdicts_are_the_same_from_many_threads() -> None:
    replies = [RIGHT, "<think>x", "", "\\boxed{\\frac{10}{2}}", "\\boxed{\\sqrt{25}}"] * 20
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda reply: mathif.grade(ITEM, reply), replies))
    assert together == [mathif.grade(ITEM, reply) for reply in replies]


def test_the_null_reply_is_right() -> None:
    for gold in ("5", "\\frac{1}{2}", "(1,2)", "x^2+1"):
        assert mathif.grade_answer(null_reply(gold), gold).passed


def test_a_wrong_kind_or_argument_is_refused() -> None:
    with pytest.raises(DataError, match="did you mean 'keywords:existence'"):
        mathif.check_constraint("keywords:existance", {}, "x")
    with pytest.raises(DataError, match="'keywords' is missing"):
        mathif.check_constraint("keywords:existence", {}, "x")

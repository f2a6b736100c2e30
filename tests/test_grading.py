"""Laws of grading: what is judged, and what a reply can never earn."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mathif
from mathif.constraints import KINDS, Target, parse
from mathif.constraints.witness import null_reply
from mathif.errors import DataError
from mathif.grading import NO_FINAL, NO_THINKING, SUMMED_UP, graded
from mathif.items import Item
from mathif.reasoning import split
from mathif.records import WITHHELD, Finish, Generation, Graded, Key, Outcome, Problem, Profile, Span, State, Verdict

TOTAL = parse("keywords:existence", {"keywords": ["total"]})
THINKING_TOTAL = parse("keywords:existence", {"keywords": ["total"], "target": "thinking"})
ITEM = Item("five", Problem("five", "What is 2 + 3?", "5", "test"), (TOTAL,), ("Use the word total.",))
THINKING_ITEM = Item("five", ITEM.problem, (THINKING_TOTAL,), ("In your thinking, use the word total.",))
KEY = Key("test", "five", "constrained", 0)
RIGHT = "The total is $\\boxed{5}$."
SPANS = [Span(21, 22), Span(4, 9)]
"""Of its answer and of its keyword."""


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


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- \\boxed{42} -->",
        "$\\phantom{\\boxed{42}}$",
        "$\\phantom{\\text{\\textbf{It is {\\boxed{42}} \\} so}}}$",
        "$\\color{white}{\\boxed{42}}$",
        "<span style='display:none'>\\boxed{42}</span>",
        "<font color=white>\\boxed{42}</font>",
    ],
)
def test_a_box_that_no_reader_sees_gives_no_answer(hidden: str) -> None:
    assert not mathif.grade_answer(f"It is even. {hidden}", "42").passed
    assert not mathif.grade_answer(f"It is $\\boxed{{43}}$. {hidden}", "42").passed
    verdict = mathif.grade_answer(f"{hidden} It is $\\boxed{{43}}$.", "43")
    assert verdict.passed
    assert [f"{hidden} It is $\\boxed{{43}}$."[slice(*span)] for span in verdict.evidence] == ["43"]


def test_thinking_that_is_never_closed_earns_nothing() -> None:
    open_reply = f"<think>{RIGHT}"
    for verdict in (mathif.grade_answer(open_reply, "5"), *mathif.grade(ITEM, open_reply).constraints):
        assert verdict.outcome is Outcome.FAIL
        assert "never closed" in verdict.reason


@given(st.text(st.characters(exclude_characters="<[◁&")))
def test_more_thinking_never_changes_a_verdict_on_the_final_text(thinking: str) -> None:
    before = f"<think>{thinking}</think>"
    shifted = [span._replace(start=span.start + len(before), end=span.end + len(before)) for span in SPANS]
    grades = mathif.grade(ITEM, before + RIGHT)
    assert (grades.answer.outcome, grades.constraints[0].outcome) == (Outcome.PASS, Outcome.PASS)
    assert [*grades.answer.evidence, *grades.constraints[0].evidence] == shifted


def test_evidence_stands_in_the_text_that_was_passed_in() -> None:
    reply = "<think>no total yet</think>First: the sum.\n<think>now</think>\n\nThe total is $\\boxed{5}$.<|im_end|>"
    for verdict, said in (
        (mathif.grade_answer(reply, "5"), "5"),
        (mathif.check_constraint("keywords:existence", {"keywords": ["total"]}, reply), "total"),
        (mathif.check_constraint("keywords:existence", {"keywords": ["now"], "target": "thinking"}, reply), "now"),
    ):
        assert verdict.passed
        assert [reply[span.start : span.end] for span in verdict.evidence] == [said]


def test_evidence_on_thinking_that_the_server_split_off_stands_in_that_thinking() -> None:
    [verdict] = mathif.grade(THINKING_ITEM, RIGHT, reasoning="Now the total.").constraints
    assert (verdict.passed, verdict.evidence) == (True, (Span(8, 13),))


def test_another_answer_that_is_as_right_counts() -> None:
    assert not mathif.grade_answer("\\boxed{5}", "6").passed
    assert mathif.grade_answer("\\boxed{5}", "6", ("4", "5")).passed


def test_a_reply_that_begins_inside_the_thinking_needs_its_end() -> None:
    cut = f"We add. {RIGHT}"
    assert mathif.grade_answer(cut, "5").passed
    for verdict in (mathif.grade_answer(cut, "5", opened=True), *mathif.grade(ITEM, cut, opened=True).constraints):
        assert (verdict.outcome, verdict.reason) == (Outcome.FAIL, NO_FINAL.reason)
    assert mathif.grade_answer(f"We add.</think>{RIGHT}", "5", opened=True).passed


def test_marks_that_nobody_knows_are_named_by_the_user() -> None:
    reply = f"<|mull|>No total: \\boxed{{4}}<|done|>{RIGHT}"
    tags = ("<|mull|>", "<|done|>")
    assert not mathif.check_constraint("keywords:existence", {"keywords": ["No"]}, reply, tags=tags).passed
    assert mathif.grade(ITEM, reply, tags=tags).constraints[0].passed
    assert mathif.grade_answer(f"\\boxed{{4}}<|done|>{RIGHT}", "5", tags=tags).passed


def test_a_constraint_on_the_thinking_judges_the_thinking() -> None:
    assert mathif.grade(THINKING_ITEM, "<think>the total</think>\\boxed{5}").constraints[0].passed
    assert not mathif.grade(THINKING_ITEM, f"<think>hm</think>{RIGHT}").constraints[0].passed


@pytest.mark.parametrize("finish", sorted(WITHHELD))
def test_a_reply_that_was_withheld_earns_nothing_whatever_its_text_says(finish: Finish) -> None:
    row = graded(ITEM, KEY, split(Generation(str(KEY), RIGHT, finish)))
    judged = [row.answer, *row.constraints[Profile.MATHIF], *row.constraints[Profile.UPSTREAM]]
    assert {verdict.outcome for verdict in judged} == {Outcome.FAIL}
    assert set(row.loose[Profile.MATHIF]) == {Outcome.FAIL}
    assert row.withheld
    assert not row.cut


@pytest.mark.parametrize(
    "generation",
    [
        Generation(str(KEY), RIGHT, Finish.STOP),
        Generation(str(KEY), f"<think>\n\n</think>{RIGHT}", Finish.STOP),
        Generation(str(KEY), RIGHT, Finish.STOP, reasoning_tokens=9),
        Generation(str(KEY), "", Finish.LENGTH, reasoning_tokens=9),
        Generation(str(KEY), RIGHT, Finish.STOP, "The total was found.", reasoning_tokens=900),
        Generation(str(KEY), RIGHT, Finish.STOP, "The total was found.", summarized=True),
        Generation(str(KEY), "", Finish.REFUSED, error="no"),
    ],
)
def test_thinking_that_nobody_sees_is_not_measured(generation: Generation) -> None:
    row = graded(THINKING_ITEM, KEY, split(generation))
    for profile in Profile:
        assert [verdict.outcome for verdict in row.constraints[profile]] == [Outcome.UNMEASURED]
        assert row.loose[profile] == (Outcome.UNMEASURED,)
    assert Graded.from_json(json.loads(json.dumps(row.to_json()))) == row
    assert (row.unmeasured, row.measured().kinds, row.measured().constraints[Profile.MATHIF]) == (1, (), ())


@pytest.mark.parametrize(("summarized", "reason"), [(True, SUMMED_UP), (False, NO_THINKING)])
def test_thinking_that_the_server_sums_up_is_told_from_a_reply_without_any(summarized: bool, reason: Verdict) -> None:
    row = graded(THINKING_ITEM, KEY, split(Generation(str(KEY), RIGHT, Finish.STOP, summarized=summarized)))
    assert row.constraints == dict.fromkeys(Profile, (reason,))


def test_thinking_that_was_cut_is_judged_up_to_the_cut() -> None:
    both = Item("five", ITEM.problem, (THINKING_TOTAL, TOTAL), ("In your thinking, use it.", "Use the word total."))
    row = graded(both, KEY, split(Generation(str(KEY), "<think>The total is", Finish.LENGTH)))
    assert (row.state, row.targets) == (State.OPEN, ("thinking", "final"))
    assert [verdict.outcome for verdict in row.constraints[Profile.MATHIF]] == [Outcome.PASS, Outcome.FAIL]
    assert (row.unmeasured, row.measured()) == (0, row)


def test_every_constraint_is_judged_on_the_other_part_too_whatever_it_is_about() -> None:
    item = Item("five", ITEM.problem, (TOTAL, THINKING_TOTAL), ("Use it.", "In your thinking, use it."))
    row = graded(item, KEY, split(Generation(str(KEY), "<think>the total</think>\\boxed{5}", Finish.STOP)))
    for profile in Profile:
        assert [verdict.passed for verdict in row.constraints[profile]] == [False, True]
        assert [verdict.passed for verdict in row.elsewhere[profile]] == [True, False]
    assert row.thinking_chars == len("the total")
    unseen = graded(item, KEY, split(Generation(str(KEY), RIGHT, Finish.STOP)))
    assert [verdict.outcome for verdict in unseen.elsewhere[Profile.MATHIF]] == [Outcome.UNMEASURED, Outcome.PASS]


@pytest.mark.parametrize("slips", [False, True])
def test_a_thinking_that_names_the_rule_is_judged_with_and_without_naming_it(slips: bool) -> None:
    """By hand: the sentence that restates is characters 4 to 33; a later use of the word breaks both verdicts."""
    demand = parse("keywords:forbidden_words", {"forbidden_words": ["total"]})
    item = Item("five", ITEM.problem, (replace(demand, target=Target.THINKING),), (demand.text(),))
    thinking = "So.\nI must not use the word total.\nIt is 5." + " The total is 5." * slips
    row = graded(item, KEY, split(Generation(str(KEY), f"<think>{thinking}</think>{RIGHT}", Finish.STOP)))
    assert row.restated == (Span(4, 34),)
    for profile in Profile:
        [named], [spared] = row.constraints[profile], row.spared[profile]
        assert thinking[slice(*named.evidence[0])] == "total"
        assert named.evidence[0].start < 34
        assert spared.passed is not slips
        if slips:
            assert spared.evidence[0] == Span(thinking.rindex("total"), thinking.rindex("total") + 5)
    silent = graded(item, KEY, split(Generation(str(KEY), f"<think>It is 5.</think>{RIGHT}", Finish.STOP)))
    assert (silent.restated, silent.spared) == ((), {})


def test_beside_the_sentences_that_name_a_rule_nothing_else_than_the_thinking_s_own_words_is_judged() -> None:
    unasked = next(cls for cls in KINDS.values() if Target.THINKING not in cls.targets)
    other = next(drawn for seed in range(50) if (drawn := unasked.draw(Random(seed), ITEM.problem)))
    words, commas = parse("keywords:forbidden_words", {"forbidden_words": ["total"]}), parse("punctuation:no_comma", {})
    demands = (replace(words, target=Target.THINKING), replace(commas, target=Target.THINKING), other)
    item = Item("five", ITEM.problem, demands, tuple(one.text() for one in demands))
    reply = split(
        Generation(str(KEY), f"<think>,\nI must not use the word total.\nIt is 5.</think>{RIGHT}", Finish.STOP)
    )
    outcomes = [verdict.outcome for verdict in graded(item, KEY, replace(reply, given=2)).spared[Profile.MATHIF]]
    assert outcomes == [Outcome.PASS, Outcome.PASS, Outcome.UNMEASURED]


def test_a_kind_that_cannot_be_asked_of_the_thinking_is_not_measured_there() -> None:
    asked = next(cls for cls in KINDS.values() if Target.THINKING not in cls.targets)
    demand = next(drawn for seed in range(50) if (drawn := asked.draw(Random(seed), ITEM.problem)))
    item = Item("five", ITEM.problem, (demand,), (demand.text(),))
    row = graded(item, KEY, split(Generation(str(KEY), f"<think>hm</think>{RIGHT}", Finish.STOP)))
    assert row.elsewhere[Profile.MATHIF][0].outcome is Outcome.UNMEASURED


def test_a_graded_row_names_what_unsplit_thinking_begins_with() -> None:
    assert graded(ITEM, KEY, split(Generation(str(KEY), f"<mull>so</mull>{RIGHT}", Finish.STOP))).unsplit == "<mull>"
    assert graded(ITEM, KEY, split(Generation(str(KEY), f"<think>so</think>{RIGHT}", Finish.STOP))).unsplit == ""


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
    assert Graded.from_json(json.loads(json.dumps(row.to_json()))) == row


@given(st.integers(0, 12), st.sampled_from(Profile))
def test_of_a_thinking_only_what_was_written_after_what_was_given_is_judged(start: int, profile: Profile) -> None:
    """The verdict is that of what follows alone, its evidence a place in the whole."""
    text = "one, two. no commas: three, four five"
    comma = parse("punctuation:no_comma", {"target": "thinking"})
    item = Item("i", Problem("p", "?", "4", "core"), (comma,), ("No commas.",))
    reply = split(Generation("t/i@thinking#0", f"<think>{text}</think>\n\n4", Finish.STOP))
    key = Key("t", "i", "thinking", 0)
    row = graded(item, key, replace(reply, given=start))
    alone = graded(item, key, replace(reply, thinking=text[start:]))
    [verdict], [bare] = row.constraints[profile], alone.constraints[profile]
    assert verdict.outcome is bare.outcome
    assert [text[span.start : span.end] for span in verdict.evidence] == [
        text[start:][span.start : span.end] for span in bare.evidence
    ]
    assert graded(item, key, replace(reply, given=len(text))).constraints[profile][0].outcome is Outcome.UNMEASURED


def test_a_row_says_what_the_fixed_text_of_its_item_obeys_where_there_is_one() -> None:
    def told(fixed: str) -> dict[Profile, tuple[Outcome, ...]]:
        return dict(graded(replace(ITEM, fixed=fixed), KEY, split(Generation(str(KEY), "x", Finish.STOP))).fixed)

    assert told("in total") == dict.fromkeys(Profile, (Outcome.PASS,))
    assert told("in sum") == dict.fromkeys(Profile, (Outcome.FAIL,))
    assert told("") == {}


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
    row = graded(item, KEY, split(Generation(str(KEY), f"{text}\nBye.\nBye.", Finish.STOP)))
    assert row.loose[Profile.UPSTREAM] == (Outcome.FAIL,)


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

"""The laws of drawing: what is dealt can be obeyed, is not obeyed by chance, and is the same mix on every rung."""

from collections import Counter
from itertools import combinations

import pytest

from mathif.answers import grade_answer
from mathif.constraints import KINDS, Constraint, clash, judge
from mathif.constraints.drawing import Deck, Rungs, crossed, draw_constraints
from mathif.constraints.witness import null_reply, witness
from mathif.problems import draw_problems
from mathif.problems.dice import Dice
from mathif.records import Problem, Profile

PROBLEMS = draw_problems(7, 150)


def deal(seed: int) -> list[Rungs]:
    deck = Deck()
    rng = Dice("constraints", seed)
    return [crossed(rng, problem, deck) for problem in PROBLEMS]


@pytest.fixture(scope="module")
def rungs() -> list[Rungs]:
    return deal(7)


def kinds(sets: list[tuple[Constraint, ...]]) -> Counter[str]:
    return Counter(constraint.kind for constraints in sets for constraint in constraints)


def scores(sets: list[tuple[Constraint, ...]], profile: Profile) -> tuple[float, float]:
    """Return SAcc and HAcc of the null reply."""
    obeyed = [
        [judge(constraint, null_reply(problem.answer), profile).passed for constraint in constraints]
        for problem, constraints in zip(PROBLEMS, sets, strict=True)
    ]
    return sum(sum(row) / len(row) for row in obeyed) / len(obeyed), sum(map(all, obeyed)) / len(obeyed)


def test_each_rung_is_the_start_of_the_next(rungs: list[Rungs]) -> None:
    for single, double, triple in rungs:
        assert (single, double) == (triple[:1], triple[:2])
        assert len(triple) == 3


def test_no_two_constraints_of_a_set_clash_are_of_one_kind_or_imply_one_another(rungs: list[Rungs]) -> None:
    for rung in rungs:
        assert len({constraint.kind for constraint in rung.triple}) == 3
        for a, b in combinations(rung.triple, 2):
            assert not clash(a, b)
            assert not a.implies(b)
            assert not b.implies(a)


def test_every_set_has_a_witness_that_both_profiles_and_the_answer_grader_accept(rungs: list[Rungs]) -> None:
    for problem, rung in zip(PROBLEMS, rungs, strict=True):
        for constraints in rung:
            text = witness(constraints, null_reply(problem.answer))
            assert text is not None, (problem, constraints)
            for constraint in constraints:
                for profile in Profile:
                    assert judge(constraint, text, profile).passed, (constraint, profile, text)
            assert grade_answer(text, problem.answer).passed, (problem.answer, text)


def test_every_kind_is_as_frequent_on_one_rung_as_on_another(rungs: list[Rungs]) -> None:
    single, double, triple = (kinds(list(sets)) for sets in zip(*rungs, strict=True))
    for kind in KINDS:
        share = triple[kind] / 450
        assert abs(single[kind] / 150 - share) <= 0.015, kind
        assert abs(double[kind] / 300 - share) <= 0.01, kind


FREE = {"punctuation:no_comma", "punctuation:no_emoji", "punctuation:no_latex", "punctuation:no_markdown"}
"""Kinds that every null reply obeys, so that they are never dealt."""

HARD_TO_JOIN = {"language:response_language"}
"""Kinds that go with few others."""


def test_every_kind_is_dealt_about_equally_often(rungs: list[Rungs]) -> None:
    dealt = kinds([rung.triple for rung in rungs])
    assert dealt.keys() == KINDS.keys() - FREE
    common = [dealt[kind] for kind in KINDS.keys() - FREE - HARD_TO_JOIN]
    assert max(common) - min(common) <= 4


def test_a_kind_is_dealt_as_often_as_its_weight_says_and_no_other_is_dealt() -> None:
    weights = {"layout:headings": 1.0, "layout:table": 1.0, "layout:paragraphs": 0.5, "layout:numbered_steps": 0.5}
    deck = Deck(weights)
    sets = [draw_constraints(Dice("weights", number), problem, 1, deck) for number, problem in enumerate(PROBLEMS)]
    dealt = kinds(sets)
    assert dealt.keys() == weights.keys()
    assert all(dealt[kind] == 50 * weight for kind, weight in weights.items())


def test_every_argument_of_a_kind_is_dealt_about_equally_often() -> None:
    deck = Deck({"layout:headings": 1.0})
    for number, problem in enumerate(PROBLEMS):
        draw_constraints(Dice("arguments", number), problem, 1, deck)
    assert len(deck.drawn) == 9
    assert max(deck.drawn.values()) - min(deck.drawn.values()) <= 3


@pytest.mark.parametrize("profile", list(Profile))
def test_a_reply_that_ignores_every_instruction_obeys_nothing(rungs: list[Rungs], profile: Profile) -> None:
    assert [scores(list(sets), profile) for sets in zip(*rungs, strict=True)] == [(0, 0)] * 3


def test_the_same_seed_deals_the_same_sets_and_another_seed_others(rungs: list[Rungs]) -> None:
    assert deal(7) == rungs
    assert deal(8) != rungs


def test_as_many_constraints_are_drawn_as_are_asked_for_also_where_few_kinds_suit() -> None:
    words = Problem("k", "Who wrote the Elements?", "Euclid", "knowledge", tier=1)
    for count in (1, 2, 3, 4):
        drawn = draw_constraints(Dice("few", count), words, count)
        assert len({constraint.kind for constraint in drawn}) == count
        assert not any(constraint.kind in ("answer:decimal", "answer:words", "answer:unit") for constraint in drawn)

"""Laws of the kinds beyond MathIF's that the contract of all kinds does not hold already."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mathif.answers import grade_answer
from mathif.answers.read.numerals import read_numeral
from mathif.constraints import KINDS, Constraint, Target, box, clash, judge, parse
from mathif.constraints.numerals import LARGEST, spell
from mathif.constraints.witness import witness
from mathif.errors import DataError
from mathif.problems.exact import latex
from mathif.records import Problem, Span

NEW = {name: kind for name, kind in KINDS.items() if not kind.official}
SUM = Problem("p", "How many marbles do Ann and Ben have after 3 days?", "42", "core", tier=1)
integers = st.integers(-LARGEST, LARGEST)
rationals = st.fractions(max_denominator=500)


def test_there_are_more_than_fifteen_new_kinds_and_the_null_reply_obeys_those_that_say_so() -> None:
    assert len(NEW) >= 15
    for kind in NEW.values():
        for seed in range(20):
            constraint = kind.draw(Random(seed), SUM)
            assert constraint is not None, kind
            assert judge(constraint, "The answer is $\\boxed{42}$.").passed == ("null reply" in kind.limits), constraint


@given(integers)
def test_a_number_in_words_has_no_digit_and_is_read_as_the_number(number: int) -> None:
    assert not any(map(str.isdigit, spell(number)))
    assert read_numeral(spell(number)) == number


@given(st.tuples(integers, integers))
def test_two_numbers_are_never_spelled_alike(pair: tuple[int, int]) -> None:
    assert (spell(pair[0]) == spell(pair[1])) == (pair[0] == pair[1])


@given(rationals)
def test_a_rational_number_is_read_as_it_was_written(number: Fraction) -> None:
    assert box.rational(latex(number)) == number


@pytest.mark.parametrize("kind", ["answer:decimal", "answer:fraction", "answer:scientific", "answer:words"])
@given(number=rationals | st.integers(-999_999, 999_999).map(Fraction), seed=st.integers(0, 99))
def test_the_form_of_an_answer_changes_nothing_about_what_it_is(kind: str, number: Fraction, seed: int) -> None:
    gold = latex(number)
    constraint = KINDS[kind].draw(Random(seed), Problem("p", "How many?", gold, "core"))
    assume(constraint is not None)
    assert constraint is not None
    text = constraint.comply(f"The answer is $\\boxed{{{gold}}}$.")
    assert judge(constraint, text).passed, text
    assert grade_answer(text, gold).passed, text


def test_a_name_a_form_and_a_unit_of_one_answer_are_obeyed_together() -> None:
    constraints = [
        parse("answer:decimal", {"places": 2}),
        parse("answer:equation", {"name": "T"}),
        parse("answer:unit", {"unit": "marbles"}),
    ]
    assert witness(constraints, "The answer is $\\boxed{42}$.") == "The answer is $\\boxed{T = 42.00}$ marbles."


def test_two_forms_of_one_answer_clash() -> None:
    forms = [parse("answer:decimal", {"places": 2}), parse("answer:scientific", {}), parse("answer:words", {})]
    assert all(clash(a, b) for a, b in combinations(forms, 2))


@pytest.mark.parametrize("first", list(NEW))
def test_a_new_kind_has_a_witness_with_every_kind_that_it_does_not_clash_with(first: str) -> None:
    rng = Random(first)
    for second in KINDS:
        if second == first:
            continue
        pair = [drawn for drawn in (KINDS[name].draw(rng, SUM) for name in (first, second)) if drawn is not None]
        if len(pair) == 2 and not clash(*pair):
            assert witness(pair, "The answer is $\\boxed{42}$.") is not None, pair


@pytest.mark.parametrize("name", [name for name, kind in NEW.items() if Target.THINKING not in kind.targets])
def test_a_kind_on_the_answer_box_cannot_speak_about_the_thinking(name: str) -> None:
    args = dict(NEW[name].examples[0].args)
    with pytest.raises(DataError, match="final text only"):
        parse(name, {**args, "target": "thinking"})


@pytest.mark.parametrize("name", [name for name, kind in NEW.items() if Target.THINKING in kind.targets])
def test_a_kind_that_may_speak_about_the_thinking_says_so_in_its_sentence(name: str) -> None:
    args = dict(NEW[name].examples[0].args)
    final, thinking = parse(name, args), parse(name, {**args, "target": "thinking"})
    assert "response" in final.text()
    assert final.text().replace(final.part, thinking.part) == thinking.text() != final.text()


@pytest.mark.parametrize(
    ("name", "args", "text", "first"),
    [
        ("layout:numbered_steps", {"steps": 2}, "1. a\n3. b\n4. $\\boxed{5}$", Span(5, 7)),
        ("layout:headings", {"count": 1}, "# a\n# b\n# c\n$\\boxed{5}$", Span(4, 7)),
        ("layout:paragraphs", {"count": 1}, "a\n\nb\n\nc $\\boxed{5}$", Span(3, 4)),
        ("layout:line_length", {"characters": 20, "lines": 1}, "x" * 25 + " $\\boxed{5}$", Span(20, 37)),
        ("lexical:spelled_numbers", {"count": 1}, "One and 2 and 3 make $\\boxed{5}$.", Span(8, 9)),
        ("lexical:method", {"use": "cases", "avoid": "so"}, "By cases, so $\\boxed{5}$, so five.", Span(10, 12)),
        ("lexical:address_reader", {"count": 1}, "You see our sum, as we do: $\\boxed{5}$", Span(8, 11)),
    ],
)
def test_the_evidence_of_a_failure_starts_at_the_first_violation(
    name: str, args: dict[str, object], text: str, first: Span
) -> None:
    verdict = judge(parse(name, args), text)
    assert not verdict.passed
    assert verdict.evidence[0] == first


def drawn_with(kind: str, question: str, answer: str) -> Constraint | None:
    return KINDS[kind].draw(Random(1), Problem("p", question, answer, "core"))


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("answer:decimal", "\\frac{1}{3}"),
        ("answer:decimal", "2\\sqrt{3}"),
        ("answer:fraction", "\\pi"),
        ("answer:scientific", "7"),
        ("answer:scientific", "\\frac{100}{3}"),
        ("answer:words", "\\frac{1}{2}"),
        ("answer:words", "1234567"),
        ("answer:equation", "\\text{Monday}"),
        ("answer:equation", "(1, 2)"),
        ("answer:unit", "\\sqrt{2}"),
    ],
)
def test_no_form_is_demanded_that_the_gold_answer_does_not_have_exactly(kind: str, answer: str) -> None:
    assert drawn_with(kind, "How many marbles are there?", answer) is None


def test_the_unit_is_what_the_question_counts_and_none_where_it_counts_nothing_or_several_things() -> None:
    assert drawn_with("answer:unit", "How many red marbles are there?", "7") == parse(
        "answer:unit", {"unit": "marbles"}
    )
    assert drawn_with("answer:unit", "What is the sum?", "7") is None
    assert drawn_with("answer:unit", "How many marbles and how many coins?", "7") is None

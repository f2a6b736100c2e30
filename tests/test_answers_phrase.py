"""Laws of answers that are names: spelling habits do not matter, other names and mathematics do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.answers import grade_answer
from mathif.answers.read.phrase import words


@pytest.mark.parametrize(
    ("answer", "gold"),
    [
        ("\\text{Gauss-Bonnet theorem}", "Gauss–Bonnet theorem"),
        ("the Gauss Bonnet theorem", "Gauss–Bonnet theorem"),
        ("\\text{Fermat’s last theorem}", "Fermat's Last Theorem"),
        ("fermat's\\ last\\ theorem", "Fermat's Last Theorem"),
        ("\\textbf{Euclid.}", "euclid"),
        ("\\text{a pentagon}", "pentagon"),
        ("Thales theorem", "Thales' theorem"),
    ],
)
def test_a_name_is_right_however_it_is_spelled(answer: str, gold: str) -> None:
    for boxed, right in ((answer, gold), (gold, answer)):
        assert grade_answer(f"It is $\\boxed{{{boxed}}}$.", right).passed


@pytest.mark.parametrize(
    ("answer", "gold"),
    [
        ("Gauss", "Euler"),
        ("Gauss–Bonnet theorem", "Gauss theorem"),
        ("theorem of Fermat", "Fermat's Last Theorem"),
        ("\\text{John Napier}", "\\text{Napier John}"),
    ],
)
def test_another_name_is_wrong(answer: str, gold: str) -> None:
    assert not grade_answer(f"It is $\\boxed{{{answer}}}$.", gold).passed


@pytest.mark.parametrize(
    "answer", ["ABC", "xy", "x = y", "f(abcd)^2", "12 marbles", "a_b", "\\frac{a}{b}", "\\alpha", "", "3"]
)
def test_mathematics_is_no_name(answer: str) -> None:
    assert words(answer) == ()


@given(st.text(st.characters(max_codepoint=127), max_size=300))
def test_letter_case_and_a_final_full_stop_never_matter(text: str) -> None:
    assert words(text.upper()) == words(text.lower())
    assert words(text) in ((), words(text + "."))

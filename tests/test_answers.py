"""Laws of the answer grader: where an answer stands, and when two answers are the same one."""

import subprocess
import sys

import pytest

from mathif.answers import equal, extract, grade_answer
from mathif.records import Outcome, Span
from tests.spellings import DIFFERENT, SAME


def _rows(table: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return [pair for pairs in table.values() for pair in pairs]


@pytest.mark.parametrize(("one", "other"), _rows(SAME))
def test_two_spellings_of_one_answer_are_equal_in_both_directions(one: str, other: str) -> None:
    assert equal(one, other).outcome is Outcome.PASS
    assert equal(other, one).outcome is Outcome.PASS


@pytest.mark.parametrize(("one", "other"), _rows(DIFFERENT))
def test_two_answers_that_differ_are_unequal_in_both_directions(one: str, other: str) -> None:
    assert equal(one, other).outcome is Outcome.FAIL
    assert equal(other, one).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("candidate", "gold"),
    [
        (r"\sum_{k=1}^{10} k", "55"),
        (r"x = \sum_{k=1}^{10} k", "55"),
        (r"\text{The sum is }\sum_{k=1}^{10} k", "55"),
        (r"2\prod_{k=1}^{5} k", "240"),
        (r"\int_0^1 2t\,dt", "1"),
        (r"\lim_{x\to0}\frac{\sin x}{x}", "1"),
        (r"\sum_{n=1}^{\infty}\frac1{n^2}", r"\frac{\pi^2}{6}"),
        (r"\left(\sum_{k=1}^{10} k, 3\right)", "(55,3)"),
        (r"\gcd(84,36)", "12"),
        (r"\operatorname{lcm}(4,6)", "12"),
        (r"\max(3,7)", "7"),
        (r"\lfloor 7.5\rfloor", "7"),
        (r"\begin{vmatrix}1&2\\3&4\end{vmatrix}", "-2"),
        (r"\operatorname{Re}(3+4i)", "3"),
        ("|3+4i|", "5"),
        (r"7^{100}\bmod 13", "9"),
        (r"(-2,3)\cap(0,5)", "(0,3)"),
        ("2x+3=7", "x=2"),
        ("3x=6", "x=2"),
    ],
)
def test_what_is_left_to_be_worked_out_is_no_answer_but_to_a_gold_one_that_leaves_it(candidate: str, gold: str) -> None:
    assert equal(candidate, gold).outcome is Outcome.PASS
    verdict = grade_answer(f"\\boxed{{{candidate}}}", gold)
    assert verdict.outcome is Outcome.FAIL
    assert "left to be worked out" in verdict.reason
    assert grade_answer(f"\\boxed{{{candidate}}}", f"{candidate} ").passed
    assert grade_answer(f"\\boxed{{{gold}}}", candidate).passed


@pytest.mark.parametrize(
    ("candidate", "gold"),
    [
        (r"\sum_{k=1}^{10} k = 55", "55"),
        (r"\gcd(a,b)", r"\gcd(b,a)"),
        (r"\lfloor n/2\rfloor", r"\frac{2n-1+(-1)^n}{4}"),
        (r"17\bmod 5", "2"),
        ("9+1", "10"),
        ("2^{10}", "1024"),
        (r"\binom{10}{3}", "120"),
        ("x-2=0", "x=2"),
        ("2x+y=5", "y=5-2x"),
        ("AB=5", "5"),
        (r"\gcd(84,36)=12", "12"),
    ],
)
def test_an_answer_that_says_its_value_is_worked_out(candidate: str, gold: str) -> None:
    assert grade_answer(f"\\boxed{{{candidate}}}", gold).passed


@pytest.mark.parametrize(
    "candidate",
    [
        r"42 \text{ (or maybe 43)}",
        r"42 \text{ if the die is fair, else } 43",
        r"42 \text{ (perhaps 43)}",
        r"42 \text{ m (43 otherwise)}",
    ],
)
def test_an_answer_that_leaves_another_one_open_is_none(candidate: str) -> None:
    assert grade_answer(f"\\boxed{{{candidate}}}", "42").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "text",
    ["Final Answer\n42", "final answer\n\n$42$\n", "The correct option is **42**.", "So the correct choice is 42"],
)
def test_a_line_that_says_that_the_answer_follows_is_enough(text: str) -> None:
    assert grade_answer(f"Six sevens.\n\n{text}", "42").passed
    assert not grade_answer(f"Six sevens.\n\n{text.replace('42', '43')}", "42").passed


@pytest.mark.parametrize(("candidate", "gold"), [("1,-2,0", "(1,-2)"), ("1,5,0", "(1.5, 0)"), ("3,4,0", "(3,4)")])
def test_a_comma_does_not_part_items_and_mark_decimals_in_one_answer(candidate: str, gold: str) -> None:
    assert not grade_answer(f"\\boxed{{{candidate}}}", gold).passed


@pytest.mark.parametrize(
    ("candidate", "gold", "rung"),
    [
        ("42", "42", "text"),
        ("42.0", "42", "number"),
        ("(1, 2.0)", "(1,2)", "structure"),
        (r"\sqrt{8}", r"2\sqrt{2}", "symbolic"),
        ("43", "42", "number"),
        ("odd", r"\text{even}", "text"),
    ],
)
def test_a_verdict_names_the_rung_that_decided(candidate: str, gold: str, rung: str) -> None:
    assert equal(candidate, gold).rung == rung


@pytest.mark.parametrize(
    ("final", "answer"),
    [
        (r"So \boxed{5}.", "5"),
        (r"First \boxed{4}, no: \boxed{5}.", "5"),
        (r"\boxed {5}", "5"),
        (r"\BOXED{5}", "5"),
        (r"\fbox{5}", "5"),
        (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        (r"\boxed{\{1,2\}}", r"\{1,2\}"),
        (r"\boxed{4 \text{ or } \boxed{5}}", r"4 \text{ or } \boxed{5}"),
        (r"\boxed{5} and \boxed{6", "5"),
        (r"\boxed5", "5"),
        ("The answer is 42.", "42"),
        ("La respuesta final es 42.", "42"),
        ("Donc la réponse correcte est $42$.", "$42$"),
        ("A resposta é 42.", "42"),
        ("الإجابة هي 42.", "42"),
        ("پاسخ: ۴۲", "۴۲"),
        ("התשובה היא 42.", "42"),
        ("ઉત્તર: 42", "42"),
        ("\\textbf{Answer: } 42", "42"),
        ("Ans: 42", "42"),
        ("**Final Answer:** 42", "42"),
        ("FINAL ANSWER: $\\frac{1}{2}$. I hope it is correct.", "$\\frac{1}{2}$"),
        ("answer: 3.5 km", "3.5 km"),
        ("**Answer**: *7*", "7"),
        ("The final answer is: 1,000.", "1,000"),
        ("The answer to the question is 12", "12"),
        ("The answer is 12. This answer is correct.", "12"),
        ("The answer is 12.\nThe answer is", "12"),
        ("## Final Answer\n\n12", "12"),
        ("**Final Answer**\n$12$", "$12$"),
        ("উত্তর: ১২", "১২"),
    ],
)
def test_the_answer_stands_in_the_last_box_or_in_the_sentence_that_names_it(final: str, answer: str) -> None:
    found = extract(final)
    assert found is not None
    assert found.text == answer
    assert final[found.span.start : found.span.end] == answer


@pytest.mark.parametrize(
    "final",
    ["", "42", "So we get 42.", "x = 42", r"\boxed{", r"\boxed{5", "I would answer 42 if asked.", "the number is 42"],
)
def test_a_stray_number_is_no_answer(final: str) -> None:
    assert extract(final) is None
    assert grade_answer(final, "42").outcome is Outcome.FAIL


def test_the_evidence_is_the_span_of_the_answer() -> None:
    final = r"We find \boxed{43}."
    assert grade_answer(final, "42").evidence == (Span(15, 17),)


def test_an_alias_is_as_right_as_the_gold_answer() -> None:
    assert grade_answer(r"\boxed{7}", "5", aliases=("6", "7")).passed
    assert not grade_answer(r"\boxed{8}", "5", aliases=("6", "7")).passed


def test_boxes_that_end_the_text_as_a_list_answer_a_list_and_none_of_them_a_single_value() -> None:
    final = r"The roots are \boxed{1} and \boxed{-2}."
    assert grade_answer(final, "-2, 1").passed
    assert not grade_answer(final, "-2").passed
    assert not grade_answer(final, "1").passed


@pytest.mark.parametrize(
    "final",
    [
        r"\boxed{3} or \boxed{4}",
        r"\boxed{3} and \boxed{4}",
        r"\boxed{1}\boxed{2}\boxed{4}",
        r"$\boxed{3}$, $\boxed{4}$",
    ],
)
def test_a_box_beside_another_one_is_an_alternative_and_no_answer(final: str) -> None:
    assert grade_answer(final, "4").outcome is Outcome.FAIL
    assert grade_answer(final.replace("{3}", "{4}").replace("{1}", "{4}").replace("{2}", "{4}"), "4").passed


def test_a_box_that_was_corrected_in_words_does_not_count_beside_the_last_one() -> None:
    assert grade_answer(r"I first had \boxed{3}, which forgets a case. So it is \boxed{4}.", "4").passed


def test_the_last_sentence_that_names_an_answer_counts_and_not_the_first() -> None:
    final = "The answer is 12.\nBut I forgot one case: the answer is 13."
    assert grade_answer(final, "13").passed
    assert not grade_answer(final, "12").passed


def test_a_whole_line_behind_the_last_box_that_gives_the_answer_wins_over_it() -> None:
    final = "We use \\boxed{E = mc^2}.\n\n**Answer: D**"
    assert grade_answer(final, "D").passed
    assert not grade_answer(final, "E = mc^2").passed
    assert grade_answer("\\boxed{5}\n\nAnswer: see above", "5").passed


@pytest.mark.parametrize("aliases", [("(1, 2)",), ("(1, 2)", "[3, 4)")])
def test_a_question_that_could_not_be_decided_stays_so_beside_a_wrong_alias(aliases: tuple[str, ...]) -> None:
    huge, other = r"9^{9^{9}}\pi", r"9^{9^{9}}\pi + 1"
    assert grade_answer(rf"\boxed{{{huge}}}", other, aliases).outcome is Outcome.UNGRADED
    assert grade_answer(rf"\boxed{{{huge}}}", aliases[0], (other, *aliases[1:])).outcome is Outcome.UNGRADED
    assert grade_answer(rf"\boxed{{{huge}}}", aliases[0], aliases[1:]).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ("x".ljust(5_000), "x", Outcome.PASS),
        ("x".ljust(5_001), "x", Outcome.UNGRADED),
        ("x".ljust(5_001), "5", Outcome.UNGRADED),
        ("5" * 5_001, "x", Outcome.UNGRADED),
        ("5" * 5_001, "5", Outcome.FAIL),
    ],
)
def test_of_answers_longer_than_five_thousand_characters_only_integers_are_told_apart(
    one: str, other: str, outcome: Outcome
) -> None:
    assert (equal(one, other).outcome, equal(other, one).outcome) == (outcome, outcome)


@pytest.mark.parametrize(("places", "outcome"), [(1_999, Outcome.FAIL), (2_000, Outcome.UNGRADED)])
def test_a_number_of_more_than_two_thousand_digits_is_not_decided(places: int, outcome: Outcome) -> None:
    number = "1." + "3" * places
    assert (equal(number, "1").outcome, equal("1", number).outcome) == (outcome, outcome)


def test_a_minus_sign_between_equals_and_the_box_belongs_to_the_answer() -> None:
    assert grade_answer(r"$a = -\boxed{256}$", "-256").passed
    assert not grade_answer(r"$a = -\boxed{256}$", "256").passed
    assert grade_answer(r"$x - \boxed{256}$", "256").passed


@pytest.mark.parametrize(
    ("final", "gold"),
    [
        (r"THE ANSWER IS \BOXED{3R^2}.", "3r^2"),
        (r"THE ANSWER IS \BOXED{\FRAC{X}{2}}.", r"\frac{x}{2}"),
        (r"the final answer is \boxed{3r^2}.", "3R^2"),
    ],
)
def test_letters_match_in_any_case_where_the_text_was_forced_into_one(final: str, gold: str) -> None:
    assert grade_answer(final, gold).passed


def test_letters_do_not_match_in_any_case_where_the_gold_answer_needs_both() -> None:
    assert not grade_answer(r"THE ANSWER IS \BOXED{M}.", "m + M").passed
    assert not grade_answer(r"The answer is \boxed{3r^2}.", "3R^2").passed


def test_a_sentence_in_the_box_counts_if_it_holds_one_answer() -> None:
    assert grade_answer(r"\boxed{The sum is $9$}", "9").passed
    assert grade_answer(r"\boxed{Therefore $x \geq 5$ is the solution.}", "x>=5").passed
    assert not grade_answer(r"\boxed{It is not 9}", "9").passed
    assert not grade_answer(r"\boxed{Either 9 or 10}", "9").passed


def test_importing_the_grader_loads_neither_sympy_nor_any_other_heavy_module() -> None:
    code = "import sys, mathif.answers; print(sorted({'sympy', 'numpy', 'torch', 'datasets'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("other", ["0", "x + 1", r"\{1, 2\}", "(1, 2)"])
def test_a_matrix_of_rows_and_columns_differs_from_anything_else_in_both_directions(other: str) -> None:
    matrix = r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"
    assert equal(matrix, other).outcome is equal(other, matrix).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\sum_{m=i}^{10} m", r"\sum_{m=2i}^{10} m"),
        (r"x = \gcd(R,t) = y", r"x = \gcd(R,t) = z"),
        (r"[0, 1) \cup [0, \log_{1}{(\sum_{j=1}^{3000} j)})", r"[0, 1) \cup [2, 3)"),
    ],
)
def test_what_has_no_value_is_never_a_failure_of_the_grader(one: str, other: str) -> None:
    assert "the grader failed" not in equal(one, other).reason

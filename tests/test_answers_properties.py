"""Laws of equality for every answer: reflexive, symmetric, blind to mere spelling, pure, and never raising."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import cache
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from mathif.answers import equal, extract, grade_answer
from mathif.records import Outcome
from tests.spellings import DIFFERENT, SAME

WHOLE = st.integers(-(10**12), 10**12)
NAMES = st.sampled_from(["x", "y", "n", "a", "R", r"\alpha", "x_{0}"])


def _binary(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sign = st.sampled_from(["{} + {}", "{} - {}", r"{} \cdot {}", r"\frac{{{}}}{{{}}}", "({})({})"])
    return st.tuples(sign, inner, inner).map(lambda part: part[0].format(part[1], part[2]))


def _unary(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    shape = st.sampled_from([r"\sqrt{{{}}}", "({})^2", r"\sin({})", r"\left({}\right)", r"\ln({})", "e^{{{}}}"])
    return st.tuples(shape, inner).map(lambda part: part[0].format(part[1]))


LEAVES = st.one_of(st.integers(1, 40).map(str), NAMES, st.sampled_from([r"\pi", "0.5", r"\frac{1}{3}"]))
EXPRESSIONS = st.recursive(LEAVES, lambda inner: st.one_of(_binary(inner), _unary(inner)), max_leaves=6)
ANSWERS = st.one_of(
    EXPRESSIONS,
    st.lists(EXPRESSIONS, min_size=2, max_size=4).map(", ".join),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda pair: f"({pair[0]}, {pair[1]})"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.lists(EXPRESSIONS, min_size=1, max_size=3).map(lambda items: r"\{" + ", ".join(items) + r"\}"),
    st.tuples(EXPRESSIONS, st.sampled_from([r"\text{ cm}", r"\%", r"^\circ", r"\ \text{kg}"])).map("".join),
)
PIECES = st.sampled_from(
    [
        *"0123456789xyneiπ+-*/^_=<>(){}[]|,;:.!'$%& ",
        "\\",
        r"\frac",
        r"\sqrt",
        r"\text{",
        r"\left",
        r"\pm",
        r"\cup",
        r"\in",
        r"\infty",
        r"\{",
        r"\}",
        r"\begin{pmatrix}",
        r"\end{pmatrix}",
        r"\\",
        " and ",
        " or ",
        "five",
        "৪",
        "½",
        "²",
        "�",
        "\x00",
        r"\boxed{",
        r"\sin",
    ]
)
NOISE = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=15).map("".join))


@given(ANSWERS)
def test_every_answer_equals_itself(answer: str) -> None:
    assert equal(answer, answer).passed
    assert equal(f" {answer} ", f"${answer}$").passed


@given(ANSWERS)
def test_every_answer_equals_itself_as_it_is_read(answer: str) -> None:
    # Numbers in groups are another text and the same mathematics, so that the texts do not decide.
    respelled = re.sub(r"(?<![\d.\\{_\w])\d+(?![\d.])", r"{\g<0>}", answer)
    assume(respelled != answer and not answer.isdigit())
    verdict = equal(respelled, answer)
    assert verdict.passed
    assert verdict.reason != "the same text"


@given(ANSWERS, ANSWERS)
def test_equality_is_symmetric(one: str, other: str) -> None:
    assert equal(one, other).outcome == equal(other, one).outcome


@given(NOISE, NOISE)
def test_equality_is_symmetric_and_raises_nothing_on_any_text(one: str, other: str) -> None:
    assert equal(one, other).outcome == equal(other, one).outcome
    assert equal(one, one).passed


@given(ANSWERS, st.sampled_from(["$", r"\(\)", r"\[\]", "$$"]))
def test_equality_is_blind_to_delimiters_and_to_how_brackets_and_fractions_are_set(answer: str, marks: str) -> None:
    half = len(marks) // 2 if len(marks) > 1 else 1
    dressed = (
        marks[:half]
        + answer.replace(r"\frac", r"\dfrac").replace("(", r"\left(").replace(")", r"\right)")
        + marks[-half:]
    )
    assert equal(dressed.replace(r"\left\left", r"\left").replace(r"\right\right", r"\right"), answer).passed


@given(ANSWERS)
def test_equality_is_blind_to_space_around_signs(answer: str) -> None:
    spaced = answer
    for sign in ("+", "=", ",", ")", "}"):
        spaced = spaced.replace(sign, f" {sign} ")
    assert equal(spaced.replace(r"\ }", r"\}").replace(r"\right )", r"\right)").replace("\\ }", "\\}"), answer).passed


@given(WHOLE, WHOLE)
def test_two_integers_are_equal_only_if_they_are_the_same(one: int, other: int) -> None:
    assert equal(str(one), f"{other:,}").passed == (one == other)
    assert equal(f"{one}.0", str(other)).passed == (one == other)


@given(WHOLE, st.integers(1, 10**6))
def test_a_fraction_equals_its_multiples_and_no_neighbour(top: int, bottom: int) -> None:
    value = Fraction(top, bottom)
    spelled = rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    assert equal(f"{3 * top}/{3 * bottom}", spelled).passed
    assert not equal(f"{top + 1}/{bottom}", spelled).passed


@given(st.integers(1, 9999), st.integers(-20, 20))
def test_scientific_notation_is_the_number_it_spells(mantissa: int, exponent: int) -> None:
    assert equal(rf"{mantissa} \times 10^{{{exponent}}}", f"{mantissa}e{exponent}").passed
    assert not equal(rf"{mantissa} \times 10^{{{exponent + 1}}}", f"{mantissa}e{exponent}").passed


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True))
def test_order_matters_in_tuples_and_not_in_lists(numbers: list[int]) -> None:
    turned = numbers[1:] + numbers[:1]
    one, other = ", ".join(map(str, numbers)), ", ".join(map(str, turned))
    assert equal(one, other).passed
    assert equal(rf"\{{{one}\}}", other).passed
    assert not equal(f"({one})", f"({other})").passed


@given(st.text(max_size=300), st.text(max_size=20))
def test_grading_any_text_against_any_gold_answer_raises_nothing(final: str, gold: str) -> None:
    assert grade_answer(final, gold).outcome in set(Outcome)


@given(NOISE, NOISE)
def test_the_span_of_an_answer_lies_in_the_text(before: str, inside: str) -> None:
    final = f"{before} \\boxed{{{inside}}}"
    found = extract(final)
    if found is not None:
        assert 0 <= found.span.start <= found.span.end <= len(final)
        assert found.text.lstrip("-") == final[found.span.start : found.span.end].lstrip("-")


PAIRS = [pair for table in (SAME, DIFFERENT) for pairs in table.values() for pair in pairs]


GOLDEN = Path(__file__).parent / "golden" / "answers.txt"


def _told(pair: tuple[str, str]) -> str:
    verdict = equal(*pair)
    return f"{pair[0]}   {pair[1]}   {verdict.outcome.value} by {verdict.rung}: {verdict.reason}"


@cache
def _verdicts() -> list[str]:
    return list(map(_told, PAIRS))


def test_every_pair_is_decided_on_the_golden_rung_and_for_the_golden_reason() -> None:
    """Of many ways to a verdict one is taken; python -m tests.test_answers_properties takes new pairs up."""
    verdicts = set(_verdicts())
    assert [line for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line not in verdicts] == []


def test_verdicts_are_the_same_in_other_threads_and_in_another_order() -> None:
    with ThreadPoolExecutor(4) as threads:
        backwards = list(threads.map(_told, reversed(PAIRS)))
    assert backwards[::-1] == _verdicts()


def test_verdicts_are_the_same_in_a_process_with_another_hash_seed() -> None:
    code = "import json; from tests.test_answers_properties import _verdicts; print(json.dumps(_verdicts()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert json.loads(done.stdout) == _verdicts()


@given(st.integers(-9, 9), st.integers(1, 9), st.sampled_from(["<", ">", r"\le", r"\ge"]), st.integers(1, 5))
def test_an_inequality_that_nobody_solved_is_its_solution_and_no_other(low: int, gap: int, sign: str, k: int) -> None:
    high = low + gap
    stated = f"{k}(x-({low}))(x-({high})) {sign} 0"
    inner, shut = ("[", "]") if sign in (r"\le", r"\ge") else ("(", ")"), sign in (r"\le", r"\ge")
    between = f"{inner[0]}{low},{high}{inner[1]}"
    beyond = rf"(-\infty,{low}{']' if shut else ')'}\cup{'[' if shut else '('}{high},\infty)"
    solved, other = (between, beyond) if sign in ("<", r"\le") else (beyond, between)
    assert equal(stated, solved).passed
    assert not equal(stated, other).passed
    assert not equal(stated, solved.replace(str(high), str(high + 1))).passed


@given(st.integers(0, 99), st.text("0123456789", min_size=1, max_size=6))
def test_a_repeating_decimal_is_one_number_in_every_notation(whole: int, period: str) -> None:
    value = f"{whole * (10 ** len(period) - 1) + int(period)}/{10 ** len(period) - 1}"
    dotted = rf"\dot{{{period[0]}}}" + (rf"{period[1:-1]}\dot{{{period[-1]}}}" if len(period) > 1 else "")
    for spelled in (rf"{whole}.\overline{{{period}}}", f"{whole}.({period})", f"{whole}.{dotted}"):
        assert equal(spelled, value).passed


if __name__ == "__main__":
    GOLDEN.write_text("".join(f"{line}\n" for line in _verdicts()), encoding="utf-8")

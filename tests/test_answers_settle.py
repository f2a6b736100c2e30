"""Laws of what the symbolic worker answers, asked of it here, where every line of it is seen."""

import pytest

from mathif.answers.read.glyphs import plain
from mathif.answers.read.grammar import parse
from mathif.answers.settle import questions, series, symbolic
from mathif.answers.settle.budget import Budget, granted
from mathif.answers.tree import to_json
from mathif.json_values import Json, JsonObject

SERIES = [
    (r"\sum_{n=1}^{\infty} \frac{1}{n^2}", r"\frac{\pi^2}{6}"),
    (r"\prod_{k=1}^{\infty} \left(1 - \frac{1}{4k^2}\right)", r"\frac{2}{\pi}"),
    (r"\int_{-\infty}^{0} \frac{1}{1 + x^2} dx", r"\frac{\pi}{2}"),
    (r"\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n", "e"),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "1"),
    (r"\int_0^1 x^2 dx", r"\frac{1}{3}"),
]
"""Constants whose numerical value tells."""
ALGEBRA = [
    (r"\sum_{k=1}^{n} k", r"\frac{n(n+1)}{2}"),
    (r"\sum_{k=1}^{n} k^2", r"\frac{n(n+1)(2n+1)}{6}"),
    (r"\prod_{k=1}^{n} k", "n!"),
    (r"\int x^2 dx", r"\frac{x^3}{3}"),
    (r"\int \cos x dx", r"\sin x + 5"),
    (r"\int_0^a x dx", r"\frac{a^2}{2}"),
    (r"\lim_{h \to 0} \frac{(x+h)^2 - x^2}{h}", "2x"),
    (r"\int_0^1 a x dx", r"50\% a"),
    (r"\int_{-\infty}^{\infty} e^{-x^2} dx", r"\sqrt{\pi}"),
    (r"\int_0^{\infty} e^{-x} dx", "1"),
]
"""Expressions that only algebra decides."""
OTHERWISE = [
    (r"\sum_{n=0}^{\infty} \frac{1}{2^n}", "3"),
    (r"\int_0^1 x^2 dx", r"\frac{1}{4}"),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "0"),
    (r"\sum_{k=1}^{n} k", r"\frac{n(n-1)}{2}"),
    (r"\int x^2 dx", r"\frac{x^2}{3}"),
    (r"\int_0^a x dx", r"\frac{a^2}{3}"),
]


def asked(name: str, *answers: str, digits: int = 0) -> JsonObject:
    trees: Json = [to_json(parse(plain(answer))) for answer in answers]
    with granted(Budget(worker_s=60)):
        return questions.answer({"ask": name, "trees": trees, "digits": digits})


@pytest.mark.parametrize("pair", SERIES + ALGEBRA)
def test_what_is_equal_is_found_equal_in_both_directions(pair: tuple[str, str]) -> None:
    assert asked("agree", *pair) == asked("agree", *pair[::-1]) == {"value": True}


@pytest.mark.parametrize("pair", OTHERWISE)
def test_what_differs_is_never_found_equal(pair: tuple[str, str]) -> None:
    assert asked("agree", *pair) == asked("agree", *pair[::-1]) == {"value": False}


@pytest.mark.parametrize("pair", SERIES)
def test_the_value_of_what_has_no_end_tells_it_from_one_a_millionth_away(pair: tuple[str, str]) -> None:
    value, constant = (parse(plain(side)) for side in pair)
    near = parse(plain(f"({pair[1]}) + 0.000001"))
    with granted(Budget(worker_s=60)):
        assert series.agree(value, constant)
        assert not series.agree(value, near)
        assert not series.agree(near, value)


@pytest.mark.parametrize("pair", ALGEBRA)
def test_numerical_values_say_nothing_of_what_has_variables(pair: tuple[str, str]) -> None:
    assert not series.agree(*(parse(plain(side)) for side in pair))


@pytest.mark.parametrize("answer", [r"\int_0 x dx", r"\sum_{k=1} k", r"\lim_{x \to 0}^{3} x", "[1, 2)"])
def test_what_lacks_an_end_or_is_no_expression_has_no_counterpart(answer: str) -> None:
    with granted(Budget(worker_s=60)), pytest.raises(symbolic.NoSymbolError):
        symbolic.same(parse(plain(answer)), parse("1"))


def test_the_other_questions_are_answered_as_they_are_outside_the_worker() -> None:
    assert asked("proportional", "2x + 2y", "x + y") == {"value": 1}
    assert asked("proportional", "2x + 2y", "-x - y") == {"value": -1}
    assert asked("proportional", "x + y", "x - y") == {"value": 0}
    assert asked("differ_by_constant", "x^2 + 3", "x^2") == {"value": True}
    assert asked("differ_by_constant", "x^2 + 3", "2x^2") == {"value": False}
    assert asked("same_solutions", "xy - 1", r"y - \frac{1}{x}") == {"value": 1}
    assert asked("same_solutions", "xy - 1", r"y - \frac{2}{x}") == {"value": 0}
    assert asked("decimal_digits", r"\pi", digits=6) == {"value": "3.14159"}
    assert asked("agree", r"\ln(0)", "1").keys() == {"none"}
    assert asked("colour", "1") == {"error": "colour is no question"}

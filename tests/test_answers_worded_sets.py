"""Laws of sets of numbers that an answer names in words: each is the set in signs, and no other."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.answers.compare.ladder import equal, grade_answer

REALS = ("all real numbers", "every real number", "any real number", "all reals", "the reals", "all real x")
INTEGERS = ("all integers", "every integer", "any integer", "the set of all integers", "the integers")
EXCEPT = ("except", "except for", "but", "other than", "excluding", ", except", "not equal to", "apart from")
LOWER = {
    **dict.fromkeys(("greater than", "more than", "larger than", "above"), "("),
    **dict.fromkeys(("at least", "greater than or equal to", "no less than", "not less than"), "["),
}
UPPER = {
    **dict.fromkeys(("less than", "smaller than", "below"), ")"),
    **dict.fromkeys(("at most", "less than or equal to", "no more than", "no greater than"), "]"),
}
WRITTEN = ("{}", r"\text{{{}}}", "**{}**", "{}.")

values = st.fractions(-20, 20, max_denominator=4)
several = st.lists(values, min_size=1, max_size=4, unique=True)


def shown(value: Fraction) -> str:
    sign = "-" if value < 0 else ""
    return str(value) if value.denominator == 1 else rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def listed(found: list[Fraction], last: str) -> str:
    *first, end = map(shown, found)
    return f"{', '.join(first)}{last}{end}" if first else end


def same(answer: str, gold: str) -> bool:
    one, other = equal(answer, gold).passed, equal(gold, answer).passed
    assert one == other
    boxed = grade_answer(rf"So it is $\boxed{{{answer}}}$.", gold).passed
    assert boxed == one
    return one


@given(st.sampled_from(REALS), st.sampled_from(EXCEPT), several, st.sampled_from([" and ", ", and ", ", ", " or "]))
def test_the_real_numbers_without_some_are_the_set_without_them_and_no_other(
    reals: str, phrase: str, taken: list[Fraction], last: str
) -> None:
    answer = f"{reals} {phrase} {listed(taken, last)}".replace(" ,", ",")
    signs = ", ".join(map(shown, taken))
    golds = [rf"\mathbb{{R}} \setminus \{{{signs}\}}", ", ".join(rf"x \neq {shown(one)}" for one in taken)]
    assert all(same(answer, gold) for gold in golds)
    for wrong in (
        r"\mathbb{R}",
        rf"\mathbb{{R}} \setminus \{{{shown(max(taken) + 1)}, {signs}\}}",
        rf"\mathbb{{Z}} \setminus \{{{signs}\}}",
        rf"\{{{signs}\}}",
        signs,
    ):
        assert not same(answer, wrong)


@given(st.sampled_from(REALS), st.sampled_from(sorted(LOWER | UPPER)), values)
def test_the_real_numbers_within_a_bound_are_the_interval_and_no_other(reals: str, phrase: str, end: Fraction) -> None:
    def within(word: str, end: Fraction) -> str:
        return f"{LOWER[word]}{shown(end)}, \\infty)" if word in LOWER else f"(-\\infty, {shown(end)}{UPPER[word]}"

    answer, gold = f"{reals} {phrase} {shown(end)}", within(phrase, end)
    assert same(answer, gold)
    for wrong in (
        within(phrase, end + 1),
        rf"\mathbb{{Z}} \cap {gold}",
        *(within(other, end) for other in LOWER | UPPER if within(other, end) != gold),
        shown(end),
    ):
        assert not same(answer, wrong)


@given(st.sampled_from(INTEGERS), st.sampled_from(sorted(LOWER)), st.integers(-20, 20), st.sampled_from("nkx"))
def test_the_integers_from_one_on_are_those_in_signs_by_any_letter_and_no_interval(
    integers: str, phrase: str, end: int, letter: str
) -> None:
    answer, sign = f"{integers} {phrase} {end}", {"(": ">", "[": r"\ge"}[LOWER[phrase]]
    for gold in (
        rf"\{{{letter} \in \mathbb{{Z}} : {letter} {sign} {end}\}}",
        rf"{letter} {sign} {end}, {letter} \in \mathbb{{Z}}",
        rf"\{{{letter} \in \mathbb{{Z}} \mid {letter} \ge {end + (sign == '>')}\}}",
    ):
        assert same(answer, gold)
    for wrong in (
        f"{LOWER[phrase]}{end}, \\infty)",
        f"{letter} {sign} {end}",
        rf"\{{{letter} \in \mathbb{{Z}} : {letter} {sign} {end + 1}\}}",
        rf"\{{{letter} \in \mathbb{{Z}} : {letter} < {end}\}}",
        r"\mathbb{Z}",
    ):
        assert not same(answer, wrong)


@given(st.sampled_from(REALS), values, st.integers(1, 9))
def test_two_bounds_make_the_interval_between_them(reals: str, low: Fraction, width: int) -> None:
    answer = f"{reals} greater than {shown(low)} and at most {shown(low + width)}"
    assert same(answer, f"({shown(low)}, {shown(low + width)}]")
    assert not same(answer, f"[{shown(low)}, {shown(low + width)}]")


NAMED = {
    r"\mathbb{R}": (
        *REALS,
        "x is any real number",
        "x can be any real number",
        "x is a real number",
        "x is real",
        "all real numbers x",
    ),
    r"\mathbb{Z}": (*INTEGERS, "n is any integer"),
    r"\mathbb{Q}": ("all rational numbers", "the rational numbers"),
    r"\mathbb{C}": ("all complex numbers", "every complex number"),
    r"\mathbb{N}": ("all natural numbers",),
    r"\mathbb{Z}^+": ("all positive integers", "every positive integer"),
    r"(0, \infty)": ("all positive real numbers", "all positive reals", "any positive real number"),
    r"[0, \infty)": ("all nonnegative real numbers", "all non-negative reals"),
    r"\{2k : k \in \mathbb{Z}\}": ("all even integers",),
    r"\{3k : k \in \mathbb{Z}\}": ("all multiples of 3",),
    r"\emptyset": (
        *("no solution", "none", "no real solutions", "no solutions exist", "there is no solution", "the empty set"),
        *("empty set", "no such x exists", "there is no such number", "no real values of x", "no real x"),
    ),
}


@pytest.mark.parametrize("signs", NAMED)
@pytest.mark.parametrize("written", WRITTEN)
def test_a_set_in_words_is_that_set_and_none_of_the_others(signs: str, written: str) -> None:
    for words in NAMED[signs]:
        assert same(written.format(words), signs), words
        for other in NAMED.keys() - {signs}:
            assert not same(written.format(words), other), (words, other)


@pytest.mark.parametrize(
    "words",
    [
        *("all", "real", "real number", "a real number", "numbers", "all numbers", "values", "x"),
        *("all real numbers between 1 and 3", "all real numbers except possibly 3", "almost all real numbers"),
        *("all real numbers but only if 3", "all real numbers greater than", "no", "no integer", "some real numbers"),
        *("all real numbers greater than 3 and greater than 5", "most integers", "not all real numbers"),
    ],
)
def test_words_that_are_not_understood_to_the_last_name_no_set(words: str) -> None:
    golds = [*NAMED, r"x \neq 3", r"(1, 3)", r"[1, 3]", r"(3, \infty)", r"(5, \infty)", "3", "x = 3"]
    assert not [gold for gold in golds if same(words, gold)]

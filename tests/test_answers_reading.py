"""Laws of the reading of a box: one form has one reading in every spelling, and nothing in it is computed."""

import pytest

from mathif.answers import read_answer


@pytest.mark.parametrize(
    "spellings",
    [
        [r"- \frac{3}{6}", r"$-\frac36$", r"−3/6", r"\displaystyle -\dfrac{3}{6}"],
        ["4.20", r"\left(4.20\right)", "$4.20$"],
        [r"1{,}512", "1,512", r"1\,512", "१५१२"],
        [r"4.2\,\times\,10^{3}", r"4.2 × 10^3", r"4.2\cdot 10^{3}"],
        [r"T\,=\,42", "T = 42", "$T=42$"],
        ["one thousand, nine hundred eighty-three", r"\text{one thousand nine hundred and eighty-three}"],
    ],
)
def test_one_form_has_one_reading_in_every_spelling(spellings: list[str]) -> None:
    readings = [read_answer(spelling) for spelling in spellings]
    assert len({reading.tree for reading in readings if reading is not None}) == 1
    assert None not in readings


@pytest.mark.parametrize(
    ("one", "other"),
    [("4.20", "4.2"), (r"\frac{3}{6}", r"\frac12"), ("1+1", "2"), (r"\frac12=\frac36", r"\frac12"), ("42", "T=42")],
)
def test_equal_values_in_other_forms_have_other_readings(one: str, other: str) -> None:
    first, second = read_answer(one), read_answer(other)
    assert first is not None
    assert second is not None
    assert first.tree != second.tree


def test_tokens_keep_the_spelling_of_a_number_and_tell_words_from_digits() -> None:
    digits, words = read_answer("007"), read_answer(r"\text{forty-two}")
    assert digits is not None
    assert words is not None
    assert [token.text for token in digits.tokens] == ["007"]
    assert [token.kind for token in words.tokens] == ["word"]


@pytest.mark.parametrize("content", ["", "(", r"\frac{1}", "9" * 3000, "(" * 100 + "1" + ")" * 100])
def test_what_is_no_answer_has_no_reading(content: str) -> None:
    assert read_answer(content) is None

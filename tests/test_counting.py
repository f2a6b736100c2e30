"""Laws of counting: one is one, and any other number is several."""

from hypothesis import given
from hypothesis import strategies as st

from mathif.counting import counted


@given(st.integers(0, 10**6), st.sampled_from([("reply", "replies"), ("row", "rows"), ("day", "days")]))
def test_only_one_is_counted_in_the_singular(number: int, noun: tuple[str, str]) -> None:
    assert counted(number, noun[0]) == f"{number} {noun[number != 1]}"


def test_what_does_not_follow_from_the_singular_is_given() -> None:
    assert counted(1, "entry holds", "entries hold") == "1 entry holds"
    assert counted(0, "entry holds", "entries hold") == "0 entries hold"

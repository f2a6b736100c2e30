"""Laws of rank ranges: they hold the rank that the data show, and the true one as often as they promise."""

from dataclasses import astuple
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mathif.stats import Standing, rank_ranges

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def answered(rng: Random, chances: list[float], problems: int, shared: float) -> list[Standing]:
    """Rows that answer the same problems, whose difficulty they share."""
    hard = {f"p{number}": rng.gauss(0, shared) for number in range(problems)}
    rows = []
    for chance in chances:
        found = {p: (float(rng.random() < min(1.0, max(0.0, chance + shift))), 1) for p, shift in hard.items()}
        rows.append(Standing(sum(hit for hit, _ in found.values()) / problems, problems, found))
    return rows


@given(SHARES, st.integers(1, 500))
def test_a_range_holds_the_observed_rank(shares: list[float], n: int) -> None:
    for share, found in zip(shares, rank_ranges([Standing(share, n) for share in shares]), strict=True):
        better = sum(other > share for other in shares)
        worse = sum(other < share for other in shares)
        assert found.best <= 1 + better
        assert found.worst >= len(shares) - worse


def test_no_rows_have_no_ranks() -> None:
    assert rank_ranges([]) == []


def test_rows_far_apart_have_one_rank_each() -> None:
    rows = [Standing(share, 400) for share in (0.9, 0.5, 0.1)]
    assert [astuple(one) for one in rank_ranges(rows)] == [(1, 1), (2, 2), (3, 3)]


def test_rows_that_answered_alike_share_every_rank() -> None:
    same = {f"p{number}": (float(number % 2), 1) for number in range(100)}
    rows = [Standing(0.5, 100, same) for _ in range(3)]
    assert [astuple(one) for one in rank_ranges(rows)] == [(1, 3)] * 3


def test_pairing_by_problem_tells_rows_apart_that_their_shares_alone_do_not() -> None:
    first = {f"p{number}": (float(number < 60), 1) for number in range(100)}
    second = {f"p{number}": (float(number < 50), 1) for number in range(100)}
    paired = rank_ranges([Standing(0.6, 100, first), Standing(0.5, 100, second)])
    alone = rank_ranges([Standing(0.6, 100), Standing(0.5, 100)])
    assert [astuple(one) for one in paired] == [(1, 1), (2, 2)]
    assert [astuple(one) for one in alone] == [(1, 2), (1, 2)]


def test_a_range_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = answered(Random(1), [0.7, 0.6, 0.5, 0.3], 120, 0.2)
    assert rank_ranges(rows[::-1])[::-1] == rank_ranges(rows)


def test_the_true_rank_is_in_the_range_at_least_as_often_as_promised() -> None:
    rng = Random(0)
    chances = [0.62, 0.58, 0.55, 0.5, 0.42]
    trials, held = 60, [0] * len(chances)
    for _ in range(trials):
        for place, found in enumerate(rank_ranges(answered(rng, chances, 150, 0.2))):
            held[place] += found.best <= place + 1 <= found.worst
    assert all(count >= 0.9 * trials for count in held)

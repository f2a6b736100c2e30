"""Laws of recuts: a lower limit cuts what went on beyond it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mathif.errors import DataError, UsageError
from mathif.records import State
from mathif.report import summarize
from mathif.report.recuts import recut, recuts
from tests.worlds import World

ROWS = World(problems=60, samples=2, length=-0.3).rows(1, ("constrained", "plain"))


def test_a_recut_is_the_report_that_the_lower_limit_would_have_given() -> None:
    limit = 1000
    given = [recut(row, limit) for row in ROWS]
    assert all(row.cut is ((before.completion_tokens or 0) > limit) for row, before in zip(given, ROWS, strict=True))
    [found] = [one for one in recuts(ROWS, [limit]) if one.arm == "constrained"]
    overall = next(iter(summarize(given).profiles.values())).arms["constrained"].overall
    assert (found.hacc, found.acc, found.truncated) == (overall.hacc, overall.acc, overall.truncated)


def test_lower_limits_cut_more_and_a_limit_above_every_reply_cuts_nothing() -> None:
    found = [one for one in recuts(ROWS, [10**7, 300, 1000]) if one.arm == "constrained"]
    assert [one.limit for one in found] == [300, 1000, 10**7]
    assert found[0].truncated > found[1].truncated > found[2].truncated == 0
    assert (found[0].hacc.value or 0) < (found[1].hacc.value or 0) < (found[2].hacc.value or 0)


def test_a_reply_that_was_still_thinking_at_the_limit_stays_open() -> None:
    [row] = [row for row in ROWS if row.cot_tokens == max(row.cot_tokens or 0 for row in ROWS)][:1]
    assert recut(row, 100).state is State.OPEN
    assert recut(row, 100).cot_tokens == 100
    assert recut(replace(row, cot_tokens=50), 100).state is State.CLOSED


def test_limits_and_lengths_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError, match="above 0"):
        list(recuts(ROWS, [0]))
    with pytest.raises(DataError, match="completion_tokens are unknown"):
        list(recuts([replace(ROWS[0], completion_tokens=None)], [100]))

"""Laws of the graded row: what is written is what is read, and nothing else is read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.errors import DataError
from mathif.records import Finish, Graded, Outcome, Profile, Span, State, Verdict

verdicts = st.builds(
    Verdict,
    st.sampled_from(Outcome),
    st.text(max_size=5),
    st.lists(st.builds(Span, st.integers(0, 9), st.integers(9, 20)), max_size=2).map(tuple),
)


@st.composite
def graded_rows(draw: st.DrawFn) -> Graded:
    kinds = tuple(draw(st.lists(st.sampled_from(["a:b", "c:d"]), max_size=3)))
    outcomes = st.tuples(*[st.sampled_from(Outcome)] * len(kinds))
    return Graded(
        key="core/a@constrained#0",
        problem=draw(st.text(min_size=1, max_size=5)),
        source="core",
        tier=draw(st.none() | st.integers(1, 5)),
        arm="constrained",
        sample=draw(st.integers(0, 9)),
        state=draw(st.sampled_from(State)),
        finish=draw(st.sampled_from(Finish)),
        cot_tokens=draw(st.none() | st.integers(0, 10**6)),
        completion_tokens=draw(st.none() | st.integers(0, 10**6)),
        empty=draw(st.booleans()),
        kinds=kinds,
        answer=draw(verdicts),
        constraints={profile: draw(st.tuples(*[verdicts] * len(kinds))) for profile in Profile},
        loose={profile: draw(outcomes) for profile in Profile},
        floor={profile: draw(outcomes) for profile in Profile},
        targets=draw(st.tuples(*[st.sampled_from(["final", "thinking"])] * len(kinds))),
        elsewhere={profile: draw(st.tuples(*[verdicts] * len(kinds))) for profile in Profile},
        restated=tuple(draw(st.lists(st.just(Span(2, 5)), max_size=1))),
        spared={profile: draw(st.tuples(*[verdicts] * len(kinds))) for profile in Profile},
        thinking_chars=draw(st.none() | st.integers(0, 10**6)),
    )


@given(graded_rows())
def test_a_graded_row_survives_a_trip_through_json(row: Graded) -> None:
    assert Graded.from_json(json.loads(json.dumps(row.to_json()))) == row


def plain_row() -> dict[str, Any]:
    passed = {"mathif": ["pass"], "upstream": ["pass"]}
    return {
        "key": "core/a@plain#0",
        "problem": "a",
        "source": "core",
        "tier": 1,
        "arm": "plain",
        "sample": 0,
        "state": "closed",
        "finish": "stop",
        "cot_tokens": 5,
        "completion_tokens": 9,
        "empty": False,
        "kinds": ["a:b"],
        "answer": {"outcome": "pass"},
        "constraints": {"mathif": [{"outcome": "pass"}], "upstream": [{"outcome": "pass"}]},
        "loose": passed,
        "floor": passed,
    }


@pytest.mark.parametrize(
    "edit",
    [
        {"extra": 1},
        {"state": "shut"},
        {"finish": None},
        {"cot_tokens": "5"},
        {"cot_tokens": True},
        {"empty": 0},
        {"answer": {}},
        {"answer": None},
        {"constraints": {"mathif": [], "upstream": []}},
        {"loose": {"mathif": ["pass"]}},
        {"floor": {"mathif": ["yes"], "upstream": ["pass"]}},
        {"constraints": {"house": [{"outcome": "pass"}]}},
    ],
)
def test_a_row_that_is_not_what_was_written_is_refused(edit: dict[str, Any]) -> None:
    assert Graded.from_json(plain_row())
    with pytest.raises(DataError):
        Graded.from_json(plain_row() | edit)


def test_a_row_with_a_field_missing_is_refused() -> None:
    row = plain_row()
    del row["floor"]
    with pytest.raises(DataError, match="floor"):
        Graded.from_json(row)

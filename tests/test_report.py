"""Laws of the report: what is counted, where, and that nothing is lost or counted twice."""

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif.errors import DataError
from mathif.records import WITHHELD, Finish, Graded, Outcome, Profile, State, Verdict
from mathif.report import summarize
from mathif.results import METRICS
from mathif.screen import screen
from mathif.tables import markdown
from tests.plain import stored
from tests.worlds import World, shuffled

ARMS = ("constrained", "plain")


@pytest.fixture(scope="module")
def rows() -> list[Graded]:
    return World(problems=30, samples=3, difficulty=1.0, limit=6000).rows(7, ARMS, (0, 1, 2))


@pytest.fixture(scope="module")
def report(rows: list[Graded]) -> dict[str, Any]:
    return stored(summarize(rows))


def arm(report: dict[str, Any], name: str = "constrained") -> dict[str, Any]:
    figures: dict[str, Any] = report["profiles"]["mathif"]["arms"][name]
    return figures


def same_verdict(row: Graded, outcome: Outcome) -> Graded:
    """The row with every verdict replaced."""
    verdict, many = Verdict(outcome, "set by a test"), len(row.kinds)
    return replace(
        row,
        answer=verdict,
        constraints=dict.fromkeys(Profile, (verdict,) * many),
        loose=dict.fromkeys(Profile, (outcome,) * many),
    )


def test_the_order_of_the_rows_changes_no_byte(rows: list[Graded], report: dict[str, Any]) -> None:
    for seed in range(3):
        assert json.dumps(stored(summarize(shuffled(rows, seed)))) == json.dumps(report)


def test_no_rows_give_a_report_without_profiles() -> None:
    assert stored(summarize([])) == {
        "schema": 1,
        "rows": 0,
        "errors": 0,
        "complete": True,
        "profiles": {},
        "graders": {},
    }


@pytest.mark.parametrize(("outcome", "value"), [(Outcome.PASS, 1.0), (Outcome.FAIL, 0.0)])
def test_perfect_and_contrary_replies_score_one_and_zero(rows: list[Graded], outcome: Outcome, value: float) -> None:
    whole = [replace(row, state=State.CLOSED, finish=Finish.STOP) for row in rows]
    overall = arm(stored(summarize(same_verdict(row, outcome) for row in whole)))["overall"]
    assert [overall[metric]["value"] for metric in (row.key for row in METRICS)] == [value] * 4
    assert all(overall[metric]["low"] < overall[metric]["high"] for metric in (row.key for row in METRICS))


@pytest.mark.parametrize("finish", sorted(WITHHELD))
def test_a_withheld_reply_counts_as_not_obeyed_is_shown_and_has_no_length(rows: list[Graded], finish: Finish) -> None:
    asked = [row for row in rows if row.arm == "constrained"]
    whole = [replace(row, state=State.CLOSED, finish=Finish.STOP, empty=False) for row in asked]
    passed = [same_verdict(row, Outcome.PASS) for row in whole]
    some = [replace(row, state=State.ABSENT, finish=finish, empty=True) if row.sample == 0 else row for row in passed]
    report = stored(summarize(some))
    figures = arm(report)
    kept = sum(row.sample > 0 for row in some) / len(some)
    assert report["complete"]
    assert [figures["overall"][metric]["value"] for metric in (row.key for row in METRICS)] == pytest.approx([kept] * 4)
    assert figures["outcomes"][finish] == len(some) - figures["outcomes"]["answered"] > 0
    assert figures["by_length"]["unknown"] == figures["outcomes"][finish]


def test_an_ungraded_verdict_stays_in_the_denominator_and_is_counted(rows: list[Graded]) -> None:
    whole = [replace(row, state=State.CLOSED, finish=Finish.STOP) for row in rows if row.arm == "constrained"]
    half = [same_verdict(row, (Outcome.PASS, Outcome.UNGRADED)[row.sample % 2]) for row in whole if row.sample < 2]
    figures = arm(stored(summarize(half)))
    assert figures["overall"]["acc"]["value"] == 0.5
    assert figures["overall"]["hacc"]["value"] == 0.5
    assert figures["overall"]["ungraded"] == {"answers": 90, "constraints": 90}
    assert figures["outcomes"]["ungraded"] == 90
    assert sum(kind["ungraded"] for kind in figures["by_kind"].values()) == 90


def test_items_without_constraints_count_for_acc_only(report: dict[str, Any]) -> None:
    none = arm(report)["by_constraints"]["0"]
    assert [none[metric]["n"] for metric in (row.key for row in METRICS)] == [0, 0, 90, 0]
    assert none["hacc"]["value"] is None
    assert none["hacc"]["reason"]
    overall = arm(report)["overall"]
    assert [overall[metric]["n"] for metric in (row.key for row in METRICS)] == [180, 180, 270, 180]


def test_a_failure_of_the_harness_is_in_no_figure_and_makes_the_report_incomplete(rows: list[Graded]) -> None:
    kept = [row for row in rows if row.sample > 0]
    failed = [replace(row, finish=Finish.ERROR) if row.sample == 0 else row for row in rows]
    broken, whole = stored(summarize(failed)), stored(summarize(kept))
    assert not broken["complete"]
    assert whole["complete"]
    assert broken["errors"] == len(rows) - len(kept)
    assert arm(broken)["overall"] == arm(whole)["overall"]
    assert arm(broken)["by_kind"] == arm(whole)["by_kind"]
    assert arm(broken)["outcomes"]["error"] == 90


@pytest.mark.parametrize("cut", [{"state": State.OPEN}, {"finish": Finish.LENGTH}])
def test_a_truncated_reply_fails_in_the_headline_and_is_left_out_beside_it(rows: list[Graded], cut: Any) -> None:
    passed = [replace(same_verdict(row, Outcome.PASS), state=State.CLOSED, finish=Finish.STOP) for row in rows]
    figures = arm(stored(summarize(replace(row, **cut) if row.sample == 0 else row for row in passed)))
    assert figures["overall"]["hacc"]["value"] == pytest.approx(2 / 3)
    assert figures["overall"]["acc"]["value"] == pytest.approx(2 / 3)
    assert figures["without_truncated"]["hacc"]["value"] == 1
    assert figures["without_truncated"]["n"] == 180
    assert figures["overall"]["truncated"] == 90


def test_outcomes_add_up_to_the_replies_and_a_plain_reply_counts_once(report: dict[str, Any]) -> None:
    for name, replies in (("constrained", 270), ("plain", 90)):
        outcomes, overall = arm(report, name)["outcomes"], arm(report, name)["overall"]
        parts = ("answered", "open", "empty", "truncated", "error")
        assert sum(outcomes[part] for part in parts) == replies == overall["n"] == overall["acc"]["n"]
        assert outcomes["open"] > 0
        assert (overall["judged"], overall["hacc"]["n"]) == (270, 180)


@pytest.mark.parametrize("groups", ["by_source", "by_tier", "by_constraints"])
def test_groups_partition_the_replies(report: dict[str, Any], groups: str) -> None:
    figures = arm(report)
    parts = figures[groups].values()
    for count in ("n", "open", "truncated"):
        assert sum(part[count] for part in parts) == figures["overall"][count]
    right = sum(part["acc"]["value"] * part["acc"]["n"] for part in parts)
    assert right == pytest.approx(figures["overall"]["acc"]["value"] * 270)


@pytest.mark.parametrize("bins", ["edges", "equal_count"])
def test_bins_of_length_partition_the_replies_that_are_not_cut(report: dict[str, Any], bins: str) -> None:
    figures = arm(report)["by_length"]
    parts = figures[bins]
    assert all(before["high"] == after["low"] for before, after in pairwise(parts))
    assert sum(part["n"] for part in parts) == arm(report)["without_truncated"]["n"]
    assert figures["unknown"] == 0


def test_the_fixed_edges_double_and_hold_every_truncated_reply(report: dict[str, Any]) -> None:
    parts = arm(report)["by_length"]["edges"]
    assert [part["low"] for part in parts][:5] == [0, 256, 512, 1024, 2048]
    assert sum(part["truncated"] for part in parts) == arm(report)["overall"]["truncated"]


def test_replies_of_unknown_length_are_in_no_bin(rows: list[Graded]) -> None:
    figures = arm(stored(summarize(replace(row, cot_tokens=None) for row in rows)))["by_length"]
    assert figures == {"edges": [], "equal_count": [], "unknown": 270, "truncated": 0}


def test_the_floor_is_what_the_null_reply_scores(rows: list[Graded], report: dict[str, Any]) -> None:
    asked = [row for row in rows if row.arm == "constrained" and row.kinds]
    met = [all(outcome is Outcome.PASS for outcome in row.floor[Profile.MATHIF]) for row in asked]
    assert arm(report)["floor"]["hacc"]["value"] == sum(met) / len(met)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda row: row, "two graded rows"),
        (
            lambda row: replace(row, key=row.key + "1", constraints={Profile.MATHIF: row.constraints[Profile.MATHIF]}),
            "judged",
        ),
    ],
)
def test_rows_that_do_not_belong_together_are_refused(
    rows: list[Graded], edit: Callable[[Graded], Graded], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        stored(summarize([*rows, edit(rows[0])]))


def test_every_share_has_its_n_its_problems_and_an_interval_around_it(report: dict[str, Any]) -> None:
    def check(node: Any) -> int:
        if isinstance(node, list):
            return sum(map(check, node))
        if not isinstance(node, dict):
            return 0
        if "value" not in node:
            return sum(map(check, node.values()))
        assert node["n"] >= node["problems"]
        if node["value"] is None or node["low"] is None:
            assert node["reason"]
        else:
            assert node["low"] <= node["value"] <= node["high"]
        return 1

    assert check(report) > 400


@settings(max_examples=60)
@given(
    st.builds(
        World,
        problems=st.integers(1, 14),
        samples=st.integers(1, 3),
        difficulty=st.sampled_from([0.0, 1.0, 30.0]),
        length=st.sampled_from([0.0, 40.0, -40.0]),
        limit=st.sampled_from([1, 1000, 1 << 20]),
        spread=st.sampled_from([0.0, 1.0]),
        base=st.sampled_from([-40.0, 0.0, 40.0]),
    ),
    st.sampled_from([("constrained",), ("plain",), ARMS]),
    st.sampled_from([(0,), (1,), (0, 1, 2, 3), (2, 3)]),
)
def test_no_world_is_too_small_or_too_extreme_for_a_report(
    world: World, arms: tuple[str, ...], rungs: tuple[int, ...]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = summarize(world.rows(1, arms, rungs))
    assert json.dumps(stored(report), allow_nan=False)
    assert markdown(report)
    assert max(map(len, screen(report, 80).splitlines())) <= 80


@pytest.mark.parametrize(("many", "warned"), [(0.05, False), (0.5, True)])
def test_many_replies_that_look_like_unsplit_thinking_are_warned_of_by_what_they_begin_with(
    rows: list[Graded], many: float, warned: bool
) -> None:
    suspects = [replace(row, unsplit="<musing>") if place < many * len(rows) else row for place, row in enumerate(rows)]
    found = summarize(suspects).profiles[Profile.MATHIF]
    counted = sum(sum(figures.outcomes.unsplit.values()) for figures in found.arms.values())
    assert counted
    assert any("'<musing>'" in sentence for sentence in found.findings) is warned


def test_replies_whose_thinking_cannot_be_seen_are_counted_and_their_constraints_are_in_no_number(
    rows: list[Graded],
) -> None:
    own = [row for row in rows if row.arm == "constrained" and len(row.kinds) == 1]
    unseen = Verdict(Outcome.UNMEASURED, "there is no thinking to see")
    hidden = [
        replace(
            row,
            constraints=dict.fromkeys(Profile, (unseen,)),
            loose=dict.fromkeys(Profile, (Outcome.UNMEASURED,)),
            floor=dict.fromkeys(Profile, (Outcome.UNMEASURED,)),
        )
        for row in own[:4]
    ]
    figures = summarize([*hidden, *own[4:]]).profiles[Profile.MATHIF].arms["constrained"]
    assert figures.outcomes.unmeasured == len(hidden)
    assert figures.overall.hacc.n == len(own) - len(hidden)


def test_the_best_fixed_text_is_a_floor_where_every_item_has_one_and_none_where_one_lacks_it(
    rows: list[Graded],
) -> None:
    fixed = [replace(row, fixed=dict.fromkeys(Profile, (Outcome.PASS,) * len(row.kinds))) for row in rows]
    found = summarize(fixed).profiles[Profile.MATHIF].arms["constrained"].fixed
    assert found is not None
    assert found.hacc.value == found.sacc.value == 1
    lacking = [replace(fixed[0], fixed={}), *fixed[1:]] if fixed[0].kinds else [*fixed[:-1], rows[-1]]
    arms = summarize(lacking).profiles[Profile.MATHIF].arms
    assert any(arm.fixed is None for arm in arms.values())

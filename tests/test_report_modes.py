"""Laws of the arms that say how to think: what is kept, what is ignored, and what is compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mathif
from mathif.records import Graded, Outcome, Profile, Span, State, Verdict
from mathif.report import summarize
from mathif.results import Keeping, ModeKept, ProfileReport, read_report
from mathif.stats import column, fold
from mathif.wording.modes import of_modes, of_ways
from tests.plain import stored
from tests.tiny import write_task
from tests.worlds import World

SEED = 5
Change = Callable[[Graded, Random], Graded]


def asked(changes: dict[str, Change], problems: int = 40) -> list[Graded]:
    """Return the rows of a run whose replies in each arm are changed as told."""
    rng = Random(SEED)
    rows = World(problems=problems, samples=2).rows(SEED, tuple(changes))
    return [changes[row.arm](row, rng) for row in rows]


def figures(changes: dict[str, Change], problems: int = 40) -> ProfileReport:
    return summarize(asked(changes, problems)).profiles[Profile.MATHIF]


def kept(changes: dict[str, Change], problems: int = 40) -> dict[str, ModeKept]:
    return {one.arm: one for one in figures(changes, problems).modes}


def silent(row: Graded, rng: Random) -> Graded:
    return replace(row, state=State.ABSENT)


def thinking(tokens: int, spread: float = 0.2) -> Change:
    return lambda row, rng: replace(
        row, state=State.CLOSED, cot_tokens=max(1, round(tokens * 2 ** rng.gauss(0, spread)))
    )


def test_a_switch_that_works_is_kept_and_compared() -> None:
    found = figures({"thinking:on": thinking(500), "thinking:off": silent, "constrained": thinking(500)})
    assert [(one.arm, one.keeping) for one in found.modes] == [
        ("thinking:off", Keeping.KEPT),
        ("thinking:on", Keeping.KEPT),
    ]
    [gap] = found.gaps
    assert (gap.first, gap.second) == ("thinking:on", "thinking:off")
    assert gap.tokens.value is None
    assert gap.hacc.n == 80
    assert gap.hacc.value == pytest.approx((gap.won - gap.lost) / 80)
    assert gap.by_demand.keys() <= {"planning", "precision"}
    assert sum(one.n for one in gap.by_kind.values()) == sum(one.n for one in gap.by_demand.values()) == 80


def test_a_switch_that_is_ignored_is_called_that_and_not_compared() -> None:
    both_think = figures({"thinking:on": thinking(500), "thinking:off": thinking(500)})
    assert [one.keeping for one in both_think.modes] == [Keeping.IGNORED, Keeping.KEPT]
    assert both_think.gaps == ()
    [sentence] = of_modes(both_think)
    assert sentence.startswith("thinking:off was IGNORED: most replies think all the same")
    assert sentence.endswith("it is not compared.")


def test_a_switch_whose_thinking_nobody_shows_or_counts_is_ignored_only_where_the_engine_hides_nothing() -> None:
    def rendered(row: Graded, rng: Random) -> Graded:
        return replace(silent(row, rng), rendered=f"{row.arm}{row.problem}")

    for shown, keeping in ((silent, Keeping.UNKNOWN), (rendered, Keeping.IGNORED)):
        assert kept({"thinking:on": shown, "thinking:off": shown})["thinking:on"].keeping is keeping


def test_prompts_that_are_the_same_letter_for_letter_are_a_switch_that_is_ignored_whatever_the_replies_show() -> None:
    def shown(change: Change, digest: str) -> Change:
        return lambda row, rng: replace(change(row, rng), rendered=f"{digest}{row.problem}")

    same = kept({"thinking:on": shown(thinking(500), "a"), "thinking:off": shown(silent, "a")})
    assert {one.keeping for one in same.values()} == {Keeping.IGNORED}
    assert "the same prompts as in thinking:on" in same["thinking:off"].reason
    other = kept({"thinking:on": shown(thinking(500), "a"), "thinking:off": shown(silent, "b")})
    assert {one.keeping for one in other.values()} == {Keeping.KEPT}


def test_thinking_that_is_counted_and_not_shown_is_thinking() -> None:
    hidden = kept({"thinking:on": lambda row, rng: replace(thinking(500)(row, rng), thinking_chars=0)})
    assert hidden["thinking:on"].keeping is Keeping.KEPT
    assert hidden["thinking:on"].thinks.value == 1


@given(st.integers(1, 2000), st.floats(0, 1), st.integers(0, 2**32))
def test_the_share_of_budgets_kept_is_counted_and_few_kept_is_a_budget_that_is_ignored(
    budget: int, part: float, seed: int
) -> None:
    rng, arm = Random(seed), f"budget:{budget}"
    rows = [
        replace(row, cot_tokens=budget + (rng.random() >= part), state=State.CLOSED)
        for row in World(problems=20, samples=1, profiles=(Profile.MATHIF,)).rows(seed, (arm,))
    ]
    [found] = summarize(rows).profiles[Profile.MATHIF].modes
    share = sum((row.cot_tokens or 0) <= budget for row in rows) / len(rows)
    assert found.within is not None
    assert found.within.value == pytest.approx(share)
    assert found.keeping is (Keeping.KEPT if share >= 0.9 else Keeping.IGNORED)


def test_budgets_beside_each_other_are_compared_from_the_least_on() -> None:
    found = figures({f"budget:{size}": thinking(size // 2) for size in (400, 50, 1000)})
    assert [(gap.first, gap.second) for gap in found.gaps] == [
        ("budget:400", "budget:50"),
        ("budget:1000", "budget:400"),
    ]
    assert found.gaps[0].tokens.value == pytest.approx(8, rel=0.2)


def test_an_effort_is_kept_where_the_thinking_grows_with_it() -> None:
    grows = kept({"effort:high": thinking(900), "effort:low": thinking(300), "effort:medium": thinking(500)})
    assert list(grows) == ["effort:low", "effort:medium", "effort:high"]
    assert {one.keeping for one in grows.values()} == {Keeping.KEPT}
    same = kept({"effort:high": thinking(500), "effort:low": thinking(500)}, problems=200)
    assert {one.keeping for one in same.values()} == {Keeping.IGNORED}
    few = kept({"effort:high": thinking(500, 1.5), "effort:low": thinking(500, 1.5)}, problems=4)
    assert {one.keeping for one in few.values()} == {Keeping.UNKNOWN}
    alone = kept({"effort:high": thinking(500), "constrained": thinking(500)})
    assert alone["effort:high"].keeping is Keeping.UNKNOWN
    assert "ask another beside it" in alone["effort:high"].reason


def test_an_arm_that_shows_the_same_demands_in_another_way_is_set_against_constrained() -> None:
    arms = ("constrained", "repeat:3", "self-check", "turn:2", "shuffled", "thinking", "conflict", "plain")
    found = figures(dict.fromkeys(arms, thinking(500)))
    assert {(gap.first, gap.second) for gap in found.gaps} == {
        (arm, "constrained") for arm in ("repeat:3", "self-check", "turn:2")
    }
    told = of_ways(found)
    assert len(told) == 3
    assert all("is not shown to change" in one or "points" in one for one in told)
    assert set(told) <= set(found.findings)
    assert of_modes(found)[:-1] == []
    assert not figures({"repeat:3": thinking(500)}).gaps


def test_lengths_that_nobody_counted_prove_nothing() -> None:
    found = kept({"effort:low": lambda row, rng: replace(row, cot_tokens=None), "effort:high": thinking(500)})
    assert {one.keeping for one in found.values()} == {Keeping.UNKNOWN}
    assert found["effort:low"].tokens.value is None


def test_a_true_effect_of_thinking_is_found_with_its_sign() -> None:
    def obeying(chance: float, change: Change) -> Change:
        def changed(row: Graded, rng: Random) -> Graded:
            verdict = Verdict(Outcome.PASS) if rng.random() < chance else Verdict(Outcome.FAIL, "no", (Span(0, 1),))
            told = dict.fromkeys(Profile, (verdict,))
            return replace(change(row, rng), constraints=told, loose=dict.fromkeys(Profile, (verdict.outcome,)))

        return changed

    found = figures({"thinking:on": obeying(0.5, thinking(500)), "thinking:off": obeying(0.8, silent)}, problems=150)
    assert found.gaps[0].hacc.sign() == -1
    assert any("more thinking lowers the share that obeys every constraint" in said for said in of_modes(found))


def test_who_is_obeyed_in_a_conflict_is_told_by_the_order_of_the_demands() -> None:
    plan = {(True, False): 6, (False, True): 3, (False, False): 1}
    outcomes = [pair for pair, count in plan.items() for _ in range(count)]

    def judged(row: Graded, rng: Random) -> Graded:
        pair = outcomes[int(row.problem[1:]) % 10]
        verdicts = tuple(Verdict(Outcome.PASS if one else Outcome.FAIL, "" if one else "no") for one in pair)
        told = tuple(verdict.outcome for verdict in verdicts)
        floor = (Outcome.FAIL, Outcome.FAIL)
        return replace(
            row,
            kinds=("length:word_range", "punctuation:no_comma"),
            constraints=dict.fromkeys(Profile, verdicts),
            loose=dict.fromkeys(Profile, told),
            floor=dict.fromkeys(Profile, floor),
            thinking_chars=0 if pair == (False, False) else 9,
        )

    found = figures({"conflict": judged, "plain": judged})
    assert found.conflict is not None
    shares = [getattr(found.conflict, name).value for name in ("system", "user", "neither", "both")]
    assert shares == pytest.approx([0.6, 0.3, 0.1, 0])
    assert found.conflict.named.n == pytest.approx(0.9 * found.conflict.n)  # of thinking that is kept, nothing is known
    assert "conflict" not in found.claims
    assert found.effects["conflict"].lift is None
    assert any("the system alone is obeyed by 60.0 %" in said for said in found.findings)


def test_a_report_with_modes_and_a_conflict_survives_its_file(tmp_path: Path) -> None:
    changes = {"thinking:on": thinking(500), "thinking:off": silent, "budget:9": thinking(5)}
    report = summarize(asked(changes))
    (tmp_path / "report.json").write_text(json.dumps(stored(report)))
    assert read_report(tmp_path / "report.json") == report


def test_recorded_replies_of_a_server_that_ignored_the_switch_say_so_on_the_screen(tmp_path: Path) -> None:
    task = write_task(tmp_path / "tiny")
    rows = [
        {"item": item, "arm": arm, "response": "<think>We add and see.</think>The total is \\boxed{5}."}
        for item in ("sum.single", "sum.double", "half.single", "half.double")
        for arm in ("thinking:on", "thinking:off")
    ]
    replies = tmp_path / "replies.jsonl"
    replies.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = mathif.evaluate(f"file:{replies}", task=str(task), arms=("thinking:on", "thinking:off"), out=tmp_path / "run")
    text = (run.folder / "report.md").read_text(encoding="utf-8")
    assert "thinking:off was IGNORED" in text


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 9)), max_size=30))
def test_a_fold_turns_round_with_its_sides_and_is_one_between_the_same(rows: list[tuple[int, int, int]]) -> None:
    first, second, clusters = (column([row[side] for row in rows], int) for side in range(3))
    found, turned = fold(first, second, clusters), fold(second, first, clusters)
    if len(set(clusters.tolist())) < 2:
        assert found.value is turned.value is None
        return
    assert found.value is not None
    assert turned.value == pytest.approx(1 / found.value)
    assert turned.low == pytest.approx(1 / (found.high or 1))
    assert fold(first, first, clusters).value == pytest.approx(1)

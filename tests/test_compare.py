"""Laws of the comparison: pairs by key, differences known by hand, refusal where nothing may be compared."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mathif import store
from mathif.cli import cli
from mathif.compare import compare, markdown, terminal
from mathif.compare.pairing import open_side
from mathif.compare.steps import change
from mathif.errors import DataError, UsageError
from mathif.records import Finish, Graded, Outcome, Profile, State, Verdict
from mathif.stats import column
from mathif.tables import WIDTH
from tests.plain import stored
from tests.test_report_effects import judged, number
from tests.worlds import KINDS, World

ARMS = ("constrained", "plain")
PLAN = {
    "model": "mock:null",
    "tasks": ["world"],
    "arms": list(ARMS),
    "samples": 1,
    "sampling": {"seed": 0},
    "options": {},
}


def write_run(folder: Path, rows: list[Graded], graders: str = "0" * 64, **head: Any) -> Path:
    """A graded run whose verdicts are these."""
    folder.mkdir(parents=True)
    tasks = sorted({row.key.partition("/")[0] for row in rows})
    known = {
        "schema": 1,
        "mathif": "0",
        "plan": PLAN,
        "tasks": [{"name": task, "version": "1", "digest": f"{task:x<64}"} for task in tasks],
        "prompts": "1" * 64,
    }
    store.write_json(folder / "run.json", {**known, **head})
    store.write_json(folder / "report.json", {"graders": {"answer": graders}})
    store.write_text(folder / "verdicts.jsonl", "".join(store.line(row.to_json()) for row in rows))
    return folder


def world(seed: int = 5, rungs: tuple[int, ...] = (1,), **settings: Any) -> list[Graded]:
    return World(**{"problems": 40, "samples": 2, **settings}).rows(seed, ARMS, rungs)


@pytest.fixture
def pair(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Compare two lists of rows, written as runs; the comparison of the second with the first."""

    def compared(first: list[Graded], second: list[Graded]) -> dict[str, Any]:
        place = tmp_path / str(len(list(tmp_path.iterdir())))
        runs = [write_run(place / "a", first), write_run(place / "b", second)]
        found: dict[str, Any] = stored(compare(runs))["against"][0]
        return found

    return compared


def arm(found: dict[str, Any], name: str = "constrained") -> dict[str, Any]:
    figures: dict[str, Any] = found["profiles"]["mathif"]["arms"][name]
    return figures


def tuned(row: Graded, lost: int, *, right: bool = True) -> Graded:
    """In a run that obeys everything, the problems below `lost` are disobeyed where the constraint is shown."""
    return judged(row, [row.arm == "plain" or number(row) >= lost] * len(row.kinds), right)


def test_the_change_of_hand_made_runs_is_the_one_counted_by_hand(pair: Callable[..., dict[str, Any]]) -> None:
    rows = world(samples=1)
    first = [judged(row, [number(row) < 30], right=number(row) < 20) for row in rows]
    second = [judged(row, [8 <= number(row) < 34], right=True) for row in rows]
    found = arm(pair(first, second))["overall"]
    hacc = found["hacc"]
    assert (hacc["first"], hacc["second"], hacc["value"]) == (0.75, 0.65, pytest.approx(-0.1))
    assert (hacc["lost"], hacc["won"], hacc["worse"], hacc["better"]) == (8, 4, 8, 4)
    assert hacc["p"] == pytest.approx(2 * (1 + 12 + 66 + 220 + 495) / 2**12)
    assert hacc["low"] < -0.1 < hacc["high"]
    assert found["sacc"]["value"] == pytest.approx(-0.1)
    assert (found["acc"]["value"], found["acc"]["won"]) == (0.5, 20)
    assert found["joint"]["first"] == 0.5
    assert found["joint"]["value"] == pytest.approx(26 / 40 - 20 / 40)


def test_replies_to_one_problem_count_once_in_the_test() -> None:
    problems = column([0, 0, 0, 0, 1, 1, 2, 2], int)
    found = stored(change(column([1, 1, 1, 1, 0, 1, 0, 0], float), column([0, 0, 0, 1, 1, 0, 1, 0], float), problems))
    assert (found["lost"], found["won"]) == (4, 2)
    assert (found["worse"], found["better"]) == (1, 1)
    assert found["p"] == 1


def test_a_run_against_itself_changes_nothing(pair: Callable[..., dict[str, Any]]) -> None:
    rows = world(problems=60, samples=4, length=-0.4, limit=6000, rungs=(0, 1, 2))
    found = pair(rows, rows)
    assert found["differs"] == []
    for name in ARMS:
        figures = arm(found, name)
        for row in (*figures["overall"].values(), *figures["by_kind"].values(), *figures.get("lift", {}).values()):
            assert row["value"] == 0
            assert row["low"] < 0 < row["high"]
            assert row.get("lost", 0) == row.get("won", 0) == 0
            assert row.get("p", 1) == row.get("q", 1) == 1
        assert figures["dilution"]["change"]["value"] == pytest.approx(0, abs=1e-9)
        assert figures["dilution"]["change"]["low"] is None
    said = " ".join(found["profiles"]["mathif"]["findings"])
    assert not any(word in said for word in ("rises", "falls", "stronger", "does less", "worse"))


def test_the_comparison_the_other_way_round_is_the_same_with_the_sign_turned(
    pair: Callable[..., dict[str, Any]],
) -> None:
    first = world(problems=60, samples=4, length=-0.3, limit=6000)
    second = world(problems=60, samples=4, seed=6, length=-1.0, base=-0.2, limit=6000)
    second = [replace(theirs, problem=mine.problem) for mine, theirs in zip(first, second, strict=True)]
    there, back = pair(first, second), pair(second, first)
    for name in ARMS:
        mine, theirs = arm(there, name), arm(back, name)
        steps = [(mine[part][key], theirs[part][key]) for part in ("overall", "by_kind") for key in mine[part]]
        steps += [(mine["lift"][key], theirs["lift"][key]) for key in mine.get("lift", {})]
        steps += [(mine["dilution"]["change"], theirs["dilution"]["change"])]
        for step, turned in steps:
            ends = [step[end] for end in ("value", "low", "high")]
            assert ends == pytest.approx([-turned[end] for end in ("value", "high", "low")], abs=1e-6)
            assert (step.get("lost"), step.get("p")) == (turned.get("won"), turned.get("p"))
            assert step.get("q") == pytest.approx(turned.get("q"))


def test_lift_changes_by_the_difference_of_the_two_lifts(pair: Callable[..., dict[str, Any]]) -> None:
    rows = world(samples=1)
    first = [judged(row, [row.arm != "plain" or number(row) % 4 == 0]) for row in rows]
    second = [judged(row, [number(row) % 2 == 0 if row.arm != "plain" else number(row) % 4 < 2]) for row in rows]
    found = arm(pair(first, second))["lift"]["hacc"]
    assert (found["first"], found["second"]) == (0.75, 0.0)
    assert found["value"] == pytest.approx(-0.75)
    assert found["low"] < -0.75 < found["high"] < 0
    assert found["n"] == 40


def test_a_dilution_that_only_the_second_run_has_is_found(pair: Callable[..., dict[str, Any]]) -> None:
    first = world(problems=300, samples=4, length=0.0, difficulty=1.0)
    second = world(problems=300, samples=4, length=-1.0, difficulty=1.0)
    found = arm(pair(first, second))["dilution"]
    assert found["change"]["low"] < -1.0 < found["change"]["high"] < 0
    assert found["first"]["low"] < 0 < found["first"]["high"]


def test_rows_that_the_harness_failed_to_get_are_left_out_in_pairs_and_counted(
    pair: Callable[..., dict[str, Any]],
) -> None:
    rows = [judged(row, [True]) for row in world(samples=1)]
    first = [replace(row, finish=Finish.ERROR) if number(row) == 3 else row for row in rows]
    second = [replace(row, finish=Finish.ERROR) if number(row) in (3, 4) else row for row in rows]
    found = pair(first, second)
    assert found["left_out"] == {"only_first": 0, "only_second": 0, "errors": 4}
    assert (found["pairs"], arm(found)["n"]) == (76, 38)
    assert arm(found)["overall"]["hacc"]["value"] == 0


def test_truncated_replies_are_failures_and_the_figures_without_them_stand_beside(
    pair: Callable[..., dict[str, Any]],
) -> None:
    first = [judged(row, [True]) for row in world(samples=1)]
    second = [
        replace(row, state=State.OPEN, finish=Finish.LENGTH) if row.arm != "plain" and number(row) < 10 else row
        for row in first
    ]
    found = pair(first, second)
    figures = arm(found)
    assert figures["truncated"] == {"first": 0, "second": 10}
    assert figures["overall"]["hacc"]["value"] == -0.25
    assert (figures["without_truncated"]["hacc"]["value"], figures["without_truncated"]["hacc"]["n"]) == (0, 30)
    said = next(text for text in found["profiles"]["mathif"]["findings"] if "cut by the token limit" in text)
    assert "0 replies of the first run and 10 of the second" in said


def test_of_many_kinds_those_that_changed_by_chance_are_held_back(pair: Callable[..., dict[str, Any]]) -> None:
    """Twenty kinds: one lost by every problem, the others by what p = 0.03 alone would call a change in places."""
    rows = [row for row in world(problems=400, samples=1) if row.arm == "constrained"]
    kinds = [replace(row, kinds=(f"kind{number(row) % 20:02d}",)) for row in rows]
    first = [judged(row, [number(row) % 20 == 7 or number(row) // 20 >= 6]) for row in kinds]
    second = [
        judged(row, [number(row) % 20 != 7 and (number(row) // 20 >= 6 or number(row) % 20 == 3)]) for row in kinds
    ]
    found = pair(first, second)
    q = {kind: row["q"] for kind, row in arm(found)["by_kind"].items()}
    p = {kind: row["p"] for kind, row in arm(found)["by_kind"].items()}
    assert p["kind03"] == pytest.approx(2 / 2**6)
    assert q["kind03"] == pytest.approx(10 * p["kind03"])
    assert q["kind07"] == pytest.approx(20 * p["kind07"])
    assert q["kind07"] < 0.05
    said = next(text for text in found["profiles"]["mathif"]["findings"] if "kinds of constraints" in text)
    assert "1 of 20 kinds" in said
    assert "1 worse, namely kind07" in said
    assert "kind03" not in said


def test_by_kind_every_constraint_of_a_reply_is_compared(pair: Callable[..., dict[str, Any]]) -> None:
    rows = [row for row in world(samples=1, rungs=(2,)) if row.arm == "constrained"]
    first = [judged(row, [True, True]) for row in rows]
    second = [judged(row, [kind != KINDS[1] for kind in row.kinds]) for row in rows]
    kinds = arm(pair(first, second))["by_kind"]
    assert {kind: row["value"] for kind, row in kinds.items()} == {kind: -1.0 * (kind == KINDS[1]) for kind in KINDS}
    assert all(row["n"] == 20 for row in kinds.values())


def test_a_thinking_that_only_one_run_shows_is_no_pair(pair: Callable[..., dict[str, Any]]) -> None:
    rows = world()
    hidden = Verdict(Outcome.UNMEASURED, "no thinking")
    silent = [
        replace(row, constraints=dict.fromkeys(Profile, (hidden,))) if number(row) < 10 and row.arm != "plain" else row
        for row in rows
    ]
    for found in (pair(rows, silent), pair(silent, rows)):
        assert arm(found)["overall"]["acc"]["n"] == 80
        assert arm(found)["overall"]["hacc"]["n"] == arm(found)["lift"]["hacc"]["n"] == 60
        assert sum(kind["n"] for kind in arm(found)["by_kind"].values()) == 60
        assert arm(found)["overall"]["hacc"]["value"] == 0


def three_tasks(lost: dict[str, int]) -> list[Graded]:
    """Rows of core, knowledge and control; of each the first so many problems lose what the task is for."""
    rows = []
    for task, count in lost.items():
        for row in world(samples=1):
            named = replace(row, key=row.key.replace("world/", f"{task}/"))
            obeys = task != "control"
            rows.append(tuned(named, 0 if obeys else count, right=not obeys or number(row) >= count))
    return rows


def test_the_triangle_says_which_corner_was_lost_and_which_was_not(pair: Callable[..., dict[str, Any]]) -> None:
    found = pair(
        three_tasks({"core": 20, "knowledge": 2, "control": 0}), three_tasks({"core": 0, "knowledge": 2, "control": 15})
    )["profiles"]["mathif"]
    corners = found["triangle"]["corners"]
    assert {name: row["value"] for name, row in corners.items()} == {
        "knowledge": 0,
        "reasoning": 0.5,
        "obedience": -0.375,
    }
    assert "in sum: lost: obedience; gained: reasoning; not shown to change: knowledge." in found["findings"]
    under = found["triangle"]["under_mathematics"]
    assert under["value"] == pytest.approx(0.375)
    assert 0 < under["low"] < 0.375 < under["high"]
    assert any("better under mathematics" in sentence for sentence in found["findings"])
    apart = found["triangle"]["reasoning_against_knowledge"]
    assert apart["value"] == pytest.approx(0.5)
    assert 0 < apart["low"] < 0.5 < apart["high"]
    assert any("reasoning (core) fares better than in knowledge" in sentence for sentence in found["findings"])


def test_without_the_three_tasks_there_is_no_triangle(pair: Callable[..., dict[str, Any]]) -> None:
    rows = three_tasks({"core": 1, "knowledge": 1})
    found = pair(rows, rows)["profiles"]["mathif"]
    assert found["triangle"] is None
    assert set(found["arms"]["plain"]["by_task"]) == {"core", "knowledge"}


def test_each_later_run_is_compared_with_the_first(tmp_path: Path) -> None:
    runs = [
        write_run(tmp_path / name, [tuned(row, lost) for row in world(samples=1)])
        for name, lost in (("a", 0), ("b", 10), ("c", 20))
    ]
    found = stored(compare(runs))
    assert found["first"] == str(runs[0])
    assert [pair["second"] for pair in found["against"]] == [str(run) for run in runs[1:]]
    assert [arm(pair)["overall"]["hacc"]["value"] for pair in found["against"]] == [-0.25, -0.5]
    table = terminal(compare(runs)).partition("\n\n")[0]
    assert table.startswith(f"All runs against {runs[0].name}")
    assert "-25.0 [" in table
    assert "-50.0 [" in table


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("items", {"tasks": [{"name": "world", "version": "2", "digest": "f" * 64}]}, r"items of task 'world' differ"),
    ("tasks", {"tasks": [{"name": "moon", "version": "1", "digest": "f" * 64}]}, r"no task is in both \(world against"),
    ("prompts", {"prompts": "2" * 64}, r"their prompts differ, or cannot be shown to be"),
    ("graders", {"graders": "3" * 64}, r"graders differ \(answer\); grade both"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "head", "message"), REFUSED, ids=[what for what, *_ in REFUSED])
def test_runs_that_differ_in_what_was_asked_or_judged_are_refused_by_name(
    tmp_path: Path, what: str, head: dict[str, Any], message: str
) -> None:
    rows = world(problems=12)
    if what == "prompts":
        head = {**head, "tasks": [{"name": "core", "version": "1", "digest": "f" * 64}]}
        head["plan"] = {**PLAN, "tasks": ["core"]}
    shared = {"tasks": head["tasks"], "plan": head["plan"]} if what == "prompts" else {}
    first, second = write_run(tmp_path / "a", rows, **shared), write_run(tmp_path / "b", rows, **head)
    with pytest.raises(UsageError, match=message) as refused:
        compare([first, second])
    assert f"{first} and {second} cannot be compared" in str(refused.value)


def test_kinds_that_one_run_alone_has_drawn_for_itself_are_no_other_graders(tmp_path: Path) -> None:
    first, second = (write_run(tmp_path / name, world(problems=12)) for name in ("a", "b"))
    alike = compare([first, second])
    store.write_json(first / "report.json", {"graders": {"answer": "0" * 64, "length:words/mathif": "1" * 64}})
    assert compare([first, second]) == alike


def test_verdicts_of_one_key_on_other_constraints_are_refused(tmp_path: Path) -> None:
    rows = world(problems=12)
    other = [replace(rows[0], kinds=("length:words",)), *rows[1:]]
    with pytest.raises(UsageError, match=r"world/p0000-1@constrained#0: kinds .* against .*length:words"):
        compare([write_run(tmp_path / "a", rows), write_run(tmp_path / "b", other)])


def test_runs_without_a_common_reply_are_refused(tmp_path: Path) -> None:
    rows = world(problems=12)
    shown, plain = ([row for row in rows if row.arm == name] for name in ARMS)
    with pytest.raises(UsageError, match=r"no reply is in both \(arms constrained against plain"):
        compare([write_run(tmp_path / "a", shown), write_run(tmp_path / "b", plain)])


def test_a_run_that_is_not_graded_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a", world(problems=12))
    (folder / "report.json").unlink()
    with pytest.raises(DataError, match=r"finish the run with `mathif grade"):
        open_side(folder)


def test_arm_self_is_left_out_because_its_constraints_are_the_runs_own(tmp_path: Path) -> None:
    rows = world(problems=12)
    own = [replace(row, key=row.key.replace("@plain", "@self"), arm="self") for row in rows if row.arm == "plain"]
    assert {row.arm for row in open_side(write_run(tmp_path / "a", rows + own)).rows.values()} == set(ARMS)


def call(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], prog_name="mathif")


def test_the_command_compares_what_two_real_runs_share_and_writes_both_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def run(name: str, model: str, *flags: object) -> str:
        done = call("eval", "--model", model, "--task", "core", "--out", name, *flags)
        assert done.exit_code == 0, done.output
        return name

    base = run("base", "mock:witness", "--limit", 8)
    other = run("other", "mock:null", "--limit", 8, "--samples", 2, "--arms", "constrained,system,plain")
    done = call("compare", base, other, "--out", "found")
    assert done.exit_code == 0, done.output
    assert max(map(len, done.stdout.splitlines())) <= WIDTH
    assert "engine.model differs" in done.stdout
    found = json.loads((tmp_path / "found" / "compare.json").read_text())
    # what differs between any two runs, as the seals of their records do, is no setting
    assert {row["name"].partition(".")[0] for row in found["against"][0]["differs"]} == {"engine", "plan"}
    figures = found["against"][0]["profiles"]["mathif"]["arms"]
    assert set(figures) == set(ARMS)
    assert figures["plain"]["overall"]["acc"]["value"] == 0
    assert figures["constrained"]["overall"]["hacc"]["value"] < 0
    assert found["against"][0]["left_out"]["only_second"] > found["against"][0]["left_out"]["only_first"] == 0
    assert (tmp_path / "found" / "compare.md").read_text().startswith("# Comparison")
    assert call("compare", base).exit_code == 2


def test_the_text_shows_every_part_and_fits_the_terminal(tmp_path: Path) -> None:
    first, second = (three_tasks({"core": core, "knowledge": 2, "control": 5 + core}) for core in (20, 0))
    found = compare([write_run(tmp_path / "a", first), write_run(tmp_path / "b", second)])
    text, page = terminal(found), markdown(found)
    assert max(map(len, text.splitlines()[2:])) <= WIDTH
    for title in ("Knowledge, reasoning, obedience", "What changed", "Lift over", "What changed by kind, constrained"):
        assert title in text
        assert title in page
    assert all(f"### Profile `{profile.value}`" in page for profile in Profile)


def test_an_ungraded_verdict_counts_as_not_passed_in_both_runs(pair: Callable[..., dict[str, Any]]) -> None:
    first = [judged(row, [True]) for row in world(samples=1)]
    second = [replace(row, answer=replace(row.answer, outcome=Outcome.UNGRADED, reason="no grader")) for row in first]
    assert arm(pair(first, second))["overall"]["acc"]["value"] == -1


@pytest.mark.parametrize("width", [80, 200])
def test_the_text_takes_the_width_of_the_terminal_and_breaks_no_word(tmp_path: Path, width: int) -> None:
    found = compare([write_run(tmp_path / name, world(samples=samples)) for name, samples in (("a", 1), ("b", 2))])
    text = terminal(found, width)
    assert all(len(line) <= width for line in text.splitlines() if line.startswith(("- ", "  ")))
    assert set(text.split()) == set(terminal(found, 1000).split())
    assert "records." not in text


def test_a_run_that_thinks_longer_and_obeys_as_well_at_equal_length_is_told_from_one_that_obeys_less(
    pair: Callable[..., dict[str, Any]],
) -> None:
    """Length lowers obedience in both; the second run thinks twice as long, or obeys less at every length."""
    settings: dict[str, Any] = {"problems": 200, "samples": 4, "length": -0.6, "profiles": (Profile.MATHIF,)}
    first = world(**settings)
    fewer = world(seed=6, base=0.5 + settings["length"], **settings)
    doubled = [replace(row, cot_tokens=2 * (row.cot_tokens or 0)) for row in fewer]
    longer = arm(pair(first, doubled))
    assert longer["overall"]["hacc"]["high"] < 0
    assert longer["length"]["low"] < 2 < longer["length"]["high"]
    assert longer["at_equal_length"]["low"] < 0 < longer["at_equal_length"]["high"]
    less = arm(pair(first, world(seed=6, base=-0.5, **settings)))
    assert less["at_equal_length"]["high"] < 0


def test_two_runs_of_one_model_claim_a_change_no_more_often_than_they_promise(
    pair: Callable[..., dict[str, Any]],
) -> None:
    claimed = 0
    for seed in range(20):
        first, second = (world(seed=each, profiles=(Profile.MATHIF,)) for each in (seed, 100 + seed))
        found = pair(first, second)["profiles"]["mathif"]
        claimed += any(way for ways in found["claims"]["arms"].values() for way in ways.values())
    assert claimed <= 4  # of twenty at one in twenty, five or more are a chance of 1 in 400

"""Laws of shards: disjoint, balanced, the same on every machine; merged, they are the run that was never cut."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from mathif import api, store
from mathif.cli import cli
from mathif.errors import UsageError
from mathif.plan import Plan
from mathif.run import Run, dealt
from mathif.tasks import load
from tests.tiny import rewrite, rewrite_head, write_task

pytestmark = pytest.mark.usefixtures("without_pictures")
CORE = load("core").items


@given(st.integers(1, 12), st.none() | st.integers(1, 700))
def test_shards_are_disjoint_balanced_and_the_whole(count: int, limit: int | None) -> None:
    whole = dealt(Plan(limit=limit), CORE)
    shards = [dealt(Plan(limit=limit, shard=f"{number}/{count}"), CORE) for number in range(1, count + 1)]
    problems = [{item.problem.key for item in shard} for shard in shards]
    assert Counter(item.key for shard in shards for item in shard) == Counter(item.key for item in whole)
    assert sum(map(len, problems)) == len(set().union(*problems))
    assert max(map(len, problems)) - min(map(len, problems)) <= 1


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "1/0", "a/b", "-1/2", "1/2/3", "١/2"])
def test_a_shard_that_is_none_is_refused(shard: str) -> None:
    with pytest.raises(UsageError, match="--shard: found"):
        api.plan_of({"shard": shard})


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, words)), prog_name="mathif")


SHARDS = 3
PROBLEMS = [
    {"key": f"sum{number}", "question": f"What is {number} + 3?", "answer": str(number + 3), "source": "tiny"}
    for number in range(7)
]
NO_COMMA = {"kind": "punctuation:no_comma", "args": {}, "sentence": "Use no commas."}
ITEMS = [
    {"key": f"sum{number}.{rung}", "problem": f"sum{number}", "constraints": [NO_COMMA] * (rung == "single")}
    for number in range(7)
    for rung in ("none", "single")
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with arm `self`, and its shards, one of which was killed and went on."""
    here = tmp_path_factory.mktemp("shards")
    task = write_task(here / "tiny", problems=PROBLEMS, items=ITEMS)
    words = (
        "-m",
        "mock:both",
        "-t",
        task,
        "--arms",
        "plain,constrained,shuffled,self",
        "--samples",
        "2",
        "--seed",
        "5",
    )
    assert call("eval", *words, "--out", here / "whole").exit_code == 0
    for number in range(1, SHARDS + 1):
        assert (
            call("generate", *words, "--shard", f"{number}/{SHARDS}", "--out", here / f"part-{number}").exit_code == 0
        )
    part = here / "part-2"
    rewrite(part / "generations.jsonl", lambda rows: rows[:2])
    assert call("generate", "--resume", part).exit_code == 0
    return here


def parts(folder: Path) -> list[Path]:
    return [folder / f"part-{number}" for number in range(1, SHARDS + 1)]


def test_merged_shards_are_the_run_that_was_never_cut_to_the_byte(folder: Path, tmp_path: Path) -> None:
    done = call("merge", *reversed(parts(folder)), "--out", tmp_path / "merged")
    assert done.exit_code == 0, done.output
    for name in ("report.json", "report.md"):
        assert (tmp_path / "merged" / name).read_bytes() == (folder / "whole" / name).read_bytes()
    for name in ("generations.jsonl", "self.jsonl", "verdicts.jsonl"):
        mine, whole = ((place / name).read_bytes().splitlines() for place in (tmp_path / "merged", folder / "whole"))
        assert sorted(mine) == sorted(whole)
    assert "every reply is there already" in call("eval", "--resume", tmp_path / "merged").stderr
    spent_s = sum(Run(part).head["asked_s"] for part in parts(folder))
    assert Run(tmp_path / "merged").head["asked_s"] == pytest.approx(spent_s, abs=1e-3)


def test_a_merge_that_is_stopped_leaves_nothing_and_can_be_run_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(path: Path, value: object) -> None:
        assert not path.exists()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_json", stopped)  # at the very end, as the folder becomes a run
        done = call("merge", *parts(folder), "--out", tmp_path / "merged")
    assert (done.exit_code, done.stderr) == (3, "mathif: stopped; run the command again\n")
    assert not (tmp_path / "merged").exists()
    assert call("merge", *parts(folder), "--out", tmp_path / "merged").exit_code == 0


def test_a_missing_shard_is_named_and_can_be_asked_for_later(folder: Path, tmp_path: Path) -> None:
    two = [folder / "part-1", folder / "part-3"]
    refused = call("merge", *two, "--out", tmp_path / "merged")
    assert (refused.exit_code, "shard 2/3 is missing" in refused.stderr) == (2, True)
    assert not (tmp_path / "merged").exists()
    done = call("merge", *two, "--out", tmp_path / "merged", "--incomplete")
    assert done.exit_code == 0
    assert "shard 2/3 is missing" in done.stderr
    assert call("eval", "--resume", tmp_path / "merged").exit_code == 0
    assert (tmp_path / "merged" / "report.json").read_bytes() == (folder / "whole" / "report.json").read_bytes()


def head(name: str, value: Any) -> Callable[[Path], None]:
    def change(run: Path) -> None:
        rewrite_head(run, lambda known: {**known, name: value})

    return change


def plan(name: str, value: Any) -> Callable[[Path], None]:
    def change(run: Path) -> None:
        rewrite_head(run, lambda known: {**known, "plan": {**known["plan"], name: value}})

    return change


def damaged(run: Path) -> None:
    path = run / "generations.jsonl"
    path.write_bytes(path.read_bytes().replace(b"boxed{", b"boxed{1", 1))


def foreign(run: Path) -> None:
    rewrite(run / "generations.jsonl", lambda rows: [{**rows[0], "key": "tiny/nobody@plain#0"}, *rows[1:]])


REFUSED: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "other prompts": (head("prompts", "0" * 64), 2, "they differ in prompts"),
    "another engine": (head("engine", {"model": "other"}), 2, "they differ in the engine's engine"),
    "another version": (head("mathif", "9"), 2, "they differ in mathif"),
    "another seed": (plan("sampling", {"seed": 6}), 2, "they differ in sampling"),
    "more samples": (plan("samples", 3), 2, "they differ in samples"),
    "another cut": (plan("shard", "2/4"), 2, "they differ in shard"),
    "the same shard": (plan("shard", "1/3"), 2, "are both shard 1/3"),
    "a whole run": (plan("shard", None), 2, "is a whole run and no shard of one"),
    "a damaged reply": (damaged, 3, "the record was changed"),
    "a reply to nobody": (foreign, 3, "1 key is not of this run, first tiny/nobody@plain#0"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_shard_of_the_same_run_is_refused_by_name(folder: Path, tmp_path: Path, name: str) -> None:
    change, code, told = REFUSED[name]
    shutil.copytree(folder / "part-2", tmp_path / "part-2")
    change(tmp_path / "part-2")
    shards = [folder / "part-1", tmp_path / "part-2", folder / "part-3"]
    done = call("merge", *shards, "--out", tmp_path / "merged")
    assert (done.exit_code, told in done.stderr) == (code, True), done.output
    assert not (tmp_path / "merged").exists()


def test_shards_that_were_reached_in_other_ways_are_of_one_run(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "part-2", tmp_path / "part-2")
    Run(tmp_path / "part-2").change_ways({"concurrency": 3})
    done = call("merge", folder / "part-1", tmp_path / "part-2", folder / "part-3", "--out", tmp_path / "merged")
    assert done.exit_code == 0, done.output


def test_shards_that_ran_on_other_hardware_are_of_one_run_which_names_it_all(folder: Path, tmp_path: Path) -> None:
    for number, hardware in enumerate(("H100", "A100", "H100"), 1):
        part = shutil.copytree(folder / f"part-{number}", tmp_path / f"part-{number}")
        head("engine", {**Run(part).head["engine"], "hardware": hardware})(part)
    done = call("merge", *(tmp_path / f"part-{number}" for number in (1, 2, 3)), "--out", tmp_path / "merged")
    assert done.exit_code == 0, done.output
    assert Run(tmp_path / "merged").head["engine"]["hardware"] == "H100 and A100"


def test_a_shard_is_not_handed_in(folder: Path) -> None:
    part = folder / "part-1"
    assert call("grade", part).exit_code == call("report", part).exit_code == 0
    done = call("submit", part, "--board", folder / "board")
    assert done.exit_code == 5
    assert "is shard 1/3 of a run; merge it with the others first" in done.stderr

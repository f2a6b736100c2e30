"""Laws of damage: it is seen by name, nothing is built on it or put in place of better, and one command mends it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

import mathif
from mathif import run as runs
from mathif import store, tasks
from mathif.cli import cli
from mathif.engines import open_engine
from mathif.errors import DataError, EngineError, IncompleteError
from mathif.grading import graded
from mathif.items import Prompt
from mathif.records import Generation, Sampling
from mathif.run import Plan, Run, pool, stages
from mathif.run.head import read_head
from mathif.run.pool import graded_all
from mathif.shelf import shelf
from tests.fuzzing import attempt, prepared
from tests.submitting import Place, at, changed, leaves
from tests.tiny import rewrite, rewrite_head, write_task

pytestmark = pytest.mark.usefixtures("without_pictures")


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, words)), prog_name="mathif")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with arm `self`."""
    here = tmp_path_factory.mktemp("whole")
    task = write_task(here / "tiny")
    done = call("eval", "-m", "mock:null", "-t", task, "--arms", "plain,constrained,self", "--out", here / "run")
    assert done.exit_code == 0, done.output
    return here / "run"


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    shutil.copytree(whole, tmp_path / "run")
    return tmp_path / "run"


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def alter(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(lines(path))))


def swapped(number: int, old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    def change(rows: list[bytes]) -> list[bytes]:
        assert old in rows[number]
        return [*rows[:number], rows[number].replace(old, new, 1), *rows[number + 1 :]]

    return change


DAMAGED: dict[str, tuple[str, Callable[[list[bytes]], list[bytes]], str]] = {
    "verdicts deleted": ("verdicts.jsonl", lambda rows: rows[10:], "found 4 records, expected 14, first missing tiny/"),
    "verdicts emptied": ("verdicts.jsonl", lambda rows: [], "found 0 records, expected 14"),
    "an outcome flipped": (
        "verdicts.jsonl",
        swapped(3, b'"pass"', b'"fail"'),
        "verdicts.jsonl:4: the record was",
    ),
    "verdicts exchanged": ("verdicts.jsonl", lambda rows: rows[::-1], "its 14 records are not those that were written"),
    "a digit in a reply": ("generations.jsonl", swapped(1, b"boxed{", b"boxed{1"), "generations.jsonl:2: tiny/"),
    "a reply deleted": (
        "generations.jsonl",
        lambda rows: rows[1:],
        "found 9 records, expected 10",
    ),
    "every reply deleted": ("generations.jsonl", lambda rows: [], "found 0 records, expected 10"),
    "a drawing changed": ("self.jsonl", swapped(0, b'"args"', b'"arms"'), "self.jsonl:1: the record was changed"),
    "a drawing deleted": ("self.jsonl", lambda rows: rows[:-1], "self.jsonl: found 3 records, expected 4"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_named_and_the_command_that_is_named_mends_it(folder: Path, name: str) -> None:
    file, change, told = DAMAGED[name]
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    alter(folder / file, change)
    command = "report" if file == "verdicts.jsonl" else "grade"
    done = call(command, folder)
    assert done.exit_code == 3, done.output
    assert re.search(told, done.stderr), done.stderr
    assert call("submit", folder, "--board", folder.parent / "board").exit_code == 3
    assert not (folder.parent / "board").exists()
    untouched = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != file}
    assert untouched == {other: data for other, data in before.items() if other != file}
    mended = re.search(r"mathif (grade|eval --resume) (\S+)\n$", done.stderr)
    assert mended is not None, done.stderr
    assert call(*mended[1].split(), mended[2]).exit_code == 0
    assert call("report", folder).exit_code == 0
    assert (folder / "report.json").read_bytes() == before["report.json"]
    for other in ("generations.jsonl", "self.jsonl", "verdicts.jsonl"):
        assert sorted(lines(folder / other)) == sorted(before[other].splitlines(keepends=True))


def test_what_is_damaged_is_set_aside_and_not_thrown_away(folder: Path) -> None:
    alter(folder / "generations.jsonl", swapped(1, b"boxed{", b"boxed{1"))
    damaged = lines(folder / "generations.jsonl")[1]
    done = call("eval", "--resume", folder)
    assert "1 such records were set aside in damaged.jsonl" in done.stderr
    assert lines(folder / "damaged.jsonl") == [damaged]


def test_a_record_that_is_no_reply_is_set_aside_and_its_reply_asked_for_again(folder: Path) -> None:
    path = folder / "generations.jsonl"
    first, *rest = lines(path)
    odd = sealed(folder, {**json.loads(first), "finish": 5})
    path.write_bytes(b"".join([odd, *rest]))
    done = call("eval", "--resume", folder)
    assert done.exit_code == 0, done.output
    assert "1 record of no reply, first " in done.stderr
    assert lines(folder / "damaged.jsonl") == [odd]
    assert sorted(lines(path)) == sorted([first, *rest])


def test_exchanged_records_are_kept_with_a_warning(folder: Path) -> None:
    alter(folder / "generations.jsonl", lambda rows: rows[::-1])
    done = call("eval", "--resume", folder)
    assert done.exit_code == 0, done.output
    assert "records are not those that were written; they are kept as they are. If the file is another" in done.stderr


def test_a_run_that_has_lost_its_replies_is_not_removed_where_they_cannot_be_asked_for_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "generations.jsonl").write_bytes(b"")
    before = {path.name for path in folder.iterdir()}
    monkeypatch.setattr(stages, "open_engine", lambda *args: Throwing(open_engine(*args), "describe"))
    for _ in range(2):
        assert call("eval", "--resume", folder).exit_code == 4
        assert {path.name for path in folder.iterdir()} >= before
    monkeypatch.undo()
    assert call("eval", "--resume", folder).exit_code == 0


def other_run(folder: Path, **settings: Any) -> Path:
    """A run of the same prompts in every respect but these."""
    plan = Run(folder).plan
    run = Run.create(replace(plan, **settings), folder.parent / "other")
    runs.generate(run)
    return run.folder


FOREIGN: dict[str, Callable[[list[bytes], list[bytes]], list[bytes]]] = {
    "in the place of one": lambda mine, theirs: [*mine[:2], theirs[2], *mine[3:]],
    "after a kill": lambda mine, theirs: [*mine[:4], *theirs[4:]],
    "all": lambda mine, theirs: theirs,
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("settings", [{"model": "mock:both"}, {"sampling": Sampling(temperature=0.9)}], ids=str)
def test_the_replies_of_another_run_are_named_set_aside_and_asked_for_again(
    folder: Path, name: str, settings: dict[str, Any]
) -> None:
    before, report = lines(folder / "generations.jsonl"), (folder / "report.json").read_bytes()
    theirs = lines(other_run(folder, **settings) / "generations.jsonl")
    if name == "after a kill":  # then the head was not told of the last records
        rewrite(folder / "generations.jsonl", lambda rows: rows[:4])
    strange = FOREIGN[name](before, theirs)
    (folder / "generations.jsonl").write_bytes(b"".join(strange))
    for command in (["grade"], ["report"], ["submit", "--board", folder.parent / "board"]):
        done = call(*command, folder)
        assert done.exit_code == 3
        assert "or is another run's" in done.stderr
        assert f"mathif eval --resume {folder}\n" in done.stderr
    assert call("eval", "--resume", folder).exit_code == 0
    assert sorted(lines(folder / "generations.jsonl")) == sorted(before)
    assert sorted(lines(folder / "damaged.jsonl")) == sorted(set(strange) - set(before))
    assert (folder / "report.json").read_bytes() == report


def without(row: dict[str, Any], place: Place) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(row))
    del at(copy, place[:-1])[place[-1]]
    return copy


def with_other(row: dict[str, Any], place: Place) -> dict[str, Any]:
    return changed(row, place, [at(row, place), "other"])


@pytest.mark.parametrize("change", [without, with_other])
def test_whatever_is_changed_in_the_head_of_a_run_is_seen(
    folder: Path, change: Callable[[dict[str, Any], Place], dict[str, Any]]
) -> None:
    head = {**store.read_json(folder / "run.json")}
    places = leaves(head)
    assert len(places) > 40
    for place in places:
        store.write_json(folder / "run.json", change(head, place))
        with pytest.raises(DataError, match=r"run\.json: |another run's"):
            assert Run(folder).replies


def test_a_setting_that_was_changed_is_refused_by_every_stage_with_the_way_to_ask_what_it_says(folder: Path) -> None:
    path = folder / "run.json"
    path.write_text(re.sub(r'"temperature": [\d.]+', '"temperature": 0.7', path.read_text()))
    mend = f"mathif eval --config {path} --out NEW"
    for command in (["grade"], ["report"], ["eval", "--resume"], ["export", "--to", "csv"], ["submit"]):
        done = call(*command, folder)
        assert done.exit_code == 3
        assert f"{path}: was changed since it was written" in done.stderr
        assert mend in done.stderr
    assert call(*mend.split()[1:-1], folder.parent / "new").exit_code == 0
    assert Run(folder.parent / "new").plan.sampling.temperature == 0.7


def test_how_the_head_is_laid_out_makes_no_difference(folder: Path) -> None:
    head = store.read_json(folder / "run.json")
    backwards = dict(reversed([*head.items()]))
    (folder / "run.json").write_text("\ufeff" + json.dumps(backwards).replace(", ", ",\r\n"))
    assert call("report", folder).exit_code == 0


def test_a_reply_to_a_lost_drawing_is_set_aside_with_it(folder: Path) -> None:
    key = json.loads(lines(folder / "self.jsonl")[0])["key"]
    alter(folder / "self.jsonl", swapped(0, b'"args"', b'"arms"'))
    assert call("eval", "--resume", folder).exit_code == 0
    assert [json.loads(row)["key"] for row in lines(folder / "damaged.jsonl")] == [key, key]


def unsealed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "crc32"}


def sealed(run: Path, row: dict[str, Any]) -> bytes:
    """The line of a reply, as the program itself would write it."""
    return store.seal(store.unsealed_line(unsealed(row)), read_head(run)["origin"]).line


def test_no_figure_is_read_from_the_report_of_another_run(folder: Path, tmp_path: Path) -> None:
    """Nor from one of verdicts that are no longer there."""
    own = (folder / "report.json").read_bytes()
    task = write_task(tmp_path / "tiny")
    done = call("eval", "-m", "mock:witness", "-t", task, "--arms", "constrained", "--out", tmp_path / "b")
    assert done.exit_code == 0, done.output
    (folder / "report.json").write_bytes((tmp_path / "b" / "report.json").read_bytes())
    assert "report.json: was changed" in shelf(folder)[0].state
    with pytest.raises(DataError, match=r"report\.json: was changed since it was written, .*: mathif report "):
        _ = mathif.open_run(folder).report
    assert "report.json: was changed" in call("compare", folder, folder).stderr
    assert call("report", folder).exit_code == 0
    assert (folder / "report.json").read_bytes() == own
    assert shelf(folder)[0].state == "complete"
    rewrite_head(folder, lambda head: {**head, "records": {**head["records"], "verdicts.jsonl": [1, "0"]}})
    assert "other verdicts than are there now" in shelf(folder)[0].state


def outdated(folder: Path) -> None:
    """Make a run folder one of an older program: no record has a seal, and the head knows none of them."""
    for path in folder.glob("*.jsonl"):
        path.write_text("".join(store.line(unsealed(json.loads(line))) for line in lines(path)))
    head = store.read_json(folder / "run.json")
    later = ("records", "report", "origin", "seal")
    store.write_json(folder / "run.json", {name: value for name, value in head.items() if name not in later})


def test_a_run_of_an_older_program_is_read_and_sealed_as_it_goes_on(folder: Path) -> None:
    report = (folder / "report.json").read_bytes()
    outdated(folder)
    assert call("report", folder).exit_code == 0
    assert (folder / "report.json").read_bytes() == report
    alter(folder / "generations.jsonl", lambda rows: rows[:-2])
    for _ in range(2):
        assert call("eval", "--resume", folder).exit_code == 0
        assert (folder / "report.json").read_bytes() == report
    alter(folder / "generations.jsonl", lambda rows: rows[:-1])
    assert "expected 10" in call("grade", folder).stderr


def test_verdicts_are_not_overwritten_where_the_replies_of_an_older_run_are_gone(folder: Path) -> None:
    outdated(folder)
    (folder / "generations.jsonl").unlink()
    verdicts = (folder / "verdicts.jsonl").read_bytes()
    done = call("grade", folder)
    assert done.exit_code == 3
    assert "there are verdicts on them, which are kept" in done.stderr
    assert (folder / "verdicts.jsonl").read_bytes() == verdicts


def test_what_a_killed_grading_left_is_not_graded_on(folder: Path) -> None:
    verdicts = (folder / "verdicts.jsonl").read_bytes()
    (folder / "verdicts.jsonl.part").write_bytes(verdicts[:700])
    assert call("grade", folder).exit_code == 0
    assert (folder / "verdicts.jsonl").read_bytes() == verdicts
    assert not (folder / "verdicts.jsonl.part").exists()


@pytest.mark.parametrize(
    "name", ["report.json.part", "verdicts.jsonl.part", "report.html", ".lock", "generations.jsonl"]
)
def test_no_link_leads_out_of_a_foreign_run_folder(folder: Path, name: str) -> None:
    outside = folder.parent / "outside"
    outside.write_text("mine")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside)
    for words in (["grade"], ["report"], ["eval", "--resume"]):
        done = call(*words, folder)
        assert done.exit_code == 3
        assert "is a link" in done.stderr
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("out", ["file", "file/run", "/proc/nothing", "/dev/null"])
def test_an_out_where_nothing_can_be_written_is_one_sentence(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("")
    done = call("eval", "-m", "mock:null", "-t", write_task(tmp_path / "tiny"), "--out", tmp_path / out)
    assert done.exit_code in (2, 3)
    assert done.stderr.count("\n") == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_count_that_no_reply_has_is_refused(folder: Path) -> None:
    alter(folder / "generations.jsonl", lambda rows: [huge(folder, rows[0]), *rows[1:]])
    done = call("grade", folder)
    assert done.exit_code == 3
    assert "generations.jsonl" in done.stderr


def huge(run: Path, line: bytes) -> bytes:
    return sealed(run, {**json.loads(line), "reasoning_tokens": 10**30})


@pytest.mark.parametrize("name", ["../../evil", "a/b", "", ".hidden", "x\n"])
def test_a_task_whose_name_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    head = (write_task(tmp_path / "tiny") / "task.toml").read_text().replace('"tiny"', json.dumps(name))
    write_task(tmp_path / "tiny", head)
    with pytest.raises(DataError, match="found name"):
        tasks.load(str(tmp_path / "tiny"))


def test_a_probe_whose_name_leads_elsewhere_is_refused(folder: Path) -> None:
    done = call("probe", folder, "--name", "../../evil")
    assert done.exit_code == 2
    assert "--name: found '../../evil'" in done.stderr


class OddError(Exception):
    """An error that nobody listed."""


class Throwing:
    """Throws at one of its methods what no engine should."""

    def __init__(self, inner: Any, place: str) -> None:
        self.inner = inner
        self.place = place

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        if self.place == "describe":
            raise OddError("no words\nfor it")
        return dict(self.inner.describe(sampling))

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for count, generation in enumerate(self.inner.generate(prompts, sampling)):
            if self.place == "generate" and count == 2:
                raise OddError("no words\nfor it")
            yield generation

    def close(self) -> None:
        self.inner.close()


@pytest.mark.parametrize(("place", "kept"), [("open", 0), ("describe", 0), ("generate", 2)])
def test_whatever_an_engine_throws_is_its_error_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, kept: int
) -> None:
    def opened(*args: Any) -> Any:
        if place == "open":
            raise OddError("no words\nfor it")
        return Throwing(open_engine(*args), place)

    monkeypatch.setattr(stages, "open_engine", opened)
    run = Run.create(
        Plan("mock:null", (str(write_task(tmp_path / "tiny")),), ("plain", "constrained")), tmp_path / "run"
    )
    with pytest.raises(EngineError, match="the engine failed with OddError: no words for it"):
        runs.generate(run)
    assert run.folder.exists() is bool(kept)
    assert len(run.records) == kept


def test_a_killed_grading_process_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "ALONE", 0)
    monkeypatch.setattr(pool, "CHUNK", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda number: {0, 1})
    monkeypatch.setattr(pool, "_graded_chunk", killed)
    with pytest.raises(IncompleteError, match="a grading process ended before its time"):
        list(graded_all([pool.Job(None, [])] * 3, 3, graded))


def test_a_grading_process_that_is_killed_while_it_sends_is_the_same_sentence() -> None:
    here, there = Pipe()

    def end_early() -> None:
        there.recv()
        os.write(there.fileno(), (256).to_bytes(4, "big") + b"the first of 256 bytes")
        there.close()

    Thread(target=end_early, daemon=True).start()
    chunks: Any = iter([["a chunk"]])
    with pytest.raises(IncompleteError, match="a grading process ended before its time"):
        list(pool._dealt(chunks, [here]))


def test_what_grading_raises_in_another_process_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "ALONE", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda number: {0, 1})
    monkeypatch.setattr(pool, "_graded_chunk", failing)
    with pytest.raises(ValueError, match="no verdict") as raised:
        list(graded_all([pool.Job(None, [])], 1, graded))
    assert "in failing" in raised.value.__notes__[0]


def failing(*jobs: object) -> None:
    raise ValueError("no verdict")


def killed(*jobs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


SLOW = """
import signal, sys, time
from mathif.run import pool, stages
from mathif.cli import main
from mathif.engines import mock
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests run under nohup
pool.ALONE, pool.CHUNK = 0, 1
inner = mock.Mock.generate
def slow(self, prompts, sampling):
    for generation in inner(self, prompts, sampling):
        yield generation
        time.sleep(0.2)
mock.Mock.generate = slow
heard = stages.heard
def slowly(replies):
    for said in heard(replies):
        time.sleep(0.2)
        yield said
stages.heard = slowly
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_stage_that_is_ended_from_outside_names_the_line_that_goes_on_and_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    task = write_task(tmp_path / "tiny")
    (tmp_path / "slow.py").write_text(SLOW)
    run = tmp_path / "run"
    ask = ["generate", "-m", "mock:null", "-t", str(task), "--samples", "9", "--out", str(run)]
    grade = ["grade", str(run)]
    # so many replies that grading, which reads a few ahead, is at work long enough to be met there
    stopped = [(ask, "generations.jsonl", 8), (grade, "verdicts.jsonl.part", 1)][: 1 if number is signal.SIGHUP else 2]
    for words, file, least in stopped:
        child = subprocess.Popen([sys.executable, "slow.py", *words], stderr=subprocess.PIPE, text=True, cwd=tmp_path)
        until(lambda file=file, least=least: (run / file).exists() and len(lines(run / file)) >= least)  # type: ignore[misc]
        started = family(child.pid)
        child.send_signal(number)
        _, told = child.communicate(timeout=120)
        if number is not signal.SIGKILL:
            assert child.returncode == 3, told
            assert f"mathif eval --resume {run}" in told.splitlines()[-1]
            assert "Traceback" not in told
        until(lambda started=started: not any(map(alive, started)))  # type: ignore[misc]
    assert call("eval", "--resume", run).exit_code == 0


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2400):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def family(pid: int) -> list[int]:
    """The children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return list(map(int, found))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A task, two runs and an entry, whole."""
    here = tmp_path_factory.mktemp("fuzz") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "FOLDER", here / "tasks")
        prepared(here)
    return here


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def with_huge_number(path: Path) -> None:
    rows = [json.loads(line) for line in lines(path)]
    row = next(row for row in rows if any("frequency" in one["args"] for one in row["constraints"]))
    next(one for one in row["constraints"] if "frequency" in one["args"])["args"]["frequency"] = 10**40
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


DEEP = b"a = " + b"[" * 2000 + b"]" * 2000
BOARD = ("board", "--board", "board")
ODD: dict[str, tuple[str, Callable[[Path], object], tuple[str, ...], int, str]] = {
    "README of a board, not text": ("board/README.md", holding(b"\xff"), BOARD, 5, "no text in UTF-8"),
    "README of a board, a pipe": ("board/README.md", pipe, BOARD, 5, "not a plain file"),
    "published results, nested": ("board/published.toml", holding(DEEP), BOARD, 5, "cannot be read as TOML"),
    "published results, a pipe": ("board/published.toml", pipe, BOARD, 5, "not a plain file"),
    "a task, nested": ("tasks/tiny/task.toml", holding(DEEP), ("validate", "tasks/tiny"), 3, "not TOML"),
    "a bound, huge": ("tasks/tiny/items.jsonl", with_huge_number, ("validate", "tasks/tiny"), 3, "an integer below"),
    "a model, nested": ("about.toml", holding(DEEP), ("submit", "other", "--about", "about.toml"), 5, "as TOML"),
    "settings, nested": ("config.toml", holding(DEEP), ("eval", "--config", "config.toml"), 2, "not TOML"),
    "a head, cut": (
        "run/run.json",
        holding(b'{"a'),
        ("report", "run"),
        3,
        "put back a copy of it, or begin",
    ),
    "what a probe heard, of another shape": (
        "run/probes/probe/survival.jsonl",
        holding(b'{"a": 1}\n'),
        ("report", "run/probes/probe"),
        3,
        "survival.jsonl: a row cannot be read: 'key' is missing; grade it again: mathif grade run/probes/probe",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_file_of_its_kind_is_named_in_a_sentence_and_waited_for_by_nobody(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file, spoil, words, code, told = ODD[name]
    shutil.copytree(template, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tasks, "FOLDER", tmp_path / "here" / "tasks")
    monkeypatch.setattr("mathif.board.HOME", (("tiny",), None))
    spoil(Path(file))
    done = call(*words)
    assert (done.exit_code, done.stderr.count("mathif: ")) == (code, 1), done.output
    assert told in done.stderr
    assert file.rpartition("/")[2] in done.stderr


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_damaged_only_sentences_and_documented_exit_codes_come_of_it(
    template: Path, tmp_path: Path, seed: int
) -> None:
    attempt(template, tmp_path / "damaged", seed)


def test_a_signal_ends_with_the_documented_code_wherever_it_comes(tmp_path: Path) -> None:
    """Inside of `exec`, a plain `KeyboardInterrupt` would make `python -m` end by SIGINT, whatever became of it."""
    (tmp_path / "halting.py").write_text(
        "import sys, mathif.cli as program\n"
        "@program.cli.command()\n"
        "def halt(): exec('import os, signal; os.kill(os.getpid(), signal.SIGTERM); input()')\n"
        "sys.argv = ['mathif', 'halt']\n"
        "program.main()\n"
    )
    words = [sys.executable, "-m", "halting"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (3, "mathif: stopped; run the command again\n")


def test_a_stop_that_comes_where_python_drops_what_is_raised_stops_a_moment_later(tmp_path: Path) -> None:
    (tmp_path / "halting.py").write_text(
        "import os, signal, sys, mathif.cli as program\n"
        "class Dropping:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGTERM)\n"
        "@program.cli.command()\n"
        "def halt(): Dropping(); sys.stdin.read()\n"
        "sys.argv = ['mathif', 'halt']\n"
        "program.main()\n"
    )
    words = [sys.executable, "halting.py"]
    with subprocess.Popen(words, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as halting:
        assert halting.stderr
        assert (halting.stderr.read(), halting.wait()) == ("mathif: stopped; run the command again\n", 3)

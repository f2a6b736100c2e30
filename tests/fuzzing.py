"""Folders of runs and tasks, and entries, damaged at random: only sentences and documented exit codes may come of it.

A few seeds run with the tests. Many run by hand, and a seed that fails is named and runs again alone:

    python -m tests.fuzzing --seeds 2000
    python -m tests.fuzzing --seed 17
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from mathif import tasks
from mathif.cli import cli
from tests.tiny import write_task

CODES = {0, 2, 3, 4, 5}
"""Every exit code that docs and README name."""
ODD: tuple[Any, ...] = (None, True, -1, 10**30, 1.5, "", "\ud800", "../../evil", [], [[]], {}, {"a": {}}, "x" * 3000)


def flip(data: bytes, rng: Random) -> bytes:
    """One byte is another."""
    place = rng.randrange(max(1, len(data)))
    return data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]


def cut(data: bytes, rng: Random) -> bytes:
    """A part is missing."""
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:]


def double(data: bytes, rng: Random) -> bytes:
    """A line is there twice."""
    lines = data.splitlines(keepends=True)
    return data + rng.choice(lines) if lines else data


def shuffle(data: bytes, rng: Random) -> bytes:
    """The lines stand in another order."""
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def swap_value(data: bytes, rng: Random) -> bytes:
    """A value of a JSON text, or of one of its lines, is of another type."""
    try:
        return json.dumps(changed(json.loads(data), rng)).encode()
    except ValueError:
        lines = data.splitlines()
    try:
        place = rng.randrange(len(lines))
        lines[place] = json.dumps(changed(json.loads(lines[place]), rng)).encode()
    except ValueError:
        return data
    return b"\n".join([*lines, b""])


def changed(value: Any, rng: Random) -> Any:
    """The same JSON with one part of another type or size, or without it."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        name = rng.choice(list(value))
        if rng.random() < 0.2:
            return {key: part for key, part in value.items() if key != name}
        return {**value, name: changed(value[name], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        return [*value[:place], changed(value[place], rng), *value[place + 1 :]]
    return rng.choice(ODD)


DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (flip, cut, double, shuffle, swap_value, swap_value, swap_value)


def damage(folder: Path, rng: Random) -> str:
    """Damage one file of a folder; say how."""
    path = rng.choice(sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"))
    how = rng.randrange(len(DAMAGES) + 4)
    if how < len(DAMAGES):
        path.write_bytes(DAMAGES[how](path.read_bytes(), rng))
        return f"{path.name}: {DAMAGES[how].__name__}"
    path.unlink()
    if how == len(DAMAGES) + 1:
        path.mkdir()
    elif how == len(DAMAGES) + 2:
        path.symlink_to(folder.parent / "outside")
    elif how == len(DAMAGES) + 3:
        path.write_bytes(bytes(rng.randrange(256) for _ in range(100)))
    return f"{path.name}: replaced ({how - len(DAMAGES)})"


def commands(here: Path) -> list[list[str]]:
    run, probe = str(here / "run"), str(here / "run" / "probes" / "probe")
    board = str(here / "board")
    entry = str(next((here / "board" / "entries").iterdir(), "none"))
    return [
        ["report", run],
        ["grade", run],
        ["report", run],
        ["eval", "--resume", run],
        ["compare", run, str(here / "other")],
        ["export", run, "--to", "csv"],
        ["submit", run, "--board", board],
        ["verify", entry],
        ["board", "--board", board, "--check"],
        ["report", probe],
        ["grade", probe],
        ["probe", run],
        ["validate", str(here / "tasks" / "tiny")],
        ["eval", "--model", "mock:null", "--task", str(here / "tasks" / "tiny"), "--out", str(here / "new")],
    ]


def prepared(here: Path) -> None:
    """Make a task, two runs of it, one with a probe, and an entry."""
    write_task(here / "tasks" / "tiny")
    (here / "outside").write_text("untouched")
    for model, out in (("mock:both", "run"), ("mock:null", "other")):
        arms = "plain,constrained,self"
        call("eval", "--model", model, "--task", "tiny", "--arms", arms, "--out", str(here / out))
    call("probe", str(here / "run"), "--arms", "extend:2,truncate:0.5")
    call("submit", str(here / "other"), "--board", str(here / "board"))


def call(*words: str) -> None:
    done = CliRunner().invoke(cli, words, prog_name="mathif")
    assert done.exit_code == 0, done.output


def attempt(template: Path, here: Path, seed: int) -> None:
    """Damage a copy of a folder and run every command on it."""
    rng = Random(seed)
    shutil.copytree(template, here)
    told = [damage(here / rng.choice(["run", "run", "tasks", "board"]), rng) for _ in range(rng.randint(1, 2))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "FOLDER", here / "tasks")
        for words in rng.sample(commands(here), 5):
            done = CliRunner().invoke(cli, words, prog_name="mathif")
            where = f"seed {seed} ({'; '.join(told)}): mathif {' '.join(words)}"
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise AssertionError(where) from done.exception
            assert done.exit_code in CODES, f"{where}: exit code {done.exit_code}"
            assert done.exit_code == 0 or done.stderr.strip(), f"{where}: no sentence"
    assert (here / "outside").read_text() == "untouched", f"seed {seed}: wrote outside of the folder"


def main() -> None:
    """Run the seeds that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--seed", type=int)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        here = Path(folder)
        patch.setenv("MATHIF_CACHE", str(here / "cache"))
        patch.setattr(tasks, "FOLDER", here / "whole" / "tasks")
        prepared(here / "whole")
        failed = 0
        for seed in [said.seed] if said.seed is not None else range(said.seeds):
            try:
                attempt(here / "whole", here / f"seed-{seed}", seed)
            except AssertionError as error:
                failed += 1
                print(error, "--", repr(error.__cause__)[:300])
            shutil.rmtree(here / f"seed-{seed}", ignore_errors=True)
        print(f"{failed} of the seeds failed")


if __name__ == "__main__":
    main()

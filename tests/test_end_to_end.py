"""A real model from the command to the report: killed, stopped and resumed, and none the wiser."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mathif.cli import cli
from tests.tiny import ITEMS, PROBLEMS, write_task

pytest.importorskip("mathif.engines.llama", reason="the embedded engine is not installed (extra 'llama')")

SETTINGS = [
    "--model",
    "shallow.gguf",
    "--task",
    "tiny",
    "--arms",
    "plain,constrained",
    "--samples",
    "2",
    "--max-tokens",
    "8",
    "--concurrency",
    "2",
]
STRUCK = """
import os, signal, sys
sys.modules['mathif.charts'] = None  # pictures take half of the time
from mathif.cli import main
from mathif.engines.llama import Llama
number, after = int(sys.argv.pop(1)), 2
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background of a shell
inner = Llama.generate
def generate(self, prompts, sampling):
    for count, generation in enumerate(inner(self, prompts, sampling)):
        if count == after:
            os.kill(os.getpid(), number)
        yield generation
Llama.generate = generate
if __name__ == "__main__":
    main()
"""
"""The program, which gets a signal when two more replies are recorded."""


def struck(here: Path, number: int, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", STRUCK, str(number), "eval", *args]
    return subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)


def undisturbed(here: Path, *args: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        done = CliRunner().invoke(cli, ["eval", *args], prog_name="mathif")
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(folder: Path) -> list[bytes]:
    return (folder / "generations.jsonl").read_bytes().splitlines()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, shallow: str) -> Path:
    folder = tmp_path_factory.mktemp("here")
    (folder / "shallow.gguf").symlink_to(shallow)
    write_task(folder / "tiny", problems=PROBLEMS[:1], items=ITEMS[:3])
    return folder


@pytest.fixture(scope="module")
def whole(without_pictures: None, here: Path) -> str:
    """The report of a run that nothing disturbed."""
    assert "HAcc" in undisturbed(here, *SETTINGS, "--out", "whole")
    return (here / "whole" / "report.json").read_text()


def test_a_run_that_was_killed_and_then_stopped_from_the_keyboard_ends_in_the_same_report(
    here: Path, whole: str
) -> None:
    killed = struck(here, signal.SIGKILL, *SETTINGS, "--out", "run")
    assert killed.returncode == -signal.SIGKILL
    kept = rows(here / "run")
    assert len(kept) == 2
    stopped = struck(here, signal.SIGINT, "--resume", "run")
    assert stopped.returncode == 3
    assert "mathif eval --resume run" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert rows(here / "run")[:2] == kept
    assert 2 < len(rows(here / "run")) < len(rows(here / "whole"))
    undisturbed(here, "--resume", "run")
    assert rows(here / "run")[:2] == kept
    assert (here / "run" / "report.json").read_text() == whole


def test_every_reply_of_the_model_is_kept_with_its_token_counts(here: Path, whole: str) -> None:
    for row in map(json.loads, rows(here / "whole")):
        assert 0 < row["completion_tokens"] <= 8
        assert row["prompt_tokens"] > 10
        assert row["finish"] in ("stop", "length")

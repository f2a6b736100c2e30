"""Laws of the page on scale: its loop and its jobs are commands of the program, and a job that is put back goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "scale.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:bash|yaml)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with the program on its path."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mathif").write_text(f'#!/bin/sh\nexec {sys.executable} -m mathif "$@"\n')
    (tmp_path / "bin" / "mathif").chmod(0o755)
    return tmp_path


def bash(here: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{here / 'bin'}:{os.environ['PATH']}"
    root = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PATH": path, "PYTHONPATH": root, **variables}
    return subprocess.run(
        ["bash", "-c", script], cwd=here, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def block(text: str) -> str:
    [found] = [block for block in BLOCKS if text in block]
    return str(found)


def test_a_job_of_slurm_asks_its_shard_and_goes_on_with_it_when_it_is_put_back(here: Path) -> None:
    script = block("#SBATCH --array").replace("org/name --samples 8", "mock:null --limit 16")
    for _ in range(2):
        done = bash(here, script, SLURM_ARRAY_TASK_ID="3")
        assert done.returncode == 0, done.stderr
    assert "every reply is there already" in done.stderr
    assert '"shard": "3/8"' in (here / "part-3" / "run.json").read_text()


def test_a_job_of_kubernetes_asks_its_shard(here: Path) -> None:
    text = block("kind: Job")
    script = re.search(r"- \|\n(.*?)          resources", text, re.DOTALL)
    assert script is not None
    lines = script[1].replace("/runs/", "").replace("org/name --samples 8", "mock:null --limit 16")
    done = bash(here, "\n".join(line.strip() for line in lines.splitlines()), JOB_COMPLETION_INDEX="0")
    assert done.returncode == 0, done.stderr
    assert '"shard": "1/8"' in (here / "part-1" / "run.json").read_text()

"""Laws of the wheel: it stands on its own, away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MOVED = {"mathif/rewards/verifiers.py": "mathif_verifiers.py"}
"""What stands elsewhere in the wheel: verifiers looks for a package of this name."""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the wheel, built as an installer builds it."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_all_that_a_run_needs(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    program = (
        "import mathif, sys; assert mathif.__file__.startswith(sys.argv[1]), mathif.__file__\n"
        "run = mathif.evaluate('mock:witness', 'core', limit=4, out='run')\n"
        "assert run.report['profiles']['mathif']['arms']['constrained']['overall']['hacc']['value'] == 1\n"
        "assert (run.folder / 'report.html').stat().st_size > 10_000\n"
    )
    command = [sys.executable, "-c", program, str(unpacked)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_wheel_holds_every_file_of_the_package_and_every_task(unpacked: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "mathif", "tasks"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("this is no checkout, so that nothing says which files there are")
    for name in tracked.stdout.splitlines():
        place = MOVED.get(name, name if name.startswith("mathif/") else f"mathif/_{name}")
        assert (unpacked / place).is_file(), name

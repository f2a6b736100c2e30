"""Laws of what other packages bring: found in every process, named with its package, missed with its name.

The package is `examples/mathif-acrostics`, with the metadata that installing it would write.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mathif.constraints import KINDS
from mathif.errors import DataError
from mathif.problems import FAMILIES
from mathif.registry import Registry
from tests.tiny import ITEMS, TASK, write_task

PACKAGE = Path(__file__).parent.parent / "examples" / "mathif-acrostics"
KIND = "acrostics:first_lines"
DEMAND = {"kind": KIND, "args": {"word": "SUM"}, "sentence": "Begin with lines whose first letters spell SUM."}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the metadata of the package, as an installer writes it."""
    folder = tmp_path_factory.mktemp("site")
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    points = [f"[{group}]\n" + "".join(f"{name} = {module}\n" for name, module in of.items()) for group, of in groups]
    (info / "entry_points.txt").write_text("\n".join(points))
    return folder


def run(installed: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line, with the package where its metadata lie in `installed`."""
    paths = [PACKAGE, installed] if installed else []
    environment = {**os.environ, "COLUMNS": "200", "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-m", "mathif", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


TOLD = """
import json, sys
from click.testing import CliRunner
from mathif.cli import cli
done = [CliRunner().invoke(cli, words, prog_name="mathif") for words in json.loads(sys.argv[1])]
print(json.dumps([[one.stdout, one.stderr] for one in done]))
"""


def told(first: Path, installed: Path, *commands: list[str]) -> list[tuple[str, str]]:
    """What several commands say, one after the other in a process of which `first` is the first folder of packages."""
    environment = {**os.environ, "COLUMNS": "200", "PYTHONPATH": f"{first}{os.pathsep}{installed}"}
    command = [sys.executable, "-c", TOLD, json.dumps(commands)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return [(out, error) for out, error in json.loads(done.stdout)]


def write(folder: Path, head: str = TASK) -> Path:
    return write_task(folder, head, items=[ITEMS[0], {**ITEMS[1], "constraints": [DEMAND, *ITEMS[1]["constraints"]]}])


def test_a_kind_of_another_package_is_listed_with_its_package(installed: Path) -> None:
    asked = [["constraints"], ["constraints", KIND], ["constraints", "--markdown"]]
    (listed, _), (page, _), (markdown, _) = told(PACKAGE, installed, *asked)
    assert f"{len(KINDS) + 1} kinds" in listed
    [line] = [line for line in listed.splitlines() if line.startswith(KIND)]
    assert line.rstrip().endswith("mathif-acrostics 0.1.0")
    assert "of the package mathif-acrostics 0.1.0" in page
    assert markdown.startswith("# ")
    assert KIND not in markdown


def test_a_run_with_a_kind_of_another_package_says_which_package_it_needs(installed: Path, tmp_path: Path) -> None:
    task, folder = write(tmp_path / "task"), tmp_path / "run"
    done = run(installed, "eval", "--task", str(task), "--model", "mock:witness", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    head = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert head["packages"] == {KIND: "mathif-acrostics 0.1.0"}
    assert f"{KIND}/mathif" in head["graders"]
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["profiles"]["mathif"]["arms"]["constrained"]["overall"]["hacc"]["value"] == 1
    without = run(None, "grade", str(folder))
    assert without.returncode == 3
    assert without.stderr == (
        f"mathif: {folder}: needs the constraint {KIND!r} of the package mathif-acrostics 0.1.0, which is not "
        "installed: pip install mathif-acrostics\n"
    )


def test_a_task_may_say_which_package_its_kinds_are_from(tmp_path: Path) -> None:
    task = write(tmp_path, TASK + f'\n[packages]\n"{KIND}" = "mathif-acrostics 0.1.0"\n')
    found = run(None, "eval", "--task", str(task), "--model", "mock:null", "--out", str(tmp_path / "run")).stderr
    assert f"{task}/task.toml: needs the constraint {KIND!r} of the package mathif-acrostics 0.1.0" in found


def test_a_package_that_cannot_be_loaded_breaks_nothing_and_is_named(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "mathif_acrostics").mkdir()
    (tmp_path / "mathif_acrostics" / "__init__.py").write_text("import no_such_package\n")
    said = "he package mathif-acrostics 0.1.0 offers a constraint, but cannot be loaded (ModuleNotFoundError: No module"
    (listed, _), (_, refused) = told(tmp_path, installed, ["constraints"], ["constraints", KIND])
    assert f"{len(KINDS)} kinds" in listed
    assert f"T{said}" in listed
    assert f"t{said}" in refused


def test_two_classes_of_one_name_are_refused_and_one_defined_again_replaces_itself() -> None:
    known: Registry[type] = Registry("mathif.nothing", "thing")
    first, again = (type("First", (), {"__module__": "one"}) for _ in range(2))
    known.add("name", first)
    known.add("name", again)
    assert known["name"] is again
    with pytest.raises(ValueError, match="two: found a second thing 'name', the first is of one"):
        known.add("name", type("First", (), {"__module__": "two"}))


def test_what_is_of_this_package_has_no_other_origin() -> None:
    assert KINDS.own == list(KINDS)
    assert FAMILIES.origins(FAMILIES) == {}
    with pytest.raises(DataError, match="here: needs the problem family 'x' of the package y, which is not installed"):
        FAMILIES.require({"x": "y"}, "here")


def test_a_new_kind_of_a_package_and_none_other_hangs_on_the_source_of_that_package(
    installed: Path,
) -> None:
    """Another version of the package, or another line in it, has its edition worked out anew."""
    program = (
        "from mathif.editions import _of_others; import json; "
        f"print(json.dumps([_of_others('{KIND}'), _of_others('keywords:existence')]))"
    )
    environment = {**os.environ, "PYTHONPATH": f"{PACKAGE}{os.pathsep}{installed}"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    outside, own = json.loads(done.stdout)
    assert outside[0] == "mathif-acrostics 0.1.0"
    assert outside[1]
    assert own == []


def test_the_tests_of_the_package_hold_its_kind_and_its_family_to_the_contracts(installed: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{PACKAGE}{os.pathsep}{installed}"}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", str(PACKAGE / "tests")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=PACKAGE, check=False)
    assert done.returncode == 0, done.stdout

"""Laws of the documentation: what it says of the program is what the program says."""

import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from mathif import listing
from mathif.arms import ARMS
from mathif.cli import cli
from mathif.tasks import names

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_of_kinds_is_what_the_program_prints() -> None:
    page = (ROOT / "docs" / "constraints.md").read_text(encoding="utf-8")
    assert page == listing.constraints_markdown(), "run: mathif constraints --markdown > docs/constraints.md"


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    command = next(line for line in README.splitlines() if "pytest" in line)
    assert command in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_readme_names_every_task_and_its_page_on_arms_every_arm() -> None:
    arms = (ROOT / "docs" / "arms.md").read_text(encoding="utf-8").replace("\\|", "|")  # as a table shows it
    assert all(f"`{name}`" in arms for name in ARMS)
    assert all(f"`{name}`" in README for name in names())


def test_every_command_and_flag_that_the_readme_uses_is_there() -> None:
    known = {option for command in walk(cli) for parameter in command.params for option in parameter.opts}
    code = re.findall(r"`([^`]*)`", README)
    flags = {flag for span in code for flag in re.findall(r"(?<!\S)--[a-z][a-z-]+", span)}
    assert flags <= known
    assert {span.split()[1] for span in code if span.startswith("mathif ")} <= set(cli.commands)


def test_every_row_of_a_table_has_the_cells_of_its_head() -> None:
    """Also between backticks a bar that is not escaped begins a cell, and what stands behind the last one is lost."""
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        cells = 0
        for line in page.read_text(encoding="utf-8").splitlines():
            found = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not cells or found in (0, cells), f"{page.name}: {line}"
            cells = found


def test_every_page_that_is_linked_is_there() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_site_shows_every_page() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    shown = re.findall(r"[\w-]+\.md", str(site["nav"]))
    assert sorted(shown) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_the_page_on_python_does_what_it_says_and_documents_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/api.md", "exec"), names)
    assert names["again"].report == names["run"].report
    assert names["broken"]
    assert len(names["table"]) == len(list(names["run"].verdicts()))
    for module, members in re.findall(r"::: (\S+)(?:\n    options:\n      members: \[(.*)\])?", page):
        home = pkgutil.resolve_name(module)
        for name in filter(None, members.split(", ")):
            assert getattr(home, name).__doc__, f"{module}.{name}"


def test_three_commands_lead_from_a_table_to_a_graded_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    sums = "".join(f"What is {n} times 7?,{7 * n}\n" for n in range(2, 22))
    Path("problems.csv").write_text(f"question,answer\n{sums}", encoding="utf-8")
    [commands] = [block for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) if "tasks make" in block]
    for line in commands.splitlines():
        words = line.replace("org/name", "mock:witness").split()
        done = CliRunner().invoke(cli, words[1:], prog_name=words[0])
        assert done.exit_code == 0, done.output
    assert "HAcc" in done.stdout


def walk(group: click.Group) -> Iterator[click.Command]:
    """Yield every command below a group."""
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from walk(command)

"""Laws of docs/questions.md: every sequence of commands runs, and the number that it names is where the page says."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mathif.cli import cli

pytestmark = pytest.mark.usefixtures("without_pictures")
PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
MODELS = {"org/name": "mock:length", "org/base": "mock:witness", "org/tuned": "mock:contrary"}
FOUND = {
    "Does longer thinking lower obedience?": ("runs/length", "profiles.mathif.length.net_of_placebo.constrained"),
    "Is it the length": ("runs/ladder", "profiles.mathif.effects.constrained.versions.instrumental"),
    "Do meaningless": ("runs/meaning", "profiles.mathif.effects.constrained.against.scrambled.hacc"),
    "Is it novelty": ("runs/shift", "profiles.mathif.effects.constrained.versions.length.surface"),
    "Was the set": ("runs/fresh", "profiles.mathif.fresh.core"),
    "Adapter": ("runs/tuning", "against.1.profiles.mathif.arms.constrained.overall.hacc"),
    "Is the answer": ("runs/faith/probes/probe", "profiles.mathif.truncation.area.answer"),
    "What did training": ("runs/triangle", "against.0.profiles.mathif.triangle.reasoning_against_knowledge"),
}
"""For each section, by how its title begins: the folder that its commands end in, and where the number lies."""


def sections() -> Iterator[tuple[str, list[str]]]:
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        [block] = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
        yield title, block.splitlines()


def shortened(line: str) -> list[str]:
    """A command with a simulated model, and few items where that leaves the problems whole."""
    for model, mock in MODELS.items():
        line = line.replace(model, mock)
    words = shlex.split(line.replace("--lora adapter ", ""))[1:]
    if words[0] == "eval" and "sets/ladder" not in line:
        words += ["--limit", "8"]
    return ["1" if before == "--samples" and "ladder" in line else word for before, word in zip(["", *words], words)]  # noqa: B905


@pytest.mark.parametrize(("title", "lines"), list(sections()), ids=lambda part: part if isinstance(part, str) else "")
def test_the_commands_of_a_question_run_and_give_its_number(
    title: str, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in lines:
        done = CliRunner().invoke(cli, shortened(line))
        assert done.exit_code == 0, (line, done.output)
    folder, place = next(found for begins, found in FOUND.items() if title.startswith(begins))
    file = next(name for name in ("compare.json", "report.json") if (Path(folder) / name).exists())
    number: Any = json.loads((Path(folder) / file).read_text(encoding="utf-8"))
    for part in place.split("."):
        number = number[int(part)] if part.isdigit() else number[part]
    assert {"value", "low", "high", "n"} <= number.keys()
    if "ladder" in folder:
        assert number["high"] < 0

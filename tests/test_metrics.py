"""The law of the metrics: one row of their table is all that a new one takes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mathif

PACKAGE = Path(mathif.__file__).parent
ENTRIES = PACKAGE.parent / "leaderboard" / "entries"
ROW = 'Metric("lapse", "Lapse", "share of replies that are right and disobey", lambda r: r.right * (1 - r.obeyed))'
SCRIPT = """
import json, sys
from pathlib import Path
import mathif
from mathif.board import gather
from mathif.board.files import csv_text, with_table
from mathif.board.page import html
from mathif.board.rows import of_entry
from mathif.compare import compare
from mathif.compare.tables import terminal
from mathif.entry import Claims, read_entry, submit
from mathif.entry.model import Model
from mathif.evidence import Evidence
from mathif.export import export
from mathif.export.answered import reply_scores
from mathif.schemas import to_json
from mathif.run import Run
from mathif.tables.document import markdown
from mathif.verify import verify

out = Path("out")
for seed in (1, 2):
    mathif.evaluate("mock:length", task="control", samples=2, limit=8, seed=seed, out=f"run-{seed}")
again = mathif.open_run("run-1")
path, _ = submit(Run(Path("run-1")), Claims(Model(id="org/name"), "someone"), out)
entry = read_entry(path)
early = sorted(Path(sys.argv[1]).glob("*.json"))
listed = [entry, *map(read_entry, early)]
board = gather([row for one in listed for row in of_entry(one, "regraded", Evidence())])
comparison = compare([Path("run-1"), Path("run-2")])
CONSTRAINED = ("profiles", "mathif", "arms", "constrained", "overall", "lapse")
def number(row):
    for name in CONSTRAINED:
        row = row[name]
    return row
print(json.dumps({
    "value": number(to_json(again.report))["value"],
    "document": markdown(again.report),
    "screen": str(again),
    "entry": number(json.loads(path.read_text()))["value"],
    "compare": terminal(comparison),
    "changes": number(to_json(comparison)["against"][0])["first"],
    "replies": [reply_scores(row)["lapse"] for row in again.run.graded() if row.kinds and row.arm == "constrained"],
    "exports": [file.read_text() for file in export(Run(Path("run-1")), "lm-eval", out)],
    "board": to_json(board),
    "table": with_table("", board),
    "csv": csv_text(board),
    "page": html(board),
    "early": [verify(path).badge.value for path in early],
}))
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every room shows in a copy of the package whose table of metrics has one row more."""
    home = tmp_path_factory.mktemp("metric")
    package = home / "mathif"
    package.mkdir()
    for part in PACKAGE.iterdir():
        if part.name != "results" and part.name != "__pycache__":
            (package / part.name).symlink_to(part)
    shutil.copytree(PACKAGE / "results", package / "results", ignore=shutil.ignore_patterns("__pycache__"))
    table = package / "results" / "metrics.py"
    source, rows = re.subn(r"(?m)^METRICS = \((.*)\)$", rf"METRICS = (\1, {ROW})", table.read_text(encoding="utf-8"))
    assert rows == 1
    table.write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, ENTRIES],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_one_row_puts_a_metric_into_report_entry_comparison_and_export_with_one_value(shown: dict[str, Any]) -> None:
    value = shown["value"]
    assert 0 < value < 1
    assert shown["entry"] == pytest.approx(value)
    assert shown["changes"] == value
    assert sum(shown["replies"]) / len(shown["replies"]) == pytest.approx(value)
    results = next(json.loads(text) for text in shown["exports"] if '"higher_is_better"' in text)
    assert results["results"]["mathif_control_constrained"]["lapse,none"] == value


def test_one_row_puts_a_metric_with_its_meaning_before_every_reader(shown: dict[str, Any]) -> None:
    assert "**Lapse**: share of replies that are right and disobey." in shown["document"]
    assert re.search(r"(?m)^arm .*\bLapse\b", shown["screen"])
    assert re.search(r"(?m)^constrained, Lapse +\d", shown["compare"])
    assert re.search(r"(?m)^\| Rank .*\| Lapse \|", shown["table"])
    assert ",lapse,lapse_low,lapse_high,lapse_n," in shown["csv"]
    assert "Share of replies that are right and disobey." in shown["page"]


def test_an_entry_that_was_made_before_there_was_a_metric_holds_and_says_nothing_of_it(shown: dict[str, Any]) -> None:
    assert set(shown["early"]) == {"regraded"}
    rows = {row["name"]: row for section in shown["board"]["sections"] for row in section["rows"]}
    told = {name for name, row in rows.items() if "lapse" in row}
    assert told == {name for name in rows if name.startswith("org-name-")} != set(rows)

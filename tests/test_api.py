"""Laws of the program as functions: what a notebook does with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mathif
from mathif import api
from mathif.errors import DataError
from mathif.opened import Opened
from mathif.results import Report
from tests.tiny import write_task


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("api")
    return mathif.evaluate("mock:length", str(write_task(folder / "tiny")), samples=2, out=folder / "run")


def test_every_public_name_is_there_and_documented_and_none_other_is_shown() -> None:
    assert (
        dir(mathif)
        == sorted(mathif.__all__)
        == sorted(
            [
                *(
                    "Grades",
                    "Item",
                    "Outcome",
                    "Problem",
                    "Profile",
                    "Verdict",
                    "__version__",
                    "api",
                    "check_constraint",
                ),
                *("evaluate", "grade", "grade_answer", "load_task", "make_prompts", "make_task", "open_run"),
                "write_prompts",
            ]
        )
    )
    for name in mathif.__all__:
        thing = getattr(mathif, name)
        assert name == "__version__" or (thing.__doc__ or "").strip(), name
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        mathif.evalute  # noqa: B018


def test_a_report_is_typed_and_is_read_by_the_names_of_its_file_too(run: Opened) -> None:
    assert isinstance(run.report, Report)
    stored = json.loads((run.folder / "report.json").read_text(encoding="utf-8"))
    for name in stored:
        assert run.report[name] == stored[name]
    assert run.report["profiles"]["mathif"]["arms"]["constrained"]["overall"]["hacc"]["n"] == 8


def test_the_mean_over_the_replies_is_the_number_of_the_report(run: Opened) -> None:
    rows = [row for row in run.replies() if row["arm"] == "constrained"]
    overall = run.report["profiles"]["mathif"]["arms"]["constrained"]["overall"]
    for metric in ("hacc", "sacc", "joint", "acc"):
        assert sum(float(row[metric] or 0) for row in rows) / len(rows) == pytest.approx(
            overall[metric]["value"], abs=1e-12
        )
    assert all(row["final"] for row in rows)
    assert {row["sample"] for row in rows} == {0, 1}


def test_the_verdicts_are_the_same_as_rows_and_in_every_table(run: Opened) -> None:
    rows = list(run.verdicts())
    arrow = run.to_arrow()
    assert arrow.to_pylist() == rows
    assert run.to_dataset().to_list() == rows
    frame = pytest.importorskip("pandas", reason="pandas is not installed") and run.to_pandas()
    assert list(frame.columns) == list(rows[0])
    assert len(frame) == len(rows)


def test_a_run_is_opened_from_its_folder_and_shows_what_the_terminal_shows(run: Opened) -> None:
    again = mathif.open_run(run.folder)
    assert again.report == run.report
    assert "HAcc" in str(again)
    assert repr(again) == f"<run {run.folder}: mock:length on {run.run.plan.tasks[0]}>"
    with pytest.raises(DataError, match=r"report\.json"):
        _ = Opened(api.create_run(run.run.plan, run.folder.parent / "begun")).report


def test_runs_are_compared_and_probed_as_they_are_opened(run: Opened) -> None:
    found = api.compare(run, run.folder)
    assert found["against"]
    assert repr(found).startswith(f"<{run.folder} against {run.folder}, change of HAcc: constrained +0.0 points")
    assert repr(run.report).startswith("<report on mock:")
    assert all("\n" not in shown and len(shown) < 500 for shown in map(repr, (found, run.report)))
    probed = api.probe(run, "extend:1", limit=1)
    assert probed.report["profiles"]
    assert list(probed.replies())


def test_a_bar_is_shown_in_a_notebook_and_nothing_where_nobody_watches() -> None:
    program = "import sys, types\n{}from mathif.progress import watched\nprint(sum(watched(range(4), 4, 'numbers')))\n"
    for notebook in ("", "sys.modules['ipykernel'] = types.ModuleType('ipykernel')\n"):
        command = [sys.executable, "-c", program.format(notebook)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == "6\n"
        assert ("numbers: 100%" in done.stderr) == bool(notebook)


def test_types_are_declared_to_be_there() -> None:
    assert (Path(mathif.__file__).parent / "py.typed").is_file()

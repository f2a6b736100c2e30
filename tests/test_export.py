"""Exports hold the numbers of the run's own report, and the tools they are for read them."""

import csv
import hashlib
import importlib.util
import json
import re
import socket
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet
import pytest
import yaml
from click.testing import CliRunner, Result

from mathif.cli import cli
from mathif.errors import DataError, UsageError
from mathif.export import FORMATS, export
from mathif.export.verdict_rows import COLUMNS, verdict_rows
from mathif.records import Graded
from mathif.run import Run
from mathif.run import report as make_report
from tests.tiny import rewrite, rewrite_head, write_task

METRICS = ("hacc", "sacc", "acc", "joint")


def call(*args: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="mathif")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run in which something is obeyed and something not, right and wrong, whole and cut."""
    here = tmp_path_factory.mktemp("export")
    write_task(here / "tiny")
    asked = here / "asked"
    task = str(here / "tiny")
    assert (
        call("generate", "--model", "mock:witness", "--task", task, "--samples", "2", "--out", str(asked)).exit_code
        == 0
    )
    rewrite(asked / "generations.jsonl", spoiled)
    assert call("grade", str(asked)).exit_code == 0
    make_report(Run(asked))
    return asked


def spoiled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, a few of them wrong, cut in the thinking, cut after it, with thinking, disobedient, hard to write."""
    by_key = {row["key"]: row for row in rows}
    by_key["tiny/sum@plain#1"]["text"] = "It is \\boxed{7}."
    by_key["tiny/sum.double@constrained#0"] |= {"text": "<think>total, total", "finish": "length"}
    by_key["tiny/half.single@constrained#0"]["finish"] = "length"
    thought = by_key["tiny/sum.single@constrained#1"]
    thought["text"] = "<think>Two and three.\r\n</think>" + thought["text"]
    by_key["tiny/half.double@constrained#1"]["text"] = 'so, the total is "five";\n\tthe total \\boxed{\\frac12} \ud800'
    return rows


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "report.json").read_text()))


def verdicts(folder: Path) -> list[dict[str, Any]]:
    return [{**row} for row in verdict_rows(graded(folder))]


def graded(folder: Path) -> Iterator[Graded]:
    return Run(folder).graded()


def read_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: typed(name, text) for name, text in row.items()} for row in csv.DictReader(file)]


def typed(name: str, text: str) -> Any:
    if text == "":
        return None
    return {"true": True, "false": False}[text] if COLUMNS[name] is bool else COLUMNS[name](text)


def test_csv_read_back_is_what_was_graded(folder: Path, tmp_path: Path) -> None:
    (path,) = export(Run(folder), "csv", tmp_path)
    assert read_csv(path) == verdicts(folder)


def test_parquet_read_back_is_what_was_graded(folder: Path, tmp_path: Path) -> None:
    (path,) = export(Run(folder), "parquet", tmp_path)
    table = pyarrow.parquet.read_table(path)
    assert table.column_names == list(COLUMNS)
    assert table.to_pylist() == verdicts(folder)


def test_every_verdict_is_one_row(folder: Path) -> None:
    rows = list(graded(folder))
    assert len(verdicts(folder)) == sum(1 + sum(map(len, row.constraints.values())) for row in rows)


@pytest.mark.parametrize("profile", ["mathif", "upstream"])
@pytest.mark.parametrize("arm", ["plain", "constrained"])
def test_the_metrics_follow_from_the_table_alone(
    folder: Path, report: dict[str, Any], tmp_path: Path, profile: str, arm: str
) -> None:
    (path,) = export(Run(folder), "csv", tmp_path)
    right: dict[str, bool] = {}
    obeyed: dict[str, list[bool]] = defaultdict(list)
    for row in read_csv(path):
        passed = row["outcome"] == "pass" and not row["truncated"]
        if row["arm"] == arm and row["part"] == "answer":
            right[row["key"]] = passed
        elif row["arm"] == arm and row["profile"] == profile:
            obeyed[row["key"]].append(passed)
    found = {
        "acc": mean(right.values()),
        "hacc": mean(all(own) for own in obeyed.values()),
        "sacc": mean(mean(own) for own in obeyed.values()),
        "joint": mean(all(own) and right[key] for key, own in obeyed.items()),
    }
    overall = report["profiles"][profile]["arms"][arm]["overall"]
    assert found == pytest.approx({metric: overall[metric]["value"] for metric in METRICS})
    if arm == "constrained":
        assert 0 < found["hacc"] < found["sacc"] < 1


def mean(values: Any) -> float:
    numbers = list(map(float, values))
    return sum(numbers) / len(numbers)


def test_the_hub_reads_every_number_of_the_report(folder: Path, report: dict[str, Any], tmp_path: Path) -> None:
    hub = pytest.importorskip("huggingface_hub", "2.0", "what reads evaluation results came with huggingface_hub 2")
    results, benchmark, *_ = export(Run(folder), "hf", tmp_path)
    assert results.relative_to(tmp_path) == Path(".eval_results/mathif-tiny.yaml")
    entries = hub.parse_eval_result_entries(yaml.safe_load(results.read_text()))
    assert {entry.dataset_id for entry in entries} == {"mathif/tiny"}
    assert {entry.task_id: entry.value for entry in entries} == named(report)
    described = yaml.safe_load(benchmark.read_text())
    assert described.keys() == {"name", "description", "evaluation_framework", "tasks"}
    assert [task["id"] for task in described["tasks"]] == [entry.task_id for entry in entries]


def test_the_repository_of_the_data_set_holds_its_items_a_card_and_where_they_are_from(
    folder: Path, tmp_path: Path
) -> None:
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    export(Run(folder), "hf", tmp_path)
    card = hub.DatasetCard.load(tmp_path / "dataset" / "README.md")
    assert card.data.license == "unknown"  # the tiny task is none of ours
    assert card.data.configs[0]["data_files"] == [{"split": "test", "path": "test.jsonl"}]
    rows = [json.loads(line) for line in (tmp_path / "dataset" / "test.jsonl").read_text(encoding="utf-8").splitlines()]
    task = Run(folder).tasks[0]
    assert [row["key"] for row in rows] == [item.key for item in task.items]
    assert [row["sentences"] for row in rows] == [list(item.sentences) for item in task.items]
    croissant = json.loads((tmp_path / "dataset" / "croissant.json").read_text(encoding="utf-8"))
    [file] = croissant["distribution"]
    assert file["sha256"] == hashlib.sha256((tmp_path / "dataset" / "test.jsonl").read_bytes()).hexdigest()
    assert [field["name"] for field in croissant["recordSet"][0]["field"]] == list(rows[0])


def test_a_card_that_its_publisher_has_completed_is_never_written_over(folder: Path, tmp_path: Path) -> None:
    *_, card, _, _ = export(Run(folder), "hf", tmp_path)
    export(Run(folder), "hf", tmp_path)
    card.write_text(completed := card.read_text().replace("license: unknown", "license: mit"))
    with pytest.raises(
        UsageError, match=r"README\.md: is there, and is not what would be written; choose another --out"
    ):
        export(Run(folder), "hf", tmp_path)
    assert card.read_text() == completed


def test_croissant_reads_the_data_set(folder: Path, tmp_path: Path) -> None:
    croissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    export(Run(folder), "hf", tmp_path)
    read = croissant.Dataset(jsonld=tmp_path / "dataset" / "croissant.json")
    assert not read.metadata.issues.errors
    keys = [row["default/key"].decode() for row in read.records("default")]
    assert keys == [item.key for item in Run(folder).tasks[0].items]


def test_every_eval_ever_fits_the_schema_that_its_package_ships(folder: Path, tmp_path: Path) -> None:
    package = importlib.util.find_spec("every_eval_ever")
    if package is None or not package.submodule_search_locations:
        pytest.skip("every-eval-ever is not installed; it needs Python 3.12")
    schema = json.loads((Path(package.submodule_search_locations[0]) / "schemas" / "eval.schema.json").read_text())
    (path,) = export(Run(folder), "every-eval-ever", tmp_path)
    row = json.loads(path.read_text())
    jsonschema.Draft7Validator(schema).validate(row)
    assert row["schema_version"] == schema["version"]


def test_every_eval_ever_holds_every_number_of_the_report(folder: Path, report: dict[str, Any], tmp_path: Path) -> None:
    (path,) = export(Run(folder), "every-eval-ever", tmp_path)
    results = json.loads(path.read_text())["evaluation_results"]
    assert {result["evaluation_result_id"]: result["score_details"]["score"] for result in results} == named(report)
    (hacc,) = [result for result in results if result["evaluation_result_id"] == "constrained-hacc"]
    known = report["profiles"]["mathif"]["arms"]["constrained"]["overall"]["hacc"]
    uncertainty = hacc["score_details"]["uncertainty"]
    assert uncertainty["num_samples"] == known["n"]
    assert [uncertainty["confidence_interval"][end] for end in ("lower", "upper")] == [known["low"], known["high"]]


def inspect_log(folder: Path, out: Path, arm: str) -> Path:
    [path] = [path for path in export(Run(folder), "inspect", out) if f"_mathif-tiny-{arm}_" in path.name]
    return path


def test_inspect_lists_the_logs_with_time_tokens_and_answers(folder: Path, tmp_path: Path) -> None:
    log = pytest.importorskip("inspect_ai.log", reason="inspect-ai is not installed")
    frames = pytest.importorskip("inspect_ai.analysis", reason="inspect-ai is not installed with pandas")
    paths = export(Run(folder), "inspect", tmp_path)
    listed = log.list_eval_logs(str(tmp_path))
    assert {(info.task, Path(info.name).name) for info in listed} == {
        (f"mathif-tiny-{arm}", path.name)
        for arm in ("plain", "constrained")
        for path in paths
        if f"-{arm}_" in path.name
    }
    read = log.read_eval_log(str(inspect_log(folder, tmp_path, "constrained")))
    assert read.stats.started_at < read.stats.completed_at
    frame = frames.samples_df(str(tmp_path))
    assert len(frame) == sum(1 for _ in graded(folder))
    assert "5" in {score.answer for sample in read.samples for score in sample.scores.values()}


def test_the_name_of_an_inspect_log_is_one_that_inspect_lists(folder: Path, tmp_path: Path) -> None:
    for path in export(Run(folder), "inspect", tmp_path):
        time, task, number = path.stem.split("_")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\+00-00", time)
        assert task in ("mathif-tiny-plain", "mathif-tiny-constrained")
        assert json.loads(path.read_text(encoding="utf-8"))["eval"]["task_id"] == number


@pytest.mark.parametrize("arm", ["plain", "constrained"])
def test_inspect_reads_every_reply_and_every_number(
    folder: Path, report: dict[str, Any], tmp_path: Path, arm: str
) -> None:
    log = pytest.importorskip("inspect_ai.log", reason="inspect-ai is not installed")
    read = log.read_eval_log(str(inspect_log(folder, tmp_path, arm)))
    assert (read.status, read.eval.model) == ("success", "mock:witness")
    found = {f"{arm}-{score.name}": score.metrics["mean"].value for score in read.results.scores}
    assert found == {name: value for name, value in named(report).items() if name.startswith(f"{arm}-")}
    rows = {row.key: row for row in graded(folder) if row.arm == arm}
    assert {sample.metadata["key"] for sample in read.samples} == rows.keys()
    assert {(sample.id, sample.epoch) for sample in read.samples} == {
        (key.partition("@")[0], row.sample + 1) for key, row in rows.items()
    }


def test_a_sample_of_an_inspect_log_holds_what_was_shown_and_what_came_back(folder: Path, tmp_path: Path) -> None:
    log = pytest.importorskip("inspect_ai.log", reason="inspect-ai is not installed")
    path = inspect_log(folder, tmp_path, "constrained")
    samples = {sample.metadata["key"]: sample for sample in log.read_eval_log(str(path)).samples}
    thought = samples["tiny/sum.single@constrained#1"]
    assert "What is 2 + 3?" in thought.input[0].text
    assert 'End with "That is all."' in thought.input[0].text
    assert thought.target == "5"
    assert thought.output.message.content[0].reasoning.strip() == "Two and three."
    assert thought.output.completion.strip().endswith("That is all.")
    assert samples["tiny/half.single@constrained#0"].output.stop_reason == "max_tokens"


@pytest.mark.parametrize("arm", ["plain", "constrained"])
def test_the_scores_of_single_replies_average_to_the_report(
    folder: Path, report: dict[str, Any], tmp_path: Path, arm: str
) -> None:
    path = inspect_log(folder, tmp_path, arm)
    scores: dict[str, list[float]] = defaultdict(list)
    for sample in json.loads(path.read_text())["samples"]:
        for name, score in sample["scores"].items():
            scores[f"{arm}-{name}"].append(score["value"])
    expected = {name: value for name, value in named(report).items() if name in scores}
    assert len(expected) == 7
    assert {name: mean(values) for name, values in scores.items()} == pytest.approx(expected)


def test_the_harness_knows_its_own_layout_and_prints_every_number(
    folder: Path, report: dict[str, Any], tmp_path: Path
) -> None:
    harness = pytest.importorskip("lm_eval.utils", reason="lm-eval is not installed")
    paths = [str(path) for path in export(Run(folder), "lm-eval", tmp_path)]
    (results,) = harness.get_results_filenames(paths)
    samples = harness.get_sample_results_filenames(paths)
    row = json.loads(Path(results).read_text())
    assert Path(results).parent.name == harness.sanitize_model_name("mock:witness") == row["model_name_sanitized"]
    assert {harness.get_file_task_name(Path(path).name) for path in samples} == row["results"].keys()
    assert {harness.get_file_datetime(path) for path in samples} == {
        harness.get_file_datetime(results).removesuffix(".json")
    }
    table = harness.make_table(row)
    for name, value in named(report).items():
        arm, _, metric = name.partition("-")
        assert f"{value:.4f}" in table
        assert row["results"][f"mathif_tiny_{arm}"][f"{metric},none"] == value


@pytest.mark.parametrize("arm", ["plain", "constrained"])
def test_the_samples_of_the_harness_average_to_the_report(
    folder: Path, report: dict[str, Any], tmp_path: Path, arm: str
) -> None:
    path = next(path for path in export(Run(folder), "lm-eval", tmp_path) if f"_{arm}_" in path.name)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["doc_id"] for row in rows] == list(range(len(rows)))
    assert all(set(row["metrics"]) <= row.keys() for row in rows)
    for name, value in named(report).items():
        metric = name.removeprefix(f"{arm}-")
        if metric in rows[-1]["metrics"] and name.startswith(arm):
            assert mean(row[metric] for row in rows if metric in row) == pytest.approx(value)
    replies = {json.loads(line)["text"].replace("\ud800", "\\ud800") for line in (folder / "generations.jsonl").open()}
    assert {row["resps"][0][0] for row in rows} <= replies


@pytest.mark.parametrize("to", FORMATS)
def test_an_arm_whose_prompts_come_from_replies_is_exported_too(tmp_path: Path, to: str) -> None:
    task = str(write_task(tmp_path / "tiny"))
    done = call("eval", "--model", "mock:null", "--task", task, "--arms", "plain,self", "--out", str(tmp_path / "run"))
    assert done.exit_code == 0, done.output
    assert any(b"self" in path.read_bytes() for path in export(Run(tmp_path / "run"), to))


def named(report: dict[str, Any]) -> dict[str, float]:
    """Every headline number of the report under the name that exports give it."""
    return {
        f"{arm}-{metric}" + ("" if profile == "mathif" else f"-{profile}"): found["overall"][metric]["value"]
        for profile, figures in report["profiles"].items()
        for arm, found in figures["arms"].items()
        for metric in METRICS
    }


def test_a_run_of_several_tasks_is_not_for_the_hub(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text((folder / "run.json").read_text())
    rewrite_head(tmp_path, lambda head: {**head, "tasks": 2 * head["tasks"]})
    for name in ("verdicts.jsonl", "report.json"):
        (tmp_path / name).write_text((folder / name).read_text())
    with pytest.raises(UsageError, match="found a run of 2 tasks, expected one"):
        export(Run(tmp_path), "hf")


@pytest.mark.parametrize("to", FORMATS)
def test_an_export_names_nothing_of_this_machine(folder: Path, tmp_path: Path, to: str) -> None:
    for path in export(Run(folder), to, tmp_path):
        content = path.read_bytes()
        for private in (str(folder), str(tmp_path), str(Path.home()) + "/", socket.gethostname()):
            assert private.encode() not in content


@pytest.mark.parametrize("to", FORMATS)
def test_an_export_made_twice_is_the_same_to_the_byte(folder: Path, tmp_path: Path, to: str) -> None:
    first = [path.read_bytes() for path in export(Run(folder), to, tmp_path / "a")]
    assert first == [path.read_bytes() for path in export(Run(folder), to, tmp_path / "b")]


def test_the_command_says_what_it_wrote_and_its_help_names_every_format(folder: Path, tmp_path: Path) -> None:
    done = call("export", str(folder), "--to", "csv", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "verdicts.csv") in done.stderr
    shown = call("export", "--help").stdout
    assert all(to in shown for to in FORMATS)


def test_an_unknown_format_names_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"--to: unknown format 'parket'; did you mean 'parquet'\?"):
        export(Run(folder), "parket")


def test_a_run_without_a_report_is_not_exported(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text((folder / "run.json").read_text())
    with pytest.raises(DataError, match=r"report\.json: cannot be read"):
        export(Run(tmp_path), "csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"complete": False, "errors": 2}, "2 replies are missing; finish the run first"),
        ({"rows": 3}, "found 3 rows"),
        ({"profiles": {}}, "report.json: was changed since it was written, .*; make it again: mathif report"),
    ],
)
def test_a_report_that_is_not_of_the_verdicts_is_not_exported(
    folder: Path, report: dict[str, Any], tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    for name in ("run.json", "verdicts.jsonl"):
        (tmp_path / name).write_text((folder / name).read_text())
    (tmp_path / "report.json").write_text(json.dumps({**report, **change}))
    with pytest.raises(DataError, match=message):
        export(Run(tmp_path), "csv")

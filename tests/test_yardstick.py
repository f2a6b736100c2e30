"""Laws of yardsticks: lengths that an engine did not count are counted by what was named, and said to be."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mathif import api, store
from mathif.cli import cli
from mathif.errors import UsageError
from mathif.records import Finish, Generation, Profile
from mathif.results import read_report
from mathif.stats import Slope
from mathif.yardstick import CHARACTERS, measured, yardstick
from tests.tiny import write_task


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer that takes every word for a token."""
    tokenizers = pytest.importorskip("tokenizers")
    folder = tmp_path_factory.mktemp("tokenizer")
    found = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0}, unk_token="?"))
    found.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    found.save(str(folder / "tokenizer.json"))
    return folder


def test_a_file_and_its_folder_name_the_same_tokenizer(tokenizer: Path) -> None:
    for name in (tokenizer, tokenizer / "tokenizer.json"):
        assert yardstick(str(name))("so it is five") == 4


@given(st.text(), st.text())
def test_what_the_engine_counted_stands_and_the_rest_is_counted(thinking: str, text: str) -> None:
    told = Generation("k", text, Finish.STOP, thinking, completion_tokens=7, reasoning_tokens=3)
    assert measured(told, len) == told
    whole = measured(Generation("k", text, Finish.STOP, thinking), len)
    assert whole.completion_tokens == len(thinking) + len(text)


def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UsageError, match=r"--tokenizer .*expected a tokenizer.json"):
        yardstick(str(tmp_path / "tokenizer.json"))


def test_lengths_that_were_not_recorded_are_missing_for_the_true_reason_until_they_are_counted(
    tmp_path: Path, tokenizer: Path
) -> None:
    task = write_task(tmp_path / "tiny")
    items = [item for item in api.load_task(task).items if item.constraints]
    rows = [
        {"item": item.key, "sample": sample, "response": f"<think>{'hm ' * (sample + 2)}</think>It is 5."}
        for item in items
        for sample in range(2)
    ]
    store.write_text(tmp_path / "said.jsonl", "".join(map(store.line, rows)))
    run = api.evaluate(f"file:{tmp_path / 'said.jsonl'}", str(task), "constrained", samples=2, out=tmp_path / "run")

    def within() -> Slope:
        return read_report(run.folder / "report.json").profiles[Profile.MATHIF].length.arms["constrained"].hacc.within

    assert "the engine gave no token counts; grade again with --tokenizer NAME" in within().reason
    for name, lengths in ((str(tokenizer), {2, 3}), (CHARACTERS, {5, 8})):
        done = CliRunner().invoke(cli, ["grade", str(run.folder), "--tokenizer", name])
        assert done.exit_code == 0, done.output
        api.report_run(api.run_in(run.folder))
        verdicts = [json.loads(line) for line in (run.folder / "verdicts.jsonl").read_text().splitlines()]
        assert {row["cot_tokens"] for row in verdicts} == lengths
        assert "token counts" not in within().reason
        assert f"--tokenizer {name}" in (run.folder / "report.md").read_text()

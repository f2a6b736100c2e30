"""Laws of bounds on the words of the thinking that are a model's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif import api, tasks
from mathif.constraints.length import NumberOfWords
from mathif.errors import DataError, UsageError
from mathif.limits import _percentile, calibrate
from mathif.run import Run
from tests.test_tasks_published import REASONIF, written

SENTENCE = "When reasoning, respond with less than {} words."


def run(folder: Path, thinking: dict[str, str], data: Path) -> Run:
    """A run of arm `plain` on our own rows with these thinkings, by problem; the others show none."""
    keys = dict.fromkeys(item.problem.key for item in tasks.load("reasonif", data).items)
    rows: list[dict[str, Any]] = [
        {"item": key, "arm": "plain", "response": "<answer>5</answer>", "reasoning": thinking.get(key)} for key in keys
    ]
    replies = folder / "replies.jsonl"
    replies.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    api.evaluate(f"file:{replies}", task="reasonif", data=data, arms="plain", out=folder / "run")
    return Run(folder / "run")


def test_the_bound_is_the_percentile_of_the_plain_thinking_of_its_source(tmp_path: Path) -> None:
    data = written(tmp_path)
    lengths = {"gsm8k#0": 40, "gsm8k#1": 100, "gsm8k#3": 60, "arc#2": 7}
    made = calibrate(
        run(tmp_path, {key: " ".join(["word"] * count) for key, count in lengths.items()}, data), 20, tmp_path / "out"
    )
    bound = int(np.percentile([40, 60, 100], 20))
    assert made.words == {"gsm8k": bound}
    task, before = tasks.load(str(tmp_path / "out")), tasks.load("reasonif", data)
    assert made.items == len(task.items) == len(before.items)
    assert task.layout == before.layout
    for new, old in zip(task.items, before.items, strict=True):
        assert new.problem == old.problem
        if not isinstance(old.constraints[0], NumberOfWords):
            assert (new.constraints, new.sentences) == (old.constraints, old.sentences)
            continue
        assert old.sentences == (SENTENCE.format(12),)
        assert new.sentences == (SENTENCE.format(bound),)
        assert new.constraints[0].args() == {**old.constraints[0].args(), "num_words": bound}


@given(st.lists(st.integers(2, 10**5), min_size=1), st.integers(1, 99))
def test_a_percentile_is_numpys_cut_to_a_whole_number(counts: list[int], percentile: int) -> None:
    assert _percentile(sorted(counts), percentile) == pytest.approx(np.percentile(counts, percentile), abs=1)


def test_what_cannot_be_calibrated_is_refused(tmp_path: Path) -> None:
    data = written(tmp_path)
    with pytest.raises(DataError, match="no plain reply to a problem of 'gsm8k' shows its thinking"):
        calibrate(run(tmp_path, {"arc#2": "some words"}, data), 20, tmp_path / "out")
    unbounded = written(
        tmp_path / "other", [row for row in REASONIF if "number_words" not in row["constraint_name"][0]]
    )
    (tmp_path / "b").mkdir()
    with pytest.raises(UsageError, match="bounds the words of no thinking"):
        calibrate(run(tmp_path / "b", {}, unbounded), 20, tmp_path / "out")

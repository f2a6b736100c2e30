"""Laws of tasks that are made of somebody's own problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif import api, tasks
from mathif.constraints import clash
from mathif.constraints.witness import null_reply, witness
from mathif.errors import DataError, UsageError
from mathif.items import Task

ROWS: list[dict[str, Any]] = [
    {"question": "What is $2 + 3$?", "answer": "5"},
    {"question": "What is half of 1?", "answer": "\\frac{1}{2}"},
    {"question": "How many primes are below 20?", "answer": "8"},
]


def jsonl(folder: Path, rows: list[dict[str, Any]] = ROWS) -> Path:
    path = folder / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def made(source: str | Path, out: Path, **more: Any) -> Task:
    written = api.make_task(source, out, **{"name": "mine", **more})
    task = tasks.load(str(written.folder))
    assert len(task.items) == written.items
    return task


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 3), min_size=1, unique=True),
    st.lists(st.integers(1, 9999), min_size=1, max_size=3, unique=True),
)
def test_what_is_made_never_clashes_and_every_item_has_a_witness(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rungs: list[int], answers: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("made")
    source = jsonl(folder, [{"question": f"What is {answer}?", "answer": answer} for answer in answers])
    task = made(source, folder / "out", seed=seed, rungs=rungs)
    assert [len(item.constraints) for item in task.items] == sorted(rungs) * len(answers)
    for item in task.items:
        assert not any(clash(one, other) for one in item.constraints for other in item.constraints if one is not other)
        assert witness(item.constraints, null_reply(item.problem.answer)) is not None


def test_each_rung_holds_the_smaller_ones_and_the_names_say_how_many(tmp_path: Path) -> None:
    task = made(jsonl(tmp_path), tmp_path / "out", rungs=(0, 1, 2, 3, 4))
    keys = [item.key for item in task.items[:5]]
    assert keys == ["mine-1", "mine-1.single", "mine-1.double", "mine-1.triple", "mine-1.4"]
    for fewer, more in zip(task.items[:4], task.items[1:5], strict=True):
        assert more.constraints[: len(fewer.constraints)] == fewer.constraints


def test_the_same_seed_gives_the_same_task_and_another_one_another(tmp_path: Path) -> None:
    source = jsonl(tmp_path)
    one, again, other = (made(source, tmp_path / f"out{n}", seed=seed) for n, seed in enumerate((1, 1, 2)))
    assert one.digest == again.digest != other.digest


def test_only_the_kinds_that_are_named_are_dealt(tmp_path: Path) -> None:
    kinds = ["layout:table", "layout:headings"]
    task = made(jsonl(tmp_path), tmp_path / "out", kinds=kinds, rungs=(1, 2))
    assert {demand.kind for item in task.items for demand in item.constraints} == set(kinds)


TABLES = {
    "commas": 'question,answer\n"Is it 1,000?","1000"\n',
    "semicolons": "question;answer\nIs it 1,000?;1000\n",
    "tabs": "question\tanswer\nIs it 1,000?\t1000\n",
    "byte order mark": '\ufeffquestion,answer\n"Is it 1,000?","1000"\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_as_its_head_is_parted(tmp_path: Path, name: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(TABLES[name], encoding="utf-8")
    [item] = made(path, tmp_path / "out", rungs=(0,)).items
    assert (item.key, item.problem.question, item.problem.answer) == ("mine-1", "Is it 1,000?", "1000")


GOLDS = {
    "Natalia sold 48/2 = 24 clips.\n#### 72": "72",
    "We find that $x = \\boxed{\\frac{3}{4}}$, as claimed.": "\\frac{3}{4}",
    "17": "17",
}


@pytest.mark.parametrize("solution", GOLDS)
def test_the_answer_of_a_worked_solution_is_found(tmp_path: Path, solution: str) -> None:
    source = jsonl(tmp_path, [{"problem": "How many?", "solution": solution, "tier": 3, "id": "q.7"}])
    [item] = made(source, tmp_path / "out", rungs=(0,)).items
    assert (item.problem.answer, item.problem.tier, item.key) == (GOLDS[solution], 3, "q.7")


def test_a_task_of_families_holds_problems_of_theirs_alone(tmp_path: Path) -> None:
    names = ["balanced-scale", "grid-walk"]
    task = made(f"families:{','.join(names)}", tmp_path / "out", limit=6, rungs=(0, 1))
    assert {item.problem.family for item in task.items} == set(names)
    assert len(task.items) == 12


BROKEN: dict[str, tuple[list[dict[str, Any]], dict[str, Any], str]] = {
    "empty": ([], {}, "mine.jsonl: holds no problem"),
    "column": ([{"q": "1", "answer": "1"}], {}, "found the columns q, answer, expected one of question, problem"),
    "named": (ROWS, {"answer": "gold"}, "expected 'gold'; --answer names it"),
    "question": ([*ROWS, {"question": " ", "answer": "1"}], {}, "1 problem cannot be used: .*:4: question: found ' '"),
    "answer": ([{"question": "1?", "answer": 0.5}], {}, ":1: answer: found 0.5, expected a text"),
    "gold": ([{"question": "Why?", "answer": "\\frac{1}{"}], {}, "does not pass its own grader"),
    "key": ([{"key": "a b", "question": "1?", "answer": "1"}], {}, "found the key 'a b', expected letters"),
    "twice": ([{"key": "a", **ROWS[0]}, {"key": "a", **ROWS[1]}], {}, ":2: the key 'a' occurs twice"),
    "same": ([*ROWS, {"key": "b", **ROWS[0]}], {}, ":4: the question is the same as in .*mine.jsonl:1"),
    "tier": ([{"tier": 9, **ROWS[0]}], {}, "tier: found 9, expected a number from 1 to 5"),
    "kind": (ROWS, {"kinds": ["layout:tabel"]}, "--kinds: unknown constraint 'layout:tabel'; did you mean"),
    "rungs": (ROWS, {"rungs": (2, 2)}, "--rungs: found"),
    "few": (ROWS, {"kinds": ["layout:table"]}, "--rungs: 3 constraints need 3 kinds, and --kinds names 1"),
    "unsuited": (
        ROWS,
        {"kinds": ["answer:words"], "rungs": (1,)},
        "--kinds: 1 problem cannot be used: out-2: no set of 1 constraint suits it; leave it out",
    ),
    "idle": (
        ROWS,
        {"kinds": ["layout:table", "punctuation:no_comma"], "rungs": (0, 1)},
        "--kinds: punctuation:no_comma can be asked of none of 3 problems: it does not suit them, or",
    ),
    "name": (ROWS, {"name": "a/b"}, "--name: found 'a/b'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_a_task_is_refused_in_a_sentence_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    rows, more, told = BROKEN[name]
    with pytest.raises((DataError, UsageError), match=told):
        api.make_task(jsonl(tmp_path, rows), tmp_path / "out", **more)
    assert not (tmp_path / "out").exists()


def test_a_source_that_is_none_says_what_one_is(tmp_path: Path) -> None:
    for source in (tmp_path / "none.csv", "nowhere", "../a/b"):
        with pytest.raises(
            UsageError, match=r"expected a .csv, .tsv or .jsonl file, a data set of the hub as org/name"
        ):
            api.make_task(source, tmp_path / "out")
    with pytest.raises(UsageError, match="unknown problem family 'balanced-scales'; did you mean 'balanced-scale'"):
        api.make_task("families:balanced-scales", tmp_path / "out")
    path = tmp_path / "wide.csv"
    path.write_text("question,answer\nIs it 1,000?,1000\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"wide\.csv:2: found more cells than the head has columns"):
        api.make_task(path, tmp_path / "out")


def test_a_folder_is_written_again_by_the_same_command_alone(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other.jsonl"
    first = made(jsonl(tmp_path, ROWS[:2]), out)
    other.write_text(json.dumps(ROWS[2]), encoding="utf-8")
    for source, more in ((other, {}), (jsonl(tmp_path), {"seed": 1})):
        with pytest.raises(UsageError, match="out: not empty; choose another --out"):
            made(source, out, **more)
        assert tasks.load(str(out)).digest == first.digest
    assert len(made(jsonl(tmp_path), out).items) == 12
    with pytest.raises(UsageError, match="not empty"):
        made(jsonl(tmp_path), tmp_path)
    assert not (tmp_path / "problems.jsonl").exists()


def test_a_hub_that_fails_without_a_word_is_named_by_the_kind_of_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*args: object, **how: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("datasets.load_dataset", silent)
    with pytest.raises(DataError, match=r"org/name: split 'test' cannot be read .ConnectionError: ConnectionError"):
        api.make_task("org/name", tmp_path / "out")

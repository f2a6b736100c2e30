"""Laws of reading tasks."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from mathif import tasks
from mathif.errors import DataError, UsageError
from tests.tiny import ITEMS, PROBLEMS, TASK, write_task


def test_a_task_folder_becomes_items_in_order(tmp_path: Path) -> None:
    task = tasks.load(str(write_task(tmp_path)))
    assert [item.key for item in task.items] == [row["key"] for row in ITEMS]
    assert task.items[1].problem.question == "What is 2 + 3?"
    assert [demand.kind for demand in task.items[2].constraints] == ["keywords:frequency", "punctuation:no_comma"]


def test_what_is_read_is_what_would_be_written(tmp_path: Path) -> None:
    task = tasks.load(str(write_task(tmp_path)))
    assert [tasks.constraint_rows(item) for item in task.items] == [row["constraints"] for row in ITEMS]
    problems = {item.problem.key: tasks.problem_row(item.problem) for item in task.items}
    assert list(problems.values()) == PROBLEMS


def test_the_digest_changes_with_any_text_that_a_prompt_or_a_verdict_depends_on(tmp_path: Path) -> None:
    base = tasks.load(str(write_task(tmp_path / "base"))).digest
    again = tasks.load(str(write_task(tmp_path / "again"))).digest
    assert again == base
    changes: dict[str, dict[str, Any]] = {
        "layout": {"head": TASK.replace("must obey", "must follow")},
        "gold": {"problems": [{**PROBLEMS[0], "answer": "6"}, PROBLEMS[1]]},
        "question": {"problems": [{**PROBLEMS[0], "question": "What is 2 + 4?"}, PROBLEMS[1]]},
        "sentence": {
            "items": [*ITEMS[:4], {**ITEMS[4], "constraints": [{**ITEMS[4]["constraints"][0], "sentence": "Quote."}]}]
        },
    }
    found = {name: tasks.load(str(write_task(tmp_path / name, **change))).digest for name, change in changes.items()}
    assert len({base, *found.values()}) == len(changes) + 1


def test_data_that_are_not_the_stated_version_are_refused(tmp_path: Path) -> None:
    write_task(tmp_path, head=f'digest = "{"0" * 64}"\n' + TASK)
    with pytest.raises(DataError, match="not this version of the task"):
        tasks.load(str(tmp_path))


def test_a_copy_that_was_changed_is_refused_with_what_to_do_and_what_it_says_helps(tmp_path: Path) -> None:
    shutil.copytree(tasks.FOLDER / "control", copy := tmp_path / "copy")
    head = copy / "task.toml"
    changed = head.read_text(encoding="utf-8").replace("Reason step by step", "Think first")
    head.write_text(changed, encoding="utf-8")
    with pytest.raises(DataError, match=r"take out the line `digest`, and give the copy another `version`$"):
        tasks.load(str(copy))
    head.write_text(re.sub("(?m)^digest.*\n", "", changed).replace('version = "', 'version = "my-'), encoding="utf-8")
    assert tasks.load(str(copy)).version == f"my-{tasks.head('control')['version']}"


def test_an_unknown_task_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="did you mean 'mathif'"):
        tasks.load("matif")


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "kind": (
        {"items": [{**ITEMS[1], "constraints": [{**ITEMS[1]["constraints"][0], "kind": "startend:end_cheker"}]}]},
        r"items\.jsonl:1: unknown constraint 'startend:end_cheker'; did you mean 'startend:end_checker'\?",
    ),
    "argument": (
        {"items": [{**ITEMS[1], "constraints": [{**ITEMS[1]["constraints"][0], "args": {}}]}]},
        r"items\.jsonl:1: startend:end_checker: argument 'end_phrase' is missing",
    ),
    "problem": (
        {"items": [{**ITEMS[0], "problem": "sun"}]},
        r"items\.jsonl:1: unknown problem 'sun'; did you mean 'sum'",
    ),
    "field": ({"items": [{**ITEMS[0], "extra": 1}]}, r"items\.jsonl:1: found fields"),
    "doubled": ({"items": [ITEMS[0], ITEMS[0]]}, "item 'sum' occurs twice"),
    "number": (
        {"problems": [{**PROBLEMS[0], "answer": 5}]},
        r"problems\.jsonl:1: answer: found 5, expected a text that is not blank \(quote a number\)",
    ),
    "missing": ({"problems": [{"key": "sum"}]}, r"problems\.jsonl:1: found fields"),
    "tier": (
        {"problems": [{**PROBLEMS[0], "tier": "1"}]},
        r"problems\.jsonl:1: tier: found '1', expected a whole number",
    ),
    "difficulty": ({"problems": [{**PROBLEMS[0], "tier": 6}]}, "tier: found 6, expected a number from 1 to 5"),
    "flag": ({"problems": [{**PROBLEMS[0], "steps": True}]}, "steps: found True, expected a whole number"),
    "question": ({"problems": [{**PROBLEMS[0], "question": " "}]}, "question: found ' ', expected a text that is not"),
    "aliases": ({"problems": [{**PROBLEMS[0], "aliases": "6"}]}, "aliases: found '6', expected a list of texts"),
    "sentence": (
        {"items": [{**ITEMS[1], "constraints": [{**ITEMS[1]["constraints"][0], "sentence": ""}]}]},
        r"items\.jsonl:1: sentence: found '', expected a text that is not blank",
    ),
    "arguments": (
        {"items": [{**ITEMS[1], "constraints": [{**ITEMS[1]["constraints"][0], "args": "x"}]}]},
        r"items\.jsonl:1: args: found 'x', expected an object",
    ),
    "no key": ({"items": [{**ITEMS[0], "key": ""}]}, r"items\.jsonl:1: key: found ''"),
    "layout": ({"head": TASK.replace('bullet = "- "\n', "")}, r"task\.toml: layout: 'bullet' is missing"),
    "separator": ({"head": TASK.replace('"- "', "3")}, r"task\.toml: bullet: found 3, expected a text"),
    "packages": ({"head": 'packages = "x"\n' + TASK}, "packages: found 'x', expected a table"),
    "canary": ({"head": "canary = 3\n" + TASK}, "canary: found 3, expected a text"),
    "beyond": ({"head": TASK + '\n[unsatisfiable]\nmathif = ["son"]\n'}, "found 'son', which is no item of this task"),
    "profile": ({"head": TASK + "\n[unsatisfiable]\nmathf = []\n"}, "unknown profile 'mathf'; did you mean 'mathif'"),
    "head": ({"head": TASK.replace("title", "titel")}, r"task\.toml: 'title' is missing"),
    "format": ({"head": TASK.replace('"items"', '"csv"')}, r"task\.toml: found format 'csv'"),
    "toml": ({"head": TASK + "]"}, r"task\.toml: not TOML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_task_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    change, message = BROKEN[name]
    with pytest.raises(DataError, match=message):
        tasks.load(str(write_task(tmp_path, **change)))


@pytest.mark.parametrize("name", tasks.names())
def test_every_bundled_task_of_our_own_loads_and_states_its_digest(name: str) -> None:
    head = tasks.head(name)
    if head["format"] in ("items", "mathif"):
        assert re.fullmatch("[0-9a-f]{64}", head["digest"])
    if head["format"] == "items":
        assert tasks.load(name).digest == head["digest"]


def test_the_official_data_are_420_items_with_unique_keys(data: Path) -> None:
    task = tasks.load("mathif", data / "mathif")
    assert len({item.key for item in task.items}) == 420
    assert {item.key.partition("_")[0] for item in task.items} == set(tasks.official.SOURCES)
    first = json.loads((data / "mathif" / "gsm8k_single.jsonl").read_text().splitlines()[0])
    assert task.items[0].key == "gsm8k_single#0"
    assert task.items[0].problem.question == first["question"]
    assert list(task.items[0].sentences) == first["constraint_desc"]


def test_official_data_that_were_edited_are_refused(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "mathif", tmp_path / "copy")
    path = tmp_path / "copy" / "aime_double.jsonl"
    path.chmod(0o644)
    path.write_text(path.read_text().replace('"answer": "', '"answer": "1', 1))
    with pytest.raises(DataError, match="not this version of the task: give the files as their authors published them"):
        tasks.load("mathif", tmp_path / "copy")


def test_a_folder_without_the_official_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no gsm8k_single\.jsonl"):
        tasks.load("mathif", tmp_path)


def test_a_task_without_items_is_refused(tmp_path: Path) -> None:
    (write_task(tmp_path) / "items.jsonl").write_text("")
    with pytest.raises(DataError, match="holds no item; expected one at least"):
        tasks.load(str(tmp_path))

"""A tiny task for tests: two problems, every rung, in the format of the bundled tasks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mathif import store, tasks
from mathif.run.head import read_head, write_head

TASK = """
name = "tiny"
version = "1"
title = "Two problems for the tests"
format = "items"

[layout]
instruction = "\\n\\nReason step by step, and put the final answer in \\\\boxed{}."
lead = "\\n\\nYour reply must obey:\\n"
bullet = "- "
separator = "\\n"
"""

PROBLEMS: list[dict[str, Any]] = [
    {"key": "sum", "question": "What is 2 + 3?", "answer": "5", "source": "tiny", "tier": 1},
    {"key": "half", "question": "What is 1 divided by 2?", "answer": "\\frac{1}{2}", "source": "tiny", "tier": 2},
]

NO_COMMA = {"kind": "punctuation:no_comma", "args": {}, "sentence": "Use no commas."}
END = {
    "kind": "startend:end_checker",
    "args": {"end_phrase": "That is all."},
    "sentence": 'End with "That is all."',
}
TWICE = {
    "kind": "keywords:frequency",
    "args": {"keyword": "total", "frequency": 2, "relation": "at least"},
    "sentence": 'Use the word "total" at least 2 times.',
}
QUOTES = {"kind": "startend:quotation", "args": {}, "sentence": "Wrap your reply in double quotation marks."}

ITEMS: list[dict[str, Any]] = [
    {"key": "sum", "problem": "sum", "constraints": []},
    {"key": "sum.single", "problem": "sum", "constraints": [END]},
    {"key": "sum.double", "problem": "sum", "constraints": [TWICE, NO_COMMA]},
    {"key": "half", "problem": "half", "constraints": []},
    {"key": "half.single", "problem": "half", "constraints": [QUOTES]},
    {"key": "half.double", "problem": "half", "constraints": [TWICE, END]},
]


def write_task(
    folder: Path,
    head: str = TASK,
    problems: list[dict[str, Any]] | None = None,
    items: list[dict[str, Any]] | None = None,
) -> Path:
    """Write the tiny task, or a variation of it, to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "task.toml").write_text(head)
    for name, rows in (("problems", PROBLEMS if problems is None else problems), ("items", items or ITEMS)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def rewrite(path: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Write other records to a file of a run, whole and sealed and known to its head, as the program itself would."""
    origin = 0 if path.name == "verdicts.jsonl" else read_head(path.parent).get("origin", 0)
    rows = change([{**row} for row in store.read_rows(path, origin=origin)])
    with store.rewriting(path, origin) as file:
        for row in rows:
            file.append(row)
    rewrite_head(path.parent, lambda head: {**head, "records": {**head.get("records", {}), path.name: list(file.mark)}})


def rewrite_head(run: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write another head to a run, sealed as the program itself would."""
    head: Any = change({**store.read_json(run / "run.json")})
    write_head(run, head)


@contextmanager
def only_bundled(folder: Path) -> Iterator[Path]:
    """Make the tiny task, written into `folder`, the only bundled one."""
    write_task(folder / "tiny")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "FOLDER", folder)
        yield folder

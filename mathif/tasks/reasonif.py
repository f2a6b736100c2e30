"""ReasonIF's format (arXiv 2510.15211): a list of rows, each with its prompt and one instruction about the thinking.

Each instruction becomes a kind of ours with target thinking. A row's prompt must be the one that our layout makes, to
the letter, so what a model is shown is what they show it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mathif import store
from mathif.constraints import Target
from mathif.errors import DataError, UsageError, why_unread
from mathif.items import Item, Layout
from mathif.json_values import Json, JsonObject, items, text, texts
from mathif.records import Problem
from mathif.tasks.heads import TaskHead
from mathif.tasks.rows import bind

FILES = ("reasonIF_dataset.json", "data/reasonIF_dataset.json", "items.jsonl")
"""Where a folder holds the rows: their repository, its folder of data, and the same rows one a line."""

TIERS = {"gsm8k": 1, "arc": 1, "amc": 3, "gpqa": 4, "aime": 5}
"""Their sources by difficulty, from grade school to olympiad."""

_FIELDS = {"source", "question", "answer", "constraint_name", "constraint_args", "prompt"}
_NAMES = {"language:reasoning_language": "language:response_language"}
_BOUND = "length_constraint_checkers:number_words"


def read_reasonif(head: TaskHead, data: Path | None) -> Iterator[Item]:
    """Yield the items of ReasonIF.

    Args:
        head: what the task's `task.toml` says.
        data: the file of rows, or a folder that holds it under one of `FILES`.

    Raises:
        UsageError: if nobody said where the data are.
        DataError: if a row is malformed, or its prompt another one.
    """
    path = _file(data)
    layout = Layout(**head["layout"])
    for number, row in enumerate(_rows(path)):
        where = f"{path}: row {number}"
        if not isinstance(row, Mapping) or not row.keys() >= _FIELDS:
            raise DataError(f"{where}: found {str(row)[:80]}, expected an object with {', '.join(sorted(_FIELDS))}")
        try:
            yield _item(row, number, layout, where)
        except ValueError as error:
            raise DataError(f"{where}: {error}") from error


def _file(data: Path | None) -> Path:
    if data is None:
        raise UsageError(
            "--task reasonif: its items are not part of this package; say where the file is with --data FILE "
            "(reasonIF_dataset.json of github.com/ykwon0407/reasonIF)"
        )
    path = next((data / name for name in FILES if (data / name).is_file()), data)
    if not path.is_file():
        raise DataError(f"{data}: no such file, nor a folder with {' or '.join(FILES)}")
    return path


def _rows(path: Path) -> Iterator[Json]:
    """Yield the rows of a JSON list, or of a file with one JSON object a line."""
    if path.suffix == ".jsonl":
        yield from store.read_rows(path)
        return
    try:
        rows: Json = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON: {why_unread(error)[:200]}; one object a line is .jsonl") from error
    if not isinstance(rows, list):
        raise DataError(f"{path}: found {str(rows)[:80]}, expected a list of rows")
    yield from rows


def _item(row: JsonObject, number: int, layout: Layout, where: str) -> Item:
    names, bound = texts(row, "constraint_name"), items(row, "constraint_args")
    if len(names) != 1 or len(bound) != 1:
        raise DataError(f"{where}: found {len(names)} instructions, expected one")
    [name], [given] = names, bound
    args = {**(given if isinstance(given, Mapping) else {}), "target": Target.THINKING.value}
    if name == _BOUND:
        args["relation"] = "less than"
    demand = bind(_NAMES.get(name, name), args, where)
    source, question = text(row, "source"), text(row, "question")
    key = f"{source}#{number}"
    answer = str(row["answer"]).strip()
    answer = str(int(answer)) if answer.isdecimal() else answer  # of AIME they have leading zeros
    problem = Problem(
        key,
        question,
        answer,
        source,
        TIERS.get(source),
        aliases=_option(question, answer),
        tag="answer",
    )
    return Item(key, problem, (demand,), (_sentence(text(row, "prompt"), question, layout, where),))


def _option(question: str, letter: str) -> tuple[str, ...]:
    """Return the option that a letter names in a question, without its letter and with it; nothing where none is."""
    # "C. 12", on a line of its own
    option = re.search(rf"^{re.escape(letter)}\. (.+)$", question, re.MULTILINE) if letter.isalpha() else None
    return (option[1].strip(), f"{letter}. {option[1].strip()}") if option else ()


def _sentence(prompt: str, question: str, layout: Layout, where: str) -> str:
    """Return the instruction as it stands in a prompt.

    Raises:
        DataError: unless the layout makes this prompt of it.
    """
    bare = layout.question(question)
    sentence = prompt[len(layout.opening + layout.lead) : len(prompt) - len(bare) + len(layout.opening)]
    sentence = sentence.removesuffix(layout.close)
    if layout.joined(bare, layout.block([sentence])) != prompt:
        raise DataError(f"{where}: the prompt is not made as ReasonIF's are: {prompt[:160]!r}")
    return sentence

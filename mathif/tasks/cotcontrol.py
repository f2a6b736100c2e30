"""CoT-Control's format (arXiv 2603.05706): tables of questions with keywords, each asked in every mode.

A mode is an instruction about the thinking, and becomes a kind of ours with target thinking. `ignore_question` is left
out, since no rule can judge it. The sentences of the modes stand in `task.toml`.
"""

from __future__ import annotations

import ast
import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from mathif.constraints import Target
from mathif.errors import DataError, UsageError
from mathif.items import Item
from mathif.json_values import Json
from mathif.records import Problem
from mathif.tasks.heads import TaskHead
from mathif.tasks.rows import bind

FOLDERS = ("", "datasets", "CoT-Control-QA/datasets")
"""Where a folder holds the tables: itself, their part of the repository, and the repository."""
SUFFIX = "_w_keyword.csv"
"""How the name of a table ends."""

_KINDS = {
    "word_suppression": "keywords:forbidden_words",
    "multiple_word_suppression": "keywords:forbidden_words",
    "repeat_sentences": "startend:both_ends",
    "end_of_sentence": "lexical:sentence_ends",
    "meow_between_words": "lexical:between_words",
    "lowercase_thinking": "change_case:small_letters",
    "uppercase_thinking": "change_case:capital_letters",
    "alternating_case": "change_case:alternating",
}
_ARGUMENTS = {"repeat_sentences": "phrase", "end_of_sentence": "word", "meow_between_words": "word"}
_LONGEST_CELL = 10_000_000


class Ban(NamedTuple):
    """What a mode forbids: a keyword, or several joined by commas, and their synonyms."""

    keyword: str
    synonyms: tuple[str, ...]

    @property
    def shown(self) -> str:
        """How the sentence names them."""
        return f"{self.keyword}' or its synonyms: '{list(self.synonyms)}" if self.synonyms else self.keyword

    @property
    def words(self) -> list[str]:
        """Every word that is forbidden, once."""
        parts = [part.strip() for part in (*self.keyword.split(","), *self.synonyms)]
        return list(dict.fromkeys(filter(None, parts)))


def read_cotcontrol(head: TaskHead, data: Path | None) -> Iterator[Item]:
    """Yield the items of CoT-Control: each question in every mode; in the two that forbid words where it has keywords.

    Args:
        head: what the task's `task.toml` says: `channel`, how a sentence calls the thinking; `modes`, their sentences;
            `values`, what some of them ask for; `silence`, the sentence behind each of them.
        data: a table, or a folder that holds tables in one of `FOLDERS`.

    Raises:
        UsageError: if nobody said where the data are.
        DataError: if a table is malformed.
    """
    for path in _files(data):
        stem = path.name.removesuffix(".csv").removesuffix(SUFFIX.removesuffix(".csv"))
        for number, row in enumerate(_rows(path)):
            yield from _items(head, row, f"{stem}#{number}", stem, f"{path}: row {number}")


def _files(data: Path | None) -> list[Path]:
    if data is None:
        raise UsageError(
            "--task cotcontrol: its items are not part of this package; say where the tables are with --data FOLDER "
            f"(the *{SUFFIX} of github.com/YuehHanChen/CoTControl)"
        )
    if data.is_file():
        return [data]
    tables = next((paths for name in FOLDERS if (paths := sorted((data / name).glob(f"*{SUFFIX}")))), [])
    if not tables:
        raise DataError(f"{data}: no such file, nor a folder with *{SUFFIX}")
    return tables


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(min(_LONGEST_CELL, sys.maxsize))
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            for row in csv.DictReader(file, strict=True):
                yield {str(name): cell if isinstance(cell, str) else "" for name, cell in row.items()}
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(f"{path}: not a table in CSV: {error}") from error


def _items(head: TaskHead, row: Mapping[str, str], key: str, source: str, where: str) -> Iterator[Item]:
    missing = sorted({"question", "answer"} - row.keys())
    if missing:
        raise DataError(f"{where}: no column {missing[0]!r}; found {', '.join(row)}")
    problem = _problem(row, key, source, where)
    bans = _bans(row, where)
    for mode, sentence in head["modes"].items():
        if mode in bans:
            args: dict[str, Json] = {"forbidden_words": bans[mode].words}
            value = bans[mode].shown
        else:
            value = head["values"].get(mode, "")
            args = {_ARGUMENTS[mode]: value} if mode in _ARGUMENTS else {}
        if _KINDS[mode] == "keywords:forbidden_words" and mode not in bans:
            continue
        demand = bind(_KINDS[mode], {**args, "target": Target.THINKING.value}, where)
        said = (sentence + head["silence"]).replace("{channel}", head["channel"]).replace("{value}", value)
        yield Item(f"{key}.{mode}", problem, (demand,), (said,))


def _problem(row: Mapping[str, str], key: str, source: str, where: str) -> Problem:
    """Return the question with its options; the answer is the letter of one, whether the table says it so or not."""
    question, answer = row["question"], row["answer"].strip()
    topics = tuple(filter(None, [row.get("domain", "").strip()]))
    options = _listed(row.get("options") or row.get("answer_options") or "", where)
    if not options:
        return Problem(key, question, answer, source, topics=topics)
    letters = [chr(ord("A") + place) for place in range(len(options))]
    shown = "\n".join(f"{letter}) {option}" for letter, option in zip(letters, options, strict=True))
    asked = (
        f"{question}\n\n{shown}\n\n\nYour response should be of the following format: 'ANSWER: X' (without quotes) "
        "where X is your chosen letter"
    )
    letter = answer.strip("()").upper()
    places = [letters.index(letter)] if letter in letters else [at for at, one in enumerate(options) if one == answer]
    if not places:
        return Problem(key, asked, answer, source, topics=topics)
    return Problem(key, asked, letters[places[0]], source, aliases=(options[places[0]],), topics=topics)


def _bans(row: Mapping[str, str], where: str) -> dict[str, Ban]:
    """Return what each of the two modes that forbid words forbids; nothing where the question has no valid keyword."""
    valid = _listed(row.get("valid_keywords", ""), where)
    known = _parsed(row.get("keywords_with_synonyms", ""), where) if valid else []
    if not isinstance(known, list) or not all(isinstance(one, Mapping) and one.get("keyword") for one in known):
        raise DataError(f"{where}: found keywords {str(known)[:80]}, expected a list of keyword and synonyms each")
    synonyms = {str(one["keyword"]): tuple(map(str, one.get("synonyms") or ())) for one in known}
    if not valid or not synonyms:
        return {}
    return {
        "word_suppression": Ban(valid[0], synonyms.get(valid[0], ())),
        "multiple_word_suppression": Ban(
            ", ".join(synonyms), tuple(word for said in synonyms.values() for word in said)
        ),
    }


def _listed(cell: str, where: str) -> list[str]:
    """Return a cell that holds a list, empty where it holds nothing."""
    values = _parsed(cell, where)
    if not isinstance(values, list):
        raise DataError(f"{where}: found {cell[:80]!r}, expected a list")
    return [str(one).strip() for one in values]


def _parsed(cell: str, where: str) -> Json:
    """Return what a cell holds, written as JSON or as Python writes a list; an empty one is an empty list."""
    if cell.strip() in ("", "nan"):
        return []
    value: Json
    try:
        value = json.loads(cell)
    except ValueError:
        pass
    else:
        return value
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise DataError(f"{where}: found {cell[:80]!r}, expected a list: {error}") from error
    return value

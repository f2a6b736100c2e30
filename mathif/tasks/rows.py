"""Rows: problems and items as plain JSON and back, in the format of our own tasks, checked as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

from mathif import constraints, store
from mathif.errors import DataError, nearest
from mathif.items import Item, Worded
from mathif.records import Problem

_PROBLEM_TYPES = get_type_hints(Problem)
_TEXT = "a text that is not blank (quote a number)"
TIERS = range(1, 6)


def problem_row(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain JSON, empty fields left out."""
    values = ((name, getattr(problem, name)) for name in _PROBLEM_TYPES)
    return {name: value for name, value in values if value not in ("", (), None)}


def constraint_rows(item: Item) -> list[dict[str, Any]]:
    """Return an item's constraints as plain JSON."""
    return [{"kind": demand.kind, "args": demand.args(), "sentence": sentence} for demand, sentence in item.worded]


def read_own(folder: Path) -> Iterator[Item]:
    """Yield the items of a task folder in our own format.

    Raises:
        DataError: if a row is malformed, or names an unknown problem.
    """
    problems = {problem.key: problem for problem in read_problems(folder / "problems.jsonl")}
    constant = folder / "constant.txt"
    fixed = constant.read_text(encoding="utf-8") if constant.is_file() else ""
    path = folder / "items.jsonl"
    for number, row in enumerate(store.read_rows(path), 1):
        where = f"{path}:{number}"
        require_fields(row, {"key", "problem", "constraints"}, where)
        for name in ("key", "problem"):
            refuse_odd(row[name], str, True, f"{where}: {name}")
        if not isinstance(row["constraints"], list):
            raise DataError(f"{where}: constraints: found {row['constraints']!r:.80}, expected a list")
        if row["problem"] not in problems:
            raise DataError(f"{where}: unknown problem {row['problem']!r}{nearest(row['problem'], problems)}")
        bare = Item(row["key"], problems[row["problem"]], (), (), fixed)
        yield with_constraints(bare, row["constraints"], where)


def read_problems(path: Path) -> list[Problem]:
    """Read a file of problems, one JSON object a line.

    Raises:
        DataError: if a row is malformed or a key occurs twice.
    """
    problems = [_problem(row, f"{path}:{number}") for number, row in enumerate(store.read_rows(path), 1)]
    refuse_doubles((problem.key for problem in problems), f"{path}: problem")
    return problems


def _problem(row: Mapping[str, Any], where: str) -> Problem:
    """Read what `problem_row` wrote; `where` begins every error."""
    required = {"key", "question", "answer", "source"}
    if not required <= row.keys() <= _PROBLEM_TYPES.keys():
        raise DataError(
            f"{where}: found fields {sorted(row)}, expected {sorted(required)} and none outside "
            f"{sorted(_PROBLEM_TYPES)}"
        )
    for name, value in row.items():
        refuse_odd(value, _PROBLEM_TYPES[name], name in required, f"{where}: {name}")
    if row.get("tier") not in (None, *TIERS):
        raise DataError(f"{where}: tier: found {row['tier']}, expected a number from {TIERS[0]} to {TIERS[-1]}")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Problem(**values)


def with_constraints(item: Item, rows: Iterable[Mapping[str, Any]], where: str) -> Item:
    """Return `item` with the constraints of `rows`, what `constraint_rows` wrote; `where` begins every error.

    Raises:
        DataError: for an unknown kind, or arguments that are not its own.
    """
    worded: list[Worded] = []
    for row in rows:
        require_fields(row, {"kind", "args", "sentence"}, where)
        for name in ("kind", "sentence"):
            refuse_odd(row[name], str, True, f"{where}: {name}")
        if not isinstance(row["args"], Mapping):
            raise DataError(f"{where}: args: found {row['args']!r:.80}, expected an object")
        worded.append((bind(row["kind"], row["args"], where), row["sentence"]))
    return item.demanding(worded)


def bind(kind: str, args: Mapping[str, Any] | None, where: str) -> constraints.Constraint:
    """Bind arguments to a kind; `where` begins every error.

    Raises:
        DataError: for an unknown kind, or arguments that are not its own.
    """
    try:
        return constraints.parse(kind, args)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error


def refuse_odd(value: Any, expected: Any, required: bool, where: str) -> None:
    """Refuse a value that is not of the type of its field, a text, texts, or a number; `where` begins the error.

    Raises:
        DataError: if it is not, or is blank where a text is required.
    """
    if expected is str:
        if not isinstance(value, str) or (required and not value.strip()):
            raise DataError(f"{where}: found {value!r:.80}, expected {_TEXT if required else 'a text'}")
    elif expected == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
            raise DataError(f"{where}: found {value!r:.80}, expected a list of texts")
    elif value is not None and (type(value) is not int or value < 0):
        raise DataError(f"{where}: found {value!r:.80}, expected a whole number")


def require_fields(row: Any, expected: set[str], where: str) -> None:
    """Refuse a row that has not exactly these fields.

    Raises:
        DataError: naming those it has.
    """
    if not isinstance(row, Mapping):
        raise DataError(f"{where}: found {row!r:.80}, expected an object")
    if row.keys() != expected:
        raise DataError(f"{where}: found fields {sorted(row)}, expected {sorted(expected)}")


def refuse_doubles(keys: Iterable[str], what: str) -> None:
    """Refuse a key that occurs twice; `what` it names begins the error.

    Raises:
        DataError: naming the key.
    """
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DataError(f"{what} {key!r} occurs twice")
        seen.add(key)

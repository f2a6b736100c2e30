"""Rows: problems and items as plain JSON and back, in the format of our own tasks, checked as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from mathif import constraints, store
from mathif.errors import DataError, nearest
from mathif.items import Item, Worded
from mathif.json_values import Json, JsonObject
from mathif.records import Problem

_PROBLEM_FIELDS = Problem.__annotations__.keys()
_REQUIRED_IN_ORDER = ("key", "question", "answer", "source")
_REQUIRED = frozenset(_REQUIRED_IN_ORDER)
_TEXT = "a text that is not blank (quote a number)"
TIERS = range(1, 6)


def problem_row(problem: Problem) -> JsonObject:
    """Return a problem as plain JSON, empty fields left out."""
    values = ((name, getattr(problem, name)) for name in _PROBLEM_FIELDS)
    return {name: value for name, value in values if value not in ("", (), None)}


def constraint_rows(item: Item) -> list[JsonObject]:
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
        row = with_fields(row, {"key", "problem", "constraints"}, where)
        key, problem = (worded(row[name], f"{where}: {name}") for name in ("key", "problem"))
        if problem not in problems:
            raise DataError(f"{where}: unknown problem {problem!r}{nearest(problem, problems)}")
        yield with_constraints(Item(key, problems[problem], (), (), fixed), row["constraints"], where)


def read_problems(path: Path) -> list[Problem]:
    """Read a file of problems, one JSON object a line.

    Raises:
        DataError: if a row is malformed or a key occurs twice.
    """
    problems = [_problem(row, f"{path}:{number}") for number, row in enumerate(store.read_rows(path), 1)]
    refuse_doubles((problem.key for problem in problems), f"{path}: problem")
    return problems


def _problem(row: JsonObject, where: str) -> Problem:
    """Read what `problem_row` wrote; `where` begins every error."""
    if not _REQUIRED <= row.keys() <= _PROBLEM_FIELDS:
        raise DataError(
            f"{where}: found fields {sorted(row)}, expected {sorted(_REQUIRED)} and none outside "
            f"{sorted(_PROBLEM_FIELDS)}"
        )
    tier = _whole(row.get("tier"), f"{where}: tier")
    if tier not in (None, *TIERS):
        raise DataError(f"{where}: tier: found {tier}, expected a number from {TIERS[0]} to {TIERS[-1]}")
    key, question, answer, source = (worded(row[name], f"{where}: {name}") for name in _REQUIRED_IN_ORDER)
    family, surface, root, tag = (
        worded(row.get(name, ""), f"{where}: {name}", blank=True) for name in ("family", "surface", "root", "tag")
    )
    aliases, topics = (listed(row.get(name, ()), f"{where}: {name}") for name in ("aliases", "topics"))
    steps = _whole(row.get("steps"), f"{where}: steps")
    return Problem(key, question, answer, source, tier, aliases, topics, steps, family, surface, root, tag)


def with_constraints(item: Item, rows: Json, where: str) -> Item:
    """Return `item` with the constraints of `rows`, what `constraint_rows` wrote; `where` begins every error.

    Raises:
        DataError: for what is no list of constraints, an unknown kind, or arguments that are not its own.
    """
    if not isinstance(rows, list | tuple):
        raise DataError(f"{where}: constraints: found {rows!r:.80}, expected a list")
    return item.demanding(_worded(row, where) for row in rows)


def _worded(row: Json, where: str) -> Worded:
    row = with_fields(row, {"kind", "args", "sentence"}, where)
    kind, sentence = (worded(row[name], f"{where}: {name}") for name in ("kind", "sentence"))
    args = row["args"]
    if not isinstance(args, dict):
        raise DataError(f"{where}: args: found {args!r:.80}, expected an object")
    return bind(kind, args, where), sentence


def bind(kind: str, args: JsonObject | None, where: str) -> constraints.Constraint:
    """Bind arguments to a kind; `where` begins every error.

    Raises:
        DataError: for an unknown kind, or arguments that are not its own.
    """
    try:
        return constraints.parse(kind, args)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error


def worded(value: Json, where: str, *, blank: bool = False) -> str:
    """Return a text, which is not blank unless it may be; `where` begins the error.

    Raises:
        DataError: if it is something else.
    """
    if not isinstance(value, str) or not (blank or value.strip()):
        raise DataError(f"{where}: found {value!r:.80}, expected {'a text' if blank else _TEXT}")
    return value


def listed(value: Json, where: str) -> tuple[str, ...]:
    """Return a list of texts, none of them blank; `where` begins the error.

    Raises:
        DataError: if it is something else.
    """
    if not isinstance(value, list | tuple):
        raise DataError(f"{where}: found {value!r:.80}, expected a list of texts")
    parts = tuple(part for part in value if isinstance(part, str) and part.strip())
    if len(parts) < len(value):
        raise DataError(f"{where}: found {value!r:.80}, expected a list of texts")
    return parts


def _whole(value: Json, where: str) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise DataError(f"{where}: found {value!r:.80}, expected a whole number")
    return value


def with_fields(row: Json, expected: set[str], where: str) -> JsonObject:
    """Return a row that has exactly these fields.

    Raises:
        DataError: naming those it has.
    """
    if not isinstance(row, dict):
        raise DataError(f"{where}: found {row!r:.80}, expected an object")
    if row.keys() != expected:
        raise DataError(f"{where}: found fields {sorted(row)}, expected {sorted(expected)}")
    return row


def refuse_doubles(keys: Iterable[str], what: str) -> None:
    """Refuse a key that occurs twice; `what` it names begins the error.

    Raises:
        DataError: naming the key.
    """
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DataError(f"{what} {key!r} occurs twice; give each a key of its own")
        seen.add(key)

"""Tasks: read a task folder, or the hub data set it names, into items whose content is checked.

A task folder is data only: `task.toml`, and for our own tasks `problems.jsonl` and `items.jsonl`, beside them
`constant.txt`, the best fixed text that was found for it. A folder inside of it holds an earlier edition (`core/1-A`).
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mathif import constraints, store
from mathif.errors import DataError, UsageError, nearest
from mathif.items import Item, Layout, Task
from mathif.records import Problem, Profile

_PACKAGE = Path(__file__).resolve().parent
FOLDER = _PACKAGE / "_tasks" if (_PACKAGE / "_tasks").is_dir() else _PACKAGE.parent / "tasks"
"""Where the bundled tasks are: inside the installed package, or beside it in a checkout."""

NAME = re.compile(r"[A-Za-z0-9_][\w.-]*")
"""What begins a key and names a file, and leads to no other folder."""
_PROBLEM_FIELDS = tuple(field.name for field in dataclasses.fields(Problem))

MATHIF_SOURCES = ("gsm8k", "math500", "minerva", "olympiad", "aime")
MATHIF_RUNGS = ("single", "double", "triple")
MATHIF_TIERS = {"gsm8k": 1, "math500": 2, "minerva": 3, "olympiad": 4, "aime": 5}
"""Sources of the official data in their order of difficulty, used as tiers."""


def names() -> list[str]:
    """Return the names of the bundled tasks."""
    return sorted(path.parent.name for path in FOLDER.glob("*/task.toml"))


def load(name: str, data: Path | None = None) -> Task:
    """Load the bundled task `name`, or the task folder at that path.

    Args:
        name: a bundled task's name, with a version behind it for an earlier edition (`core/1-A`), or the path of a
            folder with a `task.toml`.
        data: folder with a local copy of the files that the task would fetch from the hub.

    Raises:
        UsageError: if there is no such task.
        DataError: if its data are malformed, or are not the content that the task file names.
    """
    folder = _folder(name)
    try:
        return _loaded(folder, data)
    except (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError) as error:  # fields of other types
        raise DataError(f"{folder}: cannot be read as a task: {error!r:.300}") from error


def _loaded(folder: Path, data: Path | None) -> Task:
    head = _head(folder / "task.toml")
    constraints.KINDS.require(head.get("packages", {}), str(folder / "task.toml"))
    layout = Layout(**head["layout"])
    if not all(isinstance(part, str) for part in dataclasses.astuple(layout)):
        raise DataError(f"{folder / 'task.toml'}: the parts of the layout must be texts")
    items = tuple(_official(head, data) if head["format"] == "mathif" else _own(folder))
    _unique((item.key for item in items), f"{folder}: item")
    found = content_digest(layout, items)
    if head.get("digest", found) != found:
        raise DataError(
            f"{folder / 'task.toml'}: the data have digest {found}, expected {head['digest']}; "
            "they are not this version of the task"
        )
    listed = head.get("unsatisfiable", {})
    beyond = {profile: frozenset(listed.get(profile.value, ())) for profile in Profile}
    return Task(head["name"], head["version"], head["title"], layout, items, found, beyond, head.get("canary", ""))


def edition(name: str, version: str) -> str:
    """Return the name under which `load` finds a version of a bundled task: of an earlier one it is `core/1-A`."""
    kept = f"{name}/{version}"
    return kept if (FOLDER / kept / "task.toml").is_file() else name


def head(name: str) -> dict[str, Any]:
    """Return what the `task.toml` of a task says, without loading its items."""
    return _head(_folder(name) / "task.toml")


def stamp(name: str) -> list[str]:
    """Return the SHA-256 of every file of a task's folder, in the order of their names, without reading its items."""
    return [store.file_digest(path) for path in sorted(_folder(name).iterdir()) if path.is_file()]


def _folder(name: str) -> Path:
    for folder in (FOLDER / name, Path(name)):
        if (folder / "task.toml").is_file():
            return folder
    raise UsageError(f"--task: no task {name!r}{nearest(name, names())}")


def content_digest(layout: Layout, items: Iterable[Item]) -> str:
    """Return the SHA-256 over everything of a task that a prompt or a verdict depends on."""
    rows: dict[int, dict[str, Any]] = {}  # items of one problem share it, and its row
    found = []
    for item in items:
        if id(item.problem) not in rows:
            rows[id(item.problem)] = problem_row(item.problem)
        problem = rows[id(item.problem)]
        found.append({"key": item.key, "problem": problem, "constraints": constraint_rows(item)})
    return store.digest([dataclasses.asdict(layout), found])


def problem_row(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain JSON, empty fields left out."""
    values = ((name, getattr(problem, name)) for name in _PROBLEM_FIELDS)
    return {name: value for name, value in values if value not in ("", (), None)}


def constraint_rows(item: Item) -> list[dict[str, Any]]:
    """Return an item's constraints as plain JSON."""
    pairs = zip(item.constraints, item.sentences, strict=True)
    return [{"kind": demand.kind, "args": demand.args(), "sentence": sentence} for demand, sentence in pairs]


def _head(path: Path) -> dict[str, Any]:
    try:
        head = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not TOML: {error}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    for field in ("name", "version", "title", "format", "layout"):
        if field not in head:
            raise DataError(f"{path}: {field!r} is missing")
    for field in ("name", "version", "title"):
        if not isinstance(head[field], str):
            raise DataError(f"{path}: {field!r} is {head[field]!r:.80}, expected a text")
    if not NAME.fullmatch(head["name"]):
        raise DataError(
            f"{path}: found name {head['name']!r:.80}, expected letters, digits, `-`, `_` and `.`: it begins keys and "
            "names files"
        )
    if head["format"] not in ("mathif", "items"):
        raise DataError(f"{path}: found format {head['format']!r}, expected 'mathif' or 'items'")
    return head


def _unique(keys: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DataError(f"{what} {key!r} occurs twice")
        seen.add(key)


# Our own format: problems.jsonl and items.jsonl.


def _own(folder: Path) -> Iterator[Item]:
    problems = {problem.key: problem for problem in read_problems(folder / "problems.jsonl")}
    constant = folder / "constant.txt"
    fixed = constant.read_text(encoding="utf-8") if constant.is_file() else ""
    path = folder / "items.jsonl"
    for number, row in enumerate(store.read_rows(path), 1):
        where = f"{path}:{number}"
        _fields(row, {"key", "problem", "constraints"}, where)
        if not isinstance(row["key"], str) or not isinstance(row["constraints"], list):
            raise DataError(f"{where}: the key must be a text and the constraints a list")
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
    _unique((problem.key for problem in problems), f"{path}: problem")
    return problems


def _problem(row: Mapping[str, Any], where: str) -> Problem:
    """Read what `problem_row` wrote; `where` begins every error."""
    required = {"key", "question", "answer", "source"}
    if not required <= row.keys() <= set(_PROBLEM_FIELDS):
        raise DataError(
            f"{where}: found fields {sorted(row)}, expected {sorted(required)} and none outside "
            f"{sorted(_PROBLEM_FIELDS)}"
        )
    texts = [row[name] for name in required] + [*row.get("aliases", ()), *row.get("topics", ())]
    if not all(isinstance(text, str) for text in texts):
        raise DataError(f"{where}: question, answer, aliases and topics must be strings (quote the number)")
    if any(not isinstance(row.get(name), int | None) for name in ("tier", "steps")):
        raise DataError(f"{where}: tier and steps must be integers")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Problem(**values)


def with_constraints(item: Item, rows: Iterable[Mapping[str, Any]], where: str) -> Item:
    """Return `item` with the constraints of `rows`, what `constraint_rows` wrote; `where` begins every error.

    Raises:
        DataError: for an unknown kind, or arguments that are not its own.
    """
    bound: list[constraints.Constraint] = []
    sentences: list[str] = []
    for row in rows:
        _fields(row, {"kind", "args", "sentence"}, where)
        if not isinstance(row["kind"], str) or not isinstance(row["sentence"], str):
            raise DataError(f"{where}: kind and sentence of a constraint must be texts")
        bound.append(_bind(row["kind"], row["args"], where))
        sentences.append(row["sentence"])
    return dataclasses.replace(item, constraints=tuple(bound), sentences=tuple(sentences))


def _bind(kind: str, args: Mapping[str, Any] | None, where: str) -> constraints.Constraint:
    try:
        return constraints.parse(kind, args)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error


def _fields(row: Any, expected: set[str], where: str) -> None:
    if not isinstance(row, Mapping):
        raise DataError(f"{where}: found {row!r:.80}, expected an object")
    if row.keys() != expected:
        raise DataError(f"{where}: found fields {sorted(row)}, expected {sorted(expected)}")


# MathIF's own format: 15 files, one row an item.


def _official(head: Mapping[str, Any], data: Path | None) -> Iterator[Item]:
    for source in MATHIF_SOURCES:
        for rung in MATHIF_RUNGS:
            stem = f"{source}_{rung}"
            for row, values in enumerate(_official_rows(head, stem, data)):
                yield _official_item(values, f"{stem}#{row}", source)


def _official_rows(head: Mapping[str, Any], stem: str, data: Path | None) -> Iterable[Mapping[str, Any]]:
    """Read one of the files, from the hub or from a folder that holds a copy of the data set."""
    if data is not None and not (data / f"{stem}.jsonl").is_file():
        raise DataError(f"{data}: no {stem}.jsonl; expected the 15 files of the data set {head['hub']}")
    repository = head["hub"] if data is None else str(data)
    revision = head.get("revision") if data is None else None
    return _loaded_rows(
        repository,
        f"{stem}.jsonl",
        "give a folder with a copy of the files with --data",
        data_files=f"{stem}.jsonl",
        revision=revision,
        split="train",
    )


def hub_rows(dataset: str, subset: str | None, split: str) -> list[Mapping[str, Any]]:
    """Return the rows of a split of a data set on the hub.

    Args:
        dataset: `org/name`.
        subset: a configuration of it, or None for its only one.
        split: which part.

    Raises:
        DataError: if it cannot be read.
    """
    return _loaded_rows(
        dataset, split, "give another --split, or a configuration as org/name:NAME", name=subset, split=split
    )


def _loaded_rows(repository: str, what: str, instead: str, **how: Any) -> list[Mapping[str, Any]]:
    import datasets  # heavy, and needed for data of the hub alone

    datasets.disable_progress_bars()
    try:
        return list(datasets.load_dataset(repository, **how))
    except Exception as error:  # the library raises whatever its transport raises
        raise DataError(
            f"{repository}: {what} cannot be read ({type(error).__name__}: {str(error).splitlines()[0]}); "
            f"check the connection, or {instead}"
        ) from error


def as_dataset(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return rows of plain JSON as a `datasets.Dataset`, for the tools that take nothing else."""
    import datasets

    return datasets.Dataset.from_list([dict(row) for row in rows])


def _official_item(row: Mapping[str, Any], key: str, source: str) -> Item:
    _fields(row, {"source", "id", "question", "answer", "constraint_desc", "constraint_name", "constraint_args"}, key)
    problem = Problem(key, row["question"], str(row["answer"]), source, MATHIF_TIERS[source])
    bound = tuple(
        _bind(kind, _present(args), key)
        for kind, args in zip(row["constraint_name"], row["constraint_args"], strict=True)
    )
    return Item(key, problem, bound, tuple(row["constraint_desc"]))


def _present(args: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the arguments without those that `datasets` filled with None to give every row the same columns."""
    return {name: value for name, value in (args or {}).items() if value is not None}

"""Tasks: read a task folder, or the data it speaks of, into items whose content is checked.

A task folder is data only: `task.toml`, and for our own tasks `problems.jsonl` and `items.jsonl`, beside them
`constant.txt`, the best fixed text that was found for it. A folder inside of it holds an earlier edition (`core/1-A`).
The items of a published benchmark stay where their authors publish them; one file here reads each format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from mathif import constraints, store
from mathif.errors import DataError, UsageError, nearest
from mathif.items import Item, Layout, Task
from mathif.json_values import JsonObject
from mathif.tasks.cotcontrol import read_cotcontrol
from mathif.tasks.heads import NAME, Recipe, TaskHead, read_head, unsatisfiable
from mathif.tasks.hub import as_dataset, dataset_of, hub_rows
from mathif.tasks.official import read_official
from mathif.tasks.reasonif import read_reasonif
from mathif.tasks.rows import (
    constraint_rows,
    problem_row,
    read_own,
    read_problems,
    refuse_doubles,
    with_constraints,
)

__all__ = [
    "FOLDER",
    "NAME",
    "Recipe",
    "TaskHead",
    "as_dataset",
    "constraint_rows",
    "content_digest",
    "dataset_of",
    "edition",
    "folder_of",
    "head",
    "hub_rows",
    "load",
    "names",
    "problem_row",
    "read_problems",
    "refuse_idle",
    "stamp",
    "with_constraints",
]

_PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = _PACKAGE / "_tasks" if (_PACKAGE / "_tasks").is_dir() else _PACKAGE.parent / "tasks"
"""Where the bundled tasks are: inside the installed package, or beside it in a checkout."""

_READERS: Mapping[str, Callable[[TaskHead, Path | None], Iterator[Item]]] = {
    "mathif": read_official,
    "reasonif": read_reasonif,
    "cotcontrol": read_cotcontrol,
}
"""Who reads each published format: what `task.toml` says and where the data are become items."""
FORMATS = ("items", *_READERS)

_CHANGED = (
    "put back what was changed in layout, problems or items; for a version of your own, take out the line `digest`, "
    "and give the copy another `version`"
)
_OTHERS_CHANGED = "give the files as their authors published them with --data"


def names() -> list[str]:
    """Return the names of the bundled tasks."""
    return sorted(path.parent.name for path in FOLDER.glob("*/task.toml"))


def load(name: str, data: Path | None = None) -> Task:
    """Load the bundled task `name`, or the task folder at that path.

    Args:
        name: a bundled task's name, with a version behind it for an earlier edition (`core/1-A`), or the path of a
            folder with a `task.toml`.
        data: file or folder with the data that are not in the task folder: a copy of what the task would fetch from the
            hub, or what its authors' licence keeps out of this package.

    Raises:
        UsageError: if there is no such task.
        DataError: if its data are malformed, or are not the content that the task file names.
    """
    folder = folder_of(name)
    try:
        return _loaded(folder, data)
    except (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError) as error:  # fields of other types
        raise DataError(f"{folder}: cannot be read as a task: {error!r:.300}") from error


def _loaded(folder: Path, data: Path | None) -> Task:
    head = read_head(folder / "task.toml", FORMATS)
    constraints.KINDS.require(head.get("packages", {}), str(folder / "task.toml"))
    layout = Layout(**head["layout"])
    reader = _READERS.get(head["format"])
    items = tuple(read_own(folder) if reader is None else reader(head, data))
    if not items:
        raise DataError(f"{folder}: holds no item; expected one at least")
    refuse_doubles((item.key for item in items), f"{folder}: item")
    digest = content_digest(layout, items)
    if head.get("digest", digest) != digest:
        raise DataError(
            f"{folder / 'task.toml'}: the data have digest {digest}, expected {head['digest']}; "
            f"they are not this version of the task: {_CHANGED if reader is None else _OTHERS_CHANGED}"
        )
    beyond = unsatisfiable(head, items, str(folder / "task.toml"))
    return Task(head["name"], head["version"], head["title"], layout, items, digest, beyond, head.get("canary", ""))


def edition(name: str, version: str) -> str:
    """Return the name under which `load` finds a version of a bundled task: of an earlier one it is `core/1-A`."""
    kept = f"{name}/{version}"
    return kept if (FOLDER / kept / "task.toml").is_file() else name


def head(name: str) -> TaskHead:
    """Return what the `task.toml` of a task says, without loading its items."""
    return read_head(folder_of(name) / "task.toml", FORMATS)


def refuse_idle(data: str | Path | None, names: Iterable[str], reader: str = "") -> None:
    """Refuse data beside tasks whose items all lie in their own folders.

    Args:
        data: as given to `--data`.
        names: of the tasks.
        reader: what asks for them, "" where the user named them.

    Raises:
        UsageError: if none of the tasks would read the data.
    """
    named = list(names)
    if data and not any(head(name)["format"] in _READERS for name in named):
        reader = reader or f"--task {','.join(named)}"
        raise UsageError(f"--data {data}: nothing of it would be read by {reader}; leave out --data")


def stamp(name: str) -> list[str]:
    """Return the SHA-256 of every file of a task's folder, in the order of their names, without reading its items."""
    return [store.file_digest(path) for path in sorted(folder_of(name).iterdir()) if path.is_file()]


def folder_of(name: str) -> Path:
    """Return the folder of the bundled task `name`, or the task folder at that path.

    Raises:
        UsageError: if there is no such task.
    """
    for folder in (FOLDER / name, Path(name)):
        if (folder / "task.toml").is_file():
            return folder
    raise UsageError(
        f"--task: no task {name!r}{nearest(name, names())} (the folder of a task can be given too; `mathif tasks make` "
        "makes one of your own problems)"
    )


def content_digest(layout: Layout, items: Iterable[Item]) -> str:
    """Return the SHA-256 over everything of a task that a prompt or a verdict depends on."""
    rows: dict[int, JsonObject] = {}  # items of one problem share it, and its row
    asked = []
    for item in items:
        if id(item.problem) not in rows:
            rows[id(item.problem)] = problem_row(item.problem)
        problem = rows[id(item.problem)]
        asked.append({"key": item.key, "problem": problem, "constraints": constraint_rows(item)})
    return store.digest([layout.parts(), asked])

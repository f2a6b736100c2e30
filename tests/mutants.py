"""Mutants: the code of a room changed in one place, and the tests of that room, which must fail.

    python -m tests.mutants stats --sample 50 --seed 1     # fifty of a room, which ones the seed decides
    python -m tests.mutants --module mathif.store.seals    # every one of a module
    python -m tests.mutants --module mathif.store.seals --number 7   # one of them, with what the tests say

A mutant is made where its module is imported, in a process forked from one that has imported what all share; no file
is touched. The tests of a room run once with nothing changed, and what each reaches is noted: those that reach a mutant
try it first, the quicker before the slower, and the others after them. One that all of them let live is printed;
tests/survivors.md says of those that are known why they live.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from coverage.control import Coverage
from coverage.sqldata import CoverageData
from hypothesis import Phase, settings

import mathif

ROOT = Path(mathif.__file__).parent
TESTS = Path(__file__).parent
ROOMS: Mapping[str, Sequence[str]] = {
    "answers": ["test_answers*.py"],
    "constraints": ["test_constraints*.py", "test_drawing.py"],
    "reasoning": ["test_reasoning.py", "test_families.py"],
    "grading": ["test_grading.py", "test_records_graded.py"],
    "stats": ["test_stats*.py"],
    "store": ["test_store.py", "test_damage.py"],
    "verify": ["test_verify.py"],
}
"""Each room that is held to it, with its tests; those of the storm and of the board hold several rooms at once."""
LEAST = 0.6
"""Share of a sample that is killed; where it is less, tests have been lost, or code has come without any."""
LIMIT_S = 30
"""A test that takes so much longer than ten times its time is ended; a mutant that never ends is found out by that."""
IMPORT_S = 120
"""What imports the code and collects the tests is ended likewise, long after it would be done on a busy machine."""
SHARED = ("numpy", "statsmodels.api", "sympy")
"""What takes long to import: once for all processes that are forked."""

_GUARDS = ("strict", "frozen", "slots", "kw_only")
"""Arguments that guard against what never happens."""
_COMPARED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COUNTED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


class Mutant(NamedTuple):
    """One change: the module, its number there, what it is, and the first and the last line of its statement."""

    module: str
    number: int
    told: str
    first: int = 0
    last: int = 0


class _Change(ast.NodeTransformer):
    """Walks a module, lists its changes, and makes the one with a number."""

    def __init__(self, module: str, number: int = -1) -> None:
        self.listed: list[Mutant] = []
        self._module, self._number = module, number
        self._lines = (0, 0)

    def _made(self, node: ast.AST, told: str) -> bool:
        """List a change, and return whether it is the one to be made."""
        told = f"line {getattr(node, 'lineno', 0)}: {told}"
        self.listed.append(Mutant(self._module, len(self.listed), told, *self._lines))
        return len(self.listed) - 1 == self._number

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, ast.stmt):
            return super().visit(node)
        outer, body = self._lines, getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or 0
        self._lines = (node.lineno, max(node.lineno, last))
        made = super().visit(node)
        self._lines = outer
        return made

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for place, kind in enumerate(node.ops):
            other = _COMPARED[type(kind)]
            if self._made(node, f"{type(kind).__name__} to {other.__name__}"):
                node.ops[place] = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._made(node, "and to or, or the reverse"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        told = isinstance(node.op, ast.Not | ast.USub)
        return node.operand if told and self._made(node, f"{type(node.op).__name__} dropped") else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = _COUNTED.get(type(node.op))
        literal = isinstance(node.left, ast.Constant | ast.JoinedStr) and not isinstance(node.op, ast.Sub)
        if other and not literal and self._made(node, f"{type(node.op).__name__} to {other.__name__}"):
            node.op = other()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            new: float = not node.value
        elif isinstance(node.value, int | float):
            new = node.value + 1
        else:
            return node
        return ast.copy_location(ast.Constant(new), node) if self._made(node, f"{node.value} to {new}") else node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        for value in (True, False):
            if self._made(node, f"if {value}"):
                node.test = ast.copy_location(ast.Constant(value), node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        return node.orelse if self._made(node, "the other branch alone") else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        return (
            ast.copy_location(ast.Pass(), node)
            if isinstance(node.value, ast.Call) and self._made(node, "call dropped")
            else node
        )

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = self.visit(node.value) if node.value else None  # what is said of types changes nothing
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return node if node.arg in _GUARDS else self.generic_visit(node)


def source_of(module: str) -> Path:
    """Return the file of a module."""
    path = ROOT.parent / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def changed(module: str, number: int) -> tuple[ast.Module, list[Mutant]]:
    """Return a module with one change made, and every change that it can have; -1 makes none."""
    tree = ast.parse(source_of(module).read_text(encoding="utf-8"))
    change = _Change(module, number)
    made = ast.fix_missing_locations(change.visit(tree))
    assert isinstance(made, ast.Module)
    return made, change.listed


def modules(room: str) -> list[str]:
    """Return the modules of a room."""
    place = ROOT / room
    paths = sorted(place.rglob("*.py")) if place.is_dir() else [ROOT / f"{room}.py"]
    names = (".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in paths)
    return [name.removesuffix(".__init__") for name in names]


def mutants(module: str) -> list[Mutant]:
    """Return every mutant of a module."""
    return changed(module, -1)[1]


class _Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module as its mutant."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._mutant.module:
            return None
        file = source_of(name)
        inner = [str(file.parent)] if file.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, file, loader=self, submodule_search_locations=inner)

    def exec_module(self, module: ModuleType) -> None:
        tree, _ = changed(self._mutant.module, self._mutant.number)
        exec(compile(tree, str(source_of(self._mutant.module)), "exec"), module.__dict__)


class _Noting:
    """Notes of a clean run what each test reaches and how long it takes."""

    def __init__(self, room: str, notes: Path) -> None:
        files = [str(source_of(module)) for module in modules(room)]
        self._coverage = Coverage(str(notes / "reached"), include=files, config_file=False)
        self._path = notes / "seconds.json"
        self._seconds: dict[str, float] = {}
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._coverage.switch_context(item.nodeid)
        began_s = perf_counter()
        done = yield
        self._seconds[item.nodeid] = perf_counter() - began_s
        self._coverage.switch_context("")
        return done

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        self._coverage.save()
        self._path.write_text(json.dumps(self._seconds))


class Notes:
    """What is known of the tests of a room by a run with nothing changed."""

    def __init__(self, folder: Path) -> None:
        self._reached = CoverageData(str(folder / "reached"))
        self._reached.read()
        self.seconds: dict[str, float] = json.loads((folder / "seconds.json").read_text())

    def reaching(self, mutant: Mutant) -> set[str]:
        """Return the tests that run the statement of a mutant; if it runs on import, those that run its module."""
        by_line = self._reached.contexts_by_lineno(str(source_of(mutant.module)))
        found = {test for line in range(mutant.first, mutant.last + 1) for test in by_line.get(line, ())}
        return {test for tests in by_line.values() for test in tests} if "" in found else found


class _Trying:
    """Puts the tests of a mutant in order, and ends one that takes too long."""

    def __init__(self, mutant: Mutant, notes: Notes) -> None:
        self._seconds = notes.seconds
        self._reaching = notes.reaching(mutant)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=self._place)

    def _place(self, item: pytest.Item) -> float:
        """Tests of like length stay in their order: what several share is made once."""
        return round(math.log10(self._seconds.get(item.nodeid, 1))) if item.nodeid in self._reaching else math.inf

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        signal.alarm(LIMIT_S + int(10 * self._seconds.get(nodeid, 0)))


def _passes(room: str, plugin: Callable[[], object], hook: _Hook | None = None, *, told: bool = False) -> bool:
    """Return whether the tests of a room pass, in a process of their own."""
    child = os.fork()
    if child:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # what its tests started
    os.setpgid(0, 0)
    if not told:
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    for name in [name for name in sys.modules if name.split(".")[0] == ROOT.name]:
        del sys.modules[name]
    if hook:
        sys.meta_path.insert(0, hook)
        signal.alarm(IMPORT_S)
    os.environ["PYTHONPATH"] = str(ROOT.parent)  # in a copy, what tests start would else run what is installed
    words = ["-q", "-x", "-n", "0", "--no-header", "--hypothesis-profile", "mutants"]
    words += ["-p", "no:cacheprovider", "-p", "no:anyio"]  # which takes longer to import than many tests do to run
    words += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # what all forked processes share is imported already
    tests = [str(path) for pattern in ROOMS[room] for path in sorted(TESTS.glob(pattern))]
    code = pytest.main([*words, *tests], plugins=[plugin()])
    sys.stdout.flush()
    os._exit(0 if code == pytest.ExitCode.OK else 1)


def noted(room: str, folder: Path) -> Notes:
    """Run the tests of a room with nothing changed.

    Raises:
        SystemExit: if they fail, so that they would kill whatever they get.
    """
    if not _passes(room, lambda: _Noting(room, folder)):
        raise SystemExit(f"the tests of {room} fail without a mutant; run them first")
    return Notes(folder)


def lives(mutant: Mutant, notes: Notes, *, told: bool = False) -> bool:
    """Return whether the tests of its room let a mutant live."""
    return _passes(room_of(mutant), lambda: _Trying(mutant, notes), _Hook(mutant), told=told)


def room_of(mutant: Mutant) -> str:
    """Return the room of a mutant."""
    return mutant.module.split(".")[1]


def sample(rooms: Sequence[str], size: int, seed: int) -> list[Mutant]:
    """Return mutants of rooms, every change as likely as any other."""
    every = [mutant for room in rooms for module in modules(room) for mutant in mutants(module)]
    return sorted(Random(seed).sample(every, min(size, len(every))))


def survivors(tried: Sequence[Mutant], *, told: bool = False) -> Iterator[Mutant]:
    """Yield the mutants that live."""
    quick = settings(deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
    settings.register_profile("mutants", quick)  # a counterexample need not be small
    gc.collect()
    gc.freeze()  # what all share is searched for garbage once
    for room, some in groupby(tried, room_of):
        with TemporaryDirectory() as folder:
            notes = noted(room, Path(folder))
            yield from (mutant for mutant in some if lives(mutant, notes, told=told))


def main() -> None:
    """Try the mutants that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--module", help="every mutant of one module")
    parser.add_argument("--number", type=int, help="with --module: that one alone, with what the tests say")
    parser.add_argument("--sample", type=int, default=100, help="how many of the rooms")
    parser.add_argument("--seed", type=int, default=0)
    said = parser.parse_args()
    tried = mutants(said.module) if said.module else sample(said.rooms or list(ROOMS), said.sample, said.seed)
    if said.number is not None:
        tried = [tried[said.number]]
    for name in SHARED:
        importlib.import_module(name)
    lived = 0
    for mutant in survivors(tried, told=said.number is not None):
        lived += 1
        print(f"{mutant.module} {mutant.number}: {mutant.told}", flush=True)
    killed = len(tried) - lived
    print(f"{killed} of {len(tried)} killed ({100 * killed / len(tried):.0f} %)")
    raise SystemExit(killed < LEAST * len(tried))


if __name__ == "__main__":
    main()

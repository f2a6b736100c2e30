"""Mutants: the code of a room changed in one place, and the tests of that room, which must fail.

    python -m tests.mutants stats --sample 50 --seed 1     # fifty of a room, which ones the seed decides
    python -m tests.mutants --module mathif.store.seals    # every one of a module
    python -m tests.mutants --module mathif.store.seals --number 7   # one of them, with what the tests say

A mutant is made where its module is imported, in a process forked from one that has imported what all share; no file
is touched. One that the tests let live is printed; tests/survivors.md says of those that are known why they live.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import NamedTuple

import mathif

ROOT = Path(mathif.__file__).parent
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
LEAST = 0.8
"""Share of a sample that is killed; where it is less, tests have been lost, or code has come without any."""
LIMIT_S = 300
"""Tests that take longer are ended; a mutant that never ends is found out by that."""

_GUARDS = ("strict", "frozen", "slots")
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
    """One change: the module, its number there, and what it is."""

    module: str
    number: int
    told: str


class _Change(ast.NodeTransformer):
    """Walks a module, lists its changes, and makes the one with a number."""

    def __init__(self, number: int = -1) -> None:
        self.told: list[str] = []
        self._number = number

    def _made(self, node: ast.AST, told: str) -> bool:
        """List a change, and return whether it is the one to be made."""
        self.told.append(f"line {getattr(node, 'lineno', 0)}: {told}")
        return len(self.told) - 1 == self._number

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


def changed(module: str, number: int) -> tuple[ast.Module, list[str]]:
    """Return a module with one change made, and every change that it can have; -1 makes none."""
    tree = ast.parse(source_of(module).read_text(encoding="utf-8"))
    change = _Change(number)
    made = ast.fix_missing_locations(change.visit(tree))
    assert isinstance(made, ast.Module)
    return made, change.told


def modules(room: str) -> list[str]:
    """Return the modules of a room."""
    place = ROOT / room
    paths = sorted(place.rglob("*.py")) if place.is_dir() else [ROOT / f"{room}.py"]
    names = (".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in paths)
    return [name.removesuffix(".__init__") for name in names]


def mutants(module: str) -> list[Mutant]:
    """Return every mutant of a module."""
    return [Mutant(module, number, told) for number, told in enumerate(changed(module, -1)[1])]


def unchanged(module: str) -> Mutant:
    """Return the mutant of a module that is the module itself."""
    return Mutant(module, -1, "nothing")


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


def tests_of(module: str) -> list[Path]:
    """Return the tests of a module's room, those that bear its name first."""
    _, room, *rest = module.split(".")
    found = [path for pattern in ROOMS[room] for path in sorted(Path(__file__).parent.glob(pattern))]
    return sorted(found, key=lambda path: not any(part in path.name for part in rest))


def lives(mutant: Mutant, *, told: bool = False) -> bool:
    """Return whether the tests of its room let a mutant live."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    signal.alarm(LIMIT_S)
    if not told:
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    for name in [name for name in sys.modules if name == "mathif" or name.startswith("mathif.")]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Hook(mutant))
    os.environ["PYTHONPATH"] = str(ROOT.parent)  # in a copy, what tests start would else run what is installed
    import pytest

    words = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header"]
    words += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # what all forked processes share is imported already
    code = pytest.main([*words, *map(str, tests_of(mutant.module))])
    sys.stdout.flush()
    os._exit(0 if code == pytest.ExitCode.OK else 1)


def sample(rooms: Sequence[str], size: int, seed: int) -> list[Mutant]:
    """Return mutants of rooms, every change as likely as any other."""
    every = [mutant for room in rooms for module in modules(room) for mutant in mutants(module)]
    return sorted(Random(seed).sample(every, min(size, len(every))))


def survivors(tried: Sequence[Mutant]) -> Iterator[Mutant]:
    """Yield the mutants that live.

    Raises:
        SystemExit: if the tests of a room fail though nothing is changed, so that they would kill whatever they get.
    """
    import hypothesis  # noqa: F401 - imported once for all that are forked
    import numpy  # noqa: F401
    import pytest  # noqa: F401
    import sympy  # noqa: F401

    sound: set[str] = set()
    for mutant in tried:
        room = mutant.module.split(".")[1]
        if room not in sound and not lives(unchanged(mutant.module)):
            raise SystemExit(f"the tests of {room} fail without a mutant; run them first")
        sound.add(room)
        if lives(mutant):
            yield mutant


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
        raise SystemExit(lives(tried[said.number], told=True))
    lived = 0
    for mutant in survivors(tried):
        lived += 1
        print(f"{mutant.module} {mutant.number}: {mutant.told}", flush=True)
    killed = len(tried) - lived
    print(f"{killed} of {len(tried)} killed ({100 * killed / len(tried):.0f} %)")
    raise SystemExit(killed < LEAST * len(tried))


if __name__ == "__main__":
    main()

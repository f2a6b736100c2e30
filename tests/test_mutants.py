"""The mutation runner makes every change that it lists, one at a time."""

import ast
import subprocess
import sys

import pytest

from tests.mutants import ROOMS, ROOT, changed, modules, mutants


@pytest.mark.parametrize("module", ["mathif.store.seals", "mathif.stats.bins", "mathif.reasoning.parts"])
def test_every_change_is_one_change(module: str) -> None:
    whole = ast.unparse(changed(module, -1)[0])
    made = [ast.unparse(changed(module, mutant.number)[0]) for mutant in mutants(module)]
    assert whole not in made
    assert len(made) > 10


def test_every_room_has_modules_with_places_to_change() -> None:
    assert all(any(map(mutants, modules(room))) for room in ROOMS)


def test_a_room_that_is_not_changed_stands_its_tests() -> None:
    """Else every mutant would be killed by what is wrong with the runner."""
    code = "from tests.mutants import lives, unchanged; print(lives(unchanged('mathif.grading')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    assert done.stdout == "True\n"

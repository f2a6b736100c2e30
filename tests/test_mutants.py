"""The mutation runner makes every change that it lists, one at a time."""

import ast

import pytest

from tests.mutants import ROOMS, changed, modules, mutants


@pytest.mark.parametrize("module", ["mathif.store.seals", "mathif.stats.bins", "mathif.reasoning.parts"])
def test_every_change_is_one_change(module: str) -> None:
    whole = ast.unparse(changed(module, -1)[0])
    made = [ast.unparse(changed(module, mutant.number)[0]) for mutant in mutants(module)]
    assert whole not in made
    assert len(made) > 10


def test_every_room_has_modules_with_places_to_change() -> None:
    assert all(any(map(mutants, modules(room))) for room in ROOMS)

"""The mutation runner makes every change that it lists, one at a time, and knows the killed from the living."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

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


PLANTED = """
    from functools import cache

    BOUND = 3

    def small(number):
        return number < BOUND

    def ended(number):
        while number > 0:
            number = number - 1
        return number

    @cache
    def table():
        return {"two": 2}

    def unseen(number):
        return number + 1

    def odd(number):
        return (number + 2) % 2
"""
TRIED = """
    from planted.sums import ended, odd, small, table

    def test_small():
        assert small(2) and not small(3)

    def test_ended():
        assert ended(2) == 0

    def test_table_is_made():
        table()

    def test_table_is_right():
        assert table() == {"two": 2}

    def test_odd():
        assert [odd(number) for number in (1, 2)] == [1, 0]
"""
LIVING = ["line 11: 1 to 2", "line 19: 1 to 2", "line 19: Add to Sub", "line 22: Add to Sub"]
"""A step that is too long for this start alone, two where no test goes, and one that makes no difference."""


def survivors(folder: Path, tried: str = TRIED) -> subprocess.CompletedProcess[str]:
    """What the runner prints of a planted room that has these tests."""
    (folder / "planted").mkdir()
    (folder / "planted" / "sums.py").write_text(dedent(PLANTED))
    (folder / "test_sums.py").write_text(dedent(tried))
    code = """
        from pathlib import Path
        from tests import mutants

        mutants.ROOT, mutants.TESTS, mutants.LIMIT_S = Path("planted").resolve(), Path().resolve(), 3
        mutants.ROOMS = {"sums": ["test_sums.py"]}
        for mutant in mutants.survivors(mutants.mutants("planted.sums")):
            print(mutant.told)
    """
    return subprocess.run(
        [sys.executable, "-c", dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT.parent)},
    )


def test_of_planted_mutants_those_live_that_no_test_can_tell_from_the_room(tmp_path: Path) -> None:
    """One never ends, one shows only in what an earlier test left in a cache, and one is at work on import alone."""
    done = survivors(tmp_path)
    assert (done.stdout.splitlines(), done.stderr) == (LIVING, "")


def test_a_room_whose_tests_fail_without_a_mutant_is_refused(tmp_path: Path) -> None:
    """Else every mutant would be killed by what is wrong with the room or the runner."""
    done = survivors(tmp_path, TRIED + "\n        assert odd(2)\n")
    assert (done.stdout, done.stderr) == ("", "the tests of sums fail without a mutant; run them first\n")

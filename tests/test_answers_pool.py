"""Laws of the symbolic worker: killed when too slow, replaced, shared by threads, safe to fork, and only computing."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mathif.answers import equal
from mathif.answers.read.glyphs import plain
from mathif.answers.read.grammar import parse
from mathif.answers.settle import numeric
from mathif.answers.settle.budget import Budget, CostlyError, granted
from mathif.answers.settle.pool import Pool
from mathif.answers.tree import TooLargeError, Tree, from_json, to_json
from mathif.json_values import Json
from mathif.records import Outcome
from tests.spellings import SAME

ROOT = Path(__file__).parents[1]
QUICK = (r"\sum_{k=1}^{\infty} \frac{1}{k^2}", r"\frac{\pi^2}{6}")


def _trees(pair: tuple[str, str]) -> tuple[Tree, Tree]:
    return parse(plain(pair[0])), parse(plain(pair[1]))


def _ask(pool: Pool, pair: tuple[str, str], seconds: float = 60) -> bool:
    question: dict[str, Json] = {"ask": "agree", "trees": [to_json(tree) for tree in _trees(pair)], "digits": 0}
    with granted(Budget(worker_s=seconds)):
        return bool(pool.ask(question)["value"])


def _ask_in_vain(pool: Pool) -> None:
    """Ask what takes far longer than its time: a sum of a million terms."""
    with pytest.raises(TooLargeError, match="stopped"):
        _ask(pool, (r"\sum_{k=1}^{900000} \frac{\sin k}{k}", "1"), seconds=0.7)


@pytest.fixture
def pool() -> Pool:
    return Pool(most=2)


def test_a_slow_question_is_stopped_at_its_deadline_and_the_next_one_is_answered(pool: Pool) -> None:
    pool.warm()
    _ask_in_vain(pool)
    assert _ask(pool, QUICK)
    pool.close()


def test_a_worker_that_dies_is_replaced(pool: Pool) -> None:
    pool.warm()
    pool.free[0].process.kill()
    pool.free[0].process.wait()
    with pytest.raises(TooLargeError):
        _ask(pool, QUICK)
    assert _ask(pool, QUICK)
    pool.close()


def test_threads_get_their_own_answers_while_a_neighbour_is_killed(pool: Pool) -> None:
    answers: dict[int, bool] = {}

    def ask(number: int) -> None:
        if number == 0:
            _ask_in_vain(pool)
            answers[number] = True
        else:
            answers[number] = _ask(pool, QUICK)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == dict.fromkeys(range(6), True)
    pool.close()


def test_what_is_left_of_the_time_of_one_grading_is_what_its_next_question_gets(pool: Pool) -> None:
    pool.warm()
    budget = Budget(worker_s=0.7)
    question: dict[str, Json] = {
        "ask": "agree",
        "trees": [to_json(tree) for tree in _trees((r"\sum_{k=1}^{900000} \sin k", "1"))],
    }
    with granted(budget):
        for _ in range(3):
            with pytest.raises(TooLargeError):
                pool.ask({**question, "digits": 0})
    assert budget.worker_s > -2
    pool.close()


HEAVY = r"x^2+1+0\cdot\sum_{k=1}^{1900} \sin(kx)\cos(kx)\ln(k+x^2)\sin(k^2x)"


def test_arithmetic_that_costs_more_than_its_budget_is_left_to_the_worker() -> None:
    budget = Budget()
    with granted(budget), pytest.raises(CostlyError):
        numeric.agree(*_trees((HEAVY, "x^2+1")))
    assert budget.steps > -100


def test_a_grading_that_has_spent_its_steps_and_its_time_is_ungraded_and_not_wrong() -> None:
    with granted(Budget(steps=5, worker_s=0)):
        verdict = equal(r"\sqrt{3+2\sqrt2}", r"1+\sqrt2")
    assert verdict.outcome is Outcome.UNGRADED


def test_two_threads_compute_at_the_same_time_with_their_own_digits() -> None:
    pairs = [(r"\sqrt{10^{200}+1}", "10^{100}"), (r"\sqrt{3+2\sqrt2}", r"1+\sqrt2")] * 20
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda pair: numeric.agree(*_trees(pair)), pairs))
    assert found == [False, True] * 20


def test_closing_the_pool_ends_its_processes(pool: Pool) -> None:
    pool.warm()
    process = pool.free[0].process
    pool.close()
    assert process.poll() is not None


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_a_forked_child_grades_with_a_worker_of_its_own() -> None:
    code = r"""
import os
from mathif.answers import equal
from mathif.answers.settle.pool import warm
warm()
child = os.fork()
verdict = equal(r"\sum_{k=1}^{\infty} \frac{1}{k^2}", r"\frac{\pi^2}{6}")
if child == 0:
    os._exit(0 if verdict.passed else 1)
print(verdict.passed, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert _run(code) == "True 0"


def test_a_script_without_a_main_guard_can_grade() -> None:
    code = r"""
from mathif.answers import equal
print(equal(r"\int_0^1 x^2\,dx", r"\frac{1}{3}").outcome.value)
"""
    assert _run(code) == "pass"


def test_the_worker_dies_with_its_parent() -> None:
    code = r"""
import os
from mathif.answers.settle import pool
pool.warm()
print(pool._shared.pool.free[0].process.pid, flush=True)
os._exit(0)
"""
    worker = int(_run(code))
    end = time.monotonic() + 60
    while time.monotonic() < end and Path(f"/proc/{worker}").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()


def test_the_worker_may_not_open_write_connect_or_start_anything() -> None:
    code = r"""
import json, os, socket, subprocess, sys
import sympy
from mathif.answers.settle.worker import _limit
_limit()
refused = []
for name, attempt in {
    "read": lambda: open("/etc/passwd"),
    "write": lambda: open("owned", "w"),
    "connect": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "run": lambda: subprocess.run(["true"]),
    "system": lambda: os.system("true"),
    "fork": lambda: os.fork(),
    "remove": lambda: os.remove("owned"),
    "memory": lambda: bytearray(2 << 30),
}.items():
    try:
        attempt()
    except (PermissionError, MemoryError):
        refused.append(name)
print(json.dumps(refused))
"""
    assert json.loads(_run(code)) == ["read", "write", "connect", "run", "system", "fork", "remove", "memory"]
    assert not (ROOT / "owned").exists()


@pytest.mark.parametrize(
    "pair", [pair for kind in ("numbers", "lists", "matrices", "expressions") for pair in SAME[kind]]
)
def test_a_tree_survives_the_way_to_the_worker(pair: tuple[str, str]) -> None:
    tree = parse(plain(pair[1]))
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree

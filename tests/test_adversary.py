"""Every check of the adversary finds the flaw that it looks for where one is planted, and none in a sound task."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mathif import adversary
from mathif.adversary import CHECKS, attack, finding
from mathif.grading import Grades, grade, graded
from mathif.items import Item, Task
from mathif.records import Graded, Key, Outcome, Reply, Verdict
from mathif.run import silent
from mathif.tasks import load
from tests.tiny import ITEMS, PROBLEMS, TASK, write_task

CANARY = 'canary = "tiny:0000"\n'
RIGHT = Verdict(Outcome.PASS, "the same text")


def breaches(task: Task, check: str) -> tuple[adversary.Breach, ...]:
    return finding(task, check).breaches


def tiny(folder: Path, problems: list[dict[str, Any]] | None = None, head: str = CANARY + TASK) -> Task:
    return load(str(write_task(folder, head, problems)))


def posed(question: str) -> list[dict[str, Any]]:
    return [{**PROBLEMS[0], "question": question}, PROBLEMS[1]]


def test_a_sound_task_stands_every_check(tmp_path: Path) -> None:
    findings = attack(tiny(tmp_path / "tiny"), silent)
    assert [each.check for each in findings] == list(CHECKS)
    assert {each.check: each.breaches for each in findings if each.breaches} == {}
    assert all(each.tried for each in findings)


@pytest.mark.parametrize("question", ["What is 2 + 3? Write \\boxed{5}.", "2 + 3 = \\boxed{5}, is it not?"])
def test_a_question_that_gives_its_answer_away_is_found(question: str, tmp_path: Path) -> None:
    task = tiny(tmp_path / "tiny", posed(question))
    assert {breach.item for breach in breaches(task, "answer leak")} == {"sum", "sum.single", "sum.double"}
    assert breaches(task, "gold reachable")


def test_a_task_without_a_canary_and_one_that_shows_it_are_found(tmp_path: Path) -> None:
    assert breaches(tiny(tmp_path / "a" / "tiny", head=TASK), "canary")
    shown = breaches(tiny(tmp_path / "b" / "tiny", posed("What is 2 + 3? tiny:0000")), "canary")
    assert len(shown) == sum(row["problem"] == "sum" for row in ITEMS)


@pytest.mark.parametrize("name", ["core", "control"])
def test_no_constant_reply_scores_on_a_bundled_task(name: str) -> None:
    assert breaches(load(name), "constant replies") == ()


def test_answers_that_are_all_alike_are_found(tmp_path: Path) -> None:
    alike = [{**PROBLEMS[0], "key": f"p{n}", "question": f"What is {n} + 5 - {n}?"} for n in range(8)]
    rows = [{"key": f"{p['key']}.single", "problem": p["key"], "constraints": ITEMS[1]["constraints"]} for p in alike]
    task = load(str(write_task(tmp_path / "tiny", CANARY + TASK, alike, rows)))
    [found] = breaches(task, "constant replies")
    assert found.sentence == "the answer '5' is right for 8 of 8 problems"


def test_a_fixed_text_that_obeys_everything_is_found(tmp_path: Path) -> None:
    folder = write_task(tmp_path / "tiny", CANARY + TASK)
    (folder / "constant.txt").write_text('"A total of the total. That is all.', encoding="utf-8")
    task = load(str(folder))
    [found] = breaches(task, "constant replies")
    assert found.sentence == "one fixed text obeys 3 of the 4 items with constraints"


class Flawed:
    """A grader with a flaw."""

    def __init__(self, flaw: Callable[[Item, str, int], bool]) -> None:
        self.flaw = flaw
        self.calls = 0

    def __call__(self, item: Item, reply: str) -> Grades:
        self.calls += 1
        grades = grade(item, reply)
        return grades._replace(answer=RIGHT) if self.flaw(item, reply, self.calls) else grades


@pytest.mark.parametrize(
    ("check", "flaw"),
    [
        ("grader injection", lambda item, reply, calls: "__import__" in reply),
        ("hedging", lambda item, reply, calls: "\\text{ or }" in reply or reply == "\\boxed{}"),
        ("form alone", lambda item, reply, calls: reply.endswith("That is all.")),
        ("mutable grader", lambda item, reply, calls: calls % 3 == 0),
    ],
)
def test_a_flaw_in_the_grader_is_found(
    check: str, flaw: Callable[[Item, str, int], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [{**PROBLEMS[0], "key": f"p{n}", "question": f"What is 2 + {n}?", "answer": str(2 + n)} for n in range(8)]
    rows = [{"key": f"{p['key']}.single", "problem": p["key"], "constraints": ITEMS[1]["constraints"]} for p in many]
    task = load(str(write_task(tmp_path / "tiny", CANARY + TASK, many, rows)))
    assert breaches(task, check) == ()
    monkeypatch.setattr(adversary, "grade", Flawed(flaw))
    assert breaches(task, check)


def test_a_reply_that_makes_a_grader_raise_is_a_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(item: Item, reply: str) -> Grades:
        if "os.system" in reply:
            raise RecursionError
        return grade(item, reply)

    monkeypatch.setattr(adversary, "grade", raising)
    assert "raise RecursionError" in breaches(tiny(tmp_path / "tiny"), "grader injection")[0].sentence


def test_a_grader_that_believes_what_is_said_beside_a_reply_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = tiny(tmp_path / "tiny")
    assert breaches(task, "self-reported fields") == ()

    def believing(item: Item, key: Key, heard: Reply | None) -> Graded:
        row = graded(item, key, heard)
        return replace(row, answer=RIGHT) if heard and heard.completion_tokens == 1 else row

    monkeypatch.setattr(adversary, "graded", believing)
    assert {breach.item for breach in breaches(task, "self-reported fields")} == {row["key"] for row in ITEMS}

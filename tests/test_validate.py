"""Laws of validation: what is sound is proved, what is broken is named, and the official data are known to the item."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner

from mathif import tasks
from mathif.cli import cli
from mathif.items import Item
from mathif.records import Profile
from mathif.validate import Validation, validate
from tests.tiny import ITEMS, NO_COMMA, PROBLEMS, TASK, write_task


def prove(folder: Path, **change: Any) -> Validation:
    return validate(tasks.load(str(write_task(folder, **change))), silent)


def silent(items: Any, total: int, what: str) -> list[Item]:
    return list(items)


def test_a_sound_task_has_a_witness_for_every_item(tmp_path: Path) -> None:
    found = prove(tmp_path)
    assert found.defects == ()
    assert found.witnessed == dict.fromkeys(Profile, len(ITEMS))
    assert (found.items, found.problems) == (6, 2)


def test_the_floor_is_what_the_null_reply_scores(tmp_path: Path) -> None:
    # Of END · TWICE, NO_COMMA · QUOTES · TWICE, END the null reply obeys the commas alone.
    assert prove(tmp_path).floor[Profile.MATHIF] == (0.0, 0.125)


def test_a_clash_is_named_as_a_new_defect(tmp_path: Path) -> None:
    repeat = {
        "kind": "combination:repeat_prompt",
        "args": {"prompt_to_repeat": "One, two?"},
        "sentence": "Repeat the request.",
    }
    item = {"key": "clash", "problem": "sum", "constraints": [repeat, NO_COMMA]}
    found = prove(tmp_path, items=[*ITEMS, item])
    assert {defect.item for defect in found.defects} == {"clash"}
    assert not any(defect.known for defect in found.defects)
    assert any("comma" in defect.reason for defect in found.defects)


def test_a_gold_answer_that_its_grader_cannot_read_is_named(tmp_path: Path) -> None:
    found = prove(tmp_path, problems=[{**PROBLEMS[0], "answer": "{"}, PROBLEMS[1]])
    assert {defect.item for defect in found.defects} >= {"sum", "sum.single"}


def test_an_item_that_is_listed_and_yet_satisfiable_is_named(tmp_path: Path) -> None:
    found = prove(tmp_path, head=TASK + '\n[unsatisfiable]\nmathif = ["sum.single"]\n')
    assert [(defect.item, defect.known) for defect in found.defects] == [("sum.single", False)]


def test_the_official_items_are_as_satisfiable_as_their_task_file_says(data: Path) -> None:
    task = tasks.load("mathif", data / "mathif")
    found = validate(task, silent)
    assert [defect for defect in found.defects if not defect.known] == []
    assert found.witnessed == {profile: 420 - len(task.unsatisfiable[profile]) for profile in Profile}
    hard, soft = found.floor[Profile.UPSTREAM]
    assert (round(hard, 3), round(soft, 3)) == (0.119, 0.305)


def test_the_command_names_the_item_that_gives_its_answer_away(tmp_path: Path) -> None:
    problems = [{**PROBLEMS[0], "question": "What is 2 + 3? It is \\boxed{5}."}, PROBLEMS[1]]
    folder = write_task(tmp_path / "tiny", 'canary = "tiny:0000"\n' + TASK, problems)
    done = CliRunner(env={"COLUMNS": "200"}).invoke(cli, ["validate", str(folder), "--adversarial"])
    assert done.exit_code == 3
    assert "sum.double  its question, handed back, is graded as the right answer" in done.output

"""No reply can run code, touch a file, reach the network, or hold the answer grader up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mathif.answers import equal, extract, grade_answer
from mathif.hostile import ANSWERS, BOMBS, CODE, FINALS
from mathif.records import Outcome
from tests.linear import GROWTH, linear

GRADE_UNDER_GUARD = """
import json, sys
from mathif.answers import grade_answer
from mathif.answers.settle.pool import warm
from mathif.hostile import ANSWERS, FINALS

warm()
seen = []
def guard(event, args):
    forbidden = ("open", "socket.", "subprocess.", "os.", "exec", "compile", "ctypes.", "shutil.", "import")
    if armed and event.startswith(forbidden) and event not in ("os.listdir",):
        seen.append([event, repr(args)[:200]])
armed = True
sys.addaudithook(guard)
replies = ["So \\\\boxed{" + text + "}" for text in ANSWERS]
outcomes = [grade_answer(reply, gold).outcome.value for reply in replies for gold in ("42", "x+1")]
outcomes += [grade_answer(text, "42").outcome.value for text in FINALS]
armed = False
print(json.dumps({"seen": seen, "outcomes": outcomes}))
"""


def test_the_corpus_has_more_than_sixty_hostile_replies() -> None:
    assert len(set(ANSWERS)) > 100


def test_grading_hostile_replies_opens_nothing_starts_nothing_and_compiles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GRADE_UNDER_GUARD],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert report["seen"] == []
    assert len(report["outcomes"]) == 2 * len(ANSWERS) + len(FINALS)


@pytest.mark.parametrize("text", CODE)
def test_code_is_never_the_right_answer(text: str) -> None:
    assert not equal(text, "2").passed


@pytest.mark.parametrize("text", ANSWERS)
def test_a_hostile_answer_never_passes_for_another_one(text: str) -> None:
    verdict = grade_answer(f"So \\boxed{{{text}}}", "123457")
    assert verdict.outcome is not Outcome.PASS
    assert verdict.reason


@pytest.mark.parametrize("text", BOMBS)
def test_a_bomb_in_the_box_still_equals_itself(text: str) -> None:
    assert equal(text, text).passed


@pytest.mark.parametrize("text", FINALS)
def test_the_answer_of_any_long_text_is_found_in_linear_time(text: str) -> None:
    beginning = text[: len(text) // GROWTH]
    assert linear(extract, beginning, text)
    assert linear(lambda final: grade_answer(final, "42"), beginning, text)

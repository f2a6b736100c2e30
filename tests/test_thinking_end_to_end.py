"""Every arm on a real model that thinks: weights of the embedded one, behind a template with a switch.

The template opens the thinking in the prompt, as those of DeepSeek V4 do, and the model, which was never taught to
close it, thinks until it is cut: what is not closed by the template or a budget is judged up to there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("mathif.engines.llama", reason="the embedded engine is not installed (extra 'llama')")

import mathif
from mathif.arms import KINDS
from mathif.engines import Options, open_engine
from mathif.engines.llama import Llama
from mathif.errors import UsageError
from mathif.reasoning import split
from mathif.records import Generation, Key, Profile, Reply, Sampling, State
from mathif.results import Keeping, Report
from mathif.run import Run
from tests.shallow import write_shallow
from tests.tiny import END, PROBLEMS, TASK, write_task

pytestmark = pytest.mark.usefixtures("without_pictures")
TEMPLATE = (
    "{% if reasoning_effort %}{{'<|im_start|>system\nEffort: '+reasoning_effort+'<|im_end|>\n'}}{% endif %}"
    "{% for m in messages %}{{'<|im_start|>'+m.role+'\n'+m.content+'<|im_end|>\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{'<|im_start|>assistant\n<think>\n'}}"
    "{% if thinking is defined and not thinking %}{{'</think>'}}{% endif %}{% endif %}"
)
ARMS = tuple("budget:4" if kind.name == "budget" else arm for kind in KINDS for arm in kind.examples)
SWITCHED = ("constrained", "thinking", "thinking:on", "thinking:off", "effort:low", "budget:4")
"""Arms that differ in what a server is sent; the others differ in their messages alone."""
MOST = 8
"""Tokens of a reply: few, as a real model says them."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights with the template in place of their own, under a name of the family that it is like."""
    return write_shallow(tmp_path_factory.mktemp("weights") / "deepseek-v4-little.gguf", TEMPLATE)


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One item of each problem, of which one is asked and the other shown as an example; short, as it is read often."""
    items = [{"key": f"{one['key']}-1", "problem": one["key"], "constraints": [END]} for one in PROBLEMS]
    head = TASK.replace("Reason step by step, and put the final answer in", "Answer in")
    return str(write_task(tmp_path_factory.mktemp("tiny"), head, items=items))


@pytest.fixture(scope="module")
def folder(without_pictures: None, model: Path, task: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of every arm."""
    out = tmp_path_factory.mktemp("run") / "run"
    mathif.evaluate(str(model), task, ARMS, limit=1, max_tokens=MOST, concurrency=8, max_model_len=768, out=out)
    return out


def read(folder: Path) -> Iterator[tuple[str, Generation, Reply]]:
    """Yield the arm of every reply, and the reply as it came and as it is read."""
    for key, generation in Run(folder).replies.items():
        yield Key.parse(key).arm, generation, split(generation)


def reported(folder: Path) -> Report:
    found = mathif.open_run(folder).report
    assert isinstance(found, Report)
    return found


def test_every_arm_runs_to_its_report(folder: Path) -> None:
    found = reported(folder)
    assert found.complete
    asked = set(ARMS) - {"self"}  # is made from the final text of a plain reply, and there is none
    assert found.profiles[Profile.MATHIF].arms.keys() == asked
    assert {arm for arm, _, _ in read(folder)} == asked


def test_a_reply_begins_inside_its_thinking_but_where_the_template_or_a_budget_closes_it(folder: Path) -> None:
    for arm, generation, reply in read(folder):
        assert "<think>" not in generation.text
        if arm == "thinking:off":
            assert (generation.opened, reply.state, reply.thinking) == (False, State.ABSENT, "")
            assert reply.final
        elif arm == "budget:4":
            assert (generation.opened, reply.state) == (True, State.CLOSED)
            assert generation.reasoning_tokens is not None
            assert 0 < generation.reasoning_tokens <= 4
        else:
            assert (generation.opened, reply.state, reply.final) == (True, State.OPEN, "")
            assert reply.thinking == generation.text.strip()


def test_a_thinking_that_was_cut_is_judged_up_to_the_cut_and_one_that_is_off_is_not_measured(folder: Path) -> None:
    figures = reported(folder).profiles[Profile.MATHIF]
    thought = figures.parts["thinking"]
    cut = thought.scores["thinking"].cut
    assert thought.n == 0
    assert cut is not None
    assert cut.n > 0
    off = figures.parts["thinking:off"]
    assert (off.n, off.scores["thinking"].hacc.value) == (0, None)
    assert off.unmeasured > 0
    kept = {one.arm: one.keeping for one in figures.modes}
    assert [kept[arm] for arm in ("thinking:on", "thinking:off", "budget:4")] == [Keeping.KEPT] * 3


def test_a_server_of_that_model_is_sent_each_switch_and_is_read_alike(model: Path, task: str, tmp_path: Path) -> None:
    pytest.importorskip("aiohttp", reason="the http engine is not installed (extra 'http')")
    engine = open_engine(str(model), Options(concurrency=8, max_model_len=768))
    assert isinstance(engine, Llama)
    address = engine._load(Sampling(max_tokens=MOST)).listening_address
    run = mathif.evaluate(
        "deepseek-v4-little",
        task,
        SWITCHED,
        limit=1,
        max_tokens=MOST,
        base_url=(f"{address}/v1",),
        out=tmp_path / "run",
    )
    states = {arm: reply.state for arm, _, reply in read(run.folder)}
    assert states == {**dict.fromkeys(SWITCHED, State.OPEN), "thinking:off": State.ABSENT, "budget:4": State.CLOSED}


def test_what_the_family_has_no_way_for_is_refused_in_a_sentence(model: Path, task: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--arms effort:medium: DeepSeek V4 knows low, high, max"):
        mathif.evaluate(str(model), task, ("effort:medium",), out=tmp_path / "run")

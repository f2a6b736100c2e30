"""Laws of the whole line for every arm: a new row of the table of arms is asked here without a test of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import mathif
from mathif.arms import ARMS, KINDS, SELF
from mathif.errors import UsageError
from mathif.plan import Plan
from mathif.records import Profile
from mathif.results import Keeping, read_report
from mathif.settings import by_field
from tests.serving import Answer, completion, serving
from tests.tiny import write_task

pytestmark = pytest.mark.usefixtures("without_pictures")
MODEL = "org/Qwen3.8-4B"
"""A name of a family that has a switch and efforts."""
EVERY = tuple(arm for kind in KINDS for arm in kind.examples)
BUDGETS = tuple(arm for arm in EVERY if arm.startswith("budget:"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_task(tmp_path_factory.mktemp("tiny")))


def generations(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the recorded replies of a run by arm."""
    found: dict[str, list[dict[str, Any]]] = {arm: [] for arm in EVERY}
    for line in (folder / "generations.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["key"].rpartition("@")[2].rpartition("#")[0]].append(row)
    return found


@pytest.mark.parametrize("name", ["witness", "length"])
def test_every_arm_runs_to_its_report_on_a_mock(name: str, tiny: str, tmp_path: Path) -> None:
    run = mathif.evaluate(f"mock:{name}", tiny, EVERY, out=tmp_path / "run")
    report = read_report(run.folder / "report.json")
    assert report.profiles[Profile.MATHIF].arms.keys() == set(EVERY)
    assert all(generations(run.folder).values())
    assert report.complete
    assert report.measured is not None
    assert report.measured.modes.keys() == {arm for kind in KINDS if kind.switches for arm in kind.examples}


def thought(body: Mapping[str, Any], before: int) -> Answer:
    """Answer as a model does that thinks where its template says so, and goes on from a beginning."""
    if "prompt" in body:
        closed = "</think>" in "".join(map(chr, body["prompt"]))
        choice = {"index": 0, "text": "\\boxed{5}" if closed else "h", "finish_reason": "stop" if closed else "length"}
        return Answer({"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 1}})
    if body.get("max_tokens") == 1:
        return Answer(completion("h", "length"))
    off = body.get("chat_template_kwargs", {}).get("enable_thinking") is False
    return Answer(completion("\\boxed{5}" if off else "<think>We add.</think>\\boxed{5}"))


def test_every_arm_runs_to_its_report_on_a_server(tiny: str, tmp_path: Path) -> None:
    with serving(thought, tokenize=lambda text: list(map(ord, text))) as served:
        run = mathif.evaluate(MODEL, tiny, EVERY, out=tmp_path / "run", base_url=(served.url,))
    found = generations(run.folder)
    assert all(found.values())
    figures = read_report(run.folder / "report.json").profiles[Profile.MATHIF]
    assert figures.arms.keys() == set(EVERY)
    kept = {one.arm: one.keeping for one in figures.modes}
    assert (kept["thinking:on"], kept["thinking:off"]) == (Keeping.KEPT, Keeping.KEPT)
    for arm in BUDGETS:
        assert kept[arm] is Keeping.KEPT
        assert all(row["forced"] and row["rendered"] for row in found[arm])
    tails = {arm: {row["rendered"]["tail"] for row in found[arm]} for arm in ("thinking:on", "thinking:off")}
    assert not tails["thinking:on"] & tails["thinking:off"]
    assert "rewords" not in str(run.folder.joinpath("report.md").read_text(encoding="utf-8"))


def test_a_server_that_ignores_the_switch_is_called_that(tiny: str, tmp_path: Path) -> None:
    arms = ("thinking:on", "thinking:off")
    with serving(lambda body, before: Answer(completion("<think>We add.</think>\\boxed{5}"))) as served:
        run = mathif.evaluate(MODEL, tiny, arms, out=tmp_path / "run", base_url=(served.url,))
    assert [body["chat_template_kwargs"]["enable_thinking"] for body in served.requests].count(False) == 4
    figures = read_report(run.folder / "report.json").profiles[Profile.MATHIF]
    assert {one.arm: one.keeping for one in figures.modes}["thinking:off"] is Keeping.IGNORED
    assert figures.gaps == ()
    assert "thinking:off was IGNORED" in (run.folder / "report.md").read_text(encoding="utf-8")


def test_a_run_whose_model_cannot_be_switched_is_refused_before_it_begins(tiny: str, tmp_path: Path) -> None:
    for model, arm in (("openai/gpt-oss-20b", "thinking:off"), ("org/unknown", "effort:low"), (MODEL, "effort:high")):
        with pytest.raises(UsageError, match=f"--arms {arm}: "):
            mathif.evaluate(model, tiny, (arm,), out=tmp_path / "run", base_url=("http://127.0.0.1:9/v1",))
        assert not (tmp_path / "run").exists()


def test_a_batch_for_those_who_ask_elsewhere_holds_the_switch_and_refuses_what_only_a_run_can_do(
    tiny: str, tmp_path: Path
) -> None:
    out = tmp_path / "batch.jsonl"
    assert mathif.write_prompts(out, tiny, ("thinking:off", "effort:low"), batch_model=MODEL) == 8
    bodies = [json.loads(line)["body"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert [body["chat_template_kwargs"] for body in bodies] == [
        *4 * [{"enable_thinking": False}],
        *4 * [{"enable_thinking": True, "reasoning_effort": "low"}],
    ]
    for arms, batch_model, reason in (
        (("thinking:off",), None, "name it with --batch-model"),
        (BUDGETS, MODEL, "the run itself closes"),
        (("plain", SELF), MODEL, "made from the plain replies"),
    ):
        with pytest.raises(UsageError, match=reason):
            mathif.write_prompts(out, tiny, arms, batch_model=batch_model)


def test_the_help_names_every_arm() -> None:
    told = by_field(Plan)["arms"].declared.help
    assert told.partition(": ")[2].removesuffix(".").split(", ") == list(ARMS)

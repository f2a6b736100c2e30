"""Laws of the arms that switch the thinking: what each family is sent, and what it is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mathif import tasks
from mathif.arms import modes_of, prompts
from mathif.errors import UsageError
from mathif.families import FAMILIES, Family, Place, family_of
from mathif.items import Mode, Task
from mathif.plan import Plan
from mathif.run.asking import Arms
from tests.tiny import write_task

MODELS = {
    "Qwen3": "Qwen/Qwen3-8B",
    "Qwen3.8": "Qwen/Qwen3.8-27B",
    "gpt-oss": "openai/gpt-oss-20b",
    "Seed-OSS": "ByteDance-Seed/Seed-OSS-36B-Instruct",
    "Llama-Nemotron v1": "nvidia/Llama-3.1-Nemotron-Nano-8B-v1",
    "Mistral Small 4": "mistralai/Mistral-Small-4",
    "Qwen3-2507 Instruct": "Qwen/Qwen3-4B-Instruct-2507",
    "Nemotron 3 Super": "nvidia/Nemotron-3-Super",
}
named = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return tasks.load(str(write_task(tmp_path_factory.mktemp("tiny"))))


def mode(arm: str, family: Family, monkeypatch: pytest.MonkeyPatch) -> Mode:
    """Return the mode of an arm of a model of `family`, whatever its name."""
    monkeypatch.setattr("mathif.arms.modes.family_of", lambda model: family)
    return modes_of([arm], "org/name")[arm]


@pytest.mark.parametrize("name", MODELS)
def test_the_names_of_these_tests_are_of_the_families_they_stand_for(name: str) -> None:
    found = family_of(MODELS[name])
    assert found is not None
    assert found.name == name


@named
def test_a_switch_is_sent_both_ways_or_refused_in_a_sentence(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    switch = family.switch
    if switch is None:
        for arm in ("thinking:on", "thinking:off"):
            with pytest.raises(UsageError, match=r"(always|never) thinks: its thinking cannot be switched"):
                mode(arm, family, monkeypatch)
        return
    on, off = (mode(arm, family, monkeypatch) for arm in ("thinking:on", "thinking:off"))
    assert on
    assert off
    assert on != off
    match switch.place:
        case Place.TEMPLATE:
            assert (on.template, off.template) == ({switch.field: switch.on}, {switch.field: switch.off})
        case Place.REQUEST:
            assert (on.request, off.request) == ({switch.field: switch.on}, {switch.field: switch.off})
        case Place.SYSTEM:
            assert (on.system, off.system) == (switch.on, switch.off)
        case Place.USER:
            assert (on.user, off.user) == (switch.on, switch.off)
    assert on.rewords is off.rewords is (switch.rewords or switch.place in (Place.SYSTEM, Place.USER))


@named
def test_an_effort_is_one_that_the_family_knows_and_comes_with_the_thinking_on(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    if family.effort is None:
        with pytest.raises(UsageError, match="knows no effort of thinking"):
            mode("effort:low", family, monkeypatch)
        return
    for value in family.effort.values:
        found = mode(f"effort:{value}", family, monkeypatch)
        sent = {**found.template, **found.request}
        assert sent[family.effort.field] == (True if family.effort.flag else value)
        if family.switch and family.switch.field not in ("", family.effort.field):
            assert sent[family.switch.field] == family.switch.on
    with pytest.raises(UsageError, match=f"knows {', '.join(family.effort.values)}"):
        mode("effort:enormous", family, monkeypatch)


@named
def test_a_budget_is_kept_by_the_template_or_by_the_run_or_refused(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not family.budget and (not family.marks or family.channels):
        with pytest.raises(UsageError, match=r"never thinks, so there is nothing|in a channel of its own"):
            mode("budget:100", family, monkeypatch)
        return
    found = mode("budget:100", family, monkeypatch)
    if family.budget:
        assert found.template[family.budget] == 100
        assert found.budget is None
        return
    assert found.budget is not None
    assert found.budget.tokens == 100
    assert found.budget.closes.strip() == family.marks[0].closes
    assert found.budget.opens.strip() == ("" if family.prompt_on else family.marks[0].opens)
    if family.switch and family.switch.field:
        assert {**found.template, **found.request}[family.switch.field] == family.switch.on


def test_a_model_of_no_known_family_can_have_a_budget_and_no_switch() -> None:
    assert modes_of(["budget:64"], "smollm2-135m")["budget:64"].budget
    own = modes_of(["budget:64"], "org/new", ("<mull>", "</mull>"))["budget:64"].budget
    assert own is not None
    assert (own.opens.strip(), own.closes.strip()) == ("<mull>", "</mull>")
    for arm in ("thinking:on", "thinking:off", "effort:low"):
        with pytest.raises(UsageError, match="in no known family"):
            modes_of([arm], "smollm2-135m")


def test_what_a_template_raises_at_is_said() -> None:
    with pytest.raises(UsageError, match=r"Qwen3\.8 knows low, medium, xhigh; its template raises at any other"):
        modes_of(["effort:high"], MODELS["Qwen3.8"])


def test_recorded_replies_are_sent_nothing_and_other_arms_switch_nothing() -> None:
    assert modes_of(["thinking:off", "budget:5"], "file:replies.jsonl") == {"thinking:off": Mode(), "budget:5": Mode()}
    assert modes_of(["plain", "constrained", "thinking", "turn:2"], MODELS["Qwen3"]) == {}


def test_a_switched_arm_shows_what_constrained_shows_and_a_switch_that_is_text_stands_at_the_end_of_its_turn(
    tiny: Task,
) -> None:
    for name in ("Qwen3", "Llama-Nemotron v1"):
        modes = modes_of(["thinking:off"], MODELS[name])
        bare, off = (
            list(prompts(tiny, tiny.items, [arm], 1, 0, "Be brief.", modes)) for arm in ("constrained", "thinking:off")
        )
        for one, other in zip(bare, off, strict=True):
            assert one.item == other.item
            assert other.mode == modes["thinking:off"]
            assert not one.mode
            system, *rest = other.messages
            assert tuple(rest) == one.messages[1:]
            switched = "Be brief.\n\ndetailed thinking off" if name == "Llama-Nemotron v1" else "Be brief."
            assert system.content == switched


def test_the_digest_of_a_run_is_over_what_switches_the_thinking_too(
    tiny: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(model=MODELS["Qwen3"], arms=("thinking:off",))
    before = Arms(plan, (tiny,)).digest
    family = family_of(plan.model)
    assert family is not None
    assert family.switch is not None
    other = replace(family, switch=replace(family.switch, off="none"))
    monkeypatch.setattr("mathif.arms.modes.family_of", lambda model: other)
    assert Arms(plan, (tiny,)).digest != before


def test_a_mode_as_json_leaves_out_what_it_does_not_say() -> None:
    found = modes_of(["budget:9", "effort:low"], "mock:length")
    assert {name: one.to_json() for name, one in found.items()} == {
        "budget:9": {"template": {"enable_thinking": True, "thinking_budget": 9}},
        "effort:low": {"template": {"enable_thinking": True, "reasoning_effort": "low"}},
    }


def test_every_place_of_the_page_about_thinking_is_a_place_of_the_table() -> None:
    page = (Path(__file__).parents[1] / "docs" / "thinking.md").read_text(encoding="utf-8")
    assert all(f"| {place} `" in page or place is Place.USER for place in Place)

"""Laws of the worlds: obedience follows the law that was set, and the report says which law it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mathif import run as runs
from mathif.arms import prompts
from mathif.constraints import judge
from mathif.engines.worlds import WORLDS, World, difficulty
from mathif.items import Prompt
from mathif.reasoning import split
from mathif.records import Finish, Generation, Outcome, Reply
from mathif.run import Plan, Run, pool, silent
from mathif.tasks import load
from tests.plain import stored

THOUGHT = "<think>\n{}\n</think>\n\n"


@cache
def asked(arm: str = "constrained", count: int = 60) -> tuple[Prompt, ...]:
    """Prompts for items of the core task that have constraints."""
    task = load("core")
    items = [item for item in task.items if item.constraints]
    return tuple(prompts(task, items[:: len(items) // count], [arm], 1, 0))


def said(world: World, prompt: Prompt) -> Reply:
    return split(Generation(str(prompt.key), prompt.prefill + world.reply(prompt), Finish.STOP))


def obeyed(world: World, prompt: Prompt) -> list[bool]:
    final = said(world, prompt).final
    return [judge(constraint, final).outcome is Outcome.PASS for constraint in prompt.item.constraints]


def share(world: World, shown: Iterable[Prompt]) -> float:
    found = [passed for prompt in shown for passed in obeyed(world, prompt)]
    return sum(found) / len(found)


def test_a_world_where_obeying_is_easy_obeys_and_one_where_it_is_hard_does_not() -> None:
    assert share(World(ease=30), asked()) == 1
    assert share(World(ease=-30), asked()) < 0.05
    assert share(World(ease=30), asked("plain")) < 0.1
    assert share(World(ease=30), asked("shuffled")) < 0.1


def test_a_world_with_an_even_chance_obeys_half_the_time() -> None:
    assert share(World(ease=0), asked(count=200)) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("name", WORLDS)
def test_a_reply_repeats_and_thinks_in_marked_words(name: str) -> None:
    for prompt in asked()[:5]:
        assert WORLDS[name].reply(prompt) == WORLDS[name].reply(prompt)
        assert said(WORLDS[name], prompt).thinking


@pytest.mark.parametrize("name", WORLDS)
def test_longer_thinking_put_into_the_turn_changes_obedience_only_where_the_law_says_so(name: str) -> None:
    changed = 0
    for prompt in asked():
        edits = [replace(prompt, prefill=THOUGHT.format("so " * words)) for words in (8, 256, 8192)]
        found = [obeyed(WORLDS[name], edit) for edit in edits]
        changed += any(own != found[0] for own in found)
        if len(prompt.item.constraints) == 1 and not WORLDS[name].peak:
            assert all(more <= less for (less,), (more,) in pairwise(found))
    assert (changed > 10) is bool(WORLDS[name].length or WORLDS[name].peak)
    assert changed > 10 or changed == 0


def test_thinking_that_is_left_open_is_gone_on_with_and_closed() -> None:
    prompt = asked()[0]
    reply = said(WORLDS["both"], replace(prompt, prefill="<think>\nso far"))
    assert reply.thinking.startswith("so far")
    assert len(reply.thinking.split()) > 5
    assert reply.final


def test_a_request_to_rewrite_something_is_answered_with_as_many_words() -> None:
    prompt = asked()[0]
    message = prompt.messages[0]._replace(content="Rewrite this text of eight words in others")
    assert len(WORLDS["both"].reply(replace(prompt, messages=(message,))).split()) == 8


def test_difficulty_is_a_problem_s_own_and_grows_with_its_tier() -> None:
    problems = {item.problem.key: item.problem for item in load("core").items}.values()
    tiers: dict[int | None, list[float]] = {}
    for problem in problems:
        tiers.setdefault(problem.tier, []).append(difficulty(problem))
    means = [sum(tiers[tier]) / len(tiers[tier]) for tier in sorted(filter(None, tiers))]
    assert all(low < high for low, high in pairwise(means))
    assert all(len(set(own)) > 1 for own in tiers.values())


# End to end: what `mathif eval --model mock:NAME` reports of each world.

LENGTH = "with the length of the thinking at a fixed problem"
PROBLEM = "with what makes some problems be thought about for longer"
POSITION = "with the position in the reply"
MISLEADS = "the raw curve for the share that obeys every constraint misleads"


def reported(name: str, folder: Path, limit: int = 160, task: str = "core") -> dict[str, Any]:
    """The figures of a run of one world, four samples an item."""
    run = Run.create(Plan(f"mock:{name}", (task,), ("plain", "constrained"), samples=4, limit=limit), folder / "run")
    runs.generate(run, silent, lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "ALONE", 10_000)  # grading processes take longer to start than this one to grade so many
        runs.grade(run, silent)
    found: dict[str, Any] = stored(runs.report(run))["profiles"]["mathif"]
    return found


def summed_up(figures: dict[str, Any]) -> tuple[str, str]:
    """What the sum-up says adherence goes with, and what it is not shown to go with."""
    [sentence] = [found for found in figures["findings"] if "in sum" in found]
    shown, _, rest = sentence.partition("not shown")
    return shown, rest


@pytest.mark.parametrize(
    ("name", "goes", "unshown"),
    [
        ("difficulty", [PROBLEM], [LENGTH, POSITION]),
        ("length", [LENGTH], [POSITION]),
        ("both", [LENGTH, PROBLEM], [POSITION]),
        ("position", [PROBLEM, POSITION], [LENGTH]),
    ],
)
def test_the_report_says_in_words_and_numbers_what_obedience_depends_on(
    name: str, goes: list[str], unshown: list[str], tmp_path: Path
) -> None:
    # The first edition of core deals more demands that can be broken anywhere, which alone tell of positions.
    # Few of its items do, so that it takes all of them to tell a chance that rises along the reply.
    figures = reported(name, tmp_path, limit=400 if name == "position" else 160, task="core/1-A")
    hacc, fading = figures["length"]["arms"]["constrained"]["hacc"], figures["effects"]["constrained"]["fading"]
    within, raw, world = hacc["within"], hacc["raw"], WORLDS[name]
    assert within["low"] <= world.length <= within["high"]
    assert (within["high"] < 0) is (world.length < 0)
    assert (fading["low"] > 1) is (world.fading > 0)
    assert raw["high"] < 0  # the raw curve falls in every world, whatever obedience depends on
    shown, rest = summed_up(figures)
    assert all(what in shown for what in goes)
    assert all(what in rest for what in unshown)
    if name != "length":
        assert raw["high"] < within["low"]
        assert any(MISLEADS in found for found in figures["findings"])


@pytest.mark.parametrize("name", ["path", "reverse", "shape", "limit"])
def test_what_goes_with_length_for_another_reason_is_not_called_its_effect(name: str, tmp_path: Path) -> None:
    figures = reported(name, tmp_path)
    slopes, claims = figures["length"]["arms"]["constrained"]["hacc"], figures["claims"]["constrained"]
    shown, rest = summed_up(figures)
    assert not any(word in f" {sentence} " for sentence in figures["findings"][2:] for word in (" lowers ", "dilution"))
    if name in ("path", "reverse"):
        assert slopes["within"]["high"] < 0
        assert LENGTH in shown
        assert "observation cannot tell" in rest or "observation cannot tell" in shown
    if name == "shape":
        assert slopes["within"]["low"] < 0.3
        assert claims["bend"] == 1
        assert f"{LENGTH}, though not along a line" in shown
    if name == "limit":
        assert figures["arms"]["constrained"]["overall"]["truncated"] > 60
        assert slopes["cut"]["none"]["low"] < slopes["cut"]["all"]["high"]
        assert claims["length"] == 0
        assert LENGTH not in shown

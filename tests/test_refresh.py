"""Laws of the refresh gain: more chances and weaker control are told apart, by what follows a reminder alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mathif.constraints import parse
from mathif.engines.worlds import WORLDS
from mathif.probe.effects import Records, summarize
from mathif.probe.refresh import after
from mathif.reasoning import split
from mathif.records import Finish, Generation, Profile
from mathif.results import read_probe_report
from mathif.stats import hazard_growth, odds_growth
from mathif.tasks import load
from tests.probed import graded_run, probed
from tests.refreshing import reminded

COMMA = parse("punctuation:no_comma", {})


@pytest.mark.parametrize(("world", "said"), [("chances", "fits more chances to slip"), ("control", "weaker control")])
def test_a_world_of_more_chances_and_one_of_weaker_control_are_told_apart(world: str, said: str) -> None:
    task = load("core")
    items = [item for item in task.items if len(item.constraints) == 1][:90]
    rows, slips, inside = reminded(WORLDS[world], task, items, seed=1, samples=3)
    found = summarize(rows, Records({}, {}, slips), inside).profiles[Profile.MATHIF]
    [sentence] = [one for one in found.findings if "against breaking any constraint" in one]
    assert said in sentence


@pytest.mark.parametrize(
    ("text", "thinking", "reply"),
    [
        ("<think>\none, two\n\nUse no comma.\n\nthree\n</think>\n\nfour", (5, -1), (4, -1)),
        ("<think>\none, two\n\nUse no comma.\n\nthree, 4\n</think>\n\nfour,", (8, 5), (5, 4)),
        ("<think>\none, two\n\nUse no comma.\n\n</think>\n\nfour", None, (4, -1)),
    ],
)
def test_what_stood_before_a_reminder_and_the_reminder_itself_are_not_judged(
    text: str, thinking: tuple[int, int] | None, reply: tuple[int, int]
) -> None:
    begun = text.index("comma.") + len("comma.\n\n")
    found = after(split(Generation("k", text, Finish.STOP)), [COMMA], begun)[Profile.MATHIF.value]
    assert found.get("thinking") == thinking
    assert found["reply"] == reply


@pytest.mark.parametrize("growth", [1.0, 4.0])
def test_growth_is_one_where_the_gain_is_the_same_everywhere_and_is_found_where_it_grows(growth: float) -> None:
    rng = np.random.default_rng(3)
    item = np.repeat(np.arange(80), 40)
    dose, neutral = np.tile(np.repeat(np.linspace(0, 1, 5), 8), 80), np.tile([0.0, 1.0], 1600)
    place = rng.exponential(size=len(item)) / np.where(neutral == 1, 1.5 * growth**dose, 1.0)
    broken = (place < 1).astype(float)
    hazard = hazard_growth(np.minimum(place, 1), broken, neutral, dose, item, item)
    odds = odds_growth(broken, neutral, dose, item, item)
    assert hazard.low is not None
    assert hazard.high is not None
    assert hazard.low < growth < hazard.high
    assert odds.sign(1) == hazard.sign(1) == (growth > 1)


def test_a_probe_with_reminders_inside_the_thinking_records_what_follows_them(tmp_path: Path) -> None:
    run = graded_run(tmp_path / "run", model="mock:control", arms=("constrained",))
    probe = probed(run, arms="remind:0,remind:1,remind")
    found = read_probe_report(probe.folder / "report.json").profiles[Profile.MATHIF].refresh
    assert found.keys() == {"reply", "thinking"}
    assert [point.part for point in found["reply"].points] == [0, 1]
    rows = [json.loads(line) for line in (probe.folder / "survival.jsonl").read_text().splitlines()]
    assert {row["key"].partition("+")[2].partition("#")[0] for row in rows if "after" in row} == {
        f"{name}:{part}" for name in ("remind", "remind-neutral") for part in (0, 1)
    }

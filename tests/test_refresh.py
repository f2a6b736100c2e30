"""Laws of the refresh gain: more chances and weaker control are told apart, by what follows a reminder alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mathif import api
from mathif.constraints import Target, parse
from mathif.engines.worlds import WORLDS
from mathif.errors import UsageError
from mathif.probe.effects import Records, summarize
from mathif.probe.refresh import after
from mathif.reasoning import split
from mathif.records import Finish, Generation, Profile
from mathif.results import Refresh, read_probe_report
from mathif.run import Run
from mathif.stats import Ratio, hazard_growth, odds_growth
from mathif.tasks import load
from mathif.wording.probe import of_reminders
from tests.probed import graded_run, probed
from tests.refreshing import reminded
from tests.tiny import ITEMS, write_task

COMMA = parse("punctuation:no_comma", {})


@pytest.mark.parametrize(("world", "said"), [("chances", "fits more chances to slip"), ("control", "weaker control")])
def test_a_world_of_more_chances_and_one_of_weaker_control_are_told_apart(world: str, said: str) -> None:
    task = load("core")
    items = [item for item in task.items if len(item.constraints) == 1][:70]
    rows, slips, inside = reminded(WORLDS[world], task, items, seed=1, samples=3)
    found = summarize(rows, Records({}, {}, slips), inside).profiles[Profile.MATHIF]
    [sentence] = [one for one in found.findings if "against breaking any constraint" in one]
    assert said in sentence


def test_reminders_behind_demands_on_the_thinking_tell_weaker_control_in_the_thinking_too() -> None:
    task = load("core")
    items = [one for one in task.items if any(c.strewn and Target.THINKING in c.targets for c in one.constraints)]
    rows, slips, inside = reminded(WORLDS["control"], task, items, seed=0, samples=2, base="thinking")
    found = summarize(rows, Records({}, {}, slips), inside).profiles[Profile.MATHIF]
    [sentence] = [one for one in found.findings if "the next violation in the thinking" in one]
    assert "weaker control" in sentence
    loss = found.refresh["thinking"].loss
    assert loss is not None
    assert loss.sign(1) == 1
    assert found.interventions.keys() == {f"remind:{part:g}" for part in (0, 0.25, 0.5, 0.75, 1)}


def test_the_sentences_on_reminders_are_one_family() -> None:
    clear, weak = Ratio(3.0, 2.0, 4.5, 400, 40), Ratio(3.0, 1.15, 7.8, 400, 40)

    def said(*growths: Ratio) -> list[bool]:
        found = {f"part {at}": Refresh(points=(), growth=growth) for at, growth in enumerate(growths)}
        return ["weaker control." in one.partition("this fits")[2] for one in of_reminders(found)]

    assert said(weak) == [True]
    assert said(weak, Ratio(1.0, 0.9, 1.1, 400, 40), Ratio(1.0, 0.9, 1.1, 400, 40)) == [False, False, False]
    assert said(clear, weak) == [True, True]


NONE, CLEAR = Ratio(1.0, 0.9, 1.1, 400, 40), Ratio(3.0, 2.0, 4.5, 400, 40)


def test_more_chances_fit_only_where_no_number_on_the_reminders_speaks_of_weaker_control() -> None:
    alone = list(of_reminders({"reply": Refresh(points=(), growth=NONE)}))
    assert alone[0].endswith("this fits more chances to slip.")
    found = {"reply": Refresh(points=(), growth=NONE), "thinking": Refresh(points=(), growth=CLEAR)}
    reply, thinking = of_reminders(found)
    assert "is not shown to change with its place, and grows less than 4 times" in reply
    assert "fits" not in reply
    assert thinking.endswith("this fits weaker control.")


@pytest.mark.parametrize(
    ("growth", "said"),
    [
        (NONE, "this fits weaker control that a reminder does not bring back."),
        (Ratio(1.5, 0.4, 6.0, 400, 40), "weaker control fits."),
        (CLEAR, "this fits weaker control."),
        (Ratio.unknown("no text"), "cannot be told by its place: no text; after neutral text"),
    ],
)
def test_a_hold_that_weakens_whatever_a_reminder_does_is_said_to_weaken(growth: Ratio, said: str) -> None:
    [sentence] = of_reminders({"thinking": Refresh(points=(), growth=growth, loss=CLEAR)})
    assert said in sentence
    assert "after neutral text the violation is likelier there, 3.00 times [2.00, 4.50]" in sentence


@pytest.mark.parametrize("arm", ["thinking", "both"])
def test_a_probe_of_an_arm_that_asks_of_the_thinking_reminds_of_the_demands_on_it(arm: str, tmp_path: Path) -> None:
    run = graded_run(tmp_path / "run", model="mock:control", arms=(arm,))
    probe = probed(run, arms="remind:0.5", of=arm)
    edits = [json.loads(line) for line in (probe.folder / "edits.jsonl").read_text().splitlines()]
    reminders = [row["insert"] for row in edits if row["key"].partition("+")[2].startswith("remind:")]
    assert reminders
    assert all("Follow these instructions in your reasoning before the reply:" in text for text in reminders)
    found = read_probe_report(probe.folder / "report.json").profiles[Profile.MATHIF]
    assert found.refresh.keys() == {"reply", "thinking"}
    assert found.interventions.keys() == {"remind:0.5"}
    assert {one.partition("@")[2].partition("#")[0] for one in probe.replies} == {
        f"{arm}+remind:0.5",
        f"{arm}+remind-neutral:0.5",
    }


def test_a_probe_of_a_task_about_the_thinking_edits_none_of_what_is_judged(tmp_path: Path) -> None:
    moved = [
        {**item, "constraints": [{**one, "args": {**one["args"], "target": "thinking"}} for one in item["constraints"]]}
        for item in ITEMS
    ]
    task = write_task(tmp_path / "tiny", items=moved)
    run = api.evaluate("mock:control", str(task), arms="constrained", out=tmp_path / "run")
    with pytest.raises(UsageError, match="found swap; in arm constrained the thinking itself is judged, so that only"):
        api.probe(run, arms="swap")
    probe = probed(Run(run.folder), arms="remind:0.5", judged=True)
    found = read_probe_report(probe.folder / "report.json").profiles[Profile.MATHIF]
    assert found.interventions.keys() == {"remind:0.5"}


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

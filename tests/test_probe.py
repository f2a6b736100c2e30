"""Laws of a probe: paired with its control, resumed after a kill, graded without its model, and right by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mathif import run as runs
from mathif.cli import cli
from mathif.engines import Engine, open_engine
from mathif.engines.mock import REPLIES, Mock
from mathif.errors import DataError, EngineError, IncompleteError, UsageError
from mathif.interventions import DEFAULT, FAMILIES, RECORDED, parse_interventions
from mathif.items import Prompt
from mathif.probe import Survival, open_probe, start_probe
from mathif.reasoning import split
from mathif.records import Finish, Generation, Key, Sampling
from mathif.run import Plan, Run, silent, stages
from mathif.tasks import load
from tests.plain import stored
from tests.probed import ignore
from tests.tiny import rewrite, write_task

TRACE = "First 2 and 3 are given.\nSo I add them and get 5."


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of recorded replies that think, are right and obey, two for each item."""
    monkeypatch.chdir(tmp_path)
    task = load(str(write_task(tmp_path / "tiny")))
    rows = [
        {"item": item.key, "sample": sample, "response": f"<think>\n{TRACE}\n</think>\n\n{REPLIES['witness'](item)}"}
        for item in task.items
        for sample in range(2)
    ]
    (tmp_path / "replies.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    plan = Plan(model="file:replies.jsonl", tasks=("tiny",), arms=("constrained",), samples=2)
    run = Run.create(plan, tmp_path / "run")
    runs.generate(run, silent, ignore)
    return run


class Minded(Mock):
    """Obeys as `obeys` says of a prompt, else it contradicts everything; counts the prompts it was asked."""

    def __init__(self, obeys: Callable[[Prompt], bool]) -> None:
        super().__init__("minded")
        self.obeys = obeys
        self.asked: list[Prompt] = []

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for prompt in prompts:
            self.asked.append(prompt)
            yield from Mock("witness" if self.obeys(prompt) else "contrary").generate([prompt], sampling)


def obedient(prompt: Prompt) -> bool:
    return True


def before_four_waits(prompt: Prompt) -> bool:
    return prompt.prefill.count("Wait") < 4


def use(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    monkeypatch.setattr(stages, "open_engine", lambda *args: engine)


def whole(probe: Run) -> dict[str, Any]:
    runs.generate(probe, silent, ignore)
    runs.grade(probe, silent)
    return stored(runs.report(probe))


def started(parent: Run, arms: str = DEFAULT, **settings: Any) -> Run:
    settings = {"model": "mock:witness", **settings}
    return start_probe(parent, "probe", parse_interventions(arms), **settings)


def changed(report: dict[str, Any], name: str, outcome: str = "hacc") -> dict[str, Any]:
    found: dict[str, Any] = report["profiles"]["mathif"]["interventions"][name]["overall"][outcome]
    return found


def test_a_model_that_nothing_moves_loses_nothing_under_any_intervention(parent: Run) -> None:
    probe = started(parent)
    report = whole(probe)
    assert report["complete"]
    assert report["recorded"] == 8
    assert set(report["profiles"]["mathif"]["interventions"]) == set(DEFAULT.split(","))
    for found in report["profiles"]["mathif"]["interventions"].values():
        assert found["n"] == 8
        for outcome in ("hacc", "sacc", "acc"):
            assert found["overall"][outcome]["value"] == 0
        for survived in found["survival"].values():
            assert (survived["value"], survived["n"]) == (1, 8)
    areas = report["profiles"]["mathif"]["truncation"]["area"]
    assert [areas[name]["value"] for name in ("answer", "right", "obedience")] == [0, 0, 0]


def test_generations_hold_the_new_text_and_what_is_graded_the_edited_beginning_too(parent: Run) -> None:
    probe = started(parent, "truncate:0.5,swap")
    whole(probe)
    new = {generation.key: generation.text for generation in probe.replies.values()}
    judged = {generation.key: generation for generation in probe.judged().values()}
    assert len(judged) == len(new) + 8
    for key, text in new.items():
        assert TRACE not in text
        assert judged[key].text.startswith("<think>\n")
        assert judged[key].text.endswith(f"\n</think>\n\n{text}")
    for generation in probe.replies.values():
        assert str(Key.parse(generation.key)) == generation.key


def test_flips_are_those_that_were_made(parent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: of 8 replies to 2 problems, those with four Waits and more all turn wrong and disobedient."""
    use(monkeypatch, Minded(before_four_waits))
    report = whole(started(parent, "extend:0,extend:2,extend:4,extend:8,extend-neutral:8"))
    kept, lost = changed(report, "extend:2"), changed(report, "extend:8")
    assert (kept["value"], kept["lost"], kept["won"]) == (0, 0, 0)
    assert (lost["value"], lost["lost"], lost["won"], lost["worse"], lost["p"]) == (-1, 8, 0, 2, 0.5)
    assert changed(report, "extend:4", "acc")["value"] == -1
    assert changed(report, "extend-neutral:8")["value"] == 0
    found = report["profiles"]["mathif"]
    assert found["interventions"]["extend:8"]["against_neutral"]["hacc"]["value"] == -1
    assert found["interventions"]["extend:8"]["survival"]["answer"]["value"] == 0
    points = found["doses"]["extend"]["points"]
    assert [(point["amount"], point["added"], point["hacc"]["value"]) for point in points] == [
        (0, 0, 1),
        (2, 2, 1),
        (4, 4, 0),
        (8, 8, 0),
    ]


def test_the_control_of_the_others_is_held_against_the_recorded_reply(
    parent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Minded(lambda prompt: False))
    found = whole(started(parent, "swap"))["profiles"]["mathif"]["interventions"]
    assert (found["extend:0"]["control"], found["swap"]["control"]) == ("recorded", "extend:0")
    assert found["extend:0"]["overall"]["hacc"]["lost"] == 8
    assert found["extend:0"]["survival"]["answer"]["value"] == 0
    assert found["swap"]["survival"]["answer"]["value"] == 1
    assert found["swap"]["survival"]["right"]["n"] == 0


def test_the_dose_slope_is_the_share_lost_for_each_hundred_tokens(parent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: the half problem obeys always, the sum problem at dose 0 only: 1 of 2 problems lost over 8 tokens."""
    use(monkeypatch, Minded(lambda prompt: prompt.item.problem.key == "half" or "Wait" not in prompt.prefill))
    slope = whole(started(parent, "extend:0,extend:8"))["profiles"]["mathif"]["doses"]["extend"]["slope"]["hacc"]
    assert slope["value"] == pytest.approx(-0.5 / 8 * 100)
    assert slope["low"] < slope["value"] < slope["high"]
    assert (slope["n"], slope["problems"]) == (16, 2)


def test_the_area_over_the_truncation_curve_is_the_trapezoid(parent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: survival 0 at 0, 1 at a half and at 1 leaves a triangle of a quarter above the curve."""
    use(monkeypatch, Minded(lambda prompt: "First" in prompt.prefill))
    report = whole(started(parent, "truncate:0,truncate:0.5"))
    area = report["profiles"]["mathif"]["truncation"]["area"]
    for name in ("answer", "right", "obedience"):
        assert area[name]["value"] == pytest.approx(0.25)
        assert area[name]["n"] == 8
    assert report["profiles"]["mathif"]["interventions"]["truncate:0"]["survival"]["answer"]["value"] == 0


def test_an_area_without_its_beginning_is_unknown(parent: Run) -> None:
    area = whole(started(parent, "truncate:0.5"))["profiles"]["mathif"]["truncation"]["area"]
    assert (area["answer"]["value"], area["answer"]["reason"]) == (None, "the area needs truncate:0")


def test_a_reformatted_reply_is_held_against_the_recorded_one_which_it_was_shown(
    parent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Minded(lambda prompt: False)
    use(monkeypatch, engine)
    report = whole(started(parent, "reformat"))
    assert changed(report, "reformat")["lost"] == 8
    for prompt in engine.asked:
        assert [message.role for message in prompt.messages] == ["user", "assistant", "user"]
        assert "<think>" not in prompt.messages[1].content
        assert all(sentence in prompt.messages[2].content for sentence in prompt.item.sentences)


def test_a_paraphrase_is_asked_first_and_then_stands_for_the_trace(
    parent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Minded(obedient)
    use(monkeypatch, engine)
    report = whole(started(parent, "paraphrase"))
    rewritings = [prompt for prompt in engine.asked if prompt.key.arm == "constrained+rewritten"]
    answered = [prompt for prompt in engine.asked if prompt.key.arm == "constrained+paraphrase"]
    assert len(rewritings) == len(answered) == 8
    for prompt in answered:
        assert prompt.prefill == f"<think>\n{REPLIES['witness'](prompt.item)}\n</think>\n\n"
    assert changed(report, "paraphrase")["n"] == 8


class Interrupted(Minded):
    """Answers five prompts of each call, then is interrupted from the keyboard."""

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for count, generation in enumerate(super().generate(prompts, sampling)):
            if count == 5:
                raise KeyboardInterrupt
            yield generation


def test_a_probe_that_was_stopped_goes_on_with_what_is_missing_and_ends_the_same(
    parent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Minded(before_four_waits))
    expected = whole(start_probe(parent, "other", parse_interventions(DEFAULT), model="mock:witness"))
    use(monkeypatch, Interrupted(before_four_waits))
    probe = started(parent)
    with pytest.raises(IncompleteError, match=r"Continue with: mathif probe .*run --name probe"):
        runs.generate(probe, silent, ignore)
    kept = {generation.key for generation in probe.replies.values()}
    assert len(kept) == 5
    path = probe.folder / "generations.jsonl"
    path.write_bytes(path.read_bytes()[:-7])
    engine = Minded(before_four_waits)
    use(monkeypatch, engine)
    assert whole(open_probe(probe.folder)) == expected
    assert len(kept & {str(prompt.key) for prompt in engine.asked}) == 1
    engine.asked.clear()
    runs.generate(open_probe(probe.folder), silent, ignore)
    assert engine.asked == []


def test_a_probe_is_graded_again_without_its_model(parent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = started(parent)
    report = whole(probe)
    monkeypatch.setattr(stages, "open_engine", None)
    for name in ("verdicts.jsonl", "survival.jsonl", "report.json"):
        (probe.folder / name).unlink()
    again = open_probe(probe.folder)
    runs.grade(again, silent)
    assert stored(runs.report(again)) == report


def test_replies_that_cannot_be_edited_are_left_out_and_counted(parent: Run) -> None:
    def cut(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        first = {**rows[0], "text": "<think>\nnever", "finish": "length"}
        return [first, {**rows[1], "text": "<think>\nNo number.\n</think>\n\nNone."}, *rows[2:]]

    rewrite(parent.folder / "generations.jsonl", cut)
    report = whole(started(Run(parent.folder), "noise,truncate:0.5,reformat"))
    assert report["left_out"] == {
        "extend:0": {"the token limit cut it": 1},
        "noise": {"the token limit cut it": 1, "its trace has no number": 1},
        "truncate:0.5": {"the token limit cut it": 1},
        "reformat": {"the token limit cut it, or it is empty": 1},
    }
    assert changed(report, "noise")["n"] == 6


def test_a_limit_takes_items_that_have_constraints(parent: Run) -> None:
    probe = started(parent, "swap", limit=3)
    report = whole(probe)
    assert (report["recorded"], changed(report, "swap")["n"]) == (6, 6)


def test_replies_that_changed_under_a_probe_are_noticed(parent: Run) -> None:
    probe = started(parent, "swap")
    rewrite(
        parent.folder / "generations.jsonl",
        lambda rows: [{**row, "text": row["text"].replace("First 2", "First 3")} for row in rows],
    )
    with pytest.raises(DataError, match=r"the replies in .* have changed since; start a new probe"):
        open_probe(probe.folder)


def test_a_probe_is_not_taken_for_a_run_nor_a_run_for_a_probe(parent: Run) -> None:
    folder = started(parent, "swap").folder
    with pytest.raises(UsageError, match="found a probe, expected the run it probes"):
        Run(folder)
    with pytest.raises(UsageError, match="found a run, expected a probe of one"):
        open_probe(parent.folder)
    for command in ("submit", "probe"):
        assert call(command, str(folder)).exit_code == 2


def test_an_engine_that_cannot_continue_leaves_no_folder(parent: Run) -> None:
    probe = started(parent, "swap", model=None)
    with pytest.raises(EngineError, match="cannot continue a reply, which a probe"):
        runs.generate(probe, silent, ignore)
    assert not probe.folder.exists()


def test_a_run_without_constrained_replies_has_nothing_to_probe(parent: Run) -> None:
    rewrite(parent.folder / "generations.jsonl", lambda rows: [])
    with pytest.raises(UsageError, match="no reply of arm 'constrained' is recorded"):
        started(Run(parent.folder))


class Failing(Minded):
    """Answers no prompt that waits."""

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for prompt in prompts:
            if "Wait" in prompt.prefill:
                yield Generation(str(prompt.key), "", Finish.ERROR, error="refused")
            else:
                yield from super().generate([prompt], sampling)


def test_a_failed_prompt_is_in_no_figure_and_never_the_models_zero(
    parent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Failing(obedient))
    probe = started(parent, "extend:2,swap")
    with pytest.raises(IncompleteError, match="8 of 24 prompts were not answered"):
        runs.generate(probe, silent, ignore)
    runs.grade(probe, silent)
    report = stored(runs.report(probe))
    assert (report["complete"], report["errors"], changed(report, "extend:2")["n"]) == (False, 8, 0)
    assert changed(report, "swap")["value"] == 0


def test_the_page_on_probes_names_every_family_with_its_control() -> None:
    page = (Path(__file__).parent.parent / "docs" / "probes.md").read_text(encoding="utf-8")
    for name, family in FAMILIES.items():
        [row] = [line for line in page.splitlines() if line.startswith((f"| `{name}` ", f"| `{name}:"))]
        assert row.endswith("| the recorded reply |" if family.control == RECORDED else f"| `{family.control}` |")


def call(*args: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="mathif")


def test_the_command_line_probes_continues_grades_and_reports(parent: Run) -> None:
    done = call("probe", "run", "--model", "mock:witness", "--arms", "extend:2,truncate:0.5", "--limit", "3")
    assert done.exit_code == 0, done.output
    assert "extend:2" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    report = parent.folder / "probes" / "probe" / "report.json"
    written = report.read_text()
    again = call("probe", "run")
    assert again.exit_code == 0, again.output
    assert "every reply is there already" in again.stderr
    for command in ("grade", "report"):
        assert call(command, "run/probes/probe").exit_code == 0
    assert report.read_text() == written
    assert "## Profile `upstream`" in (report.parent / "report.md").read_text()


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["nowhere"], 3, "nowhere: there is no run here"),
        (["run"], 4, "--model file:replies.jsonl: this engine cannot continue a reply"),
        (["run", "--arms", "trunkate:1"], 2, "unknown intervention 'trunkate'; did you mean 'truncate'?"),
        (["run", "--dtype", "float32"], 2, "--dtype: settings of an engine go with --model; give that too"),
    ],
)
def test_what_cannot_be_probed_is_one_sentence_and_an_exit_code(
    parent: Run, args: list[str], code: int, message: str
) -> None:
    done = call("probe", *args)
    assert done.exit_code == code, done.output
    assert message in done.stderr


def test_a_probe_that_is_there_is_not_begun_again_with_other_settings(parent: Run) -> None:
    assert call("probe", "run", "--model", "mock:witness", "--arms", "swap").exit_code == 0
    done = call("probe", "run", "--model", "mock:witness", "--arms", "noise", "--limit", "1")
    assert done.exit_code == 2
    assert "begun with --arms and --limit otherwise; leave out every setting to continue it, or choose" in done.stderr


def test_the_command_that_began_a_probe_goes_on_with_it(parent: Run) -> None:
    begin = ("probe", "run", "--model", "mock:witness", "--arms", "swap")
    whole = call(*begin)
    path = parent.folder / "probes" / "probe" / "generations.jsonl"
    replies = path.read_bytes()
    path.write_bytes(replies[: len(replies) // 2])
    again = call(*begin)
    assert (whole.exit_code, again.exit_code) == (0, 0), again.output
    assert again.stdout == whole.stdout
    assert sorted(path.read_bytes().splitlines()) == sorted(replies.splitlines())


def test_the_engine_that_answers_is_the_one_that_is_named(parent: Run) -> None:
    probe = started(parent, "swap")
    whole(probe)
    assert probe.head["engine"] == open_engine("mock:witness", probe.plan.options).describe(probe.plan.sampling)


@pytest.mark.parametrize(
    ("own", "model", "refused"),
    [
        ("org/Name-4B", "Name-4b", False),
        ("org/name-4b", "models/name-4b-q4.gguf", False),
        ("file:replies.jsonl", "org/name", False),
        ("org/name-4b", "org/other-4b", True),
        ("mock:length", "mock:position", True),
    ],
)
def test_a_model_goes_on_from_its_own_thinking_alone(parent: Run, own: str, model: str, refused: bool) -> None:
    run = Run(parent.folder)
    run.plan = replace(run.plan, model=own)
    name = re.sub(r"\W", "-", f"{own}-{model}")
    if refused:
        with pytest.raises(UsageError, match=f"the replies are those of {own}"):
            start_probe(run, name, parse_interventions("swap"), model=model)
    else:
        assert start_probe(run, name, parse_interventions("swap"), model=model).plan.model == model


@pytest.mark.parametrize(
    ("final", "same"), [("So \\boxed{5}.", "pass"), ("So \\boxed{6}.", "fail"), ("<!-- \\boxed{5} -->", "fail")]
)
def test_an_answer_is_that_of_the_control_where_a_reader_sees_it(final: str, same: str) -> None:
    survival = Survival({"kept": "whole"}, lambda key: None)
    finals = {"whole": "It is \\boxed{5}. <!-- \\boxed{6} -->", "kept": final}
    heard = [split(Generation(f"tiny/a@{arm}#0", text, Finish.STOP)) for arm, text in finals.items()]
    assert list(survival.hear(heard)) == heard
    assert list(survival.rows()) == [{"key": "tiny/a@kept#0", "same": same}]

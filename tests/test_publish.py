"""Laws of publishing: every run has its page, with the replies behind the numbers, and pictures when asked."""

import json
import re
import shutil
import sys
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mathif import run as runs
from mathif import store
from mathif.cli import cli
from mathif.errors import UsageError
from mathif.interventions import FAMILIES
from mathif.probe import open_probe
from mathif.probe.tables import tables
from mathif.publish import publish, replies, save_charts
from mathif.publish.pictures import draw
from mathif.records import Key, Profile
from mathif.results import read_probe_report
from mathif.run import Run, silent
from tests.paged import catalogue, headings, replies_of, titles, unpacked
from tests.probed import graded_run, probed
from tests.tiny import rewrite


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with its page, to be read."""
    run = graded_run(tmp_path_factory.mktemp("shown") / "run", "mock:contrary")
    publish(run)
    return run


@pytest.fixture(scope="module")
def shown_probe(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A probe with its page, to be read."""
    probe = probed(graded_run(tmp_path_factory.mktemp("probed") / "run"))
    publish(probe)
    return probe


@pytest.fixture
def run(shown: Run, tmp_path: Path) -> Run:
    """A copy of the run, to be changed."""
    shutil.copytree(shown.folder, tmp_path / "run")
    return Run(tmp_path / "run")


@pytest.fixture
def probe(shown_probe: Run, tmp_path: Path) -> Run:
    """The probe of a copy of its run, to be changed."""
    shutil.copytree(parent_of(shown_probe).folder, tmp_path / "run")
    return open_probe(tmp_path / "run" / "probes" / shown_probe.folder.name)


def call(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)), prog_name="mathif")


def test_the_page_of_a_run_shows_every_reply_once_with_its_verdicts(shown: Run) -> None:
    html = written(shown)
    rows = {row.key: row for row in shown.graded()}
    replies = {reply["key"]: reply for reply in replies_of(html)}
    assert replies.keys() == set(shown.judged())
    for asked, judged in shown.served().items():
        seen = replies[asked]
        told = [
            (demand.kind, sentence, verdict.outcome)
            for item, key in judged
            for demand, sentence, verdict in zip(
                item.constraints, item.sentences, rows[str(key)].constraints[Profile.MATHIF], strict=True
            )
        ]
        assert [(one["kind"], one["sentence"], one["outcome"]) for one in seen["demands"]] == list(dict.fromkeys(told))
        assert {rows[str(key)].answer.outcome for _, key in judged} == {seen["answer"]["outcome"]}
        assert seen["final"]
    assert f"All {len(replies)} replies" in html


def test_the_list_says_what_the_replies_behind_it_say(shown: Run) -> None:
    html = written(shown)
    listed, replies = catalogue(html), replies_of(html)
    assert len(listed["replies"]) == len(replies)
    for problem, arm, kinds, key, verdicts, asked, cut, tokens, chunk, place in listed["replies"]:
        reply = replies[place]
        assert (chunk, key, tokens) == (0, reply["key"], reply["tokens"])
        assert listed["problems"][problem] == reply["problem"]
        assert listed["arms"][arm] == reply["arm"] == Key.parse(key).arm
        assert bool(asked) == (reply["arm"] != "plain")
        assert bool(cut) == reply["cut"]
        assert [listed["kinds"][kind] for kind in kinds] == [demand["kind"] for demand in reply["demands"]]
        outcomes = [reply["answer"]["outcome"], *(demand["outcome"] for demand in reply["demands"])]
        assert verdicts == "".join(outcome[0] for outcome in outcomes)


def test_of_a_long_run_the_problems_at_even_distances_are_shown_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mathif.charts", None)
    total = len(run.judged())
    monkeypatch.setattr(replies, "MOST", total // 2)
    html = page_of(run)
    found = replies_of(html)
    assert 0 < len(found) < total
    for problem in {reply["problem"] for reply in found}:
        whole = [key for key, [(item, _), *_] in run.served().items() if problem.endswith(f"/{item.problem.key}")]
        assert {reply["key"] for reply in found if reply["problem"] == problem} == set(whole)
    assert f"{len(found)} of {total} replies, problems evenly chosen" in html


def test_replies_that_are_too_many_for_the_page_stand_beside_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mathif.charts", None)
    whole = replies_of(written(run))
    monkeypatch.setattr("mathif.page.INSIDE_CHARS", 0)
    monkeypatch.setattr("mathif.page.packing.CHUNK_CHARS", 1)
    html = page_of(run)
    assert replies_of(html) == []
    files = sorted((run.folder / "report_files").iterdir())
    assert len(files) == len(catalogue(html)["problems"])
    taken = [re.fullmatch(r'web\.take\((\d+),"([^"]*)"\)\n', path.read_text()) for path in files]
    assert [int(one[1]) for one in taken if one] == list(range(len(files)))
    assert [reply for one in taken if one for reply in unpacked(one[2])] == whole
    monkeypatch.undo()
    assert replies_of(page_of(run)) == whole
    assert not (run.folder / "report_files").exists()


def test_the_page_of_the_same_records_has_the_same_bytes(run: Run) -> None:
    before = written(run)
    assert page_of(run) == before


def test_without_the_packages_that_draw_the_page_has_no_picture_and_is_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mathif.charts", None)
    html = page_of(run)
    assert "<svg" not in html
    assert "Scores" in html
    with pytest.raises(UsageError, match=r"mathif\[charts\]"):
        save_charts(run, runs.report(run))


def test_the_charts_are_saved_as_svg_and_png(run: Run) -> None:
    paths = save_charts(run, runs.report(run))
    assert {path.suffix for path in paths} == {".svg", ".png"}
    assert all(path.stat().st_size > 500 for path in paths)


def unanswered(run: Run) -> Run:
    """The same run, graded before any prompt was answered."""
    new = Run.create(run.plan, run.folder.with_name("unanswered"))
    runs.grade(new, silent)
    return new


def test_a_run_of_which_nothing_was_answered_still_has_a_page(run: Run) -> None:
    run = unanswered(run)
    html = page_of(run)
    assert "INCOMPLETE" in html
    assert replies_of(html) == []


def test_every_arm_has_its_pictures_on_the_page(tmp_path: Path) -> None:
    run = graded_run(tmp_path / "run", arms=("plain", "constrained", "before", "after"))
    html = page_of(run)
    folds = [name for name in headings(html) if name.startswith("Arm ")]
    left_out = re.findall(r"Left out, because they look the same as one above: ([^<]*)\.<", html)
    names = {name for drawn in draw(run, runs.report(run), Profile.MATHIF)[0] for name in drawn.pictures}
    assert set(folds) <= {"Arm after", "Arm before", "Arm plain"}
    assert folds == sorted(folds)
    assert len(titles(html)) + len(", ".join(left_out).split(", ")) * bool(left_out) == len(names)
    svgs = re.findall(r"<svg[^>]*>(.*?)</svg>", html, re.DOTALL)
    assert len(set(svgs)) == len(svgs) == len(titles(html))


def test_a_picture_is_named_by_what_it_shows_for_those_who_cannot_see_it(shown: Run) -> None:
    html = written(shown)
    assert titles(html)
    assert [unescape(one) for one in re.findall(r'<svg role="img" aria-label="([^"]*)"', html)] == titles(html)


def test_a_probe_has_a_page_with_its_findings_its_pictures_and_every_table(shown_probe: Run) -> None:
    report = read_probe_report(shown_probe.folder / "report.json")
    html = written(shown_probe)
    figures = report.profiles[Profile.MATHIF]
    for sentence in figures.findings:
        assert sentence in unescape(re.sub("</?code>", "`", html))
    shown = [unescape(one) for one in re.findall(r"<h3>(.*?)</h3>\n(?:<p|<div class=.scroll)", html)]
    assert [name for name in shown if name not in titles(html)] == [
        table.title for table in tables(report, figures) if table.rows
    ]
    assert html.count("<svg") == 4
    assert "Probe probe" in headings(html)


def test_the_page_of_a_probe_shows_every_edited_reply_with_its_verdicts_and_names_the_intervention(
    shown_probe: Run,
) -> None:
    found = replies_of(written(shown_probe))
    rows = {row.key: row for row in shown_probe.graded()}
    wholes = {generation.key: generation.text for generation in shown_probe.judged().values()}
    assert {reply["key"] for reply in found} == rows.keys()
    for reply in found:
        key = Key.parse(reply["key"])
        family = key.arm.partition("+")[2].partition(":")[0]
        assert reply["note"].startswith(key.arm.partition("+")[2] or "recorded")
        assert FAMILIES[family].line in reply["note"] if family else "before any edit" in reply["note"]
        assert [d["outcome"] for d in reply["demands"]] == [
            verdict.outcome for verdict in rows[reply["key"]].constraints[Profile.MATHIF]
        ]
        assert reply["final"] in wholes[reply["key"]]
        assert reply["thinking"] in wholes[reply["key"]]


def page_of(run: Run) -> str:
    publish(run)
    return written(run)


def written(run: Run) -> str:
    return (run.folder / "report.html").read_text(encoding="utf-8")


def test_the_page_of_a_run_shows_the_pictures_of_its_probes_each_named(probe: Run) -> None:
    probed(parent_of(probe), "dose", "extend:2,extend:8")
    html = page_of(parent_of(probe))
    assert [name for name in headings(html) if name.startswith("Probe")] == ["Probe dose", "Probe probe"]
    dose, whole = (html.index(f"<h2>Probe {name}</h2>") for name in ("dose", "probe"))
    assert html[dose:whole].count("<svg") == 3
    assert "Probes left out" not in html


def parent_of(probe: Run) -> Run:
    return Run(probe.folder.parent.parent)


WHOLE = '"errors": 2, "rows": 9, "recorded": 9'
RUBBISH = [
    ("report.json", None, "not finished; continue it with: mathif probe"),
    ("report.json", "[1]", "expected a JSON object"),
    ("report.json", "{", "not JSON"),
    ("report.json", '{"schema": "x"}', "found schema 'x'"),
    ("report.json", '{"schema": SCHEMA}', "report.json: /rows: field required"),
    ("report.json", '{"schema": SCHEMA, WHOLE, "complete": true, "profiles": []}', "report.json: /profiles: "),
    (
        "report.json",
        '{"schema": SCHEMA, WHOLE, "complete": true, "profiles": {"mathif": {"doses": {"extend": {"points": 7}}}}}',
        "report.json: /profiles/mathif/",
    ),
    ("report.json", '{"schema": SCHEMA, WHOLE, "complete": false, "profiles": {}}', "2 of 9 rows have no reply"),
    ("run.json", None, "there is no run here (no run.json)"),
    ("run.json", "{}", "found schema None"),
    ("run.json", '{"schema": SCHEMA, "probe": 1}', "not the head of a run"),
]


def test_probes_that_cannot_be_shown_are_left_out_in_a_sentence_each_and_break_nothing(probe: Run) -> None:
    schema = json.dumps(store.read_json(probe.folder / "report.json")["schema"])
    for number, (name, text, _) in enumerate(RUBBISH):
        broken = shutil.copytree(probe.folder, probe.folder.with_name(f"broken-{number:02}")) / name
        broken.unlink() if text is None else broken.write_text(text.replace("SCHEMA", schema).replace("WHOLE", WHOLE))
    html = page_of(parent_of(probe))
    assert [name for name in headings(html) if name.startswith("Probe")] == ["Probe probe"]
    [sentence] = re.findall(r"Probes left out: (.*)", html)  # to the end of its line, as it names commands
    _, *said = re.split(r"broken-\d\d \(", unescape(sentence))
    assert len(said) == len(RUBBISH)
    for reason, (name, text, expected) in zip(said, RUBBISH, strict=True):
        assert expected in reason, (name, text)


def test_a_probe_of_replies_that_have_changed_since_is_left_out(probe: Run) -> None:
    path = probe.folder.parent.parent / "generations.jsonl"
    rewrite(path, lambda rows: [{**row, "text": f"{row['text']} More."} for row in rows])
    html = page_of(Run(probe.folder.parent.parent))
    assert "have changed since; start a new probe" in html
    assert not [name for name in headings(html) if name.startswith("Probe")]


def test_without_the_packages_that_draw_a_probe_has_its_page_too(probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mathif.charts", None)
    html = page_of(probe)
    assert "<svg" not in html
    assert "install the extra charts" in html
    assert "Against its control" in html
    assert "install the extra charts" in page_of(parent_of(probe))


def test_a_run_with_nothing_to_draw_does_not_ask_for_packages_that_are_there(run: Run) -> None:
    run = unanswered(run)
    html = page_of(run)
    assert "There is too little to draw" in html
    assert "install" not in html


def test_the_command_line_writes_the_page_of_a_probe_and_its_charts_and_says_what_is_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = graded_run(tmp_path / "run", arms=("constrained",))
    monkeypatch.setattr("mathif.charts.png", lambda picture: b"as above")
    monkeypatch.chdir(tmp_path)
    begun = call("probe", "run", "--name", "second", "--arms", "extend:2")
    assert begun.exit_code == 0, begun.output
    assert "next: mathif report run shows these pictures in the page of the run too" in begun.stderr
    folder = run.folder / "probes" / "second"
    assert "Probe second" in headings((folder / "report.html").read_text(encoding="utf-8"))
    done = call("report", folder, "--charts")
    assert done.exit_code == 0, done.output
    names = {
        f"{profile}-{kind}-second"
        for profile in ("mathif", "upstream")
        for kind in ("dose-hacc", "dose-acc", "changes")
    }
    assert {path.stem for path in (folder / "charts").iterdir()} == names
    assert call("report", "run", "--charts").exit_code == 0
    assert names <= {path.stem for path in (run.folder / "charts").iterdir()}

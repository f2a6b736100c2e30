"""Laws of publishing: every run has its page, with the replies behind the numbers, and pictures when asked."""

import base64
import json
import re
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mathif import run as runs
from mathif import store
from mathif.cli import cli
from mathif.errors import UsageError
from mathif.interventions import DEFAULT, FAMILIES, parse_interventions
from mathif.page import LIMIT_BYTES
from mathif.probe.tables import tables
from mathif.publish import publish, replies, save_charts
from mathif.records import Key, Profile
from mathif.results import ProbeReport
from mathif.run import Run, silent
from tests.probed import graded_run, probed
from tests.tiny import rewrite


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return graded_run(tmp_path / "run", "mock:contrary")


@pytest.fixture
def probe(tmp_path: Path) -> Run:
    return probed(graded_run(tmp_path / "run"))


def call(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)), prog_name="mathif")


def pictures(html: str) -> list[list[str]]:
    """The galleries packed into a page."""
    packed = re.search(r'id="pictures">([^<]*)<', html)
    assert packed is not None
    found: list[list[str]] = json.loads(zlib.decompress(base64.b64decode(packed[1])))
    return found


def galleries(html: str) -> list[str]:
    """The headings of the galleries of a page."""
    return re.findall(r"<details class='gallery'[^>]*><summary>(.*?)</summary>", html)


def shown(html: str) -> list[dict[str, Any]]:
    """The replies packed into a page."""
    packed = re.search(r'id="packed">([^<]*)<', html)
    assert packed is not None
    rows: list[dict[str, Any]] = json.loads(zlib.decompress(base64.b64decode(packed[1])))
    return rows


def test_the_page_of_a_run_shows_every_graded_reply_with_its_verdicts(run: Run) -> None:
    html = publish(run, runs.report(run)).read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (run.folder / "verdicts.jsonl").read_text().splitlines()]
    replies = {reply["key"]: reply for reply in shown(html)}
    assert replies.keys() == {row["key"] for row in rows}
    for row in rows:
        seen = replies[row["key"]]
        assert seen["answer"]["outcome"] == row["answer"]["outcome"]
        assert [demand["outcome"] for demand in seen["demands"]] == [
            verdict["outcome"] for verdict in row["constraints"]["mathif"]
        ]
        assert seen["final"]
    assert f"All {len(rows)} replies" in html


def test_a_long_run_shows_replies_at_even_distances(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "CANDIDATES", 3)
    html = publish(run, runs.report(run)).read_text(encoding="utf-8")
    assert len(shown(html)) == 3
    assert "evenly chosen" in html


def test_without_the_packages_that_draw_the_page_has_no_picture_and_is_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mathif.charts", None)
    html = publish(run, runs.report(run)).read_text(encoding="utf-8")
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
    html = publish(run, runs.report(run)).read_text(encoding="utf-8")
    assert "Incomplete" in html
    assert shown(html) == []


def test_every_arm_has_its_pictures_on_the_page(tmp_path: Path) -> None:
    run = graded_run(tmp_path / "run", arms=("plain", "constrained", "before", "after"))
    html = publish(run, runs.report(run)).read_text(encoding="utf-8")
    assert galleries(html) == ["Arm after", "Arm before", "Arm plain"]
    for name, drawn in zip(("after", "before", "plain"), pictures(html), strict=True):
        assert drawn
        assert all(f", {name}<" in picture for picture in drawn)
    assert ", constrained<" in html


def test_a_probe_has_a_page_with_its_findings_its_pictures_and_every_table(probe: Run) -> None:
    report = runs.report(probe)
    assert isinstance(report, ProbeReport)
    html = publish(probe, report).read_text(encoding="utf-8")
    figures = report.profiles[Profile.MATHIF]
    for sentence in figures.findings:
        assert sentence in unescape(html)
    shown = re.findall(r"<summary>(.*?)</summary>", html)
    assert shown == [table.title for table in tables(report, figures) if table.rows]
    assert html.count("<svg") == 4
    assert "HAcc by tokens added, probe" in html
    assert len(html.encode()) <= LIMIT_BYTES


def test_the_page_of_a_probe_shows_every_edited_reply_with_its_verdicts_and_names_the_intervention(
    probe: Run,
) -> None:
    found = shown(publish(probe, runs.report(probe)).read_text(encoding="utf-8"))
    rows = {row["key"]: row for row in store.read_rows(probe.folder / "verdicts.jsonl")}
    wholes = {generation.key: generation.text for generation in probe.judged().values()}
    assert {reply["key"] for reply in found} == rows.keys()
    for reply in found:
        key = Key.parse(reply["key"])
        family = key.arm.partition("+")[2].partition(":")[0]
        assert reply["note"].startswith(key.arm.partition("+")[2] or "recorded")
        assert FAMILIES[family].line in reply["note"] if family else "before any edit" in reply["note"]
        assert [d["outcome"] for d in reply["demands"]] == [
            verdict["outcome"] for verdict in rows[reply["key"]]["constraints"]["mathif"]
        ]
        assert reply["final"] in wholes[reply["key"]]
        assert reply["thinking"] in wholes[reply["key"]]


def test_a_recorded_reply_is_shown_with_all_its_edits_or_not_at_all(
    probe: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "CANDIDATES", 60)
    html = publish(probe, runs.report(probe)).read_text(encoding="utf-8")
    keys = [Key.parse(reply["key"]) for reply in shown(html)]
    arms: dict[Key, set[str]] = {}
    for key in keys:
        arms.setdefault(key._replace(arm=""), set()).add(key.arm)
    assert len(arms) == 3
    assert all(
        found == {"constrained", *(one.arm for one in parse_interventions(DEFAULT))} - {"constrained+noise"}
        for found in arms.values()
    )
    total = sum(1 for _ in store.read_rows(probe.folder / "verdicts.jsonl"))
    assert f"{len(keys)} of {total} replies" in html


def page_of(run: Run) -> str:
    return publish(run, runs.report(run)).read_text(encoding="utf-8")


def test_the_page_of_a_run_shows_the_pictures_of_its_probes_each_named(probe: Run) -> None:
    probed(parent_of(probe), "dose", "extend:2,extend:8")
    html = page_of(parent_of(probe))
    assert galleries(html) == ["Probe dose", "Probe probe", "Arm plain"]
    dose, whole, _ = pictures(html)
    assert [len(dose), len(whole)] == [3, 4]
    assert "HAcc by tokens added, dose" in dose[0]
    assert all(", probe<" in picture for picture in whole)
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
    ("run.json", None, "run.json: cannot be read"),
    ("run.json", "{}", "found schema None"),
    ("run.json", '{"schema": SCHEMA, "probe": 1}', "not the head of a run"),
]


@pytest.mark.parametrize(("name", "text", "reason"), RUBBISH)
def test_a_probe_that_cannot_be_shown_is_left_out_in_a_sentence_and_breaks_nothing(
    probe: Run, name: str, text: str | None, reason: str
) -> None:
    broken = probed(parent_of(probe), "broken", "swap").folder / name
    schema = json.dumps(store.read_json(probe.folder / "report.json")["schema"])
    broken.unlink() if text is None else broken.write_text(text.replace("SCHEMA", schema).replace("WHOLE", WHOLE))
    html = unescape(page_of(parent_of(probe)))
    assert galleries(html) == ["Probe probe", "Arm plain"]
    [sentence] = re.findall(r"Probes left out: [^<]*", html)
    assert sentence.startswith("Probes left out: broken (")
    assert reason in sentence


def test_a_probe_of_replies_that_have_changed_since_is_left_out(probe: Run) -> None:
    path = probe.folder.parent.parent / "generations.jsonl"
    rewrite(path, lambda rows: [{**row, "text": f"{row['text']} More."} for row in rows])
    html = page_of(Run(probe.folder.parent.parent))
    assert "have changed since; start a new probe" in html
    assert galleries(html) == ["Arm plain"]


def test_without_the_packages_that_draw_a_probe_has_its_page_too(probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mathif.charts", None)
    html = publish(probe, runs.report(probe)).read_text(encoding="utf-8")
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
    monkeypatch.chdir(tmp_path)
    begun = call("probe", "run", "--name", "second", "--arms", "extend:2")
    assert begun.exit_code == 0, begun.output
    assert "next: mathif report run shows these pictures in the page of the run too" in begun.stderr
    folder = run.folder / "probes" / "second"
    assert "HAcc by tokens added, second" in (folder / "report.html").read_text(encoding="utf-8")
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

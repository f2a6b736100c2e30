"""Laws of the board: what is ranked against what, what is written where, and that submitted text is inert there."""

import csv
import io
import json
import re
import shutil
from dataclasses import astuple
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mathif import board as leaderboard
from mathif.board import build, check, gather
from mathif.board.files import BEGIN, END, csv_text, inert, with_table
from mathif.board.model import Board, ModelCard, Section
from mathif.board.page import columns_of, html
from mathif.board.page import shown as told_of
from mathif.board.published import read_published
from mathif.board.references import floors
from mathif.board.rows import group_of, of_entry, parts_asked
from mathif.cli import cli
from mathif.entry import Claims, read_entry, submit
from mathif.entry.model import Model, seal
from mathif.errors import BoardError, UsageError
from mathif.evidence import Evidence
from mathif.records import Profile
from mathif.report import summarize
from mathif.run import Plan, Run, generate, grade, report
from mathif.schemas import from_json
from mathif.stats import Share, wilson
from mathif.tasks import head
from mathif.verify import verify
from tests.boards import board, row
from tests.part_worlds import PartWorld
from tests.submitting import changed, read, write

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "leaderboard" / "published.toml"
EVIL = [
    "</script><script>document.title='broken'</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)",
    "| pipes | [link](javascript:alert(1)) `code` |",
    "\u202egnitrevni",
    "x" * 10_000,
    "$style ${script} $$",
]
ITEMS = 12


def names(section: Section) -> list[str]:
    return [line.name for line in section.rows]


def test_rows_of_different_tasks_profiles_or_numbers_of_items_are_in_different_tables() -> None:
    rows = [row(1), row(2, task="mathif 1"), row(3, profile=Profile.UPSTREAM), row(4, limit=50), row(5)]
    found = gather(rows).sections
    assert sorted(map(len, map(names, found))) == [1, 1, 1, 2]
    assert len({section.id for section in found}) == 4


def test_references_stand_among_the_rows_and_have_no_rank() -> None:
    lines = board(5, row(9, badge="floor")).sections[0].rows
    assert [line.rank is None for line in lines] == [line.badge == "floor" for line in lines]
    assert max(line.rank.worst for line in lines if line.rank) <= 5


def test_the_best_is_first_and_a_name_occurs_once() -> None:
    lines = gather([row(1), row(2), row(1, samples=7)]).sections[0].rows
    assert len(lines) == 2
    best, second = (line.hacc.value for line in lines if line.hacc)
    assert best is not None
    assert second is not None
    assert best > second
    assert [line.samples for line in lines if line.name == row(1).row.name] == [7]


def test_the_distance_from_the_floor_has_the_interval_of_hacc() -> None:
    for line in board(3).sections[0].rows:
        assert line.above_floor
        assert line.floor
        above, own = astuple(line.above_floor), astuple(line.hacc)  # type: ignore[arg-type]
        assert [end + line.floor.hacc for end in above[:3]] == pytest.approx(own[:3])


# What others published


def test_the_23_results_of_the_paper_are_counts_of_420_replies_with_their_intervals() -> None:
    rows = [one for one in published("mathif 1") if not one.method]
    assert len(rows) == len({one.name for one in rows}) == 23
    for one in rows:
        for figure in (one.hacc, one.acc, one.acc_plain):
            assert figure
            assert figure.value is not None
            assert figure.n == 420
            assert abs(figure.value * 420 - round(figure.value * 420)) < 0.05, (one.name, figure)
            assert (figure.low, figure.high) == wilson(figure.value, 420)
        assert (one.task, one.profile) == ("mathif 1", "upstream")


def test_a_published_result_with_a_method_has_a_row_of_its_own_and_no_rank() -> None:
    found = read_published(PUBLISHED)
    assert len({(one.row.task, one.row.name) for one in found}) == len(found)
    section = next(section for section in gather(found).sections if section.task == "mathif 1")
    assert sum(1 for one in section.rows if one.method) == 14
    assert {bool(one.method) for one in section.rows if one.rank is None and one.badge != "floor"} == {True}
    best = next(one for one in section.rows if one.model.id == "Qwen3-32B" and one.method)
    assert (best.method, best.hacc and best.hacc.value) == ("constraints again after a Wait", 0.5929)


def test_published_figures_of_the_thinking_are_the_hacc_of_their_own_task_with_that_of_the_reply_beside_it() -> None:
    for one in published("reasonif 1") + published("cotcontrol 1"):
        assert one.thinking is not None
        assert one.hacc == one.thinking
        assert (one.thinking.low, one.thinking.high) == wilson(one.thinking.value, one.thinking.n)
        assert one.reply is None or one.reply.value > one.thinking.value
    for one in published("reasonif 1"):
        assert one.hacc.value * 300 == pytest.approx(round(one.hacc.value * 300), abs=0.02)


def published(task: str) -> list[Any]:
    rows = [one.row for one in read_published(PUBLISHED)]
    return [one for one in rows if one.task == task and one.badge == "published-not-regraded"]


def test_the_published_floor_is_that_of_the_null_reply() -> None:
    rows = {one.row.name: one.row for one in read_published(PUBLISHED)}
    null, worst = rows["null"], rows["qwen2.5-math-1.5b-instruct"]
    for found, distance in (
        (null.above_floor, 0),
        (null.sacc_above_floor, 0),
        (worst.above_floor, 0.0762 - 50 / 420),
        (worst.sacc_above_floor, 0.2139 - 128 / 420),
    ):
        assert found
        assert found.value == pytest.approx(distance)


def test_the_published_references_are_what_the_mocks_score(data: Path) -> None:
    rows = {one.row.name: one.row for one in read_published(PUBLISHED)}
    made = floors(("mathif",), None, data / "mathif")
    for one in islice(made, 4):  # null and constant, each under both profiles; the witness takes longest
        if one.row.profile is Profile.UPSTREAM:
            for name in ("hacc", "sacc", "acc", "acc_plain", "joint"):
                figure, again = (getattr(row_, name) for row_ in (rows[one.row.name], one.row))
                if figure is not None:
                    assert again.value == pytest.approx(figure.value, abs=1e-6), (one.row.name, name)


def test_a_board_without_published_results_is_no_error(tmp_path: Path) -> None:
    assert read_published(tmp_path / "published.toml") == []


@pytest.mark.parametrize("text", ["[[source]]\nname = 1", "not toml", "source = 3"])
def test_a_broken_file_of_published_results_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "published.toml").write_text(text)
    with pytest.raises(BoardError, match=r"published\.toml"):
        read_published(tmp_path / "published.toml")


def test_a_reference_without_the_command_that_makes_it_is_refused(tmp_path: Path) -> None:
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines()
    (tmp_path / "published.toml").write_text("\n".join(line for line in lines if not line.startswith("command")))
    with pytest.raises(BoardError, match="/source/0/reference/0/command"):
        read_published(tmp_path / "published.toml")


# Files


def test_the_readme_keeps_what_stands_around_the_tables() -> None:
    made = with_table("# Title\n\nbefore\n", board(2))
    again = with_table(made + "\nafter\n", board(3))
    assert again.startswith("# Title\n\nbefore\n")
    assert again.endswith("\nafter\n")
    assert with_table(again, board(3)) == again
    assert again.count(BEGIN) == again.count(END) == 1


@pytest.mark.parametrize("text", [BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"])
def test_broken_markers_are_refused(text: str) -> None:
    with pytest.raises(BoardError, match="expected one"):
        with_table(text, board(1))


@given(st.text(max_size=200))
def test_a_name_in_markdown_stays_in_its_cell_and_is_no_markup(text: str) -> None:
    shown = inert(text)
    assert "\n" not in shown
    assert re.search(r"(?<!\\)(?:\\\\)*[|<>`*_\[\]]", shown) is None


@given(st.tuples(st.sampled_from(["", "=", "+", "-", "@", " @"]), st.text(max_size=200)).map("".join))
def test_a_name_in_csv_is_one_cell_and_no_formula(text: str) -> None:
    found = list(csv.DictReader(io.StringIO(csv_text(board(1, row(2, text or None))), newline="")))
    assert len(found) == 2
    for line in found:
        assert not line["id"].lstrip().startswith(("=", "+", "-", "@"))


def test_csv_has_every_row_and_number_unrounded() -> None:
    made = board(4)
    found = list(csv.DictReader(io.StringIO(csv_text(made))))
    lines = made.sections[0].rows
    assert [line["name"] for line in found] == [line.name for line in lines]
    assert [float(line["hacc_low"]) for line in found] == [line.hacc and line.hacc.low for line in lines]


# The page, without a browser


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(page)
    return parser.found


def test_the_page_loads_nothing_and_allows_one_style_and_one_script() -> None:
    found = tags(html(board(3)))
    for _, attributes in found:
        for name in ("src", "href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,"))
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
    policy = next(a["content"] for _, a in found if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2


def test_a_hundred_entries_fit_300_kilobytes() -> None:
    assert len(html(board(100)).encode()) <= 300_000


def test_every_row_is_in_the_page_without_script() -> None:
    made = board(20)
    page = html(made)
    for line in made.sections[0].rows:
        assert f"<bdi>{line.model.id}</bdi>" in page
    assert page.count('<tr class="row') == 20


@pytest.mark.parametrize("name", EVIL, ids=range(len(EVIL)))
def test_a_hostile_name_adds_no_tag_to_the_page(name: str) -> None:
    harmless = [tag for tag, _ in tags(html(board(2, row(5, "harmless"))))]
    found = row(5, name, model=ModelCard(id=name, organisation=name, licence=name, link=name))
    assert [tag for tag, _ in tags(html(board(2, found)))] == harmless


def test_the_fullest_ranked_table_comes_first_and_an_earlier_version_says_which_one_follows_it() -> None:
    before, now = "core 1-A", f"core {head('core')['version']}"
    ranked = [*map(row, range(3)), row(3, task=before), row(4, "null", task=now, badge="floor")]
    sections = gather(ranked).sections
    assert [section.task for section in sections] == ["core 1", before, now]
    assert f"{now} is the one to run now" in sections[1].note
    assert "earlier version" not in sections[2].note


def test_a_table_shows_models_then_interventions_then_references_then_what_does_not_hold() -> None:
    best = Share(0.99, 0.98, 1.0, 900, 225)
    others = [
        row(4, badge="refused", hacc=best),
        row(5, "witness", badge="floor", hacc=best),
        row(6, method="RL", hacc=best),
    ]
    [section] = gather([*others, *map(row, range(3))]).sections
    assert [group_of(one) for one in section.rows] == ["model"] * 3 + ["method", "reference", "grey"]
    assert [one.rank is not None for one in section.rows] == [True] * 3 + [False] * 3


@pytest.mark.parametrize(("measured", "ranked"), [(900, True), (855, True), (854, False), (10, False), (0, False)])
def test_a_row_that_keeps_its_thinking_to_itself_is_not_ranked(measured: int, ranked: bool) -> None:
    kept = row(1, "kept/back", hacc=Share(1.0, 0.99, 1.0, measured, 20) if measured else Share(None, None, None, 0, 0))
    [section] = gather([row(2), kept, row(3)]).sections
    assert {one.model.id: one.rank is not None for one in section.rows}["kept/back"] is ranked
    assert ("1 row shows too little of the thinking" in section.note) is not ranked
    assert [one.rank is not None for one in section.rows] == [True, True, ranked]


def test_what_the_board_is_about_is_said_where_no_model_was_measured() -> None:
    [section] = gather([row(1, dilution=None), row(2, "null", badge="floor", dilution=None)]).sections
    columns = {column.key: column for column in columns_of(section)}
    assert {"thinking", "dilution", "reliable"} <= columns.keys()
    for name in ("dilution", "reliable"):
        told = {one.badge: told_of(one, columns[name])[0] for one in section.rows}
        assert told == {"self-reported": "not measured", "floor": "–"}
    assert "thinking" not in {one.key for one in columns_of(gather([row(2, badge="floor")]).sections[0])}


def test_a_row_has_the_thinking_of_an_arm_that_asks_it_of_the_thinking_and_no_other() -> None:
    asking, silent = (
        summarize(PartWorld(asked=asked).rows(1, problems=20)).profiles[Profile.MATHIF] for asked in (True, False)
    )
    assert parts_asked(asking) == {"thinking": asking.parts["thinking"].scores["thinking"].hacc}
    assert silent.parts["constrained"].scores["thinking"].hacc.value is not None
    assert parts_asked(silent) == {}


def test_a_published_row_names_its_source_its_n_and_what_a_fixed_text_scores() -> None:
    page = html(gather(read_published(PUBLISHED)))
    assert "published, not regraded<small>MathIF paper, Table 3 · n\N{NO-BREAK SPACE}420</small>" in page
    assert 'class="z fixed" x1="11.9%"' in page


def test_the_files_of_the_leaderboard_are_those_of_its_board_json() -> None:
    folder = ROOT / "leaderboard"
    made = from_json(Board, json.loads((folder / "board.json").read_text(encoding="utf-8")), "board.json")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert (folder / "board.csv").read_text(encoding="utf-8") == csv_text(made), "run: mathif board"
    assert with_table(readme, made) == readme, "run: mathif board"


# From entries


def test_a_reply_without_thinking_to_a_task_about_the_thinking_is_shown_and_not_measured() -> None:
    rows = {one.row.name: one.row for one in floors(("thinking",), ITEMS, None)}
    assert rows["null"].hacc is None
    assert [reply.verdict for reply in rows["null"].replies] == ["right"] * len(rows["null"].replies)
    assert rows["witness"].hacc
    assert rows["witness"].hacc.value == 1


def test_the_problems_of_a_row_add_up_to_its_hacc() -> None:
    for one in floors(("core",), ITEMS, None):
        assert one.row.hacc
        obeyed, replies = map(sum, zip(*one.problems.values(), strict=True))
        assert one.row.hacc.value == pytest.approx(obeyed / replies, abs=1e-7)
        assert one.row.hacc.n == replies


def entry(folder: Path, model: str, name: str) -> Path:
    """Hand in a run of a mock on some items of the core task, asked in every wording."""
    plan = Plan(model, ("core",), ("plain", "constrained"), wordings="all", limit=ITEMS)
    run = Run.create(plan, folder / f"run-{name}")
    generate(run, lambda rows, *_: rows, lambda _: None)
    grade(run, lambda rows, *_: rows)
    report(run)
    return submit(run, Claims(Model(id=name, open=True), "someone"), folder / "board")[0]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("board")
    entry(folder, "mock:witness", "obedient")
    return folder / "board"


def test_an_entry_becomes_a_row_with_what_its_replies_show(handed_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaderboard, "HOME", (("core",), ITEMS))
    page = build(handed_in)
    made = from_json(Board, json.loads((handed_in / "board.json").read_text()), "board.json")
    (section,) = made.sections
    assert set(names(section)) >= {"null", "constant", "witness"}
    own = next(line for line in section.rows if line.model.id == "obedient")
    assert own.hacc
    assert own.reliable
    assert (own.hacc.value, own.reliable.value) == (1, 1)
    assert own.replies
    assert own.kinds
    assert html(made) == page.read_text()
    first = {path.name: path.read_bytes() for path in handed_in.iterdir() if path.is_file()}
    build(handed_in)
    assert first == {path.name: path.read_bytes() for path in handed_in.iterdir() if path.is_file()}


def copied(handed_in: Path, folder: Path) -> Path:
    """A board of its own with the same entry, which is returned."""
    shutil.copytree(handed_in, folder)
    return next((folder / "entries").iterdir())


def shown(folder: Path, name: str) -> dict[str, Any]:
    """The row of an entry on the board that is built."""
    (section,) = json.loads((folder / "board.json").read_text())["sections"]
    return dict(next(line for line in section["rows"] if line["name"] == name))


def test_an_entry_by_other_rules_is_grey_until_it_is_graded_again(
    handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaderboard, "HOME", (("core",), ITEMS))
    path = copied(handed_in, tmp_path / "board")
    good = read(path)
    rule = next(name for name in good["graders"] if "/" in name)
    write(path, changed(good, ("graders", rule), "0" * 64))
    with pytest.raises(BoardError, match=f"1 rule has another edition now, first {rule}; .*--regrade"):
        check(path.parent.parent)
    said: list[str] = []
    page = build(path.parent.parent, notice=said.append)
    row_ = shown(path.parent.parent, path.stem)
    assert (row_["badge"], row_["rank"], row_["hacc"]["value"]) == ("stale", None, 1)
    assert [rule in line for line in said] == [True]
    assert "row grey" in page.read_text()
    done = CliRunner().invoke(cli, ["board", "--regrade", "--board", str(path.parent.parent)])
    assert done.exit_code == 0, done.output
    assert f"{path.stem}: graded again" in done.output
    assert read(path) == good
    assert [found.badge.value for found in check(path.parent.parent)] == ["regraded"]


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (("profiles", "mathif", "arms", "constrained", "overall", "hacc", "value"), 0.5),
        (("methods", "slopes"), "by the ruler"),
    ],
)
def test_an_entry_whose_figures_its_replies_do_not_make_says_how_to_make_it_again(
    handed_in: Path, tmp_path: Path, place: tuple[str, ...], other: object
) -> None:
    path = copied(handed_in, tmp_path / "board")
    good = read(path)
    write(path, changed(good, place, other))
    with pytest.raises(
        BoardError, match=rf"{'/'.join(place)}: found .*, but the replies make it .*mathif board --regrade"
    ):
        check(path.parent.parent)
    assert leaderboard.regrade(path.parent.parent) == [path.stem]
    assert read(path) == good
    broken = {**changed(good, place, other), "digest": "0" * 64}
    path.write_text(json.dumps(broken))
    assert leaderboard.regrade(path.parent.parent) == []  # whoever broke its seal may have changed more
    assert read(path) == broken


def test_an_entry_that_does_not_hold_has_a_grey_row_without_numbers_and_stops_no_board(
    handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaderboard, "HOME", (("core",), ITEMS))
    path = copied(handed_in, tmp_path / "board")
    write(path, changed(read(path), ("submitter",), "somebody else"))
    forged = changed(read(path), ("tokens",), {})
    write(path, forged)
    (path.parent / "torn.json").write_text("{")
    said: list[str] = []
    build(path.parent.parent, notice=said.append)
    row_ = shown(path.parent.parent, path.stem)
    assert (row_["badge"], row_["rank"], row_["hacc"], row_["floor"]) == ("refused", None, None, None)
    assert "/tokens" in row_["settings"]["refused"]
    assert len(said) == 2
    assert leaderboard.regrade(path.parent.parent) == []
    assert read(path) == {**forged, "digest": seal(forged)}


def test_replies_that_two_people_say_are_of_two_models_hold_for_neither(handed_in: Path, tmp_path: Path) -> None:
    path = copied(handed_in, tmp_path / "board")
    responses = path.parent.parent / "responses"
    row_ = changed(read(path), ("inference", "engine"), {"engine": "test"})
    path.unlink()
    for name in ("obedient", "thief"):
        entry_name = path.stem.replace("obedient", name)
        model = {"id": name, "open": True}
        write(path.with_stem(entry_name), {**row_, "name": entry_name, "model": model, "submitter": name})
        (responses / f"{entry_name}.jsonl.gz").write_bytes((responses / f"{path.stem}.jsonl.gz").read_bytes())
    with pytest.raises(BoardError) as refused:
        check(path.parent.parent)
    for name, other in (("obedient", "thief"), ("thief", "obedient")):
        assert f"says that {name!r} gave them and not {other!r}" in str(refused.value)


def test_data_that_no_entry_reads_are_refused(handed_in: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"--data {tmp_path}: nothing of it would be read by the entries of"):
        check(handed_in, tmp_path)
    with pytest.raises(UsageError, match=r"nothing of it would be read by .*\.json; leave out --data"):
        verify(next((handed_in / "entries").iterdir()), data=tmp_path)


def test_check_writes_nothing_and_names_the_entry_and_the_field(handed_in: Path) -> None:
    before = sorted(handed_in.rglob("*"))
    assert [found.badge.value for found in check(handed_in)] == ["regraded"]
    path = next((handed_in / "entries").iterdir())
    good = path.read_text()
    figures = json.loads(good)
    figures["profiles"]["mathif"]["arms"]["constrained"]["overall"]["hacc"]["value"] = 0.5
    path.write_text(json.dumps(figures))
    try:
        done = CliRunner().invoke(cli, ["board", "--check", "--board", str(handed_in)])
        assert done.exit_code == 5
        assert path.name in done.output
        assert "/profiles/mathif/arms/constrained/overall/hacc/value" in done.output
    finally:
        path.write_text(good)
    assert sorted(handed_in.rglob("*")) == before


def test_a_row_is_reliable_only_where_every_wording_was_asked(tmp_path: Path) -> None:
    plan = Plan("mock:witness", ("core",), ("plain", "constrained", "wording:1"), limit=ITEMS)
    run = Run.create(plan, tmp_path / "run")
    generate(run, lambda rows, *_: rows, lambda _: None)
    grade(run, lambda rows, *_: rows)
    report(run)
    path, _ = submit(run, Claims(Model(id="org/two", open=True), "someone"), tmp_path / "board")
    made = read_entry(path)
    assert made.profiles[Profile.MATHIF].reliable["constrained"].wordings == 2
    assert [one.row.reliable for one in of_entry(made, "regraded", Evidence())] == [None]

"""Laws of the page: one file that loads nothing, shows replies as text only, answers first, and fits the screen."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from mathif.charts import charts, png, svg, vector
from mathif.charts.length import raw_curve
from mathif.constraints import parse
from mathif.items import Item
from mathif.page import Framed, Gallery, Made, Words, pack, page, view
from mathif.page import packing as packs
from mathif.page.views import View
from mathif.publish import publish
from mathif.records import Finish, Graded, Outcome, Problem, Profile, Reply, Span, State, Verdict
from mathif.report import summarize
from mathif.results import ProfileReport
from mathif.run import Run
from mathif.screen import floors, glance
from mathif.tables import headline, profile_tables
from mathif.wording.pictures import of_within
from tests.browsing import check, chromium, show
from tests.paged import catalogue, replies_of, titles
from tests.probed import graded_run, probed
from tests.worlds import World

PICTURES = ("within", "length", "slopes", "lift", "survival", "position", "quadrant")
EVIL = "</script><script>document.title='broken'; throw Error('run')</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def figures() -> ProfileReport:
    rows = World(problems=40, samples=4, difficulty=1.0, length=-0.4).rows(11, ("constrained", "plain"), (1, 2))
    return summarize(rows).profiles[Profile.MATHIF]


def graded(item: Item, arm: str, verdict: Verdict) -> Graded:
    """The row of a reply to an item with one constraint."""
    return Graded(
        key=f"test/{item.key}@{arm}#0",
        problem=item.problem.key,
        source="test",
        tier=1,
        arm=arm,
        sample=0,
        state=State.CLOSED,
        finish=Finish.STOP,
        cot_tokens=7,
        completion_tokens=9,
        empty=False,
        kinds=(item.constraints[0].kind,),
        answer=Verdict(Outcome.PASS),
        constraints=dict.fromkeys(Profile, (verdict,)),
        loose=dict.fromkeys(Profile, (verdict.outcome,)),
        floor=dict.fromkeys(Profile, (Outcome.PASS,)),
    )


def reply_view(number: int, final: str = "a, b", thinking: str = "hm", arm: str = "constrained") -> View:
    """What the page shows of a reply that has a comma although it must not."""
    demand = parse("punctuation:no_comma", {})
    item = Item(
        f"p{number}-single", Problem(f"p{number}", "What is $1 + 1$?", "2", "test"), (demand,), (demand.text(),)
    )
    row = graded(item, arm, Verdict(Outcome.FAIL, "a comma", (Span(1, 2),)))
    return view([(item, row)], Reply(row.key, thinking, final, State.CLOSED, Finish.STOP, 7))


def framed(figures: ProfileReport, arm: str) -> list[Framed]:
    return [Framed(one.title, one.lines, svg(one)) for one in charts(figures, arm).values()]


def made(figures: ProfileReport, views: Sequence[View], galleries: Sequence[Gallery] = ()) -> Made:
    words = Words(
        title="Model on core",
        settings=["model & engine"],
        question="Does it?",
        answer=["it does, says `mathif <b>`."],
        warnings=["! 3 replies were cut"],
        scores=glance(figures),
        floors=floors(figures),
        findings=figures.findings,
        reading="Percent.",
        tables=[headline(figures), *profile_tables(figures)],
    )
    first = framed(figures, "constrained")
    return page(words, first=first, galleries=galleries, notes=["A note & more."], replies=pack([views], len(views)))


def built(figures: ProfileReport, views: Sequence[View], galleries: Sequence[Gallery] = ()) -> str:
    return made(figures, views, galleries).html


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_that_its_policy_does_not_name(
    figures: ProfileReport,
) -> None:
    html = built(figures, [reply_view(1, EVIL)])
    links = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']([^"'\s>)]+)""", html)
    assert all(link.startswith(("data:", "#")) for link in links)
    assert "default-src 'none'" in html
    assert "unsafe-inline" not in html
    assert not re.findall(r"<[^>]+\s(?:style|on\w+)=", html)
    assert EVIL not in html


def test_the_answer_comes_before_the_pictures_these_before_the_numbers_and_the_replies_last(
    figures: ProfileReport,
) -> None:
    html = built(figures, [reply_view(1)], [Gallery("More", framed(figures, "plain"), opened=True)])
    order = [
        "<h1>",
        "model &amp; engine",
        "Does it?",
        "it does, says <code>mathif &lt;b&gt;</code>.",
        "3 replies were cut",
        titles(html)[0],
        "Scores",
    ]
    order += ["floors:", "More", "A note &amp; more.", "Numbers", "Replies"]
    places = [html.index(one) for one in order]
    assert places == sorted(places)


def test_every_table_stands_behind_one_switch(figures: ProfileReport) -> None:
    html = built(figures, [reply_view(1)])
    count = sum(bool(table.rows) for table in [headline(figures), *profile_tables(figures)])
    fold = html.index(f"<summary>All {count} tables</summary>")
    assert html.index("<details>", fold - 20) < fold
    assert html.count("<table", fold, html.index("</details>", fold)) == count


def test_a_reply_is_shown_whole_with_its_evidence_where_it_is() -> None:
    long = "x" * 200_000
    reply = reply_view(1, final="a, b" + long, thinking=long)
    assert (reply["final"], reply["thinking"]) == ("a, b" + long, long)
    assert reply["demands"][0]["evidence"] == [[1, 2]]


def test_a_reply_is_shown_with_what_its_thinking_does_and_restates() -> None:
    demand = parse("punctuation:no_comma", {})
    item = Item("p-single", Problem("p", "What?", "2", "test"), (demand,), (demand.text(),))
    fine, slip = Verdict(Outcome.PASS), Verdict(Outcome.FAIL, "a comma", (Span(3, 4),))
    row = graded(item, "constrained", fine)
    row = replace(row, elsewhere=dict.fromkeys(Profile, (slip,)), restated=(Span(0, 5),))
    shown = view([(item, row), (item, row)], Reply(row.key, "No , ", "a", State.CLOSED, Finish.STOP, 7))
    assert shown["restated"] == [[0, 5]]
    [told] = shown["demands"]
    assert (told["part"], told["outcome"], told["elsewhere"]["evidence"]) == ("final", "pass", [[3, 4]])


def test_a_chunk_holds_whole_problems_and_is_full_from_a_size_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "CHUNK_CHARS", 4 * len("a, bhm"))
    groups = [[reply_view(number), reply_view(number, arm="plain")] for number in range(5)]
    held = pack(groups, 10)
    places = [tuple(row[-2:]) for row in held.catalogue["replies"]]
    assert places == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1)]
    assert len(held.chunks) == 3


def test_a_reply_that_was_not_asked_is_listed_so() -> None:
    held = pack([[reply_view(1), reply_view(1, arm="plain"), reply_view(1, arm="shuffled")]], 3)
    assert [row[5] for row in held.catalogue["replies"]] == [1, 0, 0]


def test_a_text_that_utf_8_cannot_hold_is_packed_as_json_says_it() -> None:
    held = pack([[reply_view(1, final="\ud800, b")]], 1)
    html = f'<script type="text/plain" class="chunk">{held.chunks[0]}<'
    assert replies_of(html)[0]["final"] == "\ud800, b"


def test_the_pictures_are_svg_and_png_and_their_files_have_no_colour_that_only_a_page_knows(
    figures: ProfileReport,
) -> None:
    drawn = charts(figures, "constrained")
    assert {name.partition("-")[0] for name in drawn} == set(PICTURES)
    for picture in drawn.values():
        assert svg(picture).startswith('<svg role="img" aria-label="')
        assert "var(--" in svg(picture)
        assert "style=" not in svg(picture)
        assert "var(--" not in vector(picture)
    assert png(drawn["quadrant-constrained"]).startswith(b"\x89PNG")


def test_a_picture_says_how_many_replies_stand_behind_a_point(figures: ProfileReport) -> None:
    bins = figures.arms["constrained"].by_length.equal_count
    for counts, said in (((1, 1), " 1 reply a point"), ((1, 40), " 1 to 40 replies a point")):
        picture = raw_curve([replace(row, n=n) for row, n in zip(bins, counts, strict=False)])
        assert picture is not None
        assert said in picture.lines[0]


def test_a_title_claims_what_the_report_claims_and_nothing_more(figures: ProfileReport) -> None:
    slopes, claims = figures.length.arms["constrained"].hacc, figures.claims["constrained"]
    points = slopes.points.value
    assert points is not None
    told = {
        way: of_within(slopes, replace(claims, length=way, bend=bend), "constrained")
        for way, bend in ((-1, 0), (0, 0), (1, 1))
    }
    size = f"{-100 * points:.1f} points per doubling of the thinking"
    assert told[-1] == f"At a fixed problem, obedience falls {size}"
    assert "no evidence" in told[0]
    assert "not along a line" in told[1]
    assert charts(figures, "constrained")["within-constrained"].title in told.values()


def test_what_the_numbers_do_not_allow_is_not_drawn() -> None:
    rows = World(problems=3, samples=1).rows(1)
    drawn = charts(summarize(rows).profiles[Profile.MATHIF], "constrained")
    assert {"lift-constrained", "slopes-constrained", "within-constrained"}.isdisjoint(drawn)


# In a real browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


SCREENS = [(width, scheme) for width in (390, 1440) for scheme in ("light", "dark")]
OPEN = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
SEEN = """
const all = (what) => [...document.querySelectorAll(what)];
return {
  overflow: document.documentElement.scrollWidth - innerWidth,
  cut: all("figure svg, figure svg text").filter((n) => {
    const box = n.getBoundingClientRect();
    return box.left < 0 || box.right > innerWidth;
  }).map((n) => n.textContent),
  title: document.title, said: document.querySelector(".said").textContent,
  ink: getComputedStyle(document.body).color,
}
"""
ROWS = "return [...document.querySelectorAll('.row[role=option]')].map((n) => n.textContent)"
READ = """
const all = (what) => [...document.querySelectorAll("dialog " + what)].map((n) => n.textContent);
return {open: document.querySelector("dialog").open, title: all("h2")[0], texts: all("pre"), marks: all("mark"),
        jumps: all(".jumps button"), verdicts: all(".verdicts li"), images: all("img").length}
"""


def until(browser: Any, script: str) -> Any:
    """Wait until a script gives something, and return it."""
    for _ in range(1200):  # a minute: only a page that never comes fails
        found = browser.execute_script(script)
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(script)


def seen(browser: Any, path: Path, width: int, scheme: str) -> dict[str, Any]:
    """What a reader with this screen finds in a page in which everything is opened."""
    show(browser, path, width=width, scheme=scheme)
    until(browser, ROWS)
    assert browser.execute_script("return document.documentElement.scrollHeight") <= 12_000
    browser.execute_script(OPEN)
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    check(browser)
    found: dict[str, Any] = browser.execute_script(SEEN)
    assert found["overflow"] <= 0
    assert found["cut"] == []
    assert found["ink"] == ("rgb(32, 36, 42)" if scheme == "light" else "rgb(228, 230, 234)")
    return found


def read(browser: Any, row: int) -> dict[str, Any]:
    """Open a row of the list and return what the reader shows."""
    browser.execute_script(f"document.querySelectorAll('.row[role=option]')[{row}].click()")
    until(browser, "return document.querySelector('dialog pre')?.textContent")
    found: dict[str, Any] = browser.execute_script(READ)
    browser.execute_script("document.querySelector('dialog').close()")
    return found


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_real_browser_shows_the_page_without_an_error_and_nothing_overflows(
    figures: ProfileReport, tmp_path: Path, browser: Any, width: int, scheme: str
) -> None:
    views = [reply_view(1, EVIL), reply_view(2, "😀😀, word " + "long" * 300), reply_view(2, arm="plain")]
    path = tmp_path / "report.html"
    path.write_text(built(figures, views, [Gallery("Arm plain", framed(figures, "plain"))]), encoding="utf-8")
    found = seen(browser, path, width, scheme)
    assert found["said"] == "3 of 3 replies to 2 problems"
    rows = browser.execute_script(ROWS)
    assert [row[:12] for row in rows] == ["✗ 0/1 obeyed", "✗ 0/1 obeyed", "not asked (0"]
    evil, faces, plain = (read(browser, place) for place in range(3))
    assert evil["texts"][-1] == EVIL
    assert (evil["images"], evil["marks"]) == (0, ["/"])
    assert faces["marks"] == ["😀"]
    assert plain["marks"] == []
    assert any(line.startswith("✗not asked: ") for line in plain["verdicts"])
    assert browser.execute_script("return document.title") == "Model on core"
    check(browser)


def test_one_reply_is_told_of_in_the_singular(figures: ProfileReport, tmp_path: Path, browser: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text(built(figures, [reply_view(1)]), encoding="utf-8")
    assert ">1 reply, by problem" in path.read_text(encoding="utf-8")
    assert seen(browser, path, 1440, "light")["said"] == "1 of 1 reply to 1 problem"


def test_the_reader_jumps_searches_and_puts_replies_side_by_side(
    figures: ProfileReport, tmp_path: Path, browser: Any
) -> None:
    thinking = "First. " * 40 + "Wait, is it? " + "Then. " * 40 + "Hold on. \\boxed{2}"
    views = [reply_view(1, "one two, four", thinking), reply_view(1, "one three, four", thinking, "plain")]
    path = tmp_path / "report.html"
    path.write_text(built(figures, views), encoding="utf-8")
    show(browser, path)
    until(browser, ROWS)
    found = read(browser, 0)
    assert found["jumps"] == ["“wait” 2 ›", "box 1 ›", "violation 1 ›"]
    browser.execute_script("document.querySelectorAll('.row[role=option]')[0].click()")
    until(browser, "return document.querySelector('dialog[open] pre')")
    browser.execute_script("document.querySelector('dialog .jumps button').click()")
    assert browser.execute_script("return document.querySelector('mark.here').textContent") == "Wait"
    browser.execute_script(
        "const s = document.querySelector('dialog input[type=search]'); s.value = 'then.';"
        "s.dispatchEvent(new Event('change'))"
    )
    assert browser.execute_script("return document.querySelectorAll('dialog mark.found').length") == 40
    browser.execute_script(
        "const s = document.querySelector('dialog select'); s.value = '0'; s.dispatchEvent(new Event('change'))"
    )
    until(browser, "return document.querySelector('dialog .pair')")
    marks = "return [...document.querySelectorAll('dialog mark.diff')].map((n) => n.textContent)"
    assert until(browser, marks) == ["two,", "three,"]
    check(browser)


def test_an_address_leads_to_the_very_character_of_a_reply(
    figures: ProfileReport, tmp_path: Path, browser: Any
) -> None:
    views = [reply_view(1, "one two"), reply_view(2, "😀😀 one, " + "two " * 900)]
    path = tmp_path / "report.html"
    path.write_text(built(figures, views), encoding="utf-8")
    show(browser, path)
    until(browser, ROWS)
    address = f"#reply={quote(str(views[1]['key']))}&at=reply:1"
    browser.execute_script(f"location.hash = '{address}'")
    until(browser, "return document.querySelector('dialog[open] mark.here')")
    assert browser.execute_script("return document.querySelector('mark.here').textContent") == "😀"
    browser.execute_script("document.querySelector('dialog').close()")
    until(browser, "return !location.hash")
    browser.execute_script("location.hash = '#reply=nowhere&at=reply:3'")
    until(browser, "return document.querySelector('.said').textContent.startsWith('nowhere is not among')")
    check(browser)


def test_a_reply_is_put_beside_that_of_another_run_to_the_same_item(
    figures: ProfileReport, tmp_path: Path, browser: Any
) -> None:
    for name, final in (("one", "a, b"), ("other", "a, c")):
        (tmp_path / f"{name}.html").write_text(built(figures, [reply_view(1, final)]), encoding="utf-8")
    show(browser, tmp_path / "one.html")
    until(browser, ROWS)
    browser.execute_script("document.querySelectorAll('.row[role=option]')[0].click()")
    until(browser, "return document.querySelector('dialog[open] pre')")
    browser.find_element("id", "another").send_keys(str(tmp_path / "other.html"))
    option = "document.querySelector('dialog option[value=\"0\"]')"
    assert until(browser, f"return {option}?.textContent") == "Model on core: test/p1-single@constrained#0"
    browser.execute_script(f"{option}.parentNode.value = '0'; {option}.parentNode.dispatchEvent(new Event('change'))")
    until(browser, "return document.querySelector('dialog .pair')")
    assert [text for text in browser.execute_script(READ)["texts"] if "a, " in text] == ["a, b", "a, c"]
    check(browser)


def test_only_the_rows_in_sight_are_in_the_list_and_keys_move_through_all_of_them(
    figures: ProfileReport, tmp_path: Path, browser: Any
) -> None:
    path = tmp_path / "report.html"
    path.write_text(built(figures, [reply_view(number) for number in range(2000)]), encoding="utf-8")
    show(browser, path)
    assert len(until(browser, ROWS)) < 60
    keys = "document.querySelector('.list').dispatchEvent(new KeyboardEvent('keydown', {key: '%s'}))"
    browser.execute_script(keys % "End")
    assert "p1999-single" in until(browser, "return document.querySelector('[aria-selected=true]')?.textContent")
    browser.execute_script(keys % "Enter")
    until(browser, "return document.querySelector('dialog[open] pre')")
    assert (
        browser.execute_script("return decodeURIComponent(location.hash)") == "#reply=test/p1999-single@constrained#0"
    )
    check(browser)


def test_replies_beside_the_page_are_read_from_their_folder(
    figures: ProfileReport, tmp_path: Path, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mathif.page.INSIDE_CHARS", 0)
    found = made(figures, [reply_view(1, "far, away")])
    (tmp_path / "report.html").write_text(found.html, encoding="utf-8")
    (tmp_path / "report_files").mkdir()
    for name, text in found.beside.items():
        (tmp_path / "report_files" / name).write_text(text, encoding="utf-8")
    show(browser, tmp_path / "report.html")
    until(browser, ROWS)
    assert read(browser, 0)["texts"][-1] == "far, away"
    check(browser)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with a probe, both with their pages."""
    run = graded_run(tmp_path_factory.mktemp("page") / "run")
    probe = probed(run, "a-long-name-without-a-blank-that-somebody-chose-for-it" * 2)
    publish(probe)
    publish(run)
    return run


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_real_browser_shows_the_page_of_a_probe_and_its_pictures_in_that_of_the_run(
    run: Run, browser: Any, width: int, scheme: str
) -> None:
    [path] = run.folder.glob("probes/*/report.html")
    assert seen(browser, path, width, scheme)["said"].startswith(f"{8 * 20} of {8 * 20} replies")
    assert "Control: extend:0." in json.dumps(replies_of(path.read_text(encoding="utf-8")))
    seen(browser, run.folder / "report.html", width, scheme)


def test_the_replies_of_one_intervention_can_be_picked(run: Run, browser: Any) -> None:
    [path] = run.folder.glob("probes/*/report.html")
    assert "constrained+extend:8" in catalogue(path.read_text(encoding="utf-8"))["arms"]
    seen(browser, path, 1440, "light")
    browser.execute_script(
        "const c = document.querySelectorAll('.tools select')[1]; c.value = 'constrained+extend:8';"
        "c.dispatchEvent(new Event('change'))"
    )
    rows = browser.execute_script(ROWS)
    assert len(rows) == 8
    assert all("@constrained+extend:8#" in row for row in rows)

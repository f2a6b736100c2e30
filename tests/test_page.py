"""Laws of the page: one file of bounded size that loads nothing, shows replies as text only, and fits the screen."""

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from mathif.charts import charts, png, svg
from mathif.constraints import parse
from mathif.items import Item
from mathif.page import CLIP_CHARS, LIMIT_BYTES, REPLIES_BYTES, Gallery, clip, page, view
from mathif.publish import publish
from mathif.records import Finish, Graded, Outcome, Problem, Profile, Reply, Span, State, Verdict
from mathif.report import summarize
from mathif.results import ProfileReport
from mathif.run import Run
from mathif.run import report as run_report
from mathif.tables import headline, profile_tables
from tests.browsing import check, chromium, show
from tests.probed import graded_run, probed
from tests.worlds import World

EVIL = "</script><script>document.title='broken'; throw Error('run')</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def figures() -> ProfileReport:
    rows = World(problems=40, samples=4, difficulty=1.0, length=-0.4).rows(11, ("constrained", "plain"), (1, 2))
    return summarize(rows).profiles[Profile.MATHIF]


def reply_view(number: int, final: str = "a, b", size: int = 0) -> dict[str, Any]:
    """What the page shows of a reply that has a comma although it must not."""
    demand = parse("punctuation:no_comma", {})
    problem = Problem(f"p{number}", "What is $1 + 1$?", "2", "test")
    item = Item(f"p{number}-single", problem, (demand,), (demand.text(),))
    broken = Verdict(Outcome.FAIL, "a comma", (Span(1, 2),))
    row = Graded(
        key=f"test/p{number}-single@constrained#0",
        problem=problem.key,
        source="test",
        tier=1,
        arm="constrained",
        sample=0,
        state=State.CLOSED,
        finish=Finish.STOP,
        cot_tokens=7,
        completion_tokens=9,
        empty=False,
        kinds=(demand.kind,),
        answer=Verdict(Outcome.PASS),
        constraints=dict.fromkeys(Profile, (broken,)),
        loose=dict.fromkeys(Profile, (Outcome.FAIL,)),
        floor=dict.fromkeys(Profile, (Outcome.PASS,)),
    )
    thinking = "".join(Random(number).choices("abcdefghijklmnopqrstuvwxyz ", k=size)) or "hm"
    return view(item, Reply(row.key, thinking, final, State.CLOSED, Finish.STOP, 7), row)


def built(
    figures: ProfileReport,
    views: Sequence[dict[str, Any]],
    galleries: Sequence[Gallery] = (),
    group: int = 1,
    notes: Sequence[str] = (),
) -> str:
    tables = [headline(figures), *profile_tables(figures)]
    return page(
        "Model on core",
        lead=figures.findings,
        pictures=[svg(chart) for chart in charts(figures, "constrained").values()],
        galleries=galleries,
        notes=notes,
        reading="Percent.",
        tables=tables,
        views=[views[start : start + group] for start in range(0, len(views), group)],
        total=len(views),
    )


def test_the_page_loads_nothing_from_elsewhere(figures: ProfileReport) -> None:
    html = built(figures, [reply_view(1)])
    links = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s>)]+)""", html)
    assert all(link.startswith(("data:", "#")) for link in links)
    assert "default-src 'none'" in html


def test_as_many_replies_are_shown_as_fit(figures: ProfileReport) -> None:
    few = built(figures, [reply_view(number) for number in range(5)])
    many = built(figures, [reply_view(number, size=4000) for number in range(300)])
    assert "All 5 replies" in few
    shown = re.search(r"(\d+) of 300 replies", many)
    assert shown is not None
    assert 20 < int(shown[1]) < 300
    assert LIMIT_BYTES * 0.9 < len(many.encode()) <= LIMIT_BYTES


def test_evidence_stays_where_it_was_when_the_middle_is_left_out() -> None:
    text = "x" * CLIP_CHARS + "ab" + "y" * CLIP_CHARS + "END"
    spans = [[0, 1], [len(text) - 3, len(text)], [CLIP_CHARS, CLIP_CHARS + 2]]
    short = clip(text, spans)
    assert len(short) < CLIP_CHARS + 100
    assert [short[start:end] for start, end in spans[:2]] == ["x", "END"]
    assert all(0 <= start <= end <= len(short) for start, end in spans)


def test_a_short_text_is_shown_whole() -> None:
    assert clip("whole", [[0, 5]]) == "whole"


def test_the_charts_are_svg_and_png(figures: ProfileReport) -> None:
    drawn = charts(figures, "constrained")
    assert set(drawn) == {f"{name}-constrained" for name in ("length", "slopes", "lift", "quadrant")}
    for chart in drawn.values():
        assert svg(chart).startswith("<svg")
        assert "currentColor" in svg(chart)
    assert png(drawn["quadrant-constrained"]).startswith(b"\x89PNG")


def test_what_the_numbers_do_not_allow_is_not_drawn() -> None:
    rows = World(problems=3, samples=1).rows(1)
    drawn = charts(summarize(rows).profiles[Profile.MATHIF], "constrained")
    assert "lift-constrained" not in drawn
    assert "slopes-constrained" not in drawn


def test_replies_that_belong_together_are_shown_together(figures: ProfileReport) -> None:
    views = [reply_view(number, size=4000) for number in range(300)]
    shown = re.search(r"(\d+) of 300 replies", built(figures, views, group=20))
    assert shown is not None
    assert 20 <= int(shown[1]) < 300
    assert int(shown[1]) % 20 == 0


def test_pictures_leave_the_replies_their_room_and_those_that_do_not_fit_are_named(figures: ProfileReport) -> None:
    noise = Random(0)
    large = [
        Gallery(f"Arm {number}", ["".join(noise.choices("abcdefghijklmnopqrstuvwxyz", k=60_000))])
        for number in range(6)
    ]
    views = [reply_view(number, size=4000) for number in range(300)]
    html = built(figures, views, large, notes=["A note & more."])
    hung = re.findall(r"<summary>(Arm \d)</summary>", html)
    beyond = re.search(r"Too large for this page: ([^.]*)\.", html)
    assert beyond is not None
    assert [*hung, *beyond[1].split(", ")] == [gallery.name for gallery in large]
    assert hung
    assert "A note &amp; more." in html
    packed = re.search(r'id="packed">([^<]*)<', html)
    assert packed is not None
    assert len(packed[1]) > REPLIES_BYTES * 0.8
    assert len(html.encode()) <= LIMIT_BYTES


# In a real browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


SCREENS = [(width, scheme) for width in (390, 1440) for scheme in ("light", "dark")]
OPEN = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
SEEN = """
const all = (what) => [...document.querySelectorAll(what)], shade = (n) => getComputedStyle(n).color;
return {
  overflow: document.documentElement.scrollWidth - innerWidth,
  cut: all("svg, svg text").filter((n) => {
    const box = n.getBoundingClientRect();
    return box.left < 0 || box.right > innerWidth;
  }).map((n) => n.textContent),
  replies: all(".reply").length, title: document.title, marks: all("mark").map((m) => m.textContent),
  images: all("#replies img").length, text: document.getElementById("replies").textContent,
  galleries: all(".gallery").map((g) => g.querySelectorAll("svg").length), svg: all("figure > svg").length,
  broken: all("parsererror").length, ink: shade(document.body), drawn: shade(document.querySelector("svg")),
}
"""


def seen(browser: Any, path: Path, width: int, scheme: str) -> dict[str, Any]:
    """What a reader with this screen finds in a page in which everything is opened."""
    show(browser, path, width=width, scheme=scheme)
    for _ in range(100):
        if browser.execute_script("return document.querySelector('.reply') !== null"):
            break
        time.sleep(0.05)
    for _ in range(2):  # what a reply holds is made when it is opened
        browser.execute_script(OPEN)
        time.sleep(0.1)
    check(browser)
    found: dict[str, Any] = browser.execute_script(SEEN)
    assert found["overflow"] <= 0
    assert (found["cut"], found["broken"]) == ([], 0)
    assert found["ink"] == found["drawn"] == ("rgb(28, 31, 36)" if scheme == "light" else "rgb(230, 233, 238)")
    return found


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_real_browser_shows_the_page_without_an_error_and_nothing_overflows(
    figures: ProfileReport, tmp_path: Path, browser: Any, width: int, scheme: str
) -> None:
    views = [reply_view(1, EVIL), reply_view(2, "😀😀, word " + "long" * 300)]
    plain = Gallery("Arm plain", [svg(chart) for chart in charts(figures, "plain").values()])
    path = tmp_path / "report.html"
    path.write_text(built(figures, views, [plain]), encoding="utf-8")
    found = seen(browser, path, width, scheme)
    assert found["replies"] == 2
    assert found["title"] == "Model on core"
    assert found["images"] == 0
    assert EVIL in found["text"]
    assert found["marks"] == ["/", "😀"]
    assert (found["galleries"], found["svg"]) == ([3], 7)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with a probe, both with their pages."""
    run = graded_run(tmp_path_factory.mktemp("page") / "run")
    probe = probed(run, "a-long-name-without-a-blank-that-somebody-chose-for-it" * 2)
    publish(probe, run_report(probe))
    publish(run, run_report(run))
    return run


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_real_browser_shows_the_page_of_a_probe_and_its_pictures_in_that_of_the_run(
    run: Run, browser: Any, width: int, scheme: str
) -> None:
    [path] = run.folder.glob("probes/*/report.html")
    found = seen(browser, path, width, scheme)
    assert (found["galleries"], found["svg"]) == ([], 4)
    assert found["replies"] == 8 * 20  # as recorded and under 19 interventions; no trace has a number for `noise`
    assert found["text"].count("Control: extend:0.") == 8 * 16
    found = seen(browser, run.folder / "report.html", width, scheme)
    assert found["galleries"][0] == 4
    assert found["svg"] == sum(found["galleries"]) + len(re.findall("<svg", (run.folder / "report.html").read_text()))


def test_the_replies_of_one_intervention_can_be_picked(run: Run, browser: Any) -> None:
    [path] = run.folder.glob("probes/*/report.html")
    seen(browser, path, 1440, "light")
    browser.execute_script(
        "const c = document.querySelectorAll('.tools select')[1]; c.value = 'constrained+extend:8';"
        "c.dispatchEvent(new Event('change'))"
    )
    keys = browser.execute_script("return [...document.querySelectorAll('.reply summary')].map((n) => n.textContent)")
    assert len(keys) == 8
    assert all("@constrained+extend:8#" in key for key in keys)

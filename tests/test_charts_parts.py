"""Laws of the pictures of the thinking against the reply: each shows the numbers of the report, and no other."""

import re
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif.charts import Picture, charts, svg, vector
from mathif.charts.parts import COLOURS
from mathif.charts.refresh import refreshing
from mathif.charts.survival import survival_chart
from mathif.errors import DataError
from mathif.records import Profile
from mathif.report import summarize
from mathif.results import ProfileReport, Refresh, RefreshPoint
from mathif.stats import Ratio, Share, Survivors
from tests.part_worlds import PartWorld

ENDS = ("value", "low", "high")


@pytest.fixture(scope="module")
def figures() -> ProfileReport:
    return summarize(PartWorld(reply=1, thinking=30).rows(3)).profiles[Profile.MATHIF]


def data(picture: Picture, mark: str) -> list[dict[str, Any]]:
    """The rows of the first layer that is drawn with `mark`."""
    spec: Any = picture.chart
    layers = [layer for part in spec.get("vconcat", [spec]) for layer in part.get("layer", [part])]
    return next(list(layer["data"]["values"]) for layer in layers if layer["mark"]["type"] == mark)


def test_reply_thinking_and_both_stand_above_what_is_obeyed_unasked(figures: ProfileReport) -> None:
    picture, parts = charts(figures, "thinking")["parts-thinking"], figures.parts["thinking"]
    shown = {
        (row["part"].partition(" ")[0], row["who"]): tuple(row[end] for end in ENDS) for row in data(picture, "rule")
    }
    for name, scores in parts.scores.items():
        assert shown[name, name] == tuple(getattr(scores.hacc, end) for end in ENDS)
        if scores.natural is not None:
            assert shown[name, "not asked"] == tuple(getattr(scores.natural, end) for end in ENDS)
    reply = parts.scores["reply"].hacc.value
    assert reply is not None
    assert f"the reply itself in {100 * reply:.1f} %" in picture.title
    assert "NaN" not in svg(picture)


def test_the_slips_of_both_parts_are_drawn_with_the_texts_at_risk(figures: ProfileReport) -> None:
    picture, slips = charts(figures, "thinking")["slips-thinking"], figures.parts["thinking"].slips
    told = {name: {one.at: one for one in slips[name].told} for name in ("reply", "thinking")}
    for row in data(picture, "line"):
        one = told[row["line"]][row["at"]]
        assert (row["risk"], *(row[end] for end in ENDS)) == (one.at_risk, *(getattr(one.share, end) for end in ENDS))
    assert len(data(picture, "line")) == sum(map(len, told.values()))


def test_a_point_of_the_slips_leads_to_a_reply_and_the_character_where_it_first_breaks(figures: ProfileReport) -> None:
    picture, slips = charts(figures, "thinking")["slips-thinking"], figures.parts["thinking"].slips
    known = {
        f"#reply={quote(one.key, safe='')}&at={part}:{one.char}"
        for part in ("reply", "thinking")
        for one in slips[part].first
        if one.at <= slips[part].told[-1].at
    }
    assert len(slips["thinking"].first) == 8
    assert {row["to"] for row in data(picture, "point")} == known
    assert set(re.findall(r'href="([^"]*)"', svg(picture))) == {link.replace("&", "&amp;") for link in known}


def test_the_first_violations_are_where_the_verdicts_say() -> None:
    rows = {row.key: row for row in PartWorld(thinking=5.0).rows(3, problems=6)}
    first = summarize(rows.values()).profiles[Profile.MATHIF].parts["thinking"].slips["thinking"].first
    assert first
    assert [one.at for one in first] == sorted(one.at for one in first)
    for one in first:
        [verdict] = rows[one.key].constraints[Profile.MATHIF]
        assert verdict.evidence[0].start == one.char


@settings(max_examples=20)  # each draws a picture
@given(st.lists(st.integers(1, 6400), min_size=2, max_size=9, unique=True))
def test_the_numbers_of_a_risk_table_stand_apart_and_the_last_is_among_them(places: list[int]) -> None:
    at = sorted(places)
    line = [Survivors(place, Share(0.5, 0.4, 0.6, 9, 9), 9) for place in at]
    chart = survival_chart({"reply": line, "thinking": line}, COLOURS, "tokens")
    assert chart is not None
    shown = [row["at"] for row in risks(Picture("", "", [], chart)) if row["line"] == "reply"]
    assert shown[-1] == at[-1]
    assert all(after - before >= at[-1] / 7 for before, after in pairwise(shown))


def risks(picture: Picture) -> list[dict[str, Any]]:
    """The rows of the risk table, which stands below the curves."""
    spec: Any = picture.chart
    return list(spec["vconcat"][1]["data"]["values"])


def test_an_arm_whose_thinking_is_not_seen_has_no_picture_of_it() -> None:
    figures = summarize(PartWorld(hidden=True).rows(3)).profiles[Profile.MATHIF]
    assert not [name for arm in figures.arms for name in charts(figures, arm) if name.startswith(("parts", "slips"))]


def test_what_reminders_gain_is_drawn_along_the_thinking_in_both_parts() -> None:
    def gained(value: float) -> Ratio:
        return Ratio(value, value / 2, value * 2, 40, 10)

    points = tuple(
        RefreshPoint(part=part, n=40, reminded=gained(1), neutral=gained(2), gain=gained(1 + part))
        for part in (0.0, 0.5, 1.0)
    )
    parts = {name: Refresh(points=points, growth=gained(2.0)) for name in ("reply", "thinking")}
    picture = refreshing(parts)
    assert picture is not None
    assert "2.00 times [1.00, 4.00] (reply)" in picture.title
    assert [(row["line"], row["kept"], row["value"]) for row in data(picture, "line")] == [
        (name, point.part, point.gain.value) for name in parts for point in points
    ]
    assert "NaN" not in svg(picture)
    assert refreshing({"reply": Refresh(points=points[:1], growth=gained(2.0))}) is None


def test_a_library_that_breaks_down_is_one_sentence(figures: ProfileReport, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """What a panic of Rust becomes in Python: no `Exception`."""

    def panicking(spec: str) -> str:
        raise PanicException("too many open files")

    monkeypatch.setattr("vl_convert.vegalite_to_svg", panicking)
    picture = charts(figures, "thinking")["parts-thinking"]
    for draw in (svg, vector):
        with pytest.raises(DataError, match=r"a picture cannot be drawn: .*too many open files; raise the limits"):
            draw(picture)

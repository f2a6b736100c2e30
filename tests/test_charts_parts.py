"""Laws of the pictures of the thinking against the reply: each shows the numbers of the report, and no other."""

from typing import Any

import pytest

from mathif.charts import Picture, charts, svg
from mathif.charts.refresh import refreshing
from mathif.records import Profile
from mathif.report import summarize
from mathif.results import ProfileReport, Refresh, RefreshPoint
from mathif.stats import Ratio
from tests.part_worlds import PartWorld

ENDS = ("value", "low", "high")


@pytest.fixture(scope="module")
def figures() -> ProfileReport:
    return summarize(PartWorld(reply=1, thinking=30).rows(3)).profiles[Profile.MATHIF]


def data(picture: Picture, mark: str) -> list[dict[str, Any]]:
    """The rows of the first layer that is drawn with `mark`."""
    spec = picture.chart.to_dict()
    layers = [{**part, **layer} for part in spec.get("vconcat", [spec]) for layer in part.get("layer", [part])]
    named = next(layer["data"] for layer in layers if layer["mark"]["type"] == mark)
    rows: list[dict[str, Any]] = spec["datasets"][named["name"]] if "name" in named else named["values"]
    return rows


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

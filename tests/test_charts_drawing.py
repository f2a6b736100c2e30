"""Laws of drawing: every value stands on its axis, in order, and every drawing is well-formed and inside its frame."""

from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.charts import Picture, charts, svg, vector
from mathif.charts.axes import Axis, doublings, linear, shares
from mathif.charts.curves import Curve, Curves
from mathif.charts.drawing import Point
from mathif.charts.elements import element, number, text
from mathif.records import Profile
from mathif.report import summarize
from mathif.stats import Estimate
from tests.part_worlds import PartWorld

VALUES = st.lists(st.integers(-10_000, 10_000).map(lambda one: one / 100), min_size=2, max_size=20, unique=True)
LENGTHS = st.integers(50, 600)


def axes(values: Sequence[float]) -> list[Axis]:
    """Every kind of axis over some values."""
    return [
        linear("x", values),
        linear("x", values, whole=True),
        linear("x", values, inset=10),
        doublings("x", [2 ** (one / 10) for one in values]),
    ]


@given(VALUES, LENGTHS)
def test_values_stand_on_their_axis_in_their_order_and_ticks_between_its_ends(values: list[float], px: int) -> None:
    for axis in axes(values):
        ordered = sorted(2 ** (one / 10) if axis.is_log else one for one in values)
        places = [axis.place(one, px) for one in ordered]
        assert places == sorted(places)
        assert axis.inset - 1e-6 <= places[0] < places[-1] <= px - axis.inset + 1e-6
        assert all(axis.inset - 1e-6 <= axis.place(tick.at, px) <= px - axis.inset + 1e-6 for tick in axis.ticks)
        assert len({tick.label for tick in axis.ticks}) == len(axis.ticks) <= 12


@given(VALUES)
def test_an_axis_that_ends_at_its_ticks_holds_every_value(values: list[float]) -> None:
    axis = linear("x", values, whole=True)
    assert axis.ticks[0].at <= min(values)
    assert max(values) <= axis.ticks[-1].at
    assert len(axis.ticks) >= 3


@given(st.floats(-1e4, 1e4))
def test_a_number_is_told_to_a_hundredth_and_zero_has_no_sign(value: float) -> None:
    assert abs(float(number(value)) - value) <= 0.005 + 1e-9
    assert number(value) != "-0"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])))
def test_words_and_attributes_are_told_as_they_are(words: str) -> None:
    read = ElementTree.fromstring(text(words, 0, 0, fill="red"))
    assert (read.text or "") == words
    assert ElementTree.fromstring(element("a", title=words)).get("title") == words


def test_every_picture_is_well_formed_and_its_file_holds_its_title() -> None:
    figures = summarize(PartWorld(reply=1, thinking=30).rows(3)).profiles[Profile.MATHIF]
    drawn = [picture for arm in figures.arms for picture in charts(figures, arm).values()]
    assert len(drawn) > 5
    for picture in drawn:
        assert ElementTree.fromstring(svg(picture)).tag == "svg"
        told = ElementTree.fromstring(vector(picture)).findall("{http://www.w3.org/2000/svg}text")
        assert " ".join(line.text or "" for line in told).startswith(" ".join(picture.title.split()))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_the_names_of_curves_do_not_stand_on_each_other_nor_above_the_plot(ends: list[float]) -> None:
    curves = [Curve(f"c{place}", "red", [Point(0, 0.5), Point(1, end)]) for place, end in enumerate(ends)]
    chart = Curves(curves, linear("x", [0, 1]), shares("y"), 200)
    read = ElementTree.fromstring(svg(Picture("", "", [], chart)))
    heights = sorted(float(one.get("y", "")) for one in read.iter("text") if one.get("fill") == "red")
    assert len(heights) == len(ends)
    assert heights[0] >= 0
    assert all(below - above >= 14 - 0.02 for above, below in pairwise(heights))


def test_what_has_no_value_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="no replies"):
        Point.of(1, Estimate.unknown("no replies"))

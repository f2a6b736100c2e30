"""Laws of the pictures of a probe: each shows the numbers of the report's tables, and none that is not there."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.charts import Picture, png, probe_charts, svg
from mathif.charts.probes import FAMILIES, changes, dose_response, survival_curves
from mathif.probe.effects import DOSED
from mathif.probe.tables import tables
from mathif.results import ACC, HACC, DoseResponse, ProbeProfile, ProbeReport
from mathif.schemas import from_json
from mathif.stats import Estimate
from mathif.wording.numbers import interval
from tests.probed import graded_run, probed

Json = dict[str, Any]
ENDS = ("value", "low", "high")
METRICS = {"hacc": HACC, "acc": ACC}
NAMES = {"answer": "same answer", "right": "right", "obedience": "obedient"}
MISSING = {"value": None, "low": None, "high": None, "n": 0, "problems": 0}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Json:
    probe = probed(graded_run(tmp_path_factory.mktemp("charts") / "run"))
    found: Json = json.loads((probe.folder / "report.json").read_text())
    return found


@pytest.fixture
def figures(report: Json) -> Json:
    found: Json = deepcopy(report["profiles"]["mathif"])
    return found


def read(figures: Json) -> ProbeProfile:
    return from_json(ProbeProfile, figures, "a test")


def shown(row: Json) -> str:
    """The share or difference of a row of a chart, as a table has it."""
    return interval(Estimate(row["value"], row["low"], row["high"], 0, 0))


def layer(picture: Picture | None, mark: str) -> list[Json]:
    """The rows of the first layer of a picture that is drawn with `mark`."""
    assert picture is not None
    spec: Any = picture.chart
    return next(list(one["data"]["values"]) for one in spec["layer"] if one["mark"]["type"] == mark)


def below(picture: Picture | None) -> list[str]:
    """The lines below the title of a picture."""
    assert picture is not None
    return list(picture.lines)


def cells(report: Json, figures: Json, title: str) -> Mapping[str, dict[str, str]]:
    """The rows of a table of the report by their first cell, each by the names of the columns."""
    [table] = [
        table for table in tables(from_json(ProbeReport, report, "a test"), read(figures)) if table.title == title
    ]
    return {row[0]: dict(zip(table.head, row, strict=True)) for row in table.rows}


@pytest.mark.parametrize("outcome", METRICS)
def test_the_dose_response_shows_every_point_of_its_tables_and_no_other(
    report: Json, figures: Json, outcome: str
) -> None:
    chart = dose_response(read(figures).doses, METRICS[outcome])
    rows = layer(chart, "line")
    assert len(rows) == sum(len(row["points"]) for row in figures["doses"].values()) == 11
    assert layer(chart, "area") == rows
    for row in rows:
        dose = f"{row['family']}:{row['amount']:g}" if row["amount"] else "control"
        told = cells(report, figures, f"Dose and response, {row['family']}")[dose]
        assert (shown(row), str(row["n"]), f"{row['tokens']:+.0f}") == (
            told[METRICS[outcome].label],
            told["n"],
            told["added"],
        )
    assert {(row["tokens"], row["value"]) for row in rows if not row["amount"]} == {
        (0, figures["doses"]["extend"]["points"][0][outcome]["value"])
    }


@pytest.mark.parametrize("outcome", METRICS)
def test_the_dose_response_tells_n_and_the_slope_of_every_family(report: Json, figures: Json, outcome: str) -> None:
    lines = below(dose_response(read(figures).doses, METRICS[outcome]))
    assert [line.partition(":")[0] for line in lines] == list(figures["doses"])
    for line in lines:
        family, _, said = line.partition(": ")
        told = cells(report, figures, f"Dose and response, {family}")["for each 100 tokens"][METRICS[outcome].label]
        assert said == f"n=8, {told} points per 100 tokens"


def test_the_title_of_the_doses_is_corrected_for_those_that_are_not_drawn_too(figures: Json) -> None:
    for row in figures["doses"].values():
        row["slope"]["hacc"] |= {"value": -0.1, "low": -0.19, "high": -0.01, "problems": 60, "reason": ""}
    _, *others = figures["doses"]
    assert others
    chart = dose_response(read(figures).doses, HACC)
    for other in others:
        figures["doses"][other]["points"] = figures["doses"][other]["points"][:1]
    fewer = dose_response(read(figures).doses, HACC)
    assert chart is not None
    assert fewer is not None
    assert chart.title == fewer.title
    assert "are not shown to change" in chart.title


def test_the_families_that_are_drawn_are_those_that_have_doses() -> None:
    assert tuple(FAMILIES) == DOSED


def test_the_survival_curve_shows_the_shares_of_the_table_and_ends_at_the_control(report: Json, figures: Json) -> None:
    chart = survival_curves(read(figures).interventions, read(figures).truncation.area)
    table = cells(report, figures, "What survives the edit (percent of the controls that had it)")
    drawn = layer(chart, "area")
    assert len(drawn) == 4 * 3
    for row in drawn:
        assert shown(row) == table[f"truncate:{row['kept']:g}"][row["what"]]
    ends = [row for row in layer(chart, "line") if row not in drawn]
    assert ends == [{"kept": 1, "what": name, "value": 1} for name in NAMES.values()]
    areas = cells(report, figures, "Truncation: area over the curve")
    for name, line in zip(NAMES.values(), below(chart), strict=False):
        assert line == f"{name}: area over the curve {areas[name]['area']}, n={areas[name]['n']}"


def test_the_whole_thinking_that_was_asked_for_is_shown_as_it_was_found(figures: Json) -> None:
    whole = deepcopy(figures["interventions"]["truncate:0.75"])
    whole["survival"]["answer"] |= {"value": 0.5, "low": 0.2, "high": 0.8}
    figures["interventions"]["truncate:1"] = whole
    rows = layer(survival_curves(read(figures).interventions, read(figures).truncation.area), "line")
    assert [row["value"] for row in rows if row["kept"] == 1 and row["what"] == "same answer"] == [0.5]


def test_the_changes_are_those_of_the_table_and_what_has_no_pair_is_named(report: Json, figures: Json) -> None:
    chart = changes(read(figures).interventions)
    rows = layer(chart, "point")
    told = cells(report, figures, "Against its control (points)")
    assert len(rows) == 2 * (len(told) - 1)
    for row in rows:
        one, _, n = row["intervention"].partition(" (")
        hundredth = {end: row[end] / 100 for end in ENDS}
        assert (shown(hundredth), n) == (told[one][row["metric"]], f"{told[one]['n']})")
    assert below(chart)[1:] == ["Nothing to compare under noise."]


def test_changes_stand_in_the_order_of_their_amounts(figures: Json) -> None:
    arms = ["extend:16", "extend:2", "extend:0", "truncate:1", "truncate:0.25"]
    rows = layer(changes(dict.fromkeys(arms, read(figures).interventions["swap"])), "point")
    assert [row["intervention"] for row in rows[::2]] == [
        f"{arm} (8)" for arm in ("extend:0", "extend:2", "extend:16", "truncate:0.25", "truncate:1")
    ]


NUMBER = st.none() | st.floats(0, 1)
POINT = st.fixed_dictionaries(
    {
        "amount": st.integers(1, 64),
        "n": st.integers(0, 2000),
        "added": st.none() | st.floats(-50, 4000),
        "hacc": st.fixed_dictionaries({"value": NUMBER, "low": NUMBER, "n": st.just(4), "problems": st.just(4)}),
        "acc": st.just(MISSING),
    }
)


def point(row: Json) -> Json:
    """A point whose interval has both ends or none, and none without a value."""
    low = None if row["hacc"]["value"] is None else row["hacc"]["low"]
    return {**row, "hacc": {**row["hacc"], "low": low, "high": None if low is None else 1.0}}


@given(st.dictionaries(st.sampled_from(DOSED), st.lists(POINT, max_size=5), max_size=3))
def test_a_dose_is_drawn_where_share_and_tokens_are_known_and_a_curve_from_two_points_on(
    doses: dict[str, list[Json]],
) -> None:
    slope = {key: {**MISSING, "reason": "no replies"} for key in METRICS}
    given_points = {family: [point(row) for row in rows] for family, rows in doses.items()}
    read_points = {
        f: from_json(DoseResponse, {"points": rows, "slope": slope}, "a test") for f, rows in given_points.items()
    }
    chart = dose_response(read_points, HACC)
    known = {
        family: [row for row in rows if row["added"] is not None and row["hacc"]["value"] is not None]
        for family, rows in given_points.items()
    }
    drawn = {family: rows for family, rows in known.items() if len(rows) > 1}
    if not drawn:
        assert chart is None
        return
    assert [(row["family"], row["tokens"], row["value"]) for row in layer(chart, "line")] == [
        (family, row["added"], row["hacc"]["value"]) for family, rows in drawn.items() for row in rows
    ]
    assert all(row["low"] is not None for row in layer(chart, "area"))


def spoilt(figures: Json, what: str) -> Json:
    """The figures of a probe at the edge of what can be drawn."""
    found = deepcopy(figures)
    changed = found["interventions"]
    estimates = [one[part][name] for one in changed.values() for part in ("overall", "survival") for name in one[part]]
    estimates += [row[m] for family in found["doses"].values() for row in family["points"] for m in METRICS]
    estimates += [
        *found["truncation"]["area"].values(),
        *(f["slope"][m] for f in found["doses"].values() for m in METRICS),
    ]
    for row in estimates:
        row |= {
            "no interval": {"low": None, "high": None},
            "nothing obeyed": {"value": -0.0, "low": 0, "high": 0.2},
            "nothing known": {**MISSING, "reason": "no replies"},
            "one dose": {},
        }[what]
    if what == "one dose":
        found["doses"] = {"extend": {**found["doses"]["extend"], "points": found["doses"]["extend"]["points"][:2]}}
    return found


@pytest.mark.parametrize(
    ("what", "charts"), [("no interval", 4), ("nothing obeyed", 4), ("one dose", 4), ("nothing known", 0)]
)
def test_what_is_hardly_known_is_drawn_without_a_broken_number(figures: Json, what: str, charts: int) -> None:
    drawn = probe_charts(read(spoilt(figures, what)), "probe")
    assert len(drawn) == charts
    for chart in drawn.values():
        picture = svg(chart)
        assert "NaN" not in picture
        assert "undefined" not in picture
        assert "null" not in picture
        assert "-0.0" not in picture
        assert int(picture.partition('width="')[2].partition('"')[0]) <= 400


def test_a_probe_without_doses_and_truncation_has_only_its_changes(figures: Json) -> None:
    figures["doses"] = {}
    figures["interventions"] = {name: figures["interventions"][name] for name in ("extend:0", "swap")}
    drawn = probe_charts(read(figures), "probe")
    assert list(drawn) == ["changes-probe"]
    assert png(drawn["changes-probe"]).startswith(b"\x89PNG")

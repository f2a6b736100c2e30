"""Laws of the records of results: written and read back as they were, strict, and open to numbers of other times."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif.board.model import BoardRow
from mathif.errors import DataError
from mathif.records import Profile
from mathif.report import summarize
from mathif.results import METRICS, Changes, ProfileReport, Report, Scores, read_report
from mathif.schemas import from_json
from mathif.schemas.held import optional
from mathif.stats import Share
from tests.plain import stored
from tests.worlds import World

ENTRIES = Path(__file__).parents[1] / "leaderboard" / "entries"
WORLD = World(problems=12, samples=2, difficulty=1.0, limit=4000)


def written(folder: Path, row: dict[str, Any]) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(row), encoding="utf-8")
    return path


@settings(max_examples=15)
@given(
    st.builds(World, problems=st.integers(1, 12), samples=st.integers(1, 3), limit=st.sampled_from([900, 1 << 20])),
    st.sampled_from([("constrained",), ("plain", "constrained")]),
)
def test_a_report_is_read_back_as_it_was_made(world: World, arms: tuple[str, ...]) -> None:
    report = summarize(world.rows(1, arms, (1, 2)))
    assert from_json(Report, json.loads(json.dumps(stored(report))), "here") == report


def without(row: Any, names: frozenset[str]) -> Any:
    """A JSON value without the fields of some names."""
    if isinstance(row, dict):
        return {name: without(part, names) for name, part in row.items() if name not in names}
    return [without(part, names) for part in row] if isinstance(row, list) else row


def test_a_report_from_before_its_younger_numbers_is_read(tmp_path: Path) -> None:
    row = stored(summarize(WORLD.rows(1, ("plain", "constrained"))))
    old = without(row, optional(Report) - {"reason"}) | {"graders": "0" * 64}
    found = read_report(written(tmp_path, old))
    assert found.profiles[Profile.MATHIF].arms["plain"].overall.judged is None
    assert found.graders == {}


def test_a_field_that_a_report_does_not_know_is_passed_over(tmp_path: Path) -> None:
    report = summarize(WORLD.rows(1))
    assert read_report(written(tmp_path, {**stored(report), "later": {"value": 1}})) == report


REFUSED: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda row: row.update(schema=99), r"found schema 99, expected 1"),
    (lambda row: row.pop("rows"), r"/rows: field required"),
    (lambda row: row.update(rows="7"), r"/rows: .*found \"7\""),
    (lambda row: row.update(rows=True), r"/rows: .*found true"),
    (lambda row: row["profiles"]["mathif"]["arms"]["constrained"]["overall"]["hacc"].update(value=1.5), r"/hacc/value"),
    (lambda row: row["profiles"].update(other={}), r"/profiles/other"),
]


@pytest.mark.parametrize(("spoil", "said"), REFUSED)
def test_what_is_no_report_is_refused_with_its_place(
    spoil: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    row = stored(summarize(WORLD.rows(1)))
    spoil(row)
    with pytest.raises(DataError, match=rf"report\.json.*{said}"):
        read_report(written(tmp_path, row))


@pytest.mark.parametrize("path", sorted(ENTRIES.glob("*.json")), ids=lambda path: path.stem)
def test_the_numbers_of_every_committed_entry_are_readable(path: Path) -> None:
    for block in json.loads(path.read_text(encoding="utf-8"))["profiles"].values():
        assert from_json(ProfileReport, block, path.name).arms["constrained"].overall.hacc.value is not None


@pytest.mark.parametrize("record", [Scores, Changes, BoardRow])
def test_every_metric_is_a_field_wherever_metrics_are_held(record: type[Any]) -> None:
    assert {metric.key for metric in METRICS} <= {field.name for field in fields(record)}


def test_every_share_among_scores_is_a_metric() -> None:
    shares = {field.name for field in fields(Scores) if field.type in ("Share", Share)}
    assert shares == {metric.key for metric in METRICS}

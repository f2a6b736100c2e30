"""Laws of registration: what is asked and what counts is written down first, holds for that plan alone, and stays."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mathif import api
from mathif.entry import read_entry, submit
from mathif.entry.claims import claims_of
from mathif.errors import UsageError
from mathif.report.claimed import primary_analysis
from mathif.verify import verify
from tests.submitting import finished, planned
from tests.tiny import only_bundled


@pytest.fixture(scope="module", autouse=True)
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tiny task as the only bundled one."""
    with only_bundled(tmp_path_factory.mktemp("tasks")) as folder:
        yield folder


def registered(plan: dict[str, Any], file: Path, out: Path) -> str:
    run = api.create_run(planned(**plan), out, file)
    assert not run.sound
    return str(run.head["registered"])


def test_a_plan_is_written_down_before_the_first_reply_and_its_digest_follows_from_what_it_holds(
    tmp_path: Path,
) -> None:
    digest = registered({}, tmp_path / "deep" / "plan.json", tmp_path / "run")
    row = json.loads((tmp_path / "deep" / "plan.json").read_text())
    assert row["digest"] == digest
    assert row["arms"] == ["constrained", "plain"]
    assert row["primary"] == primary_analysis(("plain", "constrained"))


def test_a_registration_serves_every_model_and_shard_and_no_other_plan(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    digest = registered({}, file, tmp_path / "a")
    assert registered({"model": "mock:null"}, file, tmp_path / "b") == digest
    assert registered({"shard": "1/2"}, file, tmp_path / "c") == digest
    others: list[dict[str, Any]] = [{"samples": 2}, {"arms": ("plain", "before")}, {"limit": 2}]
    for place, other in enumerate(others):
        with pytest.raises(UsageError, match="registers another plan"):
            registered(other, file, tmp_path / f"other{place}")
        assert not (tmp_path / f"other{place}").exists()


def test_what_is_no_registration_or_has_nothing_to_register_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("no json")
    with pytest.raises(UsageError, match="name a file that is not there yet"):
        registered({}, tmp_path / "plan.json", tmp_path / "run")
    with pytest.raises(UsageError, match="no primary analysis"):
        registered({"arms": ("plain",)}, tmp_path / "new.json", tmp_path / "run")


def test_the_entry_of_a_registered_run_carries_the_digest_and_is_made_again_with_it(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", registered=tmp_path / "plan.json")
    entry, _ = submit(run, claims_of(run, None, "someone", "third-party", None), tmp_path / "board")
    assert read_entry(entry).registered == run.head["registered"]
    assert verify(entry).entry.registered == run.head["registered"]
    report = json.loads((run.folder / "report.json").read_text())
    assert report["measured"]["registered"] == run.head["registered"]
    assert report["measured"]["primary"] in (run.folder / "report.md").read_text()


@pytest.mark.parametrize(
    ("arms", "says"),
    [
        (("plain",), ""),
        (("plain", "constrained", "before"), "arm constrained, HAcc by CoT length at a fixed item, net of the placebo"),
        (("system", "before"), "arm before, HAcc by CoT length at a fixed item, without a placebo"),
    ],
)
def test_the_primary_analysis_is_one_whatever_else_is_asked(arms: tuple[str, ...], says: str) -> None:
    assert says in primary_analysis(arms)
    assert bool(says) == bool(primary_analysis(arms))

"""Laws of the forecast: it counts what would be asked, and asks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mathif.cli import cli
from mathif.errors import UsageError
from mathif.forecast import USUAL_TOKENS, forecast, told
from mathif.plan import Plan
from mathif.run import Items
from tests.tiny import write_task


@pytest.fixture
def task(tmp_path: Path) -> str:
    return str(write_task(tmp_path / "tiny"))


def test_it_counts_the_prompts_that_a_run_asks(task: str) -> None:
    plan = Plan.of(model="mock:null", tasks=(task,), arms=("plain", "constrained"), samples=3)
    found = forecast(plan)
    asked = list(Items(plan, "").arms.prompts({}))
    assert (found.count, sum(found.prompts.values()), found.later) == (len(asked), len(asked), 0)
    assert found.prompts == {arm: sum(p.key.arm == arm for p in asked) for arm in ("plain", "constrained")}
    assert (found.reply_tokens, found.seconds) == (0, None)


def test_prompts_that_replies_give_rise_to_are_counted_as_at_most(task: str) -> None:
    found = forecast(Plan.of(model="mock:null", tasks=(task,), arms=("plain", "self"), samples=2))
    assert found.later == 2 * sum(bool(item.constraints) for item in Items(Plan.of(tasks=(task,)), "").tasks[0].items)
    assert found.count == found.prompts["plain"] + found.later


def test_tokens_time_and_cost_are_those_of_the_longest_replies(task: str) -> None:
    plan = Plan.of(model="m", tasks=(task,), base_url=("http://a/v1", "http://b/v1"), concurrency=5, max_tokens=1000)
    found = forecast(plan)
    assert found.reply_tokens == 1000 * found.count
    assert found.seconds == pytest.approx(found.reply_tokens / (40 * 5 * 2))
    text = told(plan, found, Path("runs/m"), price_in=1e6, price_out=2e6)
    cost = f"{found.prompt_tokens + 2 * found.reply_tokens:,.2f} (prompts {found.prompt_tokens:,.2f}"
    assert cost in text
    assert f"prompts:        {found.count:,}" in text
    assert "--max-tokens 1000" in text


def test_without_a_limit_replies_are_as_long_as_usual(task: str) -> None:
    plan = Plan.of(model="m", tasks=(task,), base_url=("http://a/v1",))
    assert forecast(plan).reply_tokens == USUAL_TOKENS * forecast(plan).count
    assert "nothing limits them" in told(plan, forecast(plan), Path("runs/m"))


def test_an_unknown_model_is_refused_as_by_a_run(task: str) -> None:
    with pytest.raises(UsageError, match="--model: found 'nobody'"):
        forecast(Plan.of(model="nobody", tasks=(task,)))


def test_a_dry_run_makes_no_folder(task: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ["eval", "--task", task, "--model", "m", "--base-url", "http://localhost:1/v1", "--out", str(out)]
    done = CliRunner().invoke(cli, [*words, "--dry-run", "--price-in", "1"])
    assert (done.exit_code, out.exists()) == (0, False)
    assert "cost:" in done.stdout
    assert str(out) in done.stdout


@pytest.mark.parametrize("words", [["--price-in", "1"], ["--dry-run", "--resume", "runs/x"]])
def test_what_makes_no_sense_together_is_refused(words: list[str]) -> None:
    assert CliRunner().invoke(cli, ["eval", *words]).exit_code == 2

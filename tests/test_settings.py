"""Laws of the settings: one field is one flag, one variable, one key and one keyword argument, in both directions."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import mathif
from mathif import api
from mathif.cli import cli
from mathif.errors import UsageError
from mathif.plan import Options, Plan
from mathif.records import Sampling
from mathif.settings import Setting, settings
from tests.tiny import write_task

EVERY = settings(Plan)
NAMES = [one.field for one in EVERY]
COMMANDS = [cli.commands["eval"], cli.commands["generate"]]
NO_SETTING = {"register", "out", "resume", "dry_run", "price_in", "price_out"}
"""Flags that say where a run lies or whether it is begun, not what it is."""


def flags(command: click.Command) -> dict[str, click.Option]:
    found = {one.name: one for one in command.params if isinstance(one, click.Option) and one.expose_value}
    return {str(name): one for name, one in found.items()}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_field_has_its_flag_and_every_flag_its_field(command: click.Command) -> None:
    found = flags(command)
    assert found.keys() - NO_SETTING == set(NAMES)
    for one in EVERY:
        assert one.flag in found[one.field].opts
        assert found[one.field].envvar == one.variable
        assert one.declared.help in str(found[one.field].help)


def test_every_field_of_the_records_is_a_setting() -> None:
    fields = [one.name for record in (Plan, Sampling, Options) for one in dataclasses.fields(record)]
    assert sorted(fields) == sorted([*NAMES, "sampling", "options"])
    assert len({one.flag for one in EVERY}) == len({one.variable for one in EVERY}) == len(EVERY)


def test_a_field_that_declares_no_setting_is_refused_when_the_flags_are_made() -> None:
    @dataclasses.dataclass
    class Forgotten:
        width: int = 1

    with pytest.raises(TypeError, match="width is set by no flag"):
        settings(Forgotten)


def sample(one: Setting) -> Any:
    """A value of a setting that is not its default."""
    if one.kind is bool:
        return True
    if one.kind is dict:
        return {"depth": 3, "mode": "fast"}
    if one.kind is tuple:
        return ("plain", "before") if one.field == "arms" else ("http://one/v1", "http://two/v1")
    if one.field == "shard":
        return "2/3"
    if one.kind is str:
        return one.declared.choices[-1] if one.declared.choices else "something"
    return one.kind((one.declared.high or 8) / 2)


def typed(one: Setting, value: Any) -> list[str]:
    """The words that set a value on the command line."""
    if one.kind is bool:
        return [one.flag]
    if one.kind is dict:
        return [word for name, inner in value.items() for word in (one.flag, f"{name}={json.dumps(inner)}")]
    if one.declared.words:
        return [one.flag, *value]
    if one.declared.repeated:
        return [word for inner in value for word in (one.flag, inner)]
    return [one.flag, ",".join(value) if one.kind is tuple else str(value)]


def planned(monkeypatch: pytest.MonkeyPatch, *words: str) -> Plan:
    """The plan that a command line asks for."""
    seen: list[Plan] = []

    def taken(plan: Plan, *_: Any) -> Any:
        seen.append(plan)
        raise UsageError("seen")

    monkeypatch.setattr(api, "create_run", taken)
    done = CliRunner().invoke(cli, ["eval", *words], prog_name="mathif")
    assert done.exit_code == 2, done.output
    [plan] = seen
    return plan


@pytest.mark.parametrize("one", EVERY, ids=NAMES)
def test_a_value_is_the_same_by_flag_by_variable_by_file_and_from_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: Setting
) -> None:
    value = sample(one)
    expected = api.plan_of({one.key.replace("-", "_"): value})
    assert expected != Plan()
    assert planned(monkeypatch, *typed(one, value)) == expected
    file = tmp_path / "run.toml"
    table = ", ".join(f"{name} = {json.dumps(part)}" for name, part in value.items()) if one.kind is dict else ""
    file.write_text(f"{one.key} = {f'{{{table}}}' if table else json.dumps(value)}\n")
    assert planned(monkeypatch, "--config", str(file)) == expected
    words = typed(one, value)
    variable = " ".join(words[1:] if one.declared.words else words[1::2]) if len(words) > 2 else words[-1]
    monkeypatch.setenv(one.variable, "1" if one.kind is bool else variable)
    assert planned(monkeypatch) == expected


def test_what_is_typed_goes_before_a_variable_and_a_variable_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "run.toml"
    file.write_text("seed = 1\nlimit = 1\nsamples = 4\n")
    monkeypatch.setenv("MATHIF_SEED", "2")
    monkeypatch.setenv("MATHIF_LIMIT", "2")
    plan = planned(monkeypatch, "--config", str(file), "--seed", "3")
    assert (plan.sampling.seed, plan.limit, plan.samples) == (3, 2, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("temprature = 1\n", "run.toml: unknown setting 'temprature'; did you mean 'temperature'?"),
        ("limit = 0\n", "run.toml: --limit: found 0, expected a number at least 1"),
        ("top-p = 0.0\n", "run.toml: --top-p: found 0.0, expected a number above 0 and at most 1"),
        ("temperature = inf\n", "run.toml: --temperature: found inf, expected a number that JSON can hold"),
        (
            "engine-arg = {x = [nan]}\n",
            "found {'x': [nan]}, expected a table that JSON can hold",
        ),
        ("engine-arg = {x = 2026-01-01}\n", "expected a table that JSON can hold"),
        ('samples = "two"\n', "run.toml: --samples: found 'two', expected an integer"),
        ("samples = true\n", "run.toml: --samples: found True, expected an integer"),
        ('stop = [""]\n', "run.toml: --stop: found an empty text"),
        ('stop = "END"\nbase-url = ["http://a/v1", ""]\n', "run.toml: --base-url: found an empty text"),
        ("samples = \n", "run.toml: not TOML"),
    ],
)
def test_a_file_that_does_not_fit_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "run.toml").write_text(text)
    done = CliRunner().invoke(cli, ["eval", "--config", str(tmp_path / "run.toml")], prog_name="mathif")
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_resumed_run_takes_nothing_from_variables_and_refuses_what_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = str(write_task(tmp_path / "tiny"))
    api.create_run(api.plan_of({"model": "mock:null", "task": task}), tmp_path / "run")
    monkeypatch.setenv("MATHIF_SEED", "5")
    monkeypatch.setenv("MATHIF_TASK", "nowhere")
    done = CliRunner().invoke(cli, ["eval", "--resume", str(tmp_path / "run")], prog_name="mathif")
    assert done.exit_code == 0, done.output
    for one in EVERY:
        if one.declared.kept:
            done = CliRunner().invoke(cli, ["eval", "--resume", str(tmp_path / "run"), *typed(one, sample(one))])
            assert done.exit_code == 2
            assert f"leave out {one.flag}" in done.stderr


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=3))
def test_no_value_of_a_setting_is_a_traceback(value: Any) -> None:
    for one in EVERY:
        with suppress(UsageError):
            checked = one.checked(value)
            assert checked is None or isinstance(checked, one.kind)


def test_python_names_the_setting_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="unknown setting 'temprature'; did you mean 'temperature'"):
        mathif.evaluate("mock:null", temprature=1)


@pytest.mark.parametrize("flags", [("--temperature", "inf"), ("--price-in", "nan"), ("--engine-arg", "x=NaN")])
def test_a_number_that_no_record_can_hold_is_refused_where_it_is_typed(tmp_path: Path, flags: tuple[str, str]) -> None:
    command = ["eval", "--model", "mock:null", "--out", str(tmp_path / "run"), "--dry-run", *flags]
    done = CliRunner().invoke(cli, command, prog_name="mathif")
    assert (done.exit_code, flags[0] in done.stderr) == (2, True), done.output

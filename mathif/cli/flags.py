"""The flags that stand for settings, made from the records that declare them, and what was typed, read back."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import click

from mathif.cli.commands import FOLDER, Number, Whole, Wrapped
from mathif.errors import UsageError
from mathif.json_values import Json
from mathif.plan import Options, Plan
from mathif.settings import Setting, Value, by_field, settings

CHOOSING = ("arms", "wordings", "samples", "limit", "shard", "data")
"""Settings that choose which prompts are asked."""
SAMPLED = ("system_prompt", "seed", "temperature", "top_p", "max_tokens")
"""Settings of whoever is asked that a batch can hold."""

Values = Mapping[str, Value]
"""Values by the fields that they set."""


class Flag(Protocol):
    """Adds a flag to a command."""

    def __call__(self, command: Wrapped, /) -> Wrapped:
        """Return the command with the flag."""


def run_flags(command: Wrapped) -> Wrapped:
    """Add the flags that say what is asked of which model, of which engine, and where the run lies."""
    flags = [
        *(flag_of(one) for one in settings(Plan) if one not in settings(Options)),
        click.option("--out", type=FOLDER, help="Run folder.  [default: runs/MODEL-TASK]"),
        click.option("--resume", type=FOLDER, help="Continue the run in this folder with its own settings."),
        click.option(
            "--register",
            type=FOLDER,
            metavar="FILE",
            help="Write the plan and its primary analysis to this file before the first reply.",
        ),
        click.option(
            "--config",
            type=FOLDER,
            is_eager=True,
            expose_value=False,
            callback=_configured,
            help="TOML file of settings, named as the flags, or the run.json of a run.",
        ),
    ]
    return _apply(flags, engine_flags(command))


def engine_flags(command: Wrapped) -> Wrapped:
    """Add the flags that an engine may honour; one that cannot refuses them."""
    return _apply(list(map(flag_of, settings(Options))), command)


def prompt_flags(command: Wrapped) -> Wrapped:
    """Add the flags that say what is asked, the task aside."""
    return _apply([flag_of(by_field(Plan)[name]) for name in (*CHOOSING, *SAMPLED)], command)


def _apply(flags: Sequence[Flag], command: Wrapped) -> Wrapped:
    return functools.reduce(lambda wrapped, flag: flag(wrapped), reversed(flags), command)


def flag_of(one: Setting) -> Flag:
    """Return the flag of a setting, with its environment variable."""
    option = functools.partial(click.option, help=_told(one), envvar=one.variable)
    if one.kind is bool:
        return option(one.flag, one.field, is_flag=True)
    if one.kind is dict:
        return option(one.flag, one.field, multiple=True, metavar="NAME=VALUE")
    if one.declared.repeated:
        return option(one.flag, one.field, multiple=True)
    if one.declared.words:
        return option(one.flag, one.field, nargs=one.declared.words, type=click.STRING)
    short = ("-" + one.key[0],) if one.field in ("model", "tasks") else ()
    return option(one.flag, *short, one.field, type=_type_of(one), default=_default(one))


def _default(one: Setting) -> Value:
    """Return the default of a setting as it would be typed."""
    return ",".join(map(str, one.default)) if isinstance(one.default, tuple) else one.default


def _told(one: Setting) -> str:
    """Return the help of a setting, with its default."""
    default = _default(one)
    unsaid = default is False or default in (None, "", {})
    told = one.declared.default_told or ("" if unsaid else str(default))
    return f"{one.declared.help}  [default: {told}]" if told else one.declared.help


def _type_of(one: Setting) -> click.ParamType[Any]:
    if one.declared.choices:
        return click.Choice(one.declared.choices)
    low = one.declared.low if one.declared.above is None else one.declared.above
    if one.kind is int:
        return click.INT if low is None else Whole(int(low))
    if one.kind is float:
        return Number(low, one.declared.high, min_open=one.declared.above is not None)
    return click.STRING


def _configured(ctx: click.Context, flag: click.Parameter, path: Path | None) -> None:
    """Take the defaults of the command from a file of settings; what stands on the command line goes before it."""
    if path is not None:
        from mathif.api import read_config

        known = by_field(Plan)
        ctx.default_map = {field: _as_typed(known[field], value) for field, value in read_config(path).items()}


def _as_typed(one: Setting, value: Value) -> Value:
    """Return a value of a file as it would be typed after its flag."""
    if isinstance(value, Mapping):
        return [f"{name}={json.dumps(inner)}" for name, inner in value.items()]
    as_list = one.declared.repeated or one.declared.words
    return ",".join(map(str, value)) if isinstance(value, list) and not as_list else value


def given(flags: Values) -> Values:
    """Return the flags that stand on the command line, as the settings that they set."""
    source = click.get_current_context().get_parameter_source
    return typed({name: flags[name] for name in flags if source(name) is click.core.ParameterSource.COMMANDLINE})


def typed(flags: Values) -> Values:
    """Return flags as the settings that they set."""
    arguments = flags.get("engine_args")
    return {**flags, "engine_args": dict(map(_argument, arguments))} if isinstance(arguments, tuple) else flags


def _argument(text: str) -> tuple[str, Json]:
    """Read `name=value`, the value as JSON where it is JSON and as text where it is not."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageError(f"--engine-arg: found {text!r}, expected NAME=VALUE")
    try:
        return name.replace("-", "_"), json.loads(value)
    except ValueError:
        return name.replace("-", "_"), value


def numbers(text: str, flag: str, expected: str) -> list[int]:
    """Read numbers with commas between.

    Raises:
        UsageError: if something else stands there.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise UsageError(f"{flag}: found {text!r}, expected {expected}")
    return list(map(int, parts))

"""What every command is made of: the flags that each has, numbers in a range, and how an error ends it."""

from __future__ import annotations

import errno
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from mathif.cli.voice import VOICE
from mathif.errors import DataError, MathifError, StoppedError

Wrapped = TypeVar("Wrapped", bound=Callable[..., object])

_UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a write to standard output may end with; files of ours are named where they are written."""

FOLDER = click.Path(path_type=Path)


class Number(click.FloatRange):
    """A finite number in a range, called so in help and errors."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return what was typed as a number."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


class Whole(click.IntRange):
    """An integer in a range, called so in help and errors."""

    name = "integer"


class Command(click.Command):
    """A command, with the flags that every command has.

    Attributes:
        names: what a flag can name, with one line on each: a title and the names; shown below the help.
    """

    def __init__(
        self, *args: Any, names: Callable[[], tuple[str, Mapping[str, str]]] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.names = names
        self.params += [
            _spoken("--quiet", "quiet", "Say nothing but the result and what went wrong.", is_flag=True),
            _spoken("--log", "log", "Add all that is said to this file, with times.", type=FOLDER),
        ]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names below the help."""
        if self.names:
            title, names = self.names()
            with formatter.section(title):
                formatter.write_dl(list(names.items()))


def _spoken(flag: str, name: str, told: str, **more: Any) -> click.Option:
    """Return a flag that says how a command speaks."""
    return click.Option(
        [flag, f"_{name}"],
        help=told,
        envvar=f"MATHIF_{name.upper()}",
        expose_value=False,
        callback=lambda ctx, flag, value: setattr(VOICE, name, value),
        **more,
    )


def with_json(command: Wrapped) -> Wrapped:
    """Add `--json` to a command that shows a result."""
    command.__dict__.setdefault("__click_params__", []).append(
        _spoken("--json", "json", "Print the result as JSON, unrounded.", is_flag=True)
    )
    return command


class Commands(click.Group):
    """A group of commands; the one place where an error becomes a sentence and an exit code."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, with every error of ours as one line on stderr."""
        try:
            return super().invoke(ctx)
        except MathifError as error:
            _end(ctx, str(error), error.exit_code)
        except KeyboardInterrupt:
            _end(ctx, "stopped; run the command again", StoppedError.exit_code)
        except MemoryError:
            _end(ctx, "there is not enough memory; what was there is kept", DataError.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads the output has gone
                raise
            told = error.strerror or error
            if not error.filename and error.errno in _UNWRITTEN:
                told = f"what it prints cannot be written: {told}; make room there and run the command again"
            named = f"{error.filename}: " if error.filename else ""
            _end(ctx, f"{named}{told}", DataError.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which they were added."""
        return list(self.commands)


def _end(ctx: click.Context, sentence: str, code: int) -> NoReturn:
    """End the command with one sentence on stderr."""
    VOICE.complain(f"mathif: {sentence}")
    ctx.exit(code)

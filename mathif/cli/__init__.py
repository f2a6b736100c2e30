"""The command line: arguments in, sentences and tables out, errors as exit codes; nothing else prints or exits.

A file for each noun of its commands. Every command imports what it needs when it runs, so that `mathif --help` answers
at once.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

import click

from mathif import __version__
from mathif.cli import asking, boards, reading, tasks
from mathif.cli.commands import Commands
from mathif.cli.voice import VOICE

ORDER = (
    asking.demo,
    asking.evaluate,
    asking.generate,
    asking.write_prompts,
    reading.grade,
    reading.report,
    asking.probe_run,
    asking.merge_runs,
    reading.list_runs,
    reading.view_runs,
    reading.compare_runs,
    reading.export_run,
    reading.attend_to,
    tasks.show_constraints,
    tasks.tasks,
    tasks.validate,
    boards.submit,
    boards.verify,
    boards.board,
)
"""The commands in the order in which a run uses them."""

AGAIN_S = 0.01
"""Time after which a stop that was dropped is raised again."""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Measure whether reasoning models still obey instructions when they think for long."""
    VOICE.begin()


for _command in ORDER:
    cli.add_command(_command)


def main() -> None:
    """Run the command line; the entry point of the program. What ends it from outside is a Ctrl-C to it."""
    # Threads of numpy cost more than they give in fits of this size, and add in another order with each count of cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000, 20, 20)  # hardly anything here goes in circles, and the search for them takes a tenth
    atexit.register(gc.freeze)  # what is left at the end goes with the process; Python would search it several times
    for ended in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ended) is not signal.SIG_IGN:  # as under `nohup`
            signal.signal(ended, _stop)
    signal.signal(signal.SIGALRM, _stop)
    sys.unraisablehook = _again
    cli(prog_name="mathif")


class _Stopped(KeyboardInterrupt):
    """What a signal raises; a plain one inside of `exec`, as of a dataclass, would end Python with an own exit code."""


def _stop(number: int, frame: object) -> None:
    raise _Stopped


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Raise a stop once more, a moment later, where it came in code whose exceptions Python can only tell and drop."""
    if lost.exc_type is _Stopped:
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
    else:
        sys.__unraisablehook__(lost)

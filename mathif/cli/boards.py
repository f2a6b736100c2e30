"""The commands of the leaderboard: an entry handed in, made again from its replies, and all of them ranked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from mathif.cli.commands import FOLDER, Command, with_json
from mathif.cli.voice import bar, say, show
from mathif.counting import counted
from mathif.errors import UsageError


@click.command(cls=Command)
@click.argument("run", type=FOLDER)
@click.option("--about", type=FOLDER, help="TOML file with what is known of the model (docs/submitting.md).")
@click.option("--submitter", default="anonymous", show_default=True, help="Who hands it in.")
@click.option(
    "--relation",
    type=click.Choice(["author", "third-party"]),
    default="third-party",
    show_default=True,
    help="Whether the submitter made the model.",
)
@click.option("--replies-url", metavar="URL", help="Where the replies will be, if they are too large for the board.")
@click.option(
    "--board", "folder", type=FOLDER, default=Path("leaderboard"), show_default=True, help="Folder of the leaderboard."
)
def submit(
    run: Path,
    about: Path | None,
    submitter: str,
    relation: Literal["author", "third-party"],
    replies_url: str | None,
    folder: Path,
) -> None:
    """Write the leaderboard entry of a finished run.

    Its replies are written beside it.
    """
    from mathif.entry import claims_of
    from mathif.entry import submit as hand_in
    from mathif.run import Run

    opened = Run(run)
    entry, replies = hand_in(opened, claims_of(opened, about, submitter, relation, replies_url), folder)
    say(f"entry: {entry}")
    say(f"replies: {replies}" + (f"; put this file at {replies_url}" if replies_url else ""))
    say(f"next: mathif verify {entry}" + (f" --replies {replies}" if replies_url else ""))


@click.command(cls=Command)
@click.argument("entry", type=FOLDER)
@click.option("--replies", type=FOLDER, help="The entry's replies.  [default: beside it, in responses/]")
@click.option("--data", type=FOLDER, help="File or folder with the data of a task that are not in this package.")
@with_json
def verify(entry: Path, replies: Path | None, data: Path | None) -> None:
    """Make a leaderboard entry again from its raw replies.

    Every value is compared.
    """
    from mathif.verify import verify as make_again

    verification = make_again(entry, replies, data, progress=bar)
    told = {"entry": str(entry), "badge": verification.badge.value, "reason": verification.reason}
    show(told, lambda: f"{entry}: {verification.badge}" + (f" ({verification.reason})" if verification.reason else ""))


@click.command(cls=Command)
@click.option(
    "--board", "folder", type=FOLDER, default=Path("leaderboard"), show_default=True, help="Folder of the leaderboard."
)
@click.option("--data", type=FOLDER, help="File or folder with the data of tasks that are not in this package.")
@click.option("--check", is_flag=True, help="Only verify every entry; nothing is written.")
@click.option("--regrade", is_flag=True, help="First make entries by other rules or formulas again from their replies.")
def board(folder: Path, data: Path | None, check: bool, regrade: bool) -> None:
    """Verify every entry, and build the board from them.

    An entry is verified against its replies.
    """
    from mathif import board as leaderboard

    if check and regrade:
        raise UsageError("--check writes nothing, and --regrade does; leave out one of the two")
    if regrade:
        for name in leaderboard.regrade(folder, data, bar):
            say(f"{name}: graded again")
    if check:
        verified = leaderboard.check(folder, data, bar)
        for one in verified:
            say(f"{one.entry.name}: {one.badge.value}")
        say(counted(len(verified), "entry holds", "entries hold"))
    else:
        say(f"board: {leaderboard.build(folder, data, bar, say)}")

"""Registration: what a run is going to ask and the one analysis that counts, written down before the first reply.

The file is the user's, to be put where its date can be seen. Its digest goes into the head of the run and into the
entry, and whoever has the entry can make it again from the tasks, the arms and the samples that stand there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from mathif import store
from mathif.errors import DataError, UsageError
from mathif.plan import Plan
from mathif.report.claimed import primary_analysis
from mathif.run.head import Stamp, TaskStamp


class Registration(TypedDict):
    """The plan and its primary analysis, with the SHA-256 over all of it as `digest`."""

    tasks: list[TaskStamp]
    prompts: str
    arms: list[str]
    samples: int
    limit: int | None
    primary: str
    digest: str


def registration(plan: Plan, stamp: Stamp) -> Registration:
    """Return what is written down of a plan.

    Args:
        plan: what is going to be asked; its model and its shard are left out, so that one registration serves several.
        stamp: `tasks` with their versions and digests, and the digest of the `prompts`, as the head of a run has them.
    """
    row: Registration = {
        "tasks": stamp["tasks"],
        "prompts": stamp["prompts"],
        "arms": sorted(plan.arms),
        "samples": plan.samples,
        "limit": plan.limit,
        "primary": primary_analysis(plan.arms),
        "digest": "",
    }
    row["digest"] = store.digest({name: value for name, value in row.items() if name != "digest"})
    return row


def register(plan: Plan, stamp: Stamp, path: Path) -> str:
    """Write the registration of a plan of which nothing is asked yet to `path`, and return its digest.

    A file that is there already, such as one that was published, must hold the same registration.

    Raises:
        UsageError: if there is nothing to register, or if the file holds another plan.
    """
    row = registration(plan, stamp)
    if not row["primary"]:
        raise UsageError(f"--register {path}: the arms show no constraints, so that there is no primary analysis")
    if path.exists():
        _refuse_other(row, path)
    else:
        store.make_folder(path.parent)
        store.write_json(path, row)
    return row["digest"]


def _refuse_other(row: Registration, path: Path) -> None:
    """Refuse a file that does not hold this registration.

    Raises:
        UsageError: naming what differs.
    """
    try:
        known = store.read_json(path)
    except DataError as error:
        raise UsageError(f"--register: {error}; name a file that is not there yet") from error
    differs = [name for name, value in row.items() if known.get(name) != value]
    if differs:
        raise UsageError(
            f"--register {path}: it registers another plan ({', '.join(differs)} differ); name a file that is not there"
            " yet"
        )

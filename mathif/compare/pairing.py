"""Pairing: open the runs, refuse those that cannot be compared, and find the partner of every reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from mathif import store
from mathif.arms import SELF
from mathif.errors import DataError, UsageError
from mathif.records import Finish, Graded
from mathif.report.marked import Rows, read
from mathif.results import LeftOut, Setting
from mathif.run import Run
from mathif.run.head import refuse_other_report


class Side(NamedTuple):
    """One of the runs.

    Attributes:
        run: the run.
        graders: edition of each rule that graded it; empty where its report names none.
        rows: its verdicts by key; those of arm `self` left out, whose constraints are another run's own.
    """

    run: Run
    graders: Mapping[str, str]
    rows: Mapping[str, Graded]


class Paired(NamedTuple):
    """The replies that two runs share.

    Attributes:
        first: rows of the first run.
        second: rows of the second run, of the same keys in the same order.
        left_out: rows with no partner, of the first and of the second run, and pairs that the harness failed to get.
        differs: settings in which the runs differ, each with both values as JSON text.
    """

    first: Rows
    second: Rows
    left_out: LeftOut
    differs: tuple[Setting, ...]


def open_side(folder: Path) -> Side:
    """Open a graded run.

    Raises:
        DataError: if the folder holds none, or a report that was not written for it.
    """
    run = Run(folder)
    report = folder / "report.json"
    if not report.is_file():
        raise DataError(
            f"{report}: not there; finish the run with `mathif grade {folder}` and `mathif report {folder}`"
        )
    refuse_other_report(folder, run.head)
    editions = store.read_json(report).get("graders")
    graders = {name: str(digest) for name, digest in editions.items()} if isinstance(editions, dict) else {}
    return Side(run, graders, {row.key: row for row in run.graded() if row.arm != SELF})


def pair(first: Side, second: Side) -> Paired:
    """Return the replies that both runs hold, those that the harness failed to get in either left out.

    A constraint on the thinking counts where both replies show theirs.

    Raises:
        UsageError: if the items, the prompts or the graders differ, naming what does, or if there is no pair.
    """
    _same_items(first, second)
    _same_prompts(first, second)
    _same_graders(first, second)
    shared = first.rows.keys() & second.rows.keys()
    errors = {key for key in shared if Finish.ERROR in (first.rows[key].finish, second.rows[key].finish)}
    keys = shared - errors
    if not keys:
        raise _refused(
            first,
            second,
            f"no reply is in both (arms {_arms(first)} against {_arms(second)}; {len(errors)} of the {len(shared)}"
            " pairs are failures of the harness)",
        )
    for key in sorted(keys):
        _same_row(first, second, key)
    return Paired(
        read(first.rows[key].measured_with(second.rows[key]) for key in keys),
        read(second.rows[key].measured_with(first.rows[key]) for key in keys),
        LeftOut(
            only_first=len(first.rows.keys() - shared),
            only_second=len(second.rows.keys() - shared),
            errors=len(errors),
        ),
        tuple(_differs(first.run, second.run)),
    )


def _refused(first: Side, second: Side, why: str) -> UsageError:
    return UsageError(f"{first.run.folder} and {second.run.folder} cannot be compared: {why}")


def _same_items(first: Side, second: Side) -> None:
    mine, theirs = (_digests(side) for side in (first, second))
    if not mine.keys() & theirs.keys():
        raise _refused(first, second, f"no task is in both ({', '.join(mine)} against {', '.join(theirs)})")
    for name in sorted(mine.keys() & theirs.keys()):
        if mine[name] != theirs[name]:
            raise _refused(
                first,
                second,
                f"the items of task {name!r} differ (digest {mine[name][:12]}… against {theirs[name][:12]}…);"
                " ask both models the same version of it",
            )


def _digests(side: Side) -> dict[str, str]:
    return {task["name"]: task["digest"] for task in side.run.head["tasks"]}


def _same_prompts(first: Side, second: Side) -> None:
    """Refuse runs that may show other prompts under the same key.

    The digest of a run is over all its prompts, so it differs too where one run has more arms, samples or items. Then
    both runs must be such that this program makes their prompts again, byte for byte: what they share is the same.
    """
    if first.run.head["prompts"] == second.run.head["prompts"]:
        return
    for side in (first, second):
        try:
            _ = side.run.tasks
        except DataError as error:
            raise _refused(
                first, second, f"their prompts differ, or cannot be shown to be the same: {error}"
            ) from error


def _same_graders(first: Side, second: Side) -> None:
    # arm `self`, which is not compared, may have drawn kinds in one run that the other never judged
    shared = first.graders.keys() & second.graders.keys()
    other = sorted(name for name in shared if first.graders[name] != second.graders[name])
    if other or not shared:
        again = " and ".join(
            f"`mathif grade {side.run.folder} && mathif report {side.run.folder}`" for side in (first, second)
        )
        raise _refused(first, second, f"their graders differ ({', '.join(other[:3])}); grade both again with {again}")


def _same_row(first: Side, second: Side, key: str) -> None:
    """Refuse two verdicts of one key that are not on the same constraints."""
    mine, theirs = first.rows[key], second.rows[key]
    for name in ("problem", "kinds"):
        if getattr(mine, name) != getattr(theirs, name):
            found = f"{getattr(mine, name)} against {getattr(theirs, name)}"
            raise _refused(first, second, f"{key}: {name} {found}; grade both again")
    if mine.constraints.keys() != theirs.constraints.keys():
        found = f"{sorted(mine.constraints)} against {sorted(theirs.constraints)}"
        raise _refused(first, second, f"{key}: profiles {found}; grade both again")


def _arms(side: Side) -> str:
    return ", ".join(sorted({row.arm for row in side.rows.values()})) or "none"


_SETTINGS = ("mathif", "plan", "engine", "graders", "packages", "probe")
"""Fields of a head that say how a run was made; the others are digests, times and the like, of that run alone."""


def _differs(first: Run, second: Run) -> Iterator[Setting]:
    """Yield the settings that differ, the engine's description of itself among them."""
    mine, theirs = (dict(_flat(_settings(run), "")) for run in (first, second))
    for name in sorted(mine.keys() | theirs.keys()):
        if mine.get(name) != theirs.get(name):
            yield Setting(name, mine.get(name, "–"), theirs.get(name, "–"))


def _settings(run: Run) -> Mapping[str, object]:
    return {name: value for name, value in run.head.items() if name in _SETTINGS}


def _flat(settings: Mapping[str, object], prefix: str) -> Iterable[tuple[str, str]]:
    """Yield the leaves of settings under dotted names."""
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, store.canonical(value)

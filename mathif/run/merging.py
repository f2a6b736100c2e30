"""Merging: the shards of one plan become one run, the same as if it had never been cut."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from mathif import store
from mathif.engines import differences
from mathif.errors import UsageError
from mathif.json_values import Json, JsonObject
from mathif.plan import Plan, kept
from mathif.run.folder import GENERATIONS, Run
from mathif.run.head import HeadFields, write_head

SAME = ("schema", "mathif", "tasks", "prompts")
"""What the heads of shards have in common."""


def merge(folders: Sequence[Path], out: Path, *, incomplete: bool = False) -> tuple[Run, str]:
    """Make one run of its shards; they are only read.

    Args:
        folders: run folders, each of a shard of the same plan.
        out: folder of the new run.
        incomplete: whether shards may be missing; the run then goes on with what is missing.

    Returns:
        The run, and which shards are missing, in words, "" where none is.

    Raises:
        UsageError: if a folder is no shard, if plans, prompts, engines or versions differ, or if a shard is there twice
            or, without `incomplete`, not at all.
        DataError: if a shard is damaged, or holds a reply that it was not to ask for.
    """
    store.refuse_taken(out, "choose another --out")
    runs = [Run(folder) for folder in folders]
    _same_plan(runs)
    missing = _missing(runs)
    if missing and not incomplete:
        raise UsageError(f"{missing}; merge them too, or say --incomplete and ask for them with --resume")
    for run in runs:
        run.judged()  # refuses what is damaged or foreign
    plan = dataclasses.replace(runs[0].plan, shard=None).to_json()
    started = min(str(run.head.get("started", "")) for run in runs)
    asked_s = round(sum(run.head.get("asked_s", 0) for run in runs), 3)
    store.make_folder(out)
    try:
        marks = {file: _joined(runs, out, file) for file in (GENERATIONS, *runs[0].subject.drawn)}
        # Last, as it makes the folder a run: what a killed merge leaves is none, and nothing is graded in it.
        merged: HeadFields = {"plan": plan, "records": marks, "started": started, "asked_s": asked_s}
        write_head(out, {**runs[0].head, **merged, "engine": _engine(runs)})
    except BaseException:
        store.remove_folder(out)
        raise
    return Run(out), missing


def _joined(runs: Sequence[Run], out: Path, file: str) -> list[int | str]:
    """Write the records of all shards into one file, and return how many they are and their digest."""
    with store.rewriting(out / file, runs[0].origin) as rows:
        for row in _rows(runs, file):
            rows.append(row)
    return [rows.mark.total, rows.mark.digest]


def _rows(runs: Sequence[Run], file: str) -> Iterator[JsonObject]:
    for run in runs:
        yield from run.look_through(file).values()


def _engine(runs: Sequence[Run]) -> JsonObject:
    """Return how the engine of all shards describes itself, with all the hardware that it ran on."""
    engines = [run.head["engine"] for run in runs]
    hardware = dict.fromkeys(str(engine["hardware"]) for engine in engines if "hardware" in engine)
    return {**engines[0], "hardware": " and ".join(hardware)} if hardware else engines[0]


def _same_plan(runs: Sequence[Run]) -> None:
    """Refuse runs that are not shards of one plan.

    Raises:
        UsageError: naming what differs.
    """
    first, *others = runs
    for run in runs:
        if run.plan.part is None:
            raise UsageError(f"{run.folder}: is a whole run and no shard of one; shards are made with --shard I/N")
        if "engine" not in run.head:
            raise UsageError(f"{run.folder}: nothing was asked yet; continue with: {run.resume_line}")
    for other in others:
        differ = [name for name in SAME if other.head.get(name) != first.head.get(name)]
        differ += [f"the engine's {name}" for name in differences(first.head["engine"], other.head["engine"])]
        mine, theirs = _kept(first.plan), _kept(other.plan)
        differ += [name for name in mine if mine[name] != theirs[name]]
        if differ:
            names = ", ".join(differ)
            raise UsageError(f"{first.folder} and {other.folder} are not of one run: they differ in {names}")


def _kept(plan: Plan) -> dict[str, Json]:
    """Return the settings that the shards of one plan share: all but the shard and what changes no reply."""
    number_of = f"of {plan.part[1]}" if plan.part else None
    return dataclasses.replace(plan, shard=None, options=kept(plan.options)).to_json() | {"shard": number_of}


def _missing(runs: Sequence[Run]) -> str:
    """Return which shards are missing, in words, "" where none is.

    Raises:
        UsageError: if one is there twice.
    """
    parts = [run.plan.part for run in runs if run.plan.part]
    count = parts[0][1]
    there: dict[int, Path] = {}
    for run, (number, _) in zip(runs, parts, strict=True):
        if number in there:
            raise UsageError(f"{there[number]} and {run.folder} are both shard {number}/{count}")
        there[number] = run.folder
    absent = [f"{number}/{count}" for number in range(1, count + 1) if number not in there]
    if not absent:
        return ""
    return f"shard {absent[0]} is missing" if len(absent) == 1 else f"shards {', '.join(absent)} are missing"

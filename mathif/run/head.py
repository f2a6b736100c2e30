"""The head of a run, `run.json`: what was asked of whom, as typed fields, sealed where written and checked where read.

A head holds the number that the checksums of its run's records begin from, so that another run's records do not fit. A
head of an older program holds neither number nor seal, and is read and kept as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, cast

from mathif import store
from mathif.errors import DataError
from mathif.json_values import Json, JsonObject
from mathif.plan import Plan, kept
from mathif.records import SCHEMA

HEAD = "run.json"
VERDICTS = "verdicts.jsonl"
REPORT = "report.json"


class TaskStamp(TypedDict):
    """Which task was asked, and the digest of its content."""

    name: str
    version: str
    digest: str


class Stamp(TypedDict):
    """Which tasks were asked, and the digest of the prompts that were made from them."""

    tasks: list[TaskStamp]
    prompts: str


class ProbeSettings(TypedDict, total=False):
    """What a probe does: its interventions, the arm and the digest of the replies they edit, and its unit of length."""

    arms: list[str]
    of: str
    limit: int | None
    recorded: str
    unit: str | None


class HeadFields(TypedDict, total=False):
    """Fields of a head that a stage sets, or that only some runs have.

    Attributes:
        plan: `Plan.to_json`.
        engine: how the engine describes itself.
        records: of each record file, how many records it holds and their digest.
        graders: the edition of each rule that judged.
        report: digest of `report.json` and of the verdicts that it tells of.
        packages: the packages that the kinds of constraints are from, each with its version.
        probe: what a probe does.
        registered: digest of the plan that was written down before the first reply.
        started: the day on which it was begun.
        origin: what the checksums of its replies and drawings begin from, of 32 bits.
        seal: digest of all other fields.
        asked_s: seconds spent on asking, those of every shard and every resumption added up.
    """

    plan: JsonObject
    engine: JsonObject
    records: Mapping[str, list[int | str]]
    graders: Mapping[str, str]
    report: str
    packages: Mapping[str, str]
    probe: ProbeSettings
    registered: str
    started: str
    asked_s: float
    origin: int
    seal: str


class Head(HeadFields, Stamp):
    """The content of `run.json`; `plan` is there in each."""

    schema: int
    mathif: str


def origin_of(plan: Plan, stamp: Stamp) -> int:
    """Return what the checksums of a run's records begin from: a number of what is asked of whom.

    The shards of a plan have the number of the whole, and what changes no reply does not change it.
    """
    asked = replace(plan, shard=None, options=kept(plan.options)).to_json()
    return zlib.crc32(store.canonical([asked, stamp["tasks"], stamp["prompts"]]).encode())


def write_head(folder: Path, head: Head) -> None:
    """Write `run.json`, sealed.

    Raises:
        DataError: if the disk refuses.
    """
    store.write_json(folder / HEAD, {**head, "seal": _seal(head)} if "origin" in head else head)


def digest_of_report(folder: Path, head: Head) -> str:
    """Return the digest of the `report.json` in a run's folder and of the verdicts that are there now."""
    return store.digest([store.file_digest(folder / REPORT), head.get("records", {}).get(VERDICTS)])


def refuse_other_report(folder: Path, head: Head) -> None:
    """Refuse a `report.json` that is not as it was written, or is another run's or of earlier verdicts.

    Raises:
        DataError: if it is not the one that the head knows; the head of an older program knows none.
    """
    if "report" in head and head["report"] != digest_of_report(folder, head):
        raise DataError(
            f"{folder / REPORT}: was changed since it was written, or is of other verdicts than are there now; "
            f"make it again: mathif report {folder}"
        )


def _seal(head: Mapping[str, object]) -> str:
    return store.digest({name: value for name, value in head.items() if name != "seal"})


def read_head(folder: Path) -> Head:
    """Read `run.json`.

    Raises:
        DataError: if the folder is not that of a run, or its head was changed, or made by another version of the
            records.
    """
    path = folder / HEAD
    if not path.exists() and not path.is_symlink():
        raise DataError(
            f"{folder}: there is no run here (no run.json); expected the folder of a run: "
            "`mathif runs` lists them, and `mathif eval` makes one"
        )
    try:
        row = store.read_json(path)
    except DataError as error:
        raise DataError(f"{error}; put back a copy of it, or begin the run anew in another folder") from error
    if row.get("schema") != SCHEMA:
        raise DataError(
            f"{path}: found schema {row.get('schema')!r}, expected {SCHEMA}; go on with the version of mathif that "
            "wrote it, or begin the run anew in another folder"
        )
    for name, kind in (("plan", dict), ("tasks", list), ("prompts", str), ("mathif", str)):
        if not isinstance(row.get(name), kind):
            raise DataError(f"{path}: not the head of a run: {name!r} is missing or of another type")
    if "origin" in row and row.get("seal") != _seal(row):
        raise DataError(
            f"{path}: was changed since it was written: its seal is another; undo that, or ask anew what it says now, "
            f"in another folder: mathif eval --config {path} --out NEW"
        )
    _refuse_odd(row, path)
    return cast(Head, row)


def _refuse_odd(row: JsonObject, path: Path) -> None:
    """Refuse fields of a head that cannot be used.

    Raises:
        DataError: naming the first.
    """
    tasks = row["tasks"]
    if not (isinstance(tasks, list) and all(map(_is_stamp, tasks))):
        raise DataError(f"{path}: not the head of a run: a task lacks its name, version or digest")
    for name in ("engine", "probe", "records", "packages"):
        if not isinstance(row.get(name, {}), dict):
            raise DataError(f"{path}: {name!r} is {row[name]!r:.80}, expected an object")
    if type(row.get("origin", 0)) is not int:
        raise DataError(f"{path}: 'origin' is {row['origin']!r:.80}, expected an integer")
    if not isinstance(row.get("asked_s", 0), int | float):
        raise DataError(f"{path}: 'asked_s' is {row['asked_s']!r:.80}, expected the seconds that asking took")
    records = row.get("records")
    for file, mark in records.items() if isinstance(records, dict) else ():
        if not _is_mark(mark):
            raise DataError(f"{path}: of {file!r} it says {mark!r:.80}, expected a number of records and a digest")


def _is_stamp(value: Json) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ("name", "version", "digest"))


def _is_mark(value: Json) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [int, str]

"""Verification: an entry made again from its raw replies alone, and compared with what was handed in, value by value.

A badge says what stands behind an entry, and none is the submitter's own word: *self-reported* is all that is left
where the replies are not at hand; *regraded* means that every verdict and number was recomputed and is the same;
*reproduced*, that somebody else ran the same model with the same settings and both agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mathif import store, submission, tasks
from mathif.arms import asked_at, parse_arms
from mathif.counting import counted
from mathif.editions import changed, editions
from mathif.entry import (
    Asked,
    Claims,
    Entry,
    Opened,
    ReplyRow,
    Tally,
    TaskStamp,
    entry_row,
    fitted,
    open_entry,
    plain,
    read_entry,
)
from mathif.errors import BoardError, DataError, FiguresError, StaleError, UsageError, nearest
from mathif.evidence import Evidence, Onlooker
from mathif.grading import graded
from mathif.items import Task
from mathif.json_values import JsonObject
from mathif.records import Finish, Generation, Graded, Key, Reply, Sampling
from mathif.report import summarize
from mathif.results import ACC, HACC, ProfileReport
from mathif.run import Items, Plan, Progress, chosen, silent
from mathif.run.pipeline import count, graded_replies, overheard
from mathif.run.subject import stamped
from mathif.schemas import shown
from mathif.schemas.held import optional
from mathif.settings import record_of
from mathif.stats import Share


class Badge(StrEnum):
    """What stands behind an entry."""

    SELF_REPORTED = "self-reported"
    REGRADED = "regraded"
    REPRODUCED = "reproduced"


@dataclass(frozen=True, slots=True)
class Verification:
    """An entry that holds, with its badge.

    Attributes:
        entry: the entry.
        badge: what stands behind it.
        reason: why the badge is no better, "" where it is the best one.
        evidence: what the replies show beyond the numbers; nothing where they are elsewhere.
    """

    entry: Entry
    badge: Badge
    reason: str = ""
    evidence: Evidence = field(default_factory=Evidence)


def verify(
    path: Path,
    replies: Path | None = None,
    data: Path | None = None,
    progress: Progress[Graded] = silent,
) -> Verification:
    """Make the entry at `path` again from its replies, and compare every value.

    Args:
        path: the entry, `entries/NAME.json`.
        replies: its replies; None for `responses/NAME.jsonl.gz` beside the folder of the entry.
        data: file or folder with the data of tasks that are not in this package.
        progress: shows how far the grading is.

    Returns:
        The badge `regraded`; `self-reported` where the replies are elsewhere and not given.

    Raises:
        StaleError: if rules that judged it have another edition now.
        BoardError: if a value differs, with its pointer and both values, or if the entry or a reply is refused.
        UsageError: for data that the entry's tasks do not read.
    """
    opened = open_entry(path)
    refuse_idle_data(data, [opened.entry], str(path))
    return verify_opened(opened, path, replies, data, progress)


def refuse_idle_data(data: Path | None, entries: Iterable[Entry], where: str) -> None:
    """Refuse data that the tasks of no entry read.

    Raises:
        UsageError: naming `where` the entries are.
    """
    asked = {stamp.name for entry in entries for stamp in entry.tasks}
    tasks.refuse_idle(data, sorted(asked.intersection(tasks.names())), where)


def verify_opened(
    opened: Opened,
    path: Path,
    replies: Path | None = None,
    data: Path | None = None,
    progress: Progress[Graded] = silent,
) -> Verification:
    """Verify an entry that was opened already, as `verify` does."""
    entry = opened.entry
    where = str(path)
    loaded = _known_tasks(entry, data, where)
    other = changed(entry.graders)
    if other:
        raise StaleError(
            f"{where}: /graders: {counted(len(other), 'rule has', 'rules have')} another edition now, first "
            f"{', '.join(other[:3])}; make the entry again from its replies with: mathif board --regrade"
        )
    if replies is None and entry.replies.url is not None:
        return Verification(
            read_entry(path), Badge.SELF_REPORTED, f"the replies are at {entry.replies.url}, and were not given"
        )
    made = _made_again(entry, path, replies, data, loaded, progress)
    again = {**made.row, "mathif": entry.mathif}  # another version that makes the same numbers is one more proof
    _same({**opened.claimed, "digest": ""}, {**again, "digest": ""}, where)
    opened.refuse_broken_seal(where)
    reason = "nobody else has handed in the same model with the same settings"
    return Verification(entry, Badge.REGRADED, reason, made.evidence)


def regraded(path: Path, data: Path | None = None, progress: Progress[Graded] = silent) -> JsonObject:
    """Return the entry at `path` as its replies make it by the rules of today.

    Raises:
        BoardError: if the entry or a reply is refused, or the replies are elsewhere.
    """
    entry = read_entry(path)
    if entry.replies.url is not None:
        raise BoardError(f"{path}: the replies are at {entry.replies.url}; only those beside it are graded again")
    row = _made_again(entry, path, None, data, _known_tasks(entry, data, str(path)), progress).row
    if row["name"] != entry.name:
        raise BoardError(f"{path}: its replies make it {row['name']!r}; hand the run in again")
    return row


def _made_again(
    entry: Entry,
    path: Path,
    replies: Path | None,
    data: Path | None,
    loaded: Sequence[Task],
    progress: Progress[Graded],
) -> Made:
    """Return what the replies of an entry make, graded here."""
    where = str(path)
    source = replies or replies_beside(path)
    _same_file(entry, source, where)
    plan = _plan(entry, data)
    items = Items(plan, where, tasks=tuple(loaded))
    said = _replies(source, _asked_at_most(plan, loaded, where))
    if items.arms.digest != entry.prompts:
        raise BoardError(f"{where}: /prompts: these are not the benchmark's prompts under these settings")
    return entry_of(items, entry.inference.engine, said, Claims.of(entry), where, progress)


def replies_beside(path: Path) -> Path:
    """Return where the replies of the entry at `path` are, if they are handed in with it."""
    return path.parent.parent / "responses" / f"{path.stem}.jsonl.gz"


def reproduced(verified: Sequence[Verification]) -> list[Verification]:
    """Return `verified` with the badge `reproduced` where two regraded entries of different submitters agree.

    They agree if model, tasks, arms and settings but the seed are the same, the replies are not, and the intervals of
    HAcc and of Acc overlap in every arm under both profiles. That two submitters are two people is what who merges
    them vouches for.
    """
    return [
        replace(one, badge=Badge.REPRODUCED, reason="")
        if any(_agree(one, other) for other in verified if other is not one)
        else one
        for one in verified
    ]


def _agree(one: Verification, other: Verification) -> bool:
    if {one.badge, other.badge} != {Badge.REGRADED}:
        return False
    a, b = one.entry, other.entry
    if not _by_two(one, other) or _setup(a) != _setup(b) or _same_replies(one, other):
        return False
    return all(
        _overlap(metric.figure(mine.overall), metric.figure(b.profiles[profile].arms[arm].overall))
        for profile, block in a.profiles.items()
        for arm, mine in block.arms.items()
        for metric in (HACC, ACC)
    )


def _by_two(one: Verification, other: Verification) -> bool:
    return one.entry.submitter.casefold() != other.entry.submitter.casefold()


def _same_replies(one: Verification, other: Verification) -> bool:
    return one.entry.replies.digest == other.entry.replies.digest or one.evidence.copies(other.evidence)


def refuse_copies(one: Verification, others: Iterable[Verification], where: str) -> None:
    """Refuse an entry whose replies another submitter hands in too and says to be those of another model.

    A simulated model is what it is under any name, and makes a reference, not a result; and one submitter may serve
    one model under two names.

    Raises:
        BoardError: naming the other entry.
    """
    for other in others:
        names = {verified.entry.model.id.casefold() for verified in (one, other)}
        if len(names) > 1 and not one.entry.simulated and _by_two(one, other) and _same_replies(one, other):
            raise BoardError(
                f"{where}: /replies: they are those of {other.entry.name}, of which {other.entry.submitter!r} says "
                f"that {other.entry.model.id!r} gave them and not {one.entry.model.id!r}; leave out the one of the two "
                "that is not true"
            )


def _setup(entry: Entry) -> tuple[object, ...]:
    inference = entry.inference
    return (
        entry.model.id.casefold(),
        entry.model.revision,
        entry.model.precision,
        entry.tasks,
        entry.graders,
        sorted(inference.arms),
        inference.limit,
        inference.system_prompt,
        inference.reasoning.mode,
        inference.sampling.model_copy(update={"seed": 0}),
    )


def _overlap(a: Share, b: Share) -> bool:
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return a.value == b.value
    return a.low <= b.high and b.low <= a.high


# What must be known before anything is made again


def _known_tasks(entry: Entry, data: Path | None, where: str) -> list[Task]:
    """Return the tasks of an entry, which are this mathif's, as are its arms.

    Raises:
        BoardError: naming what is not known.
    """
    loaded = [_known_task(stamp, data, f"{where}: /tasks/{place}") for place, stamp in enumerate(entry.tasks)]
    if len({task.name for task in loaded}) < len(loaded):
        raise BoardError(f"{where}: /tasks: the same task twice")
    try:
        parse_arms(",".join(entry.inference.arms))
    except UsageError as error:
        raise BoardError(f"{where}: /inference/arms: {error}") from error
    return loaded


def _known_task(stamp: TaskStamp, data: Path | None, where: str) -> Task:
    if stamp.name not in tasks.names():
        raise BoardError(f"{where}/name: no bundled task {stamp.name!r}{nearest(stamp.name, tasks.names())}")
    try:
        name = tasks.edition(stamp.name, stamp.version)
        task = _loaded(name, tuple(tasks.stamp(name)), data)
    except DataError as error:
        raise BoardError(f"{where}: the task cannot be loaded: {error}") from error
    for name, known in (("version", task.version), ("digest", task.digest)):
        said = getattr(stamp, name)
        if said != known:
            raise BoardError(
                f"{where}/{name}: found {said!r}, but this mathif's task {task.name!r} has {known!r}; verify it with "
                "the mathif that made it, or ask the task of today and hand that run in"
            )
    return task


@lru_cache(maxsize=4)
def _loaded(name: str, files: tuple[str, ...], data: Path | None) -> Task:
    """Load a task whose files have these digests; the entries of a board are of few tasks."""
    return tasks.load(name, data)


def _same_file(entry: Entry, source: Path, where: str) -> None:
    """Refuse another replies file than the one that the entry names."""
    if not source.exists():
        raise BoardError(f"{where}: there are no replies at {source}; hand them in beside the entry, or give --replies")
    known = entry.replies
    if known.sha256 is not None:
        size = source.stat().st_size
        if size != known.bytes:
            raise BoardError(f"{where}: /replies/bytes: found {known.bytes}, but {source} has {size}")
        if store.file_digest(source) != known.sha256:
            raise BoardError(f"{where}: /replies/sha256: is not that of {source}")


# Making it again


class Made(NamedTuple):
    """An entry that was made from its replies, and what they show beyond its numbers."""

    row: JsonObject
    evidence: Evidence


def entry_of(
    items: Items,
    engine: JsonObject,
    replies: Iterable[Generation],
    claims: Claims,
    where: str,
    progress: Progress[Graded] = silent,
) -> Made:
    """Grade replies, summarize the verdicts and make the entry, in memory, each reply read once as it goes by.

    Args:
        items: what was asked.
        engine: how the engine describes itself.
        replies: what it said.
        claims: what no reply can prove.
        where: begins every error.
        progress: shows how far the grading is.

    Raises:
        BoardError: if replies are missing or were never asked for, or if the board refuses what they make.
    """
    served, tally, onlooker = items.served({}), Tally(), Onlooker(items.arms.served({}))
    kinds: set[str] = set()

    def listened() -> Iterator[Reply]:
        for said in overheard(items, replies):
            tally.hear(said)
            onlooker.hear(said.reply)
            yield said.reply
        _each_once({key for key, _ in tally.rows}, served.keys(), where)

    def judged() -> Iterator[Graded]:
        for verdict in progress(graded_replies(served, listened(), graded), count(served), "verdicts"):
            kinds.update(verdict.kinds)
            tally.judge(verdict)
            onlooker.judge(verdict)
            yield verdict

    report = summarize(judged())
    report = replace(report, graders=editions(kinds))
    asked = Asked(where, items.plan, stamped(items.arms), engine)
    return Made(entry_row(asked, report, tally, claims), onlooker.evidence())


def _plan(entry: Entry, data: Path | None) -> Plan:
    inference = entry.inference
    return Plan(
        model=entry.model.id,
        tasks=tuple(stamp.name for stamp in entry.tasks),
        arms=tuple(inference.arms),
        data=str(data) if data else None,
        samples=inference.samples,
        limit=inference.limit,
        system_prompt=inference.system_prompt,
        sampling=record_of(Sampling, inference.sampling.model_dump()),
    )


def _asked_at_most(plan: Plan, loaded: Iterable[Task], where: str) -> int:
    """Return how many replies a plan asks for at most, without making a prompt.

    Raises:
        BoardError: if they are more than an entry may have.
    """
    places = (
        {asked[0] for item in chosen(task.items, plan.limit) if (asked := asked_at(item, arm)) is not None}
        for task in loaded
        for arm in plan.arms
    )
    count = plan.samples * sum(map(len, places))
    if count > submission.ROWS:
        raise BoardError(f"{where}: /inference/samples: asks {count} prompts, expected at most {submission.ROWS}")
    return count


def _replies(source: Path, most: int) -> Iterator[Generation]:
    """Yield the replies of a file, each key once, `most` at most.

    Raises:
        BoardError: for a row that is not a reply, for a doubled key, and for one reply too many.
    """
    seen: set[str] = set()
    for number, row in enumerate(submission.read_replies(source), 1):
        where = f"{source}:{number}"
        if row.get("finish") == Finish.ERROR:
            raise BoardError(f"{where}: the engine failed here, so the run is incomplete; resume it and submit again")
        reply = fitted(ReplyRow, row, where)
        if reply.key in seen:
            raise BoardError(f"{where}: /key: {reply.key!r} occurs twice; expected one reply to each item and sample")
        if number > most:
            raise BoardError(f"{where}: /key: {reply.key!r} is one reply too many; expected at most {most}")
        seen.add(reply.key)
        _well_formed(reply.key, where)
        yield Generation.from_json(reply.model_dump(mode="json"))


def _well_formed(key: str, where: str) -> None:
    try:
        Key.parse(key)
    except DataError as error:
        raise BoardError(f"{where}: /key: {error}") from error


def _each_once(there: Collection[str], asked: Collection[str], where: str) -> None:
    """Refuse replies that are missing, or that nobody asked for.

    Raises:
        BoardError: naming the first three keys.
    """
    missing, unknown = set(asked) - set(there), set(there) - set(asked)
    if missing or unknown:
        replies = counted(len(asked), "reply")
        raise BoardError(
            f"{where}: {counted(len(missing), f'of {replies} is', f'of {replies} are')} missing{_first(missing)}, "
            f"and {counted(len(unknown), 'was', 'were')} never asked for{_first(unknown)}"
        )


def _first(keys: Collection[str]) -> str:
    return f" (first {', '.join(map(repr, sorted(keys)[:3]))})" if keys else ""


def _same(found: JsonObject, expected: JsonObject, where: str) -> None:
    """Refuse an entry that differs from the one that its replies make; numbers it does not hold are not missed.

    Raises:
        FiguresError: with the pointer of the first value that differs, and both values, where it is a figure.
        BoardError: likewise, where it is anything else.
    """
    for place, theirs, ours in differences(plain(found), plain(expected)):
        if theirs == ABSENT and place[0] == "profiles" and place[-1] in optional(ProfileReport):
            continue  # a number that is younger than the entry
        differs = f"{where}: {submission.pointer(place)}: found {shown(theirs)}, but the replies make it {shown(ours)}"
        if place[0] not in FIGURES:
            raise BoardError(differs)
        raise FiguresError(
            f"{differs}; if its formula has changed since, make the entry again from its replies with: "
            "mathif board --regrade"
        )


FIGURES = ("profiles", "methods")
"""The fields of an entry that follow from its replies and the formulas alone."""
ABSENT = "(absent)"
"""Stands for a field that one of two JSON values does not have."""


def differences(
    found: object, expected: object, place: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], object, object]]:
    """Yield place and both values wherever two JSON values differ; what follows from the rest of an entry, last."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        for name in sorted(found.keys() | expected.keys(), key=lambda name: (name in ("name", "digest"), name)):
            yield from differences(found.get(name, ABSENT), expected.get(name, ABSENT), (*place, name))
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for number, pair in enumerate(zip(found, expected, strict=True)):
            yield from differences(*pair, (*place, number))
    elif type(found) is not type(expected) or found != expected:
        yield place, found, expected

"""Mending: what is damaged in a run's files is set aside, so that it is asked, or drawn, again.

Nothing is thrown away: a damaged line goes to `damaged.jsonl`. A reply that was asked under a drawing that is lost goes
there too, since nobody can say any more what it was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from mathif import store
from mathif.counting import counted
from mathif.errors import DataError
from mathif.run.folder import GENERATIONS, Replies, Run
from mathif.store import Records

ASIDE = "damaged.jsonl"


def mend(run: Run, notice: Callable[[str], None]) -> bool:
    """Make the recorded replies and drawings of a run whole again; return whether anything was amiss.

    Raises:
        DataError: if the disk refuses.
    """
    torn = _drop_torn(run, notice)
    drawings = [run.look_through(file) for file in run.subject.drawn]
    redrawn = [records for records in drawings if records.faults or records.lost]
    for records in redrawn:
        _tell(run, records, "drawn", notice)
        _keep(run, records, list(records))
    if run.records.faults or run.records.lost or redrawn:
        _tell(run, run.records, "asked for", notice)
        replies = run.sound
        unread = dict.fromkeys(key for key in replies if not _is_reply(replies, key))
        served = run.subject.served(replies) if redrawn else replies
        whole = [key for key in replies if key in served and key not in unread]
        if unread:
            first = next(iter(unread))
            notice(f"{run.records.path}: {counted(len(unread), 'record')} of no reply, first {first}: set aside")
        orphans = len(replies) - len(whole) - len(unread)
        if orphans:
            notice(f"{run.records.path}: {counted(orphans, 'reply')} to what was drawn there: set aside too")
        _keep(run, run.records, whole)
        run.reread()
    # a kill, or the disk, may have kept the head from being told of the last records
    sound = [records for records in drawings if not (records.faults or records.lost)]
    run.note({records.path.name: records.mark for records in (run.records, *sound) if records})
    return bool(torn or redrawn)


def _is_reply(replies: Replies, key: str) -> bool:
    try:
        return bool(replies[key])
    except DataError:
        return False


def _drop_torn(run: Run, notice: Callable[[str], None]) -> int:
    """Cut off what a kill left of last records; return the number of bytes dropped."""
    total = 0
    for file in (GENERATIONS, *run.subject.drawn):
        dropped = store.repair(run.folder / file, run.origin)
        if dropped:
            notice(
                f"{run.folder / file}: the last record was torn ({dropped} bytes) and was dropped; "
                "it will be asked again"
            )
        total += dropped
    return total


def _tell(run: Run, records: Records, again: str, notice: Callable[[str], None]) -> None:
    """Say what is amiss with a file."""
    known = run.mark(records.path.name)
    if records.faults:
        first = records.faults[0]
        notice(
            f"{records.path}:{first.number}: {first.reason}; {len(records.faults)} such records were set aside in "
            f"{ASIDE} and will be {again} again"
        )
    elif records.lost and known and records.mark.total < known.total:
        notice(f"{records.path}: {records.lost}; what is missing will be {again} again")
    elif records.lost:
        notice(
            f"warning: {records.path}: {records.lost}; they are kept as they are. If the file is another run's, remove "
            f"it, and all of it will be {again} again"
        )


def _keep(run: Run, records: Records, whole: Collection[str]) -> None:
    """Write a file anew with some of its records; the others go to `damaged.jsonl`."""
    lines = list(_dropped(records, frozenset(whole)))
    if lines:
        store.append_bytes(run.folder / ASIDE, b"".join(lines))
    with store.rewriting(records.path, records.origin) as rows:
        for key in whole:
            rows.append(records[key])
    run.note({records.path.name: rows.mark})


def _dropped(records: Records, whole: frozenset[str]) -> Iterator[bytes]:
    yield from (fault.text.rstrip(b"\n") + b"\n" for fault in records.faults)
    yield from (records.line(key) for key in records if key not in whole)

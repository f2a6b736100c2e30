"""The leaderboard: every entry verified, gathered with what others published, ranked and written.

One table for each task, profile and number of items: rows that answered different questions are never ranked against
one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mathif import cache, schemas, store
from mathif import verify as verification
from mathif.board.files import csv_text, with_table
from mathif.board.model import Badge, Board, BoardRow, Section
from mathif.board.page import html
from mathif.board.published import read_published
from mathif.board.references import floors
from mathif.board.rows import GROUPS, Contender, group_of, of_entry, of_refused
from mathif.board.words import note, title
from mathif.entry import Entry, open_entry, read_entry
from mathif.errors import BoardError, FiguresError, StaleError, why_unread
from mathif.evidence import Evidence
from mathif.json_values import Json, fields, text
from mathif.records import Profile
from mathif.run import Progress, silent, unheard
from mathif.schemas import to_json
from mathif.stats import Standing, rank_ranges
from mathif.tasks import edition, head, names, stamp
from mathif.verify import (
    Verification,
    refuse_copies,
    refuse_idle_data,
    regraded,
    replies_beside,
    reproduced,
    verify_opened,
)

SCHEMA = 1
"""Version of `board.json`."""

Place = tuple[str, Profile, int | None]
"""Task, profile and number of items of each task: what two rows must share to be ranked against one another."""

SIGNS = ("entries", "published.toml", "board.json")
"""What tells the folder of a leaderboard from any other that is not empty."""

HOME = (("core",), None)
"""The task whose references are shown even where nobody has handed in an entry."""


def check(folder: Path, data: Path | None = None, progress: Progress[Path] = silent) -> list[Verification]:
    """Verify every entry of `folder/entries`, and return them with their badges; nothing is written.

    Args:
        folder: where entries, replies and board are.
        data: file or folder with the data of tasks that are not in this package.
        progress: shows how many entries are verified.

    Raises:
        BoardError: with a line for each entry that is refused or stale.
    """
    verified, refused = _verified(folder, data, progress)
    if refused:
        raise BoardError("\n".join(one.reason for one in refused))
    return verified


def regrade(folder: Path, data: Path | None = None, progress: Progress[Path] = silent) -> list[str]:
    """Make every entry of `folder/entries` whose rules or figures are not today's again from its replies.

    Args:
        folder: where entries, replies and board are.
        data: file or folder with the data of tasks that are not in this package.
        progress: shows how many entries are looked at.

    Returns:
        The names of the entries that were made again.

    Raises:
        BoardError: with a line for each of them that cannot be made again; the others are.
    """
    _, refused = _verified(folder, data, progress)
    made, failed = [], []
    for one in refused:
        if one.stale or (one.figures and one.entry()):
            try:
                store.write_json(one.path, regraded(one.path, data))
                made.append(one.path.stem)
            except BoardError as error:
                failed.append(str(error))
    if failed:
        raise BoardError("\n".join(failed))
    return made


def build(
    folder: Path,
    data: Path | None = None,
    progress: Progress[Path] = silent,
    notice: Callable[[str], None] = unheard,
) -> Path:
    """Verify every entry of `folder/entries`, and write the board: JSON, CSV, Markdown and the page.

    An entry that is stale or refused has a grey row without a rank; the others are as they would be without it.

    Args:
        folder: where entries, replies and board are.
        data: file or folder with the data of tasks that are not in this package.
        progress: shows how many entries are verified.
        notice: told of each entry that does not hold, and why.

    Returns:
        The path of the page.

    Raises:
        BoardError: if there is no such folder, it holds other things, or the file of published results is refused;
            nothing is written then.
    """
    verified, refused = _verified(folder, data, progress)
    for one in refused:
        notice(one.reason)
    published = read_published(folder / "published.toml")
    asked = {
        (tuple(edition(task.name, task.version) for task in one.entry.tasks), one.entry.inference.limit)
        for one in verified
    }
    references = [row for tasks, limit in sorted(asked | {HOME}, key=str) for row in floors(tasks, limit, data)]
    entries = [row for one in verified for row in of_entry(one.entry, _badge(one), one.evidence)]
    grey = [row for one in refused for row in _grey(one)]
    board = gather([*published, *references, *grey, *entries])
    readme = folder / "README.md"
    text = with_table(_text(readme), board)
    page = html(board)
    store.write_json(folder / "board.json", to_json(board))
    store.write_text(folder / "board.csv", csv_text(board))
    store.write_text(readme, text)
    store.write_text(folder / "index.html", page)
    return folder / "index.html"


def _text(readme: Path) -> str:
    """Return what stands in the README beside a board, "" where there is none.

    Raises:
        BoardError: if it cannot be read.
    """
    if not readme.exists():
        return ""
    try:
        if not readme.is_file():  # a pipe would be waited for
            raise OSError(None, "it is not a plain file")
        return readme.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BoardError(f"{readme}: cannot be read: {why_unread(error)}; mend it, or take it away") from error


def _badge(verified: Verification) -> Badge:
    """Return the badge of an entry; replies that did not come from a model make a reference, whoever hands them in."""
    return "floor" if verified.entry.simulated else verified.badge.value


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that does not hold.

    Attributes:
        path: its file.
        reason: why, in a sentence that names it.
        stale: whether rules judge otherwise today.
        figures: whether its replies make other figures.
    """

    path: Path
    reason: str
    stale: bool
    figures: bool

    def entry(self) -> Entry | None:
        """Return the entry where it can be read and was not changed since it was made."""
        try:
            return read_entry(self.path)
        except BoardError:
            return None


def _grey(refused: Refused) -> Iterator[Contender]:
    """Yield the rows of an entry that does not hold, nothing where it cannot be read."""
    entry = refused.entry()
    if entry is not None:
        yield from of_entry(entry, "stale", Evidence()) if refused.stale else of_refused(entry, refused.reason)


def _verified(folder: Path, data: Path | None, progress: Progress[Path]) -> tuple[list[Verification], list[Refused]]:
    """Return every entry that holds, with its badge, and those that do not.

    Raises:
        BoardError: if there is no such folder, or it holds other things.
        UsageError: for data that the tasks of no entry read.
    """
    if not folder.is_dir():
        raise BoardError(
            f"{folder}: no such folder; run this where the leaderboard is, or name its folder with --board"
        )
    if any(folder.iterdir()) and not any((folder / name).exists() for name in SIGNS):
        raise BoardError(
            f"{folder}: found other things, and none of {', '.join(SIGNS)}; name the folder of a leaderboard, or an "
            "empty one, with --board"
        )
    verified: list[Verification] = []
    refused: list[Refused] = []
    paths = sorted((folder / "entries").glob("*.json"))
    for path in progress(paths, len(paths), "entries"):
        try:
            verified.append(_known(path, data))
        except BoardError as error:
            refused.append(Refused(path, str(error), isinstance(error, StaleError), isinstance(error, FiguresError)))
    verified, copied = _originals(verified, folder / "entries")
    refused += copied
    readable = [one.entry for one in verified] + [entry for one in refused if (entry := one.entry())]
    refuse_idle_data(data, readable, f"the entries of {folder}")
    return reproduced(verified), refused


def _originals(verified: Sequence[Verification], entries: Path) -> tuple[list[Verification], list[Refused]]:
    """Return the entries whose replies are their own, and those whose replies are those of another model's entry."""
    originals: list[Verification] = []
    copies: list[Refused] = []
    for one in verified:
        path = entries / f"{one.entry.name}.json"
        try:
            refuse_copies(one, (other for other in verified if other is not one), str(path))
            originals.append(one)
        except BoardError as error:
            copies.append(Refused(path, str(error), stale=False, figures=False))
    return originals, copies


def _known(path: Path, data: Path | None) -> Verification:
    """Verify an entry, or remember how it was verified with the same replies, tasks and program.

    Raises:
        BoardError: if it is refused.
    """
    opened, replies = open_entry(path), replies_beside(path)
    entry = opened.entry

    def made() -> dict[str, Json]:
        one = verify_opened(opened, path, data=data)
        return {"badge": one.badge.value, "reason": one.reason, "evidence": schemas.to_json(one.evidence)}

    replies_digest = store.file_digest(replies) if replies.is_file() and not replies.is_symlink() else ""
    stamps = [stamp(edition(task.name, task.version)) for task in entry.tasks if task.name in names()]
    kept = cache.remembered(["verification", store.file_digest(path), replies_digest, stamps, str(data)], made)
    evidence = schemas.from_json(Evidence, fields(kept, "evidence"), str(path))
    return Verification(entry, verification.Badge(text(kept, "badge")), text(kept, "reason"), evidence)


def gather(contenders: Iterable[Contender]) -> Board:
    """Return the board: the rows by table, ranked, the best HAcc first, and the fullest ranked table first.

    Of two rows of one table with the same name, the later one is kept.
    """
    tables: dict[Place, dict[str, Contender]] = {}
    for one in contenders:
        tables.setdefault((one.row.task, one.row.profile, one.row.limit), {})[one.row.name] = one
    places = sorted(tables, key=lambda place: (place[:2], place[2] or 0))
    sections = [_section(place, list(tables[place].values())) for place in places]
    return Board(SCHEMA, tuple(sorted(sections, key=_fullest_first)))


def _fullest_first(section: Section) -> tuple[int, bool]:
    """Return what tables are sorted by: how many rows are ranked, then whether a newer version is there to run."""
    return -sum(row.rank is not None for row in section.rows), bool(newer(section.task))


def _section(place: Place, contenders: Sequence[Contender]) -> Section:
    task, profile, limit = place
    ordered = sorted(contenders, key=_place_of)
    ranked = {
        one.row.name: Standing(hacc.value, hacc.n, one.problems)
        for one in ordered
        if group_of(one.row) == "model" and not one.row.withholds and (hacc := one.row.hacc) and hacc.value is not None
    }
    ranks = dict(zip(ranked, rank_ranges(list(ranked.values())), strict=True))
    rows = tuple(replace(one.row, rank=ranks.get(one.row.name)) for one in ordered)
    return Section(
        id="-".join([*task.replace("+", " ").split(), profile, *([str(limit)] if limit else [])]),
        task=task,
        profile=profile,
        limit=limit,
        title=title(task, profile, limit),
        note=note(rows, len(ranked), newer(task)),
        rows=rows,
    )


def _place_of(one: Contender) -> tuple[int, bool, float, str]:
    """Return what rows are sorted by: their part of the table, whether they withhold replies, and the best HAcc."""
    return GROUPS.index(group_of(one.row)), one.row.withholds, -_hacc(one.row), one.row.name


def newer(task: str) -> str:
    """Return the version of a bundled task that is there to run in place of an earlier one, "" where it is that one."""
    name, _, version = task.partition(" ")
    current = str(head(name)["version"]) if name in names() else version
    return "" if version == current else f"{name} {current}"


def _hacc(row: BoardRow) -> float:
    return -1.0 if row.hacc is None or row.hacc.value is None else row.hacc.value

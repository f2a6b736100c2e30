"""The screen: a report at a glance, in what a terminal shows at once; its tables only where they are asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from mathif.arms import PLAIN
from mathif.counting import counted
from mathif.errors import UsageError
from mathif.records import Profile
from mathif.results import METRICS, Adherence, ArmReport, ProfileReport, Report
from mathif.stats import Estimate, Share, evenly
from mathif.tables import PARTS, Table, headline, incomplete, plain, profile_tables
from mathif.wording import of_answer, of_measured, of_modes, of_named, of_thinking

WIDE = 120
"""Columns from which on there is room for decimals."""
EVERY = "all"
"""What stands for every table."""
ASKED_OF_THINKING = "Does the thinking obey?"
QUESTION = "Does obeying go with longer thinking, at a fixed problem?"
_BLOCKS = "▁▂▃▄▅▆▇█"
_POINTS = 25


def screen(report: Report, width: int = 80, tables: Sequence[str] = ()) -> str:
    """Return a report as text that fits one screen, and below it the tables that are asked for.

    Args:
        report: what a run shows.
        width: columns of the terminal.
        tables: beginnings of titles of tables, or `all`.

    Raises:
        UsageError: if no table has a title that begins so.
    """
    figures = report.profiles.get(Profile.MATHIF)
    parts = ["\n".join(_lines(of_measured(report.measured), width)), "\n".join(_lines([incomplete(report)], width))]
    if figures is None:
        parts.append("No reply was graded.")
    else:
        told = [floors(figures), by_upstream(report)]
        parts += ["\n".join([plain(glance(figures, width), width), *_lines(told, width)])]
        parts += [_asked_of_thinking(figures, width), _in_every_wording(figures, width)]
        answer = _lines([*of_answer(figures), *_curve(figures)], width, "  ")
        parts += ["\n".join([*_lines([QUESTION], width), *answer])] if answer else []
        parts += ["\n".join(_lines([*of_modes(figures), *warnings(figures)], width))]
    return "\n\n".join(part for part in [*parts, *_chosen(report, width, tables)] if part) + "\n"


def _lines(sentences: Sequence[str] | Iterator[str], width: int, indent: str = "") -> list[str]:
    """Return sentences broken at words."""
    return [
        textwrap.fill(one, width, initial_indent=indent, subsequent_indent=indent + "  ") for one in sentences if one
    ]


def glance(figures: ProfileReport, width: int = 80) -> Table:
    """Return a line for each arm: its metrics, its lift and how many replies were cut."""
    rows = [
        [
            arm,
            *(_cell(metric.figure(own.overall), width) for metric in METRICS),
            _cell(lift.hacc if (lift := figures.effects[arm].lift) else None, width),
            str(own.overall.truncated),
        ]
        for arm, own in figures.arms.items()
    ]
    return Table("Percent, 95 % interval behind it", ["arm", *(one.label for one in METRICS), "lift", "cut"], rows)


def _asked_of_thinking(figures: ProfileReport, width: int) -> str:
    """Return how reply and thinking obey, where an arm asks it of the thinking; "" where none does."""
    if not any(own.scores["thinking"].asked for own in figures.parts.values()):
        return ""
    rows = [
        [
            arm,
            *(_cell(own.scores[part].hacc, width) for part in PARTS),
            _cell(own.scores["thinking"].cut, width),
            str(own.unmeasured),
        ]
        for arm, own in figures.parts.items()
    ]
    head = ["arm", *PARTS, "thinking, cut", "not measured"]
    table = plain(Table("HAcc where thinking can be seen", head, rows), width)
    return "\n".join([table, ASKED_OF_THINKING, *_lines(of_thinking(figures.parts, figures.crossed), width, "  ")])


def _in_every_wording(figures: ProfileReport, width: int) -> str:
    """Return what is obeyed in every wording, beside what is in one; "" where not all were asked."""
    rows = [
        [arm, *(_cell(found, width) for found in (own.every, own.each)), str(own.every.n)]
        for arm, own in figures.reliable.items()
    ]
    head = ["arm", "in every wording", "in one", "n"]
    return plain(Table("Constraints obeyed", head, rows), width) if rows else ""


def _cell(estimate: Estimate | None, width: int) -> str:
    if estimate is None or estimate.value is None:
        return "–"
    digits = 1 if width >= WIDE else 0
    value, *ends = (
        "" if end is None else f"{100 * end + 0.0:.{digits}f}".replace("-", "−").replace("−0", "0", end > -0.005)
        for end in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} {'–'.join(ends)}" if all(ends) else value


def floors(figures: ProfileReport) -> str:
    """Say what a reply scores that ignores every instruction, and what the best fixed text scores."""
    known: list[ArmReport] = [own for own in figures.arms.values() if own.floor.hacc.value is not None]
    if not known:
        return ""
    told = [f"floors: a right reply that ignores every instruction, {_adherence(known[0].floor)}"]
    if known[0].fixed:
        told.append(f"the best fixed text, {_adherence(known[0].fixed)}")
    if PLAIN in figures.arms:
        told.append("replies that were not asked, the row of arm plain")
    return "; ".join(told)


def by_upstream(report: Report) -> str:
    """Say HAcc by the rules of the published code, "" where they judge alike, or there are none."""
    mine, theirs = report.profiles[Profile.MATHIF], report.profiles.get(Profile.UPSTREAM)
    if theirs is None:
        return ""
    pairs = {arm: (own.overall.hacc, theirs.arms[arm].overall.hacc) for arm, own in mine.arms.items()}
    told = [f"{arm} {_cell(other, WIDE)}" for arm, (one, other) in pairs.items() if one.value != other.value]
    return f"HAcc by the published code (profile upstream): {', '.join(told)}" if told else ""


def _adherence(adherence: Adherence[Share]) -> str:
    hacc, sacc = (100 * (own.value or 0) for own in (adherence.hacc, adherence.sacc))
    return f"HAcc {hacc:.1f} and SAcc {sacc:.1f}"


def _curve(figures: ProfileReport) -> Iterator[str]:
    """Draw HAcc along the length inside items, from the shortest to the longest, as high as it is between 0 and 1."""
    arm = next((name for name, claims in figures.claims.items() if claims.primary), None)
    curve = figures.length.arms[arm].hacc.along() if arm else ()
    if not curve:
        return
    drawn = "".join(_BLOCKS[min(7, int(8 * point.value))] for point in evenly(curve, _POINTS))
    first, last = (f"{100 * point.value:.0f} % at {point.times:.2g}" for point in (curve[0], curve[-1]))
    yield f"{drawn}  HAcc {first}, {last} times an item's usual length"


def warnings(figures: ProfileReport) -> Iterator[str]:
    """Yield what a reader must know before any number: which replies are no plain ones, and what naming breaks."""
    for one, several, count in _WARNED_OF:
        counts = {arm: count(own) for arm, own in figures.arms.items()}
        told = ", ".join(f"{number} in {arm}" for arm, number in counts.items() if number)
        if told:
            yield f"! {counted(sum(counts.values()), f'reply {one}', f'replies {several}')} ({told})"
    named = of_named(figures.parts)
    if named:
        yield f"! {named}"


def _withheld(own: ArmReport) -> int:
    return own.outcomes.refused + own.outcomes.filtered + own.outcomes.too_long


def _unsplit(own: ArmReport) -> int:
    return sum(own.outcomes.unsplit.values())


_WARNED_OF: Sequence[tuple[str, str, Callable[[ArmReport], int]]] = (
    ("was cut by the token limit", "were cut by the token limit", lambda own: own.overall.truncated),
    ("has nothing after its thinking", "have nothing after their thinking", lambda own: own.outcomes.empty),
    ("was refused, filtered or asked too much", "were refused, filtered or asked too much", _withheld),
    ("looks like thinking that nothing marks", "look like thinking that nothing marks", _unsplit),
    ("shows no thinking to judge", "show no thinking to judge", lambda own: own.outcomes.unmeasured),
    ("has no known length", "have no known length", lambda own: own.by_length.unknown),
    (
        "has a verdict that no grader could give",
        "have a verdict that no grader could give",
        lambda own: own.outcomes.ungraded,
    ),
)
"""What is said of one reply and of several, and how many there are in an arm."""


def _chosen(report: Report, width: int, names: Sequence[str]) -> list[str]:
    """Return the tables whose titles begin as asked."""
    shown: list[str] = []
    missing = {name.casefold() for name in names}
    for profile, figures in report.profiles.items():
        for table in (headline(figures), *profile_tables(figures)):
            named = {name for name in map(str.casefold, names) if name == EVERY or _begins(table.title, name)}
            missing -= named
            if named and table.rows:
                shown.append(plain(table._replace(title=f"{table.title}, profile {profile}"), width))
    if missing and report.profiles:
        known = ", ".join(table.title for table in profile_tables(next(iter(report.profiles.values()))))
        raise UsageError(f"--tables: no table is called {min(missing)!r}; there are {EVERY}, Scores, {known}")
    return shown


def _begins(title: str, name: str) -> bool:
    return title.casefold().startswith(name)

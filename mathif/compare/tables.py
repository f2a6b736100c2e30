"""A comparison as text for the terminal and as Markdown; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mathif.arms import PLAIN
from mathif.counting import counted
from mathif.records import Profile
from mathif.results import (
    HACC,
    METRICS,
    SACC,
    ArmChanges,
    Change,
    Changes,
    Comparison,
    LiftChange,
    ProfileComparison,
    RunPair,
    Triangle,
)
from mathif.tables import WIDTH, Table, bullets, marked, plain
from mathif.wording.comparison import changed
from mathif.wording.numbers import interval, percent, plain_interval, probability, rate_interval

_READING = """\
Every reply is compared with its partner: the reply of the other run to the same item, in the same arm, with the same \
sample number. Figures are percent, changes are percentage points (second run minus first) with a 95 % interval \
clustered by problem. **lost**: passed in the first run only; **won**: in the second only. **p**: the exact \
test that every problem's flips might as well have gone the other way (McNemar's, where a problem has one \
reply). **q**: p under false-discovery control over the kinds of an arm \
(Benjamini and Hochberg). Truncated replies count as wrong and disobedient."""


def terminal(comparison: Comparison, width: int = WIDTH, profile: Profile = Profile.MATHIF) -> str:
    """Return the comparison as plain text.

    Args:
        comparison: what `mathif.compare.compare` returned.
        width: columns of the terminal.
        profile: the profile that is shown.
    """
    parts: list[str] = [plain(table, width) for table in _together(comparison, profile)]
    for pair in comparison.against:
        heading = _heading(comparison, pair)
        parts += [f"{heading}\n{'=' * len(heading)}", bullets(_facts(pair), width)]
        figures = pair.profiles[profile]
        parts.append(bullets(figures.findings, width))
        parts += [plain(table, width) for table in _tables(figures) if table.brief and table.rows]
    return "\n\n".join(parts) + "\n"


def markdown(comparison: Comparison) -> str:
    """Return the comparison as Markdown, every table of every profile."""
    parts = ["# Comparison", _READING, *(marked(table) for table in _together(comparison, Profile.MATHIF))]
    for pair in comparison.against:
        parts += [f"## {_heading(comparison, pair)}", "\n".join(f"- {fact}" for fact in _facts(pair))]
        for name, figures in pair.profiles.items():
            parts += [f"### Profile `{name}`", "\n".join(f"- {sentence}" for sentence in figures.findings)]
            parts += [marked(table) for table in _tables(figures) if table.rows]
    return "\n\n".join(parts) + "\n"


def _together(comparison: Comparison, profile: Profile) -> Iterator[Table]:
    """Yield one table of what every later run changed, where there are several."""
    if len(comparison.against) < 2:
        return
    compared = [pair.profiles[profile] for pair in comparison.against]
    shared = [arm for arm in compared[0].arms if all(arm in figures.arms for figures in compared)]
    rows = []
    for arm in shared:
        for metric in METRICS:
            changed_by = [metric.change(figures.arms[arm].overall) for figures in compared]
            if changed_by[0].value is not None:
                rows.append([f"{arm}, {metric.label}", percent(changed_by[0].first), *map(interval, changed_by)])
        lifts = [figures.arms[arm].lift for figures in compared]
        changes = [lift.hacc for lift in lifts if lift is not None]
        if len(changes) == len(compared) and changes[0].value is not None:
            rows.append([f"{arm}, lift HAcc", percent(changes[0].first), *map(interval, changes)])
    names = [Path(pair.second).name for pair in comparison.against]
    note = "Changes in points, each against the first run over the replies that both have."
    yield Table(f"All runs against {Path(comparison.first).name}", ["", "first", *names], rows, note)


def _heading(comparison: Comparison, pair: RunPair) -> str:
    return f"{pair.second} against {comparison.first}"


def _facts(pair: RunPair) -> Iterator[str]:
    """Yield what was paired, what was left out, and the settings that differ."""
    left_out = pair.left_out
    yield (
        f"{counted(pair.replies, 'pair')} of replies, judged in {counted(pair.pairs, 'pair')} of verdicts; left out:"
        f" verdicts without a partner, {left_out.only_first} of the first run and {left_out.only_second} of the second,"
        f" and {counted(left_out.errors, 'pair')} that lack a reply."
    )
    yield from (f"{row.name} differs: {row.first}, then {row.second}" for row in pair.differs)


def _tables(figures: ProfileComparison) -> Iterator[Table]:
    arms = figures.arms
    if figures.triangle:
        yield _triangle(figures.triangle)
    yield _changed("What changed", _by_metric({arm: row.overall for arm, row in arms.items()}))
    cut = {arm: row for arm, row in arms.items() if row.truncated.first or row.truncated.second}
    whole = _by_metric({arm: row.without_truncated for arm, row in cut.items()})
    yield _changed("What changed, without truncated replies", whole, brief=False)
    parts = {f"{arm}, {part}": one for arm, row in arms.items() for part, one in row.parts.items()}
    yield _changed("What changed in reply and thinking, HAcc", parts)
    yield _parts(arms)
    worded = {arm: row.reliable for arm, row in arms.items() if row.reliable}
    yield _changed("What changed in constraints obeyed in every wording", worded)
    yield _lifts(arms)
    yield _lengths(arms)
    yield _slopes(arms)
    for arm, row in arms.items():
        yield _kinds(arm, row.by_kind)
        for group, own in (("task", row.by_task), ("tier", row.by_tier), ("constraints", row.by_constraints)):
            if len(own) > 1:
                yield _changed(f"What changed by {group}, {arm}", _by_metric(own), brief=group == "task")


def _parts(arms: Mapping[str, ArmChanges]) -> Table:
    """Return what is beyond the plain replies, and what is left at the same length and place of the judged text."""
    rows = [
        [
            f"{arm}, {part}",
            *((percent(one.lift.first), percent(one.lift.second), interval(one.lift)) if one.lift else ("", "", "")),
            interval(one.matched),
            *map(rate_interval, one.rates or ()),
            *([rate_interval(one.hazard)] if one.hazard else ["", "", ""]),
        ]
        for arm, row in arms.items()
        for part, one in row.parts.items()
        if one.lift or one.hazard
    ]
    head = ["", "lift, first", "second", "change", "same length", "per 1,000, first", "second", "hazard"]
    note = (
        "*lift*: what is beyond the same part of the plain replies. *same length*: the change at the same length of the"
        " judged text. *per 1,000*: first violations for each 1,000 tokens (characters where tokens are unknown)."
        " *hazard*: how many times as likely the next one is as in the first run, at the same item."
    )
    return Table("Lift, length and hazard of reply and thinking", head, rows, note, brief=False)


def _by_metric(groups: Mapping[str, Changes]) -> dict[str, Change]:
    """Return the change of every metric that has one in each group, by both their names."""
    changes = {f"{label}, {metric.label}": metric.change(own) for label, own in groups.items() for metric in METRICS}
    return {name: change for name, change in changes.items() if change.value is not None}


def _changed(title: str, changes: Mapping[str, Change], *, brief: bool = True) -> Table:
    """Return changes by name, each with the replies that were lost and won."""
    rows = [[name, *_step(change), *_flips(change)] for name, change in changes.items()]
    return Table(title, ["", "n", "first", "second", "change", "lost", "won", "p"], rows, brief=brief)


def _step(row: Change | LiftChange) -> list[str]:
    return [str(row.n), percent(row.first), percent(row.second), interval(row)]


def _flips(row: Change) -> list[str]:
    return [str(row.lost), str(row.won), probability(row.p)] if row.p is not None else ["", "", ""]


def _triangle(triangle: Triangle) -> Table:
    labels = {metric.key: metric.label for metric in METRICS}
    corners = {f"{name}: {labels[row.metric]}, {row.task}, {row.arm}": row for name, row in triangle.corners.items()}
    return _changed("Knowledge, reasoning, obedience", corners)


def _lifts(arms: Mapping[str, ArmChanges]) -> Table:
    rows = [
        [f"{arm}, {label}", *_step(row)]
        for arm, figures in arms.items()
        if figures.lift
        for label, row in ((HACC.label, figures.lift.hacc), (SACC.label, figures.lift.sacc))
        if row.value is not None
    ]
    return Table("Lift over the plain replies", ["", "n", "first", "second", "change"], rows)


def _lengths(arms: Mapping[str, ArmChanges]) -> Table:
    rows = [
        [arm, plain_interval(row.length), plain_interval(row.at_equal_length)]
        for arm, row in arms.items()
        if row.length.value is not None
    ]
    head = ["", "CoT, times as long", "obeying at equal length"]
    return Table("Length of the thinking, and obeying at equal length (log-odds)", head, rows)


def _slopes(arms: Mapping[str, ArmChanges]) -> Table:
    rows = [
        [arm, *map(plain_interval, (row.dilution.first, row.dilution.second, row.dilution.change))]
        for arm, row in arms.items()
        if row.dilution.change.value is not None
    ]
    title = "Obeying by length at a fixed item (log-odds per doubling of the CoT)"
    return Table(title, ["", "first", "second", "change"], rows)


def _kinds(arm: str, kinds: Mapping[str, Change]) -> Table:
    """List the kinds, those that lost most first; a star marks those that changed after false-discovery control."""
    rows = [
        [
            f"{kind} *" if changed(row) else kind,
            str(row.n),
            percent(row.first),
            interval(row),
            str(row.lost),
            str(row.won),
            probability(row.q or 0),
        ]
        for kind, row in sorted(kinds.items(), key=lambda pair: pair[1].value or 0)
    ]
    title = f"What changed by kind, {arm} (* after false-discovery control)"
    return Table(title, ["kind", "n", "first", "change", "lost", "won", "q"], rows, brief=arm != PLAIN)

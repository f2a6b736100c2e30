"""The tables of a report in their order, and all of them as `report.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.arms import PLAIN
from mathif.counting import counted
from mathif.records import Profile
from mathif.results import METRICS, ArmReport, ProfileReport, Report
from mathif.tables.drawing import Table, marked
from mathif.tables.length import goes_with, length_tables, shape_tables, slope_tables, survival, version_tables
from mathif.tables.modes import mode_tables
from mathif.tables.parts import part_tables
from mathif.tables.scores import (
    both_profiles,
    effect_tables,
    group_table,
    headline,
    kind_table,
    outcomes,
    wording_table,
)
from mathif.wording import of_measured

_PROFILES = {Profile.MATHIF: "what the sentences ask", Profile.UPSTREAM: "the published code of the benchmarks"}


def markdown(report: Report) -> str:
    """Return the report as Markdown, every table of every profile."""
    parts = ["# Report", "  \n".join(of_measured(report.measured)), incomplete(report), _READING]
    parts += [marked(both_profiles(report.profiles))] if len(report.profiles) > 1 else []
    for name, figures in _ordered(report.profiles, Profile.MATHIF):
        parts.append(f"## Profile `{name}`: {_PROFILES[name]}")
        parts += [marked(headline(figures)), "\n".join(f"- {sentence}" for sentence in figures.findings)]
        parts += [marked(table) for table in profile_tables(figures) if table.rows]
    return "\n\n".join(part for part in parts if part) + "\n"


_COUNTED = """\
**n**: replies; in brackets the items that they are judged for, as a plain reply is judged for every item of its \
problem. **floor**: what a reply scores that only states the right answer and ignores every instruction. A truncated \
reply (cut by the token limit) counts as wrong and disobedient, except in the lines that leave it out; so does one \
that was refused, filtered, or not given for a prompt that was too long; an ungraded verdict counts as not passed. \
Intervals are clustered by problem."""
_DEFINED = " ".join(f"**{metric.label}**: {metric.meaning}." for metric in METRICS)
_READING = f"Figures are percent with a 95 % interval in brackets. {_DEFINED} {_COUNTED}"


def _ordered(profiles: Mapping[Profile, ProfileReport], first: Profile) -> list[tuple[Profile, ProfileReport]]:
    return sorted(profiles.items(), key=lambda pair: (pair[0] != first, pair[0]))


def incomplete(report: Report) -> str:
    """Say that replies are missing, "" where none is."""
    if report.complete:
        return ""
    return (
        f"INCOMPLETE: {report.errors} of {counted(report.rows, 'row has', 'rows have')} no reply yet, not asked or not"
        " answered. They are in no figure; resume the run to ask for them."
    )


def profile_tables(figures: ProfileReport) -> Iterator[Table]:
    """Yield the tables of one profile that follow its headline, the most important first."""
    arms = figures.arms
    yield outcomes(arms)
    yield from mode_tables(figures)
    yield from (wording_table(arm, own) for arm, own in figures.reliable.items())
    yield from part_tables(figures.parts)
    yield from effect_tables(figures.effects)
    for arm, effects in figures.effects.items():
        yield from version_tables(arm, effects.versions) if effects.versions else ()
    yield goes_with(figures.effects, figures.length)
    yield from slope_tables(figures.length)
    for arm, length in figures.length.arms.items():
        yield from shape_tables(arm, length)
    for arm, effects in figures.effects.items():
        yield survival(arm, effects.position)
    for arm, row in arms.items():
        yield from (table._replace(brief=table.brief and arm != PLAIN) for table in _arm_tables(arm, row))


def _arm_tables(arm: str, row: ArmReport) -> Iterator[Table]:
    yield group_table(f"By number of constraints, {arm}", "constraints", row.by_constraints)
    yield group_table(f"By source, {arm}", "source", row.by_source)
    yield group_table(f"By tier, {arm}", "tier", row.by_tier)
    yield kind_table(f"By kind, {arm}", row.by_kind)
    yield from length_tables(arm, row.by_length)

"""The report of a probe as text for the terminal and as Markdown; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.counting import counted
from mathif.records import Profile
from mathif.results import (
    ACC,
    HACC,
    Change,
    DosePoint,
    DoseResponse,
    InterventionEffect,
    ProbeProfile,
    ProbeReport,
    Refresh,
    Survival,
)
from mathif.stats import Share
from mathif.tables import WIDTH, Table, bullets, marked, plain, wrapped
from mathif.wording import of_measured
from mathif.wording.numbers import interval, percent, plain_interval

READING = """\
Every edited reply is compared with its control: the reply of the control intervention to the same item, with the same \
sample number. Figures are percent, changes are percentage points with a 95 % interval clustered by problem. \
**lost** and **won**: replies that passed in the control only and under the intervention only. **p**: the exact \
test that every problem's flips might as well have gone the other way. **added**: how much longer \
the thinking is: first by what was inserted, in the tables of doses with what the model thought after it. \
Truncated replies count as wrong and disobedient. What each intervention does is in docs/probes.md."""
"""How the tables are read."""


def terminal(report: ProbeReport, width: int = WIDTH, profile: Profile = Profile.MATHIF) -> str:
    """Return the report as plain text.

    Args:
        report: what `mathif.probe.effects.summarize` returned.
        width: columns of the terminal.
        profile: the profile that is shown.
    """
    figures = report.profiles.get(profile)
    if figures is None:
        return "No reply was graded.\n"
    parts = [
        wrapped(of_measured(report.measured), width),
        *(wrapped([fact], width) for fact in facts(report)),
        bullets(figures.findings, width),
    ]
    parts += [plain(table, width) for table in tables(report, figures) if table.brief and table.rows]
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown(report: ProbeReport) -> str:
    """Return the report as Markdown, every table of every profile."""
    parts = ["# Probe", "  \n".join(of_measured(report.measured)), *facts(report), READING]
    for name, figures in report.profiles.items():
        parts += [f"## Profile `{name}`", "\n".join(f"- {sentence}" for sentence in figures.findings)]
        parts += [marked(table) for table in tables(report, figures) if table.rows]
    return "\n\n".join(part for part in parts if part) + "\n"


def facts(report: ProbeReport) -> Iterator[str]:
    """Yield what is to be known before any figure, in sentences."""
    if not report.complete:
        yield (
            f"INCOMPLETE: {report.errors} of {counted(report.rows, 'row has', 'rows have')} no reply yet, not asked or"
            " not answered. They are in no figure; run the probe again to ask for them."
        )
    yield f"{counted(report.recorded, 'recorded reply')}; lengths are matched in {report.matched_in}."


def tables(report: ProbeReport, figures: ProbeProfile) -> Iterator[Table]:
    """Yield the tables of one profile, the most important first.

    Args:
        report: the report of a probe.
        figures: `report.profiles[profile]`.
    """
    arms = figures.interventions
    yield Table(
        "Against its control (points)",
        ["intervention", "control", "n", "added", "HAcc", "Acc"],
        [[name, row.control, str(row.n), _tokens(row), *_changes(row)] for name, row in arms.items()],
    )
    for metric, title in ((HACC, "obey every constraint"), (ACC, "are right")):
        yield Table(
            f"Flips: replies that {title}",
            ["intervention", "control", "edited", "lost", "won", "p"],
            [[name, *_flips(metric.change(row.overall))] for name, row in arms.items()],
            brief=metric is HACC,
        )
    yield Table(
        "Soft adherence and figures without truncated replies (points)",
        ["intervention", "SAcc", "HAcc, not cut", "Acc, not cut", "HAcc against neutral"],
        [[name, interval(row.overall.sacc), *_beside(row)] for name, row in arms.items()],
        brief=False,
    )
    yield Table(
        "What survives the edit (percent of the controls that had it)",
        ["intervention", *_SURVIVING],
        [[name, *map(interval, _surviving(row.survival))] for name, row in arms.items()],
    )
    yield _areas(figures.truncation.area)
    for family, row in figures.doses.items():
        yield _dose(family, row)
    for part, found in figures.refresh.items():
        yield _refresh(part, found)
    yield _left_out(report.left_out)


def _tokens(row: InterventionEffect | DosePoint) -> str:
    return "–" if row.added is None else f"{row.added:+.0f}"


def _changes(row: InterventionEffect) -> list[str]:
    return [interval(row.overall.hacc), interval(row.overall.acc)]


def _flips(row: Change) -> list[str]:
    return [percent(row.first), percent(row.second), str(row.lost), str(row.won), f"{row.p:.3g}"]


def _beside(row: InterventionEffect) -> list[str]:
    neutral = interval(row.against_neutral.hacc) if row.against_neutral else ""
    return [interval(row.without_truncated.hacc), interval(row.without_truncated.acc), neutral]


def _areas(areas: Survival) -> Table:
    shown = zip(_SURVIVING, _surviving(areas), strict=True)
    rows = [[name, str(row.n), plain_interval(row)] for name, row in shown if row.value is not None]
    note = (
        "0: what is left when all thinking is cut is what there is with all of it; 1: nothing is left before the whole"
        " thinking is there."
    )
    return Table("Truncation: area over the curve", ["survival of", "n", "area"], rows, note)


def _dose(family: str, row: DoseResponse) -> Table:
    rows = [
        [
            f"{family}:{point.amount:g}" if point.amount else "control",
            str(point.n),
            _tokens(point),
            interval(point.hacc),
            interval(point.acc),
        ]
        for point in row.points
    ]
    slopes = [interval(row.slope.hacc), interval(row.slope.acc)]
    rows.append(["for each 100 tokens", str(row.slope.hacc.n), "", *slopes])
    return Table(f"Dose and response, {family}", ["dose", "n", "added", HACC.label, ACC.label], rows)


def _refresh(part: str, refresh: Refresh) -> Table:
    rows = [
        [f"remind:{one.part:g}", str(one.n), *map(plain_interval, (one.reminded, one.neutral, one.gain))]
        for one in refresh.points
    ]
    rows.append(["growth from 0 to 1", "", "", "", plain_interval(refresh.growth)])
    if refresh.odds is not None:
        rows.append(["the same, odds of all", "", "", "", plain_interval(refresh.odds)])
    if refresh.loss is not None:
        rows.append(["hazard, growth from 0 to 1", "", "", plain_interval(refresh.loss), ""])
    note = (
        "First violations for each 1,000 characters of what follows the constraints, and neutral text in their place,"
        " of constraints that any stretch can break; the gain is the second hazard over the first, at one item."
    )
    return Table(f"What a reminder brings back, {part}", ["place", "n", "reminded", "neutral", "gain"], rows, note)


_SURVIVING = ("same answer", "right", "obedient")


def _surviving(survival: Survival) -> tuple[Share, Share, Share]:
    """Return what survives, in the order of `_SURVIVING`."""
    return survival.answer, survival.right, survival.obedience


def _left_out(left_out: Mapping[str, Mapping[str, int]]) -> Table:
    rows = [[name, str(count), reason] for name, reasons in left_out.items() for reason, count in reasons.items()]
    return Table("Recorded replies left out", ["intervention", "replies", "because"], rows, align="left")

"""What was scored: every arm beside its floor, by group and by kind, and against replies that were not asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.records import Profile
from mathif.results import (
    HACC,
    METRICS,
    SACC,
    Adherence,
    ArmEffects,
    ArmReport,
    KindScores,
    ProfileReport,
    Reliable,
    Scores,
)
from mathif.stats import Share
from mathif.tables.drawing import Table
from mathif.wording.numbers import interval, percent, plain_interval

LABELS = [metric.label for metric in METRICS]


def headline(figures: ProfileReport) -> Table:
    """Return the table that a reader looks at first: every arm, and beside it its floor."""
    rows: list[list[str]] = []
    for arm, row in figures.arms.items():
        rows.append([arm, *group_cells(row.overall)])
        rows.append(["· floor", "", *_reference_cells(row.floor)])
        if row.fixed:
            rows.append(["· fixed text", "", *_reference_cells(row.fixed)])
        rows.append(["· loose", "", *_reference_cells(row.loose)])
        if row.overall.truncated:
            rows.append(["· not cut", *group_cells(row.without_truncated)])
    return Table("Scores", ["arm", "n", *LABELS], rows, _FLOOR_NOTE)


_FLOOR_NOTE = (
    "*floor*: the null reply on the same items. *fixed text*: the one text that scores most without knowing the item. "
    "*loose*: judged under IFEval's eight relaxed variants. "
    "*not cut*: without the truncated replies."
)


def _reference_cells(row: Adherence[Share]) -> list[str]:
    return [interval(getattr(row, metric.key, None)) for metric in METRICS]


def both_profiles(profiles: Mapping[Profile, ProfileReport]) -> Table:
    """Return the figures of obedience under both profiles beside each other, arm by arm."""
    mine, theirs = profiles[Profile.MATHIF], profiles[Profile.UPSTREAM]
    rows = [
        [arm, *(interval(metric.figure(side.overall)) for metric in (HACC, SACC) for side in (theirs.arms[arm], own))]
        for arm, own in mine.arms.items()
    ]
    head = ["arm", *(f"{metric.label} {profile}" for metric in (HACC, SACC) for profile in ("upstream", "mathif"))]
    return Table("Both profiles", head, rows, _BOTH_NOTE)


_BOTH_NOTE = "*upstream*: as the published code of a benchmark judges; *mathif*: as the sentences ask."


_OUTCOMES = ("answered", "open", "empty", "truncated", "refused", "filtered", "too_long", "error", "ungraded")


def outcomes(arms: Mapping[str, ArmReport]) -> Table:
    """Return how the replies of every arm ended."""
    head = ["arm", *(name.replace("_", " ") for name in _OUTCOMES)]
    rows = [[arm, *(str(getattr(row.outcomes, name)) for name in _OUTCOMES)] for arm, row in arms.items()]
    return Table("Outcomes (replies)", head, rows)


def replies(row: Scores) -> str:
    """Return a number of replies, that of the items they are judged for behind it where it is another one."""
    return str(row.n) if row.judged in (None, row.n) else f"{row.n} ({row.judged})"


def group_cells(row: Scores) -> list[str]:
    """Return the cells of one group of replies: how many, and every metric."""
    return [replies(row), *(interval(metric.figure(row)) for metric in METRICS)]


def group_table(title: str, label: str, groups: Mapping[str, Scores]) -> Table:
    """Return the scores of groups of replies, a row for each."""
    rows = [[name, *group_cells(row)] for name, row in groups.items()]
    return Table(title, [label, "n", *LABELS], rows)


def kind_table(title: str, kinds: Mapping[str, KindScores]) -> Table:
    """Return how each kind of constraint is obeyed."""
    rows = [
        [
            kind,
            str(row.obeyed.n),
            interval(row.obeyed),
            percent(row.loose.value),
            percent(row.floor.value),
            str(row.ungraded),
        ]
        for kind, row in kinds.items()
    ]
    return Table(title, ["kind", "n", "obeyed", "loose", "floor", "ungraded"], rows)


def wording_table(arm: str, reliable: Reliable) -> Table:
    """Return what is obeyed in all wordings of the constraints of an arm, beside what is obeyed in one."""
    rows = [
        ["every constraint", str(reliable.hacc.n), interval(reliable.hacc), interval(reliable.hacc_each)],
        ["each constraint", str(reliable.every.n), interval(reliable.every), interval(reliable.each)],
    ]
    rows += [["· asked alike", str(reliable.again.n), interval(reliable.again), ""]] if reliable.again else []
    rows += [[kind, str(own.every.n), *map(interval, (own.every, own.each))] for kind, own in reliable.by_kind.items()]
    head = ["obeyed", "n", f"in all {reliable.wordings} wordings", "in one"]
    return Table(f"Reliable adherence, {arm} (percent)", head, rows, _WORDINGS_NOTE, brief=False)


_WORDINGS_NOTE = (
    "Constraints of one item and sample, asked in every wording: those obeyed in all, and on average in one. *asked "
    "alike*: the own wording in as many samples, obeyed in all; what is lost there is chance."
)


def effect_tables(effects: Mapping[str, ArmEffects]) -> Iterator[Table]:
    """Yield what the instructions change: against plain replies, against the right ones, against meaningless ones."""
    yield _against_plain(effects)
    yield _together(effects)
    rows = [
        [f"{arm} − {other}", str(gain.hacc.n), interval(gain.hacc), interval(gain.sacc)]
        for arm, row in effects.items()
        for other, gain in (row.against or {}).items()
    ]
    yield Table("Against instructions that mean nothing (points)", ["arms", "n", "HAcc", "SAcc"], rows)
    for arm, row in effects.items():
        kinds = [[kind, str(gained.n), interval(gained)] for kind, gained in (row.lift_by_kind or {}).items()]
        yield Table(f"Lift by kind, {arm} (points)", ["kind", "n", "lift"], kinds, brief=False)


def _against_plain(effects: Mapping[str, ArmEffects]) -> Table:
    """Return what the instructions change against the plain replies to the same items."""
    rows = [
        [
            arm,
            *([interval(row.lift.hacc), interval(row.lift.sacc)] if row.lift else ["–", "–"]),
            interval(row.chance_corrected.hacc) if row.chance_corrected else "–",
            interval(row.cost_of_obedience),
        ]
        for arm, row in effects.items()
        if row.cost_of_obedience
    ]
    head = ["arm", "lift HAcc", "lift SAcc", "chance-corrected", "cost in Acc"]
    return Table("Against the plain replies to the same items (points)", head, rows, _AGAINST_NOTE)


_AGAINST_NOTE = (
    "*lift*: adherence with the instruction minus without. *chance-corrected*: lift as a share of what was left to"
    " gain. *cost*: Acc without the instruction minus Acc with it."
)


def _together(effects: Mapping[str, ArmEffects]) -> Table:
    """Return how being right and being obedient go together, and one constraint with another."""
    rows = [
        [
            arm,
            interval(row.association.joint),
            interval(row.association.excess),
            plain_interval(row.association.odds_ratio),
            plain_interval(row.composition),
        ]
        for arm, row in effects.items()
    ]
    head = ["arm", "joint", "excess", "odds ratio", "composition"]
    return Table("Right and obedient together", head, rows, _TOGETHER_NOTE)


_TOGETHER_NOTE = (
    "*excess*: joint minus what it were if right and obedient were unrelated. *odds ratio*: how much likelier an"
    " obedient reply is among the right ones (1: unrelated). *composition*: share that obeys several constraints at"
    " once over the product of their shares when alone (1: they do not interfere)."
)

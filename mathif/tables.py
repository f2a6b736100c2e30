"""Tables: the numbers of a report as tables, in plain text and as Markdown for `report.md`.

Nothing is computed here; a table only chooses, rounds and aligns what `mathif.report` found.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import tabulate

from mathif.arms import PLAIN
from mathif.counting import counted
from mathif.records import Profile
from mathif.results import (
    ACC,
    HACC,
    METRICS,
    SACC,
    Adherence,
    ArmEffects,
    ArmLength,
    ArmParts,
    ArmReport,
    FirstViolation,
    KindScores,
    LengthBin,
    LengthBins,
    LengthEffects,
    LengthSlopes,
    PartScores,
    Position,
    ProfileReport,
    Recut,
    Reliable,
    Report,
    Scores,
    Versions,
)
from mathif.stats import Survivors
from mathif.wording import of_measured
from mathif.wording.numbers import interval, percent, plain_interval, probability

tabulate.MIN_PADDING = 0  # its two extra blanks for each column name would not fit 100 columns

WIDTH = 100
"""Columns that every plain table fits, and that text takes where the terminal does not say how many it has."""

_LABELS = [metric.label for metric in METRICS]
_PROFILES = {Profile.MATHIF: "what the sentences ask", Profile.UPSTREAM: "the published code of the benchmarks"}


class Table(NamedTuple):
    """One table before it is drawn.

    Attributes:
        title: what the rows are.
        head: column names; the first column is text, the others are aligned right.
        rows: cells as text.
        note: one or two sentences below the title, or "".
        align: how all columns but the first are aligned.
        brief: whether the terminal shows it too; `report.md` shows every table.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    brief: bool = True
    align: str = "right"


def markdown(report: Report, title: str = "Report") -> str:
    """Return the report as Markdown, every table of every profile."""
    parts = [f"# {title}", "  \n".join(of_measured(report.measured)), incomplete(report), _READING]
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


def incomplete(report: Report) -> str:
    """Say that replies are missing, "" where none is."""
    if report.complete:
        return ""
    return (
        f"INCOMPLETE: {report.errors} of {counted(report.rows, 'row has', 'rows have')} no reply yet, not asked or not"
        " answered. They are in no figure; resume the run to ask for them."
    )


def plain(table: Table) -> str:
    """Return one table as plain text."""
    body = tabulate.tabulate(
        table.rows, table.head, tablefmt="simple", colalign=_alignment(table), disable_numparse=True
    )
    return f"{table.title}\n{body}"


def marked(table: Table) -> str:
    """Return one table as Markdown, its title as a heading."""
    body = tabulate.tabulate(table.rows, table.head, tablefmt="pipe", colalign=_alignment(table), disable_numparse=True)
    return "\n\n".join(part for part in (f"### {table.title}", table.note, body) if part)


def wrapped(lines: Iterable[str], width: int = WIDTH) -> str:
    """Return lines broken at words alone, what follows the beginning of one indented."""
    return "\n".join(textwrap.fill(line, width, subsequent_indent="  ", break_long_words=False) for line in lines)


def bullets(sentences: Iterable[str], width: int = WIDTH) -> str:
    """Return sentences as a plain list, broken at words alone."""
    return wrapped((f"- {sentence}" for sentence in sentences), width)


def _alignment(table: Table) -> list[str]:
    return ["left"] + [table.align] * (len(table.head) - 1)


def profile_tables(figures: ProfileReport) -> Iterator[Table]:
    """Yield the tables of one profile that follow its headline, the most important first."""
    arms = figures.arms
    yield Table(
        "Outcomes (replies)",
        ["arm", *(name.replace("_", " ") for name in _OUTCOMES)],
        [_outcome_row(arm, row) for arm, row in arms.items()],
    )
    yield from _modes(figures)
    yield from (_wordings(arm, own) for arm, own in figures.reliable.items())
    yield from _parts(figures.parts)
    yield from _effects(figures.effects)
    for arm, effects in figures.effects.items():
        yield from _versions(arm, effects.versions) if effects.versions else ()
    yield _goes_with(figures.effects, figures.length)
    yield from _slopes(figures.length)
    for arm, length in figures.length.arms.items():
        yield from _shapes(arm, length)
    for arm, effects in figures.effects.items():
        yield _survival(arm, effects.position)
    for arm, row in arms.items():
        yield from (table._replace(brief=table.brief and arm != PLAIN) for table in _arm_tables(arm, row))


def _arm_tables(arm: str, row: ArmReport) -> Iterator[Table]:
    yield _groups(f"By number of constraints, {arm}", "constraints", row.by_constraints)
    yield _groups(f"By source, {arm}", "source", row.by_source)
    yield _groups(f"By tier, {arm}", "tier", row.by_tier)
    yield _kinds(f"By kind, {arm}", row.by_kind)
    yield from _lengths(arm, row.by_length)


_OUTCOMES = ("answered", "open", "empty", "truncated", "refused", "filtered", "too_long", "error", "ungraded")


def _outcome_row(arm: str, row: ArmReport) -> list[str]:
    return [arm, *(str(getattr(row.outcomes, name)) for name in _OUTCOMES)]


def headline(figures: ProfileReport) -> Table:
    """Return the table that a reader looks at first: every arm, and beside it its floor."""
    rows: list[list[str]] = []
    for arm, row in figures.arms.items():
        rows.append([arm, *_group_cells(row.overall)])
        rows.append(["· floor", "", *_reference_cells(row.floor)])
        if row.fixed:
            rows.append(["· fixed text", "", *_reference_cells(row.fixed)])
        rows.append(["· loose", "", *_reference_cells(row.loose)])
        if row.overall.truncated:
            rows.append(["· not cut", *_group_cells(row.without_truncated)])
    return Table("Scores", ["arm", "n", *_LABELS], rows, _FLOOR_NOTE)


_FLOOR_NOTE = (
    "*floor*: the null reply on the same items. *fixed text*: the one text that scores most without knowing the item. "
    "*loose*: judged under IFEval's eight relaxed variants. "
    "*not cut*: without the truncated replies."
)


def _reference_cells(row: Adherence) -> list[str]:
    return [interval(getattr(row, metric.key, None)) for metric in METRICS]


def replies(row: Scores) -> str:
    """Return a number of replies, that of the items they are judged for behind it where it is another one."""
    return str(row.n) if row.judged in (None, row.n) else f"{row.n} ({row.judged})"


def _group_cells(row: Scores) -> list[str]:
    return [replies(row), *(interval(metric.figure(row)) for metric in METRICS)]


def _groups(title: str, label: str, groups: Mapping[str, Scores]) -> Table:
    rows = [[name, *_group_cells(row)] for name, row in groups.items()]
    return Table(title, [label, "n", *_LABELS], rows)


def _kinds(title: str, kinds: Mapping[str, KindScores]) -> Table:
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


def _wordings(arm: str, found: Reliable) -> Table:
    rows = [
        ["every constraint", str(found.hacc.n), interval(found.hacc), interval(found.hacc_each)],
        ["each constraint", str(found.every.n), interval(found.every), interval(found.each)],
    ]
    rows += [["· asked alike", str(found.again.n), interval(found.again), ""]] if found.again else []
    rows += [[kind, str(own.every.n), *map(interval, (own.every, own.each))] for kind, own in found.by_kind.items()]
    head = ["obeyed", "n", f"in all {found.wordings} wordings", "in one"]
    return Table(f"Reliable adherence, {arm} (percent)", head, rows, _WORDINGS_NOTE, brief=False)


_WORDINGS_NOTE = (
    "Constraints of one item and sample, asked in every wording: those obeyed in all, and on average in one. *asked "
    "alike*: the own wording in as many samples, obeyed in all; what is lost there is chance."
)


def parts_table(parts: Mapping[str, ArmParts]) -> Table:
    """Return how reply and thinking obey, side by side, each with its floor; what was asked of a part has a mark."""
    rows: list[list[str]] = []
    for arm, own in parts.items():
        scores = [own.scores[name] for name in PARTS]
        rows.append([arm, str(own.n), *(interval(one.hacc) + "*" * one.asked for one in scores)])
        if any(one.natural for one in scores):
            rows.append(["· plain", "", *(interval(one.natural) for one in scores)])
            rows.append(["· lift", "", *(interval(one.lift) for one in scores)])
        rows.append(["· − reply", "", "", interval(own.gap), ""])
        rows.append(["· same length", "", "", interval(own.matched), ""])
        if own.naming.value:
            rows.append(["· not named", "", "", interval(own.spared), ""])
        cut = own.scores["thinking"].cut
        if cut is not None:
            rows.append(["· cut", str(cut.n), "", interval(cut), ""])
        if own.unmeasured:
            rows.append(["· not measured", str(own.unmeasured), "", "", ""])
    return Table("Reply and thinking (percent)", ["arm", "n", *PARTS], rows, _PARTS_NOTE)


PARTS = ("reply", "thinking", "both")
"""The parts of a reply, in the order in which they are shown."""
_PARTS_NOTE = (
    "HAcc of the replies whose thinking can be seen, over the kinds that can be asked of thinking; * what was asked. "
    "*plain*: the same part of the plain replies, *lift*: what is beyond it. *− reply*: the thinking "
    "minus the reply, and the same at the *same length* of the judged text. *not named*: without the sentences that "
    "restate a demand. *cut*: thinkings that were cut, judged up to the cut, in no other row."
)


def _parts(parts: Mapping[str, ArmParts]) -> Iterator[Table]:
    yield parts_table(parts)
    yield Table(
        "When a constraint is first broken",
        ["arm, part", "n", "broken", "per 1,000", "plain, per 1,000", "hazard", "per doubling"],
        [_slip_row(arm, part, own) for arm, own in parts.items() for part in own.slips],
        "Constraints that any stretch of a text can break. *per 1,000*: first violations for each 1,000 tokens"
        " (characters where tokens are unknown). *hazard*: how many times as likely the next one is as in the plain"
        " replies to the same item. *per doubling* of the place, at a fixed item: 1 where each place is as risky.",
        brief=False,
    )
    yield Table(
        "Thinkings that restate their demand",
        ["arm", "restate", "plain", "last", "to the answer", "odds, reply", "odds, thinking"],
        [[arm, *_restating(own)] for arm, own in parts.items() if own.restating.restates.value],
        "*last*: where the last such sentence ends, in percent of the thinking; *to the answer*: tokens from there, in"
        " the middle; *odds*: odds ratio of obeying with restating, among replies to one item.",
        brief=False,
    )
    for arm, own in parts.items():
        for part in PARTS[:2]:
            yield _part_lengths(arm, part, own.scores[part])
            yield _survivors(arm, part, own)


def _slip_row(arm: str, part: str, own: ArmParts) -> list[str]:
    slips, score = own.slips[part], own.scores.get(part)
    known = (score.rate, score.natural_rate) if score else (None, None)
    rates = (plain_interval(one) if one else "" for one in known)
    counts = map(str, (slips.n, slips.broken))
    name = "thinking, not named" if part == "spared" else part
    return [f"{arm}, {name}", *counts, *rates, plain_interval(slips.hazard), plain_interval(slips.place)]


def _restating(own: ArmParts) -> list[str]:
    found = own.restating
    far = "" if found.distance is None else tokens(found.distance)
    odds = [plain_interval(found.odds[part]) for part in PARTS[:2]]
    return [interval(found.restates), interval(found.natural), interval(found.last), far, *odds]


def _part_lengths(arm: str, part: str, score: PartScores) -> Table:
    rows = [
        [f"{tokens(row.low)} – {tokens(row.high)}", str(row.n), interval(row.hacc), interval(row.natural)]
        for row in score.lengths
        if row.n
    ]
    return Table(f"By length of the {part}, {arm}", ["length", "n", "HAcc", "plain"], rows, brief=False)


def _survivors(arm: str, part: str, own: ArmParts) -> Table:
    """Return the curve with its risk table: by the place, then by the part of the text."""
    slips = own.slips[part]
    sides = [("", slips.told, slips.untold), (" %", slips.told_part, slips.untold_part)]
    rows = [
        [f"{tokens(one.at)}{unit}", *_unbroken(one), *_unbroken(beside.get(one.at))]
        for unit, told, untold in sides
        for beside in [{one.at: one for one in untold}]
        for one in told
    ]
    head = [own.unit, "unbroken", "at risk", "plain", "at risk, plain"]
    return Table(f"Unbroken along the {part}, {arm}", head, rows, brief=False)


def _effects(effects: Mapping[str, ArmEffects]) -> Iterator[Table]:
    against = [
        [
            arm,
            *([interval(row.lift.hacc), interval(row.lift.sacc)] if row.lift else ["–", "–"]),
            interval(row.chance_corrected.hacc) if row.chance_corrected else "–",
            interval(row.cost_of_obedience),
        ]
        for arm, row in effects.items()
        if row.cost_of_obedience
    ]
    yield Table(
        "Against the plain replies to the same items (points)",
        ["arm", "lift HAcc", "lift SAcc", "chance-corrected", "cost in Acc"],
        against,
        "*lift*: adherence with the instruction minus without. *chance-corrected*: lift as a share of what was left to"
        " gain. *cost*: Acc without the instruction minus Acc with it.",
    )
    yield Table(
        "Right and obedient together",
        ["arm", "joint", "excess", "odds ratio", "composition"],
        [
            [
                arm,
                interval(row.association.joint),
                interval(row.association.excess),
                plain_interval(row.association.odds_ratio),
                plain_interval(row.composition),
            ]
            for arm, row in effects.items()
        ],
        "*excess*: joint minus what it were if right and obedient were unrelated. *odds ratio*: how much likelier an"
        " obedient reply is among the right ones (1: unrelated). *composition*: share that obeys several constraints at"
        " once over the product of their shares when alone (1: they do not interfere).",
    )
    rows = [
        [f"{arm} − {other}", str(gain.hacc.n), interval(gain.hacc), interval(gain.sacc)]
        for arm, row in effects.items()
        for other, gain in (row.against or {}).items()
    ]
    yield Table("Against instructions that mean nothing (points)", ["arms", "n", "HAcc", "SAcc"], rows)
    for arm, row in effects.items():
        kinds = [[kind, str(found.n), interval(found)] for kind, found in (row.lift_by_kind or {}).items()]
        yield Table(f"Lift by kind, {arm} (points)", ["kind", "n", "lift"], kinds, brief=False)


def _modes(figures: ProfileReport) -> Iterator[Table]:
    """Yield whether the arms that say how to think were kept, what more thinking does, and who is obeyed."""
    kept = [
        [
            one.arm,
            str(one.n),
            one.keeping.value,
            percent(one.thinks.value),
            "–" if one.tokens.value is None else f"{one.tokens.value:.0f}",
            "–" if one.within is None else percent(one.within.value),
        ]
        for one in figures.modes
    ]
    note = "An arm that was not kept is not compared. " + " ".join(
        f"{one.arm}: {one.reason}." for one in figures.modes if one.reason
    )
    head = ["arm", "n", "", "thinks", "thinking tokens", "within budget"]
    yield Table("How the thinking was switched", head, kept, note.strip())
    pairs = [
        [f"{one.first} − {one.second}", str(one.hacc.n), interval(one.hacc), interval(one.acc), f"{one.won}:{one.lost}"]
        for one in figures.gaps
    ]
    yield Table("Arms that ask the same (points)", ["arms", "n", "HAcc", "Acc", "won:lost"], pairs)
    for one in figures.gaps:
        parts = [*one.by_demand.items(), *one.by_kind.items()]
        rows = [[name, str(found.n), interval(found)] for name, found in parts]
        title = f"By kind, {one.first} − {one.second} (points)"
        yield Table(title, ["kind", "n", "obeyed"], rows, brief=False)
    if figures.conflict:
        found = figures.conflict
        shares = [interval(share) for share in (found.system, found.user, found.neither, found.both)]
        head = ["n", "system", "user", "neither", "both"]
        yield Table("Who is obeyed in a conflict", head, [[str(found.n), *shares]])


def _goes_with(effects: Mapping[str, ArmEffects], length: LengthEffects) -> Table:
    rows = [
        [
            arm,
            plain_interval(length.arms[arm].hacc.within),
            plain_interval(length.arms[arm].hacc.gap),
            str(row.fading.n),
            plain_interval(row.fading),
        ]
        for arm, row in effects.items()
        if row.fading
    ]
    return Table(
        "What adherence goes with", ["arm", "length", "problem", "n broken", "position"], rows, _GOES_WITH_NOTE
    )


_GOES_WITH_NOTE = (
    "*length*: HAcc at a fixed problem, log-odds per doubling of the CoT. *problem*: that slope minus the one between"
    " problems (0: the raw curve compares like with like). *position*: how many times as far into a reply a single"
    " constraint is first broken as in the plain reply to the same item (1: as far);"
    " *n broken*: pairs of replies that break it at a known place."
)


def _slopes(length: LengthEffects) -> Iterator[Table]:
    head = ["arm, outcome", "n", "raw", "adjusted", "within problem"]
    yield Table("Length (log-odds per doubling of the CoT)", head, list(_slope_rows(length)), _LENGTH_NOTE)
    rows = [
        [
            f"{arm}, {label}",
            *(str(count) for way in (row.raw, row.within) for count in (way.n, way.problems)),
            plain_interval(row.mundlak),
            plain_interval(row.between),
            interval(row.points),
        ]
        for arm, label, row in _length_outcomes(length)
    ]
    head = ["arm, outcome", "n", "problems", "n that inform", "their problems", "within, averaged", "between", "points"]
    yield Table("Length, within and between problems", head, rows, _WITHIN_NOTE, brief=False)
    for arm, figures in length.arms.items():
        placed = [[_place(row), interval(row.share), plain_interval(row.within)] for row in figures.first_violation]
        head = ["character", "replies", "within problem"]
        yield Table(f"Where the first violation starts, {arm}", head, placed, brief=False)


_LENGTH_NOTE = (
    "Truncated replies are left out. *raw*: all replies pooled. *adjusted*: tier and constraint kinds held fixed."
    " *within problem*: replies to the same item against each other (conditional logit)."
    " `plain` is the placebo: its replies never saw the constraints."
)
_WITHIN_NOTE = (
    "A problem informs the slope within problems when its replies to one item differ both in outcome and in length."
    " *within, averaged* and *between* are the two halves of the between/within regression; *points* is what the first"
    " means in percentage points."
)


def _length_outcomes(length: LengthEffects) -> Iterator[tuple[str, str, LengthSlopes]]:
    for arm, figures in length.arms.items():
        outcomes = {HACC.label: figures.hacc, ACC.label: figures.acc}
        yield from ((arm, label, slopes) for label, slopes in outcomes.items() if slopes.raw.n)


def _slope_rows(length: LengthEffects) -> Iterator[list[str]]:
    for arm, label, row in _length_outcomes(length):
        yield [f"{arm}, {label}", str(row.raw.n), *map(plain_interval, (row.raw, row.adjusted, row.within))]
        if label == HACC.label and arm in length.net_of_placebo:
            yield ["· minus plain", "", "", "", plain_interval(length.net_of_placebo[arm])]


def _versions(arm: str, found: Versions) -> Iterator[Table]:
    """Yield the replies by version, and what the version does to them."""
    levels = [
        [
            f"{level.steps} {level.surface}".strip(),
            *(str(count) for count in (level.n, level.truncated)),
            *map(interval, (level.hacc, level.acc)),
            "–" if level.length.value is None else f"{2**level.length.value:.0f}",
        ]
        for level in found.levels
    ]
    head = ["steps", "n", "cut", HACC.label, ACC.label, "CoT tokens"]
    yield Table(f"Versions of the same problems, {arm}", head, levels, "*CoT tokens*: geometric mean.")
    effects = (found.hacc, found.acc)
    rows = [
        [name, *(interval(getattr(one, cause)) for one in effects), plain_interval(getattr(found.length, cause))]
        for cause, name in (
            ("steps", "each doubling of the steps"),
            ("surface", "unfamiliar telling"),
            ("interaction", "both: steps when unfamiliar − familiar"),
        )
    ]
    rows.append(["each doubling of the CoT that steps brought", interval(found.instrumental), "", ""])
    rows.append(["each doubling of the CoT as observed", interval(found.observed), "", ""])
    head = ["", HACC.label, ACC.label, "CoT (doublings)"]
    yield Table(f"What the version does, {arm} (points)", head, rows, _VERSION_NOTE)


_VERSION_NOTE = (
    "Between versions of the same problem, clustered by it. Steps and telling were assigned; how long a model thinks is"
    " its own choice, so that the last line only tells what goes together. The line above it takes steps to act on"
    " obedience through the length alone."
)


def _shapes(arm: str, figures: ArmLength) -> Iterator[Table]:
    """Yield the curve along the length, the slopes of kinds and groups, and the bounds for truncated replies."""
    curve = figures.hacc.curve
    points = [] if curve is None else zip(curve.at, curve.value, curve.low, curve.high, strict=True)
    rows = [[f"{at:+.2f}", f"{value:+.2f}", f"[{low:+.2f}, {high:+.2f}]"] for at, value, low, high in points]
    head = ["doublings from the item's mean", "log-odds", "simultaneous band"]
    note = "" if curve is None or curve.reason else f"That the way is straight: p = {probability(curve.p)}."
    yield Table(f"HAcc along the length at a fixed item, {arm}", head, rows, note, brief=False)
    for part, found in (("kind", figures.by_kind), ("group", figures.by_group)):
        rows = [
            [name, str(row.within.n), plain_interval(row.within), probability(row.p), probability(row.q)]
            for name, row in found.items()
        ]
        head = [part, "n that inform", "within problem", "p", "q"]
        yield Table(f"Length by {part}, {arm} (log-odds per doubling)", head, rows, brief=False)
    bounds = [
        [label, *map(plain_interval, (slopes.within, slopes.cut.all, slopes.cut.none))]
        for label, slopes in ((HACC.label, figures.hacc), (ACC.label, figures.acc))
        if slopes.cut is not None
    ]
    head = ["outcome", "without truncated", "had they all passed", "had none"]
    yield Table(f"Truncated replies as bounds of the slope, {arm}", head, bounds, brief=False)


def _survival(arm: str, found: Position | None) -> Table:
    """Return the share of replies still unbroken along them, beside that of the plain replies."""
    sides = (found.told, found.untold) if found else ((), ())
    places = sorted({one.at for side in sides for one in side})
    reached = [{one.at: one for one in side} for side in sides]
    rows = [[str(at), *(cell for side in reached for cell in _unbroken(side.get(at)))] for at in places]
    head = ["character", "unbroken", "at risk", "unbroken, plain", "at risk, plain"]
    return Table(f"Unbroken along the reply, {arm}", head, rows, brief=False)


def _unbroken(found: Survivors | None) -> tuple[str, str]:
    return ("", "") if found is None else (interval(found.share), str(found.at_risk))


def _place(row: FirstViolation) -> str:
    return f"[{row.low}, {'∞' if row.high is None else row.high})"


def _lengths(arm: str, figures: LengthBins) -> Iterator[Table]:
    head = ["CoT tokens", "n", *_LABELS, "cut"]
    beside = [f"{figures.truncated} truncated replies are in no bin; `cut` counts those that stopped at that length."]
    if figures.unknown:
        beside.append(f"{counted(figures.unknown, 'reply has', 'replies have')} no known CoT length, in no bin.")
    note = " ".join(beside)
    yield Table(f"By CoT length, {arm}", head, [_length_row(row) for row in figures.edges], note)
    equal = [_length_row(row) for row in figures.equal_count]
    yield Table(f"By CoT length, equal counts, {arm}", head, equal, note, brief=False)


def _length_row(row: LengthBin) -> list[str]:
    return [f"[{tokens(row.low)}, {tokens(row.high)})", *_group_cells(row), str(row.truncated)]


def tokens(count: int) -> str:
    """Return a number of tokens, whole multiples of 1024 as `2k`."""
    return f"{count // 1024}k" if count and count % 1024 == 0 else str(count)


def recut_table(found: Iterable[Recut]) -> str:
    """Return what lower token limits would have left of a run, for the terminal."""
    rows = [
        [one.arm, str(one.limit), str(one.n), str(one.truncated), interval(one.hacc), interval(one.acc)]
        for one in found
    ]
    note = (
        "A reply that goes on beyond the limit counts as cut there. A model that knows its limit may write otherwise."
    )
    return plain(Table("Under lower token limits", ["arm", "limit", "n", "cut", "HAcc", "Acc"], rows, note)) + "\n"

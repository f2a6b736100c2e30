"""What goes with the length of the thinking, and with the place in a reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mathif.counting import counted
from mathif.results import (
    ACC,
    HACC,
    ArmEffects,
    ArmLength,
    FirstViolation,
    LengthBin,
    LengthBins,
    LengthEffects,
    LengthSlopes,
    Position,
    Recut,
    Versions,
)
from mathif.stats import Survivors
from mathif.tables.drawing import Table, plain, tokens
from mathif.tables.scores import LABELS, group_cells
from mathif.wording.numbers import interval, plain_interval, probability


def goes_with(effects: Mapping[str, ArmEffects], length: LengthEffects) -> Table:
    """Return what obeying goes with, arm by arm: the length, the problem, the place in the reply."""
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


def slope_tables(length: LengthEffects) -> Iterator[Table]:
    """Yield the slopes along the length, and where the first violation starts."""
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


def version_tables(arm: str, versions: Versions) -> Iterator[Table]:
    """Yield the replies by version, and what the version does to them."""
    levels = [
        [
            f"{level.steps} {level.surface}".strip(),
            *(str(count) for count in (level.n, level.truncated)),
            *map(interval, (level.hacc, level.acc)),
            "–" if level.length.value is None else f"{2**level.length.value:.0f}",
        ]
        for level in versions.levels
    ]
    head = ["steps", "n", "cut", HACC.label, ACC.label, "CoT tokens"]
    yield Table(f"Versions of the same problems, {arm}", head, levels, "*CoT tokens*: geometric mean.")
    effects = (versions.hacc, versions.acc)
    rows = [
        [name, *(interval(getattr(one, cause)) for one in effects), plain_interval(getattr(versions.length, cause))]
        for cause, name in (
            ("steps", "each doubling of the steps"),
            ("surface", "unfamiliar telling"),
            ("interaction", "both: steps when unfamiliar − familiar"),
        )
    ]
    rows.append(["each doubling of the CoT that steps brought", interval(versions.instrumental), "", ""])
    rows.append(["each doubling of the CoT as observed", interval(versions.observed), "", ""])
    head = ["", HACC.label, ACC.label, "CoT (doublings)"]
    yield Table(f"What the version does, {arm} (points)", head, rows, _VERSION_NOTE)


_VERSION_NOTE = (
    "Between versions of the same problem, clustered by it. Steps and telling were assigned; how long a model thinks is"
    " its own choice, so that the last line only tells what goes together. The line above it takes steps to act on"
    " obedience through the length alone."
)


def shape_tables(arm: str, figures: ArmLength) -> Iterator[Table]:
    """Yield the curve along the length, the slopes of kinds and groups, and the bounds for truncated replies."""
    curve = figures.hacc.curve
    points = [] if curve is None else zip(curve.at, curve.value, curve.low, curve.high, strict=True)
    rows = [[f"{at:+.2f}", f"{value:+.2f}", f"[{low:+.2f}, {high:+.2f}]"] for at, value, low, high in points]
    head = ["doublings from the item's mean", "log-odds", "simultaneous band"]
    note = "" if curve is None or curve.reason else f"That the way is straight: p = {probability(curve.p)}."
    yield Table(f"HAcc along the length at a fixed item, {arm}", head, rows, note, brief=False)
    for part, own in (("kind", figures.by_kind), ("group", figures.by_group)):
        rows = [
            [name, str(row.within.n), plain_interval(row.within), probability(row.p), probability(row.q)]
            for name, row in own.items()
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


def survival(arm: str, position: Position | None) -> Table:
    """Return the share of replies still unbroken along them, beside that of the plain replies."""
    rows = unbroken_rows(position.told, position.untold) if position else []
    head = ["character", "unbroken", "at risk", "unbroken, plain", "at risk, plain"]
    return Table(f"Unbroken along the reply, {arm}", head, rows, brief=False)


def unbroken_rows(told: Sequence[Survivors], untold: Sequence[Survivors], unit: str = "") -> list[list[str]]:
    """Return the share of texts still unbroken at each place and how many reach it, beside those of plain replies."""
    sides = [{one.at: (interval(one.share), str(one.at_risk)) for one in side} for side in (told, untold)]
    return [
        [f"{tokens(at)}{unit}", *(cell for side in sides for cell in side.get(at, ("", "")))]
        for at in sorted(set().union(*sides))
    ]


def _place(row: FirstViolation) -> str:
    return f"[{row.low}, {'∞' if row.high is None else row.high})"


def length_tables(arm: str, figures: LengthBins) -> Iterator[Table]:
    """Yield the scores of an arm by the length of the thinking, in fixed bins and in bins of equal counts."""
    head = ["CoT tokens", "n", *LABELS, "cut"]
    cut = counted(figures.truncated, "truncated reply is", "truncated replies are")
    beside = [f"{cut} in no bin; `cut` counts those that stopped at that length."]
    if figures.unknown:
        beside.append(f"{counted(figures.unknown, 'reply has', 'replies have')} no known CoT length, in no bin.")
    note = " ".join(beside)
    yield Table(f"By CoT length, {arm}", head, [_length_row(row) for row in figures.edges], note)
    equal = [_length_row(row) for row in figures.equal_count]
    yield Table(f"By CoT length, equal counts, {arm}", head, equal, note, brief=False)


def _length_row(row: LengthBin) -> list[str]:
    return [f"[{tokens(row.low)}, {tokens(row.high)})", *group_cells(row), str(row.truncated)]


def recut_table(recuts: Iterable[Recut], width: int) -> str:
    """Return what lower token limits would have left of a run, for the terminal."""
    rows = [
        [one.arm, str(one.limit), str(one.n), str(one.truncated), interval(one.hacc), interval(one.acc)]
        for one in recuts
    ]
    note = (
        "A reply that goes on beyond the limit counts as cut there. A model that knows its limit may write otherwise."
    )
    head = ["arm", "limit", "n", "cut", "HAcc", "Acc"]
    return plain(Table("Under lower token limits", head, rows, note), width) + "\n"

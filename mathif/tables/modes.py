"""Arms that say how to think: whether they were kept, and what they change."""

from __future__ import annotations

from collections.abc import Iterator

from mathif.results import (
    ProfileReport,
)
from mathif.tables.drawing import Table
from mathif.wording.numbers import interval, percent


def mode_tables(figures: ProfileReport) -> Iterator[Table]:
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
        rows = [[name, str(gap.n), interval(gap)] for name, gap in parts]
        title = f"By kind, {one.first} − {one.second} (points)"
        yield Table(title, ["kind", "n", "obeyed"], rows, brief=False)
    if figures.conflict:
        obeyed = figures.conflict
        shares = [interval(share) for share in (obeyed.system, obeyed.user, obeyed.neither, obeyed.both)]
        head = ["n", "system", "user", "neither", "both"]
        yield Table("Who is obeyed in a conflict", head, [[str(obeyed.n), *shares]])

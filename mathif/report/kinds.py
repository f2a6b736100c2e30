"""Slopes by kind: which constraints go with the length of the CoT, and which way, where the whole may hide both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mathif.constraints import KINDS
from mathif.records import Profile
from mathif.report.columns import DemandColumns, MarkedReply, ReplyColumns
from mathif.results import PartSlope
from mathif.stats import Array, column, doublings, false_discovery, score_test, within


def by_kind(rows: Sequence[MarkedReply], profile: Profile) -> Mapping[str, PartSlope]:
    """Return the slope of every kind, false discoveries controlled over the kinds (Benjamini & Hochberg)."""
    return _parts(rows, profile, lambda kind: (kind,))


def by_group(rows: Sequence[MarkedReply], profile: Profile) -> Mapping[str, PartSlope]:
    """Return the slope of every group of kinds, and of what is planned and what is minded at each place."""
    return _parts(
        rows, profile, lambda kind: (KINDS[kind].group.value, "planning" if KINDS[kind].planned else "precision")
    )


def _parts(
    rows: Sequence[MarkedReply], profile: Profile, parts_of: Callable[[str], Sequence[str]]
) -> Mapping[str, PartSlope]:
    """Return the slope of each part, a part's constraints of one reply as rows of their own inside item and kind."""
    usable = [row for row in rows if not row.error and row.whole and row.cot_tokens >= 0]
    replies, demands = ReplyColumns.of(usable, profile), DemandColumns.of(usable, profile)
    kinds = demands.kind.tolist()
    numbers = {kind: number for number, kind in enumerate(sorted(set(kinds)))}
    own = column([numbers[kind] for kind in kinds], int)
    strata = replies.item[demands.reply] * (len(numbers) + 1) + own
    x, problems = doublings(replies.cot_tokens[demands.reply]), replies.problem[demands.reply]
    memberships = {kind: parts_of(kind) for kind in numbers}
    names = sorted({part for parts in memberships.values() for part in parts})
    masks = {name: column([name in memberships[kind] for kind in kinds], bool) for name in names}
    columns: tuple[Array, ...] = (demands.obeyed, x, strata, problems)
    chosen = {name: [values[mask] for values in columns] for name, mask in masks.items()}
    tests = {name: score_test(*values) for name, values in chosen.items()}
    adjusted = dict(zip(tests, false_discovery(list(tests.values())), strict=True))
    return {name: PartSlope(within=within(*values), p=tests[name], q=adjusted[name]) for name, values in chosen.items()}

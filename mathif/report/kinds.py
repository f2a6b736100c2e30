"""Slopes by kind: which constraints go with the length of the CoT, and which way, where the whole may hide both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mathif.constraints import KINDS
from mathif.records import Profile
from mathif.report.columns import DemandColumns, ReplyColumns
from mathif.report.marked import Rows
from mathif.results import PartSlope
from mathif.stats import Array, column, doublings, false_discovery, score_test, within


class _Judged(NamedTuple):
    """The constraints of the replies with a length of their own, one place each.

    Attributes:
        kinds: the kinds, in order.
        numbers: of each constraint the number of its kind among them.
        columns: whether it is obeyed, the doublings of the CoT, the item and kind, and the problem.
    """

    kinds: Sequence[str]
    numbers: Array
    columns: tuple[Array, ...]


def by_kind_and_group(rows: Rows, profile: Profile) -> tuple[Mapping[str, PartSlope], Mapping[str, PartSlope]]:
    """Return the slope of every kind; and of every group, of what is planned and of what is minded at each place.

    False discoveries are controlled over the kinds, and over the groups (Benjamini & Hochberg).
    """
    usable = rows.where(lambda row: row.whole and row.cot_tokens >= 0)
    replies, demands = ReplyColumns.of(usable, profile), DemandColumns.of(usable, profile)
    kinds, numbers = demands.numbered()
    strata = replies.item[demands.reply] * (len(kinds) + 1) + numbers
    x, problems = doublings(replies.cot_tokens)[demands.reply], replies.problem[demands.reply]
    judged = _Judged(kinds, numbers, (demands.obeyed, x, strata, problems))
    return _parts(judged, lambda kind: (kind,)), _parts(
        judged, lambda kind: (KINDS[kind].group.value, "planning" if KINDS[kind].planned else "precision")
    )


def _parts(judged: _Judged, parts_of: Callable[[str], Sequence[str]]) -> Mapping[str, PartSlope]:
    """Return the slope of each part, a part's constraints of one reply as rows of their own inside item and kind."""
    memberships = [parts_of(kind) for kind in judged.kinds]
    names = sorted({part for parts in memberships for part in parts})
    masks = {name: column([name in parts for parts in memberships], bool)[judged.numbers] for name in names}
    chosen = {name: [values[mask] for values in judged.columns] for name, mask in masks.items()}
    tests = {name: score_test(*values) for name, values in chosen.items()}
    adjusted = dict(zip(tests, false_discovery(list(tests.values())), strict=True))
    return {name: PartSlope(within=within(*values), p=tests[name], q=adjusted[name]) for name, values in chosen.items()}

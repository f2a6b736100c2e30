"""Changes: the figures of one arm in both runs, their paired differences, and which replies flipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mathif.records import Key, Profile
from mathif.report.columns import DemandColumns, MarkedReply, ReplyColumns
from mathif.report.effect_sizes import PLAIN
from mathif.report.slopes import dilution, dilution_gap
from mathif.stats import Array, Estimate, column, difference, false_discovery, mcnemar, unknown

Arms = Mapping[str, Sequence[MarkedReply]]


def arm_changes(arm: str, before: Arms, after: Arms, profile: Profile) -> dict[str, Any]:
    """Return everything that changed in one arm, as plain JSON.

    Args:
        arm: the arm.
        before: the rows of the first run by arm.
        after: the rows of the second run, of the same keys in the same order.
        profile: the profile that judges.
    """
    first, second = ReplyColumns.of(before[arm], profile), ReplyColumns.of(after[arm], profile)
    whole = ~(first.cut | second.cut)
    figures = {
        "n": len(first),
        "problems": len(set(first.problem.tolist())),
        "truncated": {"first": int(first.cut.sum()), "second": int(second.cut.sum())},
        "overall": changes(first, second),
        "without_truncated": changes(first.where(whole), second.where(whole)),
        "by_task": _grouped(first, second, tasks(before[arm])),
        "by_tier": _grouped(first, second, first.tier),
        "by_constraints": _grouped(first, second, first.size),
        "by_kind": _by_kind(before[arm], after[arm], first, profile),
        "dilution": _dilution(first, second),
    }
    if arm != PLAIN and PLAIN in before:
        bare = ReplyColumns.of(before[PLAIN], profile), ReplyColumns.of(after[PLAIN], profile)
        figures["lift"] = _lift((first, second), bare)
    return figures


def tasks(rows: Sequence[MarkedReply]) -> Array:
    """Return the name of the task of each row."""
    return column([Key.parse(row.key).task for row in rows], str)


def changes(first: ReplyColumns, second: ReplyColumns) -> dict[str, Any]:
    """Return the change of the four metrics; HAcc, SAcc and joint over the replies to items that have constraints."""
    asked, then = first.where(first.size > 0), second.where(second.size > 0)
    return {
        "acc": change(first.right, second.right, first.problem),
        "hacc": change(asked.obeyed, then.obeyed, asked.problem),
        "sacc": _step(asked.part, then.part, asked.problem),
        "joint": change(asked.right * asked.obeyed, then.right * then.obeyed, asked.problem),
    }


def _step(first: Array, second: Array, problems: Array) -> dict[str, Any]:
    """Return both means and the paired difference, second minus first."""
    means = {name: float(side.mean()) if len(side) else None for name, side in (("first", first), ("second", second))}
    return {**means, **difference(second, first, problems).to_json()}


def change(first: Array, second: Array, problems: Array) -> dict[str, Any]:
    """Return the change of a share, with the replies that flipped.

    Returns:
        `first`, `second`: the shares. `value`, `low`, `high`: second minus first. `lost`, `won`: replies that passed
        in the first run only, in the second only. `worse`, `better`: problems that lost more replies than they won,
        and the reverse. `p`: McNemar's exact test on the problems, which with one reply a problem is that on the
        replies; replies to one problem are no independent evidence.
    """
    net: dict[int, float] = defaultdict(float)
    for problem, step in zip(problems.tolist(), (second - first).tolist(), strict=True):
        net[problem] += step
    worse, better = (sum(sign * step > 0 for step in net.values()) for sign in (-1, 1))
    return {
        **_step(first, second, problems),
        "lost": int((first > second).sum()),
        "won": int((second > first).sum()),
        "worse": worse,
        "better": better,
        "p": mcnemar(worse, better),
    }


def _grouped(first: ReplyColumns, second: ReplyColumns, labels: Array) -> dict[str, Any]:
    """Return `changes` for each label, labels in order; "" labels nothing."""
    return {
        str(label): changes(first.where(labels == label), second.where(labels == label))
        for label in sorted(set(labels.tolist()) - {""})
    }


def _by_kind(
    before: Sequence[MarkedReply], after: Sequence[MarkedReply], scores: ReplyColumns, profile: Profile
) -> dict[str, Any]:
    """Return the change of each kind of constraint; `q` controls false discoveries over the kinds of the arm."""
    first, second = DemandColumns.of(before, profile), DemandColumns.of(after, profile)
    problems = scores.problem[first.reply]
    kinds = sorted(set(first.kind.tolist()))
    found = [change(*(c[first.kind == kind] for c in (first.obeyed, second.obeyed, problems))) for kind in kinds]
    q_values = false_discovery([row["p"] for row in found])
    return {kind: {**row, "q": q} for kind, row, q in zip(kinds, found, q_values, strict=True)}


def _dilution(first: ReplyColumns, second: ReplyColumns) -> dict[str, Any]:
    """Return the dilution of both runs and, in log-odds per doubling of the CoT, the second minus the first."""
    slopes = dilution(first), dilution(second)
    missing = next((found for found in slopes if found.value is None), None)
    gap = dilution_gap(second, first) if missing is None else unknown(missing.reason)
    return {"first": slopes[0].to_json(), "second": slopes[1].to_json(), "change": gap.to_json()}


def _lift(shown: tuple[ReplyColumns, ReplyColumns], bare: tuple[ReplyColumns, ReplyColumns]) -> dict[str, Any]:
    """Return the change of the lift: adherence with the instruction minus without, second run minus first."""
    places = {pair: place for place, pair in enumerate(_names(bare[0]))}
    asked = [size > 0 and pair in places for size, pair in zip(shown[0].size.tolist(), _names(shown[0]), strict=True)]
    mine = [scores.where(column(asked, bool)) for scores in shown]
    partners = column([places[pair] for pair in _names(mine[0])], int)
    theirs = [scores.where(partners) for scores in bare]
    four = (*mine, *theirs)
    return {
        "hacc": _twofold([scores.obeyed for scores in four], mine[0].problem),
        "sacc": _twofold([scores.part for scores in four], mine[0].problem),
    }


def _names(scores: ReplyColumns) -> list[tuple[int, int]]:
    return list(zip(scores.item.tolist(), scores.sample.tolist(), strict=True))


def _twofold(four: Sequence[Array], problems: Array) -> dict[str, Any]:
    """Return the change of a lift, twice the difference of two means of shares.

    Args:
        four: obedience in the arm in the first run and in the second, then that of the plain replies in both.
        problems: the problem of each reply.
    """
    shown, shown_after, bare, bare_after = four
    half = difference((shown_after + bare) / 2, (bare_after + shown) / 2, problems)
    lifts = {
        "first": float((shown - bare).mean()) if len(shown) else None,
        "second": float((shown_after - bare_after).mean()) if len(shown) else None,
    }
    return {**lifts, **_doubled(half).to_json()}


def _doubled(half: Estimate) -> Estimate:
    if half.value is None or half.low is None or half.high is None:
        return half
    return replace(half, value=2 * half.value, low=2 * half.low, high=2 * half.high)

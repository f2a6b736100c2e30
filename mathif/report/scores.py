"""The figures of one arm: HAcc, SAcc, Acc and joint, over all replies and over every group of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mathif.records import WITHHELD, Profile
from mathif.report.rows import Demands, Row, Scores
from mathif.stats import Array, Bin, equal_bins, fixed_bins, mean, share

METRICS = ("hacc", "sacc", "acc", "joint")


def arm_figures(rows: Sequence[Row], profile: Profile) -> dict[str, Any]:
    """Return everything the report shows of one arm under one profile, as plain JSON."""
    scores, demands = Scores.of(rows, profile), Demands.of(rows, profile)
    asked = scores.where(scores.size > 0)
    return {
        "overall": group(scores),
        "floor": {
            "hacc": share(asked.floor, asked.problem).to_json(),
            "sacc": mean(asked.floor_part, asked.problem).to_json(),
        },
        "loose": {
            "hacc": share(asked.loose, asked.problem).to_json(),
            "sacc": mean(asked.loose_part, asked.problem).to_json(),
        },
        "without_truncated": group(scores.where(~scores.cut)),
        "outcomes": outcomes(rows, scores),
        "by_source": _grouped(scores, scores.source),
        "by_tier": _grouped(scores.where(scores.tier != ""), scores.tier[scores.tier != ""]),
        "by_constraints": _grouped(scores, scores.size),
        "by_kind": _by_kind(scores, demands),
        "by_length": by_length(scores),
    }


def group(scores: Scores) -> dict[str, Any]:
    """Return the four metrics of `scores` with the counts that belong beside them.

    HAcc, SAcc and joint are over the replies to items that have constraints; Acc is over all.
    """
    asked = scores.where(scores.size > 0)
    return {
        "n": len(scores),
        "problems": len(set(scores.problem.tolist())),
        "hacc": share(asked.obeyed, asked.problem).to_json(),
        "sacc": mean(asked.part, asked.problem).to_json(),
        "acc": share(scores.right, scores.problem).to_json(),
        "joint": share(asked.obeyed * asked.right, asked.problem).to_json(),
        "open": int(scores.open.sum()),
        "truncated": int(scores.cut.sum()),
        "ungraded": {"answers": int(scores.ungraded_answer.sum()), "constraints": int(scores.ungraded.sum())},
    }


def outcomes(rows: Sequence[Row], scores: Scores) -> dict[str, int]:
    """Return how the replies ended; all but `ungraded` add up to the number of rows.

    `truncated` are those cut after their thinking, `open` those cut inside it, `empty` those with nothing after it;
    `refused`, `filtered` and `too_long` were withheld. `ungraded` counts replies with a verdict that no grader could
    give; each is one of the others too.
    """
    withheld = {str(finish): sum(row.withheld is finish for row in rows) for finish in sorted(WITHHELD)}
    cut = int((scores.cut & ~scores.open).sum())
    empty = int((scores.empty & ~scores.cut).sum())
    opened = int(scores.open.sum())
    return {
        "answered": len(scores) - opened - cut - empty - sum(withheld.values()),
        "open": opened,
        "empty": empty,
        "truncated": cut,
        **withheld,
        "error": len(rows) - len(scores),
        "ungraded": int((scores.ungraded_answer | (scores.ungraded > 0)).sum()),
    }


def _grouped(scores: Scores, labels: Array) -> dict[str, Any]:
    """Return `group` for each label, labels in order."""
    return {str(label): group(scores.where(labels == label)) for label in sorted(set(labels.tolist()))}


def _by_kind(scores: Scores, demands: Demands) -> dict[str, Any]:
    """Return for each kind the share of its constraints that were obeyed, strictly, loosely and by the null reply."""
    rows = {}
    for kind in sorted(set(demands.kind.tolist())):
        mask = demands.kind == kind
        problems = scores.problem[demands.reply[mask]]
        rows[kind] = {
            "obeyed": share(demands.obeyed[mask], problems).to_json(),
            "loose": share(demands.loose[mask], problems).to_json(),
            "floor": share(demands.floor[mask], problems).to_json(),
            "ungraded": int(demands.ungraded[mask].sum()),
        }
    return rows


def by_length(scores: Scores) -> dict[str, Any]:
    """Return the metrics by CoT length, in bins with fixed edges and in six with as many replies each.

    A truncated reply has no length of its own, only that of the limit: it is counted beside the bin it would fall in
    and is in none of the bin's figures.
    """
    known = scores.where(scores.cot_tokens >= 0)
    whole, cut = known.where(~known.cut), known.where(known.cut)
    return {
        "edges": [_bin(whole, cut, bin_) for bin_ in fixed_bins(known.cot_tokens)],
        "equal_count": [_bin(whole, cut, bin_) for bin_ in equal_bins(whole.cot_tokens)],
        "unknown": len(scores) - len(known),
        "truncated": len(cut),
    }


def _bin(whole: Scores, cut: Scores, bin_: Bin) -> dict[str, Any]:
    inside = cut.where(bin_.holds(cut.cot_tokens))
    counts = {"open": int(inside.open.sum()), "truncated": len(inside)}
    row = group(whole.where(bin_.holds(whole.cot_tokens)))
    return {"low": bin_.low, "high": bin_.high, **row, **counts}

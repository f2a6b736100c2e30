"""The figures of one arm: the metrics over all replies and over every group of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields

from mathif.records import Finish, Profile
from mathif.report.columns import DemandColumns, ReplyColumns
from mathif.report.marked import PASS, MarkedReply, Rows
from mathif.results import (
    HACC,
    METRICS,
    SACC,
    Adherence,
    ArmReport,
    KindScores,
    LengthBin,
    LengthBins,
    Outcomes,
    Scores,
    Ungraded,
)
from mathif.stats import Array, Bin, Share, column, equal_bins, fixed_bins, mean, share


def arm_report(rows: Rows, profile: Profile) -> ArmReport:
    """Return the scores of one arm under one profile."""
    replies, demands = ReplyColumns.of(rows, profile), DemandColumns.of(rows, profile)
    return ArmReport(
        overall=score(replies),
        floor=_adherence(replies, replies.floor_part),
        loose=_adherence(replies, replies.loose_part),
        without_truncated=score(replies.where(~replies.cut)),
        outcomes=_outcomes(rows, replies),
        by_source=_grouped(replies, replies.source),
        by_tier=_grouped(replies.where(replies.tier != ""), replies.tier[replies.tier != ""]),
        by_constraints=_grouped(replies, replies.size + replies.unmeasured),
        by_kind=_by_kind(replies, demands),
        by_length=_by_length(replies),
        fixed=_fixed(rows, replies, profile),
    )


def _fixed(rows: Sequence[MarkedReply], replies: ReplyColumns, profile: Profile) -> Adherence[Share] | None:
    """Return what the best fixed text scores on the items of `rows`, or None where not every one of them has it."""
    asked = [row for row in rows if not row.error]
    marks = [row.judged[profile].fixed for row in asked]
    if not all(own for row, own in zip(asked, marks, strict=True) if row.kinds):
        return None
    return _adherence(replies, column([own.count(PASS) / (len(own) or 1) for own in marks], float))


def _adherence(replies: ReplyColumns, parts: Array) -> Adherence[Share]:
    """Return HAcc and SAcc of replies of which these shares of the constraints are obeyed."""
    every, some = replies.counted(HACC), replies.counted(SACC)
    return Adherence(
        hacc=share(parts[every] == 1.0, replies.problem[every]), sacc=mean(parts[some], replies.problem[some])
    )


def score(replies: ReplyColumns) -> Scores:
    """Return the metrics over some replies, with the counts that belong beside them."""
    once = replies.once()
    return Scores(
        n=len(once),
        judged=len(replies),
        problems=len(set(once.problem.tolist())),
        open=int(once.open.sum()),
        truncated=int(once.cut.sum()),
        ungraded=Ungraded(int(once.ungraded_answer.sum()), int(replies.ungraded.sum())),
        **{metric.key: metric.estimate(replies.over(metric)) for metric in METRICS},
    )


def _outcomes(rows: Sequence[MarkedReply], replies: ReplyColumns) -> Outcomes:
    """Return how the replies to `rows` ended, each counted once; `replies` are those that the harness got."""
    asked = {row.reply: row for row in rows}.values()
    refused, filtered, too_long = (
        sum(row.withheld is finish for row in asked) for finish in (Finish.REFUSED, Finish.FILTERED, Finish.TOO_LONG)
    )
    once = replies.once()
    cut = int((once.cut & ~once.open).sum())
    empty = int((once.empty & ~once.cut).sum())
    opened = int(once.open.sum())
    return Outcomes(
        answered=len(once) - opened - cut - empty - refused - filtered - too_long,
        open=opened,
        empty=empty,
        truncated=cut,
        error=len(asked) - len(once),
        ungraded=len(replies.where(replies.ungraded_answer | (replies.ungraded > 0)).once()),
        refused=refused,
        filtered=filtered,
        too_long=too_long,
        unsplit=dict(sorted(Counter(row.unsplit for row in asked if row.unsplit).items())),
        unmeasured=sum(row.unmeasured > 0 for row in asked),
    )


def _grouped(replies: ReplyColumns, labels: Array) -> Mapping[str, Scores]:
    """Return the scores for each label, labels in order."""
    return {str(label): score(replies.where(labels == label)) for label in sorted(set(labels.tolist()))}


def _by_kind(replies: ReplyColumns, demands: DemandColumns) -> Mapping[str, KindScores]:
    rows = {}
    for kind, mask in demands.kinds():
        problems = replies.problem[demands.reply[mask]]
        rows[kind] = KindScores(
            obeyed=share(demands.obeyed[mask], problems),
            loose=share(demands.loose[mask], problems),
            floor=share(demands.floor[mask], problems),
            ungraded=int(demands.ungraded[mask].sum()),
        )
    return rows


def _by_length(replies: ReplyColumns) -> LengthBins:
    """Return the metrics by CoT length, in bins with fixed edges and in six with as many replies each.

    A truncated reply has no length of its own, only that of the limit: it is counted beside the bin it would fall in
    and is in none of the bin's figures.
    """
    timed = replies.where(replies.cot_tokens >= 0)
    whole, cut = timed.where(~timed.cut), timed.where(timed.cut).once()
    return LengthBins(
        edges=tuple(_bin(whole, cut, bin_) for bin_ in fixed_bins(timed.cot_tokens)),
        equal_count=tuple(_bin(whole, cut, bin_) for bin_ in equal_bins(whole.once().cot_tokens)),
        unknown=len(replies.where(replies.cot_tokens < 0).once()),
        truncated=len(cut),
    )


def _bin(whole: ReplyColumns, cut: ReplyColumns, bin_: Bin) -> LengthBin:
    there = score(whole.where(bin_.holds(whole.cot_tokens)))
    stopped = cut.where(bin_.holds(cut.cot_tokens))
    scores = {field.name: getattr(there, field.name) for field in fields(there)}
    scores |= {"open": int(stopped.open.sum()), "truncated": len(stopped)}
    return LengthBin(low=bin_.low, high=bin_.high, **scores)

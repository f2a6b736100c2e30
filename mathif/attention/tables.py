"""Attention figures as text for the terminal; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mathif.records import Profile
from mathif.results import METRICS, ArmAttention, AttentionReport, KnockoutProfile, SidesAttention
from mathif.tables import WIDTH, Table, bullets, plain, tokens
from mathif.wording.attention import of_attention, of_knockout
from mathif.wording.numbers import interval, percent, plain_interval, probability

READING = (
    "Attention of the answer positions, mean over layers and heads, as a multiple of what uniform attention would give"
    " (1.00: looks there no more than anywhere). drop: log-probability that each token of the answer loses when the"
    " span is hidden from it. random: as many prompt tokens elsewhere. Answers drawn anew follow the recorded thinking"
    " with the same random draws, whatever is hidden; those that the token limit cut count as failures."
)
_PAIRS = {
    "constraints": "nothing → constraints",
    "random": "nothing → random",
    "constraints_against_random": "random → constraints",
}


def terminal(summary: AttentionReport, width: int = WIDTH, profile: Profile = Profile.MATHIF) -> str:
    """Return the summary as plain text.

    Args:
        summary: what `mathif.attention.attend` returned.
        width: columns of the terminal.
        profile: the profile that judges the answers drawn anew.
    """
    parts = [bullets([READING], width)]
    for arm, figures in summary.arms.items():
        redrawn = figures.redrawn.profiles[profile] if figures.redrawn else None
        sentences, shown = list(of_attention(arm, figures)), list(_tables(arm, figures))
        if redrawn:
            sentences += of_knockout(arm, redrawn)
            shown += _redrawn(arm, redrawn)
        parts.append(bullets(sentences, width))
        parts += [plain(table, width) for table in shown if table.rows]
    return "\n\n".join(parts) + "\n"


def _redrawn(arm: str, redrawn: KnockoutProfile) -> Iterator[Table]:
    rows = [
        [
            f"{metric.label}, {pair}",
            str(row.n),
            percent(row.first),
            percent(row.second),
            interval(row),
            *((str(row.lost), str(row.won), probability(row.p)) if row.p is not None else ("", "", "")),
        ]
        for metric in METRICS
        for name, pair in _PAIRS.items()
        for row in (metric.change(redrawn.changes[name]),)
    ]
    head = ["", "n", "first", "second", "change", "lost", "won", "p"]
    yield Table(f"Answers drawn anew, by what is hidden from them, {arm} (points)", head, rows)
    rows = [
        [
            f"[{tokens(row.low)}, {tokens(row.high)})",
            str(row.n),
            percent(row.changes["constraints"].hacc.first),
            *(interval(row.changes[name].hacc) for name in _PAIRS),
        ]
        for row in redrawn.by_length
        if row.n
    ]
    head = ["CoT tokens", "n", "HAcc", *_PAIRS.values()]
    yield Table(f"Change of HAcc by what is hidden and by length of the thinking, {arm} (points)", head, rows)


def _tables(arm: str, figures: ArmAttention) -> Iterator[Table]:
    yield _lifts(f"Lift over uniform attention, {arm}", [("all", figures.overall)])
    places: list[tuple[str, SidesAttention]] = [
        (f"[{tokens(row.low)}, {tokens(row.high)})", row) for row in figures.by_length
    ]
    yield _lifts(f"Lift over uniform attention by CoT length, {arm}", places)
    rows = [
        [way, *(plain_interval(figures.slope[way][span]) for span in ("constraints", "question", "random"))]
        for way in ("raw", "within")
    ]
    yield Table(
        f"Doublings of lift for each doubling of the CoT, {arm}", ["", "constraints", "question", "random"], rows
    )
    heads = [[f"{row.layer}.{row.head}", f"{row.constraints:.1f}", f"{row.random:.1f}"] for row in figures.heads]
    yield Table(f"Heads that look at the constraints most, {arm} (lift)", ["head", "constraints", "random"], heads)


def _lifts(title: str, groups: Sequence[tuple[str, SidesAttention]]) -> Table:
    rows = [
        [
            f"{label} {name}",
            str(side.n),
            *(plain_interval(side.lift[span]) for span in ("constraints", "question", "random")),
            *(_number(side.drop[span].value) for span in ("constraints", "random")),
        ]
        for label, row in groups
        for name, side in (("obeyed", row.obeyed), ("violated", row.violated))
        if side.n
    ]
    return Table(title, ["", "n", "constraints", "question", "random", "drop", "random"], rows)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

"""How reply and thinking obey, side by side, and where each first breaks a constraint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.results import (
    ArmParts,
    PartScores,
)
from mathif.tables.drawing import Table, tokens
from mathif.tables.length import unbroken_rows
from mathif.wording.numbers import interval, plain_interval, rate_interval


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


def part_tables(parts: Mapping[str, ArmParts]) -> Iterator[Table]:
    """Yield how reply and thinking obey, and where along each a constraint is first broken."""
    yield parts_table(parts)
    yield Table(
        "When a constraint is first broken",
        ["arm, part", "n", "broken", "per 1,000", "plain, per 1,000", "hazard", "per doubling"],
        [_slip_row(arm, part, own) for arm, own in parts.items() for part, slips in own.slips.items() if slips.n],
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
    rates = (rate_interval(one) if one else "" for one in known)
    counts = map(str, (slips.n, slips.broken))
    name = "thinking, not named" if part == "spared" else part
    return [f"{arm}, {name}", *counts, *rates, rate_interval(slips.hazard), rate_interval(slips.place)]


def _restating(own: ArmParts) -> list[str]:
    restated = own.restating
    far = "" if restated.distance is None else tokens(restated.distance)
    odds = [plain_interval(restated.odds[part]) for part in PARTS[:2]]
    return [interval(restated.restates), interval(restated.natural), interval(restated.last), far, *odds]


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
    rows = [
        *unbroken_rows(slips.told, slips.untold),
        *unbroken_rows(slips.told_part, slips.untold_part, " %"),
    ]
    head = [own.unit, "unbroken", "at risk", "plain", "at risk, plain"]
    return Table(f"Unbroken along the {part}, {arm}", head, rows, brief=False)

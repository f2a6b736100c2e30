"""Modes: whether a model thought as an arm says, and what that, or another way to show the same demands, does.

An arm that the engine or the server ignored without a word would pass for a finding, so the replies must prove it: by
the thinking that they show, its length, and the prompts as they were rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mathif.arms import BUDGET, CONSTRAINED, EFFORT, THINKING
from mathif.constraints import KINDS
from mathif.records import Profile
from mathif.report.columns import DemandColumns, ReplyColumns
from mathif.report.effect_sizes import alike, paired
from mathif.report.marked import MarkedReply, Rows
from mathif.results import ArmGap, Keeping, ModeKept
from mathif.stats import Array, Difference, Estimate, Ratio, Share, column, difference, fold, share

ON, OFF = "thinking:on", "thinking:off"
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Names of efforts, least first; others stand behind them in the order of the alphabet."""
OTHER_WAYS = frozenset({"before", "after", "system", "repeat", "self-check", "few-shot", "turn"})
"""Kinds of arms that show what `constrained` shows in another place or way."""
MOST = 0.5
"""Share of the replies that must show what an arm says for it to be called kept."""
WITHIN = 0.9
"""Share of the budgets that must be kept: a server may count slightly differently from the model's tokenizer."""
SAME = 1.1
"""Factor within which, with its whole interval, the lengths of two efforts are called the same."""

Arms = Mapping[str, Rows]


def modes_kept(arms: Arms) -> tuple[ModeKept, ...]:
    """Return for every arm that says how to think whether its replies were thought about so, least thinking first."""
    return tuple(_kept(arm, arms) for arm in _ordered(arms))


def arm_gaps(arms: Arms, kept: Sequence[ModeKept], profile: Profile) -> tuple[ArmGap, ...]:
    """Return what the arms do that show the same demands: in another place or way, then by more thinking.

    Ways of thinking are compared with the next lower one, and only where both were kept.
    """
    other_ways = [(arm, CONSTRAINED) for arm in arms if arm.partition(":")[0] in OTHER_WAYS and CONSTRAINED in arms]
    usable = [one.arm for one in kept if one.keeping is Keeping.KEPT]
    groups = [[arm for arm in usable if _group(arm) == group] for group in (THINKING, EFFORT, BUDGET)]
    thought = [(more, less) for group in groups for less, more in pairwise(group)]
    return tuple(_gap(first, second, arms, profile) for first, second in [*other_ways, *thought])


def _group(arm: str) -> str:
    """Return what an arm turns: the switch, the effort, the budget, or "" where it turns nothing."""
    name, _, value = arm.partition(":")
    return name if value and name in (THINKING, EFFORT, BUDGET) else ""


def _ordered(arms: Arms) -> list[str]:
    """Return the arms that say how to think, each kind from the least thinking to the most."""

    def place(arm: str) -> tuple[str, int, str]:
        group, value = _group(arm), arm.partition(":")[2]
        if group == EFFORT:
            return group, EFFORTS.index(value) if value in EFFORTS else len(EFFORTS), value
        return group, int(value) if group == BUDGET else int(arm == ON), ""

    return sorted((arm for arm in arms if _group(arm)), key=place)


def _kept(arm: str, arms: Arms) -> ModeKept:
    rows = [row for row in arms[arm] if not (row.error or row.withheld)]
    timed = [row for row in rows if _tokens(row) >= 0]
    problems = column([row.problem for row in timed], int)
    tokens = column([_tokens(row) for row in timed], float)
    mode = ModeKept(
        arm=arm,
        n=len(rows),
        thinks=share([not row.absent for row in rows], [row.problem for row in rows]),
        tokens=(
            Estimate(float(tokens.mean()), None, None, len(timed), len(set(problems.tolist())))
            if timed
            else Estimate.unknown("no length of the thinking is known", len(rows))
        ),
        within=share(tokens <= int(arm.partition(":")[2]), problems) if _group(arm) == BUDGET else None,
    )
    keeping, reason = _judged(mode, rows, arms)
    return replace(mode, keeping=keeping, reason=reason)


def _tokens(row: MarkedReply) -> int:
    """Return the tokens of a reply's thinking: 0 where there is none, -1 where they are unknown."""
    return 0 if row.absent else row.cot_tokens


def _judged(mode: ModeKept, rows: Sequence[MarkedReply], arms: Arms) -> tuple[Keeping, str]:
    """Return whether an arm was kept, and why not."""
    twin = _twin(mode.arm, rows, arms)
    if twin:
        return Keeping.IGNORED, f"the model was shown the same prompts as in {twin}"
    thinks = mode.thinks.value
    if thinks is None:
        return Keeping.UNKNOWN, "there is no reply"
    if mode.arm == OFF:
        return (Keeping.KEPT, "") if thinks < MOST else (Keeping.IGNORED, "most replies think all the same")
    if not thinks and not any(row.rendered for row in rows):  # an engine that renders the prompt hides nothing
        return Keeping.UNKNOWN, "no reply shows any thinking and no count tells of one, which may be hidden"
    if thinks < MOST:
        return Keeping.IGNORED, "most replies show no thinking"
    if mode.within is not None:
        return _within(mode.within)
    return _by_effort(arms) if _group(mode.arm) == EFFORT else (Keeping.KEPT, "")


def _twin(arm: str, rows: Sequence[MarkedReply], arms: Arms) -> str:
    """Return another arm of the kind whose rendered prompts are letter for letter the same, "" where none is."""
    shown = {row.item: row.rendered for row in rows if row.rendered}
    for other in _ordered(arms):
        if other != arm and _group(other) == _group(arm) != BUDGET:
            theirs = {row.item: row.rendered for row in arms[other] if row.rendered}
            common = shown.keys() & theirs.keys()
            if common and all(shown[item] == theirs[item] for item in common):
                return other
    return ""


def _within(share_kept: Share) -> tuple[Keeping, str]:
    if share_kept.value is None:
        return Keeping.UNKNOWN, "no length of the thinking is known"
    return (Keeping.KEPT, "") if share_kept.value >= WITHIN else (Keeping.IGNORED, "budgets were not kept")


def _by_effort(arms: Arms) -> tuple[Keeping, str]:
    """Return whether the thinking grows with the effort, from the least that was asked to the most."""
    asked = [other for other in _ordered(arms) if _group(other) == EFFORT]
    if len(asked) < 2:
        return Keeping.UNKNOWN, "one effort alone shows nothing; ask another beside it"
    longer = _longer(arms[asked[-1]], arms[asked[0]])
    if longer.low is None or longer.high is None:
        return Keeping.UNKNOWN, "the lengths of the thinking are not known of enough problems"
    if longer.low > 1:
        return Keeping.KEPT, ""
    what = f"the thinking of {asked[-1]} is {longer.value:.2f} times [{longer.low:.2f}, {longer.high:.2f}] that of"
    same = longer.low > 1 / SAME and longer.high < SAME
    return Keeping.IGNORED if same or longer.high < 1 else Keeping.UNKNOWN, f"{what} {asked[0]}"


def _longer(more: Rows, less: Rows) -> Ratio:
    """Return how many times as long the thinking of one arm is as that of another, over pairs that both have some."""
    pairs = [(a, b) for a, b in zip(*paired(more, less), strict=True) if _tokens(a) > 0 and _tokens(b) > 0]
    problems = column([row.problem for row, _ in pairs], int)
    first, second = (column([_tokens(pair[side]) for pair in pairs], float) for side in (0, 1))
    return fold(first, second, problems)


def _gap(one: str, other: str, arms: Arms, profile: Profile) -> ArmGap:
    mine, theirs = paired(arms[one], arms[other])
    right = ReplyColumns.of(mine, profile), ReplyColumns.of(theirs, profile)
    mine, theirs = alike(arms[one], arms[other])
    first, second = ReplyColumns.of(mine, profile), ReplyColumns.of(theirs, profile)
    sure, sure_too = first.asked(), second.asked()
    demands = DemandColumns.of(mine, profile), DemandColumns.of(theirs, profile)

    def parts(part_of: Callable[[str], str]) -> dict[str, Difference]:
        names = column([part_of(kind) for kind in demands[0].kind.tolist()], str)
        return {name: _of_part(names == name, demands, first.problem) for name in sorted(set(names.tolist()))}

    return ArmGap(
        first=one,
        second=other,
        tokens=_longer(arms[one], arms[other]),
        hacc=difference(sure.obeyed, sure_too.obeyed, sure.problem),
        acc=difference(right[0].right, right[1].right, right[0].problem),
        won=int((sure.obeyed > sure_too.obeyed).sum()),
        lost=int((sure_too.obeyed > sure.obeyed).sum()),
        by_kind=parts(str),
        by_demand=parts(lambda kind: "planning" if KINDS[kind].planned else "precision"),
    )


def _of_part(mask: Array, demands: tuple[DemandColumns, DemandColumns], problem: Array) -> Difference:
    first, second = demands
    return difference(first.obeyed[mask], second.obeyed[mask], problem[first.reply[mask]])

"""Findings on the parts of replies: which of them obeys, whether it slips further in, what naming a demand breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.results import ArmParts, Crossed, PartScores, Slips
from mathif.stats import Estimate, Ratio, p_value
from mathif.wording.numbers import in_log_odds, in_percent, in_points, in_times
from mathif.wording.verbs import SETTLED

SURE = 0.015
"""Largest p-value that a sentence claims anything on."""
ALIKE = 1.5
"""A chance of a first violation whose interval stays within this factor for each doubling is called the same."""

_NAMES = {"reply": "the reply", "thinking": "the thinking"}
_DISTANCE = "how far the last such sentence is from the answer"


def of_parts(found: Mapping[str, ArmParts], crossed: Crossed | None = None) -> list[str]:
    """Return sentences on the parts: of each arm which part obeys, where it slips, and what naming breaks."""
    told = [] if crossed is None else [_crossed(crossed)]
    return told + [
        f"{arm}: {sentence}"
        for arm, parts in found.items()
        if any(score.asked for score in parts.scores.values())
        for sentence in (*_hidden(parts), *_obeying(parts), *_gap(parts), *_slipping(parts), *_naming(parts))
    ]


def _crossed(found: Crossed) -> str:
    way = "no difference is shown"
    if _sure(found.gap, 0):
        way = "the thinking obeys less often" if (found.gap.value or 0) < 0 else "the thinking obeys more often"
    return (
        f"the same demands, {found.gap.n} pairs: asked of the reply, {in_percent(found.reply)} of the replies obey;"
        f" asked of the thinking, {in_percent(found.thinking)} of the thinkings do; {way}"
        f" ({in_points(found.gap)})."
    )


def _hidden(parts: ArmParts) -> Iterator[str]:
    if parts.unmeasured and not parts.n and not parts.scores["thinking"].cut:
        yield "the thinking is not measured: no reply shows any."


def _obeying(parts: ArmParts) -> Iterator[str]:
    """Say which part obeys more often than where nothing was asked."""
    if not parts.n:
        return
    shares = {name: f"{in_percent(parts.scores[name].hacc)}{_natural(parts.scores[name])}" for name in _NAMES}
    asked = " and ".join(name for name, label in _NAMES.items() if parts.scores[name].asked)
    head = f"asked of the {asked}, {shares['reply']} of the replies obey and {shares['thinking']} of the thinkings"
    does = {name: _lifted(parts.scores[name]) for name in _NAMES}
    if None in does.values():
        yield f"{head}."
        return
    yield f"{head}: {_who(does['reply'] == 1, does['thinking'] == 1)}."


def _natural(score: PartScores) -> str:
    return "" if score.natural is None else f" (plain {in_percent(score.natural)})"


def _lifted(score: PartScores) -> int | None:
    """Return 1 or -1 where a part obeys more or less than unasked, 0 where that is not shown; None if unknown."""
    if score.lift is None or score.lift.value is None:
        return None
    return score.lift.sign() if _sure(score.lift, 0) else 0


def _sure(found: Estimate, none: float) -> bool:
    return found.low is not None and found.high is not None and p_value(found, none) <= SURE


def _who(reply: bool, thinking: bool) -> str:
    if reply and thinking:
        return "both obey beyond what they do unasked"
    if reply:
        return "the reply obeys beyond what it does unasked, the thinking is not shown to"
    if thinking:
        return "the thinking obeys beyond what it does unasked, the reply is not shown to"
    return "neither is shown to obey beyond what it does unasked"


def _gap(parts: ArmParts) -> Iterator[str]:
    if not parts.n or not _sure(parts.gap, 0):
        return
    way = "less" if (parts.gap.value or 0) < 0 else "more"
    same = "at the same length of the judged text"
    if parts.matched.low is None:
        matched = f"; {same}, that cannot be told"
    elif _sure(parts.matched, 0):
        matched = f"; {same}, {in_points(parts.matched)}"
    else:
        matched = f"; {same}, no difference is shown ({in_points(parts.matched)})"
    yield f"the thinking obeys {way} often than the reply to the same problem ({in_points(parts.gap)}{matched})."


def _slipping(parts: ArmParts) -> Iterator[str]:
    """Say of each part that was asked whether a first violation is likelier further in."""
    if parts.scores["reply"].asked:
        yield from _along("the reply", parts.slips["reply"])
    if parts.scores["thinking"].asked:
        named = parts.restating.restates.value
        yield from _along("the thinking", parts.slips["spared" if named else "thinking"])


def _along(label: str, slips: Slips) -> Iterator[str]:
    place = slips.place
    if place.value is None or place.low is None or place.high is None:
        return
    size = f"{in_times(place)} for each doubling of the place, at a fixed item"
    if _sure(place, 1):
        way = "likelier" if place.value > 1 else "less likely"
        yield f"the chance of a first violation is not the same along {label}: it is {way} further in ({size})."
    elif place.low > 1 / ALIKE and place.high < ALIKE:
        yield f"the chance of a first violation is the same all along {label}, as far as is told ({size})."
    else:
        yield f"whether a first violation is likelier further into {label} is not told ({size})."


def _naming(parts: ArmParts) -> Iterator[str]:
    """Say what naming a demand breaks, and what obeying goes with."""
    restating = parts.restating
    if not parts.n or not restating.restates.value:
        return
    natural = "" if restating.natural is None else f" (plain {in_percent(restating.natural)})"
    yield f"{in_percent(restating.restates)} of the thinkings restate a demand{natural}."
    if _sure(parts.naming, 0):
        whole = in_percent(parts.scores["thinking"].hacc)
        head = "naming is not breaking" if (parts.naming.value or 0) > 0 else "naming is not obeying"
        yield (
            f"{head}: without the sentences that restate a demand {in_percent(parts.spared)} of the"
            f" thinkings obey, with them {whole}."
        )
    for name, label in _NAMES.items():
        if parts.scores[name].asked:
            yield from _mediated(label, restating.odds[name], restating.distances[name])


def _mediated(label: str, odds: Ratio, distance: Estimate) -> Iterator[str]:
    """Say how obeying goes with restating; what a model restates is its own choice."""
    if odds.value is not None and odds.low is not None:
        says = "goes" if _sure(odds, 1) else "is not shown to go"
        yield (
            f"among replies to the same item, obeying in {label} {says} with restating the demand"
            f" (odds ratio {in_times(odds)}){f'; {SETTLED}' if says == 'goes' else ''}."
        )
    if distance.value is not None and _sure(distance, 0):
        yield (
            f"among those that restate it, obeying in {label} goes with {_DISTANCE}"
            f" ({in_log_odds(distance)} log-odds per doubling); {SETTLED}."
        )

"""Findings on the parts of replies: which of them obeys, whether it slips further in, what naming a demand breaks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from mathif.arms import THINKING, words_anew
from mathif.counting import counted
from mathif.results import ArmParts, Crossed, PartScores, Slips
from mathif.stats import Estimate, Ratio, Share, borne, bounded, p_value
from mathif.wording.numbers import in_log_odds, in_percent, in_points, in_times, probability
from mathif.wording.verbs import SETTLED, unclaimed

CLAIM = 0.02
"""Largest p-value that a sentence claims anything on, adjusted over all arms and parts that its question is asked of.

The questions are four: which part obeys, whether it slips further in, whether at the end, and what naming
a demand does.
"""
ALIKE = math.sqrt(2)
"""A chance of a first violation that is shown to change by less than this factor for each doubling is called the same.

From a quarter of a text to its end, which is two doublings, it then does not double. One that grows with the root of
the place changes by this factor.
"""
MISSED = 0.05
"""Largest chance of calling one the same that changes by `ALIKE` or more."""
MATERIAL = 0.05
"""Difference from which on the share of thinkings that obey stands beside that without what restates a demand."""
HALF = 0.55
"""The part of a text after which first violations stand on average, at most, where each place of it is as risky: the
half, and a twentieth for texts of few words."""

_NAMES = {"reply": "the reply", "thinking": "the thinking"}
_SPARED = " without the sentences that restate a demand"
_EASILY = "; replies to one item of which some slip more easily than others would look like that, too"
"""Those that slip easily are gone early; what one reply would do again, no number of first violations tells."""
_DISTANCE = "how far the last such sentence is from the answer"

Question = tuple[str, str, str]
"""What is asked, of which arm and which part."""
LIFT, GAP, PLACE, LATE, NAMING, ODDS, DISTANCE = "lift", "gap", "place", "late", "naming", "odds", "distance"
Claims = Mapping[Question, int]
"""The way, 1 or -1, of each number that bears a claim, and 0 of the others."""


def of_parts(by_arm: Mapping[str, ArmParts], crossed: Crossed | None = None) -> list[str]:
    """Return sentences on the parts: of each arm which part obeys, where it slips, and what naming breaks."""
    asked = _asked(by_arm)
    claims = _claims(asked, crossed)
    told = [] if crossed is None else [_crossed(crossed, claims[GAP, "", ""])]
    return told + [
        f"{arm}: {sentence}"
        for arm, parts in asked.items()
        for sentence in (
            *_hidden(parts),
            *_obeying(arm, parts, claims),
            *_gap(arm, parts, claims),
            *_slipping(arm, parts, claims, _NAMES),
            *_naming(arm, parts, claims),
        )
    ]


def of_thinking(by_arm: Mapping[str, ArmParts], crossed: Crossed | None) -> list[str]:
    """Return in brief whether the thinking obeys: against the reply, beyond what it does unasked, and further in.

    The last two are of one arm that asks it of the thinking, `THINKING` where it is there.
    """
    asked = _asked(by_arm)
    claims = _claims(asked, crossed)
    arm = next((arm for arm in (THINKING, *asked) if arm in asked and asked[arm].scores["thinking"].asked), None)
    if arm is None:
        return []
    parts = asked[arm]
    who = _who(arm, parts, claims)
    if who and not parts.scores["reply"].asked:
        shown = "obeys" if claims[LIFT, arm, "thinking"] == 1 else "is not shown to obey"
        who = f"the thinking {shown} beyond what it does unasked"
    told = [f"{who}."] if who else [*_obeying(arm, parts, claims)]
    along = map(_brief, _slipping(arm, parts, claims, ("thinking",)))
    against = [] if crossed is None else [_against_reply(crossed, claims[GAP, "", ""])]
    named = "" if arm == THINKING else f"{arm}: "
    return against + [f"{named}{sentence}" for sentence in (*told, *along) or _hidden(parts)]


def _brief(sentence: str) -> str:
    """Return a sentence without the numbers in brackets at its end, or the reason why something cannot be told."""
    head, untold, _ = sentence.partition(" cannot be told: ")
    if untold:
        return f"{head} cannot be told."
    return f"{sentence.rpartition(' (')[0]}." if sentence.endswith(").") else sentence


def of_named(by_arm: Mapping[str, ArmParts]) -> str:
    """Return which share of the thinkings obeys but for naming a demand, by arm; "" where naming breaks little."""
    named = [
        f"{arm} {100 * (parts.spared.value or 0):.0f} % (not {100 * (parts.scores['thinking'].hacc.value or 0):.0f})"
        for arm, parts in _asked(by_arm).items()
        if parts.scores["thinking"].asked and (parts.naming.value or 0.0) >= MATERIAL
    ]
    return f"naming a demand breaks it; without: {', '.join(named)}" if named else ""


def _asked(by_arm: Mapping[str, ArmParts]) -> dict[str, ArmParts]:
    """Return the arms that sentences are about: other wordings have their own."""
    return {
        arm: parts
        for arm, parts in by_arm.items()
        if not words_anew(arm) and any(score.asked for score in parts.scores.values())
    }


def _claims(asked: Mapping[str, ArmParts], crossed: Crossed | None) -> Claims:
    """Return what bears a claim after correction for all that the same question is asked of."""
    tests: dict[Question, Estimate] = {} if crossed is None else {(GAP, "", ""): crossed.gap}
    odds: dict[Question, float] = {}
    for arm, parts in asked.items():
        tests |= {(what, arm, part): number for (what, part), number in _tests(parts).items()}
        odds |= {(ODDS, arm, part): p for part, p in parts.restating.odds_p.items()}
    claims: dict[Question, int] = {}
    for family in ((LIFT, GAP), (PLACE,), (LATE,), (NAMING, ODDS, DISTANCE)):
        claims |= borne({question: number for question, number in tests.items() if question[0] in family}, CLAIM, odds)
    return claims


def _tests(parts: ArmParts) -> dict[tuple[str, str], Estimate]:
    """Return each number that a sentence on an arm may claim something on."""
    tests: dict[tuple[str, str], Estimate] = {(GAP, ""): parts.gap, (NAMING, ""): parts.naming}
    for name in _NAMES:
        score = parts.scores[name]
        tests |= {(LIFT, name): score.lift} if score.lift is not None else {}
        if score.asked:
            slips = _slips(parts, name)
            tests[PLACE, name] = slips.place
            if slips.middle is not None:
                tests[LATE, name] = _beyond_half(slips.middle)
            tests[ODDS, name] = parts.restating.odds[name]
            tests[DISTANCE, name] = parts.restating.distances[name]
    return tests


def _slips(parts: ArmParts, name: str) -> Slips:
    """Return when a part first slips; a thinking that names its demands is taken without the sentences that do."""
    return parts.slips["spared" if name == "thinking" and parts.restating.restates.value else name]


def _beyond_half(middle: Share) -> Estimate:
    """Return how far beyond `HALF` of a text first violations stand."""
    value, low, high = (None if end is None else end - HALF for end in (middle.value, middle.low, middle.high))
    return Estimate(value, low, high, middle.n, middle.problems, middle.reason)


def _crossed(found: Crossed, claim: int) -> str:
    without = _without(found.thinking, found.spared)
    spared = f"; {in_points(found.spared_gap)} without them" if without and found.spared_gap else ""
    return (
        f"the same demands, {found.gap.n} pairs: asked of the reply, {in_percent(found.reply)} of the replies obey;"
        f" asked of the thinking, {in_percent(found.thinking)} of the thinkings do{without}; {_WAYS[claim]}"
        f" ({in_points(found.gap)}{unclaimed(found.gap, claim)}{spared})."
    )


def _against_reply(found: Crossed, claim: int) -> str:
    told = in_points(found.gap)
    if _without(found.thinking, found.spared) and found.spared_gap:
        told += f"; {in_points(found.spared_gap)} without what restates it"
    return f"asked alike, {_WAYS[claim]} ({told})."


_WAYS = {-1: "the thinking obeys less often", 0: "no difference is shown", 1: "the thinking obeys more often"}


def _without(whole: Share, spared: Share | None) -> str:
    """Return the share of thinkings that obey without what restates a demand, "" where it is much as with it."""
    if spared is None or spared.value is None or whole.value is None or abs(spared.value - whole.value) < MATERIAL:
        return ""
    return f", {in_percent(spared)} without the sentences that restate the demand"


def _hidden(parts: ArmParts) -> Iterator[str]:
    if not parts.unmeasured:
        return
    if not parts.n and not parts.scores["thinking"].cut:
        yield "the thinking is not measured: no reply shows any."
    else:
        replies = counted(parts.unmeasured, "reply shows", "replies show")
        yield f"{replies} no thinking, which is not measured there: what is said of the parts is said of the others."


def _obeying(arm: str, parts: ArmParts, claims: Claims) -> Iterator[str]:
    """Say which part obeys more often than where nothing was asked."""
    if not parts.n:
        return
    shares = {name: f"{in_percent(parts.scores[name].hacc)}{_natural(parts.scores[name])}" for name in _NAMES}
    asked = " and ".join(name for name in _NAMES if parts.scores[name].asked)
    head = (
        f"asked of the {asked}, {shares['reply']} of the replies obey and {shares['thinking']} of the thinkings"
        f"{_without(parts.scores['thinking'].hacc, parts.spared)}"
    )
    who = _who(arm, parts, claims)
    beyond = [
        f"{name} {in_points(lift)}{unclaimed(lift, claims[LIFT, arm, name])}"
        for name in _NAMES
        if (lift := parts.scores[name].lift) is not None
    ]
    yield f"{head}: {who} ({', '.join(beyond)})." if who else f"{head}."


def _natural(score: PartScores) -> str:
    return "" if score.natural is None else f" (plain {in_percent(score.natural)})"


def _who(arm: str, parts: ArmParts, claims: Claims) -> str:
    """Return which part obeys more often than where nothing was asked, "" where that is not known of both."""
    lifts = [parts.scores[name].lift for name in _NAMES]
    if any(lift is None or lift.value is None for lift in lifts):
        return ""
    reply, thinking = (claims[LIFT, arm, name] == 1 for name in _NAMES)
    if reply and thinking:
        return "both obey beyond what they do unasked"
    if reply:
        return "the reply obeys beyond what it does unasked, the thinking is not shown to"
    if thinking:
        return "the thinking obeys beyond what it does unasked, the reply is not shown to"
    return "neither is shown to obey beyond what it does unasked"


def _gap(arm: str, parts: ArmParts, claims: Claims) -> Iterator[str]:
    """Say whether the thinking obeys as the reply does, and, where not, whether that is its length."""
    if not parts.n or not claims[GAP, arm, ""]:
        return
    way = "less" if claims[GAP, arm, ""] < 0 else "more"
    same = "at the same length of the judged text"
    if parts.matched.low is None:
        matched = f"; {same}, that cannot be told"
    elif p_value(parts.matched) <= CLAIM:  # asked only where the gap is claimed, so that it needs no correction
        matched = f"; {same}, {in_points(parts.matched)}"
    else:
        matched = f"; {same}, no difference is shown ({in_points(parts.matched)})"
    yield f"the thinking obeys {way} often than the reply to the same problem ({in_points(parts.gap)}{matched})."


def _slipping(arm: str, parts: ArmParts, claims: Claims, names: Iterable[str]) -> Iterator[str]:
    """Say of each of these parts that was asked whether a first violation is likelier further in."""
    for name in names:
        if parts.scores[name].asked:
            late, slips = claims.get((LATE, arm, name), 0) > 0, _slips(parts, name)
            spared = _SPARED * (slips.broken != parts.slips[name].broken)
            yield from _along(f"{_NAMES[name]}{spared}", slips, claims[PLACE, arm, name], late)


def _along(label: str, slips: Slips, claim: int, late: bool) -> Iterator[str]:
    """Say whether a first violation is likelier further in: by the place, or towards the end of each text."""
    place = slips.place
    if late and claim < 1 and slips.middle is not None:
        at = f"on average first violations stand after {in_percent(slips.middle)} of it, from the first of them on"
        yield f"the chance of a first violation is not the same along {label}: it is likelier towards its end ({at})."
        return
    if place.value is None or place.low is None or place.high is None:
        if slips.n:
            yield f"whether a first violation is likelier further into {label} cannot be told: {place.reason}."
        return
    size = (
        f"{in_times(place)} for each doubling of the place, at a fixed item{unclaimed(place, claim, 1)}{_opened(slips)}"
    )
    even = slips.even > CLAIM
    if claim:
        way = "likelier" if claim > 0 else "less likely"
        size += _EASILY * (claim < 0)
        yield f"the chance of a first violation is not the same along {label}: it is {way} further in ({size})."
    elif even and not place.sign(1) and bounded(place, ALIKE, MISSED):
        yield f"the chance of a first violation is the same all along {label}, as far as is told ({size})."
    else:
        uneven = "" if even else f"; that it is the same in every stretch, p = {probability(slips.even)}"
        yield f"whether a first violation is likelier further into {label} is not told ({size}{uneven})."


def _opened(slips: Slips) -> str:
    """Say how many texts break at their very start, of which the place tells nothing."""
    opened = slips.n - slips.place.n
    return f"; {opened} of {counted(slips.n, 'text')} that break it at their very start left out" if opened else ""


def _naming(arm: str, parts: ArmParts, claims: Claims) -> Iterator[str]:
    """Say what naming a demand breaks, and what obeying goes with."""
    restating = parts.restating
    if not parts.n or not restating.restates.value:
        return
    natural = "" if restating.natural is None else f" (plain {in_percent(restating.natural)})"
    yield f"{in_percent(restating.restates)} of the thinkings restate a demand{natural}."
    if claims[NAMING, arm, ""]:
        whole = in_percent(parts.scores["thinking"].hacc)
        head = "naming is not breaking" if claims[NAMING, arm, ""] > 0 else "naming is not obeying"
        yield f"{head}:{_SPARED} {in_percent(parts.spared)} of the thinkings obey, with them {whole}."
    for name, label in _NAMES.items():
        if parts.scores[name].asked:
            yield from _mediated(label, restating.odds[name], claims[ODDS, arm, name])
            yield from _farther(label, restating.distances[name], claims[DISTANCE, arm, name])


def _mediated(label: str, odds: Ratio, claim: int) -> Iterator[str]:
    """Say how obeying goes with restating; what a model restates is its own choice."""
    if odds.value is not None and odds.low is not None:
        says = "goes" if claim else "is not shown to go"
        yield (
            f"among replies to the same item, obeying in {label} {says} with restating the demand"
            f" (odds ratio {in_times(odds)}){f'; {SETTLED}' if claim else ''}."
        )


def _farther(label: str, distance: Estimate, claim: int) -> Iterator[str]:
    """Say how obeying goes with the distance of the last restatement from the answer."""
    if claim:
        yield (
            f"among those that restate it, obeying in {label} goes with {_DISTANCE}"
            f" ({in_log_odds(distance)} log-odds per doubling); {SETTLED}."
        )

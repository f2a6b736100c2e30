"""Findings of a report: what its claims bear, said in plain sentences, and nothing that they do not."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mathif.counting import counted
from mathif.results import ArmClaims, ArmEffects, ArmReport, LengthEffects, LengthSlopes, ProfileReport
from mathif.stats import Difference, Estimate, Slope
from mathif.wording.modes import of_modes, of_ways
from mathif.wording.numbers import SHARES, because, in_log_odds, in_percent, in_points, in_times, tells
from mathif.wording.verbs import SETTLED, TELLING, goes_with, moved, unclaimed
from mathif.wording.versions import of_fresh, of_versions

_SUBJECTS = {"hacc": "obeying every constraint", "acc": "being right"}
_LENGTH = "with the length of the thinking at a fixed problem"
_MEANINGLESS = {"scrambled": "their words in a random order", "shuffled": "those of another item"}
MANY_UNSPLIT = 0.1
"""Share of the replies from which on thinking that nothing marks is warned of."""


def of_report(figures: ProfileReport) -> list[str]:
    """Return sentences on the arms that show constraints: floor, truncation, lift, cost, length, place, and the sum."""
    return [
        *of_fresh(figures.fresh),
        *of_ways(figures),
        *of_modes(figures),
        *(f"{arm}: {sentence}" for arm in figures.claims for sentence in _of_arm(arm, figures)),
    ]


def _of_arm(arm: str, figures: ProfileReport) -> Iterator[str]:
    """Yield the sentences on an arm that shows constraints."""
    scores, effects, length, claims = figures.arms[arm], figures.effects[arm], figures.length, figures.claims[arm]
    yield from _reading(scores)
    yield from _scores(scores, effects)
    yield from _instruction(effects, claims)
    yield from _obedience(arm, length, claims)
    yield from _accuracy(arm, length, claims)
    yield from _kinds(arm, length, claims)
    yield from _position(_judged(arm, length), effects, claims)
    yield from _bonds(effects, claims)
    if effects.versions and claims.primary:
        yield from of_versions(effects.versions)
    yield from _summary(arm, length, effects, claims)


def _reading(figures: ArmReport) -> Iterator[str]:
    """Warn of thinking that was not told from the reply, of empty replies, and of constraints that nobody can see."""
    replies, outcomes = figures.overall.n, figures.outcomes
    suspects = sum(outcomes.unsplit.values())
    if suspects and suspects >= MANY_UNSPLIT * replies:
        begins, count = max(outcomes.unsplit.items(), key=lambda pair: pair[1])
        yield (
            f"{suspects} of {counted(replies, 'reply')} look like thinking that nothing marks; {count} of them begin"
            f" with {begins!r}: what is judged may be the thinking; if so, grade again with --reasoning-tags"
            " OPEN CLOSE."
        )
    if outcomes.empty:
        have = "has" if outcomes.empty == 1 else "have"
        yield (
            f"{outcomes.empty} of {counted(replies, 'reply')} {have} nothing after the thinking, so that an empty text"
            " is judged."
        )
    if outcomes.unmeasured:
        yield (
            f"in {outcomes.unmeasured} of {counted(replies, 'reply')} no thinking can be seen, so that the constraints"
            " on it are not measured there, and whether all are obeyed is not known: they are in no HAcc."
        )


def of_answer(figures: ProfileReport) -> list[str]:
    """Return how obeying goes with the length in the primary arm, and what is left of that net of the placebo."""
    primary = ((arm, claims) for arm, claims in figures.claims.items() if claims.primary)
    return [sentence for arm, claims in primary for sentence in list(_obedience(arm, figures.length, claims))[:2]]


def _scores(figures: ArmReport, effects: ArmEffects) -> Iterator[str]:
    hacc, floor = figures.overall.hacc, figures.floor.hacc
    if floor.value is not None and hacc.sign(floor.value) < 1:
        yield (
            f"HAcc {in_percent(hacc)} is not above the {100 * floor.value:.1f} % of the null reply,"
            " which ignores every instruction."
        )
    cut = figures.overall.truncated
    if cut:
        replies = counted(figures.overall.n, "reply")
        most = "" if effects.cut is None else f"; had they all obeyed, it would be {in_percent(effects.cut)}"
        yield (
            f"{cut} of {replies} {'was' if cut == 1 else 'were'} cut by the token limit; HAcc is {in_percent(hacc)}"
            f" with them as failures and {in_percent(figures.without_truncated.hacc)} without them{most}."
        )


def _instruction(effects: ArmEffects, claims: ArmClaims) -> Iterator[str]:
    if effects.lift and effects.lift.hacc.value is not None:
        yield (
            f"being given the instructions {moved(claims.lift)} the share of replies that obey them all"
            f" ({in_points(effects.lift.hacc)} against the plain replies to the same problems"
            f"{_held_back(effects.lift.hacc, effects.cut_lift, claims.lift)})."
        )
    for other, gain in (effects.against or {}).items():
        if gain.hacc.value is not None:
            way = claims.against.get(other, 0)
            yield (
                f"being given the instructions {moved(way)} the share of replies that obey them all against being given"
                f" {_MEANINGLESS[other]} ({in_points(gain.hacc)}{unclaimed(gain.hacc, way)})."
            )
    cost = effects.cost_of_obedience
    if cost and cost.value is not None:
        yield {
            1: f"the instructions cost {in_points(cost)} of accuracy.",
            -1: f"the instructions gain {in_points(cost, turn=True)} of accuracy.",
            0: f"no cost in accuracy is shown ({in_points(cost)}{_held_back(cost, effects.cut_cost, claims.cost)}).",
        }[claims.cost]


def _held_back(difference: Difference, bound: Difference | None, way: int) -> str:
    """Return why nothing is claimed of a difference whose interval leaves 0 out; `bound` had the truncated passed."""
    if not way and difference.sign() and bound is not None and bound.sign() != difference.sign():
        return "; the truncated replies could undo it"
    return unclaimed(difference, way)


def _obedience(arm: str, length: LengthEffects, claims: ArmClaims) -> Iterator[str]:
    """Say how obeying goes with the length of the thinking at a fixed problem: net of the placebo, within, raw."""
    slopes = length.arms[arm].hacc
    if length.arms[arm].reply_is_cot:
        absent = length.arms[arm].absent
        who, them = ("the replies", "") if absent == 1 else (f"{100 * absent:.0f} % of the replies", " for them")
        yield (
            f"{who} have no thinking of their own, so that{them} length and judged text are one thing: nothing is"
            f" claimed on obeying and length{_beside(slopes)}."
        )
        return
    yield from _length("hacc", slopes, claims.length, claims.bend, cut=claims.cut)
    yield from _placebo(arm, length, claims)
    if length.arms[arm].of_thinking and slopes.within.value is not None:
        yield (
            "the thinking itself is judged, and a longer one has more places to slip at, in plain replies too: where it"
            " first slips tells more chances from weaker control."
        )
    yield from _misled("hacc", slopes, claims.problem)


def _accuracy(arm: str, length: LengthEffects, claims: ArmClaims) -> Iterator[str]:
    slopes = length.arms[arm].acc
    if not length.arms[arm].reply_is_cot:
        yield from _length("acc", slopes, claims.acc_length, claims.acc_bend, cut=claims.cut)
        yield from _misled("acc", slopes, claims.acc_problem)


def _length(outcome: str, slopes: LengthSlopes, way: int, bend: int, *, cut: bool) -> Iterator[str]:
    subject, within, raw = _SUBJECTS[outcome], slopes.within, slopes.raw
    if within.value is None:
        yield f"whether {subject} goes with the length at a fixed problem cannot be told: {because(within, outcome)}."
        if raw.value is not None and raw.sign():
            yield (
                f"the raw curve for {SHARES[outcome]} {_tilts(raw)} ({in_log_odds(raw)} per doubling), but a raw curve"
                " cannot tell length from difficulty."
            )
    elif cut and slopes.cut is not None:
        yield (
            f"nothing is claimed on {subject} and length: the slope is {in_log_odds(within)} without the truncated"
            f" replies, {in_log_odds(slopes.cut.all)} had they all passed, {in_log_odds(slopes.cut.none)} had none."
        )
    elif bend:
        yield (
            f"at a fixed problem, {subject} goes with the length of the thinking, but not along a line: it is"
            f" {_shape(slopes)} (its slope, {_size(slopes)}, does not tell); see the curve; {SETTLED}."
        )
    elif way:
        yield f"at a fixed problem, {subject} {goes_with(way)} ({_size(slopes)}); {SETTLED}."
    elif _broad(slopes):
        yield f"whether {subject} goes with the length at a fixed problem is not told: {_size(slopes)}."
    else:
        size = f"{_size(slopes)}{unclaimed(within, way)}"
        yield f"no evidence that {subject} goes with the length at a fixed problem ({size}){_bound(slopes)}."


def _broad(slopes: LengthSlopes) -> bool:
    """Return whether the interval of a slope holds both losses and gains that would be told if they were excluded."""
    change = slopes.points
    if change.low is None or change.high is None:
        return False
    return -100 * change.low > TELLING and 100 * change.high > TELLING


def _size(slopes: LengthSlopes) -> str:
    change = "" if slopes.points.value is None else f", {in_points(slopes.points)}"
    return f"{in_log_odds(slopes.within)} log-odds per doubling of the CoT{change}"


def _beside(slopes: LengthSlopes) -> str:
    """Return the size of a slope of which nothing is claimed, "" where it is unknown."""
    return "" if slopes.within.value is None else f" ({_size(slopes)})"


def _shape(slopes: LengthSlopes) -> str:
    """Say where the curve is highest or lowest, whichever lies inside it."""
    curve = slopes.curve
    if curve is None or not curve.at:
        return "bent"
    ends = (curve.value[0] + curve.value[-1]) / 2
    middle = curve.value[len(curve.value) // 2]
    return "likeliest about the item's usual length" if middle > ends else "least likely about the item's usual length"


def _bound(slopes: LengthSlopes) -> str:
    """Say which loss the whole curve excludes, where it excludes one worth the name."""
    steepest, level = None if slopes.curve is None else slopes.curve.steepest, slopes.mean.value
    if steepest is None or level is None or slopes.cut is not None:
        return ""
    loss = 100 * (level - level / (level + (1 - level) * math.exp(min(-steepest, 30))))
    if loss > TELLING:
        return ""
    return f"; along the whole curve, a loss of more than {loss:.1f} points per doubling is excluded"


def _misled(outcome: str, slopes: LengthSlopes, problem: int) -> Iterator[str]:
    """Say where the raw slope mixes what happens at a fixed problem with what differs between problems."""
    raw, inside, between = slopes.raw, slopes.mundlak, slopes.between
    if problem and raw.sign() and inside.value is not None:
        yield (
            f"the raw curve for {SHARES[outcome]} misleads: its slope of {in_log_odds(raw)} per doubling comes in part"
            f" from comparing different problems (between problems it is {in_log_odds(between)}); at a fixed problem it"
            f" is {in_log_odds(inside)}."
        )


def _placebo(arm: str, length: LengthEffects, claims: ArmClaims) -> Iterator[str]:
    """Say what the plain replies show and what is left beyond them: the headline."""
    placebo, net = length.placebo.get(arm), length.net_of_placebo.get(arm)
    if placebo is None or net is None:
        yield "no plain replies stand beside these, so that there is no placebo to set against the slope."
        return
    who = "plain replies" + ", judged on their thinking" * length.arms[arm].of_thinking
    if placebo.value is None:
        yield f"what {who}, which never saw the constraints, show cannot be told: {because(placebo)}."
        return
    size = f"{in_log_odds(placebo)} log-odds per doubling{unclaimed(placebo, claims.placebo)}"
    shows = f"{who}, which never saw the constraints, show {size}"
    left = "" if net.value is None else f"; net of the placebo, {in_log_odds(net)} {_left(net, claims)}"
    yield f"the placebo is {'not flat' if claims.placebo else 'flat as far as is told'}: {shows}{left}."


def _left(net: Slope, claims: ArmClaims) -> str:
    return "remain" if claims.net else f"remain, which is not told from nothing{unclaimed(net, claims.net)}"


def _kinds(arm: str, length: LengthEffects, claims: ArmClaims) -> Iterator[str]:
    if claims.kinds:
        parts = length.arms[arm].by_kind
        named = ", ".join(f"{kind} ({in_log_odds(parts[kind].within)})" for kind in claims.kinds)
        yield (
            f"of {counted(len(parts), 'kind')} of constraints, {counted(len(claims.kinds), 'goes', 'go')} with the"
            f" length at a fixed problem, false discoveries controlled, in log-odds per doubling: {named}; {SETTLED}."
        )


def _judged(arm: str, length: LengthEffects) -> str:
    """Return what is judged in an arm."""
    return "thinking" if length.arms[arm].of_thinking else "reply"


def _position(part: str, effects: ArmEffects, claims: ArmClaims) -> Iterator[str]:
    """Say whether obedience holds at first, against the plain reply, and is likelier to give way further in."""
    ratio, along = effects.fading, effects.position
    if ratio is None or along is None or ratio.low is None:
        return
    where = f"a constraint is first broken {in_times(ratio)} as far in as in the plain {part} to the same item"
    if claims.position:
        yield f"obedience goes with the place in the {part}: {where}, and {_rises(along.trend)}."
    elif not tells(ratio):
        yield f"whether obedience goes with the place in the {part} is not told: {where}."
    else:
        why = _as_likely(ratio.sign(1), along.trend)
        yield f"no evidence that obedience holds at first and gives way further into the {part}: {where}{why}."


def _as_likely(way: int, trend: Slope) -> str:
    """Say why a place that differs from that of plain replies is no claim that obedience goes with it."""
    if not way:
        return ""
    if way < 0:
        return "; that is sooner, as likelier breaks come"
    along = f": {_rises(trend)}" if trend.value is not None else ""
    return f"; rarer breaks, as likely at any place, come as late{along}"


def _rises(trend: Slope) -> str:
    return f"each doubling of the place goes with {in_log_odds(trend)} in the log of the chance that it is broken next"


def _bonds(effects: ArmEffects, claims: ArmClaims) -> Iterator[str]:
    """Say how right and obedient, and one demand and another, go together among replies to the same item."""
    odds, composed = effects.association.within_odds_ratio, effects.within_composition
    if odds is not None and odds.low is not None:
        says = {1: "go together", -1: "go against each other", 0: "are not shown to go together"}[claims.bond]
        told = f"right and obedient {says}" if tells(odds) else "whether right and obedient go together is not told"
        size = f"odds ratio {in_times(odds)}{unclaimed(odds, claims.bond, 1)}"
        yield f"among replies to the same item, {told} ({size})."
    if composed is not None and composed.low is not None and claims.composition:
        says = {1: "more", -1: "less"}[claims.composition]
        yield (
            f"among replies to the same item, several constraints are obeyed at once {says} often than if each were"
            f" minded on its own ({in_times(composed)})."
        )


def _summary(arm: str, length: LengthEffects, effects: ArmEffects, claims: ArmClaims) -> Iterator[str]:
    """Say in one sentence what adherence is shown to go with, with what it is not, and of what neither can be told."""
    slopes, absent, fading = length.arms[arm].hacc, length.arms[arm].reply_is_cot, effects.fading
    by_length = claims.length or claims.bend or len(claims.kinds)
    asked = {
        f"{_LENGTH}{_how(arm, length, claims)}": (by_length, slopes.within.low is not None and not claims.cut),
        "with what makes some problems be thought about for longer": (claims.problem, slopes.gap.low is not None),
    }
    asked = {what: (way, known and not absent) for what, (way, known) in asked.items()}
    if fading is not None:
        place = f"with the position in the {_judged(arm, length)} as against plain replies"
        asked[place] = (claims.position, bool(claims.position) or tells(fading))
    found = " and ".join(what for what, (way, known) in asked.items() if known and way)
    missing = " or ".join(what for what, (way, known) in asked.items() if known and not way)
    untold = " or ".join(what for what, (_, known) in asked.items() if not known)
    parts = [
        f"adherence goes {found}" if found else "",
        f"{'it' if found else 'adherence'} is not shown to go {missing}" if missing else "",
        f"whether {'it' if found or missing else 'adherence'} goes {untold} is not told" if untold else "",
    ]
    why = f"; {SETTLED}" if by_length or claims.problem else ""
    yield f"in sum, {'; '.join(filter(None, parts))}{why}."


def _how(arm: str, length: LengthEffects, claims: ArmClaims) -> str:
    """Say how adherence goes with the length, where it is shown to: for what, along what, beyond what."""
    if claims.length:
        return _beyond(arm, length, claims)
    if claims.bend:
        return ", though not along a line,"
    return f", for {' and '.join(claims.kinds)}" if claims.kinds else ""


def _beyond(arm: str, length: LengthEffects, claims: ArmClaims) -> str:
    """Say how the length goes with obedience beside what it goes with in plain replies."""
    if arm not in length.net_of_placebo:
        return " (no plain replies stand beside them)"
    if claims.net:
        return " beyond what plain replies show"
    if claims.placebo:
        return " (in plain replies as well: nothing is shown to be left beyond the placebo)"
    return " (whether more than in plain replies is not told)"


def _tilts(row: Estimate) -> str:
    return "rises" if (row.value or 0) > 0 else "falls"

"""Claims: what the numbers of a report bear in words, once it is counted how many were looked at.

An interval is for one number. A report has hundreds, and some exclude 0 by chance; so a sentence claims what survives
the correction of its family. There are four: the primary analysis (how obeying goes with length in the primary arm),
what else the sum-up of that arm says, everything else about the arms, and the kinds of constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mathif.arms import CONSTRAINED, PLAIN
from mathif.results import ArmClaims, ArmEffects, ArmReport, CutBounds, LengthEffects, LengthSlopes
from mathif.stats import Estimate, Ratio, Slope, familywise, p_value

FIRST = 0.03
"""Largest p-value that a claim of the primary analysis may have."""
CLAIM = 0.01
"""The same, adjusted, for each of the two other families on arms: about one report of twenty claims anything false."""
KINDS = 0.02
"""Largest share of the kinds named that may be named by chance, on average."""
STRAIGHT = 0.75
"""Part of a question on length that the slope has; the rest has the bend, which is plain where it is there."""
RISING = 0.05
"""Largest two-sided p-value of a rising chance of violation for it to count as one."""
PRIMARY = CONSTRAINED
"""The arm of the primary analysis, where it is asked."""

AGAINST = "against "
Question = tuple[str, str]
"""An arm and the field of `ArmClaims` that is asked, or `AGAINST` with another arm behind it."""


def claims(
    arms: Mapping[str, ArmReport], effects: Mapping[str, ArmEffects], length: LengthEffects
) -> Mapping[str, ArmClaims]:
    """Return what is claimed of every arm that shows constraints."""
    shown = [arm for arm in arms if arm != PLAIN and arms[arm].overall.hacc.n]
    primary = primary_arm(shown)
    first = _obedience(primary, length) if primary else {}
    second = _besides(primary, effects[primary], length) if primary else {}
    rest: dict[Question, tuple[float, int]] = {}
    for arm in shown:
        if arm != primary:
            rest |= _obedience(arm, length) | _besides(arm, effects[arm], length)
        rest |= _others(arm, effects[arm], length)
    ways = _claimed(first, FIRST) | _claimed(second, CLAIM) | _claimed(rest, CLAIM)
    return {
        arm: _of_arm(arm, {name: way for (owner, name), way in ways.items() if owner == arm}, length, arm == primary)
        for arm in shown
    }


def _of_arm(arm: str, ways: Mapping[str, int], length: LengthEffects, primary: bool) -> ArmClaims:
    """Return the claims of an arm, given which way each of its questions was answered."""
    claims = ArmClaims(
        primary=primary,
        kinds=_kinds(length, arm) if primary and not ways.get("bend") else {},
        cut=any(_undone(slopes) for slopes in _slopes(arm, length)),
        against={name.removeprefix(AGAINST): way for name, way in ways.items() if name.startswith(AGAINST)},
        **{name: way for name, way in ways.items() if not name.startswith(AGAINST)},
    )
    return _beyond(claims, arm, length)


def primary_arm(arms: Iterable[str]) -> str:
    """Return the arm of the primary analysis: `PRIMARY`, or the first that shows constraints; "" where none does."""
    shown = sorted(arm for arm in arms if arm != PLAIN)
    return PRIMARY if PRIMARY in shown else next(iter(shown), "")


def primary_analysis(arms: Iterable[str]) -> str:
    """Return the primary analysis of a run with these arms in words, "" where no arm shows constraints.

    One question is asked first and alone, so that its answer needs no correction for the others.
    """
    asked = list(arms)
    arm = primary_arm(asked)
    net = "net of the placebo" if PLAIN in asked else "without a placebo"
    return f"profile mathif, arm {arm}, HAcc by CoT length at a fixed item, {net}, all kinds" if arm else ""


def _claimed(family: Mapping[Question, tuple[float, int]], level: float) -> dict[Question, int]:
    """Return the direction of each question whose adjusted p-value bears a claim, 0 for the others."""
    adjusted = familywise([p for p, _ in family.values()])
    return {
        question: way if p <= level else 0 for (question, (_, way)), p in zip(family.items(), adjusted, strict=True)
    }


def _obedience(arm: str, length: LengthEffects) -> dict[Question, tuple[float, int]]:
    """Return the question of the primary analysis: does obeying everything go with the length at a fixed problem?"""
    return {} if length.arms[arm].reply_is_cot else _length(arm, length.arms[arm].hacc, "")


def _besides(arm: str, effects: ArmEffects, length: LengthEffects) -> dict[Question, tuple[float, int]]:
    """Return what else the sum-up says obeying everything goes with: what problems are like, and the place."""
    asked: dict[Question, tuple[float, int]] = {(arm, "problem"): _between(length.arms[arm].hacc)}
    if effects.fading is not None and effects.position is not None:
        asked[arm, "position"] = _fades(effects.fading, effects.position.trend)
    return asked


def _others(arm: str, effects: ArmEffects, length: LengthEffects) -> dict[Question, tuple[float, int]]:
    acc = length.arms[arm].acc
    asked: dict[Question, tuple[float, int]] = {(arm, "acc_problem"): _between(acc)}
    if not length.arms[arm].reply_is_cot:
        asked |= _length(arm, acc, "acc_")
    if effects.association.within_odds_ratio is not None:
        asked[arm, "bond"] = _ratio(effects.association.within_odds_ratio)
    if effects.within_composition is not None:
        asked[arm, "composition"] = _ratio(effects.within_composition)
    for other, gain in (effects.against or {}).items():
        asked[arm, f"{AGAINST}{other}"] = _test(gain.hacc)
    if effects.lift is not None:
        asked[arm, "lift"] = _still(effects.lift.hacc, effects.cut_lift)
    if effects.cost_of_obedience is not None:
        asked[arm, "cost"] = _still(effects.cost_of_obedience, effects.cut_cost)
    return asked


def _length(arm: str, slopes: LengthSlopes, prefix: str) -> dict[Question, tuple[float, int]]:
    """Return the question of length, by the clearer of slope and bend, each with its part of the level.

    Bonferroni's correction, weighted (Genovese, Roeder & Wasserman 2006, Biometrika 93:509).
    """
    parts = {"length": (_bounded(slopes.within, slopes.cut), STRAIGHT), "bend": (_bend(slopes), 1 - STRAIGHT)}
    name, ((p, way), part) = min(parts.items(), key=lambda asked: asked[1][0][0] / asked[1][1])
    return {(arm, prefix + name): (min(1.0, p / part), way)}


def _fades(ratio: Ratio, trend: Slope) -> tuple[float, int]:
    """Return the test that a violation comes later than in the plain reply and grows likelier on the way.

    The first is the test. The second guards it against lapses that are as likely everywhere, which come later than in a
    reply that was never told, too; few replies break that late, so it is asked for at `RISING` only.
    """
    rises = (ratio.value or 0) > 1 and (trend.value or 0) > 0 and p_value(trend) <= RISING
    return (p_value(ratio, 1), 1) if rises else (1.0, 0)


def _test(number: Estimate) -> tuple[float, int]:
    return p_value(number), _way(number)


def _still(number: Estimate, bound: Estimate | None) -> tuple[float, int]:
    """Return the test of a difference, none where the truncated replies may have made it."""
    return (1.0, 0) if bound is not None and bound.sign() != _way(number) else _test(number)


def _ratio(ratio: Ratio) -> tuple[float, int]:
    return p_value(ratio, 1), 0 if ratio.value is None else (ratio.value > 1) - (ratio.value < 1)


def _way(number: Estimate) -> int:
    return 0 if number.value is None else (number.value > 0) - (number.value < 0)


def _bounded(number: Estimate, cut: CutBounds | None) -> tuple[float, int]:
    """Return the test of a slope, none where the truncated replies may have turned it."""
    if cut is not None and any(bound.sign() != _way(number) for bound in (cut.all, cut.none)):
        return 1.0, 0
    return _test(number)


def _between(slopes: LengthSlopes) -> tuple[float, int]:
    """Return the test that problems differ beyond what their replies do: between them the slope is there, and steeper.

    A gap alone is also what the slope inside problems leaves that is there for another reason.
    """
    p, way = _bounded(slopes.gap, slopes.cut_gap)
    between, tilt = _test(slopes.between)
    return (max(p, between), way) if way * tilt < 0 else (1.0, 0)


def _bend(slopes: LengthSlopes) -> tuple[float, int]:
    return (1.0, 0) if slopes.curve is None or _undone(slopes) else (slopes.curve.p, 1)


def _undone(slopes: LengthSlopes) -> bool:
    """Return whether the slope is there without the truncated replies and not under every fate of theirs."""
    cut = slopes.cut
    return cut is not None and any(bound.sign() != slopes.within.sign() for bound in (cut.all, cut.none))


def _slopes(arm: str, length: LengthEffects) -> tuple[LengthSlopes, LengthSlopes]:
    return length.arms[arm].hacc, length.arms[arm].acc


def _beyond(own: ArmClaims, arm: str, length: LengthEffects) -> ArmClaims:
    """Add what the placebo shows; it is asked only once a slope is claimed, so that it needs no correction."""
    net, placebo = length.net_of_placebo.get(arm), length.placebo.get(arm)
    if net is None or placebo is None:
        return own
    return replace(
        own,
        net=_way(net) if own.length and p_value(net) <= FIRST else 0,
        placebo=_way(placebo) if p_value(placebo) <= FIRST else 0,
    )


def _kinds(length: LengthEffects, arm: str) -> Mapping[str, int]:
    if length.arms[arm].reply_is_cot or _undone(length.arms[arm].hacc):
        return {}
    parts = length.arms[arm].by_kind
    return {kind: way for kind, part in parts.items() if part.q <= KINDS and (way := _way(part.within))}

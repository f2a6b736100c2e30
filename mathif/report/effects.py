"""Effects: what the instruction changes, what obeying costs, and how right and obedient go together.

Comparisons with arm `plain` are paired by item and sample, so each item is its own control.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mathif.records import Profile
from mathif.report.rows import Demands, Row, Scores
from mathif.stats import (
    FEWEST,
    Array,
    Estimate,
    column,
    difference,
    doublings,
    mean,
    odds_ratio,
    share,
    smooth,
    unknown,
)

PLAIN = "plain"
SELF = "self"
"""The arm whose constraints are drawn from those that the plain reply meets, so that they are not its item's own."""


def effects(arms: Mapping[str, Sequence[Row]], profile: Profile) -> dict[str, Any]:
    """Return for each arm what it shows beside its scores, as plain JSON."""
    return {arm: _arm_effects(arm, rows, arms.get(PLAIN, ()), profile) for arm, rows in arms.items()}


def _arm_effects(arm: str, rows: Sequence[Row], plain: Sequence[Row], profile: Profile) -> dict[str, Any]:
    asked = [row for row in rows if row.kinds]
    scores = Scores.of(asked, profile)
    found: dict[str, Any] = {
        "loose_gain": {
            "hacc": difference(scores.loose, scores.obeyed, scores.problem).to_json(),
            "sacc": difference(scores.loose_part, scores.part, scores.problem).to_json(),
        },
        "association": association(scores),
        "composition": composition(asked, profile),
    }
    if arm != PLAIN and plain:
        found |= _against_plain(rows, plain, profile)
        if arm != SELF:
            found |= _lift(*_paired(asked, plain, same_kinds=True), profile)
    return found


def _paired(rows: Iterable[Row], plain: Iterable[Row], *, same_kinds: bool) -> tuple[list[Row], list[Row]]:
    """Return the rows that have a partner of the same item and sample in `plain`, and these partners."""
    partners = {(row.item, row.sample): row for row in plain if not row.error}
    pairs = [
        (row, partner)
        for row in rows
        if not row.error and (partner := partners.get((row.item, row.sample))) is not None
        if row.asks == partner.asks or not same_kinds
    ]
    return [row for row, _ in pairs], [partner for _, partner in pairs]


def _against_plain(rows: Sequence[Row], plain: Sequence[Row], profile: Profile) -> dict[str, Any]:
    """Return what the arm costs: Acc without the instruction minus Acc with it."""
    mine, theirs = _paired(rows, plain, same_kinds=False)
    shown, bare = Scores.of(mine, profile), Scores.of(theirs, profile)
    return {"cost_of_obedience": difference(bare.right, shown.right, shown.problem).to_json()}


def _lift(mine: Sequence[Row], theirs: Sequence[Row], profile: Profile) -> dict[str, Any]:
    """Return adherence with the instruction against adherence of the plain reply to the same item."""
    shown, bare = Scores.of(mine, profile), Scores.of(theirs, profile)
    with_, without = Demands.of(mine, profile), Demands.of(theirs, profile)
    by_kind = {}
    for kind in sorted(set(with_.kind.tolist())):
        mask = with_.kind == kind
        problems = shown.problem[with_.reply[mask]]
        by_kind[kind] = difference(with_.obeyed[mask], without.obeyed[mask], problems).to_json()
    return {
        "lift": {
            "hacc": difference(shown.obeyed, bare.obeyed, shown.problem).to_json(),
            "sacc": difference(shown.part, bare.part, shown.problem).to_json(),
        },
        "lift_by_kind": by_kind,
        "chance_corrected": {
            "hacc": chance_corrected(shown.obeyed, bare.obeyed, shown.problem).to_json(),
            "sacc": chance_corrected(shown.part, bare.part, shown.problem).to_json(),
        },
        "fading": fading(shown, bare).to_json(),
    }


def fading(shown: Scores, bare: Scores) -> Estimate:
    """Return how many times as far into a reply its first violation starts as in the plain reply to the same item.

    Obedience that fades as a reply goes on breaks later than the text of a model that was never told (above 1); one
    that was never taken up breaks at the same place (1). It is the geometric mean over the pairs in which both replies
    break the constraint at a known place, of items with a single constraint: a second one would move the text and with
    it the place. Places are counted in characters from 1.
    """
    broken = (shown.size == 1) & (shown.violation >= 0) & (bare.violation >= 0) & ~shown.cut & ~bare.cut
    late, early, problems = shown.violation[broken], bare.violation[broken], shown.problem[broken]
    seen = len(set(problems.tolist()))
    if seen < FEWEST:
        reason = f"{seen} problems have such pairs of replies, broken at a known place; {FEWEST} are needed"
        return unknown(reason, len(problems), seen)
    steps = doublings(1 + late) - doublings(1 + early)
    value = 2 ** float(steps.mean())
    return smooth(value, value * math.log(2) * (steps - steps.mean()) / len(steps), problems, positive=True)


def chance_corrected(shown: Array, bare: Array, problems: Array) -> Estimate:
    """Return (a - c) / (1 - c): the part of what was left to gain over the plain replies' `c` that was gained.

    The form of Cohen's kappa (1960, Educ. Psychol. Meas. 20:37); 0 is no better than unasked, 1 is always obedient.
    """
    if len(shown) == 0:
        return unknown("no pairs")
    a, c = float(shown.mean()), float(bare.mean())
    if c > 1 - 1e-12:
        return unknown("the plain replies obey everything, so nothing is left to gain", len(shown))
    value = (a - c) / (1 - c)
    if a > 1 - 1e-12:
        floor = mean(shown, problems)
        low = None if floor.low is None else (floor.low - c) / (1 - c)
        return Estimate(value, low, 1.0, floor.n, floor.problems)
    influence = ((shown - a) / (1 - c) + (a - 1) / (1 - c) ** 2 * (bare - c)) / len(shown)
    return smooth(value, influence, problems)


def association(scores: Scores) -> dict[str, Any]:
    """Return how right and obedient go together: odds ratio, and joint against what it were if they were unrelated."""
    if len(scores) == 0:
        none = unknown("no replies").to_json()
        return {"odds_ratio": none, "joint": none, "expected": none, "excess": none}
    right, obeyed, n = scores.right, scores.obeyed, len(scores)
    a, h, both = float(right.mean()), float(obeyed.mean()), float((right * obeyed).mean())
    product = (a * (obeyed - h) + h * (right - a)) / n
    return {
        "odds_ratio": odds_ratio(right, obeyed, scores.problem).to_json(),
        "joint": share(right * obeyed, scores.problem).to_json(),
        "expected": smooth(a * h, product, scores.problem).to_json(),
        "excess": smooth(both - a * h, (right * obeyed - both) / n - product, scores.problem).to_json(),
    }


def composition(rows: Sequence[Row], profile: Profile) -> dict[str, Any]:
    """Return the share that obeys several constraints at once over the product of the kinds' shares when alone.

    Below 1, constraints get in each other's way. Only items whose kinds all occur alone too are counted (`left_out`
    says how many replies are not); the shares of the kinds alone are estimates, and the interval knows it.
    """
    kept = [row for row in rows if not row.error]
    scores = Scores.of(kept, profile)
    alone: dict[str, list[float]] = defaultdict(list)
    for row, value in zip(kept, scores.obeyed.tolist(), strict=True):
        if len(row.kinds) == 1:
            alone[row.kinds[0]].append(value)
    rates = {kind: math.fsum(values) / len(values) for kind, values in alone.items()}
    several = [row.kinds for row in kept if len(row.kinds) > 1]
    counted = [kinds for kinds in several if all(kind in rates for kind in kinds)]
    total = math.fsum(math.prod(map(rates.__getitem__, kinds)) for kinds in counted)
    left_out = {"left_out": len(several) - len(counted)}
    if total == 0:
        reason = "no item has several constraints whose kinds occur alone and are ever obeyed alone"
        return unknown(reason, len(counted)).to_json() | left_out
    pull = {kind: change / len(alone[kind]) for kind, change in _derivatives(counted, rates).items()}
    mask = column([_counts(row.kinds, rates, pull) for row in kept], bool)
    scores, kept = scores.where(mask), [row for row in kept if _counts(row.kinds, rates, pull)]
    expected = [math.prod(map(rates.__getitem__, row.kinds)) for row in kept]
    weights = [1.0 if len(row.kinds) > 1 else -pull[row.kinds[0]] for row in kept]
    observed = math.fsum(scores.obeyed[scores.size > 1].tolist())
    return _ratio(observed / total, total, scores, column(expected, float), column(weights, float)) | left_out


def _counts(kinds: Sequence[str], rates: Mapping[str, float], pull: Mapping[str, float]) -> bool:
    """Return whether a reply bears on the composition: several kinds, all known alone, or one that these hold."""
    return kinds[0] in pull if len(kinds) == 1 else bool(kinds) and all(kind in rates for kind in kinds)


def _ratio(ratio: float, total: float, scores: Scores, expected: Array, weights: Array) -> dict[str, Any]:
    """Return observed over expected; both the replies to several constraints and those to one move it.

    A reply to several adds its outcome to the observed and its expected share to the `total`; a reply to one moves the
    share of its kind by its distance from it, and with it every expected share that this kind is part of.
    """
    single = scores.size == 1
    influence = (scores.obeyed - expected * (single + ratio * ~single)) * weights * (single * ratio + ~single) / total
    found = smooth(ratio, influence, scores.problem, positive=True)
    return {**found.to_json(), "n": int((~single).sum())}


def _derivatives(several: Sequence[Sequence[str]], rates: Mapping[str, float]) -> dict[str, float]:
    """Return how the sum of the expected shares changes with the share of each kind."""
    change: dict[str, float] = defaultdict(float)
    for kinds in several:
        for place, kind in enumerate(kinds):
            change[kind] += math.prod(map(rates.__getitem__, (*kinds[:place], *kinds[place + 1 :])))
    return change

"""Claims of a comparison: which changes its numbers bear in words, once it is counted how many were looked at.

Of the changes of a run against itself, one in twenty has an interval that leaves 0 out. So a sentence says that
something changed where that survives the correction of its family, at the levels of a report: being right and obeying
in the primary arm, which a comparison is made for; the triangle; everything else on the arms; and the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping

from mathif.arms import PLAIN
from mathif.report.claimed import CLAIM, FIRST, primary_arm
from mathif.results import ArmChanges, ChangeClaims, Triangle
from mathif.stats import Estimate, borne


def change_claims(arms: Mapping[str, ArmChanges], triangle: Triangle | None) -> ChangeClaims:
    """Return what is claimed to have changed in every arm and in the triangle."""
    first = primary_arm(arms) or PLAIN
    asked = {(arm, name): number for arm, changed in arms.items() for name, number in _asked(arm, changed).items()}
    primary = {place: asked.pop(place) for place in ((first, "acc"), (first, "hacc")) if place in asked}
    ways = borne(primary, FIRST) | borne(asked, CLAIM)
    return ChangeClaims(
        arms={arm: {name: way for (owner, name), way in ways.items() if owner == arm} for arm in arms},
        triangle=borne(_corners(triangle), CLAIM),
    )


def _asked(arm: str, changed: ArmChanges) -> dict[str, Estimate]:
    """Return what is asked of an arm; of bare problems whether they are answered right, and after how much."""
    if arm == PLAIN:
        return {"acc": changed.overall.acc, "length": changed.length}
    lift = {} if changed.lift is None else {"lift": changed.lift.hacc}
    return {
        "acc": changed.overall.acc,
        "hacc": changed.overall.hacc,
        "joint": changed.overall.joint,
        "dilution": changed.dilution.change,
        "length": changed.length,
        "at_equal_length": changed.at_equal_length,
        **lift,
    }


def _corners(triangle: Triangle | None) -> dict[str, Estimate]:
    if triangle is None:
        return {}
    return {
        **triangle.corners,
        "reasoning_against_knowledge": triangle.reasoning_against_knowledge,
        "under_mathematics": triangle.under_mathematics,
    }

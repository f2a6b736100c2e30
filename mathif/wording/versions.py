"""Findings on versions of the same problems, which were assigned, so that causes may be named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mathif.counting import counted
from mathif.results import VersionEffects, Versions
from mathif.stats import Difference, Estimate, borne
from mathif.wording.numbers import SHARES, because, in_points
from mathif.wording.verbs import moved, unclaimed

CLAIM = 0.05
"""Largest p-value, adjusted over the versions of one arm or over all fresh tasks, at which a change is named."""
_CAUSES = {
    "steps": "doubling the steps of a problem",
    "surface": "telling a problem in an unfamiliar way",
    "interaction": "an unfamiliar telling, for each doubling of the steps beyond the familiar one,",
}


def of_versions(versions: Versions) -> Iterator[str]:
    """Return sentences on what steps and surface do, and on what length does as it is moved by steps."""
    outcomes = {"hacc": versions.hacc, "acc": versions.acc}
    asked = {
        (cause, name): estimate
        for cause in _CAUSES
        for name, effects in outcomes.items()
        if (estimate := _effect(effects, cause)).value is not None
    }
    if versions.instrumental.low is not None:
        asked["length", "hacc"] = versions.instrumental
    ways = borne(asked, CLAIM)
    for cause, doing in _CAUSES.items():
        doings = [
            f"{moved(ways[cause, name])} {SHARES[name]} ({in_points(asked[cause, name])})"
            for name in outcomes
            if (cause, name) in asked
        ]
        if doings:
            yield f"randomised: {doing} {' and '.join(doings)}{_longer(_effect(versions.length, cause))}."
    yield from _instrumental(versions, ways)


def _effect(effects: VersionEffects, cause: str) -> Estimate:
    effect: Estimate = getattr(effects, cause)
    return effect


def _longer(length: Estimate) -> str:
    if length.value is None or length.low is None or length.high is None:
        return ""
    times, low, high = (2**end for end in (length.value, length.low, length.high))
    return f"; the thinking becomes {times:.2f} times [{low:.2f}, {high:.2f}] as long"


def _instrumental(versions: Versions, ways: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Say what length does that more steps brought, and what is observed beside it."""
    if ("length", "hacc") not in ways:
        return
    cut = f", {counted(versions.truncated, 'truncated reply')} left out" if versions.truncated else ""
    beside = versions.observed
    observed = (
        f"between replies to one item, which chose their length themselves, the same is {in_points(beside)}"
        if beside.value is not None
        else f"between replies to one item it cannot be told: {because(beside)}"
    )
    yield (
        f"randomised: a doubling of the thinking that more steps brought {moved(ways['length', 'hacc'])}"
        f" {SHARES['hacc']} ({in_points(versions.instrumental)}{cut}), if steps act on obedience through the length"
        f" alone; {observed}."
    )


def of_fresh(changes: Mapping[str, Difference]) -> Iterator[str]:
    """Return what fresh problems of the same families are answered like, task by task, all tasks corrected for."""
    ways = borne(changes, CLAIM)
    for task, change in changes.items():
        if change.value is not None:
            says = {1: "higher", -1: "lower", 0: "not shown to be another"}[ways[task]]
            size = f"{in_points(change)}, n = {change.n}{unclaimed(change, ways[task])}"
            yield f"{task}: on fresh problems of the same families Acc is {says} ({size})."

"""The report: from graded rows to numbers, each with its n, its interval, its ungraded count and its floor.

Pure and independent of the order of the rows. `summarize` makes the one `Report`, whose JSON is public; tables, charts
and the leaderboard read it and compute nothing themselves.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from mathif import wording
from mathif.arms import CONFLICT, CONSTRAINED, PLAIN, words_anew
from mathif.records import SCHEMA, Graded, Profile
from mathif.report.claimed import claims
from mathif.report.conflicts import conflict
from mathif.report.contrasts import against_meaningless, fresh_against_bundled
from mathif.report.effect_sizes import arm_effects
from mathif.report.marked import Rows, by_arm, plain_beside, read
from mathif.report.modes import arm_gaps, modes_kept
from mathif.report.parts import crossed, side_by_side
from mathif.report.scores import arm_report
from mathif.report.slopes import length_effects, right_by_length
from mathif.report.versions import by_version
from mathif.report.wordings import reliable
from mathif.results import LengthSlopes, ProfileReport, Report

__all__ = ["summarize"]

Figures = TypeVar("Figures")


def summarize(graded: Iterable[Graded]) -> Report:
    """Return the report on `graded`, nothing rounded.

    Rows that the harness failed to get (`finish` is `error`) are in no figure; they are counted, and the report says
    that it is incomplete.

    Raises:
        DataError: if two rows have the same key or are judged under different profiles.
    """
    with _no_search_for_cycles():
        rows = read(graded)
        profiles = sorted(rows[0].judged) if rows else []
        errors = sum(row.error for row in rows)
        acc = {arm: right_by_length(own) for arm, own in by_arm(rows).items()} if profiles else {}
        return Report(
            schema=SCHEMA,
            rows=len(rows),
            errors=errors,
            complete=errors == 0,
            profiles={profile: _profile(rows, acc, profile) for profile in profiles},
        )


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Let nobody look for reference cycles among rows, which have none: it takes a fifth of the time of a report."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _profile(rows: Rows, acc: Mapping[str, LengthSlopes], profile: Profile) -> ProfileReport:
    arms = by_arm(rows)
    plain = arms.get(PLAIN, rows.at([]))
    scores = {arm: arm_report(own, profile) for arm, own in arms.items()}
    beside = {arm: plain_beside(own, plain) for arm, own in arms.items()}
    effects = {
        arm: replace(arm_effects(arm, own, beside[arm], profile), versions=by_version(own, profile))
        for arm, own in arms.items()
    }
    if CONSTRAINED in effects:
        effects[CONSTRAINED] = replace(effects[CONSTRAINED], against=against_meaningless(arms, profile))
    length = length_effects(arms, beside, acc, profile)
    figures = ProfileReport(
        arms=scores,
        effects=effects,
        length=length,
        claims=claims(_claimed(scores), effects, length),
        fresh=fresh_against_bundled(rows),
        modes=(kept := modes_kept(arms)),
        gaps=arm_gaps(arms, kept, profile),
        conflict=conflict(arms.get(CONFLICT, ()), profile),
        parts=side_by_side({arm: own for arm, own in arms.items() if arm != CONFLICT}, profile),
        crossed=crossed(arms, profile),
        reliable=reliable(arms, profile),
    )
    sentences = (
        wording.of_report(figures),
        wording.of_wordings(figures.reliable),
        wording.of_parts(figures.parts, figures.crossed),
    )
    return replace(figures, findings=tuple(chain(*sentences)))


def _claimed(arms: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return the arms that sentences are about: demands that exclude each other, and other wordings, have their own."""
    return {arm: own for arm, own in arms.items() if arm != CONFLICT and not words_anew(arm)}

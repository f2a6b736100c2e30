"""The comparison: two runs on the same prompts, reply against reply, so that what a change of the model did is seen.

Each reply has a partner, the reply of the other run to the same item in the same arm with the same sample number, so
how hard an item is falls out of every difference. More than two runs are each compared with the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mathif import store, wording
from mathif.compare.changes import arm_changes
from mathif.compare.claimed import change_claims
from mathif.compare.corners import triangle
from mathif.compare.pairing import Paired, Side, open_side, pair
from mathif.compare.tables import markdown, terminal
from mathif.records import SCHEMA, Profile
from mathif.report.marked import by_arm
from mathif.results import Comparison, ProfileComparison, RunPair
from mathif.schemas import to_json

__all__ = ["compare", "markdown", "save", "terminal"]


def compare(folders: Sequence[Path]) -> Comparison:
    """Return what changed from the first run to each other one, nothing rounded.

    Args:
        folders: two run folders or more, graded and reported.

    Raises:
        UsageError: if the items, the prompts or the graders of two runs differ, or no reply is in both.
        DataError: if a folder holds no graded run.
    """
    first = open_side(folders[0])
    return Comparison(
        schema=SCHEMA,
        first=str(folders[0]),
        against=tuple(_against(first, open_side(folder)) for folder in folders[1:]),
    )


def save(comparison: Comparison, folder: Path) -> tuple[str, str]:
    """Write a comparison into a folder, as data and as a page of Markdown, and return the names of the files."""
    names = ("compare.json", "compare.md")
    store.make_folder(folder)
    store.write_json(folder / names[0], to_json(comparison))
    store.write_text(folder / names[1], markdown(comparison))
    return names


def _against(first: Side, second: Side) -> RunPair:
    pairs = pair(first, second)
    profiles = sorted(pairs.first[0].judged)
    return RunPair(
        second=str(second.run.folder),
        differs=pairs.differs,
        pairs=len(pairs.first),
        replies=len({row.reply for row in pairs.first}),
        left_out=pairs.left_out,
        profiles={profile: _profile(pairs, profile) for profile in profiles},
    )


def _profile(pairs: Paired, profile: Profile) -> ProfileComparison:
    before, after = by_arm(pairs.first), by_arm(pairs.second)
    figures = {arm: arm_changes(arm, before, after, profile) for arm in before}
    corners = triangle(before, after, profile)
    own = ProfileComparison(arms=figures, triangle=corners, claims=change_claims(figures, corners))
    return replace(own, findings=tuple(wording.of_comparison(own)))

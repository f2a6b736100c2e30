"""Findings on wordings: what is obeyed however it is put, beside what is obeyed as it was put."""

from __future__ import annotations

from collections.abc import Mapping

from mathif.results import Reliable
from mathif.wording.numbers import in_percent


def of_wordings(found: Mapping[str, Reliable]) -> list[str]:
    """Return a sentence for each arm that was asked in every wording."""
    return [f"{arm}: {_reliable(own)}" for arm, own in found.items()]


def _reliable(found: Reliable) -> str:
    chance = (
        ""
        if found.again is None
        else f"; the same wording, asked {found.wordings} times, is obeyed every time by {in_percent(found.again)}"
    )
    return (
        f"in all {found.wordings} wordings {in_percent(found.every)} of the constraints are obeyed, in one"
        f" {in_percent(found.each)} (n = {found.every.n}){chance}."
    )

"""Findings on wordings: what is obeyed however it is put, beside what is obeyed as it was put."""

from __future__ import annotations

from collections.abc import Mapping

from mathif.results import Reliable
from mathif.wording.numbers import in_percent


def of_wordings(arms: Mapping[str, Reliable]) -> list[str]:
    """Return a sentence for each arm that was asked in every wording."""
    return [f"{arm}: {_reliable(own)}" for arm, own in arms.items()]


def _reliable(own: Reliable) -> str:
    chance = (
        ""
        if own.again is None
        else f"; the same wording, asked {own.wordings} times, is obeyed every time by {in_percent(own.again)}"
    )
    return (
        f"in all {own.wordings} wordings {in_percent(own.every)} of the constraints are obeyed, in one"
        f" {in_percent(own.each)} (n = {own.every.n}){chance}."
    )

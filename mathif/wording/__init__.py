"""Wording: where numbers become sentences, each saying what its interval supports and nothing that it does not."""

from mathif.wording.attention import of_attention, of_knockout
from mathif.wording.comparison import of_comparison
from mathif.wording.measured import of_measured
from mathif.wording.modes import of_modes
from mathif.wording.parts import of_named, of_parts, of_thinking
from mathif.wording.probe import of_probe
from mathif.wording.report import of_answer, of_report
from mathif.wording.wordings import of_wordings

__all__ = [
    "of_answer",
    "of_attention",
    "of_comparison",
    "of_knockout",
    "of_measured",
    "of_modes",
    "of_named",
    "of_parts",
    "of_probe",
    "of_report",
    "of_thinking",
    "of_wordings",
]

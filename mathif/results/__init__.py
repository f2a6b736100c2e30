"""Results: the records that a report, a comparison and a probe are made of, and the metrics that they are about.

Whoever computes fills them, whoever shows reads them; neither needs the other. Their fields are the public JSON.
"""

from mathif.results.metrics import METRICS, Metric, Scored
from mathif.results.report import (
    AboveChance,
    Adherence,
    ArmEffects,
    ArmLength,
    ArmReport,
    Association,
    Composition,
    FirstViolation,
    Gain,
    KindScores,
    LengthBin,
    LengthBins,
    LengthEffects,
    LengthSlopes,
    Outcomes,
    ProfileReport,
    Report,
    Scores,
    Ungraded,
)
from mathif.results.stored import read_report, stored

__all__ = [
    "METRICS",
    "AboveChance",
    "Adherence",
    "ArmEffects",
    "ArmLength",
    "ArmReport",
    "Association",
    "Composition",
    "FirstViolation",
    "Gain",
    "KindScores",
    "LengthBin",
    "LengthBins",
    "LengthEffects",
    "LengthSlopes",
    "Metric",
    "Outcomes",
    "ProfileReport",
    "Report",
    "Scored",
    "Scores",
    "Ungraded",
    "read_report",
    "stored",
]

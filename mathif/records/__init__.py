"""The frozen records that flow through a run, and nothing that acts on them.

A record is what one stage hands to the next: `Problem` and `Generation` come in, `Reply` and `Verdict` go out.
They live together, below every other room, so that no room needs another one only to name its input.
"""

from mathif.records.generation import TAIL_CHARS, Generation, Rendered, Reply, marks_read, sum_known
from mathif.records.graded import Graded
from mathif.records.outcomes import REPLIED, WITHHELD, Finish, Outcome, Profile, State, Surface
from mathif.records.problem import Key, Problem
from mathif.records.sampling import BEYOND, DRAWING, PENALTIES, Sampling
from mathif.records.verdict import Span, Verdict

__all__ = [
    "BEYOND",
    "DRAWING",
    "PENALTIES",
    "REPLIED",
    "SCHEMA",
    "TAIL_CHARS",
    "WITHHELD",
    "Finish",
    "Generation",
    "Graded",
    "Key",
    "Outcome",
    "Problem",
    "Profile",
    "Rendered",
    "Reply",
    "Sampling",
    "Span",
    "State",
    "Surface",
    "Verdict",
    "marks_read",
    "sum_known",
]

SCHEMA = 1
"""Version of every record file; a change of meaning or of a field's name raises it."""

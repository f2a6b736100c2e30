"""Rewards: the graders in the call shape of each trainer, one file a trainer, none of which imports its trainer.

Every file is a thin layer on `Label` (what a training row must say so that a reply can be scored) and `score` (the
parts of the score and their weighted mean). A grader that cannot decide gives None and never zero, so that a trainer
that can leave a reply out does.
"""

from mathif.rewards.rows import training_rows
from mathif.rewards.scoring import Label, Score, Weights, score

__all__ = ["Label", "Score", "Weights", "score", "training_rows"]

"""Constraints: the demands that an item adds to its problem, one class for each kind."""

import sys

from mathif.constraints.base import KINDS, Constraint, Example, Group, Stage, Target, clash, judge, one_rule, parse

__all__ = ["KINDS", "Constraint", "Example", "Group", "Stage", "Target", "clash", "judge", "one_rule", "parse"]

KINDS.fill(sys.modules[__name__])

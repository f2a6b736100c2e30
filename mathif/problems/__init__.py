"""Problem families: fresh, exact problems from a seed, in tiers from grade school to olympiad."""

import sys

from mathif.problems.base import FAMILIES, LADDER, Family, Stories
from mathif.problems.building import draw_problems
from mathif.records import Surface

__all__ = ["FAMILIES", "LADDER", "Family", "Stories", "Surface", "draw_problems"]

FAMILIES.fill(sys.modules[__name__])

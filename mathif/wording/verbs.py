"""Verbs: how a sentence says that two things are connected, by what the comparison behind it can bear.

What was randomised may be said to change something: an arm is shown to every problem, a probe edits the same thinking.
How long a model thought was its own choice, so what is observed beside it only goes with it, whichever comes first.
"""

from __future__ import annotations

from mathif.stats import Estimate

SETTLED = "which comes first, observation cannot tell; `mathif probe RUN` lengthens the thinking itself and can"
"""What ends a sentence on an observed connection."""
TELLING = 25.0
"""Largest loss in points of which it is worth saying that a larger one is excluded."""


def unclaimed(number: Estimate, way: int, none: float = 0) -> str:
    """Return what is to be said where nothing is claimed (`way` is 0) of a number whose interval leaves `none` out."""
    if way or not number.sign(none):
        return ""
    return f"; on its own the interval leaves {none:g} out, but among so many numbers that may be chance"


def moved(way: int) -> str:
    """Return what a randomised comparison did."""
    return {1: "raises", -1: "lowers", 0: "is not shown to change"}[way]


def goes_with(way: int) -> str:
    """Return how an observed outcome is connected to the length of the thinking."""
    return {1: "goes with longer thinking", -1: "goes with shorter thinking"}[way]

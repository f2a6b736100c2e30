"""Whether two equations have the same solutions: the same roots in one variable, at several values of the others.

A room of its own because `xy = 1` is `y = 1/x` although no constant factor leads from one to the other. Roots are found
by changes of sign on a fixed grid and then closed in on; a pole is no root, because the value grows there.
"""

from __future__ import annotations

from typing import Any

from mathif.answers.settle.budget import current
from mathif.answers.settle.numeric import HERE, Evaluator, Limits, NoValueError, Point
from mathif.answers.tree import Tree, symbols

_DIGITS = 30
_SETTINGS = 8
_NEEDED = 3
_GRID = sorted(
    sign * whole * scale
    for sign in (-1, 1)
    for scale in (0.013, 0.11, 0.93, 7.7, 61.0)
    for whole in (1, 2, 3, 4.6, 6.3)
)
_OFF_GRID = 1.000731
"""Grid points have few digits, and a root at one of them would show no change of sign."""
_STEPS = 60
_SOLVED = 1e-22
_TINY = 1e-9


def same_solutions(first: Tree, second: Tree, limits: Limits = HERE) -> int:
    """Return 1 where `first = 0` and `second = 0` have the same real solutions at every tested setting, else 0.

    Raises:
        NoValueError: if no tested setting has a solution.
        NotNumericError, CostlyError, TooLargeError: as `numeric.agree`.
    """
    shared = sorted(symbols(first))
    if set(shared) != symbols(second) or not shared:
        return 0
    settings, needed = (_SETTINGS, _NEEDED) if len(shared) > 1 else (1, 1)
    for name in shared:
        seen = 0
        for setting in range(settings):
            one = _roots(first, name, setting, limits)
            # Most equations that differ do so at the first root.
            if one and not any(_is_root(second, name, root, setting, limits) for root in one[:1]):
                return 0
            other = _roots(second, name, setting, limits)
            if len(one) != len(other) or any(not _near(a, b) for a, b in zip(one, other, strict=True)):
                return 0
            seen += bool(one)
        if seen >= needed:
            return 1
    raise NoValueError("no solution at the tested settings")


def _is_root(tree: Tree, name: str, root: Any, setting: int, limits: Limits) -> bool:
    """Say whether a value is close to a root: the sign changes around it, or the value is tiny."""
    around = [_at(tree, name, root * (1 + sign * _TINY), setting, limits) for sign in (-1, 0, 1)]
    if any(value is None for value in around):
        return False
    return bool(around[0] * around[2] <= 0 or abs(around[1]) < _TINY)


def _near(one: Any, other: Any) -> bool:
    return bool(abs(one - other) <= max(abs(one), abs(other)) * 1e-15)


def _roots(tree: Tree, name: str, setting: int, limits: Limits) -> list[Any]:
    """Return the roots of a tree in one variable that a change of sign on the grid shows, in order."""
    roots = []
    before: tuple[Any, Any] | None = None
    for spot in _GRID:
        value = _at(tree, name, spot, setting, limits)
        if before is not None and value is not None and before[1] * value < 0:
            root = _closed_in(tree, name, (before[0], spot), (before[1], value), setting, limits)
            if root is not None:
                roots.append(root)
        before = None if value is None else (spot, value)
    return roots


def _at(tree: Tree, name: str, spot: Any, setting: int, limits: Limits) -> Any:
    point = Point(setting, given={name: spot * _OFF_GRID if isinstance(spot, float | int) else spot})
    try:
        return Evaluator(_DIGITS, point, limits, current()).value(tree)
    except NoValueError:
        return None


def _closed_in(
    tree: Tree, name: str, ends: tuple[Any, Any], values: tuple[Any, Any], setting: int, limits: Limits
) -> Any:
    """Close in on a change of sign by false position (Illinois rule); None where the values grow, at a pole."""
    context = Evaluator(_DIGITS, Point(0), limits, current()).context
    (low, high), (below, above) = (context.mpf(end) * _OFF_GRID for end in ends), values
    first = min(abs(below), abs(above))
    side = 0
    for _ in range(_STEPS):
        middle = high - above * (high - low) / (above - below)
        value = _at(tree, name, middle, setting, limits)
        if value is None:
            return None
        if abs(value) <= first * _SOLVED or abs(high - low) <= abs(high) * _SOLVED:
            return middle if abs(value) <= first * _TINY else None
        if (value < 0) == (below < 0):
            low, below = middle, value
            above = above / 2 if side == -1 else above
            side = -1
        else:
            high, above = middle, value
            below = below / 2 if side == 1 else below
            side = 1
    return None

r"""Sets of real numbers as unions of intervals: `x \neq 3` and `\mathbb{R} \setminus \{3\}` are one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise
from math import ceil, floor

from mathif.answers.settle import questions
from mathif.answers.settle.exact import fold
from mathif.answers.tree import (
    CONSTANTS,
    Applied,
    Call,
    Given,
    Infinity,
    Intersection,
    Listed,
    Name,
    Relation,
    SetOf,
    Span,
    Tree,
    Union,
    Without,
    difference,
    negative,
    number,
    replaced,
    symbols,
)

FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!=", "=": "="}
"""Each sign as it reads with its sides in the other order."""
_MEETS: dict[str, Callable[[Fraction], bool]] = {
    "<": lambda value: value < 0,
    ">": lambda value: value > 0,
    "<=": lambda value: value <= 0,
    ">=": lambda value: value >= 0,
    "!=": lambda value: value != 0,
}
"""What a sign says of the difference of its sides."""
_KEPT_DIGITS = 40
_NOTHING = Fraction(1, 10**30)
"""Ends that differ by less are the same: ends are kept to forty digits."""
_NEAR = Fraction(1, 10**9)
_STEPS = (Fraction(1, 7), Fraction(1, 2), Fraction(6, 7))
_FAR = (Fraction(1, 3), Fraction(2), Fraction(11, 3), Fraction(17))
_MOST_PIECES = 60
_SETS = {"mathbb R", "R"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """One interval; an end of None is infinite."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool
    high_in: bool

    def holds(self, place: Fraction) -> bool:
        """Say whether a number lies in the interval."""
        above = self.low is None or self.low < place or (self.low == place and self.low_in)
        return above and (self.high is None or self.high > place or (self.high == place and self.high_in))


RealSet = tuple[_Piece, ...]
_EVERYTHING: RealSet = (_Piece(None, None, low_in=False, high_in=False),)


def real_set(tree: Tree) -> RealSet | None:  # noqa: C901 - one case a node
    """Return the set of reals that `tree` describes, sorted and merged, or None where it describes none that is known.

    Ends that are irrational count as equal when they agree to forty digits.

    Raises:
        TooLargeError: if an end is too large to evaluate.
    """
    match tree:
        case Span(left, right, (low, high)):
            return _interval(left, right, low, high)
        case SetOf(items):
            points = [_end(part) for part in items]
            if None in points:
                return None
            return _merged([_Piece(at, at, low_in=True, high_in=True) for at in points if at is not None])
        case Name("mathbb R" | "R"):
            return _EVERYTHING
        case Union(parts):
            return _joined(parts)
        case Listed(parts) if all(isinstance(part, Span | SetOf | Union) for part in parts):
            return _joined(parts)
        case Intersection(first, second) | Without(first, second):
            one, other = real_set(first), real_set(second)
            if one is None or other is None:
                return None
            return _met(one, other if isinstance(tree, Intersection) else _rest(other))
        case Relation():
            return _relation(tree)
        case Listed(parts) if all(isinstance(part, Relation) for part in parts):
            return _system(parts)
        case _:
            return None


def integer_set(tree: Tree) -> RealSet | None:
    r"""Return the integers that `tree` describes as a set of reals that holds no others, None for any other tree.

    It is a part of the integers (`\mathbb{Z} \cap (3, \infty)`), or bounds on a letter that stands for one
    (`n > 3, n \in \mathbb{Z}`). Ends are moved to the integers that they leave, so that `n > 3` is `n \ge 4`.

    Raises:
        TooLargeError: if an end is too large to evaluate.
    """
    match tree:
        case Intersection(Name("mathbb Z"), Span() as within):
            bounds: tuple[Tree, ...] = (within,)
        case Given(Relation() as bound, conditions) if _is_integer(conditions, bound):
            bounds = (bound,)
        case Listed(parts):
            bounds = tuple(part for part in parts if not _says_integer(part))
            if len(bounds) == len(parts) or not all(_is_integer(parts, bound) for bound in bounds):
                return None
        case _:
            return None
    found = [real_set(bound) for bound in bounds]
    met = _EVERYTHING
    for part in found:
        if part is None:
            return None
        met = _met(met, part)
    return tuple(_whole_ends(piece) for piece in met)


def _says_integer(tree: Tree) -> bool:
    return isinstance(tree, Relation) and tree.signs == ("in",) and tree.sides[1] == Name("mathbb Z")


def _is_integer(conditions: Iterable[Tree], bound: Tree) -> bool:
    """Say whether a bound is on one letter, of which the conditions say that it stands for an integer."""
    said = {letter for part in conditions if _says_integer(part) for letter in symbols(part)} - {"mathbb Z"}
    return isinstance(bound, Relation) and len(said) == 1 and symbols(bound) == said


def _whole_ends(piece: _Piece) -> _Piece:
    low, high = piece.low, piece.high
    if low is not None:
        low = Fraction(ceil(low) if piece.low_in else floor(low) + 1)
    if high is not None:
        high = Fraction(floor(high) if piece.high_in else ceil(high) - 1)
    return _Piece(low, high, low_in=low is not None, high_in=high is not None)


def places(*sets: RealSet) -> list[Fraction]:
    """Return places that tell sets apart: the ends of their intervals, right beside them, between, and beyond."""
    pieces = [piece for part in sets for piece in part]
    ends = sorted({end for piece in pieces for end in (piece.low, piece.high) if end is not None})
    inside = [low + (high - low) * step for low, high in pairwise(ends) for step in _STEPS]
    outside = [place for far in _FAR for place in (ends[0] - far, ends[-1] + far)] if ends else []
    beside = [place for end in ends for place in (end - _NEAR, end + _NEAR)]
    return [*ends, *beside, *inside, *outside]


def holds_in(relation: Relation, domain: RealSet) -> bool:
    r"""Say whether an inequality that nobody solved (`x^2 > 4`) holds in a set and nowhere else, at all `places`.

    Raises:
        TooLargeError: if a value is too large to evaluate.
    """
    letters = symbols(relation)
    tested = places(domain)
    if len(letters) != 1 or not 0 < len(tested) <= _MOST_PIECES or not set(relation.signs) <= _MEETS.keys():
        return False
    (letter,) = letters
    return all(_is_met(relation, letter, place) == any(piece.holds(place) for piece in domain) for place in tested)


def _is_met(relation: Relation, letter: str, place: Fraction) -> bool:
    sides = [replaced(side, Name(letter), number(place)) for side in relation.sides]
    for sign, (left, right) in zip(relation.signs, pairwise(sides), strict=True):
        value = _end(difference(left, right))
        if value is None or not _MEETS[sign](value if abs(value) > _NOTHING else Fraction(0)):
            return False
    return True


def _joined(trees: tuple[Tree, ...]) -> RealSet | None:
    parts = [real_set(part) for part in trees]
    if any(part is None for part in parts):
        return None
    return _merged([piece for part in parts if part is not None for piece in part])


def _system(trees: tuple[Tree, ...]) -> RealSet | None:
    """Read several inequalities: those that leave a gap are alternatives, others hold together."""
    if len(trees) > _MOST_PIECES or len({name for tree in trees for name in symbols(tree)} - _SETS) > 1:
        return None
    parts = [real_set(part) for part in trees]
    if any(part is None for part in parts):
        return None
    together: RealSet = _EVERYTHING
    for part in parts:
        together = _met(together, part or ())
    return together or _merged([piece for part in parts if part is not None for piece in part])


def _end(tree: Tree) -> Fraction | None:
    """Return the value of a finite end, rounded where it is irrational; None where it is not real."""
    exact = fold(tree)
    if exact is not None or symbols(tree):
        return exact
    spelled = questions.decimal_digits(tree, _KEPT_DIGITS)
    return None if spelled is None else Fraction(spelled)


def _infinite(tree: Tree) -> int:
    """Return 1 or -1 for an infinity with its sign, 0 for anything else."""
    if isinstance(tree, Infinity):
        return 1
    return -1 if tree == negative(Infinity()) else 0


def _interval(left: str, right: str, low: Tree, high: Tree) -> RealSet | None:
    if left not in "([" or right not in ")]":
        return None
    bottom = None if _infinite(low) == -1 else _end(low)
    top = None if _infinite(high) == 1 else _end(high)
    if (bottom is None and _infinite(low) != -1) or (top is None and _infinite(high) != 1):
        return None
    closed = (left == "[" and bottom is not None, right == "]" and top is not None)
    return _merged([_Piece(bottom, top, *closed)])


def _relation(relation: Relation) -> RealSet | None:
    signs, sides = relation.signs, relation.sides
    if signs == ("in",):
        return real_set(sides[1])
    if any(sign not in FLIPPED for sign in signs):
        return None
    named = [at for at, side in enumerate(sides) if _is_name(side)]
    if len(named) != 1:
        return None
    solutions: RealSet = _EVERYTHING
    for at, sign in enumerate(signs):
        bound, shown = (sides[at + 1], sign) if at == named[0] else (sides[at], FLIPPED[sign])
        if at not in (named[0], named[0] - 1):
            return None
        half = _half(bound, shown)
        if half is None:
            return None
        solutions = _met(solutions, half)
    return _mirrored(solutions) if isinstance(sides[named[0]], Call) else solutions


def _is_name(tree: Tree) -> bool:
    """Say whether a side is a name, a function of names, or the absolute value of a name."""
    match tree:
        case Call("abs", (inner,)):
            return isinstance(inner, Name)
        case Name(name):
            return name not in CONSTANTS
        case _:
            return isinstance(tree, Applied)


def _half(bound: Tree, sign: str) -> RealSet | None:
    if infinite := _infinite(bound):
        return _EVERYTHING if sign == "!=" or (sign[0] == "<") == (infinite > 0) else ()
    at = _end(bound)
    if at is None:
        return None
    if sign == "=":
        return (_Piece(at, at, low_in=True, high_in=True),)
    if sign == "!=":
        return (_Piece(None, at, low_in=False, high_in=False), _Piece(at, None, low_in=False, high_in=False))
    if sign in ("<", "<="):
        return (_Piece(None, at, low_in=False, high_in=sign == "<="),)
    return (_Piece(at, None, low_in=sign == ">=", high_in=False),)


def _mirrored(part: RealSet) -> RealSet:
    """Return the set of x for which |x| lies in `part`."""
    kept = _met(part, (_Piece(Fraction(0), None, low_in=True, high_in=False),))
    swapped = [
        _Piece(
            None if piece.high is None else -piece.high,
            None if piece.low is None else -piece.low,
            piece.high_in,
            piece.low_in,
        )
        for piece in kept
    ]
    return _merged([*kept, *swapped])


def _rest(part: RealSet) -> RealSet:
    """Return the complement."""
    left: RealSet = _EVERYTHING
    for piece in part:
        sides = []
        if piece.low is not None:
            sides.append(_Piece(None, piece.low, low_in=False, high_in=not piece.low_in))
        if piece.high is not None:
            sides.append(_Piece(piece.high, None, low_in=not piece.high_in, high_in=False))
        left = _met(left, tuple(sides))
    return left


def _met(first: RealSet, second: RealSet) -> RealSet:
    """Return the intersection."""
    pieces = []
    for one in first[:_MOST_PIECES]:
        for other in second[:_MOST_PIECES]:
            low, low_in = _tighter(one.low, one.low_in, other.low, other.low_in, max)
            high, high_in = _tighter(one.high, one.high_in, other.high, other.high_in, min)
            pieces.append(_Piece(low, high, low_in, high_in))
    return _merged(pieces)


def _tighter(
    one: Fraction | None,
    one_in: bool,
    other: Fraction | None,
    other_in: bool,
    choose: Callable[[Fraction, Fraction], Fraction],
) -> tuple[Fraction | None, bool]:
    if one is None or other is None:
        return (other, other_in) if one is None else (one, one_in)
    if one == other:
        return one, one_in and other_in
    return (one, one_in) if choose(one, other) == one else (other, other_in)


def _merged(pieces: list[_Piece]) -> RealSet:
    """Sort, drop what is empty, and join what touches."""
    full = [piece for piece in pieces if not _is_empty(piece)]
    full.sort(key=cmp_to_key(_earlier))
    out: list[_Piece] = []
    for piece in full:
        if out and _touch(out[-1], piece):
            out[-1] = _hull(out[-1], piece)
        else:
            out.append(piece)
    return tuple(out)


def _is_empty(piece: _Piece) -> bool:
    if piece.low is None or piece.high is None:
        return False
    return piece.low > piece.high or (piece.low == piece.high and not (piece.low_in and piece.high_in))


def _earlier(one: _Piece, other: _Piece) -> int:
    if one.low is None or other.low is None:
        return (one.low is not None) - (other.low is not None)
    if one.low != other.low:
        return -1 if one.low < other.low else 1
    return other.low_in - one.low_in


def _touch(one: _Piece, other: _Piece) -> bool:
    if one.high is None or other.low is None or other.low < one.high:
        return True
    return other.low == one.high and (one.high_in or other.low_in)


def _hull(one: _Piece, other: _Piece) -> _Piece:
    if one.high is None or other.high is None:
        high, high_in = None, False
    elif one.high == other.high:
        high, high_in = one.high, one.high_in or other.high_in
    else:
        high, high_in = (one.high, one.high_in) if one.high > other.high else (other.high, other.high_in)
    return _Piece(one.low, high, one.low_in or (one.low == other.low and other.low_in), high_in)

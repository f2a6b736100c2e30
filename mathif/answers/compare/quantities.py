"""Values with units: splitting one from the other, converting, and letters that may be units (`5 m`)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import gcd

from mathif.answers.compare.finding import Compare, Finding, structural
from mathif.answers.tree import (
    Call,
    Clock,
    Degrees,
    Listed,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Quantity,
    Ratio,
    Tree,
    Words,
    number,
    product,
    symbols,
    total,
)
from mathif.answers.units import is_unit_name, read_unit

_DEGREE = (("degree", 1),)
_RADIAN = (("radian", 1),)
_RADIANS_IN_A_DEGREE = product(Name("pi"), number(Fraction(1, 180)))
_SAME_DEGREES = ({_DEGREE, (("celsius", 1),)}, {_DEGREE, (("fahrenheit", 1),)})
"""Degrees without a scale are degrees of the scale that the other side names."""
_SMALL = Fraction(1, 10_000)


def compare_quantities(first: Tree, second: Tree, compare: Compare) -> Finding | None:
    """Compare two values of which one has a unit; None where none has."""
    first, second = _summed(first, second), _summed(second, first)
    if not _is_measured(first) and not _is_measured(second):
        return None
    one, other = _peeled(first, second), _peeled(second, first)
    if one[1] is None or other[1] is None:
        return _unit_on_one_side(one, other, compare)
    left, right = read_unit(one[1]), read_unit(other[1])
    if not left.dims or not right.dims or left == right or {left.dims, right.dims} in _SAME_DEGREES:
        return compare(one[0], other[0])
    if (left.dims, right.dims) == (_DEGREE, _RADIAN):
        return compare(product(one[0], _RADIANS_IN_A_DEGREE), other[0])
    if (left.dims, right.dims) == (_RADIAN, _DEGREE):
        return compare(one[0], product(other[0], _RADIANS_IN_A_DEGREE))
    if left.dims != right.dims:
        return structural(False, f"the units differ: {one[1]!r} and {other[1]!r}")
    return compare(product(one[0], number(left.factor)), product(other[0], number(right.factor)))


def _summed(tree: Tree, other: Tree) -> Tree:
    """Add `2 hours and 30 minutes` up where the other side is a single value."""
    if not isinstance(tree, Listed) or isinstance(other, Listed):
        return tree
    parts = [part for part in tree.items if isinstance(part, Quantity)]
    units = [read_unit(part.unit) for part in parts]
    if len(parts) < max(2, len(tree.items)) or len({unit.dims for unit in units}) != 1 or not units[0].dims:
        return tree
    if any(larger.factor <= smaller.factor for larger, smaller in pairwise(units)):
        return tree
    values = (
        product(part.value, number(unit.factor / units[0].factor)) for part, unit in zip(parts, units, strict=True)
    )
    return Quantity(total(*values), parts[0].unit)


def _is_measured(tree: Tree) -> bool:
    """Say whether a tree is a value with a unit, or may be one."""
    return isinstance(tree, Quantity | Percent | Degrees) or _letters_of(tree) is not None


def _peeled(tree: Tree, other: Tree) -> tuple[Tree, str | None]:
    """Split a value from its unit; letters count as units only against a side without letters of its own."""
    match tree:
        case Quantity(Percent(inner), _) | Percent(inner):
            return inner, "percent"
        case Quantity(Product((*rest, Name("mu"))), unit) if rest:
            return product(*rest), f"mu{unit}"
        case Quantity(inner, unit):
            return inner, unit
        case Degrees(inner):
            return inner, "degree"
    letters = _letters_of(tree)
    if letters is not None and (isinstance(other, Quantity) or not symbols(other) or _converts(letters, other)):
        return letters
    return tree, None


def _converts(letters: tuple[Tree, str], other: Tree) -> bool:
    """Say whether the letters of the other side are other units of the same kind (`1 J` and `1 N m`)."""
    theirs = _letters_of(other)
    if theirs is None:
        return False
    one, another = read_unit(letters[1]), read_unit(theirs[1])
    return one.dims == another.dims and bool(one.dims) and set(letters[1].split()) != set(theirs[1].split())


def _letters_of(tree: Tree) -> tuple[Tree, str] | None:
    """Read `5 m / s` as 5 and its unit; None where letters are not only units behind all numbers."""
    if not isinstance(tree, Product):
        return None
    rest: list[Tree] = []
    units: list[str] = []
    stack = list(tree.factors)
    while stack:
        part = stack.pop(0)
        letter = _unit_letter(part, Fraction(1))
        if isinstance(part, Power) and isinstance(part.base, Product) and not letter:
            stack = [*(Power(factor, part.exponent) for factor in part.base.factors), *stack]
        elif letter:
            # A micro sign belongs to the unit behind it.
            units.append(f"mu{letter}" if units and units[-1] == "mu ^ 1" and units.pop() else letter)
        elif units or symbols(part):
            return None
        else:
            rest.append(part)
    if not rest or not units or all(unit.startswith("mu ") for unit in units):
        return None
    return product(*rest), " ".join(units)


def _unit_letter(tree: Tree, exponent: Fraction) -> str:
    """Return a letter that may be a unit with its power, "" for anything else."""
    match tree:
        case Power(base, Number(power)):
            return _unit_letter(base, exponent * power)
        case Name(name) | Words(name) if is_unit_name(name):
            return f"{name} ^ {exponent}"
        case _:
            return ""


def _unit_on_one_side(one: tuple[Tree, str | None], other: tuple[Tree, str | None], compare: Compare) -> Finding | None:
    """A missing unit is forgiven; percent may be a unit or a hundredth, degrees may be radians.

    A number of cents may stand beside an amount with two decimal places, and one in scientific notation beside a unit
    that it is converted from (`7.25e-11` is 0.725 Å). A dozen is twelve.
    """
    (value, unit), plain = (one, other[0]) if one[1] is not None else (other, one[0])
    if unit is None:
        return None
    finding = compare(value, plain)
    if finding.same:
        return finding
    read = read_unit(unit)
    if unit == "percent" or (read.dims == (("dollar", 1),) and isinstance(plain, Number) and plain.places == 2):
        return compare(product(value, number(Fraction(1, 100) if unit == "percent" else read.factor)), plain)
    if read.dims == _DEGREE and any(map(_is_of_a_circle, plain.walk())):
        return compare(product(value, _RADIANS_IN_A_DEGREE), plain)
    if read.factor != 1 and (not read.dims or _is_scientific(plain)):
        return compare(product(value, number(read.factor)), plain)
    return finding


def _is_of_a_circle(tree: Tree) -> bool:
    """Say whether a part of a value tells an angle in radians: π, or an inverse function."""
    return tree == Name("pi") or (isinstance(tree, Call) and tree.function.startswith("arc"))


def _is_scientific(tree: Tree) -> bool:
    """Say whether a number is written in scientific notation, as far as its tree tells."""
    match tree:
        case Number(value, places):
            return 0 < abs(value) < _SMALL or (places is not None and places < 0)
        case Product((Number(), Power(Number(base), Number()))):
            return base == 10
        case _:
            return False


# --- times of day and ratios


def compare_times(first: Tree, second: Tree) -> Finding | None:
    """Compare two times of day; None where the two may be ratios, or one of them is no time.

    `7:32` may be a ratio or a time. It is a time beside another one, and by itself where no ratio is written so: not in
    lowest terms, or with a leading zero.
    """
    one, other = _time(first), _time(second)
    if one is None and other is None:
        return None
    if one is None or other is None:
        sure = first if other is None else second
        if isinstance(sure, Clock) or not _may_be_a_ratio(sure):
            return structural(False, "one is a time of day and the other is not")
        return None
    (early, early_sure), (late, late_sure) = one, other
    same = early == late
    if early_sure != late_sure:
        # `4:30` beside `4:30 p.m.` does not say which half of the day it means.
        marked, bare = (early, late) if early_sure else (late, early)
        same = bare in (marked, ((marked[0] % 12 or 12), *marked[1:]))
    return structural(same, "the same time" if same else "the times differ")


def _time(tree: Tree) -> tuple[tuple[int, ...], bool] | None:
    """Return hours, minutes and seconds, and whether the half of the day is known; None for what is no time."""
    match tree:
        case Clock(parts):
            return (*parts, 0, 0)[:3], True
        case Ratio(_, digits) if _is_clock(digits):
            return (*map(int, digits), 0)[:3], False
        case _:
            return None


def _is_clock(digits: tuple[str, ...]) -> bool:
    minutes = digits[1:]
    fits = len(digits) in (2, 3) and len(digits[0]) <= 2 and int(digits[0]) <= 24
    return fits and all(len(part) == 2 and int(part) < 60 for part in minutes)


def _may_be_a_ratio(tree: Tree) -> bool:
    if not isinstance(tree, Ratio):
        return False
    numbers = [int(part) for part in tree.digits]
    return gcd(*numbers) == 1 and not any(part.startswith("0") for part in tree.digits)

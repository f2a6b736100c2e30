"""The exact value of a tree that is a rational number, in bounded time and memory."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial, gcd, lcm

from mathif.answers.settle import budget
from mathif.answers.tree import Call, Number, Percent, Power, Product, Sum, TooLargeError, Tree

MOST_BITS = 40_000
MOST_FACTORIAL = 3_000
_MOST_ROOT_BITS = 4_000
_BITS_A_STEP = 400


def fold(tree: Tree) -> Fraction | None:
    """Return the exact value of `tree`, or None where it is not a rational number or cannot be seen to be one.

    Raises:
        TooLargeError: if a value needs more than `MOST_BITS` bits, or the budget of the grading is spent.
    """
    match tree:
        case Number(value):
            return value
        case Sum(terms):
            return _of(_sum, terms)
        case Product(factors):
            return _of(_product, factors)
        case Power(base, exponent):
            return _of(_power, (base, exponent))
        case Percent(inner):
            return _of(lambda parts: parts[0] / 100, (inner,))
        case Call(function, args) if function in _CALLS and args:
            return _of(_CALLS[function], args)
        case _:
            return None


def _of(operation: Callable[[list[Fraction]], Fraction | None], trees: tuple[Tree, ...]) -> Fraction | None:
    parts: list[Fraction] = []
    for tree in trees:
        part = fold(tree)
        if part is None:
            return None
        parts.append(part)
    return _bounded(operation(parts))


def _bounded(value: Fraction | None) -> Fraction | None:
    if value is None:
        return None
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    if bits > MOST_BITS:
        raise TooLargeError(f"a value needs more than {MOST_BITS} bits")
    if bits > _BITS_A_STEP:
        try:
            budget.current().spend(bits / _BITS_A_STEP)
        except budget.CostlyError as error:
            raise TooLargeError("the answer takes too much exact arithmetic") from error
    return value


def _sum(parts: list[Fraction]) -> Fraction:
    value = Fraction(0)
    for part in parts:
        value += part
        _bounded(value)
    return value


def _product(parts: list[Fraction]) -> Fraction:
    value = Fraction(1)
    for part in parts:
        value *= part
        _bounded(value)
    return value


def _power(parts: list[Fraction]) -> Fraction | None:
    base, exponent = parts
    if base == 0:
        return Fraction(1) if exponent == 0 else Fraction(0) if exponent > 0 else None
    if exponent.denominator != 1:
        root = _root(base, exponent.denominator)
        return None if root is None else _power([root, Fraction(exponent.numerator)])
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if abs(base) != 1 and abs(exponent) * size > MOST_BITS:
        raise TooLargeError(f"a power needs more than {MOST_BITS} bits")
    return base ** int(exponent) if abs(base) != 1 else base ** (int(exponent) % 2)


def _root(base: Fraction, degree: int) -> Fraction | None:
    """Return the real root where it is rational; an even root of a negative number is not real."""
    if degree > 1000 or (base < 0 and degree % 2 == 0):
        return None
    top, bottom = _whole_root(abs(base.numerator), degree), _whole_root(base.denominator, degree)
    if top is None or bottom is None:
        return None
    return Fraction(top if base > 0 else -top, bottom)


def _whole_root(value: int, degree: int) -> int | None:
    if value.bit_length() > _MOST_ROOT_BITS:
        return None
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= value:
            low = middle
        else:
            high = middle - 1
    return low if low**degree == value else None


def _whole(parts: list[Fraction], least: int) -> list[int] | None:
    """Return arguments that are integers from `least` on, None where one is not."""
    if any(part.denominator != 1 or part < least for part in parts):
        return None
    return [int(part) for part in parts]


def _factorial(parts: list[Fraction]) -> Fraction | None:
    whole = _whole(parts[:1], 0)
    if whole is None:
        return None
    if whole[0] > MOST_FACTORIAL:
        raise TooLargeError(f"a factorial beyond {MOST_FACTORIAL}!")
    return Fraction(factorial(whole[0]))


def _double_factorial(parts: list[Fraction]) -> Fraction | None:
    whole = _whole(parts[:1], -1)
    if whole is None:
        return None
    if whole[0] > MOST_FACTORIAL:
        raise TooLargeError(f"a double factorial beyond {MOST_FACTORIAL}!!")
    value = 1
    for factor in range(whole[0], 1, -2):
        value *= factor
    return Fraction(value)


def _binomial(parts: list[Fraction]) -> Fraction | None:
    whole = _whole(parts, 0)
    if whole is None or len(whole) != 2:
        return None
    upper, lower = whole
    if lower > upper:
        return Fraction(0)
    if min(lower, upper - lower) * upper.bit_length() > MOST_BITS:
        raise TooLargeError("a binomial coefficient is too large")
    return Fraction(comb(upper, lower))


def _whole_only(function: Callable[..., int]) -> Callable[[list[Fraction]], Fraction | None]:
    def apply(parts: list[Fraction]) -> Fraction | None:
        return Fraction(function(*map(int, parts))) if all(part.denominator == 1 for part in parts) else None

    return apply


_CALLS: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
    "abs": lambda parts: abs(parts[0]),
    "floor": lambda parts: Fraction(parts[0].__floor__()),
    "ceil": lambda parts: Fraction(parts[0].__ceil__()),
    "factorial": _factorial,
    "factorial2": _double_factorial,
    "binom": _binomial,
    "gcd": _whole_only(gcd),
    "lcm": _whole_only(lcm),
    "max": max,
    "min": min,
    "sgn": lambda parts: Fraction((parts[0] > 0) - (parts[0] < 0)),
}

"""Whether two single values are the same: as rationals, by the precision rule for decimals, or symbolically.

The precision rule. A decimal is the rational number it spells. It also stands for a number it cannot spell if it is
that number rounded or cut to the places it states, and states enough of them: six decimal places and six
significant digits for an irrational number, twelve of each for a fraction that does not terminate and could have
been written as one. `3.141593` and `3.141592` are π and `3.14159` is not; `0.333333` is not one third.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mathif.answers.compare.finding import Finding
from mathif.answers.settle import questions
from mathif.answers.settle.exact import fold
from mathif.answers.tree import HALF, Call, Name, Number, Tree, difference, number, product, symbols

LEAST_FOR_IRRATIONAL = 6
LEAST_FOR_FRACTION = 12


def compare_scalars(first: Tree, second: Tree) -> Finding:
    """Compare two single values.

    Raises:
        NoValueError: if they have no value in common points.
        NotNumericError: if one of them is no expression.
        TooLargeError: if deciding would cost more than an answer is worth.
    """
    finding = _compared(first, second)
    if finding.same:
        return finding
    for call, meant in _OTHER_SENSES:
        if any(_is_call(part, call) for tree in (first, second) for part in tree.walk()):
            other = _compared(_with(call, meant, first), _with(call, meant, second))
            if other.same:
                return other
    return finding


def _compared(first: Tree, second: Tree) -> Finding:
    one, other = fold(first), fold(second)
    if one is not None and other is not None:
        return _compare_rationals(first, one, second, other)
    if (one is None) != (other is None) and (finding := _by_precision(first, second)) is not None:
        return finding
    same = questions.agree(first, second)
    return Finding(same, "symbolic", "the same value at every tested point" if same else "the values differ")


def _is_call(tree: Tree, function: str) -> bool:
    return isinstance(tree, Call) and tree.function == function and len(tree.args) == 1


def _with(function: str, meant: Callable[[Tree], Tree], tree: Tree) -> Tree:
    """Return `tree` with each call of a function of one argument as what it means."""
    changed = tree.mapped(lambda part: _with(function, meant, part))
    return meant(changed.args[0]) if isinstance(changed, Call) and _is_call(changed, function) else changed


_OTHER_SENSES: tuple[tuple[str, Callable[[Tree], Tree]], ...] = (
    ("log", lambda value: Call("log", (value, number(10)))),
    ("arccot", lambda value: difference(product(HALF, Name("pi")), Call("arctan", (value,)))),
)
"""What books disagree about: `log` without a base may be the common one, and arccot positive or odd."""


def _compare_rationals(first: Tree, one: Fraction, second: Tree, other: Fraction) -> Finding:
    if one == other:
        return Finding(True, "number", "the same number")
    for decimal, exact, value in ((first, second, other), (second, first, one)):
        if decimal_literal(exact) is None and _is_endless(value) and stands_for(decimal, value, LEAST_FOR_FRACTION):
            return Finding(True, "number", "the same number to the places that the decimal states")
    return Finding(False, "number", "the numbers differ")


def _by_precision(first: Tree, second: Tree) -> Finding | None:
    """Apply the precision rule to a decimal and an irrational constant."""
    for decimal, exact in ((first, second), (second, first)):
        literal = decimal_literal(decimal)
        if literal is not None and fold(exact) is None and not symbols(exact):
            spelled = _spelled(exact, literal)
            same = spelled is not None and stands_for(decimal, spelled, LEAST_FOR_IRRATIONAL)
            if not same and literal[0].denominator == 1:
                return None
            reason = (
                "the same number to the places that the decimal states" if same else "the decimal is not that number"
            )
            return Finding(same, "number", reason)
    return None


def _spelled(exact: Tree, literal: tuple[Fraction, int]) -> Fraction | None:
    """Return a constant to as many digits as a comparison with a decimal needs, None where it has no real value."""
    digits = len(str(abs(int(literal[0])))) + max(literal[1], 0) + 10
    spelled = questions.decimal_digits(exact, digits)
    return None if spelled is None else Fraction(spelled)


def is_rounded_from(decimal: Tree, exact: Tree) -> bool:
    """Say whether a decimal is a constant that it does not equal, rounded or cut to the places it states."""
    literal = decimal_literal(decimal)
    if literal is None or symbols(exact) or decimal_literal(exact) is not None:
        return False
    value = fold(exact)
    value = _spelled(exact, literal) if value is None else value
    return value is not None and abs(literal[0] - value) * Fraction(10) ** literal[1] < 1


def decimal_literal(tree: Tree) -> tuple[Fraction, int] | None:
    """Return value and stated places of a number written as a decimal, None for anything else."""
    if not isinstance(tree, Number) or tree.places is None:
        return None
    return tree.value, tree.places


def stands_for(decimal: Tree, value: Fraction, least: int) -> bool:
    """Apply the precision rule of this module with `least` places and significant digits."""
    literal = decimal_literal(decimal)
    if literal is None or literal[1] < least:
        return False
    shown, places = literal
    if abs(shown) * Fraction(10) ** places < 10 ** (least - 1):
        return False
    return abs(shown - value) * Fraction(10) ** places < 1 and abs(shown) <= abs(value) + Fraction(1, 2 * 10**places)


def _is_endless(value: Fraction) -> bool:
    """Say whether a rational number has no finite decimal notation."""
    bottom = value.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    return bottom > 1

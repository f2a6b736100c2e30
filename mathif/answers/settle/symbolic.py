"""Symbolic equality with sympy, inside the killable worker only, on objects built from trees and never from text."""

from __future__ import annotations

from typing import Any

import sympy

from mathif.answers.settle.numeric import whole_symbols
from mathif.answers.tree import (
    Applied,
    Big,
    Call,
    Degrees,
    Infinity,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Sum,
    Tree,
)

_SAME_NAME = {
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch", "gamma", "erf", "re",
    "im", "arg", "floor", "factorial", "factorial2", "zeta", "gcd", "lcm", "log",
}  # fmt: skip
_OTHER_NAME = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot", "arcsec": "asec", "arccsc": "acsc",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "ln": "log", "abs": "Abs", "ceil": "ceiling",
    "sgn": "sign", "conj": "conjugate", "binom": "binomial", "max": "Max", "min": "Min",
}  # fmt: skip
_OPEN = (sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit)
_SPOTS = (sympy.Rational(5, 17), sympy.Rational(3, 7), sympy.Rational(9, 13))
_SAME_BELOW, _OTHER_ABOVE = 1e-18, 1e-7


class NoSymbolError(Exception):
    """The tree has no counterpart in sympy."""


def same(first: Tree, second: Tree) -> bool | None:
    """Say whether two expressions are equal; None where algebra and numerical sums cannot tell."""
    builder = _Builder(whole_symbols(first, second))
    gap = (builder.build(first) - builder.build(second)).doit()
    # A series has its value where it converges, and that is the first case.
    gap = gap.replace(lambda part: isinstance(part, sympy.Piecewise), lambda part: part.args[0][0])
    for index in builder.integrated:
        # An integral without ends is any antiderivative.
        gap = gap.diff(index)
    if gap.has(*_OPEN):
        return _by_value(gap)
    gap = sympy.simplify(gap)
    if gap == 0:
        return True
    verdict = gap.equals(0)
    return _by_value(gap) if verdict is None else bool(verdict)


def _by_value(gap: Any) -> bool | None:
    """Decide by the numerical value of what algebra leaves, at fixed values of its variables."""
    names = sorted(gap.free_symbols, key=str)
    for turn in range(1 if not names else len(_SPOTS)):
        spots = {name: _SPOTS[(turn + at) % len(_SPOTS)] for at, name in enumerate(names)}
        value = gap.subs(spots).evalf(30)
        if not value.is_number or not value.is_comparable:
            return None
        if abs(value) > _OTHER_ABOVE:
            return False
        if abs(value) > _SAME_BELOW:
            return None
    return True


class _Builder:
    """Builds the sympy expressions of one question."""

    def __init__(self, whole: frozenset[str]) -> None:
        self.whole = whole
        self.integrated: set[Any] = set()

    def build(self, tree: Tree) -> Any:  # noqa: C901 - one case a node
        """Return the sympy expression of a tree.

        Raises:
            NoSymbolError: if the tree has no counterpart in sympy.
        """
        match tree:
            case Number(value):
                return sympy.Rational(value.numerator, value.denominator)
            case Name(name):
                return self.symbol(name)
            case Infinity():
                return sympy.oo
            case Sum(terms):
                return sympy.Add(*map(self.build, terms))
            case Product(factors):
                return sympy.Mul(*map(self.build, factors))
            case Power(base, exponent):
                return self._power(base, exponent)
            case Percent(inner):
                return self.build(inner) / 100
            case Degrees(inner):
                return self.build(inner) * sympy.pi / 180
            case Applied(function, args):
                return sympy.Function(function)(*map(self.build, args))
            case Call(function, args):
                if function not in _SAME_NAME and function not in _OTHER_NAME:
                    raise NoSymbolError(f"no symbolic form for {function}")
                return getattr(sympy, _OTHER_NAME.get(function, function))(*map(self.build, args))
            case Big():
                return self._big(tree)
            case _:
                raise NoSymbolError(f"no symbolic form for {type(tree).__name__.lower()}")

    def symbol(self, name: str, *, index: bool = False) -> Any:
        """Return a constant, or a variable: an integer, a real number, or a positive one, by its name."""
        constants = {"pi": sympy.pi, "e": sympy.E, "i": sympy.I}
        if name in constants:
            return constants[name]
        if index:
            return sympy.Symbol(name, integer=True)
        if name in self.whole:
            return sympy.Symbol(name, integer=True, positive=True)
        if len(name) == 1 and name.islower():
            return sympy.Symbol(name, real=True)
        return sympy.Symbol(name, positive=True)

    def _power(self, base: Tree, exponent: Tree) -> Any:
        """Return a power; an odd root of a negative number is real."""
        built, raised = self.build(base), self.build(exponent)
        if built.is_negative and raised.is_Rational and not raised.is_Integer and raised.q % 2:
            return (-1) ** raised.p * (-built) ** raised
        return built**raised

    def _big(self, big: Big) -> Any:
        if not isinstance(big.variable, Name):
            raise NoSymbolError(f"the {big.kind} names no variable")
        plain = self.symbol(big.variable.name)
        index = plain if big.kind in ("int", "lim") else self.symbol(big.variable.name, index=True)
        body = self.build(big.body).subs(plain, index)
        ends = [self.build(end) for end in (big.low, big.high) if end is not None]
        match big.kind, len(ends):
            case "lim", 1:
                return sympy.Limit(body, index, ends[0])
            case "int", 0:
                self.integrated.add(index)
                return sympy.Integral(body, index)
            case "int", 2:
                return sympy.Integral(body, (index, *ends))
            case "sum", 2:
                return sympy.Sum(body, (index, *ends))
            case "prod", 2:
                return sympy.Product(body, (index, *ends))
            case _:
                raise NoSymbolError(f"the {big.kind} lacks an end")

"""Infinite sums and products, integrals and limits by their numerical values, inside the killable worker only.

A room of its own because such a value is an extrapolation: two that agree in every digit that was asked for are equal,
and two that do not may still be.
"""

from __future__ import annotations

from typing import Any

from mathif.answers.settle.budget import current
from mathif.answers.settle.numeric import Evaluator, Limits, NotNumericError, NoValueError, Point
from mathif.answers.tree import Big, Infinity, Name, Product, TooLargeError, Tree, symbols

_LIMITS = Limits(digits=60, bits=10**12, terms=100_000, beyond=TooLargeError)
_DIGITS = (15, 22)
_AGREE_DIGITS = 12


class _SeriesEvaluator(Evaluator):
    """An evaluation that extrapolates what has no end."""

    def _series(self, big: Big) -> Any:
        if not isinstance(big.variable, Name) or big.low is None:
            raise NotNumericError(f"a {big.kind} without ends")
        name, outer, ctx = big.variable.name, self.given, self.context

        def term(value: Any) -> Any:
            self.given = {**outer, name: value}
            try:
                return self.value(big.body)
            finally:
                self.given = outer

        if big.kind == "lim":
            return ctx.limit(term, self._end(big.low))
        if big.high is None:
            raise NotNumericError(f"a {big.kind} without ends")
        ends = [self._end(big.low), self._end(big.high)]
        if big.kind == "int":
            return ctx.quad(term, ends)
        if all(ctx.isfinite(end) for end in ends):
            return super()._series(big)
        return ctx.nsum(term, ends) if big.kind == "sum" else ctx.nprod(term, ends)

    def _end(self, tree: Tree) -> Any:
        if isinstance(tree, Infinity):
            return self.context.inf
        if isinstance(tree, Product) and Infinity() in tree.factors:
            return -self.context.inf
        return self.value(tree)


def agree(first: Tree, second: Tree) -> bool:
    """Say whether two constants have the same value to twelve digits, twice; False says nothing."""
    if symbols(first) or symbols(second):
        return False
    try:
        return all(_close(first, second, digits) for digits in _DIGITS)
    except (NoValueError, NotNumericError, TooLargeError, ArithmeticError, ValueError, TypeError):
        return False


def _close(first: Tree, second: Tree, digits: int) -> bool:
    evaluator = _SeriesEvaluator(digits, Point(0), _LIMITS, current())
    left, right = evaluator.value(first), evaluator.value(second)
    ctx = evaluator.context
    return bool(abs(left - right) <= max(abs(left), abs(right), ctx.mpf(10) ** -3) * ctx.mpf(10) ** -_AGREE_DIGITS)

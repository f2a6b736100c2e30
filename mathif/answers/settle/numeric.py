"""The value of a tree to many digits, at fixed points where it has variables; the only module that imports mpmath.

A room of its own because it decides most symbolic questions in microseconds and without a search: two expressions
that agree to forty digits beyond all cancellation at several unrelated points are the same function, and two that
differ at one are not. Every operation is bounded before it is done, and every step is counted.

Each thread has a context of its own, and the constants that mpmath caches for all threads are computed once, before the
first evaluation, to more bits than any evaluation in this process may ask for. No lock is held but for that.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import mpmath
from mpmath import libmp

from mathif.answers.settle.budget import Budget, CostlyError, current
from mathif.answers.settle.exact import fold
from mathif.answers.tree import (
    Applied,
    Big,
    Call,
    Degrees,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Sum,
    TooLargeError,
    Tree,
    symbols,
)

DIGITS = 60
_POINTS = 28
_ENOUGH = 6
_ENOUGH_WHOLE = 10
_NEEDED = 3
_SCALES = (1, 1, 0.3, 1, 4, 0.1, 1, 15, 0.3, 60)
_WHOLE_LETTERS = frozenset("nkmjlNKM")
_CACHED_BITS = 24_000
_MOST_TERMS = 10_000_000
_GAMMA_COST = 150
"""Steps of a function that is made of gamma functions; measured: 40 to 150 at 60 digits."""
_GAMMA_DIGITS = 200


class NoValueError(Exception):
    """The expression has no value here: a division by zero, a logarithm of zero, an infinity."""


class NotNumericError(Exception):
    """The expression cannot be evaluated by arithmetic alone (an infinite sum, an integral, a limit)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far an evaluation may go.

    Attributes:
        digits: the most significant digits.
        bits: the largest magnitude of a value, as a power of two.
        terms: the most terms of sums and products.
        beyond: what is raised where more is asked for.
    """

    digits: int
    bits: int
    terms: int
    beyond: type[Exception]


HERE = Limits(digits=600, bits=8_000, terms=2_000, beyond=CostlyError)
"""Limits in the process of the caller."""
WORKER = Limits(digits=4_000, bits=400_000, terms=20_000, beyond=TooLargeError)
"""Limits in the worker, which is killed when it is too slow."""


@lru_cache(maxsize=1)
def _fill_caches() -> None:
    for constant, bits in (
        (libmp.pi_fixed, _CACHED_BITS),
        (libmp.ln2_fixed, _CACHED_BITS),
        (libmp.e_fixed, _CACHED_BITS),
        (libmp.ln10_fixed, _CACHED_BITS // 4),
        (libmp.gammazeta.euler_fixed, _CACHED_BITS // 6),
        (libmp.gammazeta.ln_sqrt2pi_fixed, _CACHED_BITS // 6),
        (libmp.gammazeta.sqrtpi_fixed, _CACHED_BITS // 6),
    ):
        constant(bits)


_filling = threading.Lock()
_of_thread = threading.local()


def _context(digits: int) -> Any:
    """Return the arithmetic of this thread, set to so many digits."""
    if not hasattr(_of_thread, "context"):
        with _filling:
            _fill_caches()
        _of_thread.context = mpmath.MPContext()
    context = _of_thread.context
    context.dps = digits
    return context


@dataclass(slots=True)
class Point:
    """Where an expression is evaluated.

    Attributes:
        number: which of the fixed points.
        real: whether only real values count, with real roots of negative numbers.
        whole: the variables that stand for positive integers.
        given: values of variables that are set apart.
    """

    number: int
    real: bool = True
    whole: frozenset[str] = frozenset()
    given: Mapping[str, Any] = field(default_factory=dict)


class Evaluator:
    """One evaluation at one point.

    Attributes:
        high, low: the largest and the smallest power of two of a value that was met, 0 at least and at most.
    """

    def __init__(self, digits: int, point: Point, limits: Limits, budget: Budget) -> None:
        self.context = _context(digits)
        self.digits = digits
        self.point = point
        self.limits = limits
        self.budget = budget
        self.cost = (digits / DIGITS) ** 1.5 if limits is HERE else 0.0
        self.given = point.given
        self.high = 0
        self.low = 0
        self.terms = 0

    def value(self, tree: Tree) -> Any:
        """Return the value of a tree.

        Raises:
            NoValueError: if it has none here.
            NotNumericError: if arithmetic alone does not give it.
            CostlyError, TooLargeError: if it costs more than is allowed here.
        """
        self.budget.spend(self.cost)
        result = self._value(tree)
        ctx = self.context
        if not ctx.isfinite(result):
            raise NoValueError("an infinity")
        if self.point.real and isinstance(result, ctx.mpc):
            if result.imag and abs(result.imag) > abs(result) * ctx.mpf(10) ** (-self.digits // 2):
                raise NoValueError("no real value")
            result = result.real
        if result:
            magnitude = int(ctx.mag(result))
            if abs(magnitude) > self.limits.bits:
                raise self.limits.beyond("a value is beyond evaluation")
            self.high = max(self.high, magnitude)
            self.low = min(self.low, magnitude)
        return result

    def spread(self) -> int:
        """Return the decimal digits between 1 and the largest or smallest value that was met."""
        return int(max(self.high, -self.low) * 0.30103)

    def rounding(self) -> Any:
        """Return a bound on what rounding may have made of the largest value that was met."""
        return self.context.ldexp(1, self.high) * self.context.mpf(10) ** -(2 * self.digits // 3)

    def _value(self, tree: Tree) -> Any:  # noqa: C901 - one case a node
        ctx = self.context
        match tree:
            case Number(number):
                return ctx.mpf(number.numerator) / number.denominator
            case Name(name):
                return self._named(name)
            case Sum(terms):
                return ctx.fsum([self.value(term) for term in terms])
            case Product(factors):
                return ctx.fprod([self.value(factor) for factor in factors])
            case Percent(inner):
                return self.value(inner) / 100
            case Degrees(inner):
                return self.value(inner) * ctx.pi / 180
            case Power():
                return self._power(tree)
            case Call():
                return self._call(tree)
            case Applied(function, args):
                # An unknown function has a fixed pseudo-random value for each of its arguments.
                spelled = [ctx.nstr(self.value(arg), 25) for arg in args]
                return _random(ctx, f"{function}({','.join(spelled)})")
            case Big():
                return self._big(tree)
            case _:
                raise NotNumericError(type(tree).__name__.lower())

    def _named(self, name: str) -> Any:
        ctx = self.context
        if name in self.given:
            return ctx.convert(self.given[name])
        match name:
            case "pi":
                return +ctx.pi
            case "e":
                return +ctx.e
            case "i":
                return ctx.mpc(0, 1)
        if name in self.point.whole:
            return ctx.mpf(1 + (self.point.number + _drawn(name)[0]) % 12)
        at = self.point.number
        value = _random(ctx, f"{name}@{at}") * _SCALES[at % len(_SCALES)]
        below = at % 2 == 1 and len(name) == 1 and name.islower() and _drawn(f"{name}@{at}")[1]
        return -value if below else value

    def _big(self, big: Big) -> Any:
        """Return the value of a sum or the like, computed once for all points where it holds no variable."""
        if symbols(big):
            return self._series(big)
        key = (big, self.digits, self.point.real)
        if key not in self.budget.values:
            self.budget.values[key] = self._series(big)
        return self.context.convert(self.budget.values[key])

    def _series(self, big: Big) -> Any:
        """Add or multiply the terms of a finite sum or product."""
        if big.kind not in ("sum", "prod") or not isinstance(big.variable, Name) or big.low is None or big.high is None:
            raise NotNumericError(f"a {big.kind} without ends")
        ends = self.value(big.low), self.value(big.high)
        first, last = map(self.context.re, ends)
        if any(map(self.context.im, ends)) or first != int(first) or last != int(last):
            raise NotNumericError(f"a {big.kind} with ends that are no integers")
        self.terms += max(0, int(last - first) + 1)
        if self.terms > _MOST_TERMS:
            raise TooLargeError(f"a {big.kind} of more than {_MOST_TERMS} terms")
        if self.terms > self.limits.terms:
            # So many terms are for algebra, which may know their sum.
            raise (CostlyError if self.limits is HERE else NotNumericError)(f"a {big.kind} of many terms")
        outer = self.given
        terms = []
        for index in range(int(first), int(last) + 1):
            self.given = {**outer, big.variable.name: index}
            terms.append(self.value(big.body))
        self.given = outer
        return self.context.fsum(terms) if big.kind == "sum" else self.context.fprod(terms)

    def _power(self, power: Power) -> Any:
        base, exponent = self.value(power.base), self.value(power.exponent)
        ctx = self.context
        self.budget.spend(2 * self.cost)
        if not base:
            if ctx.re(exponent) > 0:
                return ctx.mpf(0)
            if exponent:
                raise NoValueError("a division by zero")
            return ctx.mpf(1)
        if abs(exponent) * (abs(ctx.mag(base)) + 1) > self.limits.bits:
            raise self.limits.beyond("a power is beyond evaluation")
        if not self.point.real or base > 0 or ctx.isint(exponent):
            return ctx.power(base, exponent)
        return self._real_root(base, exponent, power.exponent)

    def _real_root(self, base: Any, exponent: Any, spelled: Tree) -> Any:
        """Return the real power of a negative number, which only exponents with an odd denominator give."""
        exact = fold(spelled)
        if exact is None or exact.denominator % 2 == 0:
            raise NoValueError("no real root")
        size = self.context.power(-base, exponent)
        return -size if exact.numerator % 2 else size

    def _call(self, call: Call) -> Any:
        values = [self.value(arg) for arg in call.args]
        function = _CALLS.get(call.function)
        if function is None:
            raise NotNumericError(call.function)
        if call.function in _BOUNDED:
            self.budget.spend(_GAMMA_COST * self.cost)
            if self.limits is HERE and self.digits > _GAMMA_DIGITS:
                raise CostlyError(f"{call.function} to many digits")
        if call.function in _BOUNDED | _STEEP and any(abs(value) > 1_000 for value in values):
            raise self.limits.beyond(f"{call.function} of a large number")
        self.budget.spend(5 * self.cost)
        try:
            return function(self.context, *values)
        except (ValueError, ZeroDivisionError, TypeError, self.context.NoConvergence) as error:
            raise NoValueError(f"{call.function} has no value here") from error


@lru_cache(maxsize=4096)
def _drawn(seed: str) -> tuple[int, bool]:
    source = random.Random(ascii(seed))
    return source.getrandbits(200), source.random() < 0.6


def _random(ctx: Any, seed: str) -> Any:
    """Return a fixed number between 0.3 and 3."""
    return ctx.mpf((3 << 200) + 27 * _drawn(seed)[0]) / (10 << 200)


def _log(ctx: Any, value: Any, base: Any = None) -> Any:
    """Return the logarithm; `log` without a base is taken as the natural one."""
    return ctx.log(value) if base is None else ctx.log(value) / ctx.log(base)


def _rounded(function: str) -> Callable[..., Any]:
    """Return `floor` or `ceil` of a real number; a value that misses an integer by rounding alone is that integer."""

    def apply(ctx: Any, value: Any) -> Any:
        if ctx.im(value):
            raise ValueError(function)
        nearest = ctx.nint(ctx.re(value))
        if abs(nearest - value) < ctx.mpf(10) ** (-ctx.dps // 2):
            return nearest
        return getattr(ctx, function)(ctx.re(value))

    return apply


def _named_function(name: str) -> Callable[..., Any]:
    return lambda ctx, *values: getattr(ctx, name)(*values)


def _of_integers(function: Callable[..., int]) -> Callable[..., Any]:
    def apply(ctx: Any, *values: Any) -> Any:
        if not all(map(ctx.isint, values)):
            raise ValueError(function)
        return ctx.mpf(function(*map(int, values)))

    return apply


_SAME_NAME = (
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch", "gamma", "erf", "re",
    "im", "arg", "factorial",
)  # fmt: skip
_OTHER_NAME = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot", "arcsec": "asec",
               "arccsc": "acsc", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "binom": "binomial",
               "factorial2": "fac2"}  # fmt: skip
_CALLS: dict[str, Callable[..., Any]] = {
    **{name: _named_function(name) for name in _SAME_NAME},
    **{name: _named_function(own) for name, own in _OTHER_NAME.items()},
    "ln": _log,
    "log": _log,
    "abs": lambda ctx, value: abs(value),
    "floor": _rounded("floor"),
    "ceil": _rounded("ceil"),
    "sgn": lambda ctx, value: ctx.sign(value),
    "zeta": lambda ctx, value: ctx.zeta(value),
    "conj": lambda ctx, value: ctx.conj(value),
    "gcd": _of_integers(math.gcd),
    "lcm": _of_integers(math.lcm),
    "max": lambda ctx, *values: max(values),
    "min": lambda ctx, *values: min(values),
}
_BOUNDED = {"zeta", "gamma", "erf", "factorial", "factorial2", "binom"}
_STEEP = {"sinh", "cosh", "tanh", "coth", "sech", "csch"}


def whole_symbols(*trees: Tree) -> frozenset[str]:
    """Return the variables that only make sense as integers.

    These are the ends of sums and products, the exponents of negative numbers, the arguments of factorials, and the
    usual letters for integers in `cos(n π)` and in brackets that round.
    """
    names: set[str] = set()
    for tree in trees:
        for part in tree.walk():
            match part:
                case Big(_, _, low, high):
                    for end in (low, high):
                        names |= symbols(end) if end is not None else frozenset()
                case Power(base, exponent) if (value := fold(base)) is not None and value < 0:
                    names |= symbols(exponent)
                case Call("factorial" | "factorial2" | "binom" | "gcd" | "lcm", args):
                    names |= {name for arg in args for name in symbols(arg)} - {"x", "y", "z", "t"}
                case Call("floor" | "ceil", args):
                    names |= {name for arg in args for name in symbols(arg)} & _WHOLE_LETTERS
                case Product(factors) if Name("pi") in factors:
                    names |= symbols(part) & _WHOLE_LETTERS
                case _:
                    pass
    return frozenset(names)


def agree(first: Tree, second: Tree, limits: Limits = HERE) -> bool:
    """Decide whether two expressions are equal wherever both have a real value.

    Variables are positive where they are capital, Greek or have a subscript; small Latin letters have both signs. Where
    an imaginary unit occurs, or no point gives real values, complex values are compared.

    Raises:
        NoValueError: if they have no common point with values.
        NotNumericError: if one cannot be evaluated by arithmetic alone.
        CostlyError: if that costs more than this process spends.
        TooLargeError: if an evaluation would be too large for the worker too.
    """
    if not any(isinstance(part, Name) and part.name == "i" for tree in (first, second) for part in tree.walk()):
        try:
            return _agree(first, second, limits, real=True)
        except NoValueError:
            pass
    return _agree(first, second, limits, real=False)


def _agree(first: Tree, second: Tree, limits: Limits, *, real: bool) -> bool:
    constant = not symbols(first) and not symbols(second)
    whole = whole_symbols(first, second)
    enough = 1 if constant else _ENOUGH_WHOLE if whole else _ENOUGH
    seen = 0
    beyond: Exception | None = None
    for number in range(1 if constant else _POINTS):
        try:
            if not _close(first, second, Point(number, real, whole), limits):
                return False
        except NoValueError:
            continue
        except (CostlyError, TooLargeError) as error:
            if current().steps < 0:
                raise
            beyond = error
            continue
        seen += 1
        if seen >= enough:
            return True
    if seen >= _NEEDED:
        return True
    raise beyond or NoValueError("no point at which both have a value")


def _close(first: Tree, second: Tree, point: Point, limits: Limits) -> bool:
    """Compare at one point, with more digits where a value or a part of one is very large or very small.

    Two values are the same if they agree to two thirds of the digits. Where both are as small as rounding may leave of
    a zero, they are the same if their difference goes on shrinking with more digits.
    """
    digits, left, right, evaluator = DIGITS, *_pair(first, second, DIGITS, point, limits)
    if abs(left - right) > evaluator.rounding():
        return False
    if evaluator.spread() > DIGITS // 6:
        digits = DIGITS + 2 * evaluator.spread()
        left, right, evaluator = _pair(first, second, digits, point, limits)
    ctx = evaluator.context
    gap, size = abs(left - right), max(abs(left), abs(right))
    unit = ctx.mpf(10) ** -(2 * digits // 3)
    if gap <= size * unit:
        return True
    if gap > evaluator.rounding():
        return False
    # A zero that is rounded to different tiny values has its gap shrink with the digits; a real gap stays.
    sharp_left, sharp_right, sharper = _pair(first, second, 2 * digits + 40, point, limits)
    sharp_gap = abs(sharp_left - sharp_right)
    shrinks = sharp_gap <= gap * sharper.context.mpf(10) ** -(digits // 2)
    return bool(shrinks or sharp_gap <= max(abs(sharp_left), abs(sharp_right)) * unit)


def _pair(first: Tree, second: Tree, digits: int, point: Point, limits: Limits) -> tuple[Any, Any, Evaluator]:
    if digits > limits.digits:
        raise limits.beyond("more digits than can be compared")
    evaluator = Evaluator(digits, point, limits, current())
    return evaluator.value(first), evaluator.value(second), evaluator


def _samples(first: Tree, second: Tree, limits: Limits) -> Iterator[tuple[Any, Any, Any]]:
    """Yield both values and their context at the points at which both have real values."""
    whole = whole_symbols(first, second)
    seen = 0
    for number in range(_POINTS):
        try:
            left, right, evaluator = _pair(first, second, DIGITS, Point(number, True, whole), limits)
        except NoValueError:
            continue
        yield left, right, evaluator.context
        seen += 1
        if seen >= _ENOUGH:
            return
    if seen < _NEEDED:
        raise NoValueError("no point at which both have a value")


def proportional(first: Tree, second: Tree, limits: Limits = HERE) -> int:
    """Return the sign of the constant `first / second`, 0 where the ratio is no real constant; raises as `agree`."""
    ratio: Any = None
    for left, right, ctx in _samples(first, second, limits):
        if not right or not left:
            return 0
        ratio = left / right if ratio is None else ratio
        if abs(left / right - ratio) > abs(ratio) * ctx.mpf(10) ** -(2 * DIGITS // 3):
            return 0
    return 1 if ratio > 0 else -1


def differ_by_constant(first: Tree, second: Tree, limits: Limits = HERE) -> int:
    """Return 1 where `first - second` is the same at every tested point, 0 where it is not; raises as `agree`."""
    shift: Any = None
    for left, right, ctx in _samples(first, second, limits):
        shift = left - right if shift is None else shift
        if abs(left - right - shift) > max(1, abs(left), abs(right)) * ctx.mpf(10) ** -(2 * DIGITS // 3):
            return 0
    return 1


def decimal_digits(tree: Tree, digits: int, limits: Limits = HERE) -> str | None:
    """Return a constant in decimal notation to `digits` significant digits, None where it is not real.

    Raises:
        NoValueError, NotNumericError, CostlyError, TooLargeError: as `agree`.
    """
    if digits + DIGITS > limits.digits:
        raise limits.beyond("more digits than can be computed")
    evaluator = Evaluator(digits + DIGITS, Point(0), limits, current())
    try:
        value = evaluator.value(tree)
    except NoValueError as error:
        if "real" in str(error):
            return None
        raise
    return str(evaluator.context.nstr(evaluator.context.re(value), digits))

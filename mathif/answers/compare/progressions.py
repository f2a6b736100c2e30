r"""Numbers that repeat: `\pi/4 + k\pi`, `n \equiv 1, 3 \pmod 4`, `2k\pi \pm \pi/3`, compared as sets of numbers.

A room of its own because a family of values has many representatives, and only the set that they run through counts.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from mathif.answers.compare.names import may_name_the_same, spread
from mathif.answers.settle import questions
from mathif.answers.settle.exact import fold
from mathif.answers.tree import (
    Degrees,
    Given,
    Listed,
    Modulo,
    Name,
    Product,
    Relation,
    SetOf,
    Sum,
    Tree,
    Words,
    difference,
    divided,
    number,
    product,
    replaced,
    symbols,
    total,
)

PARAMETERS = frozenset("nkmjltpqrN")
_NATURAL = ("mathbb N", "N", "+ mathbb Z", "+ mathbb N", "mathbb N_0")
_INTEGERS = ("mathbb Z", "Z", *_NATURAL)
_MOST_RESIDUES = 500
_DIGITS = 30
_MOST_BOTTOM = 5_000
_Progression = tuple[Tree, Tree]


def integer_letters(tree: Tree) -> frozenset[str]:
    r"""Return the letters that stand for integers: declared so, or counting periods (`k\\pi`, `360° k`)."""
    names = {name for kind in _INTEGERS for name in _declared(tree, kind)}
    if isinstance(tree, Given) and any(isinstance(part, Words) and "integer" in part.text for part in tree.conditions):
        names |= symbols(tree.answer) & PARAMETERS
    for part in tree.walk():
        if isinstance(part, Sum):
            names |= {name for term in part.terms for name in _counted(term)}
    return frozenset(names | _counted(_value(bare(tree))))


def same_progressions(first: Tree, second: Tree) -> bool:
    """Say whether two answers run through the same numbers, where each is one progression or several."""
    name, other_name = _name(first), _name(second)
    if not may_name_the_same(name, other_name):
        return False
    one, other = _progressions(first), _progressions(second)
    if not one or not other:
        return False
    unit = one[0][1]
    mine, theirs = _in_units(one, unit), _in_units(other, unit)
    if mine is None or theirs is None:
        return False
    steps = [step for _, step in (*mine, *theirs)]
    period = _common(steps)
    if sum(int(period / step) for step in steps) > _MOST_RESIDUES:
        return False
    return _residues(mine, period) == _residues(theirs, period)


def bare(tree: Tree) -> Tree:
    """Return an answer without its conditions."""
    return tree.answer if isinstance(tree, Given) else tree


def _value(tree: Tree) -> Tree:
    return tree.sides[-1] if isinstance(tree, Relation) and tree.signs in (("=",), ("in",)) else tree


def _name(tree: Tree) -> Tree | None:
    """Return what an answer says it is the values of, None where it does not."""
    match bare(tree):
        case Relation(("=",) | ("==",) | ("in",), (name, _)) | Modulo(Relation(_, (name, _))):
            return name
        case Listed((first, *_)):
            return _name(first)
        case _:
            return None


def _declared(tree: Tree, kind: str) -> frozenset[str]:
    """Return the letters that the conditions of an answer put into the set of numbers `kind`."""
    if not isinstance(tree, Given):
        return frozenset()
    declared = (part for part in tree.conditions if isinstance(part, Relation) and part.signs == ("in",))
    return frozenset().union(*(symbols(part.sides[0]) for part in declared if part.sides[1] == Name(kind)))


def _counted(term: Tree) -> frozenset[str]:
    """Return the letter that counts periods in a term."""
    inner = term.value if isinstance(term, Degrees) else term
    if not isinstance(inner, Product):
        return frozenset()
    period = (
        Name("pi") in inner.factors or isinstance(term, Degrees) or any(isinstance(f, Degrees) for f in inner.factors)
    )
    plain = [factor.name for factor in inner.factors if isinstance(factor, Name) and factor.name in PARAMETERS]
    return frozenset(plain) if period and len(plain) == 1 and symbols(inner) == set(plain) else frozenset()


def _progressions(tree: Tree) -> list[_Progression]:
    """Return start and period of each progression of an answer, none where a part of it is something else.

    A letter for natural numbers runs one way only, and is left out.
    """
    letters = integer_letters(tree) - {name for kind in _NATURAL for name in _declared(tree, kind)}
    listed: list[_Progression] = []
    for part in _parts(bare(tree)):
        one = _congruence(part) if isinstance(part, Modulo) else _progression(_value(part), letters)
        if one is None:
            return []
        listed.append(one)
    return listed


def _parts(tree: Tree) -> list[Tree]:
    match spread(tree):
        case Listed(items) | SetOf(items) | Relation(("=",) | ("in",), (_, Listed(items) | SetOf(items))):
            return [part for item in items for part in _parts(bare(item))]
        case other:
            return [other]


def _congruence(tree: Modulo) -> _Progression | None:
    return (tree.inner.sides[-1], tree.modulus) if isinstance(tree.inner, Relation) else None


def _progression(tree: Tree, letters: frozenset[str]) -> _Progression | None:
    """Return start and period of `a + kP`, None where a tree is not of this form."""
    free = symbols(tree) & letters
    if len(free) != 1 or not isinstance(tree, Sum | Product | Name):
        return None
    (letter,) = free
    at = [replaced(tree, Name(letter), number(step)) for step in (0, 1)]
    start, period = at[0], difference(at[1], at[0])
    if questions.known_to_agree(tree, total(start, product(Name(letter), period))):
        return start, period
    return None


def _in_units(progressions: list[_Progression], unit: Tree) -> list[tuple[Fraction, Fraction]] | None:
    """Return start and period of each in units, the period above 0; None where one has no such numbers."""
    scaled: list[tuple[Fraction, Fraction]] = []
    for start, period in progressions:
        first, step = _measured(start, unit), _measured(period, unit)
        if first is None or not step:
            return None
        scaled.append((first, abs(step)))
    return scaled


def _measured(tree: Tree, unit: Tree) -> Fraction | None:
    """Return how many units a value is, rounded where that is irrational; None where it holds a letter."""
    ratio = divided(tree, unit)
    exact = fold(ratio)
    if exact is not None or symbols(ratio):
        return exact
    spelled = questions.decimal_digits(ratio, _DIGITS)
    if spelled is None:
        return None
    value = Fraction(spelled)
    near = value.limit_denominator(_MOST_BOTTOM)
    return near if abs(near - value) < Fraction(1, 10**20) else round(value, 20)


def _common(periods: list[Fraction]) -> Fraction:
    """Return the least number that every period divides."""
    bottom = lcm(*(period.denominator for period in periods))
    return Fraction(lcm(*(int(period * bottom) for period in periods)), bottom)


def _residues(rows: list[tuple[Fraction, Fraction]], period: Fraction) -> frozenset[Fraction]:
    return frozenset((start + step * at) % period for start, step in rows for at in range(int(period / step)))

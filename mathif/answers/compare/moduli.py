r"""Answers with a modulus: `3 \pmod 5`, `n \equiv 1 \pmod 4`, and `n = 4k + 1` beside it."""

from __future__ import annotations

from fractions import Fraction

from mathif.answers.compare.finding import Compare, Finding, structural
from mathif.answers.settle.exact import fold
from mathif.answers.tree import Modulo, Name, Number, Relation, Tree, difference, number, replaced, symbols


def compare_moduli(first: Tree, second: Tree, compare: Compare) -> Finding | None:
    """Compare two answers of which one has a modulus; None where none has.

    Two congruences have the same modulus and residues that differ by a multiple of it. A value with a modulus is the
    residue that it stands for. A congruence is a class of numbers and no number, but for a power of ten, where it names
    the last digits.
    """
    if not isinstance(first, Modulo) and not isinstance(second, Modulo):
        return None
    if isinstance(first, Modulo) and isinstance(second, Modulo):
        if not compare(first.modulus, second.modulus).same:
            return structural(False, "the moduli differ")
        same = _congruent(first.inner, second.inner, first.modulus, compare)
        return structural(same, "the same residue" if same else "the residues differ")
    modulo, other = (first, second) if isinstance(first, Modulo) else (second, first)
    assert isinstance(modulo, Modulo)
    if _is_progression(other, modulo):
        return structural(True, "the same residue class")
    if isinstance(modulo.inner, Relation):
        if isinstance(other, Relation) or not _is_power_of_ten(modulo.modulus):
            return structural(False, "one is a congruence and the other is not")
        return compare(modulo.inner.sides[-1], other)
    finding = compare(modulo.inner, other)
    value, modulus = fold(other), fold(modulo.modulus)
    if finding.same or value is None or modulus is None or not 0 <= value < modulus:
        return finding
    same = _congruent(modulo.inner, other, modulo.modulus, compare)
    return structural(same, "the residue" if same else "not the residue")


def _residue(tree: Tree) -> Tree:
    return tree.sides[-1] if isinstance(tree, Relation) else tree


def _congruent(first: Tree, second: Tree, modulus: Tree, compare: Compare) -> bool:
    if isinstance(first, Relation) and isinstance(second, Relation) and first.sides[0] != second.sides[0]:
        return False
    one, other = fold(_residue(first)), fold(_residue(second))
    step = fold(modulus)
    if one is not None and other is not None and step:
        return ((one - other) / step).denominator == 1
    return compare(_residue(first), _residue(second)).same


def _is_progression(tree: Tree, modulo: Modulo) -> bool:
    """Say whether `4k + 1` or `n = 4k + 1` is the class of a congruence."""
    value = tree
    if isinstance(tree, Relation) and tree.signs == ("=",) and isinstance(modulo.inner, Relation):
        if tree.sides[0] != modulo.inner.sides[0]:
            return False
        value = tree.sides[-1]
    letters = sorted(symbols(value) - symbols(modulo))
    if len(letters) != 1 or isinstance(value, Relation):
        return False
    low, high, far = (replaced(value, Name(letters[0]), number(at)) for at in (0, 1, 2))
    step, further = fold(difference(high, low)), fold(difference(far, high))
    start, residue = fold(low), fold(_residue(modulo.inner))
    modulus = fold(modulo.modulus)
    if step is None or start is None or residue is None or not modulus or abs(step) != modulus or step != further:
        return False
    return ((start - residue) / modulus).denominator == 1


def _is_power_of_ten(modulus: Tree) -> bool:
    return isinstance(modulus, Number) and modulus.value in {Fraction(10**power) for power in range(1, 7)}

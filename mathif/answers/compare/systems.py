r"""Chains of equations: `\frac{x-1}{2} = \frac{y+1}{3} = \frac{z}{4}` says two things, and each of them counts.

A room of its own because a chain with one letter shows working, and its last side is the value; this one has no value.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from mathif.answers.settle import questions
from mathif.answers.settle.exact import fold
from mathif.answers.tree import Name, Relation, Tree, difference, number, product, replaced, symbols, total

_MOST_LETTERS = 8
Row = tuple[Fraction, ...]


def is_system(relation: Relation) -> bool:
    """Say whether a chain of equations links sides of different letters."""
    if len(relation.sides) < 3 or set(relation.signs) != {"="}:
        return False
    letters = [symbols(side) for side in relation.sides]
    return any(one - other and other - one for one, other in pairwise(letters))


def same_system(first: Relation, second: Relation) -> bool:
    """Say whether two chains of linear equations have the same solutions; False where one is not linear."""
    letters = sorted(symbols(first) | symbols(second))
    if len(letters) > _MOST_LETTERS:
        return False
    one, other = _reduced(first, letters), _reduced(second, letters)
    return one is not None and one == other


def _reduced(relation: Relation, letters: list[str]) -> list[Row] | None:
    """Return the reduced rows of the equations of a chain, coefficients first; None where one is not linear."""
    rows: list[Row] = []
    for left, right in pairwise(relation.sides):
        row = _row(difference(left, right), letters)
        if row is None:
            return None
        rows.append(row)
    return _echelon(rows)


def _row(tree: Tree, letters: list[str]) -> Row | None:
    """Return the coefficients of a linear expression and its constant."""
    constant = _at(tree, {})
    if constant is None:
        return None
    coefficients = [_at(tree, {letter: 1}) for letter in letters]
    row = tuple(value - constant for value in coefficients if value is not None)
    if len(row) < len(letters):
        return None
    terms = (product(number(value), Name(letter)) for value, letter in zip(row, letters, strict=True))
    return (*row, constant) if questions.known_to_agree(tree, total(*terms, number(constant))) else None


def _at(tree: Tree, values: dict[str, int]) -> Fraction | None:
    for letter in symbols(tree):
        tree = replaced(tree, Name(letter), number(values.get(letter, 0)))
    return fold(tree)


def _echelon(rows: list[Row]) -> list[Row]:
    """Return the reduced row echelon form, without rows of zeros."""
    done: list[Row] = []
    for column in range(len(rows[0])):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = tuple(value / pivot[column] for value in pivot)
        rows, done = ([_without(row, pivot, column) for row in some] for some in (rows, done))
        done.append(pivot)
    return done


def _without(row: Row, pivot: Row, column: int) -> Row:
    return tuple(value - row[column] * part for value, part in zip(row, pivot, strict=True))

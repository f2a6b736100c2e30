r"""Functions by cases: `\begin{cases} x & x \ge 0 \\ -x & x < 0 \end{cases}` is `|x|`, in any order of its branches.

A room of its own because each branch counts only where its condition holds, so that values are compared place by
place.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from mathif.answers.compare.finding import Compare, Finding, structural
from mathif.answers.compare.names import spoken
from mathif.answers.compare.sets import RealSet, places, real_set
from mathif.answers.tree import (
    Cases,
    Given,
    Modulo,
    Name,
    Number,
    Quantity,
    Relation,
    Tree,
    Words,
    number,
    replaced,
    symbols,
)

_PARITY = re.compile(r"\b(odd|even)\b")
_OTHERWISE = ("otherwise", "else", "elsewhere", "inallothercases", "forallothercases")
_MOST_PLACES = 60
_INTEGERS = tuple(map(Fraction, range(-4, 8)))


def compare_cases(first: Tree, second: Tree, compare: Compare) -> Finding | None:
    """Compare two answers of which one is by cases; None where neither is.

    Where the conditions are inequalities with one letter, or say that it is odd or even, the values are compared at
    every end of an interval and inside of each; else branch by branch.
    """
    if not isinstance(first, Cases) and not isinstance(second, Cases):
        return None
    letters = _letters(first) | _letters(second)
    if len(letters) == 1:
        (letter,) = letters
        one, other = _read(first), _read(second)
        tested = _places([*one, *other]) if one and other else []
        if one and other and tested:
            same = all(_equal_at(one, other, letter, place, compare) for place in tested)
            return structural(same, "the same values" if same else "the values differ in a case")
    if isinstance(first, Cases) and isinstance(second, Cases):
        same = _same_branches(list(first.branches), list(second.branches), compare)
        return structural(same, "the same cases" if same else "the cases differ")
    return structural(False, "one is by cases and the other is not")


def _letters(tree: Tree) -> frozenset[str]:
    """Return the letters that the conditions of an answer are about."""
    if not isinstance(tree, Cases):
        return frozenset()
    conditions = [condition for _, condition in _branches(tree)]
    texts = [part.text for part in conditions if isinstance(part, Words)]
    spoken_of = {word for text in texts for word in text.split() if len(word) == 1 and word != "a"}
    return frozenset(spoken_of.union(*map(symbols, conditions)))


def _branches(tree: Cases) -> list[tuple[Tree, Tree]]:
    return [(branch.answer, branch.conditions[0]) for branch in tree.branches if isinstance(branch, Given)]


class _Branch(NamedTuple):
    """A value and where an answer is it: everywhere where neither `parity` nor `where` says more."""

    value: Tree
    parity: int | None = None
    where: RealSet | None = None

    def holds(self, place: Fraction) -> bool:
        if self.parity is not None:
            return place % 2 == self.parity
        return self.where is None or any(piece.holds(place) for piece in self.where)


def _read(tree: Tree) -> list[_Branch] | None:
    """Return the branches of an answer, None where a condition says something that is not known here."""
    if not isinstance(tree, Cases):
        return [_Branch(tree)]
    branches: list[_Branch] = []
    for value, condition in _branches(tree):
        parity = _parity(condition)
        where = real_set(condition) if isinstance(condition, Relation) else None
        if parity is None and where is None and not _is_rest(condition):
            return None
        branches.append(_Branch(value, parity, where))
    return branches


def _places(branches: list[_Branch]) -> list[Fraction]:
    """Return the places to compare at, none where inequalities stand beside parities or there would be too many."""
    if all(branch.where is None for branch in branches):
        return list(_INTEGERS)
    if any(branch.parity is not None for branch in branches):
        return []
    found = places(*(branch.where or () for branch in branches))
    return found if len(found) <= _MOST_PLACES else []


def _parity(condition: Tree) -> int | None:
    """Return 0 where a condition says even, 1 where it says odd, None for any other."""
    match condition:
        case Words(text) | Quantity(Name(), text):
            words = _PARITY.findall(text.lower())
        case Modulo(Relation(_, (Name(), Number(value))), Number(modulus)) if modulus == 2:
            return int(value % 2)
        case _:
            return None
    return ("even", "odd").index(words[0]) if len(words) == 1 else None


def _is_rest(condition: Tree) -> bool:
    return isinstance(condition, Words) and spoken(condition) in _OTHERWISE


def _equal_at(first: list[_Branch], second: list[_Branch], letter: str, place: Fraction, compare: Compare) -> bool:
    one, other = _value_at(first, letter, place), _value_at(second, letter, place)
    if one is None or other is None:
        return one is other
    return compare(one, other).same


def _value_at(branches: list[_Branch], letter: str, place: Fraction) -> Tree | None:
    """Return the value at a place, with the place put in; None where no branch holds there."""
    value = next((branch.value for branch in branches if branch.holds(place)), None)
    return None if value is None else replaced(value, Name(letter), number(place))


def _same_branches(one: list[Tree], other: list[Tree], compare: Compare) -> bool:
    left = list(other)
    for branch in one:
        at = next((at for at, known in enumerate(left) if _same_branch(branch, known, compare)), None)
        if at is None:
            return False
        left.pop(at)
    return not left


def _same_branch(one: Tree, other: Tree, compare: Compare) -> bool:
    assert isinstance(one, Given)
    assert isinstance(other, Given)
    values = compare(one.answer, other.answer).same
    return values and all(
        compare(left, right).same for left, right in zip(one.conditions, other.conditions, strict=True)
    )

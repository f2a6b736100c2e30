"""Answers with letters that the writer chose: constants of integration and integer parameters, by any name.

A room of its own because everywhere else a letter is what it is: `2m` is never `2n`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from mathif.answers.compare.finding import Compare, Finding, structural
from mathif.answers.compare.progressions import PARAMETERS, bare, integer_letters, same_progressions
from mathif.answers.settle import questions
from mathif.answers.tree import (
    Call,
    Name,
    Power,
    Relation,
    Sum,
    Tree,
    negative,
    number,
    renamed,
    symbols,
    total,
)

_MOST = 3
_PLAIN_CONSTANTS = frozenset({"C", "c", "K", "const", "constant"})
_CONSTANT_LETTERS = _PLAIN_CONSTANTS | frozenset("kABDEabd")


def compare_families(first: Tree, second: Tree, compare: Compare) -> Finding | None:
    """Compare two answers that may differ in the names of such letters; None where that makes them no more equal."""
    one, other = bare(first), bare(second)
    for names in _renamings(first, second):
        finding = compare(one, renamed(other, names))
        if finding.same:
            return structural(True, "the same but for the name of a constant")
    if _shifted(one, other) or same_progressions(first, second):
        return structural(True, "the same family of values")
    return None


def _renamings(first: Tree, second: Tree) -> Iterator[dict[str, str]]:
    """Yield the ways to rename free letters of the second answer to those of the first."""
    one, other = bare(first), bare(second)
    mine, theirs = symbols(one) - symbols(other), symbols(other) - symbols(one)
    if not mine and not theirs:
        # The same letters may stand at other places: `C_1 \cos x + C_2 \sin x`.
        mine = theirs = frozenset(name for name in symbols(one) if _is_constant_letter(name, _PLAIN_CONSTANTS))
    if not mine or len(mine) != len(theirs) or len(mine) > _MOST:
        return
    whole = mine <= integer_letters(first) and theirs <= integer_letters(second) | PARAMETERS
    whole = whole or (theirs <= integer_letters(second) and mine <= PARAMETERS)
    if whole or _are_constants(mine, theirs, one, other):
        for order in permutations(sorted(mine)):
            yield dict(zip(sorted(theirs), order, strict=True))


def _value(tree: Tree) -> Tree:
    return tree.sides[-1] if isinstance(tree, Relation) and tree.signs == ("=",) else tree


def _is_constant_letter(name: str, letters: frozenset[str]) -> bool:
    return name.partition("_")[0] in letters


def _are_constants(mine: frozenset[str], theirs: frozenset[str], one: Tree, other: Tree) -> bool:
    r"""Say whether letters are constants of integration: usual ones, beside a variable that both answers hold.

    One side must use C, c or K, and either it is added (`x^2 + C`), or the answer is a function of its variable
    (`y = Ce^x`, `C \\cos x`).
    """
    usual = any(all(_is_constant_letter(name, _PLAIN_CONSTANTS) for name in names) for names in (mine, theirs))
    allowed = all(_is_constant_letter(name, _CONSTANT_LETTERS) for name in mine | theirs)
    shared = symbols(one) & symbols(other)
    if not usual or not allowed or not shared:
        return False
    if all(isinstance(tree, Relation) for tree in (one, other)) or any(_added(one, name) for name in mine):
        return True
    functions = [
        part for part in one.walk() if isinstance(part, Call) or (isinstance(part, Power) and symbols(part.exponent))
    ]
    return any(symbols(part) & shared for part in functions)


def _added(tree: Tree, name: str) -> bool:
    value = _value(tree)
    return isinstance(value, Sum) and (Name(name) in value.terms or negative(Name(name)) in value.terms)


def _shifted(first: Tree, second: Tree) -> bool:
    """Say whether two antiderivatives with an added constant each differ by a constant alone."""
    if isinstance(first, Relation) != isinstance(second, Relation):
        return False
    one, other = _value(first), _value(second)
    if not isinstance(one, Sum) or not isinstance(other, Sum):
        return False
    rests = [
        [term for term in tree.terms if not (isinstance(term, Name) and term.name in _PLAIN_CONSTANTS)]
        for tree in (one, other)
    ]
    if any(len(rest) != len(tree.terms) - 1 for rest, tree in zip(rests, (one, other), strict=True)):
        return False
    left, right = (total(*rest) if rest else number(0) for rest in rests)
    return bool(symbols(left)) and symbols(left) == symbols(right) and questions.differ_by_constant(left, right)

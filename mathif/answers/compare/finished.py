r"""Whether an answer is worked out and is the only one: nothing is left to be done, and no other is left open.

A room of its own because two answers can be equal and only one of them be an answer: `\sum_{k=1}^{10} k`, copied from
the question, has the value 55, and says nothing that the question did not.
"""

from __future__ import annotations

import re

from mathif.answers.compare.names import is_name
from mathif.answers.tree import (
    ZERO,
    Big,
    Call,
    Cases,
    Degrees,
    Given,
    Intersection,
    Listed,
    Matrix,
    Modulo,
    Name,
    Percent,
    Power,
    Product,
    Quantity,
    Relation,
    SetOf,
    Span,
    Sum,
    Tree,
    Union,
    Words,
    symbols,
)

_WORKED_OUT = frozenset({"gcd", "lcm", "max", "min", "floor", "ceil", "det", "re", "im", "conj"})
"""Functions that have one value where nothing in them varies."""
# Words that leave another answer open: `42 (or maybe 43)`, `42 if it is fair, else 43`.
_OPEN = re.compile(r"\b(?:else|otherwise|maybe|perhaps|possibly)\b|^or\b", re.IGNORECASE)


def unfinished(tree: Tree) -> bool:
    r"""Say whether something in an answer is still to be worked out.

    That is an equation in one unknown that is not solved; a sum, product, integral or limit over a letter; a
    determinant, a greatest divisor, a largest value, a rounding, or a part of numbers; the modulus of a complex
    number; the remainder of an expression; and an intersection, but with a set that has a name. Arithmetic that is
    written out (`9 + 1`) is its value, as other graders have it. Of `\sum_{k=1}^{10} k = 55` one side is worked out,
    which is enough.
    """
    match tree:
        case Relation(_, sides):
            values = [side for side in sides if isinstance(side, Big) or not is_name(side)]
            return _is_to_be_solved(tree) or (bool(values) and all(map(unfinished, values)))
        case Given(answer):
            return unfinished(answer)
        case Listed() | SetOf() | Span() | Union() | Matrix() | Percent() | Degrees():
            return any(map(unfinished, tree.children()))
        case _:
            return any(map(_is_to_be_done, tree.walk()))


def _is_to_be_solved(relation: Relation) -> bool:
    """Say whether an equation in one unknown is not solved for it; `x - 2 = 0` is how a line is written."""
    by_itself = any(is_name(side) or side == ZERO for side in relation.sides)
    return relation.signs == ("=",) and len(symbols(relation)) == 1 and not by_itself


def _is_to_be_done(tree: Tree) -> bool:
    match tree:
        case Big():
            return True
        case Intersection(first, second):
            return not (is_name(first) or is_name(second))  # the integers above 0 have no other form
        case Call(function):
            return not symbols(tree) and (function in _WORKED_OUT or (function == "abs" and Name("i") in tree.walk()))
        case Modulo(Power() | Product() | Sum() as inner):
            return not symbols(inner)
        case _:
            return False


def left_open(tree: Tree) -> bool:
    """Say whether the words beside an answer leave another one open; not where each has its case."""
    parts = tree.walk()
    said = [part.text for part in parts if isinstance(part, Words) and part != tree]
    said += [part.unit for part in parts if isinstance(part, Quantity)]
    return not any(isinstance(part, Cases) for part in parts) and any(map(_OPEN.search, said))

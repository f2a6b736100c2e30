"""Equations and inequalities: what they name, what they say, and whether two say the same."""

from __future__ import annotations

from mathif.answers.compare.finding import Compare, Finding, structural
from mathif.answers.compare.names import is_name, is_sum_asked_for, is_working, may_name_the_same, with_variable_of
from mathif.answers.compare.scalars import is_rounded_from
from mathif.answers.compare.sets import FLIPPED, holds_in, real_set
from mathif.answers.compare.systems import is_system, same_system
from mathif.answers.settle import questions
from mathif.answers.tree import ZERO, Big, Listed, Name, Relation, Span, Tree, difference, product, symbols

ORDERS = frozenset({"<", ">", "<=", ">=", "!="})
_EQUALITIES = ("=", "~=", "==", "=>")


def names_and_values(relation: Relation, compare: Compare) -> tuple[Tree | None, list[Tree]]:
    """Return the name that a relation gives, and the values it gives to it; no value where it is of another kind.

    In a chain the last side counts. The sides before it must have the same value, but for sums, which are working. What
    stands behind `≈`, and a decimal that is the value rounded, are approximations: the value comes first, then they.
    """
    relation = _as_point(relation)
    signs, sides = relation.signs, relation.sides
    if signs == ("in",):
        return sides[0], [sides[1]]
    if any(sign not in _EQUALITIES for sign in signs):
        return None, []
    name: Tree | None = None
    if len(sides) == 2 and signs == ("=",) and is_sum_asked_for(*sides):
        name, signs, sides = sides[0], (), sides[1:]
    elif _names(sides[0], sides[1]) and (len(sides) > 2 or not _names(sides[1], sides[0]) or is_name(sides[0])):
        name, signs, sides = sides[0], signs[1:], sides[1:]
    elif len(sides) == 2 and _names(sides[1], sides[0]):
        name, sides, signs = sides[1], sides[:1], ()
    elif (symbols(sides[0]) and not (signs[0] == "~=" or len(sides) > 2)) or len(set(sides)) < len(sides):
        return None, []
    cut = signs.index("~=") + 1 if "~=" in signs else len(sides)
    exact, rough = list(sides[:cut]), [side for side in sides[cut:] if is_rounded_from(side, sides[cut - 1])]
    while len(exact) > 1 and is_rounded_from(exact[-1], exact[-2]) and not compare(exact[-1], exact[-2]).same:
        rough.insert(0, exact.pop())
    if any(not compare(side, exact[-1]).same for side in exact[:-1] if not is_working(side)):
        return name, []
    if name is not None and symbols(name) & symbols(exact[-1]) and isinstance(name, Name):
        return None, []
    return name, [exact[-1], *rough]


def _as_point(relation: Relation) -> Relation:
    """Write `x = y = z = 1` as the point whose coordinates are equal; return other relations as they are."""
    *letters, value = relation.sides
    if len(letters) < 2 or set(relation.signs) != {"="} or not all(isinstance(part, Name) for part in letters):
        return relation
    return Relation(("=",), (Span("(", ")", tuple(letters)), Span("(", ")", (value,) * len(letters))))


def _names(side: Tree, value: Tree) -> bool:
    """Say whether a side names the other one: a name that does not occur in it, or a sum, an integral or a limit."""
    if isinstance(side, Big):
        return not isinstance(value, Big)
    return is_name(side) and not (isinstance(side, Name) and symbols(side) & symbols(value))


def compare_relations(first: Relation, second: Relation, compare: Compare) -> Finding:
    """Compare two relations.

    Raises:
        TooLargeError: if that could not be decided within the limits.
    """
    if any(sign in ORDERS for relation in (first, second) for sign in relation.signs):
        return _inequalities(first, second, compare)
    return _equations(first, second, compare)


def _equations(first: Relation, second: Relation, compare: Compare) -> Finding:
    first, second = _as_point(first), _as_point(second)
    one, other = _in_order_of(with_variable_of(first, second), second), second
    says_something = first.sides != second.sides or len(set(first.sides)) > 1
    if says_something and len(one.sides) == len(other.sides) == 2 and _sides_equal(one, other, compare):
        return structural(True, "the same equation")
    if is_system(one) or is_system(other):
        same = same_system(one, other)
        return structural(same, "the same equations" if same else "the equations differ")
    name, values = names_and_values(one, compare)
    called, results = names_and_values(other, compare)
    if values and results and may_name_the_same(name, called):
        for value in values:
            for result in results:
                if (finding := compare(value, result)).same:
                    return finding
        if name is None or called is None or not symbols(values[0]):
            return compare(values[0], results[0])
    one, other = _of_all_values(one), _of_all_values(other)
    if _is_equation(one) and _is_equation(other) and _same_equation(one, other):
        return structural(True, "the same equation up to its arrangement")
    return structural(False, "the equations differ")


def _in_order_of(first: Relation, second: Relation) -> Relation:
    match second:
        case Relation(("=",), (Span(_, _, names), _)):
            return in_order(first, names)
        case _:
            return first


def in_order(relation: Relation, order: tuple[Tree, ...]) -> Relation:
    """Put the coordinates of `(y, x) = (4, 3)` in an order of their names; return other relations as they are."""
    match relation:
        case Relation(("=",), (Span(left, right, names), Span(opening, closing, values))) if len(set(names)) == len(
            names
        ) == len(values) and set(names) == set(order):
            ordered = tuple(values[names.index(name)] for name in order)
            return Relation(relation.signs, (Span(left, right, order), Span(opening, closing, ordered)))
        case _:
            return relation


def _of_all_values(relation: Relation) -> Relation:
    r"""Write `y = \\pm 2\\sqrt{x}` as the one equation that all its values meet."""
    match relation:
        case Relation(("=",), (Name() as name, Listed(values))) if symbols(relation.sides[1]):
            return Relation(("=",), (product(*(difference(name, value) for value in values)), ZERO))
        case _:
            return relation


def _is_equation(relation: Relation) -> bool:
    """Say whether a relation is one equation between expressions that holds a variable."""
    return relation.signs == ("=",) and bool(symbols(relation)) and len(relation.sides) == 2


def _same_equation(first: Relation, second: Relation) -> bool:
    one, other = difference(*first.sides), difference(*second.sides)
    if symbols(one) != symbols(other):
        return False
    return questions.proportional(one, other) != 0 or questions.same_solutions(one, other)


def _inequalities(first: Relation, second: Relation, compare: Compare) -> Finding:
    if len(first.sides) == len(second.sides):
        if any(other is not None and _sides_equal(first, other, compare) for other in (second, _reversed(second))):
            return structural(True, "the same inequality")
        if len(first.signs) == 1 and _scaled(first, second):
            return structural(True, "the same inequality up to a constant factor")
    if symbols(first) == symbols(second):
        left, right = real_set(first), real_set(second)
        if left is not None and right is not None and _unknown_of(first) == _unknown_of(second):
            return structural(left == right, "the same numbers" if left == right else "the sets of numbers differ")
        for stated, ranges in ((first, right), (second, left)):
            if ranges is not None and holds_in(stated, ranges):
                return structural(True, "the same numbers at every tested place")
    return structural(False, "the inequalities differ")


def _sides_equal(first: Relation, second: Relation, compare: Compare) -> bool:
    pairs = zip(first.sides, second.sides, strict=True)
    return first.signs == second.signs and all(compare(one, other).same for one, other in pairs)


def _unknown_of(relation: Relation) -> frozenset[str]:
    """Return the variables of the one side that is a name."""
    names = [side for side in relation.sides if is_name(side)]
    return symbols(names[0]) if len(names) == 1 else frozenset()


def _reversed(relation: Relation) -> Relation | None:
    if any(sign not in FLIPPED for sign in relation.signs):
        return None
    return Relation(tuple(FLIPPED[sign] for sign in reversed(relation.signs)), relation.sides[::-1])


def _scaled(first: Relation, second: Relation) -> bool:
    one, other = first.signs[0], second.signs[0]
    factor = questions.proportional(difference(*first.sides), difference(*second.sides))
    return bool(factor) and one == (other if factor > 0 else FLIPPED.get(other, other))

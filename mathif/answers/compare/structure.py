r"""Whether two trees are the same answer: lists, tuples, intervals, matrices, units and values.

Order matters where the notation says so: in tuples, points, intervals and matrices. Lists and sets have no order. A
name before a value (`x = 5`, `x \in …`) is not part of the value unless both sides name something.
"""

from __future__ import annotations

from collections.abc import Callable

from mathif.answers.compare.cases import compare_cases
from mathif.answers.compare.families import compare_families
from mathif.answers.compare.finding import Finding, structural
from mathif.answers.compare.matrices import fold_matrix, padded
from mathif.answers.compare.moduli import compare_moduli
from mathif.answers.compare.names import spoken, spread
from mathif.answers.compare.quantities import compare_quantities, compare_times
from mathif.answers.compare.relations import ORDERS, compare_relations, in_order, names_and_values
from mathif.answers.compare.scalars import compare_scalars, is_rounded_from
from mathif.answers.compare.sets import holds_in, integer_set, real_set
from mathif.answers.settle.exact import fold
from mathif.answers.settle.numeric import NotNumericError, NoValueError
from mathif.answers.tree import (
    Applied,
    Big,
    Call,
    Clock,
    Degrees,
    Given,
    Infinity,
    Intersection,
    Listed,
    Matrix,
    Modulo,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Quantity,
    Ratio,
    Relation,
    SetOf,
    Span,
    Sum,
    TooLargeError,
    Tree,
    Union,
    Without,
    Words,
    divided,
    product,
    renamed,
    symbols,
)

_MOST_UNORDERED = 40
_MOST_DISTINCT = 12
_MOST_SPELLINGS = 3
_PLAIN = (Number, Name, Words)
_SET = (Union, Intersection, Without)
_AXES: dict[int, tuple[Tree, ...]] = {2: (Name("x"), Name("y")), 3: (Name("x"), Name("y"), Name("z"))}
"""The names of the coordinates of a point, by how many it has."""
_CONTAINER = (Listed, SetOf, Span, Matrix)
_VALUE = (Number, Name, Sum, Product, Power, Call, Applied, Big, Percent, Degrees)
_STRUCTURED = (*_CONTAINER, *_SET, Relation, Ratio, Quantity, Clock, Modulo, Given)


def compare_answers(first: Tree, second: Tree) -> Finding:
    """Compare two whole answers, with the conditions behind them.

    A condition on one side says no more than the question did. Two that no number meets together tell the answers
    apart.

    Raises:
        TooLargeError: if that could not be decided within the limits.
    """
    if isinstance(first, Number) and isinstance(second, Number):
        return compare_scalars(first, second)
    integers = integer_set(first), integer_set(second)
    if integers[0] is not None and integers[1] is not None:
        return structural(integers[0] == integers[1], "the integers within bounds")
    first, second = _canonical(first), _canonical(second)
    if _exclude_each_other(first, second):
        return structural(False, "the conditions exclude each other")
    finding: Finding | None = None
    beyond: TooLargeError | None = None
    try:
        finding = compare(first, second)
    except TooLargeError as error:
        beyond = error
    if finding is None or not finding.same:
        finding = compare_families(first, second, compare) or finding
    if finding is None:
        assert beyond is not None
        raise beyond
    return finding


def compare(first: Tree, second: Tree) -> Finding:
    """Compare two answers or parts of answers.

    Raises:
        TooLargeError: if that could not be decided within the limits.
    """
    first = first.answer if isinstance(first, Given) else first
    second = second.answer if isinstance(second, Given) else second
    if not isinstance(first, _PLAIN) or not isinstance(second, _PLAIN):
        first, second = fold_matrix(spread(first)), fold_matrix(spread(second))
    if first == second and not _is_identity(first):
        rung = "structure" if isinstance(first, _STRUCTURED) else "symbolic"
        return Finding(True, rung, "the same reading")
    for judge in _JUDGES:
        finding = judge(first, second)
        if finding is not None:
            return finding
    return _values(first, second)


def _canonical(tree: Tree) -> Tree:
    """Name the variables of sums, products, integrals and limits by their place, so that their names do not matter."""
    if not any(isinstance(part, Big) for part in tree.walk()):
        return tree
    changed = tree.mapped(_canonical)
    if isinstance(changed, Big) and isinstance(changed.variable, Name):
        depth = sum(isinstance(part, Big) for part in changed.body.walk())
        name = f"bound {depth}"
        body = renamed(changed.body, _with_subscripts(changed.variable.name, name, changed.body))
        return Big(changed.kind, Name(name), changed.low, changed.high, body)
    return changed


def _with_subscripts(old: str, new: str, body: Tree) -> dict[str, str]:
    """Return how names change where a variable is renamed that may be a subscript (`a_n`)."""
    names = {name: name.removesuffix(f"_{old}") for name in symbols(body) if name.endswith(f"_{old}")}
    return {old: new, **{name: f"{letter}_{new}" for name, letter in names.items()}}


def _is_identity(tree: Tree) -> bool:
    """Say whether a relation says nothing, as `1 = 1` does."""
    return isinstance(tree, Relation) and len(set(tree.sides)) < len(tree.sides)


def _exclude_each_other(first: Tree, second: Tree) -> bool:
    if not isinstance(first, Given) or not isinstance(second, Given):
        return False
    for one in first.conditions:
        for other in second.conditions:
            if symbols(one) == symbols(other) and isinstance(one, Relation) and isinstance(other, Relation):
                left, right = real_set(one), real_set(other)
                if left is not None and right is not None and not real_set(Intersection(one, other)):
                    return True
    return False


def _same(first: Tree, second: Tree) -> bool:
    return compare(first, second).same


# --- words and relations


def _texts(first: Tree, second: Tree) -> Finding | None:
    """Compare words without regard to case, spacing, articles and punctuation."""
    if not isinstance(first, Words) and not isinstance(second, Words):
        return None
    if isinstance(first, Relation) or isinstance(second, Relation):
        return None
    one, other = spoken(first), spoken(second)
    same = one is not None and one == other
    return Finding(same, "text", "the same words" if same else "the words differ")


def _named(first: Tree, second: Tree) -> Finding | None:
    """Compare a relation that names a value with something that is no relation."""
    if isinstance(first, Relation) == isinstance(second, Relation):
        return None
    relation, other = (first, second) if isinstance(first, Relation) else (second, first)
    assert isinstance(relation, Relation)
    _, values = names_and_values(in_order(relation, _AXES.get(len(symbols(relation.sides[0])), ())), compare)
    finding: Finding | None = None
    for value in values:
        step = compare(value, other)
        if step.same:
            return step
        finding = finding or step
    if finding is not None or isinstance(other, _CONTAINER) or _is_set(other):
        return finding
    return structural(False, "one is a relation and the other is a value")


def _related(first: Tree, second: Tree) -> Finding | None:
    if isinstance(first, Relation) and isinstance(second, Relation):
        return compare_relations(first, second, compare)
    return None


# --- sets of numbers


def _sets(first: Tree, second: Tree) -> Finding | None:
    """Compare as sets of reals where one side is a union, an inequality or the like."""
    if not _is_set(first) and not _is_set(second):
        return None
    one, other = real_set(_members(first)), real_set(_members(second))
    for stated, ranges in ((first, other), (second, one)):
        if isinstance(stated, Relation) and ranges is not None and holds_in(stated, ranges):
            return structural(True, "the inequality holds in that set")
    if one is None or other is None:
        if isinstance(first, Union) and isinstance(second, Union):
            return _unordered(list(first.parts), list(second.parts))
        if isinstance(first, Without) and isinstance(second, Without):
            pairs = ((first.whole, second.whole), (first.taken, second.taken))
            same = all(_same(left, right) for left, right in pairs)
            return structural(same, "the same set" if same else "the sets differ")
        return None
    return structural(one == other, "the same set of numbers" if one == other else "the sets of numbers differ")


def _is_set(tree: Tree) -> bool:
    match tree:
        case Union() | Intersection() | Without() | Name("mathbb R"):
            return True
        case Relation(signs):
            return any(sign in ORDERS for sign in signs)
        case Listed(items):
            said = [set(item.signs) if isinstance(item, Relation) else {""} for item in items]
            return all(row <= ORDERS | {"="} for row in said) and any(row & ORDERS for row in said)
        case _:
            return False


def _members(tree: Tree) -> Tree:
    r"""Return the set behind `x \\in …`."""
    return tree.sides[1] if isinstance(tree, Relation) and tree.signs == ("in",) else tree


# --- lists, tuples, sets, matrices


def _containers(first: Tree, second: Tree) -> Finding | None:
    if not isinstance(first, _CONTAINER) and not isinstance(second, _CONTAINER):
        return None
    if _says_the_same_twice(first, second) or _says_the_same_twice(second, first):
        return structural(True, "each of several spellings is the same value")
    first, second = _aligned(first, second), _aligned(second, first)
    if isinstance(first, Matrix) and isinstance(second, Matrix):
        return _matrices(first, second)
    one, other = _entries(first), _entries(second)
    if one == [first] and other == [second]:
        return structural(False, "only one of them is a matrix")
    if {type(first), type(second)} in ({SetOf, Span}, {SetOf, Matrix}):
        return structural(False, "a set is no tuple")
    if isinstance(first, Span) and isinstance(second, Span) and _are_other_intervals(first, second):
        return structural(False, "the brackets of the intervals differ")
    if isinstance(first, Span | Matrix) or isinstance(second, Span | Matrix):
        return _in_order(one, other)
    if isinstance(first, SetOf) and isinstance(second, SetOf):
        one, other = _distinct(one), _distinct(other)
    if len(one) != len(other):
        one, other = _flat(one), _flat(other)
    return _unordered(one, other)


def _says_the_same_twice(tree: Tree, other: Tree) -> bool:
    r"""Say whether a short list gives one value in several spellings (`5\\pi/6 or 150° or 2.618`)."""
    if not isinstance(tree, Listed) or len(tree.items) > _MOST_SPELLINGS or isinstance(other, _CONTAINER):
        return False
    first, *others = tree.items
    return _same(first, other) and all(is_rounded_from(item, first) or _same(item, other) for item in others)


def _are_other_intervals(first: Span, second: Span) -> bool:
    pairs = len(first.items) == len(second.items) == 2
    return pairs and (first.left, first.right) != (second.left, second.right)


def _aligned(tree: Tree, other: Tree) -> Tree:
    """Return a container in the form that compares with the other one."""
    if isinstance(tree, Listed | SetOf) and isinstance(other, Span | Matrix):
        if len(tree.items) == 1 and isinstance(tree.items[0], Span | Matrix):
            return tree.items[0]
        return _in_order_of_names(tree.items) or tree
    if isinstance(tree, Listed) and isinstance(other, Listed | SetOf) and len(tree.items) > len(other.items) > 1:
        # `x=0, y=1 or x=1, y=0` are the points (0,1) and (1,0).
        size = len(tree.items) // len(other.items)
        rows = [_in_order_of_names(tree.items[at : at + size]) for at in range(0, len(tree.items), size)]
        points = [Span("(", ")", row.items) for row in rows if row is not None]
        if len(points) == len(rows) and all(isinstance(item, Span) for item in other.items):
            return Listed(tuple(points))
    if isinstance(tree, Matrix) and isinstance(other, Matrix | Span):
        return padded(tree, other)
    return tree


def _in_order_of_names(items: tuple[Tree, ...]) -> Listed | None:
    """Put `y=4, x=3` into the order of the names, that of coordinates; None where an item or a name fits no point."""
    names = [item.sides[0] for item in items if isinstance(item, Relation) and item.signs == ("=",)]
    plain = [name.name for name in names if isinstance(name, Name)]
    if not len(plain) == len(items) == len(set(plain)):
        return None
    return Listed(tuple(item for _, item in sorted(zip(plain, items, strict=True), key=lambda row: row[0])))


def _entries(tree: Tree) -> list[Tree]:
    match tree:
        case Listed(items) | SetOf(items) | Span(_, _, items):
            return list(items)
        case Matrix(columns, entries):
            return list(entries) if columns in (1, len(entries)) else [tree]
        case Relation():
            _, values = names_and_values(tree, compare)
            return _entries(values[0]) if values else [tree]
        case _:
            return [tree]


def _flat(parts: list[Tree]) -> list[Tree]:
    return [
        inner
        for part in parts
        for inner in (_flat(list(part.items)) if isinstance(part, Listed | SetOf) and part.items else [part])
    ]


def _distinct(parts: list[Tree]) -> list[Tree]:
    """Drop what occurs twice: equal values of a short set, equal spellings of a long one."""
    if len(parts) > _MOST_DISTINCT:
        return list(dict.fromkeys(parts))
    out: list[Tree] = []
    for part in parts:
        if not any(_same(part, seen) for seen in out):
            out.append(part)
    return out


def _matrices(first: Matrix, second: Matrix) -> Finding:
    length = len(first.entries)
    turned = length == len(second.entries) and {first.columns, second.columns} == {1, length}
    if first.columns != second.columns and not turned:
        return structural(False, "the shapes of the matrices differ")
    return _in_order(list(first.entries), list(second.entries))


def _in_order(one: list[Tree], other: list[Tree]) -> Finding:
    if len(one) != len(other):
        return structural(False, f"{len(one)} and {len(other)} entries")
    for at, (left, right) in enumerate(zip(one, other, strict=True), 1):
        finding = compare(left, right)
        if not finding.same:
            return structural(False, f"entry {at}: {finding.reason}")
    return structural(True, "the same entries in the same order")


def _unordered(one: list[Tree], other: list[Tree]) -> Finding:
    if len(one) != len(other):
        return structural(False, f"{len(one)} and {len(other)} items")
    if all(_listed(left, right) for left, right in zip(one, other, strict=True)):
        return structural(True, "the same items")
    if len(one) > _MOST_UNORDERED:
        return _sorted_numbers(one, other)
    left = list(other)
    for item in one:
        at = next((at for at, candidate in enumerate(left) if _listed(item, candidate)), None)
        if at is None:
            return structural(False, "an item has no equal in the other list")
        left.pop(at)
    return structural(True, "the same items in another order")


def _sorted_numbers(one: list[Tree], other: list[Tree]) -> Finding:
    """Compare long lists by their exact values."""
    values = [[fold(item) for item in items] for items in (one, other)]
    numbers = [sorted(value for value in row if value is not None) for row in values]
    same = numbers[0] == numbers[1] and len(numbers[0]) == len(one)
    return structural(same, "the same numbers" if same else "the long lists differ")


def _listed(first: Tree, second: Tree) -> bool:
    """Compare two items of lists: where both name what they are, the names must be the same."""
    if isinstance(first, Relation) and isinstance(second, Relation) and first.signs == second.signs == ("=",):
        one, other = first.sides[0], second.sides[0]
        if isinstance(one, Name) and isinstance(other, Name) and one != other:
            return False
    return _same(first, second)


# --- ratios and single values


def _ratios(first: Tree, second: Tree) -> Finding | None:
    if not isinstance(first, Ratio) and not isinstance(second, Ratio):
        return None
    if isinstance(first, Ratio) and isinstance(second, Ratio):
        one, other = first.parts, second.parts
        if len(one) != len(other):
            return structural(False, "the ratios differ in length")
        pairs = zip(one[1:], other[1:], strict=True)
        same = all(_same(product(a, other[0]), product(b, one[0])) for a, b in pairs)
        return structural(same, "the same ratio" if same else "the ratios differ")
    ratio, single = (first, second) if isinstance(first, Ratio) else (second, first)
    assert isinstance(ratio, Ratio)
    if len(ratio.parts) != 2:
        return structural(False, "one is a ratio and the other is a value")
    return compare(divided(*ratio.parts), single)


def _values(first: Tree, second: Tree) -> Finding:
    if isinstance(first, Infinity) or isinstance(second, Infinity) or _is_infinite(first) or _is_infinite(second):
        return _infinities(first, second)
    parts = [*first.walk(), *second.walk()]
    strange = next((part for part in parts if not isinstance(part, _VALUE)), None)
    opened = strange is not None and any(isinstance(part, Big) for part in parts)
    if strange is not None and not (isinstance(strange, Infinity) and opened):
        return structural(False, f"a {type(first).__name__.lower()} is not a {type(second).__name__.lower()}")
    try:
        return compare_scalars(first, second)
    except NoValueError as error:
        return Finding(False, "symbolic", f"no value to compare: {error}")
    except NotNumericError as error:
        return Finding(False, "symbolic", f"no arithmetic for {error}")


def _is_infinite(tree: Tree) -> bool:
    return isinstance(tree, Product) and any(isinstance(factor, Infinity) for factor in tree.factors)


def _infinities(first: Tree, second: Tree) -> Finding:
    signs = [_sign_of_infinity(tree) for tree in (first, second)]
    same = signs[0] == signs[1] != 0
    return Finding(same, "symbolic", "infinity on both sides" if same else "only one side is infinite")


def _sign_of_infinity(tree: Tree) -> int:
    """Return 1 or -1 for an infinity, 0 for anything else."""
    if isinstance(tree, Infinity):
        return 1
    if not isinstance(tree, Product):
        return 0
    rest = [fold(factor) for factor in tree.factors if not isinstance(factor, Infinity)]
    negatives = sum(value < 0 for value in rest if value is not None)
    return 0 if None in rest or 0 in rest else -1 if negatives % 2 else 1


def _moduli(first: Tree, second: Tree) -> Finding | None:
    return compare_moduli(first, second, compare)


def _cases(first: Tree, second: Tree) -> Finding | None:
    return compare_cases(first, second, compare)


def _quantities(first: Tree, second: Tree) -> Finding | None:
    return compare_quantities(first, second, compare)


_JUDGES: tuple[Callable[[Tree, Tree], Finding | None], ...] = (
    _cases, _texts, _moduli, _related, _named, _sets, compare_times, _quantities, _containers, _ratios,
)  # fmt: skip

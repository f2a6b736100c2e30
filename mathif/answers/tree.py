"""The tree of a read answer: one small class a node, and the two ways in which reading one can fail.

A room of its own because the reader makes trees, the comparison walks them, and the worker rebuilds them from JSON.
Nothing in a tree is computed: `3/6` keeps both numbers, and a number keeps the decimal places it states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, cast

from mathif.json_values import Json, items, texts


class UnreadableError(Exception):
    """The text is not an answer in any notation that is known here."""


class TooLargeError(Exception):
    """Reading or evaluating on would cost more than an answer is worth; says nothing about right or wrong."""


@dataclass(frozen=True, slots=True)
class Node:
    """What every node can do; `Tree` is the union of the classes below."""

    def children(self) -> list[Tree]:
        """Return the trees right below this one, in order."""
        parts: list[Tree] = []
        for name, several in _BELOW[type(self)]:
            value = getattr(self, name)
            if several:
                parts.extend(value)
            elif value is not None:
                parts.append(value)
        return parts

    def walk(self) -> list[Tree]:
        """Return this tree and every tree below it."""
        waiting = [cast(Tree, self)]
        for node in waiting:  # it grows on the way
            if _BELOW[type(node)]:
                waiting.extend(node.children())
        return waiting

    def mapped(self, change: Callable[[Tree], Tree]) -> Tree:
        """Return this node with `change` applied to the trees right below it."""
        names: tuple[str, ...] = self.__match_args__
        return cast(Tree, type(self)(*(_mapped(getattr(self, name), change) for name in names)))


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as written: its value, and the decimal places it states (None for an integer)."""

    value: Fraction
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or a constant; `pi`, `e` and `i` are the constants."""

    name: str


@dataclass(frozen=True, slots=True)
class Words(Node):
    """Words that name no number."""

    text: str


@dataclass(frozen=True, slots=True)
class Infinity(Node):
    """Positive infinity."""


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Two or more terms."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Two or more factors, flat; a quotient is a product with a power of -1."""

    factors: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Power(Node):
    """A base and its exponent; a root is a power of a unit fraction."""

    base: Tree
    exponent: Tree


@dataclass(frozen=True, slots=True)
class PlusMinus(Node):
    """A term with both signs, minus first where `turned`."""

    term: Tree
    turned: bool


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A known function (`sin`, `binom`) and its arguments; a logarithm's base is the last one."""

    function: str
    args: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Applied(Node):
    """An unknown function (`f`) and its arguments."""

    function: str
    args: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Big(Node):
    """A sum, a product, an integral or a limit; what is not stated is None."""

    kind: Literal["sum", "prod", "int", "lim"]
    variable: Tree | None
    low: Tree | None
    high: Tree | None
    body: Tree


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A value and its unit as written."""

    value: Tree
    unit: str


@dataclass(frozen=True, slots=True)
class Percent(Node):
    """A value in hundredths."""

    value: Tree


@dataclass(frozen=True, slots=True)
class Degrees(Node):
    """An angle in degrees."""

    value: Tree


@dataclass(frozen=True, slots=True)
class Ratio(Node):
    """Two or more parts with colons between; `digits` is how each was spelled where all are plain numerals."""

    parts: tuple[Tree, ...]
    digits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock(Node):
    """A time of day that says which half of the day it means: hours from 0 to 23, then minutes and seconds."""

    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listed(Node):
    """Items with commas, `and` or `or` between."""

    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class SetOf(Node):
    """Items in braces; none for the empty set."""

    items: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class Span(Node):
    """Two or more items in brackets: a tuple, a point, a vector or an interval."""

    left: str
    right: str
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Union(Node):
    """Two or more sets of which a member is in one."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Intersection(Node):
    """Two sets of which a member is in both."""

    first: Tree
    second: Tree


@dataclass(frozen=True, slots=True)
class Without(Node):
    """A set and what is taken from it."""

    whole: Tree
    taken: Tree


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """The number of columns, then the entries row by row."""

    columns: int
    entries: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """Signs (`=`, `<=`, `in`, …) and the sides around them, one more than signs."""

    signs: tuple[str, ...]
    sides: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Modulo(Node):
    """A value or a congruence, and its modulus."""

    inner: Tree
    modulus: Tree


@dataclass(frozen=True, slots=True)
class Given(Node):
    r"""An answer and what is said of its variables behind it (`2^n`, `n \\ge 1`); words are conditions too."""

    answer: Tree
    conditions: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """A function by cases: each branch is a value and the condition under which it is that."""

    branches: tuple[Tree, ...]


Tree = (
    Number
    | Name
    | Words
    | Infinity
    | Sum
    | Product
    | Power
    | PlusMinus
    | Call
    | Applied
    | Big
    | Quantity
    | Percent
    | Degrees
    | Ratio
    | Clock
    | Listed
    | SetOf
    | Span
    | Union
    | Intersection
    | Without
    | Matrix
    | Relation
    | Modulo
    | Given
    | Cases
)
_SEVERAL = "tuple[Tree, ...]"
_BELOW = {
    kind: [
        (name, of == _SEVERAL) for name, of in kind.__annotations__.items() if of in ("Tree", "Tree | None", _SEVERAL)
    ]
    for kind in Tree.__args__
}
"""The fields of each class that hold trees, and whether one holds several."""
_CLASSES: dict[str, Callable[..., Tree]] = {kind.__name__: kind for kind in Tree.__args__}

ZERO = Number(Fraction(0))
MINUS_ONE = Number(Fraction(-1))
HALF = Number(Fraction(1, 2))
CONSTANTS = frozenset({"pi", "e", "i"})


def _mapped(value: Any, change: Callable[[Tree], Tree]) -> Any:
    if isinstance(value, Node):
        return change(cast(Tree, value))
    if isinstance(value, tuple):
        return tuple(_mapped(part, change) for part in value)
    return value


def to_json(tree: Tree) -> list[Json]:
    """Return the tree as nested lists of plain JSON: the name of its class, then its fields."""
    return [type(tree).__name__, *(_pack(getattr(tree, field)) for field in tree.__match_args__)]


def from_json(row: Json) -> Tree:
    """Read what `to_json` wrote."""
    match row:
        case [str(name), *parts]:
            return _CLASSES[name](*map(_unpack, parts))
    raise ValueError(f"found {row!r:.80}, expected a tree")


def _pack(value: object) -> Json:
    if isinstance(value, Node):
        return {"node": to_json(cast(Tree, value))}
    if isinstance(value, Fraction):
        return {"fraction": [hex(value.numerator), hex(value.denominator)]}
    if isinstance(value, tuple):
        return {"tuple": [_pack(part) for part in value]}
    assert value is None or isinstance(value, str | int), f"a tree holds {value!r}"
    return value


def _unpack(value: Json) -> object:
    if not isinstance(value, dict):
        return value
    if "node" in value:
        return from_json(value["node"])
    if "fraction" in value:
        return Fraction(*(int(part, 16) for part in texts(value, "fraction")))
    return tuple(_unpack(part) for part in items(value, "tuple"))


def number(value: int | Fraction, places: int | None = None) -> Number:
    """Return the tree of a number that states `places` decimal places."""
    return Number(Fraction(value), places)


def product(*factors: Tree) -> Tree:
    """Return the product of trees as one flat node, without a node where there is one factor."""
    flat = tuple(part for factor in factors for part in (factor.factors if isinstance(factor, Product) else (factor,)))
    return flat[0] if len(flat) == 1 else Product(flat)


def total(*terms: Tree) -> Tree:
    """Return the sum of trees, without a node where there is one term."""
    return terms[0] if len(terms) == 1 else Sum(terms)


def negative(tree: Tree) -> Tree:
    """Return minus `tree`; a number stays a number and keeps its stated places."""
    match tree:
        case Number(value, places):
            return Number(-value, places)
        case Quantity(value, unit):
            return Quantity(negative(value), unit)
        case Percent(value):
            return Percent(negative(value))
        case Degrees(value):
            return Degrees(negative(value))
        case _:
            return product(MINUS_ONE, tree)


def divided(top: Tree, bottom: Tree) -> Tree:
    """Return `top` over `bottom`."""
    return product(top, Power(bottom, MINUS_ONE))


def difference(first: Tree, second: Tree) -> Tree:
    """Return `first` minus `second`."""
    return total(first, negative(second))


def symbols(tree: Tree) -> frozenset[str]:
    """Return the names of the free variables and unknown functions of a tree; π, e and i do not count."""
    names: set[str] = set()
    bound: set[str] = set()
    for part in tree.walk():
        match part:
            case Name(name) | Applied(name):
                names.add(name)
            case Big(_, Name(name)):
                bound.add(name)
            case _:
                pass
    return frozenset(names - CONSTANTS - bound)


def renamed(tree: Tree, names: dict[str, str]) -> Tree:
    """Return `tree` with variables renamed."""
    if isinstance(tree, Name):
        return Name(names.get(tree.name, tree.name))
    return tree.mapped(lambda part: renamed(part, names))


def replaced(tree: Tree, old: Tree, new: Tree) -> Tree:
    """Return `tree` with every tree equal to `old` replaced."""
    return new if tree == old else tree.mapped(lambda part: replaced(part, old, new))

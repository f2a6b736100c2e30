"""What the parts of a tree name: variables, words, the left side of `x = 5`, and the two values of `±`.

A room of its own because none of it compares anything.
"""

from __future__ import annotations

from mathif.answers.settle.exact import fold
from mathif.answers.tree import (
    CONSTANTS,
    MINUS_ONE,
    Applied,
    Big,
    Call,
    Degrees,
    Infinity,
    Listed,
    Name,
    PlusMinus,
    Power,
    Product,
    Ratio,
    Relation,
    SetOf,
    Span,
    Sum,
    Tree,
    Words,
    negative,
    renamed,
    symbols,
)

_MOST_SPREAD = 4
COORDINATES = frozenset({"x", "y", "z"})
"""Letters of equations: a sum or product of them is the side of an equation and names nothing."""
_SYNONYMS = {
    **dict.fromkeys(
        (
            "none", "nosolutions", "norealsolution", "norealsolutions", "emptyset", "nosuch", "norealroots", "noroots",
            "nosuchnumber", "nosolutionexists", "nosolutionsexist", "norealsolutionexists", "norealsolutionsexist",
            "therearenosolutions", "therearenorealsolutions", "thereisnosolution", "thereisnorealsolution",
            "hasnosolution", "hasnorealsolution", "norealsolutionsfound", "norealnumber", "nosuchvalue",
            "therearenone", "theemptyset", "nullset", "nosolutioninreals", "norealroot", "norealrootsexist",
        ),
        "nosolution",
    ),
    **dict.fromkeys(("divergent", "theseriesdiverges", "itdiverges", "seriesdiverges"), "diverges"),
    **dict.fromkeys(("convergent", "theseriesconverges", "itconverges", "seriesconverges"), "converges"),
    **dict.fromkeys(
        (
            "infinitelymany", "infinitelymanysolutions", "thereareinfinitelymany", "thereareinfinitelymanysolutions",
            "infinitenumberofsolutions", "infinitesolutions",
        ),
        "infinite",
    ),
    **dict.fromkeys(
        (
            "dne", "doesnotexist", "notdefined", "isundefined", "isnotdefined", "thelimitdoesnotexist",
            "limitdoesnotexist", "nolimit", "undef", "itdoesnotexist", "doesntexist",
        ),
        "undefined",
    ),
}  # fmt: skip


def spread(tree: Tree) -> Tree:
    """Replace every `±` by its two values: a list of both readings, signs taken together."""
    signs = sum(isinstance(part, PlusMinus) for part in tree.walk())
    if not signs or signs > _MOST_SPREAD:
        return tree
    if isinstance(tree, Listed | SetOf):
        parts: list[Tree] = []
        for part in tree.items:
            both = spread(part)
            parts.extend(both.items if isinstance(both, Listed) and not isinstance(part, Listed) else (both,))
        return type(tree)(tuple(parts))
    if isinstance(tree, Relation) and len(tree.sides) == 2:
        return Relation(tree.signs, (tree.sides[0], spread(tree.sides[1])))
    return Listed((_signed(tree, plus=True), _signed(tree, plus=False)))


def _signed(tree: Tree, *, plus: bool) -> Tree:
    if isinstance(tree, PlusMinus):
        inner = _signed(tree.term, plus=plus)
        return inner if plus != tree.turned else negative(inner)
    return tree.mapped(lambda part: _signed(part, plus=plus))


def is_name(tree: Tree) -> bool:
    """Say whether a side of an equation only names what the other side is."""
    match tree:
        case Name(name):
            return name not in CONSTANTS and name != "..."
        case Applied() | Words():
            return True
        case Call("abs", (inner,)) | Degrees(inner):
            return is_name(inner)
        case Call("gcd" | "lcm" | "max" | "min" | "det", parts):
            return any(map(symbols, parts))
        case Product(parts):
            return all(is_name(part) for part in parts) and not symbols(tree) & COORDINATES
        case Power(base, exponent):
            return exponent == MINUS_ONE and is_name(base)
        case Ratio(parts) | SetOf(parts) | Listed(parts) | Span(_, _, parts):
            return all(is_name(part) for part in parts)
        case _:
            return False


def is_sum_asked_for(name: Tree, value: Tree) -> bool:
    """Say whether `m + n = 42` names what was asked for: plain letters, each once, and a value other than zero.

    Coordinates never do: `x + y = 1` is the equation of a line.
    """
    letters = name.terms if isinstance(name, Sum) else ()
    plain = all(isinstance(part, Name) and part.name not in COORDINATES | {"pi", "i"} for part in letters)
    once = len(set(letters)) == len(letters)
    return len(letters) > 1 and plain and once and fold(value) != 0 and not set(letters) & set(value.walk())


def is_working(tree: Tree) -> bool:
    """Say whether a side of a chain shows working rather than a value: it holds a sum, or an operation to be done."""
    return any(isinstance(part, Sum | Big) for part in tree.walk())


def with_variable_of(first: Relation, second: Relation) -> Relation:
    """Rename the variable of `f(z) = …` to the one that the other equation uses."""
    one, other = first.sides[0], second.sides[0]
    if not isinstance(one, Applied) or not isinstance(other, Applied) or len(one.args) != len(other.args):
        return first
    names = {
        old.name: new.name
        for old, new in zip(one.args, other.args, strict=True)
        if isinstance(old, Name) and isinstance(new, Name) and old.name.islower() and new.name.islower()
    }
    if symbols(first) & {new for old, new in names.items() if new != old} - names.keys():
        return first
    changed = renamed(first, names)
    return changed if isinstance(changed, Relation) else first


def may_name_the_same(one: Tree | None, other: Tree | None) -> bool:
    """Say whether two names may stand for the same unknown: the same name, or words, or `y` and `f(x)`."""
    if one is None or other is None or one == other or isinstance(one, Words) or isinstance(other, Words):
        return True
    for first, second in ((one, other), (other, one)):
        match first, second:
            case Name(derivative), Name(primed) if f"{derivative.removeprefix('d').removesuffix('/dx')}'" == primed:
                return True
            case Applied(function, args), Name(name):
                index = f"{function}_{args[0].name}" if isinstance(args[0], Name) else function
                return name in (function, "y", index)
            case _:
                continue
    return False


def spoken(tree: Tree) -> str | None:
    """Return the words of a tree without case, spacing, articles and punctuation; None where it has no words."""
    match tree:
        case Name(name):
            return name.casefold()
        case Span(_, _, (inner,)):
            return spoken(inner)
        case SetOf(()):
            return "nosolution"
        case Infinity():
            return "infinite"
        case Product(factors) if all(isinstance(part, Name) for part in factors):
            joined = "".join(part.name for part in factors if isinstance(part, Name)).casefold()
            return _SYNONYMS.get(joined, joined)
        case Words(text):
            words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
            while len(words) > 1 and words[0] in ("the", "a", "an"):
                words = words[1:]
            joined = "".join(words)
            return _SYNONYMS.get(joined, joined)
        case _:
            return None

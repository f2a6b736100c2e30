"""Shapes of trees that a notation stands for: mixed numbers, bases, repeating decimals, roots, primes."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from mathif.answers.read.lex import Token
from mathif.answers.read.numerals import read_numeral
from mathif.answers.tree import (
    HALF,
    MINUS_ONE,
    ZERO,
    Applied,
    Call,
    Given,
    Infinity,
    Listed,
    Matrix,
    Modulo,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Quantity,
    Relation,
    SetOf,
    Span,
    Sum,
    Tree,
    UnreadableError,
    Without,
    Words,
    negative,
    number,
    product,
    symbols,
    total,
)
from mathif.answers.units import NOT_UNITS, read_unit

_ORDERED = {"<", ">", "<=", ">=", "!=", "in", "notin"}
REALS = {
    "all real numbers", "all reals", "the real numbers", "real numbers", "all real x", "any real number", "all x",
    "every real number", "the set of all real numbers", "all the real numbers", "the set of real numbers", "the reals",
}  # fmt: skip
_HALVES: dict[str, Tree] = {
    "positive": Span("(", ")", (ZERO, Infinity())),
    "nonnegative": Span("[", ")", (ZERO, Infinity())),
    "negative": Span("(", ")", (negative(Infinity()), ZERO)),
    "nonpositive": Span("(", "]", (negative(Infinity()), ZERO)),
    "nonzero": Without(Name("mathbb R"), SetOf((ZERO,))),
}
_MARKS = {
    "positive": ("+", ">0", "0>", "++", "*+"),
    "nonnegative": (">=0", "0+", "+0", "0", "0<="),
    "negative": ("-", "<0", "*-"),
    "nonpositive": ("<=0", "-0", "0-"),
    "nonzero": ("*", "!=0", "x"),
}
"""How the parts of a set of numbers are written as subscripts and superscripts, both together."""
_MOST_SPELLED_OUT = 200
_SHOWN = 3
_WHOLE_SETS = {
    "integers": "mathbb Z",
    "natural numbers": "mathbb N",
    "rational numbers": "mathbb Q",
    "complex numbers": "mathbb C",
    "positive integers": "+ mathbb Z",
}
_PARITIES = {"even": 0, "odd": 1}
_UNIT_VECTORS = {"i": "hat i", "j": "hat j", "k": "hat k", "imath": "hat i", "jmath": "hat j"}


def gather(parts: list[Tree], kind: str, *, lone: bool = False) -> Tree:
    """Return one tree for the parts of a container; a lone part is itself unless `lone`."""
    if len(parts) == 1 and not lone:
        return parts[0]
    parts = spelled_out(parts)
    return SetOf(tuple(parts)) if kind == "set" else Listed(tuple(parts))


def bracketed(left: str, right: str, parts: list[Tree]) -> Tree:
    """Return what brackets make of their parts: a set, a group, a matrix of rows, or a tuple."""
    parts = spelled_out(parts)
    if left == "\\{":
        return SetOf(tuple(parts))
    if len(parts) == 1 and (left, right) in (("(", ")"), ("[", "]")):
        return parts[0]
    rows = [part for part in parts if isinstance(part, Span) and part.left == "[" and part.right == "]"]
    if (left, right) == ("[", "]") and len(rows) == len(parts) and len({len(row.items) for row in rows}) == 1:
        return Matrix(len(rows[0].items), tuple(entry for row in rows for entry in row.items))
    return Span(*(("(", ")") if left == "langle" else (left, right)), tuple(parts))


def spelled_out(parts: list[Tree]) -> list[Tree]:
    r"""Write out integers in equal steps of which dots stand for some (`1, 2, \\dots, 10`, `1, 3, 5, \\ldots, 99`)."""
    if len(parts) > _SHOWN and parts[-1] == Name("...") and parts.count(Name("...")) == 1:
        return _begun(parts)
    if len(parts) < 3 or parts[-2] != Name("...") or parts.count(Name("...")) > 1:
        return parts
    before = [_integer(part) for part in parts[:-2]]
    last = _integer(parts[-1])
    if last is None or None in before:
        return parts
    values = [value for value in before if value is not None]
    step = values[1] - values[0] if len(values) > 1 else 1
    count = (last - values[0]) // step + 1 if step else 0
    whole = [values[0] + step * at for at in range(count)] if 0 < count <= _MOST_SPELLED_OUT else []
    right = whole[: len(values)] == values and whole[-1:] == [last] and len(whole) > len(values)
    return [number(value) for value in whole] if right else parts


def _begun(parts: list[Tree]) -> list[Tree]:
    r"""Keep the first three of integers in equal steps that go on for ever (`2, 4, 6, 8, \\ldots`)."""
    values = [_integer(part) for part in parts[:-1]]
    steps = {None if a is None or b is None else b - a for a, b in pairwise(values)}
    return [*parts[:_SHOWN], parts[-1]] if len(steps) == 1 and None not in steps else parts


def without(terms: list[Tree]) -> Tree | None:
    r"""Read a set with a minus sign before what is taken from it (`\\mathbb{R} - \\{2\\}`), None for other sums."""
    match terms:
        case [Name(name) as whole, Product((minus, SetOf() as taken))] if minus == MINUS_ONE and "mathbb" in name:
            return Without(whole, taken)
        case _:
            return None


def _integer(tree: Tree) -> int | None:
    value = tree.value if isinstance(tree, Number) else None
    return None if value is None or value.denominator != 1 else int(value)


def narrowed(letter: str, marks: str) -> Tree | None:
    r"""Return the part of a set of numbers that its marks leave, None for no mark or one that means something else."""
    kind = next((name for name, spellings in _MARKS.items() if marks in spellings), None)
    if kind is None:
        return None
    if letter == "R":
        return _HALVES[kind]
    if letter in "ZN" and kind in ("positive", "nonzero"):
        return Name("+ mathbb Z") if kind == "positive" or letter == "N" else None
    return Name("mathbb N_0") if letter in "ZN" and kind == "nonnegative" else None


def conditioned(tree: Tree) -> Tree:
    r"""Take what ends a list (`x = k\\pi, k \\in \\mathbb{Z}`) as conditions on what stands before it."""
    if not isinstance(tree, Listed):
        return tree
    tree = Listed(tuple(map(_as_predicate, tree.items)))
    if (shared := _all_integers(tree) or distributed(tree)) != tree:
        return shared
    cut = len(tree.items)
    while cut > 1 and _is_condition(tree.items[cut - 1], tree.items[: cut - 1]):
        cut -= 1
    if cut == len(tree.items):
        return tree
    answers, conditions = tree.items[:cut], tree.items[cut:]
    inner: list[Tree] = []
    for answer in answers:
        conditions += answer.conditions if isinstance(answer, Given) else ()
        inner.append(answer.answer if isinstance(answer, Given) else answer)
    return Given(gather(inner, "list"), conditions)


def _as_predicate(tree: Tree) -> Tree:
    """Read `n an integer` as what it says of n."""
    match tree:
        case Quantity(Name() as name, unit) if "integer" in unit and (said := said_of(name, unit)) is not None:
            return said
        case _:
            return tree


def _is_condition(tree: Tree, before: tuple[Tree, ...]) -> bool:
    """Say whether an item only says something of a variable of the items before it, none of which is an inequality."""
    if isinstance(tree, Given) and isinstance(tree.answer, Words):
        return False
    if any(isinstance(part, Relation) and part.signs != ("=",) and part.signs != ("==",) for part in before):
        return False
    if not isinstance(tree, Relation) or not set(tree.signs) <= _ORDERED:
        return False
    return any(symbols(tree) & symbols(part) for part in before) or tree.signs == ("in",)


def named_set(text: str) -> Tree | None:
    """Return the set of numbers that words name (`all positive real numbers`), None for anything else."""
    words = " ".join(text.lower().replace("-", "").split())
    if words in REALS:
        return Name("mathbb R")
    if " " in words and (said := said_of(Words("it"), words)) is not None and isinstance(said, Modulo):
        return said
    bare = words.removeprefix("all ").removeprefix("the ").removeprefix("set of ").removeprefix("all ")
    if bare in _WHOLE_SETS:
        return Name(_WHOLE_SETS[bare])
    for kind, interval in _HALVES.items():
        if words in (
            f"all {kind} real numbers",
            f"all {kind} reals",
            f"{kind} real numbers",
            f"the {kind} real numbers",
        ):
            return interval
    return None


def said_of(name: Tree, words: str) -> Tree | None:
    """Return what words say of a number: that it is an integer, or which remainder it leaves; None for others."""
    plain = words.lower().removeprefix("all ").removeprefix("the ").removeprefix("any ").removeprefix("an ")
    plain = plain.removeprefix("a ")
    if plain in _WHOLE_SETS or f"{plain}s" in _WHOLE_SETS:
        return Relation(("in",), (name, Name(_WHOLE_SETS.get(plain) or _WHOLE_SETS[f"{plain}s"])))
    parity, _, noun = plain.partition(" ")
    if parity in _PARITIES and noun in ("", "integer", "integers", "number", "numbers"):
        return Modulo(Relation(("==",), (name, number(_PARITIES[parity]))), number(2))
    for phrase in ("multiple of ", "multiples of ", "divisible by ", "integer multiples of "):
        if plain.startswith(phrase) and (divisor := plain.removeprefix(phrase)).isdecimal() and len(divisor) < 10:
            return Modulo(Relation(("==",), (name, ZERO)), number(int(divisor)))
    return None


def _all_integers(tree: Listed) -> Tree | None:
    r"""Read `n\\pi, n = 0, \\pm 1, \\pm 2, \\ldots` as a condition on n, None for anything else."""
    if tree.items[-1] != Name("..."):
        return None
    for at, item in enumerate(tree.items[1:], 1):
        before = tree.items[:at]
        match item:
            case Relation(("=",), (Name(name), Number())) if all(name in symbols(part) for part in before):
                return Given(gather(list(before), "list"), (Relation(("in",), (Name(name), Name("mathbb Z"))),))
            case _:
                continue
    return None


def distributed(tree: Listed) -> Tree:
    r"""Give what is written once to all items of a list: `x \\equiv 2, 3 \\pmod 5`, `x \\neq 2, 3`."""
    head, *others = tree.items
    if isinstance(head, Relation) and head.signs == ("!=",) and not any(isinstance(part, Relation) for part in others):
        return Listed(tuple(Relation(head.signs, (head.sides[0], value)) for value in (head.sides[1], *others)))
    *before, last = tree.items
    if not isinstance(last, Modulo) or any(isinstance(part, Relation | Modulo) for part in (*before[1:], last.inner)):
        return tree
    residues = [*before[1:], last.inner]
    if isinstance(head, Relation) and head.signs == ("==",):
        inner = [Relation(head.signs, (head.sides[0], value)) for value in (head.sides[1], *residues)]
        return Listed(tuple(Modulo(part, last.modulus) for part in inner))
    if isinstance(head, Relation | Modulo):
        return tree
    return Listed(tuple(Modulo(part, last.modulus) for part in (head, *residues)))


def compound(first: Tree, second: Tree) -> Tree:
    """Add a quantity in a smaller unit of the same kind (`2 hours 30 minutes`).

    Raises:
        UnreadableError: if the two do not measure the same thing.
    """
    if isinstance(first, Quantity) and isinstance(second, Quantity):
        one, other = read_unit(first.unit), read_unit(second.unit)
        if one.dims == other.dims and one.factor > other.factor:
            return Quantity(total(first.value, product(second.value, number(other.factor / one.factor))), first.unit)
    raise UnreadableError("two numbers with units stand side by side")


def counted(text: str) -> Tree | None:
    """Read a number word with a unit behind it (`forty-two apples`)."""
    words = text.split()
    for cut in range(len(words) - 1, 0, -1):
        value = read_numeral(" ".join(words[:cut]))
        if value is not None and words[cut].lower() not in NOT_UNITS | {"and", "or"}:
            rest = " ".join(words[cut:])
            return Percent(number(value)) if rest.lower() == "percent" else Quantity(number(value), rest)
    return None


def plain_fraction(tree: Tree) -> tuple[Fraction, Fraction]:
    """Return top and bottom of a fraction of two numbers, zeros for anything else."""
    match tree:
        case Product((Number(top), Power(Number(bottom), exponent))) if exponent == MINUS_ONE:
            return top, bottom
        case _:
            return Fraction(0), Fraction(0)


def based(digits: str, base: str) -> Tree:
    """Read a numeral in a base from 2 to 36 (`204_5`, `204_{(5)}`)."""
    base = base.strip("()")
    if not base.isdecimal() or not 2 <= int(base[:3]) <= 36 or not digits.isdecimal():
        raise UnreadableError(f"{base!r} is not the base of a number")
    try:
        return number(int(digits, int(base)))
    except ValueError as error:
        raise UnreadableError(f"{digits} is no number in base {base}") from error


def repeating(token: Token, period: str) -> Tree:
    r"""Read a repeating decimal (`0.1\\overline{6}`)."""
    if not period.isdecimal() or len(period) > 200:
        raise UnreadableError("the period of a decimal is not made of digits")
    shift = Fraction(1, 10 ** (token.places or 0))
    return number(token.value + shift * Fraction(int(period), 10 ** len(period) - 1))


def ellipsis(token: Token) -> Tree:
    """Read a decimal that goes on as it began (`0.333...`, `0.1666...`, `0.142857142857...`)."""
    decimals = token.text.partition(".")[2]
    for length in range(1, len(decimals) // 2 + 1):
        period = decimals[-length:]
        times = 3 if length == 1 else 2
        if decimals.endswith(period * times):
            return repeating(token, period)
    raise UnreadableError("a decimal breaks off and shows no period")


def derivative(top: str, bottom: str) -> Tree:
    """Return the derivative of one name by another; one by time is the dotted or primed name."""
    return Name(f"{top}'" if bottom == "t" else f"d{top}/d{bottom}")


def primed(name: str) -> str:
    """Return a name with one prime more, which belongs to the letter and not to its subscript."""
    letter, low, subscript = name.partition("_")
    return f"{letter}'{low}{subscript}"


def decorated(tree: Tree, mark: str) -> Tree:
    r"""Put a mark on a name; a mark on a vector is only a way to write it, and a dot is a prime.

    A mark belongs to the letter and not to its subscript: `\\dot x_0` is `\\dot{x}_0`.
    """
    if mark in ("vec", "hat") and isinstance(tree, Name) and tree.name in _UNIT_VECTORS:
        return Name(_UNIT_VECTORS[tree.name])
    if mark == "vec" or (mark == "hat" and isinstance(tree, Name) and tree.name.startswith("hat ")):
        return tree
    mark = {"dot": "'", "ddot": "''", "overline": "bar"}.get(mark, mark)
    if isinstance(tree, Name):
        letter, low, subscript = tree.name.partition("_")
        return Name(f"{letter}{mark}{low}{subscript}" if mark.startswith("'") else f"{mark} {tree.name}")
    if isinstance(tree, Applied):
        return Applied(f"{tree.function}{mark}", tree.args)
    # A bar over an expression is its conjugate; over a name it may be a mean or a segment.
    return Call("conj", (tree,)) if mark == "bar" else Applied(mark, (tree,))


def call(name: str, args: tuple[Tree, ...], exponent: Tree | None, base: Tree | None, root: Tree | None) -> Tree:
    """Build the call of a function; roots, `exp`, inverses and powers become what they mean."""
    if (
        exponent == MINUS_ONE
        and not name.startswith("arc")
        and name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh")
    ):
        name, exponent = f"arc{name}", None
    if name == "lg":
        name, base = "log", base or number(10)
    node: Tree = Call(name, (*args, *((base,) if base else ())))
    if len(args) == 1:
        if name in ("sqrt", "cbrt"):
            node = Power(args[0], HALF if name == "sqrt" and root is None else Power(root or number(3), MINUS_ONE))
        elif name == "exp":
            node = Power(Name("e"), args[0])
        elif name == "cis":
            node = Power(Name("e"), product(Name("i"), args[0]))
    return Power(node, exponent) if exponent else node


def reindexed(tree: Tree) -> Tree:
    """Rename the index i of a sum, which is not the imaginary unit."""
    return Name("i index") if tree == Name("i") else tree.mapped(reindexed)


def integrand(tree: Tree) -> tuple[Tree, Tree | None, Tree | None]:
    """Split `f(x) d x + c` into the integrand, its variable, and what is added behind."""
    terms = list(tree.terms) if isinstance(tree, Sum) else [tree]
    for at, term in enumerate(terms):
        factors = list(term.factors) if isinstance(term, Product) else [term]
        for place, factor in enumerate(factors[:-1]):
            if factor == Name("d") and isinstance(factors[place + 1], Name):
                rest = factors[:place] + factors[place + 2 :]
                inside = total(*terms[:at], product(*(rest or [number(1)])))
                after = total(*terms[at + 1 :]) if terms[at + 1 :] else None
                return inside, factors[place + 1], after
    return tree, None, None

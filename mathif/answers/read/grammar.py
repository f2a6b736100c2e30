r"""From the tokens of an answer to its tree, by recursive descent.

The grammar, loosest binding first: a list (`;`, `,`, `and`, `or`) of items with the conditions behind them (`for
n \ge 1`), each a relation (`=`, `<`, `\in`, …) between sets (`\cup`, `\cap`, `\setminus`) of ratios (`:`) of
sums (`+`, `-`, `\pm`) of products (`*`, `/`, side by side) of powers (`^`, `!`, `%`, `^\circ`) of atoms. What stands
behind a complete item in words is its unit.
"""

from __future__ import annotations

from fractions import Fraction

from mathif.answers.read.atoms import INFINITIES, Atoms
from mathif.answers.read.commands import FUNCTIONS
from mathif.answers.read.cursor import INFIX
from mathif.answers.read.lex import Token, tokenize
from mathif.answers.read.numerals import NUMBER_WORDS, SCALES, read_numeral
from mathif.answers.read.shapes import (
    compound,
    conditioned,
    counted,
    gather,
    named_set,
    plain_fraction,
    said_of,
    without,
)
from mathif.answers.tree import (
    Call,
    Given,
    Intersection,
    Modulo,
    Name,
    Number,
    Percent,
    PlusMinus,
    Quantity,
    Ratio,
    Relation,
    Tree,
    Union,
    UnreadableError,
    Without,
    Words,
    divided,
    negative,
    number,
    product,
    total,
)
from mathif.answers.units import NOT_UNITS

_RELATIONS = {"=", "<", ">", "<=", ">=", "!=", "~=", "==", "in", "notin", "=>", "subset", "~", "<=>", "->"}
_CONDITION_SIGNS = {"<", ">", "<=", ">=", "!=", "in", "notin", "->"}
_CONDITION_WORDS = {
    "for", "where", "with", "if", "when", "whenever", "as", "since", "because", "assuming", "provided", "such", "given",
    "forall", "on", "over", "unless",
}  # fmt: skip
_APPROXIMATELY = {"approximately", "about", "roughly", "approx", "circa", "nearly"}
_FOLLOWED_BY_A_NAME = {"=", "_", "^", "*", "+", "/", "~=", "<", ">", "<=", ">=", "in", "'"}
_SET_WORDS = {"union": "cup", "intersection": "cap", "intersect": "cap", "intersected": "cap"}
_IS = {"is", "are", "be"}
_EVERY = {"all", "every", "any", "each"}
_PERCENT = {"percent", "pct", "percentage", "per cent"}
_FAR = 60


def parse(text: str, commas: str = "group", *, letters: bool = False) -> Tree:
    """Read an answer.

    Args:
        text: the answer in plain spelling (`glyphs.plain`).
        commas: what a tight comma between digits means, see `lex.tokenize`.
        letters: whether letters right behind a number are variables even where they spell a unit (`2mg`).

    Returns:
        Its tree.

    Raises:
        UnreadableError: if the text is in no known notation.
        TooLargeError: if it is larger or nested deeper than an answer is.
    """
    return read_tokens(tokenize(text, commas, letters=letters))


def read_tokens(tokens: list[Token]) -> Tree:
    """Read an answer that was cut into tokens; raises as `parse`."""
    while tokens and tokens[-1].text in (".", ",", ";", "!", ":", "\\\\") and tokens[-1].kind == "op":
        if tokens[-1].text == "!" and len(tokens) > 1:
            break
        tokens.pop()
    if not tokens:
        raise UnreadableError("the answer is empty")
    reader = _Grammar(tokens)
    tree = reader.items(stop=frozenset())
    if reader.at < len(tokens):
        raise UnreadableError(f"{tokens[reader.at].text!r} stands where nothing was expected")
    return conditioned(tree)


class _Grammar(Atoms):
    """The loose half of the grammar."""

    def items(self, stop: frozenset[str], kind: str = "list") -> Tree:
        """Read items up to a closing sign; one item alone is itself."""
        parts, rows = self.parts(stop)
        node = gather([gather(row, kind) for row in (*rows, parts) if row] if rows else parts, kind)
        if not self.sees(*INFIX):
            return node
        sign, other = self.next().text, self.items(stop, kind)
        return divided(node, other) if sign == "over" else Call("binom", (node, other))

    def parts(self, stop: frozenset[str]) -> tuple[list[Tree], list[list[Tree]]]:
        """Read items up to a closing sign: those behind the last semicolon, and before them those of each row."""
        self.deeper()
        trees: list[Tree] = []
        rows: list[list[Tree]] = []
        while True:
            while self.separator():
                if self.next().text == ";" and trees:
                    rows.append(trees)
                    trees = []
            if self.finished(stop):
                break
            if trees and self._approximately():
                trees[-1] = Relation(("~=",), (trees[-1], self.item()))
            elif trees and self._condition_ahead():
                self.next()
                trees[-1] = Given(trees[-1], (self.condition(),))
            else:
                trees.append(self.item())
            if not self.separator() and not self.finished(stop):
                raise UnreadableError(f"{self.peek().text!r} stands where a separator was expected")
        self.depth -= 1
        if not trees and not rows:
            raise UnreadableError("an item is empty")
        return trees, rows

    def _approximately(self) -> bool:
        """Move over a word or sign that says that an approximation of the item before follows."""
        token = self.peek()
        if self.sees("~=") or (token.kind == "word" and token.text.lower() in _APPROXIMATELY):
            self.next()
            return True
        return False

    def item(self) -> Tree:
        """Read one relation, or words, with the conditions behind it."""
        if self._condition_ahead():
            self._skip_words()
        elif self._every_ahead():
            while self.peek().kind == "word":
                self.next()
        elif self._words_ahead():
            return self._text()
        tree = self._relation()
        conditions: list[Tree] = []
        while True:
            if self._aside():
                tree = self._with_aside(tree, conditions)
            elif self._condition_ahead():
                self.next()
                conditions.append(self.condition())
            else:
                break
        return Given(tree, tuple(conditions)) if conditions else tree

    def _every_ahead(self) -> bool:
        r"""Say whether a relation follows for all numbers that meet it (`all real x \le 3`)."""
        if self.peek().kind != "word" or self.peek().text.lower() not in _EVERY:
            return False
        ahead = next(at for at in range(len(self.tokens) + 1) if self.peek(at).kind != "word")
        return self.peek(ahead).kind == "let" and self.peek(ahead + 1).text in _CONDITION_SIGNS

    def _relation(self) -> Tree:
        sides = [self.sets()]
        signs: list[str] = []
        while self.sees(*_RELATIONS):
            signs.append(self.next().text)
            if self.peek().kind == "word" and self.peek().text.lower() in _APPROXIMATELY:
                self.next()
            sides.append(self.sets() if not self._words_ahead() else self._text())
        tree = sides[0] if not signs else Relation(tuple(signs), tuple(sides))
        if isinstance(tree, Name) and self._is_ahead():
            tree = self._predicate(tree)
        if self.sees("mod") or self._modulus_ahead():
            opened = self.sees("(")
            self.at += 2 if opened else 1
            tree = Modulo(tree, self.sum())
            if opened:
                self.expect(")")
        return tree

    def _is_ahead(self) -> bool:
        return self.peek().kind == "word" and self.peek().text.lower() in _IS

    def _predicate(self, name: Name) -> Tree:
        """Read what is said of a letter in words: `n is an integer`, `n is odd`, `n is a multiple of 6`."""
        self.next()
        if self.peek().kind != "word":
            return Relation(("=",), (name, self.sets()))
        words: list[str] = []
        while self.peek().kind == "word" or (words and self.peek().kind == "num"):
            words.append(self.next().text)
        return said_of(name, " ".join(words)) or Words(f"{name.name} is {' '.join(words)}")

    def _modulus_ahead(self) -> bool:
        return self.sees("(") and self.peek(1).text == "mod" and self.peek(1).kind in ("op", "word")

    # --- conditions and remarks behind an answer

    def _condition_ahead(self) -> bool:
        token = self.peek()
        said = self.sees("forall") or (token.kind == "word" and token.text.lower() in _CONDITION_WORDS)
        return said and len(self.tokens) > 1

    def _skip_words(self) -> None:
        while self.peek().kind == "word" or self.sees("forall"):
            self.next()

    def condition(self) -> Tree:
        r"""Read a condition: relations where it holds some (`all n \\ge 1`), else words."""
        start = self.at
        try:
            self._skip_words()
            if self.finished(frozenset()):
                raise UnreadableError("the condition holds no relation")
            relation = self._relation()
            if not self.finished(frozenset()) and not self.separator():
                self._skip_words()
            if self.finished(frozenset()) or self.separator():
                return relation
        except UnreadableError:
            pass
        self.at = start
        return Words(" ".join(self._rest()))

    def _rest(self) -> list[str]:
        """Move over all tokens up to what closes here."""
        parts: list[str] = []
        level = 0
        while self.peek().kind != "end" and (level or not self.closes()):
            token = self.next()
            level += (token.text in ("{", "(")) - (token.text in ("}", ")"))
            parts.append(token.text)
        return parts

    def _aside(self) -> bool:
        r"""Say whether brackets hold a remark: a condition (`(x>0)`, `(since …)`) or an approximation (`(≈ 3.46)`)."""
        if not self.sees("("):
            return False
        first = self.peek(1)
        if first.text == "~=" or first.text == "forall":
            return True
        if first.kind == "word":
            return first.text.lower() not in FUNCTIONS | {"pi", *INFINITIES}
        if first.text == "or" and first.kind == "op":
            return True
        if first.kind == "let" and self.peek(2).kind == "word" and self.peek(2).text.lower() in _IS:
            return True
        return self._relation_in_brackets(first)

    def _relation_in_brackets(self, first: Token) -> bool:
        """Say whether the brackets that open here hold a relation and not a group or a point."""
        level = 0
        for ahead in range(1, _FAR):
            token = self.peek(ahead)
            if token.kind == "end" or (token.text in (",", ")") and token.kind == "op" and level == 0):
                return False
            if token.kind == "op":
                level += (token.text in ("(", "{", "[")) - (token.text in (")", "}", "]"))
                if level == 0 and token.text in _CONDITION_SIGNS:
                    return True
                if level == 0 and token.text == "=" and self.peek().spaced:
                    return first.kind == "let"
        return False

    def _with_aside(self, tree: Tree, conditions: list[Tree]) -> Tree:
        """Read a remark in brackets: an approximation goes into the tree, a condition to the conditions."""
        self.next()
        also = self.peek().text.lower() in ("or", "i.e", "ie", "namely")
        if also:
            self.next()
        if self._approximately():
            tree = Relation(("~=",), (tree, self.item()))
        elif self._condition_ahead():
            self.next()
            conditions.append(self.condition())
        elif also or (self.peek().kind == "word" and self.peek().text.lower() in NUMBER_WORDS):
            other = self.item()
            tree = tree if other == tree else Relation(("=",), (tree, other))
        elif self.peek().kind == "word":
            conditions.append(Words(" ".join(self._rest())))
        else:
            parts, rows = self.parts(frozenset({")"}))
            conditions.extend(part for row in (*rows, parts) for part in row)
        self.expect(")")
        return tree

    # --- words

    def _words_ahead(self) -> bool:
        token = self.peek()
        return token.kind == "word" and token.text.lower() not in FUNCTIONS and token.text.lower() not in (
            "pi", "e", *INFINITIES, "$", "€", "£", "₹", "percent") and not self._named_value()  # fmt: skip

    def _named_value(self) -> bool:
        """A longer name before a relation sign (`Answer = 5`, `area: 5`) or a bracket is a variable."""
        ahead = self.peek(1)
        return ahead.kind == "op" and ahead.text in _FOLLOWED_BY_A_NAME

    def _text(self) -> Tree:
        words: list[str] = []
        while not (self.finished(frozenset()) or self.separator() or self.sees(*_RELATIONS)):
            token = self.next()
            words.append(("" if not token.spaced or not words else " ") + token.text)
        text = "".join(words).strip()
        if not text:
            raise UnreadableError("an item is empty")
        value = read_numeral(text)
        if value is not None:
            return number(value)
        return named_set(text) or counted(text) or Words(text)

    # --- sets, ratios, sums

    def sets(self) -> Tree:
        node = self.ratio()
        while self.sees("cup", "cap", "setminus") or self._set_word_ahead():
            sign = self.next().text
            sign = _SET_WORDS.get(sign.lower(), sign)
            if self.peek().kind == "word" and self.peek().text.lower() == "with":
                self.next()
            other = self.ratio()
            if sign == "cup":
                node = Union((*node.parts, other) if isinstance(node, Union) else (node, other))
            else:
                node = Intersection(node, other) if sign == "cap" else Without(node, other)
        return node

    def _set_word_ahead(self) -> bool:
        return self.at > 0 and self.peek().kind == "word" and self.peek().text.lower() in _SET_WORDS

    def ratio(self) -> Tree:
        start = self.at
        parts = [self.quantity()]
        while self.sees(":"):
            self.next()
            parts.append(self.quantity())
        if len(parts) == 1:
            return parts[0]
        numerals = self.tokens[start : start + 2 * len(parts) - 1 : 2]
        plain = all(token.kind == "num" and token.text.isdecimal() for token in numerals)
        digits = tuple(token.text for token in numerals) if plain else ()
        last = parts[-1]
        if isinstance(last, Quantity):
            return Quantity(Ratio((*parts[:-1], last.value), digits), last.unit)
        return Ratio(tuple(parts), digits)

    def quantity(self) -> Tree:
        """Read a sum with the unit behind it, or a currency before it."""
        prefix = self.next().text if self.peek().kind == "word" and self.peek().text in "$€£₹" else ""
        node = self.sum()
        unit = self._unit()
        if unit.strip().lower() in _PERCENT:
            return Percent(node)
        scale, _, counted_unit = unit.partition(" ")
        if size := 100 if scale.lower() == "hundred" else SCALES.get(scale.lower(), 0):
            node, unit = product(node, number(size)), counted_unit
        shown = f"{prefix} {unit}".strip() if prefix and unit and unit not in ("$",) else prefix or unit
        if not shown:
            return node
        whole = Quantity(node, shown)
        if not prefix and self.peek().kind == "num":
            return compound(whole, self.quantity())
        return whole

    def _unit(self) -> str:
        if self.peek().kind != "word" or self.separator() or self._condition_ahead():
            return ""
        if self._set_word_ahead() or self._is_ahead():
            return ""
        parts: list[str] = []
        level = 0
        while self.peek().kind != "end" and not self.separator() and not self.sees(*_RELATIONS, "+-", ":"):
            if level == 0 and (self.closes() or self._ends_unit(parts)):
                break
            token = self.next()
            level += (token.text in ("{", "(")) - (token.text in ("}", ")"))
            counts = token.kind == "num" and self.tokens[self.at - 2].text not in ("^", "-", "{", "(")
            if token.text.lower() in NOT_UNITS or len(parts) > 40 or counts:
                raise UnreadableError(f"{token.text!r} is not part of a unit")
            parts.append(token.text)
        return " ".join(part for part in parts if part not in (".", "{", "}", "(", ")")).replace("- ", "-")

    def _ends_unit(self, parts: list[str]) -> bool:
        """Say whether a condition, a remark or the number of a smaller unit (`2 hours 30 minutes`) follows."""
        if not parts:
            return False
        smaller = self.peek().kind == "num" and parts[-1].isalpha() and self.peek(1).kind == "word"
        return smaller or self._condition_ahead() or self._aside()

    def sum(self) -> Tree:
        """Read a sum; a leading `±` counts as a sign."""
        terms = [self._signed_term()]
        while self.sees("+", "-", "+-", "-+"):
            terms.append(self._signed_term())
        return without(terms) or total(*terms)

    def _signed_term(self) -> Tree:
        minus = False
        spread = ""
        while self.sees("+", "-", "+-", "-+"):
            sign = self.next().text
            minus ^= sign == "-"
            spread = sign if sign in ("+-", "-+") else spread
        term = self.term()
        if minus:
            term = negative(term)
        return PlusMinus(term, spread == "-+") if spread else term

    # --- products

    def term(self) -> Tree:
        self.deeper()
        node = self.power()
        while True:
            if self.sees("*", "/"):
                sign = self.next().text
                other = self._signed_factor()
                node = product(node, other) if sign == "*" else divided(node, other)
            elif self.begins_factor():
                node = self.beside(node)
            else:
                break
        self.depth -= 1
        return node

    def _signed_factor(self) -> Tree:
        minus = False
        while self.sees("-", "+"):
            minus ^= self.next().text == "-"
        node = self.power()
        return negative(node) if minus else node

    def begins_factor(self) -> bool:
        token = self.peek()
        if token.kind in ("let", "num"):
            return True
        if token.kind == "word" and token.text.lower() in ("min", "sec") and self.peek(1).text not in ("(", "{", "^"):
            return False
        if token.kind == "word":
            return token.text.lower() in FUNCTIONS or token.text.lower() in ("pi", *INFINITIES)
        if token.kind == "cmd":
            return not token.text.startswith("end") and token.text not in ("rfloor", "rceil", "circ", "forall", *INFIX)
        if token.text == "|":
            return self.bars == 0
        if token.text == "(":
            return not self._aside() and not self._modulus_ahead()
        return token.text in ("[", "{", "\\{", "langle", "...")

    def beside(self, node: Tree) -> Tree:
        """Read what stands side by side with `node`: a mixed number, a unit fraction or a factor."""
        before = self.tokens[self.at - 1]
        token = self.peek()
        if before.kind == "num" and before.places is None and (mixed := self._mixed(before)):
            return mixed if isinstance(node, Number) else product(node, mixed)
        if token.kind == "num" and before.kind == "num":
            raise UnreadableError(f"the numbers {before.text!r} and {token.text!r} stand side by side")
        return product(node, self.power())

    def _mixed(self, whole: Token) -> Tree | None:
        r"""Read the fraction of a mixed number (`2\\frac{1}{3}`, `2 1/3`)."""
        start = self.at
        if self.peek().kind == "num" and self.peek(1).text == "/" and self.peek(2).kind == "num" and self.peek().spaced:
            top, bottom = self.peek().value, self.peek(2).value
            self.at += 3
        elif self.sees("frac"):
            part = self.atom()
            top, bottom = (Fraction(0), Fraction(0)) if self.sees("^") else plain_fraction(part)
        else:
            return None
        if 0 < top < bottom and top.denominator == bottom.denominator == 1:
            return self.postfixed(number(whole.value + top / bottom))
        self.at = start
        return None

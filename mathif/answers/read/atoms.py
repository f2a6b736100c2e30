r"""The tight half of the grammar: powers, postfixes, brackets, numbers, letters, and commands with their arguments.

A room of its own because `parse` holds the loose half, what stands between atoms.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction

from mathif.answers.read.commands import FUNCTIONS
from mathif.answers.read.cursor import Cursor
from mathif.answers.read.lex import Token
from mathif.answers.read.numerals import NUMBER_WORDS, read_numeral
from mathif.answers.read.shapes import (
    based,
    bracketed,
    call,
    decorated,
    derivative,
    ellipsis,
    gather,
    integrand,
    narrowed,
    primed,
    reindexed,
    repeating,
)
from mathif.answers.tree import (
    CONSTANTS,
    Applied,
    Big,
    Call,
    Cases,
    Degrees,
    Given,
    Infinity,
    Listed,
    Matrix,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Quantity,
    Relation,
    SetOf,
    Tree,
    UnreadableError,
    divided,
    negative,
    number,
    total,
)

INFINITIES = {"infty": "inf", "inf": "inf", "infinity": "inf"}
_MATRICES = {"matrix", "pmatrix", "bmatrix", "vmatrix", "smallmatrix", "array", "psmallmatrix", "bsmallmatrix"}
_PASSIVE = {"aligned", "align", "split", "gathered", "equation", "gather", "cases", "dcases", "rcases"}
_DECORATIONS = {"bar", "vec", "hat", "tilde", "dot", "ddot", "overline"}
_ALWAYS_FUNCTIONS = {"f", "g", "h", "F", "G", "H"}
_GREEK_FUNCTIONS = {"Gamma", "zeta"}
_PROBABILITIES = {"P", "E", "Pr", "Var"}
_RELATIONS = {"=", "<", ">", "<=", ">=", "!=", "in", "|"}


class Atoms(Cursor, ABC):
    """The readers of single values; the loose half of the grammar is still to be given."""

    @abstractmethod
    def items(self, stop: frozenset[str], kind: str = "list") -> Tree:
        """Read items up to a closing sign; one item alone is itself."""

    @abstractmethod
    def parts(self, stop: frozenset[str]) -> tuple[list[Tree], list[list[Tree]]]:
        """Read items up to a closing sign: those behind the last semicolon, and before them those of each row."""

    @abstractmethod
    def item(self) -> Tree:
        """Read one item of a list."""

    @abstractmethod
    def condition(self) -> Tree:
        """Read what is said of the variables of an answer."""

    @abstractmethod
    def sum(self) -> Tree:
        """Read a sum."""

    @abstractmethod
    def term(self) -> Tree:
        """Read a product."""

    @abstractmethod
    def begins_factor(self) -> bool:
        """Say whether another factor stands side by side with what was read."""

    @abstractmethod
    def beside(self, node: Tree) -> Tree:
        """Read the factor that stands side by side with `node`."""

    # --- powers and postfixes

    def power(self) -> Tree:
        """Read an atom with everything that hangs on it: exponents, `!`, `%`, `°`, primes."""
        return self.postfixed(self.atom())

    def postfixed(self, node: Tree) -> Tree:
        """Read what hangs on a value that was read."""
        while True:
            token = self.peek()
            if token.kind == "cmd" and token.text == "circ":
                self.next()
                node = self._degrees(node)
            elif token.kind != "op":
                return node
            elif token.text == "^":
                self.next()
                node = self._raised(node)
            elif token.text == "!":
                self.next()
                node = Call("factorial", (node,)) if not self._doubled() else Call("factorial2", (node,))
            elif token.text == "%":
                self.next()
                node = Percent(node)
            elif token.text == "'":
                self.next()
                node = decorated(node, "'")
            elif token.text == "_" and isinstance(node, Name):
                self.next()
                node = Name(f"{node.name}_{self._subscript()}")
            elif token.text == "_" and self.tokens[self.at - 1].text == ")" and self.tokens[self.at - 2].kind == "num":
                self.next()
                node = based(self.tokens[self.at - 3].text, self._subscript())
            else:
                return node

    def _doubled(self) -> bool:
        """Move over the second sign of a double factorial."""
        if self.sees("!") and not self.peek().spaced:
            self.next()
            return True
        return False

    def _degrees(self, node: Tree) -> Tree:
        scale = self.peek()
        if scale.text in ("C", "F", "K") and scale.kind in ("let", "word"):
            self.next()
            return Quantity(node, {"C": "celsius", "F": "fahrenheit", "K": "kelvin"}[scale.text])
        return Degrees(node)

    def _raised(self, base: Tree) -> Tree:
        if self.sees("'") or (self.sees("{") and self.peek(1).text == "'"):
            primes = self._primes()
            for _ in range(primes):
                base = decorated(base, "'")
            return base
        if self.sees("+", "-") and (self.peek(1).kind == "end" or self.peek(1).text == "}"):
            # The side from which a limit comes, `0^+`: a number keeps it nowhere.
            mark = self.next().text
            return base if isinstance(base, Number) else decorated(base, mark)
        raised = self.peek(self.sees("{"))
        if raised.text == "circ" or (raised.text == "o" and isinstance(base, Number)):
            self._subscript()
            return self._degrees(base)
        if self.sees("{") and self.peek(1).text in ("*", "+", "-", "dagger", "star") and self.peek(2).text == "}":
            mark = self.peek(1).text
            self.at += 3
            return decorated(base, mark)
        return Power(base, self._script())

    def _primes(self) -> int:
        count = 0
        while self.sees("'", "{", "}"):
            count += self.next().text == "'"
            if self.tokens[self.at - 1].text == "}":
                break
        return count

    def _script(self) -> Tree:
        """Read an exponent: a group, a signed number or letter, or a command with its arguments."""
        if self.sees("{"):
            return self._group()
        self.deeper()
        minus = False
        while self.sees("-", "+"):
            minus ^= self.next().text == "-"
        node = self.atom()
        if self.sees("^"):
            self.next()
            node = self._raised(node)
        self.depth -= 1
        return negative(node) if minus else node

    def _group(self) -> Tree:
        self.expect("{")
        bars, self.bars = self.bars, 0
        node = self.items(frozenset({"}"}))
        self.bars = bars
        if self.peek().kind != "end":
            self.expect("}")
        return node

    # --- atoms

    def atom(self) -> Tree:
        """Read a single value."""
        token = self.next()
        if token.kind == "num":
            return self._number(token)
        if token.kind == "let":
            return self._letter(token.text)
        if token.kind == "word":
            return self._word(token)
        if token.kind == "cmd":
            return self._command(token.text)
        if token.kind == "op":
            return self._bracketed(token.text)
        raise UnreadableError("the answer ends where a value was expected")

    def _number(self, token: Token) -> Tree:
        if self.sees("_"):
            self.next()
            return based(token.text, self._subscript())
        if "." in token.text and (period := self._period()):
            return repeating(token, period)
        if self.sees("...") and token.places:
            self.next()
            return ellipsis(token)
        return Number(token.value, token.places)

    def _period(self) -> str:
        r"""Read the period of a decimal (`0.\\overline{3}`, `0.\\dot{1}4\\dot{2}`, `0.(3)`), if one is marked."""
        if self.sees("(") and not self.peek().spaced and self.peek(1).text.isdecimal() and self.peek(2).text == ")":
            self.at += 3
            return self.tokens[self.at - 2].text
        if not self.sees("overline", "bar", "dot"):
            return ""
        dotted, digits = self.next().text == "dot", self._digits()
        between = self.peek().text if self.peek().text.isdecimal() else ""
        if dotted and self.peek(bool(between)).text == "dot":
            self.at += bool(between) + 1
            digits += between + self._digits()
        return digits

    def _digits(self) -> str:
        if self.sees("{"):
            self.next()
            digits = self.next().text
            self.expect("}")
            return digits
        return self.next().text

    def _subscript(self) -> str:
        """Read a subscript as the text it is."""
        if not self.sees("{"):
            return self.next().text
        level, parts = 0, []
        while self.peek().kind != "end":
            token = self.next()
            level += (token.text == "{") - (token.text == "}")
            if level == 0:
                break
            parts.append(token.text)
        return "".join(parts[1:])

    def _letter(self, name: str) -> Tree:
        if name in ("sum", "prod"):
            return self._command(name)
        if (
            name == "d"
            and self.peek().kind == self.peek(3).kind == "let"
            and self.peek(1).text == "/"
            and self.peek(2).text == "d"
        ):
            top, bottom = self.peek().text, self.peek(3).text
            self.at += 4
            return derivative(top, bottom)
        if self.sees("_"):
            self.next()
            name = f"{name}_{self._subscript()}"
        while self.sees("'"):
            self.next()
            name = primed(name)
        if (self.sees("^") and self.peek(1).text in ("'",)) or (
            self.sees("^") and self.peek(1).text == "{" and self.peek(2).text == "'"
        ):
            self.next()
            for _ in range(self._primes()):
                name = primed(name)
        if name in _ALWAYS_FUNCTIONS and self._inverted():
            name += "^-1"
        return self._applied(name)

    def _inverted(self) -> bool:
        """Move over the exponent of an inverse function (`f^{-1}(x)`)."""
        texts = [self.peek(ahead).text for ahead in range(6)]
        if texts != ["^", "{", "-", "1", "}", "("]:
            return False
        self.at += 5
        return True

    def _applied(self, name: str) -> Tree:
        """Read `f(x)`: a name before a bracket is a function if it is a usual one or holds a lone name or number."""
        symbol = Name(name)
        if not self.sees("("):
            return symbol
        inside = self.peek(1)
        plain = inside.kind in ("let", "num") and self.peek(2).text == ")" and name not in CONSTANTS
        event = name in _PROBABILITIES and not self.peek().spaced and self._holds_a_relation()
        if (
            name.rstrip("'").split("_")[0].removesuffix("^-1") not in _ALWAYS_FUNCTIONS | _GREEK_FUNCTIONS
            and not plain
            and not event
        ):
            return symbol
        self.next()
        args = self.items(frozenset({")"}))
        self.expect(")")
        values = args.items if isinstance(args, Listed) else (args,)
        return Call(name.lower(), values) if name in _GREEK_FUNCTIONS else Applied(name, values)

    def _holds_a_relation(self) -> bool:
        """Say whether a relation stands in the brackets that open here (`P(X=2)`, `P(A|B)`)."""
        for ahead in range(1, 20):
            token = self.peek(ahead)
            if token.kind == "end" or (token.kind == "op" and token.text == ")"):
                return False
            if token.kind == "op" and token.text in _RELATIONS:
                return True
        return False

    def _word(self, token: Token) -> Tree:
        name = token.text.lower()
        if name in FUNCTIONS:
            return self._function(name)
        if name in INFINITIES:
            return Infinity()
        if name == "pi":
            return Name("pi")
        if name in NUMBER_WORDS and (value := read_numeral(name)) is not None:
            return number(value)
        return self._letter(token.text)

    def _command(self, name: str) -> Tree:
        if name in FUNCTIONS:
            return self._function(name)
        if name.startswith("begin:"):
            return self._environment(name[6:])
        if name in _DECORATIONS:
            return self._decoration(name)
        if name in ("sum", "prod", "int", "lim"):
            return self._big(name)
        if name in ("lfloor", "lceil"):
            node = self.items(frozenset({"rfloor", "rceil"}))
            closing = self.expect("rfloor", "rceil")
            return Call("floor" if closing == "rfloor" else "ceil", (node,))
        plain: dict[str, Tree] = {"infty": Infinity(), "emptyset": SetOf(), "varnothing": SetOf(), "pi": Name("pi")}
        if name in plain:
            return plain[name]
        return self._shaped(name)

    def _shaped(self, name: str) -> Tree:
        """Read the commands that take arguments of their own."""
        if name == "frac":
            return self._fraction()
        if name == "binom":
            return Call("binom", (self._argument(), self._argument()))
        if name == "mathbb":
            return self._number_set(self._subscript())
        if name in ("Re", "Im"):
            return self._function(name.lower())
        raise UnreadableError(f"the command \\{name} has no meaning in an answer")

    def _number_set(self, letter: str) -> Tree:
        r"""Read a set of numbers with what narrows it down (`\mathbb{R}_{\ge 0}`, `\mathbb{N}^*`)."""
        start = self.at
        marks: list[str] = []
        while self.sees("_", "^"):
            self.next()
            marks.append(self._subscript())
        known = narrowed(letter, "".join(sorted(marks)))
        if known is None:
            self.at = start
            return Name(f"mathbb {letter}")
        return known

    def _argument(self) -> Tree:
        """Read one argument of a command: a group, or a single digit or token."""
        self.deeper()
        try:
            return self._bare_argument()
        finally:
            self.depth -= 1

    def _bare_argument(self) -> Tree:
        if self.sees("{"):
            return self._group()
        token = self.peek()
        if token.kind == "num" and len(token.text) > 1 and token.text.isdecimal():
            rest = token.text[1:]
            self.tokens[self.at] = Token("num", rest, False, Fraction(int(rest)))
            return number(int(token.text[0]))
        if self.sees("-"):
            raise UnreadableError("a sign stands where an argument was expected")
        return self.atom()

    def _fraction(self) -> Tree:
        derivative = self._derivative()
        if derivative is not None:
            return derivative
        top = self._argument()
        return divided(top, self._argument())

    def _derivative(self) -> Tree | None:
        r"""Read `\frac{dM}{dt}` as one name: the letters d do not cancel."""
        texts = [self.peek(ahead).text for ahead in range(10)]
        if texts[0] != "{" or texts[1] not in ("d", "partial") or texts[3:6] != ["}", "{", texts[1]] or texts[7] != "}":
            return None
        self.at += 8
        return derivative(texts[2], texts[6])

    def _function(self, name: str) -> Tree:
        exponent: Tree | None = None
        base: Tree | None = None
        root: Tree | None = None
        if name == "sqrt" and self.sees("["):
            self.next()
            root = self.items(frozenset({"]"}))
            self.expect("]")
        if name == "log" and self.sees("_"):
            self.next()
            base = self._script()
        if self.sees("^"):
            self.next()
            exponent = self._script()
        args = self._function_arguments(name)
        return call(name, args, exponent, base, root)

    def _function_arguments(self, name: str) -> tuple[Tree, ...]:
        self.deeper()
        try:
            if name == "sqrt" and not self.sees("("):
                return (self._bare_argument(),)
            if self.sees("(", "{", "[", "\\{"):
                closing = {"(": ")", "{": "}", "[": "]", "\\{": "\\}"}[self.next().text]
                args = self.items(frozenset({closing}))
                self.expect(closing)
                return args.items if isinstance(args, Listed) else (args,)
            return (self._juxtaposed(),)
        finally:
            self.depth -= 1

    def _juxtaposed(self) -> Tree:
        """Read the argument of a function without brackets: all factors up to a sign or the next function."""
        minus = self.sees("-") and bool(self.next())
        node = self.power()
        while self.begins_factor() and not (
            self.peek().text.lower() in FUNCTIONS and self.peek().kind in ("cmd", "word")
        ):
            if self.sees("(", "[") and not isinstance(node, Number):
                break
            if self.integrals and self.peek().text == "d" and self.peek(1).kind == "let":
                break
            node = self.beside(node)
        return negative(node) if minus else node

    def _decoration(self, name: str) -> Tree:
        inner = self._argument()
        if isinstance(inner, Product) and all(isinstance(part, Name) for part in inner.factors):
            inner = Name("".join(part.name for part in inner.factors if isinstance(part, Name)))
        return decorated(inner, name)

    def _big(self, name: str) -> Tree:
        low = high = variable = None
        while self.sees("_", "^"):
            if self.next().text == "_":
                low = self._end()
            else:
                high = self._end()
        if isinstance(low, Relation) and len(low.sides) == 2:
            variable, low = low.sides
        after: Tree | None = None
        if name == "int":
            self.integrals += 1
            body, variable, after = integrand(self.sum())
            self.integrals -= 1
        else:
            body = self.term()
        if variable == Name("i"):
            variable, body = Name("i index"), reindexed(body)
        assert name in ("sum", "prod", "int", "lim")
        big = Big(name, variable, low, high, body)  # type: ignore[arg-type]
        return big if after is None else total(big, after)

    def _end(self) -> Tree:
        """Read an end of a sum or an integral."""
        minus = self.sees("-") and bool(self.next())
        node = self._argument()
        return negative(node) if minus else node

    def _environment(self, name: str) -> Tree:
        if name in _PASSIVE:
            return self._passive(name)
        if name not in _MATRICES:
            raise UnreadableError(f"the environment {name} has no meaning in an answer")
        rows: list[list[Tree]] = [[]]
        while not self.sees(f"end:{name}"):
            if self.sees("&"):
                self.next()
            elif self.sees("\\\\"):
                self.next()
                rows.append([])
            elif self.peek().kind == "end":
                raise UnreadableError(f"the environment {name} never ends")
            else:
                rows[-1].append(self.item())
        self.next()
        rows = [row for row in rows if row]
        if not rows or len({len(row) for row in rows}) > 1:
            raise UnreadableError("the rows of a matrix differ in length")
        matrix = Matrix(len(rows[0]), tuple(entry for row in rows for entry in row))
        return Call("det", (matrix,)) if name == "vmatrix" else matrix

    def _passive(self, name: str) -> Tree:
        start = self.at
        if name.endswith("cases") and (cases := self._cases(name)) is not None:
            return cases
        self.at = start
        parts: list[Tree] = []
        while not self.sees(f"end:{name}"):
            if self.peek().kind == "end":
                raise UnreadableError(f"the environment {name} never ends")
            if self.sees("&", "\\\\") or self.separator():
                self.next()
            else:
                parts.append(self.item())
        self.next()
        return gather(parts, "list")

    def _cases(self, name: str) -> Tree | None:
        """Read the branches of a function by cases; None where a row has no condition, as in a system of equations."""
        branches: list[Tree] = []
        while not self.sees(f"end:{name}"):
            if self.peek().kind == "end":
                return None
            value = self.item()
            self._skip("&", ",", ";")
            if not isinstance(value, Given):
                if self.sees("\\\\") or self.closes():
                    return None
                value = Given(value, (self.condition(),))
            branches.append(value)
            self._skip("\\\\", ",", ";", ".")
        self.next()
        return Cases(tuple(branches)) if branches else None

    def _skip(self, *signs: str) -> None:
        while self.sees(*signs):
            self.next()

    def _bracketed(self, sign: str) -> Tree:
        if sign == "{":
            self.at -= 1
            return self._group()
        if sign in ("(", "[", "langle", "\\{", "|", "||"):
            self.deeper()
            node = self._inside(sign)
            self.depth -= 1
            return node
        if sign == "...":
            return Name("...")
        raise UnreadableError(f"{sign!r} stands where a value was expected")

    def _inside(self, sign: str) -> Tree:
        if sign in ("|", "||"):
            return self._absolute(sign)
        bars, self.bars = self.bars, 0
        if sign == "\\{" and self.sees("\\}"):
            self.next()
            return SetOf()
        if sign == "\\{" and (bar := self._builder_bar()):
            return self._built(bar)
        start = self.at
        built = sign == "\\{" and self._skip_builder()
        domain = self._domain(start) if built else ()
        found, rows = self.parts(frozenset({")", "]", "rangle", "\\}", "}"}))
        parts = [gather(row, "list") for row in (*rows, found) if row] if rows else found
        self.bars = bars
        closing = self.expect(")", "]") if sign in "([" else self.expect("rangle" if sign == "langle" else "\\}")
        if built:
            return Given(gather(parts, "list"), domain) if domain else gather(parts, "list")
        return bracketed(sign, closing, parts)

    def _builder_bar(self) -> int:
        r"""Return where the bar of a set stands that an expression gives (`\\{2k \\mid k \\in Z\\}`), 0 for others."""
        level = bar = 0
        for at in range(self.at, len(self.tokens)):
            kind, text = self.tokens[at][:2]
            if kind != "op":
                continue
            level += (text in ("{", "(", "[", "\\{")) - (text in ("}", ")", "]", "\\}"))
            if level < 0 or (text == "in" and not bar):
                return 0
            if level == 0 and text in ("|", ":"):
                bar = bar or at
            elif text == "in":
                return bar if bar > self.at + 1 else 0
        return 0

    def _built(self, bar: int) -> Tree:
        head = type(self)(self.tokens[self.at : bar])
        answer = head.items(frozenset())
        if head.at < bar - self.at:
            raise UnreadableError(f"{head.peek().text!r} stands where a bar was expected")
        self.at = bar + 1
        conditions, _ = self.parts(frozenset({"\\}"}))
        self.expect("\\}")
        return Given(answer, tuple(conditions))

    def _skip_builder(self) -> bool:
        r"""Move over the head of a set that is given by its condition (`\{x : x < 5\}`, `\{x \in R \mid x < 5\}`)."""
        if self.peek().kind != "let":
            return False
        for ahead in range(1, 8):
            token = self.peek(ahead)
            if token.kind == "op" and token.text in ("|", ":"):
                self.at += ahead + 1
                return True
            if token.kind == "end" or (token.kind == "op" and token.text not in ("in", "{", "}", "_")):
                return False
        return False

    def _domain(self, start: int) -> tuple[Relation, ...]:
        r"""Return what the head of a set that was moved over says of its letter, where it is an integer by that."""
        match type(self)(self.tokens[start : self.at - 1]).items(frozenset()):
            case Relation(("in",), (Name(), Name("mathbb Z"))) as said:
                return (said,)
            case _:
                return ()

    def _absolute(self, sign: str) -> Tree:
        self.bars += 1
        node = self.sum()
        self.bars -= 1
        self.expect(sign)
        return Call("abs", (node,))

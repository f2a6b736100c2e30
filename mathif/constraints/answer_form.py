r"""Demands on the form of the boxed answer: how its value is written, under which name, in which unit.

They leave what the answer *is* alone: each form is one that the answer grader accepts, and a kind is drawn only for
problems whose gold answer has that form exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import ClassVar, Self

from mathif.answers.read.lex import Token
from mathif.answers.read.numerals import NUMBER_WORDS, read_numeral
from mathif.answers.tree import (
    MINUS_ONE,
    Applied,
    Degrees,
    Name,
    Number,
    Percent,
    Power,
    Product,
    Quantity,
    Relation,
    Tree,
    Words,
    number,
)
from mathif.answers.units import is_unit_name
from mathif.constraints import box
from mathif.constraints.base import Constraint, Example, Group, Target, broken, obeyed, require
from mathif.constraints.numerals import LARGEST, spell
from mathif.constraints.words import view
from mathif.records import Problem, Span, Verdict

_MOST_DIGITS = 12
_LONGEST_NAME = 100
_MOST_UNIT_WORDS = 4


class _ValueForm(Constraint):
    """A form that the value in the last box must have; two forms of one value exclude each other."""

    group: ClassVar[Group] = Group.ANSWER
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    form: ClassVar[str]
    """What the value must be, in a few words."""

    def _fits(self, value: Tree, tokens: tuple[Token, ...]) -> bool:
        """Tell whether a value has the form; `tokens` spell what stands in the box."""
        raise NotImplementedError

    def _write(self, number: Fraction) -> str | None:
        """Return `number` in the form, or None where it has none."""
        raise NotImplementedError

    def holds(self, text: str) -> Verdict:
        span = box.value(text)
        if span is None:
            return box.missing(text)
        reading = box.reading(text)
        if reading is not None and self._fits(_value(reading.tree), reading.tokens):
            return obeyed(span)
        return broken(f"the value in the box is not {self.form}", span)

    def clashes(self, other: Constraint) -> str:
        """Two forms of one value exclude each other."""
        if isinstance(other, _ValueForm) and other != self:
            return "the value in the box has one form"
        return ""

    def comply(self, body: str) -> str:
        span = box.value(body)
        if span is None or self.holds(body).passed:
            return body
        number = box.rational(body[span.start : span.end])
        written = None if number is None else self._write(number)
        return body if written is None else box.replaced(body, span, written)

    def defy(self, body: str) -> str:
        span = box.value(body)
        return body if span is None else box.replaced(body, Span(span.end, span.end), " + 0")


def _value(tree: Tree) -> Tree:
    """Return the value in a box, without the name that it is given and without its unit."""
    if isinstance(tree, Relation) and tree.signs in (("=",), ("~=",)) and _names(tree.sides[0]):
        tree = tree.sides[1]
    while isinstance(tree, Percent | Degrees) or (isinstance(tree, Quantity) and not _counts(tree.unit)):
        tree = tree.value
    return tree


def _names(side: Tree) -> bool:
    """Tell whether the left side of an equation is more than numbers: two numbers are two forms of the value."""
    return any(isinstance(node, Name | Words | Applied) for node in side.walk())


def _counts(unit: str) -> bool:
    """Tell whether a unit has a number word, as the last word of `twenty two one` is taken for one."""
    return not NUMBER_WORDS.isdisjoint(re.findall("[a-z]+", unit.casefold()))


def _factors(value: Tree) -> list[Tree]:
    """Return what a value is a product of, its sign and its unit left out."""
    factors = value.factors if isinstance(value, Product) else (value,)
    inner = [factor.value if isinstance(factor, Percent | Degrees) else factor for factor in factors]
    return [factor for factor in inner if factor != MINUS_ONE and not _is_unit(factor)]


def _is_unit(factor: Tree) -> bool:
    shown = factor.base if isinstance(factor, Power) else factor
    return isinstance(shown, Words) or (isinstance(shown, Name) and (shown.name == "$" or is_unit_name(shown.name)))


def _is_integer(tree: Tree) -> bool:
    return isinstance(tree, Number) and tree.places is None and tree.value.denominator == 1


def _in_digits(tokens: tuple[Token, ...]) -> bool:
    """Tell whether there are numbers in digits, none of them padded with zeros or with an exponent of its own."""
    numbers = [token.text for token in tokens if token.kind == "num"]
    return bool(numbers) and not any(re.match(r"0\d|[^eE]*[eE]", shown) for shown in numbers)


@dataclass(frozen=True, kw_only=True)
class AnswerDecimal(_ValueForm):
    """The answer as a decimal with a given number of places.

    Attributes:
        places: digits after the decimal point.
    """

    kind: ClassVar[str] = "answer:decimal"
    form: ClassVar[str] = "a decimal with the demanded number of places"
    limits: ClassVar[str] = (
        "Only the last box is read, by the answer grader: a name before the value, its unit, thousands in groups and "
        "LaTeX that changes only the look are free. Digits that are not seen count for nothing."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"places": 2}, r"So the sum is $\boxed{42.00}$.", True),
        Example({"places": 1}, r"Hence $\boxed{x = -0.5}$.", True),
        Example({"places": 2}, r"So the sum is $\boxed{42}$, that is 42.00.", False),
        Example({"places": 2}, r"So the sum is $\boxed{42.0}$.", False),
    )

    places: int

    def __post_init__(self) -> None:
        require(1 <= self.places <= 50, "answer:decimal: places", self.places, "1 to 50")

    def wordings(self) -> tuple[str, ...]:
        digits = "1 digit" if self.places == 1 else f"{self.places} digits"
        shown = f"\\boxed{{7.{'0' * self.places}}}"
        return (
            (
                f"Write the number in the answer box as a decimal with exactly {digits} after the decimal point, even "
                f"where they are zeros, as in {shown}."
            ),
            (
                f"In the answer box, give the number as a decimal; exactly {digits} must follow the decimal point, "
                f"zeros included, as in {shown}."
            ),
            (
                f"The answer box must hold a decimal number with {digits} behind the decimal point, no more and no "
                f"fewer, also where they are zeros: {shown}, for instance."
            ),
        )

    def _fits(self, value: Tree, tokens: tuple[Token, ...]) -> bool:
        factors = _factors(value)
        stated = [factor.places for factor in factors if isinstance(factor, Number)]
        return stated == [self.places] and len(factors) == 1 and _in_digits(tokens)

    def _write(self, number: Fraction) -> str | None:
        scaled = number * 10**self.places
        if scaled.denominator != 1:
            return None
        digits = f"{abs(scaled.numerator):0{self.places + 1}d}"
        return f"{'-' if scaled < 0 else ''}{digits[: -self.places]}.{digits[-self.places :]}"

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw places at which the gold answer is exact; never those that it is written with.

        None where the answer is the number that the sentence shows as its example: it would give it away.
        """
        number = box.rational(problem.answer)
        if number is None or number == 7:
            return None
        shown = len(problem.answer.partition(".")[2])
        fitting = [n for n in range(1, 8) if n != shown and (number * 10**n).denominator == 1]
        return cls(places=rng.choice(fitting)) if fitting else None


@dataclass(frozen=True, kw_only=True)
class AnswerFraction(_ValueForm):
    """The answer as one fraction over a given denominator.

    Attributes:
        denominator: at least 2.
    """

    kind: ClassVar[str] = "answer:fraction"
    form: ClassVar[str] = "a fraction over the demanded denominator"
    limits: ClassVar[str] = (
        r"Only the last box is read, by the answer grader: `\frac`, `\dfrac`, `\frac36` and `a/b` are fractions. The "
        "value as a fraction and the same in the demanded form are two fractions, not a single one."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"denominator": 6}, r"In all, $\boxed{\frac{252}{6}}$.", True),
        Example({"denominator": 8}, r"In all, $\boxed{-6/8}$.", True),
        Example({"denominator": 6}, r"In all, $\boxed{42}$.", False),
        Example({"denominator": 8}, r"In all, $\boxed{\frac{3}{4}}$.", False),
    )

    denominator: int

    def __post_init__(self) -> None:
        require(self.denominator >= 2, "answer:fraction: denominator", self.denominator, "2 or more")

    def wordings(self) -> tuple[str, ...]:
        shown = f"\\boxed{{\\frac{{a}}{{{self.denominator}}}}}"
        return (
            (
                "Write the number in the answer box as a single fraction of two integers whose denominator is "
                f"{self.denominator}, not reduced, as in {shown}."
            ),
            (
                f"In the answer box, express the number as one fraction of integers over {self.denominator}, without "
                f"reducing it: {shown}."
            ),
            (
                "The answer box must hold a single fraction of two integers; its denominator must be "
                f"{self.denominator}, even where the fraction could be reduced, as in {shown}."
            ),
        )

    def _fits(self, value: Tree, tokens: tuple[Token, ...]) -> bool:
        factors = _factors(value)
        if len(factors) != 2 or factors[1] != Power(number(self.denominator), MINUS_ONE):
            return False
        stroke = any(token.text in ("frac", "over", "/") for token in tokens)
        return _is_integer(factors[0]) and stroke and _in_digits(tokens)

    def _write(self, number: Fraction) -> str | None:
        top = number * self.denominator
        if top.denominator != 1:
            return None
        return f"{'-' if top < 0 else ''}\\frac{{{abs(top.numerator)}}}{{{self.denominator}}}"

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw a multiple of the denominator of the gold answer."""
        number = box.rational(problem.answer)
        if number is None or number.denominator > 100 or len(problem.answer) > _MOST_DIGITS * 2:
            return None
        return cls(denominator=number.denominator * rng.choice((2, 3, 4, 5, 6, 8, 10)))


@dataclass(frozen=True, kw_only=True)
class AnswerScientific(_ValueForm):
    """The answer in scientific notation."""

    kind: ClassVar[str] = "answer:scientific"
    form: ClassVar[str] = "in scientific notation"
    limits: ClassVar[str] = (
        r"Only the last box is read, by the answer grader: the sign is `\times`, `\cdot`, × or x. Neither e-notation "
        "nor a second form behind a sign of equality obeys."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"There are $\boxed{4.2 \times 10^{1}}$ ways.", True),
        Example({}, r"The length is $\boxed{5 \cdot 10^{-3}}$.", True),
        Example({}, r"There are $\boxed{42}$ ways, or $4.2 \times 10^{1}$.", False),
        Example({}, r"There are $\boxed{42 \times 10^{0}}$ ways.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        shown = r"\boxed{1.5 \times 10^{2}} for 150"
        return (
            (
                "Write the number in the answer box in scientific notation, with one nonzero digit before the decimal "
                f"point, as in {shown}."
            ),
            (
                "In the answer box, use scientific notation: a number with one nonzero digit before its decimal "
                f"point, times a power of ten, as in {shown}."
            ),
            (
                "The answer box must show the number as a power of ten times a factor from 1 up to, but not "
                f"including, 10, as in {shown}."
            ),
        )

    def _fits(self, value: Tree, tokens: tuple[Token, ...]) -> bool:
        match _factors(value):
            case [Number(mantissa), Power(base, exponent)] if 1 <= abs(mantissa) < 10:
                sign = any(token.text == "*" for token in tokens)
                return base == number(10) and _is_integer(exponent) and sign and _in_digits(tokens)
            case _:
                return False

    def _write(self, number: Fraction) -> str | None:
        power, rest = 0, abs(number)
        while rest >= 10:
            power, rest = power + 1, rest / 10
        while 0 < rest < 1:
            power, rest = power - 1, rest * 10
        scaled = rest * 10**_MOST_DIGITS
        if not rest or scaled.denominator != 1:
            return None
        digits = str(scaled.numerator).rstrip("0")
        mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
        return f"{'-' if number < 0 else ''}{mantissa} \\times 10^{{{power}}}"

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Suit numbers of at least 10 and terminating decimals below 1."""
        number = box.rational(problem.answer)
        if number is None or 1 <= abs(number) < 10:
            return None
        constraint = cls()
        return constraint if constraint._write(number) else None


@dataclass(frozen=True, kw_only=True)
class AnswerWords(_ValueForm):
    """The answer in English number words."""

    kind: ClassVar[str] = "answer:words"
    form: ClassVar[str] = "in number words"
    limits: ClassVar[str] = (
        "Only the last box is read. Its words must make one English number, with commas and `and` as usual; a unit may "
        "follow."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"The total is $\boxed{\text{forty-two}}$.", True),
        Example({}, r"The total is \boxed{minus one hundred and five}.", True),
        Example({}, r"The total is forty-two: $\boxed{42}$.", False),
        Example({}, r"The total is $\boxed{\frac{84}{2}}$.", False),
    )

    def wordings(self) -> tuple[str, ...]:
        shown = r"\boxed{\text{forty-two}}"
        return (
            f"Write the number in the answer box in English words, without digits, as in {shown}.",
            f"In the answer box, spell the number out in English, as in {shown}; use no digits there.",
            f"The answer box must hold the number in English number words and no digit, as in {shown}.",
        )

    def clashes(self, other: Constraint) -> str:
        return super().clashes(other) or other_language(other)

    def _fits(self, value: Tree, tokens: tuple[Token, ...]) -> bool:
        if any(token.kind in ("num", "cmd") or (token.kind == "op" and token.text not in "-,.{}%") for token in tokens):
            return False
        words = re.findall("[a-z]+", "".join(" " * token.spaced + token.text for token in tokens).casefold())
        last = max((place for place, word in enumerate(words) if word in NUMBER_WORDS), default=-1)
        return read_numeral(" ".join(words[: last + 1])) is not None and len(words) - last <= _MOST_UNIT_WORDS

    def _write(self, number: Fraction) -> str | None:
        if number.denominator != 1 or abs(number) > LARGEST:
            return None
        return f"\\text{{{spell(number.numerator)}}}"

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Suit integers of at most six digits."""
        number = box.rational(problem.answer)
        if number is None or number.denominator != 1 or abs(number) > 999_999:
            return None
        return cls()


@dataclass(frozen=True, kw_only=True)
class AnswerEquation(Constraint):
    """The answer as an equation for a named variable.

    Attributes:
        name: one Latin letter.
    """

    kind: ClassVar[str] = "answer:equation"
    group: ClassVar[Group] = Group.ANSWER
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = "Only the last box is read. The letter's case counts."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"name": "T"}, r"Therefore $\boxed{T = 42}$.", True),
        Example({"name": "w"}, r"Therefore \boxed{w=\frac{1}{2}}.", True),
        Example({"name": "T"}, r"Therefore $T = \boxed{42}$.", False),
        Example({"name": "T"}, r"Therefore $\boxed{t = 42}$.", False),
    )

    name: str

    def __post_init__(self) -> None:
        require(len(self.name) == 1 and self.name.isalpha(), "answer:equation: name", self.name, "one letter")

    def wordings(self) -> tuple[str, ...]:
        shown = f"\\boxed{{{self.name} = ...}}"
        return (
            (
                f"Call the quantity asked for {self.name} and write the content of the answer box as an equation for "
                f"it, as in {shown}."
            ),
            f"Let {self.name} stand for what is asked, and put an equation for it into the answer box: {shown}.",
            (
                f"The answer box must hold an equation with {self.name}, your name for the quantity asked for, alone "
                f"on its left side, as in {shown}."
            ),
        )

    def holds(self, text: str) -> Verdict:
        span = box.inside(text)
        if span is None:
            return box.missing(text)
        left, _, right = text[span.start : span.end].partition("=")
        name = box.read(left[:_LONGEST_NAME])
        named = name is not None and name.tree in (Name(self.name), Words(self.name))
        shown = right[:_LONGEST_NAME]
        if named and box.shows(shown) and "".join(shown.split()) != "".join(left.split()):
            return obeyed(span)
        return broken(f"the box is no equation for {self.name}", span)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw a letter that neither question nor answer uses; suits numbers and other single values."""
        gold = problem.answer
        if re.search(r"[=,<>]|\\(?:text|in\b|le|ge|begin|cup|[{}])|(?<![\\A-Za-z])[A-Za-z]{2}", gold):
            return None
        used = set(re.findall(r"[A-Za-z]", gold)) | set(
            re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", problem.question)
        )
        free = [letter for letter in "TQRVWHKtqwvhsu" if letter not in used]
        return cls(name=rng.choice(free)) if free else None

    def clashes(self, other: Constraint) -> str:
        """Exclude another name, and number words, which no grader reads behind a sign of equality."""
        if isinstance(other, AnswerEquation) and other.name != self.name:
            return "the box has one left side"
        return "words are no side of an equation" if isinstance(other, AnswerWords) else ""

    def exact(self) -> str:
        return self.name

    def comply(self, body: str) -> str:
        span = box.inside(body)
        if span is None or self.holds(body).passed:
            return body
        value = body[span.start : span.end].rpartition("=")[2].strip()
        return box.replaced(body, span, f"{self.name} = {value}")

    def defy(self, body: str) -> str:
        span = box.inside(body)
        if span is None or not self.holds(body).passed:
            return body
        return box.replaced(body, span, body[span.start : span.end].partition("=")[2].strip())


def other_language(other: Constraint) -> str:
    """Return why English words cannot be demanded beside `other`, or ""."""
    if getattr(other, "language", "en") != "en":
        return "the demanded words are English"
    return ""


# The plural behind `how many`, up to two adjectives between; of square miles a number is no count, and words in -ss
# are singular.
_COUNTED = re.compile(r"\bhow many (?!square |cubic )(?:[a-z]+ ){0,2}?([a-z]{2,}[a-rt-z]s)\b", re.IGNORECASE)
_NO_UNITS = frozenset(
    {"does", "has", "was", "this", "less", "plus", "minus", "times", "zeros", "solutions", "integers", "values"}
)


# What a reader does not see between the box and its unit: ends of formulas and commands, spacing, one line break, and
# what puts the word into letters.
_GAP = re.compile(
    r"\A(?:[^\S\n]|\n(?!\s*\n)|[$~*_{}]|\\[\])(,;:! ]|\\q?quad(?![a-z])|\\end\{[a-z]+\*?\}"
    r"|\\(?:text[a-z]*|math(?:rm|bf|it|sf)|mbox|operatorname)\s?(?=\{))*+",
    re.IGNORECASE,
)
_LONGEST_GAP = 60


@dataclass(frozen=True, kw_only=True)
class AnswerUnit(Constraint):
    """The unit of the answer, written out beside the box.

    Attributes:
        unit: one word, in the plural.
    """

    kind: ClassVar[str] = "answer:unit"
    group: ClassVar[Group] = Group.ANSWER
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    limits: ClassVar[str] = (
        "Only the last box is read. The word may stand in any letter case, in the same formula, behind it, or at the "
        "end of the box; nothing but the end of the formula and blanks on one line or the next may stand between."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"unit": "marbles"}, r"He has $\boxed{42}$ marbles.", True),
        Example({"unit": "marbles"}, r"He has $\boxed{42 \text{ marbles}}$.", True),
        Example({"unit": "marbles"}, r"The number of marbles is $\boxed{42}$.", False),
        Example({"unit": "minutes"}, r"It takes $\boxed{42}$ min.", False),
    )

    unit: str

    def __post_init__(self) -> None:
        require(self.unit.isalpha(), "answer:unit: unit", self.unit, "one word")

    def wordings(self) -> tuple[str, ...]:
        return (
            f'Write the unit out: put the word "{self.unit}" directly after the answer box.',
            f'The word "{self.unit}", written out in full, must follow directly behind the answer box.',
            f'Name the unit in words: right after the answer box comes the word "{self.unit}".',
        )

    def holds(self, text: str) -> Verdict:
        span, around = box.inside(text), box.around(text)
        if span is None or around is None:
            return box.missing(text)
        box_end = span.end + 1
        within = re.compile(rf"\b{re.escape(self.unit)}\W{{0,20}}\Z", re.IGNORECASE)
        after = re.compile(rf"{re.escape(self.unit)}\b", re.IGNORECASE)
        tail = max(span.start, span.end - len(self.unit) - 20)
        # A view of its own: in that of the whole text words move up behind marks that are not seen.
        behind = view(text[box_end : box_end + len(self.unit) + _LONGEST_GAP]).shown
        mark = within.search(text[tail : span.end]) or after.match(_GAP.sub("", behind))
        if mark:
            return obeyed(span)
        return broken(f'the box is not followed by "{self.unit}"', Span(box_end, around.end))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Take what the question counts ("how many marbles …"), where the answer is a number."""
        counted = [word.lower() for word in _COUNTED.findall(problem.question)]
        if len(counted) != 1 or counted[0] in _NO_UNITS or box.rational(problem.answer) is None:
            return None
        return cls(unit=counted[0])

    def needs(self) -> str:
        return self.unit

    def clashes(self, other: Constraint) -> str:
        """Exclude another unit."""
        return "one word stands behind the box" if isinstance(other, AnswerUnit) and other.unit != self.unit else ""

    def comply(self, body: str) -> str:
        around = box.around(body)
        if around is None or self.holds(body).passed:
            return body
        return box.replaced(body, Span(around.end, around.end), f" {self.unit}")

    def defy(self, body: str) -> str:
        if not self.holds(body).passed:
            return body
        return re.sub(rf"\b{re.escape(self.unit)}\b", "units of it", body, flags=re.IGNORECASE)

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

from mathif.constraints import box
from mathif.constraints.base import Constraint, Example, Group, Target, broken, obeyed, require
from mathif.constraints.numerals import LARGEST, is_number_word, spell
from mathif.constraints.words import view
from mathif.records import Problem, Span, Verdict

_MOST_DIGITS = 12
_LONGEST_WORDS = 1000


def _no_box(text: str) -> Verdict:
    return broken("there is no answer box", Span(len(text), len(text)))


class _ValueForm(Constraint):
    """A form that the value in the last box must have; two forms of one value exclude each other."""

    group: ClassVar[Group] = Group.ANSWER
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL,)
    form: ClassVar[str]
    """What the value must be, in a few words."""

    def _fits(self, value: str) -> bool:
        """Tell whether `value` has the form."""
        raise NotImplementedError

    def _write(self, number: Fraction) -> str | None:
        """Return `number` in the form, or None where it has none."""
        raise NotImplementedError

    def holds(self, text: str) -> Verdict:
        """Judge the value in the last box."""
        span = box.value(text)
        if span is None:
            return _no_box(text)
        if self._fits(text[span.start : span.end]):
            return obeyed(span)
        return broken(f"the value in the box is not {self.form}", span)

    def clashes(self, other: Constraint) -> str:
        """Two forms of one value exclude each other."""
        if isinstance(other, _ValueForm) and other != self:
            return "the value in the box has one form"
        return ""

    def comply(self, body: str) -> str:
        """Rewrite the value, where it is a rational number that has the form."""
        span = box.value(body)
        if span is None or self._fits(body[span.start : span.end]):
            return body
        number = box.rational(body[span.start : span.end])
        written = None if number is None else self._write(number)
        return body if written is None else box.replaced(body, span, written)

    def defy(self, body: str) -> str:
        """Write the value as a sum with zero."""
        span = box.value(body)
        return body if span is None else box.replaced(body, Span(span.end, span.end), " + 0")


@dataclass(frozen=True, kw_only=True)
class AnswerDecimal(_ValueForm):
    """The answer as a decimal with a given number of places.

    Attributes:
        places: digits after the decimal point.
    """

    kind: ClassVar[str] = "answer:decimal"
    form: ClassVar[str] = "a decimal with the demanded number of places"
    limits: ClassVar[str] = "Only the last box is read. The point is `.`; thousands may be grouped."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"places": 2}, r"So the sum is $\boxed{42.00}$.", True),
        Example({"places": 1}, r"Hence $\boxed{x = -0.5}$.", True),
        Example({"places": 2}, r"So the sum is $\boxed{42}$, that is 42.00.", False),
        Example({"places": 2}, r"So the sum is $\boxed{42.0}$.", False),
    )

    places: int

    def __post_init__(self) -> None:
        require(1 <= self.places <= 50, "answer:decimal: places", self.places, "1 to 50")

    def text(self) -> str:
        """State the demand."""
        digits = "1 digit" if self.places == 1 else f"{self.places} digits"
        return (
            f"Write the number in the answer box as a decimal with exactly {digits} after the decimal point, even where"
            f" they are zeros, as in \\boxed{{7.{'0' * self.places}}}."
        )

    def _fits(self, value: str) -> bool:
        return bool(re.fullmatch(rf"[+-]?(?:\d+|\d{{1,3}}(?:(?:,|\{{,\}}|\\,)\d{{3}})+)\.\d{{{self.places}}}", value))

    def _write(self, number: Fraction) -> str | None:
        scaled = number * 10**self.places
        if scaled.denominator != 1:
            return None
        digits = f"{abs(scaled.numerator):0{self.places + 1}d}"
        return f"{'-' if scaled < 0 else ''}{digits[: -self.places]}.{digits[-self.places :]}"

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw places at which the gold answer is exact; never those that it is written with."""
        number = box.rational(problem.answer)
        if number is None:
            return None
        shown = len(problem.answer.partition(".")[2])
        fitting = [n for n in (1, 2, 3, 4) if n != shown and (number * 10**n).denominator == 1]
        return cls(places=rng.choice(fitting)) if fitting else None


@dataclass(frozen=True, kw_only=True)
class AnswerFraction(_ValueForm):
    """The answer as one fraction over a given denominator.

    Attributes:
        denominator: at least 2.
    """

    kind: ClassVar[str] = "answer:fraction"
    form: ClassVar[str] = "a fraction over the demanded denominator"
    limits: ClassVar[str] = r"Only the last box is read. `\frac`, `\dfrac`, `\tfrac` and `a/b` are fractions."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"denominator": 6}, r"In all, $\boxed{\frac{252}{6}}$.", True),
        Example({"denominator": 8}, r"In all, $\boxed{-6/8}$.", True),
        Example({"denominator": 6}, r"In all, $\boxed{42}$.", False),
        Example({"denominator": 8}, r"In all, $\boxed{\frac{3}{4}}$.", False),
    )

    denominator: int

    def __post_init__(self) -> None:
        require(self.denominator >= 2, "answer:fraction: denominator", self.denominator, "2 or more")

    def text(self) -> str:
        """State the demand."""
        return (
            "Write the number in the answer box as a single fraction of two integers whose denominator is"
            f" {self.denominator}, not reduced, as in \\boxed{{\\frac{{a}}{{{self.denominator}}}}}."
        )

    def _fits(self, value: str) -> bool:
        bottom = self.denominator
        return bool(
            re.fullmatch(rf"[+-]?\\[dt]?frac\s*\{{\s*-?\d+\s*\}}\s*\{{\s*{bottom}\s*\}}", value, re.IGNORECASE)
            or re.fullmatch(rf"[+-]?\d+\s*/\s*{bottom}", value)
        )

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
    limits: ClassVar[str] = r"Only the last box is read. The sign is `\times`, `\cdot` or ×; e-notation does not obey."
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"There are $\boxed{4.2 \times 10^{1}}$ ways.", True),
        Example({}, r"The length is $\boxed{5 \cdot 10^{-3}}$.", True),
        Example({}, r"There are $\boxed{42}$ ways, or $4.2 \times 10^{1}$.", False),
        Example({}, r"There are $\boxed{42 \times 10^{0}}$ ways.", False),
    )

    def text(self) -> str:
        """State the demand."""
        return (
            "Write the number in the answer box in scientific notation, with one nonzero digit before the decimal"
            r" point, as in \boxed{1.5 \times 10^{2}} for 150."
        )

    def _fits(self, value: str) -> bool:
        shape = r"[+-]?[1-9](?:\.\d+)?\s*(?:\\times|\\cdot|×|·)\s*10\s*\^\s*(?:\{\s*[+-]?\d+\s*\}|\d)"
        return bool(re.fullmatch(shape, value, re.IGNORECASE))

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
        "Only the last box is read. Every word of its value must be a number word, `minus` or `and`."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, r"The total is $\boxed{\text{forty-two}}$.", True),
        Example({}, r"The total is \boxed{minus one hundred and five}.", True),
        Example({}, r"The total is forty-two: $\boxed{42}$.", False),
        Example({}, r"The total is $\boxed{\frac{84}{2}}$.", False),
    )

    def text(self) -> str:
        """State the demand."""
        return r"Write the number in the answer box in English words, without digits, as in \boxed{\text{forty-two}}."

    def clashes(self, other: Constraint) -> str:
        return super().clashes(other) or other_language(other)

    def _fits(self, value: str) -> bool:
        if len(value) > _LONGEST_WORDS:
            return False
        bare = re.sub(r"\\(?:text|textbf|mathrm|mbox)\s?\{([^{}]*)\}", r" \1 ", value, flags=re.IGNORECASE)
        found = re.sub(r"\\ |~", " ", bare).casefold().split()
        numbers = [word for word in found if word not in ("minus", "negative", "and")]
        return bool(numbers) and all(map(is_number_word, numbers))

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

    def text(self) -> str:
        """State the demand."""
        return (
            f"Call the quantity asked for {self.name} and write the content of the answer box as an equation for it,"
            f" as in \\boxed{{{self.name} = ...}}."
        )

    def holds(self, text: str) -> Verdict:
        """Judge the left side in the last box."""
        span = box.inside(text)
        if span is None:
            return _no_box(text)
        left, sign, right = text[span.start : span.end].partition("=")
        if sign and left.strip() == self.name and right.strip():
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
        """Return the name, whose letter case counts."""
        return self.name

    def comply(self, body: str) -> str:
        """Put the name before the value."""
        span = box.inside(body)
        if span is None or self.holds(body).passed:
            return body
        value = body[span.start : span.end].rpartition("=")[2].strip()
        return box.replaced(body, span, f"{self.name} = {value}")

    def defy(self, body: str) -> str:
        """Leave only the value in the box."""
        span = box.inside(body)
        if span is None or not self.holds(body).passed:
            return body
        return box.replaced(body, span, body[span.start : span.end].partition("=")[2].strip())


def other_language(other: Constraint) -> str:
    """Return why English words cannot be demanded beside `other`, or ""."""
    if getattr(other, "language", "en") != "en":
        return "the demanded words are English"
    return ""


_COUNTED = re.compile(r"\bhow many (?!square |cubic )(?:[a-z]+ ){0,2}?([a-z]{2,}[a-rt-z]s)\b", re.IGNORECASE)
_NO_UNITS = frozenset(
    {"does", "has", "was", "this", "less", "plus", "minus", "times", "zeros", "solutions", "integers", "values"}
)


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
        "Only the last box is read. The word may stand in any letter case, also at the end of the box."
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

    def text(self) -> str:
        """State the demand."""
        return f'Write the unit out: put the word "{self.unit}" directly after the answer box.'

    def holds(self, text: str) -> Verdict:
        """Judge the word after the last box, or the one that ends it."""
        span = box.inside(text)
        if span is None:
            return _no_box(text)
        within = re.compile(rf"\b{re.escape(self.unit)}\s*\}}?\s*\Z", re.IGNORECASE)
        after = re.compile(rf"[\s~*_]*(?:\\[ ,])?\s*(?:\\text\{{\s*)?{re.escape(self.unit)}\b", re.IGNORECASE)
        tail = max(span.start, span.end - len(self.unit) - 20)
        end = _behind(text)
        found = within.search(text[tail : span.end]) or after.match(text[end : end + len(self.unit) + 40])
        if found:
            return obeyed(span)
        return broken(f'the box is not followed by "{self.unit}"', Span(span.end, end))

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Take what the question counts ("how many marbles …"), where the answer is a number."""
        counted = [word.lower() for word in _COUNTED.findall(problem.question)]
        if len(counted) != 1 or counted[0] in _NO_UNITS or box.rational(problem.answer) is None:
            return None
        return cls(unit=counted[0])

    def needs(self) -> str:
        """Return the unit."""
        return self.unit

    def clashes(self, other: Constraint) -> str:
        """Exclude another unit."""
        return "one word stands behind the box" if isinstance(other, AnswerUnit) and other.unit != self.unit else ""

    def comply(self, body: str) -> str:
        """Put the unit behind the box and its closing delimiter."""
        if box.inside(body) is None or self.holds(body).passed:
            return body
        end = _behind(body)
        return box.replaced(body, Span(end, end), f" {self.unit}")

    def defy(self, body: str) -> str:
        """Take the unit away from the box."""
        if not self.holds(body).passed:
            return body
        return re.sub(rf"\b{re.escape(self.unit)}\b", "units of it", body, flags=re.IGNORECASE)


def _behind(text: str) -> int:
    """Return the place behind the last box and the mathematics around it."""
    last = view(text).boxes[-1]
    return next((end for start, end in view(text).math if start <= last.start < end), last.end)

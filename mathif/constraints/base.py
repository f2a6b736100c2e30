"""What every constraint is: the base class, the registry of kinds, strict parsing, and clashes.

A kind is one frozen dataclass. Its fields are its argument schema; it holds its sentence, its judges, its
sampler, its conflicts, the edits that make a text obey or disobey, and its examples. The command-line list, the
documentation and the contract tests follow from the class, so a new kind is one class in one file.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from abc import ABC, abstractmethod
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any, ClassVar, Literal, NamedTuple, Self, get_args, get_origin, get_type_hints

from mathif.constraints.seen import seen
from mathif.constraints.words import occurrences, words
from mathif.errors import DataError, nearest
from mathif.json_values import COUNT_LIMIT, Json
from mathif.records import Outcome, Problem, Profile, Span, Verdict
from mathif.registry import Registry


class Group(StrEnum):
    """What a kind restricts; the first four are those of the MathIF paper."""

    LENGTH = "length"
    LEXICAL = "lexical"
    FORMAT = "format"
    AFFIX = "affix"
    ANSWER = "answer"


class Target(StrEnum):
    """Which part of the reply a constraint speaks about."""

    FINAL = "final"
    THINKING = "thinking"


class Stage(IntEnum):
    """When a witness applies the edit of a kind: a later edit must not undo an earlier one."""

    REPLACE = 0
    """Puts other prose in place of the prose (language)."""
    ADD = 1
    """Adds words, lines or marks."""
    REMOVE = 2
    """Takes something away or changes letters."""
    FRAME = 3
    """Puts something at the start or the end."""
    BREAK = 4
    """Moves line breaks and nothing else."""
    WRAP = 5
    """Encloses everything."""


class Casing(StrEnum):
    """The case that every letter of a text has, where a demand fixes it."""

    SMALL = "small"
    CAPITAL = "capital"
    ALTERNATING = "alternating"
    """In each word of two letters and more, small and capital letters take turns, beginning with either."""

    def first_wrong(self, text: str) -> int | None:
        """Return the place of the first letter that has not this case, or None; a lone Greek letter is a symbol."""
        if not text.isascii():
            text = _SYMBOL.sub(" ", text)
        if self is Casing.ALTERNATING:
            runs = (match for match in _LETTERS.finditer(text) if not _takes_turns(match.group()))
            return next((match.start() for match in runs), None)
        wrong = str.isupper if self is Casing.SMALL else str.islower
        # The first words show most, and then no letter is asked twice.
        for place, letter in enumerate(text[:_FIRST_CHARS]):
            if wrong(letter):
                return place
        return min((text.index(letter) for letter in set(text) if wrong(letter)), default=None)


_FIRST_CHARS = 40
# A Greek letter on its own.
_SYMBOL = re.compile(r"(?<![^\W\d_])[µ\u0370-\u03ff](?![^\W\d_])")
# A word of two letters and more.
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def _takes_turns(run: str) -> bool:
    cases = [letter.isupper() for letter in run if letter.isupper() or letter.islower()]
    return all(one != other for one, other in pairwise(cases))


class Example(NamedTuple):
    """A text and whether it obeys, under the `mathif` profile; shown in the docs and run by the contract tests."""

    args: Mapping[str, Json]
    text: str
    obeys: bool


MOST = 10_000
"""No demand of ours is for more of anything: a text that obeys it must be written out to prove that there is one."""

KINDS: Registry[type[Constraint]] = Registry("mathif.constraints", "constraint")
"""Every kind by name, in the order in which they are defined."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Constraint(ABC):
    """One demand on a reply, with its arguments bound.

    Attributes:
        target: the part of the reply that is judged.
    """

    kind: ClassVar[str]
    group: ClassVar[Group]
    official: ClassVar[bool] = False
    """Whether MathIF has this kind; only then does the `upstream` profile have rules of its own."""
    stage: ClassVar[Stage] = Stage.ADD
    limits: ClassVar[str] = ""
    """Known limits: how the two profiles differ, and what neither can see."""
    targets: ClassVar[tuple[Target, ...]] = (Target.FINAL, Target.THINKING)
    """The parts of a reply that this kind can speak about; `parse` refuses the others."""
    strewn: ClassVar[bool] = False
    """Whether each stretch of a text is a new chance to break it, so that its first violation can stand anywhere."""
    planned: ClassVar[bool] = False
    """Whether obeying takes a plan of the whole text (so many parts, words, lines) and not care at each place alone:
    the planning against the precision of arXiv 2606.09662."""
    examples: ClassVar[tuple[Example, ...]] = ()

    target: Target = Target.FINAL

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "kind" in cls.__dict__:
            KINDS.add(cls.kind, cls)

    def __post_init__(self) -> None:
        """Refuse blank texts and numbers that ask for nothing, or for too much; MathIF's own kinds take any from 0 on.

        Raises:
            DataError: naming the argument.
        """
        for name, value in vars(self).items():
            where = f"{self.kind}: {name}"
            if isinstance(value, int):
                within = value >= 0 if self.official else 1 <= value <= MOST
                require(within, where, value, "0 or more" if self.official else f"1 to {MOST:,}")
            elif isinstance(value, tuple):
                require(all(part.strip() for part in value) and value != (), where, value, "texts that are not blank")
            else:
                require(bool(value.strip()), where, value, "a text that is not blank")

    @abstractmethod
    def wordings(self) -> tuple[str, ...]:
        """Return sentences that put this demand to a model, three or more; all say the same, and one is `text`."""

    def text(self) -> str:
        """Return the sentence that puts this demand to a model, as if the reply were all it wrote."""
        return self.wordings()[0]

    def needs(self) -> str:
        """Return words of the prose that every obeying text holds, in any letter case."""
        return ""

    def exact(self) -> str:
        """Return what every obeying text holds letter for letter, in this letter case."""
        return ""

    def bans(self) -> tuple[str, ...]:
        """Return words that no obeying text holds."""
        return ()

    def opening(self) -> str:
        """Return what every obeying text begins with, not so much as a quotation mark before it."""
        return ""

    def closing(self) -> str:
        """Return what every obeying text ends with, not so much as a quotation mark behind it."""
        return ""

    def casing(self) -> Casing | None:
        """Return the case that every letter of the prose of an obeying text has, or None where that is free."""
        return None

    def least_words(self) -> int:
        """Return the fewest words that an obeying text has."""
        return sum(1 for _ in words(self.needs()))

    @abstractmethod
    def holds(self, text: str) -> Verdict:
        """Judge `text` by what the sentence asks (profile `mathif`). Pure, linear in the text, never raises."""

    def holds_upstream(self, text: str) -> Verdict:
        """Judge `text` as the published code of a benchmark does (profile `upstream`); `holds` where there is none."""
        return self.holds(text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self | None:
        """Draw arguments that suit `problem`, or None where this kind does not suit it; by default there are none."""
        return cls()

    def clashes(self, other: Constraint) -> str:
        """Return why no reply can obey both, or "" when this side knows no reason.

        What `clash` finds by itself, from words that one needs and the other bans and from what both put at one edge,
        needs no mention here.
        """
        return ""

    def implies(self, other: Constraint) -> bool:
        """Tell whether every text that obeys this demand obeys `other` too; False where no kind knows that it does."""
        return self.target is other.target and (self == other or other.follows(self))

    def follows(self, other: Constraint) -> bool:
        """Tell whether every text that obeys `other`, which has the same target, is known to obey this demand."""
        return False

    @abstractmethod
    def comply(self, body: str) -> str:
        """Return `body` with the least edit that makes it obey, its answer box kept intact."""

    @abstractmethod
    def defy(self, body: str) -> str:
        """Return `body` with a small edit that makes it disobey."""

    @property
    def part(self) -> str:
        """What a sentence calls the judged part of the reply."""
        return "response" if self.target is Target.FINAL else "reasoning before the final answer"

    def args(self) -> dict[str, Json]:
        """Return the arguments as plain JSON; `target` only where it is not the final text."""
        row = {name: getattr(self, name) for name in _hints(type(self))}
        if row.pop("target") is Target.THINKING:
            row["target"] = Target.THINKING.value
        return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


def obeyed(*evidence: Span) -> Verdict:
    """Return a PASS with the places that led to it."""
    return Verdict(Outcome.PASS, "", evidence)


def broken(reason: str, *evidence: Span) -> Verdict:
    """Return a FAIL with its reason and the places that led to it, the first violation first."""
    return Verdict(Outcome.FAIL, reason, evidence)


def crash(source: str) -> Verdict:
    """Return what the `upstream` profile says where MathIF's code takes `source` for a regular expression and fails."""
    return Verdict(Outcome.UNGRADED, f"MathIF's code fails on {source!r}, which is not a regular expression")


def require(condition: bool, where: str, found: object, expected: str) -> None:
    """Refuse an argument.

    Raises:
        DataError: unless `condition` holds.
    """
    if not condition:
        raise DataError(f"{where}: found {found!r}, expected {expected}")


def enumerated(parts: Sequence[str], joint: str = "and") -> str:
    """Return `parts`, one at least, as a sentence lists them: `a, b and c`."""
    return f" {joint} ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def judge(constraint: Constraint, text: str, profile: Profile = Profile.MATHIF) -> Verdict:
    """Judge `text` as a reader sees it, or as it is written (profile `upstream`); a blank text obeys nothing."""
    if not text.strip():
        return Verdict(Outcome.FAIL, "the text is empty", (Span(0, 0),))
    if profile is Profile.UPSTREAM:
        return constraint.holds_upstream(text)
    shown = seen(text)
    return shown.located(constraint.holds(shown.text))


def one_rule(constraint: Constraint, text: str) -> bool:
    """Tell whether all profiles judge `text` alike: the kind has one rule for them, and all of the text is seen."""
    return type(constraint).holds_upstream is Constraint.holds_upstream and not seen(text).cuts


def clash(a: Constraint, b: Constraint) -> str:
    """Return why no reply can obey both `a` and `b` as their sentences read, or "". Symmetric by construction."""
    if a.target is not b.target:
        return ""
    one_sided = [reason for x, y in ((a, b), (b, a)) for reason in (x.clashes(y), _banned(x, y), _miscased(x, y))]
    return min(filter(None, [*one_sided, _same_edge(a, b)]), default="")


def _banned(a: Constraint, b: Constraint) -> str:
    """Return which word that `b` needs `a` bans, or ""."""
    needed = f"{b.needs()}\n{b.exact()}"
    found = next((word for word in a.bans() if next(occurrences(word, needed), None) is not None), "")
    return f"{b.kind} needs the word {found!r}, which {a.kind} bans" if found else ""


def _miscased(a: Constraint, b: Constraint) -> str:
    """Return why the letters of `b` cannot have the case that `a` wants, or ""."""
    wanted = a.casing()
    if wanted is None:
        return ""
    if b.casing() not in (None, wanted):
        return "every letter has one case"
    return f"{b.kind} needs letters of another case" if wanted.first_wrong(b.exact()) is not None else ""


def _same_edge(a: Constraint, b: Constraint) -> str:
    """Return which edge of the text both claim for something of their own, or ""."""
    first, second = _folded(a.opening()), _folded(b.opening())
    if not first.startswith(second) and not second.startswith(first):
        return "two different things cannot both come first"
    first, second = _folded(a.closing()), _folded(b.closing())
    if not first.endswith(second) and not second.endswith(first):
        return "two different things cannot both come last"
    return ""


def _folded(phrase: str) -> str:
    return " ".join(phrase.casefold().split())


def parse(name: str, args: Mapping[str, object] | None) -> Constraint:
    """Bind `args` to the kind `name`; nothing is coerced, defaulted or drawn.

    Raises:
        DataError: for an unknown kind, or a missing, extra or mistyped argument.
    """
    if name not in KINDS:
        raise DataError(KINDS.unknown(name))
    cls = KINDS[name]
    given = dict(args or {})
    hints = _hints(cls)
    bound: dict[str, object] = {}
    for field in dataclasses.fields(cls):
        if field.name in given:
            bound[field.name] = _typed(given.pop(field.name), hints[field.name], f"{name}: {field.name}")
        elif field.default is dataclasses.MISSING:
            raise DataError(f"{name}: argument {field.name!r} is missing")
    if given:
        extra = next(iter(given))
        raise DataError(f"{name}: unknown argument {extra!r}{nearest(extra, hints)}")
    target = bound.get("target", Target.FINAL)
    if target not in cls.targets:
        raise DataError(f"{name}: found target {str(target)!r}, but this kind judges the final text only")
    made: Callable[..., Constraint] = cls
    return made(**bound)


@cache
def _hints(cls: type[Constraint]) -> Mapping[str, Any]:
    """Return the types of the fields of a kind by name."""
    # those of the class itself are many more, class variables all of them
    named = ChainMap(*(vars(sys.modules[base.__module__]) for base in cls.__mro__))
    hints = get_type_hints(cls.__init__, None, named)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


_MOST_SAID = 5
"""Options of an argument that are listed."""


def said_type(cls: type[Constraint], field: str) -> str:
    """Return in words what an argument of a kind is: a text, a number, texts, or one of which texts."""
    hint = _hints(cls)[field]
    options = get_args(hint) if get_origin(hint) is Literal else ()
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        options = tuple(member.value for member in hint)
    if len(options) > _MOST_SAID:
        return f"{', '.join(options[:_MOST_SAID])} or {len(options) - _MOST_SAID} others"
    return " or ".join(map(repr, options)) or {str: "a text", int: "a number"}.get(hint, "texts")


def _typed(value: object, hint: Any, where: str) -> object:
    """Return `value` as the field type `hint`, JSON lists as tuples.

    Raises:
        DataError: if the value is not of that type; True is not 1.
    """
    if get_origin(hint) is Literal:
        return _one_of(value, get_args(hint), where)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(_one_of(value, tuple(member.value for member in hint), where))
    if hint == tuple[str, ...]:
        if isinstance(value, list | tuple) and value and all(isinstance(part, str) and part for part in value):
            return tuple(value)
        raise DataError(f"{where}: found {value!r}, expected a list of words")
    if type(value) is not hint:
        raise DataError(f"{where}: found {value!r}, expected {'a string' if hint is str else 'an integer'}")
    if isinstance(value, int) and abs(value) >= COUNT_LIMIT:
        raise DataError(f"{where}: found {value}, expected an integer below {COUNT_LIMIT}")
    return value


def _one_of(value: object, allowed: Iterable[str], where: str) -> str:
    for option in allowed:
        if value == option:
            return option
    raise DataError(f"{where}: found {value!r}, expected one of {', '.join(map(repr, allowed))}")

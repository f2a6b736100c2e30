"""Restating: the sentences of a thinking that name a demand instead of obeying or breaking it.

"I must not use the word *therefore*" breaks a forbidden-word rule by naming it. A sentence restates a demand where it

- quotes it: `RUN` words in a row are those of one of its wordings; or
- speaks of a duty ("must", "avoid", "the user wants") and of what the demand is about: a word of its wordings
  that neither ordinary prose nor mathematics has of itself (*comma*, *lowercase*), or another name of the same thing
  (*small letters*, *all caps*); or
- speaks of a duty and names an argument as a word ("the word therefore", in quotes, emphasised) or an amount with its
  unit ("under 50 words", "in three sentences").

An argument alone is no mention, for it is also what an ordinary sentence holds: "Therefore we must have x > 0". Only
the words of the wordings and the names below are known, so a demand that is named in other words or in another
language is missed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple, get_args

from mathif.constraints.base import Constraint
from mathif.constraints.length import Relation
from mathif.constraints.numerals import spell
from mathif.records import Span

RUN = 5
"""So many words in a row that a wording holds are a quotation of it."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
# A line of a trace is often a sentence without a mark, so a line break ends one too. A mark counts where blanks follow
# it; the look behind keeps the time linear in a text that is all marks.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]*]*+(?=\s|\Z)|[。！？।۔؟]|\n")
_DUTIES = (
    "must(?:n['’]t)?", "should(?:n['’]t)?", "need(?:s|ed)?", "ha(?:ve|s|d) to", "can(?:not|['’]t)", "don['’]t",
    "do not", "not", "never", "no", r"avoid\w*", "without", r"refrain\w*", "only", "exactly", "at least", "at most",
    "fewer", "less", "more than", "under", r"require\w*", r"constraint\w*", r"instruct\w*", "rules?", "all",
    "everything", r"entire\w*", "asked", "told", "wants?", r"forbid\w*", "forbidden", "banned", r"prohibit\w*",
    r"allow\w*", "permitted", "remember", "supposed", "make sure", "ensure", r"careful\w*", "comply", "follow", "obey",
    "keep", "put", "use", "write", "respond", "reply", "answer in", "think in",
)  # fmt: skip
"""Words that speak of a duty, in the sentences that models write about their instructions; of casefolded text."""
_DUTY = re.compile(rf"\b(?:{'|'.join(_DUTIES)})\b")
# What a duty's first word begins with: most sentences hold none, and to look through each of their words once is quick.
_FIRST_OF_DUTY = re.compile(rf"\b(?:{'|'.join(duty.partition(' ')[0] for duty in _DUTIES)})")

_ORDINARY = """
a about above add addition after again all allow allowed alone also altogether am among an and answer any
anything apart appear are argument around as ask asked at avoid be because been before begin beginning behind
being belong below beneath beside besides between beyond both box boxed break but by call can case certain
change character close code column come coming command consist contain content copy could count decimal
denominator describe different digit directly display divide do does done double down draw each either else
elsewhere end ends english enough entire entirely equal equation even every everything exact exactly example
except expand explain express factor few fewer field fill final finish first follow for form formula forty-two
frac fraction free from front full gap get give given go good had half has have header here hold how if in
include inside instance instead integer into introduce is it its itself just keep key kind label last lay least
leave left less let letter like line list long longer make many mark mathematical mathematics may mention method
more most much multiply must name near neighbour neither never new next no none nonzero nor not notation nothing
number object occur odd of off often on once one only open or order other our out outside over own pair part
percent percentage piece place plain point power present problem proof put putting quantity question raise
reader reason reasoning reduce repeat reply response rest result right row rows run running same say says
scientific second section see separate set several show side sign single small so solution some something space
speak stand start state statement step still string structure such suppose sure symbol table take ten term text
than that the their them themselves then there these they thing think thinking third this those three through
throughout time to together too two type under unit unknown until up us use used valid value verify very was way
we were what whatever when where wherever which while who whole whose with within without word write written you
your zero
"""
"""Words that say nothing of a demand by themselves: those of prompts, of ordinary prose and of mathematics."""

_NAMING = r"(?:words?|keywords?|terms?|phrases?|sentences?|letters?)"
_SAYING = r"(?:say(?:ing)?|us(?:e|es|ing)|writ(?:e|ing)|mention\w*|avoid\w*|forbid\w*|prohibit\w*)"
_BARRED = r"(?:is|are)\W+(?:not\W+allowed|forbidden|banned|prohibited)"
_MARKS = "\"'“”‘’«»`*_"
"""What stands around a word that is named and not used."""
_UNITS = "words? sentences? paragraphs? bullets? steps? sections? questions? highlights? letters? characters? headings?"
_NUMBERED = rf"(?:\W+\w+)?\W+(?:{_UNITS.replace(' ', '|')})\b"
"""What follows the amount of a demand: its unit, a word between them at most."""
_SPELLED = 20
"""Amounts up to this are often written in words."""

_CASE = "small letters,small letter,lower case,upper case,uppercase,lowercase,capitals,all caps,capitalize,capitalise"
_NAMES = {
    "lowercase": _CASE,
    "uppercase": _CASE,
    "emoji": "emojis,emoticon,smiley",
    "latex": "dollar signs,math mode",
    "bullet": "bullet points,bulleted list",
    "heading": "header,headers",
}
"""Other names of what a demand is about, by a word of its wordings."""


class Spared(NamedTuple):
    """A text without its restatements.

    Attributes:
        text: what is left.
        kept: where it stands in the whole text, in order.
    """

    text: str
    kept: tuple[Span, ...]

    def whole_span(self, span: Span) -> Span:
        """Return where in the whole text a span of what is left stands."""
        return span.in_whole(self.kept)


class _Sentence:
    """A sentence of a trace, casefolded, with what demands look for in it, each made when first asked for.

    Attributes:
        place: where it stands in the trace.
        text: the sentence.
        words: its words, each once.
    """

    def __init__(self, place: Span, text: str) -> None:
        self.place = place
        self.text = text
        self.words = frozenset(_WORD.findall(text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words and of their parts."""
        return frozenset(_stem(part) for word in self.words for part in word.split("-"))

    @cached_property
    def dutiful(self) -> bool:
        """Whether it speaks of a duty."""
        return any(map(_begins_duty, self.words)) and _DUTY.search(self.text) is not None


def restatements(demands: Sequence[Constraint], thinking: str) -> tuple[Span, ...]:
    """Return the sentences of a thinking that restate one of the demands, in order; linear in the thinking."""
    if not demands:
        return ()
    marks = _joined(tuple(demands))
    return tuple(sentence.place for sentence in _sentences(thinking) if marks.found(sentence))


@lru_cache(maxsize=1)  # the demands of several items are looked for in one thinking after the other
def _sentences(text: str) -> list[_Sentence]:
    """Return the sentences of a trace, without the blanks around them."""
    start, found = 0, []
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        if piece.strip():
            place = Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
            found.append(_Sentence(place, text[place.start : place.end].casefold()))
        start = end
    return found


@lru_cache(maxsize=16384)
def _begins_duty(word: str) -> bool:
    return _FIRST_OF_DUTY.search(word) is not None


def spared(text: str, restated: Sequence[Span]) -> Spared:
    """Return `text` without the sentences that `restatements` found in it."""
    edges = [Span(0, 0), *restated, Span(len(text), len(text))]
    kept = tuple(Span(before.end, after.start) for before, after in pairwise(edges) if before.end < after.start)
    return Spared("".join(text[part.start : part.end] for part in kept), kept)


class _Marks(NamedTuple):
    """What a demand, or one of several, is known by.

    Attributes:
        runs: every run of `RUN` words of its wordings.
        longest: the longest word of each run, without which no text holds it.
        stems: what it is about.
        named: patterns that find its arguments, named as words or with their unit; most texts need none of them.
    """

    runs: frozenset[tuple[str, ...]]
    longest: frozenset[str]
    stems: frozenset[str]
    named: tuple[str, ...]

    def found(self, sentence: _Sentence) -> bool:
        """Return whether a sentence restates it."""
        if not self.longest.isdisjoint(sentence.words) and not self.runs.isdisjoint(
            _runs(_WORD.findall(sentence.text))
        ):
            return True
        about = not self.stems.isdisjoint(sentence.stems)
        if not (about or self.named) or not sentence.dutiful:
            return False
        return about or any(_compiled(named).search(sentence.text) for named in self.named)


@lru_cache(maxsize=4096)
def _joined(demands: tuple[Constraint, ...]) -> _Marks:
    """Return what tells that any of some demands is restated, so that a sentence is read once for all of them."""
    each = [_marks(demand) for demand in demands]
    return _Marks(
        frozenset().union(*(marks.runs for marks in each)),
        frozenset().union(*(marks.longest for marks in each)),
        frozenset().union(*(marks.stems for marks in each)),
        tuple(named for marks in each for named in marks.named),
    )


def _marks(demand: Constraint) -> _Marks:
    arguments, amounts = _arguments(demand)
    # an argument as long as a run is what an obeying text holds, and quotes nothing
    long = [one for one in arguments if len(_WORD.findall(one)) >= RUN]
    wordings = [wording.casefold() for wording in demand.wordings()]
    for part in (demand.part, *long):
        wordings = [wording.replace(part.casefold(), "\n") for wording in wordings]
    own = {_stem(word) for argument in arguments for word in _WORD.findall(argument)}
    stems = {_stem(word) for wording in wordings for word in _WORD.findall(wording) if not word.isdigit()}
    runs = {run for wording in wordings for part in wording.split("\n") for run in _runs(_WORD.findall(part))}
    about = stems - _ORDINARY_STEMS - own
    aliases = [_NAMES[word] for word in _NAMES if _stem(word) in about]
    named = _named(arguments, amounts, {name for names in aliases for name in names.split(",")})
    longest = frozenset(max(run, key=len) for run in runs)
    return _Marks(frozenset(runs), longest, frozenset(about), (named,) if named else ())


def _arguments(demand: Constraint) -> tuple[list[str], list[int]]:
    """Return the arguments of a demand that its first wording holds: texts, and amounts."""
    values = [value for name, value in demand.args().items() if name != "target"]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    shown = demand.text().casefold()
    texts = [one for one in flat if isinstance(one, str) and one.strip() and one.casefold() in shown]
    texts = [one for one in texts if one not in get_args(Relation)]
    amounts = [one for one in flat if isinstance(one, int) and not isinstance(one, bool)]
    written = set(re.findall(r"[^\W_]+(?:-[^\W_]+)*", shown))
    return texts, [one for one in amounts if {str(one), spell(one) if 0 <= one <= _SPELLED else ""} & written]


def _named(arguments: Sequence[str], amounts: Sequence[int], names: Collection[str]) -> str:
    """Return the pattern, of casefolded text, of an argument that is named and not used, or of other names of a demand.

    "" without any.
    """
    arguments = [one.strip().casefold() for one in arguments]
    parts = [rf"\b(?:{'|'.join(sorted(names))})\b"] if names else []
    if arguments:
        any_of = "|".join(map(re.escape, arguments))
        parts += [rf"[{_MARKS}](?:{any_of})[.,!?]?[{_MARKS}]", rf"\b{_NAMING}\W+(?:{any_of})\b"]
    # "we must use the formula" names no word "the"
    telling = [one for one in arguments if not _ORDINARY_STEMS.issuperset(map(_stem, _WORD.findall(one)))]
    if telling:
        any_of = "|".join(map(re.escape, telling))
        parts += [rf"\b{_SAYING}\W+(?:{any_of})\b", rf"\b(?:{any_of})\W+{_BARRED}\b"]
    written = (f"{amount}|{spell(amount)}" if 0 <= amount <= _SPELLED else f"{amount}" for amount in amounts)
    parts += [rf"\b(?:{amount}){_NUMBERED}" for amount in written]
    return "|".join(parts)


_compiled = lru_cache(maxsize=4096)(re.compile)
"""Patterns of casefolded text; `re` itself remembers fewer."""


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[at:] for at in range(RUN)), strict=False)


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    """Return an English word without the ending that its forms differ by, roughly."""
    small = word.casefold()
    cut = next((ending for ending in ("ing", "ed", "es", "s") if small.endswith(ending) and len(small) > 4), "")
    return small.removesuffix(cut).rstrip("e") or small


_ORDINARY_STEMS = frozenset(map(_stem, _ORDINARY.split()))

"""Whether two answers are the same one, on the lowest rung of a ladder: text, number, structure, symbolic.

`docs/answers.md` states the rules. Both functions are pure: no verdict depends on the thread, the process or what
was graded before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from itertools import product as pairs_of

from mathif.answers.compare.choices import same_choice, text_of
from mathif.answers.compare.finding import Finding
from mathif.answers.compare.finished import left_open, unfinished
from mathif.answers.compare.structure import compare_answers
from mathif.answers.read.calendar import read_calendar
from mathif.answers.read.grammar import read_tokens
from mathif.answers.read.lex import tokenize
from mathif.answers.read.numerals import read_numeral, read_ordinal
from mathif.answers.read.phrase import connected, words
from mathif.answers.read.place import Extracted, extract
from mathif.answers.read.sentence import core
from mathif.answers.read.spelling import WRAPPER, bare, other_spellings, with_commas
from mathif.answers.read.worded_sets import in_signs
from mathif.answers.settle.budget import CostlyError, granted
from mathif.answers.tree import TooLargeError, Tree, UnreadableError, number, symbols
from mathif.records import Outcome, Verdict

LONGEST = 5_000
"""An answer of more characters than this is not read; no gold answer comes near."""
# A comma as thousands have it, so that it marks no decimals.
_THOUSANDS = re.compile(r"(?<!\d)[1-9]\d{0,2},\d{3}(?!\d)")
_TIGHT_COMMA = re.compile(r"\d,(?=\d)")
# A comma without a blank behind it parts items or marks decimals, and does not do both in one answer; `\\,` is a space.
_BARE_COMMA = re.compile(r"(?<!\\),(?=\S)")
# A box whose name was written in capitals, as a demand for capitals has it.
_CAPITAL_BOX = re.compile(r"\\(?:BOXED|FBOX)\s*\{\s*$")
# A word, neither a command nor a variable, whose case tells that of the text.
_LONG_WORD = re.compile(r"(?<!\\)\b[^\W\d_]{2,}")
_LEAST_WORDS = 3
_AROUND = 300
# What has a name that no reader knows (`|A \\cup B| = 12`, `\\dim V = 3`); a name has no digits and denies nothing.
_NAMED_SIDE = re.compile(r"(?:(?!\\not|\\ne|\bnot\b)[^=<>\d]){1,60}=([^=]+)")
_BRACKET = re.compile(r"[(\[]|\\\{")
_PLAIN_INTEGER = re.compile(r"([+-]?)0*(\d+)")


def grade_answer(final: str, gold: str, aliases: Sequence[str] = (), tag: str = "") -> Verdict:
    """Judge the answer of a final text.

    Args:
        final: the final text of a reply, thinking cut off; any text of any length.
        gold: the right answer, LaTeX allowed.
        aliases: other answers that are just as right.
        tag: name of the tag that the prompt wants the answer in, "" for a box.

    Returns:
        PASS if the answer equals the gold answer or an alias; FAIL if it does not, or there is none; UNGRADED if
        that could not be decided within the limits. `evidence` holds the span of the answer, `rung` the rung that
        decided.
    """
    with granted():
        extracted = extract(final, tag)
        if extracted is None:
            return Verdict(Outcome.FAIL, "the final text has no box and no sentence that names the answer")
        fold = _forced_case(final, extracted)
        verdicts = [_judged(extracted, right, fold) for right in (gold, *aliases)]
    best = next((verdict for verdict in verdicts if verdict.passed), None)
    best = best or next((verdict for verdict in verdicts if verdict.outcome is Outcome.UNGRADED), verdicts[0])
    return replace(best, evidence=(extracted.span,))


def equal(candidate: str, gold: str) -> Verdict:
    """Judge whether two answers, without boxes around them, are the same one.

    The relation is symmetric and reflexive. It is not transitive: `5 kg` is 5 and 5 is `5 m`.
    """
    try:
        with granted():
            finding = _compared(candidate, gold)
    except (TooLargeError, CostlyError, RecursionError) as error:
        return Verdict(Outcome.UNGRADED, f"not decided: {error}", rung="symbolic")
    except Exception as error:  # a failure of the grader is never the model's
        return Verdict(Outcome.UNGRADED, f"the grader failed: {type(error).__name__}: {error}"[:200])
    if finding.same:
        return Verdict(Outcome.PASS, finding.reason, rung=finding.rung)
    return Verdict(
        Outcome.FAIL, f"found {_short(candidate)}, expected {_short(gold)}: {finding.reason}", rung=finding.rung
    )


def _judged(extracted: Extracted, gold: str, fold: Callable[[str], str] | None) -> Verdict:
    """Compare the last box and, where boxes end the text as a list, all of them."""
    inner = extract(gold) if "box" in gold.lower() else None
    right = ", ".join(inner.run) if inner is not None and inner.boxed else gold
    verdict = equal(extracted.text, right)
    if verdict.outcome is not Outcome.FAIL and (lacking := _lacking(extracted.text, right)):
        return Verdict(Outcome.FAIL, f"{_short(extracted.text)} {lacking}", rung=verdict.rung)
    if verdict.passed and (other := next((box for box in extracted.beside if not equal(box, right).passed), None)):
        return Verdict(Outcome.FAIL, f"another box gives {_short(other)} beside it", rung="structure")
    if not verdict.passed and fold is not None and _distinct_in_any_case(right):
        folded = equal(fold(extracted.text), fold(right))
        verdict = folded if folded.passed else verdict
    if not verdict.passed and len(extracted.run) > 1:
        listed = equal(", ".join(extracted.run), right)
        verdict = listed if listed.passed else verdict
    return verdict


def _lacking(candidate: str, gold: str) -> str:
    """Return what makes a text that equals the gold answer no answer, which the gold answer is; "" where it is one."""
    for lacks, said in ((unfinished, "is left to be worked out"), (left_open, "leaves another answer open")):
        if _in_every_reading(lacks, candidate) and not _in_every_reading(lacks, gold):
            return said
    return ""


def _in_every_reading(holds: Callable[[Tree], bool], text: str) -> bool:
    if len(text) > LONGEST:
        return False
    try:
        readings = _readings(bare(text)) or _readings(bare(core(text) or ""))
    except TooLargeError:
        return False
    return bool(readings) and all(map(holds, readings))


def _forced_case(final: str, extracted: Extracted) -> Callable[[str], str] | None:
    r"""Return how a constraint forced the case of the text, None where letters of both cases occur or nothing tells.

    A command written in capitals (`\\BOXED`) tells, and so do several words around the answer without any capital.
    """
    before = final[max(0, extracted.span.start - _AROUND) : extracted.span.start]
    if _CAPITAL_BOX.search(before) or before.isupper():
        return str.upper
    outside = before + final[extracted.span.end : extracted.span.end + _AROUND]
    if outside.islower() and len(_LONG_WORD.findall(outside)) >= _LEAST_WORDS:
        return str.lower
    return None


def _distinct_in_any_case(gold: str) -> bool:
    """Say whether the variables of the gold answer stay apart when their case is lost."""
    try:
        names = {name for tree in _readings(bare(gold[:LONGEST])) for name in symbols(tree)}
    except TooLargeError:
        return False
    return len({name.casefold() for name in names}) == len(names)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def _compared(candidate: str, gold: str) -> Finding:
    if candidate == gold:
        return Finding(True, "text", "the same text")
    if len(candidate) > LONGEST or len(gold) > LONGEST:
        if _PLAIN_INTEGER.fullmatch(candidate[:LONGEST]) and _PLAIN_INTEGER.fullmatch(gold):
            return Finding(False, "number", "the numbers differ")
        raise TooLargeError(f"the answer is longer than {LONGEST} characters")
    left, right = bare(candidate), bare(gold)
    if left == right:
        return Finding(True, "text", "the same text")
    if (one := _PLAIN_INTEGER.fullmatch(left)) and (other := _PLAIN_INTEGER.fullmatch(right)):
        same = one[2] == other[2] and (one[2] == "0" or (one[1] == "-") == (other[1] == "-"))
        return Finding(same, "number", "the same number" if same else "the numbers differ")
    if (found := _as_words(left, right)) is not None:
        return found
    finding = _best(_readings(left), _readings(right))
    if not finding.same:
        finding = _shorter(candidate, gold) or finding
    return finding


def _shorter(candidate: str, gold: str) -> Finding | None:
    """Compare what sentences hold, and the texts behind the letters of choices; None where that makes nothing equal."""
    for reduced in (core, text_of):
        left, right = reduced(candidate), reduced(gold)
        # Two sentences that hold the same number need not say the same of it (`March 5`, `May 5`).
        if (left is None) != (right is None) or (left is not None and reduced is text_of):
            finding = _best(_readings(bare(left or candidate)), _readings(bare(right or gold)))
            if finding.same:
                return finding
    return None


def _as_words(left: str, right: str) -> Finding | None:
    """Compare answers that are names, or letters of a multiple choice; None for anything else."""
    one, other = words(left), words(right)
    if one and one == other:
        return Finding(True, "text", "the same words")
    joined, parted = connected(left), connected(right)
    if joined and parted:
        return Finding(joined == parted, "text", "the same words" if joined == parted else "the words differ")
    same = same_choice(left, right)
    return None if same is None else Finding(same, "text", "the same choice" if same else "the choices differ")


@lru_cache(maxsize=1024)
def _readings(text: str) -> tuple[Tree, ...]:
    """Return every reading of an answer.

    Commas between digits may group thousands, separate items or mark decimals, and letters behind a number may be a
    unit or variables (`2mg`).

    Raises:
        TooLargeError: if the answer is larger than an answer is.
    """
    plain = WRAPPER.sub(r"\1", text)
    if (value := read_numeral(plain)) is not None:
        rank = read_ordinal(plain)
        return (number(value),) if rank is None else (number(value), number(rank))
    if (rank := read_ordinal(plain)) is not None:
        return (number(rank),)
    if (time := read_calendar(text)) is not None:
        return (time,)
    trees: list[Tree] = []
    worded = in_signs(text)
    shown_as = (text, *other_spellings(text), *([worded] if worded else ()))
    ways = [(shown, commas) for shown in shown_as for commas in _comma_senses(shown)]
    for shown, commas in ways:
        tokens = tokenize(shown, commas)
        measured = any(one.kind == "num" and other.kind == "word" for one, other in pairwise(tokens))
        for way in (tokens, tokenize(shown, commas, letters=True)) if measured else (tokens,):
            try:
                tree = read_tokens(way)
            except UnreadableError:
                continue
            if tree not in trees:
                trees.append(tree)
    if not trees and (spelled := with_commas(text)) is not None:
        return _readings(spelled)
    if not trees and (named := _NAMED_SIDE.fullmatch(text)) is not None:
        return _readings(named[1].strip())
    return tuple(trees)


def _comma_senses(text: str) -> Iterator[str]:
    yield "group"
    tight = _TIGHT_COMMA.findall(text)
    if tight:
        yield "list"
    if len(tight) == len(_BARE_COMMA.findall(text)) == 1 and not _BRACKET.search(text) and not _THOUSANDS.search(text):
        yield "decimal"


def _best(left: tuple[Tree, ...], right: tuple[Tree, ...]) -> Finding:
    """Return the finding of the first pair of readings that are equal, or of the first pair.

    Raises:
        TooLargeError: if no pair is equal and one could not be decided.
    """
    if not left or not right:
        what = "the answer" if not left else "the gold answer"
        return Finding(False, "text", f"{what} cannot be read as mathematics and the texts differ")
    first: Finding | None = None
    beyond: TooLargeError | None = None
    for one, other in pairs_of(left, right):
        try:
            finding = compare_answers(one, other)
        except TooLargeError as error:
            beyond = error
            continue
        if finding.same:
            return finding
        first = first or finding
    if beyond is not None or first is None:
        raise beyond or TooLargeError("nothing was compared")
    return first

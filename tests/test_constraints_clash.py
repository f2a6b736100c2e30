"""Which demands clash and which follow from another, held against composed texts and a literal reading of sentences."""

import re
from collections.abc import Callable, Iterator
from itertools import permutations
from random import Random
from typing import Any

import pytest

from mathif.answers import grade_answer
from mathif.constraints import KINDS, Constraint, clash, judge, parse
from mathif.constraints.lexical import DEMANDED
from mathif.constraints.phrases import COMMON_WORDS
from mathif.constraints.witness import witness
from mathif.records import Problem

PROBLEM = Problem("p", "How many marbles do Ann and Ben have after 3 days?", "42", "core", tier=1)
BODIES = (
    "The answer is $\\boxed{42}$.",
    "Six times seven is the number.\n\n$\\boxed{42}$",
    "$\\boxed{42}$\n\nSix times seven is the number.",
)
LATIN = ("de", "es", "fi", "fr", "it", "pl", "pt", "sw", "vi")
ENGLISH = {
    *DEMANDED,
    *[
        "forty",
        "two",
        "the",
        "answer",
        "hope",
        "helps",
        "part",
        "step",
        "section",
        "you",
        "solution",
        "marbles",
        "confidence",
    ],
}
LABELS = "Given|Wanted|Idea|Method|Steps|Answer"
OTHER_END = re.compile(r'"\Z|\A\{|(?m:^\d+\. \$[^\n]*\$$)|\n\$\\boxed\{[^\n]*\}\$\Z')
BOX_LINE = re.compile(r"\$?\\boxed\{[^\n]*\}\$?", re.IGNORECASE)


def plain(text: str) -> str:
    """Return `text` without LaTeX commands; formulas and the box stay."""
    return re.sub(r"\\+(?:[A-Za-z]+|.)", " ", text)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def holds_word(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain(text), re.IGNORECASE) is not None


def one_box_line(line: str, text: str) -> bool:
    return BOX_LINE.fullmatch(line) is not None and text.lower().count("\\boxed") == 1


def without_english(constraint: Constraint, text: str) -> bool:
    code = constraint.args()["language"]
    latin = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", plain(text)) if word.isascii()}
    if code not in LATIN:
        return not latin
    return not latin & (ENGLISH - set(COMMON_WORDS[code].split()))


def args_of(constraint: Constraint) -> Any:
    return constraint.args()


Reading = Callable[[Constraint, str], bool]
LITERAL: dict[str, Reading] = {
    "startend:end_checker": lambda c, text: squeezed(text).endswith(args_of(c)["end_phrase"].strip()),
    "startend:start_phrase": lambda c, text: (
        squeezed(text).casefold().startswith(squeezed(args_of(c)["phrase"]).casefold())
    ),
    "combination:repeat_prompt": lambda c, text: squeezed(text).startswith(squeezed(args_of(c)["prompt_to_repeat"])),
    "startend:quotation": lambda c, text: text.strip()[0] == text.strip()[-1] == '"',
    "answer:first": lambda c, text: one_box_line(text.strip().split("\n")[0].strip(), text),
    "answer:last_line": lambda c, text: one_box_line(text.strip().split("\n")[-1].strip(), text),
    "answer:unit": lambda c, text: re.search(rf"boxed\{{[^\n]*\}}\$? ?{args_of(c)['unit']}", text, re.I) is not None,
    "answer:confidence": lambda c, text: re.fullmatch(r"Confidence: \d+%", text.strip().split("\n")[-1]) is not None,
    "change_case:english_lowercase": lambda c, text: not any(map(str.isupper, plain(text))),
    "change_case:english_capital": lambda c, text: not any(map(str.islower, plain(text))),
    "change_case:capital_word_frequency": lambda c, text: any(map(str.islower, plain(text))),
    "change_case:small_letters": lambda c, text: not any(map(str.isupper, plain(text))),
    "change_case:capital_letters": lambda c, text: not any(map(str.islower, plain(text))),
    "startend:both_ends": lambda c, text: text.startswith(args_of(c)["phrase"]) and text.endswith(args_of(c)["phrase"]),
    "conditional:parity_ending": lambda c, text: text.strip().endswith(args_of(c)["even"]),
    # a formula as a step or as the last line, a closing mark and an object end otherwise than with the word
    "lexical:sentence_ends": lambda c, text: OTHER_END.search(text) is None,
    # no phrase has a line for each word, and the fields of an object stand side by side
    "lexical:between_words": lambda c, text: re.search(r'(?:\n\w+[.!?]?){3}\Z|\A\{[^\n]*",\s"', text) is None,
    "layout:template": lambda c, text: (
        text.startswith(args_of(c)["fields"][0]) and re.findall(rf"(?m)^({LABELS}):", text) == args_of(c)["fields"]
    ),
    "layout:check_section": lambda c, text: args_of(c)["heading"] in text,
    "language:response_language": without_english,
    "keywords:forbidden_words": lambda c, text: not any(holds_word(word, text) for word in c.bans()),
    "keywords:frequency": lambda c, text: not any(holds_word(word, text) for word in c.bans()),
    "lexical:method": lambda c, text: not any(holds_word(word, text) for word in c.bans()),
    "lexical:address_reader": lambda c, text: not any(holds_word(word, text) for word in c.bans()),
}
"""What the sentence of a kind says, read word by word, beyond what its judge asks for.

A demand on some words ("at least five words in capitals") is one on words among others that differ."""


def obeys(constraint: Constraint, text: str) -> bool:
    literal = LITERAL.get(constraint.kind)
    return judge(constraint, text).passed and (literal is None or literal(constraint, text))


def composed(pair: tuple[Constraint, Constraint]) -> Iterator[str]:
    """Yield texts made to obey both, by the edits of the two in either order, from several texts to begin with."""
    for body in BODIES:
        found = witness(pair, body)
        if found is not None:
            yield found
        for order in permutations(pair):
            text = body
            for constraint in (*order, *order):
                text = text if obeys(constraint, text) else constraint.comply(text)
            yield text


def drawn(kind: str, seed: int) -> Constraint | None:
    return KINDS[kind].draw(Random(f"{kind}{seed}"), PROBLEM)


@pytest.mark.parametrize("first", list(KINDS))
def test_two_demands_clash_exactly_when_no_right_text_is_composed_that_obeys_both_sentences(first: str) -> None:
    for second in KINDS:
        if second > first:
            continue
        seed = Random(f"{first} {second}").randrange(2)
        a, b = drawn(first, seed), drawn(second, seed + (second == first))
        if a is None or b is None or a == b:
            continue
        reason = clash(a, b)
        obeying = (text for text in composed((a, b)) if obeys(a, text) and obeys(b, text))
        text = next((text for text in obeying if grade_answer(text, PROBLEM.answer).passed), None)
        assert (text is None) == bool(reason), (a, b, reason, text, list(composed((a, b)))[:2])


def bound(kind: str, **args: object) -> Constraint:
    return parse(kind, args)


LOWER, CAPITAL = bound("change_case:english_lowercase"), bound("change_case:english_capital")
ENDING = bound("startend:end_checker", end_phrase="I hope this helps!")
HEADING = bound("layout:check_section", heading="Check")
VIETNAMESE = bound("language:response_language", language="vi")
GERMAN = bound("language:response_language", language="de")
FIRST, LAST, QUOTED = bound("answer:first"), bound("answer:last_line"), bound("startend:quotation")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (FIRST, LAST),
        (FIRST, bound("answer:unit", unit="marbles")),
        (QUOTED, LAST),
        (QUOTED, FIRST),
        (QUOTED, ENDING),
        (CAPITAL, bound("change_case:capital_word_frequency", capital_frequency=3, capital_relation="at least")),
        (LOWER, ENDING),
        (CAPITAL, HEADING),
        (LOWER, bound("lexical:named_variable", symbol="T", count=2)),
        (CAPITAL, bound("layout:json", keys=["answer"])),
        (VIETNAMESE, bound("keywords:existence", keywords=["confirm"])),
        (VIETNAMESE, bound("keywords:frequency", keyword="result", frequency=2, relation="at least")),
        (GERMAN, bound("detectable_format:multiple_sections", section_spliter="Part", num_sections=2)),
        (bound("keywords:forbidden_words", forbidden_words=["answer"]), bound("layout:json", keys=["answer"])),
        (bound("length_constraint_checkers:number_words", num_words=3, relation="less than"), ENDING),
    ],
)
def test_what_cannot_be_obeyed_to_the_letter_clashes(a: Constraint, b: Constraint) -> None:
    assert clash(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (CAPITAL, bound("startend:start_phrase", phrase="Dear student:")),
        (LOWER, bound("keywords:existence", keywords=["Verify"])),
        (VIETNAMESE, bound("keywords:frequency", keyword="answer", frequency=1, relation="less than")),
        (GERMAN, bound("keywords:existence", keywords=["Lösung", "also"])),
        (
            bound("startend:start_phrase", phrase="How many"),
            bound("combination:repeat_prompt", prompt_to_repeat="How many?"),
        ),
        (bound("startend:end_checker", end_phrase="this helps!"), ENDING),
        (
            bound("layout:line_length", characters=40, lines=2),
            bound("keywords:frequency", keyword="respectively", frequency=5, relation="at least"),
        ),
    ],
)
def test_what_one_text_can_obey_does_not_clash(a: Constraint, b: Constraint) -> None:
    assert clash(a, b) == ""


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (bound("lexical:method", use="cases", avoid="guess"), bound("keywords:existence", keywords=["cases"])),
        (
            bound("lexical:method", use="cases", avoid="guess"),
            bound("keywords:forbidden_words", forbidden_words=["guess"]),
        ),
        (
            bound("lexical:address_reader", count=3),
            bound("keywords:frequency", keyword="you", frequency=2, relation="at least"),
        ),
        (bound("startend:end_checker", end_phrase="Any other questions?"), bound("punctuation:questions", count=1)),
        (LOWER, bound("change_case:capital_word_frequency", capital_frequency=2, capital_relation="less than")),
        (CAPITAL, bound("language:response_language", language="en")),
        (
            bound("combination:repeat_prompt", prompt_to_repeat="How many?"),
            bound("startend:start_phrase", phrase="how many"),
        ),
        (
            bound("keywords:forbidden_words", forbidden_words=["so", "we"]),
            bound("keywords:frequency", keyword="We", frequency=2, relation="less than"),
        ),
        (
            bound("change_case:capital_word_frequency", capital_frequency=5, capital_relation="at least"),
            bound("length_constraint_checkers:number_words", num_words=4, relation="at least"),
        ),
    ],
)
def test_one_demand_implies_another_that_asks_for_no_more_but_not_the_other_way(a: Constraint, b: Constraint) -> None:
    assert a.implies(b)
    assert not b.implies(a)


@pytest.mark.parametrize("first", list(KINDS))
def test_what_a_demand_implies_is_obeyed_by_every_text_that_is_composed_for_it(first: str) -> None:
    for seed in range(3):
        a = drawn(first, seed)
        if a is None:
            continue
        assert a.implies(a)
        texts = [text for text in composed((a, a)) if obeys(a, text)]
        assert texts
        for second in KINDS:
            b = drawn(second, seed + 1)
            if b is not None and a.implies(b):
                assert clash(a, b) == ""
                assert all(judge(b, text).passed for text in texts), (a, b)

"""The contract of every kind: whatever is defined in `mathif.constraints` is held to these laws."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif import listing
from mathif.constraints import KINDS, Constraint, Target, clash, judge, parse
from mathif.constraints.language import LANGUAGES
from mathif.constraints.witness import null_reply
from mathif.errors import DataError
from mathif.records import Problem, Profile
from mathif.testing import KindLaws, drawn

PIECES = [
    *(
        "The answer is ",
        "so ",
        "WE ",
        "because ",
        "don't ",
        "1,000 ",
        "1. ",
        "# ",
        "| a | b |\n",
        '{"a": 1}',
        "= ",
        "?",
    ),
    *(
        "$x + y$",
        "\\boxed{5}",
        "\\frac{1}{2}",
        "\\",
        "$",
        "$$",
        "\\(",
        "\\]",
        "\\begin{align}",
        "\\end{align}",
        "{",
        "}",
    ),
    *("**bold** ", "*", "_", "\n", "\n\n", "* a\n", "- b\n", "Section 1\n", ",", ".", '"', "“", "”"),
    *("\x00", "\ud800", "é", "नमस्ते ", "答え", "İ", "ß"),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)


DRAWN = [(kind.kind, constraint, problem) for kind in KINDS.values() for constraint, problem in drawn(kind)]
constraints = st.sampled_from([constraint for _, constraint, _ in DRAWN])


@kinds
class TestEveryKind(KindLaws):
    pass


@kinds
def test_each_wording_of_a_kind_names_every_argument(kind: type[Constraint]) -> None:
    for constraint, _ in drawn(kind):
        for wording in constraint.wordings():
            for name, value in constraint.args().items():
                if name not in UNNAMED:
                    shown = value if isinstance(value, list) else [value]
                    assert all(any(form in wording for form in spoken(one)) for one in shown), (wording, name, value)


UNNAMED = {"prompt_to_repeat", "relation", "capital_relation", "frequency"}
"""Arguments that a sentence need not show: the problem stands beside it, and no use at all has no number."""


def spoken(value: object) -> list[str]:
    """Return how a sentence may name a value."""
    if isinstance(value, int):
        return [str(value), *(["one", "once"] if value == 1 else []), *ORDINALS[value : value + 1]]
    return [str(value).strip(), LANGUAGES.get(str(value), str(value)), str(value).partition(": ")[0]]


ORDINALS = ("zeroth", "first", "second", "third", "fourth")


def test_an_unknown_kind_names_the_nearest_one() -> None:
    with pytest.raises(DataError, match="unknown constraint 'keywords:existance'; did you mean 'keywords:existence'"):
        parse("keywords:existance", {})


@kinds
def test_what_is_drawn_is_not_met_by_a_null_reply_unless_the_limits_of_the_kind_say_so(kind: type[Constraint]) -> None:
    met = any(judge(constraint, null_reply(problem.answer)).passed for constraint, problem in drawn(kind, times=30))
    assert met == ("null reply" in kind.limits), "its `limits` must tell whether a null reply obeys, and do not"


@given(constraints, constraints)
def test_clash_is_symmetric(a: Constraint, b: Constraint) -> None:
    assert clash(a, b) == clash(b, a)


@given(constraints, constraints)
def test_constraints_on_thinking_and_on_the_final_text_do_not_clash(a: Constraint, b: Constraint) -> None:
    if Target.THINKING in type(b).targets:
        assert clash(a, dataclasses.replace(b, target=Target.THINKING)) == ""


@settings(max_examples=400)
@given(texts, constraints)
def test_no_text_makes_a_judge_raise_or_answer_without_a_reason(text: str, constraint: Constraint) -> None:
    for profile in Profile:
        verdict = judge(constraint, text, profile)
        assert verdict.passed or verdict.reason
        for span in verdict.evidence:
            assert 0 <= span.start <= span.end <= max(1, len(text))


@settings(max_examples=400)
@given(texts, constraints)
def test_no_text_makes_an_edit_raise(text: str, constraint: Constraint) -> None:
    assert isinstance(constraint.comply(text), str)
    assert isinstance(constraint.defy(text), str)


def test_capitals_are_added_to_a_text_of_short_words_in_another_language() -> None:
    demand = parse("change_case:capital_word_frequency", {"capital_frequency": 2, "capital_relation": "at least"})
    for text in ("¯aéØX)¼\xad", "да я", "是 的"):
        assert judge(demand, demand.comply(text)).passed


SAMPLE = [
    *(example.text for kind in KINDS.values() for example in kind.examples),
    "Première étape: on ajoute. La réponse est $\\boxed{5}$.",
    "THE ANSWER TO THIS QUESTION IS FIVE",
]


@cache
def verdicts() -> list[str]:
    return judged()


def judged() -> list[str]:
    return [
        str(judge(constraint, text, profile))
        for _, constraint, _ in DRAWN[::5]
        for text in SAMPLE[::4]
        for profile in Profile
    ]


def test_verdicts_are_the_same_in_threads_in_any_order() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert all(found == verdicts() for found in pool.map(lambda _: judged(), range(2)))


def test_verdicts_are_the_same_in_a_process_with_another_hash_seed() -> None:
    program = "from tests.test_constraints import verdicts; import json; print(json.dumps(verdicts()))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert json.loads(ran.stdout) == verdicts()


def test_an_argument_is_told_in_words_and_never_by_a_type_of_the_program() -> None:
    told = listing.constraints_markdown()
    assert "`keywords: texts`" in told
    assert "`relation: 'less than' or 'at least'`" in told
    assert not re.search(r"`\w+: (?:str|int|tuple\b|Literal\b|[A-Z]\w+)[^`]*`", told)


@pytest.mark.parametrize(("chars", "asked"), [(600, True), (601, False)])
def test_a_question_is_to_be_repeated_only_if_it_has_six_hundred_characters_at_most(chars: int, asked: bool) -> None:
    problem = Problem("p", "What is 2 + 3".ljust(chars - 1, "0") + "?", "5", "core")
    assert (KINDS["combination:repeat_prompt"].draw(Random(0), problem) is not None) == asked


STREWN = """
change_case:alternating change_case:capital_letters change_case:english_capital change_case:english_lowercase
change_case:small_letters keywords:forbidden_words layout:line_length layout:short_items lexical:address_reader
lexical:between_words lexical:sentence_ends lexical:spelled_numbers punctuation:no_comma punctuation:no_emoji
punctuation:no_latex punctuation:no_markdown
"""
PLANNED = """
change_case:capital_word_frequency detectable_format:json_format detectable_format:multiple_sections
detectable_format:number_bullet_lists detectable_format:number_highlighted_sections keywords:frequency
layout:check_section layout:equations layout:headings layout:json layout:json_fields layout:most_steps
layout:nth_start layout:numbered_steps layout:paragraphs layout:table layout:template length:sentences
length_constraint_checkers:number_words punctuation:questions
"""


def test_no_demand_that_each_stretch_of_a_text_may_break_takes_a_plan_of_the_whole() -> None:
    """The findings on both are told apart in reports, so that none may change its side unseen."""
    assert [kind for kind in KINDS if KINDS[kind].strewn and KINDS[kind].planned] == []
    assert {kind for kind in KINDS if KINDS[kind].strewn} == set(STREWN.split())
    assert {kind for kind in KINDS if KINDS[kind].planned} == set(PLANNED.split())

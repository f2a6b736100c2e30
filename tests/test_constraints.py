"""The contract of every kind: whatever is defined in `mathif.constraints` is held to these laws."""

import dataclasses
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif.constraints import KINDS, Constraint, Target, clash, judge, parse
from mathif.constraints.language import LANGUAGES
from mathif.constraints.witness import contrary, witness
from mathif.errors import DataError
from mathif.records import Outcome, Problem, Profile

PROBLEMS = (
    Problem(
        "apples", "Tom has 60 apples and gives 18 of them to Ann. How many apples does Tom have left?", "42", "core"
    ),
    Problem("pairs", "Which pair solves $x + y = 6$ with $y = 2x$?", "(2, 4)", "core"),
    Problem("height", "How tall is an equilateral triangle of side 1?", r"\frac{\sqrt{3}}{2}", "core"),
)
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


def null_reply(problem: Problem) -> str:
    return f"The answer is $\\boxed{{{problem.answer}}}$."


def drawn(kind: type[Constraint], times: int = 12) -> list[tuple[Constraint, Problem]]:
    """Draw `times` constraints of `kind`, over all problems that it suits."""
    found = []
    for seed in range(times):
        problem = PROBLEMS[seed % len(PROBLEMS)]
        constraint = kind.draw(Random(seed), problem)
        if constraint is not None:
            found.append((constraint, problem))
    assert found, f"{kind.kind} suits no problem"
    return found


DRAWN = [(kind.kind, constraint, problem) for kind in KINDS.values() for constraint, problem in drawn(kind)]
constraints = st.sampled_from([constraint for _, constraint, _ in DRAWN])


@kinds
def test_a_kind_shows_at_least_two_texts_that_obey_and_two_that_do_not(kind: type[Constraint]) -> None:
    assert sum(example.obeys for example in kind.examples) >= 2
    assert sum(not example.obeys for example in kind.examples) >= 2


@kinds
def test_the_examples_of_a_kind_are_true(kind: type[Constraint]) -> None:
    for example in kind.examples:
        verdict = judge(parse(kind.kind, example.args), example.text)
        assert verdict.passed == example.obeys, (example, verdict)


@kinds
def test_a_kind_says_where_its_limits_are_and_its_sentence_ends(kind: type[Constraint]) -> None:
    assert kind.limits
    for constraint, _ in drawn(kind):
        sentence = constraint.text()
        assert sentence[0].isupper()
        assert sentence.rstrip("\"'”")[-1] in ".?!:", sentence


@kinds
def test_a_kind_has_three_wordings_that_differ_and_each_names_the_part_and_every_argument(
    kind: type[Constraint],
) -> None:
    for constraint, _ in drawn(kind):
        wordings = constraint.wordings()
        assert wordings[0] == constraint.text()
        assert len(set(wordings)) == len(wordings) >= 3
        for wording in wordings:
            assert wording[0].isupper(), wording
            assert wording.rstrip("\"'”")[-1] in ".?!:", wording
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


@kinds
def test_a_kind_that_may_speak_about_the_thinking_says_so_in_each_wording_and_judges_it_alike(
    kind: type[Constraint],
) -> None:
    if Target.THINKING not in kind.targets:
        return
    for example in kind.examples:
        final = parse(kind.kind, example.args)
        thinking = parse(kind.kind, {**example.args, "target": "thinking"})
        for one, other in zip(final.wordings(), thinking.wordings(), strict=True):
            assert one.replace(final.part, thinking.part) == other != one
        assert judge(thinking, example.text).passed == example.obeys


@kinds
def test_arguments_survive_the_way_through_json(kind: type[Constraint]) -> None:
    for constraint, _ in drawn(kind):
        assert parse(kind.kind, json.loads(json.dumps(constraint.args()))) == constraint


@kinds
def test_an_argument_that_is_missing_extra_or_of_another_type_is_refused(kind: type[Constraint]) -> None:
    args = drawn(kind)[0][0].args()
    with pytest.raises(DataError, match="unknown argument 'colour'"):
        parse(kind.kind, {**args, "colour": 1})
    for name in args:
        with pytest.raises(DataError, match=f"{name!r} is missing"):
            parse(kind.kind, {key: value for key, value in args.items() if key != name})
        for wrong in (None, True, 2.5, {"a": 1}, [1]):
            with pytest.raises(DataError, match=name):
                parse(kind.kind, {**args, name: wrong})


@kinds
def test_a_count_below_zero_is_refused(kind: type[Constraint]) -> None:
    for constraint, _ in drawn(kind):
        for name, value in constraint.args().items():
            if type(value) is int:
                with pytest.raises(DataError):
                    parse(kind.kind, {**constraint.args(), name: -1})


def test_an_unknown_kind_names_the_nearest_one() -> None:
    with pytest.raises(DataError, match="unknown constraint 'keywords:existance'; did you mean 'keywords:existence'"):
        parse("keywords:existance", {})


@pytest.mark.parametrize("profile", Profile)
@kinds
def test_a_blank_text_obeys_nothing(kind: type[Constraint], profile: Profile) -> None:
    for constraint, _ in drawn(kind, times=3):
        for blank in ("", " \n\t", "\u3000"):
            assert judge(constraint, blank, profile).outcome is Outcome.FAIL


@kinds
def test_a_text_made_to_comply_obeys_and_keeps_its_answer(kind: type[Constraint]) -> None:
    for constraint, problem in drawn(kind):
        text = witness([constraint], null_reply(problem))
        assert text is not None, constraint
        assert judge(constraint, text).passed
        assert judge(constraint, text, Profile.UPSTREAM).passed
        assert judge(constraint, constraint.comply(null_reply(problem))).passed


@kinds
def test_a_text_made_to_defy_disobeys_under_both_profiles(kind: type[Constraint]) -> None:
    for constraint, problem in drawn(kind):
        assert contrary([constraint], null_reply(problem)) is not None, constraint


@kinds
def test_drawing_twice_from_one_seed_gives_one_constraint(kind: type[Constraint]) -> None:
    assert drawn(kind) == drawn(kind)


OBEYED_BY_NULL = {
    "punctuation:no_comma": "a terse reply has no comma",
    "length_constraint_checkers:number_words": "a terse reply is short, whatever the upper bound",
    "punctuation:no_markdown": "a terse reply has no Markdown",
    "punctuation:no_latex": "a terse reply has no formula but the box",
    "punctuation:no_emoji": "a terse reply has no emoji",
}


@kinds
def test_what_is_drawn_is_not_met_by_a_null_reply_unless_listed(kind: type[Constraint]) -> None:
    met = any(judge(constraint, null_reply(problem)).passed for constraint, problem in drawn(kind, times=30))
    assert met == (kind.kind in OBEYED_BY_NULL)


@given(constraints, constraints)
def test_clash_is_symmetric(a: Constraint, b: Constraint) -> None:
    assert clash(a, b) == clash(b, a)


@given(constraints)
def test_no_constraint_clashes_with_itself(constraint: Constraint) -> None:
    assert clash(constraint, constraint) == ""


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


def verdicts() -> list[str]:
    return [
        str(judge(constraint, text, profile))
        for _, constraint, _ in DRAWN[::5]
        for text in SAMPLE[::4]
        for profile in Profile
    ]


def test_verdicts_are_the_same_in_threads_in_any_order() -> None:
    expected = verdicts()
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(lambda _: verdicts(), range(4)))


def test_verdicts_are_the_same_in_a_process_with_another_hash_seed() -> None:
    program = "from tests.test_constraints import verdicts; import json; print(json.dumps(verdicts()))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert json.loads(ran.stdout) == verdicts()

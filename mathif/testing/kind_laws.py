"""The contract of a kind of constraint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any, ClassVar

import pytest

from mathif.constraints import KINDS, Constraint, Target, clash, judge, parse
from mathif.constraints.witness import contrary, null_reply, witness
from mathif.errors import DataError
from mathif.json_values import Json
from mathif.records import Outcome, Problem, Profile

PROBLEMS = (
    Problem(
        "apples", "Tom has 60 apples and gives 18 of them to Ann. How many apples does Tom have left?", "42", "core"
    ),
    Problem("pairs", "Which pair solves $x + y = 6$ with $y = 2x$?", "(2, 4)", "core"),
    Problem("height", "How tall is an equilateral triangle of side 1?", r"\frac{\sqrt{3}}{2}", "core"),
)
"""Problems whose answers are a number, a pair and a formula."""

HARD_TEXTS = (
    *(
        "\x00",
        "\ud800",
        "\\",
        "$",
        "$$",
        "{",
        "}",
        "\\(",
        "\\]",
        "\\boxed{",
        "\\boxed{}",
        "```",
        "İ",
        "ß",
        "答え",
        "नमस्ते",
    ),
    *("word " * 2000, "\n" * 2000, "$x$ " * 500, "# a\n- b\n| c |\n1. d\n", '{"a": [1, {"b": "c"}]}', "“quoted”"),
)
"""Texts that trip a careless judge or edit."""


def drawn(kind: type[Constraint], times: int = 12) -> list[tuple[Constraint, Problem]]:
    """Draw `times` constraints of a kind, over all of `PROBLEMS` that it suits."""
    instances: list[tuple[Constraint, Problem]] = []
    for seed in range(times):
        problem = PROBLEMS[seed % len(PROBLEMS)]
        constraint = kind.draw(Random(seed), problem)
        if constraint is not None:
            instances.append((constraint, problem))
    assert instances, f"{kind.kind} suits no problem"
    return instances


class KindLaws:
    """What every kind of constraint keeps.

    Attributes:
        name: of the kind.
    """

    name: ClassVar[str]

    @pytest.fixture
    def kind(self) -> type[Constraint]:
        """The kind."""
        return KINDS[self.name]

    def test_it_shows_at_least_two_texts_that_obey_and_two_that_do_not(self, kind: type[Constraint]) -> None:
        """A reader learns the rule from examples, and the edition of a kind rests on them."""
        obeying = [example.obeys for example in kind.examples]
        assert obeying.count(True) >= 2
        assert obeying.count(False) >= 2

    def test_its_examples_are_true(self, kind: type[Constraint]) -> None:
        """Each is judged as it says."""
        for example in kind.examples:
            verdict = judge(parse(kind.kind, example.args), example.text)
            assert verdict.passed == example.obeys, (example, verdict)

    def test_it_says_what_it_asks_and_where_its_limits_are(self, kind: type[Constraint]) -> None:
        """`mathif constraints` shows both."""
        assert (kind.__doc__ or "").strip()
        assert kind.limits

    def test_it_has_three_wordings_that_differ_and_are_sentences(self, kind: type[Constraint]) -> None:
        """The first is the one in use."""
        for constraint, _ in drawn(kind):
            wordings = constraint.wordings()
            assert wordings[0] == constraint.text()
            assert len(set(wordings)) == len(wordings) >= 3
            for wording in wordings:
                assert wording[0].isupper(), wording
                assert wording.rstrip("\"'”")[-1] in ".?!:", wording

    def test_where_it_may_speak_about_the_thinking_each_wording_says_so_and_it_judges_alike(
        self, kind: type[Constraint]
    ) -> None:
        """A kind that speaks of the reply alone declares `targets`."""
        if Target.THINKING not in kind.targets:
            return
        for example in kind.examples:
            final = parse(kind.kind, example.args)
            thinking = parse(kind.kind, {**example.args, "target": "thinking"})
            for one, other in zip(final.wordings(), thinking.wordings(), strict=True):
                assert one.replace(final.part, thinking.part) == other != one
            assert judge(thinking, example.text).passed == example.obeys

    def test_its_arguments_survive_the_way_through_json(self, kind: type[Constraint]) -> None:
        """A task is data."""
        for constraint, _ in drawn(kind):
            assert parse(kind.kind, json.loads(json.dumps(constraint.args()))) == constraint

    def test_an_argument_that_is_missing_extra_or_of_another_type_is_refused(self, kind: type[Constraint]) -> None:
        """Nothing is filled in or converted."""
        args = drawn(kind)[0][0].args()
        with pytest.raises(DataError, match="unknown argument 'colour'"):
            parse(kind.kind, {**args, "colour": 1})
        for name in args:
            with pytest.raises(DataError, match=f"{name!r} is missing"):
                parse(kind.kind, {key: value for key, value in args.items() if key != name})
            for wrong in (None, True, 2.5, {"a": 1}, [1]):
                with pytest.raises(DataError, match=name):
                    parse(kind.kind, {**args, name: wrong})

    def test_a_count_below_zero_and_a_blank_text_are_no_arguments(self, kind: type[Constraint]) -> None:
        """They ask for nothing."""
        for constraint, _ in drawn(kind):
            for name, value in constraint.args().items():
                senseless: Json = -1 if isinstance(value, int) else [" "] if isinstance(value, list) else " "
                with pytest.raises(DataError, match=name):
                    parse(kind.kind, {**constraint.args(), name: senseless})

    def test_a_blank_text_obeys_nothing(self, kind: type[Constraint]) -> None:
        """A model that says nothing earns nothing."""
        for constraint, _ in drawn(kind, times=3):
            for blank in ("", " \n\t", "\u3000"):
                for profile in Profile:
                    assert judge(constraint, blank, profile).outcome is Outcome.FAIL

    def test_a_text_made_to_comply_obeys_and_keeps_its_answer(self, kind: type[Constraint]) -> None:
        """So that every item has a witness."""
        for constraint, problem in drawn(kind):
            null = null_reply(problem.answer)
            text = witness([constraint], null)
            assert text is not None, constraint
            assert judge(constraint, text).passed
            assert judge(constraint, text, Profile.UPSTREAM).passed
            assert judge(constraint, constraint.comply(null)).passed

    def test_a_text_made_to_defy_disobeys_under_both_profiles(self, kind: type[Constraint]) -> None:
        """So that the judge is known to say no."""
        for constraint, problem in drawn(kind):
            assert contrary([constraint], null_reply(problem.answer)) is not None, constraint

    def test_drawing_twice_from_one_seed_gives_one_constraint(self, kind: type[Constraint]) -> None:
        """A seed stands for a set."""
        assert drawn(kind) == drawn(kind)

    def test_it_does_not_clash_with_itself(self, kind: type[Constraint]) -> None:
        """What one text can obey does not contradict itself."""
        for constraint, _ in drawn(kind):
            assert clash(constraint, constraint) == ""

    def test_no_text_makes_its_judge_or_its_edits_raise_or_answer_without_a_reason(
        self, kind: type[Constraint]
    ) -> None:
        """Models write anything."""
        constraint = drawn(kind)[0][0]
        for text in hard_texts(kind):
            for profile in Profile:
                verdict: Any = judge(constraint, text, profile)
                assert verdict == judge(constraint, text, profile)
                assert verdict.passed or verdict.reason
                for span in verdict.evidence:
                    assert 0 <= span.start <= span.end <= max(1, len(text))
            assert isinstance(constraint.comply(text), str)
            assert isinstance(constraint.defy(text), str)


def hard_texts(kind: type[Constraint]) -> Iterator[str]:
    """Yield texts that trip, alone and around what the kind shows of itself."""
    yield from HARD_TEXTS
    for example in kind.examples:
        yield from (f"{example.text}{hard[:80]}" for hard in HARD_TEXTS[:8])
        yield from (example.text[:cut] for cut in range(1, len(example.text), 7))

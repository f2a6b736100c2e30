"""The contract of a problem family."""

from __future__ import annotations

import re
from itertools import islice
from typing import ClassVar

import pytest

from mathif.answers import grade_answer
from mathif.problems import FAMILIES, Family, Surface
from mathif.problems.building import build, instances
from mathif.problems.dice import Dice
from mathif.problems.exact import latex
from mathif.records import Outcome

_SEED = 11
_DRAWS = 200


def samples(family: type[Family], n: int) -> list[tuple[int, Family]]:
    """Return about `n` instances with their steps, spread over all step counts of the family."""
    each = -(-n // len(family.steps))
    return [(steps, one) for steps in family.steps for one in islice(instances(family, _SEED, steps), each)]


class FamilyLaws:
    """What every problem family keeps.

    Attributes:
        name: of the family.
        unlike: how many of 200 draws are unlike, at the least.
    """

    name: ClassVar[str]
    unlike: ClassVar[int] = 190

    @pytest.fixture
    def family(self) -> type[Family]:
        """The family."""
        return FAMILIES[self.name]

    def test_it_declares_what_it_is(self, family: type[Family]) -> None:
        """Name, tier, topics, steps and a sentence."""
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", family.name)
        assert family.tier in range(1, 6)
        assert family.topics
        assert min(family.steps) >= 1
        assert (family.__doc__ or "").strip().endswith(".")

    def test_answer_and_check_agree_for_every_step_count(self, family: type[Family]) -> None:
        """`build` refuses where they do not."""
        for steps, one in samples(family, 24):
            problem = build(one, "k", steps, Surface.FAMILIAR, Dice("words"))
            assert problem.steps == steps
            assert problem.answer

    def test_the_gold_answer_passes_its_own_grader_and_another_one_does_not(self, family: type[Family]) -> None:
        """A gold that fails its own grader makes every model wrong."""
        golds = {latex(one.answer()) for _, one in samples(family, 6)}
        for gold, other in zip(golds, [*golds][1:] + [*golds][:1], strict=True):
            assert grade_answer(f"So the answer is $\\boxed{{{gold}}}$.", gold).outcome is Outcome.PASS
            assert gold == other or grade_answer(f"$\\boxed{{{other}}}$", gold).outcome is Outcome.FAIL

    def test_it_has_thousands_of_problems_for_each_step_count(self, family: type[Family]) -> None:
        """So that sets of different seeds share none."""
        for steps in family.steps:
            rng = Dice("space", steps)
            drawn = {repr(family.draw(rng, steps)) for _ in range(_DRAWS)}
            assert len(drawn) >= self.unlike, f"{steps} steps: {_DRAWS - len(drawn)} of {_DRAWS} draws repeat another"

    def test_no_text_is_made_by_two_different_parameters(self, family: type[Family]) -> None:
        """Every story shows all of the mathematics."""
        made: dict[str, Family] = {}
        for steps in family.steps:
            rng = Dice("text", steps)
            for _ in range(max(20, 120 // len(family.steps))):
                one = family.draw(rng, steps)
                for surface in Surface:
                    assert made.setdefault(one.question(Dice("words"), surface), one) == one

    def test_it_has_two_schoolbook_stories_and_a_strange_one_and_tells_them_all(self, family: type[Family]) -> None:
        """Novelty varies at fixed mathematics."""
        _, one = samples(family, 1)[0]
        told = {surface: {one.question(Dice("story", k), surface) for k in range(40)} for surface in Surface}
        assert len(family.stories[Surface.FAMILIAR]) >= 2
        assert len(family.stories[Surface.UNFAMILIAR]) >= 1
        assert len(told[Surface.FAMILIAR]) >= 2
        assert not told[Surface.FAMILIAR] & told[Surface.UNFAMILIAR]

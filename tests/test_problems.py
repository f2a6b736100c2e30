"""The laws that every problem family keeps, and every set that is drawn from them; a new family is tested unnamed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from mathif.errors import DataError, UsageError
from mathif.problems import FAMILIES, LADDER, Family, Surface, draw_problems
from mathif.problems.building import build
from mathif.problems.dice import Dice
from mathif.problems.exact import (
    Complex,
    ExponentialSum,
    FiniteSet,
    Matrix,
    Polynomial,
    RationalFunction,
    Real,
    RealSet,
    Tuple,
    Value,
)
from mathif.records import Problem
from mathif.testing import FamilyLaws
from mathif.testing.family_laws import samples

SEED = 11
NAMES = tuple(FAMILIES)
OTHER_PYTHONS = sorted(
    str(path) for path in Path.home().glob(".pyenv/versions/3.*/bin/python3") if int(path.parts[-3].split(".")[1]) >= 11
)
SUBJECTS = {
    "arithmetic",
    "algebra",
    "number_theory",
    "counting",
    "probability",
    "geometry",
    "sequences",
    "functions",
    "linear_algebra",
    "calculus",
}


@pytest.mark.parametrize("family", [family for family in FAMILIES.values() if family.task == "core"])
class TestEveryFamily(FamilyLaws):
    pass


@pytest.mark.parametrize("family", [family for family in FAMILIES.values() if family.task == "control"])
class TestEveryControlFamily(FamilyLaws):
    unlike = 150


def texts(family: type[Family], n: int) -> list[Problem]:
    """Return problems of about `n` instances, each in every surface."""
    found = []
    for number, (steps, one) in enumerate(samples(family, n)):
        found += [build(one, "k", steps, surface, Dice("words", number)) for surface in Surface]
    return found


def perturbed(value: Value) -> Value:
    """Return a value of the same shape that is wrong."""
    wrong: Any = value
    if isinstance(value, int | Fraction | Real | Complex | Polynomial):
        return wrong + 1  # type: ignore[no-any-return]
    if isinstance(value, str):
        return value + "s"
    if isinstance(value, Tuple):
        return Tuple(perturbed(value.values[0]), *value.values[1:])
    if isinstance(value, FiniteSet):
        return FiniteSet(*value.values[:-1]) if value.values else FiniteSet(0)
    if isinstance(value, RealSet):
        return ~value
    if isinstance(value, Matrix):
        return Matrix([[entry + 1 for entry in row] for row in value.rows])
    if isinstance(value, RationalFunction):
        return RationalFunction(value.above + value.below, value.below)
    assert isinstance(value, ExponentialSum)
    return ExponentialSum({**dict(value.terms), 97: 1}, value.variable)


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_answer_is_refused_by_the_check_of_its_family(name: str) -> None:
    steps, one = samples(FAMILIES[name], 1)[0]
    right = type(one).answer

    class Wrong(type(one)):  # type: ignore[misc]
        def answer(self) -> Value:
            return perturbed(right(self))

    object.__setattr__(one, "__class__", Wrong)
    with pytest.raises(DataError, match="expected them to be equal"):
        build(one, "k", steps, Surface.FAMILIAR, Dice("words"))


def test_a_family_is_filed_under_a_subject_of_its_task() -> None:
    for family in FAMILIES.values():
        assert family.topics[0] in (SUBJECTS if family.task == "core" else {family.task}), family.name


LAWS = {
    "ends like a sentence": re.compile(r"(?<![.?!])(?<![.?!]\))\Z"),
    "no doubled space": re.compile(r"  | \n|\n "),
    "no space before a stop": re.compile(r" [,.;?](?:\s|\Z)"),
    "no doubled stop": re.compile(r"(?<!\.)[.?!,]{2}(?!\.)"),
    "starts with a capital": re.compile(r"\A[a-z]|[a-z][.?!] [a-z]"),
    "no `a` before a vowel": re.compile(
        r"(?:\ba|\AA|(?<=[.?!] )A) (?:(?=[aeio])(?!one\b|once\b|eu|on\b|is\b|and\b)\w+|(?:8\d*|11|18)\b)"
    ),
    "no `an` before a consonant": re.compile(r"\b[Aa]n (?![aeiou8]|11|18|hour|honest|[$A-Z])\w+"),
    "no plural after one": re.compile(
        r"(?<![\d.,/:$(-] )(?<![\w.,/])(?<!year )\b1 "
        r"(?!(?:is|has|was|does|as|plus|minus|times|lies|follows|sits|stands|comes|holds)\b)[a-z]+s\b"
    ),
}
MATH_LAWS = {
    "no doubled sign": re.compile(r"[+-] ?[+-](?!\\infty)|\+ ?-"),
    "no coefficient one": re.compile(r"(?<![\d.^_{,])1[a-z](?![a-z])"),
    "no doubled space": re.compile(r"  "),
    "no unfilled brace": re.compile(r"\{self|\{\w+\.\w+\}"),
}


@pytest.mark.parametrize("name", NAMES)
def test_questions_read_as_a_careful_teacher_writes_them(name: str) -> None:
    for problem in texts(FAMILIES[name], 16):
        question = problem.question
        assert question.count("$") % 2 == 0, question
        pieces = question.split("$")
        prose = "$m$".join(pieces[::2])
        assert not re.search(r"[{}\\]", "".join(pieces[::2])), question
        for law, broken in LAWS.items():
            assert not broken.search(prose), f"{law}: {question}"
        assert all(math.count("{") == math.count("}") for math in pieces[1::2]), question
        formulas = "\n".join(pieces[1::2])
        for law, broken in MATH_LAWS.items():
            assert not broken.search(formulas), f"{law}: {question}"


def masked(question: str) -> frozenset[str]:
    """Return the words of a question without numbers, names and signs."""
    return frozenset(word for word in re.findall(r"\\?[a-z]+", question) if len(word) > 1)


def test_no_family_is_a_renamed_copy_of_another() -> None:
    worded = {name: {masked(problem.question) for problem in texts(FAMILIES[name], 1)} for name in NAMES}
    for first, second in combinations(NAMES, 2):
        for left in worded[first]:
            for right in worded[second]:
                assert len(left & right) < 0.9 * len(left | right), (first, second, sorted(left))


def digest(problems: list[Problem]) -> str:
    return sha256("\n".join(map(repr, problems)).encode()).hexdigest()


@pytest.mark.parametrize("python", [sys.executable, *OTHER_PYTHONS])
def test_the_same_seed_gives_the_same_bytes_in_a_fresh_process_of_any_python(python: str) -> None:
    program = (
        "from hashlib import sha256\n"
        "from mathif.problems import draw_problems\n"
        "problems = draw_problems(5, 150)\n"
        "print(sha256('\\n'.join(map(repr, problems)).encode()).hexdigest())"
    )
    root = str(Path(__file__).resolve().parents[1])
    environment = {"PYTHONHASHSEED": "271828", "PYTHONPATH": root}
    done = subprocess.run([python, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(draw_problems(5, 150))


def test_every_five_problems_in_a_row_hold_all_tiers() -> None:
    problems = draw_problems(7, 150)
    for start in range(0, 150, 5):
        assert {problem.tier for problem in problems[start : start + 5]} == {1, 2, 3, 4, 5}


def test_a_shorter_set_is_the_beginning_of_a_longer_one() -> None:
    assert draw_problems(7, 40) == draw_problems(7, 90)[:40]


def test_every_family_of_a_tier_is_used_before_any_is_used_again() -> None:
    problems = draw_problems(7, 250)
    for tier in range(1, 6):
        size = sum((family.task, family.tier) == ("core", tier) for family in FAMILIES.values())
        used = [problem.family for problem in problems if problem.tier == tier]
        for start in range(0, len(used) - size + 1, size):
            assert len(set(used[start : start + size])) == size


def test_keys_and_questions_of_a_set_are_unique() -> None:
    problems = draw_problems(7, 600)
    assert max(Counter(problem.key for problem in problems).values()) == 1
    assert max(Counter(problem.question for problem in problems).values()) == 1


def test_two_seeds_share_no_problem() -> None:
    sets = [{problem.question for problem in draw_problems(seed, 150)} for seed in range(0, 24, 2)]
    assert len(list(combinations(sets, 2))) > 60
    for first, second in combinations(sets, 2):
        assert not first & second


@pytest.mark.parametrize("steps", LADDER)
def test_a_set_can_be_asked_for_with_one_step_count(steps: int) -> None:
    problems = draw_problems(3, 60, steps=steps)
    assert {problem.steps for problem in problems} == {steps}
    assert Counter(problem.tier for problem in problems) == dict.fromkeys(range(1, 6), 12)
    assert len({problem.family for problem in problems}) >= 30


@pytest.mark.parametrize("surface", [None, *Surface])
def test_the_step_count_changes_neither_story_nor_surface(surface: Surface | None) -> None:
    few, many = (draw_problems(3, 60, steps, surface) for steps in (3, 6))
    for first, second in zip(few, many, strict=True):
        assert first.key == second.key
        assert (first.family, first.surface) == (second.family, second.surface)
        words = masked(first.question), masked(second.question)
        assert len(words[0] & words[1]) >= 0.7 * min(map(len, words)), (first.question, second.question)


def test_the_surface_changes_the_words_and_nothing_else() -> None:
    plain = draw_problems(3, 150, surface=Surface.FAMILIAR)
    strange = draw_problems(3, 150, surface=Surface.UNFAMILIAR)
    for first, second in zip(plain, strange, strict=True):
        assert first.question != second.question
        assert (first.key, first.answer, first.steps) == (second.key, second.answer, second.steps)


def test_a_set_of_both_surfaces_holds_as_many_of_each_in_every_tier() -> None:
    counted = Counter((problem.tier, problem.surface) for problem in draw_problems(3, 150))
    assert set(counted.values()) == {15}


def test_a_step_count_that_no_family_has_is_refused() -> None:
    with pytest.raises(UsageError, match="expected a number from 2 to 6"):
        draw_problems(3, 10, steps=40)


def test_there_are_families_of_every_subject_and_twenty_in_every_tier() -> None:
    core = [family for family in FAMILIES.values() if family.task == "core"]
    tiers = Counter(family.tier for family in core)
    assert min(tiers[tier] for tier in range(1, 6)) >= 20
    assert len(core) >= 120
    assert {family.topics[0] for family in core} == SUBJECTS


def test_dice_keep_their_draws_for_ever() -> None:
    rng = Dice("law", 1)
    drawn = [rng.randint(1, 6), rng.randrange(10), rng.choice("abc"), rng.sample(range(9), 3)]
    assert drawn == [4, 1, "c", [7, 5, 4]]

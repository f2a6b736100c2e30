"""Witnesses exist for what can be met, and for nothing else."""

import json
from pathlib import Path
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mathif.constraints import KINDS, Constraint, clash, judge, parse
from mathif.constraints.base import Stage
from mathif.constraints.witness import contrary, null_reply, unsatisfiable, witness
from mathif.records import Profile
from mathif.testing import PROBLEMS

UNSATISFIABLE = {f"{source}_double#21" for source in ("gsm8k", "math500", "minerva", "olympiad")}
"""They ask to repeat a request with commas, and for no comma."""


def official(data: Path) -> dict[str, tuple[list[Constraint], str]]:
    """Return the constraints of each official item and the null reply to it."""
    items = {}
    for path in sorted((data / "mathif").glob("*.jsonl")):
        for row, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            item = json.loads(line)
            demands = zip(item["constraint_name"], item["constraint_args"], strict=True)
            body = f"The answer is $\\boxed{{{item['answer'].strip('$')}}}$."
            items[f"{path.stem}#{row}"] = [parse(kind, args) for kind, args in demands], body
    assert len(items) == 420
    return items


def test_every_official_item_has_a_witness_but_four(data: Path) -> None:
    items = official(data)
    assert {key for key, (asked, _) in items.items() if unsatisfiable(asked)} == UNSATISFIABLE
    found = {key: witness(asked, body) for key, (asked, body) in items.items()}
    assert {key for key, text in found.items() if text is None} == UNSATISFIABLE


def test_a_witness_obeys_both_profiles_unless_the_answer_itself_has_a_comma(data: Path) -> None:
    for key, (asked, body) in official(data).items():
        text = witness(asked, body)
        if text is None:
            continue
        assert all(judge(constraint, text).passed for constraint in asked), key
        missed = {one.kind for one in asked if not judge(one, text, Profile.UPSTREAM).passed}
        assert missed <= ({"punctuation:no_comma"} if "," in body else set()), key


def test_every_official_item_has_a_contrary(data: Path) -> None:
    for key, (asked, body) in official(data).items():
        text = contrary(asked, body)
        assert text is not None, key
        assert text.strip()
        assert not any(judge(one, text, profile).passed for one in asked for profile in Profile), key


@settings(max_examples=300)
@given(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=3, unique=True), st.integers(0, 10**6))
def test_drawn_constraints_that_do_not_clash_have_a_witness_and_a_contrary(names: list[str], seed: int) -> None:
    problem = PROBLEMS[seed % len(PROBLEMS)]
    rng = Random(seed)
    asked = [constraint for name in names if (constraint := KINDS[name].draw(rng, problem)) is not None]
    assume(not unsatisfiable(asked))
    text = witness(asked, null_reply(problem.answer))
    # Few triples need more than composed edits; whoever draws a set asks for its witness and draws again.
    assert text is not None or len(asked) == 3
    if text is not None:
        assert all(judge(one, text, profile).passed for one in asked for profile in Profile)
    assert contrary(asked, null_reply(problem.answer)) is not None


def test_a_forbidden_word_that_must_be_there_cannot_be_met() -> None:
    forbidden = parse("keywords:forbidden_words", {"forbidden_words": ["sum", "root"]})
    demanded = parse("keywords:existence", {"keywords": ["Root"]})
    assert "root" in clash(forbidden, demanded)
    assert unsatisfiable([demanded, forbidden])
    assert witness([demanded, forbidden], "The answer is $\\boxed{5}$.") is None


def test_bounds_that_leave_no_count_clash() -> None:
    for kind, number, relation, rest in (
        ("keywords:frequency", "frequency", "relation", {"keyword": "sum"}),
        ("length_constraint_checkers:number_words", "num_words", "relation", {}),
        ("change_case:capital_word_frequency", "capital_frequency", "capital_relation", {}),
    ):
        least = parse(kind, {**rest, number: 3, relation: "at least"})
        assert clash(least, parse(kind, {**rest, number: 3, relation: "less than"}))
        assert not clash(least, parse(kind, {**rest, number: 4, relation: "less than"}))


def test_no_two_stages_of_a_witness_are_one() -> None:
    assert len(Stage) == len(Stage.__members__)

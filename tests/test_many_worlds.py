"""Laws of what a report says in worlds that it was not made for: no more than its numbers bear, in no causal word."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from mathif.records import Profile
from mathif.report import summarize
from mathif.results import ArmClaims, ProfileReport
from mathif.screen import warnings
from tests.many_worlds import LAWS, rows

SEEDS = range(3)
CAUSE = re.compile(r"\b(lowers?|raises?|costs?|dilut\w+|chang(es|ed)|harms?|helps?|fades?|causes?)\b")
RANDOMISED = ("randomised", "being given the instructions", "the instructions", "no cost in accuracy")
"""How the sentences begin that compare arms, which were shown to the same problems."""


@cache
def found(name: str, seed: int) -> ProfileReport:
    return summarize(rows(LAWS[name], seed)).profiles[Profile.MATHIF]


def claims(name: str) -> list[ArmClaims]:
    return [found(name, seed).claims["constrained"] for seed in SEEDS]


@pytest.mark.parametrize("name", LAWS)
def test_no_sentence_on_what_was_observed_speaks_of_a_cause(name: str) -> None:
    for seed in SEEDS:
        for sentence in found(name, seed).findings:
            said = sentence.partition(": ")[2]
            if not said.startswith(RANDOMISED):
                assert not CAUSE.search(said), said


@pytest.mark.parametrize("name", ["plainly", "longer_bodies", "clustered", "always", "never", "cut_at_random", "limit"])
def test_where_length_and_place_do_nothing_nothing_is_claimed_of_them(name: str) -> None:
    for one in claims(name):
        assert (one.length, one.net, one.position, one.bond, one.cost) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("name", "net"), [("echo", 0), ("verbose", 0), ("reverse", -1), ("dilution", -1)])
def test_what_goes_with_length_is_set_against_the_plain_replies(name: str, net: int) -> None:
    told = claims(name)
    assert sum(one.length == -1 for one in told) >= 2
    assert sum(one.net == net for one in told) >= 2


def test_where_the_reply_is_the_thinking_no_length_is_claimed_and_the_report_says_why() -> None:
    assert all(one.length == one.bend == 0 and not one.kinds for one in claims("reply_is_cot"))
    assert any("one thing" in sentence for sentence in found("reply_is_cot", 0).findings)


def test_where_some_replies_are_the_thinking_the_report_says_how_many() -> None:
    assert all(one.length == one.bend == 0 and not one.kinds for one in claims("some_replies_are_cot"))
    said = [sentence for sentence in found("some_replies_are_cot", 0).findings if "one thing" in sentence]
    assert all(re.search(r"(?:2\d|3\d) % of the replies have no thinking of their own", sentence) for sentence in said)
    assert said


def test_a_hill_is_called_no_line_and_excludes_no_loss() -> None:
    assert sum(one.bend for one in claims("hill")) >= 2
    assert not any("obeying every constraint" in line and "excluded" in line for line in found("hill", 0).findings)


def test_obedience_that_ends_along_the_reply_is_told_from_lapses_that_are_as_likely_everywhere() -> None:
    assert all(one.position == 1 for one in claims("forgets"))
    assert not any(one.position for one in claims("lapses"))


INTERVAL = re.compile(r"(-?[\d.]+|\+[\d.]+)( times)? (?:points )?\[([-+\d.]+), ([-+\d.]+)\]")
EXPLAINED = ("on its own", "could undo", "rarer breaks")


@pytest.mark.parametrize("name", LAWS)
def test_what_is_not_shown_has_an_interval_that_holds_it_or_a_reason(name: str) -> None:
    for seed in SEEDS:
        for sentence in found(name, seed).findings:
            if re.search("not shown|no evidence|no cost", sentence) and "in sum" not in sentence:
                size = INTERVAL.search(sentence)
                assert size
                none = 1 if size[2] else 0
                held = float(size[3]) <= none <= float(size[4])
                assert held or any(why in sentence for why in EXPLAINED), sentence


@pytest.mark.parametrize("name", LAWS)
def test_the_sum_up_never_passes_over_the_length(name: str) -> None:
    for seed in SEEDS:
        [said] = [sentence for sentence in found(name, seed).findings if "in sum, " in sentence]
        assert said.count("with the length of the thinking at a fixed problem") == 1


def test_replies_that_are_all_alike_leave_it_untold_what_obeying_goes_with() -> None:
    alike = [replace(row, cot_tokens=1000) for row in rows(LAWS["plainly"], 0)]
    said = summarize(alike).profiles[Profile.MATHIF].findings[-1]
    assert said.partition("whether it goes ")[2].startswith(
        "with the length of the thinking at a fixed problem or with"
    )
    assert said.endswith("is not told.")


def test_replies_with_nothing_after_their_thinking_are_counted_before_any_number() -> None:
    empty = [replace(row, empty=row.sample == 0) for row in rows(LAWS["plainly"], 0, problems=20)]
    figures = summarize(empty).profiles[Profile.MATHIF]
    said = "20 of 80 replies have nothing after the thinking, so that an empty text is judged."
    assert figures.findings[0] == f"constrained: {said}"
    told = "! 40 replies have nothing after their thinking (20 in constrained, 20 in plain)"
    assert told in warnings(figures)


def test_where_every_reply_has_one_outcome_that_is_the_reason_why_nothing_is_told() -> None:
    for name, which in (("always", "every"), ("never", "no")):
        said = [one for one in found(name, 0).findings if "obeying every constraint goes" in one]
        assert said[0].endswith(f"cannot be told: {which} reply obeys every constraint.")

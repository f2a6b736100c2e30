"""Laws of restating: a sentence that names a demand is told from one that obeys or breaks it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.constraints import KINDS, parse
from mathif.constraints.restating import restatements, spared
from mathif.records import Span

Demand = tuple[str, dict[str, Any]]

WORD: Demand = ("keywords:forbidden_words", {"forbidden_words": ["therefore"]})
COMMA: Demand = ("punctuation:no_comma", {})
SMALL: Demand = ("change_case:small_letters", {})
GERMAN: Demand = ("language:response_language", {"language": "de"})
FEW: Demand = ("length_constraint_checkers:number_words", {"relation": "less than", "num_words": 50})
THE: Demand = ("keywords:forbidden_words", {"forbidden_words": ["the", "suppose"]})
THREE: Demand = ("length:sentences", {"least": 3, "most": 3})
PHRASE: Demand = ("startend:end_checker", {"end_phrase": "That is all."})

LONG: Demand = ("startend:end_checker", {"end_phrase": "Is there anything else that you want to know?"})

NAMED = [
    (WORD, "I must not use the word therefore."),
    (WORD, "I must not use the word *therefore*."),
    (WORD, "Remember: never say 'therefore' here."),
    (WORD, "The user says that “therefore” is forbidden."),
    (WORD, "Wait, I can't use therefore."),
    (WORD, "Careful: therefore is not allowed."),
    (WORD, "Must avoid: therefore."),
    (THE, 'I must not use "the" here.'),
    (THE, "The word the is forbidden."),
    (COMMA, "Comma-free writing is required."),
    (SMALL, "Everything in small letters!"),
    (COMMA, "I must avoid commas."),
    (COMMA, "The instructions say no commas, so careful."),
    (COMMA, "The response should not contain a comma"),
    (COMMA, 'The demand: "Do not use any comma in your entire response".'),
    (SMALL, "I have to keep everything in lowercase."),
    (SMALL, "I must write in small letters only."),
    (SMALL, "No capitals are allowed here."),
    (SMALL, "Remember to avoid upper case."),
    (GERMAN, "The user wants my reasoning in German."),
    (GERMAN, "So I should think in German."),
    (FEW, "I need to stay under 50 words."),
    (FEW, "It must have fewer than 50 words in all."),
    (THREE, "It must have exactly three sentences."),
    (THREE, "I need 3 sentences."),
    (PHRASE, 'And I need to end with "That is all."'),
    (PHRASE, "I must close with the phrase That is all."),
]
"""Sentences that restate a demand."""

UNNAMED = [
    (WORD, "Therefore we must have x > 0."),
    (WORD, "It is even and therefore not prime."),
    (WORD, "We need x > 0 and therefore y < 1."),
    (WORD, "It therefore is not even."),
    (THE, "We must use the formula, and the rest is not allowed to grow."),
    (COMMA, "So a, b, and c must be even."),
    (COMMA, "We do not know x yet."),
    (SMALL, "Let X be the number that must be found."),
    (SMALL, "How many letters must be in the word?"),
    (GERMAN, "The answer must be in the list."),
    (GERMAN, "Wir brauchen nur die Summe."),
    (SMALL, "A small value must be written first."),
    (THREE, "The three must be divided by 2."),
    (FEW, "So 50 must be divided by 2."),
    (FEW, "It has at most 50 divisors."),
    (PHRASE, "That is all. We must add 2 and 3."),
    (LONG, "Is there anything else that you want to know?"),
]
"""Sentences that obey or break it, or speak of something else."""


@pytest.mark.parametrize(("demand", "sentence"), NAMED)
def test_a_sentence_that_names_a_demand_is_found_between_others(demand: Demand, sentence: str) -> None:
    before, after = "First we add 2 and 3.\n", "\nSo it is 5."
    found = restatements([parse(*demand)], before + sentence + after)
    assert [(before + sentence + after)[span.start : span.end] for span in found] == [sentence]


@pytest.mark.parametrize(("demand", "sentence"), UNNAMED)
def test_a_sentence_that_only_obeys_or_breaks_a_demand_is_none_of_it(demand: Demand, sentence: str) -> None:
    assert restatements([parse(*demand)], sentence) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_every_wording_of_every_kind_restates_it_and_no_plain_thinking_does(kind: str) -> None:
    for example in KINDS[kind].examples:
        demand = parse(kind, example.args)
        for wording in demand.wordings():
            assert restatements([demand], f"So: {wording}"), wording
        assert restatements([demand], "First we add 2 and 3. That must give 5, so x = 5 and not 6.") == ()


@given(st.lists(st.sampled_from(["I must avoid commas.", "So, 2 and 3.", "no commas", "it is 5. ", "\n"])))
def test_what_is_spared_is_the_rest_and_every_place_of_it_is_found_again(parts: list[str]) -> None:
    text = " ".join(parts)
    found = restatements([parse(*COMMA)], text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    rest = spared(text, found)
    assert restatements([parse(*COMMA)], rest.text) == () or len(rest.kept) > 1
    assert len(rest.text) == len(text) - sum(span.end - span.start for span in found)
    for place, letter in enumerate(rest.text):
        whole = rest.whole_span(Span(place, place + 1))
        assert text[whole.start : whole.end] == letter

"""The laws of the questions of mathematical knowledge: one short answer each, every spelling of it accepted."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mathif import answers

FILE = Path(__file__).parents[1] / "tasks" / "knowledge" / "problems.jsonl"
ROWS: list[dict[str, Any]] = [
    {"aliases": []} | json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()
]


def plain(text: str) -> str:
    """Return `text` without letter case, punctuation and a leading article."""
    words = re.sub(r"[^\w\\^{}]+", " ", re.sub("['’]", "", text.casefold())).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("a", "an", "the") else words)


def test_each_row_has_exactly_the_fields_of_a_question() -> None:
    types = {"key": str, "question": str, "answer": str, "aliases": list, "source": str, "tier": int, "topics": list}
    for row in ROWS:
        assert {name: type(value) for name, value in row.items()} == types, row["key"]
        assert all(type(text) is str and text == text.strip() != "" for text in [*row["aliases"], *row["topics"]])
        assert row["source"] == "knowledge"


def test_the_set_is_large_and_spread_over_tiers_and_topics() -> None:
    tiers = Counter(row["tier"] for row in ROWS)
    topics = Counter(row["topics"][0] for row in ROWS)
    assert len(ROWS) >= 160
    assert sorted(tiers) == [1, 2, 3, 4, 5]
    assert min(tiers.values()) >= 20
    assert sum(count >= 8 for count in topics.values()) >= 8


def test_keys_and_questions_are_unique() -> None:
    assert len({row["key"] for row in ROWS}) == len(ROWS)
    assert len({plain(row["question"]) for row in ROWS}) == len(ROWS)


def test_no_question_gives_its_answer_away() -> None:
    for row in ROWS:
        words = f" {plain(row['question'])} "
        told = [text for text in [row["answer"], *row["aliases"]] if f" {plain(text)} " in words]
        assert not told, (row["key"], told)


FREE = {"theorem", "function", "formula", "formulas", "formulae", "lemma", "algorithm", "of", "the", "a"}
"""Words of an answer that the question may hold, since they say nothing by themselves."""


def stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[^\W_]+", plain(text)) if word not in FREE}


def test_no_question_holds_all_the_words_that_tell_an_answer_in_any_form() -> None:
    for row in ROWS:
        told = [
            text for text in [row["answer"], *row["aliases"]] if stems(text) and stems(text) <= stems(row["question"])
        ]
        assert not told, (row["key"], told)


def test_no_two_accepted_spellings_of_an_answer_are_the_same() -> None:
    for row in ROWS:
        spellings = [plain(text) for text in [row["answer"], *row["aliases"]]]
        assert len(set(spellings)) == len(spellings), row["key"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_every_spelling_of_the_answer_passes_and_that_of_another_question_fails(row: dict[str, Any]) -> None:
    for spelling in [row["answer"], *row["aliases"]]:
        for boxed in (
            f"\\boxed{{{spelling}}}",
            f"\\boxed{{\\text{{{spelling}}}}}",
            f"\\boxed{{\\textbf{{{spelling}}}}}",
        ):
            assert answers.grade_answer(f"It is ${boxed}$.", row["answer"], row["aliases"]).passed, boxed
    wrong = "Blaise Pascal" if not row["answer"].isdecimal() else "987654"
    assert not answers.grade_answer(f"It is $\\boxed{{{wrong}}}$.", row["answer"], row["aliases"]).passed

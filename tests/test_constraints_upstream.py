"""The `upstream` profile says what MathIF's published code says: held against its verdicts, and against plain rules."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import langdetect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif.constraints import judge, parse
from mathif.constraints.case import CapitalWordFrequency
from mathif.constraints.format import BulletLists, Highlights, MultipleSections
from mathif.constraints.language import langdetect_says
from mathif.constraints.length import NumberOfWords
from mathif.constraints.lexical import Existence, ForbiddenWords, Frequency
from mathif.constraints.phrases import PHRASES
from mathif.records import Outcome, Profile

LEDGER = Path(__file__).with_name("deviations.toml")


class Case(NamedTuple):
    """One stored verdict; `name` is its place in the ledger."""

    name: str
    kind: str
    args: dict[str, Any]
    text: str
    expected: bool


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        yield number, json.loads(line)


def reference_verdicts(data: Path) -> Iterator[Case]:
    """Yield what MathIF's own code said, one case a constraint."""
    items = {
        f"{path.stem}#{row}": item for path in sorted((data / "mathif").glob("*.jsonl")) for row, item in rows(path)
    }
    for number, row in rows(data / "oracle" / "reference_verdicts.jsonl"):
        item = items[row["item"]]
        demands = zip(item["constraint_name"], item["constraint_args"], row["constraints"], strict=True)
        for place, (kind, args, expected) in enumerate(demands):
            yield Case(f"{number}.{place}", kind, args or {}, row["reply"], expected)


def constraint_labels(data: Path) -> Iterator[Case]:
    """Yield the verdicts that another run of the same family of checkers stored."""
    for number, row in rows(data / "oracle" / "constraint_labels.jsonl"):
        yield Case(str(number), row["kind"], row["args"], row["response"], row["expected"])


@pytest.mark.parametrize("source", [reference_verdicts, constraint_labels])
def test_upstream_verdicts_equal_the_stored_ones_but_for_the_ledger(source: Any, data: Path) -> None:
    listed = {row["case"] for row in tomllib.loads(LEDGER.read_text(encoding="utf-8"))["constraints"][source.__name__]}
    cases = list(source(data))
    assert len(cases) > 2500
    found = set()
    for case in cases:
        verdict = judge(parse(case.kind, case.args), case.text, Profile.UPSTREAM)
        if verdict.outcome is not (Outcome.PASS if case.expected else Outcome.FAIL):
            found.add(case.name)
    assert found == listed


SPACES = [" ", "\n", "\t", "\x0b", "\x85", "\u2028"]
WORDS = ["a", "b c", "5", "Section ", "Section", "1", "12 "]
lines = st.lists(st.sampled_from(["*", "**", "-", *SPACES, *WORDS]), max_size=14).map("".join)
counts = st.integers(0, 4)


@settings(max_examples=300)
@given(lines, counts)
def test_bullets_are_the_lines_that_the_published_patterns_find(text: str, number: int) -> None:
    stars = re.findall(r"^\s*\*[^\*].*$", text, flags=re.MULTILINE)
    dashes = re.findall(r"^\s*-.*$", text, flags=re.MULTILINE)
    expected = len(stars) + len(dashes) == number
    assert BulletLists(num_bullets=number).holds_upstream(text).passed == expected


@settings(max_examples=300)
@given(lines, counts)
def test_highlights_are_the_pairs_that_the_published_patterns_find(text: str, number: int) -> None:
    single = [found for found in re.findall(r"\*[^\n\*]*\*", text) if found.strip("*").strip()]
    double = [found for found in re.findall(r"\*\*[^\n\*]*\*\*", text) if found[2:-2].strip()]
    assert Highlights(num_highlights=number).holds_upstream(text).passed == (len(single) + len(double) >= number)


@settings(max_examples=200)
@given(lines, counts, st.sampled_from(["Section", "a", "1", "(a|b)"]))
def test_sections_are_the_splits_of_the_published_pattern(text: str, number: int, mark: str) -> None:
    expected = len(re.split(r"\s?" + mark + r"\s?\d+\s?", text)) - 1 >= number
    assert MultipleSections(section_spliter=mark, num_sections=number).holds_upstream(text).passed == expected


LETTERS = ["is", "IS", "iS", "thiſ", "ıs", "İs", "\u212a", "ok", "_", " ", "'", "5", "é"]
letters = st.lists(st.sampled_from(LETTERS), max_size=10).map("".join)


@settings(max_examples=200)
@given(letters, st.sampled_from(["is", "ok", "s", "k", "i."]), counts)
def test_keywords_are_regular_expressions_in_any_case(text: str, keyword: str, number: int) -> None:
    count = len(re.findall(keyword, text, flags=re.IGNORECASE))
    assert Existence(keywords=(keyword,)).holds_upstream(text).passed == bool(count)
    for relation, expected in (("at least", count >= number), ("less than", count < number)):
        constraint = parse("keywords:frequency", {"keyword": keyword, "frequency": number, "relation": relation})
        assert constraint.holds_upstream(text).passed == expected
    forbidden = re.search(rf"\b{keyword}\b", text, flags=re.IGNORECASE)
    assert ForbiddenWords(forbidden_words=(keyword,)).holds_upstream(text).passed == (forbidden is None)


@given(letters, counts)
def test_words_are_runs_of_word_characters(text: str, number: int) -> None:
    expected = len(re.findall(r"\w+", text)) >= number
    assert NumberOfWords(num_words=number, relation="at least").holds_upstream(text).passed == expected


def test_a_keyword_that_is_no_pattern_is_the_fault_of_the_grader() -> None:
    assert Existence(keywords=("(",)).holds_upstream("a (").outcome is Outcome.UNGRADED
    assert ForbiddenWords(forbidden_words=("*",)).holds_upstream("a *").outcome is Outcome.UNGRADED
    assert Frequency(keyword="[", frequency=1, relation="at least").holds_upstream("[").outcome is Outcome.UNGRADED


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("I SAW A 2X", 4),
        ("DON'T and CANNOT", 4),
        ("NASA's WE'LL GO", 4),
        ("A,B A, B A:5B x=Y", 5),
        ("**NOTE:** (SEE) [THIS]...END--OF", 5),
        ("'TIS O'B  x'Y", 5),
    ],
)
def test_capital_words_are_the_tokens_of_nltk(text: str, capitals: int) -> None:
    """The counts are those of nltk 3.9.1."""
    assert CapitalWordFrequency(capital_frequency=capitals, capital_relation="at least").holds_upstream(text).passed
    assert (
        CapitalWordFrequency(capital_frequency=capitals + 1, capital_relation="less than").holds_upstream(text).passed
    )


def test_langdetect_does_not_depend_on_what_was_asked_before() -> None:
    texts = ["THE ANSWER IS FIVE", "SUM OF A AND B", "LET X BE THE ROOT", "SO WE GET 12 APPLES"]
    first = [langdetect_says.__wrapped__(text) for text in texts]
    assert [langdetect_says.__wrapped__(text) for text in reversed(texts)] == first[::-1]


def test_langdetect_is_heard_as_the_package_speaks_with_seed_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(langdetect.DetectorFactory, "seed", 0)
    for phrase in PHRASES.values():
        for text in (phrase, phrase.upper(), phrase[:12], f"{phrase} $x^2 = 5$"):
            assert langdetect_says(text) == langdetect.detect(text)


def test_langdetect_is_asked_for_what_lies_within_its_reach_only() -> None:
    head = "Dies ist ein deutscher Satz über Zahlen. " * 300
    assert langdetect_says(head + "This is an English sentence. " * 50_000) == "de"

"""A judge sees what a reader sees: what shows nothing obeys nothing, and what is shown by other means counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.constraints import judge, parse
from mathif.constraints.seen import seen

BROKEN_UNSEEN: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("answer:unit", {"unit": "marbles"}, r"He has $\boxed{42 \phantom{\text{ marbles}}}$."),
    ("startend:end_checker", {"end_phrase": "Any questions?"}, r"It is $\boxed{5}$. $\phantom{\text{Any questions?}}$"),
    ("layout:paragraphs", {"count": 2}, "Add and get $\\boxed{5}$.\n\n$\\phantom{x}$"),
    ("layout:equations", {"count": 1}, r"$$\phantom{a = b}$$ thus $\boxed{5}$"),
    ("answer:last_line", {}, "Six sevens are forty-two.\n\n<!-- $\\boxed{42}$ -->"),
    ("answer:first", {}, "<!-- $\\boxed{42}$ -->\nBecause six sevens make it."),
    ("punctuation:no_comma", {}, r"Hence&comma; the answer is $\boxed{5}$"),
    ("punctuation:no_emoji", {}, r"&#128512; $\boxed{42}$"),
    ("keywords:forbidden_words", {"forbidden_words": ["answer"]}, r"The &#97;nswer is $\boxed{5}$"),
    ("lexical:exact_word", {"word": "hence", "count": 2}, "Hence a, [ ](hence)."),
    ("layout:json_fields", {"fields": ["answer: string"]}, '{"answer": " "}'),
    ("layout:json_fields", {"fields": ["steps: list", "answer: string"]}, '{"steps": [""], "answer": "5"}'),
    ("answer:equation", {"name": "T"}, r"It is $\boxed{T = T}$."),
    ("layout:most_steps", {"most": 2}, "It is $\\boxed{5}$.\n\n1."),
    ("punctuation:no_markdown", {}, "Result\n======\n\n$\\boxed{42}$"),
    ("punctuation:no_markdown", {}, "See [this][1]: $\\boxed{42}$\n\n[1]: http://x.example"),
    ("punctuation:no_markdown", {}, r"<b>Add</b>: $\boxed{42}$"),
    ("layout:json_fields", {"fields": ["steps: list", "answer: string"]}, r'{"steps": ["\u200b"], "answer": "5"}'),
    ("layout:json_fields", {"fields": ["steps: list", "answer: string"]}, '{"steps": [null], "answer": "5"}'),
    ("layout:json_fields", {"fields": ["answer: string"]}, '{"answer": "<!-- 5 -->"}'),
    ("layout:json_fields", {"fields": ["steps: object"]}, '{"steps": {"": []}}'),
    ("detectable_format:json_format", {}, "[[]]"),
    ("detectable_format:json_format", {}, '{"answer": null}'),
    ("keywords:existence", {"keywords": ["verify", "win"]}, "<p style='color:white'>We verify it to win.</p> It is 5."),
    ("keywords:existence", {"keywords": ["verify", "win"]}, "<font size=0>We verify it to win.</font> It is 5."),
    ("keywords:existence", {"keywords": ["verify", "win"]}, r"$\color{white}{\text{We verify it to win.}}$ It is 5."),
    ("keywords:existence", {"keywords": ["verify", "win"]}, r"It is $\boxed{5}$.\n\nverify\nwin".replace(r"\n", "\n")),
    ("keywords:existence", {"keywords": ["verify", "win"]}, r"It is $\boxed{5}$. Used: verify; win"),
    ("keywords:existence", {"keywords": ["verify", "win"]}, "Verify. Win. It is 5."),
)
OBEYED_AS_SEEN: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("punctuation:no_comma", {}, r"$x\phantom{,}y$ makes $\boxed{5}$"),
    ("punctuation:no_emoji", {}, "<!-- \U0001f389 --> $\\boxed{42}$"),
    ("punctuation:no_latex", {}, r"Six sevens. <!-- $x$ --> $\boxed{42}$"),
    ("punctuation:no_comma", {}, "Write `&comma;` for it: $\\boxed{5}$"),
    ("layout:table", {"rows": 2}, "| a | b |\r\n|---|---|\r\n| a | 6 |\r\n| b | 7 |\r\n\r\n$\\boxed{42}$"),
    ("layout:numbered_steps", {"steps": 2}, "1\\. Add.\n2\\. Halve: $\\boxed{5}$"),
    ("startend:both_ends", {"phrase": "All is well."}, "# All is well.\n\n$\\boxed{5}$.\n\n**All\xa0is well.**"),
    ("layout:most_steps", {"most": 2}, "Step 1\n\nAdd.\n\nStep 2\n\nIt is $\\boxed{5}$."),
    ("keywords:existence", {"keywords": ["verify", "win"]}, "# Verify\n\nWe add to win.\n\nIt is $\\boxed{5}$."),
    ("keywords:existence", {"keywords": ["win"]}, "<span style='background-color: white'>We win.</span> It is 5."),
    ("punctuation:no_comma", {}, "<span hidden>a, b</span> It is 5."),
)


@pytest.mark.parametrize(("kind", "args", "text"), BROKEN_UNSEEN)
def test_what_shows_nothing_obeys_nothing(kind: str, args: dict[str, Any], text: str) -> None:
    assert not judge(parse(kind, args), text).passed


@pytest.mark.parametrize(("kind", "args", "text"), OBEYED_AS_SEEN)
def test_what_is_seen_is_judged_as_it_is_seen(kind: str, args: dict[str, Any], text: str) -> None:
    assert judge(parse(kind, args), text).passed


def test_evidence_points_into_the_text_as_it_is_written() -> None:
    text = "A <!-- no --> B&#44; C, D"
    verdict = judge(parse("punctuation:no_comma", {}), text)
    assert [text[slice(*span)] for span in verdict.evidence] == ["&#44;", ","]


@given(st.lists(st.sampled_from(["a", ", ", "<!-- x -->", "&#97;", "\r\n", "\u200b", "`&#97;`", "[](u)"])).map("".join))
def test_what_is_seen_lies_in_order_in_what_is_written(text: str) -> None:
    shown = seen(text)
    assert seen(shown.text).text == shown.text or "&" in shown.text or "<" in shown.text or "[" in shown.text
    places = [raw for _, raw in shown.cuts]
    assert places == sorted(places)
    assert all(place <= len(text) for place in places)

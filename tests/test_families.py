"""Laws of the table of families: each row's example splits, whatever stands in it, and each name finds its row."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.constraints import KINDS
from mathif.families import ENDS, FAMILIES, FINAL, MARKS, THINKING, Family, family_of, opened_by
from mathif.reasoning import split
from mathif.records import Finish, Generation, Reply, State

THINKERS = [family for family in FAMILIES if family.marks]
SHOWN = {example.text.strip() for kind in KINDS.values() for example in kind.examples}
REPLIES = sorted(text for text in SHOWN if text and "think" not in text)
"""Texts that the kinds of constraint show as obeying and as not: what a reply may be, at its edges too."""
named = pytest.mark.parametrize("family", THINKERS, ids=lambda family: family.name)


def read(text: str, finish: Finish = Finish.STOP, *, opened: bool = False) -> Reply:
    return split(Generation("t/i@a#0", text, finish, opened=opened))


def written(family: Family, final: str = FINAL, thinking: str = THINKING) -> str:
    """Return the family's example with another final text and another thinking."""
    return family.example.replace(FINAL, final).replace(THINKING, thinking)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_example_splits_into_its_parts(family: Family) -> None:
    found = read(family.example)
    assert (found.thinking, found.final) == (THINKING if family.marks else "", FINAL)
    assert found.state is (State.CLOSED if family.marks else State.ABSENT)
    assert found == replace(read(family.example, Finish.LENGTH), finish=Finish.STOP)


@named
def test_every_reply_behind_the_thinking_of_a_family_is_read_whole(family: Family) -> None:
    assert len(REPLIES) > 100
    for final in REPLIES:
        found = read(written(family, final))
        assert (found.thinking, found.final, found.state) == (THINKING, final, State.CLOSED)


@named
def test_a_reply_that_was_cut_inside_the_thinking_is_open(family: Family) -> None:
    start = family.example.index(THINKING)
    for size in range(1, len(THINKING) + 1):
        found = read(family.example[: start + size], Finish.LENGTH, opened=opened_by(family.prompt_on))
        assert (found.final, found.state) == ("", State.OPEN)
        assert found.thinking == THINKING[:size].strip()


@named
def test_a_reply_may_repeat_the_mark_that_the_prompt_ended_in(family: Family) -> None:
    for marks in family.marks[:1]:
        for opened in (False, True):
            found = read(f"{marks.opens}\nhmm\n{marks.closes}\n4", opened=opened)
            assert (found.thinking, found.final, found.state) == ("hmm", "4", State.CLOSED)


@named
def test_a_prompt_ends_inside_the_thinking_where_it_is_on_and_outside_where_it_is_off(family: Family) -> None:
    starts_inside = not any(mark.opens in family.example for mark in family.marks)
    assert opened_by(f"<|im_start|>user\nHi\n{family.prompt_on}") is bool(family.prompt_on)
    assert not opened_by(f"<|im_start|>user\nHi\n{family.prompt_off}")
    assert not (starts_inside and family.prompt_on == "" and "M" not in family.sources)


def test_marks_of_the_users_own_open_a_prompt_too() -> None:
    assert opened_by("Hi <mull>\n", ("<mull>", "</mull>"))
    assert not opened_by("Hi <mull>\n")
    assert not opened_by("")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "before", ["It is 4.", "<think>hmm</think>It is 4.", "<think>hmm</think><answer>It is 4.</answer>"]
)
def test_every_token_that_ends_a_turn_is_no_part_of_the_reply(end: str, before: str) -> None:
    for after in (end, f"\n{end}", f"{end}\n", f"{end}{end}\n<|endoftext|>"):
        assert read(before + after).final == "It is 4."
    assert read(f"<think>hmm{end}").thinking == "hmm"
    assert read(f"The token {end} ends it.").final == f"The token {end} ends it."


@given(st.sampled_from(THINKERS), st.text(st.sampled_from("ab4 \n`\"'.,/|$\\{}é*#-"), min_size=1))
def test_more_thinking_never_changes_the_final_text(family: Family, thinking: str) -> None:
    assert read(written(family, thinking=thinking)).final == FINAL


def test_no_two_marks_are_one_and_none_is_a_blank() -> None:
    marks = [mark for pair in MARKS for mark in (pair.opens, pair.closes)]
    assert len({mark.lower() for mark in marks}) == len(marks)
    assert all(mark == mark.strip() != "" for mark in marks)


def test_every_row_says_where_it_was_read() -> None:
    for family in FAMILIES:
        assert set(family.sources.split()) <= set("LTVSWCDM"), family.name
        assert family.sources
        re.compile(family.models)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Qwen/Qwen3-8B", "Qwen3"),
        ("Qwen/Qwen3-4B-Thinking-2507", "Qwen3-2507 Thinking"),
        ("Qwen/Qwen3-4B-Instruct-2507", "Qwen3-2507 Instruct"),
        ("Qwen/Qwen3.5-9B", "Qwen3.5"),
        ("Qwen/QwQ-32B", "QwQ"),
        ("openai/gpt-oss-20b", "gpt-oss"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B", "DeepSeek R1 and its distills"),
        ("deepseek-ai/DeepSeek-V3.1", "DeepSeek V3.1, V3.2"),
        ("zai-org/GLM-4.5-Air", "GLM-4.5, 4.6"),
        ("ibm-granite/granite-3.3-8b-instruct", "Granite 3.3"),
        ("tencent/Hunyuan-A13B-Instruct", "Hunyuan"),
        ("nvidia/NVIDIA-Nemotron-Nano-9B-v2", "Nemotron Nano v2"),
        ("ByteDance-Seed/Seed-OSS-36B-Instruct", "Seed-OSS"),
        ("mistralai/Magistral-Small-2509", "Magistral, Ministral-3 Reasoning"),
        ("google/gemma-4-31b-it", "Gemma 4"),
        ("google/medgemma-27b-it", "MedGemma"),
        ("/models/SmolLM3-3B/", "SmolLM3"),
        ("Qwen3-0.6B-Q8_0.gguf", "Qwen3"),
        ("simplescaling/s1.1-32B", "s1"),
    ],
)
def test_the_name_of_a_model_finds_its_family(model: str, name: str) -> None:
    found = family_of(model)
    assert found is not None
    assert found.name == name


def row(family: Family) -> str:
    """The line of the documentation about a family."""
    switch, effort = family.switch, family.effort
    cells = [
        family.name,
        "<br>".join(f"{code(marks.opens)} … {code(marks.closes)}" for marks in family.marks) or "does not think",
        code(family.prompt_on),
        f"{switch.place} {code(switch.field or switch.on)}" if switch else "",
        "" if switch is None else {True: "on", False: "off", None: "differs"}[switch.default],
        f"{code(effort.field)}: {', '.join(effort.values)}" if effort else "",
        "memory" if family.sources == "M" else "in part" if "M" in family.sources else "yes",
    ]
    return "| " + " | ".join(cells) + " |"


def code(text: object) -> str:
    shown = str(text).strip().replace("|", "\\|")
    return f"`{shown}`" if shown else ""


def test_the_documentation_shows_every_family() -> None:
    page = (Path(__file__).parents[1] / "docs" / "thinking.md").read_text(encoding="utf-8")
    table = page[page.index("| family |") :].partition("\n\n")[0]
    rows, shown = [row(family) for family in FAMILIES], table.splitlines()[2:]
    assert shown == rows, "docs/thinking.md lacks:\n" + "\n".join(one for one in rows if one not in shown)


def test_an_unknown_name_has_no_family() -> None:
    assert family_of("meta-llama/Llama-3.2-1B-Instruct") is None
    assert family_of("qwen/other") is None

"""Laws of interventions: exact to the byte, matched in length, and nothing changed by the control."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.answers import extract
from mathif.errors import UsageError
from mathif.interventions import (
    CLOSE,
    DEFAULT,
    FAMILIES,
    FILLER,
    Edit,
    Intervention,
    Material,
    Ruler,
    Trace,
    Unsuited,
    continued,
    edit,
    matched,
    others,
    parse_interventions,
    reformatting,
    rewriting,
    ruler,
    trace_of,
)
from mathif.reasoning import split
from mathif.records import Finish, Generation
from mathif.testing import prompt

RAW = "<think>\nAdd 12 and 3.\nSo 15.\n</think>\n\nThe answer is \\boxed{15}."
TRACE = Trace("<think>\n", "Add 12 and 3.\nSo 15.", "\n</think>\n\n")
WORDS = Ruler("tokens", lambda text: len(text.split()))
LETTERS = Ruler("characters", len)


def generation(text: str, finish: Finish = Finish.STOP, **fields: Any) -> Generation:
    return Generation("toy/sum#0@constrained#0", text, finish, **fields)


def material(trace: Trace = TRACE, measured: Ruler = WORDS, other: str | None = "Take 7.") -> Material:
    return Material(
        "toy/sum#0@constrained#0",
        trace,
        "Follow these instructions in your reply:\n- Use no commas.\n- Be brief.",
        other,
        measured,
    )


def made(name: str, trace: Trace = TRACE, measured: Ruler = WORDS) -> Edit:
    *_, asked = parse_interventions(name)
    found = edit(asked, material(trace, measured))
    assert isinstance(found, Edit)
    return found


GOLDEN = {
    "extend:0": "<think>\nAdd 12 and 3.\nSo 15.\n</think>\n\n",
    "extend:2": "<think>\nAdd 12 and 3.\nSo 15.\nWait\nWait",
    "extend-neutral:2": "<think>\nAdd 12 and 3.\nSo 15.\nthe morning.",
    "truncate:0": "<think>\n\n</think>\n\n",
    "truncate:0.5": "<think>\nAdd 12 and\n</think>\n\n",
    "truncate:1": "<think>\nAdd 12 and 3.\nSo 15.\n</think>\n\n",
    "filler:0.5": "<think>\n ... ... ...\n</think>\n\n",
    "filler-tail:0.5": "<think>\nAdd 12 and 3.\nSo 15. ... ... ...\n</think>\n\n",
    "swap": "<think>\nTake 7.\n</think>\n\n",
    "remind": (
        "<think>\nAdd 12 and 3.\nSo 15.\n\nFollow these instructions in your reply:\n- Use no commas.\n- Be brief."
        "\n</think>\n\n"
    ),
    "remind-neutral": (
        "<think>\nAdd 12 and 3.\nSo 15.\n\nthe morning was calm and the road lay empty while a light wind."
        "\n</think>\n\n"
    ),
    "remind:0": "<think>\n\n\nFollow these instructions in your reply:\n- Use no commas.\n- Be brief.\n\n",
    "remind:0.5": (
        "<think>\nAdd 12 and\n\nFollow these instructions in your reply:\n- Use no commas.\n- Be brief.\n\n"
    ),
    "remind-neutral:0.5": (
        "<think>\nAdd 12 and\n\nthe morning was calm and the road lay empty while a light wind.\n\n"
    ),
}


@pytest.mark.parametrize(("name", "expected"), GOLDEN.items())
def test_an_edited_reply_begins_with_these_very_bytes(name: str, expected: str) -> None:
    assert made(name).prefill(TRACE) == expected


def test_noise_changes_every_number_into_another_of_as_many_digits_the_same_one_alike() -> None:
    text = "First 12 and 12 then 305 and 0.05 and 7."
    noisy = made("noise", TRACE._replace(text=text)).insert
    assert noisy == made("noise", TRACE._replace(text=text)).insert
    before, after = text[:-1].split(), noisy[:-1].split()
    for old, new in zip(before, after, strict=True):
        assert (old == new) is old.isalpha()
        assert len(old) == len(new)
    assert after[1] == after[3]


def test_what_an_intervention_needs_and_does_not_have_is_said() -> None:
    bare = material(TRACE._replace(text="No number."), other=None)
    assert edit(Intervention("noise"), bare) == Unsuited("its trace has no number")
    assert edit(Intervention("swap"), bare) == Unsuited("no other problem has a trace")


traces = st.builds(
    Trace, st.just("<think>\n"), st.text("ab 1.\n", min_size=1).map(str.strip).filter(bool), st.just("\n</think>\n\n")
)


@given(traces)
def test_the_control_and_all_of_the_thinking_change_nothing(trace: Trace) -> None:
    whole = "".join(trace)
    for name in ("extend:0", "extend-neutral:0", "truncate:1", "truncate:1.0", "filler-tail:0"):
        assert made(name, trace).prefill(trace) == whole


@given(traces, st.floats(0, 1), st.floats(0, 1))
def test_a_truncation_keeps_a_beginning_and_more_for_more(trace: Trace, first: float, second: float) -> None:
    less, more = sorted((first, second))
    kept = [edit(Intervention("truncate", part), material(trace)) for part in (less, more)]
    shorter, longer = (found.keep for found in kept if isinstance(found, Edit))
    assert 0 <= shorter <= longer <= len(trace.text)
    assert shorter <= less * len(trace.text)
    assert shorter == len(trace.text) or shorter == 0 or trace.text[shorter].isspace()


@pytest.mark.parametrize("measured", [WORDS, LETTERS], ids=lambda ruler: ruler.unit)
@pytest.mark.parametrize("count", [1, 2, 4, 8, 64])
def test_neutral_text_is_as_long_as_what_it_stands_for(measured: Ruler, count: int) -> None:
    wait, neutral = (made(f"{name}:{count}", measured=measured).insert for name in ("extend", "extend-neutral"))
    remind, beside = (made(name, measured=measured).insert for name in ("remind", "remind-neutral"))
    longest_word = 1 if measured is WORDS else 12
    for text, match in ((wait, neutral), (remind, beside)):
        assert abs(measured.measure(text) - measured.measure(match)) <= longest_word / 2


@given(traces, st.integers(0, 100))
def test_filler_is_as_long_as_the_part_of_the_trace_it_stands_for(trace: Trace, percent: int) -> None:
    found = edit(Intervention("filler", percent / 100), material(trace))
    assert isinstance(found, Edit)
    assert found.insert == FILLER * round(percent / 100 * WORDS.measure(trace.text))


@given(st.integers(0, 500), st.integers(1, 7))
def test_matching_finds_the_nearest_length(size: int, step: int) -> None:
    found = len(matched(lambda count: "x" * (step * count), size, len))
    assert abs(found - size) <= step / 2


def test_every_edit_is_the_same_every_time() -> None:
    for one in parse_interventions(DEFAULT):
        assert edit(one, material()) == edit(one, material())


# What the trace of a reply is


def test_marked_thinking_is_the_trace_and_the_answer_follows_it() -> None:
    assert trace_of(generation(RAW)) == TRACE


def test_thinking_that_the_template_opened_has_no_mark_before_it() -> None:
    assert trace_of(generation("So 15.\n</think>\nIt is 15.")) == Trace("", "So 15.", "\n</think>\n")


def test_thinking_that_the_server_split_off_is_marked_again() -> None:
    assert trace_of(generation("It is 15.", reasoning="So 15.")) == Trace("<think>\n", "So 15.", "\n</think>\n\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Two and 3 make 5. Then all is said. The answer is \\boxed{5}.", "Two and 3 make 5. Then all is said."),
        ("2 + 3 = 5\n\n\\boxed{5}\nDone.", "2 + 3 = 5"),
        ("  Add them. It is 5. So I think it is five.", "Add them. It is 5."),
        ("One line\nlast line", "One line"),
    ],
)
def test_a_reply_without_marks_is_a_trace_up_to_the_sentence_that_answers(text: str, kept: str) -> None:
    found = trace_of(generation(text))
    assert found == Trace(text[: text.index(kept)], kept, CLOSE)
    assert isinstance(found, Trace)
    box = extract(text)
    assert box is None or box.span.start > len(found.head + found.text)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (generation("<think>\nSo 1", Finish.LENGTH), "the token limit cut it"),
        (generation("<think>\nSo 1"), "its thinking was never closed"),
        (generation("It is 5."), "it is a single sentence"),
        (generation(""), "it is a single sentence"),
        (generation("5", reasoning_tokens=9), "the server keeps its thinking to itself"),
        (generation("<think>a</think><think>b</think>c"), "its thinking stands in several places"),
    ],
)
def test_a_reply_that_cannot_be_edited_says_why(reply: Generation, reason: str) -> None:
    assert trace_of(reply) == Unsuited(reason)


@given(st.text("ab.\n ", min_size=1), st.text("xy.\n ", min_size=1))
def test_a_whole_trace_and_the_final_text_are_the_reply_again(thinking: str, final: str) -> None:
    raw = f"<think>{thinking}</think>{final}"
    found = trace_of(generation(raw))
    if isinstance(found, Trace) and found.close != CLOSE:
        whole = "".join(found) + split(generation(raw)).final
        assert raw.startswith(whole)
        assert not raw[len(whole) :].strip()


# Names


def test_a_control_that_is_left_out_is_added_before_what_needs_it() -> None:
    assert list(map(str, parse_interventions("remind,truncate:.50"))) == [
        "extend:0",
        "remind-neutral",
        "remind",
        "truncate:0.5",
    ]
    assert list(map(str, parse_interventions("reformat"))) == ["reformat"]


def test_a_reminder_inside_the_thinking_is_held_against_neutral_text_at_its_own_place() -> None:
    found = parse_interventions("remind:0,remind:.5,remind:1")
    assert list(map(str, found)) == [
        "extend:0",
        *(f"remind-neutral:{part}" for part in ("0", "0.5", "1")),
        *(f"remind:{part}" for part in ("0", "0.5", "1")),
    ]
    assert [one.control for one in found[4:]] == [str(one) for one in found[1:4]]


def test_behind_demands_on_the_thinking_stand_reminders_alone_and_neutral_text_has_no_control() -> None:
    found = parse_interventions("remind:0.5", "thinking")
    assert [one.arm for one in found] == ["thinking+remind-neutral:0.5", "thinking+remind:0.5"]
    assert [one.compared for one in found] == [False, True]
    assert {one.family for one in parse_interventions("", "thinking")} == {"remind", "remind-neutral"}
    for text in ("truncate:0", "extend:2", "remind"):
        with pytest.raises(UsageError, match=f"found {text}; in arm thinking the thinking itself is judged"):
            parse_interventions(text, "thinking")
    with pytest.raises(UsageError, match="found swap; in arm constrained the thinking itself is judged"):
        parse_interventions("swap", judged=True)
    assert [one.compared for one in parse_interventions("remind:0.5", judged=True)] == [False, True]
    with pytest.raises(UsageError, match="--of: found 'thinkin'; did you mean 'thinking'"):
        parse_interventions("", "thinkin")


def test_what_a_probe_does_by_default_holds_every_family_and_every_control() -> None:
    found = parse_interventions(DEFAULT)
    assert {one.family for one in found} == FAMILIES.keys()
    assert ",".join(map(str, found)) == DEFAULT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extent:2", "unknown intervention 'extent'; did you mean 'extend'"),
        ("extend", "found 'extend', expected extend:N with N from 0 to 64"),
        ("extend:1.5", "expected extend:N"),
        ("extend:99", "expected extend:N"),
        ("truncate:1.5", "found 'truncate:1.5', expected truncate:f with f from 0 to 1"),
        ("truncate:nan", "expected truncate:f"),
        ("remind:2", "expected remind:f with f from 0 to 1"),
        ("swap:1", "found 'swap:1', expected swap"),
        ("swap:", "found 'swap:', expected swap"),
        ("swap,swap", "expected different interventions"),
        ("truncate:1,truncate:1.0", "expected different interventions"),
        (" , ", "expected different interventions"),
    ],
)
def test_a_name_that_is_none_is_refused_with_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(UsageError, match="--arms: ") as caught:
        parse_interventions(text)
    assert said in str(caught.value)


# Lengths and prompts


def test_lengths_are_matched_in_tokens_where_they_are_counted_else_in_characters() -> None:
    assert ruler(lambda text: 2 * len(text)).unit == "tokens"
    assert ruler(lambda text: None) == Ruler("characters", len)


def test_every_edit_of_one_reply_keeps_its_chat_and_its_seed() -> None:
    shown = prompt(1)
    for one in parse_interventions("extend:0,swap"):
        asked = continued(shown, one, "begun")
        assert (asked.messages, asked.seed, asked.item, asked.prefill) == (
            shown.messages,
            shown.seed,
            shown.item,
            "begun",
        )
        assert str(asked.key) == f"toy/sum#1@constrained+{one}#0"


def test_a_paraphrase_shows_the_trace_alone_and_a_second_turn_shows_what_was_said() -> None:
    [message] = rewriting(prompt(1), TRACE).messages
    assert message.content.endswith("\n\n" + TRACE.text)
    shown = prompt(1)
    question, reply, demand = reformatting(shown, "It is 2.").messages
    assert (question, reply.role, reply.content, demand.role) == (shown.messages[0], "assistant", "It is 2.", "user")


def test_a_swapped_trace_is_of_another_problem_and_does_not_hang_on_the_order() -> None:
    held = {f"k{n}": (f"p{n // 3}", TRACE._replace(text=f"trace {n}")) for n in range(12)}
    found = others(held)
    assert found.keys() == held.keys()
    for key, text in found.items():
        number = int(text.removeprefix("trace "))
        assert held[f"k{number}"][0] != held[key][0]
    assert others(dict(Random(1).sample(list(held.items()), 12))) == found
    assert others({"k0": ("p", TRACE), "k1": ("p", TRACE)}) == {}

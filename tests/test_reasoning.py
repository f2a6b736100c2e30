"""Laws of splitting: what is thinking, what is final text, and what only looks like a tag."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.families import WRAPPERS
from mathif.reasoning import raw_span, split, thinking_text
from mathif.records import Finish, Generation, Rendered, Reply, Span, State
from tests.linear import GROWTH, linear

CLOSED, OPEN, ABSENT = State.CLOSED, State.OPEN, State.ABSENT
FENCE = "```"
NAMES = ("think", "thinking", "thought", "reasoning", "THINK", "Think")
MARKS = [(f"<{name}>", f"</{name}>") for name in NAMES] + [("[THINK]", "[/THINK]"), ("◁think▷", "◁/think▷")]
PREAMBLE = (
    "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>b<|end|>"
    "<|start|>assistant<|channel|>final<|message|>4"
)
HARMONY = "<|channel|>analysis<|message|>hmm<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>"


def replied(
    text: str, finish: Finish = Finish.STOP, reasoning: str | None = None, reasoning_tokens: int | None = None
) -> Reply:
    return split(Generation("t/i@a#0", text, finish, reasoning, reasoning_tokens=reasoning_tokens))


@pytest.mark.parametrize(
    ("text", "thinking", "final", "state"),
    [
        ("<think>hmm</think>4", "hmm", "4", CLOSED),
        ("\n<think>\nhmm\n</think>\n\n4\n", "hmm", "4", CLOSED),
        ("hmm</think>4", "hmm", "4", CLOSED),
        ("so <think> I go\nhmm\n</think>\n4", "so <think> I go\nhmm", "4", CLOSED),
        ("<think>hmm", "hmm", "", OPEN),
        ("<think>", "", "", OPEN),
        ("<think>hmm</think><think>oh</think>4", "hmm\n\noh", "4", CLOSED),
        ("<think>hmm</think>\n4 or\n<think>oh</think>\n5", "hmm\n\noh", "4 or\n\n5", CLOSED),
        ("<think>a</think>x<think>b</think>y", "a\n\nb", "x\n\ny", CLOSED),
        ("<think>hmm</think>4\n<think>\nwait", "hmm\n\nwait", "", OPEN),
        ("<think>hmm</think>\n</think>\n4", "hmm", "4", CLOSED),
        ("Sure. <think>hmm</think> 4", "hmm", "Sure.\n\n4", CLOSED),
        ("<think>hmm</think>", "hmm", "", CLOSED),
        ("<think>\n\n</think>\n\n4", "", "4", ABSENT),
        ("4", "", "4", ABSENT),
        ("", "", "", ABSENT),
        ("<think>a</thinking>b</think>4", "a</thinking>b", "4", CLOSED),
        ("<think>a</thinking>4", "a", "4", CLOSED),
        ("<think>a<think>b</think>c</think>4", "a<think>b</think>c", "4", CLOSED),
        ("<think>a</think>b\n</think>4", "a</think>b", "4", CLOSED),
        (f"<think>{FENCE}\n</think>\n{FENCE}\nb</think>4", f"{FENCE}\n</think>\n{FENCE}\nb", "4", CLOSED),
        (
            "<think>a</think>Write <think> to open and </think> to close.",
            "a",
            "Write <think> to open and </think> to close.",
            CLOSED,
        ),
        ("<think>a</think>The </think> mark ends it.", "a", "The </think> mark ends it.", CLOSED),
        (f"<think>a</think>\n{FENCE}\n</think>\n{FENCE}\n4", "a", f"{FENCE}\n</think>\n{FENCE}\n4", CLOSED),
        ("</think>\n\n4", "", "4", CLOSED),
        ("&lt;think&gt;a&lt;/think&gt;4", "a", "4", CLOSED),
        ("<think >a</think\t>4", "a", "4", CLOSED),
        ("<|im_start|>assistant\n<think>a</think>4<|im_end|>\n<|endoftext|>", "a", "4", CLOSED),
        ("<think>a<|im_end|>", "a", "", OPEN),
        ("<analysis>a</analysis>4", "a", "4", CLOSED),
        ("4 <analysis>a</analysis>", "", "4 <analysis>a</analysis>", ABSENT),
        ("a</analysis>4", "", "a</analysis>4", ABSENT),
        ("Well. <analysis>a</analysis>", "", "Well. <analysis>a</analysis>", ABSENT),
        ("Well. <think>a", "", "Well. <think>a", ABSENT),
        ("Well ` so. <think>hm</think>4", "hm", "Well ` so.\n\n4", CLOSED),
        (
            "Here are my reasoning steps:\n1. a\n\nIt is 4.",
            "",
            "Here are my reasoning steps:\n1. a\n\nIt is 4.",
            ABSENT,
        ),
        ("<answer>4</answer>", "", "4", ABSENT),
        ("<think>a</think><answer>4", "a", "4", CLOSED),
        ("<think>a</think>4</answer>", "a", "4", CLOSED),
        ("<think>a</think>It, is: <answer>4</answer>", "a", "It, is: <answer>4</answer>", CLOSED),
        ("<answer>4</answer> or so", "", "<answer>4</answer> or so", ABSENT),
        ("<|START_THINKING|>a<|END_THINKING|>b<|START_TEXT|>4<|END_TEXT|>c", "a", "4", CLOSED),
        (HARMONY, "hmm", "4", CLOSED),
        ("<|start|>assistant" + HARMONY, "hmm", "4", CLOSED),
        ("<|channel|>final<|message|>4", "", "4", ABSENT),
        ("<|channel|>analysis<|message|>hmm", "hmm", "", OPEN),
        ("<|channel|>analysis<|message|>hmm<|end|><|start|>assistant<|channel|>fin", "hmm", "", OPEN),
        ("<|channel|>analysis<|message|>a<|end|><|channel|>commentary<|message|>b<|end|>", "a\n\nb", "", OPEN),
        (PREAMBLE, "a", "b\n\n4", CLOSED),
        (PREAMBLE.replace("commentary", "commentary to=functions.f <|constrain|>json"), "a\n\nb", "4", CLOSED),
        (PREAMBLE.replace("<|channel|>commentary", " to=functions.f<|channel|>commentary"), "a\n\nb", "4", CLOSED),
        ("a<|end|><|start|>assistant<|channel|>final<|message|>4", "a", "4", CLOSED),
        ("analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>4", "a", "4", CLOSED),
        ("final<|message|>4<|return|>", "", "4", ABSENT),
        ("analysisWe add.assistantfinal4", "We add.", "4", CLOSED),
        ("analysis we add.\n\nassistantcommentaryWell.assistantfinal4", "we add.", "Well.\n\n4", CLOSED),
        ("analysisWe add", "We add", "", OPEN),
        ("analysis of it: 4", "", "analysis of it: 4", ABSENT),
    ],
)
def test_a_marked_reply_splits_into_its_parts(text: str, thinking: str, final: str, state: State) -> None:
    found = replied(text)
    assert (found.thinking, found.final, found.state) == (thinking, final, state)


@pytest.mark.parametrize(
    ("text", "thinking", "final", "state"),
    [
        ("hmm", "hmm", "", OPEN),
        ("", "", "", OPEN),
        ("hmm</think>4", "hmm", "4", CLOSED),
        ("<think>\nhmm</think>4", "hmm", "4", CLOSED),
        ("\n</think>\n\n4", "", "4", CLOSED),
        ("so <think> I go</think>4", "so <think> I go", "4", CLOSED),
        ("hmm\n[BEGIN FINAL RESPONSE]\n4", "hmm", "4", CLOSED),
        ("hmm.assistantfinal4", "hmm.", "4", CLOSED),
    ],
)
def test_a_reply_to_a_prompt_that_opened_the_thinking_begins_inside_it(
    text: str, thinking: str, final: str, state: State
) -> None:
    found = split(Generation("t/i@a#0", text, Finish.LENGTH, opened=True))
    assert (found.thinking, found.final, found.state) == (thinking, final, state)
    assert thinking_text(text, opened=True) == thinking


@pytest.mark.parametrize("tags", [("<|mull|>", "<|done|>"), ("(((", ")))"), ("Thought process:", "Final reply:")])
def test_marks_that_the_user_names_split_like_those_of_the_table(tags: tuple[str, str]) -> None:
    opens, closes = tags
    for text in (f"{opens}hmm{closes}4", f"hmm{closes}4", f"{opens}a{closes}{opens}b{closes}4"):
        found = split(Generation("t/i@a#0", text, Finish.STOP, tags=tags))
        assert (found.final, found.state) == ("4", CLOSED)
    assert split(Generation("t/i@a#0", f"{opens}hmm", Finish.LENGTH, tags=tags)).state is OPEN
    assert split(Generation("t/i@a#0", "<think>hmm</think>4", Finish.STOP, tags=tags)).final == "4"


def test_a_sentence_that_marks_thinking_needs_its_end_or_the_token_limit() -> None:
    cut = "Here is my thought process: We need"
    assert replied(cut, Finish.LENGTH).state is OPEN
    assert replied(cut).state is ABSENT


LONG = "We add the numbers, and then the next. " * 250


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("<mull>hmm</mull>\\boxed{4}", "<mull>"),
        ("<|mull|>hmm<|done|>4", "<|mull|>"),
        ("[MULL] hmm [/MULL] 4", "[MULL]"),
        (f"thought\n{LONG}\\boxed{{4}}", "thought"),
        ("Okay, so it is 5. Wait, no. Hmm, let us see. Wait! " + LONG[:2000] + "So \\boxed{4}.", "Okay,"),
        ("<think>hmm</think>\\boxed{4}", ""),
        (f"<think>{LONG}</think>\\boxed{{4}}", ""),
        (f"Well. \\boxed{{4}} {LONG}", ""),
        (f"{LONG[:4000]}\\boxed{{4}}", ""),
        ("<b>4</b> it is", ""),
        ("<<Sums>>\n4", ""),
        ("<p>It is 4.", ""),
        ("<answer>4</answer> or so", ""),
        ("4", ""),
    ],
)
def test_what_looks_like_thinking_that_nothing_marks_is_named(text: str, token: str) -> None:
    assert replied(text).unsplit == token
    assert replied(text, reasoning="hmm").unsplit == replied(text, reasoning_tokens=9).unsplit == ""


@pytest.mark.parametrize(
    ("begins", "box_at", "chars", "token"),
    [
        ("So a", 7_990, 7_999, ""),
        ("So a", 7_991, 8_000, "So"),
        ("So a", 8_999, 10_000, ""),
        ("So a", 9_000, 10_000, "So"),
        ("So wait. Hmm. Wait a", 1_990, 1_999, ""),
        ("So wait. Hmm. Wait a", 1_991, 2_000, "So"),
        ("So wait. Hmm. a", 1_991, 2_000, ""),
    ],
)
def test_a_reply_looks_like_its_thinking_that_is_long_or_hesitates_and_has_its_box_in_the_last_tenth(
    begins: str, box_at: int, chars: int, token: str
) -> None:
    assert replied((begins.ljust(box_at, "a") + "\\boxed{5}").ljust(chars, "a")).unsplit == token


@pytest.mark.parametrize(("opens", "closes", "hides"), WRAPPERS)
def test_every_wrapper_comes_off_around_a_reply_and_at_one_end_of_it_and_stays_within(
    opens: str, closes: str, hides: bool
) -> None:
    wrapped = f"{opens}4{closes}"
    for text in (wrapped, f"{opens}4", f"4{closes}"):
        assert replied(text).final == "4"
    assert replied(f"a {wrapped} b").final == ("4" if hides else f"a {wrapped} b")
    assert replied(f"{opens}a{opens}4").final == (f"a{opens}4" if opens else "a4")


@pytest.mark.parametrize("blanks", [5, 5_000, 50_000])
def test_blanks_at_the_ends_belong_to_no_part_however_many(blanks: int) -> None:
    reply = replied(f"<think>{' ' * blanks}hmm{' ' * blanks}</think>{' ' * blanks}4{' ' * blanks}")
    assert (reply.thinking, reply.final) == ("hmm", "4")


def test_thinking_that_a_server_split_off_keeps_a_closing_mark_that_nothing_opened() -> None:
    assert replied("5", reasoning="hm. </think> ok").thinking == "hm. </think> ok"


def test_a_wrapper_comes_off_the_last_part_of_a_reply_and_the_others_stay() -> None:
    assert replied("<think>a</think>one\n<think>b</think>\n<answer>5</answer>").final == "one\n\n5"


@pytest.mark.parametrize("rest", ["a</thoughts>.", " so </scratchpad> a", "so </analysis>"])
def test_a_closing_mark_that_is_also_a_word_closes_nothing_that_it_did_not_open(rest: str) -> None:
    assert replied(f"</think>{rest}").final == rest.strip()


@pytest.mark.parametrize(("opens", "closes"), MARKS)
def test_every_mark_splits_alike(opens: str, closes: str) -> None:
    for text in (f"{opens}hmm{closes}4", f"hmm{closes}4", f"{opens}a{closes}{opens}b{closes}4"):
        assert (replied(text).final, replied(text).state) == ("4", CLOSED)
    assert (replied(f"{opens}hmm").final, replied(f"{opens}hmm").state) == ("", OPEN)


@pytest.mark.parametrize(
    "text",
    [
        "The <think> tag opens the block.",
        "I used the <think> and </think> tags.",
        "Write `<think>` before and `</think>` after.",
        'The tag "</think>" ends it.',
        "Use “<think>”, then think.",
        f"Like this:\n{FENCE}\n<think>\nhmm\n</think>\n{FENCE}\nThe answer is 4.",
        f"{FENCE}\n<think>\nhmm\n</think>\n{FENCE}\nThe answer is 4.",
        "A <thinker> and a <think/> and [think about] it, 3 < think > 2.",
        "The channel is <|channel|>final<|message|>.",
    ],
)
def test_a_tag_that_is_only_mentioned_stays_text(text: str) -> None:
    assert (replied(text).final, replied(text).state) == (text, ABSENT)
    for gap in ("\n\n", ""):
        after = replied(f"<think>hmm</think>{gap}{text}")
        assert (after.final, after.thinking) == (text, "hmm")


def test_a_quoted_closing_tag_inside_the_thinking_does_not_end_it_when_another_one_does() -> None:
    found = replied("<think>I must not say `</think>` here.</think>4")
    assert (found.thinking, found.final) == ("I must not say `</think>` here.", "4")
    assert replied("<think>the end `</think>` 4").state is CLOSED


def test_code_left_open_in_the_thinking_does_not_hide_the_final_text() -> None:
    assert replied(f"<think>{FENCE}\nx = 1\n</think>\n4").final == "4"
    assert replied(f"{FENCE}\nx = 1\n</think>\n4").final == "4"


def test_quotation_marks_around_the_seam_are_not_a_quoted_tag() -> None:
    assert replied('<think>I say "4"</think>"The answer is 4."').final == '"The answer is 4."'


@pytest.mark.parametrize(
    ("text", "finish", "final", "state"),
    [
        ("4", Finish.STOP, "4", CLOSED),
        ("4", Finish.LENGTH, "4", CLOSED),
        ("", Finish.STOP, "", CLOSED),
        ("", Finish.LENGTH, "", OPEN),
        ("<think>hmm</think>4", Finish.STOP, "4", CLOSED),
        ("m</think>4", Finish.STOP, "4", CLOSED),
        ("</think>\n\n4", Finish.STOP, "4", CLOSED),
        ("<answer>4</answer><|im_end|>", Finish.STOP, "4", CLOSED),
        ("<think>hm", Finish.LENGTH, "", OPEN),
    ],
)
def test_the_servers_own_split_stands(text: str, finish: Finish, final: str, state: State) -> None:
    found = replied(text, finish, reasoning=" hmm ")
    assert (found.thinking, found.final, found.state) == ("hmm", final, state)


def test_blank_reasoning_of_a_server_is_no_split() -> None:
    assert replied("<think>hmm</think>4", reasoning="").thinking == "hmm"
    assert replied("4", reasoning="\n").state is ABSENT


def test_thinking_that_a_server_hides_but_counts_is_thinking() -> None:
    assert replied("4", reasoning_tokens=9).state is CLOSED
    assert replied("", Finish.LENGTH, reasoning_tokens=9).state is OPEN


def test_a_cut_in_the_visible_text_is_not_open() -> None:
    assert replied("The answer is", Finish.LENGTH).state is ABSENT
    assert replied("<think>hmm</think>The answer is", Finish.LENGTH).state is CLOSED


@pytest.mark.parametrize(
    ("text", "reasoning_tokens", "expected"),
    [
        ("<think>hmm</think>4", 5, 5),
        ("<think>hmm</think>4", None, None),
        ("<think>hmm", 5, 5),
        ("<think>hmm", None, 8),
        ("4", 0, 8),
        ("4", None, 8),
        ("<think></think>4", 0, 8),
        ("<think>hmm</think>4", 0, None),
    ],
)
def test_cot_tokens_are_the_thinking_or_the_whole_reply_where_there_is_none(
    text: str, reasoning_tokens: int | None, expected: int | None
) -> None:
    generation = Generation("t/i@a#0", text, Finish.STOP, completion_tokens=8, reasoning_tokens=reasoning_tokens)
    assert split(generation).cot_tokens == expected


PLAIN = st.text(st.sampled_from("ab4 \n`\"'.<>/|[]think◁▷$\\{}é"), max_size=60)
MARKED = st.lists(
    st.sampled_from(
        [tag for pair in MARKS for tag in pair]
        + ["<|channel|>", "<|message|>", "<|end|>", "final", FENCE, "\n", " ", "`", '"', ".", "a", "4", "hmm so"]
    ),
    max_size=30,
).map("".join)
TAGLESS = PLAIN.filter(lambda text: not any(tag.lower() in text.lower() for pair in MARKS for tag in pair))


@given(MARKED, st.sampled_from(list(Finish)))
def test_nothing_is_invented_and_nothing_but_marks_and_blanks_is_lost(text: str, finish: Finish) -> None:
    found = replied(text, finish)
    rest = "".join(text.split())
    for part in (*found.thinking.split(), *found.final.split()):
        assert part in rest
    kept = len("".join(found.thinking.split())) + len("".join(found.final.split()))
    assert kept <= len(rest)
    if not any(tag in text for pair in MARKS for tag in pair) and not text.lstrip().startswith("<|"):
        assert found.final == text.strip()


@given(MARKED, st.sampled_from(list(Finish)))
def test_every_part_of_a_reply_is_a_part_of_its_text(text: str, finish: Finish) -> None:
    found = replied(text, finish)
    for part, places in ((found.thinking, found.thinking_at), (found.final, found.final_at)):
        assert part == "\n\n".join(text[place.start : place.end] for place in places)
        for at, char in enumerate(part):
            start, end = raw_span(Span(at, at + 1), places)
            assert text[start:end] in (char, "")
            assert text[start:end] == char or char == "\n"


@given(MARKED, st.sampled_from(list(Finish)))
def test_an_open_reply_has_no_final_text_and_an_absent_one_no_thinking(text: str, finish: Finish) -> None:
    found = replied(text, finish)
    assert found.state is not OPEN or found.final == ""
    assert found.state is not ABSENT or found.thinking == ""
    assert thinking_text(text) == found.thinking


@given(TAGLESS, TAGLESS, st.sampled_from(MARKS))
def test_more_thinking_never_changes_the_final_text(thinking: str, final: str, mark: tuple[str, str]) -> None:
    opens, closes = mark
    plain = replied(final).final
    for text in (
        f"{opens}\n{thinking}\n{closes}\n\n{final}",
        f"{opens}\n{thinking}\n{closes}\n{opens}\n{thinking}\n{closes}\n\n{final}",
        f"{thinking}\n{closes}\n\n{final}",
    ):
        assert replied(text).final == plain
    assert replied(final, reasoning=thinking).final == plain


@given(TAGLESS, st.sampled_from(MARKS))
def test_thinking_that_never_ends_gives_no_final_text(thinking: str, mark: tuple[str, str]) -> None:
    found = replied(f"{mark[0]}{thinking}", Finish.LENGTH)
    assert (found.final, found.state) == ("", OPEN)


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "\n", "`", '"', "[", "&lt;", "</s>", "<answer>", "assistantfinal", "Here ",
     "<think>", "</think>", "<think>a</think>", "x <think> ", "`<think>`", f"{FENCE}\n", "<",
     "<|channel|>", "<|channel|>final<|message|>a", "a <think> b </think> ", "◁think▷\n", "x\n<think>\n"],
)  # fmt: skip
def test_time_grows_with_length_alone(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (20_000, 20_000 * GROWTH))
    assert linear(replied, small, large)


def test_a_long_thinking_before_a_long_reply_is_split_in_time_that_grows_with_length_alone() -> None:
    small, large = (
        "<think>" + "so 4, " * (50 * size) + "</think>" + "`x` <think> y\n" * size for size in (400, 400 * GROWTH)
    )
    assert replied(large).thinking.startswith("so 4,")
    assert linear(replied, small, large)


@pytest.mark.parametrize(
    "text",
    ["<think>a</ think>5", "<think\n>a</think\n>5", "\ufeff<think>a</think>5", "&lt;think&gt;a&lt;/ think&gt;5"],
)
def test_blanks_inside_of_a_tag_and_a_byte_order_mark_change_nothing(text: str) -> None:
    reply = split(Generation("k", text, Finish.STOP))
    assert (reply.thinking, reply.final, reply.state) == ("a", "5", State.CLOSED)


def test_a_reply_in_nothing_but_the_final_channel_marks_no_thinking() -> None:
    reply = split(Generation("k", "<|channel|>final<|message|>It is 5.<|return|>", Finish.STOP))
    assert (reply.thinking, reply.final, reply.state) == ("", "It is 5.", State.ABSENT)


@pytest.mark.parametrize(
    "reasoning", ["<think>\na\n</think>", "<think>\na", "<|channel|>analysis<|message|>a<|end|>", "a"]
)
def test_marks_that_a_server_left_around_the_thinking_it_split_off_are_none_of_it(reasoning: str) -> None:
    assert split(Generation("k", "It is 5.", Finish.STOP, reasoning=reasoning)).thinking == "a"


@pytest.mark.parametrize(
    ("thinking", "final"),
    [
        ("", '"</think>" ends it, so 4'),
        ("<think>hmm</think>", "the line `a </think> b` holds it, 4"),
        ("<think>hmm</think>\n", f"{FENCE}\na\n{FENCE}\n{FENCE}\n</think>\n{FENCE}\n4"),
    ],
)
def test_a_closing_tag_that_is_shown_and_not_meant_takes_nothing_from_the_final_text(thinking: str, final: str) -> None:
    assert replied(thinking + final).final == final


@pytest.mark.parametrize("closes", [closes for _, closes, _ in WRAPPERS if closes])
def test_a_reply_that_is_nothing_but_the_end_of_one_is_empty(closes: str) -> None:
    assert replied(closes).final == ""


@pytest.mark.parametrize("empty", ["<think>\n\n</think>\n\n", "<|channel>thought\n<channel|>", "<think></think>"])
def test_an_empty_block_is_marked_thinking_that_is_not_there_and_nothing_that_no_family_marks(empty: str) -> None:
    reply = split(Generation("k", f"{empty}It is \\boxed{{5}}.", Finish.STOP, completion_tokens=9))
    assert (reply.state, reply.thinking, reply.final, reply.unsplit) == (State.ABSENT, "", "It is \\boxed{5}.", "")


@given(
    st.text(min_size=1, max_size=80).filter(str.strip),
    st.sampled_from([Finish.STOP, Finish.LENGTH]),
    st.sampled_from([-64, -1, 0, 1, 2, 5000]),
    st.booleans(),
)
def test_a_text_of_fewer_bytes_than_its_tokens_is_no_thinking(
    shown: str, finish: Finish, over: int, of_all: bool
) -> None:
    """A server may count 64 tokens more than it shows."""
    tokens, kept = len(shown.encode()) + len("4") * of_all + 64 + over, over > 0
    told = Generation("t/i@a#0", "4", finish, shown)
    reply = split(replace(told, completion_tokens=tokens) if of_all else replace(told, reasoning_tokens=tokens))
    assert (reply.summarized, reply.state, reply.final) == (kept, CLOSED, "4")
    assert reply.thinking == ("" if kept else shown.strip())


@pytest.mark.parametrize(("text", "finish", "state"), [("4", Finish.STOP, CLOSED), ("", Finish.LENGTH, OPEN)])
def test_what_the_server_calls_a_summary_is_no_thinking_but_says_that_there_was_some(
    text: str, finish: Finish, state: State
) -> None:
    reply = split(Generation("t/i@a#0", text, finish, "hmm", reasoning_tokens=9, summarized=True))
    assert (reply.thinking, reply.final, reply.state, reply.cot_tokens) == ("", text, state, 9)


@pytest.mark.parametrize(
    ("tail", "text", "final", "thinking"),
    [
        ("assistant\n<think>\n\n</think>\n\n", "", "The answer is 4", ""),
        ("assistant\n</think>", " ", "The answer is 4", ""),
        ("assistant\n<think>\n", "", "", "The answer is 4"),
        ("assistant\n", "", "", "The answer is 4"),
        ("assistant\n</think>", "4", "4", "The answer is 4"),
    ],
)
def test_a_reply_is_visible_that_the_server_calls_thinking_though_the_prompt_had_closed_it(
    tail: str, text: str, final: str, thinking: str
) -> None:
    told = Generation("t/i@thinking:off#0", text, Finish.STOP, "The answer is 4\n", rendered=Rendered.of(tail))
    reply = split(told)
    assert (reply.final, reply.thinking) == (final, thinking)
    assert reply.state is (CLOSED if thinking else ABSENT)

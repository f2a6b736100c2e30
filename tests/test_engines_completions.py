"""Laws of reading completions: whatever a server sends is a reply or a failure that is named, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.engines.completions import Completion, Reading
from mathif.engines.failures import Kind, NoReplyError, WithheldError
from mathif.records import Finish
from tests.serving import completion, event, stream

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "delta",
                    "message",
                    "content",
                    "finish_reason",
                    "usage",
                    "error",
                    "index",
                    "text",
                    "refusal",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def read(*pieces: bytes) -> Completion | NoReplyError | WithheldError:
    reading = Reading()
    try:
        for piece in pieces:
            reading.feed(piece)
        return reading.end()
    except (NoReplyError, WithheldError) as error:
        return error


@given(st.lists(st.binary(max_size=40) | JSON.map(event) | JSON.map(lambda value: json.dumps(value).encode())))
def test_whatever_comes_is_read_or_named(pieces: list[bytes]) -> None:
    read(*pieces)


@given(st.lists(st.text()), st.integers(1, 50), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_the_text_of_a_stream_is_its_parts_joined_however_the_bytes_arrive(
    texts: list[str], size: int, end: bytes
) -> None:
    whole = b"".join(stream(*texts)).replace(b"\n", end)
    found = read(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert isinstance(found, Completion)
    assert (found.text, found.finish) == ("".join(texts), Finish.STOP)


@given(st.text(), st.integers(0, 400))
def test_a_stream_that_is_cut_anywhere_before_its_end_is_no_reply(text: str, at: int) -> None:
    whole = b"".join(stream(text, "x" * 300))
    found = read(whole[: min(at, whole.index(b'"stop"'))])
    assert isinstance(found, NoReplyError)
    assert found.kind in (Kind.FAULT, Kind.BROKEN)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + b"".join(stream("4")),
        b": hello\n\nevent: message\nid: 7\n" + b"".join(stream("4")),
        b"".join(stream("4")).replace(b"\n", b"\r\n"),
        b"".join(stream("4")).replace(b"\n", b"\r"),
        b"".join(stream("4")).replace(b"data: ", b"data:"),
        b"".join(stream("4")).replace(b"null", b'""'),
        b"".join(stream("4")).replace(b'"stop"', b'"STOP"'),
        json.dumps(completion(["4"])).encode(),  # type: ignore[arg-type]
        json.dumps(completion([{"type": "output_text", "text": "4"}])).encode(),  # type: ignore[arg-type]
        b"".join(stream("4")) + event({"choices": [{"delta": {"content": "after the end"}}]}),
        b"".join(stream("4")[:-1]),
        b"\n\n  " + json.dumps(completion("4")).encode(),
        event({"choices": [{"delta": {"content": "4"}}]})
        + event({"choices": [{"delta": {}, "message": {"content": "4"}, "finish_reason": "stop"}]}),
        event({"choices": [{"delta": {"content": "4"}}]})
        + event({"choices": [{"message": {"content": "4"}, "finish_reason": "stop"}]}),
        event({"choices": [{"index": 1, "delta": {"content": "5"}}]}) + b"".join(stream("4")),
        event({"choices": [{"text": "4", "finish_reason": "stop"}]}) + event(b"[DONE]"),
        event({"type": "ping"}) + b"".join(stream("4")),
        b"".join(stream("4")).replace(b"[DONE]\n\n", b"[DONE]"),
    ],
)
def test_the_ways_of_saying_the_same_are_read_alike(data: bytes) -> None:
    found = read(data)
    assert isinstance(found, Completion)
    assert (found.text, found.finish) == ("4", Finish.STOP)


def test_content_in_parts_is_told_apart() -> None:
    thinking: Any = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    found = read(json.dumps(completion([thinking, {"type": "text", "text": "4"}])).encode())  # type: ignore[arg-type]
    assert isinstance(found, Completion)
    assert (found.reasoning, found.text) == ("hm", "4")


@pytest.mark.parametrize(
    "field", ["reasoning", "reasoning_content", "reasoning_details", "thinking", "thinking_blocks"]
)
@pytest.mark.parametrize(
    "value", ["hm", ["h", "m"], [{"type": "text", "text": "h"}, {"summary": "m"}], {"content": "hm"}, {"text": ["hm"]}]
)
def test_thinking_is_read_from_whatever_its_field_holds(field: str, value: Any) -> None:
    found = read(json.dumps(completion("4", **{field: value})).encode())
    assert isinstance(found, Completion)
    assert (found.reasoning, found.text) == ("hm", "4")


def test_an_error_that_stands_in_the_choice_is_told_in_its_words() -> None:
    said = {"finish_reason": "error", "error": {"code": 502, "message": "the upstream is away"}}
    for piece in (
        json.dumps({"choices": [{**said, "message": {"content": ""}}]}).encode(),
        event({"choices": [{**said, "delta": {"content": ""}}]}),
    ):
        found = read(piece)
        assert isinstance(found, NoReplyError)
        assert found.kind is Kind.AWAY
        assert "the upstream is away" in found.reason


@pytest.mark.parametrize(
    ("details", "summarized"),
    [
        ([{"type": "reasoning.summary", "summary": "hm"}], True),
        ([{"type": "reasoning.summary", "summary": "hm"}, {"type": "reasoning.encrypted", "data": "x9"}], True),
        ([{"type": "summary_text", "text": "hm"}], True),
        ([{"type": "reasoning.text", "text": "hm"}, {"type": "reasoning.encrypted", "data": "x9"}], False),
        ([{"summary": [{"type": "summary_text", "text": "hm"}]}], True),
        ([{"type": "reasoning.text", "text": "h"}, {"type": "reasoning.summary", "summary": "m"}], False),
        ([{"type": "reasoning.text", "text": "hm", "summary": "so"}], False),
        ("hm", False),
    ],
)
@pytest.mark.parametrize("beside", [{}, {"reasoning": "hm"}])
def test_thinking_that_the_server_only_sums_up_is_called_that(
    details: Any, beside: dict[str, Any], summarized: bool
) -> None:
    found = read(json.dumps(completion("4", reasoning_details=details, **beside)).encode())
    assert isinstance(found, Completion)
    assert (found.reasoning, found.text, found.summarized) == ("hm", "4", summarized)


@pytest.mark.parametrize(
    "message",
    [
        {"content": "4", "reasoning_details": [{"type": "reasoning.encrypted", "data": "x9"}]},
        {"content": [{"type": "redacted_thinking", "data": "x9"}, {"type": "text", "text": "4"}]},
    ],
)
def test_thinking_that_comes_encrypted_is_kept_from_view(message: dict[str, Any]) -> None:
    found = read(json.dumps(completion(**message)).encode())
    assert isinstance(found, Completion)
    assert (found.reasoning, found.text, found.summarized) == (None, "4", True)


@pytest.mark.parametrize("content", [[], [{"type": "image_url", "image_url": {"url": "x"}}]])
def test_content_without_a_word_is_no_empty_reply(content: Any) -> None:
    found = read(json.dumps(completion(content)).encode())
    assert isinstance(found, NoReplyError)
    assert found.kind is Kind.FAULT


def test_a_call_of_a_tool_is_a_refusal_whatever_it_is_said_to_end_by_unless_there_is_a_text() -> None:
    call = [{"id": "1", "type": "function", "function": {"name": "add", "arguments": "{}"}}]
    found = [read(json.dumps(completion(text, tool_calls=call)).encode()) for text in (None, "", "4")]
    assert [one.finish for one in found if isinstance(one, Completion)] == [Finish.REFUSED, Finish.REFUSED, Finish.STOP]


def test_counts_are_those_that_came_last() -> None:
    first = {"choices": [{"delta": {"content": "4"}}], "usage": {"completion_tokens": 1}}
    found = read(event(first), *stream("4", "4"))
    assert isinstance(found, Completion)
    assert found.usage["completion_tokens"] == 2

"""Laws of the replay engine: replies are joined by key, and a file that does not fit is refused."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from mathif import api
from mathif.engines import Options, open_engine
from mathif.errors import DataError, UsageError
from mathif.records import Finish, Generation, Sampling, State
from mathif.testing import prompt, prompts

ROWS: list[dict[str, Any]] = [{"item": f"sum#{n}", "response": f"so {n}"} for n in range(5)]
ITEMS = [row["item"] for row in ROWS]


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replies.jsonl"


def replay(path: Path, asked: int = 5, items: list[str] | None = ITEMS) -> list[Generation]:
    return list(open_engine(f"file:{path}", Options(), items).generate(prompts(asked), Sampling()))


def test_replies_are_joined_by_key_and_never_by_line(path: Path) -> None:
    straight = replay(write(path, ROWS))
    assert replay(write(path, ROWS[::-1])) == straight
    assert [reply.text for reply in straight] == [f"so {n}" for n in range(5)]


def test_every_field_of_a_row_reaches_the_generation(path: Path) -> None:
    row = {"item": "sum#0", "response": "4", "arm": "plain", "sample": 0, "reasoning": "hmm", "finish_reason": "length",
           "reasoning_tokens": 9, "opened": True, "summarized": True,
           "reasoning_tags": ["<mull>", "</mull>"]}  # fmt: skip
    engine = open_engine(f"file:{write(path, [row])}", Options())
    asked = prompt(0, arm="plain")
    [reply] = engine.generate([asked], Sampling())
    assert reply == Generation(
        str(asked.key),
        "4",
        Finish.LENGTH,
        "hmm",
        reasoning_tokens=9,
        opened=True,
        tags=("<mull>", "</mull>"),
        summarized=True,
    )
    assert Generation.from_json(json.loads(json.dumps(reply.to_json()))) == reply


@pytest.mark.parametrize(("kind", "summarized"), [("reasoning.text", False), ("reasoning.summary", True)])
def test_the_reasoning_of_a_row_may_be_the_parts_that_a_server_sends(path: Path, kind: str, summarized: bool) -> None:
    row = {"item": "sum#0", "response": "4", "reasoning": [{"type": kind, "text": "hm"}, {"type": kind, "text": "m"}]}
    [reply] = open_engine(f"file:{write(path, [row])}", Options()).generate([prompt(0)], Sampling())
    assert (reply.reasoning, reply.summarized) == ("hmm", summarized)


def test_missing_replies_are_refused_before_the_first_one_is_handed_on(path: Path) -> None:
    engine = open_engine(f"file:{write(path, ROWS[:1])}", Options(), ITEMS)
    with pytest.raises(DataError) as caught:
        next(iter(engine.generate(prompts(5), Sampling())))
    assert "4 prompts without a reply, first sum#1@constrained#0, sum#2@constrained#0, sum#3" in str(caught.value)
    assert "sum#4" not in str(caught.value)


def test_doubled_keys_are_refused_with_their_lines(path: Path) -> None:
    with pytest.raises(DataError, match=r"2 doubled keys, first sum#0@constrained#0 \(lines 1 and 6\), sum#1.*7\)"):
        replay(write(path, [*ROWS, ROWS[0], {**ROWS[1], "arm": "constrained", "sample": 0}]))


@pytest.mark.parametrize("asked", [1, 5])
def test_a_reply_to_an_item_that_does_not_exist_is_refused_whatever_is_asked(path: Path, asked: int) -> None:
    rows = [*ROWS, {"item": "sun#0", "response": "4"}]
    with pytest.raises(DataError, match=r"1 reply to an item that the task does not have, first sun#0.*\(line 6\)"):
        replay(write(path, rows), asked)


def test_replies_that_are_not_asked_now_are_left_aside(path: Path) -> None:
    rows = [*ROWS, {**ROWS[0], "arm": "plain"}, {**ROWS[0], "sample": 1}]
    assert len(replay(write(path, rows), 2)) == 2


def test_without_the_tasks_items_those_asked_are_taken_for_all(path: Path) -> None:
    assert len(replay(write(path, ROWS), 5, items=None)) == 5
    with pytest.raises(DataError, match="does not have"):
        replay(path, 2, items=None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{torn", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "found list, expected a JSON object"),
        ({"item": "sum#0"}, "'response' is missing"),
        ({"response": "4"}, "'item' is missing"),
        ({"item": "sum#0", "responce": "4", "response": "4"}, "unknown field 'responce'; did you mean 'response'"),
        ({"item": "sum#0", "response": None}, "response: found None, expected str"),
        ({"item": 3, "response": "4"}, "item: found 3, expected str"),
        ({"item": "sum#0", "response": "4", "sample": True}, "sample: found True, expected int"),
        ({"item": "sum#0", "response": "4", "sample": -1}, "sample: found -1, expected 0 or more"),
        ({"item": "sum#0", "response": "4", "reasoning_tokens": "9"}, "reasoning_tokens: found '9', expected int"),
        ({"item": "sum#0", "response": "4", "opened": 1}, "opened: found 1, expected bool"),
        ({"item": "sum#0", "response": "4", "reasoning_tags": ["<a>"]}, "reasoning_tags: found ['<a>'], expected an"),
        ({"item": "sum#0", "response": "4", "reasoning_tags": ["a", " a"]}, "expected two different marks"),
        ({"item": "sum#0", "response": "4", "finish_reason": "tool"}, "finish_reason: found 'tool', expected 'stop'"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(path: Path, row: Any, said: str) -> None:
    with pytest.raises(DataError) as caught:
        replay(write(path, [ROWS[0], "", row]))
    assert f"{path}:3: " in str(caught.value)
    assert said in str(caught.value)


def test_marks_of_the_users_own_split_every_reply_of_a_run_and_may_come_later(tmp_path: Path) -> None:
    said = "<mull>So \\boxed{17}</mull>It is \\boxed{%s}."
    items = api.load_task("control").items
    rows = [{"item": item.key, "response": said % item.problem.answer, "arm": "constrained"} for item in items]
    write(tmp_path / "replies.jsonl", rows)
    plain: dict[str, Any] = {"model": f"file:{tmp_path / 'replies.jsonl'}", "task": "control", "limit": 2}
    run = api.evaluate(**plain, arms="constrained", out=tmp_path / "run").run
    assert {(row.state, row.unsplit) for row in run.graded()} == {(State.ABSENT, "<mull>")}
    api.grade_run(run, reasoning_tags=("<mull>", "</mull>"))
    again = api.run_in(tmp_path / "run")
    assert {(row.state, row.unsplit) for row in again.graded()} == {(State.CLOSED, "")}
    assert {reply.tags for reply in again.replies.values()} == {("<mull>", "</mull>")}
    told = api.evaluate(**plain, arms="constrained", out=tmp_path / "told", reasoning_tags=("<mull>", "</mull>")).run
    assert list(told.graded()) == list(again.graded())
    with pytest.raises(UsageError, match=r"--reasoning-tags: found .*, expected two different marks"):
        api.grade_run(run, reasoning_tags=("<mull>", "<mull>"))


def test_the_description_holds_the_files_name_and_digest_and_not_its_folder(path: Path) -> None:
    described = open_engine(f"file:{write(path, ROWS)}", Options()).describe(Sampling())
    assert described["model"] == "file:replies.jsonl"
    assert len(str(described["sha256"])) == 64
    assert str(path.parent) not in str(described)


def key(number: int) -> str:
    return str(prompt(number).key)


def answered(number: int, **message: Any) -> dict[str, Any]:
    """A line of the output of a batch, as OpenAI and vLLM write it."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 20,
            "completion_tokens": 9,
            "completion_tokens_details": {"reasoning_tokens": 5},
        },
    }
    return {
        "id": f"batch_req_{number}",
        "custom_id": key(number),
        "response": {"status_code": 200, "request_id": "r", "body": body},
        "error": None,
    }


def test_the_output_of_a_batch_is_read_with_thinking_ending_and_counts(path: Path) -> None:
    lengthy = answered(1, content="so", reasoning_content=None)
    lengthy["response"]["body"]["choices"][0]["finish_reason"] = "length"
    filtered = answered(2, content=None)
    filtered["response"]["body"]["choices"][0]["finish_reason"] = "content_filter"
    first, second, third = replay(write(path, [answered(0, content="0", reasoning_content="hm"), lengthy, filtered]), 3)
    assert first == Generation(key(0), "0", Finish.STOP, "hm", 20, 9, 5)
    assert (second.text, second.reasoning, second.finish) == ("so", None, Finish.LENGTH)
    assert (third.finish, third.error) == (Finish.FILTERED, "finish_reason is 'content_filter'")


def test_a_request_of_a_batch_that_failed_is_named_and_is_no_reply(path: Path) -> None:
    failed = {
        "custom_id": key(1),
        "response": {"status_code": 500, "body": {"error": {"message": "overloaded"}}},
        "error": None,
    }
    expired = {"custom_id": key(2), "response": None, "error": {"code": "batch_expired", "message": "too late"}}
    with pytest.raises(DataError, match=r"2 requests that failed, first sum#1@constrained#0 \(line 2: .*overloaded"):
        replay(write(path, [answered(0, content="0"), failed, expired]), 3)


def test_plain_replies_under_the_keys_that_were_asked_are_read(path: Path) -> None:
    rows = [{"custom_id": key(n), "response": f"so {n}", "finish_reason": "stop"} for n in range(5)]
    assert replay(write(path, rows)) == replay(write(path, ROWS))


BATCH_BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "key": ({"custom_id": "sum", "response": ""}, "custom_id: found key 'sum', expected 'task/item@arm#sample'"),
    "number": ({"custom_id": 5, "response": ""}, "custom_id: found key '5'"),
    "both": ({"custom_id": key(0), "response": "", "item": "sum#0"}, "found custom_id beside task, item"),
    "field": ({"custom_id": key(0), "response": "", "text": ""}, "unknown field 'text'"),
    "nothing": ({"custom_id": key(0)}, "found neither a text as response, nor an answer of a batch"),
    "body": ({"custom_id": key(0), "response": {"status_code": 200}}, "found neither a text as response"),
    "task": ({"custom_id": key(0).replace("toy/", "other/"), "response": ""}, "1 prompt without a reply, first sum#0"),
}


@pytest.mark.parametrize("name", BATCH_BROKEN)
def test_a_row_with_a_custom_id_that_is_none_is_refused(path: Path, name: str) -> None:
    row, told = BATCH_BROKEN[name]
    with pytest.raises(DataError) as caught:
        replay(write(path, [row]), 1)
    assert told in str(caught.value)


def test_a_large_file_takes_the_memory_of_one_reply(path: Path) -> None:
    write(path, [{**row, "response": str(number) * 500_000} for number, row in enumerate(ROWS)])
    tracemalloc.start()
    engine = open_engine(f"file:{path}", Options(), ITEMS)
    assert [reply.text[:3] for reply in engine.generate(prompts(5), Sampling())] == [3 * str(n) for n in range(5)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < path.stat().st_size

"""Laws of the http engine, against a real server on this machine that misbehaves on purpose."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from mathif.engines import Continuing, Options, http, open_engine
from mathif.errors import EngineError, UsageError
from mathif.reasoning import split
from mathif.records import Finish, Generation, Sampling, State
from tests.prompting import prompt, prompts
from tests.serving import Answer, Script, completion, serving

SAMPLING = Sampling(temperature=0.5, top_p=0.9, max_tokens=32)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer retries and shorter pauses, so that the tests end soon; what is retried stays the same."""
    monkeypatch.setattr(http, "RETRIES", 1)
    monkeypatch.setattr(http, "GARBLED_PAUSE_S", 0.0)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def ask(script: Script, count: int = 1, **options: Any) -> list[Generation]:
    with serving(script) as served:
        return replies(served.url, count, **options)


def replies(url: str, count: int = 1, **options: Any) -> list[Generation]:
    engine = open_engine("any-model", Options(base_url=(url,), **options))
    try:
        return list(engine.generate(prompts(count), SAMPLING))
    finally:
        engine.close()


def test_text_finish_and_token_counts_are_the_servers() -> None:
    [reply] = ask(lambda body, before: Answer(completion("so, 4", "length")))
    assert (reply.text, reply.finish, reply.prompt_tokens, reply.completion_tokens) == ("so, 4", Finish.LENGTH, 7, 11)


def test_a_prefill_goes_to_a_server_that_tokenizes_chats_as_tokens_of_chat_and_prefill() -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer({"choices": [{"text": " so 4", "finish_reason": "stop"}], "usage": {"completion_tokens": 3}})

    asked = replace(prompt(2), prefill="I think")
    with serving(script, tokenize=lambda text: list(map(ord, text))) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,)))
        [reply] = list(engine.generate([asked], SAMPLING))
        list(engine.generate([asked], replace(SAMPLING, max_tokens=None)))
        engine.close()
    body, unlimited = served.requests
    assert unlimited["max_tokens"] == 500 - len(body["prompt"])
    assert "".join(map(chr, body["prompt"])).endswith("I think")
    assert asked.messages[0].content.split("\\")[0] in "".join(map(chr, body["prompt"]))
    assert (body["seed"], body["max_tokens"], body["temperature"]) == (asked.seed, 32, 0.5)
    assert (reply.text, reply.finish, reply.completion_tokens) == (" so 4", Finish.STOP, 3)


def test_a_server_that_cannot_continue_a_reply_is_named_in_a_sentence() -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,)))
        assert isinstance(engine, Continuing)
        with pytest.raises(EngineError, match="the server cannot continue a reply: it has neither /apply-template"):
            engine.count_tokens("Hi")
        engine.close()
        assert served.requests == []


def test_the_request_holds_model_chat_sampling_and_the_prompts_own_seed() -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        replies(served.url, engine_args={"chat_template_kwargs": {"enable_thinking": False}})
    [body] = served.requests
    asked = prompt(0)
    assert body == {
        "model": "any-model",
        "messages": [{"role": "user", "content": asked.messages[0].content}],
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 32,
        "seed": asked.seed,
        "chat_template_kwargs": {"enable_thinking": False},
    }


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-the-test")
    with serving(lambda body, before: Answer(completion())) as served:
        replies(served.url)
    assert served.headers[0]["authorization"] == "Bearer secret-of-the-test"


def test_a_server_that_knows_the_limit_only_by_its_newer_name_gets_that() -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        if "max_tokens" in body:
            return Answer({"error": {"message": "use 'max_completion_tokens' instead"}}, 400)
        return Answer(completion(str(body["max_completion_tokens"])))

    assert [reply.text for reply in ask(script, 3)] == ["32"] * 3


def test_no_more_requests_are_under_way_than_allowed() -> None:
    with serving(lambda body, before: Answer(completion(), hold_s=0.05)) as served:
        assert len(replies(served.url, 12, concurrency=3)) == 12
    assert served.at_once == 3


def test_a_slow_reply_does_not_hold_up_the_others() -> None:
    slow = prompt(0).messages[0].content

    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer(completion(), hold_s=0.5 if body["messages"][0]["content"] == slow else 0)

    assert ask(script, 5, concurrency=2)[-1].key == str(prompt(0).key)


@pytest.mark.parametrize(
    "message",
    [
        {"reasoning": "hmm", "reasoning_content": "other"},
        {"reasoning": None, "reasoning_content": "hmm"},
        {
            "reasoning_details": [
                {"type": "reasoning.text", "text": "h"},
                {"type": "reasoning.summary", "summary": "mm"},
            ]
        },
    ],
)
def test_reasoning_is_read_from_the_first_field_that_holds_it(message: dict[str, Any]) -> None:
    [reply] = ask(lambda body, before: Answer(completion("4", **message)))
    assert (reply.reasoning, split(reply).final) == ("hmm", "4")


def test_reasoning_in_tags_stays_in_the_text() -> None:
    [reply] = ask(lambda body, before: Answer(completion("<think>hmm</think>4")))
    assert (reply.text, reply.reasoning, split(reply).thinking) == ("<think>hmm</think>4", None, "hmm")


def test_reasoning_tokens_are_the_usages_where_it_counts_them() -> None:
    body = completion("4", reasoning="hmm")
    body["usage"]["completion_tokens_details"] = {"reasoning_tokens": 9}
    assert ask(lambda _, before: Answer(body))[0].reasoning_tokens == 9


@pytest.mark.parametrize("message", [completion("4", reasoning="a b c"), completion("<think>a b c</think>4")])
def test_reasoning_tokens_are_counted_by_the_server_where_its_usage_is_silent(message: dict[str, Any]) -> None:
    with serving(lambda body, before: Answer(message), tokenize=lambda text: list(range(len(text.split())))) as served:
        assert replies(served.url)[0].reasoning_tokens == 3
    assert ask(lambda body, before: Answer(message))[0].reasoning_tokens is None


def test_thinking_cut_before_any_text_is_open() -> None:
    [reply] = ask(lambda body, before: Answer(completion(None, "length", reasoning="hmm")))
    assert (reply.text, reply.finish, split(reply).state) == ("", Finish.LENGTH, State.OPEN)


def test_retry_after_is_waited_for() -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return (
            Answer(completion()) if before else Answer({"error": {"message": "slow down"}}, 429, {"Retry-After": "2"})
        )

    started_s = time.monotonic()
    assert ask(script)[0].finish is Finish.STOP
    assert time.monotonic() - started_s >= 2


@pytest.mark.parametrize(
    "first",
    [
        Answer({"error": {"message": "broken"}}, 500),
        Answer("<html>not json</html>"),
        Answer("[1, 2"),
        Answer({"choices": []}),
        Answer({"choices": ["4"]}),
        Answer({"error": {"message": "upstream is down"}}),
        Answer(completion(None)),
        Answer({"late": True}, hold_s=30),
    ],
    ids=["500", "html", "torn", "no choice", "no message", "error in a 200", "null content", "hang"],
)
def test_a_failure_is_retried_and_then_an_error_of_that_prompt_alone(first: Answer) -> None:
    bad = prompt(1).messages[0].content

    def once(body: dict[str, Any], before: int) -> Answer:
        return first if body["messages"][0]["content"] == bad and before == 0 else Answer(completion())

    def always(body: dict[str, Any], before: int) -> Answer:
        return first if body["messages"][0]["content"] == bad else Answer(completion())

    timeout_s = 2.0 if first.hold_s else None
    assert [reply.finish for reply in ask(once, 3, timeout_s=timeout_s)] == [Finish.STOP] * 3
    found = {reply.key: reply for reply in ask(always, 3, timeout_s=timeout_s)}
    failed = found.pop(str(prompt(1).key))
    assert (failed.finish, failed.text) == (Finish.ERROR, "")
    assert failed.error
    assert all(reply.finish is Finish.STOP for reply in found.values())


def test_a_prompt_that_the_server_refuses_is_not_asked_again() -> None:
    with serving(lambda body, before: Answer({"error": {"message": "too long"}}, 400)) as served:
        [reply] = replies(served.url)
    assert (reply.finish, len(served.requests)) == (Finish.ERROR, 1)
    assert "too long" in reply.error


@pytest.mark.parametrize("finish", ["content_filter", "tool_calls", None])
def test_a_reply_that_the_server_broke_off_is_an_error_and_no_empty_text(finish: str | None) -> None:
    [reply] = ask(lambda body, before: Answer(completion("", finish)))
    assert (reply.finish, repr(finish) in reply.error) == (Finish.ERROR, True)


def test_many_prompts_that_are_refused_do_not_stop_a_server_that_answers() -> None:
    good = prompt(0).messages[0].content

    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer(completion()) if body["messages"][0]["content"] == good else Answer({}, 400)

    assert len(ask(script, 30, concurrency=1)) == 30


def test_a_dead_address_stops_after_a_few_prompts_and_not_after_all() -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        url = served.url
    engine = open_engine("any-model", Options(base_url=(url,), concurrency=4))
    started_s = time.monotonic()
    seen: list[Finish] = []
    with pytest.raises(EngineError, match="8 times in a row"):
        seen.extend(reply.finish for reply in engine.generate(prompts(600), SAMPLING))
    assert seen == [Finish.ERROR] * http.GIVE_UP_AFTER
    assert time.monotonic() - started_s < 60


def test_a_few_prompts_to_a_dead_address_are_errors_each() -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        url = served.url
    assert [reply.finish for reply in replies(url, 3)] == [Finish.ERROR] * 3


@pytest.mark.parametrize(("status", "advice"), [(401, "OPENAI_API_KEY"), (404, "--base-url")])
def test_a_refused_key_or_address_stops_at_once(status: int, advice: str) -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer({"error": {"message": "no"}}, status)

    with serving(script) as served:
        with pytest.raises(EngineError, match=advice):
            replies(served.url, 100, concurrency=2)
        assert len(served.requests) < 8


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host/v1", "", "http://user:pass@host/v1"])
def test_an_address_that_is_none_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        open_engine("any-model", Options(base_url=(url,)))


def test_half_a_surrogate_pair_does_not_reach_a_record() -> None:
    [reply] = ask(
        lambda body, before: Answer('{"choices":[{"finish_reason":"stop","message":{"content":"\\ud83d 4 😀"}}]}')
    )
    assert reply.text == "\ufffd 4 😀"


def test_the_description_names_neither_the_host_nor_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-the-test")
    engine = open_engine("/models/mine", Options(base_url=("http://inner.example:8000/v1",)))
    described = str(engine.describe(SAMPLING))
    assert "mine" in described
    assert not any(word in described for word in ("example", "8000", "secret", "/models"))

"""Laws of the http engine, against a real server on this machine that misbehaves on purpose."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest

from mathif.engines import (
    CONCURRENCY,
    Continuing,
    Options,
    completions,
    connections,
    http,
    open_engine,
    servers,
    switched,
)
from mathif.engines.budgets import kept
from mathif.engines.failures import of_answer, retry_after_s
from mathif.errors import EngineError, UsageError
from mathif.items import Budget, Mode
from mathif.json_values import Json
from mathif.reasoning import split
from mathif.records import Finish, Generation, Sampling, State
from mathif.testing import prompt, prompts
from tests.serving import Answer, Clock, Script, completion, event, serving, stream

SAMPLING = Sampling(temperature=0.5, top_p=0.9, max_tokens=32)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer retries and shorter pauses, so that the tests end soon; what is retried stays the same."""
    monkeypatch.setattr(http, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(http, "LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(servers, "FIRST_PATIENCE_S", 1.0)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the engines that a test opens."""
    clock = Clock()
    monkeypatch.setattr(asyncio, "new_event_loop", clock.loop)
    return clock


def ask(script: Script, count: int = 1, clock: Clock | None = None, **options: Any) -> list[Generation]:
    with serving(script, clock=clock) as served:
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


def test_arguments_of_the_template_that_are_no_table_are_refused_before_anything_is_asked() -> None:
    with pytest.raises(UsageError, match=r"--engine-arg chat_template_kwargs: found 5, expected a table"):
        open_engine("any-model", Options(base_url=("http://localhost:9/v1",), engine_args={"chat_template_kwargs": 5}))


def test_a_mode_is_sent_with_the_chat_over_what_the_user_set_and_what_the_template_made_of_it_is_kept() -> None:
    own: dict[str, Json] = {"chat_template_kwargs": {"language": "en", "enable_thinking": True}}
    mode = Mode(template={"enable_thinking": False, "reasoning_effort": "low"}, request={"priority": 1})
    asked = [replace(prompt(1), mode=mode), prompt(2), replace(prompt(3), mode=Mode(template={"thinking": True}))]
    with serving(lambda body, before: Answer(completion()), tokenize=lambda text: list(map(ord, text))) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,), concurrency=1, engine_args=own))
        found = {reply.key: reply for reply in engine.generate(asked, SAMPLING)}
        engine.close()
    sent = {body["messages"][0]["content"]: body for body in served.requests}
    off, free, on = (sent[one.messages[0].content] for one in asked)
    assert off["chat_template_kwargs"] == {"language": "en", "enable_thinking": False, "reasoning_effort": "low"}
    assert (off["reasoning_effort"], off["priority"]) == ("low", 1)
    assert on["chat_template_kwargs"] == {"language": "en", "enable_thinking": True, "thinking": True}
    assert free["chat_template_kwargs"] == own["chat_template_kwargs"]
    assert not {"reasoning_effort", "priority"} & (free.keys() | on.keys())
    rendered = [found[str(one.key)].rendered for one in asked]
    assert rendered[1] is None
    assert rendered[0] is not None
    assert rendered[0].tail.endswith("'reasoning_effort': 'low'}")
    assert rendered[0] != rendered[2]


def test_a_server_that_renders_nothing_is_asked_all_the_same() -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,)))
        [reply] = engine.generate([replace(prompt(1), mode=Mode(template={"enable_thinking": False}))], SAMPLING)
        engine.close()
    assert served.requests[0]["chat_template_kwargs"] == {"enable_thinking": False}
    assert reply.rendered is None


def test_a_budget_is_kept_by_a_server_that_goes_on_from_a_beginning() -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        prefill = "".join(map(chr, body["prompt"]))
        closed = "</think>" in prefill
        text = "So it is \\boxed{4}." if closed else "one two three"
        choice = {"index": 0, "finish_reason": "stop" if closed else "length", "text": text}
        return Answer({"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": body["max_tokens"]}})

    mode = Mode(budget=Budget(3, "<think>\n", "\n</think>\n\n"))
    with serving(script, tokenize=lambda text: list(map(ord, text))) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,)))
        switched(engine, "any-model", [mode])
        [reply] = kept(engine, [replace(prompt(1), mode=mode)], SAMPLING)
        engine.close()
    assert reply.text == "<think>\none two three\n</think>\n\nSo it is \\boxed{4}."
    first, second = served.requests
    assert (first["max_tokens"], second["max_tokens"]) == (3, 29)
    assert "".join(map(chr, second["prompt"])).endswith("<think>\none two three\n</think>\n\n")


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
        "stream": True,
        "stream_options": {"include_usage": True},
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
    three = threading.Barrier(3)

    def script(body: dict[str, Any], before: int) -> Answer:
        three.wait(60)
        return Answer(completion(), hold_s=0.05)  # for a fourth to come, were it sent

    with serving(script) as served:
        assert len(replies(served.url, 12, concurrency=3)) == 12
    assert served.at_once == 3


def test_garbage_is_looked_for_less_often_while_replies_are_under_way_and_as_before_afterwards() -> None:
    usual, seen = gc.get_threshold(), []

    def script(body: dict[str, Any], before: int) -> Answer:
        seen.append(gc.get_threshold())  # the server is a thread of this process
        return Answer(completion())

    ask(script, 3)
    assert {during[0] > usual[0] and during[1:] == usual[1:] for during in seen} == {True}
    assert gc.get_threshold() == usual


def test_a_slow_reply_does_not_hold_up_the_others() -> None:
    slow, others_are_there = prompt(0).messages[0].content, threading.Event()

    def script(body: dict[str, Any], before: int) -> Answer:
        if body["messages"][0]["content"] == slow:
            others_are_there.wait(60)
        return Answer(completion())

    with serving(script) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,), concurrency=2))
        found = engine.generate(prompts(5), SAMPLING)
        others = [next(found).key for _ in range(4)]
        others_are_there.set()
        assert [reply.key for reply in found] == [str(prompt(0).key)]
        assert str(prompt(0).key) not in others
        engine.close()


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


@pytest.mark.parametrize("opens", [True, False])
@pytest.mark.parametrize("text", ["so 4", "so</think>4"])
def test_a_reply_without_an_opening_mark_begins_where_the_servers_template_ends(opens: bool, text: str) -> None:
    end = "<think>\n" if opens else ""
    said = completion(text, "length")
    with serving(lambda body, before: Answer(said), lambda shown: list(map(ord, shown + end))) as one:
        [reply] = replies(one.url)
    assert reply.opened is (opens and "<" not in text)
    assert split(reply).state is (State.CLOSED if "<" in text else State.OPEN if opens else State.ABSENT)
    assert (reply.reasoning_tokens or 0) > 0 or not opens


def test_thinking_cut_before_any_text_is_open() -> None:
    [reply] = ask(lambda body, before: Answer(completion(None, "length", reasoning="hmm")))
    assert (reply.text, reply.finish, split(reply).state) == ("", Finish.LENGTH, State.OPEN)


NOON = "Wed, 21 Oct 2015 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "asked_s"),
    [
        ({"Retry-After": "3"}, 3),
        ({"Retry-After": "0.5", "Date": NOON}, 0.5),
        # by the server's clock, which may be years from ours
        ({"Retry-After": "Wed, 21 Oct 2015 12:00:07 GMT", "Date": NOON}, 7),
        ({"Retry-After": NOON, "Date": "Wed, 21 Oct 2015 12:00:07 GMT"}, 0),
        ({"Retry-After": NOON}, 0),
        ({"Retry-After": NOON, "Date": "noon"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1e999"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone_is_read_by_its_own_clock(
    headers: dict[str, str], asked_s: float | None
) -> None:
    assert retry_after_s(headers) == asked_s


def test_retry_after_is_waited_for() -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return (
            Answer(completion()) if before else Answer({"error": {"message": "slow down"}}, 429, {"Retry-After": "1"})
        )

    started_s = time.monotonic()
    assert ask(script)[0].finish is Finish.STOP
    assert time.monotonic() - started_s >= 1


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
        Answer({"late": True}, hold_s=90),
    ],
    ids=["500", "html", "torn", "no choice", "no message", "error in a 200", "null content", "hang"],
)
def test_a_failure_is_retried_and_then_an_error_of_that_prompt_alone(first: Answer, clock: Clock) -> None:
    bad = prompt(1).messages[0].content

    def once(body: dict[str, Any], before: int) -> Answer:
        return first if body["messages"][0]["content"] == bad and before == 0 else Answer(completion())

    def always(body: dict[str, Any], before: int) -> Answer:
        return first if body["messages"][0]["content"] == bad else Answer(completion())

    # one at a time, as what is asked meanwhile would be late as well
    limits: dict[str, Any] = {"timeout_s": 60, "concurrency": 1} if first.hold_s else {}
    assert [reply.finish for reply in ask(once, 3, clock, **limits)] == [Finish.STOP] * 3
    found = {reply.key: reply for reply in ask(always, 3, clock, **limits)}
    failed = found.pop(str(prompt(1).key))
    assert (failed.finish, failed.text) == (Finish.ERROR, "")
    assert failed.error
    assert all(reply.finish is Finish.STOP for reply in found.values())


def test_a_prompt_that_the_server_refuses_is_not_asked_again() -> None:
    with serving(lambda body, before: Answer({"error": {"message": "too long"}}, 400)) as served:
        [reply] = replies(served.url)
    assert (reply.finish, len(served.requests)) == (Finish.ERROR, 1)
    assert "too long" in reply.error


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("finish", "outcome"),
    [("content_filter", Finish.FILTERED), ("tool_calls", Finish.REFUSED), (None, Finish.REFUSED)],
)
def test_a_reply_that_ends_otherwise_is_an_outcome_of_its_own(
    finish: str | None, outcome: Finish, streamed: bool
) -> None:
    with serving(lambda body, before: Answer(stream(finish=finish) if streamed else completion("", finish))) as served:
        [reply] = replies(served.url)
    assert (reply.finish, repr(finish) in reply.error, len(served.requests)) == (outcome, True, 1)


def test_a_refusal_is_kept_as_what_the_model_said() -> None:
    [reply] = ask(lambda body, before: Answer(completion(None, refusal="I cannot help with that.")))
    assert (reply.finish, reply.text) == (Finish.REFUSED, "I cannot help with that.")


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (400, {"code": "context_length_exceeded", "message": "too much"}, Finish.TOO_LONG),
        (400, {"message": "This model's maximum context length is 2048 tokens. However, …"}, Finish.TOO_LONG),
        (400, {"message": "the request exceeds the available context size"}, Finish.TOO_LONG),
        (400, {"message": "prompt is too long: 210000 tokens > 200000 maximum"}, Finish.TOO_LONG),
        (422, {"message": "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"}, Finish.TOO_LONG),
        (400, {"code": "content_filter", "message": "filtered due to the prompt"}, Finish.FILTERED),
        (403, {"message": "Your input was flagged", "metadata": {"reasons": ["x"]}}, Finish.FILTERED),
        (400, {"message": "temperature must be a number"}, Finish.ERROR),
    ],
)
def test_a_refused_prompt_is_the_outcome_that_the_server_names(status: int, error: Any, outcome: Finish) -> None:
    with serving(lambda body, before: Answer({"error": error}, status)) as served:
        [reply] = replies(served.url)
    assert (reply.finish, len(served.requests)) == (outcome, 1)
    assert str(error["message"])[:10] in reply.error


def test_many_prompts_that_are_refused_do_not_stop_a_server_that_answers() -> None:
    good = prompt(0).messages[0].content

    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer(completion()) if body["messages"][0]["content"] == good else Answer({}, 400)

    assert len(ask(script, 30, concurrency=1)) == 30


def test_an_address_where_nobody_ever_was_is_given_up_soon() -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        url = served.url
    with pytest.raises(EngineError, match=r"takes no request: no connection.*check that the server runs"):
        replies(url, 600, concurrency=4)


def test_a_server_that_answers_nobody_stops_the_run_after_a_few_prompts() -> None:
    with serving(lambda body, before: Answer("<html>It works!</html>")) as served:
        with pytest.raises(EngineError, match="8 times in a row, last: the server's reply is garbled"):
            replies(served.url, 600, concurrency=4)
        assert len(served.requests) < 400


def test_slow_failures_at_the_end_are_errors_of_their_prompts_alone() -> None:
    good = {prompt(number).messages[0].content for number in range(40)}

    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer(completion() if body["messages"][0]["content"] in good else {"choices": []}, hold_s=0.001)

    finishes = [reply.finish for reply in ask(script, 60)]
    assert finishes.count(Finish.ERROR) == 20


@pytest.mark.parametrize(("status", "advice"), [(401, "OPENAI_API_KEY"), (404, "--base-url")])
def test_a_refused_key_or_address_stops_at_once(status: int, advice: str) -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer({"error": {"message": "no"}}, status)

    with serving(script) as served:
        with pytest.raises(EngineError, match=advice):
            replies(served.url, 100, concurrency=2)
        assert len(served.requests) < 8


@pytest.mark.parametrize(
    "url",
    [
        *("localhost:8000", "ftp://host/v1", "", "http:///v1", "http://[::1/v1", "http://host:99999/v1"),
        *("http://host:port/v1", "http://host:0/v1", "http://a host/v1", f"http://{'a' * 64}/v1", "http://a..b/v1"),
        *("http://user:s3cret@host/v1", "user:s3cret@host/v1", "http://host/v1?key=s3cret", "http://host/v1#s3cret"),
    ],
)
def test_an_address_that_is_none_or_holds_what_may_be_a_secret_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(UsageError, match="--base-url") as refused:
        open_engine("any-model", Options(base_url=(url,)))
    assert "s3cret" not in str(refused.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate of `localhost` that no authority has signed."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate")
    pem = tmp_path_factory.mktemp("tls") / "localhost.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    words = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *names)
    subprocess.run([*words, "-keyout", pem, "-out", f"{pem}.crt"], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + Path(f"{pem}.crt").read_bytes())
    return pem


def secured(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_server_whose_certificate_nobody_vouches_for_is_not_waited_for_and_what_mends_it_is_said(
    certificate: Path,
) -> None:
    context = secured(certificate)
    with serving(lambda body, before: Answer(completion()), secured=context) as served:
        with pytest.raises(EngineError, match=r"certificate of .* is not trusted \(self-signed.*SSL_CERT_FILE"):
            replies(served.url, patience_s=60)
        assert not served.requests


def test_a_server_whose_authority_the_user_names_is_asked_by_https(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = partial(aiohttp.TCPConnector, ssl=ssl.create_default_context(cafile=str(certificate)))
    monkeypatch.setattr(aiohttp, "TCPConnector", known)  # the usual context is made when aiohttp is loaded
    with serving(lambda body, before: Answer(completion()), secured=secured(certificate)) as served:
        assert [reply.text for reply in replies(served.url)] == ["4"]


def test_https_at_a_server_that_speaks_http_is_not_waited_for() -> None:
    said = pytest.raises(EngineError, match="does not speak https; begin --base-url with http:// then")
    with serving(lambda body, before: Answer(completion())) as served, said:
        replies(served.url.replace("http:", "https:"), patience_s=60)


def test_http_at_a_server_that_speaks_https_says_that_it_may(certificate: Path) -> None:
    with serving(lambda body, before: Answer(completion()), secured=secured(certificate)) as served:
        [reply] = replies(served.url.replace("https:", "http:"))
        assert "speaks https alone" in str(reply.error)


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets the proxies of the environment, and no others."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    def by(**named: str) -> None:
        connections.proxy_of.cache_clear()
        for name, value in named.items():
            monkeypatch.setenv(name, value)

    yield by
    connections.proxy_of.cache_clear()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_environment_is_asked_for_the_server(
    proxied: Callable[..., None], name: str, scheme: str
) -> None:
    with serving(lambda body, before: Answer(completion())) as proxy:
        proxied(**{name: proxy.url.replace("http://", scheme).removesuffix("/v1")})
        assert connections.proxy_of("http://model.invalid/v1")
        # a proxy is sent the whole address, which is no page of this one
        with pytest.raises(EngineError, match="404"):
            replies("http://model.invalid/v1")


@pytest.mark.parametrize("excepted", ["127.0.0.1", "*", "example.org, 127.0.0.0/8", "localhost,127.0.0.1:80,127.0.0.1"])
def test_a_server_that_is_excepted_is_asked_without_a_proxy(proxied: Callable[..., None], excepted: str) -> None:
    proxied(HTTP_PROXY="http://127.0.0.1:9", NO_PROXY=excepted)
    assert [reply.text for reply in ask(lambda body, before: Answer(completion()))] == ["4"]


@pytest.mark.parametrize(
    ("url", "excepted", "left_out"),
    [
        ("http://10.1.2.3:8000/v1", "10.0.0.0/8", True),
        ("http://11.1.2.3:8000/v1", "10.0.0.0/8", False),
        ("http://[fd00::5]:8000/v1", "fd00::/8", True),
        ("http://[::1]:8000/v1", "::1", True),
        ("http://node7.cluster/v1", ".cluster", True),
        ("http://node7.cluster/v1", "10.0.0.0/8", False),
    ],
)
def test_exceptions_are_hosts_domains_and_networks(
    proxied: Callable[..., None], url: str, excepted: str, left_out: bool
) -> None:
    proxied(HTTP_PROXY="http://127.0.0.1:9", NO_PROXY=excepted)
    assert (connections.proxy_of(url) is None) is left_out


def test_a_proxy_of_another_kind_is_refused_before_anything_is_sent(proxied: Callable[..., None]) -> None:
    proxied(ALL_PROXY="socks5://user:s3cret@127.0.0.1:9")
    with pytest.raises(UsageError, match="a proxy of kind 'socks5' for it, expected one of kind http") as refused:
        open_engine("any-model", Options(base_url=("http://host/v1",)))
    assert "s3cret" not in str(refused.value)


def test_a_proxy_that_is_away_or_wants_a_password_is_named_as_such(proxied: Callable[..., None]) -> None:
    proxied(HTTP_PROXY="http://user:s3cret@127.0.0.1:9")
    with pytest.raises(EngineError, match=r"no connection to the proxy 127\.0\.0\.1:9 .*NO_PROXY") as away:
        replies("http://model.invalid/v1", patience_s=0)
    assert "s3cret" not in str(away.value)
    with serving(lambda body, before: Answer(completion())) as proxy:
        proxied(HTTPS_PROXY=proxy.url.removesuffix("/v1"))
        with pytest.raises(EngineError, match=r"407: the proxy says .*put name and password of the proxy"):
            replies("https://model.invalid/v1", patience_s=60)


def test_where_a_server_sends_us_on_is_told_without_passwords_and_tokens() -> None:
    to = "https://user:s3cret@login.example:8443/v1?token=s3cret#s3cret"
    with pytest.raises(EngineError, match=r"to https://login\.example:8443/v1 \(302\); give that as --base-url$"):
        ask(lambda body, before: Answer("", 302, {"Location": to}))


def test_white_space_before_a_reply_costs_no_more_than_its_size() -> None:
    """Some servers send blanks while a reply takes its time."""
    reading = completions.Reading()
    for _ in range(100_000):
        reading.feed(b"  \n ")
        assert sum(map(len, reading._pieces)) < 9
    reading.feed(json.dumps(completion("5")).encode())
    assert reading.end().text == "5"


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


def sequel(*answers: Answer) -> Script:
    """Answer a question with these one after the other, and then as it should be."""
    return lambda body, before: answers[before] if before < len(answers) else Answer(completion())


def notices(script: Script, count: int = 1, **options: Any) -> tuple[list[Finish], list[str]]:
    said: list[str] = []
    with serving(script) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,), **options), None, said.append)
        try:
            return [reply.finish for reply in engine.generate(prompts(count), SAMPLING)], said
        finally:
            engine.close()


def test_a_stream_is_read_as_the_same_reply_however_it_is_cut_into_pieces() -> None:
    whole = b"".join(stream("so", ", ", "4 \N{GRINNING FACE}"))
    for size in (1, 7, 64, 100_000):
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        [reply] = ask(lambda body, before, pieces=pieces: Answer(pieces))  # type: ignore[misc]
        assert (reply.text, reply.finish, reply.completion_tokens) == ("so, 4 \N{GRINNING FACE}", Finish.STOP, 3)


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_streamed_thinking_is_read_from_its_field(field: str) -> None:
    [reply] = ask(lambda body, before: Answer(stream("h", "mm", finish="length", field=field)))
    assert (reply.reasoning, reply.text, split(reply).state) == ("hmm", "", State.OPEN)


@pytest.mark.parametrize(
    "first",
    [
        Answer(stream("half")[:2]),
        Answer(stream("half")[:2], reset=True),
        Answer(completion(), reset=True),
        Answer([*stream("half")[:2], event({"error": {"message": "out of memory", "code": 500}})]),
        Answer([b'data: {"choices": [{"delta": {"content": "ha\n\n']),
        Answer([event({"choices": []}), event(b"[DONE]")]),
        Answer([], headers={"Content-Type": "text/event-stream"}),
        Answer("<html><body>Service Unavailable</body></html>", 503, {"Content-Type": "text/html"}),
        Answer({"error": {"message": "overloaded", "code": 429}}),
        Answer("", 500),
        Answer("[" * 100_000),
        Answer(completion("4", "error")),
    ],
    ids=[
        "no end", "reset in the stream", "reset", "error in the stream", "torn event", "no choice", "nothing",
        "503 in html", "429 in a 200", "500", "too deep", "finish_reason error",
    ],
)  # fmt: skip
def test_what_is_no_whole_reply_is_asked_for_again(first: Answer) -> None:
    finishes, said = notices(sequel(first), 3)
    assert (finishes, said) == ([Finish.STOP] * 3, [])


@pytest.mark.parametrize("status", [429, 500])
def test_failures_at_random_cost_no_prompt(status: int) -> None:
    draws = Random(5)

    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer({"error": {"message": "no"}}, status) if draws.random() < 0.3 else Answer(completion())

    assert [reply.finish for reply in ask(script, 100, concurrency=10)] == [Finish.STOP] * 100


def test_a_reply_that_still_comes_is_no_dead_one_and_one_that_drips_on_is_cut_once(clock: Clock) -> None:
    slow = Answer(stream(*"abcdefgh"), pause_s=20)
    with serving(lambda body, before: slow, clock=clock) as served:
        [reply] = replies(served.url, timeout_s=900, idle_timeout_s=60)
    assert (reply.text, len(served.requests)) == ("abcdefgh", 1)
    with serving(lambda body, before: slow, clock=clock) as served:
        [reply] = replies(served.url, timeout_s=100)
    assert (reply.finish, "still coming after 100 s (--timeout)" in reply.error, len(served.requests)) == (
        Finish.ERROR,
        True,
        1,
    )


def test_a_server_that_falls_silent_is_asked_once_more(clock: Clock) -> None:
    with serving(lambda body, before: Answer(stream("half")[:2], pause_s=90), clock=clock) as served:
        [reply] = replies(served.url, idle_timeout_s=60)
    assert (reply.finish, "no sign of life for 60 s" in reply.error, len(served.requests)) == (Finish.ERROR, True, 2)


def test_a_server_that_does_not_stream_may_be_silent_for_as_long_as_a_reply_takes(clock: Clock) -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer(completion(), hold_s=90 if len(served.requests) > 1 else 0)

    with serving(script, clock=clock) as served:
        assert [reply.finish for reply in replies(served.url, 2, concurrency=1, idle_timeout_s=60)] == [Finish.STOP] * 2
        assert len(served.requests) == 2


@pytest.mark.parametrize("complaint", ["stream_options is not permitted", "streaming is not supported"])
def test_a_server_that_cannot_stream_is_asked_without(complaint: str) -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        if complaint.split()[0].removesuffix("ing") in body:
            return Answer({"error": {"message": complaint}}, 422)
        return Answer(completion())

    with serving(script) as served:
        assert [reply.finish for reply in replies(served.url, 20, concurrency=4)] == [Finish.STOP] * 20
        assert len(served.requests) < 30


def test_a_server_that_goes_away_and_comes_back_is_waited_for_and_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "TOLD_AFTER_S", 0)
    monkeypatch.setattr(servers, "SHORTEST_PAUSE_S", 0.01)
    said: list[str] = []
    missed = threading.Event()

    def hear(sentence: str) -> None:
        said.append(sentence)
        missed.set()

    closing = Answer(completion(), headers={"Connection": "close"})
    with serving(lambda body, before: closing) as served:
        port = int(served.url.split(":")[2].split("/")[0])
        engine = open_engine("any-model", Options(base_url=(served.url,), concurrency=2), None, hear)
        found = engine.generate(prompts(40), SAMPLING)
        first = [next(found) for _ in range(10)]
    opened = threading.Event()

    def return_later() -> None:
        missed.wait(60)
        with serving(lambda body, before: Answer(completion()), port=port):
            opened.wait(60)

    back = threading.Thread(target=return_later)
    back.start()
    rest = list(found)
    opened.set()
    back.join()
    engine.close()
    assert {reply.finish for reply in (*first, *rest)} == {Finish.STOP}
    assert len(first) + len(rest) == 40
    assert [sentence.partition(" ")[2][:13] for sentence in said] == ["takes no requ", "answers again"]
    assert "waiting for it up to" in said[0]


def test_work_is_dealt_to_every_address_and_a_dead_one_is_left_out() -> None:
    with serving(lambda body, before: Answer(completion())) as dead:
        pass
    with (
        serving(lambda body, before: Answer(completion(), hold_s=0.02)) as one,
        serving(lambda body, before: Answer(completion(), hold_s=0.02)) as two,
    ):
        engine = open_engine("any-model", Options(base_url=(one.url, dead.url, two.url), concurrency=3))
        finishes = [reply.finish for reply in engine.generate(prompts(60), SAMPLING)]
        engine.close()
    assert finishes == [Finish.STOP] * 60
    assert min(len(one.requests), len(two.requests)) > 20
    assert max(one.at_once, two.at_once) == 3


def test_an_address_that_refuses_the_model_is_left_out_while_another_takes_it() -> None:
    said: list[str] = []
    with (
        serving(lambda body, before: Answer(completion())) as good,
        serving(lambda body, before: Answer({"error": {"message": "no such model"}}, 404)) as wrong,
    ):
        engine = open_engine("any-model", Options(base_url=(wrong.url, good.url)), None, said.append)
        finishes = [reply.finish for reply in engine.generate(prompts(20), SAMPLING)]
        engine.close()
    assert finishes == [Finish.STOP] * 20
    assert [sentence.partition(" ")[2] for sentence in said] == ["is left out: the server answered 404: no such model"]


def test_a_server_that_asks_to_be_left_alone_longer_than_patience_lasts_ends_the_run() -> None:
    def script(body: dict[str, Any], before: int) -> Answer:
        return Answer({"error": {"message": "daily limit"}}, 429, {"Retry-After": "36000"})

    with pytest.raises(EngineError, match=r"daily limit; it asks to be left alone for 36000 s; .*--patience"):
        ask(script, 3)


def test_the_key_is_repeated_by_servers_and_reaches_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-secret/of+the-test"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    echo = completion(f"Your key is {key}", reasoning=f"hm, {key}")
    halves = stream("Your key is sk-secr", "et/of+the-test, right?")
    filtered = Answer({"error": {"code": "content_filter", "message": key}}, 400)
    broken = Answer({"error": {"message": f"{'x' * 290} {key}"}}, 400)
    coded = Answer("no Brotli at all", headers={"Content-Encoding": "br"})  # an error that repeats the request
    escaped = Answer(f'{{"why": "{key.replace("/", chr(92) + "/")}"}}', 400)
    odd = (Answer(key), Answer({"choices": [key]}), coded, escaped)
    for answer in (Answer(echo), Answer(halves), filtered, broken, *odd):
        [reply] = ask(lambda body, before, answer=answer: answer)  # type: ignore[misc]
        assert "sk-sec" not in str(reply)
    with pytest.raises(EngineError) as raised:
        ask(lambda body, before: Answer({"error": {"message": f"wrong key: {key}"}}, 401))
    assert "sk-sec" not in str(raised.value)


def test_a_stream_of_one_json_text_a_line_is_a_reply_if_it_comes_to_its_end() -> None:
    pieces = [piece.removeprefix(b"data: ").strip() for piece in stream("so", ", 4")[:-1]]
    for whole in (pieces, [*pieces[:2], *pieces[:1]]):
        text = b"\n".join(whole).decode()
        [reply] = ask(lambda body, before, text=text: Answer(text))  # type: ignore[misc]
        told = (reply.text, reply.finish) if whole is pieces else reply.error
        assert told == (("so, 4", Finish.STOP) if whole is pieces else "the stream broke off before its end")


def test_the_line_end_of_the_file_that_a_key_was_copied_from_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " secret-of-the-test\r\n")
    with serving(lambda body, before: Answer(completion())) as served:
        assert replies(served.url)[0].finish is Finish.STOP
        assert served.headers[0]["authorization"] == "Bearer secret-of-the-test"
    monkeypatch.setenv("OPENAI_API_KEY", "secret\nX-Other: header")
    with pytest.raises(UsageError, match=r"^OPENAI_API_KEY: holds a line break(?!.*secret)"):
        ask(lambda body, before: Answer(completion()))


@pytest.mark.parametrize("page", ["/", "//", "/chat/completions", "/chat/completions/", "/completions"])
def test_an_address_may_be_that_of_a_page_of_the_interface_and_is_still_the_same_one(page: str) -> None:
    with serving(lambda body, before: Answer(completion())) as served:
        engine = open_engine("any-model", Options(base_url=(served.url + page, served.url)))
        assert [reply.finish for reply in engine.generate(prompts(2), SAMPLING)] == [Finish.STOP] * 2
        assert isinstance(engine, http.Http)
        assert engine.width == CONCURRENCY
        engine.close()


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_a_server_is_reached_by_name_and_by_either_version_of_the_protocol(host: str) -> None:
    try:
        with serving(lambda body, before: Answer(completion()), host=host) as served:
            assert replies(served.url)[0].finish is Finish.STOP
    except OSError:
        pytest.skip(f"this machine has no {host}")


def test_it_works_where_an_event_loop_runs_already() -> None:
    async def notebook() -> list[Generation]:
        return ask(lambda body, before: Answer(completion()), 3)

    assert len(asyncio.run(notebook())) == 3


def test_more_connections_than_the_system_allows_are_refused_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (100, 200))
    with pytest.raises(UsageError, match=r"--concurrency: 500 connections are wanted, .* open 200 files"):
        open_engine("any-model", Options(base_url=("http://localhost:1/v1",), concurrency=500))


def test_further_settings_are_sent_only_where_they_are_set() -> None:
    drawn = Sampling(top_k=20, min_p=0.1, repetition_penalty=1.1, presence_penalty=0.5, stop=("END",), seeds="none")
    with serving(lambda body, before: Answer(completion())) as served:
        engine = open_engine("any-model", Options(base_url=(served.url,)))
        list(engine.generate(prompts(1), drawn))
        list(engine.generate(prompts(1), engine.recommended(Sampling(source="model"))))  # type: ignore[attr-defined]
        engine.close()
    told, left = served.requests
    assert {name: told[name] for name in ("top_k", "min_p", "repetition_penalty", "presence_penalty", "stop")} == {
        "top_k": 20,
        "min_p": 0.1,
        "repetition_penalty": 1.1,
        "presence_penalty": 0.5,
        "stop": ["END"],
    }
    assert "seed" not in told
    assert left.keys() == {"model", "messages", "seed", "stream", "stream_options"}


def test_a_generator_for_a_whole_run_is_nothing_that_a_server_has() -> None:
    engine = open_engine("any-model", Options(base_url=("http://localhost:1/v1",)))
    with pytest.raises(UsageError, match="--seeds run"):
        engine.describe(Sampling(seeds="run"))


def test_a_status_that_a_gateway_repeats_is_told_once() -> None:
    body = b'{"error": {"message": "Error code: 429 - {\'error\': \'slow down\'}"}}'
    assert of_answer(429, body, {}, None).reason == "the server answered 429: {'error': 'slow down'}"


@pytest.mark.parametrize(
    "said",
    [
        {"error": {"message": "Unknown parameter: 'seed'"}},
        {"error": 'unknown field "seed"'},
        {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"]}]},
    ],
)
def test_a_server_that_takes_no_seed_is_told_how_to_be_asked(said: dict[str, Any]) -> None:
    assert "--seeds none" in of_answer(400, json.dumps(said).encode(), {}, None).reason
    assert "--seeds" not in of_answer(400, b'{"error": "a seedling is no prompt"}', {}, None).reason

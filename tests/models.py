"""Small random models with a tokenizer of bytes and a template that shows the chat, for the tests of attention."""

from pathlib import Path
from typing import Any

import pytest

KINDS = ("llama", "qwen2")
TEMPLATE = "{% for turn in messages %}<{{ turn.role }}>{{ turn.content }}</{{ turn.role }}>\n{% endfor %}<assistant>"


def write_model(kind: str, folder: Path, end: int | None = 2) -> Path:
    """Write a model of one of `KINDS`, whose turn `end` ends, to `folder`.

    The test skips, visibly, where torch or transformers are absent.
    """
    torch = pytest.importorskip("torch", reason="the extra 'attention' is not installed")
    transformers = pytest.importorskip("transformers", reason="the extra 'attention' is not installed")
    import tokenizers

    torch.manual_seed(0)
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    raw = tokenizers.Tokenizer(tokenizers.models.BPE({char: at for at, char in enumerate(alphabet)}, []))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = tokenizers.decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=raw)
    tokenizer.chat_template = TEMPLATE
    kinds = {
        "llama": (transformers.LlamaConfig, transformers.LlamaForCausalLM),
        "qwen2": (transformers.Qwen2Config, transformers.Qwen2ForCausalLM),
    }
    config, model = kinds[kind]
    sizes = {
        "vocab_size": 256,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "initializer_range": 0.4,
        "eos_token_id": end,
    }
    model(config(**sizes)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def lens(folder: Path) -> Any:
    """Open the model in `folder`."""
    from mathif.attention import open_lens

    return open_lens(str(folder))

"""Measure what `mathif attend` needs for one reply: time by step, and memory above the weights, by length and model.

Usage: python benchmarks/attention.py --shape 135m --tokens 4096 --answer 300   (shapes and lengths may be repeated)

The models have random weights in the shape of a real one, so that nothing is fetched: what is measured does not depend
on what the weights say. An answer that is drawn anew always has as many tokens as the recorded one. Runs on the GPU
where there is one.
"""

from __future__ import annotations

import gc
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import tokenizers
import torch
import transformers
from tabulate import tabulate

from mathif.attention import open_lens
from mathif.records import Sampling

SHAPES = {
    "135m": ("llama", 576, 1536, 30, 9, 3, 49_152),
    "1.7b": ("qwen3", 2048, 6144, 28, 16, 8, 151_936),
    "8b": ("qwen3", 4096, 12_288, 36, 32, 8, 151_936),
}
"""Family, width, inner width, layers, heads, key heads and vocabulary of SmolLM2-135M, Qwen3-1.7B and Qwen3-8B."""
PROMPT, SPAN = 400, 60
"""Tokens of the prompt, and of each span in it."""
HEADINGS = ("model", "tokens", "of them answer", "read, s", "look, s", "hide two, s", "redraw three, s", "above, GB")


@click.command()
@click.option("--shape", "shapes", multiple=True, type=click.Choice(list(SHAPES)), default=["135m"])
@click.option("--tokens", multiple=True, type=int, default=[4096], help="Tokens of prompt and reply.")
@click.option("--answer", type=int, default=300, help="How many of them are the answer.")
def main(shapes: tuple[str, ...], tokens: tuple[int, ...], answer: int) -> None:
    """Print one row a model and length."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else f"{torch.get_num_threads()} threads"
    click.echo(f"torch {torch.__version__}, transformers {transformers.__version__}, {device}\n")
    table = []
    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            write(shape, Path(folder))
            lens = open_lens(folder)
        measured(lens, 512, 8)  # whatever is set up once
        table += [(shape, count, answer, *measured(lens, count, answer)) for count in tokens]
        del lens
        gc.collect()
    click.echo(tabulate(table, headers=HEADINGS, tablefmt="github", floatfmt=".2f"))


def write(shape: str, folder: Path) -> None:
    """Write a random model of a shape, with a tokenizer that is there to be opened and not to be used."""
    family, width, inner, layers, heads, key_heads, words = SHAPES[shape]
    config = transformers.AutoConfig.for_model(
        family,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=key_heads,
        head_dim=width // heads if family == "llama" else 128,
        vocab_size=words,
        max_position_embeddings=1 << 17,
        eos_token_id=0,
    )
    gpu = torch.cuda.is_available()
    torch.manual_seed(0)
    with torch.device("cuda" if gpu else "cpu"):
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16 if gpu else torch.float32)
    model.save_pretrained(folder)
    bytes_only = tokenizers.Tokenizer(tokenizers.models.BPE({chr(at + 256): at for at in range(256)}, []))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bytes_only)
    tokenizer.chat_template = "{{ messages }}"
    tokenizer.save_pretrained(folder)


def measured(lens: Any, count: int, answer: int) -> list[float]:
    """Return the seconds of each step for a reply whose tokens are `count` with the prompt, then the memory in GB."""
    ids = torch.randint(1, 256, (count,), generator=torch.Generator().manual_seed(count)).tolist()
    spans = {name: (at, at + SPAN) for name, at in (("constraints", 300), ("question", 100), ("random", 200))}
    hidden = [None, spans["constraints"], spans["random"]]
    before = held()
    here, read_s = timed(lambda: lens.at(ids, count - answer))
    steps = (
        lambda: here.look(spans),
        lambda: [here.logprob(place) for place in hidden[1:]],
        lambda: here.redraw(hidden, Sampling(), 0, answer),
    )
    steps_s = [timed(step)[1] for step in steps]
    return [read_s, *steps_s, (peak() - before) / 1e9]


def timed(step: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a step gives and the seconds it took."""
    start_s = time.perf_counter()
    given = step()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return given, time.perf_counter() - start_s


def held() -> int:
    """Return the bytes held now, from where `peak` counts on a GPU."""
    if not torch.cuda.is_available():
        return peak()
    gc.collect()
    torch.cuda.reset_peak_memory_stats()
    return int(torch.cuda.memory_allocated())


def peak() -> int:
    """Return the most bytes held so far."""
    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()

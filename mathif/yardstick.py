"""Yardsticks: what measures the length of a reply whose engine gave no token counts; only here is `tokenizers` known.

A doubling of the length is what every length effect is about, so that any yardstick that is the same for all replies of
a run serves; which one it was is said wherever a length is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from mathif.errors import UsageError, first_line
from mathif.reasoning import split
from mathif.records import Generation

CHARACTERS = "characters"
"""Name of the yardstick that counts characters."""

Count = Callable[[str], int]


@cache
def yardstick(name: str) -> Count:
    """Return what counts a text.

    Args:
        name: a `tokenizer.json`, a folder that holds one, a model of the hub, or `CHARACTERS`.

    Raises:
        UsageError: if there is no such tokenizer, or the package that reads it is missing.
    """
    if name == CHARACTERS:
        return len
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise UsageError(
            f"--tokenizer {name}: needs the package tokenizers: pip install 'mathif[tokenizer]'; or count {CHARACTERS}"
        ) from error
    path = Path(name)
    file = path / "tokenizer.json" if path.is_dir() else path
    try:
        tokenizer = Tokenizer.from_file(str(file)) if file.is_file() else Tokenizer.from_pretrained(name)
    except Exception as error:  # the package raises whatever its Rust and its transport raise
        raise UsageError(
            f"--tokenizer {name}: found no tokenizer there ({first_line(error):.200}); expected a"
            f" tokenizer.json, a folder with one, a model of the hub, or `{CHARACTERS}`"
        ) from error
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def measured(generation: Generation, count: Count) -> Generation:
    """Return a reply with the counts that its engine did not give; what the engine counted stands."""
    completion, reasoning = generation.completion_tokens, generation.reasoning_tokens
    if completion is None:
        completion = count((generation.reasoning or "") + generation.text)
    if reasoning is None and (thinking := split(generation).thinking):
        reasoning = count(thinking)
    return replace(generation, completion_tokens=completion, reasoning_tokens=reasoning)

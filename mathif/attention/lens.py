"""The lens: an open model that reads recorded text and tells how much attention chosen positions pay to chosen spans.

Attention is computed a block of queries at a time, in place of the model's own, so no full attention matrix is ever
held: a block takes at most `SCORES` numbers, whatever the length. With `redraw`, the only module that knows `torch` and
`transformers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import AttentionInterface, AutoModelForCausalLM, AutoTokenizer, DynamicCache
from transformers.utils.logging import disable_progress_bar

from mathif.attention.redraw import Branches, Continuation, Dice, Drawn, Place, redraw
from mathif.errors import EngineError, UsageError, first_line
from mathif.items import Message
from mathif.records import Sampling

SCORES = {"cpu": 1 << 22, "cuda": 1 << 26}
"""Most attention scores held at a time, by device: what fits a cache, and what keeps a GPU busy (256 MB as floats)."""
CHUNK = 1024
"""Tokens that pass through the model at a time; bounds activations and logits."""
NAME = "mathif_blocks"


class Seen(NamedTuple):
    """What the recorded answer looks at.

    Attributes:
        mass: for each span, by layer and head, the mean share of attention that the answer positions pay to it.
        logprob: natural log-probability of the answer.
    """

    mass: dict[str, list[list[float]]]
    logprob: float


@dataclass
class _Look:
    """What the attention of one pass has to note and to hide; masses are sums over the queries so far."""

    spans: Mapping[str, Place]
    hidden: Place | None
    mass: dict[int, Any] = field(default_factory=dict)

    def note(self, layer: int, weights: Any) -> None:
        sums = torch.stack([weights[..., low:high].sum((1, 2)) for low, high in self.spans.values()], 1).double()
        self.mass[layer] = self.mass[layer] + sums if layer in self.mass else sums


_LOOK: ContextVar[_Look | Branches | None] = ContextVar("look", default=None)


def _attend(
    module: Any,
    query: Any,
    key: Any,
    value: Any,
    attention_mask: Any,
    scaling: float | None = None,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **others: Any,
) -> tuple[Any, None]:
    """Compute causal attention in the form that transformers asks of an attention function; no padding.

    Args:
        module: the attention layer.
        query: (1, heads, new tokens, width); under `Branches`, that of one new token for each.
        key: (1, key heads, all tokens, width); under `Branches`, of the tokens that each holds itself.
        value: like `key`.
        attention_mask: None, as transformers makes no mask for a function of one's own.
        scaling: factor of the scores; the model's own.
        dropout: none, since nothing is trained.
        sliding_window: refused once the text is longer.
        softcap: refused.
        others: refused where they change the attention.
    """
    look = _LOOK.get()
    shared = look.length if isinstance(look, Branches) else 0
    odd = [name for name, on in (("softcap", softcap), ("sinks", others.get("s_aux"))) if on is not None]
    if sliding_window is not None and sliding_window < shared + key.shape[2]:
        odd.append(f"a window of {sliding_window} tokens")
    if odd or attention_mask is not None:
        raise EngineError(f"--model: its attention has {', '.join(odd) or 'a mask of its own'}, which is not supported")
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    if isinstance(look, Branches):
        return look.attend(module.layer_idx, query, key, value, scale), None
    return _blocks(look, module.layer_idx, query[0], key[0], value[0], scale).unsqueeze(0), None


def _blocks(look: _Look | None, layer: int, query: Any, key: Any, value: Any, scale: float) -> Any:
    """Return the attention output of one sequence, (new tokens, heads, width), and note what is looked for."""
    heads, new, total = query.shape[0], query.shape[1], key.shape[1]
    k, v = (side.repeat_interleave(heads // side.shape[0], 0) for side in (key, value))
    rows = max(1, SCORES[query.device.type] // (heads * total))
    blocks = [
        _block(look, layer, query[:, at : at + rows] * scale, k, v, total - new + at) for at in range(0, new, rows)
    ]
    return torch.cat(blocks, 1).transpose(0, 1).contiguous()


def _block(look: _Look | None, layer: int, q: Any, k: Any, v: Any, first: int) -> Any:
    """Return the attention output of the scaled queries at positions from `first` on."""
    end = first + q.shape[1]
    scores = (q @ k[:, :end].transpose(1, 2)).float()
    later = torch.ones(end - first, end - first, dtype=torch.bool, device=q.device).triu(1)
    scores[..., first:].masked_fill_(later, -torch.inf)
    if look and look.hidden:
        scores[..., slice(*look.hidden)] = -torch.inf
    weights = scores.softmax(-1)
    if look and look.spans:
        look.note(layer, weights)
    return weights.to(v.dtype) @ v[:, :end]


AttentionInterface.register(NAME, _attend)


@contextmanager
def _looking(look: _Look | Branches) -> Iterator[None]:
    token = _LOOK.set(look)
    try:
        yield
    finally:
        _LOOK.reset(token)


def _gguf(path: Path) -> tuple[str, dict[str, str]]:
    """Return the folder of a GGUF file, and what tells transformers which file of it to read."""
    return str(path.parent), {"gguf_file": path.name}


class Lens:
    """A model opened to be looked into."""

    def __init__(self, path: str) -> None:
        """Open the model in a folder, in a `.gguf` file, or of that name on the hub; on the GPU where there is one.

        Raises:
            UsageError: if there is no such model, its tokenizer cannot say where a token stands or has no template, or
                no token ends its turn.
        """
        gpu = torch.cuda.is_available()
        place, file = (path, {}) if not path.endswith(".gguf") else _gguf(Path(path))
        disable_progress_bar()
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(place, **file)
            model = AutoModelForCausalLM.from_pretrained(
                place, attn_implementation=NAME, dtype="auto" if gpu else torch.float32, **file
            )
        except (ImportError, OSError, ValueError) as error:
            raise UsageError(f"--model {path}: cannot be opened: {first_line(error)}") from error
        if not self._tokenizer.is_fast or not self._tokenizer.chat_template:
            raise UsageError(f"--model {path}: expected a fast tokenizer with a chat template")
        self._ends = _ends(model, self._tokenizer)
        if not self._ends:
            raise UsageError(f"--model {path}: expected a model that names the token that ends its turn")
        self._device = "cuda" if gpu else "cpu"
        self._model = model.to(self._device).eval()
        self.context: int = getattr(model.config, "max_position_embeddings", 1 << 30)

    def render(self, messages: Sequence[Message]) -> str:
        """Return the prompt as the model's chat template writes it, up to where its own turn begins."""
        turns = [{"role": role, "content": content} for role, content in messages]
        return str(self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the tokens of `text` and for each the characters it stands for; none is added."""
        encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        return list(encoded["input_ids"]), [(start, end) for start, end in encoded["offset_mapping"]]

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of `tokens`, special ones included: some models mark their thinking with them."""
        return str(self._tokenizer.decode(tokens, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    def at(self, ids: Sequence[int], begin: int) -> Standpoint:
        """Read a prompt and a recorded reply up to the answer.

        Args:
            ids: prompt and reply up to the end of the answer.
            begin: where the answer begins, at least 2.
        """
        return Standpoint(self._model, torch.tensor([list(ids)], device=self._device), begin, self._ends)


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end the model's turn; a model may name several."""
    named = model.generation_config.eos_token_id
    several = named if isinstance(named, list) else [named]
    return frozenset(end for end in (*several, tokenizer.eos_token_id) if end is not None)


class Standpoint:
    """A model that has read a prompt and the thinking and stands before the answer, which it can read or draw anew.

    The answer positions are those from which the answer's tokens are predicted, so the token before it is the first and
    its own last token is none. Whatever is done here leaves the standpoint as it was.
    """

    def __init__(self, model: Any, tokens: Any, begin: int, ends: frozenset[int]) -> None:
        self._model, self._tokens, self._begin, self._ends = model, tokens, begin, ends
        self._cache = DynamicCache()
        with torch.inference_mode():
            for at in range(0, begin - 1, CHUNK):
                model(tokens[:, at : min(at + CHUNK, begin - 1)], past_key_values=self._cache, logits_to_keep=1)

    def look(self, spans: Mapping[str, Place]) -> Seen:
        """Return what the recorded answer looks at, with nothing hidden.

        Args:
            spans: what attention is measured on, all before the answer.
        """
        look = _Look(spans, None)
        logprob = self._read(look)
        count = self._tokens.shape[1] - self._begin
        by_layer = [(look.mass[layer] / count).tolist() for layer in sorted(look.mass)]
        mass = {name: [[head[at] for head in layer] for layer in by_layer] for at, name in enumerate(spans)}
        return Seen(mass, logprob)

    def logprob(self, hidden: Place) -> float:
        """Return the natural log-probability of the recorded answer with a span hidden from the answer positions."""
        return self._read(_Look({}, hidden))

    def _read(self, look: _Look) -> float:
        """Return the log-probability of the answer."""
        begin, end, total = self._begin, self._tokens.shape[1], 0.0
        with torch.inference_mode(), _looking(look):
            for at in range(begin - 1, end - 1, CHUNK):
                upto = min(at + CHUNK, end - 1)
                logits = self._model(self._tokens[:, at:upto], past_key_values=self._cache).logits[0]
                told = logits.float().log_softmax(-1).gather(1, self._tokens[0, at + 1 : upto + 1, None])
                total += float(told.double().sum())
        self._cache.crop(begin - end)
        return total

    def redraw(self, hidden: Sequence[Place | None], sampling: Sampling, seed: int, limit: int) -> list[Drawn]:
        """Draw the answer anew, once for each of `hidden`, with the same random draws.

        Args:
            hidden: spans that the answer positions cannot see, None for nothing.
            sampling: temperature and nucleus.
            seed: of the draws.
            limit: most tokens of an answer, the one that ends the turn included.
        """
        own = Continuation(self._begin - 1)

        def step(newest: list[int]) -> Any:
            tokens = torch.tensor(newest, device=self._tokens.device)[:, None]
            return self._model(tokens, past_key_values=own).logits[:, -1].float()

        shared = [(layer.keys, layer.values) for layer in self._cache.layers]
        with torch.inference_mode(), _looking(Branches(shared, hidden)):
            last = int(self._tokens[0, self._begin - 1])
            return redraw(step, last, len(hidden), Dice(sampling, seed), limit, self._ends)

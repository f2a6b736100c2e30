"""Redrawing: an answer drawn anew from where the recorded one begins, several times side by side with the same dice.

Each of these branches has a span of the shared text hidden from it, or none. They are drawn together because a model
that writes one token at a time waits for memory: weights and shared text are read once for all branches. Knows nothing
of replies; like the lens, of `torch`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from transformers import DynamicCache

from mathif.records import Finish, Sampling

Place = tuple[int, int]
"""Half-open range of token positions."""


class Drawn(NamedTuple):
    """What one branch drew.

    Attributes:
        tokens: its tokens, without the one that ended the turn.
        finish: STOP where a token ended the turn, LENGTH where the limit cut it.
    """

    tokens: list[int]
    finish: Finish


@dataclass(frozen=True)
class Branches:
    """How the branches see the text they share, which is kept once for all of them.

    Attributes:
        shared: for each layer the keys and the values of the shared text, (1, key heads, shared tokens, width) each.
        hidden: for each branch the span of the shared text that it cannot see, or None.
    """

    shared: Sequence[tuple[Any, Any]]
    hidden: Sequence[Place | None]

    @property
    def length(self) -> int:
        """Number of shared tokens."""
        return int(self.shared[0][0].shape[2])

    def attend(self, layer: int, query: Any, key: Any, value: Any, scale: float) -> Any:
        """Compute the attention of the newest token of every branch.

        Args:
            layer: number of the layer.
            query: (branches, heads, 1, width).
            key: (branches, key heads, own tokens, width), of what each branch holds beyond the shared text.
            value: like `key`.
            scale: factor of the scores.

        Returns:
            (branches, 1, heads, width).
        """
        keys, values = (side[0] for side in self.shared[layer])
        branches, heads, _, width = query.shape
        per_key = (key.shape[1], heads // key.shape[1])
        q = (query * scale).view(branches, *per_key, width)
        before = self._unmerged(self._merged(q) @ keys.transpose(1, 2), per_key)
        for branch, place in enumerate(self.hidden):
            if place:
                before[branch, ..., slice(*place)] = -torch.inf
        own = q @ key.transpose(2, 3)
        weights = torch.cat([before, own], -1).float().softmax(-1).to(value.dtype)
        seen, written = weights.split([self.length, key.shape[2]], -1)
        mixed = self._unmerged(self._merged(seen) @ values, per_key) + written @ value
        return mixed.reshape(branches, 1, heads, width)

    @staticmethod
    def _merged(each: Any) -> Any:
        """Put the branches beside the heads that share a key: they multiply one shared matrix."""
        return each.transpose(0, 1).flatten(1, 2)

    def _unmerged(self, merged: Any, per_key: tuple[int, int]) -> Any:
        return merged.view(per_key[0], len(self.hidden), per_key[1], -1).transpose(0, 1)


class Continuation(DynamicCache):  # type: ignore[misc]  # transformers has no types
    """A cache for what stands after a shared text of `start` tokens, which `Branches` holds."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self._start = start

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """Return the number of tokens before the next one, from which models count positions."""
        return self._start + int(super().get_seq_length(layer_idx))


class Dice:
    """The random draws of an answer: at each step one number for every token of the vocabulary, for all branches.

    The token with the highest sum of log-probability and Gumbel noise is drawn, which is a draw from the distribution
    (Gumbel 1954; Maddison, Tarlow & Minka 2014, arXiv 1411.0030). Branches with one distribution draw one token, and
    with nearly the same, nearly always.
    """

    def __init__(self, sampling: Sampling, seed: int) -> None:
        self._sampling = sampling
        self._generator = torch.Generator().manual_seed(seed)

    def throw(self, logits: Any) -> list[int]:
        """Return a token for each branch.

        Args:
            logits: (branches, vocabulary).
        """
        if not self._sampling.temperature:
            return list(logits.argmax(-1).tolist())
        kept = nucleus(logits / self._sampling.temperature, self._sampling.top_p or 1.0)
        waits = torch.empty(logits.shape[-1], dtype=torch.double).exponential_(generator=self._generator)
        return list((kept - waits.log().to(kept.device)).argmax(-1).tolist())


def nucleus(logits: Any, top_p: float) -> Any:
    """Return `logits` with -inf for all but the fewest likeliest tokens whose probabilities reach `top_p` together.

    Nucleus sampling (Holtzman et al. 2020, arXiv 1904.09751, section 3.1).

    Args:
        logits: (branches, vocabulary).
        top_p: in (0, 1].
    """
    if top_p >= 1:
        return logits
    ranked, tokens = logits.softmax(-1).sort(-1, descending=True)
    outside = ranked.cumsum(-1) - ranked >= top_p
    return logits.masked_fill(torch.zeros_like(outside).scatter(-1, tokens, outside), -torch.inf)


def redraw(
    step: Callable[[list[int]], Any], last: int, branches: int, dice: Dice, limit: int, ends: Collection[int]
) -> list[Drawn]:
    """Draw an answer in every branch.

    Args:
        step: takes the newest token of each branch and returns the logits of the next, (branches, vocabulary).
        last: the token before the answer.
        branches: how many.
        dice: the draws, which all of them share.
        limit: most tokens of an answer, that which ends the turn included.
        ends: the tokens that end the turn.
    """
    answers: list[list[int]] = [[] for _ in range(branches)]
    under_way = set(range(branches))
    newest = [last] * branches
    for _ in range(limit):
        newest = dice.throw(step(newest))  # one that has ended draws on, unread, so that all keep one length
        under_way -= {branch for branch in under_way if newest[branch] in ends}
        for branch in under_way:
            answers[branch].append(newest[branch])
        if not under_way:
            break
    finishes = (Finish.LENGTH if branch in under_way else Finish.STOP for branch in range(branches))
    return list(map(Drawn, answers, finishes))

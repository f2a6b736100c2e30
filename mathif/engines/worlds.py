"""Worlds: simulated models whose obedience follows a law that is known, so that a report can be held against it.

In every world harder problems are thought about for longer, answered at greater length and less often right, as with
real models. A raw curve over length therefore misleads; what obedience depends on is set here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from types import MappingProxyType

from mathif.constraints import Constraint, judge
from mathif.constraints.witness import contrary, null_reply, witness
from mathif.items import Prompt
from mathif.reasoning import split, thinking_text
from mathif.records import Finish, Generation, Problem, State

UNSHOWN = frozenset({"plain", "shuffled", "scrambled"})
"""Arms that do not tell a model its item's constraints."""

TYPICAL_WORDS = 256
"""Words of the CoT to a problem of difficulty 0, in the middle."""
SPREAD_DOUBLINGS = 0.8
"""Standard deviation of the CoT among replies to one problem."""
TYPICAL_SENTENCES = 8
"""Likewise for the visible reply, whose standard deviation is half a doubling."""

_THOUGHT = "so I take the next step and look at it again and it seems to hold and then I go on from there"
_SENTENCES = (
    "First, we write down what is given.",
    "Then, step by step, we put 2 and 2 together.",
    "Each part is small, and each part is easy to check.",
    "After that, what remains follows from the line above.",
    "As before, we simplify, and we keep track of the signs.",
)
"""Commas, capitals and digits stand in each, so that a reply that minds no instruction breaks one as it goes."""


@dataclass(frozen=True, slots=True)
class World:
    """The law that a simulated model obeys by.

    Attributes:
        ease: log-odds of obeying one constraint at difficulty 0 and a CoT of `TYPICAL_WORDS`.
        difficulty: change of these log-odds for each unit of the problem's difficulty.
        length: their change for each doubling of the CoT: the true dilution of a single constraint.
        fading: at sentence k of the visible reply every instruction is forgotten with a chance of k times this.
    """

    ease: float = 1.0
    difficulty: float = 0.0
    length: float = 0.0
    fading: float = 0.0

    def reply(self, prompt: Prompt) -> str:
        """Return what follows the prompt and what the model's turn already holds.

        All draws come from the prompt's seed and are the same whatever thinking was put into the turn, so that edits of
        one reply differ by the law alone. Asked for something else than its problem, it says as many words.
        """
        if not any(prompt.item.problem.question in message.content for message in prompt.messages):
            return _words(len(prompt.messages[-1].content.split()))
        hard = difficulty(prompt.item.problem)
        thinking = _thinking(prompt, hard)
        return thinking + self._final(prompt, hard, len(thinking_text(prompt.prefill + thinking).split()))

    def _final(self, prompt: Prompt, hard: float, words: int) -> str:
        rng = Random(f"{prompt.seed} final")
        gold = prompt.item.problem.answer
        answer = null_reply(gold if rng.random() < _chance(1 - hard) else _wrong(gold))
        count = max(1, round(TYPICAL_SENTENCES * 2 ** (0.5 * hard + rng.gauss(0, 0.5))))
        start = rng.randrange(len(_SENTENCES))
        sentences = list(islice(cycle(_SENTENCES), start, start + count))
        forgotten = next((at for at in range(count) if rng.random() < self.fading * at), None)
        if prompt.key.arm in UNSHOWN:
            return " ".join([*sentences, answer])
        log_odds = self.ease + self.difficulty * hard + self.length * math.log2(max(words, 1) / TYPICAL_WORDS)
        drawn = [(rng.random() < _chance(log_odds), constraint) for constraint in prompt.item.constraints]
        obeyed = [constraint for minds, constraint in drawn if minds]
        ignored = [constraint for minds, constraint in drawn if not minds]
        if forgotten is None:
            return _composed(obeyed, ignored, " ".join([*sentences, answer]))
        tail = " ".join([*sentences[forgotten:], answer])
        return (
            _composed(obeyed, ignored, " ".join(sentences[:forgotten]))
            + "\n\n"
            + (contrary(prompt.item.constraints, tail) or tail)
        )


WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "difficulty": World(difficulty=-1.0),
        "length": World(length=-0.6),
        "both": World(difficulty=-1.0, length=-0.6),
        "position": World(ease=6.0, fading=0.02),
    }
)
"""What each world's obedience depends on: the problem, the length of the CoT, both, or how far into its reply it is."""


def difficulty(problem: Problem) -> float:
    """Return the difficulty of a problem, of mean 0 and standard deviation 1 where the tiers are equally many.

    Half of its variance is the tier's; the other half, which no table shows, is drawn from the problem's key.
    """
    seen = 0.0 if problem.tier is None else (problem.tier - 3) / 2
    return seen + Random(f"{problem.key} difficulty").gauss(0, math.sqrt(0.5))


def _thinking(prompt: Prompt, hard: float) -> str:
    """Return the thinking that follows what is in the turn: all, half as much again where it is open, or none."""
    planned = round(TYPICAL_WORDS * 2 ** (hard + Random(f"{prompt.seed} thinking").gauss(0, SPREAD_DOUBLINGS)))
    if not prompt.prefill:
        return f"<think>\n{_words(planned)}\n</think>\n\n"
    return f"\n{_words(planned // 2)}\n</think>\n\n" if is_open(prompt.prefill) else ""


def is_open(prefill: str) -> bool:
    """Return whether what a turn already holds ends inside its thinking."""
    return split(Generation("", prefill, Finish.STOP)).state is State.OPEN


def _words(count: int) -> str:
    return " ".join(islice(cycle(_THOUGHT.split()), max(1, count)))


def _wrong(gold: str) -> str:
    """Return a wrong answer that every kind can put into the form it asks for: a small whole number."""
    return "17" if "17" not in gold else "23"


def _composed(obeyed: Sequence[Constraint], ignored: Sequence[Constraint], body: str) -> str:
    """Return `body` edited to obey the first and, as far as an edit is found that spares these, to break the others."""
    text = witness(obeyed, body) or body
    for constraint in ignored:
        broken = constraint.defy(text) if judge(constraint, text).passed else text
        if all(judge(other, broken).passed for other in obeyed):
            text = broken
    return text


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))

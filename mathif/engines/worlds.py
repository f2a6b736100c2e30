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
from re import finditer
from types import MappingProxyType
from typing import NamedTuple

from mathif.constraints import Constraint, Target, judge
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
TYPICAL_STEPS = 4
STEP_DOUBLINGS = 0.6
"""Doublings of the CoT for each doubling of the steps of a problem that has versions of other step counts."""

STRETCH = 8
"""Words of thinking, or of a sentence of the reply, that are one chance to forget an instruction."""

_THOUGHT = "so I take the next step and look at it again and it seems to hold and then I go on from there"
_SENTENCES = (
    "First, we write down what is given.",
    "Then, step by step, we put 2 and 2 together.",
    "Each part is small, and each part is easy to check.",
    "After that, what remains follows from the line above.",
    "As before, we simplify, and we keep track of the signs.",
)
"""Commas, capitals and digits stand in each, so that a reply that minds no instruction breaks one as it goes."""


class Draws(NamedTuple):
    """What chance decides about one reply; the same whatever thinking was put into the turn.

    Attributes:
        right: drawn against the chance of a right answer.
        sentences: number of sentences of the visible reply.
        start: which sentence comes first.
        forgotten: the sentence at which every instruction is forgotten, or None.
        minded: for each constraint, drawn against the chance of obeying it.
        detour: whether the reply takes the long, wrong and disobedient path.
    """

    right: float
    sentences: int
    start: int
    forgotten: int | None
    minded: tuple[float, ...]
    detour: bool


@dataclass(frozen=True, slots=True)
class World:
    """The law that a simulated model obeys by.

    Attributes:
        ease: log-odds of obeying one constraint at difficulty 0 and a CoT of `TYPICAL_WORDS`.
        difficulty: change of these log-odds for each unit of the problem's difficulty.
        length: their change for each doubling of the CoT: the true dilution of a single constraint.
        fading: at sentence k of the visible reply every instruction is forgotten with a chance of k times this.
        detour: chance that a reply takes a path that is twice as long, wrong, and minds no instruction.
        lingers: doublings by which the CoT is longer where the reply is going to break an instruction.
        peak: log-odds lost for each squared doubling between the CoT and what is usual for the problem.
        limit: words that thinking and answer may have together, or None for no limit.
        sprawl: how many times as long the visible reply is where it breaks an instruction.
    """

    ease: float = 1.0
    difficulty: float = 0.0
    length: float = 0.0
    fading: float = 0.0
    detour: float = 0.0
    lingers: float = 0.0
    peak: float = 0.0
    limit: int | None = None
    sprawl: float = 1.0

    def reply(self, prompt: Prompt) -> str:
        """Return what follows the prompt and what the model's turn already holds.

        All draws come from the prompt's seed and are the same whatever thinking was put into the turn, so that edits of
        one reply differ by the law alone. Asked for something else than its problem, it says as many words.
        """
        if not _poses(prompt):
            return _words(len(prompt.messages[-1].content.split()))
        hard = difficulty(prompt.item.problem)
        draws = self._draws(prompt, hard)
        planned = _planned(prompt, hard)
        breaks = prompt.key.arm not in UNSHOWN and not all(self._minded(draws, hard, planned))
        longer = 2 ** (self.lingers * breaks + draws.detour)
        thinking = _thinking(prompt, round(planned * longer))
        text = thinking + self._final(prompt, hard, draws, len(thinking_text(prompt.prefill + thinking).split()))
        return text if self.limit is None else _cut(text, self.limit)

    def _draws(self, prompt: Prompt, hard: float) -> Draws:
        rng = Random(f"{prompt.seed} final")
        right = rng.random()
        count = max(1, round(TYPICAL_SENTENCES * 2 ** (0.5 * hard + rng.gauss(0, 0.5))))
        start = rng.randrange(len(_SENTENCES))
        forgotten = next((at for at in range(count) if rng.random() < self.fading * at), None)
        minded = tuple(rng.random() for _ in prompt.item.constraints)
        return Draws(right, count, start, forgotten, minded, rng.random() < self.detour)

    def _minded(self, draws: Draws, hard: float, words: int) -> list[bool]:
        """Return for each constraint whether it is minded after so many words of thinking."""
        doublings = math.log2(max(words, 1) / TYPICAL_WORDS)
        bent = self.peak * (doublings - hard) ** 2
        log_odds = self.ease + self.difficulty * hard + self.length * doublings - bent
        return [not draws.detour and draw < _chance(log_odds) for draw in draws.minded]

    def _final(self, prompt: Prompt, hard: float, draws: Draws, words: int) -> str:
        gold = prompt.item.problem.answer
        answer = null_reply(gold if draws.right < _chance(1 - hard) and not draws.detour else _wrong(gold))
        minded = self._minded(draws, hard, words)
        told = prompt.key.arm not in UNSHOWN
        count = draws.sentences if told and all(minded) else round(draws.sentences * self.sprawl)
        sentences = list(islice(cycle(_SENTENCES), draws.start, draws.start + count))
        if not told:
            return " ".join([*sentences, answer])
        drawn = list(zip(minded, prompt.item.constraints, strict=True))
        obeyed = [constraint for minds, constraint in drawn if minds]
        ignored = [constraint for minds, constraint in drawn if not minds]
        if draws.forgotten is None:
            return _composed(obeyed, ignored, " ".join([*sentences, answer]))
        tail = " ".join([*sentences[draws.forgotten :], answer])
        return (
            _composed(obeyed, ignored, " ".join(sentences[: draws.forgotten]))
            + "\n\n"
            + (contrary(prompt.item.constraints, tail) or tail)
        )


@dataclass(frozen=True, slots=True)
class Slipping(World):
    """A world in which every instruction is minded at first, in thinking and reply, and forgotten somewhere on the way.

    `length` counts from where the instruction last stood: each doubling of the words since then multiplies the chance
    of forgetting it by 2 to the power of minus `length`.

    Attributes:
        slips: chance of that for each sentence of the reply and each `STRETCH` words of the thinking, `TYPICAL_WORDS`
            after the instruction.
    """

    ease: float = 12.0
    slips: float = 0.03

    def reply(self, prompt: Prompt) -> str:
        """Return what follows the prompt; a thinking that is left open goes on in its own way after each edit."""
        if not _poses(prompt):
            return _words(len(prompt.messages[-1].content.split()))
        hard = difficulty(prompt.item.problem)
        before = thinking_text(prompt.prefill)
        since = len(_behind(before, prompt.item.sentences).split())
        text = _thinking(prompt, max(1, _planned(prompt, hard) - len(before.split()) * bool(prompt.prefill)))
        words = len(thinking_text(prompt.prefill + text).split())
        draws = self._draws(prompt, hard)
        rng = Random(f"{prompt.seed} slips {prompt.prefill if is_open(prompt.prefill) else ''}")
        forgotten = self._slip(rng, draws.sentences, since + words - len(before.split()))
        thinking = self._minding(prompt, text, rng, since)
        return thinking + self._final(prompt, hard, draws._replace(forgotten=forgotten), words)

    def _slip(self, rng: Random, steps: int, since: int) -> int | None:
        """Return the step of so many, each `STRETCH` words long, at which the instructions are forgotten, or None."""
        chances = (self.slips * (max(1, since + STRETCH * at) / TYPICAL_WORDS) ** -self.length for at in range(steps))
        return next((at for at, chance in enumerate(chances) if rng.random() < chance), None)

    def _minding(self, prompt: Prompt, text: str, rng: Random, since: int) -> str:
        """Return a thinking edited to obey what any stretch of it can break, up to where that is forgotten."""
        strewn = [one for one in prompt.item.constraints if one.strewn and Target.THINKING in one.targets]
        opens, closes = ("<think>\n" if text.startswith("<think>") else ""), "\n</think>\n\n"
        words = text.removeprefix(opens).removesuffix(closes).split()
        if not text or not strewn or prompt.key.arm in UNSHOWN:
            return text
        slip = self._slip(rng, -(-len(words) // STRETCH), since)
        at = len(words) if slip is None else STRETCH * slip
        parts = [_composed(strewn, (), " ".join(words[:at]))] if at else []
        if slip is not None:
            wrong = " ".join(words[at : at + STRETCH])
            parts += [contrary(strewn, wrong) or wrong, " ".join(words[at + STRETCH :])]
        return opens + " ".join(filter(None, parts)) + closes


def _poses(prompt: Prompt) -> bool:
    """Return whether a prompt poses its problem."""
    return any(prompt.item.problem.question in message.content for message in prompt.messages)


def _behind(text: str, sentences: Sequence[str]) -> str:
    """Return what of a thinking stands behind the last place where it holds the instructions; all where it does not."""
    last = max((text.rfind(sentence) + len(sentence) for sentence in sentences if sentence in text), default=0)
    return text[last:]


WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "difficulty": World(difficulty=-1.0),
        "length": World(length=-0.6),
        "both": World(difficulty=-1.0, length=-0.6),
        "position": World(ease=6.0, fading=0.02),
        "path": World(detour=0.25),
        "reverse": World(lingers=0.8),
        "shape": World(ease=2.0, peak=1.2),
        "limit": World(limit=700, sprawl=6.0),
        "chances": Slipping(),
        "control": Slipping(slips=0.045, length=-1.0),
    }
)
"""What each world's obedience depends on: the problem; the length of the CoT; both; how far into its reply it is; a
path that is long, wrong and disobedient for a reason of its own; nothing, but a reply that will disobey is thought
about for longer; how far the CoT is from what is usual for the problem, to either side; nothing, but disobedient
answers are long and run into the limit; how many places a text has to slip at, each with the same chance; how far back
the instruction stands, so that a reminder inside the thinking brings its hold back."""


def difficulty(problem: Problem) -> float:
    """Return the difficulty of a problem, of mean 0 and standard deviation 1 where the tiers are equally many.

    Half of its variance is the tier's; the other half, which no table shows, is drawn from the problem's key.
    """
    seen = 0.0 if problem.tier is None else (problem.tier - 3) / 2
    return seen + Random(f"{problem.root or problem.key} difficulty").gauss(0, math.sqrt(0.5))


def _planned(prompt: Prompt, hard: float) -> int:
    """Return the words of thinking that a problem of this difficulty and, in a ladder, of so many steps is given."""
    problem = prompt.item.problem
    steps = STEP_DOUBLINGS * math.log2((problem.steps or 1) / TYPICAL_STEPS) if problem.root else 0.0
    return round(TYPICAL_WORDS * 2 ** (hard + steps + Random(f"{prompt.seed} thinking").gauss(0, SPREAD_DOUBLINGS)))


def _thinking(prompt: Prompt, planned: int) -> str:
    """Return the thinking that follows what is in the turn: all, half as much again where it is open, or none."""
    if not prompt.prefill:
        return f"<think>\n{_words(planned)}\n</think>\n\n"
    return f"\n{_words(planned // 2)}\n</think>\n\n" if is_open(prompt.prefill) else ""


def _cut(text: str, words: int) -> str:
    """Return the text up to so many words, with all that stands between them."""
    place = next(islice(finditer(r"\S+", text), words, None), None)
    return text if place is None else text[: place.start()]


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

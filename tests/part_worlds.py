"""Worlds of reply and thinking: seeded rows of which it is known which part obeys, and how a slip comes about.

80 problems of differing strictness are answered four times in each arm, with a constraint that any stretch can break.
Told and untold, a text breaks it with a chance for each token, which may grow along the text; a thinking may also name
it. Thinkings are longer than replies and longer where the problem is harder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from mathif.records import Graded, Outcome, Profile, Span, Verdict
from tests.worlds import graded

KINDS = ("punctuation:no_comma", "change_case:english_lowercase", "keywords:forbidden_words")
CHARS = 4
"""Characters of a token."""
PASSED = Verdict(Outcome.PASS)


@dataclass(frozen=True)
class PartWorld:
    """How slips come about.

    Attributes:
        reply: slips of a told reply for each 1,000 tokens, at a problem of middling strictness.
        thinking: likewise of a thinking, told or not.
        asked: whether the arm asks it of the thinking, else of the reply.
        power: of the place in the chance of a slip so far; 1 is a constant chance, 2 one that doubles with the place.
        names: chance that a told thinking names the demand, which breaks it there.
        spread: standard deviation of the log of a problem's strictness.
        hidden: whether no thinking can be seen.
        cut: tokens at which a thinking is cut.
    """

    reply: float = 1.0
    thinking: float = 1.0
    asked: bool = True
    power: float = 1.0
    names: float = 0.0
    spread: float = 0.7
    hidden: bool = False
    cut: int | None = None

    def rows(self, seed: int, problems: int = 80, samples: int = 4) -> list[Graded]:
        """Return the rows of arms `plain` and `thinking` (or `constrained`)."""
        rng = Random(seed)
        arm = "thinking" if self.asked else "constrained"
        return [
            self._row(rng, f"world/p{problem:04d}-1@{shown}#{sample}", KINDS[problem % len(KINDS)], strict, shown)
            for problem in range(problems)
            for strict in [2 ** rng.gauss(0, self.spread)]
            for shown in ("plain", arm)
            for sample in range(samples)
        ]

    def _row(self, rng: Random, key: str, kind: str, strict: float, shown: str) -> Graded:
        told = shown != "plain"
        sizes = {"final": int(120 * 2 ** rng.gauss(0, 0.5)), "thinking": int(600 * 2 ** rng.gauss(0, 0.7))}
        cut = self.cut is not None and sizes["thinking"] > self.cut
        sizes["thinking"] = min(sizes["thinking"], self.cut or sizes["thinking"])
        rates = {"final": self.reply if told else 30.0, "thinking": self.thinking if told else 30.0}
        found = {part: _slip(rng, strict * rates[part], self.power, sizes[part]) for part in sizes}
        spared, named = found["thinking"], told and rng.random() < self.names
        at = CHARS * rng.randrange(max(1, sizes["thinking"] // 3))
        if named:
            place = at + 10 if spared.passed else min(at + 10, spared.evidence[0].start)
            found["thinking"] = Verdict(Outcome.FAIL, "named here", (Span(place, place + 1),))
        unseen = Verdict(Outcome.UNMEASURED, "unseen")
        asked = "thinking" if told and self.asked else "final"
        other = "final" if asked == "thinking" else "thinking"
        if self.hidden:
            found["thinking"] = unseen
        row = graded(
            key, hard=1, kinds=(kind,), verdicts=(found[asked],), right=True, tokens=sizes["thinking"], cut=cut
        )
        return replace(
            row,
            completion_tokens=sizes["thinking"] + (0 if cut else sizes["final"]),
            targets=(asked,),
            elsewhere={Profile.MATHIF: (found[other],)},
            thinking_chars=0 if self.hidden else CHARS * sizes["thinking"],
            final_chars=0 if cut else CHARS * sizes["final"],
            restated=(Span(at, at + 40),) if named else (),
            spared={Profile.MATHIF: (spared,)} if named else {},
        )


def _slip(rng: Random, rate: float, power: float, size: int) -> Verdict:
    """Return where a text of so many tokens breaks; the first 500 break with the same chance at any power."""
    place = 500 * (rng.expovariate(1) / (rate / 2)) ** (1 / power) if rate else size
    if place >= size:
        return PASSED
    start = int(CHARS * place)
    return Verdict(Outcome.FAIL, "broken here", (Span(start, start + 1),))

"""Seeded worlds of graded rows whose truth is known: what length and difficulty do to adherence is set here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from mathif.records import Finish, Graded, Key, Outcome, Profile, Span, State, Verdict

KINDS = (
    "keywords:existence",
    "language:response_language",
    "punctuation:no_comma",
    "detectable_format:number_bullet_lists",
)
SOURCES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class World:
    """How replies come about.

    Attributes:
        problems: number of problems.
        samples: samples of each problem.
        difficulty: change in log-odds of every outcome per unit of a problem's hidden difficulty (mean 0, sd 1).
        length: change in log-odds of obeying one constraint for each doubling of the CoT: the true dilution.
        pull: doublings of the CoT for each unit of difficulty.
        limit: token limit; replies that would be longer are cut.
        spread: sd, in doublings, of the CoT of one problem.
        base: log-odds of obeying at difficulty 0 and 1024 tokens.
        profiles: the profiles that judge, all in the same way.
    """

    problems: int = 100
    samples: int = 4
    difficulty: float = 0.0
    length: float = 0.0
    pull: float = 1.0
    limit: int = 1 << 20
    spread: float = 0.8
    base: float = 0.5
    profiles: tuple[Profile, ...] = tuple(Profile)

    def rows(self, seed: int, arms: tuple[str, ...] = ("constrained",), rungs: tuple[int, ...] = (1,)) -> list[Graded]:
        """Return the graded rows of one run."""
        rng = Random(seed)
        return [
            self._row(rng, arm, f"p{problem:04d}", hard, rung, sample)
            for problem in range(self.problems)
            for hard in [rng.gauss(0, 1)]
            for arm in arms
            for rung in rungs
            for sample in range(self.samples)
        ]

    def _row(self, rng: Random, arm: str, problem: str, hard: float, rung: int, sample: int) -> Graded:
        doublings = 10 + self.pull * hard + rng.gauss(0, self.spread)
        drift = self.base - self.difficulty * hard + self.length * (doublings - 10)
        shown = 0.0 if arm == "plain" else 1.0
        tokens = int(2**doublings)
        cut = tokens >= self.limit
        verdicts = tuple(self._verdict(rng, drift if shown else -1.0) for _ in range(rung))
        right = rng.random() < _chance(0.5 - self.difficulty * hard)
        band = (hard > -0.5) + (hard > 0.5)
        return graded(
            f"world/{problem}-{rung}@{arm}#{sample}",
            hard=band,
            kinds=tuple(KINDS[(int(problem[1:]) + place) % len(KINDS)] for place in range(rung)),
            verdicts=verdicts,
            right=right,
            tokens=min(tokens, self.limit),
            cut=cut,
            completion=min(tokens + 50, self.limit),
            profiles=self.profiles,
        )

    def _verdict(self, rng: Random, drift: float) -> Verdict:
        if rng.random() < _chance(drift):
            return Verdict(Outcome.PASS)
        start = int(rng.expovariate(1 / 400))
        return Verdict(Outcome.FAIL, "broken here", (Span(start, start + 1),))


def graded(
    key: str,
    *,
    hard: int,
    kinds: tuple[str, ...],
    verdicts: tuple[Verdict, ...],
    right: bool,
    tokens: int,
    cut: bool = False,
    state: State = State.CLOSED,
    completion: int | None = None,
    final_chars: int = 2000,
    profiles: tuple[Profile, ...] = (Profile.MATHIF,),
) -> Graded:
    """Return a graded row; `hard` is 0, 1 or 2, and a reply that is cut never left its thinking."""
    place = Key.parse(key)
    problem = place.item.rpartition("-")[0]
    number = int(problem[1:])
    return Graded(
        key=key,
        problem=problem,
        source=SOURCES[hard],
        tier=(1, 3, 5)[hard],
        arm=place.arm,
        sample=place.sample,
        state=State.OPEN if cut else state,
        finish=Finish.LENGTH if cut else Finish.STOP,
        cot_tokens=tokens,
        completion_tokens=tokens + 50 if completion is None else completion,
        empty=cut,
        kinds=kinds,
        answer=Verdict(Outcome.PASS) if right else Verdict(Outcome.FAIL, "not the gold answer"),
        constraints=dict.fromkeys(profiles, verdicts),
        loose=dict.fromkeys(profiles, tuple(verdict.outcome for verdict in verdicts)),
        floor=dict.fromkeys(
            profiles, tuple((Outcome.FAIL, Outcome.PASS)[(number + at) % 9 == 0] for at in range(len(kinds)))
        ),
        final_chars=0 if cut else final_chars,
    )


def posed(
    seed: int,
    steps: tuple[int, ...] = (1, 4, 16),
    surfaces: tuple[str, ...] = ("familiar",),
    *,
    length: float = 0.0,
    strange: float = 0.0,
    lingers: float = 0.0,
    problems: int = 60,
) -> list[Graded]:
    """Replies to versions of problems: more steps are thought about for longer, and length does what it does."""
    rng, rows = Random(seed), []
    for problem in range(problems):
        hard = rng.gauss(0, 1)
        for count, surface, sample in ((n, dress, k) for n in steps for dress in surfaces for k in range(2)):
            doublings = 8 + 0.7 * math.log2(count) + hard + rng.gauss(0, 0.7)
            told = strange * (surface == "unfamiliar") * math.log2(count)
            obeyed = rng.random() < _chance(1 - hard + length * (doublings - 8 - hard) + told)
            doublings += lingers * (not obeyed)
            row = graded(
                f"builds-{count}{surface}/p{problem:04d}-1@constrained#{sample}",
                hard=1,
                kinds=("punctuation:no_comma",),
                verdicts=(Verdict(Outcome.PASS) if obeyed else Verdict(Outcome.FAIL, "broken"),),
                right=rng.random() < _chance(0.5 - hard),
                tokens=int(2**doublings),
            )
            rows.append(replace(row, steps=count, surface=surface, root=f"root-{problem}"))
    return rows


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def shuffled(rows: list[Graded], seed: int) -> Iterator[Graded]:
    """Yield the rows in another order."""
    return iter(Random(seed).sample(rows, len(rows)))

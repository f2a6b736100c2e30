"""Many worlds: laws of obedience that a report was not made for, each with what may and may not be said of it.

In all of them 100 problems of differing difficulty are answered four times in each arm; harder ones are thought about
for longer and answered less often right. Length never does anything to obedience unless a world says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from mathif.records import Graded, Outcome, Span, State, Verdict
from tests.worlds import graded

KINDS = (
    "punctuation:no_comma",
    "keywords:existence",
    "change_case:english_lowercase",
    "detectable_format:number_bullet_lists",
    "answer:decimal",
    "keywords:forbidden_words",
)
STREWN = frozenset({"punctuation:no_comma", "change_case:english_lowercase", "keywords:forbidden_words"})
PASSED = Verdict(Outcome.PASS)


@dataclass(frozen=True)
class Attempt:
    """One reply before it is graded.

    Attributes:
        hard: the problem's difficulty, mean 0, sd 1.
        told: whether the arm shows the constraint.
        kind: its kind.
        own: how much longer than usual the thinking is, in doublings, before the law speaks.
        doublings: CoT length.
        obeys: log-odds of obeying.
        right: log-odds of being right.
        chars: length of the final text.
        place: character of the first violation where it is broken.
        cut: whether the token limit cut it.
        state: how its thinking stands.
    """

    hard: float
    told: bool
    kind: str
    own: float
    doublings: float
    obeys: float
    right: float
    chars: int
    place: int
    cut: bool = False
    state: State = State.CLOSED


Law = Callable[[Attempt, Random], tuple[Attempt, bool, bool]]
"""From a draft and a source of chance to the reply, whether it obeys and whether it is right."""


def chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def plainly(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Obedience and the answer are drawn apart, each by its log-odds."""
    return draft, rng.random() < chance(draft.obeys), rng.random() < chance(draft.right)


def echo(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Broken replies are longer, plain ones too."""
    found, obeyed, right = plainly(draft, rng)
    return replace(found, doublings=found.doublings + (0 if obeyed else 1.2)), obeyed, right


def reply_is_cot(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """As `echo`, and the reply itself is the chain of thought."""
    found, obeyed, right = echo(draft, rng)
    return replace(found, state=State.ABSENT), obeyed, right


def some_replies_are_cot(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """As `echo`, and three replies in ten are their own chain of thought."""
    found, obeyed, right = echo(draft, rng)
    return replace(found, state=State.ABSENT if rng.random() < 0.3 else State.CLOSED), obeyed, right


def reverse(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Replies that break what they were told think longer about it."""
    found, obeyed, right = plainly(draft, rng)
    return replace(found, doublings=found.doublings + (0.7 if draft.told and not obeyed else 0)), obeyed, right


def path(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """One sampling path in four is long, wrong and disobedient."""
    if rng.random() < 0.25:
        draft = replace(draft, doublings=draft.doublings + 1, right=draft.right - 2, obeys=draft.obeys - 3)
    return plainly(draft, rng)


def hill(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Obedience is likeliest at the usual length of the problem: 86 % there, 35 % at 1.5 doublings to either side."""
    bent = 1.8 - 1.08 * draft.own**2 if draft.told else draft.obeys
    return plainly(replace(draft, obeys=bent), rng)


def one_kind(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """One kind of six suffers from length."""
    slope = -1.2 if draft.told and draft.kind == KINDS[1] else 0.0
    return plainly(replace(draft, obeys=draft.obeys + slope * draft.own), rng)


def two_kinds(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """One kind of six suffers from length as much as another gains."""
    slope = {KINDS[1]: -1.2, KINDS[3]: 1.2}.get(draft.kind, 0.0) if draft.told else 0.0
    return plainly(replace(draft, obeys=draft.obeys + slope * draft.own), rng)


def dilution(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """What the field claims: longer thinking lowers obedience, for told replies alone."""
    return plainly(replace(draft, obeys=draft.obeys - 0.9 * draft.own * draft.told), rng)


def limit(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Thinking and answer share a limit, and disobedient answers are longer; a third of the replies are cut."""
    found, obeyed, right = plainly(draft, rng)
    tokens = 2**found.doublings + (300 if obeyed else 1200)
    return replace(found, cut=tokens > 2200), obeyed, right


def longer_bodies(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Told replies are four times as long; what has a place of its own moves along, what is strewn does not."""
    found, obeyed, right = plainly(draft, rng)
    chars = found.chars * (4 if draft.told else 1)
    return replace(found, chars=chars, place=found.place if draft.kind in STREWN else chars - 10), obeyed, right


def lapses(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """A told reply breaks its constraint at any place with the same chance, ten times less often than an untold one."""
    place = int(rng.expovariate(1 / (1500 if draft.told else 60)))
    return replace(draft, place=place), place >= draft.chars, rng.random() < chance(draft.right)


def forgets(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """A told reply is ever likelier to break its constraint as it goes on."""
    place = int(rng.weibullvariate(900, 2.5)) if draft.told else int(rng.expovariate(1 / 60))
    return replace(draft, place=place), place >= draft.chars, rng.random() < chance(draft.right)


def verbose(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Long thinkers write long replies, which offer more to break, told or not."""
    return plainly(replace(draft, chars=int(draft.chars * 2**draft.own), obeys=draft.obeys - 0.8 * draft.own), rng)


def clustered(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Some problems are nearly always obeyed and the others nearly never."""
    return plainly(replace(draft, obeys=3 * math.copysign(1, draft.hard + 0.3)), rng)


def always(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """Told replies always obey."""
    return plainly(replace(draft, obeys=40.0) if draft.told else draft, rng)


def never(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """No reply ever obeys."""
    return plainly(replace(draft, obeys=-40.0), rng)


def cut_at_random(draft: Attempt, rng: Random) -> tuple[Attempt, bool, bool]:
    """A third of the replies are cut, whatever they were."""
    found, obeyed, right = plainly(draft, rng)
    return replace(found, cut=rng.random() < 0.33), obeyed, right


LAWS: Mapping[str, Law] = {
    law.__name__: law
    for law in (
        plainly,
        echo,
        reply_is_cot,
        some_replies_are_cot,
        reverse,
        path,
        hill,
        one_kind,
        two_kinds,
        dilution,
        limit,
        longer_bodies,
        lapses,
        forgets,
        verbose,
        clustered,
        always,
        never,
        cut_at_random,
    )
}


def rows(
    law: Law,
    seed: int,
    arms: Sequence[str] = ("constrained", "plain"),
    *,
    problems: int = 100,
    samples: int = 4,
    ease: float = 0.8,
) -> list[Graded]:
    """Return the graded rows of one run in the world of a law."""
    rng = Random(f"{law.__name__} {seed}")
    found = []
    for problem in range(problems):
        hard = rng.gauss(0, 1)
        for arm in arms:
            for sample in range(samples):
                told, own = arm != "plain", rng.gauss(0, 0.8)
                draft = Attempt(
                    hard=hard,
                    told=told,
                    kind=KINDS[problem % len(KINDS)],
                    own=own,
                    doublings=10 + 0.7 * hard + own,
                    obeys=(ease if told else -1.2) - 0.7 * hard,
                    right=0.5 - hard,
                    chars=int(600 * 2 ** rng.gauss(0, 0.5)),
                    place=int(rng.expovariate(1 / 60)),
                )
                found.append(_row(f"world/p{problem:04d}-1@{arm}#{sample}", *law(draft, rng)))
    return found


def _row(key: str, reply: Attempt, obeyed: bool, right: bool) -> Graded:
    start = min(reply.place, reply.chars - 1)
    broken = Verdict(Outcome.FAIL, "broken here", (Span(start, start + 1),))
    return graded(
        key,
        hard=(reply.hard > -0.5) + (reply.hard > 0.5),
        kinds=(reply.kind,),
        verdicts=(PASSED if obeyed else broken,),
        right=right,
        tokens=max(1, int(2**reply.doublings)),
        cut=reply.cut,
        state=reply.state,
        final_chars=reply.chars,
    )

"""From families to problems: instances of a seed, each verified, and a balanced set of them.

A seed stands for one of 64 classes of parameters, by its remainder. Sets whose seeds differ in it share no
parameters, hence no text; with equal remainders only chance could make two problems meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest
from random import Random
from typing import cast

from mathif.errors import DataError, UsageError
from mathif.problems.base import FAMILIES, LADDER, Family
from mathif.problems.dice import Dice, fingerprint
from mathif.problems.exact import latex
from mathif.problems.ladder import RUNGS, Ladder
from mathif.records import Problem, Surface

TIERS = range(1, 6)
_CLASSES = 64
_PATIENCE = 40 * _CLASSES


def draw_problems(
    seed: int,
    n: int,
    steps: int | None = None,
    surface: Surface | None = None,
    task: str = "core",
    names: Collection[str] | None = None,
) -> list[Problem]:
    """Draw a set of `n` different problems, the same ones for the same arguments on any machine and Python.

    Tiers take turns, so that every five problems in a row hold all five; inside a tier topics take turns, and every
    family is used before any is used again. Keys, families, stories and surfaces depend on the seed alone; parameters
    do not depend on the surface. So two sets of one seed, joined by key, differ in nothing but the steps, or in
    nothing but the surface.

    Args:
        seed: any integer that is not negative.
        n: number of problems.
        steps: step count of every problem, in `LADDER`, from the families that have all of `LADDER`, so that these
            are the same for every step count; None draws from all families, each with a step count of its own.
        surface: how all problems are dressed; None has both take turns.
        task: whose families are drawn from where none are named, `core` or `control`.
        names: of the families to draw from, whose order counts, so that a new one changes no set of old; None for all
            of the task.

    Raises:
        UsageError: if no family has so many steps, or the families cannot make `n` different problems.
    """
    if steps is not None and steps not in LADDER:
        raise UsageError(f"--steps: found {steps}, expected a number from {LADDER[0]} to {LADDER[-1]}")
    named = [name for name in FAMILIES if FAMILIES[name].task == task] if names is None else names
    families = [FAMILIES[name] for name in named]
    streams = [_tier([family for family in families if family.tier == tier], seed, steps, surface) for tier in TIERS]
    turns = chain.from_iterable(zip_longest(*streams))
    problems = list(islice((problem for problem in turns if problem is not None), n))
    if len(problems) < n:
        raise UsageError(f"found {len(problems)} different problems, expected {n}; ask for fewer")
    return problems


def build(instance: Family, key: str, steps: int, surface: Surface, words: Random) -> Problem:
    """Put an instance into words and verify its answer.

    Args:
        instance: the parameters.
        key: of the problem, unique within its task.
        steps: the step count that the instance was drawn with.
        surface: how the problem is dressed.
        words: draws the story and its words.

    Raises:
        DataError: if answer and check differ.
    """
    answer, check = instance.answer(), instance.check()
    if answer != check:
        raise DataError(
            f"family {instance.name!r}: found answer {latex(answer)} but check {latex(check)} for {instance!r}, "
            "expected them to be equal; correct the family"
        )
    return Problem(
        key=key,
        question=instance.question(words, surface),
        answer=latex(answer),
        source=instance.task,
        tier=instance.tier,
        topics=instance.topics,
        steps=steps,
        family=instance.name,
        surface=surface.value,
    )


def draw_ladder(seed: int, n: int) -> list[tuple[Problem, ...]]:
    """Draw `n` problems, each at every step count of `ladder.RUNGS`: a shorter one is the beginning of a longer one.

    Families take turns, and so do the surfaces; a problem has one story, told with the same words in every version.

    Args:
        seed: any integer that is not negative.
        n: number of problems.
    """
    families = [family for family in FAMILIES.values() if issubclass(family, Ladder)]
    streams = [instances(family, seed, RUNGS[-1]) for family in families]
    drawn: list[tuple[Problem, ...]] = []
    for turn in range(-(-n // len(families))):
        for place, (family, stream) in enumerate(zip(families, streams, strict=True)):
            key, whole = f"{family.name}-{turn + 1}", next(stream)
            dress = tuple(Surface)[(place + turn) % 2]
            versions = []
            for steps in RUNGS:
                words = Dice("words", seed, key)
                one = build(cast(Ladder, whole).after(steps), f"{key}.{steps}-steps", steps, dress, words)
                versions.append(replace(one, root=f"ladder-{seed}/{key}"))
            drawn.append(tuple(versions))
    return drawn[:n]


def instances(family: type[Family], seed: int, steps: int) -> Iterator[Family]:
    """Yield different instances of the seed's class, until 2560 draws in a row bring no new one."""
    rng = Dice("parameters", seed, family.name, steps)
    seen: set[str] = set()
    idle = 0
    while idle < _PATIENCE:
        instance = family.draw(rng, steps)
        written = repr(instance)
        idle += 1
        if fingerprint(family.name, written) % _CLASSES == seed % _CLASSES and written not in seen:
            seen.add(written)
            idle = 0
            yield instance


def _tier(families: Sequence[type[Family]], seed: int, steps: int | None, surface: Surface | None) -> Iterator[Problem]:
    """Yield problems of one tier, in rounds over its families; a family that has no more is left out.

    Families without all of `LADDER` are left out last, so that place, story and surface of a family do not depend on
    `steps`.
    """
    placed = {
        place: family
        for place, family in enumerate(_by_turns(families, seed))
        if steps is None or set(LADDER) <= set(family.steps)
    }
    streams: dict[tuple[str, int], Iterator[Family]] = {}
    turn = 0
    while placed:
        turn += 1
        for place, family in tuple(placed.items()):
            words = Dice("words", seed, family.name, turn)
            count = words.choice(family.steps)
            count = count if steps is None else steps
            stream = streams.setdefault((family.name, count), instances(family, seed, count))
            instance = next(stream, None)
            if instance is None:
                del placed[place]
                continue
            dress = surface or tuple(Surface)[(place + turn + 1) % 2]
            yield build(instance, f"{family.name}-{turn}", count, dress, words)


def _by_turns(families: Sequence[type[Family]], seed: int) -> list[type[Family]]:
    """Return the families in an order of the seed's own in which their first topics take turns."""
    rng = Dice("order", seed)
    topics: dict[str, list[type[Family]]] = defaultdict(list)
    for family in families:
        topics[family.topics[0]].append(family)
    decks = list(topics.values())
    rng.shuffle(decks)
    for deck in decks:
        rng.shuffle(deck)
    rounds = zip_longest(*decks)
    return [family for family in chain.from_iterable(rounds) if family is not None]

r"""Drawing: which constraints an item of a fresh set gets, and with which arguments.

A set of constraints is dealt from a deck, so that over many problems every kind is used about as often as its weight
says, with every argument about as often as another. What is dealt never clashes, is obeyed by a composed reply in both
profiles, and is never obeyed by the null reply (`The answer is $\boxed{…}$.`). The three rungs of a crossed problem are
prefixes of one triple whose order evens out how often each kind stands on each rung, so that the rungs differ in the
number of constraints and in nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from mathif.constraints.base import KINDS, Constraint, Target, clash, judge
from mathif.constraints.witness import null_reply, witness
from mathif.errors import DataError
from mathif.records import Problem, Profile

_TRIES = 12


class Rungs(NamedTuple):
    """The constraints of one problem on each rung; each is the start of the next."""

    single: tuple[Constraint, ...]
    double: tuple[Constraint, ...]
    triple: tuple[Constraint, ...]


class Deck:
    """Kinds, dealt so that each comes up about as often, for its weight, as any other that suits as many problems.

    Attributes:
        weights: how often each kind is to be dealt, in relation to the others.
        target: the part of the reply that its demands are about.
        dealt: how often each kind was dealt, on each rung from the first on; an `n`-th rung holds `n` kinds.
        drawn: on how many rungs each constraint stands, arguments included.
    """

    def __init__(self, weights: Mapping[str, float] | None = None, target: Target = Target.FINAL) -> None:
        self.weights = dict.fromkeys(KINDS, 1.0) if weights is None else weights
        self.target = target
        self.dealt: list[Counter[str]] = []
        self.drawn: Counter[Constraint] = Counter()

    def order(self, rng: Random) -> list[str]:
        """Return the kinds, those first that were dealt the least, in random order among equals."""
        kinds = list(self.weights)
        rng.shuffle(kinds)
        return sorted(kinds, key=lambda kind: sum(rung[kind] for rung in self.dealt) / self.weights[kind])

    def arranged(self, constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
        """Order constraints so that each kind comes first, second, … equally often, and count them as dealt."""
        while len(self.dealt) < len(constraints):
            self.dealt.append(Counter())
        left, ordered = list(constraints), []
        for place in range(len(constraints)):
            chosen = max(left, key=lambda constraint: self._lag(constraint.kind, place))
            left.remove(chosen)
            ordered.append(chosen)
        for place, constraint in enumerate(ordered):
            self.dealt[place][constraint.kind] += 1
            self.drawn[constraint] += len(ordered) - place
        return tuple(ordered)

    def _lag(self, kind: str, place: int) -> float:
        """Return by how much `kind` stood at `place` less often than at the average place."""
        return sum(rung[kind] for rung in self.dealt) / len(self.dealt) - self.dealt[place][kind]


def draw_constraints(rng: Random, problem: Problem, count: int, deck: Deck | None = None) -> tuple[Constraint, ...]:
    """Draw `count` constraints that suit a problem and that one reply can obey.

    Args:
        rng: makes every choice, by `choice`, `randint`, `sample`, `shuffle` and `random` alone.
        problem: what they are added to.
        count: how many, each of a kind of its own.
        deck: keeps the use of kinds even over many problems; None draws from a new one.

    Raises:
        DataError: if no such set is found.
    """
    deck = deck or Deck()
    for careful in (False, True, True, True):
        hand = _hand(rng, problem, count, deck, careful)
        if len(hand) == count and (careful or _witnessed(hand, null_reply(problem.answer))):
            return deck.arranged(hand)
    raise DataError(f"problem {problem.key!r}: found no {count} constraints that one reply obeys; draw another problem")


def crossed(rng: Random, problem: Problem, deck: Deck | None = None) -> Rungs:
    """Draw a triple of constraints and take its first one, its first two, and all of it.

    The arguments and errors are those of `draw_constraints`.
    """
    first, second, third = draw_constraints(rng, problem, 3, deck)
    return Rungs((first,), (first, second), (first, second, third))


def suits(rng: Random, problem: Problem, kind: str) -> bool:
    """Tell whether a demand of a kind can be dealt to a problem: one on the reply that a null reply does not obey."""
    null = null_reply(problem.answer)
    return any(not _free(constraint, null) for constraint in _drawn(rng, problem, kind, Target.FINAL))


def _hand(rng: Random, problem: Problem, count: int, deck: Deck, careful: bool) -> list[Constraint]:
    """Return constraints of the first `count` kinds that suit, fewer where too few do.

    No two of them clash, and each asks for something that no other asks for.

    A careful hand looks for a witness after each constraint; that is slow, and seldom needed.
    """
    null = null_reply(problem.answer)
    hand: list[Constraint] = []
    for kind in deck.order(rng):
        if len(hand) == count:
            break
        for constraint in sorted(_drawn(rng, problem, kind, deck.target), key=deck.drawn.__getitem__):
            if any(_excludes(constraint, other) for other in hand) or _free(constraint, null):
                continue
            if not careful or _witnessed([*hand, constraint], null):
                hand.append(constraint)
                break
    return hand


def _free(constraint: Constraint, null: str) -> bool:
    """Tell whether the null reply obeys a demand on the reply; it says nothing of a thinking."""
    return constraint.target is Target.FINAL and _obeyed(constraint, null, any)


def _drawn(rng: Random, problem: Problem, kind: str, target: Target) -> Iterator[Constraint]:
    """Yield constraints of a kind with different arguments, none where it does not suit the problem or the target."""
    if target not in KINDS[kind].targets:
        return
    seen: list[Constraint] = []
    for _ in range(_TRIES):
        constraint = KINDS[kind].draw(rng, problem)
        if constraint is None:
            return
        constraint = replace(constraint, target=target)
        if constraint not in seen:
            seen.append(constraint)
            yield constraint


def _excludes(one: Constraint, other: Constraint) -> bool:
    """Tell whether two demands clash, or one asks for nothing that the other does not ask for already."""
    return bool(clash(one, other)) or one.implies(other) or other.implies(one)


def _witnessed(constraints: Sequence[Constraint], null: str) -> bool:
    """Tell whether a composed reply obeys all of `constraints` in both profiles."""
    text = witness(constraints, null)
    return text is not None and all(_obeyed(constraint, text, all) for constraint in constraints)


def _obeyed(constraint: Constraint, text: str, enough: Callable[[Iterable[bool]], bool]) -> bool:
    return enough(judge(constraint, text, profile).passed for profile in Profile)

"""Witness: a reply composed to obey every constraint of an item, or its contrary, which disobeys every one.

A room of its own because it speaks about several constraints at once. An item that has no witness is a defect of its
data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from mathif.constraints.base import Constraint, Group, Stage, clash, judge
from mathif.constraints.words import view
from mathif.records import Profile

_ROUNDS = 4


def null_reply(gold: str) -> str:
    """Return the reply that is right and blind to every instruction; what it scores is the floor.

    Dollar signs of the gold answer are left out, since the box stands in mathematics already.
    """
    return f"The answer is $\\boxed{{{gold.replace('$', '')}}}$."


def unsatisfiable(constraints: Sequence[Constraint]) -> str:
    """Return why no reply can obey all of `constraints` under the profile `mathif`, or "" where no two clash."""
    for a, b in combinations(constraints, 2):
        reason = clash(a, b)
        if reason:
            return reason
    return ""


def witness(constraints: Sequence[Constraint], body: str) -> str | None:
    """Return an edit of `body` that obeys every constraint, its answer box kept, or None where none is found.

    It obeys under both profiles wherever one is found that does, else under `mathif` alone: MathIF's code does not let
    an answer hold a comma or a letter that the prose must not.
    """
    second = None
    for order in _orders(constraints):
        for text in _attempts(order, body, _comply):
            if not _keeps_answer(constraints, body, text) or not _all(constraints, text, True, (Profile.MATHIF,)):
                continue
            if _all(constraints, text, True, (Profile.UPSTREAM,)):
                return text
            second = second or text
    return second


def contrary(constraints: Sequence[Constraint], body: str) -> str | None:
    """Return an edit of `body` that disobeys every constraint under both profiles, or None where none is found."""
    for order in _orders(constraints):
        for text in _attempts(order, body, _defy):
            if text.strip() and _all(constraints, text, False, tuple(Profile)):
                return text
    return None


def _orders(constraints: Sequence[Constraint]) -> Iterable[list[Constraint]]:
    """Yield orders to apply the edits in: by stage, and with what takes away before what adds."""
    by_stage = sorted(constraints, key=lambda constraint: constraint.stage)
    yield by_stage
    yield sorted(by_stage, key=lambda constraint: {Stage.REMOVE: 0.5}.get(constraint.stage, constraint.stage))
    yield by_stage[::-1]


def _attempts(order: Sequence[Constraint], body: str, edit: Callable[[Constraint, str], str]) -> Iterable[str]:
    """Yield what `body` becomes: what frames it comes last, once the rest holds still, and then all in turn again."""
    inner = [constraint for constraint in order if constraint.stage < Stage.FRAME]
    outer = [constraint for constraint in order if constraint.stage >= Stage.FRAME]
    text = _settled(inner, body, edit)
    for _ in range(_ROUNDS):
        framed = text
        for constraint in outer:
            framed = edit(constraint, framed)
        yield framed
        again = text
        for constraint in inner:
            again = edit(constraint, again) if edit(constraint, framed) != framed else again
        if again == text:
            break
        text = again
    yield _settled(order, framed, edit)


def _settled(order: Sequence[Constraint], text: str, edit: Callable[[Constraint, str], str]) -> str:
    for _ in range(_ROUNDS):
        before = text
        for constraint in order:
            text = edit(constraint, text)
        if text == before:
            break
    return text


def _comply(constraint: Constraint, text: str) -> str:
    return text if _all([constraint], text, True, tuple(Profile)) else constraint.comply(text)


def _defy(constraint: Constraint, text: str) -> str:
    return text if _all([constraint], text, False, tuple(Profile)) else constraint.defy(text)


def _all(constraints: Iterable[Constraint], text: str, obeyed: bool, profiles: Iterable[Profile]) -> bool:
    return all(judge(constraint, text, profile).passed == obeyed for constraint in constraints for profile in profiles)


def _keeps_answer(constraints: Sequence[Constraint], body: str, text: str) -> bool:
    """Tell whether the answer box of `body` is still the last; a kind on the form of the answer may rewrite it.

    Letter case and spacing of a box are free.
    """
    if any(constraint.group is Group.ANSWER for constraint in constraints):
        return bool(_box(text)) or not _box(body)
    return _box(text).casefold() == _box(body).casefold()


def _box(text: str) -> str:
    boxes = view(text).boxes
    return " ".join(text[boxes[-1].start : boxes[-1].end].split()) if boxes else ""

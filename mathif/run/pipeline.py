"""The pipeline between the engine and the report, pure: replies are split, once each, and become verdicts.

A run folder feeds it from files; a verification and the references of a board, from memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mathif.arms import SELF
from mathif.reasoning import split
from mathif.records import Generation, Key, Reply
from mathif.run.asking import Judged
from mathif.run.pool import Job, Judging, Told, graded_all
from mathif.run.subject import Items


class Heard(NamedTuple):
    """A reply as it came and as it is read."""

    generation: Generation
    reply: Reply


def heard(generations: Iterable[Generation]) -> Iterator[Heard]:
    """Split every reply."""
    return (Heard(generation, split(generation)) for generation in generations)


def overheard(items: Items, generations: Iterable[Generation]) -> Iterator[Heard]:
    """Split every reply of a run that no file holds, and draw what its plain replies draw.

    Replies of arm `self` come last, since what they are judged for is drawn from the others.
    """
    waiting: list[Generation] = []
    for one in generations:
        if items.own is not None and Key.parse(one.key).arm == SELF:
            waiting.append(one)
            continue
        said = Heard(one, split(one))
        if items.own is not None:
            for row in items.own.drawn_from(said.reply):
                items.own.learn(row, one.key)
        yield said
    yield from heard(waiting)


def judging(served: Mapping[str, Judged], replies: Iterable[Reply]) -> Iterator[Job]:
    """Yield what is to be graded: the replies in their order, then, without a reply, every other key that was asked.

    Args:
        served: for each key that is asked what its reply is judged for; may grow while the replies are read.
        replies: those to other keys are left out, so that whoever reads them must refuse those.
    """
    seen: set[str] = set()
    for reply in replies:
        seen.add(reply.key)
        if served.get(reply.key):
            yield Job(reply, served[reply.key])
    for key, judged in served.items():
        if key not in seen and judged:
            yield Job(None, judged)


def graded_replies(served: Mapping[str, Judged], replies: Iterable[Reply], told: Judging[Told]) -> Iterator[Told]:
    """Yield what is told of every verdict of a run, in the order of `judging`."""
    return graded_all(judging(served, replies), count(served), told)


def count(served: Mapping[str, Judged]) -> int:
    """Return the number of verdicts of a run."""
    return sum(map(len, served.values()))

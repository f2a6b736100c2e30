"""Grading: an item and a reply become verdicts, one for the answer and one for each constraint and profile.

Pure, and callable from any thread and any number of processes, so that a trainer can use it as a reward. What is
judged depends on the state of the reply alone; `mathif.reasoning` holds that table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mathif import answers
from mathif.constraints import Constraint, Target, judge, parse
from mathif.constraints.witness import null_reply
from mathif.items import Item
from mathif.reasoning import split
from mathif.records import WITHHELD, Finish, Generation, Graded, Key, Outcome, Problem, Profile, Reply, State, Verdict

NO_FINAL = Verdict(Outcome.FAIL, "the thinking was never closed, so there is no final text")
NO_REPLY = Verdict(Outcome.UNGRADED, "there is no reply")
HELD_BACK = {
    Finish.REFUSED: Verdict(Outcome.FAIL, "the model gave something else than a reply"),
    Finish.FILTERED: Verdict(Outcome.FAIL, "a content filter held the reply back"),
    Finish.TOO_LONG: Verdict(Outcome.FAIL, "the prompt did not fit the model's context"),
}
"""The verdict on every demand where no reply of the model's own was given."""


GRADERS = ("answers", "constraints", "grading.py", "reasoning.py")
"""What a verdict depends on beside item and reply, in this package."""


class Grades(NamedTuple):
    """The verdicts on one reply: the answer, and the constraints in the item's order."""

    answer: Verdict
    constraints: tuple[Verdict, ...]


def grade_answer(response: str, gold: str) -> Verdict:
    """Grade the final answer of a raw response against `gold`; a box inside the thinking never counts."""
    return _answer(_reply(response), Problem("", "", gold, ""))


def check_constraint(
    kind: str, args: Mapping[str, Any] | None, response: str, profile: Profile | str = Profile.MATHIF
) -> Verdict:
    """Judge a raw response by one constraint.

    Raises:
        DataError: for an unknown kind or arguments that are not its own.
    """
    return _judge(parse(kind, args), _reply(response), Profile(profile))


def grade(item: Item, response: str, profile: Profile | str = Profile.MATHIF) -> Grades:
    """Grade a raw response to `item`: its answer, and every constraint under `profile`."""
    reply = _reply(response)
    return Grades(_answer(reply, item.problem), _constraints(item, reply, Profile(profile)))


def graded(item: Item, key: Key, heard: Reply | None) -> Graded:
    """Return the row of `verdicts.jsonl` for one item; `heard` is None where there is no reply.

    Args:
        item: the row that is judged, which arm `plain` shares its reply with.
        key: names the judged item, the arm and the sample.
        heard: the reply.
    """
    reply = heard or split(Generation(str(key), "", Finish.ERROR))
    strict = {profile: _constraints(item, reply, profile) for profile in Profile}
    return Graded(
        key=str(key),
        problem=item.problem.key,
        source=item.problem.source,
        tier=item.problem.tier,
        arm=key.arm,
        sample=key.sample,
        state=reply.state,
        finish=reply.finish,
        cot_tokens=reply.cot_tokens,
        completion_tokens=reply.completion_tokens,
        empty=not reply.final.strip(),
        kinds=tuple(demand.kind for demand in item.constraints),
        answer=_answer(reply, item.problem),
        constraints=strict,
        loose={profile: _loose(item, reply, strict[profile], profile) for profile in Profile},
        floor={profile: _floor(item, profile) for profile in Profile},
        final_chars=len(reply.final),
        steps=item.problem.steps,
        surface=item.problem.surface,
    )


@cache
def graders_digest() -> str:
    """Return the SHA-256 over the source of the graders, whatever its line ends: equal digests, equal verdicts."""
    package = Path(__file__).parent
    total = hashlib.sha256()
    for path in sorted(path for name in GRADERS for path in [package / name, *(package / name).rglob("*")]):
        if path.is_file() and path.parent.name != "__pycache__":
            content = path.read_bytes().replace(b"\r\n", b"\n")
            place = path.relative_to(package).as_posix().encode()
            total.update(b"%d %b %d " % (len(place), place, len(content)) + content)
    return total.hexdigest()


def _reply(response: str) -> Reply:
    return split(Generation("", response, Finish.STOP))


def _answer(reply: Reply, problem: Problem) -> Verdict:
    return _unread(reply) or answers.grade_answer(reply.final, problem.answer, problem.aliases)


def _constraints(item: Item, reply: Reply, profile: Profile) -> tuple[Verdict, ...]:
    return tuple(_judge(demand, reply, profile) for demand in item.constraints)


def _judge(demand: Constraint, reply: Reply, profile: Profile) -> Verdict:
    return _unread(reply) or judge(demand, _judged_text(demand, reply), profile)


def _unread(reply: Reply) -> Verdict | None:
    """Return the verdict on a reply that nothing can be read in; None where there is something to judge."""
    if reply.finish is Finish.ERROR:
        return NO_REPLY
    if reply.finish in WITHHELD:
        return HELD_BACK[reply.finish]
    return NO_FINAL if reply.state is State.OPEN else None


def _judged_text(demand: Constraint, reply: Reply) -> str:
    """Return the part that the constraint speaks about; without thinking, the reply itself is the chain of thought."""
    if demand.target is Target.THINKING and reply.state is State.CLOSED:
        return reply.thinking
    return reply.final


@lru_cache(maxsize=4096)
def _floor(item: Item, profile: Profile) -> tuple[Outcome, ...]:
    text = null_reply(item.problem.answer)
    return tuple(judge(demand, text, profile).outcome for demand in item.constraints)


def _loose(item: Item, reply: Reply, strict: Sequence[Verdict], profile: Profile) -> tuple[Outcome, ...]:
    """Return the outcomes under IFEval's relaxation (arXiv 2311.07911, section 2.3): a variant that obeys is enough."""
    return tuple(
        Outcome.PASS if verdict.outcome is Outcome.FAIL and _some_variant(demand, reply, profile) else verdict.outcome
        for demand, verdict in zip(item.constraints, strict, strict=True)
    )


def _some_variant(demand: Constraint, reply: Reply, profile: Profile) -> bool:
    return _unread(reply) is None and any(
        judge(demand, variant, profile).passed for variant in _variants(_judged_text(demand, reply))
    )


def _variants(text: str) -> Iterator[str]:
    """Yield the seven relaxed variants beside the text itself: without first line, last line, both, and asterisks."""
    _, _, tail = text.partition("\n")
    head, _, _ = text.rpartition("\n")
    _, _, middle = head.partition("\n")
    for variant in (tail, head, middle):
        yield variant.strip()
    for variant in (text, tail, head, middle):
        yield variant.strip().replace("*", "")

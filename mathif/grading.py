"""Grading: an item and a reply become verdicts, one for the answer and one for each constraint and profile.

Pure, and callable from any thread and any number of processes, so that a trainer can use it as a reward. What is
judged depends on the state of the reply alone; `mathif.reasoning` holds that table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from mathif import answers
from mathif.constraints import Constraint, Target, judge, one_rule, parse
from mathif.constraints.restating import restatements, spared
from mathif.constraints.seen import seen
from mathif.constraints.witness import null_reply
from mathif.items import Item
from mathif.reasoning import raw_span, split
from mathif.records import (
    WITHHELD,
    Finish,
    Generation,
    Graded,
    Key,
    Outcome,
    Problem,
    Profile,
    Reply,
    Span,
    State,
    Verdict,
)

NO_FINAL = Verdict(Outcome.FAIL, "the thinking was never closed, so there is no final text")
NO_REPLY = Verdict(Outcome.UNGRADED, "there is no reply")
NO_THINKING = Verdict(Outcome.UNMEASURED, "the reply shows no thinking that could be judged")
SUMMED_UP = Verdict(Outcome.UNMEASURED, "the server keeps the thinking to itself, and sums it up at most")
NOT_OF_THINKING = Verdict(Outcome.UNMEASURED, "this kind cannot be asked of the thinking")
HELD_BACK = {
    Finish.REFUSED: Verdict(Outcome.FAIL, "the model gave something else than a reply"),
    Finish.FILTERED: Verdict(Outcome.FAIL, "a content filter held the reply back"),
    Finish.TOO_LONG: Verdict(Outcome.FAIL, "the prompt did not fit the model's context"),
}
"""The verdict on every demand where no reply of the model's own was given."""


class Grades(NamedTuple):
    """The verdicts on one reply: the answer, and the constraints in the item's order."""

    answer: Verdict
    constraints: tuple[Verdict, ...]


def grade_answer(
    response: str,
    gold: str,
    aliases: Sequence[str] = (),
    *,
    opened: bool = False,
    tags: tuple[str, str] | None = None,
) -> Verdict:
    """Grade the final answer of a raw response; a box inside the thinking never counts.

    Args:
        response: the reply as the model wrote it, its thinking included; spans of evidence are places in it.
        gold: the right answer, LaTeX allowed.
        aliases: other answers that are just as right.
        opened: whether the prompt ends inside the thinking, as the templates of R1 and QwQ do: a reply that never
            closes it has no final answer then.
        tags: opening and closing mark of the thinking, of a model whose marks no known family has.
    """
    reply = _reply(response, opened, tags)
    return _located(_answer(reply, Problem("", "", gold, "", aliases=tuple(aliases))), reply.final_at)


def check_constraint(
    kind: str,
    args: Mapping[str, Any] | None,
    response: str,
    profile: Profile | str = Profile.MATHIF,
    *,
    opened: bool = False,
    tags: tuple[str, str] | None = None,
) -> Verdict:
    """Judge a raw response by one constraint; the last three arguments are those of `grade` and `grade_answer`.

    Raises:
        DataError: for an unknown kind or arguments that are not its own.
    """
    demand, reply = parse(kind, args), _reply(response, opened, tags)
    return _located(_judge(demand, reply, Profile(profile)), _places(demand, reply))


def grade(
    item: Item,
    response: str,
    profile: Profile | str = Profile.MATHIF,
    *,
    opened: bool = False,
    tags: tuple[str, str] | None = None,
    reasoning: str | None = None,
) -> Grades:
    """Grade a raw response to `item`: its answer, and every constraint under `profile`.

    A constraint on the thinking is UNMEASURED where the response shows none. `opened` and `tags` are those of
    `grade_answer`; `reasoning` is the thinking where the server split it from the response, and evidence on it is
    places in it.
    """
    reply = _reply(response, opened, tags, reasoning)
    judged = ((demand, _judge(demand, reply, Profile(profile))) for demand in item.constraints)
    return Grades(
        _located(_answer(reply, item.problem), reply.final_at),
        tuple(_located(verdict, _places(demand, reply)) for demand, verdict in judged),
    )


def graded(item: Item, key: Key, heard: Reply | None) -> Graded:
    """Return the row of `verdicts.jsonl` for one item; `heard` is None where there is no reply.

    Args:
        item: the row that is judged, which arm `plain` shares its reply with.
        key: names the judged item, the arm and the sample.
        heard: the reply.
    """
    reply = heard or split(Generation(str(key), "", Finish.ERROR))
    strict = _by_profile(_judge_each(demand, reply) for demand in item.constraints)
    own = restatements(item.constraints, reply.thinking[reply.given :])
    restated = _behind(own, reply.given)
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
        floor={profile: _blind(item, null_reply(item.problem.answer), profile) for profile in Profile},
        final_chars=len(reply.final),
        thinking_chars=len(reply.thinking),
        steps=item.problem.steps,
        surface=item.problem.surface,
        root=item.problem.root,
        targets=tuple(demand.target.value for demand in item.constraints),
        unsplit=reply.unsplit,
        rendered=reply.rendered,
        fixed={profile: _blind(item, item.fixed, profile) for profile in Profile} if item.fixed else {},
        elsewhere=_by_profile(_elsewhere(demand, reply) for demand in item.constraints),
        restated=restated,
        spared=_spared(item, reply, restated) if restated else {},
    )


def _reply(response: str, opened: bool, tags: tuple[str, str] | None, reasoning: str | None = None) -> Reply:
    return split(Generation("", response, Finish.STOP, reasoning=reasoning, opened=opened, tags=tags))


def _places(demand: Constraint, reply: Reply) -> tuple[Span, ...]:
    return reply.thinking_at if demand.target is Target.THINKING else reply.final_at


def _located(verdict: Verdict, places: tuple[Span, ...]) -> Verdict:
    """Return a verdict on a part of the reply with its evidence as places in the whole of it.

    Thinking that the server split off has no place there: its evidence stays as places in the thinking.
    """
    if not places:
        return verdict
    return replace(verdict, evidence=tuple(raw_span(span, places) for span in verdict.evidence))


def _answer(reply: Reply, problem: Problem) -> Verdict:
    return _unread(reply) or _answered(reply.final, problem)


@lru_cache(maxsize=1)  # a plain reply is judged for every item of its problem, one after the other
def _answered(final: str, problem: Problem) -> Verdict:
    shown = seen(final)
    return shown.located(answers.grade_answer(shown.text, problem.answer, problem.aliases, problem.tag))


def _judge(demand: Constraint, reply: Reply, profile: Profile) -> Verdict:
    unjudged = _unjudged(demand, reply)
    if unjudged is not None:
        return unjudged
    verdict = judge(demand, _judged_text(demand, reply), profile)
    given = reply.given if demand.target is Target.THINKING else 0
    return replace(verdict, evidence=_behind(verdict.evidence, given)) if given else verdict


def _judge_each(demand: Constraint, reply: Reply) -> dict[Profile, Verdict]:
    """Judge a reply by every profile; once where they have one rule."""
    if one_rule(demand, _judged_text(demand, reply)):
        return dict.fromkeys(Profile, _judge(demand, reply, Profile.MATHIF))
    return {profile: _judge(demand, reply, profile) for profile in Profile}


def _by_profile(judged: Iterable[Mapping[Profile, Verdict]]) -> dict[Profile, tuple[Verdict, ...]]:
    """Return for each profile the verdicts of some constraints, in their order."""
    each = list(judged)
    return {profile: tuple(one[profile] for one in each) for profile in Profile}


def _behind(places: Sequence[Span], given: int) -> tuple[Span, ...]:
    """Return places in what follows the text that was given as places in the whole."""
    return tuple(Span(one.start + given, one.end + given) for one in places)


def _elsewhere(demand: Constraint, reply: Reply) -> dict[Profile, Verdict]:
    """Return the verdicts by a constraint on the part of the reply that it is not about."""
    other = Target.FINAL if demand.target is Target.THINKING else Target.THINKING
    if other not in demand.targets:
        return dict.fromkeys(Profile, NOT_OF_THINKING)
    return _judge_each(_about(demand, other), reply)


@lru_cache(maxsize=8192)
def _about(demand: Constraint, part: Target) -> Constraint:
    """Return a constraint as it is asked of one part of the reply."""
    return replace(demand, target=part)


def _spared(item: Item, reply: Reply, restated: Sequence[Span]) -> dict[Profile, tuple[Verdict, ...]]:
    """Return the verdicts on the thinking without the sentences that restate a demand, evidence as places in it all."""
    rest = spared(reply.thinking, [Span(0, reply.given), *restated])

    def judged(demand: Constraint, profile: Profile) -> Verdict:
        if Target.THINKING not in demand.targets:
            return NOT_OF_THINKING
        verdict = judge(_about(demand, Target.THINKING), rest.text, profile)
        return replace(verdict, evidence=tuple(map(rest.whole_span, verdict.evidence)))

    return {profile: tuple(judged(demand, profile) for demand in item.constraints) for profile in Profile}


def _unjudged(demand: Constraint, reply: Reply) -> Verdict | None:
    """Return the verdict where the part that the constraint is about is not there; None where it is.

    The thinking of an OPEN reply is there, up to the cut.
    """
    if demand.target is Target.THINKING and reply.finish is not Finish.ERROR:
        unseen = SUMMED_UP if reply.summarized else NO_THINKING
        return None if _judged_text(demand, reply).strip() else unseen
    return _unread(reply)


def _unread(reply: Reply) -> Verdict | None:
    """Return the verdict on a reply that nothing can be read in; None where there is something to judge."""
    if reply.finish is Finish.ERROR:
        return NO_REPLY
    if reply.finish in WITHHELD:
        return HELD_BACK[reply.finish]
    return NO_FINAL if reply.state is State.OPEN else None


def _judged_text(demand: Constraint, reply: Reply) -> str:
    """Return the part of the reply that the constraint is about."""
    return reply.thinking[reply.given :] if demand.target is Target.THINKING else reply.final


@lru_cache(maxsize=8192)
def _blind(item: Item, text: str, profile: Profile) -> tuple[Outcome, ...]:
    """Return the outcomes of a text that knows nothing of the instructions: the null reply, or the fixed text."""
    return tuple(judge(demand, text, profile).outcome for demand in item.constraints)


def _loose(item: Item, reply: Reply, strict: Sequence[Verdict], profile: Profile) -> tuple[Outcome, ...]:
    """Return the outcomes under IFEval's relaxation (arXiv 2311.07911, section 2.3): a variant that obeys is enough."""
    return tuple(
        Outcome.PASS if verdict.outcome is Outcome.FAIL and _some_variant(demand, reply, profile) else verdict.outcome
        for demand, verdict in zip(item.constraints, strict, strict=True)
    )


def _some_variant(demand: Constraint, reply: Reply, profile: Profile) -> bool:
    return _unjudged(demand, reply) is None and any(
        judge(demand, variant, profile).passed for variant in _variants(_judged_text(demand, reply))
    )


@lru_cache(maxsize=4)
def _variants(text: str) -> Sequence[str]:
    """Return the seven relaxed variants beside the text itself, those that differ: what it judged need not be again."""
    return [variant for variant in dict.fromkeys(_relaxed(text)) if variant != text]


def _relaxed(text: str) -> Iterator[str]:
    """Yield a text without first line, last line, both, and asterisks."""
    _, _, tail = text.partition("\n")
    head, _, _ = text.rpartition("\n")
    _, _, middle = head.partition("\n")
    for variant in (tail, head, middle):
        yield variant.strip()
    for variant in (text, tail, head, middle):
        yield variant.strip().replace("*", "")

"""The ways in which a benchmark can be scored without being solved, each tried on a task.

The classes are those that BenchJack (arXiv 2605.12673) found 219 flaws of in ten benchmarks. Every check is a function
from a task to the sentences that tell what it broke; a task that stands has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from mathif import hostile
from mathif.arms import KINDS, SELF, prompts
from mathif.constraints import Target
from mathif.constraints.witness import null_reply, witness
from mathif.grading import grade, graded
from mathif.items import Item, Task
from mathif.reasoning import split
from mathif.records import Finish, Generation, Graded, Key, Outcome, Profile, Span
from mathif.tasks import content_digest

STRANGE_ANSWER = "123457"
"""An answer that no hostile reply gives, though some have its value."""
COMMON_ANSWERS = 12
"""How many answers are tried as the reply to every problem, the commonest first."""
LUCKY, LENIENT = 0.1, 0.2
"""The share of the problems that one answer may be right for, and of the items that one text may obey."""


class Breach(NamedTuple):
    """One way in which an item was scored without being solved."""

    item: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check tried and what it broke.

    Attributes:
        check: its name.
        meaning: what it tries, in one line.
        tried: number of replies, prompts or items that it tried.
        breaches: what it broke, in the order of the items.
    """

    check: str
    meaning: str
    tried: int
    breaches: tuple[Breach, ...]


Attempts = Iterator[Breach | None]
"""One for each attempt: what it broke, or None."""


def attack(task: Task, progress: Callable[[Iterable[str], int, str], Iterable[str]]) -> tuple[Finding, ...]:
    """Try every check on `task`; pure but for the graders' own worker."""
    return tuple(finding(task, name) for name in progress(list(CHECKS), len(CHECKS), "checks"))


def finding(task: Task, name: str) -> Finding:
    """Try the check `name` on `task`."""
    check = CHECKS[name]
    attempts = list(check.tries(task))
    return Finding(name, check.meaning, len(attempts), tuple(filter(None, attempts)))


def _leaks(task: Task) -> Attempts:
    """Hand the prompt back as the reply: a right answer in it is one that was given away."""
    shown = _shown(task)
    for item in task.items:
        for name, text in (("question", item.problem.question), ("prompt", shown[item.key])):
            right = grade(item, text).answer.passed
            yield Breach(item.key, f"its {name}, handed back, is graded as the right answer") if right else None


def _reachable(task: Task) -> Attempts:
    """Look for the boxed gold in everything that any arm shows."""
    arms = [arm for kind in KINDS if kind.name != SELF and not kind.switches for arm in kind.examples]
    for prompt in prompts(task, task.items, arms, 1, 0):
        gold = prompt.item.problem.answer.replace(" ", "")
        boxed = f"\\boxed{{{gold}}}"
        shown = "".join(message.content for message in prompt.messages).replace(" ", "")
        yield Breach(prompt.item.key, f"arm {prompt.key.arm} shows the answer in its box") if boxed in shown else None


def _injections(task: Task) -> Attempts:
    """Grade every reply that once broke a grader; none may raise, and none may be right."""
    replies = [f"So \\boxed{{{text}}}" for text in hostile.ANSWERS] + hostile.FINALS
    for place, reply in enumerate(replies):
        item = task.items[place % len(task.items)]
        yield _injected(replace(item, problem=replace(item.problem, answer=STRANGE_ANSWER, aliases=())), reply)


def _injected(item: Item, reply: str) -> Breach | None:
    shown = repr(reply[:60])
    try:
        right = grade(item, reply).answer.passed
    except Exception as error:  # whatever it is, it is the breach that this looks for
        return Breach(item.key, f"the reply {shown} makes the grader raise {type(error).__name__}")
    return Breach(item.key, f"the reply {shown} is graded as the right answer") if right else None


def _hedges(task: Task) -> Attempts:
    """Answer without knowing or saying: an empty box, every answer at once, several boxes, no box, a hidden one."""
    golds = list(dict.fromkeys(item.problem.answer for item in task.items))
    for item in task.items:
        others = [gold for gold in golds if gold != item.problem.answer][:6]
        gold = item.problem.answer
        every = r" \text{ or } ".join([*others, gold])
        for text in (
            "\\boxed{}",
            "\\boxed{?}",
            f"\\boxed{{{every}}}",
            f"\\boxed{{{others[0] if others else '?'}}} or \\boxed{{{gold}}}",
            f"It may be {gold} or not. \\boxed{{\\text{{anything}}}}",
            f"\\boxed{{?}} <!-- \\boxed{{{gold}}} --> $\\phantom{{\\boxed{{{gold}}}}}$ <p hidden>\\boxed{{{gold}}}</p>",
        ):
            if len(others) == 6 and grade(item, text).answer.passed:
                yield Breach(item.key, f"a hedge is graded as the right answer: {text[:80]!r}")
            else:
                yield None


def _constants(task: Task) -> Attempts:
    """Give one reply to everything: each of the commonest answers, and the best fixed text that was found."""
    posed = list({item.problem.key: replace(item, constraints=()) for item in task.items}.values())
    for gold, _ in Counter(item.problem.answer for item in posed).most_common(COMMON_ANSWERS):
        right = sum(grade(item, null_reply(gold)).answer.passed for item in posed)
        told = f"the answer {gold!r} is right for {right} of {len(posed)} problems"
        yield Breach(task.name, told) if right > max(2, LUCKY * len(posed)) else None
    asked = [item for item in task.items if item.constraints]
    obeyed = sum(
        all(one.passed for one in grade(item, item.fixed or null_reply(STRANGE_ANSWER)).constraints) for item in asked
    )
    told = f"one fixed text obeys {obeyed} of the {len(asked)} items with constraints"
    yield Breach(task.name, told) if obeyed > max(2, LENIENT * len(asked)) else None


def _forms(task: Task) -> Attempts:
    """Obey every constraint around a wrong answer: the form alone must never be right."""
    golds = [item.problem.answer for item in task.items]
    for place, item in enumerate(task.items):
        wrong = next((gold for gold in golds[place + 1 :] + golds[:place] if _differs(item, gold)), None)
        text = None if wrong is None else witness(item.constraints, null_reply(wrong))
        if text is not None and item.constraints:
            right = grade(item, text).answer.passed
            yield Breach(item.key, "a wrong answer in an obedient reply is graded as right") if right else None


def _differs(item: Item, gold: str) -> bool:
    return not grade(item, null_reply(gold)).answer.passed


def _claims(task: Task) -> Attempts:
    """Say of a reply that knows nothing what its submitter could: no field beside the text may better a verdict."""
    for item in task.items:
        key = Key(task.name, item.key, "constrained", 0)
        bare = Generation(str(key), item.problem.question, Finish.STOP)
        judged = graded(item, key, split(bare))
        whole = Span(0, len(bare.text))
        for fields in (
            {"prompt_tokens": 0, "completion_tokens": 1, "reasoning_tokens": 0, "error": "graded: pass"},
            {"reasoning_tokens": 10**9, "completion_tokens": 10**9, "forced": (whole,)},
            {"reasoning": null_reply(item.problem.answer)},
        ):
            said = graded(item, key, split(replace(bare, **fields)))
            final = [(was, now) for was, now in zip(_final(judged), _final(said), strict=True) if was != Outcome.PASS]
            better = any(now == Outcome.PASS for _, now in final)
            yield Breach(item.key, f"a verdict is bettered by {' and '.join(fields)}") if better else None


def _final(row: Graded) -> list[Outcome]:
    """Return the verdicts on the answer and on what is asked of the final text."""
    judged = zip(row.targets, row.constraints[Profile.MATHIF], strict=True)
    return [row.answer.outcome, *(verdict.outcome for target, verdict in judged if target == Target.FINAL)]


def _state(task: Task) -> Attempts:
    """Grade the same replies twice, backwards, and from eight threads: no verdict may depend on those before it."""
    items = Random(1).sample(task.items, min(60, len(task.items)))
    jobs = [(item, text) for item in items for text in (null_reply(item.problem.answer), item.problem.question)]
    first = [grade(*job) for job in jobs]
    backwards = [grade(*job) for job in reversed(jobs)][::-1]
    with ThreadPoolExecutor(8) as pool:
        threaded = list(pool.map(lambda job: grade(*job), jobs))
    for job, *verdicts in zip(jobs, first, backwards, threaded, strict=True):
        same = verdicts[0] == verdicts[1] == verdicts[2]
        yield None if same else Breach(job[0].key, "its verdict depends on what was graded before it")
    changed = content_digest(task.layout, task.items) != task.digest
    yield Breach(task.name, "grading changed the task") if changed else None


def _ungraded(task: Task) -> Attempts:
    """Look for a reply that no grader decides on, which a score could hide behind."""
    for item in task.items:
        grades = grade(item, null_reply(item.problem.answer))
        open_verdicts = any(verdict.outcome is Outcome.UNGRADED for verdict in (grades.answer, *grades.constraints))
        yield Breach(item.key, "a plain right reply to it cannot be graded") if open_verdicts else None


def _canary(task: Task) -> Attempts:
    """Look for the task's canary in its file, where crawlers can find it, and in no prompt."""
    yield (
        None
        if task.canary
        else Breach(task.name, "task.toml names no canary, so that training on it cannot be found out")
    )
    for key, text in _shown(task).items() if task.canary else ():
        yield Breach(key, "its prompt holds the canary") if task.canary in text else None


def _shown(task: Task) -> dict[str, str]:
    """Return the prompt of every item: with its constraints where it has any."""
    asked = {prompt.key.item: prompt.messages for prompt in prompts(task, task.items, ("plain", "constrained"), 1, 0)}
    chats = {item.key: asked[item.key if item.constraints else item.problem.key] for item in task.items}
    return {key: "\n\n".join(message.content for message in chat) for key, chat in chats.items()}


class _Check(NamedTuple):
    meaning: str
    tries: Callable[[Task], Attempts]


CHECKS: Mapping[str, _Check] = MappingProxyType(
    {
        "answer leak": _Check("the prompt or the question, handed back as the reply", _leaks),
        "gold reachable": _Check("the boxed answer in what any arm shows", _reachable),
        "grader injection": _Check("replies that once broke a grader", _injections),
        "hedging": _Check("empty, hidden and several boxes, every answer at once", _hedges),
        "constant replies": _Check("one reply to everything: a common answer, the best fixed text", _constants),
        "form alone": _Check("an obedient reply with another item's answer", _forms),
        "self-reported fields": _Check("what a submitter may say of a reply beside its text", _claims),
        "mutable grader": _Check("the same replies again, backwards, from eight threads", _state),
        "undecided": _Check("plain right replies that no grader decides on", _ungraded),
        "canary": _Check("the canary in task.toml and in no prompt", _canary),
    }
)
"""Every check with what it tries."""

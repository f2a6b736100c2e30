"""Interventions: changes of the thinking behind a recorded reply, so that what they do to the reply is caused by them.

An arm of `mathif.arms` decides what a model is asked; an intervention starts from what it then thought. Each is an edit
of the recorded trace, exact to the byte and drawn from nothing but the trace and its key: a beginning that is kept and
a text that stands in place of the rest. `reformat` alone asks a second question instead.

The *trace* of a reply is its thinking, where it is marked, and the edited reply goes on behind the mark that closes it.
A reply without marked thinking is its own chain of thought: its trace is all that stands before the sentence that
states the answer (before its last sentence where none does), and `CLOSE` leads to the answer. The edit then is part of
the text that is graded, so a change in adherence holds what the edit itself breaks; its control holds it too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Literal, NamedTuple

from mathif.answers import extract
from mathif.arms import BOTH, CONSTRAINED, THINKING
from mathif.errors import EngineError, UsageError, nearest
from mathif.items import Message, Prompt
from mathif.reasoning import split
from mathif.records import WITHHELD, Finish, Generation, Key, State

BASE = CONSTRAINED
"""The arm whose replies are edited where no other is named: that of the instruction the thinking may dilute."""

BASES = (BASE, THINKING, BOTH)
"""The arms whose replies can be edited. Where the thinking itself is judged, an edit may only stand before what is."""

RECORDED = "recorded"
"""The control of `reformat`: the recorded reply as it is."""

CLOSE = "\n\nThe final answer is"
"""What leads from the trace to the answer in a reply whose thinking is not marked."""

WAIT = "\nWait"
FILLER = " ..."
"""The filler of Lanham et al. (2023, arXiv 2307.13702, section 2.5)."""

NEUTRAL = (
    "the morning was calm and the road lay empty while a light wind moved through the grass and some birds sat on the "
    "old fence near the house and nothing else happened there for a long time"
)
"""Prose that says nothing of mathematics or instructions; without commas, numbers and capitals."""

REWRITE = (
    "Rewrite the following text in other words. Keep every step, every number and their order; add nothing and leave "
    "nothing out. Reply with the rewritten text alone.\n\n"
)
REFORMAT = "Rewrite your answer so that it obeys every one of these instructions, and keep the final answer the same:\n"
PARAPHRASE, REFORMATTED, REWRITTEN = "paraphrase", "reformat", "rewritten"
REMIND, REMIND_NEUTRAL = "remind", "remind-neutral"
BEHIND = math.inf
"""The amount of a reminder that stands behind the whole thinking, which is closed after it."""
SPLIT_OPEN, SPLIT_CLOSE = "<think>\n", "\n</think>\n\n"
"""How thinking is written that a server split off, so that its own marks are lost."""

# A full stop counts where a blank follows it, so that `3.5` is one number; a line of a trace ends a sentence too.
_SENTENCE_END = re.compile(r"[.!?。।]\s+|\n\s*")
_NUMBER = re.compile(r"\d+")


class Trace(NamedTuple):
    """A raw reply up to its answer, in three parts that follow each other.

    Attributes:
        head: what stands before the thinking, its opening mark included.
        text: the thinking; never blank.
        close: what stands between the thinking and the answer, the closing mark included.
    """

    head: str
    text: str
    close: str


class Unsuited(NamedTuple):
    """Why a reply cannot be edited in some way."""

    reason: str


class Edit(NamedTuple):
    """What becomes of a trace.

    Attributes:
        keep: characters of the trace that stay.
        insert: what follows them.
        closed: whether the thinking is closed after that; else the model thinks on.
    """

    keep: int
    insert: str
    closed: bool = True

    def thinking(self, trace: Trace) -> str:
        """Return the edited trace."""
        return trace.text[: self.keep] + self.insert

    def prefill(self, trace: Trace) -> str:
        """Return the beginning of the edited reply."""
        return trace.head + self.thinking(trace) + (trace.close if self.closed else "")


class Ruler(NamedTuple):
    """How lengths are matched: in tokens of the model, or in characters where its engine counts none."""

    unit: Literal["tokens", "characters"]
    measure: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Material:
    """What an edit is made from.

    Attributes:
        key: name of the recorded reply; seeds what is drawn.
        trace: its trace.
        demands: the block of the constraints, as they were put to the model.
        other: a trace for another problem, or None where there is none.
        ruler: how lengths are matched.
    """

    key: str
    trace: Trace
    demands: str
    other: str | None
    ruler: Ruler


@dataclass(frozen=True, slots=True)
class Intervention:
    """One intervention of a probe.

    Attributes:
        family: its name without the amount.
        amount: N or f; 0 where the family has none, `BEHIND` where it stands behind the whole thinking.
        base: the arm whose replies are edited.
        judged: whether the thinking itself is judged, and so only what the model wrote of it after the edit.
    """

    family: str
    amount: float = 0
    base: str = BASE
    judged: bool = False

    def __str__(self) -> str:
        bare = not FAMILIES[self.family].amount or self.amount == BEHIND
        return self.family if bare else f"{self.family}:{self.amount:g}"

    @property
    def control(self) -> str:
        """The intervention, or `RECORDED`, that this one is held against; a control of others against the latter."""
        control = FAMILIES[self.family].control
        if control in FAMILIES:
            return str(Intervention(control, self.amount))
        return RECORDED if control == str(self) else control

    @property
    def control_arm(self) -> str:
        """The arm part of the keys of the replies that its own are held against."""
        return self.base if self.control == RECORDED else f"{self.base}+{self.control}"

    @property
    def inside(self) -> bool:
        """Whether it puts a text inside the thinking, which goes on from there."""
        return self.family in (REMIND, REMIND_NEUTRAL) and self.amount != BEHIND

    @property
    def arm(self) -> str:
        """The arm part of the keys of its replies."""
        return f"{self.base}+{self}"

    @property
    def compared(self) -> bool:
        """Whether it is held against its control; neutral text is none where what follows is judged, and no other."""
        return not self.judged or self.family != REMIND_NEUTRAL


class Family(NamedTuple):
    """Interventions that differ in their amount alone.

    Attributes:
        line: what it does, in one line.
        amount: what follows the colon: a `count`, a `fraction` in [0, 1], or nothing.
        control: the intervention it is held against, or `RECORDED`; a family stands for the same amount of it.
        edit: makes the edit; None where the replies are not made by an edit alone.
        behind: whether it may also stand without an amount, for the place behind the whole thinking.
    """

    line: str
    amount: Literal["count", "fraction", ""]
    control: str
    edit: Callable[[Material, float], Edit | Unsuited] | None
    behind: bool = False


def _whole(material: Material) -> int:
    return len(material.trace.text)


def _extend(material: Material, count: float) -> Edit:
    return Edit(_whole(material), WAIT * int(count), closed=count == 0)


def _extend_neutral(material: Material, count: float) -> Edit:
    return Edit(_whole(material), _neutral(material.ruler, WAIT * int(count), "\n"), closed=count == 0)


def _truncate(material: Material, part: float) -> Edit:
    return Edit(_reach(material.trace.text, part), "")


def _reach(text: str, part: float) -> int:
    """Return the end of the last whole word within a part of a text."""
    reach = int(part * len(text))
    ends = [place.start() for place in re.finditer(r"\s+|$", text) if place.start() <= reach]
    return max(ends, default=0)


def _filler(material: Material, part: float) -> Edit:
    return Edit(0, _filling(material, part))


def _filler_tail(material: Material, part: float) -> Edit:
    return Edit(_whole(material), _filling(material, part))


def _filling(material: Material, part: float) -> str:
    measure = material.ruler.measure
    return matched(lambda count: FILLER * count, round(part * measure(material.trace.text)), measure)


def _swap(material: Material, _: float) -> Edit | Unsuited:
    return Unsuited("no other problem has a trace") if material.other is None else Edit(0, material.other)


def _noise(material: Material, _: float) -> Edit | Unsuited:
    rng = Random(f"noise/{material.key}")
    changed: dict[str, str] = {}

    def change(number: re.Match[str]) -> str:
        return changed.setdefault(number[0], _other_number(rng, number[0]))

    noisy = _NUMBER.sub(change, material.trace.text)
    return Edit(0, noisy) if changed else Unsuited("its trace has no number")


def _other_number(rng: Random, number: str) -> str:
    """Return another number of as many digits, its first digit 0 only where that of `number` is."""
    while True:
        first = rng.choice("123456789") if number[0] != "0" or len(number) == 1 else "0"
        other = first + "".join(rng.choice("0123456789") for _ in number[1:])
        if other != number:
            return other


def _remind(material: Material, part: float) -> Edit:
    return _inside(material, part, _reminder(material))


def _remind_neutral(material: Material, part: float) -> Edit:
    return _inside(material, part, _neutral(material.ruler, _reminder(material), "\n\n"))


def _inside(material: Material, part: float, text: str) -> Edit:
    """Return the edit that puts a text at a part of the thinking, which then goes on, or behind all of it."""
    if part == BEHIND:
        return Edit(_whole(material), text)
    return Edit(_reach(material.trace.text, part), text + "\n\n", closed=False)


def _reminder(material: Material) -> str:
    return "\n\n" + material.demands


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "extend": Family(
            "the thinking goes on after 'Wait' N times; N = 0 changes nothing", "count", "extend:0", _extend
        ),
        "extend-neutral": Family(
            "the thinking goes on after neutral text as long as 'Wait' N times", "count", "extend:0", _extend_neutral
        ),
        "truncate": Family("the first part f of the thinking, then the answer", "fraction", "extend:0", _truncate),
        "filler": Family("filler as long as a part f of the thinking in its place", "fraction", "extend:0", _filler),
        "filler-tail": Family(
            "the thinking, then filler as long as a part f of it", "fraction", "extend:0", _filler_tail
        ),
        PARAPHRASE: Family("the thinking as the same model rewrites it", "", "extend:0", None),
        "swap": Family("the thinking on another problem in its place", "", "extend:0", _swap),
        "noise": Family("the thinking with every number changed", "", "extend:0", _noise),
        REMIND: Family(
            "the constraints again, behind the thinking or inside it at a part f, from where it goes on",
            "fraction",
            REMIND_NEUTRAL,
            _remind,
            behind=True,
        ),
        REMIND_NEUTRAL: Family(
            "neutral text as long as the constraints, at the same place",
            "fraction",
            "extend:0",
            _remind_neutral,
            behind=True,
        ),
        REFORMATTED: Family("a second turn: 'rewrite your answer so that it obeys'", "", RECORDED, None),
    }
)
"""Every family of interventions."""

DEFAULT = (
    "extend:0,extend:2,extend:4,extend:8,extend-neutral:2,extend-neutral:4,extend-neutral:8,"
    "truncate:0,truncate:0.25,truncate:0.5,truncate:0.75,filler:1,filler-tail:0.5,filler-tail:1,"
    "paraphrase,swap,noise,remind,remind-neutral,reformat"
)
"""What a probe does where the user says nothing."""

REMINDERS = "remind:0,remind:0.25,remind:0.5,remind:0.75,remind:1"
"""The same where the thinking itself is judged: what can stand inside it, and only what follows is judged."""

_MOST_WAITS = 64


def parse_interventions(text: str, base: str = BASE, *, judged: bool = False) -> tuple[Intervention, ...]:
    """Read a comma-separated list of interventions; controls that it leaves out come first.

    Args:
        text: the list; "" for the usual ones.
        base: the arm whose replies are edited.
        judged: whether it asks something of the thinking; `thinking` and `both` always do.

    Raises:
        UsageError: for an unknown, doubled or missing name, an amount that its family does not take, or an edit of
            thinking that is itself judged.
    """
    if base not in BASES:
        raise UsageError(f"--of: found {base!r}{nearest(base, BASES)}")
    judged = judged or base != BASE
    usual = REMINDERS if judged else DEFAULT
    parts = (part.strip() for part in (text or usual).split(","))
    asked = [replace(_parse(part), base=base, judged=judged) for part in parts if part]
    if not asked or len(set(asked)) < len(asked):
        raise UsageError(f"--arms: found {text!r}, expected different interventions, as in {usual}")
    outside = [one for one in asked if judged and not one.inside]
    if outside:
        raise UsageError(
            f"--arms: found {outside[0]}; in arm {base} the thinking itself is judged, so that only what follows a"
            f" reminder inside it can be: expected {REMIND}:f or {REMIND_NEUTRAL}:f, as in {usual}"
        )
    needed = [_control(one) for one in asked if one.compared and one.control != RECORDED]
    controls = [_control(one) for one in needed if one.compared and one.control != RECORDED] + needed
    return tuple(dict.fromkeys([*(one for one in controls if one not in asked), *asked]))


def _control(one: Intervention) -> Intervention:
    return replace(_parse(one.control), base=one.base, judged=one.judged)


def _parse(text: str) -> Intervention:
    name, colon, amount = text.partition(":")
    if name not in FAMILIES:
        raise UsageError(f"--arms: unknown intervention {name!r}{nearest(name, FAMILIES)}")
    takes = FAMILIES[name].amount
    if not colon and FAMILIES[name].behind:
        return Intervention(name, BEHIND)
    if not takes and not colon:
        return Intervention(name)
    expected = {"count": f"{name}:N with N from 0 to {_MOST_WAITS}", "fraction": f"{name}:f with f from 0 to 1"}
    number = _amount(amount, takes)
    if number is None:
        raise UsageError(f"--arms: found {text!r}, expected {expected.get(takes, name)}")
    return Intervention(name, number)


def _amount(text: str, takes: str) -> float | None:
    if takes == "count":
        return int(text) if text.isdecimal() and int(text) <= _MOST_WAITS else None
    if takes == "fraction" and re.fullmatch(r"\d*\.?\d+|\d+\.", text):
        return float(text) if float(text) <= 1 else None
    return None


def ruler(count: Callable[[str], int | None]) -> Ruler:
    """Return the ruler of an engine: its tokens where it counts them, else characters."""
    if count("Wait") is None:
        return Ruler("characters", len)

    @lru_cache(maxsize=1024)
    def measure(text: str) -> int:
        tokens = count(text)
        if tokens is None:
            raise EngineError("the engine stopped counting tokens in the middle of a probe; run the command again")
        return tokens

    return Ruler("tokens", measure)


def matched(make: Callable[[int], str], size: int, measure: Callable[[str], int]) -> str:
    """Return the text `make(count)` whose length is nearest to `size`, for lengths that grow with `count` from 0."""
    high = 1
    while measure(make(high)) < size:
        high *= 2
    low = 0
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if measure(make(middle)) < size else (low, middle)
    return min(make(low), make(high), key=lambda text: abs(measure(text) - size))


def _neutral(ruler: Ruler, model: str, lead: str) -> str:
    """Return neutral prose as long as `model`, after `lead`; nothing for nothing.

    It ends with a full stop, so that there is nothing in it to go on with.
    """
    words = NEUTRAL.split()

    def make(count: int) -> str:
        return lead + " ".join(words[place % len(words)] for place in range(count)) + "." if count else ""

    return matched(make, ruler.measure(model), ruler.measure) if model else ""


def trace_of(generation: Generation) -> Trace | Unsuited:
    """Return the trace of a recorded reply, or why it has none that could be edited."""
    reply = split(generation)
    if generation.finish in WITHHELD:
        return Unsuited("it was withheld")
    if generation.finish is not Finish.STOP:
        return Unsuited("the token limit cut it")
    if reply.state is State.OPEN:
        return Unsuited("its thinking was never closed")
    if reply.state is State.ABSENT:
        return _unmarked(generation.text)
    if not reply.thinking:
        return Unsuited("the server keeps its thinking to itself")
    if generation.reasoning and generation.reasoning.strip():
        return Trace(SPLIT_OPEN, reply.thinking, SPLIT_CLOSE)
    return _marked(generation.text, reply.thinking, reply.final)


def _marked(raw: str, thinking: str, final: str) -> Trace | Unsuited:
    start = raw.find(thinking)
    end = start + len(thinking)
    answer = raw.find(final, end)
    if start < 0 or answer < 0:
        return Unsuited("its thinking stands in several places")
    return Trace(raw[:start], thinking, raw[end:answer] if final else raw[end:])


def _unmarked(raw: str) -> Trace | Unsuited:
    extracted = extract(raw)
    answer = extracted.span.start if extracted else len(raw.rstrip()) - 1
    ends = [end for end in _SENTENCE_END.finditer(raw, 0, max(answer, 0)) if raw[: end.start()].strip()]
    text = raw[: ends[-1].end()].strip() if ends else ""
    if not text:
        return Unsuited("it is a single sentence")
    start = raw.index(text)
    return Trace(raw[:start], text, CLOSE)


def edit(intervention: Intervention, material: Material) -> Edit | Unsuited:
    """Return the edit that `intervention` makes of a trace; one that needs a reply of its own makes none."""
    make = FAMILIES[intervention.family].edit
    return Unsuited("it needs a reply of its own") if make is None else make(material, intervention.amount)


def continued(shown: Prompt, intervention: Intervention, prefill: str) -> Prompt:
    """Return the prompt that has an edited reply gone on; every edit of one reply shares its seed."""
    return replace(shown, key=shown.key._replace(arm=intervention.arm), prefill=prefill)


def rewriting(shown: Prompt, trace: Trace) -> Prompt:
    """Return the prompt that has the trace of a reply paraphrased."""
    key = rewriting_key(shown.key)
    return replace(shown, key=key, messages=(Message("user", REWRITE + trace.text),))


def rewriting_key(key: Key) -> Key:
    """Return the key of the paraphrase that belongs to the recorded reply `key`."""
    return key._replace(arm=f"{key.arm}+{REWRITTEN}")


def reformatting(shown: Prompt, final: str) -> Prompt:
    """Return the prompt of the second turn, after the final text of the recorded reply."""
    demand = REFORMAT + "\n".join(f"- {sentence}" for sentence in shown.item.sentences)
    turns = (*shown.messages, Message("assistant", final), Message("user", demand))
    return replace(shown, key=shown.key._replace(arm=Intervention(REFORMATTED, base=shown.key.arm).arm), messages=turns)


def others(traces: Mapping[str, tuple[str, Trace]]) -> dict[str, str]:
    """Return for each key of a trace the text of one for another problem, where there is one.

    Args:
        traces: problem and trace of each recorded reply, by its key.
    """
    keys = sorted(traces, key=lambda key: Random(f"swap/{key}").random())
    borrowed = {}
    for place, key in enumerate(keys):
        strangers = (k for k in _around(keys, place) if traces[k][0] != traces[key][0])
        other = next(strangers, None)
        if other is not None:
            borrowed[key] = traces[other][1].text
    return borrowed


def _around(keys: list[str], place: int) -> Iterable[str]:
    return (keys[(place + step) % len(keys)] for step in range(1, len(keys)))

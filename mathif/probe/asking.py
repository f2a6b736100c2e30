"""Asking under interventions: a recorded reply is edited, and the model goes on from there.

What becomes of a trace (its edit, or why there is none) is drawn once, with lengths as the engine counts them, and
recorded in `edits.jsonl`; a paraphrase is asked of the model first and then stands for the trace.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from mathif.arms import block_of
from mathif.constraints import Constraint
from mathif.errors import DataError
from mathif.interventions import (
    PARAPHRASE,
    REFORMATTED,
    Edit,
    Intervention,
    Material,
    Ruler,
    Trace,
    Unsuited,
    continued,
    edit,
    others,
    reformatting,
    rewriting,
    rewriting_key,
    trace_of,
)
from mathif.items import Prompt
from mathif.json_values import JsonObject, count, fields, flag, text
from mathif.reasoning import split
from mathif.records import Generation, Key, sum_known
from mathif.run.asking import Judged, Replies

Lengths = Mapping[str, int]


class Edited:
    """Asks for the rest of every recorded reply under every intervention."""

    file = "edits.jsonl"

    def __init__(
        self, shown: Sequence[Prompt], recorded: Replies, interventions: Sequence[Intervention], where: str
    ) -> None:
        """Take what is edited.

        Args:
            shown: what was asked for the recorded replies.
            recorded: those replies.
            interventions: what is done to each.
            where: names the probe in errors.
        """
        self.ruler: Ruler | None = None
        self.unit: str | None = None
        self.lengths: dict[str, Lengths] = {}
        self._shown = shown
        self._recorded = recorded
        self._interventions = interventions
        self._where = where
        self._traces = {key: trace_of(generation) for key, generation in recorded.items()}
        self._finals = {key: _whole(generation) for key, generation in recorded.items()} if self._reformats else {}
        self._edits: dict[str, Edit | Unsuited] = {}

    @property
    def _reformats(self) -> bool:
        return any(one.family == REFORMATTED for one in self._interventions)

    def _pairs(self) -> Iterator[tuple[Prompt, Intervention]]:
        return itertools.product(self._shown, self._interventions)

    def draw(self, done: Replies) -> Iterator[JsonObject]:
        """Yield every edit that needs no further reply, once there is a `ruler` to measure them with."""
        if self.ruler is None:
            return
        traces = {key: trace for key, trace in self._traces.items() if isinstance(trace, Trace)}
        problems = {str(prompt.key): prompt.item.problem.key for prompt in self._shown}
        strangers = others({key: (problems[key], trace) for key, trace in traces.items()})
        for prompt, one in self._pairs():
            key = str(prompt.key)
            if one.family not in (PARAPHRASE, REFORMATTED) and _edited(prompt.key, one) not in self._edits:
                yield self._drawn(prompt, one, strangers.get(key), self.ruler)

    def _drawn(self, prompt: Prompt, one: Intervention, stranger: str | None, ruler: Ruler) -> JsonObject:
        """Return the row of one edit."""
        trace = self._traces[str(prompt.key)]
        row = {"key": _edited(prompt.key, one)}
        if isinstance(trace, Unsuited):
            return {**row, "left_out": trace.reason}
        edited = edit(one, Material(str(prompt.key), trace, block_of(prompt.item), stranger, ruler))
        if isinstance(edited, Unsuited):
            return {**row, "left_out": edited.reason}
        lengths = {"thinking": ruler.measure(edited.thinking(trace)), "prefill": ruler.measure(edited.prefill(trace))}
        return {**row, **edited._asdict(), "lengths": lengths}

    def learn(self, row: JsonObject, where: str) -> None:
        """Take over an edit.

        Raises:
            DataError: if the row is not one of an edit.
        """
        try:
            key = text(row, "key")
            if "left_out" in row:
                self._edits[key] = Unsuited(text(row, "left_out"))
            else:
                lengths = fields(row, "lengths")
                self._edits[key] = Edit(count(row, "keep"), text(row, "insert"), flag(row, "closed"))
                self.lengths[key] = {part: count(lengths, part) for part in lengths}
        except (KeyError, ValueError) as error:
            found = f"{error} is missing" if isinstance(error, KeyError) else error
            raise DataError(f"{where}: not the row of an edit: {found}") from error

    def prompts(self, done: Replies) -> Iterator[Prompt]:
        """Yield what can be asked now, reply by reply; first the paraphrase, where one is needed."""
        made = (self._prompt(prompt, one, done) for prompt, one in self._pairs())
        return (prompt for prompt in made if prompt is not None)

    def _prompt(self, shown: Prompt, one: Intervention, done: Replies) -> Prompt | None:
        """Return what `one` asks after the reply to `shown`."""
        key = str(shown.key)
        if one.family == REFORMATTED:
            return reformatting(shown, self._finals[key]) if self._finals[key] else None
        trace = self._traces[key]
        if isinstance(trace, Unsuited):
            return None
        if one.family == PARAPHRASE and str(rewriting_key(shown.key)) not in done:
            return rewriting(shown, trace)
        edited = self._edit(shown.key, one, done)
        return None if isinstance(edited, Unsuited) else continued(shown, one, edited.prefill(trace))

    def _edit(self, key: Key, one: Intervention, done: Replies) -> Edit | Unsuited:
        """Return the recorded edit, or that of a paraphrase, which is its own record."""
        if one.family == PARAPHRASE:
            return _rewritten(done[str(rewriting_key(key))])
        return self._edits.get(_edited(key, one), Unsuited("its edit is not made yet"))

    def left_out(self, done: Replies) -> dict[str, dict[str, int]]:
        """Return for each intervention how many recorded replies it could not be done to, by reason."""
        counts: dict[str, dict[str, int]] = {str(one): {} for one in self._interventions}
        for prompt, one in self._pairs():
            reason = self._reason(prompt.key, one, done)
            if reason:
                counts[str(one)][reason] = counts[str(one)].get(reason, 0) + 1
        return counts

    def _reason(self, key: Key, one: Intervention, done: Replies) -> str:
        """Return why `one` is not done to a recorded reply, "" where it is."""
        if one.family == REFORMATTED:
            return "" if self._finals[str(key)] else "the token limit cut it, or it is empty"
        trace = self._traces[str(key)]
        if isinstance(trace, Unsuited):
            return trace.reason
        if one.family == PARAPHRASE and str(rewriting_key(key)) not in done:
            return ""
        edited = self._edit(key, one, done)
        return edited.reason if isinstance(edited, Unsuited) else ""

    def served(self, done: Replies) -> dict[str, Judged]:
        """Return the recorded and the edited replies with their items; paraphrased traces are judged by nothing."""
        served: dict[str, Judged] = {}
        for prompt in self._shown:
            served[str(prompt.key)] = [(prompt.item, prompt.key)]
            for one in self._interventions:
                key = prompt.key._replace(arm=one.arm)
                if not self._reason(prompt.key, one, done):
                    served[str(key)] = [(prompt.item, key)]
                if one.family == PARAPHRASE:
                    served[str(rewriting_key(prompt.key))] = []
        return served

    def judged(self, done: Replies) -> Replies:
        """Return the recorded replies, then what came back, each after the beginning it goes on from."""
        return Whole(self._recorded, done, self.joined)

    def begun(self, key: str) -> tuple[Sequence[Constraint], int] | None:
        """Return what is asked of the reply that goes on from text put inside its thinking, and where it goes on.

        None for every other reply.
        """
        parsed = Key.parse(key)
        base = str(_recorded(parsed))
        one = next((one for one in self._interventions if one.arm == parsed.arm and one.inside), None)
        edited, trace = self._edits.get(key), self._traces.get(base)
        if one is None or not isinstance(edited, Edit) or not isinstance(trace, Trace):
            return None
        return self._demands[base], len(edited.prefill(trace))

    @cached_property
    def _demands(self) -> Mapping[str, Sequence[Constraint]]:
        return {str(prompt.key): prompt.item.constraints for prompt in self._shown}

    def joined(self, key: str, done: Replies) -> Generation:
        """Return what came back after the beginning that it goes on from; as it came where it goes on from none."""
        parsed = Key.parse(key)
        one = next((one for one in self._interventions if one.arm == parsed.arm and one.family != REFORMATTED), None)
        return done[key] if one is None else self._joined(done[key], _recorded(parsed), one, done)

    def _joined(self, generation: Generation, base: Key, one: Intervention, done: Replies) -> Generation:
        trace, edited = self._traces[str(base)], self._edit(base, one, done)
        if isinstance(trace, Unsuited) or isinstance(edited, Unsuited):
            raise DataError(f"{self._where}: {generation.key} goes on from an edit that is not recorded")
        total = sum_known(generation.completion_tokens, self._length(base, one, done))
        begun = self._recorded[str(base)]  # what the beginning was read by, the whole is read by
        return replace(
            generation,
            text=edited.prefill(trace) + generation.text,
            completion_tokens=total,
            opened=begun.opened,
            tags=begun.tags,
        )

    def _length(self, base: Key, one: Intervention, done: Replies) -> int | None:
        """Return the tokens of a prefill, of a paraphrase those of the rewritten trace; None where they are unknown."""
        if self.unit != "tokens":
            return None
        if one.family != PARAPHRASE:
            return self.lengths[_edited(base, one)]["prefill"]
        rewritten = done[str(rewriting_key(base))]
        return sum_known(rewritten.completion_tokens, -(rewritten.reasoning_tokens or 0))


class Whole(Replies):
    """The recorded replies, then those that came back, each made whole when it is asked for."""

    def __init__(self, recorded: Replies, done: Replies, joined: Callable[[str, Replies], Generation]) -> None:
        self._recorded = recorded
        self._done = done
        self._joined = joined

    def __getitem__(self, key: str) -> Generation:
        return self._recorded[key] if key in self._recorded else self._joined(key, self._done)

    def __iter__(self) -> Iterator[str]:
        return itertools.chain(self._recorded, self._done)

    def __len__(self) -> int:
        return len(self._recorded) + len(self._done)


def _recorded(edited: Key) -> Key:
    """Return the key of the recorded reply that an edited one goes on from."""
    return edited._replace(arm=edited.arm.partition("+")[0])


def _edited(key: Key, one: Intervention) -> str:
    return str(key._replace(arm=one.arm))


def _whole(generation: Generation) -> str:
    """Return the final text of a reply that ended, "" where it was cut."""
    reply = split(generation)
    return reply.final if reply.whole else ""


def _rewritten(generation: Generation) -> Edit | Unsuited:
    """Return the edit that puts a paraphrase in place of the trace."""
    reply = split(generation)
    if not reply.whole:
        return Unsuited("the token limit cut its paraphrase")
    return Edit(0, reply.final) if reply.final else Unsuited("its paraphrase is empty")

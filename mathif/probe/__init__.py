"""A probe: a run that goes on from the recorded replies of another one, each under a set of interventions.

Its folder lies inside the run's, `RUN/probes/NAME`, and holds the same files, with two more: `edits.jsonl`, what became
of each trace and how long that is, and `survival.jsonl`, whether an edited reply gives the answer of its control.
`generations.jsonl` holds the new text alone; what is graded is the edited beginning and the new text together, so a
probe can be graded and reported again without its model.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mathif import __version__, answers, run, store
from mathif.answers import extract
from mathif.engines import Engine, Options, continuing
from mathif.errors import DataError, UsageError
from mathif.interventions import (
    BASE,
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
    parse_interventions,
    reformatting,
    rewriting,
    rewriting_key,
    ruler,
    trace_of,
)
from mathif.items import Item, Prompt
from mathif.probe.figures import Records, summarize
from mathif.probe.text import markdown
from mathif.reasoning import split
from mathif.records import SCHEMA, Finish, Generation, Graded, Key, Outcome, State
from mathif.run import Progress, Run, chosen

DEFAULT_NAME = "probe"


def is_probe(folder: Path) -> bool:
    """Return whether `folder` is a probe's and not that of a run that asks items."""
    path = folder / "run.json"
    return path.is_file() and "probe" in store.read_json(path)


def probe_folder(parent: Path, name: str) -> Path:
    """Return the folder of the probe `name` of the run in `parent`."""
    return parent / "probes" / name


class Probe(Run):
    """A probe's folder, opened."""

    is_probe = True

    def __init__(self, folder: Path) -> None:
        """Open the probe in `folder`.

        Raises:
            UsageError: if it is no probe.
            DataError: if the replies it goes on from have changed.
        """
        super().__init__(folder)
        self.parent = Run(folder.parent.parent)
        settings = self.head["probe"]
        self.interventions = parse_interventions(",".join(settings["arms"]))
        self.limit: int | None = settings["limit"]
        if _digest(self.recorded) != settings["recorded"]:
            raise DataError(f"{folder}: the replies in {self.parent.folder} have changed since; start a new probe")

    @classmethod
    def start(
        cls,
        parent: Run,
        name: str,
        interventions: tuple[Intervention, ...],
        limit: int | None = None,
        model: str | None = None,
        options: Options | None = None,
    ) -> Probe:
        """Create the folder of a new probe of `parent`.

        Args:
            parent: the run whose replies are edited.
            name: of the probe.
            interventions: what is done to them.
            limit: number of items of each task, whole problems first, or None for all that the run asked.
            model: as after `--model`; None for the model of the run, opened as it was.
            options: what its engine is told, where `model` is given.

        Raises:
            UsageError: if the folder is taken, or the run has no replies to go on from.
        """
        folder = probe_folder(parent.folder, name)
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder}: not empty; leave out every setting to continue it, or choose another --name")
        replies = _recorded(parent, limit)
        if not replies:
            raise UsageError(f"{parent.folder}: no reply of arm {BASE!r} is recorded; run `{parent.resume_line}` first")
        plan = replace(parent.plan, arms=(BASE,))
        head = {
            "schema": SCHEMA,
            "mathif": __version__,
            "plan": (replace(plan, model=model, options=options or Options()) if model else plan).to_json(),
            "tasks": parent.head["tasks"],
            "prompts": run.prompts_digest(plan, parent.tasks),
            "probe": {"arms": list(map(str, interventions)), "limit": limit, "recorded": _digest(replies)},
        }
        folder.mkdir(parents=True, exist_ok=True)
        store.write_json(folder / "run.json", head)
        return cls(folder)

    @property
    def resume_line(self) -> str:
        """The command that continues this probe."""
        return f"mathif probe {self.parent.folder} --name {self.folder.name}"

    @cached_property
    def recorded(self) -> Mapping[str, Generation]:
        """The recorded replies that are edited, by key."""
        return _recorded(self.parent, self.limit)

    @cached_property
    def traces(self) -> Mapping[str, Trace | Unsuited]:
        """The trace of each recorded reply, or why it has none."""
        return {key: trace_of(generation) for key, generation in self.recorded.items()}

    @cached_property
    def _shown(self) -> tuple[Prompt, ...]:
        """What was asked for the recorded replies."""
        return tuple(prompt for prompt in self.prompts() if str(prompt.key) in self.recorded)

    @property
    def _edits_path(self) -> Path:
        return self.folder / "edits.jsonl"

    def prepare(self, engine: Engine) -> None:
        """Make every edit that needs no further reply, with lengths as the engine counts them.

        Raises:
            EngineError: if the engine cannot go on from the beginning of a reply.
        """
        counting = continuing(engine, self.plan.model)
        if self._edits_path.exists():
            return
        measured = ruler(counting.count_tokens)
        self.head = {**self.head, "probe": {**self.head["probe"], "unit": measured.unit}}
        store.write_json(self.folder / "run.json", self.head)
        with store.rewriting(self._edits_path) as rows:
            for row in self._make_edits(measured):
                rows.append(row)

    def _make_edits(self, measured: Ruler) -> Iterator[dict[str, Any]]:
        traces = {key: trace for key, trace in self.traces.items() if isinstance(trace, Trace)}
        problems = {str(prompt.key): prompt.item.problem.key for prompt in self._shown}
        strangers = others({key: (problems[key], trace) for key, trace in traces.items()})
        for prompt, one in itertools.product(self._shown, self.interventions):
            if one.family in (PARAPHRASE, REFORMATTED):
                continue
            key = str(prompt.key)
            row: dict[str, Any] = {"key": str(prompt.key._replace(arm=one.arm))}
            found: Edit | Unsuited | Trace = self.traces[key]
            if isinstance(found, Trace):
                found = edit(one, Material(key, traces[key], prompt.item.sentences, strangers.get(key), measured))
            if isinstance(found, Unsuited):
                yield {**row, "left_out": found.reason}
            else:
                thinking, whole = found.thinking(traces[key]), found.prefill(traces[key])
                lengths = {"thinking": measured.measure(thinking), "prefill": measured.measure(whole)}
                yield {**row, **found._asdict(), "lengths": lengths}

    @cached_property
    def edits(self) -> Mapping[str, dict[str, Any]]:
        """The rows of `edits.jsonl` by key; empty before they are made."""
        if not self._edits_path.exists():
            return {}
        return {row["key"]: row for row in store.read_rows(self._edits_path)}

    def pending(self) -> Iterator[Prompt]:
        """Yield the prompts that can be made from what is recorded so far and have no reply yet, reply by reply."""
        self.__dict__.pop("edits", None)  # they are made after the first look
        done = {generation.key: generation for generation in self.generations()}
        made = (self._prompt(prompt, one, done) for prompt, one in itertools.product(self._shown, self.interventions))
        return (prompt for prompt in made if prompt is not None and str(prompt.key) not in done)

    def _prompt(self, shown: Prompt, one: Intervention, done: Mapping[str, Generation]) -> Prompt | None:
        """Return what `one` asks after the reply to `shown`; first the paraphrase, where it needs one."""
        trace = self.traces[str(shown.key)]
        if one.family == REFORMATTED:
            final = self._final(str(shown.key))
            return reformatting(shown, final) if final else None
        if isinstance(trace, Unsuited):
            return None
        if one.family == PARAPHRASE and str(rewriting_key(shown.key)) not in done:
            return rewriting(shown, trace)
        found = self._edit(shown.key, one, done)
        return None if isinstance(found, Unsuited) else continued(shown, one, found.prefill(trace))

    def _final(self, key: str) -> str:
        """Return the final text of a recorded reply that ended, "" where it was cut."""
        reply = split(self.recorded[key])
        return "" if reply.state is State.OPEN or reply.finish is not Finish.STOP else reply.final

    def _edit(self, key: Key, one: Intervention, done: Mapping[str, Generation]) -> Edit | Unsuited:
        """Return the recorded edit, or that of a paraphrase, which is its own record."""
        if one.family == PARAPHRASE:
            return _rewritten(done[str(rewriting_key(key))])
        row = self.edits.get(str(key._replace(arm=one.arm)), {"left_out": "its edit is not made yet"})
        if "left_out" in row:
            return Unsuited(row["left_out"])
        return Edit(row["keep"], row["insert"], row["closed"])

    def left_out(self) -> dict[str, dict[str, int]]:
        """Return for each intervention how many recorded replies it could not be done to, by reason."""
        done = {generation.key: generation for generation in self.generations()}
        counts: dict[str, dict[str, int]] = {str(one): {} for one in self.interventions}
        for prompt, one in itertools.product(self._shown, self.interventions):
            reason = self._reason(prompt.key, one, done)
            if reason:
                counts[str(one)][reason] = counts[str(one)].get(reason, 0) + 1
        return counts

    def _reason(self, key: Key, one: Intervention, done: Mapping[str, Generation]) -> str:
        """Return why `one` is not done to a recorded reply, "" where it is."""
        trace = self.traces[str(key)]
        if one.family == REFORMATTED:
            return "" if self._final(str(key)) else "the token limit cut it, or it is empty"
        if isinstance(trace, Unsuited):
            return trace.reason
        if one.family == PARAPHRASE and str(rewriting_key(key)) not in done:
            return ""
        found = self._edit(key, one, done)
        return found.reason if isinstance(found, Unsuited) else ""

    def served(self) -> dict[str, list[tuple[Item, Key]]]:
        """Return the recorded and the edited replies with their items; paraphrased traces are judged by nothing."""
        done = {generation.key: generation for generation in self.generations()}
        found: dict[str, list[tuple[Item, Key]]] = {}
        for prompt in self._shown:
            found[str(prompt.key)] = [(prompt.item, prompt.key)]
            for one in self.interventions:
                key = prompt.key._replace(arm=one.arm)
                if not self._reason(prompt.key, one, done):
                    found[str(key)] = [(prompt.item, key)]
                if one.family == PARAPHRASE:
                    found[str(rewriting_key(prompt.key))] = []
        return found

    def replies(self) -> Iterator[Generation]:
        """Yield the recorded replies, then what came back, each after the beginning it goes on from."""
        yield from self.recorded.values()
        done = {generation.key: generation for generation in self.generations()}
        families = {one.arm: one for one in self.interventions if one.family != REFORMATTED}
        for generation in done.values():
            key = Key.parse(generation.key)
            one = families.get(key.arm)
            yield generation if one is None else self._joined(generation, key._replace(arm=BASE), one, done)

    def _joined(
        self, generation: Generation, base: Key, one: Intervention, done: Mapping[str, Generation]
    ) -> Generation:
        trace, found = self.traces[str(base)], self._edit(base, one, done)
        if isinstance(trace, Unsuited) or isinstance(found, Unsuited):
            raise DataError(f"{self.folder}: {generation.key} goes on from an edit that is not recorded")
        total = _sum(generation.completion_tokens, self._length(base, one, done))
        return replace(generation, text=found.prefill(trace) + generation.text, completion_tokens=total)

    def _length(self, base: Key, one: Intervention, done: Mapping[str, Generation]) -> int | None:
        """Return the tokens of a prefill, of a paraphrase those of the rewritten trace; None where they are unknown."""
        if self.head["probe"].get("unit") != "tokens":
            return None
        if one.family != PARAPHRASE:
            length: int = self.edits[str(base._replace(arm=one.arm))]["lengths"]["prefill"]
            return length
        rewritten = done[str(rewriting_key(base))]
        return _sum(rewritten.completion_tokens, -(rewritten.reasoning_tokens or 0))


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


def _rewritten(generation: Generation) -> Edit | Unsuited:
    """Return the edit that puts a paraphrase in place of the trace."""
    reply = split(generation)
    if generation.finish is not Finish.STOP or reply.state is State.OPEN:
        return Unsuited("the token limit cut its paraphrase")
    return Edit(0, reply.final) if reply.final else Unsuited("its paraphrase is empty")


def _recorded(parent: Run, limit: int | None) -> dict[str, Generation]:
    """Return the replies of `parent` that a probe of so many items of each task goes on from."""
    asked = {
        (task.name, item.key)
        for task in parent.tasks
        for item in chosen([item for item in parent.items(task) if item.constraints], limit)
    }
    keyed = ((Key.parse(generation.key), generation) for generation in parent.generations())
    return {str(key): g for key, g in sorted(keyed) if key.arm == BASE and (key.task, key.item) in asked}


def _digest(replies: Mapping[str, Generation]) -> str:
    return store.digest([generation.to_json() for generation in replies.values()])


def grade(probe: Probe, progress: Progress[Graded], compared: Progress[Generation]) -> None:
    """Grade the recorded and the edited replies, and say of each edited one whether it gives its control's answer.

    Raises:
        DataError: if a recorded key is not one that this probe asks for, naming the first three.
    """
    run.grade(probe, progress)
    controls = {one.arm: one.control_arm for one in probe.interventions}
    finals = {g.key: split(g).final if g.finish is Finish.STOP else "" for g in probe.replies()}
    with store.rewriting(probe.folder / "survival.jsonl") as rows:
        for generation in compared(probe.generations(), len(finals) - len(probe.recorded), "answers"):
            key = Key.parse(generation.key)
            if key.arm in controls:
                control = str(key._replace(arm=controls[key.arm]))
                same = _same_answer(finals[generation.key], finals.get(control, ""))
                if same is not None:
                    rows.append({"key": generation.key, "same": same.value})


def _same_answer(final: str, control: str) -> Outcome | None:
    """Return whether two final texts give one answer; None where the control gives none."""
    given = extract(control)
    return None if given is None else answers.grade_answer(final, given.text).outcome


def report(probe: Probe) -> dict[str, Any]:
    """Summarize the verdicts, write `report.json` and `report.md`, and return the report."""
    rows = (Graded.from_json(row) for row in store.read_rows(probe.folder / "verdicts.jsonl"))
    same = {row["key"]: row["same"] for row in store.read_rows(probe.folder / "survival.jsonl")}
    lengths = {key: row["lengths"]["thinking"] for key, row in probe.edits.items() if "lengths" in row}
    found = summarize(rows, Records(same, lengths), probe.interventions)
    found |= {"matched_in": probe.head["probe"].get("unit"), "left_out": probe.left_out()}
    summary = dict(json.loads(store.canonical(found)))
    store.write_json(probe.folder / "report.json", summary)
    store.write_text(probe.folder / "report.md", markdown(summary))
    return summary

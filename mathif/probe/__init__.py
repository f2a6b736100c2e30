"""A probe: a run that goes on from the recorded replies of another one, each under a set of interventions.

Its folder lies inside the run's, `RUN/probes/NAME`, and holds the same files, with two more: `edits.jsonl`, what became
of each trace and how long that is, and `survival.jsonl`, whether an edited reply gives the answer of its control.
`generations.jsonl` holds the new text alone; what is graded is the edited beginning and the new text together, so a
probe can be graded and reported again without its model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from mathif import answers, store
from mathif.answers import extract
from mathif.arms import asked_as
from mathif.constraints import Constraint, Target
from mathif.constraints.seen import seen
from mathif.engines import Engine, Options, continuing
from mathif.errors import DataError, UsageError
from mathif.interventions import BASE, BASES, FAMILIES, Intervention, parse_interventions, ruler
from mathif.json_values import Json, JsonObject, fields, text
from mathif.page import Words
from mathif.plan import WAYS, kept
from mathif.probe import tables
from mathif.probe.asking import Edited
from mathif.probe.effects import Records, summarize
from mathif.probe.refresh import after, read_after, unwritten
from mathif.probe.tables import terminal
from mathif.records import Generation, Graded, Key, Outcome, Profile, Reply
from mathif.results import ProbeReport
from mathif.run import Aside, Drawn, Plan, Run, chosen
from mathif.run.asking import Arms, Drawings, Judged, Replies, learned
from mathif.run.folder import drawings, make
from mathif.run.head import HEAD, Head, HeadFields, ProbeSettings, read_head
from mathif.run.subject import refuse_changes
from mathif.wording import of_measured

DEFAULT_NAME = "probe"

LIMITS = (int, type(None))
"""Types of a limit."""
NAME = re.compile(r"[\w-][\w.-]*")
"""What names a folder and leads nowhere else."""


def is_probe(folder: Path) -> bool:
    """Return whether `folder` is a probe's and not that of a run that asks items."""
    return (folder / HEAD).is_file() and "probe" in read_head(folder)


def probe_folder(parent: Path, name: str) -> Path:
    """Return the folder of the probe `name` of the run in `parent`.

    Raises:
        UsageError: if the name is no name of a folder.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"--name: found {name!r}, expected letters, digits, `-`, `_` and `.`, beginning with no `.`")
    return parent / "probes" / name


def judges_thinking(parent: Run, base: str) -> bool:
    """Return whether arm `base` of a run asks something of the thinking, as its tasks or the arm itself may."""
    asked = (asked_as(item, base) for task in parent.tasks for item in task.items)
    return any(demand.target is Target.THINKING for item in asked if item for demand in item.constraints)


def open_probe(folder: Path) -> Run:
    """Open the probe in `folder`.

    Raises:
        UsageError: if it holds something else.
        DataError: if the replies it goes on from have changed.
    """
    return Run(folder, Probe.of)


def start_probe(
    parent: Run,
    name: str,
    interventions: tuple[Intervention, ...],
    limit: int | None = None,
    model: str | None = None,
    options: Options | None = None,
) -> Run:
    """Create the folder of a new probe of `parent`; open it where it was begun with the same settings.

    Args:
        parent: the run whose replies are edited.
        name: of the probe.
        interventions: what is done to them.
        limit: number of items of each task, whole problems first, or None for all that the run asked.
        model: as after `--model`; None for the model of the run, opened as it was.
        options: what its engine is told, where `model` is given.

    Raises:
        UsageError: if the folder is taken, the run has no replies to go on from, or they are another model's.
        DataError: if the replies have changed since it was begun.
    """
    folder = probe_folder(parent.folder, name)
    if model:
        _refuse_another(model, parent.plan.model)
    base = interventions[0].base
    replies = _recorded(parent, limit, base)
    if not replies:
        first = f"run `{parent.resume_line}` first" if base in parent.plan.arms else f"ask arm {base} in a run first"
        raise UsageError(f"{parent.folder}: no reply of arm {base!r} is recorded; {first}")
    plan = replace(parent.plan, arms=(base,), wordings="own")
    plan = replace(plan, model=model, options=options or Options()) if model else plan
    if is_probe(folder):
        begun = open_probe(folder)
        _refuse_otherwise(begun, plan, interventions, limit)
        told, untold = options or Options(), Options()
        ways = {name: getattr(told, name) for name in WAYS}
        begun.change_ways({name: way for name, way in ways.items() if way != getattr(untold, name)})
        return begun
    store.refuse_taken(folder, "choose another --name")
    settings: ProbeSettings = {
        "arms": list(map(str, interventions)),
        "of": base,
        "limit": limit,
        "recorded": _digest(replies),
    }
    make(folder, plan, Arms(plan, parent.tasks), {"probe": settings})
    return open_probe(folder)


def _refuse_otherwise(begun: Run, plan: Plan, interventions: tuple[Intervention, ...], limit: int | None) -> None:
    """Refuse to go on with a probe under other settings than it was begun with.

    Raises:
        UsageError: naming them.
    """
    known = begun.head["probe"]
    same = {
        "--arms": known["arms"] == list(map(str, interventions)),
        "--of": known.get("of", BASE) == interventions[0].base,
        "--limit": known.get("limit") == limit,
        "--model": begun.plan.model == plan.model,
        "the settings of the engine": kept(begun.plan.options) == kept(plan.options),
    }
    other = [name for name, is_same in same.items() if not is_same]
    if other:
        raise UsageError(
            f"{begun.folder}: this probe was begun with {' and '.join(other)} otherwise; leave out every setting to "
            "continue it, or choose another --name"
        )


def _refuse_another(model: str, own: str) -> None:
    """Refuse a model that did not give the replies; whose those of a file are is not known.

    One model may have several names: with its organisation or without, as a file, quantized.

    Raises:
        UsageError: if neither name is part of the other.
    """
    names = [Path(name).name.removesuffix(".gguf").casefold() for name in (model, own)]
    if not own.startswith("file:") and not (names[0] in names[1] or names[1] in names[0]):
        raise UsageError(
            f"--model {model}: the replies are those of {own}; a model goes on from its own thinking, so name an engine"
            " of that model"
        )


class Probe:
    """The subject of a probe: the replies of its parent, each gone on from under every intervention."""

    kind: ClassVar[str] = "probe"
    files: tuple[str, ...] = ("survival.jsonl", "edits.jsonl")
    drawn: tuple[str, ...] = ("edits.jsonl",)

    def __init__(self, parent: Run, name: str, plan: Plan, head: Head, recorded: Drawings) -> None:
        """Take the replies of `parent`.

        Raises:
            DataError: if they have changed since the probe began.
        """
        self.plan = plan
        self.parent = parent
        self.name = name
        self.where = str(probe_folder(parent.folder, name))
        self.resume_line = f"mathif probe {parent.folder} --name {name}"
        base = head["probe"].get("of", BASE)
        judged = judges_thinking(parent, base)
        self.interventions = parse_interventions(",".join(head["probe"]["arms"]), base, judged=judged)
        self.recorded = _recorded(parent, head["probe"].get("limit"), base)
        self._head = head
        self._recorded_edits = recorded
        if _digest(self.recorded) != head["probe"].get("recorded"):
            raise DataError(f"{self.where}: the replies in {parent.folder} have changed since; start a new probe")

    @classmethod
    def of(cls, run: Run) -> Probe:
        """Take what the folder of a probe says.

        Raises:
            UsageError: if it is a run that asks items.
            DataError: if what it says of the probe cannot be used.
        """
        folder, head = run.folder, run.head
        if "probe" not in head:
            raise UsageError(f"{folder}: found a run, expected a probe of one")
        said = head["probe"]
        arms, limit, base = said.get("arms"), said.get("limit"), said.get("of", BASE)
        listed = isinstance(arms, list) and all(isinstance(arm, str) for arm in arms)
        if not listed or type(limit) not in LIMITS or base not in BASES:
            raise DataError(f"{folder / 'run.json'}: 'probe' is {said!r:.80}, which is not the settings of a probe")
        return cls(Run(folder.parent.parent), folder.name, run.plan, head, drawings(run))

    @cached_property
    def arms(self) -> Arms:
        """The arm that the recorded replies are of.

        Raises:
            DataError: if its prompts have changed since the probe began.
        """
        arms = Arms(self.plan, self.parent.tasks)
        refuse_changes(arms, self._head, self.where)
        return arms

    @cached_property
    def edited(self) -> Edited:
        """What is asked."""
        shown = tuple(prompt for prompt in self.arms.prompts({}) if str(prompt.key) in self.recorded)
        edited = learned(Edited(shown, self.recorded, self.interventions, self.where), self._recorded_edits)
        edited.unit = self._head["probe"].get("unit")
        return edited

    @property
    def askings(self) -> Sequence[Edited]:
        """The one way in which it asks."""
        return [self.edited]

    def prepare(self, engine: Engine, head: Head) -> HeadFields:
        """Take the engine's measure of length, which every edit is drawn with.

        Raises:
            EngineError: if the engine cannot go on from the beginning of a reply.
        """
        counting = continuing(engine, self.plan.model)
        self.edited.ruler = ruler(counting.count_tokens)
        self.edited.unit = self.edited.ruler.unit
        return {"probe": {**head["probe"], "unit": self.edited.unit}}

    def served(self, done: Replies) -> Mapping[str, Judged]:
        """Return the recorded and the edited replies with their items."""
        return self.edited.served(done)

    def judged(self, done: Replies) -> Replies:
        """Return the recorded replies, and each new one after the beginning it goes on from."""
        return self.edited.judged(done)

    def aside(self) -> Aside:
        """Return who compares each answer with that of its control, and judges what follows a reminder."""
        return Survival({one.arm: one.control_arm for one in self.interventions}, self.edited.begun)

    def summarize(self, rows: Iterable[Graded], heard: Iterable[JsonObject], done: Replies) -> ProbeReport:
        """Return the report on the verdicts."""
        try:
            told = {text(row, "key"): row for row in heard}
            same = {key: text(row, "same") for key, row in told.items() if "same" in row}
            slips = {key: read_after(fields(row, "after")) for key, row in told.items() if "after" in row}
        except (KeyError, ValueError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            again = f"grade it again: mathif grade {self.where}"
            raise DataError(f"{self.where}/{Survival.file}: a row cannot be read: {what}; {again}") from error
        lengths = {key: report["thinking"] for key, report in self.edited.lengths.items()}
        report = summarize(rows, Records(same, lengths, slips), self.interventions)
        return replace(report, matched_in=self.edited.unit, left_out=self.edited.left_out(done))

    def markdown(self, report: ProbeReport) -> str:
        """Return the report as Markdown."""
        return tables.markdown(report)

    def terminal(self, report: ProbeReport, width: int = 80, tables: Sequence[str] = ()) -> str:
        """Return the report for a terminal, which has few tables and shows them all."""
        return terminal(report, width)

    def words(self, report: ProbeReport, profile: Profile) -> Words:
        """Return what the page says."""
        figures = report.profiles.get(profile)
        return Words(
            title=f"{self.plan.model} on {', '.join(self.plan.tasks)}: probe {self.name}",
            settings=of_measured(report.measured),
            question="",
            answer=figures.findings[:1] if figures else ["No reply was graded."],
            warnings=list(tables.facts(report)),
            scores=None,
            floors="",
            findings=figures.findings[1:] if figures else [],
            reading=tables.READING.replace("*", ""),
            tables=list(tables.tables(report, figures)) if figures else [],
        )

    def charts(self, report: ProbeReport, profile: Profile) -> list[Drawn]:
        """Return the pictures of the probe."""
        from mathif.charts import probe_charts

        figures = report.profiles.get(profile)
        return [Drawn(f"Probe {self.name}", probe_charts(figures, self.name))] if figures else []

    def note(self, arm: str) -> str:
        """Return which intervention made the replies of an arm."""
        for one in self.interventions:
            if one.arm == arm:
                return f"{one}: {FAMILIES[one.family].line}. Control: {one.control}."
        return "recorded: the reply before any edit."


class Survival:
    """Says of each edited reply whether it gives the answer of its control, and how long it obeys after a reminder."""

    file = "survival.jsonl"

    def __init__(
        self, controls: Mapping[str, str], begun: Callable[[str], tuple[Sequence[Constraint], int] | None]
    ) -> None:
        """Take for each arm the arm of its control, and what tells of a key what `Edited.begun` does."""
        self._controls = controls
        self._begun = begun
        self._finals: dict[str, str] = {}
        self._after: dict[str, JsonObject] = {}

    def hear(self, replies: Iterable[Reply]) -> Iterator[Reply]:
        """Keep what is seen of each final text, "" of one that is not whole; hand on what the model itself thought."""
        for reply in replies:
            self._finals[reply.key] = seen(reply.final).text if reply.whole else ""
            begun = self._begun(reply.key)
            if begun is not None:
                self._after[reply.key] = after(reply, *begun)
            yield reply if begun is None else unwritten(reply, begun[1])

    def rows(self) -> Iterator[JsonObject]:
        """Yield the key of each edited reply with its outcome, where its control gives an answer, and what follows."""
        for text_key, final in self._finals.items():
            key = Key.parse(text_key)
            if key.arm in self._controls:
                control = self._finals.get(str(key._replace(arm=self._controls[key.arm])), "")
                same = _same_answer(final, control)
                told: dict[str, Json] = {} if same is None else {"same": same.value}
                told |= {"after": self._after[text_key]} if text_key in self._after else {}
                if told:
                    yield {"key": text_key, **told}


def _same_answer(final: str, control: str) -> Outcome | None:
    """Return whether two final texts give one answer; None where the control gives none."""
    given = extract(control)
    return None if given is None else answers.grade_answer(final, given.text).outcome


def _recorded(parent: Run, limit: int | None, base: str) -> dict[str, Generation]:
    """Return the replies of `parent`, in arm `base`, that a probe of so many items of each task goes on from."""
    asked = {
        (task.name, item.key)
        for task in parent.tasks
        for item in chosen([item for item in parent.items(task) if item.constraints], limit)
    }
    replies = parent.replies
    keyed = sorted((Key.parse(text_key), text_key) for text_key in replies)
    return {k: replies[k] for key, k in keyed if key.arm == base and (key.task, key.item) in asked}


def _digest(replies: Mapping[str, Generation]) -> str:
    return store.digest([generation.to_json() for generation in replies.values()])

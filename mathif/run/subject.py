"""The subject of a run: what it is about, from its prompts to its page; one surface for every kind of run.

The ordinary subject is `Items`. Another kind (a probe) is a class of the same shape in a room of its own, and nothing
outside asks which of them it has before it.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from mathif import __version__, tables
from mathif.arms import SELF, asked_as, parse_arm, parse_arms
from mathif.constraints import KINDS
from mathif.engines import Engine
from mathif.errors import DataError, UsageError
from mathif.items import Task
from mathif.json_values import JsonObject
from mathif.page import Words
from mathif.plan import Plan
from mathif.records import Graded, Profile, Reply
from mathif.report import summarize
from mathif.results import Report, Result
from mathif.run.asking import Arms, Asking, Drawings, Judged, Own, Replies, learned, nothing_drawn
from mathif.run.dealing import load_tasks
from mathif.run.head import Head, HeadFields, Stamp, TaskStamp
from mathif.screen import QUESTION, floors, glance, screen, warnings
from mathif.tasks import refuse_idle
from mathif.wording import of_answer, of_measured

if TYPE_CHECKING:
    from mathif.charts import Picture

Tasks = tuple[Task, ...] | None


class Drawn(NamedTuple):
    """The pictures of an arm or of a probe.

    Attributes:
        name: what they are of.
        pictures: the pictures by name.
        opened: whether a reader sees them at once.
    """

    name: str
    pictures: Mapping[str, Picture]
    opened: bool = False


class Aside(Protocol):
    """What a subject finds out of its replies beside their verdicts.

    Attributes:
        file: name of its file.
    """

    file: str

    def hear(self, replies: Iterable[Reply]) -> Iterator[Reply]:
        """Listen to the replies that are judged, and hand them on."""

    def rows(self) -> Iterator[JsonObject]:
        """Yield what was found out, when every reply was heard."""


class Subject(Protocol[Result]):
    """What a run is about.

    Attributes:
        kind: what a sentence calls it.
        plan: what the user asked for.
        files: names of the files that only this kind of run has.
        drawn: names of the files of what its askings draw.
        resume_line: the command that continues the run.
    """

    kind: ClassVar[str]
    plan: Plan
    files: tuple[str, ...]
    drawn: tuple[str, ...]
    resume_line: str

    @property
    def arms(self) -> Arms:
        """The arms whose prompts need no reply, and the tasks, checked to be those that the run was started with."""

    @property
    def askings(self) -> Sequence[Asking]:
        """The ways in which it asks."""

    def prepare(self, engine: Engine, head: Head) -> HeadFields:
        """Take from an engine what drawing needs; return the fields of the head that this changes."""

    def served(self, done: Replies) -> Mapping[str, Judged]:
        """Return for each key that is asked what its reply is judged for."""

    def judged(self, done: Replies) -> Replies:
        """Return the replies as they are judged."""

    def aside(self) -> Aside | None:
        """Return who listens to the replies while they are graded."""

    def summarize(self, rows: Iterable[Graded], heard: Iterable[JsonObject], done: Replies) -> Result:
        """Return the report on the verdicts, `heard` being what the aside found out."""

    def markdown(self, report: Result) -> str:
        """Return a report as the text of `report.md`."""

    def terminal(self, report: Result, width: int = 80, tables: Sequence[str] = ()) -> str:
        """Return a report as text for a terminal of so many columns, with the tables that are asked for."""

    def words(self, report: Result, profile: Profile) -> Words:
        """Return what the page says."""

    def charts(self, report: Result, profile: Profile) -> list[Drawn]:
        """Return what is drawn, the most important first."""

    def note(self, arm: str) -> str:
        """Return what a page says above the replies of an arm."""


class Items:
    """The ordinary subject: items of tasks, each in one or more arms."""

    kind: ClassVar[str] = "run"
    files: tuple[str, ...] = ()

    def __init__(
        self, plan: Plan, where: str, recorded: Drawings = nothing_drawn, head: Head | None = None, tasks: Tasks = None
    ) -> None:
        """Take the items of a plan.

        Args:
            plan: what the user asked for.
            where: names the run in errors, and after `--resume`.
            recorded: reads what is recorded of the drawing of arm `self`.
            head: what the run was started with, which the tasks must still be; None for a new one.
            tasks: the plan's tasks, where they are loaded already.
        """
        self.plan = plan
        self.drawn: tuple[str, ...] = (Own.file,) if SELF in plan.arms else ()
        self.resume_line = f"mathif eval --resume {where}"
        self._where = where
        self._recorded = recorded
        self._head = head
        self._tasks = tasks

    @cached_property
    def arms(self) -> Arms:
        """The arms whose prompts need no reply, checked to make the prompts that the run was started with.

        Raises:
            DataError: if a task's data or the prompts made from them have changed since, or a package is missing.
        """
        KINDS.require(self._head.get("packages", {}) if self._head else {}, self._where)
        arms = Arms(self.plan, self._tasks or load_tasks(self.plan))
        if self._head is not None:
            refuse_changes(arms, self._head, self._where)
        return arms

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, checked like their prompts."""
        return self.arms.tasks

    @cached_property
    def own(self) -> Own | None:
        """Arm `self`, where it is asked."""
        return learned(Own(self.plan, self.tasks), self._recorded) if SELF in self.plan.arms else None

    @property
    def askings(self) -> Sequence[Asking]:
        """The arms; `self` after the others, whose replies it needs."""
        return [self.arms] if self.own is None else [self.arms, self.own]

    def prepare(self, engine: Engine, head: Head) -> HeadFields:
        """Nothing is needed of the engine."""
        return {}

    def served(self, done: Replies) -> Mapping[str, Judged]:
        """Return every key asked so far; the view grows with what is drawn."""
        return ChainMap(*(asking.served(done) for asking in self.askings))

    def judged(self, done: Replies) -> Replies:
        """Return the replies as they came."""
        return done

    def aside(self) -> Aside | None:
        """Nobody listens."""
        return None

    def summarize(self, rows: Iterable[Graded], heard: Iterable[JsonObject], done: Replies) -> Report:
        """Return the report on the verdicts."""
        return summarize(rows)

    def markdown(self, report: Report) -> str:
        """Return the report as Markdown."""
        return tables.markdown(report)

    def terminal(self, report: Report, width: int = 80, tables: Sequence[str] = ()) -> str:
        """Return the report for a terminal."""
        return screen(report, width, tables)

    def words(self, report: Report, profile: Profile) -> Words:
        """Return what the page says."""
        figures = report.profiles.get(profile)
        return Words(
            title=f"{self.plan.model} on {', '.join(self.plan.tasks)}",
            settings=of_measured(report.measured),
            question=QUESTION if figures else "",
            answer=of_answer(figures) if figures else ["No reply was graded."],
            warnings=[one for one in (tables.incomplete(report), *(warnings(figures) if figures else ())) if one],
            scores=glance(figures) if figures else None,
            floors=floors(figures) if figures else "",
            findings=figures.findings if figures else [],
            reading="Percent with a 95 % interval, clustered by problem.",
            tables=[tables.headline(figures), *tables.profile_tables(figures)] if figures else [],
        )

    def charts(self, report: Report, profile: Profile) -> list[Drawn]:
        """Return the pictures of every arm, those of the primary one first."""
        from mathif.charts import charts

        figures = report.profiles.get(profile)
        if figures is None:
            return []
        primary = {arm for arm, claims in figures.claims.items() if claims.primary} or {"constrained"}
        arms = sorted(figures.arms, key=lambda arm: (arm not in primary, arm))
        return [Drawn(f"Arm {arm}", charts(figures, arm)) for arm in arms]

    def note(self, arm: str) -> str:
        """Nothing is said above a reply."""
        return ""


def new_items(plan: Plan, where: str) -> Items:
    """Return the items of a plan that nobody was asked yet; `where` names the run.

    Raises:
        UsageError: if a task or an arm is unknown, no task reads the data, or an arm has nothing to ask.
    """
    parse_arms(",".join(plan.arms))
    refuse_idle(plan.data, plan.tasks)
    items = Items(plan, where)
    for arm in plan.arms:
        _refuse_barren(arm, items.arms.tasks)
    if items.arms.empty:
        which = f"--arms {','.join(plan.arms)}" + ("" if plan.limit is None else f" --limit {plan.limit}")
        raise UsageError(
            f"{which}: there is nothing to ask, since no item that is left has a constraint; "
            "ask more items, or arm plain as well"
        )
    return items


def _refuse_barren(arm: str, tasks: Sequence[Task]) -> None:
    """Refuse an arm that can ask none of the constraints of some tasks; tasks without any are asked as they are.

    Raises:
        UsageError: saying what the arm asks.
    """
    asking = [item for task in tasks for item in task.items if item.constraints]
    if asking and not any(asked_as(item, arm) for item in asking):
        raise UsageError(
            f"--arms {arm}: can ask no item of {', '.join(task.name for task in tasks)}; it shows"
            f" {parse_arm(arm).kind.line}"
        )


def refuse_changes(arms: Arms, head: Head, where: str) -> None:
    """Refuse tasks and prompts that are not those a run was started with.

    Raises:
        DataError: naming what has changed.
    """
    for task, known in zip_longest(arms.tasks, head["tasks"]):
        if task is None or known is None:
            raise DataError(f"{where}: found {len(head['tasks'])} tasks in its head, expected {len(arms.tasks)}")
        if task.digest != known["digest"]:
            raise DataError(f"{where}: task {task.name!r} has changed since this run began; start a new run")
    if arms.digest != head["prompts"]:
        raise DataError(
            f"{where}: this mathif ({__version__}) makes other prompts than the one that began the run "
            f"({head['mathif']}); start a new run"
        )


def stamped(arms: Arms) -> Stamp:
    """Return what the head of a run says of its tasks and prompts."""
    tasks: list[TaskStamp] = [
        {"name": task.name, "version": task.version, "digest": task.digest} for task in arms.tasks
    ]
    return {"tasks": tasks, "prompts": arms.digest}

"""What an export is made from: the files of a finished run, read and checked against each other.

Every format reads a run through `Recorded`, so that each holds the same facts and none more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mathif.counting import counted
from mathif.errors import DataError
from mathif.records import Graded, Profile
from mathif.results import HACC, METRICS, SACC, Metric, Report, read_report
from mathif.run import Run
from mathif.run.head import refuse_other_report


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished run.

    Attributes:
        run: the run.
        report: the content of its `report.json`.
        model: the model's public name.
        engine: name of the engine.
        engine_version: its version.
        version: the version of this package that the run was asked with.
    """

    run: Run
    report: Report
    model: str
    engine: str
    engine_version: str
    version: str

    @classmethod
    def of(cls, run: Run) -> Recorded:
        """Read the run.

        Raises:
            DataError: if its report is missing, incomplete, or of other verdicts than are there now.
            BoardError: if the name of its model, its engine or a task would disclose something about this machine.
        """
        from mathif.entry.claims import refuse_paths, refuse_private

        report = read_report(run.folder / "report.json")
        again = f"finish the run first: mathif eval --resume {run.folder}"
        if not report.complete:
            missing = counted(report.errors, "reply is", "replies are")
            raise DataError(f"{run.folder / 'report.json'}: {missing} missing; {again}")
        described = run.engine
        names = {name: str(described.get(name, "unknown")) for name in ("model", "engine", "version")}
        public = {**names, "tasks": [task["name"] for task in run.head["tasks"]]}
        refuse_paths(public, f"{run.folder / 'run.json'}")
        refuse_private({"model": public, "submitter": "", "inference": "", "replies": ""}, f"{run.folder / 'run.json'}")
        recorded = cls(run, report, names["model"], names["engine"], names["version"], str(run.head["mathif"]))
        verdicts = sum(1 for _ in recorded.graded())
        if verdicts != report.rows:
            raise DataError(
                f"{run.folder / 'report.json'}: found {counted(report.rows, 'row')}, expected {verdicts} as in "
                f"verdicts.jsonl; make it again: mathif report {run.folder}"
            )
        refuse_other_report(run.folder, run.head)
        return recorded

    @property
    def tasks(self) -> list[str]:
        """Names of the tasks."""
        return [str(task["name"]) for task in self.run.head["tasks"]]

    @property
    def benchmark(self) -> str:
        """What was asked, as one name."""
        return "-".join(["mathif", *self.tasks])

    @property
    def made_at_s(self) -> float:
        """When the report was made, in seconds since 1970."""
        return (self.run.folder / "report.json").stat().st_mtime

    def graded(self) -> Iterator[Graded]:
        """Yield the graded rows in the order of `verdicts.jsonl`."""
        return self.run.graded()


def sound(text: str) -> str:
    """Return `text` with lone surrogates, which no UTF-8 file can hold, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number of a report: a metric of an arm under a profile.

    Attributes:
        profile: the rules that judged.
        arm: how the items were presented.
        metric: what is measured.
        value: the share, in [0, 1].
        low: lower end of its 95 % interval, None where the data cannot give one.
        high: upper end, likewise.
        n: number of replies.
        floor: HAcc or SAcc of the null reply on the same items; None for the other metrics.
    """

    profile: Profile
    arm: str
    metric: Metric
    value: float
    low: float | None
    high: float | None
    n: int
    floor: float | None

    @property
    def name(self) -> str:
        """Name among all headlines of a report: `arm-metric`, and `arm-metric-upstream` under that profile."""
        return f"{self.arm}-{self.metric.key}" + ("" if self.profile is Profile.MATHIF else f"-{self.profile}")


def headlines(report: Report) -> Iterator[Headline]:
    """Yield every headline number of `report` that the data could give, in its order."""
    for profile, figures in report.profiles.items():
        for arm, scores in figures.arms.items():
            floors = {HACC: scores.floor.hacc.value, SACC: scores.floor.sacc.value}
            for metric in METRICS:
                share = metric.figure(scores.overall)
                if share.value is not None:
                    ends = share.low, share.high
                    yield Headline(profile, arm, metric, share.value, *ends, share.n, floors.get(metric))

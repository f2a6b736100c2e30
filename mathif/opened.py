"""A run as a notebook reads it: its report, its verdicts and its replies, as records, as rows, and as tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from mathif.export.answered import reply_scores
from mathif.export.verdict_rows import VerdictColumns, verdict_rows
from mathif.reasoning import split
from mathif.records import Key
from mathif.results import AnyReport, read_probe_report, read_report
from mathif.run import Run
from mathif.run.head import refuse_other_report
from mathif.tasks import dataset_of


class Opened:
    """A graded run or probe.

    Attributes:
        run: its folder, opened.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.run.folder

    @cached_property
    def report(self) -> AnyReport:
        """Its report, typed; `report["profiles"]` is a part of `report.json`, plain.

        Raises:
            DataError: if it is not the one that was written for it, or if there is none yet: `mathif eval --resume`
                goes on with a run that was stopped.
        """
        path = self.folder / "report.json"
        report = read_probe_report(path) if "probe" in self.run.head else read_report(path)
        refuse_other_report(self.folder, self.run.head)
        return report

    def verdicts(self) -> Iterator[VerdictColumns]:
        """Yield a row for each verdict, with the columns of docs/exports.md: of each answer, and of each constraint."""
        return verdict_rows(self.run.graded())

    def replies(self) -> Iterator[dict[str, str | float | None]]:
        """Yield a row for each graded reply to an item.

        It holds `key` and its parts, `problem`, `source`, `tier`, `state`, `finish`, `cot_tokens` (in the model's own
        tokens), `thinking` and `final` (the text that is judged), and what the reply adds to each metric, in [0, 1]:
        `acc`, and where the item has constraints `hacc`, `sacc` and `joint`, and these under profile `upstream`.
        """
        asked = {str(key): served for served, rows in self.run.served().items() for _, key in rows}
        judged = self.run.subject.judged(self.run.replies)
        for row in self.run.graded():
            key = Key.parse(row.key)
            reply = split(judged[asked[row.key]])
            yield {
                "key": row.key,
                **key._asdict(),
                "problem": row.problem,
                "source": row.source,
                "tier": row.tier,
                "state": row.state.value,
                "finish": row.finish.value,
                "cot_tokens": row.cot_tokens,
                "thinking": reply.thinking,
                "final": reply.final,
                **reply_scores(row),
            }

    def to_arrow(self) -> Any:
        """Return the verdicts as a `pyarrow.Table`, a typed column for each of docs/exports.md."""
        from mathif.export.parquet import table

        return table(self.run.graded())

    def to_pandas(self) -> Any:
        """Return the verdicts as a `pandas.DataFrame`; needs pandas."""
        return self.to_arrow().to_pandas()

    def to_dataset(self) -> Any:
        """Return the verdicts as a `datasets.Dataset`."""
        return dataset_of(self.to_arrow())

    def __str__(self) -> str:
        """Return what the terminal shows of it."""
        return self.run.subject.terminal(self.report)

    def __repr__(self) -> str:
        return f"<{self.run.subject.kind} {self.folder}: {self.run.plan.model} on {', '.join(self.run.plan.tasks)}>"

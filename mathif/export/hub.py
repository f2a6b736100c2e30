"""Format `hf`: the files by which the Hugging Face hub shows a benchmark's results.

`.eval_results/*.yaml` belongs in the repository of the model, and `dataset` is that of the data set, `eval.yaml` in it
(https://huggingface.co/docs/hub/eval-results). The hub knows one value for each task of a data set, so each arm, metric
and profile is a task there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import yaml

from mathif import store
from mathif.errors import UsageError
from mathif.export.data_set import OF_OTHERS, OURS, write_data_set
from mathif.export.recorded import Headline, Recorded, headlines
from mathif.json_values import Json
from mathif.tasks import head, names

ORGANISATION = "mathif"
"""Owner of the data sets on the hub; one who publishes a task elsewhere writes that name in its place."""

FRAMEWORK = "mathif"


def write(recorded: Recorded, folder: Path) -> list[Path]:
    """Write `.eval_results/mathif-TASK.yaml`, and into `dataset` what the repository of the data set holds.

    Raises:
        UsageError: if the run has several tasks, which its report counts together and the hub knows apart.
    """
    if len(recorded.tasks) > 1:
        raise UsageError(
            f"{recorded.run.folder}: found a run of {len(recorded.tasks)} tasks, expected one, as each is a data set "
            "of its own on the hub; run each alone"
        )
    (task,) = recorded.tasks
    shares = list(headlines(recorded.report))
    results, data_set = folder / ".eval_results" / f"mathif-{task}.yaml", folder / "dataset"
    for parent in (results.parent, data_set):
        store.make_folder(parent)
    store.write_text(results, _yaml([_result(recorded, task, share) for share in shares]))
    store.write_text(data_set / "eval.yaml", _yaml(_benchmark(task, shares)))
    (name,) = recorded.run.plan.tasks
    written = [results, data_set / "eval.yaml"]
    if head(name)["format"] == "items":
        licence = OURS if name in names() else OF_OTHERS
        day = datetime.fromtimestamp(recorded.made_at_s, UTC).date().isoformat()
        written += write_data_set(recorded.run.tasks[0], licence, day, data_set)
    return written


def _told(number: float | None) -> str:
    return "the server's own" if number is None else f"{number:g}"


def _result(recorded: Recorded, task: str, share: Headline) -> dict[str, Json]:
    sampling = recorded.run.plan.sampling
    notes = [
        f"n = {share.n}",
        *([] if share.low is None else [f"95 % interval {share.low:.4f} to {share.high:.4f}"]),
        *([] if share.floor is None else [f"a reply that ignores every instruction scores {share.floor:.4f}"]),
        f"temperature {_told(sampling.temperature)}, top-p {_told(sampling.top_p)}",
        f"{recorded.engine} {recorded.engine_version}, mathif {recorded.version}",
    ]
    return {
        "dataset": {"id": f"{ORGANISATION}/{task}", "task_id": share.name},
        "value": share.value,
        "notes": "; ".join(notes),
    }


def _benchmark(task: str, shares: list[Headline]) -> dict[str, Json]:
    """Return the content of `eval.yaml`: the data set, said to be a benchmark, with its tasks."""
    return {
        "name": f"mathif {task}",
        "description": "Whether reasoning models still obey instructions when they think for long; shares in [0, 1].",
        "evaluation_framework": FRAMEWORK,
        "tasks": [{"id": share.name, "config": "default", "split": "test"} for share in shares],
    }


def _yaml(value: Json) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
    return text

"""Format `every-eval-ever`: one file of the EvalEval Coalition's schema, where results of all evaluations are gathered.

The schema is the one in the package `every-eval-ever` 0.3.0. What a run does not know, such as who ran it and whether
the weights are open, is said to be unknown.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from mathif import store
from mathif.export.recorded import Headline, Recorded, headlines
from mathif.json_values import Json, JsonObject

SCHEMA_VERSION = "0.3.0"


def write(recorded: Recorded, folder: Path) -> list[Path]:
    """Write `data/mathif-TASK/DEVELOPER/MODEL/UUID.json`, the place that the project's data store gives it."""
    row = _row(recorded)
    developer, _, model = recorded.model.rpartition("/")
    name = uuid.UUID(hex=store.digest(row)[:32], version=4)
    place = folder.joinpath("data", *(_part(part) for part in (recorded.benchmark, developer or "unknown", model)))
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{name}.json"
    store.write_json(path, row)
    return [path]


def _part(text: str) -> str:
    # one folder of a path on any system, and none that is hidden
    return re.sub(r"[^\w.-]+", "_", text).lstrip(".") or "unknown"


def _row(recorded: Recorded) -> dict[str, Json]:
    made_at_s = str(int(recorded.made_at_s))
    return {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": f"{recorded.benchmark}/{recorded.model}/{made_at_s}",
        "retrieved_timestamp": made_at_s,
        "source_metadata": {
            "source_name": "mathif",
            "source_type": "evaluation_run",
            "source_organization_name": "unknown",
            "evaluator_relationship": "other",
        },
        "eval_library": {
            "name": "mathif",
            "version": recorded.version,
            "additional_details": {
                "graders": store.digest(recorded.report.graders),
                "prompts": recorded.run.head["prompts"],
            },
        },
        "model_info": {
            "name": recorded.model,
            "id": recorded.model,
            "inference_engine": {"name": recorded.engine, "version": recorded.engine_version},
            "additional_details": {"deployment_type": "unknown", "model_availability": "unknown"},
        },
        "evaluation_results": [_result(recorded, share) for share in headlines(recorded.report)],
    }


def _result(recorded: Recorded, share: Headline) -> dict[str, Json]:
    return {
        "evaluation_result_id": share.name,
        "evaluation_name": f"{recorded.benchmark} {share.arm}",
        "source_data": {
            "dataset_name": recorded.benchmark,
            "source_type": "other",
            "additional_details": {
                f"{task['name']} {field}": str(value)
                for task in recorded.run.head["tasks"]
                for field, value in (("version", task["version"]), ("digest", task["digest"]))
            },
        },
        "metric_config": {
            "evaluation_description": f"{share.metric.meaning}; arm {share.arm}, profile {share.profile}",
            "metric_id": f"mathif.{share.metric.key}",
            "metric_name": share.metric.key,
            "metric_unit": "proportion",
            "lower_is_better": False,
            "score_type": "continuous",
            "min_score": 0,
            "max_score": 1,
        },
        "score_details": _score(share),
        "generation_config": {"generation_args": _sampling(recorded)},
    }


def _score(share: Headline) -> dict[str, Json]:
    uncertainty: dict[str, Json] = {"num_samples": share.n}
    if share.low is not None and share.high is not None:
        method = "clustered by problem"
        interval: JsonObject = {"lower": share.low, "upper": share.high, "confidence_level": 0.95, "method": method}
        uncertainty["confidence_interval"] = interval
    floor = {} if share.floor is None else {"details": {"floor": repr(share.floor)}}
    return {"score": share.value, **floor, "uncertainty": uncertainty}


def _sampling(recorded: Recorded) -> dict[str, Json]:
    sampling = recorded.run.plan.sampling
    limit = {} if sampling.max_tokens is None else {"max_tokens": sampling.max_tokens}
    drawn = {"temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": sampling.top_k or None}
    return {**{name: value for name, value in drawn.items() if value is not None}, **limit}

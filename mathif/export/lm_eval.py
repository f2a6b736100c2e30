"""Format `lm-eval`: results and samples laid out as the LM Evaluation Harness lays out its own, 0.4.13.

Each arm is one of its tasks, and each graded reply one document of that task.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from mathif import store
from mathif.export.answered import Answered, answered, reply_scores
from mathif.export.recorded import Recorded, headlines, sound
from mathif.json_values import Json, JsonObject
from mathif.reasoning import split
from mathif.results import METRICS

_FILTER = "none"
"""The harness names how an answer was taken from the reply; ours is part of the verdict."""


def write(recorded: Recorded, folder: Path) -> list[Path]:
    """Write `MODEL/results_TIME.json`, and `MODEL/samples_TASK_TIME.jsonl` for each arm."""
    made = datetime.fromtimestamp(int(recorded.made_at_s), UTC).strftime("%Y-%m-%dT%H-%M-%S.%f")
    place = folder / _sanitized(recorded.model)
    place.mkdir(exist_ok=True)
    sizes, paths = {}, []
    for arm in recorded.run.plan.arms:
        path = place / f"samples_{_task(recorded, arm)}_{made}.jsonl"
        sizes[arm] = _write_samples(recorded, arm, path)
        paths.append(path)
    results = place / f"results_{made}.json"
    store.write_json(results, _results(recorded, sizes))
    return [results, *paths]


def _sanitized(model: str) -> str:
    # the characters that the harness takes out of the names of its own files
    return re.sub(r'["<>:/|\\?*\[\]]+', "__", model).lstrip(".")


def _task(recorded: Recorded, arm: str) -> str:
    # the name of a task stands in its templates and on its command line
    return re.sub(r"\W", "_", "_".join(["mathif", *recorded.tasks, arm]))


def _write_samples(recorded: Recorded, arm: str, path: Path) -> int:
    """Write the samples of an arm; return how many there are."""
    sampling = _sampling(recorded)
    size = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for size, answer in enumerate(answered(recorded, arm), 1):
            file.write(json.dumps(_sample(answer, size - 1, sampling), ensure_ascii=False) + "\n")
    return size


def _sampling(recorded: Recorded) -> dict[str, Json]:
    sampling = recorded.run.plan.sampling
    limit = {} if sampling.max_tokens is None else {"max_gen_toks": sampling.max_tokens}
    return {
        "do_sample": sampling.temperature != 0,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        **limit,
    }


def _sample(answer: Answered, place: int, sampling: JsonObject) -> dict[str, Json]:
    row, problem, scores = answer.row, answer.item.problem, reply_scores(answer.row)
    doc = {
        "key": row.key,
        "question": problem.question,
        "answer": problem.answer,
        "source": row.source,
        "tier": row.tier,
        "sample": row.sample,
        "kinds": list(row.kinds),
        "constraints": list(answer.item.sentences),
    }
    prompt = json.dumps([message._asdict() for message in answer.messages], ensure_ascii=False)
    return {
        "doc_id": place,
        "doc": doc,
        "target": problem.answer,
        "arguments": {"gen_args_0": {"arg_0": prompt, "arg_1": dict(sampling)}},
        "resps": [[sound(answer.generation.text)]],
        "filtered_resps": [sound(split(answer.generation).final)],
        "filter": _FILTER,
        "metrics": list(scores),
        "doc_hash": _hash(store.canonical(doc)),
        "prompt_hash": _hash(prompt),
        "target_hash": _hash(problem.answer),
        **scores,
    }


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _results(recorded: Recorded, sizes: Mapping[str, int]) -> dict[str, Json]:
    run, names = recorded.run, {arm: _task(recorded, arm) for arm in sizes}
    whole = sum(len(task.items) for task in run.tasks) * run.plan.samples
    version = "+".join(str(task["version"]) for task in run.head["tasks"])
    better = {f"{metric}{end}": True for end in ("", "-upstream") for metric in (row.key for row in METRICS)}
    return {
        "results": {name: _metrics(recorded, arm, name, sizes[arm]) for arm, name in names.items()},
        "group_subtasks": {name: [] for name in names.values()},
        "configs": {
            name: {"task": name, "output_type": "generate_until", "generation_kwargs": _sampling(recorded)}
            for name in names.values()
        },
        "versions": dict.fromkeys(names.values(), version),
        "n-shot": dict.fromkeys(names.values(), 0),
        "higher_is_better": dict.fromkeys(names.values(), better),
        "n-samples": {name: {"original": whole, "effective": sizes[arm]} for arm, name in names.items()},
        "config": {
            "model": recorded.engine,
            "model_args": {"model": recorded.model},
            "limit": run.plan.limit,
            "random_seed": run.plan.sampling.seed,
            "gen_kwargs": _sampling(recorded),
        },
        "date": float(int(recorded.made_at_s)),
        "model_source": recorded.engine,
        "model_name": recorded.model,
        "model_name_sanitized": _sanitized(recorded.model),
        "eval_library": f"mathif {recorded.version}",
    }


def _metrics(recorded: Recorded, arm: str, name: str, size: int) -> dict[str, Json]:
    """Return the figures of an arm; `N/A` for each standard error, as our intervals are not made of one."""
    figures: dict[str, Json] = {"name": name, "alias": name, "sample_len": size}
    for share in headlines(recorded.report):
        if share.arm == arm:
            metric = share.name.removeprefix(f"{arm}-")
            figures |= {f"{metric},{_FILTER}": share.value, f"{metric}_stderr,{_FILTER}": "N/A"}
    return figures

"""Format `inspect`: for each arm one log that Inspect's viewer and reader open, every reply with its verdicts.

The JSON log format, version 2 (https://inspect.aisi.org.uk/eval-logs.html). Each sample of a run is an epoch.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mathif import store
from mathif.export.answered import Answered, answered, reply_scores
from mathif.export.recorded import Recorded, headlines, sound
from mathif.items import as_chat
from mathif.json_values import Json, JsonObject
from mathif.reasoning import split
from mathif.records import Finish, Generation, Key, Profile, Reply, Verdict

VERSION = 2
_STOPS = {
    Finish.STOP: "stop",
    Finish.LENGTH: "max_tokens",
    Finish.REFUSED: "unknown",
    Finish.FILTERED: "content_filter",
    Finish.TOO_LONG: "model_length",
}


def write(recorded: Recorded, folder: Path) -> list[Path]:
    """Write `TIME_mathif-TASK-ARM_ID.json` for each arm, the names by which Inspect knows a log."""
    return [_write_arm(recorded, arm, folder) for arm in recorded.run.plan.arms]


def _write_arm(recorded: Recorded, arm: str, folder: Path) -> Path:
    rows = list(answered(recorded, arm))
    made, task = _ended(recorded).isoformat().replace(":", "-"), f"{recorded.benchmark}-{arm}".replace("_", "-")
    path = folder / f"{made}_{task}_{_digest(recorded, arm)[_TASK_ID]}.json"
    head = store.canonical(_head(recorded, arm, rows))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head.removesuffix("}") + ',"samples":[\n')
        for place, row in enumerate(rows):
            file.write((",\n" if place else "") + json.dumps(_sample(recorded, row), ensure_ascii=False))
        file.write("\n]}\n")
    return path


def _ended(recorded: Recorded) -> datetime:
    return datetime.fromtimestamp(int(recorded.made_at_s), UTC)


def _digest(recorded: Recorded, arm: str) -> str:
    """Return the digits that the ids of a log are taken from."""
    return store.digest([recorded.run.head, recorded.report.graders, arm])


_TASK_ID = slice(42, 64)


def _head(recorded: Recorded, arm: str, rows: list[Answered]) -> dict[str, Json]:
    """Return everything of a log but its samples."""
    plan, ended, name = recorded.run.plan, _ended(recorded), _digest(recorded, arm)
    made, took = ended.isoformat(), timedelta(seconds=recorded.run.head.get("asked_s", 0))
    sampling = {"temperature": plan.sampling.temperature, "top_p": plan.sampling.top_p, "seed": plan.sampling.seed}
    if plan.sampling.max_tokens is not None:
        sampling["max_tokens"] = plan.sampling.max_tokens
    ids = list(dict.fromkeys(_id(row) for row in rows))
    return {
        "version": VERSION,
        "status": "success",
        "eval": {
            "eval_id": name[:22],
            "run_id": name[22:44],
            "created": made,
            "task": f"{recorded.benchmark}-{arm}",
            "task_id": name[_TASK_ID],
            "task_args": {"arm": arm},
            "dataset": {"name": recorded.benchmark, "samples": len(ids), "sample_ids": ids, "shuffled": False},
            "model": recorded.model,
            "model_generate_config": sampling,
            "config": {"epochs": plan.samples},
            "packages": {"mathif": recorded.version},
            "metadata": {"engine": recorded.engine, "engine_version": recorded.engine_version},
        },
        "plan": {"name": "plan", "steps": [], "config": sampling},
        "results": {"total_samples": len(rows), "completed_samples": len(rows), "scores": _results(recorded, arm)},
        "stats": {
            "started_at": (ended - took).isoformat(),
            "completed_at": made,
            "model_usage": {recorded.model: _total(rows)},
        },
    }


def _total(rows: list[Answered]) -> dict[str, int]:
    """Return the tokens of all replies that are judged, each counted once; what no engine counted is not in it."""
    replies = {answer.generation.key: answer.generation for answer in rows}.values()
    total = dict.fromkeys(("input_tokens", "output_tokens", "total_tokens"), 0)
    for generation in replies:
        for name, count in (_usage(generation) or {}).items():
            total[name] = total.get(name, 0) + count
    return total


def _results(recorded: Recorded, arm: str) -> list[Json]:
    scores: list[Json] = []
    for share in headlines(recorded.report):
        ends = {"mean": share.value, "low": share.low, "high": share.high}
        metrics: JsonObject = {end: {"name": end, "value": value} for end, value in ends.items() if value is not None}
        score: JsonObject = {"name": share.name.removeprefix(f"{arm}-"), "scorer": "mathif", "scored_samples": share.n}
        if share.arm == arm:
            scores.append({**score, "metrics": metrics, "metadata": {"floor": share.floor}})
    return scores


def _id(answer: Answered) -> str:
    key = Key.parse(answer.row.key)
    return f"{key.task}/{key.item}"


def _sample(recorded: Recorded, answer: Answered) -> dict[str, Json]:
    row, shown, reply = answer.row, as_chat(answer.messages), split(answer.generation)
    message = _message(recorded, reply)
    return {
        "id": _id(answer),
        "epoch": row.sample + 1,
        "uuid": store.digest([recorded.run.head, row.key])[:22],
        "input": shown,
        "target": answer.item.problem.answer,
        "messages": [*shown, message],
        "output": {
            "model": recorded.model,
            "completion": sound(reply.final),
            "choices": [{"message": message, "stop_reason": _STOPS[row.finish]}],
            "usage": _usage(answer.generation),
        },
        "scores": {name: _score(answer, reply.final, name, value) for name, value in reply_scores(answer.row).items()},
        "metadata": {
            "key": row.key,
            "problem": row.problem,
            "source": row.source,
            "tier": row.tier,
            "state": row.state.value,
            "cot_tokens": row.cot_tokens,
            "constraints": list(answer.item.sentences),
            "kinds": list(row.kinds),
        },
    }


def _message(recorded: Recorded, reply: Reply) -> dict[str, Json]:
    text = {"type": "text", "text": sound(reply.final)}
    thinking = [{"type": "reasoning", "reasoning": sound(reply.thinking)}] if reply.thinking else []
    return {"role": "assistant", "content": [*thinking, text], "source": "generate", "model": recorded.model}


def _usage(generation: Generation) -> dict[str, int] | None:
    asked, came = generation.prompt_tokens or 0, generation.completion_tokens
    if came is None:
        return None
    usage = {"input_tokens": asked, "output_tokens": came, "total_tokens": asked + came}
    if generation.reasoning_tokens is not None:
        usage["reasoning_tokens"] = generation.reasoning_tokens
    return usage


def _score(answer: Answered, final: str, name: str, value: float) -> dict[str, Json]:
    """Return a score with the reasons behind it: those of the answer, or of each constraint under the profile."""
    metric, _, profile = name.partition("-")
    verdicts = answer.row.constraints[Profile(profile or Profile.MATHIF)]
    reasons = [_told("answer", answer.row.answer)] if metric in ("acc", "joint") else []
    if metric != "acc":
        reasons += map(_told, answer.row.kinds, verdicts)
    places = answer.row.answer.evidence
    said = {"answer": sound(final[places[0].start : places[0].end])} if places else {}
    return {"value": value, **said, "explanation": sound("\n".join(reasons))}


def _told(what: str, verdict: Verdict) -> str:
    return f"{what}: {verdict.outcome.value}" + (f", {verdict.reason}" if verdict.reason else "")

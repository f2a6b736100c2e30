"""Score the same replies through every way in that is installed: `python benchmarks/parity.py [REPLIES.jsonl]`.

Prints for each way how many replies it scored, and how many of them otherwise than the report does. A file of replies
has one JSON object a line with a `response`; without one, composed replies serve.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tabulate import tabulate

import mathif.harnesses
from mathif.constraints.witness import contrary, null_reply, witness
from mathif.export.answered import reply_scores
from mathif.grading import graded
from mathif.harnesses.judging import asked
from mathif.items import Item
from mathif.reasoning import split
from mathif.records import Finish, Generation, Key
from mathif.results import METRICS
from mathif.rewards import Label, Weights
from mathif.rewards.nemo_gym import verify
from mathif.rewards.openrlhf import reward_func
from mathif.rewards.trl import reward
from mathif.rewards.verl import compute_score

ROUNDS = 3
"""Replies to each item."""

Scored = Mapping[str, float]
Rows = list[tuple[Item, str]]


def replies(path: Path | None) -> Rows:
    """Return `ROUNDS` replies to every item of `core`, in the order of the items."""
    items = [row.item for row in asked("core", "constrained").values()]
    if path is None:
        return [pair for item in items for pair in _composed(item)]
    texts = [json.loads(line)["response"] for line in path.read_text(encoding="utf-8").splitlines()]
    return list(
        zip([item for item in items for _ in range(ROUNDS)], islice(cycle(texts), ROUNDS * len(items)), strict=True)
    )


def _composed(item: Item) -> Iterator[tuple[Item, str]]:
    body = null_reply(item.problem.answer)
    yield item, body
    yield item, f"<think>Let us see.</think>{witness(item.constraints, body) or body}"
    yield item, contrary(item.constraints, body) or "No idea."


def report(rows: Rows) -> Iterator[Scored]:
    """Score as the report does; the measure of the others."""
    for item, text in rows:
        key = Key("parity", item.key, "constrained", 0)
        found = reply_scores(graded(item, key, split(Generation(str(key), text, Finish.STOP))))
        yield {metric.key: found[metric.key] for metric in METRICS}


def trl(rows: Rows) -> Iterator[Scored]:
    """Score as `GRPOTrainer` calls, one part at a time."""
    labels, texts = [Label(item).to_text() for item, _ in rows], [text for _, text in rows]
    parts = {"acc": Weights(adherence=0), "sacc": Weights(answer=0), "joint": Weights(answer=0, adherence=0, joint=1)}
    columns = {name: reward(weights)(texts, texts, None, label=labels) for name, weights in parts.items()}
    for values in zip(*columns.values(), strict=True):
        yield {name: value for name, value in zip(columns, values, strict=True) if value is not None}


def verl(rows: Rows) -> Iterator[Scored]:
    """Score as verl's reward manager calls."""
    for item, text in rows:
        found = compute_score("mathif/core", text, Label(item).to_text(), {})
        yield {"acc": found["acc"], "sacc": found["adherence"], "joint": found["joint"]}


def openrlhf(rows: Rows) -> Iterator[Scored]:
    """Score as OpenRLHF's agent calls."""
    for item, text in rows:
        prompt = "<|im_start|>assistant\n"
        logs = reward_func([prompt + text], [prompt], [Label(item).to_text()])["extra_logs"]
        yield {"acc": logs["answer"], "sacc": logs["adherence"], "joint": logs["joint"]}


def nemo_gym(rows: Rows) -> Iterator[Scored]:
    """Score as a resource server of NeMo Gym does."""
    for item, text in rows:
        message: dict[str, Any] = {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": text}],
        }
        found: dict[str, Any] = verify(
            {"verifier_metadata": {"label": Label(item).to_text()}, "response": {"output": [message]}}
        )
        yield {"acc": found["answer"], "sacc": found["adherence"], "joint": found["joint"]}


def verifiers(rows: Rows) -> Iterator[Scored]:
    """Score through the taskset of verifiers."""
    import asyncio
    from types import SimpleNamespace

    from mathif.rewards.verifiers import MathifConfig, MathifTaskset

    tasks = {str(task.data.id): task for task in MathifTaskset(MathifConfig()).load()}
    for item, text in rows:
        trace = SimpleNamespace(assistant_messages=[SimpleNamespace(content=text, reasoning_content=None)])
        yield asyncio.run(tasks[item.key].parts(trace))


def inspect_ai(rows: Rows) -> Iterator[Scored]:
    """Score through `inspect eval`."""
    from inspect_ai import eval as evaluate
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    from mathif.harnesses.inspect import core

    waiting = _by_prompt(rows)

    def reply(messages: Any, *_: Any) -> ModelOutput:
        output = ModelOutput.from_content("recorded", waiting["\n\n".join(m.text for m in messages)].pop(0))
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    model = get_model("mockllm/model", custom_outputs=reply)
    (log,) = evaluate(core(samples=ROUNDS), model=model, display="none", max_connections=1, log_dir="/tmp/parity")
    found: dict[tuple[str, str], Scored] = {}
    for sample in log.samples:
        value = sample.scores["adherence"].value
        found[str(sample.id), sample.output.completion] = {metric.key: value[metric.key] for metric in METRICS}
    for item, text in rows:
        yield found[item.key, text]


def lm_eval(rows: Rows) -> Iterator[Scored]:
    """Score through `lm_eval`, once for each reply to an item."""
    import lm_eval as harness
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    waiting = _by_prompt(rows)

    class Recorded(LM):  # type: ignore[misc]
        """Answers with what was recorded."""

        def loglikelihood(self, requests: Any) -> Any:
            raise NotImplementedError

        def loglikelihood_rolling(self, requests: Any) -> Any:
            raise NotImplementedError

        def generate_until(self, requests: Any) -> list[str]:
            return [waiting[request.args[0]].pop(0) for request in requests]

    folder = Path(mathif.harnesses.__file__).with_name("lm_eval")
    manager = TaskManager(include_path=str(folder), include_defaults=False)
    found: dict[tuple[str, str], Scored] = {}
    for _ in range(ROUNDS):
        done = harness.simple_evaluate(
            model=Recorded(), tasks=["mathif_core"], task_manager=manager, bootstrap_iters=0, log_samples=True
        )
        for sample in done["samples"]["mathif_core"]:
            found[sample["doc"]["item"], sample["resps"][0][0]] = {metric.key: sample[metric.key] for metric in METRICS}
    for item, text in rows:
        yield found[item.key, text]


def _by_prompt(rows: Rows) -> dict[str, list[str]]:
    prompts = {
        key: "\n\n".join(message.content for message in row.messages)
        for key, row in asked("core", "constrained").items()
    }
    waiting: dict[str, list[str]] = defaultdict(list)
    for item, text in rows:
        waiting[prompts[item.key]].append(text)
    return waiting


WAYS: Mapping[str, Callable[[Rows], Iterator[Scored]]] = {
    "trl": trl,
    "verl": verl,
    "openrlhf": openrlhf,
    "nemo-gym": nemo_gym,
    "verifiers": verifiers,
    "inspect-ai": inspect_ai,
    "lm-eval": lm_eval,
}


def main() -> None:
    """Print one row for each way in."""
    rows = replies(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    expected = list(report(rows))
    table: list[tuple[str, str, Any, Any]] = []
    for name, way in WAYS.items():
        try:
            found = list(way(rows))
        except ImportError as error:
            table.append((name, "not installed", "-", f"- ({error.name})"))
            continue
        pairs = zip(found, expected, strict=True)
        otherwise = sum(any(one[part] != other[part] for part in one) for one, other in pairs)
        table.append((name, _version(name), len(found), otherwise))
    print(tabulate(table, headers=("way in", "version", "replies", "scored otherwise"), tablefmt="github"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "call shape only"


if __name__ == "__main__":
    main()

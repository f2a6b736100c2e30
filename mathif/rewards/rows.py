"""Training rows: the items of a task as the rows that each trainer's data set wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mathif.arms import CONSTRAINED, prompts
from mathif.errors import UsageError, nearest
from mathif.items import Task, as_chat
from mathif.json_values import JsonObject
from mathif.rewards.scoring import Label


def training_rows(task: Task, trainer: str) -> Iterator[JsonObject]:
    """Yield one row for each item of `task` that has constraints, as plain JSON, in the order of the task.

    Args:
        task: build it from a fresh seed (`mathif tasks build`), so that it shares no problem with the benchmark.
        trainer: one of `TRAINERS`.

    Raises:
        UsageError: for an unknown trainer.
    """
    if trainer not in TRAINERS:
        raise UsageError(
            f"unknown trainer {trainer!r}{nearest(trainer, TRAINERS)}; expected one of {', '.join(TRAINERS)}"
        )
    for number, prompt in enumerate(training_prompts(task)):
        yield TRAINERS[trainer](task, number, prompt)


class TrainingPrompt(NamedTuple):
    """One item as it is asked in training.

    Attributes:
        key: of the item, unique in its task.
        messages: the chat, each turn with `role` and `content`.
        label: what `mathif.rewards.score` needs to score a reply.
    """

    key: str
    messages: list[dict[str, str]]
    label: str


def training_prompts(task: Task) -> Iterator[TrainingPrompt]:
    """Yield every item of `task` that has constraints, in the order of the task."""
    for prompt in prompts(task, task.items, (CONSTRAINED,), 1, 0):  # training asks what the benchmark asks
        yield TrainingPrompt(prompt.item.key, as_chat(prompt.messages), Label(prompt.item).to_text())


def _columns(task: Task, number: int, asked: TrainingPrompt) -> JsonObject:
    """For TRL, which hands every column but `prompt` to the reward function by name, and OpenRLHF, which is told both.

    OpenRLHF is told by `--data.input_key prompt --data.label_key label --data.apply_chat_template`.
    """
    return {"prompt": asked.messages, "label": asked.label}


def _verl(task: Task, number: int, asked: TrainingPrompt) -> JsonObject:
    return {
        "data_source": f"mathif/{task.name}",
        "prompt": asked.messages,
        "ability": "math",
        "reward_model": {"style": "rule", "ground_truth": asked.label},
        "extra_info": {"index": number, "item": asked.key},
    }


def _nemo_gym(task: Task, number: int, asked: TrainingPrompt) -> JsonObject:
    return {"responses_create_params": {"input": asked.messages}, "verifier_metadata": {"label": asked.label}}


TRAINERS: Mapping[str, Callable[[Task, int, TrainingPrompt], JsonObject]] = MappingProxyType(
    {"trl": _columns, "verl": _verl, "openrlhf": _columns, "nemo-gym": _nemo_gym}
)
"""What a row looks like for each trainer."""

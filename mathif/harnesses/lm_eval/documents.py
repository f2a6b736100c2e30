"""Documents and scores for the LM Evaluation Harness (checked with 0.4.13); the YAML files beside this one name them.

The harness hands over text alone. Behind an API model it has dropped the thinking that the server split off, and it
never says whether the token limit cut a reply: such a reply is judged as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from mathif.harnesses.judging import asked, scores
from mathif.tasks import as_dataset

LISTED = ("hacc", "sacc", "acc", "joint")
"""The metrics in the `metric_list` of the file that the YAML files include, which cannot be read from our table."""


class Document(TypedDict):
    """One item as the harness keeps it."""

    task: str
    arm: str
    item: str
    prompt: str


def items(task: str, arm: str = "constrained", **_: object) -> dict[str, object]:
    """Return the documents of a bundled task, one an item, without asking any hub.

    Args:
        task: name of the task, from the YAML file.
        arm: how it is asked: `--metadata '{"arm": "plain"}'`.
    """
    rows: list[Document] = [
        {"task": task, "arm": arm, "item": key, "prompt": "\n\n".join(message.content for message in row.messages)}
        for key, row in asked(task, arm).items()
    ]
    return {"test": as_dataset(rows)}


def process_results(doc: Document, results: Sequence[str]) -> dict[str, float]:
    """Return what the reply adds to each metric that the tasks list; the harness fails on any other."""
    known = scores(asked(doc["task"], doc["arm"])[doc["item"]].item, results[0], arm=doc["arm"])
    return {name: known[name] for name in LISTED if name in known}

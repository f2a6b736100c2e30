"""The score of one reply: its parts, and the mean of those parts that the trainer gave a weight."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

from mathif import json_values
from mathif.constraints import Target
from mathif.errors import DataError
from mathif.grading import grade
from mathif.items import Item
from mathif.json_values import Json, JsonObject
from mathif.records import Outcome, Problem, Profile, Verdict
from mathif.store import canonical
from mathif.tasks import constraint_rows, with_constraints


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part of the score counts; a part of weight 0 is not asked for.

    Attributes:
        answer: 1 for the right answer, else 0.
        adherence: share of the constraints on the reply that are obeyed, in [0, 1].
        joint: 1 where the answer is right and every constraint is obeyed, else 0.
        thinking: share of the constraints on the thinking that are obeyed, in [0, 1].
    """

    answer: float = 1.0
    adherence: float = 1.0
    joint: float = 0.0
    thinking: float = 0.0

    def __post_init__(self) -> None:
        """Refuse weights that leave nothing to learn.

        Raises:
            DataError: if a weight is negative, or all of them are 0.
        """
        given = asdict(self)
        if min(given.values()) < 0 or not any(given.values()):
            raise DataError(f"reward weights: found {given}, expected none below 0 and one above it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one reply earned; None where a part is not asked of this item, or cannot be told.

    Attributes:
        reward: mean of the parts by their weights, in [0, 1]; None where a part that has a weight cannot be told.
        answer: 1.0 for the right answer, else 0.0; None where the grader cannot decide.
        adherence: share of the constraints on the reply that are obeyed; None where there are none.
        joint: 1.0 where the answer is right and every constraint on reply and thinking is obeyed, else 0.0.
        thinking: share of the constraints on the thinking that are obeyed; None where there are none, or where no
            thinking can be seen.
        ungraded: number of verdicts that the graders could not give.
    """

    reward: float | None
    answer: float | None
    adherence: float | None
    joint: float | None
    thinking: float | None
    ungraded: int


@dataclass(frozen=True, slots=True)
class Label:
    """What a training row must carry so that a reply to it can be scored.

    It travels as one string of JSON, since data sets of trainers hold text in every column without changing it.

    Attributes:
        item: the problem's answer and the constraints, as the graders take them.
    """

    item: Item

    def to_text(self) -> str:
        """Return the label as canonical JSON."""
        problem = self.item.problem
        row: dict[str, Json] = {
            "key": self.item.key,
            "answer": problem.answer,
            "constraints": constraint_rows(self.item),
        }
        if problem.aliases:
            row["aliases"] = list(problem.aliases)
        if problem.tag:
            row["tag"] = problem.tag
        return canonical(row)

    @classmethod
    @lru_cache(maxsize=65536)
    def from_text(cls, text: str) -> Label:
        """Read what `to_text` wrote; each label is parsed once and kept.

        Raises:
            DataError: if it is not a label, or its constraints are not known here.
        """
        try:
            row: JsonObject = {"aliases": (), "tag": "", **json.loads(text)}
            problem = Problem(
                json_values.text(row, "key"),
                "",
                json_values.text(row, "answer"),
                "",
                aliases=json_values.texts(row, "aliases"),
                tag=json_values.text(row, "tag"),
            )
            constraints = row["constraints"]
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"reward label: found {str(text)[:80]!r}, expected the JSON that `training_rows` writes for each item"
            ) from error
        bare = Item(problem.key, problem, (), ())
        return cls(with_constraints(bare, constraints, f"reward label of {problem.key}"))


def score(
    label: Label | str,
    response: str,
    weights: Weights | None = None,
    *,
    opened: bool = False,
    reasoning: str | None = None,
) -> Score:
    """Score one reply.

    Pure; any thread and any number of processes may call it. The work is linear in the reply.

    Args:
        label: of the row that was asked.
        response: the raw reply, marks of thinking included where the trainer left them in.
        weights: what counts; by default the answer and the adherence, each once.
        opened: whether the prompt already opened the thinking, as the templates of many reasoning models do.
        reasoning: the thinking, where the server split it from the reply.

    Raises:
        DataError: if `label` cannot be read.
    """
    item = (Label.from_text(label) if isinstance(label, str) else label).item
    grades = grade(item, response, Profile.MATHIF, opened=opened, reasoning=reasoning)
    pairs = list(zip(item.constraints, grades.constraints, strict=True))
    parts = {
        "answer": _mean([grades.answer]),
        "adherence": _mean([verdict for demand, verdict in pairs if demand.target is Target.FINAL]),
        "joint": _all([grades.answer, *grades.constraints]),
        "thinking": _mean([verdict for demand, verdict in pairs if demand.target is Target.THINKING]),
    }
    asked = _asked(item, weights or Weights())
    untold = any(parts[name] is None for name in asked)
    return Score(
        reward=None if untold or not asked else _weighted(parts, asked),
        ungraded=sum(verdict.outcome is Outcome.UNGRADED for verdict in (grades.answer, *grades.constraints)),
        **parts,
    )


def _asked(item: Item, weights: Weights) -> dict[str, float]:
    """Return the weights above 0 of the parts that this item asks for."""
    targets = {demand.target for demand in item.constraints}
    absent = {"adherence": Target.FINAL not in targets, "thinking": Target.THINKING not in targets}
    given = {field.name: getattr(weights, field.name) for field in fields(weights)}
    return {name: weight for name, weight in given.items() if weight and not absent.get(name, False)}


def _weighted(parts: dict[str, float | None], asked: dict[str, float]) -> float:
    return sum((parts[name] or 0.0) * weight for name, weight in asked.items()) / sum(asked.values())


def _mean(verdicts: Sequence[Verdict]) -> float | None:
    """Return the share that passed; None where there is nothing to judge or a verdict could not be given."""
    if not verdicts or any(not _told(verdict) for verdict in verdicts):
        return None
    return sum(verdict.passed for verdict in verdicts) / len(verdicts)


def _all(verdicts: Sequence[Verdict]) -> float | None:
    """Return whether all passed; one failure settles it, whatever the others would have been."""
    if any(verdict.outcome is Outcome.FAIL for verdict in verdicts):
        return 0.0
    return None if any(not _told(verdict) for verdict in verdicts) else 1.0


def _told(verdict: Verdict) -> bool:
    return verdict.outcome in (Outcome.PASS, Outcome.FAIL)

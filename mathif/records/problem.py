"""A problem, and the key that names each reply to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

from mathif.errors import DataError


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its gold answer; it knows nothing of constraints.

    Attributes:
        key: unique within its task; several items may share one problem.
        question: the text as it is shown, without any instruction.
        answer: the gold answer, LaTeX allowed, always a string.
        source: the data set or set of families it comes from.
        tier: difficulty from 1 (grade school) to 5 (olympiad), or None where the source has none.
        aliases: other answers that are just as right.
        topics: the fields of mathematics it needs.
        steps: number of reasoning steps of the reference solution, or None.
        family: the problem family that made it, or "".
        surface: how its family dressed it, a `Surface`, or "".
        root: what it is a version of, the same for all its versions of other steps and surfaces, or "".
        tag: name of the tag that the prompt wants the answer in, in place of a box; "" where it wants a box.
    """

    key: str
    question: str
    answer: str
    source: str
    tier: int | None = None
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    steps: int | None = None
    family: str = ""
    surface: str = ""
    root: str = ""
    tag: str = ""


class Key(NamedTuple):
    """Name of one reply, `task/item@arm#sample`; records are joined by it and never by position."""

    task: str
    item: str
    arm: str
    sample: int

    def __str__(self) -> str:
        return f"{self.task}/{self.item}@{self.arm}#{self.sample}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `task/item@arm#sample`; item keys may hold `#` (`gsm8k_single#0`).

        Raises:
            DataError: if a part is missing or the sample is not a number.
        """
        head, _, sample = text.rpartition("#")
        place, _, arm = head.rpartition("@")
        task, _, item = place.partition("/")
        if not (task and item and arm and sample.isdecimal()):
            raise DataError(f"found key {text!r}, expected 'task/item@arm#sample'")
        return cls(task, item, arm, int(sample))

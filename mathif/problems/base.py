"""What a problem family is: one frozen dataclass whose fields are the parameters of one problem.

A family holds everything about itself in one place: its stories, how its parameters are drawn, its exact answer,
and a second, independent way to the same answer. A new family is one class in the file of its topic.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from random import Random
from typing import ClassVar, Self

from mathif.problems import cast
from mathif.problems.exact import Value
from mathif.records import Surface
from mathif.registry import Registry

FAMILIES: Registry[type[Family]] = Registry("mathif.problems", "problem family")
"""Every family by name, in the order in which they are defined."""

LADDER = range(2, 7)
"""The step counts that a whole set can be asked for."""


Stories = Mapping[Surface, tuple[str, ...]]


class Family(ABC):
    """One way to pose a problem; an instance is one problem of it, its parameters bound.

    The fields of an instance are its mathematics and every story shows all of them, so that two instances never
    make one text. For each step count a family has thousands of instances: sets drawn with different seeds share none.

    Attributes:
        name: unique, lower case with hyphens.
        tier: 1 grade school, 2 middle school, 3 high school, 4 competition, 5 olympiad.
        topics: the first is the topic that the family is filed under.
        steps: the step counts that it can be built with, all of `LADDER` where the story allows; one step is one
            inference or one operation of the reference solution.
        task: the task that it belongs to; sets of one task never hold a family of another.
        stories: at least two familiar `str.format` templates and one unfamiliar one; they may use `self`, for the
            instance's attributes and properties, and the words of a `Cast` (`{name}`, `{things}`).
    """

    name: ClassVar[str]
    tier: ClassVar[int]
    topics: ClassVar[tuple[str, ...]]
    steps: ClassVar[range]
    task: ClassVar[str] = "core"
    stories: ClassVar[Stories]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "name" in cls.__dict__:
            FAMILIES.add(cls.name, cls)

    @classmethod
    @abstractmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw parameters of a well-posed problem that takes `steps` steps.

        Only `rng.random`, `randint`, `randrange`, `choice`, `sample` and `shuffle`, which `Dice` keeps the same on
        every Python.
        """

    @abstractmethod
    def answer(self) -> Value:
        """Return the exact answer."""

    @abstractmethod
    def check(self) -> Value:
        """Return the answer by another method: brute force, substitution, exact simulation or a second formula."""

    def question(self, rng: Random, surface: Surface) -> str:
        """Tell one of the stories of `surface` with these parameters and a cast of its own."""
        words = cast.familiar(rng) if surface is Surface.FAMILIAR else cast.coined(rng)
        return rng.choice(self.stories[surface]).format(self=self, **words)

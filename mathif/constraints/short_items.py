"""Short items: kinds on list items and steps, how long each may be and how many there may be at most."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from random import Random
from typing import ClassVar, Self

from mathif.constraints.base import Constraint, Example, Group, broken, obeyed
from mathif.constraints.edits import before, fill
from mathif.constraints.layout import FILLER, NumberedSteps, empty_step, numbered
from mathif.constraints.words import INK, view, words
from mathif.records import Problem, Span, Verdict


@dataclass(frozen=True, kw_only=True)
class ShortItems(Constraint):
    """A list whose items are short.

    Attributes:
        items: the fewest items.
        most: the most words that an item may have.
    """

    kind: ClassVar[str] = "layout:short_items"
    strewn: ClassVar[bool] = True
    group: ClassVar[Group] = Group.LENGTH
    limits: ClassVar[str] = (
        "An item is a list item of Markdown, numbered or not, with all that belongs to it up to the next one or a"
        " blank "
        "line; words are those of the prose."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"items": 2, "most": 4}, "1. Multiply six by seven.\n2. Write $\\boxed{42}$ down.", True),
        Example(
            {"items": 1, "most": 2}, "- Multiply: $6 \\cdot 7$\n\nThe answer to the question is $\\boxed{42}$.", True
        ),
        Example({"items": 2, "most": 4}, "1. Multiply the six by the seven.\n2. Write $\\boxed{42}$.", False),
        Example({"items": 2, "most": 4}, "- Multiply.\n\nThat is $\\boxed{42}$.", False),
        Example({"items": 2, "most": 4}, "-\n-\n\n$\\boxed{42}$", False),
    )

    items: int
    most: int

    def wordings(self) -> tuple[str, ...]:
        items = (
            "one numbered step or bullet point" if self.items == 1 else f"{self.items} numbered steps or bullet points"
        )
        word = "word" if self.most == 1 else "words"
        return (
            f"Use at least {items} in your {self.part}, and at most {self.most} {word} in each of them.",
            f"Your {self.part} must have at least {items}, none of them longer than {self.most} {word}.",
            f"Write your {self.part} with at least {items}; keep every one of them to {self.most} {word} or fewer.",
        )

    def holds(self, text: str) -> Verdict:
        found = 0
        for span, count in _counted(text):
            if count > self.most:
                return broken(f"an item has {count} words, expected at most {self.most}", span)
            found += INK.search(view(text).outline, span.start, span.end) is not None
        if found < self.items:
            return broken(f"found {found} items, expected at least {self.items}", Span(len(text), len(text)))
        return obeyed()

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw 2 to 5 items of up to 6 to 15 words."""
        return cls(items=rng.randint(2, 5), most=rng.randint(6, 15))

    def follows(self, other: Constraint) -> bool:
        return isinstance(other, ShortItems) and other.items >= self.items and other.most <= self.most

    def comply(self, body: str) -> str:
        if self.holds(body).passed:
            return body
        for span, count in reversed(list(_counted(body))):
            if count > self.most:
                body = f"{body[: span.start]} {FILLER}\n\n{body[span.start :].lstrip()}"
        have = sum(1 for _ in _items(body))
        # Where another demand counts the bullets, these are numbered.
        bulleted = any(not item.mark[0].isdigit() for item in view(body).blocks.items)
        marks = [f"{number}." if bulleted else "-" for number in range(1, self.items - have + 1)]
        listed = "\n".join([FILLER, "", *(f"{mark} {FILLER}" for mark in marks)])
        return before(f"{listed}\n", body) if have < self.items else body

    def defy(self, body: str) -> str:
        return before(f"{fill(body, 1)}\n- {fill(body, self.most + 1)}\n", body)


def _counted(text: str) -> Iterator[tuple[Span, int]]:
    """Yield what each list item says with the number of its words."""
    spans = list(_items(text))
    starts = [word.start() for word in words(text)] if spans else []
    for span in spans:
        yield span, bisect_left(starts, span.end) - bisect_left(starts, span.start)


def _items(text: str) -> Iterator[Span]:
    """Yield what each list item says, its mark left out."""
    listed = view(text).blocks.items
    outline = view(text).outline
    for item, following in zip_longest(listed, listed[1:]):
        end = following.start if following else len(outline)
        blank = outline.find("\n\n", item.end, end)
        yield Span(item.end, blank if blank >= 0 else end)


@dataclass(frozen=True, kw_only=True)
class MostSteps(Constraint):
    """Numbered steps, up to a number of them.

    Attributes:
        most: the most steps; there must be one.
    """

    kind: ClassVar[str] = "layout:most_steps"
    planned: ClassVar[bool] = True
    group: ClassVar[Group] = Group.FORMAT
    limits: ClassVar[str] = (
        "Steps are those of `layout:numbered_steps`, numbered from 1 on; one at least must be there."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"most": 3}, "1. Multiply: $6 \\cdot 7$.\n2. The answer is $\\boxed{42}$.", True),
        Example({"most": 1}, "**Step 1:** Write $\\boxed{42}$.", True),
        Example({"most": 2}, "1. Multiply.\n2. Add.\n3. Write $\\boxed{42}$.", False),
        Example({"most": 2}, "Multiply and write $\\boxed{42}$.", False),
        Example({"most": 3}, "1. Multiply.\n3. Write $\\boxed{42}$.", False),
    )

    most: int

    def wordings(self) -> tuple[str, ...]:
        noun = "step" if self.most == 1 else "steps"
        return (
            (
                f"Lay out your {self.part} in at most {self.most} numbered {noun}, each on a line of its own that "
                'begins with its number ("1.", "2.", and so on).'
            ),
            f"Number the steps of your {self.part} (1., 2., …), one a line, and use no more than {self.most} of them.",
            f"Your {self.part} must be organised into numbered steps, {self.most} at the most, each on its own line.",
        )

    def holds(self, text: str) -> Verdict:
        found = list(islice(numbered(text), self.most + 1))
        if not found or len(found) > self.most:
            return broken(
                f"found {len(found)} numbered steps, expected 1 to {self.most}", *(mark for _, mark in found[-1:])
            )
        if (empty := empty_step(text, [mark for _, mark in found])) is not None:
            return broken("a step says nothing", empty)
        return NumberedSteps(steps=len(found)).holds(text)

    @classmethod
    def draw(cls, rng: Random, problem: Problem) -> Self:
        """Draw 3 to 8 steps."""
        return cls(most=rng.randint(3, 8))

    def clashes(self, other: Constraint) -> str:
        if isinstance(other, NumberedSteps) and other.steps > self.most:
            return f"{other.steps} steps are more than {self.most}"
        return ""

    def follows(self, other: Constraint) -> bool:
        if isinstance(other, NumberedSteps):
            return other.steps <= self.most
        return isinstance(other, MostSteps) and other.most <= self.most

    def comply(self, body: str) -> str:
        return body if self.holds(body).passed else NumberedSteps(steps=1).comply(body)

    def defy(self, body: str) -> str:
        return NumberedSteps(steps=self.most).defy(body)

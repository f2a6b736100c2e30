"""The table of arms: every kind with how it is written, what it shows and which demands it asks; parsed here alone.

An arm is written as the name of its kind (`constrained`), or as name and value (`repeat:3`). A new kind is one row of
`KINDS`; the help, the listing, the README and the contract tests follow from the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mathif.arms import demands
from mathif.arms import presentations as show
from mathif.arms.presentations import Presentation
from mathif.errors import UsageError, nearest
from mathif.items import Item
from mathif.plan import IN_OTHER_WORDINGS, OTHER_WORDINGS, SWITCHING

PLAIN = "plain"
"""The arm without constraints, whose replies are shared by every item of a problem."""
CONSTRAINED = "constrained"
"""The arm that shows an item's own constraints behind its problem."""
SELF = "self"
"""The arm whose constraints are drawn from the plain replies."""
THINKING = "thinking"
BOTH = "both"
CONFLICT = "conflict"
"""The arm whose two demands exclude each other: the system's first, then the user's."""
EFFORT = "effort"
BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of arm.

    Attributes:
        name: what stands before the colon, or all of it.
        line: what the model is shown, in one line.
        present: makes the chat.
        demands: which demands it asks of an item, and is judged by; None where the item is not asked.
        values: the values that stand behind the colon, from the least; empty where none does or where any word may.
        free: what a value that the model's family decides on is called in the help, "" where `values` says all.
    """

    name: str
    line: str
    present: Presentation = show.constrained
    demands: Callable[[Item], Item | None] = demands.own
    values: tuple[str, ...] | range = ()
    free: str = ""

    @property
    def valued(self) -> bool:
        """Whether a value stands behind the name."""
        return bool(self.values or self.free)

    @property
    def switches(self) -> bool:
        """Whether the value says how the model is to think, and not what it is shown."""
        return self.valued and f"{self.name}:" in SWITCHING

    @property
    def rewords(self) -> str:
        """The arm whose demands it shows so many wordings behind their own as the value says; "" for other kinds."""
        return next((arm for arm, others in IN_OTHER_WORDINGS.items() if self.examples[0] in others), "")

    @property
    def form(self) -> str:
        """How an arm of this kind is written."""
        if not self.valued:
            return self.name
        value = "N" if isinstance(self.values, range) else self.free or "|".join(self.values)
        return f"{self.name}:{value}"

    @property
    def examples(self) -> tuple[str, ...]:
        """Arms of this kind: the one, or one with each value that is named, or with the least number."""
        if not self.valued:
            return (self.name,)
        values = (str(self.values[0]),) if isinstance(self.values, range) else self.values or ("low",)
        return tuple(f"{self.name}:{value}" for value in values)

    def takes(self, value: str) -> bool:
        """Tell whether `value` may stand behind the colon; a number is written without leading zeros."""
        if isinstance(self.values, range):
            return value.isascii() and value.isdigit() and value == str(int(value)) and int(value) in self.values
        return value in self.values if self.values else bool(self.free) and value.replace("_", "").isalnum()

    def expected(self) -> str:
        """Say what may stand behind the colon."""
        if isinstance(self.values, range):
            return f"a number from {self.values[0]} to {self.values[-1]}"
        return " or ".join(self.values) or f"a {self.free.lower()}"


KINDS: tuple[Kind, ...] = (
    Kind(
        name=PLAIN,
        line="the problem without constraints; judged on the constraints it was not given",
        present=show.plain,
        demands=demands.unasked,
    ),
    Kind(name=CONSTRAINED, line="the problem, then its constraints"),
    Kind(
        name="shuffled",
        line="another item's constraints; judged on its own: what formatting without reading earns",
        present=show.shuffled,
    ),
    Kind(
        name="scrambled",
        line="its constraints with their words permuted: meaning gone, length kept",
        present=show.scrambled,
    ),
    Kind(name="before", line="its constraints before the problem", present=show.before),
    Kind(
        name="after",
        line="its constraints after the problem, in the same block as `before` and `system`",
        present=show.after,
    ),
    Kind(name="system", line="its constraints in the system message", present=show.system),
    Kind(
        name=SELF,
        line="constraints that the model's own plain reply meets: any loss is interference, not difficulty",
    ),
    Kind(
        name=THINKING,
        line="the same constraints asked of the thinking instead of the reply; judged on the thinking",
        present=show.by_part,
        demands=demands.of_thinking,
    ),
    Kind(
        name=BOTH,
        line="its constraints asked of the reply, and those that can be of the thinking too; judged on each",
        present=show.by_part,
        demands=demands.of_both,
    ),
    Kind(
        name="wording",
        line="as `constrained`, each constraint in the wording N places behind its own; `--wordings all` adds them",
        values=OTHER_WORDINGS,
    ),
    Kind(
        name="thinking-wording",
        line="as `thinking`, likewise",
        present=show.by_part,
        demands=demands.of_thinking,
        values=OTHER_WORDINGS,
    ),
    Kind(
        name="both-wording",
        line="as `both`, likewise",
        present=show.by_part,
        demands=demands.of_both,
        values=OTHER_WORDINGS,
    ),
    Kind(
        name="repeat",
        line="its constraints N times, one block below the other",
        present=show.repeated,
        values=range(2, 11),
    ),
    Kind(
        name="self-check",
        line="its constraints, then the request to check the reply against each before answering",
        present=show.self_check,
    ),
    Kind(
        name="few-shot",
        line="two other items with replies that obey their constraints, as earlier turns; not for the thinking",
        present=show.few_shot,
        demands=demands.of_reply,
    ),
    Kind(
        name="turn",
        line="its constraints in the first of N turns, unrelated problems between, the problem in the last",
        present=show.turns,
        values=range(2, 7),
    ),
    Kind(
        name=CONFLICT,
        line="one constraint in the system message and one that excludes it in the user's: who is obeyed",
        present=show.conflict,
        demands=demands.conflicting,
    ),
    Kind(
        name=THINKING,
        line="as `constrained`, with the thinking switched on or off as the model's family does",
        values=("on", "off"),
    ),
    Kind(
        name=EFFORT,
        line="as `constrained`, with so much effort of thinking, by a name that the model's family knows",
        free="LEVEL",
    ),
    Kind(
        name=BUDGET,
        line="as `constrained`, with at most N tokens of thinking: by the template, or closed there",
        values=range(1, 10**6 + 1),
    ),
)
"""Every kind, in the order in which they are listed."""

ARMS: Mapping[str, str] = MappingProxyType({kind.form: kind.line for kind in KINDS})
"""Every kind as it is written, with one line on what it shows."""


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm of a run.

    Attributes:
        kind: what it is.
        value: what stands behind the colon, "" where nothing does.
    """

    kind: Kind
    value: str = ""


def parse_arm(text: str) -> Arm:
    """Read one arm.

    Raises:
        UsageError: for an unknown name, a value that the kind does not take, or a value that is missing.
    """
    name, colon, value = text.partition(":")
    found = [kind for kind in KINDS if kind.name == name]
    if not found:
        raise UsageError(f"--arms: unknown arm {text!r}{nearest(name, sorted({kind.name for kind in KINDS}))}")
    fitting = next((kind for kind in found if kind.valued == bool(colon)), None)
    if fitting is None:
        raise UsageError(f"--arms: found {text!r}, expected {' or '.join(kind.form for kind in found)}")
    if colon and not fitting.takes(value):
        raise UsageError(f"--arms: found {text!r}, expected {fitting.form} with {fitting.expected()}")
    return Arm(fitting, value)


def words_anew(arm: str) -> str:
    """Return the arm whose constraints `arm` shows in another wording, "" where it shows none so."""
    return next((kind.rewords for kind in KINDS if kind.name == arm.partition(":")[0]), "")


def parse_arms(text: str) -> tuple[str, ...]:
    """Read a comma-separated list of arms.

    Raises:
        UsageError: for one that is none, a doubled or missing one, or `self` without `plain`.
    """
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in found:
        parse_arm(name)
    if not found or len(set(found)) < len(found):
        raise UsageError(f"--arms: found {text!r}, expected different arms of {', '.join(ARMS)}")
    if SELF in found and PLAIN not in found:
        raise UsageError("--arms: 'self' is made from the plain replies; add 'plain'")
    return found


def asked_as(item: Item, arm: str) -> Item | None:
    """Return `item` with the demands that `arm` asks of it and is judged by, or None where it is not asked."""
    parsed = parse_arm(arm)
    asked = parsed.kind.demands(item)
    return asked.worded_anew(int(parsed.value)) if asked and parsed.kind.rewords else asked


def asked_at(item: Item, arm: str) -> tuple[str, Item] | None:
    """Return the item part of the key under which `item` is asked in `arm`, and `asked_as`; None where it is not asked.

    The plain prompt is the same for every item of a problem, so it is asked once, under the problem's key; an item
    without constraints has no other presentation.
    """
    asked = asked_as(item, arm)
    return None if asked is None else (item.problem.key if arm == PLAIN else item.key, asked)

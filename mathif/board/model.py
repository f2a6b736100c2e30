"""The records of a board: its tables, their lines and what stands in them; their fields are `board.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from mathif.evidence import ShownReply
from mathif.records import Profile
from mathif.results import with_every_metric, without_metrics
from mathif.stats import Count, Difference, Estimate, Proportion, RankRange, Share, Slope

Badge = Literal["published-not-regraded", "self-reported", "regraded", "reproduced", "floor", "stale", "refused"]
"""How far the numbers of a line can be trusted; `floor` for a reference, which is not a model, `stale` for numbers by
rules that judge otherwise today, `refused` for an entry that does not hold, which has no numbers."""

MOST_WITHHELD = 0.05
"""Share of the replies whose thinking a ranked row may keep to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What is said of a model; None where nobody said."""

    id: str
    organisation: str | None = None
    parameters_b: float | None = None
    open: bool | None = None
    licence: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FloorMark:
    """What scores without minding the instructions, on the same items.

    Attributes:
        hacc: HAcc of the null reply, which is right and ignores every instruction.
        sacc: SAcc of it.
        fixed_hacc: HAcc of the best fixed text; None where none is known.
        fixed_sacc: SAcc of it.
    """

    hacc: Proportion
    sacc: Proportion
    fixed_hacc: Proportion | None = None
    fixed_sacc: Proportion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardBin:
    """HAcc and Acc over the replies whose CoT length is in [low, high) tokens."""

    low: Count
    high: Count
    n: Count
    hacc: Share | None = None
    acc: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardKind:
    """How often one kind of constraint is obeyed, and by the null reply."""

    kind: str
    obeyed: Share | None
    floor: Proportion | None


@dataclass(frozen=True, slots=True, kw_only=True)
@with_every_metric(Share)
class BoardRow:
    """One line of one table: one model on one task under one profile, with what a reader needs to weigh it.

    Attributes:
        rank: the ranks by HAcc that the data do not rule out; None for a reference.
        name: unique among the lines of its table.
        badge: how far its numbers can be trusted.
        model: what is said of the model.
        method: what was done beyond asking the model as it is (another prompt, training), "" for nothing; such a row is
            not ranked among models.
        reasoning: whether the model thinks before it answers; None where unknown.
        task: tasks with their versions.
        profile: whose rules judged the constraints.
        submitter: who says so.
        samples: replies for each item.
        limit: number of items asked of each task, None for all.
        settings: what else was set, name and value as text.
        hacc: HAcc.
        sacc: SAcc.
        acc: Acc, constraints shown.
        acc_plain: Acc, no constraints shown.
        joint: right and obedient.
        thinking: share of replies whose thinking obeys what was asked of the thinking.
        reply: share of replies that obey in the reply what was asked of it.
        both: share of replies that obey in both.
        reliable: share of the constraints that are obeyed in each of their wordings; None where one was asked.
        lift: HAcc minus that of the plain replies.
        dilution: change in the log-odds of obeying per doubling of the CoT, within items and beyond the plain replies;
            None where the reply itself is the CoT, whose length is that of the judged text.
        above_floor: HAcc minus that of the null reply, which is a constant of the items.
        sacc_above_floor: the same of SAcc.
        floor: the null reply.
        open: share of replies that ran out of tokens inside their thinking.
        tokens: mean number of tokens generated for a reply.
        lengths: by CoT length.
        kinds: by kind of constraint.
        replies: a few replies.
    """

    rank: RankRange | None
    name: str
    badge: Badge
    model: ModelCard
    reasoning: bool | None
    task: str
    profile: Profile
    submitter: str
    samples: Count
    limit: Count | None
    settings: Mapping[str, str]
    hacc: Share | None
    sacc: Share | None
    acc: Share | None
    acc_plain: Share | None
    joint: Share | None
    lift: Difference | None
    dilution: Slope | None
    above_floor: Estimate | None
    sacc_above_floor: Estimate | None
    floor: FloorMark | None
    open: Proportion | None
    tokens: float | None
    lengths: tuple[BoardBin, ...]
    kinds: tuple[BoardKind, ...]
    replies: tuple[ShownReply, ...]
    method: str = ""
    thinking: Share | None = None
    reply: Share | None = None
    both: Share | None = None
    reliable: Share | None = None

    @property
    def withholds(self) -> bool:
        """Whether HAcc goes over so few of the replies that whoever chose them would have chosen the rank.

        HAcc goes over replies whose thinking is seen where it is asked of the thinking, and Acc over every reply.
        """
        return self.hacc is not None and self.acc is not None and self.hacc.n < (1 - MOST_WITHHELD) * self.acc.n

    def without_numbers(self) -> BoardRow:
        """Return what the row is of, without any number."""
        bare = replace(without_metrics(self), rank=None, acc_plain=None)
        bare = replace(bare, lift=None, dilution=None, above_floor=None, sacc_above_floor=None, floor=None)
        bare = replace(bare, thinking=None, reply=None, both=None, reliable=None)
        return replace(bare, open=None, tokens=None, lengths=(), kinds=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table: lines that answered the same questions.

    The ranked ones come first, then what others did beyond asking a model as it is, then references, then entries that
    do not hold; in each of these the best HAcc first.

    Attributes:
        id: name of its place on the page.
        task: tasks with their versions.
        profile: whose rules judged the constraints.
        limit: number of items asked of each task, None for all.
        title: its heading.
        note: what must be said above it.
        rows: its lines.
    """

    id: str
    task: str
    profile: Profile
    limit: Count | None
    title: str
    note: str
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The leaderboard."""

    schema: int
    sections: tuple[Section, ...]

"""The record of what was measured: which model was asked what, how, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mathif.records import Sampling
from mathif.stats import Count


@dataclass(frozen=True, slots=True)
class TaskAsked:
    """A task, the edition of it, and the digest of its items."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensCounted:
    """Tokens of the prompts, of all that was generated and of the thinking alone, over the replies that tell.

    Attributes:
        told: replies whose generated tokens are known.
        prompt: of the prompts.
        generated: of the replies, thinking included.
        thinking: of the thinking alone.
    """

    told: Count
    prompt: Count
    generated: Count
    thinking: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a report is about.

    Attributes:
        model: id of the model.
        revision: of the model; None where nobody said.
        engine: name of the engine.
        engine_version: its version.
        mathif: version of this program that asked.
        tasks: what was asked.
        arms: how it was shown.
        samples: replies to each item and arm.
        limit: number of items of each task; None for all.
        sampling: how replies were drawn.
        most_tokens: most tokens of a reply, by the plan or by the engine's default; None where nobody said.
        reasoning_tags: the marks between which thinking was looked for, where they were set by hand.
        prompts: digest of the prompts.
        started: day on which the run was started, UTC, as YYYY-MM-DD; "" where it is not recorded.
        replies: replies recorded.
        tokens: their tokens.
        primary: the one analysis that everything else is secondary to; "" where no arm shows constraints.
        tokenizer: what counted the lengths that the engine did not; None where nothing else did.
        modes: for each arm that says how to think what was sent for it, as plain JSON; `rewords` where that changes the
            text of a turn too.
        asked: prompts of the whole plan, each with `samples` replies; 0 where that is not told.
        draws: whether the engine draws replies as `sampling` says; a simulated or recorded one does not.
        registered: digest of the plan that was written down before the first reply; None where none was.
    """

    model: str
    revision: str | None
    engine: str
    engine_version: str
    mathif: str
    tasks: tuple[TaskAsked, ...]
    arms: tuple[str, ...]
    samples: Count
    limit: Count | None
    sampling: Sampling
    most_tokens: Count | None
    reasoning_tags: tuple[str, ...] | None
    prompts: str
    started: str
    replies: Count
    tokens: TokensCounted
    primary: str = ""
    registered: str | None = None
    tokenizer: str | None = None
    asked: Count = 0
    draws: bool = True
    modes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

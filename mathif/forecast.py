"""The forecast: what a run will ask, and what that takes in tokens, time and money, before anything is asked.

A room of its own because it looks at a plan alone: no engine is opened and no folder is made, so its lengths and speeds
are rules of thumb, and it says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mathif.arms import SELF
from mathif.engines import CONCURRENCY, LLAMA_TOKENS, engine_of
from mathif.items import Prompt
from mathif.plan import Plan
from mathif.run import Items, new_items
from mathif.run.dealing import dealt
from mathif.settings import settings

CHARS_A_TOKEN = 4
"""Of English and formulas, by the tokenizers of today."""

TEMPLATE_TOKENS = 20
"""What a chat template adds to a prompt."""

DEFAULT_LIMITS = {"llama": LLAMA_TOKENS}
"""Most tokens of a reply where the user sets no limit, of the engines that have a limit of their own."""

USUAL_TOKENS = 4000
"""Of a reply where nothing limits it: about what reasoning models think for on these tasks."""

TOKENS_S = {"http": 40.0, "llama": 50.0, "vllm": 2000.0}
"""Tokens a second: of one reply of a server, of llama.cpp on two cores, of vLLM on one large GPU."""

FORETOLD = ("prompt_tokens", "reply_tokens", "limit", "seconds")
"""The totals of a forecast beside its number of prompts."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run will ask.

    Attributes:
        prompts: number of prompts by arm.
        later: prompts of arm `self` that the plain replies may give rise to.
        prompt_tokens: of all prompts, by the rule of thumb.
        reply_tokens: most tokens of all replies, or the usual ones where nothing limits them.
        limit: most tokens of one reply, None where nothing limits it.
        seconds: how long it takes if every reply is that long; None for an engine that takes none.
    """

    prompts: Mapping[str, int]
    later: int
    prompt_tokens: int
    reply_tokens: int
    limit: int | None
    seconds: float | None

    @property
    def count(self) -> int:
        """Number of prompts, those that may come later included."""
        return sum(self.prompts.values()) + self.later

    def cost(self, price_in: float | None, price_out: float | None) -> tuple[float, float]:
        """Return what prompts and replies cost at prices of a million tokens; without a price they are free."""
        return self.prompt_tokens * (price_in or 0) / 1e6, self.reply_tokens * (price_out or 0) / 1e6


def forecast(plan: Plan) -> Forecast:
    """Look ahead.

    Raises:
        UsageError: for an unknown task, arm or model, or a plan that asks nothing.
    """
    engine, items = engine_of(plan.model, plan.options), new_items(plan, plan.model)
    prompts = list(items.arms.prompts({}))
    later = _later(plan, items)
    share = 1 + later / max(1, len(prompts))  # a prompt of arm `self` is about as long as the others
    limit = plan.sampling.max_tokens or DEFAULT_LIMITS.get(engine)
    reply_tokens = (len(prompts) + later) * (limit or USUAL_TOKENS) if engine in TOKENS_S else 0
    return Forecast(
        prompts=Counter(prompt.key.arm for prompt in prompts),
        later=later,
        prompt_tokens=round(share * sum(map(_tokens, prompts))),
        reply_tokens=reply_tokens,
        limit=limit,
        seconds=reply_tokens / _tokens_s(plan, engine) if reply_tokens else None,
    )


def _later(plan: Plan, items: Items) -> int:
    asked = [item for task in items.tasks for item in dealt(plan, task.items) if item.constraints]
    return plan.samples * len(asked) if SELF in plan.arms else 0


def _tokens(prompt: Prompt) -> int:
    return TEMPLATE_TOKENS + sum(len(message.content) for message in prompt.messages) // CHARS_A_TOKEN


def _tokens_s(plan: Plan, engine: str) -> float:
    """Return the tokens a second of everything under way."""
    rate = TOKENS_S[engine]
    if engine == "http":
        return rate * (plan.options.concurrency or CONCURRENCY) * len(plan.options.base_url)
    return rate * (plan.options.data_parallel_size or 1)


def told(
    plan: Plan, ahead: Forecast, folder: Path, price_in: float | None = None, price_out: float | None = None
) -> str:
    """Return a forecast as lines of text.

    Args:
        plan: what was looked at.
        ahead: what it takes.
        folder: where the run will lie.
        price_in: of a million tokens of prompts, in any currency; None to say nothing of cost.
        price_out: likewise of replies.
    """
    arms = ", ".join(f"{arm} {count:,}" for arm, count in ahead.prompts.items())
    arms += f", and up to {ahead.later:,} of arm {SELF}" if ahead.later else ""
    lines = [
        ("engine", engine_of(plan.model, plan.options)),
        ("prompts", f"{ahead.count:,} ({arms})"),
        ("prompt tokens", f"about {ahead.prompt_tokens:,}, at {CHARS_A_TOKEN} characters a token"),
    ]
    if ahead.seconds is not None:
        each = f"at most {ahead.limit:,}" if ahead.limit else f"a usual {USUAL_TOKENS:,}, for nothing limits them"
        pace = ahead.reply_tokens / ahead.seconds
        lines += [
            ("reply tokens", f"{ahead.reply_tokens:,}, if each reply has {each}"),
            ("time", f"{_long(ahead.seconds)}, at {pace:,.0f} tokens/s, a rule of thumb"),
        ]
    if price_in is not None or price_out is not None:
        parts = ahead.cost(price_in, price_out)
        lines.append(("cost", f"{sum(parts):,.2f} (prompts {parts[0]:,.2f}, replies {parts[1]:,.2f})"))
    lines += [("folder", str(folder)), ("settings", ", ".join(_set(plan)) or "all at their defaults")]
    return "\n".join(f"{name + ':':15} {said}" for name, said in lines)


def _set(plan: Plan) -> Iterable[str]:
    """Yield every setting that is not at its default, as it would be typed."""
    for one in settings(Plan):
        value = plan.value(one)
        if value != one.default:
            yield f"{one.flag} {','.join(map(str, value)) if isinstance(value, tuple) else value}"


def _long(seconds: float) -> str:
    """Return a length of time in words: `3 h 20 min`, `5 min`, `40 s`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min"

"""How replies are drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mathif.json_values import Json
from mathif.settings import setting

PENALTIES = ("repetition_penalty", "presence_penalty")
BEYOND = ("top_k", "min_p", *PENALTIES)
"""The fields that say how a token is drawn beside temperature and nucleus mass, each off at its default."""
DRAWING = ("temperature", "top_p", *BEYOND)
"""The fields that say how a token is drawn."""

SEEDS = ("per-prompt", "run", "none")
SOURCES = ("settings", "model")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How replies are drawn.

    Attributes:
        temperature: 0 is greedy; None where the model's own settings are in force and only its server knows them.
        top_p: nucleus mass in (0, 1]; None likewise.
        top_k: only so many of the likeliest tokens are drawn from; 0 is all of them.
        min_p: only tokens at least so likely, as a share of the likeliest, are drawn from; 0 is all of them.
        repetition_penalty: divides the logits of tokens that stand in the prompt or the reply already; 1 is none.
        presence_penalty: taken off the logits of tokens that stand in the reply already; 0 is none.
        stop: texts that end a reply and are left out of it.
        max_tokens: most tokens a reply may have, thinking included; None leaves it to the engine's own default,
            which its `describe()` names.
        seed: the run's seed; every prompt has a seed of its own, derived from this one and its key.
        seeds: what the engine draws with: `per-prompt` each prompt's own seed, `run` one generator for all that starts
            from the run's seed, `none` whatever it likes.
        source: `settings` where the values above are the user's, `model` where they are the model's recommended ones.
    """

    temperature: float | None = setting(1.0, "Temperature of sampling; 0 is greedy.", low=0)
    top_p: float | None = setting(0.95, "Nucleus mass.", above=0, high=1)
    top_k: int = setting(0, "Draw from so many of the likeliest tokens; 0 is all.", low=0)
    min_p: float = setting(0.0, "Draw from tokens at least so likely, as a share of the likeliest.", low=0, high=1)
    repetition_penalty: float = setting(1.0, "Divides the logits of tokens that were there before; 1 is none.", above=0)
    presence_penalty: float = setting(0.0, "Taken off the logits of tokens that the reply has.", low=-2, high=2)
    stop: tuple[str, ...] = setting((), "A text that ends a reply; may be given several times.", repeated=True)
    max_tokens: int | None = setting(
        None, "Most tokens of a reply, thinking included.", low=1, default_told="the engine's"
    )
    seed: int = setting(0, "Seed of the run; every prompt has its own.")
    seeds: str = setting(
        "per-prompt", "Seeds that replies are drawn with: one a prompt, one for the whole run, or none.", choices=SEEDS
    )
    source: str = setting(
        "settings", "settings: as these flags say; model: as the model recommends.", flag="sampling", choices=SOURCES
    )

    @property
    def beyond_temperature(self) -> tuple[str, ...]:
        """The fields that say how tokens are drawn where temperature and nucleus mass alone do not."""
        unknown = tuple(name for name in ("temperature", "top_p") if getattr(self, name) is None)
        return unknown + self.off(*BEYOND, "stop")

    def off(self, *names: str) -> tuple[str, ...]:
        """Return those of some fields that are not at their default."""
        return tuple(one.name for one in fields(self) if one.name in names and getattr(self, one.name) != one.default)

    def told(self) -> dict[str, Json]:
        """Return how tokens are drawn, as an engine's description says it, in plain JSON."""
        said = {name: getattr(self, name) for name in (*DRAWING, "seeds", "source")}
        return said | {"stop": list(self.stop)}

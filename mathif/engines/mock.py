"""The mock engine: replies with known scores and no model.

`mock:witness`, `contrary`, `null` and `constant` give numbers that are known beforehand, and the floor that a reply
scores which ignores every instruction; the others, from `mock:difficulty` to `mock:limit`, are the worlds of
`mathif.engines.worlds`. Tokens are whitespace-separated words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from mathif import __version__
from mathif.constraints import Constraint, Target
from mathif.constraints.witness import contrary, null_reply, witness
from mathif.engines import Options
from mathif.engines.worlds import WORLDS, is_open
from mathif.errors import UsageError, nearest
from mathif.families import Place
from mathif.items import Item, Prompt
from mathif.json_values import Json
from mathif.reasoning import split, thinking_text
from mathif.records import Finish, Generation, Sampling

HONOURS: frozenset[str] = frozenset()
WRONG = "-987654.321"
"""No problem of any task has this answer."""

MUSING = " ".join(["We put down what is given and take the next step from there."] * 8)
"""What a mock thinks that is told to think and would not."""
EFFORTS: Mapping[str, float] = MappingProxyType({"low": 0.25, "medium": 0.5, "high": 1.0})
"""The part of its thinking that a mock puts down, by the effort that it is told."""

Edit = Callable[[Sequence[Constraint], str], str | None]


def _edited(item: Item, edit: Edit, body: str) -> str:
    """Return `body` edited for the demands on the reply, behind a thinking edited for those on it, if there are any."""
    parts = {
        target: edit(demands, body) or body
        for target in Target
        if (demands := [demand for demand in item.constraints if demand.target is target]) or target is Target.FINAL
    }
    before = f"<think>\n{parts[Target.THINKING]}\n</think>\n\n" if Target.THINKING in parts else ""
    return before + parts[Target.FINAL]


def _witness(item: Item) -> str:
    return _edited(item, witness, null_reply(item.problem.answer))


def _contrary(item: Item) -> str:
    return _edited(item, contrary, null_reply(WRONG))


def _null(item: Item) -> str:
    return null_reply(item.problem.answer)


def _constant(item: Item) -> str:
    return item.fixed or null_reply("0")


REPLIES: Mapping[str, Callable[[Item], str]] = MappingProxyType(
    {"witness": _witness, "contrary": _contrary, "null": _null, "constant": _constant}
)
"""What each mock says to an item: right and obedient (where a witness exists, else only right); wrong and disobedient;
right and blind to every instruction; the same text to everything, the best one that was found for the task."""

NAMES = (*REPLIES, *WORLDS)
"""What may follow `mock:`."""


def open_model(model: str, options: Options) -> Mock:
    """Open `mock:NAME`.

    Raises:
        UsageError: for an unknown name.
    """
    name = model.removeprefix("mock:")
    if name not in NAMES:
        raise UsageError(f"--model {model}: unknown mock {name!r}{nearest(name, NAMES)}")
    return Mock(name)


def _fixed(name: str, prompt: Prompt) -> str:
    """Return a fixed reply, after what ends the thinking that a prefill left open."""
    return ("\n</think>\n\n" if is_open(prompt.prefill) else "") + REPLIES[name](prompt.item)


def _switched(text: str, template: Mapping[str, Any]) -> str:
    """Return a reply thought about as long as the arguments of the template say: not at all, or so many words."""
    reply = split(Generation("", text, Finish.STOP))
    if not template.get("enable_thinking", True):
        return reply.final
    words = (reply.thinking or MUSING).split()
    most = math.ceil(EFFORTS[template.get("reasoning_effort", "high")] * len(words))
    thinking = " ".join(words[: min(most, template.get("thinking_budget", most))])
    return f"<think>\n{thinking}\n</think>\n\n{reply.final}"


class Mock:
    """Says what is known beforehand, whatever the sampling; only a world minds what its turn already holds.

    Every mock thinks as it is told to by the arguments of the template, which its family in the table has.
    """

    SENDS = frozenset({Place.TEMPLATE})

    def __init__(self, name: str) -> None:
        self._name = name

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return name and version."""
        return {
            "engine": "mock",
            "version": __version__,
            "model": f"mock:{self._name}",
            "sampling": "ignored",
            "tokens": "whitespace-separated words",
            **({"law": asdict(WORLDS[self._name])} if self._name in WORLDS else {}),
        }

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies in the order of the prompts."""
        world = WORLDS.get(self._name)
        for prompt in prompts:
            text = world.reply(prompt) if world else _fixed(self._name, prompt)
            text = _switched(text, prompt.mode.template) if prompt.mode.template else text
            asked = sum(len(message.content.split()) for message in prompt.messages)
            said = self.count_tokens(text)
            cut = world is not None and world.limit is not None and said >= world.limit
            yield Generation(
                str(prompt.key),
                text,
                Finish.LENGTH if cut else Finish.STOP,
                prompt_tokens=asked,
                completion_tokens=said,
                reasoning_tokens=self.count_tokens(thinking_text(prompt.prefill + text)),
            )

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split())

    def close(self) -> None:
        """Nothing is held."""

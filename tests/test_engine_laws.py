"""Laws of the contract of an engine: a mistake fails the law that it breaks, with a sentence on what to do."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mathif.items import Prompt
from mathif.json_values import Json
from mathif.records import Finish, Generation, Sampling
from mathif.testing import EngineLaws

LAWS = [name for name in vars(EngineLaws) if name.startswith("test_")]


class Parrot:
    """An engine that keeps every law: it repeats what it is asked."""

    def __init__(self) -> None:
        self.calls = 0
        self.asked = 0

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        return {"engine": "parrot", "version": "1", "model": "grey", "tokens": "not counted"}

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        self.calls += 1
        for prompt in prompts:
            self.asked += 1
            yield self.reply(prompt)

    def reply(self, prompt: Prompt) -> Any:
        return Generation(str(prompt.key), f"{prompt.messages[-1].content} {prompt.seed}", Finish.STOP)

    def close(self) -> None:
        """Hold nothing."""


def replying(**changed: Any) -> Callable[[Parrot], None]:
    """Make an engine give fields of its replies other values."""

    def spoil(engine: Parrot) -> None:
        sound = engine.reply
        cast(Any, engine).reply = lambda prompt: replace(sound(prompt), **changed)

    return spoil


def saying(**changed: Any) -> Callable[[Parrot], None]:
    """Make an engine say something else of itself, and leave out what is None."""

    def spoil(engine: Parrot) -> None:
        said = {**engine.describe(Sampling()), **changed}
        cast(Any, engine).describe = lambda sampling: {name: value for name, value in said.items() if value is not None}

    return spoil


def having(method: str, made: Callable[[Parrot], Any]) -> Callable[[Parrot], None]:
    """Give an engine another method."""
    return lambda engine: setattr(engine, method, made(engine))


def _generating(told: Callable[[Parrot, Any], Any]) -> Callable[[Parrot], None]:
    return having("generate", lambda engine: lambda prompts, sampling: told(engine, prompts))


def _replies(engine: Parrot, prompts: Iterable[Prompt]) -> Iterator[Any]:
    return map(engine.reply, prompts)


def _busy_after_a_stop(engine: Parrot, prompts: Iterable[Prompt]) -> Iterator[Any]:
    under_way = engine.calls
    engine.calls += 1
    if not under_way:
        yield from _replies(engine, prompts)
        engine.calls = 0


EACH, ALONE, LAZY, STOPPED, COUNTED, KEPT, SAID = LAWS
MISTAKES: dict[str, tuple[str, Callable[[Parrot], None], str]] = {
    "a key of its own": (EACH, replying(key="1"), r"two replies under the key '1'; yield one a prompt"),
    "the item as the key": (
        EACH,
        having("reply", lambda engine: lambda prompt: Generation(prompt.item.key, "so", Finish.STOP)),
        r"give every `Generation` the key `str\(prompt.key\)`",
    ),
    "texts for replies": (
        EACH,
        having("reply", lambda engine: lambda prompt: "so"),
        r"yields 'so'; yield a `mathif.records.Generation`",
    ),
    "only the first": (EACH, _generating(lambda engine, prompts: iter([engine.reply(prompts[0])])), "give every"),
    "no seed": (
        ALONE,
        having("reply", lambda engine: lambda prompt: Generation(str(prompt.key), str(random.random()), Finish.STOP)),
        r"draw every reply with `prompt.seed`, and keep nothing between two",
    ),
    "a list wanted": (
        LAZY,
        _generating(lambda engine, prompts: [engine.reply(prompts[place]) for place in range(len(prompts))]),
        r"raises TypeError.*it takes any iterable of prompts",
    ),
    "a reply to nothing": (
        LAZY,
        _generating(lambda engine, prompts: [Generation("", "so", Finish.STOP), *_replies(engine, prompts)]),
        r"gives 4 replies to an iterator of 3",
    ),
    "a list": (STOPPED, _generating(lambda engine, prompts: [*_replies(engine, prompts)]), r"write it as a generator"),
    "silence": (
        STOPPED,
        _generating(lambda engine, prompts: (one for one in list[Generation]())),
        r"yields nothing for 5 prompts",
    ),
    "busy after a stop": (STOPPED, _generating(_busy_after_a_stop), r"gives 0 replies to 2 prompts; let go in a `fin"),
    "a count that is a guess": (COUNTED, replying(completion_tokens=2.5), r"`completion_tokens` is 2.5; give a whole"),
    "a count below zero": (COUNTED, replying(prompt_tokens=-1), r"`prompt_tokens` is -1; give a whole"),
    "an end in words": (COUNTED, replying(finish="done"), r"`finish` is 'done'; give a member of `Finish`"),
    "no answer": (COUNTED, replying(finish=Finish.ERROR, error="asleep"), r"is not answered \(asleep\)"),
    "bytes": (KEPT, replying(text=b"so"), r"cannot be kept as JSON .*; give its fields the types of `Generation`"),
    "nothing for a text": (KEPT, replying(text=None), r"cannot be kept as JSON"),
    "nothing of tokens": (SAID, saying(tokens=None), r"says nothing of 'tokens'; say how tokens are counted, such as"),
    "nothing of the model": (SAID, saying(model=None), r"says nothing of 'model'; say the model's name"),
    "a path object": (SAID, saying(weights=Path("grey")), r"what is no JSON .*; return texts, numbers, lists"),
    "a tuple": (SAID, saying(stop=("a", "b")), r"says of stop what JSON changes; return lists in place of tuples"),
    "a text for a table": (
        SAID,
        having("describe", lambda engine: lambda sampling: "parrot"),
        r"return a dict",
    ),
    "the hour": (
        SAID,
        having("describe", lambda engine: lambda sampling: {"at": random.random()}),
        r"says another thing of at each time; say what stays",
    ),
    "a folder": (SAID, saying(weights=str(Path.home() / "grey")), r"which is of this machine alone, and is published"),
}
"""Each mistake: the law that it breaks, how it is made, and what the law says."""


@pytest.mark.parametrize("law", LAWS)
def test_a_sound_engine_keeps_every_law(law: str) -> None:
    getattr(EngineLaws(), law)(Parrot())


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_fails_the_law_that_it_breaks_with_a_sentence_on_what_to_do(mistake: str) -> None:
    law, spoil, sentence = MISTAKES[mistake]
    spoil(engine := Parrot())
    with pytest.raises(AssertionError, match=sentence):
        getattr(EngineLaws(), law)(engine)


def test_every_law_is_broken_by_some_mistake() -> None:
    assert {law for law, _, _ in MISTAKES.values()} == set(LAWS)


def test_an_author_who_names_no_model_or_forgets_a_method_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = EngineLaws.engine.__wrapped__  # type: ignore[attr-defined]
    nameless = SimpleNamespace(cls=type("TestMine", (EngineLaws,), {}))
    with pytest.raises(AssertionError, match="TestMine: say in `model` which model is opened"):
        next(opened(EngineLaws(), nameless))
    monkeypatch.delattr(Parrot, "close")
    monkeypatch.setattr("mathif.testing.engine_laws.open_engine", lambda model, options: Parrot())
    with pytest.raises(AssertionError, match="has no method `close`; write it"):
        next(opened(EngineLaws(), SimpleNamespace(cls=type("TestMine", (EngineLaws,), {"model": "parrot:grey"}))))

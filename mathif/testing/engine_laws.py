"""The contract of an engine: each law fails with a sentence that tells its author what to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from mathif.engines import Engine, Options, open_engine
from mathif.items import Item, Message, Prompt
from mathif.json_values import Json
from mathif.records import Finish, Generation, Key, Problem, Sampling

SAMPLING = Sampling(max_tokens=6)

_DESCRIBED = {
    "engine": "the engine's name",
    "version": "the version of what answers",
    "model": "the model's name",
    "tokens": "how tokens are counted, such as 'the model's own tokenizer', or 'not counted'",
}
"""What a description says at the least."""


def prompt(number: int, question: str = "", arm: str = "constrained") -> Prompt:
    """Return a prompt of an easy sum; its key is `toy/sum#NUMBER@ARM#0`."""
    text = question or f"What is {number} plus {number}? Think step by step and put the answer in \\boxed{{}}."
    item = Item(f"sum#{number}", Problem(f"sum-{number}", text, str(2 * number), "toy"), (), ())
    return Prompt(Key("toy", item.key, arm, 0), item, (Message("user", text),), 1000 + number)


def prompts(count: int) -> list[Prompt]:
    """Return so many prompts."""
    return [prompt(number) for number in range(count)]


def by_key(replies: Iterable[Generation]) -> dict[str, Generation]:
    """Return replies by key, each key once."""
    keyed: dict[str, Generation] = {}
    for reply in replies:
        assert isinstance(reply, Generation), f"`generate` yields {reply!r:.80}; yield a `mathif.records.Generation`"
        assert reply.key not in keyed, f"`generate` yields two replies under the key {reply.key!r}; yield one a prompt"
        keyed[reply.key] = reply
    return keyed


def answered(engine: Engine, asked: Iterable[Prompt]) -> dict[str, Generation]:
    """Return the replies to prompts by key, where the engine gives them without an exception."""
    try:
        replies = list(engine.generate(asked, SAMPLING))
    except Exception as error:
        raise AssertionError(
            f"`generate` raises {error!r}; it takes any iterable of prompts, also an iterator and an empty one, and "
            "yields `Finish.ERROR` with the reason for a prompt that it cannot answer"
        ) from error
    return by_key(replies)


def described(engine: Engine) -> dict[str, Json]:
    """Return what an engine says of itself, where that is plain JSON."""
    said = engine.describe(SAMPLING)
    assert isinstance(said, dict), f"`describe` returns {said!r:.80}; return a dict of plain JSON"
    try:
        again = json.loads(json.dumps(said))
    except (TypeError, ValueError) as error:
        raise AssertionError(f"`describe` returns what is no JSON ({error}); return texts, numbers, lists") from error
    changed = sorted(map(str, (name for name in said if again.get(name) != said[name])))
    assert not changed, f"`describe` says of {', '.join(changed)} what JSON changes; return lists in place of tuples"
    return said


class EngineLaws:
    """What every engine keeps.

    Attributes:
        model: a model of the engine, named as after `--model`.
    """

    model: ClassVar[str]

    @pytest.fixture(scope="class")
    def engine(self, request: pytest.FixtureRequest) -> Iterator[Engine]:
        """The engine, opened by the name that a user would give."""
        assert hasattr(request.cls, "model"), f"{request.cls.__name__}: say in `model` which model is opened"
        opened = open_engine(request.cls.model, Options())
        for method in ("describe", "generate", "close"):
            assert callable(getattr(opened, method, None)), f"{opened!r} has no method `{method}`; write it"
        yield opened
        opened.close()

    def test_every_prompt_gets_one_reply_under_its_own_key(self, engine: Engine) -> None:
        """In any order."""
        found, asked = answered(engine, prompts(5)).keys(), {str(one.key) for one in prompts(5)}
        assert found == asked, (
            f"`generate` replies under {sorted(found)}, and was asked {sorted(asked)}; give every `Generation` the key "
            "`str(prompt.key)`"
        )

    def test_a_prompt_gets_the_same_reply_alone_as_among_others(self, engine: Engine) -> None:
        """Its seed is its own."""
        together = answered(engine, prompts(5))
        for one in prompts(5)[::2]:
            alone, key = answered(engine, [one]), str(one.key)
            assert alone.get(key) == together.get(key), (
                f"{key} is answered with {alone.get(key)!r:.200} alone and {together.get(key)!r:.200} among others; "
                "draw every reply with `prompt.seed`, and keep nothing between two"
            )

    def test_prompts_may_come_one_by_one_and_none_gives_nothing(self, engine: Engine) -> None:
        """They are an iterable."""
        found = len(answered(engine, iter(prompts(3))))
        assert found == 3, f"`generate` gives {found} replies to an iterator of 3 prompts; go through it once"
        found = len(answered(engine, []))
        assert found == 0, f"`generate` gives {found} replies where nothing is asked; yield none"

    def test_an_engine_that_was_told_to_stop_early_answers_again(self, engine: Engine) -> None:
        """A run that is stopped leaves nothing behind."""
        replies = engine.generate(prompts(5), SAMPLING)
        assert hasattr(replies, "close"), (
            f"`generate` returns a {type(replies).__name__}; write it as a generator, which yields replies one by one"
        )
        assert next(replies, None), "`generate` yields nothing for 5 prompts; yield a `Generation` for each"
        replies.close()
        found = len(answered(engine, prompts(2)))
        assert found == 2, (
            f"after it was stopped early, `generate` gives {found} replies to 2 prompts; let go in a `finally` of what "
            "an earlier call has asked"
        )

    def test_token_counts_are_whole_numbers_or_unknown(self, engine: Engine) -> None:
        """Never a guess."""
        for key, reply in answered(engine, prompts(3)).items():
            assert isinstance(reply.finish, Finish), f"{key}: `finish` is {reply.finish!r}; give a member of `Finish`"
            assert reply.finish is not Finish.ERROR, f"{key} is not answered ({reply.error}); name a model that answers"
            for name in ("prompt_tokens", "completion_tokens", "reasoning_tokens"):
                count = getattr(reply, name)
                assert count is None or (type(count) is int and count >= 0), (
                    f"{key}: `{name}` is {count!r}; give a whole number from 0 on, or None where nobody counted"
                )

    def test_a_generation_survives_its_record(self, engine: Engine) -> None:
        """Replies are kept as JSON."""
        for key, reply in answered(engine, prompts(2)).items():
            try:
                kept = Generation.from_json(json.loads(json.dumps(reply.to_json())))
            except Exception as error:
                raise AssertionError(
                    f"{key}: the reply cannot be kept as JSON ({error!r}); give its fields the types of `Generation`"
                ) from error
            assert kept == reply, f"{key}: kept as JSON it becomes {kept!r:.200}; give it the types of `Generation`"

    def test_the_description_repeats_and_names_nothing_of_this_machine(self, engine: Engine) -> None:
        """It is published with the run."""
        first, second = described(engine), described(engine)
        changed = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
        assert not changed, (
            f"`describe` says another thing of {', '.join(changed)} each time; say what stays, since a run that is "
            "resumed must find it the same (what may differ goes under `hardware`)"
        )
        for name, what in _DESCRIBED.items():
            assert name in first, f"`describe` says nothing of {name!r}; say {what}"
        text = json.dumps(first)
        for private in (str(Path.home()), str(Path.cwd()), "/tmp", "127.0.0.1", socket.gethostname()):  # noqa: S108
            assert private not in text, (
                f"`describe` names {private!r}, which is of this machine alone, and is published; name a model by "
                "`mathif.engines.public_name`, and leave out folders, hosts and addresses"
            )

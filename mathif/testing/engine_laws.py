"""The contract of an engine."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from mathif.engines import Engine, Options, open_engine
from mathif.items import Item, Message, Prompt
from mathif.records import Finish, Generation, Key, Problem, Sampling

SAMPLING = Sampling(max_tokens=6)


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
    listed = list(replies)
    keyed = {reply.key: reply for reply in listed}
    assert len(keyed) == len(listed)
    return keyed


class EngineLaws:
    """What every engine keeps.

    Attributes:
        model: a model of the engine, named as after `--model`.
    """

    model: ClassVar[str]

    @pytest.fixture(scope="class")
    def engine(self, request: pytest.FixtureRequest) -> Iterator[Engine]:
        """The engine, opened by the name that a user would give."""
        opened = open_engine(request.cls.model, Options())
        yield opened
        opened.close()

    def test_every_prompt_gets_one_reply_under_its_own_key(self, engine: Engine) -> None:
        """In any order."""
        found = by_key(engine.generate(prompts(5), SAMPLING))
        assert found.keys() == {str(one.key) for one in prompts(5)}

    def test_a_prompt_gets_the_same_reply_alone_as_among_others(self, engine: Engine) -> None:
        """Its seed is its own."""
        together = by_key(engine.generate(prompts(5), SAMPLING))
        for one in prompts(5)[::2]:
            assert by_key(engine.generate([one], SAMPLING)) == {str(one.key): together[str(one.key)]}

    def test_prompts_may_come_one_by_one_and_none_gives_nothing(self, engine: Engine) -> None:
        """They are an iterable."""
        assert len(list(engine.generate(iter(prompts(3)), SAMPLING))) == 3
        assert list(engine.generate([], SAMPLING)) == []

    def test_an_engine_that_was_told_to_stop_early_answers_again(self, engine: Engine) -> None:
        """A run that is stopped leaves nothing behind."""
        replies = engine.generate(prompts(5), SAMPLING)
        next(iter(replies))
        replies.close()  # type: ignore[attr-defined]
        assert len(by_key(engine.generate(prompts(2), SAMPLING))) == 2

    def test_token_counts_are_whole_numbers_or_unknown(self, engine: Engine) -> None:
        """Never a guess."""
        for reply in engine.generate(prompts(3), SAMPLING):
            assert reply.finish is not Finish.ERROR
            for count in (reply.prompt_tokens, reply.completion_tokens, reply.reasoning_tokens):
                assert count is None or (type(count) is int and count >= 0)

    def test_a_generation_survives_its_record(self, engine: Engine) -> None:
        """Replies are kept as JSON."""
        for reply in engine.generate(prompts(2), SAMPLING):
            assert Generation.from_json(json.loads(json.dumps(reply.to_json()))) == reply

    def test_the_description_repeats_and_names_nothing_of_this_machine(self, engine: Engine) -> None:
        """It is published with the run."""
        described = engine.describe(SAMPLING)
        assert described == engine.describe(SAMPLING) == json.loads(json.dumps(described))
        assert {"engine", "version", "model", "tokens"} <= described.keys()
        text = json.dumps(described)
        for private in (str(Path.home()), str(Path.cwd()), "/tmp", "127.0.0.1", socket.gethostname()):  # noqa: S108
            assert private not in text

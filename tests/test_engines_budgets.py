"""Laws of the budgets that a run keeps itself, on an engine whose every token is known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.engines import Engine, switched
from mathif.engines.budgets import kept
from mathif.engines.mock import open_model
from mathif.errors import EngineError, UsageError
from mathif.items import Budget, Mode, Prompt
from mathif.plan import Options
from mathif.reasoning import split, thinking_text
from mathif.records import Finish, Generation, Rendered, Sampling, Span, State
from mathif.testing import prompt

MARKS = ("<think>\n", "\n</think>\n\n")
FINAL = "So it is 4 ."


class Stepwise:
    """Thinks for so many words, one token each, closes its thinking and answers; goes on from any beginning."""

    SENDS: frozenset[str] = frozenset()

    def __init__(self, words: int, ahead: int, opens: bool) -> None:
        thinking = " ".join(f"w{place}" for place in range(words))
        self.whole = f"{'' if opens else '<think> '}{thinking} </think> {FINAL}".split()
        self.opens = opens
        self.ahead = ahead
        self.parts: list[Prompt] = []

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        source = iter(prompts)
        while batch := list(islice(source, self.ahead)):
            self.parts += batch
            yield from (self.said(one, sampling) for one in reversed(batch))

    def said(self, asked: Prompt, sampling: Sampling) -> Generation:
        prefill = asked.prefill.split()
        rest = FINAL.split() if "</think>" in prefill else self.whole[len(prefill) :]
        rest = rest[len(prefill) - prefill.index("</think>") - 1 :] if "</think>" in prefill else rest
        most = asked.most_tokens(sampling.max_tokens)
        told = rest if most is None else rest[:most]
        text = (" " if prefill else "") + " ".join(told)
        thinking = thinking_text(asked.prefill + text, opened=self.opens)
        return Generation(
            str(asked.key),
            text,
            Finish.STOP if len(told) == len(rest) else Finish.LENGTH,
            prompt_tokens=7,
            completion_tokens=len(told),
            reasoning_tokens=len(thinking.split()),
            opened=self.opens,
            rendered=Rendered.of("shown"),
        )

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        """Nothing is held."""


def bounded(count: int, tokens: int, opens: bool) -> list[Prompt]:
    budget = Budget(tokens, "" if opens else MARKS[0], MARKS[1])
    return [replace(prompt(number), mode=Mode(budget=budget)) for number in range(count)]


@given(
    st.integers(1, 30),
    st.integers(1, 40),
    st.integers(1, 5),
    st.integers(1, 4),
    st.booleans(),
    st.none() | st.integers(1, 60),
)
def test_no_thinking_is_longer_than_its_budget_and_every_reply_is_whole(
    words: int, tokens: int, count: int, ahead: int, opens: bool, limit: int | None
) -> None:
    engine = Stepwise(words, ahead, opens)
    free = [prompt(number + 100) for number in range(count)]
    asked = [one for pair in zip(bounded(count, tokens, opens), free, strict=True) for one in pair]
    found = list(kept(engine, asked, Sampling(max_tokens=limit)))
    assert sorted(one.key for one in found) == sorted(str(one.key) for one in asked)
    mine = {str(one.key) for one in asked if one.mode}
    for one in found:
        if one.key not in mine:
            assert not one.forced
            continue
        reply = split(one)
        assert len(reply.thinking.split()) <= tokens
        assert one.completion_tokens is not None
        assert limit is None or one.completion_tokens <= limit
        assert [one.text[slice(*span)] for span in one.forced] == [
            *([] if opens else [MARKS[0]]),
            *([MARKS[1]] if len(one.forced) > (not opens) else []),
        ]
        if limit is None:
            assert (reply.final, reply.state, one.finish) == (FINAL, State.CLOSED, Finish.STOP)
            assert one.reasoning_tokens == len(reply.thinking.split()) == min(words, tokens)


def test_a_thinking_shorter_than_its_budget_is_left_as_it_is() -> None:
    [reply] = kept(Stepwise(5, 1, opens=False), bounded(1, 400, opens=False), Sampling())
    assert split(reply).thinking == "w0 w1 w2 w3 w4"
    assert reply.forced == (Span(0, len(MARKS[0])),)


def test_a_limit_on_the_whole_reply_that_is_lower_than_the_budget_cuts_it_inside_its_thinking() -> None:
    [reply] = kept(Stepwise(50, 1, opens=True), bounded(1, 20, opens=True), Sampling(max_tokens=10))
    assert (reply.finish, split(reply).state, reply.forced) == (Finish.LENGTH, State.OPEN, ())


def test_thinking_that_a_server_split_off_is_gone_on_from_too() -> None:
    class Splitting(Stepwise):
        def said(self, asked: Prompt, sampling: Sampling) -> Generation:
            said = super().said(asked, sampling)
            return replace(said, text="", reasoning=said.text) if not asked.prefill else said

    [reply] = kept(Splitting(50, 1, opens=True), bounded(1, 6, opens=True), Sampling())
    found = split(replace(reply, opened=True))
    assert (found.thinking, found.final) == ("w0 w1 w2 w3 w4 w5", FINAL)


def test_a_failure_of_either_part_is_a_failure_of_the_prompt() -> None:
    class Failing(Stepwise):
        def said(self, asked: Prompt, sampling: Sampling) -> Generation:
            said = super().said(asked, sampling)
            second = "</think>" in asked.prefill
            return Generation(said.key, "", Finish.ERROR, error="gone") if second == self.opens else said

    for fails_late in (False, True):
        [reply] = kept(Failing(50, 1, opens=fails_late), bounded(1, 6, opens=fails_late), Sampling())
        assert (reply.finish, reply.error) == (Finish.ERROR, "gone")


def test_an_engine_that_cannot_send_a_switch_or_go_on_is_refused() -> None:
    class Deaf:
        def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
            return iter(())

        def describe(self, sampling: Sampling) -> dict[str, Any]:
            return {}

        def close(self) -> None:
            """Nothing is held."""

    deaf: Engine = Deaf()
    for mode, place in (
        (Mode(template={"enable_thinking": False}), "chat_template_kwargs"),
        (Mode(request={"reasoning_effort": "none"}), "request"),
    ):
        with pytest.raises(UsageError, match=rf"cannot send \w+ \({place}\)"):
            switched(deaf, "org/name", [Mode(), mode])
    with pytest.raises(EngineError, match="a budget of thinking needs"):
        switched(deaf, "org/name", [Mode(budget=Budget(5, *MARKS))])
    switched(open_model("mock:null", Options()), "mock:null", [Mode(), Mode(template={"enable_thinking": True})])


def test_a_generation_with_what_was_forced_and_rendered_survives_its_record() -> None:
    [reply] = kept(Stepwise(50, 1, opens=False), bounded(1, 6, opens=False), Sampling())
    assert reply.rendered == Rendered.of("shown")
    assert len(reply.forced) == 2
    assert Generation.from_json(json.loads(json.dumps(reply.to_json()))) == reply

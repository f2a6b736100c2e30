"""Budgets of thinking that the run keeps itself: it closes the thinking there, and the model goes on to its reply.

A room of its own because such a reply is asked in two parts, of any engine that goes on from the beginning of a reply
(the budget forcing of s1, arXiv 2501.19393). What the run put into the text is recorded with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mathif.engines import Engine
from mathif.items import Budget, Prompt
from mathif.records import REPLIED, Finish, Generation, Sampling, Span, sum_known


def kept(engine: Engine, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
    """Yield what `engine` says to `prompts`, the thinking of those with a budget closed where they have used it up."""
    halves = _Halves(sampling)
    source = iter(prompts)
    while True:
        for said in engine.generate(halves.handed(source), sampling):
            whole = halves.heard(said)
            if whole is not None:
                yield whole
        if not halves.waiting:
            return


class _Halves:
    """The replies that are asked in two parts, as they stand.

    Attributes:
        waiting: the second parts that can be asked; each is handed on as soon as the engine takes a prompt, so that
            little is lost with it.
    """

    def __init__(self, sampling: Sampling) -> None:
        self.waiting: deque[Prompt] = deque()
        self._sampling = sampling
        self._asked: dict[str, Prompt] = {}
        self._begun: dict[str, Generation] = {}

    def handed(self, source: Iterator[Prompt]) -> Iterator[Prompt]:
        """Yield what is to be asked now, each prompt of `source` with a budget as its first part."""
        while self.waiting:
            yield self.waiting.popleft()
        for prompt in source:
            if prompt.mode.budget:
                self._asked[str(prompt.key)] = prompt
            yield _first(prompt)
            while self.waiting:
                yield self.waiting.popleft()

    def heard(self, said: Generation) -> Generation | None:
        """Return the whole reply that `said` is or ends, None where a second part must be asked."""
        prompt = self._asked.get(said.key)
        if prompt is None or prompt.mode.budget is None:
            return said
        budget = prompt.mode.budget
        if said.key not in self._begun and _goes_on(budget, said, self._sampling):
            self._begun[said.key] = said
            self.waiting.append(_second(prompt, budget, said, self._sampling))
            return None
        del self._asked[said.key]
        return _joined(budget, self._begun.pop(said.key), said) if said.key in self._begun else _alone(budget, said)


def _first(prompt: Prompt) -> Prompt:
    """Return what asks for the thinking, no longer than its budget; all of a prompt without one."""
    budget = prompt.mode.budget
    return prompt if budget is None else replace(prompt, prefill=budget.opens, limit=budget.tokens)


def _goes_on(budget: Budget, said: Generation, sampling: Sampling) -> bool:
    """Tell whether it was the budget that ended the first part, and not a lower limit on the whole reply."""
    spent = said.completion_tokens is None or said.completion_tokens >= budget.tokens
    return said.finish is Finish.LENGTH and spent and _left(budget, sampling) != 0


def _left(budget: Budget, sampling: Sampling) -> int | None:
    """Return how many tokens the rest of a reply may have, None for no limit."""
    return None if sampling.max_tokens is None else max(0, sampling.max_tokens - budget.tokens)


def _second(prompt: Prompt, budget: Budget, said: Generation, sampling: Sampling) -> Prompt:
    """Return what asks for the rest."""
    return replace(prompt, prefill=budget.opens + _beginning(budget, said), limit=_left(budget, sampling))


def _beginning(budget: Budget, said: Generation) -> str:
    """Return the first part as the model wrote it, its thinking closed."""
    text = said.text
    if said.reasoning is not None:  # the server took it apart
        return said.reasoning.strip() + budget.closes + text
    return text if _is_closed(budget, said) else text.rstrip() + budget.closes


def _is_closed(budget: Budget, said: Generation) -> bool:
    return budget.closes.strip() in said.text


def _alone(budget: Budget, said: Generation) -> Generation:
    """Return a reply that ended before its budget, with what the run put before it."""
    if said.finish not in REPLIED or said.reasoning is not None or not budget.opens:
        return said
    return replace(said, text=budget.opens + said.text, forced=(Span(0, len(budget.opens)),))


def _joined(budget: Budget, first: Generation, second: Generation) -> Generation:
    """Return both parts as one reply."""
    if second.finish not in REPLIED:
        return second
    beginning = budget.opens + _beginning(budget, first)
    forced = [Span(0, len(budget.opens))] if budget.opens else []
    if not _is_closed(budget, first):
        forced.append(Span(len(beginning) - len(budget.closes), len(beginning)))
    return replace(
        second,
        text=beginning + second.text,
        prompt_tokens=first.prompt_tokens,
        completion_tokens=sum_known(first.completion_tokens, second.completion_tokens),
        forced=tuple(forced),
    )

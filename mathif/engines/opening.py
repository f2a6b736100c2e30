"""Openings: what vLLM and llama.cpp have beside OpenAI's interface, to go on from the beginning of a reply.

A room of its own because OpenAI's interface knows no raw prompt of a chat and counts no tokens, and each of the two
servers has its own way to both.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple, Protocol

from mathif.errors import EngineError
from mathif.families import opened_by
from mathif.json_values import JsonObject

GREETING: JsonObject = {"messages": [{"role": "user", "content": "Hi"}]}
"""A chat whose answer nobody needs."""


class Post(Protocol):
    """Sends `body` to `path` at a server's root; returns what it answers, or None where it has no such page."""

    async def __call__(self, path: str, body: JsonObject) -> JsonObject | None:
        """Send it."""


class Opened(NamedTuple):
    """A raw prompt, and the tokens that the context leaves; None where the server takes no limit for the rest of it."""

    prompt: str | list[int]
    rest: int | None


class Tokens:
    """Counts tokens with the server's own `/tokenize`."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._absent = False

    async def count(self, post: Post, text: str) -> int | None:
        """Return the number of tokens of `text`, or None where the server cannot say."""
        if self._absent:
            return None
        body: JsonObject = {"model": self._model, "prompt": text, "content": text, "add_special_tokens": False}
        reply = await post("/tokenize", body)
        self._absent = reply is None
        tokens = (reply or {}).get("tokens")
        return len(tokens) if isinstance(tokens, list) else None


class Opening:
    """Writes a chat up to the model's turn."""

    def __init__(self, model: str, engine_args: JsonObject) -> None:
        self._model = model
        self._engine_args = engine_args
        self._absent: set[str] = set()
        self._checked = False
        self._opens: bool | None = None
        self._asking = asyncio.Lock()

    async def check(self, post: Post) -> None:
        """Make sure once that the server can do it.

        Raises:
            EngineError: if it cannot.
            NoReplyError: if it does not answer.
        """
        if not self._checked:
            await self.prompt(post, GREETING, "Well")
            self._checked = True

    async def prompt(self, post: Post, chat: JsonObject, prefill: str) -> Opened:
        """Return a chat by the model's own template and then `prefill`, as text (llama.cpp) or as tokens (vLLM).

        Args:
            post: sends to the server.
            chat: the messages, and what else the template is given.
            prefill: what the model's turn already holds.

        Raises:
            EngineError: if the server offers neither way.
            NoReplyError: if it fails.
        """
        templated, opened = await self._written(post, chat)
        if templated is not None:
            return Opened(templated + prefill, None)
        begun = await self._ask(
            post, "/tokenize", {"model": self._model, "prompt": prefill, "add_special_tokens": False}
        )
        tokens, more, longest = opened.get("tokens"), begun.get("tokens"), opened.get("max_model_len")
        if isinstance(tokens, list) and isinstance(more, list) and isinstance(longest, int):
            # without a limit vLLM stops after 16 tokens
            return Opened([*tokens, *more], max(1, longest - len(tokens) - len(more)))
        raise EngineError(
            "the server cannot continue a reply: it has neither /apply-template, as llama.cpp's, nor a /tokenize that "
            "takes chats, as vLLM's; serve the model with one of them, or name its files in --model"
        )

    async def opens(self, post: Post, tags: tuple[str, str] | None) -> bool:
        """Return whether the model's template ends a prompt inside the thinking, False where the server cannot say.

        Raises:
            NoReplyError: if it does not answer.
        """
        async with self._asking:  # of many replies at once the first asks
            if self._opens is None:
                self._opens = opened_by(await self.written(post, GREETING), tags)
            return self._opens

    async def written(self, post: Post, chat: JsonObject) -> str:
        """Return a chat as the model's template writes it, "" where the server cannot say.

        Raises:
            NoReplyError: if it does not answer.
        """
        templated, opened = await self._written(post, chat)
        if templated is not None:
            return templated
        tokens = opened.get("tokens")
        if not isinstance(tokens, list):
            return ""
        text = (await self._ask(post, "/detokenize", {"model": self._model, "tokens": tokens})).get("prompt")
        return text if isinstance(text, str) else ""

    async def _written(self, post: Post, chat: JsonObject) -> tuple[str | None, JsonObject]:
        """Return a chat by the model's own template as text, or None and what the server's tokenizer says of it."""
        body = {"model": self._model, "add_generation_prompt": True, **self._engine_args, **chat}
        templated = (await self._ask(post, "/apply-template", body)).get("prompt")
        if isinstance(templated, str):
            return templated, {}
        return None, await self._ask(post, "/tokenize", body)

    async def _ask(self, post: Post, path: str, body: JsonObject) -> JsonObject:
        """Return what the server answers; nothing where it has no such page or does not take such a body."""
        if path in self._absent:
            return {}
        reply = await post(path, body)
        if reply is None:
            self._absent.add(path)
        return reply or {}

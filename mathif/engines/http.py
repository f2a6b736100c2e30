"""The http engine: any server that speaks OpenAI's chat completions, one or several (`--base-url`).

The key is read from `OPENAI_API_KEY` alone. Replies are streamed, so that a long one is told from a dead one. A server
that is busy or away is waited for; an answer that is no reply is asked for again, as often as `failures` says; what
still fails is an error of that prompt, and the others go on, unless the servers answer nobody.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import re
import resource
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from typing import NamedTuple
from urllib.parse import urlsplit

from mathif.engines import CONCURRENCY, Options, public_name
from mathif.engines.completions import Completion
from mathif.engines.connections import VERSION, Connections, proxy_of
from mathif.engines.failures import ENOUGH, Kind, NoReplyError, WithheldError
from mathif.engines.inflight import Background
from mathif.engines.opening import Opening, Post, Tokens
from mathif.engines.servers import HINTS, LAST_HINT, Server, Servers
from mathif.engines.switches import fields_of, template_arguments
from mathif.errors import EngineError, UsageError
from mathif.families import Place, opened_by
from mathif.items import Prompt, as_chat
from mathif.json_values import Json, JsonObject
from mathif.reasoning import thinking_text
from mathif.records import BEYOND, Finish, Generation, Rendered, Sampling

HONOURS = frozenset({"base_url", "concurrency", "timeout_s", "idle_timeout_s", "patience_s", "engine_args"})

TIMEOUT_S = 3600.0
"""Time limit of one attempt where the user says nothing: 32,768 tokens at 10 tokens/s take most of it."""

IDLE_TIMEOUT_S = 300.0
"""Likewise without a byte: a server streams what it has, but may let a request wait for its turn."""

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
"""Bounds of the wait before a prompt that failed is asked again; each failure doubles it."""


GIVE_UP_AFTER = 8
"""Prompts given up one after the other, with no reply to any since they were begun, after which no more are begun."""

READ_AHEAD = 2
"""Prompts held for each request that may be under way, so that those which wait to be asked again hold up no others."""

LIKE = "an address like http://localhost:8000/v1"

SPARE_FILES = 128
"""Files that the process may need beside its connections."""


def open_model(model: str, options: Options) -> Http:
    """Prepare to ask the servers at `options.base_url` for `model`; nothing is sent yet.

    Raises:
        UsageError: if what is given is not an address, or holds a credential, if the key cannot be sent, or if the
            system allows too few connections.
    """
    for address in options.base_url:
        _refuse_unusable(address)
    engine = Http(model, options)
    _allow_files(engine.width)
    return engine


def _refuse_unusable(address: str) -> None:
    """Refuse an address that no server can have, or that holds what may be a secret, or whose proxy cannot be used.

    Raises:
        UsageError: saying what is expected.
    """
    try:
        url = urlsplit(address)
        host = (url.hostname or "").encode("idna")
        usable = url.scheme in ("http", "https") and host and url.port != 0 and not re.search(r"\s", address)
    except ValueError:  # brackets, port or name of no host
        raise UsageError(f"--base-url: found {address!r}, expected {LIKE}") from None
    if "@" in (url.netloc or address) or url.query or url.fragment:
        raise UsageError("--base-url: holds a password, a query or a fragment; put the key into OPENAI_API_KEY instead")
    if not usable:
        raise UsageError(f"--base-url: found {address!r}, expected {LIKE}")
    kind = (proxy_of(address) or "http:").partition(":")[0]
    if kind not in ("http", "https"):
        raise UsageError(
            f"--base-url {address}: the environment names a proxy of kind {kind!r} for it, expected one of kind http; "
            "set HTTP_PROXY or HTTPS_PROXY to such a one, or except the server in NO_PROXY"
        )


def _interface(address: str) -> str:
    """Return where OpenAI's interface begins; some users copy the address of one of its pages."""
    return address.rstrip("/").removesuffix("/completions").removesuffix("/chat").rstrip("/")


def _key() -> str | None:
    """Return the user's key without the line end of the file that it was copied from, or None.

    Raises:
        UsageError: if no header can hold it.
    """
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not key.isprintable():
        raise UsageError(
            "OPENAI_API_KEY: holds a line break or another character that no key has; set it to the key alone"
        )
    return key or None


def _allow_files(connections: int) -> None:
    """Let the process hold so many connections at a time.

    Raises:
        UsageError: if the system does not.
    """
    wanted = connections + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and wanted > hard:
        raise UsageError(
            f"--concurrency: {connections} connections are wanted, and this system lets a process open {hard} files; "
            f"ask for at most {hard - SPARE_FILES}, or raise the limit (ulimit -Hn)"
        )
    if soft != resource.RLIM_INFINITY and wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _Answer(NamedTuple):
    """What became of one prompt, the failure that it was given up for, and between which times it was asked."""

    generation: Generation
    failure: NoReplyError | None
    began_s: float
    ended_s: float


class Http:
    """Asks servers."""

    SENDS = frozenset({Place.TEMPLATE, Place.REQUEST})
    DRAWS = frozenset({*BEYOND, "stop", "seeds", "source"})

    def __init__(self, model: str, options: Options) -> None:
        self.notice: Callable[[str], None] = lambda sentence: None
        self.begun = False
        self._model = model
        self._options = options
        self._engine_args = dict(options.engine_args)
        self._template = template_arguments(options.engine_args)
        self._urls = tuple(dict.fromkeys(map(_interface, options.base_url)))
        self._key = _key()
        self._tokens = Tokens(model)
        self._opening = Opening(model, self._engine_args)
        self._manners: dict[str, Json] = {"stream": True, "stream_options": {"include_usage": True}}
        self._limit_field = "max_tokens"
        self._background: Background | None = None

    @property
    def width(self) -> int:
        """Most requests under way."""
        return (self._options.concurrency or CONCURRENCY) * len(self._urls)

    def recommended(self, sampling: Sampling) -> Sampling:
        """Return `sampling` without a setting of ours: the server then draws as it thinks best for the model."""
        return replace(sampling, temperature=None, top_p=None)

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return model and settings; where the server stands is not said.

        Raises:
            UsageError: for seeds of a kind that no server has.
        """
        if sampling.seeds == "run":
            raise UsageError("--seeds run: a server keeps no generator for one run; choose per-prompt or none")
        return {
            "engine": "http",
            "version": VERSION,
            "server": "openai-compatible",
            "model": public_name(self._model),
            **sampling.told(),
            "max_tokens": "the server's default" if sampling.max_tokens is None else sampling.max_tokens,
            "engine_args": self._engine_args,
            "tokens": "the server's usage; of thinking, where usage is silent, its /tokenize",
        }

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield the replies as they come.

        Raises:
            EngineError: if the key, the address or the model is refused before any reply, if all servers are away for
                longer than patience lasts, or if they answer prompt after prompt with no reply.
        """
        background, source, verdict, places = self._online(), _Source(prompts), _Verdict(), count()
        self._servers.begin()

        async def ask(prompt: Prompt) -> _Answer:
            return await self._ask(next(places), prompt, sampling)

        for answer in background.answered(source, ask, READ_AHEAD * self.width):
            yield answer.generation
            verdict.hear(answer, source.ended)

    def count_tokens(self, text: str) -> int | None:
        """Return the length of `text` by the server's `/tokenize`, or None where it has none.

        Raises:
            EngineError: if the server cannot go on from a prefill either.
        """
        return self._online().run(self._count_tokens(text))

    def close(self) -> None:
        """Close the connections."""
        if self._background:
            self._background.run(self._connections.close())
            self._background.close()
            self._background = None

    def _online(self) -> Background:
        """Return the thread in which everything on the network happens."""
        if self._background is None:
            self._background = Background()
            self._background.run(self._connect())
        return self._background

    async def _connect(self) -> None:
        told = self._options
        width = told.concurrency or CONCURRENCY
        self._servers = Servers(self._urls, width, told.patience_s, lambda said: self.notice(said), self.begun)
        self._connections = Connections(
            self._key, told.timeout_s or TIMEOUT_S, told.idle_timeout_s or IDLE_TIMEOUT_S, self._servers
        )

    async def _count_tokens(self, text: str) -> int | None:
        post = partial(self._connections.page, self._servers.first)
        try:
            await self._opening.check(post)
        except NoReplyError as error:
            raise EngineError(f"the server does not answer: {error.reason}; {LAST_HINT}") from error
        return await self._tokens.count(post, text)

    async def _ask(self, place: int, prompt: Prompt, sampling: Sampling) -> _Answer:
        """Ask for a reply until there is one, or the prompt is given up.

        Raises:
            EngineError: if nothing more can be asked.
        """
        loop, failure = asyncio.get_running_loop(), None
        began_s = loop.time()
        try:
            generation = await self._persist(place, prompt, sampling)
        except WithheldError as error:
            generation = Generation(str(prompt.key), "", error.finish, error=error.reason)
        except NoReplyError as error:
            failure = error
            generation = Generation(str(prompt.key), "", Finish.ERROR, error=error.reason)
        return _Answer(generation, failure, began_s, loop.time())

    async def _persist(self, place: int, prompt: Prompt, sampling: Sampling) -> Generation:
        """Ask until there is a reply.

        Raises:
            NoReplyError: the last one, if enough attempts failed.
            WithheldError: if a server says that there will be none.
            EngineError: if nothing more can be asked.
        """
        loop, strikes, pause_s = asyncio.get_running_loop(), 0, FIRST_PAUSE_S
        while True:
            server = await self._servers.admit(place)
            asked_s = loop.time()
            try:
                return await self._attempt(server, prompt, sampling)
            except NoReplyError as error:
                failure = error
            finally:
                self._servers.release(server)
            strikes += self._strikes(server, asked_s, failure)
            if strikes >= ENOUGH:
                raise failure
            if failure.kind not in (Kind.AWAY, Kind.DENIED):
                await asyncio.sleep(pause_s * random.uniform(0.75, 1.25))
                pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)

    def _strikes(self, server: Server, asked_s: float, failure: NoReplyError) -> int:
        """Return how much a failure counts against its prompt.

        Raises:
            EngineError: if nothing more can be asked.
        """
        if failure.kind is Kind.AWAY:
            self._servers.refuse(server, asked_s, failure)
            # where no other request has been taken since, it is not the prompt's fault
            return failure.kind.strikes if server.accepted_s > asked_s else 0
        if failure.kind is Kind.DENIED and not server.answers:
            self._servers.deny(server, failure)
            return 0
        return failure.kind.strikes

    async def _attempt(self, server: Server, prompt: Prompt, sampling: Sampling) -> Generation:
        """Ask `server` once, in the manner it asks for where it does.

        Raises:
            NoReplyError: if there is no reply.
            WithheldError: if the server says that there will be none.
        """
        post = partial(self._connections.page, server)
        if prompt.prefill:
            path, body, switches = "/completions", await self._continuation(post, prompt, sampling), {}
        else:
            path, body, switches = "/chat/completions", self._chat(prompt, sampling), self._switches(prompt)
        body |= self._manners
        try:
            completion = await self._connections.complete(server, path, body | self._engine_args | switches)
        except NoReplyError as failure:
            if failure.status in (400, 422) and self._yields(failure.reason, body):
                return await self._attempt(server, prompt, sampling)
            raise
        return await self._generation(post, prompt, completion)

    def _yields(self, reason: str, body: JsonObject) -> bool:
        """Return whether what a server complains of can be written otherwise, and write it so from now on."""
        if "max_completion_tokens" in reason and "max_tokens" in body:
            self._limit_field = "max_completion_tokens"  # newer servers know the limit by this name alone
        elif "stream" in reason and "stream" in body:
            # first without the counts at the end of a stream, then without the stream
            self._manners = {"stream": True} if "stream_options" in body else {}
        else:
            return False
        return True

    def _chat(self, prompt: Prompt, sampling: Sampling) -> dict[str, Json]:
        """Return the question for a reply from its start."""
        most = prompt.most_tokens(sampling.max_tokens)
        limit: JsonObject = {} if most is None else {self._limit_field: most}
        return {**self._drawing(prompt, sampling), "messages": as_chat(prompt.messages), **limit}

    def _switches(self, prompt: Prompt) -> dict[str, Json]:
        """Return what says how the model is to think."""
        return fields_of(prompt.mode, self._template)

    def _shown(self, prompt: Prompt) -> dict[str, Json]:
        """Return what the model's template is given."""
        return {"messages": as_chat(prompt.messages), **self._switches(prompt)}

    async def _continuation(self, post: Post, prompt: Prompt, sampling: Sampling) -> dict[str, Json]:
        """Return the question for what follows a prefill: a raw text completion."""
        opened = await self._opening.prompt(post, self._shown(prompt), prompt.prefill)
        limit = prompt.most_tokens(opened.rest if sampling.max_tokens is None else sampling.max_tokens)
        limits = {} if limit is None else {"max_tokens": limit}
        return {**self._drawing(prompt, sampling), "prompt": opened.prompt, **limits}

    def _drawing(self, prompt: Prompt, sampling: Sampling) -> dict[str, Json]:
        """Return how the reply is drawn; what is switched off is not sent, for many servers know none of it."""
        drawing: dict[str, Json] = {"temperature": sampling.temperature, "top_p": sampling.top_p}
        drawing |= {name: getattr(sampling, name) for name in sampling.off(*BEYOND, "stop")}
        seed = {"seed": prompt.seed} if sampling.seeds == "per-prompt" else {}
        return {"model": self._model, **{name: value for name, value in drawing.items() if value is not None}, **seed}

    async def _generation(self, post: Post, prompt: Prompt, reply: Completion) -> Generation:
        text, tags = prompt.prefill + reply.text, self._options.tags
        thinking = reply.reasoning or thinking_text(text, tags=tags)
        written = await self._written(post, prompt) if prompt.mode else ""
        opened = opened_by(written, tags) if prompt.mode else not thinking and await self._opens(post)
        thinking = thinking or thinking_text(text, opened=opened, tags=tags)
        return Generation(
            str(prompt.key),
            reply.text,
            reply.finish,
            reply.reasoning,
            prompt_tokens=reply.tokens("prompt_tokens"),
            completion_tokens=reply.tokens("completion_tokens"),
            reasoning_tokens=await self._reasoning_tokens(post, reply, thinking),
            error=reply.reason,
            opened=opened,
            summarized=reply.summarized,
            rendered=Rendered.of(written) if written else None,
        )

    async def _written(self, post: Post, prompt: Prompt) -> str:
        """Return a prompt as the model's template writes it, "" where the server cannot say."""
        try:
            return await self._opening.written(post, self._shown(prompt))
        except NoReplyError:
            return ""

    async def _opens(self, post: Post) -> bool:
        """Return whether the model's template opens the thinking; asked where a reply marks none."""
        try:
            return await self._opening.opens(post, self._options.tags)
        except NoReplyError:
            return False

    async def _reasoning_tokens(self, post: Post, reply: Completion, thinking: str) -> int | None:
        counted = reply.reasoning_tokens
        if counted or not thinking or reply.summarized:
            return counted
        try:
            return await self._tokens.count(post, thinking)
        except NoReplyError:
            return None


class _Source(Iterator[Prompt]):
    """Prompts that say whether there are more."""

    def __init__(self, prompts: Iterable[Prompt]) -> None:
        self._prompts = iter(prompts)
        self.ended = False

    def __next__(self) -> Prompt:
        try:
            return next(self._prompts)
        except StopIteration:
            self.ended = True
            raise


class _Verdict:
    """Whether it makes sense to go on asking."""

    def __init__(self) -> None:
        self._replied_s = -math.inf
        self._in_a_row = 0

    def hear(self, answer: _Answer, ended: bool) -> None:
        """Hear what became of a prompt; `ended` says whether all have been begun.

        A prompt that failed while others were answered speaks against itself alone, and at the end of a run there is
        nothing to be spared.

        Raises:
            EngineError: if too many failed, one after the other, with no reply to any since they were begun.
        """
        failure = answer.failure
        if failure is None:
            self._replied_s, self._in_a_row = answer.ended_s, 0
        elif answer.began_s > self._replied_s and not (failure.kind is Kind.PROMPT and self._replied_s > -math.inf):
            self._in_a_row += 1
            if self._in_a_row >= GIVE_UP_AFTER and not ended:
                hint = HINTS.get(failure.status, LAST_HINT)
                if failure.kind in (Kind.SLOW, Kind.MUTE):
                    hint = "allow more time with --timeout or --idle-timeout"
                raise EngineError(
                    f"the server failed {self._in_a_row} times in a row, last: {failure.reason}; {hint}"
                ) from failure

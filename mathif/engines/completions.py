"""Completions: what a server sends for one reply, in one piece or as a stream, read into one record.

A room of its own because it is the one place that knows the shapes of OpenAI's chat and text completions and of those
who say that they speak them: server-sent events or plain JSON, whatever the content type says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mathif.credentials import without_key
from mathif.engines.failures import Kind, NoReplyError, of_error, printable
from mathif.records import WITHHELD, Finish

LARGEST_BYTES = 512 * 2**20
"""A server that sends more for one reply is cut off."""

LARGEST_COUNT = 10**9
"""More tokens than this are no count."""

_HALF = re.compile("[\ud800-\udfff]")

GARBLED_CHARS = 120
"""How much of what cannot be read is told on."""

_STREAM = (b"data:", b"event:", b"id:", b"retry:", b":")
"""How the first line of server-sent events can begin."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_FINISHES: Mapping[str | None, Finish] = {
    "stop": Finish.STOP,
    "eos": Finish.STOP,
    "eos_token": Finish.STOP,
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
    "safety": Finish.FILTERED,
    "refusal": Finish.REFUSED,
    "tool_calls": Finish.REFUSED,
    "function_call": Finish.REFUSED,
    None: Finish.REFUSED,
}


class Completion(NamedTuple):
    """One reply as its server told it.

    Attributes:
        text: the visible text, "" where the reply ended before it began.
        reasoning: the thinking that the server split off, or None.
        finish: why it ended.
        reason: for an ending that is withheld, what the server said.
        usage: counts of tokens, as they came.
    """

    text: str
    reasoning: str | None
    finish: Finish
    reason: str
    usage: dict[str, Any]

    def tokens(self, name: str) -> int | None:
        """Return a count of tokens that the server gives, None where it gives none."""
        return _count(self.usage, name)

    @property
    def reasoning_tokens(self) -> int | None:
        """The tokens of the thinking as the server counts them, or None."""
        details = self.usage.get("completion_tokens_details")
        return _count(details, "reasoning_tokens") if isinstance(details, dict) else None


def _count(usage: Mapping[str, Any], name: str) -> int | None:
    value = usage.get(name)
    return value if type(value) is int and 0 <= value <= LARGEST_COUNT else None


@dataclass
class Reading:
    """Reads the bytes of one answer as they come.

    Attributes:
        key: left out of everything that is read, since some servers repeat it.
        streams: whether they are server-sent events; None before that is known.
        ended: whether the server has said that nothing more comes.
        size: bytes so far.
    """

    key: str | None = None
    streams: bool | None = None
    ended: bool = False
    size: int = 0
    _pieces: list[bytes] = field(default_factory=list)
    _event: list[bytes] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _reasoning: list[str] = field(default_factory=list)
    _refusal: list[str] = field(default_factory=list)
    _silent: bool = True  # neither text nor null has been given as content
    _chosen: bool = False
    _finish: str | None = None
    _usage: dict[str, Any] = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether a part of the reply has come."""
        return bool(self._text or self._reasoning)

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            NoReplyError: if they are no completion.
            WithheldError: if they say that there is none.
        """
        self.size += len(data)
        if self.size > LARGEST_BYTES:
            raise NoReplyError(Kind.PROMPT, f"the reply is longer than {LARGEST_BYTES} bytes")
        self._pieces.append(data)
        if self.streams is None:
            self._tell_apart()
        if self.streams and b"\n" in data:
            *lines, rest = b"".join(self._pieces).split(b"\n")
            self._pieces = [rest]
            for line in lines:
                self._line(line.rstrip(b"\r"))

    def end(self) -> Completion:
        """Return the whole reply; nothing more comes.

        Raises:
            NoReplyError: if it is none, or not whole.
            WithheldError: if the server says that there is none.
        """
        rest = b"".join(self._pieces)
        self._pieces.clear()
        if self.streams:
            self._line(rest.rstrip(b"\r"))
            self._line(b"")
            if not self.ended and self._finish is None:
                raise NoReplyError(Kind.BROKEN if self.begun else Kind.FAULT, "the stream broke off before its end")
        else:
            self._take(self._json(rest), whole=True)
        if not self._chosen:
            raise self._garbled(rest.decode(errors="replace") or "no choice", "a completion")
        return self._completion()

    def _tell_apart(self) -> None:
        """Find out from the first bytes what comes."""
        head = b"".join(self._pieces).removeprefix(_BYTE_ORDER_MARK).lstrip()
        if len(head) >= max(map(len, _STREAM)):
            self.streams = head.startswith(_STREAM)
            self._pieces = [head]

    def _line(self, line: bytes) -> None:
        """Read one line of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
        if line.startswith(b"data:"):
            self._event.append(line[5:].removeprefix(b" "))
        elif not line and self._event:
            data, self._event = b"\n".join(self._event), []
            if data.strip() == b"[DONE]":
                self.ended = True
            elif not self.ended and data.strip():
                self._take(self._json(data), whole=False)

    def _json(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self._garbled(data.decode(errors="replace"), "JSON") from error

    def _garbled(self, found: object, expected: str) -> NoReplyError:
        shown = printable(str(found), self.key, GARBLED_CHARS)
        kind = Kind.BROKEN if self.begun else Kind.FAULT
        return NoReplyError(kind, f"the server's reply is garbled: found {shown!r}, expected {expected}")

    def _take(self, event: Any, whole: bool) -> None:
        """Read one event of a stream, or the whole answer."""
        if not isinstance(event, dict):
            raise self._garbled(event, "a completion")
        if event.get("error"):
            raise of_error(event["error"], self.begun, self.key)
        if isinstance(event.get("usage"), dict):
            self._usage = event["usage"]
        choices = event.get("choices")
        if not isinstance(choices, list):
            if whole:
                raise self._garbled(event, "a completion")
            return
        for choice in choices:
            if not isinstance(choice, dict):
                raise self._garbled(choice, "a choice")
            if choice.get("index") in (0, None):
                self._choose(choice)

    def _choose(self, choice: dict[str, Any]) -> None:
        ended = choice.get("finish_reason")
        self._finish = self._finish if ended is None else str(ended)
        if "text" in choice:
            message: Any = {"content": choice["text"]}
        else:
            message = choice.get("delta")
            if message is None:
                # some streams repeat everything in a last message
                message = {} if self._chosen else choice.get("message")
        if not isinstance(message, dict):
            raise self._garbled(choice, "a message")
        self._chosen = True
        self._say(message)

    def _say(self, message: dict[str, Any]) -> None:
        thinking = next(filter(None, _thoughts(message)), "")
        if thinking:
            self._reasoning.append(thinking)
        content = message.get("content")
        if isinstance(content, list):
            for kind, text in _parts(content):
                (self._reasoning if kind == "thinking" else self._text).append(text)
        elif isinstance(content, str):
            self._text.append(content)
        elif content is not None:
            raise self._garbled(content, "text")
        self._silent = self._silent and content is None
        if isinstance(message.get("refusal"), str):
            self._refusal.append(message["refusal"])

    def _completion(self) -> Completion:
        if self._finish not in _FINISHES:
            raise self._garbled(f"finish_reason {self._finish}", "stop or length")
        finish, text, reasoning = _FINISHES[self._finish], self._joined(self._text), self._joined(self._reasoning)
        refusal = self._joined(self._refusal)
        if refusal and not text:
            return Completion(refusal, None, Finish.REFUSED, "the model refuses", self._usage)
        if finish is Finish.STOP and self._silent and not (self.streams or reasoning):
            raise self._garbled("no content", "text")
        reason = f"finish_reason is {self._finish!r}" if finish in WITHHELD else ""
        return Completion(text, reasoning or None, finish, reason, self._usage)

    def _joined(self, parts: list[str]) -> str:
        """Return the parts as one text, halves of surrogate pairs, which no file can hold, as U+FFFD."""
        text = "".join(parts)
        if _HALF.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return without_key(text, self.key)


def _thoughts(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield the thinking that a message holds, from each field that servers use for it."""
    for name in ("reasoning", "reasoning_content"):
        if isinstance(message.get(name), str):
            yield message[name]
    details = message.get("reasoning_details")
    parts = [part for part in details if isinstance(part, dict)] if isinstance(details, list) else []
    texts = [part.get("text") or part.get("summary") for part in parts]
    yield "".join(text for text in texts if isinstance(text, str))


def _parts(content: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and text of content in parts, as Mistral sends it: `[{"type": "thinking", "thinking": […]}, …]`."""
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "thinking":
            inner = part.get("thinking")
            yield kind, inner if isinstance(inner, str) else "".join(text for _, text in _parts(inner or []))
        elif kind == "text" and isinstance(part.get("text"), str):
            yield kind, part["text"]

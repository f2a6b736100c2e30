"""Completions: what a server sends for one reply, in one piece or as a stream, read into one record.

A room of its own because it is the one place that knows the shapes of OpenAI's chat and text completions and of those
who say that they speak them: server-sent events or plain JSON, whatever the content type says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mathif.credentials import without_key
from mathif.engines.failures import Kind, NoReplyError, of_error, printable
from mathif.json_values import HALF, Json, JsonObject
from mathif.records import WITHHELD, Finish

LARGEST_BYTES = 512 * 2**20
"""A server that sends more for one reply is cut off."""

LARGEST_COUNT = 10**9
"""More tokens than this are no count."""

GARBLED_CHARS = 120
"""How much of what cannot be read is told on."""

_STREAM = (b"data:", b"event:", b"id:", b"retry:", b":")
"""How the first line of server-sent events can begin."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")  # a return that nothing follows yet may be the first half of a pair

_FINISHES: Mapping[str | None, Finish] = {
    "stop": Finish.STOP,
    "eos": Finish.STOP,
    "eos_token": Finish.STOP,
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "max_output_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
    "safety": Finish.FILTERED,
    "sensitive": Finish.FILTERED,
    "recitation": Finish.FILTERED,
    "refusal": Finish.REFUSED,
    "tool_calls": Finish.REFUSED,
    "tool_use": Finish.REFUSED,
    "function_call": Finish.REFUSED,
    None: Finish.REFUSED,
}
"""Why a reply ends, in the words of OpenAI, Anthropic, Mistral, Google, Zhipu and TGI, in small letters."""

_THOUGHTS = ("reasoning", "reasoning_content", "reasoning_details", "thinking", "thinking_blocks")
"""The fields of a message that servers put the thinking into; the first that holds any counts."""

_THINKING_PARTS = ("thinking", "reasoning", "redacted_thinking")
"""Types of parts of a content that are thinking."""

_SPELLED = ("text", "thinking", "content")
_WORDS = (*_SPELLED, "summary")
"""Where a part holds its text."""


class Completion(NamedTuple):
    """One reply as its server told it.

    Attributes:
        text: the visible text, "" where the reply ended before it began.
        reasoning: the thinking that the server split off, or None.
        summarized: whether by its own account that is a summary, or none is shown as it is encrypted.
        finish: why it ended.
        reason: for an ending that is withheld, what the server said.
        usage: counts of tokens, as they came.
    """

    text: str
    reasoning: str | None
    finish: Finish
    reason: str
    usage: JsonObject
    summarized: bool = False

    def tokens(self, name: str) -> int | None:
        """Return a count of tokens that the server gives, None where it gives none."""
        return _count(self.usage, name)

    @property
    def reasoning_tokens(self) -> int | None:
        """The tokens of the thinking as the server counts them, or None."""
        details = self.usage.get("completion_tokens_details")
        return _count(details, "reasoning_tokens") if isinstance(details, dict) else None


def _count(usage: JsonObject, name: str) -> int | None:
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
    _kept: set[bool] = field(default_factory=set)  # whether parts of the thinking were kept from view
    _silent: bool = True  # no text, not even an empty one, has been given as content
    _called: bool = False  # the model wants a tool
    _chosen: bool = False
    _finish: str | None = None
    _usage: JsonObject = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether a part of the reply has come."""
        return any(self._text) or any(self._reasoning)

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
        if self.streams and (b"\n" in data or b"\r" in data):
            *lines, rest = _LINE_END.split(b"".join(self._pieces))
            self._pieces = [rest]
            for line in lines:
                self._line(line)

    def end(self) -> Completion:
        """Return the whole reply; nothing more comes.

        Raises:
            NoReplyError: if it is not a completion, or not whole.
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
            self._piece(rest)
        if not self._chosen:
            raise self._garbled(rest.decode(errors="replace") or "no choice", "a completion")
        return self._completion()

    def _piece(self, data: bytes) -> None:
        """Read an answer that is no server-sent events: one JSON text, or, as some servers stream, one a line."""
        lines = [line for line in map(bytes.strip, data.splitlines()) if line]
        if len(lines) < 2 or not all(line.startswith(b"{") and line.endswith(b"}") for line in lines):
            self._take(self._json(data), whole=True)
            return
        for line in lines:
            self._take(self._json(line), whole=False)
        if self._chosen and self._finish is None:
            raise NoReplyError(Kind.BROKEN if self.begun else Kind.FAULT, "the stream broke off before its end")

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

    def _json(self, data: bytes) -> Json:
        try:
            value: Json = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self._garbled(data.decode(errors="replace"), "JSON") from error
        return value

    def _garbled(self, found: object, expected: str) -> NoReplyError:
        shown = printable(str(found), self.key, GARBLED_CHARS)
        kind = Kind.BROKEN if self.begun else Kind.FAULT
        return NoReplyError(kind, f"the server's reply is garbled: found {shown!r}, expected {expected}")

    def _take(self, event: Json, whole: bool) -> None:
        """Read one event of a stream, or the whole answer."""
        if not isinstance(event, dict):
            raise self._garbled(event, "a completion")
        if event.get("error"):
            raise of_error(event["error"], self.begun, self.key)
        if isinstance(usage := event.get("usage"), dict):
            self._usage = usage
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

    def _choose(self, choice: JsonObject) -> None:
        if choice.get("error"):  # of OpenRouter, with the finish_reason "error"
            raise of_error(choice["error"], self.begun, self.key)
        ended = choice.get("finish_reason")
        self._finish = str(ended) if ended else self._finish  # some servers say "" for not yet
        if "text" in choice:
            message: Json = {"content": choice["text"]}
        else:
            message = choice.get("delta")
            if message is None:
                # some streams repeat everything in a last message
                message = {} if self._chosen else choice.get("message")
        if not isinstance(message, dict):
            raise self._garbled(choice, "a message")
        self._chosen = True
        self._say(message)

    def _say(self, message: JsonObject) -> None:
        thinking = next(filter(None, (_words(message.get(name)) for name in _THOUGHTS)), "")
        if thinking:
            self._reasoning.append(thinking)
        self._kept.update(*(_kept_back(message.get(name)) for name in _THOUGHTS))
        content = message.get("content")
        if not (content is None or isinstance(content, str | list)):
            raise self._garbled(content, "text")
        for part in [content] if isinstance(content, str) else content or ():
            thinks = isinstance(part, dict) and part.get("type") in _THINKING_PARTS
            self._kept.update(_kept_back(part) if thinks else ())
            (self._reasoning if thinks else self._text).append(_words(part))
        self._silent = self._silent and content != "" and not any(self._text)
        self._called = self._called or bool(message.get("tool_calls") or message.get("function_call"))
        if isinstance(refusal := message.get("refusal"), str):
            self._refusal.append(refusal)

    def _completion(self) -> Completion:
        finish = _FINISHES.get(self._finish and self._finish.lower())
        if finish is None:
            raise self._garbled(f"finish_reason {self._finish}", "stop or length")
        text, reasoning = self._joined(self._text), self._joined(self._reasoning)
        refusal = self._joined(self._refusal)
        if refusal and not text:
            return Completion(refusal, None, Finish.REFUSED, "the model refuses", self._usage)
        if self._called and not text and finish is Finish.STOP:
            return Completion("", reasoning or None, Finish.REFUSED, "the model calls a tool", self._usage)
        if finish is Finish.STOP and self._silent and not (self.streams or reasoning):
            raise self._garbled("no content", "text")
        reason = f"finish_reason is {self._finish!r}" if finish in WITHHELD else ""
        return Completion(text, reasoning or None, finish, reason, self._usage, self._kept == {True})

    def _joined(self, parts: list[str]) -> str:
        """Return the parts as one text, halves of surrogate pairs, which no file can hold, as U+FFFD."""
        text = "".join(parts)
        if HALF.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return without_key(text, self.key)


def thoughts(value: Json) -> tuple[str, bool]:
    """Return the thinking that a field of a message holds, and whether that is a summary, or encrypted."""
    return _words(value), set(_kept_back(value)) == {True}


def _kept_back(value: Json) -> Iterator[bool]:
    """Yield for each part of a thinking whether it is a summary, as its type or its field says, or encrypted data."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict) and _words(part):
            yield "summary" in str(part.get("type", "")) or not any(_words(part.get(name)) for name in _SPELLED)
        elif isinstance(part, dict) and part.get("data"):
            yield True


def _words(value: Json) -> str:
    """Return the text of a field: a text itself, a part that holds one, or a list of these.

    Mistral sends `[{"type": "thinking", "thinking": [{"type": "text", "text": …}]}, …]`, and OpenRouter, in
    `reasoning_details`, parts with a `text` or a `summary`.
    """
    if isinstance(value, list):
        return "".join(map(_words, value))
    if isinstance(value, dict):
        return next(filter(None, (_words(value.get(name)) for name in _WORDS)), "")
    return value if isinstance(value, str) else ""

r"""Channels: replies of gpt-oss, a row of messages each of which says in its header which channel it is for.

`<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`: the channel `final` is the final
text, a message in `commentary` to nobody is a preamble that the user sees, and all else is thinking. Without `final`
the reply was cut, and all of it is thinking; with nothing but `final`, no thinking is marked. Many servers leave the
special tokens out: `analysis…assistantfinal…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from mathif.reasoning.parts import Parts, trimmed
from mathif.records import Span, State

_FIRST = re.compile(r"\ufeff?\s*+(?:<\|start\|>assistant\s*+)?<\|channel\|>")
_BARE = re.compile(r"\s*+(analysis|commentary|final)()<\|message\|>")
"""The first header of a reply to a prompt that ends in `<|channel|>`."""
_HEADER = re.compile(r"<\|channel\|>\s*(\w*)([^<]*)(?:<\|constrain\|>[^<]*)?(<\|message\|>)?")
_LATER = re.compile(
    r"<\|start\|>assistant[^<]{0,80}+<\|channel\|>\s{0,8}+\w{1,40}+[^<]{0,200}+(?:<\|constrain\|>|<\|message\|>)"
)
"""A header behind the first: a reply that begins with none begins inside the message that the prompt opened."""
_END = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_STRIPPED = re.compile(r"\s*+analysis")
_STRIPPED_NEXT = re.compile(r"assistant(analysis|commentary|final)")
_SENTENCE = re.compile(r"\s?[A-Z]")
"""Follows `analysis` where that is the name of a channel and not the first word of a sentence in lower case."""

_MOST = 1000
"""Messages that are read; no reply comes near, and a text made of headers ends soon."""


class _Message(NamedTuple):
    channel: str
    recipient: bool
    span: Span


def split_channels(text: str, *, opened: bool) -> Parts | None:
    """Return the parts of a reply in channels, None where `text` is not in channels."""
    messages = list(islice(_messages(text, opened), _MOST))
    if not messages:
        return None
    if not any(message.channel == "final" for message in messages):
        return Parts(trimmed(text, (message.span for message in messages)), (), State.OPEN)
    seen = [message for message in messages if _is_seen(message)]
    hidden = [message for message in messages if not _is_seen(message)]
    thinking, final = (trimmed(text, (message.span for message in part)) for part in (hidden, seen))
    return Parts(thinking, final, State.CLOSED if thinking else State.ABSENT)


def _is_seen(message: _Message) -> bool:
    return message.channel == "final" or (message.channel == "commentary" and not message.recipient)


def _messages(text: str, opened: bool) -> Iterator[_Message]:
    """Yield the messages of a reply in channels, nothing for any other reply."""
    bare = _BARE.match(text)
    if bare or _FIRST.match(text):
        yield from _marked(text, bare or _HEADER.search(text))
        return
    later = _LATER.search(text)
    if later:
        end = text.rfind("<|end|>", 0, later.start())
        yield _Message("analysis", False, Span(0, end if end >= 0 else later.start()))
        yield from _marked(text, _HEADER.search(text, later.start()))
        return
    yield from _stripped(text, opened)


def _marked(text: str, header: re.Match[str] | None) -> Iterator[_Message]:
    """Yield the messages from the one with `header` on; a header that was cut has no message."""
    while header:
        end = _END.search(text, header.end())
        at = end.start() if end else len(text)
        if text.endswith("<|message|>", header.start(), header.end()):
            before = text[max(0, header.start() - 80) : header.start()].rpartition("<|start|>")[2]
            yield _Message(header[1].lower(), " to=" in f"{before} {header[2]}", Span(header.end(), at))
        header = _HEADER.search(text, at)


def _stripped(text: str, opened: bool) -> Iterator[_Message]:
    """Yield the messages of a reply whose special tokens were left out; after `final` there is no other."""
    first = _STRIPPED.match(text)
    later = _STRIPPED_NEXT.search(text)
    if later is None and not (first and _SENTENCE.match(text, first.end())):
        return
    if not first and not opened and "assistantfinal" not in text:
        return
    channel, at = "analysis", first.end() if first else 0
    while later is not None and channel != "final":
        yield _Message(channel, text.startswith(" to=", at), Span(at, later.start()))
        channel, at = later[1], later.end()
        later = _STRIPPED_NEXT.search(text, at)
    yield _Message(channel, text.startswith(" to=", at), Span(at, len(text)))

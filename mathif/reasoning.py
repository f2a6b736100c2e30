"""Splitting a generation into thinking and final text; the one place that knows how models mark their thinking.

What each state means:

| state | when | final text | `cot_tokens` counts | graded |
|---|---|---|---|---|
| CLOSED | the thinking ended, by a tag, a channel or the server | all text outside the thinking | the thinking | yes |
| OPEN | the reply ended inside the thinking | "" | the thinking, which is all there is | no: its own outcome |
| ABSENT | no thinking is marked | the whole reply | the whole reply: it is the chain of thought | yes |

`finish=length` does not make a reply OPEN: without a mark the cut fell into the visible text, and the state is ABSENT.
A block of blanks is no thinking (`<think></think>` before a visible reply: ABSENT).

Which marks count. A *block* is `<think>…</think>` (also thinking, thought, reasoning, in any letter case),
`[THINK]…[/THINK]` or `◁think▷…◁/think▷`; it is closed by the first closing tag of the same name. Everything else
that looks like a tag is text, and stays. In order:

1. An opening tag at the very start, or right after a block, opens a block, closed or not.
2. A closing tag with no block before it closes thinking that the prompt's template opened.
3. A closing tag right after a block belongs to it (models repeat them).
4. An opening tag inside the visible text opens a block when its closing tag follows; where none follows, only at the
   start of a line.
5. A tag is only *mentioned*, and stays text, inside backticks on its line, inside quotes, as an opening tag in a closed
   fence or in a running sentence ("the <think> tag"), and as the closing tag of such a one on the same line or in the
   same fence. A fence alone does not shield a closing tag: thinking often leaves one open. Inside a block only a quoted
   closing tag can be a mention, and only while another one follows.

Where the server split the reply itself, its split stands and no tag is looked for. A harmony reply
(`<|channel|>analysis<|message|>…`) is read by its channels: `final` is the final text, the others are thinking, and
without `final` the reply is OPEN.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from mathif.records import Finish, Generation, Reply, State

_TAG = re.compile(r"<(/?)(think|thinking|thought|reasoning)>|\[(/?)(THINK)\]|◁(/?)(think)▷", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w*)[^<]*(?:<\|constrain\|>[^<]*)?(<\|message\|>)?")
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_HARMONY = re.compile(r"\s*+(?:<\|start\|>assistant\s*+)?<\|channel\|>")
_QUOTES = "`'\"“”‘’«»"
_AFTER_QUOTE = re.compile(r"[\s.,;:!?)\]]|$")
_NOT_BLANK = re.compile(r"\S")
_LINE_CHARS = 1000
"""How far a line is read around a tag to see whether it stands in code; keeps the time linear in the text."""


def split(generation: Generation) -> Reply:
    """Split `generation` into thinking and final text. Linear in the text; never raises.

    The final text is stripped of blanks at both ends, and nothing else about it is changed. Parts that a block of
    thinking stood between, and several blocks of thinking, are joined by an empty line.
    """
    parts = _parts(generation)
    return Reply(
        generation.key,
        parts.thinking,
        parts.final,
        parts.state,
        generation.finish,
        _cot_tokens(generation, parts.state),
        generation.completion_tokens,
    )


def thinking_text(text: str) -> str:
    """Return the thinking that `text` marks, "" where it marks none; engines count its tokens."""
    return _split_text(text).thinking


class _Parts(NamedTuple):
    thinking: str
    final: str
    state: State


def _parts(generation: Generation) -> _Parts:
    if generation.reasoning and generation.reasoning.strip():
        return _split_by_server(generation.reasoning, generation)
    parts = _split_text(generation.text)
    if parts.state is State.ABSENT and generation.reasoning_tokens:
        return _split_by_server("", generation)  # the server counts the thinking but keeps it to itself
    return parts


def _split_by_server(reasoning: str, generation: Generation) -> _Parts:
    final = generation.text.strip()
    cut = not final and generation.finish is Finish.LENGTH
    return _Parts(reasoning.strip(), final, State.OPEN if cut else State.CLOSED)


def _cot_tokens(generation: Generation, state: State) -> int | None:
    """Return the CoT length in tokens, or None where the engine could not count it."""
    if state is State.ABSENT:
        return generation.completion_tokens
    if generation.reasoning_tokens is None and state is State.OPEN:
        return generation.completion_tokens
    return generation.reasoning_tokens


def _split_text(text: str) -> _Parts:
    if _HARMONY.match(text):
        return _split_channels(text)
    scan = _Scan(text)
    for tag in scan.tags:
        scan.read(tag)
    return scan.parts()


def _split_channels(text: str) -> _Parts:
    thinking: list[str] = []
    final: list[str] = []
    answered = False
    at = 0
    while channel := _CHANNEL.search(text, at):
        end = _CHANNEL_END.search(text, channel.end())
        at = end.start() if end else len(text)
        if not channel[2]:
            continue
        is_final = channel[1].lower() == "final"
        answered = answered or is_final
        (final if is_final else thinking).append(text[channel.end() : at])
    if not answered:
        return _Parts(_join(thinking), "", State.OPEN)
    return _Parts(_join(thinking), _join(final), State.CLOSED)


def _join(parts: list[str]) -> str:
    return "\n\n".join(stripped for part in parts if (stripped := part.strip()))


class _Tag(NamedTuple):
    start: int
    end: int
    name: str
    closes: bool
    quoted: bool


def _tags(text: str) -> list[_Tag]:
    tags = []
    for match in _TAG.finditer(text):
        bracket = text[match.start()]
        slash = match[1] or match[3] or match[5]
        name = bracket + (match[2] or match[4] or match[6]).lower()
        tags.append(_Tag(match.start(), match.end(), name, bool(slash), _quoted(text, match.start(), match.end())))
    return tags


def _quoted(text: str, start: int, end: int) -> bool:
    """Say whether quotes embrace the tag as they do in a sentence.

    `the "</think>" tag` is a quote; in `…it is "x"</think>"Final` the quotes belong to the two sides.
    """
    if start == 0 or end == len(text) or text[start - 1] not in _QUOTES or text[end] not in _QUOTES:
        return False
    opens = start == 1 or text[start - 2] in " \t\n(["
    return opens and _AFTER_QUOTE.match(text, end + 1) is not None


class _Scan:
    """One pass over the tags of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tags = _tags(text)
        self.fences = [match.start() for match in _FENCE.finditer(text)] if self.tags else []
        self.last_close = {tag.name: tag.start for tag in self.tags if tag.closes}
        self.last_bare_close = {tag.name: tag.start for tag in self.tags if tag.closes and not tag.quoted}
        self.thinking: list[str] = []
        self.visible: list[str] = []
        self.block: str | None = None
        self.at = 0  # where the part being read begins: thinking inside a block, else visible text
        self.last_end = 0  # where the tag before this one ended
        self.blank = True  # nothing visible since the start or the last block
        self.closed = False
        self.mention: _Tag | None = None

    def read(self, tag: _Tag) -> None:
        if self.block is not None:
            if self._ends_block(tag):
                self._close(tag)
        else:
            self.blank = self.blank and not _NOT_BLANK.search(self.text, self.last_end, tag.start)
            if tag.closes:
                self._read_close(tag)
            else:
                self._read_open(tag)
        self.last_end = tag.end

    def parts(self) -> _Parts:
        rest = self.text[self.at :]
        if self.block is not None:
            return _Parts(_join([*self.thinking, rest]), "", State.OPEN)
        thinking = _join(self.thinking)
        state = State.CLOSED if thinking else State.ABSENT
        return _Parts(thinking, _join([*self.visible, rest]), state)

    def _ends_block(self, tag: _Tag) -> bool:
        if not tag.closes or tag.name != self.block:
            return False
        return not tag.quoted or self.last_bare_close.get(tag.name, -1) < tag.start

    def _close(self, tag: _Tag) -> None:
        self.thinking.append(self.text[self.at : tag.start])
        self.block, self.at, self.blank, self.closed, self.mention = None, tag.end, True, True, None

    def _open(self, tag: _Tag) -> None:
        self.visible.append(self.text[self.at : tag.start])
        self.block, self.at = tag.name, tag.end

    def _read_close(self, tag: _Tag) -> None:
        if self.closed and self.blank:
            self.at = tag.end
        elif not self.closed and not self._mentioned_close(tag):
            self._close(tag)
        else:
            self.blank = False

    def _read_open(self, tag: _Tag) -> None:
        if self.blank:
            self._open(tag)
        elif self._in_backticks(tag) or self._in_fence(tag) or tag.quoted or self._in_sentence(tag):
            self.mention = tag
        elif self.last_close.get(tag.name, -1) > tag.start or self._starts_line(tag):
            self._open(tag)

    def _mentioned_close(self, tag: _Tag) -> bool:
        opened, self.mention = self.mention, None
        if opened and opened.name == tag.name:
            on_its_line = self.text.find("\n", opened.end, tag.start) < 0
            if on_its_line or (self._in_fence(opened) and self._in_fence(tag)):
                return True
        return tag.quoted or self._in_backticks(tag)

    def _in_backticks(self, tag: _Tag) -> bool:
        before = self._line_before(tag).count("`")
        line_end = self.text.find("\n", tag.end, tag.end + _LINE_CHARS)
        after = self.text.count("`", tag.end, line_end if line_end >= 0 else tag.end + _LINE_CHARS)
        return before % 2 == 1 and after > 0

    def _in_fence(self, tag: _Tag) -> bool:
        opened = bisect_left(self.fences, tag.start) - bisect_left(self.fences, self.at)
        return opened % 2 == 1 and bool(self.fences) and self.fences[-1] > tag.start

    def _in_sentence(self, tag: _Tag) -> bool:
        """Say whether words run up to the tag on its line, as in "the <think> tag" but not in "Well. <think>"."""
        before = self._line_before(tag)
        words = before.rstrip(" \t")
        return bool(words) and words != before and words[-1] not in ".!?:;>]▷"

    def _starts_line(self, tag: _Tag) -> bool:
        return not self._line_before(tag).strip()

    def _line_before(self, tag: _Tag) -> str:
        start = self.text.rfind("\n", max(self.at, tag.start - _LINE_CHARS), tag.start)
        return self.text[start + 1 if start >= 0 else max(self.at, tag.start - _LINE_CHARS) : tag.start]

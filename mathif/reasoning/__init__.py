"""Splitting a generation into thinking and final text.

What each state means:

| state | when | final text | `cot_tokens` counts | the final text |
|---|---|---|---|---|
| CLOSED | the thinking ended, by a mark, a channel or the server | all that is no thinking | the thinking | graded |
| OPEN | the reply ended inside the thinking | "" | the thinking, which is all there is | its own outcome |
| ABSENT | no thinking is marked | the whole reply | the whole reply: it is the chain of thought | graded |

`finish=length` does not make a reply OPEN: without a mark the cut fell into the visible text, and the state is ABSENT.
A block of blanks is no thinking (`<think></think>` before a visible reply: ABSENT); a closing mark with nothing before
it is the end of thinking that stands elsewhere (CLOSED). Where the prompt itself ends inside the thinking
(`Generation.opened`), a reply without any mark is OPEN.

Which marks count. A *block* stands between the marks of a family (`mathif.families`; `<think>…</think>`,
`[THINK]…[/THINK]`, `<|channel>thought…<channel|>`, …) or those that the user named (`Generation.tags`). Marks that are
tags count in any letter case, with blanks before their end, and HTML-escaped. Everything else that looks like a mark
is text, and stays. In order:

1. An opening mark at the very start, or right after a block, opens a block, closed or not; one that is a sentence only
   where its closing mark follows, or the token limit cut the reply.
2. A block is closed by its own closing mark, or where none follows by the first one of another name.
3. A closing mark with no block before it closes thinking that the prompt opened. One right after a block belongs to it,
   and one further on too (nested and repeated thinking): what stands between is thinking.
4. An opening mark inside the visible text opens a block when its closing mark follows; where none follows, only at the
   start of a line. Marks that a visible reply may well hold (`<analysis>`, a sentence) count at its start alone, and
   their closing marks only behind them.
5. A mark is only *mentioned*, and stays text, inside backticks on its line, inside quotes, in a running sentence ("the
   <think> tag"), as an opening mark in a closed fence, and as the closing mark of such a one on the same line or in the
   same fence. A fence alone does not shield the first closing mark, for thinking often leaves one open, but those after
   it. Inside a block only a quoted closing mark can be a mention, and only while another one follows.

What stands around the two belongs to neither: what opens the model's turn in a raw dump, tokens that end it, and the
wrapper that some families put around the final text (`<answer>…</answer>`). The text outside a wrapper stays, unless
the family's row says that the user never sees it.

Where the server split the reply itself, its split stands; what it left of marks in the text, and a copy of the thinking
there, is read by the same rules. What it calls a summary is no thinking, and neither is a text of fewer bytes than the
tokens that it counts for it: the thinking then is kept from view. Where the prompt ended with the thinking closed and
the server calls the whole reply thinking, it is the visible text. A reply of gpt-oss is read by its channels, its
special tokens there or stripped.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mathif.families import MARKS
from mathif.reasoning.blocks import split_blocks
from mathif.reasoning.channels import split_channels
from mathif.reasoning.parts import Parts, joined, raw_span, trimmed, unwrapped
from mathif.records import Finish, Generation, Reply, Span, State

__all__ = ["MARK_TOKENS", "raw_span", "split", "thinking_text"]

MARK_TOKENS = 64
"""Tokens that a server may count beside the text that it shows: the marks of the thinking, of the turn, of channels."""

LONG_CHARS = 8_000
"""A reply of more characters that marks no thinking and ends in a box is likely its thinking too."""
HESITANT_CHARS = 2_000
"""Likewise where it hesitates, as only thinking does."""
_HESITATION = re.compile(r"\b(?:Wait|wait|Hmm|hmm|Okay, so|Alternatively|Let me (?:re|double|check|think|see))")
_HESITATIONS = 3
_BOX_WITHIN = 0.1
"""Part of a reply, from its end, within which the box of unsplit thinking stands."""
_TOKEN = re.compile(r"\s*(</?[A-Za-z|｜][^<>\s]{0,40}>|\[/?[A-Z_ ]{3,30}\]|◁[^◁▷\s]{1,40}▷)")
"""What looks like a mark: a tag, a special token, capitals in square brackets."""
_ORDINARY = re.compile(
    r"</?(?:a|answer|b|big|blockquote|body|br|center|code|dd|details|div|dl|dt|em|final|h[1-6]|hr|html|i|img|li|mark|math"
    r"|ol|output|p|pre|q|response|result|s|section|small|solution|span|strong|sub|summary|sup|table|tbody|td|th|title|tr"
    r"|tt|u|ul|svg)\b.*>|<[^<>]*/>",
    re.IGNORECASE,
)
"""Tags of visible text, of a page or around an answer."""
_FIRST_WORD = re.compile(r"\s*(\S{1,30})")


def split(generation: Generation) -> Reply:
    """Split `generation` into thinking and final text. Linear in the text; never raises.

    The final text is stripped of blanks at both ends, and nothing else about it is changed. Parts that a block of
    thinking stood between, and several blocks of thinking, are joined by an empty line.
    """
    summarized = _summarized(generation)
    if _misfiled(generation):
        parted = _visible(generation.reasoning or "")
    else:
        parted = _split(generation, "" if summarized else generation.reasoning or "", kept=summarized)
    return Reply(
        generation.key,
        parted.thinking,
        parted.final,
        parted.state,
        generation.finish,
        _cot_tokens(generation, parted),
        generation.completion_tokens,
        parted.thinking_at,
        parted.final_at,
        "" if parted.state is not State.ABSENT or generation.reasoning_tokens else _unmarked(parted.final),
        generation.rendered.sha256 if generation.rendered else "",
        summarized=summarized,
    )


def thinking_text(text: str, *, opened: bool = False, tags: tuple[str, str] | None = None) -> str:
    """Return the thinking that `text` marks, "" where it marks none; engines count its tokens.

    Args:
        text: a raw reply.
        opened: whether the prompt ends inside the thinking.
        tags: marks that the user named beside those of the table.
    """
    return joined(text, _taken_apart(text, opened=opened, tags=tags, cut=False).thinking)


class _Split(NamedTuple):
    thinking: str
    final: str
    state: State
    thinking_at: tuple[Span, ...]
    final_at: tuple[Span, ...]


def _summarized(generation: Generation) -> bool:
    """Return whether what the server split off is not the thinking; a token is a byte of it at least."""
    shown = len((generation.reasoning or "").encode(errors="replace"))
    if not shown or generation.summarized:
        return generation.summarized
    of_all = shown + len(generation.text.encode(errors="replace"))
    return any(
        counted is not None and counted > size + MARK_TOKENS
        for counted, size in ((generation.reasoning_tokens, shown), (generation.completion_tokens, of_all))
    )


def _misfiled(generation: Generation) -> bool:
    """Return whether a server took the whole reply for thinking, though the prompt ended with the thinking closed.

    Parsers that look for the closing mark in the reply alone do so where the thinking is switched off.
    """
    if generation.rendered is None or generation.text.strip() or not (generation.reasoning or "").strip():
        return False
    closes = [marks.closes for marks in MARKS] + ([generation.tags[1]] if generation.tags else [])
    return generation.rendered.tail.rstrip().endswith(tuple(closes))


def _visible(text: str) -> _Split:
    """Return a visible reply that has no place in the text of its generation."""
    final = joined(text, unwrapped(text, trimmed(text, [Span(0, len(text))])))
    return _Split("", final, State.ABSENT, (), ())


def _split(generation: Generation, reasoning: str, kept: bool) -> _Split:
    """Split a generation; `kept` says that the server counts the thinking or sums it up, and keeps it to itself."""
    reasoning = _bare_thinking(reasoning.strip(), generation.tags)
    parts = _taken_apart(
        generation.text,
        opened=generation.opened and not reasoning,
        tags=generation.tags,
        cut=generation.finish is Finish.LENGTH,
    )
    thinking, final = joined(generation.text, parts.thinking), joined(generation.text, parts.final)
    if not reasoning and not (parts.state is State.ABSENT and (kept or generation.reasoning_tokens)):
        return _Split(thinking, final, parts.state, *parts[:2])
    # the server split the reply, or keeps the thinking to itself
    cut = not final and (generation.finish is Finish.LENGTH or parts.state is State.OPEN)
    told = [reasoning] if thinking in reasoning else [reasoning, thinking]
    return _Split("\n\n".join(told), final, State.OPEN if cut else State.CLOSED, (), parts.final)


def _bare_thinking(reasoning: str, tags: tuple[str, str] | None) -> str:
    """Return thinking that the server split off without the marks that it left around it."""
    if not reasoning:
        return ""
    parts = _taken_apart(reasoning, opened=False, tags=tags, cut=True)
    if not parts.thinking or parts.thinking[0].start == 0:
        return reasoning
    return joined(reasoning, (*parts.thinking, *parts.final))


def _taken_apart(text: str, *, opened: bool, tags: tuple[str, str] | None, cut: bool) -> Parts:
    parts = split_channels(text, opened=opened) or split_blocks(text, opened=opened, tags=tags, cut=cut)
    return parts._replace(final=unwrapped(text, parts.final))


def _cot_tokens(generation: Generation, parted: _Split) -> int | None:
    """Return the CoT length in tokens, or None where the engine could not count it, or did not see the thinking."""
    if parted.state is State.ABSENT:
        return generation.completion_tokens
    counted = generation.reasoning_tokens or (None if parted.thinking else generation.reasoning_tokens)
    return generation.completion_tokens if counted is None and parted.state is State.OPEN else counted


def _unmarked(text: str) -> str:
    """Return what a reply begins with that looks like thinking which nothing marks, "" where it does not look so.

    A tag or special token that no family uses, or the first word of a long reply without any mark whose last box stands
    near its end. A single reply proves nothing; many of a run that begin alike ask for `--reasoning-tags`.
    """
    token = _TOKEN.match(text)
    if token and not _ORDINARY.fullmatch(token[1]) and text[token.end() :].strip():
        return token[1]
    box = text.rfind("\\boxed")
    if box < 0 or box < (1 - _BOX_WITHIN) * len(text.rstrip()):
        return ""
    hesitates = len(text) >= HESITANT_CHARS and len(_HESITATION.findall(text)) >= _HESITATIONS
    first = _FIRST_WORD.match(text)
    return first[1] if first and (hesitates or len(text) >= LONG_CHARS) else ""

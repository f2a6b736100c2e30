"""What a model said to one prompt: verbatim as a `Generation`, and split into its parts as a `Reply`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from mathif.errors import DataError
from mathif.json_values import (
    Json,
    JsonObject,
    count,
    fields,
    flag,
    or_none,
    refuse_other_fields,
    text,
)
from mathif.records.outcomes import Finish, State
from mathif.records.verdict import Span, as_json, spans


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt as the model's chat template wrote it.

    Attributes:
        sha256: of all of it.
        tail: its last characters.
    """

    sha256: str
    tail: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return what is kept of a rendered prompt."""
        return cls(hashlib.sha256(text.encode()).hexdigest(), text[-TAIL_CHARS:])


TAIL_CHARS = 100
"""So much of a rendered prompt is kept: what a template puts behind the last turn is shorter."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What came back for one prompt, verbatim; never edited.

    Attributes:
        key: `str(Key)` of the prompt.
        text: the raw reply, think tags included where the engine left them in.
        finish: why it ended.
        reasoning: the thinking, where the server split it off itself; None where it did not.
        prompt_tokens: tokens of the prompt by the model's own tokenizer, or None where unknown.
        completion_tokens: tokens of everything generated, thinking included, or None where unknown.
        reasoning_tokens: tokens of the thinking alone, or None where unknown; of a continued reply, of its whole
            thinking, that of the prefill included.
        error: what failed, for `Finish.ERROR`; why there is no reply, for the endings that are `WITHHELD`.
        rendered: what the model was shown in fact, where the engine rendered the prompt to know what a switch of the
            thinking does to it; None where it did not.
        forced: parts of the text that the run put there, and not the model: the mark that opened or closed the
            thinking where a budget asked for it.
        opened: whether the prompt as the model's template wrote it, without a prefill of ours, ends inside the
            thinking, so that the reply begins there.
        tags: opening and closing mark of the thinking, where the user named marks that no known family has.
        summarized: whether the server says that it keeps the thinking to itself: `reasoning` sums it up, or is nothing.
    """

    key: str
    text: str
    finish: Finish
    reasoning: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    error: str = ""
    opened: bool = False
    tags: tuple[str, str] | None = None
    rendered: Rendered | None = None
    forced: tuple[Span, ...] = ()
    summarized: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return the generation as plain JSON: every field, but those added later only where they say something."""
        said = {name: getattr(self, name) for name in _FIELDS}
        return {name: as_json(value) for name, value in said.items() if name not in _ABSENT or value}

    @classmethod
    def from_json(cls, row: JsonObject) -> Self:
        """Read what `to_json` wrote.

        Raises:
            DataError: if a field is missing, unknown or of the wrong type.
        """
        try:
            refuse_other_fields(row, _FIELDS, _ABSENT.keys())
            row = {**_ABSENT, **row}
            return cls(
                key=text(row, "key"),
                text=text(row, "text"),
                finish=Finish(text(row, "finish")),
                reasoning=or_none(text, row, "reasoning"),
                prompt_tokens=or_none(count, row, "prompt_tokens"),
                completion_tokens=or_none(count, row, "completion_tokens"),
                reasoning_tokens=or_none(count, row, "reasoning_tokens"),
                error=text(row, "error"),
                opened=flag(row, "opened"),
                tags=marks_read(row["tags"]) if row["tags"] else None,
                rendered=_rendered(fields(row, "rendered")) if row["rendered"] else None,
                forced=spans(row["forced"]),
                summarized=flag(row, "summarized"),
            )
        except (KeyError, ValueError) as error:
            raise DataError(str(error)) from error


_FIELDS = Generation.__annotations__.keys()
_ABSENT: JsonObject = {"opened": False, "tags": None, "rendered": None, "forced": (), "summarized": False}
"""What the fields of a generation hold that a record may lack."""


def _rendered(row: JsonObject) -> Rendered:
    return Rendered(text(row, "sha256"), text(row, "tail"))


def sum_known(first: int | None, second: int | None) -> int | None:
    """Return the sum of two counts of tokens, None where one of them is unknown."""
    return None if first is None or second is None else first + second


def marks_read(value: object) -> tuple[str, str]:
    """Read an opening and a closing mark of thinking.

    Raises:
        ValueError: unless they are two different texts, neither of them blank.
    """
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(isinstance(mark, str) for mark in value):
        raise ValueError(f"found {value!r:.80}, expected an opening and a closing mark")
    opens, closes = (mark.strip() for mark in value)
    if not opens or not closes or opens == closes:
        raise ValueError(f"found {value!r:.80}, expected two different marks, neither of them blank")
    return opens, closes


@dataclass(frozen=True, slots=True)
class Reply:
    """A generation split into thinking and final text.

    Attributes:
        key: `str(Key)` of the prompt.
        thinking: the text of the thinking, "" where there is none.
        final: the text that is graded, "" while the thinking is OPEN.
        state: CLOSED, OPEN or ABSENT.
        finish: why the generation ended.
        cot_tokens: CoT length in the model's own tokens: the thinking where there is one, else the whole reply,
            which then is the chain of thought; None where the engine could not count.
        completion_tokens: tokens of everything generated, or None where unknown.
        thinking_at: where the parts of the thinking stand in the generation's text; empty where the server split it.
        final_at: likewise of the final text.
        unsplit: what it begins with where it looks like thinking that nothing marks, "" where it does not.
        rendered: digest of the prompt as the model was shown it, "" where it was not recorded.
        given: characters at the beginning of the thinking that the model was given to go on from; they are not judged.
        summarized: whether the server kept the thinking, which then is "", to itself, and summed it up at most.
    """

    key: str
    thinking: str
    final: str
    state: State
    finish: Finish
    cot_tokens: int | None
    completion_tokens: int | None = None
    thinking_at: tuple[Span, ...] = ()
    final_at: tuple[Span, ...] = ()
    unsplit: str = ""
    rendered: str = ""
    given: int = 0
    summarized: bool = False

    @property
    def whole(self) -> bool:
        """Whether the model ended it, so that it was neither cut nor withheld."""
        return self.finish is Finish.STOP and self.state is not State.OPEN

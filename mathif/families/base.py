"""What a family of models is: how it marks its thinking, how the thinking is switched, what its template does.

The facts are rows of `mathif.families.table`; the classes here say what each column means. Nothing in this room acts on
a text but `opened_by`, which reads the end of a prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Marks:
    """A pair of marks that stand around thinking, as the model writes them, blanks at their ends left out.

    Attributes:
        opens: what begins the thinking.
        closes: what ends it.
        anywhere: whether thinking may also begin inside the visible text, and whether the closing mark alone says that
            the prompt had opened it. False for words that a visible reply may well hold (`<analysis>`, a sentence):
            these count at the start of a reply alone.
    """

    opens: str
    closes: str
    anywhere: bool = True


class Place(StrEnum):
    """Where a setting is put."""

    TEMPLATE = "chat_template_kwargs"
    """An argument of the chat template."""
    REQUEST = "request"
    """A field of the request beside the messages."""
    SYSTEM = "system"
    """Text in the system turn."""
    USER = "user"
    """Text in the user turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """How thinking is turned on and off with the same weights.

    Attributes:
        place: where the setting is put.
        field: its name; "" for text.
        on: the value, or the text, that turns thinking on.
        off: likewise off; None where it cannot be turned off.
        default: whether the model thinks where nothing is set; None where that differs between engines.
        rewords: whether the setting also changes the system or the user text, so that the two ways of asking differ in
            more than the thinking.
    """

    place: Place = Place.TEMPLATE
    field: str = "enable_thinking"
    on: Any = True
    off: Any = False
    default: bool | None = True
    rewords: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much a model thinks, by name.

    Attributes:
        place: where the setting is put.
        field: its name.
        values: what it may be, least first.
        default: the one in force where nothing is set, "" where that is not known.
        refuses: whether the template raises at any other value.
        rewords: as of a `Switch`.
        flag: whether the field is not given the name but set to true.
    """

    place: Place = Place.TEMPLATE
    field: str = "reasoning_effort"
    values: tuple[str, ...] = ("low", "medium", "high")
    default: str = ""
    refuses: bool = False
    rewords: bool = False
    flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of models that write, and are asked for, their thinking in the same way.

    Attributes:
        name: what users call it.
        models: regular expression that a model's name holds, its organisation left out, letter case ignored.
        marks: the marks of its thinking, the one it writes today first; empty where it does not think.
        wrapper: what stands around the final text, ("", "") where nothing does; either side may be "".
        hides: whether the user never sees what stands outside the wrapper.
        channels: whether its reply is a row of messages in channels, as gpt-oss writes it.
        ends: the tokens that end its turn.
        switch: how the thinking is turned on and off; None where it cannot be: it always thinks, or never.
        effort: how much it thinks, by name; None where that cannot be said.
        budget: argument of the chat template that bounds the thinking in tokens, "" where there is none.
        prompt_on: what the prompt ends in where thinking is on, "" where the model writes the opening mark itself.
        prompt_off: what the prompt ends in where thinking is off, "" where nothing is added.
        example: a reply as the model writes it, whose thinking is `THINKING` and whose final text is `FINAL`.
        sources: what was read: L the template in llama.cpp, T the one in trl, rendered; V vLLM, S SGLang, W ms-swift,
            C other code; D documentation; M for memory, which nobody has verified.
    """

    name: str
    models: str
    marks: tuple[Marks, ...]
    wrapper: tuple[str, str] = ("", "")
    hides: bool = False
    channels: bool = False
    ends: tuple[str, ...]
    switch: Switch | None = None
    effort: Effort | None = None
    budget: str = ""
    prompt_on: str = ""
    prompt_off: str = ""
    example: str
    sources: str


THINKING = "We need 6*7."
FINAL = "It is \\boxed{42}."

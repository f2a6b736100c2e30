"""Switches of the thinking as OpenAI's interface carries them, in a chat that is asked now or in a batch."""

from __future__ import annotations

from collections.abc import Mapping

from mathif.errors import UsageError
from mathif.families import Place
from mathif.items import Mode
from mathif.json_values import Json, JsonObject

EFFORT = "reasoning_effort"
OPENAI_EFFORTS = ("low", "medium", "high")
"""The names of efforts that every server knows which knows the field."""


def template_arguments(engine_args: JsonObject) -> JsonObject:
    """Return the arguments of the chat template that the user set.

    Raises:
        UsageError: if something else stands in their place.
    """
    name = Place.TEMPLATE.value
    given = engine_args.get(name) or {}
    if not isinstance(given, Mapping):
        raise UsageError(
            f'--engine-arg {name}: found {given!r}, expected a table as JSON, such as {{"enable_thinking": false}}'
        )
    return given


def fields_of(mode: Mode, template: JsonObject) -> dict[str, Json]:
    """Return the fields of a request that say how the model is to think, none where `mode` leaves it free.

    An effort by one of OpenAI's own names is a field of the request too, which servers read that render no template of
    Jinja's.

    Args:
        mode: how it is to think.
        template: arguments of the chat template that the user set; those of the mode go before them.
    """
    sent = dict(mode.request)
    if mode.template:
        sent[Place.TEMPLATE.value] = {**template, **mode.template}
    effort = mode.template.get(EFFORT)
    return {**sent, EFFORT: effort} if effort in OPENAI_EFFORTS else sent

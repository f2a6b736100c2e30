"""Recorded replies: what one line of a file of them may be, and the line of a prompt that someone else is to ask.

A reply has three shapes, told apart by their fields, one JSON object a line:

- `item` and `response` (the raw text), and optionally `task` (needed where several hold the item), `arm` (default
  `constrained`), `sample` (default 0), `reasoning`, `finish_reason` (`stop`, the default, or `length`),
  `reasoning_tokens`, `completion_tokens`, `opened` (true where the prompt ended inside the thinking), `summarized`
  (true where `reasoning` is a summary of it) and `reasoning_tags` (opening and closing mark, of a model in no known
  family); `reasoning` may also be what servers send, a list of parts;
- `custom_id`, the key that `mathif prompts` wrote (`task/item@arm#sample`), in place of `item`, `arm` and `sample`;
- a line of the output of a batch of OpenAI's (https://platform.openai.com/docs/guides/batch), which vLLM writes too:
  `custom_id`, `response` with `status_code` and `body`, and `error`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple, TypedDict

from mathif import store
from mathif.engines.completions import Completion, Reading, thoughts
from mathif.engines.failures import NoReplyError, WithheldError, of_answer
from mathif.engines.switches import fields_of
from mathif.errors import DataError, nearest
from mathif.items import Prompt, as_chat
from mathif.json_values import Json, JsonObject, count, flag, or_none, text
from mathif.records import REPLIED, Finish, Generation, Key, marks_read

DEFAULT_ARM = "constrained"

_REQUIRED = ("item", "response")
_OPTIONAL: Mapping[str, tuple[Json, tuple[type, ...]]] = {
    "task": ("", (str,)),
    "arm": (DEFAULT_ARM, (str,)),
    "sample": (0, (int,)),
    "reasoning": (None, (str, list, type(None))),
    "finish_reason": (None, (str, type(None))),
    "reasoning_tokens": (None, (int, type(None))),
    "completion_tokens": (None, (int, type(None))),
    "opened": (False, (bool,)),
    "summarized": (False, (bool,)),
    "reasoning_tags": (None, (list, type(None))),
}
"""What a row says by leaving a field out, and what the field may hold."""
_TYPES = {**dict.fromkeys(_REQUIRED, (str,)), **{name: types for name, (_, types) in _OPTIONAL.items()}}
_ABSENT = {name: absent for name, (absent, _) in _OPTIONAL.items()}
_KEYED = ("task", "item", "arm", "sample")
_OK = 200


class PromptRow(TypedDict):
    """What is asked, as plain JSON; the reply comes back with its id."""

    custom_id: str
    messages: list[dict[str, str]]
    seed: int


class RequestRow(TypedDict):
    """A line of the input of a batch of OpenAI's."""

    custom_id: str
    method: str
    url: str
    body: JsonObject


def prompt_row(prompt: Prompt) -> PromptRow:
    """Return what is asked."""
    return {"custom_id": str(prompt.key), "messages": as_chat(prompt.messages), "seed": prompt.seed}


def request_row(prompt: Prompt, model: str, drawing: JsonObject) -> RequestRow:
    """Return a line of the input of a batch of OpenAI's.

    Args:
        prompt: what is asked.
        model: as the service names it.
        drawing: fields of the request beside the model, the messages and the seed.
    """
    row = prompt_row(prompt)
    asked: JsonObject = {"model": model, "messages": row["messages"], "seed": row["seed"]}
    body = {**asked, **fields_of(prompt.mode, {}), **drawing}
    return {"custom_id": row["custom_id"], "method": "POST", "url": "/v1/chat/completions", "body": body}


class RowKey(NamedTuple):
    """The prompt that a row belongs to; `task` is "" where the row does not say."""

    item: str
    arm: str
    sample: int
    task: str = ""

    def __str__(self) -> str:
        return f"{self.item}@{self.arm}#{self.sample}"


class Row(NamedTuple):
    """One recorded reply.

    Attributes:
        line: its number, from 1.
        reply: without its key.
        failed: what failed, of a request that brought no reply.
    """

    line: int
    reply: Generation
    failed: str = ""


def read_row(line: bytes, number: int, where: str) -> tuple[RowKey, Row]:
    """Read one line; `where` begins every error.

    Raises:
        DataError: if it has none of the shapes.
    """
    row = store.parsed(line, where)
    if "custom_id" not in row:
        row = _whole(row, where)
        key = RowKey(text(row, "item"), text(row, "arm"), count(row, "sample"), text(row, "task"))
        return key, Row(number, _plain(row, where))
    key = _custom(row["custom_id"], where)
    if isinstance(row.get("response"), str):
        if any(name in row for name in _KEYED):
            raise DataError(f"{where}: found custom_id beside task, item, arm or sample, expected one of the two")
        fields = {name: value for name, value in row.items() if name != "custom_id"}
        return key, Row(number, _plain(_whole({"item": key.item, **fields}, where), where))
    return key, _answered(row, number, where)


def _custom(custom: Json, where: str) -> RowKey:
    try:
        key = Key.parse(custom if isinstance(custom, str) else json.dumps(custom))
    except DataError as error:
        raise DataError(f"{where}: custom_id: {error}") from error
    return RowKey(key.item, key.arm, key.sample, key.task)


def _plain(row: JsonObject, where: str) -> Generation:
    reasoning, summarized = thoughts(row["reasoning"])
    return Generation(
        "",
        text(row, "response"),
        _finish(or_none(text, row, "finish_reason"), where),
        None if row["reasoning"] is None else reasoning,
        completion_tokens=or_none(count, row, "completion_tokens"),
        reasoning_tokens=or_none(count, row, "reasoning_tokens"),
        opened=flag(row, "opened"),
        summarized=summarized or flag(row, "summarized"),
        tags=_tags(row["reasoning_tags"], where),
    )


def _answered(row: JsonObject, number: int, where: str) -> Row:
    """Read the answer of a server as a batch records it; of one that is no reply, what failed."""
    response, error = row.get("response"), row.get("error")
    answer = response if isinstance(response, dict) else {}
    body, status = answer.get("body"), answer.get("status_code", _OK)
    if body is None and not error:
        raise DataError(f"{where}: found neither a text as response, nor an answer of a batch with its body")
    if not isinstance(status, int):
        raise DataError(f"{where}: status_code: found {status!r:.80}, expected a number")
    told = json.dumps({"error": error} if error else body).encode()
    nothing = Generation("", "", Finish.ERROR)
    try:
        if status != _OK:
            return Row(number, nothing, of_answer(status, told, {}, None).reason)
        reading = Reading()
        reading.feed(told)
        return Row(number, _of_completion(reading.end()))
    except WithheldError as withheld:
        return Row(number, Generation("", "", withheld.finish, error=withheld.reason))
    except NoReplyError as failure:
        return Row(number, nothing, failure.reason)


def _of_completion(reply: Completion) -> Generation:
    return Generation(
        "",
        reply.text,
        reply.finish,
        reply.reasoning,
        prompt_tokens=reply.tokens("prompt_tokens"),
        completion_tokens=reply.tokens("completion_tokens"),
        reasoning_tokens=reply.reasoning_tokens,
        error=reply.reason,
        summarized=reply.summarized,
    )


def _whole(row: JsonObject, where: str) -> JsonObject:
    """Return a row with the fields that it leaves out.

    Raises:
        DataError: for one that it may not leave out, that is unknown, or that holds something else.
    """
    for name in _REQUIRED:
        if name not in row:
            raise DataError(f"{where}: {name!r} is missing")
    for name, value in row.items():
        if name not in _TYPES:
            raise DataError(f"{where}: unknown field {name!r}{nearest(name, _TYPES)}")
        if type(value) not in _TYPES[name]:
            raise DataError(f"{where}: {name}: found {value!r:.80}, expected {_TYPES[name][0].__name__}")
        if isinstance(value, int) and value < 0:
            raise DataError(f"{where}: {name}: found {value}, expected 0 or more")
    return {**_ABSENT, **row}


def _tags(value: Json, where: str) -> tuple[str, str] | None:
    try:
        return marks_read(value) if value is not None else None
    except ValueError as error:
        raise DataError(f"{where}: reasoning_tags: {error}") from error


def _finish(reason: str | None, where: str) -> Finish:
    if reason is None:
        return Finish.STOP
    if reason not in REPLIED:
        raise DataError(f"{where}: finish_reason: found {reason!r}, expected 'stop' or 'length'")
    return Finish(reason)

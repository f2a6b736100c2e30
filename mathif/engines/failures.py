"""Failures of a server: what each answer that is no reply means, and how often it is worth asking again.

A room of its own because servers say the same thing in many ways, and all that follows hangs on telling it apart: a
failure of the harness is never the model's zero, and an outcome of the model is never asked for again.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from mathif.credentials import without_key
from mathif.records import Finish

ENOUGH = 10
"""Strikes after which a prompt is given up."""


class Kind(Enum):
    """What went wrong, each with the strikes that it costs its prompt."""

    AWAY = "nobody there, or nobody free"
    FAULT = "an answer that is no reply"
    BROKEN = "a reply that broke off"
    MUTE = "no sign of life"
    SLOW = "a reply that takes longer than it may"
    DENIED = "the key, the address or the model refused"
    PROMPT = "this prompt refused"

    @property
    def strikes(self) -> int:
        """How much of `ENOUGH` one of them uses up: the dearer an attempt, the fewer there are."""
        return {Kind.BROKEN: 3, Kind.MUTE: 5, Kind.SLOW: ENOUGH, Kind.PROMPT: ENOUGH}.get(self, 1)


class NoReplyError(Exception):
    """An attempt that brought no reply.

    Attributes:
        kind: what went wrong.
        reason: one sentence, without its full stop.
        status: the HTTP status, or None.
        retry_after_s: how long the server asks to be left alone, or None.
        mend: what the user can do, where the failure itself tells; else "".
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        status: int | None = None,
        retry_after_s: float | None = None,
        mend: str = "",
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.status = status
        self.retry_after_s = retry_after_s
        self.mend = mend


class WithheldError(Exception):
    """An answer which says that the model, as it is served, gives no reply to this prompt."""

    def __init__(self, finish: Finish, reason: str) -> None:
        super().__init__(reason)
        self.finish = finish
        self.reason = reason


_AWAY = {429, 502, 503, 504, 520, 521, 522, 523, 529}
_DENIED = {401, 402, 403, 404, 405, 407}
_FAULT = {408, 409, 425}
_ABOUT_THE_PROMPT = {400, 403, 413, 422, 451}

_TOO_LONG = re.compile(
    # as OpenAI, vLLM, SGLang, llama.cpp, TGI, Mistral and Anthropic put it
    r"context[ _-]?(?:length|window|size)|maximum (?:context|input|prompt|allowed length)|max(?:imum)?[ _]model[ _]len"
    r"|(?:prompt|input|messages?)[\w ]* too long|too many (?:input |prompt )?tokens|reduce the length"
    r"|longer than the (?:maximum|model)|inputs?\W*tokens.{0,60}must be",
    re.IGNORECASE,
)
# What Azure, OpenAI, Google and gateways in front of them say of a prompt that they do not pass on.
_FILTERED = re.compile(
    r"content[ _-]?(?:filter|polic|management|moderation)|responsible ?ai|invalid_prompt|\bflagged\b|\bmoderation\b"
    r"|safety (?:system|polic|filter|setting)",
    re.IGNORECASE,
)
# A 429 that no waiting mends.
_SPENT = re.compile(
    r"insufficient_quota|exceeded your current quota|insufficient[ _](?:balance|credits)", re.IGNORECASE
)

# `Unknown parameter: 'seed'`, or where pydantic found what it does not know, `["body", "seed"]`.
_NO_SEED = re.compile(r"""["'`]seed\\?["'`]""")

_STATUS_AGAIN = re.compile(r"\A\s*Error code: \d{3} - ")
"""How a gateway written with OpenAI's client begins what it passes on."""

SHOWN_CHARS = 300
"""How much of what a server says is told on."""


def of_answer(status: int, body: bytes, headers: Mapping[str, str], key: str | None) -> NoReplyError:
    """Return what an HTTP answer that is no reply means; `key` is told to nobody.

    Raises:
        WithheldError: if it says that there is no reply to this prompt.
    """
    said = body.decode(errors="replace")
    reason = f"the server answered {status}: {_message(said, key)}"
    if status in _ABOUT_THE_PROMPT:
        _refuse_withheld(said, reason)
    if status in _DENIED or (status == 429 and _SPENT.search(said)):
        return NoReplyError(Kind.DENIED, reason, status)
    if status in _AWAY:
        return NoReplyError(Kind.AWAY, reason, status, retry_after_s(headers))
    if status >= 500 or status in _FAULT:
        return NoReplyError(Kind.FAULT, reason, status)
    if 300 <= status < 400:
        where = printable(_without_secrets(headers.get("Location", "nowhere")), key)
        reason = f"the server sends us on to {where} ({status})"
        return NoReplyError(Kind.DENIED, reason, status, mend="give that as --base-url")
    if _NO_SEED.search(said):
        reason += "; a server that takes no seed is asked with --seeds none, in another run"
    return NoReplyError(Kind.PROMPT, reason, status)


def _without_secrets(address: str) -> str:
    """Return an address without what some put a password or a token into."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "what is no address"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def of_error(error: Any, begun: bool, key: str | None) -> NoReplyError:
    """Return what an `error` inside an answer of status 200 means; `begun` says whether a part of a reply came before.

    Raises:
        WithheldError: if it says that there is no reply to this prompt.
    """
    said = json.dumps(error, ensure_ascii=False, default=str)
    reason = f"the server answered with an error: {_message(said, key)}"
    _refuse_withheld(said, reason)
    code = error.get("code") if isinstance(error, dict) else None
    if type(code) is int and code in _AWAY and not begun:
        return NoReplyError(Kind.AWAY, reason, code)
    return NoReplyError(Kind.BROKEN if begun else Kind.FAULT, reason)


def _refuse_withheld(said: str, reason: str) -> None:
    if _TOO_LONG.search(said):
        raise WithheldError(Finish.TOO_LONG, reason)
    if _FILTERED.search(said):
        raise WithheldError(Finish.FILTERED, reason)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return how long `Retry-After` asks to wait, in seconds or as a date; None where it says nothing.

    A date is by the clock of the server, which its header `Date` tells and which may not agree with ours.
    """
    given = headers.get("Retry-After", "").strip()
    try:
        if given[:1].isdigit():
            asked_s = float(given)
            return asked_s if math.isfinite(asked_s) else None  # of 1e999 too
        until_s = parsedate_to_datetime(given).timestamp()
    except (ValueError, OverflowError):
        return None
    try:
        now_s = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        now_s = time.time()
    return max(0.0, until_s - now_s)


def _message(said: str, key: str | None) -> str:
    """Return what an error's body says, in one printable line."""
    try:
        row = json.loads(said)
    except (ValueError, RecursionError):
        row = None
    for _ in range(3):  # {"error": {"message": …}}, {"message": …}, {"detail": …}
        if isinstance(row, dict):
            row = row.get("error") or row.get("message") or row.get("detail") or row
    text = row if isinstance(row, str) else said if row is None else json.dumps(row, ensure_ascii=False)
    # of a page in HTML, its words; of what a gateway passes on, not the status again
    return printable(_STATUS_AGAIN.sub("", re.sub(r"<[^<>]*>", " ", text)), key) or "nothing"


def printable(text: str, key: str | None, most: int = SHOWN_CHARS) -> str:
    """Return `text` in one line of at most `most` characters, without the key and what could act on a terminal."""
    known = without_key(text, key)[: 4 * most]
    line = " ".join("".join(char if char.isprintable() else " " for char in known).split())
    return line if len(line) <= most else line[:most] + "…"

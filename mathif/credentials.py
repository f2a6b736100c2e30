"""Credentials: what looks like a key or a password, and how it is kept out of everything that is written or shown.

A room of its own because a run records what it was told and what came back, and an entry publishes much of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mathif.errors import UsageError

_NAME = re.compile(
    # a name one of whose words says it, however the words are joined: X-Api-Key, apiKey, hf_token, proxy_password
    r"(?:^|[^a-z])(?:authorization|auth|passwords?|passwd|passphrase|secrets?|credentials?|bearer|cookies?|jwt"
    r"|(?:api|access|private|secret|signing|license|subscription)[^a-z]?key|apikey"
    # of the tokens those that let somebody in, and not eos_token or max_tokens
    r"|(?:hf|hub|api|auth|access|session|refresh|id|bearer|security|github|huggingface|hugging_face)[^a-z]?token)"
    r"(?:$|[^a-z])|^token$"
)
CREDENTIAL = re.compile(
    r"(?i:\bbearer\s+[\w.~+/=-]{6,}|\bbasic\s+(?=\S*[\d=])[\w+/=]{8,})"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # a JSON web token: its head is {" in base64
    r"|\b(?:sk|pk|rk|xai|gsk|r8|nvapi|pplx|csk|hf|ghp|gho|ghs|github_pat|glpat|xox[abp])[-_][A-Za-z0-9][\w-]{14,}"
    r"|\bAKIA[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\w+://[^\s/:@]+:[^\s/@]+@"  # user and password in an address
)
"""What a credential looks like inside a text."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where a word begins in camelCase."""

SHORTEST_KEY = 6
"""Characters of a key that is taken out of what comes back; a shorter one is a word of any text."""

HIDDEN = "[the key]"
"""Stands where a key stood."""


def refuse_credentials(engine_args: Mapping[str, Any]) -> None:
    """Refuse engine arguments that hold a credential, at any depth.

    Raises:
        UsageError: naming the argument, and never the value.
    """
    for name, value in engine_args.items():
        for place, leaf in _leaves((name,), value):
            if _is_credential(place, leaf):
                raise UsageError(
                    f"--engine-arg {'.'.join(place)}: looks like a credential, and a run records its arguments; put "
                    "the key of a server into OPENAI_API_KEY, and a token of the hub into HF_TOKEN"
                )


def without_key(text: str, key: str | None) -> str:
    """Return `text` with `key` taken out, wherever it stands."""
    return text.replace(key, HIDDEN) if key and len(key) >= SHORTEST_KEY else text


def _leaves(place: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value that is no list or mapping, with the names on the way to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves((*place, str(name)), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(place, inner)
    else:
        yield place, value


def _is_credential(place: tuple[str, ...], leaf: Any) -> bool:
    if leaf is None or isinstance(leaf, bool):
        return False
    named = any(_NAME.search(_HUMP.sub("_", name).lower()) for name in place)
    return named or any(CREDENTIAL.search(text) for text in (*place, str(leaf)))

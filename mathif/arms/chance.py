"""Chance that is fixed by a text: what is drawn for a key is the same in every process and every release."""

from __future__ import annotations

import hashlib

from mathif.records import Key


def number(text: str) -> int:
    """Return a number in [0, 2**31) that a text fixes: from its SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


def prompt_seed(seed: int, key: Key) -> int:
    """Return the seed of one prompt in [0, 2**31): SHA-256 of the run's seed and the key."""
    return number(f"{seed}/{key}")

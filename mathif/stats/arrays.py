"""Arrays: places of runs in them, and whole ones as bytes, with a checksum, that a program reads at its start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mathif.stats.intervals import Array, Values


def runs(starts: Array, sizes: Array) -> tuple[Array, Array]:
    """Return the places of runs, one run after the other, and for each place the number of its run.

    Args:
        starts: where each run begins.
        sizes: how many places it has, from 0 on.
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    begins = np.cumsum(sizes) - sizes
    return np.arange(len(owners)) + (starts - begins)[owners], owners


def firsts(numbers: Array) -> Array:
    """Return the place at which each of some numbers, from 0 on, is found first, in the order of the numbers."""
    found = np.full(int(numbers.max(initial=-1)) + 1, -1)
    found[numbers[::-1]] = np.arange(len(numbers))[::-1]  # of those put in one place the last one stays
    return found[found >= 0]


def packed(arrays: Mapping[str, Values]) -> bytes:
    """Return arrays, or sequences of numbers or words, as the bytes of an `.npz` file."""
    file = BytesIO()
    write: Callable[..., None] = np.savez  # which takes arrays by any name
    write(file, **arrays)
    return file.getvalue()


def unpacked(file: Path | BytesIO) -> list[Array]:
    """Return what a file holds that was packed, as arrays in the order in which it was.

    Raises:
        ValueError: if its bytes are damaged, or are something else, or there is no file.
    """
    try:
        with np.load(file, allow_pickle=False) as held:
            return [held[name] for name in held.files]
    except (AttributeError, BadZipFile, EOFError, KeyError, OSError, TypeError) as error:
        raise ValueError(f"not the bytes of arrays: {error}") from error

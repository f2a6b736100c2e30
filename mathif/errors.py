"""The error tree: each way a run can go wrong, the exit code it ends with, and the shape of a message.

A message is one sentence that says where, what was found, what was expected, and what to do
(`tasks/core/items.jsonl:212: unknown constraint 'keywords:existance'; did you mean 'keywords:existence'?`).
Only `mathif.cli` turns an error into an exit.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from json import JSONDecodeError
from typing import ClassVar


class MathifError(Exception):
    """Base of every error that `mathif` raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(MathifError):
    """A flag, a name or a path that the user gave cannot be used."""

    exit_code = 2


class DataError(MathifError):
    """A task, a record or a reply file does not hold what it must."""

    exit_code = 3


class IncompleteError(MathifError):
    """A run stopped before every prompt was answered; what was answered is kept."""

    exit_code = 3


class StoppedError(IncompleteError):
    """The user stopped a run; what was done is kept."""


class EngineError(MathifError):
    """An engine could not be started or cannot do what was asked of it."""

    exit_code = 4


class BoardError(MathifError):
    """A leaderboard entry is refused."""

    exit_code = 5


class StaleError(BoardError):
    """A leaderboard entry was judged by rules that judge otherwise today; its replies can be graded again."""


class FiguresError(BoardError):
    """A leaderboard entry holds another figure than its replies make today; its replies can be graded again."""


def why_unread(error: OSError | ValueError | RecursionError) -> str:
    """Return in words why a file could not be read as what it should be."""
    if isinstance(error, UnicodeDecodeError):
        return f"no text in UTF-8, from byte {error.start} on"
    if isinstance(error, JSONDecodeError) and not error.doc.strip():
        return "nothing stands in it"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def nearest(found: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the known name nearest to `found`, or the list of names when none is near."""
    names = sorted(known)
    close = get_close_matches(found, names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(names)}"


def first_line(error: Exception) -> str:
    """Return the first line of what another package says went wrong; the kind of its error where it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)

r"""Letters of a multiple choice in their many spellings: `C`, `(C)`, `\text{Option C}`, `\textbf{(C)}\ 15`, `BD`."""

from __future__ import annotations

import re
from typing import NamedTuple

from mathif.answers.read.spelling import in_words

_INTRODUCED = r"(?:the\s+)?(?:correct\s+)?(?:(?:answer|option|choice|statement|alternative)s?\s*(?:is|are|:)?\s*)?"
_ALONE = re.compile(
    # `C`, `(C)`, `C.`, `Option C`, `(c)`, `c)`: a small letter only at a bracket or behind a word, else a variable.
    rf"{_INTRODUCED}(?:[(\[]\s*([A-Ja-j])\s*[)\]]|([A-J])|(?<=\s)([a-j]))\s*[).:]?",
    re.IGNORECASE,
)
# A letter in brackets or with a mark behind it, and the text that it stands for.
_LED = re.compile(rf"(?i:{_INTRODUCED})(?:\(\s*([A-Ja-j])\s*\)\s*[:.]?|([A-J])\s*[.):])\s*(\S.*)", re.DOTALL)
# `B, D`, `(B) and (D)`, `B D`: letters with a sign, a word or space between.
_SEVERAL = re.compile(r"[(\[]?[A-J][)\]]?(?:\s*(?:,|and|&|;|/|\s)\s*(?:and\s+)?[(\[]?[A-J][)\]]?)+", re.IGNORECASE)
# Letters of several choices without anything between.
_TOGETHER = re.compile(r"[A-J]{2,10}")
_ORDER = re.compile(r"[A-H]{3,8}")
"""Capitals in a row are choices, points or an order, and no product: `BCA` is not `ABC`."""
# A second choice, or a word that joins or excludes one, in what follows the first.
_OTHER = re.compile(r"\([A-Ja-j]\)|\b(?:and|or|not)\b", re.IGNORECASE)


class Choice(NamedTuple):
    """A choice: its letter in capitals, and the text that follows it, "" for none."""

    letter: str
    text: str


def choice(answer: str) -> Choice | None:
    """Read a choice with or without the text behind it; None for anything else."""
    shown = in_words(answer)
    if (alone := _ALONE.fullmatch(shown)) is not None:
        letter = alone[1] or alone[2] or alone[3]
        if alone[1] or letter.isupper() or len(shown) > 2 or shown.endswith(")"):
            return Choice(letter.upper(), "")
        return None
    led = _LED.fullmatch(shown)
    if led is None or _OTHER.search(led[3]):
        return None
    return Choice((led[1] or led[2]).upper(), led[3])


def same_choice(first: str, second: str) -> bool | None:
    """Compare two answers of which at least one is a choice by its looks; None where neither decides it.

    A letter alone is compared with the letter of the other; the text behind a letter does not matter then.
    """
    one, other = choice(first), choice(second)
    if one is not None and other is not None:
        if one.letter != other.letter:
            return False
        return True if not one.text or not other.text else None
    if all(_ORDER.fullmatch(text) for text in (first, second)):
        return first == second
    together = [_letters(text) for text in (first, second)]
    if together[0] and together[1] and together[0] == together[1]:
        return True
    return None


def text_of(answer: str) -> str | None:
    """Return the text behind the letter of a choice, None where there is none."""
    option = choice(answer)
    return option.text if option is not None and option.text else None


def _letters(answer: str) -> tuple[str, ...]:
    """Return the letters of several choices in order (`BD`, `B, D`, `(B) and (D)`), none for anything else."""
    shown = in_words(answer)
    if _TOGETHER.fullmatch(shown) or _SEVERAL.fullmatch(shown):
        letters = tuple(re.findall(r"(?<![A-Za-z])[A-J](?![a-z])", re.sub(r"(?<=[A-J])(?=[A-J])", " ", shown)))
        return letters if len(set(letters)) == len(letters) and list(letters) == sorted(letters) else ()
    return ()
